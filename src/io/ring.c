#include "io/ring.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "io/cooked.h"
#include "io/fan.h"
#include "io/lane.h"

enum {
	DEFAULT_BYTES = 8 << 20,	/* 64 ms of a gigabit a second */
	DOWN_LOOK = 100,		/* ms between two looks at an interface that is down */
	/*
	 * Each block costs a wake-up, so they should be large; each one handed over before it is full is room lost, so
	 * where that happens all the time they should be many.
	 */
	BLOCKS_PATIENT = 8,
	BLOCKS_HASTY = 64,
	HASTY = 10,			/* ms of a period */
	LANES_MAX = 64,
	HELD = 2,			/* ms between two looks whether packets may be handed on */
	STOP_SLACK = 20,		/* ms more than the kernel takes to hand over a block, mostly ... */
	STOP_MAX = 1000,		/* ... and on a machine with other things to do */
};

struct ring {
	struct ring_options o;
	struct lane *lanes;
	unsigned n;		/* how many of them */
	struct fan *fan;	/* where they are several; else: */
	struct lane_block block;
	bool holding;		/* the block's packets are lent, or will be */
	int wake;		/* an eventfd */
	int64_t began;		/* ns since 1970 */
	char name[IF_NAMESIZE];	/* of the one interface */
	uint64_t if_dropped;	/* by it, before we began */
	bool down;		/* it is, for the moment */
	bool gone;		/* it is no more */
	bool deaf;		/* nothing more comes in */
	int64_t stop_at;	/* ms of the monotonic clock: what has arrived is visible then; 0: not stopping */
};

/* What the interface dropped since it exists: the two counters that libpcap adds up. */
static uint64_t
if_drops(const char *name)
{
	static const char *const counters[] = { "rx_missed_errors", "rx_fifo_errors" };
	uint64_t sum = 0;

	for (size_t i = 0; i < 2; i++) {
		char path[96];
		uintmax_t v;
		FILE *f;

		snprintf(path, sizeof path, "/sys/class/net/%s/statistics/%s", name, counters[i]);
		f = fopen(path, "re");
		if (!f)
			continue;
		if (fscanf(f, "%ju", &v) == 1)
			sum += v;
		fclose(f);
	}
	return sum;
}

/*
 * The kernel looks at an open block once a period, and hands it over if it has seen it before: a packet waits for
 * two periods at most.
 */
static unsigned
period_of(int timeout)
{
	return timeout > 4 ? (unsigned)(timeout - 1) / 2 : 1;
}

/* Opens the lanes, which share the memory; *r tells how many there are. */
static bool
lanes_open(struct ring *r, struct err *e)
{
	const struct ring_options *o = &r->o;
	unsigned n = o->jobs > LANES_MAX ? LANES_MAX : o->jobs > 1 ? o->jobs : 1;
	struct lane_options lane = {
		.ifindex = o->ifindex, .link = o->link, .snaplen = o->snaplen, .in = o->in, .out = o->out,
		.bytes = (o->bytes ? o->bytes : DEFAULT_BYTES) / n, .period = period_of(o->timeout), .nano = o->nano,
	};

	lane.blocks = lane.period < HASTY ? BLOCKS_HASTY : BLOCKS_PATIENT;
	r->lanes = calloc(n, sizeof *r->lanes);
	if (!r->lanes)
		return err_set(e, "out of memory");
	for (; r->n < n; r->n++)
		if (!lane_open(&r->lanes[r->n], &lane, e))
			return false;
	return true;
}

struct ring *
ring_open(const struct ring_options *o, struct err *e)
{
	struct ring *r = calloc(1, sizeof *r);
	struct packet_mreq all = { .mr_ifindex = o->ifindex, .mr_type = PACKET_MR_PROMISC };

	if (!r) {
		err_set(e, "out of memory");
		return NULL;
	}
	r->o = *o;
	if (o->ifindex)
		if_indextoname((unsigned)o->ifindex, r->name);
	r->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (r->wake < 0)
		err_set(e, "eventfd: %s", strerror(errno));
	else if (lanes_open(r, e)) {
		/* Not all interfaces can; they say so to libpcap, which is asked first. */
		if (o->promiscuous && o->ifindex)
			setsockopt(r->lanes->fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof all);
		return r;
	}
	ring_close(r);
	return NULL;
}

void
ring_close(struct ring *r)
{
	if (r->fan)
		fan_free(r->fan);
	while (r->n > 0)
		lane_close(&r->lanes[--r->n]);
	free(r->lanes);
	if (r->wake >= 0)
		close(r->wake);
	free(r);
}

/* Sets the program for all lanes. */
static bool
filter(struct ring *r, const struct sock_filter *program, size_t n, struct err *e)
{
	for (unsigned i = 0; i < r->n; i++)
		if (!lane_filter(&r->lanes[i], program, n))
			return err_set(e, "kernel filter: %s", strerror(errno));
	return true;
}

static bool
listen_all(struct ring *r, struct err *e)
{
	for (unsigned i = 0; i < r->n; i++)
		if (!lane_listen(&r->lanes[i]))
			return err_set(e, "bind: %s", strerror(errno));
	return true;
}

bool
ring_start(struct ring *r, const struct sock_filter *insns, size_t n, struct err *e)
{
	static const struct sock_filter nothing[] = { { BPF_RET | BPF_K, 0, 0, 0 } };
	struct sock_filter *program = cooked_program(insns, n, r->o.link);
	bool ok;

	if (!program)
		return err_set(e, "the filter looks at what the kernel does not show");
	if (r->o.promiscuous)
		r->if_dropped = if_drops(r->name);
	r->began = clock_wall_ns();
	/* Before lanes are one group each of them gets every packet: they must not keep any. */
	if (r->n == 1)
		ok = filter(r, program, n, e) && listen_all(r, e);
	else
		ok = filter(r, nothing, 1, e) && listen_all(r, e) && (r->fan = fan_new(r->lanes, r->n, e)) &&
		    filter(r, program, n, e);
	free(program);
	return ok;
}

size_t
ring_descriptors(const struct ring *r, int *fds, size_t max)
{
	size_t n = r->n < max ? r->n : max;

	for (size_t i = 0; i < n; i++)
		fds[i] = r->lanes[i].fd;
	return n;
}

void
ring_wake(struct ring *r)
{
	(void)!write(r->wake, &(uint64_t){ 1 }, sizeof(uint64_t));
}

void
ring_stop(struct ring *r)
{
	uint64_t woken;
	bool deaf = true;

	for (unsigned i = 0; i < r->n; i++)
		deaf &= lane_deafen(&r->lanes[i]);
	r->deaf |= deaf;
	(void)!read(r->wake, &woken, sizeof woken);	/* by what made the caller stop */
	r->stop_at = clock_steady_ms() + 2 * r->lanes->o.period + (r->deaf ? STOP_MAX : STOP_SLACK);
}

/* A socket may have an error to tell: the interface is down, or gone. */
static bool
take_trouble(struct ring *r, struct err *e)
{
	socklen_t n = sizeof(int);
	int error = 0;

	if (r->fan)
		error = fan_trouble(r->fan);
	else if (getsockopt(r->lanes->fd, SOL_SOCKET, SO_ERROR, &error, &n) < 0)
		error = errno;
	if (error != 0 && error != ENETDOWN)
		return err_set(e, "can't receive packet: %s", strerror(error));
	r->down |= error == ENETDOWN && r->o.ifindex;
	return true;
}

/* An interface that is down may come back, and packets with it; or it is on its way out. */
static void
look_after(struct ring *r)
{
	struct ifreq q = { .ifr_ifindex = r->o.ifindex };

	if (ioctl(r->lanes->fd, SIOCGIFNAME, &q) < 0) {
		r->gone = r->deaf = true;
		ring_stop(r);
	} else if (ioctl(r->lanes->fd, SIOCGIFFLAGS, &q) == 0 && (q.ifr_flags & IFF_UP))
		r->down = false;
}

static bool
drained(struct ring *r)
{
	return r->fan ? fan_drained(r->fan) : !lane_filling(r->lanes);
}

/*
 * Until there may be packets, or a reason to look around; SOURCE_PACKETS when the ring should be looked at again. held:
 * some are there, which time will make ready.
 */
static enum source_result
wait_for_packets(struct ring *r, bool held, struct err *e)
{
	struct pollfd f[2] = {
		{ .fd = r->fan ? fan_ready(r->fan) : r->lanes->fd, .events = POLLIN },
		{ .fd = r->wake, .events = POLLIN },
	};
	int timeout = -1, n;
	uint64_t woken;

	if (r->down && !r->gone)
		look_after(r);
	if (r->stop_at) {
		int64_t left = r->stop_at - clock_steady_ms();

		if (left <= 0 || (r->deaf && drained(r))) {
			if (!r->gone)
				return SOURCE_AGAIN;
			err_set(e, "The interface disappeared");
			return SOURCE_ERROR;
		}
		timeout = (int)left;
	} else if (r->down)
		timeout = DOWN_LOOK;
	if (held && (timeout < 0 || timeout > HELD))
		timeout = HELD;
	n = poll(f, 2, timeout);
	if (n < 0 && errno != EINTR) {
		err_set(e, "can't poll on packet socket: %s", strerror(errno));
		return SOURCE_ERROR;
	}
	if (n < 0)
		return r->stop_at ? SOURCE_PACKETS : SOURCE_AGAIN;
	if ((r->fan || (f[0].revents & POLLERR)) && !take_trouble(r, e))
		return SOURCE_ERROR;
	if (f[1].revents && read(r->wake, &woken, sizeof woken) > 0 && !r->stop_at)
		return SOURCE_AGAIN;
	return SOURCE_PACKETS;
}

/* Packets of the one lane's blocks; a block goes back when it is asked for more than is left of it. */
static size_t
take(struct ring *r, struct packet *batch, size_t max)
{
	for (;;) {
		size_t n;

		if (r->holding && r->block.left == 0) {
			lane_release(r->lanes);
			r->holding = false;
		}
		if (!r->holding && !(r->holding = lane_next(r->lanes, &r->block)))
			return 0;
		n = lane_take(r->lanes, &r->block, batch, max);
		if (n > 0)
			return n;
	}
}

enum source_result
ring_read(struct ring *r, struct packet *batch, size_t max, size_t *n, struct err *e)
{
	enum source_result got;
	bool held = false;

	if (r->fan && !fan_start(r->fan, e))
		return SOURCE_ERROR;
	do {
		*n = r->fan ? fan_take(r->fan, batch, max, &held) : take(r, batch, max);
		if (*n > 0)
			return SOURCE_PACKETS;
		got = wait_for_packets(r, held, e);
	} while (got == SOURCE_PACKETS);
	return got;
}

bool
ring_counts(struct ring *r, struct source_counts *c, struct err *e)
{
	if (r->fan ? !fan_count(r->fan) : !lane_count(r->lanes))
		return err_set(e, "can't get socket statistics: %s", strerror(errno));
	*c = (struct source_counts) { .began = r->began };
	for (unsigned i = 0; i < r->n; i++) {
		const struct lane_counts *l = &r->lanes[i].counts;

		c->received += l->received;
		c->dropped += l->dropped;
		if (l->lost_from && (c->lost_from == 0 || l->lost_from < c->lost_from))
			c->lost_from = l->lost_from;
		if (l->lost_until > c->lost_until)
			c->lost_until = l->lost_until;
	}
	if (r->o.promiscuous && r->name[0])
		c->if_dropped = if_drops(r->name) - r->if_dropped;
	return true;
}
