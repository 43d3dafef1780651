/* The aides: what they and their master do with messages that the other end should not have sent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cmd/aide_serve.h"
#include "cmd/aide_talk.h"
#include "dice.h"

/* A socket that these bytes can be read from, and then the end. */
static int
said(const void *bytes, size_t n)
{
	int ends[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	assert_true(n == 0 || send(ends[0], bytes, n, 0) == (ssize_t)n);
	close(ends[0]);
	return ends[1];
}

/* --- which files a command may be run on ------------------------------------------------------------------------------- */

static void
test_paths_of_files_written(void **state)
{
	static const struct { const char *name, *path; bool written; } cases[] = {
		{ "o.pcap", "o.pcap", true }, { "o.pcap", "o.pcap17", true }, { "o-%H.pcap", "o-23.pcap", true },
		{ "o-%H.pcap", "o-23.pcap7", true }, { "/cap/%F/%T", "/cap/2026-01-01/00:00:00", true },
		{ "dir/../o%s", "dir/../o1", true }, { "../o%s", "../o1", true }, { "o%s", "o..1", true }, { "%H", "..pcap", true },
		{ "-o%s", "-o1", true }, { "o..", "o..1", true }, { "./..o%s", "./..o1", true },
		{ "o.pcap", "p.pcap", false }, { "/cap/o%s", "/cap/p1", false }, { "o.pcap", "", false }, { "/cap/o", "/cap/", false },
		{ "o%s", "o/../../etc/passwd", false }, { "/cap/%H", "/cap/../etc/passwd", false }, { "/cap/%H", "/cap/..", false },
		{ "%H", "../x", false }, { "%H", "..", false }, { "o%s", "o1/..", false }, { "o%s", "o1/x/../y", false },
		{ ".%H", "../etc/passwd", false }, { "/cap/.%H", "/cap/../x", false }, { "dir/../o%s", "dir/../o/../x", false },
		{ "%H", "-rf", false }, { "", "-rf", false }, { "%H", "/etc/passwd", false }, { "%Y/%H", "2026/23", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		if (talk_is_written(cases[i].name, cases[i].path) != cases[i].written)
			fail_msg("%s for %s", cases[i].path, cases[i].name);
	}
}

struct runs {
	unsigned n;
	char last[TALK_PATH_MAX + 1];
};

static void
note_run(void *ctx, const char *path)
{
	struct runs *r = ctx;

	if (!path)
		return;		/* refused */
	r->n++;
	snprintf(r->last, sizeof r->last, "%s", path);
}

/* A path with this length in front, which may be a lie. */
static int
said_path(uint32_t length, const char *path, size_t n)
{
	char m[2 * PATH_MAX];

	memcpy(m, &length, 4);
	memcpy(m + 4, path, n);
	return said(m, n + 4);
}

static unsigned
runs_of(int fd, struct runs *r)
{
	*r = (struct runs) { 0 };
	serve_paths(fd, "/cap/o%H", note_run, r);
	close(fd);
	return r->n;
}

static void
test_a_runner_runs_nothing_else(void **state)
{
	char longest[PATH_MAX + 100];
	struct runs r;
	int ends[2];

	(void)state;
	assert_int_equal(runs_of(said_path(7, "/cap/o1", 7), &r), 1);
	assert_string_equal(r.last, "/cap/o1");
	assert_int_equal(runs_of(said_path(8, "/cap/o1", 7), &r), 0);
	assert_int_equal(runs_of(said_path(0, "/cap/o1", 7), &r), 0);
	assert_int_equal(runs_of(said_path(UINT32_MAX, "/cap/o1", 7), &r), 0);
	assert_int_equal(runs_of(said_path(9, "/cap/o1\0x", 9), &r), 0);
	assert_int_equal(runs_of(said_path(20, "/cap/o/../etc/passwd", 20), &r), 0);
	assert_int_equal(runs_of(said_path(2, "-x", 2), &r), 0);
	assert_int_equal(runs_of(said("", 0), &r), 0);
	assert_int_equal(runs_of(said("\7\0", 2), &r), 0);
	memset(longest, 'x', sizeof longest);
	memcpy(longest, "/cap/o", 6);
	assert_int_equal(runs_of(said_path(PATH_MAX, longest, PATH_MAX), &r), 1);
	assert_int_equal(strlen(r.last), PATH_MAX);
	assert_int_equal(runs_of(said_path(PATH_MAX + 1, longest, PATH_MAX + 1), &r), 0);
	/* What is sent, arrives. */
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	assert_true(talk_put_path(ends[0], "/cap/o1") && talk_put_path(ends[0], "") && talk_put_path(ends[0], "/cap/o22"));
	close(ends[0]);
	assert_int_equal(runs_of(ends[1], &r), 2);
	assert_string_equal(r.last, "/cap/o22");
}

/* --- names and filters -------------------------------------------------------------------------------------------------- */

static void
test_addresses(void **state)
{
	struct talk_address a = { 4, { 127, 0, 0, 1 } };
	int fd;

	(void)state;
	for (unsigned version = 0; version < 256; version++) {
		a.version = (uint8_t)version;
		fd = said(&a, sizeof a);
		assert_int_equal(talk_get_address(fd, &a), version == 4 || version == 6);
		close(fd);
	}
	fd = said(&a, sizeof a - 1);
	assert_false(talk_get_address(fd, &a));
	close(fd);
}

static void
test_names_end(void **state)
{
	char bytes[NAMES_NAME_MAX], name[NAMES_NAME_MAX];
	int fd;

	(void)state;
	memset(bytes, 'x', sizeof bytes);
	fd = said(bytes, sizeof bytes);
	assert_true(talk_get_name(fd, name));
	assert_int_equal(strlen(name), NAMES_NAME_MAX - 1);
	close(fd);
	fd = said(bytes, sizeof bytes - 1);
	assert_false(talk_get_name(fd, name));
	close(fd);
}

/* This many instructions are announced; so many bytes come. */
static bool
takes_program(uint32_t count, const void *bytes, size_t n, struct bpf_program *code, struct err *e)
{
	char m[1024];
	bool ok;
	int fd;

	memcpy(m, &count, 4);
	memcpy(m + 4, bytes, n);
	fd = said(m, n + 4);
	ok = talk_get_program(fd, code, e);
	close(fd);
	assert_true(ok == (code->bf_insns != NULL));
	return ok;
}

static void
test_programs(void **state)
{
	const struct bpf_insn good[] = { { BPF_LD | BPF_B | BPF_ABS, 0, 0, 23 }, { BPF_RET | BPF_K, 0, 0, 1 } };
	const struct bpf_insn far[] = { { BPF_JMP | BPF_JA, 0, 0, 7 }, { BPF_RET | BPF_K, 0, 0, 1 } };
	const struct bpf_insn outside[] = { { BPF_ST, 0, 0, 4000 }, { BPF_RET | BPF_K, 0, 0, 1 } };
	const struct bpf_insn open_end[] = { { BPF_LD | BPF_IMM, 0, 0, 1 }, { BPF_LD | BPF_IMM, 0, 0, 1 } };
	struct bpf_program code;
	struct err e, sent;
	int fd;

	(void)state;
	assert_true(takes_program(2, good, sizeof good, &code, &e));
	assert_int_equal(code.bf_len, 2);
	assert_memory_equal(code.bf_insns, good, sizeof good);
	free(code.bf_insns);
	assert_false(takes_program(2, far, sizeof far, &code, &e));
	assert_string_equal(e.text, "the filter is not valid");
	assert_false(takes_program(2, outside, sizeof outside, &code, &e));
	assert_false(takes_program(2, open_end, sizeof open_end, &code, &e));
	assert_false(takes_program(3, good, sizeof good, &code, &e));
	assert_string_equal(e.text, "the helper process is gone");
	assert_false(takes_program(TALK_PROGRAM_MAX + 1, good, sizeof good, &code, &e));
	assert_false(takes_program(UINT32_MAX, good, sizeof good, &code, &e));
	assert_false(takes_program(0, good, 3, &code, &e));
	/* A message that has no end gets one. */
	memset(&sent, 'x', sizeof sent);
	assert_false(takes_program(0, &sent, sizeof sent, &code, &e));
	assert_int_equal(strlen(e.text), sizeof e.text - 1);
	fd = said("\0\0\0", 3);
	assert_false(talk_get_program(fd, &code, &e));
	close(fd);
}

static void
test_filters_of_any_link(void **state)
{
	static const uint32_t links[] = { 1, 113, 65535, UINT32_MAX, 0x80000000 };
	const struct filter_options o = { .expression = "tcp port 80 and host localhost", .optimize = true };

	(void)state;
	for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
		struct talk_compile ask = { links[i], i % 2 ? UINT32_MAX : 262144 };
		struct bpf_program code;
		struct err e;
		int ends[2];

		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
		assert_true(talk_put(ends[0], &ask, sizeof ask) && shutdown(ends[0], SHUT_WR) == 0);
		serve_filters(ends[1], &o);
		if (talk_get_program(ends[0], &code, &e)) {
			assert_true(links[i] == 1 || links[i] == 113);
			free(code.bf_insns);
		} else
			assert_true(e.text[0] && links[i] != 1);
		close(ends[0]);
		close(ends[1]);
	}
}

/* --- files of a list ------------------------------------------------------------------------------------------------------ */

struct opener {
	int control, list;
};

static void *
open_files(void *p)
{
	const struct opener *o = p;

	serve_list(o->control, o->list);
	close(o->control);
	return NULL;
}

static void
test_files_of_a_list(void **state)
{
	static const char text[] = "/dev/null\n/no/such/file\n\n-\n/dev/zero";
	static const struct { const char *path; bool open, wrong; } expected[] = {
		{ "/dev/null", true, false }, { "/no/such/file", false, true }, { "", false, true }, { "-", false, false },
		{ "/dev/zero", true, false },
	};
	struct opener o = { .list = said(text, sizeof text - 1) };
	struct talk_file f;
	pthread_t t;
	int ends[2], fd;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	o.control = ends[1];
	assert_int_equal(pthread_create(&t, NULL, open_files, &o), 0);
	for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
		assert_true(talk_put(ends[0], "", 1) && talk_get_file(ends[0], &f, &fd));
		assert_string_equal(f.path, expected[i].path);
		assert_true(f.there && (fd >= 0) == expected[i].open && (f.why.text[0] != '\0') == expected[i].wrong);
		if (fd >= 0)
			close(fd);
	}
	assert_true(talk_put(ends[0], "", 1) && talk_get_file(ends[0], &f, &fd) && !f.there && fd < 0);
	close(ends[0]);
	pthread_join(t, NULL);
	close(o.list);
}

/* The opener ends with its master, although the list does not. */
static void
test_a_list_that_is_not_written_on(void **state)
{
	struct opener o;
	pthread_t t;
	int ends[2], list[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	assert_int_equal(pipe(list), 0);
	o = (struct opener) { ends[1], list[0] };
	assert_int_equal(pthread_create(&t, NULL, open_files, &o), 0);
	assert_true(talk_put(ends[0], "", 1) && write(list[1], "/dev/nu", 7) == 7);
	usleep(20000);
	close(ends[0]);
	pthread_join(t, NULL);
	close(list[0]);
	close(list[1]);
}

static void
test_a_file_cut_short(void **state)
{
	union { struct cmsghdr head; char room[CMSG_SPACE(3 * sizeof(int))]; } u = { 0 };
	char part[100] = { 1 };
	struct iovec bytes = { part, sizeof part };
	struct msghdr m = { .msg_iov = &bytes, .msg_iovlen = 1, .msg_control = u.room };
	struct talk_file f;
	int fds[3], ends[2], fd, before = open("/dev/null", O_RDONLY), after;

	(void)state;
	close(before);
	/* One descriptor, and three, with a message that ends early. */
	for (size_t n = 1; n <= 3; n += 2) {
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
		for (size_t i = 0; i < n; i++)
			fds[i] = ends[0];
		u.head = (struct cmsghdr) { CMSG_LEN(n * sizeof(int)), SOL_SOCKET, SCM_RIGHTS };
		memcpy(CMSG_DATA(&u.head), fds, n * sizeof(int));
		m.msg_controllen = CMSG_SPACE(n * sizeof(int));
		assert_int_equal(sendmsg(ends[0], &m, 0), sizeof part);
		assert_int_equal(shutdown(ends[0], SHUT_WR), 0);
		assert_false(talk_get_file(ends[1], &f, &fd));
		assert_int_equal(fd, -1);
		close(ends[0]);
		close(ends[1]);
	}
	after = open("/dev/null", O_RDONLY);
	assert_int_equal(after, before);
	close(after);
}

/* --- anything ------------------------------------------------------------------------------------------------------------- */

static void
test_dice(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 2000; round++) {
		char bytes[600], path[TALK_PATH_MAX + 1], name[NAMES_NAME_MAX];
		size_t n = dice(sizeof bytes);
		struct bpf_program code;
		struct talk_file f;
		struct runs r;
		struct err e;
		int fd, got;

		for (size_t i = 0; i < n; i++)
			bytes[i] = (char)dice(dice(3) ? 4 : 256);
		fd = said(bytes, n);
		switch (round % 6) {
		case 0: while (talk_get_path(fd, path)) assert_in_range(strlen(path), 1, TALK_PATH_MAX); break;
		case 1: while (talk_get_name(fd, name)) assert_true(strlen(name) < sizeof name); break;
		case 2: if (talk_get_program(fd, &code, &e)) free(code.bf_insns); break;
		case 3: assert_false(talk_get_file(fd, &f, &got)); break;
		case 4: talk_get_ready(fd, &e); break;
		case 5:
			r = (struct runs) { 0 };
			serve_paths(fd, "/cap/o%H", note_run, &r);
			assert_true(r.n == 0 || strncmp(r.last, "/cap/o", 6) == 0);
			break;
		}
		close(fd);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths_of_files_written),
		cmocka_unit_test(test_a_runner_runs_nothing_else),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_names_end),
		cmocka_unit_test(test_programs),
		cmocka_unit_test(test_filters_of_any_link),
		cmocka_unit_test(test_files_of_a_list),
		cmocka_unit_test(test_a_list_that_is_not_written_on),
		cmocka_unit_test(test_a_file_cut_short),
		cmocka_unit_test(test_dice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
