#include "bpf/plan.h"

#include <pcap/pcap.h>
#include <stdlib.h>

uint64_t
plan_needs(const struct bpf_insn *i)
{
	uint32_t size;

	if (i->code == (BPF_LDX | BPF_MSH | BPF_B))
		return (uint64_t)i->k + 1;
	if (BPF_CLASS(i->code) != BPF_LD || BPF_MODE(i->code) != BPF_ABS)
		return 0;
	size = BPF_SIZE(i->code) == BPF_W ? 4 : BPF_SIZE(i->code) == BPF_H ? 2 : 1;
	return (uint64_t)i->k + size;
}

/* Where `ja` at i leads: backwards too. */
static size_t
ja_target(size_t i, const struct bpf_insn *x)
{
	return (size_t)((int64_t)i + 1 + (int32_t)x->k);
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
			p->target[ja_target(i, x)] = 1;
			back = true;
		}
		if (x->code == (BPF_LD | BPF_MEM) || x->code == (BPF_LDX | BPF_MEM))
			p->uses_memory = true;
	}
	arrive(p, 0, 0);
	for (size_t i = 0; i < p->n; i++) {
		const struct bpf_insn *x = &p->insns[i];
		uint64_t needs = plan_needs(x);
		uint32_t known;

		/* Where loops lead is not followed: what comes from behind has checked nothing. */
		if (back && p->target[i])
			arrive(p, i, 0);
		if (!p->reached[i])
			continue;
		known = p->known[i];
		if (needs > known && needs < UINT32_MAX)
			known = (uint32_t)needs;
		if (BPF_CLASS(x->code) == BPF_RET)
			continue;
		if (BPF_CLASS(x->code) != BPF_JMP) {
			arrive(p, i + 1, known);
		} else if (BPF_OP(x->code) == BPF_JA) {
			p->target[ja_target(i, x)] = 1;
			if ((int32_t)x->k >= 0)
				arrive(p, ja_target(i, x), known);
		} else {
			p->target[i + 1 + x->jt] |= x->jt != 0;
			p->target[i + 1 + x->jf] |= x->jf != 0;
			arrive(p, i + 1 + x->jt, known);
			arrive(p, i + 1 + x->jf, known);
		}
	}
}

bool
plan_make(struct plan *p, const struct bpf_insn *insns, size_t n)
{
	*p = (struct plan) { .insns = insns, .n = n };
	if (n == 0 || n > PLAN_INSNS_MAX)
		return false;
	p->target = calloc(n, 1);
	p->reached = calloc(n, 1);
	p->known = calloc(n, sizeof *p->known);
	if (!p->target || !p->reached || !p->known) {
		plan_free(p);
		return false;
	}
	follow(p);
	return true;
}

void
plan_free(struct plan *p)
{
	free(p->target);
	free(p->reached);
	free(p->known);
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
	qsort(cases, kept, sizeof *cases, by_value);
	return kept;
}
