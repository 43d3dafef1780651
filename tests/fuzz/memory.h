/* Files for what wants a path: in memory, found under /proc/self/fd. */
#pragma once

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MEMORY_PATH = 32 };

struct memory_file {
	int fd;
	char path[MEMORY_PATH];		/* empty: it has not been written yet */
};

/* From now on these bytes are all that is in it. Zeroed, the file begins to exist. */
static inline void
memory_write(struct memory_file *f, const void *p, size_t n)
{
	if (f->path[0] == '\0') {
		f->fd = memfd_create("fuzz", MFD_CLOEXEC);
		snprintf(f->path, sizeof f->path, "/proc/self/fd/%d", f->fd);
	}
	if (f->fd < 0 || ftruncate(f->fd, 0) < 0 || pwrite(f->fd, p, n, 0) != (ssize_t)n)
		abort();
}
