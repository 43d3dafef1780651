#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "walk.h"

enum {
	STYLES = 32,
	INPUT_MAX = 65536,
	TEXT_BASE = 64 << 10,	/* characters of text a packet may say at least ... */
	TEXT_A_BYTE = 600,	/* ... and for each byte it has */
	SECONDS_MAX = 5,	/* processor time, with sanitizers and on a slow machine */
};

/* The low five bits choose; -v comes in all its degrees, the rest in turns. */
static const struct style *
style_of(unsigned i)
{
	static struct style styles[STYLES];
	struct style *s = &styles[i];

	*s = (struct style) { .v = (int)(i & 3), .n = 1 };
	switch (i >> 2) {
	case 1:
		s->e = 1;
		break;
	case 2:
		s->X = s->no_default = 1;
		s->b = 1;
		break;
	case 3:
		s->e = 1;
		s->n = 0;
		s->x = 2;
		s->no_default = 1;
		break;
	case 4:
		s->A = 1;
		s->S = s->K = 1;
		break;
	case 5:
		s->q = 1;
		s->t = 5;
		break;
	case 6:
		s->oneline = 1;
		s->u = s->H = 1;
		s->t = 3;
		break;
	case 7:
		s->t = 4;
		s->nano = s->number = 1;
		s->N = 1;
		s->md5_secret = "secret";
		break;
	default:
		break;
	}
	return s;
}

static void
fail(const char *what)
{
	fprintf(stderr, "limit broken: %s\n", what);
	abort();
}

/* Everything a sink holds can be read: what is noted lies within the packet or the packet's own memory. */
static void
read_fields(const struct fields *s)
{
	static volatile uint64_t sum;

	if (s->n > DIS_FIELDS_MAX)
		fail("number of fields");
	for (uint32_t i = 0; i < s->n; i++) {
		const struct noted *x = &s->noted[i];
		uint64_t v;

		if (x->layer >= s->n_layers)
			fail("a field without a layer");
		if (x->field == NULL)
			continue;
		if (field_number(x, &v))
			sum += v;
		if (!x->is_value)
			for (uint32_t k = 0; k < x->len; k++)
				sum += x->p[k];
	}
	(void)sum;
}

void
walk_input(const struct demux_row *rows, size_t n_rows, uint32_t link, const uint8_t *data, size_t size)
{
	static struct demux *demux;
	static struct dis *walks[2][STYLES];
	struct conv_table *conv = NULL;
	struct dis **d;
	uint8_t *bytes;
	clock_t start;

	if (size < 3 || size > INPUT_MAX)
		return;
	if (!demux && !(demux = demux_new(rows, n_rows)))
		abort();
	unsigned choice = data[0];
	uint32_t caplen = (uint32_t)size - 2;
	d = &walks[choice >> 7][choice % STYLES];
	if (!*d) {
		*d = dis_new(style_of(choice % STYLES), demux, NULL, NULL);
		if (!*d || (choice & 0x80 && !dis_collect_fields(*d)))
			abort();
	}
	/* A block of exactly the packet's size, so that a read beyond it is seen. */
	bytes = malloc(caplen);
	if (!bytes)
		return;
	memcpy(bytes, data + 2, caplen);
	struct packet p = { bytes, caplen, caplen + data[1] * (data[1] < 128 ? 1u : 64u), 1700000000, 123456789, link, 0 };
	if ((choice & 0x60) == 0x60)
		conv = conv_new();
	(*d)->conv = conv;
	start = clock();
	for (uint64_t i = 1; i <= (conv ? 2 : 1); i++) {
		dis_packet(*d, &p, i);
		if ((size_t)((*d)->out - (*d)->base) > TEXT_BASE + (size_t)TEXT_A_BYTE * caplen)
			fail("length of a packet's text");
		if ((*d)->sink)
			read_fields((*d)->sink);
		dis_clear(*d);
	}
	if ((double)(clock() - start) / CLOCKS_PER_SEC > SECONDS_MAX)
		fail("time for a packet");
	(*d)->conv = NULL;
	conv_free(conv);
	free(bytes);
}
