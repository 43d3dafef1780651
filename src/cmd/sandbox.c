#include "cmd/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cmd/privilege.h"
#include "cmd/say.h"

/* What younger kernels know and <linux/landlock.h> may not yet. */
enum {
	FS_REFER = 1 << 13, FS_TRUNCATE = 1 << 14, FS_IOCTL_DEV = 1 << 15,
	NET_BIND_TCP = 1 << 0, NET_CONNECT_TCP = 1 << 1,
	SCOPE_ABSTRACT_UNIX = 1 << 0, SCOPE_SIGNAL = 1 << 1,
};

struct ruleset_attr {
	uint64_t fs, net, scoped;
};

/* Rights on files of every version, and what each later one added. */
enum { FS_ABI1 = (1 << 13) - 1 };

struct allowed {
	char *path;
	uint32_t rights;
};

struct sandbox {
	struct allowed *paths;
	size_t n, room;
};

static const uint32_t READ = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
static const uint32_t WRITE = LANDLOCK_ACCESS_FS_WRITE_FILE | FS_TRUNCATE;

struct sandbox *
sandbox_new(void)
{
	return calloc(1, sizeof(struct sandbox));
}

void
sandbox_free(struct sandbox *s)
{
	for (size_t i = 0; s && i < s->n; i++)
		free(s->paths[i].path);
	if (s)
		free(s->paths);
	free(s);
}

static bool
allow(struct sandbox *s, const char *path, size_t len, uint32_t rights)
{
	if (s->n == s->room) {
		size_t room = s->room ? 2 * s->room : 16;
		struct allowed *more = reallocarray(s->paths, room, sizeof *more);

		if (!more)
			return false;
		s->paths = more;
		s->room = room;
	}
	s->paths[s->n] = (struct allowed) { strndup(path, len), rights };
	return s->paths[s->n].path && ++s->n;
}

bool
sandbox_read(struct sandbox *s, const char *path)
{
	return strcmp(path, "-") == 0 || allow(s, path, strlen(path), READ);
}

bool
sandbox_write_in(struct sandbox *s, const char *directory)
{
	return allow(s, directory, strlen(directory),
	    READ | WRITE | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE);
}

bool
sandbox_write(struct sandbox *s, const char *name, bool several)
{
	size_t fixed = several ? strcspn(name, "%") : strlen(name);
	struct stat st;

	if (strcmp(name, "-") == 0)
		return true;
	if (!several && stat(name, &st) == 0)
		return allow(s, name, strlen(name), WRITE);
	while (fixed > 0 && name[fixed - 1] != '/')
		fixed--;
	return allow(s, fixed ? name : ".", fixed ? fixed : 1, WRITE | LANDLOCK_ACCESS_FS_MAKE_REG);
}

/* --- Landlock ------------------------------------------------------------------------------------------------------------ */

static int
landlock_abi(void)
{
	return (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

static uint32_t
fs_rights(int abi)
{
	return FS_ABI1 | (abi >= 2 ? FS_REFER : 0) | (abi >= 3 ? FS_TRUNCATE : 0) | (abi >= 5 ? FS_IOCTL_DEV : 0);
}

/* Of a file's rights only those that a file can have. */
static bool
add_rule(int set, const struct allowed *a, uint32_t known, struct err *e)
{
	static const uint32_t of_files = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | FS_TRUNCATE;
	struct landlock_path_beneath_attr rule = { .allowed_access = a->rights & known };
	int fd = open(a->path, O_PATH | O_CLOEXEC);
	struct stat st;
	bool ok;

	if (fd < 0)
		return true;		/* whoever opens it will say why it cannot be */
	if (fstat(fd, &st) == 0 && !S_ISDIR(st.st_mode))
		rule.allowed_access &= of_files;
	rule.parent_fd = fd;
	/* EBADFD: a pipe's or a socket's, by /dev/fd: no such name is limited. */
	ok = syscall(SYS_landlock_add_rule, set, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0 || errno == EBADFD ||
	    err_set(e, "sandbox: %s: %s", a->path, strerror(errno));
	close(fd);
	return ok;
}

static bool
enter_landlock(const struct sandbox *s, int abi, struct err *e)
{
	struct ruleset_attr attr = { .fs = fs_rights(abi) };
	size_t size = abi >= 6 ? sizeof attr : abi >= 4 ? 16 : 8;
	bool ok = true;
	int set;

	if (abi >= 4)
		attr.net = NET_BIND_TCP | NET_CONNECT_TCP;
	if (abi >= 6)
		attr.scoped = SCOPE_ABSTRACT_UNIX | SCOPE_SIGNAL;
	set = (int)syscall(SYS_landlock_create_ruleset, &attr, size, 0);
	if (set < 0)
		return err_set(e, "sandbox: Landlock: %s", strerror(errno));
	privilege_raise(true);		/* to name what only root can reach */
	for (size_t i = 0; ok && i < s->n; i++)
		ok = add_rule(set, &s->paths[i], fs_rights(abi), e);
	privilege_raise(false);
	if (ok && syscall(SYS_landlock_restrict_self, set, 0) != 0)
		ok = err_set(e, "sandbox: Landlock: %s", strerror(errno));
	close(set);
	return ok;
}

/* --- system calls ---------------------------------------------------------------------------------------------------------- */

/* Whatever their arguments are. */
static const int harmless[] = {
	/* open files: reading, writing, waiting */
	SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(pwrite64),
	SCMP_SYS(lseek), SCMP_SYS(close), SCMP_SYS(fstat), SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(fcntl),
	SCMP_SYS(ftruncate), SCMP_SYS(fsync), SCMP_SYS(fdatasync), SCMP_SYS(sync_file_range), SCMP_SYS(fadvise64),
	SCMP_SYS(fallocate), SCMP_SYS(copy_file_range), SCMP_SYS(fchown), SCMP_SYS(dup), SCMP_SYS(dup2), SCMP_SYS(dup3),
	SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(select), SCMP_SYS(pselect6), SCMP_SYS(getdents64),
	/* files by name: which ones is Landlock's business */
	SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(access), SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2), SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(mkdir), SCMP_SYS(mkdirat), SCMP_SYS(getcwd),
	SCMP_SYS(unlinkat),
	/* sockets that are open: rings of packets, their counts and filters, the aide */
	SCMP_SYS(recvfrom), SCMP_SYS(recvmsg), SCMP_SYS(sendto), SCMP_SYS(sendmsg), SCMP_SYS(getsockopt),
	SCMP_SYS(setsockopt), SCMP_SYS(getsockname), SCMP_SYS(bind), SCMP_SYS(shutdown), SCMP_SYS(eventfd2), SCMP_SYS(pipe2),
	/* memory and threads */
	SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(brk), SCMP_SYS(futex), SCMP_SYS(set_robust_list),
	SCMP_SYS(rseq), SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity), SCMP_SYS(gettid), SCMP_SYS(getpid),
	SCMP_SYS(membarrier), SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(set_tid_address),
	/* signals and time */
	SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack),
	SCMP_SYS(rt_sigtimedwait), SCMP_SYS(restart_syscall), SCMP_SYS(alarm), SCMP_SYS(setitimer), SCMP_SYS(pause),
	SCMP_SYS(clock_gettime), SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep), SCMP_SYS(gettimeofday), SCMP_SYS(time),
	/* who we are, and what the machine is like */
	SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getegid), SCMP_SYS(getrandom), SCMP_SYS(uname),
	SCMP_SYS(sysinfo), SCMP_SYS(prlimit64), SCMP_SYS(getrusage),
	/* the capability that a later file may need, into force and out of it */
	SCMP_SYS(capset), SCMP_SYS(capget),
};

/* Refused with an error, because a library asks without need, or has another way. */
static const struct { int call, error; } refused[] = {
	{ SCMP_SYS(clone3), ENOSYS },		/* its flags cannot be looked at; clone's can */
	{ SCMP_SYS(socket), EACCES },
	{ SCMP_SYS(connect), EACCES },
	{ SCMP_SYS(sched_setaffinity), EPERM },
	{ SCMP_SYS(sysfs), ENOSYS },
	{ SCMP_SYS(statfs), EACCES },
};

/* Requests of ioctl about terminals and files; those of sockets (SIOC...) are told by their upper byte. */
static const uint32_t requests[] = { TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO };
enum { SIOC_MASK = 0xff00, SIOC = 0x8900 };

static bool
add_calls(scmp_filter_ctx f)
{
	bool ok = true;

	for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
		ok &= harmless[i] < 0 || seccomp_rule_add(f, SCMP_ACT_ALLOW, harmless[i], 0) == 0;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		ok &= seccomp_rule_add(f, SCMP_ACT_ERRNO((uint16_t)refused[i].error), refused[i].call, 0) == 0;
	for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
		ok &= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
		    SCMP_A1_32(SCMP_CMP_EQ, requests[i])) == 0;
	return ok && seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
	    SCMP_A1_32(SCMP_CMP_MASKED_EQ, SIOC_MASK, SIOC)) == 0;
}

/* Memory that is writable and executable at once is never made; clone makes threads and nothing else. */
static bool
add_conditions(scmp_filter_ctx f)
{
	static const int maps[] = { SCMP_SYS(mmap), SCMP_SYS(mprotect) };
	bool ok = true;

	for (int i = 0; i < 2; i++) {
		ok &= seccomp_rule_add(f, SCMP_ACT_ALLOW, maps[i], 1,
		    SCMP_A2_32(SCMP_CMP_MASKED_EQ, PROT_WRITE | PROT_EXEC, 0)) == 0;
		ok &= seccomp_rule_add(f, SCMP_ACT_ALLOW, maps[i], 1,
		    SCMP_A2_32(SCMP_CMP_MASKED_EQ, PROT_WRITE | PROT_EXEC, PROT_WRITE)) == 0;
		ok &= seccomp_rule_add(f, SCMP_ACT_ALLOW, maps[i], 1,
		    SCMP_A2_32(SCMP_CMP_MASKED_EQ, PROT_WRITE | PROT_EXEC, PROT_EXEC)) == 0;
	}
	ok &= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
	    SCMP_A0_32(SCMP_CMP_MASKED_EQ, CLONE_VM | CLONE_THREAD, CLONE_VM | CLONE_THREAD)) == 0;
	/* Signals to ourselves alone: abort(3). */
	ok &= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
	    SCMP_A0_32(SCMP_CMP_EQ, (uint32_t)getpid())) == 0;
	ok &= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1, SCMP_A0_32(SCMP_CMP_EQ, PR_SET_NAME)) == 0;
	ok &= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1, SCMP_A0_32(SCMP_CMP_EQ, 0x53564d41)) == 0; /* PR_SET_VMA */
	return ok;
}

static bool
enter_seccomp(struct err *e)
{
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int r = -ENOMEM;

	if (f && add_calls(f) && add_conditions(f))
		r = seccomp_load(f);
	if (f)
		seccomp_release(f);
	return r == 0 || err_set(e, "sandbox: seccomp: %s", strerror(-r));
}

/* --- both ------------------------------------------------------------------------------------------------------------------ */

/* A line of /proc/self/status in words. */
static void
report_line(FILE *to, const char *line)
{
	static const struct { const char *key, *what; } lines[] = {
		{ "Uid:", "user (real, effective, saved, file system)" },
		{ "CapEff:", "capabilities in force" },
		{ "CapPrm:", "capabilities that can be put into force" },
		{ "NoNewPrivs:", "no_new_privs" },
		{ "Seccomp:", "seccomp (2: a list of system calls)" },
	};

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		size_t n = strlen(lines[i].key);

		if (strncmp(line, lines[i].key, n) == 0)
			fprintf(to, "%-44s %s", lines[i].what, line + n + strspn(line + n, " \t"));
	}
}

static void
report_all(FILE *to, FILE *status, const struct sandbox *s, int abi)
{
	char line[512];

	while (fgets(line, sizeof line, status))
		report_line(to, line);
	if (abi <= 0)
		fprintf(to, "%-44s %s\n", "Landlock", "not in this kernel");
	else
		fprintf(to, "%-44s version %d%s%s\n", "Landlock", abi, abi >= 4 ? ", no TCP" : "",
		    abi >= 6 ? ", no signals and abstract sockets outside" : "");
	for (size_t i = 0; i < s->n; i++)
		fprintf(to, "%-44s %s\n", s->paths[i].rights & WRITE ? "may write" : "may read", s->paths[i].path);
	if (s->n == 0)
		fprintf(to, "%-44s %s\n", "files that may be opened", "none");
}

#ifdef __has_feature
#define CLANG_SANITIZES (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
	__has_feature(memory_sanitizer))
#else
#define CLANG_SANITIZES 0
#endif

/*
 * A program that is being examined by a sanitizer or by valgrind does things beneath that a sandbox would not let it do; what
 * it examines is the same without.
 */
static bool
is_examined(void)
{
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__ || CLANG_SANITIZES
	return true;
#else
	const char *preload = getenv("LD_PRELOAD");

	return preload && strstr(preload, "vgpreload");
#endif
}

bool
sandbox_enter(struct sandbox *s, FILE *report, struct err *e)
{
	/* Opened while that is possible. */
	FILE *status = report ? fopen("/proc/self/status", "re") : NULL;
	int abi = landlock_abi();
	bool ok = true;

	if (is_examined()) {
		if (report)
			fputs("no sandbox: the program is being examined\n", report);
	} else if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
		ok = err_set(e, "sandbox: %s", strerror(errno));
	} else {
		if (abi <= 0)
			say_warning("this kernel has no Landlock: the sandbox does not limit which files can be opened");
		else
			ok = enter_landlock(s, abi, e);
		ok = ok && enter_seccomp(e);
	}
	if (ok && status)
		report_all(report, status, s, abi);
	if (status)
		fclose(status);
	return ok;
}
