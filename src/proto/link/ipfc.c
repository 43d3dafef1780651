/* IP over Fibre Channel, RFC 2625: a network header of two 8-byte names, LLC behind it. */
#include "dissect/dissect.h"

enum { HEADER = 16, NAME = 8, MAC_AT = 2 };

enum { DA, SA };
static const struct field F[] = {
	[DA] = { "ipfc.nh.da", EUI64, .help = "Destination" },
	[SA] = { "ipfc.nh.sa", EUI64, .help = "Source" },
};

extern const struct proto proto_ipfc;

static void
ipfc(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_ipfc);
	need(d, p, HEADER);
	put_field(d, &F[DA], p, NAME);
	put_field(d, &F[SA], p + NAME, NAME);
	d->mac_dst = p + MAC_AT;
	d->mac_src = p + NAME + MAC_AT;
	if (d->e) {
		text_mac_own(d, d->mac_src);
		text(d, " > ");
		text_mac_own(d, d->mac_dst);
		text(d, ", length ");
		text_u(d, len), text(d, ": ");
	}
	p += HEADER;
	d->inner_link = 0;
	d->refused = false;
	if (!next(d, D_INTERNAL, IN_LLC, p, len - HEADER) || d->refused)
		text_default(d, p, left(d, p));
	link_header(d, HEADER + d->inner_link);
}

const struct proto proto_ipfc = PROTO("ipfc", "ipfc", "IP over Fibre Channel", ipfc, F);
