#include "stream/search.h"

#include <stdlib.h>
#include <string.h>

#include "stream/multi.h"
#include "stream/pattern.h"

enum {
	MARKS_MAX = 64,
	AHEAD = 16,		/* further than a match's end that its engine may look before it tells */
	HURRY_MAX = 256,	/* of more fixed strings none gets machine code of its own: few will occur */
	OFTEN = 8192,		/* a partial match this short is tried again with each piece */
};

/* From its offset on, the stream's bytes came with this packet. */
struct search_mark {
	uint64_t offset, number;
	int64_t ns;
};

/*
 * A pattern's next match begins at `from` or later; partial: the one that begins there is not complete, and is tried
 * again when the stream has come to `again`.
 */
struct search_wait {
	uint64_t from, again;
	uint32_t pattern;
	bool partial;
};

struct finding {
	uint32_t pattern, from, len;
	bool cut;
};

struct search {
	struct search_options o;
	struct pattern *patterns;
	unsigned n, cap;
	bool ready;
	struct multi *multi;
	unsigned *alone, n_alone;	/* patterns that it does not know */
	void *whole;			/* its stream for what stands alone */
	uint32_t behind;		/* most of all patterns */
	uint32_t tail;			/* bytes to hold in any case */
	struct regex *regex;
	/* patterns to run over this piece */
	uint32_t *runs, *stamps, stamp;
	unsigned n_runs;
	/* what was found in it */
	struct finding *found;
	size_t n_found, cap_found;
	struct search_stream *newest, *oldest;
	struct search_counts counts;
};

/* Bytes to run patterns over: a stream's window, or what stands alone. */
struct window {
	const uint8_t *p;
	uint32_t len;
	uint64_t base;
	uint32_t options;	/* PCRE2's */
};

struct search *
search_new(const struct search_options *o)
{
	struct search *s = calloc(1, sizeof *s);

	if (s == NULL)
		return NULL;
	s->o = *o;
	s->behind = 1;
	s->regex = regex_new();
	if (s->regex)
		return s;
	search_free(s);
	return NULL;
}

void
search_free(struct search *s)
{
	if (s == NULL)
		return;
	while (s->oldest)
		search_drop(s, s->oldest);
	if (s->whole)
		multi_close(s->multi, s->whole);
	multi_free(s->multi);
	for (unsigned i = 0; i < s->n; i++)
		pattern_free(&s->patterns[i]);
	free(s->patterns);
	free(s->alone);
	free(s->runs);
	free(s->stamps);
	free(s->found);
	regex_free(s->regex);
	free(s);
}

bool
search_add(struct search *s, enum search_kind kind, const char *p, size_t len, bool ignore_case, struct err *e)
{
	if (s->n == SEARCH_PATTERNS_MAX)
		return err_set(e, "more than %d patterns", SEARCH_PATTERNS_MAX);
	if (s->n == s->cap) {
		unsigned cap = s->cap ? s->cap * 2 : 8;
		struct pattern *more = realloc(s->patterns, cap * sizeof *more);

		if (more == NULL)
			return err_set(e, "out of memory");
		memset(more + s->cap, 0, (cap - s->cap) * sizeof *more);
		s->patterns = more;
		s->cap = cap;
	}
	return pattern_make(&s->patterns[s->n++], kind, p, len, ignore_case, e);
}

/* Gives vectorscan the patterns; those that it does not take are PCRE2's alone. */
static bool
multi_make(struct search *s)
{
	struct multi_pattern *list = calloc(s->n, sizeof *list);

	if (list == NULL)
		return false;
	for (unsigned i = 0; i < s->n; i++)
		list[i] = (struct multi_pattern){ .regex = pattern_regex(&s->patterns[i]),
			.ignore_case = s->patterns[i].ignore_case && s->patterns[i].kind != SEARCH_HEX,
			.lines = s->patterns[i].kind == SEARCH_REGEX };
	s->multi = multi_new(list, s->n);
	for (unsigned i = 0; i < s->n; i++) {
		s->patterns[i].fast = list[i].known;
		s->patterns[i].width = list[i].width;
		free((char *)list[i].regex);
	}
	free(list);
	return s->multi == NULL || (s->whole = multi_open(s->multi)) != NULL;
}

bool
search_ready(struct search *s, struct err *e)
{
	uint32_t window = 0;

	s->runs = calloc(s->n, sizeof *s->runs);
	s->stamps = calloc(s->n, sizeof *s->stamps);
	s->alone = calloc(s->n, sizeof *s->alone);
	if (s->runs == NULL || s->stamps == NULL || s->alone == NULL || (!s->o.pcre_only && !multi_make(s)))
		return err_set(e, "out of memory");
	for (unsigned i = 0; i < s->n; i++) {
		struct pattern *t = &s->patterns[i];

		if (t->kind != SEARCH_FIXED || s->n <= HURRY_MAX)
			pattern_hurry(t);
		s->behind = t->behind > s->behind ? t->behind : s->behind;
		if (!t->fast) {
			s->alone[s->n_alone++] = i;
			continue;
		}
		t->width = t->width < SEARCH_WINDOW - AHEAD ? t->width + AHEAD : SEARCH_WINDOW;
		window = t->width > window ? t->width : window;
	}
	s->counts.slow = s->n_alone;
	s->tail = window + s->behind + (s->o.context > 1 ? s->o.context : 1);
	s->ready = true;
	return true;
}

unsigned
search_size(const struct search *s)
{
	return s->n;
}

const char *
search_pattern(const struct search *s, unsigned i, size_t *len)
{
	*len = s->patterns[i].len;
	return s->patterns[i].text;
}

const struct search_counts *
search_counts(struct search *s)
{
	s->counts.limits = regex_given_up(s->regex);
	return &s->counts;
}

/* --- what a stream holds ---------------------------------------------------------------------------------------- */

static void
memory_add(struct search *s, size_t n)
{
	s->counts.memory += n;
	if (s->counts.memory > s->counts.memory_most)
		s->counts.memory_most = s->counts.memory;
}

static void
stream_unlink(struct search *s, struct search_stream *t)
{
	*(t->newer ? &t->newer->older : &s->newest) = t->older;
	*(t->older ? &t->older->newer : &s->oldest) = t->newer;
	t->newer = t->older = NULL;
}

static void
stream_link(struct search *s, struct search_stream *t)
{
	t->older = s->newest;
	t->newer = NULL;
	*(s->newest ? &s->newest->newer : &s->oldest) = t;
	s->newest = t;
}

/* An array with room for n elements; what it held stays. */
static bool
array_grow(struct search *s, void *array, uint32_t *cap, uint32_t n, size_t size)
{
	uint32_t want = *cap ? *cap : 4;
	void *old, *more;

	if (n <= *cap)
		return true;
	while (want < n)
		want *= 2;
	memcpy(&old, array, sizeof old);
	more = realloc(old, want * size);
	if (more == NULL)
		return false;
	memcpy(array, &more, sizeof more);
	memory_add(s, (want - *cap) * size);
	*cap = want;
	return true;
}

void
search_drop(struct search *s, struct search_stream *t)
{
	if (!t->begun)
		return;
	stream_unlink(s, t);
	if (t->scan) {
		multi_close(s->multi, t->scan);
		s->counts.memory -= multi_stream_size(s->multi);
	}
	s->counts.memory -= t->cap + t->cap_marks * sizeof *t->marks + t->cap_waits * sizeof *t->waits;
	free(t->buf);
	free(t->marks);
	free(t->waits);
	*t = (struct search_stream){ 0 };
}

static uint64_t
stream_end(const struct search_stream *t)
{
	return t->base + t->len;
}

/* Appends a piece to what is held. */
static bool
stream_hold(struct search *s, struct search_stream *t, const struct search_piece *piece)
{
	uint32_t cap = t->cap ? t->cap : 256;

	if (piece->len > t->cap - t->skip - t->len) {
		if (t->skip) {
			memmove(t->buf, t->buf + t->skip, t->len);
			t->skip = 0;
		}
		while (cap - t->len < piece->len)
			cap *= 2;
		if (!array_grow(s, &t->buf, &t->cap, cap, 1))
			return false;
	}
	memcpy(t->buf + t->skip + t->len, piece->p, piece->len);
	t->len += piece->len;
	if (t->n_marks && t->marks[t->n_marks - 1].number == piece->number)
		return true;
	if (t->n_marks == MARKS_MAX) {	/* the older ones merge, two and two: what they say is then only near */
		for (unsigned i = 0; i < MARKS_MAX / 4; i++)
			t->marks[i] = t->marks[2 * i];
		memmove(&t->marks[MARKS_MAX / 4], &t->marks[MARKS_MAX / 2], MARKS_MAX / 2 * sizeof *t->marks);
		t->n_marks -= MARKS_MAX / 4;
	}
	if (!array_grow(s, &t->marks, &t->cap_marks, t->n_marks + 1, sizeof *t->marks))
		return false;
	t->marks[t->n_marks++] = (struct search_mark){ piece->offset, piece->number, piece->ns };
	return true;
}

/* Forgets bytes at the front, so that `keep` stay. */
static void
stream_trim(struct search_stream *t, uint32_t keep)
{
	uint32_t gone = t->len - keep, i = 0;

	t->base += gone;
	t->len = keep;
	t->skip = keep ? t->skip + gone : 0;
	while (i + 1 < t->n_marks && t->marks[i + 1].offset <= t->base)
		i++;
	if (i) {
		t->n_marks -= i;
		memmove(t->marks, t->marks + i, t->n_marks * sizeof *t->marks);
	}
}

static const struct search_mark *
mark_at(const struct search_stream *t, uint64_t offset)
{
	uint32_t i = t->n_marks - 1;

	while (i && t->marks[i].offset > offset)
		i--;
	return &t->marks[i];
}

/* Where the pattern's entry is, or would be. */
static uint32_t
wait_place(const struct search_stream *t, uint32_t pattern)
{
	uint32_t low = 0, high = t->n_waits;

	while (low < high) {
		uint32_t mid = (low + high) / 2;

		if (t->waits[mid].pattern < pattern)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static struct search_wait *
wait_of(const struct search_stream *t, uint32_t pattern)
{
	uint32_t i = wait_place(t, pattern);

	return i < t->n_waits && t->waits[i].pattern == pattern ? &t->waits[i] : NULL;
}

static bool
wait_set(struct search *s, struct search_stream *t, uint32_t pattern, uint64_t from, bool partial)
{
	uint32_t i = wait_place(t, pattern);
	uint64_t end = stream_end(t);

	if (i == t->n_waits || t->waits[i].pattern != pattern) {
		if (!array_grow(s, &t->waits, &t->cap_waits, t->n_waits + 1, sizeof *t->waits))
			return false;
		memmove(&t->waits[i + 1], &t->waits[i], (t->n_waits++ - i) * sizeof *t->waits);
	}
	t->waits[i] = (struct search_wait){ from, end + (end - from > OFTEN ? (end - from) / 8 : 0), pattern, partial };
	return true;
}

/* --- running a pattern ------------------------------------------------------------------------------------------- */

static void
runs_begin(struct search *s)
{
	s->n_runs = 0;
	if (++s->stamp == 0) {
		memset(s->stamps, 0, s->n * sizeof *s->stamps);
		s->stamp = 1;
	}
}

static void
runs_add(void *ctx, unsigned pattern)
{
	struct search *s = ctx;

	if (s->stamps[pattern] != s->stamp) {
		s->stamps[pattern] = s->stamp;
		s->runs[s->n_runs++] = pattern;
	}
}

static void
found_add(struct search *s, struct finding f)
{
	if (s->n_found == s->cap_found) {
		size_t cap = s->cap_found ? s->cap_found * 2 : 64;
		struct finding *more = realloc(s->found, cap * sizeof *more);

		if (more == NULL)
			return;
		s->found = more;
		s->cap_found = cap;
	}
	s->found[s->n_found++] = f;
}

/* The next match from `at` on: where it is, or where one begins that is not complete. */
static enum regex_result
run_once(struct search *s, uint32_t pattern, const struct window *w, uint32_t at, uint32_t options, struct finding *f)
{
	const pcre2_code *code = pattern_code(&s->patterns[pattern]);
	enum regex_result r;
	size_t from, to;

	if (code == NULL)
		return REGEX_NONE;
	r = regex_find(s->regex, code, w->p, w->len, at, w->options | options | PCRE2_NOTEMPTY, &from, &to);
	/* \K may have moved the beginning, even behind the end. */
	if (r == REGEX_NONE || from > to || to > w->len)
		return REGEX_NONE;
	*f = (struct finding){ pattern, (uint32_t)from, (uint32_t)(to - from), false };
	return r;
}

/* All matches from `at` on that begin before `until`; where the next one may begin. */
static uint32_t
run_all(struct search *s, uint32_t pattern, const struct window *w, uint32_t at, uint32_t until, uint32_t options,
    bool *partial)
{
	struct finding f;
	enum regex_result r;

	*partial = false;
	while (at < until && (r = run_once(s, pattern, w, at, options, &f)) != REGEX_NONE) {
		if (r == REGEX_PARTIAL) {
			*partial = true;
			return f.from > at ? f.from : at;
		}
		if (f.from >= until)
			return until;
		f.cut = until < w->len && f.from + f.len == w->len;
		s->counts.cut += f.cut;
		found_add(s, f);
		at = f.from + f.len > at ? f.from + f.len : at + 1;
	}
	return at;
}

/*
 * The pattern over what is held. `fresh`: where the new piece begins. Beyond the ceiling a partial match is given up for the
 * matches that are complete, until half of what is held has been done with.
 */
static bool
run_stream(struct search *s, struct search_stream *t, uint32_t pattern, const struct window *w, uint64_t fresh, bool last)
{
	const struct pattern *k = &s->patterns[pattern];
	const struct search_wait *wait = wait_of(t, pattern);
	uint64_t from = t->base == t->start ? t->base : t->base + k->behind, end = w->base + w->len;
	uint32_t at;
	bool partial;

	if (wait)
		from = wait->from > from ? wait->from : from;
	else if (!k->fast && fresh > from)
		from = fresh;
	else if (k->fast && fresh > k->width && fresh - k->width > from)
		from = fresh - k->width;
	if (from >= end)
		return true;
	regex_begin(s->regex);
	at = run_all(s, pattern, w, (uint32_t)(from - w->base), w->len, last ? 0 : PCRE2_PARTIAL_HARD, &partial);
	/* What might begin with the next byte (behind \b, say) needs none of these, and is found when it comes. */
	if (at == w->len)
		partial = false;
	if (partial && w->len - at > SEARCH_HELD_MAX) {
		uint32_t until = w->len - SEARCH_HELD_MAX / 2;

		s->counts.cut++;
		at = run_all(s, pattern, w, at, until, 0, &partial);
		at = run_all(s, pattern, w, at > until ? at : until, w->len, PCRE2_PARTIAL_HARD, &partial);
	}
	if (last || (wait == NULL && !partial && (!k->fast || w->base + at == from)))
		return true;
	return wait_set(s, t, pattern, partial || k->fast ? w->base + at : end, partial);
}

/* Leaves out the patterns that wait for more, adds those that have it. */
static void
runs_sift(struct search *s, const struct search_stream *t)
{
	unsigned n = 0;

	if (t->n_waits == 0)
		return;
	for (unsigned i = 0; i < s->n_runs; i++) {
		const struct search_wait *wait = wait_of(t, s->runs[i]);

		if (wait == NULL || !wait->partial || stream_end(t) >= wait->again)
			s->runs[n++] = s->runs[i];
	}
	s->n_runs = n;
	for (uint32_t i = 0; i < t->n_waits; i++)
		if (t->waits[i].partial && stream_end(t) >= t->waits[i].again)
			runs_add(s, t->waits[i].pattern);
}

static int
finding_order(const void *left, const void *right)
{
	const struct finding *a = left, *b = right;

	return a->from != b->from ? (a->from < b->from ? -1 : 1) :
	    a->pattern != b->pattern ? (a->pattern < b->pattern ? -1 : 1) : 0;
}

/* Tells what was found. The stream is NULL for what stands alone; then it came with the piece. */
static bool
found_tell(struct search *s, const struct window *w, const struct search_stream *t, const struct search_piece *piece,
    void *ctx)
{
	bool go_on = true;

	if (s->n_runs > 1 && s->n_found > 1)
		qsort(s->found, s->n_found, sizeof *s->found, finding_order);
	for (size_t i = 0; go_on && i < s->n_found; i++) {
		const struct finding *f = &s->found[i];
		struct search_match m = { .pattern = f->pattern, .p = w->p + f->from, .len = f->len, .before = f->from,
			.after = w->len - f->from - f->len, .offset = w->base + f->from, .cut = f->cut };

		if (t) {
			const struct search_mark *first = mark_at(t, m.offset);

			m.first = first->number;
			m.ns = first->ns;
			m.last = mark_at(t, m.offset + m.len - 1)->number;
		} else {
			m.first = m.last = piece->number;
			m.ns = piece->ns;
		}
		go_on = s->o.found(ctx, &m);
	}
	s->n_found = 0;
	return go_on;
}

/* --- streams ----------------------------------------------------------------------------------------------------- */

/* Runs what is in s->runs over what is held. */
static bool
stream_run(struct search *s, struct search_stream *t, uint64_t fresh, bool last, void *ctx)
{
	struct window w = { t->buf + t->skip, t->len, t->base, 0 };

	if (t->base || t->broken)
		w.options |= PCRE2_NOTBOL;
	for (unsigned i = 0; i < s->n_runs; i++)
		if (!run_stream(s, t, s->runs[i], &w, fresh, last))
			break;
	return found_tell(s, &w, t, NULL, ctx);
}

/* What must be held for the partial matches and the next piece; entries that say nothing beyond that go. */
static void
stream_settle(struct search *s, struct search_stream *t)
{
	uint64_t end = stream_end(t), keep = end - t->base > s->tail ? end - s->tail : t->base;
	uint32_t n = 0;

	for (uint32_t i = 0; i < t->n_waits; i++) {
		const struct search_wait *wait = &t->waits[i];
		uint64_t front = s->behind + s->o.context;

		if (!wait->partial)
			continue;
		front = wait->from - t->base > front ? wait->from - front : t->base;
		keep = front < keep ? front : keep;
	}
	for (uint32_t i = 0; i < t->n_waits; i++)
		if (t->waits[i].partial || (s->patterns[t->waits[i].pattern].fast && t->waits[i].from > keep))
			t->waits[n++] = t->waits[i];
	t->n_waits = n;
	stream_trim(t, (uint32_t)(end - keep));
}

/* Makes room for others: whoever was quiet longest forgets. Those that are told to are found as if after a gap. */
static void
memory_keep(struct search *s, struct search_stream *t, void *ctx)
{
	(void)ctx;
	while (s->counts.memory > SEARCH_MEMORY_MAX && s->oldest != t) {
		s->counts.forgotten++;
		search_drop(s, s->oldest);
	}
}

static bool
stream_begin(struct search *s, struct search_stream *t, const struct search_piece *piece)
{
	*t = (struct search_stream){ .begun = true, .base = piece->offset, .start = piece->offset,
		.broken = piece->offset != 0 };
	stream_link(s, t);
	if (s->multi) {
		t->scan = multi_open(s->multi);
		if (t->scan == NULL)
			return false;
		memory_add(s, multi_stream_size(s->multi));
	}
	return true;
}

bool
search_feed(struct search *s, struct search_stream *t, const struct search_piece *piece, void *ctx)
{
	struct search_piece part = *piece;
	bool go_on = true;

	s->counts.bytes += piece->len;
	if (t->begun && piece->offset != stream_end(t))
		go_on = search_end(s, t, ctx);
	if (go_on && piece->len && !t->begun && !stream_begin(s, t, piece)) {
		search_drop(s, t);
		return true;
	}
	if (s->newest != t && t->begun) {
		stream_unlink(s, t);
		stream_link(s, t);
	}
	/* Very long ones in parts, so that what is held has its bound. */
	for (uint32_t done = 0; go_on && done < piece->len; done += part.len) {
		uint64_t fresh = piece->offset + done;

		part.p = piece->p + done;
		part.offset = fresh;
		part.len = piece->len - done < SEARCH_HELD_MAX ? piece->len - done : SEARCH_HELD_MAX;
		runs_begin(s);
		if (t->scan && !multi_scan(s->multi, t->scan, part.p, part.len, runs_add, s))
			for (unsigned i = 0; i < s->n; i++)
				runs_add(s, i);
		if (t->n_waits == 0 && s->n_runs == 0 && s->n_alone == 0 && part.len >= s->tail) {
			/* Nothing of what is held can matter any more. */
			uint32_t gone = part.len - s->tail;

			t->len = t->skip = t->n_marks = 0;
			t->base = part.offset + gone;
			part = (struct search_piece){ part.p + gone, s->tail, t->base, part.number, part.ns };
			if (!stream_hold(s, t, &part))
				search_drop(s, t);
			part.len += gone;
			if (!t->begun)
				return true;
			continue;
		}
		if (!stream_hold(s, t, &part)) {
			search_drop(s, t);
			return true;
		}
		for (unsigned i = 0; i < s->n_alone; i++)
			runs_add(s, s->alone[i]);
		runs_sift(s, t);
		if (s->n_runs)
			go_on = stream_run(s, t, fresh, false, ctx);
		stream_settle(s, t);
	}
	if (!go_on)
		search_drop(s, t);
	else
		memory_keep(s, t, ctx);
	return go_on;
}

bool
search_end(struct search *s, struct search_stream *t, void *ctx)
{
	bool go_on = true;

	if (!t->begun)
		return true;
	runs_begin(s);
	if (t->scan)
		multi_restart(s->multi, t->scan, runs_add, s);
	for (uint32_t i = 0; i < t->n_waits; i++)
		if (t->waits[i].partial)
			runs_add(s, t->waits[i].pattern);
	if (s->n_runs && t->len)
		go_on = stream_run(s, t, stream_end(t), true, ctx);
	search_drop(s, t);
	return go_on;
}

bool
search_whole(struct search *s, const struct search_piece *piece, void *ctx)
{
	struct window w = { piece->p, piece->len, piece->offset, 0 };
	bool partial;

	s->counts.bytes += piece->len;
	if (piece->len == 0)
		return true;
	runs_begin(s);
	if (s->multi && (!multi_scan(s->multi, s->whole, piece->p, piece->len, runs_add, s) ||
	    !multi_restart(s->multi, s->whole, runs_add, s)))
		for (unsigned i = 0; i < s->n; i++)
			runs_add(s, i);
	for (unsigned i = 0; i < s->n_alone; i++)
		runs_add(s, s->alone[i]);
	for (unsigned i = 0; i < s->n_runs; i++) {
		regex_begin(s->regex);
		run_all(s, s->runs[i], &w, 0, w.len, 0, &partial);
	}
	return s->n_runs == 0 || found_tell(s, &w, NULL, piece, ctx);
}
