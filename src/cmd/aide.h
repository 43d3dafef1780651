/*
 * The aides: small processes split off before anything is opened, one for each thing that the sandbox does not allow and that
 * never needs a look at a packet. Which of them there are depends on what is asked for.
 *
 * - One asks name servers, and compiles capture filters that have names in them. It has a sandbox of its own: it can talk to the
 *   network, but run, write or signal nothing, and read no more than what says how names are looked up.
 * - One opens the files of a list that is still being written (-V and a pipe), and hands them over to be read. Its sandbox
 *   has no sockets.
 * - One runs -z's command. No sandbox can be around it that would not be around the command as well; but all that it
 *   listens to is the path of a finished file, and only paths that -w's name allows.
 *
 * They end when their master does.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "bpf/filter.h"
#include "host/names.h"

struct aide;
struct sandbox;

struct aide_options {
	const char *user;		/* whom they become; NULL: they stay */
	bool no_sandbox;
	FILE *report;			/* where what they may do is told; or NULL */
	bool names;			/* they will be asked for names */
	const struct filter_options *filter;	/* what aide_compile compiles, or NULL */
	const char *command;		/* of -z, or NULL */
	const char *written;		/* with it: -w's name, as which the files' names begin up to its first % */
	const char *list;		/* a file with names of files, "-" for standard input; or NULL */
};

/* To be called before any thread is started. NULL and *e on failure. */
struct aide *aide_start(const struct aide_options *, struct err *e);
/* Waits until they are in their sandboxes; false: one cannot be, *e says why. */
bool aide_await(struct aide *, struct err *e);
/* Lets them end by themselves once they have done what they were told; NULL is none. */
void aide_free(struct aide *);
/* By 1: somebody else uses it as well, until the call by -1; what was lent to aide_name stays until then. */
void aide_share(void *aide, int by);
/* What is said to them has to be allowed. */
bool aide_sandbox(const struct aide *, struct sandbox *);

/*
 * The system's name for an address of this version (4, 6); false: it has none. Each channel (below NAMES_THREADS) is one
 * thread's, which waits for the answer.
 */
bool aide_name(void *aide, unsigned channel, unsigned version, const uint8_t *addr, char name[NAMES_NAME_MAX]);

/* The expression's program for a link type, as filter_options.compile wants it. */
bool aide_compile(void *aide, uint32_t link, uint32_t snaplen, struct bpf_program *code, struct err *e);

/* Runs the command on the finished file, and does not wait for it. */
void aide_run(void *aide, const char *path);

/*
 * The next file of the list: its path, and a descriptor that reads it, which is the caller's (-1: open it by its name, "-").
 * False with e->text empty: there is none, or a signal has ended the wait.
 */
bool aide_next(struct aide *, char *path, size_t room, int *fd, struct err *e);
