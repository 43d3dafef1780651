#include "out/object.h"

#include <math.h>
#include <stdio.h>

#include "base/digits.h"
#include "out/value.h"

/* What is behind an opening bracket is the first of its kind. */
static void
name_put(struct buf *b, const char *name)
{
	if (b->len && strchr("{[\n", b->data[b->len - 1]) == NULL)
		buf_char(b, ',');
	if (name) {
		buf_char(b, '"');
		buf_str(b, name);
		buf_put(b, "\":", 2);
	}
}

void
object_open(struct buf *b, const char *name)
{
	name_put(b, name);
	buf_char(b, '{');
}

void
object_close(struct buf *b)
{
	buf_char(b, '}');
}

void
object_list(struct buf *b, const char *name)
{
	name_put(b, name);
	buf_char(b, '[');
}

void
object_list_end(struct buf *b)
{
	buf_char(b, ']');
}

void
object_u(struct buf *b, const char *name, uint64_t v)
{
	name_put(b, name);
	buf_u(b, v);
}

void
object_real(struct buf *b, const char *name, double v, unsigned digits)
{
	char text[352];

	if (!isfinite(v)) {
		object_null(b, name);
		return;
	}
	snprintf(text, sizeof text, "%.*f", (int)(digits > 9 ? 9 : digits), v);
	name_put(b, name);
	buf_str(b, text);
}

static void
put_seconds(struct buf *b, int64_t ns)
{
	uint64_t v = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
	char *o;

	if (ns < 0)
		buf_char(b, '-');
	buf_u(b, v / 1000000000);
	buf_char(b, '.');
	if ((o = buf_begin(b, DIGITS_ROOM)) != NULL)
		buf_end(b, digits_nine(o, (uint32_t)(v % 1000000000)));
}

void
object_seconds(struct buf *b, const char *name, int64_t ns)
{
	name_put(b, name);
	put_seconds(b, ns);
}

void
object_time(struct buf *b, const char *name, int64_t ns)
{
	name_put(b, name);
	buf_char(b, '"');
	put_seconds(b, ns);
	buf_char(b, '"');
}

void
object_bool(struct buf *b, const char *name, bool v)
{
	name_put(b, name);
	buf_str(b, v ? "true" : "false");
}

void
object_null(struct buf *b, const char *name)
{
	name_put(b, name);
	buf_str(b, "null");
}

void
object_str(struct buf *b, const char *name, const char *s)
{
	object_text(b, name, s, strlen(s));
}

void
object_text(struct buf *b, const char *name, const char *s, size_t n)
{
	name_put(b, name);
	buf_char(b, '"');
	value_escape(b, s, n, true);
	buf_char(b, '"');
}
