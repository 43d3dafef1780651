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
