"""DNS over UDP and TCP, and multicast DNS."""
from wire import *


def name(text, end=b"\0"):
    """Labels of a dotted name; end is a NUL, a pointer, or nothing."""
    out = b""
    for label in text.encode().split(b"."):
        if label:
            out += u8(len(label)) + label
    return out + end


def ptr(offset):
    return be16(0xC000 | offset)


def rr(owner, kind, data, ttl=3600, cls=1, length=None):
    return owner + be16(kind, cls) + be32(ttl) + be16(len(data) if length is None else length) + data


def question(owner, kind=1, cls=1):
    return owner + be16(kind, cls)


def dns(flags, questions=(), answers=(), authority=(), additional=(), ident=0x1234, counts=None):
    sections = (questions, answers, authority, additional)
    return (be16(ident, flags) + be16(*(counts or [len(s) for s in sections]))
            + b"".join(b"".join(s) for s in sections))


def to_server(msg):
    return eth(ip4(udp(msg, 40000, 53)))


def to_client(msg):
    return eth(ip4(udp(msg, 53, 40000)))


def option(code, data, length=None):
    return be16(code, len(data) if length is None else length) + data


def opt(*options, size=1232, flags=0x8000, rcode=0):
    return rr(b"\0", 41, b"".join(options), ttl=rcode << 24 | flags, cls=size)


Q = question(name("www.example.com"))
OWNER = ptr(12)

# Questions and flags.
capture("dns-query.pcap", ETHERNET, [
    to_server(dns(0x0100, [Q])),
    to_server(dns(0x0110, [Q])),
    to_server(dns(0x0000, [question(name(""), 2)])),
    to_server(dns(0x0100, [question(name("a.example"), 65, 3)])),
    to_server(dns(0x0100, [question(name("a.example"), 64, 254)])),
    to_server(dns(0x0100, [question(name("a.example"), 4711, 255)])),
    to_server(dns(0x0140, [Q])),
    to_server(dns(0x0900, [], [rr(name("x"), 1, a4("192.0.2.1"))])),           # inverse query
    to_server(dns(0x0900, [Q])),
    to_server(dns(0x2800, [question(name("example.com"), 6)], [rr(name("a"), 1, b"", cls=254)],
                  [rr(ptr(12), 1, a4("192.0.2.9"))])),                           # update
    to_server(dns(0x0100, [Q, question(ptr(12), 28)])),
    to_server(dns(0x0100, [Q], counts=[2, 0, 0, 0])),
    to_server(dns(0x0100, [Q], counts=[1, 1, 0, 0])),
    to_server(dns(0x0100, [Q], counts=[1, 0, 1, 0])),
    to_server(dns(0x0100, [Q], counts=[1, 0, 0, 1])),
    to_server(dns(0x7f00, [Q])),
    to_server(dns(0x0100)),
    to_server(b"\0" * 11),
    to_client(dns(0x8000, counts=[0, 0, 0, 0])),
    to_client(dns(0x8583, [Q])),
    to_client(dns(0x81a0, [Q], [rr(OWNER, 1, a4("192.0.2.1"))])),
    to_client(dns(0x8380, [Q])),
] + [to_client(dns(0x8180 | rcode, [Q])) for rcode in range(16)] + [
    to_client(dns(0x8180 | rcode & 15, [Q], [], [], [opt(rcode=rcode >> 4)])) for rcode in (16, 17, 21, 23, 24, 4095)
])

# Every kind of data that is shown, and others.
TXT = u8(5) + b"v=one" + u8(0) + u8(3) + b"a\x01\xff"
SOA = name("ns.example.com") + ptr(12) + be32(2024010101, 7200, 900, 1209600, 300)
TSIG = name("hmac-sha256") + h("0000 6500 0000 012c 0004 deadbeef 1234 0010 0000")
RRSIG = be16(1) + u8(13, 3) + be32(300, 1800000000, 1700000000) + be16(4242) + name("example.com") + b"s" * 64
SVCB = be16(1) + name("svc.example.net") + be16(1, 6) + b"\x02h2\x02h3" + be16(3, 2, 8443) + \
    be16(4, 8) + a4("192.0.2.1") + a4("192.0.2.2") + be16(6, 16) + a6("2001:db8::1") + be16(5, 3) + b"ech"
RECORDS = [
    rr(OWNER, 1, a4("192.0.2.1")),
    rr(OWNER, 1, a4("192.0.2.1"), length=3)[:-1],
    rr(OWNER, 2, name("ns1", ptr(16))),
    rr(OWNER, 5, ptr(16), ttl=0),
    rr(OWNER, 6, SOA, ttl=1000000),
    rr(OWNER, 12, name("host.example")),
    rr(OWNER, 13, u8(3) + b"CPU" + u8(2) + b"OS"),
    rr(OWNER, 15, be16(10) + name("mx", ptr(16))),
    rr(OWNER, 16, TXT),
    rr(OWNER, 16, b""),
    rr(OWNER, 28, a6("2001:db8::53")),
    rr(OWNER, 33, be16(1, 2, 5060) + name("sip.example")),
    rr(OWNER, 35, be16(100, 10) + u8(1) + b"s" + u8(7) + b"SIP+D2U" + u8(0) + name("_sip._udp.example")),
    rr(OWNER, 38, u8(0) + a6("2001:db8::a6")),
    rr(OWNER, 38, u8(64) + b"\0" * 7 + b"\x53" + name("a6.example")),
    rr(OWNER, 38, u8(128) + name("a6.example")),
    rr(OWNER, 38, u8(129)),
    rr(OWNER, 39, name("other.example")),
    rr(OWNER, 43, be16(4242) + u8(13, 2) + b"d" * 32),
    rr(OWNER, 44, u8(4, 2) + b"f" * 32),
    rr(OWNER, 46, RRSIG),
    rr(OWNER, 47, name("b.example.com") + b"\0\1\x40"),
    rr(OWNER, 48, be16(257) + u8(3, 13) + b"k" * 64),
    rr(OWNER, 50, u8(1, 0) + be16(5) + u8(2) + b"\xab\xcd" + u8(4) + b"hash" + b"\0\1\x40"),
    rr(OWNER, 51, u8(1, 0) + be16(5) + u8(0)),
    rr(OWNER, 52, u8(3, 1, 1) + b"t" * 32),
    rr(OWNER, 64, SVCB),
    rr(OWNER, 65, SVCB),
    rr(OWNER, 99, u8(6) + b"v=spf1"),
    rr(OWNER, 250, TSIG, cls=255, ttl=0),
    rr(OWNER, 256, be16(10, 1) + b"https://example/"),
    rr(OWNER, 256, be16(10) + b"x"),
    rr(OWNER, 257, u8(0) + u8(5) + b"issue" + b"ca.example"),
    rr(OWNER, 4711, b"data", cls=4),
]
capture("dns-records.pcap", ETHERNET, [to_client(dns(0x8180, [Q], [r])) for r in RECORDS] + [
    to_client(dns(0x8580, [Q], RECORDS[:1], [rr(OWNER, 2, name("ns1", ptr(16)))] * 2, [opt()] + RECORDS[10:11])),
    to_client(dns(0x8180, [Q, Q], RECORDS[:3], counts=[2, 4, 0, 0])),
    to_client(dns(0x8180, [Q], [rr(OWNER, 1, a4("192.0.2.1"), length=40)])),
])

# Options.
SUBNET4 = be16(1) + u8(24, 0) + a4("192.0.2.0")[:3]
SUBNET6 = be16(2) + u8(56, 48) + a6("2001:db8:1::")[:7]
OPTIONS = [
    option(1, b"llq"), option(3, b""), option(3, b"ns1"), option(5, u8(1, 8, 13, 99)), option(6, u8(1, 2, 9)),
    option(7, u8(1, 2)), option(8, SUBNET4), option(8, SUBNET6), option(8, SUBNET4[:4]), option(8, b"\0\1\x18"),
    option(8, be16(9) + u8(0, 0)), option(8, be16(1) + u8(33, 0) + b"\0" * 5), option(9, b""), option(9, be32(3600)),
    option(9, b"ab"), option(10, bytes(range(8))), option(10, bytes(range(24))), option(10, bytes(12)),
    option(11, be16(1234)), option(11, u8(1)), option(12, bytes(9)), option(13, name("example.com")),
    option(14, be16(1, 65535)), option(14, b"odd"), option(15, be16(18) + b"blocked here"), option(16, be16(7)),
    option(4711, b"what"),
]
capture("dns-options.pcap", ETHERNET, [to_client(dns(0x8180, [Q], [], [], [opt(o)])) for o in OPTIONS] + [
    to_server(dns(0x0120, [Q], [], [], [opt(size=512, flags=0)])),
    to_server(dns(0x0120, [Q], [], [], [opt(*OPTIONS[:8])])),
    to_server(dns(0x0120, [Q], [], [], [opt(option(3, b"ab", length=9))])),
    to_server(dns(0x0120, [Q], [], [], [opt(b"\0\3")])),
])

# Names that lead nowhere, in circles, and on and on.
LONG = b"".join(u8(63) + b"z" * 63 for _ in range(6))

CHAIN = b"".join(b"\1a" + ptr(12 + 4 * (i - 1)) if i else b"\1x\0\0" for i in range(64))
capture("dns-names.pcap", ETHERNET, [to_server(dns(0x0100, [question(n)])) for n in (
    ptr(12), ptr(13), ptr(40), ptr(0), name("a", ptr(12)), name("a.b", ptr(14)), b"\x80", b"\x41\x08\xab\0", b"\x41\x05\xab\0",
    b"\x41\x0c\xab\xcd\0", b"\x41\0" + bytes(32) + b"\0", b"\x42\0", LONG + b"\0", LONG, name("a" * 63 + "." + "b" * 63),
    name("sp ace.\x01\x7f"), b"\1a", b"\x3fshort",
)] + [
    to_client(dns(0x8180, [Q], [rr(b"\0", 10, CHAIN), rr(ptr(12 + 21 + 11 + 4 * 63), 1, a4("192.0.2.1"))])),
    to_client(dns(0x8180, [Q], [rr(name("x", ptr(60)), 5, ptr(12))])),
    to_client(dns(0x8180, [Q], [rr(OWNER, 5, ptr(0x3fff))])),
    to_client(dns(0x8180, [Q], [rr(OWNER, 15, b"\0")])),
    to_client(dns(0x8180, [Q], [rr(OWNER, 16, u8(200) + b"short")])),
])

RICH = dns(0x8580, [Q], [rr(OWNER, 5, name("w", ptr(16))), rr(OWNER, 1, a4("192.0.2.1"))], [rr(ptr(16), 6, SOA)],
           [rr(OWNER, 28, a6("2001:db8::53")), rr(OWNER, 33, be16(1, 2, 5060) + name("s")), rr(OWNER, 250, TSIG),
            opt(option(8, SUBNET4), option(10, bytes(8)))])
capture("dns-cuts.pcap", ETHERNET, cuts(to_client(RICH), first=42) + cuts(to_server(dns(0x0100, [Q])), first=42))


def over_tcp(data):
    return eth(ip4(tcp(data, 53, 40000, flags="P.", ack=1)))


ANSWER = dns(0x8180, [Q], RECORDS[:1])
capture("dns-tcp.pcap", ETHERNET, [
    over_tcp(be16(len(ANSWER)) + ANSWER),
    over_tcp(be16(len(ANSWER) + 1) + ANSWER),
    over_tcp(be16(len(ANSWER)) + ANSWER[:20]),
    over_tcp(be16(len(ANSWER)) + ANSWER + be16(len(ANSWER)) + ANSWER),
    over_tcp(b"\0"),
    over_tcp(b"\0\0"),
    over_tcp(b"\0\5abcde"),
    eth(ip4(tcp(be16(len(ANSWER)) + ANSWER, 8053, 40000, flags="P.", ack=1))),
    eth(ip4(udp(ANSWER, 8053, 40000))),
] + cuts(over_tcp(be16(len(ANSWER)) + ANSWER), first=54))


def mdns(msg):
    return eth(ip4(udp(msg, 5353, 5353), dst="224.0.0.251"))


capture("mdns.pcap", ETHERNET, [
    mdns(dns(0, [question(name("_http._tcp.local"), 12)], ident=0)),
    mdns(dns(0, [question(name("_http._tcp.local"), 12, 0x8001)], ident=0)),
    mdns(dns(0, [question(name("host.local"), 255, 0x80ff)], [], [rr(OWNER, 1, a4("192.0.2.5"))], ident=0)),
    mdns(dns(0x8400, [], [rr(name("_http._tcp.local"), 12, name("web", ptr(12))),
                          rr(name("host.local"), 1, a4("192.0.2.5"), cls=0x8001, ttl=120)], ident=0)),
    mdns(dns(0x8400, [], [rr(name("host.local"), 28, a6("fe80::1"), cls=0x8003, ttl=120)], [],
             [rr(b"\0", 41, b"", cls=0x9000)], ident=0)),
    eth(ip4(udp(dns(0x0000, [Q]), 5355, 5355))),
])
