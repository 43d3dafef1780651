/* Ad hoc On-Demand Distance Vector routing, RFC 3561; for IPv6 in the same form, and as draft-perkins-aodvv6-01 has it. */
#include "dissect/dissect.h"

enum { REQUEST = 1, REPLY, ERROR, ACK, REQUEST6 = 16, REPLY6, ERROR6, ACK6, EXT_HELLO = 1 };

static const struct name types[] = {
	{ REQUEST, "Route Request" }, { REPLY, "Route Reply" }, { ERROR, "Route Error" },
	{ ACK, "Route Reply Acknowledgment" }, { REQUEST6, "IPv6 Route Request" }, { REPLY6, "IPv6 Route Reply" },
	{ ERROR6, "IPv6 Route Error" }, { ACK6, "IPv6 Route Reply Acknowledgment" }, { 0, NULL }
};

enum { TYPE, FLAGS, PREFIX, HOPS, ID, DST, DST6, DST_SEQ, SRC, SRC6, SRC_SEQ, LIFETIME, COUNT, LOST, LOST6, LOST_SEQ, HELLO };
static const struct field F[] = {
	[TYPE] = { "aodv.type", U8, .names = types, .help = "Message type" },
	[FLAGS] = { "aodv.flags", U8, .help = "Flags" },
	[PREFIX] = { "aodv.prefix_sz", U8, .mask = 0x1f, .help = "Prefix size" },
	[HOPS] = { "aodv.hopcount", U8, .help = "Hops" },
	[ID] = { "aodv.rreq_id", U32, .help = "Request" },
	[DST] = { "aodv.dest_ip", IP4, .help = "Destination" },
	[DST6] = { "aodv.dest_ipv6", IP6, .help = "Destination" },
	[DST_SEQ] = { "aodv.dest_seqno", U32, .help = "Sequence number of the destination" },
	[SRC] = { "aodv.orig_ip", IP4, .help = "Originator" },
	[SRC6] = { "aodv.orig_ipv6", IP6, .help = "Originator" },
	[SRC_SEQ] = { "aodv.orig_seqno", U32, .help = "Sequence number of the originator" },
	[LIFETIME] = { "aodv.lifetime", U32, .help = "Lifetime, milliseconds" },
	[COUNT] = { "aodv.destcount", U8, .help = "Destinations that are lost" },
	[LOST] = { "aodv.unreach_dest_ip", IP4, .help = "Destination that is lost" },
	[LOST6] = { "aodv.unreach_dest_ipv6", IP6, .help = "Destination that is lost" },
	[LOST_SEQ] = { "aodv.dest_seqno", U32, .help = "Sequence number of a lost destination" },
	[HELLO] = { "aodv.hello_interval", U32, .help = "Time to the next hello, milliseconds" },
};

extern const struct proto proto_aodv;

/* An address of 4 or 16 bytes, which is also a field: one of these two. */
static void
say_address(struct dis *d, const uint8_t *p, unsigned size, const struct field *f4, const struct field *f6)
{
	put_field(d, size == 4 ? f4 : f6, p, size);
	if (size == 4)
		text_ip4(d, p);
	else
		text_ip6(d, p);
}

static void
say_extension(struct dis *d, const uint8_t *p, uint32_t len)
{
	enum { PREFIX_SIZE = 2, HELLO_SIZE = 6 };

	if (len < PREFIX_SIZE)
		return;
	if (!have(d, p, PREFIX_SIZE) || (p[0] == EXT_HELLO && (!have(d, p, HELLO_SIZE) || len < HELLO_SIZE))) {
		text_trunc(d);
	} else if (p[0] != EXT_HELLO) {
		text_fmt(d, "\n\text %u %u", p[0], p[1]);
	} else if (p[1] < 4) {
		text_fmt(d, "\n\text HELLO - bad length %u", p[1]);
	} else {
		put_field(d, &F[HELLO], p + 2, 4);
		text_fmt(d, "\n\text HELLO %u ms", raw32(p + 2));
	}
}

/*
 * A request, with addresses of `size`; the draft puts both sequence numbers before both addresses. The flags are
 * taken from the type, where tcpdump looks for them.
 */
static void
say_request(struct dis *d, const uint8_t *p, uint32_t len, unsigned size, bool draft)
{
	uint32_t fixed = 16 + 2 * size;
	const uint8_t *dst_seq = draft ? p + 8 : p + 8 + size, *src_seq = draft ? p + 12 : p + fixed - 4;
	const uint8_t *dst = draft ? p + 16 : p + 8, *src = draft ? p + 16 + size : p + 12 + size;

	if (!have(d, p, fixed) || len < fixed) {
		text_trunc(d);
		return;
	}
	put_field(d, &F[ID], p + 4, 4);
	put_field(d, &F[DST_SEQ], dst_seq, 4);
	put_field(d, &F[SRC_SEQ], src_seq, 4);
	text(d, size == 16 && !draft ? " v6 rreq " : " rreq "), text_u(d, len);
	text_fmt(d, " %s hops %u id 0x%08x\n\tdst ", p[0] & 0x10 ? "[D]" : "", p[3], raw32(p + 4));
	say_address(d, dst, size, &F[DST], &F[DST6]);
	text_fmt(d, " seq %u src ", raw32(dst_seq));
	say_address(d, src, size, &F[SRC], &F[SRC6]);
	text_fmt(d, " seq %u", raw32(src_seq));
	say_extension(d, p + fixed, len - fixed);
}

static void
say_reply(struct dis *d, const uint8_t *p, uint32_t len, unsigned size, bool draft)
{
	uint32_t fixed = 12 + 2 * size;
	const uint8_t *seq = draft ? p + 4 : p + 4 + size, *dst = draft ? p + 8 : p + 4, *src = p + 8 + size;

	if (!have(d, p, fixed) || len < fixed) {
		text_trunc(d);
		return;
	}
	put_field(d, &F[PREFIX], p + 2, 1);
	put_field(d, &F[DST_SEQ], seq, 4);
	put_field(d, &F[LIFETIME], p + fixed - 4, 4);
	text_fmt(d, " rrep %u  prefix %u hops %u\n\tdst ", len, p[2] & 0x1f, p[3]);
	say_address(d, dst, size, &F[DST], &F[DST6]);
	text_fmt(d, " dseq %u src ", raw32(seq));
	say_address(d, src, size, &F[SRC], &F[SRC6]);
	text_fmt(d, " %u ms", raw32(p + fixed - 4));
	say_extension(d, p + fixed, len - fixed);
}

static void
say_error(struct dis *d, const uint8_t *p, uint32_t len, unsigned size)
{
	enum { FIXED = 4 };
	unsigned n;

	if (!have(d, p, FIXED) || len < FIXED) {
		text_trunc(d);
		return;
	}
	n = p[3];
	put_field(d, &F[COUNT], p + 3, 1);
	text_fmt(d, " rerr %s [items %u] [%u]:", p[1] & 0x80 ? "[D]" : "", n, len);
	p += FIXED;
	len -= FIXED;
	for (; n; n--) {
		if (!have(d, p, size + 4) || len < size + 4) {
			text_trunc(d);
			return;
		}
		put_field(d, &F[LOST_SEQ], p + size, 4);
		text(d, " {"), say_address(d, p, size, &F[LOST], &F[LOST6]);
		text_fmt(d, "}(%u)", raw32(p + size));
		p += size + 4;
		len -= size + 4;
	}
}

static void
aodv(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned size = d->net.version == 6 ? 16 : 4, type;

	enter(d, &proto_aodv);
	type = u8(d, p);
	put_field(d, &F[TYPE], p, 1);
	put_field(d, &F[FLAGS], p + 1, 1);
	if (type != ERROR && type != ERROR6)
		put_field(d, &F[HOPS], p + 3, 1);
	text(d, " aodv");
	switch (type) {
	case REQUEST:
		say_request(d, p, len, size, false);
		break;
	case REPLY:
		say_reply(d, p, len, size, false);
		break;
	case ERROR:
		say_error(d, p, len, size);
		break;
	case REQUEST6:
		say_request(d, p, len, 16, true);
		break;
	case REPLY6:
		say_reply(d, p, len, 16, true);
		break;
	case ERROR6:
		say_error(d, p, len, 16);
		break;
	case ACK:
	case ACK6:
		text(d, " rrep-ack "), text_u(d, len);
		break;
	default:
		text_fmt(d, " type %u %u", type, len);
		break;
	}
}

const struct proto proto_aodv = PROTO("aodv", "aodv", "Ad hoc On-demand Distance Vector Routing Protocol", aodv, F);
