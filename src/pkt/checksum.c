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

/* Sums 16-bit words in the machine's order, a last byte as if a 0 followed; folded to 16 bits. */
static uint32_t
sum_piece(const uint8_t *p, size_t n)
{
	enum { MANY = 64 };	/* bytes from which on vectors pay */
	uint64_t sum = n >= MANY && cpu_is_wide() ? checksum_words_wide(p, n) : checksum_words_plain(p, n);
	uint8_t rest[8] = { 0 };
	uint64_t w;

	if (n & 7) {
		memcpy(rest, p + (n & ~(size_t)7), n & 7);
		memcpy(&w, rest, 8);
		sum += (w & 0xffffffff) + (w >> 32);
	}
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16 & 0xffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint32_t)((sum & 0xffff) + (sum >> 16));
}

uint16_t
checksum(const struct span *pieces, size_t n)
{
	uint32_t sum = 0;
	bool odd = false;

	/* A piece behind an odd number of bytes has its words' halves swapped, and so has its sum. */
	for (size_t i = 0; i < n; i++) {
		uint32_t piece = sum_piece(pieces[i].data, pieces[i].len);

		sum += odd ? __builtin_bswap16((uint16_t)piece) : piece;
		odd ^= pieces[i].len & 1;
	}
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	sum = __builtin_bswap16((uint16_t)sum);
#endif
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
