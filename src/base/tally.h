/*
 * Counts by key: a hash table with a seed of its own and a ceiling. Keys are bytes (text, addresses), rows never move and
 * are kept until the end; what finds no room is counted as "others".
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tally;

struct tally_row {
	uint64_t count;			/* how often tally_count came here */
	uint64_t order;			/* how many rows were made before it */
	uint32_t hash;
	uint32_t key_len;
	struct tally_row *next;		/* in the order of their making */
};

enum { TALLY_KEY_MAX = 1024 };		/* longer keys are cut */

/*
 * At most rows_max rows and, about, bytes_max of memory. extra: zeroed bytes that the caller has in each row. NULL without
 * memory.
 */
struct tally *tally_new(uint32_t rows_max, size_t bytes_max, size_t extra);
void tally_free(struct tally *);
/* From now on its memory also counts against what several tables may take together: *left bytes, which has to outlive it. */
void tally_share(struct tally *, size_t *left);

/* The row of that key, made if there is none; NULL when there is no room for it. Counts nothing. */
struct tally_row *tally_at(struct tally *, const void *key, size_t n);
/* The same, with one more in its count; NULL: one more in the others'. */
struct tally_row *tally_count(struct tally *, const void *key, size_t n);
/* The row if there is one. */
struct tally_row *tally_find(const struct tally *, const void *key, size_t n);

/* The first row made; follow ->next. */
struct tally_row *tally_first(const struct tally *);
uint32_t tally_rows(const struct tally *);
uint64_t tally_others(const struct tally *);	/* counts that found no row */
uint64_t tally_total(const struct tally *);	/* all counts, others included */

const void *tally_key(const struct tally *, const struct tally_row *);
void *tally_extra(const struct tally_row *);

struct top;

/* The n rows with the highest counts (0: all), ties in the order of their making; free with top_free. */
void tally_top(const struct tally *, size_t n, struct top *);
