/* Text to standard output: written whole, when asked. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum output_result {
	OUTPUT_ERROR = -1,
	OUTPUT_GONE = 0,	/* nobody reads any more: time to end, quietly */
	OUTPUT_OK = 1,
};

enum output_result output_write(const char *text, size_t n, struct err *e);
