"""Packets to show to two programs: where they come from and how they are damaged.

Seeds are the packets of captures, by link type. A damaged packet differs from its seed in one of two manners: as a capture
that went through a careless hand (cut short, a byte or a few changed, extreme lengths), or as something that knows where
headers lie might do it: lengths and counts off by a little, parts of a packet doubled, left out or taken from another, a
payload under another protocol's number, and lengths of the headers around it made right again.
"""
import re
import struct
from pathlib import Path

HERE = Path(__file__).resolve().parent
ORDERS = {b"\xa1\xb2\xc3\xd4": ">", b"\xa1\xb2\x3c\x4d": ">", b"\xd4\xc3\xb2\xa1": "<", b"\x4d\x3c\xb2\xa1": "<"}
# What a fuzz target's name calls a link type, and what a file calls it.
FILE_LINK = {11: 100, 12: 101, 15: 102, 16: 103, 19: 106, 149: 258}
LONGEST = 1600
EXTREMES = (0, 1, 0x7F, 0x80, 0xFE, 0xFF)


class Packet:
    """Bytes as captured, the length on the wire, and the file's link type."""
    __slots__ = ("link", "wire", "data")

    def __init__(self, link, wire, data):
        self.link, self.wire, self.data = link, wire, data

    def said(self):
        return f"{self.link}:{self.wire}:{self.data.hex()}"

    @staticmethod
    def parse(text):
        link, wire, data = text.split(":")
        return Packet(int(link), int(wire), bytes.fromhex(data))


def of_capture(data):
    """The packets of a plain pcap file of either byte order; none of anything else."""
    order = ORDERS.get(data[:4])
    if order is None or len(data) < 24:
        return
    link, at = struct.unpack_from(order + "I", data, 20)[0], 24
    if link >> 16:
        return
    while at + 16 <= len(data):
        cap, wire = struct.unpack_from(order + "II", data, at + 8)
        if cap == 0 or at + 16 + cap > len(data):
            break
        yield Packet(link, wire, data[at + 16:at + 16 + cap][:LONGEST])
        at += 16 + cap


def of_fuzz_seeds(folder):
    """The packets among the fuzz targets' starting points; their first two bytes are the target's own."""
    for d in sorted(folder.glob("fuzz_link_*")):
        link = int(d.name.rsplit("_", 1)[1])
        for f in sorted(d.iterdir()):
            data = f.read_bytes()[2:]
            if data:
                yield Packet(FILE_LINK.get(link, link), len(data), data[:LONGEST])


def capture(packets, link):
    """A capture file; a millisecond between packets."""
    out = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, link)]
    for i, p in enumerate(packets):
        out.append(struct.pack("<IIII", 1_700_000_000 + i // 1000, i % 1000 * 1000, len(p.data), p.wire) + p.data)
    return b"".join(out)


# Numbers that lead to another protocol: the rows of the table the dissectors are found by.
ROWS = {}
for kind, number in re.findall(r"^DEMUX(?:_RANGE)?\((\w+), *(0x[0-9a-f]+|\d+),",
                               (HERE / "../../src/proto/demux.def").read_text(), re.M):
    ROWS.setdefault(kind, []).append(int(number, 0))


class Layers:
    """Where the headers of an Ethernet, raw IP or cooked packet lie; None where there are none."""

    def __init__(self, link, b):
        self.ethertype = self.ip = self.transport = self.payload = None
        self.v6 = False
        self.proto = -1
        at = {1: 12, 113: 14, 276: 0}.get(link)
        if link in (101, 228, 229):
            self.find_ip(b, 0)
            return
        if at is None or len(b) < at + 2:
            return
        kind = b[at] << 8 | b[at + 1]
        self.ethertype = at
        at = at + 2 if link != 276 else 20
        while kind in (0x8100, 0x88A8, 0x9100) and at + 4 <= len(b):
            self.ethertype = at + 2
            kind = b[at + 2] << 8 | b[at + 3]
            at += 4
        if kind in (0x800, 0x86DD):
            self.find_ip(b, at)
        else:
            self.payload = at

    def find_ip(self, b, at):
        if at + 20 > len(b):
            return
        self.ip = at
        self.v6 = b[at] >> 4 == 6
        if self.v6:
            self.proto, at = b[at + 6], at + 40
        else:
            self.proto, at = b[at + 9], at + (b[at] & 15) * 4
        self.transport = self.payload = at
        if self.proto == 17:
            self.payload += 8
        elif self.proto == 6 and at + 13 <= len(b):
            self.payload += (b[at + 12] >> 4) * 4

    def mend(self, b):
        """Makes the lengths of IP and UDP, and IP's checksum, agree with the bytes there are."""
        if self.ip is None or self.transport > len(b):
            return
        if self.v6:
            struct.pack_into(">H", b, self.ip + 4, min(len(b) - self.ip - 40, 65535) if len(b) >= self.ip + 40 else 0)
        else:
            struct.pack_into(">H", b, self.ip + 2, len(b) - self.ip)
            struct.pack_into(">H", b, self.ip + 10, 0)
            end = min(self.ip + (b[self.ip] & 15) * 4, len(b))
            s = sum(struct.unpack(f">{(end - self.ip) // 2}H", b[self.ip:self.ip + (end - self.ip) // 2 * 2]))
            s = (s & 0xFFFF) + (s >> 16)
            struct.pack_into(">H", b, self.ip + 10, 0xFFFF ^ ((s & 0xFFFF) + (s >> 16)))
        if self.proto == 17 and self.transport + 8 <= len(b):
            struct.pack_into(">H", b, self.transport + 4, len(b) - self.transport)


def damage(rng, seed):
    """A seed as a careless hand leaves it."""
    b, wire = bytearray(seed.data), seed.wire
    manner = rng.random()
    if manner < 0.35:
        del b[rng.randrange(1, len(b) + 1):]
        if rng.random() < 0.5:
            wire = len(b)
    elif manner < 0.6:
        at = rng.randrange(len(b))
        b[at] ^= 1 << rng.randrange(8)
    elif manner < 0.85:
        for _ in range(rng.choice((1, 1, 2))):
            at = rng.randrange(len(b))
            b[at] = rng.choice(EXTREMES)
            if rng.random() < 0.3 and at + 1 < len(b):
                b[at + 1] = rng.choice(EXTREMES)
    else:
        for _ in range(rng.randrange(1, 6)):
            b[rng.randrange(len(b))] = rng.randrange(256)
    return Packet(seed.link, wire, bytes(b))


def number(rng, b, at):
    """Changes the number at a place, taken as one of one, two or four bytes in either order."""
    width, order = rng.choice(((1, "big"), (1, "big"), (2, "big"), (2, "big"), (2, "little"), (4, "big"), (4, "little")))
    if at + width > len(b):
        width = 1
    v, rest, top = int.from_bytes(b[at:at + width], order), len(b) - at, (1 << 8 * width) - 1
    v = rng.choice((v + 1, v - 1, v + 1, v - 1, v + 2, v - 2, v + 4, v - 4, v + 8, v * 2, v // 2, 0, 1, 2, 3, 4, 8, rest, rest - width, rest + 1,
                    rest - 1, top, top // 2 + 1, top - 1, rng.randrange(top + 1), rng.randrange(16)))
    b[at:at + width] = (v & top).to_bytes(width, order)


def shape(rng, seed, others):
    """A seed changed by something that knows where its headers lie; others are packets of the same link type."""
    b, wire = bytearray(seed.data), seed.wire
    where = Layers(seed.link, b)
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 5))):
        if len(b) < 2:
            break
        low = where.payload if where.payload is not None and where.payload < len(b) and rng.random() < 0.8 else 0
        near = min(len(b), low + 64) if rng.random() < 0.5 else len(b)
        at = rng.randrange(low, near)
        size = min(rng.choice((1, 2, 4, 4, 8, 12, 16, 20, rng.randrange(1, 65))), len(b) - at)
        what = rng.randrange(20)
        if what < 9:
            number(rng, b, at)
        elif what < 11:
            b[at] ^= 1 << rng.randrange(8)
        elif what == 11:
            b[at:at] = b[at:at + size]
        elif what == 12:
            del b[at:at + size]
        elif what == 13:
            b[at:at] = rng.randbytes(size)
        elif what == 14:
            to = rng.randrange(low, len(b))
            b[to:to + size] = b[at:at + size]
        elif what == 15:
            other = rng.choice(others).data
            there = Layers(seed.link, other).payload
            low2 = there if there is not None and there < len(other) else 0
            begin = rng.randrange(low2, len(other))
            b[at:at + (size if rng.random() < 0.5 else 0)] = other[begin:begin + size * 2]
        elif what == 16:
            for k in range(at, at + size):
                b[k] = rng.choice((0, 0xFF, rng.randrange(256), rng.randrange(32, 127)))
        elif what == 17:
            del b[at + 1:]
            b += rng.randbytes(rng.randrange(32))
        elif what == 18 and where.transport is not None and where.transport + 8 <= len(b):
            if where.proto in (6, 17) and rng.random() < 0.6:
                rows = ROWS["tcp"] if where.proto == 6 else ROWS["udp"] + ROWS["udp_dst"] + ROWS["udp_src"]
                ports = [rng.choice(rows), 40000]       # one of two known ones is taken, by an order that differs
                rng.shuffle(ports)
                struct.pack_into(">HH", b, where.transport, *ports)
            else:
                b[where.ip + (6 if where.v6 else 9)] = rng.choice(ROWS["ipproto"] + ROWS["ip6ext"] + [0, 44, 60])
        elif what == 19 and where.ethertype is not None and where.ethertype + 2 <= len(b):
            struct.pack_into(">H", b, where.ethertype, rng.choice(ROWS["ethertype"] + [0x8100, 0x88A8, len(b) - 14 & 0xFFFF]))
    del b[LONGEST:]
    if not b:
        b = bytearray(1)
    if rng.random() < 0.7:
        where.mend(b)
    wire = len(b) if rng.random() < 0.8 else max(len(b), wire)
    if rng.random() < 0.15:
        del b[rng.randrange(1, len(b) + 1):]
    return Packet(seed.link, wire, bytes(b))


def make(rng, seeds, count):
    """count packets of one link type, out of seeds of that link type."""
    out = []
    for _ in range(count):
        seed = rng.choice(seeds)
        manner = rng.random()
        out.append(seed if manner < 0.02 else damage(rng, seed) if manner < 0.45 else shape(rng, seed, seeds))
    return out


def cuts(seeds, count):
    """Lists of at most count packets: each seed at each capture length."""
    some = []
    for seed in seeds:
        for n in range(1, len(seed.data)):
            some.append(Packet(seed.link, max(seed.wire, len(seed.data)), seed.data[:n]))
            if len(some) == count:
                yield some
                some = []
    if some:
        yield some
