"""DHCP for IPv4 (and BOOTP) and for IPv6."""
from wire import *


# --- IPv4 ---

MAGIC = h("63825363")


def bootp(op=1, options=b"", magic=MAGIC, hw=1, hlen=6, hops=0, xid=0x3903F326, secs=0, flags=0, addrs=(None,) * 4,
          sname=b"", file=b""):
    return (u8(op, hw, hlen, hops) + be32(xid) + be16(secs, flags) + b"".join(a4(a or "0.0.0.0") for a in addrs)
            + mac(MAC_A) + bytes(10) + sname.ljust(64, b"\0") + file.ljust(128, b"\0") + magic + options)


def o(code, data=b"", length=None):
    return u8(code, len(data) if length is None else length) + data


END = u8(255)


def client(msg):
    return eth(ip4(udp(msg, 68, 67), src="0.0.0.0", dst="255.255.255.255"), dst="ff:ff:ff:ff:ff:ff")


def server(msg):
    return eth(ip4(udp(msg, 67, 68)))


DISCOVER = o(53, u8(1)) + o(61, u8(1) + mac(MAC_A)) + o(55, u8(1, 3, 6, 15, 119, 252)) + o(57, be16(1500)) + \
    o(60, b"MSFT 5.0") + o(12, b"laptop") + o(50, a4("192.0.2.77"))
OFFER = o(53, u8(2)) + o(54, a4("192.0.2.1")) + o(51, be32(86400)) + o(58, be32(43200)) + o(59, be32(75600)) + \
    o(1, a4("255.255.255.0")) + o(3, a4("192.0.2.1")) + o(6, a4("192.0.2.2") + a4("192.0.2.3")) + o(15, b"example.com")

capture("dhcp.pcap", ETHERNET, [
    client(bootp(1, DISCOVER + END, flags=0x8000)),
    server(bootp(2, OFFER + END + bytes(20), addrs=(None, "192.0.2.77", "192.0.2.1", None), file=b"boot/pxe.0")),
    server(bootp(2, o(53, u8(5)) + END, hops=1, secs=9, addrs=("192.0.2.7", "192.0.2.8", "192.0.2.9", "192.0.2.10"),
                 sname=b"server", file=b"file")),
    client(bootp(1, b"\0\0\0" + o(53, u8(3)) + END + b"\0\0", xid=0)),
    server(bootp(3, o(53, u8(6)) + o(56, b"no such lease") + END)),
    client(bootp(1, o(53, u8(8)) + END, hw=6, hlen=8)),
    client(bootp(1, o(53, u8(7)) + END, hlen=16)),
    server(bootp(2, END, sname=b"s" * 64)),
    server(bootp(2, END, file=b"f" * 128)),
    server(bootp(2, bytes(60), magic=bytes(4))),
    server(bootp(2, bytes(60), magic=b"abcd")),
    server(bootp(2, b"\1\0\0\0" + b"".join(a4(f"192.0.2.{i}") for i in range(8)) + bytes(24), magic=b"CMU\0")),
    server(bootp(2, b"\6\0\0\0" + b"".join(a4(f"192.0.2.{i}") for i in range(8)) + bytes(24), magic=b"CMU\0")),
] + [server(bootp(2, o(53, u8(t)) + END)) for t in (4, 9, 10, 11, 12, 13, 99)] + cuts(
    server(bootp(2, OFFER + END, addrs=(None, "192.0.2.77", "192.0.2.1", None), sname=b"server", file=b"f")), first=42))

FORMS = [
    o(2, be32(-3600)), o(19, u8(1)), o(19, u8(0)), o(20, u8(7)), o(21, a4("192.0.2.1") + a4("255.255.255.0")),
    o(33, a4("192.0.2.1") + a4("192.0.2.2") + a4("192.0.2.3") + a4("192.0.2.4")), o(33, b"short"), o(33),
    o(22, be16(576, 1500)), o(23, u8(64)), o(24, be32(600)), o(26, be16(1500, 9000) + b"x"), o(43, u8(1, 2, 3)),
    o(46, u8(8)), o(46), o(46, u8(9, 9)), o(52, u8(3)), o(52), o(52, u8(5)), o(53, u8(1, 2)), o(53), o(12), o(6, b"abc"),
    o(61), o(61, u8(1)), o(61, b"\0name"), o(61, u8(24) + bytes(8)), o(61, u8(77, 1, 2)), o(93, be16(0, 7, 9)),
    o(94, u8(1, 3, 16)), o(97, b"\0" + bytes(range(16))), o(116, u8(1)), o(150, a4("192.0.2.1") + a4("192.0.2.2")),
    o(77, b"\4user\5class"), o(77, b"\0x"), o(77, b"\x09abc"), o(77, b"x"), o(81, u8(5, 0, 0) + b"host.example"),
    o(81, u8(0xf0, 255, 254) + b"x"), o(81, b"ab"), o(82, b"\1\4eth0\2\6remote\6\3sub\x97\2\1\2"), o(82, b"\1\x09abc"),
    o(82, b"\1\3abc\2"), o(91, be32(77)), o(121, u8(24, 192, 0, 2) + a4("192.0.2.1") + u8(0) + a4("192.0.2.254")),
    o(121, u8(32) + a4("192.0.2.9") + a4("192.0.2.1")), o(249, u8(9, 10, 128) + a4("192.0.2.1")), o(121, u8(33) + bytes(8)),
    o(121, u8(24) + bytes(5)), o(121, b"abc"), o(143, be16(5) + b"https" + be16(3) + b"uri"), o(143, be16(9) + b"x"),
    o(143, b"x"), o(161, b"https://example/mud"), o(200, b"odd"), o(201, b"even"), o(202, b"ab"), o(203),
    o(12, b"a\x01\xff\\\""), o(12, b"cut", length=9), u8(12),
]
capture("dhcp-options.pcap", ETHERNET, [server(bootp(2, f + END)) for f in FORMS] + [
    server(bootp(2, b"".join(o(c, a4("192.0.2.1")) for c in range(start, start + 32) if c not in (0, 255)) + END))
    for start in range(0, 256, 32)])


# --- IPv6 ---

def o6(code, data=b"", length=None):
    return be16(code, len(data) if length is None else length) + data


def label(text):
    return b"".join(u8(len(w)) + w.encode() for w in text.split(".")) + b"\0"


def msg6(kind, options=b"", xid=0xABCDEF):
    return be32(kind << 24 | xid) + options


def relay6(kind, options, hops=1):
    return u8(kind, hops) + a6("2001:db8::1") + a6("fe80::2") + options


def dhcp6(msg, sport=546):
    return eth(ip6(udp(msg, sport, 547), src="fe80::a", dst="ff02::1:2"))


LLT = o6(1, be16(1, 1) + be32(700000000) + mac(MAC_A))
ADDR = a6("2001:db8::77") + be32(3600, 7200)
PREFIX = be32(3600, 7200) + u8(56) + a6("2001:db8:77::")
SOLICIT = msg6(1, LLT + o6(6, be16(23, 24, 64, 9999)) + o6(8, be16(100)) + o6(3, be32(1, 0, 0)) + o6(14))
REPLY = msg6(7, LLT + o6(2, be16(3, 1) + mac(MAC_B)) + o6(3, be32(1, 900, 1440) + o6(5, ADDR + o6(13, be16(0) + b"fine")))
             + o6(25, be32(2, 900, 1440) + o6(26, PREFIX)) + o6(23, a6("2001:db8::53")) + o6(24, label("example.com")))

capture("dhcpv6.pcap", ETHERNET, [
    dhcp6(SOLICIT), dhcp6(REPLY, 547), dhcp6(relay6(12, o6(18, b"eth0") + o6(9, SOLICIT) + o6(37, be32(9) + bytes(12)))),
    dhcp6(relay6(13, o6(9, relay6(13, o6(9, REPLY), 0)))), dhcp6(relay6(12, b"")[:20]), dhcp6(msg6(1)), dhcp6(b"\1\2\3"),
] + [dhcp6(msg6(t, o6(14))) for t in range(2, 17) if t not in (12, 13)] + cuts(dhcp6(REPLY), first=62))

FORMS6 = [
    o6(1, b"\0"), o6(1, be16(1, 1) + bytes(3)), o6(1, be16(2) + be32(9) + b"id"), o6(1, be16(2) + b"x"), o6(1, be16(3)),
    o6(2, be16(4) + bytes(range(16))), o6(2, be16(4) + b"short"), o6(2, be16(9) + b"x"), o6(3, bytes(11)), o6(4, be32(5)),
    o6(4, b"abc"), o6(4, be32(5) + o6(5, ADDR)), o6(5, bytes(23)), o6(6, b"abc"), o6(7, u8(255)), o6(7), o6(8, b"x"),
    o6(11, u8(2, 1, 0) + bytes(8)), o6(11, u8(2, 1, 0) + bytes(8) + b"realm" + be32(7) + bytes(16)),
    o6(11, u8(2, 1, 0) + bytes(18)), o6(11, u8(3, 1, 0) + bytes(8) + u8(1) + bytes(16)),
    o6(11, u8(3, 2, 1) + bytes(8) + u8(2) + bytes(16)), o6(11, u8(3, 1, 0) + bytes(8) + u8(9) + bytes(16)),
    o6(11, u8(3, 1, 0) + bytes(9)), o6(11, u8(9, 9, 9) + bytes(8)), o6(11, bytes(10)), o6(12, a6("2001:db8::12")),
    o6(13, be16(2)), o6(13, be16(99)), o6(13, be16(256)), o6(13, b"x"), o6(15, be16(4) + b"user" + be16(0)),
    o6(15, be16(9) + b"x"), o6(16, be32(9) + be16(2) + b"vc"), o6(17, be32(9) + be16(1, 2) + b"vo"), o6(18, bytes(12)),
    o6(19, u8(5)), o6(19, u8(11)), o6(19, u8(1)), o6(19), o6(20), o6(21, label("sip.example") + label("b")),
    o6(21, b"\xc0\0"), o6(22, a6("2001:db8::5060")), o6(22, b"x"), o6(24, b"\1a"), o6(26, bytes(24)), o6(27, bytes(16)),
    o6(31, bytes(32)), o6(32, be32(3600)), o6(32, b"x"), o6(34, bytes(16)), o6(37, be32(9) + b"remote"), o6(37, b"x"),
    o6(38, b"sub"), o6(39, u8(1) + label("host.example")), o6(39), o6(40, bytes(16)), o6(41, b"EST5EDT"), o6(42, b"tz"),
    o6(43, be16(37)), o6(44, u8(1) + a6("::1")), o6(44, u8(2) + a6("::1") + LLT), o6(44, u8(7) + a6("::1")), o6(44, bytes(16)),
    o6(45), o6(45, LLT), o6(46, be32(5)), o6(47, a6("::1") + b"relayed message"), o6(47, b"x"), o6(48, bytes(16)),
    o6(56, o6(1, a6("2001:db8::123")) + o6(3, label("ntp.example"))), o6(56, o6(2, b"x")), o6(56, o6(9, b"xx")),
    o6(56, be16(1, 99) + b"x"), o6(56, b"x"), o6(56, o6(3, b"\xc0\x01")), o6(59, b"tftp://[2001:db8::1]/boot"),
    o6(64, label("aftr.example")), o6(64, b"\3abc"), o6(64, b"ab"), o6(112, b"https://example/mud"), o6(112, b"abc"),
    o6(136, be16(5) + b"https"), o6(9999, b"x"), o6(7, u8(1), length=5), b"\0\7\0",
]
DEEP = b""
for _ in range(700):
    DEEP = o6(45, DEEP)
capture("dhcpv6-options.pcap", ETHERNET, [dhcp6(msg6(7, f)) for f in FORMS6] + [dhcp6(msg6(7, DEEP))])
