/*
 * The IPv6 routing header, RFC 8200 section 4.4: source routes (types 0 and 2, RFC 6275) and segment routing (type 4,
 * RFC 8754).
 */
#include "dissect/dissect.h"

enum { TYPE_SOURCE = 0, TYPE_MOBILE = 2, TYPE_SEGMENTS = 4 };
enum { ADDRESS = 16, FIRST_ADDRESS = 8 };

enum { TLV_PAD1 = 0, TLV_PADN = 4, TLV_HMAC = 5 };
static const struct name tlvs[] = {
	{ TLV_PAD1, "Pad1" }, { TLV_PADN, "PadN" }, { TLV_HMAC, "HMAC" }, { 0, NULL }
};

enum { NXT, LEN, TYPE, LEFT, ADDR, LAST, FLAGS, TAG, SEGMENT, TLV, HMAC };
static const struct field F[] = {
	[NXT] = { "ipv6.routing.nxt", U8, .names = ipproto_names, .help = "Next header" },
	[LEN] = { "ipv6.routing.len", U8, .help = "Length in 8 bytes beyond the first 8" },
	[TYPE] = { "ipv6.routing.type", U8, .help = "Routing type" },
	[LEFT] = { "ipv6.routing.segleft", U8, .help = "Segments left" },
	[ADDR] = { "ipv6.routing.src.addr", IP6, .help = "Address of a source route" },
	[LAST] = { "ipv6.routing.srh.last_entry", U8, .help = "Index of the last segment" },
	[FLAGS] = { "ipv6.routing.srh.flags", U8, .help = "Flags" },
	[TAG] = { "ipv6.routing.srh.tag", U16, .help = "Tag" },
	[SEGMENT] = { "ipv6.routing.srh.addr", IP6, .help = "Address of a segment" },
	[TLV] = { "ipv6.routing.srh.tlv.type", U8, .names = tlvs, .help = "Type-length-value behind the segments" },
	[HMAC] = { "ipv6.routing.srh.hmac", BYTES, .help = "Keyed hash over the route" },
};

extern const struct proto proto_rt6;

/* n addresses, of which the first n_fields are noted. */
static void
text_addresses(struct dis *d, const struct field *f, const uint8_t *p, unsigned n, unsigned n_fields)
{
	for (unsigned i = 0; i < n; i++, p += ADDRESS) {
		if (i < n_fields)
			put_field(d, f, p, ADDRESS);
		need(d, p, ADDRESS);
		text(d, ", ["), text_u(d, i), text_char(d, ']');
		text_ip6(d, p);
	}
}

/* RFC 8754 section 2.1: the n bytes behind the segments, as fields only. */
static void
put_tlvs(struct dis *d, const uint8_t *p, unsigned n)
{
	for (unsigned size; n && have(d, p, 1); p += size, n -= size) {
		put_field(d, &F[TLV], p, 1);
		size = 1;
		if (*p == TLV_PAD1)
			continue;
		if (n < 2 || !have(d, p, 2))
			break;
		size = p[1] + 2u;
		if (size > n)
			break;
		if (*p == TLV_HMAC && size > 8)
			put_field(d, &F[HMAC], p + 8, size - 8);
	}
}

static void
rt6(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned units, type;

	(void)len;	/* the chain's rest: the header has a length of its own */
	enter(d, &proto_rt6);
	put_field(d, &F[NXT], p, 1);
	put_field(d, &F[LEN], p + 1, 1);
	put_field(d, &F[TYPE], p + 2, 1);
	put_field(d, &F[LEFT], p + 3, 1);
	text(d, "RT6");
	units = u8(d, p + 1);
	text(d, " (len="), text_u(d, units);
	type = u8(d, p + 2);
	text(d, ", type="), text_u(d, type);
	if (type == TYPE_SOURCE)
		text(d, " [Deprecated]");
	u8(d, p + 3);
	text(d, ", segleft="), text_u(d, p[3]);
	switch (type) {
	case TYPE_SOURCE:
	case TYPE_MOBILE:
		if (be32(d, p + 4) || d->v)
			text(d, ", rsv=0x"), text_x(d, raw32(p + 4), 0);
		if (units % 2) {
			text_fmt(d, " [length %u]", units);
			break;
		}
		text_addresses(d, &F[ADDR], p + FIRST_ADDRESS, units / 2, units / 2);
		text(d, ") ");
		return;
	case TYPE_SEGMENTS:
		put_field(d, &F[LAST], p + 4, 1);
		put_field(d, &F[FLAGS], p + 5, 1);
		put_field(d, &F[TAG], p + 6, 2);
		u8(d, p + 4);
		text(d, ", last-entry="), text_u(d, p[4]);
		if (u8(d, p + 5) || d->v)
			text(d, ", flags=0x"), text_x(d, p[5], 0);
		be16(d, p + 6);
		text(d, ", tag="), text_x(d, raw16(p + 6), 0);
		if (units % 2) {
			text_fmt(d, " [length %u]", units);
			break;
		}
		/* Up to the header's end: type-length-values look like segments, as they do to tcpdump. */
		text_addresses(d, &F[SEGMENT], p + FIRST_ADDRESS, units / 2, p[4] + 1u);
		if (d->sink && (p[4] + 1u) * 2 < units)
			put_tlvs(d, p + FIRST_ADDRESS + (p[4] + 1u) * ADDRESS, (units - (p[4] + 1u) * 2) * 8);
		text(d, ") ");
		return;
	default:
		text(d, " (unknown type)");
		break;
	}
	text_invalid(d);
	d->refused = true;
}

const struct proto proto_rt6 = PROTO("ipv6.routing", "rt6", "IPv6 Routing Header", rt6, F);
