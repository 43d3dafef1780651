/*
 * Content codings: the first two bytes say which, on top of each other, the third how the rest is cut into pieces. What comes out
 * keeps to its ceiling, and all memory is given back.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stream/body.h"

enum { HEAD = 3, INPUT_MAX = 1 << 16, HELD_MAX = 64 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
on_bytes(void *ctx, const uint8_t *p, size_t n)
{
	static volatile uint8_t sum;

	for (size_t i = 0; i < n; i++)
		sum = (uint8_t)(sum ^ p[i]);
	*(uint64_t *)ctx += n;
}

static void
fail(const char *what)
{
	fprintf(stderr, "limit broken: %s\n", what);
	abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "gzip", "deflate", "br", "zstd", "identity", "x-gzip", "compress", "GZIP" };
	uint64_t held = 0, out = 0, came = 0, before;
	struct body_credit credit;
	struct body *b;
	size_t step;
	bool going = true;

	body_begin(&credit);
	if (size < HEAD || size > INPUT_MAX || (b = body_new(&held, HELD_MAX, &credit)) == NULL)
		return 0;
	for (unsigned i = 0; i < 5; i++) {
		const char *name = names[(data[0] | (unsigned)data[1] << 8) >> 3 * i & 7];

		if (i == 0 || (data[1] >> 7 && i < 5))
			going = body_add(b, name, strlen(name)) && going;
	}
	step = data[2] ? data[2] : size;
	data += HEAD;
	size -= HEAD;
	while (going && size > 0) {
		size_t n = step < size ? step : size, used = 0;
		uint8_t *copy = malloc(n);

		if (!copy)
			abort();
		memcpy(copy, data, n);
		body_earn(&credit, n);
		before = out;
		going = body_take(b, copy, n, &used, on_bytes, &out);
		free(copy);
		if (used > n)
			fail("how many bytes were taken");
		if (out > BODY_DECODED_MAX || held > HELD_MAX)
			fail("what a body may become");
		came += n;
		if (out > BODY_BURST + came * BODY_GROWTH)
			fail("what its bytes may become");
		if (out - before > BODY_AT_ONCE && out - before > n)
			fail("what a packet's bytes may become");
		data += n;
		size -= n;
	}
	if (!going && !body_trouble(b))
		fail("trouble without a word");
	body_free(b);
	if (held)
		fail("memory given back");
	return 0;
}
