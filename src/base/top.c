#include "base/top.h"

#include <stdlib.h>

enum { ROOM_START = 64 };

void
top_begin(struct top *t, size_t max, bool (*less)(const void *ctx, const void *a, const void *b), const void *ctx)
{
	*t = (struct top) { .max = max, .less = less, .ctx = ctx };
}

/* Lets the thing at i sink below those that are less: the least of the n is on top of the heap. */
static void
sink(struct top *t, size_t i, size_t n)
{
	const void *x = t->at[i];

	for (size_t k; (k = 2 * i + 1) < n; i = k) {
		if (k + 1 < n && t->less(t->ctx, t->at[k + 1], t->at[k]))
			k++;
		if (!t->less(t->ctx, t->at[k], x))
			break;
		t->at[i] = t->at[k];
	}
	t->at[i] = x;
}

static bool
grow(struct top *t)
{
	size_t room = t->room ? t->room * 2 : ROOM_START;
	const void **at = realloc(t->at, room * sizeof *at);

	if (at == NULL) {
		t->failed = true;
		return false;
	}
	t->at = at;
	t->room = room;
	return true;
}

const void *
top_offer(struct top *t, const void *x)
{
	size_t i;

	if (t->max && t->n == t->max) {
		const void *least = t->at[0];

		if (!t->less(t->ctx, least, x))
			return x;
		t->at[0] = x;
		sink(t, 0, t->n);
		return least;
	}
	if (t->n == t->room && !grow(t))
		return x;
	for (i = t->n++; i && t->less(t->ctx, x, t->at[(i - 1) / 2]); i = (i - 1) / 2)
		t->at[i] = t->at[(i - 1) / 2];
	t->at[i] = x;
	return NULL;
}

void
top_sort(struct top *t)
{
	for (size_t n = t->n; n > 1; n--) {
		const void *x = t->at[n - 1];

		t->at[n - 1] = t->at[0];
		t->at[0] = x;
		sink(t, 0, n - 1);
	}
}

void
top_free(struct top *t)
{
	free(t->at);
	*t = (struct top) { 0 };
}
