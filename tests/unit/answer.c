/* Requests and replies: Wireshark's rules one by one, and the ceiling. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "flow/answer.h"
#include "flow/flow.h"

static const int64_t SECOND = 1000000000;
static struct flow udp = { .kind = FLOW_UDP, .stream = 3, .ends = { .proto = 17, .version = 4 } };
static struct flow tcp = { .kind = FLOW_TCP, .stream = 3, .ends = { .proto = 6, .version = 4 } };
static struct flow icmp = { .kind = FLOW_ICMP, .stream = 3, .ends = { .proto = 1, .version = 4 } };
static struct flow icmp6 = { .kind = FLOW_ICMP, .stream = 4, .ends = { .proto = 58, .version = 6 } };

static void
is(struct answer got, enum answer_kind kind, uint64_t number, int64_t ns)
{
	assert_int_equal(got.kind, kind);
	assert_int_equal(got.number, number);
	assert_int_equal(got.ns, ns);
}

static struct answer
dns(struct answers *a, const struct flow *f, uint16_t id, bool reply, uint64_t number, int64_t ns)
{
	return answers_dns(a, f, (uint8_t[]){ (uint8_t)(id >> 8), (uint8_t)id, reply ? 0x81 : 1, 0 }, 4, number, ns);
}

static void
names(void **state)
{
	struct answers *a = answers_new();

	(void)state;
	is(dns(a, &udp, 1, false, 1, 10), ANSWER_REQUEST, 1, 10);
	is(dns(a, &udp, 2, false, 2, 20), ANSWER_REQUEST, 2, 20);
	is(dns(a, &udp, 2, true, 3, 30), ANSWER_REPLY, 2, 20);
	is(dns(a, &udp, 1, true, 4, 40), ANSWER_REPLY, 1, 10);
	is(dns(a, &udp, 1, true, 5, 50), ANSWER_REPLY_AGAIN, 4, 40);
	is(dns(a, &udp, 3, true, 6, 60), ANSWER_UNSOLICITED, 0, 0);
	is(dns(a, &tcp, 1, true, 7, 70), ANSWER_UNSOLICITED, 0, 0);
	/* After a reply the id is free for another. */
	is(dns(a, &udp, 1, false, 8, 80), ANSWER_REQUEST, 8, 80);
	is(dns(a, &udp, 1, true, 9, 90), ANSWER_REPLY, 8, 80);
	/* Again within five seconds of the first; afterwards another. */
	is(dns(a, &udp, 5, false, 10, SECOND), ANSWER_REQUEST, 10, SECOND);
	is(dns(a, &udp, 5, false, 11, SECOND - 5), ANSWER_REQUEST_AGAIN, 10, SECOND);
	is(dns(a, &udp, 5, false, 12, 6 * SECOND - 1), ANSWER_REQUEST_AGAIN, 10, SECOND);
	is(dns(a, &udp, 5, false, 13, 6 * SECOND), ANSWER_REQUEST, 13, 6 * SECOND);
	is(dns(a, &udp, 5, true, 14, 7 * SECOND), ANSWER_REPLY, 13, 6 * SECOND);
	is(answers_dns(a, &udp, (uint8_t[]){ 0, 5, 1 }, 3, 15, 0), ANSWER_NONE, 0, 0);
	answers_free(a);
}

static struct answer
echo(struct answers *a, const struct flow *f, uint8_t type, uint16_t sum, uint32_t id, uint64_t number)
{
	uint8_t p[8] = { type, 0, (uint8_t)(sum >> 8), (uint8_t)sum, (uint8_t)(id >> 24), (uint8_t)(id >> 16), (uint8_t)(id >> 8),
		(uint8_t)id };

	return answers_echo(a, f, p, sizeof p, number, (int64_t)number * 10);
}

static void
echoes(void **state)
{
	struct answers *a = answers_new();

	(void)state;
	/* The reply's checksum: 8 becomes 0, 0x800 more. */
	is(echo(a, &icmp, 8, 0xf000, 1, 1), ANSWER_REQUEST, 1, 10);
	is(echo(a, &icmp, 0, 0xf801, 1, 2), ANSWER_UNSOLICITED, 0, 0);
	is(echo(a, &icmp, 0, 0xf800, 2, 3), ANSWER_UNSOLICITED, 0, 0);
	is(echo(a, &icmp, 0, 0xf800, 1, 4), ANSWER_REPLY, 1, 10);
	is(echo(a, &icmp, 0, 0xf800, 1, 5), ANSWER_REPLY_AGAIN, 4, 40);
	/* Around the end: 0xfc00 and 0x0800 are 0x0401. */
	is(echo(a, &icmp, 8, 0xfc00, 1, 6), ANSWER_REQUEST, 6, 60);
	is(echo(a, &icmp, 8, 0xfc00, 1, 7), ANSWER_REQUEST, 7, 70);
	is(echo(a, &icmp, 0, 0x0401, 1, 8), ANSWER_REPLY, 7, 70);
	is(echo(a, &icmp, 3, 0xf800, 1, 9), ANSWER_NONE, 0, 0);
	is(echo(a, &icmp, 128, 0xf800, 1, 10), ANSWER_NONE, 0, 0);
	is(echo(a, &udp, 8, 0xf800, 1, 10), ANSWER_NONE, 0, 0);
	is(answers_echo(a, &icmp, (uint8_t[]){ 8, 0, 0, 0, 0, 0, 0 }, 7, 11, 0), ANSWER_NONE, 0, 0);
	/* 128 becomes 129, 0x100 less. */
	is(echo(a, &icmp6, 128, 0x4000, UINT32_MAX, 12), ANSWER_REQUEST, 12, 120);
	is(echo(a, &icmp6, 129, 0x3f00, UINT32_MAX, 13), ANSWER_REPLY, 12, 120);
	answers_free(a);
}

static void
ceiling(void **state)
{
	struct answers *a = answers_new();
	struct flow f = udp;

	(void)state;
	for (uint32_t i = 0; i < 3 * ANSWERS_MAX; i++) {
		f.stream = i;
		is(dns(a, &f, 1, false, i + 1, i), ANSWER_REQUEST, i + 1, i);
	}
	assert_int_equal(answers_crowded(a), 2 * ANSWERS_MAX);
	f.stream = 2 * ANSWERS_MAX - 1;
	is(dns(a, &f, 1, true, 1, 0), ANSWER_UNSOLICITED, 0, 0);
	f.stream = 2 * ANSWERS_MAX;
	is(dns(a, &f, 1, true, 1, 0), ANSWER_REPLY, 2 * ANSWERS_MAX + 1, 2 * ANSWERS_MAX);
	/* The same over and over leaves the others alone until the ring is round. */
	for (uint32_t i = 0; i < 10; i++) {
		is(dns(a, &udp, 9, false, 5, i), ANSWER_REQUEST, 5, i);
		is(dns(a, &udp, 9, true, 6, i), ANSWER_REPLY, 5, i);
	}
	assert_int_equal(answers_crowded(a), 2 * ANSWERS_MAX + 9);
	f.stream = 3 * ANSWERS_MAX - 1;
	is(dns(a, &f, 1, true, 1, 0), ANSWER_REPLY, 3 * ANSWERS_MAX, 3 * ANSWERS_MAX - 1);
	answers_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(echoes),
		cmocka_unit_test(ceiling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
