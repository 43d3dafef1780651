#include "cmd/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sched.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* A system call, and whose it is; with a mask: only if this argument, so masked, is that. */
struct call {
	int number;
	unsigned work;
	struct { unsigned at; uint64_t mask, is; } first, second;
};

enum {
	READ = CALLS_READ, WRITE = CALLS_WRITE, CAPTURE = CALLS_CAPTURE, ASK = CALLS_ASK, OPEN = CALLS_OPEN, ALL = CALLS_ALL,
	USBMON_STATS = 0x9203, USBMON_FLUSH = 0x9208,	/* of usbmon, the lower half of a request */
	USBMON_FETCH = 0x9207,
};

/* What opening a file must not say if it is to be only read. */
static const uint64_t MODES = O_ACCMODE | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY);
static const uint64_t PROTECTION = PROT_WRITE | PROT_EXEC;
static const uint64_t EXACTLY = UINT32_MAX;	/* of an int: the kernel does not look at what is above it */
static const uint64_t WHOLE = UINT64_MAX;	/* of a pointer */
static const uint64_t SET_VMA = 0x53564d41;	/* PR_SET_VMA: malloc gives its memory names */

#define CALL(name) SCMP_SYS(name)

static const struct call calls[] = {
	/* what is open already: reading, writing, waiting */
	{ CALL(read), ALL }, { CALL(readv), ALL }, { CALL(pread64), ALL }, { CALL(lseek), ALL }, { CALL(close), ALL },
	{ CALL(fstat), ALL }, { CALL(poll), ALL }, { CALL(ppoll), ALL }, { CALL(select), ALL }, { CALL(pselect6), ALL },
	{ CALL(write), ALL }, { CALL(writev), ALL },
	{ CALL(pipe2), READ | ASK }, { CALL(eventfd2), READ | ASK },
	{ CALL(fcntl), ALL, { 1, EXACTLY, F_GETFL } }, { CALL(fcntl), ALL, { 1, EXACTLY, F_SETFL } },
	{ CALL(fcntl), ALL, { 1, EXACTLY, F_GETFD } }, { CALL(fcntl), ALL, { 1, EXACTLY, F_SETFD } },
	{ CALL(ioctl), ALL, { 1, EXACTLY, TCGETS } }, { CALL(ioctl), ALL, { 1, EXACTLY, FIONREAD } },
	{ CALL(ioctl), READ, { 1, EXACTLY, TIOCGWINSZ } },

	/* files by name: which ones is Landlock's business */
	{ CALL(open), ALL, { 1, MODES, O_RDONLY } }, { CALL(openat), ALL, { 2, MODES, O_RDONLY } },
	{ CALL(newfstatat), ALL }, { CALL(statx), ALL }, { CALL(stat), ALL }, { CALL(lstat), ALL }, { CALL(access), ALL },
	{ CALL(faccessat), ALL }, { CALL(faccessat2), ALL }, { CALL(readlink), ALL }, { CALL(readlinkat), ALL },
	{ CALL(getdents64), READ | ASK }, { CALL(getcwd), ALL },
	{ CALL(open), WRITE }, { CALL(openat), WRITE }, { CALL(unlinkat), WRITE }, { CALL(fchown), WRITE },
	{ CALL(ftruncate), READ }, { CALL(fdatasync), READ },

	/* sockets that are open: an interface's packets, its counts, its filter */
	{ CALL(recvfrom), ALL }, { CALL(recvmsg), ALL },
	{ CALL(getsockopt), CAPTURE, { 1, EXACTLY, SOL_PACKET }, { 2, EXACTLY, PACKET_STATISTICS } },
	{ CALL(getsockopt), CAPTURE, { 1, EXACTLY, SOL_SOCKET }, { 2, EXACTLY, SO_ERROR } },
	{ CALL(setsockopt), CAPTURE, { 1, EXACTLY, SOL_SOCKET }, { 2, EXACTLY, SO_ATTACH_FILTER } },
	{ CALL(ioctl), READ, { 1, EXACTLY, SIOCGIFNAME } }, { CALL(ioctl), CAPTURE, { 1, EXACTLY, SIOCGIFFLAGS } },
	{ CALL(ioctl), CAPTURE, { 1, 0xffff, USBMON_STATS } }, { CALL(ioctl), CAPTURE, { 1, 0xffff, USBMON_FETCH } },
	{ CALL(ioctl), CAPTURE, { 1, 0xffff, USBMON_FLUSH } },

	/* new sockets: to name servers, and to services of names, whose libraries wait in their own ways */
	{ CALL(socket), ASK, { 0, EXACTLY, AF_INET } }, { CALL(socket), ASK, { 0, EXACTLY, AF_INET6 } },
	{ CALL(socket), ASK, { 0, EXACTLY, AF_UNIX } },
	{ CALL(socket), ASK, { 0, EXACTLY, AF_NETLINK }, { 2, EXACTLY, NETLINK_ROUTE } },
	{ CALL(connect), ASK }, { CALL(bind), ASK }, { CALL(sendto), ASK }, { CALL(sendmsg), ASK }, { CALL(sendmmsg), ASK },
	{ CALL(recvmmsg), ASK }, { CALL(getsockname), ASK }, { CALL(getpeername), ASK },
	{ CALL(getsockopt), ASK, { 1, EXACTLY, SOL_SOCKET } }, { CALL(getsockopt), ASK, { 1, EXACTLY, SOL_NETLINK } },
	{ CALL(fcntl), ASK, { 1, EXACTLY, F_DUPFD } }, { CALL(fcntl), ASK, { 1, EXACTLY, F_DUPFD_CLOEXEC } },
	{ CALL(epoll_create1), ASK }, { CALL(epoll_ctl), ASK }, { CALL(epoll_wait), ASK }, { CALL(epoll_pwait), ASK },
	{ CALL(setsockopt), ASK, { 1, EXACTLY, SOL_IP } }, { CALL(setsockopt), ASK, { 1, EXACTLY, SOL_IPV6 } },
	{ CALL(setsockopt), ASK, { 1, EXACTLY, SOL_SOCKET } }, { CALL(setsockopt), ASK, { 1, EXACTLY, SOL_NETLINK } },

	/* memory, never writable and executable at once; threads, and nothing else that clone makes */
	{ CALL(mmap), ALL, { 2, PROTECTION, PROT_NONE } }, { CALL(mprotect), ALL, { 2, PROTECTION, PROT_NONE } },
	{ CALL(mmap), ALL, { 2, PROTECTION, PROT_WRITE } }, { CALL(mprotect), ALL, { 2, PROTECTION, PROT_WRITE } },
	{ CALL(mmap), ALL, { 2, PROTECTION, PROT_EXEC } }, { CALL(mprotect), ALL, { 2, PROTECTION, PROT_EXEC } },
	{ CALL(munmap), ALL }, { CALL(mremap), ALL }, { CALL(madvise), ALL }, { CALL(brk), ALL }, { CALL(membarrier), ALL },
	{ CALL(clone), READ | ASK, { 0, CLONE_VM | CLONE_THREAD, CLONE_VM | CLONE_THREAD } },
	{ CALL(futex), ALL }, { CALL(set_robust_list), ALL }, { CALL(rseq), ALL }, { CALL(sched_yield), ALL },
	{ CALL(sched_getaffinity), ALL }, { CALL(gettid), ALL }, { CALL(getpid), ALL }, { CALL(set_tid_address), ALL },
	{ CALL(prctl), ALL, { 0, EXACTLY, PR_SET_NAME } }, { CALL(prctl), ALL, { 0, EXACTLY, SET_VMA } },
	{ CALL(exit), ALL }, { CALL(exit_group), ALL },

	/* signals and time */
	{ CALL(rt_sigaction), ALL }, { CALL(rt_sigprocmask), ALL }, { CALL(rt_sigreturn), ALL }, { CALL(sigaltstack), ALL },
	{ CALL(restart_syscall), ALL }, { CALL(setitimer), READ }, { CALL(clock_gettime), ALL },
	{ CALL(clock_nanosleep), ALL }, { CALL(nanosleep), ALL }, { CALL(gettimeofday), ALL }, { CALL(time), ALL },

	/* who we are, and what the machine is like; the capability that a later file may need, into force and out of it */
	{ CALL(getuid), ALL }, { CALL(geteuid), ALL }, { CALL(getgid), ALL }, { CALL(getegid), ALL }, { CALL(getrandom), ALL },
	{ CALL(uname), ALL }, { CALL(sysinfo), ALL }, { CALL(prlimit64), ALL, { 2, WHOLE, 0 } }, { CALL(capset), READ | OPEN },
};

/* Refused with an error, because a library asks without need, or has another way. */
static const struct { struct call call; int error; } refused[] = {
	{ { CALL(clone3), ALL }, ENOSYS },	/* its flags cannot be looked at; clone's can */
	{ { CALL(socket), ALL & ~ASK }, EACCES },
	{ { CALL(setsockopt), CAPTURE, { 1, EXACTLY, SOL_PACKET }, { 2, EXACTLY, PACKET_RX_RING } }, EPERM },	/* in the end */
	{ { CALL(sched_setaffinity), ALL }, EPERM },
	{ { CALL(sysfs), ALL }, ENOSYS },
	{ { CALL(statfs), ALL }, EACCES },
};

static bool
add(scmp_filter_ctx f, uint32_t action, const struct call *c, unsigned work)
{
	const struct scmp_arg_cmp only[] = {
		SCMP_CMP64(c->first.at, SCMP_CMP_MASKED_EQ, c->first.mask, c->first.is),
		SCMP_CMP64(c->second.at, SCMP_CMP_MASKED_EQ, c->second.mask, c->second.is),
	};

	/* Some machines have other ways. */
	return !(c->work & work) || c->number < 0 ||
	    seccomp_rule_add_array(f, action, c->number, (c->first.mask != 0) + (c->second.mask != 0), only) == 0;
}

static bool
add_all(scmp_filter_ctx f, const struct calls *w)
{
	bool ok = true;

	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		ok &= add(f, SCMP_ACT_ALLOW, &calls[i], w->work);
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		ok &= add(f, SCMP_ACT_ERRNO((uint16_t)refused[i].error), &refused[i].call, w->work);
	/* Signals to ourselves alone: abort(3). */
	ok &= seccomp_rule_add(f, SCMP_ACT_ALLOW, CALL(tgkill), 1, SCMP_A0_32(SCMP_CMP_EQ, (uint32_t)getpid())) == 0;
	for (size_t i = 0; i < w->n_talk; i++) {
		uint32_t fd = (uint32_t)w->talk[i];

		ok &= seccomp_rule_add(f, SCMP_ACT_ALLOW, CALL(sendto), 1, SCMP_A0_32(SCMP_CMP_EQ, fd)) == 0;
		if (w->work & OPEN)
			ok &= seccomp_rule_add(f, SCMP_ACT_ALLOW, CALL(sendmsg), 1, SCMP_A0_32(SCMP_CMP_EQ, fd)) == 0;
	}
	return ok;
}

/* A socket of packets sends what is written to it. No call above makes a second number for what is open. */
static bool
add_mute(scmp_filter_ctx f, const struct calls *w)
{
	static const int writing[] = { CALL(write), CALL(writev), CALL(sendto) };
	bool ok = true;

	for (size_t i = 0; i < w->n_mute; i++)
		for (size_t k = 0; k < sizeof writing / sizeof *writing; k++)
			ok &= seccomp_rule_add(f, SCMP_ACT_KILL_PROCESS, writing[k], 1,
			    SCMP_A0_32(SCMP_CMP_EQ, (uint32_t)w->mute[i])) == 0;
	return ok;
}

/* Loads the filter made by `fill`; of several, the strictest counts. */
static int
load(uint32_t otherwise, bool (*fill)(scmp_filter_ctx, const struct calls *), const struct calls *w)
{
	scmp_filter_ctx f = seccomp_init(otherwise);
	int r = -ENOMEM;

	if (f && fill(f, w))
		r = seccomp_load(f);
	if (f)
		seccomp_release(f);
	return -r;
}

bool
calls_known(void)
{
	/* A kernel that knows filters looks where this one is. */
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL) < 0 && errno == EFAULT;
}

int
calls_enter(const struct calls *w)
{
	int error = 0;

	/* First: the second one does not allow another. */
	if (w->n_mute)
		error = load(SCMP_ACT_ALLOW, add_mute, w);
	return error ? error : load(SCMP_ACT_KILL_PROCESS, add_all, w);
}
