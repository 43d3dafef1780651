#include "io/fan.h"

#include <errno.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

enum {
	SLOTS = 64,		/* decoded blocks of a lane that wait to be merged ... */
	WINDOW = 2,		/* ... and how many of them are, at a time: neighbours may overlap by microseconds */
	MARGIN = 1000000,	/* ns that a packet may be under way between its stamp and its place in the ring */
	LOOK = 2000000,		/* ns until the next look at a ring of which blocks are out */
	TROUBLE_PAUSE = 20,	/* ms, for a socket that tells an error over and over */
};

/* A decoded block, its packets in order of time: where several processors fill it they need not have been. */
struct slot {
	struct packet *packets;
	size_t n, at, size;	/* at: the first one not handed on */
	int64_t since;		/* no packet in it is older */
};

struct part {
	struct fan *fan;
	struct lane *lane;
	pthread_t thread;
	pthread_cond_t room;
	struct slot slots[SLOTS];	/* a queue; blocks of the lane are given back in this order */
	unsigned first, filled;		/* the oldest slot, how many there are ... */
	unsigned emptied;		/* ... and how many of them have been handed on, and go at the next take */
	bool decoding;			/* a block has left the ring and is not in the queue yet */
	int64_t since;			/* then: no packet in it is older */
};

/* The lock is taken once a block by the threads, and once a batch by the taker. */
struct fan {
	pthread_mutex_t lock;
	struct part *parts;
	unsigned n, running;
	int ready, stop;	/* eventfds */
	int trouble;
	bool stopping;
};

static int64_t
stamp_of(const struct packet *k)
{
	return k->sec * 1000000000 + k->nsec;
}

static void
signal_fd(int fd)
{
	(void)!write(fd, &(uint64_t){ 1 }, sizeof(uint64_t));
}

/* Decodes the whole block; what there is no memory for is lost, like what there is no room for in the ring. */
static void
slot_fill(struct slot *s, const struct lane *l, struct lane_block *b)
{
	s->n = s->at = 0;
	if (b->left > s->size) {
		struct packet *p = realloc(s->packets, b->left * sizeof *p);

		if (p) {
			s->packets = p;
			s->size = b->left;
		}
	}
	s->n = lane_take(l, b, s->packets, s->size);
	s->since = b->since;
	for (size_t i = 1; i < s->n; i++) {
		struct packet k = s->packets[i];
		size_t j = i;

		for (; j > 0 && stamp_of(&s->packets[j - 1]) > stamp_of(&k); j--)
			s->packets[j] = s->packets[j - 1];
		if (j < i)
			s->packets[j] = k;
	}
}

/* Are as many blocks out as the lane has, or as can be remembered? Its next one would be its oldest one again. */
static bool
part_full(const struct part *p)
{
	return p->filled == SLOTS || p->filled == p->lane->n_blocks;
}

/* Waits until blocks have been given back; but not for long, if the kernel may hand over others meanwhile. */
static void
part_wait_room(struct part *p)
{
	struct timespec t;

	if (part_full(p)) {
		pthread_cond_wait(&p->room, &p->fan->lock);
		return;
	}
	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_nsec += LOOK;
	t.tv_sec += t.tv_nsec / 1000000000;
	t.tv_nsec %= 1000000000;
	pthread_cond_timedwait(&p->room, &p->fan->lock, &t);
}

/* Waits for the lane's next block, without the lock. */
static void
part_wait(struct part *p)
{
	struct pollfd f[2] = { { .fd = p->lane->fd, .events = POLLIN }, { .fd = p->fan->stop, .events = POLLIN } };
	socklen_t n = sizeof(int);
	int error = 0;

	if (poll(f, 2, -1) <= 0 || !(f[0].revents & POLLERR))
		return;
	if (getsockopt(p->lane->fd, SOL_SOCKET, SO_ERROR, &error, &n) < 0)
		error = errno;
	pthread_mutex_lock(&p->fan->lock);
	p->fan->trouble = error;
	pthread_mutex_unlock(&p->fan->lock);
	signal_fd(p->fan->ready);
	poll(&f[1], 1, TROUBLE_PAUSE);
}

static void *
part_run(void *arg)
{
	struct part *p = arg;
	struct fan *f = p->fan;

	pthread_mutex_lock(&f->lock);
	while (!f->stopping) {
		struct slot *s = &p->slots[(p->first + p->filled) % SLOTS];
		struct lane_block b;

		if (part_full(p))
			part_wait_room(p);
		else if (lane_next(p->lane, &b)) {
			p->decoding = true;
			p->since = b.since;
			pthread_mutex_unlock(&f->lock);
			slot_fill(s, p->lane, &b);
			pthread_mutex_lock(&f->lock);
			p->decoding = false;
			p->filled++;
			signal_fd(f->ready);
		} else if (p->filled > 0) {
			/* poll(2) calls a ring readable as long as the block handed over last is out. */
			part_wait_room(p);
		} else {
			pthread_mutex_unlock(&f->lock);
			part_wait(p);
			pthread_mutex_lock(&f->lock);
		}
	}
	pthread_mutex_unlock(&f->lock);
	return NULL;
}

/*
 * One group for all lanes, of a number that nobody else has. What one processor receives goes to one lane, so that none
 * waits for another's, or to one that has room.
 */
static bool
join(struct lane *lanes, unsigned n)
{
	unsigned kind = PACKET_FANOUT_CPU | PACKET_FANOUT_FLAG_ROLLOVER;
	int group = (int)((kind | PACKET_FANOUT_FLAG_UNIQUEID) << 16);
	socklen_t size = sizeof group;

	for (unsigned i = 0; i < n; i++) {
		if (setsockopt(lanes[i].fd, SOL_PACKET, PACKET_FANOUT, &group, sizeof group) < 0)
			return false;
		if (i == 0 && getsockopt(lanes[i].fd, SOL_PACKET, PACKET_FANOUT, &group, &size) < 0)
			return false;
		group = (int)(((unsigned)group & 0xffff) | kind << 16);
	}
	return true;
}

bool
fan_start(struct fan *f, struct err *e)
{
	sigset_t all, was;

	if (f->running == f->n)
		return true;
	/* Signals stay with the caller. */
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &was);
	for (; f->running < f->n; f->running++)
		if (pthread_create(&f->parts[f->running].thread, NULL, part_run, &f->parts[f->running]) != 0)
			break;
	pthread_sigmask(SIG_SETMASK, &was, NULL);
	return f->running == f->n || err_set(e, "cannot start a thread");
}

struct fan *
fan_new(struct lane *lanes, unsigned n, struct err *e)
{
	struct fan *f = calloc(1, sizeof *f);
	pthread_condattr_t attr;

	if (!f || !(f->parts = calloc(n, sizeof *f->parts))) {
		free(f);
		err_set(e, "out of memory");
		return NULL;
	}
	pthread_mutex_init(&f->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	f->ready = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	f->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	f->n = n;
	for (unsigned i = 0; i < n; i++) {
		f->parts[i].fan = f;
		f->parts[i].lane = &lanes[i];
		pthread_cond_init(&f->parts[i].room, &attr);
	}
	pthread_condattr_destroy(&attr);
	if (f->ready >= 0 && f->stop >= 0 && join(lanes, n))
		return f;
	err_set(e, "fanout: %s", strerror(errno));
	fan_free(f);
	return NULL;
}

void
fan_free(struct fan *f)
{
	pthread_mutex_lock(&f->lock);
	f->stopping = true;
	for (unsigned i = 0; i < f->n; i++)
		pthread_cond_signal(&f->parts[i].room);
	pthread_mutex_unlock(&f->lock);
	signal_fd(f->stop);
	for (unsigned i = 0; i < f->running; i++)
		pthread_join(f->parts[i].thread, NULL);
	for (unsigned i = 0; i < f->n; i++) {
		for (unsigned k = 0; k < SLOTS; k++)
			free(f->parts[i].slots[k].packets);
		pthread_cond_destroy(&f->parts[i].room);
	}
	if (f->ready >= 0)
		close(f->ready);
	if (f->stop >= 0)
		close(f->stop);
	pthread_mutex_destroy(&f->lock);
	free(f->parts);
	free(f);
}

int
fan_ready(const struct fan *f)
{
	return f->ready;
}

/* The i-th of the slots that are not all handed on; NULL past the last. */
static struct slot *
slot_at(struct part *p, unsigned i)
{
	struct slot *s;

	for (;; p->emptied++) {
		if (p->emptied + i >= p->filled)
			return NULL;
		s = &p->slots[(p->first + p->emptied) % SLOTS];
		if (s->at < s->n)
			break;
	}
	return &p->slots[(p->first + p->emptied + i) % SLOTS];
}

/* The stamp of the oldest packet in this lane's window; INT64_MAX without any. */
static int64_t
window_first(struct part *p)
{
	int64_t first = INT64_MAX;

	for (unsigned i = 0; i < WINDOW; i++) {
		const struct slot *s = slot_at(p, i);

		if (s && s->at < s->n && stamp_of(&s->packets[s->at]) < first)
			first = stamp_of(&s->packets[s->at]);
	}
	return first;
}

/* No packet of this lane that is not in its window of slots is older than this. With the lock. */
static int64_t
part_since(struct part *p, int64_t now)
{
	const struct slot *s = slot_at(p, WINDOW);

	if (s) {
		int64_t first = window_first(p);

		/* The clock was set back in between. The lane's own order holds then: the window waits for nobody behind it. */
		return s->since < first ? first : s->since;
	}
	if (p->decoding)
		return p->since;
	/* With all blocks out, the kernel has none to fill. */
	return p->filled == p->lane->n_blocks ? now - MARGIN : lane_since(p->lane, now - MARGIN);
}

/* Gives back the blocks whose packets were lent by the last take. */
static void
parts_release(struct fan *f)
{
	for (unsigned i = 0; i < f->n; i++) {
		struct part *p = &f->parts[i];

		if (p->emptied == 0)
			continue;
		for (; p->emptied > 0; p->emptied--) {
			lane_release(p->lane);
			p->first = (p->first + 1) % SLOTS;
			p->filled--;
		}
		pthread_cond_signal(&p->room);
	}
}

/* The slot with the oldest packet, and how far it may go before another one's turn has come; NULL: not known yet. */
static struct slot *
slot_first(struct fan *f, int64_t now, int64_t *limit)
{
	int64_t first = INT64_MAX, hidden = INT64_MAX;
	struct slot *oldest = NULL;

	*limit = INT64_MAX;
	for (unsigned i = 0; i < f->n; i++) {
		int64_t since = part_since(&f->parts[i], now);

		if (since < hidden)
			hidden = since;
		for (unsigned k = 0; k < WINDOW; k++) {
			struct slot *s = slot_at(&f->parts[i], k);
			int64_t stamp;

			if (!s || s->at == s->n)
				continue;
			stamp = stamp_of(&s->packets[s->at]);
			if (stamp < first) {
				*limit = first;
				first = stamp;
				oldest = s;
			} else if (stamp < *limit)
				*limit = stamp;
		}
	}
	if (hidden < *limit)
		*limit = hidden;
	/* A stamp that is still to come is from before the clock was set back: who waited for it might wait for long. */
	return first <= hidden || first > now + MARGIN ? oldest : NULL;
}

size_t
fan_take(struct fan *f, struct packet *packets, size_t max, bool *held)
{
	uint64_t woken;
	int64_t now;
	size_t n = 0;

	*held = false;
	(void)!read(f->ready, &woken, sizeof woken);
	pthread_mutex_lock(&f->lock);
	now = clock_wall_ns();		/* with the lock: what is in the slots by now cannot be younger */
	parts_release(f);
	while (n < max) {
		int64_t limit = INT64_MAX;
		struct slot *s = slot_first(f, now, &limit);

		if (!s)
			break;
		do
			packets[n++] = s->packets[s->at++];
		while (n < max && s->at < s->n && stamp_of(&s->packets[s->at]) <= limit);
	}
	for (unsigned i = 0; n == 0 && i < f->n; i++)
		*held |= slot_at(&f->parts[i], 0) != NULL;
	pthread_mutex_unlock(&f->lock);
	return n;
}

bool
fan_drained(struct fan *f)
{
	bool drained = true;

	pthread_mutex_lock(&f->lock);
	for (unsigned i = 0; i < f->n; i++) {
		struct part *p = &f->parts[i];

		drained &= !slot_at(p, 0) && !p->decoding && !lane_filling(p->lane);
	}
	pthread_mutex_unlock(&f->lock);
	return drained;
}

int
fan_trouble(struct fan *f)
{
	int error;

	pthread_mutex_lock(&f->lock);
	error = f->trouble;
	f->trouble = 0;
	pthread_mutex_unlock(&f->lock);
	return error;
}

bool
fan_count(struct fan *f)
{
	bool ok = true;

	pthread_mutex_lock(&f->lock);
	for (unsigned i = 0; i < f->n; i++)
		ok &= lane_count(f->parts[i].lane);
	pthread_mutex_unlock(&f->lock);
	return ok;
}
