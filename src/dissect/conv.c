/*
 * Conversation memory: a hash table of fixed size in which buckets of eight entries are kept in order of use, so that
 * the least recently used of a bucket makes room. Nothing is allocated after conv_new.
 */
#include <stdlib.h>

#include "dissect/dissect.h"

enum { KEY_MAX = 48, WAYS = 8, BUCKETS = 1 << 14 };	/* 131,072 conversations, 9 MiB */

struct slot {
	uint8_t key[KEY_MAX];
	uint8_t key_len;	/* 0: free */
	uint32_t used;		/* the table's clock at last use */
	_Alignas(8) uint8_t data[16];
};

struct conv_table {
	uint32_t clock;
	struct slot slots[BUCKETS][WAYS];
};

struct conv_table *
conv_new(void)
{
	return calloc(1, sizeof(struct conv_table));
}

void
conv_free(struct conv_table *t)
{
	free(t);
}

static uint64_t
hash(const uint8_t *p, size_t n)
{
	uint64_t h = 0x9e3779b97f4a7c15u ^ n, w;

	for (; n >= 8; p += 8, n -= 8) {
		memcpy(&w, p, 8);
		h = (h ^ w) * 0xff51afd7ed558ccdu;
		h ^= h >> 32;
	}
	for (; n; p++, n--)
		h = (h ^ *p) * 0x100000001b3u;
	h *= 0xc4ceb9fe1a85ec53u;
	return h ^ h >> 29;
}

void *
conv_at(struct conv_table *t, const void *key, size_t n, bool make, bool *fresh)
{
	struct slot *bucket, *oldest;

	*fresh = false;
	if (t == NULL || n == 0 || n > KEY_MAX)
		return NULL;
	bucket = t->slots[hash(key, n) % BUCKETS];
	oldest = bucket;
	t->clock++;
	for (int i = 0; i < WAYS; i++) {
		struct slot *s = &bucket[i];

		if (s->key_len == n && memcmp(s->key, key, n) == 0) {
			s->used = t->clock;
			return s->data;
		}
		if (oldest->key_len && (s->key_len == 0 || t->clock - s->used > t->clock - oldest->used))
			oldest = s;
	}
	if (!make)
		return NULL;
	memset(oldest, 0, sizeof *oldest);
	memcpy(oldest->key, key, n);
	oldest->key_len = (uint8_t)n;
	oldest->used = t->clock;
	*fresh = true;
	return oldest->data;
}
