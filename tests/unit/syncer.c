#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "io/syncer.h"

static void
files_in_turn(void **state)
{
	FILE *a = tmpfile(), *b = tmpfile();
	struct syncer *s;
	struct err e;

	(void)state;
	s = syncer_new(&e);
	assert_true(a && b && s);
	for (int i = 0; i < 100; i++) {
		assert_int_equal(write(fileno(a), "x", 1), 1);
		assert_int_equal(syncer_wrote(s, fileno(a)), 0);
	}
	assert_int_equal(syncer_wrote(s, fileno(b)), 0);
	assert_int_equal(syncer_leave(s, fileno(a)), 0);
	assert_int_equal(syncer_leave(s, fileno(b)), 0);
	syncer_free(s);
	fclose(a);
	fclose(b);
}

/* A pipe cannot be brought to a disk, which stands for a disk that has failed. */
static void
errors_are_told_later(void **state)
{
	struct syncer *s;
	int fds[2], why = 0;
	struct err e;

	(void)state;
	s = syncer_new(&e);
	assert_non_null(s);
	assert_int_equal(pipe(fds), 0);
	for (int i = 0; i < 500 && why == 0; i++) {
		why = syncer_wrote(s, fds[1]);
		poll(NULL, 0, 10);
	}
	assert_int_equal(why, EINVAL);
	assert_int_equal(syncer_leave(s, fds[1]), EINVAL);
	syncer_free(s);
	close(fds[0]);
	close(fds[1]);
}

static void
nothing_to_do(void **state)
{
	struct err e;

	(void)state;
	syncer_free(NULL);
	syncer_free(syncer_new(&e));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_in_turn),
		cmocka_unit_test(errors_are_told_later),
		cmocka_unit_test(nothing_to_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
