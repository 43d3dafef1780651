/*
 * Patterns looked for in bytes. The first byte chooses how; lines up to a NUL are patterns, each with a letter for its kind in
 * front; then the bytes. However they are cut into pieces, and with either engine, the same is found.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stream/search.h"

enum { PATTERNS = 8, INPUT_MAX = 4096, TEXT_MAX = 200, ALL_MAX = 100000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
	uint64_t sum, n;	/* of what each match is, whatever order they come in */
};

static void
fail(const char *what)
{
	fprintf(stderr, "limit broken: %s\n", what);
	abort();
}

static bool
on_found(void *ctx, const struct search_match *m)
{
	struct seen *s = ctx;
	uint64_t h = m->pattern + 1;

	for (uint32_t i = 0; i < m->len; i++)
		h = (h ^ m->p[i]) * 0x100000001b3;
	for (uint32_t i = 0; i < m->before; i++)
		h += 0 * m->p[-1 - (ptrdiff_t)i];
	h = (h ^ m->offset) * 0x9e3779b97f4a7c15;
	h = (h ^ m->len) * 0x9e3779b97f4a7c15;
	if (m->len == 0)
		fail("an empty match");
	s->sum += h;
	return ++s->n < ALL_MAX;
}

/* The patterns of the text, as they were given. */
static struct search *
make(const struct search_options *o, const char *text, bool ignore_case)
{
	struct search *s = search_new(o);
	unsigned n = 0;
	struct err e;

	if (!s)
		abort();
	while (*text && n < PATTERNS) {
		size_t len = strcspn(text, "\n");
		enum search_kind kind = *text == 'f' ? SEARCH_FIXED : *text == 'x' ? SEARCH_HEX : SEARCH_REGEX;

		if (len > 1 && len < TEXT_MAX && search_add(s, kind, text + 1, len - 1, ignore_case, &e))
			n++;
		text += len + (text[len] != '\0');
	}
	if (n == 0 || !search_ready(s, &e)) {
		search_free(s);
		return NULL;
	}
	return s;
}

/* False: a limit was met, so that what was found may differ. */
static bool
run(const struct search_options *o, const char *text, bool ignore_case, const uint8_t *p, size_t n, size_t step,
    struct seen *seen)
{
	struct search *s = make(o, text, ignore_case);
	struct search_stream stream = { 0 };
	const struct search_counts *c;
	uint64_t number = 0;
	bool going = true, whole;

	*seen = (struct seen) { 0 };
	if (!s)
		return false;
	for (size_t at = 0; going && at < n; at += step) {
		size_t len = step < n - at ? step : n - at;
		struct search_piece k = { .len = (uint32_t)len, .offset = at, .number = ++number };
		uint8_t *copy = malloc(len);

		if (!copy)
			abort();
		memcpy(copy, p + at, len);
		k.p = copy;
		going = search_feed(s, &stream, &k, seen);
		free(copy);
	}
	if (going)
		search_end(s, &stream, seen);
	search_drop(s, &stream);
	c = search_counts(s);
	if (c->memory)
		fail("memory of streams that are over");
	whole = c->limits == 0 && c->cut == 0 && c->forgotten == 0 && seen->n < ALL_MAX;
	search_free(s);
	return whole;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct search_options o = { .found = on_found };
	const uint8_t *nul;
	struct seen a, b;
	char *text;
	size_t n;

	if (size < 3 || size > INPUT_MAX)
		return 0;
	nul = memchr(data + 1, 0, size - 1);
	if (!nul)
		return 0;
	text = strndup((const char *)data + 1, (size_t)(nul - data) - 1);
	if (!text)
		return 0;
	n = size - (size_t)(nul + 1 - data);
	o.context = data[0] & 2 ? 10 : 0;
	o.pcre_only = true;
	if (run(&o, text, data[0] & 1, nul + 1, n, n ? n : 1, &a)) {
		o.pcre_only = data[0] & 4;
		if (run(&o, text, data[0] & 1, nul + 1, n, 1 + (data[0] >> 3), &b) && (a.n != b.n || a.sum != b.sum)) {
			fprintf(stderr, "%llu matches in one piece, %llu in several\n", (unsigned long long)a.n, (unsigned long long)b.n);
			fail("what is found depends on the pieces or on the engine");
		}
	}
	free(text);
	return 0;
}
