/* Hellos of TLS and their fingerprints. JA4 is FoxIO's technical description of it, for TLS over TCP. */
#include "pkt/tls_hello.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/buf.h"
#include "pkt/tls_names.h"

/* The rest of a message, cut smaller by each length. */
struct rest {
	const uint8_t *p;
	size_t n;
};

/* Lists that only fingerprints need, as they were sent. */
struct lists {
	struct rest groups, points, signatures, alpn;
};

static bool
take(struct rest *r, size_t n, struct rest *part)
{
	if (r->n < n)
		return false;
	*part = (struct rest){ r->p, n };
	r->p += n;
	r->n -= n;
	return true;
}

static bool
take_u(struct rest *r, unsigned size, unsigned *v)
{
	struct rest part;

	if (!take(r, size, &part))
		return false;
	*v = 0;
	for (unsigned i = 0; i < size; i++)
		*v = *v << 8 | part.p[i];
	return true;
}

/* A vector: its length in `size` bytes, and what it has. */
static bool
take_vector(struct rest *r, unsigned size, struct rest *part)
{
	unsigned n;

	return take_u(r, size, &n) && take(r, n, part);
}

void
tls_text(char to[TLS_NAME_MAX], const uint8_t *p, size_t n)
{
	if (n > TLS_NAME_MAX - 1)
		n = TLS_NAME_MAX - 1;
	for (size_t i = 0; i < n; i++)
		to[i] = (char)(p[i] > ' ' - 1 && p[i] < 0x7f ? p[i] : '.');
	to[n] = '\0';
}

/* RFC 6066 section 3: the first host name. */
static void
read_name(struct tls_hello *h, struct rest r)
{
	struct rest list, name;
	unsigned type;

	if (!take_vector(&r, 2, &list))
		return;
	while (take_u(&list, 1, &type) && take_vector(&list, 2, &name)) {
		if (type == 0) {
			tls_text(h->sni, name.p, name.n);
			return;
		}
	}
}

/* RFC 7301 section 3.1. */
static void
read_alpn(struct tls_hello *h, struct lists *l, struct rest r)
{
	struct rest list, name;

	if (!take_vector(&r, 2, &list))
		return;
	while (take_vector(&list, 1, &name)) {
		if (l->alpn.p == NULL && name.n)
			l->alpn = name;
		if (h->n_alpn < TLS_ALPN_MAX)
			tls_text(h->alpn[h->n_alpn++], name.p, name.n);
	}
}

/* RFC 8446 section 4.2.1: the client's list, of which the highest counts, or the server's choice. */
static void
read_versions(struct tls_hello *h, struct rest r)
{
	struct rest list;
	unsigned v, best = 0;

	if (h->server) {
		if (take_u(&r, 2, &v))
			h->version = (uint16_t)v;
		return;
	}
	if (!take_vector(&r, 1, &list))
		return;
	while (take_u(&list, 2, &v)) {
		if (!tls_grease((uint16_t)v) && v > best)
			best = v;
	}
	if (best)
		h->version = (uint16_t)best;
}

static bool
read_extensions(struct tls_hello *h, struct lists *l, struct tls_session *s, struct rest all)
{
	struct rest body, list;
	unsigned type;

	while (all.n) {
		if (!take_u(&all, 2, &type) || !take_vector(&all, 2, &body))
			return false;
		if (h->n_extensions < TLS_LIST_MAX)
			h->extensions[h->n_extensions++] = (uint16_t)type;
		else
			h->cut = true;
		list = body;
		switch (type) {
		case TLS_EXT_NAME:
			if (!h->server)
				read_name(h, body);
			break;
		case TLS_EXT_ALPN:
			read_alpn(h, l, body);
			break;
		case TLS_EXT_VERSIONS:
			read_versions(h, body);
			break;
		case TLS_EXT_GROUPS:
			take_vector(&list, 2, &l->groups);
			break;
		case TLS_EXT_POINTS:
			take_vector(&list, 1, &l->points);
			break;
		case TLS_EXT_SIGNATURES:
			take_vector(&list, 2, &l->signatures);
			break;
		case TLS_EXT_TICKET:
			if (!h->server && body.n)
				h->resumed = true;
			break;
		case TLS_EXT_PSK:
			h->resumed = true;
			break;
		case TLS_EXT_EARLY_DATA:
			if (!h->server)
				s->early_data = true;
			break;
		}
	}
	return true;
}

/* --- fingerprints --------------------------------------------------------------------------------------------- */

static void
digest(const EVP_MD *md, const struct buf *b, char *hex, size_t digits)
{
	static const char letters[] = "0123456789abcdef";
	uint8_t is[EVP_MAX_MD_SIZE];
	unsigned size = 0;

	hex[0] = '\0';
	if (b->failed || !EVP_Digest(b->data ? b->data : "", b->len, is, &size, md, NULL))
		return;
	for (size_t i = 0; i < digits; i++)
		hex[i] = letters[i % 2 ? is[i / 2] & 15 : is[i / 2] >> 4];
	hex[digits] = '\0';
}

/* Numbers in decimal with dashes between them, GREASE left out. */
static void
put_numbers(struct buf *b, const uint16_t *v, unsigned n)
{
	bool first = true;

	for (unsigned i = 0; i < n; i++) {
		if (tls_grease(v[i]))
			continue;
		if (!first)
			buf_char(b, '-');
		buf_u(b, v[i]);
		first = false;
	}
}

/* The same of a list in the message, whose numbers have `size` bytes. */
static void
put_listed(struct buf *b, struct rest list, unsigned size)
{
	bool first = true;
	unsigned v;

	while (take_u(&list, size, &v)) {
		if (size == 2 && tls_grease((uint16_t)v))
			continue;
		if (!first)
			buf_char(b, '-');
		buf_u(b, v);
		first = false;
	}
}

/* version,ciphers,extensions and of a client ,groups,point formats */
static void
make_ja3(struct tls_hello *h, const struct lists *l)
{
	struct buf b = { 0 };

	buf_u(&b, h->legacy_version);
	buf_char(&b, ',');
	put_numbers(&b, h->ciphers, h->n_ciphers);
	buf_char(&b, ',');
	put_numbers(&b, h->extensions, h->n_extensions);
	if (!h->server) {
		buf_char(&b, ',');
		put_listed(&b, l->groups, 2);
		buf_char(&b, ',');
		put_listed(&b, l->points, 1);
	}
	digest(EVP_md5(), &b, h->ja3, TLS_JA3 - 1);
	buf_free(&b);
}

static int
compare_u16(const void *a, const void *b)
{
	return *(const uint16_t *)a - *(const uint16_t *)b;
}

/* What remains of v without GREASE, and of extensions without those that JA4 counts but does not hash; sorted. */
static unsigned
ja4_sorted(uint16_t to[TLS_LIST_MAX], const uint16_t *v, unsigned n, bool extensions, unsigned *counted)
{
	unsigned m = 0;

	*counted = 0;
	for (unsigned i = 0; i < n; i++) {
		if (tls_grease(v[i]))
			continue;
		++*counted;
		if (!extensions || (v[i] != TLS_EXT_NAME && v[i] != TLS_EXT_ALPN))
			to[m++] = v[i];
	}
	qsort(to, m, sizeof *to, compare_u16);
	return m;
}

static void
put_hex_list(struct buf *b, const uint16_t *v, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		if (i)
			buf_char(b, ',');
		buf_x(b, v[i], 4);
	}
}

static const char *
ja4_version(uint16_t v)
{
	static const struct name versions[] = {
		{ 0x0304, "13" }, { 0x0303, "12" }, { 0x0302, "11" }, { 0x0301, "10" }, { 0x0300, "s3" },
		{ 0x0002, "s2" }, { 0, NULL }
	};
	const char *s = name_of(versions, v);

	return s ? s : "00";
}

static bool
alphanumeric(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* The first and the last character of the first protocol, or of its bytes in hex if one of them is no letter or digit. */
static void
ja4_alpn(struct rest alpn, char to[2])
{
	static const char letters[] = "0123456789abcdef";
	uint8_t a, z;

	to[0] = to[1] = '0';
	if (alpn.n == 0)
		return;
	a = alpn.p[0];
	z = alpn.p[alpn.n - 1];
	if (alphanumeric(a) && alphanumeric(z)) {
		to[0] = (char)a;
		to[1] = (char)z;
	} else {
		to[0] = letters[a >> 4];
		to[1] = letters[z & 15];
	}
}

static void
make_ja4(struct tls_hello *h, const struct lists *l)
{
	uint16_t ciphers[TLS_LIST_MAX], extensions[TLS_LIST_MAX];
	unsigned count_ciphers, count_extensions, n_ciphers, n_extensions, v;
	char alpn[2], hash_ciphers[13] = "000000000000", hash_extensions[13] = "000000000000";
	struct rest signatures = l->signatures;
	struct buf b = { 0 };
	bool named = false, first = true;

	for (unsigned i = 0; i < h->n_extensions; i++)
		named |= h->extensions[i] == TLS_EXT_NAME;
	ja4_alpn(l->alpn, alpn);
	n_ciphers = ja4_sorted(ciphers, h->ciphers, h->n_ciphers, false, &count_ciphers);
	n_extensions = ja4_sorted(extensions, h->extensions, h->n_extensions, true, &count_extensions);
	if (n_ciphers) {
		put_hex_list(&b, ciphers, n_ciphers);
		digest(EVP_sha256(), &b, hash_ciphers, 12);
	}
	if (n_extensions) {
		b.len = 0;
		put_hex_list(&b, extensions, n_extensions);
		while (take_u(&signatures, 2, &v)) {
			if (tls_grease((uint16_t)v))
				continue;
			buf_char(&b, first ? '_' : ',');
			buf_x(&b, v, 4);
			first = false;
		}
		digest(EVP_sha256(), &b, hash_extensions, 12);
	}
	if (b.failed || !hash_ciphers[0] || !hash_extensions[0])
		h->ja4[0] = '\0';
	else
		snprintf(h->ja4, sizeof h->ja4, "t%s%c%02u%02u%c%c_%s_%s", ja4_version(h->version), named ? 'd' : 'i',
		    count_ciphers < 99 ? count_ciphers : 99, count_extensions < 99 ? count_extensions : 99, alpn[0],
		    alpn[1], hash_ciphers, hash_extensions);
	buf_free(&b);
}

/* --- messages -------------------------------------------------------------------------------------------------- */

static bool
read_ciphers(struct tls_hello *h, struct rest *r)
{
	struct rest list;
	unsigned v;

	if (h->server) {
		if (!take_u(r, 2, &v))
			return false;
		h->ciphers[h->n_ciphers++] = (uint16_t)v;
		return true;
	}
	if (!take_vector(r, 2, &list))
		return false;
	while (take_u(&list, 2, &v)) {
		if (h->n_ciphers < TLS_LIST_MAX)
			h->ciphers[h->n_ciphers++] = (uint16_t)v;
		else
			h->cut = true;
	}
	return true;
}

bool
tls_hello_read(struct tls_hello *h, struct tls_session *s, const uint8_t *p, size_t n)
{
	struct rest r = { p, n }, random, session, extensions = { 0 }, compression;
	struct lists l = { 0 };
	unsigned v;
	bool versions = false;

	if (!take_u(&r, 2, &v) || v >> 8 != 3)
		return false;
	h->legacy_version = h->version = (uint16_t)v;
	if (!take(&r, TLS_RANDOM, &random) || !take_vector(&r, 1, &session) || session.n > TLS_SESSION_MAX ||
	    !read_ciphers(h, &r))
		return false;
	if (h->server ? !take(&r, 1, &compression) : !take_vector(&r, 1, &compression))
		return false;
	h->retry = h->server && memcmp(random.p, tls_retry_random, TLS_RANDOM) == 0;
	if (!h->server)
		s->early_data = false;
	/* Extensions may be missing altogether: RFC 5246 section 7.4.1.2. */
	if (r.n && (!take_vector(&r, 2, &extensions) || !read_extensions(h, &l, s, extensions)))
		h->cut = true;

	for (unsigned i = 0; i < h->n_extensions; i++)
		versions |= h->extensions[i] == TLS_EXT_VERSIONS;
	if (h->server) {
		/* With TLS 1.3 the session ID is said back in any case. */
		if (!versions && session.n && session.n == s->len && memcmp(session.p, s->id, s->len) == 0)
			h->resumed = true;
	} else {
		memcpy(s->id, session.p, session.n);
		s->len = (unsigned)session.n;
		if (!versions && session.n)
			h->resumed = true;
	}
	if (!h->cut) {
		make_ja3(h, &l);
		if (!h->server)
			make_ja4(h, &l);
	}
	return true;
}
