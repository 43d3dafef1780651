"""What grep prints: a match across segments that came in disorder, IPv6, datagrams, fragments, ICMP, a packet of no conversation."""
from wire import ETHERNET, a4, be16, capture, eth, icmp, ip4, ip6, tcp, u8, udp, vlan

BACK = dict(src="192.0.2.2", dst="192.0.2.1")


def there(seq, payload, flags="P."):
    return eth(ip4(tcp(payload, 40000, 80, seq, 1, flags)))


def back(seq, payload, flags="P."):
    return eth(ip4(tcp(payload, 80, 40000, seq, 1, flags), **BACK))


datagram = udp(b"x" * 1440 + b"a needle in fragments" + b"y" * 100, 5000, 5001).done(a4("192.0.2.1") + a4("192.0.2.2") + be16(17, 1569))
capture("grep.pcap", ETHERNET, [
    there(999, b"", "S"), back(1, b"", "S."), there(1000, b"", "."),
    there(1000, b"GET /?q=nee"), there(1014, b" HTTP/1.1\r\nHost: a\r\n\r\n"), there(1011, b"dle"),
    back(2, b"HTTP/1.1 200 OK\r\n\r\n\x1b]0;needle\x07\xff\x00 \xc3\xa4 needle\n"),
    there(1040, b"needle behind a gap"), there(1040, b"NEEDLE behind a gap"), there(1045, b"lost", "R."),
    eth(ip6(udp(b"a needle by IPv6", 6000, 6001))),
    eth(vlan(ip4(udp(b"a needle with a tag", 6000, 6001)), 5), 0x8100),
    eth(ip4(datagram[:1400], 17, ident=7, flags=0x2000)), eth(ip4(datagram[1400:], 17, ident=7, flags=175)),
    eth(ip4(icmp(8, 0, be16(1, 1) + b"a needle that pings"))),
    eth(b"a needle of no protocol", 0x88B5),
    eth(ip4(udp(u8(8, 0, 0, 0, 0, 0, 1, 0) + eth(ip4(tcp(b"a needle in a tunnel", flags="P."), src="198.51.100.1")), 7777, 4789))),
])
