#include "cmd/aide.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pcap/pcap.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cmd/privilege.h"

enum request { ASK_COMPILE, ASK_RUN };

/* What goes over the control channel, in one write; a path follows when length is not 0. */
struct order {
	uint32_t request, link, snaplen, length;
};

/* The answer to ASK_COMPILE; instructions follow when count is not 0, and *e's text else. */
struct program {
	uint32_t ok, count;
};

struct address {
	uint8_t version, bytes[16];
};

struct aide {
	int control;
	int names[AIDE_CHANNELS];
};

/* All of it, or nothing: the other end is gone. */
static bool
put(int fd, const void *p, size_t n)
{
	while (n > 0) {
		ssize_t w = send(fd, p, n, MSG_NOSIGNAL);

		if (w < 0 && errno == EINTR)
			continue;
		if (w <= 0)
			return false;
		p = (const char *)p + w;
		n -= (size_t)w;
	}
	return true;
}

static bool
get(int fd, void *p, size_t n)
{
	while (n > 0) {
		ssize_t r = recv(fd, p, n, 0);

		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			return false;
		p = (char *)p + r;
		n -= (size_t)r;
	}
	return true;
}

/* --- the aide itself --------------------------------------------------------------------------------------------------- */

static bool
look_up(const struct address *a, char name[AIDE_NAME_MAX])
{
	struct sockaddr_in in4 = { .sin_family = AF_INET };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };

	if (a->version == 4) {
		memcpy(&in4.sin_addr, a->bytes, 4);
		return getnameinfo((struct sockaddr *)&in4, sizeof in4, name, AIDE_NAME_MAX, NULL, 0, NI_NAMEREQD) == 0;
	}
	memcpy(&in6.sin6_addr, a->bytes, 16);
	return getnameinfo((struct sockaddr *)&in6, sizeof in6, name, AIDE_NAME_MAX, NULL, 0, NI_NAMEREQD) == 0;
}

static void *
answer_names(void *channel)
{
	int fd = (int)(intptr_t)channel;
	char name[AIDE_NAME_MAX];
	struct address a;

	while (get(fd, &a, sizeof a)) {
		memset(name, 0, sizeof name);
		if (!look_up(&a, name))
			name[0] = '\0';
		if (!put(fd, name, sizeof name))
			break;
	}
	return NULL;
}

static void
complain(const char *const *words)
{
	for (; *words; words++)
		(void)!write(STDERR_FILENO, *words, strlen(*words));
}

/*
 * Starts the command on the file at the lowest priority, and does not wait for it. Other threads' locks are as they were
 * when the child came into being, so the child neither formats nor allocates.
 */
static void
run_command(const char *command, const char *path, const struct sigaction was[NSIG])
{
	pid_t child = fork();

	if (child == 0) {
		const char *why;

		for (int i = 1; i < NSIG; i++)
			sigaction(i, &was[i], NULL);
		signal(SIGCHLD, SIG_DFL);
		setpriority(PRIO_PROCESS, 0, 19);
		execlp(command, command, path, (char *)NULL);
		why = strerrordesc_np(errno);
		complain((const char *[]){ "cannot run ", command, " ", path, ": ", why ? why : "unknown error", "\n", NULL });
		_exit(1);
	}
	if (child < 0)
		fprintf(stderr, "%s: fork failed: %s\n", command, strerror(errno));
}

/* Can -w have made a file of this name? None is to be an option of the command. */
static bool
is_written(const char *name, const char *path)
{
	return strncmp(path, name, strcspn(name, "%")) == 0 && (path[0] != '-' || name[0] == '-');
}

static bool
obey(int control, const struct order *o, const struct aide_options *options, const struct sigaction was[NSIG])
{
	char path[PATH_MAX + 1];

	if (o->request == ASK_RUN) {
		if (o->length > PATH_MAX || !get(control, path, o->length))
			return false;
		path[o->length] = '\0';
		if (options->command && is_written(options->written, path))
			run_command(options->command, path, was);
		return true;
	}
	if (o->request == ASK_COMPILE && options->filter) {
		struct filter *f = filter_new(options->filter);
		struct err e = { "out of memory" };
		const struct bpf_program *code;
		struct program answer = { 0 };
		bool ok = f && filter_compile(f, o->link, o->snaplen, &e) && (code = filter_program(f, o->link)) != NULL;

		answer.ok = ok;
		answer.count = ok ? code->bf_len : 0;
		ok = put(control, &answer, sizeof answer) && (answer.ok ?
		    put(control, code->bf_insns, answer.count * sizeof *code->bf_insns) : put(control, &e, sizeof e));
		filter_free(f);
		return ok;
	}
	return false;
}

/* Signals that are for the master: it says when this ends, by ending. */
static void
ignore_signals(struct sigaction was[NSIG])
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGUSR1, SIGUSR2, SIGCHLD, SIGTSTP };
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	for (int i = 1; i < NSIG; i++)
		sigaction(i, NULL, &was[i]);
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		sigaction(signals[i], &ignore, NULL);
}

static _Noreturn void
serve(const struct aide_options *o, int control, const int *names)
{
	static struct sigaction was[NSIG];
	struct order order;
	struct err e;
	pthread_t t;
	int null;

	ignore_signals(was);
	prctl(PR_SET_NAME, "wiretape aide");
	null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (null >= 0)
		dup2(null, STDIN_FILENO);
	privilege_real();
	if (o->user && !privilege_drop(o->user, KEEP_NOTHING, &e)) {
		fprintf(stderr, "%s\n", e.text);
		_exit(1);
	}
	for (unsigned i = 0; o->names && i < AIDE_CHANNELS; i++)
		if (pthread_create(&t, NULL, answer_names, (void *)(intptr_t)names[i]) != 0)
			close(names[i]);
	while (get(control, &order, sizeof order) && obey(control, &order, o, was))
		;
	_exit(0);
}

/* --- its master ---------------------------------------------------------------------------------------------------------- */

struct aide *
aide_start(const struct aide_options *o, struct err *e)
{
	struct aide *a = malloc(sizeof *a);
	int pairs[AIDE_CHANNELS + 1][2];
	unsigned n = 0, wanted = o->names ? AIDE_CHANNELS + 1 : 1;
	pid_t child = -1;

	while (a && n < wanted && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pairs[n]) == 0)
		n++;
	if (n == wanted)
		child = fork();
	if (child == 0) {
		int theirs[AIDE_CHANNELS];

		for (unsigned i = 0; i < n; i++)
			close(pairs[i][0]);
		for (unsigned i = 1; i < n; i++)
			theirs[i - 1] = pairs[i][1];
		serve(o, pairs[0][1], theirs);
	}
	if (child < 0)
		err_set(e, "cannot split off a helper process: %s", a ? strerror(errno) : "out of memory");
	for (unsigned i = 0; i < n; i++) {
		close(pairs[i][1]);
		if (child < 0)
			close(pairs[i][0]);
	}
	if (child < 0) {
		free(a);
		return NULL;
	}
	a->control = pairs[0][0];
	for (unsigned i = 0; i < AIDE_CHANNELS; i++)
		a->names[i] = i + 1 < n ? pairs[i + 1][0] : -1;
	return a;
}

void
aide_free(struct aide *a)
{
	if (!a)
		return;
	close(a->control);
	for (unsigned i = 0; i < AIDE_CHANNELS; i++)
		if (a->names[i] >= 0)
			close(a->names[i]);
	free(a);
}

bool
aide_name(void *aide, unsigned channel, unsigned version, const uint8_t *addr, char name[AIDE_NAME_MAX])
{
	struct aide *a = aide;
	struct address ask = { .version = (uint8_t)version };

	memcpy(ask.bytes, addr, version == 4 ? 4 : 16);
	if (!put(a->names[channel], &ask, sizeof ask) || !get(a->names[channel], name, AIDE_NAME_MAX))
		return false;
	name[AIDE_NAME_MAX - 1] = '\0';
	return name[0] != '\0';
}

void
aide_run(void *aide, const char *path)
{
	struct aide *a = aide;
	struct {
		struct order order;
		char path[PATH_MAX];
	} o = { .order = { .request = ASK_RUN, .length = (uint32_t)strlen(path) } };

	if (o.order.length > PATH_MAX)
		return;
	/* In one piece: threads that finish files may call this at the same time. */
	memcpy(o.path, path, o.order.length);
	if (!put(a->control, &o, sizeof o.order + o.order.length))
		fprintf(stderr, "the helper process is gone: no command is run on %s\n", path);
}

bool
aide_compile(void *aide, uint32_t link, uint32_t snaplen, struct bpf_program *code, struct err *e)
{
	struct aide *a = aide;
	struct order o = { .request = ASK_COMPILE, .link = link, .snaplen = snaplen };
	struct program answer;

	code->bf_insns = NULL;
	code->bf_len = 0;
	if (!put(a->control, &o, sizeof o) || !get(a->control, &answer, sizeof answer))
		return err_set(e, "the helper process is gone");
	if (!answer.ok) {
		if (!get(a->control, e, sizeof *e))
			return err_set(e, "the helper process is gone");
		e->text[sizeof e->text - 1] = '\0';
		return false;
	}
	code->bf_insns = malloc(answer.count * sizeof *code->bf_insns);
	if (!code->bf_insns)
		return err_set(e, "out of memory");
	code->bf_len = answer.count;
	if (!get(a->control, code->bf_insns, answer.count * sizeof *code->bf_insns)) {
		free(code->bf_insns);
		code->bf_insns = NULL;
		return err_set(e, "the helper process is gone");
	}
	return true;
}
