"""stats: what a capture consists of."""
import json
import os
import re
import signal
import struct
import subprocess
import time
import xml.etree.ElementTree as ElementTree

import capture
import talk

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16


def stats(box, *args):
    got = box.command("stats", "--json", *args)
    assert got.status == 0 and got.err == b"", got.err
    return json.loads(got.out)


def test_stats_facts(box):
    packets = capture.conversation()
    box.put("t.pcap", capture.pcap(packets, step=500_000))
    facts = stats(box, "-r", "t.pcap", "--facts")["facts"]
    size = sum(map(len, packets))
    assert facts["packets"] == 10 and facts["bytes"] == facts["captured_bytes"] == size
    assert (facts["first"], facts["last"], facts["span"]) == ("1700000000.000000000", "1700000004.500000000", 4.5)
    assert abs(facts["packets_per_second"] - 10 / 4.5) < 0.001 and abs(facts["bits_per_second"] - size * 8 / 4.5) < 0.001
    assert (facts["smallest"], facts["largest"]) == (min(map(len, packets)), max(map(len, packets)))
    assert facts["dropped"] is None and facts["cut_packets"] == facts["backwards_packets"] == 0
    assert facts["interfaces"] == [{"id": 0, "link_type": "EN10MB", "snapshot_length": 262144, "packets": 10, "bytes": size}]
    text = box.command("stats", "-r", "t.pcap", "--facts").out.decode()
    assert "  first packet    2023-11-14 22:13:20.000000\n" in text and "  dropped         not recorded\n" in text, text


def test_stats_facts_of_damaged_time_and_cut_packets(box):
    data = bytearray(capture.pcap(capture.conversation(4)))
    at, records = 24, []
    while at < len(data):
        records.append(at)
        at += 16 + struct.unpack_from("<I", data, at + 8)[0]
    struct.pack_into("<I", data, records[2], capture.START - 7)
    n = struct.unpack_from("<I", data, records[3] + 12)[0]
    struct.pack_into("<I", data, records[3] + 12, n + 1000)
    box.put("t.pcap", bytes(data))
    facts = stats(box, "-r", "t.pcap", "--facts")["facts"]
    assert facts["backwards_packets"] == 1 and 6.9 < facts["backwards_most"] <= 7
    assert facts["cut_packets"] == 1 and facts["bytes"] - facts["captured_bytes"] == 1000
    assert facts["first"].startswith("1699999993.")


def test_stats_facts_of_recorded_drops(box):
    """Interface statistics of pcapng: each interface's last word, of all files."""
    def statistics(iface, **counts):
        codes = {"ifdrop": 5, "osdrop": 7, "ifrecv": 4}
        body = struct.pack("<III", iface, 0, 0)
        for name, n in counts.items():
            body += struct.pack("<HHQ", codes[name], 8, n)
        return capture.block(5, body + b"\0\0\0\0")

    f = capture.pcapng([(1, p) for p in capture.conversation(4)] + [(101, capture.udp(1, 2))])
    box.put("a.pcapng", f + statistics(0, ifrecv=99, ifdrop=1, osdrop=10) + statistics(1, osdrop=5) +
            statistics(0, ifdrop=3, osdrop=20) + statistics(9, osdrop=1000) + capture.block(5, b"\0" * 12))
    facts = stats(box, "-r", "a.pcapng", "--facts")["facts"]
    assert (facts["dropped"], facts["dropped_by_interface"]) == (25, 3), facts
    assert [i["link_type"] for i in facts["interfaces"]] == ["EN10MB", "RAW"]
    box.put("b.pcapng", f + statistics(0, osdrop=2))
    facts = stats(box, "-r", "a.pcapng", "-r", "b.pcapng", "--facts")["facts"]
    assert (facts["packets"], facts["dropped"], facts["dropped_by_interface"]) == (10, 27, 3), facts
    assert b"  dropped         25 by the capture, 3 by the interface\n" in box.command("stats", "-r", "a.pcapng", "--facts").out


def connections():
    """Every way to end: (ports, what is said of it)."""
    out, port, want = [], 30000, {}

    def one(end, *steps, by=None):
        nonlocal port
        port += 1
        t = talk.Tcp(client=("10.0.0.1", port), out=out)
        for i, (side, flags, data) in enumerate(steps):
            again = i > 0 and steps[i - 1] == steps[i]
            t.seg(side, flags, data, seq=t.next[side] - again)
            t.next[side] += 0 if again else len(data) + bool(flags & (SYN | FIN))
        want[port] = (end, by)

    shake = [(0, SYN, b""), (1, SYN | ACK, b""), (0, ACK, b"")]
    one("closed", *shake, (0, PSH | ACK, b"x"), (0, FIN | ACK, b""), (1, FIN | ACK, b""), (0, ACK, b""), by="a")
    one("closed", *shake, (1, FIN | ACK, b""), (0, FIN | ACK, b""), (1, RST, b""), by="b")
    one("half-closed", *shake, (1, FIN | ACK, b""), (0, ACK, b""), by="b")
    one("reset", *shake, (0, PSH | ACK, b"x"), (1, RST | ACK, b""), by="b")
    one("reset", *shake, (0, RST, b""), by="a")
    one("reset", *shake, (0, FIN | ACK, b""), (1, RST, b""), by="b")
    one("refused", (0, SYN, b""), (1, RST | ACK, b""))
    one("refused", (0, SYN, b""), (0, SYN, b""), (1, RST | ACK, b""))
    one("unanswered", (0, SYN, b""), (0, SYN, b""))
    one("half-open", (0, SYN, b""), (1, SYN | ACK, b""))
    one("open", *shake, (0, PSH | ACK, b"x"))
    one("midstream", (0, PSH | ACK, b"x"), (1, ACK, b""))
    return out, want


def test_stats_how_connections_end(box):
    packets, want = connections()
    box.put("t.pcap", capture.pcap(packets))
    got = stats(box, "-r", "t.pcap", "--conversations=tcp")["conversations"]["tcp"]
    assert (got["count"], got["packets"]) == (len(want), len(packets)), got
    for c in got["conversations"]:
        assert (c["end"], c.get("end_by")) == want[c["a_port"]], c
        assert ("handshake_rtt" in c) == (c["end"] not in ("refused", "unanswered", "half-open", "midstream")), c
        assert c.get("handshake_rtt", 0.002) == 0.002
    text = box.command("stats", "-r", "t.pcap", "--conversations=tcp", "--by", "start", "--top", "1").out.decode().splitlines()
    assert text[1] == f" TCP: {len(want)}, the first", text
    assert re.fullmatch(r" +0  10.0.0.1:30001  10.0.0.2:80 +7 +\d+ +5 +\d+ +2 +\d+  0.000000  0.006000 .* 2.00 ms  closed", text[3]), text


def test_stats_orders(box):
    out = []
    for i, n in enumerate((5, 1, 9, 3)):
        for k in range(n):
            out.append(capture.eth(capture.udp(1000 + i, 9, b"x" * (1000 if i == 1 else 10 + i))))
            if i == 3:
                out.append(capture.eth(capture.udp(9, 1000 + i, b"y", src="10.0.0.2", dst="10.0.0.1")))
    box.put("t.pcap", capture.pcap(out))

    def order(*args):
        return [c["a_port"] for c in stats(box, "-r", "t.pcap", "--conversations=udp", *args)["conversations"]["udp"]["conversations"]]

    assert order() == [1001, 1002, 1003, 1000]
    assert order("--by", "packets") == [1002, 1003, 1000, 1001]
    assert order("--by", "start") == [1000, 1001, 1002, 1003]
    assert order("--by", "duration") == [1002, 1003, 1000, 1001]
    assert order("--top", "2") == [1001, 1002] and order("--top", "0") == order()
    full = stats(box, "-r", "t.pcap", "--conversations=udp", "--top", "1")["conversations"]["udp"]
    assert (full["count"], full["packets"], full["bytes"]) == (4, len(out), sum(map(len, out)))
    ends = stats(box, "-r", "t.pcap", "--endpoints=udp", "--by", "packets")["endpoints"]["udp"]
    assert ends["count"] == 5 and ends["endpoints"][0] == {
        "address": "10.0.0.2", "port": 9, "packets": len(out), "bytes": sum(map(len, out)), "packets_sent": 3,
        "bytes_sent": 3 * 43, "packets_received": len(out) - 3, "bytes_received": sum(map(len, out)) - 3 * 43}


def test_stats_display_filter(box):
    """Only what matches counts, in all sections."""
    packets, _ = connections()
    box.put("t.pcap", capture.pcap(packets))
    flags = box.run("-n", "-r", "t.pcap", "-Y", "tcp.flags.syn == 1", "--count").out
    all_of = stats(box, "-r", "t.pcap", "-Y", "tcp.flags.syn == 1", "--facts", "--hierarchy", "--time", "--sizes", "--endpoints",
                   "--conversations")
    n = int(flags.split()[0])
    assert all_of["facts"]["packets"] == all_of["hierarchy"]["packets"] == n
    assert sum(all_of["time"]["packets"]) == sum(c["packets"] for c in all_of["sizes"]["classes"]) == n
    for kind in ("eth", "ip", "tcp"):
        assert all_of["conversations"][kind]["packets"] == n, kind
        assert sum(e["packets"] for e in all_of["endpoints"][kind]["endpoints"]) == 2 * n, kind
    assert not any("payload_ab" in c for c in all_of["conversations"]["tcp"]["conversations"])


def test_stats_hierarchy_text(box):
    packets = [capture.eth(capture.udp(1000, 2000)), capture.eth(capture.tcp(1, 2, 2), vlan=5), capture.eth(capture.udp(1, 2))]
    box.put("t.pcap", capture.pcap(packets))
    got = box.command("stats", "-r", "t.pcap", "--hierarchy").out.decode()
    assert got == ("Protocol hierarchy\n"
                   "  protocol   packets          bytes\n"
                   "  eth              3  100.0%    152  100.0%\n"
                   "    ip             2   66.7%     94   61.8%\n"
                   "      udp          2   66.7%     94   61.8%\n"
                   "    vlan           1   33.3%     58   38.2%\n"
                   "      ip           1   33.3%     58   38.2%\n"
                   "        tcp        1   33.3%     58   38.2%\n"), got


def test_stats_plot(box):
    box.put("t.pcap", capture.pcap(capture.conversation() * 20, step=50_000))
    got = box.command("stats", "-r", "t.pcap", "--time", "--plot", "p.svg")
    assert got.status == 0 and got.out.isascii(), got.err
    lines = got.out.decode().splitlines()
    assert lines[-1] == "  22:13:20.000000 to 22:13:29.950000, in intervals of 200 ms" and max(map(len, lines)) <= 80
    root = ElementTree.parse(box.dir / "p.svg").getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    texts = [t.text for t in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "22:13:20" in texts and any(t.endswith("bit/s") for t in texts) and any(t.endswith(" /s") for t in texts), texts
    assert len(list(root.iter("{http://www.w3.org/2000/svg}path"))) == 2
    got = box.command("stats", "-r", "t.pcap", "--plot", "no/p.svg")
    assert got.status == 2 and got.err == b"wiretape stats: no/p.svg: No such file or directory\n" and got.out == b""
    got = box.command("stats", "-r", "t.pcap", "--plot", "/dev/full")
    assert got.status == 2 and b"/dev/full: No space left" in got.err and b"Capture" in got.out, got.err
    got = subprocess.run([box.bin / "wiretape", "stats", "-r", "t.pcap", "--time"], cwd=box.dir, capture_output=True,
                         env=dict(box.env(), LC_ALL="C.UTF-8", COLUMNS="70"))
    text = got.stdout.decode()
    assert "\u2588" in text and max(map(len, text.splitlines())) <= 70, text


def test_stats_words_of_tshark(box):
    for words, option in (("io,phs", "--hierarchy"), ("conv,tcp", "--conversations=tcp"), ("endpoints,ip", "--endpoints=ip"),
                          ("plen,tree", "--sizes")):
        got = box.command("stats", "-r", "f.pcap", "-z", words)
        assert got.status == 0 and got.out == box.command("stats", "-r", "f.pcap", option).out and got.out
    assert box.command("stats", "-r", "f.pcap", "-z", "io,stat,0.002").out == \
        box.command("stats", "-r", "f.pcap", "--time", "--interval", "2ms").out
    # An interval asks for what it is an interval of.
    assert list(stats(box, "-r", "f.pcap", "--sizes", "--interval", "2ms")) == \
        list(stats(box, "-r", "f.pcap", "--sizes", "--time")), stats(box, "-r", "f.pcap", "--sizes", "--interval", "2ms")


def test_stats_errors(box):
    for args, message in (
            (["--conversations=tcp,what"], b"--conversations: 'what' is not one of eth, ip, ipv6, tcp, udp, sctp, icmp"),
            (["--endpoints=icmp"], b"--endpoints: 'icmp' is not one of eth, ip, ipv6, tcp, udp, sctp"),
            (["--by", "colour"], b"--by colour is not known"), (["--interval", "0"], b"--interval 0 is no length of time"),
            (["--interval", "1y"], b"--interval 1y is no length of time"), (["--top", "-1"], b"--top -1 is no number"),
            (["-z", "smb,srt"], b"-z smb,srt is not known"), (["--help=x"], b"--help: takes no argument"),
            (["--no-such=x"], b"--no-such: no such option, or short for several"),
            (["--dns", "--by", "rate"], b"--by rate is for --conversations, --endpoints and --time: ask for one")):
        got = box.command("stats", "-r", "f.pcap", *args)
        assert got.status == 2 and got.out == b"" and message in got.err, (args, got.err)


def test_stats_of_nothing(box):
    box.put("e.pcap", capture.pcap([]))
    got = box.command("stats", "-r", "e.pcap")
    assert got.status == 0 and got.out.startswith(b"Capture\n  packets         0\n"), got
    assert stats(box, "-r", "e.pcap")["facts"]["packets"] == 0
    every = stats(box, "-r", "e.pcap", "--facts", "--hierarchy", "--time", "--sizes", "--endpoints", "--conversations")
    assert every["hierarchy"] == {"packets": 0, "bytes": 0, "protocols": []} and every["time"]["packets"] == []


def test_stats_of_a_damaged_file(box):
    """What could be read is told; the status says that it is not all."""
    box.put("t.pcap", capture.pcap(capture.conversation())[:-3])
    got = box.command("stats", "-r", "t.pcap", "--facts")
    assert got.status == 2 and b"  packets         9\n" in got.out and b"truncated" in got.err, got


def test_stats_interrupted(box):
    """Ctrl-C tells what is known so far."""
    read, write = os.pipe()
    with subprocess.Popen([box.bin / "wiretape", "stats", "--json", "--facts", "-r", "-"], stdin=read, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, cwd=box.dir, env=box.env()) as p:
        os.close(read)
        os.write(write, capture.pcap(capture.conversation()))
        time.sleep(0.5)
        p.send_signal(signal.SIGINT)
        out, err = p.communicate(timeout=10)
    os.close(write)
    got = json.loads(out)
    assert got["interrupted"] is True and got["facts"]["packets"] == 10 and b"stopped early" in err, (out, err)


def test_stats_many_conversations_in_little_memory(box):
    """Of a hundred thousand conversations those asked for are kept, and the sums are of all."""
    head = capture.eth(capture.tcp(1, 80, SYN))
    out = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)]
    for i in range(100_000):
        p = head[:26] + struct.pack(">I", 0x0B000000 + i) + head[30:]
        out.append(struct.pack("<IIII", capture.START, i, len(p), len(p)) + p)
    box.put("t.pcap", b"".join(out))
    got = stats(box, "-r", "t.pcap", "--conversations=tcp", "--endpoints=ip", "--top", "3")
    tcp = got["conversations"]["tcp"]
    assert (tcp["count"], tcp["packets"], len(tcp["conversations"])) == (100_000, 100_000, 3)
    assert got["endpoints"]["ip"]["count"] == 100_001
    assert got["endpoints"]["ip"]["endpoints"][0]["packets_received"] == 100_000
