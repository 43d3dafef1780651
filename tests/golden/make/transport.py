"""SCTP, DCCP and Multipath TCP."""
from wire import *


def sctp(*chunks, sport=2905, dport=2906, tail=b""):
    return ip4(be16(sport, dport) + be32(0x11223344, 0) + b"".join(chunks) + tail, 132)


def chunk(kind, body=b"", flags=0, length=None):
    data = u8(kind, flags) + be16(4 + len(body) if length is None else length) + body
    return data + b"\0" * (-len(data) % 4)


def data(payload, ppid=46, flags=3):
    return chunk(0, be32(1000) + be16(1, 2) + be32(ppid) + payload, flags)


INIT = be32(0xaabbccdd, 65536) + be16(10, 20) + be32(5000)
PARAMS = be16(5, 8) + a4("192.0.2.7") + be16(6, 20) + a6("2001:db8::7") + be16(7, 6) + b"ck\0\0" + be16(0xc000, 4)
SACK = be32(1000, 4096) + be16(2, 1) + be16(3, 4, 6, 9) + be32(999)

capture("sctp.pcap", ETHERNET, [
    eth(sctp(chunk(1, INIT + PARAMS))),
    eth(sctp(chunk(2, INIT + PARAMS))),
    eth(sctp(chunk(3, SACK))),
    eth(sctp(chunk(3, be32(1000, 4096) + be16(0, 0)), data(b"hello"))),
    eth(sctp(data(b"hello", flags=7), data(b"world!", 99, 0), data(b"x", 18, 4))),
    eth(sctp(chunk(4, be16(1, 8) + b"beat"), chunk(5, be16(1, 8) + b"beat"))),
    eth(sctp(chunk(6, be16(12, 8) + b"quit"), chunk(9, be16(1, 8, 7, 0)))),
    eth(sctp(chunk(7, be32(1000)), chunk(8), chunk(10, b"cookie"), chunk(11))),
    eth(sctp(chunk(12, be32(1)), chunk(13, be32(2)), chunk(14), chunk(0xc0, be32(3)), chunk(0xc1), chunk(0xc2))),
    eth(sctp(chunk(77, b"what"))),
    eth(sctp(chunk(0, b"short"))),
    eth(sctp(chunk(0, bytes(12)))),
    eth(sctp(chunk(1, bytes(15)))),
    eth(sctp(chunk(3, bytes(11)))),
    eth(sctp(chunk(3, SACK[:14]))),
    eth(sctp(chunk(3, SACK[:22]))),
    eth(sctp(chunk(7, length=3))),
    eth(sctp(chunk(7, be32(0), length=200))),
    eth(sctp(chunk(8), tail=b"ab")),
    eth(sctp(tail=u8(8, 0, 0, 5, 0))),
    eth(sctp(tail=u8(8, 0, 0, 7))),
    eth(sctp(data(b"hello", 21)[:-3])),
    eth(ip4(b"12345678", 132)),
    eth(sctp()),
    eth(ip6(be16(1, 2) + be32(1, 0) + chunk(8), 132)),
])
capture("sctp_cuts.pcap", ETHERNET,
        cuts(eth(sctp(chunk(3, SACK), data(b"hello"), chunk(1, INIT))), first=34))


def dccp(kind, body=b"", options=b"", long=True, cov=0, doff=None, length=None):
    options += b"\0" * (-len(options) % 4)
    head = 16 if long else 12
    words = (head + len(body) + len(options)) // 4 if doff is None else doff
    seq = u8(kind << 1 | 1, 0) + be16(1) + be32(0x22334455) if long else u8(kind << 1, 1, 2, 3)
    return Seg(33, be16(5001, 5002) + u8(words, 0x30 | cov, 0, 0) + seq + body + options + b"data", 6)


ACK = be32(0, 77)
OPTIONS = [
    u8(0, 1, 2), u8(32, 4, 1, 2), u8(33, 5, 5, 3, 4), u8(34, 3, 7), u8(35, 2), u8(32, 4, 99, 1), u8(36, 4, 0xab, 0xcd),
    u8(37, 3, 9), u8(38, 4, 1, 2), u8(39, 2), u8(40, 3, 7), u8(41, 6) + be32(5), u8(41, 4, 0, 5), u8(42, 6) + be32(5),
    u8(42, 8) + be32(5) + be16(6), u8(42, 10) + be32(5, 6), u8(42, 7, 1, 2, 3, 4, 5), u8(43, 4, 0, 7), u8(43, 6) + be32(7),
    u8(43, 3, 7), u8(44, 6) + be32(0xdeadbeef), u8(60, 3, 1), u8(128, 4, 0, 9), u8(130, 6) + be32(9), u8(131, 3, 1),
    u8(37, 1), u8(200, 1), u8(37, 99), u8(201, 99),
]
capture("dccp.pcap", ETHERNET, [
    eth(ip4(dccp(0, be32(42)))), eth(ip4(dccp(1, ACK + be32(42)))), eth(ip4(dccp(2))), eth(ip4(dccp(3, ACK))),
    eth(ip4(dccp(4, ACK))), eth(ip4(dccp(5, ACK))), eth(ip4(dccp(6, ACK))), eth(ip4(dccp(7, ACK + u8(2, 0, 0, 0)))),
    eth(ip4(dccp(7, ACK + u8(99, 0, 0, 0)))), eth(ip4(dccp(8, ACK))), eth(ip4(dccp(9, ACK))), eth(ip4(dccp(12, ACK))),
    eth(ip4(dccp(2, long=False))), eth(ip4(dccp(3, be32(5), long=False))), eth(ip4(dccp(0, be32(42), long=False))),
    eth(ip4(dccp(2, cov=1))), eth(ip4(dccp(2, cov=15))), eth(ip6(dccp(0, be32(42)))),
    eth(ip4(dccp(2, doff=200))), eth(ip4(dccp(2, doff=0))),
    eth(ip4(b"12345678", 33)), eth(ip4(u8(0, 1, 0, 2, 4, 0, 0, 0, 1, 0, 0, 0), 33)),
    eth(ip4(dccp(0).data[:18], 33)), eth(ip4(dccp(1).data[:20], 33)), eth(ip4(dccp(7).data[:20], 33)),
    eth(ip4(dccp(3).data[:20], 33)),
] + [eth(ip4(dccp(0, be32(42), o))) for o in OPTIONS])
capture("dccp_cuts.pcap", ETHERNET,
        cuts(eth(ip4(dccp(7, ACK + u8(2, 0, 0, 0), OPTIONS[2] + OPTIONS[15]))), first=34))


def mp(option, flags="."):
    option = u8(30, len(option) + 2) + option
    return eth(ip4(tcp(b"", flags=flags, ack=1 if "." in flags else 0, options=option + b"\1" * (-len(option) % 4))))


capture("mptcp.pcap", ETHERNET, [
    mp(u8(0x01, 0x81), "S"), mp(u8(0x00, 0x01) + be64(1), "S"), mp(u8(0x00, 0x01) + be64(1, 2)),
    mp(u8(0x01, 0x01) + be64(1, 2) + be16(9)), mp(u8(0x02, 0x01), "S"), mp(u8(0x01, 0x81)), mp(u8(0x00, 1, 2), "S"),
    mp(u8(0x11, 3) + be32(4, 5), "S"), mp(u8(0x10, 3) + be32(4, 5, 6), "S."), mp(u8(0x10, 0) + bytes(range(20))),
    mp(u8(0x10, 3) + be32(4, 5)), mp(u8(0x10, 3) + be32(4, 5, 6)), mp(u8(0x20, 0x01) + be32(7)),
    mp(u8(0x20, 0x03) + be64(7)), mp(u8(0x20, 0x05) + be32(7, 8, 9) + be16(10)),
    mp(u8(0x20, 0x1f) + be64(7, 8) + be32(9) + be16(10, 0xabcd)), mp(u8(0x20, 0x03) + be32(7)),
    mp(u8(0x20, 0x04) + be32(7)), mp(u8(0x20, 0x04) + be32(7, 8)), mp(u8(0x20, 0x0c) + be32(7)), mp(u8(0x20)),
    mp(u8(0x20, 0x00) + be32(7)), mp(u8(0x20, 0x01) + be32(7), "S"),
    mp(u8(0x34, 1) + a4("192.0.2.9")), mp(u8(0x34, 1) + a4("192.0.2.9") + be16(80)),
    mp(u8(0x30, 1) + a4("192.0.2.9") + be64(5)), mp(u8(0x31, 1) + a4("192.0.2.9") + be16(80) + be64(5)),
    mp(u8(0x36, 1) + a6("2001:db8::9")), mp(u8(0x36, 1) + a6("2001:db8::9") + be16(80)),
    mp(u8(0x30, 1) + a6("2001:db8::9") + be64(5)), mp(u8(0x30, 1) + a6("2001:db8::9") + be16(80) + be64(5)),
    mp(u8(0x37, 1) + a4("192.0.2.9")), mp(u8(0x34, 1) + b"abc"),
    mp(u8(0x40, 1, 2, 3)), mp(u8(0x40)), mp(u8(0x51)), mp(u8(0x50, 4)), mp(u8(0x50, 4, 5)),
    mp(u8(0x60, 0) + be64(9)), mp(u8(0x60, 0)), mp(u8(0x70, 0) + be64(9)), mp(u8(0x70)), mp(u8(0x80, 1)), mp(b""),
])
capture("mptcp_cuts.pcap", ETHERNET,
        cuts(mp(u8(0x20, 0x1f) + be64(7, 8) + be32(9) + be16(10, 0xabcd)), first=54))


def m3ua(kind, body, version=1, length=None):
    return eth(sctp(data(u8(version, 0) + be16(kind) + be32(8 + len(body) if length is None else length) + body, 3)))


TAGS = be16(0x0006, 8) + be32(5) + be16(0x0210, 7) + b"abc\0" + be16(0x0013, 8) + be32(9) + be16(0x0200, 8) + be32(1)
capture("m3ua.pcap", ETHERNET, [m3ua(c << 8 | t, TAGS) for c, t in (
    (0, 0), (0, 1), (1, 1), (1, 9), (2, 1), (2, 6), (3, 1), (3, 6), (4, 1), (4, 4), (9, 1), (9, 4), (7, 1))] + [
    m3ua(0x0101, TAGS, 2), m3ua(0x0101, TAGS, length=99), m3ua(0x0101, be16(0x7777, 4)), m3ua(0x0101, be16(6, 4)),
    m3ua(0x0101, be16(6, 3)), m3ua(0x0101, be16(4)), m3ua(0x0101, be16(4, 200)), m3ua(0x0101, b""), eth(sctp(data(b"short", 3))),
])
capture("m3ua_cuts.pcap", ETHERNET, cuts(m3ua(0x0101, TAGS), first=34))


def forces(kind, body=b"", flags=0xf8400000, length=None, port=6704, sid=0x40000001, did=2):
    n = (24 + len(body)) // 4 if length is None else length
    head = u8(0x10, kind) + be16(n) + be32(sid, did) + be64(7) + be32(flags)
    return eth(sctp(data(head + body, 0), dport=port))


def tlv(kind, value=b"", length=None):
    n = 4 + len(value) if length is None else length
    return be16(kind, n) + value + b"\0" * (-len(value) % 4)


def lfb(*ops, cls=1):
    return tlv(0x1000, be32(cls, 1) + b"".join(ops))


def path(*ids, flags=0, rest=b""):
    return tlv(0x0110, be16(flags, len(ids)) + be32(*ids) + rest)


FULLDATA = tlv(0x0112, be32(1, 2, 3))
SPARSEDATA = tlv(0x0113, be32(5, 12, 6) + be32(7, 8))
KEYDATA = be32(9) + tlv(0x0112, be32(4))
RESULTS = [tlv(0x0114, u8(code, 0, 0, 0)) for code in (0, 6, 0x17, 0x18, 0xff)]
META = tlv(0x0115, be32(1, 12, 99))
PACKET = tlv(0x0116, b"redirected packet")
capture("forces.pcap", ETHERNET, [
    forces(15), forces(15, port=6705), forces(15, port=6706), forces(15, tlv(1, be32(0))), forces(4), forces(1),
    forces(4, lfb(tlv(7, path(1)))), forces(4, lfb(tlv(8, path(1, 2, 3)), tlv(7, path(4) + path(5)), cls=2)),
    forces(4, lfb(tlv(7, path(1, flags=2, rest=be32(0, 5, 9))))), forces(4, lfb(tlv(7, path(1, flags=1, rest=KEYDATA)))),
    forces(4, lfb(tlv(7, path(1, flags=3, rest=KEYDATA)))), forces(4, lfb(tlv(7, path(1, flags=2)))),
    forces(4, lfb(tlv(7, path(1, flags=1, rest=be32(9) + tlv(0x0112, be32(4), 2))))),
    forces(4, lfb(tlv(7, path(1, flags=1, rest=be32(9) + tlv(0x0112, be32(4), 99))))),
    forces(3, lfb(tlv(1, path(1, flags=4, rest=FULLDATA)), tlv(5, path(2)), tlv(12), tlv(14))),
    forces(3, lfb(tlv(2, path(1, rest=SPARSEDATA)), cls=3)), forces(3, lfb(tlv(1, path(1, rest=path(2, rest=FULLDATA))))),
    forces(3, lfb(tlv(1, path(1, rest=tlv(0x0112, b"abcde"))))), forces(3, lfb(tlv(1, path(1, rest=RESULTS[0])))),
    forces(3, lfb(tlv(1, path(1, rest=tlv(0x0113, be32(5, 4)))))), forces(3, lfb(tlv(1, path(1, rest=tlv(0x0113, be32(5)))))),
    forces(3, lfb(tlv(1, path(1, rest=tlv(0x0115, be32(5)))))), forces(3, lfb(tlv(1, path(1, rest=tlv(0x0112, be32(5), 99))))),
    forces(3, lfb(tlv(1, path(1, rest=tlv(0x0111, KEYDATA))))), forces(3, lfb(tlv(1, path(1, rest=FULLDATA + FULLDATA)))),
    forces(3, lfb(tlv(1, tlv(0x0110, be16(0, 9) + be32(1, 2))))), forces(3, lfb(tlv(1, tlv(0x0110, length=99) + be32(0)))),
    forces(3, lfb(tlv(7, path(1)))), forces(3, lfb(tlv(0x8001, path(1)))), forces(3, lfb(tlv(1, be32(0)))),
    forces(3, lfb(be16(1, 77) + be32(0))), forces(3, lfb()), forces(3, tlv(0x0999, be32(0))), forces(3, be16(0x1000, 99) + be32(0)),
    forces(20, lfb(tlv(9, path(1, rest=FULLDATA)), tlv(10, path(1, rest=RESULTS[1])))),
    forces(19, lfb(*[tlv(3, path(1, rest=r)) for r in RESULTS])), forces(19, lfb(tlv(4, path(1, rest=tlv(0x0114, be32(0, 0)))))),
    forces(19, lfb(tlv(6, path(1, rest=RESULTS[2])), tlv(13, path(1, rest=RESULTS[0])))), forces(19, lfb(tlv(13, be32(0, 0)))),
    forces(5, lfb(tlv(11, path(1, rest=FULLDATA)))), forces(1, lfb(tlv(11, path(1, rest=FULLDATA))) + lfb(tlv(11, path(1, rest=FULLDATA)))),
    forces(6, tlv(1, META + PACKET)), forces(6, tlv(1, META + tlv(0x0120, be32(0)))), forces(6, tlv(1, be32(0))),
    forces(6, tlv(1, META + be32(0x01160099))),
    forces(2, tlv(0x0011, be32(0))), forces(2, tlv(0x0011, be32(77))), forces(2, tlv(0x0011, be32(777))), forces(2, tlv(0x0011, be64(0))),
    forces(17, tlv(0x0010, be32(0))), forces(17, tlv(0x0010, be32(2))), forces(17, tlv(0x0010, be32(3))), forces(17, tlv(0x0010, be32(4))),
    forces(17, tlv(0x0010, be64(4))), forces(2, tlv(0x0011, be32(0)) + be32(0, 0)),
    forces(0), forces(9), forces(18), forces(21), forces(15, length=99),
    forces(15, flags=0x47f80001, sid=0xc0000001, did=0xffffffff), forces(15, flags=0x97200000, sid=0xfffffffd, did=0xfffffffe),
    forces(15, flags=0x00900000, sid=0x90000000), eth(sctp(data(b"short", 21))), eth(sctp(data(bytes(24), 22))),
])
