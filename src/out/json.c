#include "out/json.h"

#include <stdlib.h>

#include "dissect/frame.h"
#include "out/value.h"

/*
 * A field, or a layer, as it is shown: what stands in front of its value or of its fields (a comma, the name between quotation
 * marks, a colon), and how most values of fields are told. A cache line each, so that the row of the field itself is left
 * alone.
 */
enum { KEY_TEXT = 48, KEY_START = 32 };

enum how { HOW_ANY, HOW_NUMBER, HOW_FLAG };	/* whatever value_short knows; an unsigned number; a BOOL */

struct key {
	char text[KEY_TEXT];
	uint64_t mask;
	uint8_t shift;		/* to the lowest bit of the mask */
	uint8_t how;
	uint8_t len;		/* of the text; 0: the name is too long */
};

_Static_assert(sizeof(struct key) == 64, "a key is a cache line");

static const char field_lead[] = ",\"", layer_lead[] = ",{\"";

struct shelf {
	const struct proto *proto;	/* NULL: a free place */
	const struct key *own, *fields;	/* its key, and as many as it has fields */
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
	struct rows *rows, frame;
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

/* The key of a field that is not one of its layer's protocol: mostly the frame's. Without text: of a protocol without a row. */
static const struct key *
key_of(const struct json *j, const struct field *f)
{
	static const struct key unknown;
	size_t from = 0, n = j->n_rows;

	if (index_in(j->frame.fields, f) < j->frame.n)
		return &j->frame.keys[index_in(j->frame.fields, f)];
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
	k->how = f->type <= U64 ? HOW_NUMBER : f->type == BOOL ? HOW_FLAG : HOW_ANY;
}

/* Several protocols may share their rows of fields. */
static const struct key *
add_rows(struct json *j, const struct proto *p, struct key *k)
{
	for (size_t i = 0; i < j->n_rows; i++)
		if (j->rows[i].fields == p->fields && j->rows[i].n == p->n_fields)
			return j->rows[i].keys;
	for (unsigned i = 0; i < p->n_fields; i++)
		key_of_field(&k[i], &p->fields[i]);
	j->rows[j->n_rows++] = (struct rows) { p->fields, p->n_fields, k };
	return k;
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
		*shelf_of(j, p) = (struct shelf) { p, k, add_rows(j, p, k + 1) };
		if (p == &proto_frame)
			j->frame = (struct rows) { p->fields, p->n_fields, shelf_of(j, p)->fields };
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

/* An array of all the values that a field has in its layer. */
static void
put_values(struct buf *b, const struct fields *s, const struct sorted *x, uint16_t i)
{
	for (char lead = '['; i != NONE; i = x->notes[i].same, lead = ',') {
		buf_char(b, lead);
		value_put(b, &s->noted[i], VALUE_JSON);
	}
	buf_char(b, ']');
}

enum { PIECE_ROOM = KEY_TEXT + VALUE_ROOM };	/* for a key and a short value */

/* A key whose text is too long, or that nobody has, with room for a short value behind it. NULL without memory. */
static __attribute__((noinline)) char *
put_name(struct buf *b, char *o, const char *lead, const char *name)
{
	buf_end(b, o);
	buf_str(b, lead);
	buf_str(b, name);
	buf_str(b, "\":");
	return buf_begin(b, VALUE_ROOM);
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

/* The value behind its key: the usual ones here, all others by what value.h knows of their types. NULL: it is no short one. */
static inline char *
put_short(char *o, const struct key *k, const struct noted *n)
{
	uint64_t v;

	if (k->how == HOW_ANY || n->is_text)
		return value_short(o, n, VALUE_JSON);
	if (n->is_value)
		v = n->value;
	else if (n->len == 2)
		v = (raw16(n->p) & k->mask) >> k->shift;
	else if (n->len == 1)
		v = (*n->p & k->mask) >> k->shift;
	else if (n->len == 4)
		v = (raw32(n->p) & k->mask) >> k->shift;
	else
		return value_short(o, n, VALUE_JSON);
	if (k->how == HOW_FLAG)
		return value_flag(o, v != 0, VALUE_JSON);
	return value_number(o, v);
}

/* The comma in front of the first of some is a bracket; so is what is there when there are none. */
static void
put_lead(struct buf *b, size_t at, char lead)
{
	if (b->len > at)
		b->data[at] = lead;
	else
		buf_char(b, lead);
}

/* A value that is long, or not the only one of its field in the layer. */
static __attribute__((noinline)) void
put_long(struct buf *b, char *o, const struct fields *s, const struct sorted *x, uint16_t i)
{
	buf_end(b, o);
	if (x->notes[i].same == NONE)
		value_put(b, &s->noted[i], VALUE_JSON);
	else
		put_values(b, s, x, i);
}

/* A layer's fields, each behind a comma. */
static void
put_fields(const struct json *j, struct buf *b, const struct fields *s, const struct sorted *x, unsigned layer,
    const struct key *keys)
{
	const struct field *fields = s->layers[layer].proto->fields;
	const size_t n_fields = keys ? s->layers[layer].proto->n_fields : 0;
	char *o = b->data + b->len, *end = b->data + b->cap;

	for (uint16_t i = x->layers[layer].first; i != NONE; i = x->notes[i].next) {
		const struct noted *n = &s->noted[i];
		size_t row = index_in(fields, n->field);
		const struct key *k = row < n_fields ? &keys[row] : key_of(j, n->field);
		char *behind;

		if (__builtin_expect(end - o < PIECE_ROOM, 0)) {
			buf_end(b, o);
			if ((o = buf_begin(b, PIECE_ROOM)) == NULL)
				return;
			end = b->data + b->cap;
		}
		if (k->len)
			o = put_key(o, k);
		else if ((o = put_name(b, o, field_lead, n->field->name)) == NULL)
			return;
		behind = x->notes[i].same == NONE ? put_short(o, k, n) : NULL;
		if (behind) {
			o = behind;
		} else {
			put_long(b, o, s, x, i);
			o = b->data + b->len;
			end = b->data + b->cap;
		}
	}
	buf_end(b, o);
}

void
json_packet(const struct json *j, struct buf *b, const struct dis *d)
{
	const struct fields *s = d->sink;
	struct sorted x;

	size_t begin;

	sort(&x, s);
	buf_str(b, "{\"layers\":");
	begin = b->len;
	for (uint32_t layer = 0; layer < s->n_layers; layer++) {
		const struct proto *p = s->layers[layer].proto;
		const struct shelf *shelf = shelf_of(j, p);
		char *o = buf_begin(b, PIECE_ROOM);
		size_t at;

		if (o == NULL)
			return;
		o = shelf->own && shelf->own->len ? put_key(o, shelf->own) : put_name(b, o, layer_lead, p->name);
		if (o == NULL)
			return;
		buf_end(b, o);
		at = b->len;
		put_fields(j, b, s, &x, layer, shelf->fields);
		put_lead(b, at, '{');
		buf_put(b, "}}", 2);
	}
	put_lead(b, begin, '[');
	buf_char(b, ']');
	if (s->dropped) {
		buf_str(b, ",\"fields_dropped\":");
		buf_u(b, s->dropped);
	}
	buf_put(b, "}\n", 2);
}
