/* Several lanes' packets in order: here the lanes' memory is filled by hand instead of by a kernel. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <linux/if_packet.h>
#include <pcap/dlt.h>

#include "base/clock.h"
#include "io/fan.h"

enum { LANES = 2, BLOCKS = 8, BLOCK = 4096, PACKET = 256, SECOND = 1000000000 };

/* What the lanes' descriptors are asked: they are no sockets, and have no error. */
int
setsockopt(int fd, int level, int name, const void *value, socklen_t size)
{
	(void)fd, (void)level, (void)name, (void)value, (void)size;
	return 0;
}

int
getsockopt(int fd, int level, int name, void *value, socklen_t *size)
{
	(void)fd, (void)level, (void)name;
	memset(value, 0, *size);
	return 0;
}

static struct tpacket_hdr_v1 *
header(struct lane *l, unsigned block)
{
	return &((struct tpacket_block_desc *)(l->map + block * l->block_size))->hdr.bh1;
}

/* Hands over a block of packets with these stamps. */
static void
block_fill(struct lane *l, unsigned block, const int64_t *stamps, unsigned n)
{
	struct tpacket_hdr_v1 *h = header(l, block);
	const unsigned from = 64;

	for (unsigned i = 0; i < n; i++) {
		struct tpacket3_hdr p = {
			.tp_next_offset = PACKET, .tp_sec = (uint32_t)(stamps[i] / SECOND),
			.tp_nsec = (uint32_t)(stamps[i] % SECOND), .tp_snaplen = 60, .tp_len = 60, .tp_mac = 128,
		};

		memcpy(l->map + block * l->block_size + from + i * PACKET, &p, sizeof p);
	}
	h->num_pkts = n;
	h->offset_to_first_pkt = from;
	h->ts_first_pkt.ts_sec = (uint32_t)(stamps[0] / SECOND);
	h->ts_first_pkt.ts_nsec = (uint32_t)(stamps[0] % SECOND);
	h->ts_last_pkt.ts_sec = (uint32_t)(stamps[n - 1] / SECOND);
	h->ts_last_pkt.ts_nsec = (uint32_t)(stamps[n - 1] % SECOND);
	__atomic_store_n(&h->block_status, TP_STATUS_USER, __ATOMIC_RELEASE);
}

static void
lanes_make(struct lane *lanes)
{
	for (unsigned i = 0; i < LANES; i++) {
		lanes[i] = (struct lane) {
			.o = { .ifindex = 1, .link = DLT_EN10MB, .snaplen = 65535, .in = true, .out = true, .nano = true },
			.fd = eventfd(1, 0), .map = calloc(BLOCKS, BLOCK), .block_size = BLOCK, .n_blocks = BLOCKS,
		};
		assert_non_null(lanes[i].map);
	}
}

static void
lanes_free(struct lane *lanes)
{
	for (unsigned i = 0; i < LANES; i++) {
		close(lanes[i].fd);
		free(lanes[i].map);
	}
}

/* Takes packets until there are n, or two seconds have passed. */
static size_t
take(struct fan *f, int64_t *stamps, size_t n)
{
	struct packet batch[16];
	size_t got = 0;

	for (int i = 0; i < 1000 && got < n; i++) {
		bool held;
		size_t m = fan_take(f, batch, n - got < 16 ? n - got : 16, &held);

		for (size_t k = 0; k < m; k++)
			stamps[got++] = batch[k].sec * SECOND + batch[k].nsec;
		if (m == 0)
			nanosleep(&(struct timespec) { 0, 2000000 }, NULL);
	}
	return got;
}

static void
check(const int64_t (*stamps)[2], unsigned blocks, const int64_t (*other)[2], unsigned other_blocks, const int64_t *want)
{
	size_t n = 2 * (size_t)(blocks + other_blocks);
	struct lane lanes[LANES];
	int64_t got[32];
	struct fan *f;
	struct err e;

	lanes_make(lanes);
	for (unsigned i = 0; i < blocks; i++)
		block_fill(&lanes[0], i, stamps[i], 2);
	for (unsigned i = 0; i < other_blocks; i++)
		block_fill(&lanes[1], i, other[i], 2);
	f = fan_new(lanes, LANES, &e);
	assert_non_null(f);
	assert_true(fan_start(f, &e) && fan_start(f, &e));
	assert_int_equal(take(f, got, n), n);
	for (size_t i = 0; i < n; i++)
		assert_true(got[i] == want[i]);
	fan_free(f);
	lanes_free(lanes);
}

static void
test_lanes_are_merged(void **state)
{
	const int64_t t = clock_wall_ns() - SECOND;
	const int64_t a[][2] = { { t, t + 40 }, { t + 50, t + 90 } }, b[][2] = { { t + 10, t + 60 } };
	const int64_t want[] = { t, t + 10, t + 40, t + 50, t + 60, t + 90 };

	(void)state;
	check(a, 2, b, 1, want);
}

/* Packets from before a step back by an hour are not kept until that hour has passed. */
static void
test_clock_set_back_far(void **state)
{
	const int64_t t = clock_wall_ns() + (int64_t)3600 * SECOND;
	const int64_t a[][2] = { { t, t + 10 }, { t + 20, t + 30 } };

	(void)state;
	check(a, 2, NULL, 0, a[0]);
}

/* Nor for ever, when their own lane has younger ones of an earlier time, and the clock has caught up. */
static void
test_clock_set_back_a_little(void **state)
{
	const int64_t t = clock_wall_ns() - SECOND, u = t - SECOND / 100;
	const int64_t a[][2] = { { t, t + 10 }, { t + 20, t + 30 }, { u, u + 10 }, { u + 20, u + 30 }, { u + 40, u + 50 } };

	(void)state;
	check(a, 5, NULL, 0, (const int64_t[]) { t, t + 10, u, u + 10, t + 20, t + 30, u + 20, u + 30, u + 40, u + 50 });
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lanes_are_merged),
		cmocka_unit_test(test_clock_set_back_far),
		cmocka_unit_test(test_clock_set_back_a_little),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
