#include "pkt/checksum.h"

#include <stdbool.h>
#include <string.h>

/* Sums 16-bit words in network order; *odd tells whether a byte is left over from the piece before. */
static uint64_t
sum_piece(const uint8_t *p, size_t n, bool odd)
{
	uint64_t sum = 0;
	uint64_t w;

	if (odd && n) {
		sum += *p++;
		n--;
	}
	/* Native-order words sum to the byte-swapped result (RFC 1071 section 2 B); swap once at the end. */
	uint64_t native = 0;
	for (; n >= 8; p += 8, n -= 8) {
		memcpy(&w, p, 8);
		native += (w & 0xffffffff) + (w >> 32);
	}
	uint16_t h;
	for (; n >= 2; p += 2, n -= 2) {
		memcpy(&h, p, 2);
		native += h;
	}
	while (native >> 16)
		native = (native & 0xffff) + (native >> 16);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	native = __builtin_bswap16((uint16_t)native);
#endif
	sum += native;
	if (n)
		sum += (uint64_t)*p << 8;
	return sum;
}

uint16_t
checksum(const struct span *pieces, size_t n)
{
	uint64_t sum = 0;
	size_t done = 0;

	for (size_t i = 0; i < n; i++) {
		if (pieces[i].len == 0)
			continue;
		sum += sum_piece(pieces[i].data, pieces[i].len, done & 1);
		done += pieces[i].len;
	}
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

uint16_t
checksum_should_be(uint16_t is, uint16_t sum)
{
	/*
	 * checksum() returned ~(rest + is); the field should hold ~rest. In ones' complement arithmetic
	 * ~rest = sum + is, with the carry folded back.
	 */
	uint32_t should = (uint32_t)is + sum;

	should = (should & 0xffff) + (should >> 16);
	return (uint16_t)((should & 0xffff) + (should >> 16));
}
