#include "base/tally.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/top.h"

enum {
	SLOTS_START = 256,
	CHUNK = 256 << 10,	/* rows are cut from pieces of this size */
	ALIGN = 16,
	MOVED = 16,		/* slots that each new row moves on, when there are twice as many: all in good time */
};

struct chunk {
	struct chunk *next;
};

struct slot {
	uint32_t hash;
	struct tally_row *row;
};

struct slots {
	struct slot *at;	/* a power of two, at most three quarters taken */
	size_t n;
};

/*
 * A table that is full becomes twice as large. All of its rows at once would take longer than a packet may, so they are found
 * in the old slots until they have been moved, a few with each row that is made.
 */
struct tally {
	struct slots slots, old;
	size_t moved;		/* of the old slots */
	struct hash_key key;
	uint32_t n, max;
	size_t bytes, bytes_max, *left;
	size_t extra;
	uint64_t others, total;
	struct tally_row *first, *last;
	struct chunk *chunks;
	char *free_at, *free_end;
};

_Static_assert(sizeof(struct tally_row) % 8 == 0, "what follows a row is aligned");

struct tally *
tally_new(uint32_t rows_max, size_t bytes_max, size_t extra)
{
	struct tally *t = calloc(1, sizeof *t);

	if (t == NULL)
		return NULL;
	t->slots = (struct slots) { calloc(SLOTS_START, sizeof *t->slots.at), SLOTS_START };
	if (t->slots.at == NULL) {
		free(t);
		return NULL;
	}
	hash_key_draw(&t->key);
	t->max = rows_max;
	t->bytes_max = bytes_max;
	t->extra = (extra + 7) & ~(size_t)7;
	return t;
}

void
tally_free(struct tally *t)
{
	if (t == NULL)
		return;
	for (struct chunk *c = t->chunks, *next; c; c = next) {
		next = c->next;
		free(c);
	}
	free(t->slots.at);
	free(t->old.at);
	free(t);
}

void *
tally_extra(const struct tally_row *r)
{
	return (void *)(uintptr_t)(r + 1);
}

const void *
tally_key(const struct tally *t, const struct tally_row *r)
{
	return (const char *)(r + 1) + t->extra;
}

static struct slot *
place_in(const struct tally *t, const struct slots *in, uint32_t hash, const void *key, size_t n)
{
	for (size_t i = hash & (in->n - 1);; i = (i + 1) & (in->n - 1)) {
		struct slot *s = &in->at[i];

		if (s->row == NULL || (s->hash == hash && s->row->key_len == n && memcmp(tally_key(t, s->row), key, n) == 0))
			return s;
	}
}

/* Where the key's row is, or would be. */
static struct slot *
place(const struct tally *t, uint32_t hash, const void *key, size_t n)
{
	struct slot *s = place_in(t, &t->slots, hash, key, n);

	if (s->row == NULL && t->old.at) {
		struct slot *old = place_in(t, &t->old, hash, key, n);

		s = old->row ? old : s;
	}
	return s;
}

void
tally_share(struct tally *t, size_t *left)
{
	t->left = left;
}

/* May it take so much more? */
static bool
room_for(const struct tally *t, size_t bytes)
{
	return bytes <= t->bytes_max - t->bytes && (t->left == NULL || bytes <= *t->left);
}

static void
take(struct tally *t, size_t bytes)
{
	t->bytes += bytes;
	if (t->left)
		*t->left -= bytes;
}

/* Moves some of the old slots' rows. */
static void
move(struct tally *t)
{
	for (unsigned k = 0; t->old.at && k < MOVED; k++) {
		const struct slot *from = &t->old.at[t->moved++];
		size_t i = from->hash & (t->slots.n - 1);

		if (from->row) {
			while (t->slots.at[i].row)
				i = (i + 1) & (t->slots.n - 1);
			t->slots.at[i] = *from;
		}
		if (t->moved == t->old.n) {
			t->bytes -= t->old.n * sizeof *t->old.at;
			if (t->left)
				*t->left += t->old.n * sizeof *t->old.at;
			free(t->old.at);
			t->old = (struct slots) { 0 };
		}
	}
}

static bool
grow(struct tally *t)
{
	struct slots more = { .n = t->slots.n * 2 };
	size_t bytes = more.n * sizeof *more.at;

	if (!room_for(t, bytes) || (more.at = calloc(more.n, sizeof *more.at)) == NULL)
		return false;
	t->old = t->slots;
	t->moved = 0;
	t->slots = more;
	take(t, bytes);
	return true;
}

static struct tally_row *
row_new(struct tally *t, size_t key_len)
{
	size_t size = (sizeof(struct tally_row) + t->extra + key_len + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	struct tally_row *r;

	if ((size_t)(t->free_end - t->free_at) < size) {
		size_t want = size + sizeof(struct chunk) + ALIGN > CHUNK ? size + sizeof(struct chunk) + ALIGN : CHUNK;
		struct chunk *c;

		if (!room_for(t, want) || (c = malloc(want)) == NULL)
			return NULL;
		take(t, want);
		c->next = t->chunks;
		t->chunks = c;
		t->free_at = (char *)c + ((sizeof *c + ALIGN - 1) & ~(size_t)(ALIGN - 1));
		t->free_end = (char *)c + want;
	}
	r = (struct tally_row *)(void *)t->free_at;
	t->free_at += size;
	memset(r, 0, sizeof *r + t->extra);
	return r;
}

struct tally_row *
tally_at(struct tally *t, const void *key, size_t n)
{
	struct tally_row *r;
	struct slot *s;
	uint32_t hash;

	if (n > TALLY_KEY_MAX)
		n = TALLY_KEY_MAX;
	hash = (uint32_t)hash_bytes(&t->key, key, n);
	s = place(t, hash, key, n);
	if (s->row)
		return s->row;
	if (t->n >= t->max)
		return NULL;
	if (t->n >= t->slots.n / 4 * 3 && !grow(t))
		return NULL;
	if (t->old.at) {
		move(t);
		s = place(t, hash, key, n);
	}
	r = row_new(t, n);
	if (r == NULL)
		return NULL;
	r->order = t->n++;
	r->hash = hash;
	r->key_len = (uint32_t)n;
	memcpy((char *)(r + 1) + t->extra, key, n);
	*s = (struct slot) { hash, r };
	if (t->last)
		t->last->next = r;
	else
		t->first = r;
	t->last = r;
	return r;
}

struct tally_row *
tally_count(struct tally *t, const void *key, size_t n)
{
	struct tally_row *r = tally_at(t, key, n);

	t->total++;
	if (r)
		r->count++;
	else
		t->others++;
	return r;
}

struct tally_row *
tally_find(const struct tally *t, const void *key, size_t n)
{
	if (n > TALLY_KEY_MAX)
		n = TALLY_KEY_MAX;
	return place(t, (uint32_t)hash_bytes(&t->key, key, n), key, n)->row;
}

struct tally_row *
tally_first(const struct tally *t)
{
	return t->first;
}

uint32_t
tally_rows(const struct tally *t)
{
	return t->n;
}

uint64_t
tally_others(const struct tally *t)
{
	return t->others;
}

uint64_t
tally_total(const struct tally *t)
{
	return t->total;
}

static bool
less(const void *ctx, const void *a, const void *b)
{
	const struct tally_row *x = a, *y = b;

	(void)ctx;
	return x->count != y->count ? x->count < y->count : x->order > y->order;
}

void
tally_top(const struct tally *t, size_t n, struct top *top)
{
	top_begin(top, n, less, NULL);
	for (const struct tally_row *r = t->first; r; r = r->next)
		top_offer(top, r);
	top_sort(top);
}
