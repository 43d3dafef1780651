"""PIM, auto-RP, EIGRP, IGRP, OSPF, Babel, OLSR, PGM and ISAKMP."""
from wire import *


def tlv16(kind, value):
    """Type, length of the value, value."""
    return be16(kind, len(value)) + value


def summed(data, at=2):
    return put(data, at, be16(checksum(put(data, at, b"\0\0"))))


# --- PIM ---

def pim(kind, body, rsv=0, good=True):
    m = u8(0x20 | kind, rsv) + b"\0\0" + body
    return eth(ip4(summed(m) if good else put(m, 2, be16(0x1234)), 103, dst="224.0.0.13", ttl=1))


def uni(a):
    return u8(1, 0) + a4(a)


def grp(a, bits=32, flags=0):
    return u8(1, 0, flags, bits) + a4(a)


G, S, R = grp("239.1.1.1"), grp("192.0.2.7", flags=7), uni("192.0.2.9")
HELLO = (tlv16(1, be16(105)) + tlv16(2, be16(0x81f4, 2500)) + tlv16(18, b"") + tlv16(19, be32(5)) + tlv16(20, be32(0xabcdef)) +
         tlv16(21, u8(1, 60, 0, 0)) + tlv16(22, b"") + tlv16(24, uni("192.0.2.3") + u8(2, 0) + a6("2001:db8::3")) +
         tlv16(77, b"abc"))
JOIN = R + u8(0, 2) + be16(210) + G + be16(1, 1) + S + grp("192.0.2.8", 24, 0xf8) + G + be16(0, 0)
MESSAGES = [
    (0, HELLO), (0, tlv16(1, b"\0")), (0, tlv16(19, b"ab")), (0, tlv16(2, b"ab")), (0, b"abc"), (0, be16(1, 99)),
    (1, be32(0) + ip4(udp(b"data", 1000, 9), dst="239.1.1.1")), (1, be32(0x40000000) + bytes(12) + a4("192.0.2.1") + a4("239.1.1.1")),
    (1, be32(0x80000000) + u8(0x50)), (1, be32(0)), (2, G + R), (3, JOIN), (6, JOIN), (7, JOIN[6:]), (3, put(JOIN, 8, be16(0xffff))),
    (4, be16(0xabc) + u8(30, 64) + R + grp("224.0.0.0", 4) + u8(2, 2) + be16(0) + R + be16(150) + u8(192, 0) + R),
    (5, G + R + be32(0x80000065, 10)), (8, u8(1, 192) + be16(150) + R + grp("224.0.0.0", 4)),
    (9, R + G + R + be16(60)), (10, R + be32(1, 2)), (11, b""), (15, b"data"), (3, u8(9, 0) + a4("192.0.2.9")),
]
capture("pim.pcap", ETHERNET, [pim(k, b) for k, b in MESSAGES] + [
    pim(10, R + be32(1, 2), 0x10), pim(10, R + be32(1, 2) + R + be32(3, 4) + be16(9), 0x30),
    pim(10, R + be32(1, 2) + R + be32(3, 4), 0x40), pim(2, G, good=False),
    pim(3, a4("192.0.2.9") + u8(0, 1) + be16(99) + u8(0, 32) + a4("239.1.1.1") + be16(0, 0), 4),
    eth(ip4(u8(0x10, 0, 0, 0), 103)), eth(ip4(u8(0x20), 103)), eth(ip4(u8(0x20, 0, 0), 103)),
    eth(ip6(summed(u8(0x20, 0, 0, 0) + tlv16(1, be16(105))), 103, dst="ff02::d")),
])
capture("pim_cuts.pcap", ETHERNET, cuts(pim(0, HELLO), first=34) + cuts(pim(3, JOIN), first=54) +
        cuts(pim(4, MESSAGES[15][1]), first=54))


def rp(payload):
    return eth(ip4(udp(payload, 496, 496), dst="224.0.1.39"))


RP = (u8(0x11, 2) + be16(181) + be32(0) + a4("192.0.2.1") + u8(2, 2, 0, 4) + a4("224.0.0.0") + u8(1, 8) + a4("239.0.0.0") +
      a4("192.0.2.2") + u8(0xff, 1, 0xfe, 4) + a4("225.0.0.0"))
capture("autorp.pcap", ETHERNET, [rp(RP), rp(u8(0x12, 0) + be16(0) + be32(0)), rp(u8(0x33, 1) + bytes(6) + a4("192.0.2.1")), rp(b"abc")])
capture("autorp_cuts.pcap", ETHERNET, cuts(rp(RP), first=42))


# --- EIGRP and IGRP ---

def eigrp(tlvs, opcode=5, flags=0, version=2):
    return eth(ip4(summed(u8(version, opcode) + be16(0) + be32(flags, 7, 8) + be16(1, 100) + tlvs), 88, dst="224.0.0.10", ttl=2))


def etlv(kind, value):
    return be16(kind, len(value) + 4) + value


METRIC = be32(256000, 1280) + u8(0, 5, 220, 1, 255, 10, 0, 0)
ROUTES = (etlv(0x102, a4("0.0.0.0") + METRIC + u8(24, 192, 0, 2)) + etlv(0x102, a4("192.0.2.9") + METRIC + u8(9, 10, 0x80)) +
          etlv(0x103, a4("192.0.2.9") + a4("192.0.2.10") + be32(65000, 77, 20) + u8(0, 0, 6, 2) + METRIC + u8(8, 10)) +
          etlv(0x202, bytes(4) + METRIC + be16(10, 20)) + etlv(0x202, be16(5, 6) + METRIC + be16(10, 20)) +
          etlv(0x203, be16(5, 6) + be32(3, 4, 5) + u8(9, 1) + be16(6) + METRIC + be16(10, 20)) + etlv(0x204, be16(1, 2) + be32(3)))
EIGRP = (etlv(1, u8(1, 0, 1, 0, 0, 0) + be16(15)) + etlv(4, u8(12, 4, 1, 2)) + etlv(2, b"digest!!") + etlv(3, b"\4" + a4("192.0.2.9")) +
         etlv(5, be32(9)))
capture("eigrp.pcap", ETHERNET, [
    eigrp(EIGRP), eigrp(ROUTES, 1, 9), eigrp(b"", 3), eigrp(b"", 9), eigrp(b"", version=1), eigrp(etlv(1, b"ab") + etlv(4, b"a")),
    eigrp(etlv(0x102, bytes(20)) + etlv(0x102, a4("0.0.0.0") + METRIC + u8(33, 1))), eigrp(be16(1, 3)), eigrp(be16(1, 99) + b"ab"), eigrp(b"ab"),
    eth(ip4(u8(2, 5) + bytes(10), 88)),
])
capture("eigrp_cuts.pcap", ETHERNET, cuts(eigrp(EIGRP), first=34) + cuts(eigrp(ROUTES), first=54))


def igrp(op, counts, entries):
    return eth(ip4(u8(0x10 | op, 3) + be16(77, *counts, 0) + b"".join(
        u8(10 + i, 1, 2, 0, 0, 100, 0, 39, 16, 5, 220, 255, 1, 2) for i in range(entries)), 9))


capture("igrp.pcap", ETHERNET, [igrp(1, (1, 1, 1), 3), igrp(2, (0, 0, 0), 0), igrp(3, (0, 0, 1), 2), igrp(1, (2, 0, 0), 1)])
capture("igrp_cuts.pcap", ETHERNET, cuts(igrp(1, (1, 1, 1), 3), first=34))


# --- OSPF ---

def ospf(kind, body, auth=0, data=bytes(8), tail=b"", length=None, version=2):
    n = 24 + len(body) if length is None else length
    m = u8(version, kind) + be16(n) + a4("192.0.2.1") + a4("0.0.0.1" if kind % 2 else "0.0.0.0") + be16(0, auth) + data + body + tail
    return eth(ip4(m, 89, dst="224.0.0.5", ttl=1))


def lsa(kind, body, ident="192.0.2.7", length=None):
    n = 20 + len(body) if length is None else length
    return be16(9) + u8(0x22, kind) + a4(ident) + a4("192.0.2.1") + be32(0x80000001) + be16(0xbeef, n) + body


def padded(data):
    return data + bytes(-len(data) % 4)


def ptlv(kind, value):
    return padded(tlv16(kind, value))


FLOAT = h("4cbebc20")
LINK = (ptlv(1, u8(1)) + ptlv(2, a4("192.0.2.5")) + ptlv(11, be32(1, 2)) + ptlv(3, a4("192.0.2.3")) + ptlv(4, a4("192.0.2.4")) +
        ptlv(5, be32(10)) + ptlv(6, FLOAT) + ptlv(7, FLOAT) + ptlv(8, FLOAT * 8) + ptlv(9, be32(0xff)) + ptlv(14, be32(0x04000000)) +
        ptlv(15, u8(100, 5, 0, 0) + FLOAT * 8) + ptlv(17, u8(1, 0, 0, 0) + FLOAT * 2) + ptlv(99, b"abc"))
ROUTERS = (u8(3, 0) + be16(4) + a4("192.0.2.2") + a4("192.0.2.1") + u8(1, 1) + be16(10) + u8(1, 0) + be16(20) +
           a4("192.0.2.3") + a4("192.0.2.1") + u8(2, 0) + be16(1) + a4("198.51.100.0") + a4("255.255.255.0") + u8(3, 0) + be16(5) +
           a4("192.0.2.4") + a4("192.0.2.1") + u8(4, 0) + be16(6))
EXTERNAL = a4("255.255.255.0") + be32(0x80000014) + a4("192.0.2.9") + be32(5) + be32(0x01ffffff, 0, 0)
LSAS = [lsa(1, ROUTERS), lsa(2, a4("255.255.255.0") + a4("192.0.2.1") + a4("192.0.2.2")), lsa(3, a4("255.255.0.0") + be32(10, 0x0100000b)),
        lsa(4, be32(0, 10)), lsa(5, EXTERNAL), lsa(7, EXTERNAL), lsa(6, be32(1) + a4("192.0.2.1") + be32(2) + a4("192.0.2.2") + be32(3, 4)),
        lsa(9, ptlv(1, be32(120)) + ptlv(2, u8(1)) + ptlv(3, a4("192.0.2.1")) + ptlv(9, b"ab"), "3.0.0.1"),
        lsa(10, ptlv(1, be32(0x30000000)) + ptlv(2, be32(1)), "4.0.0.1"), lsa(11, b"data", "9.0.0.1"), lsa(99, b"data"),
        lsa(10, ptlv(1, a4("192.0.2.1")) + ptlv(2, LINK), "1.0.0.1"), lsa(10, ptlv(2, ptlv(16, be32(7, 8))), "1.0.0.1"),
        lsa(1, u8(0, 0) + be16(1) + bytes(8) + u8(9, 0) + be16(1)), lsa(10, ptlv(2, ptlv(6, b"ab")), "1.0.0.1"), lsa(1, b"", length=7)]
HELLO2 = a4("255.255.255.0") + be16(10) + u8(0x12, 1) + be32(40) + a4("192.0.2.1") + a4("192.0.2.2") + a4("192.0.2.3")
LLS = be16(0xfff6, 9) + be16(1, 4) + be32(3) + be16(2, 20) + be32(7) + bytes(16) + be16(9, 0)
capture("ospf.pcap", ETHERNET, [ospf(4, be32(1) + x) for x in LSAS] + [
    ospf(4, be32(2) + LSAS[1] + LSAS[3]), ospf(1, HELLO2), ospf(1, HELLO2, tail=LLS), ospf(1, HELLO2, 1, b"secret\0\0"),
    ospf(1, HELLO2, 2, be16(0) + u8(5, 16) + be32(99), tail=bytes(16)), ospf(1, HELLO2, 9), ospf(1, HELLO2, length=99),
    ospf(2, be16(1500) + u8(0x42, 7) + be32(77) + lsa(1, b"")), ospf(2, be16(0) + u8(0, 0) + be32(77)),
    ospf(3, be32(1) + a4("192.0.2.7") + a4("192.0.2.1") + be32(10) + a4("1.0.0.2") + a4("192.0.2.1")),
    ospf(5, lsa(1, b"") + lsa(9, b"", "3.0.0.1")), ospf(6, b""), ospf(1, HELLO2, version=3),
])
capture("ospf_cuts.pcap", ETHERNET, cuts(ospf(4, be32(2) + LSAS[0] + LSAS[4]), first=34) + cuts(ospf(4, be32(1) + LSAS[11]), first=80, step=3) +
        cuts(ospf(1, HELLO2, 2, be16(0) + u8(5, 16) + be32(99), tail=bytes(16)), first=34))


def ospf3(kind, body, tail=b"", instance=0, version=3, length=None):
    n = 16 + len(body) if length is None else length
    return eth(ip6(u8(version, kind) + be16(n) + a4("192.0.2.1") + a4("0.0.0.0") + be16(0) + u8(instance, 0) + body + tail, 89, dst="ff02::5"))


def lsa3(kind, body, length=None):
    n = 20 + len(body) if length is None else length
    return be16(9, kind) + a4("0.0.0.7") + a4("192.0.2.1") + be32(0x80000001) + be16(0xbeef, n) + body


P64, P0 = u8(64, 2) + be16(0) + h("20010db800000001"), u8(0, 0) + be16(5)
LSAS3 = [lsa3(0x2001, be32(0x03000013) + u8(1, 0) + be16(10) + be32(1, 2, 3) + u8(2, 0) + be16(1) + be32(1, 2, 3) + u8(4, 0) + be16(6) + be32(1, 2, 3)),
         lsa3(0x2002, be32(0x33) + a4("192.0.2.1") + a4("192.0.2.2")), lsa3(0x2003, be32(10) + P64), lsa3(0x4005, be32(0x0700000a) + P64 + a6("2001:db8::9") + be32(7)),
         lsa3(0x0008, u8(1, 0, 0, 0x33) + a6("fe80::1") + be32(1) + P64), lsa3(0x2009, be16(2, 0x2001) + a4("0.0.0.1") + a4("192.0.2.1") + P64 + P0),
         lsa3(0x000b, ptlv(1, be32(120))), lsa3(0x000a, ptlv(1, a4("192.0.2.1"))), lsa3(0xa012, b"data"), lsa3(0x2001, be32(0) + u8(9) + bytes(15)),
         lsa3(0x2003, be32(10) + u8(129, 0, 0, 0)), lsa3(0x2002, b"ab"), lsa3(0x2001, b"", 3)]
HELLO3 = be32(5) + u8(1, 0, 2, 0x13) + be16(10, 40) + a4("192.0.2.1") + a4("192.0.2.2") + a4("192.0.2.3")
capture("ospf3.pcap", ETHERNET, [ospf3(4, be32(1) + x) for x in LSAS3] + [
    ospf3(1, HELLO3), ospf3(1, HELLO3, be16(0x1111, 4) + be16(1, 36, 0, 1) + be32(0, 9) + bytes(20), 3), ospf3(1, HELLO3, b"abc"),
    ospf3(2, be32(0x13) + be16(1500) + u8(0, 7) + be32(77) + lsa3(0x2001, b"")), ospf3(3, be16(0, 0x2001) + a4("0.0.0.7") + a4("192.0.2.1")),
    ospf3(5, lsa3(0x2001, b"") + lsa3(0x0008, b"")), ospf3(5, b"ab"), ospf3(9, b""), ospf3(1, HELLO3, version=2), ospf3(1, HELLO3, length=99),
    ospf3(5, lsa3(0x2001, b""), be16(2, 12)), ospf3(4, be32(2) + LSAS3[1] + LSAS3[2]),
])
capture("ospf3_cuts.pcap", ETHERNET, cuts(ospf3(4, be32(2) + LSAS3[3] + LSAS3[5]), first=54) +
        cuts(ospf3(1, HELLO3, be16(0x1111, 4) + be16(1, 36, 0, 1) + be32(0, 9) + bytes(20), 3), first=54))


# --- Babel ---

def btlv(kind, value):
    return u8(kind, len(value)) + value


def babel(body, trailer=b"", version=2, magic=42, length=None):
    n = len(body) if length is None else length
    return eth(ip6(udp(u8(magic, version) + be16(n) + body + trailer, 6696, 6696), dst="ff02::1:6"))


SUBS = btlv(1, b"\0") + b"\0" + btlv(2, u8(0, 5, 255)) + btlv(2, b"") + btlv(3, be32(1000001, 5)) + btlv(0x89, b"ab")
ID = h("0102030405060708")
BABEL = [btlv(1, bytes(4)) + b"\0" + btlv(2, be16(0, 0xabcd, 250)) + btlv(3, be16(0xabcd)), btlv(4, be16(0, 7, 400) + SUBS),
         btlv(4, be16(0x8000, 7, 0)) + btlv(4, be16(0, 7, 5) + u8(3, 2, 0, 0)) + btlv(4, be16(0, 7, 5) + u8(5)),
         btlv(5, u8(0, 0) + be16(96, 12)), btlv(5, u8(1, 0) + be16(96, 12) + a4("192.0.2.1") + SUBS), btlv(5, u8(2, 0) + be16(96, 0) + a6("2001:db8::1")),
         btlv(5, u8(3, 0) + be16(96, 12) + ID) + btlv(5, u8(9, 0) + be16(96, 12)), btlv(6, be16(0) + ID), btlv(7, u8(1, 0) + a4("192.0.2.1")) + btlv(7, u8(0, 0)),
         btlv(8, u8(2, 0x80, 64, 0) + be16(1600, 5, 0) + ID) + btlv(8, u8(2, 0x40, 128, 8) + be16(65535, 5, 96) + ID + SUBS),
         btlv(8, u8(1, 0x80, 24, 0) + be16(1600, 5, 0) + u8(192, 0, 2)) + btlv(8, u8(1, 1, 32, 3) + be16(0, 5, 0) + u8(9)),
         btlv(8, u8(0, 0, 0, 0) + be16(0, 5, 65535)) + btlv(8, u8(3, 0, 72, 0) + be16(1, 5, 1) + u8(1)), btlv(8, u8(1, 0, 33, 0) + be16(1, 5, 1) + ID),
         btlv(9, u8(0, 0)) + btlv(9, u8(2, 64) + ID), btlv(10, u8(2, 64) + be16(5) + u8(9, 0) + ID + ID) + btlv(10, u8(0, 0) + be16(5) + u8(9, 0) + ID),
         btlv(11, be16(7) + be32(9)) + btlv(12, be16(3) + bytes(range(16))), btlv(13, u8(1, 8, 24, 0) + be16(1600, 5, 0) + u8(192, 0, 2, 10)),
         btlv(14, u8(2, 64, 0) + ID) + btlv(14, u8(0, 0, 0)), btlv(15, u8(2, 64) + be16(5) + u8(9, 8) + ID + ID + u8(0x20)),
         btlv(16, bytes(16)) + btlv(17, be32(5) + b"abc") + btlv(18, b"ab") + btlv(19, b"ab") + btlv(99, b""), btlv(18, bytes(200)), btlv(8, b"short"), u8(4, 99)]
capture("babel.pcap", ETHERNET, [babel(x) for x in BABEL] + [
    babel(BABEL[7], btlv(16, bytes(16))), babel(b"", version=3), babel(b"", magic=1), babel(b"abcd", length=99), babel(u8(4)),
])
capture("babel_cuts.pcap", ETHERNET, cuts(babel(BABEL[1] + BABEL[4] + BABEL[9], BABEL[7]), first=62))


# --- OLSR ---

def olsr(messages, ip=ip4, length=None):
    n = 4 + len(messages) if length is None else length
    return eth(ip(udp(be16(n, 7) + messages, 698, 698)))


def omsg(kind, body, addr=a4("192.0.2.1"), length=None):
    n = 8 + len(addr) + len(body) if length is None else length
    return u8(kind, 0x86) + be16(n) + addr + u8(3, 4) + be16(77) + body


def olink(code, body):
    return u8(code, 0) + be16(4 + len(body)) + body


A4, A6 = a4("192.0.2.5"), a6("2001:db8::5")
OLSR = [omsg(1, be16(0) + u8(5, 3) + olink(6, A4 * 5) + olink(9, A4)), omsg(201, be16(0) + u8(5, 3) + olink(2, A4 + u8(255, 128, 0, 0))),
        omsg(2, be16(5, 0) + A4 * 2), omsg(202, be16(5, 0) + A4 + u8(10, 255, 0, 0)), omsg(3, A4 * 2),
        omsg(4, (A4 + a4("255.255.255.0")) * 5 + a4("192.0.2.0") + a4("255.0.255.0") + bytes(4) + u8(0, 31, 75, 255) + bytes(4) + u8(0, 2, 0, 0)),
        omsg(130, be16(1, 2) + be16(1, 5) + A4 + b"hello\0\0\0" + be16(2, 4) + A4 + b"abcd"), omsg(130, be16(1, 0)), omsg(130, be16(1, 1) + be16(1, 0) + A4),
        omsg(128, b"power"), omsg(99, b"abcd"), omsg(0, b""), omsg(1, b"ab"), omsg(1, be16(0) + u8(5, 3) + u8(6, 0) + be16(3)), omsg(2, b"", length=99)]
OLSR6 = [omsg(201, be16(0) + u8(5, 3) + olink(2, A6 + u8(255, 128, 0, 0)), A6), omsg(202, be16(5, 0) + A6 + u8(10, 255, 0, 0), A6), omsg(3, A6 * 2, A6),
         omsg(4, A6 + bytes([255] * 8 + [0] * 8) + A6 + bytes([255, 0x57] + [0] * 14), A6), omsg(130, be16(1, 1) + be16(1, 4) + A6 + b"name", A6)]
capture("olsr.pcap", ETHERNET, [olsr(x) for x in OLSR] + [olsr(OLSR[2] + OLSR[4]), olsr(OLSR[2], length=3), eth(ip4(udp(b"ab", 698, 698)))] +
        [olsr(x, ip6) for x in OLSR6])
capture("olsr_cuts.pcap", ETHERNET, cuts(olsr(OLSR[0] + OLSR[6]), first=42) + cuts(olsr(OLSR6[0], ip6), first=62))


# --- PGM ---

def pgm(kind, body, options=b"", opts=None):
    return be16(1000, 2000) + u8(kind, (1 if options else 0) if opts is None else opts) + be16(0) + h("010203040506") + be16(9) + body + options


def opt(kind, value):
    return u8(kind, 2 + len(value)) + value


def opts(*o):
    o = b"".join(o)
    return u8(0, 4) + be16(4 + len(o)) + o


def nla(a):
    return be16(1 if len(a) == 4 else 2, 0) + a


W = be32(0)
OPTIONS = [opt(0, be16(4)), opt(1, be16(0) + be32(1, 2, 3)), opt(2, be16(0) + be32(8, 9)), opt(3, be16(0) + be32(5)), opt(4, be16(0) + be32(1, 2)),
           opt(5, be16(0) + be32(1, 2)), opt(7, be16(0) + nla(A4)), opt(7, be16(0) + nla(A6)), opt(8, be16(0) + be32(5)), opt(9, be16(0) + be32(5)),
           opt(10, be16(0) + be32(5)), opt(11, be16(0)), opt(13, be16(0)), opt(14, be16(0)), opt(15, be16(0)), opt(17, be16(0)),
           opt(18, be16(0) + be32(7) + nla(A4)), opt(19, be16(0) + be32(7) + nla(A6)), opt(12, be16(0)), opt(16, be16(0)), opt(0x55, be16(0)),
           opt(3, be16(0)), opt(7, be16(0)), opt(7, be16(0) + nla(A4) + W), opt(7, be16(0, 9, 0)), opt(18, be16(0)), opt(19, be16(0)), opt(2, be16(0) + b"abc"),
           u8(3, 3), u8(3, 99)]
PGM = [pgm(0, be32(1, 2, 3) + nla(A4)), pgm(0, be32(1, 2, 3) + nla(A6)), pgm(0, be32(1, 2, 3) + be16(9, 0)), pgm(1, be32(1) + be16(2, 0) + nla(A4) + be32(1, 2, 3)),
       pgm(2, be32(1) + be16(2, 0)), pgm(4, be32(5, 3) + b"data"), pgm(5, be32(5, 3)), pgm(8, be32(5) + nla(A4) + nla(A4)),
       pgm(9, be32(5) + nla(A4) + be16(1, 0, 1, 0) + A4), pgm(10, be32(5) + nla(A6) + be16(1, 0, 1, 0) + A4), pgm(11, be32(5, 3)), pgm(12, b""), pgm(13, be32(5, 3)),
       pgm(4, be32(5, 3), opts(*OPTIONS[:6])), pgm(4, be32(5, 3), opts(*OPTIONS[6:12])), pgm(4, be32(5, 3), opts(*OPTIONS[12:18])),
       pgm(4, be32(5, 3), opts(OPTIONS[3], u8(0x8b, 4, 0, 0), OPTIONS[4])), pgm(4, be32(5, 3), u8(3, 4, 0, 4)), pgm(4, be32(5, 3), u8(0, 5, 0, 4)),
       pgm(4, be32(5, 3), u8(0, 4, 0, 3)), pgm(4, be32(5, 3), u8(0, 4, 0, 6, 0, 0)), pgm(4, be32(5, 3), u8(0, 4, 0, 6, 0, 0)[:3])]
PGM += [pgm(4, be32(5, 3), opts(x)) for x in OPTIONS[18:]]
capture("pgm.pcap", ETHERNET, [eth(ip4(x, 113)) for x in PGM] + [eth(ip6(PGM[0], 113)), eth(ip4(b"abc", 113)), eth(ip4(bytes(9), 113))])
capture("pgm_cuts.pcap", ETHERNET, cuts(eth(ip4(pgm(4, be32(5, 3), opts(*OPTIONS[1:8])), 113)), first=34) + cuts(eth(ip4(PGM[9], 113)), first=54))
ZMTP = be16(4) + b"tail" + u8(6, 0) + b"hello" + u8(3, 1) + b"ab"
capture("pgm_udp.pcap", ETHERNET, [eth(ip4(udp(pgm(k, be32(5, 3) + z), 7500, 7500))) for k, z in
                                   ((4, ZMTP), (5, be16(0xffff) + b"all of it"), (4, be16(99) + b"cut"), (11, b""), (4, b""))])


# --- ISAKMP ---

def ike(np, payloads, version=1, exchange=2, flags=0, msgid=0, rck=bytes(8), length=None, ick=b"initiatr"):
    n = 28 + len(payloads) if length is None else length
    return ick + rck + u8(np, version << 4, exchange, flags) + be32(msgid, n) + payloads


def pay(np, value, critical=0):
    return u8(np, critical) + be16(4 + len(value)) + value


def at(kind, value):
    return be16(0x8000 | kind, value) if isinstance(value, int) else be16(kind, len(value)) + value


def sa1(proto, transforms, spi=b"", doi=1, sit=1):
    ts = b"".join(pay(3 if i + 1 < len(transforms) else 0, u8(i + 1, t, 0, 0) + a) for i, (t, a) in enumerate(transforms))
    return be32(doi, sit) + pay(0, u8(1, proto, len(spi), len(transforms)) + spi + ts)


OAKLEY = at(1, 5) + at(2, 2) + at(3, 1) + at(4, 2) + at(11, 1) + at(12, be32(86400)) + at(14, 256) + at(99, 1) + at(1, 99)
IPSEC = at(1, 1) + at(2, be32(28800)) + at(3, 14) + at(4, 1) + at(5, 2) + at(6, 128)
N1 = be32(1) + u8(3, 4) + be16(24576) + b"spi!" + at(11, 1) + at(12, be32(60))
V1_PAYLOADS = [
    (1, sa1(1, [(1, OAKLEY), (1, b"")])), (1, sa1(3, [(3, IPSEC), (12, IPSEC)], b"\1\2\3\4")), (1, sa1(2, [(2, IPSEC)])), (1, sa1(4, [(2, b"")])),
    (1, sa1(9, [(2, at(1, 5))])), (1, be32(9, 5)), (1, sa1(1, [(1, at(12, be32(1))[:5])])), (1, be32(1, 7, 9) + bytes(8)), (4, b"key exchange"), (5, u8(1, 17, 1, 244) + A4), (5, u8(2, 0, 0, 0) + b"host.example"),
    (5, u8(3, 0, 0, 0) + b"me@example"), (5, u8(4, 6, 0, 80) + A4 + a4("255.255.255.0")), (5, u8(5, 0, 0, 0) + A6), (5, u8(6, 0, 0, 0) + A6 * 2),
    (5, u8(7, 0, 0, 0) + A4 * 2), (5, u8(8, 0, 0, 0) + A6 * 2), (5, u8(11, 0, 0, 0) + b"key"), (5, u8(1, 0, 0, 0) + b"ab"), (5, u8(0, 0, 0, 0)),
    (6, u8(4) + b"certificate"), (7, u8(9) + b"request"), (8, b"hash"), (9, b"signature"), (10, b"nonce " * 6), (11, N1), (11, put(N1, 6, be16(24577))),
    (11, put(N1, 6, be16(24578))), (11, put(N1, 6, be16(14))), (11, put(N1, 6, be16(8192))), (11, put(N1, 6, be16(16384))), (11, put(N1, 6, be16(40000))),
    (11, be32(9) + u8(3, 0) + be16(14)), (12, be32(1) + u8(3, 4) + be16(2) + b"abcdefgh"), (12, be32(9) + u8(3, 0) + be16(2)), (13, b"vendor"), (20, b"data"), (60, b"data"),
]


def sa2(*transforms, spi=b"", proto=1):
    ts = b"".join(pay(3 if i + 1 < len(transforms) else 0, u8(t, 0) + be16(v) + a) for i, (t, v, a) in enumerate(transforms))
    return pay(0, u8(1, proto, len(spi), len(transforms)) + spi + ts)


V2_PAYLOADS = [
    (33, sa2((1, 12, at(14, 256)), (2, 2, b""), (3, 2, b""), (4, 14, b""), (5, 0, b""), (9, 9, at(3, b"ab")))), (33, sa2((1, 12, b""), spi=b"abcd", proto=3)),
    (33, sa2((1, 12, b""))[:-2]), (33, pay(2, u8(1, 1, 9, 1)) + pay(0, u8(1, 1, 0, 0))), (33, pay(7, b"data!")), (34, be16(14, 0) + b"key"), (34, b"ab"),
    (35, u8(1, 0, 0, 0) + A4), (36, u8(2, 0, 0, 0) + b"host\1example"), (35, u8(5, 0, 0, 0) + A6), (35, u8(99, 0, 0, 0)), (35, b"ab"), (37, b"certificate"), (38, b"request"),
    (39, u8(2, 0, 0, 0) + b"authentication" * 3), (40, b"nonce " * 6), (41, u8(3, 4) + be16(16393) + b"spi!"), (41, u8(0, 0) + be16(16388) + bytes(20)),
    (41, u8(0, 0) + be16(16390) + b"cookie" * 8), (41, u8(0, 0) + be16(16390) + b"cookie"), (41, u8(1, 4) + be16(99) + b"spi!"), (41, u8(1, 0) + be16(41000)),
    (42, u8(1, 0) + be16(0)), (43, b"vendor \xff\1id"), (44, bytes(8)), (47, bytes(4)), (48, bytes(4)), (46, b"encrypted" * 4), (99, b"data"),
]


def iudp(payload, port=500, back=False):
    src, dst = ("192.0.2.2", "192.0.2.1") if back else ("192.0.2.1", "192.0.2.2")
    return eth(ip4(udp(payload, port, port), src=src, dst=dst))


V1 = [iudp(ike(k, pay(0, b))) for k, b in V1_PAYLOADS]
V2 = [iudp(ike(k, pay(0, b, 0x80 if k % 2 else 0), 2, 34, 8)) for k, b in V2_PAYLOADS]
R8 = b"responds"
capture("isakmp1.pcap", ETHERNET, V1 + [
    iudp(ike(8, pay(1, b"hash") + pay(0, V1_PAYLOADS[0][1])), back=True), iudp(ike(8, b"", rck=R8, flags=1, exchange=32, msgid=5), back=True),
    iudp(ike(8, b"", rck=R8, flags=3, exchange=99, ick=b"unknown!")), iudp(ike(8, b"", rck=R8, ick=bytes(8))), iudp(ike(8, pay(10, b"hash") + pay(8, b"x"))),
    iudp(ike(0, b"", length=99)), iudp(ike(8, b"abc")), iudp(ike(8, be32(3))), iudp(b"short"), iudp(ike(0, b"", version=3)),
])
capture("isakmp2.pcap", ETHERNET, V2 + [iudp(ike(46, pay(33, b"encrypted"), 2, 35, 0x20, 1)), iudp(ike(33, pay(34, V2_PAYLOADS[0][1]) + pay(40, V2_PAYLOADS[5][1]) + pay(0, b"nonce" * 4), 2, 34, 0x38))])
capture("isakmp_natt.pcap", ETHERNET, [
    iudp(u8(0xff), 4500), iudp(u8(0), 4500), iudp(b"abc", 4500), iudp(be32(0) + ike(8, pay(0, b"hash")), 4500), iudp(be32(0x12345678, 9) + bytes(16), 4500),
    iudp(be32(1), 4500), iudp(ike(8, pay(0, b"hash")), 7500), iudp(ike(8, pay(0, b"hash")), 8500),
])
capture("isakmp_cuts.pcap", ETHERNET, cuts(iudp(ike(1, pay(10, V1_PAYLOADS[1][1]) + pay(11, b"nonce" * 5) + pay(0, N1))), first=42) +
        cuts(iudp(ike(33, pay(39, V2_PAYLOADS[0][1]) + pay(43, V2_PAYLOADS[14][1]) + pay(0, b"vendor"), 2)), first=70))
