/* The frame of the sections: which are asked for, who gets what, and the telling at the end. */
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/stats.h"

#include "cmd/output.h"
#include "cmd/say.h"
#include "out/object.h"

static const struct stats_section *const sections[] = {
	&stats_facts, &stats_hierarchy, &stats_time, &stats_sizes, &stats_endpoints, &stats_conversations, &stats_dns,
	&stats_http, &stats_tls, NULL
};
enum { SECTIONS = sizeof sections / sizeof *sections - 1 };

/* Letters of the options: the sections' are their places in the table, from OPT_SECTION on. */
enum { OPT_BY = 512, OPT_INTERVAL, OPT_PLOT, OPT_TOP, OPT_SECTION };

enum {
	ROWS = SECTIONS + 5,
	TOP_OVERVIEW = 5, TOP_SECTION = 20,	/* rows of tables in text, unless --top says how many */
	FLUSH = 1 << 20,		/* bytes of text */
	WIDTH_MIN = 60, WIDTH_MAX = 200, WIDTH_USUAL = 80,
};

/* A section that runs. */
struct running {
	const struct stats_section *section;
	struct stats_setup setup;
	void *state;
};

struct stats {
	const char *args[SECTIONS];
	bool chosen[SECTIONS];
	bool any;			/* a section was asked for */
	bool json, utf8;
	const char *by, *plot;
	size_t top;
	bool top_given;
	int64_t interval;
	const struct analyse *analyse;
	struct running run[SECTIONS];
	unsigned n, slots;
	uint64_t packets, bytes;
	int64_t first, last;
	size_t left;			/* of the memory of all tables */
};

/* --- options -------------------------------------------------------------------------------------------------------- */

static const char *const by_words[] = { "packets", "bytes", "start", "duration", "rate", "rtt", NULL };

/* The words that follow tshark's -z, for fingers that know them. `rest`: what follows is the section's argument. */
static const struct stats_word {
	const char *word, *section;
	bool rest;
} words[] = {
	{ "conv,", "conversations", true },
	{ "dns,tree", "dns", false },
	{ "endpoints,", "endpoints", true },
	{ "host,", "endpoints", true },
	{ "http,tree", "http", false },
	{ "io,phs", "hierarchy", false },
	{ "io,stat,", "time", true },
	{ "plen,tree", "sizes", false },
};

static bool
choose(struct stats *s, const char *name, const char *arg)
{
	for (unsigned i = 0; i < SECTIONS; i++)
		if (strcmp(sections[i]->name, name) == 0) {
			s->chosen[i] = s->any = true;
			s->args[i] = arg;
			return true;
		}
	return false;
}

static bool
is_chosen(const struct stats *s, const char *name)
{
	for (unsigned i = 0; i < SECTIONS; i++)
		if (strcmp(sections[i]->name, name) == 0)
			return s->chosen[i];
	return false;
}

/* A length of time: a number of seconds, or with ns, us, ms, s, m, h, d behind it. */
static bool
parse_interval(const char *arg, int64_t *ns)
{
	static const struct {
		const char *unit;
		double ns;
	} units[] = { { "", 1e9 }, { "ns", 1 }, { "us", 1e3 }, { "ms", 1e6 }, { "s", 1e9 }, { "m", 60e9 },
		{ "min", 60e9 }, { "h", 3600e9 }, { "d", 86400e9 } };
	char *end;
	double v = strtod(arg, &end);

	if (end == arg)
		return false;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (strcmp(end, units[i].unit) == 0) {
			v *= units[i].ns;
			if (!(v >= 1000 && v <= 1e18))
				return false;
			*ns = (int64_t)(v + 0.5);
			return true;
		}
	return false;
}

static bool
tshark_word(struct stats *s, const char *arg, struct err *e)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		const struct stats_word *w = &words[i];
		size_t n = strlen(w->word);

		if (w->rest ? strncmp(arg, w->word, n) != 0 : strcmp(arg, w->word) != 0)
			continue;
		if (strcmp(w->section, "time") == 0 && strcmp(arg + n, "0") != 0 && !parse_interval(arg + n, &s->interval))
			break;
		if (choose(s, w->section, w->rest && strcmp(w->section, "time") != 0 ? arg + n : NULL))
			return true;
	}
	return err_set(e, "-z %s is not known; the sections have options of their own", arg);
}

static bool
option(void *state, int letter, const char *arg, struct err *e)
{
	struct stats *s = state;
	char *end;

	switch (letter) {
	case 'z':
		return tshark_word(s, arg, e);
	case OPT_BY:
		for (unsigned i = 0; by_words[i]; i++)
			if (strcmp(by_words[i], arg) == 0) {
				s->by = arg;
				return true;
			}
		return err_set(e, "--by %s is not known: packets, bytes, start, duration, rate, rtt", arg);
	case OPT_INTERVAL:
		return parse_interval(arg, &s->interval) || err_set(e, "--interval %s is no length of time", arg);
	case OPT_PLOT:
		s->plot = arg;
		return true;
	case OPT_TOP:
		errno = 0;
		s->top = strtoul(arg, &end, 10);
		s->top_given = true;
		return (*arg >= '0' && *arg <= '9' && !*end && !errno && s->top <= UINT32_MAX) ||
		    err_set(e, "--top %s is no number", arg);
	default:
		return choose(s, sections[letter - OPT_SECTION]->name, arg);
	}
}

/* --- flows ---------------------------------------------------------------------------------------------------------- */

/*
 * Where one section keeps something of flows, flow->user is its; where several do, it is an array of theirs, and behind
 * them the set of those that want no more bytes.
 */
static void **
slot_of(const struct running *r, struct flow *f)
{
	return stats_mine(&r->setup, f);
}

static bool
keeps(const struct stats_section *c)
{
	return c->opened || c->bytes || c->closed;
}

static void
opened(void *state, struct flow *f)
{
	struct stats *s = state;

	if (s->slots > 1)
		f->user = calloc(s->slots + 1, sizeof(void *));
	for (unsigned i = 0; i < s->n; i++) {
		const struct running *r = &s->run[i];
		void **mine;

		if (r->section->opened && (mine = slot_of(r, f)) != NULL)
			r->section->opened(r->state, f, mine);
	}
}

static bool
bytes(void *state, struct flow *f, unsigned dir, const struct flow_piece *p)
{
	struct stats *s = state;
	uintptr_t none = 0, *done = s->slots > 1 ? NULL : &none;
	bool more = false;

	if (s->slots > 1) {
		if (f->user == NULL)
			return false;
		done = (uintptr_t *)f->user + s->slots;
	}
	for (unsigned i = 0; i < s->n; i++) {
		const struct running *r = &s->run[i];

		if (r->section->bytes == NULL || *done >> i & 1)
			continue;
		if (r->section->bytes(r->state, f, slot_of(r, f), dir, p))
			more = true;
		else
			*done |= (uintptr_t)1 << i;
	}
	return more;
}

static void
closed(void *state, struct flow *f, enum flow_end end)
{
	struct stats *s = state;

	for (unsigned i = 0; i < s->n; i++) {
		const struct running *r = &s->run[i];
		void **mine;

		if (r->section->closed && (mine = slot_of(r, f)) != NULL)
			r->section->closed(r->state, f, mine, end);
	}
	if (s->slots > 1) {
		free(f->user);
		f->user = NULL;
	}
}

/* --- packets -------------------------------------------------------------------------------------------------------- */

/* The sandbox has no locales: asked before. */
static bool
terminal_is_utf8(void)
{
	locale_t l = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	bool is = l && strcmp(nl_langinfo_l(CODESET, l), "UTF-8") == 0;

	if (l)
		freelocale(l);
	return is;
}

/* The picture comes last: that its directory is not there is said before hours of capture are in vain. */
static bool
plot_possible(const char *path, struct err *e)
{
	const char *slash = strrchr(path, '/');
	char *dir = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	struct stat is;
	bool ok;

	if (dir == NULL)
		return err_set(e, "out of memory");
	ok = access(dir, X_OK) == 0;
	if (ok && stat(path, &is) == 0 && S_ISDIR(is.st_mode)) {
		errno = EISDIR;
		ok = false;
	}
	free(dir);
	return ok || err_set(e, "%s: %s", path, strerror(errno));
}

static bool
prepare(void *state, struct analyse *a, char ***operands, struct track_options *o, struct err *e)
{
	struct stats *s = state;
	bool fields = false, layers = false;

	(void)operands;
	s->analyse = a;
	s->json = analyse_options(a)->json;
	s->utf8 = terminal_is_utf8();
	if (!s->top_given)
		s->top = s->json ? 0 : s->any ? TOP_SECTION : TOP_OVERVIEW;
	if (s->plot) {
		if (!plot_possible(s->plot, e))
			return false;
		analyse_write(a, s->plot);
	}
	if (s->any && (s->plot || s->interval))
		choose(s, "time", NULL);
	if (s->by && s->any && !is_chosen(s, "conversations") && !is_chosen(s, "endpoints") && !is_chosen(s, "time"))
		return err_set(e, "--by %s is for --conversations, --endpoints and --time: ask for one of them", s->by);
	s->left = STATS_ALL_MAX;
	for (unsigned i = 0; i < SECTIONS; i++)
		if (s->any ? s->chosen[i] : sections[i]->overview) {
			struct running *r = &s->run[s->n++];

			r->section = sections[i];
			r->setup = (struct stats_setup) {
				.arg = s->args[i], .filtered = analyse_options(a)->display_filter != NULL, .overview = !s->any,
				.left = &s->left,
				.interval = s->interval, .plot = s->plot, .top = s->top, .by = s->by, .analyse = a,
				.catalog = analyse_catalog(a), .slot = s->slots,
			};
			s->slots += keeps(sections[i]);
			fields |= sections[i]->fields;
			layers |= sections[i]->layers;
			o->needs |= sections[i]->needs;
			o->analyse |= sections[i]->analyse;
			if (keeps(sections[i])) {
				o->watch.opened = opened;
				o->watch.closed = closed;
			}
			if (sections[i]->bytes)
				o->watch.bytes = bytes;
		}
	for (unsigned i = 0; i < s->n; i++) {
		struct running *r = &s->run[i];

		r->setup.slots = s->slots;
		r->state = calloc(1, r->section->size ? r->section->size : 1);
		if (r->state == NULL)
			return err_set(e, "out of memory");
		if (r->section->open && !r->section->open(r->state, &r->setup, e))
			return false;
	}
	o->layers_only = !fields && o->needs == 0;
	o->flows_only = o->layers_only && !layers;
	o->no_flows = s->slots == 0 && o->needs == 0 && !o->analyse;
	return true;
}

static bool
packet(void *state, const struct tracked *t, struct err *e)
{
	struct stats *s = state;

	(void)e;
	if (s->packets++ == 0)
		s->first = s->last = t->ns;
	s->bytes += t->packet->len;
	if (t->ns < s->first)
		s->first = t->ns;
	if (t->ns > s->last)
		s->last = t->ns;
	for (unsigned i = 0; i < s->n; i++)
		if (s->run[i].section->packet)
			s->run[i].section->packet(s->run[i].state, t);
	return true;
}

/* --- the end -------------------------------------------------------------------------------------------------------- */

static unsigned
terminal_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize w;
	long n = 0;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0)
		n = w.ws_col;
	if (n == 0 && columns)
		n = strtol(columns, NULL, 10);
	if (n <= 0)
		n = WIDTH_USUAL;
	return (unsigned)(n < WIDTH_MIN ? WIDTH_MIN : n > WIDTH_MAX ? WIDTH_MAX : n);
}

void
stats_flush(const struct stats_view *v)
{
	struct buf *b = v->out;
	char last;

	if (b->len < FLUSH || b->failed)
		return;
	/* The last character stays: it tells whether a comma comes next. */
	last = b->data[b->len - 1];
	if (!v->failure->text[0] && output_write(b->data, b->len - 1, v->failure) != OUTPUT_ERROR)
		v->failure->text[0] = '\0';
	b->data[0] = last;
	b->len = 1;
}

static void
tell_json(const struct stats *s, const struct stats_view *v)
{
	object_open(v->out, NULL);
	if (analyse_interrupted(s->analyse))
		object_bool(v->out, "interrupted", true);
	for (unsigned i = 0; i < s->n; i++) {
		object_open(v->out, s->run[i].section->name);
		s->run[i].section->json(s->run[i].state, v);
		object_close(v->out);
	}
	object_close(v->out);
	buf_char(v->out, '\n');
}

static void
tell_text(const struct stats *s, const struct stats_view *v)
{
	for (unsigned i = 0; i < s->n; i++) {
		if (i)
			buf_char(v->out, '\n');
		buf_str(v->out, s->run[i].section->title);
		buf_char(v->out, '\n');
		s->run[i].section->text(s->run[i].state, v);
	}
}

static bool
finish(void *state, struct err *e)
{
	struct stats *s = state;
	struct buf out = { 0 };
	struct err failure = { "" };
	const struct stats_view v = {
		.out = &out, .top = s->top, .width = terminal_width(), .utf8 = s->utf8, .packets = s->packets,
		.bytes = s->bytes, .first = s->first, .last = s->last, .failure = &failure,
	};
	bool ok;

	if (s->json)
		tell_json(s, &v);
	else
		tell_text(s, &v);
	ok = !out.failed || err_set(e, "out of memory");
	ok = ok && output_write(out.data, out.len, e) != OUTPUT_ERROR;
	buf_free(&out);
	if (ok && failure.text[0])
		return err_set(e, "%s", failure.text);
	return ok;
}

static void
close_all(void *state)
{
	struct stats *s = state;

	for (unsigned i = 0; i < s->n; i++) {
		if (s->run[i].state && s->run[i].section->close)
			s->run[i].section->close(s->run[i].state);
		free(s->run[i].state);
	}
}

int
cmd_stats(int argc, char **argv)
{
	struct option_row rows[ROWS] = {
		{ 'z', NULL, "words", "a section by tshark's name: io,phs conv,tcp endpoints,ip plen,tree io,stat,1 ..." },
		{ OPT_BY, "by", "order", "order of conversations and endpoints: packets, bytes, start, duration, rate, rtt" },
		{ OPT_INTERVAL, "interval", "time", "length of the intervals of --time: 10, 500ms, 5m" },
		{ OPT_PLOT, "plot", "file", "draw traffic over time as SVG into this file" },
		{ OPT_TOP, "top", "count", "rows of each table; 0: all" },
	};
	const struct analyse_command stats = {
		"stats", "[expression]",
		"What a capture consists of. Without sections, an overview; with them, only those.",
		rows, ROWS, sizeof(struct stats), option, prepare, packet, finish, NULL, close_all,
	};

	for (unsigned i = 0; i < SECTIONS; i++)
		rows[ROWS - SECTIONS + i] = (struct option_row) {
			(int)(OPT_SECTION + i), sections[i]->name, sections[i]->arg, sections[i]->help,
		};
	return analyse_run(&stats, argc, argv);
}
