/*
 * Numbers as digits, written straight to where the text grows, with no branch on how many digits there will be: those
 * that print packets would mispredict it. Each function returns what is behind the last digit. They store whole
 * words, so that more bytes are touched than count: the room a function asks for is what it may touch.
 */
#pragma once

#include <stdint.h>
#include <string.h>

enum { DIGITS_ROOM = 32 };	/* room for any number here, decimal or hex */

#define DIGITS_ZEROS UINT64_C(0x3030303030303030)	/* "00000000" */

extern const char digits_hex[256][2];	/* "00" to "ff" */
extern const char digits_dec[100][2];	/* "00" to "99" */

/* Decimal, any number. */
char *digits_u(char *o, uint64_t v);
/* Hex, lower case, at least width digits (up to 16). */
char *digits_x(char *o, uint64_t v, unsigned width);

/* Eight characters that are the bytes of w, its lowest byte first. */
static inline void
digits_store(char *o, uint64_t w)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	w = __builtin_bswap64(w);
#endif
	memcpy(o, &w, sizeof w);
}

/* The eight decimal digits of v, which is below 10^8, each a byte, the first one lowest: halves, pairs, then digits. */
static inline uint64_t
digits_split(uint32_t v)
{
	uint64_t halves = v / 10000 | (uint64_t)(v % 10000) << 32, hundreds, tens;

	hundreds = (halves * 10486 >> 20) & 0x7f0000007f;		/* n / 100 for n below 10^4 */
	hundreds |= (halves - hundreds * 100) << 16;
	tens = (hundreds * 103 >> 10) & 0x000f000f000f000f;		/* n / 10 for n below 100 */
	return tens | (hundreds - tens * 10) << 8;
}

/* The eight digits (or nibbles) in w without the zeros in front, the last `keep` of them in any case. */
static inline char *
digits_trim(char *o, uint64_t w, uint64_t ascii, unsigned keep)
{
	unsigned skip = (unsigned)__builtin_ctzll(w | UINT64_C(1) << (64 - 8 * keep)) & ~7u;

	digits_store(o, ascii >> skip);
	return o + 8 - skip / 8;
}

/* Decimal, up to 32 bits. */
static inline char *
digits_u32(char *o, uint32_t v)
{
	uint64_t w;

	if (__builtin_expect(v >= 100000000, 0)) {
		uint32_t top = v / 100000000;

		memcpy(o, top >= 10 ? digits_dec[top] : digits_dec[top] + 1, 2);
		o += 1 + (top >= 10);
		digits_store(o, digits_split(v % 100000000) | DIGITS_ZEROS);
		return o + 8;
	}
	w = digits_split(v);
	return digits_trim(o, w, w | DIGITS_ZEROS, 1);
}

/* Six and nine decimal digits, zeros in front: fractions of a second. v must not have more. */
static inline char *
digits_six(char *o, uint32_t v)
{
	digits_store(o, (digits_split(v) | DIGITS_ZEROS) >> 16);
	return o + 6;
}

static inline char *
digits_nine(char *o, uint32_t v)
{
	*o = (char)('0' + v / 100000000);
	digits_store(o + 1, digits_split(v % 100000000) | DIGITS_ZEROS);
	return o + 9;
}

/* Two and four hex digits. */
static inline char *
digits_x2(char *o, uint8_t v)
{
	memcpy(o, digits_hex[v], 2);
	return o + 2;
}

static inline char *
digits_x4(char *o, uint16_t v)
{
	return digits_x2(digits_x2(o, (uint8_t)(v >> 8)), (uint8_t)v);
}
