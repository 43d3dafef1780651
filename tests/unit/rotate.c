#include "capture.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "io/press.h"
#include "io/rotate.h"
#include "io/sink.h"

static const bool big = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
static char dir[] = "/tmp/wiretape-test-XXXXXX";

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

static uint32_t
random32(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33);
}

/* Bytes that cannot be compressed. */
static void
make_noise(uint8_t *p, size_t n, uint64_t *seed)
{
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)random32(seed);
}

static void
put_block(struct bytes *b, uint32_t type, const struct bytes *body)
{
	put32(b, type);
	put32(b, (uint32_t)body->n + 12);
	put(b, body->d, body->n);
	put32(b, (uint32_t)body->n + 12);
}

static void
put_interface(struct bytes *b, unsigned link, uint8_t resolution)
{
	struct bytes body = { .big = b->big };

	put16(&body, link);
	put16(&body, 0);
	put32(&body, 262144);
	put16(&body, 9);
	put16(&body, 1);
	put(&body, &resolution, 1);
	put(&body, "\0\0\0", 3);
	put32(&body, 0);
	put_block(b, 1, &body);
	free(body.d);
}

static void
put_enhanced(struct bytes *b, unsigned iface, unsigned i, unsigned len, bool comment)
{
	struct bytes body = { .big = b->big };

	put32(&body, iface);
	put32(&body, 0x5f000);
	put32(&body, i * 1000);
	put32(&body, len);
	put32(&body, len + 1);
	put_payload(&body, len, i);
	put(&body, "\0\0\0", (4 - len % 4) % 4);
	if (comment) {
		put16(&body, 1);
		put16(&body, 5);
		put(&body, "hello\0\0\0", 8);
		put32(&body, 0);
	}
	put_block(b, 6, &body);
	free(body.d);
}

enum kind { PCAP, PCAP_SWAPPED, PCAP_NANO, PCAPNG, PCAPNG_NANO, PCAPNG_SWAPPED, PCAPNG_MANY, KINDS };

/* A capture of n packets, a few of them long. */
static struct bytes
capture_of(enum kind kind, unsigned n, uint64_t *seed)
{
	struct bytes b = { .big = kind == PCAP_SWAPPED || kind == PCAPNG_SWAPPED ? !big : big };

	if (kind <= PCAP_NANO) {
		put_pcap_header(&b, kind == PCAP_NANO ? 0xa1b23c4d : 0xa1b2c3d4, 2, 4, 262144, 1);
	} else {
		struct bytes body = { .big = b.big };

		put32(&body, 0x1a2b3c4d);
		put16(&body, 1);
		put16(&body, 0);
		put32(&body, 0xffffffff);
		put32(&body, 0xffffffff);
		put_block(&b, 0x0a0d0d0a, &body);
		free(body.d);
		put_interface(&b, 1, kind == PCAPNG_NANO ? 9 : 6);
	}
	for (unsigned i = 0; i < n; i++) {
		unsigned r = random32(seed), len = r % 50 == 0 ? r / 64 % 9000 : r / 64 % 200;

		if (kind <= PCAP_NANO) {
			put_pcap_record(&b, 1700000000 + i, r % 1000000, len, len + r % 2);
			put_payload(&b, len, i);
			continue;
		}
		if (kind == PCAPNG_MANY && i % (n / 4) == n / 8)
			put_interface(&b, i % 3 == 0 ? 113 : 1, i % 2 ? 9 : 6);
		put_enhanced(&b, kind == PCAPNG_MANY ? (i + n / 8) / (n / 4) : 0, i, len, false);
	}
	return b;
}

/* Takes the capture through rotate_put, at most `most` packets a call; as they come from the file, or without records. */
static void
copy(const char *path, const char *to, const struct rotate_options *how, size_t most, bool records, unsigned keep,
    uint64_t seed)
{
	enum { BATCH = 256 };
	struct packet batch[BATCH] = { 0 };
	struct rotate_options o = *how;
	struct rotate *r;
	struct source *s;
	size_t n, done;
	char name[128];
	struct err e;

	snprintf(name, sizeof name, "%s/%s", dir, to);
	assert_int_equal(mkdir(name, 0700), 0);
	snprintf(name, sizeof name, "%s/%s/%s", dir, to, how->name);
	o.name = name;
	s = source_open_file(path, &e);
	assert_non_null(s);
	r = rotate_open(&o, &e);
	assert_non_null(r);
	rotate_source(r, s);
	while (source_read(s, batch, BATCH, &n, &e) == SOURCE_PACKETS) {
		size_t m = 0;

		for (size_t i = 0; i < n; i++) {
			if (random32(&seed) % 100 >= keep)
				continue;
			batch[m] = batch[i];
			if (!records)
				batch[m].record = RECORD_NONE;
			m++;
		}
		for (size_t i = 0; i < m; i += done) {
			size_t some = m - i < most ? m - i : most;

			assert_int_equal(rotate_put(r, batch + i, some, &done, &e), ROTATE_OK);
			assert_int_equal(done, some);
		}
	}
	assert_true(rotate_close(r, &e));
	source_close(s);
}

static struct bytes
contents(const char *folder, const char *name)
{
	char path[512], chunk[4096];
	struct bytes b = { 0 };
	ssize_t n;
	int fd;

	snprintf(path, sizeof path, "%s/%s/%s", dir, folder, name);
	fd = open(path, O_RDONLY);
	assert_true(fd >= 0);
	while ((n = read(fd, chunk, sizeof chunk)) > 0)
		put(&b, chunk, (size_t)n);
	close(fd);
	unlink(path);
	return b;
}

/* The two folders have the same files; removes them. How many files there were. */
static unsigned
same(const char *one, const char *other)
{
	char path[128];
	struct dirent *d;
	unsigned n = 0;
	DIR *f;

	snprintf(path, sizeof path, "%s/%s", dir, one);
	f = opendir(path);
	assert_non_null(f);
	while ((d = readdir(f))) {
		struct bytes a, b;

		if (d->d_name[0] == '.')
			continue;
		a = contents(one, d->d_name);
		b = contents(other, d->d_name);
		assert_int_equal(a.n, b.n);
		assert_memory_equal(a.d, b.d, a.n);
		free(a.d);
		free(b.d);
		n++;
	}
	closedir(f);
	assert_int_equal(rmdir(path), 0);
	snprintf(path, sizeof path, "%s/%s", dir, other);
	assert_int_equal(rmdir(path), 0);	/* and nothing else */
	return n;
}

/* In runs and batches or packet by packet: the same files. */
static void
runs_make_the_same_files(void **state)
{
	static const char *const names[] = { "a.pcap", "a.pcapng" };
	static const uint64_t sizes[] = { 0, 1, 300, 3000, 70000 };
	uint64_t seed = 4;

	(void)state;
	for (unsigned round = 0; round < KINDS * 2 * 5 * 2; round++) {
		enum kind kind = round % KINDS;
		struct rotate_options o = { .name = names[round / KINDS % 2],
			.size = sizes[round / KINDS / 2 % 5],
			.writer = { .link = 1, .snaplen = 262144, .nano = round / KINDS / 2 / 5 } };
		unsigned n = o.size && o.size < 1000 ? 40 : 200 + random32(&seed) % 1000, keep = round % 4 == 0 ? 100 : random32(&seed) % 100;
		struct bytes in;
		unsigned files;
		char path[64];
		int fd;

		if (kind == PCAPNG_MANY && o.name == names[0])
			continue;	/* one file cannot have two link types */
		if (o.writer.nano && o.size && o.size < 70000)
			continue;	/* has no say in it */
		writer_options_by_name(o.name, &o.writer);
		if (o.size == 0)
			n *= 8;		/* larger than what is written at once */
		in = capture_of(kind, n, &seed);
		fd = memory_file(in.d, in.n, path);
		copy(path, "runs", &o, 256, true, keep, round);
		copy(path, "single", &o, 1, false, keep, round);
		files = same("runs", "single");
		if (o.size == 0)
			assert_int_equal(files, 1);
		else if (o.size < 100 && keep == 100)
			assert_int_equal(files, n + 1);	/* a header is too much already */
		close(fd);
		free(in.d);
	}
}

/* A copy from pcapng to pcapng keeps what is noted with the packets, and says whose they are by its own numbers. */
static void
blocks_keep_their_options(void **state)
{
	struct rotate_options o = { .name = "a.pcapng", .writer = { .format = CAPTURE_PCAPNG, .link = 1,
		.snaplen = 262144 } };
	struct bytes in = { .big = big }, body = { .big = big }, out;
	unsigned found = 0;
	char path[64];
	int fd;

	(void)state;
	for (int section = 0; section < 2; section++) {
		put32(&body, 0x1a2b3c4d);
		put16(&body, 1);
		put16(&body, 0);
		put32(&body, 0xffffffff);
		put32(&body, 0xffffffff);
		put_block(&in, 0x0a0d0d0a, &body);
		body.n = 0;
		/* the second section's only interface is the file's second */
		put_interface(&in, 1, section ? 9 : 6);
		for (unsigned i = 0; i < 9; i++)
			put_enhanced(&in, 0, i, 30, i % 3 == 0);
	}
	fd = memory_file(in.d, in.n, path);
	copy(path, "one", &o, 256, true, 100, 0);
	copy(path, "two", &o, 2, true, 100, 0);
	out = contents("one", o.name);
	for (size_t i = 0, len; i < out.n; i += len) {
		uint32_t head[3];

		memcpy(head, out.d + i, sizeof head);
		len = head[1];
		if (head[0] != 6)
			continue;
		assert_int_equal(head[2], found / 9);
		assert_int_equal(len, found % 3 == 0 ? 80 : 64);
		assert_true(len < 80 || memcmp(out.d + i + 64, "hello", 5) == 0);
		found++;
	}
	assert_int_equal(found, 18);
	free(out.d);
	free(contents("two", o.name).d);
	snprintf(path, sizeof path, "%s/one", dir);
	rmdir(path);
	snprintf(path, sizeof path, "%s/two", dir);
	rmdir(path);
	close(fd);
	free(in.d);
	free(body.d);
}

/* Everything compressed, in threads, has after decompression the bytes of the plain files. */
static void
compressed_files_have_the_same_packets(void **state)
{
	static const char *const names[] = { "a.gz", "a.zst", "a.lz4", "a.pcapng.zst" };
	uint64_t seed = 9;
	struct bytes in = capture_of(PCAP, 60000, &seed);
	char path[64], file[128];
	int fd = memory_file(in.d, in.n, path);

	(void)state;
	assert_true(in.n > 6 << 20);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		for (uint64_t size = 0; size < 2; size++) {
			struct rotate_options o = { .name = names[i], .size = size * 2000000,
				.writer = { .link = 1, .snaplen = 262144 } };
			size_t packets = 0, bytes = 24;

			writer_options_by_name(o.name, &o.writer);
			copy(path, "packed", &o, 256, true, 100, 0);
			for (unsigned k = 0;; k++) {
				struct packet batch[64] = { 0 };
				struct source *s;
				struct err e;
				size_t n;

				if (k == 0)
					snprintf(file, sizeof file, "%s/packed/%s", dir, names[i]);
				else
					snprintf(file, sizeof file, "%s/packed/%s%u", dir, names[i], k);
				if (access(file, F_OK) < 0)
					break;
				s = source_open_file(file, &e);
				assert_non_null(s);
				while (source_read(s, batch, 64, &n, &e) == SOURCE_PACKETS) {
					for (size_t j = 0; j < n; j++) {
						assert_memory_equal(batch[j].data, in.d + bytes + 16, batch[j].caplen);
						bytes += 16 + batch[j].caplen;
						packets++;
					}
				}
				source_close(s);
				unlink(file);
				assert_true(size || k == 0);
			}
			assert_int_equal(packets, 60000);
			assert_int_equal(bytes, in.n);
			snprintf(file, sizeof file, "%s/packed", dir);
			assert_int_equal(rmdir(file), 0);
		}
	}
	close(fd);
	free(in.d);
}

/* One name in turn: a file that is still being finished is not begun anew before that. */
static void
the_same_name_again(void **state)
{
	static const char *const names[] = { "a", "a.gz" };
	uint64_t seed = 5;
	struct bytes in = capture_of(PCAP, 3000, &seed);
	char path[64], file[128];
	int fd = memory_file(in.d, in.n, path);

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct rotate_options o = { .name = names[i], .size = 1000, .files = 1,
			.writer = { .link = 1, .snaplen = 262144 } };
		struct found f = { 0 };

		writer_options_by_name(o.name, &o.writer);
		copy(path, "turn", &o, 256, true, 100, 0);
		snprintf(file, sizeof file, "%s/turn/%s", dir, names[i]);
		read_path(&f, file, 7);
		assert_string_equal(f.e.text, "");
		assert_in_range(f.n, 1, 70);
		assert_true(f.packets[f.n - 1].sec == 1700002999);
		forget(&f);
		unlink(file);
		snprintf(file, sizeof file, "%s/turn", dir);
		rmdir(file);
	}
	close(fd);
	free(in.d);
}

enum { CLOSINGS = 200 };
static unsigned closed[CLOSINGS], n_closed, n_sound;
static pthread_mutex_t closed_lock = PTHREAD_MUTEX_INITIALIZER;

static void
note_closing(void *arg, bool sound)
{
	pthread_mutex_lock(&closed_lock);
	closed[n_closed++] = *(unsigned *)arg;
	n_sound += sound;
	pthread_mutex_unlock(&closed_lock);
}

static struct writer *
open_numbered(unsigned i, struct writer_options *o, char path[128])
{
	struct writer *w;
	struct err e;

	snprintf(path, 128, "%s/%u", dir, i);
	w = writer_open(path, o, &e);
	assert_non_null(w);
	return w;
}

/* Many files at once, closed in the order in which they were given up, each with what was put into it. */
static void
closings_keep_their_order(void **state)
{
	static uint8_t payload[200000];

	(void)state;
	for (int how = COMPRESS_NONE; how <= COMPRESS_LZ4; how++) {
		struct writer_options o = { .link = 1, .snaplen = 262144, .compression = how };
		unsigned numbers[CLOSINGS];
		char path[128];
		struct err e;

		o.press = press_new(how, &e);
		n_closed = n_sound = 0;
		for (unsigned i = 0; i < CLOSINGS; i++) {
			struct writer *w = open_numbered(i, &o, path);

			for (unsigned k = 0; k <= i % 20; k++) {
				struct packet p = { .data = payload, .caplen = i % 7 == 0 ? 200000 : i, .len = 200000,
					.sec = i, .link = 1 };

				assert_true(writer_put(w, &p, &e));
			}
			numbers[i] = i;
			assert_true(writer_finish(w, note_closing, &numbers[i], &e));
		}
		assert_true(press_free(o.press, &e));
		assert_int_equal(n_closed, CLOSINGS);
		assert_int_equal(n_sound, CLOSINGS);
		for (unsigned i = 0; i < CLOSINGS; i++) {
			struct found f = { 0 };

			assert_int_equal(closed[i], i);
			snprintf(path, sizeof path, "%s/%u", dir, i);
			read_path(&f, path, 7);
			assert_string_equal(f.e.text, "");
			assert_int_equal(f.n, i % 20 + 1);
			assert_int_equal(f.packets[i % 20].sec, i);
			forget(&f);
			unlink(path);
		}
	}
}

/* A flush and -U bring everything to the file before they return, also what is with other threads. */
static void
flushes_reach_the_file(void **state)
{
	(void)state;
	for (int how = COMPRESS_GZIP; how <= COMPRESS_LZ4; how++) {
		for (int buffered = 0; buffered < 2; buffered++) {
			struct writer_options o = { .link = 1, .snaplen = 500, .compression = how,
				.packet_buffered = buffered };
			struct packet p = { .data = (const uint8_t *)"some bytes", .caplen = 10, .len = 10, .link = 1 };
			struct writer *w;
			char path[128];
			struct err e;

			o.press = press_new(how, &e);
			w = open_numbered(0, &o, path);
			for (unsigned k = 1; k < 6; k++) {
				struct found f = { 0 };

				assert_true(writer_put(w, &p, &e));
				assert_true(buffered || writer_flush(w, &e));
				read_path(&f, path, 7);
				assert_string_equal(f.e.text, "");
				assert_int_equal(f.n, k);
				forget(&f);
			}
			assert_true(writer_close(w, &e));
			assert_true(press_free(o.press, &e));
			unlink(path);
		}
	}
}

/*
 * No room left while other threads write: told once, by whichever call comes next; what is in the files before is whole,
 * in order and complete but for what came after the failure.
 */
static void
failures_are_told_once(void **state)
{
	struct rlimit was, now;
	uint8_t noise[60000];
	uint64_t seed = 1;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &was);
	for (int how = COMPRESS_NONE; how <= COMPRESS_LZ4; how++) {
		struct writer_options o = { .link = 1, .snaplen = 262144, .compression = how };
		unsigned told = 0, put = 0;
		struct found f = { 0 };
		struct writer *w;
		char path[128];
		struct err e;

		o.press = press_new(how, &e);
		w = open_numbered(0, &o, path);
		now = was;
		now.rlim_cur = 3500000;
		setrlimit(RLIMIT_FSIZE, &now);
		for (; put < 400 && told == 0; put++) {
			struct packet p = { .data = noise, .caplen = sizeof noise, .len = sizeof noise, .sec = put,
				.link = 1 };

			make_noise(noise, sizeof noise, &seed);
			told += !writer_put(w, &p, &e);
		}
		assert_int_equal(told, 1);
		assert_non_null(strstr(e.text, "File too large"));
		assert_true(writer_finish(w, NULL, NULL, &e));
		assert_true(press_free(o.press, &e));
		setrlimit(RLIMIT_FSIZE, &was);
		read_path(&f, path, 7);
		assert_string_equal(f.e.text, "");
		/* frames of a MiB: all but the last three before the limit are there */
		assert_in_range(f.n, (how == COMPRESS_NONE ? 3400000 : 2300000) / sizeof noise, put - 1);
		forget(&f);
		unlink(path);
	}
}

/* The last bytes of a file that is rotated out do not fit: the next file is whole, and rotate_close tells it if nobody has. */
static void
failures_at_the_end(void **state)
{
	struct packet p = { .data = (const uint8_t *)"0123456789", .caplen = 10, .len = 10, .link = 1 };
	struct rlimit was, now;
	char path[128];

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &was);
	for (int last = 0; last < 2; last++) {
		struct rotate_options o = { .name = path, .size = 100, .writer = { .link = 1, .snaplen = 500 } };
		struct rotate *r;
		unsigned told = 0;
		size_t done;
		struct err e;

		snprintf(path, sizeof path, "%s/a", dir);
		r = rotate_open(&o, &e);
		assert_non_null(r);
		now = was;
		now.rlim_cur = 60;
		setrlimit(RLIMIT_FSIZE, &now);
		for (unsigned i = 0; i < (last ? 3 : 4000) && !told; i++)
			told += rotate_put(r, &p, 1, &done, &e) != ROTATE_OK;
		assert_int_equal(told, !last);
		told += !rotate_close(r, &e);
		setrlimit(RLIMIT_FSIZE, &was);
		assert_int_equal(told, 1);
		assert_non_null(strstr(e.text, "File too large"));
		for (unsigned i = 0;; i++) {
			struct found f = { 0 };

			if (i > 0)
				snprintf(path, sizeof path, "%s/a%u", dir, i);
			if (access(path, F_OK) < 0)
				break;
			read_path(&f, path, 7);
			assert_string_equal(f.e.text, "");
			assert_in_range(f.n, 0, 1);
			forget(&f);
			unlink(path);
		}
	}
}

/* A file system that is really full, where we may make one. */
static void
full_file_system(void **state)
{
	static const char *const names[] = { "a", "a.zst" };
	uint8_t noise[1400];
	uint64_t seed = 1;
	char path[128];

	(void)state;
	if (geteuid() != 0 || unshare(CLONE_NEWNS) < 0 || mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("none", dir, "tmpfs", 0, "size=3m") < 0)
		skip();
	for (int i = 0; i < 4; i++) {
		struct rotate_options o = { .name = path, .size = i / 2 * 700000,
			.writer = { .link = 1, .snaplen = 500000 } };
		unsigned told = 0, put = 0, found = 0;
		struct rotate *r;
		size_t done;
		struct err e;

		snprintf(path, sizeof path, "%s/%s", dir, names[i % 2]);
		writer_options_by_name(path, &o.writer);
		r = rotate_open(&o, &e);
		assert_non_null(r);
		for (; put < 20000 && !told; put++) {
			struct packet p = { .data = noise, .caplen = sizeof noise, .len = sizeof noise, .sec = put, .link = 1 };

			make_noise(noise, sizeof noise, &seed);
			told += rotate_put(r, &p, 1, &done, &e) != ROTATE_OK;
		}
		told += !rotate_close(r, &e);
		assert_int_equal(told, 1);
		assert_non_null(strstr(e.text, "No space left on device"));
		for (unsigned k = 0;; k++) {
			struct found f = { 0 };

			if (k > 0)
				snprintf(path, sizeof path, "%s/%s%u", dir, names[i % 2], k);
			if (access(path, F_OK) < 0)
				break;
			read_path(&f, path, 63);
			/*
			 * A file begun on the full disk may lack its header, or have what follows a last piece of the
			 * one before that did not fit.
			 */
			if (f.n > 0)
				assert_in_range(f.packets[0].sec, found, found + (o.size ? (1 << 20) / sizeof noise : 0));
			found += (unsigned)f.n;
			forget(&f);
			unlink(path);
		}
		assert_in_range(found, (i % 2 ? 900000 : 2800000) / (int)sizeof noise, put);
	}
	assert_int_equal(umount(dir), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs_make_the_same_files),
		cmocka_unit_test(blocks_keep_their_options),
		cmocka_unit_test(compressed_files_have_the_same_packets),
		cmocka_unit_test(the_same_name_again),
		cmocka_unit_test(closings_keep_their_order),
		cmocka_unit_test(flushes_reach_the_file),
		cmocka_unit_test(failures_are_told_once),
		cmocka_unit_test(failures_at_the_end),
		cmocka_unit_test(full_file_system),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
