/*
 * Kerberos. Version 4: the Athena Technical Plan, section E.2.1. Version 5, RFC 4120, is only named in the text; its
 * fields are taken from the outer layers of its messages.
 */
#include "dissect/dissect.h"

enum { KDC_REQUEST = 2, KDC_REPLY = 4, APPL_REQUEST = 6, ERR_REPLY = 10 };
static const struct name messages4[] = {
	{ KDC_REQUEST, "KDC_REQUEST" }, { KDC_REPLY, "KDC_REPLY" }, { APPL_REQUEST, "APPL_REQUEST" },
	{ 8, "APPL_REQUEST_MUTUAL" }, { ERR_REPLY, "ERR_REPLY" }, { 12, "PRIVATE" }, { 14, "SAFE" },
	{ 16, "APPL_ERR" }, { 126, "DIE" }, { 0, NULL }
};
static const struct name errors4[] = {
	{ 0, "OK" }, { 1, "NAME_EXP" }, { 2, "SERVICE_EXP" }, { 3, "AUTH_EXP" }, { 4, "PKT_VER" },
	{ 5, "NAME_MAST_KEY_VER" }, { 6, "SERV_MAST_KEY_VER" }, { 7, "BYTE_ORDER" }, { 8, "PRINCIPAL_UNKNOWN" },
	{ 9, "PRINCIPAL_NOT_UNIQUE" }, { 10, "NULL_KEY" }, { 0, NULL }
};

/* Application tags of version 5, RFC 4120 section 5.10. */
static const struct name messages5[] = {
	{ 10, "AS-REQ" }, { 11, "AS-REP" }, { 12, "TGS-REQ" }, { 13, "TGS-REP" }, { 14, "AP-REQ" }, { 15, "AP-REP" },
	{ 20, "KRB-SAFE" }, { 21, "KRB-PRIV" }, { 22, "KRB-CRED" }, { 30, "KRB-ERROR" }, { 0, NULL }
};

enum { PVNO, TYPE, REALM, CNAME, SNAME, ERROR_CODE, TYPE4, NAME4, REALM4, ERROR4 };
static const struct field F[] = {
	[PVNO] = { "kerberos.pvno", U8, .help = "Protocol version" },
	[TYPE] = { "kerberos.msg_type", U8, .names = messages5, .help = "Message type, version 5" },
	[REALM] = { "kerberos.realm", STR, .help = "Realm" },
	[CNAME] = { "kerberos.CNameString", STR, .help = "Part of the client's name" },
	[SNAME] = { "kerberos.SNameString", STR, .help = "Part of the server's name" },
	[ERROR_CODE] = { "kerberos.error_code", U32, .help = "Error code" },
	[TYPE4] = { "krb4.m_type", U8, .mask = 0xfe, .help = "Message type, version 4" },
	[NAME4] = { "krb4.name", STR, .help = "Name and instance, version 4" },
	[REALM4] = { "krb4.realm", STR, .help = "Realm, version 4" },
	[ERROR4] = { "kerberos.v4.error_code", U16, .names = errors4, .help = "Error code, version 4" },
};

extern const struct proto proto_krb;

/* --- version 5 fields: a soft reader of DER --------------------------------------------------------------------- */

struct der {
	uint8_t tag;
	const uint8_t *p;
	uint32_t n;
};

/* Takes a value off *p..end; false at the end or when it does not fit. What is not captured is cut off. */
static bool
der_next(const uint8_t **p, const uint8_t *end, struct der *v)
{
	uint32_t n;

	if (end - *p < 2)
		return false;
	v->tag = (*p)[0];
	n = (*p)[1];
	*p += 2;
	if (n & 0x80) {
		unsigned k = n & 0x7f;

		if (k == 0 || k > 3 || end - *p < (ptrdiff_t)k)
			return false;
		for (n = 0; k; k--)
			n = n << 8 | *(*p)++;
	}
	if (n > (uint32_t)(end - *p))
		n = (uint32_t)(end - *p);
	v->p = *p;
	v->n = n;
	*p += n;
	return true;
}

/* The strings of a PrincipalName: SEQUENCE { [0] type, [1] SEQUENCE OF string }. */
static void
put_name(struct dis *d, const struct field *f, const struct der *in)
{
	const uint8_t *p = in->p;
	struct der v;

	if (!der_next(&p, in->p + in->n, &v) || v.tag != 0x30)
		return;
	for (const uint8_t *q = v.p, *end = v.p + v.n; der_next(&q, end, &v);) {
		const uint8_t *r = v.p, *stop = v.p + v.n;

		if (v.tag != 0xa1 || !der_next(&r, stop, &v) || v.tag != 0x30)
			continue;
		r = v.p;
		stop = v.p + v.n;
		while (der_next(&r, stop, &v))
			if (v.tag == 0x1b && v.n)
				put_field(d, f, v.p, v.n);
	}
}

static void
put_string5(struct dis *d, const struct field *f, const struct der *in)
{
	const uint8_t *p = in->p;
	struct der v;

	if (der_next(&p, in->p + in->n, &v) && v.tag == 0x1b && v.n)
		put_field(d, f, v.p, v.n);
}

/* Which context tags of a message's body carry what; RFC 4120 sections 5.4.1, 5.4.2 and 5.9.1. */
static void
put_body5(struct dis *d, unsigned type, const struct der *in)
{
	bool request = type == 10 || type == 12, reply = type == 11 || type == 13, error = type == 30;
	const uint8_t *p = in->p;
	struct der v;

	if (!der_next(&p, in->p + in->n, &v) || v.tag != 0x30)
		return;
	for (const uint8_t *q = v.p, *end = v.p + v.n; der_next(&q, end, &v);) {
		unsigned tag = v.tag & 0x1f;

		if ((v.tag & 0xe0) != 0xa0)
			continue;
		if ((request && tag == 2) || (reply && tag == 3) || (error && tag == 9))
			put_string5(d, &F[REALM], &v);
		else if ((request && tag == 1) || (reply && tag == 4) || (error && tag == 8))
			put_name(d, &F[CNAME], &v);
		else if ((request && tag == 3) || (error && tag == 10))
			put_name(d, &F[SNAME], &v);
		else if (error && tag == 6 && v.n >= 3 && v.n <= 6)
			put_field(d, &F[ERROR_CODE], v.p + 2, v.n - 2);
	}
}

static void
put_version5(struct dis *d, const uint8_t *p, uint32_t len)
{
	const uint8_t *end = p + (left(d, p) < len ? left(d, p) : len);
	struct der v, body;
	unsigned type;

	if (!der_next(&p, end, &v))
		return;
	type = v.tag & 0x1f;
	put_value(d, &F[PVNO], 5);
	put_value(d, &F[TYPE], type);
	if (type != 10 && type != 12) {
		put_body5(d, type, &v);
		return;
	}
	/* A request keeps its body under [4]. */
	p = v.p;
	if (!der_next(&p, v.p + v.n, &v) || v.tag != 0x30)
		return;
	for (const uint8_t *q = v.p, *stop = v.p + v.n; der_next(&q, stop, &body);)
		if (body.tag == 0xa4)
			put_body5(d, type, &body);
}

/* --- version 4 -------------------------------------------------------------------------------------------------- */

/* A string up to its NUL; what follows it, or NULL when the NUL does not come. */
static const uint8_t *
string4(struct dis *d, const struct field *f, const uint8_t *p)
{
	const uint8_t *start = p;

	for (; have(d, p, 1); p++) {
		if (*p == 0) {
			if (p > start)
				put_field(d, f, start, (uint32_t)(p - start));
			return p + 1;
		}
		text_ascii(d, *p);
	}
	text_trunc(d);
	return NULL;
}

/* "name.instance@realm" */
static const uint8_t *
principal4(struct dis *d, const uint8_t *p)
{
	if ((p = string4(d, &F[NAME4], p)) == NULL)
		return NULL;
	text_char(d, '.');
	if ((p = string4(d, &F[NAME4], p)) == NULL)
		return NULL;
	text_char(d, '@');
	return string4(d, &F[REALM4], p);
}

static void
version4(struct dis *d, const uint8_t *p)
{
	bool little;
	unsigned type;

	type = u8(d, p + 1);
	little = type & 1;
	type &= 0xfe;
	put_field(d, &F[TYPE4], p + 1, 1);
	text(d, little ? " le " : " be ");
	text_name(d, messages4, type, NULL);
	text(d, ": ");
	p += 2;
	switch (type) {
	case KDC_REQUEST:
		if ((p = principal4(d, p)) == NULL)
			return;
		/* Behind the client's time: the lifetime in units of five minutes. */
		text_fmt(d, " %dmin ", u8(d, p + 4) * 5);
		if ((p = string4(d, &F[NAME4], p + 5)) == NULL)
			return;
		text_char(d, '.');
		string4(d, &F[NAME4], p);
		break;
	case APPL_REQUEST:
		text_fmt(d, "v%u ", u8(d, p));
		if ((p = string4(d, &F[REALM4], p + 1)) == NULL)
			return;
		text_fmt(d, " (%u)", u8(d, p));
		text_fmt(d, " (%u)", u8(d, p + 1));
		break;
	case KDC_REPLY:
		if ((p = principal4(d, p)) == NULL)
			return;
		/* Behind time, number of tickets, expiry and key version. */
		p += 10;
		text_fmt(d, " (%u)", little ? le16(d, p) : be16(d, p));
		break;
	case ERR_REPLY: {
		unsigned code;

		if ((p = principal4(d, p)) == NULL)
			return;
		code = little ? le16(d, p + 4) : be16(d, p + 4);
		put_value(d, &F[ERROR4], code);
		text_char(d, ' ');
		text_name(d, errors4, code, NULL);
		text_char(d, ' ');
		string4(d, &F[NAME4], p + 8);
		break;
	}
	default:
		text(d, "(unknown)");
		break;
	}
}

static void
krb(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned version;

	enter(d, &proto_krb);
	text(d, "kerberos");
	version = u8(d, p);
	switch (version) {
	case 1:
	case 2:
	case 3:
		put_field(d, &F[PVNO], p, 1);
		text_fmt(d, " v%u", version);
		break;
	case 4:
		put_field(d, &F[PVNO], p, 1);
		text(d, " v4");
		version4(d, p);
		break;
	case 106:
	case 107:
		text(d, " v5");
		break;
	}
	/* An ASN.1 application tag. */
	if (d->sink && version >> 5 == 3)
		put_version5(d, p, len);
}

const struct proto proto_krb = PROTO("kerberos", "kerberos", "Kerberos", krb, F);
