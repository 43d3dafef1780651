#include "cmd/progress.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cmd/say.h"

#define SECOND INT64_C(1000000000)

enum { WIDTH = 80, BAR = 24 };

void
progress_begin(struct progress *p, bool unwanted)
{
	*p = (struct progress) { .on = !unwanted && isatty(STDERR_FILENO) };
	p->begun = clock_steady_ns();
	p->next = p->begun + SECOND;
}

/* "1.2 GB"; at most 8 characters. */
static const char *
put_bytes(char text[16], double n)
{
	static const char *const units[] = { "B", "kB", "MB", "GB", "TB", "PB", "EB" };
	unsigned u = 0;

	for (; n >= 999.5 && u < 6; u++)
		n /= 1000;
	snprintf(text, 16, u && n < 9.95 ? "%.1f %s" : "%.0f %s", n, units[u]);
	return text;
}

/* "12 s", "3 min 20 s", "2 h 5 min" */
static const char *
put_left(char text[32], double seconds)
{
	unsigned s = seconds > 1e6 ? 1000000 : (unsigned)(seconds + 0.5);

	if (s < 60)
		snprintf(text, 32, "%u s", s);
	else if (s < 3600)
		snprintf(text, 32, "%u min %u s", s / 60, s % 60);
	else
		snprintf(text, 32, "%u h %u min", s / 3600, s / 60 % 60);
	return text;
}

void
progress_line(char line[PROGRESS_LINE_MAX], unsigned width, const struct source_position *at, uint64_t packets, int64_t ns)
{
	double seconds = ns > 0 ? (double)ns / 1e9 : 1e-9, rate = (double)at->done / seconds;
	uint64_t done = at->total && at->done > at->total ? at->total : at->done;
	char a[16], b[16], c[16], left[32], bar[BAR + 1];
	int n;

	if (at->total) {
		unsigned full = (unsigned)((double)done / (double)at->total * BAR);

		memset(bar, '-', BAR);
		memset(bar, '#', full);
		bar[BAR] = '\0';
		n = snprintf(line, PROGRESS_LINE_MAX, "%3u%% [%s] %s of %s, %s/s, %s left",
		    (unsigned)((double)done * 100 / (double)at->total), bar, put_bytes(a, (double)done),
		    put_bytes(b, (double)at->total), put_bytes(c, rate),
		    put_left(left, rate > 0 ? (double)(at->total - done) / rate : 0));
	} else {
		n = snprintf(line, PROGRESS_LINE_MAX, "%s, %ju packets, %s/s", put_bytes(a, (double)done),
		    (uintmax_t)packets, put_bytes(c, rate));
	}
	if (width >= PROGRESS_LINE_MAX)
		width = PROGRESS_LINE_MAX - 1;
	if (n > (int)width)
		line[width] = '\0';
}

void
progress_show(struct progress *p, const struct source *s, uint64_t packets)
{
	struct source_position at;
	int64_t now = clock_steady_ns();
	char line[PROGRESS_LINE_MAX];
	struct winsize w;

	if (!s->ops->position) {
		p->on = false;
		return;
	}
	s->ops->position(s, &at);
	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &w) != 0 || w.ws_col < 2)
		w.ws_col = WIDTH;
	progress_line(line, w.ws_col - 1u, &at, packets, now - p->begun);
	say_passing(line);
	p->next = now + SECOND / 10;
}

void
progress_end(struct progress *p)
{
	if (p->on)
		say_passing("");
	p->on = false;
}
