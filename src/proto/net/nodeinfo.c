/* IPv6 node information queries and replies, RFC 4620: ICMPv6 types 139 and 140. */
#include "dissect/said.h"

enum { QUERY = 139, HEADER = 16 };

enum { Q_NOOP = 0, Q_NAME = 2, Q_ADDRESSES = 3, Q_IPV4 = 4 };
static const struct name questions[] = {
	{ Q_NOOP, "noop" }, { Q_NAME, "node name" }, { Q_ADDRESSES, "node addresses" }, { Q_IPV4, "ipv4 addresses" },
	{ 0, NULL }
};

/* Section 6.3 and 6.4: which addresses are wanted, or meant. */
static const struct name address_flags[] = {
	{ 0x01, "T" }, { 0x02, "A" }, { 0x04, "C" }, { 0x08, "L" }, { 0x10, "S" }, { 0x20, "G" }, { 0, NULL }
};
static const struct name ipv4_flags[] = { { 0x01, "T" }, { 0x02, "A" }, { 0, NULL } };
enum { TRUNCATED = 0x01 };

enum { SUBJECT_IPV6, SUBJECT_NAME, SUBJECT_IPV4 };
enum { SUCCESS, REFUSED, UNKNOWN };

enum { QTYPE, FLAGS, NONCE, SUBJ6, SUBJ4, NAME, TTL, ADDR6, ADDR4 };
static const struct field F[] = {
	[QTYPE] = { "icmpv6.ni.qtype", U16, .names = questions, .help = "What is asked" },
	[FLAGS] = { "icmpv6.ni.flag", U16, .help = "Flags" },
	[NONCE] = { "icmpv6.ni.nonce", U64, .help = "Nonce" },
	[SUBJ6] = { "icmpv6.ni.query.subject_ipv6", IP6, .help = "IPv6 address that is asked about" },
	[SUBJ4] = { "icmpv6.ni.query.subject_ipv4", IP4, .help = "IPv4 address that is asked about" },
	[NAME] = { "icmpv6.ni.name", STR, .help = "Node name" },
	[TTL] = { "icmpv6.ni.reply.node_ttl", U32, .help = "Time to live of an answer in seconds" },
	[ADDR6] = { "icmpv6.ni.reply.node_address", IP6, .help = "IPv6 address of the node" },
	[ADDR4] = { "icmpv6.ni.reply.ipv4_address", IP4, .help = "IPv4 address of the node" },
};

extern const struct proto proto_nodeinfo;

/* A DNS name without compression that fills the rest of the packet, quoted; a second zero says it is not complete. */
static void
text_node_name(struct dis *d, const uint8_t *p)
{
	uint32_t from;

	text(d, ", \"");
	from = text_say(d);
	while (p < d->end) {
		unsigned n = *p++;

		if (n == 0) {
			if (p == d->end)
				text_char(d, '.');
			else if (!(left(d, p) == 1 && *p == 0))
				text(d, "???");
			break;
		}
		if (n > left(d, p)) {
			text(d, "???");
			break;
		}
		text_str(d, p, n);
		p += n;
		if (left(d, p) > 1 && *p)
			text_char(d, '.');
	}
	put_said(d, &F[NAME], from);
	text_char(d, '"');
}

static void
text_flags(struct dis *d, unsigned question, unsigned flags)
{
	if (flags == 0)
		return;
	text(d, " [");
	text_bits(d, question == Q_IPV4 ? ipv4_flags : address_flags, flags, "", "none");
	text_char(d, ']');
}

/* The subject must fill the packet to its end. */
static bool
subject_fits(struct dis *d, const uint8_t *p, uint32_t n)
{
	if (!have(d, p, n))
		return false;
	if (left(d, p) == n)
		return true;
	if (d->v)
		text(d, ", invalid subject len");
	return false;
}

static void
text_query(struct dis *d, const uint8_t *p)
{
	const uint8_t *subject = p + HEADER;
	unsigned question, flags;

	if (left(d, p) == 12) {
		text(d, " who-are-you request");
		return;
	}
	if (!have(d, p, HEADER)) {
		text_trunc(d);
		return;
	}
	question = raw16(p + 4);
	flags = raw16(p + 6);
	text(d, " (");
	text_name(d, questions, question, "unknown");
	if (question == Q_ADDRESSES || question == Q_IPV4) {
		text_flags(d, question, flags);
		if (flags & TRUNCATED)
			text(d, " [invalid flag Truncate present]");
	}
	if (question == Q_NOOP) {
		if (left(d, p) != HEADER && d->v)
			text(d, ", invalid len");
		text_char(d, ')');
		return;
	}
	switch (p[1]) {
	case SUBJECT_IPV6:
		if (!subject_fits(d, subject, 16))
			break;
		put_field(d, &F[SUBJ6], subject, 16);
		text(d, ", subject=");
		text_ip6(d, subject);
		break;
	case SUBJECT_NAME:
		text(d, ", subject=DNS name");
		text_node_name(d, subject);
		break;
	case SUBJECT_IPV4:
		if (!subject_fits(d, subject, 4))
			break;
		put_field(d, &F[SUBJ4], subject, 4);
		text(d, ", subject=");
		text_ip4(d, subject);
		break;
	default:
		text(d, ", unknown subject");
		break;
	}
	text_char(d, ')');
}

static void
text_answer(struct dis *d, const uint8_t *p, unsigned question)
{
	const uint8_t *a = p + HEADER;
	unsigned flags = raw16(p + 6);

	text_name(d, questions, question, "unknown");
	switch (question) {
	case Q_NOOP:
		if (left(d, p) != HEADER && d->v)
			text(d, ", invalid length");
		break;
	case Q_NAME:
		put_field(d, &F[TTL], a, 4);
		text_node_name(d, a + 4);
		if (flags & 1)
			text_fmt(d, " [TTL=%u]", be32(d, a));
		break;
	case Q_ADDRESSES:
		text_flags(d, question, flags);
		for (; have(d, a, 20); a += 20) {
			put_field(d, &F[TTL], a, 4);
			put_field(d, &F[ADDR6], a + 4, 16);
			text_char(d, ' ');
			text_ip6(d, a + 4);
			text_fmt(d, "(%u)", raw32(a));
		}
		break;
	case Q_IPV4:
		text_flags(d, question, flags);
		for (; a < d->end; a += 8) {
			put_field(d, &F[TTL], a, 4);
			put_field(d, &F[ADDR4], a + 4, 4);
			need(d, a, 8);
			text_char(d, ' ');
			text_ip4(d, a + 4);
			text_fmt(d, "(%u)", raw32(a));
		}
		break;
	}
}

static void
text_reply(struct dis *d, const uint8_t *p, uint32_t len)
{
	if (len > left(d, p) || !have(d, p, HEADER)) {
		text_trunc(d);
		return;
	}
	text(d, " (");
	switch (p[1]) {
	case SUCCESS:
		if (d->v)
			text(d, "success, ");
		text_answer(d, p, raw16(p + 4));
		break;
	case REFUSED:
	case UNKNOWN:
		text(d, p[1] == REFUSED ? "refused" : "unknown");
		if (left(d, p) != HEADER && d->v)
			text(d, ", invalid length");
		break;
	}
	text_char(d, ')');
}

static void
nodeinfo(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_nodeinfo);
	put_field(d, &F[QTYPE], p + 4, 2);
	put_field(d, &F[FLAGS], p + 6, 2);
	put_field(d, &F[NONCE], p + 8, 8);
	if (u8(d, p) == QUERY)
		text_query(d, p);
	else
		text_reply(d, p, len);
}

const struct proto proto_nodeinfo = PROTO("icmpv6.ni", "icmp6", "IPv6 Node Information", nodeinfo, F);
