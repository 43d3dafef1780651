#include "io/merge.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
	SKIPPED_TOLD = 10,		/* files that are no captures, by name */
	BATCH = 256,	/* packets lent by one file at a time */
	FEW = 8,	/* so many files may have windows as large as if they were alone */
};

/* One of the files. */
struct feed {
	char *path;
	struct source *volatile source;	/* NULL: closed for now, or over; a signal handler looks at it */
	bool waits;			/* a pipe: cannot be opened twice, and must be woken */
	struct source_position first;	/* which file it was when it was opened first */
	struct packet *batch;
	size_t n, at;			/* batch[at] is its next packet, if at < n */
	int64_t sec, nsec;		/* the next packet's time (or the last's, when that was the batch's) */
	uint32_t *numbers;		/* what its interfaces are called here */
	size_t n_numbers;
};

struct merge {
	struct source src;
	struct merge_options o;
	struct feed *feeds;
	size_t n_feeds, n_open, n_skipped;
	size_t primed;			/* so many feeds have been asked for their first packets */
	uint32_t *heap;			/* feeds that have more, the one whose turn it is on top */
	size_t n_heap;
	struct source_iface *ifaces;	/* what src.ifaces lends */
	size_t ifaces_size;
	uint64_t done, total;		/* bytes of files that are over, and of all */
	bool endless;			/* there is a pipe */
	bool waits;			/* src.name is one */
	bool reopens;
	bool broken;			/* nothing more can be read, and why says why */
	struct err why;
};

static bool
is_before(const struct merge *m, uint32_t a, uint32_t b)
{
	const struct feed *x = &m->feeds[a], *y = &m->feeds[b];

	if (x->sec != y->sec)
		return x->sec < y->sec;
	if (x->nsec != y->nsec)
		return x->nsec < y->nsec;
	return a < b;
}

/* The top's time has changed: moves it down to where it belongs. */
static void
heap_settle(struct merge *m)
{
	uint32_t *h = m->heap, moving = h[0];
	size_t at = 0, child;

	while ((child = 2 * at + 1) < m->n_heap) {
		if (child + 1 < m->n_heap && is_before(m, h[child + 1], h[child]))
			child++;
		if (!is_before(m, h[child], moving))
			break;
		h[at] = h[child];
		at = child;
	}
	h[at] = moving;
}

static void
heap_push(struct merge *m, uint32_t feed)
{
	uint32_t *h = m->heap;
	size_t at = m->n_heap++;

	for (; at > 0 && is_before(m, feed, h[(at - 1) / 2]); at = (at - 1) / 2)
		h[at] = h[(at - 1) / 2];
	h[at] = feed;
}

static void
heap_pop(struct merge *m)
{
	m->heap[0] = m->heap[--m->n_heap];
	if (m->n_heap > 0)
		heap_settle(m);
}

static bool
add_iface(struct merge *m, const struct source_iface *i, struct err *e)
{
	char *name = NULL;

	if (m->src.n_ifaces == MERGE_FILES_MAX)
		return err_set(e, "more than %u interfaces in all files together", MERGE_FILES_MAX);
	if (m->src.n_ifaces == m->ifaces_size) {
		size_t size = m->ifaces_size ? m->ifaces_size * 2 : 8;
		struct source_iface *more = realloc(m->ifaces, size * sizeof *more);

		if (!more)
			return err_set(e, "out of memory");
		m->src.ifaces = m->ifaces = more;
		m->ifaces_size = size;
	}
	if (i->name && !(name = strdup(i->name)))
		return err_set(e, "out of memory");
	m->ifaces[m->src.n_ifaces] = *i;
	m->ifaces[m->src.n_ifaces++].name = name;
	return true;
}

/* Numbers the interfaces that a file has told of since the last time. */
static bool
number_ifaces(struct merge *m, struct feed *f, struct err *e)
{
	const struct source *s = f->source;
	uint32_t *more;

	if (f->n_numbers >= s->n_ifaces)
		return true;
	more = realloc(f->numbers, s->n_ifaces * sizeof *more);
	if (!more)
		return err_set(e, "out of memory");
	f->numbers = more;
	for (; f->n_numbers < s->n_ifaces; f->n_numbers++) {
		f->numbers[f->n_numbers] = (uint32_t)m->src.n_ifaces;
		if (!add_iface(m, &s->ifaces[f->n_numbers], e))
			return false;
	}
	return true;
}

/* Gives back what an open file needs; a file that is over does not need its numbers either. */
static void
feed_close(struct merge *m, struct feed *f, bool over)
{
	struct source *s = f->source;
	struct source_position at;

	if (s && over) {
		s->ops->position(s, &at);
		m->done += at.done;
	}
	f->source = NULL;	/* before it is closed: a signal may come in between */
	m->n_open -= s != NULL;
	source_close(s);
	free(f->batch);
	f->batch = NULL;
	f->n = f->at = 0;
	if (over) {
		free(f->numbers);
		f->numbers = NULL;
		f->n_numbers = 0;
	}
}

static bool
feed_open(struct merge *m, struct feed *f, struct err *e)
{
	size_t path = strlen(f->path);

	f->batch = malloc(BATCH * sizeof *f->batch);
	if (!f->batch)
		return err_set(e, "out of memory");
	f->source = source_open_by(f->path, m->o.n > FEW, m->o.privilege, e);
	if (f->source) {
		m->n_open++;
		if (number_ifaces(m, f, e))
			return true;
	}
	feed_close(m, f, true);
	/* only what open(2) says has the name in it already */
	if (strncmp(e->text, f->path, path) == 0 && e->text[path] == ':')
		return false;
	return err_wrap(e, "%s", f->path);
}

/* A file's next packets; SOURCE_END also when it is damaged, which has then been told. */
static enum source_result
feed_read(struct merge *m, struct feed *f)
{
	enum source_result r;
	struct err e;

	f->n = f->at = 0;
	r = source_read(f->source, f->batch, BATCH, &f->n, &e);
	if (r == SOURCE_AGAIN)
		return r;
	if (r == SOURCE_PACKETS && number_ifaces(m, f, &e)) {
		f->sec = f->batch[0].sec;
		f->nsec = f->batch[0].nsec;
		return r;
	}
	if (r != SOURCE_END && m->o.damaged) {
		err_wrap(&e, "%s", f->path);
		m->o.damaged(m->o.ctx, &e);
	}
	m->src.lost.known |= f->source->lost.known;
	m->src.lost.dropped += f->source->lost.dropped;
	m->src.lost.if_dropped += f->source->lost.if_dropped;
	feed_close(m, f, true);
	return SOURCE_END;
}

/* Is what has been opened again the same file? */
static bool
is_same(const struct feed *f, struct err *e)
{
	struct source_position now;

	f->source->ops->position(f->source, &now);
	return (now.device == f->first.device && now.inode == f->first.inode) ||
	    err_set(e, "%s: it was replaced while others were read", f->path);
}

/* Opens a file again whose time has come. False and m->why if too many are open, and all comes to an end. */
static bool
feed_reopen(struct merge *m, struct feed *f)
{
	struct err e;
	bool ok;

	if (m->n_open == MERGE_OPEN_MAX) {
		m->broken = true;
		return err_set(&m->why, "more than %u capture files overlap in time", MERGE_OPEN_MAX);
	}
	ok = feed_open(m, f, &e);
	if (ok && !is_same(f, &e)) {
		feed_close(m, f, true);
		ok = false;
	}
	if (!ok && m->o.damaged)
		m->o.damaged(m->o.ctx, &e);
	return true;
}

/* Asks each file that has been left open for its first packets. */
static enum source_result
prime(struct merge *m)
{
	for (; m->primed < m->n_feeds; m->primed++) {
		struct feed *f = &m->feeds[m->primed];
		enum source_result r = f->source ? feed_read(m, f) : SOURCE_END;

		if (r == SOURCE_AGAIN)
			return r;
		if (r == SOURCE_PACKETS)
			heap_push(m, (uint32_t)m->primed);
	}
	return SOURCE_PACKETS;
}

/* The feed on top has nothing at hand: more from it, or without it. SOURCE_PACKETS: the top has changed. */
static enum source_result
top_up(struct merge *m)
{
	struct feed *f = &m->feeds[m->heap[0]];
	enum source_result r = SOURCE_END;

	if (!f->source && f->numbers && !feed_reopen(m, f))
		return SOURCE_ERROR;
	if (f->source)
		r = feed_read(m, f);
	if (r == SOURCE_AGAIN)
		return r;
	if (r == SOURCE_PACKETS)
		heap_settle(m);
	else
		heap_pop(m);
	return SOURCE_PACKETS;
}

static enum source_result
merge_read(struct source *s, struct packet *batch, size_t max, size_t *n, struct err *e)
{
	struct merge *m = (struct merge *)s;
	enum source_result r = m->broken ? SOURCE_ERROR : prime(m);

	*n = 0;
	while (r == SOURCE_PACKETS && *n < max && m->n_heap > 0) {
		struct feed *f = &m->feeds[m->heap[0]];
		struct packet *k = &batch[*n];

		if (f->at == f->n) {
			if (*n > 0)
				return SOURCE_PACKETS;	/* its packets may be among those lent now */
			r = top_up(m);
			continue;
		}
		*k = f->batch[f->at++];
		k->iface = f->numbers[k->iface];
		++*n;
		if (f->at < f->n) {
			f->sec = f->batch[f->at].sec;
			f->nsec = f->batch[f->at].nsec;
			heap_settle(m);
		}
	}
	if (r == SOURCE_ERROR)
		*e = m->why;
	return r == SOURCE_PACKETS && *n == 0 ? SOURCE_END : r;
}

static bool
merge_counts(struct source *s, struct source_counts *c, struct err *e)
{
	(void)s;
	(void)c;
	return err_set(e, "Statistics aren't available from savefiles");
}

static void
merge_wake(struct source *s)
{
	const struct merge *m = (const struct merge *)s;

	for (size_t i = 0; i < m->n_feeds; i++) {
		struct source *from = m->feeds[i].source;

		if (m->feeds[i].waits && from)
			from->ops->wake(from);
	}
}

static void
merge_position(const struct source *s, struct source_position *p)
{
	const struct merge *m = (const struct merge *)s;

	*p = (struct source_position) { .done = m->done, .total = m->endless ? 0 : m->total };
	for (size_t i = 0; i < m->n_feeds; i++) {
		const struct source *from = m->feeds[i].source;
		struct source_position at;

		if (!from)
			continue;
		from->ops->position(from, &at);
		p->done += at.done;
	}
}

static void
merge_close(struct source *s)
{
	struct merge *m = (struct merge *)s;

	for (size_t i = 0; i < m->n_feeds; i++) {
		feed_close(m, &m->feeds[i], true);
		free(m->feeds[i].path);
	}
	for (size_t i = 0; i < m->src.n_ifaces; i++)
		free((char *)m->ifaces[i].name);
	free(m->ifaces);
	free(m->feeds);
	free(m->heap);
	free(m);
}

static const struct source_ops merge_ops = {
	.read = merge_read,
	.counts = merge_counts,
	.wake = merge_wake,
	.position = merge_position,
	.close = merge_close,
};

static bool
is_pipe(const char *path)
{
	struct stat st;

	return strcmp(path, "-") == 0 || (stat(path, &st) == 0 && !S_ISREG(st.st_mode));
}

/* Finds out when a file's time comes, and closes it until then. */
static void
put_off(struct merge *m, struct feed *f)
{
	enum source_result r;

	do
		r = feed_read(m, f);
	while (r == SOURCE_AGAIN);
	if (r != SOURCE_PACKETS)
		return;
	feed_close(m, f, false);
	heap_push(m, (uint32_t)(f - m->feeds));
}

static bool
open_one(struct merge *m, struct feed *f, bool found, struct err *e)
{
	if (m->o.privilege)
		m->o.privilege(true);
	f->waits = is_pipe(f->path);
	if (m->o.privilege)
		m->o.privilege(false);
	if (m->n_open == MERGE_OPEN_MAX)
		return err_set(e, "more than %u pipes to read from", MERGE_OPEN_MAX);
	if (!feed_open(m, f, e)) {
		if (found && m->o.skipped && m->n_skipped++ < SKIPPED_TOLD)
			m->o.skipped(m->o.ctx, e);
		return found;
	}
	f->source->ops->position(f->source, &f->first);
	m->total += f->first.total;
	m->endless |= f->first.total == 0;
	if (m->o.opened)
		m->o.opened(m->o.ctx, f->source);
	/* for those who ask whether it may keep them waiting */
	if (!m->src.name || (f->waits && !m->waits)) {
		m->src.name = f->path;
		m->waits = f->waits;
	}
	if (m->reopens && !f->waits)
		put_off(m, f);
	return true;
}

struct source *
merge_open(const struct merge_options *o, struct err *e)
{
	struct merge *m = calloc(1, sizeof *m);
	bool ok = o->n <= MERGE_FILES_MAX;

	if (!m) {
		err_set(e, "out of memory");
		return NULL;
	}
	m->src.ops = &merge_ops;
	m->o = *o;
	m->reopens = o->n > MERGE_OPEN_MAX;
	m->feeds = calloc(o->n + 1, sizeof *m->feeds);
	m->heap = calloc(o->n + 1, sizeof *m->heap);
	if (!ok)
		err_set(e, "more than %u files to read", MERGE_FILES_MAX);
	else if (!m->feeds || !m->heap)
		ok = err_set(e, "out of memory");
	for (size_t i = 0; ok && i < o->n; i++) {
		struct feed *f = &m->feeds[m->n_feeds++];

		f->path = strdup(o->files[i].path);
		ok = f->path ? open_one(m, f, o->files[i].found, e) : err_set(e, "out of memory");
	}
	if (m->n_skipped > SKIPPED_TOLD) {
		struct err more;

		err_set(&more, "%zu more files", m->n_skipped - SKIPPED_TOLD);
		m->o.skipped(m->o.ctx, &more);
	}
	if (ok && !m->src.name)
		ok = err_set(e, "no capture files to read");
	m->o.files = NULL;
	if (ok)
		return &m->src;
	merge_close(&m->src);
	return NULL;
}

bool
merge_reopens(const struct source *s)
{
	return s->ops == &merge_ops && ((const struct merge *)s)->reopens;
}
