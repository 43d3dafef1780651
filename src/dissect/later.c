#include "dissect/later.h"

#include <stdlib.h>

#include "dissect/conv.h"

/* For each packet, on average; a packet that finds no room is postponed. */
enum { ORIGINS = 1, HOLES = 4, AHEAD = 8 };

struct hole {
	uint32_t at;		/* in the text */
	uint32_t origin, base;	/* which of the bases of which origin */
	uint32_t v;
};

struct postponed {
	uint32_t at, packet;
	uint32_t origins;	/* asked by the packets before it */
	int64_t ref_sec, ref_frac;	/* what its time stamp counts from */
	uint32_t from, to;	/* its text, once it has been walked */
};

struct later {
	uint32_t packets, max;
	uint32_t n_origins, n_holes, n_postponed;
	uint32_t text_end;	/* where the text of the postponed packets begins */
	size_t withheld;	/* text that postponed packets had come to before they were given up */
	bool give_up;		/* the packet being walked is to be postponed */
	struct postponed now;	/* what to restore for it */
	uint32_t holes_before;
	struct origin *origins;
	struct hole *holes;
	struct postponed *postponed;
};

struct later *
later_new(uint32_t packets)
{
	struct later *l = calloc(1, sizeof *l);

	if (l == NULL)
		return NULL;
	l->max = packets;
	l->origins = calloc(packets, ORIGINS * sizeof *l->origins);
	l->holes = calloc(packets, HOLES * sizeof *l->holes);
	l->postponed = calloc(packets, sizeof *l->postponed);
	if (l->origins && l->holes && l->postponed)
		return l;
	later_free(l);
	return NULL;
}

void
later_free(struct later *l)
{
	if (l == NULL)
		return;
	free(l->origins);
	free(l->holes);
	free(l->postponed);
	free(l);
}

void
later_clear(struct later *l)
{
	l->packets = l->n_origins = l->n_holes = l->n_postponed = 0;
	l->withheld = 0;
}

void
later_begin(struct dis *d)
{
	struct later *l = d->later;

	l->give_up = false;
	l->holes_before = l->n_holes;
	l->now = (struct postponed) {
		.at = text_at(d), .packet = l->packets++, .origins = l->n_origins,
		.ref_sec = d->stamp.ref_sec, .ref_frac = d->stamp.ref_frac,
	};
}

bool
later_gave_up(const struct later *l)
{
	return l->give_up;
}

bool
later_end(struct dis *d)
{
	struct later *l = d->later;

	if (!l->give_up) {
		/* Text that was taken back takes its holes along. */
		while (l->n_holes > l->holes_before && l->holes[l->n_holes - 1].at > text_at(d))
			l->n_holes--;
		return true;
	}
	l->withheld += text_at(d) - l->now.at;
	d->out = d->base + l->now.at;
	l->n_origins = l->now.origins;
	l->n_holes = l->holes_before;
	l->postponed[l->n_postponed++] = l->now;
	return false;
}

size_t
later_withheld(const struct later *l)
{
	return l->withheld;
}

_Noreturn void
later_postpone(struct dis *d)
{
	d->later->give_up = true;
	dis_leave(d);
}

const struct origin *
later_ask(struct dis *d, const struct origin *o)
{
	struct later *l = d->later;

	if (l->n_origins == l->max * ORIGINS)
		later_postpone(d);
	l->origins[l->n_origins] = *o;
	return &l->origins[l->n_origins++];
}

void
later_say(struct dis *d, const struct origin *o, unsigned i, uint32_t v)
{
	struct later *l = d->later;

	if (d->lost)
		return;		/* as all text from here on */
	if (l->n_holes == l->max * HOLES)
		later_postpone(d);
	l->holes[l->n_holes++] = (struct hole) {
		.at = text_at(d), .origin = (uint32_t)(o - l->origins), .base = i, .v = v,
	};
}

/* Answers the questions from..to, in order. */
static void
answer(struct later *l, struct conv_table *conv, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i++) {
		struct origin *o = &l->origins[i];
		void *data;
		bool fresh;

		if (i + AHEAD < l->n_origins)
			conv_prefetch(conv, l->origins[i + AHEAD].hash);
		data = conv_find(conv, o->key, o->key_len, o->hash, true, &fresh);
		o->answer(o, data, fresh);
	}
}

void
later_settle(struct dis *d, struct conv_table *conv, void (*walk)(void *ctx, uint32_t packet), void *ctx)
{
	struct later *l = d->later;
	int64_t ref_sec = d->stamp.ref_sec, ref_frac = d->stamp.ref_frac;
	uint32_t done = 0;

	l->text_end = text_at(d);
	d->later = NULL;
	d->conv = conv;
	for (uint32_t i = 0; i < l->n_postponed; i++) {
		struct postponed *p = &l->postponed[i];

		answer(l, conv, done, p->origins);
		done = p->origins;
		d->stamp.ref_sec = p->ref_sec;
		d->stamp.ref_frac = p->ref_frac;
		p->from = text_at(d);
		walk(ctx, p->packet);
		p->to = text_at(d);
	}
	answer(l, conv, done, l->n_origins);
	d->stamp.ref_sec = ref_sec;
	d->stamp.ref_frac = ref_frac;
	d->conv = NULL;
	d->later = l;
}

static void
put_postponed(const struct dis *d, const struct postponed *p, struct buf *out)
{
	buf_put(out, d->base + p->from, p->to - p->from);
}

struct said
later_fill(const struct dis *d, struct buf *out)
{
	const struct later *l = d->later;
	const struct postponed *p = l->postponed, *p_end = p + l->n_postponed;
	uint32_t at = 0;

	if (l->n_holes == 0 && l->n_postponed == 0)
		return (struct said) { d->base, text_at(d) };
	for (const struct hole *h = l->holes, *end = h + l->n_holes; h < end; h++) {
		for (; p < p_end && p->at <= h->at; p++) {
			buf_put(out, d->base + at, p->at - at);
			at = p->at;
			put_postponed(d, p, out);
		}
		buf_put(out, d->base + at, h->at - at);
		at = h->at;
		buf_u(out, h->v - l->origins[h->origin].base[h->base]);
	}
	for (; p < p_end; p++) {
		buf_put(out, d->base + at, p->at - at);
		at = p->at;
		put_postponed(d, p, out);
	}
	buf_put(out, d->base + at, l->text_end - at);
	return (struct said) { out->data, out->len };
}
