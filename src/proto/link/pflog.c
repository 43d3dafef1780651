/* The log of OpenBSD's packet filter (DLT_PFLOG): which rule did what to a packet, and the packet. */
#include "dissect/dissect.h"

enum { HEADER_MIN = 45, HEADER_READ = 64 };
enum { AF_AT = 1, ACTION_AT = 2, REASON_AT = 3, IFNAME_AT = 4, RULESET_AT = 20, RULE_AT = 36, SUBRULE_AT = 40, UID_AT = 44,
	PID_AT = 48, RULE_UID_AT = 52, RULE_PID_AT = 56, DIR_AT = 60, NAME = 16, NO_SUBRULE = -1 };
enum { AF_IP = 2, AF_IP6_BSD = 24, AF_IP6_FREEBSD = 28, AF_IP6_DARWIN = 30 };

static const struct name reasons[] = {
	{ 0, "0(match)" }, { 1, "1(bad-offset)" }, { 2, "2(fragment)" }, { 4, "3(short)" }, { 5, "5(memory)" },
	{ 6, "6(bad-timestamp)" }, { 7, "7(congestion)" }, { 8, "8(ip-option)" }, { 9, "9(proto-cksum)" },
	{ 10, "10(state-mismatch)" }, { 11, "11(state-insert)" }, { 12, "12(state-limit)" }, { 13, "13(src-limit)" },
	{ 14, "14(synproxy)" }, { 0, NULL }
};
static const struct name actions[] = {
	{ 0, "pass" }, { 1, "block" }, { 2, "scrub" }, { 4, "nat" }, { 5, "nonat" }, { 6, "binat" }, { 7, "nobinat" },
	{ 8, "rdr" }, { 9, "nordr" }, { 10, "synproxy-drop" }, { 0, NULL }
};
static const struct name directions[] = { { 0, "in/out" }, { 1, "in" }, { 2, "out" }, { 0, NULL } };

enum { LENGTH, AF, ACTION, REASON, IFNAME, RULESET, RULE, SUBRULE, UID, PID, RULE_UID, RULE_PID, DIR };
static const struct field F[] = {
	[LENGTH] = { "pflog.length", U8, .help = "Header length" },
	[AF] = { "pflog.af", U8, .help = "Address family" },
	[ACTION] = { "pflog.action", U8, .names = actions, .help = "Action" },
	[REASON] = { "pflog.reason", U8, .names = reasons, .help = "Reason" },
	[IFNAME] = { "pflog.ifname", STR, .help = "Interface" },
	[RULESET] = { "pflog.ruleset", STR, .help = "Ruleset" },
	[RULE] = { "pflog.rulenr", I32, .help = "Rule" },
	[SUBRULE] = { "pflog.subrulenr", I32, .help = "Rule in the ruleset" },
	[UID] = { "pflog.uid", I32, .help = "User" },
	[PID] = { "pflog.pid", I32, .help = "Process" },
	[RULE_UID] = { "pflog.rule_uid", I32, .help = "User who loaded the rule" },
	[RULE_PID] = { "pflog.rule_pid", I32, .help = "Process that loaded the rule" },
	[DIR] = { "pflog.dir", U8, .names = directions, .help = "Direction" },
};

extern const struct proto proto_pflog;

static void
put_header(struct dis *d, const uint8_t *p)
{
	static const struct { uint8_t field, at, len; } parts[] = {
		{ LENGTH, 0, 1 }, { AF, AF_AT, 1 }, { ACTION, ACTION_AT, 1 }, { REASON, REASON_AT, 1 },
		{ IFNAME, IFNAME_AT, NAME }, { RULESET, RULESET_AT, NAME }, { RULE, RULE_AT, 4 },
		{ SUBRULE, SUBRULE_AT, 4 }, { UID, UID_AT, 4 }, { PID, PID_AT, 4 }, { RULE_UID, RULE_UID_AT, 4 },
		{ RULE_PID, RULE_PID_AT, 4 }, { DIR, DIR_AT, 1 }
	};

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		put_field(d, &F[parts[i].field], p + parts[i].at, parts[i].len);
}

static void
text_header(struct dis *d, const uint8_t *p)
{
	uint32_t subrule;

	need(d, p, DIR_AT + 1);
	subrule = raw32(p + SUBRULE_AT);
	text(d, "rule "), text_u(d, raw32(p + RULE_AT));
	if (subrule != (uint32_t)NO_SUBRULE) {
		text_char(d, '.'), text_str_pad(d, p + RULESET_AT, NAME);
		text_char(d, '.'), text_u(d, subrule);
	}
	text_char(d, '/');
	text_name(d, reasons, p[REASON_AT], "unkn(%u)");
	text(d, ": ");
	text_name(d, actions, p[ACTION_AT], "unkn(%u)");
	text_char(d, ' ');
	text_name(d, directions, p[DIR_AT], "unkn(%u)");
	text(d, " on "), text_str_pad(d, p + IFNAME_AT, NAME), text(d, ": ");
}

static void
pflog(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t header;
	unsigned af;

	enter(d, &proto_pflog);
	header = u8(d, p);
	if (header < HEADER_MIN) {
		text(d, "[pflog: invalid header length!]");
		link_header(d, header);
		return;
	}
	header = (header + 3) & ~3u;
	/* A short header has padding behind it that tcpdump wants, too. */
	if (!have(d, p, header) || len < header || !have(d, p, HEADER_READ)) {
		text_trunc(d);
		link_header(d, header);
		return;
	}
	if (d->sink)
		put_header(d, p);
	if (d->e)
		text_header(d, p);
	af = p[AF_AT];
	if (af == AF_IP) {
		next(d, D_ETHERTYPE, ETH_IP, p + header, len - header);
	} else if (af == AF_IP6_BSD || af == AF_IP6_FREEBSD || af == AF_IP6_DARWIN) {
		next(d, D_ETHERTYPE, ETH_IPV6, p + header, len - header);
	} else {
		if (!d->e)
			text_header(d, p);
		text_default(d, p + header, left(d, p + header));
	}
	link_header(d, header);
}

const struct proto proto_pflog = PROTO("pflog", "pflog", "OpenBSD packet filter log", pflog, F);
