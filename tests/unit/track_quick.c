/* Packets of which only the flows are wanted: what is found without a walk is what the walk finds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "cmd/track.h"
#include "cmd/track_quick.h"
#include "dice.h"
#include "proto/protos.h"

enum { FRAME_MAX = 256, ROUNDS = 60000 };

#define MACS "\2\0\0\0\0\13\2\0\0\0\0\12"
#define ADDRS "\12\0\0\1\12\0\0\2"
#define ADDRS6 "\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0\1\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0\2"
#define TCP "\234\100\0\120\0\0\3\350\0\0\0\1\120\30\2\0\0\0\0\0hello"		/* 25 bytes */
#define UDP "\234\100\23\210\0\15\0\0hello"					/* 13 bytes */
#define IP4(len, proto) "\105\0\0" len "\0\1\0\0\100" proto "\0\0" ADDRS
#define FRAME(s) { s, sizeof(s) - 1 }

static const struct { const char *p; size_t len; } frames[] = {
	FRAME(MACS "\10\0" IP4("\55", "\6") TCP),
	FRAME(MACS "\10\0" IP4("\41", "\21") UDP "\0\0\0\0\0\0\0\0\0\0\0\0\0"),		/* padding */
	FRAME(MACS "\201\0\0\5\10\0" IP4("\55", "\6") TCP),
	FRAME(MACS "\210\250\0\5\201\0\0\6\10\0" IP4("\41", "\21") UDP),
	FRAME(MACS "\206\335\140\0\0\0\0\31\6\100" ADDRS6 TCP),
	FRAME(MACS "\206\335\140\0\0\0\0\15\21\100" ADDRS6 UDP),
	FRAME(MACS "\10\0" "\107\0\0\65\0\1\0\0\100\6\0\0" ADDRS "\1\1\1\1\1\1\1\0" TCP),	/* options */
	/* VXLAN, and what it carries */
	FRAME(MACS "\10\0" IP4("\137", "\21") "\234\100\22\265\0\113\0\0\10\0\0\0\0\0\1\0" MACS "\10\0"
	    IP4("\55", "\6") TCP),
	FRAME(MACS "\10\0" IP4("\101", "\4") IP4("\55", "\6") TCP),			/* IP in IP */
	FRAME(MACS "\10\0" IP4("\61", "\57") "\0\0\10\0" IP4("\41", "\21") UDP),	/* GRE */
};

/* Somebody listens, so that flows are counted. */
static void
opened(void *ctx, struct flow *f)
{
	(void)ctx, (void)f;
}

static struct track *
track_of(const struct demux *x, const struct style *style, bool quick)
{
	/* Walks that note fields are never left out. */
	struct track *t = track_new(&(struct track_options) { .style = style, .demux = x, .layers_only = quick,
	    .flows_only = quick, .watch.opened = opened });

	assert_non_null(t);
	return t;
}

static void
expect_same(const struct flow_step *a, const struct flow_step *b)
{
	assert_int_equal(a->flow->stream, b->flow->stream);
	assert_int_equal(a->flow->kind, b->flow->kind);
	assert_memory_equal(&a->flow->ends, &b->flow->ends, sizeof a->flow->ends);
	assert_int_equal(a->flow->bytes[0], b->flow->bytes[0]);
	assert_int_equal(a->flow->bytes[1], b->flow->bytes[1]);
	assert_int_equal(a->dir, b->dir);
	assert_int_equal(a->fresh, b->fresh);
	assert_ptr_equal(a->payload, b->payload);
	assert_int_equal(a->payload_len, b->payload_len);
	assert_int_equal(a->payload_caplen, b->payload_caplen);
	assert_int_equal(a->offset, b->offset);
}

static void
like_the_walk(void **state)
{
	struct style style = { 0 };
	struct demux *x = demux_new(protos_rows, protos_n_rows);
	struct track *walked = track_of(x, &style, false), *quick = track_of(x, &style, true);
	struct track_quick *q = track_quick_new(x, NULL);
	unsigned taken = 0, steps = 0;

	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++) {
		unsigned which = dice(sizeof frames / sizeof *frames), changes = dice(4);
		uint8_t data[FRAME_MAX], *block;	/* of just the size that was captured */
		struct packet p = { .link = 1, .sec = 1700000000 + round, .caplen = (uint32_t)frames[which].len };
		const struct tracked *a, *b;
		struct plain k;

		memcpy(data, frames[which].p, p.caplen);
		for (unsigned i = 0; i < changes; i++)
			data[12 + dice(p.caplen - 12 < 60 ? p.caplen - 12 : 60)] = (uint8_t)(dice(3) ? dice(256) : dice(8));
		if (dice(4) == 0)	/* ports that somebody knows, and that carry packets */
			data[p.caplen - 11 - dice(24)] = (uint8_t)dice(256);
		p.len = p.caplen;
		if (dice(6) == 0)
			p.caplen = 1 + dice(p.caplen);
		if (dice(12) == 0)
			p.len += dice(40);
		p.data = block = malloc(p.caplen);
		assert_non_null(block);
		memcpy(block, data, p.caplen);
		taken += track_quick_read(q, &p, &k);
		a = track_packet(walked, &p, round + 1);
		b = track_packet(quick, &p, round + 1);
		assert_int_equal(a->n, b->n);
		steps += a->n;
		for (unsigned i = 0; i < a->n; i++)
			expect_same(&a->steps[i], &b->steps[i]);
		free(block);
	}
	assert_true(taken > ROUNDS / 4 && steps > ROUNDS / 2);
	printf("%u of %u packets without a walk\n", taken, ROUNDS);
	track_quick_free(q);
	track_free(walked);
	track_free(quick);
	demux_free(x);
}

/* With so many flows that those of the next packets are fetched ahead, all is as without; also when some are not taken. */
static void
expected_or_not(void **state)
{
	enum { BATCH = 64, BATCHES = 600, MORE_THAN_CACHED = 5000 };
	static const uint8_t ports[6] = { 34, 34, 38, 42, 54, 54 };	/* where the source's is, in the first frames */
	struct style style = { 0 };
	struct demux *x = demux_new(protos_rows, protos_n_rows);
	struct track *ahead = track_of(x, &style, true), *plain = track_of(x, &style, true);
	uint64_t number = 0;

	(void)state;
	for (unsigned batch = 0; batch < BATCHES; batch++) {
		uint8_t data[BATCH][FRAME_MAX];
		struct packet p[BATCH];

		for (unsigned i = 0; i < BATCH; i++) {
			unsigned which = dice(6);
			size_t n = frames[which].len;

			memcpy(data[i], frames[which].p, n);
			data[i][ports[which]] = (uint8_t)(128 + dice(64));
			data[i][ports[which] + 1] = (uint8_t)dice(256);
			p[i] = (struct packet) { .data = data[i], .link = 1, .sec = 1700000000 + batch, .caplen = (uint32_t)n,
				.len = (uint32_t)n };
		}
		track_expect(ahead, p, BATCH);
		for (unsigned i = 0; i < BATCH; i++) {
			const struct tracked *a, *b;

			if (dice(5) == 0)
				i += dice(20);
			if (i >= BATCH)
				break;
			a = track_packet(ahead, &p[i], ++number);
			b = track_packet(plain, &p[i], number);
			assert_int_equal(a->n, b->n);
			for (unsigned k = 0; k < a->n; k++)
				expect_same(&a->steps[k], &b->steps[k]);
		}
	}
	assert_true(flows_counts(track_flows(ahead))->flows[FLOW_UDP] > MORE_THAN_CACHED);
	track_free(ahead);
	track_free(plain);
	demux_free(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(like_the_walk), cmocka_unit_test(expected_or_not) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
