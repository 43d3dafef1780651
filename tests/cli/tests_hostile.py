"""Traffic made to fill tables: memory stays under the ceilings, and what they cost is told."""
import os
import struct
import subprocess

import capture

MACS = bytes.fromhex("02000000000b02000000000a")
LIMIT = 320 << 10       # KiB: the flow table, tcp.analysis and what is waiting, all full; 205 MiB were measured


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


def measured(box, *args):
    """Standard output and error, and the most memory in KiB, of a command that must end well."""
    child = subprocess.Popen([box.binary, *args], cwd=box.dir, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with open(box.dir / "out", "wb") as f:
        f.write(child.stdout.read())
    err = child.stderr.read().decode()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, (args, child.returncode, err)
    examined = b"__asan_init" in open(box.binary, "rb").read()
    assert examined or usage.ru_maxrss < LIMIT, (args, usage.ru_maxrss)
    return (box.dir / "out").read_bytes(), err


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
