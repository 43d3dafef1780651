/* EAP over LANs (IEEE 802.1X section 11) and the Extensible Authentication Protocol itself, RFC 3748. */
#include "dissect/dissect.h"

enum { PACKET, START, LOGOFF, KEY, ALERT };
static const struct name frames[] = {
	{ PACKET, "EAP packet" }, { START, "EAPOL start" }, { LOGOFF, "EAPOL logoff" }, { KEY, "EAPOL key" },
	{ ALERT, "Encapsulated ASF alert" }, { 0, NULL }
};

enum { REQUEST = 1, RESPONSE };
static const struct name codes[] = {
	{ REQUEST, "Request" }, { RESPONSE, "Response" }, { 3, "Success" }, { 4, "Failure" }, { 0, NULL }
};

enum { IDENTITY = 1, NOTIFICATION, NAK, TLS = 13, SIM = 18, TTLS = 21, AKA = 23, FAST = 43 };
static const struct name types[] = {
	{ 0, "No proposed" }, { IDENTITY, "Identity" }, { NOTIFICATION, "Notification" }, { NAK, "Nak" },
	{ 4, "MD5-challenge" }, { 5, "OTP" }, { 6, "GTC" }, { TLS, "TLS" }, { SIM, "SIM" }, { TTLS, "TTLS" },
	{ AKA, "AKA" }, { FAST, "FAST" }, { 254, "Expanded types" }, { 255, "Experimental" }, { 0, NULL }
};

/* RFC 5216 section 3.1. */
static const struct name tls_flags[] = {
	{ 0x80, "L bit" }, { 0x40, "More fragments bit" }, { 0x20, "Start bit" }, { 0, NULL }
};

/* RFC 4186 and RFC 4187 section 11. */
static const struct name aka_types[] = {
	{ 1, "Challenge" }, { 2, "Auth reject" }, { 4, "Sync failure" }, { 5, "Identity" }, { 10, "Start" },
	{ 11, "Challenge" }, { 12, "Notification" }, { 13, "Reauth" }, { 14, "Client error" }, { 0, NULL }
};

enum { L_VERSION, L_TYPE, L_LEN };
static const struct field L[] = {
	[L_VERSION] = { "eapol.version", U8, .help = "Version" },
	[L_TYPE] = { "eapol.type", U8, .names = frames, .help = "Packet type" },
	[L_LEN] = { "eapol.len", U16, .help = "Length" },
};

enum { F_CODE, F_ID, F_LEN, F_TYPE, F_IDENTITY, F_NOTIFICATION, F_DESIRED, F_TLS_FLAGS, F_TLS_LEN, F_AKA };
static const struct field F[] = {
	[F_CODE] = { "eap.code", U8, .names = codes, .help = "Code" },
	[F_ID] = { "eap.id", U8, .help = "Identifier" },
	[F_LEN] = { "eap.len", U16, .help = "Length" },
	[F_TYPE] = { "eap.type", U8, .names = types, .help = "Type" },
	[F_IDENTITY] = { "eap.identity", STR, .help = "Identity" },
	[F_NOTIFICATION] = { "eap.notification", STR, .help = "Notification" },
	[F_DESIRED] = { "eap.desired_type", U8, .names = types, .help = "Type asked for instead" },
	[F_TLS_FLAGS] = { "eap.tls.flags", U8, .help = "TLS flags" },
	[F_TLS_LEN] = { "eap.tls.len", U32, .help = "Length of the TLS message" },
	[F_AKA] = { "eap.aka.subtype", U8, .names = aka_types, .help = "AKA or SIM subtype" },
};

extern const struct proto proto_eap, proto_eapol;

static void
text_string(struct dis *d, const char *label, const struct field *f, const uint8_t *p, uint32_t n)
{
	if (n == 0)
		return;
	put_field(d, f, p, n);
	text(d, label);
	text_str_pad(d, p, n);
}

static void
text_tls(struct dis *d, unsigned type, const uint8_t *p)
{
	unsigned flags = u8(d, p);
	uint32_t len;

	put_field(d, &F[F_TLS_FLAGS], p, 1);
	if (type != TLS) {
		text(d, type == TTLS ? " TTLSv" : " FASTv");
		text_u(d, flags & 7);
	}
	text(d, " flags [");
	text_bits(d, tls_flags, flags, ", ", "none");
	text(d, "] 0x"), text_x(d, flags, 2);
	if (flags & 0x80) {
		put_field(d, &F[F_TLS_LEN], p + 1, 4);
		len = be32(d, p + 1);
		text(d, ", len "), text_u(d, len);
	}
}

/* What a request or response is about; all of its n bytes are captured. */
static void
text_type(struct dis *d, const uint8_t *p, uint32_t n)
{
	unsigned type = u8(d, p + 4), v;

	put_field(d, &F[F_TYPE], p + 4, 1);
	text(d, "\n\t\t Type ");
	text_name(d, types, type, "unknown");
	text(d, " ("), text_u(d, type), text_char(d, ')');
	switch (type) {
	case IDENTITY:
		text_string(d, ", Identity: ", &F[F_IDENTITY], p + 5, n - 5);
		break;
	case NOTIFICATION:
		text_string(d, ", Notification: ", &F[F_NOTIFICATION], p + 5, n - 5);
		break;
	case NAK:
		for (uint32_t i = 5; i < n; i++) {
			v = u8(d, p + i);
			put_field(d, &F[F_DESIRED], p + i, 1);
			text(d, i > 5 ? ", " : " ");
			text_name(d, types, v, "unknown");
			text(d, " ("), text_u(d, v), text_char(d, ')');
		}
		break;
	case TLS:
	case TTLS:
	case FAST:
		text_tls(d, type, p + 5);
		break;
	case AKA:
	case SIM:
		v = u8(d, p + 5);
		put_field(d, &F[F_AKA], p + 5, 1);
		text(d, " subtype [");
		text_name(d, aka_types, v, "unknown");
		text(d, "] 0x"), text_x(d, v, 2);
		break;
	}
}

static void
eap(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned code, id;
	uint32_t n;

	enter(d, &proto_eap);
	code = u8(d, p);
	n = be16(d, p + 2);
	id = p[1];
	put_field(d, &F[F_CODE], p, 1);
	put_field(d, &F[F_ID], p + 1, 1);
	put_field(d, &F[F_LEN], p + 2, 2);
	if (n != len) {
		/* Spread over several carriers, such as RADIUS attributes, which are not put together. */
		text(d, "EAP fragment?");
		return;
	}
	text_name(d, codes, code, "unknown");
	text(d, " ("), text_u(d, code);
	text(d, "), id "), text_u(d, id);
	text(d, ", len "), text_u(d, n);
	need(d, p, n);
	if (code == REQUEST || code == RESPONSE)
		text_type(d, p, n);
}

static void
eapol(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned type, n;

	(void)len;
	enter(d, &proto_eapol);
	type = u8(d, p + 1);
	n = be16(d, p + 2);
	put_field(d, &L[L_VERSION], p, 1);
	put_field(d, &L[L_TYPE], p + 1, 1);
	put_field(d, &L[L_LEN], p + 2, 2);
	text_name(d, frames, type, "unknown");
	text(d, " ("), text_u(d, type);
	text(d, ") v"), text_u(d, p[0]);
	text(d, ", len "), text_u(d, n);
	if (!d->v || type != PACKET)
		return;
	if (n == 0) {
		text_trunc(d);
		return;
	}
	text(d, ", ");
	eap(d, p + 4, n);
}

const struct proto proto_eapol = PROTO("eapol", "eap", "802.1X Authentication", eapol, L);
const struct proto proto_eap = PROTO("eap", "eap", "Extensible Authentication Protocol", eap, F);
