/* Network Service Header, RFC 8300. */
#include "dissect/dissect.h"

enum { WORD = 4, HEADER = 8, MD_FIXED = 1, MD_TLV = 2 };

static const struct name flags[] = { { 2, "O" }, { 0, NULL } };

static const struct name md_types[] = {
	{ 0, "reserved" }, { MD_FIXED, "1" }, { MD_TLV, "2" }, { 15, "experimental" }, { 0, NULL }
};

static const struct name protocols[] = {
	{ 1, "IPv4" }, { 2, "IPv6" }, { 3, "Ethernet" }, { 4, "NSH" }, { 5, "MPLS" }, { 0xfe, "Experiment 1" },
	{ 0xff, "Experiment 2" }, { 0, NULL }
};

enum { VERSION, OAM, TTL, LENGTH, MDTYPE, NEXT, SPI, SI, CONTEXT, T_CLASS, T_TYPE, T_LEN, T_DATA };
static const struct field F[] = {
	[VERSION] = { "nsh.version", U16, .mask = 0xc000, .help = "Version" },
	[OAM] = { "nsh.Obit", BOOL, .mask = 0x2000, .help = "Operations, administration and management packet" },
	[TTL] = { "nsh.ttl", U16, .mask = 0x0fc0, .help = "Hops left" },
	[LENGTH] = { "nsh.length", U16, .mask = 0x003f, .help = "Length of all headers in 4-byte words" },
	[MDTYPE] = { "nsh.mdtype", U8, .mask = 0x0f, .names = md_types, .help = "Metadata type" },
	[NEXT] = { "nsh.nextproto", U8, .names = protocols, .help = "Next protocol" },
	[SPI] = { "nsh.spi", U24, .help = "Service path identifier" },
	[SI] = { "nsh.si", U8, .help = "Service index" },
	[CONTEXT] = { "nsh.contextheader", BYTES, .help = "Context headers" },
	[T_CLASS] = { "nsh.metadataclass", U16, .help = "Metadata class" },
	[T_TYPE] = { "nsh.metadatatype", U8, .help = "Metadata type within the class" },
	[T_LEN] = { "nsh.metadatalen", U8, .mask = 0x7f, .help = "Metadata length in bytes" },
	[T_DATA] = { "nsh.metadata", BYTES, .help = "Metadata" },
};

extern const struct proto proto_nsh;

static uint32_t
words(uint32_t bytes)
{
	return (bytes + WORD - 1) / WORD;
}

static void
put_header(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t left = (be16(d, p) & 0x3f) * (uint32_t)WORD, n;

	put_field(d, &F[VERSION], p, 2);
	put_field(d, &F[OAM], p, 2);
	put_field(d, &F[TTL], p, 2);
	put_field(d, &F[LENGTH], p, 2);
	put_field(d, &F[MDTYPE], p + 2, 1);
	put_field(d, &F[NEXT], p + 3, 1);
	put_field(d, &F[SPI], p + 4, 3);
	put_field(d, &F[SI], p + 7, 1);
	if (left <= HEADER || left > len)
		return;
	p += HEADER;
	left -= HEADER;
	put_field(d, &F[CONTEXT], p, left);
	if ((p[2 - HEADER] & 15) != MD_TLV)
		return;
	for (; left >= WORD && have(d, p, WORD); p += n, left -= n) {
		n = WORD + words(p[3] & 0x7f) * WORD;
		if (n > left)
			break;
		put_field(d, &F[T_CLASS], p, 2);
		put_field(d, &F[T_TYPE], p + 2, 1);
		put_field(d, &F[T_LEN], p + 3, 1);
		put_field(d, &F[T_DATA], p + WORD, p[3] & 0x7f);
	}
}

/* Metadata of variable length, RFC 8300 section 2.5; n words. False when a length makes no sense. */
static bool
text_tlvs(struct dis *d, const uint8_t *p, uint32_t n)
{
	while (n) {
		unsigned class = be16(d, p), type = u8(d, p + 2), size = u8(d, p + 3) & 0x7f;

		p += WORD;
		n--;
		text(d, "\n        TLV Class "), text_u(d, class);
		text(d, ", Type "), text_u(d, type);
		text(d, ", Len "), text_u(d, size);
		if (words(size) > n) {
			text(d, " (length too big)");
			return false;
		}
		if (size == 0)
			continue;
		text(d, "\n            Value: ");
		for (unsigned i = 0; i < size; i++) {
			unsigned byte = u8(d, p + i);

			text(d, i ? ":" : "0x"), text_x(d, byte, 2);
		}
		need(d, p, words(size) * WORD);
		p += words(size) * WORD;
		n -= words(size);
	}
	return true;
}

static void
nsh(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t base, n;
	unsigned md, then;

	enter(d, &proto_nsh);
	if (len < HEADER) {
		text_fmt(d, " (packet length %u < %u)", len, HEADER);
		goto invalid;
	}
	base = be32(d, p);
	if (d->sink)
		put_header(d, p, len);
	n = base >> 16 & 0x3f;
	md = base >> 8 & 15;
	then = base & 255;
	text(d, "NSH, ");
	if (d->v > 1)
		text(d, "ver "), text_u(d, base >> 30), text(d, ", ");
	if (base >> 30)
		return;
	text(d, "flags [");
	text_bits(d, flags, base >> 28 & 3, "", "none");
	text(d, "], ");
	if (d->v > 2) {
		text(d, "TTL "), text_u(d, base >> 22 & 0x3f);
		text(d, ", length "), text_u(d, n);
		text(d, ", md type ");
		text_name(d, md_types, md, "unknown (0x%02x)");
		text(d, ", ");
	}
	if (d->v > 1) {
		text(d, "next-protocol ");
		text_name(d, protocols, then, "unknown (0x%02x)");
		text(d, ", ");
	}
	if (len < n * WORD) {
		text_fmt(d, " (too many headers for packet length %u)", len);
		goto invalid;
	}
	text_be_x(d, "service-path-id 0x", p + 4, 3, 6);
	text(d, ", ");
	text_be_x(d, "service-index 0x", p + 7, 1, 0);
	if (n < HEADER / WORD) {
		text(d, " (less than two headers)");
		goto invalid;
	}
	if (d->v > 2 && md == MD_FIXED) {
		if (n != 6) {
			text(d, " (invalid length for the MD type)");
			goto invalid;
		}
		for (unsigned i = 0; i < 4; i++) {
			uint32_t context = be32(d, p + HEADER + i * WORD);

			text_fmt(d, "\n        Context[%02u]: 0x%08x", i, context);
		}
	} else if (d->v > 2 && md == MD_TLV) {
		if (!text_tlvs(d, p + HEADER, n - HEADER / WORD))
			goto invalid;
	} else {
		need(d, p, n * WORD);
	}
	text(d, d->v ? "\n    " : ": ");
	if (!next(d, D_NSH, then, p + n * WORD, len - n * WORD))
		text(d, "ERROR: unknown-next-protocol");
	return;
invalid:
	text_invalid(d);
}

const struct proto proto_nsh = PROTO("nsh", "nsh", "Network Service Header", nsh, F);
