/* Datagram Congestion Control Protocol, RFC 4340. */
#include "dissect/dissect.h"

enum { SHORT_HEADER = 12, LONG_HEADER = 16 };

enum { REQUEST, RESPONSE, DATA, ACK, DATAACK, CLOSEREQ, CLOSE, RESET, SYNC, SYNCACK };
static const struct name types[] = {
	{ REQUEST, "DCCP-Request" }, { RESPONSE, "DCCP-Response" }, { DATA, "DCCP-Data" }, { ACK, "DCCP-Ack" },
	{ DATAACK, "DCCP-DataAck" }, { CLOSEREQ, "DCCP-CloseReq" }, { CLOSE, "DCCP-Close" }, { RESET, "DCCP-Reset" },
	{ SYNC, "DCCP-Sync" }, { SYNCACK, "DCCP-SyncAck" }, { 0, NULL }
};

static const struct name resets[] = {
	{ 0, "unspecified" }, { 1, "closed" }, { 2, "aborted" }, { 3, "no_connection" }, { 4, "packet_error" },
	{ 5, "option_error" }, { 6, "mandatory_error" }, { 7, "connection_refused" }, { 8, "bad_service_code" },
	{ 9, "too_busy" }, { 10, "bad_init_cookie" }, { 11, "aggression_penalty" }, { 0, NULL }
};

enum {
	OPT_LONG = 32,		/* from here on an option has a length */
	OPT_CHANGE_L = 32, OPT_CONFIRM_R = 35, OPT_INIT_COOKIE = 36, OPT_NDP_COUNT = 37, OPT_ACK_VECTOR0 = 38,
	OPT_ACK_VECTOR1 = 39, OPT_DATA_DROPPED = 40, OPT_TIMESTAMP = 41, OPT_TIMESTAMP_ECHO = 42, OPT_ELAPSED = 43,
	OPT_DATA_CHECKSUM = 44, OPT_CCID = 128,
};
static const struct name options[] = {
	{ 0, "nop" }, { 1, "mandatory" }, { 2, "slowreceiver" }, { OPT_CHANGE_L, "change_l" }, { 33, "confirm_l" },
	{ 34, "change_r" }, { OPT_CONFIRM_R, "confirm_r" }, { OPT_INIT_COOKIE, "initcookie" },
	{ OPT_NDP_COUNT, "ndp_count" }, { OPT_ACK_VECTOR0, "ack_vector0" }, { OPT_ACK_VECTOR1, "ack_vector1" },
	{ OPT_DATA_DROPPED, "data_dropped" }, { OPT_TIMESTAMP, "timestamp" }, { OPT_TIMESTAMP_ECHO, "timestamp_echo" },
	{ OPT_ELAPSED, "elapsed_time" }, { OPT_DATA_CHECKSUM, "data_checksum" }, { 0, NULL }
};

static const struct name features[] = {
	{ 0, "reserved" }, { 1, "ccid" }, { 2, "allow_short_seqno" }, { 3, "sequence_window" }, { 4, "ecn_incapable" },
	{ 5, "ack_ratio" }, { 6, "send_ack_vector" }, { 7, "send_ndp_count" }, { 8, "minimum checksum coverage" },
	{ 9, "check data checksum" }, { 0, NULL }
};

enum { SPORT, DPORT, OFFSET, CCVAL, COVERAGE, SUM, TYPE, LONG_SEQ, SEQ, ACKN, SERVICE, RESET_CODE, OPTION };
static const struct field F[] = {
	[SPORT] = { "dccp.srcport", U16, .help = "Source port" },
	[DPORT] = { "dccp.dstport", U16, .help = "Destination port" },
	[OFFSET] = { "dccp.data_offset", U8, .help = "Header length in 4-byte words" },
	[CCVAL] = { "dccp.ccval", U8, .mask = 0xf0, .help = "Value of the congestion control" },
	[COVERAGE] = { "dccp.cscov", U8, .mask = 0x0f, .help = "Checksum coverage" },
	[SUM] = { "dccp.checksum", U16, .help = "Checksum" },
	[TYPE] = { "dccp.type", U8, .mask = 0x1e, .names = types, .help = "Packet type" },
	[LONG_SEQ] = { "dccp.x", BOOL, .mask = 0x01, .help = "Extended sequence numbers" },
	[SEQ] = { "dccp.seq_raw", U64, .help = "Sequence number" },
	[ACKN] = { "dccp.ack_raw", U64, .help = "Acknowledgment number" },
	[SERVICE] = { "dccp.service_code", U32, .help = "Service code" },
	[RESET_CODE] = { "dccp.reset_code", U8, .names = resets, .help = "Reason of the reset" },
	[OPTION] = { "dccp.option_type", U8, .names = options, .help = "Option" },
};

extern const struct proto proto_dccp;

static inline bool
is_long(const uint8_t *p)
{
	return p[8] & 1;
}

static inline unsigned
type_of(const uint8_t *p)
{
	return p[8] >> 1 & 15;
}

static void
put_header(struct dis *d, const uint8_t *p)
{
	unsigned type = type_of(p), basic = is_long(p) ? LONG_HEADER : SHORT_HEADER;

	put_field(d, &F[SPORT], p, 2);
	put_field(d, &F[DPORT], p + 2, 2);
	put_field(d, &F[OFFSET], p + 4, 1);
	put_field(d, &F[CCVAL], p + 5, 1);
	put_field(d, &F[COVERAGE], p + 5, 1);
	put_field(d, &F[SUM], p + 6, 2);
	put_field(d, &F[TYPE], p + 8, 1);
	put_field(d, &F[LONG_SEQ], p + 8, 1);
	put_value(d, &F[SEQ], is_long(p) ? be48(d, p + 10) : be24(d, p + 9));
	p += basic;
	if (type == REQUEST) {
		put_field(d, &F[SERVICE], p, 4);
	} else if (type != DATA) {
		unsigned size = basic == LONG_HEADER ? 8 : 4;

		if (have(d, p, size))
			put_value(d, &F[ACKN], size == 8 ? be48(d, p + 2) : be24(d, p + 1));
		/* Both follow the acknowledgment, sections 5.2 and 5.6. */
		if (type == RESPONSE)
			put_field(d, &F[SERVICE], p + size, 4);
		else if (type == RESET)
			put_field(d, &F[RESET_CODE], p + size, 1);
	}
}

/* How many bytes the checksum covers, section 9.2. */
static uint32_t
coverage(const uint8_t *p, uint32_t len)
{
	uint32_t words = p[5] & 15, n;

	if (words == 0)
		return len;
	n = (p[4] + words - 1) * 4;
	return n < len ? n : len;
}

static void
text_checksum(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint16_t sum;

	if (!have(d, p, len))
		return;
	text(d, ", cksum 0x"), text_x(d, raw16(p + 6), 4);
	sum = net_checksum(d, p, len, coverage(p, len), IPP_DCCP);
	if (sum)
		text_fmt(d, " (incorrect -> 0x%04x)", checksum_should_be(raw16(p + 6), sum));
	else
		text(d, " (correct)");
}

static void
text_option_name(struct dis *d, unsigned option)
{
	if (option >= OPT_CCID)
		text(d, "CCID option "), text_u(d, option);
	else
		text_name(d, options, option, "Option %u");
}

/* A number of 4 or 2 bytes. */
static void
text_number(struct dis *d, const uint8_t *p, unsigned n)
{
	text_char(d, ' '), text_u(d, be_n(d, p, n));
}

/* What a known option says; n bytes behind its type and length. */
static void
option_body(struct dis *d, unsigned option, const uint8_t *p, unsigned n)
{
	switch (option) {
	case OPT_CHANGE_L ... OPT_CONFIRM_R:
		if (n < 1) {
			text(d, " optlen too short");
			return;
		}
		if (name_of(features, p[0]) == NULL)
			return;
		text_char(d, ' '), text(d, name_of(features, p[0]));
		for (unsigned i = 1; i < n; i++)
			text_number(d, p + i, 1);
		return;
	case OPT_NDP_COUNT:
		for (unsigned i = 0; i < n; i++)
			text_number(d, p + i, 1);
		return;
	case OPT_INIT_COOKIE:
	case OPT_ACK_VECTOR0:
	case OPT_ACK_VECTOR1:
	case OPT_DATA_DROPPED:
	case OPT_DATA_CHECKSUM:
		if (n) {
			text(d, option == OPT_DATA_CHECKSUM ? " " : " 0x");
			text_hex(d, p, n);
		}
		return;
	case OPT_TIMESTAMP:
		if (n == 4)
			text_number(d, p, 4);
		else
			text(d, " [optlen != 6]");
		return;
	case OPT_TIMESTAMP_ECHO:
		if (n != 4 && n != 6 && n != 8) {
			text(d, " [optlen != 6 or 8 or 10]");
			return;
		}
		text_number(d, p, 4);
		if (n > 4) {
			text(d, " (elapsed time");
			text_number(d, p + 4, n - 4);
			text_char(d, ')');
		}
		return;
	case OPT_ELAPSED:
		if (n == 2 || n == 4)
			text_number(d, p, n);
		else
			text(d, " [optlen != 4 or 6]");
		return;
	}
}

/* One option; its length, or 0 when it makes no sense and the walk over the options ends. */
static unsigned
text_option(struct dis *d, const uint8_t *p, unsigned left)
{
	unsigned option = u8(d, p), n = 1;

	put_field(d, &F[OPTION], p, 1);
	if (option >= OPT_LONG) {
		n = u8(d, p + 1);
		if (n < 2) {
			text_option_name(d, option);
			text(d, " optlen too short");
			return 0;
		}
	}
	if (left < n) {
		text_option_name(d, option);
		text(d, " optlen goes past header length");
		return 0;
	}
	if (!have(d, p, n)) {
		text_trunc(d);
		return 0;
	}
	text_option_name(d, option);
	if (option >= OPT_CCID) {
		if (n == 4 || n == 6)
			text_number(d, p + 2, n - 2);
	} else if (option >= OPT_LONG) {
		option_body(d, option, p + 2, n - 2);
	}
	return n;
}

/* Bytes between the generic header and the options, by type. */
static unsigned
extra_header(unsigned type)
{
	switch (type) {
	case REQUEST:
		return 4;
	case RESPONSE:
	case RESET:
		return 12;
	case ACK:
	case DATAACK:
	case CLOSEREQ:
	case CLOSE:
	case SYNC:
	case SYNCACK:
		return 8;
	}
	return 0;
}

static void
text_options(struct dis *d, const uint8_t *p, unsigned n)
{
	unsigned used;

	text(d, " <");
	while ((used = text_option(d, p, n)) != 0 && used < n) {
		p += used;
		n -= used;
		text(d, ", ");
	}
	text_char(d, '>');
}

static void
dccp(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t basic, fixed, hlen;
	unsigned type;

	enter(d, &proto_dccp);
	if (!have(d, p, SHORT_HEADER)) {
		text_trunc(d);
		return;
	}
	if (len < SHORT_HEADER) {
		text_fmt(d, "truncated-dccp - %u bytes missing!", SHORT_HEADER - len);
		return;
	}
	basic = is_long(p) ? LONG_HEADER : SHORT_HEADER;
	if (len < basic) {
		text_fmt(d, "truncated-dccp - %u bytes missing!", basic - len);
		return;
	}
	if (!have(d, p, basic)) {
		text_trunc(d);
		return;
	}
	if (d->sink)
		put_header(d, p);
	d->sport = raw16(p);
	d->dport = raw16(p + 2);
	hlen = p[4] * 4u;
	text_addr(d, d->net.src);
	text_char(d, '.'), text_u(d, d->sport);
	text(d, " > ");
	text_addr(d, d->net.dst);
	text_char(d, '.'), text_u(d, d->dport);
	text(d, ": DCCP");
	if (d->q) {
		text_char(d, ' '), text_u(d, len - hlen);
		if (hlen > len)
			text_fmt(d, " [bad hdr length %u - too long, > %u]", hlen, len);
		return;
	}
	if (d->v) {
		text_fmt(d, " (CCVal %u, CsCov %u", p[5] >> 4, p[5] & 15);
		text_checksum(d, p, len);
		text_char(d, ')');
	}
	text_char(d, ' ');
	type = type_of(p);
	fixed = basic + extra_header(type);
	if (len < fixed) {
		text_fmt(d, "truncated-%s - %u bytes missing!", name_of(types, type), fixed - len);
		return;
	}
	if ((type == REQUEST || type == RESPONSE || type == RESET) && !have(d, p, fixed)) {
		text_trunc(d);
		return;
	}
	text_name(d, types, type, "unknown-type-%u");
	text_char(d, ' ');
	if (type == REQUEST)
		text(d, "(service="), text_u(d, raw32(p + basic)), text(d, ") ");
	else if (type == RESPONSE)
		text(d, "(service="), text_u(d, raw32(p + basic + 8)), text(d, ") ");
	else if (type == RESET)
		text(d, "(code="), text_name(d, resets, p[basic + 8], "invalid"), text(d, ") ");
	if (type != DATA && type != REQUEST) {
		uint64_t ack = is_long(p) ? be48(d, p + basic + 2) : be24(d, p + basic + 1);

		text(d, "(ack="), text_u(d, ack), text(d, ") ");
	}
	if (d->v < 2)
		return;
	text_be(d, "seq ", is_long(p) ? p + 10 : p + 9, is_long(p) ? 6 : 3);
	if (hlen > fixed)
		text_options(d, p + fixed, hlen - fixed);
}

const struct proto proto_dccp = PROTO("dccp", "dccp", "Datagram Congestion Control Protocol", dccp, F);
