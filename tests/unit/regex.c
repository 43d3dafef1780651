/* PCRE2 that comes to an end: the same matches as its own, and an end where it has none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/examined.h"
#include "base/regex.h"
#include "dice.h"

enum { LARGE = 65536 };

static pcre2_code *
compile(const char *text, uint32_t options)
{
	PCRE2_SIZE at;
	int error;
	pcre2_code *code = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, options | regex_compile(text, strlen(text)), &error, &at, NULL);

	assert_non_null(code);
	regex_hurry(code, PCRE2_JIT_COMPLETE | PCRE2_JIT_PARTIAL_HARD);
	return code;
}

/* Long and short subjects of few letters, from anywhere on. */
static void
same_as_pcre2(void **state)
{
	static const char *const patterns[] = {
		"abc", "^abc", "\\Aabc", "\\Gab", "b$", "b\\z", "(?<=ab)c", "(ab)+c", "a.*b.*cc", "(?s)a.{300,}c$", "\\bcab\\b", "c{9}",
		"(a|b|c)\\1\\1\\1\\1\\1\\1", "x?", "[^abc ]+",
		"\\Gb|cba", "b(*COMMIT)a|c",
	};
	static uint8_t p[LARGE];
	struct regex *r = regex_new();
	pcre2_match_data *match = pcre2_match_data_create(1, NULL);
	const PCRE2_SIZE *place = pcre2_get_ovector_pointer(match);
	unsigned compared = 0;

	(void)state;
	assert_non_null(r);
	for (unsigned i = 0; i < 600; i++) {
		uint32_t options = (dice(2) ? PCRE2_MULTILINE : 0) | (dice(4) ? 0 : PCRE2_CASELESS);
		uint32_t how = PCRE2_NOTEMPTY | (dice(2) ? PCRE2_PARTIAL_HARD : 0) | (dice(3) ? 0 : PCRE2_NOTBOL);
		pcre2_code *code = compile(patterns[i % (sizeof patterns / sizeof *patterns)], options);
		size_t n = dice(3) ? dice(200) : dice(LARGE), at = dice((uint32_t)n + 1), from, to;
		enum regex_result got;
		uint64_t before;
		int want;

		for (size_t k = 0; k < n; k++)
			p[k] = (uint8_t)(dice(50) ? "abc "[dice(4)] : dice(2) ? '\n' : 'A');
		want = pcre2_match(code, p, n, at, how, match, NULL);
		regex_begin(r);
		before = regex_given_up(r);
		got = regex_find(r, code, p, n, at, how, &from, &to);
		pcre2_code_free(code);
		if (regex_given_up(r) != before)
			continue;
		compared++;
		assert_int_equal(got, want >= 0 ? REGEX_MATCH : want == PCRE2_ERROR_PARTIAL ? REGEX_PARTIAL : REGEX_NONE);
		if (got != REGEX_NONE)
			assert_true(from == place[0] && to == place[1]);
	}
	assert_true(compared > 300);
	pcre2_match_data_free(match);
	regex_free(r);
}

/*
 * A search that finds its match in time, which a machine that is busy with something else may have to try again. False: time
 * is over too soon where all takes longer, under examination.
 */
static bool
find_in_time(struct regex *r, const pcre2_code *code, const uint8_t *p, size_t n, size_t *from, size_t *to)
{
	for (unsigned tries = 10; tries; tries--) {
		regex_begin(r);
		if (regex_find(r, code, p, n, 0, 0, from, to) == REGEX_MATCH)
			return true;
	}
	if (!is_examined())
		fail();
	return false;
}

/* What is behind the place where a pattern takes too long is found all the same, as long as there is time. */
static void
goes_on(void **state)
{
	static uint8_t p[200];
	struct regex *r = regex_new();
	pcre2_code *code = compile("(a+)+b", 0);
	size_t from, to;

	(void)state;
	memset(p, 'x', sizeof p);
	memset(p + 10, 'a', 25);
	memcpy(p + 100, "aab", 3);
	if (find_in_time(r, code, p, sizeof p, &from, &to))
		assert_true(from == 100 && to == 103);
	assert_true(regex_given_up(r) > 0);
	pcre2_code_free(code);

	/* As many rounds as there are in 20,000 bytes are no reason to give up. */
	static uint8_t rounds[20004];
	uint64_t before = regex_given_up(r);
	for (size_t i = 0; i < sizeof rounds; i++)
		rounds[i] = "word"[i % 4];
	rounds[sizeof rounds - 1] = '!';
	code = compile("(?:[a-z]{4})+[a-z]{3}!", 0);
	if (find_in_time(r, code, rounds, sizeof rounds, &from, &to))
		assert_true(from == 0 && to == sizeof rounds && (is_examined() || regex_given_up(r) == before));
	pcre2_code_free(code);
	regex_free(r);
}

static void
comes_to_an_end(void **state)
{
	static const char *const patterns[] = { "(a+)+b", "(a|aa)+b", "(\\w+\\s)*\\1x", "([^.]+)+\\.", "a.*b.*c" };
	static uint8_t p[LARGE];
	struct regex *r = regex_new();

	(void)state;
	for (unsigned i = 0; i < sizeof patterns / sizeof *patterns; i++)
		for (unsigned rows = 0; rows < 4; rows++) {
			pcre2_code *code = compile(patterns[i], 0);
			int64_t least = INT64_MAX;
			size_t from, to;

			for (size_t k = 0; k < sizeof p; k++)
				p[k] = rows && k % (8 + 6 * rows) == 0 ? 'x' : 'a';
			for (unsigned tries = 0; tries < 5; tries++) {
				int64_t begin = clock_thread_ns(), took;

				regex_begin(r);
				assert_int_equal(regex_find(r, code, p, sizeof p, 0, 0, &from, &to), REGEX_NONE);
				/* There is no time for more, and that is known at once. */
				regex_find(r, code, p, sizeof p, 0, 0, &from, &to);
				took = clock_thread_ns() - begin;
				least = took < least ? took : least;
			}
			if (!is_examined() && least > 10000000)
				fail_msg("%s takes %u us", patterns[i], (unsigned)(least / 1000));
			pcre2_code_free(code);
		}
	assert_true(regex_given_up(r) > 0);
	regex_free(r);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_as_pcre2), cmocka_unit_test(goes_on), cmocka_unit_test(comes_to_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
