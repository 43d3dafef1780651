/* Certificates of TLS 1.2 and before (RFC 5246 section 7.4.2), read by libcrypto. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "pkt/address.h"
#include "stream/tls_parts.h"

enum { SERIAL_MAX = 32, PARTS_MAX = 64 };	/* of a name that is written out: to write thousands takes long */

static void
hex(char *to, const uint8_t *p, size_t n)
{
	static const char letters[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		to[2 * i] = letters[p[i] >> 4];
		to[2 * i + 1] = letters[p[i] & 15];
	}
	to[2 * n] = '\0';
}

/* The last common name: the most specific one. Without one, all of the name as RFC 2253 writes it, or of how many parts it is. */
static void
name_text(char to[TLS_NAME_MAX], const X509_NAME *name)
{
	int at = -1, next;

	to[0] = '\0';
	if (name == NULL)
		return;
	while ((next = X509_NAME_get_index_by_NID(name, NID_commonName, at)) >= 0)
		at = next;
	if (at >= 0) {
		const ASN1_STRING *s = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at));
		unsigned char *utf8 = NULL;
		int n = s ? ASN1_STRING_to_UTF8(&utf8, s) : -1;

		if (n >= 0)
			tls_text(to, utf8, (size_t)n);
		OPENSSL_free(utf8);
	} else if (X509_NAME_entry_count(name) > PARTS_MAX) {
		snprintf(to, TLS_NAME_MAX, "(a name of %d parts)", X509_NAME_entry_count(name));
	} else {
		BIO *b = BIO_new(BIO_s_mem());
		char *text;
		long n;

		if (b && X509_NAME_print_ex(b, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0) {
			n = BIO_get_mem_data(b, &text);
			if (n > 0)
				tls_text(to, (const uint8_t *)text, (size_t)n);
		}
		BIO_free(b);
	}
}

static int64_t
seconds_of(const ASN1_TIME *t)
{
	struct tm tm;

	return t && ASN1_TIME_to_tm(t, &tm) ? (int64_t)timegm(&tm) : INT64_MIN;
}

static void
add_name(struct tls_certificate *c, const GENERAL_NAME *g)
{
	const ASN1_STRING *s = g->d.ia5;
	char text[TLS_NAME_MAX];
	const uint8_t *p;
	int n;

	if (g->type != GEN_DNS && g->type != GEN_IPADD)
		return;
	p = ASN1_STRING_get0_data(s);
	n = ASN1_STRING_length(s);
	if (n < 0)
		return;
	if (g->type == GEN_DNS)
		tls_text(text, p, (size_t)n);
	else if (n == 4)
		*address_ip4(text, p) = '\0';
	else if (n == 16)
		*address_ip6(text, p) = '\0';
	else
		return;
	if (c->n_names < TLS_SANS_MAX)
		memcpy(c->names[c->n_names], text, sizeof text);
	c->n_names++;
}

static void
read_names(struct tls_certificate *c, const X509 *x)
{
	GENERAL_NAMES *all = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);

	for (int i = 0; i < sk_GENERAL_NAME_num(all); i++)
		add_name(c, sk_GENERAL_NAME_value(all, i));
	GENERAL_NAMES_free(all);
}

static void
read_serial(struct tls_certificate *c, const X509 *x)
{
	const ASN1_INTEGER *serial = X509_get0_serialNumber(x);
	int n = serial ? ASN1_STRING_length(serial) : 0;

	if (n > 0)
		hex(c->serial, ASN1_STRING_get0_data(serial), (size_t)(n < SERIAL_MAX ? n : SERIAL_MAX));
}

bool
tls_certificate_read(struct tls_certificate *c, const uint8_t *p, size_t n)
{
	const unsigned char *at;
	uint8_t is[EVP_MAX_MD_SIZE];
	unsigned size = 0;
	size_t len;
	X509 *x;

	/* The length of the list, and of its first certificate. */
	if (n < 6 || ((size_t)p[0] << 16 | (size_t)p[1] << 8 | p[2]) > n - 3)
		return false;
	len = (size_t)p[3] << 16 | (size_t)p[4] << 8 | p[5];
	if (len == 0 || len > n - 6 || len > LONG_MAX)
		return false;
	at = p + 6;
	x = d2i_X509(NULL, &at, (long)len);
	if (x) {
		name_text(c->subject, X509_get_subject_name(x));
		name_text(c->issuer, X509_get_issuer_name(x));
		c->self_signed = X509_NAME_cmp(X509_get_subject_name(x), X509_get_issuer_name(x)) == 0;
		c->not_before = seconds_of(X509_get0_notBefore(x));
		c->not_after = seconds_of(X509_get0_notAfter(x));
		read_serial(c, x);
		read_names(c, x);
		if (EVP_Digest(p + 6, len, is, &size, EVP_sha256(), NULL) && size == 32)
			hex(c->sha256, is, size);
		X509_free(x);
	}
	ERR_clear_error();
	return x != NULL;
}
