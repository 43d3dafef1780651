"""The sandbox as the command line shows it; what it forbids is tried in tests/unit/sandbox.c."""
import os
import re
import shutil
import signal
import subprocess
import time

import capture
from run import Skip


def report(box, *args):
    got = box.run(*args, "--sandbox-report", "-n", "-r", "f.pcap")
    text = got.err.decode()
    if "being examined" in text:
        raise Skip("there is no sandbox under examination")
    return got, text


def test_report(box):
    box.put("f.pcap", capture.pcap(capture.conversation(3)))
    got, text = report(box, "-w", "o.pcap")
    assert got.status == 0, text
    assert re.search(r"^no_new_privs +1$", text, re.M) and re.search(r"^seccomp .* 2$", text, re.M), text
    assert re.search(r"^capabilities in force +0+$", text, re.M), text
    assert re.search(r"^may read +f\.pcap$", text, re.M), text
    assert re.search(r"^may write +\.$", text, re.M) or "not in this kernel" in text, text
    # A file that is there is the only one that can be written to.
    _, text = report(box, "-w", "o.pcap")
    assert re.search(r"^may write +o\.pcap$", text, re.M) or "not in this kernel" in text, text


def test_root_is_given_up_before_files_are_read(box):
    if os.getuid() != 0:
        raise Skip("needs root")
    box.put("f.pcap", capture.pcap(capture.conversation(3)))
    _, text = report(box, "-Z", "nobody")
    assert re.search(r"^user .* 65534\t65534\t65534\t65534$", text, re.M), text


def test_no_environment_opens_it(box):
    """It is left out under valgrind, and only there: what looks like valgrind's environment is none."""
    box.put("f.pcap", capture.pcap(capture.conversation(3)))
    report(box)
    done = subprocess.run([str(box.bin / "wiretape"), "--sandbox-report", "-n", "-r", "f.pcap"], cwd=box.dir, capture_output=True, text=True,
                          timeout=30, env=dict(box.env(), LD_PRELOAD="/no/vgpreload_core-amd64-linux.so", VALGRIND_LAUNCHER="/usr/bin/valgrind"))
    assert re.search(r"^seccomp .* 2$", done.stderr, re.M), done.stderr
    if shutil.which("valgrind"):
        done = subprocess.run(["valgrind", "-q", "--tool=none", str(box.bin / "wiretape"), "--sandbox-report", "-n", "-r", "f.pcap"],
                              cwd=box.dir, capture_output=True, text=True, timeout=60, env=box.env())
        assert done.returncode == 0 and "no sandbox                                   the program is being examined" in done.stderr, done.stderr


def test_going_without_is_said(box):
    box.put("f.pcap", capture.pcap(capture.conversation(3)))
    got = box.run("--no-sandbox", "-n", "-r", "f.pcap")
    assert got.status == 0 and b"WARNING: --no-sandbox" in got.err, got.err


def test_names_in_a_filter(box):
    box.put("f.pcap", capture.pcap([capture.eth(capture.tcp(1000, port, 2)) for port in (80, 22, 80)]))
    got = box.run("-r", "f.pcap", "--count", "tcp port http and not host localhost and proto \\tcp")
    assert (got.out, got.status) == (b"2 packets\n", 0), got.err
    got = box.run("-r", "f.pcap", "--count", "host no.such.name.invalid")
    assert got.status == 1 and b"unknown host" in got.err, got.err


def test_output_elsewhere(box):
    """Folders that no rule of this test's is about: through links, by relative and absolute names."""
    box.put("f.pcap", capture.pcap(capture.conversation(3)))
    os.makedirs(box.dir / "deep" / "er")
    os.symlink("deep/er", box.dir / "link")
    for name in ("deep/er/o.pcap", "link/p.pcap", str(box.dir / "deep" / "q.pcap"), "./r.pcap", "deep/../s.pcap"):
        got = box.run("-r", "f.pcap", "-w", name)
        assert got.status == 0 and (box.dir / name).stat().st_size > 24, (name, got.err)


def test_pipes_by_name(box):
    """No rule of the sandbox can be about a pipe, and none has to."""
    data = capture.pcap(capture.conversation(3))
    got = box.run("-n", "-r", "/dev/stdin", stdin=data)
    assert got.status == 0 and got.out.count(b"\n") == 3, got.err
    got = box.command("stats", "-r", "/dev/stdin", stdin=data)
    assert got.status == 0 and b"packets         3" in got.out, got.err
    got = box.run("-r", "/dev/stdin", "-w", "/dev/stdout", stdin=data)
    assert got.status == 0 and got.out == data, got.err


def test_set_user_id(box):
    """Nothing but opening the interface is done as root for who is not: no file of -F is read, nobody is become."""
    if os.getuid() != 0:
        raise Skip("needs root")
    program = box.dir / "set-user-id"
    shutil.copy(box.binary, program)
    program.chmod(0o4755)
    box.dir.chmod(0o755)
    box.put("f.pcap", capture.pcap(capture.conversation(3)))
    box.put("secret", "no.such.name.invalid\n")
    (box.dir / "f.pcap").chmod(0o644)
    (box.dir / "secret").chmod(0o600)

    def run(*args):
        return subprocess.run([str(program), *args], cwd=box.dir, env=box.env(), stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=30, user=65534, group=65534, extra_groups=[])

    try:
        got = run("-n", "-r", "f.pcap")
    except PermissionError:
        raise Skip("the folder of the tests is not everybody's")
    assert got.returncode == 0 and got.stdout.count(b"\n") == 3, got.stderr
    got = run("-i", "lo", "-F", "secret", "-d")
    if b"permission to" in got.stderr:
        raise Skip("set-user-ID programs are like others here")
    assert got.returncode == 1 and b"can't open secret: Permission denied" in got.stderr, got.stderr
    for args in (["grep", "-i", "lo", "-f", "secret"], ["follow", "-i", "lo", "-o", "made"], ["follow", "-r", "f.pcap", "-o", "made"]):
        got = run(*args)
        assert got.returncode == 2 and b"Permission denied" in got.stderr and not (box.dir / "made").exists(), (args, got.stderr)


def sections(text):
    """What --sandbox-report says of each process: its lines, by the process."""
    out, mine = {}, None
    for line in text.splitlines():
        title = re.match(r"^the (.*) \(process \d+\):$", line)
        if title:
            mine = out.setdefault(title.group(1), [])
        elif mine is not None:
            mine.append(re.sub(r" {2,}", ": ", line))
    return out


def test_report_of_the_helpers(box):
    box.put("f.pcap", capture.pcap(capture.conversation(3)))
    got = box.run("--sandbox-report", "-r", "f.pcap", "--print", "-w", "o.pcap", "-C", "1", "-z", "true")
    text = got.err.decode()
    if "being examined" in text:
        raise Skip("there is no sandbox under examination")
    told = sections(text)
    assert got.status == 0 and len(told) == 3, text
    names, runner, reader = (told[k] for k in ("helper that asks for names", "helper that runs commands",
                                               "process that reads packets"))
    for mine in (names, runner, reader):
        assert "capabilities in force: 0000000000000000" in mine, mine
    for mine in (names, reader):
        assert "no_new_privs: 1" in mine and "seccomp (2: a list of system calls): 2" in mine, mine
        assert any(x.startswith("Landlock: ") for x in mine), mine
    assert "sockets that can be opened: to name servers" in names and "sockets that can be opened: none" in reader
    assert not any(x.startswith("may write") for x in names) and "may read: /etc/hosts" in names, names
    assert not {"may read: /etc", "may read: /"} & set(names + reader) and "may read: /etc/hosts" not in reader, (names, reader)
    assert "may write: ." in reader, reader
    assert "no sandbox: the command would be in it, too" in runner, runner
    # A list that is still being written is opened by somebody else: the reader has no files at all.
    told = sections(box.run("--sandbox-report", "-n", "-V", "-", stdin=b"f.pcap\n").err.decode())
    assert "may read: /" in told["helper that opens files"], told
    assert [x for x in told["process that reads packets"] if x.startswith("may")] == \
        ["may read: /etc/localtime", "may read: /usr/share/zoneinfo"], told


def test_report_of_every_command(box):
    box.put("f.pcap", capture.pcap(capture.conversation(3)))
    for command in ("failed", "follow", "grep", "stats"):
        got = box.command(command, *(["x"] if command == "grep" else []), "-r", "f.pcap", "--sandbox-report")
        told = sections(got.err.decode())
        if "being examined" in got.err.decode():
            raise Skip("there is no sandbox under examination")
        assert "seccomp (2: a list of system calls): 2" in told["process that reads packets"], (command, got.err)
        got = box.command(command, *(["x"] if command == "grep" else []), "-r", "f.pcap", "--sandbox-report", "--no-sandbox")
        assert b"WARNING: --no-sandbox" in got.err, (command, got.err)
        assert "no sandbox: --no-sandbox" in sections(got.err.decode())["process that reads packets"], got.err


def test_commands_are_run_on_what_was_written_only(box):
    """A name that leads up behind its first % could be anybody's."""
    box.put("f.pcap", capture.pcap(capture.conversation(30)))
    box.put("command", '#!/bin/sh\n: >"$1.done"\n')
    (box.dir / "command").chmod(0o755)
    os.makedirs(box.dir / "sub" / "%")
    got = box.run("-r", "f.pcap", "-w", "sub/%%/../o", "-G", "3600", "-C", "1k", "-z", "./command")
    for _ in range(50):
        if b"is not run" in got.err:
            break
        time.sleep(0.05)
    assert got.status == 0 and b"./command is not run on a file that is none of -w's\n" in got.err, got.err
    assert not list(box.dir.rglob("*.done")) and len(list((box.dir / "sub").glob("o*"))) > 1


def test_list_from_a_pipe(box):
    """Names that come late are waited for; a signal ends that; what cannot be opened is told as ever."""
    box.put("f.pcap", capture.pcap(capture.conversation(3)))
    child = box.popen("-n", "-V", "-", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    child.stdin.write(b"f.pcap\nf.p")
    child.stdin.flush()
    lines = [child.stdout.readline() for _ in range(3)]
    assert all(b" IP " in line for line in lines), lines
    child.stdin.write(b"cap\nno.such.file\n")
    child.stdin.close()
    child.stdin = None
    out, err = child.communicate(timeout=20)
    assert out.count(b"\n") == 3 and child.returncode == 1, (out, err)
    assert b"wiretape: no.such.file: No such file or directory\n" in err, err
    child = box.popen("-n", "-V", "-", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    child.stdin.write(b"f.pcap\n")
    child.stdin.flush()
    lines = [child.stdout.readline() for _ in range(3)]
    time.sleep(0.3)
    child.send_signal(signal.SIGINT)
    child.wait(timeout=20)
    assert child.returncode == 0, child.stderr.read()
    child.stdin.close()
    got = box.run("-V", "-", stdin=b"")
    assert got.err == b"wiretape: Nothing in -\n" and got.status == 1, got.err
