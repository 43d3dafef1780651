#include "base/ranges.h"

#include <stdlib.h>
#include <string.h>

#include "base/digits.h"

/* The first run that ends at v - 1 or later: the one that v joins, or before which it belongs. */
static uint32_t
place_of(const struct ranges *r, uint64_t v)
{
	uint32_t low = 0, high = r->n;

	if (r->n && v > r->at[r->n - 1].last)		/* nearly always */
		return v == r->at[r->n - 1].last + 1 ? r->n - 1 : r->n;
	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (r->at[mid].last < v && v - r->at[mid].last > 1)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Room for one run more. */
static bool
grow(struct ranges *r, size_t *room)
{
	uint32_t cap = r->cap ? r->cap * 2 : 2;
	struct range *at;

	if (r->n < r->cap)
		return true;
	if (cap > RANGES_MAX || cap - r->cap > *room || (at = realloc(r->at, cap * sizeof *at)) == NULL)
		return false;
	*room -= cap - r->cap;
	r->at = at;
	r->cap = cap;
	return true;
}

void
ranges_add(struct ranges *r, uint64_t v, size_t *room)
{
	uint32_t i = place_of(r, v);
	struct range *x = i < r->n ? r->at + i : NULL;

	if (x && x->first <= v && v <= x->last)
		return;
	if (x && v == x->last + 1) {
		x->last = v;
		if (i + 1 < r->n && x[1].first == v + 1) {
			x->last = x[1].last;
			memmove(x + 1, x + 2, (r->n - i - 2) * sizeof *x);
			r->n--;
		}
	} else if (x && v + 1 == x->first) {
		x->first = v;
	} else if (grow(r, room)) {
		x = r->at + i;
		memmove(x + 1, x, (r->n - i) * sizeof *x);
		*x = (struct range) { v, v };
		r->n++;
	} else {
		r->dropped++;
		return;
	}
	r->count++;
}

/* Adds a run that overlaps or touches what is there or not: one at a time but for what lies behind everything. */
static void
add_run(struct ranges *r, const struct range *x, size_t *room)
{
	uint64_t v = x->first;

	if (r->n && x->first > r->at[r->n - 1].last) {
		ranges_add(r, v, room);
		if (r->at[r->n - 1].last == v) {
			r->count += x->last - v;
			r->at[r->n - 1].last = x->last;
		} else {
			r->dropped += x->last - v;
		}
		return;
	}
	do
		ranges_add(r, v, room);
	while (v++ != x->last);
}

void
ranges_move(struct ranges *r, struct ranges *from, size_t *room)
{
	struct ranges was = *from;

	*from = (struct ranges) { 0 };
	if (r->n == 0 && was.n) {		/* take it as it is */
		uint64_t dropped = r->dropped;

		ranges_free(r, room);
		*r = was;
		r->dropped += dropped;
		return;
	}
	for (uint32_t i = 0; i < was.n; i++)
		add_run(r, &was.at[i], room);
	r->dropped += was.dropped;
	ranges_free(&was, room);
}

bool
ranges_has(const struct ranges *r, uint64_t v)
{
	uint32_t i = place_of(r, v);

	/* place_of may stop at a run that v would only prolong. */
	return i < r->n && r->at[i].first <= v && v <= r->at[i].last;
}

void
ranges_free(struct ranges *r, size_t *room)
{
	*room += r->cap;
	free(r->at);
	*r = (struct ranges) { 0 };
}

uint64_t
ranges_put(struct buf *b, const struct ranges *r, size_t max)
{
	size_t start = b->len;
	uint64_t done = 0;

	for (uint32_t i = 0; i < r->n; i++) {
		const struct range *x = &r->at[i];
		char text[2 * DIGITS_ROOM + 4], *o = text;

		if (i) {
			*o++ = ',';
			*o++ = ' ';
		}
		o = digits_u(o, x->first);
		if (x->last != x->first) {
			*o++ = '.';
			*o++ = '.';
			o = digits_u(o, x->last);
		}
		if (b->len - start + (size_t)(o - text) > max)
			break;
		buf_put(b, text, (size_t)(o - text));
		done += x->last - x->first + 1;
	}
	return done;
}
