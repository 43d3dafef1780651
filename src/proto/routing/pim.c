/*
 * Protocol Independent Multicast, version 2: sparse mode (RFC 7761), dense mode (RFC 3973), bootstrap (RFC 5059),
 * bidirectional (RFC 5015).
 */
#include "dissect/dissect.h"

enum { IPP_PIM = 103, HEADER = 4, REGISTER_HEADER = 8, HOLD_FOREVER = 0xffff };

enum {
	HELLO, REGISTER, REGISTER_STOP, JOIN_PRUNE, BOOTSTRAP, ASSERT, GRAFT, GRAFT_ACK, CANDIDATE_RP, PRUNE_REFRESH,
	DF_ELECTION,
};
static const struct name types[] = {
	{ HELLO, "Hello" }, { REGISTER, "Register" }, { REGISTER_STOP, "Register Stop" }, { JOIN_PRUNE, "Join / Prune" },
	{ BOOTSTRAP, "Bootstrap" }, { ASSERT, "Assert" }, { GRAFT, "Graft" }, { GRAFT_ACK, "Graft Acknowledgement" },
	{ CANDIDATE_RP, "Candidate RP Advertisement" }, { PRUNE_REFRESH, "Prune Refresh" },
	{ DF_ELECTION, "DF Election" }, { 11, "ECMP Redirect" }, { 0, NULL }
};

enum {
	O_HOLD = 1, O_LAN_DELAY = 2, O_PRIORITY_OLD = 18, O_PRIORITY = 19, O_GENERATION = 20, O_REFRESH = 21, O_BIDIR = 22,
	O_ADDRESSES = 24, O_ADDRESSES_OLD = 65001,
};
static const struct name options[] = {
	{ O_HOLD, "Hold Time" }, { O_LAN_DELAY, "LAN Prune Delay" }, { O_PRIORITY_OLD, "DR Priority (Old)" },
	{ O_PRIORITY, "DR Priority" }, { O_GENERATION, "Generation ID" }, { O_REFRESH, "State Refresh Capability" },
	{ O_BIDIR, "Bi-Directional Capability" }, { O_ADDRESSES, "Address List" },
	{ O_ADDRESSES_OLD, "Address List (Old)" }, { 0, NULL }
};

static const struct name register_flags[] = { { 0x80000000, "Border" }, { 0x40000000, "Null" }, { 0, NULL } };

enum { DF_BACKOFF = 3, DF_PASS = 4 };
static const struct name elections[] = {
	{ 1, "Offer" }, { 2, "Winner" }, { DF_BACKOFF, "Backoff" }, { DF_PASS, "Pass" }, { 0, NULL }
};

enum {
	VERSION, TYPE, SUM, ADDR_LEN, OPT_TYPE, OPT_LEN, HOLD, DELAY, OVERRIDE, PRIORITY, GENERATION, GROUP4, GROUP6, SOURCE4,
	SOURCE6, UNICAST4, UNICAST6, GROUPS, JOINS, PRUNES, HASH_LEN, BSR_PRIORITY, PREFERENCE, METRIC, BORDER, NULL_REG,
};
static const struct field F[] = {
	[VERSION] = { "pim.version", U8, .mask = 0xf0, .help = "Version" },
	[TYPE] = { "pim.type", U8, .mask = 0x0f, .names = types, .help = "Message type" },
	[SUM] = { "pim.cksum", U16, .help = "Checksum" },
	[ADDR_LEN] = { "pim.addr_len", U8, .mask = 0x0f, .help = "Length of unicast addresses (RFC 2117)" },
	[OPT_TYPE] = { "pim.optiontype", U16, .names = options, .help = "Type of a hello option" },
	[OPT_LEN] = { "pim.optionlength", U16, .help = "Length of a hello option" },
	[HOLD] = { "pim.holdtime", U16, .help = "Seconds this is to be remembered" },
	[DELAY] = { "pim.propagation_delay", U16, .mask = 0x7fff, .help = "LAN prune delay in milliseconds" },
	[OVERRIDE] = { "pim.override_interval", U16, .help = "Override interval in milliseconds" },
	[PRIORITY] = { "pim.dr_priority", U32, .help = "Priority to become the designated router" },
	[GENERATION] = { "pim.generation_id", U32, .help = "Generation identifier" },
	[GROUP4] = { "pim.group", IP4, .help = "Multicast group" },
	[GROUP6] = { "pim.group_ip6", IP6, .help = "Multicast group" },
	[SOURCE4] = { "pim.source", IP4, .help = "Source" },
	[SOURCE6] = { "pim.source_ip6", IP6, .help = "Source" },
	[UNICAST4] = { "pim.unicast", IP4, .help = "Address of a router or a source" },
	[UNICAST6] = { "pim.unicast_ipv6", IP6, .help = "Address of a router or a source" },
	[GROUPS] = { "pim.numgroups", U8, .help = "Number of groups" },
	[JOINS] = { "pim.numjoins", U16, .help = "Number of joined sources" },
	[PRUNES] = { "pim.numprunes", U16, .help = "Number of pruned sources" },
	[HASH_LEN] = { "pim.hash_mask_len", U8, .help = "Length of the hash mask" },
	[BSR_PRIORITY] = { "pim.bsr_priority", U8, .help = "Priority of the bootstrap router" },
	[PREFERENCE] = { "pim.metric_pref", U32, .mask = 0x7fffffff, .help = "Metric preference" },
	[METRIC] = { "pim.metric", U32, .help = "Metric" },
	[BORDER] = { "pim.register_flag.border", BOOL, .mask = 0x80000000, .help = "Registered by a border router" },
	[NULL_REG] = { "pim.register_flag.null_register", BOOL, .mask = 0x40000000, .help = "Null register" },
};

extern const struct proto proto_pim;

/* What is left of a message, and how long its unicast addresses are (0: each tells, as in RFC 7761). */
struct msg {
	const uint8_t *p;
	uint32_t len;
	unsigned addr_len;
};

static void
skip(struct msg *m, uint32_t n)
{
	m->p += n;
	m->len -= n;
}

enum kind { UNICAST, GROUP, SOURCE };
static const uint8_t addr_field[][2] = {
	[UNICAST] = { UNICAST4, UNICAST6 }, [GROUP] = { GROUP4, GROUP6 }, [SOURCE] = { SOURCE4, SOURCE6 },
};

/* What follows the address family of a group or a source: flags and mask length. Captured. */
static void
text_mask(struct dis *d, enum kind kind, const uint8_t *p, unsigned full)
{
	if (p[1] != full)
		text_char(d, '/'), text_u(d, p[1]);
	if (p[0] == 0)
		return;
	if (kind == GROUP) {
		text_fmt(d, "(0x%02x)", p[0]);
		return;
	}
	text_char(d, '(');
	if (p[0] & 4)
		text_char(d, 'S');
	if (p[0] & 2)
		text_char(d, 'W');
	if (p[0] & 1)
		text_char(d, 'R');
	if (p[0] & 0xf8)
		text_fmt(d, "+0x%02x", p[0] & 0xf8);
	text_char(d, ')');
}

/* RFC 7761 section 4.9.1: an encoded address; false when it makes no sense or is longer than the message. */
static bool
text_encoded(struct dis *d, struct msg *m, enum kind kind)
{
	unsigned size = m->addr_len, mask = kind == UNICAST ? 0 : 2;
	bool six;

	if (size == 0) {
		unsigned family;

		if (m->len < 2)
			return false;
		family = u8(d, m->p);
		if (family != 1 && family != 2)
			return false;
		if (u8(d, m->p + 1) != 0)
			return false;
		size = family == 1 ? 4 : 16;
		skip(m, 2);
	} else if (size != 4 && size != 16) {
		return false;
	}
	six = size == 16;
	if (m->len < size + mask)
		return false;
	put_field(d, &F[addr_field[kind][six]], m->p + mask, size);
	if (!have(d, m->p, size + mask))
		return false;
	if (six)
		text_ip6(d, m->p + mask);
	else
		text_ip4(d, m->p + mask);
	if (mask)
		text_mask(d, kind, m->p, size * 8);
	skip(m, size + mask);
	return true;
}

/* The same behind a label. */
static bool
text_labelled(struct dis *d, const char *label, struct msg *m, enum kind kind)
{
	text(d, label);
	return text_encoded(d, m, kind);
}

static void
text_hold_time(struct dis *d, const char *label, const uint8_t *p)
{
	put_field(d, &F[HOLD], p, 2);
	text(d, label);
	text_duration(d, be16(d, p));
}

/* Is an option as long as it has to be? */
static bool
fits(struct dis *d, unsigned len, unsigned want)
{
	if (len == want)
		return true;
	text_fmt(d, "[option length %u != %u]", len, want);
	text_invalid(d);
	return false;
}

/* The value of a hello option: 1 when it was fine, 0 when the list of options ends here, -1 when it is cut short. */
static int
hello_option(struct dis *d, unsigned type, unsigned n, struct msg *m)
{
	const uint8_t *p = m->p;

	switch (type) {
	case O_HOLD:
		if (!fits(d, n, 2))
			return 0;
		text_hold_time(d, "", p);
		break;
	case O_LAN_DELAY:
		if (!fits(d, n, 4))
			return 0;
		put_field(d, &F[DELAY], p, 2);
		put_field(d, &F[OVERRIDE], p + 2, 2);
		text_fmt(d, "\n\t    T-bit=%u, LAN delay %ums, Override interval %ums", p[0] >> 7, raw16(p) & 0x7fff,
		    raw16(p + 2));
		break;
	case O_PRIORITY_OLD:
	case O_PRIORITY:
		if (n == 0) {
			text(d, "Bi-Directional Capability (Old)");
			break;
		}
		if (!fits(d, n, 4))
			return 0;
		put_field(d, &F[PRIORITY], p, 4);
		text_u(d, raw32(p));
		break;
	case O_GENERATION:
		if (!fits(d, n, 4))
			return 0;
		put_field(d, &F[GENERATION], p, 4);
		text_fmt(d, "0x%08x", raw32(p));
		break;
	case O_REFRESH:
		if (!fits(d, n, 4))
			return 0;
		text_char(d, 'v'), text_u(d, p[0]);
		if (p[1])
			text(d, ", interval "), text_duration(d, p[1]);
		if (raw16(p + 2))
			text_fmt(d, " ?0x%04x?", raw16(p + 2));
		break;
	case O_BIDIR:
		break;
	case O_ADDRESSES:
	case O_ADDRESSES_OLD: {
		struct msg list = *m;

		while (d->v > 1 && list.p < p + n) {
			text(d, "\n\t    ");
			if (!text_encoded(d, &list, UNICAST))
				return -1;
		}
		break;
	}
	default:
		if (d->v <= 1)
			text_unknown(d, p, "\n\t    ", n);
		break;
	}
	if (d->v > 1)
		text_unknown(d, p, "\n\t    ", n);
	return 1;
}

static bool
hello(struct dis *d, struct msg *m)
{
	while (m->len) {
		unsigned type, n;
		int good;

		if (m->len < 4)
			return false;
		put_field(d, &F[OPT_TYPE], m->p, 2);
		put_field(d, &F[OPT_LEN], m->p + 2, 2);
		need(d, m->p, 4);
		type = raw16(m->p);
		n = raw16(m->p + 2);
		text(d, "\n\t  ");
		text_name(d, options, type, "Unknown");
		text_fmt(d, " Option (%u), length %u, Value: ", type, n);
		skip(m, 4);
		if (m->len < n || !have(d, m->p, n))
			return false;
		good = hello_option(d, type, n, m);
		if (good <= 0)
			return good == 0;
		skip(m, n);
	}
	return true;
}

/* The packet a designated router sends on to the rendezvous point. */
static bool
registered(struct dis *d, struct msg *m)
{
	const uint8_t *p;
	unsigned version;

	if (m->len < 4)
		return false;
	put_field(d, &F[BORDER], m->p, 4);
	put_field(d, &F[NULL_REG], m->p, 4);
	if (!have(d, m->p, 4))
		return false;
	text(d, ", Flags [ ");
	text_name(d, register_flags, raw32(m->p), "none");
	text(d, " ]\n\t");
	skip(m, 4);
	if (m->len == 0)
		return false;
	p = m->p;
	version = u8(d, p) >> 4;
	if (version == 0) {
		need(d, p, 20);
		text(d, "IP-Null-header ");
		text_ip4(d, p + 12);
		text(d, " > ");
		text_ip4(d, p + 16);
	} else if (version == 4 || version == 6) {
		next(d, D_ETHERTYPE, version == 4 ? ETH_IP : ETH_IPV6, p, m->len);
	} else {
		text(d, "IP ver "), text_u(d, version);
	}
	return true;
}

static bool
text_sources(struct dis *d, struct msg *m, const char *what, unsigned n)
{
	for (unsigned i = 1; i <= n; i++) {
		text_fmt(d, "\n\t      %s source #%u: ", what, i);
		if (!text_encoded(d, m, SOURCE))
			return false;
	}
	return true;
}

static bool
join_prune(struct dis *d, struct msg *m, unsigned type)
{
	unsigned groups, hold;

	if (type != GRAFT_ACK && !text_labelled(d, ", upstream-neighbor: ", m, UNICAST))
		return false;
	if (m->len < 4)
		return false;
	put_field(d, &F[GROUPS], m->p + 1, 1);
	put_field(d, &F[HOLD], m->p + 2, 2);
	if (!have(d, m->p, 4))
		return false;
	groups = m->p[1];
	hold = raw16(m->p + 2);
	text_fmt(d, "\n\t  %u group(s)", groups);
	if (type != GRAFT_ACK) {
		text(d, ", holdtime: ");
		if (hold == HOLD_FOREVER)
			text(d, "infinite");
		else
			text_duration(d, hold);
	}
	skip(m, 4);
	for (unsigned i = 1; i <= groups; i++) {
		unsigned joins, prunes;

		text_fmt(d, "\n\t    group #%u: ", i);
		if (!text_encoded(d, m, GROUP) || m->len < 4)
			return false;
		put_field(d, &F[JOINS], m->p, 2);
		put_field(d, &F[PRUNES], m->p + 2, 2);
		if (!have(d, m->p, 4))
			return false;
		joins = raw16(m->p);
		prunes = raw16(m->p + 2);
		text_fmt(d, ", joined sources: %u, pruned sources: %u", joins, prunes);
		skip(m, 4);
		if (!text_sources(d, m, "joined", joins) || !text_sources(d, m, "pruned", prunes))
			return false;
	}
	return true;
}

/* One rendezvous point of a bootstrap message, RFC 5059 section 4.1. */
static bool
text_rp(struct dis *d, struct msg *m, unsigned i)
{
	text_fmt(d, " RP%u=", i);
	if (!text_encoded(d, m, UNICAST) || m->len < 2)
		return false;
	text_hold_time(d, ",holdtime=", m->p);
	if (m->len < 3)
		return false;
	text_be(d, ",prio=", m->p + 2, 1);
	if (m->len < 4)
		return false;
	skip(m, 4);
	return true;
}

static bool
bootstrap(struct dis *d, struct msg *m)
{
	if (m->len < 2)
		return false;
	text_be_x(d, " tag=", m->p, 2, 0);
	skip(m, 2);
	if (m->len < 1)
		return false;
	put_field(d, &F[HASH_LEN], m->p, 1);
	text_be(d, " hashmlen=", m->p, 1);
	if (m->len < 2)
		return false;
	put_field(d, &F[BSR_PRIORITY], m->p + 1, 1);
	if (!have(d, m->p, 3))
		return false;
	text_be(d, " BSRprio=", m->p + 1, 1);
	skip(m, 2);
	if (!text_labelled(d, " BSR=", m, UNICAST))
		return false;
	for (unsigned i = 0; m->len; i++) {
		unsigned count;

		text_fmt(d, " (group%u: ", i);
		if (!text_encoded(d, m, GROUP) || m->len < 1)
			return false;
		text_be(d, " RPcnt=", m->p, 1);
		if (m->len < 2)
			return false;
		count = u8(d, m->p + 1);
		text(d, " FRPcnt="), text_u(d, count);
		if (m->len < 4)
			return false;
		skip(m, 4);
		for (unsigned j = 0; j < count && m->len; j++)
			if (!text_rp(d, m, j))
				return false;
		text_char(d, ')');
	}
	return true;
}

static bool
assertion(struct dis *d, struct msg *m)
{
	if (!text_labelled(d, " group=", m, GROUP) || !text_labelled(d, " src=", m, UNICAST) || m->len < 8)
		return false;
	put_field(d, &F[PREFERENCE], m->p, 4);
	put_field(d, &F[METRIC], m->p + 4, 4);
	if (!have(d, m->p, 8))
		return false;
	if (m->p[0] & 0x80)
		text(d, " RPT");
	text_fmt(d, " pref=%u metric=%u", raw32(m->p) & 0x7fffffff, raw32(m->p + 4));
	return true;
}

static bool
candidate(struct dis *d, struct msg *m)
{
	unsigned count;

	if (m->len < 1)
		return false;
	text_be(d, " prefix-cnt=", m->p, 1);
	count = m->p[0];
	if (m->len < 2)
		return false;
	text_be(d, " prio=", m->p + 1, 1);
	if (m->len < 4)
		return false;
	text_hold_time(d, " holdtime=", m->p + 2);
	skip(m, 4);
	if (!text_labelled(d, " RP=", m, UNICAST))
		return false;
	for (unsigned i = 0; i < count && m->len; i++) {
		text_fmt(d, " Group%u=", i);
		if (!text_encoded(d, m, GROUP))
			return false;
	}
	return true;
}

static bool
prune_refresh(struct dis *d, struct msg *m)
{
	if (!text_labelled(d, " src=", m, UNICAST) || !text_labelled(d, " grp=", m, GROUP) ||
	    !text_labelled(d, " forwarder=", m, UNICAST) || m->len < 2)
		return false;
	text(d, " TUNR ");
	text_duration(d, be16(d, m->p));
	return true;
}

/* RFC 5015 section 3.7: who forwards on this link. */
static bool
election(struct dis *d, struct msg *m, unsigned subtype)
{
	const char *who = subtype == DF_BACKOFF ? "offer" : "new winner";

	text(d, "\n\t  ");
	text_name(d, elections, subtype, "Unknown");
	text_char(d, ',');
	if (!text_labelled(d, " rpa=", m, UNICAST))
		return false;
	text_be(d, " sender pref=", m->p, 4);
	text_be(d, " sender metric=", m->p + 4, 4);
	skip(m, 8);
	if (subtype != DF_BACKOFF && subtype != DF_PASS)
		return true;
	text_fmt(d, "\n\t  %s addr=", who);
	if (!text_encoded(d, m, UNICAST))
		return false;
	need(d, m->p, 4);
	text_fmt(d, " %s pref=%u", who, raw32(m->p));
	need(d, m->p, 8);
	text_fmt(d, " %s metric=%u", who, raw32(m->p + 4));
	skip(m, 8);
	if (subtype == DF_BACKOFF) {
		text_be(d, " interval ", m->p, 2);
		text(d, "ms");
	}
	return true;
}

/* 0: right, 1: wrong, -1: not all of it was captured. */
static int
sum_state(struct dis *d, const uint8_t *p, uint32_t n)
{
	uint16_t sum;

	if (!have(d, p, n))
		return -1;
	if (d->net.version == 4)
		sum = checksum(&(struct span) { p, n }, 1);
	else if (d->net.version == 6)
		sum = net_checksum(d, p, n, n, IPP_PIM);
	else
		return -1;
	return sum != 0;
}

/* A register's checksum leaves out the packet in it; RFC 7761 section 4.9.3 lets one that covers it pass too. */
static void
text_sum(struct dis *d, const uint8_t *p, uint32_t len, unsigned type)
{
	int state = -1;

	text_be_x(d, ", cksum 0x", p + 2, 2, 4);
	text_char(d, ' ');
	if (raw16(p + 2) != 0) {
		state = sum_state(d, p, type == REGISTER ? REGISTER_HEADER : len);
		if (type == REGISTER && state == 1)
			state = sum_state(d, p, len);
	}
	text(d, state < 0 ? "(unverified)" : state ? "(incorrect)" : "(correct)");
}

static bool
message(struct dis *d, unsigned type, unsigned subtype, struct msg *m)
{
	switch (type) {
	case HELLO:
		return hello(d, m);
	case REGISTER:
		return registered(d, m);
	case REGISTER_STOP:
		return text_labelled(d, " group=", m, GROUP) && text_labelled(d, " source=", m, UNICAST);
	case JOIN_PRUNE:
	case GRAFT:
	case GRAFT_ACK:
		return join_prune(d, m, type);
	case BOOTSTRAP:
		return bootstrap(d, m);
	case ASSERT:
		return assertion(d, m);
	case CANDIDATE_RP:
		return candidate(d, m);
	case PRUNE_REFRESH:
		return prune_refresh(d, m);
	case DF_ELECTION:
		return election(d, m, subtype);
	default:
		text_fmt(d, " [type %u]", type);
		return true;
	}
}

static void
pim(struct dis *d, const uint8_t *p, uint32_t len)
{
	struct msg m;
	unsigned version, type, rsv;

	enter(d, &proto_pim);
	put_field(d, &F[VERSION], p, 1);
	put_field(d, &F[TYPE], p, 1);
	put_field(d, &F[ADDR_LEN], p + 1, 1);
	put_field(d, &F[SUM], p + 2, 2);
	version = u8(d, p) >> 4;
	type = p[0] & 15;
	text(d, "PIMv"), text_u(d, version);
	if (version == 2 && !d->v) {
		text(d, ", ");
		text_name(d, types, type, "Unknown Type");
	}
	text(d, ", length "), text_u(d, len);
	if (version != 2 || !d->v)
		return;
	text(d, "\n\t");
	text_name(d, types, type, "Unknown Type");
	mark(d, "pimv2");
	if (len < 2) {
		text_fmt(d, "[length %u < 2]", len);
		text_invalid(d);
		return;
	}
	rsv = u8(d, p + 1);
	m.addr_len = rsv & 15;
	if (m.addr_len)
		text(d, ", RFC2117-encoding");
	if (len < HEADER) {
		text_fmt(d, "[length %u < 4]", len);
		text_invalid(d);
		return;
	}
	text_sum(d, p, len, type);
	m.p = p + HEADER;
	m.len = len - HEADER;
	if (!message(d, type, rsv >> 4, &m))
		text_trunc(d);
}

const struct proto proto_pim = PROTO("pim", "pim", "Protocol Independent Multicast", pim, F);
