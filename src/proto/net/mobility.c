/* The IPv6 mobility header, RFC 6275 section 6. Whatever may follow it is left alone. */
#include "dissect/dissect.h"

enum { BRR, HOTI, COTI, HOT, COT, BU, BA, BE, KNOWN };
static const struct name messages[] = {
	{ BRR, "BRR" }, { HOTI, "HoTI" }, { COTI, "CoTI" }, { HOT, "HoT" }, { COT, "CoT" }, { BU, "BU" }, { BA, "BA" },
	{ BE, "BE" }, { 0, NULL }
};

/* Bytes a message has before its options; and the least its header may be, a multiple of 8. */
static const uint8_t sizes[KNOWN] = { 8, 16, 16, 24, 24, 12, 12, 24 };
static const uint8_t least[KNOWN] = { 8, 16, 16, 24, 24, 16, 16, 24 };

static const struct name update_flags[] = { { 8, "A" }, { 4, "H" }, { 2, "L" }, { 1, "K" }, { 0, NULL } };

enum { OPT_PAD1, OPT_PADN, OPT_REFRESH, OPT_ALT_COA, OPT_NONCES, OPT_AUTH };
static const struct name options[] = {
	{ OPT_PAD1, "Pad1" }, { OPT_PADN, "PadN" }, { OPT_REFRESH, "Binding Refresh Advice" },
	{ OPT_ALT_COA, "Alternate Care-of Address" }, { OPT_NONCES, "Nonce Indices" },
	{ OPT_AUTH, "Binding Authorization Data" }, { 0, NULL }
};

enum { NXT, LEN, TYPE, SUM, SEQ, LIFETIME, STATUS, COOKIE, TOKEN, HOME, OPT, ALT_COA };
static const struct field F[] = {
	[NXT] = { "mip6.proto", U8, .names = ipproto_names, .help = "Payload protocol" },
	[LEN] = { "mip6.hlen", U8, .help = "Length in 8 bytes beyond the first 8" },
	[TYPE] = { "mip6.mhtype", U8, .names = messages, .help = "Message" },
	[SUM] = { "mip6.csum", U16, .help = "Checksum" },
	[SEQ] = { "mipv6.seqnr", U16, .help = "Sequence number of a binding" },
	[LIFETIME] = { "mipv6.lifetime", U16, .help = "Lifetime of a binding in 4 seconds" },
	[STATUS] = { "mipv6.status", U8, .help = "Status of an acknowledgement or error" },
	[COOKIE] = { "mipv6.init_cookie", U64, .help = "Init cookie" },
	[TOKEN] = { "mipv6.keygen_token", U64, .help = "Keygen token" },
	[HOME] = { "mip6.be.haddr", IP6, .help = "Home address of a binding error" },
	[OPT] = { "mipv6.opt.type", U8, .names = options, .help = "Option" },
	[ALT_COA] = { "mip6.acoa.acoa", IP6, .help = "Alternate care-of address" },
};

extern const struct proto proto_mobility;

/* An option of at least `want` bytes must fit into the n that are left. */
static bool
fits(struct dis *d, unsigned n, unsigned want)
{
	if (n >= want)
		return true;
	text_bad(d, "remaining length", n, "<", want);
	return false;
}

/* Section 6.2: n bytes of options. False: bad, and said so. */
static bool
text_options(struct dis *d, const uint8_t *p, unsigned n)
{
	for (unsigned size; n; p += size, n -= size) {
		unsigned type = u8(d, p);

		put_field(d, &F[OPT], p, 1);
		size = 1;
		if (type != OPT_PAD1) {
			if (!fits(d, n, 2))
				return false;
			size = u8(d, p + 1) + 2u;
		}
		if (!fits(d, n, size))
			return false;
		need(d, p, size);
		switch (type) {
		case OPT_PAD1:
			text(d, "(pad1)");
			break;
		case OPT_PADN:
			text(d, "(padn)");
			break;
		case OPT_REFRESH:
			text(d, "(refresh: ");
			if (!fits(d, n, 4))
				return false;
			text_fmt(d, "%u)", be16(d, p + 2) * 4u);
			break;
		case OPT_ALT_COA:
			put_field(d, &F[ALT_COA], p + 2, 16);
			text(d, "(alt-CoA: ");
			if (!fits(d, n, 18))
				return false;
			text_ip6(d, p + 2);
			text_char(d, ')');
			break;
		case OPT_NONCES:
			text(d, "(ni: ");
			if (!fits(d, n, 6))
				return false;
			need(d, p, 6);
			text_fmt(d, "ho=0x%04x co=0x%04x)", raw16(p + 2), raw16(p + 4));
			break;
		case OPT_AUTH:
			text(d, "(auth)");
			if (!fits(d, n, 12))
				return false;
			break;
		default:
			text_fmt(d, "(unknown: type-#%u len=%u)", type, size - 2);
			break;
		}
	}
	return true;
}

static void
text_pair(struct dis *d, const struct field *f, const char *who, const char *what, const uint8_t *p)
{
	if (!d->v)
		return;
	put_field(d, f, p, 8);
	need(d, p, 8);
	text_fmt(d, " %s %s=%08x:%08x", who, what, raw32(p), raw32(p + 4));
}

/* What a message says before its options. */
static void
text_message(struct dis *d, const uint8_t *p, unsigned type)
{
	const char *who = type == HOTI || type == HOT ? "Home" : "Care-of";
	unsigned bits;

	switch (type) {
	case HOTI:
	case COTI:
		text_pair(d, &F[COOKIE], who, "Init Cookie", p + 8);
		break;
	case HOT:
	case COT:
		text_fmt(d, " nonce id=0x%x", be16(d, p + 6));
		text_pair(d, &F[COOKIE], who, "Init Cookie", p + 8);
		text_pair(d, &F[TOKEN], who, "Keygen Token", p + 16);
		break;
	case BU:
		put_field(d, &F[SEQ], p + 6, 2);
		put_field(d, &F[LIFETIME], p + 10, 2);
		text_fmt(d, " seq#=%u", be16(d, p + 6));
		bits = u8(d, p + 8) >> 4;
		if (bits)
			text_char(d, ' '), text_bits(d, update_flags, bits, "", "bits-#0x%x");
		text_fmt(d, " lifetime=%u", be16(d, p + 10) * 4u);
		break;
	case BA:
		put_field(d, &F[STATUS], p + 6, 1);
		put_field(d, &F[SEQ], p + 8, 2);
		put_field(d, &F[LIFETIME], p + 10, 2);
		text_fmt(d, " status=%u", u8(d, p + 6));
		if (u8(d, p + 7) & 0x80)
			text(d, " K");
		text_fmt(d, " seq#=%u", be16(d, p + 8));
		text_fmt(d, " lifetime=%u", be16(d, p + 10) * 4u);
		break;
	case BE:
		put_field(d, &F[STATUS], p + 6, 1);
		put_field(d, &F[HOME], p + 8, 16);
		text_fmt(d, " status=%u", u8(d, p + 6));
		need(d, p + 8, 16);
		text(d, " homeaddr ");
		text_ip6(d, p + 8);
		break;
	}
}

static void
mobility(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned proto, size, type;

	(void)len;	/* the chain's rest: the header has a length of its own */
	enter(d, &proto_mobility);
	text(d, "mobility: ");
	put_field(d, &F[NXT], p, 1);
	put_field(d, &F[LEN], p + 1, 1);
	put_field(d, &F[TYPE], p + 2, 1);
	put_field(d, &F[SUM], p + 4, 2);
	proto = u8(d, p);
	if (proto != IPP_NONE)
		text_fmt(d, "(payload protocol %u should be %u) ", proto, IPP_NONE);
	size = (u8(d, p + 1) + 1u) * 8;
	type = u8(d, p + 2);
	text_name(d, messages, type, "type-#%u");
	if (type >= KNOWN) {
		text_fmt(d, " len=%u", p[1]);
		return;
	}
	if (size < least[type]) {
		text_fmt(d, " (header length %u < %u)", size, least[type]);
		text_invalid(d);
		return;
	}
	text_message(d, p, type);
	if (d->v)
		text_options(d, p + sizes[type], size - sizes[type]);
}

const struct proto proto_mobility = PROTO("mipv6", "mobility", "IPv6 Mobility Header", mobility, F);
