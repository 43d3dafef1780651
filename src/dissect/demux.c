/* From a number on the wire to the protocol that comes next: the rows of demux.def, indexed. */
#include <stdlib.h>

#include "dissect/dissect.h"

/* Two-level table a kind: 256 pages of 256 row numbers (row + 1; 0 is none). */
struct page {
	uint16_t row[256];
};

struct demux {
	const struct demux_row *rows;
	size_t n;
	struct page *pages[D_KINDS][256];
};

struct demux *
demux_new(const struct demux_row *rows, size_t n)
{
	struct demux *x = calloc(1, sizeof *x);

	if (x == NULL)
		return NULL;
	x->rows = rows;
	x->n = n;
	for (size_t i = 0; i < n; i++) {
		for (uint32_t v = rows[i].first; v <= rows[i].last && v < 65536; v++) {
			struct page **page = &x->pages[rows[i].kind][v >> 8];

			if (*page == NULL)
				*page = calloc(1, sizeof **page);
			if (*page == NULL) {
				demux_free(x);
				return NULL;
			}
			if ((*page)->row[v & 255] == 0)
				(*page)->row[v & 255] = (uint16_t)(i + 1);
		}
	}
	return x;
}

void
demux_free(struct demux *x)
{
	if (x == NULL)
		return;
	for (int k = 0; k < D_KINDS; k++)
		for (int i = 0; i < 256; i++)
			free(x->pages[k][i]);
	free(x);
}

/* Row number + 1, or 0. */
static inline unsigned
row_of(const struct demux *x, enum demux_kind kind, uint32_t v)
{
	const struct page *page = v < 65536 ? x->pages[kind][v >> 8] : NULL;

	return page ? page->row[v & 255] : 0;
}

const struct proto *
demux_find(const struct demux *x, enum demux_kind kind, uint32_t v)
{
	unsigned r = row_of(x, kind, v);

	return r ? x->rows[r - 1].proto : NULL;
}

/* The earlier of two rows, where 0 is none. */
static inline unsigned
earlier(unsigned a, unsigned b)
{
	return a == 0 ? b : b == 0 ? a : a < b ? a : b;
}

const struct proto *
demux_find_port(const struct demux *x, enum demux_kind kind, uint16_t src, uint16_t dst)
{
	unsigned r = earlier(row_of(x, kind, src), row_of(x, kind, dst));

	if (kind == D_UDP)
		r = earlier(r, earlier(row_of(x, D_UDP_DST, dst), row_of(x, D_UDP_SRC, src)));
	return r ? x->rows[r - 1].proto : NULL;
}

const struct demux_row *
demux_row_at(const struct demux *x, size_t i)
{
	return i < x->n ? &x->rows[i] : NULL;
}
