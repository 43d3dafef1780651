#include "capture.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "io/writer.h"

static char dir[] = "/tmp/wiretape-test-XXXXXX";
static char path[128];

static const char *
in_dir(const char *name)
{
	snprintf(path, sizeof path, "%s/%s", dir, name);
	return path;
}

static int
make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int
remove_dir(void **state)
{
	(void)state;
	return rmdir(dir);
}

static const uint8_t payload[300000] = { 1, 2, 3, 4, 5, 6, 7, 8, [299999] = 9 };

static struct packet
packet(unsigned i, uint32_t caplen)
{
	return (struct packet){ .data = payload + i % 8, .caplen = caplen, .len = caplen + 4,
		.sec = 1700000000 + i, .nsec = 123456789, .link = 1 };
}

static size_t
contents(const char *name, uint8_t *p, size_t size)
{
	FILE *f = fopen(name, "r");
	size_t n;

	assert_non_null(f);
	n = fread(p, 1, size, f);
	fclose(f);
	return n;
}

/* The bytes tcpdump writes, on this machine's byte order. */
static void
pcap_bytes(void **state)
{
	(void)state;
	for (int nano = 0; nano < 2; nano++) {
		struct writer_options o = { .link = 12, .link_ext = 0x50000000, .snaplen = 262144,
		    .nano = nano };
		struct packet k = packet(1, 3);
		struct bytes want = { .big = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ };
		uint8_t got[100];
		struct writer *w;
		struct err e;

		k.link = 12;
		w = writer_open(in_dir("x.pcap"), &o, &e);
		assert_non_null(w);
		assert_int_equal(writer_size(w), 24);
		assert_true(writer_put(w, &k, &e));
		assert_int_equal(writer_size(w), 24 + 16 + 3);
		assert_true(writer_close(w, &e));
		put_pcap_header(&want, nano ? 0xa1b23c4d : 0xa1b2c3d4, 2, 4, 262144,
		    0x50000000 | 101);
		put_pcap_record(&want, 1700000001, nano ? 123456789 : 123456, 3, 7);
		put(&want, payload + 1, 3);
		assert_int_equal(contents(path, got, sizeof got), want.n);
		assert_memory_equal(got, want.d, want.n);
		free(want.d);
		unlink(path);
	}
}

static void
names_tell_the_format(void **state)
{
	static const struct {
		const char *name;
		enum capture_format format;
		enum compression compression;
	} kinds[] = {
		{ "a", CAPTURE_PCAP, COMPRESS_NONE },
		{ "-", CAPTURE_PCAP, COMPRESS_NONE },
		{ "a.pcap", CAPTURE_PCAP, COMPRESS_NONE },
		{ "a.pcapng", CAPTURE_PCAPNG, COMPRESS_NONE },
		{ "a.pcap.gz", CAPTURE_PCAP, COMPRESS_GZIP },
		{ "a.gz", CAPTURE_PCAP, COMPRESS_GZIP },
		{ "a.pcapng.zst", CAPTURE_PCAPNG, COMPRESS_ZSTD },
		{ "a.pcapng.lz4", CAPTURE_PCAPNG, COMPRESS_LZ4 },
		{ "a.gz/b", CAPTURE_PCAP, COMPRESS_NONE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct writer_options o = { .snaplen = 1 };

		writer_options_by_name(kinds[i].name, &o);
		assert_int_equal(o.format, kinds[i].format);
		assert_int_equal(o.compression, kinds[i].compression);
		assert_int_equal(o.snaplen, 1);
	}
}

/* Every format and compression, more bytes than any buffer, read back by our reader. */
static void
round_trips(void **state)
{
	static const char *const names[] = { "a", "a.gz", "a.zst", "a.lz4", "a.pcapng",
	    "a.pcapng.gz", "a.pcapng.zst",
		"a.pcapng.lz4" };
	static const uint32_t lengths[] = { 60, 0, 1, 2, 3, 1514, 262144, 65535 };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		for (int nano = 0; nano < 2; nano++) {
			struct writer_options o = { .link = 1, .snaplen = 262144, .nano = nano };
			struct found f = { 0 };
			struct writer *w;
			struct err e;

			writer_options_by_name(names[i], &o);
			w = writer_open(in_dir(names[i]), &o, &e);
			assert_non_null(w);
			for (unsigned k = 0; k < 40; k++) {
				struct packet p = packet(k, lengths[k % 8]);

				assert_true(writer_put(w, &p, &e));
			}
			assert_true(writer_close(w, &e));
			read_path(&f, path, 7);
			assert_string_equal(f.e.text, "");
			assert_int_equal(f.n, 40);
			assert_int_equal(f.ifaces[0].nano, nano);
			assert_int_equal(f.ifaces[0].snaplen, 262144);
			for (unsigned k = 0; k < 40; k++) {
				struct packet p = packet(k, lengths[k % 8]);

				assert_int_equal(f.packets[k].sec, p.sec);
				assert_int_equal(f.packets[k].nsec, nano ? 123456789 : 123456000);
				assert_int_equal(f.packets[k].caplen, p.caplen);
				assert_int_equal(f.packets[k].len, p.len);
				assert_memory_equal(f.packets[k].data, p.data, p.caplen);
			}
			forget(&f);
			unlink(path);
		}
	}
}

static void
interfaces_in_pcapng(void **state)
{
	struct writer_options o = { .format = CAPTURE_PCAPNG, .link = 1, .snaplen = 500,
		.nano = true };
	static const struct source_iface eth0 = { .link = 1, .snaplen = 96, .name = "eth0" };
	struct packet k = packet(0, 20);
	struct found f = { 0 };
	struct writer *w;
	struct err e;

	(void)state;
	k.sec = INT64_C(6000000000);
	w = writer_open(in_dir("x.pcapng"), &o, &e);
	assert_non_null(w);
	assert_true(writer_describe(w, 0, &eth0, &e));
	assert_true(writer_put(w, &k, &e));
	k.iface = 3;
	k.link = 113;
	assert_true(writer_put(w, &k, &e));	/* nothing was told of it */
	k.link = 12;
	assert_true(writer_put(w, &k, &e));	/* the same number, another file's interface */
	k.link = 113;
	assert_true(writer_put(w, &k, &e));
	k.iface = 0;
	k.link = 1;
	assert_true(writer_put(w, &k, &e));
	k.link = 5000;
	assert_false(writer_put(w, &k, &e));
	assert_true(writer_close(w, &e));
	read_path(&f, path, 2);
	assert_string_equal(f.e.text, "");
	assert_int_equal(f.n, 5);
	assert_int_equal(f.n_ifaces, 3);
	assert_string_equal(f.ifaces[0].name, "eth0");
	assert_int_equal(f.ifaces[0].snaplen, 96);
	assert_int_equal(f.ifaces[1].link, 113);
	assert_int_equal(f.ifaces[1].snaplen, 500);
	assert_null(f.ifaces[1].name);
	assert_int_equal(f.packets[0].sec, INT64_C(6000000000));
	assert_int_equal(f.packets[2].link, 12);
	assert_int_equal(f.packets[3].iface, 1);
	assert_int_equal(f.packets[4].iface, 0);
	forget(&f);
	unlink(path);
}

/*
 * The interfaces of one file after the other: numbers are used again, descriptions only if they are
 * the same.
 */
static void
sources_in_turn(void **state)
{
	static const struct source_iface turns[] = {
		{ .link = 1, .snaplen = 96, .name = "eth0" },
		{ .link = 1, .snaplen = 96, .name = "eth1" },
		{ .link = 1, .snaplen = 96, .name = "eth0" },
		{ .link = 1, .snaplen = 96, .name = "eth0", .nano = true },
		{ .link = 1, .snaplen = 97 },
		{ .link = 1, .snaplen = 96, .name = "eth1" },
	};
	static const unsigned numbers[] = { 0, 1, 0, 2, 3, 1 };
	struct writer_options o = { .format = CAPTURE_PCAPNG, .link = 1, .snaplen = 500 };
	struct packet k = packet(0, 20);
	struct found f = { 0 };
	struct writer *w;
	struct err e;

	(void)state;
	w = writer_open(in_dir("x.pcapng"), &o, &e);
	assert_non_null(w);
	for (int i = 0; i < 6; i++) {
		assert_true(writer_describe(w, 0, &turns[i], &e));
		assert_true(writer_put(w, &k, &e));
	}
	assert_true(writer_close(w, &e));
	read_path(&f, path, 5);
	assert_string_equal(f.e.text, "");
	assert_int_equal(f.n, 6);
	assert_int_equal(f.n_ifaces, 4);
	for (int i = 0; i < 6; i++) {
		const struct source_iface *from = &f.ifaces[f.packets[i].iface];

		assert_int_equal(f.packets[i].iface, numbers[i]);
		assert_int_equal(f.packets[i].nsec, turns[i].nano ? 123456789 : 123456000);
		assert_int_equal(from->snaplen, turns[i].snaplen);
		assert_string_equal(from->name ? from->name : "",
		    turns[i].name ? turns[i].name : "");
	}
	forget(&f);
	unlink(path);
}

/* The value of an option in a block's list of them: its length, -1 if it is not there. */
static int
option_at(const uint8_t *p, const uint8_t *end, unsigned want, const uint8_t **value)
{
	uint16_t code, n;

	while (end - p >= 4) {
		memcpy(&code, p, 2);
		memcpy(&n, p + 2, 2);
		if (code == want) {
			*value = p + 4;
			return n;
		}
		if (code == 0)
			break;
		p += 4 + (n + 3) / 4 * 4;
	}
	return -1;
}

/* What a live capture counted comes last in the file; readers that do not care pass over it. */
static void
counts_in_pcapng(void **state)
{
	static const struct source_iface eth0 = { .link = 1, .snaplen = 96, .name = "eth0" };
	struct source_counts c = { .received = 12, .dropped = 3, .if_dropped = 2,
		.began = INT64_C(1700000000123456789) };
	static const struct {
		unsigned code;
		uint64_t value;
	} want[] = { { 4, 12 }, { 5, 5 }, { 6, 12 }, { 7, 3 }, { 8, 9 } };
	static const char lost[] = "3 packets lost between 2023-11-14 22:13:21.000001 and "
		"2023-11-14 22:13:22.500000 UTC";

	(void)state;
	for (int loss = 0; loss < 2; loss++) {
		struct writer_options o = { .format = CAPTURE_PCAPNG, .link = 1, .snaplen = 500 };
		struct packet k = packet(0, 20);
		const uint8_t *block, *v = NULL, *end;
		struct found f = { 0 };
		struct writer *w;
		uint8_t got[1000];
		uint32_t len, half[2];
		struct err e;
		size_t n;

		if (loss) {
			c.lost_from = INT64_C(1700000001000001999);
			c.lost_until = INT64_C(1700000002500000000);
		}
		w = writer_open(in_dir("x.pcapng"), &o, &e);
		assert_non_null(w);
		assert_true(writer_counts(w, 0, 1, &c, 9, &e));	/* not described: nothing to say it of */
		assert_true(writer_describe(w, 0, &eth0, &e));
		assert_true(writer_put(w, &k, &e));
		assert_true(writer_counts(w, 0, 1, &c, 9, &e));
		assert_true(writer_close(w, &e));
		n = contents(path, got, sizeof got);
		memcpy(&len, got + n - 4, 4);
		assert_true(len < n && len > 20);
		block = got + n - len;
		end = got + n - 4;
		assert_memory_equal(block, &(uint32_t){ 5 }, 4);
		assert_memory_equal(block + 8, &(uint32_t){ 0 }, 4);
		for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
			assert_int_equal(option_at(block + 20, end, want[i].code, &v), 8);
			assert_memory_equal(v, &want[i].value, 8);
		}
		assert_int_equal(option_at(block + 20, end, 2, &v), 8);
		memcpy(half, v, 8);
		assert_int_equal((uint64_t)half[0] << 32 | half[1], UINT64_C(1700000000123456));
		assert_int_equal(option_at(block + 20, end, 3, &v), 8);
		assert_memory_equal(v, block + 12, 8);
		assert_int_equal(option_at(block + 20, end, 1, &v), loss ? (int)sizeof lost - 1 : -1);
		if (loss)
			assert_memory_equal(v, lost, sizeof lost - 1);
		read_path(&f, path, 2);
		assert_string_equal(f.e.text, "");
		assert_int_equal(f.n, 1);
		assert_int_equal(f.n_ifaces, 1);
		forget(&f);
		unlink(path);
	}
}

/* With packet_buffered each packet is in the file at once; otherwise a flush brings all of them. */
static void
flushing(void **state)
{
	static const char *const names[] = { "a", "a.pcapng", "a.gz", "a.zst", "a.lz4" };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		for (int buffered = 0; buffered < 2; buffered++) {
			struct writer_options o = { .link = 1, .snaplen = 500,
				.packet_buffered = buffered };
			struct found f = { 0 };
			struct writer *w;
			struct err e;

			writer_options_by_name(names[i], &o);
			w = writer_open(in_dir(names[i]), &o, &e);
			assert_non_null(w);
			for (unsigned k = 0; k < 5; k++) {
				struct packet p = packet(k, 100);

				assert_true(writer_put(w, &p, &e));
				if (o.packet_buffered) {
					read_path(&f, path, 2);
					assert_string_equal(f.e.text, "");
					assert_int_equal(f.n, k + 1);
					forget(&f);
				}
			}
			assert_true(writer_flush(w, &e));
			read_path(&f, path, 2);
			assert_string_equal(f.e.text, "");
			assert_int_equal(f.n, 5);
			forget(&f);
			assert_true(writer_close(w, &e));
			unlink(path);
		}
	}
}

/* A pcap file's bytes, of n packets whose lengths differ much. */
static struct bytes
many_records(unsigned n, uint32_t magic, bool big)
{
	struct bytes b = { .big = big };

	put_pcap_header(&b, magic, 2, 4, 1000, 1);
	for (unsigned i = 0; i < n; i++) {
		unsigned len = i % 97 == 0 ? 900 : i * 7919 % 131;

		put_pcap_record(&b, i, i % 1000, len, len + i % 3);
		put_payload(&b, len, i);
	}
	return b;
}

/* Records of a file, in batches and picked, are written as packet by packet they would be: in one piece or copied. */
static void
runs_of_records(void **state)
{
	enum { N = 20000, BATCH = 1000 };
	const bool big = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
	const struct {
		uint32_t magic;
		bool big, nano;
	} kinds[] = {
		{ 0xa1b2c3d4, big, false },	/* as this machine writes it */
		{ 0xa1b2c3d4, !big, false },
		{ 0xa1b23c4d, big, false },	/* nanoseconds that get lost */
		{ 0xa1b23c4d, big, true },
		{ 0xa1b2c3d4, big, true },
	};

	(void)state;
	for (unsigned kind = 0; kind < sizeof kinds / sizeof *kinds * 4; kind++) {
		struct writer_options o = { .link = 1, .snaplen = 1000, .nano = kinds[kind / 4].nano };
		unsigned pick = kind % 4;	/* all, every other, two of three, none in a row of a hundred */
		struct bytes in = many_records(N, kinds[kind / 4].magic, kinds[kind / 4].big);
		uint8_t *got = malloc(in.n), *want = malloc(in.n);
		struct packet batch[BATCH] = { 0 };
		struct writer *whole, *single;
		char name[64];
		int fd = memory_file(in.d, in.n, name);
		struct source *s;
		size_t n, done, was = 0, size;
		struct err e;

		s = source_open_file(name, &e);
		whole = writer_open(in_dir("a"), &o, &e);
		single = writer_open(in_dir("b"), &o, &e);
		assert_true(s && whole && single);
		while (source_read(s, batch, BATCH, &n, &e) == SOURCE_PACKETS) {
			size_t m = 0;

			for (size_t i = 0; i < n; i++, was++) {
				struct packet k = batch[i];

				if ((pick == 1 && was % 2) || (pick == 2 && was % 3 == 0) ||
				    (pick == 3 && was / 100 % 2))
					continue;
				batch[m++] = k;
				assert_int_equal(k.record != RECORD_NONE, kinds[kind / 4].big == big);
				k.record = RECORD_NONE;
				assert_true(writer_put(single, &k, &e));
			}
			assert_true(writer_put_batch(whole, batch, m, UINT64_MAX, &done, &e));
			assert_int_equal(done, m);
			assert_int_equal(writer_size(whole), writer_size(single));
		}
		assert_int_equal(was, N);
		assert_true(writer_close(whole, &e) && writer_close(single, &e));
		size = contents(in_dir("b"), want, in.n);
		unlink(path);
		assert_int_equal(contents(in_dir("a"), got, in.n), size);
		unlink(path);
		assert_memory_equal(got, want, size);
		if (pick == 0 && kind / 4 % 3 == 0)
			assert_memory_equal(got, in.d, in.n);
		source_close(s);
		close(fd);
		free(got);
		free(want);
		free(in.d);
	}
}

/* A batch ends with the packet that makes the file larger than it may be. */
static void
full_files(void **state)
{
	struct writer_options o = { .link = 1, .snaplen = 500 };
	struct packet k[3] = { packet(0, 4), packet(1, 4), packet(2, 4) };
	struct writer *w;
	size_t done;
	struct err e;

	(void)state;
	w = writer_open(in_dir("x"), &o, &e);
	assert_non_null(w);
	assert_true(writer_put_batch(w, k, 3, 23, &done, &e));
	assert_int_equal(done, 0);
	assert_true(writer_put_batch(w, k, 3, 24, &done, &e));
	assert_int_equal(done, 1);
	assert_true(writer_put_batch(w, k, 3, 24 + 20 + 19, &done, &e));
	assert_int_equal(done, 1);
	k[1].link = 113;
	assert_false(writer_put_batch(w, k, 3, UINT64_MAX, &done, &e));
	assert_int_equal(done, 1);
	assert_int_equal(writer_size(w), 24 + 3 * 20);
	assert_true(writer_close(w, &e));
	unlink(path);
}

/* A file is one that can be read from its beginning on, and its first interface is told of once. */
static void
readable_from_the_start(void **state)
{
	static const char *const names[] = { "b.pcapng", "b.pcapng.zst", "b" };
	const struct source_iface first = { .link = 1, .snaplen = 77, .name = (char *)"eth0" };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct writer_options o = { .link = 1, .snaplen = 77, .first = &first };
		struct packet k = packet(0, 4);
		struct found f = { 0 };
		struct writer *w;
		struct err e;

		writer_options_by_name(names[i], &o);
		w = writer_open(in_dir(names[i]), &o, &e);
		assert_non_null(w);
		for (size_t n = 0; n < 2; n++) {
			read_path(&f, path, 5);
			assert_string_equal(f.e.text, "");
			assert_int_equal(f.n, n);
			assert_int_equal(f.n_ifaces, 1);
			assert_int_equal(f.ifaces[0].snaplen, 77);
			if (o.format == CAPTURE_PCAPNG)
				assert_string_equal(f.ifaces[0].name, "eth0");
			forget(&f);
			assert_true(n > 0 || (writer_describe(w, 0, &first, &e) && writer_put(w, &k, &e) && writer_flush(w, &e)));
		}
		assert_true(writer_close(w, &e));
		unlink(path);
	}
}

static void
failures_at_the_start(void **state)
{
	struct writer_options o = { .link = 1, .snaplen = 500 };
	struct err e;

	(void)state;
	assert_null(writer_open("/nonexistent/x", &o, &e));
	assert_string_equal(e.text, "/nonexistent/x: No such file or directory");
	assert_null(writer_open("/dev/full", &o, &e));
	assert_string_equal(e.text, "/dev/full: No space left on device");
	o.link = 5000;
	assert_null(writer_open(in_dir("x"), &o, &e));
	assert_non_null(strstr(e.text, "link-layer type 5000 isn't supported in savefiles"));
	assert_int_equal(access(path, F_OK), -1);
	o.link = 1;
	assert_non_null(strcpy(path, "/dev/null"));
	struct writer *w = writer_open(path, &o, &e);
	struct packet k = packet(0, 4);

	k.link = 113;
	assert_false(writer_put(w, &k, &e));
	assert_non_null(strstr(e.text, "link type 113 differs"));
	assert_true(writer_close(w, &e));
}

/* No room left at any point: one error, and the file holds the packets that fitted, whole. */
static void
full_disk(void **state)
{
	static const char *const names[] = { "a", "a.pcapng", "a.gz", "a.pcapng.zst" };
	struct rlimit was, now;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &was);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		for (unsigned limit = 250; limit < 1400; limit += 37) {
			struct writer_options o = { .link = 1, .snaplen = 500 };
			struct found f = { 0 };
			struct writer *w;
			bool ok = true;
			struct err e;
			unsigned n = 0;

			writer_options_by_name(names[i], &o);
			now = was;
			now.rlim_cur = limit;
			w = writer_open(in_dir(names[i]), &o, &e);
			assert_non_null(w);
			setrlimit(RLIMIT_FSIZE, &now);
			for (; n < 100 && ok; n++) {
				struct packet p = packet(n, 50 + n);

				ok = writer_put(w, &p, &e) && (n % 4 < 3 || writer_flush(w, &e));
			}
			setrlimit(RLIMIT_FSIZE, &was);
			assert_false(ok);
			assert_non_null(strstr(e.text, "File too large"));
			writer_close(w, &e);
			read_path(&f, path, 5);
			assert_string_equal(f.e.text, "");
			assert_true(f.n < n);
			if (o.compression == COMPRESS_NONE && limit > 600)
				assert_true(f.n > 1);
			forget(&f);
			unlink(path);
		}
	}
}

static void
vanished_reader(void **state)
{
	struct writer_options o = { .link = 1, .snaplen = 500, .packet_buffered = true };
	struct packet k = packet(0, 40);
	struct packet more[3] = { k, k, k };
	struct writer *w;
	struct err e;
	size_t done;
	int fds[2];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(fds), 0);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fds[1]);
	w = writer_open(path, &o, &e);
	assert_non_null(w);
	assert_true(writer_put(w, &k, &e));
	close(fds[0]);
	/* One of them did not reach the file: who counts it as the one that failed counts no packet twice. */
	assert_false(writer_put_batch(w, more, 3, UINT64_MAX, &done, &e));
	assert_non_null(strstr(e.text, "Broken pipe"));
	assert_int_equal(done, 2);
	assert_false(writer_put(w, &k, &e));	/* and so it stays */
	writer_close(w, &e);
	close(fds[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pcap_bytes),
		cmocka_unit_test(names_tell_the_format),
		cmocka_unit_test(round_trips),
		cmocka_unit_test(interfaces_in_pcapng),
		cmocka_unit_test(sources_in_turn),
		cmocka_unit_test(counts_in_pcapng),
		cmocka_unit_test(flushing),
		cmocka_unit_test(runs_of_records),
		cmocka_unit_test(full_files),
		cmocka_unit_test(readable_from_the_start),
		cmocka_unit_test(failures_at_the_start),
		cmocka_unit_test(full_disk),
		cmocka_unit_test(vanished_reader),
	};
	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
