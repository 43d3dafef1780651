/* TCP's bytes in order. */
#include "flow.h"

#include "dice.h"

enum { S = SEG_SYN, A = SEG_ACK, F = SEG_FIN, R = SEG_RST };

static void
in_order(void **state)
{
	struct bench *b = bench_new();

	(void)state;
	tcp_open(b, 99);
	tcp(b, 0, 100, 5001, A, "GET");
	assert_int_equal(b->step.offset, 0);
	tcp(b, 1, 5001, 103, A, "OK");
	tcp(b, 0, 103, 5003, A, "PUT");
	assert_int_equal(b->step.offset, 3);
	assert_int_equal(b->flow->payload[0], 6);
	bench_end(b, ">GET<OK>PUT$");
}

static void
out_of_order(void **state)
{
	struct bench *b = bench_new();

	(void)state;
	tcp_open(b, 99);
	tcp(b, 0, 103, 5001, A, "def");
	tcp(b, 0, 109, 5001, A, "jkl");
	tcp(b, 0, 106, 5001, A, "ghi");
	assert_int_equal(b->log_len, 0);
	tcp(b, 0, 100, 5001, A, "abc");
	bench_end(b, ">abc>def>ghi>jkl$");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_order),
		cmocka_unit_test(out_of_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
