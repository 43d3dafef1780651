/* Locator/ID Separation Protocol, the control messages Map-Register and Map-Notify: RFC 6833 section 4. */
#include "dissect/dissect.h"

enum { HEADER = 16, RECORD = 12, LOCATOR = 8, AFI_IPV4 = 1, AFI_IPV6 = 2 };
enum { MAP_REGISTER = 3, MAP_NOTIFY = 4 };

static const struct name types[] = {
	{ 0, "LISP-Reserved" }, { 1, "LISP-Map-Request" }, { 2, "LISP-Map-Reply" },
	{ MAP_REGISTER, "LISP-Map-Register" }, { MAP_NOTIFY, "LISP-Map-Notify" },
	{ 8, "LISP-Encapsulated-Control-Message" }, { 0, NULL }
};

/* Flags in the first four bytes. */
static const struct name register_flags[] = {
	{ 0x08000000, "P-Proxy-Map-Reply" }, { 0x04000000, "S-LISP-SEC-Capable" }, { 0x02000000, "I-xTR-ID-Present" },
	{ 0x01000000, "R-Build-For-RTR" }, { 0x00000100, "M-Want-Map-Notify" }, { 0, NULL }
};
static const struct name notify_flags[] = {
	{ 0x08000000, "I-xTR-ID-Present" }, { 0x04000000, "R-Build-For-RTR" }, { 0, NULL }
};

static const struct name keys[] = { { 0, "None" }, { 1, "SHA1" }, { 2, "SHA256" }, { 0, NULL } };

static const struct name actions[] = {
	{ 0, "No-Action" }, { 1, "Natively-Forward" }, { 2, "Send-Map-Request" }, { 3, "Drop" }, { 0, NULL }
};

static const struct name locator_flags[] = {
	{ 4, "Local-Locator" }, { 2, "RLoc-Probed" }, { 1, "Reachable" }, { 0, NULL }
};

enum {
	TYPE, RECORDS, NONCE, KEY, AUTH_LEN, AUTH, TTL, LOCATORS, MASK_LEN, ACTION, AUTHORITATIVE, VERSION, EID4, EID6,
	PRIORITY, WEIGHT, M_PRIORITY, M_WEIGHT, LOC4, LOC6, XTR, SITE,
};
static const struct field F[] = {
	[TYPE] = { "lisp.type", U8, .mask = 0xf0, .names = types, .help = "Message type" },
	[RECORDS] = { "lisp.records", U8, .help = "Number of records" },
	[NONCE] = { "lisp.nonce", U64, .help = "Nonce" },
	[KEY] = { "lisp.keyid", U16, .names = keys, .help = "Authentication" },
	[AUTH_LEN] = { "lisp.authlen", U16, .help = "Length of the authentication data" },
	[AUTH] = { "lisp.auth", BYTES, .help = "Authentication data" },
	[TTL] = { "lisp.mapping.ttl", U32, .help = "Minutes a mapping may be kept" },
	[LOCATORS] = { "lisp.mapping.loccnt", U8, .help = "Number of locators of a mapping" },
	[MASK_LEN] = { "lisp.mapping.eid.masklen", U8, .help = "Prefix length of an endpoint identifier" },
	[ACTION] = { "lisp.mapping.act", U8, .mask = 0xe0, .names = actions, .help = "Action of a mapping" },
	[AUTHORITATIVE] = { "lisp.mapping.auth", BOOL, .mask = 0x10, .help = "Mapping is authoritative" },
	[VERSION] = { "lisp.mapping.ver", U16, .mask = 0x0fff, .help = "Mapping version" },
	[EID4] = { "lisp.mapping.eid.ipv4", IP4, .help = "Endpoint identifier" },
	[EID6] = { "lisp.mapping.eid.ipv6", IP6, .help = "Endpoint identifier" },
	[PRIORITY] = { "lisp.loc.priority", U8, .help = "Priority of a locator" },
	[WEIGHT] = { "lisp.loc.weight", U8, .help = "Weight of a locator" },
	[M_PRIORITY] = { "lisp.loc.multicast_priority", U8, .help = "Multicast priority of a locator" },
	[M_WEIGHT] = { "lisp.loc.multicast_weight", U8, .help = "Multicast weight of a locator" },
	[LOC4] = { "lisp.loc.ipv4", IP4, .help = "Routing locator" },
	[LOC6] = { "lisp.loc.ipv6", IP6, .help = "Routing locator" },
	[XTR] = { "lisp.xtrid", BYTES, .help = "Identifier of the tunnel router" },
	[SITE] = { "lisp.siteid", U64, .help = "Site identifier" },
};

extern const struct proto proto_lisp;

static void
put_header(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[TYPE], p, 1);
	put_field(d, &F[RECORDS], p + 3, 1);
	put_field(d, &F[NONCE], p + 4, 8);
	put_field(d, &F[KEY], p + 12, 2);
	put_field(d, &F[AUTH_LEN], p + 14, 2);
	put_field(d, &F[AUTH], p + HEADER, raw16(p + 14));
}

static unsigned
address_size(unsigned afi)
{
	return afi == AFI_IPV4 ? 4 : afi == AFI_IPV6 ? 16 : 0;
}

static void
text_address(struct dis *d, const char *label, const uint8_t *p, unsigned size)
{
	need(d, p, size);
	text(d, label);
	if (size == 4)
		text_ip4(d, p);
	else
		text_ip6(d, p);
}

/* One locator of a record; false: cut short. *p moves behind it. */
static bool
locator(struct dis *d, const uint8_t **at)
{
	const uint8_t *p = *at, *addr = p + LOCATOR;
	unsigned size;

	if (!have(d, p, LOCATOR))
		return false;
	put_field(d, &F[PRIORITY], p, 1);
	put_field(d, &F[WEIGHT], p + 1, 1);
	put_field(d, &F[M_PRIORITY], p + 2, 1);
	put_field(d, &F[M_WEIGHT], p + 3, 1);
	size = address_size(raw16(p + 6));
	if (d->v)
		text(d, "\n       ");
	if (size) {
		if (!have(d, addr, size))
			return false;
		put_field(d, &F[size == 4 ? LOC4 : LOC6], addr, size);
		text_address(d, " LOC ", addr, size);
	}
	if (d->v) {
		text_fmt(d, "\n          Priority/Weight %u/%u, Multicast Priority/Weight %u/%u,", p[0], p[1], p[2], p[3]);
		text(d, " flags [");
		text_bits(d, locator_flags, raw16(p + 4), ", ", "none");
		text(d, "],");
	}
	*at = addr + size;
	return true;
}

enum outcome { FINE, SHORT, FOREIGN };

/* One mapping; FOREIGN: an identifier of a kind that is not known, which ends the walk. */
static enum outcome
record(struct dis *d, const uint8_t **at)
{
	const uint8_t *p = *at, *eid = p + RECORD;
	unsigned size;

	if (!have(d, p, RECORD))
		return SHORT;
	put_field(d, &F[TTL], p, 4);
	put_field(d, &F[LOCATORS], p + 4, 1);
	put_field(d, &F[MASK_LEN], p + 5, 1);
	put_field(d, &F[ACTION], p + 6, 1);
	put_field(d, &F[AUTHORITATIVE], p + 6, 1);
	put_field(d, &F[VERSION], p + 8, 2);
	text_char(d, '\n');
	if (d->v) {
		text(d, "      Record TTL "), text_u(d, raw32(p));
		text(d, p[6] & 0x10 ? ", Authoritative, " : ", Non-Authoritative, ");
		text_name(d, actions, p[6] >> 5, "unknown");
		text_fmt(d, ", Map Version: %u,", raw16(p + 8) & 0x0fff);
	}
	size = address_size(raw16(p + 10));
	if (size == 0)
		return FOREIGN;
	put_field(d, &F[size == 4 ? EID4 : EID6], eid, size);
	text_address(d, " EID ", eid, size);
	text_fmt(d, "/%u, %u locator(s)", p[5], p[4]);
	*at = eid + size;
	for (unsigned i = 0; i < p[4]; i++)
		if (!locator(d, at))
			return SHORT;
	return FINE;
}

static void
lisp(struct dis *d, const uint8_t *p, uint32_t len)
{
	const uint8_t *start = p;
	unsigned type, n, auth;
	bool has_ids;

	enter(d, &proto_lisp);
	if (!have(d, p, HEADER)) {
		text_trunc(d);
		return;
	}
	type = p[0] >> 4;
	if (d->sink)
		put_header(d, p);
	text_name(d, types, type, "unknown-type-%u");
	text_char(d, ',');
	if (type != MAP_REGISTER && type != MAP_NOTIFY)
		return;
	if (d->v) {
		text(d, " flags [");
		text_bits(d, type == MAP_REGISTER ? register_flags : notify_flags, raw32(p), ", ", "none");
		text(d, "],");
	}
	has_ids = p[0] & (type == MAP_REGISTER ? 2 : 8);
	n = p[3];
	auth = raw16(p + 14);
	if (d->v) {
		text_fmt(d, "\n    %u record(s), Authentication ", n);
		text_name(d, keys, raw16(p + 12), "unknown-type");
		text_char(d, ',');
		text_dump_hex(d, "\n    Authentication-Data: ", p + HEADER, auth, 0);
	} else {
		text_fmt(d, " %u record(s),", n);
	}
	p += HEADER + auth;
	if (n == 0) {
		text_invalid(d);
		return;
	}
	for (; n && len > (uint32_t)(p - start); n--) {
		switch (record(d, &p)) {
		case FINE:
			break;
		case SHORT:
			text_trunc(d);
			return;
		case FOREIGN:
			return;
		}
	}
	if (!has_ids) {
		if (left(d, p))
			text_dump_hex(d, "\n    Data: ", p, left(d, p), 0);
		return;
	}
	if (!have(d, p, 24)) {
		text_invalid(d);
		return;
	}
	put_field(d, &F[XTR], p, 16);
	put_field(d, &F[SITE], p + 16, 8);
	text_dump_hex(d, "\n    xTR-ID: ", p, 16, 0);
	text_be(d, "\n    SITE-ID: ", p + 16, 8);
}

const struct proto proto_lisp = PROTO("lisp", "lisp", "Locator/ID Separation Protocol", lisp, F);
