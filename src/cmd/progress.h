/*
 * How far long work has come, on the terminal that standard error is: shown once the work has taken a second, ten times a
 * second, and gone when it ends. Where standard error is no terminal there is nothing.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "io/source.h"

struct progress {
	bool on;
	int64_t begun, next;		/* monotonic ns: of the work, and of the next look */
};

/* Work begins; unwanted: nothing will be shown. */
void progress_begin(struct progress *p, bool unwanted);

void progress_show(struct progress *p, const struct source *s, uint64_t packets);

/* So many packets have been read: to be called every now and then, which costs a look at the clock. */
static inline void
progress_step(struct progress *p, const struct source *s, uint64_t packets)
{
	if (p->on && clock_steady_ns() >= p->next)
		progress_show(p, s, packets);
}

/* It is over. */
void progress_end(struct progress *p);

enum { PROGRESS_LINE_MAX = 160 };

/*
 * The line: what is done of the total (0: unknown) bytes after ns, and packets, in at most width characters. For
 * progress_show, and tests.
 */
void progress_line(char line[PROGRESS_LINE_MAX], unsigned width, const struct source_position *at, uint64_t packets, int64_t ns);
