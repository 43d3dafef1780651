#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Their allocators end the program instead. */
#ifdef __has_feature
#define SANITIZED (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer))
#elif defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

/* Calls of this test are noticed as the program's own are, since it is linked likewise. */
static void
noticed(void **state)
{
	static volatile size_t too_much = PTRDIFF_MAX;
	char *s = strdup("some");

	(void)state;
	assert_non_null(s);
	free(s);
	if (SANITIZED)
		skip();
	assert_false(memory_was_short());
	s = malloc(too_much);
	assert_null(s);
	assert_true(memory_was_short());
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(noticed) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
