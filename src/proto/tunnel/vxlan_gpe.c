/* Generic Protocol Extension for VXLAN, draft-ietf-nvo3-vxlan-gpe. */
#include "dissect/dissect.h"

enum { HEADER = 8 };

static const struct name flags[] = { { 0x08, "I" }, { 0x04, "P" }, { 0x02, "B" }, { 0x01, "O" }, { 0, NULL } };

static const struct name protocols[] = {
	{ 1, "IPv4" }, { 2, "IPv6" }, { 3, "Ethernet" }, { 4, "NSH" }, { 5, "MPLS" }, { 6, "GBP" }, { 7, "vBNG" },
	{ 0, NULL }
};

enum { FLAGS, NEXT, VNI };
static const struct field F[] = {
	[FLAGS] = { "vxlan.flags", U8, .help = "Flags" },
	[NEXT] = { "vxlan.next_proto", U8, .names = protocols, .help = "Next protocol" },
	[VNI] = { "vxlan.vni", U24, .help = "VXLAN network identifier" },
};

extern const struct proto proto_vxlan_gpe;

static void
vxlan_gpe(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned bits, then, vni;

	enter(d, &proto_vxlan_gpe);
	text(d, "VXLAN-GPE, ");
	if (len < HEADER) {
		text_fmt(d, " (len %u < %u)", len, HEADER);
		text_invalid(d);
		return;
	}
	put_field(d, &F[FLAGS], p, 1);
	put_field(d, &F[NEXT], p + 3, 1);
	put_field(d, &F[VNI], p + 4, 3);
	bits = u8(d, p);
	text(d, "flags [");
	text_bits(d, flags, bits, "", "none");
	text(d, "], ");
	then = u8(d, p + 3);
	vni = be24(d, p + 4);
	need(d, p, HEADER);
	text(d, "vni "), text_u(d, vni);
	text(d, d->v ? "\n    " : ": ");
	if (!next(d, D_VXLAN_GPE, then, p + HEADER, len - HEADER)) {
		text(d, "ERROR: unknown-next-protocol");
		text_invalid(d);
	}
}

const struct proto proto_vxlan_gpe =
    PROTO("vxlan_gpe", "vxlan_gpe", "Generic Protocol Extension for VXLAN", vxlan_gpe, F);
