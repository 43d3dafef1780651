/*
 * Internet Protocol version 6, RFC 8200: the fixed header and the chain of extension headers behind it. Options
 * (hop-by-hop and destination) and fragments are walked here; other headers of the chain through D_IP6EXT.
 */
#include "dissect/dissect.h"

enum { HEADER = 40, EXT_UNIT = 8, FRAGMENT = 8, OFFSET = 0xfff8, MORE = 0x0001 };

enum { OPT_PAD1 = 0x00, OPT_PADN = 0x01, OPT_ALERT = 0x05, OPT_JUMBO = 0xc2, OPT_HOME = 0xc9 };
static const struct name options[] = {
	{ OPT_PAD1, "Pad1" }, { OPT_PADN, "PadN" }, { OPT_ALERT, "Router Alert" }, { OPT_JUMBO, "Jumbo Payload" },
	{ OPT_HOME, "Home Address" }, { 0, NULL }
};

enum {
	VERSION, CLASS, FLOW, PLEN, NXT, HLIM, SRC, DST, EXT_NXT, EXT_LEN, OPT, OPT_LEN, ALERT, JUMBO, HOME,
	FRAG_NXT, FRAG_OFF, FRAG_MORE, FRAG_ID,
};
static const struct field F[] = {
	[VERSION] = { "ipv6.version", U8, .mask = 0xf0, .help = "Version" },
	[CLASS] = { "ipv6.tclass", U32, .mask = 0x0ff00000, .help = "Traffic class" },
	[FLOW] = { "ipv6.flow", U32, .mask = 0x000fffff, .help = "Flow label" },
	[PLEN] = { "ipv6.plen", U16, .help = "Payload length" },
	[NXT] = { "ipv6.nxt", U8, .names = ipproto_names, .help = "Next header" },
	[HLIM] = { "ipv6.hlim", U8, .help = "Hop limit" },
	[SRC] = { "ipv6.src", IP6, .help = "Source address" },
	[DST] = { "ipv6.dst", IP6, .help = "Destination address" },
	[EXT_NXT] = { "ipv6.opts.nxt", U8, .names = ipproto_names, .help = "Next header, behind options" },
	[EXT_LEN] = { "ipv6.opts.len", U8, .help = "Length of the options header, in 8 bytes beyond the first 8" },
	[OPT] = { "ipv6.opt.type", U8, .names = options, .help = "Option" },
	[OPT_LEN] = { "ipv6.opt.length", U8, .help = "Length of the option's data" },
	[ALERT] = { "ipv6.opt.router_alert", U16, .help = "Router alert" },
	[JUMBO] = { "ipv6.opt.jumbo", U32, .help = "Payload length of a jumbogram" },
	[HOME] = { "ipv6.opt.mipv6.home_address", IP6, .help = "Home address of a mobile node" },
	[FRAG_NXT] = { "ipv6.fraghdr.nxt", U8, .names = ipproto_names, .help = "Next header, behind fragment header" },
	[FRAG_OFF] = { "ipv6.fraghdr.offset", U16, .help = "Fragment offset in bytes" },
	[FRAG_MORE] = { "ipv6.fraghdr.more", BOOL, .mask = MORE, .help = "More fragments" },
	[FRAG_ID] = { "ipv6.fraghdr.ident", U32, .help = "Identification" },
};

extern const struct proto proto_ip6;

static void
put_header(struct dis *d, const uint8_t *p)
{
	static const struct field_place places[] = { { VERSION, 0, 1 }, { CLASS, 0, 4 }, { FLOW, 0, 4 }, { PLEN, 4, 2 },
		{ NXT, 6, 1 }, { HLIM, 7, 1 }, { SRC, 8, 16 }, { DST, 24, 16 } };

	put_header_fields(d, F, places, p);
}

/* The payload's length as the chain is walked: in the fixed header, or in a jumbo option (RFC 2675). */
struct payload {
	uint32_t len;
	bool jumbo;		/* len is from a valid jumbo option */
};

/*
 * Size of the option at p with n bytes left in its header: all of it is captured then. 0: it does not fit, and the
 * reader has been told.
 */
static unsigned
option_size(struct dis *d, const uint8_t *p, unsigned n)
{
	unsigned size = 1;

	if (u8(d, p) != OPT_PAD1) {
		if (n < 2) {
			text_bad(d, "remaining length", n, "<", 2);
			return 0;
		}
		size = u8(d, p + 1) + 2u;
	}
	if (n < size) {
		text_bad(d, "remaining length", n, "<", size);
		return 0;
	}
	need(d, p, size);
	return size;
}

/* An option whose size is fixed (or at least so many bytes). */
static bool
option_fits(struct dis *d, const char *remaining, const char *length, unsigned n, unsigned size, unsigned want,
    bool or_more)
{
	if (n < want) {
		text_bad(d, remaining, n, "<", want);
		return false;
	}
	if (size < want || (size > want && !or_more)) {
		text_bad(d, length, size - 2, or_more ? "<" : "!=", want - 2);
		return false;
	}
	return true;
}

/* Suboptions of a home address option. */
static bool
text_suboptions(struct dis *d, const uint8_t *p, unsigned n)
{
	for (unsigned size; n; p += size, n -= size) {
		size = option_size(d, p, n);
		if (size == 0)
			return false;
		if (*p == OPT_PAD1)
			text(d, ", pad1");
		else if (*p == OPT_PADN)
			text(d, ", padn");
		else
			text_fmt(d, ", unknown subopt-type 0x%02x len=%u", *p, size - 2);
	}
	return true;
}

/* RFC 2675 section 2: only hop-by-hop (pay), only with a payload length of 0, only beyond 65535. */
static void
jumbo_option(struct dis *d, uint32_t len, struct payload *pay, bool seen)
{
	const char *flaw = "";

	if (seen)
		flaw = " - already seen";
	else if (pay == NULL)
		flaw = " - not a hop-by-hop option";
	else if (pay->len != 0)
		flaw = " - payload len != 0";
	else if (len < 65536)
		flaw = " - < 65536";
	else {
		pay->jumbo = true;
		pay->len = len;
	}
	if (d->v)
		text_fmt(d, "(jumbo: %u%s) ", len, flaw);
}

/* The n bytes of options of one header; pay is NULL in destination options. False: bad, and the chain ends. */
static bool
options_walk(struct dis *d, const uint8_t *p, unsigned n, struct payload *pay)
{
	bool jumbo_seen = false;

	for (unsigned size; n; p += size, n -= size) {
		size = option_size(d, p, n);
		if (size == 0)
			return false;
		put_field(d, &F[OPT], p, 1);
		if (*p != OPT_PAD1)
			put_field(d, &F[OPT_LEN], p + 1, 1);
		switch (*p) {
		case OPT_PAD1:
			if (d->v)
				text(d, "(pad1)");
			break;
		case OPT_PADN:
			if (d->v)
				text(d, "(padn)");
			break;
		case OPT_ALERT:
			if (!option_fits(d, "(rtalert) remaining length", "(rtalert) length", n, size, 4, false))
				return false;
			put_field(d, &F[ALERT], p + 2, 2);
			if (d->v)
				text_fmt(d, "(rtalert: 0x%04x) ", be16(d, p + 2));
			break;
		case OPT_JUMBO:
			if (!option_fits(d, "(jumbo) remaining length", "(jumbo) length", n, size, 6, false))
				return false;
			put_field(d, &F[JUMBO], p + 2, 4);
			jumbo_option(d, be32(d, p + 2), pay, jumbo_seen);
			jumbo_seen = true;
			break;
		case OPT_HOME:
			if (!option_fits(d, "(homeaddr) remaining length", "(homeaddr) length", n, size, 18, true))
				return false;
			put_field(d, &F[HOME], p + 2, 16);
			if (d->v) {
				text(d, "(homeaddr: ");
				text_ip6(d, p + 2);
				if (!text_suboptions(d, p + 18, size - 18))
					return false;
				text_char(d, ')');
			}
			break;
		default:
			if (d->v)
				text_fmt(d, "(unknown opt-type 0x%02x len=%u)", *p, size - 2);
			break;
		}
	}
	if (d->v)
		text_char(d, ' ');
	return true;
}

/* A header of options. Its size, or 0 when the chain ends here. */
static unsigned
options_header(struct dis *d, const uint8_t *p, struct payload *pay)
{
	unsigned size;

	mark(d, pay ? "hbh" : "dstopt");
	size = (u8(d, p + 1) + 1u) * EXT_UNIT;
	put_field(d, &F[EXT_NXT], p, 1);
	put_field(d, &F[EXT_LEN], p + 1, 1);
	need(d, p, size);
	text(d, pay ? "HBH " : "DSTOPT ");
	if (pay == NULL && !d->v)
		return size;
	return options_walk(d, p + 2, size - 2, pay) ? size : 0;
}

/* The fragment header (section 4.5). False: not the first fragment, whose bytes mean nothing here. */
static bool
fragment_header(struct dis *d, const uint8_t *p)
{
	uint32_t before = (uint32_t)(p - d->net.hdr) + FRAGMENT, total = HEADER + raw16(d->net.hdr + 4);
	unsigned off;

	mark(d, "frag6");
	put_field(d, &F[FRAG_NXT], p, 1);
	put_field(d, &F[FRAG_MORE], p + 2, 2);
	put_field(d, &F[FRAG_ID], p + 4, 4);
	if (have(d, p, 4))
		put_value(d, &F[FRAG_OFF], raw16(p + 2) & OFFSET);
	text(d, "frag (");
	need(d, p, FRAGMENT);
	if (d->v)
		text_fmt(d, "0x%08x:", be32(d, p + 4));
	off = raw16(p + 2) & OFFSET;
	text_u(d, off);
	text_char(d, '|');
	if (before > total)
		text(d, "[length < 0] (invalid))");
	else
		text_u(d, total - before), text_char(d, ')');
	if (off)
		return false;
	text_char(d, ' ');
	return true;
}

/* Where a source-routed packet ends up, for pseudo-header checksums (section 8.1); NULL when the route does not say. */
static const uint8_t *
final_destination(struct dis *d, const uint8_t *p)
{
	const uint8_t *last = NULL;
	unsigned len;

	if (!have(d, p, 4) || (len = p[1]) % 2)
		return NULL;
	switch (p[2]) {
	case 0:
	case 2:
		for (unsigned i = 0; i < len / 2 && have(d, p + 8 + i * 16, 16); i++)
			last = p + 8 + i * 16;
		return last;
	case 4:
		/* Segments are listed from the last to the first (RFC 8754 section 2). */
		return have(d, p + 8, 16) ? p + 8 : NULL;
	default:
		return NULL;
	}
}

static void
text_verbose(struct dis *d, const uint8_t *p)
{
	uint32_t flow = be32(d, p);

	text_char(d, '(');
	if (flow & 0x0ff00000)
		text_fmt(d, "class 0x%02x, ", (flow & 0x0ff00000) >> 20);
	if (flow & 0x000fffff)
		text_fmt(d, "flowlabel 0x%05x, ", flow & 0x000fffff);
	need(d, p, 8);
	text(d, "hlim "), text_u(d, p[7]);
	text(d, ", next-header ");
	text_name(d, ipproto_names, p[6], "unknown");
	text(d, " ("), text_u(d, p[6]);
	text(d, "), payload length "), text_u(d, raw16(p + 4));
	text(d, ") ");
}

static inline bool
says_its_own_addresses(unsigned proto)
{
	return proto == IPP_TCP || proto == IPP_UDP || proto == IPP_SCTP || proto == IPP_DCCP;
}

static void
text_too_long(struct dis *d, uint32_t total, uint32_t len)
{
	text_fmt(d, "[header+payload length %u > length %u]", total, len);
	text_invalid(d);
	text_char(d, ' ');
}

/*
 * What is left of the packet behind its headers: `before` bytes of them, `rest` bytes if neither a jumbo option nor
 * the absence of a payload changes it. False: less than nothing.
 */
static bool
payload_bounds(struct dis *d, const uint8_t *p, const uint8_t *outer, uint32_t len, const struct payload *pay,
    uint32_t before, uint32_t *rest)
{
	uint32_t total;

	if (pay->jumbo) {
		total = pay->len + HEADER;
		if (total < before)
			return false;
		if (total > len)
			text_too_long(d, total, len);
	} else if (pay->len == 0) {
		/* No payload, so there was no room for an extension header. */
		if (before > HEADER)
			return false;
		total = HEADER;
	} else {
		return true;
	}
	widen(d, outer);
	narrow(d, p, total);
	*rest = total - before;
	return true;
}

/* Follows the chain. outer: the bound to return to when a jumbo option says so. */
static void
chain(struct dis *d, const uint8_t *p, uint32_t len, const uint8_t *outer, struct payload pay)
{
	uint32_t rest = (pay.len ? pay.len : len) + HEADER, before = 0, step = HEADER;
	const uint8_t *cp = p;
	unsigned nh = p[6];
	bool first = true, hop_by_hop = false, routed = false;

	while (cp < d->end) {
		if (rest < step) {
			text_trunc(d);
			return;
		}
		cp += step;
		rest -= step;
		before += step;
		if (first && !says_its_own_addresses(nh)) {
			text_ip6(d, p + 8);
			text(d, " > ");
			text_ip6(d, p + 24);
			text(d, ": ");
		}
		switch (nh) {
		case IPP_HOPOPT:
			/* Section 4.1: once, and first. */
			if (hop_by_hop || !first) {
				text(d, hop_by_hop ? "[The Hop-by-Hop Options header was already found]" :
				    "[The Hop-by-Hop Options header don't follow the IPv6 header]");
				text_invalid(d);
				return;
			}
			hop_by_hop = true;
			step = options_header(d, cp, &pay);
			if (pay.len == 0) {
				text(d, "[No valid Jumbo Payload Hop-by-Hop option found]");
				text_invalid(d);
				return;
			}
			if (step == 0)
				return;
			break;
		case IPP_DSTOPTS:
			step = options_header(d, cp, NULL);
			if (step == 0)
				return;
			break;
		case IPP_FRAGMENT:
			if (!fragment_header(d, cp) || d->end <= cp + FRAGMENT)
				return;
			if (d->gathered && raw16(cp + 2) & MORE && have(d, cp, rest))
				return;
			d->net.fragment = true;
			d->net.atomic = (raw16(cp + 2) & (OFFSET | MORE)) == 0;
			step = FRAGMENT;
			break;
		case IPP_ROUTING:
		case IPP_MOBILITY:
		case IPP_MOBILITY_OLD:
			if (!has_next(d, D_IP6EXT, nh))
				return;
			if (nh == IPP_ROUTING && !have(d, cp, 1)) {
				text_trunc(d);
				return;
			}
			if (nh == IPP_ROUTING && !routed) {
				routed = true;
				d->net.sum_dst = final_destination(d, cp);
			}
			d->refused = false;
			next(d, D_IP6EXT, nh, cp, rest);
			/* Nothing follows a mobility header (RFC 6275 section 6.1.1). */
			if (d->refused || nh != IPP_ROUTING)
				return;
			step = (u8(d, cp + 1) + 1u) * EXT_UNIT;
			break;
		default:
			if (!payload_bounds(d, p, outer, len, &pay, before, &rest))
				text_trunc(d);
			else
				next_ip(d, (uint8_t)nh, cp, rest);
			return;
		}
		nh = u8(d, cp);
		first = false;
		mark(d, "ip6");
	}
}

static void
ip6(struct dis *d, const uint8_t *p, uint32_t len)
{
	const uint8_t *outer;
	struct payload pay;
	uint32_t total;
	unsigned version;

	enter(d, &proto_ip6);
	if (!d->e)
		text(d, "IP6 ");
	if (len < HEADER) {
		text_bad(d, "length", len, "<", HEADER);
		return;
	}
	version = u8(d, p) >> 4;
	if (version != 6) {
		text_bad(d, "version", version, "!=", 6);
		return;
	}
	pay = (struct payload) { .len = be16(d, p + 4) };
	/* No payload, or a jumbogram (RFC 2675): all there is, until the options have been read. */
	total = (pay.len ? pay.len : len) + HEADER;
	if (pay.len && total > len)
		text_too_long(d, total, len);
	u8(d, p + 6);
	if (d->v && d->mute)
		need(d, p, 8);
	else if (d->v)
		text_verbose(d, p);
	if (!have(d, p, HEADER)) {
		text_trunc(d);
		return;
	}
	if (d->sink)
		put_header(d, p);
	outer = narrow(d, p, len < total ? len : total);
	d->net = (struct net) { .version = 6, .hdr = p, .src = p + 8, .dst = p + 24, .proto = p[6], .ttl = p[7] };
	chain(d, p, len, outer, pay);
	widen(d, outer);
}

const struct proto proto_ip6 = PROTO("ipv6", "ip6", "Internet Protocol Version 6", ip6, F);
