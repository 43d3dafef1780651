#include "out/grid.h"

#include <stdio.h>

#include "out/value.h"

enum { GAP = 2 };	/* blanks between columns */

void
grid_begin(struct grid *g, const struct grid_column *columns, unsigned n, unsigned indent)
{
	*g = (struct grid) { .columns = columns, .n = n, .indent = indent };
	for (unsigned i = 0; i < n; i++)
		g->width[i] = (unsigned)strlen(columns[i].title);
}

/* Characters of UTF-8 text. */
static unsigned
characters(const char *s, size_t n)
{
	unsigned count = 0;

	for (size_t i = 0; i < n; i++)
		count += ((unsigned char)s[i] & 0xc0) != 0x80;
	return count;
}

/* The cell that begins at `from` of the cells is complete. */
static void
cell_end(struct grid *g, size_t from)
{
	unsigned width;

	if (g->cells.failed)
		return;
	width = characters(g->cells.data + from, g->cells.len - from);
	buf_char(&g->cells, '\0');
	if (width > g->width[g->at])
		g->width[g->at] = width;
	g->at = (g->at + 1) % g->n;
}

void
grid_str(struct grid *g, const char *s)
{
	size_t from = g->cells.len;

	buf_str(&g->cells, s);
	cell_end(g, from);
}

void
grid_text(struct grid *g, const char *s, size_t n, unsigned max)
{
	struct buf *b = &g->cells;
	size_t from = b->len, at;

	value_escape(b, s, n, false);
	if (!b->failed && max > 3 && characters(b->data + from, b->len - from) > max) {
		unsigned count = 0;

		for (at = from; at < b->len; at++)
			if (((unsigned char)b->data[at] & 0xc0) != 0x80 && count++ == max - 3)
				break;
		b->len = at;
		buf_str(b, "...");
	}
	cell_end(g, from);
}

void
grid_u(struct grid *g, uint64_t v)
{
	size_t from = g->cells.len;

	buf_u(&g->cells, v);
	cell_end(g, from);
}

void
grid_put_percent(struct buf *b, double part, double whole)
{
	char text[32];

	snprintf(text, sizeof text, "%.1f%%", whole > 0 ? 100 * part / whole : 0);
	buf_str(b, text);
}

void
grid_put_seconds(struct buf *b, int64_t ns, unsigned digits)
{
	static const uint32_t unit[] = { 1000000000, 100000000, 10000000, 1000000, 100000, 10000, 1000, 100, 10, 1 };
	uint64_t v = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
	char text[48];

	if (digits > 9)
		digits = 9;
	v = v / unit[digits] + (v % unit[digits] >= unit[digits] / 2 && unit[digits] > 1);
	if (digits)
		snprintf(text, sizeof text, "%s%llu.%0*llu", ns < 0 ? "-" : "", (unsigned long long)(v / unit[9 - digits]),
		    (int)digits, (unsigned long long)(v % unit[9 - digits]));
	else
		snprintf(text, sizeof text, "%s%llu", ns < 0 ? "-" : "", (unsigned long long)v);
	buf_str(b, text);
}

/* v in the last unit that does not make it smaller than one, with three digits that count. */
static void
put_scaled(struct buf *b, double v, const char *const *units, unsigned n, double step)
{
	char text[64];
	unsigned i = 0;

	while (i + 1 < n && v >= step * 0.9995)
		v /= step, i++;
	snprintf(text, sizeof text, "%.*f %s", i == 0 && v == (double)(uint64_t)v ? 0 : v >= 99.95 ? 0 : v >= 9.995 ? 1 : 2,
	    v, units[i]);
	buf_str(b, text);
}

void
grid_put_took(struct buf *b, int64_t ns)
{
	static const char *const units[] = { "ns", "us", "ms", "s" };

	if (ns < 0)
		buf_char(b, '-');
	else if (ns >= 1000000000)
		grid_put_seconds(b, ns, 3), buf_str(b, " s");
	else
		put_scaled(b, (double)ns, units, 4, 1000);
}

void
grid_put_bits(struct buf *b, double per_second)
{
	static const char *const units[] = { "bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s" };

	put_scaled(b, per_second, units, 5, 1000);
}

void
grid_put_bytes(struct buf *b, double bytes)
{
	static const char *const units[] = { "bytes", "kB", "MB", "GB", "TB", "PB" };

	put_scaled(b, bytes, units, 6, 1000);
}

void
grid_percent(struct grid *g, double part, double whole)
{
	size_t from = g->cells.len;

	grid_put_percent(&g->cells, part, whole);
	cell_end(g, from);
}

void
grid_seconds(struct grid *g, int64_t ns, unsigned digits)
{
	size_t from = g->cells.len;

	grid_put_seconds(&g->cells, ns, digits);
	cell_end(g, from);
}

void
grid_took(struct grid *g, int64_t ns)
{
	size_t from = g->cells.len;

	grid_put_took(&g->cells, ns);
	cell_end(g, from);
}

void
grid_bits(struct grid *g, double per_second)
{
	size_t from = g->cells.len;

	grid_put_bits(&g->cells, per_second);
	cell_end(g, from);
}

static void
put_blanks(struct buf *b, unsigned n)
{
	while (n--)
		buf_char(b, ' ');
}

/* The i-th column's cell, and what separates it from the next one; no blanks at a line's end. */
static void
put_cell(const struct grid *g, struct buf *out, unsigned i, const char *s)
{
	size_t n = strlen(s);
	unsigned pad = g->width[i] - characters(s, n);
	bool last = i + 1 == g->n;

	if (!g->columns[i].left)
		put_blanks(out, pad);
	buf_put(out, s, n);
	if (g->columns[i].left && !last)
		put_blanks(out, pad);
	if (!last) {
		put_blanks(out, GAP);
		return;
	}
	while (out->len && out->data[out->len - 1] == ' ')
		out->len--;
	buf_char(out, '\n');
}

void
grid_end(struct grid *g, struct buf *out)
{
	const char *s = g->cells.data, *end = g->cells.len ? s + g->cells.len : s;

	if (!g->cells.failed && g->cells.len) {
		put_blanks(out, g->indent);
		for (unsigned i = 0; i < g->n; i++)
			put_cell(g, out, i, g->columns[i].title);
		while (s < end) {
			put_blanks(out, g->indent);
			for (unsigned i = 0; i < g->n && s < end; i++, s += strlen(s) + 1)
				put_cell(g, out, i, s);
		}
	}
	out->failed |= g->cells.failed;
	buf_free(&g->cells);
}
