/*
 * Frames as the processor port of a switch chip has them, with the chip's tag: Marvell's DSA and EtherType DSA between
 * addresses and type, Broadcom's there or in front of the frame.
 */
#include "proto/link/ether.h"

enum { DSA = 4, EDSA = 8, BRCM = 4 };

enum { TO_CPU, FROM_CPU, TO_SNIFFER, FORWARD };
static const struct name modes[] = {
	{ TO_CPU, "To CPU" }, { FROM_CPU, "From CPU" }, { TO_SNIFFER, "To Sniffer" }, { FORWARD, "Forward" }, { 0, NULL }
};

enum { D_MODE, D_DEV, D_PORT, D_VID };
static const struct field D[] = {
	[D_MODE] = { "dsa.tag.mode", U8, .mask = 0xc0, .names = modes, .help = "Mode" },
	[D_DEV] = { "dsa.tag.dev", U8, .mask = 0x1f, .help = "Source or target device" },
	[D_PORT] = { "dsa.tag.port", U8, .mask = 0xf8, .help = "Source or target port" },
	[D_VID] = { "dsa.tag.vid", U16, .mask = 0x0fff, .help = "VLAN identifier" },
};

enum { B_PORT };
static const struct field B[] = {
	[B_PORT] = { "brcm_tag.src_port_id", U8, .mask = 0x1f, .help = "Source port" },
};

extern const struct proto proto_dsa, proto_edsa, proto_brcm, proto_brcm_prepend;

/* Marvell's tag of four bytes. */
struct dsa {
	unsigned mode, dev, port, vid, priority, code;
	bool tagged, bit18, cfi;
};

static struct dsa
dsa_of(const uint8_t *p)
{
	return (struct dsa) {
		.mode = p[0] >> 6, .tagged = p[0] & 0x20, .dev = p[0] & 0x1f, .port = p[1] >> 3, .bit18 = p[1] & 4,
		.cfi = p[1] & 1, .priority = p[2] >> 5, .vid = raw16(p + 2) & 0x0fff,
		.code = (p[1] >> 1 & 3) << 1 | (p[2] >> 4 & 1),
	};
}

static void
text_pair(struct dis *d, const char *a, unsigned x, const char *b, unsigned y)
{
	text(d, a), text_u(d, x);
	text(d, b), text_u(d, y);
}

static void
text_long(struct dis *d, const struct dsa *t)
{
	static const struct name codes[] = {
		{ 0, "BPDU (MGMT) Trap" }, { 1, "Frame2Reg" }, { 2, "IGMP/MLD Trap" }, { 3, "Policy Trap" },
		{ 4, "ARP Mirror" }, { 5, "Policy Mirror" }, { 0, NULL }
	};

	text(d, "mode "), text(d, name_of(modes, t->mode));
	switch (t->mode) {
	case FORWARD:
		text_pair(d, ", dev ", t->dev, t->bit18 ? ", trunk " : ", port ", t->port);
		break;
	case FROM_CPU:
		text_pair(d, ", target dev ", t->dev, ", port ", t->port);
		break;
	case TO_CPU:
		text_pair(d, ", source dev ", t->dev, ", port ", t->port);
		text(d, ", code ");
		text_name(d, codes, t->code, "reserved");
		break;
	case TO_SNIFFER:
		text_pair(d, ", source dev ", t->dev, ", port ", t->port);
		text(d, t->bit18 ? ", ingress sniff" : ", egress sniff");
		break;
	}
	text(d, t->tagged ? ", tagged, " : ", untagged, ");
	if (t->cfi)
		text(d, "CFI, ");
	text_pair(d, "VID ", t->vid, ", FPri ", t->priority);
	text(d, ", ");
}

static void
text_short(struct dis *d, const struct dsa *t)
{
	switch (t->mode) {
	case FORWARD:
		text_pair(d, t->bit18 ? "Forward trunk " : "Forward port ", t->dev, ".", t->port);
		break;
	case FROM_CPU:
		text_pair(d, "CPU > port ", t->dev, ".", t->port);
		break;
	case TO_CPU:
		text_pair(d, "port ", t->dev, ".", t->port);
		text(d, " > CPU");
		break;
	case TO_SNIFFER:
		text_pair(d, "port ", t->dev, ".", t->port);
		text(d, t->bit18 ? " > Rx Sniffer" : " > Tx Sniffer");
		break;
	}
	text(d, ", VLAN "), text_u(d, t->vid);
	text(d, t->tagged ? "t, " : "u, ");
}

static void
text_dsa_tag(struct dis *d, const uint8_t *p)
{
	struct dsa t = dsa_of(p);

	put_field(d, &D[D_MODE], p, 1);
	put_field(d, &D[D_DEV], p, 1);
	put_field(d, &D[D_PORT], p + 1, 1);
	put_field(d, &D[D_VID], p + 2, 2);
	if (d->e)
		text_long(d, &t);
	else
		text_short(d, &t);
}

static void
text_dsa(struct dis *d, const uint8_t *p)
{
	text(d, d->e ? "Marvell DSA " : "DSA ");
	text_dsa_tag(d, p);
}

static void
text_edsa(struct dis *d, const uint8_t *p)
{
	unsigned type = raw16(p);

	text(d, d->e ? "Marvell EDSA ethertype 0x" : "EDSA 0x"), text_x(d, type, 4);
	if (d->e) {
		text(d, " (");
		text_name(d, ethertype_names, type, "Unknown");
		text_pair(d, "), rsvd ", p[2], " ", p[3]);
	}
	text(d, ", ");
	text_dsa_tag(d, p + 4);
}

static void
text_brcm(struct dis *d, const uint8_t *p)
{
	static const struct name exits[] = {
		{ 0, "None" }, { 1, "Untag" }, { 2, "Header" }, { 3, "Reserved" }, { 0, NULL }
	};
	static const struct name reasons[] = {
		{ 1, "mirror" }, { 2, "MAC learning" }, { 4, "switching" }, { 8, "prot term" }, { 16, "prot snoop" },
		{ 32, "exception" }, { 0, NULL }
	};

	text(d, p[0] ? "BRCM tag OP: IG" : "BRCM tag OP: EG");
	if (p[0] & 0x20) {
		text(d, ", TC: "), text_u(d, p[1] >> 2 & 7);
		text(d, ", TE: "), text(d, name_of(exits, p[1] & 3));
		text(d, ", TS: "), text_u(d, p[1] >> 7);
		text(d, ", DST map: 0x"), text_x(d, raw16(p + 2) & 0x1ff, 4);
	} else {
		put_field(d, &B[B_PORT], p + 3, 1);
		text(d, ", CID: "), text_u(d, p[1]);
		text(d, ", RC: ");
		text_name(d, reasons, p[2], "reserved");
		text(d, ", TC: "), text_u(d, p[3] >> 5);
		text(d, ", port: "), text_u(d, p[3] & 0x1f);
	}
	text(d, ", ");
}

static void
dsa(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_dsa);
	ether_walk(d, p, len, DSA, text_dsa);
}

static void
edsa(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_edsa);
	ether_walk(d, p, len, EDSA, text_edsa);
}

static void
brcm(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_brcm);
	ether_walk(d, p, len, BRCM, text_brcm);
}

static void
brcm_prepend(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_brcm_prepend);
	if (len < BRCM || !have(d, p, BRCM))
		dis_leave(d);
	if (d->e)
		text_brcm(d, p);
	d->inner_link = 0;
	next(d, D_INTERNAL, IN_ETHER, p + BRCM, len - BRCM);
	link_header(d, BRCM + d->inner_link);
}

const struct proto proto_dsa = PROTO("dsa", "dsa", "Marvell Distributed Switch Architecture tag", dsa, D);
const struct proto proto_edsa = PROTO("dsa", "edsa", "Marvell EtherType DSA tag", edsa, D);
const struct proto proto_brcm = PROTO("brcm_tag", "brcm-tag", "Broadcom switch tag", brcm, B);
const struct proto proto_brcm_prepend = PROTO("brcm_tag", "brcm-tag-prepend", "Broadcom switch tag in front", brcm_prepend, B);
