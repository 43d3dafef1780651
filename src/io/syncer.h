/*
 * Brings what has been written to a file on to the disk, in a thread beside whoever writes, so that a power cut costs no more
 * than what came in the last moment: at once when the last time is SYNCER_PERIOD_MS ago, and no more often than that.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"

struct syncer;

enum { SYNCER_PERIOD_MS = 1000 };

/* Starts no thread yet. NULL and *e without memory. */
struct syncer *syncer_new(struct err *e);

/*
 * Something has been written to fd, a regular file, which becomes the one that is looked after. 0, or the error with which
 * the disk has refused something since this was last asked: what was written may be lost.
 */
int syncer_wrote(struct syncer *s, int fd);

/* Before fd is closed: brings all of it to the disk. 0, or an error of errno. */
int syncer_leave(struct syncer *s, int fd);

/* All files have been left. NULL is none. */
void syncer_free(struct syncer *s);
