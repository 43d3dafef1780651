/*
 * Traffic over time in intervals of one length, which begin with the first packet. Without a length given they start
 * short and are put together as the span grows, so that memory stays the same; each length divides the next.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct series_point {
	uint64_t packets, bytes;
};

struct series {
	struct series_point *points;
	uint32_t n, room;
	int64_t begin;			/* of the first interval */
	int64_t interval;		/* ns */
	bool fixed;			/* the length was given */
	bool any;
	struct series_point before;	/* packets older than the first one: they count in the first interval, too */
	struct series_point beyond;	/* and those behind the last interval that there is room for */
};

bool series_open(struct series *s, int64_t interval, struct err *e);
void series_add(struct series *s, int64_t ns, uint32_t bytes);
/*
 * The length of intervals with which there are at most `most` of them, and not so few that a finer length would have done; the
 * series' own, if it was given. Every length is a multiple of the series'.
 */
int64_t series_fit(const struct series *s, uint32_t most);
/* How many intervals of that length there are, and the i-th. */
uint32_t series_count(const struct series *s, int64_t interval);
struct series_point series_at(const struct series *s, int64_t interval, uint32_t i);
void series_close(struct series *s);

/* Draws it into an SVG file that stands for itself. */
bool series_draw(const struct series *s, const char *path, const char *title, struct err *e);
