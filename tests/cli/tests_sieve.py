"""-Y: packets that are refused without a walk are those that a walk would have had refused."""
import importlib.util
import random
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
    eth.type == 0x800;tcp.window_size_value > 1000;udp.length > 40;radius;tcp.len > 0;http.request.method;_ws.short""".split(";")


def numbers(box, expression):
    got = box.run("-r", "all.pcap", "-Y", expression, "--fields", "frame.number")
    assert got.status == 0, (expression, got.err[-300:])
    return got.out


def ethernet_packets():
    """The packets of all golden captures of Ethernet, as one file."""
    wire.CAPTURES.clear()
    for maker in sorted((GOLDEN / "make").glob("*.py")):
        spec = importlib.util.spec_from_file_location("make_" + maker.stem, maker)
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
    head = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)
    return head + b"".join(data[24:] for _, data in sorted(wire.CAPTURES.items()) if data[:24] == head)


def test_refused_without_a_walk(box):
    box.put("all.pcap", ethernet_packets())
    atoms = [a.strip() for a in ATOMS]
    dice = random.Random(4711)
    expressions = list(atoms)
    for _ in range(60):
        one = dice.choice(atoms)
        for _ in range(dice.randrange(1, 4)):
            one = f"{dice.choice(['', 'not '])}({one}) {dice.choice(['and', 'or', 'xor'])} {dice.choice(['', '!'])}({dice.choice(atoms)})"
        expressions.append(one)
    some = 0
    for one in expressions:
        # A field of conversations has all packets walked; there is no such number.
        walked = numbers(box, f"({one}) or tcp.stream == 4000000000")
        assert numbers(box, one) == walked, one
        some += walked != b""
    assert some > len(expressions) // 2
