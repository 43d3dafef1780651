/* The Internet checksum beside the plainest one there is, over random lengths, alignments and pieces. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/cpu.h"
#include "pkt/checksum.h"
#include "dice.h"

enum { SIZE = 70000 };

/* RFC 1071 section 4.1, byte by byte. */
static uint16_t
plainest(const uint8_t *p, size_t n)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < n; i++) {
		sum += i % 2 ? p[i] : (uint32_t)p[i] << 8;
		sum = (sum & 0xffff) + (sum >> 16);
	}
	return (uint16_t)~sum;
}

static uint8_t *
random_bytes(void)
{
	uint8_t *bytes = malloc(SIZE);

	for (int i = 0; i < SIZE; i++)
		bytes[i] = dice(8) ? (uint8_t)dice(256) : 0xff;
	return bytes;
}

static void
one_piece(void **unused)
{
	uint8_t *bytes = random_bytes();

	(void)unused;
	for (int round = 0; round < 30000; round++) {
		size_t at = dice(64), n = round < 2000 ? (size_t)round / 4 : dice(dice(50) ? 2000 : SIZE - 64);

		assert_int_equal(checksum(&(struct span) { bytes + at, n }, 1), plainest(bytes + at, n));
	}
	free(bytes);
}

/* Pieces that are adjacent here must sum as the whole does, odd ones too. */
static void
many_pieces(void **unused)
{
	uint8_t *bytes = random_bytes();

	(void)unused;
	for (int round = 0; round < 20000; round++) {
		struct span pieces[6];
		size_t n = 0;

		for (int i = 0; i < 6; i++) {
			pieces[i] = (struct span) { bytes + n, dice(dice(2) ? 9 : 400) };
			n += pieces[i].len;
		}
		assert_int_equal(checksum(pieces, 6), plainest(bytes, n));
	}
	free(bytes);
}

static void
all_ones(void **unused)
{
	uint8_t *bytes = malloc(SIZE);

	(void)unused;
	memset(bytes, 0xff, SIZE);
	for (size_t n = 1; n < SIZE; n += 997)
		assert_int_equal(checksum(&(struct span) { bytes, n }, 1), plainest(bytes, n));
	free(bytes);
}

static void
wide_is_plain(void **unused)
{
	uint8_t *bytes = random_bytes();

	(void)unused;
	if (!cpu_is_wide())
		skip();
	for (int round = 0; round < 20000; round++) {
		size_t at = dice(64), n = dice(3000);

		assert_true(checksum_words_wide(bytes + at, n) == checksum_words_plain(bytes + at, n));
	}
	free(bytes);
}

static void
what_it_should_be(void **unused)
{
	uint8_t bytes[40];

	(void)unused;
	for (int round = 0; round < 20000; round++) {
		uint16_t is, should;

		for (size_t i = 0; i < sizeof bytes; i++)
			bytes[i] = (uint8_t)dice(256);
		is = (uint16_t)(bytes[10] << 8 | bytes[11]);
		should = checksum_should_be(is, checksum(&(struct span) { bytes, sizeof bytes }, 1));
		bytes[10] = (uint8_t)(should >> 8);
		bytes[11] = (uint8_t)should;
		assert_int_equal(checksum(&(struct span) { bytes, sizeof bytes }, 1), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_piece),
		cmocka_unit_test(many_pieces),
		cmocka_unit_test(all_ones),
		cmocka_unit_test(wide_is_plain),
		cmocka_unit_test(what_it_should_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
