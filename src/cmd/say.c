#include "cmd/say.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "out/value.h"

/* Set once, before anything else runs. */
static const char *name = "wiretape";
static const char *command;
static int passing;			/* characters of the line that will go away again */

void
say_as(const char *argv0)
{
	const char *slash = strrchr(argv0, '/');

	name = slash ? slash + 1 : argv0;
}

void
say_command(const char *which)
{
	command = which;
}

const char *
say_name(void)
{
	return name;
}

/* What steers a terminal is spelled out, but for line ends. */
static void
put_harmless(struct buf *b, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "\\\n");

		value_escape(b, text, n, false);
		text += n;
		if (*text)
			buf_char(b, *text++);
	}
}

void
say_text(const char *text)
{
	struct buf b = { 0 };

	put_harmless(&b, text);
	fwrite(b.data, 1, b.len, stderr);
	buf_free(&b);
}

/* The same in less room. */
static void
make_harmless(char *text)
{
	for (; *text; text++)
		if ((*text < ' ' && *text != '\n') || *text > '~')
			*text = '?';
}

static void
say(const char *prefix, const char *fmt, va_list ap)
{
	struct buf b = { 0 };
	char text[4096];

	vsnprintf(text, sizeof text, fmt, ap);
	buf_str(&b, name);
	if (command) {
		buf_char(&b, ' ');
		buf_str(&b, command);
	}
	buf_str(&b, ": ");
	buf_str(&b, prefix);
	put_harmless(&b, text);
	if (b.len && b.data[b.len - 1] != '\n')
		buf_char(&b, '\n');
	say_passing("");
	if (b.failed) {		/* that there is no memory can be said without any */
		make_harmless(text);
		fprintf(stderr, "%s%s%s: %s%s\n", name, command ? " " : "", command ? command : "", prefix, text);
	} else
		fwrite(b.data, 1, b.len, stderr);	/* in one piece */
	buf_free(&b);
}

void
say_passing(const char *text)
{
	int n = (int)strlen(text);

	if (n == 0 && passing == 0)
		return;
	fprintf(stderr, "\r%s%*s", text, passing > n ? passing - n : 0, "");
	if (n == 0)
		fputc('\r', stderr);
	passing = n;
	fflush(stderr);
}

int
say_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say("", fmt, ap);
	va_end(ap);
	return 1;
}

void
say_warning(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say("WARNING: ", fmt, ap);
	va_end(ap);
}
