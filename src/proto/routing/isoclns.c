/* OSI network protocols behind their one-byte identifier, ISO 9577; and what these protocols have in common. */
#include "dissect/said.h"
#include "proto/routing/osi.h"

enum { NLPID };
static const struct field F[] = {
	[NLPID] = { "osi.nlpid", U8, .names = nlpid_names, .help = "Network layer protocol identifier" },
};

extern const struct proto proto_isoclns, proto_isoclns_ether;

/* What the checksum `at` bytes behind p, itself taken for 0, has to be. */
static unsigned
fletcher(const uint8_t *p, uint32_t at, uint32_t len, struct osi_sums *s)
{
	uint32_t c0, mul;
	uint64_t c1;
	int x, y;

	for (uint32_t i = 0; i < len && !s->known; i++) {
		s->c0 += p[i];
		s->c1 += s->c0;
	}
	s->known = true;
	c0 = s->c0;
	c1 = s->c1;
	for (uint32_t i = at; i < at + 2 && i < len; i++) {
		c0 -= p[i];
		c1 -= (uint64_t)p[i] * (len - i);
	}
	c0 %= 255;
	c1 %= 255;
	mul = (len - at) * c0;
	x = (int)(mul - c0 - (uint32_t)c1);
	y = (int)((uint32_t)c1 - mul - 1);
	x = (x < 0 ? x - 1 : x) % 255;
	y = (y < 0 ? y : y + 1) % 255;
	if (x == 0)
		x = 255;
	if (y == 0)
		y = 255;
	return (((unsigned)x << 8) | ((unsigned)y & 0xff)) & 0xffff;
}

void
osi_text_checksum(struct dis *d, const uint8_t *p, unsigned sum, uint32_t at, uint32_t len, struct osi_sums *sums)
{
	struct osi_sums own = { 0 };
	unsigned right;

	if (sum == 0 || at > len || !have(d, p + at, 2) || !have(d, p, len)) {
		text(d, " (unverified)");
		return;
	}
	right = fletcher(p, at, len, sums ? sums : &own);
	if (right == sum)
		text(d, " (correct)");
	else
		text(d, " (incorrect should be 0x"), text_x(d, right, 4), text_char(d, ')');
}

static void
text_id(struct dis *d, const uint8_t *p, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		if (i == 7)
			text_char(d, '-');
		else if (i && i % 2 == 0)
			text_char(d, '.');
		text_x(d, p[i], 2);
	}
}

void
osi_text_id(struct dis *d, const char *label, const uint8_t *p, unsigned n)
{
	need(d, p, n);
	text(d, label);
	text_id(d, p, n);
}

void
osi_text_id_field(struct dis *d, const char *label, const uint8_t *p, unsigned n, const struct field *f)
{
	uint32_t from;

	need(d, p, n);
	text(d, label);
	from = text_say(d);
	text_id(d, p, n);
	put_said(d, f, from);
}

void
osi_text_short(struct dis *d, const uint8_t *p, unsigned len)
{
	text(d, " length indicator "), text_u(d, len);
	text(d, " < min PDU size:");
	for (; have(d, p, 1); p++)
		text_fmt(d, "%02X", *p);
}

static void
isoclns(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned id;

	enter(d, &proto_isoclns);
	id = u8(d, p);
	put_field(d, &F[NLPID], p, 1);
	if (d->e) {
		text(d, "OSI NLPID ");
		text_name(d, nlpid_names, id, "Unknown");
		text(d, " (0x"), text_x(d, id, 2), text(d, "): ");
	}
	switch (id) {
	case NLPID_CLNP:
	case NLPID_ESIS:
	case NLPID_ISIS:
		next(d, D_NLPID, id, p, len);
		return;
	case NLPID_NULL:
		text(d, d->e ? "length: " : ", length: "), text_u(d, len);
		return;
	case NLPID_Q933:
		if (next(d, D_NLPID, id, p + 1, len - 1))
			return;
		break;
	case NLPID_IPV4:
		next(d, D_ETHERTYPE, ETH_IP, p + 1, len - 1);
		return;
	case NLPID_IPV6:
		next(d, D_ETHERTYPE, ETH_IPV6, p + 1, len - 1);
		return;
	case NLPID_PPP:
		next(d, D_INTERNAL, IN_PPP, p + 1, len - 1);
		return;
	}
	if (d->e)
		text(d, "length: ");
	else
		text(d, "OSI NLPID 0x"), text_x(d, id, 2), text(d, " unknown, length: ");
	text_u(d, len);
	if (len > 1)
		text_unknown(d, p, "\n\t", len);
}

extern const struct proto proto_isoclns_ether;

/* Behind an EtherType a byte of padding comes first. */
static void
isoclns_ether(struct dis *d, const uint8_t *p, uint32_t len)
{
	if (len == 0 || !have(d, p, 1)) {
		enter(d, &proto_isoclns_ether);
		text_trunc(d);
		return;
	}
	isoclns(d, p + 1, len - 1);
}

const struct proto proto_isoclns = PROTO("osi", "isoclns", "OSI network layer", isoclns, F);
const struct proto proto_isoclns_ether = PROTO("osi", "isoclns", "OSI network layer", isoclns_ether, F);
