"""The wall clock is set while packets are taken."""
import json
import re
import signal
import time

from place import HEADER, capture, eth, is_prefix, pcap, records, udp

START = 1_700_000_000


def turning(place, at, seconds, step, name="out-%d%H%M%S.pcap", options=(), live=False, period="2"):
    """A row of files by time, with packets all the while, and a clock that makes a step in the middle."""
    faults = {"FAULT_CLOCK": f"{seconds / 2}:{step}"}
    if live:
        child = place.live("-G", period, *options, "-w", f"{at}/{name}", place.udp, faults=faults)
    else:
        child = place.popen("-r", "-", "-U", "-G", period, *options, "-w", f"{at}/{name}", faults=faults)
        child.stdin.write(HEADER)
    end, i = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        if live:
            place.send(i, 10)
        else:
            child.stdin.write(records(i, 10))
            child.stdin.flush()
        i += 10
        time.sleep(0.1)
    if live:
        time.sleep(0.2)
    _, err, status = place.end(child, signal.SIGINT if live else None)
    assert status == 0, err
    return i, err


def test_clock_stepped_back_while_turning(place):
    """Files keep turning, none is begun anew that was just written, nothing is lost."""
    for step in (-3, -86400):
        at = place.dir / f"back{step}"
        at.mkdir()
        n, err = turning(place, at, 7, step, period="1")
        files = sorted(p.name for p in at.iterdir())
        assert sorted(place.row(at)) == list(range(n)), (step, files, err)
        assert 4 <= len(files) <= 9, (step, files)


def test_clock_stepped_back_live(place):
    at = place.dir / "live"
    at.mkdir()
    n, err = turning(place, at, 6, -3, live=True, period="1")
    assert sorted(place.row(at)) == list(range(n)), (sorted(p.name for p in at.iterdir()), err)


def test_clock_stepped_forward_while_turning(place):
    at = place.dir / "forth"
    at.mkdir()
    n, err = turning(place, at, 5, 86400)
    files = sorted(p.name for p in at.iterdir())
    assert sorted(place.row(at)) == list(range(n)) and 2 <= len(files) <= 5, (files, err)


def test_packets_back_in_time(place):
    """A capture in which the clock was set back: no command has trouble, and no number is absurd."""
    data = pcap([eth(udp(1000, 2000, b"%08d" % i)) for i in range(50)], start=START) + \
        pcap([eth(udp(1000, 2000, b"%08d" % i)) for i in range(50, 100)], start=START - 86400)[24:] + \
        pcap([eth(udp(2000, 1000, b"%08d" % i)) for i in range(50, 100)], start=START - 86400 * 400)[24:]
    (place.dir / "f.pcap").write_bytes(data)
    for words in (["-n", "-r", "f.pcap"], ["-n", "-tttt", "-r", "f.pcap"], ["-n", "-ttt", "-r", "f.pcap"], ["-n", "-ttttt", "-r", "f.pcap"],
                  ["-n", "--json", "--flows", "-r", "f.pcap"], ["stats", "-r", "f.pcap"], ["stats", "--json", "-r", "f.pcap"],
                  ["follow", "-r", "f.pcap", "udp:0"], ["failed", "-r", "f.pcap"], ["grep", "-r", "f.pcap", "0000"],
                  ["-r", "f.pcap", "-w", "out.pcap"], ["-r", "f.pcap", "-r", "f.pcap", "-w", "two.pcap"]):
        out, err, status = place.run(*words, timeout=20)
        assert status in ((0, 1) if words[0] in ("failed",) else (0,)), (words, status, err)
        assert not re.search(rb"9223372036|18446744073|4294967\d{3}", out), (words, out)
        if words[0] == "stats":
            assert b"-" + b"9" * 6 not in out and b"nan" not in out.lower() and b"inf " not in out.lower(), out
    assert (place.dir / "out.pcap").read_bytes() == data
