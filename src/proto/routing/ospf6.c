/* OSPF version 3 (RFC 5340), its authentication trailer (RFC 7166) and link-local signaling (RFC 5613). */
#include "proto/routing/ospf.h"

#define F ospf_fields

enum { HEADER = 16, LINK_SIZE = 16, PREFIX_HEADER = 4, LLS_HEADER = 4, AT_HEADER = 16, OPTION_LLS = 0x0200 };

static const struct name messages[] = {
	{ OSPF_HELLO, "Hello" }, { OSPF_DD, "Database Description" }, { OSPF_REQUEST, "LS-Request" },
	{ OSPF_UPDATE, "LS-Update" }, { OSPF_ACK, "LS-Ack" }, { 0, NULL }
};

static const struct name options[] = {
	{ 0x0001, "V6" }, { 0x0002, "External" }, { 0x0004, "Deprecated" }, { 0x0008, "NSSA" }, { 0x0010, "Router" },
	{ 0x0020, "Demand Circuit" }, { 0x0100, "AFs Support" }, { OPTION_LLS, "LLS" },
	{ 0x0400, "Authentication Trailer" }, { 0, NULL }
};

static const struct name dd_flags[] = {
	{ 0x04, "Init" }, { 0x02, "More" }, { 0x01, "Master" }, { 0x10, "IPv6 MTU" }, { 0, NULL }
};

/* Types of advertisements: a function code below two bits of scope, RFC 5340 section A.4.2.1. */
enum { CODE_MASK = 0x1fff, SCOPE_MASK = 0x6000, SCOPE_AREA = 0x2000, SCOPE_AS = 0x4000, TRANSITIVE = 0x8000 };
enum {
	ROUTER = SCOPE_AREA | 1, NETWORK = SCOPE_AREA | 2, INTER_PREFIX = SCOPE_AREA | 3, EXTERNAL = SCOPE_AS | 5, LINK = 8,
	INTRA_PREFIX = SCOPE_AREA | 9, INTRA_TE = 10, GRACE = 11,
};
static const struct name codes[] = {
	{ 1, "Router" }, { 2, "Network" }, { 3, "Inter-Area Prefix" }, { 4, "Inter-Area Router" }, { 5, "External" },
	{ 6, "Deprecated" }, { 7, "NSSA" }, { 8, "Link" }, { 9, "Intra-Area Prefix" }, { 10, "Intra-Area TE" },
	{ 11, "Grace" }, { 12, "Router Information" }, { 13, "Inter-AS-TE" }, { 14, "Layer 1 VPN" }, { 0, NULL }
};
static const struct name scopes[] = {
	{ 0, "Link Local" }, { SCOPE_AREA, "Area Local" }, { SCOPE_AS, "Domain Wide" }, { 0, NULL }
};

static const struct name router_flags[] = {
	{ 0x01, "ABR" }, { 0x02, "External" }, { 0x04, "Virtual-Link Endpoint" }, { 0x08, "Deprecated" },
	{ 0x10, "NSSA Translator" }, { 0, NULL }
};

enum { EXT_FORWARD = 0x02000000, EXT_TAG = 0x01000000 };
static const struct name external_flags[] = {
	{ 0x80000000, "External Type 2" }, { EXT_FORWARD, "Forwarding" }, { EXT_TAG, "Tag" }, { 0, NULL }
};

static const struct name prefix_options[] = {
	{ 0x01, "No Unicast" }, { 0x02, "Local address" }, { 0x04, "Deprecated" }, { 0x08, "Propagate" }, { 0x10, "Down" },
	{ 0x20, "N-bit" }, { 0, NULL }
};

static const struct name auth_types[] = { { 1, "HMAC" }, { 0, NULL } };

static void
text_options(struct dis *d, const char *label, const uint8_t *p)
{
	uint32_t bits = be32(d, p);

	put_field(d, &F[OSPF_OPTIONS3], p + 1, 3);
	text(d, label);
	text_bits(d, options, bits, ", ", "none");
	text_char(d, ']');
}

static void
text_type(struct dis *d, unsigned type, const uint8_t *id)
{
	need(d, id, 4);
	text(d, "\n\t    ");
	text_name(d, codes, type & CODE_MASK, "Unknown");
	text_fmt(d, " LSA (%u), ", type & CODE_MASK);
	text_name(d, scopes, type & SCOPE_MASK, "Unknown");
	text(d, " Scope");
	if (type & TRANSITIVE)
		text(d, ", transitive");
	text(d, ", LSA-ID ");
	text_ip4(d, id);
}

static bool
lsa_header(struct dis *d, const uint8_t *p, const uint8_t *end)
{
	unsigned len;

	if (p + OSPF_LSA_HEADER > end)
		return false;
	if (d->sink) {
		put_field(d, &F[OSPF_LSA_AGE], p, 2);
		put_field(d, &F[OSPF_LSA_TYPE3], p + 2, 2);
		put_field(d, &F[OSPF_LSA_ID], p + 4, 4);
		put_field(d, &F[OSPF_LSA_ROUTER], p + 8, 4);
		put_field(d, &F[OSPF_LSA_SEQ], p + 12, 4);
		put_field(d, &F[OSPF_LSA_SUM], p + 16, 2);
		put_field(d, &F[OSPF_LSA_LEN], p + 18, 2);
	}
	need(d, p, OSPF_LSA_HEADER);
	len = raw16(p + 18);
	if (len < OSPF_LSA_HEADER) {
		text_fmt(d, "\n\t\t  Bogus length %u < header (%u)", len, OSPF_LSA_HEADER);
		return false;
	}
	text(d, "\n\t  Advertising Router ");
	text_ip4(d, p + 8);
	text_fmt(d, ", seq 0x%08x, age %us, length %u", raw32(p + 12), raw16(p), len - OSPF_LSA_HEADER);
	text_type(d, raw16(p + 2), p + 4);
	return true;
}

/* What is left of an advertisement. */
struct rest {
	const uint8_t *p;
	uint32_t len;
};

/* Takes n bytes off; false when there are fewer. */
static bool
take(struct rest *r, uint32_t n)
{
	if (r->len < n)
		return false;
	r->p += n;
	r->len -= n;
	return true;
}

/* RFC 5340 section A.4.1. */
static bool
prefix(struct dis *d, struct rest *r)
{
	uint8_t addr[16] = { 0 };
	const uint8_t *p = r->p;
	unsigned words;

	if (r->len < PREFIX_HEADER)
		return false;
	put_field(d, &F[OSPF_PREFIX_LEN], p, 1);
	if (!have(d, p, PREFIX_HEADER))
		return false;
	words = (p[0] + 31) / 32;
	if (words > 4) {
		text(d, " bogus prefixlen /"), text_u(d, p[0]);
		return false;
	}
	if (r->len - PREFIX_HEADER < words * 4)
		return false;
	need(d, p + PREFIX_HEADER, words * 4);
	memcpy(addr, p + PREFIX_HEADER, words * 4);
	text(d, "\n\t\t");
	text_ip6_own(d, addr);
	text_char(d, '/'), text_u(d, p[0]);
	if (p[1]) {
		text(d, ", Options [");
		text_bits(d, prefix_options, p[1], ", ", "none");
		text_char(d, ']');
	}
	text(d, ", metric "), text_u(d, raw16(p + 2));
	return take(r, PREFIX_HEADER + words * 4);
}

/* n prefixes; fewer when they are damaged, which is told. */
static bool
prefixes(struct dis *d, struct rest *r, uint32_t n)
{
	for (; n; n--)
		if (!prefix(d, r))
			return false;
	return true;
}

static bool
router(struct dis *d, struct rest *r)
{
	const uint8_t *p = r->p;

	if (!take(r, 4))
		return false;
	text_options(d, "\n\t      Options [", p);
	text(d, ", RLA-Flags [");
	text_bits(d, router_flags, p[0], ", ", "none");
	text_char(d, ']');
	while (r->len) {
		p = r->p;
		if (!take(r, LINK_SIZE))
			return false;
		put_field(d, &F[OSPF_LINK_TYPE], p, 1);
		put_field(d, &F[OSPF_LINK_METRIC], p + 2, 2);
		put_field(d, &F[OSPF_LINK_ID], p + 12, 4);
		if (!have(d, p, LINK_SIZE))
			return false;
		switch (p[0]) {
		case 1:
			text(d, "\n\t      Neighbor Router-ID ");
			break;
		case 2:
			text(d, "\n\t      Neighbor Network-ID ");
			break;
		case 4:
			text(d, "\n\t      Virtual Link: Neighbor Router-ID ");
			break;
		default:
			text_fmt(d, "\n\t      Unknown Router Links Type 0x%02x", p[0]);
			return true;
		}
		text_ip4(d, p + 12);
		text(d, "\n\t      Neighbor Interface-ID ");
		text_ip4(d, p + 8);
		text(d, ", Interface ");
		text_ip4(d, p + 4);
		text(d, ", metric "), text_u(d, raw16(p + 2));
	}
	return true;
}

static bool
network(struct dis *d, struct rest *r)
{
	const uint8_t *p = r->p;

	if (!take(r, 4))
		return false;
	text_options(d, "\n\t      Options [", p);
	text(d, "\n\t      Connected Routers:");
	while (r->len) {
		p = r->p;
		if (!take(r, 4))
			return false;
		put_field(d, &F[OSPF_ATTACHED], p, 4);
		need(d, p, 4);
		text(d, "\n\t\t");
		text_ip4(d, p);
	}
	return true;
}

static bool
inter_prefix(struct dis *d, struct rest *r)
{
	const uint8_t *p = r->p;
	uint32_t metric;

	if (!take(r, 4))
		return false;
	metric = be32(d, p) & 0xffffff;
	text(d, ", metric "), text_u(d, metric);
	while (r->len)
		if (!prefix(d, r))
			return false;
	return true;
}

static bool
external(struct dis *d, struct rest *r)
{
	const uint8_t *p = r->p, *pre;
	uint32_t flags;

	if (!take(r, 4))
		return false;
	flags = be32(d, p);
	text(d, "\n\t     Flags [");
	text_bits(d, external_flags, flags, ", ", "none");
	text(d, "] metric "), text_u(d, flags & 0xffffff);
	pre = r->p;
	if (!prefix(d, r))
		return false;
	p = r->p;
	if (flags & EXT_FORWARD) {
		if (!take(r, 16))
			return false;
		need(d, p, 16);
		text(d, " forward ");
		text_ip6(d, p);
		p = r->p;
	}
	if (flags & EXT_TAG) {
		if (!take(r, 4))
			return false;
		put_field(d, &F[OSPF_EXT_TAG], p, 4);
		need(d, p, 4);
		text(d, " tag ");
		text_ip4(d, p);
		p = r->p;
	}
	if (u8(d, pre + 2)) {
		if (!take(r, 4))
			return false;
		need(d, p, 4);
		text(d, " RefLSID: ");
		text_ip4(d, p);
	}
	return true;
}

static bool
link(struct dis *d, struct rest *r)
{
	const uint8_t *p = r->p;
	uint32_t n;

	if (!take(r, 4) || !have(d, p, 4))
		return false;
	text_options(d, "\n\t      Options [", p);
	if (!take(r, 20))
		return false;
	n = be32(d, p + 20);
	text_fmt(d, "\n\t      Priority %u, Link-local address ", p[0]);
	text_ip6(d, p + 4);
	text(d, ", Prefixes "), text_u(d, n), text_char(d, ':');
	return prefixes(d, r, n);
}

static bool
intra_prefix(struct dis *d, struct rest *r)
{
	const uint8_t *p = r->p;

	/* tcpdump 4.99 counts 6 of these 12 bytes; what is left over is found to be no prefix. */
	if (r->len < 4 || !have(d, p, 12))
		return false;
	text_type(d, raw16(p + 2), p + 4);
	if (r->len < 6)
		return false;
	r->len -= 6;
	r->p += 12;
	text_fmt(d, "\n\t      Prefixes %u:", raw16(p));
	return prefixes(d, r, raw16(p));
}

static bool
lsa(struct dis *d, const uint8_t *p, const uint8_t *end)
{
	struct rest r = { p + OSPF_LSA_HEADER, 0 };
	unsigned len;

	if (!lsa_header(d, p, end))
		return false;
	len = raw16(p + 18);
	if (p + len > end)
		return false;
	r.len = len - OSPF_LSA_HEADER;
	switch (raw16(p + 2)) {
	case ROUTER:
		return router(d, &r);
	case NETWORK:
		return network(d, &r);
	case INTER_PREFIX:
		return inter_prefix(d, &r);
	case EXTERNAL:
		return external(d, &r);
	case LINK:
		return link(d, &r);
	case INTRA_PREFIX:
		return intra_prefix(d, &r);
	case GRACE:
		return ospf_grace(d, r.p, r.len);
	case INTRA_TE:
		return ospf_te(d, r.p, r.len);
	default:
		text_unknown(d, r.p, "\n\t      ", r.len);
		return have(d, r.p, 0);
	}
}

static void
hello(struct dis *d, const uint8_t *p, const uint8_t *end)
{
	if (d->sink) {
		put_field(d, &F[OSPF_INTERFACE], p, 4);
		put_field(d, &F[OSPF_PRIORITY], p + 4, 1);
		put_field(d, &F[OSPF_HELLO_IVL], p + 8, 2);
		put_field(d, &F[OSPF_DEAD_IVL3], p + 10, 2);
		put_field(d, &F[OSPF_DR], p + 12, 4);
		put_field(d, &F[OSPF_BDR], p + 16, 4);
		for (const uint8_t *q = p + 20; q < end; q += 4)
			put_field(d, &F[OSPF_NEIGHBOR], q, 4);
	}
	text_options(d, "\n\tOptions [", p + 4);
	need(d, p, 12);
	text_fmt(d, "\n\t  Hello Timer %us, Dead Timer %us, Interface-ID ", raw16(p + 8), raw16(p + 10));
	text_ip4(d, p);
	text(d, ", Priority "), text_u(d, p[4]);
	if (be32(d, p + 12)) {
		text(d, "\n\t  Designated Router ");
		text_ip4(d, p + 12);
	}
	if (be32(d, p + 16)) {
		text(d, ", Backup Designated Router ");
		text_ip4(d, p + 16);
	}
	if (d->v <= 1)
		return;
	text(d, "\n\t  Neighbor List:");
	for (p += 20; p < end; p += 4) {
		need(d, p, 4);
		text(d, "\n\t    ");
		text_ip4(d, p);
	}
}

static bool
headers(struct dis *d, const uint8_t *p, const uint8_t *end)
{
	for (; d->v > 1 && p < end; p += OSPF_LSA_HEADER)
		if (!lsa_header(d, p, end))
			return false;
	return true;
}

static bool
description(struct dis *d, const uint8_t *p, const uint8_t *end)
{
	put_field(d, &F[OSPF_MTU], p + 4, 2);
	put_field(d, &F[OSPF_DD_FLAGS], p + 7, 1);
	put_field(d, &F[OSPF_DD_SEQ], p + 8, 4);
	text_options(d, "\n\tOptions [", p);
	need(d, p, 8);
	text(d, ", DD Flags [");
	text_bits(d, dd_flags, p[7], ", ", "none");
	text_char(d, ']');
	need(d, p, 12);
	text_fmt(d, ", MTU %u, DD-Sequence 0x%08x", raw16(p + 4), raw32(p + 8));
	return headers(d, p + 12, end);
}

static bool
request(struct dis *d, const uint8_t *p, const uint8_t *end)
{
	for (; d->v > 1 && p < end; p += 12) {
		put_field(d, &F[OSPF_LSA_TYPE3], p + 2, 2);
		put_field(d, &F[OSPF_LSA_ID], p + 4, 4);
		put_field(d, &F[OSPF_LSA_ROUTER], p + 8, 4);
		if (!have(d, p, 12))
			return false;
		text(d, "\n\t  Advertising Router ");
		text_ip4(d, p + 8);
		text_type(d, raw16(p + 2), p + 4);
	}
	return true;
}

static bool
update(struct dis *d, const uint8_t *p, const uint8_t *end)
{
	put_field(d, &F[OSPF_LSAS], p, 4);
	if (d->v <= 1)
		return true;
	uint32_t n = be32(d, p);
	for (p += 4; p < end && n; n--) {
		if (!lsa(d, p, end))
			return false;
		p += raw16(p + 18);
	}
	return true;
}

static bool
body(struct dis *d, unsigned type, const uint8_t *p, const uint8_t *end)
{
	switch (type) {
	case OSPF_HELLO:
		hello(d, p, end);
		return true;
	case OSPF_DD:
		return description(d, p, end);
	case OSPF_REQUEST:
		return request(d, p, end);
	case OSPF_UPDATE:
		return update(d, p, end);
	case OSPF_ACK:
		return headers(d, p, end);
	default:
		return true;
	}
}

/* RFC 5613 section 2.2, without its TLVs; false when damaged. */
static bool
signaling(struct dis *d, struct rest *r)
{
	unsigned n;

	if (r->len == 0)
		return true;
	if (r->len < LLS_HEADER)
		return false;
	text_be_x(d, "\n\tLLS Checksum 0x", r->p, 2, 4);
	text_be(d, ", Data Length ", r->p + 2, 2);
	n = raw16(r->p + 2);
	if (n < LLS_HEADER || n > r->len)
		return false;
	return have(d, r->p, n) && take(r, n);
}

/* RFC 7166 section 4.1; false when damaged. */
static bool
authentication(struct dis *d, struct rest *r)
{
	const uint8_t *p = r->p;
	unsigned n;

	if (r->len == 0)
		return true;
	if (r->len < AT_HEADER)
		return false;
	n = be16(d, p);
	text(d, "\n\tAuthentication Type ");
	text_name(d, auth_types, n, "unknown (0x%04x)");
	text_be(d, ", Length ", p + 2, 2);
	n = raw16(p + 2);
	if (n < AT_HEADER || n > r->len)
		return false;
	text_be(d, ", SAID ", p + 6, 2);
	text_be_x(d, ", CSN 0x", p + 8, 4, 8);
	text_be_x(d, ":", p + 12, 4, 8);
	if (!have(d, p, n))
		return false;
	if (d->v > 1)
		text_unknown(d, p + AT_HEADER, "\n\tAuthentication Data ", n - AT_HEADER);
	return true;
}

/* What may be behind the message: signaling when it is announced, then authentication. */
static bool
trailer(struct dis *d, unsigned type, const uint8_t *p, struct rest *r)
{
	uint32_t bits = 0;

	if (type == OSPF_HELLO)
		bits = be32(d, p + HEADER + 4);
	else if (type == OSPF_DD)
		bits = be32(d, p + HEADER);
	if ((bits & OPTION_LLS) && !signaling(d, r))
		return false;
	return authentication(d, r);
}

static void
put_header(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[OSPF_VERSION], p, 1);
	put_field(d, &F[OSPF_MSG], p + 1, 1);
	put_field(d, &F[OSPF_LENGTH], p + 2, 2);
	put_field(d, &F[OSPF_ROUTER], p + 4, 4);
	put_field(d, &F[OSPF_AREA], p + 8, 4);
	put_field(d, &F[OSPF_SUM], p + 12, 2);
	put_field(d, &F[OSPF_INSTANCE], p + 14, 1);
}

void
ospf_v3(struct dis *d, const uint8_t *p, uint32_t len)
{
	struct rest r;
	unsigned type, said, instance;

	mark(d, "ospf3");
	if (d->sink)
		put_header(d, p);
	type = u8(d, p + 1);
	text_fmt(d, "OSPFv%u, ", p[0]);
	text_name(d, messages, type, "unknown packet type (%u)");
	text(d, ", length "), text_u(d, len);
	if (type < OSPF_HELLO || type > OSPF_ACK || !d->v)
		return;
	said = be16(d, p + 2);
	if (said > len) {
		text_fmt(d, " [len %u]", said);
		return;
	}
	need(d, p, 8);
	text(d, "\n\tRouter-ID ");
	text_ip4(d, p + 4);
	if (be32(d, p + 8)) {
		text(d, ", Area ");
		text_ip4(d, p + 8);
	} else {
		text(d, ", Backbone Area");
	}
	instance = u8(d, p + 14);
	if (instance)
		text(d, ", Instance "), text_u(d, instance);
	if (p[0] != 3)
		return;
	r.p = p + said;
	r.len = len - said;
	if (!body(d, type, p + HEADER, p + said) || !trailer(d, type, p, &r))
		text_trunc(d);
}
