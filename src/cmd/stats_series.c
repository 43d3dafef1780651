#include <stdlib.h>

#include "cmd/stats_series.h"

#include "cmd/stats.h"

enum { POINTS = 8192 };

/* Lengths of intervals: each divides the next. */
static const int64_t ladder[] = {
	1000, 2000, 10000, 20000, 100000, 200000,			/* us */
	1000000, 2000000, 10000000, 20000000, 100000000, 200000000,	/* ms */
	1000000000, 2000000000, 10000000000, 30000000000, 60000000000,
	120000000000, 600000000000, 1800000000000, 3600000000000,	/* 2 min to 1 h */
	7200000000000, 21600000000000, 43200000000000, 86400000000000,	/* 2 h to 1 d */
	172800000000000, 864000000000000, 8640000000000000, 86400000000000000, 864000000000000000,
};
enum { LADDER = sizeof ladder / sizeof *ladder };

bool
series_open(struct series *s, int64_t interval, struct err *e)
{
	s->fixed = interval != 0;
	s->interval = interval ? interval : ladder[0];
	s->room = POINTS;
	s->points = calloc(s->room, sizeof *s->points);
	return s->points || err_set(e, "out of memory");
}

static bool
grow(struct series *s, uint64_t at)
{
	uint32_t room = s->room;
	struct series_point *points;

	while (room <= at && room < STATS_INTERVALS_MAX)
		room *= 2;
	if (room <= at || (points = realloc(s->points, room * sizeof *points)) == NULL)
		return false;
	memset(points + s->room, 0, (room - s->room) * sizeof *points);
	s->points = points;
	s->room = room;
	return true;
}

/* Puts intervals together until there is a place for `at` of a span. */
static void
coarsen(struct series *s, uint64_t span)
{
	unsigned i = 0;
	uint64_t step;
	uint32_t n = 0;

	while (i + 1 < LADDER && span / (uint64_t)ladder[i] >= s->room)
		i++;
	step = (uint64_t)(ladder[i] / s->interval);
	for (uint32_t k = 0; k < s->n; k++) {
		struct series_point p = s->points[k];

		if (k / step != n) {
			n = (uint32_t)(k / step);
			s->points[n] = (struct series_point) { 0 };
		}
		if (k == n)
			continue;
		s->points[n].packets += p.packets;
		s->points[n].bytes += p.bytes;
	}
	if (s->n) {
		memset(s->points + n + 1, 0, (s->room - n - 1) * sizeof *s->points);
		s->n = n + 1;
	}
	s->interval = ladder[i];
}

void
series_add(struct series *s, int64_t ns, uint32_t bytes)
{
	uint64_t span, at;
	struct series_point *p;

	if (!s->any) {
		s->any = true;
		s->begin = ns;
	}
	span = ns < s->begin ? 0 : (uint64_t)ns - (uint64_t)s->begin;
	if (ns < s->begin) {
		s->before.packets++;
		s->before.bytes += bytes;
	}
	at = span / (uint64_t)s->interval;
	if (at >= s->room) {
		if (!s->fixed) {
			coarsen(s, span);
			at = span / (uint64_t)s->interval;
		} else if (!grow(s, at)) {
			s->beyond.packets++;
			s->beyond.bytes += bytes;
			return;
		}
	}
	p = &s->points[at];
	p->packets++;
	p->bytes += bytes;
	if (at >= s->n)
		s->n = (uint32_t)at + 1;
}

int64_t
series_fit(const struct series *s, uint32_t most)
{
	unsigned i = 0;

	if (s->fixed)
		return s->interval;
	while (i + 1 < LADDER && (ladder[i] < s->interval || series_count(s, ladder[i]) > most))
		i++;
	return ladder[i];
}

uint32_t
series_count(const struct series *s, int64_t interval)
{
	uint64_t step = (uint64_t)(interval / s->interval);

	return (uint32_t)((s->n + step - 1) / step);
}

struct series_point
series_at(const struct series *s, int64_t interval, uint32_t i)
{
	uint64_t step = (uint64_t)(interval / s->interval);
	struct series_point sum = { 0 };

	for (uint64_t k = i * step; k < (i + 1) * step && k < s->n; k++) {
		sum.packets += s->points[k].packets;
		sum.bytes += s->points[k].bytes;
	}
	return sum;
}

void
series_close(struct series *s)
{
	free(s->points);
	s->points = NULL;
}
