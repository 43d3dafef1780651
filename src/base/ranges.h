/*
 * A set of numbers as sorted runs, "3, 7, 12..19": packets, streams, ports. What comes in order takes no room. A set has
 * a ceiling, and many sets share another; a number that found no room is counted, so that nobody takes the set for whole.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct range {
	uint64_t first, last;
};

struct ranges {
	struct range *at;
	uint32_t n, cap;
	uint64_t count;		/* numbers in it */
	uint64_t dropped;	/* numbers that it should have and has not; one that came twice counts twice */
};

enum { RANGES_MAX = 2048 };	/* runs in one set */

/* Adds v. *room: how many more runs all sets together may have. */
void ranges_add(struct ranges *r, uint64_t v, size_t *room);
/* Adds all of `from`, which is empty then. */
void ranges_move(struct ranges *r, struct ranges *from, size_t *room);
bool ranges_has(const struct ranges *r, uint64_t v);
/* Empties it and gives its runs back to *room. */
void ranges_free(struct ranges *r, size_t *room);

/*
 * Appends "3, 7, 12..19", as display filters spell sets, whole runs in at most max characters; the numbers it has
 * appended.
 */
uint64_t ranges_put(struct buf *b, const struct ranges *r, size_t max);
