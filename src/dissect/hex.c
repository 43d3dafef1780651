/* Dumps of packet bytes: -x, -X, -A, and what has no dissector. */
#include "dissect/dissect.h"

static const char hexdigits[] = "0123456789abcdef";

enum { PER_LINE = 16, HEX_WIDTH = PER_LINE / 2 * 5 };

static inline char *
put_hex(char *o, uint8_t b)
{
	o[0] = hexdigits[b >> 4];
	o[1] = hexdigits[b & 15];
	return o + 2;
}

/* "0x0010: " and more digits when the offset needs them. */
static char *
put_offset(char *o, uint32_t v)
{
	int shift = 12;

	*o++ = '0';
	*o++ = 'x';
	while (shift < 28 && v >> (shift + 4))
		shift += 4;
	for (; shift >= 0; shift -= 4)
		*o++ = hexdigits[v >> shift & 15];
	*o++ = ':';
	*o++ = ' ';
	return o;
}

static inline bool
is_graph(uint8_t c)
{
	return c > 0x20 && c < 0x7f;
}

/* What follows is a hard end: the caller wanted more than there is, and has seen what there is. */
static uint32_t
captured(const struct dis *d, const uint8_t *p, uint32_t n)
{
	uint32_t have_now = left(d, p);

	return n < have_now ? n : have_now;
}

static void
dump_lines(struct dis *d, const char *indent, const uint8_t *p, uint32_t n, uint32_t from, bool ascii)
{
	size_t ind = strlen(indent);
	uint32_t have_now = captured(d, p, n);

	for (uint32_t at = 0; at < have_now; at += PER_LINE) {
		uint32_t k = have_now - at < PER_LINE ? have_now - at : PER_LINE;
		char *o, *hex;

		if (!text_room(d, ind + 12 + HEX_WIDTH + 2 + PER_LINE))
			break;
		o = d->out;
		memcpy(o, indent, ind);
		o = put_offset(o + ind, from + at);
		hex = o;
		for (uint32_t i = 0; i < k; i++) {
			if ((i & 1) == 0)
				*o++ = ' ';
			o = put_hex(o, p[at + i]);
		}
		if (ascii) {
			while (o < hex + HEX_WIDTH + 2)
				*o++ = ' ';
			for (uint32_t i = 0; i < k; i++)
				*o++ = is_graph(p[at + i]) ? (char)p[at + i] : '.';
		}
		d->out = o;
	}
	if (n > have_now)
		dis_leave(d);
}

void
text_dump_hex(struct dis *d, const char *indent, const uint8_t *p, uint32_t n, uint32_t from)
{
	dump_lines(d, indent, p, n, from, false);
}

void
text_dump_hex_ascii(struct dis *d, const char *indent, const uint8_t *p, uint32_t n, uint32_t from)
{
	dump_lines(d, indent, p, n, from, true);
}

void
text_dump_ascii(struct dis *d, const uint8_t *p, uint32_t n)
{
	uint32_t have_now = captured(d, p, n);
	char *o;

	text_char(d, '\n');
	if (!text_room(d, have_now))
		return;
	o = d->out;
	for (uint32_t i = 0; i < have_now; i++) {
		uint8_t c = p[i];

		if (c == '\r') {
			/* A CR in front of a newline is not shown, nor among the last two bytes. */
			if (i + 2 < have_now && p[i + 1] != '\n')
				*o++ = '.';
		} else {
			*o++ = is_graph(c) || c == '\t' || c == ' ' || c == '\n' ? (char)c : '.';
		}
	}
	d->out = o;
	if (n > have_now)
		dis_leave(d);
}

void
text_default(struct dis *d, const uint8_t *p, uint32_t n)
{
	if (!d->style->no_default)
		text_dump_hex_ascii(d, "\n\t", p, n, 0);
}

void
text_unknown(struct dis *d, const uint8_t *p, const char *indent, uint32_t n)
{
	if (!have(d, p, 0)) {
		text_fmt(d, "%sDissector error: print_unknown_data() called with pointer past end of packet", indent);
		return;
	}
	text_dump_hex(d, indent, p, captured(d, p, n), 0);
}
