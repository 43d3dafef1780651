/*
 * Sets of a display filter: what is written in them as values is sorted into stretches that do not touch, so that thousands of
 * them cost no more than a few.
 */
#include <stdlib.h>

#include "query/ast.h"

static struct value *
masked(struct query *q, const struct value *v, bool high)
{
	struct value *to = query_alloc(q, sizeof *to);
	uint8_t *p = query_alloc(q, v->len);

	if (to == NULL || p == NULL)
		return NULL;
	for (uint32_t i = 0; i < v->len; i++) {
		uint32_t bits = v->prefix > 8 * i ? v->prefix - 8 * i : 0;
		uint8_t mask = bits >= 8 ? 0xff : (uint8_t)~(0xffu >> bits);

		p[i] = (uint8_t)((v->p[i] & mask) | (high ? (uint8_t)~mask : 0));
	}
	*to = (struct value) { .p = p, .len = v->len, .prefix = (uint8_t)(8 * v->len) };
	return to;
}

/* The stretch that a member is; false: what it is depends on the packet, or there is no memory. */
static bool
stretch_of(struct query *q, const struct member *m, enum kind kind, struct stretch *s)
{
	const bool address = kind == K_IP4 || kind == K_IP6;
	const struct operand *ends[2] = { m->low, m->high ? m->high : m->low };

	for (unsigned i = 0; i < 2; i++)
		if (ends[i]->is != O_LITERAL || (m->high && address && ends[i]->value.prefix != 8 * ends[i]->value.len))
			return false;
	s->low = ends[0]->value;
	s->high = ends[1]->value;
	if (address && s->low.prefix < 8 * s->low.len) {
		const struct value *low = masked(q, &ends[0]->value, false), *high = masked(q, &ends[0]->value, true);

		if (low == NULL || high == NULL)
			return false;
		s->low = *low;
		s->high = *high;
	}
	return value_compare(kind, &s->low, &s->high) <= 0;
}

static int
order(const void *a, const void *b, void *kind)
{
	return value_compare(*(enum kind *)kind, &((const struct stretch *)a)->low, &((const struct stretch *)b)->low);
}

bool
set_make(struct query *q, struct test *t)
{
	enum kind kind = t->left->kind;
	size_t n = 0;

	t->stretches = query_alloc(q, t->n_members * sizeof *t->stretches);
	t->rest = query_alloc(q, t->n_members * sizeof *t->rest);
	if (t->stretches == NULL || t->rest == NULL)
		return false;
	for (size_t i = 0; i < t->n_members; i++)
		if (stretch_of(q, &t->members[i], kind, &t->stretches[t->n_stretches]))
			t->n_stretches++;
		else
			t->rest[t->n_rest++] = t->members[i];
	qsort_r(t->stretches, t->n_stretches, sizeof *t->stretches, order, &kind);
	for (size_t i = 1; i < t->n_stretches; i++) {
		struct stretch *last = &t->stretches[n];
		const struct stretch *s = &t->stretches[i];

		if (value_compare(kind, &s->low, &last->high) > 0)
			t->stretches[++n] = *s;
		else if (value_compare(kind, &s->high, &last->high) > 0)
			last->high = s->high;
	}
	t->n_stretches = t->n_stretches ? n + 1 : 0;
	return true;
}

bool
set_has(const struct test *t, const struct value *v)
{
	size_t low = 0, high = t->n_stretches;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (value_compare(t->left->kind, v, &t->stretches[mid].low) < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return low > 0 && value_compare(t->left->kind, v, &t->stretches[low - 1].high) <= 0;
}
