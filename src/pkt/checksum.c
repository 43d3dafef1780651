#include "pkt/checksum.h"

#include <stdbool.h>
#include <string.h>

#include "base/cpu.h"

/*
 * Words in the machine's order sum to the sum in network order with its bytes swapped (RFC 1071 section 2 B), and so do
 * words twice as wide when their halves are added in the end: carries go round.
 */
uint64_t
checksum_words_plain(const uint8_t *p, size_t n)
{
	uint64_t sum = 0, w;

	for (; n >= 8; p += 8, n -= 8) {
		memcpy(&w, p, 8);
		sum += (w & 0xffffffff) + (w >> 32);
	}
	return sum;
}

CPU_WIDE uint64_t
checksum_words_wide(const uint8_t *p, size_t n)
{
	typedef uint64_t words __attribute__((vector_size(32)));
	words even = { 0 }, odd = { 0 }, v;

	for (; n >= sizeof v; p += sizeof v, n -= sizeof v) {
		memcpy(&v, p, sizeof v);
		even += v & 0xffffffff;
		odd += v >> 32;
	}
	even += odd;
	return even[0] + even[1] + even[2] + even[3] + checksum_words_plain(p, n);
}

/* Sums 16-bit words in network order; odd tells whether a byte is left over from the piece before. */
static uint64_t
sum_piece(const uint8_t *p, size_t n, bool odd)
{
	enum { MANY = 64 };	/* bytes from which on vectors pay */
	uint64_t sum = 0, native;
	uint16_t h;

	if (odd && n) {
		sum += *p++;
		n--;
	}
	native = n >= MANY && cpu_is_wide() ? checksum_words_wide(p, n) : checksum_words_plain(p, n);
	p += n & ~(size_t)7;
	for (n &= 7; n >= 2; p += 2, n -= 2) {
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
