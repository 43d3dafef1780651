"""Nothing out of a packet or a file steers a terminal: control characters, escape sequences, characters that turn text around."""
import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path

import capture
import talk

GOLDEN = Path(__file__).resolve().parent.parent / "golden" / "run"

# What a terminal obeys, or what makes text read as something else; and bytes that are no text at all.
HOSTILE = [
    b"\x1b]0;owned\x07\x1b[2J\x1b[31m\x9b31m\x90\x9d\x84\x85",
    bytes(range(1, 32)) + b"\x7f" + bytes(range(0x80, 0xA0)),
    "\u009b31m\u0085\u0090\u202e\u2066\u2028\u200f\u061c\u0080".encode(),
    b"\n\r\x00\x08\x0b\x0c\xff\xfe\xc0\x80\xed\xa0\x80\xf5\xe2\x80",
    b"<&>\"'\\\x1b\x9b]]>\x7f\x00\n",
]
UNSAFE = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def unsafe(data, text_only=False):
    """What must not be in an output: None, or where it is and what. SOH and STX are NetBIOS' own, in tcpdump's text."""
    if text_only:
        found = re.search(rb"[^\n\t\x20-\x7e\x01\x02]", data)
    else:
        try:
            data = data.decode()
        except UnicodeDecodeError as e:
            return e.start, data[max(0, e.start - 60):e.start + 20]
        found = UNSAFE.search(data)
    return found and (found.start(), data[max(0, found.start() - 60):found.start() + 20])


def check(args, out, text_only):
    bad = unsafe(out, text_only)
    assert not bad, (args, bad)


def check_json(args, out):
    check(args, out, False)
    for line in out.splitlines():
        json.loads(line)


def filled(p, dice, with_what, share):
    """A packet in which words have become something else: some of their letters, or all."""
    out = bytearray(p)
    for m in re.finditer(rb"[\x20-\x7e]{2,}" if share >= 1 else rb"[A-Za-z0-9_-]{2,}", p):
        if share < 1 and dice.random() > share:
            continue
        at = dice.randrange(len(with_what))
        for i in range(m.start(), m.end()):
            out[i] = with_what[(at + i - m.start()) % len(with_what)]
    return bytes(out)


def flooded(p, dice, with_what):
    """A packet that from somewhere on is nothing else."""
    at = dice.randrange(14, max(15, min(len(p), 80)))
    rest = len(p) - at
    return p[:at] + (with_what * (rest // len(with_what) + 1))[:max(rest, 0)]


def golden_packets(box):
    """Every packet of the golden captures that can be read, as (link type, bytes)."""
    folder = box.dir / "golden"
    if not folder.exists():
        subprocess.run([sys.executable, GOLDEN, box.binary, "--captures", folder], check=True, stdout=subprocess.DEVNULL)
    for path in sorted(folder.glob("*.pcap")):
        data = path.read_bytes()
        if data[:4] not in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") or "cuts" in path.name:
            continue
        link = int.from_bytes(data[20:24], "little") & 0x3FFFFFF
        try:
            packets = capture.packets_of(data)
        except AssertionError:
            continue
        for p in packets:
            yield link, p


def hostile_captures(box):
    """Files of all golden packets, filled in different ways."""
    packets = list(golden_packets(box))
    assert len(packets) > 1500, len(packets)
    for i, (which, share) in enumerate(((0, 0.2), (1, 1), (2, 0.2), (2, 1), (3, 1), (4, 0.2), (0, None), (1, None))):
        dice = random.Random(i)
        box.put("hostile.pcapng", capture.pcapng([
            (link, filled(p, dice, HOSTILE[which], share) if share else flooded(p, dice, HOSTILE[which])) for link, p in packets]))
        yield i, "hostile.pcapng"


def all_fields(box):
    """Names of all fields that are text or bytes, in runs of as many columns as there may be."""
    said = subprocess.run([box.binary, "fields"], capture_output=True, text=True, check=True).stdout
    names = sorted(set(re.findall(r"^\s+(\S+\.\S+)\s+(?:text|bytes)\b", said, re.M)))
    assert len(names) > 100, len(names)
    return [names[i:i + 250] for i in range(0, len(names), 250)]


def test_every_protocol_full_of_escapes(box):
    columns = all_fields(box)
    for i, name in hostile_captures(box):
        for style in ("-n", "-nvvve", "-nvq", *(["-vvu", "-nvvvA", "-nXX"] if i == 0 else [])):
            done = box.run("-r", name, style)
            check((i, style), done.out, True)
            check((i, style), done.err, False)
        for args in ["--json"], ["--json", "--flows"], *(["--header", "--fields", ",".join(c)] for c in columns):
            done = box.run("-r", name, *args)
            (check_json if args[0] == "--json" else lambda a, o: check(a, o, False))((i, *args[:2]), done.out)
            if args[0] != "--json":
                assert all(line.count(b"\t") == args[2].count(",") for line in done.out.split(b"\n") if line)
        for args in (["stats", "--facts", "--hierarchy", "--time", "--sizes", "--endpoints", "--conversations", "--dns", "--http",
                      "--tls", "--top", "0", "--plot", "plot.svg"],
                     ["failed", "--top", "0"], ["follow"], ["follow", "--hex"], ["follow", "--http"], ["follow", "--time"],
                     ["grep", "[^q]{9}", "-m", "999"], ["grep", "[^q]{9}", "-m", "999", "--packets"],
                     ["grep", "[^q]{9}", "-m", "999", "-x", "-C", "20"]):
            done = box.command(args[0], "-r", name, *args[1:])
            check((i, args), done.out, False)
            check((i, args), done.err, False)
            if args[0] == "stats":
                svg(box)
            if args[0] == "grep" or "--time" in args:
                continue
            args = [a for a in args if a != "--plot" and a != "plot.svg"]
            done = box.command(args[0], "-r", name, *args[1:], *(["--json"] if "--hex" not in args else []))
            check((i, args, "json"), done.out, False)


def svg(box):
    """A drawing is well-formed and has no control characters."""
    import xml.dom.minidom
    path = box.dir / "plot.svg"
    if path.exists():
        check("plot.svg", path.read_bytes(), False)
        xml.dom.minidom.parse(str(path))


ESC = b"\x1b]0;x\x07\x9b31m\xc2\x9b\xe2\x80\xae\x7f\x00<a b=\"c\">&"


def http():
    line = ESC
    t = talk.Tcp().open()
    t.client(b"GET /%1b\xc2\x9b" + b" HTTP/1.1\r\nHost: " + line + b"\r\n" + line + b": " + line + b"\r\nUser-Agent: "
             + line + b"\r\n\r\n")
    t.server(b"HTTP/1.1 200 " + line + b"\r\nContent-Type: " + line + b"\r\nServer: " + line + b"\r\nContent-Disposition: attachment; "
             b"filename=\"../../" + line + b"\"\r\nContent-Encoding: " + line + b"\r\nContent-Length: %d\r\n\r\n" % len(line) + line)
    return t.close().out


def hello(name):
    """A ClientHello that asks for a server of that name, and for protocols called so."""
    def vector(size, body):
        return len(body).to_bytes(size, "big") + body
    extensions = b"\0\0" + vector(2, vector(2, b"\0" + vector(2, name))) + b"\0\x10" + vector(2, vector(2, vector(1, name)))
    body = b"\x03\x03" + bytes(32) + b"\0" + vector(2, b"\x13\x01\xc0\x2f") + b"\x01\0" + vector(2, extensions)
    return b"\x16\x03\x01" + vector(2, b"\x01" + vector(3, body))


def certificate(box, name):
    """A TLS certificate message for a certificate whose subject, issuer and names are that; None without openssl."""
    text = name.replace(b"\0", b"").decode("latin-1")
    config = box.dir / "cert.cnf"
    config.write_text("[req]\nprompt=no\nutf8=yes\nstring_mask=utf8only\ndistinguished_name=d\nx509_extensions=e\n[d]\nCN=host\nO=x\n"
                      "[e]\nsubjectAltName=DNS:host\n")
    try:
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "/dev/null", "-outform", "DER", "-out",
                        "cert.der", "-config", "cert.cnf", "-utf8", "-subj",
                        "/CN=" + text.replace("/", "\\/") + "/O=" + text.replace("/", "\\/")],
                       cwd=box.dir, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return (box.dir / "cert.der").read_bytes()


def dns(name):
    """A question for a name of one label, and its answer with text."""
    ask = b"\0\1\0%c\0\0\0\0" + bytes([len(name)]) + name + b"\0\0\x10\0\1"
    return b"\x12\x34\x01\0" + ask.replace(b"%c", b"\0"), b"\x12\x34\x81\x80" + ask.replace(b"%c", b"\1") + b"\xc0\x0c\0\x10\0\1\0\0\0\1" + (len(name) + 1).to_bytes(2, "big") + bytes([len(name)]) + name


def test_streams_full_of_escapes(box):
    packets = http()
    tls = talk.Tcp(client=("10.0.0.1", 40001), server=("10.0.0.2", 443)).open()
    tls.client(hello(ESC))
    der = certificate(box, ESC)
    if der:
        chain = len(der).to_bytes(3, "big") + der
        body = len(chain).to_bytes(3, "big") + chain
        message = b"\x0b" + len(body).to_bytes(3, "big") + body
        answer = b"\x02\0\0\x26\x03\x03" + bytes(32) + b"\0\xc0\x2f\0"
        tls.server(b"\x16\x03\x03" + len(answer + message).to_bytes(2, "big") + answer + message)
    tls.close()
    packets += tls.out
    ask, answer = dns(ESC)
    packets += [talk.udp(40002, 53, ask), talk.udp(53, 40002, answer, src="10.0.0.2", dst="10.0.0.1")]
    other = talk.Tcp(client=("10.0.0.1", 40003), server=("10.0.0.2", 9999)).open()
    other.client(ESC * 3).server(ESC + b"\n" + ESC)
    packets += other.close().out
    box.put("s.pcap", capture.pcap(packets))
    for args in (["stats"], ["stats", "--dns", "--http", "--tls", "--top", "0"], ["failed"], ["follow"], ["follow", "--hex"],
                 ["follow", "--http"], ["follow", "--time"], ["grep", "."], ["grep", ".", "--packets"], ["grep", "x.*", "-o"],
                 ["grep", ".", "-x"]):
        done = box.command(args[0], "-r", "s.pcap", *args[1:])
        assert done.status == 0 or args == ["failed"], (args, done.err)
        check(args, done.out, False)
        check(args, done.err, False)
        if args[0] not in ("grep",) and "--hex" not in args and "--time" not in args:
            done = box.command(args[0], "-r", "s.pcap", *args[1:], "--json")
            assert done.out, (args, done.err)
            check_json((args, "json"), done.out)
    said = box.command("stats", "-r", "s.pcap", "--dns", "--http", "--tls", "--top", "0").out
    assert said.count(rb"\x1b") >= (5 if der else 4), said


def test_text_is_safe_on_a_terminal(box):
    """Even the two control characters that tcpdump lets pass in names of NetBIOS."""
    import pty
    box.put("s.pcap", capture.pcap([capture.eth(capture.udp(137, 137, bytes.fromhex(
        "800085000000000100000000") + b"\x20" + b"ABACFPFPENFDECFCEPFHFDEFFPFPACAB" + bytes.fromhex("00002000010000000a0006000001020304")))]))
    done = box.run("-nvvvr", "s.pcap")
    assert b"\x01\x02__MSBROWSE__\x02" in done.out, done.out
    parent, child = pty.openpty()
    ran = box.popen("-nvvvr", "s.pcap", stdout=child, stderr=subprocess.DEVNULL)
    os.close(child)
    out = b""
    try:
        while part := os.read(parent, 4096):
            out += part
    except OSError:
        pass
    ran.wait()
    assert b"^A^B__MSBROWSE__^B" in out and not unsafe(out.replace(b"\r\n", b"\n")), out


def option(code, value):
    return code.to_bytes(2, "little") + len(value).to_bytes(2, "little") + value + b"\0" * (-len(value) % 4)


def test_what_a_capture_file_says_of_itself(box):
    """Comments, names and descriptions in a pcapng file."""
    import struct
    end = option(0, b"")
    frame = capture.conversation(3)[2]
    box.put("f.pcapng", capture.block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)
                                      + b"".join(option(i, ESC) for i in (1, 2, 3, 4)) + end)
            + capture.block(1, struct.pack("<HHI", 1, 0, 262144) + b"".join(option(i, ESC) for i in (1, 2, 3, 12, 15)) + end)
            + capture.block(1, struct.pack("<HHI", 1, 0, 262144) + b"".join(option(i, b"../../" + ESC) for i in (2, 3)) + end)
            + capture.block(6, struct.pack("<IIIII", 0, 1, 1, len(frame), len(frame)) + frame + b"\0" * (-len(frame) % 4)
                            + option(1, ESC) + end)
            + capture.block(6, struct.pack("<IIIII", 1, 1, 1, len(frame), len(frame)) + frame + b"\0" * (-len(frame) % 4)
                            + option(1, ESC) + end)
            + capture.block(4, b"\1\0" + (4 + len(ESC)).to_bytes(2, "little") + bytes([10, 0, 0, 1]) + ESC
                            + b"\0" * (-len(ESC) % 4) + bytes(4)))
    for args in ["-nvvv"], ["-e"], ["--json"], ["--json", "--flows"], ["--fields", "frame.interface_id,ip.src"]:
        done = box.run("-r", "f.pcapng", *args)
        assert done.out, (args, done.err)
        check(args, done.out, args[0].startswith("-n"))
        check(args, done.err, False)
    for args in ["stats"], ["stats", "--json"], ["stats", "--time", "--plot", "plot.svg"], ["failed"], ["follow"], ["grep", "x"]:
        done = box.command(args[0], "-r", "f.pcapng", *args[1:])
        check(args, done.out, False)
        check(args, done.err, False)
    svg(box)


def test_messages_with_names_of_files(box):
    """A file of a folder that is read may be called anything."""
    good = (box.dir / "f.pcap").read_bytes()
    os.mkdir(box.dir / "d")
    bad = ESC.replace(b"\0", b"").replace(b"/", b"")
    names = [b"a" + bad + b".pcap", b"b" + bad + b"\n.pcap"]
    for name, data in (names[0], good), (names[1], good[:-3]):
        with open(os.fsencode(box.dir / "d") + b"/" + name, "wb") as f:
            f.write(data)
    runs = [box.run("-r", "d", "-n"), box.run("-n", "-r", os.fsdecode(b"d/" + names[0])), box.run("-r", os.fsdecode(b"d/no" + bad)),
            box.run("-n", "-r", os.fsdecode(b"d/" + names[1])), box.run("-r", "f.pcap", os.fsdecode(b"host " + bad)),
            box.run("-r", "f.pcap", "-Y", os.fsdecode(b"ip.src == " + bad)), box.run("-i", os.fsdecode(bad)),
            box.run("-r", "f.pcap", "-w", os.fsdecode(b"no" + bad + b"/x")), box.run("-r", "f.pcap", "--fields", os.fsdecode(bad)),
            box.run("-T", os.fsdecode(bad))]
    for which in ["stats"], ["stats", "--json"], ["stats", "--plot", "plot.svg"], ["failed"], ["follow"], ["grep", "x"]:
        runs += [box.command(which[0], "-r", "d", *which[1:]), box.command(which[0], "-r", os.fsdecode(b"d/" + names[0]), *which[1:]),
                 box.command(which[0], "-r", os.fsdecode(b"d/" + names[1]), *which[1:]),
                 box.command(which[0], "-r", "f.pcap", os.fsdecode(bad))]
        svg(box)
    for i, done in enumerate(runs):
        check(i, done.out, False)
        check(i, done.err, False)


def test_files_of_follow_stay_in_their_folder(box):
    """Names are made of numbers, whatever the packets say; nothing that is there is followed or overwritten."""
    ends = [("10.0.0.1", "10.0.0.2"), ("2001:db8::1", "fe80::1"), ("::", "ff02::1")]
    packets = []
    for i, (a, b) in enumerate(ends):
        packets += talk.Tcp(client=(a, 40000 + i), server=(b, 80)).open().client(
            b"GET /../../../etc/passwd HTTP/1.1\r\nHost: ../..\r\n\r\n").server(
            b"HTTP/1.1 200 OK\r\nContent-Disposition: attachment; filename=\"/tmp/../../evil\"\r\nContent-Length: 2\r\n\r\nhi").close().out
    box.put("s.pcap", capture.pcap(packets))
    before = box.files()
    for i, how in enumerate(([], ["--raw"], ["--hex"], ["--json"], ["--http"], ["--client", "--raw"])):
        done = box.command("follow", "-r", "s.pcap", "-o", f"out{i}", *how)
        assert done.status == 0, (how, done.err)
        names = sorted(os.listdir(box.dir / f"out{i}"))
        assert len(names) >= 4 and len({n.lower() for n in names}) == len(names), names
        assert all(re.fullmatch(r"(index\.tsv|[a-z][a-z0-9_.-]+)", n) and len(n) < 192 and ".." not in n for n in names), names
        assert all((box.dir / f"out{i}" / n).is_file() for n in names)
    assert [f for f in box.files() if not f.startswith("out")] == before
    # What others have put there.
    names = sorted(n for n in os.listdir(box.dir / "out0") if n != "index.tsv")
    for planted in ("symlink", "hard link", "file", "fifo", "folder"):
        for force in [], ["--force"]:
            trap, victim = box.dir / f"trap {planted} {len(force)}", box.dir / "victim"
            os.mkdir(trap)
            victim.write_text("dear")
            for n in [names[0], *(["index.tsv"] if force else [])]:
                if planted == "symlink":
                    os.symlink(victim, trap / n)
                elif planted == "hard link":
                    os.link(victim, trap / n)
                elif planted == "fifo":
                    os.mkfifo(trap / n)
                elif planted == "folder":
                    os.mkdir(trap / n)
                else:
                    (trap / n).write_text("dear")
            done = box.command("follow", "-r", "s.pcap", "-o", str(trap), *force)
            assert victim.read_text() == "dear", (planted, force)
            if force and planted != "folder":
                assert done.status == 0 and (trap / names[0]).is_file() and not (trap / names[0]).is_symlink(), (planted, done.err)
            else:
                assert done.status != 0 and b"exist" in done.err or b"irectory" in done.err, (planted, force, done)
                if planted == "file":
                    assert (trap / names[0]).read_text() == "dear"
    # The folder's own name is the user's: a link to a folder is fine, one to a file is not.
    (box.dir / "link").symlink_to("victim")
    assert box.command("follow", "-r", "s.pcap", "-o", "link").status != 0
    assert (box.dir / "victim").read_text() == "dear"


def test_closed_standard_descriptors(box):
    """Nothing else gets their numbers: no message lands in a capture, no text in a socket, nothing is read from one."""
    def run(words):
        got = box.shell(f"exec wiretape {'-Z root' if os.getuid() == 0 else ''} {words}")
        return got.out, got.err, got.status

    box.put("f.pcap", capture.pcap(capture.conversation(30)))
    whole = (box.dir / "f.pcap").read_bytes()
    text = run("-r f.pcap")[0]
    assert text.count(b"\n") == 30
    for closed in ("<&-", "2>&-", "<&- 2>&-"):
        assert run(f"-r f.pcap {closed}")[::2] == (text, 0), closed
    for closed in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
        assert run(f"-r f.pcap -w o.pcap {closed}")[2] == 0, closed
        assert (box.dir / "o.pcap").read_bytes() == whole, closed
    # What would be lost is told.
    for words in ("-n -r f.pcap >&-", "-r f.pcap >&-", "-r f.pcap -w - >&-", "-r - <&-", "-r - -w o.pcap <&-"):
        out, err, status = run(words)
        assert status == 1 and b"Bad file descriptor" in err, (words, err)
