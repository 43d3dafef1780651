/* A noted field's value as text: what JSON and tables share. */
#pragma once

#include "base/buf.h"
#include "dissect/dissect.h"

enum value_form {
	VALUE_COLUMN,	/* bare; text out of the packet is escaped */
	VALUE_JSON,	/* as JSON spells it: numbers, true and false, all else a string */
};

/* Appends the value; a field whose bytes do not fit its type (an IPv4 address of five) is shown as bytes. */
void value_put(struct buf *b, const struct noted *n, enum value_form form);

/*
 * Appends n bytes of packet text made safe: valid UTF-8 stays, control characters become \t \n \r or \u00XX (json) or
 * \xXX, so do those that turn the direction of text around; bytes that are not UTF-8 become \xXX (in JSON with the backslash
 * itself escaped).
 */
void value_escape(struct buf *b, const char *s, size_t n, bool json);
