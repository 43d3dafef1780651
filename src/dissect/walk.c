/* The engine: a packet's frame around its walk, leaving early, finding the next protocol, scratch memory. */
#include "dissect/dissect.h"

#include <stdlib.h>

#include "dissect/frame.h"
#include "dissect/later.h"
#include "dissect/stamp.h"

enum { TEXT_START = 256 << 10 };

struct dis *
dis_new(const struct style *style, const struct demux *demux, const struct resolver *resolver,
    struct conv_table *conv)
{
	struct dis *d = calloc(1, sizeof *d);

	if (d == NULL)
		return NULL;
	d->base = malloc(TEXT_START);
	d->arena = malloc(DIS_ARENA);
	if (d->base == NULL || d->arena == NULL) {
		dis_free(d);
		return NULL;
	}
	d->out = d->base;
	d->size = TEXT_START;
	d->most = DIS_TEXT_MAX;
	text_limit(d, 0);
	d->hold = UINT32_MAX;
	d->style = style;
	d->demux = demux;
	d->resolver = resolver;
	d->conv = conv;
	d->e = style->e;
	d->v = style->v;
	d->q = style->q;
	d->n = style->n;
	d->N = style->N;
	d->S = style->S;
	d->K = style->K;
	d->mute = style->mute != 0;
	d->u = style->u;
	d->b = style->b;
	return d;
}

void
dis_free(struct dis *d)
{
	if (d == NULL)
		return;
	free(d->base);
	free(d->arena);
	if (d->sink)
		free(d->sink->memo);
	free(d->sink);
	free(d);
}

bool
dis_collect_layers(struct dis *d)
{
	if (d->sink == NULL && (d->sink = calloc(1, sizeof *d->sink)) != NULL)
		d->sink->most = DIS_FIELDS_MAX;
	return d->sink != NULL;
}

bool
dis_collect_fields(struct dis *d, const struct field_set *w)
{
	struct field_set all;

	memset(&all, 0xff, sizeof all);
	d->noting = dis_collect_layers(d);
	if (d->noting) {
		d->sink->wanted = w ? *w : all;
		d->sink->all = w == NULL;
		memset(d->sink->choices, 0, sizeof d->sink->choices);
	}
	return d->noting;
}

void *
dis_alloc(struct dis *d, size_t n)
{
	uint32_t at = (d->arena_used + 15) & ~15u;

	if (n > DIS_ARENA - at || at > DIS_ARENA)
		return NULL;
	d->arena_used = at + (uint32_t)n;
	return d->arena + at;
}

_Noreturn void
dis_leave(struct dis *d)
{
	longjmp(d->leave, 1);
}

/* The only setjmp: everything a walk may change is in *d, so nothing of it needs to survive in registers. */
static bool __attribute__((noinline))
walk_link(struct dis *d, const struct packet *p)
{
	if (setjmp(d->leave))
		return d->walking = false;
	d->walking = true;
	if (!next(d, D_LINK, p->link, p->data, p->len)) {
		/* No dissector for this link type: the bytes, whatever else is shown of them. */
		mark(d, "unsupported");
		text(d, "UNSUPPORTED");
		text_dump_hex_ascii(d, "\n\t", p->data, p->caplen, 0);
	}
	d->walking = false;
	return true;
}

static bool __attribute__((noinline))
walk_payload(struct dis *d, uint8_t proto, const uint8_t *p, uint32_t len)
{
	if (setjmp(d->leave))
		return d->walking = false;
	d->walking = true;
	next_ip(d, proto, p, len);
	d->walking = false;
	return true;
}

void
dis_resume(struct dis *d, const struct layer *ip, uint8_t proto, const uint8_t *p, uint32_t len)
{
	const uint8_t *hdr = ip->p;
	bool v4 = hdr[0] >> 4 == 4, whole;
	uint32_t from = text_at(d);

	d->depth = ip->depth;
	d->end = p + len;
	d->net = (struct net) { .version = v4 ? 4 : 6, .hdr = hdr, .src = hdr + (v4 ? 12 : 8),
		.dst = hdr + (v4 ? 16 : 24), .proto = proto, .ttl = hdr[v4 ? 8 : 7] };
	d->layer = ip->proto;
	d->hold = UINT32_MAX;
	d->sink->now = (uint16_t)(ip - d->sink->layers);
	whole = walk_payload(d, proto, p, len);
	d->out = d->base + from;
	if (d->noting)
		frame_end_again(d, whole);
}

/* What is wrong with the header of the packet's record. */
static void
text_insane(struct dis *d, const struct packet *p)
{
	const char *lead = "[Invalid header:";
	bool sane = true;

	if (p->caplen == 0) {
		text(d, lead), text(d, " caplen==0");
		sane = false;
	}
	if (p->len == 0) {
		text(d, sane ? lead : ","), text(d, " len==0");
		sane = false;
	} else if (p->len < p->caplen) {
		text(d, sane ? lead : ","), text_fmt(d, " len(%u) < caplen(%u)", p->len, p->caplen);
		sane = false;
	}
	if (p->caplen > PACKET_MAX) {
		text(d, sane ? lead : ","), text_fmt(d, " caplen(%u) > %u", p->caplen, PACKET_MAX);
		sane = false;
	}
	if (p->len > PACKET_MAX)
		text(d, sane ? lead : ","), text_fmt(d, " len(%u) > %u", p->len, PACKET_MAX);
	text(d, "]\n");
}

/* -x, -X and -A. */
static void
dump(struct dis *d, const struct packet *p)
{
	const struct style *s = d->style;
	int how = s->X ? s->X : s->x ? s->x : s->A;
	uint32_t skip = how > 1 ? 0 : d->link_len;

	if (how == 0 || p->caplen <= skip)
		return;
	const uint8_t *from = p->data + skip;
	uint32_t n = p->caplen - skip;
	if (s->X)
		text_dump_hex_ascii(d, "\n\t", from, n, 0);
	else if (s->x)
		text_dump_hex(d, "\n\t", from, n, 0);
	else
		text_dump_ascii(d, from, n);
}

/* The frame around the walk. */
static void
packet(struct dis *d, const struct packet *p, uint64_t number)
{
	bool whole;

	d->lost = false;
	d->idle = d->mute;
	d->most = DIS_TEXT_BASE + (size_t)DIS_TEXT_A_BYTE * (p->caplen < PACKET_MAX ? p->caplen : PACKET_MAX);
	text_limit(d, text_at(d));
	d->end = p->data + p->caplen;
	d->pkt = p->data;
	d->packet = p;
	d->mark = "";
	d->layer = NULL;
	d->v = d->style->v;	/* a frame that was shown with less may have been cut short */
	d->link_len = 0;
	d->depth = 0;
	d->hold = UINT32_MAX;
	d->net = (struct net) { 0 };
	d->mac_src = d->mac_dst = NULL;
	d->sport = d->dport = 0;
	d->arena_used = 0;
	if (d->sink) {
		d->sink->n = d->sink->n_layers = d->sink->dropped = d->sink->now = 0;
		d->sink->most = DIS_FIELDS_MAX;
		frame_begin(d, p, number);
	}

	if (d->style->number)
		text_fmt(d, "%5u  ", (unsigned)number);
	if (!packet_is_sane(p)) {
		text_insane(d, p);
		return;
	}
	if (!d->mute)
		text_stamp(d, p->sec, p->nsec);
	if (!(whole = walk_link(d, p))) {
		if (d->later && later_gave_up(d->later))
			return;
		if (d->hold != UINT32_MAX)
			d->out = d->base + d->hold;
		if (d->lost) {
			d->lost = false;
			text_limit(d, text_at(d));
			text(d, "\n\t[too much text: the rest is not shown]");
		} else {
			text_trunc(d);
		}
		d->link_len = 0;
	}
	d->end = p->data + p->caplen;
	if (d->noting)
		frame_end(d, whole);
	dump(d, p);
	d->lost = false;
	text_limit(d, text_at(d));
	text_char(d, '\n');
}

bool
dis_packet(struct dis *d, const struct packet *p, uint64_t number)
{
	if (d->later == NULL) {
		packet(d, p, number);
		return true;
	}
	later_begin(d);
	packet(d, p, number);
	return later_end(d);
}

static bool
walk(struct dis *d, const struct proto *proto, const uint8_t *p, uint32_t len)
{
	struct net net;
	const uint8_t *src, *dst;
	const struct proto *layer;
	uint16_t sport, dport, now = 0;

	if (proto == NULL)
		return false;
	if (d->depth >= DIS_DEPTH_MAX) {
		text(d, " [nested too deep]");
		return true;
	}
	net = d->net;
	src = d->mac_src;
	dst = d->mac_dst;
	sport = d->sport;
	dport = d->dport;
	layer = d->layer;
	if (d->sink) {
		now = d->sink->now;
		d->sink->begins = p;
		d->sink->begins_len = len;
	}
	d->depth++;
	proto->walk(d, p, len);
	d->depth--;
	if (d->sink)
		d->sink->now = now;
	d->layer = layer;
	d->net = net;
	d->mac_src = src;
	d->mac_dst = dst;
	d->sport = sport;
	d->dport = dport;
	return true;
}

bool
next(struct dis *d, enum demux_kind kind, uint32_t value, const uint8_t *p, uint32_t len)
{
	return walk(d, demux_find(d->demux, kind, value), p, len);
}

bool
next_port(struct dis *d, enum demux_kind kind, uint16_t src, uint16_t dst, const uint8_t *p, uint32_t len)
{
	return walk(d, demux_find_port(d->demux, kind, src, dst), p, len);
}
