/*
 * Questions that wait for an answer: DNS queries, ARP and neighbour requests, echo requests. Tries of one question are one.
 * The table has a ceiling; who has been asked about longest ago goes first.
 */
#include <stdlib.h>
#include <string.h>

#include "cmd/failed.h"

enum { BUCKETS = FAILED_ASKS_MAX };	/* a power of two */

struct asks {
	struct ask *buckets[BUCKETS];
	struct ask *oldest, *newest;
	size_t n;
	size_t *room;
	void (*gone)(void *ctx, struct ask *);
	void *ctx;
};

struct asks *
asks_new(size_t *room, void (*gone)(void *ctx, struct ask *), void *ctx)
{
	struct asks *a = calloc(1, sizeof *a);

	if (a) {
		a->room = room;
		a->gone = gone;
		a->ctx = ctx;
	}
	return a;
}

static struct ask **
bucket_of(struct asks *a, const struct ask_key *k)
{
	return &a->buckets[failed_hash(k, sizeof *k, 0) % BUCKETS];
}

static void
empty(struct asks *a, struct ask *x)
{
	ranges_free(&x->frames, a->room);
	free(x->subject);
	x->subject = NULL;
	x->subject_len = 0;
}

static void
leave_row(struct asks *a, struct ask *x)
{
	*(x->older ? &x->older->newer : &a->oldest) = x->newer;
	*(x->newer ? &x->newer->older : &a->newest) = x->older;
}

static void
join_row(struct asks *a, struct ask *x)
{
	x->older = a->newest;
	x->newer = NULL;
	*(a->newest ? &a->newest->newer : &a->oldest) = x;
	a->newest = x;
}

static void
drop(struct asks *a, struct ask *x)
{
	struct ask **p = bucket_of(a, &x->key);

	if (!x->answered)
		a->gone(a->ctx, x);
	while (*p != x)
		p = &(*p)->next;
	*p = x->next;
	leave_row(a, x);
	empty(a, x);
	free(x);
	a->n--;
}

void
asks_free(struct asks *a)
{
	if (a == NULL)
		return;
	for (struct ask *x = a->oldest, *next; x; x = next) {
		next = x->newer;
		empty(a, x);
		free(x);
	}
	free(a);
}

struct ask *
asks_find(struct asks *a, const struct ask_key *k)
{
	for (struct ask *x = *bucket_of(a, k); x; x = x->next)
		if (memcmp(&x->key, k, sizeof *k) == 0)
			return x;
	return NULL;
}

/* The question is asked for the first time. */
static void
begin(struct ask *x, struct failed_text subject, int64_t ns)
{
	x->answered = x->wanted = false;
	x->first = ns;
	x->tries = 0;
	x->subject = subject.len ? malloc(subject.len) : NULL;
	if (x->subject) {
		memcpy(x->subject, subject.p, subject.len);
		x->subject_len = (uint32_t)subject.len;
	}
}

void
asks_ask(struct asks *a, const struct ask_key *k, struct failed_text subject, int64_t ns, uint64_t number,
    bool wanted)
{
	struct ask *x = asks_find(a, k);

	if (x && (x->answered || x->subject_len != subject.len || (subject.len &&
	    memcmp(x->subject, subject.p, subject.len) != 0))) {
		if (!x->answered)
			a->gone(a->ctx, x);
		empty(a, x);
		begin(x, subject, ns);
	} else if (x == NULL) {
		struct ask **bucket = bucket_of(a, k);

		if (a->n >= FAILED_ASKS_MAX)
			drop(a, a->oldest);
		if ((x = calloc(1, sizeof *x)) == NULL)
			return;
		a->n++;
		x->key = *k;
		x->next = *bucket;
		*bucket = x;
		join_row(a, x);
		begin(x, subject, ns);
	}
	x->last = ns;
	x->wanted |= wanted;
	x->tries++;
	ranges_add(&x->frames, number, a->room);
	leave_row(a, x);
	join_row(a, x);
}

void
asks_end(struct asks *a)
{
	for (struct ask *x = a->oldest; x; x = x->newer)
		if (!x->answered) {
			a->gone(a->ctx, x);
			x->answered = true;
		}
}
