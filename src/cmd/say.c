#include "cmd/say.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { SPELT_MAX = 16384 };

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

/* Text with its control characters spelled out; what does not fit is left out. */
static void
spell(char *out, size_t room, const char *text)
{
	size_t n = 0;

	for (; *text && n + 5 < room; text++)
		if (((unsigned char)*text < ' ' && *text != '\n' && *text != '\t') || *text == 0x7f)
			n += (size_t)snprintf(out + n, room - n, "\\x%02x", (unsigned char)*text);
		else
			out[n++] = *text;
	out[n] = '\0';
}

void
say_text(const char *text)
{
	char spelt[SPELT_MAX];

	spell(spelt, sizeof spelt, text);
	fputs(spelt, stderr);
}

static void
say(const char *prefix, const char *fmt, va_list ap)
{
	char text[SPELT_MAX / 4], spelt[SPELT_MAX];
	size_t n;

	vsnprintf(text, sizeof text, fmt, ap);
	n = strlen(text);
	spell(spelt, sizeof spelt, text);
	say_passing("");
	fprintf(stderr, "%s%s%s: %s%s%s", name, command ? " " : "", command ? command : "", prefix, spelt,
	    n > 0 && text[n - 1] == '\n' ? "" : "\n");
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
