"""Files that are being read are cut, grow, are replaced, removed, or break off."""
import os
import re
import subprocess
import time
from pathlib import Path

from capture import START
from place import HEADER, Skip, capture, eth, is_prefix, one_line, pcap, records, udp, until, whole_records

COUNT = 3000


def theirs(place, *args):
    r = subprocess.run(["tcpdump", "-Z", "root", *args], cwd=place.dir, env=place.env(), capture_output=True, timeout=30)
    return r.stdout, r.stderr.decode(), r.returncode


def test_cut_anywhere(place):
    """A file that ends in the middle of a record: all before is there, and what is said is what tcpdump says."""
    data = capture(20, 60)
    for n in (*range(24, 160, 4), *range(len(data) - 20, len(data) + 1, 3)):
        (place.dir / "cut.pcap").write_bytes(data[:n])
        out, err, status = place.run("-n", "-r", "cut.pcap")
        assert out.count(b"\n") == (n - 24) // 118 and status == (0 if (n - 24) % 118 == 0 else 1), (n, err)
        if n % 40 == 0:
            want = theirs(place, "-n", "-r", "cut.pcap")
            assert (out, err.replace("wiretape", "tcpdump"), status) == want or "dropped privs" in want[1], (n, err, want)


def test_cut_anywhere_when_copied(place):
    data = capture(20, 60)
    for n in range(len(data) - 120, len(data) + 1, 20):
        (place.dir / "cut.pcap").write_bytes(data[:n])
        _, err, status = place.run("-r", "cut.pcap", "-w", "out.pcap")
        assert place.numbers(place.dir / "out.pcap") == list(range((n - 24) // 118)), (n, err)


def test_compressed_and_cut(place):
    """What the bytes that are there stand for is read, and the rest is missed."""
    (place.dir / "f.pcap").write_bytes(capture(COUNT, noise=True))
    for end in ("gz", "zst", "lz4"):
        place.run("-r", "f.pcap", "-w", f"f.pcap.{end}")
        whole = (place.dir / f"f.pcap.{end}").read_bytes()
        last = -1
        for part in (0.2, 0.5, 0.9):
            (place.dir / "cut").write_bytes(whole[:int(len(whole) * part)])
            _, err, status = place.run("-r", "cut", "-w", "out.pcap")
            got = place.numbers(place.dir / "out.pcap")
            assert status == 1 and is_prefix(got) and len(got) > last and len(got) > COUNT * part - 300, (end, part, len(got), err)
            one_line(err, "truncated")
            last = len(got)


def test_growing(place):
    """What is there when it is read is read, as by tcpdump; the end is where the file ends, also within a record."""
    path = place.dir / "f.pcap"
    path.write_bytes(capture(2))
    out = place.popen("-r", "f.pcap", "-w", "-")
    writer = open(path, "ab", buffering=0)
    got = b""
    for i in range(2, 100):
        writer.write(records(i, 1))
    got, err, status = place.end(out)
    packets, rest = whole_records(got)
    assert status == 0 and not rest and 2 <= len(packets) <= 100, (status, err, len(packets))
    writer.write(records(100, 1)[:50])
    _, err, status = place.run("-r", "f.pcap", "-w", "out.pcap")
    assert status == 1 and place.numbers(place.dir / "out.pcap") == list(range(100)), err
    one_line(err, "truncated dump file")
    # Followed on by tail -f it has no end.
    tail = subprocess.Popen(["tail", "-c", "+1", "-f", "f.pcap"], cwd=place.dir, stdout=subprocess.PIPE)
    place.children.append(tail)
    child = place.popen("-U", "-r", "-", "-w", "tail.pcap", "-c", "200", stdin=tail.stdout)
    writer.write(records(100, 1)[50:])
    writer.write(records(101, 50))
    until(lambda: (place.dir / "tail.pcap").exists() and (place.dir / "tail.pcap").stat().st_size == len(capture(151)))
    writer.write(records(151, 60))
    _, err, status = place.end(child)
    assert status == 0 and place.numbers(place.dir / "tail.pcap") == list(range(200)), err


def slowly(place, *words, **how):
    """Starts a command whose output nobody takes for the moment, so that it is in the middle of its input."""
    read, write = os.pipe()
    child = place.popen(*words, stdout=write, **how)
    os.close(write)
    time.sleep(0.4)
    return child, os.fdopen(read, "rb")


def test_replaced_while_being_read(place):
    """By another file of that name, or removed: what was opened is read on."""
    for change in ("rename", "unlink"):
        path = place.dir / "f.pcap"
        path.write_bytes(capture(20000, 60))
        for words in (["-n", "-r", "f.pcap"], ["-r", "f.pcap", "-w", "-"], ["-n", "-j", "1", "-r", "f.pcap"]):
            path.write_bytes(capture(20000, 60))
            child, pipe = slowly(place, *words)
            if change == "rename":
                (place.dir / "new").write_bytes(b"no capture at all" * 1000)
                os.rename(place.dir / "new", path)
            else:
                path.unlink()
            out = pipe.read()
            _, err, status = place.end(child)
            assert status == 0, (change, words, err)
            n = len(whole_records(out)[0]) if "-w" in words else out.count(b"\n")
            assert n == 20000, (change, words, n)


def test_cut_while_being_read(place):
    """By somebody who empties it or cuts it: what has been read is kept, and that is the end; no signal, no garbage."""
    path = place.dir / "f.pcap"
    for size in (0, 600_000):
        for words in (["-n", "-r", "f.pcap"], ["-r", "f.pcap", "-w", "-"], ["-n", "-j", "1", "-r", "f.pcap"]):
            path.write_bytes(capture(20000, 60))
            child, pipe = slowly(place, *words)
            os.truncate(path, size)
            out = pipe.read()
            _, err, status = place.end(child)
            assert status in (0, 1), (size, words, status, err)
            if "-w" in words:
                packets, rest = whole_records(out)
                assert not rest and packets == whole_records(capture(len(packets), 60))[0], (size, len(packets))
            else:
                assert 0 < out.count(b"\n") <= 20000
            if status == 1:
                one_line(err, "truncated dump file")


def test_rewritten_while_being_read(place):
    """Something else in its place, byte for byte: an error or other packets, but nothing worse."""
    path = place.dir / "f.pcap"
    for words in (["-n", "-r", "f.pcap"], ["-n", "-j", "2", "-r", "f.pcap"]):
        path.write_bytes(capture(20000, 60))
        child, pipe = slowly(place, *words)
        with open(path, "r+b") as f:
            f.write(os.urandom(2 << 20))
        pipe.read()
        _, err, status = place.end(child)
        assert status in (0, 1), (words, status, err)


def test_changed_between_two_readings(place):
    """A command that reads twice notices that it is another file, or less of it; that there is more by now is no harm."""
    path = place.dir / "f.pcap"
    for change in ("rename", "cut", "grow"):
        path.write_bytes(capture(100, 60))
        child = place.popen("follow", "--no-sandbox", "-Y", "frame.number == 7", "-r", "f.pcap", faults={"FAULTS": "close/f.pcap=WAIT@1"})
        until(lambda: "nanosleep" in Path(f"/proc/{child.pid}/wchan").read_text(), step=0.005)
        if change == "rename":
            (place.dir / "new").write_bytes(capture(100, 60))
            os.rename(place.dir / "new", path)
        elif change == "cut":
            os.truncate(path, 500)
        else:
            with open(path, "ab") as f:
                f.write(records(100, 100, 60))
        out, err, status = place.end(child)
        if change == "grow":
            assert status == 0 and b"00000007" in out, err
        else:
            assert status == 2 and not out, (change, status, err, out[:200])
            one_line(err, "f.pcap", "since it was first read")


def test_merged_and_replaced(place):
    """One of very many files, which are not all open at once, is replaced before its turn has come again."""
    for i in range(70):
        (place.dir / f"m{i:02}.pcap").write_bytes(pcap([eth(udp(1000, 1234, b"%08d" % i))], start=START + i))
    child = place.popen("--no-sandbox", "-r", "m*.pcap", "-w", "out.pcap", faults={"FAULTS": "open/m69.pcap=WAIT@2"})
    until(lambda: "nanosleep" in Path(f"/proc/{child.pid}/wchan").read_text(), step=0.005)
    (place.dir / "new").write_bytes(pcap([eth(udp(1000, 1234, b"%08d" % 99))], start=START))
    os.rename(place.dir / "new", place.dir / "m69.pcap")
    _, err, status = place.end(child)
    assert place.numbers(place.dir / "out.pcap") == list(range(69)) and status == 1, (status, err)
    assert "m69.pcap: it was replaced while others were read" in err, err


def test_pipe_whose_writer_dies(place):
    """The end of a pipe in the middle of a record: all whole packets, and the message."""
    for args in (["-w", "out.pcap"], ["-U", "-w", "out.pcap"], ["-C", "1", "-w", "out.pcap"]):
        child = place.popen("-r", "-", *args)
        child.stdin.write(HEADER + records(0, 1000) + records(1000, 1)[:333])
        child.stdin.flush()
        time.sleep(0.1)
        _, err, status = place.end(child)
        assert status == 1, err
        one_line(err, "truncated dump file; tried to read 1042 captured bytes, only got 317")
        assert place.row(place.dir, "out*") == list(range(1000))
        for p in place.dir.glob("out*"):
            p.unlink()


def test_fifo_whose_writer_is_killed(place):
    os.mkfifo(place.dir / "fifo")
    child = place.popen("-n", "-r", "fifo", stdin=subprocess.DEVNULL)
    (place.dir / "data").write_bytes(capture(10) + b"\0" * 5)
    writer = subprocess.Popen(["sh", "-c", "exec 3> fifo; cat data >&3; exec sleep 60"], cwd=place.dir)
    time.sleep(0.5)
    writer.kill()
    writer.wait()
    out, err, status = place.end(child)
    assert status == 1 and out.count(b"\n") == 10, err
    one_line(err, "truncated dump file")


def test_real_read_error(place):
    """The device under the file system has lost what the file had."""
    at = place.ext4("gone", 32 << 20)
    (at / "f.pcap").write_bytes(capture(12000))
    os.sync()
    image = place.dir / "gone.image"
    where = subprocess.run(["filefrag", "-e", str(at / "f.pcap")], capture_output=True, text=True)
    if where.returncode != 0:
        raise Skip("no filefrag")
    extents = [(int(a), int(b)) for a, b in re.findall(r"^\s*\d+:\s+\d+\.\.\s*\d+:\s+(\d+)\.\.\s*(\d+)", where.stdout, re.M)]
    last = max(b for _, b in extents)
    with open(at / "f.pcap", "rb") as f:
        os.posix_fadvise(f.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    block = os.statvfs(at).f_bsize
    os.truncate(image, (last - 1000) * block)
    _, err, status = place.run("-r", f"{at}/f.pcap", "-w", "out.pcap")
    got = place.numbers(place.dir / "out.pcap")
    if status == 0:
        raise Skip("the kernel reads zeros there")
    assert status == 1 and is_prefix(got) and len(got) > 1000, (status, err, len(got))
    one_line(err, "Input/output error")
