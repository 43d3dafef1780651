#include "cmd/follow.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/analyse.h"
#include "cmd/output.h"
#include "cmd/privilege.h"
#include "cmd/say.h"

enum { OPT_CLIENT = 256, OPT_FORCE, OPT_HEX, OPT_HTTP, OPT_RAW, OPT_SERVER, OPT_TIME, OPT_UDP, OPT_ALL };

static const struct option_row rows[] = {
	{ 'o', "output", "dir", "a file for each stream, in this directory, and an index of them" },
	{ OPT_ALL, "all", NULL, "every stream: so it is when none is named" },
	{ OPT_CLIENT, "client", NULL, "only what the client said: who sent the first packet" },
	{ OPT_FORCE, "force", NULL, "files of -o that exist are overwritten" },
	{ OPT_HEX, "hex", NULL, "offsets, bytes in hex, and characters" },
	{ OPT_HTTP, "http", NULL, "HTTP messages: heads, and bodies decoded" },
	{ OPT_RAW, "raw", NULL, "the bytes themselves: of one stream, or to files" },
	{ OPT_SERVER, "server", NULL, "only what the server said" },
	{ OPT_TIME, "time", NULL, "when each piece came" },
};

/* How it is found out which streams to show. */
enum choice {
	CHOICE_AT_ONCE,		/* when a stream begins: all, or those that were named */
	CHOICE_FIRST_LOOK,	/* reading for the first time: those with a packet that -Y passes are noted ... */
	CHOICE_NOTED,		/* ... and shown when read again */
	CHOICE_FROM_NOW,	/* from the first packet that -Y passes */
};

/* Pieces of streams that -Y may yet choose, all brought by one packet. */
struct held_piece {
	struct flow *flow;
	unsigned dir;
	struct flow_piece piece;
	size_t at;		/* of its bytes */
};

/* A conversation that is, or may be, shown. */
struct stream {
	bool chosen;
	bool headed;		/* its header has been shown */
	struct follow_view view;
	struct follow_file files[2];
	struct follow_http *http;
};

struct follow {
	struct analyse *analyse;
	struct follow_show show;
	bool shown[2];		/* directions */
	const char *dir;	/* -o */
	bool force;
	enum choice choice;
	struct follow_pick picks[FOLLOW_PICKS_MAX];
	unsigned n_picks;
	unsigned n_awaited;	/* streams named by number that have not begun */
	bool numbers;		/* all are named so */
	struct {
		uint8_t *bits;
		size_t bytes;
	} noted[FLOW_KINDS];
	uint64_t unnoted;	/* streams whose numbers are beyond the ceiling */
	struct held_piece *held;
	size_t n_held, held_cap;
	struct buf held_bytes;
	uint64_t held_number;
	struct buf out;
	struct follow_view view;	/* of standard output */
	const struct flow *now;		/* whose bytes standard output had last */
	uint64_t n_streams;		/* shown on standard output */
	uint64_t missing;		/* --raw: bytes that are not there */
	uint64_t http_held;
	struct follow_files *files;
	bool failed;
	struct err why;
};

/* --- where it goes ---------------------------------------------------------------------------------------------------- */

/* The first thing that goes wrong ends it, at the end of the packet. */
static void
fail(struct follow *x)
{
	x->failed = true;
}

/* What the names of the stream's files end in. */
static const char *
tail_of(const struct follow *x, unsigned dir)
{
	static const char *const tails[] = { "txt", "hex", "raw", "json" };

	if (x->show.mode == FOLLOW_RAW)
		return dir ? "server.raw" : "client.raw";
	return tails[x->show.mode];
}

/* What has been rendered goes out. */
static void
emit(struct follow *x, struct stream *s, const struct flow *f, unsigned dir)
{
	if (x->out.failed)
		err_set(&x->why, "out of memory"), fail(x);
	if (x->failed || x->out.len == 0) {
		x->out.len = 0;
		return;
	}
	if (x->files) {
		dir = x->show.mode == FOLLOW_RAW ? dir : 0;
		if (!follow_files_put(x->files, &s->files[dir], f, tail_of(x, dir), x->out.data, x->out.len, &x->why))
			fail(x);
	} else if (!output_print(x->out.data, x->out.len)) {
		fail(x);	/* which is told at the end */
	}
	x->out.len = 0;
}

static struct follow_view *
view_of(struct follow *x, struct stream *s)
{
	return x->files ? &s->view : &x->view;
}

/* Something of this stream comes: its header, or that it goes on. */
static void
announce(struct follow *x, struct stream *s, const struct flow *f)
{
	if (!s->headed) {
		if (!x->files && ++x->n_streams > 1 && x->show.mode == FOLLOW_RAW) {
			err_set(&x->why, "--raw writes one stream, and %s:%u is another one: name one, or use -o",
			    follow_kind_name(f->kind), f->stream);
			fail(x);
		}
		follow_show_head(&x->show, &x->out, view_of(x, s), f);
		s->headed = true;
	} else if (!x->files && x->now != f) {
		follow_show_turn(&x->show, &x->out, &x->view, f);
	}
	x->now = f;
}

static void
show_piece(struct follow *x, struct flow *f, unsigned dir, const struct flow_piece *k)
{
	struct stream *s = f->user;
	struct follow_spot at = { f, dir, k->offset - k->missing, k->number, k->ns };

	if (x->failed || (!k->len && !k->missing))
		return;
	if (x->show.http && f->kind == FLOW_TCP) {
		if (!s->http && (s->http = follow_http_new(&x->show, f, &x->http_held, x->files)) == NULL) {
			err_set(&x->why, "out of memory");
			fail(x);
			return;
		}
		if (x->shown[0] || x->shown[1])
			announce(x, s, f);
		if (!follow_http_take(s->http, &x->out, view_of(x, s), dir, k, x->shown, &x->why))
			fail(x);
		emit(x, s, f, dir);
		return;
	}
	if (!x->shown[dir])
		return;
	announce(x, s, f);
	if (k->missing) {
		x->missing += k->missing;
		follow_show_missing(&x->show, &x->out, view_of(x, s), &at, k->missing);
	}
	at.offset = k->offset;
	follow_show_bytes(&x->show, &x->out, view_of(x, s), &at, k->p, k->len);
	emit(x, s, f, dir);
}

/* --- streams ----------------------------------------------------------------------------------------------------------- */

static bool
is_named(struct follow *x, const struct flow *f)
{
	bool is = x->n_picks == 0;

	for (unsigned i = 0; i < x->n_picks; i++) {
		struct follow_pick *p = &x->picks[i];

		if (!follow_pick_matches(p, f))
			continue;
		x->n_awaited -= p->by == PICK_NUMBER && !p->found;
		is = p->found = true;
	}
	return is;
}

static bool
is_noted(const struct follow *x, const struct flow *f)
{
	return f->stream / 8 < x->noted[f->kind].bytes && x->noted[f->kind].bits[f->stream / 8] >> f->stream % 8 & 1;
}

static void
note(struct follow *x, const struct flow *f)
{
	size_t need = (size_t)f->stream / 8 + 1, have = x->noted[f->kind].bytes;

	if (f->stream >= FOLLOW_STREAMS_MAX) {
		x->unnoted++;
		return;
	}
	if (need > have) {
		size_t bytes = have ? have : 4096;
		uint8_t *bits;

		while (bytes < need)
			bytes *= 2;
		bits = realloc(x->noted[f->kind].bits, bytes);
		if (bits == NULL) {
			x->unnoted++;
			return;
		}
		memset(bits + have, 0, bytes - have);
		x->noted[f->kind].bits = bits;
		x->noted[f->kind].bytes = bytes;
	}
	x->noted[f->kind].bits[f->stream / 8] |= (uint8_t)(1u << f->stream % 8);
}

/* With -Y, its streams are known only behind the last packet: on the first look nothing is shown. */
static void
choose(struct follow *x)
{
	if (x->choice != CHOICE_AT_ONCE || !analyse_options(x->analyse)->display_filter)
		return;
	x->choice = analyse_rereadable(x->analyse) ? CHOICE_FIRST_LOOK : CHOICE_FROM_NOW;
	if (x->choice == CHOICE_FROM_NOW)
		fprintf(stderr, "%s follow: the input cannot be read twice: "
		    "streams are shown from the first packet that -Y passes\n",
		    say_name());
}

static void
on_opened(void *ctx, struct flow *f)
{
	struct follow *x = ctx;
	struct stream *s;

	choose(x);
	f->user = NULL;
	if (f->kind == FLOW_ICMP || x->choice == CHOICE_FIRST_LOOK || !is_named(x, f) ||
	    (x->choice == CHOICE_NOTED && !is_noted(x, f)))
		return;
	s = calloc(1, sizeof *s);
	if (s == NULL) {
		err_set(&x->why, "out of memory");
		fail(x);
		return;
	}
	s->view.dir = -1;
	s->chosen = x->choice != CHOICE_FROM_NOW;
	f->user = s;
}

/* A piece of a stream that -Y has not chosen: the packet that is being looked at may still do so. */
static void
hold(struct follow *x, struct flow *f, unsigned dir, const struct flow_piece *k)
{
	struct held_piece *h;

	if (x->held_number != k->shown) {
		x->n_held = x->held_bytes.len = 0;
		x->held_number = k->shown;
	}
	if (x->n_held == x->held_cap) {
		size_t cap = x->held_cap ? 2 * x->held_cap : 16;

		h = realloc(x->held, cap * sizeof *h);
		if (h == NULL)
			return;
		x->held = h;
		x->held_cap = cap;
	}
	x->held[x->n_held++] = (struct held_piece) { f, dir, *k, x->held_bytes.len };
	buf_put(&x->held_bytes, k->p, k->len);
}

static bool
on_bytes(void *ctx, struct flow *f, unsigned dir, const struct flow_piece *k)
{
	struct follow *x = ctx;
	struct stream *s = f->user;

	if (s == NULL || x->failed)
		return false;
	if (s->chosen)
		show_piece(x, f, dir, k);
	else
		hold(x, f, dir, k);
	return true;
}

static void
on_conflict(void *ctx, struct flow *f, unsigned dir, const struct flow_conflict *c)
{
	struct follow *x = ctx;
	struct stream *s = f->user;

	if (s == NULL || !s->chosen || !x->shown[dir] || x->failed)
		return;
	announce(x, s, f);
	follow_show_conflict(&x->show, &x->out, view_of(x, s), dir, f, c);
	emit(x, s, f, dir);
}

/* Messages that were going on are ended; that it is this stream's turn is said if there is something to say. */
static void
end_http(struct follow *x, struct stream *s, const struct flow *f)
{
	struct follow_view *v = view_of(x, s), before = *v;
	struct buf rest = { 0 };

	if (!x->files && x->now != f)
		*v = (struct follow_view) { .dir = -1 };
	if (!follow_http_end(s->http, &rest, v, &x->why))
		fail(x);
	if (rest.len) {
		struct follow_view after = *v;

		*v = before;
		announce(x, s, f);
		*v = after;
		buf_put(&x->out, rest.data, rest.len);
		x->out.failed |= rest.failed;
		emit(x, s, f, 0);
	} else {
		*v = before;
	}
	buf_free(&rest);
}

static void
on_closed(void *ctx, struct flow *f, enum flow_end why)
{
	struct follow *x = ctx;
	struct stream *s = f->user;

	if (s == NULL)
		return;
	/* Another flow may come to be in its place, and with the same packet. */
	for (size_t i = 0; i < x->n_held; i++)
		if (x->held[i].flow == f)
			x->held[i].flow = NULL;
	if (s->http && !x->failed)
		end_http(x, s, f);
	/* A stream that was named is told of even if nobody said anything. */
	if (s->chosen && !s->headed && x->n_picks && !x->files)
		announce(x, s, f);
	if (s->headed && !x->failed) {
		/* A stream that others have talked behind is closed without ado. */
		if (!x->files && x->now != f && why == FLOW_END_CROWDED)
			announce(x, s, f);
		follow_show_end(&x->show, &x->out, view_of(x, s), f, why, x->files || x->now == f);
		emit(x, s, f, 0);
	}
	if (x->files) {
		/* Also after a failure: what is open must not point to what is freed. */
		for (unsigned dir = 0; dir < 2; dir++)
			if (!follow_files_done(x->files, &s->files[dir], x->failed ? &(struct err) { "" } : &x->why))
				fail(x);
		if (!x->failed && s->chosen && !follow_files_index(x->files, f, why, s->files, &x->why))
			fail(x);
	}
	if (x->now == f)
		x->now = NULL;
	follow_http_free(s->http);
	free(s);
	f->user = NULL;
}

/* --- the command ------------------------------------------------------------------------------------------------------- */

static bool
set_mode(struct follow *x, enum follow_mode mode, struct err *e)
{
	if (x->show.mode != FOLLOW_TEXT && x->show.mode != mode)
		return err_set(e, "--hex, --raw and --json are mutually exclusive");
	x->show.mode = mode;
	return true;
}

static bool
take_option(void *state, int letter, const char *arg, struct err *e)
{
	struct follow *x = state;

	switch (letter) {
	case 'o': x->dir = arg; return true;
	case OPT_ALL: return true;
	case OPT_CLIENT: x->shown[0] = true; return true;
	case OPT_SERVER: x->shown[1] = true; return true;
	case OPT_FORCE: x->force = true; return true;
	case OPT_HTTP: x->show.http = true; return true;
	case OPT_TIME: x->show.times = true; return true;
	case OPT_HEX: return set_mode(x, FOLLOW_HEX, e);
	case OPT_RAW: return set_mode(x, FOLLOW_RAW, e);
	}
	return err_set(e, "option %d is not known", letter);
}

static bool
wants_colour(const struct follow *x)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return !x->dir && x->show.mode <= FOLLOW_HEX && isatty(STDOUT_FILENO) && !(no && *no) &&
	    !(term && strcmp(term, "dumb") == 0);
}

static bool
open_files(struct follow *x, struct err *e)
{
	const char *user;

	e->text[0] = '\0';
	user = privilege_user(analyse_options(x->analyse)->user, e);
	if (user == NULL && e->text[0])
		return false;
	analyse_write_in(x->analyse, x->dir);
	x->files = follow_files_new(x->dir, x->force, user, e);
	return x->files != NULL;
}

/* What the names of streams say of those that can be left alone. With -Y, a packet's innermost conversation has to be known. */
static void
expect(struct follow *x, struct track_options *o)
{
	x->numbers = x->n_picks > 0;
	for (unsigned i = 0; i < x->n_picks; i++)
		x->numbers &= x->picks[i].by == PICK_NUMBER;
	x->n_awaited = x->n_picks;
	if (analyse_options(x->analyse)->display_filter || !x->numbers)
		return;
	for (unsigned i = 0; i < x->n_picks; i++)
		o->kinds |= 1u << x->picks[i].kind;
}

static bool
prepare(void *state, struct analyse *a, char ***operands, struct track_options *o, struct err *e)
{
	struct follow *x = state;

	x->analyse = a;
	x->view.dir = -1;
	if (analyse_options(a)->json && !set_mode(x, FOLLOW_JSON, e))
		return false;
	if (!x->shown[0] && !x->shown[1])
		x->shown[0] = x->shown[1] = true;
	x->show.colour = wants_colour(x);
	if (x->show.mode == FOLLOW_RAW && x->show.http)
		return err_set(e, "--raw is the bytes as they were sent: there is no --http with it");
	if (x->show.mode == FOLLOW_RAW && !x->dir && isatty(STDOUT_FILENO))
		return err_set(e, "--raw writes no bytes of packets to a terminal: redirect them");
	for (; **operands; ++*operands) {
		struct follow_pick *p = &x->picks[x->n_picks];

		if (x->n_picks == FOLLOW_PICKS_MAX)
			return err_set(e, "more than %d streams are named", FOLLOW_PICKS_MAX);
		if (!follow_pick_read(p, **operands, e)) {
			if (e->text[0])
				return false;
			break;
		}
		x->n_picks++;
	}
	if (x->dir && !open_files(x, e))
		return false;
	o->watch = (struct flow_watch) { x, on_opened, on_bytes, on_conflict, on_closed };
	o->layers_only = o->flows_only = true;
	o->chosen = true;
	expect(x, o);
	x->choice = CHOICE_AT_ONCE;
	return true;
}

static void
choose_from_now(struct follow *x, struct flow *f)
{
	struct stream *s = f->user;

	if (s == NULL || s->chosen)
		return;
	s->chosen = true;
	if (x->held_bytes.failed)
		return;
	for (size_t i = 0; i < x->n_held; i++) {
		struct held_piece *h = &x->held[i];

		if (h->flow != f)
			continue;
		h->piece.p = (const uint8_t *)x->held_bytes.data + h->at;
		show_piece(x, f, h->dir, &h->piece);
	}
}

static bool
on_packet(void *state, const struct tracked *t, struct err *e)
{
	struct follow *x = state;
	unsigned i = t->n;

	/* The innermost conversation is what a packet is about. */
	while (i && t->steps[i - 1].flow->kind == FLOW_ICMP)
		i--;
	if (i && x->choice == CHOICE_FIRST_LOOK)
		note(x, t->steps[i - 1].flow);
	else if (i && x->choice == CHOICE_FROM_NOW) {
		if (x->held_number != t->number)
			x->n_held = 0;
		choose_from_now(x, t->steps[i - 1].flow);
	}
	/* When all streams that were named by number have begun, no other one will be shown. */
	if (x->numbers && x->n_awaited == 0 && (x->choice == CHOICE_AT_ONCE || x->choice == CHOICE_NOTED)) {
		track_settle(analyse_track(x->analyse));
		x->numbers = false;
	}
	if (x->failed)
		*e = x->why;
	return !x->failed;
}

static bool
say_unfound(const struct follow *x, struct err *e)
{
	for (unsigned i = 0; i < x->n_picks; i++)
		if (!x->picks[i].found)
			return err_set(e, "no stream %s in these packets", x->picks[i].text);
	return true;
}

static bool
finish_files(struct follow *x, struct err *e)
{
	struct follow_files *files = x->files;
	uint64_t n = 0, left_out = 0;
	bool ok = !x->failed && follow_files_finish(files, &n, &left_out, e);

	x->files = NULL;
	if (x->failed)
		*e = x->why;
	ok = follow_files_close(files, ok ? e : &(struct err) { "" }) && ok;
	if (ok) {
		fprintf(stderr, "%s follow: %ju files in ", say_name(), (uintmax_t)n);
		say_text(x->dir);
		fputc('\n', stderr);
	}
	if (left_out)
		say_warning("%ju bodies have no file: there were too many in a packet", (uintmax_t)left_out);
	return ok;
}

static bool
finish(void *state, struct err *e)
{
	struct follow *x = state;

	if (x->choice == CHOICE_FIRST_LOOK && !analyse_interrupted(x->analyse)) {
		x->choice = CHOICE_NOTED;
		if (!analyse_again(x->analyse, e))
			return false;
	}
	if (x->unnoted)
		say_warning("%ju packets are of streams with numbers beyond what is remembered", (uintmax_t)x->unnoted);
	if (x->files && !finish_files(x, e))
		return false;
	if (x->failed) {
		*e = x->why;
		return e->text[0] == '\0';
	}
	if (x->show.mode == FOLLOW_RAW && x->missing)
		say_warning("%ju bytes are missing in what was written", (uintmax_t)x->missing);
	return say_unfound(x, e);
}

static void
shut(void *state)
{
	struct follow *x = state;

	/* After a failure, flows are still open. */
	x->failed = true;
	if (x->analyse && analyse_track(x->analyse))
		flows_end(track_flows(analyse_track(x->analyse)));
	follow_files_close(x->files, &(struct err) { "" });
	for (unsigned i = 0; i < FLOW_KINDS; i++)
		free(x->noted[i].bits);
	free(x->held);
	buf_free(&x->held_bytes);
	buf_free(&x->out);
}

int
cmd_follow(int argc, char **argv)
{
	static const struct analyse_command command = {
		.name = "follow", .operands = "[stream ...] [expression]",
		.summary = "What the two ends of conversations said. A stream is named 3 or tcp:3, udp:3, sctp:3, by its\n"
		    "Community ID, or by its ends: 10.0.0.1:1234-10.0.0.2:80, [::1]:1234-[::1]:80.",
		.rows = rows, .n_rows = sizeof rows / sizeof *rows, .size = sizeof(struct follow),
		.option = take_option, .prepare = prepare, .packet = on_packet, .finish = finish, .close = shut,
		.streams = true,
	};

	return analyse_run(&command, argc, argv);
}
