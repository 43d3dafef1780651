/* A growing run of characters. Appending never fails half way: without memory `failed` is set and the rest ignored. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct buf {
	char *data;
	size_t len, cap;
	bool failed;
};

/* Room for n more; false when there is no memory. */
bool buf_reserve(struct buf *b, size_t n);
void buf_free(struct buf *b);

/* Where n more characters may be written, NULL without memory; buf_end is told what is behind the last that was. */
static inline char *
buf_begin(struct buf *b, size_t n)
{
	return b->cap - b->len >= n || buf_reserve(b, n) ? b->data + b->len : NULL;
}

static inline void
buf_end(struct buf *b, char *o)
{
	b->len = (size_t)(o - b->data);
}

static inline void
buf_put(struct buf *b, const void *s, size_t n)
{
	if (n && (b->cap - b->len >= n || buf_reserve(b, n))) {
		memcpy(b->data + b->len, s, n);
		b->len += n;
	}
}

static inline void
buf_str(struct buf *b, const char *s)
{
	buf_put(b, s, strlen(s));
}

static inline void
buf_char(struct buf *b, char c)
{
	buf_put(b, &c, 1);
}

void buf_u(struct buf *b, uint64_t v);
/* At least width digits. */
void buf_x(struct buf *b, uint64_t v, unsigned width);
