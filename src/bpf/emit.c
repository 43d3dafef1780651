#include "bpf/emit.h"

#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

enum { LINEAR_MAX = 4 };	/* so many values are compared one after the other */

void
emit_free(struct emit *e)
{
	free(e->code);
	free(e->place);
	free(e->jumps);
	*e = (struct emit) { 0 };
}

/* Room for n more of `size` bytes each. */
static bool
grow(struct emit *e, void *array, size_t *cap, size_t have, size_t n, size_t size)
{
	size_t want = *cap ? *cap : 256;
	void *old, *new;

	if (e->failed)
		return false;
	if (*cap - have >= n)
		return true;
	while (want - have < n)
		want *= 2;
	memcpy(&old, array, sizeof old);
	new = realloc(old, want * size);
	if (!new) {
		e->failed = true;
		return false;
	}
	memcpy(array, &new, sizeof new);
	*cap = want;
	return true;
}

void
emit_bytes(struct emit *e, const void *bytes, size_t n)
{
	if (!grow(e, &e->code, &e->cap, e->len, n, 1))
		return;
	memcpy(e->code + e->len, bytes, n);
	e->len += n;
}

void
emit_jump_to(struct emit *e, size_t at, size_t label)
{
	if (grow(e, &e->jumps, &e->cap_jumps, e->n_jumps, 1, sizeof *e->jumps))
		e->jumps[e->n_jumps++] = (struct emit_jump) { at, label };
}

size_t
emit_label(struct emit *e)
{
	if (!grow(e, &e->place, &e->cap_places, e->n_places, 1, sizeof *e->place))
		return 0;
	e->place[e->n_places] = SIZE_MAX;
	return e->n_places++;
}

void
emit_here(struct emit *e, size_t label)
{
	if (!e->failed)
		e->place[label] = e->len;
}

/* A jump for each of the sorted cases, found by binary search, and one for none. */
static void
search(struct emit *e, const struct plan_case *cases, size_t n, size_t otherwise)
{
	size_t mid = n / 2, upper;

	if (n <= LINEAR_MAX) {
		for (size_t i = 0; i < n; i++) {
			code_compare(e, cases[i].value);
			code_jump_if(e, EMIT_EQ, cases[i].to);
		}
		code_jump(e, otherwise);
		return;
	}
	upper = emit_label(e);
	code_compare(e, cases[mid].value);
	code_jump_if(e, EMIT_EQ, cases[mid].to);
	code_jump_if(e, EMIT_GT, upper);
	search(e, cases, mid, otherwise);
	emit_here(e, upper);
	search(e, cases + mid + 1, n - mid - 1, otherwise);
}

/* A row of comparisons that is long enough to be searched. Returns how many instructions it has; 0: none. */
static size_t
row(struct emit *e, const struct plan *p, size_t i)
{
	struct plan_case *cases;
	size_t otherwise = 0, used = 0, n;

	if (p->insns[i].jf || p->insns[i + 1].code != p->insns[i].code)
		return 0;
	cases = malloc(p->n * sizeof *cases);
	n = cases ? plan_cases(p, i, cases, p->n, &otherwise, &used) : 0;
	if (n > LINEAR_MAX)
		search(e, cases, n, otherwise);
	free(cases);
	return n > LINEAR_MAX ? used : 0;
}

/* Returns how many instructions were dealt with. */
static size_t
branch(struct emit *e, const struct plan *p, size_t i)
{
	static const enum emit_condition not[] = { EMIT_NE, EMIT_EQ, EMIT_LE, EMIT_GT, EMIT_LT, EMIT_GE };
	const struct bpf_insn *x = &p->insns[i];
	size_t yes = i + 1 + x->jt, no = i + 1 + x->jf, used;
	bool by_x = BPF_SRC(x->code) == BPF_X;
	enum emit_condition condition;

	if (BPF_OP(x->code) == BPF_JA) {
		code_jump(e, plan_ja(p, i));
		return 1;
	}
	if (x->code == (BPF_JMP | BPF_JEQ | BPF_K) && (used = row(e, p, i)) > 0)
		return used;
	if (yes == no) {
		if (yes != i + 1)
			code_jump(e, yes);
		return 1;
	}
	switch (BPF_OP(x->code)) {
	case BPF_JSET:
		condition = EMIT_NE;
		if (by_x)
			code_test_x(e);
		else
			code_test(e, plan_raw(x->k, p->raw[i]));
		break;
	default:
		condition = BPF_OP(x->code) == BPF_JEQ ? EMIT_EQ : BPF_OP(x->code) == BPF_JGT ? EMIT_GT : EMIT_GE;
		if (by_x)
			code_compare_x(e);
		else
			code_compare(e, plan_raw(x->k, p->raw[i]));
	}
	if (yes == i + 1) {
		code_jump_if(e, not[condition], no);
	} else {
		code_jump_if(e, condition, yes);
		if (no != i + 1)
			code_jump(e, no);
	}
	return 1;
}

/* What is known to be captured, of the packet and behind X. */
struct reach {
	uint32_t plain, behind_x;
	bool met;		/* some way leads here */
};

/* One more way leads there. */
static void
reach_meet(struct reach *to, const struct reach *from)
{
	if (!to->met || from->plain < to->plain)
		to->plain = from->plain;
	if (!to->met || from->behind_x < to->behind_x)
		to->behind_x = from->behind_x;
	to->met = true;
}

static void
reach_load(struct reach *r, const struct region_field *f)
{
	uint32_t *known = f->indirect ? &r->behind_x : &r->plain;

	if (*known < f->at + f->size)
		*known = f->at + f->size;
}

/* A tree while its code is written. Steps come first in the arrays, then exits. */
struct tree {
	const struct region *r;
	size_t *labels;
	struct reach *reach;	/* on arrival */
	size_t missing;		/* label of the instructions that the tree stands for */
};

static size_t
tree_index(const struct tree *t, region_to to)
{
	return to < 0 ? t->r->n_steps + (size_t)~to : (size_t)to;
}

/* Finds out what is known where: steps lead to earlier ones. */
static void
tree_reach(struct tree *t, uint32_t known)
{
	t->reach[t->r->root] = (struct reach) { known, 0, true };
	for (size_t i = t->r->n_steps; i-- > 0;) {
		const struct region_step *s = &t->r->steps[i];
		struct reach here = t->reach[i];

		reach_load(&here, &t->r->fields[s->field]);
		for (size_t k = s->first; k < s->first + s->n; k++)
			reach_meet(&t->reach[tree_index(t, t->r->cases[k].to)], &here);
		reach_meet(&t->reach[tree_index(t, s->otherwise)], &here);
	}
}

/* Loads a field if it is all there. */
static void
tree_load(struct emit *e, const struct tree *t, const struct region_field *f, const struct reach *r, bool raw)
{
	uint32_t needs = f->at + f->size;

	if (f->indirect && needs > r->behind_x)
		code_need_x(e, needs, t->missing);
	else if (!f->indirect && needs > r->plain)
		code_need(e, needs, t->missing);
	code_field(e, f, raw);
}

static int
by_value(const void *a, const void *b)
{
	const struct plan_case *x = a, *y = b;

	return x->value < y->value ? -1 : x->value > y->value;
}

static void
tree_step(struct emit *e, const struct tree *t, size_t i)
{
	const struct region_step *s = &t->r->steps[i];
	const struct region_field *f = &t->r->fields[s->field];
	struct plan_case *cases = malloc((s->n ? s->n : 1) * sizeof *cases);

	size_t n = 0;

	if (!cases) {
		e->failed = true;
		return;
	}
	emit_here(e, t->labels[i]);
	tree_load(e, t, f, &t->reach[i], true);
	for (size_t k = 0; k < s->n; k++) {
		const struct region_case *c = &t->r->cases[s->first + k];

		/* What the field can never be would come out as something else in its size. */
		cases[n] = (struct plan_case) { plan_raw(c->value, f->size), t->labels[tree_index(t, c->to)] };
		n += (c->value & ~f->mask) == 0;
	}
	qsort(cases, n, sizeof *cases, by_value);
	search(e, cases, n, t->labels[tree_index(t, s->otherwise)]);
	free(cases);
}

/* What must be captured before the tree is left, by the exit and by what the next instruction relies on. */
static struct reach
exit_needs(const struct tree *t, const struct plan *p, size_t i)
{
	const struct region_exit *x = &t->r->exits[i];
	struct reach r = { x->plain, x->behind_x, true };

	if (BPF_CLASS(p->insns[x->to].code) != BPF_RET && r.plain < p->known[x->to])
		r.plain = p->known[x->to];
	return r;
}

/* Is there nothing to be done between tree and instruction? */
static bool
exit_is_bare(const struct tree *t, const struct plan *p, size_t i)
{
	struct reach needs = exit_needs(t, p, i), have = t->reach[t->r->n_steps + i];

	return t->r->exits[i].field < 0 && needs.plain <= have.plain && needs.behind_x <= have.behind_x;
}

static void
tree_exit(struct emit *e, const struct tree *t, const struct plan *p, size_t i)
{
	const struct region_exit *x = &t->r->exits[i];
	struct reach needs = exit_needs(t, p, i), have = t->reach[t->r->n_steps + i];

	emit_here(e, t->labels[t->r->n_steps + i]);
	if (needs.plain > have.plain) {
		code_need(e, needs.plain, t->missing);
		have.plain = needs.plain;
	}
	if (needs.behind_x > have.behind_x) {
		code_need_x(e, needs.behind_x, t->missing);
		have.behind_x = needs.behind_x;
	}
	if (x->field >= 0)
		tree_load(e, t, &t->r->fields[x->field], &have, p->raw[x->to] > 0);
	code_jump(e, x->to);
}

/* Instead of the instructions at r->start, whose label is `missing`. */
static void
tree(struct emit *e, const struct plan *p, const struct region *r, size_t missing)
{
	size_t n = r->n_steps + r->n_exits;
	struct tree t = { r, calloc(n, sizeof *t.labels), calloc(n, sizeof *t.reach), missing };

	if (!t.labels || !t.reach) {
		e->failed = true;
		goto out;
	}
	tree_reach(&t, p->known[r->start]);
	for (size_t i = 0; i < n; i++) {
		if (i >= r->n_steps && exit_is_bare(&t, p, i - r->n_steps))
			t.labels[i] = r->exits[i - r->n_steps].to;
		else
			t.labels[i] = emit_label(e);
	}
	for (size_t i = r->n_steps; i-- > 0;)
		tree_step(e, &t, i);
	for (size_t i = 0; i < r->n_exits; i++)
		if (t.labels[r->n_steps + i] != r->exits[i].to)
			tree_exit(e, &t, p, i);
out:
	free(t.labels);
	free(t.reach);
}

static bool
patch(struct emit *e)
{
	for (size_t i = 0; i < e->n_jumps && !e->failed; i++) {
		const struct emit_jump *j = &e->jumps[i];

		if (e->place[j->to] == SIZE_MAX || !code_patch(e, j->at, (int64_t)e->place[j->to] - (int64_t)j->at))
			return false;
	}
	return !e->failed;
}

bool
emit_program(struct emit *e, const struct plan *p)
{
	struct regions regions;
	bool ok = true;

	for (size_t i = 0; i <= p->n; i++)
		emit_label(e);
	regions_find(&regions, p);
	code_begin(e, p);
	for (size_t i = 0; i < p->n && ok && !e->failed;) {
		const struct region *r = region_at(&regions, i);

		if (!p->reached[i]) {
			i++;
			continue;
		}
		emit_here(e, i);
		if (r) {
			size_t itself = emit_label(e);

			tree(e, p, r, itself);
			emit_here(e, itself);
		}
		if (BPF_CLASS(p->insns[i].code) == BPF_JMP) {
			i += branch(e, p, i);
		} else {
			ok = code_insn(e, p, i);
			i++;
		}
	}
	emit_here(e, p->n);
	code_end(e, p);
	regions_free(&regions);
	return ok && patch(e);
}
