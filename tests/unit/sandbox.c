/* What a process in the sandbox can do, tried in children: what must work ends with 0, what must not with SIGSYS or an error. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/examined.h"
#include "cmd/landlock.h"
#include "cmd/privilege.h"
#include "cmd/sandbox.h"
#include "cmd/say.h"

static char folder[] = "/tmp/wt-sandbox-XXXXXX";
static char allowed[64], forbidden[64], output[64];

enum { WORKS = 0, REFUSED = 1, UNEXPECTED = 2 };

/* Sockets of the kinds that a capture has; -1 where they cannot be had. */
static int packets = -1, netfilter = -1, near = -1, far = -1;

/* A sandbox, and what it is for. */
struct box {
	enum sandbox_role role;
	bool writes, captures, talks;
};

static const struct box reader = { SANDBOX_READER, .writes = true };
static const struct box looker = { SANDBOX_READER };
static const struct box capturer = { SANDBOX_READER, .captures = true, .talks = true };
static const struct box asker = { SANDBOX_ASKER };
static const struct box opener = { SANDBOX_OPENER, .talks = true };

static bool
enter(const struct box *b)
{
	struct sandbox *s = sandbox_new(b->role);
	struct err e;

	return s && sandbox_read(s, allowed) && (!b->writes || sandbox_write_in(s, output)) &&
	    (!b->captures || (sandbox_capture(s, packets) && sandbox_capture(s, netfilter))) &&
	    (!b->talks || sandbox_talk(s, near)) && sandbox_enter(s, NULL, "", &e);
}

/* How a child ends that enters the sandbox and then does this: its status, or minus the signal. */
static int
in(const struct box *b, int (*what)(void))
{
	const struct rlimit no_core = { 0, 0 };
	int status;
	pid_t child = fork();

	if (child == 0) {
		setrlimit(RLIMIT_CORE, &no_core);
		_exit(enter(b) ? what() : 99);
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

static int
makes_folder(void)
{
	char path[96];

	snprintf(path, sizeof path, "%s/folder", output);
	return mkdir(path, 0700) == 0 ? WORKS : REFUSED;
}

static int makes_socket(void) { return socket(AF_INET, SOCK_STREAM, 0) >= 0 ? WORKS : REFUSED; }
static int makes_datagram_socket(void) { return socket(AF_INET, SOCK_DGRAM, 0) >= 0 ? WORKS : REFUSED; }
static int makes_packet_socket(void) { return socket(AF_PACKET, SOCK_RAW, 0) >= 0 ? WORKS : REFUSED; }
static int runs_program(void) { execl("/bin/true", "true", (char *)NULL); return UNEXPECTED; }
static int forks(void) { return fork() >= 0 ? WORKS : UNEXPECTED; }
static int traces(void) { return ptrace(PTRACE_TRACEME, 0, 0, 0) == 0 ? WORKS : UNEXPECTED; }
static int kills(void) { return kill(getppid(), 0) == 0 ? WORKS : UNEXPECTED; }
static int is_owned(void) { return fcntl(0, F_SETOWN, getppid()) == 0 ? WORKS : UNEXPECTED; }
static int becomes_root(void) { return setuid(0) == 0 ? WORKS : UNEXPECTED; }

/* A pointer of which the lower half is zero is one all the same. */
static int
sets_limit(void)
{
	const size_t around = (size_t)1 << 32;
	char *room = mmap(NULL, 2 * around, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	struct rlimit *limit = (struct rlimit *)(((uintptr_t)room + around - 1) & ~(around - 1));

	if (room == MAP_FAILED || mprotect(limit, 4096, PROT_READ | PROT_WRITE) != 0)
		return REFUSED;
	return syscall(SYS_prlimit64, 0, RLIMIT_CORE, limit, NULL) == 0 ? WORKS : UNEXPECTED;
}

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

/* --- what a capture could be misused for ----------------------------------------------------------------------------- */

static int sends_frame(void) { return send(packets, "x", 1, 0) >= 0 ? WORKS : UNEXPECTED; }
static int writes_frame(void) { return write(packets, "x", 1) >= 0 ? WORKS : UNEXPECTED; }
static int reads_frame(void) { return recv(packets, &(char) { 0 }, 1, MSG_DONTWAIT) >= 0 || errno == EAGAIN ? WORKS : UNEXPECTED; }

static int
writes_frame_in_parts(void)
{
	struct iovec part = { (void *)"x", 1 };

	return writev(packets, &part, 1) >= 0 ? WORKS : UNEXPECTED;
}

static int
sends_frame_as_message(void)
{
	struct iovec part = { (void *)"x", 1 };
	struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1 };

	return sendmsg(packets, &m, 0) >= 0 ? WORKS : UNEXPECTED;
}

static int
listens_elsewhere(void)
{
	struct sockaddr_ll a = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };

	return bind(packets, (struct sockaddr *)&a, sizeof a) == 0 ? WORKS : UNEXPECTED;
}

static int
makes_sending_ring(void)
{
	return setsockopt(packets, SOL_PACKET, PACKET_TX_RING, "", 1) == 0 ? WORKS : UNEXPECTED;
}

static int
changes_filter(void)
{
	struct sock_filter none = { BPF_RET | BPF_K, 0, 0, 0 };
	struct sock_fprog p = { 1, &none };

	return setsockopt(packets, SOL_SOCKET, SO_ATTACH_FILTER, &p, sizeof p) == 0 ? WORKS : UNEXPECTED;
}

static int
counts_packets(void)
{
	struct tpacket_stats s;
	socklen_t n = sizeof s;

	return getsockopt(packets, SOL_PACKET, PACKET_STATISTICS, &s, &n) == 0 ? WORKS : UNEXPECTED;
}

static int
looks_at_interface(void)
{
	struct ifreq q = { .ifr_ifindex = 1 };

	return ioctl(packets, SIOCGIFNAME, &q) == 0 && ioctl(packets, SIOCGIFFLAGS, &q) == 0 ? WORKS : UNEXPECTED;
}

static int
switches_interface_off(void)
{
	return ioctl(packets, SIOCSIFFLAGS, &(struct ifreq) { .ifr_name = "no" }) == 0 ? WORKS : UNEXPECTED;
}

static int gives_verdict(void) { return send(netfilter, "x", 1, 0) >= 0 || errno != EPERM ? WORKS : UNEXPECTED; }
static int talks(void) { return send(near, "x", 1, MSG_NOSIGNAL) == 1 ? WORKS : UNEXPECTED; }
static int talks_elsewhere(void) { return send(far, "x", 1, MSG_NOSIGNAL) == 1 ? WORKS : UNEXPECTED; }
static int gives_number(void) { return dup2(packets, near) >= 0 ? WORKS : UNEXPECTED; }
static int gives_any_number(void) { return fcntl(packets, F_DUPFD, 0) >= 0 ? WORKS : UNEXPECTED; }

static int
hands_over(void)
{
	union { struct cmsghdr head; char room[CMSG_SPACE(sizeof(int))]; } u = { 0 };
	struct iovec part = { (void *)"x", 1 };
	struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = u.room, .msg_controllen = sizeof u.room };
	int fd = open(allowed, O_RDONLY | O_CLOEXEC);

	u.head = (struct cmsghdr) { CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS };
	memcpy(CMSG_DATA(&u.head), &fd, sizeof fd);
	return sendmsg(near, &m, MSG_NOSIGNAL) == 1 ? WORKS : UNEXPECTED;
}

static int asks_for_ring(void) { return (int)syscall(SYS_io_uring_setup, 1, NULL) < 0 ? UNEXPECTED : WORKS; }
static int
reads_others(void)
{
	struct iovec part = { output, 1 };

	return process_vm_readv(getppid(), &part, 1, &part, 1, 0) == 1 ? WORKS : UNEXPECTED;
}
static int creates(void) { return opens("/tmp/wt-sandbox-elsewhere", O_WRONLY | O_CREAT); }
static int overwrites(void) { return opens(allowed, O_RDWR); }

/* --- what names need ------------------------------------------------------------------------------------------------- */

static int
connects(int kind, uint16_t port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, kind, 0);

	if (fd < 0)
		return UNEXPECTED;
	if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0 || errno == ECONNREFUSED)
		return WORKS;
	return errno == EACCES ? REFUSED : UNEXPECTED;
}

static int asks_by_datagram(void) { return connects(SOCK_DGRAM, 53); }
static int asks_by_stream(void) { return connects(SOCK_STREAM, 53); }
static int surfs(void) { return connects(SOCK_STREAM, 80); }

static int
looks_up(void)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST }, *found;

	return getaddrinfo("127.0.0.1", "80", &hints, &found) == 0 ? WORKS : UNEXPECTED;
}

static int
listens(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	return listen(fd, 1) == 0 ? WORKS : UNEXPECTED;
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
	assert_int_equal(in(&reader, reads_input), WORKS);
	assert_int_equal(in(&reader, writes_output), WORKS);
	assert_int_equal(in(&reader, makes_threads), WORKS);
	assert_int_equal(in(&reader, makes_code), WORKS);
}

static void
test_files_beside_are_refused(void **state)
{
	(void)state;
	assert_int_equal(in(&reader, reads_other), REFUSED);
	assert_int_equal(in(&reader, reads_passwords), REFUSED);
	assert_int_equal(in(&reader, reads_self), REFUSED);
	assert_int_equal(in(&reader, writes_input), REFUSED);
	assert_int_equal(in(&reader, writes_home), REFUSED);
	assert_int_equal(in(&reader, makes_socket), REFUSED);
	assert_int_equal(in(&reader, makes_packet_socket), REFUSED);
}

static void
test_all_else_kills(void **state)
{
	static int (*const deeds[])(void) = {
		runs_program, forks, traces, kills, is_owned, sets_limit, becomes_root, types_for_user, mounts, makes_writable_code, removes_output, makes_folder,
		talks_elsewhere, gives_number, gives_any_number, asks_for_ring, reads_others, listens_elsewhere, changes_filter,
		counts_packets, sends_frame, sends_frame_as_message, makes_sending_ring, switches_interface_off,
	};

	(void)state;
	for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
		print_message("deed %zu\n", i);
		assert_int_equal(in(&reader, deeds[i]), -SIGSYS);
		assert_int_equal(in(&looker, deeds[i]), -SIGSYS);
	}
}

/* Without output there is no file to be made, by no call. */
static void
test_who_writes_no_file_makes_none(void **state)
{
	(void)state;
	assert_int_equal(in(&looker, reads_input), WORKS);
	assert_int_equal(in(&looker, creates), -SIGSYS);
	assert_int_equal(in(&looker, overwrites), -SIGSYS);
}

static void
test_a_capture_sends_nothing(void **state)
{
	static int (*const deeds[])(void) = {
		sends_frame, writes_frame, writes_frame_in_parts, sends_frame_as_message, listens_elsewhere, makes_sending_ring,
		switches_interface_off, talks_elsewhere, gives_number, gives_any_number, asks_for_ring, hands_over,
	};

	(void)state;
	if (packets < 0)
		skip();		/* needs CAP_NET_RAW */
	assert_int_equal(in(&capturer, reads_frame), WORKS);
	assert_int_equal(in(&capturer, counts_packets), WORKS);
	assert_int_equal(in(&capturer, changes_filter), WORKS);
	assert_int_equal(in(&capturer, looks_at_interface), WORKS);
	assert_int_equal(in(&capturer, talks), WORKS);
	if (netfilter >= 0)
		assert_int_equal(in(&capturer, gives_verdict), WORKS);
	for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
		print_message("deed %zu\n", i);
		assert_int_equal(in(&capturer, deeds[i]), -SIGSYS);
	}
}

/* The helper that asks for names. */
static void
test_an_asker_asks(void **state)
{
	(void)state;
	assert_int_equal(in(&asker, looks_up), WORKS);
	assert_int_equal(in(&asker, asks_by_datagram), WORKS);
	assert_int_equal(in(&asker, asks_by_stream), WORKS);
	assert_int_equal(in(&asker, makes_threads), WORKS);
	if (landlock_version() >= LANDLOCK_KNOWS_TCP)
		assert_int_equal(in(&asker, surfs), REFUSED);
	assert_int_equal(in(&asker, reads_other), REFUSED);
	assert_int_equal(in(&asker, makes_packet_socket), -SIGSYS);
	assert_int_equal(in(&asker, creates), -SIGSYS);
	assert_int_equal(in(&asker, overwrites), -SIGSYS);
	assert_int_equal(in(&asker, runs_program), -SIGSYS);
	assert_int_equal(in(&asker, forks), -SIGSYS);
	assert_int_equal(in(&asker, kills), -SIGSYS);
	assert_int_equal(in(&asker, is_owned), -SIGSYS);
	assert_int_equal(in(&asker, sets_limit), -SIGSYS);
	assert_int_equal(in(&asker, traces), -SIGSYS);
	assert_int_equal(in(&asker, listens), -SIGSYS);
	assert_int_equal(in(&asker, becomes_root), -SIGSYS);
	assert_int_equal(in(&asker, makes_writable_code), -SIGSYS);
}

/* The helper that opens files. */
static void
test_an_opener_opens(void **state)
{
	(void)state;
	assert_int_equal(in(&opener, reads_input), WORKS);
	assert_int_equal(in(&opener, hands_over), WORKS);
	assert_int_equal(in(&opener, makes_socket), REFUSED);
	assert_int_equal(in(&opener, makes_datagram_socket), REFUSED);
	assert_int_equal(in(&opener, creates), -SIGSYS);
	assert_int_equal(in(&opener, overwrites), -SIGSYS);
	assert_int_equal(in(&opener, runs_program), -SIGSYS);
	assert_int_equal(in(&opener, forks), -SIGSYS);
	assert_int_equal(in(&opener, makes_threads), -SIGSYS);
	assert_int_equal(in(&opener, kills), -SIGSYS);
	assert_int_equal(in(&opener, talks_elsewhere), -SIGSYS);
}

/* --- kernels that lack a piece ----------------------------------------------------------------------------------------- */

/* Enters beneath a filter by which the kernel does not know these calls; what was said, and how it ended. */
static int
without(int call, int error, int (*what)(void), char *said, size_t room)
{
	int ends[2], status;
	pid_t child;
	ssize_t n;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		scmp_filter_ctx f = seccomp_init(SCMP_ACT_ALLOW);

		dup2(ends[1], STDERR_FILENO);
		say_as("wiretape");
		if (!f || seccomp_rule_add(f, SCMP_ACT_ERRNO((uint16_t)error), call, 0) != 0 ||
		    (call == SCMP_SYS(seccomp) && seccomp_rule_add(f, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(prctl), 1,
		    SCMP_A0_32(SCMP_CMP_EQ, PR_SET_SECCOMP)) != 0) || seccomp_load(f) != 0)
			_exit(98);
		_exit(enter(&reader) ? what() : 99);
	}
	close(ends[1]);
	n = read(ends[0], said, room - 1);
	said[n > 0 ? n : 0] = '\0';
	assert_int_equal(read(ends[0], said + (n > 0 ? n : 0), 1), 0);
	close(ends[0]);
	waitpid(child, &status, 0);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static void
test_what_is_missing_is_said(void **state)
{
	static const char no_landlock[] =
	    "wiretape: WARNING: this kernel has no Landlock: the sandbox does not limit which files can be opened\n";
	static const char no_seccomp[] =
	    "wiretape: WARNING: this kernel has no seccomp: the sandbox does not limit which system calls can be made\n";
	char said[512];

	(void)state;
	/* Not in the kernel, and switched off when it started. */
	for (int i = 0; i < 2; i++) {
		assert_int_equal(without(SCMP_SYS(landlock_create_ruleset), i ? EOPNOTSUPP : ENOSYS, reads_other, said,
		    sizeof said), WORKS);
		assert_string_equal(said, no_landlock);
	}
	assert_int_equal(without(SCMP_SYS(landlock_create_ruleset), ENOSYS, forks, said, sizeof said), -SIGSYS);
	assert_int_equal(without(SCMP_SYS(seccomp), ENOSYS, forks, said, sizeof said), WORKS);
	assert_string_equal(said, no_seccomp);
	assert_int_equal(without(SCMP_SYS(seccomp), ENOSYS, reads_other, said, sizeof said), REFUSED);
}

/* --- giving up root ------------------------------------------------------------------------------------------------------ */

static int
drops(void)
{
	struct err e;

	if (privilege_drop(NULL, KEEP_NOTHING, &e))
		return WORKS;
	return strcmp(e.text, "Couldn't give up capabilities: Operation not permitted") == 0 ? REFUSED : UNEXPECTED;
}

/* Where the system does not let capabilities go, root does not go on as if they had gone. */
static void
test_capabilities_go_or_it_ends(void **state)
{
	int status;
	pid_t child;

	(void)state;
	for (int i = 0; i < 2; i++) {
		child = fork();
		if (child == 0) {
			scmp_filter_ctx f = seccomp_init(SCMP_ACT_ALLOW);

			if (i == 1 && setuid(65534) != 0)
				_exit(97);
			prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
			if (!f || seccomp_rule_add(f, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(capset), 0) != 0 || seccomp_load(f) != 0)
				_exit(98);
			_exit(drops());
		}
		waitpid(child, &status, 0);
		if (geteuid() != 0)
			skip();
		assert_int_equal(WEXITSTATUS(status), i == 0 ? REFUSED : WORKS);
	}
}

static int
prepare(void **state)
{
	int ends[2];
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
	packets = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	netfilter = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return -1;
	near = ends[0];
	far = ends[1];
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
		cmocka_unit_test(test_who_writes_no_file_makes_none),
		cmocka_unit_test(test_a_capture_sends_nothing),
		cmocka_unit_test(test_an_asker_asks),
		cmocka_unit_test(test_an_opener_opens),
		cmocka_unit_test(test_what_is_missing_is_said),
		cmocka_unit_test(test_capabilities_go_or_it_ends),
	};

	if (is_examined())
		return 77;	/* there is no sandbox then */
	return cmocka_run_group_tests(tests, prepare, clean);
}
