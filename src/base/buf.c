#include "base/buf.h"

#include <stdlib.h>

#include "base/digits.h"

bool
buf_reserve(struct buf *b, size_t n)
{
	size_t cap = b->cap ? b->cap : 4096;
	char *data;

	if (b->failed)
		return false;
	while (cap - b->len < n)
		cap *= 2;
	if (cap == b->cap)
		return true;
	data = realloc(b->data, cap);
	if (data == NULL) {
		b->failed = true;
		return false;
	}
	b->data = data;
	b->cap = cap;
	return true;
}

void
buf_free(struct buf *b)
{
	free(b->data);
	*b = (struct buf) { 0 };
}

void
buf_u(struct buf *b, uint64_t v)
{
	char *o = buf_begin(b, DIGITS_ROOM);

	if (o)
		buf_end(b, digits_u(o, v));
}

void
buf_x(struct buf *b, uint64_t v, unsigned width)
{
	char *o = buf_begin(b, DIGITS_ROOM);

	if (o)
		buf_end(b, digits_x(o, v, width));
}
