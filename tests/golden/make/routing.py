"""RIP, RIPng, HSRP, VRRP and CARP."""
from wire import *


def over(port, payload, dst="224.0.0.9"):
    return eth(ip4(udp(payload, port, port), dst=dst))


def route(family=2, tag=0, dest="192.0.2.0", mask="255.255.255.0", hop="0.0.0.0", metric=1):
    return be16(family, tag) + a4(dest) + a4(mask) + a4(hop) + be32(metric)


V1 = dict(mask="0.0.0.0")
capture("rip.pcap", ETHERNET, [
    over(520, u8(1, 1, 0, 0) + route(0, metric=16, dest="0.0.0.0", **V1)),
    over(520, u8(2, 1, 0, 0) + route(**V1) + route(2, 1, **V1) + route(16, **V1) + route(99, **V1)),
    over(520, u8(2, 2, 0, 0) + route() + route(tag=7, hop="192.0.2.254", mask="255.0.255.0") + route(0, mask="0.0.0.0")),
    over(520, u8(2, 2, 0, 0) + route(24) + route(77) + route(mask="255.255.255.255", dest="255.255.255.255")),
    over(520, u8(2, 2, 0, 0) + be16(0xffff, 2) + b"secret\x01".ljust(16, b"\0") + route()),
    over(520, u8(2, 2, 0, 0) + be16(0xffff, 3, 44) + u8(1, 16) + be32(99, 0, 0) + route() + be16(0xffff, 1) + bytes(16)),
    over(520, u8(2, 2, 0, 0) + be16(0xffff, 9) + bytes(range(16)) + route()),
    over(520, u8(2, 2, 0, 0) + be16(0xffff, 3, 44)),
    over(520, u8(2, 2, 0, 0) + route()[:18]),
    over(520, u8(2, 2, 0, 0) + route(77)[:18]),
    over(520, u8(2, 2, 0, 0) + b"ab"),
    over(520, u8(2, 1, 0, 0) + route(**V1)[:18]),
    over(520, u8(3, 1, 0, 0) + b"/dev/console"),
    over(520, u8(4, 1, 0, 0)), over(520, u8(5, 1, 0, 0)), over(520, u8(6, 1, 0, 0)), over(520, u8(9, 2, 0, 0) + route()),
    over(520, u8(2, 0, 0, 0) + route()), over(520, u8(2, 3, 0, 0) + route()), over(520, b"abc"),
])
capture("rip_cuts.pcap", ETHERNET,
        cuts(over(520, u8(2, 2, 0, 0) + be16(0xffff, 3, 44) + u8(1, 16) + be32(99, 0, 0) + route()), first=42) +
        cuts(over(520, u8(2, 1, 0, 0) + route(**V1)), first=42))


def ng(payload):
    return eth(ip6(udp(payload, 521, 521), dst="ff02::9"))


def prefix(text, plen, tag=0, metric=1):
    return a6(text) + be16(tag) + u8(plen, metric)


capture("ripng.pcap", ETHERNET, [
    ng(u8(1, 1, 0, 0) + prefix("::", 0, metric=16)),
    ng(u8(1, 1, 0, 0) + prefix("2001:db8::", 32, metric=16)),
    ng(u8(1, 1, 0, 0) + prefix("2001:db8::", 32) + prefix("2001:db8:1::", 48, 7)),
    ng(u8(2, 1, 0, 0) + prefix("2001:db8::", 32) + prefix("2001:db8:1::", 48, 7, 0)),
    ng(u8(2, 1, 0, 0) + prefix("2001:db8::", 32) + b"odd"),
    ng(u8(1, 1, 0, 0) + prefix("2001:db8::", 32) + b"odd"),
    ng(u8(9, 1, 0, 0)), ng(u8(2, 7, 0, 0)), ng(u8(2, 1)), ng(u8(2, 1, 0, 0)),
    over(521, u8(2, 1, 0, 0) + prefix("2001:db8::", 32)),
])
capture("ripng_cuts.pcap", ETHERNET,
        cuts(ng(u8(2, 1, 0, 0) + prefix("2001:db8::", 32, 7) + prefix("2001:db8:1::", 48)), first=62))

HSRP = u8(0, 0, 16, 3, 10, 120, 1, 0) + b"cisco\0\0\0" + a4("192.0.2.254")
capture("hsrp.pcap", ETHERNET, [over(1985, HSRP, "224.0.0.2")]
  + [over(1985, put(HSRP, 1, u8(op)), "224.0.0.2") for op in (1, 2, 3)]
  + [over(1985, put(HSRP, 2, u8(state)), "224.0.0.2") for state in (0, 1, 2, 4, 8, 9)]
  + [over(1985, put(HSRP, 7, u8(5)), "224.0.0.2"), over(1985, put(HSRP, 0, u8(1)), "224.0.0.2"),
     over(1985, put(HSRP, 8, b"\x01\xffabcdef"), "224.0.0.2"), over(1985, HSRP[:12], "224.0.0.2"),
     eth(ip4(udp(HSRP, 1985, 9999)))])
capture("hsrp_cuts.pcap", ETHERNET,
        cuts(over(1985, HSRP, "224.0.0.2"), first=42))


def sum_at(data, at):
    return put(data, at, be16(checksum(data)))


V2 = u8(0x21, 1, 100, 2, 0, 1) + be16(0) + a4("192.0.2.1") + a4("192.0.2.2") + bytes(8)
V2_AUTH = put(u8(0x21, 1, 100, 1, 1, 1) + be16(0) + a4("192.0.2.1") + bytes(8), 12, b"pass")
V3 = u8(0x31, 1, 100, 1, 0x00, 100) + be16(0)


def vrrp(data, ttl=255, **kw):
    return eth(ip4(data, 112, dst="224.0.0.18", ttl=ttl, **kw))


capture("vrrp.pcap", ETHERNET, [
    vrrp(sum_at(V2, 6)), vrrp(V2), vrrp(sum_at(V2, 6), ttl=7), vrrp(sum_at(V2_AUTH, 6)),
    vrrp(put(V2, 4, u8(2))), vrrp(put(V2, 4, u8(9))), vrrp(put(V2, 0, u8(0x22))), vrrp(put(V2, 0, u8(0x11))),
    vrrp(put(V2, 0, u8(0x41))), vrrp(put(V2, 3, u8(0))), vrrp(put(V2, 3, u8(200))),
    eth(ip4(Seg(112, V3 + a4("192.0.2.1"), 6), dst="224.0.0.18", ttl=255)),
    eth(ip6(Seg(112, V3 + a6("fe80::1"), 6), dst="ff02::12", hops=255)),
    eth(ip6(V3 + a6("fe80::1"), 112, dst="ff02::12", hops=3)),
    vrrp(put(V3, 4, u8(0xff, 0xff)) + a4("192.0.2.1")), vrrp(b"\x21"), vrrp(b""),
])
capture("vrrp_cuts.pcap", ETHERNET,
        cuts(vrrp(sum_at(V2_AUTH, 6)), first=34) + cuts(vrrp(V3 + a4("192.0.2.1")), first=34))

CARP = u8(0x21, 1, 0, 7, 0, 1) + be16(0) + be64(0x1122334455667788) + bytes(range(20))
capture("carp.pcap", ETHERNET, [
    vrrp(sum_at(CARP, 6)), vrrp(CARP), vrrp(sum_at(CARP, 6), ttl=9), vrrp(put(CARP, 0, u8(0x22))),
    vrrp(put(CARP, 0, u8(0x11))), vrrp(CARP[:10]), vrrp(b""), eth(ip4(udp(b"hello", 1000, 9))),
])
capture("carp_cuts.pcap", ETHERNET,
        cuts(vrrp(CARP), first=34))


def bfd(first, flags, auth=b"", port=3784, mult=3):
    body = u8(first, flags, mult, 24 + len(auth)) + be32(0x11, 0x22, 100000, 300000, 0) + auth
    return eth(ip4(udp(body, 50000, port), ttl=255))


MD5 = u8(2, 24, 7, 0) + be32(99) + bytes(range(16))
SHA1 = u8(4, 28, 7, 0) + be32(99) + bytes(range(20))
capture("bfd.pcap", ETHERNET, [
    bfd(0x20, 0xc8), bfd(0x21, 0x60), bfd(0x29, 0x9b), bfd(0x20, 0x08, port=4784), bfd(0x20, 0x08, port=6784),
    bfd(0x20, 0xc4, u8(1, 9, 2) + b"secret"), bfd(0x20, 0xc4, MD5), bfd(0x20, 0xc4, put(MD5, 0, u8(3))), bfd(0x20, 0xc4, SHA1),
    bfd(0x20, 0xc4, put(SHA1, 0, u8(5))), bfd(0x20, 0xc4, put(SHA1, 0, u8(9))), bfd(0x20, 0xc4, put(SHA1, 1, u8(9))),
    bfd(0x20, 0xc4, put(MD5, 1, u8(9))), bfd(0x20, 0xc4, u8(1, 3, 2, 0)), bfd(0x20, 0xc4, u8(1, 99, 2, 0)),
    bfd(0x00, 0xff, MD5), bfd(0x01, 0x00), bfd(0x40, 0xc8), bfd(0x20, 0xc8, port=3785),
    eth(ip4(udp(b"echo", 3785, 3785))), eth(ip4(udp(b"short", 1, 3784))),
])
capture("bfd_cuts.pcap", ETHERNET, cuts(bfd(0x20, 0xc4, SHA1), first=42))
