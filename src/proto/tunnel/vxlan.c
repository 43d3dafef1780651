/* Virtual eXtensible LAN, RFC 7348. */
#include "dissect/dissect.h"

enum { HEADER = 8 };

static const struct name flags[] = { { 0x08, "I" }, { 0, NULL } };

enum { FLAGS, FLAG_I, VNI };
static const struct field F[] = {
	[FLAGS] = { "vxlan.flags", U16, .help = "Flags" },
	[FLAG_I] = { "vxlan.flag_i", BOOL, .mask = 0x0800, .help = "The network identifier is valid" },
	[VNI] = { "vxlan.vni", U24, .help = "VXLAN network identifier" },
};

extern const struct proto proto_vxlan;

static void
vxlan(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned bits;

	enter(d, &proto_vxlan);
	text(d, "VXLAN");
	if (len < HEADER) {
		text_invalid(d);
		return;
	}
	put_field(d, &F[FLAGS], p, 2);
	put_field(d, &F[FLAG_I], p, 2);
	put_field(d, &F[VNI], p + 4, 3);
	bits = u8(d, p);
	text(d, ", flags [");
	text_bits(d, flags, bits, "", "invalid");
	text(d, "] (0x"), text_x(d, bits, 2);
	text(d, "), ");
	text_be(d, "vni ", p + 4, 3);
	text_char(d, '\n');
	need(d, p, HEADER);
	next(d, D_LINK, 1 /* Ethernet */, p + HEADER, len - HEADER);
}

const struct proto proto_vxlan = PROTO("vxlan", "vxlan", "Virtual eXtensible Local Area Network", vxlan, F);
