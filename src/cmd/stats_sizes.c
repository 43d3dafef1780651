/* How long packets are on the wire, in classes that double: those of tshark's plen,tree. */
#include <stdio.h>

#include "cmd/stats.h"

#include "out/grid.h"
#include "out/object.h"

enum { CLASSES = 10 };

/* Where each class begins. */
static const uint32_t from[CLASSES] = { 0, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120 };

struct sizes {
	struct {
		uint64_t packets, bytes;
		uint32_t least, most;
	} classes[CLASSES];
};

static void
sizes_packet(void *state, const struct tracked *t)
{
	struct sizes *s = state;
	uint32_t len = t->packet->len;
	unsigned i = len < 20 ? 0 : len >= 5120 ? CLASSES - 1 : 32 - (unsigned)__builtin_clz(len / 20);

	if (s->classes[i].packets++ == 0)
		s->classes[i].least = s->classes[i].most = len;
	s->classes[i].bytes += len;
	s->classes[i].least = len < s->classes[i].least ? len : s->classes[i].least;
	s->classes[i].most = len > s->classes[i].most ? len : s->classes[i].most;
}

/* A bar of n eighths of a character, or of whole ones. */
static void
put_bar(char *o, double share, unsigned width, bool utf8)
{
	static const char *const eighths[] = { "", "\xe2\x96\x8f", "\xe2\x96\x8e", "\xe2\x96\x8d", "\xe2\x96\x8c",
		"\xe2\x96\x8b", "\xe2\x96\x8a", "\xe2\x96\x89" };
	unsigned n = (unsigned)(share * width * 8 + 0.5), i;

	for (i = 0; i < (utf8 ? n / 8 : (n + 4) / 8); i++) {
		memcpy(o, utf8 ? "\xe2\x96\x88" : "#", utf8 ? 3 : 1);
		o += utf8 ? 3 : 1;
	}
	if (utf8) {
		memcpy(o, eighths[n % 8], strlen(eighths[n % 8]));
		o += strlen(eighths[n % 8]);
	}
	*o = '\0';
}

static void
sizes_text(void *state, const struct stats_view *v)
{
	static const struct grid_column columns[] = {
		{ "bytes", true }, { "packets", false }, { "", false }, { "average", false }, { "least", false },
		{ "most", false }, { "", true },
	};
	enum { WIDTH = 24 };
	const struct sizes *s = state;
	uint64_t most = 1;
	struct grid g;

	for (unsigned i = 0; i < CLASSES; i++)
		most = s->classes[i].packets > most ? s->classes[i].packets : most;
	grid_begin(&g, columns, 7, 2);
	for (unsigned i = 0; i < CLASSES; i++) {
		char text[4 * WIDTH + 32];
		uint64_t n = s->classes[i].packets;

		if (i + 1 < CLASSES)
			snprintf(text, sizeof text, "%u-%u", from[i], from[i + 1] - 1);
		else
			snprintf(text, sizeof text, "%u and more", from[i]);
		grid_str(&g, text);
		grid_u(&g, n);
		grid_percent(&g, (double)n, (double)v->packets);
		if (n) {
			snprintf(text, sizeof text, "%.1f", (double)s->classes[i].bytes / (double)n);
			grid_str(&g, text);
			grid_u(&g, s->classes[i].least);
			grid_u(&g, s->classes[i].most);
		} else {
			grid_str(&g, "-"), grid_str(&g, "-"), grid_str(&g, "-");
		}
		put_bar(text, (double)n / (double)most, WIDTH, v->utf8);
		grid_str(&g, text);
	}
	grid_end(&g, v->out);
}

static void
sizes_json(void *state, const struct stats_view *v)
{
	const struct sizes *s = state;

	object_list(v->out, "classes");
	for (unsigned i = 0; i < CLASSES; i++) {
		uint64_t n = s->classes[i].packets;

		object_open(v->out, NULL);
		object_u(v->out, "from", from[i]);
		if (i + 1 < CLASSES)
			object_u(v->out, "to", from[i + 1] - 1);
		object_u(v->out, "packets", n);
		object_u(v->out, "bytes", s->classes[i].bytes);
		if (n) {
			object_real(v->out, "average", (double)s->classes[i].bytes / (double)n, 3);
			object_u(v->out, "smallest", s->classes[i].least);
			object_u(v->out, "largest", s->classes[i].most);
		}
		object_close(v->out);
	}
	object_list_end(v->out);
}

const struct stats_section stats_sizes = {
	.name = "sizes", .title = "Packet sizes", .help = "how long packets are", .size = sizeof(struct sizes),
	.packet = sizes_packet, .text = sizes_text, .json = sizes_json,
};
