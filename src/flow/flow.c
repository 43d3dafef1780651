/* Datagrams into conversations. */
#include "flow/flow.h"

#include <stdlib.h>
#include <string.h>

#include "flow/entry.h"
#include "flow/icmp.h"

enum { P_ICMP = 1, P_TCP = 6, P_UDP = 17, P_ICMP6 = 58, P_SCTP = 132, P_UDPLITE = 136 };

enum {
	TCP_FIXED = 16,			/* bytes of a header that a connection is known by, as Wireshark wants them */
	UDP_HEADER = 8, ICMP_HEADER = 8, SCTP_HEADER = 12,
	CHUNK_HEADER = 4, CHUNK_DATA = 0, CHUNK_I_DATA = 64, DATA_HEADER = 16, I_DATA_HEADER = 20,
};

struct flows *
flows_new(const struct flows_options *o)
{
	struct flows *f = calloc(1, sizeof *f);

	if (f == NULL)
		return NULL;
	f->options = *o;
	if (f->options.flows_max == 0)
		f->options.flows_max = FLOWS_MAX;
	if (f->options.buffer_max == 0)
		f->options.buffer_max = FLOWS_BUFFER_MAX;
	f->histories.most = FLOWS_HISTORY_MAX;
	if (entries_init(f))
		return f;
	flows_free(f);
	return NULL;
}

void
flows_end(struct flows *f)
{
	while (f->first_born != NOBODY)
		entry_close(f, entry_at(f, f->first_born), FLOW_END_CAPTURE);
}

void
flows_settle(struct flows *f)
{
	for (uint32_t i = f->first_born, after; i != NOBODY; i = after) {
		after = entry_at(f, i)->more.born_after;
		if (!entry_at(f, i)->flow.user)
			entry_close(f, entry_at(f, i), FLOW_END_CAPTURE);
	}
	f->settled = true;
}

void
flows_pass_over(struct flows *f, uint64_t number)
{
	f->number = number;
}

bool
flows_are_over(const struct flows *f)
{
	return f->settled && f->live == 0;
}

void
flows_free(struct flows *f)
{
	if (f == NULL)
		return;
	for (uint32_t i = f->first_born; i != NOBODY && f->live; i = entry_at(f, i)->more.born_after) {
		stream_drop(f, entry_at(f, i));
		analysis_free(entry_at(f, i)->more.analysis);
	}
	analysis_room_free(&f->room);
	histories_free(&f->histories);
	entries_free(f);
	free(f);
}

void
flow_flush(struct flows *f, struct flow *flow)
{
	struct entry *e = (struct entry *)flow;

	stream_flush(f, e, 0);
	stream_flush(f, e, 1);
}

const struct flows_counts *
flows_counts(struct flows *f)
{
	f->counts.memory = sizeof *f + f->table_bytes + f->counts.buffered + f->histories.bytes + f->room.bytes;
	return &f->counts;
}

static uint16_t
be16_at(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static uint32_t
be32_at(const uint8_t *p)
{
	return (uint32_t)be16_at(p) << 16 | be16_at(p + 2);
}

/* The ends of a datagram; false: there is no conversation to be seen. */
static bool
ends_read(struct flow_ends *ends, enum flow_kind *kind, const struct flow_datagram *d)
{
	int counterpart;

	switch (d->proto) {
	case P_TCP:
		*kind = FLOW_TCP;
		if (d->caplen < TCP_FIXED)
			return false;
		break;
	case P_UDP:
	case P_UDPLITE:
		*kind = FLOW_UDP;
		if (d->caplen < UDP_HEADER)
			return false;
		/* Wireshark sees no UDP in what says that it is shorter than its header; 0: a jumbogram's (RFC 2675). */
		if (d->proto == P_UDP && be16_at(d->p + 4) < UDP_HEADER && (be16_at(d->p + 4) || d->version == 4))
			return false;
		break;
	case P_SCTP:
		*kind = FLOW_SCTP;
		if (d->caplen < SCTP_HEADER)
			return false;
		break;
	case P_ICMP:
	case P_ICMP6:
		*kind = FLOW_ICMP;
		if (d->caplen < 2 || (d->proto == P_ICMP) != (d->version == 4))
			return false;
		break;
	default:
		return false;
	}
	if (d->version == 4) {
		memset(ends->addr, 0, sizeof ends->addr);
		memcpy(ends->addr[0], d->src, 4);
		memcpy(ends->addr[1], d->dst, 4);
	} else {
		memcpy(ends->addr[0], d->src, 16);
		memcpy(ends->addr[1], d->dst, 16);
	}
	ends->version = d->version;
	ends->proto = d->proto;
	if (*kind == FLOW_ICMP) {
		counterpart = icmp_counterpart(d->version, d->p[0]);
		ends->port[0] = d->p[0];
		ends->port[1] = counterpart < 0 ? d->p[1] : (uint16_t)counterpart;
	} else {
		ends->port[0] = be16_at(d->p);
		ends->port[1] = be16_at(d->p + 2);
	}
	return true;
}

/* A SYN that begins another connection between the same ends: Wireshark's rule is another initial sequence number. */
static bool
begins_anew(const struct entry *e, const struct flow_datagram *d, unsigned dir)
{
	return e->flow.kind == FLOW_TCP && (d->p[13] & (SEG_SYN | SEG_ACK)) == SEG_SYN && e->more.based[dir] &&
	    be32_at(d->p + 4) != e->more.isn[dir];
}

/* Notes initial sequence numbers, as well as they can be told from the first packets, however broken: Wireshark's base_seq. */
static void
base_note(struct entry *e, const struct flow_datagram *d, unsigned dir)
{
	uint32_t *isn = e->more.isn;
	bool *based = e->more.based;
	const uint8_t flags = d->p[13];

	if (based[dir] && (flags & (SEG_SYN | SEG_ACK)) == (SEG_SYN | SEG_ACK))
		isn[dir] = be32_at(d->p + 4);
	if (d->quoted || (d->p[12] >> 4) * 4u > d->len)
		return;
	if (!based[dir]) {
		isn[dir] = be32_at(d->p + 4) - (flags & SEG_SYN ? 0 : 1);
		based[dir] = true;
	}
	if (!based[!dir] && flags & SEG_ACK) {
		isn[!dir] = be32_at(d->p + 8) - 1;
		based[!dir] = true;
	}
}

/* What a connection's life has come to. */
static void
life_note(struct flow *flow, const struct segment *s)
{
	uint8_t *saw = &flow->saw[s->dir];
	const bool syn = s->flags & SEG_SYN, ack = s->flags & SEG_ACK, rst = s->flags & SEG_RST;

	if (syn && !ack) {
		if (!(flow->saw[!s->dir] & TCP_SAW_SYNACK))
			flow->syn = s->ns;
		*saw |= TCP_SAW_SYN;
	} else if (syn) {
		if (flow->synack == 0)
			flow->synack = s->ns;
		*saw |= TCP_SAW_SYNACK;
	} else if (ack && !rst) {
		if (flow->ack == 0 && flow->saw[!s->dir] & TCP_SAW_SYNACK)
			flow->ack = s->ns;
		*saw |= TCP_SAW_ACK;
	}
	if (s->len && !rst)
		*saw |= TCP_SAW_DATA;
	if (s->flags & SEG_FIN) {
		if (!(*saw & TCP_SAW_FIN))
			flow->fin_number[s->dir] = s->number;
		*saw |= TCP_SAW_FIN;
	}
	if (rst) {
		if (!(*saw & TCP_SAW_RST))
			flow->rst_number[s->dir] = s->number;
		*saw |= TCP_SAW_RST;
	}
}

static void
tcp_take(struct flows *f, struct entry *e, const struct flow_datagram *d, bool reused, struct flow_step *step)
{
	struct segment s;

	if (!segment_read(&s, d->p, d->caplen, d->len))
		return;
	s.dir = step->dir;
	s.number = d->number;
	s.ns = d->ns;
	step->payload = s.payload;
	step->payload_caplen = s.caplen;
	step->payload_len = s.len;
	if (!f->options.unwatched) {
		e->flow.payload[s.dir] += s.len;
		life_note(&e->flow, &s);
	}
	if (f->options.analyse && (e->more.analysis || (e->more.analysis = analysis_new(&f->room, reused)))) {
		analysis_take(e->more.analysis, &s, &f->analysis);
		step->analysis = &f->analysis;
	}
	if (!f->options.unwatched)
		step->offset = stream_take(f, e, &s);
}

/* A message: the next bytes of its direction. */
static void
bytes_take(struct flows *f, struct entry *e, const struct flow_datagram *d, unsigned dir, const uint8_t *p, uint32_t caplen,
    uint32_t len)
{
	struct side *a = &e->side[dir];
	const struct flow_piece piece = { .p = p, .len = caplen, .offset = a->next, .number = d->number, .ns = d->ns };

	if (caplen)
		stream_give(f, e, dir, &piece);
	if (caplen < len && f->options.watch.bytes && !e->more.unwanted) {
		a->owed += len - caplen;
		e->flow.missing[dir] += len - caplen;
		f->counts.missing += len - caplen;
	}
	a->next += len;
}

static void
message_take(struct flows *f, struct entry *e, const struct flow_datagram *d, struct flow_step *step)
{
	if (f->options.unwatched)
		return;
	step->offset = e->side[step->dir].next;
	e->flow.payload[step->dir] += step->payload_len;
	bytes_take(f, e, d, step->dir, step->payload, step->payload_caplen, step->payload_len);
}

/*
 * Has the chunk with this number not been seen? The side's origin is the highest number, `acked` has a bit for each of the 64
 * before it: what is older than they are is taken for repeated.
 */
static bool
tsn_is_new(struct side *a, uint32_t tsn)
{
	const int32_t ahead = (int32_t)(tsn - a->origin);

	if (!a->begun || ahead > 0) {
		a->acked = a->begun && ahead < 64 ? a->acked << ahead | 1u : 1;
		a->origin = tsn;
		a->begun = true;
		return true;
	}
	if (ahead <= -64 || a->acked >> -ahead & 1)
		return false;
	a->acked |= (uint64_t)1 << -ahead;
	return true;
}

/* Each DATA chunk (RFC 9260 section 3.3.1, RFC 8260 section 2.1) that is not a repetition. */
static void
sctp_take(struct flows *f, struct entry *e, const struct flow_datagram *d, struct flow_step *step)
{
	const unsigned dir = step->dir;
	struct side *a = &e->side[dir];
	const uint8_t *p = step->payload;
	uint32_t left = step->payload_len, caplen = step->payload_caplen;

	step->offset = a->next;
	e->flow.payload[dir] += step->payload_len;
	while (caplen >= CHUNK_HEADER && left >= CHUNK_HEADER) {
		const uint32_t len = be16_at(p + 2), padded = (len + 3) & ~3u;
		const uint32_t header = p[0] == CHUNK_DATA ? DATA_HEADER : p[0] == CHUNK_I_DATA ? I_DATA_HEADER : 0;

		if (len < CHUNK_HEADER || len > left)
			return;
		if (header && len > header && caplen >= 8 && tsn_is_new(a, be32_at(p + 4)))
			bytes_take(f, e, d, dir, p + (header < caplen ? header : caplen),
			    caplen <= header ? 0 : (len < caplen ? len : caplen) - header, len - header);
		if (padded >= left || padded >= caplen)
			return;
		p += padded;
		left -= padded;
		caplen -= padded;
	}
}

/* What is behind a header of n bytes, in `whole` bytes. */
static void
payload_set(struct flow_step *step, const struct flow_datagram *d, uint32_t n, uint32_t whole)
{
	const uint32_t caplen = d->caplen < whole ? d->caplen : whole;

	step->payload_len = whole > n ? whole - n : 0;
	step->payload_caplen = caplen > n ? caplen - n : 0;
	step->payload = d->p + (caplen > n ? n : caplen);
}

bool
flows_are_many(const struct flows *f)
{
	enum { CACHED = 1 << 20 };

	return f->live > CACHED / sizeof(struct entry);
}

void
flows_expect(const struct flows *f, const struct flow_datagram *d, struct flow_hint *h)
{
	h->known = ends_read(&h->ends, &h->kind, d);
	h->index = NOBODY;
	if (!h->known)
		return;
	h->hash = entry_hash(f, &h->ends, h->kind);
	__builtin_prefetch(&f->buckets[h->hash & (f->n_buckets - 1)]);
}

void
flows_expect_entry(const struct flows *f, struct flow_hint *h)
{
	if (h->known)
		h->index = entry_expect(f, h->hash);
}

void
flows_expect_analysis(const struct flows *f, const struct flow_hint *h)
{
	if (h->known && h->index != NOBODY)
		entry_expect_more(f, h->index);
}

void
flows_expect_segments(const struct flows *f, const struct flow_hint *h)
{
	if (h->known && h->index != NOBODY)
		entry_expect_segments(f, h->index);
}

static void
count(struct flow *flow, const struct flow_datagram *d, unsigned dir)
{
	/* A flow that was only quoted so far begins here. */
	if (flow->packets[0] + flow->packets[1] == 0) {
		flow->first = flow->last = d->ns;
		flow->first_number = d->number;
	}
	flow->first = d->ns < flow->first ? d->ns : flow->first;
	flow->last = d->ns > flow->last ? d->ns : flow->last;
	flow->packets[dir]++;
	flow->bytes[dir] += d->frame_len;
}

void
flows_take(struct flows *f, const struct flow_datagram *d, struct flow_step *step)
{
	enum flow_kind kind;
	struct flow_ends ends;
	bool reused = false;
	unsigned dir = 0;
	struct entry *e;
	uint32_t hash = 0;

	memset(step, 0, sizeof *step);
	f->number = d->number;
	if (d->hint) {
		if (!d->hint->known)
			return;
		ends = d->hint->ends;
		kind = d->hint->kind;
	} else if (!ends_read(&ends, &kind, d)) {
		return;
	}
	if ((e = entry_newest(f, &ends, kind, &dir)) == NULL) {
		hash = d->hint ? d->hint->hash : entry_hash(f, &ends, kind);
		e = entry_find(f, &ends, kind, hash, &dir);
	}
	if (e && begins_anew(e, d, dir)) {
		hash = f->links[e->more.index].hash;
		entry_close(f, e, FLOW_END_REUSED);
		e = NULL;
		reused = true;
	}
	if (e == NULL) {
		if (f->settled || (e = entry_add(f, &ends, kind, hash)) == NULL)
			return;
		dir = 0;
		e->flow.first = e->flow.last = d->ns;
		e->flow.first_number = d->number;
		step->fresh = true;
		if (f->options.watch.opened)
			f->options.watch.opened(f->options.watch.ctx, &e->flow);
		e->more.unwanted = f->options.chosen && !e->flow.user;
	}
	step->flow = &e->flow;
	step->dir = dir;
	if (kind == FLOW_TCP)
		base_note(e, d, dir);
	if (d->quoted || (f->options.chosen && !e->flow.user && !f->options.analyse))
		return;
	if (!f->options.unwatched)
		count(&e->flow, d, dir);
	switch (kind) {
	case FLOW_TCP:
		tcp_take(f, e, d, reused, step);
		break;
	case FLOW_UDP:
		payload_set(step, d, UDP_HEADER, d->proto == P_UDP && be16_at(d->p + 4) && be16_at(d->p + 4) < d->len ?
		    be16_at(d->p + 4) : d->len);
		message_take(f, e, d, step);
		break;
	case FLOW_SCTP:
		payload_set(step, d, SCTP_HEADER, d->len);
		sctp_take(f, e, d, step);
		break;
	default:
		payload_set(step, d, ICMP_HEADER, d->len);
		message_take(f, e, d, step);
	}
}
