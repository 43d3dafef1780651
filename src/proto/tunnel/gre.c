/*
 * Generic Routing Encapsulation: version 0 (RFC 2784 and 2890, source routes as in RFC 1701) and the enhanced
 * version 1 that PPTP carries PPP in (RFC 2637 section 4). NVGRE (RFC 7637) is version 0 with a key.
 */
#include "dissect/dissect.h"

enum { CHECKSUM = 0x8000, ROUTING = 0x4000, KEY = 0x2000, SEQUENCE = 0x1000, ACK = 0x0080, VERSION_MASK = 7 };

enum { TYPE_OSI = 0x00fe, TYPE_ATALK = 0x809b, TYPE_IPX = 0x8137 };

/* Address families of source route entries. */
enum { ROUTE_IP = 0x0800, ROUTE_ASN = 0xfffe };

static const struct name flags[] = {
	{ CHECKSUM, "checksum present" }, { ROUTING, "routing present" }, { KEY, "key present" },
	{ SEQUENCE, "sequence# present" }, { 0x0800, "source routing present" },
	{ ACK, "ack present" }, { 0, NULL }
};

enum {
	FLAGS, F_CHECKSUM, F_ROUTING, F_KEY, F_SEQUENCE, F_STRICT, F_ACK, VERSION, TYPE, SUM, OFFSET, KEY_, PAYLOAD,
	CALL, SEQ, ACKN, R_FAMILY, R_OFFSET, R_LENGTH, R_INFO,
};
static const struct field F[] = {
	[FLAGS] = { "gre.flags_and_version", U16, .help = "Flags and version" },
	[F_CHECKSUM] = { "gre.flags.checksum", BOOL, .mask = CHECKSUM, .help = "Checksum present" },
	[F_ROUTING] = { "gre.flags.routing", BOOL, .mask = ROUTING, .help = "Routing present" },
	[F_KEY] = { "gre.flags.key", BOOL, .mask = KEY, .help = "Key present" },
	[F_SEQUENCE] = { "gre.flags.sequence_number", BOOL, .mask = SEQUENCE, .help = "Sequence number present" },
	[F_STRICT] = { "gre.flags.strict_source_route", BOOL, .mask = 0x0800, .help = "Strict source route" },
	[F_ACK] = { "gre.flags.ack", BOOL, .mask = ACK, .help = "Acknowledgment number present" },
	[VERSION] = { "gre.flags.version", U16, .mask = VERSION_MASK, .help = "Version" },
	[TYPE] = { "gre.proto", U16, .names = ethertype_names, .help = "Protocol type" },
	[SUM] = { "gre.checksum", U16, .help = "Checksum" },
	[OFFSET] = { "gre.offset", U16, .help = "Offset of the active source route entry" },
	[KEY_] = { "gre.key", U32, .help = "Key" },
	[PAYLOAD] = { "gre.key.payload_length", U16, .help = "Payload length" },
	[CALL] = { "gre.key.call_id", U16, .help = "Call identifier" },
	[SEQ] = { "gre.sequence_number", U32, .help = "Sequence number" },
	[ACKN] = { "gre.ack_number", U32, .help = "Acknowledgment number" },
	[R_FAMILY] = { "gre.routing.address_family", U16, .help = "Address family of a source route entry" },
	[R_OFFSET] = { "gre.routing.sre_offset", U8, .help = "Active address of a source route entry" },
	[R_LENGTH] = { "gre.routing.src_length", U8, .help = "Length of a source route entry" },
	[R_INFO] = { "gre.routing.information", BYTES, .help = "Addresses of a source route entry" },
};

extern const struct proto proto_gre;

/* What is left of the header: a cursor that never runs past the length the packet claims. */
struct cursor {
	const uint8_t *p;
	uint32_t len;
};

/* Takes n bytes off; NULL when the packet is not that long, or was not captured so far. */
static const uint8_t *
take(const struct dis *d, struct cursor *c, uint32_t n)
{
	const uint8_t *p = c->p;

	if (c->len < n || !have(d, p, n))
		return NULL;
	c->p += n;
	c->len -= n;
	return p;
}

/* Passes over n bytes that nobody reads; false when the packet is not that long. */
static bool
pass(struct cursor *c, uint32_t n)
{
	if (c->len < n)
		return false;
	c->p += n;
	c->len -= n;
	return true;
}

/* IP addresses or AS numbers, size bytes each, the active one starred. False: cut short. */
static bool
text_route(struct dis *d, const struct cursor *c, unsigned offset, unsigned length, unsigned size)
{
	if (offset % size) {
		text(d, ", badoffset="), text_u(d, offset);
		return true;
	}
	if (length % size) {
		text(d, ", badlength="), text_u(d, length);
		return true;
	}
	if (offset >= length) {
		text_fmt(d, ", badoff/len=%u/%u", offset, length);
		return true;
	}
	for (unsigned i = 0; i < length && i + size <= c->len; i += size) {
		if (!have(d, c->p + i, size))
			return false;
		text(d, i == offset ? " *" : " ");
		if (size == 4)
			text_ip4_plain(d, c->p + i);
		else
			text_x(d, raw16(c->p + i), 0);
	}
	return true;
}

/* The routing field of RFC 1701: entries up to an empty one. False when it runs past the packet. */
static bool
routing(struct dis *d, struct cursor *c)
{
	for (;;) {
		const uint8_t *p = take(d, c, 4);
		unsigned family, offset, length;
		bool whole = true;

		if (p == NULL)
			return false;
		family = be16(d, p);
		offset = u8(d, p + 2);
		length = u8(d, p + 3);
		if (family == 0 && length == 0)
			return true;
		put_field(d, &F[R_FAMILY], p, 2);
		put_field(d, &F[R_OFFSET], p + 2, 1);
		put_field(d, &F[R_LENGTH], p + 3, 1);
		if (length <= c->len)
			put_field(d, &F[R_INFO], c->p, length);
		switch (family) {
		case ROUTE_IP:
			text(d, ", (rtaf=ip");
			whole = text_route(d, c, offset, length, 4);
			break;
		case ROUTE_ASN:
			text(d, ", (rtaf=asn");
			whole = text_route(d, c, offset, length, 2);
			break;
		default:
			text(d, ", (rtaf=0x"), text_x(d, family, 0);
			break;
		}
		text_char(d, ')');
		if (!whole || !pass(c, length))
			return false;
	}
}

static void
text_type(struct dis *d, unsigned type)
{
	if (!d->e)
		return;
	text(d, ", proto ");
	text_name(d, ethertype_names, type, "unknown");
	text(d, " (0x"), text_x(d, type, 4);
	text_char(d, ')');
}

static void
payload0(struct dis *d, unsigned type, const struct cursor *c)
{
	bool known = false;

	switch (type) {
	case ETH_IP:
	case ETH_IPV6:
	case ETH_MPLS:
		known = next(d, D_ETHERTYPE, type, c->p, c->len);
		break;
	/* Plain, without what an EtherType says of them. */
	case TYPE_IPX:
		known = next(d, D_LLC, 0xe0, c->p, c->len);
		break;
	case TYPE_ATALK:
		known = next(d, D_SNAP_APPLE, type, c->p, c->len);
		break;
	case TYPE_OSI:
		known = next(d, D_INTERNAL, IN_ISOCLNS, c->p, c->len);
		break;
	case ETH_TEB:
		known = next(d, D_LINK, 1 /* Ethernet */, c->p, c->len);
		break;
	}
	if (!known)
		text(d, "gre-proto-0x"), text_x(d, type, 0);
}

/* Version 0 behind the flags. False when the packet is too short for what they promise. */
static bool
version0(struct dis *d, unsigned bits, struct cursor *c, uint32_t whole)
{
	const uint8_t *p;
	unsigned type;

	if ((p = take(d, c, 2)) == NULL)
		return false;
	put_field(d, &F[TYPE], p, 2);
	type = be16(d, p);
	if (bits & (CHECKSUM | ROUTING)) {
		if ((p = take(d, c, 2)) == NULL)
			return false;
		put_field(d, &F[SUM], p, 2);
		if (d->v)
			text_be_x(d, ", sum 0x", p, 2, 0);
		if ((p = take(d, c, 2)) == NULL)
			return false;
		put_field(d, &F[OFFSET], p, 2);
		text_be_x(d, ", off 0x", p, 2, 0);
	}
	if (bits & KEY) {
		if ((p = take(d, c, 4)) == NULL)
			return false;
		put_field(d, &F[KEY_], p, 4);
		text_be_x(d, ", key=0x", p, 4, 0);
	}
	if (bits & SEQUENCE) {
		if ((p = take(d, c, 4)) == NULL)
			return false;
		put_field(d, &F[SEQ], p, 4);
		text_be(d, ", seq ", p, 4);
	}
	if (bits & ROUTING && !routing(d, c))
		return false;
	text_type(d, type);
	text(d, ", length "), text_u(d, whole);
	text(d, d->v ? "\n\t" : ": ");
	payload0(d, type, c);
	return true;
}

static bool
version1(struct dis *d, unsigned bits, struct cursor *c, uint32_t whole)
{
	const uint8_t *p;
	unsigned type;

	if ((p = take(d, c, 2)) == NULL)
		return false;
	put_field(d, &F[TYPE], p, 2);
	type = be16(d, p);
	if (bits & KEY) {
		if ((p = take(d, c, 4)) == NULL)
			return false;
		put_field(d, &F[PAYLOAD], p, 2);
		put_field(d, &F[CALL], p + 2, 2);
		need(d, p, 4);
		text_be(d, ", call ", p + 2, 2);
	}
	if (bits & SEQUENCE) {
		if ((p = take(d, c, 4)) == NULL)
			return false;
		put_field(d, &F[SEQ], p, 4);
		text_be(d, ", seq ", p, 4);
	}
	if (bits & ACK) {
		if ((p = take(d, c, 4)) == NULL)
			return false;
		put_field(d, &F[ACKN], p, 4);
		text_be(d, ", ack ", p, 4);
	}
	if (!(bits & SEQUENCE))
		text(d, ", no-payload");
	text_type(d, type);
	text(d, ", length "), text_u(d, whole);
	if (!(bits & SEQUENCE))
		return true;
	text(d, d->v ? "\n\t" : ": ");
	if (type != ETH_PPP || !next(d, D_INTERNAL, IN_PPP, c->p, c->len))
		text(d, "gre-proto-0x"), text_x(d, type, 0);
	return true;
}

static void
gre(struct dis *d, const uint8_t *p, uint32_t len)
{
	struct cursor c = { p, len };
	unsigned bits, version;
	bool whole;

	enter(d, &proto_gre);
	if (take(d, &c, 2) == NULL) {
		text_trunc(d);
		return;
	}
	bits = be16(d, p);
	version = bits & VERSION_MASK;
	for (unsigned i = FLAGS; i <= VERSION; i++)
		put_field(d, &F[i], p, 2);
	text(d, "GREv"), text_u(d, version);
	if (version > 1) {
		text(d, " ERROR: unknown-version");
		return;
	}
	if (d->v) {
		text(d, ", Flags [");
		text_bits(d, flags, bits, ", ", "none");
		text_char(d, ']');
	}
	whole = version == 0 ? version0(d, bits, &c, len) : version1(d, bits, &c, len);
	if (!whole)
		text_trunc(d);
}

const struct proto proto_gre = PROTO("gre", "gre", "Generic Routing Encapsulation", gre, F);
