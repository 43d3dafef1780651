#include "bpf/plan.h"

#include <pcap/pcap.h>
#include <stdlib.h>

uint32_t
plan_size(const struct bpf_insn *i)
{
	return BPF_SIZE(i->code) == BPF_W ? 4 : BPF_SIZE(i->code) == BPF_H ? 2 : 1;
}

uint64_t
plan_needs(const struct bpf_insn *i)
{
	if (i->code == (BPF_LDX | BPF_MSH | BPF_B))
		return (uint64_t)i->k + 1;
	if (BPF_CLASS(i->code) != BPF_LD || BPF_MODE(i->code) != BPF_ABS)
		return 0;
	return (uint64_t)i->k + plan_size(i);
}

uint32_t
plan_raw(uint32_t value, uint8_t size)
{
	return size == 4 ? __builtin_bswap32(value) : size == 2 ? __builtin_bswap16((uint16_t)value) : value;
}

size_t
plan_ja(const struct plan *p, size_t i)
{
	return (size_t)((int64_t)i + 1 + (int32_t)p->insns[i].k);
}

/* Is nothing set in the code but class and mode, and the size where loads have one? */
static bool
knows_load(uint16_t code, bool x)
{
	uint16_t bare = code & (uint16_t)~(BPF_CLASS(0xff) | BPF_MODE(0xff) | BPF_SIZE(0xff));

	if (bare != 0 || BPF_SIZE(code) == BPF_SIZE(0xff))
		return false;
	switch (BPF_MODE(code)) {
	case BPF_ABS: case BPF_IND:
		return !x;
	case BPF_MSH:
		return x && BPF_SIZE(code) == BPF_B;
	case BPF_IMM: case BPF_MEM: case BPF_LEN:
		return BPF_SIZE(code) == BPF_W;
	default:
		return false;
	}
}

bool
plan_knows(const struct bpf_insn *i)
{
	uint16_t code = i->code;

	switch (BPF_CLASS(code)) {
	case BPF_LD:
		return knows_load(code, false);
	case BPF_LDX:
		return knows_load(code, true);
	case BPF_ST: case BPF_STX:
		return code == BPF_ST || code == BPF_STX;
	case BPF_ALU:
		if (code & ~(BPF_CLASS(0xff) | BPF_OP(0xff) | BPF_SRC(0xff)))
			return false;
		if (BPF_OP(code) == BPF_NEG)
			return code == (BPF_ALU | BPF_NEG);
		return BPF_OP(code) <= BPF_RSH || BPF_OP(code) == BPF_MOD || BPF_OP(code) == BPF_XOR;
	case BPF_JMP:
		if (code & ~(BPF_CLASS(0xff) | BPF_OP(0xff) | BPF_SRC(0xff)))
			return false;
		return BPF_OP(code) == BPF_JA ? code == (BPF_JMP | BPF_JA) : BPF_OP(code) <= BPF_JSET;
	case BPF_RET:
		return code == (BPF_RET | BPF_K) || code == (BPF_RET | BPF_A);
	default:
		return code == (BPF_MISC | BPF_TAX) || code == (BPF_MISC | BPF_TXA);
	}
}

/* One more way leads to instruction `to`, on which `known` bytes have been checked. */
static void
arrive(struct plan *p, size_t to, uint32_t known)
{
	if (!p->reached[to] || known < p->known[to])
		p->known[to] = known;
	p->reached[to] = 1;
}

/* Marks what is reached and how. Ways lead forwards, but for `ja`, which protocol chains use to loop. */
static void
follow(struct plan *p)
{
	bool back = false;

	for (size_t i = 0; i < p->n; i++) {
		const struct bpf_insn *x = &p->insns[i];

		if (x->code == (BPF_JMP | BPF_JA) && (int32_t)x->k < 0) {
			p->target[plan_ja(p, i)] = 1;
			back = true;
		}
		if (x->code == (BPF_LD | BPF_MEM) || x->code == (BPF_LDX | BPF_MEM))
			p->uses_memory = true;
		if (BPF_CLASS(x->code) == BPF_LD && BPF_MODE(x->code) == BPF_IND)
			p->uses_x = true;
	}
	arrive(p, 0, 0);
	for (size_t i = 0; i < p->n; i++) {
		const struct bpf_insn *x = &p->insns[i];
		bool loads = plan_needs(x) > 0;
		uint32_t known;

		/* Where loops lead is not followed: what comes from behind has checked nothing. */
		if (back && p->target[i])
			arrive(p, i, 0);
		if (!p->reached[i])
			continue;
		known = p->known[i];
		if (loads && p->asks[i] > known)
			known = p->asks[i];
		if (BPF_CLASS(x->code) == BPF_RET)
			continue;
		if (BPF_CLASS(x->code) != BPF_JMP) {
			arrive(p, i + 1, known);
		} else if (BPF_OP(x->code) == BPF_JA) {
			p->target[plan_ja(p, i)] = 1;
			if ((int32_t)x->k >= 0)
				arrive(p, plan_ja(p, i), known);
		} else {
			p->target[i + 1 + x->jt] |= x->jt != 0;
			p->target[i + 1 + x->jf] |= x->jf != 0;
			arrive(p, i + 1 + x->jt, known);
			arrive(p, i + 1 + x->jf, known);
		}
	}
}

/*
 * Backwards: what will a load farther on fail for in any case? Asked at the first load, later ones need not ask. A
 * program that returns 0 may do so sooner.
 */
static void
follow_needs(struct plan *p)
{
	const uint32_t nothing_helps = UINT32_C(1) << 31;

	for (size_t i = p->n; i-- > 0;) {
		const struct bpf_insn *x = &p->insns[i];
		uint64_t needs = plan_needs(x);
		uint32_t asks;

		if (BPF_CLASS(x->code) == BPF_RET) {
			asks = x->code == (BPF_RET | BPF_K) && x->k == 0 ? nothing_helps : 0;
		} else if (x->code == (BPF_JMP | BPF_JA)) {
			asks = (int32_t)x->k < 0 ? 0 : p->asks[plan_ja(p, i)];
		} else if (BPF_CLASS(x->code) == BPF_JMP) {
			uint32_t yes = p->asks[i + 1 + x->jt], no = p->asks[i + 1 + x->jf];

			asks = yes < no ? yes : no;
		} else {
			asks = p->asks[i + 1];
			if (needs > asks)
				asks = needs < nothing_helps ? (uint32_t)needs : nothing_helps;
		}
		p->asks[i] = asks;
	}
}

/* Backwards: where is A or X read before it is written? On the way back in a loop: perhaps. */
static void
follow_back(struct plan *p)
{
	for (size_t i = p->n; i-- > 0;) {
		const struct bpf_insn *x = &p->insns[i];
		uint8_t class = BPF_CLASS(x->code), mode = BPF_MODE(x->code);
		bool by_x = BPF_SRC(x->code) == BPF_X, a = false, xx = false;

		if (class == BPF_JMP) {
			size_t yes = i + 1 + x->jt, no = i + 1 + x->jf;

			if (BPF_OP(x->code) != BPF_JA) {
				a = true;
				xx = by_x || p->live_x[yes] || p->live_x[no];
			} else {
				yes = plan_ja(p, i);
				a = yes <= i || p->live_a[yes];
				xx = yes <= i || p->live_x[yes];
			}
		} else if (class == BPF_RET) {
			a = BPF_RVAL(x->code) == BPF_A;
		} else {
			bool tax = class == BPF_MISC && BPF_MISCOP(x->code) == BPF_TAX;
			bool txa = class == BPF_MISC && !tax;

			a = class == BPF_ST || class == BPF_ALU || tax || (class != BPF_LD && !txa && p->live_a[i + 1]);
			xx = class == BPF_STX || txa || (class == BPF_ALU && by_x) || (class == BPF_LD && mode == BPF_IND) ||
			    (class != BPF_LDX && !tax && p->live_x[i + 1]);
		}
		p->live_a[i] = a;
		p->live_x[i] = xx;
	}
}

/* Loads whose values meet somewhere are one group: union-find, by instruction. The last one: all that is a number. */
static size_t
group_of(size_t *groups, size_t i)
{
	while (groups[i] != i)
		i = groups[i] = groups[groups[i]];
	return i;
}

static void
group_join(size_t *groups, size_t a, size_t b)
{
	a = group_of(groups, a);
	b = group_of(groups, b);
	/* The greater stands for both, so that numbers stay numbers. */
	if (a < b)
		groups[a] = b;
	else
		groups[b] = a;
}

/* May instruction i look at A as it lies in the packet? Masks and comparisons for equality may. */
static bool
takes_raw(const struct bpf_insn *x, uint32_t size)
{
	uint32_t all = size == 4 ? UINT32_MAX : UINT16_MAX;

	if (x->code == (BPF_JMP | BPF_JEQ | BPF_K))
		return x->k <= all;
	return x->code == (BPF_ALU | BPF_AND | BPF_K) || x->code == (BPF_JMP | BPF_JSET | BPF_K) ||
	    x->code == (BPF_JMP | BPF_JA) || BPF_CLASS(x->code) == BPF_LDX || x->code == BPF_STX ||
	    x->code == (BPF_RET | BPF_K) || BPF_CLASS(x->code) == BPF_LD || x->code == (BPF_MISC | BPF_TXA);
}

/* A value comes to instruction `to`. */
static void
bring(const struct plan *p, size_t *groups, size_t *in, size_t to, size_t value)
{
	if (!p->live_a[to])
		return;
	if (in[to] == SIZE_MAX)
		in[to] = value;
	else
		group_join(groups, in[to], value);
}

/*
 * Where need bytes not be put in order? In a group of loads of one size that is looked at only by what takes it as it
 * is. Not with loops.
 */
static void
follow_raw(struct plan *p, size_t *groups, size_t *in)
{
	size_t number = p->n;

	for (size_t i = 0; i <= number; i++) {
		groups[i] = i;
		in[i] = SIZE_MAX;
	}
	bring(p, groups, in, 0, number);
	for (size_t i = 0; i < p->n; i++) {
		const struct bpf_insn *x = &p->insns[i];
		uint8_t class = BPF_CLASS(x->code), mode = BPF_MODE(x->code);
		size_t out = in[i] == SIZE_MAX ? number : in[i];

		if (!p->reached[i] || class == BPF_RET)
			continue;
		if (class == BPF_LD)
			out = (mode == BPF_ABS || mode == BPF_IND) && plan_size(x) > 1 ? i : number;
		else if (class == BPF_MISC && BPF_MISCOP(x->code) == BPF_TXA)
			out = number;
		if (class != BPF_JMP) {
			bring(p, groups, in, i + 1, out);
		} else if (BPF_OP(x->code) == BPF_JA) {
			if ((int32_t)x->k < 0)
				return;
			bring(p, groups, in, plan_ja(p, i), out);
		} else {
			bring(p, groups, in, i + 1 + x->jt, out);
			bring(p, groups, in, i + 1 + x->jf, out);
		}
	}
	/* Whoever looks otherwise, or at loads of two sizes, makes it a number. */
	for (size_t i = 0; i < p->n; i++) {
		size_t load = in[i] == SIZE_MAX || !p->reached[i] ? number : group_of(groups, in[i]);

		if (load != number && !takes_raw(&p->insns[i], plan_size(&p->insns[load])))
			group_join(groups, load, number);
		load = group_of(groups, i);
		if (load != number && plan_size(&p->insns[load]) != plan_size(&p->insns[i]))
			group_join(groups, load, number);
	}
	for (size_t i = 0; i < p->n; i++) {
		const struct bpf_insn *x = &p->insns[i];
		bool loads = BPF_CLASS(x->code) == BPF_LD && (BPF_MODE(x->code) == BPF_ABS || BPF_MODE(x->code) == BPF_IND) &&
		    plan_size(x) > 1;
		size_t load = loads ? i : in[i];

		if (p->reached[i] && load != SIZE_MAX && group_of(groups, load) != number)
			p->raw[i] = (uint8_t)plan_size(&p->insns[group_of(groups, load)]);
	}
}

bool
plan_make(struct plan *p, const struct bpf_insn *insns, size_t n)
{
	size_t *groups;

	*p = (struct plan) { .insns = insns, .n = n };
	if (n == 0 || n > PLAN_INSNS_MAX)
		return false;
	groups = calloc(n + 1, 2 * sizeof *groups);
	p->raw = calloc(n, 1);
	p->target = calloc(n, 1);
	p->reached = calloc(n, 1);
	p->live_a = calloc(n, 1);
	p->live_x = calloc(n, 1);
	p->known = calloc(n, sizeof *p->known);
	p->asks = calloc(n, sizeof *p->asks);
	if (!p->target || !p->reached || !p->live_a || !p->live_x || !p->known || !p->asks || !p->raw ||
	    !groups) {
		free(groups);
		plan_free(p);
		return false;
	}
	follow_needs(p);
	follow(p);
	follow_back(p);
	follow_raw(p, groups, groups + n + 1);
	free(groups);
	return true;
}

void
plan_free(struct plan *p)
{
	free(p->target);
	free(p->reached);
	free(p->live_a);
	free(p->live_x);
	free(p->known);
	free(p->asks);
	free(p->raw);
	*p = (struct plan) { 0 };
}

static int
by_value(const void *a, const void *b)
{
	const struct plan_case *x = a, *y = b;

	return x->value < y->value ? -1 : x->value > y->value;
}

size_t
plan_cases(const struct plan *p, size_t i, struct plan_case *cases, size_t max, size_t *otherwise, size_t *used)
{
	size_t n = 0, kept = 0, at = i;

	while (n < max && at < p->n) {
		const struct bpf_insn *x = &p->insns[at];

		/* One that leads to its successor either way would make that a target in the middle of the row. */
		if (x->code != (BPF_JMP | BPF_JEQ | BPF_K) || (x->jt == 0 && x->jf == 0) || (at > i && p->target[at]))
			break;
		cases[n++] = (struct plan_case) { x->k, at + 1 + x->jt };
		at++;
		if (x->jf) {
			*otherwise = at + x->jf;
			goto sort;
		}
	}
	*otherwise = at;
sort:
	*used = at - i;
	if (n == 0)
		return 0;
	/* The first of equal values decides: drop the later ones, then sort. */
	for (size_t k = 0; k < n; k++) {
		size_t same = 0;

		while (same < kept && cases[same].value != cases[k].value)
			same++;
		if (same == kept)
			cases[kept++] = cases[k];
	}
	for (size_t k = 0; k < kept; k++)
		cases[k].value = plan_raw(cases[k].value, p->raw[i]);
	qsort(cases, kept, sizeof *cases, by_value);
	return kept;
}
