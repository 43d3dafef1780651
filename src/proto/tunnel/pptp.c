/* Point-to-Point Tunneling Protocol: the control connection, RFC 2637 section 2. */
#include "dissect/dissect.h"

enum { MAGIC = 0x1a2b3c4d, HEADER = 12 };

static const struct name kinds[] = { { 1, "CTRL-MSG" }, { 2, "MGMT-MSG" }, { 0, NULL } };

enum {
	SCCRQ = 1, SCCRP, STOP_RQ, STOP_RP, ECHO_RQ, ECHO_RP, OCRQ, OCRP, ICRQ, ICRP, ICCN, CCRQ, CDN, WEN, SLI,
};
static const struct name types[] = {
	{ 0, "NOT_DEFINED" }, { SCCRQ, "SCCRQ" }, { SCCRP, "SCCRP" }, { STOP_RQ, "StopCCRQ" }, { STOP_RP, "StopCCRP" },
	{ ECHO_RQ, "ECHORQ" }, { ECHO_RP, "ECHORP" }, { OCRQ, "OCRQ" }, { OCRP, "OCRP" }, { ICRQ, "ICRQ" },
	{ ICRP, "ICRP" }, { ICCN, "ICCN" }, { CCRQ, "CCRQ" }, { CDN, "CDN" }, { WEN, "WEN" }, { SLI, "SLI" },
	{ 0, NULL }
};

static const struct name bearer_types[] = { { 1, "A" }, { 2, "D" }, { 3, "Any" }, { 0, NULL } };
static const struct name framing_types[] = { { 1, "A" }, { 2, "S" }, { 3, "E" }, { 0, NULL } };

static const struct name errors[] = {
	{ 0, "None" }, { 1, "Not-Connected" }, { 2, "Bad-Format" }, { 3, "Bad-Value" }, { 4, "No-Resource" },
	{ 5, "Bad-Call-ID" }, { 6, "PAC-Error" }, { 0, NULL }
};
static const struct name reasons[] = {
	{ 1, "None" }, { 2, "Stop-Protocol" }, { 3, "Stop-Local-Shutdown" }, { 0, NULL }
};

/* Result codes, each message its own. */
static const struct name start_results[] = {
	{ 1, "Successful channel establishment" }, { 2, "General error" }, { 3, "Command channel already exists" },
	{ 4, "Requester is not authorized to establish a command channel" },
	{ 5, "The protocol version of the requester is not supported" }, { 0, NULL }
};
static const struct name plain_results[] = { { 1, "OK" }, { 2, "General Error" }, { 0, NULL } };
static const struct name outgoing_results[] = {
	{ 1, "Connected" }, { 2, "General Error" }, { 3, "No Carrier" }, { 4, "Busy" }, { 5, "No Dial Tone" },
	{ 6, "Time-out" }, { 7, "Do Not Accept" }, { 0, NULL }
};
static const struct name incoming_results[] = {
	{ 1, "Connect" }, { 2, "General Error" }, { 3, "Do Not Accept" }, { 0, NULL }
};
static const struct name disconnect_results[] = {
	{ 1, "Lost Carrier" }, { 2, "General Error" }, { 3, "Admin Shutdown" }, { 4, "Request" }, { 0, NULL }
};

enum {
	LENGTH, KIND, COOKIE, TYPE, VERSION, FRAMING, BEARER, CHANNELS, FIRMWARE, HOST, VENDOR, RESULT, ERROR_, REASON,
	IDENT, CALL, PEER_CALL, SERIAL, MIN_BPS, MAX_BPS, WINDOW, DELAY, PHONE, SUBADDR, CAUSE, SPEED, PHYSICAL, DIALED,
	DIALING, STATS,
};
static const struct field F[] = {
	[LENGTH] = { "pptp.length", U16, .help = "Length" },
	[KIND] = { "pptp.type", U16, .names = kinds, .help = "Message type" },
	[COOKIE] = { "pptp.magic_cookie", U32, .help = "Magic cookie" },
	[TYPE] = { "pptp.control_message_type", U16, .names = types, .help = "Control message" },
	[VERSION] = { "pptp.protocol_version", U16, .help = "Protocol version" },
	[FRAMING] = { "pptp.framing_capabilities", U32, .help = "Framing the sender is capable of, or uses" },
	[BEARER] = { "pptp.bearer_capabilities", U32, .help = "Bearers the sender is capable of, or uses" },
	[CHANNELS] = { "pptp.maximum_channels", U16, .help = "Number of sessions the access concentrator takes" },
	[FIRMWARE] = { "pptp.firmware_revision", U16, .help = "Firmware revision" },
	[HOST] = { "pptp.host_name", STR, .help = "Host name" },
	[VENDOR] = { "pptp.vendor_name", STR, .help = "Vendor name" },
	[RESULT] = { "pptp.control_result", U8, .help = "Result" },
	[ERROR_] = { "pptp.error", U8, .names = errors, .help = "Error" },
	[REASON] = { "pptp.reason", U8, .names = reasons, .help = "Why the connection stops" },
	[IDENT] = { "pptp.identifier", U32, .help = "Identifier of an echo" },
	[CALL] = { "pptp.call_id", U16, .help = "Call identifier" },
	[PEER_CALL] = { "pptp.peer_call_id", U16, .help = "The peer's call identifier" },
	[SERIAL] = { "pptp.call_serial_number", U16, .help = "Call serial number" },
	[MIN_BPS] = { "pptp.minimum_bps", U32, .help = "Lowest acceptable speed" },
	[MAX_BPS] = { "pptp.maximum_bps", U32, .help = "Highest acceptable speed" },
	[WINDOW] = { "pptp.packet_receive_window_size", U16, .help = "Packets the sender buffers" },
	[DELAY] = { "pptp.packet_processing_delay", U16, .help = "Processing delay in tenths of a second" },
	[PHONE] = { "pptp.phone_number", STR, .help = "Phone number" },
	[SUBADDR] = { "pptp.subaddress", STR, .help = "Subaddress" },
	[CAUSE] = { "pptp.cause", U16, .help = "Cause code" },
	[SPEED] = { "pptp.connect_speed", U32, .help = "Connect speed" },
	[PHYSICAL] = { "pptp.physical_channel_id", U32, .help = "Physical channel" },
	[DIALED] = { "pptp.dialed_number", STR, .help = "Number that was dialed" },
	[DIALING] = { "pptp.dialing_number", STR, .help = "Number of the caller" },
	[STATS] = { "pptp.call_Statistics", STR, .help = "Call statistics" },
};

extern const struct proto proto_pptp;

/* How a part of a message is said. */
enum how {
	END, NUM1, NUM2, NUM4, HEX4, DOTTED, SYNC_CAP, BEARER_CAP, NAMED4, CODE, TEXT, DIGITS, ZERO1, ZERO2,
};

struct part {
	uint8_t how;
	uint8_t at;		/* behind the header */
	uint8_t size;		/* of a TEXT */
	int8_t field;		/* index into F, -1: none */
	const char *label;
	const struct name *names;
};

#define RESERVED1(at) { ZERO1, at, 0, -1, NULL, NULL }
#define RESERVED2(at) { ZERO2, at, 0, -1, NULL, NULL }
#define ERROR_CODE(at) { CODE, at, 0, ERROR_, "ERR_CODE", errors }

/* The messages' parts in the order they are said: sections 2.1 to 2.15. */
static const struct part sccrq[] = {
	{ DOTTED, 0, 0, VERSION, "PROTO_VER", NULL }, RESERVED2(2), { SYNC_CAP, 4, 0, FRAMING, "FRAME_CAP", NULL },
	{ BEARER_CAP, 8, 0, BEARER, "BEARER_CAP", NULL }, { NUM2, 12, 0, CHANNELS, "MAX_CHAN", NULL },
	{ NUM2, 14, 0, FIRMWARE, "FIRM_REV", NULL }, { TEXT, 16, 64, HOST, "HOSTNAME", NULL },
	{ TEXT, 80, 64, VENDOR, "VENDOR", NULL }, { END }
};
static const struct part sccrp[] = {
	{ DOTTED, 0, 0, VERSION, "PROTO_VER", NULL }, { CODE, 2, 0, RESULT, "RESULT_CODE", start_results }, ERROR_CODE(3),
	{ SYNC_CAP, 4, 0, FRAMING, "FRAME_CAP", NULL }, { BEARER_CAP, 8, 0, BEARER, "BEARER_CAP", NULL },
	{ NUM2, 12, 0, CHANNELS, "MAX_CHAN", NULL }, { NUM2, 14, 0, FIRMWARE, "FIRM_REV", NULL },
	{ TEXT, 16, 64, HOST, "HOSTNAME", NULL }, { TEXT, 80, 64, VENDOR, "VENDOR", NULL }, { END }
};
static const struct part stop_rq[] = {
	{ CODE, 0, 0, REASON, "REASON", reasons }, RESERVED1(1), RESERVED2(2), { END }
};
static const struct part stop_rp[] = {
	{ CODE, 0, 0, RESULT, "RESULT_CODE", plain_results }, ERROR_CODE(1), RESERVED2(2), { END }
};
static const struct part echo_rq[] = { { NUM4, 0, 0, IDENT, "ID", NULL }, { END } };
static const struct part echo_rp[] = {
	{ NUM4, 0, 0, IDENT, "ID", NULL }, { CODE, 4, 0, RESULT, "RESULT_CODE", plain_results }, ERROR_CODE(5),
	RESERVED2(6), { END }
};
static const struct part ocrq[] = {
	{ NUM2, 0, 0, CALL, "CALL_ID", NULL }, { NUM2, 2, 0, SERIAL, "CALL_SER_NUM", NULL },
	{ NUM4, 4, 0, MIN_BPS, "MIN_BPS", NULL }, { NUM4, 8, 0, MAX_BPS, "MAX_BPS", NULL },
	{ NAMED4, 12, 0, BEARER, "BEARER_TYPE", bearer_types }, { NAMED4, 16, 0, FRAMING, "FRAME_TYPE", framing_types },
	{ NUM2, 20, 0, WINDOW, "RECV_WIN", NULL }, { NUM2, 22, 0, DELAY, "PROC_DELAY", NULL },
	{ NUM2, 24, 0, -1, "PHONE_NO_LEN", NULL }, RESERVED2(26), { DIGITS, 28, 24, PHONE, "PHONE_NO", NULL },
	{ TEXT, 92, 64, SUBADDR, "SUB_ADDR", NULL }, { END }
};
static const struct part ocrp[] = {
	{ NUM2, 0, 0, CALL, "CALL_ID", NULL }, { NUM2, 2, 0, PEER_CALL, "PEER_CALL_ID", NULL },
	{ CODE, 4, 0, RESULT, "RESULT_CODE", outgoing_results }, ERROR_CODE(5), { NUM2, 6, 0, CAUSE, "CAUSE_CODE", NULL },
	{ NUM4, 8, 0, SPEED, "CONN_SPEED", NULL }, { NUM2, 12, 0, WINDOW, "RECV_WIN", NULL },
	{ NUM2, 14, 0, DELAY, "PROC_DELAY", NULL }, { NUM4, 16, 0, PHYSICAL, "PHY_CHAN_ID", NULL }, { END }
};
static const struct part icrq[] = {
	{ NUM2, 0, 0, CALL, "CALL_ID", NULL }, { NUM2, 2, 0, SERIAL, "CALL_SER_NUM", NULL },
	{ NAMED4, 4, 0, BEARER, "BEARER_TYPE", bearer_types }, { NUM4, 8, 0, PHYSICAL, "PHY_CHAN_ID", NULL },
	{ NUM2, 12, 0, -1, "DIALED_NO_LEN", NULL }, { NUM2, 14, 0, -1, "DIALING_NO_LEN", NULL },
	{ DIGITS, 16, 12, DIALED, "DIALED_NO", NULL }, { DIGITS, 80, 14, DIALING, "DIALING_NO", NULL },
	{ TEXT, 144, 64, SUBADDR, "SUB_ADDR", NULL }, { END }
};
static const struct part icrp[] = {
	{ NUM2, 0, 0, CALL, "CALL_ID", NULL }, { NUM2, 2, 0, PEER_CALL, "PEER_CALL_ID", NULL },
	{ CODE, 4, 0, RESULT, "RESULT_CODE", incoming_results }, ERROR_CODE(5), { NUM2, 6, 0, WINDOW, "RECV_WIN", NULL },
	{ NUM2, 8, 0, DELAY, "PROC_DELAY", NULL }, RESERVED2(10), { END }
};
static const struct part iccn[] = {
	{ NUM2, 0, 0, PEER_CALL, "PEER_CALL_ID", NULL }, RESERVED2(2), { NUM4, 4, 0, SPEED, "CONN_SPEED", NULL },
	{ NUM2, 8, 0, WINDOW, "RECV_WIN", NULL }, { NUM2, 10, 0, DELAY, "PROC_DELAY", NULL },
	{ NAMED4, 12, 0, FRAMING, "FRAME_TYPE", framing_types }, { END }
};
static const struct part ccrq[] = { { NUM2, 0, 0, CALL, "CALL_ID", NULL }, RESERVED2(2), { END } };
static const struct part cdn[] = {
	{ NUM2, 0, 0, CALL, "CALL_ID", NULL }, { CODE, 2, 0, RESULT, "RESULT_CODE", disconnect_results }, ERROR_CODE(3),
	{ NUM2, 4, 0, CAUSE, "CAUSE_CODE", NULL }, RESERVED2(6), { TEXT, 8, 128, STATS, "CALL_STATS", NULL }, { END }
};
static const struct part wen[] = {
	{ NUM2, 0, 0, PEER_CALL, "PEER_CALL_ID", NULL }, RESERVED2(2), { NUM4, 4, 0, -1, "CRC_ERR", NULL },
	{ NUM4, 8, 0, -1, "FRAMING_ERR", NULL }, { NUM4, 12, 0, -1, "HARDWARE_OVERRUN", NULL },
	{ NUM4, 16, 0, -1, "BUFFER_OVERRUN", NULL }, { NUM4, 20, 0, -1, "TIMEOUT_ERR", NULL },
	{ NUM4, 24, 0, -1, "ALIGN_ERR", NULL }, { END }
};
static const struct part sli[] = {
	{ NUM2, 0, 0, PEER_CALL, "PEER_CALL_ID", NULL }, RESERVED2(2), { HEX4, 4, 0, -1, "SEND_ACCM", NULL },
	{ HEX4, 8, 0, -1, "RECV_ACCM", NULL }, { END }
};

static const struct part *const messages[] = {
	[SCCRQ] = sccrq, [SCCRP] = sccrp, [STOP_RQ] = stop_rq, [STOP_RP] = stop_rp, [ECHO_RQ] = echo_rq,
	[ECHO_RP] = echo_rp, [OCRQ] = ocrq, [OCRP] = ocrp, [ICRQ] = icrq, [ICRP] = icrp, [ICCN] = iccn, [CCRQ] = ccrq,
	[CDN] = cdn, [WEN] = wen, [SLI] = sli,
};

/* How many bytes a part takes. */
static unsigned
part_size(const struct part *m)
{
	switch ((enum how)m->how) {
	case NUM1:
	case CODE:
	case ZERO1:
		return 1;
	case NUM2:
	case DOTTED:
	case ZERO2:
		return 2;
	case NUM4:
	case HEX4:
	case SYNC_CAP:
	case BEARER_CAP:
	case NAMED4:
		return 4;
	case TEXT:
		return m->size;
	case DIGITS:
	case END:
		break;
	}
	return 0;
}

/* A field that should be zero is said only when it is not. */
static void
text_reserved(struct dis *d, unsigned v)
{
	if (v)
		text_fmt(d, " [ERROR: reserved=%u must be zero]", v);
}

/* How many digits of 64 a number has: its length is elsewhere in the message, at m->size. */
static unsigned
digits(struct dis *d, const uint8_t *body, const struct part *m)
{
	unsigned n = be16(d, body + m->size);

	return n < 64 ? n : 64;
}

static void
text_part(struct dis *d, const uint8_t *body, const struct part *m)
{
	const uint8_t *p = body + m->at;
	/* tcpdump opens these parts before it reads them. */
	bool late = m->how == TEXT || m->how == DIGITS || m->how == SYNC_CAP;
	uint32_t v = late ? 0 : (uint32_t)be_n(d, p, part_size(m));

	if (m->how == ZERO1 || m->how == ZERO2) {
		text_reserved(d, v);
		return;
	}
	text_char(d, ' '), text(d, m->label), text_char(d, '(');
	switch ((enum how)m->how) {
	case HEX4:
		text(d, "0x"), text_x(d, v, 8);
		break;
	case DOTTED:
		text_u(d, v >> 8), text_char(d, '.'), text_u(d, v & 255);
		break;
	case SYNC_CAP:
		v = be32(d, p);
		if (v & 1)
			text_char(d, 'A');
		if (v & 2)
			text_char(d, 'S');
		break;
	case BEARER_CAP:
		if (v & 2)
			text_char(d, 'D');
		if (v & 1)
			text_char(d, 'A');
		break;
	case NAMED4:
		text_name(d, m->names, v, "?");
		break;
	case CODE:
		text_u(d, v);
		if (d->v)
			text_char(d, ':'), text_name(d, m->names, v, "?");
		break;
	case TEXT:
		text_str_pad(d, p, m->size);
		break;
	case DIGITS:
		text_str_pad(d, p, digits(d, body, m));
		break;
	default:
		text_u(d, v);
		break;
	}
	text_char(d, ')');
}

static void
put_parts(struct dis *d, const uint8_t *body, const struct part *m)
{
	for (; m->how != END; m++) {
		if (m->field < 0)
			continue;
		if (m->how != DIGITS)
			put_field(d, &F[m->field], body + m->at, part_size(m));
		else if (have(d, body + m->size, 2))
			put_field(d, &F[m->field], body + m->at, digits(d, body, m));
	}
}

static void
pptp(struct dis *d, const uint8_t *p, uint32_t len)
{
	const struct part *m = NULL;
	uint32_t cookie;
	unsigned type;

	(void)len;
	enter(d, &proto_pptp);
	text(d, ": pptp");
	put_field(d, &F[LENGTH], p, 2);
	put_field(d, &F[KIND], p + 2, 2);
	put_field(d, &F[COOKIE], p + 4, 4);
	put_field(d, &F[TYPE], p + 8, 2);
	if (d->v) {
		text_be(d, " Length=", p, 2);
		type = be16(d, p + 2);
		text_char(d, ' ');
		text_name(d, kinds, type, "UNKNOWN-MSG-TYPE");
	}
	cookie = be32(d, p + 4);
	if (cookie != MAGIC)
		text(d, " UNEXPECTED Magic-Cookie!!("), text_x(d, cookie, 8), text_char(d, ')');
	if (d->v || cookie != MAGIC)
		text(d, " Magic-Cookie="), text_x(d, cookie, 8);
	type = be16(d, p + 8);
	if (name_of(types, type))
		text(d, " CTRL_MSGTYPE="), text(d, name_of(types, type));
	else
		text_fmt(d, " UNKNOWN_CTRL_MSGTYPE(%u)", type);
	text_reserved(d, be16(d, p + 10));
	if (type < sizeof messages / sizeof *messages)
		m = messages[type];
	if (m == NULL)
		return;
	p += HEADER;
	if (d->sink)
		put_parts(d, p, m);
	for (; m->how != END; m++)
		text_part(d, p, m);
}

const struct proto proto_pptp = PROTO("pptp", "pptp", "Point-to-Point Tunneling Protocol", pptp, F);
