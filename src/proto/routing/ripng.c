/* RIP for IPv6, RFC 2080. */
#include "dissect/dissect.h"

enum { HEADER = 4, ENTRY = 20, INFINITY = 16 };

enum { REQUEST = 1, RESPONSE = 2 };
static const struct name commands[] = { { REQUEST, "Request" }, { RESPONSE, "Response" }, { 0, NULL } };

enum { COMMAND, VERSION, PREFIX, TAG, PREFIX_LEN, METRIC };
static const struct field F[] = {
	[COMMAND] = { "ripng.cmd", U8, .names = commands, .help = "Command" },
	[VERSION] = { "ripng.version", U8, .help = "Version" },
	[PREFIX] = { "ripng.rte.ipv6_prefix", IP6, .help = "Prefix of a route" },
	[TAG] = { "ripng.rte.route_tag", U16, .help = "Route tag" },
	[PREFIX_LEN] = { "ripng.rte.prefix_length", U8, .help = "Prefix length" },
	[METRIC] = { "ripng.rte.metric", U8, .help = "Metric" },
};

extern const struct proto proto_ripng;

static void
put_routes(struct dis *d, const uint8_t *p, uint32_t len)
{
	for (; len >= ENTRY && have(d, p, ENTRY); p += ENTRY, len -= ENTRY) {
		put_field(d, &F[PREFIX], p, 16);
		put_field(d, &F[TAG], p + 16, 2);
		put_field(d, &F[PREFIX_LEN], p + 18, 1);
		put_field(d, &F[METRIC], p + 19, 1);
	}
}

static void
text_route(struct dis *d, const uint8_t *p, bool with_metric)
{
	unsigned tag, metric;

	need(d, p, 19);
	text_ip6(d, p);
	text_char(d, '/'), text_u(d, p[18]);
	tag = raw16(p + 16);
	if (tag)
		text_fmt(d, " [%u]", tag);
	metric = u8(d, p + 19);
	if (metric && with_metric)
		text_fmt(d, " (%u)", metric);
}

/* A request for the whole table: one entry with the unspecified prefix and an infinite metric, section 2.4.1. */
static bool
asks_for_all(struct dis *d, const uint8_t *p)
{
	static const uint8_t zero[16];

	return u8(d, p + 19) == INFINITY && memcmp(p, zero, sizeof zero) == 0;
}

static void
ripng(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned version, command;
	uint32_t n, rest;

	enter(d, &proto_ripng);
	version = u8(d, p + 1);
	put_field(d, &F[COMMAND], p, 1);
	put_field(d, &F[VERSION], p + 1, 1);
	if (version != 1) {
		text_fmt(d, "ripng [version %u, must be 1]", version);
		goto invalid;
	}
	command = p[0];
	if (command != REQUEST && command != RESPONSE) {
		text_fmt(d, " ripng-%u ?? %u", command, len);
		goto invalid;
	}
	if (len < HEADER)
		goto invalid;
	rest = len - HEADER;
	n = rest / ENTRY;
	p += HEADER;
	if (d->sink)
		put_routes(d, p, rest);
	if (command == REQUEST && n == 1 && asks_for_all(d, p)) {
		text(d, " ripng-req dump");
		return;
	}
	text(d, command == REQUEST ? " ripng-req " : " ripng-resp "), text_u(d, n);
	if (rest % ENTRY)
		text_fmt(d, "[%u]:", len);
	else
		text_char(d, ':');
	for (; rest >= ENTRY; p += ENTRY, rest -= ENTRY) {
		text(d, d->v > 1 ? "\n\t" : " ");
		text_route(d, p, command == RESPONSE);
	}
	if (rest == 0)
		return;
invalid:
	text_invalid(d);
}

const struct proto proto_ripng = PROTO("ripng", "ripng", "RIP next generation", ripng, F);
