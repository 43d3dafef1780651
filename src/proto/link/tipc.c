/* Transparent Inter-Process Communication, draft-spec-tipc-07. */
#include "dissect/said.h"

enum { NAME_DISTRIBUTOR = 11, CONN_MANAGER = 8, LINK_CONFIG = 13 };

static const struct name users[] = {
	{ 0, "Low Importance Data payload" }, { 1, "Medium Importance Data payload" },
	{ 2, "High Importance Data payload" }, { 3, "Critical Importance Data payload" },
	{ 5, "Broadcast Link Protocol internal" }, { 6, "Message Bundler Protocol internal" },
	{ 7, "Link State Protocol internal" }, { CONN_MANAGER, "Connection Manager internal" },
	{ 10, "Link Changeover Protocol internal" }, { NAME_DISTRIBUTOR, "Name Table Update Protocol internal" },
	{ 12, "Message Fragmentation Protocol internal" }, { LINK_CONFIG, "Neighbor Detection Protocol internal" },
	{ 0, NULL }
};
static const struct name types[] = {
	{ 0, "CONN_MSG" }, { 1, "MCAST_MSG" }, { 2, "NAMED_MSG" }, { 3, "DIRECT_MSG" }, { 0, NULL }
};
static const struct name link_types[] = { { 0, "Link request" }, { 1, "Link response" }, { 0, NULL } };

enum { VERSION, USER, HEADER_SIZE, SIZE, LINK_ACK, LINK_SEQ, ORIG_PORT, DEST_PORT, PREV, ORIG, DEST };
static const struct field F[] = {
	[VERSION] = { "tipc.ver", U32, .mask = 0xe0000000, .help = "Version" },
	[USER] = { "tipc.usr", U32, .mask = 0x1e000000, .names = users, .help = "User" },
	[HEADER_SIZE] = { "tipc.hdr_size", U32, .mask = 0x01e00000, .help = "Header length in words" },
	[SIZE] = { "tipc.msg_size", U32, .mask = 0x0001ffff, .help = "Length of the message" },
	[LINK_ACK] = { "tipc.ack_link_lev_seq", U32, .mask = 0xffff0000, .help = "Packet acknowledged" },
	[LINK_SEQ] = { "tipc.link_lev_seq", U32, .mask = 0xffff, .help = "Sequence number" },
	[ORIG_PORT] = { "tipc.org_port", U32, .help = "Originating port" },
	[DEST_PORT] = { "tipc.dst_port", U32, .help = "Destination port" },
	[PREV] = { "tipc.prev_proc", STR, .help = "Previous node" },
	[ORIG] = { "tipc.org_proc", STR, .help = "Originating node" },
	[DEST] = { "tipc.dst_proc", STR, .help = "Destination node" },
};

extern const struct proto proto_tipc;

/* Zone, cluster and node: 8, 12 and 12 bits. */
static void
text_node(struct dis *d, uint32_t node, unsigned f)
{
	uint32_t from = text_say(d);

	text_fmt(d, "%u.%u.%u", node >> 24, node >> 12 & 0xfff, node & 0xfff);
	put_said(d, &F[f], from);
}

/* The end of the first line, which every message has. */
static void
say_sizes(struct dis *d, uint32_t w0, uint32_t w1, const struct name *names)
{
	text_fmt(d, ", headerlength %u bytes, MessageSize %u bytes, ", (w0 >> 21 & 0xf) * 4, w0 & 0x1ffff);
	text_name(d, users, w0 >> 25 & 0xf, "unknown");
	text(d, ", messageType "), text_name(d, names, w1 >> 29, "Unknown");
}

static void
say_payload(struct dis *d, const uint8_t *p)
{
	enum { SHORT = 6, NEAR = 24, FAR = 32 };
	bool far = (raw32(p) >> 21 & 0xf) > SHORT;

	need(d, p, far ? FAR : NEAR);
	put_field(d, &F[ORIG_PORT], p + 16, 4);
	put_field(d, &F[DEST_PORT], p + 20, 4);
	text_fmt(d, "TIPC v%u.0 ", p[0] >> 5);
	text_node(d, raw32(p + (far ? 24 : 12)), far ? ORIG : PREV);
	text_fmt(d, ":%u > ", raw32(p + 16));
	if (far)
		text_node(d, raw32(p + 28), DEST), text_char(d, ':');
	text_u(d, raw32(p + 20));
	say_sizes(d, raw32(p), raw32(p + 4), types);
	if (!far || !d->v)
		return;
	text(d, "\n\tPrevious Node "), text_node(d, raw32(p + 12), PREV);
	text_fmt(d, ", Broadcast Ack %u, Link Ack %u, Link Sequence %u", raw16(p + 6), raw16(p + 8), raw16(p + 10));
}

static void
say_internal(struct dis *d, const uint8_t *p)
{
	enum { NODES = 32, WHOLE = 40 };

	need(d, p, NODES);
	text_fmt(d, "TIPC v%u.0 ", p[0] >> 5);
	text_node(d, raw32(p + 24), ORIG);
	text(d, " > "), text_node(d, raw32(p + 28), DEST);
	say_sizes(d, raw32(p), raw32(p + 4), types);
	text_fmt(d, " (0x%08x)", raw32(p + 4));
	if (!d->v)
		return;
	need(d, p, WHOLE);
	text(d, "\n\tPrevious Node "), text_node(d, raw32(p + 12), PREV);
	text_fmt(d, ", Session No. %u, Broadcast Ack %u, Sequence Gap %u", raw16(p + 20), raw16(p + 6), raw16(p + 4) & 0x1fff);
	text_fmt(d, ",  Broadcast Gap After %u, Broadcast Gap To %u", raw16(p + 8), raw16(p + 10));
	text_fmt(d, ", Last Sent Packet No. %u, Next sent Packet No. %u", raw16(p + 16), raw16(p + 18));
	text_fmt(d, ", Transport Sequence %u, msg_count %u, Link Tolerance %u", raw32(p + 32), raw16(p + 36), raw16(p + 38));
}

static void
say_link_config(struct dis *d, const uint8_t *p)
{
	enum { NODES = 16, WHOLE = 24 };

	need(d, p, NODES);
	text_fmt(d, "TIPC v%u.0 ", p[0] >> 5);
	text_node(d, raw32(p + 12), PREV);
	text(d, " > "), text_node(d, raw32(p + 8), DEST);
	say_sizes(d, raw32(p), raw32(p + 4), link_types);
	if (!d->v)
		return;
	need(d, p, WHOLE);
	text_fmt(d, "\n\tNodeSignature %u, network_id %u, media_id %u", raw16(p + 6), raw32(p + 16), p[23]);
}

static void
tipc(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned user;

	(void)len;
	enter(d, &proto_tipc);
	user = be32(d, p) >> 25 & 0xf;
	if (d->sink) {
		for (unsigned i = VERSION; i <= SIZE; i++)
			put_field(d, &F[i], p, 4);
		put_field(d, &F[LINK_ACK], p + 8, 4);
		put_field(d, &F[LINK_SEQ], p + 8, 4);
	}
	if (user == LINK_CONFIG)
		say_link_config(d, p);
	else if (user <= 3 || user == CONN_MANAGER || user == NAME_DISTRIBUTOR)
		say_payload(d, p);
	else if (name_of(users, user))
		say_internal(d, p);
}

const struct proto proto_tipc = PROTO("tipc", "tipc", "Transparent Inter Process Communication Protocol", tipc, F);
