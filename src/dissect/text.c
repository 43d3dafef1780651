/* Text: numbers, names, packet strings made harmless. Addresses are in addr.c, dumps in hex.c, text_fmt in fmt.c. */
#include <stdlib.h>
#include <time.h>

#include "base/digits.h"
#include "dissect/said.h"

enum { NUMBER_USUAL = 4 };	/* characters of a number that nobody reads */

bool
text_room_slow(struct dis *d, size_t n)
{
	size_t used = (size_t)(d->out - d->base), size = d->size;
	char *base = d->base;

	if (d->lost || n > d->most || used - d->from > d->most - n) {
		d->lost = true;
		/* Parts of the packet that overlap could take forever. */
		if (d->walking)
			dis_leave(d);
		return false;
	}
	while (size - used < n)
		size *= 2;
	if (size > d->size && (base = realloc(base, size)) == NULL) {
		d->lost = true;
		return false;
	}
	d->base = base;
	d->size = size;
	d->out = base + used;
	text_limit(d, d->from);
	return true;
}

void
text_u(struct dis *d, uint64_t v)
{
	if (!text_idle(d, NUMBER_USUAL) && text_room(d, DIGITS_ROOM))
		d->out = v <= UINT32_MAX ? digits_u32(d->out, (uint32_t)v) : digits_u(d->out, v);
}

void
text_i(struct dis *d, int64_t v)
{
	if (v < 0) {
		text_char(d, '-');
		text_u(d, -(uint64_t)v);
	} else {
		text_u(d, (uint64_t)v);
	}
}

void
text_x(struct dis *d, uint64_t v, unsigned width)
{
	if (!text_idle(d, NUMBER_USUAL) && text_room(d, DIGITS_ROOM))
		d->out = digits_x(d->out, v, width);
}

void
text_be(struct dis *d, const char *label, const uint8_t *p, unsigned n)
{
	uint64_t v = be_n(d, p, n);

	text(d, label);
	text_u(d, v);
}

void
text_be_x(struct dis *d, const char *label, const uint8_t *p, unsigned n, unsigned width)
{
	uint64_t v = be_n(d, p, n);

	text(d, label);
	text_x(d, v, width);
}

/* The caller's format, which the compiler has not seen: it comes from our own tables and calls only. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"

void
text_name(struct dis *d, const struct name *table, uint32_t v, const char *fmt)
{
	const char *s;

	if (text_idle(d, TEXT_USUAL))
		return;
	s = table ? name_of(table, v) : NULL;
	if (s)
		text(d, s);
	else
		text_fmt(d, fmt ? fmt : "#%d", v);
}

void
text_bits(struct dis *d, const struct name *table, uint32_t v, const char *sep, const char *fmt)
{
	bool any = false;

	if (text_idle(d, TEXT_USUAL))
		return;
	for (; table && table->name; table++) {
		if (table->value == 0 || (v & table->value) != table->value)
			continue;
		if (any)
			text(d, sep);
		text(d, table->name);
		any = true;
	}
	if (!any)
		text_fmt(d, fmt ? fmt : "#%08x", v);
}

#pragma GCC diagnostic pop

void
text_ascii(struct dis *d, uint8_t c)
{
	if (text_idle(d, 1))
		return;
	if (c & 0x80) {
		text_n(d, "M-", 2);
		c &= 0x7f;
	}
	if (c < 0x20 || c == 0x7f) {
		text_char(d, '^');
		c ^= 0x40;
	}
	text_char(d, (char)c);
}

/* n bytes at p, which are captured. Those that are harmless as they are, which most are, take no detour. */
static void
text_captured(struct dis *d, const uint8_t *p, uint32_t n)
{
	if (text_idle(d, n))
		return;
	while (n) {
		uint32_t run = 0;

		while (run < n && p[run] >= 0x20 && p[run] < 0x7f)
			run++;
		text_n(d, (const char *)p, run);
		p += run;
		n -= run;
		if (n) {
			text_ascii(d, *p++);
			n--;
		}
	}
}

void
text_str(struct dis *d, const uint8_t *p, uint32_t n)
{
	uint32_t have_now = left(d, p) < n ? left(d, p) : n;

	text_captured(d, p, have_now);
	if (have_now < n)
		dis_leave(d);
}

bool
text_str_soft(struct dis *d, const uint8_t *p, uint32_t n)
{
	uint32_t have_now = left(d, p) < n ? left(d, p) : n;

	text_captured(d, p, have_now);
	return have_now < n;
}

void
text_str_pad(struct dis *d, const uint8_t *p, uint32_t n)
{
	for (; n; n--, p++) {
		uint8_t c = u8(d, p);

		if (c == 0)
			break;
		text_ascii(d, c);
	}
}

uint32_t
text_str_z(struct dis *d, const uint8_t *p, uint32_t n)
{
	for (uint32_t i = 0; i < n && p + i < d->end; i++) {
		if (p[i] == 0)
			return i + 1;
		text_ascii(d, p[i]);
	}
	return 0;
}

void
text_hex(struct dis *d, const uint8_t *p, uint32_t n)
{
	uint32_t have_now = left(d, p) < n ? left(d, p) : n;

	if (!text_idle(d, 2 * (size_t)have_now) && text_room(d, 2 * (size_t)have_now))
		for (uint32_t i = 0; i < have_now; i++)
			d->out = digits_x2(d->out, p[i]);
	if (have_now < n)
		dis_leave(d);
}

void
text_duration(struct dis *d, uint32_t s)
{
	static const struct {
		uint32_t seconds;
		char unit;
	} units[] = { { 31536000, 'y' }, { 604800, 'w' }, { 86400, 'd' }, { 3600, 'h' }, { 60, 'm' }, { 1, 's' } };

	if (text_idle(d, TEXT_USUAL))
		return;
	if (s == 0)
		text(d, "0s");
	for (size_t i = 0; s && i < sizeof units / sizeof *units; i++) {
		if (s < units[i].seconds)
			continue;
		text_u(d, s / units[i].seconds);
		text_char(d, units[i].unit);
		s %= units[i].seconds;
	}
}

void
text_duration_signed(struct dis *d, int32_t s)
{
	if (s < 0)
		text_char(d, '-');
	text_duration(d, s < 0 ? -(uint32_t)s : (uint32_t)s);
}

void
text_time(struct dis *d, const char *fmt, int64_t seconds, bool utc)
{
	time_t t = (time_t)seconds;
	struct tm tm;
	char buf[128];
	size_t n;

	if (text_idle(d, TEXT_USUAL))
		return;
	if ((utc ? gmtime_r(&t, &tm) : localtime_r(&t, &tm)) == NULL) {
		text(d, "[Error converting time]");
		return;
	}
	n = strftime(buf, sizeof buf, fmt, &tm);
	text_n(d, buf, n);
}

void
text_ntp_time(struct dis *d, const uint8_t *p)
{
	/* RFC 4330 section 3: without the first bit set, it is the era that starts in 2036. */
	const int64_t epoch_1970 = 2208988800, era = INT64_C(1) << 32;
	uint32_t seconds = be32(d, p), fraction = be32(d, p + 4);

	text_u(d, seconds);
	text_fmt(d, ".%09u", (uint32_t)(fraction / 4294967296.0 * 1e9));
	if (seconds == 0)
		return;
	text(d, " (");
	text_time(d, "%Y-%m-%dT%H:%M:%SZ", seconds - epoch_1970 + (seconds >> 31 ? 0 : era), true);
	text_char(d, ')');
}

void
text_as(struct dis *d, uint32_t as)
{
	if (d->b && as > 0xffff) {
		text_u(d, as >> 16);
		text_char(d, '.');
		text_u(d, as & 0xffff);
	} else {
		text_u(d, as);
	}
}

void
text_pad_left(struct dis *d, uint32_t from, uint32_t width)
{
	uint32_t n = text_at(d) - from;

	if (n >= width || !text_room(d, width - n))
		return;
	memmove(d->base + from + width - n, d->base + from, n);
	memset(d->base + from, ' ', width - n);
	d->out += width - n;
}

void
text_trunc(struct dis *d)
{
	text(d, " [|");
	text(d, d->mark);
	text(d, "]");
}

void
text_invalid(struct dis *d)
{
	text(d, " (invalid)");
}

void
text_bad(struct dis *d, const char *what, uint64_t is, const char *op, uint64_t than)
{
	text(d, " ["), text(d, what);
	text_char(d, ' '), text_u(d, is);
	text_char(d, ' '), text(d, op);
	text_char(d, ' '), text_u(d, than);
	text_char(d, ']');
	text_invalid(d);
}
