#include "dissect/plain.h"

#include <stdlib.h>

#include "pkt/tls_names.h"

enum {
	LINK_ETHERNET = 1, LINK_RAW = 12, LINK_SLL = 113, LINK_SLL2 = 276, LINK_RAW4 = 228, LINK_RAW6 = 229,
	ETHER = 14, SLL = 16, SLL2 = 20, TAG = 4, ARPHRD_RADIOTAP = 803,
	HEADER4 = 20, HEADER6 = 40, HEADER_TCP = 20, HEADER_UDP = 8, HEADER_ECHO = 8, HEADER_ARP = 8,
	FLAG_RST = 4, OPT_NOP = 1, OPT_TS = 8, OPT_MPTCP = 30, HW_ATM = 19, NFS = 2049,
	ASKED = 64,
};

/* A bit for each port: small enough to stay in the nearest cache. */
struct ports {
	uint64_t bits[65536 / 64];
};

struct plain_reader {
	const struct demux *demux;
	bool (*is_leaf)(const struct proto *);
	const struct proto *leaves[PLAIN_LEAVES_MAX];	/* from 1 */
	unsigned n_leaves;
	struct {
		const struct proto *proto;
		uint8_t leaf;
	} asked[ASKED];			/* what leaf_of last said, by the protocol's address */
	struct plain_protos protos;
	uint8_t tls;
	struct ports tcp, udp;		/* those that lead to anything */
};

/* The number of a leaf; it is a new one, perhaps. PLAIN_NOTHING: it is none. */
static uint8_t
leaf_find(struct plain_reader *r, const struct proto *p)
{
	for (unsigned i = 1; i <= r->n_leaves; i++)
		if (r->leaves[i] == p)
			return (uint8_t)i;
	if (r->n_leaves + 1 == PLAIN_LEAVES_MAX || !r->is_leaf(p))
		return PLAIN_NOTHING;
	r->leaves[++r->n_leaves] = p;
	return (uint8_t)r->n_leaves;
}

/* The same, remembered: few packets have another than those before them. */
static inline uint8_t
leaf_of(struct plain_reader *r, const struct proto *p)
{
	const size_t i = (uintptr_t)p / sizeof *p % ASKED;

	if (r->asked[i].proto != p) {
		r->asked[i].leaf = leaf_find(r, p);
		r->asked[i].proto = p;
	}
	return r->asked[i].leaf;
}

static void
ports_add(struct ports *p, uint32_t first, uint32_t last)
{
	for (uint32_t i = first; i <= last && i < 65536; i++)
		p->bits[i / 64] |= (uint64_t)1 << i % 64;
}

static inline bool
ports_have(const struct ports *p, uint16_t port)
{
	return p->bits[port / 64] >> port % 64 & 1;
}

struct plain_reader *
plain_new(const struct demux *demux, bool (*is_leaf)(const struct proto *))
{
	struct plain_reader *r = calloc(1, sizeof *r);
	const struct demux_row *row;

	if (!r)
		return NULL;
	r->demux = demux;
	r->is_leaf = is_leaf;
	r->protos = (struct plain_protos) {
		.ether = demux_find(demux, D_LINK, LINK_ETHERNET), .ip = demux_find(demux, D_ETHERTYPE, ETH_IP),
		.ip6 = demux_find(demux, D_ETHERTYPE, ETH_IPV6), .arp = demux_find(demux, D_ETHERTYPE, ETH_ARP),
		.tcp = demux_find(demux, D_IPPROTO, IPP_TCP), .udp = demux_find(demux, D_IPPROTO, IPP_UDP),
		.icmp = demux_find(demux, D_IPPROTO, IPP_ICMP), .icmp6 = demux_find(demux, D_IPPROTO, IPP_ICMPV6),
		.tls = demux_find(demux, D_INTERNAL, IN_TLS),
	};
	if (r->protos.tls)
		r->tls = leaf_of(r, r->protos.tls);
	for (size_t i = 0; (row = demux_row_at(demux, i)) != NULL; i++) {
		if (row->kind == D_TCP)
			ports_add(&r->tcp, row->first, row->last);
		else if (row->kind == D_UDP || row->kind == D_UDP_SRC || row->kind == D_UDP_DST)
			ports_add(&r->udp, row->first, row->last);
	}
	return r;
}

void
plain_free(struct plain_reader *r)
{
	free(r);
}

const struct plain_protos *
plain_protos(const struct plain_reader *r)
{
	return &r->protos;
}

const struct proto *
plain_leaf(const struct plain_reader *r, uint8_t carried)
{
	return carried >= 1 && carried <= r->n_leaves ? r->leaves[carried] : NULL;
}

/* What the ports lead to; false: to what is no leaf. */
static inline bool
read_ports(struct plain_reader *r, struct plain *k, bool tcp)
{
	const uint16_t src = raw16(k->p), dst = raw16(k->p + 2);
	const struct ports *known = tcp ? &r->tcp : &r->udp;
	const struct proto *p;

	k->carried = PLAIN_NOTHING;
	if (!ports_have(known, src) && !ports_have(known, dst))
		return true;
	p = demux_find_port(r->demux, tcp ? D_TCP : D_UDP, src, dst);
	return !p || (k->carried = leaf_of(r, p)) != PLAIN_NOTHING;
}

/* UDP ports at which the walk also tries what ports do not lead to: NFS, and AppleTalk's in UDP. */
static inline bool
is_tried(unsigned port)
{
	return port == NFS || port - 200 < 128 || port - 768 < 128 || port - 16512 < 128;
}

/* May there be a layer in these options, or do they end the walk before the data? */
static bool
options_are_open(const uint8_t *p, unsigned n, bool data)
{
	if (n == 12 && raw32(p) == (OPT_NOP << 24 | OPT_NOP << 16 | OPT_TS << 8 | 10))
		return false;
	return data || memchr(p, OPT_MPTCP, n);
}

static inline bool
read_tcp(struct plain_reader *r, struct plain *k)
{
	uint32_t header;
	bool data;

	if (k->caplen < HEADER_TCP)
		return false;
	header = (k->p[12] >> 4) * 4u;
	data = k->len > header && !(k->p[13] & FLAG_RST);
	if (header < HEADER_TCP || header > k->len || !read_ports(r, k, true))
		return false;
	k->open = k->caplen < header || (header > HEADER_TCP && options_are_open(k->p + HEADER_TCP, header - HEADER_TCP, data));
	if (!data)
		k->carried = PLAIN_NOTHING;
	else if (k->len - header >= TLS_RECORD_HEAD && k->caplen >= header + TLS_RECORD_HEAD && tls_record_head(k->p + header)) {
		k->carried = r->tls;
		return r->tls != PLAIN_NOTHING;
	}
	return true;
}

static inline bool
read_udp(struct plain_reader *r, struct plain *k)
{
	uint32_t len;

	if (k->caplen < HEADER_UDP || (len = raw16(k->p + 4)) < HEADER_UDP || len > k->len)
		return false;
	k->open = is_tried(raw16(k->p)) || is_tried(raw16(k->p + 2));
	return read_ports(r, k, false);
}

/* Where the link header ends and what is behind it: an EtherType, or 0. */
static inline uint32_t
read_link(const struct packet *packet, struct plain *k, unsigned *type)
{
	const uint8_t *p = packet->data;
	const uint32_t caplen = packet->caplen;
	uint32_t at;

	*type = 0;
	k->tags = 0;
	k->ether = false;
	switch (packet->link) {
	case LINK_ETHERNET:
		if (caplen < ETHER + TAG)
			return 0;
		*type = raw16(p + 12);
		k->ether = true;
		for (at = ETHER; (*type == ETH_VLAN || *type == ETH_QINQ) && k->tags < PLAIN_TAGS_MAX && caplen >= at + TAG;
		     at += TAG, k->tags++)
			*type = raw16(p + at + 2);
		return at;
	case LINK_SLL:
		if (caplen < SLL || raw16(p + 2) == ARPHRD_RADIOTAP)
			return 0;
		*type = raw16(p + 14);
		return SLL;
	case LINK_SLL2:
		if (caplen < SLL2 || raw16(p + 8) == ARPHRD_RADIOTAP)
			return 0;
		*type = raw16(p);
		return SLL2;
	case LINK_RAW:
	case LINK_RAW4:
	case LINK_RAW6:
		*type = p[0] >> 4 == 4 ? ETH_IP : p[0] >> 4 == 6 ? ETH_IPV6 : 0;
		return 0;
	default:
		return 0;
	}
}

bool
plain_read(struct plain_reader *r, const struct packet *packet, struct plain *k)
{
	const uint8_t *p;
	uint32_t at, caplen, total, header;
	unsigned type, proto;

	if (!packet_is_sane(packet))
		return false;
	at = read_link(packet, k, &type);
	p = packet->data + at;
	caplen = packet->caplen - at;
	k->net = p;
	k->options = k->open = false;
	k->carried = PLAIN_NOTHING;
	if (type == ETH_IP) {
		if (caplen < HEADER4 || p[0] >> 4 != 4)
			return false;
		header = (p[0] & 15) * 4u;
		total = raw16(p + 2);
		proto = p[9];
		if (header < HEADER4 || total < header || caplen < header || raw16(p + 6) & 0x3fff)
			return false;
		k->options = header > HEADER4;
	} else if (type == ETH_IPV6) {
		if (caplen < HEADER6 || p[0] >> 4 != 6)
			return false;
		header = HEADER6;
		total = HEADER6 + raw16(p + 4);
		proto = p[6];
	} else {
		k->kind = PLAIN_ARP;
		k->p = p;
		k->caplen = k->len = caplen;
		return type == ETH_ARP && k->ether && caplen >= HEADER_ARP && raw16(p) != HW_ATM;
	}
	/* What was cut on its way, or claims to be longer than it was, is for the walk to judge. */
	if (packet->len - at < total)
		return false;
	k->p = p + header;
	k->caplen = (caplen < total ? caplen : total) - header;
	k->len = total - header;
	switch (proto) {
	case IPP_TCP:
		k->kind = type == ETH_IP ? PLAIN_TCP4 : PLAIN_TCP6;
		return read_tcp(r, k);
	case IPP_UDP:
		k->kind = type == ETH_IP ? PLAIN_UDP4 : PLAIN_UDP6;
		return read_udp(r, k);
	case IPP_ICMP:
		k->kind = PLAIN_ECHO4;
		return type == ETH_IP && k->caplen >= HEADER_ECHO && (k->p[0] == 8 || k->p[0] == 0);
	case IPP_ICMPV6:
		k->kind = PLAIN_ECHO6;
		return type == ETH_IPV6 && k->caplen >= HEADER_ECHO && (k->p[0] == 128 || k->p[0] == 129);
	default:
		return false;
	}
}
