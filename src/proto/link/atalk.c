/* AppleTalk: link access (LLAP), datagrams (DDP), names (NBP), transactions (ATP), and its address resolution (AARP). */
#include "dissect/dissect.h"

enum { LLAP = 3, SHORT_DDP = 1, LONG_DDP = 2, SHORT_SIZE = 5, LONG_SIZE = 13, IPP_EIGRP = 88 };
enum { NBP = 2, ATP = 3, EIGRP = 88, WHOLE_NET = 255 };

static const struct name types[] = {
	{ 1, "rtmp" }, { 5, "rtmpReq" }, { 4, "echo" }, { 22, "IP" }, { 23, "ARP" }, { 0x4b, "KLAP" }, { 0, NULL }
};
static const struct name sockets[] = { { 1, "rtmp" }, { 2, "nis" }, { 4, "echo" }, { 6, "zip" }, { 0, NULL } };

enum { LENGTH, HOPS, DST_NET, SRC_NET, DST_NODE, SRC_NODE, DST_SOCKET, SRC_SOCKET, TYPE };
static const struct field DDP_F[] = {
	[LENGTH] = { "ddp.len", U16, .mask = 0x3ff, .help = "Length" },
	[HOPS] = { "ddp.hopcount", U8, .mask = 0x3c, .help = "Hops" },
	[DST_NET] = { "ddp.dst.net", U16, .help = "Destination network" },
	[SRC_NET] = { "ddp.src.net", U16, .help = "Source network" },
	[DST_NODE] = { "ddp.dst.node", U8, .help = "Destination node" },
	[SRC_NODE] = { "ddp.src.node", U8, .help = "Source node" },
	[DST_SOCKET] = { "ddp.dst_socket", U8, .help = "Destination socket" },
	[SRC_SOCKET] = { "ddp.src_socket", U8, .help = "Source socket" },
	[TYPE] = { "ddp.type", U8, .names = types, .help = "Protocol" },
};

enum { OP, SHA, SPA, THA, TPA };
static const struct field AARP_F[] = {
	[OP] = { "aarp.opcode", U16, .help = "Operation" },
	[SHA] = { "aarp.src.hw_mac", MAC, .help = "Sender hardware address" },
	[SPA] = { "aarp.src.proto_id", BYTES, .help = "Sender protocol address" },
	[THA] = { "aarp.dst.hw_mac", MAC, .help = "Target hardware address" },
	[TPA] = { "aarp.dst.proto_id", BYTES, .help = "Target protocol address" },
};

enum { LLAP_DST, LLAP_SRC, LLAP_TYPE };
static const struct field LLAP_F[] = {
	[LLAP_DST] = { "llap.dst", U8, .help = "Destination node" },
	[LLAP_SRC] = { "llap.src", U8, .help = "Source node" },
	[LLAP_TYPE] = { "llap.type", U8, .help = "Type" },
};

extern const struct proto proto_ddp, proto_aarp, proto_llap;

/* Where a datagram comes from. */
struct source {
	unsigned net, node, socket;
};

static void
say_address(struct dis *d, unsigned net, unsigned node)
{
	text_u(d, net);
	if (node != WHOLE_NET)
		text_char(d, '.'), text_u(d, node);
}

static void
say_end(struct dis *d, unsigned net, unsigned node, unsigned socket)
{
	say_address(d, net, node);
	text_char(d, '.');
	if (d->n)
		text_u(d, socket);
	else
		text_name(d, sockets, socket, "%u");
}

/* Which packets of a transaction are wanted: all up to one, or a list. */
static void
say_bitmap(struct dis *d, unsigned bits)
{
	char c = '<';
	unsigned n = 0;

	if (((bits + 1) & bits) == 0) {
		while (bits >> n)
			n++;
		if (n > 1)
			text_fmt(d, "<0-%u>", n - 1);
		else
			text(d, "<0>");
		return;
	}
	for (; bits >> n; n++) {
		if (bits >> n & 1) {
			text_char(d, c), text_u(d, n);
			c = ',';
		}
	}
	text_char(d, '>');
}

static void
say_atp(struct dis *d, const uint8_t *p, uint32_t len)
{
	enum { HEADER = 8, RELIABLE = 0x20, EOM = 0x10, STS = 0x08 };
	static const struct name request[] = { { EOM, "EOM" }, { STS, "STS" }, { 0, NULL } };
	static const struct name response[] = { { RELIABLE, "XO" }, { STS, "STS" }, { 0, NULL } };
	static const struct name release[] = { { RELIABLE, "XO" }, { EOM, "EOM" }, { STS, "STS" }, { 0, NULL } };
	const struct name *bits = NULL;
	unsigned control, id, mask = 0;

	if (!have(d, p, HEADER)) {
		text_trunc(d);
		return;
	}
	if (len < HEADER) {
		text_fmt(d, " [|atp %u]", len);
		return;
	}
	len -= HEADER;
	control = p[0];
	id = raw16(p + 2);
	switch (control & 0xc0) {
	case 0x40:
		text_fmt(d, " atp-req%s %u", control & RELIABLE ? " " : "*", id);
		say_bitmap(d, p[1]);
		if (len)
			text_fmt(d, " [len=%u]", len);
		bits = request, mask = EOM | STS;
		break;
	case 0x80:
		text_fmt(d, " atp-resp%s%u:%u (%u)", control & EOM ? "*" : " ", id, p[1], len);
		bits = response, mask = RELIABLE | STS;
		break;
	case 0xc0:
		text_fmt(d, " atp-rel  %u", id);
		say_bitmap(d, p[1]);
		if (len)
			text_fmt(d, " [len=%u]", len);
		bits = release, mask = RELIABLE | EOM | STS;
		break;
	default:
		text_fmt(d, " atp-0x%x  %u (%u)", control, id, len);
		break;
	}
	if (control & mask) {
		text(d, bits == release ? "[" : " [");
		text_bits(d, bits, control & mask, ",", "");
		text_char(d, ']');
	}
	if (raw32(p + 4))
		text_fmt(d, " 0x%x", raw32(p + 4));
}

/* A string behind its length. What follows it, or NULL when it is cut short or too long. */
static const uint8_t *
say_counted(struct dis *d, const uint8_t *p)
{
	enum { LONGEST = 32 };
	unsigned n;

	if (p >= d->end) {
		text_trunc(d);
		return NULL;
	}
	n = *p++;
	if (n > LONGEST) {
		text_fmt(d, "[len=%u]", n);
		return NULL;
	}
	for (; n; n--) {
		if (p >= d->end) {
			text_trunc(d);
			return NULL;
		}
		text_ascii(d, *p++);
	}
	return p;
}

/* Object, type and zone. */
static const uint8_t *
say_entity(struct dis *d, const uint8_t *p)
{
	text(d, " \"");
	if ((p = say_counted(d, p)) != NULL) {
		text_char(d, ':');
		if ((p = say_counted(d, p)) != NULL) {
			text_char(d, '@');
			if ((p = say_counted(d, p)) != NULL)
				text_char(d, '"');
		}
	}
	return p;
}

static void
say_nbp(struct dis *d, const uint8_t *p, uint32_t len, const struct source *from)
{
	enum { HEADER = 2, TUPLE = 5, TUPLE_MIN = 8, BROADCAST = 0x10, LOOKUP = 0x20, LOOKUP_REPLY = 0x30 };
	const uint8_t *t = p + HEADER;
	unsigned op;

	if (len < HEADER + TUPLE_MIN) {
		text_fmt(d, " truncated-nbp %u", len);
		return;
	}
	if (!have(d, p, HEADER)) {
		text_trunc(d);
		return;
	}
	op = p[0] & 0xf0;
	if (op == BROADCAST || op == LOOKUP) {
		text_fmt(d, op == LOOKUP ? " nbp-lkup %u:" : " nbp-brRq %u:", p[1]);
		if (!have(d, t, TUPLE)) {
			text_trunc(d);
			return;
		}
		say_entity(d, t + TUPLE);
		/* One tuple, without a number, that comes from the sender: everything else is odd. */
		if ((p[0] & 0xf) != 1)
			text_fmt(d, " [ntup=%u]", p[0] & 0xf);
		if (t[4])
			text_fmt(d, " [enum=%u]", t[4]);
		if (raw16(t) != from->net || t[2] != from->node || t[3] != from->socket) {
			text(d, " [addr="), say_address(d, raw16(t), t[2]);
			text_fmt(d, ".%u]", t[3]);
		}
		return;
	}
	if (op != LOOKUP_REPLY) {
		text_fmt(d, " nbp-0x%x  %u (%u)", p[0], p[1], len - HEADER);
		return;
	}
	text_fmt(d, " nbp-reply %u:", p[1]);
	for (unsigned i = p[0] & 0xf; i && t; i--) {
		const uint8_t *tuple = t;

		if (!have(d, tuple, TUPLE)) {
			text_trunc(d);
			return;
		}
		t = say_entity(d, tuple + TUPLE);
		if (tuple[4] != 1)
			text_fmt(d, "(%u)", tuple[4]);
		if (tuple[3] != from->socket)
			text_fmt(d, " %u", tuple[3]);
		if (raw16(tuple) != from->net || tuple[2] != from->node)
			text(d, " [addr="), say_address(d, raw16(tuple), tuple[2]), text_char(d, ']');
	}
}

static void
say_payload(struct dis *d, const uint8_t *p, uint32_t len, unsigned type, const struct source *from)
{
	switch (type) {
	case NBP:
		say_nbp(d, p, len, from);
		break;
	case ATP:
		say_atp(d, p, len);
		break;
	case EIGRP:
		next(d, D_IPPROTO, IPP_EIGRP, p, len);
		break;
	default:
		text(d, " at-"), text_name(d, types, type, NULL);
		text_char(d, ' '), text_u(d, len);
		break;
	}
}

/* A datagram with the long header, Inside AppleTalk chapter 4. */
static void
say_long(struct dis *d, const uint8_t *p, uint32_t len, const char *after)
{
	struct source from;

	if (len < LONG_SIZE) {
		text_fmt(d, " [|ddp %u]", len);
		return;
	}
	if (!have(d, p, LONG_SIZE)) {
		text(d, " [|ddp]");
		return;
	}
	if (d->sink) {
		put_field(d, &DDP_F[LENGTH], p, 2);
		put_field(d, &DDP_F[HOPS], p, 1);
		put_field(d, &DDP_F[DST_NET], p + 4, 2);
		put_field(d, &DDP_F[SRC_NET], p + 6, 2);
		put_field(d, &DDP_F[DST_NODE], p + 8, 1);
		put_field(d, &DDP_F[SRC_NODE], p + 9, 1);
		put_field(d, &DDP_F[DST_SOCKET], p + 10, 1);
		put_field(d, &DDP_F[SRC_SOCKET], p + 11, 1);
		put_field(d, &DDP_F[TYPE], p + 12, 1);
	}
	from = (struct source){ raw16(p + 6), p[9], p[11] };
	say_end(d, from.net, from.node, from.socket);
	text(d, " > ");
	say_end(d, raw16(p + 4), p[8], p[10]);
	text(d, after);
	say_payload(d, p + LONG_SIZE, len - LONG_SIZE, p[12], &from);
}

/* Over Ethernet and its like. */
static void
ddp(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_ddp);
	if (!d->e)
		text(d, "AT ");
	say_long(d, p, len, ": ");
}

/* Behind an EtherType, which -v tells. */
static void
ddp_ether(struct dis *d, const uint8_t *p, uint32_t len)
{
	if (d->v)
		text(d, "et1 ");
	ddp(d, p, len);
}

/* Over LocalTalk: node numbers of the link, and datagrams with a short or a long header. */
static void
llap(struct dis *d, const uint8_t *p, uint32_t len)
{
	const uint8_t *q = p + LLAP;
	struct source from;

	enter(d, &proto_llap);
	if (len < LLAP) {
		text_fmt(d, " [|llap %u]", len);
		link_header(d, len);
		return;
	}
	if (!have(d, p, LLAP)) {
		text_trunc(d);
		link_header(d, left(d, p));
		return;
	}
	put_field(d, &LLAP_F[LLAP_DST], p, 1);
	put_field(d, &LLAP_F[LLAP_SRC], p + 1, 1);
	put_field(d, &LLAP_F[LLAP_TYPE], p + 2, 1);
	len -= LLAP;
	switch (p[2]) {
	case SHORT_DDP:
		link_header(d, LLAP + SHORT_SIZE);
		if (len < SHORT_SIZE) {
			text_fmt(d, " [|sddp %u]", len);
			link_header(d, len ? len : left(d, p));
			return;
		}
		if (!have(d, q, SHORT_SIZE)) {
			text(d, " [|sddp]");
			link_header(d, left(d, p));
			return;
		}
		from = (struct source){ 0, p[1], q[3] };
		say_end(d, 0, p[1], q[3]);
		text(d, " > ");
		say_end(d, 0, p[0], q[2]);
		text_char(d, ':');
		say_payload(d, q + SHORT_SIZE, len - SHORT_SIZE, q[4], &from);
		break;
	case LONG_DDP:
		link_header(d, len && len < LONG_SIZE ? len : have(d, q, LONG_SIZE) ? LLAP + LONG_SIZE : left(d, p));
		if (d->sink)
			fields_layer(d, &proto_ddp);
		say_long(d, q, len, ":");
		break;
	default:
		link_header(d, LLAP);
		text_fmt(d, "%u > %u at-lap#%u %u", p[1], p[0], p[2], len);
		break;
	}
}

static void
aarp(struct dis *d, const uint8_t *p, uint32_t len)
{
	enum { SIZE = 28, ETHERNET = 1, ETH_ATALK = 0x809b, REQUEST = 1, RESPONSE, PROBE };
	unsigned op;

	enter(d, &proto_aarp);
	text(d, "aarp ");
	if (!have(d, p, SIZE)) {
		text_trunc(d);
		return;
	}
	if (len < SIZE) {
		text_fmt(d, " [|aarp %u]", len);
		return;
	}
	put_field(d, &AARP_F[OP], p + 6, 2);
	put_field(d, &AARP_F[SHA], p + 8, 6);
	put_field(d, &AARP_F[SPA], p + 14, 4);
	put_field(d, &AARP_F[THA], p + 18, 6);
	put_field(d, &AARP_F[TPA], p + 24, 4);
	op = raw16(p + 6);
	if (raw16(p) != ETHERNET || raw16(p + 2) != ETH_ATALK || p[4] != 6 || p[5] != 4 || op < REQUEST || op > PROBE) {
		text_fmt(d, "len %u op %u htype %u ptype %#x halen %u palen %u", len, op, raw16(p), raw16(p + 2), p[4], p[5]);
		return;
	}
	if (op == RESPONSE) {
		text(d, "reply "), say_address(d, raw16(p + 15), p[17]);
		text(d, " is-at "), text_mac(d, p + 8);
		return;
	}
	text(d, op == REQUEST ? "who-has " : "probe ");
	say_address(d, raw16(p + 25), p[27]);
	text(d, " tell "), say_address(d, raw16(p + 15), p[17]);
}

const struct proto proto_ddp = PROTO("ddp", "atalk", "Datagram Delivery Protocol", ddp, DDP_F);
const struct proto proto_ddp_ether = PROTO("ddp", "atalk", "Datagram Delivery Protocol", ddp_ether, DDP_F);
const struct proto proto_aarp = PROTO("aarp", "aarp", "Appletalk Address Resolution Protocol", aarp, AARP_F);
const struct proto proto_llap = PROTO("llap", "llap", "LocalTalk Link Access Protocol", llap, LLAP_F);
