/* DECnet Phase IV: routing (Digital AA-X435A-TK) and the network services protocol NSP (AA-X439A-TK). Little-endian. */
#include "dissect/dissect.h"

enum {
	LENGTH = 2, SHORT_HEADER = 6, LONG_HEADER = 21,
	/* routing flags */
	PADDING = 0x80, PADDING_LEN = 0x7f, FUTURE = 0x40, CONTROL = 0x01, KIND = 0x07, LONG = 6, SHORT = 2, CONTROL_KIND = 0x0f,
	NSP_HEADER = 5,
};

static const struct name route_flags[] = { { 0x08, "RQR " }, { 0x10, "RTS " }, { 0x20, "IE " }, { 0, NULL } };
static const struct name node_types[] = {
	{ 0, "reserved-ntype? " }, { 1, "l2rout " }, { 2, "l1rout " }, { 3, "endnode " }, { 0, NULL }
};
static const struct name init_flags[] = { { 0x04, "verif " }, { 0x08, "blo " }, { 0, NULL } };
static const struct name hello_flags[] = { { 0x04, "verif " }, { 0x20, "nomcast " }, { 0x40, "blo " }, { 0, NULL } };
static const struct name control_kinds[] = {
	{ 0x01, "Initialization" }, { 0x03, "Verification" }, { 0x05, "Hello and test" }, { 0x07, "Level 1 routing" },
	{ 0x09, "Level 2 routing" }, { 0x0b, "Ethernet router hello" }, { 0x0d, "Ethernet endnode hello" }, { 0, NULL }
};
static const struct name flow_controls[] = { { 4, "seg " }, { 8, "msg " }, { 0, NULL } };
static const struct name nsp_versions[] = {
	{ 0, "ver 3.2 " }, { 1, "ver 3.1 " }, { 2, "ver 4.0 " }, { 3, "ver 4.1 " }, { 0, NULL }
};
static const struct name reasons[] = {
	{ 0, "object rejected connect" }, { 1, "insufficient resources" }, { 2, "unrecognized node name" },
	{ 3, "node is shutting down" }, { 4, "unrecognized object" }, { 5, "invalid object name format" },
	{ 6, "object too busy" }, { 7, "protocol error discovered" }, { 8, "third party abort" }, { 9, "user abort" },
	{ 10, "invalid node name format" }, { 11, "local node shutting down" }, { 32, "insufficient local resources" },
	{ 33, "insufficient remote user resources" }, { 34, "invalid access control information" },
	{ 36, "bad ACCOUNT information" }, { 38, "no response from object" }, { 39, "node unreachable" },
	{ 41, "no link terminate" }, { 42, "disconnect complete" }, { 43, "bad image data in connect" },
	{ 54, "cryptographic service mismatch" }, { 0, NULL }
};

enum { F_FLAGS, F_CONTROL, F_DST, F_SRC, F_VISITS, F_RT, F_BLOCK, F_TIMER, F_NSP, F_DST_LINK, F_SRC_LINK, F_SEGSIZE, F_REASON };
static const struct field F[] = {
	[F_FLAGS] = { "dec_dna.flags", U8, .help = "Routing flags" },
	[F_CONTROL] = { "dec_dna.flags.control", BOOL, CONTROL, .help = "A message about routing" },
	[F_DST] = { "dec_dna.dst_node", LE16, .help = "Destination: area, node" },
	[F_SRC] = { "dec_dna.src_node", LE16, .help = "Source: area, node" },
	[F_VISITS] = { "dec_dna.visit_cnt", U8, .help = "Nodes visited" },
	[F_RT] = { "dec_dna.rt.msg_type", U8, CONTROL_KIND, .names = control_kinds, .help = "Routing message" },
	[F_BLOCK] = { "dec_dna.ctl.blk_size", LE16, .help = "Largest block" },
	[F_TIMER] = { "dec_dna.ctl.timer", LE16, .help = "Hello timer, in seconds" },
	[F_NSP] = { "dec_dna.nsp.msg_type", U8, .help = "NSP message" },
	[F_DST_LINK] = { "dec_dna.nsp.dst_link", LE16, .help = "Link at the destination" },
	[F_SRC_LINK] = { "dec_dna.nsp.src_link", LE16, .help = "Link at the source" },
	[F_SEGSIZE] = { "dec_dna.nsp.segsize", LE16, .help = "Largest segment" },
	[F_REASON] = { "dec_dna.nsp.disc_reason", LE16, .help = "Why a link ends" },
};

extern const struct proto proto_decnet;

/* "area.node" */
static void
say_node(struct dis *d, unsigned node)
{
	text_u(d, node >> 10);
	text_char(d, '.'), text_u(d, node & 0x3ff);
}

/* " (what is < least)": always false. */
static bool
too_short(struct dis *d, const char *what, uint32_t is, uint32_t least)
{
	text_fmt(d, " (%s %u < %u)", what, is, least);
	return false;
}

/* len bytes of what nobody knows, or `most`; also with -x. */
static void
dump(struct dis *d, const uint8_t *p, uint32_t len, uint32_t most)
{
	if (len > most)
		len = most;
	text_dump_hex_ascii(d, "\n\t", p, len, 0);
	need(d, p, len);
}

/* --- routing: each is false when the message makes no sense ----------------------------------------------------------- */

static bool
initialization(struct dis *d, const uint8_t *p, uint32_t len)
{
	enum { SIZE = 12 };

	text(d, "init ");
	if (len < SIZE)
		return false;
	need(d, p, SIZE);
	put_field(d, &F[F_SRC], p + 1, 2);
	put_field(d, &F[F_BLOCK], p + 4, 2);
	put_field(d, &F[F_TIMER], p + 9, 2);
	text_name(d, node_types, p[3] & 3, NULL);
	if (p[3] & 0x0c)
		text_bits(d, init_flags, p[3], "", "");
	text(d, "src "), say_node(d, le16(d, p + 1));
	text_fmt(d, "blksize %u vers %u eco %u ueco %u hello %u", le16(d, p + 4), p[6], p[7], p[8], le16(d, p + 9));
	return true;
}

/* Verification, hello and test: an image of one byte. */
static bool
image(struct dis *d, const char *name, const char *what, const uint8_t *p, uint32_t len)
{
	enum { SIZE = 4 };

	text(d, name);
	if (len < SIZE)
		return false;
	need(d, p, SIZE);
	put_field(d, &F[F_SRC], p + 1, 2);
	text(d, "src "), say_node(d, le16(d, p + 1));
	text_fmt(d, " %s %o", what, p[3]);
	return true;
}

/* Nodes or areas in a row, with cost and hops; the last two bytes are a checksum. */
static bool
routes(struct dis *d, const char *name, const char *what, const uint8_t *p, uint32_t len)
{
	enum { SIZE = 4, ENTRY = 6, MANY = 1024 };

	text(d, name);
	if (len < SIZE)
		return false;
	need(d, p, SIZE);
	put_field(d, &F[F_SRC], p + 1, 2);
	text(d, "src "), say_node(d, le16(d, p + 1)), text_char(d, ' ');
	for (p += SIZE, len -= SIZE; len > ENTRY; p += ENTRY, len -= ENTRY) {
		unsigned count, first, info;

		need(d, p, ENTRY);
		count = le16(d, p);
		if (count > MANY)
			break;
		first = le16(d, p + 2);
		info = le16(d, p + 4);
		text_fmt(d, "{%s %u-%u cost %u hops %u} ", what, first, first + count, info & 0x1ff, info >> 10 & 0x1f);
	}
	return true;
}

/* What both hellos start with. */
static void
hello_head(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[F_SRC], p + 8, 2);
	put_field(d, &F[F_BLOCK], p + 11, 2);
	text_name(d, node_types, p[10] & 3, NULL);
	if (p[10] & 0x64)
		text_bits(d, hello_flags, p[10], "", "");
	text_fmt(d, "vers %u eco %u ueco %u src ", p[1], p[2], p[3]);
	say_node(d, le16(d, p + 8));
	text(d, " blksize "), text_u(d, le16(d, p + 11));
}

static bool
router_hello(struct dis *d, const uint8_t *p, uint32_t len)
{
	enum { SIZE = 18 };

	text(d, "router-hello ");
	if (len < SIZE)
		return false;
	need(d, p, SIZE);
	put_field(d, &F[F_TIMER], p + 15, 2);
	hello_head(d, p);
	text_fmt(d, " pri %u hello %u", p[13], le16(d, p + 15));
	return true;
}

static bool
endnode_hello(struct dis *d, const uint8_t *p, uint32_t len)
{
	enum { SIZE = 32 };

	text(d, "endnode-hello ");
	if (len < SIZE)
		return false;
	need(d, p, SIZE);
	put_field(d, &F[F_TIMER], p + 28, 2);
	hello_head(d, p);
	text(d, " rtr "), say_node(d, le16(d, p + 26));
	text_fmt(d, " hello %u data %o", le16(d, p + 28), p[31]);
	return true;
}

static bool
control(struct dis *d, const uint8_t *p, uint32_t len)
{
	put_field(d, &F[F_RT], p, 1);
	switch (*p & CONTROL_KIND) {
	case 0x01:
		return initialization(d, p, len);
	case 0x03:
		return image(d, "verification ", "fcnval", p, len);
	case 0x05:
		return image(d, "test ", "data", p, len);
	case 0x07:
		return routes(d, "lev-1-routing ", "ids", p, len);
	case 0x09:
		return routes(d, "lev-2-routing ", "areas", p, len);
	case 0x0b:
		return router_hello(d, p, len);
	case 0x0d:
		return endnode_hello(d, p, len);
	default:
		text(d, "unknown control message");
		/* From here on, but as many bytes as there are from the length field on. */
		dump(d, p, len, left(d, p - LENGTH));
		return true;
	}
}

/* --- NSP ---------------------------------------------------------------------------------------------------------------- */

/* How acknowledgements of the other of a link's two channels are called. */
struct acks {
	const char *other, *other_nak;
};
static const struct acks of_data = { "oack", "onak" }, of_interrupts = { "ackdat", "nakdat" };

/*
 * The numbers at p: acknowledgements, as far as there are any, and with a segment its own number, which is said. They
 * may take as much as `room`, of which `used` is what came before; false if they do not fit.
 */
static bool
say_numbers(struct dis *d, const uint8_t *p, const struct acks *names, bool segment, uint32_t used, uint32_t room)
{
	enum { ACK = 0x8000, NAK = 0x9000, OTHER = 0xa000, OTHER_NAK = 0xb000, NUMBER = 0x0fff };
	unsigned v = le16(d, p);

	if (v & ACK) {
		text_fmt(d, "%s %u ", (v & NAK) == NAK ? "nak" : "ack", v & NUMBER);
		if (used + 2 > room)
			return false;
		v = le16(d, p + 2);
		if (v & OTHER) {
			text_fmt(d, "%s %u ", (v & OTHER_NAK) == OTHER_NAK ? names->other_nak : names->other, v & NUMBER);
			if (segment) {
				if (used + 4 > room)
					return false;
				v = le16(d, p + 4);
			}
		}
	}
	if (segment)
		text_fmt(d, "seg %u ", v & NUMBER);
	return true;
}

/* Services for the other side: credit for data or interrupts. */
static bool
link_service(struct dis *d, const uint8_t *p, uint32_t len)
{
	enum { SIZE = 13, SEGMENTS = 11 };
	unsigned flags, value;

	if (len < SIZE)
		return false;
	say_numbers(d, p + NSP_HEADER, &of_interrupts, true, 0, UINT32_MAX);
	flags = u8(d, p + SEGMENTS);
	value = u8(d, p + SEGMENTS + 1);
	switch (flags & 0x0c) {
	case 0:
		text_fmt(d, "dat seg count %u ", value);
		switch (flags & 3) {
		case 0:
			break;
		case 1:
			text(d, "donotsend-data ");
			break;
		case 2:
			text(d, "send-data ");
			break;
		default:
			text_fmt(d, "reserved-fcmod? %x", flags);
			break;
		}
		break;
	case 4:
		text_fmt(d, "intr req count %u ", value);
		break;
	default:
		text_fmt(d, "reserved-fcval-int? %x", flags);
		break;
	}
	return true;
}

static bool
data(struct dis *d, const uint8_t *p, uint32_t len, unsigned flags, unsigned src, unsigned dst)
{
	enum { MIN = 7 };

	switch (flags & 0x70) {
	case 0x00:	/* in the middle of a message, at its start, its end, or all of it */
	case 0x20:
	case 0x40:
	case 0x60:
		text_fmt(d, "data %u>%u ", src, dst);
		return len >= MIN && say_numbers(d, p + NSP_HEADER, &of_data, true, MIN, len);
	case 0x30:
		text(d, "intr ");
		return len >= MIN && say_numbers(d, p + NSP_HEADER, &of_interrupts, true, MIN, len);
	case 0x10:
		text_fmt(d, "link-service %u>%u ", src, dst);
		return link_service(d, p, len);
	default:
		text_fmt(d, "reserved-subtype? %x %u > %u", flags, src, dst);
		return true;
	}
}

static bool
acknowledgement(struct dis *d, const uint8_t *p, uint32_t len, unsigned flags, unsigned src, unsigned dst)
{
	enum { SIZE = 9 };

	switch (flags & 0x70) {
	case 0x00:
	case 0x10:
		text_fmt(d, "%s %u>%u ", flags & 0x10 ? "ils-ack" : "data-ack", src, dst);
		if (len < SIZE)
			return false;
		need(d, p, SIZE);
		return say_numbers(d, p + NSP_HEADER, flags & 0x10 ? &of_interrupts : &of_data, false, 0, UINT32_MAX);
	case 0x20:
		text_fmt(d, "conn-ack %u", dst);
		return true;
	default:
		text_fmt(d, "reserved-acktype? %x %u > %u", flags, src, dst);
		return true;
	}
}

static void
say_connect(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[F_SEGSIZE], p + 7, 2);
	if (name_of(flow_controls, p[5] & 0x0c))
		text_name(d, flow_controls, p[5] & 0x0c, NULL);
	text_name(d, nsp_versions, p[6] & 3, NULL);
	text_fmt(d, "segsize %u ", le16(d, p + 7));
}

static bool
say_disconnect(struct dis *d, const uint8_t *p, bool confirm)
{
	unsigned reason, more = confirm ? 0 : u8(d, p + 7);

	put_field(d, &F[F_REASON], p + 5, 2);
	reason = le16(d, p + 5);
	text_name(d, reasons, reason, "reason-%u"), text_char(d, ' ');
	if (more)
		text_fmt(d, "optlen %u ", more);
	return true;
}

static bool
link_control(struct dis *d, const uint8_t *p, uint32_t len, unsigned flags, unsigned src, unsigned dst)
{
	enum { INITIATE = 9, CONFIRM = 10, DISCONNECT = 8 };

	switch (flags & 0x70) {
	case 0x10:
	case 0x60:
		text_fmt(d, "%sconn-initiate %u>%u ", flags & 0x40 ? "retrans-" : "", src, dst);
		if (len < INITIATE)
			return false;
		need(d, p, INITIATE);
		say_connect(d, p);
		return true;
	case 0x20:
		text_fmt(d, "conn-confirm %u>%u ", src, dst);
		if (len < CONFIRM)
			return false;
		need(d, p, CONFIRM);
		say_connect(d, p);
		if (p[9])
			text_fmt(d, "optlen %u ", p[9]);
		return true;
	case 0x30:
		text_fmt(d, "disconn-initiate %u>%u ", src, dst);
		return len >= DISCONNECT && say_disconnect(d, p, false);
	case 0x40:
		text_fmt(d, "disconn-confirm %u>%u ", src, dst);
		return say_disconnect(d, p, true);
	default:
		text_fmt(d, "reserved-ctltype? %x %u > %u", flags, src, dst);
		return true;
	}
}

static bool
nsp(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned flags, src, dst;

	if (len < NSP_HEADER)
		return too_short(d, "nsplen", len, NSP_HEADER);
	put_field(d, &F[F_NSP], p, 1);
	put_field(d, &F[F_DST_LINK], p + 1, 2);
	put_field(d, &F[F_SRC_LINK], p + 3, 2);
	need(d, p, NSP_HEADER);
	flags = *p;
	dst = le16(d, p + 1);
	src = le16(d, p + 3);
	switch (flags & 0x0c) {
	case 0x00:
		return data(d, p, len, flags, src, dst);
	case 0x04:
		return acknowledgement(d, p, len, flags, src, dst);
	case 0x08:
		return link_control(d, p, len, flags, src, dst);
	default:
		text_fmt(d, "reserved-type? %x %u > %u", flags, src, dst);
		return true;
	}
}

/* --- a packet ----------------------------------------------------------------------------------------------------------- */

/* A data packet of either header, of len bytes; total is what its length field said. */
static bool
routed(struct dis *d, const uint8_t *p, uint32_t len, unsigned flags, unsigned total)
{
	const bool is_long = (flags & KIND) == LONG;
	const uint32_t header = is_long ? LONG_HEADER : SHORT_HEADER;
	const uint8_t *dst = p + (is_long ? 7 : 1), *src = p + (is_long ? 15 : 3), *visits = p + (is_long ? 18 : 5);
	unsigned hops;

	if (len < header)
		return too_short(d, "length", len, header);
	put_field(d, &F[F_DST], dst, 2);
	put_field(d, &F[F_SRC], src, 2);
	put_field(d, &F[F_VISITS], visits, 1);
	need(d, p, header);
	hops = is_long ? *visits : (*visits & 0x3f) + 1u;
	say_node(d, le16(d, src)), text(d, " > ");
	say_node(d, le16(d, dst)), text_fmt(d, " %u ", total);
	if (d->v) {
		if (flags & 0x38)
			text_bits(d, route_flags, flags, "", "");
		text_fmt(d, "%u hops ", hops);
	}
	return nsp(d, p + header, len - header);
}

static bool
packet(struct dis *d, const uint8_t *p, uint32_t len)
{
	const uint8_t *start = p;
	unsigned total, flags;

	if (len < SHORT_HEADER)
		return too_short(d, "length", len, SHORT_HEADER);
	total = le16(d, p);
	if (total < SHORT_HEADER)
		return too_short(d, "pktlen", total, SHORT_HEADER);
	if (total > len) {
		text_fmt(d, " (pktlen %u > %u)", total, len);
		return false;
	}
	len = total;
	p += LENGTH;
	put_field(d, &F[F_FLAGS], p, 1);
	flags = u8(d, p);
	if (flags & PADDING) {
		uint32_t pad = flags & PADDING_LEN;

		if (d->v)
			text_fmt(d, "[pad:%u] ", pad);
		if (len < pad + 2)
			return too_short(d, "length", len, pad + 2);
		need(d, p, pad);
		p += pad;
		start += pad;
		len -= pad;
		flags = u8(d, p);
	}
	put_field(d, &F[F_CONTROL], p, 1);
	if (flags & FUTURE) {
		text(d, "future-version-decnet");
		dump(d, start, len, left(d, start));
		return true;
	}
	if (flags & CONTROL)
		return control(d, p, len);
	if ((flags & KIND) == LONG || (flags & KIND) == SHORT)
		return routed(d, p, len, flags, total);
	text(d, "unknown message flags under mask");
	dump(d, start, len, left(d, start));
	return true;
}

static void
decnet(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_decnet);
	if (!packet(d, p, len))
		text_invalid(d);
}

const struct proto proto_decnet = PROTO("dec_dna", "decnet", "DECnet Phase IV", decnet, F);
