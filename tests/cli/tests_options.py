"""What options are there, what they say, and how the program ends."""
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import capture
from run import Skip

ROOT = Path(__file__).resolve().parents[2]


def rows():
    """(letter or None, long name or None, has argument, advertised, ours) of every option row."""
    text = (ROOT / "src/cmd/options.c").read_text()
    table = text[text.index("rows[] = {"):text.index("enum { ROWS")]
    out = []
    for m in re.finditer(r"\{ (?:'(.)'|OPT_\w+), (NULL|\"[^\"]*\"), (NULL|\"[^\"]*\"), (NULL|\"[^\"]*\")(, true)? \}",
                         table):
        letter, name, arg, text, ours = m.groups()
        out.append((letter, None if name == "NULL" else name[1:-1], arg != "NULL", text != "NULL", ours is not None))
    assert len(out) > 50
    return out


def check(got, out=None, err=None, status=0):
    if out is not None:
        assert got.out == (out if isinstance(out, bytes) else out.encode()), (got.out, got.err)
    if err is not None:
        assert got.err == (err if isinstance(err, bytes) else err.encode()), got.err
    assert got.status == status, (got.status, got.err)


READING = "reading from file f.pcap, link-type EN10MB (Ethernet), snapshot length 262144\n"


def test_rows_are_sorted(box):
    letters = [r[0] for r in rows() if r[0]]
    assert letters == sorted(letters)
    assert len(set(letters)) == len(letters)


def test_mistyped_command(box):
    """It can only be taken for a filter, whose error does not help."""
    want = b"reading from file f.pcap, link-type EN10MB (Ethernet), snapshot length 262144\n" \
        b"wiretape: can't parse filter expression: syntax error\n"
    got = box.command("folow", "tcp:5", "-r", "f.pcap")
    assert got.status == 1 and got.err == want + b"wiretape: 'folow' was taken for a filter: did you mean the command 'follow'?\n", got.err
    for words in (("nonsense",), ("igrp", "igrp")):
        got = box.command(*words, "-r", "f.pcap")
        assert got.status == 1 and got.err == want, got.err
    assert b"command" not in box.command("--fields", "nothing", "-r", "f.pcap").err


def test_usage_names_every_option(box):
    out, _, status = box.run("-h")
    usage = out.decode()
    assert status == 0
    for letter, name, arg, advertised, _ in rows():
        if not advertised or letter == "m":
            continue
        if letter and not arg:
            assert letter in re.search(r"\[-(\S+)\]", usage).group(1), letter
        elif letter:
            assert re.search(rf"\[ -{letter} ", usage), letter
        else:
            assert f"--{name}" in usage, name


def test_man_page_names_every_option(box):
    text = (ROOT / "man/wiretape.8").read_text()
    for letter, name, _, advertised, _ in rows():
        if advertised and letter:
            assert re.search(rf"^\.It Fl {re.escape(letter)}\b|^\.It Fl {re.escape(letter)}(?:$| )", text, re.M), letter
        if advertised and name:
            assert f"Fl -{name}" in text, name


def test_completions_name_every_option(box):
    for shell in ("wiretape.bash", "_wiretape", "wiretape.fish"):
        text = (ROOT / "completions" / shell).read_text()
        for letter, name, _, advertised, _ in rows():
            if not advertised:
                continue
            if letter and shell == "wiretape.fish":
                assert re.search(rf" -s '?{re.escape(letter)}'? ", text), (shell, letter)
            elif letter:
                assert re.search(rf"(?<![\w-])-{re.escape(letter)}(?![\w-])", text), (shell, letter)
            if name and shell == "wiretape.fish":
                assert re.search(rf" -l {name} ", text), (shell, name)
            elif name:
                assert f"--{name}" in text, (shell, name)


def test_bash_completion_works(box):
    if subprocess.run(["sh", "-c", "command -v bash"], capture_output=True).returncode:
        raise Skip("no bash installed")

    def complete(*words):
        script = f"source {ROOT}/completions/wiretape.bash; COMP_WORDS=({' '.join(words)}); " \
            f"COMP_CWORD={len(words) - 1}; _wiretape wiretape; printf '%s\\n' \"${{COMPREPLY[@]}}\""
        env = dict(box.env(), PATH=f"{box.bin}:/usr/sbin:/usr/bin:/sbin:/bin")
        done = subprocess.run(["bash", "-c", script], cwd=box.dir, env=env, capture_output=True, text=True)
        assert done.stderr == "", done.stderr
        return done.stdout.split()

    assert "--snapshot-length" in complete("wiretape", "--s")
    assert "lo" in complete("wiretape", "-i", "l")
    assert complete("wiretape", "-r", "f.p") == ["f.pcap"]
    assert complete("wiretape", "fie") == ["fields"]
    assert "tcp.srcport" in complete("wiretape", "--fields", "tcp.src")
    assert "ip.src,tcp.srcport" in complete("wiretape", "--fields", "ip.src,tcp.src")
    assert complete("wiretape", "-T", "pgm_") == ["pgm_zmtp1"]
    assert complete("wiretape", "grep", "-f", "f.p") == ["f.pcap"]
    assert complete("wiretape", "grep", "--color", "a") == ["always", "auto"]
    assert complete("wiretape", "stats", "-z", "plen") == ["plen,tree"]
    assert complete("wiretape", "stats", "--endpoints", "=", "tcp,ud") == ["tcp,udp"]
    assert complete("wiretape", "stats", "--conversations", "=", "ic") == ["icmp"]


# Types words into a zsh of its own and shows what the line and the list below it have become.
ZSH_TYPE = """
zmodload zsh/zpty
zpty z zsh -f -i
tell() { zpty -w z "$1" }
tell "PS1=; unset zle_bracketed_paste; fpath=($FOLDER \\$fpath); autoload -Uz compinit; compinit -u -d $PWD/.zcompdump"
tell "bindkey '^I' complete-word; setopt noautomenu nolistbeep; stty columns 500; print rea''dy"
repeat 100; do zpty -r -t z said && [[ $said == *ready* ]] && break; sleep 0.05; done
zpty -w -n z "$LINE"$'\\t\\t'
sleep 1.5
while zpty -r -t z said; do print -r -- "$said"; done
"""


def test_zsh_completion_works(box):
    if not shutil.which("zsh"):
        raise Skip("no zsh installed")

    def complete(line):
        env = dict(box.env(), PATH=f"{box.bin}:/usr/sbin:/usr/bin:/sbin:/bin", LINE=line, FOLDER=str(ROOT / "completions"))
        done = subprocess.run(["zsh", "-f", "-c", ZSH_TYPE], cwd=box.dir, env=env, capture_output=True, text=True, timeout=30)
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\a", "", done.stdout).split()

    assert "--snapshot-length=" in complete("wiretape --sna")
    assert "stats" in complete("wiretape st")
    assert "--conversations" in complete("wiretape stats --con")
    assert {"tcp.flags.fin", "tcp.flags.syn"} <= set(complete("wiretape --fields tcp.fl"))
    assert {"unanswered", "unreachable"} <= set(complete("wiretape failed --kind un"))


def test_fish_completion_works(box):
    if not shutil.which("fish"):
        raise Skip("no fish installed")

    def complete(line):
        script = f"source {ROOT}/completions/wiretape.fish; complete -C '{line}'"
        env = dict(box.env(), PATH=f"{box.bin}:/usr/sbin:/usr/bin:/sbin:/bin", HOME=str(box.dir))
        done = subprocess.run(["fish", "-N", "-c", script], cwd=box.dir, env=env, capture_output=True, text=True, timeout=30)
        assert done.stderr == "", done.stderr
        return [line.split("\t")[0] for line in done.stdout.splitlines()]

    assert complete("wiretape --sna") == ["--snapshot-length"]
    assert complete("wiretape st") == ["stats"]
    assert "lo" in complete("wiretape -i l")
    assert complete("wiretape -r f.p") == ["f.pcap"]
    assert "ip.src,tcp.srcport" in complete("wiretape --fields ip.src,tcp.src")
    assert complete("wiretape stats --by ra") == ["rate"]
    assert complete("wiretape failed --kind un") == ["unanswered", "unreachable"]
    assert "--http" in complete("wiretape follow --ht")


def test_a_file_without_its_option(box):
    """Commands that analyse take a filter where a path was put; then -r was meant."""
    for args in (["stats"], ["failed"], ["follow", "0"], ["grep", "x"]):
        got = box.command(*args, "./f.pcap", "-r", "f.pcap")
        assert got.status == 2 and got.out == b"" and got.err.count(b"\n") == 1, got
        assert got.err.endswith(b" (./f.pcap is a file: -r reads it)\n"), got.err
        assert b"is a file" not in box.command(*args, "host", "f.q", "-r", "f.pcap").err


def test_version(box):
    out, err, status = box.run("--version")
    assert status == 0 and err == b""
    assert re.match(rb"wiretape version \d+\.\d+\.\d+\nlibpcap version .*\nOpenSSL .*\n"
                    rb"(Compiled with AddressSanitizer.\n)?64-bit build, 64-bit time_t\n$", out), out
    assert box.run("--version", name="tcpdump").out.startswith(b"tcpdump version 4.99.6 ")


def test_unknown_option(box):
    out, err, status = box.run("-k")
    assert status == 1 and out == b""
    assert err.startswith(b"wiretape: invalid option -- 'k'\nwiretape version"), err
    assert box.run("--nonsense").err.startswith(b"wiretape: unrecognized option '--nonsense'\n")
    assert box.run("-c").err.startswith(b"wiretape: option requires an argument -- 'c'\n")


def test_usage_errors(box):
    for args, message in [
        ("-c 0", "invalid packet count 0"),
        ("-c x", "invalid packet count x"),
        ("-B 0", "invalid packet buffer size 0"),
        ("-C 0", "invalid file size 0"),
        ("-C 5x", "invalid file size 5x"),
        ("-C 5kk", "invalid file size 5kk"),
        ("-C k", "invalid file size k"),
        ("-C 9223372036854775807", "file size 9223372036854775807 is too large"),
        ("-G -1", "invalid number of seconds -1"),
        ("-W 0", "invalid number of output files 0"),
        ("-s -1", "invalid snaplen -1 (must be >= 0 and <= 262144)"),
        ("-s 262145", "invalid snaplen 262145 (must be >= 0 and <= 262144)"),
        ("-s 1x", "invalid snaplen 1x (must be >= 0 and <= 262144)"),
        ("-Q up", "unknown capture direction 'up'"),
        ("-T none", "unknown packet type 'none'"),
        ("-y NONE", "invalid data link type NONE"),
        ("-j none", "invalid time stamp type none"),
        ("--time-stamp-precision pico", "unsupported time stamp precision"),
        ("-tttttt -r f.pcap", "only -t, -tt, -ttt, -tttt and -ttttt are supported"),
        ("-f -r f.pcap", "-f can not be used with -V or -r"),
        ("-V f.pcap -r f.pcap", "-V and -r are mutually exclusive."),
        ("-A -x -r f.pcap", "-A and -x[x] are mutually exclusive."),
        ("-A -X -r f.pcap", "-A and -X[X] are mutually exclusive."),
        ("-r none.pcap", "none.pcap: No such file or directory"),
        ("-F none -r f.pcap", None),
        ("-V none", "Unable to open file: No such file or directory"),
        ("-i none0", "none0: No such device exists\n(No such device exists)"),
        ("-i 0", "Invalid adapter index 0"),
    ]:
        out, err, status = box.run(*args.split())
        assert status == 1, (args, status, err)
        assert out == b"", (args, out)
        if message is not None:
            assert err.decode() == f"wiretape: {message}\n", (args, err)
    assert box.run("-F", "none", "-r", "f.pcap").err.decode() == READING + \
        "wiretape: can't open none: No such file or directory\n"


def test_usage_errors_like_tcpdump(box):
    for args in ("-c 0", "-c x", "-B 0", "-C 0", "-G -1", "-W 0", "-Q up", "-T none", "-y NONE", "-j none",
                 "--time-stamp-precision pico", "-tttttt -r f.pcap", "-f -r f.pcap", "-V f.pcap -r f.pcap",
                 "-r none.pcap", "-V none", "-i none0", "-r f.pcap -F none", "-r f.pcap -w none/o", "-r /dev/null",
                 "-r f.pcap -w o -C 1 -G x tcp udp", "-L -i none0"):
        ours, theirs = box.run(*args.split(), name="tcpdump"), box.run(*args.split(), name="system")
        assert ours.status == theirs.status, (args, ours.err, theirs.err)
        # Earlier versions quote `so', and end some messages with a line end of their own.
        assert ours.err.rstrip() == theirs.err.replace(b"`", b"'").rstrip() and ours.out == theirs.out, (args, ours.err, theirs.err)


def test_command_lines_of_tutorials(box):
    """Those that read files, against the installed tcpdump, or against what they were meant to say."""
    a, b = "10.0.0.1", "10.0.0.2"
    box.put("dumpfile.pcap", capture.pcap(
        capture.conversation(20) +
        [capture.eth(capture.tcp(6667, 40001, 0x12, src=b, dst=a)), capture.eth(capture.ip4(11, b"voice")),
         capture.eth(capture.tcp(40003, 21, 0x18, b"USER me\r\n"))] +
        [capture.eth(capture.tcp(40002, 80, flag)) for flag in (0x20, 0x10, 8, 4, 2, 1)] +
        [capture.eth(capture.udp(1, 2, src="192.168.1.100"))]))
    for line in ("-r dumpfile.pcap", "-tttt -r dumpfile.pcap", "-tt -r dumpfile.pcap",
                 "-n -r dumpfile.pcap net 10.0.0.0/8", f"-n -r dumpfile.pcap src host {a} and dst host {b}",
                 "-n -r dumpfile.pcap tcp port 21", "-n -r dumpfile.pcap portrange 6666-6669",
                 "-n -r dumpfile.pcap src net 10.0.0 and dst net 10.0.1 or 10.0.0",
                 "-n -r dumpfile.pcap src net 10.0.0 and not icmp", "-n -s 1515 -c 5 -r dumpfile.pcap tcp or udp or icmp",
                 f"-n -r dumpfile.pcap -c 10 'tcp[13] == 18' and host {a}",
                 f"-n -nn -r dumpfile.pcap 'tcp and dst host {a} and tcp[13]==18' and portrange 6666-6669",
                 "-nX -s 1515 -r dumpfile.pcap", "-nn -r dumpfile.pcap -c 10 -e -S -q"):
        words = shlex.split(line)
        words = ["-n", *words] if "-n" not in line else words
        ours, theirs = box.run(*words, name="tcpdump"), box.run(*words, name="system")
        assert (ours.status, theirs.status) == (0, 0), (line, ours.err)
        assert ours.out == theirs.out and ours.err == theirs.err and ours.out, (line, ours.out, theirs.out)
    for flag in (32, 16, 8, 4, 2, 1):
        got = box.run("-n", "-r", "dumpfile.pcap", f"tcp[13] == {flag}")
        assert got.status == 0 and got.out.count(b"\n") == (2 if flag == 2 else 1), (flag, got.out)
    got = box.shell("wiretape -nxX -s 1515 -r dumpfile.pcap > full.dat && wiretape -nX -r dumpfile.pcap | cmp - full.dat")
    assert got.status == 0 and got.out == b"", got.err
    assert box.run("-xX", "-n", "-r", "dumpfile.pcap").out == (box.dir / "full.dat").read_bytes()
    got = box.run("-r", "dumpfile.pcap", "-w", "NVP-traffic.log", "proto", "11")
    packets = capture.packets_of((box.dir / "NVP-traffic.log").read_bytes())
    assert got.status == 0 and len(packets) == 1 and packets[0].endswith(b"voice")


def test_name_of_the_program(box):
    check(box.run("-r", "none", name="tcpdump"), "", "tcpdump: none: No such file or directory\n", 1)
    assert box.run("--json", "-r", "f.pcap", name="tcpdump").status == 1
    check(box.run("fields", "-r", "f.pcap", name="tcpdump"), "",
          READING + "tcpdump: can't parse filter expression: syntax error\n", 1)


def test_size_units(box):
    for size in ("1", "1k", "1K", "2m", "3G"):
        check(box.run("-r", "f.pcap", "-w", "out", "-C", size), "", READING)


def test_combined_letters_and_long_forms(box):
    want = box.run("-n", "-t", "-e", "-c", "1", "-r", "f.pcap")
    assert want.status == 0 and want.out.count(b"\n") == 1
    assert box.run("-ntec1", "-rf.pcap").out == want.out
    assert box.run("-nt", "-r", "f.pcap", "-e", "tcp", "-c", "1").out == want.out
    assert box.run("-nt", "--", "tcp", "-c").status == 1
    assert box.run("-n", "--snapshot-length=100", "--number", "-r", "f.pcap").out.startswith(b"    1  ")
    assert box.run("-n", "--snap", "100", "--numb", "-r", "f.pcap").out.startswith(b"    1  ")


def test_filter_code(box):
    got = box.run("-d", "ip proto 6")
    check(got, b"(000) ldh      [12]\n(001) jeq      #0x800           jt 2\tjf 5\n(002) ldb      [23]\n"
          b"(003) jeq      #0x6             jt 4\tjf 5\n(004) ret      #262144\n(005) ret      #0\n",
          "Warning: assuming Ethernet\n")
    check(box.run("-ddd", "-y", "RAW"), b"1\n6 0 0 262144\n", "")
    check(box.run("-dd", "-r", "f.pcap", "-s", "100"), b"{ 0x6, 0, 0, 0x00040000 },\n", READING)
    for args in (["-d", "host 10.0.0.1 and port 80"], ["-dd", "vlan 5 and tcp"], ["-ddd", "-O", "ip6 or arp"],
                 ["-d", "-y", "LINUX_SLL2", "pppoes and ip"], ["-d", "-s", "96", "mpls 5 and geneve"],
                 ["-d", "-r", "f.pcap", "portrange 20-25"], ["-d", "-r", "f.pcap", "inbound"]):
        ours, theirs = box.run(*args, name="tcpdump"), box.run(*args, name="system")
        assert (ours.out, ours.err, ours.status) == (theirs.out, theirs.err, theirs.status), (args, ours.err)


def test_filter_errors(box):
    for text in ("foo bar", "port", "host no.such.host.invalid", "tcp[", "vlan 5000", "and", "ether foo"):
        ours, theirs = box.run("-r", "f.pcap", text, name="tcpdump"), box.run("-r", "f.pcap", text, name="system")
        assert ours.status == theirs.status == 1
        assert ours.err == theirs.err, (ours.err, theirs.err)


def test_filter_file(box):
    box.put("filter", "# only what is\nudp # datagrams\nand port 22 # of this\n")
    got = box.run("-n", "-t", "-r", "f.pcap", "-F", "filter", "tcp")
    check(got, "IP 10.0.0.1.50000 > 10.0.0.2.22: UDP, length 2\n")
    box.put("filter", "tcp port 20-21\n")
    assert box.run("-n", "-r", "f.pcap", "-F", "filter").out.count(b"\n") == 2


def test_filter_on_link_layers(box):
    inner = capture.udp(1000, 2000)
    box.put("vlan.pcap", capture.pcap([capture.eth(inner, vlan=7), capture.eth(inner, vlan=8), capture.eth(inner)]))
    for text, count in (("vlan 7", 1), ("vlan and udp", 2), ("udp", 1), ("", 3), ("vlan 9", 0)):
        got = box.run("--count", "-r", "vlan.pcap", *([text] if text else []))
        assert got.out == f"{count} packet{'s' if count != 1 else ''}\n".encode(), (text, got.out)


def test_hex_and_ascii_together(box):
    want = box.run("-n", "-X", "-r", "f.pcap")
    assert want.status == 0
    for args in (["-nxX", "-s", "1515"], ["-n", "-xX"], ["-n", "-x", "-X"]):
        got = box.run(*args, "-r", "f.pcap")
        assert (got.out, got.status) == (want.out, 0)
    assert box.run("-xX", "-n", "-r", "f.pcap").err.decode() == READING


def test_port_with_a_hyphen(box):
    for text in (["port", "20-25"], ["port 20-25"], ["tcp or udp", "port", "20-25"]):
        want = box.run("-n", "-r", "f.pcap", *[w.replace("port", "portrange") for w in text])
        got = box.run("-n", "-r", "f.pcap", *text)
        assert got.status == 0 and got.out == want.out and got.out, (text, got.err)
    assert box.run("-d", "src port 6666-6669").out == box.run("-d", "src portrange 6666-6669").out
    # What only looks like it stays an error.
    assert box.run("-d", "port 20-").status == 1
    assert box.run("-d", "port 20-25-30").status == 1


def test_pasted_characters(box):
    want = box.run("-n", "-r", "f.pcap", "tcp[13] == 18").out
    assert want.count(b"\n") == 1
    for args in (["\u2013n", "\u2013r", "f.pcap", "\u2018tcp[13]", "==", "18\u2019"],
                 ["\u2014n", "-r", "f.pcap", "\u201ctcp[13] == 18\u201d"],
                 ["\u2212n\u00a0\u2212r\u00a0f.pcap", "tcp[13]\u00a0==\u00a018"],
                 ["\u2011n", "-r", "\u2018f.pcap\u2019", "\u201ctcp[13]", "==\u201d", "18"],
                 ["\u2014number", "-t", "-n", "-r", "f.pcap", "tcp[13]", "==", "\u201818"]):
        got = box.run(*args)
        assert got.status == 0, (args, got.err)
        if "-t" not in args:
            assert got.out == want, (args, got.out, got.err)
        else:
            assert got.out.startswith(b"    1  IP "), got.out
        warnings = [line for line in got.err.decode().splitlines() if "WARNING" in line]
        assert len(warnings) == 1 and "typographic" in warnings[0], got.err
    assert box.run("-n", "-r", "f.pcap", "port", "20\u201325").out == box.run("-n", "-r", "f.pcap").out[:0] + \
        box.run("-n", "-r", "f.pcap", "portrange", "20-25").out


def test_pasted_characters_in_file_names_stay(box):
    name = "Report \u2013 final.pcap"
    box.put(name, (box.dir / "f.pcap").read_bytes())
    got = box.run("-n", "-r", name)
    assert got.status == 0 and b"WARNING" not in got.err and got.out == box.run("-n", "-r", "f.pcap").out
    got = box.run("-r", "f.pcap", "-w", "a\u2014b.pcap")
    assert got.status == 0 and "a\u2014b.pcap" in box.files()


def test_smi_module_is_ignored(box):
    check(box.run("-n", "-m", "FOO", "-c", "1", "-t", "-r", "f.pcap", "udp"),
          "IP 10.0.0.1.50000 > 10.0.0.2.22: UDP, length 2\n",
          "wiretape: ignoring option '-m FOO' (no libsmi support)\n" + READING)


def test_list_of_interfaces(box):
    ours, theirs = box.run("-D"), box.run("-D", name="system")
    assert ours.out == theirs.out and ours.status == 0 and ours.out
    assert box.run("--list-interfaces").out == ours.out


def test_man_page_has_each_section_once(box):
    sections = re.findall(r"^\.Sh (.*)$", (ROOT / "man/wiretape.8").read_text(), re.M)
    assert len(set(sections)) == len(sections) > 10, sections


def test_man_page_is_clean(box):
    try:
        done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", str(ROOT / "man/wiretape.8")],
                              capture_output=True, text=True)
    except FileNotFoundError:
        raise Skip("no mandoc installed")
    assert done.returncode == 0, done.stdout
    titles = re.findall(r"^\.S[hs] .*", (ROOT / "man/wiretape.8").read_text(), re.M)
    assert len(titles) == len(set(titles)) > 20, titles


def test_no_jit_changes_nothing_but_the_time(box):
    for words in ("udp port 53", "tcp", "host 10.0.0.1 or host 10.0.0.2", ""):
        got = box.run("-n", "-r", "f.pcap", *words.split())
        check(box.run("-n", "-r", "f.pcap", "--no-jit", *words.split()), got.out, got.err, got.status)
