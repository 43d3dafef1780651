/* The field sink: notes references, decodes nothing until asked. */
#include "dissect/dissect.h"

void
fields_layer(struct dis *d, const struct proto *p)
{
	struct fields *s = d->sink;

	if (s->n >= DIS_FIELDS_MAX || s->n_layers >= sizeof s->layers / sizeof *s->layers) {
		s->dropped++;
		return;
	}
	s->layers[s->n_layers] = (struct layer) {
		.proto = p, .depth = (uint16_t)d->depth, .p = s->begins,
		.len = left(d, s->begins) < s->begins_len ? left(d, s->begins) : s->begins_len, .size = s->begins_len,
		.net = d->net.hdr, .net_version = d->net.version, .fragment = d->net.fragment && !d->net.atomic,
	};
	s->now = (uint16_t)s->n_layers++;
	s->noted[s->n++] = (struct noted) { .layer = s->now };
}

static inline bool
is_wanted(const struct fields *s, const struct field *f)
{
	return field_set_has(&s->wanted, f);
}

static struct noted *
note(struct dis *d)
{
	struct fields *s = d->sink;

	if (s->n >= DIS_FIELDS_MAX || s->n_layers == 0) {
		s->dropped++;
		return NULL;
	}
	return &s->noted[s->n++];
}

void
fields_bytes(struct dis *d, const struct field *f, const uint8_t *p, uint32_t n)
{
	struct noted *x;

	if (!is_wanted(d->sink, f) || !have(d, p, n))
		return;
	if ((x = note(d)) != NULL)
		*x = (struct noted) { .field = f, .p = p, .len = n, .layer = d->sink->now };
}

void
fields_value(struct dis *d, const struct field *f, uint64_t v)
{
	struct noted *x = is_wanted(d->sink, f) ? note(d) : NULL;

	if (x)
		*x = (struct noted) { .field = f, .value = v, .layer = d->sink->now, .is_value = 1 };
}

void
fields_string(struct dis *d, const struct field *f, const char *s, size_t n)
{
	struct noted *x;
	char *copy;

	if (!is_wanted(d->sink, f))
		return;
	copy = dis_alloc(d, n);
	if (copy == NULL) {
		d->sink->dropped++;
		return;
	}
	if ((x = note(d)) == NULL)
		return;
	memcpy(copy, s, n);
	*x = (struct noted) { .field = f, .p = (const uint8_t *)copy, .len = (uint32_t)n, .layer = d->sink->now,
		.is_text = 1 };
}

/* Are the bytes of a field of this type a number? */
static inline bool
is_number(enum field_type t)
{
	return t <= BOOL || t == TIME32;
}

bool
field_number(const struct noted *x, uint64_t *out)
{
	const struct field *f = x->field;
	uint64_t v = 0;

	if (f == NULL || x->is_text)
		return false;
	if (x->is_value) {
		*out = x->value;
		return true;
	}
	if (!is_number(f->type) || x->len == 0 || x->len > 8)
		return false;
	if (f->type >= LE16 && f->type <= LE64)
		for (unsigned i = x->len; i; i--)
			v = v << 8 | x->p[i - 1];
	else if (x->len == 1)
		v = *x->p;
	else if (x->len == 2)
		v = raw16(x->p);
	else if (x->len == 4)
		v = raw32(x->p);
	else
		for (unsigned i = 0; i < x->len; i++)
			v = v << 8 | x->p[i];
	if (f->mask) {
		v &= f->mask;
		v >>= __builtin_ctzll(f->mask);
	}
	if (f->type == BOOL)
		v = v != 0;
	/* A signed number shorter than 64 bits is extended. */
	if (f->type >= I8 && f->type <= I64 && !f->mask && x->len < 8 && v >> (8 * x->len - 1))
		v |= ~0ull << (8 * x->len);
	*out = v;
	return true;
}
