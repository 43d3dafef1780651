#include "base/buf.h"

#include <stdlib.h>

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
	char tmp[20], *p = tmp + sizeof tmp;

	do {
		*--p = (char)('0' + v % 10);
		v /= 10;
	} while (v);
	buf_put(b, p, (size_t)(tmp + sizeof tmp - p));
}

void
buf_x(struct buf *b, uint64_t v, unsigned width)
{
	char tmp[16], *p = tmp + sizeof tmp;

	do {
		*--p = "0123456789abcdef"[v & 15];
		v >>= 4;
	} while (v || (unsigned)(tmp + sizeof tmp - p) < width);
	buf_put(b, p, (size_t)(tmp + sizeof tmp - p));
}
