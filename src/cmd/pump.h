/* The plain invocation's loop: packets out of a source, through the filter, into text and files. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "bpf/filter.h"
#include "cmd/look.h"
#include "cmd/progress.h"
#include "dissect/dissect.h"
#include "io/rotate.h"
#include "io/source.h"

/* Another form than text for decoded packets: appends to *text what is to be shown of the fields that d has collected. */
struct pump_form {
	const void *ctx;
	void (*packet)(const void *ctx, struct buf *text, const struct dis *d);
	/* Or the same of a packet that d has not dissected; false, and nothing said: it has to be. NULL: all have. */
	bool (*plain)(const void *ctx, struct buf *text, const struct dis *d, const struct packet *, uint64_t number);
};

struct pump {
	struct source *source;
	struct filter *filter;
	struct look *look;		/* NULL: what the filter passes is shown */
	struct dis *dis;		/* NULL: packets are not printed */
	const struct pump_form *form;	/* NULL: text */
	struct rotate *rotate;		/* NULL: packets are not written */
	long count;			/* how many packets to take from this source; -1: all */
	struct progress *progress;	/* NULL: nothing is shown of how far it has come */
	bool flush_lines;		/* each packet's text is written at once ... */
	bool flush_batches;		/* ... or when the source may let us wait */
	bool sieved;			/* the source delivers only what the filter passes; see pump_sieve */
	uint64_t packets;		/* taken so far, over all sources */
	uint64_t ticked;		/* packets when "Got" was shown last, plus one */
};

enum pump_result {
	PUMP_READ_ERROR = -2,		/* damage in the source; everything before it has been dealt with */
	PUMP_ERROR = -1,		/* of the output */
	PUMP_END = 0,			/* the source's, or the count's */
	PUMP_STOPPED,			/* a signal, or nobody reads our output any more */
	PUMP_FULL,			/* -W: no more files */
};

/*
 * Dissects a packet to the end of d's text buffer, in the form that is wanted (NULL: text); false when d cannot say anything
 * yet, see dissect/later.h.
 */
bool pump_packet(struct dis *d, const struct pump_form *form, const struct packet *p, uint64_t number);

/* Makes the source deliver only what the filter passes, if it can, and sets p->sieved: pump_sift has less to do then. */
void pump_sieve(struct pump *p);

/*
 * Brings the packets that the filter passes together at the batch's beginning; how many they are. *link: the last packet's
 * link type, UINT32_MAX at first.
 */
size_t pump_sift(struct pump *p, struct packet *batch, size_t n, uint32_t *link);

enum pump_result pump_run(struct pump *p, struct err *e);

/* The counts of a live source on standard error: three or four lines, or one. */
void pump_counts(const struct pump *p, bool lines);
