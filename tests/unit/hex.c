/* Hex dumps: the vectors say what the bytes do, and both say what printf says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/cpu.h"
#include "base/digits.h"
#include "dissect/dissect.h"
#include "dissect/hex.h"
#include "dice.h"

enum { SIZE = 300, GUARD = 16 };

/* Bytes that need care more often than chance would have them. */
static uint8_t
dice_byte(void)
{
	static const uint8_t edges[] = { 0, '\t', '\n', '\r', 0x1f, ' ', '!', '.', '~', 0x7f, 0x80, 0xff };

	return dice(2) ? edges[dice(sizeof edges)] : (uint8_t)dice(256);
}

/* A line as printf would make it. */
static void
line_by_printf(char *o, const uint8_t *p)
{
	for (int i = 0; i < HEX_BYTES; i += 2)
		o += snprintf(o, 6, " %02x%02x", p[i], p[i + 1]);
	o += snprintf(o, 3, "  ");
	for (int i = 0; i < HEX_BYTES; i++)
		*o++ = p[i] > ' ' && p[i] <= '~' ? (char)p[i] : '.';
}

static void
lines_are_the_same(void **unused)
{
	(void)unused;
	for (int round = 0; round < 20000; round++) {
		uint8_t bytes[HEX_BYTES + 3];
		char want[HEX_LINE + 8], is[HEX_LINE + GUARD];
		unsigned shift = dice(4);

		for (size_t i = 0; i < sizeof bytes; i++)
			bytes[i] = dice_byte();
		line_by_printf(want, bytes + shift);
		memset(is, '#', sizeof is);
		hex_line_plain(is, bytes + shift);
		assert_memory_equal(is, want, HEX_LINE);
		assert_memory_equal(is + HEX_LINE, "################", GUARD);
		if (!cpu_shuffles())
			continue;
		memset(is, '#', sizeof is);
		hex_line_vector(is, bytes + shift);
		assert_memory_equal(is, want, HEX_LINE);
		assert_memory_equal(is + HEX_LINE, "################", GUARD);
	}
}

static void
ascii_is_the_same(void **unused)
{
	(void)unused;
	for (int round = 0; round < 20000; round++) {
		uint32_t n = dice(SIZE), clean = dice(2);
		uint8_t *bytes = malloc(n + 1);		/* so that a sanitizer sees reads beyond n */
		char want[SIZE + 1], is[SIZE + GUARD];
		char *end;

		for (uint32_t i = 0; i < n; i++)
			bytes[i] = clean ? (uint8_t)('a' + dice(26)) : dice_byte();
		end = hex_ascii_plain(want, bytes, n);
		memset(is, '#', sizeof is);
		assert_int_equal(hex_ascii_vector(is, bytes, n) - is, end - want);
		assert_memory_equal(is, want, (size_t)(end - want));
		assert_memory_equal(is + n, "################", GUARD);
		free(bytes);
	}
}

static void
a_carriage_return_is_shown_alone(void **unused)
{
	static const char *const cases[][2] = {
		{ "a\r\nb", "a\nb" }, { "a\rbc", "a.bc" }, { "a\rb", "ab" }, { "ab\r", "ab" }, { "\r\r\nx", ".\nx" },
		{ "0123456789abcdef\r\nghijklmnopqrstuv\rw\x01", "0123456789abcdef\nghijklmnopqrstuv.w." },
	};
	char is[64];

	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		*hex_ascii_vector(is, (const uint8_t *)cases[i][0], (uint32_t)strlen(cases[i][0])) = 0;
		assert_string_equal(is, cases[i][1]);
	}
}

/* Every length of a dump, behind indents short and long, beyond 64 KiB too. */
static void
dumps_of_every_length(void **unused)
{
	static const char *const indents[] = { "", "\n\t", "\n\t  Management Address Domain: " };
	static const uint32_t from[] = { 0, 16, 0xfff8, 0x12345 };
	static const struct demux_row none[1];
	static struct style style;
	struct demux *x = demux_new(none, 0);
	struct dis *d = dis_new(&style, x, NULL, NULL);
	uint8_t bytes[64];

	(void)unused;
	for (unsigned i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)(i * 5 + 11);
	for (uint32_t n = 0; n <= sizeof bytes; n++) {
		for (unsigned k = 0; k < 12; k++) {
			const char *indent = indents[k % 3];
			char want[1024], *o = want;

			for (uint32_t at = 0; at < n; at += 16) {
				uint32_t row = n - at < 16 ? n - at : 16;

				o += snprintf(o, 80, "%s0x%04x: ", indent, from[k / 3] + at);
				for (uint32_t i = 0; i < row; i++)
					o += snprintf(o, 8, i % 2 ? "%02x" : " %02x", bytes[at + i]);
				o += snprintf(o, 60, "%*s", (int)(42 - row / 2 * 5 - row % 2 * 3), "");
				for (uint32_t i = 0; i < row; i++)
					*o++ = bytes[at + i] > ' ' && bytes[at + i] <= '~' ? (char)bytes[at + i] : '.';
			}
			dis_clear(d);
			d->end = bytes + n;
			text_dump_hex_ascii(d, indent, bytes, n, from[k / 3]);
			assert_int_equal(d->out - d->base, o - want);
			assert_memory_equal(d->base, want, (size_t)(o - want));
		}
	}
	dis_free(d);
	demux_free(x);
}

/* By vectors and by bytes: nothing is read outside the bytes (which the sanitizers see), nothing said outside the room. */
static void
colons_of_every_length(void **unused)
{
	enum { MOST = 150 };

	(void)unused;
	for (uint32_t n = 0; n <= MOST; n++)
		for (unsigned shift = 0; shift < 4; shift++) {
			uint8_t *bytes = malloc(n + shift + 1);
			char is[3 * MOST + HEX_COLONS + GUARD], want[3 * MOST + 8] = "";
			size_t len = n ? 3 * n - 1 : 0, room = 3 * (size_t)n + HEX_COLONS;

			for (uint32_t i = 0; i < n; i++) {
				bytes[shift + i] = (uint8_t)dice(256);
				snprintf(want + 3 * i, 4, "%02x:", bytes[shift + i]);
			}
			bytes = realloc(bytes, n + shift ? n + shift : 1);
			memset(is, '#', sizeof is);
			assert_int_equal(hex_colons(is, bytes + shift, n) - is, len);
			assert_memory_equal(is, want, len);
			assert_memory_equal(is + room, "################", GUARD);
			assert_int_equal(hex_colons_plain(is, bytes + shift, n) - is, len);
			assert_memory_equal(is, want, len);
			free(bytes);
		}
}

static void
digits_are_printf(void **unused)
{
	(void)unused;
	for (int round = 0; round < 400000; round++) {
		uint64_t v = ((uint64_t)dice(UINT32_MAX) << 32 | dice(UINT32_MAX)) >> dice(64);
		char is[DIGITS_ROOM + 1], want[64];
		unsigned width = dice(18);

		if (round < 200000)
			v = (uint64_t)round;
		*digits_u(is, v) = 0;
		snprintf(want, sizeof want, "%ju", (uintmax_t)v);
		assert_string_equal(is, want);
		*digits_x(is, v, width) = 0;
		snprintf(want, sizeof want, "%0*jx", (int)(width > 16 ? 16 : width), (uintmax_t)v);
		assert_string_equal(is, want);
	}
	for (uint64_t v = 1; v < UINT64_MAX / 10; v *= 10) {
		for (uint64_t w = v - 1; w <= v + 1; w++) {
			char is[DIGITS_ROOM + 1], want[64];

			*digits_u(is, w) = 0;
			snprintf(want, sizeof want, "%ju", (uintmax_t)w);
			assert_string_equal(is, want);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_the_same),
		cmocka_unit_test(ascii_is_the_same),
		cmocka_unit_test(a_carriage_return_is_shown_alone),
		cmocka_unit_test(dumps_of_every_length),
		cmocka_unit_test(colons_of_every_length),
		cmocka_unit_test(digits_are_printf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
