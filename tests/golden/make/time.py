"""NTP and TFTP."""
from wire import *


def ntp(mode, version=4, leap=0, stratum=2, poll=6, precision=-20, delay=0x00010000, dispersion=0x00008000,
        refid=a4("192.0.2.1"), stamps=(0xE8FD0000_40000000, 0xE8FD0010_80000000, 0xE8FD0011_90000000, 0xE8FD0011_A0000000)):
    return (u8(leap << 6 | version << 3 | mode, stratum, poll & 0xFF, precision & 0xFF) + be32(delay, dispersion) + refid
            + be64(*stamps))


def control(bits, op, data=b"", count=None):
    return u8(0x16, bits | op) + be16(7, 0x0615, 0, 0, len(data) if count is None else count) + data


def over(port, data, other=40000):
    return eth(ip4(udp(data, other, port)))


capture("ntp.pcap", ETHERNET, [over(123, m, 123) for m in [
    ntp(3), ntp(4), ntp(5, leap=1), ntp(1, leap=2, version=3), ntp(2, leap=3), ntp(0), ntp(4, stratum=0, refid=b"DENY"),
    ntp(4, stratum=1, refid=b"GPS\0"), ntp(4, stratum=16), ntp(4, stratum=15), ntp(4, stratum=62), ntp(4, stratum=63),
    ntp(4, poll=-3), ntp(4, poll=31), ntp(4, poll=32), ntp(4, poll=-32), ntp(4, stamps=(0, 0, 0, 0xE8FD0011_A0000000)),
    ntp(4, stamps=(1, 0xE8FD0011_A0000000, 0xE8FD0010_F0000000, 0xE8FD0011_A0000000)),
    ntp(4, stamps=(0x00000001_00000000, 0x7FFFFFFF_FFFFFFFF, 0x80000000_00000000, 0xFFFFFFFF_FFFFFFFF)),
    ntp(4) + be32(7), ntp(4) + be32(7) + bytes(range(16)), ntp(4) + be32(7) + bytes(range(20)), ntp(4) + bytes(28),
    ntp(4) + b"x", ntp(4)[:47], ntp(4)[:1], b"",
    control(0x00, 2), control(0x80, 2, b"version=4"), control(0xE0, 31, b"x"), control(0x80, 2, b"abc", count=4), control(0, 1)[:5],
    u8(0x17, 1, 2, 3), bytes(3),
]] + cuts(over(123, ntp(4) + be32(7) + bytes(range(16))), first=42) + cuts(over(123, control(0x80, 2, b"data")), first=42))

capture("tftp.pcap", ETHERNET, [over(69, m) for m in [
    b"\0\1pxe.0\0octet\0", b"\0\1pxe.0\0octet\0tsize\x000\0blksize\x001468\0", b"\0\2up\0netascii\0", b"\0\1noend", b"\0\1f\0",
    b"\0\1f\0octet", b"\0\1f\0octet\0tsize", b"\0\1", b"\0\1\0\0\0\0", b"\0\3\0\1data here", b"\0\3\0", b"\0\4\0\1",
    b"\0\5\0\1File not found\0", b"\0\5\0\x63odd\0", b"\0\5\0\2", b"\0\5\0\2noend", b"\0\5\0", b"\0\6tsize\x00514\0", b"\0\6",
    b"\0\7x", b"\0\1a\x01\xff\0octet\0", b"\0", b"",
] + [b"\0\5" + be16(e) + b"m\0" for e in range(8)]] + cuts(over(69, b"\0\1pxe.0\0octet\0tsize\x000\0"), first=42) + [
    over(1069, b"\0\3\0\1data"),
])
