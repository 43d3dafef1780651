/*
 * The lists of system calls that are allowed (seccomp), one for each kind of work. Any other ends the process, with SIGSYS. The
 * lists themselves are tables in calls.c, to be read.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum calls_work {
	CALLS_READ = 1,		/* reads packets and writes what is open */
	CALLS_WRITE = 2,	/* besides, makes files */
	CALLS_CAPTURE = 4,	/* besides, counts and stops live captures */
	CALLS_ASK = 8,		/* asks name servers */
	CALLS_OPEN = 16,	/* opens files for another process */
	CALLS_ALL = 31,
};

struct calls {
	unsigned work;
	const int *talk;	/* these sockets, and no others, may be sent on */
	size_t n_talk;
	const int *mute;	/* nothing goes out by these, whatever the lists say */
	size_t n_mute;
};

/* Does the kernel know such lists? */
bool calls_known(void);

/* Enters for good, with all threads started from now on. 0, or the errno of what went wrong. Needs no_new_privs. */
int calls_enter(const struct calls *);
