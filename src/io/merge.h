/*
 * Several capture files as one source: their packets in the order of their time stamps, those with equal ones in the
 * order of the files. Each file is taken to be in order itself; a packet that is older than the one before it comes
 * as soon as it is reached. Memory does not grow with the files: of each that is open there is one window of bytes
 * and one batch of packets, and when there are many, those whose time has not come yet are closed.
 *
 * Interfaces are numbered over all files, each file's own, with their names; packets of different link types may
 * follow each other.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "io/source.h"

/*
 * So many files may overlap in time: with small windows, also of gzip, they stay below the 64 MiB that Wiretape allows
 * itself. And so many may be given at all: each has an interface, which pcapng counts in the same way.
 */
enum { MERGE_OPEN_MAX = 64, MERGE_FILES_MAX = 65536 };

struct merge_file {
	const char *path;
	bool found;	/* by looking into a directory, say: it need not be a capture, and is skipped if it is none */
};

struct merge_options {
	const struct merge_file *files;	/* strings and all, only needed while merge_open runs */
	size_t n;
	void *ctx;
	/* Each file, in order, as soon as its header has been read. May be NULL, as the others. */
	void (*opened)(void *ctx, const struct source *s);
	/* One that was only found could not be opened; e says which, and why. Of many the first ones, then how many more. */
	void (*skipped)(void *ctx, const struct err *e);
	/* One is damaged: its packets up to there have been delivered, the other files go on. e says which. */
	void (*damaged)(void *ctx, const struct err *e);
	/* Called around opening a file, now or when its time has come; not around reading it. */
	void (*privilege)(bool raise);
};

/* Opens all; NULL and *e if one that was not merely found cannot be, or if none is left. The caller owns the source. */
struct source *merge_open(const struct merge_options *o, struct err *e);

/* Will it open files again later? */
bool merge_reopens(const struct source *s);
