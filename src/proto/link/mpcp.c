/* Multi-Point Control Protocol of Ethernet passive optical networks, IEEE 802.3 clause 64; and Ethernet's pause. */
#include "dissect/dissect.h"

enum { PAUSE = 1, GATE, REPORT, REGISTER_REQUEST, REGISTER, REGISTER_ACK };

static const struct name opcodes[] = {
	{ PAUSE, "Pause" }, { GATE, "Gate" }, { REPORT, "Report" }, { REGISTER_REQUEST, "Register Request" },
	{ REGISTER, "Register" }, { REGISTER_ACK, "Register ACK" }, { 0, NULL }
};
static const struct name gate_flags[] = {
	{ 0x08, "Discovery" }, { 0x10, "Force Grant #1" }, { 0x20, "Force Grant #2" }, { 0x40, "Force Grant #3" },
	{ 0x80, "Force Grant #4" }, { 0, NULL }
};
static const struct name queues[] = {
	{ 0x01, "Q0" }, { 0x02, "Q1" }, { 0x04, "Q2" }, { 0x08, "Q3" }, { 0x10, "Q4" }, { 0x20, "Q5" }, { 0x40, "Q6" },
	{ 0x80, "Q7" }, { 0, NULL }
};
static const struct name request_flags[] = { { 1, "Register" }, { 3, "De-Register" }, { 0, NULL } };
static const struct name register_flags[] = {
	{ 1, "Re-Register" }, { 2, "De-Register" }, { 3, "ACK" }, { 4, "NACK" }, { 0, NULL }
};
static const struct name ack_flags[] = { { 1, "ACK" }, { 0, NULL } };

enum { OPCODE, TIMESTAMP, GRANTS, GRANT_START, GRANT_LENGTH, REPORTED, PORT, SYNC };
static const struct field F[] = {
	[OPCODE] = { "macc.opcode", U16, .names = opcodes, .help = "Kind of message" },
	[TIMESTAMP] = { "macc.timestamp", U32, .help = "Clock, in ticks of 16 ns" },
	[GRANTS] = { "macc.gate.number_of_grants", U8, .mask = 7, .help = "Number of grants" },
	[GRANT_START] = { "macc.gate.grant.start_time", U32, .help = "When a grant begins, in ticks" },
	[GRANT_LENGTH] = { "macc.gate.grant.length", U16, .help = "How long a grant lasts, in ticks" },
	[REPORTED] = { "macc.report.queue_report", U16, .help = "What waits in a queue, in ticks" },
	[PORT] = { "macc.reg.assigned_port", U16, .help = "Port that is assigned" },
	[SYNC] = { "macc.sync_time", U16, .help = "Time to lock on, in ticks" },
};

extern const struct proto proto_mpcp;

static void
gate(struct dis *d, const uint8_t *p)
{
	unsigned n = u8(d, p) & 7;

	put_field(d, &F[GRANTS], p, 1);
	text(d, "\n\tGrant Numbers "), text_u(d, n);
	text(d, ", Flags [ "), text_bits(d, gate_flags, *p & ~7u, ", ", "?"), text(d, " ]");
	p++;
	for (unsigned i = 1; i <= n; i++, p += 6) {
		need(d, p, 6);
		put_field(d, &F[GRANT_START], p, 4);
		put_field(d, &F[GRANT_LENGTH], p + 4, 2);
		text(d, "\n\tGrant #"), text_u(d, i);
		text(d, ", Start-Time "), text_u(d, raw32(p));
		text(d, " ticks, duration "), text_u(d, raw16(p + 4)), text(d, " ticks");
	}
	put_field(d, &F[SYNC], p, 2);
	text_be(d, "\n\tSync-Time ", p, 2), text(d, " ticks");
}

/* Each set says with a bit a queue whose lengths follow. The count is one too high, and is shown for the set's number. */
static void
report(struct dis *d, const uint8_t *p)
{
	unsigned n = u8(d, p++);

	text(d, "\n\tTotal Queue-Sets "), text_u(d, n);
	for (unsigned i = 1; i < n; i++) {
		unsigned map = u8(d, p++);

		text(d, "\n\t  Queue-Set #"), text_u(d, n);
		text(d, ", Report-Bitmap [ "), text_bits(d, queues, map, ", ", "Unknown"), text(d, " ]");
		for (unsigned q = 1; map; q++, map >>= 1) {
			if (!(map & 1))
				continue;
			need(d, p, 2);
			put_field(d, &F[REPORTED], p, 2);
			text(d, "\n\t    Q"), text_u(d, q);
			text(d, " Report, Duration "), text_u(d, raw16(p)), text(d, " ticks");
			p += 2;
		}
	}
}

static void
flags(struct dis *d, const struct name *names, unsigned v)
{
	text(d, "Flags [ "), text_bits(d, names, v, ", ", "Reserved"), text(d, " ]");
}

static void
body(struct dis *d, unsigned opcode, const uint8_t *whole, uint32_t len)
{
	const uint8_t *p = whole + 6;

	switch (opcode) {
	case PAUSE:
		break;
	case GATE:
		gate(d, p);
		break;
	case REPORT:
		report(d, p);
		break;
	case REGISTER_REQUEST:
		need(d, p, 2);
		text(d, "\n\t"), flags(d, request_flags, p[0]);
		text(d, ", Pending-Grants "), text_u(d, p[1]);
		break;
	case REGISTER:
		put_field(d, &F[PORT], p, 2);
		put_field(d, &F[SYNC], p + 3, 2);
		need(d, p, 6);
		text(d, "\n\tAssigned-Port "), text_u(d, raw16(p)), text(d, ", "), flags(d, register_flags, p[2]);
		text(d, "\n\tSync-Time "), text_u(d, raw16(p + 3));
		text(d, " ticks, Echoed-Pending-Grants "), text_u(d, p[5]);
		break;
	case REGISTER_ACK:
		put_field(d, &F[PORT], p + 1, 2);
		put_field(d, &F[SYNC], p + 3, 2);
		need(d, p, 5);
		text(d, "\n\tEchoed-Assigned-Port "), text_u(d, raw16(p + 1)), text(d, ", "), flags(d, ack_flags, p[0]);
		text(d, "\n\tEchoed-Sync-Time "), text_u(d, raw16(p + 3)), text(d, " ticks");
		break;
	default:
		text_unknown(d, whole, "\n\t", len);
		break;
	}
}

static void
mpcp(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned opcode;

	enter(d, &proto_mpcp);
	put_field(d, &F[OPCODE], p, 2);
	need(d, p, 6);
	opcode = raw16(p);
	text(d, "MPCP, Opcode "), text_name(d, opcodes, opcode, "Unknown (%u)");
	if (opcode != PAUSE) {
		put_field(d, &F[TIMESTAMP], p + 2, 4);
		text(d, ", Timestamp "), text_u(d, raw32(p + 2)), text(d, " ticks");
	}
	text(d, ", length "), text_u(d, len);
	if (d->v)
		body(d, opcode, p, len);
}

const struct proto proto_mpcp = PROTO("macc", "mpcp", "Multi-Point Control Protocol (MAC control)", mpcp, F);
