/*
 * What the aide is told: the input comes over its control channel as from a master that somebody else has taken over.
 * No process is started, and the path that would have been handed to one begins as -w's files do.
 */
#include <sys/types.h>

static pid_t fork_instead(void);
#define fork fork_instead
#include "../../src/cmd/aide.c"
#undef fork

enum { INPUT_MAX = 16384 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static pid_t
fork_instead(void)
{
	errno = EAGAIN;
	return -1;
}

/* The first byte chooses what the aide is for. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const expressions[] = { "ip", "tcp port 80 and ip[8] > 3", "vlan and ip6", "wlan type mgt" };
	static FILE *quiet;
	struct filter_options filter = { .optimize = true };
	struct aide_options o = { .written = "out%H" };
	struct sigaction was[NSIG] = { 0 };
	FILE *loud = stderr;
	struct order order;
	char drain[4096];
	int pair[2];

	if (size < 1 || size > INPUT_MAX || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return 0;
	if (!quiet && !(quiet = fopen("/dev/null", "w")))
		abort();
	filter.expression = expressions[data[0] >> 1 & 3];
	if (data[0] & 1)
		o.command = "/bin/false";
	else
		o.filter = &filter;
	/* All of it fits: the other end only reads afterwards. */
	if (!put(pair[0], data + 1, size - 1) || shutdown(pair[0], SHUT_WR) < 0)
		abort();
	fcntl(pair[0], F_SETFL, O_NONBLOCK);
	stderr = quiet;
	while (get(pair[1], &order, sizeof order) && obey(pair[1], &order, &o, was))
		while (recv(pair[0], drain, sizeof drain, 0) > 0)
			;
	stderr = loud;
	close(pair[0]);
	close(pair[1]);
	return 0;
}
