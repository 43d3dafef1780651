"""Protocols and corners found by comparing damaged packets with tcpdump: see tests/differ."""
from wire import *

EGP_UPDATE = h("""
    02 01 00 01 0000 0007 0005 01 01 0a000000   # update, up, AS 7, one gateway inside and one outside, net 10
    000001 01 01 01 c8 00 02                    # 0.0.1: distance 1, one network of class C
    000002 02 00 01 0b 02 02 80 01 0c           # 0.0.2: distance 0, net 11; distance 2, nets 128.1 and 12
""")


def egp(version, kind, code, status, rest):
    return u8(version, kind, code, status) + be16(0, 7, 5) + rest


EGP = [
    egp(2, 3, 0, 1, be16(30, 120) + be16(0)), egp(2, 3, 1, 9, be16(30, 120) + be16(0)), egp(2, 3, 2, 4, be16(0, 0, 0)),
    egp(2, 3, 4, 1, be16(0, 0, 0)), egp(2, 3, 7, 1, be16(0, 0, 0)), egp(2, 5, 0, 1, be16(0, 0, 0)),
    egp(2, 5, 1, 3, be16(0, 0, 0)), egp(2, 5, 2, 0, be16(0, 0, 0)), egp(2, 2, 0, 2, be16(0) + a4("10.0.0.0")),
    EGP_UPDATE, EGP_UPDATE[:3] + u8(0x83) + EGP_UPDATE[4:-3], EGP_UPDATE[:12] + a4("192.0.2.128") + EGP_UPDATE[16:],
    egp(2, 8, 0, 0, be16(3) + a4("0.0.0.0")), egp(2, 8, 0, 9, be16(7) + a4("0.0.0.0")), egp(2, 9, 0, 0, be16(0, 0, 0)),
    egp(3, 1, 0, 0, be16(0, 0, 0)), b"\2\1\0",
]
capture("egp.pcap", ETHERNET, [eth(ip4(Seg(8, x, None))) for x in EGP] + cuts(eth(ip4(Seg(8, EGP_UPDATE, None))), first=34))

MOBILE = [h("06 80 b2e8 c0000205 c0000201"), h("06 00 36f8 c0000205 00000000"), h("06 80 0000 c0000205 c0000201"), h("06 00 36f8 c0000205"),
          h("06 00 36f8 c00002")]
capture("mobile.pcap", ETHERNET, [eth(ip4(Seg(55, x, None))) for x in MOBILE])


def mpcp(opcode, body):
    return eth(be16(opcode) + be32(1000) + body, kind=0x8808)


MPCP = [
    mpcp(1, bytes(40)), mpcp(2, u8(0x1a) + be32(5000) + be16(100) + be32(6000) + be16(50) + be16(32) + bytes(20)), mpcp(2, u8(0) + be16(32)),
    mpcp(3, u8(3) + u8(0x81) + be16(7, 9) + u8(0) + bytes(20)), mpcp(4, u8(1, 5)), mpcp(4, u8(3, 5)), mpcp(4, u8(4, 5)),
    mpcp(5, be16(9) + u8(3) + be16(32) + u8(5)), mpcp(6, u8(1) + be16(9, 32)), mpcp(6, u8(0) + be16(9, 32)), mpcp(7, b"what is this?"),
]
capture("mpcp.pcap", ETHERNET, MPCP + cuts(MPCP[1][:40], first=14) + cuts(MPCP[7], first=20))


def usb(event, kind, size):
    return bytes(8) + u8(ord(event), kind, 0x81, 3) + be16(0x0200) + bytes(size - 14)


capture("usb.pcap", 189, [usb(e, k, 48) for e in "SCEX" for k in range(5)] + [usb("S", 2, 56), usb("S", 2, 47)])
capture("usb_mapped.pcap", 220, [usb(e, k, 64) for e in "SCE" for k in range(2)] + [usb("S", 2, 72), usb("S", 2, 63)])

RECORD_1 = a4("192.0.2.1") + a4("198.51.100.2") + a4("203.0.113.3") + be16(1, 2) + be32(10, 1500, 60000, 61234) + be16(40000, 80, 0) + \
    u8(6, 8, 0x1b) + bytes(7)
RECORD_5 = RECORD_1[:36] + u8(0, 0x13, 6, 0) + be16(64500, 64501) + u8(24, 16, 7, 9) + a4("192.0.2.9")


def netflow(version, records):
    more = b"" if version == 1 else be32(77) + bytes(4)
    return be16(version, len(records)) + be32(123456789, 1700000000, 5) + more + b"".join(records)


FLOW = [netflow(1, [RECORD_1, RECORD_1[:38] + u8(17) + RECORD_1[39:]]), netflow(5, [RECORD_5]), netflow(6, [RECORD_5, RECORD_5]), netflow(9, []),
        netflow(5, [])]
capture("netflow.pcap", ETHERNET, [eth(ip4(udp(x, 40000, 2055))) for x in FLOW] + cuts(eth(ip4(udp(FLOW[2], 40000, 2055))), first=42, step=7))

IPX = be16(0xffff, 38) + u8(0, 17) + be32(1) + h("02000000000b") + be16(0x452) + be32(2) + h("02000000000a") + be16(0x4003) + be16(1, 4) + bytes(4)
DDP = be16(38, 0) + be16(1, 2) + u8(3, 4, 5, 6, 12) + bytes(25)
MACSEC = h("02000000000b 02000000000a 88e5") + bytes(1)
capture("links.pcap", ETHERNET, [
    h("02000000000b 02000000000a") + be16(len(IPX)) + IPX,
    h("02000000000b 02000000000a") + be16(len(DDP) + 8) + h("aaaa03 080007 809b") + DDP,
    MACSEC + u8(1) + be32(1) + b"A" * 40, MACSEC + u8(2) + be32(1) + b"AB" + b"A" * 40, MACSEC + u8(0) + be32(1) + b"A" * 17,
])
capture("links_sll.pcap", SLL, [be16(0, 1, 6) + h("02000000000a 0000") + be16(1) + IPX])
capture("link_112.pcap", 112, [h("0f000800") + ip4(udp(b"data", 1000, 2000)), h("8f000203") + bytes(10)])
