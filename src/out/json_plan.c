/* Sorting fields out, and remembering how that was done. */
#include "out/json_plan.h"

#include <stdlib.h>

/*
 * The fields of a packet sorted out (struct sorted): chains of indices into the sink's notes; NONE ends one. `next` leads from
 * where a field occurs first in its layer to the next such field, `same` to where it occurs again.
 */

/* Where the layer has the field of note i already, or NONE. */
static uint16_t
find_same(const struct sorted *x, const struct fields *s, uint32_t i)
{
	unsigned layer = s->noted[i].layer;
	uint16_t at = x->layers[layer].last;

	/* What comes again comes in a row mostly. */
	if (at != NONE && s->noted[at].field == s->noted[i].field)
		return at;
	at = x->layers[layer].first;
	while (at != NONE && s->noted[at].field != s->noted[i].field)
		at = x->notes[at].next;
	return at;
}

static void
sort(struct sorted *x, const struct fields *s)
{
	for (uint32_t i = 0; i < s->n_layers; i++) {
		const struct proto *p = s->layers[i].proto;
		uintptr_t begin = (uintptr_t)p->fields;

		x->layers[i].first = x->layers[i].last = NONE;
		x->layers[i].highest = begin - (begin != 0);
		x->layers[i].end = begin + p->n_fields * sizeof *p->fields;
	}
	for (uint32_t i = 0; i < s->n; i++) {
		uintptr_t f = (uintptr_t)s->noted[i].field;
		unsigned layer = s->noted[i].layer;
		uint16_t at, last = x->layers[layer].last;

		if (f == 0)
			continue;
		x->notes[i].next = x->notes[i].same = NONE;
		/* Rows are mostly noted in their order: what is beyond the highest of them occurs for the first time. */
		if (__builtin_expect(f > x->layers[layer].highest && f < x->layers[layer].end, 1)) {
			x->layers[layer].highest = f;
		} else if ((at = find_same(x, s, i)) != NONE) {
			x->notes[x->notes[at].same == NONE ? at : x->last_same[at]].same = (uint16_t)i;
			x->last_same[at] = (uint16_t)i;
			continue;
		}
		*(last == NONE ? &x->layers[layer].first : &x->notes[last].next) = (uint16_t)i;
		x->layers[layer].last = (uint16_t)i;
	}
}

struct plan_memo *
plan_memo_new(void)
{
	return calloc(1, sizeof(struct plan_memo));
}

/* All of a note but the field and the value. */
static inline uint64_t
bits_of(const struct noted *n)
{
	uint64_t bits;

	_Static_assert(sizeof *n == offsetof(struct noted, len) + sizeof bits, "a note has two words and this one");
	memcpy(&bits, &n->len, sizeof bits);
	return bits;
}

static enum how
how_of(const struct key *k, const struct noted *n)
{
	enum field_type type = n->field->type;
	uint32_t len = n->len;

	if (k == &json_no_key)
		return HOW_ANY;
	if (n->is_text || (type == STR && !n->is_value))
		return n->layer == 0 && strcmp(n->field->name, "frame.protocols") == 0 ? HOW_LAYERS : HOW_TEXT;
	if (type == LABEL)
		return HOW_LABEL;
	if (n->is_value)
		return type == BOOL ? HOW_FLAG : type <= LE64 ? HOW_VALUE :
		    type == TIME_NS || type == DURATION ? HOW_SECONDS : HOW_ANY;
	if (type <= U64)
		return len == 1 ? HOW_8 : len == 2 ? HOW_16 : len == 4 ? HOW_32 : HOW_ANY;
	if (type == BOOL)
		return len == 1 ? HOW_FLAG_8 : len == 2 ? HOW_FLAG_16 : HOW_ANY;
	if (type == IP4 && len == 4)
		return HOW_IP4;
	if (type == IP6 && len == 16)
		return HOW_IP6;
	return type == MAC && len == 6 ? HOW_LINK : HOW_ANY;
}

/* The steps of the packet; how many they are. */
static uint32_t
make_steps(const struct json *j, const struct fields *s, struct sorted *x, struct step *steps)
{
	struct step *o = steps;

	sort(x, s);
	for (uint32_t layer = 0; layer < s->n_layers; layer++) {
		uint8_t first = LEAD_FIRST;

		*o++ = (struct step) { json_layer_key(j, s->layers[layer].proto), (uint16_t)layer, HOW_ANY,
			x->layers[layer].first == NONE ? LEAD_LAYER | LEAD_EMPTY : LEAD_LAYER };
		for (uint16_t i = x->layers[layer].first; i != NONE; i = x->notes[i].next, first = 0) {
			const struct key *k = json_key(j, s->noted[i].field);
			uint16_t again = x->notes[i].same;

			*o++ = (struct step) { k, i, (uint8_t)how_of(k, &s->noted[i]),
				(uint8_t)(first | (again == NONE ? 0 : LEAD_OPEN)) };
			for (; again != NONE; again = x->notes[again].same)
				*o++ = (struct step) { k, again, (uint8_t)how_of(k, &s->noted[again]),
					x->notes[again].same == NONE ? LEAD_MORE | LEAD_CLOSE : LEAD_MORE };
		}
	}
	return (uint32_t)(o - steps);
}

/* The block that has the note, one more than its number; 0: it is in none. */
static unsigned
block_of(const struct field_block *blocks, uint32_t n, uint32_t note)
{
	for (uint32_t i = 0; i < n; i++)
		if (note >= blocks[i].at && note - blocks[i].at < blocks[i].n)
			return i + 1;
	return 0;
}

static void
plan_make(struct plan *p, const struct json *j, const struct fields *s, struct sorted *x)
{
	const uint64_t all_but_length = ~bits_of(&(struct noted) { .len = UINT32_MAX });

	p->n = s->n;
	p->n_layers = s->n_layers;
	p->credit = 0;
	for (uint32_t i = 0; i < s->n_layers; i++)
		p->layers[i] = s->layers[i].proto;
	p->n_blocks = s->n_blocks;
	memcpy(p->blocks, s->blocks, s->n_blocks * sizeof *s->blocks);
	p->n_kinds = 0;
	for (uint32_t i = 0; i < s->n; i++) {
		const struct noted *n = &s->noted[i];
		struct kind *k = &p->kinds[p->n_kinds];
		bool any_length = n->field == NULL || how_of(NULL, n) <= HOW_LAYERS;

		if (block_of(s->blocks, s->n_blocks, i))
			continue;
		k->at = i;
		k->field = n->field;
		k->mask = any_length ? all_but_length : UINT64_MAX;
		k->bits = bits_of(n) & k->mask;
		p->n_kinds++;
	}
	p->n_steps = make_steps(j, s, x, p->steps);
	p->uses = p->n_runs = p->n_checks = p->text_used = 0;
	p->learning = true;
	for (uint32_t i = 0; i < p->n_steps; i++)
		p->learnt[i].n = 0;
}

static bool
plan_fits(const struct plan *p, const struct fields *s)
{
	if (p->n != s->n || p->n_layers != s->n_layers || p->n_blocks != s->n_blocks)
		return false;
	for (uint32_t i = 0; i < s->n_layers; i++)
		if (p->layers[i] != s->layers[i].proto)
			return false;
	for (uint32_t i = 0; i < s->n_blocks; i++) {
		const struct field_block *a = &p->blocks[i], *b = &s->blocks[i];

		if (a->table != b->table || a->places != b->places || a->at != b->at || a->n != b->n || a->layer != b->layer)
			return false;
	}
	for (const struct kind *k = p->kinds, *end = k + p->n_kinds; k < end; k++) {
		const struct noted *n = &s->noted[k->at];

		if (k->field != n->field || (bits_of(n) & k->mask) != k->bits)
			return false;
	}
	return true;
}

/* Where plans for such packets are, two of them: by a few of the fields, the last ones above all. */
static struct plan *
plan_place(struct plan_memo *m, const struct fields *s)
{
	uint64_t h = s->n + ((uint64_t)s->n_layers << 8) + (uintptr_t)s->noted[s->n / 2].field;

	for (uint32_t i = 1; i <= PLAN_NOTES_MIN; i++)
		h += (uintptr_t)s->noted[s->n - i].field * (2 * i + 1);
	return &m->plans[(h * UINT64_C(0x9e3779b97f4a7c15) >> 32 & (PLANS - 1)) & ~1u];
}

struct plan *
plan_find(struct plan_memo *m, const struct json *j, const struct fields *s, const struct step **steps, uint32_t *n)
{
	struct plan *p;

	*steps = m->steps;
	if (s->n < PLAN_NOTES_MIN || s->n > PLAN_NOTES || s->n_layers > PLAN_LAYERS) {
		*n = make_steps(j, s, &m->sorted, m->steps);
		return NULL;
	}
	p = plan_place(m, s);
	if (plan_fits(p, s) || plan_fits(++p, s)) {
		p->credit += p->credit < PLAN_CREDIT;
	} else {
		p -= p[-1].credit < p->credit;
		if (p->credit) {
			p->credit--;
			*n = make_steps(j, s, &m->sorted, m->steps);
			return NULL;
		}
		plan_make(p, j, s, &m->sorted);
		p->serial = ++m->serial;
	}
	*steps = p->steps;
	*n = p->n_steps;
	return p;
}

/* --- runs ------------------------------------------------------------------------------------------------------------- */

enum {
	LEARN = 32,			/* packets after which it is judged which values repeat */
	REVISE = 128, MISSES = 32,	/* a run with more misses in so many packets is cut in two */
};

/* How the step's value is told from others: false, it is not (it is long, or of any length). */
static bool
step_check(const struct plan *p, const struct step *t, struct check *c)
{
	static const uint8_t sizes[] = { [HOW_8] = 1, [HOW_16] = 2, [HOW_32] = 4, [HOW_FLAG_8] = 1, [HOW_FLAG_16] = 2,
		[HOW_IP4] = 4, [HOW_LINK] = 6 };
	const struct field_block *b;

	*c = (struct check) { .at = t->at };
	switch ((enum how)t->how) {
	case HOW_8:
	case HOW_16:
	case HOW_32:
	case HOW_FLAG_8:
	case HOW_FLAG_16:
	case HOW_IP4:
	case HOW_LINK:
		c->size = sizes[t->how];
		break;
	case HOW_VALUE:
	case HOW_FLAG:
	case HOW_SECONDS:
		return true;
	case HOW_ANY:
	case HOW_TEXT:
	case HOW_LAYERS:
	case HOW_LABEL:
	case HOW_IP6:
		return false;
	}
	if ((c->block = (uint8_t)block_of(p->blocks, p->n_blocks, t->at)) != 0) {
		b = &p->blocks[c->block - 1];
		c->at = (uint16_t)b->at;
		c->from = (int16_t)(b->places[t->at - b->at].at - b->places[0].at);
	}
	return true;
}

/* Makes one check of two, if they are of bytes side by side. */
static bool
join_checks(struct check *c, const struct check *with)
{
	const int from = with->from < c->from ? with->from : c->from;
	const int c_end = c->from + c->size, with_end = with->from + with->size, end = with_end > c_end ? with_end : c_end;

	if (!c->block || c->block != with->block || with->from > c_end || c->from > with_end || end - from > 8)
		return false;
	c->from = (int16_t)from;
	c->size = (uint8_t)(end - from);
	return true;
}

/* Has the step no value that could change, among packets with the plan's layers? */
static inline bool
is_fixed(const struct step *t)
{
	return t->lead & LEAD_LAYER || t->how == HOW_LABEL || t->how == HOW_LAYERS;
}

static void
learn(struct plan *p, const struct noted *notes)
{
	for (uint32_t i = 0; i < p->n_steps; i++) {
		struct learnt *l = &p->learnt[i];
		struct check c;
		unsigned at = 0;
		uint64_t v;

		if (l->n > RUN_WAYS || is_fixed(&p->steps[i]))
			continue;
		if (!step_check(p, &p->steps[i], &c)) {
			l->n = RUN_WAYS + 1;
			continue;
		}
		v = check_value(&c, notes);
		while (at < l->n && l->values[at] != v)
			at++;
		if (at == l->n && l->n++ < RUN_WAYS)
			l->values[at] = v;
	}
}

/* A run of n steps from `first` on, with what tells its values. False: there is no room for that. */
static bool
make_run(struct plan *p, struct run *r, unsigned first, unsigned n)
{
	*r = (struct run) { .first = (uint16_t)first, .n = (uint16_t)n, .check = p->n_checks };
	for (unsigned i = first; i < first + n; i++) {
		struct check c;

		if (is_fixed(&p->steps[i]) || !step_check(p, &p->steps[i], &c) ||
		    (r->n_checks && join_checks(&p->checks[p->n_checks - 1], &c)))
			continue;
		if (p->n_checks == PLAN_STEPS)
			return false;
		p->checks[p->n_checks++] = c;
		r->n_checks++;
	}
	return true;
}

/* Makes rows of the steps whose values repeat. */
static void
make_runs(struct plan *p)
{
	for (uint32_t i = 0, n; i < p->n_steps && p->n_runs < RUNS; i += n ? n : 1) {
		for (n = 0; i + n < p->n_steps && (is_fixed(&p->steps[i + n]) || p->learnt[i + n].n <= RUN_WAYS); )
			n++;
		if (n && make_run(p, &p->runs[p->n_runs], i, n))
			p->n_runs++;
	}
}

/* Cuts a run in two, or gives it up when that is not possible. */
static void
cut_run(struct plan *p, struct run *r)
{
	const size_t behind = (size_t)(&p->runs[p->n_runs] - (r + 1));
	struct run front, back;

	if (r->n < 2 || p->n_runs == RUNS || !make_run(p, &front, r->first, r->n / 2) ||
	    !make_run(p, &back, r->first + front.n, (unsigned)r->n - front.n)) {
		memmove(r, r + 1, behind * sizeof *r);
		p->n_runs--;
		return;
	}
	memmove(r + 2, r + 1, behind * sizeof *r);
	r[0] = front;
	r[1] = back;
	p->n_runs++;
}

void
plan_used(struct plan *p, const struct noted *notes)
{
	p->uses++;
	if (p->learning) {
		learn(p, notes);
		if (p->uses < LEARN)
			return;
		make_runs(p);
		p->learning = false;
		p->uses = 0;
	} else if (p->uses == REVISE) {
		for (unsigned i = p->n_runs; i--;) {
			if (p->runs[i].misses > MISSES)
				cut_run(p, &p->runs[i]);
			else
				p->runs[i].misses = 0;
		}
		p->uses = 0;
	}
}

void
plan_keep(struct plan *p, struct run *r, const struct noted *notes, const char *text, size_t n)
{
	enum { SLACK = 2 };	/* characters that each value may be longer another time */
	const unsigned way = r->next;

	r->misses += r->misses < UINT8_MAX;
	if (!r->room && n + SLACK * r->n_checks <= (size_t)(RUN_TEXT - p->text_used)) {
		r->text = p->text_used;
		r->room = (uint16_t)(n + SLACK * r->n_checks);
		p->text_used = (uint16_t)(p->text_used + r->room);
	}
	if (n == 0 || n > r->room)
		return;
	memcpy(p->text[way] + r->text, text, n);
	r->len[way] = (uint16_t)n;
	r->next = (uint8_t)((way + 1) % RUN_WAYS);
	for (unsigned i = r->check; i < r->check + r->n_checks; i++)
		p->seen[way][i] = check_value(&p->checks[i], notes);
}
