/* Patterns in pieces of streams: what is found does not depend on where the pieces end, nor on the engine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/examined.h"
#include "dice.h"
#include "stream/pattern.h"
#include "stream/search.h"

enum { HITS_MAX = 60000 };

struct hit {
	unsigned pattern;
	uint64_t offset, first, last;
	uint32_t len;
	bool cut;
};

static struct hit hits[HITS_MAX];
static unsigned n_hits, stop_at;
static const uint8_t *truth;		/* the bytes that were fed, from offset truth_at on */
static uint64_t truth_at;

static bool
on_found(void *ctx, const struct search_match *m)
{
	(void)ctx;
	assert_true(n_hits < HITS_MAX);
	if (truth)
		assert_memory_equal(m->p - m->before, truth + (m->offset - truth_at) - m->before, m->before + m->len);
	hits[n_hits++] = (struct hit){ m->pattern, m->offset, m->first, m->last, m->len, m->cut };
	return n_hits != stop_at;
}

static struct search *
search_of(bool pcre_only, uint32_t context)
{
	n_hits = stop_at = 0;
	truth = NULL;
	return search_new(&(struct search_options){ .found = on_found, .pcre_only = pcre_only, .context = context });
}

static void
add(struct search *s, enum search_kind kind, const char *text)
{
	struct err e;

	if (!search_add(s, kind, text, strlen(text), false, &e))
		fail_msg("%s: %s", text, e.text);
}

static void
ready(struct search *s)
{
	struct err e;

	assert_true(search_ready(s, &e));
}

static bool
feed(struct search *s, struct search_stream *t, const char *text, uint64_t offset, uint64_t number)
{
	struct search_piece p = { (const uint8_t *)text, (uint32_t)strlen(text), offset, number, (int64_t)number * 1000 };

	return search_feed(s, t, &p, NULL);
}

static void
expect(unsigned i, unsigned pattern, uint64_t offset, uint32_t len, uint64_t first, uint64_t last)
{
	assert_true(i < n_hits);
	assert_int_equal(hits[i].pattern, pattern);
	assert_int_equal(hits[i].offset, offset);
	assert_int_equal(hits[i].len, len);
	assert_int_equal(hits[i].first, first);
	assert_int_equal(hits[i].last, last);
}

#define BOTH for (int engine = 0; engine < 2; engine++)

static void
across_pieces(void **state)
{
	(void)state;
	BOTH {
		struct search *s = search_of(engine, 0);
		struct search_stream t = { 0 };

		add(s, SEARCH_REGEX, "pass(word)?=\\w+");
		ready(s);
		assert_true(feed(s, &t, "user=x pa", 0, 3));
		assert_true(feed(s, &t, "ssw", 9, 4));
		assert_int_equal(n_hits, 0);
		assert_true(feed(s, &t, "ord=secr", 12, 6));
		assert_int_equal(n_hits, 0);		/* it may go on */
		assert_true(feed(s, &t, "et\r\npass=1", 20, 9));
		assert_int_equal(n_hits, 1);
		expect(0, 0, 7, 15, 3, 9);
		assert_true(search_end(s, &t, NULL));
		assert_int_equal(n_hits, 2);
		expect(1, 0, 24, 6, 9, 9);
		assert_int_equal(search_counts(s)->memory, 0);
		search_free(s);
	}
}

/* The place of each byte of a stream does not change what matches: beginnings, ends, what stands in front. */
static void
edges(void **state)
{
	static const struct { const char *regex; unsigned n; uint64_t last; } rows[] = {
		{ "^abc", 1, 0 }, { "\\Aabc", 1, 0 }, { "\\Adef", 0, 0 }, { "\\bdef", 2, 8 }, { "(?<=c )def", 1, 4 },
		{ "def\\z", 1, 8 }, { "f$", 2, 10 }, { "(?<!c )def", 1, 8 }, { "^d", 1, 8 }, { "\\Bef", 2, 9 },
		{ "f(?=\\n)", 1, 6 }, { "f(?!\\n)", 1, 10 }, { "\\Bdef", 0, 0 }, { "def\\b", 2, 8 },
	};

	(void)state;
	BOTH for (unsigned r = 0; r < sizeof rows / sizeof *rows; r++)
		for (unsigned size = 1; size <= 11; size++) {
			const char *text = "abc def\ndef";
			struct search *s = search_of(engine, 0);
			struct search_stream t = { 0 };

			add(s, SEARCH_REGEX, rows[r].regex);
			ready(s);
			for (unsigned at = 0; at < 11; at += size) {
				struct search_piece p = { (const uint8_t *)text + at, 11 - at < size ? 11 - at : size, at, 1, 0 };

				assert_true(search_feed(s, &t, &p, NULL));
			}
			assert_true(search_end(s, &t, NULL));
			assert_int_equal(n_hits, rows[r].n);
			assert_true(n_hits == 0 || hits[n_hits - 1].offset == rows[r].last);
			search_free(s);
		}
}

static void
gap_ends_a_match(void **state)
{
	(void)state;
	BOTH {
		struct search *s = search_of(engine, 0);
		struct search_stream t = { 0 };

		add(s, SEARCH_REGEX, "ab+c?");
		add(s, SEARCH_REGEX, "^z");
		ready(s);
		assert_true(feed(s, &t, "xxab", 0, 1));
		assert_true(feed(s, &t, "bc", 5, 2));		/* one byte is missing */
		assert_int_equal(n_hits, 1);
		expect(0, 0, 2, 2, 1, 1);
		assert_true(feed(s, &t, "zabbb", 17, 3));	/* behind a gap no line begins */
		assert_true(search_end(s, &t, NULL));
		assert_int_equal(n_hits, 2);
		expect(1, 0, 18, 4, 3, 3);
		search_free(s);
	}
}

static void
many_patterns(void **state)
{
	(void)state;
	BOTH {
		struct search *s = search_of(engine, 4);
		struct search_stream t = { 0 };
		struct err e;

		add(s, SEARCH_FIXED, "a.c");
		add(s, SEARCH_HEX, "61 ?? 63");
		add(s, SEARCH_HEX, "6? 2? 61");
		assert_true(search_add(s, SEARCH_FIXED, "HELLO", 5, true, &e));
		add(s, SEARCH_REGEX, "l+");
		add(s, SEARCH_REGEX, "(a)(.)\\2");		/* PCRE2's alone */
		add(s, SEARCH_REGEX, "x*");			/* never what is empty */
		ready(s);
		assert_int_equal(search_size(s), 7);
		assert_true(feed(s, &t, "abc a", 0, 1));
		assert_true(feed(s, &t, ".c hel", 5, 2));
		assert_true(feed(s, &t, "Lo a--x", 11, 3));
		assert_true(search_end(s, &t, NULL));
		assert_int_equal(n_hits, 9);
		for (unsigned i = 0; i < n_hits; i++)
			switch (hits[i].pattern) {
			case 0: expect(i, 0, 4, 3, 1, 2); break;
			case 1: expect(i, 1, hits[i].offset ? 4 : 0, 3, 1, hits[i].offset ? 2 : 1); break;
			case 2: expect(i, 2, hits[i].offset > 9 ? 12 : 2, 3, hits[i].offset > 9 ? 3 : 1, hits[i].offset > 9 ? 3 : 1); break;
			case 3: expect(i, 3, 8, 5, 2, 3); break;
			case 4: expect(i, 4, 10, 1, 2, 2); break;
			case 5: expect(i, 5, 14, 3, 3, 3); break;
			case 6: expect(i, 6, 17, 1, 3, 3); break;
			}
		search_free(s);
	}
}

static void
hex_digits(void **state)
{
	static const char *const wrong[] = { "", " ", "d", "de a", "xy", "??", "?? ??", "dead b", "de,ad" };
	struct search *s = search_of(false, 0);
	struct err e;
	static const uint8_t bytes[] = { 0xde, 0xad, 0xbe, 0xef, 0x77, 0x01, 0x00, 0xf5, 0xa5 };

	(void)state;
	for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_false(search_add(s, SEARCH_HEX, wrong[i], strlen(wrong[i]), false, &e));
	search_free(s);
	s = search_of(false, 0);
	add(s, SEARCH_HEX, "de:ad BEEF ?? 01 00");
	add(s, SEARCH_HEX, "?5");
	add(s, SEARCH_HEX, "f?");
	ready(s);
	assert_true(search_whole(s, &(struct search_piece){ bytes, sizeof bytes, 0, 7, 0 }, NULL));
	assert_int_equal(n_hits, 4);
	expect(0, 0, 0, 7, 7, 7);
	expect(1, 1, 7, 1, 7, 7);
	expect(2, 2, 7, 1, 7, 7);
	expect(3, 1, 8, 1, 7, 7);
	search_free(s);
}

/* No words for it that both libraries share. */
static void
nul_in_a_regex(void **state)
{
	static const uint8_t bytes[] = "ab\0cd\0";
	struct search *s = search_of(false, 0);
	struct err e;

	(void)state;
	assert_true(search_add(s, SEARCH_REGEX, "\0", 1, false, &e));
	assert_true(search_add(s, SEARCH_REGEX, "b\0[c]", 5, false, &e));
	ready(s);
	assert_true(search_whole(s, &(struct search_piece){ bytes, 5, 0, 7, 0 }, NULL));
	assert_int_equal(n_hits, 2);
	expect(0, 1, 1, 3, 7, 7);
	expect(1, 0, 2, 1, 7, 7);
	search_free(s);
}

static void
wrong_patterns(void **state)
{
	static const char *const wrong[] = { "(", "a{2,1}", "[", "\\C", "(*UTF)a", "\\Ga", "a\\\\\\Gb", "\\Qa\\E\\G", "a(*COMMIT)b" };
	static const char *const right[] = { "\\\\Ga", "\\Q\\G\\E", "a(*PRUNE)b" };
	struct search *s = search_of(false, 0);
	struct err e;

	(void)state;
	for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_false(search_add(s, SEARCH_REGEX, wrong[i], strlen(wrong[i]), false, &e));
	for (unsigned i = 0; i < sizeof right / sizeof *right; i++)
		add(s, SEARCH_REGEX, right[i]);
	search_free(s);
}

static void
stops_when_told(void **state)
{
	(void)state;
	BOTH {
		struct search *s = search_of(engine, 0);
		struct search_stream t = { 0 };

		add(s, SEARCH_FIXED, "a");
		ready(s);
		stop_at = 2;
		assert_false(feed(s, &t, "aXaXaX", 0, 1));
		assert_int_equal(n_hits, 2);
		assert_int_equal(search_counts(s)->memory, 0);
		search_free(s);
	}
}

/* A match that never ends is cut at the ceiling, and neither memory nor time grows with it. */
static void
long_matches(void **state)
{
	static char text[1400];

	(void)state;
	memset(text, 'a', sizeof text);
	BOTH {
		struct search *s = search_of(engine, 0);
		struct search_stream t = { 0 };

		add(s, SEARCH_REGEX, "(?s)BEGIN.*END");
		add(s, SEARCH_REGEX, "a+");
		ready(s);
		assert_true(feed(s, &t, "BEGIN", 0, 1));
		for (unsigned i = 0; i < 1000; i++) {
			struct search_piece p = { (const uint8_t *)text, sizeof text, 5 + i * sizeof text, i + 2, 0 };

			assert_true(search_feed(s, &t, &p, NULL));
			assert_true(t.len <= 3 * SEARCH_HELD_MAX);
		}
		assert_true(feed(s, &t, "END", 5 + 1000 * sizeof text, 2000));
		assert_true(search_end(s, &t, NULL));
		assert_true(search_counts(s)->cut > 0);
		assert_true(n_hits > 1 && n_hits < 100);
		for (unsigned i = 0; i < n_hits; i++) {
			assert_int_equal(hits[i].pattern, 1);
			assert_int_equal(hits[i].offset, i ? hits[i - 1].offset + hits[i - 1].len : 5);
		}
		search_free(s);
	}
}

/* Expressions that take PCRE2 for ever are given up, and counted. */
static void
catastrophes(void **state)
{
	static char text[3000];

	(void)state;
	memset(text, 'a', sizeof text);
	BOTH {
		struct search *s = search_of(engine, 0);

		add(s, SEARCH_REGEX, "(a+)+(a+)+$b");
		add(s, SEARCH_REGEX, "(a*)*\\1c|(a|aa)+\\1d");
		ready(s);
		assert_true(search_whole(s, &(struct search_piece){ (const uint8_t *)text, sizeof text, 0, 1, 0 }, NULL));
		assert_true(search_counts(s)->limits > 0 || engine == 0);
		search_free(s);
	}
}

/* Streams beyond the ceiling of memory: the quietest forget, the others do not. */
static void
memory_ceiling(void **state)
{
	enum { STREAMS = 4000 };
	struct search_stream *t = calloc(STREAMS, sizeof *t);
	static char text[60000];

	(void)state;
	memset(text, 'a', sizeof text);
	struct search *s = search_of(true, 0);

	add(s, SEARCH_REGEX, "a+");
	ready(s);
	for (unsigned i = 0; i < STREAMS; i++) {
		struct search_piece p = { (const uint8_t *)text, sizeof text, 0, i, 0 };

		assert_true(search_feed(s, &t[i], &p, NULL));
		assert_true(search_counts(s)->memory <= SEARCH_MEMORY_MAX);
	}
	assert_true(search_counts(s)->forgotten > 0);
	for (unsigned i = 0; i < STREAMS; i++)
		assert_true(search_end(s, &t[i], NULL));
	assert_int_equal(n_hits, STREAMS - search_counts(s)->forgotten);
	assert_int_equal(search_counts(s)->memory, 0);
	search_free(s);
	free(t);
}

/* --- against PCRE2 on the whole stream --------------------------------------------------------------------------- */

static void
put_atom(char **o, unsigned depth)
{
	static const char *const atoms[] = { "a", "b", "c", ".", "[ab]", "[^a]", "\\w", "\\b", "\\n", "\\s", "^", "$",
		"\\x61", "(?i:B)", "\\d", "\\B", "(?=b)", "(?!c)", "(?<=a)", "(?<!b)", "\\W", "\\h", "\\v" };

	bool group = depth && dice(3) == 0;

	if (group) {
		*o += sprintf(*o, dice(4) ? "(?:" : "(");
		for (unsigned i = 0, n = 1 + dice(3); i < n; i++) {
			if (i && dice(2))
				*(*o)++ = '|';
			put_atom(o, depth - 1);
		}
		*o += sprintf(*o, ")");
	} else {
		*o += sprintf(*o, "%s", atoms[dice(2) ? dice(7) : dice(sizeof atoms / sizeof *atoms)]);
	}
	switch (dice(12)) {
	case 0: *o += sprintf(*o, "*"); break;
	case 1: *o += sprintf(*o, "+"); break;
	case 2: *o += sprintf(*o, "?"); break;
	case 3: *o += sprintf(*o, "{2,4}"); break;
	case 4: *o += sprintf(*o, "*?"); break;
	case 5: *o += sprintf(*o, "+?"); break;
	case 6: *o += sprintf(*o, group ? "?" : "++"); break;	/* PCRE2 takes (?:.*?)++ for bound to a line's beginning */
	}
}

/* What PCRE2 finds in all of it at once; -1: it cannot tell. */
static int
whole(const pcre2_code *code, const uint8_t *p, uint32_t len, struct hit *out)
{
	pcre2_match_data *m = pcre2_match_data_create(1, NULL);
	const PCRE2_SIZE *at = pcre2_get_ovector_pointer(m);
	int n = 0, r = 0;

	for (uint32_t from = 0; from < len && (r = pcre2_match(code, p, len, from, PCRE2_NOTEMPTY, m, NULL)) >= 0;) {
		out[n++] = (struct hit){ .offset = at[0], .len = (uint32_t)(at[1] - at[0]) };
		from = (uint32_t)at[1];
	}
	pcre2_match_data_free(m);
	return r < PCRE2_ERROR_NOMATCH ? -1 : n;
}

static void
like_the_whole(void **state)
{
	enum { LEN = 400 };
	const unsigned rounds = is_emulated() ? 100 : 1500;	/* an emulated processor is some 50 times slower */
	static struct hit want[LEN];
	unsigned compared = 0, limited = 0, found = 0, fast = 0;

	(void)state;
	for (unsigned round = 0; round < rounds; round++) {
		char regex[1024], *o = regex;
		uint8_t text[LEN];
		struct pattern t = { 0 };
		struct err e;
		unsigned seed = dice(3);
		int n;

		for (unsigned i = 0, atoms = 1 + dice(5); i < atoms; i++) {
			if (i && dice(8) == 0)
				*o++ = '|';
			put_atom(&o, 2);
		}
		*o = '\0';
		for (unsigned i = 0; i < LEN; i++)
			text[i] = (uint8_t)(seed ? "aaabbbcc c\nB1\r_" : "ab")[dice(seed ? 15 : 2)];
		if (!pattern_make(&t, SEARCH_REGEX, regex, strlen(regex), false, &e)) {
			pattern_free(&t);
			continue;
		}
		n = whole(pattern_code(&t), text, LEN, want);
		if (n < 0) {
			pattern_free(&t);
			continue;
		}
		for (int engine = 0; engine < 3; engine++) {
			struct search *s = search_of(engine == 1, dice(10));
			struct search_stream stream = { 0 };

			add(s, SEARCH_REGEX, regex);
			if (engine == 2)
				add(s, SEARCH_FIXED, "never seen there");
			ready(s);
			fast += engine == 0 && search_counts(s)->slow == 0;
			truth = text;
			truth_at = 0;
			for (uint32_t at = 0; at < LEN;) {
				uint32_t size = 1 + dice(round % 3 ? 60 : 4);
				struct search_piece p = { text + at, size < LEN - at ? size : LEN - at, at, at + 1, 0 };

				assert_true(search_feed(s, &stream, &p, NULL));
				at += p.len;
			}
			assert_true(search_end(s, &stream, NULL));
			if (search_counts(s)->limits) {		/* takes PCRE2 too long: nothing to compare */
				search_free(s);
				limited++;
				continue;
			}
			if (n_hits != (unsigned)n)
				fail_msg("%s: %u matches instead of %d (engine %d, round %u)", regex, n_hits, n, engine, round);
			for (int i = 0; i < n; i++)
				if (hits[i].offset != want[i].offset || hits[i].len != want[i].len)
					fail_msg("%s: match %d is %u+%u instead of %u+%u (engine %d)", regex, i,
					    (unsigned)hits[i].offset, hits[i].len, (unsigned)want[i].offset, want[i].len,
					    engine);
			search_free(s);
		}
		compared++;
		found += (unsigned)n;
		pattern_free(&t);
	}
	assert_true(compared > rounds * 2 / 3 && found > 7 * rounds && (is_emulated() || limited < compared / 20));
	printf("%u expressions, %u of them with vectorscan; %u matches\n", compared, fast, found);
}

/* What stands alone in the bytes is found at each of its places: processors' wide vectors have ends. */
static void
wherever_it_is(void **state)
{
	enum { LEN = 300 };
	static const struct { const char *regex, *text; } rows[] = {
		{ "\\d{1,3}\\.\\d{1,3}\\b", "5.2" }, { "\"[^\"]*\"", "\"x\"" }, { "a.{3,20}z", "a12345z" }, { "//.*$", "//x" },
		{ "[a-z]+@[a-z]+", "a@b" }, { "[0-9]{3}-[0-9]{2}", "123-45" }, { "abc|xyz", "xyz" }, { "q", "q" },
	};

	(void)state;
	for (unsigned r = 0; r < sizeof rows / sizeof *rows; r++) {
		uint32_t size = (uint32_t)strlen(rows[r].text);
		struct search *s = search_of(false, 0);
		uint8_t text[LEN];

		add(s, SEARCH_REGEX, rows[r].regex);
		ready(s);
		for (uint32_t at = 0; at + size < LEN; at++) {
			memset(text, ' ', LEN);
			memcpy(text + at, rows[r].text, size);
			n_hits = 0;
			assert_true(search_whole(s, &(struct search_piece){ text, LEN, 0, 1, 0 }, NULL));
			assert_int_equal(n_hits, 1);
			assert_int_equal(hits[0].offset, at);
		}
		search_free(s);
	}
}

/* Words, numbers and bytes as traffic has them, in pieces as long as segments: what runs over them fastest is exact too. */
static void
like_the_whole_of_long_ones(void **state)
{
	static const char *const regexes[] = { "\\d{1,3}\\.\\d{1,3}\\b", "\\b\\d{1,3}(\\.\\d{1,3}){3}\\b", "\"[^\"]*\"", "//.*$",
		"a.{3,20}z", "[0-9]{3}-[0-9]{2}", "[a-z]+@[a-z]+\\.com", "(?i)pass(word|wd)?\\s*[=:]\\s*\\S+", "^GET [^ ]+",
		"\\x00[\\x80-\\xff]{2}", "(foo|bar|password)", "[^a-z]{5}x", "\\d+\\.\\d+", "[A-Z]{2,}[^\\n]*;", "password", "q" };
	static const char *const words[] = { "password", "GET /x ", "10.0.0.1", "a@b.com", "// note\n", "\"text\"", "123-45",
		"foo", " ", " ", "\r\n", "PASS;", "5.2", "pass: x", "zaz", "\x80\xff", "bar=", "z", "passwd = 1", "q" };
	enum { LEN = 12000, WORDS = sizeof words / sizeof *words, REGEXES = sizeof regexes / sizeof *regexes };
	const unsigned rounds = is_emulated() ? REGEXES : 96;
	static uint8_t text[LEN + 16];
	static struct hit want[LEN];
	unsigned found = 0;

	(void)state;
	for (unsigned round = 0; round < rounds; round++) {
		const char *regex = regexes[round % REGEXES];
		struct search *s = search_of(false, 32);
		struct search_stream stream = { 0 };
		struct pattern t = { 0 };
		struct err e;
		unsigned n;

		for (unsigned at = 0, rare = dice(3) ? 300 + dice(700) : 1 + dice(60); at < LEN;) {
			const char *word = words[(rare < 100 ? dice(WORDS) : round / REGEXES + dice(4)) % WORDS];

			if (dice(rare)) {
				text[at++] = (uint8_t)" etaoin\0shrdlu"[dice(14)];
			} else {
				memcpy(text + at, word, strlen(word));
				at += (unsigned)strlen(word);
			}
		}
		assert_true(pattern_make(&t, SEARCH_REGEX, regex, strlen(regex), false, &e));
		n = (unsigned)whole(pattern_code(&t), text, LEN, want);
		pattern_free(&t);
		add(s, SEARCH_REGEX, regex);
		ready(s);
		truth = text;
		for (uint32_t at = 0; at < LEN;) {
			uint32_t size = 1 + dice(dice(2) ? 1448 : 100);
			struct search_piece p = { text + at, size < LEN - at ? size : LEN - at, at, at + 1, 0 };

			assert_true(search_feed(s, &stream, &p, NULL));
			at += p.len;
		}
		assert_true(search_end(s, &stream, NULL));
		if (is_emulated() && search_counts(s)->limits) {	/* there, time is over soon */
			search_free(s);
			continue;
		}
		if (n_hits != n)
			fail_msg("%s: %u matches instead of %u (round %u)", regex, n_hits, n, round);
		for (unsigned i = 0; i < n; i++)
			if (hits[i].offset != want[i].offset || hits[i].len != want[i].len)
				fail_msg("%s: match %u is elsewhere", regex, i);
		found += n;
		search_free(s);
	}
	assert_true(found > 10 * rounds || is_emulated());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(across_pieces), cmocka_unit_test(edges), cmocka_unit_test(gap_ends_a_match),
		cmocka_unit_test(many_patterns), cmocka_unit_test(hex_digits), cmocka_unit_test(nul_in_a_regex),
		cmocka_unit_test(wrong_patterns),
		cmocka_unit_test(stops_when_told), cmocka_unit_test(long_matches), cmocka_unit_test(catastrophes),
		cmocka_unit_test(memory_ceiling), cmocka_unit_test(like_the_whole),
		cmocka_unit_test(wherever_it_is), cmocka_unit_test(like_the_whole_of_long_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
