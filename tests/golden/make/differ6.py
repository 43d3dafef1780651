"""What damaged packets of many seeds and their dumps showed beside tcpdump: see tests/differ."""
from wire import *

# Shown even where the packet is dumped anyway.
capture("dump_anyway.pcap", ETHERNET, [
    eth(h("0a0b 0102030405"), kind=0x1111), eth(h("0a0b 0102030405")[:4], kind=0x1111),
    eth(h("0110 0000 0004 0001 8001020000000a 00") + h("000004d2 1f0dd440 ffffffff 00ff0000 00000000") + b"rest", kind=0x8947),
])
ARC = h("0102 0000 80 ff010203040506")       # to 2 from 1, a diagnosis: a short header
capture("arcnet_diagnosis.pcap", 129, [ARC, ARC[:7], ARC[:5], ARC[:4]])
PFLOG = u8(45, 2, 1, 0) + b"em0".ljust(16, b"\0") + bytes(16) + be32(3, 0xffffffff, 1000, 77, 7, 8) + u8(1) + bytes(3)
capture("pflog_short.pcap", 117, [PFLOG, PFLOG[:63], PFLOG[:48], PFLOG + h("45000014")])
RTP = h("80080001 00000064 12345678 00000000")
capture("rtp_length.pcap", ETHERNET, [eth(ip4(udp(RTP, 5000, 5004, length=n))) for n in (24, 20, 16, 9000)])
RTCP = h("81c90001 12345678 80ca0001 12345678")
capture("rtcp_length.pcap", ETHERNET, [eth(ip4(udp(RTCP, 5000, 5005, length=n))) for n in (24, 8, 16, 9000)])
LWRES = be32(40) + be16(0, 0) + be32(77, 0x10001, 0, 1000) + be16(0, 0) + be32(0, 3) + be16(3)
capture("lwres_names.pcap", ETHERNET, [eth(ip4(udp(LWRES + x, 40000, 921))) for x in (b"abc\0", b"abcd", b"abc", b"ab")])
ISIS_LSP = h("""
    83 1b 01 00 12 01 00 00   0041 04b0 000000000001 0000 00000001 0000 03
    87 24  0000000a 13 0a80ff  0000000a 1f 0a80ffff  0000000a 04 ff  0000000a 00  00000014 94 0affff
""")
capture("isis_bits.pcap", ETHERNET, [eth_llc(llc(0xfe, 0xfe, 3, ISIS_LSP))])
capture("chdlc_osi.pcap", 104, [h("8f00 fefe 00"), h("8f00 fefe"), h("8f00 fefe 0083")])
capture("ppi_ppp.pcap", 192, [h("00000800 09000000") + x for x in (h("0200 0000b13f41ba00"), h("ff03 0200 0000b13f41ba00"), h("0200"))])
RENUMBER = h("00000001 01 02 0000 0000000a")
capture("renumber_flags.pcap", ETHERNET, [eth(ip6(icmp6(138, 0, RENUMBER[:5] + u8(f) + RENUMBER[6:]))) for f in (0, 2, 0x82)])
LSA = be16(9) + u8(2, 1) + a4("192.0.2.7") + a4("192.0.2.1") + be32(0x80000001) + be16(0)
ACK = LSA + be16(20) + LSA + be16(4) + LSA + be16(20)
capture("ospf_ack.pcap", ETHERNET, [eth(ip4(Seg(89, u8(2, 5) + be16(24 + len(ACK)) + a4("192.0.2.1") + be32(1, 0, 0, 0) + ACK, None)))])
EAPOL = eth(h("02000005 0101000501"), kind=0x888e)
capture("eapol_cut.pcap", ETHERNET, cuts(EAPOL, first=14))
USB = bytes(8) + u8(ord("S"), 2, 0x81, 3) + be16(0x0200) + bytes(34)
capture("usb_cut.pcap", 189, [USB, USB[:47]])
STAMP = h("0001 00 10") + be32(1683223924, 1016777215) + h("0800")
STAMP_48 = h("0001 00 20") + be16(25939) + be32(4076878746) + h("0800")
capture("arista_carry.pcap", ETHERNET, [eth(x, kind=0xd28b) for x in (STAMP, STAMP_48)])
ATM_ARP = h("0013 0800 14 42 0003 04 14 00 04") + bytes(range(60))
capture("atm_arp.pcap", ETHERNET, [eth(ATM_ARP, kind=0x0806)])
capture("llap_short.pcap", 114, [h(x) for x in ("050601", "05060100", "0506010005", "050602", "05060200", "050681", "0506")])
RPL = h("07 00 00 09")
capture("rpl_dao.pcap", ETHERNET, [eth(ip6(icmp6(155, code, RPL[:1] + u8(f) + RPL[2:] + bytes(n))))
                                   for code in (2, 3) for f in (0, 0x40, 0x80) for n in (0, 15, 16, 18)])
ACL = b"2 1\nuser 1\nother 1x\ngroup 9\n", b"2 1\nuser 1dn\ngroup 9\nb", b"1 1\nuser 1\ngroup 9\n"
RX = h("55667788 00001234 00000069 00000001 00000063 01 01 00 02 0000 0001") + be32(134) + be32(536870912, 4, 77)
capture("rx_acl.pcap", ETHERNET, [eth(ip4(udp(RX + be32(len(x)) + x + bytes(-len(x) % 4), 7001, 7000))) for x in ACL])
IDS = [(n, t) for n in (5, 7, 8, 9) for t in (1, 2, 99)]
capture("ike_id.pcap", ETHERNET, [eth(ip4(udp(b"initiatr" + bytes(8) + u8(35, 0x20, 34, 8) + be32(0, 40) + u8(0, 0) + be16(n) + u8(t) + b"abcdefg", 500, 500)))
                                  for n, t in IDS])
LSA6 = be16(9, 0x2003) + a4("0.0.0.4") + a4("192.0.2.1") + be32(0x80000001) + be16(0, 28) + be32(10) + u8(0, 0) + be16(0)
capture("ospf3_prefix.pcap", ETHERNET, cuts(eth(ip6(Seg(89, u8(3, 4) + be16(48) + a4("192.0.2.1") + be32(0, 0) + be32(1) + LSA6, None))), first=86, step=3))
VQP = u8(1, 4, 5, 1) + be32(9, 0xc02) + be16(30) + b"abc"
capture("vqp_length.pcap", ETHERNET, [eth(ip4(udp(VQP, 40000, 1589))), eth(ip4(udp(VQP[:12] + be16(3) + VQP[14:], 40000, 1589)))])
L2TP = h("cb02 0018 0007 0000 0001 0002 0002 6162 636465666768")
capture("l2tp_offset.pcap", ETHERNET, [eth(ip4(udp(x, 1701, 1701))) for x in (L2TP, L2TP[:14], L2TP[:13], L2TP[:15])])
CDP = u8(2, 180) + be16(0x1234) + be16(1, 5) + b"s" + be16(2, 8) + be32(0)
capture("cdp_cut.pcap", ETHERNET, cuts(eth_llc(snap(0x0c, 0x2000, CDP), dst="01:00:0c:cc:cc:cc"), first=26, step=2))
