/* Extensible Authentication Protocol, RFC 3748, alone (inside PPP and RADIUS) and over LAN, IEEE 802.1X. */
#include "dissect/dissect.h"

enum { FRAME_EAP = 0 };
static const struct name frames[] = {
	{ FRAME_EAP, "EAP packet" }, { 1, "EAPOL start" }, { 2, "EAPOL logoff" }, { 3, "EAPOL key" },
	{ 4, "Encapsulated ASF alert" }, { 0, NULL }
};

enum { REQUEST = 1, RESPONSE = 2 };
static const struct name codes[] = {
	{ REQUEST, "Request" }, { RESPONSE, "Response" }, { 3, "Success" }, { 4, "Failure" }, { 0, NULL }
};

enum { T_IDENTITY = 1, T_NOTIFICATION = 2, T_NAK = 3, T_TLS = 13, T_SIM = 18, T_TTLS = 21, T_AKA = 23, T_FAST = 43 };
static const struct name types[] = {
	{ 0, "No proposed" }, { T_IDENTITY, "Identity" }, { T_NOTIFICATION, "Notification" }, { T_NAK, "Nak" },
	{ 4, "MD5-challenge" }, { 5, "OTP" }, { 6, "GTC" }, { T_TLS, "TLS" }, { T_SIM, "SIM" }, { T_TTLS, "TTLS" },
	{ T_AKA, "AKA" }, { T_FAST, "FAST" }, { 254, "Expanded types" }, { 255, "Experimental" }, { 0, NULL }
};

/* RFC 5216 section 3.1; the low bits are the version of TTLS (RFC 5281) and FAST (RFC 4851). */
enum { TLS_LENGTH = 0x80, TLS_VERSION = 0x07 };
static const struct name tls_flags[] = {
	{ TLS_LENGTH, "L bit" }, { 0x40, "More fragments bit" }, { 0x20, "Start bit" }, { 0, NULL }
};

/* RFC 4187 section 11 and RFC 4186 section 9. */
static const struct name aka_subtypes[] = {
	{ 1, "Challenge" }, { 2, "Auth reject" }, { 4, "Sync failure" }, { 5, "Identity" }, { 10, "Start" },
	{ 11, "Challenge" }, { 12, "Notification" }, { 13, "Reauth" }, { 14, "Client error" }, { 0, NULL }
};

enum { CODE, ID, LENGTH, TYPE, IDENTITY, NOTIFICATION, DESIRED, TLS_FLAGS, TLS_LEN, SUBTYPE };
static const struct field F[] = {
	[CODE] = { "eap.code", U8, .names = codes, .help = "Code" },
	[ID] = { "eap.id", U8, .help = "Identifier" },
	[LENGTH] = { "eap.len", U16, .help = "Length" },
	[TYPE] = { "eap.type", U8, .names = types, .help = "Method" },
	[IDENTITY] = { "eap.identity", STR, .help = "Identity" },
	[NOTIFICATION] = { "eap.notification", STR, .help = "Message to the user" },
	[DESIRED] = { "eap.desired_type", U8, .names = types, .help = "Method that the peer wants instead" },
	[TLS_FLAGS] = { "eap.tls.flags", U8, .help = "Flags of TLS, TTLS and FAST" },
	[TLS_LEN] = { "eap.tls.len", U32, .help = "Length of the TLS message" },
	[SUBTYPE] = { "eap.sim.subtype", U8, .names = aka_subtypes, .help = "Subtype of SIM and AKA" },
};

enum { L_VERSION, L_TYPE, L_LENGTH };
static const struct field L[] = {
	[L_VERSION] = { "eapol.version", U8, .help = "Version" },
	[L_TYPE] = { "eapol.type", U8, .names = frames, .help = "Kind of frame" },
	[L_LENGTH] = { "eapol.len", U16, .help = "Length of what follows" },
};

extern const struct proto proto_eap, proto_eapol;

/* All fields of a message, noted whether or not it is said. */
static void
put_message(struct dis *d, const uint8_t *p, uint32_t size)
{
	put_field(d, &F[CODE], p, 1);
	put_field(d, &F[ID], p + 1, 1);
	put_field(d, &F[LENGTH], p + 2, 2);
	if (size < 6 || !have(d, p, size) || (*p != REQUEST && *p != RESPONSE)) {
		if (size == 5)
			put_field(d, &F[TYPE], p + 4, 1);
		return;
	}
	put_field(d, &F[TYPE], p + 4, 1);
	switch (p[4]) {
	case T_IDENTITY:
		put_field(d, &F[IDENTITY], p + 5, size - 5);
		break;
	case T_NOTIFICATION:
		put_field(d, &F[NOTIFICATION], p + 5, size - 5);
		break;
	case T_NAK:
		for (uint32_t i = 5; i < size; i++)
			put_field(d, &F[DESIRED], p + i, 1);
		break;
	case T_TLS:
	case T_TTLS:
	case T_FAST:
		put_field(d, &F[TLS_FLAGS], p + 5, 1);
		if (p[5] & TLS_LENGTH && size >= 10)
			put_field(d, &F[TLS_LEN], p + 6, 4);
		break;
	case T_SIM:
	case T_AKA:
		put_field(d, &F[SUBTYPE], p + 5, 1);
		break;
	}
}

static void
text_too_short(struct dis *d, const char *what)
{
	text(d, " (too short for EAP "), text(d, what), text_char(d, ')');
}

static void
tls(struct dis *d, const uint8_t *p, unsigned len, unsigned type)
{
	const char *name = type == T_FAST ? "FAST request/response" : "TLS/TTLS request/response";
	unsigned flags;

	if (len < 6) {
		text_too_short(d, name);
		return;
	}
	flags = p[5];
	if (type != T_TLS)
		text_fmt(d, " %sv%u", name_of(types, type), flags & TLS_VERSION);
	text(d, " flags [");
	text_bits(d, tls_flags, flags, ", ", "none");
	text_fmt(d, "] 0x%02x", flags);
	if (!(flags & TLS_LENGTH))
		return;
	if (len < 10) {
		text(d, " (too short for EAP "), text(d, name), text(d, " with length)");
		return;
	}
	text_fmt(d, ", len %u", raw32(p + 6));
}

/* The data of a request or response whose whole length is len, 5 or more; all of it is captured. */
static void
method(struct dis *d, const uint8_t *p, unsigned len, unsigned type)
{
	switch (type) {
	case T_IDENTITY:
		if (len > 5) {
			text(d, ", Identity: ");
			text_str(d, p + 5, len - 5);
		}
		break;
	case T_NOTIFICATION:
		if (len < 6) {
			text_too_short(d, "Notification request/response");
			break;
		}
		text(d, ", Notification: ");
		text_str(d, p + 5, len - 5);
		break;
	case T_NAK:
		if (len < 6) {
			text_too_short(d, "Legacy NAK request/response");
			break;
		}
		for (unsigned i = 5; i < len; i++) {
			text(d, i > 5 ? ", " : " ");
			text_name(d, types, p[i], "unknown");
			text_fmt(d, " (%u)", p[i]);
		}
		break;
	case T_TLS:
	case T_TTLS:
	case T_FAST:
		tls(d, p, len, type);
		break;
	case T_SIM:
	case T_AKA:
		if (len < 6) {
			text_too_short(d, "SIM/AKA request/response");
			break;
		}
		text(d, " subtype [");
		text_name(d, aka_subtypes, p[5], "unknown");
		text_fmt(d, "] 0x%02x", p[5]);
		break;
	}
}

static void
eap(struct dis *d, const uint8_t *p, uint32_t size)
{
	unsigned len, code, type;

	enter(d, &proto_eap);
	len = be16(d, p + 2);
	if (d->sink && len == size)
		put_message(d, p, size);
	if (len != size) {
		text(d, "EAP fragment?");
		return;
	}
	code = *p;
	text_name(d, codes, code, "unknown");
	text_fmt(d, " (%u), id %u, len %u", code, p[1], len);
	if (!have(d, p, len)) {
		text_trunc(d);
		return;
	}
	if (code != REQUEST && code != RESPONSE)
		return;
	if (len < 5) {
		text_too_short(d, "request/response");
		return;
	}
	type = p[4];
	text(d, "\n\t\t Type ");
	text_name(d, types, type, "unknown");
	text_fmt(d, " (%u)", type);
	method(d, p, len, type);
}

static void
eapol(struct dis *d, const uint8_t *p, uint32_t size)
{
	unsigned type, len;

	enter(d, &proto_eapol);
	if (size < 4 || !have(d, p, 4)) {
		text_trunc(d);
		return;
	}
	type = p[1];
	len = raw16(p + 2);
	put_field(d, &L[L_VERSION], p, 1);
	put_field(d, &L[L_TYPE], p + 1, 1);
	put_field(d, &L[L_LENGTH], p + 2, 2);
	text_name(d, frames, type, "unknown");
	text_fmt(d, " (%u) v%u, len %u", type, p[0], len);
	if (type != FRAME_EAP)
		return;
	if (!d->v) {
		/* Not said, but noted. */
		if (d->sink && len >= 4 && have(d, p + 4, 4) && raw16(p + 6) == len) {
			fields_layer(d, &proto_eap);
			put_message(d, p + 4, len);
		}
		return;
	}
	if (len == 0) {
		text_trunc(d);
		return;
	}
	text(d, ", ");
	next(d, D_INTERNAL, IN_EAP, p + 4, len);
}

const struct proto proto_eap = PROTO("eap", "eap", "Extensible Authentication Protocol", eap, F);
const struct proto proto_eapol = PROTO("eapol", "eap", "802.1X Authentication", eapol, L);
