#include "capture.h"

#include <errno.h>
#include <fcntl.h>
#include <pcap/dlt.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum {
	MICRO = 0xa1b2c3d4,
	NANO = 0xa1b23c4d,
	PATCHED = 0xa1b2cd34,
	NAVTEL = 0xa12b3c4d,
	IXIA = 0x1c0001ac,
};

static void
both_orders_and_resolutions(void **state)
{
	static const struct {
		uint32_t magic;
		int64_t nsec;
		bool nano;
	} kinds[] = {
		{ MICRO, 123456000, false },
		{ NANO, 123456, true },
		{ NAVTEL, 123456, true },
	};

	(void)state;
	for (int i = 0; i < 6; i++) {
		struct bytes b = { .big = i & 1 };
		struct found f;

		put_pcap_header(&b, kinds[i / 2].magic, 2, 4, 96, 1);
		put_pcap_record(&b, 1000, 123456, 60, 1514);
		put_payload(&b, 60, 1);
		put_pcap_record(&b, 0xffffffff, 0, 0, 0);
		put_pcap_record(&b, 0x80000000, 999999, 3, 3);
		put_payload(&b, 3, 9);
		read_bytes(&f, &b);
		assert_string_equal(f.e.text, "");
		assert_int_equal(f.n, 3);
		assert_int_equal(f.n_ifaces, 1);
		assert_int_equal(f.ifaces[0].link, 1);
		assert_int_equal(f.ifaces[0].snaplen, 96);
		assert_int_equal(f.ifaces[0].nano, kinds[i / 2].nano);
		assert_int_equal(f.packets[0].sec, 1000);
		assert_int_equal(f.packets[0].nsec, kinds[i / 2].nsec);
		assert_int_equal(f.packets[0].caplen, 60);
		assert_int_equal(f.packets[0].len, 1514);
		assert_int_equal(f.packets[0].link, 1);
		assert_memory_equal(f.packets[0].data, b.d + 40, 60);
		assert_int_equal(f.packets[1].sec, INT64_C(4294967295));
		assert_int_equal(f.packets[1].caplen, 0);
		assert_int_equal(f.packets[2].sec, INT64_C(2147483648));
		assert_memory_equal(f.packets[2].data, b.d + b.n - 3, 3);
		forget(&f);
		free(b.d);
	}
}

/* What a damaged stamp says is passed on: signed in our byte order, unsigned in the other. */
static void
stamps_out_of_range(void **state)
{
	(void)state;
	for (int big = 0; big < 2; big++) {
		struct bytes b = { .big = big };
		struct found f;

		put_pcap_header(&b, MICRO, 2, 4, 96, 1);
		put_pcap_record(&b, 1, 1000000, 0, 0);
		put_pcap_record(&b, 1, 0xffffffff, 0, 0);
		read_bytes(&f, &b);
		assert_int_equal(f.packets[0].nsec, 1000000000);
		assert_int_equal(f.packets[1].nsec, big ? INT64_C(4294967295000) : -1000);
		forget(&f);
		free(b.d);
	}
}

static void
old_orders_of_the_lengths(void **state)
{
	static const struct {
		unsigned major, minor;
		uint32_t a, b, caplen, len;
	} kinds[] = {
		{ 2, 4, 4, 90, 4, 90 },
		{ 2, 2, 90, 4, 4, 90 },
		{ 2, 0, 90, 4, 4, 90 },
		{ 543, 0, 90, 4, 4, 90 },
		{ 2, 3, 4, 90, 4, 90 },	/* 2.3 came in both orders */
		{ 2, 3, 90, 4, 4, 90 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct bytes b = { 0 };
		struct found f;

		put_pcap_header(&b, MICRO, kinds[i].major, kinds[i].minor, 96, 1);
		put_pcap_record(&b, 1, 1, kinds[i].a, kinds[i].b);
		put_payload(&b, 4, 1);
		read_bytes(&f, &b);
		assert_string_equal(f.e.text, "");
		assert_int_equal(f.n, 1);
		assert_int_equal(f.packets[0].caplen, kinds[i].caplen);
		assert_int_equal(f.packets[0].len, kinds[i].len);
		forget(&f);
		free(b.d);
	}
}

static void
patched_record_headers(void **state)
{
	struct bytes b = { 0 };
	struct found f;

	(void)state;
	put_pcap_header(&b, PATCHED, 2, 4, 20, 1);
	for (unsigned i = 0; i < 2; i++) {
		put_pcap_record(&b, 1, 1, 34, 34);
		put32(&b, 7);
		put32(&b, 8);
		put_payload(&b, 34, i);
	}
	read_bytes(&f, &b);
	assert_string_equal(f.e.text, "");
	assert_int_equal(f.n, 2);
	assert_int_equal(f.ifaces[0].snaplen, 34);	/* room for the made-up Ethernet header */
	assert_memory_equal(f.packets[1].data, b.d + b.n - 34, 34);
	forget(&f);
	free(b.d);
}

static void
ixia_file_headers(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++) {
		struct bytes b = { .big = i & 1 };
		struct found f;

		put_pcap_header(&b, i / 2 ? IXIA - 1 : IXIA, 2, 4, 20, 1);
		put32(&b, 16 + 5);	/* what follows */
		put_pcap_record(&b, 1, 500, 5, 5);
		put_payload(&b, 5, 3);
		read_bytes(&f, &b);
		assert_string_equal(f.e.text, "");
		assert_int_equal(f.n, 1);
		assert_int_equal(f.packets[0].nsec, i / 2 ? 500000 : 500);
		assert_memory_equal(f.packets[0].data, b.d + b.n - 5, 5);
		forget(&f);
		free(b.d);
	}
}

static void
link_types(void **state)
{
	static const struct {
		uint32_t file, dlt, ext;
	} kinds[] = {
		{ 0, DLT_NULL, 0 }, { 1, DLT_EN10MB, 0 }, { 100, DLT_ATM_RFC1483, 0 },
		{ 101, DLT_RAW, 0 },
		{ 102, DLT_SLIP_BSDOS, 0 }, { 103, DLT_PPP_BSDOS, 0 }, { 106, DLT_ATM_CLIP, 0 },
		{ 113, DLT_LINUX_SLL, 0 }, { 246, DLT_PFSYNC, 0 }, { 12, 12, 0 },
		{ 60000, 60000, 0 },
		{ 0x50000001, 1, 0x50000000 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct bytes b = { .big = i & 1 };
		struct found f;

		put_pcap_header(&b, MICRO, 2, 4, 0, kinds[i].file);
		read_bytes(&f, &b);
		assert_string_equal(f.e.text, "");
		assert_int_equal(f.ifaces[0].link, kinds[i].dlt);
		assert_int_equal(f.ifaces[0].link_ext, kinds[i].ext);
		assert_int_equal(f.ifaces[0].snaplen, 262144);
		forget(&f);
		free(b.d);
	}
}

static void
snapshot_length(void **state)
{
	struct bytes b = { 0 };
	struct found f;

	(void)state;
	put_pcap_header(&b, MICRO, 2, 4, 10, 1);
	for (unsigned i = 0; i < 3; i++) {
		/* more than the file promised: the rest is dropped */
		put_pcap_record(&b, i, 0, 30, 30);
		put_payload(&b, 30, i);
	}
	read_bytes(&f, &b);
	assert_string_equal(f.e.text, "");
	assert_int_equal(f.n, 3);
	assert_int_equal(f.packets[2].caplen, 10);
	assert_int_equal(f.packets[2].len, 30);
	assert_memory_equal(f.packets[2].data, b.d + b.n - 30, 10);
	forget(&f);
	free(b.d);
}

static void
absurd_lengths(void **state)
{
	struct bytes b = { 0 }, c = { 0 };

	(void)state;
	put_pcap_header(&b, MICRO, 2, 4, 65535, 1);
	put_pcap_record(&b, 0, 0, 0, 0);
	put_pcap_record(&b, 0, 0, 262145, 262145);
	breaks_after(&b, 1, "invalid packet capture length 262145, bigger than snaplen of 65535");
	put_pcap_header(&c, MICRO, 2, 4, 0x7fffffff, 1);
	put_pcap_record(&c, 0, 0, 0x7fffffff, 1);
	breaks_after(&c, 0,
	    "invalid packet capture length 2147483647, bigger than maximum of 262144");
}

static void
refusals(void **state)
{
	struct found f = { 0 };
	struct bytes b = { 0 };

	(void)state;
	read_path(&f, "/nonexistent/x.pcap", 1);
	assert_string_equal(f.e.text, "/nonexistent/x.pcap: No such file or directory");
	read_path(&f, "/", 1);
	assert_string_equal(f.e.text, "error reading dump file: Is a directory");
	put(&b, "", 0);
	refused(&b, "truncated dump file; tried to read 4 file header bytes, only got 0");
	b = (struct bytes){ 0 };
	put(&b, "Hello, world", 12);
	refused(&b, "unknown file format");
	b = (struct bytes){ 0 };
	put_pcap_header(&b, MICRO, 1, 4, 96, 1);
	refused(&b, "archaic pcap savefile format");
	b = (struct bytes){ 0 };
	put_pcap_header(&b, MICRO, 2, 5, 96, 1);
	refused(&b, "unsupported pcap savefile version 2.5");
}

/*
 * A file that ends anywhere: the packets before the end come, then one message, which is libpcap's.
 */
static void
cut_anywhere(void **state)
{
	enum { N = 4, LENGTH = 13, RECORD = 16 + LENGTH };
	struct bytes b = { 0 };

	(void)state;
	put_pcap_header(&b, MICRO, 2, 4, 96, 1);
	for (unsigned i = 0; i < N; i++) {
		put_pcap_record(&b, i, i, LENGTH, LENGTH);
		put_payload(&b, LENGTH, i);
	}
	for (size_t n = 0; n <= b.n; n++) {
		char want[100] = "";
		struct found f;
		size_t over;

		read_memory(&f, b.d, n, 1 + n % 3);
		over = n < 24 ? 0 : (n - 24) % RECORD;
		if (n < 4)
			snprintf(want, sizeof want,
			    "truncated dump file; tried to read 4 file header bytes, only got %zu",
			    n);
		else if (n < 24)
			snprintf(want, sizeof want,
			    "truncated dump file; tried to read 24 file header bytes, only got %zu",
			    n - 4);
		else if (over && over < 16)
			snprintf(want, sizeof want,
			    "truncated dump file; tried to read 16 header bytes, only got %zu",
			    over);
		else if (over)
			snprintf(want, sizeof want,
			    "truncated dump file; tried to read 13 captured bytes, only got %zu",
			    over - 16);
		assert_string_equal(f.e.text, want);
		assert_int_equal(f.opened, n >= 24);
		assert_int_equal(f.n, n < 24 ? 0 : (n - 24) / RECORD);
		forget(&f);
	}
	free(b.d);
}

/* More than the buffer holds, in packets up to the largest. */
static void
long_files(void **state)
{
	static const uint32_t lengths[] = { 262144, 60, 1514, 262143, 0, 65535, 200000 };
	struct bytes b = { 0 };

	(void)state;
	put_pcap_header(&b, MICRO, 2, 4, 262144, 1);
	for (unsigned i = 0; i < 5 * 7; i++) {
		put_pcap_record(&b, i, 0, lengths[i % 7], lengths[i % 7]);
		put_payload(&b, lengths[i % 7], i);
	}
	for (size_t batch = 1; batch <= 64; batch *= 4) {
		const uint8_t *at = b.d + 24;
		struct found f;

		read_memory(&f, b.d, b.n, batch);
		assert_string_equal(f.e.text, "");
		assert_int_equal(f.n, 35);
		for (unsigned i = 0; i < 35; i++) {
			at += 16;
			assert_int_equal(f.packets[i].caplen, lengths[i % 7]);
			assert_memory_equal(f.packets[i].data, at, lengths[i % 7]);
			at += lengths[i % 7];
		}
		forget(&f);
	}
	free(b.d);
}

/* Fields in the capturing machine's order are turned into ours. */
static void
host_order_fields(void **state)
{
	static const struct {
		uint32_t link;
		unsigned size, at, n;	/* packet, and the field in it */
		unsigned key_at, key;	/* a 16-bit value that must be there, in network order */
	} kinds[] = {
		{ 113, 24, 16, 4, 14, 0x000c },		/* CAN id in a cooked capture */
		{ 189, 48, 28, 4, 0, 0 },		/* USB status */
		{ 189, 48, 16, 8, 0, 0 },		/* USB seconds */
		{ 220, 64, 60, 4, 0, 0 },		/* USB, number of descriptors */
		{ 239, 12, 4, 2, 0, 0 },		/* NFLOG length */
		{ 117, 64, 48, 4, 0, 0x3d00 },		/* PFLOG process */
	};

	(void)state;
	for (int i = 0; i < 2 * 6; i++) {
		struct bytes b = { .big = i & 1 };
		uint8_t packet[64] = { 0 };
		struct found f;
		int k = i / 2;

		packet[kinds[k].key_at] = (uint8_t)(kinds[k].key >> 8);
		packet[kinds[k].key_at + 1] = (uint8_t)kinds[k].key;
		packet[kinds[k].at] = 1;
		put_pcap_header(&b, MICRO, 2, 4, 96, kinds[k].link);
		put_pcap_record(&b, 0, 0, kinds[k].size, kinds[k].size);
		put(&b, packet, kinds[k].size);
		read_bytes(&f, &b);
		assert_int_equal(f.n, 1);
		assert_int_equal(f.packets[0].data[kinds[k].at], !b.big);
		assert_int_equal(f.packets[0].data[kinds[k].at + kinds[k].n - 1], b.big);
		forget(&f);
		free(b.d);
	}
}

/* Cut at any length, such headers must not lead out of the packet. */
static void
host_order_fields_cut(void **state)
{
	static const uint32_t links[] = { 113, 117, 189, 220, 239 };

	(void)state;
	for (size_t l = 0; l < 5; l++) {
		for (uint32_t n = 0; n < 100; n++) {
			struct bytes b = { .big = true };
			struct found f;

			put_pcap_header(&b, MICRO, 2, 4, 200, links[l]);
			put_pcap_record(&b, 0, 0, n, n * 2);
			for (uint32_t i = 0; i < n; i++)
				put_number(&b, i == 9 || links[l] == 239 ? 0 : 0xff, 1);
			read_bytes(&f, &b);
			assert_int_equal(f.n, 1);
			forget(&f);
			free(b.d);
		}
	}
}

/* What is complete in a pipe is delivered, though more is to come; and a wait can be ended. */
static void
pipe_still_written(void **state)
{
	struct bytes b = { 0 };
	struct packet batch[8];
	struct source *s;
	struct err e;
	char path[64];
	int fds[2];
	size_t n;

	(void)state;
	put_pcap_header(&b, MICRO, 2, 4, 96, 1);
	for (unsigned i = 0; i < 3; i++) {
		put_pcap_record(&b, i, 0, 10, 10);
		put_payload(&b, 10, i);
	}
	assert_int_equal(pipe(fds), 0);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fds[0]);
	assert_int_equal(write(fds[1], b.d, 24 + 26 + 5), 24 + 26 + 5);
	s = source_open_file(path, &e);
	assert_non_null(s);
	assert_int_equal(source_read(s, batch, 8, &n, &e), SOURCE_PACKETS);
	assert_int_equal(n, 1);
	s->ops->wake(s);
	assert_int_equal(source_read(s, batch, 8, &n, &e), SOURCE_AGAIN);
	assert_int_equal(n, 0);
	assert_int_equal(write(fds[1], b.d + 24 + 26 + 5, b.n - 24 - 26 - 5), b.n - 24 - 26 - 5);
	assert_int_equal(source_read(s, batch, 8, &n, &e), SOURCE_PACKETS);
	assert_int_equal(n, 2);
	assert_int_equal(batch[1].sec, 2);
	close(fds[1]);
	assert_int_equal(source_read(s, batch, 8, &n, &e), SOURCE_END);
	source_close(s);
	close(fds[0]);
	free(b.d);
}

/* A FIFO whose writer is slow and breaks the bytes up anywhere. */
static void
slow_fifo(void **state)
{
	char dir[] = "/tmp/wiretape-test-XXXXXX", path[64];
	struct bytes b = { 0 };
	struct found f = { 0 };
	pid_t child;
	int status;

	(void)state;
	put_pcap_header(&b, MICRO, 2, 4, 96, 1);
	for (unsigned i = 0; i < 5; i++) {
		put_pcap_record(&b, i, 0, 11 + i, 60);
		put_payload(&b, 11 + i, i);
	}
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/fifo", dir);
	assert_int_equal(mkfifo(path, 0600), 0);
	child = fork();
	if (child == 0) {
		int fd = open(path, O_WRONLY);

		for (size_t at = 0; at < b.n; at += 3) {
			size_t n = b.n - at < 3 ? b.n - at : 3;

			if (write(fd, b.d + at, n) != (ssize_t)n)
				_exit(1);
			usleep(300);
		}
		_exit(0);
	}
	read_path(&f, path, 4);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_string_equal(f.e.text, "");
	assert_int_equal(f.n, 5);
	assert_int_equal(f.packets[4].caplen, 15);
	assert_memory_equal(f.packets[4].data, b.d + b.n - 15, 15);
	forget(&f);
	unlink(path);
	rmdir(dir);
	free(b.d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_orders_and_resolutions),
		cmocka_unit_test(stamps_out_of_range),
		cmocka_unit_test(old_orders_of_the_lengths),
		cmocka_unit_test(patched_record_headers),
		cmocka_unit_test(ixia_file_headers),
		cmocka_unit_test(link_types),
		cmocka_unit_test(snapshot_length),
		cmocka_unit_test(absurd_lengths),
		cmocka_unit_test(refusals),
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(long_files),
		cmocka_unit_test(host_order_fields),
		cmocka_unit_test(host_order_fields_cut),
		cmocka_unit_test(pipe_still_written),
		cmocka_unit_test(slow_fifo),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
