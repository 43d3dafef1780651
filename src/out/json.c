#include "out/json.h"

#include <stdlib.h>

#include "dissect/hex.h"
#include "out/value.h"
#include "pkt/address.h"

/*
 * What stands in front of a field's value, or of a layer's fields: a comma, the name between quotation marks, a colon; and
 * which bits of a number count. A cache line each.
 */
enum { KEY_TEXT = 48, KEY_START = 32 };

struct key {
	char text[KEY_TEXT];
	uint64_t mask;
	uint8_t shift;		/* to the lowest bit of the mask */
	uint8_t len;		/* of the text; 0: the name is too long */
};

_Static_assert(sizeof(struct key) == 64, "a key is a cache line");

static const char field_lead[] = ",\"", layer_lead[] = ",{\"";

struct shelf {
	const struct proto *proto;	/* NULL: a free place */
	const struct key *key;
};

/* The rows of fields there are, by where they are in memory. */
struct rows {
	const struct field *fields;
	size_t n;
	const struct key *keys;
};

struct json {
	struct shelf *shelves;	/* a hash table, at most half full */
	unsigned shift;		/* 64 less the bits of a place in it */
	struct rows *rows;
	size_t n_rows;
	struct key *keys;
};

static struct shelf *
shelf_of(const struct json *j, const struct proto *p)
{
	size_t i = (uintptr_t)p * UINT64_C(0x9e3779b97f4a7c15) >> j->shift, last = (size_t)1 << (64 - j->shift);

	while (j->shelves[i].proto && j->shelves[i].proto != p)
		i = i + 1 == last ? 0 : i + 1;
	return &j->shelves[i];
}

static inline size_t
index_in(const struct field *fields, const struct field *f)
{
	return ((uintptr_t)f - (uintptr_t)fields) / sizeof *f;
}

static const struct key unknown;	/* without text: of a protocol without a row */

static const struct key *
key_of(const struct json *j, const struct field *f)
{
	size_t from = 0, n = j->n_rows;

	while (n) {
		const struct rows *r = &j->rows[from + n / 2];

		if ((uintptr_t)f < (uintptr_t)r->fields) {
			n /= 2;
		} else if (index_in(r->fields, f) < r->n) {
			return &r->keys[index_in(r->fields, f)];
		} else {
			from += n / 2 + 1;
			n -= n / 2 + 1;
		}
	}
	return &unknown;
}

static void
key_set(struct key *k, const char *lead, const char *name)
{
	size_t n = strlen(name), before = strlen(lead);

	if (before + n + 2 > sizeof k->text)
		return;
	memcpy(k->text, lead, before);
	memcpy(k->text + before, name, n);
	memcpy(k->text + before + n, "\":", 2);
	k->len = (uint8_t)(before + n + 2);
}

static void
key_of_field(struct key *k, const struct field *f)
{
	key_set(k, field_lead, f->name);
	k->mask = f->mask ? f->mask : UINT64_MAX;
	k->shift = (uint8_t)__builtin_ctzll(k->mask);
}

/* Several protocols may share their rows of fields. */
static void
add_rows(struct json *j, const struct proto *p, struct key *k)
{
	for (size_t i = 0; i < j->n_rows; i++)
		if (j->rows[i].fields == p->fields && j->rows[i].n == p->n_fields)
			return;
	for (unsigned i = 0; i < p->n_fields; i++)
		key_of_field(&k[i], &p->fields[i]);
	j->rows[j->n_rows++] = (struct rows) { p->fields, p->n_fields, k };
}

static int
by_place(const void *a, const void *b)
{
	const struct rows *x = a, *y = b;

	return ((uintptr_t)x->fields > (uintptr_t)y->fields) - ((uintptr_t)x->fields < (uintptr_t)y->fields);
}

struct json *
json_new(const struct catalog *c)
{
	struct json *j = calloc(1, sizeof *j);
	size_t protos = 0, keys = 0;
	const struct proto *p;
	struct key *k;

	if (j == NULL)
		return NULL;
	for (; (p = catalog_at(c, protos)) != NULL; protos++)
		keys += 1 + p->n_fields;
	for (j->shift = 63; (size_t)1 << (64 - j->shift) < 2 * protos; )
		j->shift--;
	j->shelves = calloc((size_t)1 << (64 - j->shift), sizeof *j->shelves);
	j->rows = calloc(protos + 1, sizeof *j->rows);
	j->keys = aligned_alloc(sizeof *j->keys, (keys + 1) * sizeof *j->keys);
	if (j->shelves == NULL || j->rows == NULL || j->keys == NULL) {
		json_free(j);
		return NULL;
	}
	memset(j->keys, 0, (keys + 1) * sizeof *j->keys);
	k = j->keys;
	for (size_t i = 0; i < protos; i++) {
		p = catalog_at(c, i);
		key_set(k, layer_lead, p->name);
		*shelf_of(j, p) = (struct shelf) { p, k };
		add_rows(j, p, k + 1);
		k += 1 + p->n_fields;
	}
	qsort(j->rows, j->n_rows, sizeof *j->rows, by_place);
	return j;
}

void
json_free(struct json *j)
{
	if (j == NULL)
		return;
	free(j->shelves);
	free(j->rows);
	free(j->keys);
	free(j);
}

/*
 * The fields of a packet sorted out: chains of indices into the sink's notes; NONE ends one. `next` leads from where a field
 * occurs first in its layer to the next such field, `same` to where it occurs again.
 */
enum { NONE = UINT16_MAX };

struct sorted {
	struct {
		uint16_t first, last;		/* this layer's fields, each where it occurs first */
		uintptr_t highest, end;		/* the last of them in memory, of those in its protocol's rows, which end there */
	} layers[DIS_DEPTH_MAX * 4];
	struct {
		uint16_t next, same;
	} notes[DIS_FIELDS_MAX];
	uint16_t last_same[DIS_FIELDS_MAX];	/* where it occurs last, if it occurs again */
};

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

/*
 * How a packet is told: steps, one for each value in its place, and one for each layer. Most packets have the same fields as
 * one before, and so the same steps: those are remembered, with what the notes have to be for them.
 */
enum {
	PLANS = 256,			/* in pairs; a power of two */
	PLAN_NOTES_MIN = 8, PLAN_NOTES = 128,	/* packets with fewer or more fields are sorted out each time */
	PLAN_LAYERS = 16,
	PLAN_CREDIT = 4,		/* packets of other kinds that a plan outlives after having been of use */
};

/* What a value is, as its note tells before the bytes are looked at. */
enum how {
	HOW_ANY, HOW_TEXT,		/* nothing is known of its length */
	HOW_8, HOW_16, HOW_32, HOW_FLAG_8, HOW_FLAG_16, HOW_VALUE, HOW_FLAG, HOW_LABEL, HOW_SECONDS, HOW_IP4, HOW_IP6, HOW_LINK,
};

/* What stands around a value apart from its key: bits. */
enum lead {
	LEAD_LAYER = 1,			/* no value: a layer begins */
	LEAD_FIRST = 2,			/* the layer's first field */
	LEAD_OPEN = 4,			/* the first value of an array ... */
	LEAD_MORE = 8,			/* ... one behind it, without a key ... */
	LEAD_CLOSE = 16,		/* ... and the last one */
	LEAD_EMPTY = 32,		/* with LEAD_LAYER: it has no fields */
};

struct step {
	const struct key *key;
	uint16_t at;			/* the note, or the layer */
	uint8_t how, lead;
};

/* A note is of the kind when it has this field, and these bits of its other half. */
struct kind {
	const struct field *field;
	uint64_t bits, mask;
};

struct plan {
	uint32_t n, n_layers, n_steps;	/* n 0: none */
	uint32_t credit;
	const struct proto *layers[PLAN_LAYERS];
	struct kind kinds[PLAN_NOTES];
	struct step steps[PLAN_NOTES + PLAN_LAYERS];
};

/* What is kept at the sink: for one thread at a time. */
struct memo {
	struct plan plans[PLANS];
	struct sorted sorted;
	struct step steps[DIS_FIELDS_MAX + DIS_DEPTH_MAX * 4];
};

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

	if (k == &unknown)
		return HOW_ANY;
	if (n->is_text || (type == STR && !n->is_value))
		return HOW_TEXT;
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
		const struct shelf *shelf = shelf_of(j, s->layers[layer].proto);
		uint8_t first = LEAD_FIRST;

		*o++ = (struct step) { shelf->key ? shelf->key : &unknown, (uint16_t)layer, HOW_ANY,
			x->layers[layer].first == NONE ? LEAD_LAYER | LEAD_EMPTY : LEAD_LAYER };
		for (uint16_t i = x->layers[layer].first; i != NONE; i = x->notes[i].next, first = 0) {
			const struct key *k = key_of(j, s->noted[i].field);
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

static void
plan_make(struct plan *p, const struct json *j, const struct fields *s, struct sorted *x)
{
	const uint64_t all_but_length = ~bits_of(&(struct noted) { .len = UINT32_MAX });

	p->n = s->n;
	p->n_layers = s->n_layers;
	p->credit = 0;
	for (uint32_t i = 0; i < s->n_layers; i++)
		p->layers[i] = s->layers[i].proto;
	for (uint32_t i = 0; i < s->n; i++) {
		const struct noted *n = &s->noted[i];
		bool any_length = n->field == NULL || how_of(NULL, n) <= HOW_TEXT;

		p->kinds[i].field = n->field;
		p->kinds[i].mask = any_length ? all_but_length : UINT64_MAX;
		p->kinds[i].bits = bits_of(n) & p->kinds[i].mask;
	}
	p->n_steps = make_steps(j, s, x, p->steps);
}

static bool
plan_fits(const struct plan *p, const struct fields *s)
{
	if (p->n != s->n || p->n_layers != s->n_layers)
		return false;
	for (uint32_t i = 0; i < s->n_layers; i++)
		if (p->layers[i] != s->layers[i].proto)
			return false;
	for (uint32_t i = 0; i < s->n; i++)
		if (p->kinds[i].field != s->noted[i].field || (bits_of(&s->noted[i]) & p->kinds[i].mask) != p->kinds[i].bits)
			return false;
	return true;
}

/* Where plans for such packets are, two of them: by a few of the fields, the last ones above all. */
static struct plan *
plan_place(struct memo *m, const struct fields *s)
{
	uint64_t h = s->n + ((uint64_t)s->n_layers << 8) + (uintptr_t)s->noted[s->n / 2].field;

	for (uint32_t i = 1; i <= PLAN_NOTES_MIN; i++)
		h += (uintptr_t)s->noted[s->n - i].field * (2 * i + 1);
	return &m->plans[(h * UINT64_C(0x9e3779b97f4a7c15) >> 32 & (PLANS - 1)) & ~1u];
}

/* The steps of such packets, remembered or not. */
static const struct step *
find_steps(struct memo *m, const struct json *j, const struct fields *s, uint32_t *n)
{
	struct plan *p;

	if (s->n < PLAN_NOTES_MIN || s->n > PLAN_NOTES || s->n_layers > PLAN_LAYERS) {
		*n = make_steps(j, s, &m->sorted, m->steps);
		return m->steps;
	}
	p = plan_place(m, s);
	if (plan_fits(p, s) || plan_fits(++p, s)) {
		p->credit += p->credit < PLAN_CREDIT;
	} else {
		p -= p[-1].credit < p->credit;
		if (p->credit) {
			p->credit--;
			*n = make_steps(j, s, &m->sorted, m->steps);
			return m->steps;
		}
		plan_make(p, j, s, &m->sorted);
	}
	*n = p->n_steps;
	return p->steps;
}

enum { PIECE_ROOM = KEY_TEXT + VALUE_ROOM + 8 };	/* for a key, a short value, and brackets behind it */

/* A key whose text is too long, or that nobody has, with room for a short value behind it. NULL without memory. */
static __attribute__((noinline)) char *
put_name(struct buf *b, char *o, const char *lead, const char *name)
{
	buf_end(b, o);
	buf_str(b, lead);
	buf_str(b, name);
	buf_str(b, "\":");
	return buf_begin(b, PIECE_ROOM);
}

/* A key at o, which has room; what is behind it. */
static inline char *
put_key(char *o, const struct key *k)
{
	memcpy(o, k->text, KEY_START);
	if (k->len > KEY_START)
		memcpy(o + KEY_START, k->text + KEY_START, sizeof k->text - KEY_START);
	return o + k->len;
}

static inline char *
put_masked(char *o, const struct key *k, uint64_t v)
{
	return value_number(o, (v & k->mask) >> k->shift);
}

static inline char *
put_flag(char *o, bool v)
{
	return value_flag(o, v, VALUE_JSON);
}

/* A value of any length; NULL without memory. There is room for a short one behind it, too. */
static __attribute__((noinline)) char *
put_any(struct buf *b, char *o, const struct noted *n)
{
	char *end = value_short(o, n, VALUE_JSON);

	if (end)
		return end;
	buf_end(b, o);
	value_put(b, n, VALUE_JSON);
	return buf_begin(b, PIECE_ROOM);
}

/* An address between quotation marks. */
static inline char *
put_address(char *o, enum how how, const uint8_t *p)
{
	*o++ = '"';
	o = how == HOW_IP4 ? address_ip4(o, p) : how == HOW_IP6 ? address_ip6(o, p) : hex_colons(o, p, 6);
	*o++ = '"';
	return o;
}

static inline char *
put_content(struct buf *b, char *o, const struct step *t, const struct noted *n)
{
	switch ((enum how)t->how) {
	case HOW_8:
		return put_masked(o, t->key, *n->p);
	case HOW_16:
		return put_masked(o, t->key, raw16(n->p));
	case HOW_32:
		return put_masked(o, t->key, raw32(n->p));
	case HOW_FLAG_8:
		return put_flag(o, *n->p & t->key->mask);
	case HOW_FLAG_16:
		return put_flag(o, raw16(n->p) & t->key->mask);
	case HOW_VALUE:
		return value_number(o, n->value);
	case HOW_FLAG:
		return put_flag(o, n->value);
	case HOW_LABEL:
		return put_flag(o, true);
	case HOW_SECONDS:
		*o++ = '"';
		o = value_seconds(o, (int64_t)n->value);
		*o++ = '"';
		return o;
	case HOW_IP4:
	case HOW_IP6:
	case HOW_LINK:
		return put_address(o, t->how, n->p);
	case HOW_ANY:
	case HOW_TEXT:
		break;
	}
	return put_any(b, o, n);
}

/* A step with something around it. NULL without memory. */
static __attribute__((noinline)) char *
put_around(struct buf *b, char *o, const struct step *t, const struct fields *s)
{
	size_t from = (size_t)(o - b->data);

	if (t->lead & LEAD_LAYER) {
		if (t->at) {
			memcpy(o, "}}", 2);
			o += 2;
		}
		o = t->key->len ? put_key(o, t->key) : put_name(b, o, layer_lead, s->layers[t->at].proto->name);
		if (o != NULL && t->lead & LEAD_EMPTY)
			*o++ = '{';
		return o;
	}
	if (t->lead & LEAD_MORE)
		*o++ = ',';
	else if (t->key->len)
		o = put_key(o, t->key);
	else if ((o = put_name(b, o, field_lead, s->noted[t->at].field->name)) == NULL)
		return NULL;
	if (t->lead & LEAD_FIRST)
		b->data[from] = '{';
	if (t->lead & LEAD_OPEN)
		*o++ = '[';
	if ((o = put_content(b, o, t, &s->noted[t->at])) != NULL && t->lead & LEAD_CLOSE)
		*o++ = ']';
	return o;
}

static void
put_steps(struct buf *b, const struct step *t, uint32_t n, const struct fields *s)
{
	char *o = b->data + b->len;

	for (const struct step *end = t + n; t < end; t++) {
		if (__builtin_expect(b->data + b->cap - o < PIECE_ROOM, 0)) {
			buf_end(b, o);
			if ((o = buf_begin(b, PIECE_ROOM)) == NULL)
				return;
		}
		if (__builtin_expect(t->lead == 0 && t->key->len, 1)) {
			o = put_key(o, t->key);
			o = put_content(b, o, t, &s->noted[t->at]);
		} else {
			o = put_around(b, o, t, s);
		}
		if (o == NULL)
			return;
	}
	buf_end(b, o);
}

void
json_packet(const struct json *j, struct buf *b, const struct dis *d)
{
	static const char head[] = "{\"layers\":";
	struct fields *s = d->sink;
	struct memo *m = s->memo;
	size_t begin = b->len + sizeof head - 1;
	const struct step *steps;
	uint32_t n;

	if (m == NULL && (m = s->memo = calloc(1, sizeof *m)) == NULL)
		b->failed = true;
	if (b->failed || !buf_reserve(b, PIECE_ROOM))
		return;
	buf_put(b, head, sizeof head - 1);
	steps = find_steps(m, j, s, &n);
	put_steps(b, steps, n, s);
	if (b->len > begin)
		b->data[begin] = '[';		/* instead of the comma */
	else
		buf_char(b, '[');
	buf_str(b, s->n_layers ? "}}]" : "]");
	if (s->dropped) {
		buf_str(b, ",\"fields_dropped\":");
		buf_u(b, s->dropped);
	}
	buf_put(b, "}\n", 2);
}
