/*
 * ICMPv6, RFC 4443: errors and echoes, and what mobile nodes add (RFC 6275 section 6.5 to 6.7). Neighbour discovery,
 * multicast listeners and the rest are walks of their own under D_ICMPV6.
 */
#include "dissect/dissect.h"

enum {
	UNREACHABLE = 1, TOO_BIG = 2, TIME_EXCEEDED = 3, PARAMETER = 4, ECHO = 128, ECHO_REPLY = 129, HAAD_REQUEST = 144,
	HAAD_REPLY = 145, PREFIX_SOLICIT = 146, PREFIX_ADVERT = 147,
};
static const struct name types[] = {
	{ UNREACHABLE, "destination unreachable" }, { TOO_BIG, "packet too big" },
	{ TIME_EXCEEDED, "time exceeded in-transit" }, { PARAMETER, "parameter problem" }, { ECHO, "echo request" },
	{ ECHO_REPLY, "echo reply" }, { 130, "multicast listener query" }, { 131, "multicast listener report" },
	{ 132, "multicast listener done" }, { 133, "router solicitation" }, { 134, "router advertisement" },
	{ 135, "neighbor solicitation" }, { 136, "neighbor advertisement" }, { 137, "redirect" },
	{ 138, "router renumbering" }, { 139, "node information query" }, { 140, "node information reply" },
	{ 141, "inverse neighbor solicitation" }, { 142, "inverse neighbor advertisement" },
	{ 143, "multicast listener report v2" }, { HAAD_REQUEST, "ha discovery request" },
	{ HAAD_REPLY, "ha discovery reply" }, { PREFIX_SOLICIT, "mobile router solicitation" },
	{ PREFIX_ADVERT, "mobile router advertisement" }, { 155, "RPL" }, { 200, "mtrace response" },
	{ 201, "mtrace message" }, { 0, NULL }
};

enum { NO_ROUTE, PROHIBITED, BEYOND_SCOPE, NO_ADDRESS, NO_PORT };
static const struct name unreachable[] = {
	{ NO_ROUTE, "unreachable route" }, { PROHIBITED, " unreachable prohibited" }, { BEYOND_SCOPE, "beyond scope" },
	{ NO_ADDRESS, "unreachable address" }, { NO_PORT, "unreachable port" }, { 0, NULL }
};

static const struct name problems[] = {
	{ 0, "erroneous" }, { 1, "next header" }, { 2, "option" }, { 3, "incomplete header chain" }, { 0, NULL }
};

enum { TYPE, CODE, SUM, ID, SEQ, MTU, POINTER, MOBILE_ID, AGENT, RESPONSE_TO, RESPONSE_TIME };
static const struct field F[] = {
	[TYPE] = { "icmpv6.type", U8, .names = types, .help = "Type" },
	[CODE] = { "icmpv6.code", U8, .help = "Code" },
	[SUM] = { "icmpv6.checksum", U16, .help = "Checksum" },
	[ID] = { "icmpv6.echo.identifier", U16, .help = "Identifier" },
	[SEQ] = { "icmpv6.echo.sequence_number", U16, .help = "Sequence number" },
	[MTU] = { "icmpv6.mtu", U32, .help = "MTU of the next hop" },
	[POINTER] = { "icmpv6.pointer", U32, .help = "Where the problem is" },
	[MOBILE_ID] = { "icmpv6.haad.identifier", U16, .help = "Identifier of a home agent or mobile prefix message" },
	[AGENT] = { "icmpv6.haad.ha_address", IP6, .help = "Home agent address" },
	[RESPONSE_TO] = { "icmpv6.resp_to", U64, .help = "Packet of the request it answers", .needs = NEEDS_ANSWERS },
	[RESPONSE_TIME] = { "icmpv6.resptime", MILLIS, .help = "Since that request", .needs = NEEDS_ANSWERS },
};

extern const struct proto proto_icmp6;

/* Offsets: of the packet that caused an error, and of its addresses. */
enum { ORIGINAL = 8, ORIG_SRC = ORIGINAL + 8, ORIG_DST = ORIGINAL + 24 };

static void
put_header(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[TYPE], p, 1);
	put_field(d, &F[CODE], p + 1, 1);
	put_field(d, &F[SUM], p + 2, 2);
	if (!have(d, p, 1))
		return;
	switch (*p) {
	case ECHO:
	case ECHO_REPLY:
		put_field(d, &F[ID], p + 4, 2);
		put_field(d, &F[SEQ], p + 6, 2);
		break;
	case TOO_BIG:
		put_field(d, &F[MTU], p + 4, 4);
		break;
	case PARAMETER:
		put_field(d, &F[POINTER], p + 4, 4);
		break;
	case HAAD_REQUEST:
	case HAAD_REPLY:
	case PREFIX_SOLICIT:
	case PREFIX_ADVERT:
		put_field(d, &F[MOBILE_ID], p + 4, 2);
		break;
	}
}

/* The transport header inside the IPv6 packet at p, its ports captured; NULL when it cannot be found. */
static const uint8_t *
inner_transport(struct dis *d, const uint8_t *p, uint8_t *proto)
{
	uint32_t size = 40;
	uint8_t nh;

	if (!have(d, p, 7))
		return NULL;
	nh = p[6];
	while (p < d->end) {
		p += size;
		switch (nh) {
		case IPP_TCP:
		case IPP_UDP:
			*proto = nh;
			return have(d, p, 4) ? p : NULL;
		case IPP_HOPOPT:
		case IPP_DSTOPTS:
		case IPP_ROUTING:
			if (!have(d, p, 2))
				return NULL;
			size = (p[1] + 1u) * 8;
			break;
		case IPP_FRAGMENT:
			/* Only a first fragment has ports. */
			if (!have(d, p, 4) || raw16(p + 2) & 0xfff8)
				return NULL;
			size = 8;
			break;
		case IPP_AH:
			if (!have(d, p, 2))
				return NULL;
			size = (p[1] + 2u) * 4;
			break;
		default:
			return NULL;
		}
		nh = p[0];
	}
	return NULL;
}

/* False: the message is over, marked or dumped. */
static bool
text_unreachable(struct dis *d, const uint8_t *p, uint32_t len, unsigned code)
{
	const uint8_t *t;
	uint16_t port;
	uint8_t proto;

	text(d, ", ");
	text_name(d, unreachable, code, "unknown unreach code (%u)");
	switch (code) {
	case NO_ROUTE:
	case PROHIBITED:
	case NO_ADDRESS:
		need(d, p, ORIG_DST + 16);
		text_char(d, ' ');
		text_ip6(d, p + ORIG_DST);
		return true;
	case BEYOND_SCOPE:
		need(d, p, ORIG_DST + 16);
		text_char(d, ' ');
		text_ip6(d, p + ORIG_DST);
		text(d, ", source address ");
		text_ip6(d, p + ORIG_SRC);
		return true;
	case NO_PORT:
		t = inner_transport(d, p + ORIGINAL, &proto);
		if (t == NULL) {
			text_trunc(d);
			return false;
		}
		port = raw16(t + 2);
		text(d, ", ");
		text_ip6(d, p + ORIG_DST);
		text(d, proto == IPP_TCP ? " tcp port " : " udp port ");
		if (proto == IPP_TCP)
			text_tcp_port(d, port);
		else
			text_udp_port(d, port);
		return true;
	default:
		if (d->v > 1)
			return true;
		text_unknown(d, p, "\n\t", len);
		return false;
	}
}

/* RFC 6275 section 6.6: the addresses of home agents. */
static void
text_home_agents(struct dis *d, const uint8_t *p, uint32_t len)
{
	const uint8_t *end = p + (len < left(d, p) ? len : left(d, p));

	text_fmt(d, ", id 0x%04x", be16(d, p + 4));
	for (p += 8; p < end; p += 16) {
		put_field(d, &F[AGENT], p, 16);
		need(d, p, 16);
		text(d, ", ");
		text_ip6(d, p);
	}
}

static void
text_checksum(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint16_t is, sum;

	if (!have(d, p, len))
		return;
	is = be16(d, p + 2);
	sum = net_checksum(d, p, len, len, IPP_ICMPV6);
	if (sum)
		text_fmt(d, "[bad icmp6 cksum 0x%04x -> 0x%04x!] ", is, checksum_should_be(is, sum));
	else
		text(d, "[icmp6 sum ok] ");
}

/* Types that say their length early with -v, because lines of options follow. */
static inline bool
has_lines(unsigned type)
{
	return (type >= 133 && type <= 137) || type == HAAD_REPLY || type == PREFIX_ADVERT;
}

static void
icmp6(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned type, code;

	enter(d, &proto_icmp6);
	if (len == 0) {
		text(d, "ICMP6, length 0");
		text_invalid(d);
		return;
	}
	if (d->sink)
		put_header(d, p);
	if (d->v && !d->net.fragment)
		text_checksum(d, p, len);
	type = u8(d, p);
	text(d, "ICMP6, ");
	text_name(d, types, type, "unknown icmp6 type (%u)");
	if (d->v && has_lines(type))
		text(d, ", length "), text_u(d, len);
	code = u8(d, p + 1);
	switch (type) {
	case UNREACHABLE:
		if (!text_unreachable(d, p, len, code))
			return;
		break;
	case TOO_BIG:
		text_fmt(d, ", mtu %u", be32(d, p + 4));
		break;
	case TIME_EXCEEDED:
		if (code == 0) {
			need(d, p, ORIG_DST + 16);
			text(d, " for ");
			text_ip6(d, p + ORIG_DST);
		} else if (code == 1) {
			text(d, " (reassembly)");
		} else {
			text_fmt(d, ", unknown code (%u)", code);
		}
		break;
	case PARAMETER:
		if (!have(d, p, ORIG_DST + 16)) {
			text_trunc(d);
			return;
		}
		if (name_of(problems, code))
			text_fmt(d, ", %s - octet %u", name_of(problems, code), be32(d, p + 4));
		else
			text_fmt(d, ", code-#%u", code);
		break;
	case ECHO:
	case ECHO_REPLY:
		need(d, p, 8);
		text(d, ", id "), text_u(d, raw16(p + 4));
		text(d, ", seq "), text_u(d, raw16(p + 6));
		break;
	case HAAD_REQUEST:
	case PREFIX_SOLICIT:
		text_fmt(d, ", id 0x%04x", be16(d, p + 4));
		break;
	case HAAD_REPLY:
		if (d->v)
			text_home_agents(d, p, len);
		break;
	case 141:
	case 142:
		break;
	default:
		if (next(d, D_ICMPV6, type, p, len))
			break;
		text(d, ", length "), text_u(d, len);
		if (d->v <= 1)
			text_unknown(d, p, "\n\t", len);
		return;
	}
	if (!d->v)
		text(d, ", length "), text_u(d, len);
}

const struct proto proto_icmp6 = PROTO("icmpv6", "icmp6", "Internet Control Message Protocol v6", icmp6, F);
