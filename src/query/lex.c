/* The words of a display filter. */
#include <ctype.h>
#include <stdlib.h>

#include "query/ast.h"

static const struct {
	const char *word;
	enum token token;
} keywords[] = {
	{ "all", T_ALL }, { "all_eq", T_ALL_EQ }, { "all_ne", T_NE }, { "and", T_AND }, { "any", T_ANY },
	{ "any_eq", T_EQ }, { "any_ne", T_ANY_NE }, { "bitand", T_BITAND }, { "bitwise_and", T_BITAND },
	{ "contains", T_CONTAINS }, { "eq", T_EQ }, { "ge", T_GE }, { "gt", T_GT }, { "in", T_IN }, { "le", T_LE },
	{ "lt", T_LT }, { "matches", T_MATCHES }, { "ne", T_NE }, { "not", T_NOT }, { "or", T_OR }, { "xor", T_XOR },
}, signs[] = {
	/* longer ones first */
	{ "===", T_ALL_EQ }, { "!==", T_ANY_NE }, { "==", T_EQ }, { "!=", T_NE }, { "~=", T_ANY_NE }, { ">=", T_GE },
	{ "<=", T_LE }, { "&&", T_AND }, { "||", T_OR }, { "^^", T_XOR }, { "..", T_RANGE }, { ">", T_GT }, { "<", T_LT },
	{ "!", T_NOT }, { "~", T_MATCHES }, { "&", T_BITAND }, { "(", T_LPAREN }, { ")", T_RPAREN }, { "{", T_LBRACE },
	{ "}", T_RBRACE }, { "[", T_LBRACKET }, { "]", T_RBRACKET }, { ",", T_COMMA }, { "#", T_HASH },
};

static bool
is_word(const char *p)
{
	if (p[0] == '.' && p[1] == '.')
		return false;
	return isalnum((unsigned char)*p) || *p == '_' || *p == '.' || *p == ':' || *p == '/' || *p == '-' ||
	    (unsigned char)*p >= 0x80;
}

static void
bad(struct lexer *l, const char *why)
{
	l->token = T_BAD;
	l->wrong = why;
}

/* The character that a backslash and what follows at *p stand for; -1 when there is none. */
static int
escaped(const char **p)
{
	static const char letters[] = "abfnrtv\\\"'", meant[] = "\a\b\f\n\r\t\v\\\"'";
	const char *known = **p ? strchr(letters, **p) : NULL;
	int v = 0, n = 0;

	if (known) {
		++*p;
		return (unsigned char)meant[known - letters];
	}
	if (**p == 'x') {
		for (++*p; n < 2 && isxdigit((unsigned char)**p); n++, ++*p)
			v = v * 16 + (isdigit((unsigned char)**p) ? **p - '0' : (**p | 0x20) - 'a' + 10);
		return n ? v : -1;
	}
	for (; n < 3 && **p >= '0' && **p <= '7'; n++, ++*p)
		v = v * 8 + (**p - '0');
	return n && v < 256 ? v : -1;
}

static void
quoted(struct lexer *l, const char *p, char quote)
{
	char *out;

	free(l->spelled);
	l->spelled = out = malloc(strlen(p) + 1);
	if (!out) {
		bad(l, "out of memory");
		return;
	}
	while (*p && *p != quote) {
		if (*p == '\\' && l->pattern && !l->raw) {
			/* Only two escapes are the string's, the others the pattern's. */
			if (p[1] == '\\' || p[1] == quote)
				p++;
			else
				*out++ = *p++;
			if (*p)
				*out++ = *p++;
		} else if (*p == '\\' && !l->raw) {
			int c = (p++, escaped(&p));

			if (c < 0) {
				l->start = (size_t)(p - l->text) - 1;
				l->at = (size_t)(p - l->text) + (*p != '\0');
				bad(l, "no such character escape");
				return;
			}
			*out++ = (char)c;
		} else {
			if (*p == '\\' && p[1] == quote)
				*out++ = *p++;
			*out++ = *p++;
		}
	}
	if (*p != quote) {
		l->at = (size_t)(p - l->text);
		bad(l, "the quotation mark is not closed");
		return;
	}
	l->word = l->spelled;
	l->len = (size_t)(out - l->spelled);
	l->at = (size_t)(p + 1 - l->text);
	l->token = quote == '"' ? T_STRING : T_CHAR;
	if (l->token == T_CHAR && l->len != 1)
		bad(l, "single quotation marks are for one character");
}

static void
word(struct lexer *l, const char *p)
{
	const char *end = p;

	while (is_word(end))
		end++;
	l->token = T_WORD;
	l->word = p;
	l->len = (size_t)(end - p);
	l->at = (size_t)(end - l->text);
	for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
		if (strlen(keywords[i].word) == l->len && memcmp(keywords[i].word, p, l->len) == 0)
			l->token = keywords[i].token;
}

void
lexer_next(struct lexer *l)
{
	const char *p = l->text + l->at;

	while (isspace((unsigned char)*p))
		p++;
	l->start = (size_t)(p - l->text);
	l->pattern = l->token == T_MATCHES;
	l->raw = (*p == 'r' || *p == 'R') && p[1] == '"';
	l->at = l->start;
	if (*p == '\0') {
		l->token = T_END;
	} else if (l->raw || *p == '"' || *p == '\'') {
		p += l->raw;
		quoted(l, p + 1, *p);
	} else if (is_word(p)) {
		word(l, p);
	} else {
		for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
			size_t n = strlen(signs[i].word);

			if (strncmp(p, signs[i].word, n) == 0) {
				l->at = l->start + n;
				l->token = signs[i].token;
				return;
			}
		}
		l->at = l->start + 1;
		bad(l, "this character has no meaning here");
	}
}

bool
lexer_number(struct lexer *l, long *v)
{
	const char *p = l->text + l->at;
	char *end;

	while (isspace((unsigned char)*p))
		p++;
	l->start = (size_t)(p - l->text);
	if (!isdigit((unsigned char)*p) && !(*p == '-' && isdigit((unsigned char)p[1])))
		return false;
	*v = strtol(p, &end, 10);
	l->at = (size_t)(end - l->text);
	return *v > -1000000 && *v < 1000000;
}
