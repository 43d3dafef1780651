/*
 * `wiretape stats`: what a capture consists of, in sections. A section is a row of the table in stats.c: it takes packets,
 * and bytes of streams if it wants them, and tells at the end what it has counted. Only the sections that are asked for run.
 *
 * With -Y, `packet` is called only for packets that match, and only they count. Streams are put together from all
 * packets whatever -Y says (setup->filtered tells): a section that learns something from `bytes` counts it when `packet`
 * is called with the number of the packet that brought it (piece->number at that time), and drops it when another
 * packet's bytes come first.
 */
#pragma once

#include "base/buf.h"
#include "base/err.h"
#include "cmd/analyse.h"
#include "cmd/track.h"

/* What counts for all sections; lasts until their close. */
struct stats_setup {
	const char *arg;		/* of the section's option; NULL: none given */
	bool filtered;			/* -Y */
	bool overview;			/* no section was asked for: tell the most important */
	int64_t interval;		/* --interval in ns; 0: what suits the span */
	const char *plot;		/* --plot, or NULL */
	size_t top;			/* rows of a table at most (--top); 0: all */
	const char *by;			/* --by, or NULL: what the section finds most telling */
	const struct analyse *analyse;
	const struct catalog *catalog;
	unsigned slot, slots;		/* the section's place in a flow: stats_mine */
	size_t *left;			/* bytes that all tables together may still take */
};

/* Ceilings of what sections remember. */
enum {
	STATS_ROWS_MAX = 1 << 20,	/* rows of one table: conversations, endpoints, names, ... */
	STATS_BYTES_MAX = 256 << 20,	/* memory of one table ... */
	STATS_ALL_MAX = 512 << 20,	/* ... and of all */
	STATS_INTERVALS_MAX = 1 << 20,	/* of traffic over time */
};

/* How to tell. */
struct stats_view {
	struct buf *out;
	size_t top;			/* rows of a table at most, as in the setup */
	unsigned width;			/* columns of the terminal */
	bool utf8;			/* it shows more than ASCII */
	uint64_t packets, bytes;	/* all that were counted: what shares are of */
	int64_t first, last;		/* the earliest and latest of their times; 0 without packets */
	struct err *failure;		/* what a section could not do beside telling: the command fails with it in the end */
};

struct stats_section {
	const char *name;		/* of its option, and of its member in JSON, '-' as '_' */
	const char *arg;		/* what the option's argument is called; NULL: none; "[kinds]": it may be left out */
	const char *title;		/* above its text */
	const char *help;		/* of its option, a few words */
	bool overview;			/* shown when no section is asked for */
	bool fields;			/* it reads fields of packets; without, there may be none ... */
	bool layers;			/* ... and it reads layers: without, plain packets have none (track_options.flows_only) */
	unsigned needs;			/* fields that walks do not know: NEEDS_ bits */
	bool analyse;			/* flow_step.analysis */
	size_t size;			/* of its state, zeroed */
	/* Before the first packet; false with *e. */
	bool (*open)(void *s, const struct stats_setup *, struct err *e);
	void (*packet)(void *s, const struct tracked *);
	/*
	 * Conversations; NULL: not wanted. *mine is the section's own in each flow, NULL at first; it frees it in `closed`,
	 * which is called for each flow, at the end at the latest.
	 */
	void (*opened)(void *s, struct flow *, void **mine);
	bool (*bytes)(void *s, struct flow *, void **mine, unsigned dir, const struct flow_piece *);
	void (*closed)(void *s, struct flow *, void **mine, enum flow_end);
	/* At the end: one of them. json's members go into an object that is open; text's title has been said. */
	void (*text)(void *s, const struct stats_view *);
	void (*json)(void *s, const struct stats_view *);
	void (*close)(void *s);
};

/* Writes what has been told so far, if it is much: between rows, so that long tables need no memory. */
void stats_flush(const struct stats_view *v);

/* The section's own in a flow that `opened` told it of, for `packet`: step->flow. */
static inline void **
stats_mine(const struct stats_setup *setup, struct flow *f)
{
	return setup->slots == 1 ? &f->user : f->user ? (void **)f->user + setup->slot : NULL;
}

/* Rows in stats.c, in the order in which they are told. */
extern const struct stats_section stats_facts, stats_hierarchy, stats_conversations, stats_endpoints, stats_sizes,
    stats_time, stats_dns, stats_http, stats_tls;

int cmd_stats(int argc, char **argv);
