/* QUIC, RFC 9000: what is visible from outside. */
#include "dissect/dissect.h"

enum { LONG = 0x80, CID_MAX = 20, TAG = 16, TOKEN_MAX = 1000, SHORT_MIN = 17 };
enum { INITIAL, ZERO_RTT, HANDSHAKE, RETRY };
static const struct name types[] = {
	{ INITIAL, "initial" }, { ZERO_RTT, "0-rtt" }, { HANDSHAKE, "handshake" }, { RETRY, "retry" }, { 0, NULL }
};

enum { FORM, TYPE, VERSION, DCID, SCID, TOKEN, LENGTH, SUPPORTED };
static const struct field F[] = {
	[FORM] = { "quic.header_form", BOOL, .mask = LONG, .help = "Long header" },
	[TYPE] = { "quic.long.packet_type", U8, .mask = 0x30, .names = types, .help = "Packet type" },
	[VERSION] = { "quic.version", U32, .help = "Version" },
	[DCID] = { "quic.dcid", BYTES, .help = "Destination connection identifier" },
	[SCID] = { "quic.scid", BYTES, .help = "Source connection identifier" },
	[TOKEN] = { "quic.token", BYTES, .help = "Token" },
	[LENGTH] = { "quic.length", U64, .help = "Length of the rest of the packet" },
	[SUPPORTED] = { "quic.supported_version", U32, .help = "Version offered" },
};

extern const struct proto proto_quic;

/* Variable-length integer, RFC 9000 section 16. */
static uint64_t
varint(struct dis *d, const uint8_t **p)
{
	unsigned n = 1u << (u8(d, *p) >> 6);
	uint64_t v = be_n(d, *p, n) & (UINT64_MAX >> (64 - 8 * n + 2));

	*p += n;
	return v;
}

/*
 * Connection identifiers that long headers announced are remembered: a short header has one, but does not say how
 * long it is.
 */
static void *
known_cid(struct dis *d, const uint8_t *p, unsigned n, bool make)
{
	uint8_t key[CID_MAX + 6] = "quic";
	bool fresh;

	key[5] = (uint8_t)n;
	memcpy(key + 6, p, n);
	return conv_at(d, key, 6 + n, make, &fresh);
}

/* Which lengths they have, a bit for each: most of those that a short header could have need no looking for. */
static uint32_t *
known_lengths(struct dis *d)
{
	bool fresh;

	return conv_at(d, "quic lengths", 12, true, &fresh);
}

static void
remember_cid(struct dis *d, const uint8_t *p, unsigned n)
{
	uint32_t *lengths = known_lengths(d);

	known_cid(d, p, n, true);
	if (lengths)
		*lengths |= 1u << n;
}

static const uint8_t *
cid(struct dis *d, const uint8_t *p, const char *name, const struct field *f)
{
	unsigned n = u8(d, p++);

	if (n && n <= CID_MAX) {
		need(d, p, n);
		put_field(d, f, p, n);
		text(d, name);
		text_hex(d, p, n);
		remember_cid(d, p, n);
	}
	return p + n;
}

static const uint8_t *
version_negotiation(struct dis *d, const uint8_t *p, const uint8_t *end)
{
	for (; p < end; p += 4) {
		if (!have(d, p, 4)) {
			text_trunc(d);
			break;
		}
		put_field(d, &F[SUPPORTED], p, 4);
		text(d, ", version 0x"), text_x(d, raw32(p), 0);
	}
	return end;
}

static const uint8_t *
long_header(struct dis *d, const uint8_t *p, const uint8_t *end)
{
	unsigned type = *p >> 4 & 3;
	uint32_t version;
	uint64_t n;

	put_field(d, &F[TYPE], p, 1);
	put_field(d, &F[VERSION], p + 1, 4);
	version = be32(d, p + 1);
	text(d, ", ");
	text(d, version ? name_of(types, type) : "version negotiation");
	if (version > 1)
		text(d, ", v"), text_x(d, version, 0);
	p = cid(d, p + 5, ", dcid ", &F[DCID]);
	p = cid(d, p, ", scid ", &F[SCID]);
	if (version == 0)
		return version_negotiation(d, p, end);
	if (type == RETRY) {
		/* All but the integrity tag. */
		text(d, ", token ");
		if (end - p > TAG) {
			put_field(d, &F[TOKEN], p, (uint32_t)(end - p - TAG));
			text_hex(d, p, (uint32_t)(end - p - TAG));
		} else {
			text_trunc(d);
		}
		return end;
	}
	if (type == INITIAL) {
		n = varint(d, &p);
		if (n && n < TOKEN_MAX) {
			need(d, p, (uint32_t)n);
			put_field(d, &F[TOKEN], p, (uint32_t)n);
			text(d, ", token ");
			text_hex(d, p, (uint32_t)n);
		}
		if (n > left(d, p))
			dis_leave(d);
		p += n;
	}
	n = varint(d, &p);
	put_value(d, &F[LENGTH], n);
	text(d, ", length "), text_u(d, n);
	if (n > left(d, p)) {
		text_trunc(d);
		return end;
	}
	return p + n;
}

static const uint8_t *
short_header(struct dis *d, const uint8_t *p, const uint8_t *end)
{
	const uint32_t *lengths;

	text(d, ", protected");
	p++;
	if (end - p < SHORT_MIN) {
		text_trunc(d);
		return end;
	}
	lengths = known_lengths(d);
	for (unsigned n = CID_MAX; n && lengths; n--) {
		if (!(*lengths >> n & 1) || (ptrdiff_t)n > end - p || known_cid(d, p, n, false) == NULL)
			continue;
		put_field(d, &F[DCID], p, n);
		text(d, ", dcid ");
		text_hex(d, p, n);
		break;
	}
	return end;
}

static void
quic(struct dis *d, const uint8_t *p, uint32_t len)
{
	const uint8_t *end = d->end;

	(void)len;
	enter(d, &proto_quic);
	text(d, "quic");
	while (p < end) {
		put_field(d, &F[FORM], p, 1);
		p = *p & LONG ? long_header(d, p, end) : short_header(d, p, end);
		/* Zeros pad a datagram. */
		while (p < end && *p == 0)
			p++;
	}
}

const struct proto proto_quic = PROTO("quic", "quic", "QUIC", quic, F);
