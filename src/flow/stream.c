/* TCP's bytes in order (RFC 9293 section 3.4): what came first is kept, what is missing is told. */
#include <stdlib.h>
#include <string.h>

#include "flow/entry.h"

enum {
	LEVELS = 8,			/* of skip lists: enough for 4^8 pieces */
	REACH_MIN = 1 << 20,		/* segments within this of the others are of the stream whatever the window says */
	SCALE_GUESS = 8,		/* of windows, where no SYN told */
	STRAYS_MAX = 4,			/* segments in a row that say that the stream has really gone on elsewhere */
	PIECE_OVERHEAD = 16,		/* what the allocator wants */
};

/* Bytes that came before others that belong in front of them. */
struct piece {
	uint64_t offset;
	uint64_t number;
	int64_t ns;
	uint32_t len, caplen;
	uint32_t cost;
	uint32_t levels;
	struct piece *next[];		/* one a level, and the bytes behind them */
};

/* All that wait in one direction: a skip list by offset. Pieces never overlap, and all are beyond the side's `next`. */
struct waiting {
	struct piece *head[LEVELS];
	uint64_t bytes;			/* memory of the pieces */
	uint32_t n;
	struct entry *entry;
	unsigned dir;
	struct waiting *older, *newer;	/* of all that wait */
};

static uint8_t *
piece_bytes(struct piece *p)
{
	return (uint8_t *)&p->next[p->levels];
}

static bool
is_wanted(const struct flows *f, const struct entry *e)
{
	return f->options.watch.bytes && !e->more.unwanted;
}

bool
stream_give(struct flows *f, struct entry *e, unsigned dir, const struct flow_piece *in)
{
	struct side *a = &e->side[dir];
	struct flow_piece piece = *in;

	if (!is_wanted(f, e))
		return false;
	piece.missing = a->owed;
	piece.jump = a->jumped;
	piece.shown = f->number;
	a->owed = 0;
	a->jumped = false;
	if (f->options.watch.bytes(f->options.watch.ctx, &e->flow, dir, &piece))
		return true;
	e->more.unwanted = true;
	stream_drop(f, e);
	return false;
}

static void
side_miss(struct flows *f, struct entry *e, unsigned dir, uint64_t n)
{
	e->side[dir].next += n;
	if (!is_wanted(f, e))
		return;
	e->side[dir].owed += n;
	e->flow.missing[dir] += n;
	f->counts.missing += n;
}

/* Hands over len bytes from the side's `next` on, of which caplen are there. */
static void
side_give(struct flows *f, struct entry *e, unsigned dir, const uint8_t *p, uint32_t caplen, uint32_t len,
    uint64_t number, int64_t ns)
{
	struct side *a = &e->side[dir];
	const struct flow_piece piece = { .p = p, .len = caplen, .offset = a->next, .number = number, .ns = ns };

	if (f->options.watch.conflict && caplen && a->next + caplen > a->acked && is_wanted(f, e))
		history_add(&f->histories, &a->history, a->next, p, caplen);
	a->next += caplen;
	if (caplen)
		stream_give(f, e, dir, &piece);
	if (caplen < len)
		side_miss(f, e, dir, len - caplen);
}

/* --- what waits ----------------------------------------------------------------------------------------------------- */

static struct waiting *
waiting_new(struct flows *f, struct entry *e, unsigned dir)
{
	struct waiting *w = calloc(1, sizeof *w);

	if (w == NULL)
		return NULL;
	w->entry = e;
	w->dir = dir;
	w->older = f->wait_newest;
	if (w->older)
		w->older->newer = w;
	else
		f->wait_oldest = w;
	f->wait_newest = w;
	e->side[dir].waiting = w;
	f->counts.buffered += sizeof *w;
	return w;
}

static void
waiting_free(struct flows *f, struct waiting *w)
{
	if (w->older)
		w->older->newer = w->newer;
	else
		f->wait_oldest = w->newer;
	if (w->newer)
		w->newer->older = w->older;
	else
		f->wait_newest = w->older;
	w->entry->side[w->dir].waiting = NULL;
	f->counts.buffered -= sizeof *w;
	free(w);
}

/* Takes the first piece out, to be freed; with the last one w goes too. */
static struct piece *
waiting_pop(struct flows *f, struct waiting *w)
{
	struct piece *p = w->head[0];

	for (uint32_t i = 0; i < p->levels; i++)
		w->head[i] = p->next[i];
	w->bytes -= p->cost;
	w->n--;
	f->counts.buffered -= p->cost;
	if (w->head[0] == NULL)
		waiting_free(f, w);
	return p;
}

/* Where pointers to a piece at `offset` belong, on each level; the last piece before it. */
static struct piece *
waiting_search(struct waiting *w, uint64_t offset, struct piece **at[LEVELS])
{
	struct piece *before = NULL;

	for (unsigned i = LEVELS; i--; ) {
		struct piece **next = before && i < before->levels ? &before->next[i] : &w->head[i];

		while (*next && (*next)->offset <= offset) {
			before = *next;
			next = &before->next[i];
		}
		at[i] = next;
	}
	return before;
}

/* A piece for a stretch that no other piece has. */
static bool
waiting_put(struct flows *f, struct waiting *w, struct piece **at[LEVELS], uint64_t offset, const uint8_t *bytes,
    uint32_t caplen, uint32_t len, const struct segment *s)
{
	uint32_t levels = 1, cost;
	struct piece *p;

	f->dice ^= f->dice << 13;
	f->dice ^= f->dice >> 7;
	f->dice ^= f->dice << 17;
	while (levels < LEVELS && (f->dice >> (2 * levels + 20) & 3) == 0)
		levels++;
	cost = (uint32_t)(sizeof *p + levels * sizeof *p->next) + caplen;
	if ((p = malloc(cost)) == NULL)
		return false;
	*p = (struct piece) { offset, s->number, s->ns, len, caplen, cost + PIECE_OVERHEAD, levels };
	memcpy(piece_bytes(p), bytes, caplen);
	for (uint32_t i = 0; i < levels; i++) {
		p->next[i] = *at[i];
		*at[i] = p;
	}
	w->bytes += p->cost;
	w->n++;
	f->counts.buffered += p->cost;
	return true;
}

/* Hands over what is in order now. */
static void
waiting_drain(struct flows *f, struct entry *e, unsigned dir)
{
	struct side *a = &e->side[dir];

	while (a->waiting && a->waiting->head[0]->offset <= a->next) {
		struct piece *p = waiting_pop(f, a->waiting);

		side_give(f, e, dir, piece_bytes(p), p->caplen, p->len, p->number, p->ns);
		free(p);
	}
}

/* What is missing in front of the first piece will not come. */
static void
waiting_give_up(struct flows *f, struct entry *e, unsigned dir)
{
	struct side *a = &e->side[dir];

	side_miss(f, e, dir, a->waiting->head[0]->offset - a->next);
	waiting_drain(f, e, dir);
}

static void
waiting_end(struct flows *f, struct entry *e, unsigned dir)
{
	while (e->side[dir].waiting)
		waiting_give_up(f, e, dir);
}

void
stream_flush(struct flows *f, struct entry *e, unsigned dir)
{
	const struct side *a = &e->side[dir];
	struct flow_piece none = { .number = f->number, .ns = e->flow.last };

	waiting_end(f, e, dir);
	none.offset = a->next;
	if (a->owed || a->jumped)
		stream_give(f, e, dir, &none);
}

void
stream_drop(struct flows *f, struct entry *e)
{
	for (unsigned dir = 0; dir < 2; dir++) {
		while (e->side[dir].waiting)
			free(waiting_pop(f, e->side[dir].waiting));
		history_drop(&f->histories, &e->side[dir].history);
	}
}

/* --- segments --------------------------------------------------------------------------------------------------------- */

/* Says where `other` says something else than what was kept. */
static void
compare(struct flows *f, struct entry *e, const struct segment *s, const uint8_t *kept, const uint8_t *other, uint32_t n,
    uint64_t offset)
{
	struct flow_conflict c = { .number = s->number, .ns = s->ns };
	uint32_t from = 0;

	if (f->options.watch.conflict == NULL || n == 0 || memcmp(kept, other, n) == 0)
		return;
	while (kept[from] == other[from])
		from++;
	while (kept[n - 1] == other[n - 1])
		n--;
	f->counts.conflicts++;
	c.kept = kept + from;
	c.other = other + from;
	c.len = n - from;
	c.offset = offset + from;
	f->options.watch.conflict(f->options.watch.ctx, &e->flow, s->dir, &c);
}

/* Compares a segment whose payload begins `old` bytes before the side's `next` with what was handed over. */
static void
repeated_check(struct flows *f, struct entry *e, const struct segment *s, const uint8_t *p, uint32_t caplen, int64_t old)
{
	const struct side *a = &e->side[s->dir];
	const int64_t at = (int64_t)a->next - old;
	const int64_t end = caplen < old ? at + caplen : (int64_t)a->next;
	const int64_t from = at > (int64_t)a->acked ? at : (int64_t)a->acked;
	uint64_t known = (uint64_t)from;
	const uint8_t *kept;
	uint32_t n;

	if (from >= end)
		return;
	kept = history_at(a->history, &known, &n);
	if (n == 0 || known >= (uint64_t)end) {
		f->counts.unchecked += (uint64_t)(end - from);
		return;
	}
	f->counts.unchecked += known - (uint64_t)from;
	if (n > (uint64_t)end - known)
		n = (uint32_t)((uint64_t)end - known);
	compare(f, e, s, kept, p + ((int64_t)known - at), n, known);
}

/* How far from the rest of the stream the side's segments may be: what the other one is ready to take. */
static uint64_t
side_reach(const struct entry *e, unsigned dir)
{
	const struct side *a = &e->side[dir], *o = &e->side[!dir];
	unsigned scale = SCALE_GUESS;
	uint64_t reach;

	if (a->scale == 1 || o->scale == 1)
		scale = 0;
	else if (a->scale && o->scale)
		scale = o->scale - 2u;
	reach = (uint64_t)o->window << scale;
	return reach > REACH_MIN ? reach : REACH_MIN;
}

/* A sequence number as an offset, the nearest to the side's `next`: below 0 before the stream's begin. */
static int64_t
side_offset(const struct side *a, uint32_t seq)
{
	return (int64_t)a->next + (int32_t)(seq - (a->origin + (uint32_t)a->next));
}

/* The side goes on at seq, which is not where its other segments were. */
static void
side_move(struct flows *f, struct entry *e, unsigned dir, uint32_t seq)
{
	struct side *a = &e->side[dir];

	waiting_end(f, e, dir);
	if (side_offset(a, seq) >= (int64_t)a->next) {
		side_miss(f, e, dir, (uint64_t)side_offset(a, seq) - a->next);
	} else {
		a->origin = seq - (uint32_t)a->next;
		a->jumped = true;
	}
	if (a->acked < a->next)
		a->acked = a->next;
}

/* Finds out where the side's offset 0 is. A SYN that disagrees is a forgery, unless nothing has been agreed on or all is over. */
static void
side_begin(struct flows *f, struct entry *e, const struct segment *s)
{
	struct side *a = &e->side[s->dir];
	const uint8_t *saw = e->flow.saw;

	if (s->flags & SEG_SYN) {
		const uint32_t seq = s->seq + 1;

		a->scale = s->scale < 0 ? 1 : (uint8_t)(s->scale + 2);
		if (!a->begun || (a->next == 0 && !a->waiting && !a->firm)) {
			a->origin = seq;
			a->begun = true;
		} else if (a->origin != seq && ((saw[0] | saw[1]) & TCP_SAW_RST || saw[0] & saw[1] & TCP_SAW_FIN)) {
			waiting_end(f, e, s->dir);
			a->origin = seq - (uint32_t)a->next;
			a->acked = a->next;
			a->firm = a->ended = false;
			a->jumped = a->next != 0;
		}
	} else if (!a->begun && !(s->flags & SEG_RST)) {
		a->origin = s->seq;
		a->begun = true;
	}
}

/* The other side has everything before ack: what has not been captured by now will not come. */
static void
side_acknowledge(struct flows *f, struct entry *e, unsigned dir, uint32_t ack)
{
	struct side *a = &e->side[dir];
	int64_t to = side_offset(a, ack);

	if (e->flow.saw[dir] & TCP_SAW_FIN && ack == a->fin + 1) {
		e->flow.saw[dir] |= TCP_FIN_ACKED;
		a->ended = true;
	}
	if (to < 0 || (to > (int64_t)a->next && (uint64_t)to > a->next + side_reach(e, dir)))
		return;
	if ((uint64_t)to > a->acked)
		a->acked = (uint64_t)to;
	a->firm |= a->scale != 0;
	history_trim(&f->histories, &a->history, a->acked);
	while (a->waiting && a->waiting->head[0]->offset < (uint64_t)to)
		waiting_give_up(f, e, dir);
}

/* A segment far from all others. Several in a row mean that the stream has moved: much was not captured. */
static bool
is_stray(struct flows *f, struct entry *e, const struct segment *s, uint32_t seq, uint32_t len)
{
	struct side *a = &e->side[s->dir];
	const int64_t at = side_offset(a, seq);
	int64_t reach;

	if (at == (int64_t)a->next) {
		a->strays = 0;
		return false;
	}
	reach = (int64_t)side_reach(e, s->dir);
	if (at <= (int64_t)(a->next > a->acked ? a->next : a->acked) + reach && at + len + reach >= (int64_t)a->next) {
		a->strays = 0;
		return false;
	}
	a->strays = a->strays && seq == a->stray ? a->strays + 1 : 1;
	a->stray = seq + len;
	if (a->strays < STRAYS_MAX) {
		f->counts.strays++;
		return true;
	}
	a->strays = 0;
	side_move(f, e, s->dir, seq);
	return false;
}

/* Keeps what of the bytes at `at`, all beyond `next`, is not there already. */
static void
data_wait(struct flows *f, struct entry *e, const struct segment *s, const uint8_t *p, uint32_t caplen, uint32_t len,
    uint64_t at)
{
	struct side *a = &e->side[s->dir];
	struct waiting *w = a->waiting ? a->waiting : waiting_new(f, e, s->dir);

	while (w && len) {
		struct piece **where[LEVELS], *before = waiting_search(w, at, where);
		uint32_t n, have;

		if (before && before->offset + before->len > at) {
			const uint64_t in = at - before->offset;

			n = before->len - (uint32_t)in < len ? before->len - (uint32_t)in : len;
			have = n < caplen ? n : caplen;
			if (in < before->caplen)
				compare(f, e, s, piece_bytes(before) + in, p,
				    have < before->caplen - (uint32_t)in ? have : before->caplen - (uint32_t)in, at);
		} else {
			n = *where[0] && (*where[0])->offset - at < len ? (uint32_t)((*where[0])->offset - at) : len;
			have = n < caplen ? n : caplen;
			if (!waiting_put(f, w, where, at, p, have, n, s))
				break;
		}
		p += have;
		caplen -= have;
		len -= n;
		at += n;
	}
	if (w && w->head[0] == NULL)
		waiting_free(f, w);
	if (f->counts.buffered > f->counts.buffered_most)
		f->counts.buffered_most = f->counts.buffered;
	while (f->counts.buffered > f->options.buffer_max && f->wait_oldest) {
		f->counts.overflows++;
		waiting_give_up(f, f->wait_oldest->entry, f->wait_oldest->dir);
	}
}

/* Takes payload that belongs at seq. */
static void
data_take(struct flows *f, struct entry *e, const struct segment *s, uint32_t seq)
{
	struct side *a = &e->side[s->dir];
	uint32_t caplen = s->caplen, len = s->len;
	const uint8_t *p = s->payload;
	uint64_t at;
	int64_t old;

	if (a->ended && (int32_t)(seq + len - a->fin) > 0) {
		const int32_t before = (int32_t)(a->fin - seq);

		if (before <= 0)
			return;
		len = (uint32_t)before;
		caplen = caplen < len ? caplen : len;
	}
	if (is_stray(f, e, s, seq, len))
		return;
	while (a->waiting && (a->waiting->bytes + sizeof(struct piece) + len > FLOW_BUFFER_MAX ||
	    a->waiting->n >= FLOW_PIECES_MAX)) {
		f->counts.overflows++;
		waiting_give_up(f, e, s->dir);
	}
	old = (int64_t)a->next - side_offset(a, seq);
	if (old > 0 && f->options.watch.conflict && is_wanted(f, e))
		repeated_check(f, e, s, p, caplen, old);
	if (old >= (int64_t)len)
		return;
	if (old < 0) {
		at = a->next + (uint64_t)-old;
		if (is_wanted(f, e))
			data_wait(f, e, s, p, caplen, len, at);
		else
			a->next = at + len;
		return;
	}
	len -= (uint32_t)old;
	p += (uint32_t)old < caplen ? (uint32_t)old : caplen;
	caplen -= (uint32_t)old < caplen ? (uint32_t)old : caplen;

	/* In order: straight from the packet, with what waited in between. */
	if (a->waiting == NULL) {
		side_give(f, e, s->dir, p, caplen, len, s->number, s->ns);
		return;
	}
	while (len) {
		struct piece *first = a->waiting ? a->waiting->head[0] : NULL;
		uint32_t n = first && first->offset - a->next < len ? (uint32_t)(first->offset - a->next) : len;
		uint32_t have = n < caplen ? n : caplen;

		if (n) {
			side_give(f, e, s->dir, p, have, n, s->number, s->ns);
		} else {
			n = first->len < len ? first->len : len;
			have = n < caplen ? n : caplen;
			compare(f, e, s, piece_bytes(first), p, have < first->caplen ? have : first->caplen, first->offset);
			if (a->waiting == NULL || a->waiting->head[0] != first)
				break;
			first = waiting_pop(f, a->waiting);
			side_give(f, e, s->dir, piece_bytes(first), first->caplen, first->len, first->number, first->ns);
			free(first);
		}
		p += have;
		caplen -= have;
		len -= n;
	}
	waiting_drain(f, e, s->dir);
}

uint64_t
stream_take(struct flows *f, struct entry *e, const struct segment *s)
{
	struct side *a = &e->side[s->dir], *o = &e->side[!s->dir];
	const uint32_t seq = s->seq + (s->flags & SEG_SYN ? 1 : 0);
	int64_t at;

	side_begin(f, e, s);
	if (s->window > a->window)
		a->window = s->window;
	if (s->flags & SEG_ACK && !(s->flags & SEG_RST)) {
		if (o->begun) {
			side_acknowledge(f, e, !s->dir, s->ack);
		} else if (s->flags & SEG_SYN) {
			o->origin = s->ack;
			o->begun = true;
		}
	}
	if (!a->begun)
		return 0;
	at = side_offset(a, seq);
	if (s->flags & SEG_RST)
		return at < 0 ? 0 : (uint64_t)at;
	if (s->flags & SEG_FIN && !a->ended)
		a->fin = seq + s->len;
	if (s->len)
		data_take(f, e, s, seq);
	return at < 0 ? 0 : (uint64_t)at;
}
