#include "pkt/names.h"

const char *
name_of(const struct name *t, uint32_t value)
{
	for (; t->name; t++)
		if (t->value == value)
			return t->name;
	return NULL;
}

const struct name ethertype_names[] = {
	{ 0x0800, "IPv4" },
	{ 0x8864, "PPPoE S" },
	{ 0x8863, "PPPoE D" },
	{ 0x86dd, "IPv6" },
	{ 0x0806, "ARP" },
	{ 0x8100, "802.1Q" },
	{ 0x88a8, "802.1Q-QinQ" },
	{ 0x9100, "802.1Q-9100" },
	{ 0x9200, "802.1Q-9200" },
	{ 0x0200, "PUP" },
	{ 0x0500, "Sprite" },
	{ 0x0600, "NS" },
	{ 0x0707, "GeoNet (old)" },
	{ 0x1000, "Trail" },
	{ 0x1111, "CALM FAST" },
	{ 0x6001, "MOP DL" },
	{ 0x6002, "MOP RC" },
	{ 0x6003, "DN" },
	{ 0x6004, "LAT" },
	{ 0x6007, "SCA" },
	{ 0x6558, "TEB" },
	{ 0x8035, "Reverse ARP" },
	{ 0x8038, "Lanbridge" },
	{ 0x803c, "DEC DNS" },
	{ 0x803e, "DEC DTS" },
	{ 0x805b, "VEXP" },
	{ 0x805c, "VPROD" },
	{ 0x809b, "Appletalk" },
	{ 0x80f3, "Appletalk ARP" },
	{ 0x8137, "IPX" },
	{ 0x8808, "MPCP" },
	{ 0x8809, "Slow Protocols" },
	{ 0x880b, "PPP" },
	{ 0x8847, "MPLS unicast" },
	{ 0x8848, "MPLS multicast" },
	{ 0x886f, "MS NLB heartbeat" },
	{ 0x8870, "Jumbo" },
	{ 0x888e, "EAPOL" },
	{ 0x8899, "Realtek protocols" },
	{ 0x88a2, "AoE" },
	{ 0x88ca, "TIPC" },
	{ 0x88cc, "LLDP" },
	{ 0x88e5, "802.1AE MACsec" },
	{ 0x88f7, "PTP" },
	{ 0x8902, "CFM" },
	{ 0x893a, "IEEE1905.1" },
	{ 0x894f, "NSH" },
	{ 0x8947, "GeoNet" },
	{ 0x9000, "Loopback" },
	{ 0xabcd, "CFM (old)" },
	{ 0xd28b, "Arista Vendor Specific Protocol" },
	{ 0x00fe, "GRE-OSI" },
	{ 0xfefe, "OSI" },
	{ 0, NULL }
};

const struct name ipproto_names[] = {
	{ 0, "HBH" },
	{ 1, "ICMP" },
	{ 2, "IGMP" },
	{ 4, "IPIP" },
	{ 6, "TCP" },
	{ 8, "EGP" },
	{ 9, "IGRP" },
	{ 17, "UDP" },
	{ 33, "DCCP" },
	{ 41, "IPv6" },
	{ 43, "Routing" },
	{ 44, "Fragment" },
	{ 46, "RSVP" },
	{ 47, "GRE" },
	{ 50, "ESP" },
	{ 51, "AH" },
	{ 55, "Mobile IP" },
	{ 58, "ICMPv6" },
	{ 60, "DSTOPT" },
	{ 62, "Mobile IP (old)" },
	{ 88, "EIGRP" },
	{ 89, "OSPF" },
	{ 103, "PIM" },
	{ 108, "Compressed IP" },
	{ 112, "VRRP" },
	{ 113, "PGM" },
	{ 132, "SCTP" },
	{ 135, "Mobility" },
	{ 143, "Ethernet" },
	{ 0, NULL }
};

const struct name ipproto_netdb_names[] = {
	{ 0, "ip" }, { 1, "icmp" }, { 2, "igmp" }, { 3, "ggp" }, { 4, "ipencap" }, { 5, "st" }, { 6, "tcp" },
	{ 7, "cbt" }, { 8, "egp" }, { 9, "igp" }, { 10, "bbn-rcc-mon" }, { 11, "nvp-ii" }, { 12, "pup" },
	{ 13, "argus" }, { 14, "emcon" }, { 15, "xnet" }, { 16, "chaos" }, { 17, "udp" }, { 18, "mux" },
	{ 19, "dcn-meas" }, { 20, "hmp" }, { 21, "prm" }, { 22, "xns-idp" }, { 23, "trunk-1" }, { 24, "trunk-2" },
	{ 25, "leaf-1" }, { 26, "leaf-2" }, { 27, "rdp" }, { 28, "irtp" }, { 29, "iso-tp4" }, { 30, "netblt" },
	{ 31, "mfe-nsp" }, { 32, "merit-inp" }, { 33, "dccp" }, { 34, "3pc" }, { 35, "idpr" }, { 36, "xtp" },
	{ 37, "ddp" }, { 38, "idpr-cmtp" }, { 39, "tp++" }, { 40, "il" }, { 41, "ipv6" }, { 42, "sdrp" },
	{ 43, "ipv6-route" }, { 44, "ipv6-frag" }, { 45, "idrp" }, { 46, "rsvp" }, { 47, "gre" }, { 48, "dsr" },
	{ 49, "bna" }, { 50, "esp" }, { 51, "ah" }, { 52, "i-nlsp" }, { 53, "swipe" }, { 54, "narp" },
	{ 55, "mobile" }, { 56, "tlsp" }, { 57, "skip" }, { 58, "ipv6-icmp" }, { 59, "ipv6-nonxt" },
	{ 60, "ipv6-opts" }, { 62, "cftp" }, { 64, "sat-expak" }, { 65, "kryptolan" }, { 66, "rvd" },
	{ 67, "ippc" }, { 69, "sat-mon" }, { 70, "visa" }, { 71, "ipcv" }, { 72, "cpnx" }, { 73, "rspf" },
	{ 74, "wsn" }, { 75, "pvp" }, { 76, "br-sat-mon" }, { 77, "sun-nd" }, { 78, "wb-mon" }, { 79, "wb-expak" },
	{ 80, "iso-ip" }, { 81, "vmtp" }, { 82, "secure-vmtp" }, { 83, "vines" }, { 84, "ttp" },
	{ 85, "nsfnet-igp" }, { 86, "dgp" }, { 87, "tcf" }, { 88, "eigrp" }, { 89, "ospf" }, { 90, "sprite-rpc" },
	{ 91, "larp" }, { 92, "mtp" }, { 93, "ax.25" }, { 94, "ipip" }, { 95, "micp" }, { 96, "scc-sp" },
	{ 97, "etherip" }, { 98, "encap" }, { 100, "gmtp" }, { 101, "ifmp" }, { 102, "pnni" }, { 103, "pim" },
	{ 104, "aris" }, { 105, "scps" }, { 106, "qnx" }, { 107, "a/n" }, { 108, "ipcomp" }, { 109, "snp" },
	{ 110, "compaq-peer" }, { 111, "ipx-in-ip" }, { 112, "carp" }, { 113, "pgm" }, { 115, "l2tp" },
	{ 116, "ddx" }, { 117, "iatp" }, { 118, "stp" }, { 119, "srp" }, { 120, "uti" }, { 121, "smp" },
	{ 122, "sm" }, { 123, "ptp" }, { 124, "isis" }, { 125, "fire" }, { 126, "crtp" }, { 127, "crudp" },
	{ 128, "sscopmce" }, { 129, "iplt" }, { 130, "sps" }, { 131, "pipe" }, { 132, "sctp" }, { 133, "fc" },
	{ 134, "rsvp-e2e-ignore" }, { 135, "mobility-header" }, { 136, "udplite" }, { 137, "mpls-in-ip" },
	{ 138, "manet" }, { 139, "hip" }, { 140, "shim6" }, { 141, "wesp" }, { 142, "rohc" }, { 240, "pfsync" },
	{ 0, NULL }
};

const struct name arp_hw_names[] = {
	{ 1, "Ethernet" },
	{ 6, "TokenRing" },
	{ 7, "ArcNet" },
	{ 15, "FrameRelay" },
	{ 19, "ATM" },
	{ 23, "Strip" },
	{ 24, "IEEE 1394" },
	{ 32, "InfiniBand" },
	{ 0, NULL }
};

const struct name af_names[] = {
	{ 0, "Reserved" }, { 1, "IPv4" }, { 2, "IPv6" }, { 3, "NSAP" }, { 4, "HDLC" },
	{ 5, "BBN 1822" }, { 6, "802" }, { 7, "E.163" }, { 8, "E.164" }, { 9, "F.69" },
	{ 10, "X.121" }, { 11, "Novell IPX" }, { 12, "Appletalk" }, { 13, "Decnet IV" },
	{ 14, "Banyan Vines" }, { 15, "E.164 with NSAP subaddress" }, { 25, "VPLS" },
	{ 196, "Layer-2 VPN" }, { 0, NULL }
};

const struct name ppp_names[] = {
	{ 0x0021, "IP" }, { 0x0023, "OSI" }, { 0x0025, "NS" }, { 0x0027, "DECNET" }, { 0x0029, "APPLE" },
	{ 0x002b, "IPX" }, { 0x002d, "VJC IP" }, { 0x002f, "VJNC IP" }, { 0x0031, "BRPDU" }, { 0x0033, "STII" },
	{ 0x0035, "VINES" }, { 0x0281, "MPLS" }, { 0x0283, "MPLS" }, { 0x00fd, "Compressed" }, { 0x003d, "MLPPP" },
	{ 0x0057, "IP6" }, { 0x0201, "HELLO" }, { 0x0231, "LUXCOM" }, { 0x0233, "SNS" },
	{ 0x8021, "IPCP" }, { 0x8023, "OSICP" }, { 0x8025, "NSCP" }, { 0x8027, "DECNETCP" }, { 0x8029, "APPLECP" },
	{ 0x802b, "IPXCP" }, { 0x8033, "STIICP" }, { 0x8035, "VINESCP" }, { 0x8057, "IP6CP" },
	{ 0x8281, "MPLSCP" }, { 0xc021, "LCP" }, { 0xc023, "PAP" }, { 0xc025, "LQM" }, { 0xc223, "CHAP" },
	{ 0xc227, "EAP" }, { 0xc027, "SPAP" }, { 0xc123, "Old-SPAP" }, { 0xc02b, "BACP" }, { 0xc02d, "BAP" },
	{ 0xc03d, "MLPPP-CP" }, { 0x80fd, "CCP" }, { 0, NULL }
};

const struct name oui_names[] = {
	{ 0x000000, "Ethernet" },
	{ 0x00000c, "Cisco" },
	{ 0x00005e, "IANA" },
	{ 0x000081, "Nortel Networks SONMP" },
	{ 0x0000f8, "Cisco bridged" },
	{ 0x00049f, "Freescale" },
	{ 0x0004ea, "HP-Labs" },
	{ 0x001018, "Broadcom" },
	{ 0x00120f, "IEEE 802.3 Private" },
	{ 0x0012bb, "ANSI/TIA" },
	{ 0x0015ad, "Netronome" },
	{ 0x001b21, "DCBX" },
	{ 0x002320, "Nicira Networks" },
	{ 0x002481, "HP" },
	{ 0x0080c2, "Ethernet bridged" },
	{ 0x009069, "Juniper" },
	{ 0x00a03e, "ATM Forum" },
	{ 0x00e004, "PMC-Sierra" },
	{ 0x00e02f, "DOCSIS Spanning Tree" },
	{ 0x080007, "Appletalk" },
	{ 0x080009, "Hewlett-Packard" },
	{ 0x5c16c7, "Big Switch Networks" },
	{ 0x748771, "Infoblox Inc" },
	{ 0xa42305, "Open Networking Lab" },
	{ 0xb0d2f5, "Vello Systems" },
	{ 0xd0f0db, "Ericsson" },
	{ 0, NULL }
};

/* ISO 9577 and its registrations. */
const struct name nlpid_names[] = {
	{ 0x00, "NULL" }, { 0x08, "Q.933" }, { 0x09, "LMI" }, { 0x80, "SNAP" }, { 0x81, "CLNP" },
	{ 0x82, "ES-IS" }, { 0x83, "IS-IS" }, { 0x84, "CONS" }, { 0x85, "IDRP" },
	{ 0x8a, "X25 ES-IS" }, { 0x8e, "IPv6" }, { 0xb1, "FRF.15" }, { 0xc1, "ISIS_SPB" },
	{ 0xcc, "IPv4" }, { 0xcf, "PPP" }, { 0, NULL }
};

const struct name l2vpn_encaps_names[] = {
	{ 0, "Reserved" }, { 1, "Frame Relay" }, { 2, "ATM AAL5 SDU VCC transport" },
	{ 3, "ATM transparent cell transport" }, { 4, "Ethernet (VLAN) Tagged Mode" },
	{ 5, "Ethernet Raw Mode" }, { 6, "Cisco HDLC" }, { 7, "PPP" },
	{ 8, "SONET/SDH Circuit Emulation Service over MPLS" },
	{ 9, "ATM n-to-one VCC cell transport" }, { 10, "ATM n-to-one VPC cell transport" },
	{ 11, "IP layer 2 transport" }, { 15, "Frame Relay Port mode" },
	{ 17, "Structure-agnostic E1 over packet" },
	{ 18, "Structure-agnostic T1 (DS1) over packet" }, { 19, "VPLS" },
	{ 20, "Structure-agnostic T3 (DS3) over packet" },
	{ 21, "Nx64kbit/s Basic Service using Structure-aware" }, { 25, "Frame Relay DLCI" },
	{ 40, "Structure-agnostic E3 over packet" },
	{ 41, "Octet-aligned playload for Structure-agnostic DS1 circuits" },
	{ 42, "E1 Nx64kbit/s with CAS using Structure-aware" },
	{ 43, "DS1 (ESF) Nx64kbit/s with CAS using Structure-aware" },
	{ 44, "DS1 (SF) Nx64kbit/s with CAS using Structure-aware" }, { 0, NULL }
};

const struct name mpls_pw_names[] = {
	{ 0, "Reserved" }, { 1, "Frame Relay DLCI (Martini Mode)" },
	{ 2, "ATM AAL5 SDU VCC transport" }, { 3, "ATM transparent cell transport" },
	{ 4, "Ethernet VLAN" }, { 5, "Ethernet" }, { 6, "Cisco-HDLC" }, { 7, "PPP" },
	{ 8, "SONET/SDH Circuit Emulation Service over MPLS" },
	{ 9, "ATM n-to-one VCC cell transport" }, { 10, "ATM n-to-one VPC cell transport" },
	{ 11, "IP Layer2 Transport" }, { 12, "ATM one-to-one VCC Cell Mode" },
	{ 13, "ATM one-to-one VPC Cell Mode" }, { 14, "ATM AAL5 PDU VCC transport" },
	{ 15, "Frame-Relay Port mode" }, { 16, "SONET/SDH Circuit Emulation over Packet" },
	{ 17, "Structure-agnostic E1 over Packet" },
	{ 18, "Structure-agnostic T1 (DS1) over Packet" },
	{ 19, "Structure-agnostic E3 over Packet" },
	{ 20, "Structure-agnostic T3 (DS3) over Packet" }, { 21, "CESoPSN basic mode" },
	{ 22, "TDMoIP basic mode" }, { 23, "CESoPSN TDM with CAS" }, { 24, "TDMoIP TDM with CAS" },
	{ 25, "Frame Relay DLCI" }, { 64, "IP-interworking" }, { 0, NULL }
};

/* GMPLS: RFC 3471, RFC 4202, RFC 4203. */
const struct name gmpls_protection_names[] = {
	{ 0x01, "Extra Traffic" }, { 0x02, "Unprotected" }, { 0x04, "Shared" },
	{ 0x08, "Dedicated 1:1" }, { 0x10, "Dedicated 1+1" }, { 0x20, "Enhanced" },
	{ 0x40, "Reserved" }, { 0x80, "Reserved" }, { 0, NULL }
};

const struct name gmpls_switching_names[] = {
	{ 1, "Packet-Switch Capable-1" }, { 2, "Packet-Switch Capable-2" },
	{ 3, "Packet-Switch Capable-3" }, { 4, "Packet-Switch Capable-4" },
	{ 51, "Layer-2 Switch Capable" }, { 100, "Time-Division-Multiplex" },
	{ 150, "Lambda-Switch Capable" }, { 200, "Fiber-Switch Capable" }, { 0, NULL }
};

const struct name gmpls_sonet_names[] = {
	{ 0, "Standard SONET/SDH" }, { 1, "Arbitrary SONET/SDH" }, { 0, NULL }
};

const struct name gmpls_encoding_names[] = {
	{ 1, "Packet" }, { 2, "Ethernet V2/DIX" }, { 3, "ANSI/ETSI PDH" }, { 4, "Reserved" },
	{ 5, "SDH ITU-T G.707/SONET ANSI T1.105" }, { 6, "Reserved" }, { 7, "Digital Wrapper" },
	{ 8, "Lambda (photonic)" }, { 9, "Fiber" }, { 10, "Reserved" }, { 11, "FiberChannel" },
	{ 0, NULL }
};

const struct name gmpls_payload_names[] = {
	{ 0, "Unknown" }, { 1, "Reserved" }, { 2, "Reserved" }, { 3, "Reserved" },
	{ 4, "Reserved" }, { 5, "Asynchronous mapping of E4" },
	{ 6, "Asynchronous mapping of DS3/T3" }, { 7, "Asynchronous mapping of E3" },
	{ 8, "Bit synchronous mapping of E3" }, { 9, "Byte synchronous mapping of E3" },
	{ 10, "Asynchronous mapping of DS2/T2" }, { 11, "Bit synchronous mapping of DS2/T2" },
	{ 12, "Reserved" }, { 13, "Asynchronous mapping of E1" },
	{ 14, "Byte synchronous mapping of E1" }, { 15, "Byte synchronous mapping of 31 * DS0" },
	{ 16, "Asynchronous mapping of DS1/T1" }, { 17, "Bit synchronous mapping of DS1/T1" },
	{ 18, "Byte synchronous mapping of DS1/T1" }, { 19, "VC-11 in VC-12" }, { 20, "Reserved" },
	{ 21, "Reserved" }, { 22, "DS1 SF Asynchronous" }, { 23, "DS1 ESF Asynchronous" },
	{ 24, "DS3 M23 Asynchronous" }, { 25, "DS3 C-Bit Parity Asynchronous" }, { 26, "VT/LOVC" },
	{ 27, "STS SPE/HOVC" }, { 28, "POS - No Scrambling, 16 bit CRC" },
	{ 29, "POS - No Scrambling, 32 bit CRC" }, { 30, "POS - Scrambling, 16 bit CRC" },
	{ 31, "POS - Scrambling, 32 bit CRC" }, { 32, "ATM mapping" }, { 33, "Ethernet PHY" },
	{ 34, "SONET/SDH" }, { 35, "Reserved (SONET deprecated)" }, { 36, "Digital Wrapper" },
	{ 37, "Lambda" }, { 38, "ANSI/ETSI PDH" }, { 39, "Reserved" },
	{ 40, "Link Access Protocol SDH (X.85 and X.86)" }, { 41, "FDDI" },
	{ 42, "DQDB (ETSI ETS 300 216)" }, { 43, "FiberChannel-3 (Services)" }, { 44, "HDLC" },
	{ 45, "Ethernet V2/DIX (only)" }, { 46, "Ethernet 802.3 (only)" }, { 47, "G.709 ODUj" },
	{ 48, "G.709 OTUk(v)" }, { 49, "CBR/CBRa" }, { 50, "CBRb" }, { 51, "BSOT" },
	{ 52, "BSNT" }, { 53, "IP/PPP (GFP)" }, { 54, "Ethernet MAC (framed GFP)" },
	{ 55, "Ethernet PHY (transparent GFP)" }, { 56, "ESCON" }, { 57, "FICON" },
	{ 58, "Fiber Channel" }, { 0, NULL }
};

const struct name diffserv_model_names[] = {
	{ 0, "Russian dolls" }, { 1, "Maximum allocation" },
	{ 254, "Maximum allocation with E-LSP support" }, { 0, NULL }
};

/* https://www.iana.org/assignments/dns-parameters */
const struct name dns_types[] = {
	{ 1, "A" }, { 2, "NS" }, { 3, "MD" }, { 4, "MF" }, { 5, "CNAME" }, { 6, "SOA" }, { 7, "MB" }, { 8, "MG" },
	{ 9, "MR" }, { 10, "NULL" }, { 11, "WKS" }, { 12, "PTR" }, { 13, "HINFO" }, { 14, "MINFO" }, { 15, "MX" },
	{ 16, "TXT" }, { 17, "RP" }, { 18, "AFSDB" }, { 19, "X25" }, { 20, "ISDN" }, { 21, "RT" }, { 22, "NSAP" },
	{ 23, "NSAP_PTR" }, { 24, "SIG" }, { 25, "KEY" }, { 26, "PX" }, { 27, "GPOS" }, { 28, "AAAA" }, { 29, "LOC" },
	{ 30, "NXT" }, { 31, "EID" }, { 32, "NIMLOC" }, { 33, "SRV" }, { 34, "ATMA" }, { 35, "NAPTR" }, { 36, "KX" },
	{ 37, "CERT" }, { 38, "A6" }, { 39, "DNAME" }, { 40, "SINK" }, { 41, "OPT" }, { 42, "APL" }, { 43, "DS" },
	{ 44, "SSHFP" }, { 45, "IPSECKEY" }, { 46, "RRSIG" }, { 47, "NSEC" }, { 48, "DNSKEY" }, { 49, "DHCID" },
	{ 50, "NSEC3" }, { 51, "NSEC3PARAM" }, { 52, "TLSA" }, { 53, "SMIMEA" }, { 55, "HIP" }, { 56, "NINFO" },
	{ 57, "RKEY" }, { 58, "TALINK" }, { 59, "CDS" }, { 60, "CDNSKEY" }, { 61, "OPENPGPKEY" }, { 62, "CSYNC" },
	{ 63, "ZONEMD" }, { 64, "SVCB" }, { 65, "HTTPS" }, { 99, "SPF" }, { 100, "UINFO" }, { 101, "UID" },
	{ 102, "GID" }, { 103, "UNSPEC" }, { 104, "NID" }, { 105, "L32" }, { 106, "L64" }, { 107, "LP" },
	{ 108, "EUI48" }, { 109, "EUI64" }, { 249, "TKEY" }, { 250, "TSIG" }, { 251, "IXFR" }, { 252, "AXFR" },
	{ 253, "MAILB" }, { 254, "MAILA" }, { 255, "ANY" }, { 256, "URI" }, { 257, "CAA" }, { 258, "AVC" },
	{ 259, "DOA" }, { 260, "AMTRELAY" }, { 32768, "TA" }, { 32769, "DLV" }, { 0, NULL }
};

const struct name dns_classes[] = { { 1, "IN" }, { 3, "CHAOS" }, { 4, "HS" }, { 255, "ANY" }, { 0, NULL } };

const struct name vendor_names[] = {
	{ 0, "IETF (reserved)" }, { 5, "ACC" }, { 9, "Cisco" }, { 11, "Hewlett Packard" },
	{ 42, "Sun Microsystems" }, { 61, "Merit" }, { 74, "AT&T" }, { 161, "Motorola" }, { 166, "Shiva" },
	{ 193, "Ericsson AB" }, { 255, "Cisco VPN 5000" }, { 307, "Livingston" }, { 311, "Microsoft" },
	{ 429, "3Com" }, { 529, "Ascend" }, { 1584, "Bay Networks" }, { 1991, "Foundry" }, { 2180, "Versanet" },
	{ 2352, "Redback" }, { 2636, "Juniper Networks" }, { 2637, "Aptis" }, { 2937, "Deutsche Telekom AG" },
	{ 3054, "Ixia Communications" }, { 3076, "Cisco VPN 3000" }, { 3085, "CoSine Communications" },
	{ 3199, "Shasta" }, { 3224, "Netscreen" }, { 3309, "Nomadix" }, { 3414, "T-Mobile" },
	{ 3561, "The Broadband Forum" }, { 3902, "ZTE" }, { 4329, "Siemens" }, { 4491, "CableLabs" },
	{ 4874, "Unisphere Networks" }, { 5263, "Cisco BBSM" },
	{ 5535, "3rd Generation Partnership Project 2 (3GPP2)" }, { 5806, "SK Telecom" }, { 5925, "ipUnplugged" },
	{ 5948, "Issanni Communications" }, { 5951, "Netscaler" }, { 6490, "T-Mobile" }, { 6618, "Quintum" },
	{ 6728, "Interlink" }, { 7951, "CNCTC" }, { 8164, "Starent Networks" }, { 8744, "Colubris" },
	{ 10415, "3GPP" }, { 10529, "Gemtek-Systems" }, { 10704, "Barracuda Networks" },
	{ 10923, "Ericsson AB - Packet Core Networks" }, { 11665, "dacom" }, { 11862, "Columbia University" },
	{ 12356, "Fortinet" }, { 12951, "Verizon Wireless" }, { 13745, "Plixer" }, { 14122, "Wi-Fi Alliance" },
	{ 16787, "T-Systems Nova" }, { 20942, "China Telecom - Guangzhou Research Institute" },
	{ 26866, "Gigamon Systems" }, { 32622, "CACE Technologies" }, { 35632, "ntop" },
	{ 46098, "Ericsson Canada" }, { 0, NULL }
};
