/*
 * The options of the plain invocation: one const row each, from which getopt's tables are made; the man page, the
 * completions and the usage text are checked against the rows by a test.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "dissect/dissect.h"
#include "io/live.h"

/* Options that have no letter. */
enum {
	OPT_VERSION = 256, OPT_STAMP_PRECISION, OPT_IMMEDIATE, OPT_PRINT, OPT_MICRO, OPT_NANO, OPT_FP_TYPE, OPT_COUNT,
	OPT_TIME_T_SIZE, OPT_JSON, OPT_FIELDS, OPT_HEADER, OPT_JOBS, OPT_NO_JIT, OPT_FLOWS,
	OPT_NO_SANDBOX, OPT_SANDBOX_REPORT,
};

enum { OPTIONS_JOBS_MAX = 64 };		/* threads of -j */

struct option_row {
	int letter;		/* what is typed after one dash, or an OPT_ */
	const char *name;	/* what is typed after two, or NULL */
	const char *arg;	/* what its argument is called; NULL: it has none; "[kinds]": it may be left out (--x=kinds) */
	const char *help;	/* a few words; NULL: accepted and not advertised */
	bool ours;		/* tcpdump does not have it; not recognised under that name */
};

/* The i-th row, or NULL past the last. */
const struct option_row *option_at(unsigned i);
const struct option_row *option_by_letter(int letter);

enum { READS_MAX = 256 };	/* how often -r may be given; a directory or a pattern names more files than that */

struct dump_options {
	bool plain;			/* called as tcpdump: nothing that tcpdump does not have */
	struct style style;
	int foreign;			/* -f */
	/* in */
	const char *reads[READS_MAX];	/* -r, each time it was given */
	unsigned n_reads;
	const char *read_list;		/* -V */
	const char *device;		/* -i */
	struct live_options live;	/* -s is in live.snaplen */
	int list_devices, list_links, list_stamps;	/* -D -L -J */
	/* filter */
	const char *filter_file;	/* -F */
	const char *display_filter;	/* -Y */
	char **expression;		/* words left over, NULL-terminated */
	bool optimize, interpret;	/* -O, --no-jit */
	bool no_sandbox, sandbox_report;
	int dump_code;			/* -d */
	/* out */
	const char *write;		/* -w */
	uint64_t size, seconds;		/* -C in bytes, -G */
	unsigned files;			/* -W */
	const char *command;		/* -z */
	bool packet_buffered, print, line_buffered, count_only;	/* -U --print -l --count */
	long count;			/* -c, or -1 */
	unsigned jobs;			/* -j N, --jobs: threads; 0: as many as there are processors */
	const char *user;		/* -Z */
	bool json, header, flows;	/* --json, --header, --flows */
	const char *fields;		/* --fields */
};

enum options_result {
	OPTIONS_ERROR = -1,	/* the message is in *e; when that is empty, usage was wrong and getopt has said how */
	OPTIONS_DONE = 0,	/* the option itself was the job (-h, --version) */
	OPTIONS_RUN = 1,
};

/* Takes the words of the command line apart; plain: only what tcpdump has. Strings of argv are kept by reference. */
enum options_result options_parse(int argc, char **argv, bool plain, struct dump_options *o, struct err *e);
