/* Protocols of Realtek's switch chips: remote control (RRCP), echo and loop detection. */
#include "dissect/dissect.h"

enum { RRCP = 0x01, REP = 0x02, RLDP = 0x03, DSA = 0x04, RLDP2 = 0x23, DSA_8306 = 0x90, DSA_8366 = 0xa0 };
enum { HELLO, GET, SET, REPLY = 0x80 };
static const struct name opcodes[] = { { HELLO, "hello" }, { GET, "get" }, { SET, "set" }, { 0, NULL } };

enum { F_TYPE, F_REPLY, F_OPCODE, F_KEY, F_ADDRESS, F_DATA, F_UPLINK };
static const struct field F[] = {
	[F_TYPE] = { "rrcp.protocol", U8, .help = "Protocol" },
	[F_REPLY] = { "rrcp.reply", BOOL, .mask = REPLY, .help = "A reply" },
	[F_OPCODE] = { "rrcp.opcode", U8, .mask = 0x7f, .names = opcodes, .help = "Opcode" },
	[F_KEY] = { "rrcp.authkey", U16, .help = "Authentication key" },
	[F_ADDRESS] = { "rrcp.regaddr", LE16, .help = "Register" },
	[F_DATA] = { "rrcp.regdata", LE32, .help = "Register's value" },
	[F_UPLINK] = { "rrcp.hello_reply.uplink_mac", MAC, .help = "Uplink's address" },
};

extern const struct proto proto_realtek;

static void
hello_reply(struct dis *d, const uint8_t *p)
{
	need(d, p + 4, 14);
	put_field(d, &F[F_UPLINK], p + 6, 6);
	text(d, " downlink_port="), text_u(d, p[4]);
	text(d, ", uplink_port="), text_u(d, p[5]);
	text(d, ", uplink_mac="), text_mac(d, p + 6);
	text(d, ", vendor_id="), text_x(d, raw32(p + 14), 8);
	text(d, " ,chip_id="), text_x(d, raw16(p + 12), 4);
	text_char(d, ' ');
}

static void
rrcp(struct dis *d, const uint8_t *p)
{
	unsigned op, key;
	bool value;

	mark(d, "rrcp");
	op = u8(d, p + 1);
	put_field(d, &F[F_REPLY], p + 1, 1);
	put_field(d, &F[F_OPCODE], p + 1, 1);
	put_field(d, &F[F_KEY], p + 2, 2);
	text(d, op & REPLY ? "RRCP reply: " : "RRCP query: ");
	text_name(d, opcodes, op & 0x7f, "unknown opcode (0x%02x)");
	value = (op & 0x7f) == GET || (op & 0x7f) == SET;
	if (value) {
		need(d, p + 4, 6);
		put_field(d, &F[F_ADDRESS], p + 4, 2);
		put_field(d, &F[F_DATA], p + 6, 4);
		text(d, " addr=0x"), text_x(d, le16(d, p + 4), 4);
		text(d, ", data=0x"), text_x(d, le32(d, p + 6), 8);
	}
	key = be16(d, p + 2);
	text(d, ", auth=0x"), text_x(d, key, 4);
	if (op == (HELLO | REPLY)) {
		hello_reply(d, p);
	} else if (value) {
		need(d, p + 10, 8);
		text(d, ", cookie=0x"), text_x(d, raw32(p + 14), 8), text_x(d, raw32(p + 10), 8);
		text_char(d, ' ');
	}
}

static void
realtek(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned type;

	(void)len;
	enter(d, &proto_realtek);
	if (d->mac_src) {
		text_mac_own(d, d->mac_src);
		text(d, " > ");
		text_mac_own(d, d->mac_dst);
		text(d, ", ");
	}
	type = u8(d, p);
	put_field(d, &F[F_TYPE], p, 1);
	if (type == RRCP)
		rrcp(d, p);
	else if (type == REP)
		text(d, "REP");
	else if (type == RLDP || type == RLDP2)
		text(d, "RLDP");
	else if (type == DSA)
		text(d, "Realtek 8-byte DSA tag");
	else if ((type & 0xf0) == DSA_8306)
		text(d, "Realtek RTL8306 4-byte DSA tag");
	else if ((type & 0xf0) == DSA_8366)
		text(d, "Realtek RTL8366RB 4-byte DSA tag");
	else
		text(d, "Realtek unknown type 0x"), text_x(d, type, 2);
}

const struct proto proto_realtek = PROTO("rrcp", "rtl", "Realtek Layer 2 Protocols", realtek, F);
