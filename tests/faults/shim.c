/*
 * Faults made to order, for tests: preloaded, it lets library calls fail as the environment says.
 *
 * FAULTS=CALL[/NAME]=ERROR@WHEN,... lets calls of open, read, write, writev, poll, close, fsync, fdatasync, ftruncate,
 * getsockopt or mmap fail, with NAME only those on files whose path contains it. WHEN counts such calls: N is that one, N+ it and
 * all that follow, %N each Nth. SHORT as ERROR lets a call read or write one byte; with WAIT it takes a while, and
 * works.
 * FAULT_MEMORY=WHEN lets allocations fail likewise, and the number of those asked for is told at the end.
 * FAULT_CLOCK=AFTER:STEP puts the wall clock STEP seconds on (or back) once AFTER seconds have passed since the start.
 */
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#pragma GCC visibility push(default)

enum { FAULTS_MAX = 8, RANGES_MAX = 32, SHORT = -1, WAIT = -2, A_WHILE = 600000 };

enum rule { ONCE, FROM, EACH };

struct when {
	enum rule rule;
	unsigned n;
	atomic_uint seen;
};

struct fault {
	char call[16], name[64];
	int error;
	struct when when;
};

static struct fault faults[FAULTS_MAX];
static unsigned n_faults;
static struct when memory;
static bool count_memory, step_clock;
static double step_after, step_by;
static struct timespec started;
static struct {
	uintptr_t from, to;
} ranges[RANGES_MAX];
static unsigned n_ranges;

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

static const struct {
	const char *name;
	int error;
} errors[] = {
	{ "EIO", EIO }, { "EINTR", EINTR }, { "ENOSPC", ENOSPC }, { "EAGAIN", EAGAIN }, { "EROFS", EROFS }, { "EDQUOT", EDQUOT },
	{ "EMFILE", EMFILE }, { "ESTALE", ESTALE }, { "ENOMEM", ENOMEM }, { "EPIPE", EPIPE }, { "SHORT", SHORT },
	{ "WAIT", WAIT },
};

static void
parse_when(struct when *w, const char *s)
{
	size_t n = strlen(s);

	w->rule = *s == '%' ? EACH : n > 0 && s[n - 1] == '+' ? FROM : ONCE;
	w->n = (unsigned)strtoul(*s == '%' ? s + 1 : s, NULL, 10);
}

static bool
is_due(struct when *w)
{
	unsigned seen = atomic_fetch_add(&w->seen, 1) + 1;

	return w->rule == ONCE ? seen == w->n : w->rule == FROM ? seen >= w->n : w->n && seen % w->n == 0;
}

/* Where the code of those is whose allocations count. */
static int
note_range(struct dl_phdr_info *o, size_t size, void *arg)
{
	static const char *const libraries[] = { "libz.", "libzstd.", "liblz4.", "liblzma.", "libbz2.", "libpcre2" };
	bool ours = o->dlpi_name[0] == '\0';

	(void)size;
	(void)arg;
	for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++)
		ours |= strstr(o->dlpi_name, libraries[i]) != NULL;
	for (int i = 0; ours && i < o->dlpi_phnum && n_ranges < RANGES_MAX; i++) {
		const ElfW(Phdr) *p = &o->dlpi_phdr[i];

		if (p->p_type == PT_LOAD && (p->p_flags & PF_X)) {
			ranges[n_ranges].from = o->dlpi_addr + p->p_vaddr;
			ranges[n_ranges++].to = o->dlpi_addr + p->p_vaddr + p->p_memsz;
		}
	}
	return 0;
}

static void __attribute__((constructor))
begin(void)
{
	const char *spec = getenv("FAULTS"), *m = getenv("FAULT_MEMORY"), *c = getenv("FAULT_CLOCK");

	while (spec && *spec && n_faults < FAULTS_MAX) {
		struct fault *f = &faults[n_faults];
		char one[128], name[16] = "", when[16] = "";
		size_t n = strcspn(spec, ",");

		snprintf(one, sizeof one, "%.*s", (int)n, spec);
		spec += n + (spec[n] == ',');
		if (sscanf(one, "%15[a-z]/%63[^=]=%15[A-Z]@%15s", f->call, f->name, name, when) != 4 &&
		    sscanf(one, "%15[a-z]=%15[A-Z]@%15s", f->call, name, when) != 3)
			abort();
		for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
			if (strcmp(errors[i].name, name) == 0)
				f->error = errors[i].error;
		if (f->error == 0)
			abort();
		parse_when(&f->when, when);
		n_faults++;
	}
	if (c && sscanf(c, "%lf:%lf", &step_after, &step_by) == 2) {
		clock_gettime(CLOCK_MONOTONIC, &started);
		step_clock = true;
	}
	if (m) {
		dl_iterate_phdr(note_range, NULL);
		parse_when(&memory, m);
		count_memory = true;
	}
}

static void __attribute__((destructor))
end(void)
{
	if (count_memory) {
		char text[64];
		int n = snprintf(text, sizeof text, "allocations: %u\n", atomic_load(&memory.seen));

		count_memory = false;
		syscall(SYS_write, 2, text, (size_t)n);
	}
}

/* Which error the call is to fail with; 0: none. */
static int
fault(const char *call, int fd, const char *path)
{
	char link[64], name[256] = "";
	int was = errno, error = 0;

	for (unsigned i = 0; i < n_faults && !error; i++) {
		struct fault *f = &faults[i];

		if (strcmp(f->call, call) != 0)
			continue;
		if (f->name[0] && fd >= 0) {
			snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
			ssize_t n = readlink(link, name, sizeof name - 1);
			name[n > 0 ? n : 0] = '\0';
			path = name;
		}
		if ((!f->name[0] || (path && strstr(path, f->name))) && is_due(&f->when))
			error = f->error;
	}
	if (error == WAIT) {
		usleep(A_WHILE);
		error = 0;
	}
	errno = was;
	return error;
}

#define FAIL(call, fd, path)						\
	int error = fault(call, fd, path);				\
	if (error > 0) {						\
		errno = error;						\
		return -1;						\
	}

int
open(const char *path, int flags, ...)
{
	unsigned mode = 0;
	va_list ap;
	FAIL("open", -1, path)

	va_start(ap, flags);
	if (flags & (O_CREAT | O_TMPFILE))
		mode = va_arg(ap, unsigned);
	va_end(ap);
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

/* What checked calls become. */
ssize_t __read_chk(int fd, void *p, size_t n, size_t room);
int __poll_chk(struct pollfd *f, nfds_t n, int timeout, size_t room);

ssize_t
__read_chk(int fd, void *p, size_t n, size_t room)
{
	if (n > room)
		abort();
	return read(fd, p, n);
}

int
__poll_chk(struct pollfd *f, nfds_t n, int timeout, size_t room)
{
	if (n > room / sizeof *f)
		abort();
	return poll(f, n, timeout);
}

ssize_t
read(int fd, void *p, size_t n)
{
	FAIL("read", fd, NULL)
	return syscall(SYS_read, fd, p, error == SHORT && n > 1 ? 1 : n);
}

ssize_t
write(int fd, const void *p, size_t n)
{
	FAIL("write", fd, NULL)
	return syscall(SYS_write, fd, p, error == SHORT && n > 1 ? 1 : n);
}

ssize_t
writev(int fd, const struct iovec *v, int n)
{
	FAIL("writev", fd, NULL)
	if (error == SHORT)
		for (int i = 0; i < n; i++)
			if (v[i].iov_len > 0)
				return syscall(SYS_write, fd, v[i].iov_base, (size_t)1);
	return syscall(SYS_writev, fd, v, n);
}

int
poll(struct pollfd *f, nfds_t n, int timeout)
{
	FAIL("poll", -1, NULL)
	return (int)syscall(SYS_poll, f, n, timeout);
}

int
close(int fd)
{
	int failed = fault("close", fd, NULL);
	int r = (int)syscall(SYS_close, fd);

	if (failed > 0) {
		errno = failed;
		return -1;
	}
	return r;
}

int
fsync(int fd)
{
	FAIL("fsync", fd, NULL)
	return (int)syscall(SYS_fsync, fd);
}

int
fdatasync(int fd)
{
	FAIL("fdatasync", fd, NULL)
	return (int)syscall(SYS_fdatasync, fd);
}

int
ftruncate(int fd, off_t n)
{
	FAIL("ftruncate", fd, NULL)
	return (int)syscall(SYS_ftruncate, fd, n);
}

int
getsockopt(int fd, int level, int name, void *p, socklen_t *n)
{
	FAIL("getsockopt", fd, NULL)
	return (int)syscall(SYS_getsockopt, fd, level, name, p, n);
}

void *
mmap(void *at, size_t n, int prot, int flags, int fd, off_t from)
{
	int error = fd >= 0 ? fault("mmap", fd, NULL) : 0;

	if (error > 0) {
		errno = error;
		return MAP_FAILED;
	}
	return (void *)syscall(SYS_mmap, at, n, prot, flags, fd, from);
}

/* --- memory ------------------------------------------------------------------------------------------------------------- */

/* Only what the program asks for, and compressors and matchers for it: how the C library copes is its own business. */
static bool
is_refused(const void *caller)
{
	bool ours = false;

	if (!count_memory)
		return false;
	for (unsigned i = 0; i < n_ranges && !ours; i++)
		ours = (uintptr_t)caller >= ranges[i].from && (uintptr_t)caller < ranges[i].to;
	if (!ours || !is_due(&memory))
		return false;
	errno = ENOMEM;
	return true;
}

#define REFUSED is_refused(__builtin_return_address(0))

void *
malloc(size_t n)
{
	return REFUSED ? NULL : __libc_malloc(n);
}

void *
calloc(size_t n, size_t size)
{
	return REFUSED ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *p, size_t n)
{
	return REFUSED ? NULL : __libc_realloc(p, n);
}

void *
reallocarray(void *p, size_t n, size_t size)
{
	size_t all;

	return __builtin_mul_overflow(n, size, &all) || REFUSED ? NULL : __libc_realloc(p, all);
}

void *
aligned_alloc(size_t align, size_t n)
{
	return REFUSED ? NULL : __libc_memalign(align, n);
}

int
posix_memalign(void **p, size_t align, size_t n)
{
	void *got = REFUSED ? NULL : __libc_memalign(align, n);

	if (!got)
		return ENOMEM;
	*p = got;
	return 0;
}

static char *
copy(const char *s, size_t n)
{
	char *p = __libc_malloc(n + 1);

	if (p) {
		memcpy(p, s, n);
		p[n] = '\0';
	}
	return p;
}

char *
strdup(const char *s)
{
	return REFUSED ? NULL : copy(s, strlen(s));
}

char *
strndup(const char *s, size_t n)
{
	return REFUSED ? NULL : copy(s, strnlen(s, n));
}

/* --- the wall clock ----------------------------------------------------------------------------------------------------- */

static double
stepped(void)
{
	struct timespec now;

	if (!step_clock)
		return 0;
	syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - started.tv_sec) + (double)(now.tv_nsec - started.tv_nsec) / 1e9 >= step_after ?
	    step_by : 0;
}

int
clock_gettime(clockid_t clock, struct timespec *t)
{
	int r = (int)syscall(SYS_clock_gettime, clock, t);

	if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)
		t->tv_sec += (time_t)stepped();
	return r;
}

time_t
time(time_t *to)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	if (to)
		*to = t.tv_sec;
	return t.tv_sec;
}

int
gettimeofday(struct timeval *to, void *zone)
{
	struct timespec t;

	(void)zone;
	clock_gettime(CLOCK_REALTIME, &t);
	to->tv_sec = t.tv_sec;
	to->tv_usec = t.tv_nsec / 1000;
	return 0;
}
