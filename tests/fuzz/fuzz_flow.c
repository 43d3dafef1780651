/*
 * The flow table and reassembly: packets made from the input, eight bytes each. Where nobody lies, each byte of a stream can be
 * told from its sequence number: what is handed over is checked against that, besides offsets, ceilings and counts.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "flow/flow.h"
#include "flow/segment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { OP = 8, SMALL_FLOWS = 3, SMALL_BUFFER = 3000, TALKS = 8 };

/* What a flow has said. */
struct talk {
	uint64_t next[2], missing[2], bytes[2];
	uint8_t due[2];			/* the byte at next, were all as it should be */
	bool begun[2], unwanted;
};

/* What senders are up to. */
struct sender {
	uint32_t seq;
};

struct fuzz {
	struct flows *flows;
	uint64_t number, missing, conflicts;
	unsigned open;
	bool lies;			/* some packet did not say what its sequence number asks for */
	bool tires;			/* watchers do not want everything */
	bool small;
};

static void
on_opened(void *ctx, struct flow *flow)
{
	struct fuzz *z = ctx;

	assert(flow->user == NULL);
	flow->user = calloc(1, sizeof(struct talk));
	assert(flow->user);
	z->open++;
}

static bool
on_bytes(void *ctx, struct flow *flow, unsigned dir, const struct flow_piece *p)
{
	struct fuzz *z = ctx;
	struct talk *t = flow->user;

	assert(!t->unwanted);
	assert(p->len || p->missing || p->jump);
	assert(p->offset == t->next[dir] + p->missing);
	assert(p->number <= p->shown && p->shown == z->number);
	assert(flow->missing[dir] >= t->missing[dir] + p->missing);
	if (flow->kind == FLOW_TCP && !z->lies && p->len) {
		uint8_t due = (uint8_t)(t->due[dir] + 7 * p->missing);

		if (!t->begun[dir] || p->jump)
			due = p->p[0];
		for (uint32_t i = 0; i < p->len; i++, due += 7)
			assert(p->p[i] == due);
		t->due[dir] = due;
		t->begun[dir] = true;
	} else {
		t->begun[dir] = t->begun[dir] && !p->jump;
		t->due[dir] += (uint8_t)(7 * p->missing);
	}
	t->next[dir] = p->offset + p->len;
	t->missing[dir] += p->missing;
	t->bytes[dir] += p->len;
	z->missing += p->missing;
	t->unwanted = z->tires && p->len % 16 == 5;
	return !t->unwanted;
}

static void
on_conflict(void *ctx, struct flow *flow, unsigned dir, const struct flow_conflict *c)
{
	struct fuzz *z = ctx;
	struct talk *t = flow->user;

	assert(z->lies && !t->unwanted && flow->kind == FLOW_TCP && dir < 2);
	assert(c->len && c->kept[0] != c->other[0] && c->kept[c->len - 1] != c->other[c->len - 1]);
	z->conflicts++;
}

static void
on_closed(void *ctx, struct flow *flow, enum flow_end end)
{
	struct fuzz *z = ctx;
	struct talk *t = flow->user;

	(void)end;
	for (unsigned dir = 0; dir < 2; dir++) {
		assert(t->unwanted || flow->missing[dir] == t->missing[dir]);
		assert(t->bytes[dir] <= flow->payload[dir]);
	}
	free(t);
	z->open--;
}

static void
put16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void
put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v);
}

static void
take(struct fuzz *z, struct sender senders[TALKS][2], const uint8_t *op, const uint8_t *rest, size_t n_rest)
{
	static const uint8_t hosts[2][16] = { { 10, 0, 0, 1 }, { 10, 0, 0, 2 } };
	const unsigned dir = op[0] & 1, talk = op[0] >> 1 & (TALKS - 1), kind = op[0] >> 4;
	uint8_t p[60 + 4 * 255];
	struct flow_datagram d = {
		.version = kind & 1 ? 6 : 4, .proto = 6, .src = hosts[dir], .dst = hosts[!dir], .p = p,
		.frame_len = 100, .number = ++z->number, .ns = (int64_t)z->number * 1000, .quoted = kind == 10,
	};
	struct sender *me = &senders[talk][dir], *peer = &senders[talk][!dir];
	uint32_t delta = (uint32_t)(int16_t)(op[2] << 8 | op[3]), len = op[4], header = 20;
	struct flow_step step;

	memset(p, 0, 60);
	put16(p, dir ? 80 : 1000 + talk);
	put16(p + 2, dir ? 1000 + talk : 80);
	if (kind <= 10) {
		uint32_t seq, first;

		/* Mostly where the sender is; far away with the urgent pointer's flag; that moves it with ECE. */
		seq = me->seq + (op[1] & SEG_URG ? delta << 16 : delta);
		if (op[1] & 0x40)
			me->seq = seq + len;
		first = seq + (op[1] & SEG_SYN ? 1 : 0);
		header = op[6] & 0x80 ? 32 : 20;
		len *= op[7] & 0x40 ? 4 : 1;
		put32(p + 4, seq);
		put32(p + 8, peer->seq + (uint32_t)(int8_t)op[5]);
		p[12] = (uint8_t)(header << 2);
		p[13] = op[1];
		put16(p + 14, (uint32_t)op[6] << 8);
		if (header == 32)
			memcpy(p + 20, (const uint8_t[]) { 3, 3, op[6] & 15, 1, 1, 1, 1, 1, 1, 1, 1, 0 }, 12);
		for (uint32_t i = 0; i < len; i++)
			p[header + i] = (uint8_t)((first + i) * 7);
		if (op[7] & 1 && len) {
			p[header + op[7] % len] ^= 0x55;
			z->lies = true;
		}
	} else if (kind <= 12) {
		d.proto = 17;
		put16(p + 4, op[2]);
		header = 8;
	} else {
		/* Anything at all. */
		static const uint8_t protos[] = { 1, 58, 132, 6, 17, 136, 47, 0 };

		d.proto = protos[op[1] & 7];
		len = len < n_rest ? len : (uint32_t)n_rest;
		header = op[1] & 8 ? 12 : 0;
		if (len)
			memcpy(p + header, rest, len);
		z->lies = true;
	}
	d.len = header + len;
	d.caplen = op[7] & 2 ? d.len - (d.len < op[7] / 4u ? d.len : op[7] / 4u) : d.len;
	flows_take(z->flows, &d, &step);
	if (step.flow) {
		assert(step.dir < 2 && step.payload_caplen <= step.payload_len && step.payload_len <= d.len);
		assert(!step.payload || (step.payload >= p && step.payload + step.payload_caplen <= p + d.caplen));
	}
	if (op[7] & 4 && op[7] & 8 && step.flow)
		flow_flush(z->flows, step.flow);
	const struct flows_counts *c = flows_counts(z->flows);
	assert(c->buffered <= (z->small ? SMALL_BUFFER : FLOWS_BUFFER_MAX));
	assert(c->conflicts == z->conflicts && c->missing >= z->missing);
	assert(!z->small || z->open <= SMALL_FLOWS);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct sender senders[TALKS][2];
	struct fuzz z = { 0 };
	struct flows_options o = { 0 };

	if (n < 1)
		return 0;
	z.small = data[0] & 1;
	z.tires = data[0] & 2;
	if (z.small) {
		o.flows_max = SMALL_FLOWS;
		o.buffer_max = SMALL_BUFFER;
	}
	o.analyse = data[0] & 4;
	o.watch = (struct flow_watch) { &z, on_opened, data[0] & 16 ? NULL : on_bytes, data[0] & 8 ? NULL : on_conflict, on_closed };
	for (unsigned i = 0; i < TALKS; i++)
		for (unsigned dir = 0; dir < 2; dir++)
			senders[i][dir].seq = 0xffffff00u + i * 0x20000000u + dir * 5000;
	z.flows = flows_new(&o);
	assert(z.flows);
	for (size_t i = 1; i + OP <= n; i += OP)
		take(&z, senders, data + i, data + i + OP, n - i - OP);
	flows_end(z.flows);
	assert(z.open == 0 && flows_counts(z.flows)->buffered == 0);
	flows_free(z.flows);
	return 0;
}
