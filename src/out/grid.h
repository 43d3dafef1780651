/* Rows in aligned columns, for people: cells are gathered, and printed when the widths are known. */
#pragma once

#include "base/buf.h"

enum { GRID_COLUMNS_MAX = 24 };

struct grid_column {
	const char *title;
	bool left;		/* text; numbers stand to the right */
};

struct grid {
	const struct grid_column *columns;
	unsigned n;
	unsigned at;		/* the column that the next cell is in */
	unsigned width[GRID_COLUMNS_MAX];
	struct buf cells;	/* each with a NUL behind it */
	unsigned indent;	/* blanks in front of each row */
};

void grid_begin(struct grid *g, const struct grid_column *columns, unsigned n, unsigned indent);
/*
 * One cell after the other, row after row. grid_text is for what comes out of packets: it is made harmless and, if longer
 * than max characters (0: never), cut with "..." behind it.
 */
void grid_str(struct grid *g, const char *s);
void grid_text(struct grid *g, const char *s, size_t n, unsigned max);
void grid_u(struct grid *g, uint64_t v);
void grid_percent(struct grid *g, double part, double whole);	/* "12.3%" */
void grid_seconds(struct grid *g, int64_t ns, unsigned digits);	/* behind the point */
/* Time that something took, in a unit that fits: "1.234 ms". Negative: "-". */
void grid_took(struct grid *g, int64_t ns);
/* Bits a second, in a unit that fits: "1.23 Mbit/s". */
void grid_bits(struct grid *g, double per_second);
/* Appends the title line and the rows to *out, and empties the grid. Nothing, if there are no rows. */
void grid_end(struct grid *g, struct buf *out);

/* The same spellings outside of a grid. */
void grid_put_percent(struct buf *b, double part, double whole);
void grid_put_seconds(struct buf *b, int64_t ns, unsigned digits);
void grid_put_took(struct buf *b, int64_t ns);
void grid_put_bits(struct buf *b, double per_second);
/* "576.1 MB": millions, with three digits that count. */
void grid_put_bytes(struct buf *b, double bytes);
