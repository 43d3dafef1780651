#include "out/table.h"

#include <stdlib.h>

#include "out/value.h"

enum {
	COLUMNS_MAX = 256, SAME_NAME_MAX = 8, PLACE_BITS = 12,
	HITS_MAX = 128,		/* values of a line that are sorted by columns; more are sought column by column */
};

struct column {
	char *name;
	const struct field *rows[SAME_NAME_MAX];	/* every field row of that name */
	size_t n;
};

struct entry {
	const struct field *field;
	uint16_t column, next;		/* next: an entry, from 1; 0: none */
};

/* A value that is known without a walk. */
struct value_at {
	const struct field *field;
	const struct plain_field *known;
};

enum { VALUES_MAX = 1024 };	/* in all columns: with more, packets are walked */

struct table {
	unsigned needs;
	struct field_set wanted;
	uint16_t places[1 << PLACE_BITS], n_entries;
	struct entry entries[COLUMNS_MAX * SAME_NAME_MAX];
	size_t n;
	struct column columns[COLUMNS_MAX];
	const struct demux *demux;			/* of plain packets; NULL: they are walked */
	bool (*is_leaf)(const struct proto *);
	struct value_at values[VALUES_MAX];		/* column by column, in the order of the packet ... */
	uint16_t ends[COLUMNS_MAX];			/* ... up to here */
};

static bool
is_column(const struct column *c, const struct field *f)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->rows[i] == f)
			return true;
	return false;
}

static void
add_rows(struct table *t, struct column *col, const char *name, const struct catalog *c)
{
	const struct field *f;

	for (size_t i = 0; col->n < SAME_NAME_MAX && (f = catalog_field(c, name, i)) != NULL; i++)
		if (!is_column(col, f)) {	/* protocols may share a table of fields */
			col->rows[col->n++] = f;
			t->needs |= f->needs;
			field_set_add(&t->wanted, f);
		}
}

static bool
add_column(struct table *t, const char *name, size_t len, const struct catalog *c, struct err *e)
{
	struct column *col = &t->columns[t->n];
	const char *near, *one;

	if (t->n == COLUMNS_MAX)
		return err_set(e, "more than %d fields", COLUMNS_MAX);
	if (len == 0)
		return err_set(e, "an empty field name");
	col->name = strndup(name, len);
	if (col->name == NULL)
		return err_set(e, "out of memory");
	t->n++;
	if (catalog_alias(name, len, 0)) {
		for (unsigned i = 0; (one = catalog_alias(name, len, i)) != NULL; i++)
			add_rows(t, col, one, c);
	} else {
		add_rows(t, col, col->name, c);
	}
	if (col->n)
		return true;
	near = catalog_nearest_alias(c, col->name);
	if (near)
		return err_set(e, "no field is called '%s'; did you mean '%s'?", col->name, near);
	return err_set(e, "no field is called '%s'", col->name);
}

/* The columns of fields, found by the field: a chain of entries in each place. */
static size_t
place(const struct field *f)
{
	return (uintptr_t)f * UINT64_C(0x9e3779b97f4a7c15) >> (64 - PLACE_BITS);
}

static void
enter_column(struct table *t, size_t column)
{
	const struct column *c = &t->columns[column];

	for (size_t i = 0; i < c->n; i++) {
		uint16_t *head = &t->places[place(c->rows[i])];

		t->entries[t->n_entries] = (struct entry) { c->rows[i], (uint16_t)column, *head };
		*head = ++t->n_entries;
	}
}

struct table *
table_new(const char *list, const struct catalog *c, struct err *e)
{
	struct table *t = calloc(1, sizeof *t);

	if (t == NULL) {
		err_set(e, "out of memory");
		return NULL;
	}
	for (const char *p = list;; p++) {
		size_t len = strcspn(p, ",");

		if (!add_column(t, p, len, c, e)) {
			table_free(t);
			return NULL;
		}
		enter_column(t, t->n - 1);
		p += len;
		if (*p == 0)
			return t;
	}
}

void
table_free(struct table *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < t->n; i++)
		free(t->columns[i].name);
	free(t);
}

const struct field_set *
table_wanted(const struct table *t)
{
	return &t->wanted;
}

unsigned
table_needs(const struct table *t)
{
	return t->needs;
}

void
table_header(const struct table *t, struct buf *b)
{
	for (size_t i = 0; i < t->n; i++) {
		if (i)
			buf_char(b, '\t');
		buf_str(b, t->columns[i].name);
	}
	buf_char(b, '\n');
}

/* A line in which a field was asked for again and again: column by column, each time through all fields. */
static void
put_slowly(const struct table *t, struct buf *b, const struct fields *s)
{
	for (size_t column = 0; column < t->n; column++) {
		bool any = false;

		if (column)
			buf_char(b, '\t');
		for (uint32_t at = 0; at < s->n; at++)
			if (is_column(&t->columns[column], s->noted[at].field)) {
				if (any)
					buf_char(b, ',');
				any = true;
				value_put(b, &s->noted[at], VALUE_COLUMN);
			}
	}
	buf_char(b, '\n');
}

void
table_packet(const struct table *t, struct buf *b, const struct dis *d)
{
	const struct fields *s = d->sink;
	struct { uint16_t noted, column; } hits[HITS_MAX];
	uint32_t n = 0;

	/* Few of a packet's fields are wanted: those first, then column by column. */
	for (uint32_t at = 0; at < s->n; at++)
		for (uint16_t i = t->places[place(s->noted[at].field)]; i; i = t->entries[i - 1].next) {
			if (t->entries[i - 1].field != s->noted[at].field)
				continue;
			if (n == HITS_MAX) {
				put_slowly(t, b, s);
				return;
			}
			hits[n].noted = (uint16_t)at;
			hits[n++].column = t->entries[i - 1].column;
		}
	for (size_t column = 0; column < t->n; column++) {
		bool any = false;

		if (column)
			buf_char(b, '\t');
		for (uint32_t i = 0; i < n; i++) {
			if (hits[i].column != column)
				continue;
			if (any)
				buf_char(b, ',');
			any = true;
			value_put(b, &s->noted[hits[i].noted], VALUE_COLUMN);
		}
	}
	buf_char(b, '\n');
}

/* Does it come before the other in a packet? */
static bool
is_before(const struct plain_field *a, const struct plain_field *b)
{
	return a->layer != b->layer ? a->layer < b->layer : a->at < b->at;
}

/* Adds the column's values; false: there is one that only a walk knows. A name that several tables have says too little. */
static bool
know_column(struct table *t, const struct column *c, size_t begin, size_t *n)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct plain_field *known = plain_field(c->rows[i]->name);
		size_t at = *n;

		if (!known || c->rows[i]->needs || *n == VALUES_MAX)
			return false;
		for (size_t k = 0; k < i; k++)
			if (strcmp(c->rows[k]->name, c->rows[i]->name) == 0)
				return false;
		for (; at > begin && is_before(known, t->values[at - 1].known); at--)
			t->values[at] = t->values[at - 1];
		t->values[at] = (struct value_at) { c->rows[i], known };
		++*n;
	}
	return true;
}

void
table_open_plain(struct table *t, const struct demux *x, bool (*is_leaf)(const struct proto *))
{
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++) {
		if (!know_column(t, &t->columns[i], n, &n))
			return;
		t->ends[i] = (uint16_t)n;
	}
	t->demux = x;
	t->is_leaf = is_leaf;
}

bool
table_plain(const struct table *t, struct buf *b, const struct dis *d, const struct packet *p, uint64_t number)
{
	struct fields *s = d->sink;
	const struct value_at *v = t->values;
	struct plain k;

	if (!t->demux || (s->memo == NULL && (s->memo = plain_new(t->demux, t->is_leaf)) == NULL) ||
	    !plain_read(s->memo, p, &k) || k.open)
		return false;
	for (size_t column = 0; column < t->n; column++) {
		bool any = false;

		if (column)
			buf_char(b, '\t');
		for (const struct value_at *end = t->values + t->ends[column]; v < end; v++) {
			struct noted one;

			if (!(v->known->kinds & k.kind))
				continue;
			if (any)
				buf_char(b, ',');
			any = true;
			plain_field_note(&one, v->field, v->known, p, number, &k);
			value_put(b, &one, VALUE_COLUMN);
		}
	}
	buf_char(b, '\n');
	return true;
}
