/* Packets for the flow table, and what it tells of them. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "flow/flow.h"
#include "flow/segment.h"

enum { HEARD_MAX = 4096, BYTES_MAX = 1 << 20, BENCH_ORDER = 8 };

/* A table, and all that it told. */
struct bench {
	struct flows *flows;
	struct flow_step step;
	struct flow *flow;		/* of the last packet */
	uint64_t number;
	int64_t ns;
	uint8_t bytes[2][BYTES_MAX];	/* of all flows; '.' for what is missing, unless it is too much */
	size_t n[2];
	char log[HEARD_MAX];		/* "<abc" and ">abc" for pieces, "(3)" in front of them for missing bytes; conflicts, ends */
	size_t log_len;
	unsigned opened, closed;
	uint32_t order[BENCH_ORDER];	/* the streams that were closed first */
	bool stop;			/* wants no more bytes */
	bool quiet;			/* no log, no bytes kept */
};

__attribute__((format(printf, 2, 3))) static void
bench_log(struct bench *b, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	b->log_len += (size_t)vsnprintf(b->log + b->log_len, sizeof b->log - b->log_len, fmt, args);
	va_end(args);
	assert_true(b->log_len < sizeof b->log);
}

static void
bench_opened(void *ctx, struct flow *flow)
{
	struct bench *b = ctx;

	assert_null(flow->user);
	flow->user = b;
	b->opened++;
}

static bool
bench_bytes(void *ctx, struct flow *flow, unsigned dir, const struct flow_piece *p)
{
	struct bench *b = ctx;

	assert_ptr_equal(flow->user, b);
	assert_true(p->len || p->missing || p->jump);
	assert_true(p->number <= p->shown);
	if (b->quiet)
		return !b->stop;
	if (p->jump)
		bench_log(b, "!");
	if (p->missing)
		bench_log(b, "(%ju)", (uintmax_t)p->missing);
	if (p->len < 40)
		bench_log(b, "%c%.*s", "><"[dir], (int)p->len, p->p ? (const char *)p->p : "");
	else
		bench_log(b, "%c[%u]", "><"[dir], p->len);
	if (b->n[dir] + p->missing + p->len <= BYTES_MAX) {
		memset(b->bytes[dir] + b->n[dir], '.', p->missing);
		b->n[dir] += p->missing;
	}
	assert_true(b->n[dir] + p->len <= BYTES_MAX);
	if (p->len)
		memcpy(b->bytes[dir] + b->n[dir], p->p, p->len);
	b->n[dir] += p->len;
	return !b->stop;
}

static void
bench_conflict(void *ctx, struct flow *flow, unsigned dir, const struct flow_conflict *c)
{
	struct bench *b = ctx;

	assert_ptr_equal(flow->user, b);
	if (!b->quiet)
		bench_log(b, "{%c%ju %.*s/%.*s}", "><"[dir], (uintmax_t)c->offset, (int)c->len, c->kept, (int)c->len, c->other);
}

static void
bench_closed(void *ctx, struct flow *flow, enum flow_end end)
{
	struct bench *b = ctx;

	assert_ptr_equal(flow->user, b);
	if (b->closed < BENCH_ORDER)
		b->order[b->closed] = flow->stream;
	b->closed++;
	if (!b->quiet)
		bench_log(b, "%s", (const char *[]) { "$", "^", "~" }[end]);
}

static void
bench_options(struct bench *b, struct flows_options *o)
{
	memset(b, 0, sizeof *b);
	b->ns = 1000000000;
	o->watch = (struct flow_watch) { b, bench_opened, bench_bytes, bench_conflict, bench_closed };
	b->flows = flows_new(o);
	assert_non_null(b->flows);
}

static struct bench *
bench_new(void)
{
	struct flows_options o = { 0 };
	struct bench *b = malloc(sizeof *b);

	assert_non_null(b);
	bench_options(b, &o);
	return b;
}

/* Ends the capture; all that was told must be this. */
static void
bench_end(struct bench *b, const char *log)
{
	flows_end(b->flows);
	assert_int_equal(b->opened, b->closed);
	if (log)
		assert_string_equal(b->log, log);
	assert_int_equal(flows_counts(b->flows)->buffered, 0);
	flows_free(b->flows);
	free(b);
}

static const uint8_t host_a[16] = { 192, 0, 2, 1 }, host_b[16] = { 192, 0, 2, 2 };

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

/* A TCP segment between ports 1000 of A (dir 0) and 80 of B, of which caplen bytes of payload are captured. */
static void
tcp_cut(struct bench *b, unsigned dir, uint32_t seq, uint32_t ack, unsigned flags, const void *payload, uint32_t caplen,
    uint32_t len)
{
	static uint8_t p[20 + 262144];
	struct flow_datagram d = {
		.version = 4, .proto = 6, .src = dir ? host_b : host_a, .dst = dir ? host_a : host_b, .p = p,
		.caplen = 20 + caplen, .len = 20 + len, .frame_len = 54 + len, .number = ++b->number, .ns = b->ns += 1000000,
	};

	put16(p, dir ? 80 : 1000);
	put16(p + 2, dir ? 1000 : 80);
	put32(p + 4, seq);
	put32(p + 8, ack);
	p[12] = 0x50;
	p[13] = (uint8_t)flags;
	put16(p + 14, 65535);
	memset(p + 16, 0, 4);
	if (caplen)
		memcpy(p + 20, payload, caplen);
	flows_take(b->flows, &d, &b->step);
	assert_non_null(b->step.flow);
	assert_int_equal(b->step.payload_len, len);
	assert_int_equal(b->step.payload_caplen, caplen);
	b->flow = b->step.flow;
}

static inline void
tcp(struct bench *b, unsigned dir, uint32_t seq, uint32_t ack, unsigned flags, const char *payload)
{
	tcp_cut(b, dir, seq, ack, flags, payload, (uint32_t)strlen(payload), (uint32_t)strlen(payload));
}

/* A's first byte is `isn` + 1, B's is 5001. */
static inline void
tcp_open(struct bench *b, uint32_t isn)
{
	tcp(b, 0, isn, 0, SEG_SYN, "");
	tcp(b, 1, 5000, isn + 1, SEG_SYN | SEG_ACK, "");
	tcp(b, 0, isn + 1, 5001, SEG_ACK, "");
}
