#include "io/rotate.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/clock.h"
#include "io/press.h"
#include "io/syncer.h"

enum { AGAIN_MAX = 9999 };

struct rotate {
	struct rotate_options o;
	struct press *press;	/* NULL: one file, not compressed */
	struct syncer *syncer;	/* NULL without -U */
	struct writer *writer;	/* NULL after a failure to begin the next file */
	time_t began;		/* when the names' time was taken */
	int64_t began_steady;	/* the same moment in ms of a clock that nobody sets */
	time_t latest;		/* the latest time that names were given */
	unsigned again;		/* how many files of this file's name were there when the clock had been put back */
	unsigned number;	/* of the file, within -C */
	unsigned turns;		/* how many times -G has begun a new one */
	struct source *source;	/* or NULL */
	size_t described;	/* how many of its interfaces the file tells of */
	uint64_t packets;	/* put so far, over all files */
	bool told;		/* a failure has been; those that follow from it are not */
	bool failed;		/* *e of rotate_close */
	struct err error;
	char path[PATH_MAX + 1];
};

/* How many digits -W's numbers have: those of the largest number, so that the names sort. */
static int
digits(unsigned files)
{
	int n = 0;

	for (unsigned last = files > 0 ? files - 1 : 0; last > 0; last /= 10)
		n++;
	return n;
}

/*
 * The name of the file that begins now. The first of a -C row has no number unless -W asks for digits; without -C
 * there are no numbers at all.
 */
static bool
name_make(struct rotate *r, struct err *e)
{
	char stem[PATH_MAX + 1], again[16] = "";
	int width = digits(r->o.files), n;
	struct tm tm;

	if (r->o.name[0] == '\0')
		return err_set(e, "an empty string is not a valid file name");
	if (r->o.seconds == 0)
		n = snprintf(stem, sizeof stem, "%s", r->o.name);
	else if (!localtime_r(&r->began, &tm) || (n = (int)strftime(stem, sizeof stem, r->o.name, &tm)) == 0)
		return err_set(e, "the time does not fit into the file name %s", r->o.name);
	if (n > PATH_MAX)
		return err_set(e, "file name is too long (> %d)", PATH_MAX);
	if (r->again > 0)
		snprintf(again, sizeof again, ".%u", r->again);
	if (r->o.size == 0 || (r->number == 0 && width == 0))
		n = snprintf(r->path, sizeof r->path, "%s%s", stem, again);
	else
		n = snprintf(r->path, sizeof r->path, "%s%s%0*u", stem, again, width, r->number);
	if (n > PATH_MAX)
		return err_set(e, "too many output files or filename is too long (> %d)", PATH_MAX);
	return true;
}

/*
 * Names have the time in them, so a clock that was put back would have files begun anew that have just been written. Until
 * the clock has caught up, none is that is there.
 */
static bool
name_spare(struct rotate *r, struct err *e)
{
	struct stat st;

	for (r->again = 0; r->again <= AGAIN_MAX; r->again++) {
		if (!name_make(r, e))
			return false;
		if (r->began > r->latest) {
			r->latest = r->began;
			return true;
		}
		if (lstat(r->path, &st) != 0)
			return true;
	}
	return err_set(e, "%s: the clock was put back, and there are too many files of that time", r->path);
}

static bool
begin(struct rotate *r, struct err *e)
{
	struct writer_options o = r->o.writer;
	struct err ignored;

	if (!name_make(r, e))
		return false;
	if (r->source && r->source->n_ifaces > 0)
		o.first = &r->source->ifaces[0];
	r->described = o.first != NULL;
	if (r->press)
		press_settle(r->press, r->path);
	r->writer = writer_open(r->path, &o, e);
	if (!r->writer && r->press && press_wait(r->press, NULL, &ignored))
		/* Files that were being finished may have had what this one lacks. */
		r->writer = writer_open(r->path, &o, e);
	return r->writer != NULL;
}

/* A file that is to be told of once it is complete. */
struct finished {
	void (*tell)(void *ctx, const char *path);
	void *ctx;
	char path[];
};

static struct finished *
finished_new(const struct rotate *r, struct err *e)
{
	size_t n = strlen(r->path) + 1;
	struct finished *f = malloc(sizeof *f + n);

	if (!f) {
		err_set(e, "out of memory");
		return NULL;
	}
	f->tell = r->o.finished;
	f->ctx = r->o.ctx;
	memcpy(f->path, r->path, n);
	return f;
}

/* This may be called in a thread that finishes files. */
static void
tell_finished(void *finished, bool sound)
{
	struct finished *f = finished;

	if (sound)
		f->tell(f->ctx, f->path);
	free(f);
}

/* Describes the source's interfaces up to this one. */
static bool
describe(struct rotate *r, uint32_t iface, struct err *e)
{
	const struct source *s = r->source;

	for (; s && r->described <= iface && r->described < s->n_ifaces; r->described++) {
		if (!writer_describe(r->writer, (uint32_t)r->described, &s->ifaces[r->described], e))
			return false;
	}
	return true;
}

static bool
put_counts(struct rotate *r, const struct source_counts *c, struct err *e)
{
	return !r->writer || !r->source || (describe(r, 0, e) &&
	    writer_counts(r->writer, 0, r->source->ifaces[0].link, c, r->packets, e));
}

void
rotate_counts(struct rotate *r, const struct source_counts *c)
{
	r->failed |= !put_counts(r, c, &r->error);
}

static bool
finish(struct rotate *r, struct err *e)
{
	struct finished *f = NULL;
	struct source_counts c;
	struct err ignored;
	bool ok = true;

	if (r->o.writer.format == CAPTURE_PCAPNG && r->source && r->source->live &&
	    r->source->ops->counts(r->source, &c, &ignored))
		ok = put_counts(r, &c, e);
	if (r->o.finished && !(f = finished_new(r, ok ? e : &ignored)))
		ok = false;
	ok = writer_finish(r->writer, f ? tell_finished : NULL, f, ok ? e : &ignored) && ok;
	r->writer = NULL;
	return ok;
}

static bool
next_file(struct rotate *r, bool new_time, struct err *e)
{
	bool ok;

	if (r->o.privilege)
		r->o.privilege(true);
	ok = (!new_time || name_spare(r, e)) && begin(r, e);
	if (r->o.privilege)
		r->o.privilege(false);
	return ok;
}

struct rotate *
rotate_open(const struct rotate_options *o, struct err *e)
{
	struct rotate *r = calloc(1, sizeof *r);
	struct err ignored;

	if (!r) {
		err_set(e, "out of memory");
		return NULL;
	}
	r->o = *o;
	r->source = o->source;
	r->began = r->latest = time(NULL);
	r->began_steady = clock_steady_ms();
	if (o->writer.packet_buffered) {
		r->syncer = r->o.writer.syncer = syncer_new(e);
		if (!r->syncer) {
			free(r);
			return NULL;
		}
	}
	if (o->size > 0 || o->seconds > 0 || o->writer.compression != COMPRESS_NONE) {
		r->press = r->o.writer.press = press_new(o->writer.compression, e);
		if (!r->press) {
			syncer_free(r->syncer);
			free(r);
			return NULL;
		}
	}
	if (!begin(r, e)) {
		if (r->press)
			press_free(r->press, &ignored);
		syncer_free(r->syncer);
		free(r);
		return NULL;
	}
	return r;
}

void
rotate_source(struct rotate *r, struct source *s)
{
	r->source = s;
	r->described = 0;
}

/*
 * How many of the packets can be written before another interface has to be described, which is done for the first.
 * 0 and *e on failure.
 */
static size_t
described(struct rotate *r, const struct packet *p, size_t n, struct err *e)
{
	const struct source *s = r->source;
	size_t i = 0;

	if (!s || r->described == s->n_ifaces)
		return n;
	if (!describe(r, p->iface, e))
		return 0;
	while (i < n && p[i].iface < r->described)
		i++;
	return i > 0 ? i : 1;
}

/* By whole seconds of the wall clock, as tcpdump counts; where that has been put back, by those that have passed. */
static bool
is_old(const struct rotate *r, time_t now)
{
	if (now >= r->began && (uint64_t)(now - r->began) >= r->o.seconds)
		return true;
	return (uint64_t)(clock_steady_ms() - r->began_steady) / 1000 > r->o.seconds;
}

/* Age comes first: a file begun for its sake is empty, so size does not ask for another. */
static enum rotate_result
turn_by_age(struct rotate *r, struct err *e)
{
	time_t now;

	if (r->o.seconds == 0 || !is_old(r, now = time(NULL)))
		return ROTATE_OK;
	r->began = now;
	r->began_steady = clock_steady_ms();
	r->turns++;
	r->number = 0;
	if (!finish(r, e))
		return ROTATE_ERROR;
	if (r->o.size == 0 && r->o.files > 0 && r->turns >= r->o.files)
		return ROTATE_DONE;
	return next_file(r, true, e) ? ROTATE_OK : ROTATE_ERROR;
}

static bool
turn_by_size(struct rotate *r, struct err *e)
{
	if (r->o.size == 0 || writer_size(r->writer) <= r->o.size)
		return true;
	r->number++;
	if (r->o.files > 0 && r->number >= r->o.files)
		r->number = 0;
	return finish(r, e) && next_file(r, false, e);
}

static enum rotate_result
put(struct rotate *r, const struct packet *p, size_t n, size_t *done, struct err *e)
{
	enum rotate_result due = turn_by_age(r, e);

	*done = 0;
	if (due != ROTATE_OK)
		return due;
	while (*done < n) {
		uint64_t full = UINT64_MAX;
		size_t some, wrote;
		bool ok;

		if (!turn_by_size(r, e))
			return ROTATE_ERROR;
		some = described(r, p + *done, n - *done, e);
		if (some == 0)
			return ROTATE_ERROR;
		if (r->o.size > 0) {
			/* A file has at least one packet, however long what it begins with is. */
			full = writer_size(r->writer);
			full = full > r->o.size ? full : r->o.size;
		}
		ok = writer_put_batch(r->writer, p + *done, some, full, &wrote, e);
		*done += wrote;
		r->packets += wrote;
		if (!ok)
			return ROTATE_ERROR;
	}
	return ROTATE_OK;
}

enum rotate_result
rotate_put(struct rotate *r, const struct packet *p, size_t n, size_t *done, struct err *e)
{
	enum rotate_result result = put(r, p, n, done, e);

	r->told |= result == ROTATE_ERROR;
	return result;
}

bool
rotate_flush(struct rotate *r, struct err *e)
{
	bool ok = !r->writer || writer_flush(r->writer, e);

	r->told |= !ok;
	return ok;
}

const char *
rotate_path(const struct rotate *r)
{
	return r->path;
}

bool
rotate_close(struct rotate *r, struct err *e)
{
	bool ok = !r->writer || writer_finish(r->writer, NULL, NULL, e);
	struct err ignored;

	if (r->press)
		ok = press_free(r->press, ok ? e : &ignored) && ok;
	if (r->failed && ok) {
		*e = r->error;
		ok = false;
	}
	ok |= r->told;
	syncer_free(r->syncer);
	free(r);
	return ok;
}
