/*
 * Datagrams out of fragments; see defrag.h. Fragments begin at multiples of 8 bytes and, but for the last, end there, so what
 * has come is noted in units of 8 bytes: a datagram is a row of blocks, each with a bit a unit. Blocks come into being
 * when a fragment touches them: a fragment at the far end costs no more than one at the beginning.
 */
#include "flow/defrag.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum {
	UNIT = 8,
	BLOCK = 1024,
	BLOCK_UNITS = BLOCK / UNIT,
	BLOCKS = (DEFRAG_LEN_MAX + BLOCK) / BLOCK,
	BUCKETS = 8192,
	END_UNKNOWN = UINT16_MAX + 1,
};

static const uint64_t TIMEOUT_NS = DEFRAG_SECONDS * (uint64_t)1000000000;

struct block {
	uint64_t have[BLOCK_UNITS / 64];
	uint8_t data[BLOCK];
};

struct key {
	uint8_t addr[2][16];	/* zeros behind 4 bytes */
	uint32_t id;
	uint8_t version, proto;	/* proto: 0 for IPv6, whose fragments may differ in it */
	uint16_t zero;
};

struct datagram {
	struct key key;
	struct datagram *next;			/* in its bucket */
	struct datagram *older, *younger;
	int64_t ns;				/* of its first fragment ... */
	uint64_t number;			/* ... which is this packet */
	uint32_t end;				/* of the last fragment; END_UNKNOWN */
	uint32_t reach;				/* the highest end of any */
	uint32_t units;				/* that have come */
	unsigned pieces;
	uint8_t proto;
	bool conflict, begun;			/* begun: proto is that of the first bytes */
	struct block *blocks[BLOCKS];
};

struct defrag {
	struct hash_key hash;
	struct datagram *buckets[BUCKETS];
	struct datagram *oldest, *youngest;
	uint32_t n;
	struct defrag_counts counts;
	uint8_t whole[DEFRAG_LEN_MAX + UNIT];
};

struct defrag *
defrag_new(void)
{
	struct defrag *d = calloc(1, sizeof *d);

	if (d)
		hash_key_draw(&d->hash);
	return d;
}

const struct defrag_counts *
defrag_counts(const struct defrag *d)
{
	return &d->counts;
}

static struct datagram **
bucket_of(struct defrag *d, const struct key *key)
{
	uint64_t words[sizeof *key / 8];

	_Static_assert(sizeof *key % 8 == 0, "a key is whole words");
	memcpy(words, key, sizeof *key);
	return &d->buckets[hash_words(&d->hash, words, sizeof words / 8) % BUCKETS];
}

static void
hold(struct defrag *d, uint64_t n)
{
	d->counts.bytes += n;
	if (d->counts.bytes > d->counts.bytes_most)
		d->counts.bytes_most = d->counts.bytes;
}

static void
drop(struct defrag *d, struct datagram *g)
{
	struct datagram **at = bucket_of(d, &g->key);

	while (*at != g)
		at = &(*at)->next;
	*at = g->next;
	if (g->older)
		g->older->younger = g->younger;
	else
		d->oldest = g->younger;
	if (g->younger)
		g->younger->older = g->older;
	else
		d->youngest = g->older;

	for (unsigned i = 0; i < BLOCKS; i++) {
		if (g->blocks[i])
			d->counts.bytes -= sizeof *g->blocks[i];
		free(g->blocks[i]);
	}
	d->counts.bytes -= sizeof *g;
	d->n--;
	free(g);
}

void
defrag_free(struct defrag *d)
{
	if (!d)
		return;
	while (d->oldest)
		drop(d, d->oldest);
	free(d);
}

/* Room for n more bytes, for a datagram that must not make room for itself. */
static bool
make_room(struct defrag *d, uint64_t n, const struct datagram *keep)
{
	while (d->counts.bytes + n > DEFRAG_BYTES_MAX) {
		struct datagram *g = d->oldest;

		if (g && g == keep)
			g = g->younger;
		if (!g)
			return false;
		drop(d, g);
		d->counts.crowded++;
	}
	return true;
}

/* Clocks go backwards, too: by more than a datagram's life, it is over as well. */
static bool
is_stale(const struct datagram *g, int64_t now)
{
	return now >= g->ns ? (uint64_t)now - (uint64_t)g->ns >= TIMEOUT_NS : (uint64_t)g->ns - (uint64_t)now >= TIMEOUT_NS;
}

static struct datagram *
datagram_of(struct defrag *d, const struct fragment *f)
{
	struct key key = { .id = f->id, .version = f->version, .proto = f->version == 4 ? f->proto : 0 };
	size_t n = f->version == 4 ? 4 : 16;
	struct datagram *g;

	while (d->oldest && is_stale(d->oldest, f->ns)) {
		drop(d, d->oldest);
		d->counts.timed_out++;
	}
	memcpy(key.addr[0], f->src, n);
	memcpy(key.addr[1], f->dst, n);
	for (g = *bucket_of(d, &key); g && memcmp(&g->key, &key, sizeof key) != 0; g = g->next)
		;
	if (g && is_stale(g, f->ns)) {
		drop(d, g);
		d->counts.timed_out++;
		g = NULL;
	}
	if (g)
		return g;

	if (d->n >= DEFRAG_DATAGRAMS_MAX) {
		drop(d, d->oldest);
		d->counts.crowded++;
	}
	if (!make_room(d, sizeof *g, NULL) || !(g = calloc(1, sizeof *g)))
		return NULL;
	hold(d, sizeof *g);
	d->n++;
	g->key = key;
	g->ns = f->ns;
	g->number = f->number;
	g->proto = f->proto;
	g->end = END_UNKNOWN;
	g->next = *bucket_of(d, &key);
	*bucket_of(d, &key) = g;
	g->older = d->youngest;
	if (g->older)
		g->older->younger = g;
	else
		d->oldest = g;
	d->youngest = g;
	return g;
}

/* Whether the lengths can be, in themselves. */
static bool
is_possible(struct defrag *d, const struct fragment *f)
{
	if (f->len > DEFRAG_LEN_MAX || f->offset > DEFRAG_LEN_MAX - f->len) {
		d->counts.oversized++;
		return false;
	}
	if (f->len == 0 || f->offset % UNIT || (f->more && f->len % UNIT)) {
		d->counts.misfits++;
		return false;
	}
	return true;
}

/* Whether the fragment ends where the datagram's others let it. */
static bool
fits(struct defrag *d, struct datagram *g, const struct fragment *f)
{
	uint32_t end = f->offset + f->len;

	if (g->end != END_UNKNOWN ? end > g->end || (!f->more && end != g->end) : !f->more && end < g->reach) {
		d->counts.misfits++;
		g->conflict = true;
		return false;
	}
	if (!f->more)
		g->end = end;
	if (end > g->reach)
		g->reach = end;
	return true;
}

/* Copies n bytes to a place, of which those that are there already stay; a unit at a time. False: no memory. */
static bool
lay(struct defrag *d, struct datagram *g, uint32_t offset, const uint8_t *p, uint32_t n)
{
	unsigned before = g->units, again = 0;
	bool conflict = false;

	for (uint32_t size; n; n -= size, offset += size, p += size) {
		struct block **block = &g->blocks[offset / BLOCK];
		unsigned unit = offset % BLOCK / UNIT;

		size = n < UNIT ? n : UNIT;
		if (!*block) {
			if (!make_room(d, sizeof **block, g) || !(*block = calloc(1, sizeof **block)))
				return false;
			hold(d, sizeof **block);
		}
		uint64_t bit = (uint64_t)1 << unit % 64, *have = &(*block)->have[unit / 64];
		uint8_t *at = (*block)->data + unit * UNIT;
		if (*have & bit) {
			again++;
			conflict = conflict || memcmp(at, p, size) != 0;
		} else {
			memcpy(at, p, size);
			*have |= bit;
			g->units++;
		}
	}
	if (g->units != before)
		g->pieces++;
	if (again && g->units != before)
		d->counts.overlaps++;
	else if (again)
		d->counts.duplicates++;
	if (conflict)
		d->counts.conflicts++;
	g->conflict = g->conflict || conflict;
	return true;
}

static void
put_together(struct defrag *d, const struct datagram *g, struct defragged *whole)
{
	for (uint32_t at = 0; at < g->end; at += BLOCK) {
		uint32_t n = g->end - at < BLOCK ? g->end - at : BLOCK;
		memcpy(d->whole + at, g->blocks[at / BLOCK]->data, n);
	}
	*whole = (struct defragged){
		.p = d->whole, .len = g->end, .proto = g->proto, .pieces = g->pieces, .first_number = g->number,
		.conflict = g->conflict,
	};
}

bool
defrag_take(struct defrag *d, const struct fragment *f, struct defragged *whole)
{
	/* Of a fragment that was not captured whole, whole units are of use; the others are missing, and it stays incomplete. */
	uint32_t n = f->caplen < f->len ? f->caplen / UNIT * UNIT : f->len;
	struct datagram *g;

	d->counts.fragments++;
	if (!is_possible(d, f))
		return false;
	if (f->offset == 0 && !f->more) {
		*whole = (struct defragged){
			.p = f->p, .len = f->len, .proto = f->proto, .pieces = 1, .first_number = f->number,
		};
		d->counts.datagrams += n == f->len;
		return n == f->len;
	}
	g = datagram_of(d, f);
	if (!g || !fits(d, g, f))
		return false;
	if (!lay(d, g, f->offset, f->p, n)) {
		drop(d, g);
		d->counts.crowded++;
		return false;
	}
	if (f->offset == 0 && !g->begun) {
		g->proto = f->proto;
		g->begun = true;
	}
	if (g->end == END_UNKNOWN || g->units * UNIT < g->end)
		return false;
	put_together(d, g, whole);
	drop(d, g);
	d->counts.datagrams++;
	return true;
}
