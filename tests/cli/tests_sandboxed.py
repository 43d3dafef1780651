"""Every option and every command once in the sandbox and once without: it must not matter, and nothing must die of it.

An option that is new is missing below, and a test says so.
"""
import gzip
import os
import re
import shlex
import shutil
import socket
import subprocess
import threading
import time

import capture
from run import Skip
from tests_options import ROOT, rows

SIGSYS = 31
FILE = "-r f.pcap"
OTHER = "-r f.pcap -w o.pcap"

# Options by letter, or name if they have none. The words behind the program's name, or those of several runs; a function makes
# runs of its own; None: ends before there is anything to be confined for.
DUMP = {
    "#": f"-n -# {FILE}", "A": f"-n -A {FILE}", "B": "live", "C": "-r f.pcap -w o.pcap -C 1k", "D": None,
    "E": ["-n -E aes128:0x000102030405060708090a0b0c0d0e0f -r f.pcap", "-n -E 'file secrets' -r f.pcap"],
    "F": f"-n -F filter {FILE}", "G": "-r f.pcap -w o-%s.pcap -G 3600", "H": f"-n -H {FILE}", "I": None, "J": None,
    "K": f"-n -v -K {FILE}", "L": None, "M": f"-n -v -M secret {FILE}", "N": f"-N {FILE}", "O": f"-n -O {FILE} tcp port 80",
    "Q": "live", "S": f"-n -S {FILE}", "T": f"-n -T rpc {FILE}", "U": f"-U {OTHER}",
    "V": ["-n -V list", "-n -V -", "-n -V fifo", "-V - -w o.pcap"], "W": "-r f.pcap -w o.pcap -C 1k -W 2", "X": f"-n -XX {FILE}",
    "Y": [f"-n -Y tcp.port==80 {FILE}", f"-n -Y tcp.stream==0 {FILE}"], "Z": [f"-n -Z nobody {FILE}", "-n -Z nobody -r f.pcap -w sub/o.pcap"],
    "a": f"-n -a {FILE}", "b": f"-n -b {FILE}", "c": f"-n -c 1 {FILE}", "d": [f"-d {FILE} tcp port http", f"-ddd {FILE} ip"],
    "e": [f"-n -e {FILE}", f"-e {FILE}"], "f": "live", "g": f"-n -v -g {FILE}", "h": None, "i": "live", "j": "live",
    "l": f"-n -l {FILE}", "m": f"-n -m module {FILE}", "n": f"-n {FILE}", "p": "live", "q": f"-n -q {FILE}",
    "r": [f"-n {FILE}", "-n -r -", "-n -r fifo", "-n -r f.pcap -r g.pcap.gz", "-n -r dir", "-n -r 'dir/*.pcap'",
          *(f"-n -r f.pcap.{kind}" for kind in ("gz", "xz", "zst", "lz4", "bz2")), "-n -r f.pcapng", f"{FILE}",
          f"{FILE} port http", f"{FILE} host localhost", "-n -r cooked.pcap -v"],
    "s": "live", "t": [f"-n -{n * 't'} {FILE}" for n in range(1, 6)], "u": f"-n -u {FILE}", "v": f"-n -vvv {FILE}",
    "w": [OTHER, f"{FILE} -w sub/o.pcap", f"{FILE} -w ./o.pcap", f"{FILE} -w -", f"{FILE} -w /dev/stdout", f"{FILE} -w sub/../o.pcap",
          f"{FILE} -w there.pcap", *(f"{FILE} -w o.{kind}" for kind in ("pcapng", "pcap.gz", "pcap.xz", "pcap.zst", "pcap.lz4"))],
    "x": f"-n -x {FILE}", "y": "live",
    "z": [f"{FILE} -w o.pcap -C 1k -z gzip", f"{FILE} -w sub/o-%s.pcap -G 3600 -C 1k -z ./command"],
    "version": None, "time-stamp-precision": f"-n --time-stamp-precision nano {FILE}", "immediate-mode": "live",
    "print": [f"-n --print {OTHER}", f"--print {OTHER} -C 1k -z gzip"], "micro": f"-n --micro {FILE}", "nano": f"-n --nano {FILE}",
    "fp-type": None, "count": f"--count {FILE}", "time-t-size": None, "json": [f"-n --json {FILE}", f"--json {FILE}"],
    "fields": f"-n --fields ip.src,tcp.port {FILE}", "jobs": f"-n --jobs 3 {FILE}", "header": f"-n --fields ip.src --header {FILE}",
    "flows": f"-n --json --flows {FILE}", "no-jit": f"-n --no-jit {FILE} tcp port 80", "no-sandbox": f"-n {FILE}",
    "sandbox-report": f"-n {FILE}",
}

# Options that the commands have in common.
COMMON = {
    "B": "live", "F": f"-F filter {FILE}", "V": ["-V list", "-V -"], "Y": f"-Y tcp.port==80 {FILE}", "Z": f"-Z nobody {FILE}",
    "c": f"-c 11 {FILE}", "h": None, "i": "live", "n": f"-n {FILE}", "p": "live", "s": "live",
    "r": [FILE, "-r -", "-r fifo", "-r f.pcap -r g.pcap.gz", "-r dir", f"{FILE} port http", f"{FILE} host localhost"],
    "json": f"--json {FILE}", "no-jit": f"--no-jit {FILE}", "no-progress": f"--no-progress {FILE}", "no-sandbox": FILE,
    "sandbox-report": FILE,
}
COMMANDS = {
    "failed": {
        "": FILE, "by": f"--by last {FILE}", "exit-status": f"--exit-status {FILE}", "filter-length": f"--filter-length 50 {FILE}",
        "grace": f"--grace 1 {FILE}", "kind": f"--kind tcp {FILE}", "top": f"--top 1 {FILE}",
    },
    "fields": None,
    "follow": {
        "": FILE, "o": [f"-o streams {FILE}", f"-o sub/streams {FILE}"], "all": f"--all {FILE}", "client": f"--client {FILE}",
        "force": f"-o sub --force {FILE}", "hex": f"--hex {FILE}", "http": [f"--http {FILE}", f"--http -o streams {FILE}"],
        "raw": f"--raw tcp:0 {FILE}", "server": f"--server {FILE}", "time": f"--time {FILE}",
    },
    "grep": {
        "": f"GET {FILE}", "C": f"-C 5 GET {FILE}", "e": f"-e GET -e HTTP {FILE}", "f": f"-f patterns {FILE}", "m": f"-m 1 GET {FILE}",
        "o": f"-o GET {FILE}", "q": f"-q GET {FILE}", "v": f"-v GET {FILE}", "x": f"-x GET {FILE}",
        "after-context": f"--after-context 9 GET {FILE}", "before-context": f"--before-context 9 GET {FILE}",
        "color": f"--color always GET {FILE}", "count": f"--count GET {FILE}", "fixed-strings": f"--fixed-strings GET {FILE}",
        "hex": f"--hex 474554 {FILE}", "ignore-case": f"--ignore-case get {FILE}", "list": f"--list GET {FILE}",
        "packets": f"--packets GET {FILE}", "pcre-only": f"--pcre-only GET {FILE}",
    },
    "stats": {
        "": FILE, "z": f"-z io,phs {FILE}", "by": f"--conversations --by bytes {FILE}", "interval": f"--time --interval 1 {FILE}",
        "plot": [f"--plot o.svg {FILE}", f"--plot sub/o.svg {FILE}"], "top": f"--top 1 {FILE}", "facts": f"--facts {FILE}",
        "hierarchy": f"--hierarchy {FILE}", "time": f"--time {FILE}", "sizes": f"--sizes {FILE}",
        "endpoints": f"--endpoints=tcp {FILE}", "conversations": f"--conversations {FILE}", "dns": f"--dns {FILE}",
        "http": f"--http {FILE}", "tls": f"--tls {FILE}",
    },
}


def conversation():
    """An HTTP exchange between names that /etc/hosts has, and others that nobody has."""
    ends = {"src": "127.0.0.1", "dst": "127.0.0.1"}
    out = [capture.eth(capture.udp(40000 + i, 9, b"x" * 300, **ends)) for i in range(10)]
    out.append(capture.eth(capture.tcp(5000, 80, 0x18, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", **ends)))
    out.append(capture.eth(capture.tcp(80, 5000, 0x18, b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", **ends)))
    return out + [capture.eth(capture.udp(53, 53, **ends))]


def cooked():
    head = (0x0800).to_bytes(2, "big") + bytes(2) + (1).to_bytes(4, "big") + bytes.fromhex("0304 00 06 000000000000 0000")
    return head + capture.udp(1, 2)


def fill(box):
    """What the runs above read."""
    packets = conversation()
    data = capture.pcap(packets)
    for name in ("f.pcap", "dir/a.pcap", "dir/b.pcap"):
        (box.dir / name).parent.mkdir(exist_ok=True)
        box.put(name, data)
    box.put("g.pcap.gz", gzip.compress(capture.pcap(packets, start=capture.START + 10)))
    box.put("f.pcapng", capture.pcapng([(capture.ETHERNET, p) for p in packets]))
    box.put("cooked.pcap", capture.pcap([cooked()], link=276))
    for kind in ("gz", "xz", "zst", "lz4"):
        box.run("-r", "f.pcap", "-w", f"p.pcap.{kind}")
        (box.dir / f"p.pcap.{kind}").rename(box.dir / f"f.pcap.{kind}")
    import bz2
    box.put("f.pcap.bz2", bz2.compress(data))
    box.put("there.pcap", b"something else")
    box.put("list", "f.pcap\ng.pcap.gz\ndir/a.pcap\n")
    box.put("filter", "tcp port 80 # all there is\n")
    box.put("patterns", "GET\nHTTP\n")
    box.put("secrets", "aes128:0x000102030405060708090a0b0c0d0e0f\n")
    box.put("command", '#!/bin/sh\necho "$1" >>"$1.done"\n')
    (box.dir / "command").chmod(0o755)
    (box.dir / "sub").mkdir()
    os.mkfifo(box.dir / "fifo")
    box.dir.chmod(0o777)
    (box.dir / "sub").chmod(0o777)


def files(box):
    return {str(p.relative_to(box.dir)): p.read_bytes() for p in sorted(box.dir.rglob("*"))
            if p.is_file() and ".bin" not in p.parts}


def once(box, command, words, before):
    """One run, and all that it leaves behind, which is cleared away."""
    stdin = b""
    if "-V - " in words + " ":
        stdin = (box.dir / "list").read_bytes()
    elif "-r - " in words + " ":
        stdin = before["f.pcap"]
    if "fifo" in words:
        what = "list" if "-V" in words else "f.pcap"
        writer = threading.Thread(target=lambda: (box.dir / "fifo").write_bytes(before[what]))
        writer.start()
    args = shlex.split(words)
    if os.getuid() != 0 and "-Z" in args:
        args = [a for i, a in enumerate(args) if a != "-Z" and args[i - 1] != "-Z"]
    # -Z root comes first, so that a run's own -Z is the one that counts.
    got = box.command(command, *args) if command and not stdin else box.command(command, *args, stdin=stdin) if command else \
        box.run(*args, stdin=stdin)
    if "fifo" in words:
        writer.join()
    commands_end(box, words)
    left = {n: data for n, data in files(box).items() if before.get(n) != data}
    for n in left:
        (box.dir / n).unlink()
    for n in set(left) & set(before):
        (box.dir / n).write_bytes(before[n])
    for n in ("streams", "sub/streams"):
        shutil.rmtree(box.dir / n, ignore_errors=True)
    return got, left


def commands_end(box, words):
    """-z's commands are not waited for: until nothing has changed for a while."""
    was = None
    for _ in range(100 if " -z " in words and " -C " in words else 0):
        now = files(box)
        if now == was and not any(n + ".gz" in now for n in now):
            break
        was = now
        time.sleep(0.05)


def without_times(left):
    """Names have the time in them, and so do gzip's heads."""
    return sorted((re.sub(r"\d{9,}", "T", n), b"" if n.endswith(".done") else gzip.decompress(data) if n.endswith("gz") else data)
                  for n, data in left.items())


def text_of(err):
    """What was said, without what tells of the sandbox and in which order helpers end."""
    return [line for line in err.decode().split("\n") if "--no-sandbox" not in line]


def try_both(box, command, words, before):
    what = f"{command or ''} {words}"
    inside, left = once(box, command, words, before)
    outside, left_outside = once(box, command, words + " --no-sandbox", before)
    assert inside.status >= 0, (what, inside.status, inside.err)
    assert b"helper process is gone" not in inside.err, (what, inside.err)
    assert b"--no-sandbox" in outside.err or outside.status != 0, (what, outside.err)
    assert inside.status == outside.status, (what, inside.status, inside.err, outside.status, outside.err)
    assert inside.out == outside.out, (what, inside.out, outside.out)
    assert text_of(inside.err) == text_of(outside.err), (what, inside.err, outside.err)
    assert without_times(left) == without_times(left_outside), (what, sorted(left), sorted(left_outside))
    fine = 1 if "--exit-status" in words else 0
    assert inside.status == fine and (inside.out or left or " -q " in f" {words} "), (what, inside.out, inside.err)


def confined(box, command, words):
    """It is the sandbox that this run is in."""
    got, _ = once(box, command, words + " --sandbox-report", files(box))
    text = got.err.decode()
    if "being examined" in text:
        raise Skip("there is no sandbox under examination")
    assert re.search(r"^the process that reads packets .*:\n(.*\n)*seccomp .* 2$", text, re.M), (words, text)


def runs(table):
    for option, how in table.items():
        for words in [how] if isinstance(how, str) else how or []:
            if words != "live":
                yield option, words


def test_every_option_has_a_run(box):
    names = {letter or name for letter, name, _, _, _ in rows()}
    assert names == set(DUMP), names ^ set(DUMP)


def test_every_command_has_runs(box):
    text = (ROOT / "src/cmd/commands.c").read_text()
    assert set(re.findall(r'^\t\{ "(\w+)", "', text, re.M)) == set(COMMANDS)
    for command, table in COMMANDS.items():
        usage = box.command(command, "--help").out.decode()
        found = {m.group(1) or m.group(2) for m in re.finditer(r"^  (?:-(\S)(?=[, ])|    --([\w-]+))", usage, re.M)}
        expected = set(COMMON) | set(table) - {""} if table else set()
        assert found == expected, (command, found ^ expected)


def test_options(box):
    fill(box)
    before = files(box)
    confined(box, None, "-n -r f.pcap")
    for _, words in runs(DUMP):
        try_both(box, None, words, before)


def test_commands(box):
    fill(box)
    before = files(box)
    confined(box, "stats", FILE)
    for command, table in COMMANDS.items():
        own = {"grep": "GET"}.get(command, "")
        for option, words in runs(table or {}):
            try_both(box, command, words, before)
        for option, words in runs(COMMON if table else {}):
            try_both(box, command, f"{own} {words}", before)


def test_names_come_from_the_helper(box):
    fill(box)
    for args in (["-r", "f.pcap"], ["-r", "f.pcap", "--print", "-w", "o.pcap"]):
        got = box.run(*args)
        assert got.status == 0 and b"IP localhost." in got.out and b".http:" in got.out, (got.out, got.err)
    got = box.run("-r", "f.pcap", "--count", "host localhost and port http")
    assert (got.out, got.status) == (b"2 packets\n", 0), got.err


def test_time_zones(box):
    """Zones by name, by file and by rule; a date in summer and one in winter."""
    box.put("f.pcap", capture.pcap(conversation()[:1], start=1_700_000_000) + capture.pcap(conversation()[:1], start=1_720_000_000)[24:])
    expected = {"UTC0": ["22:13", "09:46"], "XYZ-3": ["01:13", "12:46"]}
    if os.path.exists("/usr/share/zoneinfo/Europe/Berlin"):
        expected |= {"Europe/Berlin": ["23:13", "11:46"], ":Europe/Berlin": ["23:13", "11:46"]}
    for zone, times in expected.items():
        done = subprocess.run([str(box.bin / "wiretape"), "-Z", "root", "-n", "-tttt", "-r", "f.pcap"] if os.getuid() == 0 else
                              [str(box.bin / "wiretape"), "-n", "-tttt", "-r", "f.pcap"],
                              cwd=box.dir, env=dict(os.environ, TZ=zone, LC_ALL="de_DE.UTF-8"), capture_output=True, timeout=30)
        got = [line.split()[1][:5] for line in done.stdout.decode().splitlines()]
        assert done.returncode == 0 and got == times, (zone, got, done.stderr)


def test_files_that_say_names(box):
    """/etc/services is read before the sandbox, for ports without host names."""
    box.put("f.pcap", capture.pcap([capture.eth(capture.udp(40000, 53)), capture.eth(capture.tcp(40000, 80, 2))]))
    got = box.run("-r", "f.pcap", "tcp")
    assert got.status == 0 and b".http: Flags [S]" in got.out, (got.out, got.err)


def live(box, port, *args, command=None):
    """Captures on the loopback interface until three packets have come; its status and what it said."""
    child = subprocess.Popen(["wiretape", *([command] if command else []), "-Z", "root", *args], cwd=box.dir, env=box.env(),
                             executable=str(box.bin / "wiretape"), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE)
    said = b""
    while b"listening on" not in said or not said.endswith(b"\n"):
        got = os.read(child.stderr.fileno(), 4096)
        assert got, (args, said)
        said += got
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        for _ in range(200):
            s.sendto(b"x", ("127.0.0.1", port))
            if child.poll() is not None:
                break
            time.sleep(0.02)
    out, err = child.communicate(timeout=20)
    return out, said + err, child.returncode


LIVE = {
    "B": "-i lo -B 4096", "Q": "-i lo -Q in", "f": "-f -i lo", "i": ["-i lo", "-i any", "-i lo --json", "-i lo -e"],
    "j": ["-i lo -j host", "-i lo -w o.pcap -j 2"], "p": "-i lo -p", "s": "-i lo -s 40",
    "y": ["-i lo -y EN10MB", "-i any -y LINUX_SLL"], "immediate-mode": "-i lo --immediate-mode",
    "w": ["-i lo -w o.pcap", "-i lo -w o-%s.pcap -G 1", "-i lo -w o.pcap.zst -U", "-i lo -w sub/o.pcap -C 1 -W 2 -z gzip"],
}
LIVE_OWN = {"follow": {"o": "-i lo -o streams"}, "stats": {"plot": "-i lo --plot o.svg"}}
LIVE_COMMON = {"B": "-i lo -B 4096", "i": ["-i lo", "-i any"], "p": "-i lo -p", "s": "-i lo -s 60"}


def test_live(box):
    """Each option of a capture; without an interface to capture from there is nothing to try."""
    if os.getuid() != 0:
        raise Skip("needs root")
    fill(box)
    before = files(box)
    assert {o for o, how in DUMP.items() if how == "live"} <= set(LIVE)
    assert {o for o, how in COMMON.items() if how == "live"} <= set(LIVE_COMMON)
    probe = box.run("-i", "lo", "-d")
    if probe.status != 0:
        raise Skip("no capture on lo here")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sink:
        sink.bind(("127.0.0.1", 0))
        port = sink.getsockname()[1]
        for command in (None, "stats", "failed", "follow", "grep"):
            table = {**LIVE_COMMON, **LIVE_OWN.get(command, {})} if command else LIVE
            for _, words in runs(table):
                args = [*(["x"] if command == "grep" else []), *shlex.split(words), *([] if command else ["-n"]), "-c", "3"]
                out, err, status = live(box, port, *args, "udp", "port", str(port), command=command)
                assert status == 0, (command, words, status, out, err)
                for n in set(files(box)) - set(before):
                    (box.dir / n).unlink()
                shutil.rmtree(box.dir / "streams", ignore_errors=True)


def test_what_ends_early(box):
    """Lists and versions, as nobody has packets then."""
    for args in (["-D"], ["-h"], ["--version"], ["--fp-type"], ["--time-t-size"], ["-d", "tcp"], ["-ddd", "ip"]):
        got = box.run(*args)
        assert got.status in (0, 1) and got.out, (args, got.status, got.err)
    for args in (["-J", "-i", "lo"], ["-L", "-i", "lo"], ["-I", "-i", "lo", "-c", "1"]):
        assert box.run(*args).status in (0, 1), args
    got = box.shell("wiretape fields ip")
    assert got.status == 0 and b"ip.src" in got.out, got.err
