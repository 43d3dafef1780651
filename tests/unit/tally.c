/* Counts by key, the greatest of many, and how long things took. */
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/examined.h"
#include "base/hash.h"
#include "base/summary.h"
#include "base/tally.h"
#include "base/top.h"
#include "dice.h"

static void
counts(void **unused)
{
	enum { KEYS = 5000, ROUNDS = 200000 };
	static uint64_t want[KEYS];
	struct tally *t = tally_new(KEYS, 64 << 20, sizeof(uint64_t));
	uint64_t sum = 0;
	uint32_t rows = 0;

	(void)unused;
	assert_non_null(t);
	for (int i = 0; i < ROUNDS; i++) {
		uint32_t k = dice(KEYS);
		char key[32];
		int n = snprintf(key, sizeof key, "%*u", 1 + (int)(k % 20), k);
		struct tally_row *r = tally_count(t, key, (size_t)n);

		want[k]++;
		assert_non_null(r);
		assert_int_equal(r->count, want[k]);
		*(uint64_t *)tally_extra(r) += k;
	}
	for (struct tally_row *r = tally_first(t); r; r = r->next, rows++) {
		char key[33] = { 0 };
		unsigned long k;

		memcpy(key, tally_key(t, r), r->key_len);
		k = strtoul(key, NULL, 10);
		assert_int_equal(r->count, want[k]);
		assert_int_equal(*(uint64_t *)tally_extra(r), want[k] * k);
		assert_ptr_equal(tally_find(t, key, r->key_len), r);
		sum += r->count;
	}
	assert_int_equal(rows, tally_rows(t));
	assert_int_equal(sum, ROUNDS);
	assert_int_equal(tally_total(t), ROUNDS);
	assert_int_equal(tally_others(t), 0);
	assert_null(tally_find(t, "x", 1));
	tally_free(t);
}

/* No row takes long, also where the table grows; and none is lost then. */
static void
grows_in_good_time(void **unused)
{
	enum { ROWS = 1 << 20, TOGETHER = 64, TRIES = 5 };
	uint64_t least = UINT64_MAX;

	(void)unused;
	mallopt(M_PERTURB, 0);		/* who sets this has all memory filled, and that takes long */
	for (int i = 0; i < TRIES && least > 2000000; i++) {
		struct tally *t = tally_new(ROWS, 256 << 20, 0);
		size_t left = 256 << 20;
		uint64_t most = 0;

		tally_share(t, &left);
		for (uint32_t k = 0; k < ROWS; k += TOGETHER) {
			uint64_t begin = (uint64_t)clock_thread_ns(), took;

			for (uint32_t j = 0; j < TOGETHER; j++) {
				uint32_t key = k + j, half = key / 2;

				assert_non_null(tally_count(t, &key, sizeof key));
				assert_non_null(tally_find(t, &half, sizeof half));
			}
			took = (uint64_t)clock_thread_ns() - begin;
			most = took > most ? took : most;
		}
		for (uint32_t k = 0; k < ROWS; k++)
			assert_int_equal(tally_at(t, &k, sizeof k)->count, 1);
		assert_int_equal(tally_rows(t), ROWS);
		/* A slot for each row and a third more, a row with its key; nothing of the slots of before. */
		assert_in_range((256 << 20) - left, ROWS * (16 + 48), ROWS * (32 + 64));
		least = most < least ? most : least;
		tally_free(t);
		if (is_examined())
			return;
	}
	assert_in_range(least, 0, 2000000);
}

static void
ceilings(void **unused)
{
	struct tally *t = tally_new(100, 64 << 20, 0);
	char long_key[TALLY_KEY_MAX + 10] = { 0 };

	(void)unused;
	for (uint32_t i = 0; i < 150; i++)
		assert_true((tally_count(t, &i, sizeof i) != NULL) == (i < 100));
	assert_int_equal(tally_others(t), 50);
	assert_int_equal(tally_total(t), 150);
	tally_free(t);

	/* Memory ends before the rows do. */
	t = tally_new(UINT32_MAX, 1 << 20, 0);
	for (uint32_t i = 0; i < 1000000; i++)
		tally_count(t, &i, sizeof i);
	assert_in_range(tally_rows(t), 10000, 1 << 16);
	assert_int_equal(tally_rows(t) + tally_others(t), 1000000);
	tally_free(t);

	t = tally_new(10, 1 << 20, 0);
	assert_ptr_equal(tally_count(t, long_key, sizeof long_key), tally_count(t, long_key, TALLY_KEY_MAX));
	assert_non_null(tally_count(t, "", 0));
	assert_int_equal(tally_rows(t), 2);
	tally_free(t);
}

static void
highest(void **unused)
{
	struct tally *t = tally_new(1000, 1 << 20, 0);
	struct top top;
	uint64_t last = UINT64_MAX, order = 0;

	(void)unused;
	for (int i = 0; i < 20000; i++) {
		uint16_t k = (uint16_t)(dice(30) * dice(30));

		tally_count(t, &k, sizeof k);
	}
	tally_top(t, 0, &top);
	assert_int_equal(top.n, tally_rows(t));
	for (size_t i = 0; i < top.n; i++) {
		const struct tally_row *r = top.at[i];

		assert_true(r->count < last || (r->count == last && r->order > order));
		last = r->count, order = r->order;
	}
	for (size_t n = 1; n < top.n; n += 7) {
		struct top few;

		tally_top(t, n, &few);
		assert_int_equal(few.n, n);
		for (size_t i = 0; i < n; i++)
			assert_ptr_equal(few.at[i], top.at[i]);
		top_free(&few);
	}
	top_free(&top);
	tally_free(t);
}

/* Bytes hash as words do; keys that differ in one bit or in their length alone. */
static void
hashes(void **unused)
{
	const struct hash_key fixed = { { 0x0706050403020100u, 0x0f0e0d0c0b0a0908u } };
	uint8_t key[40] = { 0 };

	(void)unused;
	for (size_t n = 0; n <= sizeof key; n += 8) {
		uint64_t words[5] = { 0 };

		for (size_t i = 0; i < n; i++)
			((uint8_t *)words)[i] = (uint8_t)i;
		assert_int_equal(hash_bytes(&fixed, words, n), hash_words(&fixed, words, n / 8));
	}
	for (size_t n = 1; n <= sizeof key; n++) {
		uint64_t h = hash_bytes(&fixed, key, n);

		assert_int_not_equal(h, hash_bytes(&fixed, key, n - 1));
		for (size_t bit = 0; bit < 8 * n; bit++) {
			key[bit / 8] ^= (uint8_t)(1 << bit % 8);
			assert_in_range(__builtin_popcountll(h ^ hash_bytes(&fixed, key, n)), 8, 56);
			key[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
	}
}

static int
by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void
quantiles(void **unused)
{
	static const double q[] = { 0, 0.01, 0.25, 0.5, 0.75, 0.95, 0.99, 1 };
	enum { MANY = 50000 };
	int64_t *v = malloc(MANY * sizeof *v), *sorted = malloc(MANY * sizeof *v);
	struct summary s = { 0 };

	(void)unused;
	assert_int_equal(summary_quantile(&s, 0.5), 0);
	for (unsigned n = 1; n <= MANY; n++) {
		v[n - 1] = (int64_t)dice(1u << (1 + dice(30))) * (1 + dice(1000));
		summary_add(&s, v[n - 1]);
		if (n != 1 && n != 2 && n != 7 && n != SUMMARY_EXACT && n != SUMMARY_EXACT + 1 && n != MANY)
			continue;
		memcpy(sorted, v, n * sizeof *v);
		qsort(sorted, n, sizeof *sorted, by_value);
		assert_int_equal(s.n, n);
		assert_int_equal(s.min, sorted[0]);
		assert_int_equal(s.max, sorted[n - 1]);
		for (unsigned i = 0; i < sizeof q / sizeof *q; i++) {
			unsigned rank = (unsigned)(q[i] * n);
			int64_t is = summary_quantile(&s, q[i]), want;

			rank += (double)rank < q[i] * n;
			want = sorted[rank ? rank - 1 : 0];
			if (n <= SUMMARY_EXACT)
				assert_int_equal(is, want);
			else
				assert_in_range(is, want - want / 64, want + want / 64 + 1);
		}
	}
	summary_free(&s);
	summary_add(&s, -5);
	assert_int_equal(s.max, 0);
	summary_free(&s);
	summary_add(&s, INT64_MAX);
	assert_int_equal(summary_quantile(&s, 0.5), INT64_MAX);
	for (int i = 0; i < 2 * SUMMARY_EXACT; i++)
		summary_add(&s, INT64_MAX);
	assert_int_equal(summary_quantile(&s, 0.5), INT64_MAX);
	summary_free(&s);
	free(v);
	free(sorted);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts), cmocka_unit_test(grows_in_good_time), cmocka_unit_test(ceilings), cmocka_unit_test(highest), cmocka_unit_test(hashes),
		cmocka_unit_test(quantiles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
