#include "io/syncer.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

struct syncer {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	pthread_t thread;
	bool runs, stop;
	bool dirty;		/* fd has been written to since it was last synchronised */
	bool busy;		/* the thread has it in hand */
	int fd;
	int error;		/* not told yet */
};

struct syncer *
syncer_new(struct err *e)
{
	struct syncer *s = calloc(1, sizeof *s);
	pthread_condattr_t steady;

	if (!s) {
		err_set(e, "out of memory");
		return NULL;
	}
	s->fd = -1;
	pthread_mutex_init(&s->lock, NULL);
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(&s->changed, &steady);
	pthread_condattr_destroy(&steady);
	return s;
}

static int
synchronise(int fd)
{
	int r;

	do
		r = fdatasync(fd);
	while (r < 0 && errno == EINTR);
	return r < 0 ? errno : 0;
}

/* Called and returns with the lock held. */
static void
take(struct syncer *s)
{
	int fd = s->fd, error;

	s->dirty = false;
	s->busy = true;
	pthread_mutex_unlock(&s->lock);
	error = synchronise(fd);
	pthread_mutex_lock(&s->lock);
	s->busy = false;
	if (error && !s->error)
		s->error = error;
	pthread_cond_broadcast(&s->changed);
}

static void *
run(void *arg)
{
	struct syncer *s = arg;
	int64_t due = 0;

	pthread_mutex_lock(&s->lock);
	while (!s->stop) {
		int64_t now = clock_steady_ms();

		if (s->dirty && now >= due) {
			due = now + SYNCER_PERIOD_MS;
			take(s);
		} else if (s->dirty) {
			struct timespec at = { due / 1000, due % 1000 * 1000000 };

			pthread_cond_timedwait(&s->changed, &s->lock, &at);
		} else {
			pthread_cond_wait(&s->changed, &s->lock);
		}
	}
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

/* Signals are for those who started us. */
static void
start(struct syncer *s)
{
	sigset_t all, was;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &was);
	s->runs = pthread_create(&s->thread, NULL, run, s) == 0;
	pthread_sigmask(SIG_SETMASK, &was, NULL);
}

int
syncer_wrote(struct syncer *s, int fd)
{
	int error;

	pthread_mutex_lock(&s->lock);
	s->fd = fd;
	if (!s->dirty) {
		s->dirty = true;
		if (!s->runs)
			start(s);
		if (s->runs)
			pthread_cond_signal(&s->changed);
		else
			take(s);	/* no thread can be had */
	}
	error = s->error;
	s->error = 0;
	pthread_mutex_unlock(&s->lock);
	return error;
}

int
syncer_leave(struct syncer *s, int fd)
{
	int error, early = 0;

	pthread_mutex_lock(&s->lock);
	if (s->fd == fd) {
		s->dirty = false;
		s->fd = -1;
	}
	while (s->busy)
		pthread_cond_wait(&s->changed, &s->lock);
	early = s->error;
	s->error = 0;
	pthread_mutex_unlock(&s->lock);
	error = synchronise(fd);
	return early ? early : error;
}

void
syncer_free(struct syncer *s)
{
	if (!s)
		return;
	pthread_mutex_lock(&s->lock);
	s->stop = true;
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
	if (s->runs)
		pthread_join(s->thread, NULL);
	pthread_cond_destroy(&s->changed);
	pthread_mutex_destroy(&s->lock);
	free(s);
}
