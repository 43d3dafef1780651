#include <stdlib.h>

#include "cmd/stats_late.h"

struct late_piece {
	struct flow *flow;
	void **mine;
	unsigned dir;
	struct flow_piece piece;	/* p: not yet known, as bytes may move */
	size_t at;
};

static void
hand_on(struct stats_late *l, bool counts)
{
	for (size_t i = 0; i < l->n; i++) {
		struct late_piece *w = &l->pieces[i];

		w->piece.p = w->piece.len ? (const uint8_t *)l->bytes.data + w->at : NULL;
		l->take(l->ctx, w->flow, w->mine, w->dir, &w->piece, counts);
	}
	l->n = 0;
	l->bytes.len = 0;
}

bool
late_bytes(void *late, struct flow *f, void **mine, unsigned dir, const struct flow_piece *k)
{
	struct stats_late *l = late;
	struct late_piece *w;

	if (!l->filtered)
		return l->take(l->ctx, f, mine, dir, k, true);
	if (l->n && l->pieces[l->n - 1].piece.shown != k->shown)
		hand_on(l, false);
	if (l->n == l->room) {
		size_t room = l->room ? 2 * l->room : 16;

		w = realloc(l->pieces, room * sizeof *w);
		if (w == NULL)
			return false;
		l->pieces = w;
		l->room = room;
	}
	if (!buf_reserve(&l->bytes, k->len))
		return false;
	w = &l->pieces[l->n++];
	*w = (struct late_piece){ f, mine, dir, *k, l->bytes.len };
	buf_put(&l->bytes, k->p, k->len);
	return true;
}

void
late_packet(void *late, const struct tracked *t)
{
	struct stats_late *l = late;

	if (l->n)
		hand_on(l, l->pieces[l->n - 1].piece.shown == t->number);
}

void
late_flush(struct stats_late *l)
{
	if (l->n)
		hand_on(l, false);
}

void
late_free(struct stats_late *l)
{
	free(l->pieces);
	buf_free(&l->bytes);
}
