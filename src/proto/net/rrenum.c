/* Router renumbering for IPv6, RFC 2894: ICMPv6 type 138. */
#include "dissect/dissect.h"

enum { HEADER = 16, MATCH = 24, USE = 32 };
enum { COMMAND = 0, RESULT = 1, RESET = 255 };
static const struct name codes[] = {
	{ COMMAND, "command" }, { RESULT, "result" }, { RESET, "sequence number reset" }, { 0, NULL }
};
static const struct name flags[] = {
	{ 0x80, "T" }, { 0x40, "R" }, { 0x20, "A" }, { 0x10, "S" }, { 0x08, "P" }, { 0, NULL }
};
static const struct name operations[] = { { 1, "add" }, { 2, "change" }, { 3, "setglobal" }, { 0, NULL } };

enum { CODE, SEQ, SEGMENT, FLAGS, DELAY, OP, MATCH_LEN, MATCH_PREFIX, USE_LEN, KEEP_LEN, VALID, PREFERRED, USE_PREFIX };
static const struct field F[] = {
	[CODE] = { "icmpv6.rr.code", U8, .names = codes, .help = "Message" },
	[SEQ] = { "icmpv6.rr.sequence_number", U32, .help = "Sequence number" },
	[SEGMENT] = { "icmpv6.rr.segment_number", U8, .help = "Segment number" },
	[FLAGS] = { "icmpv6.rr.flag", U8, .help = "Flags" },
	[DELAY] = { "icmpv6.rr.maxdelay", U16, .help = "Longest delay of a result in milliseconds" },
	[OP] = { "icmpv6.rr.pco.mp.opcode", U8, .names = operations, .help = "Operation" },
	[MATCH_LEN] = { "icmpv6.rr.pco.mp.matchlen", U8, .help = "Bits that must match" },
	[MATCH_PREFIX] = { "icmpv6.rr.pco.mp.matchprefix", IP6, .help = "Prefix to match" },
	[USE_LEN] = { "icmpv6.rr.pco.up.uselen", U8, .help = "Bits taken from the new prefix" },
	[KEEP_LEN] = { "icmpv6.rr.pco.up.keeplen", U8, .help = "Bits kept of the old prefix" },
	[VALID] = { "icmpv6.rr.pco.up.validlifetime", U32, .help = "Valid lifetime in seconds" },
	[PREFERRED] = { "icmpv6.rr.pco.up.preferredlifetime", U32, .help = "Preferred lifetime in seconds" },
	[USE_PREFIX] = { "icmpv6.rr.pco.up.useprefix", IP6, .help = "New prefix" },
};

extern const struct proto proto_rrenum;

static void
text_lifetime(struct dis *d, const char *what, uint32_t v)
{
	text(d, what);
	if (v == UINT32_MAX)
		text(d, "infty,");
	else
		text_u(d, v), text_char(d, ',');
}

/* Section 3.2.1.2. */
static void
text_use(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[USE_LEN], p, 1);
	put_field(d, &F[KEEP_LEN], p + 1, 1);
	put_field(d, &F[VALID], p + 4, 4);
	put_field(d, &F[PREFERRED], p + 8, 4);
	put_field(d, &F[USE_PREFIX], p + 16, 16);
	text(d, d->v > 1 ? "\n\tuse(" : " use(");
	if (p[12])
		text_fmt(d, "%s%s,", p[12] & 0x80 ? "V" : "", p[12] & 0x40 ? "P" : "");
	if (d->v) {
		text_fmt(d, "mask=0x%x,raflags=0x%x,", p[2], p[3]);
		text_lifetime(d, "vltime=", raw32(p + 4));
		text_lifetime(d, "pltime=", raw32(p + 8));
	}
	text_ip6_plain(d, p + 16);
	text_fmt(d, "/%u/%u)", p[0], p[1]);
}

/* Section 3.2: a match part and its use parts. */
static void
text_operation(struct dis *d, const uint8_t *p)
{
	int n;

	if (!have(d, p, MATCH)) {
		text_trunc(d);
		return;
	}
	put_field(d, &F[OP], p, 1);
	put_field(d, &F[MATCH_LEN], p + 3, 1);
	put_field(d, &F[MATCH_PREFIX], p + 8, 16);
	text(d, d->v > 1 ? "\n\tmatch(" : " match(");
	text_name(d, operations, p[0], "#%u");
	if (d->v)
		text_fmt(d, ",ord=%u,min=%u,max=%u", p[2], p[4], p[5]);
	text_char(d, ',');
	text_ip6_plain(d, p + 8);
	text_fmt(d, "/%u)", p[3]);
	n = p[1] - 3;
	if (n % 4) {
		text_trunc(d);
		return;
	}
	for (p += MATCH; n > 0; n -= 4, p += USE) {
		if (!have(d, p, USE)) {
			text_trunc(d);
			return;
		}
		text_use(d, p);
	}
}

static void
rrenum(struct dis *d, const uint8_t *p, uint32_t len)
{
	(void)len;	/* all of its parts are counted by themselves */
	enter(d, &proto_rrenum);
	if (!have(d, p, HEADER)) {
		text_trunc(d);
		return;
	}
	put_field(d, &F[CODE], p + 1, 1);
	put_field(d, &F[SEQ], p + 4, 4);
	put_field(d, &F[SEGMENT], p + 8, 1);
	put_field(d, &F[FLAGS], p + 9, 1);
	put_field(d, &F[DELAY], p + 10, 2);
	text(d, ", ");
	text_name(d, codes, p[1], "code-#%u");
	text_fmt(d, ", seq=%u", raw32(p + 4));
	if (d->v) {
		text_char(d, '[');
		if (p[9])
			text_bits(d, flags, p[9], "", ""), text_char(d, ',');
		text_fmt(d, "seg=%u,maxdelay=%u", p[8], raw16(p + 10));
		if (raw32(p + 12))
			text_fmt(d, "rsvd=0x%x", raw32(p + 12));
		text_char(d, ']');
	}
	if (p[1] == COMMAND)
		text_operation(d, p + HEADER);
}

const struct proto proto_rrenum = PROTO("icmpv6.rr", "icmp6", "IPv6 Router Renumbering", rrenum, F);
