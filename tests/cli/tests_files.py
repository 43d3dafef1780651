"""Reading and writing capture files: names, rotation, damage, standard input and output."""
import gzip
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import capture
from run import Skip

ROOT = Path(__file__).resolve().parent.parent.parent
READING = "reading from file f.pcap, link-type EN10MB (Ethernet), snapshot length 262144\n"


def same_files(box, *args):
    """Runs ours and the installed tcpdump in folders of their own; the files written must be the same."""
    kept = {}
    for name in ("wiretape", "system"):
        for old in box.files():
            if old != "f.pcap":
                (box.dir / old).unlink()
        got = box.run(*args, name=name)
        assert got.status == 0, (name, args, got.err)
        kept[name] = {f: (box.dir / f).read_bytes() for f in box.files() if f != "f.pcap"}
    assert kept["wiretape"].keys() == kept["system"].keys(), (args, kept["wiretape"].keys(), kept["system"].keys())
    for f in kept["wiretape"]:
        assert kept["wiretape"][f] == kept["system"][f], (args, f)
    assert kept["wiretape"], args
    return sorted(kept["wiretape"])


def test_copy_is_the_same(box):
    got = box.run("-r", "f.pcap", "-w", "out.pcap")
    assert (got.out, got.err.decode(), got.status) == (b"", READING, 0)
    assert (box.dir / "out.pcap").read_bytes() == (box.dir / "f.pcap").read_bytes()


def test_copy_like_tcpdump(box):
    for args in (["-w", "o"], ["-w", "o", "tcp"], ["-w", "o", "-c", "3"], ["-w", "o", "--nano"],
                 ["-w", "o", "-U", "udp port 23"]):
        same_files(box, "-r", "f.pcap", *args)


def golden_captures():
    """The captures of the golden tests: name and bytes."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([str(ROOT / "tests/golden/run"), "true", "--captures", folder], check=True, capture_output=True)
        return {p.name: p.read_bytes() for p in sorted(Path(folder).iterdir())}


def test_copies_of_many_captures_like_tcpdump(box):
    """What tcpdump can copy, we copy to the same bytes: all of it, some of it, and up to a count."""
    compared = 0
    for name, data in golden_captures().items():
        box.put("f.pcap", data)
        for args in (["ip or ip6"], ["-c", "2", "greater 60"]):
            if box.run("-r", "f.pcap", "-w", "o", *args, name="system").status == 0:
                same_files(box, "-r", "f.pcap", "-w", "o", *args)
                compared += 1
    assert compared > 100


def test_large_copies_like_tcpdump(box):
    """Longer than what is written in one piece, with runs of all lengths; files turned over between any two packets."""
    records = b"".join(data[24:] for data in golden_captures().values()
                       if data[:4] == b"\xd4\xc3\xb2\xa1" and data[20:24] == b"\1\0\0\0")
    box.put("f.pcap", capture.pcap([]) + records * (6_000_000 // len(records) + 1))
    for args in ([], ["-c", "10000"], ["ip"], ["not udp"], ["-U", "udp"], ["less 100"], ["tcp and greater 70"]):
        same_files(box, "-r", "f.pcap", "-w", "o", *args)
        assert len(same_files(box, "-r", "f.pcap", "-w", "o", "-C", "1", *args)) >= 1
    assert len(same_files(box, "-r", "f.pcap", "-w", "o", "-C", "1")) >= 6
    assert same_files(box, "-r", "f.pcap", "-w", "o", "-C", "1", "-W", "3") == ["o0", "o1", "o2"]
    assert same_files(box, "-r", "f.pcap", "-w", "o", "-C", "1", "-W", "1") == ["o"]


def test_full_disk(box):
    """On a file system without room: one message, status 1, every file holds whole packets and the first all up to the end."""
    if os.getuid() != 0 or box.shell("unshare -m true").status != 0:
        raise Skip("cannot mount")
    packets = capture.conversation(40000)
    box.put("f.pcap", capture.pcap(packets))
    for options, names in (("-w full/o", 1), ("-w full/o -C 300k", 4), ("-w full/o -U", 1), ("-w full/o.zst", 1)):
        got = box.shell("mkdir -p full kept && rm -f kept/* && exec unshare -m sh -c 'mount -t tmpfs -o size=1m none full && "
                        f"wiretape -Z root -r f.pcap {options}; s=$?; cp full/* kept; exit $s'")
        if options.endswith("zst"):
            assert got.status == 0, got.err        # it compresses well enough
            continue
        message = got.err.decode().splitlines()
        assert got.status == 1 and len(message) == 2, got.err
        assert message[1].startswith("wiretape: full/o") and message[1].endswith(": No space left on device"), message
        order = ["o"] + [f"o{i}" for i in range(1, 99)]
        found = []
        for f in order:
            if (box.dir / "kept" / f).exists() and (box.dir / "kept" / f).stat().st_size:
                found += capture.packets_of((box.dir / "kept" / f).read_bytes())
                assert f != "o" or found == packets[:len(found)], options
        assert 900_000 < sum(16 + len(p) for p in found) <= 1 << 20, (options, len(found))
        assert len(list((box.dir / "kept").iterdir())) >= names


def test_commands_run_in_order_after_the_file_is_whole(box):
    """-z with compression: each file, once it is closed, in the order of the files; all of them before we are gone."""
    box.put("f.pcap", capture.pcap(capture.conversation(8000)))
    box.put("note", "#!/bin/sh\nzcat \"$1\" | wc -c >> sizes.\"$1\"\n")
    (box.dir / "note").chmod(0o755)
    got = box.run("-r", "f.pcap", "-w", "o.pcap.gz", "-C", "20k", "-z", "./note")
    assert got.status == 0, got.err
    names = ["o.pcap.gz"] + [f"o.pcap.gz{i}" for i in range(1, 99) if (box.dir / f"o.pcap.gz{i}").exists()]
    for _ in range(100):
        done = [f for f in names[:-1] if (box.dir / f"sizes.{f}").exists() and (box.dir / f"sizes.{f}").read_text()]
        if len(done) == len(names) - 1:
            break
        time.sleep(0.1)
    assert done == names[:-1] and len(names) > 10
    for f in done:
        assert int((box.dir / f"sizes.{f}").read_text()) == len(gzip.decompress((box.dir / f).read_bytes()))
    together = []
    for f in names:
        together += capture.packets_of(gzip.decompress((box.dir / f).read_bytes()))
    assert together == capture.conversation(8000)


def test_rotation_by_size(box):
    box.put("f.pcap", capture.pcap(capture.conversation(200)))
    for extra in ([], ["-W", "3"], ["-W", "10"], ["-W", "11"], ["-W", "1"], ["-U"]):
        names = same_files(box, "-r", "f.pcap", "-w", "o", "-C", "1", *extra)
        assert names == (["o"] if not extra or extra[0] == "-U" or extra[1] == "1" else
                         ["o0"] if int(extra[1]) <= 10 else ["o00"]), (extra, names)


def test_rotation_by_small_size(box):
    packets = capture.conversation(200)
    box.put("f.pcap", capture.pcap(packets))

    def names(*extra):
        for old in box.files():
            if old != "f.pcap":
                (box.dir / old).unlink()
        got = box.run("-r", "f.pcap", "-w", "o.pcap", "-C", "1k", *extra)
        assert got.status == 0, got.err
        return [f for f in box.files() if f != "f.pcap"]

    files = names()
    assert files[0] == "o.pcap" and "o.pcap1" in files and "o.pcap10" in files and len(files) > 11
    order = ["o.pcap"] + [f"o.pcap{i}" for i in range(1, len(files))]
    assert sorted(order) == files
    together = []
    for i, f in enumerate(order):
        part = capture.packets_of((box.dir / f).read_bytes())
        together += part
        size = 24 + sum(16 + len(p) for p in part)
        # A new file begins with the first packet after the size is exceeded, not before.
        assert size - 16 - len(part[-1]) <= 1024
        assert size > 1024 or i == len(order) - 1
    assert together == packets
    assert names("-W", "3") == ["o.pcap0", "o.pcap1", "o.pcap2"]
    assert names("-W", "11") == [f"o.pcap{i:02}" for i in range(11)]


def test_rotation_by_time(box):
    box.put("f.pcap", capture.pcap(capture.conversation(4)))
    names = same_files(box, "-r", "f.pcap", "-w", "o-%Y", "-G", "3600")
    assert names == [time.strftime("o-%Y", time.gmtime())]
    same_files(box, "-r", "f.pcap", "-w", "o-%Y", "-G", "3600", "-C", "1")
    assert same_files(box, "-r", "f.pcap", "-w", "o-%Y", "-G", "3600", "-C", "1", "-W", "20")[0].endswith("00")
    # Without -G a % is a %.
    assert same_files(box, "-r", "f.pcap", "-w", "o-%Y") == ["o-%Y"]


def test_rotation_limit_by_time(box):
    """-G with -W ends after so many files, with status 0; -z's command gets each finished one."""
    box.put("note", "#!/bin/sh\necho \"$1\" >> noted\n")
    (box.dir / "note").chmod(0o755)
    packets = capture.conversation(8)
    child = box.popen("-r", "-", "-w", "o%s", "-G", "1", "-W", "2", "-z", "./note", stdin=subprocess.PIPE,
                      stderr=subprocess.PIPE)
    data = capture.pcap(packets)
    child.stdin.write(data[:24])
    at = 24
    for p in packets:
        child.stdin.write(data[at:at + 16 + len(p)])
        child.stdin.flush()
        at += 16 + len(p)
        time.sleep(0.6)
        if child.poll() is not None:
            break
    child.stdin = None
    _, err = child.communicate(timeout=10)
    assert child.returncode == 0, err
    assert err.decode().endswith("Maximum file limit reached: 2\n"), err
    names = [f for f in box.files() if f.startswith("o")]
    assert len(names) == 2, names
    for _ in range(50):
        noted = (box.dir / "noted").read_text().split() if (box.dir / "noted").exists() else []
        if len(noted) == 2:
            break
        time.sleep(0.1)
    assert sorted(noted) == names
    assert sum(len(capture.packets_of((box.dir / f).read_bytes())) for f in names) < len(packets)


def test_empty_name(box):
    got = box.run("-r", "f.pcap", "-w", "")
    assert got.status == 1 and got.err.decode().endswith("wiretape: an empty string is not a valid file name\n"), got.err


def test_write_to_standard_output(box):
    got = box.run("-r", "f.pcap", "-w", "-", "udp")
    assert got.status == 0 and len(capture.packets_of(got.out)) == 8
    assert box.run("-n", "-r", "-", stdin=got.out).out.count(b"\n") == 8


def test_print_while_writing(box):
    got = box.run("-n", "-r", "f.pcap", "-w", "o", "--print", "tcp")
    assert got.out == box.run("-n", "-r", "f.pcap", "tcp").out and got.out
    assert len(capture.packets_of((box.dir / "o").read_bytes())) == 2


def test_pcapng_and_compression_by_name(box):
    data = (box.dir / "f.pcap").read_bytes()
    for name in ("o.pcapng", "o.pcap.gz", "o.pcap.zst", "o.pcap.lz4", "o.pcapng.gz"):
        assert box.run("-r", "f.pcap", "-w", name).status == 0
        got = box.run("-r", name, "-w", "back")
        assert got.status == 0, (name, got.err)
        assert (box.dir / "back").read_bytes() == data, name
    assert (box.dir / "o.pcapng").read_bytes()[:4] == b"\x0a\x0d\x0d\x0a"
    assert gzip.decompress((box.dir / "o.pcap.gz").read_bytes()) == data


def test_standard_input_and_pipes(box):
    data = (box.dir / "f.pcap").read_bytes()
    want = box.run("-n", "-r", "f.pcap").out
    got = box.run("-n", "-r", "-", stdin=data)
    assert got.out == want and got.err.decode().startswith("reading from file -, link-type EN10MB"), got.err
    os.mkfifo(box.dir / "pipe")
    child = box.popen("-n", "-r", "pipe", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    with open(box.dir / "pipe", "wb", buffering=0) as pipe:
        pipe.write(data[:24 + 16 + len(capture.conversation()[0])])
        # The first packet is shown while the pipe stays open: text is not held back when nothing more comes.
        assert child.stdout.readline() == want.split(b"\n")[0] + b"\n"
        pipe.write(data[24 + 16 + len(capture.conversation()[0]):])
    assert child.communicate(timeout=10)[0] == want[want.index(b"\n") + 1:]
    assert child.returncode == 0


def test_list_of_files(box):
    box.put("g.pcap", capture.pcap([capture.udp(1, 2)], link=capture.RAW))
    box.put("list", "f.pcap\ng.pcap\n")
    got = box.run("-n", "-t", "-V", "list", "udp")
    assert got.status == 0 and got.out.count(b"\n") == 9, got.out
    assert got.err.decode() == READING + \
        "reading from file g.pcap, link-type RAW (Raw IP), snapshot length 262144\n", got.err
    assert got.out == box.run("-n", "-t", "-V", "-", "udp", stdin=b"f.pcap\ng.pcap\n").out
    # -c counts in each file, as tcpdump does.
    assert box.run("-n", "-c", "1", "-V", "list").out.count(b"\n") == 2
    box.put("list", "f.pcap\nnone.pcap\n")
    got = box.run("-n", "-V", "list")
    assert got.status == 1 and got.out.count(b"\n") == 10
    assert got.err.decode().endswith("wiretape: none.pcap: No such file or directory\n")
    box.put("list", "")
    assert box.run("-V", "list").err.decode() == "wiretape: Nothing in list\n"
    assert box.run("--count", "-V", "-", stdin=b"f.pcap\ng.pcap\n").out == b"11 packets\n"


def test_list_with_other_link_type_cannot_be_one_pcap(box):
    box.put("g.pcap", capture.pcap([capture.udp(1, 2)], link=capture.RAW))
    box.put("list", "f.pcap\ng.pcap\n")
    got = box.run("-V", "list", "-w", "o.pcap")
    assert got.status == 1 and got.err.decode().count("\n") == 3, got.err
    assert len(capture.packets_of((box.dir / "o.pcap").read_bytes())) == 10
    assert box.run("-V", "list", "-w", "o.pcapng").status == 0
    assert box.run("--count", "-r", "o.pcapng").out == b"11 packets\n"


def test_several_link_types_in_one_file(box):
    inner = capture.udp(1000, 2000)
    box.put("m.pcapng", capture.pcapng([(1, capture.eth(inner)), (101, inner), (1, capture.eth(inner)), (101, inner)]))
    want = b"IP 10.0.0.1.1000 > 10.0.0.2.2000: UDP, length 5\n"
    got = box.run("-n", "-t", "-r", "m.pcapng")
    assert (got.out, got.status) == (4 * want, 0), got
    assert box.run("-n", "-t", "-r", "m.pcapng", "udp port 1000").out == 4 * want
    assert box.run("-n", "-t", "-r", "m.pcapng", "udp port 1001").out == b""
    # What cannot be asked of a link type does not match there, and that is said.
    got = box.run("-n", "-t", "-r", "m.pcapng", "ether src 02:00:00:00:00:0a")
    assert (got.out, got.status) == (2 * want, 0), (got.out, got.err)
    assert got.err.decode().count("WARNING: packets of link type 12 do not pass the filter: ") == 1, got.err


def test_damage_shows_what_was_before(box):
    data = (box.dir / "f.pcap").read_bytes()
    want = box.run("-n", "-r", "f.pcap").out.split(b"\n")
    first = 24 + 16 + len(capture.conversation()[0])
    for cut, message in ((first + 10, "pcap_loop: truncated dump file; tried to read 16 header bytes, only got 10"),
                         (first + 20, "pcap_loop: truncated dump file; tried to read 54 captured bytes, only got 4")):
        box.put("cut.pcap", data[:cut])
        got = box.run("-n", "-r", "cut.pcap")
        assert got.out == want[0] + b"\n", got.out
        assert got.err.decode().split("\n", 1)[1] == f"wiretape: {message}\n", got.err
        assert got.status == 1
        theirs = box.run("-n", "-r", "cut.pcap", name="system")
        assert theirs.err.decode().split("\n", 1)[1] == f"tcpdump: {message}\n" and theirs.status == 1
        got = box.run("-r", "cut.pcap", "-w", "o")
        assert got.status == 1 and len(capture.packets_of((box.dir / "o").read_bytes())) == 1
    box.put("empty.pcap", data[:24])
    assert box.run("-r", "empty.pcap").status == 0
    for junk in (b"", b"\xd4\xc3", b"not a capture file at all, is it?" * 10):
        box.put("junk", junk)
        got = box.run("-r", "junk")
        assert got.status == 1 and got.out == b"" and got.err.count(b"\n") == 1, got.err


def test_count(box):
    got = box.run("--count", "-r", "f.pcap")
    assert (got.out, got.err.decode(), got.status) == (b"10 packets\n", READING, 0)
    assert box.run("--count", "-r", "f.pcap", "tcp[13] == 18").out == b"1 packet\n"


def test_quiet_end_when_nobody_reads(box):
    box.put("big.pcap", capture.pcap(capture.conversation(20000)))
    got = box.shell("{ wiretape -n -r big.pcap; echo status $? >&2; } | head -2")
    assert got.out.count(b"\n") == 2
    lines = got.err.decode().splitlines()
    assert len(lines) == 2 and lines[1] == "status 0", lines


def test_vanished_consumer_of_packets(box):
    box.put("big.pcap", capture.pcap(capture.conversation(20000)))
    got = box.shell("{ wiretape -r big.pcap -w -; echo status $? >&2; } | head -c 100")
    lines = got.err.decode().splitlines()
    assert len(lines) == 3 and lines[1].startswith("wiretape: ") and lines[2] == "status 1", lines


def test_full_disk(box):
    if not os.path.exists("/dev/full"):
        raise Skip("no /dev/full")
    got = box.run("-r", "f.pcap", "-w", "/dev/full")
    lines = got.err.decode().splitlines()
    assert got.status == 1 and len(lines) == 2 and "No space left on device" in lines[1], lines
    got = box.shell("wiretape -n -r f.pcap > /dev/full")
    lines = got.err.decode().splitlines()
    assert got.status == 1 and len(lines) == 2 and "No space left on device" in lines[1], lines


def test_unwritable_directory(box):
    got = box.run("-r", "f.pcap", "-w", "none/o")
    assert got.err.decode() == READING + "wiretape: none/o: No such file or directory\n" and got.status == 1
    (box.dir / "d").mkdir()
    got = box.run("-r", "f.pcap", "-w", "d")
    assert got.err.decode() == READING + "wiretape: d: Is a directory\n" and got.status == 1


def test_interrupt_while_reading_a_pipe(box):
    child = box.popen("-n", "-r", "-", "-w", "o", stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    data = (box.dir / "f.pcap").read_bytes()
    child.stdin.write(data[:-5])
    child.stdin.flush()
    time.sleep(0.5)
    child.send_signal(signal.SIGINT)
    err = child.stderr.read()
    assert child.wait(timeout=10) == 0, err
    assert len(capture.packets_of((box.dir / "o").read_bytes())) == 9


def test_flush_on_signal(box):
    child = box.popen("-r", "-", "-w", "o", stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
    data = (box.dir / "f.pcap").read_bytes()
    child.stdin.write(data)
    child.stdin.flush()
    for _ in range(50):
        time.sleep(0.1)
        child.send_signal(signal.SIGUSR2)
        if (box.dir / "o").exists() and (box.dir / "o").read_bytes() == data:
            break
    else:
        raise AssertionError("SIGUSR2 does not bring packets to the file")
    child.stdin.close()
    assert child.wait(timeout=10) == 0


def test_packet_buffered(box):
    child = box.popen("-U", "-r", "-", "-w", "o", stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
    data = (box.dir / "f.pcap").read_bytes()
    child.stdin.write(data)
    child.stdin.flush()
    for _ in range(50):
        time.sleep(0.1)
        if (box.dir / "o").exists() and (box.dir / "o").read_bytes() == data:
            break
    else:
        raise AssertionError("-U does not bring packets to the file")
    child.stdin.close()
    assert child.wait(timeout=10) == 0


def test_time_stamp_precision(box):
    box.put("n.pcap", capture.pcap(capture.conversation(2), nano=True, step=123456789))
    assert b"22:13:20.123456 " in box.run("-n", "-r", "n.pcap").out
    assert b"22:13:20.123456789 " in box.run("-n", "--nano", "-r", "n.pcap").out
    assert b"22:13:20.123456789 " in box.run("-n", "--time-stamp-precision=nano", "-r", "n.pcap").out
    assert b"22:13:20.001000000 " in box.run("-n", "--nano", "-r", "f.pcap").out
    assert b"22:13:20.123456 " in box.run("-n", "--nano", "--micro", "-r", "n.pcap").out
    box.run("--nano", "-r", "n.pcap", "-w", "o")
    assert (box.dir / "o").read_bytes() == (box.dir / "n.pcap").read_bytes()


def test_root_becomes_somebody_else(box):
    if os.getuid() != 0 or not shutil.which("capsh"):
        raise Skip("needs root and capsh")
    shutil.chown(box.dir, "nobody")
    os.chmod(box.dir, 0o755)
    got = box.shell("wiretape -Z nobody -r f.pcap -w o && stat -c %U o")
    assert got.out == b"nobody\n" and got.status == 0, got.err
    os.chown(box.dir, 0, 0)
    box.put("f.pcap", capture.pcap(capture.conversation(100)))
    # With -C more files follow, in a folder that the user may not write to.
    got = box.shell("wiretape -Z nobody -r f.pcap -w p -C 1k && stat -c %U p && ls p1")
    assert got.out == b"nobody\np1\n" and got.status == 0, got.err
    # One that was there is given, too ...
    got = box.shell("touch was; wiretape -Z daemon -r f.pcap -w was && stat -c %U was")
    assert got.out == b"daemon\n" and got.status == 0, got.err
    # ... and what is not a file of its own stays root's.
    box.put("mine", b"")
    box.put("other", b"")
    got = box.shell("ln -s mine link; ln other same; mknod null c 1 3; for i in link same null; do wiretape -Z nobody -r f.pcap -w $i; done; "
                    "stat -c %U mine other null")
    assert got.out == b"root\nroot\nroot\n", (got.out, got.err)
    # Nothing is read as root for want of somebody else.
    got = box.shell("wiretape -Z nosuchuser -r f.pcap")
    assert got.err == b"wiretape: Couldn't find user 'nosuchuser'\n" and got.status == 1, got.err


def test_names_of_files_do_nothing_to_the_terminal(box):
    name = "\x1b]0;owned\x07\x03.pcap"
    shown = r"\x1b]0;owned\x07\x03.pcap"
    box.put(name, (box.dir / "f.pcap").read_bytes())
    got = box.run("-n", "-c", "1", "-r", name)
    assert (got.status, got.err.decode().partition(",")[0]) == (0, f"reading from file {shown}"), got
    for args in (["-r", "no" + name], ["-V", "list"]):
        box.put("list", "no" + name + "\n")
        got = box.run("-n", *args)
        assert (got.status, got.err.decode()) == (1, f"wiretape: no{shown}: No such file or directory\n"), got
