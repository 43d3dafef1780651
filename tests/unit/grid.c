/* Aligned columns, and JSON by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "out/grid.h"
#include "out/object.h"

static void
same(struct buf *b, const char *want)
{
	buf_char(b, '\0');
	assert_string_equal(b->data, want);
	buf_free(b);
}

static void
columns(void **unused)
{
	static const struct grid_column c[] = { { "name", true }, { "n", false }, { "rest", true } };
	struct buf b = { 0 };
	struct grid g;

	(void)unused;
	grid_begin(&g, c, 3, 2);
	grid_end(&g, &b);
	assert_int_equal(b.len, 0);

	grid_begin(&g, c, 3, 2);
	grid_str(&g, "short"), grid_u(&g, 12345), grid_str(&g, "x");
	grid_text(&g, "caf\xc3\xa9\x1b[31m", 10, 0), grid_u(&g, 1), grid_str(&g, "");
	grid_text(&g, "a long name", 11, 8), grid_u(&g, 1), grid_str(&g, "end");
	grid_end(&g, &b);
	same(&b, "  name              n  rest\n"
	    "  short         12345  x\n"
	    "  caf\xc3\xa9\\x1b[31m      1\n"
	    "  a lon...          1  end\n");
}

static void
spellings(void **unused)
{
	struct buf b = { 0 };

	(void)unused;
	grid_put_took(&b, 0), buf_char(&b, '|'), grid_put_took(&b, 999), buf_char(&b, '|');
	grid_put_took(&b, 1234), buf_char(&b, '|'), grid_put_took(&b, 12345678), buf_char(&b, '|');
	grid_put_took(&b, 999999), buf_char(&b, '|'), grid_put_took(&b, 61500000000), buf_char(&b, '|');
	grid_put_took(&b, -1);
	same(&b, "0 ns|999 ns|1.23 us|12.3 ms|1.00 ms|61.500 s|-");
	grid_put_bytes(&b, 999), buf_char(&b, '|'), grid_put_bytes(&b, 576123456), buf_char(&b, '|');
	grid_put_bits(&b, 1234.5), buf_char(&b, '|'), grid_put_bits(&b, 0.5), buf_char(&b, '|');
	grid_put_percent(&b, 1, 3), buf_char(&b, '|'), grid_put_percent(&b, 1, 0);
	same(&b, "999 bytes|576 MB|1.23 kbit/s|0.50 bit/s|33.3%|0.0%");
	grid_put_seconds(&b, 1999999999, 3), buf_char(&b, '|'), grid_put_seconds(&b, -1500000000, 0), buf_char(&b, '|');
	grid_put_seconds(&b, INT64_MIN, 9), buf_char(&b, '|'), grid_put_seconds(&b, 1000000, 6);
	same(&b, "2.000|-2|-9223372036.854775808|0.001000");
}

static void
objects(void **unused)
{
	struct buf b = { 0 };

	(void)unused;
	object_open(&b, NULL);
	object_u(&b, "u", UINT64_MAX), object_real(&b, "r", 1.25, 3);
	object_real(&b, "nan", 0.0 / 0.0, 3), object_bool(&b, "t", true), object_null(&b, "z");
	object_list(&b, "l");
	object_u(&b, NULL, 1), object_str(&b, NULL, "a\"b"), object_open(&b, NULL), object_close(&b);
	object_list(&b, NULL), object_list_end(&b);
	object_list_end(&b);
	object_seconds(&b, "s", -1500000000), object_time(&b, "at", 1700000000000005000);
	object_text(&b, "x", "\x1b\xff", 2), object_str(&b, "brace", "{"), object_str(&b, "y", "");
	object_close(&b);
	same(&b, "{\"u\":18446744073709551615,\"r\":1.250,\"nan\":null,\"t\":true,\"z\":null,"
	    "\"l\":[1,\"a\\\"b\",{},[]],\"s\":-1.500000000,\"at\":\"1700000000.000005000\",\"x\":\"\\u001b\\\\xff\","
	    "\"brace\":\"{\",\"y\":\"\"}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns), cmocka_unit_test(spellings), cmocka_unit_test(objects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
