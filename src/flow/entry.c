/* Conversations by their ends, by last use and by beginning. */
#include <stdlib.h>
#include <string.h>

#include "flow/entry.h"
#include "flow/icmp.h"

enum { BUCKETS_MIN = 1024, ROOM_MIN = 4 * SLAB };

/* Is it a message that nobody answers? Those of the other direction are none of its conversation. */
static bool
one_way(const struct flow_ends *ends, enum flow_kind kind)
{
	return kind == FLOW_ICMP && !icmp_is_answered(ends->version, ends->port[0], ends->port[1]);
}

static bool
buckets_resize(struct flows *f, uint32_t n)
{
	uint32_t *buckets = malloc(n * sizeof *buckets);

	if (buckets == NULL)
		return false;
	memset(buckets, 0xff, n * sizeof *buckets);
	for (uint32_t i = f->oldest; i != NOBODY; i = f->ages[i].newer) {
		struct link *l = &f->links[i];

		l->chain = buckets[l->hash & (n - 1)];
		buckets[l->hash & (n - 1)] = i;
	}
	free(f->buckets);
	f->buckets = buckets;
	f->table_bytes += (n - f->n_buckets) * sizeof *buckets;
	f->n_buckets = n;
	return true;
}

/* Entries, each at the beginning of a line of the cache. In front of them is where their memory begins. */
static struct entry *
slab_new(void)
{
	const size_t line = _Alignof(struct entry);
	uint8_t *memory = malloc(SLAB * sizeof(struct entry) + sizeof memory + line);
	void *slab;

	if (memory == NULL)
		return NULL;
	slab = memory + sizeof memory + (line - ((uintptr_t)memory + sizeof memory) % line) % line;
	memcpy((uint8_t *)slab - sizeof memory, &memory, sizeof memory);
	return slab;
}

static void
slab_free(struct entry *slab)
{
	void *memory;

	memcpy(&memory, (const uint8_t *)slab - sizeof memory, sizeof memory);
	free(memory);
}

/* Room for one index more. */
static bool
room_reserve(struct flows *f)
{
	uint32_t n = f->room_for ? f->room_for * 2 : ROOM_MIN;

	if (f->used == f->room_for) {
		struct entry **slabs = realloc(f->slabs, n / SLAB * sizeof *slabs);
		struct link *links;
		struct age *ages;

		if (slabs == NULL)
			return false;
		f->slabs = slabs;
		if ((links = realloc(f->links, n * sizeof *links)) == NULL)
			return false;
		f->links = links;
		if ((ages = realloc(f->ages, n * sizeof *ages)) == NULL)
			return false;
		f->ages = ages;
		f->table_bytes += (n - f->room_for) * (sizeof *links + sizeof *ages) +
		    (n - f->room_for) / SLAB * sizeof *slabs;
		f->room_for = n;
	}
	if (f->used % SLAB == 0) {
		struct entry *slab = slab_new();

		if (slab == NULL)
			return false;
		f->slabs[f->used / SLAB] = slab;
		f->table_bytes += SLAB * sizeof *slab;
	}
	return true;
}

bool
entries_init(struct flows *f)
{
	hash_key_draw(&f->key);
	f->dice = f->key.k[1] | 1;
	f->unused = f->oldest = f->newest = f->first_born = f->last_born = NOBODY;
	return buckets_resize(f, BUCKETS_MIN);
}

void
entries_free(struct flows *f)
{
	for (uint32_t i = 0; i < f->used; i += SLAB)
		slab_free(f->slabs[i / SLAB]);
	free(f->slabs);
	free(f->links);
	free(f->ages);
	free(f->buckets);
}

uint32_t
entry_hash(const struct flows *f, const struct flow_ends *ends, enum flow_kind kind)
{
	const bool ordered = one_way(ends, kind);
	uint64_t w[5];
	unsigned n;

	if (ends->version == 4) {
		uint64_t end[2];

		for (unsigned i = 0; i < 2; i++) {
			uint32_t a;

			memcpy(&a, ends->addr[i], 4);
			end[i] = (uint64_t)a << 16 | ends->port[i];
		}
		n = !ordered && end[0] > end[1];
		w[0] = end[n] | (uint64_t)kind << 56;
		w[1] = end[!n];
		return (uint32_t)hash_words(&f->key, w, 2);
	}
	n = 0;
	if (!ordered) {
		int order = memcmp(ends->addr[0], ends->addr[1], 16);

		n = order > 0 || (order == 0 && ends->port[0] > ends->port[1]);
	}
	memcpy(&w[0], ends->addr[n], 16);
	memcpy(&w[2], ends->addr[!n], 16);
	w[4] = (uint64_t)kind << 32 | (uint32_t)ends->port[n] << 16 | ends->port[!n];
	return (uint32_t)hash_words(&f->key, w, 5);
}

static void
age_unlink(struct flows *f, uint32_t i)
{
	const struct age a = f->ages[i];

	if (a.older != NOBODY)
		f->ages[a.older].newer = a.newer;
	else
		f->oldest = a.newer;
	if (a.newer != NOBODY)
		f->ages[a.newer].older = a.older;
	else
		f->newest = a.older;
}

static void
age_append(struct flows *f, uint32_t i)
{
	f->ages[i] = (struct age) { f->newest, NOBODY };
	if (f->newest != NOBODY)
		f->ages[f->newest].newer = i;
	else
		f->oldest = i;
	f->newest = i;
}

/* Are these two the same, of 4 or 16 bytes with zeros behind them? */
static inline bool
same_address(const uint8_t *a, const uint8_t *b)
{
	uint64_t x[2], y[2];

	memcpy(x, a, 16);
	memcpy(y, b, 16);
	return ((x[0] ^ y[0]) | (x[1] ^ y[1])) == 0;
}

/* Are the ends those of this flow? *dir: which way around. */
static inline bool
entry_has(const struct entry *e, const struct flow_ends *ends, enum flow_kind kind, unsigned *dir)
{
	const struct flow_ends *mine = &e->flow.ends;

	if (mine->version != ends->version || e->flow.kind != kind)
		return false;
	if (mine->port[0] == ends->port[0] && mine->port[1] == ends->port[1] &&
	    same_address(mine->addr[0], ends->addr[0]) && same_address(mine->addr[1], ends->addr[1])) {
		*dir = 0;
		return true;
	}
	*dir = 1;
	return mine->port[0] == ends->port[1] && mine->port[1] == ends->port[0] &&
	    same_address(mine->addr[0], ends->addr[1]) && same_address(mine->addr[1], ends->addr[0]) && !one_way(ends, kind);
}

struct entry *
entry_newest(struct flows *f, const struct flow_ends *ends, enum flow_kind kind, unsigned *dir)
{
	struct entry *e = f->newest == NOBODY ? NULL : entry_at(f, f->newest);

	return e && entry_has(e, ends, kind, dir) ? e : NULL;
}

/* Has the processor fetch what will be needed of it: all lines at once. */
static inline void
entry_fetch(const struct flows *f, const struct entry *e)
{
	__builtin_prefetch(e, 1);
	__builtin_prefetch(&e->more, 1);
	if (f->options.unwatched || f->options.chosen)
		return;
	for (size_t at = 64; at < offsetof(struct entry, more); at += 64)
		__builtin_prefetch((const char *)e + at, 1);
}

uint32_t
entry_expect(const struct flows *f, uint32_t hash)
{
	const uint32_t i = f->buckets[hash & (f->n_buckets - 1)];
	const struct entry *e;

	if (i == NOBODY)
		return i;
	e = &f->slabs[i / SLAB][i % SLAB];
	__builtin_prefetch(&f->links[i]);
	__builtin_prefetch(&f->ages[i], 1);
	entry_fetch(f, e);
	return i;
}

void
entry_expect_more(const struct flows *f, uint32_t i)
{
	const struct entry *e = &f->slabs[i / SLAB][i % SLAB];

	if (!e->more.live)
		return;
	if (e->more.analysis)
		analysis_expect(e->more.analysis);
	if (f->ages[i].older != NOBODY)
		__builtin_prefetch(&f->ages[f->ages[i].older], 1);
	if (f->ages[i].newer != NOBODY)
		__builtin_prefetch(&f->ages[f->ages[i].newer], 1);
}

void
entry_expect_segments(const struct flows *f, uint32_t i)
{
	const struct entry *e = &f->slabs[i / SLAB][i % SLAB];

	if (e->more.live && e->more.analysis)
		analysis_expect_segments(e->more.analysis);
}

struct entry *
entry_find(struct flows *f, const struct flow_ends *ends, enum flow_kind kind, uint32_t hash, unsigned *dir)
{
	for (uint32_t i = f->buckets[hash & (f->n_buckets - 1)]; i != NOBODY; i = f->links[i].chain) {
		struct entry *e;

		if (f->links[i].hash != hash)
			continue;
		e = entry_at(f, i);
		entry_fetch(f, e);	/* hardly in the cache where there are many */
		if (!entry_has(e, ends, kind, dir))
			continue;
		if (f->newest != i) {
			age_unlink(f, i);
			age_append(f, i);
		}
		return e;
	}
	return NULL;
}

struct entry *
entry_add(struct flows *f, const struct flow_ends *ends, enum flow_kind kind, uint32_t hash)
{
	uint32_t *bucket, i;
	struct entry *e;

	if (f->live >= f->options.flows_max) {
		f->counts.crowded++;
		entry_close(f, entry_at(f, f->oldest), FLOW_END_CROWDED);
	}
	if (f->live >= f->n_buckets && f->n_buckets < 1u << 31)
		buckets_resize(f, f->n_buckets * 2);	/* without memory chains get longer */
	if (f->unused == NOBODY && !room_reserve(f)) {
		f->counts.crowded++;
		if (f->live == 0)
			return NULL;
		entry_close(f, entry_at(f, f->oldest), FLOW_END_CROWDED);
	}
	if (f->unused != NOBODY) {
		i = f->unused;
		f->unused = f->links[i].chain;
	} else {
		i = f->used++;
	}
	e = entry_at(f, i);
	memset(e, 0, sizeof *e);
	e->flow.ends = *ends;
	e->flow.kind = kind;
	e->flow.stream = f->next_stream[kind]++;
	e->more.index = i;
	e->more.live = true;

	bucket = &f->buckets[hash & (f->n_buckets - 1)];
	f->links[i] = (struct link) { hash, *bucket };
	*bucket = i;
	age_append(f, i);
	e->more.born_before = f->last_born;
	e->more.born_after = NOBODY;
	if (f->last_born != NOBODY)
		entry_at(f, f->last_born)->more.born_after = i;
	else
		f->first_born = i;
	f->last_born = i;
	f->live++;
	f->counts.flows[kind]++;
	return e;
}

void
entry_close(struct flows *f, struct entry *e, enum flow_end end)
{
	const uint32_t i = e->more.index;
	uint32_t *at = &f->buckets[f->links[i].hash & (f->n_buckets - 1)];

	stream_flush(f, e, 0);
	stream_flush(f, e, 1);
	if (f->options.watch.closed)
		f->options.watch.closed(f->options.watch.ctx, &e->flow, end);
	stream_drop(f, e);
	analysis_free(e->more.analysis);

	while (*at != i)
		at = &f->links[*at].chain;
	*at = f->links[i].chain;
	age_unlink(f, i);
	if (e->more.born_before != NOBODY)
		entry_at(f, e->more.born_before)->more.born_after = e->more.born_after;
	else
		f->first_born = e->more.born_after;
	if (e->more.born_after != NOBODY)
		entry_at(f, e->more.born_after)->more.born_before = e->more.born_before;
	else
		f->last_born = e->more.born_before;
	e->more.live = false;
	f->links[i].chain = f->unused;
	f->unused = i;
	f->live--;
}
