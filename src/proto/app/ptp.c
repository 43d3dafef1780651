/* Precision Time Protocol, IEEE 1588-2008 and 1588-2019 (version 2.1). */
#include "dissect/dissect.h"

enum { HEADER = 34 };
enum {
	SYNC = 0, DELAY_REQ = 1, PDELAY_REQ = 2, PDELAY_RESP = 3, FOLLOW_UP = 8, DELAY_RESP = 9, PDELAY_FOLLOW_UP = 10,
	ANNOUNCE = 11, SIGNALING = 12, MANAGEMENT = 13,
};
static const struct name messages[] = {
	{ SYNC, "sync msg" }, { DELAY_REQ, "delay req msg" }, { PDELAY_REQ, "peer delay req msg" },
	{ PDELAY_RESP, "peer delay resp msg" }, { FOLLOW_UP, "follow up msg" }, { DELAY_RESP, "delay resp msg" },
	{ PDELAY_FOLLOW_UP, "pdelay resp fup msg" }, { ANNOUNCE, "announce msg" }, { SIGNALING, "signaling msg" },
	{ MANAGEMENT, "management msg" }, { 0, NULL }
};
static const struct name controls[] = {
	{ 0, "Sync" }, { 1, "Delay_Req" }, { 2, "Follow_Up" }, { 3, "Delay_Resp" }, { 4, "Management" },
	{ 5, "Other" }, { 0, NULL }
};
static const struct name flags[] = {
	{ 0x0001, "l1 61" }, { 0x0002, "l1 59" }, { 0x0004, "utc reasonable" }, { 0x0008, "timescale" },
	{ 0x0010, "time tracable" }, { 0x0020, "frequency tracable" }, { 0x0100, "alternate master" },
	{ 0x0200, "two step" }, { 0x0400, "unicast" }, { 0x1000, "profile specific 1" },
	{ 0x2000, "profile specific 2" }, { 0x4000, "security mask" }, { 0x18c0, "unknown" }, { 0, NULL }
};

enum { SDO, TYPE, VERSION, MINOR, LENGTH, DOMAIN, FLAGS, CORRECTION, CLOCK, PORT, SEQ, CONTROL, INTERVAL, SECONDS, NANOS };
static const struct field F[] = {
	[SDO] = { "ptp.v2.majorsdoid", U8, .mask = 0xf0, .help = "Major SDO identifier" },
	[TYPE] = { "ptp.v2.messagetype", U8, .mask = 0x0f, .names = messages, .help = "Message type" },
	[VERSION] = { "ptp.v2.versionptp", U8, .mask = 0x0f, .help = "Version" },
	[MINOR] = { "ptp.v2.minorversionptp", U8, .mask = 0xf0, .help = "Minor version" },
	[LENGTH] = { "ptp.v2.messagelength", U16, .help = "Message length" },
	[DOMAIN] = { "ptp.v2.domainnumber", U8, .help = "Domain" },
	[FLAGS] = { "ptp.v2.flags", U16, .help = "Flags" },
	[CORRECTION] = { "ptp.v2.correction", U64, .help = "Correction in units of 2^-16 nanoseconds" },
	[CLOCK] = { "ptp.v2.clockidentity", U64, .help = "Clock of the sender" },
	[PORT] = { "ptp.v2.sourceportid", U16, .help = "Port of the sender" },
	[SEQ] = { "ptp.v2.sequenceid", U16, .help = "Sequence number" },
	[CONTROL] = { "ptp.v2.controlfield", U8, .names = controls, .help = "Control field" },
	[INTERVAL] = { "ptp.v2.logmessageperiod", I8, .help = "Logarithm of the interval between messages" },
	[SECONDS] = { "ptp.v2.timestamp.seconds", BYTES, .help = "Time stamp, 48 bits of seconds" },
	[NANOS] = { "ptp.v2.timestamp.nanoseconds", U32, .help = "Time stamp, nanoseconds" },
};

extern const struct proto proto_ptp;

static void
put_header(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[SDO], p, 1);
	put_field(d, &F[TYPE], p, 1);
	put_field(d, &F[VERSION], p + 1, 1);
	put_field(d, &F[MINOR], p + 1, 1);
	put_field(d, &F[LENGTH], p + 2, 2);
	put_field(d, &F[DOMAIN], p + 4, 1);
	put_field(d, &F[FLAGS], p + 6, 2);
	put_field(d, &F[CORRECTION], p + 8, 8);
	put_field(d, &F[CLOCK], p + 20, 8);
	put_field(d, &F[PORT], p + 28, 2);
	put_field(d, &F[SEQ], p + 30, 2);
	put_field(d, &F[CONTROL], p + 32, 1);
	put_field(d, &F[INTERVAL], p + 33, 1);
}

/* A time stamp: 48 bits of seconds, 32 of nanoseconds. */
static const uint8_t *
text_stamp(struct dis *d, const char *what, const uint8_t *p)
{
	put_field(d, &F[SECONDS], p, 6);
	put_field(d, &F[NANOS], p + 6, 4);
	text(d, ", "), text(d, what), text(d, ":");
	need(d, p, 6);
	text_char(d, ' '), text_u(d, be48(d, p)), text(d, " seconds,");
	need(d, p, 10);
	text_char(d, ' '), text_u(d, raw32(p + 6)), text(d, " nanoseconds");
	return p + 10;
}

/* A clock's identity. */
static void
text_id(struct dis *d, const char *what, const uint8_t *p)
{
	uint64_t v = be64(d, p);

	text(d, ", "), text(d, what), text(d, ": 0x"), text_x(d, v, 0);
}

static const uint8_t *
text_port(struct dis *d, const uint8_t *p)
{
	text_id(d, "port identity", p);
	text_fmt(d, ", port id: %u", be16(d, p + 8));
	return p + 10;
}

static void
announce(struct dis *d, const uint8_t *p)
{
	text(d, ", originTimeStamp:");
	need(d, p, 6);
	text_char(d, ' '), text_u(d, be48(d, p)), text(d, " seconds");
	need(d, p, 10);
	text_char(d, ' '), text_u(d, raw32(p + 6)), text(d, " nanoseconds");
	put_field(d, &F[SECONDS], p, 6);
	put_field(d, &F[NANOS], p + 6, 4);
	p += 10;
	text_fmt(d, ", origin cur utc:%u", be16(d, p));
	text_fmt(d, ", rsvd: %u", u8(d, p + 2));
	text_fmt(d, ", gm priority_1: %u", u8(d, p + 3));
	text_fmt(d, ", gm clock class: %u", u8(d, p + 4));
	text_fmt(d, ", gm clock accuracy: %u", u8(d, p + 5));
	text_fmt(d, ", gm clock variance: %u", be16(d, p + 6));
	text_fmt(d, ", gm priority_2: %u", u8(d, p + 8));
	text_id(d, "gm clock id", p + 9);
	text_fmt(d, ", steps removed: %u", be16(d, p + 17));
	text_fmt(d, ", time source: 0x%x", u8(d, p + 19));
}

static void
management(struct dis *d, const uint8_t *p)
{
	p = text_port(d, p);
	text_fmt(d, ", start boundary hops: %u", u8(d, p));
	text_fmt(d, ", boundary hops: %u", u8(d, p + 1));
	text_fmt(d, ", flags: 0x%x", u8(d, p + 2));
	text_fmt(d, ", reserved: 0x%x", u8(d, p + 3));
}

static void
version2(struct dis *d, const uint8_t *p)
{
	unsigned type = u8(d, p) & 15;

	text_fmt(d, ", majorSdoId: 0x%x, msg type: ", *p >> 4);
	text_name(d, messages, type, "Reserved");
	text_fmt(d, ", length: %u", be16(d, p + 2));
	text_fmt(d, ", domain: %u", be16(d, p + 4) >> 8);
	text_fmt(d, ", reserved1: %u", p[5]);
	need(d, p, 8);
	text(d, ", Flags [");
	text_bits(d, flags, raw16(p + 6), ", ", "none");
	text_char(d, ']');
	need(d, p, 14);
	text(d, ", NS correction: "), text_u(d, be48(d, p + 8));
	text_fmt(d, ", sub NS correction: %u", be16(d, p + 14));
	text_fmt(d, ", reserved2: %u", be32(d, p + 16));
	text_id(d, "clock identity", p + 20);
	text_fmt(d, ", port id: %u", be16(d, p + 28));
	text_fmt(d, ", seq id: %u", be16(d, p + 30));
	text_fmt(d, ", control: %u (", u8(d, p + 32));
	text_name(d, controls, p[32], "Reserved");
	text_char(d, ')');
	text_fmt(d, ", log message interval: %u", u8(d, p + 33));
	p += HEADER;
	switch (type) {
	case SYNC:
	case DELAY_REQ:
		text_stamp(d, "originTimeStamp", p);
		break;
	case FOLLOW_UP:
		text_stamp(d, "preciseOriginTimeStamp", p);
		break;
	case PDELAY_REQ:
	case PDELAY_FOLLOW_UP:
		text_port(d, text_stamp(d, "preciseOriginTimeStamp", p));
		break;
	case PDELAY_RESP:
	case DELAY_RESP:
		text_port(d, text_stamp(d, "receiveTimeStamp", p));
		break;
	case ANNOUNCE:
		announce(d, p);
		break;
	case SIGNALING:
		text_port(d, p);
		break;
	case MANAGEMENT:
		management(d, p);
		break;
	}
}

static void
ptp(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned major, minor;

	enter(d, &proto_ptp);
	if (len < HEADER) {
		text_fmt(d, " [length %u < %u]", len, HEADER);
		text_invalid(d);
		return;
	}
	major = be16(d, p) & 15;
	minor = p[1] >> 4;
	if (d->sink)
		put_header(d, p);
	text(d, "PTPv"), text_u(d, major);
	if (minor)
		text_char(d, '.'), text_u(d, minor);
	if (major == 1)
		text(d, " (not implemented)");
	else if (major == 2)
		version2(d, p);
}

const struct proto proto_ptp = PROTO("ptp", "ptp", "Precision Time Protocol", ptp, F);
