"""IPv6 and its header chain, ICMP, ICMPv6 and what it carries, IGMP, AH, ESP, IPComp, ATM and Frame Relay ARP."""
from wire import *

A, B, C = a6("2001:db8::a"), a6("2001:db8::b"), a6("2001:db8::c")
UDP = udp(b"data", 1000, 2000)
DONE = UDP.done(a6("2001:db8::1") + a6("2001:db8::2") + be32(12, 17))


def ext(nxt, options):
    """A header of options, filled up with zeros (Pad1) to a multiple of 8 bytes."""
    body = options + b"\0" * (-(len(options) + 2) % 8)
    return u8(nxt, (len(body) + 2) // 8 - 1) + body


def hbh(payload, **kw):
    """An IPv6 packet whose next header is 0."""
    return put(ip6(payload, 59, **kw), 6, u8(0))


def routing(nxt, kind, left, rest):
    return u8(nxt, len(rest + b"xxxx") // 8 - 1 if len(rest) % 8 == 4 else len(rest) // 8, kind, left) + rest


def frag(nxt, off, more, ident=0x1234):
    return u8(nxt, 0) + be16(off << 3 | more) + be32(ident)


def mh(kind, data, options=b"", proto=59):
    body = u8(kind, 0, 0, 0) + data + options
    body += b"\0" * (-(len(body) + 2) % 8)
    return u8(proto, (len(body) + 2) // 8 - 1) + body


def to(dst):
    """The UDP datagram with the checksum for its final destination."""
    return UDP.done(a6("2001:db8::1") + dst + be32(12, 17))


JUMBO = b"j" * 65536
capture("ip6.pcap", ETHERNET, [
    eth(ip6(UDP)),
    eth(ip6(UDP, tc=0xb8, flow=0xabcde, hops=1)),
    eth(hbh(ext(17, u8(5, 2, 0, 0)) + DONE)),                        # router alert
    eth(hbh(ext(17, u8(5, 3, 0, 0, 0)) + DONE)),                     # of the wrong size
    eth(hbh(ext(17, u8(1, 4, 0, 0, 0, 0)) + DONE)),                  # PadN
    eth(hbh(ext(17, u8(0x3e, 2, 9, 9, 1, 9)) + DONE)),               # longer than its header
    eth(hbh(ext(60, u8(5, 2, 0, 0)) + ext(17, u8(0xc9, 16) + A) + DONE)),  # home address
    eth(ip6(ext(17, u8(0xc9, 22) + A + u8(1, 2, 0, 0, 0, 7)) + DONE, 60)),
    eth(ip6(ext(17, u8(0xc9, 21) + A + u8(0, 7, 1, 9, 0)) + DONE, 60)),
    eth(ip6(ext(17, u8(0xc9, 6) + b"123456") + DONE, 60)),
    eth(ip6(ext(17, u8(0xc2, 4) + be32(70000)) + DONE, 60)),            # jumbo where it may not be
    eth(hbh(ext(17, u8(0xc2, 4) + be32(70000)) + DONE)),             # jumbo beside a payload length
    eth(hbh(ext(17, u8(0xc2, 4) + be32(100)) + DONE, length=0)),     # not large enough
    eth(hbh(ext(17, u8(0xc2, 4) + be32(65556)) + be16(1, 9, 0, 0) + JUMBO, length=0)),
    eth(hbh(ext(17, u8(0xc2, 4) + be32(99999)) + be16(1, 9, 0, 0) + JUMBO, length=0)),
    eth(hbh(ext(0, b"") + ext(17, b"") + DONE)),                     # twice
    eth(ip6(ext(0, b"") + ext(17, b"") + DONE, 60)),                    # not first
    eth(ip6(DONE, 17, length=0)),
    eth(ip6(routing(17, 0, 1, be32(0) + A + B) + to(B), 43)),
    eth(ip6(routing(17, 0, 1, be32(7) + A + B[:8]) + to(B), 43)),       # half an address
    eth(ip6(routing(17, 2, 1, be32(0) + A) + to(A), 43)),
    eth(ip6(routing(17, 4, 1, u8(1, 0x20) + be16(0x77) + A + B) + to(A), 43)),
    eth(ip6(routing(17, 4, 0, u8(0, 0) + be16(0) + A + u8(5, 14, 0, 0) + be32(1) + b"hmachmac") + to(A), 43)),
    eth(ip6(routing(17, 4, 0, u8(9, 0) + be16(0) + A) + to(A), 43)),    # counts more than there are
    eth(ip6(routing(17, 3, 1, be32(0) + A) + to(A), 43)),
    eth(ip6(frag(17, 0, 1) + DONE, 44)),
    eth(ip6(frag(17, 2, 1) + DONE, 44)),
    eth(ip6(frag(17, 100, 0) + DONE, 44)),
    eth(ip6(frag(17, 0, 0), 44)),
    eth(ip6(frag(17, 2, 1) + DONE, 44, length=4)),
    eth(ip6(b"", 59)),
    eth(ip6(b"x" * 8, 77)),
    eth(ip6(b"x" * 8, 253)),
    eth(ip6(b"x" * 8, 1)),                                              # belongs to IPv4
    eth(ip6(b"x" * 8, 2)),
    eth(ip4(b"x" * 8, 58)),                                             # and to IPv6
    eth(ip4(b"x" * 8, 143)),
    eth(ip6(ip4(udp(b"4in6", 5, 6)), 4)),
    eth(ip4(ip6(UDP), 41)),
    eth(put(ip6(UDP), 0, u8(0x45)), 0x86dd),
    eth(ip6(UDP)[:30]),
    eth(ip6(UDP, length=100)),
] + cuts(eth(hbh(ext(43, u8(5, 2, 0, 0)) + routing(44, 0, 1, be32(0) + A) + frag(60, 0, 1)
                 + ext(17, u8(0xc9, 16) + B) + DONE)), 3, 14))

capture("mobility.pcap", ETHERNET, [
    eth(ip6(mh(0, be16(0)), 135)),
    eth(ip6(mh(0, be16(0), proto=6), 62)),
    eth(ip6(mh(1, be16(0) + be64(0x0102030405060708)), 135)),
    eth(ip6(mh(2, be16(0) + be64(0x0102030405060708)), 135)),
    eth(ip6(mh(3, be16(5) + be64(1, 2)), 135)),
    eth(ip6(mh(4, be16(5) + be64(1, 2)), 135)),
    eth(ip6(mh(5, be16(7) + u8(0xf0, 0) + be16(9), u8(0, 0, 1, 2, 0, 0, 3, 16) + A), 135)),
    eth(ip6(mh(5, be16(7) + u8(0, 0) + be16(9), u8(2, 2) + be16(3) + u8(4, 4) + be16(1, 2)), 135)),
    eth(ip6(mh(5, be16(7) + u8(0x80, 0) + be16(9), u8(5, 10) + bytes(10) + u8(77, 1, 9)), 135)),
    eth(ip6(mh(5, be16(7) + u8(0x80, 0) + be16(9), u8(2, 0, 3, 1, 9, 0, 0, 0)), 135)),
    eth(ip6(mh(5, be16(7) + u8(0x80, 0) + be16(9), u8(0, 1, 40, 0)), 135)),
    eth(ip6(mh(6, u8(3, 0x80) + be16(7, 9)), 135)),
    eth(ip6(mh(6, u8(3, 0)), 135)),                                     # too short
    eth(ip6(mh(7, u8(1, 0) + A), 135)),
    eth(ip6(mh(99, be16(0)), 135)),
] + cuts(eth(ip6(mh(5, be16(7) + u8(0xf0, 0) + be16(9), u8(0, 0, 1, 2, 0, 0, 3, 16) + A), 135)), 4, 54))

ORIG = ip4(udp(b"12345678", 1000, 53), src="198.51.100.1", dst="198.51.100.2")
ORIG_TCP = ip4(tcp(b"", 40000, 80), src="198.51.100.1", dst="198.51.100.2")
ORIG_GRE = ip4(b"\0\0\x08\0", 47, src="198.51.100.1", dst="198.51.100.2")


def multipart(objects, length=32, version=0x20, kind=11, sum=None):
    body = u8(version, 0, 0, 0) + b"".join(be16(4 + len(data)) + u8(c, t) + data for c, t, data in objects)
    body = put(body, 2, be16(checksum(body) if sum is None else sum))
    return icmp(kind, 0, u8(0, length, 0, 0) + ORIG + b"\0" * (128 - len(ORIG)) + body)


LABELS = (1, 1, be32(100704 << 12 | 0x100 | 1))
IFACE = (2, 0x0f, be32(15) + be16(1, 0) + a4("192.0.2.99") + u8(8) + b"eth0\0\0\0" + be32(1500))
IFACE6 = (2, 0x46, be16(2, 0) + A + u8(8) + b"wan1\0\0\0")
icmps = [icmp(3, code, be16(0, 1400 if code == 4 else 0) + ORIG) for code in range(17)]
icmps += [icmp(3, 4, be32(0) + ORIG), icmp(3, 3, be32(0) + ORIG_TCP), icmp(3, 3, be32(0) + ORIG_GRE)]
icmps += [icmp(5, code, a4("192.0.2.254") + ORIG) for code in range(6)]
icmps += [icmp(11, code, be32(0) + ORIG) for code in range(3)]
icmps += [icmp(4, 0, be32(0) + ORIG), icmp(12, 0, u8(20, 0, 0, 0) + ORIG), icmp(12, 1, be32(0) + ORIG)]
icmps += [icmp(8, 0, be16(7, 1) + b"ping"), icmp(0, 0, be16(7, 1) + b"ping"), icmp(10, 0, be32(0))]
icmps += [icmp(9, 0, u8(2, 2) + be16(life) + a4("192.0.2.1") + be32(0) + a4("192.0.2.3") + be32(5))
          for life in (30, 1800, 7261)]
icmps += [icmp(9, 0, u8(1, 3) + be16(30) + bytes(12)), icmp(9, 0, u8(40, 2) + be16(9) + (a4("192.0.2.111") + be32(2**31)) * 40)]
icmps += [icmp(13, 0, be16(7, 1) + bytes(12)), icmp(14, 0, be16(7, 1) + be32(3600000, 86399999, 1))]
icmps += [icmp(kind, 0, be16(7, 1) + a4("255.255.255.0")) for kind in (15, 16, 17, 18, 42, 200)]
icmps += [multipart([LABELS]), multipart([LABELS, LABELS], kind=3), multipart([IFACE, IFACE6]), multipart([LABELS], length=0),
          multipart([LABELS], length=0, sum=1), multipart([LABELS], sum=1), multipart([LABELS], version=0x10),
          multipart([(77, 3, b"abcd")]), multipart([(1, 2, b"abcd")]), multipart([(0, 0, b"abcd")])]
capture("icmp.pcap", ETHERNET, [eth(ip4(m)) for m in icmps] + [
    eth(ip4(put(icmp(8, 0, be16(7, 1) + b"ping").data, 2, be16(1)), 1)),     # bad checksum
    eth(ip4(icmp(8, 0, be16(7, 1) + b"ping").data, 1, flags=0x2000)),        # first fragment
] + cuts(eth(ip4(icmp(3, 3, be32(0) + ORIG))), 3, 34) + cuts(eth(ip4(multipart([LABELS]))), 3, 166))

ORIG6 = ip6(udp(b"12345678", 1000, 53), src="2001:db8::5", dst="2001:db8::6")
ORIG6_TCP = ip6(ext(6, b"") + tcp(b"", 40000, 80).data, 60, src="2001:db8::5", dst="2001:db8::6")
ORIG6_FRAG = ip6(frag(17, 9, 0) + b"12345678", 44)
PREFIX = u8(3, 4, 64, 0xe0) + be32(86400, 0xffffffff, 0) + A
OPTIONS = [
    u8(1, 1) + mac(MAC_A), u8(2, 1) + mac(MAC_B), u8(1, 2) + bytes(range(14)), PREFIX, u8(5, 1, 0, 0) + be32(1500),
    u8(4, 2) + b"redirected....", u8(7, 1, 0, 0) + be32(1000), u8(8, 1, 0, 0) + be16(5, 300),
    u8(24, 1, 0, 0x08) + be32(600), u8(24, 2, 64, 0x18) + be32(600) + A[:8], u8(24, 3, 128, 0x10) + be32(0xffffffff) + A,
    u8(25, 5, 0, 0) + be32(3600) + A + B, u8(31, 3, 0, 0) + be32(60) + b"\7example\3net\0\0\0\0",
    u8(14, 1) + b"nonce6", u8(99, 1) + b"unknow",
]
RA = u8(64, 0xea) + be16(1800) + be32(30000, 1000)
nds = [icmp6(133, 0, be32(0) + OPTIONS[0]), icmp6(134, 0, RA), icmp6(135, 0, be32(0) + A + OPTIONS[0]),
       icmp6(136, 0, be32(0xe0000000) + A + OPTIONS[1]), icmp6(136, 0, be32(0) + A), icmp6(137, 0, be32(0) + A + B + OPTIONS[1] + OPTIONS[5]),
       icmp6(147, 0, be16(0x1234, 0xc000) + PREFIX), icmp6(133, 0, be32(0) + u8(1, 0) + b"123456"),
       icmp6(133, 0, be32(0) + u8(24, 4) + bytes(30)), icmp6(133, 0, be32(0) + u8(31, 2) + be16(0) + be32(60) + b"\77toolong"),
       icmp6(133, 0, be32(0) + u8(1, 9) + b"123456"), icmp6(133, 0, b"")]
nds += [icmp6(134, 0, RA + o) for o in OPTIONS]
capture("nd.pcap", ETHERNET, [eth(ip6(m, hops=255)) for m in nds]
        + cuts(eth(ip6(icmp6(134, 0, RA + b"".join(OPTIONS[:13])), hops=255)), 7, 54))

icmp6s = [icmp6(1, code, be32(0) + ORIG6) for code in range(7)]
icmp6s += [icmp6(1, 4, be32(0) + ORIG6_TCP), icmp6(1, 4, be32(0) + ORIG6_FRAG), icmp6(1, 4, be32(0) + ip6(b"gre.", 47))]
icmp6s += [icmp6(2, 0, be32(1280) + ORIG6)] + [icmp6(3, code, be32(0) + ORIG6) for code in range(3)]
icmp6s += [icmp6(4, code, be32(40) + ORIG6) for code in range(5)] + [icmp6(4, 0, be32(40))]
icmp6s += [icmp6(128, 0, be16(7, 1) + b"ping"), icmp6(129, 0, be16(7, 1) + b"ping"), icmp6(141, 0, be32(0)), icmp6(142, 0, be32(0)),
           icmp6(144, 0, be16(9, 0)), icmp6(145, 0, be16(9, 0) + A + B), icmp6(146, 0, be16(9, 0)), icmp6(200, 0, b"abcd"),
           icmp6(201, 0, b"abcd"), icmp6(99, 1, b"abcd")]
RECORDS = u8(4, 0) + be16(0) + A + u8(1, 0) + be16(2) + B + A + C
icmp6s += [icmp6(130, 0, be16(1000, 0) + A), icmp6(131, 0, be16(0, 0) + A), icmp6(132, 0, be16(0, 0) + A),
           icmp6(130, 0, be16(1000, 0) + bytes(16) + u8(0x0a, 125) + be16(0)),
           icmp6(130, 0, be16(0x9234, 0) + A + u8(2, 0x9a) + be16(2) + B + C), icmp6(130, 0, be16(1, 0) + A + u8(2, 1) + be16(9)),
           icmp6(130, 0, be16(1, 0) + A[:8]), icmp6(143, 0, be16(0, 2) + RECORDS), icmp6(143, 0, be16(0, 3) + RECORDS),
           icmp6(143, 0, be16(0, 1) + u8(9, 0) + be16(7) + A)]
icmp6s += [icmp6(138, 0, be32(5) + u8(1, 0x90) + be16(100) + be32(0) + u8(1, 11, 3, 48, 0, 128) + be16(0) + A
                 + u8(48, 16, 0xc0, 0xc0) + be32(86400, 0xffffffff, 0xc0000000) + B
                 + u8(48, 16, 0, 0) + be32(1, 2, 0) + C),
           icmp6(138, 0, be32(5) + u8(1, 0) + be16(100) + be32(7) + u8(2, 4, 3, 48, 0, 128) + be16(0) + A),
           icmp6(138, 1, be32(6) + u8(0, 0x28) + be16(0) + be32(0)), icmp6(138, 255, be32(7) + bytes(8)),
           icmp6(138, 7, be32(7) + bytes(8)), icmp6(138, 0, be32(7) + bytes(8))]


def ni(kind, code, qtype, flags, data=b""):
    return icmp6(kind, code, be16(qtype, flags) + be64(0x1122334455667788) + data)


NAME = b"\4host\7example\0"
icmp6s += [ni(139, 0, 0, 0), ni(139, 0, 0, 0, b"x"), ni(139, 0, 2, 0, A), ni(139, 0, 3, 0x3f, A), ni(139, 0, 3, 2, A[:15]),
           ni(139, 1, 2, 0, NAME), ni(139, 1, 2, 0, NAME + b"\0"), ni(139, 1, 2, 0, NAME + b"zz"), ni(139, 1, 2, 0, b"\50abc"),
           ni(139, 2, 4, 3, a4("192.0.2.1")), ni(139, 2, 4, 2, b"x" * 5), ni(139, 3, 9, 0, A), icmp6(139, 0, bytes(8)),
           ni(140, 0, 0, 0), ni(140, 0, 2, 1, be32(60) + NAME), ni(140, 0, 3, 2, be32(1) + A + be32(2) + B),
           ni(140, 0, 4, 2, be32(1) + a4("192.0.2.1") + be32(2) + a4("192.0.2.2")), ni(140, 0, 9, 0), ni(140, 1, 3, 0),
           ni(140, 2, 3, 0, b"x"), ni(140, 3, 3, 0)]
DIO = u8(7, 1) + be16(256) + u8(0x8a, 240, 0, 0) + A
RPL_OPTIONS = u8(0, 1, 2, 0, 0, 4, 14) + bytes(range(14)) + u8(8, 4) + b"abcd" + u8(77, 0)
icmp6s += [icmp6(155, 0, be16(0)), icmp6(155, 1, DIO), icmp6(155, 1, DIO + RPL_OPTIONS), icmp6(155, 1, DIO[:20]),
           icmp6(155, 2, u8(7, 0xc0, 0, 9) + A + u8(5, 18, 0, 128) + B), icmp6(155, 2, u8(7, 0, 0, 9)), icmp6(155, 2, u8(7, 0x40, 0, 9)),
           icmp6(155, 3, u8(7, 0x80, 9, 1) + A), icmp6(155, 3, u8(7, 0, 9, 1) + u8(1, 9)), icmp6(155, 3, b"ab"),
           icmp6(155, 9, b"abcd"), icmp6(155, 0x81, b"abcd")]
capture("icmp6.pcap", ETHERNET, [eth(ip6(m)) for m in icmp6s] + [
    eth(ip6(put(icmp6(128, 0, be16(7, 1) + b"ping").data, 2, be16(1)), 58)), eth(ip6(b"", 58)),
    eth(hbh(ext(58, u8(5, 2, 0, 0)) + icmp6(131, 0, be16(0, 0) + A).done(a6("2001:db8::1") + a6("2001:db8::2") + be32(24, 58)))),
] + [c for m in (icmp6s[4], icmp6s[37], icmp6s[38], icmp6s[59]) for c in cuts(eth(ip6(m)), 6, 54)])


def igmp(data):
    return Seg(2, put(data, 2, be16(checksum(data))), None)


igmps = [u8(0x11, t, 0, 0) + g for t in (0, 100, 50) for g in (a4("0.0.0.0"), a4("233.252.0.1"))]
igmps += [u8(0x11, 0, 0, 0) + bytes(4) + b"odd", u8(0x12, 0, 0, 0) + a4("233.252.0.1"), u8(0x16, 0, 0, 0) + a4("233.252.0.1"),
          u8(0x17, 0, 0, 0) + a4("233.252.0.1"), u8(0x12, 0, 0, 0) + a4("233.252.0.1") + b"more",
          u8(0x11, 100, 0, 0) + bytes(4) + u8(2, 125) + be16(0), u8(0x11, 30, 0, 0) + a4("233.252.0.1") + u8(10, 125) + be16(0),
          u8(0x11, 0x9c, 0, 0) + a4("233.252.0.1") + u8(2, 125) + be16(2) + a4("192.0.2.1") + a4("192.0.2.2"),
          u8(0x11, 0xfc, 0, 0) + a4("233.252.0.1") + u8(2, 125) + be16(9), u8(0x11, 1, 0, 0) + bytes(9),
          u8(0x22, 0, 0, 0) + be16(0, 2) + u8(4, 0) + be16(0) + a4("233.252.0.1") + u8(1, 0) + be16(1) + a4("233.252.0.2") + a4("192.0.2.1"),
          u8(0x22, 0, 0, 0) + be16(0, 2) + u8(9, 0) + be16(0) + a4("233.252.0.1"), u8(0x22, 0, 0, 0) + be16(0, 1) + u8(3, 0) + be16(5) + a4("233.252.0.1"),
          u8(0x22, 0, 0, 0) + be16(0, 1), u8(0x1f, 1, 0, 0) + a4("233.252.0.1") + a4("192.0.2.1") + a4("192.0.2.9") + a4("224.0.1.32") + u8(8, 0, 1, 2),
          u8(0x1e, 1, 0, 0) + a4("233.252.0.1") + a4("192.0.2.1") + a4("192.0.2.9") + a4("192.0.2.7") + u8(8, 0, 1, 2), u8(0x1f, 1, 0, 0),
          u8(0x55, 0, 0, 0) + bytes(4)]
DV = lambda code, data=b"": u8(0x13, code, 0, 0) + u8(0, 0, 255, 3) + data
igmps += [DV(1, be32(77) + a4("192.0.2.1")), DV(1, be32(77) + b"x"), DV(1, b"x"), DV(2, u8(255, 255, 0) + u8(10, 1, 2, 3) + u8(10, 1, 4, 0x85) + u8(0, 0, 0, 0, 0x81)),
          DV(2, u8(255, 0, 0, 10)), DV(3), DV(4, a4("192.0.2.1") + u8(1, 2, 1) + a4("192.0.2.2")), DV(4, b"abc"), DV(4, a4("192.0.2.1") + u8(1, 2, 2) + b"a"), DV(5),
          DV(6, a4("192.0.2.1") + u8(1, 2, 0x73, 2) + a4("192.0.2.2") + a4("192.0.2.3")), DV(6, a4("192.0.2.1") + u8(1, 2, 0, 3) + a4("192.0.2.2")), DV(6, b"abc"),
          DV(7, a4("192.0.2.1") + a4("233.252.0.1") + be32(7200)), DV(8, a4("192.0.2.1") + a4("233.252.0.1")), DV(9, a4("192.0.2.1") + a4("233.252.0.1")), DV(77), DV(1)[:6]]
PIM = lambda code, data: u8(0x14, code, 0, 0) + u8(0x10, 0, 0, 0) + data
GROUP = a4("233.252.0.1") + be32(0xffffffff)
igmps += [PIM(0, u8(m << 4, 0) + be16(105)) for m in range(4)]
igmps += [PIM(1, ORIG), PIM(1, b"short"), PIM(2, a4("192.0.2.1") + a4("233.252.0.1") + bytes(8)), PIM(4, GROUP + a4("192.0.2.1") + be16(0, 270)),
          PIM(5, a4("233.252.0.1") + be32(0xffffff00) + a4("192.0.2.1") + be32(0x80000065, 10)),
          PIM(3, a4("192.0.2.1") + be16(0, 210) + u8(0, 4, 32, 1) + GROUP + be16(1, 0) + u8(1, 0xe0) + a4("192.0.2.7")),
          PIM(3, a4("192.0.2.1") + be16(0, 180) + u8(0, 4, 32, 2) + GROUP + be16(1, 1) + u8(1, 0xe0) + a4("192.0.2.7") + u8(0, 0x20) + a4("192.0.2.8") + GROUP + be16(0, 3)),
          PIM(6, b"ab"), PIM(7, a4("192.0.2.1")), put(PIM(9, bytes(8)), 4, u8(0x20))]
capture("igmp.pcap", ETHERNET, [eth(ip4(igmp(m), ttl=1, dst="224.0.0.1", options=u8(148, 4, 0, 0))) for m in igmps]
        + [eth(ip4(igmps[1], 2, ttl=1))]
        + [c for m in (igmps[16], igmps[24 + 10], igmps[-4]) for c in cuts(eth(ip4(igmp(m))), 4, 34)])

AH = lambda nxt, n=4, rsv=0: u8(nxt, n) + be16(rsv) + be32(0x100, 7) + b"\xab" * (n * 4 - 4)
capture("ipsec.pcap", ETHERNET, [
    eth(ip4(AH(17) + udp(b"auth", 5, 6).data, 51)), eth(ip6(AH(17, 5, 9) + DONE, 51)), eth(ip4(AH(51, 1) + AH(1) + icmps[0].data, 51)),
    eth(ip4(AH(6) + tcp(b"x", 1, 2).data, 51)), eth(ip4(AH(200), 51)), eth(ip4(be32(0x1234, 9) + b"x" * 40, 50)), eth(ip6(be32(0x1234, 9) + b"x" * 40, 50)),
    eth(ip4(u8(6, 0) + be16(2) + b"deflated", 108)), eth(ip6(u8(6, 0) + be16(2) + b"deflated", 108)),
] + cuts(eth(ip4(AH(50) + be32(1, 2), 51)), 3, 34) + cuts(eth(ip4(u8(6, 0, 0, 2), 108)), 1, 34))


def atm(op, thl=20, spl=4, tpl=4, proto=0x0800):
    return (be16(19, proto) + u8(20, 0x42) + be16(op) + u8(spl, thl, 0, tpl) + bytes(range(20)) + b"SB" + a4("192.0.2.1")[:spl]
            + bytes(range(thl)) + a4("192.0.2.2")[:tpl])


FR = lambda address: be16(15, 0x0800) + u8(len(address), 4) + be16(2) + address + a4("192.0.2.1") + bytes(len(address)) + a4("192.0.2.2")
capture("arphw.pcap", ETHERNET, [eth(atm(op), 0x0806) for op in (1, 2, 3, 8, 9, 10)] + [
    eth(atm(1, 0), 0x0806), eth(atm(8, 0), 0x0806), eth(atm(1, spl=3), 0x0806), eth(atm(1, tpl=3), 0x0806), eth(atm(2, proto=0x86dd), 0x0806),
    eth(FR(u8(0x18, 0x41)), 0x0806), eth(FR(u8(0x18, 0x40, 0x81)), 0x0806), eth(FR(u8(0x18, 0x40, 0x80, 0x81)), 0x0806),
    eth(FR(u8(0x18, 0x40, 0x80, 0x80)), 0x0806), eth(FR(u8(0x19, 0x41)), 0x0806), eth(FR(u8(0x18)), 0x0806), eth(FR(b""), 0x0806),
] + cuts(eth(atm(1), 0x0806), 5, 14))
