"""Traffic made to fill tables: memory stays under the ceilings, and what they cost is told."""
import os
import struct
import subprocess
import sys

import capture

MACS = bytes.fromhex("02000000000b02000000000a")
# KiB: the flow table, tcp.analysis and what is waiting, all full. 312 MiB are measured, and once were 320.
LIMIT = 336 << 10


STATS_LIMIT = LIMIT + (512 << 10)       # and its tables


def record(frame):
    """A pcap record whose time stamp is filled in later."""
    return bytearray(struct.pack("<IIII", 0, 0, len(frame), len(frame)) + frame)


def header():
    return struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)


def write(path, count, frame, change):
    """count copies of a frame, each changed by change(buffer, i); 10 us apart."""
    with open(path, "wb") as f:
        f.write(header())
        r = record(frame)
        out = []
        for i in range(count):
            struct.pack_into("<II", r, 0, 1_700_000_000 + i // 100_000, i % 100_000 * 10)
            change(r, i)
            out.append(bytes(r))
            if len(out) == 20_000:
                f.write(b"".join(out))
                out = []
        f.write(b"".join(out))


# Runs a command and writes down the most memory it took; small itself, since a child begins with its parent's.
RUN = """
import os, resource, subprocess, sys
status = subprocess.run(sys.argv[2:]).returncode
with open(sys.argv[1], "w") as f:
    f.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(status)
"""


def measured(box, *args, limit=LIMIT):
    """The first part of standard output, standard error, of a command that must end well and within the memory it may take."""
    with open(box.dir / "out", "wb") as f:
        done = subprocess.run([sys.executable, "-S", "-c", RUN, "most", box.binary, *args], cwd=box.dir, stdout=f,
                              stderr=subprocess.PIPE)
    err = done.stderr.decode()
    assert done.returncode == 0 or (args[0] == "grep" and done.returncode == 1), (args, done.returncode, err)
    most = int((box.dir / "most").read_text())
    examined = b"__asan_init" in open(box.binary, "rb").read()
    assert examined or most < limit, (args, most)
    with open(box.dir / "out", "rb") as f:
        return f.read(1 << 20), err


def test_a_million_half_open_flows(box):
    frame = MACS + b"\x08\x00" + capture.tcp(1, 80, 2)
    at = 16 + 14

    def change(r, i):
        struct.pack_into(">I", r, at + 12, 0x0A000000 | i >> 4)         # source address
        struct.pack_into(">H", r, at + 20, 1024 + (i & 15))             # and port

    write(box.dir / "half.pcap", 1_000_000, frame, change)
    out, err = measured(box, "stats", "-r", "half.pcap", "--conversations=tcp", "--endpoints=ip", "--top", "3")
    assert b"1000000" in out.replace(b",", b"") or b"1000000" in out, out[-400:]
    assert "table was full" in err or "flows" in err, err
    measured(box, "follow", "-r", "half.pcap", "tcp:999999")
    assert b'"total"' in measured(box, "failed", "-r", "half.pcap", "--json")[0]
    measured(box, "-r", "half.pcap", "-n", "-Y", "tcp.analysis.retransmission")
    os.unlink(box.dir / "half.pcap")


def test_fragments_that_never_complete(box):
    payload = b"x" * 64
    frame = MACS + b"\x08\x00" + struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 0, 0x2000, 64, 17, 0,
                                             bytes([10, 0, 0, 1]), bytes([10, 0, 0, 2])) + payload
    at = 16 + 14

    def change(r, i):
        struct.pack_into(">H", r, at + 4, i & 0xFFFF)                   # identification
        struct.pack_into(">I", r, at + 12, 0x0A000000 | i >> 16)
        struct.pack_into(">H", r, at + 6, 0x2000 | (i * 8 & 0x1FFF))    # somewhere, and more to come

    write(box.dir / "frag.pcap", 300_000, frame, change)
    _, err = measured(box, "stats", "-r", "frag.pcap", "--conversations=udp")
    assert "fragment" in err, err
    measured(box, "-r", "frag.pcap", "-n", "-Y", "udp.stream")
    os.unlink(box.dir / "frag.pcap")


def test_gigantic_gaps(box):
    """Each segment is far behind the one before: nothing is ever in order."""
    data = b"y" * 1000
    frame = MACS + b"\x08\x00" + capture.tcp(1000, 80, 0x10, data)
    at = 16 + 14

    def change(r, i):
        struct.pack_into(">H", r, at + 20, 1000 + i % 500)
        struct.pack_into(">I", r, at + 24, i // 500 * 65_000 + 5_000 & 0xFFFFFFFF)

    write(box.dir / "gaps.pcap", 150_000, frame, change)
    out, err = measured(box, "follow", "-r", "gaps.pcap", "tcp:0")
    assert b"missing" in out, out[:300]
    out, _ = measured(box, "stats", "-r", "gaps.pcap", "--http", "--tls", "--facts")
    assert b"150000" in out, out
    out, _ = measured(box, "grep", "--count", "yyy", "-r", "gaps.pcap")
    assert int(out) >= 150_000, out
    os.unlink(box.dir / "gaps.pcap")


def distinct(address_at):
    """Changes a frame so that both MAC addresses and both IP addresses are new in each packet."""
    def change(r, i):
        struct.pack_into(">I", r, 16 + 2, i)
        struct.pack_into(">I", r, 16 + 8, i)
        struct.pack_into(">I", r, address_at, 0x0A000000 + i)
        struct.pack_into(">I", r, address_at + 4, 0x20000000 + i * 7)
    return change


def test_hundreds_of_thousands_of_addresses(box):
    """Whatever is shown, with names and without."""
    frame = MACS + b"\x08\x00" + capture.udp(1000, 53, b"\0\0\1\0\0\1\0\0\0\0\0\0\1a\0\0\1\0\1")
    write(box.dir / "many.pcap", 1_000_000, frame, distinct(16 + 14 + 12))
    for args in (["-n"], [], ["-e", "-N", "-vvv"], ["-n", "--json", "--flows"], ["--fields", "ip.src,eth.src,udp.stream"],
                 ["-n", "-Y", "dns.time > 5"], ["-nX", "-j", "4"]):
        measured(box, "-r", "many.pcap", "-c", "300000", *args)
    _, err = measured(box, "stats", "-r", "many.pcap", "--facts", "--hierarchy", "--time", "--sizes", "--endpoints", "--conversations",
                      "--dns", "--http", "--tls", limit=STATS_LIMIT)
    assert "closed early" in err, err
    measured(box, "stats", "-r", "many.pcap", "-c", "300000", "--endpoints", "--conversations", "-Y", "udp", limit=STATS_LIMIT)
    for args in (["failed"], ["grep", "--list", "zzz"],
                 ["grep", "--invert-match", "zzz", "-m", "9"], ["follow", "udp:299999"], ["follow", "-Y", "dns.id == 7", "--client"]):
        measured(box, args[0], "-r", "many.pcap", "-c", "300000", *args[1:])
    measured(box, "-Z", "root", "-r", "many.pcap", "-w", "part", "-C", "1", "-W", "3")
    parts = [f for f in box.files() if f.startswith("part")]
    assert len(parts) == 3 and all(os.path.getsize(box.dir / f) <= 1_001_000 for f in parts), parts
    measured(box, "-Z", "root", "-r", "many.pcap", "-w", "later%s", "-G", "1", "-W", "2")
    os.unlink(box.dir / "many.pcap")


def test_names_without_end(box):
    """Names of DNS, long and each another one; nobody answers."""
    label = b"\x3f" + b"n" * 63
    question = b"\0\0\1\0\0\1\0\0\0\0\0\0" + label * 3 + b"\x20" + b"0" * 32 + b"\0\0\1\0\1"
    frame = MACS + b"\x08\x00" + capture.udp(1000, 53, question)
    at, name = 16 + 14, 16 + 14 + 28 + 12 + 3 * 64 + 1

    def change(r, i):
        struct.pack_into(">H", r, at + 20, 1024 + i % 60_000)
        struct.pack_into(">H", r, at + 28, i & 0xFFFF)
        r[name:name + 8] = b"%08d" % i

    write(box.dir / "names.pcap", 250_000, frame, change)
    for args in ["stats", "--dns"], ["stats", "--dns", "--json", "--top", "0"], ["failed"], ["failed", "--json", "--top", "0"]:
        measured(box, args[0], "-r", "names.pcap", *args[1:])
    measured(box, "-r", "names.pcap", "-n", "-Y", "dns.time > 1 or dns.qry.name matches \"n[0-9]{8}n\"")
    measured(box, "grep", "-r", "names.pcap", "--list", "n{60,63}x")
    os.unlink(box.dir / "names.pcap")


def test_messages_that_are_never_complete(box):
    """Heads of HTTP and handshakes of TLS that begin in as many connections as there may be."""
    for port, start in ((80, b"GET /" + b"a" * 900 + b" HTTP/1.1\r\nHost: h\r\nX: " + b"x" * 100),
                        (443, b"\x16\x03\x01\x20\x00\x01\x00\xff\xff\x03\x03" + b"r" * 1000)):
        frame = MACS + b"\x08\x00" + capture.tcp(1000, port, 0x18, start)
        at = 16 + 14

        def change(r, i):
            struct.pack_into(">I", r, at + 12, 0x0A000000 | i >> 4)
            struct.pack_into(">H", r, at + 20, 1024 + (i & 15))

        write(box.dir / "open.pcap", 200_000, frame, change)
        measured(box, "stats", "-r", "open.pcap", "--http", "--tls", limit=LIMIT + (128 << 10))        # 64 MiB for each of them
        for args in (["failed"], ["follow", "--http", "tcp:199999"], ["follow", "tcp:199999"],
                     ["grep", "--count", "xx[^x]y"], ["grep", "--count", "--pcre-only", "xxx.{50,200}y"]):
            measured(box, args[0], "-r", "open.pcap", *args[1:])
        measured(box, "-r", "open.pcap", "-n", "-Y", "http.time > 1 or tls.handshake.ja3 == \"x\"")
    os.unlink(box.dir / "open.pcap")


def test_packets_as_long_as_any(box):
    """256 KiB each, and every way to show them."""
    frame = bytearray(MACS + b"\x08\x00" + capture.udp(1000, 9999, b"z" * 100))
    frame += b"Z\x1b" * ((262144 - len(frame)) // 2)
    write(box.dir / "long.pcap", 300, bytes(frame), lambda r, i: None)
    for args in ["-nXX", "-j", "4"], ["-nA"], ["-nvvv", "--json"], ["--fields", "frame.len,udp.length"]:
        out, _ = measured(box, "-r", "long.pcap", *args)
        assert out.count(b"\n") >= 1, (args, out[:100])
    for args in ["stats"], ["failed"], ["follow"], ["grep", "--packets", "--count", "Z"], ["grep", "-m", "9", "z+"]:
        measured(box, args[0], "-r", "long.pcap", *args[1:])
    os.unlink(box.dir / "long.pcap")
