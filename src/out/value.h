/* A noted field's value as text: what JSON and tables share. */
#pragma once

#include "base/buf.h"
#include "dissect/dissect.h"

/* How a value stands in its surroundings. */
enum value_kind {
	VALUE_NUMBER,	/* digits */
	VALUE_BOOL,	/* one digit, 0 or 1 */
	VALUE_PLAIN,	/* text of ours: addresses, bytes, times */
	VALUE_STRING,	/* text out of the packet, not escaped yet */
};

/* Appends the value; a field whose bytes do not fit its type (an IPv4 address of five) is shown as bytes. */
enum value_kind value_put(struct buf *b, const struct noted *n);

/*
 * Appends n bytes of packet text made safe: valid UTF-8 stays, control characters become \t \n \r or \u00XX (json) or
 * \xXX, bytes that are not UTF-8 become \xXX (in JSON with the backslash itself escaped).
 */
void value_escape(struct buf *b, const char *s, size_t n, bool json);
