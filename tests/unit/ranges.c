#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/ranges.h"
#include "dice.h"

static void
expect(const struct ranges *r, size_t max, const char *want)
{
	struct buf b = { 0 };

	ranges_put(&b, r, max);
	buf_char(&b, '\0');
	assert_string_equal(b.data, want);
	buf_free(&b);
}

static void
runs_grow_and_join(void **state)
{
	struct ranges r = { 0 };
	size_t room = 100;

	(void)state;
	expect(&r, 100, "");
	for (unsigned v = 10; v < 20; v++)
		ranges_add(&r, v, &room);
	expect(&r, 100, "10..19");
	ranges_add(&r, 3, &room);
	ranges_add(&r, 22, &room);
	ranges_add(&r, 15, &room);
	expect(&r, 100, "3, 10..19, 22");
	assert_int_equal(r.count, 12);
	ranges_add(&r, 9, &room);
	ranges_add(&r, 20, &room);
	expect(&r, 100, "3, 9..20, 22");
	ranges_add(&r, 21, &room);
	expect(&r, 100, "3, 9..22");
	ranges_add(&r, 0, &room);
	ranges_add(&r, UINT64_MAX, &room);
	expect(&r, 100, "0, 3, 9..22, 18446744073709551615");
	assert_true(ranges_has(&r, 3) && ranges_has(&r, 22) && ranges_has(&r, 0) && ranges_has(&r, UINT64_MAX));
	assert_false(ranges_has(&r, 4) || ranges_has(&r, 23) || ranges_has(&r, 8) || ranges_has(&r, 1));
	ranges_free(&r, &room);
	assert_int_equal(room, 100);
}

static void
text_is_cut_at_runs(void **state)
{
	struct ranges r = { 0 };
	struct buf b = { 0 };
	size_t room = 100;

	(void)state;
	for (unsigned v = 0; v < 10; v++)
		ranges_add(&r, v * 5, &room);
	expect(&r, 9, "0, 5, 10");
	assert_int_equal(ranges_put(&b, &r, 9), 3);
	buf_free(&b);
	ranges_free(&r, &room);
}

static void
ceilings_count_what_they_cost(void **state)
{
	struct ranges r = { 0 }, s = { 0 };
	size_t room = 10 * RANGES_MAX;

	(void)state;
	for (unsigned v = 0; v < RANGES_MAX + 7; v++)
		ranges_add(&r, 2 * v, &room);
	assert_int_equal(r.n, RANGES_MAX);
	assert_int_equal(r.dropped, 7);
	ranges_add(&r, 1, &room);		/* joins two: room for another one */
	ranges_add(&r, 9000, &room);
	assert_int_equal(r.dropped, 7);
	assert_int_equal(r.count, RANGES_MAX + 2);
	ranges_free(&r, &room);

	room = 2;
	ranges_add(&r, 1, &room);
	ranges_add(&s, 5, &room);		/* nothing left for others */
	assert_int_equal(s.dropped, 1);
	assert_int_equal(s.count, 0);
	ranges_free(&r, &room);
	ranges_free(&s, &room);
	assert_int_equal(room, 2);
}

static void
moves_are_unions(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 200; round++) {
		struct ranges r = { 0 }, s = { 0 };
		uint8_t in[256] = { 0 };
		unsigned count = 0;
		size_t room = 1000;

		for (unsigned i = dice(60); i > 0; i--) {
			unsigned v = dice(256);

			in[v] = 1;
			ranges_add(dice(2) ? &r : &s, v, &room);
		}
		ranges_move(&r, &s, &room);
		assert_int_equal(s.n, 0);
		for (unsigned v = 0; v < 256; v++) {
			assert_int_equal(ranges_has(&r, v), in[v]);
			count += in[v];
		}
		assert_int_equal(r.count, count);
		for (unsigned i = 1; i < r.n; i++)
			assert_true(r.at[i].first > r.at[i - 1].last + 1);
		ranges_free(&r, &room);
		assert_int_equal(room, 1000);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs_grow_and_join),
		cmocka_unit_test(text_is_cut_at_runs),
		cmocka_unit_test(ceilings_count_what_they_cost),
		cmocka_unit_test(moves_are_unions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
