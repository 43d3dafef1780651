"""Whoever reads the output goes away, or is slow; standard output that cannot be written."""
import fcntl
import os
import signal
import subprocess
import time

from place import HEADER, capture, counts, one_line, records, whole_records


def test_reader_of_packets_goes_away(place):
    """-w - into a pipe that is closed: packets have been lost, and that is told."""
    for live in (False, True):
        child = place.live("-U", "-w", "-", place.udp) if live else place.popen("-r", "-", "-U", "-w", "-")
        if live:
            place.send(0, 100)
            time.sleep(0.2)
        else:
            child.stdin.write(HEADER + records(0, 100))
            child.stdin.flush()
        head = child.stdout.read(24 + 3 * 1058)
        assert head[24:] == (records(0, 3) if not live else head[24:])
        child.stdout.close()
        child.stdout = None
        for i in range(100, 1000, 100):
            try:
                if live:
                    place.send(i, 100)
                else:
                    child.stdin.write(records(i, 100))
                    child.stdin.flush()
            except OSError:
                break
            time.sleep(0.05)
        try:
            child.stdin and child.stdin.close()
        except OSError:
            pass
        child.stdin = None
        _, err, status = place.end(child, timeout=5)
        assert status == 1, (live, status, err)
        one_line(err, "standard output: Broken pipe")
        if live:
            counts(err)


def test_reader_of_text_goes_away(place):
    (place.dir / "f.pcap").write_bytes(capture(20000, 64))
    for command in (["-n", "-r", "f.pcap"], ["-n", "-j", "1", "-r", "f.pcap"], ["--json", "-r", "f.pcap"],
                    ["grep", "-r", "f.pcap", "0"], ["follow", "-r", "f.pcap", "udp:0"]):
        child = place.popen(*command)
        assert child.stdout.read(100)
        child.stdout.close()
        child.stdout = None
        _, err, status = place.end(child)
        said = [x for x in err.split("\n") if x.startswith("wiretape")]
        assert status in (0, 1) and not said, (command, status, err)


def test_output_that_does_not_block(place):
    """Whoever reads is slow, and has asked not to be kept waiting himself: nothing is missing."""
    data = capture(4000, 200)
    (place.dir / "f.pcap").write_bytes(data)
    for command in (["-n", "-r", "f.pcap"], ["--json", "-r", "f.pcap"], ["-r", "f.pcap", "-w", "-"], ["-U", "-r", "f.pcap", "-w", "-"],
                    ["grep", "-r", "f.pcap", "0"], ["follow", "-r", "f.pcap", "udp:0"], ["stats", "-r", "f.pcap", "--json"]):
        expected = place.run(*command)[0]
        ours, its = os.pipe()
        fcntl.fcntl(its, fcntl.F_SETFL, os.O_NONBLOCK)
        fcntl.fcntl(its, fcntl.F_SETPIPE_SZ, 4096)
        child = place.popen(*command, stdout=its)
        os.close(its)
        got = b""
        time.sleep(0.2)
        while part := os.read(ours, 100000):
            got += part
        os.close(ours)
        _, err, status = place.end(child)
        assert status == 0 and got == expected and len(got) > 0, (command, status, len(got), len(expected), err)


def test_end_while_the_reader_sleeps(place):
    """Packets that nobody takes do not keep the program from ending; that they are lost is told."""
    (place.dir / "f.pcap").write_bytes(capture(1000))
    for flags in (0, os.O_NONBLOCK):
        for live in (False, True):
            ours, its = os.pipe()
            fcntl.fcntl(its, fcntl.F_SETFL, flags)
            child = place.live("-U", "-w", "-", place.udp, stdout=its) if live else place.popen("-r", "f.pcap", "-w", "-", stdout=its)
            os.close(its)
            if live:
                place.send(0, 1000)
            time.sleep(0.5)
            _, err, status = place.end(child, signal.SIGTERM, timeout=5)
            assert status == 1, (flags, live, status, err)
            one_line(err, "standard output: Interrupted system call")
            os.close(ours)


def test_end_while_the_reader_of_text_sleeps(place):
    (place.dir / "f.pcap").write_bytes(capture(30000, 64))
    for command in (["-n", "-r", "f.pcap"], ["-n", "-j", "1", "-r", "f.pcap"], ["--json", "-r", "f.pcap"], ["follow", "-r", "f.pcap"],
                    ["grep", "-r", "f.pcap", "0"]):
        ours, its = os.pipe()
        child = place.popen(*command, stdout=its)
        os.close(its)
        time.sleep(0.7)
        assert child.poll() is None, command
        began = time.monotonic()
        _, err, status = place.end(child, signal.SIGTERM, timeout=10)
        assert status == 0 and time.monotonic() - began < 5, (command, status, err)
        os.close(ours)


def test_end_while_the_reader_is_slow(place):
    """All is written that had been taken, in whole packets."""
    (place.dir / "f.pcap").write_bytes(capture(3000))
    for flags in (0, os.O_NONBLOCK):
        ours, its = os.pipe()
        fcntl.fcntl(its, fcntl.F_SETFL, flags)
        child = place.popen("-r", "f.pcap", "-w", "-", stdout=its)
        os.close(its)
        time.sleep(0.5)
        child.send_signal(signal.SIGTERM)
        got = b""
        while part := os.read(ours, 20000):
            got += part
            time.sleep(0.05)
        os.close(ours)
        _, err, status = place.end(child)
        packets, rest = whole_records(got)
        assert status == 0 and not rest and 60 < len(packets) < 3000, (flags, status, len(packets), rest, err)


def test_output_that_cannot_be_written(place):
    (place.dir / "f.pcap").write_bytes(capture(2000, 64))
    for command in (["-n", "-r", "f.pcap"], ["-n", "-j", "1", "-r", "f.pcap"], ["--json", "-r", "f.pcap"],
                    ["stats", "-r", "f.pcap"], ["grep", "-r", "f.pcap", "0000"], ["follow", "-r", "f.pcap", "udp:0"],
                    ["failed", "-r", "f.pcap"], ["-r", "f.pcap", "-w", "-"], ["--count", "-r", "f.pcap"], ["fields"],
                    ["-D"], ["--version"], ["--help"], ["-d", "udp"]):
        with open("/dev/full", "w") as full:
            _, err, status = place.run(*command, stdout=full)
        assert status in (1, 2), (command, status, err)
        one_line(err, "No space left on device")
