/* Asking a compiled display filter of a packet's fields. */
#include <stdlib.h>

#include "query/ast.h"

enum {
	SCRATCH = 512 << 10,
	FEW = 8,			/* values of the left side, before those of the right one are put in order */
	PAIRS_MAX = 1 << 17,		/* that one contains the other is asked of a packet; no more do */
};

struct query_scratch {
	struct regex *regex;
	size_t used;
	unsigned pairs;			/* of values that were looked at for `contains` */
	uint64_t left_out;
	size_t n_right;
	struct value right[DIS_FIELDS_ALL];	/* all values of the right side: in order, if they are compared */
	uint8_t bytes[SCRATCH];		/* what slices of several ranges and changed letters are put together in */
};

struct ask {
	const struct fields *s;
	struct query_scratch *scratch;
};

/* Where the next value of an operand is to be looked for; zeroed at first. */
struct cursor {
	uint32_t i;
	bool over;
};

struct query_scratch *
query_scratch_new(void)
{
	struct query_scratch *s = malloc(sizeof *s);

	if (s == NULL)
		return NULL;
	s->left_out = 0;
	s->regex = regex_new();
	if (s->regex)
		return s;
	free(s);
	return NULL;
}

void
query_scratch_free(struct query_scratch *s)
{
	if (!s)
		return;
	regex_free(s->regex);
	free(s);
}

uint64_t
query_given_up(const struct query_scratch *s)
{
	return regex_given_up(s->regex) + s->left_out;
}

/* --- the values of operands ------------------------------------------------------------------------------------------- */

/* Is it one of the layers that # asks for? The number counts layers of the same protocol from the outermost. */
static bool
is_nth(const struct operand *o, const struct fields *s, uint32_t layer)
{
	long nth = 0;

	if (!o->nth)
		return true;
	for (uint32_t i = 0; i <= layer; i++)
		nth += s->layers[i].proto == s->layers[layer].proto;
	for (size_t i = 0; i < o->n_nth; i++)
		if (nth >= o->nth[i].from && (o->nth[i].n == 0 || nth < o->nth[i].from + o->nth[i].n))
			return true;
	return false;
}

/* What a noted field is worth as the kind it is compared as; false when its bytes do not fit its type. */
static bool
decode(const struct noted *x, enum kind kind, struct value *v)
{
	static const unsigned sizes[] = { [K_IP4] = 4, [K_IP6] = 16 };

	*v = (struct value) { 0 };
	switch (kind) {
	case K_UNSIGNED:
	case K_SIGNED:
	case K_DURATION:
	case K_BOOL:
		return field_number(x, &v->n);
	case K_TIME:
		if (!field_number(x, &v->n))
			return false;
		if (x->field->type == TIME32)
			v->n *= 1000000000;
		return true;
	case K_IP4:
	case K_IP6:
		if (x->is_value || x->is_text || x->len != sizes[kind])
			return false;
		*v = (struct value) { .p = x->p, .len = x->len, .prefix = (uint8_t)(8 * x->len) };
		return true;
	case K_TEXT:
		if (x->is_value)
			return false;
		v->p = x->p;
		v->len = x->len;
		if (!x->is_text) {
			const uint8_t *end = memchr(x->p, 0, x->len);

			if (end)
				v->len = (uint32_t)(end - x->p);
		}
		return true;
	case K_BYTES:
		if (x->is_value)
			return false;
		v->p = x->p;
		v->len = x->len;
		return true;
	case K_NOTHING:
		return true;
	}
	return false;
}

static bool
is_further(const struct operand *o, const struct field *f)
{
	for (size_t k = 2; k < o->n_fields; k++)
		if (o->fields[k] == f)
			return true;
	return false;
}

static bool
next_field(const struct ask *a, const struct operand *o, struct cursor *c, struct value *v)
{
	const struct noted *first = a->s->noted, *x = first + c->i, *end = first + a->s->n;
	const struct field *f = o->fields[0], *g = o->fields[o->n_fields > 1];

	/* Nearly all that a packet has is something else, and nearly all operands are one field or two. */
	for (; x < end; x++) {
		if (x->field != f && x->field != g && (o->n_fields <= 2 || !is_further(o, x->field)))
			continue;
		if (is_nth(o, a->s, x->layer) && decode(x, o->kind, v)) {
			c->i = (uint32_t)(x - first) + 1;
			return true;
		}
	}
	c->i = a->s->n;
	return false;
}

static bool
next_layer(const struct ask *a, const struct operand *o, struct cursor *c, struct value *v)
{
	while (c->i < a->s->n_layers) {
		const struct layer *l = &a->s->layers[c->i++];

		for (size_t k = 0; k < o->n_protos; k++)
			if (l->proto == o->protos[k] && is_nth(o, a->s, c->i - 1)) {
				*v = (struct value) { .p = l->p, .len = l->len };
				return true;
			}
	}
	return false;
}

static bool next_value(const struct ask *a, const struct operand *o, struct cursor *c, struct value *v);

/* Bytes of the range that are there; false when the first is not. */
static bool
cut(const struct range *r, const struct value *v, struct value *part)
{
	long len = (long)v->len, from = r->from < 0 ? len + r->from : r->from, n = r->n ? r->n : len - from;

	if (from < 0 || n <= 0 || n > len - from)
		return false;
	*part = (struct value) { .p = v->p + from, .len = (uint32_t)n };
	return true;
}

static uint8_t *
room(const struct ask *a, uint32_t n)
{
	struct query_scratch *s = a->scratch;

	if (n > SCRATCH - s->used)
		return NULL;
	s->used += n;
	return s->bytes + s->used - n;
}

static bool
slice(const struct ask *a, const struct operand *o, const struct value *of, struct value *v)
{
	struct value part;
	uint32_t n = 0;
	uint8_t *p;

	if (o->n_slices == 1)
		return cut(&o->slices[0], of, v);
	for (size_t i = 0; i < o->n_slices; i++)
		n += cut(&o->slices[i], of, &part) ? part.len : 0;
	if (n == 0 || (p = room(a, n)) == NULL)
		return false;
	*v = (struct value) { .p = p, .len = n };
	for (size_t i = 0; i < o->n_slices; i++)
		if (cut(&o->slices[i], of, &part)) {
			memcpy(p, part.p, part.len);
			p += part.len;
		}
	return true;
}

/* Letters of ASCII only, whatever the locale is. */
static bool
change_case(const struct ask *a, bool upper, const struct value *of, struct value *v)
{
	uint8_t *p = room(a, of->len);

	if (!p && of->len)
		return false;
	for (uint32_t i = 0; i < of->len; i++) {
		uint8_t c = of->p[i];
		bool letter = upper ? c >= 'a' && c <= 'z' : c >= 'A' && c <= 'Z';

		p[i] = letter ? c ^ 0x20 : c;
	}
	*v = (struct value) { .p = p, .len = of->len };
	return true;
}

/* Bytes as a number, most significant first; only the last eight count. */
static uint64_t
as_number(const struct operand *o, const struct value *v)
{
	uint64_t n = 0;

	if (o->kind != K_BYTES)
		return v->n;
	for (uint32_t i = 0; i < v->len; i++)
		n = n << 8 | v->p[i];
	return n;
}

static bool
count(const struct ask *a, const struct operand *o, struct cursor *c, struct value *v)
{
	struct cursor inner = { 0 };
	struct value one;

	if (c->over)
		return false;
	c->over = true;
	*v = (struct value) { 0 };
	while (next_value(a, o->of, &inner, &one))
		v->n++;
	return v->n > 0;
}

/* The next value that an operand has in the packet; false when there is none any more. */
static bool
next_value(const struct ask *a, const struct operand *o, struct cursor *c, struct value *v)
{
	struct value of;

	switch (o->is) {
	case O_FIELD:
		return next_field(a, o, c, v);
	case O_LAYER:
		return next_layer(a, o, c, v);
	case O_LITERAL:
		if (c->over)
			return false;
		c->over = true;
		*v = o->value;
		return true;
	case O_COUNT:
		return count(a, o, c, v);
	default:
		break;
	}
	while (next_value(a, o->of, c, &of)) {
		switch (o->is) {
		case O_SLICE:
			if (slice(a, o, &of, v))
				return true;
			break;
		case O_LOWER:
		case O_UPPER:
			if (change_case(a, o->is == O_UPPER, &of, v))
				return true;
			break;
		case O_LEN:
			*v = (struct value) { .n = of.len };
			return true;
		default:
			*v = (struct value) { .n = as_number(o->of, &of) & o->mask->value.n };
			return true;
		}
	}
	return false;
}

/* --- tests -------------------------------------------------------------------------------------------------------------- */

int
value_compare(enum kind kind, const struct value *a, const struct value *b)
{
	uint32_t n = a->len < b->len ? a->len : b->len;
	int d;

	switch (kind) {
	case K_UNSIGNED:
	case K_BOOL:
		return (a->n > b->n) - (a->n < b->n);
	case K_SIGNED:
	case K_TIME:
	case K_DURATION:
		return ((int64_t)a->n > (int64_t)b->n) - ((int64_t)a->n < (int64_t)b->n);
	case K_IP4:
	case K_IP6: {
		unsigned bits = a->prefix < b->prefix ? a->prefix : b->prefix, rest = bits % 8;

		d = memcmp(a->p, b->p, bits / 8);
		if (d == 0 && rest)
			d = (a->p[bits / 8] >> (8 - rest)) - (b->p[bits / 8] >> (8 - rest));
		return d;
	}
	default:
		d = n ? memcmp(a->p, b->p, n) : 0;
		return d ? d : (a->len > b->len) - (a->len < b->len);
	}
}

bool
token_fits(enum token how, int d)
{
	switch (how) {
	case T_EQ: return d == 0;
	case T_NE: return d != 0;
	case T_GT: return d > 0;
	case T_GE: return d >= 0;
	case T_LT: return d < 0;
	default: return d <= 0;
	}
}

static bool
contains(const struct value *v, const struct value *what)
{
	return what->len == 0 || (v->len >= what->len && memmem(v->p, v->len, what->p, what->len) != NULL);
}

static bool
matches(const struct ask *a, const struct test *t, const struct value *v)
{
	static const uint8_t none[1];
	size_t from, to;

	return regex_find(a->scratch->regex, t->pattern, v->len ? v->p : none, v->len, 0, 0, &from, &to) == REGEX_MATCH;
}

/* Does this value of the left side fit a (or every) value of the right one? *any: there was one. */
static bool
fits_right(const struct ask *a, const struct test *t, enum kind kind, const struct value *v, bool *any)
{
	struct cursor c = { 0 };
	struct value r;
	size_t used = a->scratch->used;

	while (next_value(a, t->right, &c, &r)) {
		bool fit = t->is == Q_CONTAINS ? contains(v, &r) : token_fits(t->how, value_compare(kind, v, &r));

		a->scratch->used = used;
		*any = true;
		if (fit != t->all)
			return fit;
	}
	return t->all && *any;
}

static int
value_order(const void *a, const void *b, void *kind)
{
	return value_compare(*(enum kind *)kind, a, b);
}

/* All values of the right side, for a left one with many: each with each would take too long. */
static void
right_gather(const struct ask *a, const struct test *t, enum kind kind)
{
	struct query_scratch *s = a->scratch;
	struct cursor c = { 0 };

	s->n_right = 0;
	while (s->n_right < DIS_FIELDS_ALL && next_value(a, t->right, &c, &s->right[s->n_right]))
		s->n_right++;
	if (t->is == Q_COMPARE)
		qsort_r(s->right, s->n_right, sizeof *s->right, value_order, &kind);
}

static bool
contained(const struct ask *a, const struct test *t, const struct value *v)
{
	struct query_scratch *s = a->scratch;

	for (size_t i = 0; i < s->n_right; i++) {
		bool fit;

		if (s->pairs++ >= PAIRS_MAX) {
			s->left_out += s->pairs == PAIRS_MAX + 1;
			return false;
		}
		fit = contains(v, &s->right[i]);
		if (fit != t->all)
			return fit;
	}
	return t->all;
}

/* As fits_right, of values that have been gathered. */
static bool
fits_gathered(const struct ask *a, const struct test *t, enum kind kind, const struct value *v, bool *any)
{
	struct query_scratch *s = a->scratch;
	size_t low = 0, high = s->n_right;
	int least, most;

	*any = s->n_right > 0;
	if (!*any)
		return false;
	if (t->is == Q_CONTAINS)
		return contained(a, t, v);
	least = value_compare(kind, v, &s->right[0]);
	most = value_compare(kind, v, &s->right[s->n_right - 1]);
	if (t->how != T_EQ && t->how != T_NE)
		return token_fits(t->how, (t->how == T_GT || t->how == T_GE) == t->all ? most : least);
	if (t->all == (t->how == T_EQ))
		return (least == 0 && most == 0) == t->all;
	while (low < high) {
		size_t mid = (low + high) / 2;
		int d = value_compare(kind, v, &s->right[mid]);

		if (d == 0)
			return !t->all;
		if (d < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return t->all;
}

static bool
in_set(const struct ask *a, const struct test *t, const struct value *v)
{
	size_t used = a->scratch->used;

	if (set_has(t, v))
		return true;
	for (size_t i = 0; i < t->n_rest; i++, a->scratch->used = used) {
		const struct member *m = &t->rest[i];
		struct cursor low = { 0 }, high = { 0 };
		struct value l, h;

		if (!next_value(a, m->low, &low, &l))
			continue;
		if (!m->high ? value_compare(t->left->kind, v, &l) == 0 : next_value(a, m->high, &high, &h) &&
		    value_compare(t->left->kind, v, &l) >= 0 && value_compare(t->left->kind, v, &h) <= 0)
			return true;
	}
	return false;
}

/* A test of an operand's values: any of them, or all (and at least one). */
static bool
test_values(const struct ask *a, const struct test *t)
{
	enum kind kind = t->right && t->right->kind == K_SIGNED ? K_SIGNED : t->left->kind;
	struct cursor c = { 0 };
	struct value v;
	bool some = false;
	unsigned n = 0;

	for (a->scratch->used = 0; next_value(a, t->left, &c, &v); a->scratch->used = 0) {
		bool there = true, fit;

		switch (t->is) {
		case Q_PRESENT:
			if (t->left->is != O_BITAND || v.n)
				return true;
			continue;
		case Q_MATCHES:
			fit = matches(a, t, &v);
			break;
		case Q_IN:
			fit = in_set(a, t, &v);
			break;
		default:
			there = false;
			if (++n == FEW && t->right->is == O_FIELD)
				right_gather(a, t, kind);
			if (n >= FEW && t->right->is == O_FIELD)
				fit = fits_gathered(a, t, kind, &v, &there);
			else
				fit = fits_right(a, t, kind, &v, &there);
		}
		some |= there;
		if (there && fit != t->all)
			return fit;
	}
	return t->all && some;
}

static bool
holds(const struct ask *a, const struct test *t)
{
	switch (t->is) {
	case Q_AND: return holds(a, t->a) && holds(a, t->b);
	case Q_OR: return holds(a, t->a) || holds(a, t->b);
	case Q_XOR: return holds(a, t->a) != holds(a, t->b);
	case Q_NOT: return !holds(a, t->a);
	default: return test_values(a, t);
	}
}

bool
test_holds(const struct test *t, const struct fields *s, struct query_scratch *scratch)
{
	struct ask a = { s, scratch };

	regex_begin(scratch->regex);
	scratch->pairs = 0;
	return test_values(&a, t);
}

const struct field_set *
query_wanted(const struct query *q)
{
	return &q->wanted;
}

unsigned
query_needs(const struct query *q)
{
	return q->needs;
}

bool
query_match(const struct query *q, struct query_scratch *scratch, const struct dis *d)
{
	struct ask a = { d->sink, scratch };

	regex_begin(scratch->regex);
	scratch->pairs = 0;
	return holds(&a, q->root);
}
