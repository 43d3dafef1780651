/* Broadcom's lawful-interception shim: a word of direction and kind before the intercepted packet. */
#include "dissect/dissect.h"

enum { SHIM = 4, UNDECIDED = 4, IPV4 = 5, IPV6 = 6, ETHERNET = 7 };

static const struct name directions[] = { { 1, "unused" }, { 2, "egress" }, { 3, "ingress" }, { 0, NULL } };
static const struct name kinds[] = {
	{ UNDECIDED, "undecided" }, { IPV4, "ipv4" }, { IPV6, "ipv6" }, { ETHERNET, "ethernet" }, { 0, NULL }
};
static const struct name tags[] = {
	{ 1, "single VLAN tag" }, { 2, "double VLAN tag" }, { 3, "untagged" }, { 0, NULL }
};

enum { DIRECTION, KIND, TAGS, ID };
static const struct field F[] = {
	[DIRECTION] = { "bcm_li.direction", U32, .mask = 0xe0000000, .names = directions, .help = "Direction" },
	[KIND] = { "bcm_li.type", U32, .mask = 0x1e000000, .names = kinds, .help = "Kind of packet" },
	[TAGS] = { "bcm_li.subtype", U32, .mask = 0x01c00000, .names = tags, .help = "VLAN tags of the packet" },
	[ID] = { "bcm_li.id", U32, .mask = 0x003fffff, .help = "Interception" },
};

extern const struct proto proto_bcm_li;

static void
bcm_li(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t shim, kind;

	enter(d, &proto_bcm_li);
	if (len < SHIM) {
		text_fmt(d, " (length %u < %u)", len, SHIM);
		text_invalid(d);
		return;
	}
	shim = be32(d, p);
	kind = shim >> 25 & 0xf;
	put_field(d, &F[DIRECTION], p, SHIM);
	put_field(d, &F[KIND], p, SHIM);
	put_field(d, &F[TAGS], p, SHIM);
	put_field(d, &F[ID], p, SHIM);
	p += SHIM;
	len -= SHIM;
	text(d, d->v ? "\n    BCM-LI-SHIM: direction " : "BCM-LI-SHIM: direction ");
	text_name(d, directions, shim >> 29, "unknown");
	text(d, ", pkt-type "), text_name(d, kinds, kind, "unknown");
	text(d, ", pkt-subtype "), text_name(d, tags, shim >> 22 & 7, "unknown");
	text(d, ", li-id "), text_u(d, shim & 0x3fffff);
	if (!d->v) {
		need(d, p, len);
		return;
	}
	text(d, "\n    ");
	switch (kind) {
	case ETHERNET:
		next(d, D_INTERNAL, IN_ETHER, p, len);
		break;
	case IPV4:
		next(d, D_ETHERTYPE, ETH_IP, p, len);
		break;
	case IPV6:
		next(d, D_ETHERTYPE, ETH_IPV6, p, len);
		break;
	case UNDECIDED:
		if (u8(d, p) >> 4 == 4)
			next(d, D_ETHERTYPE, ETH_IP, p, len);
		else if (p[0] >> 4 == 6)
			next(d, D_ETHERTYPE, ETH_IPV6, p, len);
		else
			text(d, "unknown payload");
		break;
	default:
		text_invalid(d);
		break;
	}
}

const struct proto proto_bcm_li = PROTO("bcm_li", "bcm_li", "Broadcom lawful interception", bcm_li, F);
