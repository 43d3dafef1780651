#include "out/table.h"

#include <stdlib.h>

#include "out/value.h"

enum { COLUMNS_MAX = 256, SAME_NAME_MAX = 8 };

struct column {
	char *name;
	const struct field *rows[SAME_NAME_MAX];	/* every field row of that name */
	size_t n;
};

struct table {
	unsigned needs;
	size_t n;
	struct column columns[COLUMNS_MAX];
};

static void
add_rows(struct table *t, struct column *col, const char *name, const struct catalog *c)
{
	const struct field *f;

	for (size_t i = 0; col->n < SAME_NAME_MAX && (f = catalog_field(c, name, i)) != NULL; i++) {
		col->rows[col->n++] = f;
		t->needs |= f->needs;
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

static bool
is_column(const struct column *c, const struct field *f)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->rows[i] == f)
			return true;
	return false;
}

static void
put_cell(const struct column *c, struct buf *b, const struct fields *s)
{
	bool any = false;

	for (uint32_t i = 0; i < s->n; i++) {
		const struct noted *n = &s->noted[i];
		if (n->field == NULL || !is_column(c, n->field))
			continue;
		if (any)
			buf_char(b, ',');
		any = true;
		value_put(b, n, VALUE_COLUMN);
	}
}

void
table_packet(const struct table *t, struct buf *b, const struct dis *d)
{
	for (size_t i = 0; i < t->n; i++) {
		if (i)
			buf_char(b, '\t');
		put_cell(&t->columns[i], b, d->sink);
	}
	buf_char(b, '\n');
}
