/* The Internet checksum (RFC 1071) over pieces that need not be adjacent. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct span {
	const void *data;
	size_t len;
};

/*
 * The ones' complement of the ones' complement sum of the pieces taken as one string of bytes; 0 when a
 * checksum field inside them is right. Host order.
 */
uint16_t checksum(const struct span *pieces, size_t n);

/* What the checksum field that now holds `is` should hold, given that checksum() over all gave sum. */
uint16_t checksum_should_be(uint16_t is, uint16_t sum);

/* The sum of the 32-bit words of the n / 8 * 8 bytes at p, in the machine's order: plainly, and where cpu_is_wide(). */
uint64_t checksum_words_plain(const uint8_t *p, size_t n);
uint64_t checksum_words_wide(const uint8_t *p, size_t n);
