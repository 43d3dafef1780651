"""Several threads print what one does, whatever the packets ask of each other."""
import importlib.util
import os
import random
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
RECORD = struct.Struct("<IIII")
STYLES = (["-n"], ["-nn", "-v"], ["-n", "-vvv", "-e"], ["-n", "-ttt"], ["-n", "-ttttt", "-#"], ["-n", "-X"],
          ["-n", "-S", "-q"], ["--json"], ["--fields", "frame.number,ip.src,tcp.dstport"], ["-n", "-c", "3001"],
          ["-n", "tcp or udp port 2049 or udp port 443"])


def golden_captures():
    """The captures of the golden tests by name, and their link types."""
    sys.path.insert(0, str(GOLDEN))
    import wire
    if not wire.CAPTURES:
        for maker in sorted((GOLDEN / "make").glob("*.py")):
            spec = importlib.util.spec_from_file_location("make_" + maker.stem, maker)
            spec.loader.exec_module(importlib.util.module_from_spec(spec))
    return {n: d for n, d in wire.CAPTURES.items() if d[:4] == struct.pack("<I", 0xA1B2C3D4)}


def records(data):
    at = 24
    while at + RECORD.size <= len(data):
        _, _, size, wire = RECORD.unpack_from(data, at)
        yield data[at + RECORD.size:at + RECORD.size + size], wire
        at += RECORD.size + size


def pcap(link, packets):
    out = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, link)]
    for i, (data, wire) in enumerate(packets):
        out.append(RECORD.pack(1_700_000_000 + i // 1000, i % 1000 * 1000, len(data), wire) + data)
    return b"".join(out)


def medley(link, size):
    """A capture of about so many bytes: every golden packet of that link type, again and again, in several orders."""
    packets = [r for d in golden_captures().values() if struct.unpack_from("<I", d, 20)[0] == link for r in records(d)]
    dice, chosen, total = random.Random(link), [], 0
    while total < size:
        again = packets[:]
        dice.shuffle(again)
        # Runs in their own order, too: conversations that make sense.
        for r in again[:len(again) // 2] + packets:
            chosen.append(r)
            total += len(r[0]) + RECORD.size
    return pcap(link, chosen)


def same(box, *args, threads=("2", "3", "8")):
    want = box.run("-j", "1", *args, timeout=30)
    for n in threads:
        got = box.run("-j", n, *args, timeout=30)
        assert got.status == want.status and got.err == want.err, (n, args, got.err, want.err)
        assert got.out == want.out, (n, args, first_difference(want.out, got.out))
    return want


def first_difference(want, got):
    for a, b in zip(want.split(b"\n"), got.split(b"\n")):
        if a != b:
            return a, b
    return len(want), len(got)


def test_threads_print_the_same(box):
    for link in (1, 8, 113):        # Ethernet, SLIP (whose headers are compressed by memory), Linux cooked
        box.put("f", medley(link, 600_000))
        for style in STYLES if link == 1 else STYLES[:3]:
            assert same(box, *style, "-r", "f").out or link != 1


def test_threads_tell_damage_after_what_was_before(box):
    whole = medley(1, 400_000)
    box.put("cut", whole[:-7])
    box.put("bad", whole[:300_000] + bytes([255]) * 40 + whole[300_000:])
    for f in ("cut", "bad"):
        assert same(box, "-n", "-r", f).status == 1


def test_threads_on_a_pipe(box):
    """Packets come in dribs and drabs; each is shown before the next is waited for."""
    whole = medley(1, 20_000)
    want = box.run("-n", "-j", "1", "-r", "-", stdin=whole).out
    with open(box.dir / "out", "wb") as out:
        p = box.popen("-n", "-j", "3", "-r", "-", stdin=subprocess.PIPE, stdout=out, stderr=subprocess.DEVNULL)
        for at in range(0, len(whole), 97):
            os.write(p.stdin.fileno(), whole[at:at + 97])
        p.stdin.close()
        assert p.wait(10) == 0
    assert (box.dir / "out").read_bytes() == want
    p = box.popen("-n", "-j", "3", "-r", "-", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                  stderr=subprocess.DEVNULL)
    os.write(p.stdin.fileno(), whole[:2000])
    assert p.stdout.readline() == want.splitlines(True)[0]
    p.send_signal(signal.SIGINT)
    assert p.wait(10) == 0
    p.stdin.close()
    p.stdout.close()


def long_text():
    """An answer whose records all have names of 250 characters, by reference: text of thirty times its length."""
    labels = b"".join(bytes([62]) + bytes([97 + i]) * 62 for i in range(4))[:252] + b"\0"
    first = struct.pack(">HHHHHH", 7, 0x8400, 0, 4000, 0, 0) + labels + struct.pack(">HHIH", 5, 1, 60, 2) + b"\xc0\x0c"
    message = first + (b"\xc0\x0c" + struct.pack(">HHIH", 5, 1, 60, 2) + b"\xc0\x0c") * 3900
    udp = struct.pack(">HHHH", 53, 999, 8 + len(message), 0) + message
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0, bytes([10, 0, 0, 1]), bytes([10, 0, 0, 2]))
    frame = bytes(12) + b"\x08\x00" + ip + udp
    return frame, len(frame)


def test_threads_with_text_out_of_proportion(box):
    some = list(records(medley(1, 100_000)))
    box.put("f", pcap(1, (some + [long_text()] * 3 + some) * 2))
    want = same(box, "-n", "-vv", "-r", "f")
    assert max(len(line) for line in want.out.split(b"\n")) > 1 << 20


def test_threads_stop_when_nobody_reads(box):
    box.put("f", medley(1, 3_000_000))
    start = time.monotonic()
    got = box.shell("wiretape -j 4 -n -r f 2>err | head -n 1")
    assert got.out.count(b"\n") == 1 and time.monotonic() - start < 10


def test_number_of_threads(box):
    for n in ("0", "65", "-1", "2x"):
        got = box.run("--jobs", n, "-r", "f.pcap")
        assert got.status == 1 and b"invalid number of threads" in got.err, got
    assert box.run("-j", "4", "-r", "f.pcap", name="tcpdump").status == 1
