#include "dissect/conv.h"

#include <stdlib.h>

#include "dissect/later.h"

enum { WAYS = 8, BUCKETS = 1 << 14 };	/* 131,072 conversations, 9 MiB */

struct slot {
	uint8_t key[CONV_KEY];
	uint8_t key_len;
	_Alignas(8) uint8_t data[CONV_DATA];
};

/* The tags are looked at first: a bucket costs one line of the cache, and another for the entry that fits. */
struct bucket {
	_Alignas(64) uint32_t tag[WAYS];	/* the key's hash, never 0; 0: free */
	uint32_t used[WAYS];			/* the table's clock at last use */
	struct slot slots[WAYS];
};

struct conv_table {
	struct bucket buckets[BUCKETS];
	uint32_t clock;
	void *memory;		/* the table is somewhere in it, at the beginning of a line */
};

struct conv_table *
conv_new(void)
{
	/* calloc's zeros cost nothing until they are used. */
	const size_t line = _Alignof(struct conv_table);
	struct conv_table *t;
	uint8_t *memory = calloc(1, sizeof *t + line - 1);

	if (memory == NULL)
		return NULL;
	t = (struct conv_table *)(memory + (line - (uintptr_t)memory % line) % line);
	t->memory = memory;
	return t;
}

void
conv_free(struct conv_table *t)
{
	if (t != NULL)
		free(t->memory);
}

uint32_t
conv_hash(const void *key, size_t n)
{
	const uint8_t *p = key;
	uint64_t h = 0x9e3779b97f4a7c15u ^ n, w;

	for (; n >= 8; p += 8, n -= 8) {
		memcpy(&w, p, 8);
		h = (h ^ w) * 0xff51afd7ed558ccdu;
		h ^= h >> 32;
	}
	for (; n; p++, n--)
		h = (h ^ *p) * 0x100000001b3u;
	h *= 0xc4ceb9fe1a85ec53u;
	return (uint32_t)(h >> 32) | 1;
}

static uint32_t
bucket_of(uint32_t hash)
{
	return hash >> 1 & (BUCKETS - 1);
}

void
conv_prefetch(const struct conv_table *t, uint32_t hash)
{
	__builtin_prefetch(&t->buckets[bucket_of(hash)], 1);
}

void *
conv_find(struct conv_table *t, const uint8_t *key, size_t n, uint32_t hash, bool make, bool *fresh)
{
	struct bucket *b = &t->buckets[bucket_of(hash)];
	unsigned oldest = 0;

	*fresh = false;
	t->clock++;
	for (unsigned i = 0; i < WAYS; i++) {
		struct slot *s = &b->slots[i];

		if (b->tag[i] == hash && s->key_len == n && memcmp(s->key, key, CONV_KEY) == 0) {
			b->used[i] = t->clock;
			return s->data;
		}
	}
	if (!make)
		return NULL;
	for (unsigned i = 1; i < WAYS && b->tag[oldest]; i++)
		if (b->tag[i] == 0 || t->clock - b->used[i] > t->clock - b->used[oldest])
			oldest = i;
	b->tag[oldest] = hash;
	b->used[oldest] = t->clock;
	memcpy(b->slots[oldest].key, key, CONV_KEY);
	b->slots[oldest].key_len = (uint8_t)n;
	memset(b->slots[oldest].data, 0, CONV_DATA);
	*fresh = true;
	return b->slots[oldest].data;
}

void *
conv_at(struct dis *d, const void *key, size_t n, bool make, bool *fresh)
{
	uint8_t padded[CONV_KEY] = { 0 };

	*fresh = false;
	if (d->later)
		later_postpone(d);
	if (d->conv == NULL || n == 0 || n > CONV_KEY)
		return NULL;
	memcpy(padded, key, n);
	return conv_find(d->conv, padded, n, conv_hash(padded, n), make, fresh);
}

void
origin_expect(struct dis *d, struct origin *o)
{
	o->hash = conv_hash(o->key, o->key_len);
	if (!d->later && d->conv)
		conv_prefetch(d->conv, o->hash);
}

const struct origin *
origin_ask(struct dis *d, struct origin *o)
{
	void *data;
	bool fresh;

	if (!o->hash)
		o->hash = conv_hash(o->key, o->key_len);
	if (d->later)
		return later_ask(d, o);
	if (d->conv == NULL)
		return NULL;
	data = conv_find(d->conv, o->key, o->key_len, o->hash, true, &fresh);
	o->answer(o, data, fresh);
	return o;
}

void
text_from(struct dis *d, const struct origin *o, unsigned i, uint32_t v)
{
	if (o == NULL)
		text_u(d, v);
	else if (d->later)
		later_say(d, o, i, v);
	else
		text_u(d, v - o->base[i]);
}
