/* The field sink: notes references, decodes nothing until asked. */
#include "dissect/dissect.h"

void
fields_layer(struct dis *d, const struct proto *p)
{
	struct fields *s = d->sink;

	if (s->n >= s->most || s->n_layers >= sizeof s->layers / sizeof *s->layers) {
		s->dropped++;
		return;
	}
	if (s->n == 0)
		s->n_blocks = 0;
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

/* A place for one more, whose layer is set; NULL: beyond the ceiling, or in front of all layers. */
static inline struct noted *
note(struct fields *s)
{
	uint32_t i = s->n;

	if (__builtin_expect(i - 1 >= s->most - 1, 0)) {
		s->dropped++;
		return NULL;
	}
	s->n = i + 1;
	s->noted[i].layer = s->now;
	return &s->noted[i];
}

void
fields_bytes(struct dis *d, const struct field *f, const uint8_t *p, uint32_t n)
{
	struct noted *x;

	if (!is_wanted(d->sink, f) || !have(d, p, n) || (x = note(d->sink)) == NULL)
		return;
	x->field = f;
	x->p = p;
	x->len = n;
	x->is_value = x->is_text = 0;
}

/* The bits of those places whose fields are wanted: worked out once for each header. */
static uint64_t
wanted_places(struct fields *s, const struct field *table, const struct field_place *places, unsigned n)
{
	struct header_choice *c = &s->choices[(uintptr_t)places / sizeof *places % HEADER_CHOICES];

	if (c->places != places || c->table != table) {
		*c = (struct header_choice) { .table = table, .places = places };
		for (unsigned i = 0; i < n; i++)
			c->wanted |= (uint64_t)is_wanted(s, &table[places[i].row]) << i;
	}
	return c->wanted;
}

void
fields_header(struct dis *d, const struct field *table, const struct field_place *places, unsigned n, const uint8_t *p)
{
	for (uint64_t left = wanted_places(d->sink, table, places, n); left; left &= left - 1) {
		const struct field_place *at = &places[__builtin_ctzll(left)];

		fields_bytes(d, &table[at->row], p + at->at, at->len);
	}
}

void
fields_value(struct dis *d, const struct field *f, uint64_t v)
{
	struct noted *x;

	if (!is_wanted(d->sink, f) || (x = note(d->sink)) == NULL)
		return;
	x->field = f;
	x->value = v;
	x->len = 0;
	x->is_value = 1;
	x->is_text = 0;
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
	if ((x = note(d->sink)) == NULL)
		return;
	memcpy(copy, s, n);
	x->field = f;
	x->p = (const uint8_t *)copy;
	x->len = (uint32_t)n;
	x->is_value = 0;
	x->is_text = 1;
}

void
fields_string_lent(struct dis *d, const struct field *f, const char *s, size_t n)
{
	struct noted *x;

	if (!is_wanted(d->sink, f) || (x = note(d->sink)) == NULL)
		return;
	x->field = f;
	x->p = (const uint8_t *)s;
	x->len = (uint32_t)n;
	x->is_value = 0;
	x->is_text = 1;
}

/* Are the bytes of a field of this type a number? */
static inline bool
is_number(enum field_type t)
{
	return t <= BOOL || t == TIME32;
}

/* 1 to 8 bytes, the first one highest. */
static inline uint64_t
number_of(const uint8_t *p, uint32_t n)
{
	uint64_t v = 0;

	switch (n) {
	case 1:
		return *p;
	case 2:
		return raw16(p);
	case 4:
		return raw32(p);
	default:
		for (uint32_t i = 0; i < n; i++)
			v = v << 8 | p[i];
		return v;
	}
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
	if (!is_number(f->type) || x->len - 1 > 7)
		return false;
	if (__builtin_expect(f->type >= LE16 && f->type <= LE64, 0))
		for (unsigned i = x->len; i; i--)
			v = v << 8 | x->p[i - 1];
	else
		v = number_of(x->p, x->len);
	if (f->mask)
		v = (v & f->mask) >> __builtin_ctzll(f->mask);
	if (f->type == BOOL)
		v = v != 0;
	/* A signed number shorter than 64 bits is extended. */
	else if (f->type >= I8 && f->type <= I64 && !f->mask && x->len < 8 && v >> (8 * x->len - 1))
		v |= ~0ull << (8 * x->len);
	*out = v;
	return true;
}
