/* Traffic over time as SVG: two panels, bits and packets a second, that need no script, font or style from elsewhere. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "cmd/stats_series.h"

#include "base/buf.h"
#include "out/grid.h"

enum {
	WIDTH = 960, HEIGHT = 440,
	LEFT = 90, RIGHT = 20, TOP = 44, PANEL = 160, GAP = 34,		/* of a panel */
	POINTS_MAX = 850,						/* intervals: no two of them in one pixel */
	LABEL = 90,							/* pixels that a time's label takes */
};

/* Appends as printf does. */
static void __attribute__((format(printf, 2, 3)))
put(struct buf *b, const char *fmt, ...)
{
	char text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	buf_str(b, text);
}

/* Text of an element: nothing in it is markup. */
static void
put_escaped(struct buf *b, const char *s)
{
	for (; *s; s++)
		switch (*s) {
		case '&': buf_str(b, "&amp;"); break;
		case '<': buf_str(b, "&lt;"); break;
		case '>': buf_str(b, "&gt;"); break;
		case '"': buf_str(b, "&quot;"); break;
		default: buf_char(b, (unsigned char)*s < 0x20 || *s == 0x7f ? '.' : *s);
		}
}

/* 1, 2 or 5 times a power of ten: the least with which `most` takes no more than five steps. */
static double
step_of(double most)
{
	static const double nice[] = { 1, 2, 5 };
	double ten = 1;

	while (most > 50 * ten)
		ten *= 10;
	while (most > 0 && most <= 5 * ten && ten > 1e-9)
		ten /= 10;
	for (unsigned i = 0; i < 3; i++)
		if (most <= 5 * nice[i] * ten)
			return nice[i] * ten;
	return 10 * ten;
}

static void
put_amount(struct buf *b, double v, bool bits)
{
	static const char *const units[] = { "", "k", "M", "G", "T" };
	unsigned i = 0;

	for (; v >= 1000 && i < 4; i++)
		v /= 1000;
	put(b, "%.*f %s%s", v == (double)(uint64_t)v ? 0 : 1, v, units[i], bits ? "bit/s" : "/s");
}

static void
put_when(struct buf *b, int64_t ns, int64_t step)
{
	int64_t part = ns % 1000000000;
	time_t sec = (time_t)(ns / 1000000000 - (part < 0));
	char text[48] = "";
	struct tm tm;

	if (!localtime_r(&sec, &tm))
		return;
	strftime(text, sizeof text, step >= 86400000000000 ? "%F" : step >= 3600000000000 ? "%d %H:%M" :
	    step >= 60000000000 ? "%H:%M" : "%H:%M:%S", &tm);
	buf_str(b, text);
	if (part < 0)
		part += 1000000000;
	if (step < 1000000)
		put(b, ".%06d", (int)(part / 1000));
	else if (step < 1000000000)
		put(b, ".%03d", (int)(part / 1000000));
}

struct panel {
	const struct series *s;
	int64_t interval;
	uint32_t n;
	double top;			/* pixels from above */
	bool bits;
};

static double
value_of(const struct panel *p, uint32_t i)
{
	struct series_point x = series_at(p->s, p->interval, i);

	return (p->bits ? (double)x.bytes * 8 : (double)x.packets) * 1e9 / (double)p->interval;
}

static void
put_panel(struct buf *b, const struct panel *p)
{
	double most = 0, step, scale, dx = (double)(WIDTH - LEFT - RIGHT) / p->n, low = p->top + PANEL;
	double *values = calloc(p->n, sizeof *values);
	unsigned lines;

	if (values == NULL) {
		b->failed = true;
		return;
	}
	for (uint32_t i = 0; i < p->n; i++) {
		values[i] = value_of(p, i);
		most = values[i] > most ? values[i] : most;
	}
	step = step_of(most);
	lines = most > 0 ? (unsigned)(most / step + 0.999999) : 1;
	scale = PANEL / (step * lines);
	for (unsigned i = 0; i <= lines; i++) {
		double v = step * i;

		put(b, "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>\n", LEFT, WIDTH - RIGHT,
		    low - v * scale, low - v * scale, v > 0 ? "#e3e6ea" : "#6b7280");
		put(b, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">", LEFT - 8, low - v * scale + 4);
		put_amount(b, v, p->bits);
		buf_str(b, "</text>\n");
	}
	put(b, "<path fill=\"%s\" d=\"M%d %.1f", p->bits ? "#3b82c4" : "#d97742", LEFT, low);
	for (uint32_t i = 0; i < p->n; i++)
		if (i == 0 || values[i] != values[i - 1])
			put(b, "H%.2fV%.1f", LEFT + i * dx, low - values[i] * scale);
	put(b, "H%.2fV%.1fZ\"/>\n", (double)(WIDTH - RIGHT), low);
	free(values);
}

/* Lengths that people count in: the first of which no more than `most` fit into the span. */
static int64_t
time_step(int64_t span, unsigned most)
{
	static const uint16_t seconds[] = { 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200 };
	int64_t ten;

	for (ten = 1000; ten < 1000000000; ten *= 10)
		for (unsigned i = 0; i < 3; i++)
			if (span / (ten * seconds[i]) <= most)
				return ten * seconds[i];
	for (unsigned i = 0; i < sizeof seconds / sizeof *seconds; i++)
		if (span / (ten * seconds[i]) <= most)
			return ten * seconds[i];
	for (ten = 86400000000000; ten < INT64_MAX / 100; ten *= 10)
		for (unsigned i = 0; i < 3; i++)
			if (span / (ten * seconds[i]) <= most)
				return ten * seconds[i];
	return ten * 10;
}

/* Times below the panels, at multiples of a length that people count in: as many as there is room for. */
static void
put_times(struct buf *b, const struct panel *p, double low)
{
	int64_t span, step, at = p->s->begin;
	double scale;

	/* What does not fit is not worth a label. */
	if (__builtin_mul_overflow(p->interval, (int64_t)p->n, &span) || span > INT64_MAX - (at > 0 ? at : 0))
		return;
	step = time_step(span, (WIDTH - LEFT - RIGHT) / LABEL);
	scale = (double)(WIDTH - LEFT - RIGHT) / (double)span;
	at += at % step ? at % step < 0 ? -(at % step) : step - at % step : 0;
	for (; at <= p->s->begin + span; at += step) {
		double x = LEFT + (double)(at - p->s->begin) * scale;

		put(b, "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#6b7280\"/>\n", x, x, low, low + 5);
		put(b, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">", x, low + 19);
		put_when(b, at, step);
		buf_str(b, "</text>\n");
		if (at > INT64_MAX - step)
			return;
	}
}

static void
put_picture(struct buf *b, const struct series *s, const char *title)
{
	struct panel p = { .s = s, .interval = series_fit(s, POINTS_MAX), .top = TOP, .bits = true };
	struct buf length = { 0 };

	p.n = series_count(s, p.interval);
	if (p.n > POINTS_MAX) {		/* the length was given */
		p.interval *= (p.n + POINTS_MAX - 1) / POINTS_MAX;
		p.n = series_count(s, p.interval);
	}
	put(b, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
	    "font-family=\"sans-serif\" font-size=\"12\" fill=\"#374151\" shape-rendering=\"crispEdges\">\n",
	    WIDTH, HEIGHT, WIDTH, HEIGHT);
	put(b, "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n", WIDTH, HEIGHT);
	put(b, "<text x=\"%d\" y=\"24\" font-size=\"15\">", LEFT);
	put_escaped(b, title);
	buf_str(b, "</text>\n");
	if (p.n) {
		grid_put_took(&length, p.interval);
		put(b, "<text x=\"%d\" y=\"24\" text-anchor=\"end\">in intervals of %.*s</text>\n", WIDTH - RIGHT,
		    (int)length.len, length.data ? length.data : "");
		buf_free(&length);
		put_panel(b, &p);
		p.top += PANEL + GAP;
		p.bits = false;
		put_panel(b, &p);
		put_times(b, &p, p.top + PANEL);
	}
	buf_str(b, "</svg>\n");
}

bool
series_draw(const struct series *s, const char *path, const char *title, struct err *e)
{
	struct buf b = { 0 };
	size_t at = 0;
	ssize_t n = 0;
	int fd;

	put_picture(&b, s, title);
	if (b.failed) {
		buf_free(&b);
		return err_set(e, "out of memory");
	}
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0) {
		buf_free(&b);
		return err_set(e, "%s: %s", path, strerror(errno));
	}
	while (at < b.len && ((n = write(fd, b.data + at, b.len - at)) > 0 || (n < 0 && errno == EINTR)))
		at += n > 0 ? (size_t)n : 0;
	if (close(fd) != 0 || at < b.len) {
		buf_free(&b);
		return err_set(e, "%s: %s", path, strerror(errno));
	}
	buf_free(&b);
	return true;
}
