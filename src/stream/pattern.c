#include "stream/pattern.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/digits.h"

static int
hex_value(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

static void
put_byte(struct buf *b, unsigned v)
{
	buf_str(b, "\\x");
	buf_put(b, digits_hex[v], 2);
}

/* Hex digits with ? for any as a regular expression. */
static bool
hex_translate(struct buf *b, const char *p, size_t len, struct err *e)
{
	size_t n = 0;
	bool concrete = false;

	for (size_t i = 0; i < len; i++) {
		int high, low;

		if (p[i] == ' ' || p[i] == '\t' || p[i] == ':')
			continue;
		if ((p[i] != '?' && hex_value(p[i]) < 0) ||
		    (i + 1 < len && p[i + 1] != '?' && hex_value(p[i + 1]) < 0) || i + 1 == len)
			return err_set(e, "hex digits come in pairs, with ? for any digit: see character %zu",
			    (p[i] != '?' && hex_value(p[i]) < 0 ? i : i + 1) + 1);
		high = hex_value(p[i]);
		low = hex_value(p[++i]);
		n++;
		concrete |= high >= 0 || low >= 0;
		if (high >= 0 && low >= 0) {
			put_byte(b, (unsigned)(high << 4 | low));
			continue;
		}
		buf_char(b, '[');
		if (low < 0) {
			put_byte(b, high < 0 ? 0 : (unsigned)high << 4);
			buf_char(b, '-');
			put_byte(b, high < 0 ? 255 : (unsigned)high << 4 | 15);
		} else {
			for (unsigned h = 0; h < 16; h++)
				put_byte(b, h << 4 | (unsigned)low);
		}
		buf_char(b, ']');
	}
	if (n == 0)
		return err_set(e, "no hex digits");
	if (!concrete)
		return err_set(e, "at least one digit must not be ?");
	return true;
}

char *
pattern_regex(const struct pattern *t)
{
	struct buf b = { 0 };
	struct err e;

	switch (t->kind) {
	case SEARCH_REGEX:
		if (memchr(t->text, '\0', t->len))
			return NULL;
		buf_put(&b, t->text, t->len);
		break;
	case SEARCH_FIXED:
		for (size_t i = 0; i < t->len; i++)
			put_byte(&b, (uint8_t)t->text[i]);
		break;
	case SEARCH_HEX:
		hex_translate(&b, t->text, t->len, &e);
		break;
	}
	buf_char(&b, '\0');
	if (b.failed) {
		buf_free(&b);
		return NULL;
	}
	return b.data;
}

/*
 * What in a regular expression depends on where a search began, which is at another place for each way a stream is cut: its
 * first character, counted from 1; 0: nothing.
 */
static size_t
search_begin_at(const char *p, size_t len)
{
	static const char commit[] = "(*COMMIT";

	for (size_t i = 0; i + 1 < len; i++) {
		if (p[i] == '(' && len - i >= sizeof commit - 1 && memcmp(p + i, commit, sizeof commit - 1) == 0)
			return i + 1;
		if (p[i] != '\\')
			continue;
		if (p[++i] == 'G')
			return i;
		if (p[i] == 'Q') {
			const char *end = memmem(p + i, len - i, "\\E", 2);

			i = end ? (size_t)(end - p) + 1 : len;
		}
	}
	return 0;
}

static bool
code_make(struct pattern *t, struct err *e)
{
	uint32_t options = PCRE2_NEVER_BACKSLASH_C | PCRE2_NEVER_UTF | PCRE2_NEVER_UCP | PCRE2_MULTILINE |
	    PCRE2_ALT_CIRCUMFLEX;	/* with more of the stream to come, its end so far is not special */
	const char *p = t->text;
	size_t len = t->len;
	struct buf hex = { 0 };
	PCRE2_SIZE at;
	uint32_t behind = 0;
	int code;

	if (t->kind == SEARCH_FIXED)
		options = PCRE2_LITERAL;
	at = t->kind == SEARCH_REGEX ? search_begin_at(p, len) : 0;
	if (at)
		return err_set(e, "where a search begins (\\G, (*COMMIT)) is anywhere in a stream, at character %zu", (size_t)at);
	if (t->kind == SEARCH_HEX) {
		if (!hex_translate(&hex, t->text, t->len, e) || hex.failed) {
			buf_free(&hex);
			return false;
		}
		p = hex.data;
		len = hex.len;
	}
	if (t->ignore_case && t->kind != SEARCH_HEX)
		options |= PCRE2_CASELESS;
	t->code = pcre2_compile((PCRE2_SPTR)p, len, options | regex_compile(p, len), &code, &at, NULL);
	buf_free(&hex);
	if (t->code == NULL) {
		char why[200];

		pcre2_get_error_message(code, (PCRE2_UCHAR *)why, sizeof why);
		return err_set(e, "%s, at character %zu", why, (size_t)at + 1);
	}
	pcre2_pattern_info(t->code, PCRE2_INFO_MAXLOOKBEHIND, &behind);
	t->behind = behind ? behind : 1;
	return true;
}

bool
pattern_make(struct pattern *t, enum search_kind kind, const char *p, size_t len, bool ignore_case, struct err *e)
{
	t->kind = kind;
	t->ignore_case = ignore_case;
	t->behind = 1;
	if (len == 0)
		return err_set(e, "it is empty");
	if (len > SEARCH_PATTERN_MAX)
		return err_set(e, "it is longer than %d bytes", SEARCH_PATTERN_MAX);
	t->text = malloc(len + 1);
	if (t->text == NULL)
		return err_set(e, "out of memory");
	memcpy(t->text, p, len);
	t->text[len] = '\0';
	t->len = len;
	/* Fixed strings cannot be wrong, and there may be many: they are compiled when they occur, or are hurried. */
	return kind == SEARCH_FIXED || code_make(t, e);
}

void
pattern_hurry(struct pattern *t)
{
	struct err e;

	if (t->code || code_make(t, &e))
		regex_hurry(t->code, PCRE2_JIT_COMPLETE | PCRE2_JIT_PARTIAL_HARD);
}

void
pattern_free(struct pattern *t)
{
	free(t->text);
	pcre2_code_free(t->code);
}

const pcre2_code *
pattern_code(struct pattern *t)
{
	struct err e;

	return t->code || code_make(t, &e) ? t->code : NULL;
}
