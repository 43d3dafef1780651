/* The records of connections, found by their ends: a flow's, or those that an ICMP error quotes. */
#include <stdlib.h>
#include <string.h>

#include "cmd/failed.h"
#include "pkt/names.h"

enum { BUCKETS = FLOWS_MAX };	/* a power of two: chains are short, and each step of one a cache miss */

struct conns {
	struct conn *buckets[BUCKETS];
	struct desk *desk;
	bool wanted;
	size_t orphans;
};

struct conns *
conns_new(struct desk *d, bool wanted)
{
	struct conns *s = calloc(1, sizeof *s);

	if (s) {
		s->desk = d;
		s->wanted = wanted;
	}
	return s;
}

/* The same for both directions. */
static uint64_t
hash_of(const struct flow_ends *e)
{
	uint64_t h[2];

	for (unsigned i = 0; i < 2; i++)
		h[i] = failed_hash(e->addr[i], sizeof e->addr[i], (uint64_t)e->port[i] << 8 | e->proto);
	return h[0] ^ h[1];
}

static bool
same_end(const struct flow_ends *a, unsigned i, const struct flow_ends *b, unsigned j)
{
	return a->port[i] == b->port[j] && memcmp(a->addr[i], b->addr[j], sizeof a->addr[i]) == 0;
}

/* *dir: which of the connection's ends is ends[0]. */
static struct conn *
find(struct conns *s, const struct flow_ends *e, unsigned *dir)
{
	for (struct conn *c = s->buckets[hash_of(e) % BUCKETS]; c; c = c->next) {
		if (c->ends.proto != e->proto || c->ends.version != e->version)
			continue;
		*dir = !same_end(&c->ends, 0, e, 0);
		if (same_end(&c->ends, *dir, e, 0) && same_end(&c->ends, !*dir, e, 1))
			return c;
	}
	return NULL;
}

static void
link_conn(struct conns *s, struct conn *c)
{
	struct conn **bucket = &s->buckets[hash_of(&c->ends) % BUCKETS];

	c->next = *bucket;
	*bucket = c;
}

static void
unlink_conn(struct conns *s, struct conn *c)
{
	struct conn **p = &s->buckets[hash_of(&c->ends) % BUCKETS];

	while (*p != c)
		p = &(*p)->next;
	*p = c->next;
}

/* Tells what became of it. */
static void
judge(struct conns *s, struct conn *c, int64_t grace)
{
	struct desk *d = s->desk;
	struct failed_packets packets = { 0 };
	size_t *room = groups_room(d->groups);
	struct failure f = { .packets = &packets };
	struct verdict v;

	if (!c->wanted)
		return;
	failed_judge(c, d->now, grace, &v);
	f.ends = desk_ends(&c->ends, v.source);
	if (v.how != ATTEMPT_FAILED) {
		if (v.attempt)
			desk_tried(d, c->ends.proto == IPP_TCP ? TRY_CONNECT : TRY_UDP, &f.ends, f.subject, v.how);
		return;
	}
	f.kind = v.kind;
	f.cause = (struct failed_text) { v.cause, strlen(v.cause) };
	f.first = v.first;
	f.last = v.last;
	f.wait = v.wait;
	f.tries = v.tries;
	f.bytes = v.bytes;
	if (c->flow)
		ranges_add(c->flow->kind == FLOW_TCP ? &packets.tcp : &packets.udp, c->flow->stream, room);
	ranges_move(&packets.frames, &c->error_frames, room);
	desk_failed(d, &f);
}

static void
conn_free(struct conns *s, struct conn *c)
{
	ranges_free(&c->error_frames, groups_room(s->desk->groups));
	s->orphans -= c->flow == NULL;
	free(c);
}

void
conns_end(struct conns *s)
{
	for (size_t i = 0; i < BUCKETS; i++)
		for (struct conn *c = s->buckets[i]; c; c = c->next)
			if (c->flow == NULL)
				judge(s, c, s->desk->grace);
}

void
conns_free(struct conns *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < BUCKETS; i++)
		for (struct conn *c = s->buckets[i], *next; c; c = next) {
			next = c->next;
			talk_end(s->desk, c);
			conn_free(s, c);
		}
	free(s);
}

/* --- events ----------------------------------------------------------------------------------------------------------- */

void
conns_opened(struct conns *s, struct flow *f)
{
	struct conn *c;
	unsigned dir;

	f->user = NULL;
	if (f->kind != FLOW_TCP && f->kind != FLOW_UDP)
		return;
	c = find(s, &f->ends, &dir);
	if (c && c->flow == NULL) {	/* an ICMP error came first */
		unlink_conn(s, c);
		s->orphans--;
		c->error_dir ^= dir;
	} else if ((c = calloc(1, sizeof *c)) == NULL) {
		return;
	} else {
		c->error_wait = -1;
	}
	c->flow = f;
	c->ends = f->ends;
	c->wanted |= s->wanted;
	f->user = c;
	link_conn(s, c);
}

bool
conns_bytes(struct conns *s, struct flow *f, unsigned dir, const struct flow_piece *piece)
{
	return f->user && f->kind == FLOW_TCP && talk_take(s->desk, f->user, dir, piece);
}

void
conns_closed(struct conns *s, struct flow *f, enum flow_end why)
{
	struct conn *c = f->user;

	if (c == NULL)
		return;
	talk_end(s->desk, c);
	/* Who begins again has given the old one up. */
	judge(s, c, why == FLOW_END_REUSED ? 0 : s->desk->grace);
	unlink_conn(s, c);
	conn_free(s, c);
	f->user = NULL;
}

void
conns_step(struct conns *s, const struct flow_step *step, int64_t ns, uint64_t number)
{
	const struct flow *f = step->flow;
	struct conn *c = f->user;
	unsigned dir = step->dir;

	if (c == NULL)
		return;
	if (!c->wanted && s->desk->passes) {
		c->wanted = true;
		talk_wanted(s->desk, c, number);
	}
	if (f->kind == FLOW_UDP && step->fresh)
		c->asks = failed_must_answer(f->ends.port[1], step->payload, step->payload_caplen);
	if (!c->reset && f->rst_number[dir] == number) {
		c->reset = true;
		c->fin_before = c->fin;
		c->reset_dir = dir;
		c->reset_ns = ns;
		c->reset_wait = c->last[!dir] ? ns - c->last[!dir] : -1;
		/* What it carries itself is a reason, not data (RFC 9293 section 3.5.2). */
		c->reset_payload = f->payload[0] + f->payload[1] - step->payload_len;
	}
	if (!c->fin && f->fin_number[dir] == number) {
		c->fin = true;
		c->fin_dir = dir;
		c->fin_ns = ns;
	}
	c->last[dir] = ns;
}

void
conns_quoted(struct conns *s, const struct quote *q, int64_t ns, uint64_t number)
{
	unsigned dir = 0;
	struct conn *c = find(s, &q->ends, &dir);

	if (c == NULL) {
		if (s->orphans >= FAILED_ORPHANS_MAX || (c = calloc(1, sizeof *c)) == NULL) {
			s->desk->orphans_lost++;
			return;
		}
		s->orphans++;
		c->ends = q->ends;
		c->error_wait = -1;
		link_conn(s, c);
	}
	c->wanted |= s->desk->passes;
	if (c->errors++ == 0) {
		c->error_first = ns;
		c->error_wait = c->last[dir] ? ns - c->last[dir] : -1;
	}
	c->error = q->error;
	c->error_dir = dir;
	c->error_last = ns;
	c->error_heard = c->flow ? c->flow->packets[!dir] : 0;
	ranges_add(&c->error_frames, number, groups_room(s->desk->groups));
}
