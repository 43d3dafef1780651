/*
 * Routes of BGP in all address families: RFC 4271 section 4.3, RFC 4760; labels of RFC 8277, VPNs of RFC 4364, route
 * targets of RFC 4684, multicast VPNs of RFC 6514 and RFC 6037, layer 2 VPNs of RFC 4761 and RFC 6074.
 */
#include "dissect/said.h"
#include "proto/routing/bgp.h"

enum {
	SAFI_UNICAST = 1, SAFI_MULTICAST = 2, SAFI_BOTH = 3, SAFI_LABELS = 4, SAFI_MVPN = 5, SAFI_VPLS = 65, SAFI_MDT = 66,
	SAFI_VPN = 128, SAFI_VPN_MULTICAST = 129, SAFI_VPN_BOTH = 130, SAFI_TARGETS = 132,
};

enum {
	LABEL_BITS = 24,
	RD_BITS = 64,
	ROUTE_TEXT = 163,	/* characters of a route that are shown */
	MAPPED_IP4 = 0x47000601,	/* RFC 986 */
	MAPPED_IP6 = 0x350000,		/* RFC 1888 */
};

/* What of bgp_reach and bgp_unreach a route needs to know. */
struct routes {
	uint32_t room;		/* bytes of the attribute */
	bool paths4, paths6;	/* path identifiers stand before prefixes */
};

/* Bytes taken, or ROUTE_. The text is said on a line of its own, and taken back for ROUTE_CUT and ROUTE_SHORT. */
typedef int route_walk(struct dis *d, const uint8_t *p, const struct routes *r);
/* Says a next hop of at most n bytes: the bytes taken, 0 when there are too few. */
typedef unsigned hop_walk(struct dis *d, const uint8_t *p, unsigned n);

static unsigned
bytes_of(unsigned bits)
{
	return (bits + 7) / 8;
}

bool
bgp_has_paths(const struct dis *d, const uint8_t *p, uint32_t len, unsigned max_bits)
{
	uint32_t at;

	if (len < 5)
		return false;
	for (at = 0; at < len; ) {
		at += 4;
		if (!have(d, p + at, 1))
			break;
		if (p[at] > max_bits)
			return false;
		at += 1 + bytes_of(p[at]);
	}
	if (at > len)
		return false;
	for (at = 0; at < len; ) {
		if (!have(d, p + at, 1))
			break;
		/* A default route that is not alone is the upper part of an identifier. */
		if (p[at] < 1 || p[at] > max_bits)
			return true;
		at += 1 + bytes_of(p[at]);
	}
	return at > len;
}

/* --- prefixes of IP -------------------------------------------------------------------------------------------- */

static void
text_bits_behind(struct dis *d, unsigned bits)
{
	text_char(d, '/'), text_u(d, bits);
}

int
bgp_prefix4(struct dis *d, const uint8_t *p, uint32_t room, const char *indent, const struct field *f)
{
	unsigned bits, n;

	if (room < 1)
		return ROUTE_CUT;
	bits = u8(d, p);
	if (bits > 32) {
		text(d, "\n\t    (illegal prefix length)");
		return ROUTE_ILLEGAL;
	}
	n = bytes_of(bits);
	if (room - 1 < n)
		return ROUTE_CUT;
	need(d, p + 1, n);
	put_field(d, &bgp_fields[B_BITS], p, 1);
	put_net(d, f, p + 1, bits, 4);
	text(d, indent);
	text_net4(d, p + 1, bits);
	text_bits_behind(d, bits);
	return (int)(1 + n);
}

static int
prefix6(struct dis *d, const uint8_t *p, uint32_t room)
{
	unsigned bits, n;

	if (room < 1)
		return ROUTE_CUT;
	bits = u8(d, p);
	if (bits > 128) {
		text(d, "\n\t    (illegal prefix length)");
		return ROUTE_ILLEGAL;
	}
	n = bytes_of(bits);
	if (room - 1 < n)
		return ROUTE_CUT;
	need(d, p + 1, n);
	put_field(d, &bgp_fields[B_BITS], p, 1);
	put_net(d, &bgp_fields[B_PREFIX6], p + 1, bits, 16);
	text(d, "\n\t      ");
	text_net6(d, p + 1, bits);
	text_bits_behind(d, bits);
	return (int)(1 + n);
}

/* A path identifier and a prefix. An illegal one does not end the list when an identifier stands before it. */
static int
with_path(struct dis *d, const uint8_t *p, const struct routes *r, bool paths, bool six)
{
	uint32_t path = 0;
	int n;

	if (paths) {
		path = be32(d, p);
		put_field(d, &bgp_fields[B_PATH_ID], p, 4);
		p += 4;
	}
	n = six ? prefix6(d, p, r->room) : bgp_prefix4(d, p, r->room, "\n\t      ", &bgp_fields[B_PREFIX4]);
	if (n == ROUTE_CUT || !paths)
		return n;
	text(d, "   Path Id: "), text_u(d, path);
	return n + 4;
}

static int
route_ip4(struct dis *d, const uint8_t *p, const struct routes *r)
{
	return with_path(d, p, r, r->paths4, false);
}

static int
route_ip6(struct dis *d, const uint8_t *p, const struct routes *r)
{
	return with_path(d, p, r, r->paths6, true);
}

static void
text_net(struct dis *d, const uint8_t *p, unsigned bits, bool six)
{
	put_net(d, &bgp_fields[six ? B_PREFIX6 : B_PREFIX4], p, bits, six ? 16 : 4);
	if (six)
		text_net6(d, p, bits);
	else
		text_net4(d, p, bits);
	text_bits_behind(d, bits);
}

/* The 20-bit label in three bytes at p, RFC 8277 section 2: only one is expected. */
static void
text_label(struct dis *d, const uint8_t *p)
{
	put_field(d, &bgp_fields[B_LABEL], p, 3);
	text(d, ", label:"), text_u(d, be24(d, p) >> 4);
	text(d, p[2] & 1 ? " (bottom)" : " (BOGUS: Bottom of Stack NOT set!)");
}

static int
illegal(struct dis *d)
{
	text(d, "\n\t    (illegal prefix length)");
	return ROUTE_ILLEGAL;
}

/* The prefix length counts the label. */
static int
labeled(struct dis *d, const uint8_t *p, const struct routes *r, bool six)
{
	unsigned bits, n;

	if (!have(d, p, 4))
		return ROUTE_CUT;
	if (r->room < 4)
		return ROUTE_SHORT;
	bits = p[0];
	if (bits < LABEL_BITS || bits - LABEL_BITS > (six ? 128 : 32))
		return illegal(d);
	bits -= LABEL_BITS;
	n = bytes_of(bits);
	if (!six && r->room - 4 < n)
		return ROUTE_SHORT;
	need(d, p + 4, n);
	put_field(d, &bgp_fields[B_BITS], p, 1);
	text(d, "\n\t      ");
	text_net(d, p + 4, bits, six);
	text_label(d, p + 1);
	return (int)(4 + n);
}

static int
route_label4(struct dis *d, const uint8_t *p, const struct routes *r)
{
	return labeled(d, p, r, false);
}

static int
route_label6(struct dis *d, const uint8_t *p, const struct routes *r)
{
	return labeled(d, p, r, true);
}

/* Length, label, route distinguisher and prefix: says up to the prefix. Its bits, or ROUTE_. */
static int
vpn_head(struct dis *d, const uint8_t *p, unsigned max_bits)
{
	unsigned bits = u8(d, p);

	if (bits < LABEL_BITS + RD_BITS || bits - LABEL_BITS - RD_BITS > max_bits)
		return illegal(d);
	bits -= LABEL_BITS + RD_BITS;
	need(d, p + 12, bytes_of(bits));
	put_field(d, &bgp_fields[B_BITS], p, 1);
	text(d, "\n\t      RD: "), bgp_text_rd(d, p + 4);
	text(d, ", ");
	return (int)bits;
}

static int
vpn(struct dis *d, const uint8_t *p, bool six)
{
	int bits = vpn_head(d, p, six ? 128 : 32);

	if (bits < 0)
		return bits;
	text_net(d, p + 12, (unsigned)bits, six);
	text_label(d, p + 1);
	return (int)(12 + bytes_of((unsigned)bits));
}

static int
route_vpn4(struct dis *d, const uint8_t *p, const struct routes *r)
{
	(void)r;
	return vpn(d, p, false);
}

static int
route_vpn6(struct dis *d, const uint8_t *p, const struct routes *r)
{
	(void)r;
	return vpn(d, p, true);
}

/* --- OSI addresses --------------------------------------------------------------------------------------------- */

static void
text_osi(struct dis *d, const uint8_t *p, unsigned bits)
{
	uint8_t addr[19];
	unsigned n = bytes_of(bits);

	need(d, p, n);
	memcpy(addr, p, n);
	if (bits % 8)
		addr[n - 1] &= (uint8_t)(0xff00 >> bits % 8);
	text_nsap_plain(d, addr, n);
	text_bits_behind(d, bits);
}

/* The address is looked for three bytes behind its length, as if there were a label. */
static int
route_osi(struct dis *d, const uint8_t *p, const struct routes *r)
{
	unsigned bits = u8(d, p);

	(void)r;
	if (bits > 152)
		return illegal(d);
	need(d, p + 4, bytes_of(bits));
	put_field(d, &bgp_fields[B_BITS], p, 1);
	text(d, "\n\t      ");
	text_osi(d, p + 4, bits);
	return (int)(1 + bytes_of(bits));
}

static int
route_vpn_osi(struct dis *d, const uint8_t *p, const struct routes *r)
{
	int bits = vpn_head(d, p, 152);

	(void)r;
	if (bits < 0)
		return bits;
	text_osi(d, p + 12, (unsigned)bits);
	text_label(d, p + 1);
	return (int)(12 + bytes_of((unsigned)bits));
}

/* --- route target constraints ---------------------------------------------------------------------------------- */

/* The target's bytes in pairs. */
static void
text_pairs(struct dis *d, const uint8_t *t, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		if (i && i % 2 == 0)
			text_char(d, ' ');
		text_x(d, t[i], 2);
	}
}

/* A route target of which only the first bits count; t has 8 bytes, the rest 0. */
static void
text_target(struct dis *d, const uint8_t *t, unsigned bits)
{
	unsigned n = bytes_of(bits), type = raw16(t);

	if (bits == 0) {
		text(d, "route-target: 0:0/0");
		return;
	}
	if (bits < 16) {	/* not even the type is whole */
		text(d, "route-target: partial-type: ("), text_pairs(d, t, n);
		text_bits_behind(d, bits), text_char(d, ')');
		return;
	}
	switch (type) {
	case 0x0002:
		text(d, "route-target: "), text_u(d, raw16(t + 2)), text_char(d, ':'), text_u(d, raw32(t + 4));
		break;
	case 0x0102:
		text(d, "route-target: "), text_ip4_plain(d, t + 2), text_char(d, ':'), text_u(d, raw16(t + 6));
		break;
	case 0x0202:
		text(d, "route-target: "), text_as(d, raw32(t + 2)), text_char(d, ':'), text_u(d, raw16(t + 6));
		break;
	default:
		text(d, "route target: unknown-type("), text_x(d, type, 4);
		text(d, ") ("), text_pairs(d, t, n);
		text_bits_behind(d, bits), text_char(d, ')');
		return;
	}
	text_bits_behind(d, bits);
	text(d, " ("), text_pairs(d, t, n), text_char(d, ')');
}

/* Origin AS and route target of up to 96 bits, RFC 4684 section 4. */
static int
route_target(struct dis *d, const uint8_t *p, const struct routes *r)
{
	uint8_t t[8] = { 0 };
	unsigned bits = u8(d, p), n;
	uint32_t as;

	(void)r;
	if (bits == 0) {
		text(d, "\n\t      default route target");
		return 1;
	}
	if (bits >= 32) {
		as = be32(d, p + 1);
		bits -= 32;
	} else {
		bits = UINT32_MAX;
		as = 0;
	}
	if (bits > 64) {
		text(d, "\n\t      (illegal prefix length)");
		return ROUTE_ILLEGAL;
	}
	n = bytes_of(bits);
	need(d, p + 5, n);
	memcpy(t, p + 5, n);
	if (bits % 8)
		t[n - 1] &= (uint8_t)(0xff00 >> bits % 8);
	put_field(d, &bgp_fields[B_BITS], p, 1);
	put_field(d, &bgp_fields[B_RT_AS], p + 1, 4);
	text(d, "\n\t      origin AS: "), text_as(d, as);
	text(d, ", "), text_target(d, t, bits);
	return (int)(5 + n);
}

/* --- multicast VPNs -------------------------------------------------------------------------------------------- */

/* Route distinguisher, address of a provider edge, group: RFC 6037 section 5. */
static int
route_mdt(struct dis *d, const uint8_t *p, const struct routes *r)
{
	(void)r;
	if (u8(d, p) != 128)
		return illegal(d);
	if (!have(d, p + 1, BGP_RD))
		return ROUTE_CUT;
	need(d, p + 1, 16);
	put_field(d, &bgp_fields[B_BITS], p, 1);
	text(d, "\n\t      RD: "), bgp_text_rd(d, p + 1);
	text(d, ", VPN IP Address: "), text_ip4(d, p + 9);
	text(d, ", MC Group Address: "), text_ip4(d, p + 13);
	return 17;
}

enum { INTRA_AS = 1, INTER_AS, SELECTIVE, LEAF, SOURCE_ACTIVE, SHARED_JOIN, SOURCE_JOIN };

static void
text_vpn_ip(struct dis *d, const uint8_t *p, uint32_t bits, enum bgp_field four, enum bgp_field six)
{
	if (bits == 32) {
		put_field(d, &bgp_fields[four], p, 4);
		text_ip4(d, p);
	} else if (bits == 128) {
		if (six != B_FIELDS)
			put_field(d, &bgp_fields[six], p, 16);
		text_ip6(d, p);
	} else {
		text(d, "bogus address length "), text_u(d, bits);
	}
}

/* Source and group, each behind its length in bits; none is said of length 0. The bytes of those that are there. */
static uint32_t
text_source_group(struct dis *d, const uint8_t *p)
{
	uint32_t bits = u8(d, p), total = 0;

	p++;
	if (!have(d, p, bits / 8))
		return total;
	total += bits / 8 + 1;
	if (bits) {
		text(d, ", Source ");
		text_vpn_ip(d, p, bits, B_MVPN_SOURCE4, B_MVPN_SOURCE6);
		p += bits / 8;
	}
	bits = u8(d, p);
	p++;
	if (!have(d, p, bits / 8))
		return total;
	if (bits) {
		text(d, ", Group ");
		text_vpn_ip(d, p, bits, B_MVPN_GROUP4, B_MVPN_GROUP6);
	}
	return total + bits / 8 + 1;
}

/* RFC 6514 section 4. */
static int
text_mvpn(struct dis *d, const uint8_t *p)
{
	unsigned type = u8(d, p), len = u8(d, p + 1);
	unsigned fixed = type == LEAF || type == 0 || type > SOURCE_JOIN ? 0 :
	    type == INTER_AS || type == SHARED_JOIN || type == SOURCE_JOIN ? BGP_RD + 4 : BGP_RD;
	uint32_t rest;

	put_field(d, &bgp_fields[B_MVPN_TYPE], p, 1);
	put_field(d, &bgp_fields[B_MVPN_LEN], p + 1, 1);
	text(d, "Route-Type: ");
	text_name(d, bgp_mvpn_names, type, "Unknown");
	text(d, " ("), text_u(d, type);
	text(d, "), length: "), text_u(d, len);
	p += 2;
	if (fixed == 0)
		return (int)(len + 2);
	if (!have(d, p, fixed) || (type == INTRA_AS && len < BGP_RD))
		return ROUTE_CUT;
	text(d, ", RD: "), bgp_text_rd(d, p);
	if (fixed > BGP_RD)
		text(d, ", Source-AS "), text_as(d, raw32(p + BGP_RD));
	p += fixed;
	switch (type) {
	case INTRA_AS:
		text(d, ", Originator ");
		text_vpn_ip(d, p, (uint32_t)(len - BGP_RD) << 3, B_MVPN_ORIGINATOR, B_FIELDS);
		break;
	case SELECTIVE:
		/* tcpdump reads the originator where source and group begin, and counts the distinguisher in. */
		rest = len - text_source_group(d, p);
		if (!have(d, p, rest))
			return ROUTE_CUT;
		text(d, ", Originator ");
		text_vpn_ip(d, p, rest << 3, B_MVPN_ORIGINATOR, B_FIELDS);
		break;
	case SOURCE_ACTIVE:
	case SHARED_JOIN:
	case SOURCE_JOIN:
		text_source_group(d, p);
		break;
	}
	return (int)(len + 2);
}

/* Says a route that may be taken back or cut at ROUTE_TEXT characters. */
static int
held(struct dis *d, const uint8_t *p, int (*walk)(struct dis *, const uint8_t *))
{
	uint32_t from = text_say(d), start;
	int n;

	text_hold(d);
	text(d, "\n\t      ");
	start = text_at(d);
	n = walk(d, p);
	text_keep(d);
	if (n < 0)
		d->out = d->base + from;
	else if (text_at(d) - start > ROUTE_TEXT)
		d->out = d->base + start + ROUTE_TEXT;
	text_said(d);
	return n;
}

static int
route_mvpn(struct dis *d, const uint8_t *p, const struct routes *r)
{
	(void)r;
	return held(d, p, text_mvpn);
}

/* --- layer 2 VPNs ---------------------------------------------------------------------------------------------- */

/* Has the route been said up to its last character that is shown? */
static bool
full(const struct dis *d, uint32_t from)
{
	return text_at(d) - from > ROUTE_TEXT;
}

/*
 * TLVs behind a label block (draft-kompella-l2vpn-l2vpn): their heads do not count towards len, and unknown ones are
 * not stepped over. Past the last character that is shown the bytes of a vector are not stepped over either.
 */
static void
text_l2_tlvs(struct dis *d, const uint8_t *p, uint32_t len, uint32_t from)
{
	while (len) {
		unsigned type, bits, n;

		if (len < 3) {
			if (!full(d, from))
				text(d, "\n\t\tran past the end");
			return;
		}
		type = u8(d, p);
		bits = be16(d, p + 1);
		n = bytes_of(bits);
		p += 3;
		if (type != 1) {
			if (!full(d, from)) {
				text(d, "\n\t\tunknown TLV #"), text_u(d, type);
				text(d, ", length: "), text_u(d, bits);
			}
			if (len < n) {
				if (!full(d, from))
					text(d, " (ran past the end)");
				return;
			}
			len -= n;
			continue;
		}
		if (!full(d, from)) {
			text(d, "\n\t\tcircuit status vector (1) length: "), text_u(d, bits);
			text(d, ": 0x");
		}
		for (; n; n--, len--) {
			if (len < 1) {
				if (!full(d, from))
					text(d, " (ran past the end)");
				return;
			}
			need(d, p, 1);
			if (!full(d, from)) {
				text_x(d, *p, 2);
				p++;
			}
		}
	}
}

static int
text_l2(struct dis *d, const uint8_t *p)
{
	unsigned len = be16(d, p);
	uint32_t from = text_at(d);

	p += 2;
	if (len == 12) {	/* auto-discovery only, RFC 6074 section 3.2.2 */
		if (!have(d, p, 12))
			return ROUTE_CUT;
		text(d, "RD: "), bgp_text_rd(d, p);
		text(d, ", BGPNH: "), text_ip4(d, p + 8);
		return (int)(len + 2);
	}
	if (len <= 17 || !have(d, p, 15))
		return ROUTE_CUT;
	put_field(d, &bgp_fields[B_CE], p + 8, 2);
	put_field(d, &bgp_fields[B_LABEL_BASE], p + 12, 3);
	text(d, "RD: "), bgp_text_rd(d, p);
	text(d, ", CE-ID: "), text_u(d, raw16(p + 8));
	text(d, ", Label-Block Offset: "), text_u(d, raw16(p + 10));
	text(d, ", Label Base "), text_u(d, be24(d, p + 12) >> 4);
	text_l2_tlvs(d, p + 15, len - 15, from);
	return (int)(len + 2);
}

static int
route_l2(struct dis *d, const uint8_t *p, const struct routes *r)
{
	(void)r;
	return held(d, p, text_l2);
}

/* --- next hops ------------------------------------------------------------------------------------------------- */

static unsigned
hop_ip4(struct dis *d, const uint8_t *p, unsigned n)
{
	if (n < 4)
		return 0;
	put_field(d, &bgp_fields[B_REACH_HOP4], p, 4);
	text_ip4(d, p);
	return 4;
}

static unsigned
hop_ip6(struct dis *d, const uint8_t *p, unsigned n)
{
	if (n < 16)
		return 0;
	put_field(d, &bgp_fields[B_REACH_HOP6], p, 16);
	text_ip6(d, p);
	return 16;
}

static unsigned
hop_vpn4(struct dis *d, const uint8_t *p, unsigned n)
{
	if (n < BGP_RD + 4)
		return 0;
	need(d, p, BGP_RD + 4);
	text(d, "RD: "), bgp_text_rd(d, p);
	text(d, ", ");
	return BGP_RD + hop_ip4(d, p + BGP_RD, 4);
}

static unsigned
hop_vpn6(struct dis *d, const uint8_t *p, unsigned n)
{
	if (n < BGP_RD + 16)
		return 0;
	need(d, p, BGP_RD + 16);
	text(d, "RD: "), bgp_text_rd(d, p);
	text(d, ", ");
	return BGP_RD + hop_ip6(d, p + BGP_RD, 16);
}

static unsigned
hop_osi(struct dis *d, const uint8_t *p, unsigned n)
{
	text_nsap(d, p, n);
	return n;
}

static unsigned
hop_vpn_osi(struct dis *d, const uint8_t *p, unsigned n)
{
	const uint8_t *addr = p + BGP_RD;

	if (n < BGP_RD + 1)
		return 0;
	need(d, p, n);
	text(d, "RD: "), bgp_text_rd(d, p);
	text(d, ", "), text_nsap(d, addr, n - BGP_RD);
	if (be32(d, addr) == MAPPED_IP4) {
		need(d, addr + 4, 4);
		text(d, " = "), hop_ip4(d, addr + 4, 4);
	} else if (be24(d, addr) == MAPPED_IP6) {
		need(d, addr + 3, 16);
		text(d, " = "), hop_ip6(d, addr + 3, 16);
	}
	return n;
}

/* --- address families ------------------------------------------------------------------------------------------ */

static const struct family {
	uint16_t afi;
	uint8_t safi;
	route_walk *route;
	hop_walk *hop;
} families[] = {
	{ AF_NUM_IP4, SAFI_UNICAST, route_ip4, hop_ip4 },
	{ AF_NUM_IP4, SAFI_MULTICAST, route_ip4, hop_ip4 },
	{ AF_NUM_IP4, SAFI_BOTH, route_ip4, hop_ip4 },
	{ AF_NUM_IP4, SAFI_LABELS, route_label4, hop_ip4 },
	{ AF_NUM_IP4, SAFI_MVPN, route_mvpn, hop_ip4 },
	{ AF_NUM_IP4, SAFI_MDT, route_mdt, hop_ip4 },
	{ AF_NUM_IP4, SAFI_VPN, route_vpn4, hop_vpn4 },
	{ AF_NUM_IP4, SAFI_VPN_MULTICAST, route_vpn4, hop_vpn4 },
	{ AF_NUM_IP4, SAFI_VPN_BOTH, route_vpn4, hop_vpn4 },
	{ AF_NUM_IP4, SAFI_TARGETS, route_target, hop_ip4 },
	{ AF_NUM_IP6, SAFI_UNICAST, route_ip6, hop_ip6 },
	{ AF_NUM_IP6, SAFI_MULTICAST, route_ip6, hop_ip6 },
	{ AF_NUM_IP6, SAFI_BOTH, route_ip6, hop_ip6 },
	{ AF_NUM_IP6, SAFI_LABELS, route_label6, hop_ip6 },
	{ AF_NUM_IP6, SAFI_VPN, route_vpn6, hop_vpn6 },
	{ AF_NUM_IP6, SAFI_VPN_MULTICAST, route_vpn6, hop_vpn6 },
	{ AF_NUM_IP6, SAFI_VPN_BOTH, route_vpn6, hop_vpn6 },
	{ AF_NUM_NSAP, SAFI_UNICAST, route_osi, hop_osi },
	{ AF_NUM_NSAP, SAFI_MULTICAST, route_osi, hop_osi },
	{ AF_NUM_NSAP, SAFI_BOTH, route_osi, hop_osi },
	{ AF_NUM_NSAP, SAFI_VPN, route_vpn_osi, hop_vpn_osi },
	{ AF_NUM_NSAP, SAFI_VPN_MULTICAST, route_vpn_osi, hop_vpn_osi },
	{ AF_NUM_NSAP, SAFI_VPN_BOTH, route_vpn_osi, hop_vpn_osi },
	{ AF_NUM_VPLS, SAFI_VPLS, route_l2, hop_ip4 },
	{ AF_NUM_L2VPN, SAFI_VPN, route_l2, hop_ip4 },
	{ AF_NUM_L2VPN, SAFI_VPN_MULTICAST, route_l2, hop_ip4 },
	{ AF_NUM_L2VPN, SAFI_VPN_BOTH, route_l2, hop_ip4 },
};

static const struct family *
family_of(unsigned afi, unsigned safi)
{
	for (size_t i = 0; i < sizeof families / sizeof *families; i++)
		if (families[i].afi == afi && families[i].safi == safi)
			return &families[i];
	return NULL;
}

/* Says the family of the routes at p. NULL when nothing is known of it, with *whole telling if it was all there. */
static const struct family *
text_family(struct dis *d, const uint8_t *p, uint32_t len, bool *whole)
{
	unsigned afi = be16(d, p), safi = u8(d, p + 2);
	const struct family *f = family_of(afi, safi);

	put_field(d, &bgp_fields[B_REACH_AFI], p, 2);
	put_field(d, &bgp_fields[B_REACH_SAFI], p + 2, 1);
	text(d, "\n\t    AFI: ");
	text_name(d, af_names, afi, "Unknown AFI");
	text(d, " ("), text_u(d, afi);
	text(d, safi > 128 ? "), vendor specific SAFI: " : "), SAFI: ");
	text_name(d, bgp_safi_names, safi, "Unknown SAFI");
	text(d, " ("), text_u(d, safi), text_char(d, ')');
	*whole = f || have(d, p, len);
	if (f == NULL && *whole) {
		text(d, "\n\t    no AFI "), text_u(d, afi);
		text(d, " / SAFI "), text_u(d, safi), text(d, " decoder");
		if (d->v <= 1)
			text_unknown(d, p, "\n\t    ", len);
	}
	return f;
}

/* The routes from p on; room is the length of the attribute around them. */
static bool
text_routes(struct dis *d, const struct family *f, const uint8_t *p, const uint8_t *end, uint32_t room)
{
	uint32_t len = end > p ? (uint32_t)(end - p) : 0;
	struct routes r = { room, bgp_has_paths(d, p, len, 32), bgp_has_paths(d, p, len, 128) };

	while (p < end) {
		int n = f->route(d, p, &r);

		if (n == ROUTE_CUT)
			return false;
		if (n < 0)
			break;
		p += n;
	}
	return true;
}

/* One or more next hops in the n bytes at p. */
static void
text_hops(struct dis *d, const struct family *f, const uint8_t *p, unsigned n)
{
	text(d, "\n\t    nexthop: ");
	for (bool first = true; n; first = false) {
		unsigned took;

		if (!first)
			text(d, ", ");
		took = f->hop(d, p, n);
		if (took == 0) {
			text(d, "invalid len");
			break;
		}
		p += took;
		n -= took;
	}
}

bool
bgp_reach(struct dis *d, const uint8_t *p, uint32_t len)
{
	const uint8_t *end = p + len;
	const struct family *f;
	unsigned hop_len, snpas;
	bool whole;

	if (!have(d, p, 3) || len < 3)
		return false;
	f = text_family(d, p, len, &whole);
	if (f == NULL)
		return whole;
	p += 3;
	if (!have(d, p, 1) || end - p < 1)
		return false;
	hop_len = p[0];
	put_field(d, &bgp_fields[B_REACH_HOP_LEN], p, 1);
	p++;
	if (hop_len) {
		if (end - p < (ptrdiff_t)hop_len)
			return false;
		text_hops(d, f, p, hop_len);
		p += hop_len;
	}
	text(d, ", nh-length: "), text_u(d, hop_len);

	/* Subnetwork points of attachment: RFC 2858 had them, RFC 4760 has a reserved byte. */
	if (end - p < 1)
		return false;
	snpas = u8(d, p);
	p++;
	if (snpas == 0)
		text(d, ", no SNPA");
	else
		text(d, "\n\t    "), text_u(d, snpas), text(d, " SNPA");
	for (; snpas; snpas--) {
		unsigned n;

		if (end - p < 1)
			return false;
		n = u8(d, p);
		text(d, "\n\t      "), text_u(d, n), text(d, " bytes");
		p++;
		if (end - p < (ptrdiff_t)n || !have(d, p, n))
			return false;
		p += n;
	}
	return text_routes(d, f, p, end, len);
}

bool
bgp_unreach(struct dis *d, const uint8_t *p, uint32_t len)
{
	const struct family *f;
	bool whole;

	if (!have(d, p, 3))
		return false;
	f = text_family(d, p, len, &whole);
	if (f == NULL)
		return whole;
	if (len == 3)
		text(d, "\n\t      End-of-Rib Marker (empty NLRI)");
	return text_routes(d, f, p + 3, p + len, len);
}
