"""follow: what conversations say, in every form, and as tshark finds it."""
import base64
import gzip
import hashlib
import json
import os
import re
import shutil
import struct
import subprocess
import zlib
from pathlib import Path

import capture
import talk
from run import Skip

ROOT = Path(__file__).resolve().parents[2]
RULE = b"=" * 67 + b"\n"


def community(client, server, proto=6):
    """The specification, once more: the smaller end first."""
    (a, p), (b, q) = sorted((talk.address(h), n) for h, n in (client, server))
    digest = hashlib.sha1(struct.pack(">H", 0) + a + b + struct.pack(">BBHH", proto, 0, p, q)).digest()
    return b"1:" + base64.b64encode(digest)


ID = community(("10.0.0.1", 40000), ("10.0.0.2", 80))


def simple():
    t = talk.Tcp().open()
    t.client(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").server(b"HTTP/1.0 200 OK\r\n\r\na\x1bb\tc\rd\r\ne").client(b"more")
    return t.close().out


def objects(result):
    return [json.loads(line) for line in result.out.splitlines()]


def data_of(o):
    return o["text"].encode() if "text" in o else base64.b64decode(o["base64"])


def said(result):
    """(client's bytes, server's bytes), each a list of bytes and of sizes of what is missing."""
    sides = {"client": [b""], "server": [b""]}
    for o in objects(result):
        if o["event"] == "data":
            side = sides[o["direction"]]
            if isinstance(side[-1], int):
                side.append(b"")
            side[-1] += data_of(o)
        elif o["event"] == "missing":
            sides[o["direction"]].append(o["length"])
    return sides["client"], sides["server"]


def test_follow_text(box):
    box.put("t.pcap", capture.pcap(simple()))
    got = box.command("follow", "-r", "t.pcap", "0")
    assert got.status == 0 and got.out == (
        RULE + b"Follow: tcp,ascii\nFilter: tcp.stream eq 0\nCommunity ID: " + ID + b"\n"
        b"Node 0: 10.0.0.1:40000\nNode 1: 10.0.0.2:80\n"
        b"GET / HTTP/1.1\nHost: x\n\n"
        b"\tHTTP/1.0 200 OK\n\t\n\ta.b c.d\n\te\n"
        b"more\n" + RULE), got
    assert box.command("follow", "-r", "t.pcap", "tcp:0", "--client").out.endswith(b":80\nGET / HTTP/1.1\nHost: x\n\nmore\n" + RULE)
    assert b"GET" not in box.command("follow", "-r", "t.pcap", "0", "--server").out
    got = box.command("follow", "-r", "t.pcap", "0", "--time", "--client")
    assert b"\n[2023-11-14 22:13:20.003000 packet 4, 27 bytes]\nGET" in got.out, got.out


def test_follow_hex(box):
    box.put("t.pcap", capture.pcap(simple()))
    got = box.command("follow", "-r", "t.pcap", "0", "--hex")
    assert got.out.splitlines()[6:] == [
        b"00000000  47 45 54 20 2f 20 48 54  54 50 2f 31 2e 31 0d 0a  GET / HT TP/1.1..",
        b"00000010  48 6f 73 74 3a 20 78 0d  0a 0d 0a                 Host: x. ...",
        b"\t00000000  48 54 54 50 2f 31 2e 30  20 32 30 30 20 4f 4b 0d  HTTP/1.0  200 OK.",
        b"\t00000010  0a 0d 0a 61 1b 62 09 63  0d 64 0d 0a 65           ...a.b.c .d..e",
        b"0000001B  6d 6f 72 65                                       more", RULE.strip()], got.out


def test_follow_raw(box):
    box.put("t.pcap", capture.pcap(simple()))
    assert box.command("follow", "-r", "t.pcap", "0", "--raw", "--server").out == b"HTTP/1.0 200 OK\r\n\r\na\x1bb\tc\rd\r\ne"
    assert box.command("follow", "-r", "t.pcap", "0", "--raw", "--client").out == b"GET / HTTP/1.1\r\nHost: x\r\n\r\nmore"
    # Two streams are not one file.
    box.put("two.pcap", capture.pcap(simple() + [talk.udp(1, 2, b"x")]))
    got = box.command("follow", "-r", "two.pcap", "--raw")
    assert got.status == 2 and b"another one" in got.err, got.err


def test_follow_json(box):
    t = talk.Tcp(mss=5).open().client(b"ab\xff").lose(1, 7).server("grün\n".encode())
    box.put("t.pcap", capture.pcap(t.close().out))
    got = objects(box.command("follow", "-r", "t.pcap", "0", "--json"))
    assert [o["event"] for o in got] == ["stream", "data", "missing", "data", "data", "end"], got
    assert got[0]["client"] == {"address": "10.0.0.1", "port": 40000} and got[0]["packet"] == 1
    assert got[0]["community_id"].startswith("1:") and got[0]["time"] == "1700000000.000000000"
    assert got[1]["base64"] == "YWL/" and got[1]["direction"] == "client" and got[1]["packet"] == 4
    assert (got[2]["offset"], got[2]["length"]) == (0, 7)
    assert (got[3]["offset"], got[3]["text"]) == (7, "grün")
    assert got[4]["text"] == "\n" and got[5]["server_missing"] == 7


def test_follow_names_streams(box):
    packets = simple() + [talk.udp(5000, 53, b"query"), talk.udp(53, 5000, b"answer", src="10.0.0.2", dst="10.0.0.1")]
    packets += talk.Tcp(("2001:db8::1", 1234), ("2001:db8::2", 443)).open().client(b"six").out
    packets += [talk.sctp(7, 8, 1, b"stream control")]
    box.put("t.pcap", capture.pcap(packets))
    head = re.compile(rb"^Filter: (\S+) eq (\d+)$", re.M)

    def shown(*words):
        got = box.command("follow", "-r", "t.pcap", *words)
        assert got.status == 0, got.err
        return [(a.decode(), int(b)) for a, b in head.findall(got.out)]

    tcp0, tcp1, udp0, sctp0 = ("tcp.stream", 0), ("tcp.stream", 1), ("udp.stream", 0), ("sctp.assoc_index", 0)
    assert shown("1") == [tcp1]
    assert shown("udp:0") == [udp0]
    assert shown("sctp:0") == [sctp0]
    assert b"\nstream control\n" in box.command("follow", "-r", "t.pcap", "sctp:0").out
    assert shown("tcp:0", "udp:0") == [tcp0, udp0]
    assert shown("10.0.0.2:80-10.0.0.1:40000") == [tcp0]
    assert shown("10.0.0.1:5000-10.0.0.2:53") == [udp0]
    assert shown("[2001:db8::2]:443-[2001:0db8::1]:1234") == [tcp1]
    assert shown(ID.decode()) == [tcp0]
    assert sorted(shown()) == sorted(shown("--all")) == sorted([tcp0, tcp1, udp0, sctp0])
    assert shown("udp") == [udp0]
    assert shown("port", "443") == [tcp0]       # of what the capture filter passes, it is the first
    for words, message in ((["7"], b"no stream 7"), (["tcp:x"], b"no stream's number"), (["1:short"], b"no Community ID"),
                           (["10.0.0.1:1-10.0.0.2"], b"no pair of ends"), (["--hex", "--raw", "0"], b"mutually exclusive"),
                           (["-r", "none.pcap", "0"], b"none.pcap")):
        got = box.command("follow", "-r", "t.pcap", *words)
        assert got.status == 2 and message in got.err and got.err.count(b"\n") == 1, (words, got.err)


def test_follow_display_filter(box):
    packets = simple() + talk.Tcp(("10.0.0.1", 40001)).open().client(b"other").out
    box.put("t.pcap", capture.pcap(packets))
    # Read twice: the whole stream, though only its end matches.
    got = box.command("follow", "-r", "t.pcap", "-Y", "tcp.flags.fin == 1")
    assert got.out == box.command("follow", "-r", "t.pcap", "0").out and got.status == 0, got.err
    assert b"other" in box.command("follow", "-r", "t.pcap", "-Y", "tcp.port == 40001").out


def test_follow_display_filter_of_a_pipe(box):
    """From the packet on that matches, that one included."""
    t = talk.Tcp().open().client(b"before").client(b"now").server(b"after")
    box.put("t.pcap", capture.pcap(t.out))
    got = box.shell("wiretape follow -Z root -r - --json -Y 'tcp.len == 3' < t.pcap" if os.getuid() == 0 else
                    "wiretape follow -r - --json -Y 'tcp.len == 3' < t.pcap")
    assert said(got) == ([b"now"], [b"after"]), got.out
    assert b"cannot be read twice" in got.err


def test_follow_several(box):
    """As they come, and it is said whose turn it is."""
    out = []
    a = talk.Tcp(("10.0.0.1", 1), out=out).open()
    b = talk.Tcp(("10.0.0.1", 2), out=out).open()
    a.client(b"a1\n")
    b.client(b"b1\n")
    a.client(b"a2\n")
    box.put("t.pcap", capture.pcap(out))
    text = box.command("follow", "-r", "t.pcap").out
    assert re.search(rb"a1\n=+\nFollow: tcp,ascii\nFilter: tcp.stream eq 1\n(.*\n){3}b1\n=== tcp:0 10.0.0.1:1 - 10.0.0.2:80 ===\na2\n",
                     text), text


def test_follow_is_harmless(box):
    """No control character of a packet gets out, whatever the form; a terminal gets no raw bytes."""
    t = talk.Tcp().open().client(bytes(range(256)) * 3).server(b"\xc2\x9b31m \xe2\x80\xae\x1b]0;x\x07")
    t.server(b"HTTP/1.1 200 \x1b[31m\r\nX\x9b: \x1b\r\nContent-Length: 2\r\n\r\n\x1b\x9b")
    box.put("t.pcap", capture.pcap(t.out))
    for words in ([], ["--hex"], ["--http"], ["--json"], ["--json", "--http"]):
        got = box.command("follow", "-r", "t.pcap", "0", *words)
        assert got.status == 0
        text = got.out.decode("utf-8")
        assert not [c for c in text if (ord(c) < 32 and c not in "\n\t") or 0x7f <= ord(c) < 0xa0], (words, got.out)
    user = "-Z root" if os.getuid() == 0 else ""
    if shutil.which("script"):
        got = box.shell(f"script -qec 'wiretape follow {user} -r t.pcap 0 --raw' /dev/null")
        assert b"terminal" in got.out and b"\x07" not in got.out, got.out
        got = box.shell(f"NO_COLOR= TERM=xterm script -qec 'wiretape follow {user} -r t.pcap 0 --client' /dev/null")
        assert b"\x1b[31m" in got.out
        got = box.shell(f"NO_COLOR=1 script -qec 'wiretape follow {user} -r t.pcap 0 --client' /dev/null")
        assert b"\x1b[31m" not in got.out


def test_follow_conflict(box):
    t = talk.Tcp().open()
    t.seg(0, talk.ACK | talk.PSH, b"evil", seq=1003)
    t.seg(0, talk.ACK | talk.PSH, b"EVIL", seq=1003)
    t.seg(0, talk.ACK | talk.PSH, b"ab", seq=1001)
    t.next[0] += 6
    t.seg(1, talk.ACK)
    box.put("t.pcap", capture.pcap(t.out))
    got = [o for o in objects(box.command("follow", "-r", "t.pcap", "0", "--json")) if o["event"] == "conflict"]
    assert len(got) == 1 and (got[0]["offset"], got[0]["length"]) == (2, 4), got
    assert {got[0]["kept"]["text"], got[0]["other"]["text"]} == {"evil", "EVIL"}
    text = box.command("follow", "-r", "t.pcap", "0").out
    assert b"[4 bytes came again and were different" in text and b"abevil" in text and b"EVIL" in text, text


# --- HTTP


def http_talk():
    body = b"<p>what was meant</p>\n" * 20
    packed = gzip.compress(body)
    chunked = b"".join(b"%x\r\n%s\r\n" % (len(c), c) for c in (packed[:10], packed[10:])) + b"0\r\n\r\n"
    t = talk.Tcp(mss=37).open()
    t.client(b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
    t.server(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked)
    t.client(b"POST /b HTTP/1.1\r\nContent-Length: 4\r\n\r\nform")
    t.server(b"HTTP/1.1 404 No\r\nContent-Encoding: deflate\r\nContent-Length: %d\r\n\r\n" % len(zlib.compress(b"gone"))
             + zlib.compress(b"gone"))
    return t.close().out, body


def test_follow_http(box):
    packets, body = http_talk()
    box.put("t.pcap", capture.pcap(packets))
    text = box.command("follow", "-r", "t.pcap", "0", "--http").out
    assert text.count(b"\t<p>what was meant</p>\n") == 20 and b"\tgone\n" in text and b"\nform\n" in text, text
    assert b"Filter: tcp.stream eq 0" in text and b"Follow: tcp,http" in text
    assert b"[440 bytes decoded from " in text
    got = objects(box.command("follow", "-r", "t.pcap", "0", "--http", "--json"))
    requests = [o for o in got if o["event"] == "http_request"]
    responses = [o for o in got if o["event"] == "http_response"]
    assert [(o["method"], o["target"]) for o in requests] == [("GET", "/a"), ("POST", "/b")]
    assert [(o["code"], o["request_method"]) for o in responses] == [(200, "GET"), (404, "POST")]
    assert ["Host", "x"] in requests[0]["headers"]
    bodies = b"".join(data_of(o) for o in got if o["event"] == "http_body" and o["direction"] == "server")
    assert bodies == body + b"gone"
    ends = [o for o in got if o["event"] == "http_end"]
    assert [o["decoded"] for o in ends] == [0, len(body), 4, 4] and not any(o["cut"] for o in ends), ends
    # Only one side is shown; what it answers is known.
    got = objects(box.command("follow", "-r", "t.pcap", "0", "--http", "--json", "--server"))
    assert [o.get("request_method") for o in got if o["event"] == "http_response"] == ["GET", "POST"]
    assert not [o for o in got if o.get("direction") == "client"]


def test_follow_http_files(box):
    packets, body = http_talk()
    box.put("t.pcap", capture.pcap(packets))
    assert box.command("follow", "-r", "t.pcap", "--http", "-o", "d").status == 0
    stem = "tcp-00000000-10.0.0.1.40000-10.0.0.2.80."
    names = sorted(p.name for p in (box.dir / "d").iterdir())
    assert names == ["index.tsv"] + [stem + x for x in ("00001.response.body", "00002.request.body", "00002.response.body",
                                                        "txt")], names
    assert [(box.dir / "d" / n).read_bytes() for n in names[1:4]] == [body, b"form", b"gone"]


def test_follow_http_files_of_a_packet(box):
    """Who sends hundreds of small bodies at once does not have hundreds of files made at once."""
    t = talk.Tcp(mss=60000).open().client(b"GET / HTTP/1.1\r\n\r\n" * 40)
    t.server(b"".join(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n%02d" % i for i in range(40)))
    box.put("t.pcap", capture.pcap(t.close().out))
    got = box.command("follow", "-r", "t.pcap", "--http", "-o", "d")
    assert got.status == 0 and b"24 bodies have no file: there were too many in a packet" in got.err, got.err
    names = sorted(p.name for p in (box.dir / "d").glob("*.body"))
    assert [n[-19:-14] for n in names] == ["%05d" % (i + 1) for i in range(16)], names
    assert (box.dir / "d" / names[-1]).read_bytes() == b"15"
    text = next((box.dir / "d").glob("*.txt")).read_bytes()
    assert all(b"\t%02d\n" % i in text for i in range(40)), text


def test_follow_from_now_on_is_of_one_stream(box):
    """What a stream still had to say when its ends began anew is not said by the new one, which -Y chose with that packet."""
    t = talk.Tcp().open()
    t.seg(0, talk.ACK | talk.PSH, b"early", seq=1005)
    t.seg(0, talk.SYN, seq=99000)
    t.seg(0, talk.ACK | talk.PSH, b"new", seq=99001)
    got = box.command("follow", "-r", "-", "--json", "-Y", "tcp.seq_raw == 99000", stdin=capture.pcap(t.out))
    assert [(o["stream"], o["text"]) for o in objects(got) if o["event"] == "data"] == [(1, "new")], got.out


# --- files


def many(n):
    """n conversations that talk in turn."""
    out = []
    talks = [talk.Tcp(("10.0.%d.%d" % (i >> 8, i & 255), 1000 + i), out=out).open() for i in range(n)]
    for turn in range(3):
        for i, t in enumerate(talks):
            t.client(b"c%d.%d\n" % (i, turn)).server(b"s%d.%d\n" % (i, turn))
    out.append(talk.udp(53, 53, b"six", src="2001:db8::1", dst="2001:db8::2"))
    return out


def test_follow_files(box):
    box.put("t.pcap", capture.pcap(many(150)))
    got = box.command("follow", "-r", "t.pcap", "--all", "-o", "d", "--raw")
    assert got.status == 0 and b"301 files in d" in got.err and got.out == b"", got.err
    names = sorted(p.name for p in (box.dir / "d").iterdir())
    assert len(names) == 302 and names[0] == "index.tsv"
    assert names[1] == "tcp-00000000-10.0.0.0.1000-10.0.0.2.80.client.raw"
    assert names[-1] == "udp-00000000-2001_db8__1.53-2001_db8__2.53.client.raw", names[-1]
    for i in (0, 77, 149):
        stem = f"tcp-{i:08d}-10.0.0.{i}.{1000 + i}-10.0.0.2.80"
        assert (box.dir / "d" / f"{stem}.server.raw").read_bytes() == b"".join(b"s%d.%d\n" % (i, t) for t in range(3))
    rows = [line.split("\t") for line in (box.dir / "d/index.tsv").read_text().splitlines()]
    assert len(rows) == 152 and all(len(r) == len(rows[0]) for r in rows)
    row = dict(zip(rows[0], rows[1]))
    assert (row["protocol"], row["stream"], row["client"], row["server_port"], row["end"]) == ("tcp", "0", "10.0.0.0", "80", "capture")
    assert row["file"] == "tcp-00000000-10.0.0.0.1000-10.0.0.2.80" and row["client_file_bytes"] == "15"

    # Nothing is overwritten, unless it is asked for; never through a link.
    got = box.command("follow", "-r", "t.pcap", "-o", "d", "--raw")
    assert got.status == 2 and b"File exists" in got.err and b"--force" in got.err, got.err
    box.put("precious", b"keep")
    victim = box.dir / "d" / names[1]
    victim.unlink()
    victim.symlink_to("../precious")
    (box.dir / "d" / "index.tsv").unlink()
    assert box.command("follow", "-r", "t.pcap", "-o", "d", "--raw").status == 2
    assert box.command("follow", "-r", "t.pcap", "-o", "d", "--raw", "--force").status == 0
    assert (box.dir / "precious").read_bytes() == b"keep" and not victim.is_symlink()
    assert sorted(p.name for p in (box.dir / "d").iterdir()) == names


def test_follow_files_when_nothing_comes_of_it(box):
    """What was mistyped can be repeated; no stream is an index without lines."""
    assert box.command("follow", "-r", "mistyped", "-o", "d").status == 2
    got = box.command("follow", "-r", "f.pcap", "-o", "d", "port", "9")
    assert got.status == 0 and b"0 files in d" in got.err, got.err
    assert [p.name for p in (box.dir / "d").iterdir()] == ["index.tsv"]
    assert (box.dir / "d/index.tsv").read_text().count("\n") == 1


def test_follow_files_of_text(box):
    box.put("t.pcap", capture.pcap(many(3)))
    for words, suffix in (([], "txt"), (["--hex"], "hex"), (["--json"], "json"), (["--http"], "txt")):
        folder = "d" + suffix + str(len(words))
        assert box.command("follow", "-r", "t.pcap", "tcp:1", "-o", folder, *words).status == 0
        names = sorted(p.name for p in (box.dir / folder).iterdir())
        assert names == ["index.tsv", f"tcp-00000001-10.0.0.1.1001-10.0.0.2.80.{suffix}"], names
    assert (box.dir / "dtxt0" / names[1].replace("json", "txt")).read_bytes().endswith(
        b":80\nc1.0\n\ts1.0\nc1.1\n\ts1.1\nc1.2\n\ts1.2\n" + RULE)


def test_follow_files_full_disk(box):
    box.put("t.pcap", capture.pcap(talk.Tcp().open().client(b"x" * 300000).out))
    user = "-Z root" if os.getuid() == 0 else ""
    got = box.shell(f"ulimit -f 64; trap '' XFSZ; wiretape follow {user} -r t.pcap -o d --raw")
    lines = [line for line in got.err.splitlines() if not line.startswith(b"reading")]
    assert got.status == 2 and len(lines) == 1 and b"File too large" in lines[0], got.err


# --- what users are told


def test_follow_is_described(box):
    """Each option of the command is in the manual; completions take them from the command itself."""
    usage = box.command("follow", "--help").out.decode()
    options = re.findall(r"^  (?:-(\S), |    )--([a-z-]+)", usage.split("-B, ")[0], re.M)
    assert ("o", "output") in options and len(options) == 9, options
    manual = (ROOT / "man/wiretape.8").read_text()
    section = manual[manual.index(".Sh FOLLOWING STREAMS"):manual.index(".Sh NAMES")]
    for letter, name in options:
        assert f"Fl -{name}" in section, name
    if not shutil.which("bash"):
        raise Skip("no bash installed")
    script = f"source {ROOT}/completions/wiretape.bash; COMP_WORDS=(wiretape follow --h); COMP_CWORD=2; " \
        "_wiretape wiretape; echo ${COMPREPLY[@]}"
    env = dict(box.env(), PATH=f"{box.bin}:/usr/sbin:/usr/bin:/sbin:/bin")
    done = subprocess.run(["bash", "-c", script], cwd=box.dir, env=env, capture_output=True, text=True)
    assert done.stdout.split() == ["--hex", "--http", "--help"], done


# --- beside tshark


def tshark_says(box, name, kind, n):
    """What `said` gives, out of tshark's own output."""
    done = subprocess.run(["tshark", "-q", "-r", str(box.dir / name), "-z", f"follow,{kind},raw,{n}"], capture_output=True,
                          timeout=60, check=True)
    sides = ([b""], [b""])
    for line in done.stdout.splitlines()[6:]:
        if line.startswith(b"="):
            break
        side = sides[line.startswith(b"\t")]
        data = bytes.fromhex(line.strip().decode())
        gap = re.fullmatch(rb"\[(\d+) bytes missing in capture file\]\0", data)
        if gap:
            side.append(int(gap[1]))
        else:
            if isinstance(side[-1], int):
                side.append(b"")
            side[-1] += data
    return sides


def test_follow_as_tshark(box):
    if not shutil.which("tshark"):
        raise Skip("no tshark installed to compare with")
    for seed in range(12):
        out = []
        talks = [talk.Tcp(("10.0.0.1", 2000 + i), isn=(2**32 - 3000, 77), mss=700, out=out) for i in range(2)]
        for i, t in enumerate(talks):
            if i or seed % 3:
                t.open()
        for turn in range(8):
            for i, t in enumerate(talks):
                t.client(b"<%d %d %d>" % (seed, i, turn) * (50 + 31 * turn)).server(b"(%d %d)" % (i, turn) * (400 + turn))
        for t in talks:
            t.close()
        for i in range(3):
            out.insert(20 * i, talk.udp(9, 10 + i % 2, b"datagram %d" % i))
        lost = 0.03 if seed >= 6 else 0.0
        head = out[:8]
        box.put("t.pcap", capture.pcap(head + talk.rough(out[8:], seed, lost, swapped=0.1 if not lost else 0, repeated=0.1)))
        for kind, n in (("tcp", 0), ("tcp", 1), ("udp", 0), ("udp", 1)):
            ours = said(box.command("follow", "-r", "t.pcap", f"{kind}:{n}", "--json"))
            theirs = tshark_says(box, "t.pcap", kind, n)
            assert ours[0] == theirs[0] and ours[1] == theirs[1], (seed, kind, n, [[x if isinstance(x, int) else len(x) for x in s] for s in (*ours, *theirs)])


def test_follow_http_bomb(box):
    """Zeros packed a thousand to one are cut, which is told with the sizes; pages that repeat themselves are whole."""
    def of(body):
        packed = gzip.compress(body, 9)
        t = talk.Tcp(mss=1400).open().client(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        t.server(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed) + packed)
        box.put("b.pcap", capture.pcap(t.close().out))
        text = box.command("follow", "--http", "-r", "b.pcap")
        ends = [o for o in objects(box.command("follow", "--http", "--json", "-r", "b.pcap")) if o["event"] == "http_end"]
        return packed, text.out, ends[-1]

    packed, text, end = of(bytes(50 << 20))
    rest = end["undecoded"]
    assert end["undecodable"] == "it grows too much" and 0 < rest < len(packed) == end["body"], end
    assert 100_000 < end["decoded"] - rest <= (512 << 10) + 32 * (len(packed) + 200), end
    note = b"[body not decoded to its end: it grows too much; %d bytes decoded from %d, the other %d as they came]" % (
        end["decoded"] - rest, len(packed) - rest, rest)
    assert note in text, text[-400:]

    page = b"".join(b'{"id": %d, "name": "item %d", "currency": "EUR", "available": true, "kind": "things"},\n' % (i, i * 7919)
                    for i in range(30000))
    packed, text, end = of(page)
    assert len(packed) * 8 < len(page) == end["decoded"] and "undecodable" not in end, end
    page = (b"<tr class='row odd'><td class='cell name'>name</td><td class='cell value'>%d</td></tr>\n" * 9000) % tuple(range(9000))
    packed, text, end = of(page)
    assert len(packed) * 25 < len(page) == end["decoded"] and "undecodable" not in end, (len(packed), end)
