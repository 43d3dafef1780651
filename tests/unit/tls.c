/* TLS: hellos and their fingerprints, certificates, alerts; over records and segments, behind gaps, and with wrong lengths. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "pkt/tls_names.h"
#include "stream/tls.h"

/* What was told. */
struct told {
	unsigned hellos, certificates, alerts;
	struct tls_hello hello[8];
	unsigned hello_dir[8];
	struct tls_certificate certificate[2];
	struct tls_alert alert[8];
};

static void
on_hello(void *ctx, unsigned dir, const struct tls_hello *h)
{
	struct told *t = ctx;

	assert_true(t->hellos < 8);
	t->hello_dir[t->hellos] = dir;
	t->hello[t->hellos++] = *h;
}

static void
on_certificate(void *ctx, unsigned dir, const struct tls_certificate *c)
{
	struct told *t = ctx;

	(void)dir;
	assert_true(t->certificates < 2);
	t->certificate[t->certificates++] = *c;
}

static void
on_alert(void *ctx, const struct tls_alert *a)
{
	struct told *t = ctx;

	assert_true(t->alerts < 8);
	t->alert[t->alerts++] = *a;
}

static struct told told;

static struct tls *
fresh(void)
{
	struct tls_watch w = { &told, on_hello, on_certificate, on_alert };

	memset(&told, 0, sizeof told);
	return tls_new(&w);
}

/* Bytes being put together; lengths are filled in when what they count is complete. */
struct bytes {
	uint8_t p[300000];
	size_t n;
};

static void
put(struct bytes *b, const void *p, size_t n)
{
	assert_true(b->n + n <= sizeof b->p);
	memcpy(b->p + b->n, p, n);
	b->n += n;
}

static void
put_u(struct bytes *b, unsigned size, uint64_t v)
{
	while (size--) {
		uint8_t c = (uint8_t)(v >> 8 * size);

		put(b, &c, 1);
	}
}

static size_t
open_length(struct bytes *b, unsigned size)
{
	put_u(b, size, 0);
	return b->n;
}

static void
close_length(struct bytes *b, unsigned size, size_t at)
{
	size_t n = b->n - at;

	for (unsigned i = 0; i < size; i++)
		b->p[at - 1 - i] = (uint8_t)(n >> 8 * i);
}

/* Numbers of two bytes, "-" separated, decimal. */
static void
put_list(struct bytes *b, unsigned size, const char *list)
{
	while (*list) {
		char *end;

		put_u(b, size, strtoul(list, &end, 0));
		list = *end ? end + 1 : end;
	}
}

struct shape {
	unsigned version;
	const char *ciphers, *extensions, *groups, *points, *signatures, *versions, *name;
	const char *alpn[3];
	const char *session;
};

static void
put_extensions(struct bytes *b, const struct shape *s, bool server)
{
	const char *list = s->extensions;
	size_t all;

	if (!*list)
		return;
	all = open_length(b, 2);
	while (*list) {
		char *end;
		unsigned type = (unsigned)strtoul(list, &end, 0);
		size_t one, in;

		list = *end ? end + 1 : end;
		put_u(b, 2, type);
		one = open_length(b, 2);
		switch (type) {
		case TLS_EXT_NAME:
			if (!s->name)
				break;
			in = open_length(b, 2);
			put_u(b, 1, 0);
			put_u(b, 2, strlen(s->name));
			put(b, s->name, strlen(s->name));
			close_length(b, 2, in);
			break;
		case TLS_EXT_GROUPS:
		case TLS_EXT_SIGNATURES:
			in = open_length(b, 2);
			put_list(b, 2, type == TLS_EXT_GROUPS ? s->groups : s->signatures);
			close_length(b, 2, in);
			break;
		case TLS_EXT_POINTS:
			in = open_length(b, 1);
			put_list(b, 1, s->points ? s->points : "");
			close_length(b, 1, in);
			break;
		case TLS_EXT_VERSIONS:
			if (server) {
				put_list(b, 2, s->versions);
				break;
			}
			in = open_length(b, 1);
			put_list(b, 2, s->versions);
			close_length(b, 1, in);
			break;
		case TLS_EXT_ALPN:
			in = open_length(b, 2);
			for (unsigned i = 0; i < 3 && s->alpn[i]; i++) {
				put_u(b, 1, strlen(s->alpn[i]));
				put(b, s->alpn[i], strlen(s->alpn[i]));
			}
			close_length(b, 2, in);
			break;
		}
		close_length(b, 2, one);
	}
	close_length(b, 2, all);
}

/* A hello as a handshake message. */
static void
put_hello(struct bytes *b, const struct shape *s, bool server, const uint8_t *random)
{
	static const uint8_t some[TLS_RANDOM] = { 1, 2, 3 };
	size_t all, in;

	put_u(b, 1, server ? TLS_SERVER_HELLO : TLS_CLIENT_HELLO);
	all = open_length(b, 3);
	put_u(b, 2, s->version);
	put(b, random ? random : some, TLS_RANDOM);
	put_u(b, 1, s->session ? strlen(s->session) : 0);
	if (s->session)
		put(b, s->session, strlen(s->session));
	if (server) {
		put_list(b, 2, s->ciphers);
		put_u(b, 1, 0);
	} else {
		in = open_length(b, 2);
		put_list(b, 2, s->ciphers);
		close_length(b, 2, in);
		put_u(b, 2, 0x0100);
	}
	put_extensions(b, s, server);
	close_length(b, 3, all);
}

static void
put_record(struct bytes *b, unsigned type, const void *p, size_t n)
{
	put_u(b, 1, type);
	put_u(b, 2, 0x0303);
	put_u(b, 2, n);
	put(b, p, n);
}

static struct bytes message, stream;

/* One hello in one record, at the end of the stream. */
static void
add_hello(const struct shape *s, bool server, const uint8_t *random)
{
	message.n = 0;
	put_hello(&message, s, server, random);
	put_record(&stream, TLS_HANDSHAKE, message.p, message.n);
}

/* Hands the stream over in pieces of `step` bytes, packet numbers from 1. */
static bool
give(struct tls *t, unsigned dir, size_t step)
{
	bool more = true;
	uint64_t number = 1;

	for (size_t at = 0; at < stream.n; at += step, number++) {
		size_t n = stream.n - at < step ? stream.n - at : step;
		uint8_t *copy = malloc(n);
		struct flow_piece k = { .p = copy, .len = (uint32_t)n, .offset = at, .number = number, .shown = number };

		memcpy(copy, stream.p + at, n);
		more = tls_take(t, dir, &k);
		free(copy);
	}
	return more;
}

/* What a browser sends; the fingerprint is the example in the description of JA4. */
static const struct shape browser = {
	.version = 0x0303,
	.ciphers = "0x1a1a-0x1301-0x1302-0x1303-0xc02b-0xc02f-0xc02c-0xc030-0xcca9-0xcca8-0xc013-0xc014-0x009c-0x009d-"
	    "0x002f-0x0035",
	.extensions = "0xdada-0x001b-0x0000-0x0033-0x0010-0x4469-0x0017-0x002d-0x000d-0x0005-0x0023-0x0012-0x002b-0xff01-"
	    "0x000b-0x000a-0x0015-0x4a4a",
	.groups = "0x2a2a-29-23-24", .points = "0", .signatures = "0x0403-0x0804-0x0401-0x0503-0x0805-0x0501-0x0806-0x0601",
	.versions = "0x7a7a-0x0304-0x0303", .name = "www.example.com", .alpn = { "h2", "http/1.1" },
};

static void
fingerprints(void **state)
{
	/* The examples of JA3's own description; of JA3S, the MD5 of "769,47,65281-0-11-35-5-16". */
	static const struct {
		struct shape shape;
		bool server;
		const char *ja3;
	} cases[] = {
		{ { .version = 769, .ciphers = "47-53-5-10-49161-49162-49171-49172-50-56-19-4", .extensions = "0-10-11",
		    .groups = "23-24-25", .points = "0", .name = "a" }, false, "ada70206e40642a3e4461f35503241d5" },
		{ { .version = 769, .ciphers = "4-5-10-9-100-98-3-6-19-18-99", .extensions = "" }, false,
		    "de350869b8c85de67a350c8d186f11e6" },
		{ { .version = 769, .ciphers = "47", .extensions = "65281-0-11-35-5-16" }, true,
		    "836ce314215654b5b1f85f97c73e506f" },
	};
	struct tls *t;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		t = fresh();
		stream.n = 0;
		add_hello(&cases[i].shape, cases[i].server, NULL);
		assert_true(give(t, 0, SIZE_MAX / 2));
		assert_int_equal(told.hellos, 1);
		assert_int_equal(told.hello[0].server, cases[i].server);
		assert_string_equal(told.hello[0].ja3, cases[i].ja3);
		tls_free(t);
	}
	t = fresh();
	stream.n = 0;
	add_hello(&browser, false, NULL);
	give(t, 1, SIZE_MAX / 2);
	assert_int_equal(told.hellos, 1);
	assert_int_equal(told.hello_dir[0], 1);
	assert_string_equal(told.hello[0].ja4, "t13d1516h2_8daaf6152771_e5627efa2ab1");
	assert_string_equal(told.hello[0].sni, "www.example.com");
	assert_int_equal(told.hello[0].n_alpn, 2);
	assert_string_equal(told.hello[0].alpn[1], "http/1.1");
	assert_int_equal(told.hello[0].version, 0x0304);
	assert_int_equal(told.hello[0].legacy_version, 0x0303);
	assert_int_equal(told.hello[0].n_ciphers, 16);
	assert_int_equal(told.hello[0].n_extensions, 18);
	assert_false(told.hello[0].resumed);
	tls_free(t);
}

/* The rarer letters of JA4. */
static void
ja4_letters(void **state)
{
	static const struct {
		unsigned version;
		const char *versions, *extensions, *name, *alpn, *begins, *ends;
	} cases[] = {
		{ 0x0300, NULL, "", NULL, NULL, "ts3i010000_", "_000000000000" },
		{ 0x0301, NULL, "0", "a", NULL, "t10d010100_", "_000000000000" },
		{ 0x0302, NULL, "0-16", "a", "h", "t11d0102hh_", "_000000000000" },
		{ 0x0303, NULL, "16", NULL, "\xab", "t12i0101ab_", "_000000000000" },
		{ 0x0303, NULL, "16", NULL, "\xab\xcd", "t12i0101ad_", "_000000000000" },
		{ 0x0303, NULL, "16", NULL, "0\xab", "t12i01013b_", "_000000000000" },
		{ 0x0303, NULL, "16", NULL, "", "t12i010100_", "_000000000000" },
		{ 0x0303, "0x0a0a-0x0305", "43", NULL, NULL, "t00i010100_", NULL },
		{ 0x0303, "0x0a0a", "43", NULL, NULL, "t12i010100_", NULL },
		{ 0x0303, "0x0301-0x0302", "43", NULL, NULL, "t11i010100_", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct shape s = {
			.version = cases[i].version, .ciphers = "0x0a0a-0x002f", .extensions = cases[i].extensions,
			.versions = cases[i].versions, .name = cases[i].name, .alpn = { cases[i].alpn },
		};
		struct tls *t = fresh();

		stream.n = 0;
		add_hello(&s, false, NULL);
		give(t, 0, 1000);
		assert_int_equal(told.hellos, 1);
		assert_memory_equal(told.hello[0].ja4, cases[i].begins, strlen(cases[i].begins));
		assert_int_equal(strlen(told.hello[0].ja4), TLS_JA4 - 1);
		if (cases[i].ends)
			assert_string_equal(told.hello[0].ja4 + TLS_JA4 - 14, cases[i].ends);
		tls_free(t);
	}
}

/* However it is cut, the same is told, at the packet that completes it. */
static void
pieces(void **state)
{
	static const size_t steps[] = { 1, 2, 3, 5, 7, 64, 100000 };

	(void)state;
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		struct tls *t = fresh();
		static const uint8_t bye[] = { 1, 0 };
		size_t whole;

		/* The message in records of ten bytes. */
		message.n = stream.n = 0;
		put_hello(&message, &browser, false, NULL);
		for (size_t at = 0; at < message.n; at += 10)
			put_record(&stream, TLS_HANDSHAKE, message.p + at, message.n - at < 10 ? message.n - at : 10);
		whole = stream.n;
		put_record(&stream, TLS_ALERT, bye, 2);
		assert_true(give(t, 0, steps[i]));
		assert_int_equal(told.hellos, 1);
		assert_string_equal(told.hello[0].ja4, "t13d1516h2_8daaf6152771_e5627efa2ab1");
		assert_int_equal(told.hello[0].number, (whole + steps[i] - 1) / steps[i]);
		assert_int_equal(told.alerts, 1);
		assert_int_equal(told.alert[0].level, 1);
		assert_false(told.alert[0].encrypted);
		tls_free(t);
	}
}

static const struct shape server12 = { .version = 0x0303, .ciphers = "0xc02f", .extensions = "65281-16", .alpn = { "h2" } };
static const struct shape server13 = { .version = 0x0303, .ciphers = "0x1301", .extensions = "43-51", .versions = "0x0304" };

/* TLS 1.3: a second ClientHello behind the client's change_cipher_spec; then only data, an alert among it. */
static void
retry(void **state)
{
	static const uint8_t one = 1, sealed[60];
	struct tls *t = fresh();

	(void)state;
	stream.n = 0;
	add_hello(&browser, false, NULL);
	give(t, 0, 50);
	stream.n = 0;
	add_hello(&server13, true, tls_retry_random);
	put_record(&stream, TLS_CHANGE_CIPHER, &one, 1);
	assert_true(give(t, 1, 50));
	stream.n = 0;
	put_record(&stream, TLS_CHANGE_CIPHER, &one, 1);
	add_hello(&browser, false, NULL);
	assert_true(give(t, 0, 50));
	stream.n = 0;
	add_hello(&server13, true, NULL);
	put_record(&stream, TLS_DATA, sealed, sizeof sealed);
	assert_false(give(t, 1, 50));
	assert_false(tls_done(t));
	stream.n = 0;
	put_record(&stream, TLS_DATA, sealed, 19);
	assert_false(give(t, 0, 50));
	assert_true(tls_done(t));
	assert_int_equal(told.hellos, 4);
	assert_true(told.hello[1].server && told.hello[1].retry);
	assert_true(told.hello[3].server && !told.hello[3].retry);
	assert_int_equal(told.hello[3].version, 0x0304);
	assert_int_equal(told.alerts, 1);
	assert_true(told.alert[0].encrypted);
	assert_int_equal(told.alert[0].dir, 0);
	tls_free(t);
}

/* TLS 1.2: behind change_cipher_spec, alerts and messages are encrypted. */
static void
encrypted(void **state)
{
	static const uint8_t one = 1, sealed[40] = { TLS_CLIENT_HELLO, 9, 9, 9 };
	struct tls *t = fresh();

	(void)state;
	stream.n = 0;
	add_hello(&server12, true, NULL);
	put_record(&stream, TLS_CHANGE_CIPHER, &one, 1);
	put_record(&stream, TLS_HANDSHAKE, sealed, sizeof sealed);
	put_record(&stream, TLS_ALERT, sealed, 26);
	assert_true(give(t, 1, 7));
	put_record(&stream, TLS_DATA, sealed, 26);
	assert_int_equal(told.hellos, 1);
	assert_string_equal(told.hello[0].alpn[0], "h2");
	assert_int_equal(told.hello[0].version, 0x0303);
	assert_int_equal(told.alerts, 1);
	assert_true(told.alert[0].encrypted);
	tls_free(t);
}

static void
resumption(void **state)
{
	struct shape client = { .version = 0x0303, .ciphers = "0xc02f", .extensions = "", .session = "0123456789" };
	struct shape server = { .version = 0x0303, .ciphers = "0xc02f", .extensions = "", .session = "0123456789" };
	struct shape modern = browser;
	struct tls *t = fresh();

	(void)state;
	stream.n = 0;
	add_hello(&client, false, NULL);
	give(t, 0, 1000);
	stream.n = 0;
	add_hello(&server, true, NULL);
	give(t, 1, 1000);
	assert_int_equal(told.hellos, 2);
	assert_true(told.hello[0].resumed && told.hello[1].resumed);
	tls_free(t);

	t = fresh();
	stream.n = 0;
	modern.session = "0123456789";
	add_hello(&modern, false, NULL);
	give(t, 0, 1000);
	stream.n = 0;
	modern = server13;
	modern.session = "0123456789";
	add_hello(&modern, true, NULL);
	give(t, 1, 1000);
	assert_int_equal(told.hellos, 2);
	assert_false(told.hello[0].resumed || told.hello[1].resumed);
	tls_free(t);
}

/* --- certificates ------------------------------------------------------------------------------------------------ */

static void
name_is(X509_NAME *n, const char *key, const char *value)
{
	assert_true(X509_NAME_add_entry_by_txt(n, key, MBSTRING_UTF8, (const unsigned char *)value, -1, -1, 0));
}

/* A certificate of 2020-09-13 to 2033-05-18, DER, malloc'ed. */
static uint8_t *
make_certificate(const char *subject_key, const char *subject, const char *issuer, const char *sans, int *len)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	X509_NAME *n;
	uint8_t *der = NULL;

	assert_non_null(key);
	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 0x1234abcd);
	ASN1_TIME_set(X509_getm_notBefore(x), 1600000000);
	ASN1_TIME_set(X509_getm_notAfter(x), 2000000000);
	X509_set_pubkey(x, key);
	n = X509_get_subject_name(x);
	name_is(n, "O", "Some Company");
	name_is(n, subject_key, subject);
	n = X509_get_issuer_name(x);
	name_is(n, "O", "Some Company");
	name_is(n, "CN", issuer);
	if (sans) {
		X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, sans);

		assert_non_null(e);
		X509_add_ext(x, e, -1);
		X509_EXTENSION_free(e);
	}
	X509_sign(x, key, EVP_sha256());
	*len = i2d_X509(x, &der);
	assert_true(*len > 0);
	X509_free(x);
	EVP_PKEY_free(key);
	return der;
}

static void
put_certificate(const uint8_t *der, size_t n)
{
	size_t all, list, one;

	message.n = 0;
	put_u(&message, 1, TLS_CERTIFICATE);
	all = open_length(&message, 3);
	list = open_length(&message, 3);
	one = open_length(&message, 3);
	put(&message, der, n);
	close_length(&message, 3, one);
	close_length(&message, 3, list);
	close_length(&message, 3, all);
	put_record(&stream, TLS_HANDSHAKE, message.p, message.n);
}

static void
certificates(void **state)
{
	struct tls *t = fresh();
	int n;
	uint8_t *der = make_certificate("CN", "web\x1b[31m.example.com", "Some CA",
	    "DNS:web.example.com,DNS:*.example.net,IP:192.0.2.1,IP:2001:db8::1,email:a@example.com", &n), is[32];
	char hex[65];

	(void)state;
	stream.n = 0;
	add_hello(&server12, true, NULL);
	put_certificate(der, (size_t)n);
	assert_true(give(t, 1, 100));
	assert_int_equal(told.certificates, 1);
	assert_string_equal(told.certificate[0].subject, "web.[31m.example.com");
	assert_string_equal(told.certificate[0].issuer, "Some CA");
	assert_int_equal(told.certificate[0].n_names, 4);
	assert_string_equal(told.certificate[0].names[0], "web.example.com");
	assert_string_equal(told.certificate[0].names[1], "*.example.net");
	assert_string_equal(told.certificate[0].names[2], "192.0.2.1");
	assert_string_equal(told.certificate[0].names[3], "2001:db8::1");
	assert_int_equal(told.certificate[0].not_before, 1600000000);
	assert_int_equal(told.certificate[0].not_after, 2000000000);
	assert_string_equal(told.certificate[0].serial, "1234abcd");
	assert_false(told.certificate[0].self_signed || told.certificate[0].client);
	assert_true(EVP_Digest(der, (size_t)n, is, NULL, EVP_sha256(), NULL));
	for (unsigned i = 0; i < 32; i++)
		snprintf(hex + 2 * i, 3, "%02x", is[i]);
	assert_string_equal(told.certificate[0].sha256, hex);
	tls_free(t);

	/* A damaged one is nothing, and what follows it is read. */
	t = fresh();
	stream.n = 0;
	memset(der + 10, 0xff, 30);
	put_certificate(der, (size_t)n);
	add_hello(&server12, true, NULL);
	assert_true(give(t, 1, 100));
	assert_int_equal(told.certificates, 0);
	assert_int_equal(told.hellos, 1);
	tls_free(t);
	free(der);

	/* Without a common name, all of it; and self-signed. */
	t = fresh();
	stream.n = 0;
	der = make_certificate("CN", "same", "same", NULL, &n);
	put_certificate(der, (size_t)n);
	free(der);
	der = make_certificate("OU", "Unit", "x", NULL, &n);
	put_certificate(der, (size_t)n);
	give(t, 1, 100);
	assert_int_equal(told.certificates, 2);
	assert_true(told.certificate[0].self_signed);
	assert_string_equal(told.certificate[1].subject, "OU=Unit,O=Some Company");
	free(der);
	tls_free(t);
}

/* --- what is not as it should be ---------------------------------------------------------------------------------- */

static bool
give_gap(struct tls *t, unsigned dir, uint64_t missing, const void *p, size_t n)
{
	struct flow_piece k = { .p = p, .len = (uint32_t)n, .missing = missing, .number = 1 };

	return tls_take(t, dir, &k);
}

static void
gaps(void **state)
{
	struct tls *t = fresh();
	size_t half, n;

	(void)state;
	/* Bytes missing in a message cost it, and not the record behind it, whose head is in the piece behind the gap. */
	stream.n = 0;
	add_hello(&browser, false, NULL);
	half = stream.n / 2;
	add_hello(&server12, false, NULL);
	n = stream.n;
	assert_true(give_gap(t, 0, 0, stream.p, half));
	assert_true(give_gap(t, 0, 20, stream.p + half + 20, n - half - 20));
	assert_int_equal(told.hellos, 1);
	assert_int_equal(told.hello[0].ciphers[0], 0xc02f);
	/* More is missing than the record had: then it goes on where a piece looks like a record. */
	assert_true(give_gap(t, 0, 0, stream.p, half));
	assert_true(give_gap(t, 0, 100000, "in the middle of something", 26));
	assert_true(give_gap(t, 0, 0, "something else, not a record", 28));
	assert_true(give_gap(t, 0, 0, stream.p, n));
	assert_int_equal(told.hellos, 3);
	tls_free(t);
}

static void
starttls(void **state)
{
	struct tls *t = fresh();
	static char zeros[TLS_HUNT_MAX];

	(void)state;
	stream.n = 0;
	add_hello(&browser, false, NULL);
	assert_true(give_gap(t, 1, 0, "220 mail.example.com ESMTP\r\n", 28));
	assert_true(give_gap(t, 0, 0, "EHLO x\r\n", 8));
	assert_true(give_gap(t, 0, 0, "STARTTLS\r\n", 10));
	assert_true(give_gap(t, 0, 0, stream.p, stream.n));
	assert_int_equal(told.hellos, 1);
	tls_free(t);

	/* What is something else is given up, and it is not waited for the other direction then. */
	t = fresh();
	assert_true(give_gap(t, 0, 0, zeros, sizeof zeros));
	assert_false(give_gap(t, 0, 0, zeros, 10));
	assert_true(tls_done(t));
	tls_free(t);
}

static void
wrong_lengths(void **state)
{
	struct tls *t = fresh();
	size_t n;

	(void)state;
	/* Each byte set to each of some values: nothing breaks, and there is never more than one hello. */
	stream.n = 0;
	add_hello(&browser, false, NULL);
	n = stream.n;
	for (size_t i = 0; i < n; i++) {
		static const uint8_t values[] = { 0, 1, 0x7f, 0xff };

		for (size_t j = 0; j < sizeof values; j++) {
			uint8_t was = stream.p[i];

			tls_free(t);
			t = fresh();
			stream.p[i] = values[j];
			give(t, 0, 33);
			stream.p[i] = was;
			assert_true(told.hellos <= 1);
		}
	}
	tls_free(t);

	/* A message longer than the ceiling is passed over, and what is behind it is read. */
	t = fresh();
	stream.n = message.n = 0;
	put_u(&message, 1, TLS_CLIENT_HELLO);
	put_u(&message, 3, TLS_FLIGHT_MAX + 1);
	message.n += TLS_FLIGHT_MAX + 1;
	put_hello(&message, &server12, true, NULL);
	for (size_t at = 0; at < message.n; at += 16384)
		put_record(&stream, TLS_HANDSHAKE, message.p + at, message.n - at < 16384 ? message.n - at : 16384);
	assert_true(give(t, 0, 1460));
	assert_int_equal(told.hellos, 1);
	assert_true(told.hello[0].server);
	tls_free(t);

	/* More ciphers than the ceiling: told, but without fingerprints. */
	t = fresh();
	stream.n = message.n = 0;
	put_u(&message, 1, TLS_CLIENT_HELLO);
	put_u(&message, 3, 2 + TLS_RANDOM + 1 + 2 + 600 + 2);
	put_u(&message, 2, 0x0303);
	message.n += TLS_RANDOM;
	put_u(&message, 1, 0);
	put_u(&message, 2, 600);
	message.n += 600;
	put_u(&message, 2, 0x0100);
	put_record(&stream, TLS_HANDSHAKE, message.p, message.n);
	give(t, 0, 1460);
	assert_int_equal(told.hellos, 1);
	assert_int_equal(told.hello[0].n_ciphers, TLS_LIST_MAX);
	assert_true(told.hello[0].cut);
	assert_string_equal(told.hello[0].ja3, "");
	tls_free(t);

	/* All messages that wait share one ceiling, and give back what they had. */
	{
		enum { MANY = TLS_HELD_MAX / (128 << 10) + 10 };
		static struct tls *all[MANY];
		uint64_t held = 0;
		struct tls_watch w = { &told, on_hello, on_certificate, on_alert, &held };

		memset(&told, 0, sizeof told);
		stream.n = message.n = 0;
		put_u(&message, 1, TLS_CLIENT_HELLO);
		put_u(&message, 3, 128 << 10);
		message.n += 100 << 10;
		for (size_t at = 0; at < message.n; at += 16384)
			put_record(&stream, TLS_HANDSHAKE, message.p + at, message.n - at < 16384 ? message.n - at : 16384);
		for (unsigned i = 0; i < MANY; i++) {
			all[i] = tls_new(&w);
			give(all[i], 0, 100000);
			assert_true(held <= TLS_HELD_MAX);
		}
		assert_true(held > TLS_HELD_MAX / 2);
		for (unsigned i = 0; i < MANY; i++)
			tls_free(all[i]);
		assert_int_equal(held, 0);
		assert_int_equal(told.hellos, 0);
	}

	/* One that says hello again and again is heard so often and no more. */
	struct tls_watch deaf = { 0 };

	t = tls_new(&deaf);
	stream.n = 0;
	add_hello(&server12, true, NULL);
	for (unsigned i = 0; i < 1000; i++)
		assert_true(give(t, 1, 1460));
	tls_free(t);
}

static void
names(void **state)
{
	(void)state;
	assert_string_equal(tls_alert_name(48), "unknown_ca");
	assert_null(tls_alert_name(255));
	assert_true(tls_grease(0x0a0a) && tls_grease(0xfafa));
	assert_false(tls_grease(0x0a1a) || tls_grease(0x0b0b));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fingerprints), cmocka_unit_test(ja4_letters), cmocka_unit_test(pieces),
		cmocka_unit_test(retry), cmocka_unit_test(encrypted), cmocka_unit_test(resumption),
		cmocka_unit_test(certificates), cmocka_unit_test(gaps), cmocka_unit_test(starttls),
		cmocka_unit_test(wrong_lengths), cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
