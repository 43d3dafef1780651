/* Several files as one source. */
#include "capture.h"

#include "io/merge.h"

enum { FILES = 140, PCAP = 0xa1b2c3d4, PCAP_NANO = 0xa1b23c4d };

/* Files in memory, to be merged, and what is heard of them. */
struct set {
	int fd[FILES];
	char path[FILES][64];
	struct merge_file files[FILES];
	size_t n, opened, skipped, damaged;
	struct err last;
};

static void
set_add(struct set *s, struct bytes *b)
{
	s->fd[s->n] = memory_file(b->d, b->n, s->path[s->n]);
	s->files[s->n] = (struct merge_file) { .path = s->path[s->n] };
	s->n++;
	free(b->d);
}

static void
set_close(struct set *s)
{
	for (size_t i = 0; i < s->n; i++)
		close(s->fd[i]);
	free(s);
}

static struct set *
set_new(void)
{
	struct set *s = calloc(1, sizeof *s);

	assert_non_null(s);
	return s;
}

/* A pcap file with packets at these microseconds, as many bytes long as their time is. */
static void
add_pcap(struct set *s, uint32_t link, const unsigned *times, size_t n)
{
	struct bytes b = { 0 };

	put_pcap_header(&b, PCAP, 2, 4, 65535, link);
	for (size_t i = 0; i < n; i++) {
		put_pcap_record(&b, 1000 + times[i] / 1000000, times[i] % 1000000, times[i] % 100, 100);
		put_payload(&b, times[i] % 100, times[i]);
	}
	set_add(s, &b);
}

static void
on_open(void *ctx, const struct source *from)
{
	struct set *s = ctx;

	assert_string_equal(from->name, s->path[s->opened + s->skipped]);
	s->opened++;
}

static void
on_skip(void *ctx, const struct err *e)
{
	((struct set *)ctx)->last = *e;
	((struct set *)ctx)->skipped++;
}

static void
on_damage(void *ctx, const struct err *e)
{
	((struct set *)ctx)->last = *e;
	((struct set *)ctx)->damaged++;
}

static struct source *
set_open(struct set *s, struct err *e)
{
	const struct merge_options o = {
		.files = s->files, .n = s->n, .ctx = s, .opened = on_open, .skipped = on_skip, .damaged = on_damage,
	};

	return merge_open(&o, e);
}

/* Merges the set in batches of `batch`: the microseconds of all packets, whose bytes must be what was put there. */
static size_t
merge_times(struct set *s, unsigned *times, size_t most, size_t batch, enum source_result end)
{
	struct packet packets[64];
	enum source_result r;
	size_t n, total = 0;
	struct err e;
	struct source *m = set_open(s, &e);

	assert_non_null(m);
	while ((r = source_read(m, packets, batch, &n, &e)) == SOURCE_PACKETS) {
		assert_in_range(n, 1, batch);
		for (size_t i = 0; i < n; i++) {
			const struct packet *k = &packets[i];
			unsigned t = (unsigned)((k->sec - 1000) * 1000000 + k->nsec / 1000);

			assert_int_equal(k->caplen, t % 100);
			for (uint32_t at = 0; at < k->caplen; at++)
				assert_int_equal(k->data[at], (at * 7 + t) & 0xff);
			assert_true(k->iface < m->n_ifaces);
			assert_int_equal(k->link, m->ifaces[k->iface].link);
			assert_true(total < most);
			times[total++] = t;
		}
	}
	assert_int_equal(r, end);
	assert_int_equal(source_read(m, packets, batch, &n, &e), end);
	s->last = end == SOURCE_ERROR ? e : s->last;
	source_close(m);
	return total;
}

static void
by_time(void **state)
{
	static const unsigned a[] = { 1, 5, 6, 2000000 }, b[] = { 2, 3, 1999999, 2000001 }, c[] = { 4 },
	    want[] = { 1, 2, 3, 4, 5, 6, 1999999, 2000000, 2000001 };
	unsigned got[16];

	(void)state;
	for (size_t batch = 1; batch <= 64; batch *= 4) {
		struct set *s = set_new();

		add_pcap(s, 1, a, 4);
		add_pcap(s, 12, b, 4);
		add_pcap(s, 1, NULL, 0);
		add_pcap(s, 101, c, 1);
		assert_int_equal(merge_times(s, got, 16, batch, SOURCE_END), 9);
		assert_memory_equal(got, want, sizeof want);
		assert_int_equal(s->opened, 4);
		assert_int_equal(s->damaged, 0);
		set_close(s);
	}
}

/* Many packets, so that the files' batches and windows end at different places. */
static void
long_files(void **state)
{
	enum { N = 9000, PARTS = 7 };
	unsigned *got = calloc(N, sizeof *got), *part = calloc(N, sizeof *part);
	struct set *s = set_new();

	(void)state;
	assert_non_null(got);
	assert_non_null(part);
	for (unsigned p = 0; p < PARTS; p++) {
		size_t n = 0;

		for (unsigned i = 0; i < N; i++)
			if (i * 2654435761u % PARTS == p)
				part[n++] = i;
		add_pcap(s, 1, part, n);
	}
	assert_int_equal(merge_times(s, got, N, 64, SOURCE_END), N);
	for (unsigned i = 0; i < N; i++)
		assert_int_equal(got[i], i);
	set_close(s);
	free(got);
	free(part);
}

/* Equal times: in the order of the files. A packet older than the one before it: at once. */
static void
order(void **state)
{
	static const unsigned a[] = { 7, 7, 9, 8, 20 }, b[] = { 7, 9, 10 };
	static const uint32_t ifaces[] = { 0, 0, 1, 0, 0, 1, 1, 0 };
	struct set *s = set_new();
	struct packet packets[8];
	struct source *m;
	struct err e;
	size_t n;

	(void)state;
	add_pcap(s, 1, a, 5);
	add_pcap(s, 1, b, 3);
	m = set_open(s, &e);
	assert_non_null(m);
	for (size_t i = 0; i < 8; i += n) {
		assert_int_equal(source_read(m, packets, 8 - i, &n, &e), SOURCE_PACKETS);
		for (size_t k = 0; k < n; k++)
			assert_int_equal(packets[k].iface, ifaces[i + k]);
	}
	assert_int_equal(source_read(m, packets, 8, &n, &e), SOURCE_END);
	source_close(m);
	set_close(s);
}

static void
damage(void **state)
{
	static const unsigned a[] = { 1, 4, 9 }, b[] = { 2, 3, 5 }, want[] = { 1, 2, 3, 4, 9 };
	unsigned got[8];
	struct set *s = set_new();

	(void)state;
	add_pcap(s, 1, a, 3);
	add_pcap(s, 1, b, 3);
	assert_int_equal(ftruncate(s->fd[1], 24 + 16 + 2 + 16 + 3 + 16 + 1), 0);
	assert_int_equal(merge_times(s, got, 8, 64, SOURCE_END), 5);
	assert_memory_equal(got, want, sizeof want);
	assert_int_equal(s->damaged, 1);
	assert_memory_equal(s->last.text, s->path[1], strlen(s->path[1]));
	assert_string_equal(s->last.text + strlen(s->path[1]),
	    ": truncated dump file; tried to read 5 captured bytes, only got 1");
	set_close(s);
}

static void
no_captures(void **state)
{
	static const unsigned a[] = { 1 };
	struct bytes text = { 0 };
	struct set *s = set_new();
	struct err e;
	unsigned got[4];

	(void)state;
	put(&text, "not a capture", 13);
	set_add(s, &text);
	add_pcap(s, 1, a, 1);
	assert_null(set_open(s, &e));
	assert_non_null(strstr(e.text, ": unknown file format"));
	s->opened = 0;

	s->files[0].found = true;
	assert_int_equal(merge_times(s, got, 4, 4, SOURCE_END), 1);
	assert_int_equal(s->skipped, 1);
	assert_memory_equal(s->last.text, s->path[0], strlen(s->path[0]));

	s->n = 1;
	s->skipped = 0;
	assert_null(set_open(s, &e));
	assert_string_equal(e.text, "no capture files to read");
	close(s->fd[1]);
	set_close(s);
}

static void
put_ng_iface(struct bytes *b, unsigned link, const char *name)
{
	unsigned n = (unsigned)strlen(name), padded = (n + 3) & ~3u;

	put32(b, 1);
	put32(b, 20 + 4 + padded + 4);
	put16(b, link);
	put16(b, 0);
	put32(b, 1000);
	put16(b, 2);
	put16(b, n);
	put(b, name, n);
	put_number(b, 0, (int)(padded - n));
	put32(b, 0);
	put32(b, 20 + 4 + padded + 4);
}

static void
put_ng_packet(struct bytes *b, unsigned iface, uint64_t t)
{
	put32(b, 6);
	put32(b, 32);
	put32(b, iface);
	put32(b, (uint32_t)(t >> 32));
	put32(b, (uint32_t)t);
	put32(b, 0);
	put32(b, 0);
	put32(b, 32);
}

/* A file of two interfaces, the second of which appears later on. */
static void
add_pcapng(struct set *s, const char *first, const char *second, uint64_t t)
{
	struct bytes b = { 0 };

	put32(&b, 0x0a0d0d0a);
	put32(&b, 28);
	put32(&b, 0x1a2b3c4d);
	put16(&b, 1);
	put16(&b, 0);
	put_number(&b, UINT64_MAX, 8);
	put32(&b, 28);
	put_ng_iface(&b, 1, first);
	put_ng_packet(&b, 0, t);
	put_ng_iface(&b, 101, second);
	put_ng_packet(&b, 1, t + 100);
	put_ng_packet(&b, 0, t + 200);
	set_add(s, &b);
}

static void
interfaces(void **state)
{
	static const char *const want[] = { "a0", "b0", "a1", "b1", "a0", "b0" };
	struct set *s = set_new();
	struct packet packets[8];
	struct source *m;
	struct err e;
	size_t n, total = 0;

	(void)state;
	add_pcapng(s, "a0", "a1", 1000);
	add_pcapng(s, "b0", "b1", 1050);
	m = set_open(s, &e);
	assert_non_null(m);
	while (source_read(m, packets, 8, &n, &e) == SOURCE_PACKETS)
		for (size_t i = 0; i < n; i++, total++) {
			assert_true(total < 6);
			assert_string_equal(m->ifaces[packets[i].iface].name, want[total]);
			assert_int_equal(m->ifaces[packets[i].iface].link, packets[i].link);
			assert_int_equal(m->ifaces[packets[i].iface].snaplen, 1000);
		}
	assert_int_equal(total, 6);
	assert_int_equal(m->n_ifaces, 4);
	source_close(m);
	set_close(s);
}

/* More files than may be open, given in the reverse order of their time, each overlapping its neighbours. */
static void
one_after_the_other(void **state)
{
	struct set *s = set_new();
	unsigned got[2 * FILES];

	(void)state;
	for (unsigned i = FILES; i-- > 0;) {
		const unsigned times[] = { 10 * i, 10 * i + 15 };

		add_pcap(s, 1, times, 2);
	}
	assert_true(s->n > MERGE_OPEN_MAX);
	assert_int_equal(merge_times(s, got, 2 * FILES, 64, SOURCE_END), 2 * FILES);
	for (size_t i = 1; i < 2 * FILES; i++)
		assert_true(got[i - 1] < got[i]);
	assert_int_equal(s->opened, FILES);
	set_close(s);
}

static void
too_many_at_once(void **state)
{
	struct set *s = set_new();
	unsigned got[FILES], n = 0;

	(void)state;
	for (unsigned i = 0; i < FILES; i++) {
		const unsigned times[] = { i, 1000 };

		add_pcap(s, 1, times, 2);
	}
	n = (unsigned)merge_times(s, got, FILES, 64, SOURCE_ERROR);
	assert_int_equal(n, MERGE_OPEN_MAX);
	assert_string_equal(s->last.text, "more than 64 capture files overlap in time");
	set_close(s);
}

/* A pipe that has nothing yet lets the reader look around; what it then brings is in its place. */
static void
pipes(void **state)
{
	static const unsigned a[] = { 5, 50 };
	struct set *s = set_new();
	struct bytes b = { 0 };
	struct packet packets[8];
	struct source *m;
	struct err e;
	int ends[2];
	size_t n;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	add_pcap(s, 1, a, 2);
	put_pcap_header(&b, PCAP_NANO, 2, 4, 100, 1);
	assert_int_equal(write(ends[1], b.d, b.n), b.n);
	snprintf(s->path[1], sizeof s->path[1], "/proc/self/fd/%d", ends[0]);
	s->fd[1] = ends[0];
	s->files[s->n++].path = s->path[1];
	m = set_open(s, &e);
	assert_non_null(m);
	assert_string_equal(m->name, s->path[1]);
	m->ops->wake(m);
	assert_int_equal(source_read(m, packets, 8, &n, &e), SOURCE_AGAIN);
	assert_int_equal(n, 0);
	b.n = 0;
	put_pcap_record(&b, 1000, 5001, 0, 0);
	assert_int_equal(write(ends[1], b.d, b.n), b.n);
	close(ends[1]);
	assert_int_equal(source_read(m, packets, 8, &n, &e), SOURCE_PACKETS);
	assert_int_equal(n, 2);
	assert_int_equal(packets[0].nsec, 5000);
	assert_int_equal(packets[1].nsec, 5001);
	assert_int_equal(source_read(m, packets, 8, &n, &e), SOURCE_PACKETS);
	assert_int_equal(n, 1);
	assert_int_equal(packets[0].nsec, 50000);
	assert_int_equal(source_read(m, packets, 8, &n, &e), SOURCE_END);
	source_close(m);
	free(b.d);
	set_close(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_time), cmocka_unit_test(long_files), cmocka_unit_test(order),
		cmocka_unit_test(damage), cmocka_unit_test(no_captures), cmocka_unit_test(interfaces),
		cmocka_unit_test(one_after_the_other), cmocka_unit_test(too_many_at_once), cmocka_unit_test(pipes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
