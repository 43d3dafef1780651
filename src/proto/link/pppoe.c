/* PPP over Ethernet, RFC 2516. */
#include "dissect/dissect.h"

enum { HEADER = 6, PADI = 0x09, PADI_MAX = 1484, SHOWN = 79 };

static const struct name codes[] = {
	{ PADI, "PADI" }, { 0x07, "PADO" }, { 0x19, "PADR" }, { 0x65, "PADS" }, { 0xa7, "PADT" }, { 0, "" }, { 0, NULL }
};

enum { EOL, SERVICE = 0x0101, AC = 0x0102, HOST_UNIQ = 0x0103, COOKIE = 0x0104, ERROR_SERVICE = 0x0201,
	ERROR_AC = 0x0202, ERROR = 0x0203 };
static const struct name tags[] = {
	{ EOL, "EOL" }, { SERVICE, "Service-Name" }, { AC, "AC-Name" }, { HOST_UNIQ, "Host-Uniq" },
	{ COOKIE, "AC-Cookie" }, { 0x0105, "Vendor-Specific" }, { 0x0110, "Relay-Session-ID" },
	{ 0x0120, "PPP-Max-Payload" }, { ERROR_SERVICE, "Service-Name-Error" }, { ERROR_AC, "AC-System-Error" },
	{ ERROR, "Generic-Error" }, { 0, NULL }
};

enum { F_VERSION, F_TYPE, F_CODE, F_SESSION, F_LENGTH };
static const struct field F[] = {
	[F_VERSION] = { "pppoe.version", U8, .mask = 0xf0, .help = "Version" },
	[F_TYPE] = { "pppoe.type", U8, .mask = 0x0f, .help = "Type" },
	[F_CODE] = { "pppoe.code", U8, .names = codes, .help = "Code" },
	[F_SESSION] = { "pppoe.session_id", U16, .help = "Session" },
	[F_LENGTH] = { "pppoe.payload_length", U16, .help = "Payload length" },
};

enum { D_SERVICE, D_AC, D_HOST_UNIQ, D_COOKIE, D_ERROR };
static const struct field D[] = {
	[D_SERVICE] = { "pppoed.tags.service_name", STR, .help = "Service name" },
	[D_AC] = { "pppoed.tags.ac_name", STR, .help = "Name of the access concentrator" },
	[D_HOST_UNIQ] = { "pppoed.tags.host_uniq", BYTES, .help = "Host's own mark" },
	[D_COOKIE] = { "pppoed.tags.ac_cookie", BYTES, .help = "Access concentrator's cookie" },
	[D_ERROR] = { "pppoed.tags.generic_error", STR, .help = "Error message" },
};

extern const struct proto proto_pppoe, proto_pppoed;

static void
put_tag(struct dis *d, unsigned tag, const uint8_t *p, unsigned len)
{
	switch (tag) {
	case SERVICE:
		put_field(d, &D[D_SERVICE], p, len);
		break;
	case AC:
		put_field(d, &D[D_AC], p, len);
		break;
	case HOST_UNIQ:
		put_field(d, &D[D_HOST_UNIQ], p, len);
		break;
	case COOKIE:
		put_field(d, &D[D_COOKIE], p, len);
		break;
	case ERROR_SERVICE:
	case ERROR_AC:
	case ERROR:
		put_field(d, &D[D_ERROR], p, len);
		break;
	}
}

static inline bool
is_print(uint8_t c)
{
	return c >= 0x20 && c < 0x7f;
}

/* A tag's value: as text where most of it is text, in hex otherwise. */
static void
text_value(struct dis *d, const uint8_t *p, unsigned len)
{
	unsigned shown = len < SHOWN ? len : SHOWN, good = 0;

	need(d, p, len);
	for (unsigned i = 0; i < shown; i++)
		good += is_print(p[i]);
	if (good > shown - good) {
		text(d, " \"");
		for (unsigned i = 0; i < shown; i++)
			text_char(d, is_print(p[i]) ? (char)p[i] : '.');
		text_char(d, '"');
		return;
	}
	text(d, " 0x");
	for (unsigned i = 0; i < len; i++)
		text_fmt(d, "%02X", p[i]);
}

static void
discovery(struct dis *d, const uint8_t *p, const uint8_t *end)
{
	unsigned tag = 0xffff, len;

	if (d->sink)
		fields_layer(d, &proto_pppoed);
	while (tag != EOL && p < end) {
		tag = be16(d, p);
		len = be16(d, p + 2);
		p += 4;
		need(d, p, len);
		put_tag(d, tag, p, len);
		text(d, " [");
		text_name(d, tags, tag, "TAG-0x%x");
		if (len)
			text_value(d, p, len);
		text_char(d, ']');
		p += len;
	}
}

static void
pppoe(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned code, session, said;

	enter(d, &proto_pppoe);
	link_header(d, 0);
	if (len < HEADER) {
		text(d, " (length "), text_u(d, len), text(d, " < 6)");
		text_invalid(d);
		return;
	}
	len -= HEADER;
	need(d, p, HEADER);
	code = p[1];
	session = raw16(p + 2);
	said = raw16(p + 4);
	put_field(d, &F[F_VERSION], p, 1);
	put_field(d, &F[F_TYPE], p, 1);
	put_field(d, &F[F_CODE], p + 1, 1);
	put_field(d, &F[F_SESSION], p + 2, 2);
	put_field(d, &F[F_LENGTH], p + 4, 2);
	if (p[0] >> 4 != 1)
		text(d, " [ver "), text_u(d, p[0] >> 4), text_char(d, ']');
	if ((p[0] & 15) != 1)
		text(d, " [type "), text_u(d, p[0] & 15), text_char(d, ']');
	text(d, "PPPoE ");
	text_name(d, codes, code, "PAD-%x");
	if (code == PADI && said > PADI_MAX - HEADER)
		text(d, " [len "), text_u(d, said), text(d, "!]");
	if (said > len) {
		text(d, " [len "), text_u(d, said), text(d, " > "), text_u(d, len), text(d, "!]");
		said = len;
	}
	if (session)
		text(d, " [ses 0x"), text_x(d, session, 0), text_char(d, ']');
	p += HEADER;
	if (code) {
		discovery(d, p, p + said);
		link_header(d, HEADER);
		return;
	}
	text_char(d, ' ');
	d->inner_link = 0;
	next(d, D_INTERNAL, IN_PPP, p, said);
	link_header(d, HEADER + d->inner_link);
}

const struct proto proto_pppoe = PROTO("pppoe", "pppoe", "PPP-over-Ethernet", pppoe, F);
const struct proto proto_pppoed = PROTO("pppoed", "pppoe", "PPP-over-Ethernet Discovery", pppoe, D);
