/* Giving up root: what -Z asks for, and what Debian's tcpdump does by itself. */
#pragma once

#include <stdbool.h>

#include "base/err.h"

enum privilege_keep {
	KEEP_NOTHING = 0,
	KEEP_WRITE = 1,		/* -w will open more files: anywhere, as root could */
	KEEP_READ = 2,		/* files will be read: any file, as root could */
	KEEP_GIVE = 4,		/* privilege_give will be called */
};

/*
 * The user to become when run as root: the one named, unless that is root; by default "tcpdump", if there is such
 * a user. NULL: stay. *e is set, and NULL returned, when the named user does not exist.
 */
const char *privilege_user(const char *named, struct err *e);

/* Back to the real user and group of a set-user-ID program; warns when that fails. */
void privilege_real(void);
/* The same for a while, until it is called with false: for files that are named by who called it. */
void privilege_lend(bool real);

/* Makes path, which root has just created, the user's. */
void privilege_give(const char *path, const char *user);
/* The same with what is open: surely just created, so whatever it is. */
void privilege_give_made(int fd, const char *user);

/*
 * Becomes user (NULL: stays) for good, and gives up all that root can do but for what is kept, as capabilities that are
 * out of force until privilege_raise. Call before any thread is started.
 */
bool privilege_drop(const char *user, unsigned keep, struct err *e);

/* Keeps no more than this of it. */
void privilege_settle(unsigned keep);

/* Puts what was kept into force, or out of it. */
void privilege_raise(bool raise);
