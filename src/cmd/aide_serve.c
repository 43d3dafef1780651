#include "cmd/aide_serve.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <resolv.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cmd/aide_talk.h"
#include "cmd/privilege.h"
#include "cmd/sandbox.h"

enum { LINE = 4096 };	/* of the list, as long as it is for who reads it himself */

/* --- names and filters --------------------------------------------------------------------------------------------------- */

void
serve_names(int channel)
{
	char name[NAMES_NAME_MAX];
	struct talk_address a;

	while (talk_get_address(channel, &a)) {
		memset(name, 0, sizeof name);
		if (!names_ask(a.version, a.bytes, name))
			name[0] = '\0';
		if (!talk_put(channel, name, sizeof name))
			break;
	}
}

/*
 * resolv.conf as it is now: the sandbox is about this file, not about one that takes its place, and the C library would
 * look there anew before each question. Each thread has to be told.
 */
static void
settle_servers(void)
{
	res_init();
	_res.options |= RES_NORELOAD;
}

static void *
serve_names_thread(void *channel)
{
	settle_servers();
	serve_names((int)(intptr_t)channel);
	close((int)(intptr_t)channel);
	return NULL;
}

void
serve_filters(int control, const struct filter_options *o)
{
	struct talk_compile ask;
	bool ok = true;

	while (ok && talk_get(control, &ask, sizeof ask)) {
		struct filter *f = filter_new(o);
		struct err e = { "out of memory" };

		if (f && filter_compile(f, ask.link, ask.snaplen, &e))
			ok = talk_put_program(control, filter_program(f, ask.link), &e);
		else
			ok = talk_put_program(control, NULL, &e);
		filter_free(f);
	}
}

/* Where the C library and its services of names look things up, each by its own files. Their modules are libraries. */
static const char *const sources_of_names[] = {
	"/etc/nsswitch.conf", "/etc/hosts", "/etc/resolv.conf", "/etc/host.conf", "/etc/gai.conf", "/etc/services",
	"/etc/protocols", "/etc/networks", "/etc/ethers", "/etc/ld.so.cache", "/etc/localtime", "/etc/mdns.allow",
	"/run/systemd/resolve", "/run/resolvconf", "/run/NetworkManager", "/run/nscd", "/var/lib/sss", "/var/lib/misc",
	"/var/lib/libvirt/dnsmasq", "/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/local/lib", "/proc/sys/net/ipv6",
	"/proc/net/if_inet6",
};

/* --- commands ------------------------------------------------------------------------------------------------------------ */

struct runner {
	const char *command;
	struct sigaction was[NSIG];
};

static void
complain(const char *const *words)
{
	for (; *words; words++)
		(void)!write(STDERR_FILENO, *words, strlen(*words));
}

/* Starts the command on the file at the lowest priority, and does not wait for it. */
static void
run_command(void *ctx, const char *path)
{
	const struct runner *r = ctx;
	pid_t child;

	if (!path) {
		complain((const char *[]){ r->command, " is not run on a file that is none of -w's\n", NULL });
		return;
	}
	child = fork();
	if (child == 0) {
		const char *why;

		for (int i = 1; i < NSIG; i++)
			sigaction(i, &r->was[i], NULL);
		signal(SIGCHLD, SIG_DFL);
		setpriority(PRIO_PROCESS, 0, 19);
		execlp(r->command, r->command, path, (char *)NULL);
		why = strerrordesc_np(errno);
		complain((const char *[]){ "cannot run ", r->command, " ", path, ": ", why ? why : "unknown error", "\n",
		    NULL });
		_exit(1);
	}
	if (child < 0)
		fprintf(stderr, "%s: fork failed: %s\n", r->command, strerror(errno));
}

void
serve_paths(int control, const char *written, void (*run)(void *, const char *), void *ctx)
{
	char path[TALK_PATH_MAX + 1];

	while (talk_get_path(control, path))
		run(ctx, talk_is_written(written, path) ? path : NULL);
}

/* --- files --------------------------------------------------------------------------------------------------------------- */

/* A line of the list as it comes, and what has come behind it. */
struct lines {
	int fd;
	char bytes[2 * LINE];
	size_t n;
	bool over;
};

/* Waits for more of the list; false: the master is gone. */
static bool
lines_wait(struct lines *l, int control)
{
	struct pollfd f[] = { { .fd = l->fd, .events = POLLIN }, { .fd = control } };
	ssize_t r;

	if (poll(f, 2, -1) < 0)
		return errno == EINTR;
	if (f[1].revents)
		return false;
	r = read(l->fd, l->bytes + l->n, sizeof l->bytes - l->n);
	if (r > 0)
		l->n += (size_t)r;
	l->over = r == 0 || (r < 0 && errno != EINTR && errno != EAGAIN);
	return true;
}

/* The next line, in pieces if it is too long; *there: there was one. False: the master is gone. */
static bool
lines_next(struct lines *l, int control, char line[TALK_PATH_MAX + 1], bool *there)
{
	for (;;) {
		char *end = memchr(l->bytes, '\n', l->n);
		size_t n = end ? (size_t)(end - l->bytes) : l->n;

		*there = end || n > 0;
		if (end || l->over || n >= LINE) {
			n = n < LINE ? n : LINE;
			memcpy(line, l->bytes, n);
			line[n] = '\0';
			n += end == l->bytes + n;
			l->n -= n;
			memmove(l->bytes, l->bytes + n, l->n);
			return true;
		}
		if (!lines_wait(l, control))
			return false;
	}
}

void
serve_list(int control, int list)
{
	struct lines l = { .fd = list };
	struct talk_file f;
	char more;

	while (talk_get(control, &more, sizeof more)) {
		int fd = -1;
		bool ok, there;

		memset(&f, 0, sizeof f);
		if (!lines_next(&l, control, f.path, &there))
			return;
		f.there = there;
		if (there && strcmp(f.path, "-") != 0) {
			privilege_raise(true);
			fd = open(f.path, O_RDONLY | O_CLOEXEC);
			if (fd < 0)
				err_set(&f.why, "%s: %s", f.path, strerror(errno));
			privilege_raise(false);
		}
		ok = talk_put_with(control, &f, sizeof f, fd);
		if (fd >= 0)
			close(fd);
		if (!ok)
			return;
	}
}

/* --- from start to end ------------------------------------------------------------------------------------------------- */

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

/* In place of standard input, or of output. */
static void
put_nothing(int fd)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (null < 0 || dup2(null, fd) < 0)
		close(fd);
	if (null >= 0 && null != fd)
		close(null);
}

static bool
become(const struct serve *s, const char *name, unsigned keep, struct err *e)
{
	prctl(PR_SET_NAME, name);
	privilege_real();
	return privilege_drop(s->o->user, keep, e);
}

static bool
confine(const struct serve *s, struct sandbox *box, const char *title, struct err *e)
{
	bool ok = true;

	if (!box)
		ok = err_set(e, "out of memory");
	else if (!s->o->no_sandbox)
		ok = sandbox_enter(box, s->o->report, title, e);
	else if (s->o->report)
		sandbox_report_none(s->o->report, title, "--no-sandbox");
	sandbox_free(box);
	return ok;
}

static struct sandbox *
asker_sandbox(void)
{
	struct sandbox *box = sandbox_new(SANDBOX_ASKER);
	bool ok = box != NULL;

	for (size_t i = 0; ok && i < sizeof sources_of_names / sizeof *sources_of_names; i++)
		ok = access(sources_of_names[i], F_OK) != 0 || sandbox_read(box, sources_of_names[i]);
	if (ok)
		return box;
	sandbox_free(box);
	return NULL;
}

/* Whatever else is open is none of its business. */
static void
close_others(const struct serve *s)
{
	for (int from = STDERR_FILENO + 1, to; from >= 0; from = to < INT_MAX ? to + 1 : -1) {
		to = INT_MAX;		/* the next one to be kept */
		if (s->control >= from)
			to = s->control;
		for (unsigned i = 0; i < NAMES_THREADS; i++)
			if (s->names[i] >= from && s->names[i] < to)
				to = s->names[i];
		if (to > from)
			close_range((unsigned)from, (unsigned)to - 1, 0);
	}
}

_Noreturn void
serve_asker(const struct serve *s)
{
	static struct sigaction was[NSIG];
	struct err e;
	pthread_t t;
	bool ok;

	ignore_signals(was);
	close_others(s);
	put_nothing(STDIN_FILENO);
	put_nothing(STDOUT_FILENO);
	if (!s->o->report)
		put_nothing(STDERR_FILENO);	/* errors go to the master */
	ok = become(s, "wiretape names", KEEP_NOTHING, &e) &&
	    confine(s, asker_sandbox(), "the helper that asks for names", &e);
	if (!talk_put_ready(s->control, ok, &e) || !ok)
		_exit(1);
	for (unsigned i = 0; s->o->names && i < NAMES_THREADS; i++)
		if (pthread_create(&t, NULL, serve_names_thread, (void *)(intptr_t)s->names[i]) == 0)
			pthread_detach(t);
		else
			close(s->names[i]);
	settle_servers();
	if (s->o->filter)
		serve_filters(s->control, s->o->filter);
	else
		talk_get(s->control, &(char){ 0 }, 1);
	_exit(0);
}

_Noreturn void
serve_runner(const struct serve *s)
{
	static struct runner r;
	struct err e;
	bool ok;

	r.command = s->o->command;
	ignore_signals(r.was);
	put_nothing(STDIN_FILENO);
	ok = become(s, "wiretape runner", KEEP_NOTHING, &e);
	if (ok && s->o->report)
		sandbox_report_none(s->o->report, "the helper that runs commands", "the command would be in it, too");
	if (!talk_put_ready(s->control, ok, &e) || !ok)
		_exit(1);
	serve_paths(s->control, s->o->written, run_command, &r);
	_exit(0);
}

_Noreturn void
serve_opener(const struct serve *s)
{
	static struct sigaction was[NSIG];
	struct sandbox *box = NULL;
	struct err e;
	int list;
	bool ok;

	ignore_signals(was);
	privilege_real();
	list = strcmp(s->o->list, "-") == 0 ? STDIN_FILENO : open(s->o->list, O_RDONLY | O_CLOEXEC);
	ok = list >= 0 || err_set(&e, "Unable to open file: %s", strerror(errno));
	put_nothing(STDOUT_FILENO);
	ok = ok && become(s, "wiretape files", KEEP_READ, &e);
	if (ok && (box = sandbox_new(SANDBOX_OPENER)) != NULL && sandbox_talk(box, s->control) && sandbox_read(box, "/"))
		ok = confine(s, box, "the helper that opens files", &e);
	else if (ok)
		ok = err_set(&e, "out of memory");
	if (!talk_put_ready(s->control, ok, &e) || !ok)
		_exit(1);
	serve_list(s->control, list);
	_exit(0);
}
