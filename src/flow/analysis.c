/* What a TCP connection's segments tell; see analysis.h. Sequence numbers are compared as in RFC 9293 section 3.4. */
#include "flow/analysis.h"

#include <stdlib.h>
#include <string.h>

/* Wireshark's constants. */
static const uint64_t FAST_NS = 20000000;	/* a fast retransmission follows the last duplicate ACK within this */
static const uint64_t DISORDER_NS = 3000000;	/* out of order within this of the highest segment; the initial RTT if known */
static const uint32_t IN_FLIGHT_MAX = 2000000000;

enum {
	SCALE_UNKNOWN = -1,
	SCALE_NONE = -2,	/* one of the two said that it does not scale */
	SACKS_COUNTED = 3,	/* blocks that Wireshark subtracts from what is in flight */
	ROOM_KEPT = 64,		/* segments whose room is kept when all are acknowledged */
	SPARES = 64,		/* states of connections that are over, kept for others */
};

/* A segment that waits to be acknowledged: bytes from seq up to, not with, next. */
struct unacked {
	uint32_t seq, next;
	uint64_t number;
	int64_t ns;
};

/*
 * Those of one direction, oldest first. In order (each begins at or after its predecessor's end, all within 2^31) an ACK takes
 * from the front; else all are looked at, unless the same ACK has done so before. low and high are the lowest begin and the
 * highest end beyond the base, where they are known.
 */
struct waiting {
	struct unacked *at;
	uint16_t first, end, room;
	uint16_t checked;		/* this many from the first have been looked at for checked_ack */
	uint32_t checked_ack;
	uint32_t low, high;
	bool ordered, bounded;
};

/* One direction: what its sender did. */
struct side {
	struct waiting waiting;
	uint32_t base;			/* relative sequence number 0 */
	uint32_t next;			/* the highest number that is still to be sent; 0: not known */
	uint32_t whole;			/* the same as far as nothing is missing */
	uint32_t ack, window;		/* of its last segment */
	uint32_t duplicates;		/* ACKs in a row that repeat one; UINT32_MAX: a mark, see judge_ack */
	uint32_t push_bytes;
	uint32_t sacked;		/* bytes in the blocks of its last segment */
	uint64_t next_number, ack_number;	/* the packets that brought next; the ack that duplicates repeat */
	int64_t next_ns, ack_ns;	/* when next was brought; when its last segment came */
	uint16_t flags;			/* TCP_ of its last segment */
	int8_t scale;
	bool based, countable, pushed, unscaled;
};

struct analysis {
	struct analysis_room *room;
	struct side sides[2];
	int64_t first, previous;
	int64_t syn;			/* the last SYN without ACK; 0: none */
	int64_t initial_rtt;		/* 0: not known */
	bool begun, reused;
	struct analysis *next_spare;
};

/* Whether a comes after b. */
static inline bool
after(uint32_t a, uint32_t b)
{
	return (int32_t)(b - a) < 0;
}

static inline bool
before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

static inline bool
upto(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) <= 0;
}

/* From one time to another, which hostile captures may have anywhere. */
static inline int64_t
elapsed(int64_t from, int64_t to)
{
	return (int64_t)((uint64_t)to - (uint64_t)from);
}

static void
room_take(struct analysis_room *room, uint64_t n)
{
	room->bytes += n;
	if (room->bytes > room->bytes_most)
		room->bytes_most = room->bytes;
}

/* Makes place behind the last. False: there is none to be had. */
static bool
waiting_reserve(struct waiting *w, struct analysis_room *room)
{
	if (w->end < w->room)
		return true;
	if (w->first > w->room / 2) {
		memmove(w->at, w->at + w->first, (w->end - w->first) * sizeof *w->at);
		w->end -= w->first;
		w->first = 0;
		return true;
	}

	unsigned n = w->room ? w->room * 2 : 4;
	if (n > 2 * ANALYSIS_UNACKED_MAX)
		n = 2 * ANALYSIS_UNACKED_MAX;
	uint64_t more = (n - w->room) * sizeof *w->at;
	struct unacked *at = NULL;
	if (n > w->room && room->unacked + more <= ANALYSIS_BYTES_MAX)
		at = realloc(w->at, n * sizeof *at);
	if (!at) {
		room->refused++;
		return false;
	}
	w->at = at;
	w->room = (uint16_t)n;
	room->unacked += more;
	room_take(room, more);
	return true;
}

static void
waiting_free(struct waiting *w, struct analysis_room *room)
{
	uint64_t n = w->room * sizeof *w->at;

	room->bytes -= n;
	room->unacked -= n;
	free(w->at);
	*w = (struct waiting){ 0 };
}

static inline bool
follows(const struct waiting *w, const struct unacked *u)
{
	const struct unacked *first = &w->at[w->first], *last = &w->at[w->end - 1];
	uint64_t gap = u->seq - last->next;

	return (uint64_t)(last->next - first->seq) + gap + (u->next - u->seq) <= INT32_MAX;
}

/* Room has been reserved. */
static void
waiting_add(struct waiting *w, uint32_t base, const struct unacked *u)
{
	uint32_t low = u->seq - base, high = u->next - base;

	if (w->first == w->end) {
		w->ordered = u->next - u->seq <= INT32_MAX;
		w->bounded = true;
		w->checked = 0;
		w->low = low;
		w->high = high;
	} else {
		w->ordered = w->ordered && follows(w, u);
		w->low = low < w->low ? low : w->low;
		w->high = high > w->high ? high : w->high;
	}
	w->at[w->end++] = *u;
}

/* The segment that ends where the ack is, the oldest if there are several, into *found: true. */
static bool
waiting_ack_ordered(struct waiting *w, uint32_t ack, struct unacked *found)
{
	bool exact = false;

	while (w->first < w->end && upto(w->at[w->first].next, ack)) {
		const struct unacked *u = &w->at[w->first++];
		if (u->next == ack) {
			*found = *u;
			exact = true;
		}
		w->bounded = false;
	}
	if (w->first < w->end && after(ack, w->at[w->first].seq)) {
		w->at[w->first].seq = ack;
		w->bounded = false;
	}
	w->checked = 0;
	return exact;
}

static bool
waiting_ack_all(struct waiting *w, uint32_t ack, struct unacked *found)
{
	unsigned from = w->first + (ack == w->checked_ack ? w->checked : 0), to = from;
	bool exact = false;

	for (unsigned i = from; i < w->end; i++) {
		struct unacked *u = &w->at[i];
		if (u->next == ack) {
			if (!exact)
				*found = *u;
			exact = true;
			continue;
		}
		if (after(ack, u->seq) && upto(ack, u->next)) {
			u->seq = ack;
			w->bounded = false;
		} else if (!after(u->next, ack)) {
			continue;
		}
		w->at[to++] = *u;
	}
	if (to < w->end)
		w->bounded = false;
	w->end = (uint16_t)to;
	w->checked_ack = ack;
	w->checked = (uint16_t)(w->end - w->first);
	return exact;
}

/* Whether they are in order, found out anew. */
static bool
waiting_in_order(const struct waiting *w)
{
	struct waiting upto_here = *w;

	for (upto_here.end = w->first + 1; upto_here.end < w->end; upto_here.end++) {
		if (!follows(&upto_here, &w->at[upto_here.end]))
			return false;
	}
	return true;
}

/* Forgets what is acknowledged. True: *found ends just there. */
static bool
waiting_ack(struct waiting *w, uint32_t ack, struct unacked *found, struct analysis_room *room)
{
	bool exact = false;

	if (w->first == w->end)
		return false;
	uint32_t begin = w->at[w->first].seq, span = w->at[w->end - 1].next - begin;
	if (w->ordered && (int64_t)(int32_t)(ack - begin) >= (int64_t)INT32_MIN + span) {
		exact = waiting_ack_ordered(w, ack, found);
	} else {
		unsigned n = w->end - w->first;
		exact = waiting_ack_all(w, ack, found);
		if (!w->ordered && w->end - w->first < (int)n)
			w->ordered = w->first == w->end || waiting_in_order(w);
	}
	if (w->first == w->end) {
		w->first = w->end = 0;
		if (w->room > ROOM_KEPT)
			waiting_free(w, room);
	}
	return exact;
}

/* Bytes from the lowest begin to the highest end. There is one at least. */
static uint32_t
waiting_span(struct waiting *w, uint32_t base)
{
	if (w->bounded)
		return w->high - w->low;

	const struct unacked *first = &w->at[w->first], *last = &w->at[w->end - 1];
	if (w->ordered && first->seq - base <= last->next - base) {
		w->low = first->seq - base;
		w->high = last->next - base;
	} else {
		w->low = first->seq - base;
		w->high = first->next - base;
		for (const struct unacked *u = first; u <= last; u++) {
			if (u->seq - base < w->low)
				w->low = u->seq - base;
			if (u->next - base > w->high)
				w->high = u->next - base;
		}
	}
	w->bounded = true;
	return w->high - w->low;
}

struct analysis *
analysis_new(struct analysis_room *room, bool reused)
{
	struct analysis *a = room->spares;

	if (a) {
		room->spares = a->next_spare;
		room->n_spares--;
		memset(a, 0, sizeof *a);
	} else if (!(a = calloc(1, sizeof *a))) {
		return NULL;
	}
	a->room = room;
	a->reused = reused;
	for (int i = 0; i < 2; i++) {
		a->sides[i].window = UINT32_MAX;
		a->sides[i].scale = SCALE_UNKNOWN;
		a->sides[i].countable = true;
	}
	room_take(room, sizeof *a);
	return a;
}

void
analysis_free(struct analysis *a)
{
	if (!a)
		return;
	waiting_free(&a->sides[0].waiting, a->room);
	waiting_free(&a->sides[1].waiting, a->room);
	a->room->bytes -= sizeof *a;
	if (a->room->n_spares < SPARES) {
		a->next_spare = a->room->spares;
		a->room->spares = a;
		a->room->n_spares++;
	} else {
		free(a);
	}
}

void
analysis_room_free(struct analysis_room *room)
{
	while (room->spares) {
		struct analysis *a = room->spares;

		room->spares = a->next_spare;
		free(a);
	}
}

void
analysis_expect(const struct analysis *a)
{
	for (size_t at = 0; at < sizeof *a; at += 64)
		__builtin_prefetch((const char *)a + at, 1);
}

void
analysis_expect_segments(const struct analysis *a)
{
	for (unsigned i = 0; i < 2; i++) {
		const struct waiting *w = &a->sides[i].waiting;

		if (w->at == NULL)
			continue;
		__builtin_prefetch(&w->at[w->first], 1);
		__builtin_prefetch(&w->at[w->end], 1);
	}
}

static inline bool
is_syn(const struct segment *s)
{
	return (s->flags & (SEG_SYN | SEG_ACK)) == SEG_SYN;
}

/* Where relative numbers begin, for both directions: the SYN's number, or one before the first that was seen. */
static void
find_bases(struct side *from, struct side *to, const struct segment *s)
{
	if (!from->based) {
		from->base = s->flags & SEG_SYN ? s->seq : s->seq - 1;
		from->based = true;
	}
	if (s->flags & SEG_ACK) {
		if (!to->based)
			to->base = s->ack - 1;
		to->based = true;
		to->countable = true;
	}
}

/* SYNs that are not the connection's first. */
static uint32_t
judge_syn(struct side *from, const struct segment *s, bool *any)
{
	if (!from->based || !(s->flags & SEG_SYN))
		return 0;
	if (s->seq == from->base) {
		/* A RST's number may be anything (RFC 9293 section 3.10.7.1): what it did to next is undone. */
		if (is_syn(s)) {
			from->next = from->whole;
			*any = true;
		}
		return 0;
	}
	if (is_syn(s))
		return TCP_REUSED_PORTS;
	from->base = s->seq;
	from->waiting.bounded = false;
	return TCP_REUSED_PORTS;
}

/* A segment without data that says what the sender's last one said. */
static uint32_t
judge_repeated_ack(struct side *from, const struct side *to, const struct segment *s, struct tcp_analysis *out)
{
	if (s->window != from->window)
		return s->window ? TCP_WINDOW_UPDATE : 0;
	if (!s->window)
		return to->flags & TCP_ZERO_WINDOW_PROBE ? TCP_ZERO_WINDOW_PROBE_ACK : 0;
	if (to->flags & TCP_KEEP_ALIVE)
		return TCP_KEEP_ALIVE_ACK;

	from->duplicates = from->duplicates == UINT32_MAX ? 1 : from->duplicates + 1;
	out->duplicate_ack_num = from->duplicates;
	out->duplicate_ack_frame = from->ack_number;
	return TCP_DUPLICATE_ACK;
}

/* What a segment tells about the window, about what is missing before it, and about keeping alive. */
static uint32_t
judge_place(struct side *from, const struct side *to, const struct segment *s, struct tcp_analysis *out)
{
	bool control = s->flags & (SEG_SYN | SEG_FIN | SEG_RST);
	uint32_t flags = 0;

	if (s->len == 1 && s->seq == from->next && to->window == 0)
		return TCP_ZERO_WINDOW_PROBE;
	if (from->next && after(s->seq, from->next) && !(s->flags & SEG_RST)) {
		flags |= TCP_LOST_SEGMENT;
		from->countable = false;
	}
	if (control)
		return flags;

	if (s->window == 0)
		flags |= TCP_ZERO_WINDOW;
	if (s->len <= 1 && s->seq == from->next - 1)
		flags |= TCP_KEEP_ALIVE;
	if (s->len && to->scale != SCALE_UNKNOWN) {
		unsigned shift = to->unscaled || to->scale == SCALE_NONE ? 0 : (unsigned)to->scale;
		if (s->seq + s->len == to->ack + (to->window << shift))
			flags |= TCP_WINDOW_FULL;
	}
	if (!s->len && s->seq == from->next && s->ack == from->ack)
		flags |= judge_repeated_ack(from, to, s, out);
	return flags;
}

/*
 * An ACK of what was not captured, told once: up to the next segment's number the gap counts as filled from here on; beyond it,
 * where nothing was sent to fill it with, a mark is left in the sender's own count of ACKs.
 */
static uint32_t
judge_ack(struct side *to, const struct segment *s, bool *any)
{
	uint32_t flags = 0;

	if (!(s->flags & SEG_ACK) || !to->whole || !after(s->ack, to->whole))
		return 0;
	*any = true;
	if (after(to->next, to->whole)) {
		to->whole = to->next;
		return TCP_ACK_LOST_SEGMENT;
	}
	if (to->duplicates == 0)
		flags = TCP_ACK_LOST_SEGMENT;
	to->duplicates = UINT32_MAX;
	return flags;
}

/* A segment with data, SYN or FIN: whether all of that came before, and why it comes again. */
static uint32_t
judge_again(const struct analysis *a, const struct side *from, const struct side *to, const struct segment *s,
	struct tcp_analysis *out)
{
	uint32_t end = s->seq + s->len;
	bool control = s->flags & (SEG_SYN | SEG_FIN);

	if (s->len && to->ack && upto(end, to->ack))
		return TCP_SPURIOUS_RETRANSMISSION;
	/* More than one byte from one before next: the byte before was perhaps a window probe, the rest is new. */
	if (!from->next || !before(s->seq, from->next) || (s->len > 1 && s->seq == from->next - 1))
		return 0;

	if (to->duplicates >= 2 && to->ack == s->seq && (uint64_t)elapsed(to->ack_ns, s->ns) < FAST_NS)
		return TCP_FAST_RETRANSMISSION;
	uint64_t near = a->initial_rtt ? (uint64_t)a->initial_rtt : DISORDER_NS;
	if ((uint64_t)elapsed(from->next_ns, s->ns) < near && from->next != end + control)
		return TCP_OUT_OF_ORDER;

	/* It waited since the oldest that is not acknowledged, or since the highest. */
	const struct waiting *w = &from->waiting;
	bool known = w->first < w->end;
	int64_t since = known ? w->at[w->first].ns : from->next_ns;
	if (s->ns != since) {
		out->rto = elapsed(since, s->ns);
		out->rto_frame = known ? w->at[w->first].number : from->next_number;
	}
	return TCP_RETRANSMISSION;
}

/* Remembers the segment, and how far its sender has come. */
static void
remember(struct analysis *a, struct side *from, const struct segment *s, uint32_t flags)
{
	struct waiting *w = &from->waiting;
	bool control = s->flags & (SEG_SYN | SEG_FIN);
	uint32_t next = s->seq + s->len;

	/* A SYN or FIN that is not remembered does not count for a byte either: Wireshark's way, too. */
	if ((s->len || control) && w->end - w->first < ANALYSIS_UNACKED_MAX && waiting_reserve(w, a->room)) {
		next += control;
		waiting_add(w, from->base, &(struct unacked){ s->seq, next, s->number, s->ns });
	}
	if (!(flags & TCP_ZERO_WINDOW_PROBE)) {
		if (!from->next || after(next, from->next)) {
			from->next = next;
			from->next_number = s->number;
			from->next_ns = s->ns;
		}
		if (!from->whole || s->seq == from->whole)
			from->whole = from->next;
	}
	from->window = s->window;
	from->ack = s->ack;
	from->ack_ns = s->ns;
	from->flags = (uint16_t)flags;
}

/* How much is on its way, and how much was said since the last PSH. */
static void
count_in_flight(struct side *from, const struct side *to, const struct segment *s, struct tcp_analysis *out)
{
	if (!s->len || from->waiting.first == from->waiting.end || !from->countable)
		return;

	uint32_t n = waiting_span(&from->waiting, from->base) - to->sacked;
	if (n && n < IN_FLIGHT_MAX)
		out->bytes_in_flight = n - !!(s->flags & (SEG_SYN | SEG_FIN));
	from->push_bytes = from->pushed ? s->len : from->push_bytes + s->len;
	from->pushed = s->flags & SEG_PSH;
	out->push_bytes_sent = from->push_bytes;
	out->any = true;
}

/* What the handshake and the options say, which holds from the next segment on. */
static void
learn(struct analysis *a, struct side *from, struct side *to, const struct segment *s)
{
	if (s->flags & SEG_SYN) {
		if (is_syn(s))
			a->syn = s->ns;
		from->unscaled = true;
	} else if (s->flags & SEG_ACK) {
		if (a->syn && !a->initial_rtt)
			a->initial_rtt = elapsed(a->syn, s->ns);
		from->unscaled = false;
	}

	if (s->scale >= 0)
		from->scale = s->scale;
	if (s->flags & SEG_SYN && !s->cut) {
		if (from->scale == SCALE_UNKNOWN)
			from->scale = to->scale = SCALE_NONE;
		else if (!is_syn(s) && to->scale == SCALE_NONE)
			from->scale = SCALE_NONE;
	}
	from->sacked = 0;
	for (unsigned i = 0; i < s->sacks && i < SACKS_COUNTED; i++)
		from->sacked += s->sack[i][1] - s->sack[i][0];
}

static void
measure(const struct side *from, const struct side *to, const struct segment *s, struct tcp_analysis *out)
{
	out->seq_relative = s->seq - from->base;
	out->ack_relative = s->flags & SEG_ACK ? s->ack - to->base : s->ack;
	out->window_size = s->window;
	if (s->flags & SEG_SYN)
		return;
	out->window_scale = from->scale;
	if (from->scale >= 0) {
		out->window_scale = 1 << from->scale;
		out->window_size <<= from->scale;
	}
}

static const struct tcp_analysis none = { .ack_rtt = TCP_NO_TIME, .initial_rtt = TCP_NO_TIME, .rto = TCP_NO_TIME };

void
analysis_take(struct analysis *a, const struct segment *s, struct tcp_analysis *out)
{
	struct side *from = &a->sides[s->dir], *to = &a->sides[!s->dir];
	struct unacked acked;
	uint32_t flags;

	memcpy(out, &none, sizeof none);
	if (!a->begun) {
		a->begun = true;
		a->first = a->previous = s->ns;
	}
	out->time_relative = elapsed(a->first, s->ns);
	out->time_delta = elapsed(a->previous, s->ns);
	a->previous = s->ns;

	flags = judge_syn(from, s, &out->any) | (a->reused ? TCP_REUSED_PORTS : 0);
	a->reused = false;
	find_bases(from, to, s);
	flags |= judge_place(from, to, s, out);
	if (s->ack != from->ack) {
		from->ack_number = s->number;
		from->duplicates = 0;
	}
	flags |= judge_ack(to, s, &out->any);
	if ((s->len || (s->flags & (SEG_SYN | SEG_FIN))) && !(flags & TCP_KEEP_ALIVE))
		flags |= judge_again(a, from, to, s, out);

	remember(a, from, s, flags);
	if (waiting_ack(&to->waiting, s->ack, &acked, a->room)) {
		out->any = true;
		out->acks_frame = acked.number;
		if (s->ns != acked.ns)
			out->ack_rtt = elapsed(acked.ns, s->ns);
	}
	count_in_flight(from, to, s, out);
	measure(from, to, s, out);
	learn(a, from, to, s);

	out->flags = flags & (TCP_FAST_RETRANSMISSION | TCP_SPURIOUS_RETRANSMISSION) ? flags | TCP_RETRANSMISSION : flags;
	out->any = out->any || flags;
	if (out->any && a->initial_rtt)
		out->initial_rtt = a->initial_rtt;
}
