/* Landlock, the kernel's list of files that a process may open, with what each version of it knows. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum landlock_right {
	LANDLOCK_READ = 1,	/* a file, or what is in a directory and below */
	LANDLOCK_WRITE = 2,	/* what is there */
	LANDLOCK_MAKE = 4,	/* new files in a directory and below */
	LANDLOCK_REMOVE = 8,	/* files there, taken away */
};

struct landlock_path {
	char *path;
	unsigned rights;
};

enum { LANDLOCK_KNOWS_TCP = 4, LANDLOCK_KNOWS_SCOPES = 6 };

/* The version that the kernel has; 0: it has none, or it is switched off. */
int landlock_version(void);

/*
 * From now on the calling thread, and threads started by it, can open these n paths and nothing else; TCP connections are
 * made to this port (0: to none) and accepted at none; signals and abstract sockets of other processes are out of reach, as far
 * as the version knows of it. What does not exist is passed over. Needs no_new_privs.
 */
bool landlock_enter(const struct landlock_path *paths, size_t n, uint16_t port, struct err *e);
