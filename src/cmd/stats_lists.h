/* Tables of names with their counts: what the sections on DNS, HTTP and TLS consist of. */
#pragma once

#include "base/summary.h"
#include "base/tally.h"
#include "cmd/stats.h"
#include "out/grid.h"

enum { LIST_SHOWN_MAX = 100 };	/* characters of a name in text; JSON has all of it */

/* A table with the ceilings of sections; NULL without memory. left: stats_setup.left. */
struct tally *list_new(size_t extra, size_t *left);
/* One more of a NUL-terminated name; NULL when there is no room. "" is not counted. */
struct tally_row *list_count(struct tally *, const char *name);

/* The rows as "count share name" under title, and what is not shown; nothing without rows. */
void list_text(const struct tally *, const char *title, const struct stats_view *v);
/* The same as a list called `list` of {"count":..., key: name}. */
void list_json(const struct tally *, const char *list, const char *key, const struct stats_view *v);
/* A list of objects: row tells one. What found no room is told behind it. */
void list_json_rows(const struct tally *, const char *list, const struct stats_view *v,
    void (*row)(const void *ctx, struct buf *b, const struct tally *, const struct tally_row *), const void *ctx);
/* Behind a list: its name with "_others", how many found no room; nothing if there was. */
void list_json_others(const struct tally *, const char *list, const struct stats_view *v);
/* How many rows there are beyond the n that were shown, and what found no room in the table. */
void list_rest(const struct tally *, size_t shown, struct buf *out);

/* How long things took: {"count", "min", "mean", "median", "p95", "max"} in seconds; null for nothing. */
void list_json_times(struct summary *, const char *name, struct buf *out);
/* The same as a line of text. */
void list_text_times(struct summary *, const char *name, struct buf *out);

/* How long the answers to one asker or server took: mean and greatest, where a row has no room for a summary. */
struct took {
	uint64_t n;
	double sum;	/* ns */
	int64_t most;
};

void took_add(struct took *, int64_t ns);
/* Two cells. */
void took_text(const struct took *, struct grid *);
/* "mean" and "max", in seconds; nothing if nothing took any time. */
void took_json(const struct took *, struct buf *out);

/* A name and its value in front: "  messages        12 ...". What follows and the line's end are the caller's. */
void list_fact(struct buf *b, const char *name);
