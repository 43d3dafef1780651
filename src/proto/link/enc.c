/* OpenBSD's enc(4): packets as IPsec decrypted them or will encrypt them. */
#include "dissect/dissect.h"

enum { HEADER = 12, CONFIDENTIAL = 0x0400, AUTHENTIC = 0x0800, AF_IP = 2, AF_IP6_BSD = 24, AF_IP6_FREEBSD = 28,
	AF_IP6_DARWIN = 30 };

enum { AF, SPI, FLAGS };
static const struct field F[] = {
	[AF] = { "enc.af", U32, .help = "Address family" },
	[SPI] = { "enc.spi", U32, .help = "Security parameters index" },
	[FLAGS] = { "enc.flags", U32, .help = "Flags" },
};

extern const struct proto proto_enc;

static uint32_t
swap(uint32_t v)
{
	return v >> 24 | (v >> 8 & 0xff00) | (v << 8 & 0xff0000) | v << 24;
}

static void
text_flags(struct dis *d, uint32_t flags)
{
	if (flags == 0) {
		text(d, "(unprotected): ");
		return;
	}
	text_char(d, '(');
	if (flags & AUTHENTIC) {
		text(d, "authentic"), text(d, flags == AUTHENTIC ? "): " : ",");
		flags &= ~(uint32_t)AUTHENTIC;
	}
	if (flags & CONFIDENTIAL)
		text(d, "confidential"), text(d, flags == CONFIDENTIAL ? "): " : ",");
}

static void
enc(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t af, flags;

	enter(d, &proto_enc);
	need(d, p, HEADER);
	link_header(d, HEADER);
	/* The capturing machine's order: a family is a small number either way. */
	af = le32(d, p);
	flags = le32(d, p + 8);
	if (af & 0xffff0000) {
		af = swap(af);
		flags = swap(flags);
	}
	put_value(d, &F[AF], af);
	put_field(d, &F[SPI], p + 4, 4);
	put_value(d, &F[FLAGS], flags);
	text_flags(d, flags);
	text(d, "SPI 0x"), text_x(d, raw32(p + 4), 8), text(d, ": ");
	p += HEADER;
	len -= HEADER;
	if (af == AF_IP)
		next(d, D_ETHERTYPE, ETH_IP, p, len);
	else if (af == AF_IP6_BSD || af == AF_IP6_FREEBSD || af == AF_IP6_DARWIN)
		next(d, D_ETHERTYPE, ETH_IPV6, p, len);
}

const struct proto proto_enc = PROTO("enc", "enc", "OpenBSD Encapsulating device", enc, F);
