#include "cmd/aide.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cmd/aide_serve.h"
#include "cmd/aide_talk.h"
#include "cmd/sandbox.h"
#include "cmd/say.h"

enum which { ASKER, RUNNER, OPENER, KINDS };

static void (*const serving[KINDS])(const struct serve *) = {
	[ASKER] = serve_asker, [RUNNER] = serve_runner, [OPENER] = serve_opener,
};

struct aide {
	int control[KINDS];		/* -1: there is none */
	int names[NAMES_THREADS];
	bool told;			/* that one is gone */
	int refs;
};

static void
close_open(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* The far ends of the channels, when this process is done with them. */
static void
close_far(struct serve *s)
{
	close_open(&s->control);
	for (unsigned i = 0; i < NAMES_THREADS; i++)
		close_open(&s->names[i]);
}

static bool
pair(int *near, int *far)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return false;
	*near = ends[0];
	*far = ends[1];
	return true;
}

static void
close_near(struct aide *a)
{
	for (unsigned i = 0; i < KINDS; i++)
		close_open(&a->control[i]);
	for (unsigned i = 0; i < NAMES_THREADS; i++)
		close_open(&a->names[i]);
}

static bool
split_off(struct aide *a, enum which which, const struct aide_options *o, struct err *e)
{
	struct serve s = { .o = o, .control = -1 };
	pid_t child = -1;
	bool ok;

	memset(s.names, -1, sizeof s.names);
	ok = pair(&a->control[which], &s.control);
	for (unsigned i = 0; ok && which == ASKER && o->names && i < NAMES_THREADS; i++)
		ok = pair(&a->names[i], &s.names[i]);
	if (ok)
		child = fork();
	if (child == 0) {
		close_near(a);
		serving[which](&s);
	}
	if (child < 0)
		err_set(e, "cannot split off a helper process: %s", strerror(errno));
	close_far(&s);
	return child > 0;
}

struct aide *
aide_start(const struct aide_options *o, struct err *e)
{
	struct aide *a = malloc(sizeof *a);
	const bool wanted[KINDS] = {
		[ASKER] = o->names || o->filter, [RUNNER] = o->command != NULL, [OPENER] = o->list != NULL,
	};

	if (!a) {
		err_set(e, "out of memory");
		return NULL;
	}
	a->told = false;
	a->refs = 1;
	memset(a->control, -1, sizeof a->control);
	memset(a->names, -1, sizeof a->names);
	for (unsigned i = 0; i < KINDS; i++)
		if (wanted[i] && !split_off(a, i, o, e)) {
			aide_free(a);
			return NULL;
		}
	return a;
}

bool
aide_await(struct aide *a, struct err *e)
{
	for (unsigned i = 0; i < KINDS; i++)
		if (a->control[i] >= 0 && !talk_get_ready(a->control[i], e))
			return false;
	return true;
}

void
aide_free(struct aide *a)
{
	if (a)
		aide_share(a, -1);
}

void
aide_share(void *aide, int by)
{
	struct aide *a = aide;

	if (__atomic_add_fetch(&a->refs, by, __ATOMIC_ACQ_REL) == 0) {
		close_near(a);
		free(a);
	}
}

bool
aide_sandbox(const struct aide *a, struct sandbox *s)
{
	bool ok = true;

	for (unsigned i = 0; ok && i < KINDS; i++)
		ok = a->control[i] < 0 || sandbox_talk(s, a->control[i]);
	for (unsigned i = 0; ok && i < NAMES_THREADS; i++)
		ok = a->names[i] < 0 || sandbox_talk(s, a->names[i]);
	return ok;
}

bool
aide_name(void *aide, unsigned channel, unsigned version, const uint8_t *addr, char name[NAMES_NAME_MAX])
{
	struct aide *a = aide;
	struct talk_address ask = { .version = (uint8_t)version };

	memcpy(ask.bytes, addr, version == 4 ? 4 : 16);
	if (talk_put(a->names[channel], &ask, sizeof ask) && talk_get_name(a->names[channel], name))
		return name[0] != '\0';
	if (!__atomic_exchange_n(&a->told, true, __ATOMIC_RELAXED))
		say_warning("the helper process is gone: no more names are looked up");
	return false;
}

bool
aide_compile(void *aide, uint32_t link, uint32_t snaplen, struct bpf_program *code, struct err *e)
{
	struct aide *a = aide;
	struct talk_compile ask = { link, snaplen };

	*code = (struct bpf_program) { 0 };
	if (!talk_put(a->control[ASKER], &ask, sizeof ask))
		return err_set(e, "the helper process is gone");
	return talk_get_program(a->control[ASKER], code, e);
}

void
aide_run(void *aide, const char *path)
{
	struct aide *a = aide;

	if (!talk_put_path(a->control[RUNNER], path))
		fprintf(stderr, "the helper process is gone: no command is run on %s\n", path);
}

bool
aide_next(struct aide *a, char *path, size_t room, int *fd, struct err *e)
{
	struct talk_file f;

	e->text[0] = '\0';
	*fd = -1;
	if (!talk_put(a->control[OPENER], "", 1) || !talk_get_file(a->control[OPENER], &f, fd))
		return false;
	if (!f.there)
		return false;
	snprintf(path, room, "%s", f.path);
	if (*fd >= 0 || strcmp(f.path, "-") == 0)
		return true;
	*e = f.why;
	return false;
}
