/* Traffic over time: intervals that grow with the span add up to what was put in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "cmd/stats.h"
#include "cmd/stats_series.h"
#include "dice.h"

enum { N = 20000 };

static const int64_t start = 1700000000123456789;

/* Sums by hand, with intervals of that length. */
static void
same(const struct series *s, int64_t interval, const int64_t *at, const uint32_t *bytes, unsigned n)
{
	uint32_t count = series_count(s, interval);
	struct series_point *want = calloc(count, sizeof *want);

	for (unsigned i = 0; i < n; i++) {
		int64_t k = at[i] < at[0] ? 0 : (at[i] - at[0]) / interval;

		assert_in_range(k, 0, count - 1);
		want[k].packets++;
		want[k].bytes += bytes[i];
	}
	for (uint32_t i = 0; i < count; i++) {
		struct series_point is = series_at(s, interval, i);

		assert_int_equal(is.packets, want[i].packets);
		assert_int_equal(is.bytes, want[i].bytes);
	}
	assert_true(want[count - 1].packets > 0);
	free(want);
}

static void
grows(void **unused)
{
	static const int64_t steps[] = { 1, 100, 50000, 3000000, 1000000000, 86400000000000, 20000000000000 };
	static int64_t at[N];
	static uint32_t bytes[N];

	(void)unused;
	for (unsigned k = 0; k < sizeof steps / sizeof *steps; k++) {
		struct series s = { 0 };
		struct err e;

		assert_true(series_open(&s, 0, &e));
		for (unsigned i = 0; i < N; i++) {
			at[i] = i ? at[i - 1] + (int64_t)dice(1000) * steps[k] / 1000 : start;
			/* Now and then, time runs back: also to before the first one. */
			if (i && dice(100) == 0)
				at[i] -= steps[k] * 50;
			if (i == N / 2)
				at[i] += 3 * steps[k] * N;
			bytes[i] = dice(1500);
			series_add(&s, at[i], bytes[i]);
		}
		assert_in_range(s.room, 1, 8192);
		for (uint32_t most = 10; most <= 8192; most *= 4) {
			int64_t interval = series_fit(&s, most);

			assert_in_range(series_count(&s, interval), 1, most);
			assert_int_equal(interval % s.interval, 0);
			same(&s, interval, at, bytes, N);
		}
		series_close(&s);
	}
}

static void
given(void **unused)
{
	struct series s = { 0 };
	struct err e;

	(void)unused;
	assert_true(series_open(&s, 333000000, &e));
	series_add(&s, start, 10);
	series_add(&s, start + 333000000 * 100000ll, 20);
	series_add(&s, start + 332999999, 5);
	series_add(&s, start - 1, 1);
	series_add(&s, start + 333000000 * (int64_t)STATS_INTERVALS_MAX, 7);
	series_add(&s, INT64_MAX, 7);
	assert_int_equal(series_fit(&s, 10), 333000000);
	assert_int_equal(series_count(&s, 333000000), 100001);
	assert_int_equal(series_at(&s, 333000000, 0).packets, 3);
	assert_int_equal(series_at(&s, 333000000, 0).bytes, 16);
	assert_int_equal(series_at(&s, 333000000, 100000).bytes, 20);
	assert_int_equal(s.before.packets, 1);
	assert_int_equal(s.beyond.packets, 2);
	assert_int_equal(s.beyond.bytes, 14);
	series_close(&s);
}

/* The longest span that there is. */
static void
extremes(void **unused)
{
	struct series s = { 0 };
	struct err e;

	(void)unused;
	assert_true(series_open(&s, 0, &e));
	assert_int_equal(series_count(&s, series_fit(&s, 60)), 0);
	series_add(&s, INT64_MIN, 1);
	series_add(&s, INT64_MAX, 1);
	assert_in_range(series_count(&s, series_fit(&s, 60)), 1, 60);
	series_close(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grows), cmocka_unit_test(given), cmocka_unit_test(extremes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
