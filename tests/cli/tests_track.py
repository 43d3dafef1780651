"""What one packet does not tell: fragments put together, what ICMP errors quote, times of answers."""
import struct
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "golden"))
import wire as w  # noqa: E402
import capture  # noqa: E402

NAME = bytes([3]) + b"www" + bytes([7]) + b"example" + bytes([3]) + b"com" + b"\0" + w.be16(1, 1)
ASK = w.be16(0x1234, 0x0100, 1, 0, 0, 0) + NAME
ANSWER = w.be16(0x1234, 0x8180, 1, 1, 0, 0) + NAME + w.be16(0xC00C, 1, 1) + w.be32(60) + w.be16(4) + w.a4("192.0.2.1")


def ip(payload, src="10.0.0.1", dst="10.0.0.2"):
    return w.ip4(payload, src=src, dst=dst)


def udp_bytes(data, sport, dport):
    return w.be16(sport, dport, 8 + len(data), 0) + data


def rows(box, name, fields, *options):
    got = box.run("-r", name, "--fields", fields, *options)
    assert got.status == 0, got.err
    return [line.split("\t") for line in got.out.decode().splitlines()]


def fragments4(data, sizes, ident=7, src="10.0.0.1", dst="10.0.0.2"):
    out, at = [], 0
    for n in sizes:
        part = data[at:at + n]
        more = 0x2000 if at + n < len(data) else 0
        out.append(w.eth(struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(part), ident, more | at // 8, 64, 17, 0) +
                         w.a4(src) + w.a4(dst) + part))
        at += n
    return out


def fragments6(data, sizes):
    out, at = [], 0
    for n in sizes:
        part = data[at:at + n]
        head = struct.pack(">BBHI", 17, 0, at | (at + n < len(data)), 99)
        out.append(w.eth(struct.pack(">IHBB", 6 << 28, 8 + len(part), 44, 64) + w.a6("2001:db8::1") +
                         w.a6("2001:db8::2") + head + part))
        at += n
    return out


def test_fragments_are_put_together(box):
    for make in (fragments4, fragments6):
        whole = make(udp_bytes(ASK, 5000, 53), [16, 16, 16])
        for order in ((0, 1, 2), (2, 0, 1), (1, 2, 0)):
            box.put("frag.pcap", capture.pcap([whole[i] for i in order]))
            got = rows(box, "frag.pcap", "frame.number,udp.stream,udp.dstport,dns.qry.name,frame.protocols", "-Y", "dns")
            assert len(got) == 1, got
            assert got[0][:4] == ["3", "0", "53", "www.example.com"] or \
                got[0][:4] == ["3", "0", "53,53", "www.example.com"], (order, got)
            assert got[0][4].endswith("udp:dns"), got
        # One that is missing: there is no datagram.
        box.put("part.pcap", capture.pcap(whole[:2]))
        assert rows(box, "part.pcap", "frame.number", "-Y", "dns or udp.stream") == []


def test_fragments_in_fragments(box):
    inner = fragments4(udp_bytes(ASK, 5000, 53), [24, 24], src="172.16.0.1", dst="172.16.0.2")
    outer = []
    for i, frame in enumerate(inner):
        data, at = frame[14:], 0
        for n in (32, len(data) - 32):
            more = 0x2000 if at == 0 else 0
            outer.append(w.eth(struct.pack(">BBHHHBBH", 0x45, 0, 20 + n, 100 + i, more | at // 8, 64, 4, 0) +
                               w.a4("10.0.0.1") + w.a4("10.0.0.2") + data[at:at + n]))
            at += n
    box.put("deep.pcap", capture.pcap(outer))
    assert rows(box, "deep.pcap", "frame.number,ip.src,dns.qry.name", "-Y", "dns") == \
        [["4", "10.0.0.1,172.16.0.1", "www.example.com"]]


def test_quotes_of_icmp_errors(box):
    ask = ip(w.udp(ASK, 5000, 53))
    other = ip(w.udp(ASK, 6000, 53))
    error = ip(w.icmp(3, 3, b"\0" * 4 + ask[:28]), "10.0.0.2", "10.0.0.1")
    box.put("quote.pcap", capture.pcap([w.eth(p) for p in (ask, error, other, error)]))
    assert rows(box, "quote.pcap", "udp.stream") == [["0"], ["0"], ["1"], ["0"]]
    # And of a conversation that has not been seen yet, as Wireshark numbers it.
    box.put("first.pcap", capture.pcap([w.eth(p) for p in (error, other, ask)]))
    assert rows(box, "first.pcap", "udp.stream") == [["0"], ["1"], ["0"]]
    # The same of IPv6, behind an extension header, and of what is too short to have ports.
    ask = w.ip6(w.udp(ASK, 5000, 53))
    opts = w.ip6(b"\x11\0\1\4\0\0\0\0" + ask[40:], 60)
    other = w.ip6(w.udp(ASK, 6000, 53))
    errors = [w.ip6(w.icmp6(1, 4, b"\0" * 4 + q), None, "2001:db8::2", "2001:db8::1") for q in (ask[:48], opts, other[:47], ask[:39])]
    box.put("six.pcap", capture.pcap([w.eth(p, 0x86dd) for p in [*errors, other, ask]]))
    assert rows(box, "six.pcap", "udp.stream") == [["0"], ["0"], [""], [""], ["1"], ["0"]]


def test_times_of_answers(box):
    def dns(data, sport, dport, src, dst):
        return w.eth(ip(w.udp(data, sport, dport), src, dst))
    ask = dns(ASK, 5000, 53, "10.0.0.1", "10.0.0.2")
    answer = dns(ANSWER, 53, 5000, "10.0.0.2", "10.0.0.1")
    ping = [w.eth(ip(w.icmp(kind, 0, w.be16(1, 7) + b"data"), *ends))
            for kind, ends in ((8, ("10.0.0.1", "10.0.0.2")), (0, ("10.0.0.2", "10.0.0.1")))]
    box.put("times.pcap", capture.pcap([ask, ping[0], answer, answer, ping[1]], step=1250))
    got = rows(box, "times.pcap", "dns.time,dns.response_to,dns.retransmission,icmp.resptime,icmp.resp_to")
    assert got == [[""] * 5, [""] * 5, ["0.002500000", "1", "", "", ""], ["", "", "1", "", ""],
                   ["", "", "", "3.75", "2"]], got
    for text, n in (("dns.time > 0.002", 1), ("dns.time > 0.0025", 0), ("dns.time == 0.0025", 1),
                    ("icmp.resptime >= 3.75", 1), ("icmp.resptime > 3.75", 0), ("dns.time < 0", 0)):
        assert box.run("-r", "times.pcap", "-Y", text, "--count").out.startswith(str(n).encode()), text


def test_community_id(box):
    # The specification's own example: 128.232.110.120:34855 > 66.35.250.204:80.
    packet = w.eth(ip(w.tcp(b"", 34855, 80), "128.232.110.120", "66.35.250.204"))
    back = w.eth(ip(w.tcp(b"", 80, 34855), "66.35.250.204", "128.232.110.120"))
    box.put("id.pcap", capture.pcap([packet, back]))
    assert rows(box, "id.pcap", "communityid") == [["1:LQU9qZlK+B5F3KDmev6m5PMibrg="]] * 2


def test_fragments_of_another_version(box):
    """What is no IPv4 header has no addresses: its fragments are nobody's, and begin no conversation."""
    good = fragments4(udp_bytes(b"x" * 8, 1000, 2000), (8, 8))
    bad = [p[:14] + b"\x65" + p[15:] for p in good]
    box.put("v.pcap", capture.pcap([*bad, *good]))
    assert rows(box, "v.pcap", "frame.number,udp.stream")[2:] == [["3", ""], ["4", "0"]]
    assert [r[1] for r in rows(box, "v.pcap", "frame.number,udp.stream")[:2]] == ["", ""]


def test_connection_in_a_connection(box):
    """A packet that OpenFlow carries over TCP has a connection of its own, whose windows and bytes are not its carrier's."""
    def tcp(sport, dport, seq, window, payload):
        return w.eth(ip_tcp(w.be16(sport, dport) + w.be32(seq, 1) + bytes((0x50, 0x18)) + w.be16(window, 0, 0) + payload))

    def ip_tcp(segment):
        return struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(segment), 1, 0, 64, 6, 0) + w.a4("10.0.0.1") + \
            w.a4("10.0.0.2") + segment

    inner = tcp(1000, 2000, 77, 33, b"abc")
    message = struct.pack(">BBHIIHHBB", 1, 10, 18 + len(inner), 1, 1, len(inner), 1, 0, 0) + inner
    box.put("o.pcap", capture.pcap([tcp(5555, 6633, 100, 500, message)]))
    assert rows(box, "o.pcap", "tcp.srcport,tcp.window_size,tcp.analysis.bytes_in_flight") == \
        [["5555,1000", "500,33", f"{len(message)},3"]]


def test_full_packet_has_its_conversation(box):
    """Whoever fills a packet with more fields than there is room for does not hide which stream it is of."""
    head = struct.pack(">HHIIBBHHH", 40000, 443, 1001, 1, 0x50, 0x18, 512, 0, 0)
    full = capture.eth(capture.ip4(6, head + bytes.fromhex("1503030002015a") * 8000))
    box.put("full.pcap", capture.pcap([capture.eth(capture.tcp(40000, 443, 2)), full]))
    got = rows(box, "full.pcap", "frame.number,tcp.stream,tcp.analysis.bytes_in_flight,dns.time")
    assert got[-1] == ["2", "0", "56001", ""], got
    got = box.run("-r", "full.pcap", "--json", "-Y", "tcp.stream == 0 and tcp.analysis.bytes_in_flight > 1000")
    assert got.status == 0 and b'"tcp.stream":0' in got.out and b'"fields_dropped":' in got.out, got.err
