#include "out/value.h"

#include <time.h>

#include "base/digits.h"
#include "dissect/hex.h"
#include "pkt/address.h"

enum { ROOM = 96 };	/* for any value that is not as long as the packet makes it */

/* 2023-11-14T22:13:20Z */
static char *
put_time(char *o, int64_t sec)
{
	time_t t = (time_t)sec;
	struct tm tm;

	return gmtime_r(&t, &tm) ? o + strftime(o, ROOM, "%Y-%m-%dT%H:%M:%SZ", &tm) : o;
}

/* Seconds with nine decimals. */
static char *
put_seconds(char *o, int64_t ns)
{
	const uint64_t second = 1000000000;
	uint64_t v = (uint64_t)ns;

	if (ns < 0) {
		*o++ = '-';
		v = -v;
	}
	o = digits_u(o, v / second);
	*o++ = '.';
	return digits_nine(o, (uint32_t)(v % second));
}

/* Milliseconds with as many decimals as it takes. */
static char *
put_millis(char *o, int64_t ns)
{
	const uint64_t milli = 1000000;
	uint64_t v = (uint64_t)ns;
	uint32_t rest, digits = 100000;

	if (ns < 0) {
		*o++ = '-';
		v = -v;
	}
	o = digits_u(o, v / milli);
	if ((rest = (uint32_t)(v % milli)) != 0)
		*o++ = '.';
	for (; rest; rest %= digits, digits /= 10)
		*o++ = (char)('0' + rest / digits);
	return o;
}

static char *
put_bool(char *o, bool v, bool json)
{
	static const char words[2][8] = { "false", "true" };

	if (!json) {
		*o = v ? '1' : '0';
		return o + 1;
	}
	memcpy(o, words[v], sizeof words[v]);
	return o + 5 - v;
}

static char *
put_number(char *o, enum field_type type, uint64_t v, bool json)
{
	switch (type) {
	case BOOL:
		return put_bool(o, v, json);
	case I8:
	case I16:
	case I32:
	case I64:
		if ((int64_t)v < 0) {
			*o++ = '-';
			v = -v;
		}
		return digits_u(o, v);
	case TIME32:
	case TIME_NS:
	case DURATION:
	case MILLIS:
		if (json)
			*o++ = '"';
		o = type == TIME32 ? put_time(o, (int64_t)v) : type == MILLIS ? put_millis(o, (int64_t)v) :
		    put_seconds(o, (int64_t)v);
		if (json)
			*o++ = '"';
		return o;
	default:
		if (v < 10) {		/* most flags, versions, counts */
			*o = (char)('0' + v);
			return o + 1;
		}
		return v <= UINT32_MAX ? digits_u32(o, (uint32_t)v) : digits_u(o, v);
	}
}

/* An address, or any bytes with colons between them. */
static void
put_bytes(struct buf *b, const struct noted *n, bool json)
{
	enum field_type type = n->field->type;
	char *o = buf_begin(b, ROOM + 3 * (size_t)n->len);

	if (o == NULL)
		return;
	if (json)
		*o++ = '"';
	if (type == IP4 && n->len == 4)
		o = address_ip4(o, n->p);
	else if (type == IP6 && n->len == 16)
		o = address_ip6(o, n->p);
	else
		o = hex_colons(o, n->p, n->len);
	if (json)
		*o++ = '"';
	buf_end(b, o);
}

/* Text, up to a NUL when it is the packet's. */
static void
put_text(struct buf *b, const struct noted *n, bool json)
{
	const char *end = n->is_text ? NULL : memchr(n->p, 0, n->len);

	if (json)
		buf_char(b, '"');
	value_escape(b, (const char *)n->p, end ? (size_t)(end - (const char *)n->p) : n->len, json);
	if (json)
		buf_char(b, '"');
}

void
value_put(struct buf *b, const struct noted *n, enum value_form form)
{
	bool json = form == VALUE_JSON;
	enum field_type type = n->field->type;
	uint64_t v;
	char *o;

	if (n->is_text || (type == STR && !n->is_value)) {
		put_text(b, n, json);
		return;
	}
	if (type != LABEL && !field_number(n, &v)) {
		put_bytes(b, n, json);
		return;
	}
	if ((o = buf_begin(b, ROOM)) != NULL)
		buf_end(b, type == LABEL ? put_bool(o, true, json) : put_number(o, type, v, json));
}

/* Bytes of the UTF-8 character at s (RFC 3629 section 4), or 0 when it is not one. */
static size_t
utf8_len(const uint8_t *s, size_t n)
{
	size_t want;
	uint32_t c;

	if (s[0] < 0x80)
		return 1;
	if (s[0] >= 0xc2 && s[0] < 0xe0)
		want = 2, c = s[0] & 0x1f;
	else if (s[0] >= 0xe0 && s[0] < 0xf0)
		want = 3, c = s[0] & 0x0f;
	else if (s[0] >= 0xf0 && s[0] < 0xf5)
		want = 4, c = s[0] & 0x07;
	else
		return 0;
	if (n < want)
		return 0;
	for (size_t i = 1; i < want; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if ((want == 3 && c < 0x800) || (want == 4 && (c < 0x10000 || c > 0x10ffff)) || (c >= 0xd800 && c < 0xe000))
		return 0;
	return want;
}

/* Characters that steer a terminal although they are valid UTF-8: C1 controls, U+0080 to U+009F. */
static bool
is_c1(const uint8_t *s, size_t len)
{
	return len == 2 && s[0] == 0xc2 && s[1] < 0xa0;
}

/*
 * Characters that turn text around or hide in it, so that it reads as something else: U+061C, U+200E and U+200F, U+2028 to
 * U+202E, U+2066 to U+2069 (Unicode Standard Annex 9).
 */
static uint32_t
misleading(const uint8_t *s, size_t len)
{
	uint32_t c = len == 2 ? (uint32_t)(s[0] & 0x1f) << 6 | (s[1] & 0x3f) :
	    len == 3 ? (uint32_t)(s[0] & 0x0f) << 12 | (uint32_t)(s[1] & 0x3f) << 6 | (s[2] & 0x3f) : 0;

	return c == 0x61c || c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ? c : 0;
}

/* What is copied as it is: ASCII that is neither a control character nor means something. */
static inline bool
is_plain(uint8_t c, bool json)
{
	return c >= 0x20 && c < 0x7f && c != '\\' && !(json && c == '"');
}

void
value_escape(struct buf *b, const char *str, size_t n, bool json)
{
	const uint8_t *s = (const uint8_t *)str;

	for (size_t i = 0; i < n;) {
		size_t len, run = i;
		uint8_t c;

		while (run < n && is_plain(s[run], json))
			run++;
		buf_put(b, s + i, run - i);
		if ((i = run) == n)
			break;
		c = s[i];
		len = utf8_len(s + i, n - i);
		if (len == 0) {
			buf_str(b, json ? "\\\\x" : "\\x");
			buf_x(b, c, 2);
			len = 1;
		} else if (c == '\t' || c == '\n' || c == '\r') {
			buf_str(b, c == '\t' ? "\\t" : c == '\n' ? "\\n" : "\\r");
		} else if (c < 0x20 || c == 0x7f || is_c1(s + i, len)) {
			buf_str(b, json ? "\\u" : "\\x");
			buf_x(b, len == 2 ? s[i + 1] : c, json ? 4 : 2);
		} else if (misleading(s + i, len)) {
			if (json) {
				buf_str(b, "\\u");
				buf_x(b, misleading(s + i, len), 4);
			}
			for (size_t k = 0; !json && k < len; k++) {
				buf_str(b, "\\x");
				buf_x(b, s[i + k], 2);
			}
		} else {
			/* A quotation mark or a backslash; beyond ASCII, the character itself. */
			if (len == 1)
				buf_char(b, '\\');
			buf_put(b, s + i, len);
		}
		i += len;
	}
}
