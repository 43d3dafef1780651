"""wiretape failed: each kind of failure and what only looks like it, with captures made by hand; the filter of each group
selects exactly the packets that the failure is made of."""
import json
import struct
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "golden"))
from wire import (ETHERNET, a4, a6, be16, be32, eth, icmp, icmp6, ip4, ip6, mac, tcp, u8, udp)  # noqa: E402

A, B, R, DNS = "10.0.0.1", "10.0.0.2", "10.0.0.254", "10.0.0.53"
START = 1_700_000_000_000_000_000
MS = 1_000_000
LATE = 60_000          # ms: an end of the capture that leaves nothing pending


class Trace:
    """Packets with their times (ms) and what they belong to: tags."""

    def __init__(self):
        self.packets, self.now = [], 0

    def add(self, packet, *tags, at=None, after=1):
        self.now = self.now + after if at is None else at
        self.packets.append((self.now, packet, tags))
        return packet

    def end(self, at=LATE):
        """Something harmless, much later."""
        self.add(eth(ip4(udp(b"x", 9, 9), src=A, dst=B)), at=at)

    def file(self):
        out = struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, ETHERNET)
        for ms, data, _ in sorted(self.packets, key=lambda p: p[0]):
            ns = START + int(ms * MS)
            out += struct.pack("<IIII", ns // 10**9, ns % 10**9, len(data), len(data)) + data
        return out

    def frames(self, tag):
        return [i for i, p in enumerate(sorted(self.packets, key=lambda p: p[0]), 1) if tag in p[2]]


class Tcp:
    """One connection, side by side with its tags."""

    def __init__(self, trace, tag=None, sport=40000, dport=80, src=A, dst=B, isn=(1000, 5000)):
        self.t, self.tags, self.ports, self.hosts = trace, [tag] if tag else [], (sport, dport), (src, dst)
        self.seq = list(isn)

    def send(self, side, flags, data=b"", after=1, at=None, seq=None, ack=None):
        ack = self.seq[1 - side] if ack is None else ack
        p = tcp(data, self.ports[side], self.ports[1 - side], self.seq[side] if seq is None else seq,
                ack if "." in flags else 0, flags)
        family = ip6 if ":" in self.hosts[0] else ip4
        ip = family(p, src=self.hosts[side], dst=self.hosts[1 - side])
        if seq is None:
            self.seq[side] += len(data) + ("S" in flags) + ("F" in flags)
        self.t.add(eth(ip), *self.tags, after=after, at=at)
        return ip

    def open(self):
        self.send(0, "S")
        self.send(1, "S.")
        self.send(0, ".")
        return self

    def close(self):
        self.send(0, "F.")
        self.send(1, "F.")
        self.send(0, ".")


def unreachable(trace, tag, quoted, code=3, kind=3, src=R, rest=b"\0\0\0\0", size=28, after=1):
    dst = ".".join(str(x) for x in quoted[12:16])
    trace.add(eth(ip4(icmp(kind, code, rest + quoted[:size]), src=src, dst=dst)), tag, after=after)


def name(text):
    return b"".join(u8(len(x)) + x.encode() for x in text.split(".")) + b"\0"


def dns(ident, text, rcode=None, kind=1):
    flags = 0x0100 if rcode is None else 0x8180 | rcode
    return be16(ident, flags, 1, 0, 0, 0) + name(text) + be16(kind, 1)


def query(trace, tag, ident, text, sport=5000, src=A, server=DNS, after=1, at=None, kind=1):
    trace.add(eth(ip4(udp(dns(ident, text, kind=kind), sport, 53), src=src, dst=server)), *([tag] if tag else []),
              after=after, at=at)


def answer(trace, tag, ident, text, rcode, sport=5000, src=A, server=DNS, after=1, kind=1):
    trace.add(eth(ip4(udp(dns(ident, text, rcode, kind), 53, sport), src=server, dst=src)), *([tag] if tag else []),
              after=after)


def arp(op, sender, target, mac_s="02:00:00:00:00:0a"):
    return eth(be16(1, 0x0800) + u8(6, 4) + be16(op) + mac(mac_s) + a4(sender) + b"\0" * 6 + a4(target), 0x0806)


def report(box, trace, *args, status=0):
    box.put("t.pcap", trace.file())
    out, err, got = box.command("failed", "-r", "t.pcap", "--json", *args)
    assert got == status, (got, err)
    assert err == b"", err
    lines = [json.loads(x) for x in out.decode().splitlines()]
    assert lines[-1]["kind"] == "total", lines
    assert lines[-1]["failed"] == sum(x["failed"] for x in lines[:-1]) or lines[-1]["shown"] < lines[-1]["groups"]
    return lines[:-1], lines[-1]


def selected(box, expression, name="t.pcap"):
    out, err, status = box.run("-r", name, "-Y", expression, "--fields", "frame.number")
    assert status == 0, err
    return [int(x) for x in out.split()]


def only(box, trace, kind, tag="f", **fields):
    """The capture has one group, of this kind, and its filter selects the packets with the tag."""
    groups, total = report(box, trace)
    assert len(groups) == 1, groups
    g = groups[0]
    assert g["kind"] == kind, g
    for k, v in fields.items():
        assert g.get(k) == v, (k, g)
    assert selected(box, g["filter"]) == trace.frames(tag), (g["filter"], trace.frames(tag)[:20])
    assert g["filter_missing"] == 0
    return g


def none(box, trace):
    groups, total = report(box, trace)
    assert groups == [], groups
    return total


# --- TCP ---

def test_refused(box):
    t = Trace()
    Tcp(t, sport=41000).open().send(0, "P.", b"hello")
    c = Tcp(t, "f")
    c.send(0, "S")
    c.send(1, "R.", after=0.3)
    t.end()
    g = only(box, t, "refused", source=A, target=B, port=80, transport="tcp", attempts=2, failed=1, succeeded=1,
             detail="RST after 0.3 ms", never_succeeded=False)
    assert g["first"] == "1700000000.005000000" and g["last"] == "1700000000.005300000", g


def test_refused_again_and_again(box):
    t = Trace()
    for i in range(4):
        c = Tcp(t, "f", sport=40000 + 7 * i)
        c.send(0, "S", after=500)
        c.send(1, "R.", after=0.3 + i / 10)
    t.end()
    g = only(box, t, "refused", attempts=4, failed=4, succeeded=0, never_succeeded=True,
             detail="RST after 0.3 ms to 0.6 ms; never succeeded")
    assert g["filter"] == "tcp.stream in {0..3}"


def test_refused_over_ipv6(box):
    t = Trace()
    c = Tcp(t, "f", src="fd09::1", dst="fd09::2")
    c.send(0, "S")
    c.send(1, "R.")
    t.end()
    only(box, t, "refused", source="fd09::1", target="fd09::2", port=80)


def test_unanswered(box):
    t = Trace()
    c = Tcp(t, "f")
    for wait in (1, 1000, 2000):
        c.send(0, "S", after=wait, seq=1000)
    t.end()
    only(box, t, "unanswered", attempts=1, failed=1, tries_min=3, detail="3 SYNs in 3.0 s")


def test_syn_at_the_end_is_pending(box):
    t = Trace()
    Tcp(t).send(0, "S", at=1000)
    t.end(at=3500)
    assert none(box, t)["pending"] == 1
    groups, total = report(box, t, "--grace", "2")
    assert groups[0]["kind"] == "unanswered" and total["pending"] == 0


def test_answered_syn_is_fine(box):
    t = Trace()
    c = Tcp(t)
    c.send(0, "S", seq=1000)
    c.send(0, "S", after=1000)
    c.send(1, "S.")
    c.send(0, ".")
    c.send(0, "P.", b"x")
    c.close()
    t.end()
    assert none(box, t)["succeeded"] >= 1


def test_filtered(box):
    t = Trace()
    c = Tcp(t, "f")
    syn = c.send(0, "S")
    unreachable(t, "f", syn, code=13, after=2)
    t.end()
    only(box, t, "filtered", source=A, target=B, port=80, detail="administratively prohibited from 10.0.0.254 after 2.0 ms",
         attempts=1, failed=1)


def test_filtered_six(box):
    t = Trace()
    c = Tcp(t, "f", src="fd09::1", dst="fd09::2")
    syn = c.send(0, "S")
    t.add(eth(ip6(icmp6(1, 1, b"\0\0\0\0" + syn), src="fd09::fe", dst="fd09::1")), "f")
    t.end()
    only(box, t, "filtered", port=80, cause="administratively prohibited from fd09::fe")


def test_filtered_quote_alone(box):
    """The connection was not captured: the packets are the ICMP errors."""
    t = Trace()
    hidden = Tcp(Trace())
    syn = hidden.send(0, "S")
    unreachable(t, "f", syn, code=1)
    unreachable(t, "f", syn, code=1)
    t.end()
    only(box, t, "filtered", source=A, target=B, port=80, failed=1, cause="host unreachable from 10.0.0.254")


def test_icmp_error_that_was_overcome(box):
    """Path MTU Discovery is no failure, nor is an error after which the other side was heard."""
    t = Trace()
    c = Tcp(t).open()
    big = c.send(0, "P.", b"x" * 1400)
    unreachable(t, "f", big, code=4, rest=be16(0, 1280))
    c.send(0, "P.", b"x" * 1200, seq=1001)
    c.send(1, ".")
    c.close()
    d = Tcp(t, sport=40001)
    syn = d.send(0, "S", seq=1000)
    unreachable(t, "f", syn, code=1)
    d.send(0, "S")
    d.send(1, "S.")
    d.send(0, ".")
    d.send(0, "P.", b"y")
    d.close()
    t.end()
    none(box, t)


def test_black_hole(box):
    """Too big a packet, the error comes, and nobody is heard again."""
    t = Trace()
    c = Tcp(t, "f").open()
    big = c.send(0, "P.", b"x" * 1400)
    unreachable(t, "f", big, code=4, rest=be16(0, 1280))
    c.send(0, "P.", b"x" * 1400, seq=1001, after=1000)
    t.end()
    only(box, t, "filtered", cause="fragmentation needed (MTU 1280) from 10.0.0.254")


def test_time_exceeded(box):
    t = Trace()
    p = ip4(udp(b"probe", 50000, 33434), src=A, dst=B, ttl=1)
    t.add(eth(p), "f")
    unreachable(t, "f", p, kind=11, code=0)
    t.end()
    only(box, t, "filtered", transport="udp", port=33434, cause="time exceeded from 10.0.0.254")


def test_reset_by_target(box):
    t = Trace()
    c = Tcp(t, "f").open()
    c.send(0, "P.", b"x" * 100)
    c.send(1, "P.", b"y" * 400)
    c.send(1, "R.", after=1000)
    t.end()
    only(box, t, "reset", cause="RST by target", bytes_min=500, detail="RST by target after 500 bytes, 1.0 s")


def test_reset_by_source(box):
    t = Trace()
    c = Tcp(t, "f").open()
    c.send(0, "P.", b"x" * 100)
    c.send(0, "R")
    t.end()
    only(box, t, "reset", cause="RST by source", bytes_min=100)


def test_reset_in_the_middle_of_what_is_captured(box):
    t = Trace()
    c = Tcp(t, "f")
    c.send(0, "P.", b"x" * 100)
    c.send(1, ".")
    c.send(1, "R.")
    t.end()
    only(box, t, "reset", bytes_min=100)


def test_resets_that_are_none(box):
    """After both FINs; answering data behind one's own FIN; behind the other's FIN; with nothing before it."""
    t = Trace()
    c = Tcp(t, sport=40001).open()
    c.send(0, "P.", b"x")
    c.close()
    c.send(1, "R")
    c = Tcp(t, sport=40002).open()
    c.send(0, "P.", b"x")
    c.send(0, "F.")
    c.send(1, "P.", b"late")
    c.send(0, "R")
    c = Tcp(t, sport=40003).open()
    c.send(0, "P.", b"x")
    c.send(1, "F.")
    c.send(0, "R.")
    Tcp(t, sport=40004).send(1, "R.")
    t.end()
    none(box, t)


def test_closed_at_once(box):
    t = Trace()
    c = Tcp(t, "f").open()
    c.send(1, "F.", after=0.2)
    c.send(0, ".")
    c.send(0, "F.")
    c.send(1, ".")
    t.end()
    only(box, t, "closed", detail="FIN by target after 0.2 ms", failed=1, succeeded=0)


def test_closed_by_reset(box):
    t = Trace()
    c = Tcp(t, "f").open()
    c.send(0, "R.")
    t.end()
    only(box, t, "closed", cause="RST by source")


def test_open_and_silent_is_fine(box):
    t = Trace()
    Tcp(t).open()
    t.end()
    assert none(box, t)["failed"] == 0


def test_half_open(box):
    t = Trace()
    c = Tcp(t, "f")
    c.send(0, "S")
    c.send(1, "S.")
    c.send(1, "S.", seq=5000, after=1000)
    t.end()
    only(box, t, "half-open", cause="no ACK")


def test_half_open_scan(box):
    t = Trace()
    c = Tcp(t, "f")
    c.send(0, "S")
    c.send(1, "S.")
    c.send(0, "R")
    t.end(at=10)
    only(box, t, "half-open", cause="RST by source")


def test_half_open_at_the_end_is_pending(box):
    t = Trace()
    c = Tcp(t)
    c.send(0, "S")
    c.send(1, "S.")
    t.end(at=1000)
    assert none(box, t)["pending"] == 1


def test_mid_stream_is_no_failure(box):
    t = Trace()
    c = Tcp(t)
    c.send(0, ".")
    c.send(1, ".")
    d = Tcp(t, sport=40001)
    d.send(0, "P.", b"x")
    d.send(1, "F.")
    e = Tcp(t, sport=40002)
    e.send(1, "S.")
    t.end()
    none(box, t)


# --- UDP ---

def test_port_unreachable(box):
    t = Trace()
    p = ip4(udp(b"hello", 5000, 7777), src=A, dst=B)
    t.add(eth(p), "f")
    unreachable(t, "f", p, code=3, src=B, after=0.4)
    t.add(eth(ip4(udp(b"hello", 5001, 7778), src=A, dst=B)))
    t.end()
    only(box, t, "unreachable", port=7777, transport="udp", detail="port unreachable from 10.0.0.2 after 0.4 ms")


def test_one_way_udp_is_fine(box):
    t = Trace()
    for i in range(5):
        t.add(eth(ip4(udp(b"<14>log", 5000, 514), src=A, dst=B)))
    t.end()
    none(box, t)


def test_ntp_unanswered(box):
    t = Trace()
    ntp = u8(0x23) + b"\0" * 47
    t.add(eth(ip4(udp(ntp, 123, 123), src=A, dst=B)), "f")
    t.add(eth(ip4(udp(u8(0x25) + b"\0" * 47, 124, 123), src=A, dst=B)))        # a broadcast server's mode
    t.add(eth(ip4(udp(ntp, 5000, 123), src=A, dst=R)))
    t.add(eth(ip4(udp(u8(0x24) + b"\0" * 47, 123, 5000), src=R, dst=A)))
    t.end()
    only(box, t, "unanswered", transport="udp", port=123, detail="1 datagram")


# --- DNS ---

def test_dns_rcodes(box):
    t = Trace()
    cases = [(3, "nxdomain", "NXDOMAIN"), (2, "servfail", "SERVFAIL"), (5, "dns-refused", "REFUSED"),
             (1, "dns-error", "FORMERR"), (4, "dns-error", "NOTIMP"), (15, "dns-error", "rcode 15")]
    for rcode, kind, _ in cases:
        query(t, str(rcode), rcode, f"n{rcode}.example", sport=6000)
        answer(t, str(rcode), rcode, f"n{rcode}.example", rcode, sport=6000, after=0.5)
    query(t, None, 100, "fine.example", sport=6000)
    answer(t, None, 100, "fine.example", 0, sport=6000)
    t.end()
    groups, total = report(box, t)
    assert len(groups) == len(cases) and total["failed"] == len(cases)
    for rcode, kind, word in cases:
        (g,) = [g for g in groups if g["cause"] == word]
        assert g["kind"] == kind and g["subject"] == f"n{rcode}.example A" and g["attempts"] == 1, g
        assert g["source"] == A and g["target"] == DNS and g["port"] == 53 and g["transport"] == "udp"
        assert g["detail"] == f"n{rcode}.example A: {word} after 0.5 ms", g
        assert selected(box, g["filter"]) == t.frames(str(rcode))


def test_dns_retried_and_repeated(box):
    """Two tries of one query are one attempt; an answer that comes twice is one."""
    t = Trace()
    query(t, "f", 7, "Gone.example")
    query(t, "f", 7, "Gone.example", after=1000)
    answer(t, "f", 7, "gone.example", 3)
    answer(t, None, 7, "gone.example", 3)
    t.end()
    only(box, t, "nxdomain", attempts=1, failed=1, subject="gone.example A", tries_max=2)


def test_dns_unanswered(box):
    t = Trace()
    query(t, "f", 7, "dead.example", kind=28)
    query(t, "f", 7, "dead.example", after=5000, kind=28)
    query(t, None, 8, "slow.example")
    answer(t, None, 8, "slow.example", 0, after=6000)
    query(t, None, 9, "last.example", at=LATE - 100)
    t.end()
    g = only(box, t, "dns-unanswered", subject="dead.example AAAA", failed=1)
    assert g["detail"] == "dead.example AAAA: 2 queries in 5.0 s"


def test_dns_to_a_closed_port(box):
    """The unreachable port is the failure; the query is not counted once more."""
    t = Trace()
    p = ip4(udp(dns(7, "x.example"), 5000, 53), src=A, dst=B)
    t.add(eth(p), "f")
    unreachable(t, "f", p, code=3, src=B, size=64)
    t.end()
    only(box, t, "unreachable", port=53)


def test_dns_over_tcp(box):
    t = Trace()
    c = Tcp(t, dport=53, dst=DNS).open()
    q, r = dns(9, "tcp.example"), dns(9, "tcp.example", 3)
    c.tags = ["f"]
    c.send(0, "P.", be16(len(q)) + q)
    c.tags = []
    c.send(1, ".")
    c.send(1, "P.", be16(len(r)) + r[:5])
    c.tags = ["f"]
    c.send(1, "P.", r[5:])
    c.tags = []
    c.close()
    t.end()
    only(box, t, "nxdomain", transport="tcp", subject="tcp.example A")


def test_multicast_dns_is_not_expected_to_answer(box):
    t = Trace()
    t.add(eth(ip4(udp(dns(0, "printer.local"), 5353, 5353), src=A, dst="224.0.0.251")))
    t.end()
    none(box, t)


# --- HTTP ---

def http(t, requests, tag_of, sport=40000):
    c = Tcp(t, sport=sport).open()
    for path, code, reason, tag in requests:
        c.tags = [tag] if tag else []
        c.send(0, "P.", f"GET {path} HTTP/1.1\r\nHost: www.example.org\r\n\r\n".encode())
        c.tags = []
        c.send(1, ".")
        c.tags = [tag] if tag else []
        c.send(1, "P.", f"HTTP/1.1 {code} {reason}\r\nContent-Length: 2\r\n\r\n".encode(), after=3)
        c.tags = []
        c.send(1, "P.", b"ok")
        c.send(0, ".")
    c.close()


def test_http(box):
    t = Trace()
    http(t, [("/", 200, "OK", None), ("/no?x=1", 404, "Not Found", "n"), ("/no?x=2", 404, "Not Found", "n"),
             ("/boom", 503, "Service Unavailable", "b"), ("/moved", 302, "Found", None)], None)
    t.end()
    groups, total = report(box, t)
    assert [g["kind"] for g in groups] == ["http-5xx", "http-4xx"], groups
    b, n = groups
    assert b["subject"] == "GET www.example.org/boom" and b["cause"] == "503 Service Unavailable"
    assert n["detail"] == "GET www.example.org/no: 404 Not Found after 4.0 ms", n
    assert n["attempts"] == 2 and n["failed"] == 2
    assert selected(box, b["filter"]) == t.frames("b") and selected(box, n["filter"]) == t.frames("n")
    groups, _ = report(box, t, "--kind", "http-4xx")
    assert [g["kind"] for g in groups] == ["http-4xx"]


# --- TLS ---

def tls_record(kind, body):
    return u8(kind, 3, 3) + be16(len(body)) + body


def client_hello(host):
    sni = be16(0) + be16(len(host) + 5, len(host) + 3) + u8(0) + be16(len(host)) + host.encode()
    body = be16(0x0303) + b"\1" * 32 + u8(0) + be16(2, 0xC02F) + u8(1, 0) + be16(len(sni)) + sni
    return tls_record(22, u8(1) + len(body).to_bytes(3, "big") + body)


def server_hello():
    body = be16(0x0303) + b"\2" * 32 + u8(0) + be16(0xC02F) + u8(0)
    return tls_record(22, u8(2) + len(body).to_bytes(3, "big") + body)


def test_tls_alert(box):
    t = Trace()
    c = Tcp(t, "f", dport=443).open()
    c.send(0, "P.", client_hello("www.example.org"))
    c.send(1, "P.", server_hello())
    c.send(0, "P.", tls_record(21, u8(2, 48)))
    c.close()
    t.end()
    only(box, t, "tls-alert", subject="www.example.org", cause="alert unknown_ca from source: certificate", port=443)


def test_tls_refused_version(box):
    t = Trace()
    c = Tcp(t, "f", dport=443).open()
    c.send(0, "P.", client_hello("www.example.org"))
    c.send(1, "P.", tls_record(21, u8(2, 70)))
    c.send(1, "F.")
    c.send(0, "F.")
    t.end()
    only(box, t, "tls-alert", cause="alert protocol_version from target")


def test_tls_warnings_are_fine(box):
    t = Trace()
    c = Tcp(t, dport=443).open()
    c.send(0, "P.", client_hello("www.example.org"))
    c.send(1, "P.", tls_record(21, u8(1, 112)) + server_hello())
    c.send(1, "P.", tls_record(21, u8(1, 0)))
    c.close()
    t.end()
    none(box, t)


# --- ARP, neighbours, echo ---

def test_arp(box):
    t = Trace()
    for i in range(3):
        t.add(arp(1, A, "10.0.0.77"), "f", after=1000)
    t.add(arp(1, A, B))
    t.add(arp(2, B, A, "02:00:00:00:00:0b"))
    t.add(arp(1, A, A))                                  # an announcement
    t.add(arp(1, "0.0.0.0", "10.0.0.9"))                 # a probe
    t.add(arp(1, A, "10.0.0.88"), at=LATE - 10)          # pending
    t.end()
    g = only(box, t, "arp", source=A, target="10.0.0.77", transport="arp", detail="3 requests in 2.0 s", failed=1)
    assert "port" not in g


def test_neighbour_solicitation(box):
    t = Trace()

    def ask(src, target, *tags):
        t.add(eth(ip6(icmp6(135, 0, b"\0" * 4 + a6(target)), src=src, dst="ff02::1:ff00:7", hops=255)), *tags)
    ask("fe80::1", "fe80::7", "f")
    ask("fe80::1", "fe80::2")
    t.add(eth(ip6(icmp6(136, 0, be32(0x60000000) + a6("fe80::2")), src="fe80::2", dst="fe80::1", hops=255)))
    ask("::", "fe80::9")                                 # is the address taken?
    t.end()
    only(box, t, "arp", source="fe80::1", target="fe80::7", transport="icmp6")


def test_ping(box):
    t = Trace()
    for i in range(3):
        t.add(eth(ip4(icmp(8, 0, be16(1, i) + b"data"), src=A, dst="10.0.0.77")), "f")
        t.add(eth(ip4(icmp(8, 0, be16(2, i) + b"data"), src=A, dst=B)))
        t.add(eth(ip4(icmp(0, 0, be16(2, i) + b"data"), src=B, dst=A)))
    t.end()
    only(box, t, "ping", target="10.0.0.77", failed=3, attempts=3, never_succeeded=True)


def test_ping_unreachable(box):
    t = Trace()
    p = ip4(icmp(8, 0, be16(1, 1) + b"data"), src=A, dst="10.1.0.77")
    t.add(eth(p), "f")
    unreachable(t, "f", p, code=1)
    t.end()
    only(box, t, "filtered", transport="icmp", target="10.1.0.77", cause="host unreachable from 10.0.0.254")


# --- many, and the command itself ---

def scan(ports, refused=lambda p: True):
    t = Trace()
    for p in range(1, ports + 1):
        c = Tcp(t, "f" if refused(p) else None, dport=p, sport=30000 + p % 30000)
        c.send(0, "S", after=0.01)
        c.send(1, "R." if refused(p) else "S.", after=0.01)
        if not refused(p):
            c.send(0, ".", after=0.01)
            c.send(1, "P.", b"hello", after=0.01)
    t.end()
    return t


def test_a_scan_is_one_group(box):
    t = scan(2000, lambda p: p % 500 != 0)
    g = only(box, t, "refused", ports=1996, attempts=2000, failed=1996, succeeded=4)
    assert "port" not in g and "1996 ports (1..499, " in g["detail"], g
    out, err, status = box.command("failed", "-r", "t.pcap")
    assert status == 0 and len(out.splitlines()) == 6, out
    assert b"10.0.0.2:*/tcp" in out


def test_a_sweep_and_dead_names_are_one_group_each(box):
    t = Trace()
    for i in range(1, 255):
        Tcp(t, "s", dst=f"10.7.0.{i}", dport=22).send(0, "S")
        query(t, "d", i, f"x{i}.example", sport=7000)
        answer(t, "d", i, f"x{i}.example", 3, sport=7000)
    t.end()
    groups, total = report(box, t)
    assert sorted(g["kind"] for g in groups) == ["nxdomain", "unanswered"], groups
    for g in groups:
        tag = "s" if g["kind"] == "unanswered" else "d"
        assert selected(box, g["filter"]) == t.frames(tag), g["filter"]
        assert g["failed"] == 254
    assert [g for g in groups if g["kind"] == "unanswered"][0]["targets"] == 254
    assert [g for g in groups if g["kind"] == "nxdomain"][0]["subjects"] == 254


def test_filters_are_cut_and_say_so(box):
    t = scan(200, lambda p: p % 2)
    groups, _ = report(box, t, "--filter-length", "60")
    (g,) = groups
    assert len(g["filter"]) < 100 and g["filter_missing"] > 0
    got = selected(box, g["filter"])
    assert got and set(got) < set(t.frames("f"))
    out, err, status = box.command("failed", "-r", "t.pcap", "--filter-length", "60")
    assert b"(cut: %d conversations" % g["filter_missing"] in out, out


def test_text(box):
    t = Trace()
    c = Tcp(t, "f")
    c.send(0, "S")
    c.send(1, "R.", after=0.3)
    http(t, [("/no", 404, "Not\x1b[31mFound", None)], None, sport=40001)
    t.end()
    box.put("t.pcap", t.file())
    out, err, status = box.command("failed", "-r", "t.pcap")
    assert (err, status) == (b"", 0)
    assert out.decode() == (
        "KIND      SOURCE    TARGET           ATTEMPTS  FAILED  OK  FIRST            LAST             DETAIL\n"
        "refused   10.0.0.1  10.0.0.2:80/tcp         2       1   1  22:13:20.001000  22:13:20.001300  RST after 0.3 ms\n"
        "    -Y 'tcp.stream == 0'\n"
        "http-4xx  10.0.0.1  10.0.0.2:80/tcp         1       1   0  22:13:20.005300  22:13:20.009300  "
        "GET www.example.org/no: 404 Not\\x1b[31mFound after 4.0 ms\n"
        "    -Y 'frame.number in {6, 8}'\n"
        "\n"
        "2 failures in 2 groups: 1 refused, 1 HTTP 4xx\n"
        "attempts: connections 2 (1 succeeded, 1 failed), UDP conversations 1 (0 succeeded, 0 failed), "
        "HTTP requests 1 (0 succeeded, 1 failed)\n"), out.decode()


def test_http_responses_that_nobody_captured(box):
    """Each second one is missing: their requests make room, and the others are matched all the same."""
    t = Trace()
    c = Tcp(t)
    c.open()
    for i in range(300):
        c.send(0, "P.", b"GET /%d HTTP/1.1\r\nHost: h\r\n\r\n" % i)
        answer = b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"
        if i % 2 == 0:
            c.send(1, "P.", answer)
        else:
            c.seq[1] += len(answer)
    t.end()
    group, = [g for g in report(box, t)[0] if g["kind"] == "http-4xx"]
    assert group["failed"] == 150 and "150 pages" in group["detail"], group


def test_order_top_and_kinds(box):
    t = Trace()
    for i in range(3):
        c = Tcp(t, sport=40000 + i, dport=81)
        c.send(0, "S")
        c.send(1, "R.")
    for i in range(5):
        query(t, None, i, "no.example", sport=7000 + i)
        answer(t, None, i, "no.example", 3, sport=7000 + i)
    t.end()
    kinds = [g["kind"] for g in report(box, t)[0]]
    assert kinds == ["refused", "nxdomain"], kinds
    assert [g["kind"] for g in report(box, t, "--by", "failed")[0]] == ["nxdomain", "refused"]
    assert len(report(box, t, "--top", "0")[0]) == len(report(box, t)[0])
    groups, total = report(box, t, "--top", "1")
    assert len(groups) == 1 and total["groups"] == 2 and total["shown"] == 1 and total["failed"] == 8
    assert [g["kind"] for g in report(box, t, "--kind", "dns")[0]] == ["nxdomain"]
    assert [g["kind"] for g in report(box, t, "--kind", "tcp,never")[0]] == ["refused"]


def test_exit_status_and_mistakes(box):
    t = Trace()
    t.end()
    report(box, t)
    report(box, t, "--exit-status", status=1)
    c = Tcp(t)
    c.send(0, "S")
    c.send(1, "R.")
    report(box, t, "--exit-status")
    for args in (["--kind", "bad"], ["--by", "size"], ["--top", "-1"], ["--grace", "x"], ["--filter-length", "1"]):
        out, err, status = box.command("failed", "-r", "t.pcap", *args)
        assert status == 2 and out == b"" and err.startswith(b"wiretape failed: ") and err.count(b"\n") == 1, (args, err)


def test_kinds_are_completed_and_documented(box):
    """The error message lists the kinds; manual and completions know each."""
    top = Path(__file__).resolve().parent.parent.parent
    _, err, _ = box.command("failed", "-r", "f.pcap", "--kind", "bad")
    kinds = err.decode().split("they are ")[1].split(" (")[0].strip().split(", ")
    assert len(kinds) == 23, kinds
    manual = (top / "man/wiretape.8").read_text().split(".Sh FAILURES")[1].split("\n.Sh ")[0]
    for shell in ("wiretape.bash", "_wiretape", "wiretape.fish"):
        words = (top / "completions" / shell).read_text().translate({39: 32, 34: 32}).split()
        for k in kinds:
                assert k in words, (shell, k)
    for k in kinds:
        assert k in manual.replace(",", " ").split(), k


def test_filters_hold_with_a_capture_filter(box):
    """Numbers count what the capture filter passes: the same one goes with -Y."""
    t = Trace()
    Tcp(t, sport=1, dport=99).open().send(0, "P.", b"x")
    c = Tcp(t, "f", dport=80)
    c.send(0, "S")
    c.send(1, "R.")
    t.end()
    box.put("t.pcap", t.file())
    out, _, _ = box.command("failed", "-r", "t.pcap", "--json", "port", "80")
    g = json.loads(out.splitlines()[0])
    out, _, _ = box.run("-r", "t.pcap", "-Y", g["filter"], "--fields", "tcp.dstport", "port", "80")
    assert out.split() == [b"80", b"40000"], out


def test_display_filter(box):
    """-Y: failures of connections of which it passes a packet."""
    t = Trace()
    for i, dst in enumerate((B, "10.0.0.3")):
        c = Tcp(t, dst, dst=dst)
        c.send(0, "S")
        c.send(1, "R.")
    t.end()
    groups, total = report(box, t, "-Y", "ip.dst == 10.0.0.3")
    assert [g["target"] for g in groups] == ["10.0.0.3"] and total["attempts"] == 1, groups

    t = Trace()
    http(t, [("/a", 404, "Not Found", "a"), ("/b", 404, "Not Found", "b"), ("/c", 200, "OK", None)], None)
    t.end()
    (g,) = [g for g in report(box, t)[0] if g["subject"].endswith("/b")]
    groups, total = report(box, t, "-Y", g["filter"])
    assert [x["subject"] for x in groups] == [g["subject"]] and groups[0]["filter"] == g["filter"], groups
    groups, total = report(box, t, "-Y", f"frame.number == {t.frames('b')[1]}")
    assert [x["subject"] for x in groups] == [g["subject"]] and total["failed"] == 1, groups


def test_damaged_input_is_told_and_an_error(box):
    t = Trace()
    c = Tcp(t)
    c.send(0, "S")
    c.send(1, "R.")
    t.end()
    box.put("cut.pcap", t.file()[:-5])
    out, err, status = box.command("failed", "-r", "cut.pcap", "--json")
    assert status == 2 and b"truncated" in err and b'"refused"' in out, (out, err)


def test_http_responses_beyond_what_is_kept(box):
    """-Y chooses a connection with a packet of 20 responses: what is not kept of it is told."""
    t = Trace()
    c = Tcp(t)
    c.send(0, "S")
    c.send(1, "S.")
    c.send(0, "P.", b"GET / HTTP/1.1\r\n\r\n" * 20)
    c.send(1, "P.", b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n" * 20)
    box.put("t.pcap", t.file())
    got = box.command("failed", "-r", "t.pcap", "-Y", "tcp.len > 500", "--json", "--kind", "http-4xx")
    assert got.status == 0 and json.loads(got.out.splitlines()[0])["failed"] == 16, got.out
    assert b"4 HTTP responses were left out: too many in the packet with which -Y chose their connection" in got.err, got.err
