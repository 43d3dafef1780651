#include "cmd/aide_talk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The answer to a talk_compile; instructions follow when count is not 0, and *e's text else. */
struct program {
	uint32_t count;
};

struct path {
	uint32_t length;
	char bytes[TALK_PATH_MAX];
};

struct ready {
	uint8_t ok;
	struct err e;
};

bool
talk_put(int fd, const void *p, size_t n)
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

bool
talk_put_with(int fd, const void *p, size_t n, int descriptor)
{
	union { struct cmsghdr head; char room[CMSG_SPACE(sizeof(int))]; } u = { 0 };
	struct iovec part = { (void *)p, n };
	struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = u.room, .msg_controllen = sizeof u.room };
	ssize_t w;

	if (descriptor < 0)
		return talk_put(fd, p, n);
	u.head = (struct cmsghdr) { CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS };
	memcpy(CMSG_DATA(&u.head), &descriptor, sizeof descriptor);
	do
		w = sendmsg(fd, &m, MSG_NOSIGNAL);
	while (w < 0 && errno == EINTR);
	return w > 0 && talk_put(fd, (const char *)p + w, n - (size_t)w);
}

bool
talk_get(int fd, void *p, size_t n)
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

static bool
gone(struct err *e)
{
	return err_set(e, "the helper process is gone");
}

/* A text from the other end ends somewhere. */
static bool
get_err(int fd, struct err *e)
{
	if (!talk_get(fd, e, sizeof *e))
		return gone(e);
	e->text[sizeof e->text - 1] = '\0';
	return false;
}

bool
talk_put_ready(int fd, bool ok, const struct err *e)
{
	struct ready r = { .ok = ok };

	if (!ok)
		r.e = *e;
	return talk_put(fd, &r, sizeof r);
}

bool
talk_get_ready(int fd, struct err *e)
{
	struct ready r;

	if (!talk_get(fd, &r, sizeof r))
		return gone(e);
	if (r.ok)
		return true;
	*e = r.e;
	e->text[sizeof e->text - 1] = '\0';
	return false;
}

/* --- names ------------------------------------------------------------------------------------------------------------- */

bool
talk_get_address(int fd, struct talk_address *a)
{
	return talk_get(fd, a, sizeof *a) && (a->version == 4 || a->version == 6);
}

bool
talk_get_name(int fd, char name[NAMES_NAME_MAX])
{
	if (!talk_get(fd, name, NAMES_NAME_MAX))
		return false;
	name[NAMES_NAME_MAX - 1] = '\0';
	return true;
}

/* --- filters ----------------------------------------------------------------------------------------------------------- */

bool
talk_put_program(int fd, const struct bpf_program *code, const struct err *e)
{
	struct program answer = { code ? code->bf_len : 0 };

	return talk_put(fd, &answer, sizeof answer) && (answer.count ?
	    talk_put(fd, code->bf_insns, answer.count * sizeof *code->bf_insns) : talk_put(fd, e, sizeof *e));
}

bool
talk_get_program(int fd, struct bpf_program *code, struct err *e)
{
	struct program answer;
	struct bpf_insn *insns;
	size_t size;

	*code = (struct bpf_program) { 0 };
	if (!talk_get(fd, &answer, sizeof answer))
		return gone(e);
	if (answer.count == 0)
		return get_err(fd, e);
	if (answer.count > TALK_PROGRAM_MAX)
		return err_set(e, "the filter has more than %d instructions", TALK_PROGRAM_MAX);
	size = answer.count * sizeof *insns;
	insns = malloc(size);
	if (!insns)
		return err_set(e, "out of memory");
	if (!talk_get(fd, insns, size))
		gone(e);
	else if (!bpf_validate(insns, (int)answer.count))
		err_set(e, "the filter is not valid");
	else {
		*code = (struct bpf_program) { answer.count, insns };
		return true;
	}
	free(insns);
	return false;
}

/* --- paths ------------------------------------------------------------------------------------------------------------- */

bool
talk_put_path(int fd, const char *path)
{
	struct path m = { .length = (uint32_t)strlen(path) };

	if (m.length == 0 || m.length > sizeof m.bytes)
		return true;		/* no file has such a name */
	memcpy(m.bytes, path, m.length);
	return talk_put(fd, &m, offsetof(struct path, bytes) + m.length);
}

bool
talk_get_path(int fd, char path[TALK_PATH_MAX + 1])
{
	uint32_t length;

	if (!talk_get(fd, &length, sizeof length) || length == 0 || length > TALK_PATH_MAX || !talk_get(fd, path, length))
		return false;
	path[length] = '\0';
	return strlen(path) == length;
}

/* With a first byte may come a descriptor; others, and more of them than one, are closed. */
static bool
get_first(int fd, void *p, int *descriptor)
{
	union { struct cmsghdr head; char room[CMSG_SPACE(sizeof(int))]; } u = { 0 };
	struct iovec part = { p, 1 };
	struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = u.room, .msg_controllen = sizeof u.room };
	const struct cmsghdr *c;

	*descriptor = -1;
	/* A signal ends the wait: whoever waits for a list that is still being written can be stopped. */
	if (recvmsg(fd, &m, MSG_CMSG_CLOEXEC) <= 0)
		return false;
	c = CMSG_FIRSTHDR(&m);
	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS && c->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(descriptor, CMSG_DATA(c), sizeof *descriptor);
	return true;
}

bool
talk_get_file(int fd, struct talk_file *f, int *descriptor)
{
	if (!get_first(fd, f, descriptor))
		return false;
	if (!talk_get(fd, (char *)f + 1, sizeof *f - 1)) {
		if (*descriptor >= 0)
			close(*descriptor);
		*descriptor = -1;
		return false;
	}
	f->path[TALK_PATH_MAX] = '\0';
	f->why.text[sizeof f->why.text - 1] = '\0';
	return true;
}

bool
talk_is_written(const char *name, const char *path)
{
	size_t fixed = strcspn(name, "%");
	const char *part;

	if (strncmp(path, name, fixed) != 0 || (strchr("-/", path[0]) && path[0] != name[0]))
		return false;
	/* From the last component on that the name begins: none of the rest leads up. */
	while (fixed > 0 && name[fixed - 1] != '/')
		fixed--;
	for (part = path + fixed; part; part = strchr(part, '/')) {
		part += *part == '/';
		if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == '\0'))
			return false;
	}
	return true;
}
