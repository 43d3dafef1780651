/* Minimal encapsulation for mobile IPv4, RFC 2004. */
#include "dissect/dissect.h"

enum { HEADER = 8, SOURCE = 4, HAS_SOURCE = 0x80 };

enum { PROTO_AT, S_BIT, CHECKSUM, DESTINATION, ORIGIN };
static const struct field F[] = {
	[PROTO_AT] = { "mip_min.protocol", U8, .help = "Protocol of what is inside" },
	[S_BIT] = { "mip_min.source_present", U8, .mask = HAS_SOURCE, .help = "The original source is present" },
	[CHECKSUM] = { "mip_min.checksum", U16, .help = "Header checksum" },
	[DESTINATION] = { "mip_min.dst", IP4, .help = "Original destination" },
	[ORIGIN] = { "mip_min.src", IP4, .help = "Original source" },
};

extern const struct proto proto_mobile_ip;

static void
mobile_ip(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t header;

	enter(d, &proto_mobile_ip);
	put_field(d, &F[PROTO_AT], p, 1);
	put_field(d, &F[S_BIT], p + 1, 1);
	put_field(d, &F[CHECKSUM], p + 2, 2);
	put_field(d, &F[DESTINATION], p + 4, 4);
	/* The wanted length counts the original source, which need not be there. */
	if (len < HEADER || !have(d, p, HEADER + SOURCE)) {
		text_trunc(d);
		return;
	}
	header = p[1] & HAS_SOURCE ? HEADER + SOURCE : HEADER;
	text(d, "mobile: ");
	if (p[1] & HAS_SOURCE) {
		put_field(d, &F[ORIGIN], p + HEADER, SOURCE);
		text(d, "[S] ");
		if (d->v)
			text_ip4(d, p + HEADER), text_char(d, ' ');
	} else {
		text(d, "[] ");
	}
	if (d->v) {
		text(d, "> "), text_ip4(d, p + 4);
		text(d, " (oproto="), text_u(d, p[0]), text_char(d, ')');
	}
	if (checksum(&(struct span) { p, header }, 1) != 0)
		text(d, " (bad checksum "), text_u(d, raw16(p + 2)), text_char(d, ')');
}

const struct proto proto_mobile_ip = PROTO("mip_min", "mobile", "Minimal encapsulation for mobile IP", mobile_ip, F);
