/*
 * Messages between the aides and their master, of which either may be somebody else's: the first byte picks who listens, the
 * rest is what he hears. What he believes then has to be as the headers say.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cmd/aide_serve.h"
#include "cmd/aide_talk.h"

enum { INPUT_MAX = 64 << 10 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool true_always)
{
	if (!true_always)
		abort();
}

/* A path that the runner would act on. */
static void
hear_path(void *name, const char *path)
{
	size_t fixed = strcspn(name, "%");

	if (!path)
		return;
	must(strlen(path) <= TALK_PATH_MAX && strncmp(path, name, fixed) == 0 && path[0] != '-');
	must(!strstr(path + fixed, "/../") && (path[0] != '/' || *(const char *)name == '/'));
}

static void
hear_names(int fd)
{
	char name[NAMES_NAME_MAX];

	while (talk_get_name(fd, name))
		must(memchr(name, 0, sizeof name) != NULL);
}

static void
hear_addresses(int fd)
{
	struct talk_address a;

	while (talk_get_address(fd, &a))
		must(a.version == 4 || a.version == 6);
}

static void
hear_program(int fd)
{
	struct bpf_program code;
	struct err e;

	if (!talk_get_program(fd, &code, &e)) {
		must(!code.bf_insns && memchr(e.text, 0, sizeof e.text));
		return;
	}
	must(code.bf_len <= TALK_PROGRAM_MAX && bpf_validate(code.bf_insns, (int)code.bf_len));
	free(code.bf_insns);
}

static void
hear_files(int fd)
{
	struct talk_file f;
	int descriptor;

	while (talk_get_file(fd, &f, &descriptor))
		must(descriptor == -1 && memchr(f.path, 0, sizeof f.path) && memchr(f.why.text, 0, sizeof f.why.text));
}

/* Takes the answers, so that who serves does not wait for room for them. */
static void *
take_answers(void *end)
{
	char answers[4096];

	while (recv(*(int *)end, answers, sizeof answers, 0) > 0)
		;
	return NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct filter_options filter = { .expression = "tcp port 80", .optimize = true };
	static char names[2][10] = { "/cap/o%H", "%Y/o%H" };
	char *name = names[size > 0 ? data[0] >> 7 : 0];
	struct err e;
	pthread_t taker;
	int ends[2];

	if (size < 1 || size > INPUT_MAX || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return 0;
	if (send(ends[0], data + 1, size - 1, 0) == (ssize_t)size - 1 && shutdown(ends[0], SHUT_WR) == 0 &&
	    pthread_create(&taker, NULL, take_answers, &ends[0]) == 0) {
		switch (data[0] % 7) {
		case 0: serve_paths(ends[1], name, hear_path, name); break;
		case 1: serve_filters(ends[1], &filter); break;
		case 2: hear_addresses(ends[1]); break;
		case 3: hear_names(ends[1]); break;
		case 4: hear_program(ends[1]); break;
		case 5: hear_files(ends[1]); break;
		case 6: talk_get_ready(ends[1], &e); break;
		}
		shutdown(ends[1], SHUT_WR);
		pthread_join(taker, NULL);
	}
	close(ends[0]);
	close(ends[1]);
	return 0;
}
