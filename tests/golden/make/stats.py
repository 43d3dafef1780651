"""Captures for `wiretape stats`: a little of everything that is counted."""
from wire import ETHERNET, At, Cut, capture, eth, icmp, ip4, ip6, tcp, udp, vlan, be16, be32, u8, mac, a4, Seg

MAC_C = "02:00:00:00:00:0c"


def talk(port, *steps, six=False):
    """Segments: (side, flags, seq, ack, data)."""
    ends = ("2001:db8::1", "2001:db8::2") if six else ("192.0.2.1", "192.0.2.2")
    for side, flags, seq, ack, data in steps:
        head = tcp(data, *((port, 9999), (9999, port))[side], seq=seq, ack=ack, flags=flags)
        yield eth((ip6 if six else ip4)(head, src=ends[side], dst=ends[1 - side]))


def packets():
    shake = (0, "S", 99, 0, b""), (1, "S.", 499, 100, b""), (0, ".", 100, 500, b"")
    yield from talk(30000, *shake, (0, "P.", 100, 500, b"question"), (1, "P.", 500, 108, b"x" * 1000),
                    (0, "F.", 108, 1500, b""), (1, "F.", 1500, 109, b""), (0, ".", 109, 1501, b""))
    yield from talk(30001, *shake, (1, "R.", 500, 100, b""), six=True)
    yield from talk(30002, (0, "S", 99, 0, b""), (1, "R.", 0, 100, b""))
    yield from talk(30003, (0, "S", 99, 0, b""), (0, "S", 99, 0, b""))
    for i in range(3):
        yield eth(ip4(udp(b"x" * (10 << 3 * i), 40000, 40001)))
        yield eth(vlan(ip6(udp(b"y" * 20, 40001, 40000 + i)), 5, 0x86DD), 0x8100, src=MAC_C)
    yield eth(ip4(icmp(8, 0, be16(1, 1) + b"x" * 32)))
    yield eth(ip4(icmp(0, 0, be16(1, 1) + b"x" * 32), src="192.0.2.2", dst="192.0.2.1"))
    yield eth(ip4(icmp(3, 3, be32(0) + ip4(udp(b"quoted", 5000, 5001))), src="192.0.2.9", dst="192.0.2.1"))
    yield eth(be16(1, 0x0800) + u8(6, 4) + be16(1) + mac(MAC_C) + a4("192.0.2.3") + bytes(6) + a4("192.0.2.1"), 0x0806, src=MAC_C)
    data = be16(36412, 36412) + be32(7, 0) + u8(0, 3) + be16(20) + be32(1, 0, 0) + b"abcd"
    yield eth(ip4(Seg(132, data, None)))
    yield eth(ip4(ip4(udp(b"inside", 6000, 6001), src="198.51.100.1", dst="198.51.100.2"), 4))


START = 1_700_000_000 * 10**9
some = [At(START + i * i * 10**7, p) for i, p in enumerate(packets())]
some.append(At(START + 3 * 10**9, Cut(30, some[0].data).data, len(some[0].data)))
capture("stats.pcap", ETHERNET, some)
