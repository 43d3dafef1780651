"""Several captures as one: -r more than once, patterns, directories."""
import os
import shutil

import capture
from run import Skip

ETHERNET = "link-type EN10MB (Ethernet), snapshot length 262144\n"


def apart(box, *names, folder=""):
    """Deals 30 packets out to several files, a millisecond apart; whole.pcap has them all."""
    packets = capture.conversation(30)
    box.put("whole.pcap", capture.pcap(packets))
    for i, name in enumerate(names):
        mine = b"".join(record(packets, k) for k in range(30) if k * 7 % 11 % len(names) == i)
        box.put(folder + name, capture.pcap([]) + mine)


def record(packets, k):
    return capture.pcap(packets[k:k + 1], start=capture.START)[24:28] + \
        (k * 1000).to_bytes(4, "little") + capture.pcap(packets[k:k + 1])[32:]


def reading(*names):
    return "".join(f"reading from file {n}, {ETHERNET}" for n in names)


def test_merged_by_time(box):
    apart(box, "a.pcap", "b.pcap", "c.pcap")
    whole = box.run("-n", "-v", "-#", "-r", "whole.pcap")
    got = box.run("-n", "-v", "-#", "-r", "b.pcap", "-r", "a.pcap", "-r", "c.pcap")
    assert (got.out, got.status) == (whole.out, 0), got.out
    assert got.err.decode() == reading("b.pcap", "a.pcap", "c.pcap")
    assert box.run("-r", "b.pcap", "-r", "a.pcap", "-r", "c.pcap", "-w", "o").status == 0
    assert (box.dir / "o").read_bytes() == (box.dir / "whole.pcap").read_bytes()
    for args in (["-c", "7"], ["udp port 23"], ["--json", "-c", "5"], ["--count"]):
        want = box.run("-n", "-r", "whole.pcap", *args).out
        got = box.run("-n", "-r", "c.pcap", "-r", "a.pcap", "-r", "b.pcap", *args).out
        assert args[0] == "--json" or got == want, (args, got)
        assert got.count(b"\n") == want.count(b"\n")


def test_tcpdump_takes_the_last(box):
    apart(box, "a.pcap", "b.pcap")
    got = box.run("-n", "-r", "a.pcap", "-r", "b.pcap", name="tcpdump")
    assert got.out == box.run("-n", "-r", "b.pcap").out and got.err.decode() == reading("b.pcap"), got.err
    assert box.run("-n", "-r", "*.pcap", name="tcpdump").status == 1


def test_patterns(box):
    apart(box, "t1.pcap", "t2.pcap", "t10.pcap")
    whole = box.run("-n", "-r", "whole.pcap").out
    got = box.run("-n", "-r", "t*.pcap")
    assert got.out == whole and got.err.decode() == reading("t1.pcap", "t10.pcap", "t2.pcap"), got.err
    got = box.run("-n", "-r", "t?.pcap", "-r", "t10.pcap")
    assert got.out == whole and got.err.decode() == reading("t1.pcap", "t2.pcap", "t10.pcap"), got.err
    # A file of that very name wins, and a pattern that nothing matches is a name.
    box.put("t[1].pcap", capture.pcap([]))
    assert box.run("-n", "-r", "t[1].pcap").out == b""
    got = box.run("-r", "nothing*")
    assert (got.err, got.status) == (b"wiretape: nothing*: No such file or directory\n", 1)


def test_directories(box):
    (box.dir / "d" / "sub").mkdir(parents=True)
    apart(box, "3.pcap", "1.pcap", "2.pcap", folder="d/")
    box.put("d/notes.txt", "so what is this\n")
    box.put("d/.hidden", capture.pcap(capture.conversation(3)))
    os.mkfifo(box.dir / "d" / "fifo")
    whole = box.run("-n", "-r", "whole.pcap").out
    for name in ("d", "d/"):
        got = box.run("-n", "-r", name)
        assert got.out == whole and got.status == 0
        assert got.err.decode() == reading("d/1.pcap", "d/2.pcap", "d/3.pcap") + \
            "wiretape: WARNING: skipped: d/notes.txt: unknown file format\n", got.err
    got = box.run("-n", "-r", "d/sub")
    assert (got.err, got.status) == (b"wiretape: no capture files in d/sub\n", 1)
    shutil.copy(box.dir / "d/notes.txt", box.dir / "d/sub/x")
    got = box.run("-n", "-r", "d/sub")
    assert got.err == b"wiretape: WARNING: skipped: d/sub/x: unknown file format\n" \
        b"wiretape: no capture files to read\n" and got.status == 1, got.err
    # Of many, the first ones are named.
    for i in range(30):
        box.put(f"d/sub/y{i}", "nor is this\n")
    got = box.run("-n", "-r", "d/sub")
    assert got.err.count(b"unknown file format\n") == 10 and got.status == 1, got.err
    assert got.err.endswith(b"wiretape: WARNING: skipped: 21 more files\nwiretape: no capture files to read\n"), got.err


def test_damage_is_told_and_the_others_go_on(box):
    apart(box, "a.pcap", "b.pcap")
    data = (box.dir / "a.pcap").read_bytes()
    box.put("a.pcap", data[:-1])
    whole = box.run("-n", "-r", "whole.pcap").out.splitlines()
    got = box.run("-n", "-r", "a.pcap", "-r", "b.pcap")
    lost = capture.packets_of(data)[-1]
    k = max(i for i, p in enumerate(capture.conversation(30)) if p == lost)
    assert got.out.splitlines() == whole[:k] + whole[k + 1:]
    assert got.err.decode() == reading("a.pcap", "b.pcap") + "wiretape: a.pcap: truncated dump file; tried to read " \
        f"{len(lost)} captured bytes, only got {len(lost) - 1}\n", got.err
    assert got.status == 1
    # One that is named and not there ends it before it begins.
    got = box.run("-n", "-r", "b.pcap", "-r", "missing")
    assert got.err.decode() == reading("b.pcap") + "wiretape: missing: No such file or directory\n"
    assert (got.out, got.status) == (b"", 1)
    box.put("text", "hello there")
    got = box.run("-n", "-r", "text", "-r", "b.pcap")
    assert (got.out, got.err, got.status) == (b"", b"wiretape: text: unknown file format\n", 1)


def test_link_types_and_interfaces(box):
    box.put("e.pcap", capture.pcap(capture.conversation(4)))
    box.put("r.pcap", capture.pcap([capture.udp(1, 2), capture.udp(3, 4)], link=capture.RAW, start=capture.START - 1))
    got = box.run("-n", "-t", "-e", "-r", "e.pcap", "-r", "r.pcap")
    lines = got.out.decode().splitlines()
    assert lines[0].startswith("ip: 10.0.0.1.1 > 10.0.0.2.2") and lines[2].startswith("02:00:00:00:00:0a > "), lines
    assert box.run("-r", "r.pcap", "-r", "e.pcap", "-w", "o.pcapng").status == 0
    assert box.run("-n", "-t", "-e", "-r", "o.pcapng").out == got.out
    # A filter is compiled for each link type.
    assert box.run("-n", "-r", "e.pcap", "-r", "r.pcap", "--count", "udp").out == b"4 packets\n"


def test_standard_input_among_them(box):
    apart(box, "a.pcap", "b.pcap")
    got = box.run("-n", "-r", "a.pcap", "-r", "-", stdin=(box.dir / "b.pcap").read_bytes())
    assert got.out == box.run("-n", "-r", "whole.pcap").out and got.status == 0


def test_more_files_than_may_be_open(box):
    packets = capture.conversation(200)
    (box.dir / "d").mkdir()
    box.put("whole.pcap", capture.pcap(packets, step=1_000_000))
    for i, p in enumerate(packets):
        box.put(f"d/{999 - i}", capture.pcap([p], start=capture.START + i))
    got = box.run("-n", "-r", "d")
    assert got.out == box.run("-n", "-r", "whole.pcap").out and got.status == 0, got.err[-200:]
    if os.getuid() != 0 or not shutil.which("capsh"):
        raise Skip("opening again without privileges needs root")
    os.chmod(box.dir, 0o755)
    os.chmod(box.dir / "d", 0o700)
    got = box.shell("wiretape -Z nobody -r d --count")
    assert (got.out, got.status) == (b"200 packets\n", 0), got.err[-200:]


def test_often(box):
    got = box.run(*["-r", "f.pcap"] * 257)
    assert (got.err, got.status) == (b"wiretape: -r more than 256 times\n", 1)
