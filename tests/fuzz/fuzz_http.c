/* HTTP: any bytes in any pieces. Where nothing is lost, how they are cut into pieces changes nothing. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "stream/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* 0xfe ends a piece; the byte behind it says whose the next one is, and what is missing in front of it. */
enum { CUT = 0xfe, DIR = 1, MISSING = 2 };

struct seen {
	uint64_t hash, next[2];
	bool comparable;
	bool open[2];
};

static void
note(struct seen *s, const void *p, size_t n)
{
	const uint8_t *b = p;

	for (size_t i = 0; i < n; i++)
		s->hash = (s->hash ^ b[i]) * 0x100000001b3;
}

static void
touch(struct seen *s, struct http_text t)
{
	note(s, t.p, t.len);
}

static void
on_head(void *ctx, struct http_message *m, unsigned dir)
{
	struct seen *s = ctx;

	assert(!s->open[dir] && m->head.len && m->n_headers <= HTTP_HEADERS_MAX);
	s->open[dir] = true;
	touch(s, m->head);
	touch(s, m->response ? m->reason : m->method);
	for (unsigned i = 0; i < m->n_headers; i++) {
		touch(s, m->headers[i].name);
		touch(s, m->headers[i].value);
	}
	assert(m->first_number <= m->last_number);
	note(s, &m->offset, sizeof m->offset);
	/* A beginning that had to be looked for depends on the pieces. */
	if (m->offset > s->next[dir])
		s->comparable = false;
	m->user = m;
}

static void
on_body(void *ctx, struct http_message *m, unsigned dir, const uint8_t *p, size_t n)
{
	struct seen *s = ctx;

	assert(s->open[dir] && n && m->head.len);
	note(s, p, n);
}

static void
on_missing(void *ctx, struct http_message *m, unsigned dir, uint64_t n)
{
	struct seen *s = ctx;

	assert(s->open[dir] && n && m->missing <= m->body);
	s->comparable = false;
}

static void
on_end(void *ctx, struct http_message *m, unsigned dir)
{
	struct seen *s = ctx;

	assert(s->open[dir]);
	s->open[dir] = false;
	note(s, &m->body, sizeof m->body);
	note(s, &m->cut, sizeof m->cut);
	s->next[dir] = m->offset + m->head.len + m->body;
	/* Damage is found where a piece ends; the bytes before it may have been handed over or not. */
	if (m->undecodable || m->odd || m->decoded != m->body || memmem(m->head.p, m->head.len, "chunked", 7))
		s->next[dir] = UINT64_MAX / 2;
	if (m->undecodable)
		s->comparable = false;
}

static void
on_other(void *ctx, unsigned dir, const char *why)
{
	struct seen *s = ctx;

	assert(why && dir < 2);
	s->comparable = false;
}

static struct seen
run(const uint8_t *data, size_t n, bool bytewise, bool decode)
{
	struct seen s = { .comparable = true };
	uint64_t held = 0, offset[2] = { 0 }, number = 0;
	struct http_watch watch = { &s, on_head, on_body, on_missing, on_end, on_other, &held };
	struct http *h = http_new(&watch, decode);
	uint64_t missing = 0;
	unsigned dir = 0;

	if (h == NULL)
		abort();
	for (size_t i = 0; i < n;) {
		const uint8_t *cut = memchr(data + i, CUT, n - i);
		size_t len = cut ? (size_t)(cut - data) - i : n - i;
		size_t step = bytewise && len ? 1 : len;

		number++;
		for (size_t k = 0; k < (len ? len : 1); k += step ? step : 1) {
			uint8_t *copy = malloc(step ? step : 1);
			struct flow_piece piece = { .p = copy, .len = (uint32_t)step, .missing = missing, .number = number,
				.ns = (int64_t)number };

			if (copy == NULL)
				abort();
			memcpy(copy, data + i + k, step);
			offset[dir] += missing;
			piece.offset = offset[dir];
			offset[dir] += step;
			if (missing)
				s.comparable = false;
			missing = 0;
			http_take(h, dir, &piece);
			free(copy);
		}
		i += len + 2;
		if (cut && i <= n) {
			dir = data[i - 1] & DIR;
			missing = data[i - 1] & MISSING ? (data[i - 1] >> 2) + 1 : 0;
		}
	}
	http_end(h);
	assert(!s.open[0] && !s.open[1]);
	http_free(h);
	assert(held == 0);
	return s;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct seen a = run(data, n, false, true), b = run(data, n, true, true);

	if (a.comparable && b.comparable)
		assert(a.hash == b.hash);
	run(data, n, false, false);
	return 0;
}
