"""ARP, IPv4, UDP and TCP: the model for other makers."""
from wire import *

ARP_REQUEST = be16(1, 0x0800) + u8(6, 4) + be16(1) + mac(MAC_A) + a4("192.0.2.1") + bytes(6) + a4("192.0.2.2")
ARP_REPLY = be16(1, 0x0800) + u8(6, 4) + be16(2) + mac(MAC_B) + a4("192.0.2.2") + mac(MAC_A) + a4("192.0.2.1")

capture("arp.pcap", ETHERNET, [
    eth(ARP_REQUEST, 0x0806, dst="ff:ff:ff:ff:ff:ff"),
    eth(ARP_REPLY, 0x0806),
    eth(put(ARP_REQUEST, 6, be16(3)), 0x8035),
    eth(put(ARP_REQUEST, 6, be16(4)), 0x8035),
    eth(put(ARP_REQUEST, 6, be16(8)), 0x0806),
    eth(put(ARP_REQUEST, 6, be16(9)), 0x0806),
    eth(put(ARP_REQUEST, 6, be16(77)), 0x0806),
    eth(put(ARP_REQUEST, 18, a4("192.0.2.9")), 0x0806),         # target address filled in
    eth(put(ARP_REQUEST, 2, be16(0x1234)), 0x0806),              # not IP
    eth(put(ARP_REQUEST, 0, be16(24)), 0x0806),
    eth(vlan(ARP_REQUEST, 0x6007, 0x0806), 0x8100),
] + cuts(eth(ARP_REQUEST, 0x0806)))

RR = u8(7, 11, 8) + a4("192.0.2.33") + a4("0.0.0.0")
TS = u8(68, 12, 9, 0x10) + be32(1000, 2000)
LSRR = u8(131, 11, 4) + a4("192.0.2.44") + a4("192.0.2.45")

capture("ip4.pcap", ETHERNET, [
    eth(ip4(udp(b"hello", 1000, 9), tos=0x02)),
    eth(ip4(udp(b"hello", 1000, 9), tos=0xb9, ttl=1, flags=0)),
    eth(ip4(udp(b"hello", 1000, 9), options=RR)),
    eth(ip4(udp(b"hello", 1000, 9), options=TS + u8(148, 4, 0, 7))),
    eth(ip4(udp(b"hello", 1000, 9), options=u8(1, 1) + LSRR + u8(0))),
    eth(ip4(udp(b"hello", 1000, 9), options=u8(7, 1, 0, 0))),
    eth(ip4(udp(b"hello", 1000, 9), options=u8(200, 9, 0, 0))),
    eth(ip4(udp(b"hello", 1000, 9), sum=0x1234)),
    eth(ip4(b"x" * 16, 17, flags=0x2000)),
    eth(ip4(b"x" * 16, 17, flags=0x2002)),
    eth(ip4(b"x" * 16, 17, flags=0x0004)),
    eth(ip4(b"x" * 16, 253, flags=0xc000)),
    eth(ip4(udp(b"hello", 1000, 9), length=60)),
    eth(ip4(udp(b"hello", 1000, 9), length=10)),
    eth(ip4(udp(b"hello", 1000, 9), length=0)),
    eth(put(ip4(udp(b"hello", 1000, 9)), 0, u8(0x43))),
    eth(put(ip4(udp(b"hello", 1000, 9)), 0, u8(0x65)), 0x0800),
    eth(put(ip4(udp(b"hello", 1000, 9)), 0, u8(0x05)), 0x0800),
    eth(ip4(ip4(udp(b"inner", 5, 6)), 4, src="198.51.100.1", dst="198.51.100.2")),
] + cuts(eth(ip4(udp(b"hello", 1000, 9), options=LSRR))))

capture("udp.pcap", ETHERNET, [
    eth(ip4(udp(b"", 1000, 9))),
    eth(ip4(udp(b"abc", 1000, 9, sum=0))),
    eth(ip4(udp(b"abc", 1000, 9, sum=0x1111))),
    eth(ip4(udp(b"abc", 1000, 9, length=7))),
    eth(ip4(udp(b"abc", 1000, 9, length=100))),
    eth(ip4(udp(b"abcdef", 1000, 9, length=10))),
    eth(ip4(u8(1, 2, 3, 4, 5), 17)),
])

SYN = u8(2, 4, 5, 0xb4, 4, 2, 8, 10) + be32(1, 0) + u8(1, 3, 3, 7)
TSO = u8(1, 1, 8, 10) + be32(100, 200)

capture("tcp.pcap", ETHERNET, [
    eth(ip4(tcp(options=SYN, seq=0xFFFFFFF0))),
    eth(ip4(tcp(b"", 9999, 40000, 7000, 0xFFFFFFF1, "S.", options=SYN), src="192.0.2.2", dst="192.0.2.1")),
    eth(ip4(tcp(b"", seq=0xFFFFFFF1, ack=7001, flags=".", options=TSO))),
    eth(ip4(tcp(b"x" * 100, seq=0xFFFFFFF1, ack=7001, flags="P."))),
    eth(ip4(tcp(b"", 9999, 40000, 7001, 85, ".", options=u8(1, 1, 5, 18) + be32(100, 200, 300, 400)),
            src="192.0.2.2", dst="192.0.2.1")),
    eth(ip4(tcp(b"", flags="FPU.", seq=85, ack=7001, urg=5))),
    eth(ip4(tcp(b"why not", 9999, 40000, 7001, 86, "R."), src="192.0.2.2", dst="192.0.2.1")),
    eth(ip4(tcp(b"", flags="", seq=1))),
    eth(ip4(tcp(b"", flags="SEW", options=u8(34, 2, 1, 1)))),
    eth(ip4(tcp(b"", flags="S", options=u8(34, 10) + b"cookie!!"))),
    eth(ip4(tcp(b"", flags="S", options=u8(254, 4, 0xf9, 0x89)))),
    eth(ip4(tcp(b"", flags="S", options=u8(29, 16, 61, 84) + b"123456789abc"))),
    eth(ip4(tcp(b"", flags="S", options=u8(28, 4, 0x80, 5)))),
    eth(ip4(tcp(b"", flags="S", options=u8(19, 18) + bytes(16)))),
    eth(ip4(tcp(b"", flags="S", options=u8(2, 4, 1)))),
    eth(ip4(tcp(b"", flags="S", options=u8(5, 9, 1, 2, 3, 4, 5, 6, 7)))),
    eth(ip4(tcp(b"", flags="S", options=u8(99, 6, 1, 2, 3, 4)))),
    eth(ip4(put(tcp(b"").data, 12, u8(0x40)), 6)),
    eth(ip4(put(tcp(b"").data, 12, u8(0xf0)), 6)),
    eth(ip4(tcp(b"data", sum=1, flags="P."))),
] + cuts(eth(ip4(tcp(b"0123456789", flags="P.", ack=1, options=SYN))), first=34))
