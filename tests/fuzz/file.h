/*
 * For the targets that read capture files: the bytes as a file, and every packet in it looked at.
 */
#pragma once

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "io/source.h"

enum { FUZZ_BATCH = 5, FUZZ_PACKETS = 100000 };

/*
 * Reads each byte that a packet claims to have, so that a sanitizer sees it, and checks what every
 * source promises.
 */
static inline void
look_at(const struct source *s, const struct packet *k)
{
	static volatile uint8_t sink;

	assert(k->iface < s->n_ifaces);
	assert(k->link == s->ifaces[k->iface].link);
	for (uint32_t i = 0; i < k->caplen; i++)
		sink ^= k->data[i];
	(void)sink;
}

static inline void
read_as_file(const uint8_t *data, size_t size)
{
	static int fd = -1;
	static char path[64];
	struct packet batch[FUZZ_BATCH];
	struct source *s;
	struct err e;
	size_t n, all = 0;

	if (fd < 0) {
		fd = memfd_create("fuzz", MFD_CLOEXEC);
		assert(fd >= 0);
		snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	}
	if (ftruncate(fd, 0) < 0 || pwrite(fd, data, size, 0) != (ssize_t)size)
		abort();
	s = source_open_file(path, &e);
	if (!s) {
		assert(memchr(e.text, 0, sizeof e.text));
		return;
	}
	while (all < FUZZ_PACKETS && source_read(s, batch, FUZZ_BATCH, &n, &e) == SOURCE_PACKETS) {
		assert(n >= 1 && n <= FUZZ_BATCH);
		for (size_t i = 0; i < n; i++)
			look_at(s, &batch[i]);
		all += n;
	}
	source_close(s);
}
