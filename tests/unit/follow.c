/* follow: names of streams, and how bytes are shown, in whatever pieces they come. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "cmd/follow.h"

static struct flow flow = {
	.kind = FLOW_TCP, .stream = 3,
	.ends = { .version = 4, .proto = 6, .addr = { { 10, 0, 0, 1 }, { 10, 0, 0, 2 } }, .port = { 1234, 80 } },
};

static bool
names(const char *word)
{
	struct follow_pick p;
	struct err e;

	return follow_pick_read(&p, word, &e) && follow_pick_matches(&p, &flow);
}

static void
test_picks(void **state)
{
	static const char *const mistaken[] = {
		"tcp:", "tcp:x", "udp:-1", "4294967296", "99999999999", "1:", "1:AAAA", "10.0.0.1:1-10.0.0.2", "10.0.0.1:1-10.0.0.2:",
		"10.0.0.1:1-10.0.0.2:65536", "10.0.0.256:1-10.0.0.2:1", "[::1]:1-10.0.0.1:1", "[::1:1-[::2]:1", "[]:1-[::]:1",
		"[::1]1-[::2]:1", "[::1]:1-[::2]",
	};
	static const char *const filters[] = { "tcp", "port", "10.0.0.0/8", "icmp", "(", "host", "10.0.0.1", "1a" };
	char id[COMMUNITY_ID_MAX];
	struct follow_pick p;
	struct err e;

	(void)state;
	community_id(&flow.ends, 0, id);
	assert_true(names("3"));
	assert_true(names("tcp:3"));
	assert_true(names(id));
	assert_true(names("10.0.0.1:1234-10.0.0.2:80"));
	assert_true(names("10.0.0.2:80-10.0.0.1:1234"));
	assert_false(names("2"));
	assert_false(names("udp:3"));
	assert_false(names("10.0.0.1:80-10.0.0.2:1234"));
	assert_false(names("[::1]:1234-[::2]:80"));
	id[5] ^= 1;
	assert_false(names(id));
	for (unsigned i = 0; i < sizeof mistaken / sizeof *mistaken; i++) {
		assert_false(follow_pick_read(&p, mistaken[i], &e));
		if (e.text[0] == '\0' && mistaken[i][0] != '[')
			fail_msg("%s is not said to be mistaken", mistaken[i]);
	}
	for (unsigned i = 0; i < sizeof filters / sizeof *filters; i++) {
		assert_false(follow_pick_read(&p, filters[i], &e));
		assert_string_equal(e.text, "");
	}
}

/* Both sides say the same, in pieces of that size; what is shown, to be freed. */
static struct buf
shown(enum follow_mode mode, const uint8_t *p, size_t n, size_t step)
{
	const struct follow_show show = { .mode = mode };
	struct follow_view view = { .dir = -1 };
	struct buf b = { 0 };

	for (unsigned dir = 0; dir < 2; dir++)
		for (size_t i = 0; i < n; i += step) {
			struct follow_spot at = { &flow, dir, i, 1, 0 };

			follow_show_bytes(&show, &b, &view, &at, p + i, n - i < step ? n - i : step);
		}
	follow_show_break(&b, &view);
	assert_false(b.failed);
	return b;
}

static void
test_text(void **state)
{
	static const char said[] = "a\r\nb\rc\t\x1b\x9b\n\nd\r";
	static const char want[] = "a\nb.c ..\n\nd.\n\ta\n\tb.c ..\n\t\n\td.\n";

	(void)state;
	for (size_t step = 1; step <= sizeof said; step++) {
		struct buf b = shown(FOLLOW_TEXT, (const uint8_t *)said, sizeof said - 1, step);

		if (b.len != sizeof want - 1 || memcmp(b.data, want, b.len) != 0)
			fail_msg("in pieces of %zu: %.*s", step, (int)b.len, b.data);
		buf_free(&b);
	}
}

/* Whatever bytes there are, what is shown has none that a terminal would obey. */
static void
test_harmless(void **state)
{
	uint8_t all[1024];

	(void)state;
	for (unsigned i = 0; i < sizeof all; i++)
		all[i] = (uint8_t)(i < 512 ? i : i % 2 ? i * 7 : 0xc2);
	for (enum follow_mode mode = FOLLOW_TEXT; mode <= FOLLOW_JSON; mode++)
		for (size_t step = 1; step < 300; step += 7) {
			struct buf b = shown(mode, all, sizeof all, step);

			if (mode == FOLLOW_RAW) {
				assert_int_equal(b.len, 2 * sizeof all);
				assert_memory_equal(b.data, all, sizeof all);
			}
			for (size_t i = 0; mode != FOLLOW_RAW && i < b.len; i++) {
				uint8_t c = (uint8_t)b.data[i];

				assert_true(c >= ' ' || c == '\n' || c == '\t');
				assert_true(c != 0x7f);
				if (mode != FOLLOW_JSON)
					assert_true(c < 0x80);
				else if (c == 0xc2)
					assert_true((uint8_t)b.data[i + 1] >= 0xa0);
			}
			buf_free(&b);
		}
}

static void
test_json_text(void **state)
{
	static const struct {
		const char *p;
		size_t n;
		const char *want;
	} cases[] = {
		{ "a\"\\\n\r\t\x01\x7f", 8, "\"a\\\"\\\\\\n\\r\\t\\u0001\\u007f\"" },
		{ "gr\xc3\xbcn \xe2\x82\xac \xf0\x9f\x98\x80", 14, "\"gr\xc3\xbcn \xe2\x82\xac \xf0\x9f\x98\x80\"" },
		{ "\xc3", 1, "\"\\u00c3\"" },			/* cut */
		{ "\xc0\x80", 2, "\"\\u00c0\\u0080\"" },	/* overlong */
		{ "\xed\xa0\x80", 3, "\"\\u00ed\\u00a0\\u0080\"" },	/* half of a pair */
		{ "\xc2\x9b", 2, "\"\\u00c2\\u009b\"" },	/* C1 */
	};

	(void)state;
	for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf b = { 0 };

		follow_json_text(&b, cases[i].p, cases[i].n);
		buf_char(&b, '\0');
		assert_string_equal(b.data, cases[i].want);
		buf_free(&b);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_picks), cmocka_unit_test(test_text), cmocka_unit_test(test_harmless),
		cmocka_unit_test(test_json_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
