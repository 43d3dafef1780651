/*
 * The n greatest of many things, in order, in memory for n of them. Things are pointers that stay valid; `less` is a total
 * order, or ties come in any order.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct top {
	const void **at;	/* after top_sort: the greatest first */
	size_t n, max;		/* max 0: all */
	size_t room;
	bool (*less)(const void *ctx, const void *a, const void *b);
	const void *ctx;
	bool failed;		/* no memory: some are not there */
};

void top_begin(struct top *t, size_t max, bool (*less)(const void *ctx, const void *a, const void *b), const void *ctx);
/* What is not among them: x, what had to go for it, or NULL when there was room. */
const void *top_offer(struct top *t, const void *x);
void top_sort(struct top *t);
void top_free(struct top *t);
