/* Routing Information Protocol: version 1 (RFC 1058), version 2 (RFC 2453), its authentication (RFC 4822). */
#include "dissect/dissect.h"

enum { HEADER = 4, ENTRY = 20, ENTRY_HEADER = 4, AUTH_SIZE = 16 };
enum { AF_INET_ = 2, AF_AUTH = 0xffff };
enum { AUTH_TRAILER = 1, AUTH_SIMPLE = 2, AUTH_CRYPTO = 3 };

enum { REQUEST = 1, RESPONSE = 2, TRACE_ON = 3, TRACE_OFF = 4, POLL = 5, POLL_ENTRY = 6 };
static const struct name commands[] = {
	{ REQUEST, "Request" }, { RESPONSE, "Response" }, { TRACE_ON, "Trace on" }, { TRACE_OFF, "Trace off" },
	{ POLL, "Poll" }, { POLL_ENTRY, "Poll Entry" }, { 0, NULL }
};

/* Address families with the numbers BSD gave them, which RIP uses on the wire. */
static const struct name families[] = {
	{ AF_INET_, "IPv4" }, { 6, "NS" }, { 7, "ISO" }, { 16, "Appletalk" }, { 23, "IPX" }, { 24, "IPv6" },
	{ 28, "IPv6" }, { 30, "IPv6" }, { 0, NULL }
};

static const struct name auth_types[] = {
	{ AUTH_TRAILER, "Authentication trailer" }, { AUTH_SIMPLE, "Simple password" },
	{ AUTH_CRYPTO, "Keyed message digest" }, { 0, NULL }
};

enum {
	COMMAND, VERSION, FAMILY, TAG, ADDR, NETMASK, NEXT_HOP, METRIC, AUTH_TYPE, PASSWORD, DIGEST_AT, KEY_ID, AUTH_LEN,
	AUTH_SEQ, TRAILER,
};
static const struct field F[] = {
	[COMMAND] = { "rip.command", U8, .names = commands, .help = "Command" },
	[VERSION] = { "rip.version", U8, .help = "Version" },
	[FAMILY] = { "rip.family", U16, .names = families, .help = "Address family of a route" },
	[TAG] = { "rip.route_tag", U16, .help = "Route tag" },
	[ADDR] = { "rip.ip", IP4, .help = "Destination of a route" },
	[NETMASK] = { "rip.netmask", IP4, .help = "Netmask of a route" },
	[NEXT_HOP] = { "rip.next_hop", IP4, .help = "Next hop of a route" },
	[METRIC] = { "rip.metric", U32, .help = "Metric of a route" },
	[AUTH_TYPE] = { "rip.auth.type", U16, .names = auth_types, .help = "Authentication type" },
	[PASSWORD] = { "rip.auth.passwd", STR, .help = "Clear-text password" },
	[DIGEST_AT] = { "rip.digest_offset", U16, .help = "Offset of the authentication data" },
	[KEY_ID] = { "rip.key_id", U8, .help = "Key identifier" },
	[AUTH_LEN] = { "rip.auth_data_len", U8, .help = "Length of the authentication data" },
	[AUTH_SEQ] = { "rip.seq_num", U32, .help = "Authentication sequence number" },
	[TRAILER] = { "rip.authentication_data", BYTES, .help = "Authentication data" },
};

extern const struct proto proto_rip;

static void
put_route(struct dis *d, const uint8_t *p, unsigned version)
{
	put_field(d, &F[FAMILY], p, 2);
	put_field(d, &F[ADDR], p + 4, 4);
	if (version == 2) {
		put_field(d, &F[TAG], p + 2, 2);
		put_field(d, &F[NETMASK], p + 8, 4);
		put_field(d, &F[NEXT_HOP], p + 12, 4);
	}
	put_field(d, &F[METRIC], p + 16, 4);
}

/* How many bytes of the entry at p were used up; 0 when it is cut short. */
static uint32_t
entry_v1(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned family;

	if (len < ENTRY || !have(d, p, ENTRY))
		return 0;
	family = raw16(p);
	if (family != AF_INET_ && family != 0) {
		text(d, "\n\t AFI ");
		text_name(d, families, family, "Unknown (%u)");
		text(d, ", ");
		text_unknown(d, p + ENTRY_HEADER, "\n\t  ", ENTRY - ENTRY_HEADER);
		return ENTRY;
	}
	/* RFC 1058 section 3.1: what version 2 fills must be zero. */
	if (raw16(p + 2) || raw32(p + 8) || raw32(p + 12)) {
		text_unknown(d, p, "\n\t  ", ENTRY);
		return ENTRY;
	}
	if (d->sink)
		put_route(d, p, 1);
	text(d, family ? "\n\t  " : "\n\t  AFI 0, ");
	text_ip4(d, p + 4);
	text(d, ", metric: "), text_u(d, raw32(p + 16));
	return ENTRY;
}

/* Length of the netmask's run of ones, -1 when there are holes in it. */
static int
prefix_length(uint32_t mask)
{
	int n = __builtin_popcount(mask);

	return n == 0 || mask == UINT32_MAX << (32 - n) ? n : -1;
}

/* An authentication entry, which is not limited to an entry's size. p is behind its family and type. */
static uint32_t
authentication(struct dis *d, unsigned type, const uint8_t *p, uint32_t len)
{
	switch (type) {
	case AUTH_SIMPLE:
		put_field(d, &F[PASSWORD], p, AUTH_SIZE);
		text(d, "\n\t  Simple Text Authentication data: ");
		text_str_pad(d, p, AUTH_SIZE);
		return ENTRY;
	case AUTH_CRYPTO:
		if (len < AUTH_SIZE)
			return 0;
		put_field(d, &F[DIGEST_AT], p, 2);
		put_field(d, &F[KEY_ID], p + 2, 1);
		put_field(d, &F[AUTH_LEN], p + 3, 1);
		put_field(d, &F[AUTH_SEQ], p + 4, 4);
		text(d, "\n\t  Auth header:");
		text_be(d, " Packet Len ", p, 2);
		text(d, ",");
		text_be(d, " Key-ID ", p + 2, 1);
		text(d, ",");
		text_be(d, " Auth Data Len ", p + 3, 1);
		text(d, ",");
		text_be(d, " SeqNo ", p + 4, 4);
		text(d, ",");
		text_be(d, " MBZ ", p + 8, 4);
		text(d, ",");
		text_be(d, " MBZ ", p + 12, 4);
		return ENTRY;
	case AUTH_TRAILER:
		put_field(d, &F[TRAILER], p, len);
		text(d, "\n\t  Auth trailer:");
		break;
	default:
		text_fmt(d, "\n\t  Unknown (%u) Authentication data:", type);
		break;
	}
	text_unknown(d, p, "\n\t  ", len);
	return ENTRY_HEADER + len;
}

static uint32_t
entry_v2(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned family;
	uint32_t at;

	if (len < ENTRY_HEADER || !have(d, p, ENTRY_HEADER))
		return 0;
	family = raw16(p);
	if (family == AF_AUTH) {
		put_field(d, &F[AUTH_TYPE], p + 2, 2);
		return authentication(d, raw16(p + 2), p + ENTRY_HEADER, len - ENTRY_HEADER);
	}
	if (family != AF_INET_ && family != 0) {
		text(d, "\n\t  AFI ");
		text_name(d, families, family, "Unknown (%u)");
		text_unknown(d, p + ENTRY_HEADER, "\n\t  ", ENTRY - ENTRY_HEADER);
		return ENTRY;
	}
	if (len < ENTRY)
		return 0;
	if (d->sink)
		put_route(d, p, 2);
	need(d, p, ENTRY);
	text(d, "\n\t  AFI ");
	text_name(d, families, family, "%u");
	text(d, ", ");
	at = text_at(d);
	text_ip4(d, p + 4);
	text_pad_left(d, at, 15);
	text_fmt(d, "/%-2d, tag 0x%04x, metric: ", prefix_length(raw32(p + 8)), raw16(p + 2));
	text_u(d, raw32(p + 16));
	text(d, ", next-hop: ");
	if (raw32(p + 12))
		text_ip4(d, p + 12);
	else
		text(d, "self");
	return ENTRY;
}

/* The routes of a request or a response, len bytes of a message of `whole` bytes (which tcpdump counts them by). */
static void
routes(struct dis *d, unsigned version, const uint8_t *p, uint32_t len, uint32_t whole)
{
	if (version != 1 && version != 2) {
		text(d, ", unknown version");
		return;
	}
	text(d, ", routes: "), text_u(d, whole / ENTRY);
	if (version == 2)
		text(d, " or less");
	if (len > left(d, p))
		len = left(d, p);
	while (len) {
		uint32_t n = version == 1 ? entry_v1(d, p, len) : entry_v2(d, p, len);

		if (n == 0) {
			text_trunc(d);
			break;
		}
		if (len < n) {
			text_fmt(d, " [remaining entries length %u < %u]", len, n);
			text_invalid(d);
			break;
		}
		p += n;
		len -= n;
	}
}

static void
rip(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned version, command;

	enter(d, &proto_rip);
	put_field(d, &F[COMMAND], p, 1);
	put_field(d, &F[VERSION], p + 1, 1);
	if (len < HEADER || !have(d, p, HEADER)) {
		text_trunc(d);
		return;
	}
	command = p[0];
	version = p[1];
	text(d, d->v ? "\n\tRIPv" : "RIPv"), text_u(d, version);
	if (version == 0) {
		/* RFC 1058 section 3.4: to be ignored. */
		text_unknown(d, p, "\n\t", len);
		return;
	}
	text(d, ", ");
	text_name(d, commands, command, "unknown command (%u)");
	text(d, ", length: "), text_u(d, len);
	if (d->v < 1)
		return;
	switch (command) {
	case REQUEST:
	case RESPONSE:
		routes(d, version, p + HEADER, len - HEADER, len);
		break;
	case TRACE_OFF:
	case POLL:
	case POLL_ENTRY:
		break;
	default:
		if (d->v == 1)
			text_unknown(d, p, "\n\t", len);
		break;
	}
	if (d->v > 1)
		text_unknown(d, p, "\n\t", len);
}

const struct proto proto_rip = PROTO("rip", "rip", "Routing Information Protocol", rip, F);
