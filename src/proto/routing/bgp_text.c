/* Border Gateway Protocol: what its messages, attributes and routes say alike. */
#include "proto/routing/bgp.h"

static void
text_number(struct dis *d, unsigned v)
{
	text(d, " ("), text_u(d, v), text_char(d, ')');
}

void
bgp_text_family(struct dis *d, unsigned afi, unsigned safi)
{
	text(d, "AFI ");
	text_name(d, af_names, afi, "Unknown");
	text_number(d, afi);
	text(d, ", SAFI ");
	text_name(d, bgp_safi_names, safi, "Unknown");
	text_number(d, safi);
}

void
bgp_text_attr(struct dis *d, unsigned flags, unsigned type, unsigned len)
{
	text_name(d, bgp_attr_names, type, "Unknown Attribute");
	text_number(d, type);
	text(d, ", length: "), text_u(d, len);
	if (flags == 0)
		return;
	text(d, ", Flags [");
	for (unsigned i = 0; i < 4; i++)
		if (flags & 0x80 >> i)
			text_char(d, "OTPE"[i]);
	if (flags & 0x0f)
		text_char(d, '+'), text_x(d, flags & 0x0f, 0);
	text_char(d, ']');
}

void
bgp_text_rd(struct dis *d, const uint8_t *p)
{
	text_rd(d, p);
	put_field(d, &bgp_fields[B_RD], p, BGP_RD);
}
