/* A noted field's value as text: what JSON and tables share. */
#pragma once

#include "base/buf.h"
#include "base/digits.h"
#include "dissect/dissect.h"

enum value_form {
	VALUE_COLUMN,	/* bare; text out of the packet is escaped */
	VALUE_JSON,	/* as JSON spells it: numbers, true and false, all else a string */
};

enum { VALUE_ROOM = 112 };	/* room for a value that is no text and not as long as the packet makes it */

/*
 * Such a value at o, which has VALUE_ROOM; what is behind it. NULL, and nothing that counts written: it is text, or more than
 * a few bytes, and value_put's.
 */
char *value_short(char *o, const struct noted *n, enum value_form form);

/* What a flag and an unsigned number are: the same, where it is known already that it is one. */
static inline char *
value_flag(char *o, bool v, enum value_form form)
{
	static const char words[2][8] = { "false", "true" };

	if (form == VALUE_COLUMN) {
		*o = v ? '1' : '0';
		return o + 1;
	}
	memcpy(o, words[v], sizeof words[v]);
	return o + 5 - v;
}

static inline char *
value_number(char *o, uint64_t v)
{
	if (v < 10) {		/* most versions, kinds, counts */
		*o = (char)('0' + v);
		return o + 1;
	}
	return v <= UINT32_MAX ? digits_u32(o, (uint32_t)v) : digits_u(o, v);
}

/* Nanoseconds as seconds with nine decimals. */
static inline char *
value_seconds(char *o, int64_t ns)
{
	const uint64_t second = 1000000000;
	uint64_t v = (uint64_t)ns;

	if (ns < 0) {
		*o++ = '-';
		v = -v;
	}
	o = value_number(o, v / second);
	*o++ = '.';
	return digits_nine(o, (uint32_t)(v % second));
}

/* Appends the value; a field whose bytes do not fit its type (an IPv4 address of five) is shown as bytes. */
void value_put(struct buf *b, const struct noted *n, enum value_form form);

/*
 * Appends n bytes of packet text made safe: valid UTF-8 stays, control characters become \t \n \r or \u00XX (json) or
 * \xXX, so do those that turn the direction of text around; bytes that are not UTF-8 become \xXX (in JSON with the backslash
 * itself escaped).
 */
void value_escape(struct buf *b, const char *s, size_t n, bool json);
/* How many of the n bytes, from the first one on, such a text takes over as they are because all of them are ordinary ASCII. */
size_t value_plain(const char *s, size_t n, bool json);

/*
 * Is the UTF-8 character of len bytes at s one that turns text around or hides in it, so that it reads as something else? Its
 * number, or 0.
 */
uint32_t value_misleading(const uint8_t *s, size_t len);

/* The length of the character at s, of n > 0 bytes, that can be shown as it is; 0: it steers, misleads or is none. */
size_t value_harmless(const uint8_t *s, size_t n);
