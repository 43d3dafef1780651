"""Datagrams out of fragments: the same ones are whole, at the same packets."""
import random
import struct

import wire

START = 1_700_000_000 * 10**9


def query(ident, size):
    """A DNS query whose name fills it up to about a size."""
    name = b"".join(bytes([40]) + b"%08d" % (i + ident) * 5 for i in range(min(size // 41, 5)))
    rest = b"\0" * max(0, size - len(name) - 28)
    return struct.pack(">HHHHHH", ident, 0x0100, 1, 0, 0, 0) + name + b"\0\0\1\0\1" + rest


def fragments(dice, ident, six):
    """A datagram in fragments of any sizes: (offset, more, bytes)."""
    src, dst = ("2001:db8::1", "2001:db8::2") if six else ("192.0.2.1", "192.0.2.2")
    payload = wire.udp(query(ident, dice.choice((30, 200, 1000, 8000))), 1000 + ident % 50, 53)
    pseudo = (wire.a6(src) + wire.a6(dst) + wire.be32(len(payload.data), 17)) if six else \
        (wire.a4(src) + wire.a4(dst) + wire.be16(17, len(payload.data)))
    payload = payload.done(pseudo)
    at = 0
    while at < len(payload):
        n = min(8 * dice.choice((1, 2, 10, 185, 1000)), len(payload) - at)
        yield at, at + n < len(payload), payload[at:at + n]
        at += n


def packet(six, ident, at, more, data):
    if six:
        head = wire.u8(17, 0) + wire.be16(at | more) + wire.be32(ident)
        return wire.eth(wire.ip6(head + data, proto=44))
    return wire.eth(wire.ip4(data, proto=17, ident=ident, flags=(0x2000 if more else 0) | at // 8, dst="192.0.2.2"))


def traffic(dice, n, six, lossy):
    """Fragments of n datagrams: in order, mixed, twice, missing."""
    open_ones, ns = [], START
    for ident in range(1, n + 1):
        parts = list(fragments(dice, ident, six))
        if len(parts) < 2:
            continue
        if dice.random() < .5:
            dice.shuffle(parts)
        if lossy and dice.random() < .2:
            parts.pop(dice.randrange(len(parts)))
        if dice.random() < .2:
            parts.insert(dice.randrange(len(parts)), dice.choice(parts))
        open_ones.append([packet(six, ident, *p) for p in parts])
        while len(open_ones) > dice.randrange(6):
            parts = dice.choice(open_ones)
            ns += dice.randrange(2_000_000)
            yield wire.At(ns, parts.pop(0))
            if not parts:
                open_ones.remove(parts)


def test_fragments_make_the_same_datagrams(bench):
    for seed, six in enumerate((False, True)):
        packets = list(traffic(random.Random(seed), 400, six, True))
        ours = bench.same(bench.put(f"fragments{seed}.pcap", packets), ["udp.stream", "udp.length", "dns.qry.name"])
        assert 100 < sum(bool(row[3]) for row in ours) < 350
