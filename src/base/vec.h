/*
 * Sixteen bytes at once, in the compiler's portable vectors: what every processor that this is built for has instructions
 * for (elsewhere the compiler makes plain code of it). Comparisons are of signed bytes, which all of them have.
 */
#pragma once

#include <stdint.h>
#include <string.h>

typedef uint8_t bytes16 __attribute__((vector_size(16)));
typedef int8_t signed16 __attribute__((vector_size(16)));

static inline bytes16
vec_load(const void *p)
{
	bytes16 v;

	memcpy(&v, p, sizeof v);
	return v;
}

/* 4 or 8 bytes as a number, the first one lowest. */
static inline uint64_t
vec_word(const void *p, unsigned n)
{
	uint64_t w = 0;

	memcpy(&w, p, n);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	w = __builtin_bswap64(w);
#endif
	return w;
}

/* The index of the first byte that is all ones, the others being 0; 16 when there is none. */
static inline unsigned
vec_first(bytes16 v)
{
	uint64_t half[2];

	memcpy(half, &v, sizeof half);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	half[0] = __builtin_bswap64(half[0]);
	half[1] = __builtin_bswap64(half[1]);
#endif
	if (half[0])
		return (unsigned)__builtin_ctzll(half[0]) / 8;
	return half[1] ? 8 + (unsigned)__builtin_ctzll(half[1]) / 8 : 16;
}
