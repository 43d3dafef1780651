#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/grep.h"

#include "cmd/analyse.h"
#include "cmd/output.h"
#include "cmd/say.h"
#include "pkt/names.h"

enum {
	OPT_AFTER = 512, OPT_BEFORE, OPT_COUNT_MATCHES, OPT_FIXED, OPT_HEX, OPT_IGNORE_CASE, OPT_LIST, OPT_PACKETS,
	OPT_PCRE_ONLY, OPT_COLOR,
};

enum { GIVEN_MAX = 1024 };

static const struct option_row rows[] = {
	{ 'C', "context", "bytes", "show this much around matches, and do not stop at the ends of lines" },
	{ 'e', "regexp", "pattern", "look for this; may be given several times" },
	{ 'f', "file", "file", "look for each line of a file" },
	{ 'm', "max-count", "count", "stop after this many matches" },
	{ 'o', "only-matching", NULL, "show nothing but what matches" },
	{ 'q', "quiet", NULL, "show nothing: only the exit status tells" },
	{ 'v', "invert-match", NULL, "list the conversations in which nothing matches" },
	{ 'x', "hexdump", NULL, "show matches and context in hex, too" },
	{ OPT_AFTER, "after-context", "bytes", "as --context, behind matches" },
	{ OPT_BEFORE, "before-context", "bytes", "as --context, in front of matches" },
	{ OPT_COLOR, "color", "when", "colour matches: always, never, auto" },
	{ OPT_COUNT_MATCHES, "count", NULL, "show only how many matches there are" },
	{ OPT_FIXED, "fixed-strings", NULL, "patterns are what they look like, not regular expressions" },
	{ OPT_HEX, "hex", "digits", "look for these bytes; ? is any digit" },
	{ OPT_IGNORE_CASE, "ignore-case", NULL, "upper and lower case are the same" },
	{ OPT_LIST, "list", NULL, "list the conversations in which something matches" },
	{ OPT_PACKETS, "packets", NULL, "look at packets, with their headers, instead of conversations" },
	{ OPT_PCRE_ONLY, "pcre-only", NULL, "do without vectorscan" },
};

/* What was given to look for, in order. */
struct given {
	int letter;
	const char *text;
};

/* What is remembered of a flow. */
struct talk {
	struct search_stream sides[2];
	uint64_t matches;		/* of those that count */
	uint64_t shown[2];		/* the last packet that brought bytes to each side ... */
	uint64_t passed;		/* ... and the last one that passed -Y */
};

/* A match that waits for whether -Y passes its packet; its text is in grep.held. */
struct waiting {
	struct flow *flow;		/* NULL: in none, or gone */
	size_t text;			/* where its line begins ... */
	size_t len;
};

struct grep {
	struct analyse *a;
	struct given given[GIVEN_MAX];
	unsigned n_given;
	bool fixed, ignore_case, packets, pcre_only;
	bool count, list, invert, quiet;
	bool context_told;
	const char *color;
	uint64_t max;			/* 0: no end */
	struct grep_style style;

	struct search *search;
	bool filtered;			/* there is a -Y */
	struct buf out, line;
	struct buf held;		/* lines of `waiting` */
	struct waiting *waiting;
	size_t n_waiting, cap_waiting;
	uint64_t holding;		/* the packet that they wait for */
	uint64_t matches, shown;	/* shown: lines of --list and --invert-match */
	size_t room;			/* bytes that lines of the packet at hand may yet take */
	uint64_t unshown;		/* matches that found none */
	bool done;
};

/* What found() is told of where it is. */
struct finding_at {
	struct grep *g;
	struct flow *flow;
	struct grep_place place;
	bool hold;
};

static bool
parse_bytes(const char *arg, uint32_t *n, struct err *e)
{
	char *end;
	unsigned long v = strtoul(arg, &end, 10);

	if (end == arg || *end || *arg == '-' || v > GREP_CONTEXT_MAX)
		return err_set(e, "invalid context %s: 0 to %d bytes", arg, GREP_CONTEXT_MAX);
	*n = (uint32_t)v;
	return true;
}

static bool
option(void *state, int letter, const char *arg, struct err *e)
{
	struct grep *g = state;
	uint32_t n = 0;
	char *end;

	switch (letter) {
	case 'e':
	case 'f':
	case OPT_HEX:
		if (g->n_given == GIVEN_MAX)
			return err_set(e, "more than %d patterns on the command line: put them into a file", GIVEN_MAX);
		g->given[g->n_given++] = (struct given){ letter, arg };
		return true;
	case 'C':
	case OPT_AFTER:
	case OPT_BEFORE:
		if (!parse_bytes(arg, &n, e))
			return false;
		if (!g->context_told)
			g->style.before = g->style.after = 0;
		g->context_told = true;
		if (letter != OPT_AFTER)
			g->style.before = n;
		if (letter != OPT_BEFORE)
			g->style.after = n;
		return true;
	case 'm':
		errno = 0;
		g->max = strtoull(arg, &end, 10);
		return (end != arg && !*end && !errno && *arg != '-' && g->max) || err_set(e, "invalid count %s", arg);
	case OPT_COLOR:
		g->color = arg;
		return strcmp(arg, "auto") == 0 || strcmp(arg, "always") == 0 || strcmp(arg, "never") == 0 ||
		    err_set(e, "--color: always, never or auto, not %s", arg);
	case 'o': g->style.only = true; return true;
	case 'q': g->quiet = true; return true;
	case 'v': g->invert = true; return true;
	case 'x': g->style.hexdump = true; return true;
	case OPT_COUNT_MATCHES: g->count = true; return true;
	case OPT_FIXED: g->fixed = true; return true;
	case OPT_IGNORE_CASE: g->ignore_case = true; return true;
	case OPT_LIST: g->list = true; return true;
	case OPT_PACKETS: g->packets = true; return true;
	case OPT_PCRE_ONLY: g->pcre_only = true; return true;
	}
	return err_set(e, "option %d is not known", letter);
}

/* --- matches ---------------------------------------------------------------------------------------------------------- */

static void
out_flush(struct grep *g)
{
	if (g->out.len)
		output_print(g->out.data, g->out.len);
	g->out.len = 0;
}

/* A match that counts, with its line. */
static void
match_take(struct grep *g, struct flow *flow, const char *line, size_t n)
{
	struct talk *talk = flow ? flow->user : NULL;

	if (g->done)
		return;
	g->matches++;
	if (talk)
		talk->matches++;
	if (g->quiet || (g->max && g->matches == g->max && !g->invert))
		g->done = true;
	if (g->quiet || g->count || g->invert || (g->list && talk && talk->matches > 1))
		return;
	g->shown++;
	buf_put(&g->out, line, n);
	out_flush(g);
}

/* The line that a match is told by. */
static void
match_line(struct buf *b, struct grep *g, const struct search_match *m, const struct finding_at *at)
{
	size_t before = b->len;

	if (g->quiet || g->count || g->invert)
		return;
	if (g->room == 0) {
		g->unshown += !g->list;
		return;
	}
	if (!g->list)
		grep_show(b, &g->style, g->search, m, &at->place);
	else if (at->flow)
		grep_show_stream(b, &g->style, at->flow);
	else
		grep_show_packet(b, &g->style, m->first, m->ns);
	g->room -= b->len - before < g->room ? b->len - before : g->room;
}

static bool
found(void *ctx, const struct search_match *m)
{
	const struct finding_at *at = ctx;
	struct grep *g = at->g;

	if (!at->hold) {
		g->line.len = 0;
		match_line(&g->line, g, m, at);
		match_take(g, at->flow, g->line.data, g->line.len);
		return !g->done && !(g->list && at->flow == NULL);
	}
	if (g->n_waiting == g->cap_waiting) {
		size_t cap = g->cap_waiting ? g->cap_waiting * 2 : 64;
		struct waiting *more = realloc(g->waiting, cap * sizeof *more);

		if (more == NULL)
			return true;
		g->waiting = more;
		g->cap_waiting = cap;
	}
	g->waiting[g->n_waiting] = (struct waiting){ .flow = at->flow, .text = g->held.len };
	match_line(&g->held, g, m, at);
	g->waiting[g->n_waiting].len = g->held.len - g->waiting[g->n_waiting].text;
	g->n_waiting++;
	return true;
}

/* Those that waited for packets before this one have not been passed. */
static void
waiting_begin(struct grep *g, uint64_t number)
{
	if (g->holding == number)
		return;
	g->holding = number;
	g->n_waiting = g->held.len = 0;
}

static void
waiting_take(struct grep *g)
{
	for (size_t i = 0; i < g->n_waiting; i++)
		match_take(g, g->waiting[i].flow, g->waiting[i].len ? g->held.data + g->waiting[i].text : "", g->waiting[i].len);
	g->n_waiting = g->held.len = 0;
}

/* Nothing more can be learned from the flow. */
static bool
talk_is_settled(const struct grep *g, const struct talk *talk)
{
	return (g->list || g->invert) && talk->matches;
}

/* --- what the flows tell ---------------------------------------------------------------------------------------------- */

/* n bytes are looked at. */
static void
room_begin(struct grep *g, uint32_t n)
{
	g->room = GREP_TEXT_BASE + (size_t)n * GREP_TEXT_A_BYTE;
}

static struct finding_at
finding_in(struct grep *g, struct flow *flow, unsigned dir, uint64_t packet, uint32_t n)
{
	struct finding_at at = { .g = g, .flow = flow, .place = { .flow = flow, .dir = dir }, .hold = g->filtered };

	room_begin(g, n);
	if (at.hold)
		waiting_begin(g, packet);
	return at;
}

static bool
on_bytes(void *ctx, struct flow *flow, unsigned dir, const struct flow_piece *p)
{
	struct grep *g = ctx;
	struct finding_at at = finding_in(g, flow, dir, p->shown, p->len);
	const struct search_piece piece = { p->p, p->len, p->offset, p->number, p->ns };
	struct talk *talk = flow->user;

	if (g->done)
		return false;
	if (talk == NULL && (flow->user = talk = calloc(1, sizeof *talk)) == NULL)
		return false;
	talk->shown[dir] = p->shown;
	if (flow->kind == FLOW_TCP)
		search_feed(g->search, &talk->sides[dir], &piece, &at);
	else
		search_whole(g->search, &piece, &at);
	return !g->done && !talk_is_settled(g, talk);
}

static void
on_conflict(void *ctx, struct flow *flow, unsigned dir, const struct flow_conflict *c)
{
	struct grep *g = ctx;
	struct finding_at at = finding_in(g, flow, dir, c->number, c->len);
	const struct search_piece piece = { c->other, c->len, c->offset, c->number, c->ns };

	at.place.conflict = true;
	if (!g->done)
		search_whole(g->search, &piece, &at);
}

static void
on_closed(void *ctx, struct flow *flow, enum flow_end end)
{
	struct grep *g = ctx;
	struct talk *talk = flow->user;

	(void)end;
	if (talk == NULL)
		return;
	/* Its lines are told even if it ends before its packet has been passed. */
	for (size_t i = 0; i < g->n_waiting; i++)
		if (g->waiting[i].flow == flow)
			g->waiting[i].flow = NULL;
	for (unsigned dir = 0; dir < 2; dir++) {
		struct finding_at at = { .g = g, .flow = flow, .place = { .flow = flow, .dir = dir } };

		room_begin(g, 0);
		if (!g->done && (!g->filtered || talk->passed >= talk->shown[dir]))
			search_end(g->search, &talk->sides[dir], &at);
		search_drop(g->search, &talk->sides[dir]);
	}
	if (g->invert && !g->done && talk->matches == 0 && (!g->filtered || talk->passed)) {
		g->shown++;
		g->done = g->quiet || (g->max && g->shown == g->max);
		if (!g->quiet && !g->count)
			grep_show_stream(&g->out, &g->style, flow);
		out_flush(g);
	}
	flow->user = NULL;
	free(talk);
}

/* --- packets ---------------------------------------------------------------------------------------------------------- */

/* Is the packet one of several fragments, whose bytes are searched when they have been put together? */
static bool
is_fragment(const struct tracked *t)
{
	const struct fields *s = t->dis->sink;

	for (uint32_t i = 0; i < s->n_layers; i++) {
		const struct layer *l = &s->layers[i];

		if (l->fragment || (strcmp(l->proto->name, "ip") == 0 && l->len >= 8 && raw16(l->p + 6) & 0x3fff) ||
		    (strcmp(l->proto->name, "ipv6") == 0 && l->len > 6 && l->p[6] == IPP_FRAGMENT))
			return true;
	}
	return false;
}

static void
search_packet(struct grep *g, const struct tracked *t)
{
	struct finding_at at = { .g = g, .place = { .packet = true } };
	const struct search_piece piece = { t->packet->data, t->packet->caplen, 0, t->number, t->ns };
	uint64_t before = g->matches;

	if (g->packets && t->n) {
		at.place.flow = t->steps[t->n - 1].flow;
		at.place.dir = t->steps[t->n - 1].dir;
	}
	room_begin(g, piece.len);
	search_whole(g->search, &piece, &at);
	if (g->invert && g->packets && !g->done && g->matches == before) {
		g->shown++;
		g->done = g->quiet || (g->max && g->shown == g->max);
		if (!g->quiet && !g->count)
			grep_show_packet(&g->out, &g->style, t->number, t->ns);
		out_flush(g);
	}
}

static bool
packet(void *state, const struct tracked *t, struct err *e)
{
	struct grep *g = state;

	e->text[0] = '\0';
	if (g->filtered) {
		for (unsigned i = 0; i < t->n; i++)
			if (t->steps[i].flow->user)
				((struct talk *)t->steps[i].flow->user)->passed = t->number;
		if (g->holding == t->number)
			waiting_take(g);
	}
	if (!g->done && (g->packets || (t->n == 0 && !is_fragment(t))))
		search_packet(g, t);
	return !g->done && !ferror(stdout);
}

/* --- from start to end ------------------------------------------------------------------------------------------------ */

static bool
add_pattern(struct grep *g, int letter, const char *text, struct err *e)
{
	enum search_kind kind = letter == OPT_HEX ? SEARCH_HEX : g->fixed ? SEARCH_FIXED : SEARCH_REGEX;

	if (letter == 'f')
		return grep_read_patterns(g->search, text, kind, g->ignore_case, e);
	return search_add(g->search, kind, text, strlen(text), g->ignore_case, e) ||
	    err_wrap(e, letter == OPT_HEX ? "--hex %s" : "pattern %s", text);
}

static bool
use_color(const struct grep *g)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (g->color && strcmp(g->color, "auto") != 0)
		return strcmp(g->color, "always") == 0;
	return isatty(STDOUT_FILENO) && !(no && *no) && !(term && strcmp(term, "dumb") == 0);
}

static bool
patterns_make(struct grep *g, char ***operands, struct err *e)
{
	const struct search_options o = { .context = g->style.before, .pcre_only = g->pcre_only, .found = found };

	g->search = search_new(&o);
	if (g->search == NULL)
		return err_set(e, "out of memory");
	if (g->n_given == 0) {
		if (**operands == NULL)
			return err_set(e, "a pattern is missing");
		if (!add_pattern(g, 'e', *(*operands)++, e))
			return false;
	}
	for (unsigned i = 0; i < g->n_given; i++)
		if (!add_pattern(g, g->given[i].letter, g->given[i].text, e))
			return false;
	return search_ready(g->search, e);
}

static bool
prepare(void *state, struct analyse *a, char ***operands, struct track_options *o, struct err *e)
{
	struct grep *g = state;

	g->a = a;
	if (!g->context_told) {
		g->style.before = g->style.after = GREP_CONTEXT;
		g->style.lines = true;
	}
	if (!patterns_make(g, operands, e))
		return false;
	g->style.which = search_size(g->search) > 1;
	g->style.json = analyse_options(a)->json;
	g->style.color = !g->style.json && use_color(g);
	g->filtered = analyse_options(a)->display_filter != NULL;
	o->layers_only = o->flows_only = true;
	if (g->packets)
		return true;
	o->watch.bytes = on_bytes;
	o->watch.conflict = on_conflict;
	o->watch.closed = on_closed;
	return true;
}

static bool
finish(void *state, struct err *e)
{
	struct grep *g = state;
	const struct search_counts *c = search_counts(g->search);

	(void)e;
	if (g->count && !g->quiet) {
		if (g->style.json)
			printf("{\"matches\":%ju}\n", (uintmax_t)(g->invert ? g->shown : g->matches));
		else
			printf("%ju\n", (uintmax_t)(g->invert ? g->shown : g->matches));
	}
	if (c->limits)
		say_error("%ju times a pattern took too long: matches may be missing there", (uintmax_t)c->limits);
	if (g->unshown)
		say_error("%ju matches are counted, but not shown: there were too many in a packet", (uintmax_t)g->unshown);
	if (c->cut)
		say_error("%ju matches may be longer than %d bytes, and were cut", (uintmax_t)c->cut, SEARCH_HELD_MAX);
	if (c->forgotten)
		say_error("%ju streams were quiet for too long: what they said before is not matched with what followed",
		    (uintmax_t)c->forgotten);
	return true;
}

static int
status(void *state, int status)
{
	const struct grep *g = state;

	return status ? status : g->invert ? g->shown == 0 : g->matches == 0;
}

static void
close_all(void *state)
{
	struct grep *g = state;

	search_free(g->search);
	buf_free(&g->out);
	buf_free(&g->line);
	buf_free(&g->held);
	free(g->waiting);
}

int
cmd_grep(int argc, char **argv)
{
	static const struct analyse_command command = {
		.name = "grep",
		.operands = "pattern [expression]",
		.summary = "Shows where conversations say what matches a pattern: a regular expression, text or bytes.",
		.rows = rows, .n_rows = sizeof rows / sizeof *rows, .size = sizeof(struct grep),
		.option = option, .prepare = prepare, .packet = packet, .finish = finish, .status = status,
		.close = close_all, .streams = true,
	};

	return analyse_run(&command, argc, argv);
}
