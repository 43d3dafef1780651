#include "cmd/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cmd/privilege.h"

/* What younger kernels know and <linux/landlock.h> may not yet. */
enum {
	FS_REFER = 1 << 13, FS_TRUNCATE = 1 << 14, FS_IOCTL_DEV = 1 << 15,
	NET_BIND_TCP = 1 << 0, NET_CONNECT_TCP = 1 << 1,
	SCOPE_ABSTRACT_UNIX = 1 << 0, SCOPE_SIGNAL = 1 << 1,
	RULE_NET_PORT = 2,
	FS_FIRST = (1 << 13) - 1,	/* of the first version */
};

struct ruleset_attr {
	uint64_t fs, net, scoped;
};

struct port_attr {
	uint64_t rights, port;
};

static const struct { unsigned right; uint32_t directory, file; } rights[] = {
	{ LANDLOCK_READ, LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR, LANDLOCK_ACCESS_FS_READ_FILE },
	{ LANDLOCK_WRITE, LANDLOCK_ACCESS_FS_WRITE_FILE | FS_TRUNCATE, LANDLOCK_ACCESS_FS_WRITE_FILE | FS_TRUNCATE },
	{ LANDLOCK_MAKE, LANDLOCK_ACCESS_FS_MAKE_REG, 0 },
	{ LANDLOCK_REMOVE, LANDLOCK_ACCESS_FS_REMOVE_FILE, 0 },
};

int
landlock_version(void)
{
	int version = (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	return version > 0 ? version : 0;
}

static uint32_t
known(int version)
{
	return FS_FIRST | (version >= 2 ? FS_REFER : 0) | (version >= 3 ? FS_TRUNCATE : 0) |
	    (version >= 5 ? FS_IOCTL_DEV : 0);
}

static bool
add_path(int set, const struct landlock_path *p, int version, struct err *e)
{
	struct landlock_path_beneath_attr rule = { .parent_fd = open(p->path, O_PATH | O_CLOEXEC) };
	uint32_t allowed = 0;
	struct stat st;
	bool ok;

	if (rule.parent_fd < 0)	/* whoever opens it will say why it cannot be, or it has to be said now */
		return (errno != EMFILE && errno != ENFILE) || err_set(e, "sandbox: %s: %s", p->path, strerror(errno));
	ok = fstat(rule.parent_fd, &st) == 0;
	for (size_t i = 0; i < sizeof rights / sizeof *rights; i++)
		if (p->rights & rights[i].right)
			allowed |= ok && S_ISDIR(st.st_mode) ? rights[i].directory : rights[i].file;
	rule.allowed_access = allowed & known(version);
	/* EBADFD: a pipe's or a socket's, by /dev/fd: no such name is limited. */
	ok = rule.allowed_access == 0 || syscall(SYS_landlock_add_rule, set, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0 ||
	    errno == EBADFD || err_set(e, "sandbox: %s: %s", p->path, strerror(errno));
	close(rule.parent_fd);
	return ok;
}

static bool
add_port(int set, uint16_t port, struct err *e)
{
	struct port_attr rule = { NET_CONNECT_TCP, port };

	return syscall(SYS_landlock_add_rule, set, RULE_NET_PORT, &rule, 0) == 0 ||
	    err_set(e, "sandbox: port %u: %s", port, strerror(errno));
}

bool
landlock_enter(const struct landlock_path *paths, size_t n, uint16_t port, struct err *e)
{
	int version = landlock_version(), set;
	struct ruleset_attr attr = { .fs = known(version) };
	size_t size = version >= LANDLOCK_KNOWS_SCOPES ? sizeof attr : version >= LANDLOCK_KNOWS_TCP ? 16 : 8;
	bool ok = true;

	if (version >= LANDLOCK_KNOWS_TCP)
		attr.net = NET_BIND_TCP | NET_CONNECT_TCP;
	if (version >= LANDLOCK_KNOWS_SCOPES)
		attr.scoped = SCOPE_ABSTRACT_UNIX | SCOPE_SIGNAL;
	set = (int)syscall(SYS_landlock_create_ruleset, &attr, size, 0);
	if (set < 0)
		return err_set(e, "sandbox: Landlock: %s", strerror(errno));
	privilege_raise(true);		/* to name what only root can reach */
	for (size_t i = 0; ok && i < n; i++)
		ok = add_path(set, &paths[i], version, e);
	privilege_raise(false);
	if (ok && port && version >= LANDLOCK_KNOWS_TCP)
		ok = add_port(set, port, e);
	if (ok && syscall(SYS_landlock_restrict_self, set, 0) != 0)
		ok = err_set(e, "sandbox: Landlock: %s", strerror(errno));
	close(set);
	return ok;
}
