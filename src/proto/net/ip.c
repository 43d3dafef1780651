/* Internet Protocol version 4, RFC 791. */
#include "dissect/dissect.h"

enum { HEADER = 20, RESERVED = 0x8000, DF = 0x4000, MF = 0x2000, OFFSET = 0x1fff };

static const struct name flags[] = { { MF, "+" }, { DF, "DF" }, { RESERVED, "rsvd" }, { 0, NULL } };

static const struct name ecn[] = { { 0, "Not-ECT" }, { 1, "ECT(1)" }, { 2, "ECT(0)" }, { 3, "CE" }, { 0, NULL } };

enum { OPT_EOL = 0, OPT_NOP = 1, OPT_RR = 7, OPT_TS = 68, OPT_LSRR = 131, OPT_SSRR = 137, OPT_RA = 148 };
static const struct name options[] = {
	{ OPT_EOL, "EOL" }, { OPT_NOP, "NOP" }, { OPT_TS, "timestamp" }, { 130, "security" }, { OPT_RR, "RR" },
	{ OPT_SSRR, "SSRR" }, { OPT_LSRR, "LSRR" }, { OPT_RA, "RA" }, { 82, "traceroute" }, { 0, NULL }
};

enum { VERSION, HLEN, DSCP, ECN, LEN, ID, RB, FDF, FMF, OFF, TTL, PROTO_, SUM, SRC, DST, OPT };
static const struct field F[] = {
	[VERSION] = { "ip.version", U8, .mask = 0xf0, .help = "Version" },
	[HLEN] = { "ip.hdr_len", U8, .help = "Header length in bytes" },
	[DSCP] = { "ip.dsfield.dscp", U8, .mask = 0xfc, .help = "Differentiated services codepoint" },
	[ECN] = { "ip.dsfield.ecn", U8, .mask = 0x03, .names = ecn, .help = "Explicit congestion notification" },
	[LEN] = { "ip.len", U16, .help = "Total length" },
	[ID] = { "ip.id", U16, .help = "Identification" },
	[RB] = { "ip.flags.rb", BOOL, .mask = RESERVED, .help = "Reserved bit" },
	[FDF] = { "ip.flags.df", BOOL, .mask = DF, .help = "Don't fragment" },
	[FMF] = { "ip.flags.mf", BOOL, .mask = MF, .help = "More fragments" },
	[OFF] = { "ip.frag_offset", U16, .help = "Fragment offset in bytes" },
	[TTL] = { "ip.ttl", U8, .help = "Time to live" },
	[PROTO_] = { "ip.proto", U8, .names = ipproto_names, .help = "Protocol" },
	[SUM] = { "ip.checksum", U16, .help = "Header checksum" },
	[SRC] = { "ip.src", IP4, .help = "Source address" },
	[DST] = { "ip.dst", IP4, .help = "Destination address" },
	[OPT] = { "ip.opt.type", U8, .names = options, .help = "Option" },
};

extern const struct proto proto_ip;

static void
put_header(struct dis *d, const uint8_t *p)
{
	static const struct field_place front[] = { { DSCP, 1, 1 }, { ECN, 1, 1 }, { LEN, 2, 2 }, { ID, 4, 2 }, { RB, 6, 2 },
		{ FDF, 6, 2 }, { FMF, 6, 2 } };
	static const struct field_place rest[] = { { TTL, 8, 1 }, { PROTO_, 9, 1 }, { SUM, 10, 2 }, { SRC, 12, 4 },
		{ DST, 16, 4 } };

	put_field(d, &F[VERSION], p, 1);
	put_value(d, &F[HLEN], (p[0] & 15) * 4u);
	put_header_fields(d, F, front, p);
	put_value(d, &F[OFF], (raw16(p + 6) & OFFSET) * 8u);
	put_header_fields(d, F, rest, p);
}

/* Record route and source routes, RFC 791 section 3.1. False when cut short. */
static bool
route_option(struct dis *d, const uint8_t *p, unsigned len)
{
	unsigned ptr;

	if (len < 3) {
		text_fmt(d, " [bad length %u]", len);
		return true;
	}
	if ((len + 1) & 3)
		text_fmt(d, " [bad length %u]", len);
	ptr = u8(d, p + 2) - 1u;
	if (ptr < 3 || ((ptr + 1) & 3) || ptr > len + 1)
		text_fmt(d, " [bad ptr %u]", u8(d, p + 2));
	for (unsigned i = 3; i < len; i += 4) {
		if (!have(d, p + i, 4))
			return false;
		text_char(d, ' ');
		text_ip4(d, p + i);
		if (ptr > i)
			text_char(d, ',');
	}
	return true;
}

/* Internet timestamp. False when cut short. */
static bool
timestamp_option(struct dis *d, const uint8_t *p, unsigned len)
{
	enum { TS_ONLY, TS_ADDR, TS_PRESPEC = 3 };
	unsigned hop, ptr, i = 0, flag;
	const char *lead = " ";

	if (len < 4) {
		text_fmt(d, "[bad length %u]", len);
		return true;
	}
	text(d, " TS{");
	flag = u8(d, p + 3) & 15;
	hop = flag == TS_ONLY ? 4 : 8;
	if ((len - 4) & (hop - 1))
		text_fmt(d, "[bad length %u]", len);
	ptr = u8(d, p + 2) - 1u;
	if (ptr < 4 || ((ptr - 4) & (hop - 1)) || ptr > len + 1)
		text_fmt(d, "[bad ptr %u]", u8(d, p + 2));
	switch (flag) {
	case TS_ONLY:
		text(d, "TSONLY");
		break;
	case TS_ADDR:
		text(d, "TS+ADDR");
		break;
	case TS_PRESPEC:
		text(d, "PRESPEC");
		break;
	default:
		text_fmt(d, "[bad ts type %u]", flag);
		goto done;
	}
	for (i = 4; i < len; i += hop) {
		if (ptr == i)
			lead = " ^ ";
		if (!have(d, p + i, hop))
			return false;
		text(d, lead);
		text_u(d, be32(d, p + i + hop - 4));
		text_char(d, '@');
		if (hop == 8)
			text_ip4(d, p + i);
		lead = " ";
	}
done:
	if (ptr == i)
		text(d, " ^ ");
	if (u8(d, p + 3) >> 4)
		text_fmt(d, " [%u hops not recorded]} ", u8(d, p + 3) >> 4);
	else
		text_char(d, '}');
	return true;
}

/* The options behind the fixed header. False when cut short. */
static bool
text_options(struct dis *d, const uint8_t *p, unsigned len)
{
	const char *sep = "";
	unsigned n;

	for (; len; p += n, len -= n) {
		unsigned code;

		text(d, sep);
		sep = ",";
		code = u8(d, p);
		put_field(d, &F[OPT], p, 1);
		text_name(d, options, code, "unknown %u");
		n = 1;
		if (code != OPT_NOP && code != OPT_EOL) {
			n = u8(d, p + 1);
			if (n < 2) {
				text_fmt(d, " [bad length %u]", n);
				return true;
			}
		}
		if (n > len) {
			text_fmt(d, " [bad length %u]", n);
			return true;
		}
		if (!have(d, p, n))
			return false;
		switch (code) {
		case OPT_EOL:
			return true;
		case OPT_TS:
			if (!timestamp_option(d, p, n))
				return false;
			break;
		case OPT_RR:
		case OPT_SSRR:
		case OPT_LSRR:
			if (!route_option(d, p, n))
				return false;
			break;
		case OPT_RA:
			if (n < 4)
				text_fmt(d, " [bad length %u]", n);
			else if (be16(d, p + 2))
				text_fmt(d, " value %u", be16(d, p + 2));
			break;
		}
	}
	return true;
}

/* Where a source-routed packet ends up: the last address of the route (for pseudo-header checksums). */
static const uint8_t *
final_destination(struct dis *d, const uint8_t *p, unsigned len)
{
	const uint8_t *dst = p + 16;
	unsigned n;

	for (p += HEADER, len -= HEADER; len; p += n, len -= n) {
		if (!have(d, p, 1) || *p == OPT_EOL)
			break;
		n = 1;
		if (*p != OPT_NOP) {
			if (!have(d, p, 2) || p[1] < 2)
				break;
			n = p[1];
		}
		if (len < n || !have(d, p, n))
			break;
		if ((*p == OPT_SSRR || *p == OPT_LSRR) && n >= 7)
			return p + n - 4;
	}
	return dst;
}

/*
 * The part in parentheses with -v. tso: the length to show instead of the header's 0, or 0. False: options were cut
 * short and the walk is over.
 */
static bool
text_verbose(struct dis *d, const uint8_t *p, unsigned hlen, uint32_t tso)
{
	unsigned off = raw16(p + 6), tos = p[1];
	bool whole = true;

	text(d, "(tos 0x"), text_x(d, tos, 0);
	if (tos & 3)
		text_char(d, ','), text(d, name_of(ecn, tos & 3));
	if (p[8])
		text(d, ", ttl "), text_u(d, p[8]);
	text(d, ", id "), text_u(d, raw16(p + 4));
	text(d, ", offset "), text_u(d, (off & OFFSET) * 8);
	text(d, ", flags [");
	text_bits(d, flags, off & (RESERVED | DF | MF), ", ", "none");
	text(d, "], proto ");
	text_name(d, ipproto_names, p[9], "unknown");
	text(d, " ("), text_u(d, p[9]);
	text(d, "), length ");
	if (tso)
		text_u(d, tso), text(d, " [was 0, presumed TSO]");
	else
		text_u(d, raw16(p + 2));
	if (hlen > HEADER) {
		text(d, ", options (");
		if (!text_options(d, p + HEADER, hlen - HEADER)) {
			text(d, " [truncated-option]");
			whole = false;
		}
		text_char(d, ')');
	}
	if (!d->K && have(d, p, hlen)) {
		uint16_t sum = checksum(&(struct span) { p, hlen }, 1), is = raw16(p + 10);

		if (sum)
			text_fmt(d, ", bad cksum %x (->%x)!", is, checksum_should_be(is, sum));
	}
	text(d, d->style->oneline ? ") " : ")\n    ");
	return whole;
}

static void
text_pair(struct dis *d, const uint8_t *p)
{
	text_ip4(d, p + 12);
	text(d, " > ");
	text_ip4(d, p + 16);
	text_char(d, ':');
}

static inline bool
says_its_own_addresses(unsigned proto)
{
	return proto == IPP_TCP || proto == IPP_UDP || proto == IPP_SCTP || proto == IPP_DCCP;
}

static void
ip(struct dis *d, const uint8_t *p, uint32_t len)
{
	const uint8_t *bound;
	unsigned hlen, off, version;
	uint32_t total;
	bool tso = false;

	enter(d, &proto_ip);
	if (!d->e)
		text(d, "IP ");
	if (len < HEADER) {
		text_bad(d, "length", len, "<", HEADER);
		return;
	}
	version = u8(d, p) >> 4;
	if (version != 4) {
		text_bad(d, "version", version, "!=", 4);
		return;
	}
	hlen = (p[0] & 15) * 4;
	if (hlen < HEADER) {
		text_bad(d, "header length", hlen, "<", HEADER);
		return;
	}
	if (d->sink && have(d, p, HEADER))
		put_header(d, p);
	total = be16(d, p + 2);
	if (total > len) {
		text_fmt(d, "[total length %u > length %u]", total, len);
		text_invalid(d);
		text_char(d, ' ');
	}
	if (total == 0) {
		/* A segment on its way to a card that will cut it up itself. */
		total = len;
		tso = true;
	} else if (total < hlen) {
		text_fmt(d, "[total length %u < header length %u]", total, hlen);
		text_invalid(d);
		return;
	}
	if (!have(d, p, HEADER)) {
		text_trunc(d);
		return;
	}
	bound = narrow(d, p, len < total ? len : total);
	off = raw16(p + 6);
	d->net = (struct net) { .version = 4, .hdr = p, .src = p + 12, .dst = p + 16, .proto = p[9], .ttl = p[8],
		.fragment = off & (MF | OFFSET) };
	if (hlen > HEADER)
		d->net.sum_dst = final_destination(d, p, hlen);

	if (d->v && !(d->mute && hlen == HEADER) && !text_verbose(d, p, hlen, tso ? len : 0)) {
		text_pair(d, p);
		text_char(d, ' ');
		text_trunc(d);
		widen(d, bound);
		return;
	}
	if ((off & OFFSET) == 0 && !(d->gathered && off & MF && have(d, p, total))) {
		if (!says_its_own_addresses(p[9]))
			text_pair(d, p), text_char(d, ' ');
		if (!have(d, p, hlen)) {
			text_fmt(d, " [remaining caplen(%u) < header length(%u)]", left(d, p), hlen);
			dis_leave(d);
		}
		next_ip(d, p[9], p + hlen, total - hlen);
	} else if (d->q <= 1) {
		const char *s = d->n ? NULL : name_of(ipproto_netdb_names, p[9]);

		text_pair(d, p);
		if (s)
			text_char(d, ' '), text(d, s);
		else
			text(d, " ip-proto-"), text_u(d, p[9]);
	}
	widen(d, bound);
}

const struct proto proto_ip = PROTO("ip", "ip", "Internet Protocol Version 4", ip, F);

/* An IP packet of either version, told apart by its first nibble: raw IP links and tunnels. */
extern const struct proto proto_ipn;

static void
ipn(struct dis *d, const uint8_t *p, uint32_t len)
{
	mark(d, "ipn");
	if (len < 1) {
		text(d, "truncated-ip "), text_u(d, len);
		return;
	}
	switch (u8(d, p) >> 4) {
	case 4:
		ip(d, p, len);
		break;
	case 6:
		if (next(d, D_ETHERTYPE, ETH_IPV6, p, len))
			break;
		__attribute__((fallthrough));
	default:
		text(d, "unknown ip "), text_u(d, *p >> 4);
		break;
	}
}

const struct proto proto_ipn = PROTO_NO_FIELDS("ipn", "ipn", "IP of either version", ipn);
