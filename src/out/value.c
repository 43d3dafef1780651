#include "out/value.h"

#include <time.h>

#include "base/digits.h"
#include "base/vec.h"
#include "dissect/hex.h"
#include "pkt/address.h"

enum { SHORT_BYTES = 16 };	/* more of them are no short value */

/* 2023-11-14T22:13:20Z */
static char *
put_time(char *o, int64_t sec)
{
	time_t t = (time_t)sec;
	struct tm tm;

	return gmtime_r(&t, &tm) ? o + strftime(o, VALUE_ROOM, "%Y-%m-%dT%H:%M:%SZ", &tm) : o;
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
put_number(char *o, enum field_type type, uint64_t v, enum value_form form)
{
	const bool json = form == VALUE_JSON;

	switch (type) {
	case BOOL:
		return value_flag(o, v, form);
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
		    value_seconds(o, (int64_t)v);
		if (json)
			*o++ = '"';
		return o;
	default:
		return value_number(o, v);
	}
}

/* An address, or any bytes with colons between them: 3 * len + HEX_COLONS characters at most, with what is touched. */
static char *
put_bytes(char *o, const struct noted *n, bool json)
{
	enum field_type type = n->field->type;

	*o = '"';
	o += json;
	if (type == IP4 && n->len == 4)
		o = address_ip4(o, n->p);
	else if (type == IP6 && n->len == 16)
		o = address_ip6(o, n->p);
	else
		o = hex_colons(o, n->p, n->len);
	*o = '"';
	return o + json;
}

char *
value_short(char *o, const struct noted *n, enum value_form form)
{
	enum field_type type = n->field->type;
	bool json = form == VALUE_JSON;
	uint64_t v;

	if (n->is_text)
		return NULL;
	if (type == LABEL)
		return value_flag(o, true, form);
	if (field_number(n, &v))
		return put_number(o, type, v, form);
	return type == STR || n->len > SHORT_BYTES ? NULL : put_bytes(o, n, json);
}

/* Text, up to a NUL when it is the packet's. */
static void
put_text(struct buf *b, const struct noted *n, bool json)
{
	const char *s = (const char *)n->p;
	size_t len = n->len, plain = value_plain(s, len, json);
	char *o;

	if (!n->is_text && plain < len && s[plain] == 0)
		len = plain;
	if (plain < len) {
		const char *end = n->is_text ? NULL : memchr(s, 0, len);

		if (json)
			buf_char(b, '"');
		value_escape(b, s, end ? (size_t)(end - s) : len, json);
		if (json)
			buf_char(b, '"');
	} else if ((o = buf_begin(b, len + 2)) != NULL) {
		*o = '"';
		o += json;
		memcpy(o, s, len);
		o[len] = '"';
		buf_end(b, o + len + json);
	}
}

void
value_put(struct buf *b, const struct noted *n, enum value_form form)
{
	bool is_text = n->is_text || (n->field->type == STR && !n->is_value);
	char *o, *end;

	if (is_text) {
		put_text(b, n, form == VALUE_JSON);
		return;
	}
	if ((o = buf_begin(b, VALUE_ROOM)) == NULL)
		return;
	if ((end = value_short(o, n, form)) == NULL && (o = buf_begin(b, VALUE_ROOM + 3 * (size_t)n->len)) != NULL)
		end = put_bytes(o, n, form == VALUE_JSON);
	if (end)
		buf_end(b, end);
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

/* U+061C, U+200E and U+200F, U+2028 to U+202E, U+2066 to U+2069 (Unicode Standard Annex 9). */
uint32_t
value_misleading(const uint8_t *s, size_t len)
{
	uint32_t c = len == 2 ? (uint32_t)(s[0] & 0x1f) << 6 | (s[1] & 0x3f) :
	    len == 3 ? (uint32_t)(s[0] & 0x0f) << 12 | (uint32_t)(s[1] & 0x3f) << 6 | (s[2] & 0x3f) : 0;

	return c == 0x61c || c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ? c : 0;
}

size_t
value_harmless(const uint8_t *s, size_t n)
{
	size_t len = utf8_len(s, n);

	return s[0] < 0x20 || s[0] == 0x7f || is_c1(s, len) || value_misleading(s, len) ? 0 : len;
}

/* What is copied as it is: ASCII that is neither a control character nor means something. */
static inline bool
is_plain(uint8_t c, bool json)
{
	return c >= 0x20 && c < 0x7f && c != '\\' && !(json && c == '"');
}

/* All ones where a byte is not plain. As signed numbers, those beyond ASCII are below it. */
static inline bytes16
not_plain(bytes16 v, bool json)
{
	signed16 s = (signed16)v, no = (s < 0x20) | (s == 0x7f) | (s == '\\');

	return (bytes16)(json ? no | (s == '"') : no);
}

/* The same of eight bytes, as their highest bits, of which the lowest one is right: differences borrow from behind it. */
static inline uint64_t
not_plain_8(uint64_t w, bool json)
{
	const uint64_t each = UINT64_C(0x0101010101010101);
	uint64_t no = w | (w - each * 0x20) | ((w ^ each * 0x7f) - each) | ((w ^ each * '\\') - each);

	if (json)
		no |= (w ^ each * '"') - each;
	return no & each * 0x80;
}

size_t
value_plain(const char *s, size_t n, bool json)
{
	size_t i = 0;

	for (; n - i >= sizeof(bytes16); i += sizeof(bytes16)) {
		unsigned first = vec_first(not_plain(vec_load(s + i), json));

		if (first < sizeof(bytes16))
			return i + first;
	}
	/* What is left, eight bytes in any case where there are so many: those before them are plain. */
	while (i < n && n >= 8) {
		size_t at = n - i >= 8 ? i : n - 8;
		uint64_t no = not_plain_8(vec_word(s + at, 8), json);

		if (no)
			return at + (size_t)__builtin_ctzll(no) / 8;
		i = at + 8;
	}
	while (i < n && is_plain((uint8_t)s[i], json))
		i++;
	return i;
}

void
value_escape(struct buf *b, const char *str, size_t n, bool json)
{
	const uint8_t *s = (const uint8_t *)str;

	for (size_t i = 0; i < n;) {
		size_t len, run = value_plain(str + i, n - i, json);
		uint8_t c;

		buf_put(b, s + i, run);
		if ((i += run) == n)
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
		} else if (value_misleading(s + i, len)) {
			if (json) {
				buf_str(b, "\\u");
				buf_x(b, value_misleading(s + i, len), 4);
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
