#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cmd/analyse.h"

#include "base/memory.h"
#include "cmd/intake.h"
#include "cmd/look.h"
#include "cmd/output.h"
#include "cmd/privilege.h"
#include "cmd/progress.h"
#include "cmd/pump.h"
#include "cmd/say.h"
#include "cmd/signals.h"
#include "io/merge.h"
#include "proto/protos.h"

enum { BATCH = 256, ROWS_MAX = 64 };

/* Common options without a letter; a command's own are from OPT_OWN on. */
enum { OPT_NO_PROGRESS = 384, OPT_SANDBOX_NONE, OPT_SANDBOX_TELL };

static const struct option_row common[] = {
	{ 'B', "buffer-size", "size", "capture buffer, KiB" },
	{ 'F', NULL, "file", "read the filter expression from a file" },
	{ 'V', NULL, "file", "read the capture files listed in a file" },
	{ 'Y', "display-filter", "expression", "only packets whose fields match" },
	{ 'Z', "relinquish-privileges", "user", "run as this user after opening" },
	{ 'c', NULL, "count", "stop after this many packets" },
	{ 'h', "help", NULL, "show this" },
	{ 'i', "interface", "interface", "capture on this interface" },
	{ 'n', NULL, NULL, "no names: always so" },
	{ 'p', "no-promiscuous-mode", NULL, "no promiscuous mode" },
	{ 'r', NULL, "file", "read a capture file; several, directories and patterns are merged by time" },
	{ 's', "snapshot-length", "snaplen", "bytes to capture of each packet" },
	{ OPT_JSON, "json", NULL, "machine-readable: JSON" },
	{ OPT_NO_JIT, "no-jit", NULL, "interpret the filter" },
	{ OPT_NO_PROGRESS, "no-progress", NULL, "no progress bar" },
	{ OPT_SANDBOX_NONE, "no-sandbox", NULL, "go without the sandbox" },
	{ OPT_SANDBOX_TELL, "sandbox-report", NULL, "tell what the sandbox allows" },
};
enum { COMMON = sizeof common / sizeof *common };

struct analyse {
	const struct analyse_command *c;
	struct analyse_options o;
	struct live_options live;
	const char *read_list;		/* -V */
	void *state;
	struct style style;
	struct demux *demux;
	struct catalog *catalog;
	struct query *query;		/* -Y, or NULL */
	struct intake in;
	struct track_options wanted;
	struct track *track;
	struct progress progress;
	bool failed;			/* something was damaged, and that has been said */
	bool interrupted, rereadable;
	const char *write_in, *write;	/* a directory, a file; or NULL */
	bool no_sandbox, sandbox_report;
	const char *stray;		/* a word of the filter expression that is the path of a file */
	struct analyse_drops drops;
};

const struct analyse_options *
analyse_options(const struct analyse *a)
{
	return &a->o;
}

const struct catalog *
analyse_catalog(const struct analyse *a)
{
	return a->catalog;
}

struct track *
analyse_track(const struct analyse *a)
{
	return a->track;
}

const struct source *
analyse_source(const struct analyse *a)
{
	return a->in.source;
}

const struct analyse_drops *
analyse_drops(const struct analyse *a)
{
	return &a->drops;
}

bool
analyse_rereadable(const struct analyse *a)
{
	return a->rereadable;
}

void
analyse_write_in(struct analyse *a, const char *directory)
{
	a->write_in = directory;
}

void
analyse_write(struct analyse *a, const char *path)
{
	a->write = path;
}

bool
analyse_interrupted(const struct analyse *a)
{
	return a->interrupted;
}

/* --- options ---------------------------------------------------------------------------------------------------------- */

static void
usage_row(FILE *to, const struct option_row *r)
{
	char left[64];
	int n = 0;

	if (!r->help)
		return;
	if (r->letter < 256)
		n = snprintf(left, sizeof left, "-%c%s", r->letter, r->name ? ", " : "");
	else
		n = snprintf(left, sizeof left, "    ");
	if (r->name)
		n += snprintf(left + n, sizeof left - (size_t)n, "--%s", r->name);
	if (r->arg && r->arg[0] == '[')
		snprintf(left + n, sizeof left - (size_t)n, "[=%s", r->arg + 1);
	else if (r->arg)
		snprintf(left + n, sizeof left - (size_t)n, " %s", r->arg);
	fprintf(to, "  %-34s %s\n", left, r->help);
}

static void
usage(const struct analyse_command *c, FILE *to)
{
	fprintf(to, "usage: %s %s [options] %s\n%s\n\n", say_name(), c->name, c->operands, c->summary);
	for (unsigned i = 0; i < c->n_rows; i++)
		usage_row(to, &c->rows[i]);
	if (c->n_rows)
		fputc('\n', to);
	for (unsigned i = 0; i < COMMON; i++)
		usage_row(to, &common[i]);
}

/* Is grep's -i an option of it, by its long name? */
static bool
folds_case(const struct analyse_command *c)
{
	for (unsigned i = 0; i < c->n_rows; i++)
		if (c->rows[i].name && strcmp(c->rows[i].name, "ignore-case") == 0)
			return true;
	return false;
}

/* getopt's two tables. */
struct tables {
	char letters[2 * ROWS_MAX + 1], *letter;
	struct option names[ROWS_MAX + 1], *name;
	unsigned n;
};

static void
add_rows(struct tables *t, const struct option_row *rows, unsigned n)
{
	for (unsigned i = 0; i < n && t->n < ROWS_MAX; i++, t->n++) {
		const struct option_row *r = &rows[i];

		if (r->letter < 256) {
			*t->letter++ = (char)r->letter;
			if (r->arg)
				*t->letter++ = ':';
		}
		if (r->name)
			*t->name++ = (struct option) { r->name, !r->arg ? no_argument :
			    r->arg[0] == '[' ? optional_argument : required_argument, NULL, r->letter };
	}
}

static bool
parse_number(const char *arg, const char *what, long least, long most, long *n, struct err *e)
{
	char *end;

	errno = 0;
	*n = strtol(arg, &end, 10);
	return (end != arg && !*end && !errno && *n >= least && *n <= most) || err_set(e, "invalid %s %s", what, arg);
}

/* A common option. */
static bool
take_option(struct analyse *a, int letter, const char *arg, struct err *e)
{
	struct analyse_options *o = &a->o;
	long n;

	switch (letter) {
	case 'B':
		if (!parse_number(arg, "packet buffer size", 1, INT32_MAX / 1024, &n, e))
			return false;
		a->live.buffer = (int)(n * 1024);
		return true;
	case 'F': o->filter_file = arg; return true;
	case 'V': a->read_list = arg; return true;
	case 'Y': o->display_filter = arg; return true;
	case 'Z': o->user = arg; return true;
	case 'c': return parse_number(arg, "packet count", 1, INT32_MAX, &o->count, e);
	case 'i': o->device = arg; return true;
	case 'n': return true;
	case 'p': o->promiscuous = a->live.promiscuous = false; return true;
	case 'r':
		if (o->n_reads == READS_MAX)
			return err_set(e, "-r more than %d times", READS_MAX);
		o->reads[o->n_reads++] = arg;
		return true;
	case 's':
		if (!parse_number(arg, "snaplen", 0, PACKET_MAX, &n, e))
			return false;
		o->snaplen = a->live.snaplen = (int)n;
		return true;
	case OPT_JSON: o->json = true; return true;
	case OPT_NO_JIT: o->interpret = true; return true;
	case OPT_NO_PROGRESS: o->no_progress = true; return true;
	case OPT_SANDBOX_NONE: a->no_sandbox = true; return true;
	case OPT_SANDBOX_TELL: a->sandbox_report = true; return true;
	}
	return err_set(e, "option %d is not known", letter);
}

static bool
is_common(int letter)
{
	for (unsigned i = 0; i < COMMON; i++)
		if (common[i].letter == letter)
			return true;
	return false;
}

static enum options_result
parse(struct analyse *a, int argc, char **argv, char ***operands, struct err *e)
{
	struct tables t = { 0 };
	int letter;

	t.letter = t.letters;
	t.name = t.names;
	add_rows(&t, a->c->rows, a->c->n_rows);
	add_rows(&t, common, COMMON);
	opterr = 0;
	while ((letter = getopt_long(argc, argv, t.letters, t.names, NULL)) != -1) {
		const char *word = argv[optind - 1];

		if (letter == 'h') {
			usage(a->c, stdout);
			return OPTIONS_DONE;
		}
		if (letter == '?') {
			if (word[0] == '-' && word[1] == '-')
				err_set(e, "%.*s: %s", (int)strcspn(word, "="), word,
				    optopt == 0 ? "no such option, or short for several" :
				    strchr(word, '=') ? "takes no argument" : "an argument is missing");
			else
				err_set(e, "-%c: %s", optopt, strchr(t.letters, optopt) ? "an argument is missing" :
				    "no such option");
			return OPTIONS_ERROR;
		}
		if (!(is_common(letter) ? take_option(a, letter, optarg, e) : a->c->option(a->state, letter, optarg, e)))
			return OPTIONS_ERROR;
	}
	*operands = argv + optind;
	if (a->o.device && (a->o.n_reads || a->read_list))
		err_set(e, "-i, an interface, and -r or -V are mutually exclusive%s", folds_case(a->c) ?
		    "; letters of either case: --ignore-case" : "");
	else if (a->o.n_reads && a->read_list)
		err_set(e, "-r and -V are mutually exclusive");
	else
		return OPTIONS_RUN;
	return OPTIONS_ERROR;
}

/* --- packets ---------------------------------------------------------------------------------------------------------- */

enum outcome {
	GO_ON,		/* with the next source */
	ENOUGH,		/* a good end */
	BROKEN,		/* the command's own error, in *e */
};

/* Could reading from it make us wait? */
static bool
may_wait(const struct source *s)
{
	struct stat st;

	return s->live || strcmp(s->name, "-") == 0 || stat(s->name, &st) != 0 || !S_ISREG(st.st_mode);
}

static enum outcome
take(struct analyse *a, const struct packet *p, uint64_t number, uint64_t *shown, struct err *e)
{
	const struct tracked *t = track_packet(a->track, p, number);

	if (a->c->every)
		a->c->every(a->state, t, t->passes);
	if (!t->passes)
		return GO_ON;
	track_shown(a->track);
	if (!a->c->packet(a->state, t, e))
		return e->text[0] ? BROKEN : ENOUGH;
	return a->o.count > 0 && ++*shown == (uint64_t)a->o.count ? ENOUGH : GO_ON;
}

/* One source from its beginning to its end, or to where nobody wants more. */
static enum outcome
drain(struct analyse *a, struct pump *p, uint64_t *shown, struct err *e)
{
	struct packet batch[BATCH] = { 0 };
	bool flush = may_wait(p->source), stopping = false;
	uint32_t link = UINT32_MAX;

	for (;;) {
		enum source_result got;
		size_t n = 0;

		if (flush)
			fflush(stdout);
		progress_step(&a->progress, p->source, p->packets);
		if (signals.counts) {
			signals.counts = 0;
			pump_counts(p, false);
		}
		if (signals.stop && !stopping) {
			a->interrupted = !p->source->live;
			if (!p->source->live || signals.stop == SIGPIPE)
				return ENOUGH;
			live_drain(p->source);
			stopping = true;
			signals.stop = 0;
		}
		got = source_read(p->source, batch, BATCH, &n, e);
		if (got == SOURCE_ERROR) {
			say_error("%s: %s", p->source->name, e->text);
			a->failed = true;
			return GO_ON;
		}
		if (got == SOURCE_END || (got == SOURCE_AGAIN && stopping))
			return GO_ON;
		n = pump_sift(p, batch, n, &link);
		track_expect(a->track, batch, n);
		for (size_t i = 0; i < n; i++) {
			enum outcome o;

			if (signals.stop && !p->source->live)
				break;
			e->text[0] = '\0';
			if ((o = take(a, &batch[i], ++p->packets, shown, e)) != GO_ON)
				return o;
		}
	}
}

/* A source is over: what it knows of packets that were lost. */
static void
note_drops(struct analyse *a)
{
	const struct source_lost *lost = &a->in.source->lost;
	struct source_counts c = { 0 };
	struct err e;

	a->drops.live = a->in.source->live;
	if (a->drops.live && a->in.source->ops->counts(a->in.source, &c, &e)) {
		a->drops.known = true;
		a->drops.dropped += c.dropped;
		a->drops.if_dropped += c.if_dropped;
	}
	a->drops.known |= lost->known;
	a->drops.dropped += lost->dropped;
	a->drops.if_dropped += lost->if_dropped;
}

/* All sources, once. False with *e: the command failed. */
static bool
pass(struct analyse *a, struct err *e)
{
	struct pump p = { .filter = a->in.filter };
	enum outcome o = GO_ON;
	uint64_t shown = 0;
	struct err why;

	a->drops = (struct analyse_drops) { 0 };
	progress_begin(&a->progress, a->o.no_progress || (a->c->streams && isatty(STDOUT_FILENO)));
	while (a->in.source && o == GO_ON) {
		p.source = a->in.source;
		signals_wake(p.source);
		pump_sieve(&p);
		o = drain(a, &p, &shown, e);
		p.sieved = false;
		pump_counts(&p, true);
		note_drops(a);
		intake_shut(&a->in);
		if (o == GO_ON && !intake_next(&a->in, &why) && why.text[0]) {
			say_error("%s", why.text);
			a->failed = true;
		}
	}
	progress_end(&a->progress);
	if (o != BROKEN)
		track_end(a->track);
	return o != BROKEN;
}

/* --- from start to end -------------------------------------------------------------------------------------------------- */

/* Nothing but regular files? */
static bool
are_regular(const struct analyse *a)
{
	struct stat st;

	for (unsigned i = 0; i < a->o.n_reads; i++)
		if (strcmp(a->o.reads[i], "-") == 0 ||
		    (stat(a->o.reads[i], &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)))
			return false;
	return a->o.n_reads > 0;
}

/* Whoever leaves -r out is told of it when the path is no filter; a bare word may be both. */
static const char *
find_stray(char **words)
{
	struct stat is;

	for (; *words; words++)
		if (strpbrk(*words, "./") && stat(*words, &is) == 0)
			return *words;
	return NULL;
}

static void
begin_intake(struct analyse *a, char **expression)
{
	a->stray = find_stray(expression);
	a->in.o = (struct intake_options) {
		.reads = a->o.reads, .n_reads = a->o.n_reads, .read_list = a->read_list, .device = a->o.device,
		.live = a->live, .filter_file = a->o.filter_file, .expression = expression, .optimize = true,
		.interpret = a->o.interpret, .user = a->o.user, .write = a->write,
		.write_in = a->write_in, .write_later = a->write != NULL,
		.no_sandbox = a->no_sandbox, .report = a->sandbox_report ? stderr : NULL,
	};
}

bool
analyse_again(struct analyse *a, struct err *e)
{
	if (!a->rereadable || a->interrupted)
		return err_set(e, "the input cannot be read again");
	query_free(a->query);
	a->query = NULL;
	a->o.count = -1;
	a->wanted.query = NULL;
	a->wanted.needs = 0;
	a->wanted.layers_only = a->wanted.flows_only = true;
	track_free(a->track);
	a->track = track_new(&a->wanted);
	if (!a->track)
		return err_set(e, "out of memory");
	return intake_open_files(&a->in, e) && pass(a, e);
}

/* Opens, compiles, gives up root. */
static bool
open_all(struct analyse *a, struct err *e)
{
	bool files = intake_from_files(&a->in);

	a->style.iface_socket = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (a->style.iface_socket < 0)
		a->style.iface_socket = 0;
	if (!intake_begin(&a->in, e) || !intake_enter(&a->in, e))
		return false;
	if (files ? !intake_open_files(&a->in, e) : !intake_open_live(&a->in, e))
		return false;
	if (!intake_compile(&a->in, e))
		return false;
	a->rereadable = are_regular(a);
	signals_init(!files);
	if (files)
		return intake_settle(&a->in, e);
	fprintf(stderr, "%s %s: listening on ", say_name(), a->c->name);
	say_text(a->in.source->name);
	intake_say_link(a->in.source->ifaces[0].link);
	fprintf(stderr, ", snapshot length %u bytes\n", a->in.source->ifaces[0].snaplen);
	return a->in.source->ops->filter(a->in.source,
	    filter_program(a->in.filter, a->in.source->ifaces[0].link), e) && intake_settle(&a->in, e);
}

static bool
prepare(struct analyse *a, char **operands, struct err *e)
{
	a->demux = demux_new(protos_rows, protos_n_rows);
	a->catalog = a->demux ? catalog_new(a->demux) : NULL;
	if (!a->catalog)
		return err_set(e, "out of memory");
	if (a->o.display_filter && (a->query = look_compile(a->o.display_filter, a->catalog, e)) == NULL)
		return false;
	a->wanted = (struct track_options) { .style = &a->style, .demux = a->demux, .catalog = a->catalog,
		.watch.ctx = a->state };
	if (!a->c->prepare(a->state, a, &operands, &a->wanted, e))
		return false;
	if (a->query) {
		a->wanted.query = a->query;
		a->wanted.every = a->c->every != NULL;
		a->wanted.needs |= query_needs(a->query);
	}
	if (a->wanted.needs & ~(unsigned)NEEDS_BEFORE)
		a->wanted.no_flows = false;
	begin_intake(a, operands);
	return true;
}

static bool
run(struct analyse *a, struct err *e)
{
	if (!open_all(a, e)) {
		struct err why = *e;

		return a->stray ? err_set(e, "%s (%s is a file: -r reads it)", why.text, a->stray) : false;
	}
	a->track = track_new(&a->wanted);
	if (!a->track)
		return err_set(e, "out of memory");
	if (!pass(a, e))
		return false;
	signals.stop = 0;
	if (a->interrupted)
		fprintf(stderr, "\n%s %s: stopped early: what follows is of the packets read so far\n", say_name(), a->c->name);
	e->text[0] = '\0';
	if (!a->c->finish(a->state, e))
		return false;
	track_say_loss(a->track);
	return true;
}

int
analyse_run(const struct analyse_command *c, int argc, char **argv)
{
	struct analyse a = {
		.c = c, .o = { .count = -1, .promiscuous = true, .numeric = true },
		.live = { .timeout = 10, .stamp_type = -1, .direction = -1, .link = -1, .promiscuous = true, .jobs = 1,
			.cure = true },
	};
	struct err e = { "" };
	enum options_result result;
	char **operands = NULL;
	bool prepared;
	int status = 0;

	tzset();
	say_command(c->name);
	a.state = calloc(1, c->size ? c->size : 1);
	if (!a.state) {
		say_error("out of memory");
		return 2;
	}
	/* Files that the command line names are for who has written it. */
	privilege_lend(true);
	result = parse(&a, argc, argv, &operands, &e);
	prepared = result == OPTIONS_RUN && prepare(&a, operands, &e);
	privilege_lend(false);
	switch (result) {
	case OPTIONS_ERROR:
		say_error("%s (%s %s --help lists them)", e.text, say_name(), c->name);
		status = 2;
		break;
	case OPTIONS_DONE:
		break;
	case OPTIONS_RUN:
		if (!prepared || !run(&a, &e)) {
			if (e.text[0])
				say_error("%s", e.text);
			status = 2;
		} else {
			if (memory_was_short()) {
				say_error("out of memory: what is told is not all there is");
				a.failed = true;
			}
			if (a.failed || a.in.damaged)
				status = 2;
			if (c->status)
				status = c->status(a.state, status);
		}
		break;
	}
	if (c->close)
		c->close(a.state);
	track_free(a.track);
	query_free(a.query);
	intake_free(&a.in);
	catalog_free(a.catalog);
	demux_free(a.demux);
	free(a.state);
	if (!output_end(&e)) {
		say_error("%s", e.text);
		status = 2;
	}
	return status;
}
