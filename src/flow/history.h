/*
 * The bytes of a stream that have been handed over and that the other side has not acknowledged: what repeats them with other
 * bytes may be what the receiver takes. Acknowledged bytes cannot be changed any more, and are forgotten.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum {
	HISTORY_MIN = 4 << 10, HISTORY_MAX = 128 << 10,	/* room of one direction; at least half of it is used before bytes go */
	HISTORY_SIZES = 6,
	HISTORY_SPARES = 16,		/* unused ones kept of each size */
};

struct history {
	struct history **owner;		/* who holds it */
	struct history *older, *newer;	/* by when they were made */
	uint64_t offset;		/* of the first byte */
	uint32_t from, to;		/* where the bytes are in the room */
	uint32_t room;
	uint8_t bytes[];
};

/* All of a table. All 0 but `most` to begin with. */
struct histories {
	struct history *oldest, *newest;
	struct history *spares[HISTORY_SIZES];	/* chained by older */
	unsigned n_spares[HISTORY_SIZES];
	uint64_t bytes, most;		/* memory held, and its ceiling: the oldest goes first */
};

/* Remembers n bytes at offset for the holder *h; what does not follow the bytes there takes their place. */
void history_add(struct histories *, struct history **h, uint64_t offset, const uint8_t *p, uint32_t n);
/* Forgets what is before offset. */
void history_trim(struct histories *, struct history **h, uint64_t offset);
void history_drop(struct histories *, struct history **h);
/* The bytes at *offset or, if they are forgotten, at the first offset behind it that is remembered; *n of them, 0: none. */
const uint8_t *history_at(const struct history *h, uint64_t *offset, uint32_t *n);
void histories_free(struct histories *);
