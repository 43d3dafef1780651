/*
 * Path attributes of BGP: RFC 4271 section 5, communities of RFC 1997, RFC 4360 and RFC 8092, reflection of RFC 4456,
 * PMSI tunnels of RFC 6514, metrics of RFC 7311, attribute sets of RFC 6368.
 */
#include "proto/routing/bgp.h"

enum {
	ORIGIN = 1, AS_PATH = 2, NEXT_HOP = 3, MED = 4, LOCAL_PREF = 5, ATOMIC = 6, AGGREGATOR = 7, COMMUNITY = 8,
	ORIGINATOR = 9, CLUSTERS = 10, REACH = 14, UNREACH = 15, EXTENDED = 16, AS4_PATH = 17, AGGREGATOR4 = 18, PMSI = 22,
	AIGP = 26, LARGE = 32, SET = 128,
};
enum { SET_DEPTH = 10 };

static const struct name aigp_tlvs[] = { { 1, "AIGP" }, { 0, NULL } };
static const struct name pmsi_flags[] = { { 0x01, "Leaf Information required" }, { 0, NULL } };
static const struct name well_known[] = {
	{ 0xffffff01, " NO_EXPORT" }, { 0xffffff02, " NO_ADVERTISE" }, { 0xffffff03, " NO_EXPORT_SUBCONFED" }, { 0, NULL }
};

/* Brackets of the AS path's segments; index is the type. */
static const struct { const char *open, *close; } brackets[] = {
	[1] = { "{ ", "}" }, [2] = { "", "" }, [3] = { "( ", ")" }, [4] = { "({ ", "})" },
};

enum {
	EXT_BANDWIDTH = 0x4004, EXT_OSPF_TYPE = 0x0306, EXT_OSPF_TYPE_OLD = 0x8000, EXT_ENCAPS = 0x030c,
	EXT_L2 = 0x800a, EXT_SOURCE_AS = 0x0009,
};
enum { OSPF_EXTERNAL = 5, OSPF_NSSA = 7 };
static const struct name ext_flags[] = { { 0x8000, "vendor-specific" }, { 0x4000, "non-transitive" }, { 0, NULL } };
static const struct name ospf_routes[] = {
	{ 1, "Router" }, { 2, "Network" }, { 3, "Summary" }, { OSPF_EXTERNAL, "External" }, { OSPF_NSSA, "NSSA External" },
	{ 129, "MPLS-VPN Sham" }, { 0, NULL }
};

static bool
wrong_length(struct dis *d)
{
	text(d, "invalid len");
	return true;
}

/*
 * Old speakers send AS numbers of two bytes, new ones of four, under the same attribute (RFC 6793). They are two when
 * segments of such numbers fill the attribute exactly.
 */
static unsigned
as_width(struct dis *d, const uint8_t *p, uint32_t len)
{
	const uint8_t *end = p + len;

	while (p < end) {
		unsigned type = u8(d, p);

		if (type < 1 || type > 4)
			return 4;
		p += 2 + u8(d, p + 1) * 2;
	}
	return p == end ? 2 : 4;
}

static bool
as_path(struct dis *d, unsigned type, const uint8_t *p, uint32_t len)
{
	const uint8_t *end = p + len;
	unsigned width;

	if (len % 2)
		return wrong_length(d);
	if (len == 0) {
		text(d, "empty");
		return true;
	}
	width = type == AS4_PATH ? 4 : as_width(d, p, len);
	while (p < end) {
		unsigned segment = u8(d, p), n;
		bool known = segment >= 1 && segment <= 4;

		text(d, known ? brackets[segment].open : "?");
		n = u8(d, p + 1);
		put_field(d, &bgp_fields[B_SEGMENT], p, 1);
		put_field(d, &bgp_fields[B_SEGMENT_LEN], p + 1, 1);
		p += 2;
		for (; n; n--, p += width) {
			if (!have(d, p, width))
				return false;
			put_field(d, &bgp_fields[width == 2 ? B_AS2 : B_AS4], p, width);
			text_as(d, width == 2 ? raw16(p) : raw32(p));
			text_char(d, ' ');
		}
		text(d, known ? brackets[segment].close : "?");
	}
	return true;
}

static bool
aggregator(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t as;

	if (!have(d, p, len))
		return false;
	as = len == 6 ? raw16(p) : raw32(p);
	put_value(d, &bgp_fields[B_AGGREGATOR_AS], as);
	put_field(d, &bgp_fields[B_AGGREGATOR], p + len - 4, 4);
	text(d, " AS #"), text_as(d, as);
	text(d, ", origin "), text_ip4(d, p + len - 4);
	return true;
}

static bool
communities(struct dis *d, const uint8_t *p, uint32_t len)
{
	for (; len; p += 4, len -= 4) {
		uint32_t v;
		const char *s;

		if (!have(d, p, 4))
			return false;
		v = raw32(p);
		put_field(d, &bgp_fields[B_COMMUNITY], p, 4);
		if ((s = name_of(well_known, v)) != NULL) {
			text(d, s);
			continue;
		}
		text_u(d, v >> 16), text_char(d, ':'), text_u(d, v & 0xffff);
		if (len > 4)
			text(d, ", ");
	}
	return true;
}

static void
clusters(struct dis *d, const uint8_t *p, uint32_t len)
{
	for (; len; p += 4, len -= 4) {
		put_field(d, &bgp_fields[B_CLUSTER], p, 4);
		text_ip4(d, p);
		if (len > 4)
			text(d, ", ");
	}
}

static void
large_communities(struct dis *d, const uint8_t *p, uint32_t len)
{
	text(d, "\n\t    ");
	for (; len; p += 12, len -= 12) {
		need(d, p, 12);
		put_field(d, &bgp_fields[B_LARGE_GA], p, 4);
		put_field(d, &bgp_fields[B_LARGE_L1], p + 4, 4);
		put_field(d, &bgp_fields[B_LARGE_L2], p + 8, 4);
		text_u(d, raw32(p)), text_char(d, ':');
		text_u(d, raw32(p + 4)), text_char(d, ':');
		text_u(d, raw32(p + 8));
		if (len > 12)
			text(d, ", ");
	}
}

/* Bytes a second as an IEEE single, said as Mbit/s (draft-ietf-idr-link-bandwidth). */
static void
text_bandwidth(struct dis *d, const uint8_t *p)
{
	uint32_t bits = raw32(p);
	float f;

	memcpy(&f, &bits, sizeof f);
	put_field(d, &bgp_fields[B_EXT_BANDWIDTH], p, 4);
	text_fmt(d, "bandwidth: %.3f Mbps", (double)(f * 8 / 1000000));
}

/* An extended community's value. The low byte of the type says what it is for, the high byte how it is built. */
static void
text_extended(struct dis *d, unsigned type, const uint8_t *p)
{
	switch (type) {
	case 0x0002:	/* AS of two bytes, number of four */
	case 0x0003:
	case 0x000a:
		put_field(d, &bgp_fields[B_EXT_AS], p + 2, 2);
		put_field(d, &bgp_fields[B_EXT_AN], p + 4, 4);
		text_u(d, raw16(p + 2)), text_char(d, ':'), text_u(d, raw32(p + 4));
		text(d, " (= "), text_ip4(d, p + 4), text_char(d, ')');
		break;
	case 0x0102:	/* address, number of two */
	case 0x0103:
	case 0x010b:
	case 0xf10a:
		put_field(d, &bgp_fields[B_EXT_IP4], p + 2, 4);
		put_field(d, &bgp_fields[B_EXT_LOCAL], p + 6, 2);
		text_ip4(d, p + 2), text_char(d, ':'), text_u(d, raw16(p + 6));
		break;
	case 0x0202:	/* AS of four bytes, number of two */
	case 0x0203:
		put_field(d, &bgp_fields[B_EXT_AS4], p + 2, 4);
		put_field(d, &bgp_fields[B_EXT_LOCAL], p + 6, 2);
		text_as(d, raw32(p + 2)), text_char(d, ':'), text_u(d, raw16(p + 6));
		break;
	case EXT_BANDWIDTH:
		text_bandwidth(d, p + 4);
		break;
	case 0x0005:	/* an address that stands alone: OSPF domain or router */
	case 0x0105:
	case 0x0205:
	case 0x8005:
	case 0x0107:
	case 0x8001:
		put_field(d, &bgp_fields[B_EXT_IP4], p + 2, 4);
		text_ip4(d, p + 2);
		break;
	case EXT_OSPF_TYPE:
	case EXT_OSPF_TYPE_OLD:
		put_field(d, &bgp_fields[B_EXT_IP4], p + 2, 4);
		text(d, "area:"), text_ip4(d, p + 2);
		text(d, ", router-type:"), text_name(d, ospf_routes, p[6], "unknown (0x%02x)");
		text(d, ", metric-type:");
		if (p[7] & 1)
			text(d, "E2");
		if (p[6] == OSPF_EXTERNAL || p[6] == OSPF_NSSA)
			text(d, "E1");
		break;
	case EXT_L2:
		text_name(d, l2vpn_encaps_names, p[2], "unknown encaps");
		text(d, " Control Flags [0x"), text_x(d, p[3], 2);
		text(d, "]:MTU "), text_u(d, raw16(p + 4));
		break;
	case EXT_SOURCE_AS:
		put_field(d, &bgp_fields[B_EXT_AS], p + 2, 2);
		text(d, "AS "), text_u(d, raw16(p + 2));
		break;
	case EXT_ENCAPS:
		put_field(d, &bgp_fields[B_EXT_TUNNEL], p + 6, 2);
		text(d, "Tunnel type: ");
		text_name(d, bgp_tunnel_names, raw16(p + 6), "unknown encaps");
		break;
	default:
		text_hex(d, p + 2, 6);
		break;
	}
}

static bool
extended_communities(struct dis *d, const uint8_t *p, uint32_t len)
{
	for (; len; p += 8, len -= 8) {
		unsigned type;

		if (!have(d, p, 2))
			return false;
		type = raw16(p);
		put_field(d, &bgp_fields[B_EXT_TYPE], p, 2);
		text(d, "\n\t    ");
		text_name(d, bgp_ext_names, type, "unknown extd community typecode");
		text(d, " (0x"), text_x(d, type, 4);
		text(d, "), Flags ["), text_bits(d, ext_flags, type, ", ", "none");
		text_char(d, ']');
		if (!have(d, p, 8))
			return false;
		text(d, ": ");
		text_extended(d, type, p);
	}
	return true;
}

/* Where the tunnel of a multicast VPN ends, by its type: a node, and what follows it. */
static const struct pmsi {
	const char *node, *then;
	enum { PMSI_NONE, PMSI_GROUP, PMSI_NUMBER } second;
} pmsis[] = {
	[1] = { "\n\t      Extended-Tunnel-ID ", ", P2MP-ID 0x", PMSI_NUMBER },
	[2] = { "\n\t      Root-Node ", ", LSP-ID 0x", PMSI_NUMBER },
	[3] = { "\n\t      Root-Node ", ", P-Group ", PMSI_GROUP },
	[4] = { "\n\t      Sender ", ", P-Group ", PMSI_GROUP },
	[5] = { "\n\t      Sender ", ", P-Group ", PMSI_GROUP },
	[6] = { "\n\t      Tunnel-Endpoint ", "", PMSI_NONE },
	[7] = { "\n\t      Root-Node ", ", LSP-ID 0x", PMSI_NUMBER },
};

static bool
pmsi_tunnel(struct dis *d, const uint8_t *p, uint32_t len)
{
	const struct pmsi *m;
	unsigned type;

	if (!have(d, p, 5) || len < 5)
		return false;
	type = p[1];
	put_field(d, &bgp_fields[B_PMSI_FLAGS], p, 1);
	put_field(d, &bgp_fields[B_PMSI_TYPE], p + 1, 1);
	put_field(d, &bgp_fields[B_PMSI_LABEL], p + 2, 3);
	text(d, "\n\t    Tunnel-type ");
	text_name(d, bgp_pmsi_names, type, "Unknown");
	text(d, " ("), text_u(d, type);
	text(d, "), Flags ["), text_bits(d, pmsi_flags, p[0], ", ", "none");
	text(d, "], MPLS Label "), text_u(d, be24(d, p + 2) >> 4);
	p += 5;
	len -= 5;
	if (type == 0 || type >= sizeof pmsis / sizeof *pmsis) {
		if (d->v <= 1)
			text_unknown(d, p, "\n\t      ", len);
		return true;
	}
	m = &pmsis[type];
	need(d, p, m->second == PMSI_NONE ? 4 : 8);
	text(d, m->node), text_ip4(d, p);
	text(d, m->then);
	if (m->second == PMSI_GROUP)
		text_ip4(d, p + 4);
	else if (m->second == PMSI_NUMBER)
		text_x(d, raw32(p + 4), 8);
	return true;
}

static bool
igp_metric(struct dis *d, const uint8_t *p, uint32_t len)
{
	while (len >= 3) {
		unsigned type = u8(d, p), n = be16(d, p + 1);

		p += 3;
		len -= 3;
		text(d, "\n\t    ");
		text_name(d, aigp_tlvs, type, "Unknown");
		text(d, " TLV ("), text_u(d, type);
		text(d, "), length "), text_u(d, n);
		if (n < 3)
			return false;
		n -= 3;
		if (!have(d, p, n) || len < n)
			return false;
		if (type == 1) {
			if (n < 8)
				return false;
			put_field(d, &bgp_fields[B_AIGP], p, 8);
			text(d, ", metric "), text_u(d, be64(d, p));
		} else if (d->v <= 1) {
			text_unknown(d, p, "\n\t      ", n);
		}
		p += n;
		len -= n;
	}
	return true;
}

/* A customer's attributes inside ours. *left is what was not looked at. */
static bool
attribute_set(struct dis *d, const uint8_t *p, uint32_t len, unsigned depth, uint32_t *remains)
{
	const uint8_t *end = p + len;

	*remains = len;
	if (!have(d, p, 4) || len < 4)
		return false;
	put_field(d, &bgp_fields[B_SET_AS], p, 4);
	text(d, "\n\t    Origin AS: "), text_as(d, raw32(p));
	p += 4;
	while (p < end) {
		unsigned flags, type, width, n;

		*remains = (uint32_t)(end - p);
		if (!have(d, p, 2))
			return false;
		if (end - p < 2) {
			text(d, " [path attr too short]");
			return true;
		}
		flags = p[0];
		type = p[1];
		width = flags & 0x10 ? 2 : 1;
		p += 2;
		*remains = (uint32_t)(end - p);
		if (!have(d, p, width))
			return false;
		if (end - p < (ptrdiff_t)width) {
			text(d, " [path attr too short]");
			return true;
		}
		n = width == 2 ? raw16(p) : p[0];
		put_field(d, &bgp_fields[B_ATTR_FLAGS], p - 2, 1);
		put_field(d, &bgp_fields[B_ATTR], p - 1, 1);
		put_value(d, &bgp_fields[B_ATTR_LEN], n);
		p += width;
		*remains = (uint32_t)(end - p);
		text(d, "\n\t      ");
		bgp_text_attr(d, flags, type, n);
		text(d, ": ");
		if (end - p < (ptrdiff_t)n) {
			text(d, " [path attr too short]");
			return true;
		}
		if (depth == SET_DEPTH)
			text(d, "(too many nested levels, not recursing)");
		else if (!bgp_attr(d, type, p, n, depth + 1))
			return false;
		p += n;
	}
	*remains = 0;
	return true;
}

/* Attributes that have one length only, or a multiple of one; 0: any. */
static bool
length_fits(unsigned type, uint32_t len)
{
	switch (type) {
	case ORIGIN:
		return len == 1;
	case NEXT_HOP:
	case MED:
	case LOCAL_PREF:
	case ORIGINATOR:
		return len == 4;
	case ATOMIC:
		return len == 0;
	case AGGREGATOR:
		return len == 6 || len == 8;
	case AGGREGATOR4:
		return len == 8;
	case COMMUNITY:
	case CLUSTERS:
		return len % 4 == 0;
	case EXTENDED:
		return len % 8 == 0;
	case LARGE:
		return len && len % 12 == 0;
	default:
		return true;
	}
}

static void
text_plain(struct dis *d, enum bgp_field f, const uint8_t *p)
{
	put_field(d, &bgp_fields[f], p, 4);
	if (bgp_fields[f].type == IP4)
		text_ip4(d, p);
	else
		text_u(d, be32(d, p));
}

/* The value alone. *dump becomes what of it -vv shows in hex afterwards. */
static bool
value(struct dis *d, unsigned type, const uint8_t *p, uint32_t len, unsigned depth, uint32_t *dump)
{
	if (!length_fits(type, len))
		return wrong_length(d);
	switch (type) {
	case ORIGIN:
		put_field(d, &bgp_fields[B_ORIGIN], p, 1);
		text_name(d, bgp_origin_names, u8(d, p), "Unknown Origin Typecode");
		return true;
	case AS_PATH:
	case AS4_PATH:
		return as_path(d, type, p, len);
	case NEXT_HOP:
		text_plain(d, B_NEXT_HOP, p);
		return true;
	case MED:
		text_plain(d, B_MED, p);
		return true;
	case LOCAL_PREF:
		text_plain(d, B_LOCAL_PREF, p);
		return true;
	case ATOMIC:
		return true;
	case AGGREGATOR:
	case AGGREGATOR4:
		return aggregator(d, p, len);
	case COMMUNITY:
		return communities(d, p, len);
	case ORIGINATOR:
		text_plain(d, B_ORIGINATOR, p);
		return true;
	case CLUSTERS:
		clusters(d, p, len);
		return true;
	case REACH:
		return bgp_reach(d, p, len);
	case UNREACH:
		return bgp_unreach(d, p, len);
	case EXTENDED:
		return extended_communities(d, p, len);
	case PMSI:
		return pmsi_tunnel(d, p, len);
	case AIGP:
		return igp_metric(d, p, len);
	case SET:
		return attribute_set(d, p, len, depth, dump);
	case LARGE:
		large_communities(d, p, len);
		*dump = 0;
		return true;
	default:
		if (!have(d, p, len))
			return false;
		text(d, "\n\t    no Attribute "), text_u(d, type), text(d, " decoder");
		if (d->v <= 1)
			text_unknown(d, p, "\n\t    ", len);
		return true;
	}
}

bool
bgp_attr(struct dis *d, unsigned type, const uint8_t *p, uint32_t len, unsigned depth)
{
	uint32_t dump = len;

	if (!value(d, type, p, len, depth, &dump))
		return false;
	if (d->v > 1 && dump) {
		if (!have(d, p, dump))
			return false;
		text_unknown(d, p, "\n\t    ", dump);
	}
	return true;
}
