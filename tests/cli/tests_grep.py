"""wiretape grep: patterns in conversations and packets."""
import json
import struct

import capture

A, B = {"src": "10.0.0.1", "dst": "10.0.0.2"}, {"src": "10.0.0.2", "dst": "10.0.0.1"}


def tcp(seq, payload=b"", flags=0x18, sport=40000, dport=80, **hosts):
    head = struct.pack(">HHIIBBHHH", sport, dport, seq, 1, 0x50, flags, 512, 0, 0)
    return capture.eth(capture.ip4(6, head + payload, **(hosts or A)))


def reply(seq, payload=b"", flags=0x18):
    return tcp(seq, payload, flags, 80, 40000, **B)


def request():
    """A request whose second half comes out of order, its reply, a datagram, and a packet of no conversation."""
    return [
        tcp(999, flags=2), reply(1, flags=0x12), tcp(1000, flags=0x10),
        tcp(1000, b"GET /login?user=root&pass"), tcp(1034, b"HTTP/1.1\r\nHost: a\r\n\r\n"), tcp(1025, b"word=x y\n"),
        reply(2, b"HTTP/1.1 200 OK\r\n\r\n\x1b[31mpassword=secret\x00\xff"),
        capture.eth(capture.udp(5000, 53, b"password=udp", src="10.0.0.3")),
        bytes.fromhex("ffffffffffff02000000000a0806") + b"arp: password=none",
    ]


def put(box, packets=None):
    box.put("g.pcap", capture.pcap(packets or request()))


def grep(box, *args, **how):
    return box.command("grep", *args, "-r", "g.pcap", **how)


def lines(got):
    return got.out.decode().splitlines()


def test_matches_across_segments(box):
    put(box)
    for engine in ((), ("--pcre-only",)):
        got = grep(box, r"password=\w+", *engine)
        assert got.status == 0 and got.err.count(b"\n") <= 1, got.err
        assert lines(got) == [
            "22:13:20.003000 tcp 0 10.0.0.1.40000 > 10.0.0.2.80 packets 4-6 offset 21: "
            "GET /login?user=root&password=x y",
            "22:13:20.006000 tcp 0 10.0.0.2.80 > 10.0.0.1.40000 packet 7 offset 24: "
            "\\x1b[31mpassword=secret\\x00\\xff",
            "22:13:20.007000 udp 0 10.0.0.3.5000 > 10.0.0.2.53 packet 8 offset 0: password=udp",
            "22:13:20.008000 packet 9 byte 19: \\x08\\x06arp: password=none",
        ], got.out


def test_exit_status(box):
    put(box)
    assert grep(box, "nowhere to be found").status == 1
    assert grep(box, "-q", "password").status == 0 and grep(box, "-q", "password").out == b""
    assert grep(box, "-q", "nowhere").status == 1
    for wrong in (("(",), (), ("--hex", "abc"), ("-e", ""), ("-f", "absent"), ("x", "tcp port"), ("-m", "0", "x"),
                  ("-C", "-1", "x"), ("--color", "perhaps", "x"), ("x", "-Y", "nothing.like == 1")):
        got = grep(box, *wrong)
        assert got.status == 2 and got.out == b"" and got.err, wrong
    assert box.command("grep", "x", "-r", "absent.pcap").status == 2
    # A damaged file is an error, though what could be read matches.
    box.put("g.pcap", capture.pcap(request())[:-4])
    got = grep(box, "password")
    assert got.status == 2 and len(lines(got)) == 3, got


def test_json(box):
    put(box)
    rows = [json.loads(line) for line in lines(grep(box, "--json", "-x", r"password=\w+"))]
    assert rows[0] == {
        "time": "1700000000.003000000", "kind": "tcp", "stream": 0, "community_id": "1:3k1SoWXs/FltHw2aBCgUTgbDQF4=",
        "src": "10.0.0.1", "src_port": 40000, "dst": "10.0.0.2", "dst_port": 80, "packet": 4, "last_packet": 6,
        "offset": 21, "length": 10, "pattern": r"password=\w+", "before": "GET /login?user=root&",
        "match": "password=x", "after": " y", "match_hex": b"password=x".hex()}, rows[0]
    assert rows[1]["before"] == "\x1b[31m" and rows[1]["after"] == "\x00\\xff"
    assert rows[3] == {"time": "1700000000.008000000", "packet": 9, "last_packet": 9, "packet_offset": 19, "length": 13,
                       "pattern": r"password=\w+", "before": "\x08\x06arp: ", "match": "password=none",
                       "after": "", "match_hex": b"password=none".hex()}, rows[3]
    assert json.loads(grep(box, "--json", "--count", "password").out) == {"matches": 4}


def test_what_is_listed(box):
    put(box)
    assert lines(grep(box, "--list", "a")) == [
        "22:13:20.000000 tcp 0 10.0.0.1.40000 > 10.0.0.2.80", "22:13:20.007000 udp 0 10.0.0.3.5000 > 10.0.0.2.53",
        "22:13:20.008000 packet 9"]
    assert lines(grep(box, "-v", "HTTP")) == ["22:13:20.007000 udp 0 10.0.0.3.5000 > 10.0.0.2.53"]
    assert grep(box, "-v", "p").status == 1
    assert grep(box, "--count", "password").out == b"4\n"
    assert grep(box, "--count", "-v", "HTTP").out == b"1\n"
    assert grep(box, "-o", r"pass\w+=\w").out == b"password=x\npassword=s\npassword=u\npassword=n\n"
    assert len(lines(grep(box, "-m", "2", "password"))) == 2


def test_patterns(box):
    put(box)
    assert grep(box, "--count", "--ignore-case", "PASSWORD").out == b"4\n"
    assert grep(box, "--count", "PASSWORD").out == b"0\n"
    assert grep(box, "--count", "--fixed-strings", "login?user").out == b"1\n"
    assert grep(box, "--count", "login?user").out == b"0\n"
    assert grep(box, "--count", "--hex", "0d 0a ?? 6f 7?").out == b"1\n"
    assert grep(box, "--hex", "73 6? 63", "-o").out == b"sec\n"
    # Beginnings and ends of lines, across segments.
    assert grep(box, "-o", "^Host: .").out == b"Host: a\n"
    assert grep(box, "-o", "y$").out == b"y\n"
    assert grep(box, "-o", "^word").status == 1
    box.put("list", "root\r\n\nsecret\nnever\n")
    got = [json.loads(line) for line in lines(grep(box, "--json", "-f", "list", "-e", "udp", "tcp or udp"))]
    assert [(g["pattern"], g["match"]) for g in got] == [("root", "root"), ("secret", "secret"), ("udp", "udp")]
    assert lines(grep(box, "-f", "list"))[0].endswith("offset 16 [root]: GET /login?user=root&pass"), grep(box, "-f", "list").out
    got = box.command("grep", "--fixed-strings", "-f", "-", "-r", "g.pcap", "--count", stdin=b"a\n[\n")
    assert got.out == b"7\n" and got.status == 0, got.out
    box.put("list", "good\nb(d\n")
    got = grep(box, "-f", "list")
    assert got.status == 2 and b"list: line 2: " in got.err, got.err


def test_context(box):
    put(box)
    assert lines(grep(box, "-C", "3", "root"))[0].endswith(": er=root&pa")
    assert lines(grep(box, "--before-context", "2", "root"))[0].endswith(": r=root")
    assert lines(grep(box, "--after-context", "2", "root"))[0].endswith(": root&p")
    assert lines(grep(box, "-C", "0", "root"))[0].endswith(": root")
    # In front, also what came with another packet; line ends do not stop what was asked for.
    assert lines(grep(box, "-C", "12", "Host"))[0].endswith(r": y\nHTTP/1.1\r\nHost: a\r\n\r\n")
    assert lines(grep(box, "-C", "16", "Host: a"))[0].endswith(r": d=x y\nHTTP/1.1\r\nHost: a\r\n\r\n")


def test_hexdump(box):
    put(box)
    assert lines(grep(box, "-x", "-C", "4", "root"))[1:] == [
        "\t0x000c:  7365 723d 726f 6f74 2670 6173            ser=root&pas"]


def test_color(box):
    put(box)
    got = grep(box, "--color", "always", "root")
    assert b"user=\x1b[1;31mroot\x1b[0m&pass" in got.out, got.out
    for args in (("root",), ("--color", "never", "root"), ("--color", "always", "--json", "root")):
        assert b"\x1b" not in grep(box, *args).out


def test_packets(box):
    put(box)
    got = lines(grep(box, "--packets", "password"))
    assert len(got) == 3 and got[0].startswith(
        "22:13:20.006000 tcp 0 10.0.0.2.80 > 10.0.0.1.40000 packet 7 byte 78: "), got
    # Headers too.
    assert grep(box, "--packets", "--count", "--hex", "0a000003").out == b"1\n"
    assert grep(box, "--count", "--hex", "0a000003").out == b"0\n"
    assert len(lines(grep(box, "--packets", "-v", "p"))) == 5


def test_display_filter(box):
    put(box)
    assert grep(box, "--count", "-Y", "tcp", "password").out == b"2\n"
    assert grep(box, "--count", "-Y", "udp", "password").out == b"1\n"
    assert grep(box, "--count", "-Y", "tcp.srcport == 80", "password").out == b"1\n"
    # The packet counts with which the match was complete.
    assert grep(box, "--count", "-Y", "frame.number == 6", "password=. ").out == b"1\n"
    assert grep(box, "--count", "-Y", "frame.number == 4", "password=. ").out == b"0\n"
    assert lines(grep(box, "--list", "-Y", "udp", "a")) == ["22:13:20.007000 udp 0 10.0.0.3.5000 > 10.0.0.2.53"]
    assert grep(box, "--count", "password", "udp").out == b"1\n"
    # Told at the end of the stream, when the last packet has passed.
    assert grep(box, "--count", "-Y", "tcp.srcport == 40000", r"\r\n\r\n(?!x)").out == b"1\n"


def test_gaps_and_conflicts(box):
    put(box, [tcp(999, flags=2), tcp(1000, b"pass"), tcp(1005, b"ord pass"), tcp(1013, b"word")] +
        [tcp(1017, b".")] * 3)
    assert lines(grep(box, "pass.?o?rd?")) == [
        "22:13:20.002000 tcp 0 10.0.0.1.40000 > 10.0.0.2.80 packets 3-4 offset 9: ord password"]
    put(box, [tcp(999, flags=2), tcp(1005, b"good"), tcp(1005, b"evil"), tcp(1000, b"GET /")])
    got = lines(grep(box, "evil"))
    assert got and got[0].endswith("packet 3 offset 5 conflict: evil"), got


def test_many_patterns(box):
    words = [f"needle{i:05}x" for i in range(2000)]
    box.put("words", "\n".join(words) + "\n")
    text = b" ".join(w.encode() for w in words[::100])
    put(box, [tcp(1000 + i, text[i:i + 7]) for i in range(0, len(text), 7)])
    for engine in ((), ("--pcre-only",)):
        got = grep(box, "-o", "--fixed-strings", "-f", "words", *engine)
        assert lines(got) == words[::100], got.out


def test_usage(box):
    got = box.command("grep", "--help")
    assert got.status == 0 and got.out.startswith(b"usage: wiretape grep [options] pattern [expression]\n"), got.out
    assert b"--ignore-case" in got.out and b"--display-filter" in got.out
    got = box.command("grep", "-r", "t.pcap", "-i", "secret")
    assert got.status == 2 and b"--ignore-case" in got.err, got     # -i is an interface here, and grep's habit is told


def test_too_many_matches_in_a_packet(box):
    """Lines of a packet have a ceiling; all matches are counted, and what is not shown is told."""
    put(box, [tcp(999, flags=2), tcp(1000, b"a" * 60000), tcp(61000, b"ba")])
    got = grep(box, "-o", "-e", "a", "-C", "50", "--json")
    shown = len(lines(got))
    assert got.status == 0 and 500 < shown < 30000, shown
    assert 256 * 1024 + 4 * 60000 <= len(got.out) <= 256 * 1024 + 4 * 60000 + 2000, len(got.out)
    assert b"%d matches are counted, but not shown" % (60001 - shown) in got.err, got.err
    assert json.loads(lines(got)[-1])["packet"] == 3
    assert lines(grep(box, "--count", "a")) == ["60001"]
    filtered = grep(box, "-o", "-e", "a", "-C", "50", "--json", "-Y", "tcp")
    assert filtered.out == got.out and filtered.err == got.err, filtered.err


def test_pattern_that_takes_too_long(box):
    put(box, [tcp(999, flags=2), tcp(1000, (b"a" * 30 + b"x") * 2000), tcp(63000, b"aab")])
    got = grep(box, "--pcre-only", "(a|aa)+b")
    assert got.status == 0 and lines(got)[-1].endswith("aab"), got.out
    assert b"a pattern took too long: matches may be missing there" in got.err, got.err
