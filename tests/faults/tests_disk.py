"""Disks that are full, become read-only, fail, or lose power."""
import os
import signal
import time
from pathlib import Path

from place import HEADER, Skip, capture, counts, is_prefix, one_line, records

# How captures are written: the options behind -w, and the file's name.
WAYS = {
    "plain": ([], "out.pcap"),
    "at once": (["-U"], "out.pcap"),
    "pcapng": ([], "out.pcapng"),
    "by size": (["-C", "1"], "out.pcap"),
    "by size at once": (["-U", "-C", "1"], "out.pcap"),
    "by time": (["-G", "3600"], "out-%H.pcap"),
    "gzip": ([], "out.pcap.gz"),
    "zstd": ([], "out.pcap.zst"),
    "lz4 at once": (["-U"], "out.pcap.lz4"),
    "zstd by size": (["-C", "1"], "out.pcap.zst"),
}
COUNT = 5000            # a little over 5 MB; incompressible where they are to be compressed


def is_packed(name):
    return not name.endswith((".pcap", ".pcapng"))


def fill_up(place, at, size, way, live):
    """Writes to `at` until it is full, and looks at what is there."""
    options, name = WAYS[way]
    args = [*options, "-w", f"{at}/{name}"]
    if live:
        child = place.live(*args, place.udp)
        place.send(0, COUNT)
        _, err, status = place.end(child)
        assert counts(err)[0] > 0, err
    else:
        data = capture(COUNT, noise=is_packed(name))
        _, err, status = place.run("-r", "-", *args, stdin=data)
    assert status == 1, (way, err)
    one_line(err, f"{at}/out", "No space left on device")
    got = place.row(at)
    used = sum(p.stat().st_size for p in Path(at).glob("out*"))
    assert is_prefix(got), (way, got[:3], len(got), [a for a, b in zip(got, got[1:]) if b != a + 1])
    assert used > size - 20000 or is_packed(name), (way, used)
    assert len(got) > 1000, (way, len(got))


def test_disk_full(place):
    for live in (False, True):
        for i, way in enumerate(WAYS):
            if live and is_packed(WAYS[way][1]):
                continue        # what the sender makes compresses too well
            fill_up(place, place.tmpfs(f"small{live}{i}", 3 << 20), 3 << 20, way, live)


def test_disk_full_ext4(place):
    for way in ("plain", "at once", "by size", "gzip"):
        at = place.ext4("x" + way.replace(" ", ""), 16 << 20)
        with open(at / "ballast", "wb", buffering=0) as f:
            try:
                while True:
                    f.write(b"x" * 65536)
            except OSError:
                f.truncate(f.tell() - (2 << 20))
        fill_up(place, at, (2 << 20) - 65536, way, False)


def test_disk_full_then_room_again(place):
    """The file is a capture at once, and can be gone on with when there is room."""
    at = place.tmpfs("small", 2 << 20)
    (at / "ballast").write_bytes(b"x" * (1 << 20))
    _, err, status = place.run("-r", "-", "-w", f"{at}/out.pcap", stdin=capture(3000))
    assert status == 1
    (at / "ballast").unlink()
    before = place.numbers(at / "out.pcap")
    _, err, status = place.run("-r", f"{at}/out.pcap", "-w", f"{at}/more.pcap")
    assert status == 0 and place.numbers(at / "more.pcap") == before, err


def test_no_room_for_the_first_file(place):
    at = place.tmpfs("small", 1 << 20)
    (at / "ballast").write_bytes(b"x" * (1 << 20))
    _, err, status = place.run("-r", "-", "-w", f"{at}/out.pcap", stdin=capture(1))
    assert status == 1
    one_line(err, f"{at}/out.pcap: No space left on device")


def test_files_no_larger_than(place):
    """ulimit -f: a signal that would end the program is not heeded, and the file is cut to whole packets."""
    for way in ("plain", "at once", "zstd"):
        options, name = WAYS[way]
        at = place.tmpfs("f" + way.replace(" ", ""), 32 << 20)
        _, err, status = place.run("-r", "-", *options, "-w", f"{at}/{name}", stdin=capture(COUNT, noise=True),
                                   under=["prlimit", "--fsize=1500000"])
        assert status == 1, (way, status, err)
        one_line(err, f"{at}/out", "File too large")
        got = place.row(at)
        assert is_prefix(got) and len(got) > 600, (way, len(got))


def broken(place, way, breaks, why, live, at, cut=False):
    """Half the packets are written, then the file system breaks, then the other half comes."""
    options, name = WAYS[way]
    args = [*options, "-w", f"{at}/{name}"]
    half = 2000
    if live:
        child = place.live(*args, place.udp)
        place.send(0, half)
    else:
        child = place.popen("-r", "-", *args)
        child.stdin.write(HEADER + records(0, half))
        child.stdin.flush()
    time.sleep(0.3)
    breaks(at)
    if live:
        place.send(half, half)
        time.sleep(0.2)
        if child.poll() is None:
            child.send_signal(signal.SIGINT)
    else:
        try:
            child.stdin.write(records(half, half))
            child.stdin.close()
        except BrokenPipeError:
            pass
        child.stdin = None
    _, err, status = place.end(child)
    assert status == 1, (way, status, err)
    if why:
        one_line(err, f"{at}/out", why)
    if live:
        counts(err)
    return half


def test_read_only_all_of_a_sudden(place):
    """A file system with errors=remount-ro meets an error."""
    for live in (False, True):
        for i, way in enumerate(("at once", "by size", "gzip") if live else ("plain", "at once")):
            at = place.ext4(f"r{live}{i}", 24 << 20, "errors=remount-ro")
            trigger = Path("/sys/fs/ext4") / Path(place.device(at)).name / "trigger_fs_error"
            if not trigger.exists():
                raise Skip(f"no {trigger}")
            half = broken(place, way, lambda at: trigger.write_text("a fault for the sake of a test"), "Read-only file system",
                          live, at)
            got = place.row(at, cut=True)
            assert is_prefix(got), (way, live, len(got))
            if way == "at once":
                assert len(got) == half, (live, len(got))


def test_device_that_fails(place):
    """The device under the file system has no more room, which shows only when the kernel writes out: -U tells."""
    at = place.ext4("thin", 64 << 20, room="12m")
    child = place.popen("-r", "-", "-U", "-w", f"{at}/out.pcap")
    child.stdin.write(HEADER)
    try:
        for i in range(0, 20000, 500):
            child.stdin.write(records(i, 500))
            child.stdin.flush()
            time.sleep(0.03)
        child.stdin.close()
    except BrokenPipeError:
        pass
    child.stdin = None
    _, err, status = place.end(child)
    assert status == 1, (status, err)
    one_line(err, f"{at}/out.pcap: ")
    assert "No space left on device" in err or "Input/output error" in err, err


def test_power_cut(place):
    """With -U, what was captured more than a moment before is there when the power comes back."""
    for i, way in enumerate(("at once", "by size at once", "lz4 at once")):
        for live in (False, True) if i == 0 else (False,):
            at = place.ext4(f"p{live}{i}", 24 << 20)
            half = broken(place, way, lambda at: (time.sleep(1.5), place.cut_power(at)), "Input/output error", live, at)
            place.power_up(at)
            got = place.row(at, cut=True)
            assert is_prefix(got) and len(got) >= half, (way, live, len(got))


def test_power_cut_without_u(place):
    """Without -U the kernel writes when it likes; whatever is there can be read up to its last whole packet."""
    for i, way in enumerate(("plain", "by size", "gzip")):
        at = place.ext4(f"q{i}", 24 << 20)
        broken(place, way, lambda at: (os.sync(), place.cut_power(at)), "Input/output error", False, at)
        place.power_up(at)
        got = place.row(at, cut=True)
        # What the program still held is lost, and nothing else: the kernel had been told to write.
        assert is_prefix(got), (way, len(got))
        if way == "plain":
            assert len(got) >= 2000 - 256 * 1024 // 1000 - 1, len(got)
