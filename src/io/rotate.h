/*
 * The files of -w: one, or a row of them that begins anew when a file has grown large (-C) or old (-G), with tcpdump's
 * way of naming and reusing them (-W) and word of each finished one (-z).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "io/source.h"
#include "io/writer.h"
#include "pkt/packet.h"

struct rotate_options {
	const char *name;	/* of -w; a strftime(3) format when seconds is not 0 */
	uint64_t size;		/* begin a new file when this one is larger than so many bytes; 0: never */
	uint64_t seconds;	/* begin a new file after so many; 0: never */
	unsigned files;		/* -W: how many names are used in turn; with seconds only, how many files at all */
	void (*finished)(void *ctx, const char *path);	/* told of each file turned away from, in any thread; or NULL */
	void *ctx;
	void (*privilege)(bool raise);	/* called around opening a later file, or NULL */
	struct source *source;	/* whose packets come first, or NULL: see rotate_source */
	struct writer_options writer;
};

enum rotate_result {
	ROTATE_ERROR = -1,
	ROTATE_DONE = 0,	/* -W with -G alone: that many files are written, and this packet begins one too many */
	ROTATE_OK = 1,
};

struct rotate;

/* Opens the first file. The options' strings must outlive it. NULL and *e on failure. */
struct rotate *rotate_open(const struct rotate_options *o, struct err *e);

/*
 * Tells whose packets come from now on, so that pcapng can describe their interfaces: the first one as soon as a file is begun,
 * others with their first packets. It must outlive what is put until another one is told.
 */
void rotate_source(struct rotate *r, struct source *s);

/*
 * Appends n packets in turn, each after beginning a new file if one is due by its size; age is looked at once.
 * *done of them went in; the packet after those is the one that failed, or began one file too many.
 */
enum rotate_result rotate_put(struct rotate *r, const struct packet *p, size_t n, size_t *done, struct err *e);

/*
 * Notes a live source's last counts in the file, while the source is still open. A failure is told by rotate_close.
 * Files finished before have the counts of their time.
 */
void rotate_counts(struct rotate *r, const struct source_counts *c);

bool rotate_flush(struct rotate *r, struct err *e);

/* The file written to at the moment. */
const char *rotate_path(const struct rotate *r);

/*
 * Finishes the last file, waits for those that are being finished beside us, and frees, also when it fails. False and
 * *e if anything failed that has not been told before.
 */
bool rotate_close(struct rotate *r, struct err *e);
