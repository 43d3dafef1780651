"""The program is killed, at any moment."""
import random
import signal
import threading
import time

from place import HEADER, drained, is_prefix, records, until


def feed(child, count, size=1000, chunk=100, pause=0.0):
    """Writes so many packets to the child, and returns how many went into the pipe whole before it died."""
    first = 0
    try:
        child.stdin.write(HEADER)
        for first in range(0, count, chunk):
            child.stdin.write(records(first, chunk, size, noise=True))
            child.stdin.flush()
            if pause:
                time.sleep(pause)
        return count
    except OSError:
        return first


def killed(place, name, options, after, pause=0.0):
    at = place.dir / f"k{after:.4f}{random.random()}"
    at.mkdir()
    child = place.popen("-r", "-", *options, "-w", f"{at}/{name}")
    timer = threading.Timer(after, child.kill)
    timer.start()
    sent = feed(child, 12000, pause=pause)
    child.wait()
    timer.join()
    return at, sent


def test_kill_while_writing(place):
    """Whenever it is killed, each file can be read up to its last whole packet, and none is missing in between."""
    dice = random.Random(2)
    for options, name, held in (([], "out.pcap", 300), (["-U"], "out.pcap", 0), ([], "out.pcapng", 300),
                                ([], "out.pcap.zst", 8000), (["-U"], "out.pcap.gz", 0)):
        for _ in range(3):
            at, sent = killed(place, name, options, 0.05 + dice.random() * 0.2)
            got = place.row(at, cut=True)
            # Besides what the program held, what was in the pipe is lost: 64 KiB, and a window of 512 KiB.
            assert is_prefix(got) and len(got) >= sent - held - 700, (name, options, len(got), sent)


def test_kill_while_rotating(place):
    dice = random.Random(3)
    for options, name in ((["-C", "1"], "out.pcap"), (["-U", "-C", "1"], "out.pcap"), (["-C", "1"], "out.pcap.zst"),
                          (["-U", "-C", "1", "-W", "1000"], "out.pcap.lz4")):
        for _ in range(2):
            at, sent = killed(place, name, options, 0.05 + dice.random() * 0.2)
            got = place.row(at, cut=True)
            held = 0 if "-U" in options else 300 if name == "out.pcap" else 8000
            assert is_prefix(got) and len(got) >= sent - held - 700, (name, options, len(got), sent)


def test_kill_loses_nothing_that_u_wrote(place):
    """With -U, all that has been taken is in the file: from a pipe ..."""
    for name in ("out.pcap", "out.pcapng", "out.pcap.zst"):
        at = place.dir / name.replace(".", "")
        at.mkdir()
        child = place.popen("-r", "-", "-U", "-w", f"{at}/{name}")
        child.stdin.write(HEADER + records(0, 777))
        child.stdin.flush()
        until(lambda: drained(child.stdin))
        time.sleep(0.3)
        child.send_signal(signal.SIGKILL)
        child.wait()
        assert place.row(at) == list(range(777)), name


def test_kill_loses_nothing_that_u_wrote_live(place):
    """... and from an interface, also while a row of files turns over."""
    for options in ([], ["-C", "100k"], ["-G", "3600"]):
        at = place.dir / ("live" + "".join(options))
        at.mkdir()
        child = place.live("-U", *options, "-w", f"{at}/out.pcap", place.udp)
        place.send(0, 777)
        time.sleep(0.5)
        child.send_signal(signal.SIGKILL)
        child.wait()
        assert place.row(at) == list(range(777)), options


def test_kill_without_u_loses_the_buffer(place):
    """256 KiB of records, and no more."""
    child = place.live("-w", "out.pcap", place.udp)
    place.send(0, 1000)
    time.sleep(0.5)
    child.send_signal(signal.SIGKILL)
    child.wait()
    got = place.numbers(place.dir / "out.pcap", cut=True)
    assert is_prefix(got) and (1000 - len(got)) * 1058 <= 256 * 1024 + 1058, len(got)


def test_kill_before_the_first_packet(place):
    """A file that has just been begun can be read, too: the first, and those that follow."""
    for name in ("out.pcap", "out.pcapng", "out.pcapng.zst"):
        at = place.dir / f"begun {name}"
        at.mkdir()
        child = place.live("-w", f"{at}/{name}", place.udp)
        child.kill()
        child.wait()
        assert place.numbers(at / name) == [], name
        child = place.popen("-r", "-", "-w", f"{at}/{name}")
        child.stdin.write(HEADER)
        child.stdin.flush()
        until(lambda: drained(child.stdin))
        time.sleep(0.3)
        child.kill()
        child.wait()
        assert place.numbers(at / name) == [], name
    for name in ("out.pcap", "out.pcapng"):
        at = place.dir / f"row {name}"
        at.mkdir()
        child = place.live("-C", "100k", "-w", f"{at}/{name}", place.udp)
        place.send(0, 120)
        until(lambda: (at / f"{name}1").exists())
        time.sleep(0.3)
        child.kill()
        child.wait()
        assert place.numbers(at / f"{name}1") == [] and len(place.row(at)) >= 90 and is_prefix(place.row(at)), name


def test_end_by_other_signals_keeps_all(place):
    for signo in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        for name in ("out.pcap", "out.pcap.gz"):
            at = place.dir / f"{signo}{name}"
            at.mkdir()
            child = place.live("-w", f"{at}/{name}", place.udp)
            place.send(0, 200)
            _, err, status = place.end(child, signo)
            assert status == 0 and place.row(at) == list(range(200)), (signo, name, err)
