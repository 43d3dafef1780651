/*
 * Signals, as tcpdump treats them: INT, TERM, PIPE (and HUP unless ignored, for nohup) stop; USR1 asks for the counts,
 * USR2 for a flush of -w, ALRM comes once a second for -v with -w. The handler only notes them and wakes the source.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>

#include "io/source.h"

struct signals {
	volatile sig_atomic_t stop;	/* the signal that said so, or 0 */
	volatile sig_atomic_t counts, flush, tick;
};

/* What has come; the reader resets what it has dealt with. */
extern struct signals signals;

/* Has one come that says so? */
bool signals_stop(void);

/* Installs the handlers; counts: USR1 too. */
void signals_init(bool counts);

/* Sends ALRM every second from now on. */
void signals_tick(void);

/* The source to wake when a signal comes; NULL: none. Set before a source is closed. */
void signals_wake(struct source *s);
