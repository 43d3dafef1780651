/*
 * Numbers and their names: the row type of every value table, and the tables that more than one protocol needs.
 * A table ends with a row whose name is NULL; the first row that fits wins.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct name {
	uint32_t value;
	const char *name;
};

/* The name of value, or NULL. */
const char *name_of(const struct name *table, uint32_t value);

extern const struct name ethertype_names[];	/* EtherType, as tcpdump words them */
extern const struct name ipproto_names[];	/* IP protocol numbers with -v ("TCP", "HBH") */
extern const struct name ipproto_netdb_names[];	/* IP protocol numbers as /etc/protocols has them ("tcp", "ipv6-icmp") */
extern const struct name arp_hw_names[];	/* ARP hardware types */
extern const struct name af_names[];		/* address family numbers (IANA) */
extern const struct name ppp_names[];	/* PPP protocol numbers */
extern const struct name oui_names[];		/* IEEE OUIs that protocols carry in their headers */
extern const struct name dns_types[];		/* types of DNS records */
extern const struct name dns_classes[];		/* classes of DNS records */
extern const struct name nlpid_names[];		/* network layer protocol identifiers (ISO 9577) */
extern const struct name l2vpn_encaps_names[];	/* layer 2 VPN encapsulations, as BGP and LDP word them */
extern const struct name mpls_pw_names[];	/* pseudowire types, as LSP ping and LDP word them */
extern const struct name gmpls_protection_names[];	/* GMPLS link protection flags */
extern const struct name gmpls_switching_names[];	/* GMPLS interface switching capability */
extern const struct name gmpls_sonet_names[];	/* what an interface that switches in time takes */
extern const struct name gmpls_encoding_names[];	/* GMPLS LSP encoding */
extern const struct name gmpls_payload_names[];	/* GMPLS payload (G-PID) */
extern const struct name vendor_names[];	/* private enterprise numbers (IANA), as RADIUS and LSP ping word them */
extern const struct name diffserv_model_names[];	/* DiffServ bandwidth constraint models */

/* EtherTypes that code asks for by name. */
enum {
	ETH_LENGTH_MAX = 1500,	/* up to here the field is an 802.3 length */
	ETH_IP = 0x0800,
	ETH_ARP = 0x0806,
	ETH_TRAIL = 0x1000,
	ETH_TEB = 0x6558,
	ETH_RARP = 0x8035,
	ETH_VLAN = 0x8100,
	ETH_IPV6 = 0x86dd,
	ETH_PPP = 0x880b,
	ETH_MPLS = 0x8847,
	ETH_MPLS_MULTI = 0x8848,
	ETH_JUMBO = 0x8870,
	ETH_QINQ = 0x88a8,
	ETH_VLAN_9100 = 0x9100,
	ETH_VLAN_9200 = 0x9200,
};

/* Address families that code asks for by name. */
enum { AF_NUM_IP4 = 1, AF_NUM_IP6 = 2, AF_NUM_NSAP = 3, AF_NUM_802 = 6, AF_NUM_VPLS = 25, AF_NUM_L2VPN = 196 };

/* Network layer protocol identifiers that code asks for by name. */
enum {
	NLPID_NULL = 0,
	NLPID_Q933 = 0x08,
	NLPID_SNAP = 0x80,
	NLPID_CLNP = 0x81,
	NLPID_ESIS = 0x82,
	NLPID_ISIS = 0x83,
	NLPID_IPV6 = 0x8e,
	NLPID_FRF15 = 0xb1,
	NLPID_SPB = 0xc1,
	NLPID_IPV4 = 0xcc,
	NLPID_PPP = 0xcf,
};

/* IP protocol numbers that code asks for by name. */
enum {
	IPP_HOPOPT = 0,
	IPP_ICMP = 1,
	IPP_IGMP = 2,
	IPP_IPV4 = 4,
	IPP_TCP = 6,
	IPP_UDP = 17,
	IPP_DCCP = 33,
	IPP_IPV6 = 41,
	IPP_ROUTING = 43,
	IPP_FRAGMENT = 44,
	IPP_GRE = 47,
	IPP_ESP = 50,
	IPP_AH = 51,
	IPP_ICMPV6 = 58,
	IPP_NONE = 59,
	IPP_DSTOPTS = 60,
	IPP_MOBILITY_OLD = 62,
	IPP_ND = 77,
	IPP_IPCOMP = 108,
	IPP_SCTP = 132,
	IPP_MOBILITY = 135,
	IPP_UDPLITE = 136,
	IPP_ETHERNET = 143,
};
