/* Who talks to whom: how much each way, when, how fast, and for TCP how it began and ended. */
#include <stdio.h>
#include <stdlib.h>

#include "cmd/stats_talk.h"

#include "base/tally.h"
#include "base/top.h"
#include "out/grid.h"
#include "out/object.h"

enum {
	ALL = (1u << TALK_KINDS) - 1,
	OVERVIEW = 1u << TALK_TCP | 1u << TALK_UDP | 1u << TALK_SCTP,
	PAIRS = 1u << TALK_ETH | 1u << TALK_IP | 1u << TALK_IPV6,	/* kinds that are not the tracker's flows */
	CACHE = 256,
};

/* How a TCP connection ended, as far as was seen. */
enum ending {
	END_NONE, END_CLOSED, END_HALF_CLOSED, END_RESET, END_REFUSED, END_UNANSWERED, END_HALF_OPEN, END_OPEN, END_MIDSTREAM,
};
static const char *const endings[] = {
	[END_NONE] = "", [END_CLOSED] = "closed", [END_HALF_CLOSED] = "half-closed", [END_RESET] = "reset",
	[END_REFUSED] = "refused", [END_UNANSWERED] = "unanswered", [END_HALF_OPEN] = "half-open", [END_OPEN] = "open",
	[END_MIDSTREAM] = "midstream",
};

/* One conversation as it is told; end [0] sent its first packet. */
struct conversation {
	struct flow_ends ends;
	struct talk_counts counts;
	uint32_t stream;
	uint8_t ending, by;		/* enum ending; by which end */
	bool crowded;			/* it may have gone on, but the table of flows was full */
	int64_t rtt;			/* of the handshake; -1: not seen whole */
	uint64_t payload[2], missing[2];
};

/* A pair of addresses, [0] the one whose bytes are less; in a row's own. */
struct pair {
	struct talk_counts counts;
	bool upper;			/* the first packet was [1]'s */
};

struct kind {
	struct tally *pairs;		/* of PAIRS */
	struct top best;
	struct conversation *spare;
	uint64_t n, packets, bytes;	/* of all, whether or not they are kept */
	uint64_t lost, lost_packets, lost_bytes;	/* for which there was no room; pairs: n is not known */
};

/* Two link addresses that met lately; [0] as they are in the frame. */
struct met {
	uint8_t key[12];
	struct pair *pair;
	bool upper;
};

struct conversations {
	struct talk talk;
	enum talk_order { BY_BYTES, BY_PACKETS, BY_START, BY_DURATION, BY_RATE, BY_RTT } by;
	struct kind kinds[TALK_KINDS];
	struct met met[CACHE];
	size_t *left;			/* stats_setup.left */
	bool told;
};

/* --- what comes first ----------------------------------------------------------------------------------------------- */

static uint64_t
packets_of(const struct conversation *c)
{
	return c->counts.packets[0] + c->counts.packets[1];
}

static uint64_t
bytes_of(const struct conversation *c)
{
	return c->counts.bytes[0] + c->counts.bytes[1];
}

static int64_t
duration_of(const struct conversation *c)
{
	return c->counts.last - c->counts.first;
}

/* Bits a second; 0 where no time has passed. */
static double
rate_of(uint64_t bytes, int64_t ns)
{
	return ns > 0 ? (double)bytes * 8 * 1e9 / (double)ns : 0;
}

/* a < b? As numbers that say so: -1, 0, 1. */
#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))

static bool
less(const void *ctx, const void *a, const void *b)
{
	const struct conversation *x = a, *y = b;
	int d = 0;

	switch (*(const enum talk_order *)ctx) {
	case BY_BYTES: d = COMPARE(bytes_of(x), bytes_of(y)); break;
	case BY_PACKETS: d = COMPARE(packets_of(x), packets_of(y)); break;
	case BY_START: break;
	case BY_DURATION: d = COMPARE(duration_of(x), duration_of(y)); break;
	case BY_RATE: d = COMPARE(rate_of(bytes_of(x), duration_of(x)), rate_of(bytes_of(y), duration_of(y))); break;
	case BY_RTT: d = COMPARE(x->rtt, y->rtt); break;
	}
	if (d == 0)
		d = COMPARE(y->counts.first, x->counts.first);
	if (d == 0)
		d = COMPARE(y->counts.first_number, x->counts.first_number);
	return (d ? d : COMPARE(y->stream, x->stream)) < 0;
}

enum {
	KEPT = sizeof(struct conversation) + 16 + 2 * sizeof(void *),	/* what one takes, with malloc's own and its place */
	FEW = 1000,							/* so many are kept whatever other tables have taken */
};

/* Keeps a copy, if it belongs to those that will be told. */
static void
keep(struct conversations *s, enum talk_kind kind, const struct conversation *c)
{
	struct kind *k = &s->kinds[kind];

	k->n++;
	k->packets += packets_of(c);
	k->bytes += bytes_of(c);
	if (!k->spare && (k->best.n < FEW || (*s->left >= KEPT && (k->best.max || k->best.n < STATS_ROWS_MAX))) &&
	    (k->spare = malloc(sizeof *k->spare)) != NULL)
		*s->left -= *s->left < KEPT ? *s->left : KEPT;
	if (!k->spare) {
		k->lost++;
		k->lost_packets += packets_of(c);
		k->lost_bytes += bytes_of(c);
		return;
	}
	*k->spare = *c;
	k->spare = (struct conversation *)(uintptr_t)top_offer(&k->best, k->spare);
}

/* --- pairs of addresses --------------------------------------------------------------------------------------------- */

/* The pair of two addresses; *upper: src is the one whose bytes are more. NULL without room. */
static struct pair *
pair_at(struct kind *k, const uint8_t *src, const uint8_t *dst, unsigned size, bool *upper)
{
	struct tally_row *r;
	uint8_t key[32];

	*upper = memcmp(src, dst, size) > 0;
	memcpy(key, *upper ? dst : src, size);
	memcpy(key + size, *upper ? src : dst, size);
	r = tally_at(k->pairs, key, 2 * size);
	return r ? tally_extra(r) : NULL;
}

/* Adds what src has sent to dst ([0]) and got from it. */
static void
pair_add(struct pair *p, bool upper, const struct talk_counts *c)
{
	struct talk_counts *to = &p->counts;
	bool fresh = to->packets[0] + to->packets[1] == 0;

	for (unsigned i = 0; i < 2; i++) {
		to->packets[i] += c->packets[i ^ upper];
		to->bytes[i] += c->bytes[i ^ upper];
	}
	if (fresh || c->first_number < to->first_number) {
		to->first_number = c->first_number;
		p->upper = upper;
	}
	to->first = fresh || c->first < to->first ? c->first : to->first;
	to->last = fresh || c->last > to->last ? c->last : to->last;
}

static void
pair_lost(struct kind *k, const struct talk_counts *c)
{
	k->lost_packets += c->packets[0] + c->packets[1];
	k->lost_bytes += c->bytes[0] + c->bytes[1];
}

static void
conversations_talk(void *ctx, enum talk_kind kind, const uint8_t *src, const uint8_t *dst, unsigned size,
    const struct tracked *t)
{
	const struct talk_counts one = { .packets = { 1 }, .bytes = { t->packet->len }, .first_number = t->number,
		.first = t->ns, .last = t->ns };
	struct conversations *s = ctx;
	struct kind *k = &s->kinds[kind];
	struct pair *p;
	bool upper;

	if (kind == TALK_ETH) {
		uint32_t low, high;
		struct met *m;

		memcpy(&low, src + 2, 4);
		memcpy(&high, dst + 2, 4);
		m = &s->met[(low * 0x9e3779b1u ^ high * 0x85ebca6bu) >> 24];
		if (m->pair == NULL || memcmp(m->key, dst, 12) != 0) {
			memcpy(m->key, dst, 12);	/* the source is behind it */
			m->pair = pair_at(k, src, dst, 6, &m->upper);
		}
		p = m->pair;
		upper = m->upper;
	} else {
		p = pair_at(k, src, dst, size, &upper);
	}
	if (p)
		pair_add(p, upper, &one);
	else
		pair_lost(k, &one);
}

/* --- counting ------------------------------------------------------------------------------------------------------- */

static bool
conversations_open(void *state, const struct stats_setup *setup, struct err *e)
{
	static const char *const words[] = { [BY_BYTES] = "bytes", [BY_PACKETS] = "packets", [BY_START] = "start",
		[BY_DURATION] = "duration", [BY_RATE] = "rate", [BY_RTT] = "rtt" };
	struct conversations *s = state;

	s->talk.kinds = setup->overview ? OVERVIEW : ALL;
	s->talk.ctx = s;
	s->talk.packet = conversations_talk;
	for (unsigned i = 0; setup->by && i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i], setup->by) == 0)
			s->by = i;
	if (!talk_open(&s->talk, setup, ALL, e))
		return err_wrap(e, "--conversations");
	for (unsigned k = 0; k < TALK_KINDS; k++) {
		top_begin(&s->kinds[k].best, setup->top, less, &s->by);
		if (!(s->talk.kinds >> k & 1) || !(PAIRS >> k & 1))
			continue;
		s->kinds[k].pairs = tally_new(STATS_ROWS_MAX, STATS_BYTES_MAX, sizeof(struct pair));
		if (s->kinds[k].pairs == NULL)
			return err_set(e, "out of memory");
		tally_share(s->kinds[k].pairs, setup->left);
	}
	s->left = setup->left;
	return true;
}

static void
conversations_packet(void *state, const struct tracked *t)
{
	talk_packet(&((struct conversations *)state)->talk, t);
}

/* What its flags say of a connection's end. */
static void
judge(const struct flow *f, struct conversation *c)
{
	bool syn = f->saw[0] & TCP_SAW_SYN, answered = (f->saw[0] | f->saw[1]) & TCP_SAW_SYNACK;
	unsigned fins = !!(f->saw[0] & TCP_SAW_FIN) + !!(f->saw[1] & TCP_SAW_FIN);
	uint64_t rst[2] = { f->rst_number[0], f->rst_number[1] };

	syn = syn || f->saw[1] & TCP_SAW_SYN;
	if (rst[0] || rst[1]) {
		c->by = rst[0] == 0 || (rst[1] && rst[1] < rst[0]);
		/* What is reset after both sides had said their last word was over before. */
		if (fins == 2 && f->fin_number[0] < rst[c->by] && f->fin_number[1] < rst[c->by]) {
			c->ending = END_CLOSED;
			c->by = f->fin_number[1] < f->fin_number[0];
		} else {
			c->ending = syn && !answered && !(f->saw[0] & TCP_SAW_SYN && c->by == 0) &&
			    !((f->saw[0] | f->saw[1]) & TCP_SAW_DATA) ? END_REFUSED : END_RESET;
		}
	} else if (fins) {
		c->ending = fins == 2 ? END_CLOSED : END_HALF_CLOSED;
		c->by = fins == 2 ? f->fin_number[1] < f->fin_number[0] : !(f->saw[0] & TCP_SAW_FIN);
	} else if (syn && !answered && !((f->saw[0] | f->saw[1]) & (TCP_SAW_ACK | TCP_SAW_DATA))) {
		c->ending = END_UNANSWERED;
	} else if (answered && !((f->saw[0] | f->saw[1]) & (TCP_SAW_ACK | TCP_SAW_DATA))) {
		c->ending = END_HALF_OPEN;
	} else {
		c->ending = syn || answered ? END_OPEN : END_MIDSTREAM;
	}
}

static void
conversations_closed(void *state, struct flow *f, void **mine, enum flow_end end)
{
	struct conversations *s = state;
	struct conversation c = { .rtt = -1, .ends = f->ends, .stream = f->stream, .crowded = end == FLOW_END_CROWDED };
	enum talk_kind below = talk_below(f);

	if (!talk_closed(&s->talk, f, mine, &c.counts))
		return;
	if (s->talk.kinds >> below & 1) {
		unsigned size = below == TALK_IP ? 4 : 16;
		bool upper;
		struct pair *p = pair_at(&s->kinds[below], f->ends.addr[0], f->ends.addr[1], size, &upper);

		if (p)
			pair_add(p, upper, &c.counts);
		else
			pair_lost(&s->kinds[below], &c.counts);
	}
	if (!(s->talk.kinds >> talk_of(f) & 1))
		return;
	for (unsigned i = 0; i < 2; i++) {
		c.payload[i] = f->payload[i];
		c.missing[i] = f->missing[i];
	}
	if (f->kind == FLOW_TCP) {
		judge(f, &c);
		if (f->syn && f->synack && f->ack && f->ack >= f->syn)
			c.rtt = f->ack - f->syn;
	}
	keep(s, talk_of(f), &c);
}

/* --- telling -------------------------------------------------------------------------------------------------------- */

/* Pairs become conversations like the others. */
static void
keep_pairs(struct conversations *s, enum talk_kind kind)
{
	struct kind *k = &s->kinds[kind];

	for (const struct tally_row *r = tally_first(k->pairs); r; r = r->next) {
		const struct pair *p = tally_extra(r);
		const uint8_t *key = tally_key(k->pairs, r);
		unsigned size = r->key_len / 2;
		struct conversation c = { .rtt = -1, .counts = p->counts };

		c.ends.version = kind == TALK_IP ? 4 : kind == TALK_IPV6 ? 6 : 0;
		for (unsigned i = 0; i < 2; i++) {
			memcpy(c.ends.addr[i], key + (i ^ p->upper) * size, size);
			c.counts.packets[i] = p->counts.packets[i ^ p->upper];
			c.counts.bytes[i] = p->counts.bytes[i ^ p->upper];
		}
		keep(s, kind, &c);
	}
}

static void
finish(struct conversations *s)
{
	if (s->told)
		return;
	s->told = true;
	for (unsigned i = 0; i < TALK_KINDS; i++) {
		if (s->kinds[i].pairs)
			keep_pairs(s, i);
		top_sort(&s->kinds[i].best);
	}
}

static void
end_text(enum talk_kind kind, const struct conversation *c, unsigned i, char text[TALK_ADDRESS_ROOM])
{
	size_t n;

	talk_address(text, c->ends.addr[i], c->ends.version == 4 ? 4 : c->ends.version == 6 ? 16 : 6);
	n = strlen(text);
	if (kind == TALK_TCP || kind == TALK_UDP || kind == TALK_SCTP)
		snprintf(text + n, TALK_ADDRESS_ROOM - n, c->ends.version == 6 ? ".%u" : ":%u", c->ends.port[i]);
}

static void
text_row(struct grid *g, enum talk_kind kind, const struct conversation *c, const struct stats_view *v)
{
	int64_t took = duration_of(c);
	char text[TALK_ADDRESS_ROOM];

	if (!(PAIRS >> kind & 1))
		grid_u(g, c->stream);
	for (unsigned i = 0; i < 2; i++) {
		end_text(kind, c, i, text);
		grid_str(g, text);
	}
	if (kind == TALK_ICMP)
		grid_u(g, c->ends.port[0]);
	grid_u(g, packets_of(c));
	grid_u(g, bytes_of(c));
	for (unsigned i = 0; i < 2; i++) {
		grid_u(g, c->counts.packets[i]);
		grid_u(g, c->counts.bytes[i]);
	}
	grid_seconds(g, c->counts.first - v->first, 6);
	grid_seconds(g, took, took >= 1000000000 ? 3 : 6);
	if (took > 0)
		grid_bits(g, rate_of(bytes_of(c), took));
	else
		grid_str(g, "-");
	if (kind != TALK_TCP)
		return;
	if (c->rtt >= 0)
		grid_took(g, c->rtt);
	else
		grid_str(g, "-");
	snprintf(text, sizeof text, "%s%s", endings[c->ending], c->ending == END_RESET || c->ending == END_HALF_CLOSED ?
	    c->by ? " by b" : " by a" : c->crowded ? ", given up" : "");
	grid_str(g, text);
}

static void
text_table(struct conversations *s, enum talk_kind kind, const struct stats_view *v)
{
	struct grid_column columns[GRID_COLUMNS_MAX];
	struct kind *k = &s->kinds[kind];
	unsigned n = 0;
	struct grid g;

	if (!(PAIRS >> kind & 1))
		columns[n++] = (struct grid_column) { "stream", false };
	columns[n++] = (struct grid_column) { "a", true };
	columns[n++] = (struct grid_column) { "b", true };
	if (kind == TALK_ICMP)
		columns[n++] = (struct grid_column) { "type", false };
	columns[n++] = (struct grid_column) { "packets", false };
	columns[n++] = (struct grid_column) { "bytes", false };
	columns[n++] = (struct grid_column) { "a>b", false };
	columns[n++] = (struct grid_column) { "bytes", false };
	columns[n++] = (struct grid_column) { "b>a", false };
	columns[n++] = (struct grid_column) { "bytes", false };
	columns[n++] = (struct grid_column) { "start", false };
	columns[n++] = (struct grid_column) { "duration", false };
	columns[n++] = (struct grid_column) { "rate", false };
	if (kind == TALK_TCP) {
		columns[n++] = (struct grid_column) { "handshake", false };
		columns[n++] = (struct grid_column) { "end", true };
	}
	grid_begin(&g, columns, n, 2);
	for (size_t i = 0; i < k->best.n; i++)
		text_row(&g, kind, k->best.at[i], v);
	grid_end(&g, v->out);
}

static void
conversations_text(void *state, const struct stats_view *v)
{
	static const char *const orders[] = { [BY_BYTES] = "those with most bytes", [BY_PACKETS] = "those with most packets",
		[BY_START] = "the first", [BY_DURATION] = "the longest", [BY_RATE] = "the fastest",
		[BY_RTT] = "those with the longest handshake" };
	struct conversations *s = state;
	bool any = false;

	finish(s);
	for (unsigned i = 0; i < TALK_KINDS; i++) {
		const struct kind *k = &s->kinds[i];

		if (k->n == 0 || !(s->talk.kinds >> i & 1))
			continue;
		any = true;
		talk_head(v->out, i, k->n, k->n > k->best.n ? orders[s->by] : NULL, k->lost_packets);
		text_table(s, i, v);
	}
	if (!any)
		buf_str(v->out, "  none\n");
}

static void
json_end(struct buf *b, enum talk_kind kind, const struct conversation *c, unsigned i)
{
	char text[TALK_ADDRESS_ROOM];

	talk_address(text, c->ends.addr[i], c->ends.version == 4 ? 4 : c->ends.version == 6 ? 16 : 6);
	object_str(b, i ? "b" : "a", text);
	if (kind == TALK_TCP || kind == TALK_UDP || kind == TALK_SCTP)
		object_u(b, i ? "b_port" : "a_port", c->ends.port[i]);
}

static void
json_row(struct buf *b, const struct conversations *s, enum talk_kind kind, const struct conversation *c,
    const struct stats_view *v)
{
	int64_t took = duration_of(c);
	char id[COMMUNITY_ID_MAX];

	object_open(b, NULL);
	if (!(PAIRS >> kind & 1)) {
		object_u(b, "stream", c->stream);
		community_id(&c->ends, 0, id);
		object_str(b, "community_id", id);
	}
	json_end(b, kind, c, 0);
	json_end(b, kind, c, 1);
	if (kind == TALK_ICMP)
		object_u(b, "type", c->ends.port[0]);
	object_u(b, "packets", packets_of(c));
	object_u(b, "bytes", bytes_of(c));
	object_u(b, "packets_ab", c->counts.packets[0]);
	object_u(b, "bytes_ab", c->counts.bytes[0]);
	object_u(b, "packets_ba", c->counts.packets[1]);
	object_u(b, "bytes_ba", c->counts.bytes[1]);
	object_u(b, "first_packet", c->counts.first_number);
	object_time(b, "start", c->counts.first);
	object_seconds(b, "relative_start", c->counts.first - v->first);
	object_seconds(b, "duration", took);
	if (took > 0) {
		object_real(b, "bits_per_second_ab", rate_of(c->counts.bytes[0], took), 3);
		object_real(b, "bits_per_second_ba", rate_of(c->counts.bytes[1], took), 3);
	}
	if (!s->talk.setup->filtered && !(PAIRS >> kind & 1)) {
		object_u(b, "payload_ab", c->payload[0]);
		object_u(b, "payload_ba", c->payload[1]);
	}
	if (kind == TALK_TCP) {
		if (c->rtt >= 0)
			object_seconds(b, "handshake_rtt", c->rtt);
		if (!s->talk.setup->filtered) {
			object_u(b, "missing_ab", c->missing[0]);
			object_u(b, "missing_ba", c->missing[1]);
		}
		object_str(b, "end", endings[c->ending]);
		if (c->ending == END_RESET || c->ending == END_HALF_CLOSED || c->ending == END_CLOSED)
			object_str(b, "end_by", c->by ? "b" : "a");
	}
	if (c->crowded)
		object_bool(b, "given_up", true);
	object_close(b);
}

static void
conversations_json(void *state, const struct stats_view *v)
{
	struct conversations *s = state;

	finish(s);
	for (unsigned i = 0; i < TALK_KINDS; i++) {
		const struct kind *k = &s->kinds[i];

		if (!(s->talk.kinds >> i & 1))
			continue;
		object_open(v->out, talk_word(i));
		object_u(v->out, "count", k->n);
		object_u(v->out, "packets", k->packets);
		object_u(v->out, "bytes", k->bytes);
		object_list(v->out, "conversations");
		for (size_t j = 0; j < k->best.n; j++) {
			json_row(v->out, s, i, k->best.at[j], v);
			stats_flush(v);
		}
		object_list_end(v->out);
		object_open(v->out, "others");
		object_u(v->out, "packets", k->lost_packets);
		object_u(v->out, "bytes", k->lost_bytes);
		object_close(v->out);
		object_close(v->out);
	}
}

static void
conversations_close(void *state)
{
	struct conversations *s = state;

	for (unsigned i = 0; i < TALK_KINDS; i++) {
		struct kind *k = &s->kinds[i];

		for (size_t j = 0; j < k->best.n; j++)
			free((void *)(uintptr_t)k->best.at[j]);
		free(k->spare);
		top_free(&k->best);
		tally_free(k->pairs);
	}
}

const struct stats_section stats_conversations = {
	.name = "conversations", .arg = "[kinds]", .title = "Conversations", .overview = true,
	.help = "who talks to whom: of eth, ip, ipv6, tcp, udp, sctp, icmp", .size = sizeof(struct conversations),
	.open = conversations_open, .packet = conversations_packet, .closed = conversations_closed,
	.text = conversations_text, .json = conversations_json, .close = conversations_close,
};
