#include "cmd/jobs.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/output.h"
#include "cmd/signals.h"
#include "dissect/later.h"
#include "dissect/stamp.h"

enum {
	BLOCK = 128 << 10,		/* bytes of a job's packets, as a rule: two jobs with their text fit the cache */
	PACKETS = 4096,			/* of a job, at most */
	TEXT_FULL = 1 << 20,		/* bytes of text after which a job is finished by the writer, piece by piece */
	TEXT_PIECE = 64 << 10,
	SPINS = 1000,			/* looks at whether there is something to do, before sleeping: some 20 us */
	SPARE = 2,			/* jobs beyond two for each thread: somebody may be slow to write */
};

static inline void
pause_briefly(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

enum state {
	WALKED,				/* conversation memory is to be asked next ... */
	FILLED,				/* ... and this is to be written next */
	TAKEN,				/* somebody works on it */
};

struct job {
	enum state state;
	struct source_block block;	/* the packets' bytes */
	struct packet *packets;
	size_t n, walked;		/* fewer are walked than there are when text has become too long */
	uint64_t first;			/* the first packet's number */
	struct dis *dis;
	struct later *later;
	struct buf text;
	struct said said;
	bool last;
	enum pump_result end;		/* of the last: how the source ended, and why */
	struct err why;
	struct crew *crew;
};

struct crew {
	struct pump *pump;
	struct job *jobs;
	struct job **idle;		/* the last one used on top: its memory is in the cache still */
	struct job **due;		/* in turn, by number modulo n_jobs */
	unsigned n_jobs, n_idle, n_threads, n_started;
	pthread_t *threads;
	pthread_mutex_t lock;
	pthread_cond_t change;
	_Atomic unsigned changes;	/* how many there have been */
	unsigned sleeping;		/* threads that have to be woken for one */
	/* the numbers of the jobs that are due, and whether somebody is at it */
	uint64_t read_next, ask_next, write_next;
	bool reading, asking;
	bool ended;			/* nothing more is to be read */
	bool over;			/* the last job has been written, or nothing more can be */
	uint32_t link;			/* of the last packet */
	uint64_t last_packet;		/* -c */
};

static void
job_free(struct job *j)
{
	free(j->block.bytes);
	free(j->packets);
	dis_free(j->dis);
	later_free(j->later);
	buf_free(&j->text);
}

/* Makes what a job needs the first time that it is used. */
static bool
job_equip(struct job *j, const struct pump *p, struct err *e)
{
	if (j->dis)
		return true;
	j->packets = malloc(PACKETS * sizeof *j->packets);
	j->later = later_new(PACKETS);
	j->dis = dis_new(p->dis->style, p->dis->demux, NULL, NULL);
	if (j->packets && j->later && j->dis &&
	    (!p->dis->sink || dis_collect_fields(j->dis, p->dis->sink->all ? NULL : &p->dis->sink->wanted))) {
		j->dis->later = j->later;
		return true;
	}
	return err_set(e, "out of memory");
}

/* Makes the bytes of the job's packets its own. */
static bool
job_keep(struct job *j, struct source *s, struct err *e)
{
	size_t size = 0;

	if (s->ops->trade) {
		if (j->block.bytes == NULL && (j->block.bytes = malloc(BLOCK)) != NULL)
			j->block.size = BLOCK;
		return s->ops->trade(s, &j->block, e);
	}
	for (size_t i = 0; i < j->n; i++)
		size += j->packets[i].caplen;
	if (size > j->block.size) {
		uint8_t *bigger = realloc(j->block.bytes, size);

		if (!bigger)
			return err_set(e, "out of memory");
		j->block = (struct source_block) { bigger, size };
	}
	size = 0;
	for (size_t i = 0; i < j->n; i++) {
		struct packet *p = &j->packets[i];

		memcpy(j->block.bytes + size, p->data, p->caplen);
		p->data = j->block.bytes + size;
		size += p->caplen;
	}
	return true;
}

static void
job_end(struct job *j, enum pump_result how)
{
	j->last = true;
	j->end = how;
}

/* Reads packets, keeps those that pass the filter, numbers them, and moves the source's state past them. */
static void
job_read(struct crew *c, struct job *j)
{
	struct pump *p = c->pump;
	size_t got = 0;

	j->n = 0;
	j->last = false;
	if (signals.stop) {
		job_end(j, PUMP_STOPPED);
		return;
	}
	if (!job_equip(j, p, &j->why)) {
		job_end(j, PUMP_ERROR);
		return;
	}
	switch (source_read(p->source, j->packets, PACKETS, &got, &j->why)) {
	case SOURCE_END:
		job_end(j, PUMP_END);
		return;
	case SOURCE_ERROR:
		job_end(j, PUMP_READ_ERROR);
		return;
	case SOURCE_AGAIN:
		return;
	case SOURCE_PACKETS:
		break;
	}
	if (p->progress)
		progress_step(p->progress, p->source, p->packets);
	j->first = p->packets + 1;
	j->dis->stamp.ref_sec = p->dis->stamp.ref_sec;
	j->dis->stamp.ref_frac = p->dis->stamp.ref_frac;
	j->n = pump_sift(p, j->packets, got, &c->link);
	if (j->n >= c->last_packet - p->packets) {
		j->n = (size_t)(c->last_packet - p->packets);
		job_end(j, PUMP_END);
	}
	p->packets += j->n;
	for (size_t i = 0; i < j->n; i++)
		stamp_pass(&p->dis->stamp, p->dis->style, &j->packets[i]);
	if (j->n && !job_keep(j, p->source, &j->why)) {
		j->n = 0;
		job_end(j, PUMP_ERROR);
	}
}

static void
job_walk_packet(void *job, uint32_t i)
{
	struct job *j = job;

	pump_packet(j->dis, j->crew->pump->form, &j->packets[i], j->first + i);
}

static void
job_walk(struct job *j)
{
	j->walked = 0;
	if (j->n == 0)
		return;
	dis_clear(j->dis);
	later_clear(j->later);
	while (j->walked < j->n && text_at(j->dis) + later_withheld(j->later) < TEXT_FULL)
		job_walk_packet(j, (uint32_t)j->walked++);
}

static void
job_ask(struct crew *c, struct job *j)
{
	if (j->n)
		later_settle(j->dis, c->pump->dis->conv, job_walk_packet, j);
}

static void
job_fill(struct job *j)
{
	j->said = (struct said) { 0 };
	if (j->n == 0)
		return;
	j->text.len = 0;
	j->said = later_fill(j->dis, &j->text);
	if (j->text.failed) {
		err_set(&j->why, "out of memory");
		job_end(j, PUMP_ERROR);
		j->walked = j->n;
		j->said.n = 0;
	}
}

static enum pump_result
put(const char *text, size_t n, struct err *e)
{
	switch (n ? output_write(text, n, e) : OUTPUT_OK) {
	case OUTPUT_OK: return PUMP_END;
	case OUTPUT_GONE: return PUMP_STOPPED;
	default: return PUMP_ERROR;
	}
}

/* The packets that were left because their text would not have fit: dissected as a single thread does it. */
static enum pump_result
job_finish(struct crew *c, struct job *j, struct err *e)
{
	struct dis *d = j->dis;
	enum pump_result r = PUMP_END;

	d->later = NULL;
	d->conv = c->pump->dis->conv;
	dis_clear(d);
	for (size_t i = j->walked; i < j->n && r == PUMP_END; i++) {
		job_walk_packet(j, (uint32_t)i);
		if (text_at(d) >= TEXT_PIECE || i + 1 == j->n) {
			r = put(d->base, text_at(d), e);
			dis_clear(d);
		}
	}
	d->conv = NULL;
	d->later = j->later;
	return r;
}

static struct job *
job_at(const struct crew *c, uint64_t number)
{
	return c->due[number % c->n_jobs];
}

/* Something has become due. */
static void
tell_change(struct crew *c)
{
	c->changes++;
	if (c->sleeping)
		pthread_cond_broadcast(&c->change);
}

/*
 * Until something has. Most often that is within microseconds: going to sleep and being woken would take longer. The lock is
 * held before and after.
 */
static void
wait_for_change(struct crew *c)
{
	unsigned was = c->changes;

	pthread_mutex_unlock(&c->lock);
	for (unsigned i = 0; i < SPINS && c->changes == was; i++)
		pause_briefly();
	pthread_mutex_lock(&c->lock);
	if (c->changes != was)
		return;
	c->sleeping++;
	pthread_cond_wait(&c->change, &c->lock);
	c->sleeping--;
}

static void *work(void *crew);

/* More hands, once there is more than one job's worth of packets. */
static void
start_threads(struct crew *c)
{
	sigset_t all, was;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &was);		/* signals are for the thread that writes */
	while (c->n_started + 1 < c->n_threads && pthread_create(&c->threads[c->n_started], NULL, work, c) == 0)
		c->n_started++;
	pthread_sigmask(SIG_SETMASK, &was, NULL);
	c->n_threads = c->n_started + 1;
}

/* Takes the next packets and walks them. The lock is held before and after. */
static void
read_and_walk(struct crew *c)
{
	struct job *j = c->idle[--c->n_idle];

	c->due[c->read_next % c->n_jobs] = j;
	j->state = TAKEN;
	c->reading = true;
	pthread_mutex_unlock(&c->lock);
	job_read(c, j);
	pthread_mutex_lock(&c->lock);
	c->reading = false;
	c->ended = c->ended || j->last;
	if (c->read_next++ == 1 && !c->ended)
		start_threads(c);
	tell_change(c);
	pthread_mutex_unlock(&c->lock);
	job_walk(j);
	pthread_mutex_lock(&c->lock);
	j->state = WALKED;
}

static void
ask_and_fill(struct crew *c)
{
	struct job *j = job_at(c, c->ask_next);

	j->state = TAKEN;
	c->asking = true;
	pthread_mutex_unlock(&c->lock);
	job_ask(c, j);
	pthread_mutex_lock(&c->lock);
	if (j->walked == j->n) {
		c->ask_next++;
		c->asking = false;
		tell_change(c);
	}
	pthread_mutex_unlock(&c->lock);
	job_fill(j);
	pthread_mutex_lock(&c->lock);
	j->state = FILLED;
}

/* Writes the next job; how that went, or how the last job ended. */
static enum pump_result
write_out(struct crew *c, struct err *e)
{
	struct job *j = job_at(c, c->write_next);
	enum pump_result r;

	j->state = TAKEN;
	pthread_mutex_unlock(&c->lock);
	r = put(j->said.text, j->said.n, e);
	if (r == PUMP_END && j->walked < j->n)
		r = job_finish(c, j, e);
	pthread_mutex_lock(&c->lock);
	if (j->walked < j->n) {
		c->ask_next++;
		c->asking = false;
	}
	c->write_next++;
	if (r == PUMP_END && j->last) {
		r = j->end;
		*e = j->why;
	}
	c->over = r != PUMP_END || j->last;
	c->idle[c->n_idle++] = j;
	return r;
}

static bool
can_ask(const struct crew *c)
{
	return !c->asking && c->ask_next < c->read_next && job_at(c, c->ask_next)->state == WALKED;
}

static bool
can_read(const struct crew *c)
{
	return !c->reading && !c->ended && c->n_idle;
}

static bool
can_write(const struct crew *c)
{
	return c->write_next < c->read_next && job_at(c, c->write_next)->state == FILLED;
}

/* Does what is due until everything is written. The first thread also writes. */
static enum pump_result
turn(struct crew *c, bool writer, struct err *e)
{
	enum pump_result r = PUMP_END;

	pthread_mutex_lock(&c->lock);
	while (!c->over) {
		if (writer && can_write(c))
			r = write_out(c, e);
		else if (can_ask(c))
			ask_and_fill(c);
		else if (can_read(c))
			read_and_walk(c);
		else {
			wait_for_change(c);
			continue;
		}
		tell_change(c);
	}
	pthread_mutex_unlock(&c->lock);
	return r;
}

static void *
work(void *crew)
{
	struct err e;

	turn(crew, false, &e);
	return NULL;
}

enum pump_result
jobs_run(struct pump *p, unsigned threads, struct err *e)
{
	struct crew c = {
		.pump = p, .n_threads = threads, .n_jobs = 2 * threads + SPARE, .link = UINT32_MAX,
		.last_packet = p->count > 0 ? p->packets + (uint64_t)p->count : UINT64_MAX,
		.lock = PTHREAD_MUTEX_INITIALIZER, .change = PTHREAD_COND_INITIALIZER,
	};
	enum pump_result r;

	c.jobs = calloc(c.n_jobs, sizeof *c.jobs);
	c.idle = calloc(c.n_jobs, sizeof *c.idle);
	c.due = calloc(c.n_jobs, sizeof *c.due);
	c.threads = calloc(threads, sizeof *c.threads);
	if (!c.jobs || !c.idle || !c.due || !c.threads) {
		err_set(e, "out of memory");
		r = PUMP_ERROR;
	} else {
		for (; c.n_idle < c.n_jobs; c.n_idle++) {
			c.jobs[c.n_idle].crew = &c;
			c.idle[c.n_idle] = &c.jobs[c.n_idle];
		}
		/* What is there already: a line of column names. */
		r = put(p->dis->base, text_at(p->dis), e);
		dis_clear(p->dis);
		pump_sieve(p);
		if (r == PUMP_END)
			r = turn(&c, true, e);
	}
	for (unsigned i = 0; i < c.n_started; i++)
		pthread_join(c.threads[i], NULL);
	for (unsigned i = 0; c.jobs && i < c.n_jobs; i++)
		job_free(&c.jobs[i]);
	p->sieved = false;
	free(c.jobs);
	free(c.idle);
	free(c.due);
	free(c.threads);
	return r;
}
