/* Linux "cooked" captures, version 1 (DLT_LINUX_SLL) and 2 (DLT_LINUX_SLL2): what `-i any` delivers. */

#include "dissect/dissect.h"

enum { HEADER = 16, HEADER2 = 20, TAG = 4, P_802_3 = 1, P_802_2 = 4, ARPHRD_RADIOTAP = 803, DLT_RADIOTAP = 127 };

static const struct name directions[] = { { 0, "In" }, { 1, "B" }, { 2, "M" }, { 3, "P" }, { 4, "Out" }, { 0, NULL } };

enum { PKTTYPE, HATYPE, HALEN, ADDR, ETYPE, LTYPE, IFINDEX };
static const struct field F[] = {
	[PKTTYPE] = { "sll.pkttype", U16, .names = directions, .help = "In, broadcast, multicast, other host, out" },
	[HATYPE] = { "sll.hatype", U16, .help = "Hardware type of the interface, ARPHRD_" },
	[HALEN] = { "sll.halen", U16, .help = "Link address length" },
	[ADDR] = { "sll.src.eth", MAC, .help = "Source address" },
	[ETYPE] = { "sll.etype", U16, .names = ethertype_names, .help = "EtherType" },
	[LTYPE] = { "sll.ltype", U16, .help = "Protocol, where it is no EtherType" },
	[IFINDEX] = { "sll.ifindex", U32, .help = "Interface index" },
};

extern const struct proto proto_sll, proto_sll2;

/* The two headers, brought to one form. */
struct cooked {
	unsigned direction, hatype, halen, protocol;
	const uint8_t *addr;
	uint32_t header;
};

static void
text_protocol(struct dis *d, unsigned protocol)
{
	if (protocol == P_802_3) {
		text(d, "802.3");
	} else if (protocol == P_802_2) {
		text(d, "802.2");
	} else {
		text(d, "ethertype ");
		text_name(d, ethertype_names, protocol <= ETH_LENGTH_MAX ? 0 : protocol, "Unknown");
		text(d, " (0x"), text_x(d, protocol, 4), text_char(d, ')');
	}
}

static void
text_header(struct dis *d, const struct cooked *c, const uint8_t *p, uint32_t len)
{
	if (c->header == HEADER2) {
		mark(d, "sll2");
		text(d, "ifindex "), text_u(d, raw32(p + 4));
		text_char(d, ' ');
	} else {
		mark(d, "sll");
		text_fmt(d, "%3s ", c->direction > 4 ? "?" : name_of(directions, c->direction));
	}
	if (c->halen == 6) {
		text_mac(d, c->addr);
		text_char(d, ' ');
	}
	if (!d->q) {
		text_protocol(d, c->protocol);
		text(d, ", length "), text_u(d, len), text(d, ": ");
	}
}

static void
put_header(struct dis *d, const struct cooked *c)
{
	put_value(d, &F[PKTTYPE], c->direction);
	put_value(d, &F[HATYPE], c->hatype);
	put_value(d, &F[HALEN], c->halen);
	if (c->halen == 6)
		put_field(d, &F[ADDR], c->addr, 6);
	put_value(d, &F[c->protocol <= ETH_LENGTH_MAX ? LTYPE : ETYPE], c->protocol);
}

/* What lies under the header, behind any VLAN tags. The bytes of link header in it. */
static uint32_t
payload(struct dis *d, const struct cooked *c, const uint8_t *frame, uint32_t len)
{
	const uint8_t *p = frame + c->header;
	uint32_t header = c->header;
	unsigned protocol = c->protocol;

	len -= c->header;
	while (protocol == ETH_VLAN) {
		if (!have(d, p, TAG)) {
			mark(d, "vlan");
			text_trunc(d);
			return header + left(d, p);
		}
		if (d->e) {
			unsigned tci = raw16(p);

			text(d, "vlan "), text_u(d, tci & 0xfff);
			text(d, ", p "), text_u(d, tci >> 13);
			text(d, tci & 0x1000 ? ", DEI, " : ", ");
		}
		protocol = raw16(p + 2);
		if (protocol <= ETH_LENGTH_MAX)
			protocol = P_802_2;
		if (!d->q) {
			text(d, "ethertype ");
			text_name(d, ethertype_names, protocol, "Unknown");
			text(d, ", ");
		}
		p += TAG;
		len -= TAG;
		header += TAG;
	}
	if (protocol > ETH_LENGTH_MAX) {
		if (next(d, D_ETHERTYPE, protocol, p, len))
			return header;
		if (!d->e)
			text_header(d, c, frame, len + c->header);
		text_default(d, p, left(d, p));
		return header;
	}
	d->inner_link = 0;
	d->refused = false;
	if (protocol == P_802_3) {
		if (!next(d, D_LLC, 0xff, p, len))
			text_default(d, p, left(d, p));
		return header;
	}
	if (protocol != P_802_2 || !next(d, D_INTERNAL, IN_LLC, p, len) || d->refused) {
		text_default(d, p, left(d, p));
		return header;
	}
	return header + d->inner_link;
}

static void
cooked(struct dis *d, const struct cooked *c, const uint8_t *p, uint32_t len)
{
	if (d->sink)
		put_header(d, c);
	if (d->e)
		text_header(d, c, p, len);
	if (c->hatype == ARPHRD_RADIOTAP && has_next(d, D_LINK, DLT_RADIOTAP)) {
		d->inner_link = 0;
		next(d, D_LINK, DLT_RADIOTAP, p + c->header, len - c->header);
		link_header(d, c->header + d->inner_link);
		return;
	}
	link_header(d, payload(d, c, p, len));
}

static void
sll(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_sll);
	need(d, p, HEADER);
	cooked(d, &(struct cooked) { raw16(p), raw16(p + 2), raw16(p + 4), raw16(p + 14), p + 6, HEADER }, p, len);
}

static void
sll2(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_sll2);
	need(d, p, HEADER2);
	put_field(d, &F[IFINDEX], p + 4, 4);
	/* Right only on the machine that captured; elsewhere mostly no name at all. */
	text_iface(d, raw32(p + 4), 5);
	text(d, " ");
	text_fmt(d, "%-3s ", p[10] > 4 ? "?" : name_of(directions, p[10]));
	cooked(d, &(struct cooked) { p[10], raw16(p + 8), p[11], raw16(p), p + 12, HEADER2 }, p, len);
}

const struct proto proto_sll = PROTO("sll", "sll", "Linux cooked-mode capture v1", sll, F);
const struct proto proto_sll2 = PROTO("sll2", "sll2", "Linux cooked-mode capture v2", sll2, F);
