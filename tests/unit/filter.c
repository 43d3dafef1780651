/* Capture filters: one program for each link type, run over bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <pcap/pcap.h>

#include "bpf/filter.h"

/* An IPv4 UDP header, 10.0.0.1:1000 > 10.0.0.2:53, without and with Ethernet in front. */
static const uint8_t ip[] = {
	0x45, 0, 0, 28, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0x03, 0xe8, 0, 53, 0, 8, 0, 0,
};
static uint8_t ether[14 + sizeof ip] = { 2, 0, 0, 0, 0, 11, 2, 0, 0, 0, 0, 10, 8, 0 };

static struct filter *
filter_of(const char *expression)
{
	struct filter_options o = { .expression = expression, .optimize = true, .file = true };
	struct filter *f = filter_new(&o);

	assert_non_null(f);
	return f;
}

static bool
match(struct filter *f, uint32_t link)
{
	return link == DLT_EN10MB ? filter_match(f, link, ether, sizeof ether, sizeof ether)
	    : filter_match(f, link, ip, sizeof ip, sizeof ip);
}

static void
test_programs_by_link_type(void **state)
{
	struct filter *f = filter_of("udp port 53 and src host 10.0.0.1");
	struct err e;

	(void)state;
	assert_false(match(f, DLT_EN10MB));	/* not compiled yet */
	assert_false(filter_tried(f, DLT_EN10MB));
	assert_true(filter_compile(f, DLT_EN10MB, 65535, &e));
	assert_true(filter_compile(f, DLT_RAW, 65535, &e));
	assert_true(filter_compile(f, DLT_RAW, 65535, &e));
	assert_true(match(f, DLT_EN10MB));
	assert_true(match(f, DLT_RAW));
	assert_false(match(f, DLT_NULL));
	assert_ptr_not_equal(filter_program(f, DLT_EN10MB), filter_program(f, DLT_RAW));
	filter_free(f);
}

static void
test_captured_bytes_bound_reads(void **state)
{
	struct filter *f = filter_of("udp port 53");
	struct err e;

	(void)state;
	assert_true(filter_compile(f, DLT_RAW, 65535, &e));
	for (uint32_t n = 0; n < sizeof ip; n++)
		assert_int_equal(filter_match(f, DLT_RAW, ip, n, sizeof ip), n >= 24);
	filter_free(f);
}

static void
test_empty_expression_matches_all(void **state)
{
	struct filter *f = filter_of(" \n");

	(void)state;
	assert_true(match(f, DLT_EN10MB));
	assert_true(filter_match(f, 4711, ip, 0, 0));
	filter_free(f);
}

static void
test_errors(void **state)
{
	struct filter *f = filter_of("foo bar");
	struct err e;

	(void)state;
	assert_false(filter_compile(f, DLT_EN10MB, 0, &e));
	assert_string_equal(e.text, "can't parse filter expression: syntax error");
	assert_true(filter_tried(f, DLT_EN10MB));
	assert_false(filter_compile(f, DLT_EN10MB, 0, &e));
	assert_null(filter_program(f, DLT_EN10MB));
	assert_false(match(f, DLT_EN10MB));
	filter_free(f);
}

/* Only a kernel knows a packet's direction, so a file's filter is refused, as tcpdump does. */
static void
test_what_files_do_not_know(void **state)
{
	struct filter_options live = { .expression = "inbound", .optimize = true };
	struct filter *f = filter_of("inbound"), *g = filter_new(&live);
	struct err e;

	(void)state;
	assert_false(filter_compile(f, DLT_EN10MB, 65535, &e));
	assert_non_null(strstr(e.text, "not supported on Ethernet when reading savefiles"));
	assert_true(filter_compile(g, DLT_EN10MB, 65535, &e));
	filter_free(f);
	filter_free(g);
}

/* Whether machine code stands ready; only then does filter_match take the short way. */
static bool
is_native(const struct filter *f)
{
	return ((const struct filter_first *)f)->link == DLT_EN10MB;
}

/* The interpreter instead, because it was asked for. */
static void
test_interpreter_on_demand(void **state)
{
	struct filter_options o = { .expression = "udp port 53", .optimize = true, .file = true, .interpret = true };
	struct filter *f = filter_new(&o), *g;
	struct err e;

	(void)state;
	assert_true(filter_compile(f, DLT_EN10MB, 65535, &e));
	assert_false(is_native(f));
	o.interpret = false;
	g = filter_new(&o);
	assert_true(filter_compile(g, DLT_EN10MB, 65535, &e));
#if defined(__x86_64__) || defined(__aarch64__)
	assert_true(is_native(g));
#endif
	for (uint32_t n = 0; n < sizeof ether; n++) {
		assert_int_equal(filter_match(f, DLT_EN10MB, ether, n, sizeof ether), n >= 38);
		assert_int_equal(filter_match(g, DLT_EN10MB, ether, n, sizeof ether), n >= 38);
	}
	filter_free(f);
	filter_free(g);
}

#ifndef PR_SET_MDWE
#define PR_SET_MDWE 65
#endif

/* The same where the system makes no page executable that has been writable. */
static void
test_interpreter_without_executable_memory(void **state)
{
	int status;
	pid_t child = fork();

	(void)state;
	assert_true(child >= 0);
	if (child == 0) {
		struct filter *f = filter_of("udp port 53");
		struct err e;

		if (prctl(PR_SET_MDWE, 1UL, 0UL, 0UL, 0UL) != 0)
			_exit(77);
		if (!filter_compile(f, DLT_EN10MB, 65535, &e) || is_native(f))
			_exit(1);
		for (uint32_t n = 0; n < sizeof ether; n++)
			if (filter_match(f, DLT_EN10MB, ether, n, sizeof ether) != (n >= 38))
				_exit(2);
		filter_free(f);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void
test_link_types_have_a_ceiling(void **state)
{
	struct filter *f = filter_of("ip");
	struct err e = { "" };
	unsigned n = 0;

	(void)state;
	for (uint32_t link = 0; link < 1000; link++)
		filter_compile(f, link, 0, &e);
	for (uint32_t link = 0; link < 1000; link++)
		n += filter_tried(f, link);
	assert_int_equal(n, 64);
	assert_string_equal(e.text, "more than 64 link types");
	filter_free(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_programs_by_link_type),
		cmocka_unit_test(test_captured_bytes_bound_reads),
		cmocka_unit_test(test_empty_expression_matches_all),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_what_files_do_not_know),
		cmocka_unit_test(test_interpreter_on_demand),
		cmocka_unit_test(test_interpreter_without_executable_memory),
		cmocka_unit_test(test_link_types_have_a_ceiling),
	};

	memcpy(ether + 14, ip, sizeof ip);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
