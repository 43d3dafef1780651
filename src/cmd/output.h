/* Text to standard output: written whole, when asked; and what becomes of what stdio writes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum output_result {
	OUTPUT_ERROR = -1,
	OUTPUT_GONE = 0,	/* nobody reads any more: time to end, quietly */
	OUTPUT_OK = 1,
};

/* At the start: where standard output is a pipe, or one that does not block, stdio writes by output_write. */
void output_begin(void);

/* Waits for a reader who is slow, but for one who sleeps no longer than a second once a signal has asked for the end. */
enum output_result output_write(const char *text, size_t n, struct err *e);

/* For what goes through stdio: prints, and remembers what was wrong when it first could not be written; false then. */
bool output_print(const char *text, size_t n);

/* The same for what has just been printed otherwise. */
bool output_printed(void);

/*
 * At the end: what stdio still holds goes out. False and *e if that, or anything before, could not be written; that nobody reads
 * any more is none.
 */
bool output_end(struct err *e);
