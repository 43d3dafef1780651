/* IS-IS: neighbours and prefixes that are reachable. RFC 5305, RFC 5307, RFC 5308, RFC 5120; segments of RFC 8667. */
#include "proto/routing/isis.h"

#define LINE "\n\t      "
#define SUB_LINE LINE "  "

enum {
	SUB_GROUP = 3, SUB_LINK_IDS = 4, SUB_REMOTE_ID = 5, SUB_INTERFACE = 6, SUB_NEIGHBOR = 8, SUB_MAX_BW = 9,
	SUB_RESERVABLE_BW = 10, SUB_UNRESERVED_BW = 11, SUB_CONSTRAINTS_OLD = 12, SUB_TE_METRIC = 18, SUB_ATTRIBUTE = 19,
	SUB_PROTECTION = 20, SUB_SWITCHING = 21, SUB_CONSTRAINTS = 22, SUB_SPB_METRIC = 29, SUB_LAN_SEGMENT = 32,
};
static const struct name neighbor_subs[] = {
	{ 3, "Administrative groups" }, { 4, "Link Local/Remote Identifier" },
	{ 5, "Link Remote Identifier" }, { 6, "IPv4 interface address" },
	{ 8, "IPv4 neighbor address" }, { 9, "Maximum link bandwidth" },
	{ 10, "Reservable link bandwidth" }, { 11, "Unreserved bandwidth" },
	{ 12, "Bandwidth Constraints (old)" }, { 18, "Traffic Engineering Metric" },
	{ 19, "Link Attribute" }, { 20, "Link Protection Type" },
	{ 21, "Interface Switching Capability" }, { 22, "Bandwidth Constraints" },
	{ 29, "SPB Metric" }, { 32, "LAN Adjacency Segment Identifier" },
	{ 250, "Reserved for cisco specific extensions" },
	{ 251, "Reserved for cisco specific extensions" },
	{ 252, "Reserved for cisco specific extensions" },
	{ 253, "Reserved for cisco specific extensions" },
	{ 254, "Reserved for cisco specific extensions" },
	{ 255, "Reserved for future expansion" }, { 0, NULL }
};

enum { SUB_TAG32 = 1, SUB_TAG64 = 2, SUB_PREFIX_SID = 3, SUB_COLOR = 117 };
static const struct name prefix_subs[] = {
	{ 1, "32-Bit Administrative tag" }, { 2, "64-Bit Administrative tag" },
	{ 3, "Prefix SID" }, { 117, "Management Prefix Color" }, { 0, NULL }
};

enum { SID_VALUE = 0x08, LAN_SID_VALUE = 0x20, LAN_SID_LOCAL = 0x10, SUB_SR = 2 };
static const struct name sid_flags[] = {
	{ 0x80, "Readvertisement" }, { 0x40, "Node" }, { 0x20, "No-PHP" },
	{ 0x10, "Explicit NULL" }, { 0x08, "Value" }, { 0x04, "Local" }, { 0, NULL }
};
static const struct name algorithms[] = {
	{ 0, "SPF" }, { 1, "strict-SPF" }, { 0, NULL }
};
static const struct name link_attributes[] = {
	{ 0x01, "Local Protection Available" },
	{ 0x02, "Link excluded from local protection path" },
	{ 0x04, "Local maintenance required" }, { 0, NULL }
};
static const struct name lan_sid_flags[] = {
	{ 0x80, "Address family IPv6" }, { 0x40, "Backup" }, { 0x20, "Value" },
	{ 0x10, "Local significance" }, { 0x08, "Set of adjacencies" }, { 0x04, "Persistent" },
	{ 0, NULL }
};
static const struct name sr_flags[] = {
	{ 0x80, "ipv4" }, { 0x40, "ipv6" }, { 0, NULL }
};
static const struct name capability_subs[] = {
	{ 2, "SR-Capabilities" }, { 0, NULL }
};
static const struct name topology_flags[] = {
	{ 0x4000, "ATT bit set" }, { 0x8000, "Overload bit set" }, { 0, NULL }
};

/* --- neighbours ------------------------------------------------------------------------------------------------ */

/* Bytes a second as an IEEE single, said as Mbit/s. */
static void
text_bandwidth(struct dis *d, const uint8_t *p)
{
	uint32_t bits = be32(d, p);
	float f;

	memcpy(&f, &bits, sizeof f);
	text_fmt(d, "%.3f Mbps", (double)(f * 8 / 1000000));
}

/* The bandwidths of eight classes or priorities. */
static void
text_bandwidths(struct dis *d, const char *label, const uint8_t *p)
{
	for (unsigned i = 0; i < 8; i++) {
		text(d, label), text_u(d, i), text(d, ": ");
		text_bandwidth(d, p + 4 * i);
	}
}

/* RFC 5307 section 1.3. */
static void
text_switching(struct dis *d, const uint8_t *p, unsigned n)
{
	unsigned kind = p[0];

	text(d, SUB_LINE "  Interface Switching Capability:");
	text_name(d, gmpls_switching_names, kind, "Unknown");
	text(d, ", LSP Encoding: "), text_name(d, gmpls_encoding_names, p[1], "Unknown");
	text(d, SUB_LINE "  Max LSP Bandwidth:");
	text_bandwidths(d, SUB_LINE "    priority level ", p + 4);
	p += 36;
	n -= 36;
	if (kind >= 1 && kind <= 4) {
		if (n < 6)
			return;
		text(d, SUB_LINE "  Min LSP Bandwidth: "), text_bandwidth(d, p);
		text(d, SUB_LINE "  Interface MTU: "), text_u(d, be16(d, p + 4));
	} else if (kind == 100) {
		if (n < 8)
			return;
		text(d, SUB_LINE "  Min LSP Bandwidth: "), text_bandwidth(d, p);
		text(d, SUB_LINE "  Indication "), text_name(d, gmpls_sonet_names, u8(d, p + 4), "Unknown (%u)");
	} else if (n) {
		text_unknown(d, p, "\n\t\t    ", n);
	}
}

/* RFC 8667 section 2.2.2. */
static void
text_lan_segment(struct dis *d, const uint8_t *p)
{
	bool value = p[0] & LAN_SID_VALUE, local = p[0] & LAN_SID_LOCAL;

	text(d, SUB_LINE "  Flags: ["), text_bits(d, lan_sid_flags, p[0], ", ", "none");
	text(d, "]" SUB_LINE "  Weight: "), text_u(d, p[1]);
	osi_text_id(d, SUB_LINE "  Neighbor System-ID: ", p + 2, OSI_SYSTEM_ID);
	if (value && local)
		text_be(d, SUB_LINE "  Label: ", p + 8, 3);
	else if (!value && !local)
		text_be(d, SUB_LINE "  Index: ", p + 8, 4);
	else
		text_invalid(d);
}

/*
 * The value of a sub-TLV, n captured bytes. What it returns are bytes that do not count as taken from the TLV around:
 * tcpdump forgets them there.
 */
static unsigned
text_neighbor_sub(struct dis *d, unsigned type, const uint8_t *p, unsigned n)
{
	unsigned i;

	switch (type) {
	case SUB_GROUP:
	case SUB_LINK_IDS:
	case SUB_REMOTE_ID:
		if (n >= 4)
			text(d, ", 0x"), text_x(d, raw32(p), 8);
		if (n == 8)
			text(d, ", 0x"), text_x(d, raw32(p + 4), 8);
		return 0;
	case SUB_INTERFACE:
	case SUB_NEIGHBOR:
		if (n >= 4)
			text(d, ", "), text_ip4(d, p);
		return 0;
	case SUB_MAX_BW:
	case SUB_RESERVABLE_BW:
		if (n >= 4)
			text(d, ", "), text_bandwidth(d, p);
		return 0;
	case SUB_UNRESERVED_BW:
		if (n < 32)
			return 0;
		text_bandwidths(d, SUB_LINE "  TE-Class ", p);
		return 32;
	case SUB_CONSTRAINTS:
	case SUB_CONSTRAINTS_OLD:
		if (n == 0)
			return 0;
		text(d, SUB_LINE "Bandwidth Constraints Model ID: ");
		text_name(d, diffserv_model_names, p[0], "unknown");
		text(d, " ("), text_u(d, p[0]), text_char(d, ')');
		for (i = 0; 5 + 4 * i <= n; i++) {
			text(d, SUB_LINE "  Bandwidth constraint CT"), text_u(d, i), text(d, ": ");
			text_bandwidth(d, p + 1 + 4 * i);
		}
		return 1 + 4 * i;
	case SUB_TE_METRIC:
		if (n >= 3)
			text(d, ", "), text_u(d, be24(d, p));
		return 0;
	case SUB_ATTRIBUTE:
		if (n == 2) {
			text(d, ", [ "), text_bits(d, link_attributes, raw16(p), ", ", "Unknown");
			text(d, " ] (0x"), text_x(d, raw16(p), 4), text_char(d, ')');
		}
		return 0;
	case SUB_PROTECTION:
		if (n >= 2) {
			text(d, ", "), text_bits(d, gmpls_protection_names, p[0], ", ", "none");
			text(d, ", Priority "), text_u(d, p[1]);
		}
		return 0;
	case SUB_SPB_METRIC:
		if (n < 6)
			return 0;
		text(d, ", LM: "), text_u(d, be24(d, p));
		text(d, ", P: "), text_u(d, p[3]);
		text(d, ", P-ID: "), text_u(d, raw16(p + 4));
		return 4;
	case SUB_SWITCHING:
		if (n < 36)
			return 0;
		text_switching(d, p, n);
		return 36;
	case SUB_LAN_SEGMENT:
		if (n < 8)
			return 0;
		text_lan_segment(d, p);
		return 2;
	default:
		text_unknown(d, p, "\n\t\t    ", n);
		return 0;
	}
}

/* sum bytes of sub-TLVs in a TLV of which room bytes are left: the bytes taken, or 0 when they are cut short. */
static bool
text_neighbor_subs(struct dis *d, const uint8_t *p, unsigned sum, unsigned room, unsigned *took)
{
	const uint8_t *from = p;
	unsigned beyond = 0;

	while (sum) {
		unsigned type, n, forgotten;

		if (!have(d, p, 2))
			return false;
		if (room < 2) {
			text(d, SUB_LINE "Remaining data in TLV shorter than a subTLV header");
			beyond = room;
			break;
		}
		if (sum < 2) {
			text(d, SUB_LINE "Remaining data in subTLVs shorter than a subTLV header");
			beyond = sum;
			break;
		}
		type = p[0];
		n = p[1];
		put_field(d, &isis_fields[I_SUB], p, 1);
		put_field(d, &isis_fields[I_SUB_LEN], p + 1, 1);
		p += 2;
		room -= 2;
		sum -= 2;
		text(d, SUB_LINE), text_name(d, neighbor_subs, type, "unknown");
		text(d, " subTLV #"), text_u(d, type);
		text(d, ", length: "), text_u(d, n);
		if (sum < n) {
			text(d, " (remaining data in subTLVs shorter than the current subTLV)");
			beyond = sum;
			break;
		}
		if (room < n) {
			text(d, " (> remaining tlv length)");
			beyond = room;
			break;
		}
		if (!have(d, p, n))
			return false;
		forgotten = text_neighbor_sub(d, type, p, n);
		p += n;
		room -= n - forgotten;
		sum -= n;
	}
	*took = (unsigned)(p - from) + beyond;
	return true;
}

/* One neighbour: the bytes it took, or 0 when it is cut short. */
static unsigned
text_neighbor(struct dis *d, const uint8_t *p, unsigned room, bool alias)
{
	unsigned head = OSI_NODE_ID + (alias ? 0 : 3), sum, subs = 0;

	if (!have(d, p, OSI_NODE_ID) || room < OSI_NODE_ID)
		return 0;
	osi_text_id_field(d, LINE "IS Neighbor: ", p, OSI_NODE_ID, &isis_fields[I_NEIGHBOR]);
	if (!alias) {
		if (!have(d, p, head) || room < head)
			return 0;
		put_field(d, &isis_fields[I_METRIC], p + OSI_NODE_ID, 3);
		text(d, ", Metric: "), text_u(d, be24(d, p + OSI_NODE_ID));
	}
	if (!have(d, p, head + 1) || room < head + 1)
		return 0;
	sum = p[head];
	head++;
	if (sum == 0) {
		text(d, ", no sub-TLVs present");
		return head;
	}
	text(d, ", sub-TLVs present ("), text_u(d, sum), text_char(d, ')');
	return text_neighbor_subs(d, p + head, sum, room - head, &subs) ? head + subs : 0;
}

static void
text_rest(struct dis *d, unsigned is, unsigned than)
{
	text_bad(d, "remaining tlv length", is, "<", than);
}

enum isis_end
isis_neighbors(struct dis *d, const uint8_t *p, unsigned len, bool alias)
{
	while (len) {
		unsigned n = text_neighbor(d, p, len, alias);

		if (n == 0)
			return ISIS_CUT;
		if (len < n) {
			text_rest(d, len, n);
			break;
		}
		len -= n;
		p += n;
	}
	return ISIS_GOOD;
}

unsigned
isis_topology(struct dis *d, const uint8_t *p, unsigned len)
{
	unsigned v;

	if (len < 2)
		return 0;
	v = be16(d, p);
	put_field(d, &isis_fields[I_MT], p, 2);
	text(d, LINE), text_name(d, isis_topology_names, v & 0x0fff, "Reserved for IETF Consensus");
	text(d, " Topology (0x"), text_x(d, v & 0x0fff, 3);
	text(d, "), Flags: ["), text_bits(d, topology_flags, v & 0xf000, ", ", "none");
	text_char(d, ']');
	return 2;
}

/* --- prefixes -------------------------------------------------------------------------------------------------- */

static bool
text_prefix_sub(struct dis *d, unsigned type, const uint8_t *p, unsigned n)
{
	unsigned flags;

	put_field(d, &isis_fields[I_SUB], p - 2, 1);
	put_field(d, &isis_fields[I_SUB_LEN], p - 1, 1);
	text(d, SUB_LINE), text_name(d, prefix_subs, type, "unknown");
	text(d, " subTLV #"), text_u(d, type);
	text(d, ", length: "), text_u(d, n);
	if (!have(d, p, n))
		return false;
	switch (type) {
	case SUB_COLOR:
	case SUB_TAG32:
		for (; n >= 4; n -= 4, p += 4) {
			text(d, ", 0x"), text_x(d, raw32(p), 8);
			text(d, " (="), text_u(d, raw32(p)), text_char(d, ')');
		}
		return true;
	case SUB_TAG64:
		for (; n >= 8; n -= 8, p += 8)
			text(d, ", 0x"), text_x(d, raw32(p), 8), text_x(d, raw32(p + 4), 8);
		return true;
	case SUB_PREFIX_SID:
		flags = u8(d, p);
		need(d, p, 2);
		if (n < (flags & SID_VALUE ? 5 : 6))
			return false;
		put_field(d, &isis_fields[I_SID], p + 2, flags & SID_VALUE ? 3 : 4);
		text(d, ", Flags ["), text_bits(d, sid_flags, flags, ", ", "None");
		text(d, "], Algo "), text_name(d, algorithms, p[1], "Unknown");
		text(d, " ("), text_u(d, p[1]);
		text(d, flags & SID_VALUE ? "), label " : "), index ");
		text_u(d, flags & SID_VALUE ? be24(d, p + 2) : be32(d, p + 2));
		return true;
	default:
		text_unknown(d, p, "\n\t\t    ", n);
		return true;
	}
}

/* One prefix: the bytes it took, or 0 when it makes no sense. Nothing here knows how long the TLV is. */
static unsigned
text_prefix(struct dis *d, const uint8_t *p, bool six)
{
	uint32_t metric = be32(d, p), from;
	unsigned status = u8(d, p + 4), bits = six ? u8(d, p + 5) : status & 0x3f, bytes = (bits + 7) / 8;
	unsigned took = six ? 6 : 5, sum;
	bool subs = status & (six ? 0x20 : 0x40);

	if (bits > (six ? 128 : 32)) {
		text(d, six ? LINE "IPv6 prefix: bad bit length " : LINE "IPv4 prefix: bad bit length ");
		text_u(d, bits);
		return 0;
	}
	need(d, p + took, bytes);
	put_field(d, &isis_fields[I_PREFIX_METRIC], p, 4);
	put_value(d, &isis_fields[I_DOWN], status >> 7);
	put_value(d, &isis_fields[I_PREFIX_LEN], bits);
	put_net(d, &isis_fields[six ? I_PREFIX6 : I_PREFIX4], p + took, bits, six ? 16 : 4);
	text(d, six ? LINE "IPv6 prefix: " : LINE "IPv4 prefix: ");
	from = text_at(d);
	/* Bits behind the prefix in its last byte are shown. */
	if (six)
		text_net6(d, p + took, bytes * 8);
	else
		text_net4(d, p + took, bytes * 8), text_pad_left(d, from, 15);
	text_char(d, '/'), text_u(d, bits);
	took += bytes;
	text(d, status & 0x80 ? ", Distribution: down, Metric: " : ", Distribution: up, Metric: ");
	text_u(d, metric);
	if (six)
		text(d, status & 0x40 ? ", External" : ", Internal");
	if (!subs)
		return took;
	text(d, ", sub-TLVs present");
	sum = u8(d, p + took);
	text(d, " ("), text_u(d, sum), text_char(d, ')');
	p += took + 1;
	took += sum + 1;
	/* A sub-TLV longer than their sum makes this go on until the packet ends. */
	while (sum) {
		unsigned type = u8(d, p), n = u8(d, p + 1);

		p += 2;
		if (!text_prefix_sub(d, type, p, n)) {
			text_trunc(d);
			return 0;
		}
		p += n;
		sum -= n + 2;
	}
	return took;
}

enum isis_end
isis_prefixes(struct dis *d, const uint8_t *p, unsigned len, bool six)
{
	while (len) {
		unsigned n = text_prefix(d, p, six);

		if (n == 0)
			return ISIS_CUT;
		if (len < n) {
			text_rest(d, len, n);
			break;
		}
		len -= n;
		p += n;
	}
	return ISIS_GOOD;
}

/* --- narrow metrics, ISO 10589 and RFC 1195 ---------------------------------------------------------------------- */

static void
text_metric(struct dis *d, unsigned m)
{
	text_u(d, m & 0x3f);
	text(d, m & 0x40 ? ", External" : ", Internal");
}

/* Delay, expense and error, as far as they are supported. */
static void
text_more_metrics(struct dis *d, const char *indent, const uint8_t *p)
{
	static const char *const what[] = { "  Delay Metric: ", "  Expense Metric: ", "  Error Metric: " };

	for (unsigned i = 0; i < 3; i++)
		if (!(p[1 + i] & 0x80)) {
			text(d, indent), text(d, what[i]);
			text_metric(d, p[1 + i]);
		}
}

void
isis_metrics(struct dis *d, const uint8_t *p)
{
	text(d, ", Default Metric: "), text_metric(d, p[0]);
	text_more_metrics(d, "\n\t\t", p);
}

enum isis_end
isis_old_prefixes(struct dis *d, const uint8_t *p, unsigned len)
{
	enum { SIZE = 12 };

	for (; len; len -= SIZE, p += SIZE) {
		uint32_t mask, from;
		unsigned bits;

		if (len < SIZE) {
			text(d, "short IPv4 Reachability ("), text_u(d, len);
			text(d, " vs "), text_u(d, SIZE), text_char(d, ')');
			return ISIS_STOP;
		}
		if (!have(d, p, SIZE))
			return ISIS_STOP;
		mask = raw32(p + 8);
		bits = (unsigned)__builtin_popcount(mask);
		put_field(d, &isis_fields[I_PREFIX4], p + 4, 4);
		put_value(d, &isis_fields[I_PREFIX_METRIC], p[0] & 0x3f);
		put_value(d, &isis_fields[I_DOWN], p[0] >> 7);
		text(d, LINE "IPv4 prefix: ");
		from = text_at(d);
		text_ip4(d, p + 4);
		if (bits == 0 || mask == UINT32_MAX << (32 - bits)) {
			put_value(d, &isis_fields[I_PREFIX_LEN], bits);
			text_pad_left(d, from, 15);
			text_char(d, '/'), text_u(d, bits);
		} else {
			text(d, " mask "), text_ip4(d, p + 8);
		}
		text(d, p[0] & 0x80 ? ", Distribution: down, Metric: " : ", Distribution: up, Metric: ");
		text_metric(d, p[0]);
		text_more_metrics(d, LINE, p);
	}
	return ISIS_GOOD;
}

/* --- router capabilities, RFC 7981 ------------------------------------------------------------------------------- */

/* The segment routing block, RFC 8667 section 3.1. n shorter than the fixed part wraps around at 8 bits. */
static void
text_block(struct dis *d, const uint8_t *p, unsigned n)
{
	uint8_t len = (uint8_t)(n - 4);

	need(d, p, 4);
	put_field(d, &isis_fields[I_SRGB], p + 1, 3);
	text(d, ", Flags ["), text_bits(d, sr_flags, p[0], ", ", "None");
	text(d, "], Range "), text_u(d, be24(d, p + 1));
	for (p += 4; len >= 5; ) {
		unsigned type = u8(d, p), sid = u8(d, p + 1);

		len = (uint8_t)(len - 2);
		p += 2;
		if (sid > len)
			break;
		if (type != 1) {
			text_unknown(d, p, "\n\t\t  ", sid);
		} else if (sid == 3 || sid == 4) {
			text_be(d, ", SID value ", p, sid);
		} else {
			text(d, ", Unknown SID length"), text_u(d, sid);
		}
		p += sid;
		len = (uint8_t)(len - sid);
	}
}

void
isis_capability(struct dis *d, const uint8_t *p, unsigned len)
{
	while (len >= 2) {
		unsigned type = u8(d, p), n = u8(d, p + 1);

		put_field(d, &isis_fields[I_SUB], p, 1);
		put_field(d, &isis_fields[I_SUB_LEN], p + 1, 1);
		p += 2;
		len -= 2;
		text(d, "\n\t\t"), text_name(d, capability_subs, type, "unknown");
		text(d, " subTLV #"), text_u(d, type);
		text(d, ", length: "), text_u(d, n);
		if (n > len || !have(d, p, n))
			return;
		if (type == SUB_SR)
			text_block(d, p, n);
		else
			text_unknown(d, p, "\n\t\t", n);
		p += n;
		len -= n;
	}
}
