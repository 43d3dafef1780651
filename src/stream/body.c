#include "stream/body.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

enum kind { GZIP, DEFLATE, BROTLI, ZSTD };

/* What a decoder is counted with before it has shown what it takes. */
enum { ZLIB_COST = 48 << 10, ZSTD_COST = 160 << 10, OUT_SIZE = 16 << 10, BROTLI_HEAD = 16, BROTLI_SLACK = 4 << 10 };

/* What it counts that a decoder is made, in bytes that take as long. */
enum { ZLIB_OPEN = 4 << 10, BROTLI_OPEN = 4 << 10, ZSTD_OPEN = 16 << 10 };

struct stage {
	enum kind kind;
	bool open;		/* the library has been started */
	bool begun, whole;	/* bytes have come; a member is complete */
	uint8_t first;		/* deflate: waits for the second byte, which tells zlib's format from none */
	bool has_first;
	uint64_t cost;
	union {
		z_stream z;
		BrotliDecoderState *br;
		ZSTD_DStream *zstd;
	} u;
};

struct body {
	unsigned n;
	uint64_t *held, held_max, none;
	uint64_t decoded;
	uint64_t between;	/* bytes that one coding handed to the next */
	struct body_credit *credit;
	const char *trouble;
	void (*out)(void *ctx, const uint8_t *p, size_t n);
	void *ctx;
	struct stage stages[BODY_CODINGS_MAX];
};

/* --- memory -------------------------------------------------------------------------------------------------------- */

static bool
hold(struct body *b, struct stage *s, uint64_t cost)
{
	if (cost > s->cost && *b->held + (cost - s->cost) > b->held_max)
		return false;
	*b->held += cost - s->cost;
	s->cost = cost;
	return true;
}

/* Brotli's window grows with what will be in it, which is told in front; each allocation has its size in front. */
static void *
brotli_alloc(void *opaque, size_t n)
{
	struct body *b = opaque;
	uint8_t *p;

	b->trouble = "a br window beyond 2 MiB";
	if (n > BODY_BR_WINDOW_MAX + BROTLI_SLACK)
		return NULL;
	b->trouble = "no memory for decoding";
	if (*b->held + n > b->held_max)
		return NULL;
	p = malloc(n + BROTLI_HEAD);
	if (p == NULL)
		return NULL;
	b->trouble = NULL;
	memcpy(p, &n, sizeof n);
	*b->held += n;
	return p + BROTLI_HEAD;
}

static void
brotli_free(void *opaque, void *address)
{
	struct body *b = opaque;
	size_t n;

	if (address == NULL)
		return;
	memcpy(&n, (uint8_t *)address - BROTLI_HEAD, sizeof n);
	*b->held -= n;
	free((uint8_t *)address - BROTLI_HEAD);
}

void
body_begin(struct body_credit *c)
{
	c->left = BODY_BURST;
}

void
body_earn(struct body_credit *c, uint64_t n)
{
	const uint64_t before = c->left < BODY_BURST ? c->left : BODY_BURST;

	c->left = n < BODY_AT_ONCE / BODY_GROWTH ? before + n * BODY_GROWTH : BODY_AT_ONCE;
	c->left = c->left < BODY_AT_ONCE ? c->left : BODY_AT_ONCE;
}

struct body *
body_new(uint64_t *held, uint64_t held_max, struct body_credit *credit)
{
	struct body *b = calloc(1, sizeof *b);

	if (b == NULL)
		return NULL;
	b->held = held ? held : &b->none;
	b->held_max = held_max;
	b->credit = credit;
	*b->held += sizeof *b;
	return b;
}

void
body_free(struct body *b)
{
	if (b == NULL)
		return;
	for (unsigned i = 0; i < b->n; i++) {
		struct stage *s = &b->stages[i];

		if (s->open && s->kind <= DEFLATE)
			inflateEnd(&s->u.z);
		else if (s->open && s->kind == BROTLI)
			BrotliDecoderDestroyInstance(s->u.br);
		else if (s->open)
			ZSTD_freeDStream(s->u.zstd);
		hold(b, s, 0);
	}
	*b->held -= sizeof *b;
	free(b);
}

bool
body_add(struct body *b, const char *name, size_t n)
{
	static const struct {
		const char *name;
		enum kind kind;
	} codings[] = {
		{ "gzip", GZIP }, { "x-gzip", GZIP }, { "deflate", DEFLATE }, { "br", BROTLI }, { "zstd", ZSTD },
	};

	if (n == 8 && strncasecmp(name, "identity", n) == 0)
		return true;
	for (unsigned i = 0; i < sizeof codings / sizeof codings[0]; i++)
		if (strlen(codings[i].name) == n && strncasecmp(codings[i].name, name, n) == 0) {
			if (b->n == BODY_CODINGS_MAX) {
				b->trouble = "too many content codings";
				return false;
			}
			b->stages[b->n++].kind = codings[i].kind;
			return true;
		}
	b->trouble = "an unknown content coding";
	return false;
}

bool
body_is_whole(const struct body *b)
{
	for (unsigned i = 0; i < b->n; i++)
		if (b->stages[i].begun && !b->stages[i].whole)
			return false;
	return true;
}

const char *
body_trouble(const struct body *b)
{
	return b->trouble;
}

/* --- decoding ------------------------------------------------------------------------------------------------------ */

static bool pass(struct body *b, unsigned i, const uint8_t *p, size_t n, size_t *used);

static bool
fail(struct body *b, const char *why)
{
	b->trouble = why;
	return false;
}

/* What has grown too much once has no more of this packet: brotli fills its window before it tells what is in there. */
static bool
spend(struct body *b, size_t n)
{
	if (n > b->credit->left) {
		b->credit->left = 0;
		return fail(b, "it grows too much");
	}
	b->credit->left -= n;
	return true;
}

static bool
inflate_open(struct body *b, struct stage *s, int bits)
{
	memset(&s->u.z, 0, sizeof s->u.z);
	if (!hold(b, s, ZLIB_COST) || inflateInit2(&s->u.z, bits) != Z_OK)
		return fail(b, "no memory for decoding");
	return s->open = true;
}

static bool
inflate_run(struct body *b, unsigned i, const uint8_t *p, size_t n, size_t *used)
{
	struct stage *s = &b->stages[i];
	uint8_t out[OUT_SIZE];
	size_t below;
	int r;

	s->u.z.next_in = (Bytef *)(uintptr_t)p;
	s->u.z.avail_in = (uInt)n;
	do {
		/* Another member may follow (RFC 1952 section 2.2); what is none is ignored, as browsers do. */
		if (s->whole) {
			if (s->kind != GZIP || s->u.z.avail_in == 0 || *s->u.z.next_in != 0x1f) {
				*used = n;
				return true;
			}
			inflateReset(&s->u.z);
			s->whole = false;
		}
		s->u.z.next_out = out;
		s->u.z.avail_out = sizeof out;
		r = inflate(&s->u.z, Z_NO_FLUSH);
		*used = n - s->u.z.avail_in;
		if (!pass(b, i + 1, out, sizeof out - s->u.z.avail_out, &below))
			return false;
		s->whole = r == Z_STREAM_END;
		if (r != Z_OK && r != Z_STREAM_END && r != Z_BUF_ERROR)
			return fail(b, s->kind == GZIP ? "damaged gzip data" : "damaged deflate data");
	} while (s->u.z.avail_in || s->u.z.avail_out == 0);
	return true;
}

/* zlib's format (RFC 1950) is what "deflate" means; many a server sends bare deflate data (RFC 1951). */
static bool
deflate_run(struct body *b, unsigned i, const uint8_t *p, size_t n, size_t *used)
{
	struct stage *s = &b->stages[i];
	size_t none;
	bool zlib;

	if (s->open)
		return inflate_run(b, i, p, n, used);
	if (!s->has_first) {
		s->first = *p;
		s->has_first = true;
		if (n == 1) {
			*used = 1;
			return true;
		}
		p++, n--;
		*used = 1;
	}
	zlib = (s->first & 15) == 8 && (s->first << 8 | *p) % 31 == 0;
	if (!inflate_open(b, s, zlib ? 15 : -15) || !inflate_run(b, i, &s->first, 1, &none))
		return false;
	if (!inflate_run(b, i, p, n, &none))
		return false;
	*used += none;
	return true;
}

static bool
brotli_run(struct body *b, unsigned i, const uint8_t *p, size_t n, size_t *used)
{
	struct stage *s = &b->stages[i];
	BrotliDecoderResult r;
	uint8_t out[OUT_SIZE];
	size_t left = n, below;

	if (!s->open) {
		s->u.br = BrotliDecoderCreateInstance(brotli_alloc, brotli_free, b);
		if (s->u.br == NULL)
			return false;
		s->open = true;
	}
	do {
		uint8_t *to = out;
		size_t room = sizeof out;

		if (s->whole) {
			*used = n;
			return true;
		}
		r = BrotliDecoderDecompressStream(s->u.br, &left, &p, &room, &to, NULL);
		*used = n - left;
		if (!pass(b, i + 1, out, sizeof out - room, &below))
			return false;
		s->whole = r == BROTLI_DECODER_RESULT_SUCCESS;
		if (r == BROTLI_DECODER_RESULT_ERROR)
			return b->trouble ? false : fail(b, "damaged br data");
	} while (left || r == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT);
	return true;
}

static bool
zstd_run(struct body *b, unsigned i, const uint8_t *p, size_t n, size_t *used)
{
	struct stage *s = &b->stages[i];
	ZSTD_inBuffer in = { p, n, 0 };
	uint8_t bytes[OUT_SIZE];
	size_t r, below;
	bool full;

	if (!s->open) {
		if (!hold(b, s, ZSTD_COST) || (s->u.zstd = ZSTD_createDStream()) == NULL)
			return fail(b, "no memory for decoding");
		s->open = true;
		ZSTD_DCtx_setParameter(s->u.zstd, ZSTD_d_windowLogMax, BODY_WINDOW_MAX);
	}
	do {
		ZSTD_outBuffer out = { bytes, sizeof bytes, 0 };

		r = ZSTD_decompressStream(s->u.zstd, &out, &in);
		*used = in.pos;
		full = out.pos == sizeof bytes;
		if (!pass(b, i + 1, bytes, out.pos, &below))
			return false;
		s->whole = r == 0;
		if (ZSTD_isError(r))
			return fail(b, "damaged zstd data");
		if (!hold(b, s, ZSTD_sizeof_DStream(s->u.zstd)))
			return fail(b, "no memory for decoding");
	} while (in.pos < in.size || full);
	return true;
}

/* Bytes for stage i; behind the last one they are the body's. */
static bool
pass(struct body *b, unsigned i, const uint8_t *p, size_t n, size_t *used)
{
	static const unsigned costs[] = { [GZIP] = ZLIB_OPEN, [DEFLATE] = ZLIB_OPEN, [BROTLI] = BROTLI_OPEN,
		[ZSTD] = ZSTD_OPEN };

	*used = 0;
	if (n == 0)
		return true;
	if (i && !spend(b, n))
		return false;
	if (i == b->n) {
		if (n > BODY_DECODED_MAX - b->decoded)
			return fail(b, "it grows beyond 256 MiB");
		b->decoded += n;
		b->out(b->ctx, p, n);
		*used = n;
		return true;
	}
	if (i && n > BODY_DECODED_MAX - b->between)
		return fail(b, "it grows beyond 256 MiB");
	b->between += i ? n : 0;
	b->stages[i].begun = true;
	if (b->credit->left == 0)
		return fail(b, "it grows too much");
	if (!b->stages[i].open && !spend(b, costs[b->stages[i].kind]))
		return false;
	switch (b->stages[i].kind) {
	case GZIP:
		if (!b->stages[i].open && !inflate_open(b, &b->stages[i], 15 + 16))
			return false;
		return inflate_run(b, i, p, n, used);
	case DEFLATE:
		return deflate_run(b, i, p, n, used);
	case BROTLI:
		return brotli_run(b, i, p, n, used);
	case ZSTD:
		return zstd_run(b, i, p, n, used);
	}
	return false;
}

bool
body_take(struct body *b, const uint8_t *p, size_t n, size_t *used, void (*out)(void *ctx, const uint8_t *p, size_t n),
    void *ctx)
{
	b->out = out;
	b->ctx = ctx;
	if (pass(b, 0, p, n, used))
		return true;
	/* A server that says gzip and sends none. */
	if (b->decoded == 0)
		*used = 0;
	return false;
}
