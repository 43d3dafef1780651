#include "out/value.h"

#include <arpa/inet.h>
#include <time.h>

static void
put_colons(struct buf *b, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_char(b, ':');
		buf_x(b, p[i], 2);
	}
}

/* 2023-11-14T22:13:20Z */
static void
put_time(struct buf *b, int64_t sec)
{
	time_t t = (time_t)sec;
	struct tm tm;
	char s[64];

	if (gmtime_r(&t, &tm))
		buf_put(b, s, strftime(s, sizeof s, "%Y-%m-%dT%H:%M:%SZ", &tm));
}

/* Seconds since 1970 with nine decimals. */
static void
put_epoch(struct buf *b, int64_t ns)
{
	uint64_t v = (uint64_t)ns;
	char frac[9];
	uint32_t f;

	if (ns < 0) {
		buf_char(b, '-');
		v = -v;
	}
	buf_u(b, v / 1000000000);
	f = (uint32_t)(v % 1000000000);
	for (int i = 8; i >= 0; i--, f /= 10)
		frac[i] = (char)('0' + f % 10);
	buf_char(b, '.');
	buf_put(b, frac, sizeof frac);
}

static size_t
address_size(enum field_type t)
{
	return t == IP4 ? 4 : t == IP6 ? 16 : t == MAC ? 6 : t == EUI64 ? 8 : 0;
}

enum value_kind
value_put(struct buf *b, const struct noted *n)
{
	const struct field *f = n->field;
	char s[INET6_ADDRSTRLEN];
	uint64_t v;

	if (n->is_text || (f->type == STR && !n->is_value)) {
		const char *end = n->is_text ? NULL : memchr(n->p, 0, n->len);

		buf_put(b, n->p, end ? (size_t)(end - (const char *)n->p) : n->len);
		return VALUE_STRING;
	}
	if (f->type == LABEL) {
		buf_char(b, '1');
		return VALUE_BOOL;
	}
	if (field_number(n, &v)) {
		switch (f->type) {
		case BOOL:
			buf_char(b, v ? '1' : '0');
			return VALUE_BOOL;
		case I8:
		case I16:
		case I32:
		case I64:
			if ((int64_t)v < 0) {
				buf_char(b, '-');
				v = -v;
			}
			buf_u(b, v);
			return VALUE_NUMBER;
		case TIME32:
			put_time(b, (int64_t)v);
			return VALUE_PLAIN;
		case TIME_NS:
			put_epoch(b, (int64_t)v);
			return VALUE_PLAIN;
		default:
			buf_u(b, v);
			return VALUE_NUMBER;
		}
	}
	if (n->is_value) {
		buf_u(b, n->value);
		return VALUE_NUMBER;
	}
	if ((f->type == IP4 || f->type == IP6) && n->len == address_size(f->type) &&
	    inet_ntop(f->type == IP4 ? AF_INET : AF_INET6, n->p, s, sizeof s))
		buf_str(b, s);
	else
		put_colons(b, n->p, n->len);
	return VALUE_PLAIN;
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

void
value_escape(struct buf *b, const char *str, size_t n, bool json)
{
	const uint8_t *s = (const uint8_t *)str;

	for (size_t i = 0; i < n;) {
		size_t len = utf8_len(s + i, n - i);
		uint8_t c = s[i];

		if (len == 0) {
			buf_str(b, json ? "\\\\x" : "\\x");
			buf_x(b, c, 2);
			i++;
		} else if (c == '\t' || c == '\n' || c == '\r') {
			buf_str(b, c == '\t' ? "\\t" : c == '\n' ? "\\n" : "\\r");
			i++;
		} else if (c < 0x20 || c == 0x7f || is_c1(s + i, len)) {
			buf_str(b, json ? "\\u" : "\\x");
			buf_x(b, len == 2 ? s[i + 1] : c, json ? 4 : 2);
			i += len;
		} else if (c == '\\' || (json && c == '"')) {
			buf_char(b, '\\');
			buf_char(b, (char)c);
			i++;
		} else {
			buf_put(b, s + i, len);
			i += len;
		}
	}
}
