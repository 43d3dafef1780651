#include "out/json.h"

#include <stdlib.h>

#include "dissect/hex.h"
#include "out/json_plan.h"
#include "out/value.h"
#include "pkt/address.h"

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
	struct plain_reader *plain;	/* NULL: json_plain is not asked; else it changes no more */
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

const struct key json_no_key;	/* without text: of a protocol without a row */

const struct key *
json_key(const struct json *j, const struct field *f)
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
	return &json_no_key;
}

const struct key *
json_layer_key(const struct json *j, const struct proto *p)
{
	const struct shelf *shelf = shelf_of(j, p);

	return shelf->key ? shelf->key : &json_no_key;
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
	plain_free(j->plain);
	free(j);
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

enum { TEXT_SHORT = VALUE_ROOM - 2 };	/* text that needs no more room than other values */

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

static inline __attribute__((always_inline)) char *
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
	case HOW_TEXT:
	case HOW_LAYERS:
		if (n->len <= TEXT_SHORT && value_plain((const char *)n->p, n->len, true) == n->len) {
			*o++ = '"';
			memcpy(o, n->p, n->len);
			o += n->len;
			*o++ = '"';
			return o;
		}
		break;
	case HOW_ANY:
		break;
	}
	return put_any(b, o, n);
}

/* A step with something around it. NULL without memory. */
static __attribute__((noinline)) char *
put_around(struct buf *b, char *o, const struct step *t, const struct noted *notes, const struct layer *layers)
{
	size_t from = (size_t)(o - b->data);

	if (t->lead & LEAD_LAYER) {
		if (t->at) {
			memcpy(o, "}}", 2);
			o += 2;
		}
		o = t->key->len ? put_key(o, t->key) : put_name(b, o, layer_lead, layers[t->at].proto->name);
		if (o != NULL && t->lead & LEAD_EMPTY)
			*o++ = '{';
		return o;
	}
	if (t->lead & LEAD_MORE)
		*o++ = ',';
	else if (t->key->len)
		o = put_key(o, t->key);
	else if ((o = put_name(b, o, field_lead, notes[t->at].field->name)) == NULL)
		return NULL;
	if (t->lead & LEAD_FIRST)
		b->data[from] = '{';
	if (t->lead & LEAD_OPEN)
		*o++ = '[';
	if ((o = put_content(b, o, t, &notes[t->at])) != NULL && t->lead & LEAD_CLOSE)
		*o++ = ']';
	return o;
}

/* n steps from o on; what is behind them, NULL without memory. */
static char *
put_steps(struct buf *b, char *o, const struct step *t, uint32_t n, const struct noted *notes, const struct layer *layers)
{
	for (const struct step *end = t + n; t < end; t++) {
		if (__builtin_expect(b->data + b->cap - o < PIECE_ROOM, 0)) {
			buf_end(b, o);
			if ((o = buf_begin(b, PIECE_ROOM)) == NULL)
				return NULL;
		}
		if (__builtin_expect((t->lead & ~LEAD_FIRST) == 0 && t->key->len, 1)) {
			char *lead = o;

			o = put_key(o, t->key);
			if (t->lead)
				*lead = '{';
			o = put_content(b, o, t, &notes[t->at]);
		} else {
			o = put_around(b, o, t, notes, layers);
		}
		if (o == NULL)
			return NULL;
	}
	return o;
}

/* The way of a run that has the packet's values, or RUN_WAYS. */
static inline unsigned
run_way(const struct plan *p, const struct run *r, const struct noted *notes)
{
	const struct check *checks = &p->checks[r->check];

	for (unsigned way = 0; way < RUN_WAYS && r->len[way]; way++) {
		const uint64_t *seen = &p->seen[way][r->check];
		unsigned i = 0;

		while (i < r->n_checks && check_value(&checks[i], notes) == seen[i])
			i++;
		if (i == r->n_checks)
			return way;
	}
	return RUN_WAYS;
}

/* The steps of a plan: those of its runs are copied, where the text is there. NULL without memory. */
static char *
put_plan(struct plan *p, struct buf *b, char *o, const struct noted *notes, const struct layer *layers)
{
	uint32_t done = 0;

	for (struct run *r = p->runs; r < p->runs + p->n_runs; done = r->first + r->n, r++) {
		const struct step *steps = &p->steps[r->first];
		unsigned way;
		size_t from;

		if (r->first > done && (o = put_steps(b, o, &p->steps[done], r->first - done, notes, layers)) == NULL)
			return NULL;
		way = run_way(p, r, notes);
		if (__builtin_expect(way < RUN_WAYS, 1)) {
			const char *text = p->text[way] + r->text;
			const unsigned len = r->len[way];

			if (__builtin_expect((size_t)(b->data + b->cap - o) < len + RUN_PAST, 0)) {
				buf_end(b, o);
				if ((o = buf_begin(b, len + RUN_PAST)) == NULL)
					return NULL;
			}
			for (unsigned i = 0; i < len; i += RUN_PAST)
				memcpy(o + i, text + i, RUN_PAST);
			o += len;
			continue;
		}
		from = (size_t)(o - b->data);
		if ((o = put_steps(b, o, steps, r->n, notes, layers)) == NULL)
			return NULL;
		plan_keep(p, r, notes, b->data + from, (size_t)(o - b->data) - from);
	}
	return done < p->n_steps ? put_steps(b, o, &p->steps[done], p->n_steps - done, notes, layers) : o;
}

/* A packet's line, but for what is behind its layers. False without memory. */
static bool
put_line(struct buf *b, struct plan *plan, const struct step *steps, uint32_t n, const struct noted *notes,
    const struct layer *layers)
{
	static const char head[] = "{\"layers\":";
	size_t begin = b->len + sizeof head - 1;
	char *o;

	if (!buf_reserve(b, PIECE_ROOM))
		return false;
	buf_put(b, head, sizeof head - 1);
	o = b->data + b->len;
	o = plan ? put_plan(plan, b, o, notes, layers) : put_steps(b, o, steps, n, notes, layers);
	if (o == NULL)
		return false;
	buf_end(b, o);
	if (b->len > begin)
		b->data[begin] = '[';		/* instead of the comma */
	else
		buf_char(b, '[');
	return true;
}

static struct plan_memo *
memo_of(struct fields *s, struct buf *b)
{
	struct plan_memo *m = s->memo;

	if (m == NULL && (m = s->memo = plan_memo_new()) == NULL)
		b->failed = true;
	return b->failed ? NULL : m;
}

void
json_packet(const struct json *j, struct buf *b, const struct dis *d)
{
	struct fields *s = d->sink;
	struct plan_memo *m = memo_of(s, b);
	const struct step *steps;
	struct plan *plan;
	uint32_t n;

	if (m == NULL)
		return;
	plan = plan_find(m, j, s, &steps, &n);
	if (!put_line(b, plan, steps, n, s->noted, s->layers))
		return;
	if (plan) {
		plan_used(plan, s->noted);
		told_learn(m, plan, d);
	}
	buf_str(b, s->n_layers ? "}}]" : "]");
	if (s->dropped) {
		buf_str(b, ",\"fields_dropped\":");
		buf_u(b, s->dropped);
	}
	buf_put(b, "}\n", 2);
}

static bool
no_leaf(const struct proto *p)
{
	(void)p;
	return false;
}

bool
json_open_plain(struct json *j, const struct demux *x)
{
	j->plain = plain_new(x, no_leaf);
	return j->plain != NULL;
}

bool
json_plain(const struct json *j, struct buf *b, const struct dis *d, const struct packet *p, uint64_t number)
{
	struct plan_memo *m = memo_of(d->sink, b);
	const struct noted *notes;
	struct plan *plan;
	struct plain k;

	if (m == NULL || !plain_read(j->plain, p, &k) || (plan = told_find(m, p, number, &k, &notes)) == NULL ||
	    !put_line(b, plan, NULL, 0, notes, NULL))
		return false;
	plan_used(plan, notes);
	buf_put(b, "}}]}\n", 5);
	return true;
}
