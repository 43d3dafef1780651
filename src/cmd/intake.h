/*
 * What every command that reads packets begins with: files (one, several, a list of them) or an interface, opened with
 * what the caller may do and then, perhaps, no more; and the capture filter compiled for it.
 */
#pragma once

#include <stdio.h>

#include "base/err.h"
#include "bpf/filter.h"
#include "cmd/aide.h"
#include "cmd/reads.h"
#include "io/live.h"
#include "io/source.h"

struct intake_options {
	const char *const *reads;	/* -r, each */
	unsigned n_reads;
	const char *read_list;		/* -V: a file with names of files, one a line, "-" for standard input; or NULL */
	bool plain;			/* as tcpdump: a name of -r is a file's and nothing else */
	const char *device;		/* -i; NULL: the first one */
	struct live_options live;
	bool foreign;			/* -f: the interface's network is wanted */
	bool properties;		/* the interface is opened for what it can do, not for its packets */
	const char *filter_file;	/* -F */
	char **expression;		/* words, NULL-terminated */
	bool optimize, interpret;	/* not -O; --no-jit */
	void (*opened)(const struct source *s);	/* each file, as soon as it is; NULL: nobody wants to know */
	/* What the process has to be able to do later on; see cmd/sandbox.h and cmd/aide.h. */
	bool no_sandbox;
	FILE *report;			/* where the sandbox in force is told; or NULL */
	const char *user;		/* -Z */
	bool names;			/* name servers will be asked */
	const char *command;		/* -z */
	const char *write;		/* -w, or NULL ... */
	bool several;			/* ... which will be followed by other files */
	bool write_later;		/* it is not written before the end */
	const char *write_in;		/* a directory to write in, or NULL */
};

enum { INTAKE_PATH_MAX = 4096 };

struct intake {
	struct intake_options o;
	struct source *source;		/* NULL before it is open and after intake_shut */
	struct source *over;		/* a capture that has been shut */
	struct filter *filter;
	bool damaged;			/* one of the files merged was, and that has been said */
	char *device;			/* what is captured from */
	uint32_t net, mask;		/* the interface's, with foreign */
	FILE *list;			/* -V; or NULL: an aide reads it */
	char path[INTAKE_PATH_MAX + 1];	/* the line read from it */
	char *expression;		/* NULL: it could not be read; unreadable tells why */
	struct err unreadable;
	const char *user;		/* who root becomes, or NULL: nobody else, or there is no such user, says nobody */
	struct err nobody;
	struct reads *files;		/* of -r */
	struct aide *aide;		/* NULL: nothing to do for any */
	bool list_by_aide, names_by_aide;
};

static inline bool
intake_from_files(const struct intake *i)
{
	return i->o.n_reads || i->o.read_list;
}

/*
 * The start of everything: finds out what the expression is and whom to become, and splits the aide off if there is work for
 * it. Call before threads are started.
 */
bool intake_begin(struct intake *i, struct err *e);
/*
 * Where packets come from files: gives up root and goes into the sandbox, before any of them is looked at. What is read only
 * once (secrets, lists of services) has to have been.
 */
bool intake_enter(struct intake *i, struct err *e);
/* Opens all of -r's files, or the first of -V's; again, from the start, once they are shut. */
bool intake_open_files(struct intake *i, struct err *e);
/* Opens the interface, and then gives up a set-user-ID program's rights. */
bool intake_open_live(struct intake *i, struct err *e);
/*
 * When everything is open: gives up what root could do but for opening later files, and (for an interface, from which no
 * packet has been looked at yet) goes into the sandbox.
 */
bool intake_settle(struct intake *i, struct err *e);
/* Compiles the filter for what is open, or for what live.link says (Ethernet if it says nothing). */
bool intake_compile(struct intake *i, struct err *e);
/*
 * Done with the source, but not with the list of -V. A file is closed; a capture's descriptors stay taken, since the sandbox lets
 * nothing be written to whatever has their numbers.
 */
void intake_shut(struct intake *i);
/* After that: opens the next file of -V's list. False with e->text empty: there is none. */
bool intake_next(struct intake *i, struct err *e);
/* Lets go of everything. */
void intake_free(struct intake *i);

/* ", link-type EN10MB (Ethernet)" on standard error. */
void intake_say_link(uint32_t link);
