/* The line of the progress bar. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "cmd/progress.h"

#define SECOND INT64_C(1000000000)

static void
expect(uint64_t done, uint64_t total, uint64_t packets, int64_t ns, const char *want)
{
	char line[PROGRESS_LINE_MAX];

	progress_line(line, 120, &(struct source_position) { .done = done, .total = total }, packets, ns);
	assert_string_equal(line, want);
}

static void
lines(void **state)
{
	(void)state;
	expect(0, 1000, 0, SECOND, "  0% [------------------------] 0 B of 1.0 kB, 0 B/s, 0 s left");
	expect(500000000, 2000000000, 1, 2 * SECOND, " 25% [######------------------] 500 MB of 2.0 GB, 250 MB/s, 6 s left");
	expect(2000, 2000, 1, SECOND, "100% [########################] 2.0 kB of 2.0 kB, 2.0 kB/s, 0 s left");
	/* A file that grew after it was opened. */
	expect(3000, 2000, 1, SECOND, "100% [########################] 2.0 kB of 2.0 kB, 3.0 kB/s, 0 s left");
	expect(1000000, 201000000, 1, SECOND, "  0% [------------------------] 1.0 MB of 201 MB, 1.0 MB/s, 3 min 20 s left");
	expect(1000000, 7501000000, 1, SECOND, "  0% [------------------------] 1.0 MB of 7.5 GB, 1.0 MB/s, 2 h 5 min left");
	expect(12300000, 0, 4711, 3 * SECOND, "12 MB, 4711 packets, 4.1 MB/s");
	expect(UINT64_MAX, UINT64_MAX, UINT64_MAX, 1, "100% [########################] 18 EB of 18 EB, 18446744074 EB/s, 0 s left");
}

static void
narrow(void **state)
{
	char line[PROGRESS_LINE_MAX];
	const struct source_position at = { .done = 500000000, .total = 2000000000 };

	(void)state;
	for (unsigned width = 0; width < 200; width++) {
		progress_line(line, width, &at, 1, SECOND);
		assert_true(strlen(line) <= width && strlen(line) < PROGRESS_LINE_MAX);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(lines), cmocka_unit_test(narrow) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
