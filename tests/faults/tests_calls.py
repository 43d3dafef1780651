"""System calls that fail or are interrupted, made to by what is preloaded; and by strace, where that is installed."""
import re
import shutil
import signal
import subprocess
import time

from place import HEADER, Skip, capture, counts, is_prefix, one_line, records, whole_records

COUNT = 3000


def test_interrupted_calls_change_nothing(place):
    (place.dir / "f.pcap").write_bytes(capture(COUNT))
    shown = [["-n", "-j", "1", "-r", "f.pcap"], ["-n", "-j", "2", "-r", "f.pcap"], ["stats", "-r", "f.pcap"]]
    wanted = [place.run(*words)[0] for words in shown]
    for calls in ("read=EINTR@%2,write=EINTR@%2", "writev=EINTR@%2,close=EINTR@%1", "writev=SHORT@%2,read=SHORT@%7",
                  "poll=EINTR@%2,read=EAGAIN@%3,fdatasync=EINTR@%2"):
        for args in (["-r", "f.pcap", "-w", "out.pcap"], ["-r", "-", "-U", "-w", "out.pcapng"], ["-r", "-", "-w", "out.pcap.gz"]):
            _, err, status = place.run(*args, stdin=capture(COUNT), faults={"FAULTS": calls})
            assert status == 0 and place.numbers(place.dir / args[-1]) == list(range(COUNT)), (calls, args, err)
        for words, want in zip(shown, wanted):
            out, err, status = place.run(*words, faults={"FAULTS": calls})
            assert status == 0 and out == want, (calls, words, len(out), len(want), err)


def test_interrupted_calls_live(place):
    for calls in ("poll=EINTR@%2", "writev=EINTR@%2", "writev=SHORT@%2", "getsockopt=EINTR@9"):
        at = place.dir / calls.replace("%", "").replace("=", "").replace("@", "")
        at.mkdir()
        child = place.live("-U", "-w", f"{at}/out.pcap", place.udp, faults={"FAULTS": calls})
        place.send(0, 500)
        time.sleep(0.2)
        _, err, status = place.end(child, signal.SIGINT)
        assert status == 0 and place.row(at) == list(range(500)) and counts(err)[0] == 500, (calls, err)


def test_writes_that_fail(place):
    """An error that goes away again is an error: what follows would have a hole in front."""
    for call, why in (("writev=EDQUOT@5", "Disk quota exceeded"),
                      ("writev=ESTALE@5+,ftruncate=ESTALE@1+", "Stale file handle")):
        for options, name in (([], "out.pcap"), (["-U"], "out.pcap"), (["-C", "1"], "out.pcap"), ([], "out.pcap.zst"),
                              (["-U", "-C", "1"], "out.pcap.gz")):
            at = place.dir / f"{call[:12].replace('=', '')}{''.join(options)}{name}"
            at.mkdir()
            faults = {"FAULTS": call.replace("writev", "writev/out.pcap").replace("ftruncate", "ftruncate/out.pcap")}
            _, err, status = place.run("-r", "-", *options, "-w", f"{at}/{name}", stdin=capture(9000, noise=True), faults=faults)
            assert status == 1, (call, options, name, err)
            one_line(err, f"{at}/out.pcap", why)
            got = place.row(at, cut="ESTALE" in call)
            assert is_prefix(got), (call, options, name, got[-3:])


def test_closing_that_fails(place):
    """Network file systems tell then that there is no room."""
    for options, name in (([], "out.pcap"), (["-C", "1"], "out.pcap"), ([], "out.pcap.zst")):
        at = place.dir / f"c{''.join(options)}{name}"
        at.mkdir()
        _, err, status = place.run("-r", "-", *options, "-w", f"{at}/{name}", stdin=capture(COUNT),
                                   faults={"FAULTS": "close/out.pcap=EDQUOT@2"})
        assert status == 1, (options, name, err)
        one_line(err, f"{at}/out.pcap", "Disk quota exceeded")


def test_disk_that_fails_later(place):
    """With -U the disk's errors are told, which without it nobody would ask for."""
    for name in ("out.pcap", "out.pcap.lz4"):
        child = place.popen("-r", "-", "-U", "-w", name, faults={"FAULTS": f"fdatasync/{name}=EIO@1"})
        child.stdin.write(HEADER + records(0, 50))
        child.stdin.flush()
        time.sleep(0.3)
        _, err, status = place.end(child)
        assert status == 1, err
        one_line(err, f"{name}: Input/output error")
        _, err, status = place.run("-r", "-", "-w", name, stdin=capture(50), faults={"FAULTS": f"fdatasync/{name}=EIO@1"})
        assert status == 0, err


def test_next_file_that_cannot_be_opened(place):
    for call, why in (("open/out.pcap=EMFILE@3+", "Too many open files"), ("open/out.pcap=ENOSPC@3+", "No space left on device")):
        at = place.dir / why.split()[0]
        at.mkdir()
        _, err, status = place.run("-r", "-", "-C", "1", "-w", f"{at}/out.pcap", stdin=capture(9000), faults={"FAULTS": call})
        assert status == 1, err
        one_line(err, f"{at}/out.pcap", why)
        got = place.row(at)
        assert is_prefix(got) and len(got) > 900, (why, len(got))


def test_reads_that_fail(place):
    """What was read before is shown or written; the message names the cause."""
    (place.dir / "f.pcap").write_bytes(capture(COUNT))
    faults = {"FAULTS": "read/f.pcap=EIO@4"}
    plain = place.run("-n", "-r", "f.pcap")[0]
    _, err, status = place.run("-r", "f.pcap", "-w", "out.pcap", faults=faults)
    got = place.numbers(place.dir / "out.pcap")
    assert status == 1 and is_prefix(got) and len(got) > 1000, (status, len(got))
    one_line(err, "error reading dump file: Input/output error")
    for jobs in "1", "2":
        out, err, status = place.run("-n", "-j", jobs, "-r", "f.pcap", faults=faults)
        # Several threads read less at a time.
        assert status == 1 and plain.startswith(out) and out.count(b"\n") > 300, (jobs, out.count(b"\n"))
        one_line(err, "error reading dump file: Input/output error")
    for command in ("stats", "failed", "grep", "follow"):
        words = [command, "-r", "f.pcap"] + {"grep": ["0000"], "follow": ["udp:0"]}.get(command, [])
        out, err, status = place.run(*words, faults=faults)
        assert status == 2 and (out or command == "failed"), (command, status, err)
        one_line(err, "f.pcap: error reading dump file: Input/output error")


def test_interfaces_that_fail(place):
    """Errors of the socket and of waiting end a capture with what it has."""
    for call, why in (("poll=EIO@4+", "can't poll on packet socket: Input/output error"),):
        child = place.live("-w", "out.pcap", place.udp, faults={"FAULTS": call})
        for i in range(0, 500, 100):
            place.send(i, 100)
            time.sleep(0.1)
        _, err, status = place.end(child)
        assert status == 1 and f"pcap_loop: {why}\n" in err, err
        got = place.numbers(place.dir / "out.pcap")
        assert is_prefix(got) and counts(err)[0] == len(got) > 0, (err, len(got))


def test_strace_agrees(place):
    """The same by the kernel's own means: a call that is not made at all."""
    if not shutil.which("strace"):
        raise Skip("no strace")
    (place.dir / "f.pcap").write_bytes(capture(COUNT))
    for inject, why, status in (("writev:error=EIO:when=5", "out.pcap: Input/output error", 1),
                                ("writev:error=EINTR:when=2+2", None, 0), ("read:error=EINTR:when=20+3", None, 0)):
        r = subprocess.run(["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"inject={inject}", place.binary, "--no-sandbox", "-Z",
                            "root", "-r", "f.pcap", "-w", "out.pcap"], cwd=place.dir, env=place.env(), capture_output=True, timeout=30)
        said = r.stderr.decode().replace("wiretape: WARNING: --no-sandbox", "")
        if "ptrace" in said:
            raise Skip("no ptrace here")
        assert r.returncode == status and (not why or why in said), (inject, r.returncode, said)
        got = place.numbers(place.dir / "out.pcap")
        assert is_prefix(got) and (status or len(got) == COUNT), (inject, len(got))


def test_nothing_is_read_with_rights_in_force(place):
    """Who becomes another user opens as root could, and looks at what is there with no such right."""
    if not shutil.which("strace"):
        raise Skip("no strace")
    if place.examined:
        raise Skip("calls of the sanitizer are in between")
    (place.dir / "mine").mkdir(mode=0o700)
    for name in ("a.pcap", "b.pcap"):
        (place.dir / "mine" / name).write_bytes(capture(9))
    for args in (["-r", "mine/a.pcap"], ["-r", "mine/a.pcap", "-r", "mine/b.pcap"], ["-r", "mine/a.pcap", "-w", "mine/o.pcap", "-C", "1k"]):
        r = subprocess.run(["strace", "-f", "-y", "-qq", "-o", "calls", "-e", "trace=read,openat,capset", place.binary, "-n", "-Z", "nobody", *args],
                           cwd=place.dir, env=place.env(), capture_output=True, timeout=30)
        if b"ptrace" in r.stderr:
            raise Skip("no ptrace here")
        assert r.returncode == 0, (args, r.stderr)
        raised, opened, looked = False, set(), 0
        for line in (place.dir / "calls").read_text().splitlines():
            if "capset(" in line:
                raised = "effective=0" not in line
            elif m := re.search(r"openat\(.*/(\w\.pcap\d*)>$", line):
                assert raised, (args, line)
                opened.add(m.group(1))
            elif "read(" in line and ".pcap>" in line:
                assert not raised, (args, line)
                looked += 1
        assert len(opened) >= 1 + ("b.pcap" in str(args)) + 2 * ("-C" in args) and looked > 0, (args, opened, looked)


def test_few_open_files(place):
    """With so few descriptors a command does its work all the same, or says that they are too few, and nothing else."""
    from place import eth, pcap, udp
    if place.examined:
        raise Skip("a sanitizer needs descriptors of its own")
    (place.dir / "f.pcap").write_bytes(capture(2500))
    (place.dir / "m.pcap").write_bytes(pcap([eth(udp(1000 + i, 1234, b"%08d" % i)) for i in range(100)]))
    for words, enough in ((["-n", "-r", "f.pcap"], 8), (["-U", "-C", "1", "-r", "f.pcap", "-w", "out.pcap"], 8),
                          (["-r", "f.pcap", "-w", "zst.pcap.zst"], 8), (["-r", "f.pcap", "-r", "m.pcap", "-w", "two.pcap"], 10),
                          (["stats", "-r", "f.pcap"], 8), (["follow", "-o", "streams", "--force", "-r", "m.pcap"], 10)):
        (place.dir / "streams").mkdir(exist_ok=True)
        want, _, status = place.run(*words)
        assert status == 0
        for n in (4, 5, 6, 7, 8, 10, 20):
            out, err, status = place.run(*words, under=["prlimit", f"--nofile={n}:{n}"])
            assert status == 0 if n >= enough else status in (0, 1, 2), (words, n, err)
            if status:
                one_line(err, "Too many open files")
            else:
                assert out == want, (words, n)
    assert place.row(place.dir) == list(range(2500))
    assert len(list((place.dir / "streams").glob("udp-*"))) == 100


def test_few_open_files_live(place):
    for n in (5, 6, 7, 8, 9, 10, 12, 16):
        try:
            child = place.live("-U", "-w", "out.pcap", place.udp, under=["prlimit", f"--nofile={n}:{n}"])
        except AssertionError as e:
            assert "Too many open files" in str(e) and n < 16, (n, e)
            continue
        place.send(0, 50)
        time.sleep(0.2)
        _, err, status = place.end(child, signal.SIGINT)
        assert status == 0 and place.numbers(place.dir / "out.pcap") == list(range(50)), (n, err)
