/* Network Time Protocol, RFC 5905; control messages, RFC 9327. */
#include "dissect/dissect.h"

extern const struct proto proto_ntp;

/* Seconds from 1900 to 1970. Times with the first bit clear are of the era that begins in 2036, RFC 4330 section 3. */
#define EPOCH_1900 2208988800LL
#define ERA_2036 2085978496LL

enum {
	AT_STRATUM = 1, AT_POLL = 2, AT_PRECISION = 3, AT_DELAY = 4, AT_DISPERSION = 8, AT_REFID = 12, AT_REFERENCE = 16,
	AT_ORIGIN = 24, AT_RECEIVE = 32, AT_TRANSMIT = 40, HEADER = 48,
	CONTROL_HEADER = 12,
	MODE_BROADCAST = 5, MODE_CONTROL = 6,
	STRATUM_PRIMARY = 1, STRATUM_QUERY = 62, STRATUM_REPLY = 63,	/* the last two: queries of old implementations */
};

static const struct name modes[] = {
	{ 0, "unspecified" }, { 1, "symmetric active" }, { 2, "symmetric passive" }, { 3, "Client" }, { 4, "Server" },
	{ 5, "Broadcast" }, { 6, "Control Message" }, { 7, "Reserved" }, { 0, NULL }
};

static const struct name leaps[] = {
	{ 0x00, "" }, { 0x40, "+1s" }, { 0x80, "-1s" }, { 0xc0, "clock unsynchronized" }, { 0, NULL }
};

static const struct name leap_names[] = {
	{ 0, "no warning" }, { 1, "last minute of the day has 61 seconds" },
	{ 2, "last minute of the day has 59 seconds" }, { 3, "clock unsynchronized" }, { 0, NULL }
};

static const struct name strata[] = { { 0, "unspecified" }, { 1, "primary reference" }, { 0, NULL } };

/* RFC 9327 section 2. */
static const struct name control_codes[] = {
	{ 0, "reserved" }, { 1, "read status" }, { 2, "read variables" }, { 3, "write variables" },
	{ 4, "read clock variables" }, { 5, "write clock variables" }, { 6, "set trap address" }, { 7, "asynchronous message" },
	{ 8, "run-time configuration" }, { 9, "export configuration" }, { 10, "read remote addresses" },
	{ 11, "read ordered list" }, { 12, "request client-specific nonce" }, { 31, "unset trap address" }, { 0, NULL }
};

enum {
	FLAGS, LEAP, VERSION, MODE, STRATUM, POLL, PRECISION, DELAY, DISPERSION, REFID, REFERENCE, ORIGIN, RECEIVE,
	TRANSMIT, KEY_ID, MAC_BYTES, C_RESPONSE, C_ERROR, C_MORE, C_OPCODE, C_SEQUENCE, C_STATUS, C_ASSOC, C_OFFSET,
	C_COUNT, C_DATA,
};
static const struct field F[] = {
	[FLAGS] = { "ntp.flags", U8, .help = "Leap indicator, version and mode" },
	[LEAP] = { "ntp.flags.li", U8, .mask = 0xc0, .names = leap_names, .help = "Leap indicator" },
	[VERSION] = { "ntp.flags.vn", U8, .mask = 0x38, .help = "Version" },
	[MODE] = { "ntp.flags.mode", U8, .mask = 0x07, .names = modes, .help = "Mode" },
	[STRATUM] = { "ntp.stratum", U8, .names = strata, .help = "Steps from a reference clock" },
	[POLL] = { "ntp.ppoll", I8, .help = "Seconds between messages, as a power of two" },
	[PRECISION] = { "ntp.precision", I8, .help = "Precision in seconds, as a power of two" },
	[DELAY] = { "ntp.rootdelay", U32, .help = "Round trip to the reference clock, in 1/65536 s" },
	[DISPERSION] = { "ntp.rootdispersion", U32, .help = "Error bound, in 1/65536 s" },
	[REFID] = { "ntp.refid", BYTES, .help = "Reference clock or server" },
	[REFERENCE] = { "ntp.reftime", STR, .help = "When the clock was last set" },
	[ORIGIN] = { "ntp.org", STR, .help = "When the request left, by the client's clock" },
	[RECEIVE] = { "ntp.rec", STR, .help = "When the request came, by the server's clock" },
	[TRANSMIT] = { "ntp.xmt", STR, .help = "When this message left" },
	[KEY_ID] = { "ntp.keyid", U32, .help = "Key of the authentication code" },
	[MAC_BYTES] = { "ntp.mac", BYTES, .help = "Authentication code" },
	[C_RESPONSE] = { "ntp.ctrl.flags2.r", BOOL, .mask = 0x80, .help = "Control message is a response" },
	[C_ERROR] = { "ntp.ctrl.flags2.error", BOOL, .mask = 0x40, .help = "Control message reports an error" },
	[C_MORE] = { "ntp.ctrl.flags2.more", BOOL, .mask = 0x20, .help = "More control messages follow" },
	[C_OPCODE] = { "ntp.ctrl.flags2.opcode", U8, .mask = 0x1f, .names = control_codes, .help = "Control operation" },
	[C_SEQUENCE] = { "ntp.ctrl.sequence", U16, .help = "Sequence number of a control message" },
	[C_STATUS] = { "ntp.ctrl.status", U16, .help = "Status" },
	[C_ASSOC] = { "ntp.ctrl.associd", U16, .help = "Association" },
	[C_OFFSET] = { "ntp.ctrl.offset", U16, .help = "Offset of the data" },
	[C_COUNT] = { "ntp.ctrl.count", U16, .help = "Bytes of data" },
	[C_DATA] = { "ntp.ctrl.data", STR, .help = "Data" },
};

/* Seconds since 1970 of seconds since 1900. */
static int64_t
unix_seconds(uint32_t sec)
{
	return sec & 0x80000000 ? sec - EPOCH_1900 : sec + ERA_2036;
}

/* A time stamp that is set, as 2017-08-23T13:21:56.928478999Z. */
static void
note_stamp(struct dis *d, const struct field *f, const uint8_t *p)
{
	char s[64];
	uint32_t fraction;
	time_t sec;
	struct tm tm;
	size_t n;

	if (!have(d, p, 8) || (raw32(p) == 0 && raw32(p + 4) == 0))
		return;
	sec = (time_t)unix_seconds(raw32(p));
	if (gmtime_r(&sec, &tm) == NULL || (n = strftime(s, sizeof s - 12, "%Y-%m-%dT%H:%M:%S.", &tm)) == 0)
		return;
	fraction = (uint32_t)(raw32(p + 4) * 1000000000ull >> 32);
	for (unsigned i = 9; i--; fraction /= 10)
		s[n + i] = (char)('0' + fraction % 10);
	s[n + 9] = 'Z';
	put_string(d, f, s, n + 10);
}

static void
note(struct dis *d, const uint8_t *p, uint32_t len)
{
	put_field(d, &F[FLAGS], p, 1);
	put_field(d, &F[LEAP], p, 1);
	put_field(d, &F[VERSION], p, 1);
	put_field(d, &F[MODE], p, 1);
	if (!have(d, p, 1))
		return;
	if ((*p & 7) == MODE_CONTROL && len >= CONTROL_HEADER && have(d, p, CONTROL_HEADER)) {
		unsigned count = raw16(p + 10);

		put_field(d, &F[C_RESPONSE], p + 1, 1);
		put_field(d, &F[C_ERROR], p + 1, 1);
		put_field(d, &F[C_MORE], p + 1, 1);
		put_field(d, &F[C_OPCODE], p + 1, 1);
		put_field(d, &F[C_SEQUENCE], p + 2, 2);
		put_field(d, &F[C_STATUS], p + 4, 2);
		put_field(d, &F[C_ASSOC], p + 6, 2);
		put_field(d, &F[C_OFFSET], p + 8, 2);
		put_field(d, &F[C_COUNT], p + 10, 2);
		if (count && count <= len - CONTROL_HEADER)
			put_field(d, &F[C_DATA], p + CONTROL_HEADER, count);
	} else if ((*p & 7) <= MODE_BROADCAST && len >= HEADER) {
		put_field(d, &F[STRATUM], p + AT_STRATUM, 1);
		put_field(d, &F[POLL], p + AT_POLL, 1);
		put_field(d, &F[PRECISION], p + AT_PRECISION, 1);
		put_field(d, &F[DELAY], p + AT_DELAY, 4);
		put_field(d, &F[DISPERSION], p + AT_DISPERSION, 4);
		put_field(d, &F[REFID], p + AT_REFID, 4);
		note_stamp(d, &F[REFERENCE], p + AT_REFERENCE);
		note_stamp(d, &F[ORIGIN], p + AT_ORIGIN);
		note_stamp(d, &F[RECEIVE], p + AT_RECEIVE);
		note_stamp(d, &F[TRANSMIT], p + AT_TRANSMIT);
		if (len >= HEADER + 4)
			put_field(d, &F[KEY_ID], p + HEADER, 4);
		if (len == HEADER + 20 || len == HEADER + 24)
			put_field(d, &F[MAC_BYTES], p + HEADER + 4, len - HEADER - 4);
	}
}

/* A 16.16 number of seconds, with the six decimals that it has. */
static void
say_short(struct dis *d, const uint8_t *p)
{
	uint32_t v = be32(d, p);

	text_fmt(d, "%u.%06u", v >> 16, (unsigned)((v & 0xffff) * 1000000ull >> 16));
}

/* 32 bits of fraction as nine decimals. */
static void
say_fraction(struct dis *d, uint32_t fraction)
{
	text_fmt(d, ".%09u", (unsigned)(fraction * 1000000000ull >> 32));
}

/* A time stamp, and the moment it means unless it is not set. */
static void
say_stamp(struct dis *d, const uint8_t *p)
{
	uint32_t sec = be32(d, p), fraction = be32(d, p + 4);

	text_u(d, sec);
	say_fraction(d, fraction);
	if (sec == 0)
		return;
	text(d, " (");
	text_time(d, "%Y-%m-%dT%H:%M:%SZ", unix_seconds(sec), true);
	text_char(d, ')');
}

/* How much later `p` is than the time at `from`; the time itself when there is nothing to compare it with. */
static void
say_difference(struct dis *d, const uint8_t *from, const uint8_t *p)
{
	uint64_t a, b, diff;

	b = be64(d, p);
	a = be64(d, from);
	if (a == 0) {
		say_stamp(d, p);
		return;
	}
	diff = b > a ? b - a : a - b;
	text_char(d, b > a ? '+' : '-');
	text_u(d, diff >> 32);
	say_fraction(d, (uint32_t)diff);
}

/* Whose clock the server follows: what it is depends on how far away it is. True when nothing comes behind it. */
static bool
say_reference(struct dis *d, unsigned stratum, const uint8_t *p)
{
	switch (stratum) {
	case 0:
		text(d, "(unspec)");
		return false;
	case STRATUM_PRIMARY:
		text_str(d, p, 4);
		return false;
	case STRATUM_QUERY:
	case STRATUM_REPLY:
		text_ip4(d, p);
		text(d, stratum == STRATUM_QUERY ? " INFO_QUERY" : " INFO_REPLY");
		return true;
	default:
		text_fmt(d, "0x%08x", be32(d, p));
		return false;
	}
}

/* False when the message is cut short. */
static bool
say_time_message(struct dis *d, const uint8_t *p, uint32_t len)
{
	static const struct {
		const char *label;
		uint8_t at;
	} stamps[] = {
		{ "\n\t  Reference Timestamp:  ", AT_REFERENCE }, { "\n\t  Origin Timestamp:     ", AT_ORIGIN },
		{ "\n\t  Receive Timestamp:    ", AT_RECEIVE }, { "\n\t  Transmit Timestamp:   ", AT_TRANSMIT },
	};
	const uint8_t *mac = p + HEADER;
	unsigned stratum;
	int poll;

	if (len < HEADER) {
		text_invalid(d);
		return have(d, p, len);
	}
	stratum = u8(d, p + AT_STRATUM);
	text(d, ", Stratum "), text_u(d, stratum), text(d, " (");
	text_name(d, strata, stratum, stratum >= 2 && stratum <= 15 ? "secondary reference" : "reserved");
	text_char(d, ')');
	poll = (int8_t)u8(d, p + AT_POLL);
	text(d, ", poll "), text_i(d, poll);
	if (poll > -32 && poll < 32)
		text_fmt(d, poll < 0 ? " (1/%us)" : " (%us)", 1u << (poll < 0 ? -poll : poll));
	need(d, p + AT_PRECISION, 1);
	text(d, ", precision "), text_i(d, (int8_t)p[AT_PRECISION]);
	if (!have(d, p + AT_DELAY, 4))
		return false;
	text(d, "\n\tRoot Delay: ");
	say_short(d, p + AT_DELAY);
	if (!have(d, p + AT_DISPERSION, 4))
		return false;
	text(d, ", Root dispersion: ");
	say_short(d, p + AT_DISPERSION);
	if (!have(d, p + AT_REFID, 4))
		return false;
	text(d, ", Reference-ID: ");
	if (say_reference(d, stratum, p + AT_REFID))
		return true;
	for (unsigned i = 0; i < sizeof stamps / sizeof *stamps; i++) {
		if (!have(d, p + stamps[i].at, 8))
			return false;
		text(d, stamps[i].label);
		say_stamp(d, p + stamps[i].at);
	}
	text(d, "\n\t    Originator - Receive Timestamp:  ");
	say_difference(d, p + AT_ORIGIN, p + AT_RECEIVE);
	text(d, "\n\t    Originator - Transmit Timestamp: ");
	say_difference(d, p + AT_ORIGIN, p + AT_TRANSMIT);
	/* A key and perhaps 128 or 160 bits of authentication code; extension fields are not looked into. */
	switch (len - HEADER) {
	case 0:
		break;
	case 4:
	case 20:
	case 24:
		need(d, mac, 4);
		text(d, "\n\tKey id: "), text_u(d, raw32(mac));
		if (len - HEADER == 4)
			break;
		if (!have(d, mac, len - HEADER))
			return false;
		text(d, "\n\tAuthentication: ");
		text_hex(d, mac + 4, len - HEADER - 4);
		break;
	default:
		text_fmt(d, "\n\t(%u more bytes after the header)", len - HEADER);
	}
	return true;
}

/* False when the message is cut short. */
static bool
say_control_message(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned bits, count;

	if (len < CONTROL_HEADER)
		goto invalid;
	bits = u8(d, p + 1);
	text_fmt(d, ", %s, %s, %s, OpCode=%u\n", bits & 0x80 ? "Response" : "Request", bits & 0x40 ? "Error" : "OK",
	    bits & 0x20 ? "More" : "Last", bits & 0x1f);
	text_fmt(d, "\tSequence=%u", be16(d, p + 2));
	text_fmt(d, ", Status=%#x", be16(d, p + 4));
	text_fmt(d, ", Assoc.=%u", be16(d, p + 6));
	text_fmt(d, ", Offset=%u", be16(d, p + 8));
	count = be16(d, p + 10);
	text_fmt(d, ", Count=%u", count);
	if (CONTROL_HEADER + count > len)
		goto invalid;
	if (count) {
		if (!have(d, p + CONTROL_HEADER, count))
			return false;
		text(d, "\n\tTO-BE-DONE: data not interpreted");
	}
	return true;
invalid:
	text_invalid(d);
	return have(d, p, len);
}

static void
ntp(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned flags, mode;

	enter(d, &proto_ntp);
	if (d->sink)
		note(d, p, len);
	flags = u8(d, p);
	mode = flags & 7;
	text(d, "NTPv"), text_u(d, flags >> 3 & 7), text(d, ", ");
	text_name(d, modes, mode, NULL);
	text(d, ", length "), text_u(d, len);
	if (!d->v)
		return;
	text(d, "\n\tLeap indicator: ");
	text_name(d, leaps, flags & 0xc0, NULL);
	text_fmt(d, " (%u)", flags & 0xc0);
	if (!(mode == MODE_CONTROL ? say_control_message(d, p, len) : mode > MODE_BROADCAST || say_time_message(d, p, len)))
		text_trunc(d);
}

const struct proto proto_ntp = PROTO("ntp", "ntp", "Network Time Protocol", ntp, F);
