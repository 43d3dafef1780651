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
capture("arista_carry.pcap", ETHERNET, [eth(STAMP, kind=0xd28b)])
RPL = h("07 00 00 09")
capture("rpl_dao.pcap", ETHERNET, [eth(ip6(icmp6(155, code, RPL[:1] + u8(f) + RPL[2:] + bytes(n))))
                                   for code in (2, 3) for f in (0, 0x40, 0x80) for n in (0, 15, 16, 18)])
