/* Names that are asked for by threads: what those use is kept for as long as they do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/names.h"

struct server {
	int answers[2];		/* a pipe; a byte lets one question be answered */
	int shared;
};

static bool
slow(void *ctx, unsigned helper, unsigned version, const uint8_t *addr, char name[NAMES_NAME_MAX])
{
	struct server *s = ctx;
	char c;

	(void)helper, (void)version, (void)addr;
	if (read(s->answers[0], &c, 1) != 1)
		return false;
	snprintf(name, NAMES_NAME_MAX, "a.name");
	return true;
}

static void
share(void *ctx, int by)
{
	__atomic_add_fetch(&((struct server *)ctx)->shared, by, __ATOMIC_ACQ_REL);
}

static int
shared(const struct server *s)
{
	return __atomic_load_n(&s->shared, __ATOMIC_ACQUIRE);
}

static void
answers_come(void **state)
{
	struct server s = { .shared = 0 };
	const struct names_options o = { .look_up = slow, .ctx = &s, .share = share };
	struct names *n;
	struct resolver r;
	const char *name;

	(void)state;
	assert_int_equal(pipe(s.answers), 0);
	n = names_new(&o);
	assert_non_null(n);
	assert_int_equal(shared(&s), 1);
	r = names_resolver(n);
	assert_int_equal(write(s.answers[1], "x", 1), 1);
	/* On a busy machine it may not come at once. */
	while ((name = r.host(r.ctx, 4, (const uint8_t *)"\300\0\2\1")) == NULL)
		usleep(10000);
	assert_string_equal(name, "a.name");
	names_free(n);
	for (unsigned i = 0; i < 1000 && shared(&s) > 0; i++)
		usleep(10000);
	assert_int_equal(shared(&s), 0);
	close(s.answers[0]);
	close(s.answers[1]);
}

static void
a_waiting_thread_keeps_what_it_uses(void **state)
{
	struct server s = { .shared = 0 };
	const struct names_options o = { .look_up = slow, .ctx = &s, .share = share };
	struct names *n;
	struct resolver r;

	(void)state;
	assert_int_equal(pipe(s.answers), 0);
	n = names_new(&o);
	assert_non_null(n);
	r = names_resolver(n);
	assert_null(r.host(r.ctx, 4, (const uint8_t *)"\300\0\2\1"));
	names_free(n);
	usleep(20000);
	assert_int_equal(shared(&s), 1);
	assert_int_equal(write(s.answers[1], "x", 1), 1);
	for (unsigned i = 0; i < 1000 && shared(&s) > 0; i++)
		usleep(10000);
	assert_int_equal(shared(&s), 0);
	close(s.answers[0]);
	close(s.answers[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_come),
		cmocka_unit_test(a_waiting_thread_keeps_what_it_uses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
