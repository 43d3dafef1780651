/*
 * The aide: a small process split off before anything is opened, for what the sandbox does not allow and what never looks at a
 * packet: asking name servers, compiling a capture filter that has names in it, and running -z's command. What it is told:
 * an address, a link type, the name of a finished file. It ends when its master does.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "bpf/filter.h"

struct aide;

enum { AIDE_NAME_MAX = 256, AIDE_CHANNELS = 8 };

struct aide_options {
	const char *user;		/* whom it becomes; NULL: it stays */
	bool names;			/* it will be asked for names */
	const char *command;		/* of -z, or NULL */
	const char *written;		/* with it: -w's name, as which the files' names begin up to its first % */
	const struct filter_options *filter;	/* what aide_compile compiles, or NULL */
};

/* To be called before any thread is started. NULL and *e on failure. */
struct aide *aide_start(const struct aide_options *, struct err *e);
/* Lets it end by itself once it has done what it was told; NULL is none. */
void aide_free(struct aide *);

/*
 * The system's name for an address of this version (4, 6); false: it has none. Each channel (below AIDE_CHANNELS) is one
 * thread's, which waits for the answer.
 */
bool aide_name(void *aide, unsigned channel, unsigned version, const uint8_t *addr, char name[AIDE_NAME_MAX]);

/* Runs the command on the finished file, and does not wait for it. */
void aide_run(void *aide, const char *path);

/* The expression's program for a link type, as filter_options.compile wants it. */
bool aide_compile(void *aide, uint32_t link, uint32_t snaplen, struct bpf_program *code, struct err *e);
