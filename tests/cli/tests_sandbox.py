"""The sandbox as the command line shows it; what it forbids is tried in tests/unit/sandbox.c."""
import os
import re
import shutil
import subprocess

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
