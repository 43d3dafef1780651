#include "cmd/privilege.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define DEFAULT_USER "tcpdump"

static uint32_t kept;	/* capabilities, as bits */

/* Who was asked for last: in the sandbox nobody can be. */
static struct user {
	const char *name;
	uid_t uid;
	gid_t gid;
} known;

/* The user of this name, which must outlive the program; NULL: there is none. */
static const struct user *
user_find(const char *name)
{
	const struct passwd *pw;

	if (known.name && strcmp(known.name, name) == 0)
		return &known;
	pw = getpwnam(name);
	if (!pw)
		return NULL;
	known = (struct user) { name, pw->pw_uid, pw->pw_gid };
	return &known;
}

const char *
privilege_user(const char *named, struct err *e)
{
	e->text[0] = '\0';
	/* A set-user-ID program becomes who called it, and nobody else. */
	if (getuid() != 0)
		return NULL;
	if (!named)
		return user_find(DEFAULT_USER) ? DEFAULT_USER : NULL;
	if (strcmp(named, "root") == 0)
		return NULL;
	if (!user_find(named)) {
		err_set(e, "Couldn't find user '%.32s'", named);
		return NULL;
	}
	return named;
}

void
privilege_real(void)
{
	if (setgid(getgid()) != 0 || setuid(getuid()) != 0)
		fprintf(stderr, "Warning: setgid/setuid failed !\n");
}

void
privilege_lend(bool real)
{
	static uid_t user;
	static gid_t group;

	if (real) {
		user = geteuid();
		group = getegid();
	}
	if ((real && (setegid(getgid()) != 0 || seteuid(getuid()) != 0)) ||
	    (!real && (seteuid(user) != 0 || setegid(group) != 0)))
		fprintf(stderr, "Warning: setgid/setuid failed !\n");
}

void
privilege_give(const char *path, const char *user)
{
	const struct user *u = user_find(user);
	struct stat st;
	int fd;

	if (!u || strcmp(path, "-") == 0)
		return;
	/* A file of its own and nothing else: not a device, nor what a link of either kind is. */
	fd = open(path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_nlink == 1)
		(void)!fchown(fd, u->uid, u->gid);
	close(fd);
}

void
privilege_give_made(int fd, const char *user)
{
	const struct user *u = user_find(user);

	if (u)
		(void)!fchown(fd, u->uid, u->gid);
}

static bool
capabilities_set(uint32_t effective, uint32_t permitted)
{
	struct __user_cap_header_struct h = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct d[2] = { { effective, permitted, 0 }, { 0, 0, 0 } };

	return syscall(SYS_capset, &h, d) == 0;
}

/* Are there none to give up? */
static bool
capabilities_none(void)
{
	struct __user_cap_header_struct h = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct d[2];
	int was = errno;
	bool none = syscall(SYS_capget, &h, d) == 0 && (d[0].permitted | d[1].permitted) == 0;

	errno = was;
	return none;
}

static uint32_t
bits_of(unsigned keep)
{
	return (keep & KEEP_WRITE ? 1u << CAP_DAC_OVERRIDE : 0) | (keep & KEEP_READ ? 1u << CAP_DAC_READ_SEARCH : 0) |
	    (keep & KEEP_GIVE ? 1u << CAP_CHOWN : 0);
}

bool
privilege_drop(const char *user, unsigned keep, struct err *e)
{
	const struct user *u = user ? user_find(user) : NULL;

	if (user && !u)
		return err_set(e, "Couldn't find user '%.32s'", user);
	if (geteuid() == 0)
		kept = bits_of(keep);
	if (kept)
		prctl(PR_SET_KEEPCAPS, 1);
	if (u && (initgroups(user, u->gid) != 0 || setgid(u->gid) != 0 || setuid(u->uid) != 0))
		return err_set(e, "Couldn't change to '%.32s' uid=%lu gid=%lu: %s", user,
		    (unsigned long)u->uid, (unsigned long)u->gid, strerror(errno));
	/* A container may not have had all of them. */
	while (!capabilities_set(0, kept)) {
		if (!kept)
			return capabilities_none() || err_set(e, "Couldn't give up capabilities: %s", strerror(errno));
		kept &= kept - 1;
	}
	return true;
}

void
privilege_settle(unsigned keep)
{
	kept &= bits_of(keep);
	capabilities_set(0, kept);
}

void
privilege_raise(bool raise)
{
	if (kept)
		capabilities_set(raise ? kept : 0, kept);
}
