/* What a process in the sandbox can do, tried in children: what must work ends with 0, what must not with SIGSYS or an error. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd/sandbox.h"

#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__ || defined __SANITIZE_MEMORY__
#define EXAMINED 1
#elif defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define EXAMINED 1
#endif
#endif

static char folder[] = "/tmp/wt-sandbox-XXXXXX";
static char allowed[64], forbidden[64], output[64];

enum { WORKS = 0, REFUSED = 1, UNEXPECTED = 2 };

/* How a child ends that enters the sandbox and then does this: its status, or minus the signal. */
static int
in_sandbox(int (*what)(void))
{
	const struct rlimit no_core = { 0, 0 };
	int status;
	pid_t child = fork();

	if (child == 0) {
		struct sandbox *s = sandbox_new();
		struct err e;

		setrlimit(RLIMIT_CORE, &no_core);
		if (!s || !sandbox_read(s, allowed) || !sandbox_write_in(s, output) || !sandbox_enter(s, NULL, &e))
			_exit(99);
		_exit(what());
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static int
opens(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	if (fd >= 0)
		return WORKS;
	return errno == EACCES || errno == EPERM ? REFUSED : UNEXPECTED;
}

static int
reads_input(void)
{
	char c;
	int fd = open(allowed, O_RDONLY | O_CLOEXEC);

	return fd >= 0 && read(fd, &c, 1) == 1 ? WORKS : UNEXPECTED;
}

static int reads_other(void) { return opens(forbidden, O_RDONLY); }
static int reads_passwords(void) { return opens("/etc/passwd", O_RDONLY); }
static int reads_self(void) { return opens("/proc/self/maps", O_RDONLY); }
static int writes_input(void) { return opens(allowed, O_WRONLY); }
static int writes_home(void) { return opens("/tmp/wt-sandbox-elsewhere", O_WRONLY | O_CREAT); }

static int
writes_output(void)
{
	char path[96];

	snprintf(path, sizeof path, "%s/new", output);
	return opens(path, O_WRONLY | O_CREAT | O_TRUNC);
}

static int
removes_output(void)
{
	char path[96];

	snprintf(path, sizeof path, "%s/new", output);
	return unlink(path) == 0 ? WORKS : REFUSED;
}

static int makes_socket(void) { return socket(AF_INET, SOCK_STREAM, 0) >= 0 ? WORKS : REFUSED; }
static int makes_packet_socket(void) { return socket(AF_PACKET, SOCK_RAW, 0) >= 0 ? WORKS : REFUSED; }
static int runs_program(void) { execl("/bin/true", "true", (char *)NULL); return UNEXPECTED; }
static int forks(void) { return fork() >= 0 ? WORKS : UNEXPECTED; }
static int traces(void) { return ptrace(PTRACE_TRACEME, 0, 0, 0) == 0 ? WORKS : UNEXPECTED; }
static int kills(void) { return kill(getppid(), 0) == 0 ? WORKS : UNEXPECTED; }
static int becomes_root(void) { return setuid(0) == 0 ? WORKS : UNEXPECTED; }
static int types_for_user(void) { return ioctl(0, TIOCSTI, "x") == 0 ? WORKS : UNEXPECTED; }
static int mounts(void) { return chroot("/") == 0 ? WORKS : UNEXPECTED; }

static int
makes_writable_code(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED ?
	    WORKS : UNEXPECTED;
}

static int
makes_code(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p != MAP_FAILED && mprotect(p, 4096, PROT_READ | PROT_EXEC) == 0 ? WORKS : UNEXPECTED;
}

static void *
thread(void *p)
{
	*(int *)p = 1;
	return NULL;
}

static int
makes_threads(void)
{
	pthread_t t;
	int ran = 0;

	return pthread_create(&t, NULL, thread, &ran) == 0 && pthread_join(t, NULL) == 0 && ran ? WORKS : UNEXPECTED;
}

static void
test_what_is_needed_works(void **state)
{
	(void)state;
	assert_int_equal(in_sandbox(reads_input), WORKS);
	assert_int_equal(in_sandbox(writes_output), WORKS);
	assert_int_equal(in_sandbox(makes_threads), WORKS);
	assert_int_equal(in_sandbox(makes_code), WORKS);
}

static void
test_files_beside_are_refused(void **state)
{
	(void)state;
	assert_int_equal(in_sandbox(reads_other), REFUSED);
	assert_int_equal(in_sandbox(reads_passwords), REFUSED);
	assert_int_equal(in_sandbox(reads_self), REFUSED);
	assert_int_equal(in_sandbox(writes_input), REFUSED);
	assert_int_equal(in_sandbox(writes_home), REFUSED);
	assert_int_equal(in_sandbox(makes_socket), REFUSED);
	assert_int_equal(in_sandbox(makes_packet_socket), REFUSED);
}

static void
test_all_else_kills(void **state)
{
	(void)state;
	assert_int_equal(in_sandbox(runs_program), -SIGSYS);
	assert_int_equal(in_sandbox(forks), -SIGSYS);
	assert_int_equal(in_sandbox(traces), -SIGSYS);
	assert_int_equal(in_sandbox(kills), -SIGSYS);
	assert_int_equal(in_sandbox(becomes_root), -SIGSYS);
	assert_int_equal(in_sandbox(types_for_user), -SIGSYS);
	assert_int_equal(in_sandbox(mounts), -SIGSYS);
	assert_int_equal(in_sandbox(makes_writable_code), -SIGSYS);
	assert_int_equal(in_sandbox(removes_output), -SIGSYS);
}

static int
prepare(void **state)
{
	FILE *f;

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(allowed, sizeof allowed, "%s/in", folder);
	snprintf(forbidden, sizeof forbidden, "%s/other", folder);
	snprintf(output, sizeof output, "%s/out", folder);
	for (int i = 0; i < 2; i++) {
		f = fopen(i ? forbidden : allowed, "w");
		if (!f || fputs("x", f) < 0 || fclose(f) != 0)
			return -1;
	}
	return mkdir(output, 0700);
}

static int
clean(void **state)
{
	char path[96];

	(void)state;
	snprintf(path, sizeof path, "%s/new", output);
	unlink(path);
	unlink(allowed);
	unlink(forbidden);
	rmdir(output);
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_needed_works),
		cmocka_unit_test(test_files_beside_are_refused),
		cmocka_unit_test(test_all_else_kills),
	};

#ifdef EXAMINED
	return 77;	/* there is no sandbox under a sanitizer */
#endif
	if (getenv("LD_PRELOAD") && strstr(getenv("LD_PRELOAD"), "vgpreload"))
		return 77;
	return cmocka_run_group_tests(tests, prepare, clean);
}
