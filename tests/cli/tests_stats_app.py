"""stats --dns, --http, --tls: what the golden tests do not have."""
import json
import struct

import capture
from talk import Tcp, udp


def stats(box, *args):
    got = box.command("stats", "-r", "x.pcap", "--json", *args)
    assert got.status == 0, (got.status, got.err)
    return json.loads(got.out)


def dns(ident, name, flags=0x0100):
    labels = b"".join(bytes([len(x)]) + x for x in name.encode().split(b"."))
    return struct.pack(">HHHHHH", ident, flags, 1, 0, 0, 0) + labels + b"\0\0\1\0\1"


def test_stats_dns_over_tcp_in_any_pieces(box):
    for size in (1, 2, 13, 1000):
        t = Tcp(server=("10.0.0.2", 53), mss=size).open()
        for i in range(20):
            m = dns(i, f"n{i % 5}.example")
            t.say(0, struct.pack(">H", len(m)) + m)
            m = dns(i, f"n{i % 5}.example", 0x8183)
            t.say(1, struct.pack(">H", len(m)) + m)
        box.put("x.pcap", capture.pcap(t.out))
        got = stats(box, "--dns")["dns"]
        assert (got["queries"], got["responses"], got["answered"]) == (20, 20, 20), (size, got)
        assert got["response_codes"] == [{"count": 20, "code": "NXDOMAIN"}]
        assert [(n["name"], n["queries"], n["nxdomain"]) for n in got["names"]] == [(f"n{i}.example", 4, 4) for i in range(5)]


def test_stats_dns_top(box):
    box.put("x.pcap", capture.pcap([udp(40000 + i, 53, dns(i, f"n{i % 7}.example")) for i in range(100)]))
    got = stats(box, "--dns", "--top", "3")["dns"]
    assert [n["queries"] for n in got["names"]] == [15, 15, 14]
    assert got["questions"] == 100 and got["answered"] == 0
    out = box.command("stats", "-r", "x.pcap", "--dns", "--top", "3").out.decode()
    assert "  ... and 4 more\n" in out and "100 of 100 questions" in out, out


def test_stats_http_pipelined(box):
    t = Tcp(mss=700).open()
    t.say(0, b"".join(b"GET /%d HTTP/1.1\r\nHost: a\r\n\r\n" % i for i in range(30)))
    t.say(1, b"".join(b"HTTP/1.1 %d x\r\nContent-Length: %d\r\n\r\n" % (200 if i % 3 else 404, i) + i * b"z" for i in range(30)))
    box.put("x.pcap", capture.pcap(t.out))
    got = stats(box, "--http")["http"]
    assert (got["requests"], got["responses"], got["matched"], got["response_bytes"]) == (30, 30, 30, sum(range(30))), got
    assert got["response_codes"] == [{"count": 20, "code": "200"}, {"count": 10, "code": "404"}]
    assert got["hosts"][0]["host"] == "a" and got["hosts"][0]["client_errors"] == 10


def test_stats_of_what_is_not_there(box):
    t = Tcp(server=("10.0.0.2", 443)).open()
    t.say(0, bytes(range(256)) * 100)
    t.say(1, b"\x16\x03\x01\x40\x00" + bytes(3000))
    box.put("x.pcap", capture.pcap(t.out + [udp(53, 53, b"\0" * n) for n in range(20)]))
    got = stats(box, "--dns", "--http", "--tls")
    assert got["tls"]["connections"] == 0 and got["tls"]["certificates"] == []
    assert got["http"]["requests"] == 0 and got["http"]["response_time"] is None
    assert got["dns"]["queries"] == 8 and got["dns"]["names"] == []
    out = box.command("stats", "-r", "x.pcap", "--dns", "--http", "--tls")
    assert out.status == 0 and b"0 begun" in out.out, out


def test_tls_fields(box):
    """Fields where records begin; text is what it was."""
    hello = bytes.fromhex("010000310303") + bytes(32) + bytes.fromhex("00000213010100000600100000") + b"\0\0"
    t = Tcp(server=("10.0.0.2", 8443)).open()
    t.say(0, b"\x16\x03\x01" + struct.pack(">H", len(hello)) + hello)
    t.say(1, b"\x15\x03\x03\x00\x02\x02\x28")
    box.put("x.pcap", capture.pcap(t.out))
    got = box.run("-n", "-r", "x.pcap", "-Y", "tls.alert_message.desc == 40")
    assert got.out.count(b"\n") == 1 and b"tls" not in got.out.lower(), got
    assert box.run("-r", "x.pcap", "-Y", "tls.handshake.ciphersuite == 0x1301", "--count").out == b"1 packet\n"
    assert box.run("-r", "x.pcap", "-Y", "tls", "--count").out == b"2 packets\n"


def test_stats_tls_name_of_many_parts(box):
    """A certificate's name is written out unless it has so many parts that this would take long."""
    from pathlib import Path
    import sys
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "limits"))
    import hostile
    part = hostile.der(0x31, hostile.der(0x30, bytes.fromhex("0603550406"), hostile.der(0x13, b"DE")))
    for n, shown in ((2, "C=DE,C=DE"), (65, "(a name of 65 parts)")):
        t = Tcp(server=("10.0.0.2", 443), mss=1400).open()
        t.say(1, hostile.sends(hostile.certificate(part * n)))
        box.put("x.pcap", capture.pcap(t.out))
        assert [c["subject"] for c in stats(box, "--tls")["tls"]["certificates"]] == [shown]
