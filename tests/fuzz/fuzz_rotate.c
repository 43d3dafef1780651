/*
 * -w's files: a name, which may be a template of strftime(3), with -C, -G and -W as the first bytes say, a clock that runs as
 * they say, and packets of the rest. What is written lies in one folder, in memory where there is /dev/shm.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "io/rotate.h"

enum { HEAD = 8, INPUT_MAX = 1024, OP = 3, BYTES_MAX = 300, PACKETS_MAX = 40 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static time_t now;
static unsigned told;

/* The clock of the files' names. */
__attribute__((visibility("default"))) time_t
time(time_t *t)
{
	if (t)
		*t = now;
	return now;
}

static void
fail(const char *what)
{
	fprintf(stderr, "limit broken: %s\n", what);
	abort();
}

static void
on_finished(void *ctx, const char *path)
{
	(void)ctx;
	if (strlen(path) > 4096)
		fail("length of a file's name");
	__atomic_add_fetch(&told, 1, __ATOMIC_RELAXED);
}

static char folder[64];
static int home = -1;		/* where we were */

/* Removes what is in the folder, where we are. */
static void
tidy(void)
{
	const struct dirent *entry;
	DIR *d = opendir(".");

	if (!d)
		abort();
	while ((entry = readdir(d)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			unlink(entry->d_name);
	closedir(d);
}

static void
folder_remove(void)
{
	rmdir(folder);
}

/* Into a folder that nobody else uses. */
static void
folder_enter(void)
{
	if (home < 0) {
		home = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		snprintf(folder, sizeof folder, "%s/fuzz_rotate.XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
		if (!mkdtemp(folder))
			abort();
		atexit(folder_remove);
	}
	if (home < 0 || chdir(folder) < 0)
		abort();
}

static void
folder_leave(void)
{
	tidy();
	if (fchdir(home) < 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t packet[BYTES_MAX];
	const uint8_t *nul;
	struct rotate_options o = { .finished = on_finished };
	struct rotate *r;
	struct err e;
	unsigned expected = 1;
	char *name;

	if (size < HEAD + 2 || size > INPUT_MAX || (nul = memchr(data + HEAD, 0, size - HEAD)) == NULL)
		return 0;
	/* Nowhere else: no folders. strftime makes some of its own, which do not exist. */
	name = strdup((const char *)data + HEAD);
	if (!name || strchr(name, '/') || strcmp(name, "-") == 0) {
		free(name);
		return 0;
	}
	folder_enter();
	now = (time_t)(int32_t)((uint32_t)data[0] << 24 | (uint32_t)data[1] << 16 | (uint32_t)data[2] << 8 | data[3]);
	if (data[4] & 128)
		now = (time_t)((uint64_t)now << 30);
	o.name = name;
	o.size = data[4] & 1 ? 1024 + data[5] * 4u : 0;	/* no less can be said */
	o.seconds = data[4] & 2 ? 1 + data[6] : 0;
	o.files = data[4] & 4 ? data[7] : data[4] & 8 ? data[7] * 1000u : 0;
	o.writer.snaplen = 262144;
	o.writer.link = 1;
	o.writer.format = data[4] & 16 ? CAPTURE_PCAPNG : CAPTURE_PCAP;
	o.writer.compression = (data[4] >> 5 & 3) == 3 ? COMPRESS_GZIP : COMPRESS_NONE;
	told = 0;
	r = rotate_open(&o, &e);
	if (r) {
		enum rotate_result result = ROTATE_OK;
		const uint8_t *p = nul + 1;

		for (unsigned i = 0; i < PACKETS_MAX && result == ROTATE_OK && data + size - p >= OP; i++, p += OP) {
			struct packet k = { .data = packet, .caplen = p[0], .len = p[0] + p[1], .link = 1, .sec = i };
			size_t done;

			now = (time_t)((uint64_t)now + (uint64_t)(int64_t)(int8_t)p[2]);
			result = rotate_put(r, &k, 1, &done, &e);
			if (strlen(rotate_path(r)) == 0)
				fail("a file without a name");
			expected++;
		}
		rotate_flush(r, &e);
		rotate_close(r, &e);
		if (told > expected)
			fail("files finished that were not begun");
	}
	free(name);
	folder_leave();
	return 0;
}
