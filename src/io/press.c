#include "io/press.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "io/sink.h"

enum {
	JOBS = 6,		/* underway at once: two to each of the threads there may be; each has its memory */
	THREADS = 4,
	BUFFER = 1024 * 1024,
	KEEP = 4 * BUFFER,	/* memory that grew beyond for a huge block is given back */
};

struct job {
	enum { WAITING, WORKING, READY } state;
	struct sink *sink;
	struct press_buffer in;
	struct encoder *encoder;	/* NULL until needed; owns the frame */
	const uint8_t *frame;
	size_t frame_len;
	bool sound;			/* else why says why there is no frame */
	struct err why;
	bool close;
	bool regular;			/* which file is to be closed, when the sink may be gone already */
	dev_t device;
	ino_t inode;
	void (*then)(void *, bool);
	void *arg;
};

struct press {
	pthread_mutex_t lock;
	pthread_cond_t work;		/* something to do for a thread */
	pthread_cond_t done;		/* a job has been */
	enum compression how;
	/* job number i is jobs[i % JOBS]; first <= next <= end */
	uint64_t first;			/* the oldest not yet written */
	uint64_t next;			/* the oldest that nobody has compressed or is compressing */
	uint64_t end;
	struct job jobs[JOBS];
	bool writing;			/* a thread is writing out jobs from the first on */
	bool stop;
	bool failed, told;
	struct err why;
	unsigned n_threads, max_threads;
	pthread_t threads[THREADS];
};

struct press *
press_new(enum compression how, struct err *e)
{
	struct press *p = calloc(1, sizeof *p);
	cpu_set_t cpus;

	if (!p) {
		err_set(e, "out of memory");
		return NULL;
	}
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->work, NULL);
	pthread_cond_init(&p->done, NULL);
	p->how = how;
	p->max_threads = 1;
	if (how != COMPRESS_NONE && sched_getaffinity(0, sizeof cpus, &cpus) == 0) {
		int n = CPU_COUNT(&cpus);

		p->max_threads = n < 1 ? 1 : n < THREADS ? (unsigned)n : THREADS;
	}
	return p;
}

static void
compress(const struct press *p, struct job *j)
{
	j->sound = true;
	if (p->how == COMPRESS_NONE || j->in.used == 0)
		return;
	if (!j->encoder)
		j->encoder = encoder_new(p->how, &j->why);
	j->frame = j->encoder ? encoder_frame(j->encoder, j->in.bytes, j->in.used, &j->frame_len, &j->why) : NULL;
	j->sound = j->frame != NULL;
}

/*
 * Writes a job out, unless something has failed before: a row of files has no hole in it. False and *e on the first failure.
 * Only whoever writes sets p->failed.
 */
static bool
finish(const struct press *p, struct job *j, struct err *e)
{
	struct sink *s = j->sink;
	bool was_broken = s->broken || p->failed, ok = !was_broken;
	struct err ignored;

	if (ok && !j->sound) {
		s->broken = true;
		*e = j->why;
		ok = err_wrap(e, "%s", s->name);
	} else if (ok && j->in.used > 0) {
		ok = p->how == COMPRESS_NONE ? sink_write(s, j->in.bytes, j->in.used, NULL, 0, e) :
		    sink_write_frame(s, j->frame, j->frame_len, e);
	}
	if (j->close) {
		ok = sink_close(s, ok ? e : &ignored) && ok;
		if (j->then)
			j->then(j->arg, ok);
	}
	if (j->in.size > KEEP) {
		free(j->in.bytes);
		j->in = (struct press_buffer){ 0 };
	}
	return ok || was_broken;
}

/* Writes out what is ready, in order, unless somebody is at it. Called and returns with the lock held. */
static void
write_ready(struct press *p)
{
	struct err e;

	if (p->writing)
		return;
	p->writing = true;
	while (p->first < p->next && p->jobs[p->first % JOBS].state == READY) {
		bool ok;

		pthread_mutex_unlock(&p->lock);
		ok = finish(p, &p->jobs[p->first % JOBS], &e);
		pthread_mutex_lock(&p->lock);
		if (!ok && !p->failed) {
			p->failed = true;
			p->why = e;
		}
		p->first++;
		pthread_cond_broadcast(&p->done);
	}
	p->writing = false;
}

/* Does one job's part, if there is something to do. Called and returns with the lock held. */
static bool
work(struct press *p)
{
	struct job *j = &p->jobs[p->next % JOBS];

	if (p->next == p->end)
		return false;
	p->next++;
	j->state = WORKING;
	pthread_mutex_unlock(&p->lock);
	compress(p, j);
	pthread_mutex_lock(&p->lock);
	j->state = READY;
	write_ready(p);
	return true;
}

static void *
worker(void *arg)
{
	struct press *p = arg;

	pthread_mutex_lock(&p->lock);
	for (;;) {
		if (work(p))
			continue;
		if (p->stop)
			break;
		pthread_cond_wait(&p->work, &p->lock);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

/* One thread more, if more is waiting than there are. Signals are for those who started us. */
static void
hire(struct press *p)
{
	sigset_t all, was;

	if (p->n_threads == p->max_threads || p->n_threads >= p->end - p->first)
		return;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &was);
	if (pthread_create(&p->threads[p->n_threads], NULL, worker, p) == 0)
		p->n_threads++;
	pthread_sigmask(SIG_SETMASK, &was, NULL);
}

/* False and *e if something has failed and nobody has been told. */
static bool
tell(struct press *p, struct err *e)
{
	if (!p->failed || p->told)
		return true;
	p->told = true;
	*e = p->why;
	return false;
}

/* The next job, once there is room for one. Called and returns with the lock held. */
static struct job *
next_job(struct press *p, struct sink *s)
{
	struct job *j;

	while (p->end - p->first == JOBS)
		pthread_cond_wait(&p->done, &p->lock);
	j = &p->jobs[p->end % JOBS];
	j->state = WAITING;
	j->sink = s;
	j->close = false;
	j->then = NULL;
	return j;
}

/* Lets the threads have it; without any, this one does it. */
static void
give(struct press *p)
{
	p->end++;
	hire(p);
	if (p->n_threads > 0)
		pthread_cond_signal(&p->work);
	else
		work(p);
}

bool
press_put(struct press *p, struct sink *s, struct press_buffer *b, struct err *e)
{
	struct press_buffer given = *b;
	size_t size = given.size < BUFFER ? given.size : BUFFER;
	struct job *j;
	bool ok;

	pthread_mutex_lock(&p->lock);
	j = next_job(p, s);
	if (j->in.size < size) {
		uint8_t *bytes = malloc(size);

		if (!bytes) {
			pthread_mutex_unlock(&p->lock);
			return err_set(e, "%s: out of memory", s->name);
		}
		free(j->in.bytes);
		j->in.bytes = bytes;
		j->in.size = size;
	}
	*b = (struct press_buffer){ j->in.bytes, 0, j->in.size };
	j->in = given;
	give(p);
	ok = tell(p, e);
	pthread_mutex_unlock(&p->lock);
	return ok;
}

bool
press_close(struct press *p, struct sink *s, struct press_buffer *b, void (*then)(void *, bool), void *arg,
    struct err *e)
{
	struct job *j;
	bool ok;

	pthread_mutex_lock(&p->lock);
	j = next_job(p, s);
	free(j->in.bytes);
	j->in = *b;
	*b = (struct press_buffer){ 0 };
	j->close = true;
	j->regular = s->regular;
	j->device = s->device;
	j->inode = s->inode;
	j->then = then;
	j->arg = arg;
	give(p);
	ok = tell(p, e);
	pthread_mutex_unlock(&p->lock);
	return ok;
}

bool
press_is_sound(struct press *p, struct err *e)
{
	bool sound;

	pthread_mutex_lock(&p->lock);
	sound = !p->failed;
	if (!sound) {
		p->told = true;
		*e = p->why;
	}
	pthread_mutex_unlock(&p->lock);
	return sound;
}

/* Is there anything of the file's on its way? Called with the lock held. */
static bool
is_underway(const struct press *p, const struct sink *s)
{
	for (uint64_t i = p->first; i < p->end; i++)
		if (!s || p->jobs[i % JOBS].sink == s)
			return true;
	return false;
}

bool
press_wait(struct press *p, const struct sink *s, struct err *e)
{
	bool ok;

	pthread_mutex_lock(&p->lock);
	while (is_underway(p, s))
		pthread_cond_wait(&p->done, &p->lock);
	ok = tell(p, e);
	pthread_mutex_unlock(&p->lock);
	return ok;
}

/* Is it one of the files that are to be closed? Called with the lock held. */
static bool
is_closing(const struct press *p, const struct stat *st)
{
	for (uint64_t i = p->first; i < p->end; i++) {
		const struct job *j = &p->jobs[i % JOBS];

		if (j->close && j->regular && j->device == st->st_dev && j->inode == st->st_ino)
			return true;
	}
	return false;
}

void
press_settle(struct press *p, const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return;
	pthread_mutex_lock(&p->lock);
	while (is_closing(p, &st))
		pthread_cond_wait(&p->done, &p->lock);
	pthread_mutex_unlock(&p->lock);
}

bool
press_free(struct press *p, struct err *e)
{
	bool ok = press_wait(p, NULL, e);

	pthread_mutex_lock(&p->lock);
	p->stop = true;
	pthread_cond_broadcast(&p->work);
	pthread_mutex_unlock(&p->lock);
	for (unsigned i = 0; i < p->n_threads; i++)
		pthread_join(p->threads[i], NULL);
	for (size_t i = 0; i < JOBS; i++) {
		encoder_free(p->jobs[i].encoder);
		free(p->jobs[i].in.bytes);
	}
	pthread_cond_destroy(&p->done);
	pthread_cond_destroy(&p->work);
	pthread_mutex_destroy(&p->lock);
	free(p);
	return ok;
}
