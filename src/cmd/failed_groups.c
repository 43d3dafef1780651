/*
 * The groups. A failure belongs to the group of its kind, ends, subject and cause. Beside it stand the wider ones that it might
 * be taken into: that of all subjects, and then those of all ports, targets, sources. They count their members, and one that
 * has too many grows: it takes its members in, and all that come later.
 */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "cmd/failed.h"

enum { BUCKETS = FAILED_GROUPS_MAX };	/* a power of two */

struct groups {
	struct group *buckets[BUCKETS];
	size_t n;
	size_t room;		/* for runs of numbers */
	uint64_t crowded;
};

/* What a shape leaves open, how many members it bears, and what it may be taken into itself. */
static const struct shape {
	bool subject, port, target, source;
	unsigned members;
	uint8_t parents[6];	/* in order of preference, ended by SHAPE_ONE */
} shapes[SHAPES] = {
	[SHAPE_ONE] = { .parents = { SHAPE_SUBJECTS } },
	[SHAPE_SUBJECTS] = { 1, 0, 0, 0, FAILED_SUBJECTS,
	    { SHAPE_PORTS, SHAPE_TARGETS, SHAPE_SOURCES, SHAPE_SOURCE, SHAPE_KIND } },
	[SHAPE_PORTS] = { 1, 1, 0, 0, FAILED_PORTS, { SHAPE_SOURCE } },
	[SHAPE_TARGETS] = { 1, 0, 1, 0, FAILED_TARGETS, { SHAPE_SOURCE } },
	[SHAPE_SOURCES] = { 1, 0, 0, 1, FAILED_SOURCES, { SHAPE_ONE } },
	[SHAPE_SOURCE] = { 1, 1, 1, 0, FAILED_ANY, { SHAPE_ONE } },
	[SHAPE_KIND] = { 1, 1, 1, 1, FAILED_SINGLES, { SHAPE_ONE } },
};

uint64_t
failed_hash(const void *data, size_t n, uint64_t seed)
{
	static struct hash_key secret;
	static bool drawn;
	struct hash_key key;

	if (!drawn)
		hash_key_draw(&secret);
	drawn = true;
	key = (struct hash_key) { { secret.k[0] ^ seed, secret.k[1] } };
	return hash_bytes(&key, data, n);
}

struct groups *
groups_new(void)
{
	struct groups *g = calloc(1, sizeof *g);

	if (g)
		g->room = FAILED_RUNS_MAX;
	return g;
}

static void
group_free(struct groups *gs, struct group *g)
{
	struct ranges *const r[] = { &g->packets.tcp, &g->packets.udp, &g->packets.frames, &g->sources, &g->targets,
	    &g->ports, &g->subjects };

	for (size_t i = 0; i < sizeof r / sizeof *r; i++)
		ranges_free(r[i], &gs->room);
	free(g->subject);
	free(g->cause);
	free(g);
}

void
groups_free(struct groups *gs)
{
	if (gs == NULL)
		return;
	for (size_t i = 0; i < BUCKETS; i++)
		for (struct group *g = gs->buckets[i], *next; g; g = next) {
			next = g->next;
			group_free(gs, g);
		}
	free(gs);
}

/* --- finding ------------------------------------------------------------------------------------------------------ */

/* The ends without what a shape leaves open. */
static struct failed_ends
ends_of(const struct failed_ends *ends, enum failed_shape shape)
{
	struct failed_ends e = *ends;

	if (shapes[shape].port)
		e.port = 0;
	if (shapes[shape].target)
		memset(e.target, 0, sizeof e.target);
	if (shapes[shape].source)
		memset(e.source, 0, sizeof e.source);
	if (shape == SHAPE_KIND)
		e.version = e.proto = 0;
	return e;
}

static bool
same_text(const char *s, uint32_t len, struct failed_text t)
{
	return len == t.len && (len == 0 || memcmp(s, t.p, len) == 0);
}

static uint64_t
hash_of(enum failed_kind kind, enum failed_shape shape, const struct failed_ends *e, struct failed_text subject,
    struct failed_text cause)
{
	uint64_t h = failed_hash(e, sizeof *e, (uint64_t)kind << 8 | shape);

	if (shape == SHAPE_ONE)
		h = failed_hash(cause.p, cause.len, failed_hash(subject.p, subject.len, h));
	return h;
}

/* The group, made if it is not there and there is room; NULL without. */
static struct group *
find(struct groups *gs, enum failed_kind kind, enum failed_shape shape, const struct failed_ends *ends,
    struct failed_text subject, struct failed_text cause, bool make)
{
	struct failed_ends e = ends_of(ends, shape);
	uint64_t h = hash_of(kind, shape, &e, subject, cause);
	struct group **bucket = &gs->buckets[h % BUCKETS], *g;

	for (g = *bucket; g; g = g->next)
		if (g->hash == h && g->kind == kind && g->shape == shape && memcmp(&g->ends, &e, sizeof e) == 0 &&
		    (shape != SHAPE_ONE || (same_text(g->subject, g->subject_len, subject) &&
		    same_text(g->cause, g->cause_len, cause))))
			return g;
	if (!make || (gs->n >= FAILED_GROUPS_MAX && shape != SHAPE_KIND) || (g = calloc(1, sizeof *g)) == NULL)
		return NULL;
	g->kind = kind;
	g->shape = shape;
	g->ends = e;
	g->hash = h;
	g->grown = shape == SHAPE_KIND;
	g->next = *bucket;
	*bucket = g;
	gs->n++;
	return g;
}

/* --- families ------------------------------------------------------------------------------------------------------ */

static void
unlink_group(struct groups *gs, struct group *g)
{
	struct group **p = &gs->buckets[g->hash % BUCKETS];

	while (*p != g)
		p = &(*p)->next;
	*p = g->next;
	gs->n--;
}

static void
join(struct group *g, struct group *parent)
{
	enum failed_shape shape = parent->shape;

	g->parent[shape] = parent;
	g->after[shape] = parent->members;
	if (parent->members)
		parent->members->before[shape] = g;
	parent->members = g;
	parent->n_members++;
}

/* A parent that has not grown and has nobody left goes, too. */
static void
leave(struct groups *gs, struct group *g, enum failed_shape shape)
{
	struct group *parent = g->parent[shape];

	if (parent == NULL)
		return;
	if (g->before[shape])
		g->before[shape]->after[shape] = g->after[shape];
	else
		parent->members = g->after[shape];
	if (g->after[shape])
		g->after[shape]->before[shape] = g->before[shape];
	g->parent[shape] = g->before[shape] = g->after[shape] = NULL;
	if (--parent->n_members == 0 && !parent->grown) {
		unlink_group(gs, parent);
		group_free(gs, parent);
	}
}

/* --- taking in ------------------------------------------------------------------------------------------------------ */

/* A text that all have in common stays. */
static void
common_text(char **text, uint32_t *len, bool *differ, bool first, const char *s, uint32_t n)
{
	if (*differ)
		return;
	if (first) {
		*text = n ? malloc(n) : NULL;
		if (*text) {
			memcpy(*text, s, n);
			*len = n;
		}
	} else if (!same_text(*text, *len, (struct failed_text) { s, n })) {
		free(*text);
		*text = NULL;
		*len = 0;
		*differ = true;
	}
}

static void
extent_join(struct extent *s, bool first, struct extent x)
{
	if (first || x.min < s->min)
		s->min = x.min;
	if (first || x.max > s->max)
		s->max = x.max;
}

/* An address as a number: itself, or a hash of it. */
static uint64_t
number_of(const uint8_t *a, unsigned version)
{
	return version == 4 ? (uint64_t)a[0] << 24 | (uint64_t)a[1] << 16 | (uint64_t)a[2] << 8 | a[3] :
	    failed_hash(a, 16, 6) | UINT64_C(1) << 63;
}

/* What g leaves open and the member does not. */
static void
note_open(struct groups *gs, struct group *g, const struct group *m)
{
	const struct shape *s = &shapes[g->shape], *of = &shapes[m->shape];
	const struct failed_ends *e = &m->ends;

	if (s->subject && !of->subject && m->subject_len)
		ranges_add(&g->subjects, failed_hash(m->subject, m->subject_len, 0), &gs->room);
	if (s->port && !of->port && e->port)
		ranges_add(&g->ports, e->port, &gs->room);
	if (s->target && !of->target)
		ranges_add(&g->targets, number_of(e->target, e->version), &gs->room);
	if (s->source && !of->source)
		ranges_add(&g->sources, number_of(e->source, e->version), &gs->room);
}

/* Adds all that m has; its sets are empty then. */
static void
take_in(struct groups *gs, struct group *g, struct group *m)
{
	bool first = g->failed == 0;

	common_text(&g->subject, &g->subject_len, &g->subjects_differ, first, m->subject, m->subject_len);
	common_text(&g->cause, &g->cause_len, &g->causes_differ, first, m->cause, m->cause_len);
	g->subjects_differ |= m->subjects_differ;
	g->causes_differ |= m->causes_differ;
	g->first = first || m->first < g->first ? m->first : g->first;
	g->last = first || m->last > g->last ? m->last : g->last;
	if (m->waits)
		extent_join(&g->wait, !g->waits, m->wait);
	g->waits |= m->waits;
	extent_join(&g->tries, first, m->tries);
	extent_join(&g->bytes, first, m->bytes);
	g->failed += m->failed;
	note_open(gs, g, m);
	ranges_move(&g->subjects, &m->subjects, &gs->room);
	ranges_move(&g->sources, &m->sources, &gs->room);
	ranges_move(&g->targets, &m->targets, &gs->room);
	ranges_move(&g->ports, &m->ports, &gs->room);
	ranges_move(&g->packets.tcp, &m->packets.tcp, &gs->room);
	ranges_move(&g->packets.udp, &m->packets.udp, &gs->room);
	ranges_move(&g->packets.frames, &m->packets.frames, &gs->room);
}

static void grow(struct groups *gs, struct group *g);
static void sweep(struct groups *gs, struct group *kind);

/* Becomes a member of all that may take it in; one that has too many then does, and it is gone: false. */
static bool
join_all(struct groups *gs, struct group *g)
{
	const struct shape *s = &shapes[g->shape];
	static const struct failed_text none;

	for (unsigned i = 0; i < sizeof s->parents && s->parents[i] != SHAPE_ONE; i++) {
		struct group *parent = find(gs, g->kind, s->parents[i], &g->ends, none, none, true);

		if (parent == NULL)
			continue;
		join(g, parent);
		if (parent->n_members == 1 && parent->shape == SHAPE_SUBJECTS && !join_all(gs, parent))
			return false;
	}
	for (unsigned i = 0; i < sizeof s->parents && s->parents[i] != SHAPE_ONE; i++) {
		struct group *parent = g->parent[s->parents[i]];

		if (parent == NULL || parent->n_members <= shapes[parent->shape].members + parent->swept)
			continue;
		if (parent->shape == SHAPE_KIND) {
			sweep(gs, parent);	/* perhaps it is g that goes */
			return false;
		}
		if (!parent->grown) {
			grow(gs, parent);
			return false;
		}
	}
	return true;
}

static void absorb(struct groups *gs, struct group *g, struct group *m);

/*
 * A kind has too many: what failed once only becomes one group. What failed more often stays, and what fails from now on may
 * become that, so that nobody can hide it behind many different failures.
 */
static void
sweep(struct groups *gs, struct group *kind)
{
	for (struct group *m = kind->members, *next; m; m = next) {
		next = m->after[SHAPE_KIND];
		if (!m->grown && m->n_members == 1 && m->members->failed == 1)
			absorb(gs, kind, m);
	}
	kind->swept = kind->n_members;
}

/* Takes a member in, with all that it has. */
static void
absorb(struct groups *gs, struct group *g, struct group *m)
{
	m->grown = true;		/* stays until its own members have left */
	for (unsigned i = 0; i < SHAPES; i++)
		leave(gs, m, i);
	while (m->members)
		absorb(gs, g, m->members);
	if (m->failed)
		take_in(gs, g, m);
	unlink_group(gs, m);
	group_free(gs, m);
}

static void
grow(struct groups *gs, struct group *g)
{
	bool joined = g->shape == SHAPE_SUBJECTS;	/* from its beginning */

	g->grown = true;
	while (g->members)
		absorb(gs, g, g->members);
	if (!joined)
		join_all(gs, g);
}

/* Where a failure goes that has no group of its own yet: what has grown, or NULL. */
static struct group *
find_grown(struct groups *gs, const struct failure *f)
{
	static const uint8_t order[] = { SHAPE_SUBJECTS, SHAPE_PORTS, SHAPE_TARGETS, SHAPE_SOURCES, SHAPE_SOURCE };
	static const struct failed_text none;

	for (unsigned i = 0; i < sizeof order; i++) {
		struct group *g = find(gs, f->kind, order[i], &f->ends, none, none, false);

		if (g && g->grown)
			return g;
	}
	return NULL;
}

void
groups_add(struct groups *gs, const struct failure *f)
{
	struct group *g = find(gs, f->kind, SHAPE_ONE, &f->ends, f->subject, f->cause, false);
	struct group one = {
		.ends = f->ends, .first = f->first, .last = f->last, .failed = 1,
		.subject = (char *)f->subject.p, .subject_len = (uint32_t)f->subject.len,
		.cause = (char *)f->cause.p, .cause_len = (uint32_t)f->cause.len,
		.waits = f->wait >= 0, .wait = { (uint64_t)f->wait, (uint64_t)f->wait },
		.tries = { f->tries, f->tries }, .bytes = { f->bytes, f->bytes },
	};
	bool fresh = false;

	one.packets = *f->packets;
	*f->packets = (struct failed_packets) { 0 };
	if (g == NULL && (g = find_grown(gs, f)) == NULL) {
		g = find(gs, f->kind, SHAPE_ONE, &f->ends, f->subject, f->cause, true);
		fresh = g != NULL;
		if (g == NULL) {
			gs->crowded++;
			g = find(gs, f->kind, SHAPE_KIND, &f->ends, f->subject, f->cause, true);
		}
	}
	if (g) {
		take_in(gs, g, &one);
		if (fresh)
			join_all(gs, g);
	}
	ranges_free(&one.packets.tcp, &gs->room);
	ranges_free(&one.packets.udp, &gs->room);
	ranges_free(&one.packets.frames, &gs->room);
}

/* --- for those who show them --------------------------------------------------------------------------------------- */

size_t *
groups_room(struct groups *gs)
{
	return &gs->room;
}

uint64_t
groups_crowded(const struct groups *gs)
{
	return gs->crowded;
}

struct group **
groups_list(struct groups *gs, size_t *n)
{
	struct group **list;

	/* Where some of those that failed once have become one, the last ones do not stand out. */
	for (unsigned kind = 0; kind < FAILED_KINDS; kind++) {
		static const struct failed_ends nobody;
		static const struct failed_text none;
		struct group *g = find(gs, kind, SHAPE_KIND, &nobody, none, none, false);

		if (g && g->failed)
			sweep(gs, g);
	}
	list = gs->n ? malloc(gs->n * sizeof(struct group *)) : NULL;
	*n = 0;
	for (size_t i = 0; list && i < BUCKETS; i++)
		for (struct group *g = gs->buckets[i]; g; g = g->next)
			if (g->shape == SHAPE_ONE || (g->grown && g->failed))
				list[(*n)++] = g;
	return list;
}
