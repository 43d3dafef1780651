#include <stdio.h>
#include <time.h>

#include "cmd/pump.h"
#include "cmd/output.h"
#include "cmd/say.h"
#include "cmd/signals.h"
#include "dissect/later.h"
#include "io/live.h"

enum {
	BATCH = 256,
	TEXT_FULL = 64 << 10,	/* bytes of text after which it is written in any case */
};

static const char *
plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/* When packets were lost: one line more than tcpdump has, and only then. */
static void
say_loss(const struct source_counts *c)
{
	const int64_t at[2] = { c->lost_from, c->lost_until };
	char when[2][32];

	for (int i = 0; i < 2; i++) {
		time_t t = (time_t)(at[i] / 1000000000);
		struct tm tm;

		if (!localtime_r(&t, &tm) || strftime(when[i], sizeof when[i], "%F %T", &tm) == 0)
			return;
	}
	fprintf(stderr, "%ju packet%s lost between %s.%06d and %s.%06d\n", (uintmax_t)c->dropped, plural(c->dropped),
	    when[0], (int)(at[0] % 1000000000 / 1000), when[1], (int)(at[1] % 1000000000 / 1000));
}

void
pump_counts(const struct pump *p, bool lines)
{
	const char *sep = lines ? "\n" : ", ";
	struct source_counts c = { 0 };
	struct err e;

	if (!p->source->live)
		return;
	if (!p->source->ops->counts(p->source, &c, &e)) {
		fprintf(stderr, "pcap_stats: %s\n", e.text);
		return;
	}
	if (!lines)
		fprintf(stderr, "%s: ", say_name());
	fprintf(stderr, "%ju packet%s captured%s", (uintmax_t)p->packets, plural(p->packets), sep);
	fprintf(stderr, "%ju packet%s received by filter%s", (uintmax_t)c.received, plural(c.received), sep);
	fprintf(stderr, "%ju packet%s dropped by kernel", (uintmax_t)c.dropped, plural(c.dropped));
	if (c.if_dropped > 0)
		fprintf(stderr, "%s%ju packet%s dropped by interface", sep, (uintmax_t)c.if_dropped,
		    plural(c.if_dropped));
	fprintf(stderr, "\n");
	if (!lines)
		return;
	if (c.lost_from)
		say_loss(&c);
	if (p->rotate)
		rotate_counts(p->rotate, &c);
}

/* Writes the text collected so far. */
static enum pump_result
flush_text(struct pump *p, struct err *e)
{
	enum output_result r;

	if (!p->dis || p->dis->out == p->dis->base)
		return PUMP_END;
	r = output_write(p->dis->base, (size_t)(p->dis->out - p->dis->base), e);
	dis_clear(p->dis);
	return r == OUTPUT_OK ? PUMP_END : r == OUTPUT_GONE ? PUMP_STOPPED : PUMP_ERROR;
}

/* Deals with the signals that do not stop. */
static enum pump_result
attend(struct pump *p, struct err *e)
{
	if (p->progress)
		progress_step(p->progress, p->source, p->packets);
	if (signals.counts) {
		signals.counts = 0;
		pump_counts(p, false);
	}
	if (signals.flush) {
		signals.flush = 0;
		if (p->rotate && !rotate_flush(p->rotate, e))
			return PUMP_ERROR;
	}
	if (signals.tick) {
		signals.tick = 0;
		if (p->ticked != p->packets + 1) {
			fprintf(stderr, "Got %ju\r", (uintmax_t)p->packets);
			p->ticked = p->packets + 1;
		}
	}
	return PUMP_END;
}

/* Counts and writes packets. */
static enum pump_result
keep(struct pump *p, const struct packet *packets, size_t n, struct err *e)
{
	enum rotate_result r;
	size_t done;

	if (!p->rotate || n == 0) {
		p->packets += n;
		return PUMP_END;
	}
	r = rotate_put(p->rotate, packets, n, &done, e);
	p->packets += done;
	if (r == ROTATE_OK)
		return PUMP_END;
	p->packets++;		/* the one that could not be written has been captured all the same */
	return r == ROTATE_DONE ? PUMP_FULL : PUMP_ERROR;
}

/* What a form has appended to d's text from there on; nothing, when it is too much. */
static void
said(struct dis *d, size_t from, struct buf *text)
{
	d->base = text->data;
	d->size = text->cap;
	if (text->failed || text->len - from > DIS_TEXT_MAX)
		text->len = from;
	d->out = d->base + text->len;
	text_limit(d, text->len);
}

/* What the form makes of the fields of `of` goes straight to the text of d, from there on. */
static void
show(struct dis *d, size_t from, const struct pump_form *form, const struct dis *of)
{
	struct buf text = { .data = d->base, .len = from, .cap = d->size };

	form->packet(form->ctx, &text, of);
	said(d, from, &text);
}

/* Has the form told of it without its having been dissected? */
static bool
show_plain(struct dis *d, const struct pump_form *form, const struct packet *p, uint64_t number)
{
	const size_t from = text_at(d);
	struct buf text = { .data = d->base, .len = from, .cap = d->size };
	bool told = form->plain(form->ctx, &text, d, p, number);

	if (!told)
		text.len = from;
	said(d, from, &text);
	if (told && d->later)
		later_begin(d);		/* it counts */
	return told;
}

bool
pump_packet(struct dis *d, const struct pump_form *form, const struct packet *p, uint64_t number)
{
	uint32_t from = text_at(d);

	if (form && form->plain && show_plain(d, form, p, number))
		return true;
	if (!dis_packet(d, p, number))
		return false;
	if (form)
		show(d, from, form, d);
	return true;
}

static enum pump_result
take(struct pump *p, const struct packet *packet, struct err *e)
{
	enum pump_result r = keep(p, packet, 1, e);

	if (r != PUMP_END || !p->dis)
		return r;
	if (p->look && p->form)
		show(p->dis, text_at(p->dis), p->form, p->look->dis);
	else
		pump_packet(p->dis, p->form, packet, p->look ? p->look->seen : p->packets);
	if (p->flush_lines || p->dis->out - p->dis->base >= TEXT_FULL)
		return flush_text(p, e);
	return PUMP_END;
}

/* The filter for another link type than the last packet's: it may be one that the expression cannot be compiled for. */
static __attribute__((noinline)) void
turn_to_link(struct pump *p, const struct packet *packet)
{
	const struct source *s = p->source;
	uint32_t snaplen = packet->iface < s->n_ifaces ? s->ifaces[packet->iface].snaplen : 0;
	bool new = !filter_tried(p->filter, packet->link);
	struct err e;

	if (!filter_compile(p->filter, packet->link, snaplen, &e) && new)
		say_warning("packets of link type %u do not pass the filter: %s", packet->link, e.text);
}

/* Does the filter pass it, and -Y? *link is the last packet's. */
static inline bool
wanted(struct pump *p, const struct packet *packet, uint32_t *link)
{
	if (!p->sieved) {
		if (packet->link != *link) {
			turn_to_link(p, packet);
			*link = packet->link;
		}
		if (!filter_match(p->filter, packet->link, packet->data, packet->caplen, packet->len))
			return false;
	}
	return !p->look || look_at(p->look, packet);
}

size_t
pump_sift(struct pump *p, struct packet *batch, size_t n, uint32_t *link)
{
	size_t m = 0;

	if ((p->sieved || filter_is_empty(p->filter)) && !p->look)
		return n;
	for (size_t i = 0; i < n; i++) {
		if (!wanted(p, &batch[i], link))
			continue;
		if (m < i)
			batch[m] = batch[i];
		m++;
	}
	return m;
}

void
pump_sieve(struct pump *p)
{
	const struct filter_first *first = (const struct filter_first *)p->filter;
	struct source *s = p->source;

	/* A live one's kernel has the filter; a file may be given it. */
	p->sieved = s->live || filter_is_empty(p->filter) || (s->ops->sieve && first->link <= UINT32_MAX &&
	    s->ops->sieve(s, (uint32_t)first->link, first->run));
}

static enum pump_result
run(struct pump *p, struct err *e)
{
	struct packet batch[BATCH] = { 0 };
	uint32_t link = UINT32_MAX;
	uint64_t last = p->count > 0 ? p->packets + (uint64_t)p->count : UINT64_MAX;
	bool stopping = false;

	for (;;) {
		size_t n = 0, most = last - p->packets < BATCH ? (size_t)(last - p->packets) : BATCH;
		enum source_result got;
		enum pump_result r;

		if ((r = attend(p, e)) != PUMP_END)
			return r;
		if (p->flush_batches && (r = flush_text(p, e)) != PUMP_END)
			return r;
		if (signals.stop && !stopping) {
			if (!p->source->live || signals.stop == SIGPIPE)
				return PUMP_STOPPED;
			live_drain(p->source);	/* what had arrived before the signal still counts */
			stopping = true;
			signals.stop = 0;
		}
		got = source_read(p->source, batch, p->source->live ? most : BATCH, &n, e);
		if (got == SOURCE_END)
			return flush_text(p, e);
		if (got == SOURCE_ERROR) {
			r = flush_text(p, e);
			return r == PUMP_END ? PUMP_READ_ERROR : r;
		}
		if (stopping && got == SOURCE_AGAIN)
			return flush_text(p, e) == PUMP_ERROR ? PUMP_ERROR : PUMP_STOPPED;
		if (p->look)
			track_expect(p->look->track, batch, n);
		if (!p->dis) {
			/* Nobody watches: all of them at once. */
			n = pump_sift(p, batch, n, &link);
			if (n > last - p->packets)
				n = (size_t)(last - p->packets);
			if ((r = keep(p, batch, n, e)) != PUMP_END)
				return r;
			if (p->packets == last || (signals.stop && (stopping || !p->source->live)))
				return p->packets == last ? PUMP_END : PUMP_STOPPED;
			continue;
		}
		for (size_t i = 0; i < n; i++) {
			if (!wanted(p, &batch[i], &link))
				continue;
			if ((r = take(p, &batch[i], e)) != PUMP_END)
				return r;
			if (p->packets == last)
				return flush_text(p, e);
			if (signals.stop && (stopping || !p->source->live))
				return flush_text(p, e) == PUMP_ERROR ? PUMP_ERROR : PUMP_STOPPED;
			if (signals.counts && attend(p, e) != PUMP_END)
				return PUMP_ERROR;
		}
	}
}

enum pump_result
pump_run(struct pump *p, struct err *e)
{
	enum pump_result r;

	pump_sieve(p);
	r = run(p, e);
	p->sieved = false;	/* the next source may be another matter */
	return r;
}
