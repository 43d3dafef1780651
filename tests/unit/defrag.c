/* Fragments: the overlaps of the literature by hand, any order against a plain map of bytes, and what never completes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dice.h"
#include "flow/defrag.h"

static const uint8_t A[16] = { 10, 0, 0, 1 }, B[16] = { 10, 0, 0, 2 };
static const int64_t SECOND = 1000000000;

struct bench {
	struct defrag *d;
	struct defragged whole;
	uint64_t number;
	int64_t ns;
	uint32_t id;
};

static void
bench_start(struct bench *b)
{
	*b = (struct bench){ .d = defrag_new(), .ns = 100 * SECOND, .id = 1 };
	assert_non_null(b->d);
}

static void
bench_stop(struct bench *b)
{
	defrag_free(b->d);
}

static bool
take(struct bench *b, uint32_t offset, const void *p, uint32_t caplen, uint32_t len, bool more)
{
	/* A copy of its own size, so that a sanitizer sees reads beyond. */
	uint8_t *copy = malloc(caplen ? caplen : 1);
	struct fragment f = { .version = 4, .proto = 17, .src = A, .dst = B, .id = b->id, .offset = offset, .more = more,
		.p = copy, .caplen = caplen, .len = len, .number = ++b->number, .ns = b->ns };
	bool done;

	memcpy(copy, p, caplen);
	done = defrag_take(b->d, &f, &b->whole);
	if (!done || b->whole.p != copy)
		free(copy);
	return done;
}

/* Units of 8 times one letter each, from a unit on; '.' at the end: the last fragment. */
static bool
units(struct bench *b, uint32_t at, const char *letters)
{
	uint8_t bytes[512];
	uint32_t n = 0;

	for (; *letters && *letters != '.'; letters++, n += 8)
		memset(bytes + n, *letters, 8);
	return take(b, at * 8, bytes, n, n, *letters != '.');
}

static void
is_whole(const struct bench *b, const char *letters)
{
	assert_int_equal(b->whole.len, strlen(letters) * 8);
	for (uint32_t i = 0; i < b->whole.len; i++)
		assert_int_equal(b->whole.p[i], letters[i / 8]);
	assert_int_equal(defrag_counts(b->d)->bytes, 0);
}

static void
orders(void **state)
{
	struct bench b;

	(void)state;
	bench_start(&b);
	assert_false(units(&b, 0, "aa"));
	assert_false(units(&b, 2, "bb"));
	assert_true(take(&b, 32, "0123456", 7, 7, false));
	assert_int_equal(b.whole.len, 39);
	assert_memory_equal(b.whole.p + 30, "bb0123456", 9);
	assert_int_equal(b.whole.pieces, 3);
	assert_int_equal(b.whole.first_number, 1);
	assert_int_equal(b.whole.proto, 17);
	assert_false(b.whole.conflict);

	assert_false(units(&b, 3, "d."));
	assert_false(units(&b, 1, "b"));
	assert_false(units(&b, 1, "b"));
	assert_false(units(&b, 2, "c"));
	assert_true(units(&b, 0, "a"));
	is_whole(&b, "abcd");
	assert_int_equal(b.whole.first_number, 4);
	assert_int_equal(b.whole.pieces, 4);
	assert_int_equal(defrag_counts(b.d)->duplicates, 1);
	assert_int_equal(defrag_counts(b.d)->overlaps, 0);
	assert_int_equal(defrag_counts(b.d)->conflicts, 0);
	assert_int_equal(defrag_counts(b.d)->datagrams, 2);

	/* Two datagrams at a time, and one that is not in fragments. */
	assert_false(units(&b, 0, "a"));
	b.id = 2;
	assert_false(units(&b, 0, "x"));
	b.id = 1;
	uint8_t *whole = NULL;
	assert_true(take(&b, 0, "atom", 4, 4, false));
	assert_int_equal(b.whole.len, 4);
	memcpy(&whole, &b.whole.p, sizeof whole);
	free(whole);
	assert_true(units(&b, 1, "b."));
	assert_memory_equal(b.whole.p, "aaaaaaaabbbbbbbb", 16);
	b.id = 2;
	assert_true(units(&b, 1, "y."));
	is_whole(&b, "xy");
	bench_stop(&b);
}

/* The same number at the same ends is another datagram when protocol (IPv4), version or direction differ. */
static void
apart(void **state)
{
	static const uint8_t bytes[16] = "0123456789abcdef";
	struct fragment f = { .version = 4, .proto = 17, .src = A, .dst = B, .id = 7, .more = true, .p = bytes, .caplen = 8,
		.len = 8 };
	struct defrag *d = defrag_new();
	struct defragged whole;

	(void)state;
	assert_false(defrag_take(d, &f, &whole));
	f.offset = 8;
	f.more = false;
	f.proto = 6;
	assert_false(defrag_take(d, &f, &whole));
	f.proto = 17;
	f.src = B;
	f.dst = A;
	assert_false(defrag_take(d, &f, &whole));
	f.src = A;
	f.dst = B;
	f.version = 6;
	assert_false(defrag_take(d, &f, &whole));
	f.version = 4;
	assert_true(defrag_take(d, &f, &whole));

	/* IPv6: what the first fragment says of the next header is what counts. */
	f.version = 6;
	f.offset = 0;
	f.more = true;
	f.proto = 58;
	assert_true(defrag_take(d, &f, &whole));
	assert_int_equal(whole.proto, 58);
	defrag_free(d);
}

/*
 * Overlaps as Ptacek and Newsham ("Insertion, Evasion, and Denial of Service", 1998) and Novak ("Target-Based Fragmentation
 * Reassembly", 2005) send them to find out which fragment a system prefers: here always what came first.
 */
static void
overlaps(void **state)
{
	struct bench b;

	(void)state;
	bench_start(&b);

	/* Wholly: the same offset and length, other bytes. */
	assert_false(units(&b, 0, "aa"));
	assert_false(units(&b, 0, "xx"));
	assert_true(units(&b, 2, "b."));
	is_whole(&b, "aab");
	assert_true(b.whole.conflict);
	assert_int_equal(defrag_counts(b.d)->duplicates, 1);
	assert_int_equal(defrag_counts(b.d)->conflicts, 1);

	/* Begins before and ends within (left); begins within and ends behind (right). */
	assert_false(units(&b, 2, "bb"));
	assert_false(units(&b, 0, "aax"));
	assert_true(units(&b, 3, "xcc."));
	is_whole(&b, "aabbcc");
	assert_true(b.whole.conflict);

	/* Around an earlier one; inside an earlier one. */
	assert_false(units(&b, 1, "b"));
	assert_false(units(&b, 0, "axa"));
	assert_false(units(&b, 0, "y"));
	assert_true(units(&b, 3, "c."));
	is_whole(&b, "abac");

	/* The same bytes again, partly: an overlap and no conflict. */
	assert_false(units(&b, 0, "ab"));
	assert_false(units(&b, 1, "bc"));
	assert_true(units(&b, 3, "d."));
	is_whole(&b, "abcd");
	assert_false(b.whole.conflict);

	/*
	 * Novak's six fragments, in the order of their numbers:
	 *	111 22333
	 *	 4444 555666
	 */
	uint64_t conflicts = defrag_counts(b.d)->conflicts;
	assert_false(units(&b, 0, "111"));
	assert_false(units(&b, 4, "22"));
	assert_false(units(&b, 6, "333"));
	assert_false(units(&b, 1, "4444"));
	assert_false(units(&b, 6, "555"));
	assert_true(units(&b, 9, "666."));
	is_whole(&b, "111422333666");
	assert_int_equal(defrag_counts(b.d)->conflicts - conflicts, 2);
	assert_true(b.whole.conflict);

	/* A hole that something else is put into: complete only with the rest. */
	assert_false(units(&b, 0, "a"));
	assert_false(units(&b, 2, "c."));
	assert_false(units(&b, 2, "x."));
	assert_true(units(&b, 1, "b"));
	is_whole(&b, "abc");
	bench_stop(&b);
}

static void
odd_lengths(void **state)
{
	static uint8_t big[70000];
	struct bench b;

	(void)state;
	bench_start(&b);
	/* The ping of death: an offset that the rest pushes beyond 65,535. */
	assert_false(take(&b, 65528, big, 16, 16, false));
	assert_false(take(&b, 8, big, 70000, 70000, true));
	assert_false(take(&b, 0, big, 8, UINT32_MAX, true));
	assert_false(take(&b, UINT32_MAX - 7, big, 8, 8, true));
	assert_int_equal(defrag_counts(b.d)->oversized, 4);
	assert_int_equal(defrag_counts(b.d)->bytes, 0);
	/* Nothing in it; not whole units though more come; an offset between units. */
	assert_false(take(&b, 8, big, 0, 0, true));
	assert_false(take(&b, 8, big, 0, 0, false));
	assert_false(take(&b, 8, big, 9, 9, true));
	assert_false(take(&b, 9, big, 8, 8, true));
	assert_int_equal(defrag_counts(b.d)->misfits, 4);
	assert_int_equal(defrag_counts(b.d)->bytes, 0);
	/* Two ends; bytes behind the end: teardrop. */
	assert_false(units(&b, 2, "c."));
	assert_false(units(&b, 1, "b."));
	assert_false(units(&b, 3, "d"));
	assert_false(units(&b, 3, "d."));
	assert_int_equal(defrag_counts(b.d)->misfits, 7);
	assert_true(units(&b, 0, "ab"));
	is_whole(&b, "abc");
	assert_true(b.whole.conflict);
	assert_false(units(&b, 0, "abcde"));
	assert_false(units(&b, 2, "x."));
	assert_true(units(&b, 5, "f."));
	is_whole(&b, "abcdef");
	/* As large as can be, in the smallest pieces, from behind. */
	assert_false(take(&b, 65528, big, 7, 7, false));
	for (uint32_t at = 65520; at > 0; at -= 8)
		assert_false(take(&b, at, big, 8, 8, true));
	assert_true(take(&b, 0, big, 8, 8, true));
	assert_int_equal(b.whole.len, 65535);
	assert_int_equal(b.whole.pieces, 8192);
	assert_in_range(defrag_counts(b.d)->bytes_most, 65536, 2 * 65536);
	/* Cut short: what is missing may come again. */
	assert_false(take(&b, 0, "aaaaaaaabbb", 11, 16, true));
	assert_false(units(&b, 2, "c."));
	assert_true(units(&b, 0, "ab"));
	is_whole(&b, "abc");
	assert_false(take(&b, 0, "atom", 3, 4, false));
	bench_stop(&b);
}

static void
times(void **state)
{
	struct bench b;

	(void)state;
	bench_start(&b);
	assert_false(units(&b, 0, "a"));
	b.ns += DEFRAG_SECONDS * SECOND - 1;
	assert_true(units(&b, 1, "b."));
	assert_false(units(&b, 0, "a"));
	b.ns += DEFRAG_SECONDS * SECOND;
	assert_false(units(&b, 1, "b."));
	assert_int_equal(defrag_counts(b.d)->timed_out, 1);
	/* Set back a little; set back far; from the end of time to its beginning. */
	b.ns -= 5 * SECOND;
	assert_true(units(&b, 0, "a"));
	assert_false(units(&b, 0, "a"));
	b.ns -= 3600 * SECOND;
	assert_false(units(&b, 1, "b."));
	assert_int_equal(defrag_counts(b.d)->timed_out, 2);
	b.ns = INT64_MAX;
	assert_false(units(&b, 0, "a"));
	b.ns = INT64_MIN;
	assert_false(units(&b, 1, "b."));
	assert_int_equal(defrag_counts(b.d)->timed_out, 4);
	bench_stop(&b);
}

/* Fragments that never complete: no more than the ceilings, the oldest first. */
static void
ceilings(void **state)
{
	static uint8_t bytes[32768];
	struct bench b;

	(void)state;
	bench_start(&b);
	for (b.id = 0; b.id < 100000; b.id++)
		assert_false(take(&b, 65512, bytes, 8, 8, true));
	assert_int_equal(defrag_counts(b.d)->crowded, 100000 - DEFRAG_DATAGRAMS_MAX);
	assert_in_range(defrag_counts(b.d)->bytes_most, DEFRAG_DATAGRAMS_MAX * 8, DEFRAG_BYTES_MAX);
	/* The last ones are still there, the one before is not. */
	b.id = 100000 - DEFRAG_DATAGRAMS_MAX;
	assert_false(take(&b, 65520, bytes, 8, 8, false));
	assert_false(take(&b, 0, bytes, 32768, 32768, true));
	assert_true(take(&b, 32768, bytes, 32744, 32744, true));
	b.id -= 1;
	assert_false(take(&b, 65520, bytes, 8, 8, false));
	assert_false(take(&b, 0, bytes, 32768, 32768, true));
	assert_false(take(&b, 32768, bytes, 32744, 32744, true));

	/* Bytes: a thousand times 64 KiB less the end. */
	for (b.id = 200000; b.id < 201000; b.id++) {
		assert_false(take(&b, 8, bytes, 32768, 32768, true));
		assert_false(take(&b, 32776, bytes, 32752, 32752, true));
	}
	assert_in_range(defrag_counts(b.d)->bytes_most, DEFRAG_BYTES_MAX - 65536, DEFRAG_BYTES_MAX);
	b.id--;
	assert_false(take(&b, 0, bytes, 8, 8, true));
	assert_true(take(&b, 65528, bytes, 7, 7, false));
	assert_int_equal(b.whole.len, 65535);
	bench_stop(&b);
}

/* Random fragments of random datagrams, in any order and overlapping: the bytes that came first, as a plain map has them. */
static void
as_plain_map(void **state)
{
	static uint8_t bytes[65536], map[65536];
	static bool have[65536];
	unsigned completed = 0;

	(void)state;
	for (unsigned round = 0; round < 300; round++) {
		uint32_t len = 9 + dice(dice(4) ? 3000 : 65527), missing = len, step = 8 * (1 + dice(dice(2) ? 10 : 500));
		bool conflict = false, done = false;
		struct bench b;

		bench_start(&b);
		memset(have, 0, sizeof have);
		for (unsigned i = 0; i < 40000 && !done; i++) {
			uint32_t at = 8 * dice((len + 7) / 8), n = 8 * (1 + dice(step / 8));
			bool more = at + n < len;

			if (!more)
				n = len - at;
			if (at == 0 && !more)
				continue;
			for (uint32_t k = 0; k < n; k++)
				bytes[k] = dice(200) ? (uint8_t)(at + k) : (uint8_t)dice(256);
			for (uint32_t k = 0; k < n; k++) {
				if (have[at + k]) {
					conflict = conflict || map[at + k] != bytes[k];
				} else {
					map[at + k] = bytes[k];
					have[at + k] = true;
					missing--;
				}
			}
			done = take(&b, at, bytes, n, n, more);
			assert_int_equal(done, missing == 0);
		}
		completed += done;
		if (done) {
			assert_int_equal(b.whole.len, len);
			assert_memory_equal(b.whole.p, map, len);
			assert_int_equal(b.whole.conflict, conflict);
			assert_int_equal(defrag_counts(b.d)->bytes, 0);
		}
		bench_stop(&b);
	}
	assert_in_range(completed, 290, 300);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(orders),
		cmocka_unit_test(apart),
		cmocka_unit_test(overlaps),
		cmocka_unit_test(odd_lengths),
		cmocka_unit_test(times),
		cmocka_unit_test(ceilings),
		cmocka_unit_test(as_plain_map),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
