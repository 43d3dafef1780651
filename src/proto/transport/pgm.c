/* Pragmatic General Multicast, RFC 3208, with the congestion control of PGMCC; in IP or, with -T, in UDP. */
#include "dissect/dissect.h"

enum { IPP_PGM = 113, HEADER = 16 };

enum { SPM = 0, POLL = 1, POLR = 2, ODATA = 4, RDATA = 5, NAK = 8, NNAK = 9, NCF = 10, ACK = 11, SPMR = 12 };
static const struct name types[] = {
	{ SPM, "SPM" }, { POLL, "POLL" }, { POLR, "POLR" }, { ODATA, "ODATA" }, { RDATA, "RDATA" }, { NAK, "NAK" },
	{ NNAK, "NNAK" }, { NCF, "NCF" }, { ACK, "ACK" }, { SPMR, "SPMR" }, { 0, NULL }
};

enum { OPTIONS_PRESENT = 0x01, OPTION_LAST = 0x80, OPTION_LEAST = 4 };
enum {
	O_LENGTH = 0, O_FRAGMENT, O_NAK_LIST, O_JOIN, O_BACKOFF, O_BACKOFF_RANGE, O_REDIRECT = 7, O_PARITY, O_PARITY_GROUP,
	O_GROUP_SIZE, O_UNREACHABLE, O_PATH, O_SYN, O_FIN, O_RST, O_CR, O_CRQST, O_CC_DATA, O_CC_FEEDBACK,
};

enum {
	SPORT, DPORT, TYPE, OPTS, SUM, GSI, TSDU, SPM_SEQ, SPM_TRAIL, SPM_LEAD, SPM_PATH4, SPM_PATH6, POLL_SEQ, POLL_ROUND,
	POLL_PATH4, POLL_PATH6, POLL_IVL, POLL_RND, POLL_MASK, POLR_SEQ, POLR_ROUND, NAK_SEQ, NAK_SRC4, NAK_SRC6, NAK_GRP4,
	NAK_GRP6, ACK_MAX, ACK_BITS, OPT_TYPE, OPT_LEN, OPT_TOTAL, DATA_SEQ, DATA_TRAIL,
};
static const struct field F[] = {
	[SPORT] = { "pgm.hdr.sport", U16, .help = "Source port" },
	[DPORT] = { "pgm.hdr.dport", U16, .help = "Destination port" },
	[TYPE] = { "pgm.hdr.type", U8, .names = types, .help = "Type" },
	[OPTS] = { "pgm.hdr.opts", U8, .help = "Options: are there any, and which kinds" },
	[SUM] = { "pgm.hdr.cksum", U16, .help = "Checksum" },
	[GSI] = { "pgm.hdr.gsi", BYTES, .help = "Global source identifier" },
	[TSDU] = { "pgm.hdr.tsdulen", U16, .help = "Length of the transported data" },
	[SPM_SEQ] = { "pgm.spm.sqn", U32, .help = "Sequence number of a source path message" },
	[SPM_TRAIL] = { "pgm.spm.trail", U32, .help = "Trailing edge of the window" },
	[SPM_LEAD] = { "pgm.spm.lead", U32, .help = "Leading edge of the window" },
	[SPM_PATH4] = { "pgm.spm.path.ipv4", IP4, .help = "Previous hop" },
	[SPM_PATH6] = { "pgm.spm.path.ipv6", IP6, .help = "Previous hop" },
	[POLL_SEQ] = { "pgm.poll.sqn", U32, .help = "Sequence number of a poll" },
	[POLL_ROUND] = { "pgm.poll.round", U16, .help = "Round of a poll" },
	[POLL_PATH4] = { "pgm.poll.path.ipv4", IP4, .help = "Previous hop" },
	[POLL_PATH6] = { "pgm.poll.path.ipv6", IP6, .help = "Previous hop" },
	[POLL_IVL] = { "pgm.poll.backoff_ivl", U32, .help = "Backoff interval" },
	[POLL_RND] = { "pgm.poll.rand_str", U32, .help = "Random string" },
	[POLL_MASK] = { "pgm.poll.matching_bmask", U32, .help = "Bits of it that must match" },
	[POLR_SEQ] = { "pgm.polr.sqn", U32, .help = "Sequence number of a poll's answer" },
	[POLR_ROUND] = { "pgm.polr.round", U16, .help = "Round of a poll's answer" },
	[NAK_SEQ] = { "pgm.nak.sqn", U32, .help = "Sequence number that is missing" },
	[NAK_SRC4] = { "pgm.nak.src.ipv4", IP4, .help = "Source it is missing from" },
	[NAK_SRC6] = { "pgm.nak.src.ipv6", IP6, .help = "Source it is missing from" },
	[NAK_GRP4] = { "pgm.nak.grp.ipv4", IP4, .help = "Group it is missing in" },
	[NAK_GRP6] = { "pgm.nak.grp.ipv6", IP6, .help = "Group it is missing in" },
	[ACK_MAX] = { "pgm.ack.maxsqn", U32, .help = "Highest sequence number received" },
	[ACK_BITS] = { "pgm.ack.bitmap", U32, .help = "Which of those before were received" },
	[OPT_TYPE] = { "pgm.genopts.type", U8, .mask = 0x7f, .help = "Type of an option" },
	[OPT_LEN] = { "pgm.genopts.len", U8, .help = "Length of an option" },
	[OPT_TOTAL] = { "pgm.opts.tlen", U16, .help = "Length of all options" },
	[DATA_SEQ] = { "pgm.spm.sqn", U32, .help = "Sequence number of data" },
	[DATA_TRAIL] = { "pgm.spm.trail", U32, .help = "Trailing edge of the window, in data" },
};

extern const struct proto proto_pgm;

/* An address whose family is at `family`: its size, 0 when the family is unknown, -1 when it is not captured. */
static int
address_size(struct dis *d, unsigned family, const uint8_t *p)
{
	int size = family == 1 ? 4 : family == 2 ? 16 : 0;

	return size && !have(d, p, (uint32_t)size) ? -1 : size;
}

static void
text_address(struct dis *d, const uint8_t *p, int size)
{
	if (size == 4)
		text_ip4_plain(d, p);
	else
		text_ip6_plain(d, p);
}

static const uint8_t *
cut(struct dis *d)
{
	text_trunc(d);
	return NULL;
}

/*
 * Messages: where options are, or NULL when the packet ends with them. Behind messages without a body of their own
 * tcpdump 4.99 looks for options where the header begins.
 */

static const uint8_t *
source_path(struct dis *d, const uint8_t *p)
{
	const uint8_t *path = p + 16;
	int size;

	if (!have(d, p, 16))
		return cut(d);
	put_field(d, &F[SPM_SEQ], p, 4);
	put_field(d, &F[SPM_TRAIL], p + 4, 4);
	put_field(d, &F[SPM_LEAD], p + 8, 4);
	size = address_size(d, raw16(p + 12), path);
	if (size <= 0)
		return cut(d);
	put_field(d, &F[size == 4 ? SPM_PATH4 : SPM_PATH6], path, (uint32_t)size);
	text_fmt(d, "SPM seq %u trail %u lead %u nla ", raw32(p), raw32(p + 4), raw32(p + 8));
	text_address(d, path, size);
	return path + size;
}

static const uint8_t *
poll(struct dis *d, const uint8_t *p)
{
	const uint8_t *path = p + 12, *end;
	int size;

	if (!have(d, p, 12))
		return cut(d);
	put_field(d, &F[POLL_SEQ], p, 4);
	put_field(d, &F[POLL_ROUND], p + 4, 2);
	size = address_size(d, raw16(p + 8), path);
	if (size <= 0)
		return cut(d);
	end = path + size;
	put_field(d, &F[size == 4 ? POLL_PATH4 : POLL_PATH6], path, (uint32_t)size);
	put_field(d, &F[POLL_IVL], end, 4);
	put_field(d, &F[POLL_RND], end + 4, 4);
	put_field(d, &F[POLL_MASK], end + 8, 4);
	need(d, end, 12);
	text_fmt(d, "POLL seq %u round %u nla ", raw32(p), raw16(p + 4));
	text_address(d, path, size);
	text_fmt(d, " ivl %u rnd 0x%08x mask 0x%08x", raw32(end), raw32(end + 4), raw32(end + 8));
	return end + 12;
}

static const uint8_t *
nak(struct dis *d, unsigned type, const uint8_t *p)
{
	const uint8_t *source = p + 8, *group;
	int size, group_size;

	if (!have(d, p, 8))
		return cut(d);
	put_field(d, &F[NAK_SEQ], p, 4);
	size = address_size(d, raw16(p + 4), source);
	if (size <= 0)
		return cut(d);
	put_field(d, &F[size == 4 ? NAK_SRC4 : NAK_SRC6], source, (uint32_t)size);
	/* The group's family is read 4 bytes too far, as tcpdump 4.99 does: behind it is where the address is. */
	group = source + size + 4;
	group_size = address_size(d, be16(d, group), group);
	if (group_size <= 0)
		return cut(d);
	put_field(d, &F[group_size == 4 ? NAK_GRP4 : NAK_GRP6], group, (uint32_t)group_size);
	text_name(d, types, type, NULL);
	text(d, " (");
	text_address(d, source, size);
	text(d, " -> ");
	text_address(d, group, group_size);
	text(d, "), seq "), text_u(d, raw32(p));
	return group + group_size;
}

static const uint8_t *
data(struct dis *d, unsigned type, const uint8_t *p)
{
	put_field(d, &F[DATA_SEQ], p, 4);
	put_field(d, &F[DATA_TRAIL], p + 4, 4);
	if (!have(d, p, 8))
		return cut(d);
	text_fmt(d, "%s trail %u seq %u", type == ODATA ? "ODATA" : "RDATA", raw32(p + 4), raw32(p));
	return p + 8;
}

static const uint8_t *
message(struct dis *d, unsigned type, const uint8_t *p)
{
	switch (type) {
	case SPM:
		return source_path(d, p);
	case POLL:
		return poll(d, p);
	case POLR:
		put_field(d, &F[POLR_SEQ], p, 4);
		put_field(d, &F[POLR_ROUND], p + 4, 2);
		if (!have(d, p, 8))
			return cut(d);
		text_fmt(d, "POLR seq %u round %u", raw32(p), raw16(p + 4));
		return p + 8;
	case ODATA:
	case RDATA:
		return data(d, type, p);
	case NAK:
	case NNAK:
	case NCF:
		return nak(d, type, p);
	case ACK:
		put_field(d, &F[ACK_MAX], p, 4);
		put_field(d, &F[ACK_BITS], p + 4, 4);
		if (!have(d, p, 8))
			return cut(d);
		text(d, "ACK seq "), text_u(d, raw32(p));
		return p + 8;
	case SPMR:
		text(d, "SPMR");
		return p - HEADER;
	default:
		text_fmt(d, "UNKNOWN type 0x%02x", type);
		return p - HEADER;
	}
}

/* Options of one length, what it is, and what it is called when it is wrong. */
static const struct fixed {
	uint8_t type, len;
	const char *name;
} fixed_options[] = {
	{ O_LENGTH, 4, "LENGTH" }, { O_FRAGMENT, 16, "FRAGMENT" }, { O_JOIN, 8, "JOIN" }, { O_BACKOFF, 12, "NAK_BO_IVL" },
	{ O_BACKOFF_RANGE, 12, "NAK_BO_RNG" }, { O_PARITY, 8, "PARITY_PRM" }, { O_PARITY_GROUP, 8, "PARITY_GRP" },
	{ O_GROUP_SIZE, 8, "CURR_TGSIZE" }, { O_UNREACHABLE, 4, "NBR_UNREACH" }, { O_SYN, 4, "SYN" }, { O_FIN, 4, "FIN" },
	{ O_RST, 4, "RST" }, { O_CRQST, 4, "CRQST" },
};

static bool
fits(struct dis *d, unsigned type, unsigned len)
{
	for (size_t i = 0; i < sizeof fixed_options / sizeof *fixed_options; i++) {
		const struct fixed *o = &fixed_options[i];

		if (o->type == type && o->len != len) {
			text_fmt(d, "[Bad OPT_%s option, length %u != %u]", o->name, len, o->len);
			return false;
		}
	}
	return true;
}

/* An option that ends with an address: p is at the family behind `fixed` bytes of header. False ends the packet. */
static bool
with_address(struct dis *d, const char *name, const char *short_name, unsigned len, unsigned fixed, const uint8_t *p,
    const char *label)
{
	int size;

	if (len < fixed) {
		text_fmt(d, "[Bad %s option, length %u < %u]", short_name, len, fixed);
		return false;
	}
	size = raw16(p + fixed - 4) == 1 ? 4 : raw16(p + fixed - 4) == 2 ? 16 : 0;
	if (size == 0) {
		text_trunc(d);
		return false;
	}
	if (len != fixed + (unsigned)size) {
		text_fmt(d, "[Bad %s option, length %u != %u + address size]", name, len, fixed);
		return false;
	}
	text(d, label);
	if (fixed == 12)
		text_u(d, raw32(p + 4)), text_char(d, ' ');
	text_address(d, p + fixed, size);
	return true;
}

/* The option at p, captured, whose length has been looked at; false when the packet ends with it. */
static bool
option(struct dis *d, unsigned type, const uint8_t *p, unsigned len)
{
	if (!fits(d, type & 0x7f, len))
		return false;
	switch (type & 0x7f) {
	case O_LENGTH:
		text(d, " OPTS LEN (extra?) "), text_u(d, raw16(p + 2));
		break;
	case O_FRAGMENT:
		text_fmt(d, " FRAG seq %u off %u len %u", raw32(p + 4), raw32(p + 8), raw32(p + 12));
		break;
	case O_NAK_LIST:
		text(d, " NAK LIST");
		for (unsigned at = 4; at < len; at += 4) {
			if (len - at < 4) {
				text(d, "[Option length not a multiple of 4]");
				return false;
			}
			text_char(d, ' '), text_u(d, raw32(p + at));
		}
		break;
	case O_JOIN:
		text(d, " JOIN "), text_u(d, raw32(p + 4));
		break;
	case O_BACKOFF:
		text_fmt(d, " BACKOFF ivl %u ivlseq %u", raw32(p + 4), raw32(p + 8));
		break;
	case O_BACKOFF_RANGE:
		text_fmt(d, " BACKOFF max %u min %u", raw32(p + 4), raw32(p + 8));
		break;
	case O_REDIRECT:
		return with_address(d, "OPT_REDIRECT", "OPT_REDIRECT", len, 8, p, " REDIRECT ");
	case O_PARITY:
		text(d, " PARITY MAXTGS "), text_u(d, raw32(p + 4));
		break;
	case O_PARITY_GROUP:
		text(d, " PARITY GROUP "), text_u(d, raw32(p + 4));
		break;
	case O_GROUP_SIZE:
		text(d, " PARITY ATGS "), text_u(d, raw32(p + 4));
		break;
	case O_UNREACHABLE:
		text(d, " NBR_UNREACH");
		break;
	case O_PATH:
		text_fmt(d, " PATH_NLA [%u]", len);
		break;
	case O_SYN:
		text(d, " SYN");
		break;
	case O_FIN:
		text(d, " FIN");
		break;
	case O_RST:
		text(d, " RST");
		break;
	case O_CR:
		text(d, " CR");
		break;
	case O_CRQST:
		text(d, " CRQST");
		break;
	case O_CC_DATA:
		return with_address(d, "OPT_PGMCC_DATA", "OPT_PGMCC_DATA", len, 12, p, " PGMCC DATA ");
	case O_CC_FEEDBACK:
		return with_address(d, "OPT_PGMCC_FEEDBACK", "PGM_OPT_PGMCC_FEEDBACK", len, 12, p, " PGMCC FEEDBACK ");
	default:
		text_fmt(d, " OPT_%02X [%u] ", type, len);
		break;
	}
	return true;
}

/* How many bytes too far tcpdump 4.99 goes behind an option whose length is open. */
static unsigned
overshoot(unsigned type)
{
	return type == O_PATH || type == O_CR || type == 6 || type > O_CC_FEEDBACK ? 2 : 0;
}

/* RFC 3208 section 9.1: what is behind the options, or NULL when the packet ends with them. */
static const uint8_t *
options(struct dis *d, const uint8_t *p)
{
	static const char no_room[] = "[Total option length leaves no room for final option]";
	unsigned total;

	if (!have(d, p, OPTION_LEAST))
		return cut(d);
	if ((p[0] & 0x7f) != O_LENGTH) {
		text_fmt(d, "[First option bad, should be PGM_OPT_LENGTH, is %u]", p[0] & 0x7f);
		return NULL;
	}
	if (p[1] != 4) {
		text_fmt(d, "[Bad OPT_LENGTH option, length %u != 4]", p[1]);
		return NULL;
	}
	put_field(d, &F[OPT_TOTAL], p + 2, 2);
	total = raw16(p + 2);
	if (total < 4) {
		text_fmt(d, "[Bad total option length %u < 4]", total);
		return NULL;
	}
	text(d, " OPTS LEN "), text_u(d, total);
	p += 4;
	for (total -= 4; total; ) {
		unsigned type, n;

		if (total < OPTION_LEAST) {
			text(d, no_room);
			return NULL;
		}
		put_field(d, &F[OPT_TYPE], p, 1);
		put_field(d, &F[OPT_LEN], p + 1, 1);
		need(d, p, 2);
		type = p[0];
		n = p[1];
		if (n < OPTION_LEAST) {
			text_fmt(d, "[Bad option, length %u < %u]", n, OPTION_LEAST);
			return p + 2;
		}
		if (total < n) {
			text(d, no_room);
			return NULL;
		}
		if (!have(d, p, n))
			return cut(d);
		if (!option(d, type, p, n))
			return NULL;
		p += n + overshoot(type & 0x7f);
		/* The header of a list of missing numbers is not counted, as in tcpdump 4.99. */
		total -= (type & 0x7f) == O_NAK_LIST ? n - 4 : n;
		if (type & OPTION_LAST)
			break;
	}
	return p;
}

static void
text_ports(struct dis *d, const uint8_t *p)
{
	if (have(d, p, 4)) {
		text_ends(d, IPP_PGM, true, raw16(p), raw16(p + 2));
		return;
	}
	if (d->net.version) {
		text_addr(d, d->net.src);
		text(d, " > ");
		text_addr(d, d->net.dst);
		text_char(d, ':');
	}
	text_trunc(d);
}

static void
pgm(struct dis *d, const uint8_t *p, uint32_t len)
{
	const uint8_t *q;
	unsigned type;

	enter(d, &proto_pgm);
	if (d->sink) {
		put_field(d, &F[SPORT], p, 2);
		put_field(d, &F[DPORT], p + 2, 2);
		put_field(d, &F[TYPE], p + 4, 1);
		put_field(d, &F[OPTS], p + 5, 1);
		put_field(d, &F[SUM], p + 6, 2);
		put_field(d, &F[GSI], p + 8, 6);
		put_field(d, &F[TSDU], p + 14, 2);
	}
	text_ports(d, p);
	if (!have(d, p, 4))
		return;
	if (!have(d, p, HEADER)) {
		text_trunc(d);
		return;
	}
	text(d, "PGM, length "), text_u(d, raw16(p + 14));
	if (!d->v)
		return;
	type = p[4];
	text(d, " 0x");
	text_hex(d, p + 8, 6);
	text_char(d, ' ');
	q = message(d, type, p + HEADER);
	if (q && (p[5] & OPTIONS_PRESENT))
		q = options(d, q);
	if (q == NULL)
		return;
	text_fmt(d, " [%u]", len);
	if (d->style->type == PT_PGM_ZMTP1 && (type == ODATA || type == RDATA))
		next(d, D_INTERNAL, IN_ZMTP1_DATAGRAM, q, raw16(p + 14));
}

const struct proto proto_pgm = PROTO("pgm", "pgm", "Pragmatic General Multicast", pgm, F);
