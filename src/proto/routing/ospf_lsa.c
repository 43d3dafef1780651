/* Link state advertisements of OSPF version 2: RFC 2328 section A.4, RFC 5250 (opaque), RFC 4970, RFC 4915. */
#include "proto/routing/ospf.h"

#define F ospf_fields

enum {
	ROUTER = 1, NETWORK, SUMMARY, ASBR_SUMMARY, EXTERNAL, GROUP, NSSA, OPAQUE_LINK = 9, OPAQUE_AREA, OPAQUE_DOMAIN,
};
const struct name ospf_lsa_names[] = {
	{ ROUTER, "Router" }, { NETWORK, "Network" }, { SUMMARY, "Summary" }, { ASBR_SUMMARY, "ASBR Summary" },
	{ EXTERNAL, "External" }, { GROUP, "Multicast Group" }, { NSSA, "NSSA" }, { OPAQUE_LINK, "Link Local Opaque" },
	{ OPAQUE_AREA, "Area Local Opaque" }, { OPAQUE_DOMAIN, "Domain Wide Opaque" }, { 0, NULL }
};

enum { OPAQUE_TE = 1, OPAQUE_GRACE = 3, OPAQUE_RI = 4 };
const struct name ospf_opaque_names[] = {
	{ OPAQUE_TE, "Traffic Engineering" }, { OPAQUE_GRACE, "Graceful restart" }, { OPAQUE_RI, "Router Information" },
	{ 0, NULL }
};

const struct name ospf_option_names[] = {
	{ 0x01, "MultiTopology" }, { 0x02, "External" }, { 0x04, "Multicast" }, { 0x08, "NSSA" }, { 0x10, "LLS" },
	{ 0x20, "Demand Circuit" }, { 0x40, "Opaque" }, { 0x80, "Up/Down" }, { 0, NULL }
};

static const struct name router_flags[] = {
	{ 0x01, "ABR" }, { 0x02, "ASBR" }, { 0x04, "Virtual" }, { 0x08, "Wildcard" }, { 0x10, "Nt" }, { 0x80, "Host" },
	{ 0, NULL }
};

static const struct name topologies[] = { { 0, "default" }, { 1, "multicast" }, { 2, "management" }, { 0, NULL } };

enum { LINK_ROUTER = 1, LINK_TRANSIT = 2, LINK_STUB = 3, LINK_VIRTUAL = 4 };

static const struct name ri_tlvs[] = { { 1, "Router Capabilities" }, { 0, NULL } };

static const struct name capabilities[] = {
	{ 1, "Reserved" }, { 2, "Reserved" }, { 4, "Reserved" }, { 8, "Reserved" }, { 16, "graceful restart capable" },
	{ 32, "graceful restart helper" }, { 64, "Stub router support" }, { 128, "Traffic engineering" },
	{ 256, "p2p over LAN" }, { 512, "path computation server" }, { 0, NULL }
};

static bool
opaque(unsigned type)
{
	return type >= OPAQUE_LINK && type <= OPAQUE_DOMAIN;
}

bool
ospf_lsa_header(struct dis *d, const uint8_t *p)
{
	unsigned len, type;

	if (d->sink) {
		put_field(d, &F[OSPF_LSA_AGE], p, 2);
		put_field(d, &F[OSPF_LSA_TYPE], p + 3, 1);
		put_field(d, &F[OSPF_LSA_ID], p + 4, 4);
		put_field(d, &F[OSPF_LSA_ROUTER], p + 8, 4);
		put_field(d, &F[OSPF_LSA_SEQ], p + 12, 4);
		put_field(d, &F[OSPF_LSA_SUM], p + 16, 2);
		put_field(d, &F[OSPF_LSA_LEN], p + 18, 2);
	}
	need(d, p, OSPF_LSA_HEADER);
	len = raw16(p + 18);
	if (len < OSPF_LSA_HEADER) {
		text_fmt(d, "\n\t    Bogus length %u < header (%u)", len, OSPF_LSA_HEADER);
		return false;
	}
	text(d, "\n\t  Advertising Router ");
	text_ip4(d, p + 8);
	text_fmt(d, ", seq 0x%08x, age %us, length %u", raw32(p + 12), raw16(p), len - OSPF_LSA_HEADER);
	type = p[3];
	text(d, "\n\t    ");
	text_name(d, ospf_lsa_names, type, "unknown");
	if (opaque(type)) {
		text_fmt(d, " LSA (%u), Opaque-Type ", type);
		text_name(d, ospf_opaque_names, p[4], "unknown");
		text_fmt(d, " LSA (%u), Opaque-ID %u", p[4], raw32(p + 4) & 0xffffff);
	} else {
		text_fmt(d, " LSA (%u), LSA-ID: ", type);
		text_ip4(d, p + 4);
	}
	text(d, "\n\t    Options: [");
	text_bits(d, ospf_option_names, p[2], ", ", "none");
	text_char(d, ']');
	return true;
}

static void
text_topology(struct dis *d, unsigned topology)
{
	text(d, "\n\t\ttopology ");
	text_name(d, topologies, topology, "Unknown");
	text_fmt(d, " (%u)", topology);
}

/* A link's metrics: the first is its own, the others are those of further topologies (RFC 4915). */
static void
text_metrics(struct dis *d, const uint8_t *p)
{
	unsigned n = u8(d, p + 1);

	for (unsigned i = 0; i <= n; i++, p += 4) {
		need(d, p, 4);
		text_topology(d, i ? p[0] : 0);
		text(d, ", metric "), text_u(d, raw16(p + 2));
	}
}

static const char *const link_names[][2] = {
	[LINK_ROUTER] = { "Neighbor Router-ID: ", ", Interface Address: " },
	[LINK_TRANSIT] = { "Neighbor Network-ID: ", ", Interface Address: " },
	[LINK_STUB] = { "Stub Network: ", ", Mask: " },
	[LINK_VIRTUAL] = { "Virtual Link: Neighbor Router-ID: ", ", Interface Address: " },
};

/* False when a link is of an unknown type, which ends the advertisement. */
static bool
router(struct dis *d, const uint8_t *p)
{
	unsigned n;

	need(d, p, 1);
	text(d, "\n\t    Router LSA Options: [");
	text_bits(d, router_flags, p[0], ", ", "none");
	text_char(d, ']');
	put_field(d, &F[OSPF_LINKS], p + 2, 2);
	n = be16(d, p + 2);
	need(d, p + 4, 12);
	for (p += 4; n; n--) {
		unsigned type;

		put_field(d, &F[OSPF_LINK_ID], p, 4);
		put_field(d, &F[OSPF_LINK_DATA], p + 4, 4);
		put_field(d, &F[OSPF_LINK_TYPE], p + 8, 1);
		put_field(d, &F[OSPF_LINK_METRIC], p + 10, 2);
		need(d, p, 12);
		type = p[8];
		text(d, "\n\t      ");
		if (type < LINK_ROUTER || type > LINK_VIRTUAL) {
			text_fmt(d, "Unknown Router Link Type (%u)", type);
			return false;
		}
		text(d, link_names[type][0]);
		text_ip4(d, p);
		text(d, link_names[type][1]);
		text_ip4(d, p + 4);
		text_metrics(d, p + 8);
		p += 12 + p[9] * 4;
	}
	return true;
}

static void
text_mask(struct dis *d, const uint8_t *p)
{
	need(d, p, 4);
	text(d, "\n\t    Mask ");
	text_ip4(d, p);
}

static void
network(struct dis *d, const uint8_t *p, const uint8_t *end)
{
	put_field(d, &F[OSPF_NET_MASK], p, 4);
	text_mask(d, p);
	text(d, "\n\t    Connected Routers:");
	for (p += 4; p < end; p += 4) {
		put_field(d, &F[OSPF_ATTACHED], p, 4);
		need(d, p, 4);
		text(d, "\n\t      ");
		text_ip4(d, p);
	}
}

static void
summary(struct dis *d, const uint8_t *p, const uint8_t *end, bool mask)
{
	put_field(d, &F[OSPF_SUMMARY_MASK], p, 4);
	if (mask)
		text_mask(d, p);
	need(d, p + 4, 4);
	for (p += 4; p < end; p += 4) {
		uint32_t v = be32(d, p);

		text_topology(d, v >> 24 & 0x7f);
		text(d, " metric "), text_u(d, v & 0xffffff);
	}
}

static void
external(struct dis *d, const uint8_t *p, const uint8_t *end)
{
	put_field(d, &F[OSPF_EXT_MASK], p, 4);
	text_mask(d, p);
	need(d, p + 4, 4);
	for (p += 4; p < end; p += 12) {
		uint32_t v = be32(d, p);

		put_field(d, &F[OSPF_EXT_FORWARD], p + 4, 4);
		put_field(d, &F[OSPF_EXT_TAG], p + 8, 4);
		text_topology(d, v >> 24 & 0x7f);
		text_fmt(d, ", type %u, metric", v >> 31 ? 2 : 1);
		if ((v & 0xffffff) == 0xffffff)
			text(d, " infinite");
		else
			text_char(d, ' '), text_u(d, v & 0xffffff);
		if (be32(d, p + 4)) {
			text(d, ", forward ");
			text_ip4(d, p + 4);
		}
		if (be32(d, p + 8)) {
			text(d, ", tag ");
			text_ip4(d, p + 8);
		}
	}
}

/* RFC 1584 section A.3. */
static void
group(struct dis *d, const uint8_t *p, const uint8_t *end)
{
	for (; p < end; p += 8) {
		uint32_t type = be32(d, p);

		if (type == 1 || type == 2) {
			need(d, p + 4, 4);
			text(d, type == 1 ? "\n\t    Router Router-ID " : "\n\t    Network Designated Router ");
			text_ip4(d, p + 4);
		} else {
			text_fmt(d, "\n\t    unknown VertexType (%u)", type);
		}
	}
}

/* RFC 4970 section 2: what a router can do. 1: go on, 0: the advertisement ends, -1: it is cut short. */
static int
router_information(struct dis *d, const uint8_t *p, uint32_t len)
{
	while (len) {
		unsigned type, n;

		need(d, p, 4);
		if (len < 4) {
			text_fmt(d, "\n\t    Remaining LS length %u < 4", len);
			return 0;
		}
		type = raw16(p);
		n = raw16(p + 2);
		p += 4;
		len -= 4;
		text(d, "\n\t    ");
		text_name(d, ri_tlvs, type, "unknown");
		text_fmt(d, " TLV (%u), length: %u, value: ", type, n);
		if (n > len) {
			text_fmt(d, "\n\t    Bogus length %u > remaining LS length %u", n, len);
			return 0;
		}
		need(d, p, n);
		if (type == 1) {
			if (n != 4) {
				text_fmt(d, "\n\t    Bogus length %u != 4", n);
				return 0;
			}
			text(d, "Capabilities: ");
			text_bits(d, capabilities, raw32(p), ", ", "Unknown");
		} else if (d->v <= 1) {
			text_unknown(d, p, "\n\t      ", n);
		}
		p += n;
		len -= n;
	}
	return 1;
}

/* What is behind an opaque advertisement's header. Results as above. */
static int
opaque_body(struct dis *d, unsigned type, const uint8_t *p, uint32_t len)
{
	switch (type) {
	case OPAQUE_RI:
		return router_information(d, p, len);
	case OPAQUE_GRACE:
		return ospf_grace(d, p, len);
	case OPAQUE_TE:
		return ospf_te(d, p, len);
	default:
		if (d->v <= 1)
			text_unknown(d, p, "\n\t    ", len);
		return 1;
	}
}

const uint8_t *
ospf_lsa(struct dis *d, const uint8_t *p)
{
	const uint8_t *body = p + OSPF_LSA_HEADER, *end;
	uint32_t len;
	unsigned type;

	if (!ospf_lsa_header(d, p))
		return NULL;
	end = p + raw16(p + 18);
	len = (uint32_t)(end - body);
	type = p[3];
	switch (type) {
	case ROUTER:
		if (!router(d, body))
			return end;
		break;
	case NETWORK:
		network(d, body, end);
		break;
	case SUMMARY:
	case ASBR_SUMMARY:
		summary(d, body, end, type == SUMMARY);
		break;
	case EXTERNAL:
	case NSSA:
		external(d, body, end);
		break;
	case GROUP:
		group(d, body, end);
		break;
	default:
		if (opaque(type) && opaque_body(d, p[4], body, len) <= 0)
			return end;
		break;
	}
	if (d->v > 1)
		text_unknown(d, body, "\n\t    ", len);
	return end;
}
