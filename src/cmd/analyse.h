/*
 * The frame of every command that reads packets and tells something of them: follow, stats, failed, grep. It has the
 * options that they share, opens files (several: merged by time), a pipe or an interface, the capture filter and -Y,
 * gives up root, runs the packets through the tracker, shows progress, and turns Ctrl-C into an early end.
 *
 * Exit status of these commands: 0, or 2 for an error; a damaged file is one, after what could be read has been told.
 */
#pragma once

#include "base/err.h"
#include "cmd/options.h"
#include "cmd/track.h"
#include "dissect/catalog.h"
#include "io/source.h"
#include "query/query.h"

struct analyse;

/* A command. The rows are its own options, beside the common ones. */
struct analyse_command {
	const char *name;			/* "follow" */
	const char *operands;			/* what usage shows behind the options: "[expression]" */
	const char *summary;			/* one sentence */
	const struct option_row *rows;		/* letters that the common ones do not have; sorted as options.c's */
	unsigned n_rows;
	size_t size;				/* of its state, which is zeroed */
	/* An option of its own; false with *e. */
	bool (*option)(void *state, int letter, const char *arg, struct err *e);
	/*
	 * After the options, before anything is opened: sets what is wanted of the tracker (o->watch.ctx is the state, unless it
	 * sets another), may take operands from the front of *operands (NULL-terminated; the rest is the capture filter).
	 */
	bool (*prepare)(void *state, struct analyse *a, char ***operands, struct track_options *o, struct err *e);
	/* Each packet that -Y passes (every one without). False with *e ends it; with e->text empty, an early and good end. */
	bool (*packet)(void *state, const struct tracked *t, struct err *e);
	/* At the end, also after Ctrl-C and damage: tells what is known. Flows are closed by then. */
	bool (*finish)(void *state, struct err *e);
	int (*status)(void *state, int status);	/* NULL: status stays */
	void (*close)(void *state);
	bool streams;				/* prints while packets come, so that a progress bar would be in the way */
	/* Each packet, whether -Y passes it or not, and before `packet`; NULL: nobody wants the others. */
	void (*every)(void *state, const struct tracked *t, bool passes);
};

/* Runs it; the exit status. */
int analyse_run(const struct analyse_command *c, int argc, char **argv);

/* --- for the commands ------------------------------------------------------------------------------------------- */

struct analyse_options {
	const char *reads[READS_MAX];
	unsigned n_reads;
	const char *device;		/* -i */
	const char *display_filter;	/* -Y */
	long count;			/* -c, -1: all */
	int snaplen;			/* -s */
	bool promiscuous;		/* not -p */
	bool json;			/* --json */
	bool numeric;			/* no names: always, until -N is asked for; kept for scripts' -n */
	bool no_progress;		/* --no-progress */
	const char *user;		/* -Z */
	const char *filter_file;	/* -F */
	bool interpret;			/* --no-jit */
};

const struct analyse_options *analyse_options(const struct analyse *);
const struct catalog *analyse_catalog(const struct analyse *);
struct track *analyse_track(const struct analyse *);
const struct source *analyse_source(const struct analyse *);	/* NULL before it is open and after the end */
/* What is known of packets that were lost before we saw them: complete in `finish`. */
struct analyse_drops {
	bool known, live;
	uint64_t dropped, if_dropped;	/* by the kernel, or what else captured; by interfaces */
};
const struct analyse_drops *analyse_drops(const struct analyse *);
/* Can the input be read a second time: nothing but regular files? */
bool analyse_rereadable(const struct analyse *);
/*
 * Reads it once more from the start (analyse_rereadable): all packets, without -Y and -c, go to c->packet, with fresh flows and
 * numbers; the tracker is asked for flows only.
 */
bool analyse_again(struct analyse *, struct err *e);
/*
 * In prepare: files will be made in this directory (which is there, and outlives the run), so the sandbox lets them, and the
 * right to do so is kept when root is given up (privilege_raise around it).
 */
void analyse_write_in(struct analyse *, const char *directory);
/* The same for one file. */
void analyse_write(struct analyse *, const char *path);
/* Did Ctrl-C end it early, so that what is told is not all? */
bool analyse_interrupted(const struct analyse *);
