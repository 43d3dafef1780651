#include "bpf/region.h"

#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

/*
 * How a region is found. From a start, every way through loads, masks and `jeq` is followed until something else
 * comes: those places are the exits. One of them, where the way leads on which no comparison holds, is the default.
 * Each edge into another exit is a rule: the comparisons that must have held on the way to it, as far back as there is
 * but one way. Whoever reaches that exit satisfies one of its rules, by construction; that whoever satisfies a rule
 * reaches its exit whatever else the packet holds is proven for each rule by going through all ways that it leaves
 * open. So the rules may be asked in any order, and together they are the program. What those ways load has to be
 * captured before the exit may be taken.
 *
 * Where the proof fails because ways have met (the second list in `src host (a or b) and dst host (c or d)`), the
 * meeting point is made an exit and the rest is tried again.
 */

enum {
	VARIANTS = 4,		/* so many different fields may be in A when an instruction is reached */
	CUTS_MAX = 8,
	RULES_MIN = 5,
	TESTS_MIN = 8,		/* shorter ones stay as they are */
};

enum { NONE = -1 };

/* What has to be captured: so much of the packet, so much behind X. */
struct need {
	uint32_t plain, behind_x;
};

struct node {
	size_t pc;
	int in;			/* field in A on arrival; NONE: nobody asks */
	bool test;		/* otherwise an exit */
	int field;
	uint32_t value;
	struct need need;	/* of its loads */
	int yes, no;		/* nodes */
	int from;		/* a node before it */
	bool from_yes, joined;	/* reached from there if its comparison held; from other places too */
};

struct term {
	int field;
	uint32_t value;
};

struct rule {
	size_t first, n;	/* its terms */
	int exit;		/* node */
	struct need need;	/* of all ways there */
};

/* What is known of a field. */
struct fact {
	enum { OPEN, IS, IS_NOT } what;
	uint32_t value;		/* IS */
	const struct region_case *cases;	/* IS_NOT: it is none of these */
	size_t n;
};

struct finder {
	const struct plan *p;
	struct region_field fields[REGION_FIELDS_MAX];
	size_t n_fields;
	struct node *nodes;
	size_t n_nodes, cap_nodes;
	int (*at)[VARIANTS];	/* nodes of an instruction, -1 for none; only from `low` to `high` */
	size_t low, high;
	uint8_t *cut, *covered;
	size_t *same;		/* an instruction that does the same: behind jumps, or the last such return */
	struct rule *rules;
	size_t n_rules, cap_rules;
	struct term *terms;
	size_t n_terms, cap_terms;
	uint8_t *mark;		/* nodes on the ways that a rule leaves open */
	size_t cap_mark;
	int otherwise;		/* node */
	long work;
	bool failed;		/* no memory, or the work is too much */
};

/* The array, with room for one more than it has. */
static void *
room(struct finder *f, void *array, size_t have, size_t *cap, size_t size)
{
	void *new;

	if (have < *cap)
		return array;
	new = realloc(array, (*cap ? *cap * 2 : 256) * size);
	if (!new) {
		f->failed = true;
		return array;
	}
	*cap = *cap ? *cap * 2 : 256;
	return new;
}

static int
field_of(struct finder *f, const struct region_field *x)
{
	for (size_t i = 0; i < f->n_fields; i++) {
		const struct region_field *y = &f->fields[i];

		if (y->indirect == x->indirect && y->size == x->size && y->at == x->at && y->mask == x->mask)
			return (int)i;
	}
	if (f->n_fields == REGION_FIELDS_MAX)
		return NONE;
	f->fields[f->n_fields] = *x;
	return (int)f->n_fields++;
}

/* The node for arriving at pc with a field in A; NONE when there is no room. */
static int
node_at(struct finder *f, size_t pc, int in)
{
	struct node *nodes;

	pc = f->same[pc];
	if (!f->p->live_a[pc])
		in = NONE;
	for (int v = 0; v < VARIANTS; v++) {
		int *slot = &f->at[pc][v];

		if (*slot < 0) {
			nodes = room(f, f->nodes, f->n_nodes, &f->cap_nodes, sizeof *f->nodes);
			if (f->failed)
				return NONE;
			f->nodes = nodes;
			f->nodes[f->n_nodes] = (struct node) { .pc = pc, .in = in, .from = NONE };
			if (pc > f->high)
				f->high = pc;
			return *slot = (int)f->n_nodes++;
		}
		if (f->nodes[*slot].in == in)
			return *slot;
	}
	return NONE;
}

static void
edge_add(struct finder *f, int from, int to, bool yes)
{
	struct node *n = &f->nodes[to];

	if (n->from != NONE)
		n->joined = true;
	n->from = from;
	n->from_yes = yes;
}

static void
need_more(struct need *n, struct need more)
{
	if (n->plain < more.plain)
		n->plain = more.plain;
	if (n->behind_x < more.behind_x)
		n->behind_x = more.behind_x;
}

/* What the node is: follows its instructions up to the comparison, if one comes. False when the region fails. */
static bool
node_read(struct finder *f, int which)
{
	size_t pc = f->nodes[which].pc, at = pc;
	int field = f->nodes[which].in, yes, no;
	struct need need = { 0, 0 };

	if (f->cut[pc])
		return true;
	for (;; f->work++) {
		const struct bpf_insn *x = &f->p->insns[at];
		struct region_field now;

		if (BPF_CLASS(x->code) == BPF_LD && (BPF_MODE(x->code) == BPF_ABS || BPF_MODE(x->code) == BPF_IND) &&
		    x->k <= INT32_MAX - 4) {
			now = (struct region_field) { BPF_MODE(x->code) == BPF_IND, (uint8_t)plan_size(x), x->k, 0 };
			now.mask = now.size == 4 ? UINT32_MAX : now.size == 2 ? UINT16_MAX : UINT8_MAX;
			field = field_of(f, &now);
			need_more(&need, now.indirect ? (struct need) { 0, x->k + now.size } :
			    (struct need) { x->k + now.size, 0 });
		} else if (x->code == (BPF_ALU | BPF_AND | BPF_K) && field != NONE) {
			now = f->fields[field];
			now.mask &= x->k;
			field = field_of(f, &now);
		} else if (x->code == (BPF_JMP | BPF_JA) && (int32_t)x->k >= 0) {
			at = plan_ja(f->p, at);
			continue;
		} else {
			break;
		}
		at++;
		if (field == NONE)
			return true;
	}
	if (f->p->insns[at].code != (BPF_JMP | BPF_JEQ | BPF_K) || field == NONE)
		return true;
	yes = node_at(f, at + 1 + f->p->insns[at].jt, field);
	no = node_at(f, at + 1 + f->p->insns[at].jf, field);
	if (yes == NONE || no == NONE)
		return false;
	f->nodes[which].test = true;
	f->nodes[which].need = need;
	f->nodes[which].field = field;
	f->nodes[which].value = f->p->insns[at].k;
	f->nodes[which].yes = yes;
	f->nodes[which].no = no;
	edge_add(f, which, yes, true);
	edge_add(f, which, no, false);
	return true;
}

/* All nodes from start on, each after those that lead to it. */
static bool
explore(struct finder *f, size_t start)
{
	for (size_t pc = f->low; pc <= f->high; pc++)
		for (int v = 0; v < VARIANTS; v++)
			f->at[pc][v] = NONE;
	f->low = f->high = start;
	f->n_nodes = f->n_fields = 0;
	if (node_at(f, start, NONE) == NONE)
		return false;
	for (size_t pc = start; pc <= f->high; pc++)
		for (int v = 0; v < VARIANTS && f->at[pc][v] != NONE; v++)
			if (!node_read(f, f->at[pc][v]))
				return false;
	f->otherwise = 0;
	while (f->nodes[f->otherwise].test)
		f->otherwise = f->nodes[f->otherwise].no;
	return !f->failed;
}

/* Nodes in the order of their instructions: f->at lists them so. */
#define EACH_NODE(f, pc, v, i)                                                           \
	for (size_t pc = (f)->low; pc <= (f)->high; pc++)                                \
		for (int v = 0, i; v < VARIANTS && (i = (f)->at[pc][v]) != NONE; v++)

/* Where ways meet on the way to a node, coming back from it. */
static int
meeting(const struct finder *f, int i)
{
	while (!f->nodes[i].joined && f->nodes[i].from != NONE)
		i = f->nodes[i].from;
	return i;
}

/* Adds the comparison to the rule's. False when it contradicts one that is there. */
static bool
term_add(struct finder *f, struct rule *r, int field, uint32_t value)
{
	for (size_t i = r->first; i < r->first + r->n; i++)
		if (f->terms[i].field == field)
			return f->terms[i].value == value;
	f->terms = room(f, f->terms, f->n_terms, &f->cap_terms, sizeof *f->terms);
	if (f->failed)
		return false;
	f->terms[f->n_terms++] = (struct term) { field, value };
	r->n++;
	return true;
}

/* The rule of one edge, last comparison first; none for a way that no packet takes. */
static void
rule_add(struct finder *f, int from, bool yes)
{
	const struct node *n = &f->nodes[from];
	struct rule r = { f->n_terms, 0, yes ? n->yes : n->no, { 0, 0 } };
	bool possible = !yes || term_add(f, &r, n->field, n->value);

	for (int i = from; possible && !f->nodes[i].joined && f->nodes[i].from != NONE; i = f->nodes[i].from)
		if (f->nodes[i].from_yes) {
			n = &f->nodes[f->nodes[i].from];
			possible = term_add(f, &r, n->field, n->value);
		}
	f->rules = room(f, f->rules, f->n_rules, &f->cap_rules, sizeof *f->rules);
	if (f->failed)
		return;
	if (!possible) {
		f->n_terms = r.first;
		return;
	}
	/* First comparison first. */
	for (size_t a = r.first, b = r.first + r.n; a + 1 < b; a++) {
		struct term t = f->terms[a];

		f->terms[a] = f->terms[--b];
		f->terms[b] = t;
	}
	f->rules[f->n_rules++] = r;
}

static int
by_case(const void *key, const void *element)
{
	const uint32_t *value = key;
	const struct region_case *c = element;

	return *value < c->value ? -1 : *value > c->value;
}

/* May the comparison come out so, for all that is known? */
static bool
may(const struct fact *fact, uint32_t value, bool yes)
{
	if (fact->what == IS)
		return yes == (fact->value == value);
	return !yes || fact->what == OPEN || !bsearch(&value, fact->cases, fact->n, sizeof *fact->cases, by_case);
}

/*
 * Goes all ways that the facts leave open and adds up what is loaded on them. Do all of them lead to that exit (or to
 * any, for NONE)?
 */
static bool
ways(struct finder *f, const struct fact *facts, int exit, struct need *need)
{
	memset(f->mark, 0, f->n_nodes);
	f->mark[0] = 1;
	f->work += (long)f->n_nodes;
	*need = (struct need) { 0, 0 };
	EACH_NODE(f, pc, v, i) {
		const struct node *n = &f->nodes[i];

		if (!f->mark[i])
			continue;
		if (!n->test) {
			if (exit != NONE && i != exit)
				return false;
			continue;
		}
		need_more(need, n->need);
		f->mark[n->yes] |= may(&facts[n->field], n->value, true);
		f->mark[n->no] |= may(&facts[n->field], n->value, false);
	}
	return true;
}

/* Does whoever satisfies the rule come to its exit? */
static bool
proven(struct finder *f, struct rule *r)
{
	struct fact facts[REGION_FIELDS_MAX] = { { OPEN } };

	for (size_t i = r->first; i < r->first + r->n; i++)
		facts[f->terms[i].field] = (struct fact) { .what = IS, .value = f->terms[i].value };
	return ways(f, facts, r->exit, &r->need);
}

/* Comparisons on the longest way. */
static size_t
longest(const struct finder *f, size_t *tests)
{
	for (size_t pc = f->high + 1; pc-- > f->low;)
		for (int v = 0, i; v < VARIANTS && (i = f->at[pc][v]) != NONE; v++) {
			const struct node *n = &f->nodes[i];

			tests[i] = 0;
			if (n->test)
				tests[i] = 1 + (tests[n->yes] > tests[n->no] ? tests[n->yes] : tests[n->no]);
		}
	return tests[0];
}

/* Rules for the edges, and their proof. On failure *meet is the node where ways had met before the rule's. */
static bool
rules_make(struct finder *f, int *meet)
{
	uint8_t *mark;

	*meet = NONE;
	f->n_rules = f->n_terms = 0;
	mark = realloc(f->mark, f->n_nodes + 1);
	if (!mark) {
		f->failed = true;
		return false;
	}
	f->mark = mark;
	EACH_NODE(f, pc, v, i) {
		const struct node *n = &f->nodes[i];

		if (!n->test)
			continue;
		for (int yes = 1; yes >= 0; yes--) {
			int to = yes ? n->yes : n->no;
			size_t before = f->n_rules;

			if (f->nodes[to].test || to == f->otherwise)
				continue;
			rule_add(f, i, yes);
			if (f->failed || f->work > REGION_WORK_MAX) {
				f->failed = true;
				return false;
			}
			if (f->n_rules > before && !proven(f, &f->rules[before])) {
				*meet = meeting(f, i);
				return false;
			}
		}
	}
	return true;
}

/* The tree under construction. */
struct builder {
	struct finder *f;
	struct region *r;
	struct fact facts[REGION_FIELDS_MAX];	/* at the place where it is being built */
	size_t cap_steps, cap_cases, cap_exits;
	bool failed;
};

static void *
array_room(struct builder *b, void *array, size_t have, size_t n, size_t *cap, size_t size)
{
	size_t want = *cap ? *cap : 64;
	void *new;

	if (*cap - have >= n)
		return array;
	while (want - have < n)
		want *= 2;
	new = realloc(array, want * size);
	if (!new) {
		b->failed = true;
		return array;
	}
	*cap = want;
	return new;
}

static region_to
exit_at(struct builder *b, int node, struct need need)
{
	const struct node *n = &b->f->nodes[node];
	struct region_exit x = { n->pc, n->in, need.plain, need.behind_x };
	struct region *r = b->r;

	for (size_t i = 0; i < r->n_exits; i++) {
		const struct region_exit *y = &r->exits[i];

		if (y->to == x.to && y->field == x.field && y->plain == x.plain && y->behind_x == x.behind_x)
			return ~(region_to)i;
	}
	r->exits = array_room(b, r->exits, r->n_exits, 1, &b->cap_exits, sizeof *r->exits);
	if (b->failed)
		return -1;
	r->exits[r->n_exits++] = x;
	return ~(region_to)(r->n_exits - 1);
}

/* Where no rule holds. */
static region_to
exit_default(struct builder *b)
{
	struct need need;

	/* That no rule holds is not among the facts: the other exits are still open. */
	(void)ways(b->f, b->facts, NONE, &need);
	return exit_at(b, b->f->otherwise, need);
}

/* A rule with the value of the field that is asked. */
struct asked {
	uint32_t value;
	uint32_t rule;
};

static int
by_value(const void *a, const void *b)
{
	const struct asked *x = a, *y = b;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return x->rule < y->rule ? -1 : x->rule > y->rule;
}

static const struct term *
term_of(const struct finder *f, uint32_t rule, int field)
{
	const struct rule *r = &f->rules[rule];

	for (size_t i = r->first; i < r->first + r->n; i++)
		if (f->terms[i].field == field)
			return &f->terms[i];
	return NULL;
}

/* The first field of the rule that has not been asked; NONE when it holds. */
static int
open_field(const struct finder *f, uint32_t rule, uint64_t done)
{
	const struct rule *r = &f->rules[rule];

	for (size_t i = r->first; i < r->first + r->n; i++)
		if (!(done >> f->terms[i].field & 1))
			return f->terms[i].field;
	return NONE;
}

/* Not a place yet: the default exit, with what will be known where it is taken. */
#define DEFAULT INT32_MIN

static region_to build(struct builder *, const struct asked *, size_t, uint64_t done, region_to none);

/* The step that asks a field of the rules `with`, which all ask it, sorted by value. */
static region_to
build_step(struct builder *b, const struct asked *with, size_t n, int field, uint64_t done, region_to otherwise)
{
	struct region_step s = { .field = (uint32_t)field, .otherwise = otherwise };
	struct region *r = b->r;
	region_to to;

	for (size_t i = 0; i < n; i++)
		s.n += i == 0 || with[i].value != with[i - 1].value;
	r->cases = array_room(b, r->cases, r->n_cases, s.n, &b->cap_cases, sizeof *r->cases);
	if (b->failed)
		return DEFAULT;
	s.first = (uint32_t)r->n_cases;
	r->n_cases += s.n;
	for (size_t i = 0, k = s.first, end; i < n; i = end, k++) {
		for (end = i + 1; end < n && with[end].value == with[i].value; end++)
			;
		b->facts[field] = (struct fact) { .what = IS, .value = with[i].value };
		to = build(b, with + i, end - i, done | (uint64_t)1 << field, otherwise);
		r->cases[k] = (struct region_case) { with[i].value, to };
	}
	if (otherwise == DEFAULT) {
		b->facts[field] = (struct fact) { .what = IS_NOT, .cases = r->cases + s.first, .n = s.n };
		s.otherwise = exit_default(b);
	}
	b->facts[field].what = OPEN;
	r->steps = array_room(b, r->steps, r->n_steps, 1, &b->cap_steps, sizeof *r->steps);
	if (b->failed)
		return DEFAULT;
	r->steps[r->n_steps] = s;
	return (region_to)r->n_steps++;
}

/*
 * The tree for those rules, with the fields in `done` known to be as they say; where none holds it leads to `none`.
 * The field of the first rule is asked: one branch for each of its values, and what comes of them without a result
 * goes on to the rules that do not ask it. The depth is bounded by the fields there are.
 */
static region_to
build(struct builder *b, const struct asked *rules, size_t n, uint64_t done, region_to none)
{
	struct asked *with, *without;
	size_t n_with = 0, n_without = 0;
	region_to to = DEFAULT;
	int field;

	if (n == 0 || b->failed)
		return none;
	for (size_t i = 0; i < n; i++) {
		const struct rule *r = &b->f->rules[rules[i].rule];

		if (open_field(b->f, rules[i].rule, done) == NONE)
			return exit_at(b, r->exit, r->need);
	}
	with = malloc(n * sizeof *with);
	without = malloc(n * sizeof *without);
	if (with && without) {
		field = open_field(b->f, rules[0].rule, done);
		for (size_t i = 0; i < n; i++) {
			const struct term *t = term_of(b->f, rules[i].rule, field);

			if (t)
				with[n_with++] = (struct asked) { t->value, rules[i].rule };
			else
				without[n_without++] = rules[i];
		}
		qsort(with, n_with, sizeof *with, by_value);
		to = build(b, without, n_without, done, none);
		to = build_step(b, with, n_with, field, done, to);
	} else {
		b->failed = true;
	}
	free(with);
	free(without);
	return to;
}

/* Comparisons on the longest way through the tree. */
static size_t
depth(const struct region *r, size_t *tests)
{
	for (size_t i = 0; i < r->n_steps; i++) {
		const struct region_step *s = &r->steps[i];
		size_t deepest = s->otherwise < 0 ? 0 : tests[s->otherwise];

		for (size_t k = s->first; k < s->first + s->n; k++)
			if (r->cases[k].to >= 0 && tests[r->cases[k].to] > deepest)
				deepest = tests[r->cases[k].to];
		tests[i] = 1 + deepest;
		for (size_t n = s->n; n > 1; n /= 2)
			tests[i]++;
	}
	return r->root < 0 ? 0 : tests[r->root];
}

static void
region_free(struct region *r)
{
	free(r->steps);
	free(r->cases);
	free(r->exits);
}

/* The tree from the proven rules, if it is worth having. */
static bool
region_make(struct finder *f, struct region *r, size_t start)
{
	struct builder b = { .f = f, .r = r };
	size_t *tests = calloc(f->n_nodes + 2 * f->n_terms + 1, sizeof *tests);
	struct asked *all = malloc((f->n_rules + 1) * sizeof *all);
	size_t before;
	bool ok = false;

	*r = (struct region) { .start = start, .n_fields = f->n_fields };
	if (!tests || !all)
		goto out;
	memcpy(r->fields, f->fields, sizeof r->fields);
	before = longest(f, tests);
	if (before < TESTS_MIN)
		goto out;
	for (size_t i = 0; i < f->n_rules; i++)
		all[i] = (struct asked) { 0, (uint32_t)i };
	r->root = build(&b, all, f->n_rules, 0, DEFAULT);
	ok = !b.failed && r->root >= 0 && 2 * depth(r, tests) <= before;
out:
	if (!ok)
		region_free(r);
	free(tests);
	free(all);
	return ok;
}

/* A region from this start, cut where the proof wants it; false when there is none. */
static bool
try(struct finder *f, struct region *r, size_t start)
{
	size_t cuts[CUTS_MAX], n = 0;
	bool ok = false;
	int meet;

	while (explore(f, start)) {
		if (rules_make(f, &meet)) {
			ok = f->n_rules >= RULES_MIN && region_make(f, r, start);
			break;
		}
		if (f->failed || meet == NONE || f->nodes[meet].pc == start || n == CUTS_MAX)
			break;
		cuts[n++] = f->nodes[meet].pc;
		f->cut[f->nodes[meet].pc] = 1;
	}
	while (n > 0)
		f->cut[cuts[--n]] = 0;
	if (ok)
		for (size_t i = 0; i < f->n_nodes; i++)
			if (f->nodes[i].test)
				f->covered[f->nodes[i].pc] = 1;
	return ok;
}

/* Where libpcap's jumps do not reach it puts others in between; what they reach is what counts. */
static void
same_fill(size_t *same, const struct plan *p)
{
	enum { RETURNS = 8 };
	size_t returns[RETURNS], n = 0, k;

	for (size_t i = p->n; i-- > 0;) {
		const struct bpf_insn *x = &p->insns[i];

		same[i] = i;
		if (x->code == (BPF_JMP | BPF_JA) && (int32_t)x->k >= 0)
			same[i] = same[plan_ja(p, i)];
		if (x->code != (BPF_RET | BPF_K) || !p->reached[i])
			continue;
		for (k = 0; k < n && p->insns[returns[k]].k != x->k; k++)
			;
		if (k < n)
			same[i] = returns[k];
		else if (n < RETURNS)
			returns[n++] = i;
	}
}

void
regions_find(struct regions *rs, const struct plan *p)
{
	struct finder f = { .p = p };
	struct region r, *list;
	size_t cap = 0;

	*rs = (struct regions) { 0 };
	f.at = malloc(p->n * sizeof *f.at);
	f.cut = calloc(p->n, 1);
	f.covered = calloc(p->n, 1);
	f.same = calloc(p->n, sizeof *f.same);
	if (!f.at || !f.cut || !f.covered || !f.same)
		goto out;
	same_fill(f.same, p);
	for (size_t i = 0; i < p->n; i++)
		for (int v = 0; v < VARIANTS; v++)
			f.at[i][v] = NONE;
	for (size_t i = 0; i < p->n && !f.failed; i++) {
		uint16_t code = p->insns[i].code;
		bool loads = BPF_CLASS(code) == BPF_LD && (BPF_MODE(code) == BPF_ABS || BPF_MODE(code) == BPF_IND);

		if (!p->reached[i] || p->live_a[i] || f.covered[i] || !loads || !try(&f, &r, i))
			continue;
		list = room(&f, rs->list, rs->n, &cap, sizeof *list);
		if (f.failed) {
			region_free(&r);
			break;
		}
		rs->list = list;
		rs->list[rs->n++] = r;
	}
out:
	free(f.at);
	free(f.cut);
	free(f.covered);
	free(f.same);
	free(f.nodes);
	free(f.rules);
	free(f.terms);
	free(f.mark);
}

void
regions_free(struct regions *rs)
{
	for (size_t i = 0; i < rs->n; i++)
		region_free(&rs->list[i]);
	free(rs->list);
	*rs = (struct regions) { 0 };
}

const struct region *
region_at(const struct regions *rs, size_t i)
{
	for (size_t low = 0, high = rs->n; low < high;) {
		size_t mid = (low + high) / 2;

		if (rs->list[mid].start == i)
			return &rs->list[mid];
		if (rs->list[mid].start < i)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}
