/* Who there is: addresses, and addresses with ports, with what each has sent and received. */
#include <stdio.h>
#include <stdlib.h>

#include "cmd/stats_talk.h"

#include "base/tally.h"
#include "base/top.h"
#include "out/grid.h"
#include "out/object.h"

enum {
	KNOWN = 1u << TALK_ETH | 1u << TALK_IP | 1u << TALK_IPV6 | 1u << TALK_TCP | 1u << TALK_UDP | 1u << TALK_SCTP,
	OVERVIEW = 1u << TALK_IP | 1u << TALK_IPV6,
	CACHE = 256,
};

/* A row's own: [0] sent, [1] received. */
struct endpoint {
	uint64_t packets[2], bytes[2];
};

/* Two link addresses that met lately. */
struct met {
	uint8_t key[12];
	struct endpoint *src, *dst;
};

struct endpoints {
	struct talk talk;
	struct tally *tables[TALK_KINDS];
	struct endpoint others[TALK_KINDS];	/* what found no room, of each end */
	struct met met[CACHE];
};

/* The endpoint of an address, and a port where it has one. */
static struct endpoint *
endpoint_at(struct endpoints *s, enum talk_kind kind, const uint8_t *addr, unsigned size, const uint16_t *port)
{
	uint8_t key[18];
	struct tally_row *r;

	memcpy(key, addr, size);
	if (port) {
		memcpy(key + size, port, 2);
		size += 2;
	}
	r = tally_at(s->tables[kind], key, size);
	return r ? tally_extra(r) : &s->others[kind];
}

static void
endpoints_talk(void *ctx, enum talk_kind kind, const uint8_t *src, const uint8_t *dst, unsigned size,
    const struct tracked *t)
{
	struct endpoints *s = ctx;
	struct endpoint *from, *to;

	if (kind == TALK_ETH) {
		uint32_t low, high;
		struct met *m;

		memcpy(&low, src + 2, 4);
		memcpy(&high, dst + 2, 4);
		m = &s->met[(low * 0x9e3779b1u ^ high * 0x85ebca6bu) >> 24];
		if (m->src == NULL || memcmp(m->key, dst, 12) != 0) {
			memcpy(m->key, dst, 12);	/* the source is behind it */
			m->src = endpoint_at(s, kind, src, 6, NULL);
			m->dst = endpoint_at(s, kind, dst, 6, NULL);
		}
		from = m->src;
		to = m->dst;
	} else {
		from = endpoint_at(s, kind, src, size, NULL);
		to = endpoint_at(s, kind, dst, size, NULL);
	}
	from->packets[0]++;
	from->bytes[0] += t->packet->len;
	to->packets[1]++;
	to->bytes[1] += t->packet->len;
}

static bool
endpoints_open(void *state, const struct stats_setup *setup, struct err *e)
{
	struct endpoints *s = state;

	s->talk.kinds = setup->overview ? OVERVIEW : KNOWN;
	s->talk.ctx = s;
	s->talk.packet = endpoints_talk;
	if (!talk_open(&s->talk, setup, KNOWN, e))
		return err_wrap(e, "--endpoints");
	for (unsigned k = 0; k < TALK_KINDS; k++)
		if (s->talk.kinds >> k & 1) {
			s->tables[k] = tally_new(STATS_ROWS_MAX, STATS_BYTES_MAX, sizeof(struct endpoint));
			if (s->tables[k] == NULL)
				return err_set(e, "out of memory");
			tally_share(s->tables[k], setup->left);
		}
	return true;
}

static void
endpoints_packet(void *state, const struct tracked *t)
{
	talk_packet(&((struct endpoints *)state)->talk, t);
}

static void
add(struct endpoints *s, enum talk_kind kind, const struct flow *f, const struct talk_counts *c)
{
	unsigned size = f->ends.version == 4 ? 4 : 16;
	bool ports = kind == TALK_TCP || kind == TALK_UDP || kind == TALK_SCTP;

	if (!(s->talk.kinds >> kind & 1))
		return;
	for (unsigned i = 0; i < 2; i++) {
		struct endpoint *x = endpoint_at(s, kind, f->ends.addr[i], size, ports ? &f->ends.port[i] : NULL);

		for (unsigned way = 0; way < 2; way++) {
			x->packets[way] += c->packets[i ^ way];
			x->bytes[way] += c->bytes[i ^ way];
		}
	}
}

static void
endpoints_closed(void *state, struct flow *f, void **mine, enum flow_end end)
{
	struct endpoints *s = state;
	struct talk_counts c;

	(void)end;
	if (!talk_closed(&s->talk, f, mine, &c))
		return;
	add(s, talk_of(f), f, &c);
	add(s, talk_below(f), f, &c);
}

/* --- telling -------------------------------------------------------------------------------------------------------- */

static uint64_t
packets_of(const struct endpoint *x)
{
	return x->packets[0] + x->packets[1];
}

static uint64_t
bytes_of(const struct endpoint *x)
{
	return x->bytes[0] + x->bytes[1];
}

/* ctx: by packets rather than bytes? */
static bool
less(const void *ctx, const void *a, const void *b)
{
	const struct endpoint *x = tally_extra(a), *y = tally_extra(b);
	uint64_t p = packets_of(x), q = packets_of(y), m = bytes_of(x), n = bytes_of(y);

	if (*(const bool *)ctx ? p != q : m != n)
		return *(const bool *)ctx ? p < q : m < n;
	if (*(const bool *)ctx ? m != n : p != q)
		return *(const bool *)ctx ? m < n : p < q;
	return ((const struct tally_row *)a)->order > ((const struct tally_row *)b)->order;
}

static void
sort(const struct endpoints *s, enum talk_kind k, const bool *packets, struct top *top)
{
	top_begin(top, s->talk.setup->top, less, packets);
	for (const struct tally_row *r = tally_first(s->tables[k]); r; r = r->next)
		top_offer(top, r);
	top_sort(top);
}

/* A row's address and, behind it, port. */
static const uint8_t *
address_of(const struct endpoints *s, enum talk_kind k, const struct tally_row *r, unsigned *size, uint16_t *port)
{
	const uint8_t *key = tally_key(s->tables[k], r);

	*size = r->key_len;
	if (k == TALK_TCP || k == TALK_UDP || k == TALK_SCTP) {
		*size -= 2;
		memcpy(port, key + *size, 2);
	}
	return key;
}

static bool
by_packets(const struct endpoints *s)
{
	return s->talk.setup->by && strcmp(s->talk.setup->by, "packets") == 0;
}

static void
text_table(const struct endpoints *s, enum talk_kind k, const struct stats_view *v)
{
	static const struct grid_column columns[] = {
		{ "address", true }, { "port", false }, { "packets", false }, { "bytes", false }, { "", false },
		{ "sent", false }, { "bytes sent", false }, { "received", false }, { "bytes received", false },
	};
	bool ports = k == TALK_TCP || k == TALK_UDP || k == TALK_SCTP, packets = by_packets(s);
	struct grid_column without[8];
	struct top top;
	struct grid g;

	without[0] = columns[0];
	memcpy(without + 1, columns + 2, 7 * sizeof *columns);
	grid_begin(&g, ports ? columns : without, ports ? 9 : 8, 2);
	sort(s, k, &packets, &top);
	for (size_t i = 0; i < top.n; i++) {
		const struct endpoint *x = tally_extra(top.at[i]);
		char text[TALK_ADDRESS_ROOM];
		uint16_t port = 0;
		unsigned size;
		const uint8_t *addr = address_of(s, k, top.at[i], &size, &port);

		talk_address(text, addr, size);
		grid_str(&g, text);
		if (ports)
			grid_u(&g, port);
		grid_u(&g, packets_of(x));
		grid_u(&g, bytes_of(x));
		grid_percent(&g, (double)(packets ? packets_of(x) : bytes_of(x)), (double)(packets ? v->packets : v->bytes));
		for (unsigned way = 0; way < 2; way++) {
			grid_u(&g, x->packets[way]);
			grid_u(&g, x->bytes[way]);
		}
	}
	grid_end(&g, v->out);
	top_free(&top);
}

static void
endpoints_text(void *state, const struct stats_view *v)
{
	const struct endpoints *s = state;
	bool any = false;

	for (unsigned k = 0; k < TALK_KINDS; k++) {
		uint32_t n = s->tables[k] ? tally_rows(s->tables[k]) : 0;

		if (n == 0)
			continue;
		any = true;
		talk_head(v->out, k, n, !s->talk.setup->top || n <= s->talk.setup->top ? NULL :
		    by_packets(s) ? "those with most packets" : "those with most bytes", packets_of(&s->others[k]));
		text_table(s, k, v);
	}
	if (!any)
		buf_str(v->out, "  none\n");
}

static void
json_counts(struct buf *b, const struct endpoint *x)
{
	object_u(b, "packets", packets_of(x));
	object_u(b, "bytes", bytes_of(x));
	object_u(b, "packets_sent", x->packets[0]);
	object_u(b, "bytes_sent", x->bytes[0]);
	object_u(b, "packets_received", x->packets[1]);
	object_u(b, "bytes_received", x->bytes[1]);
}

static void
json_table(const struct endpoints *s, enum talk_kind k, const struct stats_view *v)
{
	bool packets = by_packets(s);
	struct top top;

	sort(s, k, &packets, &top);
	object_open(v->out, talk_word(k));
	object_u(v->out, "count", tally_rows(s->tables[k]));
	object_list(v->out, "endpoints");
	for (size_t i = 0; i < top.n; i++) {
		char text[TALK_ADDRESS_ROOM];
		uint16_t port = 0;
		unsigned size;
		const uint8_t *addr = address_of(s, k, top.at[i], &size, &port);

		talk_address(text, addr, size);
		object_open(v->out, NULL);
		object_str(v->out, "address", text);
		if (size != ((const struct tally_row *)top.at[i])->key_len)
			object_u(v->out, "port", port);
		json_counts(v->out, tally_extra(top.at[i]));
		object_close(v->out);
		stats_flush(v);
	}
	object_list_end(v->out);
	object_open(v->out, "others");
	json_counts(v->out, &s->others[k]);
	object_close(v->out);
	object_close(v->out);
	top_free(&top);
}

static void
endpoints_json(void *state, const struct stats_view *v)
{
	const struct endpoints *s = state;

	for (unsigned k = 0; k < TALK_KINDS; k++)
		if (s->tables[k])
			json_table(s, k, v);
}

static void
endpoints_close(void *state)
{
	struct endpoints *s = state;

	for (unsigned k = 0; k < TALK_KINDS; k++)
		tally_free(s->tables[k]);
}

const struct stats_section stats_endpoints = {
	.name = "endpoints", .arg = "[kinds]", .title = "Endpoints", .overview = true,
	.help = "who there is: of eth, ip, ipv6, tcp, udp, sctp", .size = sizeof(struct endpoints), .open = endpoints_open,
	.packet = endpoints_packet, .closed = endpoints_closed, .text = endpoints_text, .json = endpoints_json,
	.close = endpoints_close,
};
