"""What is told of packets without a walk, or by a walk that notes little, is what a walk that notes everything tells."""
import importlib.util
import json
import random
import re
import struct
import sys
from pathlib import Path

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
sys.path.insert(0, str(GOLDEN))
import wire  # noqa: E402

ATOMS = """tcp;udp;ip;ipv6;dns;http;icmp;icmpv6;arp;vlan;eth;vxlan;gre;tls;ntp;snmp;bgp;sctp;ospf;tcp.port == 80;tcp.port > 1023;
    tcp.dstport in {22, 80, 443, 179};udp.port == 53;udp.port in {53, 67, 123, 161, 4789, 6343};udp.srcport != 53;udp.dstport < 1024;
    ip.addr == 192.0.2.1;ip.src == 192.0.2.0/24;ip.dst != 192.0.2.2;all ip.addr == 10.0.0.0/8;ip.ttl > 63;ipv6.addr == 2001:db8::1;
    ipv6.hlim == 64;tcp.flags.syn == 1;tcp.flags.reset;tcp.flags & 0x12;tcp.flags == 0x18;ip.proto == 17;ip.len > 100;ip.flags.df == 1;
    count(ip.src) > 1;ip.src == ip.dst;tcp.srcport > tcp.dstport;ip#2;dns.qry.name;dns.flags.response == 1;frame.len > 100;
    tcp.stream == 0;udp.stream > 1;tcp.analysis;tcp.analysis.flags;tcp.analysis.retransmission;tcp.analysis.acks_frame;tcp.seq > 1;
    tcp.time_delta == 0;tcp.window_size_scalefactor == -1;frame.time_delta > 0;frame.time_delta_displayed == 0;frame.number < 1000;
    communityid contains "1:";icmp.type == 8;tls;tls.handshake.type == 1;frame contains "GET";ip.checksum == 0;arp.opcode == 1;
    eth.type == 0x800;tcp.window_size_value > 1000;udp.length > 40;radius;tcp.len > 0;http.request.method;_ws.short""".split(";")


LINKS = {1: "ethernet", 113: "sll", 276: "sll2", 101: "raw"}
# Questions and answers are matched by what packets carry: all are walked for it, and all fields noted. There is no such number.
WALKED = "dns.time == 4000000000"


def lines(box, path, *args):
    got = box.run(*args, "-r", path)
    assert got.status == 0, (path, args, got.err[-300:])
    return got.out


def make_captures():
    wire.CAPTURES.clear()
    for maker in sorted((GOLDEN / "make").glob("*.py")):
        spec = importlib.util.spec_from_file_location("make_" + maker.stem, maker)
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
    return sorted(wire.CAPTURES.items())


def packets_of(link):
    """The packets of all golden captures of a link type, as one file."""
    head = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, link)
    return head + b"".join(data[24:] for _, data in make_captures() if data[:24] == head)


def test_known_without_a_walk(box):
    atoms = [a.strip() for a in ATOMS]
    dice = random.Random(4711)
    expressions = list(atoms)
    for _ in range(60):
        one = dice.choice(atoms)
        for _ in range(dice.randrange(1, 4)):
            one = f"{dice.choice(['', 'not '])}({one}) {dice.choice(['and', 'or', 'xor'])} {dice.choice(['', '!'])}({dice.choice(atoms)})"
        expressions.append(one)
    for link, name in LINKS.items():
        box.put(f"{name}.pcap", packets_of(link))
    some = 0
    for i, one in enumerate(expressions):
        name = "ethernet" if i < len(atoms) or i % 3 else dice.choice([*LINKS.values()][1:])
        walked = lines(box, f"{name}.pcap", "-Y", f"({one}) or {WALKED}", "--fields", "frame.number")
        assert lines(box, f"{name}.pcap", "-Y", one, "--fields", "frame.number") == walked, (name, one)
        some += walked != b""
    assert some > len(expressions) // 2


def test_layers_without_fields(box):
    """Layers alone, most of them without a walk, are those of a walk for fields: in every golden capture."""
    both = "frame.protocols or not frame.protocols"
    seen = set()
    for name, data in make_captures():
        box.put(name, data)
        args = ("stats", "--hierarchy", "--endpoints", "--json", "-r", name)
        alone, walked = box.command(*args), box.command(*args, "-Y", both)
        assert (alone.out, alone.status) == (walked.out, walked.status), name
        seen.update(re.findall(rb'"protocol":"([^"]+)"', alone.out))
        (box.dir / name).unlink()
    assert len(seen) > 100, len(seen)


def test_columns_of_a_small_walk(box):
    """A walk that notes only the fields that are asked for has the values of one that notes all."""
    fields = re.findall(r"^  ([a-z_][\w.]*) ", box.shell("wiretape fields").out.decode(), re.M)
    assert len(fields) > 800
    by_proto = {}
    for f in fields:
        by_proto.setdefault(f.split(".")[0], []).append(f)
    dice, values = random.Random(815), 0
    for name, data in make_captures():
        box.put(name, data)
        got = box.run("--fields", "frame.protocols", "-r", name)
        of = {p.split(".")[0] for line in got.out.decode().split("\n") for p in line.split(":")}
        there = [f for p in sorted(of) for f in by_proto.get(p, []) if not f.startswith(("dns.re", "dns.uns"))]
        asked = ["frame.number"] + dice.sample(there, min(len(there), 24))
        few = box.run("--fields", ",".join(asked + ["tcp.stream"]), "-r", name)
        all_ = box.run("--fields", ",".join(asked + ["dns.time"]), "-r", name)
        assert few.status == all_.status, (name, few.err, all_.err)
        columns = [[line.rpartition(b"\t")[0] for line in out.split(b"\n")] for out in (few.out, all_.out)]
        assert columns[0] == columns[1], (name, asked)
        values += sum(len(v) > 0 for line in columns[0] for v in line.split(b"\t")[1:])
        (box.dir / name).unlink()
    assert values > 20000, values


def records_of(data):
    at = 24
    while at < len(data):
        caplen, = struct.unpack_from("<I", data, at + 8)
        yield data[at:at + 8], data[at + 12:at + 16], data[at + 16:at + 16 + caplen]
        at += 16 + caplen


def test_json_without_a_walk(box):
    """JSON of plain packets, which are not walked once others like them have been, and of others in between: the same as of walks."""
    dice = random.Random(2718)
    for link, name in LINKS.items():
        data = packets_of(link)
        records = list(records_of(data))
        assert len(records) > 20, name
        # Of some kinds there are many: with other values, and cut short.
        plain = [r for r in records if link == 1 and r[2][12:14] in (b"\x08\0", b"\x86\xdd", b"\x81\0")]
        for _ in range(6000 if plain else 0):
            stamp, length, packet = dice.choice(plain[:60] if dice.randrange(3) else plain)
            packet = bytearray(packet)
            for _ in range(dice.randrange(4)):
                packet[dice.randrange(len(packet))] = dice.randrange(256)
            if dice.randrange(8) == 0:
                packet = packet[:dice.randrange(14, len(packet) + 1)]
            records.append((stamp, length, bytes(packet)))
        dice.shuffle(records)
        for i in range(2000 if plain else 0):       # and of the plainest kind enough for its values to be remembered
            header = struct.pack(">HHIIBBHHH", 40000, dice.choice((9, 9999)), i, 7 * i, 5 << 4, dice.choice((16, 16, 24, 17, 4)),
                                 dice.choice((500, 501, i)), 0, 0)
            body = b"x" * dice.choice((0, 0, 5, 100))
            ip = struct.pack(">BBHHHBBHII", 0x45, 0, 40 + len(body), i, 0x4000, dice.choice((64, 63)), 6, 0, 0x0A000001, dice.randrange(9))
            packet = bytes(12) + b"\x08\0" + ip + header + body
            packet = packet[:len(packet) - dice.choice((0, 0, 0, 3, 40))]
            records.append((struct.pack("<II", i, i), struct.pack("<I", 54 + len(body)), packet))
        box.put(f"{name}.pcap", data[:24] + b"".join(s + struct.pack("<I", len(p)) + n + p for s, n, p in records))
        got = lines(box, f"{name}.pcap", "--json")
        assert got == lines(box, f"{name}.pcap", "--json", "-j", "2"), name
        assert got.count(b"\n") == len(records)
        # With -Y all are walked, and fragments put together besides.
        walked = lines(box, f"{name}.pcap", "--json", "-Y", "frame.number > 0")
        for a, b in zip(got.split(b"\n"), walked.split(b"\n"), strict=True):
            assert a == b or b'"ip.flags.mf":true' in a or b"frag" in a or b'"ip.frag_offset":0' not in a, (name, a, b)


def test_streams_found_alone(box):
    """A stream that is named by its number is followed without looking at others: it is the same stream, and says the same."""
    box.put("all.pcap", packets_of(1))
    told = {}
    for line in box.command("follow", "--json", "-r", "all.pcap").out.splitlines():
        o = json.loads(line)
        told.setdefault(f"{o['protocol']}:{o['stream']}", []).append(line)
    assert len(told) > 200, len(told)
    dice = random.Random(99)
    names = sorted(told)
    for name in dice.sample(names, 40) + names[:2]:
        assert box.command("follow", "--json", "-r", "all.pcap", name).out.splitlines() == told[name], name
    for _ in range(10):
        three = dice.sample(names, 3)
        got = box.command("follow", "--json", "-r", "all.pcap", *three).out.splitlines()
        assert sorted(got) == sorted(sum((told[n] for n in three), [])), three
        filtered = box.command("follow", "--json", "-r", "all.pcap", *three, "-Y", "tcp or not tcp").out.splitlines()
        assert filtered == got, three
    seen = 0
    for name in names:
        stream = json.loads(told[name][0])
        ends = [f"[{e['address']}]:{e['port']}" if ":" in e["address"] else f"{e['address']}:{e['port']}"
                for e in (stream.get("client"), stream.get("server")) if e]
        if len(ends) == 2 and dice.randrange(8) == 0:
            got = box.command("follow", "--json", "-r", "all.pcap", "-".join(ends)).out.splitlines()
            assert all(line in got for line in told[name]), name
            seen += 1
    assert seen > 10, seen
