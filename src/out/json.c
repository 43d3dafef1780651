#include "out/json.h"

#include <stdlib.h>

#include "out/value.h"

/*
 * A field's name as it stands in JSON: between quotation marks, and a colon. Kept in blocks of KEY_BLOCK characters, so
 * that it is copied by a few instructions.
 */
enum { KEY_BLOCK = 32 };

struct key {
	const struct field *field;	/* NULL: a free place */
	const char *text;
	size_t len;
};

struct json {
	struct key *keys;	/* a hash table, at most half full */
	unsigned shift;		/* 64 less the bits of a place in it */
	char *texts;
};

static struct key *
key_at(const struct json *j, const struct field *f)
{
	size_t i = (uintptr_t)f * UINT64_C(0x9e3779b97f4a7c15) >> j->shift, last = (size_t)1 << (64 - j->shift);

	while (j->keys[i].field && j->keys[i].field != f)
		i = i + 1 == last ? 0 : i + 1;
	return &j->keys[i];
}

static size_t
blocks(size_t n)
{
	return (n + KEY_BLOCK - 1) / KEY_BLOCK * KEY_BLOCK;
}

/* Calls each field of the catalog; the sum of what `each` returns. */
static size_t
each_field(const struct catalog *c, size_t (*each)(struct json *, const struct field *, size_t), struct json *j)
{
	const struct proto *p;
	size_t sum = 0;

	for (size_t i = 0; (p = catalog_at(c, i)) != NULL; i++)
		for (unsigned k = 0; k < p->n_fields; k++)
			sum += each(j, &p->fields[k], sum);
	return sum;
}

static size_t
count(struct json *j, const struct field *f, size_t so_far)
{
	(void)j, (void)f, (void)so_far;
	return 1;
}

static size_t
measure(struct json *j, const struct field *f, size_t so_far)
{
	(void)j, (void)so_far;
	return blocks(strlen(f->name) + 3);
}

static size_t
add(struct json *j, const struct field *f, size_t so_far)
{
	struct key *k = key_at(j, f);
	size_t n = strlen(f->name);
	char *text = j->texts + so_far;

	*text = '"';
	memcpy(text + 1, f->name, n);
	memcpy(text + 1 + n, "\":", 2);
	*k = (struct key) { f, text, n + 3 };
	return blocks(n + 3);
}

struct json *
json_new(const struct catalog *c)
{
	struct json *j = calloc(1, sizeof *j);
	size_t n = each_field(c, count, NULL);

	if (j == NULL)
		return NULL;
	for (j->shift = 63; (size_t)1 << (64 - j->shift) < 2 * n; )
		j->shift--;
	j->keys = calloc((size_t)1 << (64 - j->shift), sizeof *j->keys);
	j->texts = calloc(1, each_field(c, measure, NULL) + 1);
	if (j->keys == NULL || j->texts == NULL) {
		json_free(j);
		return NULL;
	}
	each_field(c, add, j);
	return j;
}

void
json_free(struct json *j)
{
	if (j == NULL)
		return;
	free(j->keys);
	free(j->texts);
	free(j);
}

/* lead and the key. */
static void
put_key(struct buf *b, const struct json *j, const struct field *f, char lead)
{
	const struct key *k = key_at(j, f);
	char *o;

	if (k->field == NULL) {		/* of a protocol without a row */
		buf_char(b, lead);
		buf_char(b, '"');
		buf_str(b, f->name);
		buf_str(b, "\":");
		return;
	}
	if ((o = buf_begin(b, 1 + blocks(k->len))) == NULL)
		return;
	*o++ = lead;
	for (size_t i = 0; i < k->len; i += KEY_BLOCK)
		memcpy(o + i, k->text + i, KEY_BLOCK);
	buf_end(b, o + k->len);
}

/* The fields of a packet sorted out: chains of indices into the sink's notes; NONE ends one. */
enum { NONE = UINT16_MAX };

struct sorted {
	struct {
		uint16_t first, last;		/* this layer's fields, each where it occurs first */
		const struct field *highest;	/* the last of them in memory: what is beyond occurs for the first time */
	} layers[DIS_DEPTH_MAX * 4];
	uint16_t next[DIS_FIELDS_MAX];		/* the layer's next field */
	uint16_t same[DIS_FIELDS_MAX];		/* where the field occurs again in its layer */
	uint16_t last_same[DIS_FIELDS_MAX];	/* where it occurs last */
};

static void
sort(struct sorted *x, const struct fields *s)
{
	for (uint32_t i = 0; i < s->n_layers; i++) {
		x->layers[i].first = x->layers[i].last = NONE;
		x->layers[i].highest = NULL;
	}
	for (uint32_t i = 0; i < s->n; i++) {
		const struct noted *n = &s->noted[i];
		uint16_t at = NONE;

		if (n->field == NULL)
			continue;
		x->next[i] = x->same[i] = NONE;
		/* Rows are mostly noted in their order. */
		if ((uintptr_t)n->field <= (uintptr_t)x->layers[n->layer].highest)
			for (at = x->layers[n->layer].first; at != NONE && s->noted[at].field != n->field; )
				at = x->next[at];
		else
			x->layers[n->layer].highest = n->field;
		if (at != NONE) {
			x->same[x->last_same[at]] = (uint16_t)i;
			x->last_same[at] = (uint16_t)i;
			continue;
		}
		x->last_same[i] = (uint16_t)i;
		if (x->layers[n->layer].first == NONE)
			x->layers[n->layer].first = (uint16_t)i;
		else
			x->next[x->layers[n->layer].last] = (uint16_t)i;
		x->layers[n->layer].last = (uint16_t)i;
	}
}

/* A field's value, or an array of all that it has in its layer. */
static void
put_values(struct buf *b, const struct fields *s, const struct sorted *x, uint16_t i)
{
	char lead = '[';

	if (x->same[i] == NONE) {
		value_put(b, &s->noted[i], VALUE_JSON);
		return;
	}
	for (; i != NONE; i = x->same[i], lead = ',') {
		buf_char(b, lead);
		value_put(b, &s->noted[i], VALUE_JSON);
	}
	buf_char(b, ']');
}

void
json_packet(const struct json *j, struct buf *b, const struct dis *d)
{
	const struct fields *s = d->sink;
	struct sorted x;

	sort(&x, s);
	buf_str(b, "{\"layers\":[");
	for (uint32_t layer = 0; layer < s->n_layers; layer++) {
		char lead = '{';

		buf_str(b, layer ? ",{\"" : "{\"");
		buf_str(b, s->layers[layer].proto->name);
		buf_str(b, "\":");
		for (uint16_t i = x.layers[layer].first; i != NONE; i = x.next[i], lead = ',') {
			put_key(b, j, s->noted[i].field, lead);
			put_values(b, s, &x, i);
		}
		buf_str(b, lead == '{' ? "{}}" : "}}");
	}
	buf_char(b, ']');
	if (s->dropped) {
		buf_str(b, ",\"fields_dropped\":");
		buf_u(b, s->dropped);
	}
	buf_str(b, "}\n");
}
