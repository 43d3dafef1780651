/*
 * Neighbour discovery, RFC 4861 (ICMPv6 types 133 to 137), with the options of RFC 4191, 4861, 6275 and 8106; and
 * mobile prefix advertisements (type 147), which carry the same options.
 */
#include "dissect/said.h"

enum { SOLICIT = 133, ADVERT, NEIGHBOR_SOLICIT, NEIGHBOR_ADVERT, REDIRECT, PREFIX_ADVERT = 147 };

static const struct name advert_flags[] = {
	{ 0x80, "managed" }, { 0x40, "other stateful" }, { 0x20, "home agent" }, { 0x02, "ipv6 only" }, { 0, NULL }
};
static const struct name neighbor_flags[] = {
	{ 0x80000000, "router" }, { 0x40000000, "solicited" }, { 0x20000000, "override" }, { 0, NULL }
};
static const struct name prefix_flags[] = {
	{ 0x80, "onlink" }, { 0x40, "auto" }, { 0x20, "router" }, { 0, NULL }
};
static const struct name preferences[] = { { 0, "medium" }, { 1, "high" }, { 2, "rsv" }, { 3, "low" }, { 0, NULL } };

enum {
	OPT_SOURCE = 1, OPT_TARGET = 2, OPT_PREFIX = 3, OPT_REDIRECTED = 4, OPT_MTU = 5, OPT_INTERVAL = 7,
	OPT_HOME_AGENT = 8, OPT_ROUTE = 24, OPT_RDNSS = 25, OPT_DNSSL = 31,
};
static const struct name options[] = {
	{ OPT_SOURCE, "source link-address" }, { OPT_TARGET, "destination link-address" },
	{ OPT_PREFIX, "prefix info" }, { OPT_REDIRECTED, "redirected header" }, { OPT_MTU, "mtu" },
	{ OPT_INTERVAL, "advertisement interval" }, { OPT_HOME_AGENT, "homeagent information" },
	{ OPT_ROUTE, "route info" }, { OPT_RDNSS, "rdnss" }, { OPT_DNSSL, "dnssl" }, { 0, NULL }
};

enum {
	HOP_LIMIT, RA_FLAGS, RA_PREF, RA_LIFETIME, REACHABLE, RETRANS, NS_TARGET, NA_FLAGS, NA_TARGET, RD_DST, RD_TARGET,
	MPA_FLAGS, OPT, OPT_LEN, OPT_SRC_LINK, OPT_TGT_LINK, P_LEN, P_FLAGS, P_VALID, P_PREFERRED, P_PREFIX, O_MTU,
	INTERVAL, HA_PREF, HA_LIFETIME, R_LEN, R_PREF, R_LIFETIME, R_PREFIX, RDNSS_LIFETIME, RDNSS, DNSSL_LIFETIME, DNSSL,
};
static const struct field F[] = {
	[HOP_LIMIT] = { "icmpv6.nd.ra.cur_hop_limit", U8, .help = "Hop limit for hosts" },
	[RA_FLAGS] = { "icmpv6.nd.ra.flag", U8, .help = "Router advertisement flags" },
	[RA_PREF] = { "icmpv6.nd.ra.flag.prf", U8, .mask = 0x18, .names = preferences, .help = "Router preference" },
	[RA_LIFETIME] = { "icmpv6.nd.ra.router_lifetime", U16, .help = "Router lifetime in seconds" },
	[REACHABLE] = { "icmpv6.nd.ra.reachable_time", U32, .help = "Reachable time in milliseconds" },
	[RETRANS] = { "icmpv6.nd.ra.retrans_timer", U32, .help = "Retransmission timer in milliseconds" },
	[NS_TARGET] = { "icmpv6.nd.ns.target_address", IP6, .help = "Target address asked for" },
	[NA_FLAGS] = { "icmpv6.nd.na.flag", U32, .help = "Neighbor advertisement flags" },
	[NA_TARGET] = { "icmpv6.nd.na.target_address", IP6, .help = "Target address answered for" },
	[RD_DST] = { "icmpv6.nd.rd.destination_address", IP6, .help = "Destination that is redirected" },
	[RD_TARGET] = { "icmpv6.nd.rd.target_address", IP6, .help = "Better first hop" },
	[MPA_FLAGS] = { "icmpv6.nd.mpa.flag", U16, .help = "Mobile prefix advertisement flags" },
	[OPT] = { "icmpv6.opt.type", U8, .names = options, .help = "Option" },
	[OPT_LEN] = { "icmpv6.opt.length", U8, .help = "Length of the option in 8 bytes" },
	[OPT_SRC_LINK] = { "icmpv6.opt.src_linkaddr", MAC, .help = "Source link-layer address" },
	[OPT_TGT_LINK] = { "icmpv6.opt.target_linkaddr", MAC, .help = "Target link-layer address" },
	[P_LEN] = { "icmpv6.opt.prefix.length", U8, .help = "Prefix length" },
	[P_FLAGS] = { "icmpv6.opt.prefix.flag", U8, .help = "Prefix flags" },
	[P_VALID] = { "icmpv6.opt.prefix.valid_lifetime", U32, .help = "Valid lifetime in seconds" },
	[P_PREFERRED] = { "icmpv6.opt.prefix.preferred_lifetime", U32, .help = "Preferred lifetime in seconds" },
	[P_PREFIX] = { "icmpv6.opt.prefix", IP6, .help = "Prefix" },
	[O_MTU] = { "icmpv6.opt.mtu", U32, .help = "MTU of the link" },
	[INTERVAL] = { "icmpv6.opt.advertisement_interval", U32, .help = "Advertisement interval in milliseconds" },
	[HA_PREF] = { "icmpv6.nd.opt.hai.preference", U16, .help = "Home agent preference" },
	[HA_LIFETIME] = { "icmpv6.nd.opt.hai.lifetime", U16, .help = "Home agent lifetime in seconds" },
	[R_LEN] = { "icmpv6.nd.opt.route_info.length", U8, .help = "Prefix length of a route" },
	[R_PREF] = { "icmpv6.nd.opt.route_info.preference", U8, .mask = 0x18, .names = preferences,
	    .help = "Preference of a route" },
	[R_LIFETIME] = { "icmpv6.opt.route_lifetime", U32, .help = "Lifetime of a route in seconds" },
	[R_PREFIX] = { "icmpv6.nd.opt.route_info.prefix", BYTES, .help = "Prefix of a route, as many bytes as sent" },
	[RDNSS_LIFETIME] = { "icmpv6.opt.rdnss.lifetime", U32, .help = "Lifetime of name servers in seconds" },
	[RDNSS] = { "icmpv6.opt.rdnss", IP6, .help = "Recursive name server" },
	[DNSSL_LIFETIME] = { "icmpv6.opt.dnssl.lifetime", U32, .help = "Lifetime of the search list in seconds" },
	[DNSSL] = { "icmpv6.opt.dnssl", STR, .help = "Domain of the search list" },
};

extern const struct proto proto_nd6;

static void
text_lifetime(struct dis *d, uint32_t v)
{
	if (v == UINT32_MAX)
		text(d, "infinity");
	else
		text_u(d, v), text_char(d, 's');
}

static void
text_preference(struct dis *d, unsigned flags)
{
	text(d, name_of(preferences, flags >> 3 & 3));
}

static void
prefix_option(struct dis *d, const uint8_t *p, unsigned units)
{
	put_field(d, &F[P_LEN], p + 2, 1);
	put_field(d, &F[P_FLAGS], p + 3, 1);
	put_field(d, &F[P_VALID], p + 4, 4);
	put_field(d, &F[P_PREFERRED], p + 8, 4);
	put_field(d, &F[P_PREFIX], p + 16, 16);
	need(d, p, 32);
	text_ip6(d, p + 16);
	text_fmt(d, "/%u%s, Flags [", p[2], units != 4 ? "badlen" : "");
	text_bits(d, prefix_flags, p[3], ", ", "none");
	text(d, "], valid time ");
	text_lifetime(d, raw32(p + 4));
	text(d, ", pref. time ");
	text_lifetime(d, raw32(p + 8));
}

/* RFC 8106 section 5.1. */
static void
rdnss_option(struct dis *d, const uint8_t *p, unsigned units)
{
	put_field(d, &F[RDNSS_LIFETIME], p + 4, 4);
	text_fmt(d, " lifetime %us,", be32(d, p + 4));
	for (unsigned i = 0; i < (units - 1) / 2; i++) {
		const uint8_t *a = p + 8 + i * 16;

		put_field(d, &F[RDNSS], a, 16);
		need(d, a, 16);
		text(d, " addr: ");
		text_ip6(d, a);
	}
}

/* RFC 8106 section 5.2. False: cut short. */
static bool
dnssl_option(struct dis *d, const uint8_t *p, unsigned size, const uint8_t *base)
{
	const uint8_t *q = p + 8, *end = p + size;

	put_field(d, &F[DNSSL_LIFETIME], p + 4, 4);
	text_fmt(d, " lifetime %us, domain(s):", be32(d, p + 4));
	while (q < end && u8(d, q)) {
		uint32_t from;

		text_char(d, ' ');
		from = text_say(d);
		q = text_domain(d, q, base);
		if (q == NULL)
			return false;
		put_said(d, &F[DNSSL], from);
	}
	return true;
}

/* RFC 4191 section 2.3. False: its length is wrong. */
static bool
route_option(struct dis *d, const uint8_t *p, unsigned units)
{
	uint8_t prefix[16] = { 0 };

	put_field(d, &F[R_LEN], p + 2, 1);
	put_field(d, &F[R_PREF], p + 3, 1);
	put_field(d, &F[R_LIFETIME], p + 4, 4);
	if (!have(d, p, 8) || units > 3)
		return false;
	if (units > 1) {
		put_field(d, &F[R_PREFIX], p + 8, (units - 1) * 8);
		need(d, p + 8, (units - 1) * 8);
		memcpy(prefix, p + 8, (units - 1) * 8);
	}
	text_char(d, ' ');
	text_ip6_plain(d, prefix);
	text_fmt(d, "/%u, pref=", p[2]);
	text_preference(d, p[3]);
	text(d, ", lifetime=");
	text_lifetime(d, raw32(p + 4));
	return true;
}

/* The body of one option, whose size bytes are all captured. False: it is cut short after all. */
static bool
option_body(struct dis *d, const uint8_t *p, unsigned type, unsigned units, const uint8_t *first)
{
	unsigned size = units * 8;

	switch (type) {
	case OPT_SOURCE:
		put_field(d, &F[OPT_SRC_LINK], p + 2, size == 8 ? 6 : size - 2);
		text_linkaddr(d, p + 2, size - 2);
		break;
	case OPT_TARGET:
		put_field(d, &F[OPT_TGT_LINK], p + 2, size == 8 ? 6 : size - 2);
		text_linkaddr(d, p + 2, size - 2);
		break;
	case OPT_PREFIX:
		prefix_option(d, p, units);
		break;
	case OPT_REDIRECTED:
		/* tcpdump shows the bytes from the first option on, and so do we. */
		text_unknown(d, first, "\n\t    ", size);
		break;
	case OPT_MTU:
		put_field(d, &F[O_MTU], p + 4, 4);
		text_fmt(d, " %u%s", be32(d, p + 4), units != 1 ? "bad option length" : "");
		break;
	case OPT_RDNSS:
		rdnss_option(d, p, units);
		break;
	case OPT_DNSSL:
		return dnssl_option(d, p, size, first);
	case OPT_INTERVAL:
		put_field(d, &F[INTERVAL], p + 4, 4);
		text_fmt(d, " %ums", be32(d, p + 4));
		break;
	case OPT_HOME_AGENT:
		put_field(d, &F[HA_PREF], p + 4, 2);
		put_field(d, &F[HA_LIFETIME], p + 6, 2);
		need(d, p, 8);
		text_fmt(d, " preference %u, lifetime %u", raw16(p + 4), raw16(p + 6));
		break;
	case OPT_ROUTE:
		return route_option(d, p, units);
	}
	return true;
}

/* Options up to `room` bytes (negative: none), each in a line. Marks when they are cut short. */
static void
text_options(struct dis *d, const uint8_t *p, int64_t room)
{
	const uint8_t *first = p;

	while (p < d->end) {
		unsigned type, units, size;

		if (!have(d, p, 2)) {
			text_trunc(d);
			return;
		}
		if (room <= 0)
			return;
		type = p[0];
		units = p[1];
		size = units * 8;
		if (units == 0 || !have(d, p, size)) {
			text_trunc(d);
			return;
		}
		put_field(d, &F[OPT], p, 1);
		put_field(d, &F[OPT_LEN], p + 1, 1);
		text(d, "\n\t  ");
		text_name(d, options, type, "unknown");
		text_fmt(d, " option (%u), length %u (%u): ", type, size, units);
		if (!option_body(d, p, type, units, first)) {
			text_trunc(d);
			return;
		}
		if (name_of(options, type) == NULL && d->v <= 1) {
			text_unknown(d, p + 2, "\n\t  ", size - 2);
			return;
		}
		if (d->v > 1)
			text_unknown(d, p + 2, "\n\t    ", size - 2);
		p += size;
		room -= size;
	}
}

static void
put_advert(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[HOP_LIMIT], p + 4, 1);
	put_field(d, &F[RA_FLAGS], p + 5, 1);
	put_field(d, &F[RA_PREF], p + 5, 1);
	put_field(d, &F[RA_LIFETIME], p + 6, 2);
	put_field(d, &F[REACHABLE], p + 8, 4);
	put_field(d, &F[RETRANS], p + 12, 4);
}

/* Section 4.2. */
static void
text_advert(struct dis *d, const uint8_t *p)
{
	need(d, p, 16);
	text_fmt(d, "\n\thop limit %u, Flags [", p[4]);
	text_bits(d, advert_flags, p[5], ", ", "none");
	text(d, "], pref ");
	text_preference(d, p[5]);
	text_fmt(d, ", router lifetime %us, reachable time %ums, retrans timer %ums", raw16(p + 6), raw32(p + 8),
	    raw32(p + 12));
}

static void
nd6(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned head = 0;

	enter(d, &proto_nd6);
	switch (u8(d, p)) {
	case SOLICIT:
		head = 8;
		break;
	case ADVERT:
		head = 16;
		if (d->sink)
			put_advert(d, p);
		if (d->v)
			text_advert(d, p);
		break;
	case NEIGHBOR_SOLICIT:
		head = 24;
		put_field(d, &F[NS_TARGET], p + 8, 16);
		need(d, p + 8, 16);
		text(d, ", who has ");
		text_ip6(d, p + 8);
		break;
	case NEIGHBOR_ADVERT:
		head = 24;
		put_field(d, &F[NA_FLAGS], p + 4, 4);
		put_field(d, &F[NA_TARGET], p + 8, 16);
		need(d, p + 8, 16);
		text(d, ", tgt is ");
		text_ip6(d, p + 8);
		if (d->v) {
			text(d, ", Flags [");
			text_bits(d, neighbor_flags, raw32(p + 4), ", ", "none");
			text_char(d, ']');
		}
		break;
	case REDIRECT:
		head = 40;
		put_field(d, &F[RD_DST], p + 24, 16);
		put_field(d, &F[RD_TARGET], p + 8, 16);
		need(d, p + 24, 16);
		text(d, ", ");
		text_ip6(d, p + 24);
		text(d, " to ");
		text_ip6(d, p + 8);
		break;
	case PREFIX_ADVERT:
		head = 8;
		put_field(d, &F[MPA_FLAGS], p + 6, 2);
		if (!d->v)
			break;
		text_fmt(d, ", id 0x%04x", be16(d, p + 4));
		be16(d, p + 6);
		if (p[6] & 0xc0)
			text_char(d, ' ');
		if (p[6] & 0x80)
			text_char(d, 'M');
		if (p[6] & 0x40)
			text_char(d, 'O');
		break;
	}
	if (d->v)
		text_options(d, p + head, (int64_t)len - head);
}

const struct proto proto_nd6 = PROTO("icmpv6.nd", "icmp6", "Neighbor Discovery", nd6, F);
