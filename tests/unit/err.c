#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/err.h"

static void
context_goes_in_front(void **state)
{
	struct err e;

	(void)state;
	assert_false(err_set(&e, "no such device %d", 9));
	assert_false(err_wrap(&e, "capture on %s", "eth9"));
	assert_string_equal(e.text, "capture on eth9: no such device 9");
}

static void
long_messages_are_cut(void **state)
{
	struct err e;
	char big[2000];

	(void)state;
	memset(big, 'x', sizeof big - 1);
	big[sizeof big - 1] = 0;
	err_set(&e, "%s", big);
	assert_int_equal(strlen(e.text), sizeof e.text - 1);
	err_wrap(&e, "%s", big);
	assert_int_equal(strlen(e.text), sizeof e.text - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(context_goes_in_front),
		cmocka_unit_test(long_messages_are_cut),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
