#include "dissect/catalog.h"

#include <stdlib.h>

#include "dissect/frame.h"

struct catalog {
	const struct proto **protos;
	size_t n;
};

static int
by_name(const void *a, const void *b)
{
	const struct proto *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static void
add(struct catalog *c, const struct proto *p)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->protos[i] == p)
			return;
	c->protos[c->n++] = p;
}

struct catalog *
catalog_new(const struct demux *x)
{
	struct catalog *c = calloc(1, sizeof *c);
	size_t rows = 0;

	while (demux_row_at(x, rows))
		rows++;
	if (c == NULL || (c->protos = calloc(rows + 1, sizeof *c->protos)) == NULL) {
		catalog_free(c);
		return NULL;
	}
	add(c, &proto_frame);
	for (size_t i = 0; i < rows; i++)
		add(c, demux_row_at(x, i)->proto);
	qsort(c->protos, c->n, sizeof *c->protos, by_name);
	return c;
}

void
catalog_free(struct catalog *c)
{
	if (c)
		free(c->protos);
	free(c);
}

const struct proto *
catalog_at(const struct catalog *c, size_t i)
{
	return i < c->n ? c->protos[i] : NULL;
}

const struct proto *
catalog_proto(const struct catalog *c, const char *name)
{
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->protos[i]->name, name) == 0)
			return c->protos[i];
	return NULL;
}

const struct field *
catalog_field(const struct catalog *c, const char *name, size_t skip)
{
	for (size_t i = 0; i < c->n; i++)
		for (unsigned k = 0; k < c->protos[i]->n_fields; k++) {
			const struct field *f = &c->protos[i]->fields[k];

			if (*f->name == *name && strcmp(f->name, name) == 0 && skip-- == 0)
				return f;
		}
	return NULL;
}

unsigned
catalog_distance(const char *a, const char *b)
{
	unsigned row[64], n = (unsigned)strlen(b);

	if (n > 63 || strlen(a) > 63)
		return 64;
	for (unsigned j = 0; j <= n; j++)
		row[j] = j;
	for (unsigned i = 1; *a; a++, i++) {
		unsigned diagonal = row[0];

		row[0] = i;
		for (unsigned j = 1; j <= n; j++) {
			unsigned best = diagonal + (*a != b[j - 1]);

			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[n];
}

const char *
catalog_nearest(const struct catalog *c, const char *name)
{
	enum { KIN = 2 };	/* by so much fields of the same protocol are nearer than their letters say */
	const size_t prefix = strcspn(name, ".") + 1;
	unsigned best = (unsigned)strlen(name) / 3 + 1;
	const char *found = NULL;

	for (size_t i = 0; i < c->n; i++)
		for (unsigned k = 0; k <= c->protos[i]->n_fields; k++) {
			const char *one = k ? c->protos[i]->fields[k - 1].name : c->protos[i]->name;
			unsigned is = catalog_distance(name, one);

			if (k && strncmp(name, one, prefix) == 0)
				is = is > KIN ? is - KIN : 0;
			if (is < best) {
				best = is;
				found = one;
			}
		}
	return found;
}

const char *
field_type_name(const struct field *f)
{
	static const char *const names[] = {
		[U8] = "unsigned 8-bit number", [U16] = "unsigned 16-bit number", [U24] = "unsigned 24-bit number",
		[U32] = "unsigned 32-bit number", [U64] = "unsigned 64-bit number", [LE16] = "unsigned 16-bit number",
		[LE24] = "unsigned 24-bit number", [LE32] = "unsigned 32-bit number", [LE64] = "unsigned 64-bit number",
		[I8] = "signed 8-bit number", [I16] = "signed 16-bit number", [I32] = "signed 32-bit number",
		[I64] = "signed 64-bit number", [BOOL] = "true or false", [IP4] = "IPv4 address", [IP6] = "IPv6 address",
		[MAC] = "Ethernet address", [EUI64] = "EUI-64 address", [STR] = "text", [BYTES] = "bytes",
		[TIME32] = "time", [TIME_NS] = "time", [DURATION] = "duration, in seconds",
		[MILLIS] = "duration, in ms", [LABEL] = "presence",
	};

	return names[f->type];
}
