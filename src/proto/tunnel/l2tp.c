/* Layer Two Tunneling Protocol version 2, RFC 2661; disconnect cause, RFC 3145. Version 1 is Cisco's L2F. */
#include "dissect/dissect.h"

enum {
	CONTROL = 0x8000, HAS_LENGTH = 0x4000, HAS_SEQUENCE = 0x0800, HAS_OFFSET = 0x0200, PRIORITY = 0x0100,
	VERSION_MASK = 0x000f, L2F = 1, L2TP = 2,
};

enum { AVP_HEADER = 6, MANDATORY = 0x8000, HIDDEN = 0x4000, AVP_LENGTH = 0x03ff };

static const struct name messages[] = {
	{ 1, "SCCRQ" }, { 2, "SCCRP" }, { 3, "SCCCN" }, { 4, "StopCCN" }, { 6, "HELLO" }, { 7, "OCRQ" }, { 8, "OCRP" },
	{ 9, "OCCN" }, { 10, "ICRQ" }, { 11, "ICRP" }, { 12, "ICCN" }, { 14, "CDN" }, { 15, "WEN" }, { 16, "SLI" },
	{ 0, NULL }
};

static const struct name auth_types[] = {
	{ 0, "Reserved" }, { 1, "Textual" }, { 2, "CHAP" }, { 3, "PAP" }, { 4, "No Auth" }, { 5, "MS-CHAPv1" },
	{ 0, NULL }
};

static const struct name directions[] = { { 0, "global error" }, { 1, "at peer" }, { 2, "at local" }, { 0, NULL } };

/* What an attribute's value looks like, section 4.4. */
enum shape {
	NOTHING, MESSAGE, RESULT, DOTTED, ASYNC_SYNC, ANALOG_DIGITAL, NUMBER16, NUMBER32, STRING, OCTETS, OCTETS8,
	OCTETS16, CAUSE, OBSOLETE, AUTH, AUTH_ID, ERRORS, ACCM, DISCONNECT,
};

static const struct avp {
	const char *name;
	enum shape shape;
} avps[] = {
	[0] = { "MSGTYPE", MESSAGE },
	[1] = { "RESULT_CODE", RESULT },
	[2] = { "PROTO_VER", DOTTED },
	[3] = { "FRAMING_CAP", ASYNC_SYNC },
	[4] = { "BEARER_CAP", ANALOG_DIGITAL },
	[5] = { "TIE_BREAKER", OCTETS8 },
	[6] = { "FIRM_VER", NUMBER16 },
	[7] = { "HOST_NAME", STRING },
	[8] = { "VENDOR_NAME", STRING },
	[9] = { "ASSND_TUN_ID", NUMBER16 },
	[10] = { "RECV_WIN_SIZE", NUMBER16 },
	[11] = { "CHALLENGE", OCTETS },
	[12] = { "Q931_CC", CAUSE },
	[13] = { "CHALLENGE_RESP", OCTETS16 },
	[14] = { "ASSND_SESS_ID", NUMBER16 },
	[15] = { "CALL_SER_NUM", NUMBER32 },
	[16] = { "MINIMUM_BPS", NUMBER32 },
	[17] = { "MAXIMUM_BPS", NUMBER32 },
	[18] = { "BEARER_TYPE", ANALOG_DIGITAL },
	[19] = { "FRAMING_TYPE", ASYNC_SYNC },
	[20] = { "PACKET_PROC_DELAY", OBSOLETE },
	[21] = { "CALLED_NUMBER", STRING },
	[22] = { "CALLING_NUMBER", STRING },
	[23] = { "SUB_ADDRESS", STRING },
	[24] = { "TX_CONN_SPEED", NUMBER32 },
	[25] = { "PHY_CHANNEL_ID", NUMBER32 },
	[26] = { "INI_RECV_LCP", OCTETS },
	[27] = { "LAST_SENT_LCP", OCTETS },
	[28] = { "LAST_RECV_LCP", OCTETS },
	[29] = { "PROXY_AUTH_TYPE", AUTH },
	[30] = { "PROXY_AUTH_NAME", STRING },
	[31] = { "PROXY_AUTH_CHAL", OCTETS },
	[32] = { "PROXY_AUTH_ID", AUTH_ID },
	[33] = { "PROXY_AUTH_RESP", OCTETS },
	[34] = { "CALL_ERRORS", ERRORS },
	[35] = { "ACCM", ACCM },
	[36] = { "RANDOM_VECTOR", OCTETS },
	[37] = { "PRIVATE_GRP_ID", STRING },
	[38] = { "RX_CONN_SPEED", NUMBER32 },
	[39] = { "SEQ_REQUIRED", NOTHING },
	[46] = { "PPP_DISCON_CC", DISCONNECT },
};

enum {
	TYPE, F_LENGTH, F_SEQUENCE, F_OFFSET, F_PRIORITY, VERSION, LENGTH, TUNNEL, SESSION, NS, NR, OFFSET, A_MANDATORY,
	A_HIDDEN, A_LENGTH, A_VENDOR, A_TYPE, A_MESSAGE, A_HOST, A_VENDOR_NAME, A_TUNNEL, A_SESSION, A_WINDOW,
	A_RESULT, A_CALLED, A_CALLING, A_AUTH_NAME,
};
static const struct field F[] = {
	[TYPE] = { "l2tp.type", BOOL, .mask = CONTROL, .help = "Control message" },
	[F_LENGTH] = { "l2tp.length_bit", BOOL, .mask = HAS_LENGTH, .help = "Length is present" },
	[F_SEQUENCE] = { "l2tp.seq_bit", BOOL, .mask = HAS_SEQUENCE, .help = "Sequence numbers are present" },
	[F_OFFSET] = { "l2tp.offset_bit", BOOL, .mask = HAS_OFFSET, .help = "Offset is present" },
	[F_PRIORITY] = { "l2tp.priority", BOOL, .mask = PRIORITY, .help = "Preferred message" },
	[VERSION] = { "l2tp.version", U16, .mask = VERSION_MASK, .help = "Version" },
	[LENGTH] = { "l2tp.length", U16, .help = "Length" },
	[TUNNEL] = { "l2tp.tunnel", U16, .help = "Tunnel identifier" },
	[SESSION] = { "l2tp.session", U16, .help = "Session identifier" },
	[NS] = { "l2tp.Ns", U16, .help = "Sequence number of this message" },
	[NR] = { "l2tp.Nr", U16, .help = "Sequence number expected next" },
	[OFFSET] = { "l2tp.offset", U16, .help = "Bytes of padding before the data" },
	[A_MANDATORY] = { "l2tp.avp.mandatory", BOOL, .mask = MANDATORY, .help = "Attribute must be understood" },
	[A_HIDDEN] = { "l2tp.avp.hidden", BOOL, .mask = HIDDEN, .help = "Value is encrypted" },
	[A_LENGTH] = { "l2tp.avp.length", U16, .mask = AVP_LENGTH, .help = "Length of the attribute" },
	[A_VENDOR] = { "l2tp.avp.vendor_id", U16, .help = "Vendor of the attribute" },
	[A_TYPE] = { "l2tp.avp.type", U16, .help = "Attribute" },
	[A_MESSAGE] = { "l2tp.avp.message_type", U16, .names = messages, .help = "Control message type" },
	[A_HOST] = { "l2tp.avp.host_name", STR, .help = "Host name" },
	[A_VENDOR_NAME] = { "l2tp.avp.vendor_name", STR, .help = "Vendor name" },
	[A_TUNNEL] = { "l2tp.avp.assigned_tunnel_id", U16, .help = "Assigned tunnel identifier" },
	[A_SESSION] = { "l2tp.avp.assigned_session_id", U16, .help = "Assigned session identifier" },
	[A_WINDOW] = { "l2tp.avp.receive_window_size", U16, .help = "Receive window size" },
	[A_RESULT] = { "l2tp.result_code", U16, .help = "Result code" },
	[A_CALLED] = { "l2tp.avp.called_number", STR, .help = "Called number" },
	[A_CALLING] = { "l2tp.avp.calling_number", STR, .help = "Calling number" },
	[A_AUTH_NAME] = { "l2tp.avp.proxy_authen_name", STR, .help = "Name of the peer the LAC authenticated" },
};

extern const struct proto proto_l2tp;

static void
put_avp(struct dis *d, const uint8_t *p, uint32_t len)
{
	static const struct { uint8_t type, min, field; } values[] = {
		{ 0, 2, A_MESSAGE }, { 1, 2, A_RESULT }, { 7, 0, A_HOST }, { 8, 0, A_VENDOR_NAME }, { 9, 2, A_TUNNEL },
		{ 10, 2, A_WINDOW }, { 14, 2, A_SESSION }, { 21, 0, A_CALLED }, { 22, 0, A_CALLING },
		{ 30, 0, A_AUTH_NAME },
	};

	put_field(d, &F[A_MANDATORY], p, 2);
	put_field(d, &F[A_HIDDEN], p, 2);
	put_field(d, &F[A_LENGTH], p, 2);
	put_field(d, &F[A_VENDOR], p + 2, 2);
	put_field(d, &F[A_TYPE], p + 4, 2);
	if (raw16(p + 2) || raw16(p) & HIDDEN)
		return;
	len -= AVP_HEADER;
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		if (raw16(p + 4) != values[i].type || len < values[i].min)
			continue;
		put_field(d, &F[values[i].field], p + AVP_HEADER, values[i].min ? values[i].min : len);
	}
}

/* Is the value long enough? Says so if not. */
static bool
enough(struct dis *d, uint32_t len, uint32_t n)
{
	if (len >= n)
		return true;
	text(d, "AVP too short");
	return false;
}

static void
text_letters(struct dis *d, uint32_t bits, char two, char one)
{
	if (bits & 2)
		text_char(d, two);
	if (bits & 1)
		text_char(d, one);
}

/* A blank and the message behind the codes, if there is one. */
static void
text_message(struct dis *d, const uint8_t *p, uint32_t len)
{
	if (len) {
		text_char(d, ' ');
		text_str(d, p, len);
	}
}

/* Result and error code, and a message, section 4.4.2. */
static void
result(struct dis *d, const uint8_t *p, uint32_t len)
{
	if (!enough(d, len, 2))
		return;
	text_u(d, be16(d, p));
	if (len == 2)
		return;
	if (len < 4) {
		text(d, " AVP too short");
		return;
	}
	text_be(d, "/", p + 2, 2);
	text_message(d, p + 4, len - 4);
}

/* Counters behind a reserved field: as many as are there, section 4.4.6. */
static void
call_errors(struct dis *d, const uint8_t *p, uint32_t len)
{
	static const char *const labels[] = {
		"CRCErr=", "FrameErr=", "HardOver=", "BufOver=", "Timeout=", "AlignErr="
	};

	if (!enough(d, len, 2))
		return;
	for (unsigned i = 0; i < sizeof labels / sizeof *labels; i++) {
		if (!enough(d, len, 6 + i * 4))
			return;
		text_be(d, labels[i], p + 2 + i * 4, 4);
		text_char(d, ' ');
	}
}

static void
accm(struct dis *d, const uint8_t *p, uint32_t len)
{
	if (!enough(d, len, 6))
		return;
	text_be_x(d, "send=", p + 2, 4, 8);
	text_char(d, ' ');
	if (!enough(d, len, 10))
		return;
	text_be_x(d, "recv=", p + 6, 4, 8);
	text_char(d, ' ');
}

static void
value(struct dis *d, enum shape shape, const uint8_t *p, uint32_t len)
{
	switch (shape) {
	case NOTHING:
		break;
	case MESSAGE:
		if (enough(d, len, 2))
			text_name(d, messages, be16(d, p), "MSGTYPE-#%u");
		break;
	case RESULT:
		result(d, p, len);
		break;
	case DOTTED:
		if (enough(d, len, 2))
			text_u(d, u8(d, p)), text_be(d, ".", p + 1, 1);
		break;
	case ASYNC_SYNC:
		if (enough(d, len, 4))
			text_letters(d, be32(d, p), 'A', 'S');
		break;
	case ANALOG_DIGITAL:
		if (enough(d, len, 4))
			text_letters(d, be32(d, p), 'A', 'D');
		break;
	case NUMBER16:
		if (enough(d, len, 2))
			text_u(d, be16(d, p));
		break;
	case NUMBER32:
		if (enough(d, len, 4))
			text_u(d, be32(d, p));
		break;
	case STRING:
		text_str(d, p, len);
		break;
	case OCTETS:
		text_hex(d, p, len);
		break;
	case OCTETS8:
		if (enough(d, len, 8))
			text_hex(d, p, 8);
		break;
	case OCTETS16:
		if (enough(d, len, 16))
			text_hex(d, p, 16);
		break;
	case CAUSE:
		if (!enough(d, len, 3))
			break;
		text_u(d, be16(d, p));
		text_be_x(d, ", ", p + 2, 1, 2);
		text_message(d, p + 3, len - 3);
		break;
	case OBSOLETE:
		text(d, "obsolete");
		break;
	case AUTH:
		if (enough(d, len, 2))
			text_name(d, auth_types, be16(d, p), "AuthType-#%u");
		break;
	case AUTH_ID:
		if (enough(d, len, 2))
			text_u(d, be16(d, p) & 0xff);
		break;
	case ERRORS:
		call_errors(d, p, len);
		break;
	case ACCM:
		accm(d, p, len);
		break;
	case DISCONNECT:
		if (!enough(d, len, 5))
			break;
		text_x(d, be16(d, p), 4);
		text_be_x(d, ", ", p + 2, 2, 4);
		text_char(d, ' ');
		text_name(d, directions, u8(d, p + 4), "Direction-#%u");
		text_message(d, p + 5, len - 5);
		break;
	}
}

/* One attribute-value pair of len bytes at most; its length, 0 when it does not fit. */
static uint32_t
text_avp(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned bits, vendor, type;
	uint32_t n;

	text_char(d, ' ');
	bits = be16(d, p);
	n = bits & AVP_LENGTH;
	if (n < AVP_HEADER || n > len || !have(d, p, n))
		return 0;
	if (d->sink)
		put_avp(d, p, n);
	if (bits & MANDATORY)
		text_char(d, '*');
	if (bits & HIDDEN)
		text_char(d, '?');
	vendor = raw16(p + 2);
	type = raw16(p + 4);
	if (vendor) {
		text_fmt(d, "VENDOR%04x:ATTR%04x(", vendor, type);
		text_hex(d, p + AVP_HEADER, n - AVP_HEADER);
	} else {
		const struct avp *a = type < sizeof avps / sizeof *avps && avps[type].name ? &avps[type] : NULL;

		if (a)
			text(d, a->name);
		else
			text(d, "AVP-#"), text_u(d, type);
		text_char(d, '(');
		if (bits & HIDDEN)
			text(d, "???");
		else if (a)
			value(d, a->shape, p + AVP_HEADER, n - AVP_HEADER);
	}
	text_char(d, ')');
	return n;
}

static void
text_avps(struct dis *d, const uint8_t *p, uint32_t len)
{
	while (len) {
		uint32_t n = text_avp(d, p, len);

		if (n == 0) {
			text_trunc(d);
			return;
		}
		p += n;
		len -= n;
	}
}

static void
text_flags(struct dis *d, unsigned bits)
{
	static const struct name letters[] = {
		{ CONTROL, "T" }, { HAS_LENGTH, "L" }, { HAS_SEQUENCE, "S" }, { HAS_OFFSET, "O" }, { PRIORITY, "P" },
		{ 0, NULL }
	};

	text_char(d, '[');
	text_bits(d, letters, bits, "", "");
	text_char(d, ']');
}

static void
l2tp(struct dis *d, const uint8_t *p, uint32_t len)
{
	const uint8_t *start = p;
	uint32_t used, claim = 0;
	unsigned bits;

	enter(d, &proto_l2tp);
	bits = be16(d, p);
	for (unsigned i = TYPE; i <= VERSION; i++)
		put_field(d, &F[i], p, 2);
	if ((bits & VERSION_MASK) == L2F) {
		text(d, " l2f:");
		return;
	}
	if ((bits & VERSION_MASK) != L2TP) {
		text(d, " Unknown Version, neither L2F(1) nor L2TP(2)");
		return;
	}
	text(d, " l2tp:");
	text_flags(d, bits);
	p += 2;
	if (bits & HAS_LENGTH) {
		put_field(d, &F[LENGTH], p, 2);
		claim = be16(d, p);
		p += 2;
	}
	put_field(d, &F[TUNNEL], p, 2);
	put_field(d, &F[SESSION], p + 2, 2);
	text_be(d, "(", p, 2);
	text_char(d, '/');
	text_be(d, "", p + 2, 2);
	text_char(d, ')');
	p += 4;
	if (bits & HAS_SEQUENCE) {
		put_field(d, &F[NS], p, 2);
		put_field(d, &F[NR], p + 2, 2);
		text_be(d, "Ns=", p, 2);
		text_char(d, ',');
		text_be(d, "Nr=", p + 2, 2);
		p += 4;
	}
	if (bits & HAS_OFFSET) {
		unsigned pad = be16(d, p);

		put_field(d, &F[OFFSET], p, 2);
		if (!have(d, p + 2, pad)) {
			text_trunc(d);
			return;
		}
		p += 2 + pad;
	}
	used = (uint32_t)(p - start);
	if (bits & HAS_LENGTH) {
		if (len < claim) {
			text_fmt(d, " Length %u larger than packet", claim);
			return;
		}
		len = claim;
	}
	if (len < used) {
		text_fmt(d, " Length %u smaller than header length", len);
		return;
	}
	len -= used;
	if (!(bits & CONTROL)) {
		text(d, " {");
		next(d, D_INTERNAL, IN_PPP, p, len);
		text_char(d, '}');
	} else if (!(bits & HAS_LENGTH)) {
		text(d, " No length");
	} else if (len == 0) {
		text(d, " ZLB");
	} else {
		text_avps(d, p, len);
	}
}

const struct proto proto_l2tp = PROTO("l2tp", "l2tp", "Layer 2 Tunneling Protocol", l2tp, F);
