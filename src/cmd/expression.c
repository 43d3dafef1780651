#include "cmd/expression.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* libpcap gives up on much shorter expressions. */
enum { EXPRESSION_MAX = 16 << 20 };

static char *
read_file(const char *path, struct err *e)
{
	FILE *in = fopen(path, "re");
	char *text = NULL, *more;
	size_t n = 0, room = 0, got = 1;

	if (!in) {
		err_set(e, "can't open %s: %s", path, strerror(errno));
		return NULL;
	}
	errno = 0;
	while (got > 0 && n < EXPRESSION_MAX) {
		if (n + 1 >= room) {
			room = room * 2 + 4096;
			more = realloc(text, room);
			if (!more) {
				errno = ENOMEM;
				break;
			}
			text = more;
		}
		got = fread(text + n, 1, room - n - 1, in);
		n += got;
	}
	if (ferror(in) || errno == ENOMEM)
		err_set(e, "read %s: %s", path, strerror(errno));
	else if (n >= EXPRESSION_MAX)
		err_set(e, "%s is too large", path);
	else {
		fclose(in);
		text[n] = '\0';
		for (char *p = text; (p = strchr(p, '#')) != NULL; )
			memset(p, ' ', strcspn(p, "\n"));
		return text;
	}
	fclose(in);
	free(text);
	return NULL;
}

static char *
join(char **words, struct err *e)
{
	size_t n = 1;
	char *text, *to;

	for (char **w = words; *w; w++)
		n += strlen(*w) + 1;
	text = to = malloc(n);
	if (!text) {
		err_set(e, "out of memory");
		return NULL;
	}
	for (char **w = words; *w; w++) {
		if (w > words)
			*to++ = ' ';
		to = stpcpy(to, *w);
	}
	*to = '\0';
	return text;
}

/* The length of "port", blanks, number, hyphen, number at p, a word of its own; 0 if it is something else. */
static size_t
port_span(const char *text, const char *p)
{
	const char *start = p;

	if (strncmp(p, "port", 4) != 0 || !isspace((unsigned char)p[4]) ||
	    (p > text && (isalnum((unsigned char)p[-1]) || strchr("-_.", p[-1]))))
		return 0;
	p += 4 + strspn(p + 4, " \t\n\r");
	for (int i = 0; i < 2; i++) {
		size_t digits = strspn(p, "0123456789");

		if (digits == 0 || (i == 0 && p[digits] != '-'))
			return 0;
		p += digits + (i == 0);
	}
	return *p && (isalnum((unsigned char)*p) || strchr("-_.", *p)) ? 0 : (size_t)(p - start);
}

static char *
ports_to_ranges(char *text, struct err *e)
{
	char *out, *to;
	const char *p = text;

	out = to = malloc(strlen(text) * 2 + 1);
	if (!out) {
		free(text);
		err_set(e, "out of memory");
		return NULL;
	}
	while (*p) {
		size_t n = port_span(text, p);

		if (n > 0) {
			to = stpcpy(to, "portrange");
			memcpy(to, p + 4, n - 4);
			to += n - 4;
			p += n;
		} else
			*to++ = *p++;
	}
	*to = '\0';
	free(text);
	return out;
}

char *
expression_text(const char *file, char **words, struct err *e)
{
	char *text = file ? read_file(file, e) : join(words, e);

	return text ? ports_to_ranges(text, e) : NULL;
}
