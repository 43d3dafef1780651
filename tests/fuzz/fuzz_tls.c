/* TLS out of streams: any bytes, in any pieces and with any gaps; what is told keeps to its ceilings. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "stream/tls.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* A text of a name ends, and has nothing in it that a terminal would act upon. */
static void
harmless(const char text[TLS_NAME_MAX])
{
	const char *end = memchr(text, 0, TLS_NAME_MAX);

	assert(end);
	for (const char *p = text; p < end; p++)
		assert(*p >= ' ' && *p < 0x7f);
}

static void
on_hello(void *ctx, unsigned dir, const struct tls_hello *h)
{
	unsigned *told = ctx;

	assert(++told[dir] <= TLS_TOLD_MAX);
	assert(h->n_ciphers <= TLS_LIST_MAX && h->n_extensions <= TLS_LIST_MAX && h->n_alpn <= TLS_ALPN_MAX);
	assert(strlen(h->ja3) == (h->cut ? 0 : TLS_JA3 - 1));
	assert(strlen(h->ja4) == (h->cut || h->server ? 0 : TLS_JA4 - 1));
	harmless(h->sni);
	for (unsigned i = 0; i < h->n_alpn; i++)
		harmless(h->alpn[i]);
}

static void
on_certificate(void *ctx, unsigned dir, const struct tls_certificate *c)
{
	unsigned *told = ctx;

	assert(++told[dir] <= TLS_TOLD_MAX);
	harmless(c->subject);
	harmless(c->issuer);
	for (unsigned i = 0; i < c->n_names && i < TLS_SANS_MAX; i++)
		harmless(c->names[i]);
	assert(strlen(c->serial) < sizeof c->serial && strlen(c->sha256) == 64);
}

static void
on_alert(void *ctx, const struct tls_alert *a)
{
	(void)ctx;
	assert(a->dir <= 1 && (!a->encrypted || (a->level == 0 && a->description == 0)));
}

/* Pieces: direction (bit 0) and whether bytes are missing (bit 1), length in two bytes, a byte how many are missing, bytes. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	unsigned told[2] = { 0 };
	const struct tls_watch w = { told, on_hello, on_certificate, on_alert };
	struct tls *t = tls_new(&w);
	uint64_t number = 0;

	if (!t)
		return 0;
	while (n >= 4) {
		struct flow_piece k = { .number = ++number, .missing = data[0] & 2 ? data[3] : 0 };
		size_t len = (size_t)data[1] << 8 | data[2];
		unsigned dir = data[0] & 1;
		uint8_t *copy;

		data += 4;
		n -= 4;
		len = len < n ? len : n;
		copy = malloc(len ? len : 1);
		if (!copy)
			break;
		memcpy(copy, data, len);
		k.p = copy;
		k.len = (uint32_t)len;
		tls_take(t, dir, &k);
		free(copy);
		data += len;
		n -= len;
	}
	tls_free(t);
	return 0;
}
