#include "base/summary.h"

#include <stdlib.h>
#include <string.h>

/* Below 64 each value has a class of its own; then 64 to each power of two. */
static unsigned
class_of(uint64_t v)
{
	unsigned top;

	if (v < SUMMARY_FINE)
		return (unsigned)v;
	top = 63 - (unsigned)__builtin_clzll(v);
	return (top - 5) * SUMMARY_FINE + (unsigned)(v >> (top - 6) & (SUMMARY_FINE - 1));
}

/* The middle of a class. */
static int64_t
middle(unsigned class)
{
	unsigned top = class / SUMMARY_FINE + 5;
	uint64_t from;

	if (class < SUMMARY_FINE)
		return class;
	from = (uint64_t)(SUMMARY_FINE + class % SUMMARY_FINE) << (top - 6);
	return (int64_t)(from + (UINT64_C(1) << (top - 6)) / 2);
}

static void
spread(struct summary *s)
{
	s->classes = calloc(SUMMARY_CLASSES, sizeof *s->classes);
	if (s->classes)
		for (unsigned i = 0; i < SUMMARY_EXACT; i++)
			s->classes[class_of((uint64_t)s->exact[i])]++;
	else
		s->failed = true;
	free(s->exact);
	s->exact = NULL;
}

void
summary_add(struct summary *s, int64_t value)
{
	if (value < 0)
		value = 0;
	if (s->n == 0 || value < s->min)
		s->min = value;
	if (s->n == 0 || value > s->max)
		s->max = value;
	s->sum += (double)value;
	if (s->n == 0 && !s->failed)
		s->failed = (s->exact = malloc(SUMMARY_EXACT * sizeof *s->exact)) == NULL;
	if (!s->failed) {
		if (s->n == SUMMARY_EXACT)
			spread(s);
		if (s->classes)
			s->classes[class_of((uint64_t)value)]++;
		else if (s->exact)
			s->exact[s->n] = value;
	}
	s->n++;
}

double
summary_mean(const struct summary *s)
{
	return s->n ? s->sum / (double)s->n : 0;
}

static int
by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

int64_t
summary_quantile(struct summary *s, double q)
{
	uint64_t rank, seen = 0;

	if (s->n == 0 || s->failed)
		return 0;
	/* The nearest rank: the least value that at least q of all do not exceed. */
	rank = (uint64_t)(q * (double)s->n);
	if ((double)rank < q * (double)s->n)
		rank++;
	if (rank == 0)
		return s->min;
	if (rank >= s->n)
		return s->max;
	if (s->exact) {
		qsort(s->exact, s->n, sizeof *s->exact, by_value);
		return s->exact[rank - 1];
	}
	for (unsigned i = 0; i < SUMMARY_CLASSES; i++) {
		seen += s->classes[i];
		if (seen >= rank) {
			int64_t v = middle(i);

			return v < s->min ? s->min : v > s->max ? s->max : v;
		}
	}
	return s->max;
}

void
summary_free(struct summary *s)
{
	free(s->exact);
	free(s->classes);
	*s = (struct summary) { 0 };
}
