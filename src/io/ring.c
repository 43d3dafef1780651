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
#include <time.h>
#include <unistd.h>

#include "io/cooked.h"
#include "io/lane.h"

enum {
	DEFAULT_BYTES = 8 << 20,	/* 64 ms of a gigabit a second */
	DOWN_LOOK = 100,		/* ms between two looks at an interface that is down */
	/*
	 * Each block costs a wake-up, so they should be large; each one handed over before it is full is room lost, so
	 * where that happens all the time they should be many.
	 */
	BLOCKS_PATIENT = 16,
	BLOCKS_HASTY = 64,
	HASTY = 10,			/* ms of a period */
	STOP_SLACK = 20,		/* ms more than the kernel takes to hand over a block, mostly ... */
	STOP_MAX = 1000,		/* ... and on a machine with other things to do */
};

struct ring {
	struct ring_options o;
	struct lane lane;
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

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

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

struct ring *
ring_open(const struct ring_options *o, struct err *e)
{
	struct ring *r = calloc(1, sizeof *r);
	struct lane_options lane = {
		.ifindex = o->ifindex, .link = o->link, .snaplen = o->snaplen, .in = o->in, .out = o->out,
		.bytes = o->bytes ? o->bytes : DEFAULT_BYTES, .period = period_of(o->timeout), .nano = o->nano,
	};
	struct packet_mreq all = { .mr_ifindex = o->ifindex, .mr_type = PACKET_MR_PROMISC };

	if (!r) {
		err_set(e, "out of memory");
		return NULL;
	}
	lane.blocks = lane.period < HASTY ? BLOCKS_HASTY : BLOCKS_PATIENT;
	r->o = *o;
	if (o->ifindex)
		if_indextoname((unsigned)o->ifindex, r->name);
	r->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (r->wake < 0)
		err_set(e, "eventfd: %s", strerror(errno));
	else if (lane_open(&r->lane, &lane, e)) {
		/* Not all interfaces can; they say so to libpcap, which is asked first. */
		if (o->promiscuous && o->ifindex)
			setsockopt(r->lane.fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof all);
		return r;
	}
	if (r->wake >= 0)
		close(r->wake);
	free(r);
	return NULL;
}

void
ring_close(struct ring *r)
{
	lane_close(&r->lane);
	close(r->wake);
	free(r);
}

bool
ring_start(struct ring *r, const struct sock_filter *insns, size_t n, struct err *e)
{
	struct sock_filter *program = cooked_program(insns, n, r->o.link);
	struct timespec t;
	bool ok;

	if (!program)
		return err_set(e, "the filter looks at what the kernel does not show");
	ok = lane_filter(&r->lane, program, n);
	free(program);
	if (!ok)
		return err_set(e, "kernel filter: %s", strerror(errno));
	if (r->o.promiscuous)
		r->if_dropped = if_drops(r->name);
	clock_gettime(CLOCK_REALTIME, &t);
	r->began = (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
	return lane_listen(&r->lane) || err_set(e, "bind: %s", strerror(errno));
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

	r->deaf |= lane_deafen(&r->lane);
	(void)!read(r->wake, &woken, sizeof woken);	/* by what made the caller stop */
	r->stop_at = now_ms() + 2 * r->lane.o.period + (r->deaf ? STOP_MAX : STOP_SLACK);
}

/* The socket has an error to tell: the interface is down, or gone. */
static bool
take_trouble(struct ring *r, struct err *e)
{
	socklen_t n = sizeof(int);
	int error = 0;

	if (getsockopt(r->lane.fd, SOL_SOCKET, SO_ERROR, &error, &n) < 0)
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

	if (ioctl(r->lane.fd, SIOCGIFNAME, &q) < 0) {
		r->gone = r->deaf = true;
		ring_stop(r);
	} else if (ioctl(r->lane.fd, SIOCGIFFLAGS, &q) == 0 && (q.ifr_flags & IFF_UP))
		r->down = false;
}

/* Until there is a block, or a reason to look around; SOURCE_PACKETS when the ring should be looked at again. */
static enum source_result
wait_for_block(struct ring *r, struct err *e)
{
	struct pollfd f[2] = { { .fd = r->lane.fd, .events = POLLIN }, { .fd = r->wake, .events = POLLIN } };
	int timeout = -1, n;
	uint64_t woken;

	if (r->down && !r->gone)
		look_after(r);
	if (r->stop_at) {
		int64_t left = r->stop_at - now_ms();

		if (left <= 0 || (r->deaf && !lane_filling(&r->lane))) {
			if (!r->gone)
				return SOURCE_AGAIN;
			err_set(e, "The interface disappeared");
			return SOURCE_ERROR;
		}
		timeout = (int)left;
	} else if (r->down)
		timeout = DOWN_LOOK;
	n = poll(f, 2, timeout);
	if (n < 0 && errno != EINTR) {
		err_set(e, "can't poll on packet socket: %s", strerror(errno));
		return SOURCE_ERROR;
	}
	if (n < 0)
		return r->stop_at ? SOURCE_PACKETS : SOURCE_AGAIN;
	if ((f[0].revents & POLLERR) && !take_trouble(r, e))
		return SOURCE_ERROR;
	if (f[1].revents && read(r->wake, &woken, sizeof woken) > 0 && !r->stop_at)
		return SOURCE_AGAIN;
	return SOURCE_PACKETS;
}

enum source_result
ring_read(struct ring *r, struct packet *batch, size_t max, size_t *n, struct err *e)
{
	*n = 0;
	for (;;) {
		enum source_result got;

		if (r->holding && r->block.left == 0) {
			lane_release(&r->lane);
			r->holding = false;
		}
		if (!r->holding)
			r->holding = lane_next(&r->lane, &r->block);
		if (r->holding) {
			*n = lane_take(&r->lane, &r->block, batch, max);
			if (*n > 0)
				return SOURCE_PACKETS;
			continue;
		}
		got = wait_for_block(r, e);
		if (got != SOURCE_PACKETS)
			return got;
	}
}

bool
ring_counts(struct ring *r, struct source_counts *c, struct err *e)
{
	const struct lane_counts *l = &r->lane.counts;

	if (!lane_count(&r->lane))
		return err_set(e, "can't get socket statistics: %s", strerror(errno));
	*c = (struct source_counts) {
		.received = l->received, .dropped = l->dropped, .began = r->began,
		.lost_from = l->lost_from, .lost_until = l->lost_until,
	};
	if (r->o.promiscuous && r->name[0])
		c->if_dropped = if_drops(r->name) - r->if_dropped;
	return true;
}
