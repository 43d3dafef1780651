/* The flow table: ends, numbers, ceilings. */
#include "flow.h"

#include "dice.h"

enum { S = SEG_SYN, A = SEG_ACK, F = SEG_FIN, R = SEG_RST };

/* A packet of a few bytes, written as the number that Wireshark gives its stream. */
struct numbered {
	unsigned dir;
	uint32_t seq, ack;
	unsigned flags;
	const char *payload;
	unsigned stream;
};

static void
check_numbers(const struct numbered *rows, size_t n)
{
	struct bench *b = bench_new();

	for (size_t i = 0; i < n; i++) {
		tcp(b, rows[i].dir, rows[i].seq, rows[i].ack, rows[i].flags, rows[i].payload);
		if (b->step.flow->stream != rows[i].stream)
			fail_msg("row %zu: stream %u, not %u", i, b->step.flow->stream, rows[i].stream);
	}
	bench_end(b, NULL);
}

#define CHECK_NUMBERS(...) do { \
	static const struct numbered rows[] = { __VA_ARGS__ }; \
	check_numbers(rows, sizeof rows / sizeof *rows); \
} while (0)

/* Each row was put before tshark 4.0. */
static void
numbers_of_tcp(void **state)
{
	(void)state;
	/* A SYN again, another one, one of the other side. */
	CHECK_NUMBERS({ 0, 100, 0, S, "", 0 }, { 0, 100, 0, S, "", 0 });
	CHECK_NUMBERS({ 0, 100, 0, S, "", 0 }, { 0, 200, 0, S, "", 1 });
	CHECK_NUMBERS({ 0, 100, 0, S, "", 0 }, { 1, 500, 101, S | A, "", 0 }, { 0, 101, 501, A, "", 0 }, { 1, 900, 0, S, "", 1 });
	CHECK_NUMBERS({ 0, 100, 0, S, "", 0 }, { 1, 500, 101, S | A, "", 0 }, { 0, 101, 501, A, "", 0 }, { 1, 500, 0, S, "", 0 });
	/* Ends make no difference. */
	CHECK_NUMBERS({ 0, 100, 0, S, "", 0 }, { 1, 0, 101, R | A, "", 0 }, { 0, 100, 0, S, "", 0 });
	CHECK_NUMBERS({ 0, 100, 0, S, "", 0 }, { 1, 500, 101, S | A, "", 0 }, { 0, 101, 501, A, "", 0 }, { 0, 101, 501, F | A, "", 0 },
	    { 0, 100, 0, S, "", 0 });
	/* The RST's number counts as the side's first one. */
	CHECK_NUMBERS({ 0, 100, 0, S, "", 0 }, { 1, 0, 101, R | A, "", 0 }, { 1, 900, 0, S, "", 1 });
	CHECK_NUMBERS({ 0, 101, 0, R, "", 0 }, { 0, 100, 0, S, "", 0 });
	CHECK_NUMBERS({ 0, 0, 0, R, "", 0 }, { 0, 100, 0, S, "", 1 });
	/* Both begin at once. */
	CHECK_NUMBERS({ 0, 100, 0, S, "", 0 }, { 1, 500, 0, S, "", 0 }, { 0, 100, 501, S | A, "", 0 }, { 1, 500, 101, S | A, "", 0 });
	/* A SYN-ACK never begins anything, but what it says counts. */
	CHECK_NUMBERS({ 0, 100, 0, S, "", 0 }, { 1, 500, 101, S | A, "", 0 }, { 1, 900, 101, S | A, "", 0 }, { 0, 101, 901, A, "", 0 });
	CHECK_NUMBERS({ 0, 100, 0, S, "", 0 }, { 1, 500, 101, S | A, "", 0 }, { 1, 900, 101, S | A, "", 0 }, { 1, 900, 0, S, "", 0 });
	CHECK_NUMBERS({ 0, 100, 0, S, "", 0 }, { 1, 500, 101, S | A, "", 0 }, { 1, 900, 101, S | A, "", 0 }, { 1, 500, 0, S, "", 1 });
	CHECK_NUMBERS({ 0, 100, 0, S, "", 0 }, { 0, 200, 0, S, "", 1 }, { 1, 500, 101, S | A, "", 1 }, { 1, 600, 201, S | A, "", 1 });
	CHECK_NUMBERS({ 1, 500, 101, S | A, "", 0 }, { 0, 100, 0, S, "", 0 });
	CHECK_NUMBERS({ 1, 500, 101, S | A, "", 0 }, { 0, 99, 0, S, "", 1 });
	/* Picked up in the middle. */
	CHECK_NUMBERS({ 0, 101, 501, A, "x", 0 }, { 0, 100, 0, S, "", 0 });
	CHECK_NUMBERS({ 0, 101, 501, A, "x", 0 }, { 0, 99, 0, S, "", 1 });
	CHECK_NUMBERS({ 0, 101, 501, A, "x", 0 }, { 1, 500, 0, S, "", 0 });
	CHECK_NUMBERS({ 0, 101, 501, A, "x", 0 }, { 1, 400, 0, S, "", 1 });
	CHECK_NUMBERS({ 0, 100, 0, 0, "", 0 }, { 0, 99, 0, S, "", 0 }, { 1, 7, 0, 0, "", 0 }, { 1, 8, 0, S, "", 1 });
	/* Flags that do not belong together. */
	CHECK_NUMBERS({ 0, 100, 0, S | F, "", 0 }, { 0, 100, 0, S | R, "", 0 }, { 0, 100, 0, S, "", 0 });
}

static void
reuse_closes(void **state)
{
	struct bench *b = bench_new();

	(void)state;
	tcp_open(b, 99);
	tcp(b, 0, 100, 5001, A, "one");
	tcp(b, 0, 106, 5001, A, "three");
	tcp(b, 0, 900, 0, S, "");
	assert_true(b->step.fresh);
	assert_int_equal(b->flow->stream, 1);
	tcp(b, 0, 901, 0, A, "two");
	bench_end(b, ">one(3)>three~>two$");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_of_tcp),
		cmocka_unit_test(reuse_closes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
