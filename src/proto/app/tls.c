/*
 * Transport Layer Security, RFC 8446, RFC 5246: fields of the records that begin in a segment. It says nothing, as tcpdump
 * says nothing of TLS, and it reads nothing hard. What a direction said before is not known here: a handshake message is
 * believed when its length fits its record, which an encrypted one's hardly ever does.
 */
#include "dissect/dissect.h"
#include "pkt/tls_hello.h"
#include "pkt/tls_names.h"

enum {
	TYPE, VERSION, LENGTH, CHANGE, ALERT, LEVEL, DESCRIPTION, MESSAGE, M_TYPE, M_LENGTH, M_VERSION, RANDOM, SESSION, CIPHER,
	EXTENSION, NAME, ALPN, VERSIONS, GROUP, SIGNATURE, CERTIFICATE, JA3, JA3S, JA4, DATA,
};
static const struct field F[] = {
	[TYPE] = { "tls.record.content_type", U8, .names = tls_content_names, .help = "Content type of a record" },
	[VERSION] = { "tls.record.version", U16, .names = tls_version_names, .help = "Version of a record" },
	[LENGTH] = { "tls.record.length", U16, .help = "Length of a record's body" },
	[CHANGE] = { "tls.change_cipher_spec", LABEL, .help = "Change of the cipher" },
	[ALERT] = { "tls.alert_message", LABEL, .help = "Alert, encrypted if there is no level" },
	[LEVEL] = { "tls.alert_message.level", U8, .names = tls_level_names, .help = "Level of an alert" },
	[DESCRIPTION] = { "tls.alert_message.desc", U8, .names = tls_alert_names, .help = "What an alert is about" },
	[MESSAGE] = { "tls.handshake", LABEL, .help = "Handshake message" },
	[M_TYPE] = { "tls.handshake.type", U8, .names = tls_handshake_names, .help = "Type of a handshake message" },
	[M_LENGTH] = { "tls.handshake.length", U24, .help = "Length of a handshake message" },
	[M_VERSION] = { "tls.handshake.version", U16, .names = tls_version_names, .help = "Version of a hello" },
	[RANDOM] = { "tls.handshake.random", BYTES, .help = "Random of a hello" },
	[SESSION] = { "tls.handshake.session_id", BYTES, .help = "Session ID" },
	[CIPHER] = { "tls.handshake.ciphersuite", U16, .names = tls_cipher_names, .help = "Cipher suite" },
	[EXTENSION] = { "tls.handshake.extension.type", U16, .names = tls_extension_names, .help = "Extension" },
	[NAME] = { "tls.handshake.extensions_server_name", STR, .help = "Server name that is asked for (SNI)" },
	[ALPN] = { "tls.handshake.extensions_alpn_str", STR, .help = "Application protocol (ALPN)" },
	[VERSIONS] = { "tls.handshake.extensions.supported_version", U16, .names = tls_version_names,
	    .help = "Version that a client supports, or that the server chose" },
	[GROUP] = { "tls.handshake.extensions_supported_group", U16, .help = "Group for the key exchange" },
	[SIGNATURE] = { "tls.handshake.sig_hash_alg", U16, .help = "Signature algorithm" },
	[CERTIFICATE] = { "tls.handshake.certificate", BYTES, .help = "Certificate" },
	[JA3] = { "tls.handshake.ja3", STR, .help = "JA3 fingerprint of a client" },
	[JA3S] = { "tls.handshake.ja3s", STR, .help = "JA3S fingerprint of a server" },
	[JA4] = { "tls.handshake.ja4", STR, .help = "JA4 fingerprint of a client" },
	[DATA] = { "tls.app_data", BYTES, .help = "Encrypted application data" },
};

extern const struct proto proto_tls;

/* The rest of a record or message: what the packet has of it. */
struct part {
	const uint8_t *p, *end;
};

static bool
take(struct part *r, uint32_t n, struct part *out)
{
	if (r->end - r->p < (ptrdiff_t)n)
		return false;
	*out = (struct part){ r->p, r->p + n };
	r->p += n;
	return true;
}

/* A vector behind its length of `size` bytes. */
static bool
take_vector(struct part *r, unsigned size, struct part *out)
{
	struct part head;
	uint32_t n = 0;

	if (!take(r, size, &head))
		return false;
	for (unsigned i = 0; i < size; i++)
		n = n << 8 | head.p[i];
	return take(r, n, out);
}

static void
put_part(struct dis *d, const struct field *f, const struct part *v)
{
	if (v->end > v->p)
		put_field(d, f, v->p, (uint32_t)(v->end - v->p));
}

static void
put_u16s(struct dis *d, const struct field *f, struct part list)
{
	struct part v;

	while (take(&list, 2, &v))
		put_part(d, f, &v);
}

static void
extension(struct dis *d, unsigned type, struct part body, bool server)
{
	struct part list, v;

	switch (type) {
	case TLS_EXT_NAME:
		if (take_vector(&body, 2, &list) && take(&list, 1, &v) && *v.p == 0 && take_vector(&list, 2, &v))
			put_part(d, &F[NAME], &v);
		break;
	case TLS_EXT_ALPN:
		if (take_vector(&body, 2, &list))
			while (take_vector(&list, 1, &v))
				put_part(d, &F[ALPN], &v);
		break;
	case TLS_EXT_VERSIONS:
		if (server)
			put_u16s(d, &F[VERSIONS], body);
		else if (take_vector(&body, 1, &list))
			put_u16s(d, &F[VERSIONS], list);
		break;
	case TLS_EXT_GROUPS:
		if (take_vector(&body, 2, &list))
			put_u16s(d, &F[GROUP], list);
		break;
	case TLS_EXT_SIGNATURES:
		if (take_vector(&body, 2, &list))
			put_u16s(d, &F[SIGNATURE], list);
		break;
	}
}

static void
put_text(struct dis *d, const struct field *f, const char *s)
{
	if (*s)
		put_string(d, f, s, strlen(s));
}

static void
fingerprints(struct dis *d, const struct part *body, bool server)
{
	struct tls_hello h = { .server = server };
	struct tls_session s = { 0 };

	if (!tls_hello_read(&h, &s, body->p, (size_t)(body->end - body->p)))
		return;
	put_text(d, &F[server ? JA3S : JA3], h.ja3);
	if (!server)
		put_text(d, &F[JA4], h.ja4);
}

/* The body of a hello, as far as the packet has it; whole: all of it. */
static void
hello(struct dis *d, struct part r, bool server, bool whole)
{
	struct part all = r, v, ext;

	if (!take(&r, 2, &v))
		return;
	put_part(d, &F[M_VERSION], &v);
	if (!take(&r, TLS_RANDOM, &v))
		return;
	put_part(d, &F[RANDOM], &v);
	if (!take_vector(&r, 1, &v))
		return;
	put_part(d, &F[SESSION], &v);
	if (server ? !take(&r, 2, &v) : !take_vector(&r, 2, &v))
		return;
	put_u16s(d, &F[CIPHER], v);
	if (server ? !take(&r, 1, &v) : !take_vector(&r, 1, &v))
		return;
	/* The length of all extensions; their own say more where the packet does not have them all. */
	if (take(&r, 2, &v)) {
		while (take(&r, 2, &v)) {
			put_part(d, &F[EXTENSION], &v);
			if (!take_vector(&r, 2, &ext))
				break;
			extension(d, raw16(v.p), ext, server);
		}
	}
	if (whole)
		fingerprints(d, &all, server);
}

static void
certificates(struct dis *d, struct part r)
{
	struct part v;

	/* The length of the list: RFC 5246 section 7.4.2. */
	if (!take(&r, 3, &v))
		return;
	while (take_vector(&r, 3, &v))
		put_part(d, &F[CERTIFICATE], &v);
}

/* The messages in a record of `size` bytes, of which r is captured. */
static void
messages(struct dis *d, struct part r, uint32_t size)
{
	while (size >= TLS_MESSAGE_HEAD) {
		struct part head, body;
		uint32_t n;

		if (!take(&r, TLS_MESSAGE_HEAD, &head))
			return;
		n = raw32(head.p) & 0xffffff;
		size -= TLS_MESSAGE_HEAD;
		if (n > size || name_of(tls_handshake_names, *head.p) == NULL)
			return;
		put_field(d, &F[MESSAGE], head.p, TLS_MESSAGE_HEAD);
		put_field(d, &F[M_TYPE], head.p, 1);
		put_field(d, &F[M_LENGTH], head.p + 1, 3);
		body = r;
		if (body.end - body.p > (ptrdiff_t)n)
			body.end = body.p + n;
		switch (*head.p) {
		case TLS_CLIENT_HELLO:
		case TLS_SERVER_HELLO:
			hello(d, body, *head.p == TLS_SERVER_HELLO, body.end - body.p == (ptrdiff_t)n);
			break;
		case TLS_CERTIFICATE:
			certificates(d, body);
			break;
		}
		r.p = body.end;
		size -= n;
	}
}

static void
tls(struct dis *d, const uint8_t *p, uint32_t len)
{
	struct part all = { p, p + (left(d, p) < len ? left(d, p) : len) }, head, body;

	enter(d, &proto_tls);
	while (take(&all, TLS_RECORD_HEAD, &head) && tls_record_head(head.p)) {
		uint32_t n = raw16(head.p + 3);

		put_field(d, &F[TYPE], head.p, 1);
		put_field(d, &F[VERSION], head.p + 1, 2);
		put_field(d, &F[LENGTH], head.p + 3, 2);
		body = all;
		if (body.end - body.p > (ptrdiff_t)n)
			body.end = body.p + n;
		switch (*head.p) {
		case TLS_CHANGE_CIPHER:
			put_part(d, &F[CHANGE], &body);
			break;
		case TLS_ALERT:
			put_part(d, &F[ALERT], &body);
			if (n == 2) {
				put_field(d, &F[LEVEL], body.p, 1);
				put_field(d, &F[DESCRIPTION], body.p + 1, 1);
			}
			break;
		case TLS_HANDSHAKE:
			messages(d, body, n);
			break;
		case TLS_DATA:
			put_part(d, &F[DATA], &body);
			break;
		}
		all.p = body.end;
	}
}

const struct proto proto_tls = PROTO("tls", "tls", "Transport Layer Security", tls, F);
