"""GRE, VXLAN, VXLAN-GPE, Geneve, NSH, MPLS, L2TP and PPTP."""
from wire import *

INNER = ip4(udp(b"inner", 1000, 9), src="198.51.100.1", dst="198.51.100.2")
INNER6 = ip6(udp(b"inner", 1000, 9))
FRAME = eth(INNER)


def gre(flags, kind, rest):
    return ip4(be16(flags, kind) + rest, 47)


ROUTE_IP = be16(0x0800) + u8(4, 8) + a4("192.0.2.8") + a4("192.0.2.9")
ROUTE_AS = be16(0xfffe) + u8(2, 4) + be16(64512, 64513)
END_ROUTE = be32(0)

capture("gre.pcap", ETHERNET, [
    eth(gre(0, 0x0800, INNER)),
    eth(gre(0x8000, 0x0800, be16(0x1234, 0) + INNER)),
    eth(gre(0xb000, 0x0800, be16(0x1234, 0) + be32(7, 8) + INNER)),
    eth(gre(0x2000, 0x6558, be32(0x00123401) + FRAME)),                     # as NVGRE has it
    eth(gre(0, 0x6558, FRAME)),
    eth(gre(0, 0x86dd, INNER6)),
    eth(gre(0, 0x8847, be32(0x00010140) + INNER)),
    eth(gre(0, 0x8848, be32(0x00010140) + INNER)),
    eth(gre(0, 0x0806, bytes(28))),                                         # not for GRE
    eth(gre(0, 0x1234, b"data")),
    eth(gre(0x4000, 0x0800, be16(1, 4) + ROUTE_IP + ROUTE_AS + END_ROUTE + INNER)),
    eth(gre(0x4f87, 0x0800, b"")),                                          # version 7
    eth(gre(0x4800, 0x0800, be16(1, 4) + be16(0x1111) + u8(1, 4) + bytes(4) + END_ROUTE + INNER)),
    eth(gre(0x4000, 0x0800, be16(1, 4) + put(ROUTE_IP, 2, u8(3)) + END_ROUTE + INNER)),
    eth(gre(0x4000, 0x0800, be16(1, 4) + put(ROUTE_IP, 2, u8(8)) + END_ROUTE + INNER)),
    eth(gre(0x4000, 0x0800, be16(1, 4) + put(ROUTE_IP, 3, u8(7)) + END_ROUTE + INNER)),
    eth(gre(0x4000, 0x0800, be16(1, 4) + put(ROUTE_AS, 2, u8(1)) + END_ROUTE + INNER)),
    eth(gre(0x4000, 0x0800, be16(1, 4) + put(ROUTE_AS, 3, u8(3)) + END_ROUTE + INNER)),
    eth(gre(0x4000, 0x0800, be16(1, 4) + put(ROUTE_IP, 3, u8(200)))),       # runs past the packet
    eth(gre(0xf000, 0x0800, be16(1))),
    eth(gre(0x2000, 0x0800, be16(1))),
    eth(gre(0x1000, 0x0800, be16(1))),
    eth(ip4(u8(0), 47)),
    eth(ip4(be16(0), 47)),
    eth(ip4(b"", 47)),
    eth(gre(0x3001, 0x880b, be16(8, 77) + be32(5) + h("ff03c021 01010004"))),
    eth(gre(0x3081, 0x880b, be16(8, 77) + be32(5, 4) + h("ff03c021 01010004"))),
    eth(gre(0x2081, 0x880b, be16(0, 77) + be32(4))),
    eth(gre(0x0001, 0x880b, b"")),
    eth(gre(0x1001, 0x1234, be32(9) + b"data")),
    eth(gre(0x3081, 0x880b, be16(8, 77) + be32(5))),
    eth(gre(0x2001, 0x880b, be16(8))),
])
capture("gre_cuts.pcap", ETHERNET,
        cuts(eth(gre(0xf000, 0x0800, be16(1, 4) + be32(7, 8) + ROUTE_IP + ROUTE_AS + END_ROUTE + INNER)), first=34) +
        cuts(eth(gre(0x3081, 0x880b, be16(8, 77) + be32(5, 4) + h("ff03c021 01010004"))), first=34))


def vx(port, payload):
    return eth(ip4(udp(payload, 40000, port)))


VXLAN = u8(8, 0, 0, 0) + be32(0x00abcd00)
capture("vxlan.pcap", ETHERNET, [
    vx(4789, VXLAN + FRAME),
    vx(4789, u8(0, 0, 0, 0) + be32(0x00abcd00) + FRAME),
    vx(4789, u8(0xff, 0, 0, 0) + be32(0x00abcdff) + eth(vlan(INNER, 7), 0x8100)),
    vx(4789, VXLAN + b"short"),
    vx(4789, VXLAN[:7]),
    eth(ip4(udp(VXLAN + FRAME, 4789, 40000))),
    eth(ip6(udp(VXLAN + FRAME, 40000, 4789))),
    vx(8472, VXLAN + FRAME),                                                # the port of before
    vx(8472, u8(0, 0, 0, 9) + be32(0x00abcdff) + FRAME),
    vx(8472, VXLAN[:7]),
    eth(ip4(udp(VXLAN + FRAME, 8472, 40000))),
    vx(9999, VXLAN + FRAME),
])
capture("vxlan_cuts.pcap", ETHERNET,
        cuts(vx(4789, VXLAN + FRAME), first=42) + cuts(vx(8472, VXLAN + FRAME), first=42))

NSH1 = be32(0x0fc60103, 0x00012363) + be32(1, 2, 3, 4)
NSH2 = be32(0x0fc60201, 0x00012363) + be16(0x0101) + u8(7, 5) + b"hello\0\0\0" + be16(0x0102) + u8(8, 0)


def gpe(flags, kind, payload):
    return vx(4790, u8(flags, 0, 0, kind) + be32(0x00abcd00) + payload)


capture("vxlan_gpe.pcap", ETHERNET, [
    gpe(0x0c, 1, INNER),
    gpe(0x0c, 2, INNER6),
    gpe(0x0c, 3, FRAME),
    gpe(0x0f, 4, NSH1 + FRAME),
    gpe(0x00, 9, b"data"),
    vx(4790, b"short"),
    eth(ip4(udp(u8(0x0c, 0, 0, 1) + be32(0x00abcd00) + INNER, 4790, 40000))),
])
capture("vxlan_gpe_cuts.pcap", ETHERNET,
        cuts(gpe(0x0c, 1, INNER), first=42))

capture("nsh.pcap", ETHERNET, [
    eth(NSH1 + FRAME, 0x894f),
    eth(NSH2 + INNER, 0x894f),
    eth(be32(0x2fc60102, 0x00012363) + bytes(16) + INNER6, 0x894f),
    eth(be32(0x0fc20301, 0x00012363) + INNER, 0x894f),
    eth(be32(0x0fc20005, 0x00012363) + b"data", 0x894f),
    eth(be32(0x4fc20301, 0x00012363) + INNER, 0x894f),                      # version 1
    eth(be32(0x0fc50101, 0x00012363) + bytes(12) + INNER, 0x894f),          # wrong length for its type
    eth(be32(0x0fc10301, 0x00012363) + INNER, 0x894f),
    eth(be32(0x0fff0301, 0x00012363) + INNER, 0x894f),
    eth(put(NSH2, 11, u8(99)) + INNER, 0x894f),
    eth(NSH1[:7], 0x894f),
])
capture("nsh_cuts.pcap", ETHERNET,
        cuts(eth(NSH2 + INNER, 0x894f), first=14) + cuts(eth(NSH1 + FRAME, 0x894f), first=14))

OPTION = be16(0x0103) + u8(0x80, 2) + be32(1, 2)


def geneve(first, flags, kind, payload, last=0):
    return vx(6081, u8(first, flags) + be16(kind) + be32(0x00000a00 | last) + payload)


capture("geneve.pcap", ETHERNET, [
    geneve(0, 0, 0x6558, FRAME),
    geneve(5, 0xc0, 0x0800, OPTION + be16(0xfff1) + u8(1, 0) + be16(0x0005) + u8(1, 0) + INNER),
    geneve(3, 0x3f, 0x86dd, OPTION + INNER6, last=3),
    geneve(0x43, 0, 0x0800, OPTION + INNER),                                # version 1
    geneve(2, 0, 0x0800, OPTION + INNER),                                   # the option is longer than the options
    geneve(0, 0, 0x1234, b"data"),
    geneve(63, 0, 0x0800, INNER),
    geneve(2, 0, 0x0800, be16(0x0200) + u8(1, 0) + be16(0x0104) + u8(1, 0xe0) + INNER),
    vx(6081, b"short"),
    eth(ip4(udp(be16(0, 0x0800) + be32(0x00000a00) + INNER, 6081, 40000))),
])
capture("geneve_cuts.pcap", ETHERNET,
        cuts(geneve(5, 0xc0, 0x0800, OPTION + be16(0xfff1) + u8(1, 0) + be16(0x0005) + u8(1, 0) + INNER), first=42))


def label(n, bottom=0, tc=0, ttl=64):
    return be32(n << 12 | tc << 9 | bottom << 8 | ttl)


capture("mpls.pcap", ETHERNET, [
    eth(label(16, 1) + INNER, 0x8847),
    eth(label(17, 0, 5) + label(18, 1, 7, 255) + INNER6, 0x8847),
    eth(label(0, 1) + INNER, 0x8848),
    eth(label(2, 1) + INNER6, 0x8847),
    eth(label(3, 1) + INNER, 0x8847),
    eth(label(1) + label(7) + label(0xfffff, 1) + h("99 01 02 03"), 0x8847),
    eth(label(16, 1) + h("83 1b 01 00 0f 01 00 00"), 0x8847),
    eth(label(16, 1), 0x8847),
    eth(label(16) + be16(0), 0x8847),
    eth(label(16), 0x8847),
    eth(ip4(udp(label(16, 1) + INNER, 40000, 6635))),
    eth(ip4(label(16, 1) + INNER, 137)),
])
capture("mpls_cuts.pcap", ETHERNET,
        cuts(eth(label(17, 0, 5) + label(18, 1) + INNER, 0x8847), first=14))


def avp(kind, value, flags=0x8000, vendor=0):
    return be16(flags | 6 + len(value), vendor, kind) + value


def control(avps, flags=0xc802, extra=b""):
    return be16(flags, 12 + len(extra) + len(avps), 7, 0, 1, 2) + extra + avps


def l2tp(payload):
    return eth(ip4(udp(payload, 1701, 1701)))


EVERY = [
    (0, be16(1)), (0, be16(99)), (1, be16(1)), (1, be16(2, 6)), (1, be16(2, 6) + b"gone"), (2, u8(1, 0)), (3, be32(3)),
    (4, be32(3)), (5, bytes(range(8))), (6, be16(0x0690)), (7, b"lac.example"), (8, b"Vendor\x01"), (9, be16(5)),
    (10, be16(4)), (11, b"\x01\x02"), (12, be16(16) + u8(9)), (12, be16(16) + u8(9) + b"bye"), (13, bytes(range(16))),
    (14, be16(6)), (15, be32(1)), (16, be32(9600)), (17, be32(56000)), (18, be32(1)), (19, be32(2)), (20, be16(1)),
    (21, b"5551234"), (22, b"5554321"), (23, b"9"), (24, be32(28800)), (25, be32(0)), (26, b"\x01\x04"),
    (27, b"\x02\x04"), (28, b"\x03\x04"), (29, be16(2)), (29, be16(77)), (30, b"user"), (31, b"\xaa\xbb"),
    (32, be16(0x0142)), (33, b"\xcc"), (34, be16(0) + be32(1, 2, 3, 4, 5, 6)), (35, be16(0) + be32(0xffffffff, 1)),
    (36, b"\xde\xad"), (37, b"group"), (38, be32(33600)), (39, b""), (46, be16(3, 0xc021) + u8(1)),
    (46, be16(3, 0xc021) + u8(9) + b"why"), (40, b"x"), (99, b"x"),
]
capture("l2tp.pcap", ETHERNET, [l2tp(control(avp(0, be16(6)) + avp(k, v))) for k, v in EVERY]
  + [l2tp(control(avp(k, v[:n]))) for k, v in EVERY for n in (0, 1) if len(v) > n]
  + [l2tp(control(avp(34, bytes(n)))) for n in (2, 5, 9, 17, 25)]
  + [l2tp(control(avp(k, bytes(n)))) for k, n in ((35, 3), (35, 9), (46, 4), (5, 7), (13, 15), (15, 3), (12, 2), (1, 3))] + [
    l2tp(control(avp(0, be16(1)) + avp(7, b"hidden", 0xc000) + avp(3, b"abc", 0, 9))),
    l2tp(control(b"")),
    l2tp(control(avp(0, be16(1)), 0xcb02, be16(2) + b"\0\0")),
    l2tp(control(avp(0, be16(1)) + be16(0x8003) + b"x")),
    l2tp(control(avp(0, be16(1)) + be16(0x80ff, 0, 7))),
    l2tp(control(avp(0, be16(1)) + b"\x80")),
    l2tp(be16(0x8802, 7, 0, 1, 2) + avp(0, be16(1))),
    l2tp(be16(0xc802, 99, 7, 0, 1, 2) + avp(0, be16(1))),
    l2tp(be16(0xc802, 9, 7, 0, 1, 2) + avp(0, be16(1))),
    l2tp(be16(0x0002, 7, 8) + h("ff03 0021") + INNER),
    l2tp(be16(0x4102, 12 + len(INNER), 7, 8) + h("ff03 0021") + INNER),
    l2tp(be16(0x0202, 7, 8, 4) + b"padd" + h("0021") + INNER),
    l2tp(be16(0x0202, 7, 8, 400) + b"padd"),
    l2tp(be16(0x0001, 7, 8)),
    l2tp(be16(0x0003, 7, 8)),
])
capture("l2tp_cuts.pcap", ETHERNET,
        cuts(l2tp(control(avp(0, be16(1)) + avp(2, u8(1, 0)) + avp(34, be16(0) + be32(1, 2, 3, 4, 5, 6)) + avp(3, b"abc", 0, 9))),
         first=42))


def pptp(kind, body, msg=1, magic=0x1a2b3c4d, zero=0):
    data = be16(12 + len(body), msg) + be32(magic) + be16(kind, zero) + body
    return eth(ip4(tcp(data, 40000, 1723, flags="P.", ack=1)))


def pad(text, n):
    return text + bytes(n - len(text))


START = be16(0x0100) + u8(1, 0) + be32(3, 2) + be16(0, 1) + pad(b"host.example", 64) + pad(b"Vendor", 64)
OCRQ = be16(1, 2) + be32(2400, 10000000, 3, 3) + be16(64, 0, 7, 0) + pad(b"5551234", 64) + pad(b"sub", 64)
ICRQ = be16(1, 2) + be32(2, 0) + be16(4, 3) + pad(b"1234", 64) + pad(b"567", 64) + pad(b"sub", 64)
MESSAGES = [
    (1, put(START, 2, be16(0))), (2, START), (3, u8(1, 0) + be16(0)), (3, u8(9, 1) + be16(2)), (4, u8(1, 0) + be16(0)),
    (5, be32(77)), (6, be32(77) + u8(1, 0) + be16(0)), (7, OCRQ), (7, put(OCRQ, 24, be16(700))),
    (8, be16(1, 2) + u8(1, 0) + be16(0) + be32(64000) + be16(64, 0) + be32(0)), (9, ICRQ),
    (10, be16(1, 2) + u8(3, 6) + be16(64, 0, 1)), (11, be16(1, 0) + be32(64000) + be16(64, 0) + be32(2)),
    (12, be16(1, 0)), (13, be16(1) + u8(4, 7) + be16(5, 0) + pad(b"stats", 128)),
    (14, be16(1, 0) + be32(1, 2, 3, 4, 5, 6)), (15, be16(1, 0) + be32(0xffffffff, 1)), (0, b""), (16, b""), (99, b""),
]
capture("pptp.pcap", ETHERNET, [pptp(k, b) for k, b in MESSAGES] + [
    pptp(1, put(START, 2, be16(7)), 2), pptp(5, be32(1), 3), pptp(5, be32(1), 1, 0x11223344, 5),
])
capture("pptp_cuts.pcap", ETHERNET,
        cuts(pptp(7, OCRQ), first=54) + cuts(pptp(2, START), first=54))


def lisp(first, records, body, key=1, auth=bytes(range(20)), flags=1):
    head = u8(first, 0, flags, records) + be64(0x1122334455667788) + be16(key, len(auth)) + auth
    return eth(ip4(udp(head + body, 4342, 4342)))


def eid(afi, address, locators, act=0x10, plen=32):
    return be32(1440) + u8(len(locators), plen, act, 0) + be16(7, afi) + address + b"".join(locators)


def loc(afi, address, flags=5):
    return u8(1, 100, 255, 0) + be16(flags, afi) + address


LOC4, LOC6 = loc(1, a4("192.0.2.7")), loc(2, a6("2001:db8::7"), 0)
EID4, EID6 = eid(1, a4("198.51.100.7"), [LOC4, LOC6]), eid(2, a6("2001:db8::1"), [LOC4], 0x60, 64)
IDS = bytes(range(16)) + be64(99)
capture("lisp.pcap", ETHERNET, [
    lisp(0x32, 2, EID4 + EID6 + IDS), lisp(0x3d, 1, EID4, 2, bytes(32)), lisp(0x48, 1, EID6 + IDS), lisp(0x44, 1, EID6 + b"more"),
    lisp(0x40, 0, EID6, 9), lisp(0x40, 1, eid(16387, b"", [])), lisp(0x40, 1, eid(1, a4("192.0.2.1"), [loc(9, b"")], 0xf0)),
    lisp(0x48, 1, EID6 + IDS[:20]), lisp(0x10, 1, EID4), lisp(0x20, 1, EID4), lisp(0x70, 1, b""), lisp(0x80, 1, INNER),
    lisp(0xf0, 1, b""), lisp(0x40, 9, EID4), lisp(0x40, 1, EID4, auth=b""),
])
capture("lisp_cuts.pcap", ETHERNET, cuts(lisp(0x32, 2, EID4 + EID6 + IDS), first=42))
