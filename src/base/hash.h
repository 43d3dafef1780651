/*
 * A hash for tables whose keys come out of packets: SipHash-1-3 (Aumasson and Bernstein) over whole words, with a key that
 * whoever makes the packets does not know, so that nobody can have all of them in one bucket.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

struct hash_key {
	uint64_t k[2];
};

/* Draws a key. */
static inline void
hash_key_draw(struct hash_key *key)
{
	struct timespec now;

	if (getrandom(key, sizeof *key, GRND_NONBLOCK) == (ssize_t)sizeof *key)
		return;
	/* A system without randomness yet: what differs between runs is better than a constant. */
	clock_gettime(CLOCK_MONOTONIC, &now);
	key->k[0] = (uint64_t)now.tv_nsec * 0x9e3779b97f4a7c15u ^ (uint64_t)now.tv_sec;
	key->k[1] = (uint64_t)(uintptr_t)key * 0xff51afd7ed558ccdu ^ key->k[0];
}

static inline uint64_t
hash_turn(uint64_t x, unsigned n)
{
	return x << n | x >> (64 - n);
}

static inline void
hash_round(uint64_t v[4])
{
	v[0] += v[1], v[1] = hash_turn(v[1], 13) ^ v[0], v[0] = hash_turn(v[0], 32);
	v[2] += v[3], v[3] = hash_turn(v[3], 16) ^ v[2];
	v[0] += v[3], v[3] = hash_turn(v[3], 21) ^ v[0];
	v[2] += v[1], v[1] = hash_turn(v[1], 17) ^ v[2], v[2] = hash_turn(v[2], 32);
}

/* The hash of n words, as SipHash has it of 8 n bytes on a little-endian machine. */
static inline uint64_t
hash_words(const struct hash_key *key, const uint64_t *w, size_t n)
{
	uint64_t v[4] = {
		key->k[0] ^ 0x736f6d6570736575u, key->k[1] ^ 0x646f72616e646f6du,
		key->k[0] ^ 0x6c7967656e657261u, key->k[1] ^ 0x7465646279746573u,
	};

	for (size_t i = 0; i <= n; i++) {
		const uint64_t m = i < n ? w[i] : (uint64_t)n << 59;	/* the length in bytes, modulo 256, on top */

		v[3] ^= m;
		hash_round(v);
		v[0] ^= m;
	}
	v[2] ^= 0xff;
	hash_round(v);
	hash_round(v);
	hash_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* The hash of n bytes (NULL is as good as any place for none): of what may have any length. */
static inline uint64_t
hash_bytes(const struct hash_key *key, const void *bytes, size_t n)
{
	const char *p = n ? bytes : "";
	uint64_t v[4] = {
		key->k[0] ^ 0x736f6d6570736575u, key->k[1] ^ 0x646f72616e646f6du,
		key->k[0] ^ 0x6c7967656e657261u, key->k[1] ^ 0x7465646279746573u,
	};

	for (size_t i = 0; i <= n; i += 8) {
		uint64_t m = 0;

		memcpy(&m, p + i, n - i < 8 ? n - i : 8);
		if (n - i < 8)
			m |= (uint64_t)n << 56;
		v[3] ^= m;
		hash_round(v);
		v[0] ^= m;
	}
	v[2] ^= 0xff;
	hash_round(v), hash_round(v), hash_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}
