/* What a TCP connection's segments tell: each finding by hand, and what is remembered against a plain list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dice.h"
#include "flow/analysis.h"

enum { MS = 1000000 };

/* A connection between side 0 and side 1, one segment after the other. */
struct talk {
	struct analysis_room room;
	struct analysis *a;
	struct tcp_analysis out;
	uint64_t number;
	int64_t ns;
};

static void
talk_start(struct talk *t, bool reused)
{
	*t = (struct talk){ .ns = 1000000000 };
	t->a = analysis_new(&t->room, reused);
	assert_non_null(t->a);
}

static void
talk_stop(struct talk *t)
{
	analysis_free(t->a);
	analysis_room_free(&t->room);
	assert_int_equal(t->room.bytes, 0);
	assert_int_equal(t->room.unacked, 0);
}

static const struct tcp_analysis *
say_all(struct talk *t, struct segment s)
{
	t->ns += MS;
	s.number = ++t->number;
	s.ns = t->ns;
	analysis_take(t->a, &s, &t->out);
	return &t->out;
}

/* One millisecond after the last one. */
static const struct tcp_analysis *
say(struct talk *t, unsigned dir, unsigned flags, uint32_t seq, uint32_t ack, uint32_t len, unsigned window)
{
	return say_all(t, (struct segment){ .dir = dir, .flags = (uint8_t)flags, .seq = seq, .ack = ack, .len = len,
		.window = (uint16_t)window, .scale = -1 });
}

static void
shake_hands(struct talk *t, uint32_t a, uint32_t b)
{
	talk_start(t, false);
	say(t, 0, SEG_SYN, a, 0, 0, 1000);
	say(t, 1, SEG_SYN | SEG_ACK, b, a + 1, 0, 1000);
	say(t, 0, SEG_ACK, a + 1, b + 1, 0, 1000);
}

static void
handshake(void **state)
{
	struct talk t;
	const struct tcp_analysis *o = &t.out;

	(void)state;
	talk_start(&t, false);
	say(&t, 0, SEG_SYN, 5000, 77, 0, 1000);
	assert_int_equal(o->flags, 0);
	assert_false(o->any);
	assert_int_equal(o->time_relative, 0);
	assert_int_equal(o->seq_relative, 0);
	assert_int_equal(o->ack_relative, 77);
	assert_int_equal(o->window_scale, 0);

	say(&t, 1, SEG_SYN | SEG_ACK, 9000, 5001, 0, 1000);
	assert_true(o->any);
	assert_int_equal(o->acks_frame, 1);
	assert_int_equal(o->ack_rtt, MS);
	assert_int_equal(o->initial_rtt, TCP_NO_TIME);
	assert_int_equal(o->ack_relative, 1);

	say(&t, 0, SEG_ACK, 5001, 9001, 0, 1000);
	assert_int_equal(o->acks_frame, 2);
	assert_int_equal(o->initial_rtt, 2 * MS);
	assert_int_equal(o->time_relative, 2 * MS);
	assert_int_equal(o->time_delta, MS);
	assert_int_equal(o->seq_relative, 1);

	/* Known, but not shown where nothing else is. */
	say(&t, 0, SEG_ACK, 5001, 9001, 0, 1001);
	assert_int_equal(o->flags, TCP_WINDOW_UPDATE);
	say(&t, 1, SEG_ACK, 9001, 5001, 0, 1001);
	say(&t, 1, SEG_ACK, 9001, 5001, 0, 0);
	assert_int_equal(o->flags, TCP_ZERO_WINDOW);
	say(&t, 0, SEG_RST, 5001, 0, 0, 0);
	assert_false(o->any);
	assert_int_equal(o->initial_rtt, TCP_NO_TIME);
	talk_stop(&t);
}

static void
in_flight(void **state)
{
	struct talk t;
	const struct tcp_analysis *o = &t.out;

	(void)state;
	shake_hands(&t, UINT32_MAX - 150, 10);
	say(&t, 0, SEG_ACK, UINT32_MAX - 149, 11, 100, 1000);
	assert_int_equal(o->bytes_in_flight, 100);
	assert_int_equal(o->push_bytes_sent, 100);
	say(&t, 0, SEG_ACK | SEG_PSH, UINT32_MAX - 49, 11, 100, 1000);
	assert_int_equal(o->bytes_in_flight, 200);
	assert_int_equal(o->push_bytes_sent, 200);
	say(&t, 0, SEG_ACK, 51 - 1, 11, 100, 1000);
	assert_int_equal(o->bytes_in_flight, 300);
	assert_int_equal(o->push_bytes_sent, 100);
	say(&t, 1, SEG_ACK, 11, UINT32_MAX - 49, 0, 1000);
	assert_int_equal(o->acks_frame, 4);
	assert_int_equal(o->ack_rtt, 3 * MS);
	/* Part of one, which stays. */
	say(&t, 1, SEG_ACK, 11, 20, 0, 1000);
	assert_int_equal(o->acks_frame, 0);
	say(&t, 0, SEG_ACK | SEG_FIN, 150, 11, 10, 1000);
	assert_int_equal(o->bytes_in_flight, 140);
	say(&t, 1, SEG_ACK, 11, 161, 0, 1000);
	assert_int_equal(o->acks_frame, 9);
	assert_int_equal(o->flags, 0);

	/* What the other side selectively acknowledges is not in flight; of four blocks Wireshark counts three. */
	say(&t, 0, SEG_ACK, 161, 11, 100, 1000);
	say_all(&t, (struct segment){ .dir = 1, .flags = SEG_ACK, .seq = 11, .ack = 161, .window = 1000, .scale = -1,
		.sacks = 4, .sack = { { 170, 180 }, { 190, 191 }, { 195, 196 }, { 200, 250 } } });
	say(&t, 0, SEG_ACK, 261, 11, 100, 1000);
	assert_int_equal(o->bytes_in_flight, 200 - 12);
	talk_stop(&t);
}

static void
again(void **state)
{
	struct talk t;
	const struct tcp_analysis *o = &t.out;

	(void)state;
	shake_hands(&t, 100, 200);
	say(&t, 0, SEG_ACK, 101, 201, 10, 1000);		/* 4 */
	say(&t, 0, SEG_ACK, 121, 201, 10, 1000);
	assert_int_equal(o->flags, TCP_LOST_SEGMENT);
	assert_int_equal(o->bytes_in_flight, 0);
	say(&t, 0, SEG_ACK, 111, 201, 10, 1000);		/* within the initial RTT of 2 ms */
	assert_int_equal(o->flags, TCP_OUT_OF_ORDER);
	t.ns += 5 * MS;
	say(&t, 0, SEG_ACK, 111, 201, 10, 1000);
	assert_int_equal(o->flags, TCP_RETRANSMISSION);
	assert_int_equal(o->rto_frame, 4);
	assert_int_equal(o->rto, 8 * MS);
	say(&t, 1, SEG_ACK, 201, 111, 0, 1000);			/* 8 */
	assert_int_equal(o->acks_frame, 4);
	for (unsigned i = 1; i <= 3; i++) {
		say(&t, 1, SEG_ACK, 201, 111, 0, 1000);
		assert_int_equal(o->flags, TCP_DUPLICATE_ACK);
		assert_int_equal(o->duplicate_ack_num, i);
		assert_int_equal(o->duplicate_ack_frame, 8);
	}
	say(&t, 0, SEG_ACK, 111, 201, 10, 1000);
	assert_int_equal(o->flags, TCP_RETRANSMISSION | TCP_FAST_RETRANSMISSION);
	t.ns += 20 * MS;
	say(&t, 0, SEG_ACK, 111, 201, 10, 1000);
	assert_int_equal(o->flags, TCP_RETRANSMISSION);
	say(&t, 0, SEG_ACK, 101, 201, 10, 1000);
	assert_int_equal(o->flags, TCP_RETRANSMISSION | TCP_SPURIOUS_RETRANSMISSION);
	say(&t, 1, SEG_ACK, 201, 150, 0, 1000);
	assert_int_equal(o->flags, TCP_ACK_LOST_SEGMENT);
	say(&t, 1, SEG_ACK, 201, 150, 0, 1000);			/* once */
	assert_int_equal(o->flags & TCP_ACK_LOST_SEGMENT, 0);
	talk_stop(&t);
}

static void
windows(void **state)
{
	struct talk t;
	const struct tcp_analysis *o = &t.out;

	(void)state;
	talk_start(&t, false);
	say_all(&t, (struct segment){ .flags = SEG_SYN, .seq = 0, .window = 100, .scale = 2 });
	say_all(&t, (struct segment){ .dir = 1, .flags = SEG_SYN | SEG_ACK, .seq = 0, .ack = 1, .window = 100, .scale = 3 });
	assert_int_equal(o->window_size, 100);
	say(&t, 0, SEG_ACK, 1, 1, 0, 100);
	assert_int_equal(o->window_size, 400);
	assert_int_equal(o->window_scale, 4);
	say(&t, 1, SEG_ACK, 1, 1, 0, 10);
	assert_int_equal(o->window_size, 80);
	say(&t, 0, SEG_ACK, 1, 1, 80, 100);
	assert_int_equal(o->flags, TCP_WINDOW_FULL);
	say(&t, 1, SEG_ACK, 1, 81, 0, 0);
	assert_int_equal(o->flags, TCP_ZERO_WINDOW);
	say(&t, 0, SEG_ACK, 81, 1, 1, 100);
	assert_int_equal(o->flags, TCP_ZERO_WINDOW_PROBE);
	say(&t, 1, SEG_ACK, 1, 81, 0, 0);
	assert_int_equal(o->flags, TCP_ZERO_WINDOW | TCP_ZERO_WINDOW_PROBE_ACK);
	say(&t, 1, SEG_ACK, 1, 81, 0, 50);
	assert_int_equal(o->flags, TCP_WINDOW_UPDATE);
	say(&t, 0, SEG_ACK, 80, 1, 0, 100);
	assert_int_equal(o->flags, TCP_KEEP_ALIVE);
	say(&t, 1, SEG_ACK, 1, 81, 0, 50);
	assert_int_equal(o->flags, TCP_KEEP_ALIVE_ACK);
	talk_stop(&t);

	/* One of the two does not scale. */
	talk_start(&t, false);
	say_all(&t, (struct segment){ .flags = SEG_SYN, .seq = 0, .window = 100, .scale = 2 });
	say(&t, 1, SEG_SYN | SEG_ACK, 0, 1, 0, 100);
	say(&t, 0, SEG_ACK, 1, 1, 0, 100);
	assert_int_equal(o->window_size, 100);
	assert_int_equal(o->window_scale, -2);
	talk_stop(&t);

	/* What the SYN/ACK's options say was not captured. */
	talk_start(&t, false);
	say_all(&t, (struct segment){ .flags = SEG_SYN, .seq = 0, .window = 100, .scale = 2 });
	say_all(&t, (struct segment){ .dir = 1, .flags = SEG_SYN | SEG_ACK, .ack = 1, .window = 100, .scale = -1, .cut = true });
	say(&t, 1, SEG_ACK, 1, 1, 0, 100);
	assert_int_equal(o->window_scale, -1);
	say(&t, 0, SEG_ACK, 1, 1, 0, 100);
	assert_int_equal(o->window_scale, 4);
	talk_stop(&t);

	/* In the middle of a connection. */
	talk_start(&t, false);
	say(&t, 0, SEG_ACK, 1, 1, 0, 100);
	assert_int_equal(o->window_scale, -1);
	assert_int_equal(o->window_size, 100);
	assert_int_equal(o->seq_relative, 1);
	assert_int_equal(o->ack_relative, 1);
	talk_stop(&t);
}

static void
ports(void **state)
{
	struct talk t;
	const struct tcp_analysis *o = &t.out;

	(void)state;
	talk_start(&t, true);
	say(&t, 0, SEG_SYN, 100, 0, 0, 1000);
	assert_int_equal(o->flags, TCP_REUSED_PORTS);
	say(&t, 0, SEG_SYN, 100, 0, 0, 1000);
	assert_int_equal(o->flags, TCP_RETRANSMISSION);
	say(&t, 1, SEG_SYN | SEG_ACK, 500, 101, 0, 1000);
	assert_int_equal(o->flags, 0);
	say(&t, 1, SEG_SYN | SEG_ACK, 600, 101, 0, 1000);
	assert_true(o->flags & TCP_REUSED_PORTS);
	assert_int_equal(o->seq_relative, 0);
	talk_stop(&t);
}

/* The remembered segments, kept in the plainest way. */
struct plain {
	struct { uint32_t seq, next; uint64_t number; } at[ANALYSIS_UNACKED_MAX];
	unsigned n;
};

static void
plain_add(struct plain *p, uint32_t seq, uint32_t next, uint64_t number)
{
	if (p->n == ANALYSIS_UNACKED_MAX)
		return;
	p->at[p->n].seq = seq;
	p->at[p->n].next = next;
	p->at[p->n++].number = number;
}

static uint64_t
plain_ack(struct plain *p, uint32_t ack)
{
	uint64_t found = 0;
	unsigned to = 0;

	for (unsigned i = 0; i < p->n; i++) {
		if (p->at[i].next == ack) {
			found = found ? found : p->at[i].number;
			continue;
		}
		if ((int32_t)(p->at[i].seq - ack) < 0 && (int32_t)(ack - p->at[i].next) <= 0)
			p->at[i].seq = ack;
		else if ((int32_t)(ack - p->at[i].next) >= 0)
			continue;
		p->at[to++] = p->at[i];
	}
	p->n = to;
	return found;
}

static uint32_t
plain_span(const struct plain *p, uint32_t base)
{
	uint32_t low = UINT32_MAX, high = 0;

	for (unsigned i = 0; i < p->n; i++) {
		low = p->at[i].seq - base < low ? p->at[i].seq - base : low;
		high = p->at[i].next - base > high ? p->at[i].next - base : high;
	}
	return high - low;
}

/* Random segments and ACKs, mostly going on, at times far off: the same is remembered as by the plain list. */
static void
remembers_as_plain(void **state)
{
	static struct plain plain;

	(void)state;
	for (unsigned round = 0; round < 300; round++) {
		struct talk t;
		uint32_t base = dice(2) ? dice(UINT32_MAX) : UINT32_MAX - dice(3000), next = base + 1, ack = base + 1;
		unsigned wild = dice(3) ? dice(30) : 100000;

		talk_start(&t, false);
		plain.n = 0;
		say(&t, 0, SEG_ACK, base + 1, 1, 0, 1000);
		say(&t, 1, SEG_ACK, 1, base + 1, 0, 1000);
		for (unsigned i = 0; i < 400; i++) {
			bool odd = wild < 100 && dice(30) < wild;
			if (dice(2)) {
				uint32_t seq = odd ? (dice(8) ? next - dice(3000) : dice(UINT32_MAX)) : next;
				uint32_t len = 1 + dice(1500);
				/* Many in a row are what the ceiling and the growing are about. */
				for (unsigned k = dice(20) ? 1 : 200; k--; seq += len) {
					say(&t, 0, SEG_ACK, seq, 1, len, 1000);
					plain_add(&plain, seq, seq + len, t.number);
					if (t.out.bytes_in_flight)
						assert_int_equal(t.out.bytes_in_flight, plain_span(&plain, base));
				}
				if ((int32_t)(seq - next) > 0)
					next = seq;
			} else {
				if (odd)
					ack = dice(8) ? ack + dice(3000) - 1000 : dice(UINT32_MAX);
				else if (dice(3))
					ack = plain.n ? plain.at[dice(plain.n)].next : next;
				say(&t, 1, SEG_ACK, 1, ack, 0, 1000);
				assert_int_equal(t.out.acks_frame, plain_ack(&plain, ack));
			}
		}
		talk_stop(&t);
	}
}

static void
ceilings(void **state)
{
	struct talk t;
	static struct analysis *many[1000];
	struct analysis_room room = { 0 };
	struct tcp_analysis out;

	(void)state;
	/* One direction alone: 10,000 are remembered, the rest is measured without. */
	shake_hands(&t, 0, 0);
	for (uint32_t i = 0; i < 3 * ANALYSIS_UNACKED_MAX; i++)
		say(&t, 0, SEG_ACK, 1 + i * 10, 1, 10, 1000);
	assert_int_equal(t.out.bytes_in_flight, ANALYSIS_UNACKED_MAX * 10);
	assert_in_range(t.room.unacked, 1, 2 * ANALYSIS_UNACKED_MAX * 32);
	assert_int_equal(t.room.refused, 0);
	say(&t, 1, SEG_ACK, 1, 1 + 3 * ANALYSIS_UNACKED_MAX * 10, 0, 1000);
	assert_in_range(t.room.unacked, 0, 1000);
	talk_stop(&t);

	/* All together: ANALYSIS_BYTES_MAX. */
	for (unsigned i = 0; i < 1000; i++)
		assert_non_null(many[i] = analysis_new(&room, false));
	for (unsigned i = 0; i < 1000; i++) {
		for (uint32_t k = 0; k < 4000; k++) {
			struct segment s = { .flags = SEG_ACK, .seq = 1 + k * 10, .ack = 1, .len = 10, .window = 1, .scale = -1,
				.number = k + 1, .ns = k };
			analysis_take(many[i], &s, &out);
		}
	}
	assert_in_range(room.unacked, ANALYSIS_BYTES_MAX / 2, ANALYSIS_BYTES_MAX);
	assert_in_range(room.bytes_most, room.unacked, ANALYSIS_BYTES_MAX + 1000 * 1024);
	assert_true(room.refused > 0);
	for (unsigned i = 0; i < 1000; i++)
		analysis_free(many[i]);
	analysis_room_free(&room);
	assert_int_equal(room.bytes, 0);
}

/* Anything at all, in any order and with clocks that run backwards, is told about. */
static void
anything(void **state)
{
	struct talk t;

	(void)state;
	talk_start(&t, false);
	for (unsigned i = 0; i < 200000; i++) {
		struct segment s = { .dir = dice(2), .flags = (uint8_t)dice(64), .scale = (int8_t)(dice(16) - 1) };
		s.seq = dice(4) ? dice(100) : dice(UINT32_MAX);
		s.ack = dice(4) ? dice(100) : dice(UINT32_MAX);
		s.len = dice(3) ? dice(3) : dice(UINT32_MAX);
		s.window = (uint16_t)dice(3);
		s.sacks = (uint8_t)dice(5);
		s.number = i + 1;
		s.ns = dice(2) ? INT64_MAX - dice(9) : INT64_MIN + dice(9);
		analysis_take(t.a, &s, &t.out);
	}
	talk_stop(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(handshake),
		cmocka_unit_test(in_flight),
		cmocka_unit_test(again),
		cmocka_unit_test(windows),
		cmocka_unit_test(ports),
		cmocka_unit_test(remembers_as_plain),
		cmocka_unit_test(ceilings),
		cmocka_unit_test(anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
