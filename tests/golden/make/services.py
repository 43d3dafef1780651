"""PTP, SOME/IP, timed, BEEP, VQP, RPKI-Router, the lightweight resolver, RTP, RTCP and vat, QUIC, ZEP, sFlow."""
from wire import *


def over_udp(port, payload):
    return eth(ip4(udp(payload, 40000, port)))


def over_tcp(port, payload):
    return eth(ip4(tcp(payload, 40000, port, flags="P.")))


STAMP = be16(1) + be32(2, 3)
CLOCK = be64(0x0200FFFE000001) + be16(7)


def ptp(kind, body=b"", second=2, flags=0x0234, control=0):
    return (u8(0x10 | kind, second) + be16(34 + len(body)) + u8(5, 6) + be16(flags) + be16(1) + be32(2) + be16(9) + be32(8) +
            CLOCK + be16(77) + u8(control, 0x7F) + body)


PTP = [ptp(0, STAMP), ptp(1, STAMP, control=1), ptp(2, STAMP + CLOCK, control=9), ptp(3, STAMP + CLOCK), ptp(8, STAMP, control=2),
       ptp(9, STAMP + CLOCK), ptp(10, STAMP + CLOCK), ptp(11, STAMP + be16(37) + u8(0, 1, 6, 0x21) + be16(65535) + u8(128) +
                                                        be64(0x0200FFFE000001) + be16(1) + u8(0xA0)),
       ptp(12, CLOCK), ptp(13, CLOCK + u8(3, 2, 1, 0)), ptp(5), ptp(0, STAMP, second=0x12, flags=0xFFFF), ptp(0, STAMP, second=1),
       ptp(0, STAMP, second=6), b"short"]
capture("ptp.pcap", ETHERNET, [over_udp(319, x) for x in PTP] + [eth(PTP[0], 0x88F7)] + cuts(over_udp(320, PTP[9]), first=42))

capture("someip.pcap", ETHERNET, [over_udp(30490, be16(1, method) + be32(8) + be16(3, 4) + u8(1, 2, kind, code)) for method, kind, code
                                  in ((0x8100, 2, 0), (5, 0, 0), (5, 0x80, 1), (5, 0x81, 15), (5, 0xA1, 16), (5, 7, 99))] +
        [over_udp(30490, b"short")] + cuts(over_udp(30490, be16(1, 2) + be32(8) + be16(3, 4) + u8(1, 2, 0, 0)), first=42))

capture("timed.pcap", ETHERNET, [over_udp(525, u8(t, 1, 0, 5) + be32(5, 6) + b"host\0" + bytes(20)) for t in range(26)] +
        [over_udp(525, u8(5, 1, 0, 5) + be32(s, us) + b"h\0") for s, us in ((-1, 5), (-5, 0), (-2, 7), (3, -1))] +
        cuts(over_udp(525, u8(1, 1, 0, 5) + be32(5, 6) + b"host\0"), first=42))

capture("beep.pcap", ETHERNET, [over_tcp(10288, x) for x in (
    b"MSG\0", b"MSG 0 1", b"RPY 0 0 . 1 2\r\n", b"RPYx", b"ERR 1", b"ANS 1", b"NUL 1", b"SEQ 1", b"END\r\n", b"END\0", b"x")])


def item(kind, data):
    return be32(kind) + be16(len(data)) + data


VQP = (u8(1, 1, 0, 7) + be32(9) + item(0xC01, a4("192.0.2.9")) + item(0xC02, b"Fa0/1") + item(0xC03, b"v\0x") + item(0xC04, b"vt") +
       item(0xC05, b"abc") + item(0xC06, bytes(6)) + item(0xC09, b"zz"))
capture("vqp.pcap", ETHERNET, [over_udp(1589, x) for x in (
    VQP, u8(1, 2, 3, 0) + be32(9), u8(1, 9, 9, 1) + be32(9) + item(0xC01, b"abc"), u8(2) + bytes(8),
    u8(1, 3, 4, 1) + be32(9) + item(0, b"abc"), u8(1, 4, 5, 1) + be32(9) + be32(0xC02) + be16(30) + b"abc", b"abc")] +
    cuts(over_udp(1589, VQP), first=42))


def rpki(kind, body=b"", session=7, length=None, version=0):
    return u8(version, kind) + be16(session) + be32(8 + len(body) if length is None else length) + body


RPKI = [rpki(0, be32(5)), rpki(1, be32(5)) + rpki(2) + rpki(3), rpki(4, u8(1, 24, 32, 0) + a4("192.0.2.0") + be32(65000)),
        rpki(6, u8(1, 48, 64, 0) + a6("2001:db8::") + be32(65000)), rpki(7, be32(9)) + rpki(8),
        rpki(10, be32(8) + rpki(2) + be32(3) + b"bad", 2), rpki(10, be32(0, 0), 9), rpki(10, be32(0)), rpki(10, length=50),
        rpki(10, be32(16) + rpki(10, be32(0, 0)) + be32(3) + b"bad", 3), rpki(10, be32(99) + bytes(8)), rpki(10, be32(0, 99)),
        rpki(99, b"abc"), rpki(2, b"a", length=9), rpki(0), rpki(2, version=1), b"\0bc", b"abc"]
capture("rpki.pcap", ETHERNET, [over_tcp(323, x) for x in RPKI] + cuts(over_tcp(323, RPKI[5]), first=54))


def lwres(opcode, body=b"", flags=0, version=0, extra=b""):
    return be32(28 + len(body)) + be16(version, flags) + be32(77, opcode, 0, 1000) + be16(0, 0) + body + extra


LWRES = [lwres(0), lwres(0x10001, be32(1, 3) + be16(4) + b"host\0"), lwres(0x10001, be32(1, 0x11) + be16(4) + b"host\0"),
         lwres(0x10002, be32(0, 1) + be16(4) + a4("192.0.2.1")), lwres(0x10002, be32(0, 2) + be16(16) + a6("2001:db8::1")),
         lwres(0x10002, be32(0, 9) + be16(2) + b"ab"), lwres(0x10002, be32(0, 1) + be16(2) + b"ab"),
         lwres(0x10003, be32(0) + be16(1, 1, 4) + b"host\0"), lwres(0x10003, be32(0) + be16(3, 28, 4) + b"host\0"), lwres(9),
         lwres(0x10001, be32(0) + be16(1, 2, 4) + b"host\0" + be16(2) + b"al\0" + be32(1) + be16(4) + a4("192.0.2.1") + be32(2) +
               be16(16) + a6("2001:db8::1"), 1),
         lwres(0x10002, be32(0) + be16(1, 4) + b"host\0" + be16(2) + b"al\0", 3),
         lwres(0x10003, be32(0) + be16(1, 1) + be32(3600) + be16(1, 1, 4) + b"host\0" + be16(4) + b"abcd" + be16(2) + b"xx", 1),
         lwres(9, flags=1), lwres(0, version=5), lwres(0, extra=b"extra"), b"short"]
capture("lwres.pcap", ETHERNET, [over_udp(921, x) for x in LWRES] + cuts(over_udp(921, LWRES[12]), first=42))


def rtp(a, b, body=b""):
    return u8(a, b) + be16(5) + be32(9) + body


RTP = [rtp(0x80, 0, bytes(12)), rtp(0x90, 0x9F, be32(8) + be16(1, 1) + be32(0, 0x12345678)), rtp(0x90, 31, be32(8) + be16(1, 9)),
       rtp(0x40, 0xC5, be32(0x80010000) + bytes(8)), rtp(0x40, 0xDF, be32(0x00010000, 0x80010000) + bytes(8)),
       rtp(0x40, 0x80, bytes(8)), rtp(0, 1, bytes(8)), b"", b"123456789"]
capture("rtp.pcap", ETHERNET, [over_udp(2000, x) for x in RTP] + cuts(over_udp(2000, RTP[1]), first=42))

REPORT = be32(1, 0x01000002, 3, 4, 0x10000, 0x20000)


def rtcp(kind, count, body, words=None):
    return u8(0x80 | count, kind) + be16((4 + len(body)) // 4 - 1 if words is None else words) + body


SENDER = be32(7, 3000000000, 0x80000000, 5, 6, 7)
capture("rtcp.pcap", ETHERNET, [over_udp(2000, x) for x in (
    rtcp(200, 0, SENDER), rtcp(200, 1, SENDER + REPORT), rtcp(200, 2, SENDER + REPORT * 2) + rtcp(201, 1, be32(7) + REPORT),
    rtcp(202, 1, be32(7) + u8(1, 1, 65, 0)), rtcp(203, 1, be32(7)), rtcp(204, 1, be32(7)), rtcp(200, 1, be32(7)),
    rtcp(201, 1, be32(7), 9), b"abc")] + cuts(over_udp(2000, rtcp(200, 1, SENDER + REPORT)), first=42))
capture("vat.pcap", ETHERNET, [over_udp(3456, x) for x in (
    be32(0x00010005, 77) + b"aaaa", be32(0x01830005, 77) + b"a", be32(0x1FFF0005, 77) + b"a", b"\xff\xff\0\0")])

DCID, SCID = bytes(range(8)), bytes(range(16, 24))


def quic(kind, rest, version=1, dcid=DCID, scid=SCID):
    return u8(0xC0 | kind << 4) + be32(version) + u8(len(dcid)) + dcid + u8(len(scid)) + scid + rest


QUIC = [quic(0, u8(0, 0x40, 5) + b"12345" + bytes(9)), quic(0, u8(3) + b"tok" + u8(4) + b"1234") + quic(2, u8(2) + b"ab"),
        quic(1, u8(2) + b"ab"), quic(3, b"token" + bytes(16)), quic(3, b"x"), quic(0, be32(1, 0x6B3343CF), version=0),
        quic(0, u8(0, 9) + b"short", version=0xFF00001D), quic(2, u8(1) + b"a", dcid=bytes(21)), u8(0x40) + DCID + bytes(20),
        u8(0x40) + b"unknown to us at all", u8(0x40) + b"short", quic(0, u8(0, 0x80, 0, 0, 1) + b"a"), quic(0, be32(1) + b"a", version=0)]
capture("quic.pcap", ETHERNET, [over_udp(443, x) for x in QUIC] + cuts(over_udp(443, QUIC[1]), first=42))

capture("zep.pcap", ETHERNET, [over_udp(17754, x) for x in (
    b"EX" + u8(1, 5, 0, 7, 1, 2) + bytes(7) + u8(0), b"EX" + u8(1, 5, 0, 7, 0, 2) + bytes(7) + u8(0) + b"xyz",
    b"EX" + u8(2, 2) + be32(5), b"EX" + u8(2, 1, 5, 0, 7, 1, 2) + be32(3803581543, 0x80000000, 9) + bytes(10) + u8(0),
    b"EX" + u8(2, 3, 5, 0, 7, 0, 2) + bytes(8) + be32(9) + bytes(10) + u8(0) + b"rest", b"XE" + u8(1), b"EX" + u8(1, 2, 3))])


def sflow(samples, count, six=False, version=5):
    agent = a6("2001:db8::9") if six else a4("192.0.2.9")
    return be32(version, 2 if six else 1) + agent + be32(1, 2, 3, count) + samples


def sample(kind, body):
    return be32(kind, len(body)) + body


def record(kind, body):
    return be32(kind, len(body)) + body


COUNTERS = [record(1, be32(1, 6, 0, 1000, 1, 3) + bytes(64)), record(2, be32(*range(13))), record(3, bytes(4)), record(4, bytes(84)),
            record(5, be32(1, 0, 2, 3, 4, 5, 6)), record(1001, be32(1, 2, 3, 0, 4, 0, 5)), record(77, b"abcd"),
            record(0x00100001, b"abcd")]
FLOWS = [record(1, be32(1, 64, 4, 8) + bytes(8)), record(2, bytes(24)), record(1001, be32(1, 2, 3, 4)), record(3, bytes(4)),
         record(77, b"abcd"), record(0x1001, b"abcd")]
ALL_C, ALL_F = b"".join(COUNTERS), b"".join(FLOWS)
SFLOW = [sflow(sample(2, be32(1, 0x02000003, len(COUNTERS)) + ALL_C), 1),
         sflow(sample(4, be32(1, 2, 3, len(COUNTERS)) + ALL_C) + sample(9, b"abcd"), 2, six=True),
         sflow(sample(1, be32(1, 0x02000003, 4, 5, 6, 7, 8, len(FLOWS)) + ALL_F), 1),
         sflow(sample(3, be32(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, len(FLOWS)) + ALL_F), 1), sflow(b"", 1), sflow(sample(0, b"a"), 1),
         sflow(be32(2, 99) + b"abcd", 1), sflow(b"abc", 1), sflow(sample(2, be32(1, 2, 9) + COUNTERS[1]), 1),
         sflow(sample(2, be32(1, 2, 1) + record(1, bytes(8))), 1), sflow(b"", 0, version=4), be32(5, 1)]
capture("sflow.pcap", ETHERNET, [over_udp(6343, x) for x in SFLOW] + cuts(over_udp(6343, sflow(sample(2, be32(1, 2, 1) + COUNTERS[5]), 1)),
                                                                         first=42))
