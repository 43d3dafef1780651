/* RPL, the routing protocol for low-power and lossy networks, RFC 6550 section 6: ICMPv6 type 155. */
#include "dissect/dissect.h"

enum { DIS, DIO, DAO, DAO_ACK };
static const struct name messages[] = {
	{ DIS, "DODAG Information Solicitation" }, { DIO, "DODAG Information Object" },
	{ DAO, "Destination Advertisement Object" }, { DAO_ACK, "Destination Advertisement Object Ack" }, { 0, NULL }
};

static const struct name modes[] = {
	{ 0, "nonstoring" }, { 1, "storing" }, { 2, "nonstoring-multicast" }, { 3, "storing-multicast" }, { 0, NULL }
};

enum { OPT_PAD1 = 0 };
static const struct name options[] = {
	{ OPT_PAD1, "pad1" }, { 1, "padN" }, { 2, "metrics" }, { 3, "routinginfo" }, { 4, "config" },
	{ 5, "rpltarget" }, { 6, "transitinfo" }, { 8, "destprefix" }, { 9, "rpltargetdesc" }, { 0, NULL }
};

enum { SECURE, MESSAGE, INSTANCE, DIO_VERSION, RANK, GROUNDED, MODE, PREFERENCE, DTSN, DAGID, SEQ, FLAGS, STATUS, OPT };
static const struct field F[] = {
	[SECURE] = { "icmpv6.rpl.secure", BOOL, .mask = 0x80, .help = "Secured message" },
	[MESSAGE] = { "icmpv6.rpl.code", U8, .mask = 0x7f, .names = messages, .help = "Message" },
	[INSTANCE] = { "icmpv6.rpl.instance", U8, .help = "Instance" },
	[DIO_VERSION] = { "icmpv6.rpl.dio.version", U8, .help = "Version of the DODAG" },
	[RANK] = { "icmpv6.rpl.dio.rank", U16, .help = "Rank of the sender" },
	[GROUNDED] = { "icmpv6.rpl.dio.flag.g", BOOL, .mask = 0x80, .help = "Grounded" },
	[MODE] = { "icmpv6.rpl.dio.flag.mop", U8, .mask = 0x38, .names = modes, .help = "Mode of operation" },
	[PREFERENCE] = { "icmpv6.rpl.dio.flag.prf", U8, .mask = 0x07, .help = "Preference of the DODAG" },
	[DTSN] = { "icmpv6.rpl.dio.dtsn", U8, .help = "Destination advertisement trigger sequence number" },
	[DAGID] = { "icmpv6.rpl.dodagid", IP6, .help = "DODAG identifier" },
	[SEQ] = { "icmpv6.rpl.dao.sequence", U8, .help = "Sequence number of a destination advertisement" },
	[FLAGS] = { "icmpv6.rpl.dao.flag", U8, .help = "Flags of a destination advertisement" },
	[STATUS] = { "icmpv6.rpl.daoack.status", U8, .help = "Status of an acknowledgement" },
	[OPT] = { "icmpv6.rpl.opt.type", U8, .names = options, .help = "Option" },
};

extern const struct proto proto_rpl;

enum { ID_SIZE = 16 };

/* Section 6.7: with -vv. */
static void
text_options(struct dis *d, const uint8_t *p, uint32_t n)
{
	for (uint32_t size; n; p += size, n -= size) {
		unsigned type = u8(d, p);

		put_field(d, &F[OPT], p, 1);
		if (type == OPT_PAD1) {
			size = 1;
			text(d, " opt:pad1");
			continue;
		}
		if (n < 2) {
			text_trunc(d);
			return;
		}
		size = u8(d, p + 1) + 2u;
		text(d, " opt:");
		text_name(d, options, type, "subopt:%u");
		text_fmt(d, " len:%u ", size);
		if (!have(d, p, size) || n < size) {
			text_trunc(d);
			return;
		}
		if (d->v > 2)
			text_dump_hex(d, " ", p + 2, size - 2, 0);
	}
}

/* Section 6.3.1. */
static void
text_dio(struct dis *d, const uint8_t *p, uint32_t len)
{
	if (len < 8 + ID_SIZE) {
		text_bad(d, "length", len, "<", 8 + ID_SIZE);
		return;
	}
	put_field(d, &F[INSTANCE], p, 1);
	put_field(d, &F[DIO_VERSION], p + 1, 1);
	put_field(d, &F[RANK], p + 2, 2);
	put_field(d, &F[GROUNDED], p + 4, 1);
	put_field(d, &F[MODE], p + 4, 1);
	put_field(d, &F[PREFERENCE], p + 4, 1);
	put_field(d, &F[DTSN], p + 5, 1);
	put_field(d, &F[DAGID], p + 8, ID_SIZE);
	need(d, p, 8 + ID_SIZE);
	text(d, " [dagid:");
	text_ip6(d, p + 8);
	text_fmt(d, ",seq:%u,instance:%u,rank:%u,%smop:", p[5], p[0], raw16(p + 2), p[4] & 0x80 ? "grounded," : "");
	text_name(d, modes, p[4] >> 3 & 7, "mop%u");
	text_fmt(d, ",prf:%u]", p[4] & 7u);
	if (d->v > 1)
		text_options(d, p + 8 + ID_SIZE, len - (8 + ID_SIZE));
}

/* Sections 6.4.1 and 6.5.1: a DAO, and its acknowledgement. */
static void
text_dao(struct dis *d, const uint8_t *p, uint32_t len, bool ack)
{
	unsigned has_id = ack ? 0x80 : 0x40, flags;
	uint32_t size = 4;

	put_field(d, &F[INSTANCE], p, 1);
	put_field(d, &F[FLAGS], p + 1, 1);
	put_field(d, &F[SEQ], p + (ack ? 2 : 3), 1);
	if (ack)
		put_field(d, &F[STATUS], p + 3, 1);
	/* Text wants room for an identifier in a DAO, whether or not it says that there is one. */
	if (len < size || !have(d, p, ack ? size : size + ID_SIZE)) {
		text_trunc(d);
		return;
	}
	flags = p[1];
	if (flags & has_id) {
		size += ID_SIZE;
		if (len < size || !have(d, p, size)) {
			text_trunc(d);
			return;
		}
		put_field(d, &F[DAGID], p + 4, ID_SIZE);
	}
	text(d, " [dagid:");
	if (flags & has_id)
		text_ip6(d, p + 4);
	else
		text(d, "<elided>");
	text_fmt(d, ",seq:%u,instance:%u", p[ack ? 2 : 3], p[0]);
	if (ack)
		text_fmt(d, ",status:%u]", p[3]);
	else
		text_fmt(d, "%s%s,flags:%02x]", flags & 0x80 ? ",acK" : "", flags & has_id ? ",Dagid" : "", flags);
	if (d->v > 1)
		text_options(d, p + size, len - size);
}

static void
rpl(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned code = u8(d, p + 1);

	enter(d, &proto_rpl);
	put_field(d, &F[SECURE], p + 1, 1);
	put_field(d, &F[MESSAGE], p + 1, 1);
	if (code & 0x80) {
		text(d, ", (SEC) [worktodo]");
		return;
	}
	text(d, ", (CLR)");
	text_name(d, messages, code, "RPL message, unknown code %u");
	if (!d->v)
		return;
	p += 4;
	len -= 4;
	if (code == DIO)
		text_dio(d, p, len);
	else if (code == DAO || code == DAO_ACK)
		text_dao(d, p, len, code == DAO_ACK);
}

const struct proto proto_rpl = PROTO("icmpv6.rpl", "icmp6", "Routing Protocol for Low-Power and Lossy Networks", rpl, F);
