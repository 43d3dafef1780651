/* IP Authentication Header, RFC 4302. */
#include "dissect/dissect.h"

enum { NXT, LEN, SPI, SEQ, ICV };
static const struct field F[] = {
	[NXT] = { "ah.next_header", U8, .names = ipproto_names, .help = "Next header" },
	[LEN] = { "ah.length", U8, .help = "Length in 4 bytes, less 2" },
	[SPI] = { "ah.spi", U32, .help = "Security parameters index" },
	[SEQ] = { "ah.sequence", U32, .help = "Sequence number" },
	[ICV] = { "ah.icv", BYTES, .help = "Integrity check value" },
};

enum { FIXED = 12 };

extern const struct proto proto_ah;

static void
ah(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned nh, size;

	enter(d, &proto_ah);
	if (!have(d, p, 1)) {
		text_trunc(d);
		return;
	}
	nh = *p;
	put_field(d, &F[NXT], p, 1);
	put_field(d, &F[LEN], p + 1, 1);
	put_field(d, &F[SPI], p + 4, 4);
	put_field(d, &F[SEQ], p + 8, 4);
	text(d, "AH");
	size = (u8(d, p + 1) + 2u) * 4;
	if (size > FIXED)
		put_field(d, &F[ICV], p + FIXED, size - FIXED);
	text_char(d, '(');
	if (d->v)
		text_fmt(d, "length=%u(%u-bytes),", p[1], size);
	if (be16(d, p + 2))
		text_fmt(d, "reserved=0x%x[MustBeZero],", raw16(p + 2));
	text_fmt(d, "spi=0x%08x,", be32(d, p + 4));
	text_fmt(d, "seq=0x%x,", be32(d, p + 8));
	text(d, "icv=0x");
	if (size > FIXED)
		text_hex(d, p + FIXED, size - FIXED);
	text(d, "): ");
	next_ip(d, (uint8_t)nh, p + size, len - size);
}

const struct proto proto_ah = PROTO("ah", "ah", "Authentication Header", ah, F);
