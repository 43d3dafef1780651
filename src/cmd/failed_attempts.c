/*
 * How often it was tried, and did it work: counted for a source, a target and a port, and for each of the wider shapes
 * that a group may have, so that a line about many ports has the numbers of all of them.
 */
#include <stdlib.h>
#include <string.h>

#include "cmd/failed.h"

struct entry {
	struct failed_ends ends;
	uint8_t class, shape;
	uint64_t subject;	/* a hash of it, or 0 */
	struct tally tally;
	uint32_t next;		/* in its bucket; 0: none */
};

struct attempts {
	struct entry *at;	/* [0] is nobody's */
	uint32_t *buckets;
	uint32_t n, cap, mask;
	struct tally all[TRY_ECHO + 1];
	uint64_t lost;
};

struct attempts *
attempts_new(void)
{
	struct attempts *a = calloc(1, sizeof *a);

	if (a) {
		a->mask = FAILED_ATTEMPTS_MAX - 1;
		a->n = 1;
		a->buckets = calloc(a->mask + 1, sizeof *a->buckets);
	}
	if (a && a->buckets == NULL) {
		free(a);
		return NULL;
	}
	return a;
}

void
attempts_free(struct attempts *a)
{
	if (a == NULL)
		return;
	free(a->at);
	free(a->buckets);
	free(a);
}

static uint64_t
hash_of(const struct entry *x)
{
	return failed_hash(&x->ends, sizeof x->ends, x->subject ^ (uint64_t)x->class << 8 ^ x->shape);
}

static struct entry *
find(const struct attempts *a, const struct entry *x, uint64_t h)
{
	for (uint32_t i = a->buckets[h & a->mask]; i; i = a->at[i].next)
		if (a->at[i].subject == x->subject && a->at[i].class == x->class && a->at[i].shape == x->shape &&
		    memcmp(&a->at[i].ends, &x->ends, sizeof x->ends) == 0)
			return &a->at[i];
	return NULL;
}

static struct entry *
find_or_make(struct attempts *a, const struct entry *x)
{
	uint64_t h = hash_of(x);
	struct entry *e = find(a, x, h);

	if (e)
		return e;
	if (a->n >= FAILED_ATTEMPTS_MAX)
		return NULL;
	if (a->n >= a->cap) {
		uint32_t cap = a->cap ? a->cap * 2 : 1024;

		if ((e = realloc(a->at, cap * sizeof *e)) == NULL)
			return NULL;
		a->at = e;
		a->cap = cap;
	}
	e = &a->at[a->n];
	*e = *x;
	e->next = a->buckets[h & a->mask];
	a->buckets[h & a->mask] = a->n++;
	return e;
}

static void
tally_count(struct tally *t, enum attempt how)
{
	t->attempts++;
	t->succeeded += how == ATTEMPT_SUCCEEDED;
	t->failed += how == ATTEMPT_FAILED;
	t->pending += how == ATTEMPT_PENDING;
}

/* The key of a shape. */
static struct entry
key_of(enum failed_class class, enum failed_shape shape, const struct failed_ends *ends, const char *subject, size_t len)
{
	struct entry x = { .class = (uint8_t)class, .shape = (uint8_t)shape, .ends = *ends };

	if (shape == SHAPE_ONE && len)
		x.subject = failed_hash(subject, len, 0) | 1;
	if (shape == SHAPE_PORTS || shape == SHAPE_SOURCE)
		x.ends.port = 0;
	if (shape == SHAPE_TARGETS || shape == SHAPE_SOURCE)
		memset(x.ends.target, 0, sizeof x.ends.target);
	if (shape == SHAPE_SOURCES)
		memset(x.ends.source, 0, sizeof x.ends.source);
	if (shape == SHAPE_ONE && len == 0)
		x.shape = SHAPE_SUBJECTS;	/* the same */
	return x;
}

void
attempts_count(struct attempts *a, enum failed_class class, const struct failed_ends *ends, struct failed_text subject,
    enum attempt how)
{
	bool lost = false;

	tally_count(&a->all[class], how);
	/* The wider ones first: they are few, and the ones that a scan is told of. */
	for (unsigned shape = SHAPE_KIND; shape-- > 0;) {
		struct entry x, *e;

		if (shape == SHAPE_ONE && subject.len == 0)
			continue;
		x = key_of(class, shape, ends, subject.p, subject.len);
		if ((e = find_or_make(a, &x)) != NULL)
			tally_count(&e->tally, how);
		else
			lost = true;
	}
	a->lost += lost;
}

const struct tally *
attempts_of(const struct attempts *a, const struct group *g)
{
	struct entry x = key_of(failed_class_of(g->kind, g->ends.proto), g->shape, &g->ends, g->subject, g->subject_len);
	const struct entry *e;

	if (g->shape == SHAPE_KIND)
		return NULL;
	e = find(a, &x, hash_of(&x));
	return e ? &e->tally : NULL;
}

const struct tally *
attempts_all(const struct attempts *a, enum failed_class class)
{
	return &a->all[class];
}

uint64_t
attempts_lost(const struct attempts *a)
{
	return a->lost;
}
