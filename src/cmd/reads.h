/*
 * What -r names: one file, or several, a directory, a pattern, whose packets are merged by time.
 */
#pragma once

#include "base/err.h"
#include "io/source.h"

struct reads_options {
	const char *const *args;	/* of -r, in order */
	unsigned n;
	bool plain;			/* as tcpdump does: each is a file's name and nothing else */
	void (*opened)(void *ctx, const struct source *s);	/* each file, in order */
	void (*damaged)(void *ctx, const struct err *e);	/* one of several; the others go on */
	void *ctx;
	void (*privilege)(bool raise);	/* called around opening files */
};

struct reads;

/*
 * Finds the files: looks into directories, and at what fits a pattern. NULL and *e on failure; the options' strings must
 * outlive it.
 */
struct reads *reads_find(const struct reads_options *o, struct err *e);
void reads_free(struct reads *);
/* The i-th file's path, or NULL past the last. */
const char *reads_at(const struct reads *, size_t i);

/*
 * Opens them all, at the second time only if none has been replaced or has become shorter. Of files that were found in
 * a directory or by a pattern, those that are no captures are skipped, with a line on standard error. NULL and *e on
 * failure; the caller owns the source.
 */
struct source *reads_open(struct reads *, struct err *e);
