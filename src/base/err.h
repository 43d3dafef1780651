/*
 * Errors as values: the function that fails writes what went wrong, each caller on the way up may put its
 * context in front ("capture on eth9: no such device"), and the command prints one line and picks the status.
 */
#pragma once

#include <stdbool.h>

struct err {
	char text[512];
};

/* Sets the message. Always false, so that a function that returns bool can say `return err_set(e, ...)`. */
bool err_set(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Puts "context: " in front of the message. Always false. */
bool err_wrap(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
