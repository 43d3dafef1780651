/*
 * Resource Reservation Protocol: objects with lists of their own inside. RFC 2210 and RFC 2215 (integrated services),
 * RFC 3209 section 4.3 (routes), RFC 2747 (integrity), OIF-UNI-01.0 section 12.5.2.3, and a vendor's properties.
 */
#include "proto/routing/rsvp.h"

#define VALUE "\n\t\t"

enum { WORD = 4 };

static void
put(struct dis *d, enum rsvp_field f, const uint8_t *p, unsigned n)
{
	put_field(d, &rsvp_fields[f], p, n);
}

/* --- integrated services ------------------------------------------------------------------------------------------ */

static const struct name services[] = {
	{ 1, "Default/Global Information" }, { 2, "Guaranteed Service" }, { 5, "Controlled Load" }, { 0, NULL }
};

/* An IEEE number of four bytes; those that are rates count bytes a second. */
static float
number(const uint8_t *p)
{
	uint32_t word = raw32(p);
	float f;

	memcpy(&f, &word, sizeof f);
	return f;
}

static void
text_rate(struct dis *d, const char *label, const uint8_t *p)
{
	text(d, label);
	text_fmt(d, "%.10g Mbps", (double)(number(p) / 125000));
}

static void
hop_count(struct dis *d, const uint8_t *p)
{
	text_be(d, VALUE "IS hop count: ", p, WORD);
}

static void
bandwidth(struct dis *d, const uint8_t *p)
{
	text_rate(d, VALUE "Path b/w estimate: ", p);
}

static void
latency(struct dis *d, const uint8_t *p)
{
	text(d, VALUE "Minimum path latency: ");
	if (raw32(p) == 0xffffffff)
		text(d, "don't care");
	else
		text_u(d, raw32(p));
}

static void
mtu(struct dis *d, const uint8_t *p)
{
	text_be(d, VALUE "Composed MTU: ", p, WORD);
	text(d, " bytes");
}

static void
bucket(struct dis *d, const uint8_t *p)
{
	put(d, RF_MIN_UNIT, p + 12, WORD);
	put(d, RF_MAX_SIZE, p + 16, WORD);
	text_rate(d, VALUE "Token Bucket Rate: ", p);
	text_fmt(d, VALUE "Token Bucket Size: %.10g bytes", (double)number(p + 4));
	text_rate(d, VALUE "Peak Data Rate: ", p + 8);
	text_fmt(d, VALUE "Minimum Policed Unit: %u bytes", raw32(p + 12));
	text_fmt(d, VALUE "Maximum Packet Size: %u bytes", raw32(p + 16));
}

static void
guarantee(struct dis *d, const uint8_t *p)
{
	text_rate(d, VALUE "Rate: ", p);
	text_be(d, VALUE "Slack Term: ", p + 4, WORD);
}

static void
plain(struct dis *d, const uint8_t *p)
{
	text_be(d, VALUE "Value: ", p, WORD);
}

/* A parameter of a service is shown when it is as long as it should be. */
static const struct parameter {
	uint8_t id, len;
	const char *name;
	void (*say)(struct dis *d, const uint8_t *p);
} parameters[] = {
	{ 4, 4, "IS hop cnt", hop_count },
	{ 6, 4, "Path b/w estimate", bandwidth },
	{ 8, 4, "Minimum path latency", latency },
	{ 10, 4, "Composed MTU", mtu },
	{ 127, 20, "Token Bucket TSpec", bucket },
	{ 130, 8, "Guaranteed Service RSpec", guarantee },
	{ 133, 4, "End-to-end composed value for C", plain },
	{ 134, 4, "End-to-end composed value for D", plain },
	{ 135, 4, "Since-last-reshaping point composed C", plain },
	{ 136, 4, "Since-last-reshaping point composed D", plain },
};

/* The parameter at p, of which n bytes are in the object; how long it is, or 0 when it runs past them. */
static unsigned
parameter(struct dis *d, const uint8_t *p, unsigned n)
{
	const struct parameter *row = NULL;
	unsigned len;

	if (n < WORD)
		return 0;
	put(d, RF_PARAM, p, 1);
	put(d, RF_PARAM_FLAGS, p + 1, 1);
	put(d, RF_PARAM_LEN, p + 2, 2);
	len = raw16(p + 2) * WORD;
	for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++)
		if (parameters[i].id == p[0])
			row = &parameters[i];
	text_fmt(d, "\n\t      Parameter ID: %s (%u), length: %u, Flags: [0x%02x]", row ? row->name : "unknown", p[0], len, p[1]);
	if (n < len + WORD)
		return 0;
	if (row == NULL) {
		if (d->v <= 1)
			text_unknown(d, p + WORD, VALUE, len);
	} else if (row->len == len) {
		row->say(d, p + WORD);
	}
	return len + WORD;
}

enum rsvp_end
rsvp_intserv(struct dis *d, const struct rsvp_object *o)
{
	const uint8_t *p = o->p + WORD;
	unsigned n = o->n - WORD;

	rsvp_line(d, o, "Msg-Version: ");
	text_fmt(d, "%u, length: %u", o->p[0] >> 4, raw16(o->p + 2) * WORD);
	while (n >= WORD) {
		uint32_t service = raw16(p + 2) * WORD;

		put(d, RF_SERVICE, p, 1);
		rsvp_line(d, o, "Service Type: ");
		text_name(d, services, p[0], "unknown");
		text_fmt(d, " (%u), break bit %sset, Service length: %u", p[0], p[1] & 0x80 ? "" : "not ", service);
		p += WORD;
		n -= WORD;
		while (service >= WORD) {
			unsigned done = parameter(d, p, n);

			if (done == 0)
				break;
			p += done;
			n -= done;
			service -= done;	/* a parameter longer than its service makes it endless: n ends it then */
		}
	}
	return RSVP_GOOD;
}

/* --- routes -------------------------------------------------------------------------------------------------------- */

enum { HOP_IPV4 = 1, HOP_LABEL = 3, HOP_SIZE = 8, LOOSE = 0x80 };
static const struct name hops[] = {
	{ 0, "Reserved" }, { HOP_IPV4, "IPv4 prefix" }, { 2, "IPv6 prefix" }, { HOP_LABEL, "Label" },
	{ 32, "Autonomous system number" }, { 64, "MPLS label switched path termination" }, { 0, NULL }
};
static const struct name hop_flags[] = {
	{ 0x01, "Local protection available" }, { 0x02, "Local protection in use" }, { 0x04, "Bandwidth protection" },
	{ 0x08, "Node protection" }, { 0, NULL }
};
static const struct name label_flags[] = { { 0x01, "Global" }, { 0, NULL } };

static bool
hop_ip4(struct dis *d, const uint8_t *p)
{
	put(d, RF_HOPS_LOOSE, p, 1);
	put(d, RF_HOPS_IP, p + 2, 4);
	put(d, RF_HOPS_PREFIX, p + 6, 1);
	put(d, RF_HOPS_FLAGS, p + 7, 1);
	if (p[6] != 32) {
		text_fmt(d, " ERROR: Prefix length %u != 32", p[6]);
		return false;
	}
	text(d, p[0] & LOOSE ? ", Loose, " : ", Strict, ");
	text_ip4(d, p + 2);
	text(d, "/32, Flags: [");
	text_bits(d, hop_flags, p[7], ", ", "none");
	text_char(d, ']');
	return true;
}

static void
hop_label(struct dis *d, const uint8_t *p)
{
	const struct rsvp_form *form = rsvp_form_of(RSVP_RRO, p[3]);

	put(d, RF_HOPS_FLAGS, p + 2, 1);
	put(d, RF_HOPS_LABEL, p + 4, 4);
	text(d, ", Flags: [");
	text_bits(d, label_flags, p[2], ", ", "none");
	text_fmt(d, "] (%#x), Class-Type: %s (%u), %u", p[2], form ? form->name : "Unknown", p[3], raw32(p + 4));
}

enum rsvp_end
rsvp_route(struct dis *d, const struct rsvp_object *o)
{
	const uint8_t *p = o->p, *end = p + o->n;

	while (end - p >= WORD) {
		unsigned type = p[0] & ~LOOSE, len = p[1];

		put(d, RF_HOPS_LEN, p + 1, 1);
		rsvp_line(d, o, "Subobject Type: ");
		text_name(d, hops, type, "Unknown %u");
		text(d, ", length "), text_u(d, len);
		if (end - p < (ptrdiff_t)len) {
			rsvp_line(d, o, "ERROR: ERO subobject length > object length");
			break;
		}
		if (len == 0) {
			rsvp_line(d, o, "ERROR: zero length ERO subtype");
			break;
		}
		if (type == HOP_IPV4 || type == HOP_LABEL) {
			if (len != HOP_SIZE) {
				text(d, " ERROR: length != 8");
				return RSVP_INVALID;
			}
			if (type == HOP_LABEL)
				hop_label(d, p);
			else if (!hop_ip4(d, p))
				return RSVP_INVALID;
		}
		p += len;
	}
	return RSVP_GOOD;
}

/* --- what a client asks of an optical network ------------------------------------------------------------------------ */

enum { UNI_SOURCE = 1, UNI_DESTINATION = 2, UNI_DIVERSITY = 3, UNI_EGRESS = 4, UNI_SERVICE = 5 };
static const struct name uni_parts[] = {
	{ UNI_SOURCE, "Source TNA address" }, { UNI_DESTINATION, "Destination TNA address" }, { UNI_DIVERSITY, "Diversity" },
	{ UNI_EGRESS, "Egress label" }, { UNI_SERVICE, "Service level" }, { 0, NULL }
};

static enum rsvp_end
uni_address(struct dis *d, const struct rsvp_object *o, const uint8_t *p, unsigned n)
{
	unsigned af = p[3], size = af == AF_NUM_IP6 ? 16 : 4;

	if (af == AF_NUM_NSAP)
		return RSVP_DUMP;
	if (af != AF_NUM_IP4 && af != AF_NUM_IP6)
		return RSVP_GOOD;
	if (n < WORD + size)
		return RSVP_SUB_SHORT;
	if (p[2] == UNI_SOURCE)
		rsvp_put_address(d, RF_UNI_FROM, RF_UNI_FROM6, p + WORD, size);
	else
		rsvp_put_address(d, RF_UNI_TO, RF_UNI_TO6, p + WORD, size);
	rsvp_line(d, o, size == 4 ? "  UNI IPv4 TNA address: " : "  UNI IPv6 TNA address: ");
	rsvp_text_address(d, p + WORD, size);
	return RSVP_GOOD;
}

/* One part of n bytes, its header of four included. */
static enum rsvp_end
uni_part(struct dis *d, const struct rsvp_object *o, const uint8_t *p, unsigned n)
{
	switch (p[2]) {
	case UNI_SOURCE:
	case UNI_DESTINATION:
		return uni_address(d, o, p, n);
	case UNI_DIVERSITY:
		return n > WORD ? RSVP_DUMP : RSVP_GOOD;
	case UNI_EGRESS:
		if (n < 16)
			return RSVP_SUB_SHORT;
		put(d, RF_UNI_PORT, p + 8, 4);
		put(d, RF_UNI_LABEL, p + 12, 4);
		rsvp_line(d, o, "  U-bit: ");
		text_fmt(d, "%x, Label type: %u, Logical port id: %u, Label: %u", p[4] >> 7, p[7], raw32(p + 8), raw32(p + 12));
		return RSVP_GOOD;
	case UNI_SERVICE:
		if (n < 8)
			return RSVP_SUB_SHORT;
		put(d, RF_UNI_LEVEL, p + 4, 1);
		rsvp_line(d, o, "  Service level: ");
		text_u(d, p[4]);
		return RSVP_GOOD;
	default:
		return RSVP_DUMP;
	}
}

enum rsvp_end
rsvp_uni(struct dis *d, const struct rsvp_object *o)
{
	const uint8_t *p = o->p;
	unsigned left_over = o->n;
	enum rsvp_end all = RSVP_GOOD;

	while (left_over) {
		enum rsvp_end end;
		unsigned n;

		if (left_over < WORD)
			return RSVP_INVALID;
		n = raw16(p);
		rsvp_line(d, o, "Subobject Type: ");
		text_name(d, uni_parts, p[2], "Unknown");
		text_fmt(d, " (%u), AF: ", p[2]);
		text_name(d, af_names, p[3], "Unknown");
		text_fmt(d, " (%u), length: %u", p[3], n);
		if (n < WORD || n > left_over)
			return RSVP_INVALID;
		end = uni_part(d, o, p, n);
		if (end > RSVP_DUMP)
			return end;
		if (end == RSVP_DUMP)
			all = end;
		p += n;
		left_over -= n;
	}
	return all;
}

/* --- a vendor's properties ------------------------------------------------------------------------------------------- */

static const struct name properties[] = {
	{ 0x01, "Cos" }, { 0x02, "Metric 1" }, { 0x04, "Metric 2" }, { 0x08, "CCC Status" }, { 0x10, "Path Type" }, { 0, NULL }
};

enum rsvp_end
rsvp_properties(struct dis *d, const struct rsvp_object *o)
{
	const uint8_t *p = o->p + WORD;
	unsigned n = o->n - WORD, pad = raw16(o->p + 2);

	rsvp_line(d, o, "TLV count: ");
	text_fmt(d, "%u, padding bytes: %u", raw16(o->p), pad);
	while (n >= 2 + pad) {
		unsigned len = p[1];

		put(d, RF_JUNIPER_TYPE, p, 1);
		put(d, RF_JUNIPER_LEN, p + 1, 1);
		rsvp_line(d, o, "  ");
		text_name(d, properties, p[0], "unknown");
		text_fmt(d, " TLV (0x%02x), length: %u", p[0], len);
		if (n < len)
			return RSVP_SHORT;
		if (len < 2)
			return RSVP_TLV_SHORT;
		text_unknown(d, p + 2, VALUE, len - 2);
		p += len;
		n -= len;
	}
	return RSVP_GOOD;
}

/* --- integrity -------------------------------------------------------------------------------------------------------- */

static const struct name integrity_flags[] = { { 0x80, "Handshake" }, { 0, NULL } };

/* The checksum in the message's header counts as 0 (RFC 2747 section 4.1). */
enum rsvp_end
rsvp_integrity(struct dis *d, const struct rsvp_object *o)
{
	static const uint16_t zero[] = { 2, 3 };
	const uint8_t *key = o->p + 2, *sequence = o->p + 8, *hash = o->p + 16;

	put(d, RF_KEY, key, 6);
	put(d, RF_SEQUENCE, sequence, 8);
	put(d, RF_HASH, hash, 16);
	rsvp_line(d, o, "Key-ID 0x");
	text_hex(d, key, 6);
	text(d, ", Sequence 0x");
	text_hex(d, sequence, 8);
	text(d, ", Flags [");
	text_bits(d, integrity_flags, o->p[0], ", ", "none");
	text_char(d, ']');
	rsvp_line(d, o, "MD5-sum 0x");
	text_hex(d, hash, 16);
	text_char(d, ' ');
	text_md5_verdict(d, o->msg, o->msg_len, hash, zero, 2);
	return RSVP_GOOD;
}
