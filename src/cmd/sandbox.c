#include "cmd/sandbox.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/examined.h"
#include "cmd/calls.h"
#include "cmd/landlock.h"
#include "cmd/say.h"

enum { DNS = 53 };

/* Descriptors. */
struct list {
	int *fds;
	size_t n;
};

struct sandbox {
	enum sandbox_role role;
	struct landlock_path *paths;
	size_t n, room;
	struct list talk, mute;
	bool writes, captures;
};

struct sandbox *
sandbox_new(enum sandbox_role role)
{
	struct sandbox *s = calloc(1, sizeof *s);

	if (s)
		s->role = role;
	return s;
}

void
sandbox_free(struct sandbox *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n; i++)
		free(s->paths[i].path);
	free(s->paths);
	free(s->talk.fds);
	free(s->mute.fds);
	free(s);
}

static bool
allow(struct sandbox *s, const char *path, size_t len, unsigned rights)
{
	if (s->n == s->room) {
		size_t room = s->room ? 2 * s->room : 16;
		struct landlock_path *more = reallocarray(s->paths, room, sizeof *more);

		if (!more)
			return false;
		s->paths = more;
		s->room = room;
	}
	s->paths[s->n] = (struct landlock_path) { strndup(path, len), rights };
	s->writes |= (rights & LANDLOCK_WRITE) != 0;
	return s->paths[s->n].path && ++s->n;
}

bool
sandbox_read(struct sandbox *s, const char *path)
{
	return strcmp(path, "-") == 0 || allow(s, path, strlen(path), LANDLOCK_READ);
}

bool
sandbox_write_in(struct sandbox *s, const char *directory)
{
	return allow(s, directory, strlen(directory), LANDLOCK_READ | LANDLOCK_WRITE | LANDLOCK_MAKE | LANDLOCK_REMOVE);
}

bool
sandbox_write(struct sandbox *s, const char *name, bool several)
{
	size_t fixed = several ? strcspn(name, "%") : strlen(name);
	struct stat st;

	if (strcmp(name, "-") == 0)
		return true;
	if (!several && stat(name, &st) == 0)
		return allow(s, name, strlen(name), LANDLOCK_WRITE);
	while (fixed > 0 && name[fixed - 1] != '/')
		fixed--;
	return allow(s, fixed ? name : ".", fixed ? fixed : 1, LANDLOCK_WRITE | LANDLOCK_MAKE);
}

static bool
add(struct list *l, int fd)
{
	int *more = reallocarray(l->fds, l->n + 1, sizeof *more);

	if (!more)
		return false;
	l->fds = more;
	l->fds[l->n++] = fd;
	return true;
}

bool
sandbox_talk(struct sandbox *s, int fd)
{
	return add(&s->talk, fd);
}

bool
sandbox_capture(struct sandbox *s, int fd)
{
	int domain = AF_UNSPEC;
	socklen_t n = sizeof domain;

	s->captures = true;
	if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &n) == 0 && domain == AF_NETLINK)
		return add(&s->talk, fd);
	return add(&s->mute, fd);
}

/* --- telling ------------------------------------------------------------------------------------------------------------- */

enum { LEFT = 44 };	/* columns */

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
			fprintf(to, "%-*s %s", LEFT, lines[i].what, line + n + strspn(line + n, " \t"));
	}
}

static void
report_status(FILE *to, const char *title, FILE *status)
{
	char line[512];

	fprintf(to, "%s (process %ld):\n", title, (long)getpid());
	while (status && fgets(line, sizeof line, status))
		report_line(to, line);
}

static void
report_sockets(FILE *to, const struct sandbox *s)
{
	static const char *const what[] = {
		[SANDBOX_READER] = "none", [SANDBOX_ASKER] = "to name servers", [SANDBOX_OPENER] = "none",
	};

	fprintf(to, "%-*s %s\n", LEFT, "sockets that can be opened", what[s->role]);
	if (s->captures)
		fprintf(to, "%-*s %s\n", LEFT, "packets that can be sent by the capture",
		    s->mute.n ? "none" : "verdicts of netfilter");
}

static void
report_limits(FILE *to, const struct sandbox *s, int version)
{
	if (version <= 0)
		fprintf(to, "%-*s %s\n", LEFT, "Landlock", "not in this kernel");
	else
		fprintf(to, "%-*s version %d%s%s\n", LEFT, "Landlock", version, version < LANDLOCK_KNOWS_TCP ? "" :
		    s->role == SANDBOX_ASKER ? ", TCP to port 53" : ", no TCP",
		    version < LANDLOCK_KNOWS_SCOPES ? "" : ", no signals and abstract sockets outside");
	report_sockets(to, s);
	for (size_t i = 0; i < s->n; i++)
		fprintf(to, "%-*s %s\n", LEFT, s->paths[i].rights & LANDLOCK_WRITE ? "may write" : "may read", s->paths[i].path);
	if (s->n == 0)
		fprintf(to, "%-*s %s\n", LEFT, "files that may be opened", "none");
}

/* All of a process in one piece, since others have the same end: with what it is in, or why it is in none. */
static void
report_all(FILE *report, const char *title, FILE *status, const struct sandbox *s, int version,
    const char *why)
{
	char *text = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&text, &n);

	if (!to)
		return;
	report_status(to, title, status);
	if (why)
		fprintf(to, "%-*s %s\n", LEFT, "no sandbox", why);
	else
		report_limits(to, s, version);
	if (fclose(to) == 0) {
		fwrite(text, 1, n, report);
		fflush(report);
	}
	free(text);
}

void
sandbox_report_none(FILE *report, const char *title, const char *why)
{
	FILE *status = fopen("/proc/self/status", "re");

	report_all(report, title, status, NULL, 0, why);
	if (status)
		fclose(status);
}

/* One line about what the kernel lacks: the reader's, for all. */
static void
warn(const struct sandbox *s, const char *piece, const char *what)
{
	if (s->role == SANDBOX_READER)
		say_warning("this kernel has no %s: the sandbox does not limit %s", piece, what);
}

/* --- entering ------------------------------------------------------------------------------------------------------------ */

static unsigned
work_of(const struct sandbox *s)
{
	switch (s->role) {
	case SANDBOX_ASKER: return CALLS_ASK;
	case SANDBOX_OPENER: return CALLS_OPEN;
	case SANDBOX_READER: break;
	}
	return CALLS_READ | (s->writes ? CALLS_WRITE : 0) | (s->captures ? CALLS_CAPTURE : 0);
}

static bool
enter_calls(const struct sandbox *s, struct err *e)
{
	const struct calls calls = {
		.work = work_of(s), .talk = s->talk.fds, .n_talk = s->talk.n, .mute = s->mute.fds, .n_mute = s->mute.n,
	};
	int error;

	if (!calls_known()) {
		warn(s, "seccomp", "which system calls can be made");
		return true;
	}
	error = calls_enter(&calls);
	return error == 0 || err_set(e, "sandbox: seccomp: %s", strerror(error));
}

bool
sandbox_enter(struct sandbox *s, FILE *report, const char *title, struct err *e)
{
	/* Opened while that is possible. */
	FILE *status = report ? fopen("/proc/self/status", "re") : NULL;
	int version = landlock_version();
	bool ok = true;

	if (is_examined()) {
		if (report)
			sandbox_report_none(report, title, "the program is being examined");
	} else if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
		ok = err_set(e, "sandbox: %s", strerror(errno));
	} else {
		if (version > 0)
			ok = landlock_enter(s->paths, s->n, s->role == SANDBOX_ASKER ? DNS : 0, e);
		else
			warn(s, "Landlock", "which files can be opened");
		ok = ok && enter_calls(s, e);
		if (ok && report)
			report_all(report, title, status, s, version, NULL);
	}
	if (status)
		fclose(status);
	return ok;
}
