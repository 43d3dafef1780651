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
	switch (be16(d, p)) {
	case 0:		/* two-byte AS, number */
		need(d, p, BGP_RD);
		text_u(d, raw16(p + 2)), text_char(d, ':'), text_u(d, raw32(p + 4));
		text(d, " (= "), text_ip4_plain(d, p + 4), text_char(d, ')');
		break;
	case 1:		/* address, number */
		need(d, p, BGP_RD);
		text_ip4_plain(d, p + 2), text_char(d, ':'), text_u(d, raw16(p + 6));
		break;
	case 2:		/* four-byte AS, number */
		need(d, p, BGP_RD);
		text_as(d, raw32(p + 2)), text_char(d, ':'), text_u(d, raw16(p + 6));
		text(d, " ("), text_ip4_plain(d, p + 2), text_char(d, ':'), text_u(d, raw16(p + 6)), text_char(d, ')');
		break;
	default:
		text(d, "unknown RD format");
		break;
	}
	put_field(d, &bgp_fields[B_RD], p, BGP_RD);
}
