/* The engine's text and reads: text_fmt against libc's printf, numbers, packet strings, room and ceilings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "dissect/dissect.h"

static struct style style;

static struct dis *
make(void)
{
	static const struct demux_row none[1];
	static struct demux *demux;

	if (!demux)
		demux = demux_new(none, 0);
	return dis_new(&style, demux, NULL, NULL);
}

#define SAME(d, ...)                                                                  \
	do {                                                                          \
		char want[512];                                                       \
		int n = snprintf(want, sizeof want, __VA_ARGS__);                     \
		dis_clear(d);                                                         \
		text_fmt(d, __VA_ARGS__);                                             \
		assert_int_equal(n, (d)->out - (d)->base);                            \
		assert_memory_equal(want, (d)->base, (size_t)n);                      \
	} while (0)

static void
fmt_is_printf(void **state)
{
	static const unsigned long long values[] = { 0, 1, 9, 10, 99, 100, 255, 4096, 65535, 0x7fffffff, 0x80000000,
		0xffffffff, 0x100000000, 0x7fffffffffffffff, 0xffffffffffffffff };
	struct dis *d = make();

	(void)state;
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		unsigned u = (unsigned)values[i];
		unsigned long long w = values[i];

		SAME(d, "%u|%5u|%-5u|%05u|%.3u|%8.3u", u, u, u, u, u, u);
		SAME(d, "%d|%5d|%-5d|%05d|%+d|% d|%.4d", (int)u, (int)u, (int)u, (int)u, (int)u, (int)u, (int)u);
		SAME(d, "%x|%X|%#x|%08x|%#010x|%-8x|%#6.4x", u, u, u, u, u, u, u);
		SAME(d, "%o|%#o|%04o", u, u, u);
		SAME(d, "%llu|%llx|%lld|%lu|%zu", w, w, (long long)w, (unsigned long)w, (size_t)w);
		SAME(d, "%hu|%hhu|%hd|%hhd", (unsigned short)u, (unsigned char)u, (short)u, (signed char)u);
	}
	SAME(d, "%s|%5s|%-5s|%.2s|%*s|%-*s|%.*s", "abc", "abc", "abc", "abc", 6, "abc", 6, "abc", 1, "abc");
	SAME(d, "%c%%%3c|%-3c", 'a', 'b', 'c');
	SAME(d, "%f|%.3f|%8.2f|%e|%g", 3.14159, 2.5, -1.005, 12345.678, 0.0001);
	SAME(d, "plain");
	SAME(d, "%u%s%u", 1, "", 2);
	dis_free(d);
}

static void
numbers(void **state)
{
	struct dis *d = make();

	(void)state;
	for (uint64_t v = 0; v < 20000; v++) {
		char want[32];
		int n = snprintf(want, sizeof want, "%ju %jx", (uintmax_t)v, (uintmax_t)v);

		dis_clear(d);
		text_u(d, v);
		text_char(d, ' ');
		text_x(d, v, 0);
		assert_memory_equal(want, d->base, (size_t)n);
	}
	dis_clear(d);
	text_u(d, UINT64_MAX);
	text_i(d, INT64_MIN);
	text_x(d, 0xab, 4);
	assert_memory_equal(d->base, "18446744073709551615-922337203685477580800ab", 44);
	dis_free(d);
}

static void
addresses(void **state)
{
	static const struct {
		uint8_t a[16];
		const char *want;
	} six[] = {
		{ { 0 }, "::" },
		{ { [15] = 1 }, "::1" },
		{ { 0x20, 1, 0xd, 0xb8, [15] = 1 }, "2001:db8::1" },
		{ { 0xfe, 0x80, [8] = 2, [15] = 1 }, "fe80::200:0:0:1" },
		{ { 1, 0, [4] = 1, [6] = 1, [8] = 1, [10] = 1, [12] = 1, [14] = 1 }, "100:0:100:100:100:100:100:100" },
		{ { 0, 1, [15] = 2 }, "1::2" },
		{ { [10] = 0xff, 0xff, 192, 0, 2, 1 }, "::ffff:192.0.2.1" },
		{ { [12] = 192, 0, 2, 1 }, "::192.0.2.1" },
		{ { 0xff, 2, [15] = 0 }, "ff02::" },
		{ { 0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3 }, "1:0:0:2::3" },
	};
	struct dis *d = make();

	(void)state;
	for (size_t i = 0; i < sizeof six / sizeof *six; i++) {
		dis_clear(d);
		text_ip6_plain(d, six[i].a);
		text_char(d, 0);
		assert_string_equal(d->base, six[i].want);
	}
	dis_clear(d);
	text_ip4_plain(d, (const uint8_t[]) { 255, 10, 0, 109 });
	text_char(d, 0);
	assert_string_equal(d->base, "255.10.0.109");
	dis_free(d);
}

static void
packet_strings_are_harmless(void **state)
{
	static const uint8_t s[] = { 'a', 0x1b, '[', 0x7f, 0x80, 0xff, 'z', 0, 'q' };
	struct dis *d = make();

	(void)state;
	d->end = s + sizeof s;
	text_str(d, s, 7);
	text_char(d, 0);
	assert_string_equal(d->base, "a^[[^?M-^@M-^?z");
	dis_clear(d);
	assert_int_equal(text_str_z(d, s + 6, 3), 2);
	assert_int_equal(text_str_z(d, s + 8, 5), 0);
	assert_true(text_str_soft(d, s + 6, 5));
	assert_false(text_str_soft(d, s + 6, 3));
	dis_free(d);
}

/* A read past the end leaves through the jump that the frame set. */
static bool
leaves(struct dis *d, const uint8_t *p, uint32_t n)
{
	if (setjmp(d->leave))
		return true;
	need(d, p, n);
	return false;
}

static void
reads_stop_at_the_end(void **state)
{
	static const uint8_t s[256] = { 1, 2, 3, 4, 5, 6, 7, 8 };	/* the packet is the first eight */
	struct dis *d = make();
	const uint8_t *was;

	(void)state;
	d->end = s + 8;
	assert_false(leaves(d, s, 8));
	assert_true(leaves(d, s, 9));
	assert_true(leaves(d, s, UINT32_MAX));
	assert_false(leaves(d, s + 8, 0));
	assert_true(leaves(d, s + 8, 1));
	assert_true(leaves(d, s + 9, 0));
	assert_int_equal(left(d, s + 20), 0);
	was = narrow(d, s, 4);
	assert_true(leaves(d, s, 5));
	assert_ptr_equal(narrow(d, s, 100), s + 4);
	assert_ptr_equal(d->end, s + 4);
	widen(d, was);
	assert_int_equal(be32(d, s + 4), 0x05060708);
	assert_int_equal(le32(d, s + 4), 0x08070605);
	assert_true(be64(d, s) == 0x0102030405060708);
	dis_free(d);
}

static void
text_has_a_ceiling(void **state)
{
	struct dis *d = make();
	char block[1000];

	(void)state;
	memset(block, 'x', sizeof block);
	for (int i = 0; i < 20000; i++)
		text_n(d, block, sizeof block);
	assert_true(d->lost);
	assert_true(d->out - d->base <= DIS_TEXT_MAX);
	dis_free(d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fmt_is_printf),
		cmocka_unit_test(numbers),
		cmocka_unit_test(addresses),
		cmocka_unit_test(packet_strings_are_harmless),
		cmocka_unit_test(reads_stop_at_the_end),
		cmocka_unit_test(text_has_a_ceiling),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
