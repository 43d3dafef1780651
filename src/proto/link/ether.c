/* Ethernet, IEEE 802.3 and RFC 894, with 802.1Q and 802.1ad tags. */
#include "dissect/dissect.h"

enum { HEADER = 14, TAG = 4 };

enum { DST, SRC, TYPE, LEN };
static const struct field F[] = {
	[DST] = { "eth.dst", MAC, .help = "Destination address" },
	[SRC] = { "eth.src", MAC, .help = "Source address" },
	[TYPE] = { "eth.type", U16, .names = ethertype_names, .help = "EtherType" },
	[LEN] = { "eth.len", U16, .help = "802.3 length" },
};

enum { PRI, DEI, ID, ETYPE };
static const struct field V[] = {
	[PRI] = { "vlan.priority", U16, .mask = 0xe000, .help = "Priority code point" },
	[DEI] = { "vlan.dei", BOOL, .mask = 0x1000, .help = "Drop eligible" },
	[ID] = { "vlan.id", U16, .mask = 0x0fff, .help = "VLAN identifier" },
	[ETYPE] = { "vlan.etype", U16, .names = ethertype_names, .help = "EtherType inside" },
};

extern const struct proto proto_ether, proto_vlan;

static void
text_header(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned type = raw16(p + 12);

	text_mac(d, p + 6);
	text(d, " > ");
	text_mac(d, p);
	if (type <= ETH_LENGTH_MAX) {
		text(d, ", 802.3");
		len = type;
	} else if (!d->q) {
		text(d, ", ethertype ");
		text_name(d, ethertype_names, type, "Unknown");
		text(d, " (0x"), text_x(d, type, 4), text(d, ")");
	} else {
		text(d, ", ");
		text_name(d, ethertype_names, type, "Unknown Ethertype (0x%04x)");
	}
	text(d, ", length "), text_u(d, len), text(d, ": ");
}

static inline bool
is_tag(unsigned type)
{
	return type == ETH_VLAN || type == ETH_QINQ || type == ETH_VLAN_9100 || type == ETH_VLAN_9200;
}

/* "vlan 7, p 3, DEI, " */
static void
text_tag(struct dis *d, unsigned tci)
{
	text(d, "vlan "), text_u(d, tci & 0xfff);
	text(d, ", p "), text_u(d, tci >> 13);
	if (tci & 0x1000)
		text(d, ", DEI");
	text(d, ", ");
}

static void
put_tag(struct dis *d, const uint8_t *p)
{
	fields_layer(d, &proto_vlan);
	put_field(d, &V[PRI], p, 2);
	put_field(d, &V[DEI], p, 2);
	put_field(d, &V[ID], p, 2);
	put_field(d, &V[ETYPE], p + 2, 2);
}

static void
ether(struct dis *d, const uint8_t *p, uint32_t len)
{
	const uint8_t *frame = p;
	uint32_t whole = len, header = HEADER;
	unsigned type;

	enter(d, &proto_ether);
	if (len < HEADER || !have(d, p, HEADER)) {
		text_trunc(d);
		link_header(d, left(d, p) < len ? left(d, p) : len);
		return;
	}
	if (d->e)
		text_header(d, p, len);
	put_field(d, &F[DST], p, 6);
	put_field(d, &F[SRC], p + 6, 6);
	d->mac_dst = p;
	d->mac_src = p + 6;
	type = raw16(p + 12);
	put_field(d, &F[type <= ETH_LENGTH_MAX ? LEN : TYPE], p + 12, 2);
	p += HEADER;
	len -= HEADER;

	while (is_tag(type)) {
		if (len < TAG || !have(d, p, TAG)) {
			mark(d, "vlan");
			text_trunc(d);
			link_header(d, header + (left(d, p) < len ? left(d, p) : len));
			return;
		}
		if (d->sink)
			put_tag(d, p);
		if (d->e)
			text_tag(d, raw16(p));
		type = raw16(p + 2);
		if (d->e && type > ETH_LENGTH_MAX) {
			text(d, "ethertype ");
			text_name(d, ethertype_names, type, "0x%04x");
			text(d, ", ");
		}
		p += TAG;
		len -= TAG;
		header += TAG;
	}
	d->inner_link = 0;
	if (type <= ETH_LENGTH_MAX || type == ETH_JUMBO) {
		/* An LLC header and its payload; what it is not known for is dumped as it is. */
		if (!next(d, D_INTERNAL, IN_LLC, p, len))
			text_default(d, p, left(d, p));
		header += d->inner_link;
	} else if (!next(d, D_ETHERTYPE, type, p, len)) {
		if (!d->e)
			text_header(d, frame, whole);
		text_default(d, p, left(d, p));
	}
	link_header(d, header);
}

const struct proto proto_ether = PROTO("eth", "ether", "Ethernet", ether, F);
const struct proto proto_vlan = PROTO("vlan", "vlan", "802.1Q Virtual LAN", ether, V);
