/* Cisco Hot Standby Router Protocol version 1, RFC 2281. */
#include "dissect/dissect.h"

enum { AUTH_SIZE = 8 };

static const struct name ops[] = { { 0, "hello" }, { 1, "coup" }, { 2, "resign" }, { 0, NULL } };

static const struct name states[] = {
	{ 0, "initial" }, { 1, "learn" }, { 2, "listen" }, { 4, "speak" }, { 8, "standby" }, { 16, "active" },
	{ 0, NULL }
};

enum { VERSION, OP, STATE, HELLO, HOLD, PRIORITY, GROUP, RESERVED, AUTH, ADDR };
static const struct field F[] = {
	[VERSION] = { "hsrp.version", U8, .help = "Version" },
	[OP] = { "hsrp.opcode", U8, .names = ops, .help = "Operation" },
	[STATE] = { "hsrp.state", U8, .names = states, .help = "State of the sender" },
	[HELLO] = { "hsrp.hellotime", U8, .help = "Seconds between hellos" },
	[HOLD] = { "hsrp.holdtime", U8, .help = "Seconds a hello is valid" },
	[PRIORITY] = { "hsrp.priority", U8, .help = "Priority" },
	[GROUP] = { "hsrp.group", U8, .help = "Standby group" },
	[RESERVED] = { "hsrp.reserved", U8, .help = "Reserved" },
	[AUTH] = { "hsrp.auth_data", STR, .help = "Clear-text password" },
	[ADDR] = { "hsrp.virt_ip", IP4, .help = "Virtual address of the group" },
};

extern const struct proto proto_hsrp;

static void
put_message(struct dis *d, const uint8_t *p)
{
	for (unsigned i = VERSION; i <= RESERVED; i++)
		put_field(d, &F[i], p + i, 1);
	put_field(d, &F[AUTH], p + 8, AUTH_SIZE);
	put_field(d, &F[ADDR], p + 16, 4);
}

/* A label, and the name of the byte at p. */
static void
text_named(struct dis *d, const char *label, const struct name *names, const uint8_t *p, const char *unknown)
{
	unsigned v = u8(d, p);

	text(d, label);
	text_name(d, names, v, unknown);
	text_char(d, ' ');
}

static void
hsrp(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_hsrp);
	if (u8(d, p) == 0 && d->sink)
		put_message(d, p);
	text_be(d, "HSRPv", p, 1);
	if (p[0] != 0)
		return;
	text_char(d, '-');
	text_named(d, "", ops, p + 1, "unknown (%u)");
	text_u(d, len), text(d, ": ");
	text_named(d, "state=", states, p + 2, "Unknown (%u)");
	text_be(d, "group=", p + 6, 1), text_char(d, ' ');
	if (u8(d, p + 7))
		text_fmt(d, "[reserved=%u!] ", p[7]);
	need(d, p + 16, 4);
	text(d, "addr=");
	text_ip4(d, p + 16);
	if (!d->v)
		return;
	text(d, " hellotime=");
	text_duration(d, p[3]);
	text(d, " holdtime=");
	text_duration(d, p[4]);
	text_be(d, " priority=", p + 5, 1);
	text(d, " auth=\"");
	text_str_pad(d, p + 8, AUTH_SIZE);
	text_char(d, '"');
}

const struct proto proto_hsrp = PROTO("hsrp", "hsrp", "Cisco Hot Standby Router Protocol", hsrp, F);
