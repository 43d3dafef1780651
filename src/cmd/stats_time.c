/* Traffic over time: a plot on the terminal, a table where the length of intervals is given, and SVG. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cmd/stats_series.h"

#include "cmd/privilege.h"
#include "cmd/stats.h"
#include "out/grid.h"
#include "out/object.h"

enum {
	HEIGHT = 8, HEIGHT_OVERVIEW = 5,	/* lines of the plot */
	MARGIN = 14,				/* of its scale */
	WIDE_MAX = 4,				/* columns of an interval, where there are few */
};

struct timing {
	const struct stats_setup *setup;
	struct series series;
};

static bool
time_open(void *state, const struct stats_setup *setup, struct err *e)
{
	struct timing *s = state;

	s->setup = setup;
	return series_open(&s->series, setup->interval, e);
}

static void
time_packet(void *state, const struct tracked *t)
{
	series_add(&((struct timing *)state)->series, t->ns, t->packet->len);
}

/* What a column of the plot shows: bits a second, or packets. */
static double
value_of(const struct timing *s, const struct series_point *p, int64_t interval)
{
	double v = s->setup->by && strcmp(s->setup->by, "packets") == 0 ? (double)p->packets : (double)p->bytes * 8;

	return v * 1e9 / (double)interval;
}

static void
put_amount(const struct timing *s, struct buf *b, double v)
{
	struct buf text = { 0 };

	if (s->setup->by && strcmp(s->setup->by, "packets") == 0) {
		char number[64];

		snprintf(number, sizeof number, v < 10 ? "%.1f packets/s" : "%.0f packets/s", v);
		buf_str(&text, number);
	} else {
		grid_put_bits(&text, v);
	}
	for (size_t n = text.len; n + 1 < MARGIN; n++)
		buf_char(b, ' ');
	buf_put(b, text.data, text.len);
	buf_free(&text);
}

/* The part of a column that is in one line: 0 (empty) to 8. */
static void
put_part(struct buf *b, unsigned eighths, bool utf8)
{
	char block[4] = "\xe2\x96\x80";

	if (eighths == 0) {
		buf_char(b, ' ');
	} else if (utf8) {
		block[2] = (char)(0x80 + eighths);
		buf_str(b, block);
	} else {
		buf_char(b, eighths > 5 ? '#' : eighths > 2 ? ':' : '.');
	}
}

static void
put_clock(struct buf *b, int64_t ns)
{
	int64_t part = ns % 1000000000;
	time_t sec = (time_t)(ns / 1000000000 - (part < 0));
	char text[48];
	struct tm tm;

	if (!localtime_r(&sec, &tm))
		return;
	strftime(text, sizeof text, "%T", &tm);
	buf_str(b, text);
	snprintf(text, sizeof text, ".%06d", (int)((part < 0 ? part + 1000000000 : part) / 1000));
	buf_str(b, text);
}

/* "1 s", "200 ms": what intervals are called. */
static void
put_interval(struct buf *b, int64_t ns)
{
	static const struct {
		const char *unit;
		int64_t ns;
	} units[] = { { " d", 86400000000000 }, { " h", 3600000000000 }, { " min", 60000000000 }, { " s", 1000000000 },
		{ " ms", 1000000 }, { " us", 1000 }, { " ns", 1 } };

	for (unsigned i = 0; i < sizeof units / sizeof *units; i++)
		if (ns >= units[i].ns && ns % units[i].ns == 0) {
			buf_u(b, (uint64_t)(ns / units[i].ns));
			buf_str(b, units[i].unit);
			return;
		}
}

/* The plot: each interval takes `wide` columns. */
static void
plot(const struct timing *s, const struct stats_view *v, int64_t interval, uint32_t n, uint32_t wide)
{
	unsigned height = s->setup->overview ? HEIGHT_OVERVIEW : HEIGHT;
	double *values = calloc(n, sizeof *values), most = 0;

	if (values == NULL) {
		v->out->failed = true;
		return;
	}
	for (uint32_t i = 0; i < n; i++) {
		struct series_point p = series_at(&s->series, interval, i);

		values[i] = value_of(s, &p, interval);
		most = values[i] > most ? values[i] : most;
	}
	for (unsigned line = height; line-- > 0;) {
		size_t was = v->out->len;

		if (line == height - 1)
			put_amount(s, v->out, most);
		while (v->out->len - was < MARGIN && !v->out->failed)
			buf_char(v->out, ' ');
		buf_str(v->out, v->utf8 ? "\xe2\x94\x82" : "|");
		for (uint32_t i = 0; i < n; i++) {
			double part = most > 0 ? values[i] / most * height * 8 - line * 8.0 : 0;
			unsigned eighths = part >= 8 ? 8 : part > 0 ? (unsigned)(part + 0.5) : 0;

			/* Something is never nothing. */
			if (line == 0 && eighths == 0 && values[i] > 0)
				eighths = 1;
			for (uint32_t k = 0; k < wide; k++)
				put_part(v->out, eighths, v->utf8);
		}
		while (v->out->len && v->out->data[v->out->len - 1] == ' ')
			v->out->len--;
		buf_char(v->out, '\n');
	}
	for (unsigned i = 1; i < MARGIN; i++)
		buf_char(v->out, ' ');
	buf_str(v->out, v->utf8 ? "0\xe2\x94\x94" : "0+");
	for (uint32_t i = 0; i < n * wide; i++)
		buf_str(v->out, v->utf8 ? "\xe2\x94\x80" : "-");
	buf_str(v->out, "\n  ");
	put_clock(v->out, s->series.begin);
	buf_str(v->out, " to ");
	put_clock(v->out, v->last);
	buf_str(v->out, ", in intervals of ");
	put_interval(v->out, interval);
	buf_char(v->out, '\n');
	free(values);
}

static void
table(const struct timing *s, const struct stats_view *v)
{
	static const struct grid_column columns[] = {
		{ "from", false }, { "to", false }, { "packets", false }, { "bytes", false }, { "rate", false },
	};
	int64_t interval = s->series.interval;
	unsigned digits = interval % 1000000000 == 0 ? 0 : interval % 1000000 == 0 ? 3 : 6;
	struct grid g;

	grid_begin(&g, columns, 5, 2);
	for (uint32_t i = 0; i < s->series.n; i++) {
		const struct series_point *p = &s->series.points[i];

		grid_seconds(&g, i * interval, digits);
		grid_seconds(&g, (i + 1) * interval, digits);
		grid_u(&g, p->packets);
		grid_u(&g, p->bytes);
		grid_bits(&g, (double)p->bytes * 8e9 / (double)interval);
	}
	grid_end(&g, v->out);
}

static void
draw(const struct timing *s, const struct stats_view *v)
{
	privilege_raise(true);
	series_draw(&s->series, s->setup->plot, "Traffic over time", v->failure);
	privilege_raise(false);
}

static void
time_text(void *state, const struct stats_view *v)
{
	const struct timing *s = state;
	uint32_t room = v->width - MARGIN - 2, n;
	int64_t interval;

	if (s->setup->plot)
		draw(s, v);
	if (!s->series.any) {
		buf_str(v->out, "  none\n");
		return;
	}
	interval = series_fit(&s->series, room);
	n = series_count(&s->series, interval);
	if (n > room) {			/* the length was given: several of them to a column */
		interval *= (n + room - 1) / room;
		n = series_count(&s->series, interval);
	}
	plot(s, v, interval, n, room / n < WIDE_MAX ? room / n : WIDE_MAX);
	if (s->series.fixed)
		table(s, v);
	if (s->series.beyond.packets) {
		buf_str(v->out, "  no room for more intervals: ");
		buf_u(v->out, s->series.beyond.packets);
		buf_str(v->out, " packets came later\n");
	}
}

static void
time_json(void *state, const struct stats_view *v)
{
	enum { USUAL = 500 };		/* intervals at most, where their length was not given */
	const struct timing *s = state;
	int64_t interval = series_fit(&s->series, USUAL);
	uint32_t n = series_count(&s->series, interval);

	if (s->setup->plot)
		draw(s, v);
	object_seconds(v->out, "interval", interval);
	if (s->series.any)
		object_time(v->out, "start", s->series.begin);
	object_list(v->out, "packets");
	for (uint32_t i = 0; i < n; i++)
		object_u(v->out, NULL, series_at(&s->series, interval, i).packets);
	object_list_end(v->out);
	object_list(v->out, "bytes");
	for (uint32_t i = 0; i < n; i++)
		object_u(v->out, NULL, series_at(&s->series, interval, i).bytes);
	object_list_end(v->out);
	object_u(v->out, "packets_before_start", s->series.before.packets);
	object_u(v->out, "packets_beyond", s->series.beyond.packets);
}

static void
time_close(void *state)
{
	series_close(&((struct timing *)state)->series);
}

const struct stats_section stats_time = {
	.name = "time", .title = "Traffic over time", .help = "traffic over time, as a plot", .overview = true,
	.size = sizeof(struct timing), .open = time_open, .packet = time_packet, .text = time_text, .json = time_json,
	.close = time_close,
};
