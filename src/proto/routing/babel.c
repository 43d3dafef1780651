/*
 * Babel: RFC 8966 (and RFC 6126 before it), authentication (RFC 8967, RFC 7298), round-trip times (RFC 9616), diversity
 * and source-specific routing as they were drafted.
 */
#include "dissect/dissect.h"

enum { MAGIC = 42, HEADER = 4, ADDR = 16, UNICAST = 0x8000, INFINITE = 0xffff };

enum {
	PAD1, PADN, ACK_REQUEST, ACK, HELLO, IHU, ROUTER_ID, NEXT_HOP, UPDATE, ROUTE_REQUEST, SEQNO_REQUEST, TSPC, HMAC,
	SS_UPDATE, SS_REQUEST, SS_MH_REQUEST, MAC_TLV, PC, CHALLENGE_REQUEST, CHALLENGE_REPLY,
};
static const struct name types[] = {
	{ PAD1, "pad1" }, { PADN, "padN" }, { ACK_REQUEST, "ack-req" }, { ACK, "ack" }, { HELLO, "hello" }, { IHU, "ihu" },
	{ ROUTER_ID, "router-id" }, { NEXT_HOP, "nh" }, { UPDATE, "update" }, { ROUTE_REQUEST, "route-request" },
	{ SEQNO_REQUEST, "seqno-request" }, { TSPC, "tspc" }, { HMAC, "hmac" }, { SS_UPDATE, "ss-update" },
	{ SS_REQUEST, "ss-request" }, { SS_MH_REQUEST, "ss-mh-request" }, { MAC_TLV, "mac" }, { PC, "pc" },
	{ CHALLENGE_REQUEST, "challenge_request" }, { CHALLENGE_REPLY, "challenge_reply" }, { 0, NULL }
};

enum { SUB_PAD1, SUB_PADN, SUB_DIVERSITY, SUB_TIMESTAMP, SUB_MANDATORY = 0x80 };

static const struct name channels[] = { { 0, "reserved" }, { 255, "all" }, { 0, NULL } };

enum {
	F_MAGIC, F_VERSION, F_BODY, F_TYPE, F_LENGTH, F_NONCE, F_INTERVAL, F_SEQNO, F_RXCOST, F_AE, F_PREFIX, F_ROUTER, F_FLAGS,
	F_PLEN, F_OMITTED, F_METRIC, F_HOPS, F_SUB, F_SUB_LEN,
};
static const struct field F[] = {
	[F_MAGIC] = { "babel.magic", U8, .help = "42" },
	[F_VERSION] = { "babel.version", U8, .help = "Version" },
	[F_BODY] = { "babel.bodylen", U16, .help = "Length of the body" },
	[F_TYPE] = { "babel.message.type", U8, .names = types, .help = "Type of a TLV" },
	[F_LENGTH] = { "babel.message.length", U8, .help = "Length of a TLV" },
	[F_NONCE] = { "babel.message.nonce", U16, .help = "What an acknowledgment repeats" },
	[F_INTERVAL] = { "babel.message.interval", U16, .help = "Hundredths of a second until the next" },
	[F_SEQNO] = { "babel.message.seqno", U16, .help = "Sequence number" },
	[F_RXCOST] = { "babel.message.rxcost", U16, .help = "Cost of reception" },
	[F_AE] = { "babel.message.ae", U8, .help = "Encoding of an address" },
	[F_PREFIX] = { "babel.message.prefix", BYTES, .help = "Bytes of an address or a prefix" },
	[F_ROUTER] = { "babel.message.routerid", EUI64, .help = "Router" },
	[F_FLAGS] = { "babel.message.flags", U8, .help = "Flags of an update" },
	[F_PLEN] = { "babel.message.plen", U8, .help = "Length of a prefix" },
	[F_OMITTED] = { "babel.message.omitted", U8, .help = "Bytes of a prefix that are those of an earlier one" },
	[F_METRIC] = { "babel.message.metric", U16, .help = "Metric of a route" },
	[F_HOPS] = { "babel.message.hopcount", U8, .help = "Hops a request may still go" },
	[F_SUB] = { "babel.subtlv.type", U8, .help = "Type of a sub-TLV" },
	[F_SUB_LEN] = { "babel.subtlv.length", U8, .help = "Length of a sub-TLV" },
};

extern const struct proto proto_babel;

/* The start of every IPv4 address in 16 bytes, RFC 4291 section 2.5.5.2. */
static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

/* The default prefixes of IPv4 and IPv6, which updates with a flag set and later ones leave bytes out of. */
struct defaults {
	uint8_t v4[ADDR], v6[ADDR];
};

/*
 * RFC 8966 section 4.1.4: the address or prefix (bits, -1 for a whole address) at p, len bytes at most, into out.
 * The bytes it took, or -1 when it makes no sense. The bytes are captured.
 */
static int
decode(unsigned ae, int bits, unsigned omitted, const uint8_t *p, const uint8_t *defaults, unsigned len,
    uint8_t out[ADDR])
{
	unsigned n = bits >= 0 ? ((unsigned)bits + 7) / 8 : ae == 1 ? 4 : 16, from = 0, all = 16;

	if (n > ADDR)
		return -1;
	memset(out, 0, ADDR);
	switch (ae) {
	case 0:
		return 0;
	case 1:
		from = 12;
		all = 4;
		if (n > 4)
			return -1;
		memcpy(out, mapped, 12);
		break;
	case 2:
		break;
	case 3:
		out[0] = 0xfe;
		out[1] = 0x80;
		if (n <= 8)
			return 0;
		n -= 8;
		if (len < n)
			return -1;
		memcpy(out + 8, p, n);
		return (int)n;
	default:
		return -1;
	}
	if (omitted > all || (n > omitted && len < n - omitted))
		return -1;
	if (omitted) {
		if (defaults == NULL)
			return -1;
		memcpy(out, defaults, from + omitted);
	}
	if (n <= omitted)
		return 0;
	memcpy(out + from + omitted, p, n - omitted);
	return (int)(n - omitted);
}

static void
text_address(struct dis *d, const uint8_t a[ADDR])
{
	if (memcmp(a, mapped, 12) == 0)
		text_ip4_own(d, a + 12);
	else
		text_ip6_own(d, a);
}

/* bits count from the start of the 16 bytes, and only 8 bits of them are kept. */
static void
text_prefix(struct dis *d, const uint8_t a[ADDR], unsigned bits)
{
	bits &= 0xff;
	if (bits >= 96 && memcmp(a, mapped, 12) == 0) {
		text_ip4_own(d, a + 12);
		bits -= 96;
	} else {
		text_ip6_own(d, a);
	}
	text_char(d, '/'), text_u(d, bits);
}

static void
text_interval(struct dis *d, unsigned hundredths)
{
	if (hundredths)
		text_fmt(d, "%u.%02us", hundredths / 100, hundredths % 100);
	else
		text(d, "0.0s (bogus)");
}

static void
text_update_interval(struct dis *d, unsigned hundredths)
{
	if (hundredths == INFINITE)
		text(d, "infinity");
	else
		text_interval(d, hundredths);
}

static void
text_stamp(struct dis *d, const char *before, uint32_t us)
{
	text(d, before);
	text_fmt(d, "%u.%06us", us / 1000000, us % 1000000);
}

static void
text_router(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[F_ROUTER], p, 8);
	for (unsigned i = 0; i < 8; i++)
		text_fmt(d, i ? ":%02x" : "%02x", p[i]);
}

/* The value of a sub-TLV, captured; false when it is too short. */
static bool
sub_value(struct dis *d, unsigned sub, const uint8_t *p, unsigned n, unsigned type)
{
	switch (sub) {
	case SUB_PADN:
		text(d, " sub-padn");
		break;
	case SUB_DIVERSITY:
		text(d, " sub-diversity");
		if (n == 0) {
			text(d, " empty");
			break;
		}
		for (unsigned i = 0; i < n; i++) {
			text_char(d, i ? '-' : ' ');
			text_name(d, channels, p[i], "%u");
		}
		if (type != UPDATE && type != SS_UPDATE)
			text(d, " (bogus)");
		break;
	case SUB_TIMESTAMP:
		text(d, " sub-timestamp");
		if (type != HELLO && type != IHU) {
			text(d, " (bogus)");
			break;
		}
		if (n < (type == HELLO ? 4 : 8))
			return false;
		text_stamp(d, " ", raw32(p));
		if (type == IHU)
			text_stamp(d, "|", raw32(p + 4));
		break;
	default:
		text_fmt(d, " sub-unknown-0x%02x", sub);
		break;
	}
	return true;
}

/* What is left of a TLV, which is captured. */
static void
sub_tlvs(struct dis *d, const uint8_t *p, const uint8_t *end, unsigned type)
{
	while (p < end) {
		unsigned sub = *p++, n;

		put_field(d, &F[F_SUB], p - 1, 1);
		if (sub == SUB_PAD1) {
			text(d, " sub-pad1");
			continue;
		}
		if (sub & SUB_MANDATORY)
			text(d, " (M)");
		if (p == end)
			break;
		put_field(d, &F[F_SUB_LEN], p, 1);
		n = *p++;
		if (p + n > end || !sub_value(d, sub, p, n, type)) {
			text_invalid(d);
			return;
		}
		p += n;
		if (p >= end)
			return;
	}
	if (p == end && p[-1] != SUB_PAD1)
		text_invalid(d);
}

static bool
update(struct dis *d, const uint8_t *p, unsigned len, struct defaults *def)
{
	uint8_t prefix[ADDR];
	unsigned ae, flags;
	int n;

	text(d, "\n\tUpdate");
	if (len < 10)
		return false;
	ae = p[2];
	flags = p[3];
	if (d->sink) {
		put_field(d, &F[F_AE], p + 2, 1);
		put_field(d, &F[F_FLAGS], p + 3, 1);
		put_field(d, &F[F_PLEN], p + 4, 1);
		put_field(d, &F[F_OMITTED], p + 5, 1);
		put_field(d, &F[F_INTERVAL], p + 6, 2);
		put_field(d, &F[F_SEQNO], p + 8, 2);
		put_field(d, &F[F_METRIC], p + 10, 2);
	}
	n = decode(ae, p[4], p[5], p + 12, ae == 1 ? def->v4 : def->v6, len - 10, prefix);
	if (n < 0)
		return false;
	put_field(d, &F[F_PREFIX], p + 12, (uint32_t)n);
	if (flags & 0x80)
		text(d, "/prefix");
	if (flags & 0x40)
		text(d, "/id");
	if (flags & 0x3f)
		text(d, "/unknown");
	text_char(d, ' ');
	if (ae == 0)
		text(d, "any");
	else
		text_prefix(d, prefix, p[4] + (ae == 1 ? 96u : 0));
	text_fmt(d, " metric %u seqno %u interval ", raw16(p + 10), raw16(p + 8));
	text_update_interval(d, raw16(p + 6));
	if (flags & 0x80)
		memcpy(ae == 1 ? def->v4 : def->v6, prefix, ADDR);
	if ((unsigned)n < len - 10)
		sub_tlvs(d, p + 12 + n, p + 2 + len, UPDATE);
	return true;
}

static bool
request(struct dis *d, const uint8_t *p, unsigned len, unsigned type)
{
	bool seqno = type == SEQNO_REQUEST;
	unsigned fixed = seqno ? 14 : 2, ae;
	uint8_t prefix[ADDR];
	int n;

	text(d, seqno ? "\n\tSeqno Request " : "\n\tRoute Request ");
	if (len < fixed)
		return false;
	ae = p[2];
	put_field(d, &F[F_AE], p + 2, 1);
	put_field(d, &F[F_PLEN], p + 3, 1);
	n = decode(ae, p[3], 0, p + 2 + fixed, NULL, len - fixed, prefix);
	if (n < 0)
		return false;
	put_field(d, &F[F_PREFIX], p + 2 + fixed, (uint32_t)n);
	if (seqno) {
		put_field(d, &F[F_SEQNO], p + 4, 2);
		put_field(d, &F[F_HOPS], p + 6, 1);
		text_fmt(d, "(%u hops) ", p[6]);
	}
	text(d, "for ");
	if (ae == 0)
		text(d, seqno ? "invalid AE 0" : "any");
	else
		text_prefix(d, prefix, p[3] + (ae == 1 ? 96u : 0));
	if (seqno) {
		text_fmt(d, " seqno %u id ", raw16(p + 4));
		text_router(d, p + 8);
	}
	return true;
}

static bool
hello(struct dis *d, const uint8_t *p, unsigned len)
{
	text(d, "\n\tHello ");
	if (len < 6)
		return false;
	put_field(d, &F[F_SEQNO], p + 4, 2);
	put_field(d, &F[F_INTERVAL], p + 6, 2);
	if (raw16(p + 2) & UNICAST)
		text(d, "(Unicast) ");
	text_fmt(d, "seqno %u ", raw16(p + 4));
	if (raw16(p + 6)) {
		text(d, "interval ");
		text_interval(d, raw16(p + 6));
	} else {
		text(d, "unscheduled");
	}
	if (len > 6)
		sub_tlvs(d, p + 8, p + 2 + len, HELLO);
	return true;
}

static bool
heard(struct dis *d, const uint8_t *p, unsigned len)
{
	uint8_t addr[ADDR];
	int n;

	text(d, "\n\tIHU ");
	if (len < 6)
		return false;
	put_field(d, &F[F_AE], p + 2, 1);
	put_field(d, &F[F_RXCOST], p + 4, 2);
	put_field(d, &F[F_INTERVAL], p + 6, 2);
	n = decode(p[2], -1, 0, p + 8, NULL, len - 6, addr);
	if (n < 0) {
		text_trunc(d);
		return true;
	}
	put_field(d, &F[F_PREFIX], p + 8, (uint32_t)n);
	if (p[2] == 0)
		text(d, "any");
	else
		text_address(d, addr);
	text_fmt(d, " rxcost %u interval ", raw16(p + 4));
	text_interval(d, raw16(p + 6));
	if ((unsigned)n < len - 6)
		sub_tlvs(d, p + 8 + n, p + 2 + len, IHU);
	return true;
}

static bool
next_hop(struct dis *d, const uint8_t *p, unsigned len)
{
	uint8_t addr[ADDR];
	int n;

	text(d, "\n\tNext Hop");
	if (len < 2)
		return false;
	put_field(d, &F[F_AE], p + 2, 1);
	n = decode(p[2], -1, 0, p + 4, NULL, len - 2, addr);
	if (n < 0)
		return false;
	put_field(d, &F[F_PREFIX], p + 4, (uint32_t)n);
	text_char(d, ' ');
	if (p[2] == 0)
		text(d, "invalid AE 0");
	else
		text_address(d, addr);
	return true;
}

/* Two prefixes one behind the other from p + 2 + at on: where they end, counted as at is, or -1. */
static int
two_prefixes(const uint8_t *p, unsigned len, unsigned at, unsigned bits, unsigned omitted, const uint8_t *defaults,
    unsigned source_bits, uint8_t dest[ADDR], uint8_t source[ADDR])
{
	int n = decode(p[2], (int)bits, omitted, p + 2 + at, defaults, len - at, dest);

	if (n < 0)
		return -1;
	at += (unsigned)n;
	n = decode(p[2], (int)source_bits, 0, p + 2 + at, NULL, len - at, source);
	return n < 0 ? -1 : (int)at + n;
}

/* draft-boutier-babel-source-specific-01: as the messages above, for pairs of destination and source. */
static bool
source_specific(struct dis *d, const uint8_t *p, unsigned len, unsigned type, const struct defaults *def)
{
	uint8_t dest[ADDR], source[ADDR];
	unsigned ae, fixed = type == SS_UPDATE ? 10 : type == SS_REQUEST ? 3 : 14, more, bits, source_bits;
	int at;

	text(d, type == SS_UPDATE ? "\n\tSS-Update" : type == SS_REQUEST ? "\n\tSS-Request " : "\n\tSS-MH-Request ");
	if (len < fixed)
		return false;
	ae = p[2];
	put_field(d, &F[F_AE], p + 2, 1);
	more = ae == 1 ? 96 : 0;
	bits = type == SS_UPDATE ? p[4] : p[3];
	source_bits = type == SS_UPDATE ? p[3] : type == SS_REQUEST ? p[4] : p[7];
	at = two_prefixes(p, len, fixed, bits, type == SS_UPDATE ? p[5] : 0,
	    type != SS_UPDATE ? NULL : ae == 1 ? def->v4 : def->v6, source_bits, dest, source);
	if (at < 0)
		return false;
	put_field(d, &F[F_PREFIX], p + 2 + fixed, (uint32_t)at - fixed);
	if (type == SS_UPDATE) {
		text_char(d, ' ');
		text_prefix(d, dest, bits + more);
		text(d, " from ");
		text_prefix(d, source, source_bits + more);
		text_fmt(d, " metric %u seqno %u interval ", raw16(p + 10), raw16(p + 8));
		text_update_interval(d, raw16(p + 6));
		if ((unsigned)at < len)
			sub_tlvs(d, p + 2 + at, p + 2 + len, type);
		return true;
	}
	if (type == SS_REQUEST && ae == 0) {
		text(d, "for any");
		return true;
	}
	if (type == SS_MH_REQUEST)
		text_fmt(d, "(%u hops) ", p[6]);
	text(d, "for (");
	text_prefix(d, dest, bits + more);
	text(d, ", ");
	text_prefix(d, source, source_bits + more);
	text_char(d, ')');
	if (type == SS_MH_REQUEST) {
		text_fmt(d, " seqno %u id ", raw16(p + 4));
		text_router(d, p + 8);
	}
	return true;
}

/* What one TLV says: the label, and whether it is long enough for the rest. */
static bool
say(struct dis *d, const char *label, unsigned len, unsigned least)
{
	text(d, label);
	return len >= least;
}

/* The TLV at p, len bytes behind its two, captured; with -v. False when it makes no sense. */
static bool
verbose(struct dis *d, unsigned type, const uint8_t *p, unsigned len, struct defaults *def)
{
	switch (type) {
	case PADN:
		text_fmt(d, "\n\tPad %u", len + 2);
		return true;
	case ACK_REQUEST:
		if (!say(d, "\n\tAcknowledgment Request ", len, 6))
			return false;
		put_field(d, &F[F_NONCE], p + 4, 2);
		put_field(d, &F[F_INTERVAL], p + 6, 2);
		text_fmt(d, "%04x ", raw16(p + 4));
		text_interval(d, raw16(p + 6));
		return true;
	case ACK:
		if (!say(d, "\n\tAcknowledgment ", len, 2))
			return false;
		put_field(d, &F[F_NONCE], p + 2, 2);
		text_fmt(d, "%04x", raw16(p + 2));
		return true;
	case HELLO:
		return hello(d, p, len);
	case IHU:
		return heard(d, p, len);
	case ROUTER_ID:
		if (!say(d, "\n\tRouter Id", len, 10))
			return false;
		text_char(d, ' ');
		text_router(d, p + 4);
		return true;
	case NEXT_HOP:
		return next_hop(d, p, len);
	case UPDATE:
		return update(d, p, len, def);
	case ROUTE_REQUEST:
	case SEQNO_REQUEST:
		return request(d, p, len, type);
	case TSPC:
		if (!say(d, "\n\tTS/PC ", len, 6))
			return false;
		text_fmt(d, "timestamp %u packetcounter %u", raw32(p + 4), raw16(p + 2));
		return true;
	case HMAC:
		if (!say(d, "\n\tHMAC ", len, 18))
			return false;
		text_fmt(d, "key-id %u digest-%u ", raw16(p + 2), len - 2);
		for (unsigned i = 0; i < len - 2; i++)
			text_fmt(d, "%02X", p[4 + i]);
		return true;
	case SS_UPDATE:
	case SS_REQUEST:
	case SS_MH_REQUEST:
		return source_specific(d, p, len, type, def);
	case MAC_TLV:
		text_fmt(d, "\n\tMAC len %u", len);
		return true;
	case PC:
		if (!say(d, "\n\tPC", len, 4))
			return false;
		text_fmt(d, " value %u index len %u", raw32(p + 2), len - 4);
		return true;
	case CHALLENGE_REQUEST:
	case CHALLENGE_REPLY:
		text(d, type == CHALLENGE_REQUEST ? "\n\tChallenge Request" : "\n\tChallenge Reply");
		if (len > 192)
			return false;
		text(d, " len "), text_u(d, len);
		return true;
	default:
		text_fmt(d, "\n\tUnknown message type %u", type);
		return true;
	}
}

/* The same without -v: a word for each. */
static bool
brief(struct dis *d, unsigned type, const uint8_t *p, unsigned len)
{
	text_char(d, ' ');
	text_name(d, types, type, "unknown");
	if (type != UPDATE)
		return true;
	if (len < 10)
		return false;
	if (p[3] & 0x80)
		text(d, "/prefix");
	if (p[3] & 0x40)
		text(d, "/id");
	if (p[3] & 0x3f)
		text(d, "/unknown");
	return true;
}

/* TLVs: 1 when they are fine, 0 when they make no sense, -1 when they are not all captured. */
static int
tlvs(struct dis *d, const uint8_t *p, uint32_t len)
{
	struct defaults def = { .v4 = { [10] = 0xff, [11] = 0xff } };

	while (len) {
		unsigned type = u8(d, p), n;

		put_field(d, &F[F_TYPE], p, 1);
		if (type == PAD1) {
			text(d, d->v ? "\n\tPad 1" : " pad1");
			p++;
			len--;
			continue;
		}
		if (len < 2)
			return 0;
		if (!have(d, p, 2))
			return -1;
		n = p[1];
		put_field(d, &F[F_LENGTH], p + 1, 1);
		if (len < 2 + n)
			return 0;
		if (!have(d, p, 2 + n))
			return -1;
		if (!(d->v ? verbose(d, type, p, n, &def) : brief(d, type, p, n)))
			return 0;
		p += 2 + n;
		len -= 2 + n;
	}
	return 1;
}

static void
babel(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned body;
	int state = 0;

	enter(d, &proto_babel);
	put_field(d, &F[F_MAGIC], p, 1);
	put_field(d, &F[F_VERSION], p + 1, 1);
	put_field(d, &F[F_BODY], p + 2, 2);
	text(d, "babel");
	if (!have(d, p, HEADER)) {
		text_trunc(d);
		return;
	}
	if (p[0] != MAGIC) {
		text(d, " invalid header");
		return;
	}
	text_char(d, ' '), text_u(d, p[1]);
	if (p[1] != 2) {
		text(d, " unknown version");
		return;
	}
	if (len >= HEADER) {
		body = raw16(p + 2);
		text_fmt(d, " (%u)", body);
		p += HEADER;
		len -= HEADER;
		if (len >= body)
			state = tlvs(d, p, body);
		/* The trailer: what the body's length leaves out. */
		if (state > 0 && len > body) {
			text(d, d->v ? "\n\t----" : " |");
			state = tlvs(d, p + body, len - body);
		}
	}
	if (state < 0)
		text_trunc(d);
	else if (state == 0)
		text_invalid(d);
}

const struct proto proto_babel = PROTO("babel", "babel", "Babel Routing Protocol", babel, F);
