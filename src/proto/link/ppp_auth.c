/* Authentication over PPP: CHAP (RFC 1994) and PAP (RFC 1334); and the header of multilink PPP (RFC 1990). */
#include "dissect/dissect.h"

enum { CHALLENGE = 1, RESPONSE, SUCCESS, FAILURE };
static const struct name chap_codes[] = {
	{ CHALLENGE, "Challenge" }, { RESPONSE, "Response" }, { SUCCESS, "Success" }, { FAILURE, "Fail" }, { 0, NULL }
};

enum { REQUEST = 1, ACK, NAK };
static const struct name pap_codes[] = {
	{ REQUEST, "Auth-Req" }, { ACK, "Auth-ACK" }, { NAK, "Auth-NACK" }, { 0, NULL }
};

enum { C_CODE, C_ID, C_LENGTH, C_VALUE, C_NAME, C_MESSAGE };
static const struct field C[] = {
	[C_CODE] = { "chap.code", U8, .names = chap_codes, .help = "Code" },
	[C_ID] = { "chap.identifier", U8, .help = "Identifier" },
	[C_LENGTH] = { "chap.length", U16, .help = "Length" },
	[C_VALUE] = { "chap.value", BYTES, .help = "Challenge or response" },
	[C_NAME] = { "chap.name", STR, .help = "Name of the sender" },
	[C_MESSAGE] = { "chap.message", STR, .help = "Message" },
};

enum { P_CODE, P_ID, P_LENGTH, P_PEER, P_PASSWORD, P_MESSAGE };
static const struct field P[] = {
	[P_CODE] = { "pap.code", U8, .names = pap_codes, .help = "Code" },
	[P_ID] = { "pap.identifier", U8, .help = "Identifier" },
	[P_LENGTH] = { "pap.length", U16, .help = "Length" },
	[P_PEER] = { "pap.peer_id", STR, .help = "Name of who wants in" },
	[P_PASSWORD] = { "pap.password", STR, .help = "Password" },
	[P_MESSAGE] = { "pap.message", STR, .help = "Message" },
};

enum { M_FIRST, M_LAST, M_SEQ };
static const struct field M[] = {
	[M_FIRST] = { "mp.first", BOOL, .mask = 0x80, .help = "First fragment" },
	[M_LAST] = { "mp.last", BOOL, .mask = 0x40, .help = "Last fragment" },
	[M_SEQ] = { "mp.sseq", U16, .mask = 0x0fff, .help = "Sequence number of 12 bits" },
};

extern const struct proto proto_chap, proto_pap, proto_mp;

/* Both begin with code, identifier and length. False when there is not even that. */
static bool
text_header(struct dis *d, const char *name, const char *cut, const struct name *codes, const uint8_t *p, uint32_t len)
{
	if (len < 4) {
		if (len)
			need(d, p, 1);
		text(d, "[|"), text(d, cut);
		if (len)
			text(d, " 0x"), text_x(d, p[0], 2);
		text_char(d, ']');
		return false;
	}
	need(d, p, 1);
	text(d, name), text(d, ", ");
	text_name(d, codes, p[0], "unknown");
	text(d, " (0x"), text_x(d, p[0], 2), text_char(d, ')');
	need(d, p + 1, 1);
	text(d, ", id "), text_u(d, p[1]);
	need(d, p + 2, 2);
	return true;
}

static void
chap(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t at = 4, said, n;

	if (d->sink) {
		fields_layer(d, &proto_chap);
		put_field(d, &C[C_CODE], p, 1);
		put_field(d, &C[C_ID], p + 1, 1);
		put_field(d, &C[C_LENGTH], p + 2, 2);
	}
	if (!text_header(d, "CHAP", "chap", chap_codes, p, len))
		return;
	said = raw16(p + 2);
	switch (p[0]) {
	case CHALLENGE:
	case RESPONSE:
		if (len < at + 1)
			return;
		n = u8(d, p + at++);
		if (len - at < n)
			return;
		text(d, ", Value ");
		put_field(d, &C[C_VALUE], p + at, n);
		text_hex(d, p + at, n);
		at += n;
		text(d, ", Name ");
		put_field(d, &C[C_NAME], p + at, said - at);
		text_str(d, p + at, said - at);		/* a length that is too small runs into the end */
		break;
	case SUCCESS:
	case FAILURE:
		text(d, ", Msg ");
		put_field(d, &C[C_MESSAGE], p + at, said - at);
		text_str(d, p + at, said - at);
		break;
	}
}

/* A string behind its length; false when it does not fit into len. */
static bool
pap_string(struct dis *d, const char *label, const struct field *f, const uint8_t *p, uint32_t *at, uint32_t len)
{
	uint32_t n;

	if (len - *at < 1)
		return false;
	n = u8(d, p + *at);
	++*at;
	if (len - *at < n)
		return false;
	text(d, label);
	put_field(d, f, p + *at, n);
	text_str(d, p + *at, n);
	*at += n;
	return true;
}

static void
pap(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t at = 4, said;

	if (d->sink) {
		fields_layer(d, &proto_pap);
		put_field(d, &P[P_CODE], p, 1);
		put_field(d, &P[P_ID], p + 1, 1);
		put_field(d, &P[P_LENGTH], p + 2, 2);
	}
	if (!text_header(d, "PAP", "pap", pap_codes, p, len))
		return;
	said = raw16(p + 2);
	if (said > len) {
		text(d, ", length "), text_u(d, said), text(d, " > packet size");
		return;
	}
	if (said < at) {
		text(d, ", length "), text_u(d, said), text(d, " < PAP header length");
		return;
	}
	switch (p[0]) {
	case REQUEST:
		if (said < 6)
			text(d, "[|pap]");
		else if (pap_string(d, ", Peer ", &P[P_PEER], p, &at, said))
			pap_string(d, ", Name ", &P[P_PASSWORD], p, &at, said);
		break;
	case ACK:
	case NAK:
		if (said < 5)
			text(d, "[|pap]");
		else
			pap_string(d, ", Msg ", &P[P_MESSAGE], p, &at, said);
		break;
	}
}

static void
mp(struct dis *d, const uint8_t *p, uint32_t len)
{
	static const struct name flags[] = { { 0x80, "begin" }, { 0x40, "end" }, { 0, NULL } };

	if (d->sink) {
		fields_layer(d, &proto_mp);
		put_field(d, &M[M_FIRST], p, 1);
		put_field(d, &M[M_LAST], p, 1);
		put_field(d, &M[M_SEQ], p, 2);
	}
	if (!d->e)
		text(d, "MLPPP, ");
	if (len < 2 || !have(d, p, 2)) {
		text(d, "[|mlppp]");
		return;
	}
	/* Only the short sequence numbers are understood. */
	text(d, "seq 0x"), text_x(d, raw16(p) & 0x0fff, 3);
	text(d, ", Flags [");
	text_bits(d, flags, p[0] & 0xc0, ", ", "none");
	text(d, "], length "), text_u(d, len);
}

const struct proto proto_chap = PROTO("chap", "ppp", "PPP Challenge Handshake Authentication Protocol", chap, C);
const struct proto proto_pap = PROTO("pap", "ppp", "PPP Password Authentication Protocol", pap, P);
const struct proto proto_mp = PROTO("mp", "ppp", "PPP Multilink Protocol", mp, M);
