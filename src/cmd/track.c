#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/track.h"

#include "cmd/look.h"
#include "cmd/say.h"
#include "cmd/track_fields.h"
#include "cmd/track_http.h"
#include "cmd/track_quick.h"
#include "pkt/names.h"
#include "query/sieve.h"

enum {
	DATAGRAM_MAX = 65535,
	WHOLES_MAX = 4,		/* datagrams completed by one packet: fragments inside fragments */
	EXTENSIONS_MAX = 16,	/* headers in front of an IPv6 fragment header */
	AHEADS = 16,
	/* So many packets ahead: a packet is looked at, its flow fetched, and what that refers to. A fetch takes 100 ns. */
	AHEAD_LOOK = 9, AHEAD_ENTRY = 6, AHEAD_REST = 3, AHEAD_LAST = 1,
	IP4_HEADER = 20, IP6_HEADER = 40, IP6_FRAGMENT = 8,
};

/* Protocols that are looked for in a packet's layers. */
enum layer_kind { L_IP, L_IP6, L_TCP, L_UDP, L_SCTP, L_ICMP, L_ICMP6, L_KINDS };

/* What is known of a packet before its turn. */
struct ahead {
	struct plain plain;
	bool is_plain, has_datagram;
	struct flow_datagram datagram;
	struct flow_hint hint;
};

struct track {
	struct track_options o;
	struct style style;
	const struct proto *protos[L_KINDS];
	struct conv_table *conv;
	struct dis *dis;
	struct flows *flows;
	struct defrag *defrag;
	struct track_fields *fields;	/* NULL: none of those is wanted */
	struct track_http *http;	/* NULL: nobody wants http.time */
	struct track_quick *quick;	/* NULL: all packets are walked */
	struct query_sieve *sieve;	/* what the query says without a walk, or NULL */
	struct query_scratch *scratch;	/* with a query */
	const struct packet *expected;	/* those that come next ... */
	size_t n_expected, looked_at;	/* ... how many, and how many of them have been looked at */
	struct ahead ahead[AHEADS];	/* by their indices modulo AHEADS */
	bool frames;			/* is_about_frames */
	unsigned kinds;			/* bits 1 << FLOW_: conversations that are of interest; 0: none */
	uint8_t plain_kinds;		/* PLAIN_: packets of those */
	bool taken;			/* the packet's only datagram has been handed to the flows already */
	bool settled;			/* see track_settle */
	bool over;			/* nothing is wanted of any packet */
	unsigned passed_over[2];	/* transport headers whose conversations are of no interest; the same, quoted */
	uint8_t *wholes[WHOLES_MAX];	/* the datagrams that this packet has completed */
	unsigned n_wholes;
	struct tcp_analysis analyses[TRACK_STEPS_MAX];	/* of headers that others followed */
	struct tracked now;
};

/* What can be known without walks. Where there is no memory for it, it only takes longer. */
static void
open_quick(struct track *t)
{
	const struct track_options *o = &t->o;

	/* Answers are found in what packets carry, and -T has it taken for something else. */
	if (o->needs & (NEEDS_ANSWERS | NEEDS_HTTP) || t->style.type || !(o->query || o->layers_only))
		return;
	t->quick = track_quick_new(o->demux, o->catalog);
	if (t->quick && o->query)
		t->sieve = query_sieve_new(o->query, o->catalog, o->demux, track_quick_reader(t->quick),
		    NEEDS_BEFORE | NEEDS_FLOWS | NEEDS_IDS | NEEDS_ANALYSIS);
}

/* Are conversations of TCP all that somebody could ask for? */
static bool
is_about_tcp(const struct track_options *o)
{
	return !(o->needs & ~(unsigned)(NEEDS_BEFORE | NEEDS_ANALYSIS)) && o->needs & NEEDS_ANALYSIS && !o->watch.opened &&
	    !o->watch.bytes && !o->watch.conflict && !o->watch.closed;
}

/* Which conversations are of interest. */
static unsigned
kinds_of(const struct track *t)
{
	if (!t->flows)
		return 0;
	return is_about_tcp(&t->o) ? 1u << FLOW_TCP : t->o.kinds ? t->o.kinds : (1u << FLOW_KINDS) - 1;
}

/* The plain packets of these. */
static uint8_t
plain_kinds_of(unsigned kinds)
{
	return (uint8_t)((kinds & 1u << FLOW_TCP ? PLAIN_TCP4 | PLAIN_TCP6 : 0) |
	    (kinds & 1u << FLOW_UDP ? PLAIN_UDP4 | PLAIN_UDP6 : 0) |
	    (kinds & 1u << FLOW_ICMP ? PLAIN_ECHO4 | PLAIN_ECHO6 : 0));
}

/* Is this transport protocol's conversation of interest? */
static bool
is_of_interest(const struct track *t, uint8_t proto)
{
	return t->kinds >> (proto == IPP_TCP ? FLOW_TCP : proto == IPP_UDP ? FLOW_UDP : proto == IPP_SCTP ? FLOW_SCTP :
	    FLOW_ICMP) & 1;
}

/* Does the query ask for nothing but what the capture says of a packet, and nobody else for more? */
static bool
is_about_frames(const struct track *t)
{
	return t->sieve && t->o.flows_only && !t->flows && !t->fields && !t->o.every &&
	    query_sieve_know(t->sieve, NULL) != SIEVE_MAYBE;
}

/* Has walks note what is looked at. */
static bool
collect(struct track *t)
{
	const struct track_options *o = &t->o;

	if (!o->layers_only)
		return dis_collect_fields(t->dis, o->wanted);
	if (!o->query)
		return dis_collect_layers(t->dis);
	/* Who matches questions with answers looks at fields of its own. */
	return dis_collect_fields(t->dis, o->needs & (NEEDS_ANSWERS | NEEDS_HTTP) ? NULL : query_wanted(o->query));
}

struct track *
track_new(const struct track_options *o)
{
	struct flows_options flows = { .flows_max = o->flows_max, .buffer_max = o->buffer_max,
		.analyse = o->analyse || o->needs & NEEDS_ANALYSIS, .watch = o->watch };
	struct track *t = calloc(1, sizeof *t);
	bool collects;

	if (!t)
		return NULL;
	t->o = *o;
	t->style = *o->style;
	look_style(&t->style);
	t->protos[L_IP] = demux_find(o->demux, D_ETHERTYPE, ETH_IP);
	t->protos[L_IP6] = demux_find(o->demux, D_ETHERTYPE, ETH_IPV6);
	t->protos[L_TCP] = demux_find(o->demux, D_IPPROTO, IPP_TCP);
	t->protos[L_UDP] = demux_find(o->demux, D_IPPROTO, IPP_UDP);
	t->protos[L_SCTP] = demux_find(o->demux, D_IPPROTO, IPP_SCTP);
	t->protos[L_ICMP] = demux_find(o->demux, D_IPPROTO, IPP_ICMP);
	t->protos[L_ICMP6] = demux_find(o->demux, D_IPPROTO, IPP_ICMPV6);
	t->conv = conv_new();
	t->dis = t->conv ? dis_new(&t->style, o->demux, NULL, t->conv) : NULL;
	if (o->needs & NEEDS_HTTP && (t->http = track_http_new(o->catalog, &o->watch)))
		flows.watch = track_http_watch(t->http);
	flows.chosen = o->chosen && !t->http;
	flows.unwatched = !flows.watch.opened && !flows.watch.bytes && !flows.watch.conflict && !flows.watch.closed;
	t->flows = o->no_flows ? NULL : flows_new(&flows);
	t->kinds = kinds_of(t);
	t->plain_kinds = plain_kinds_of(t->kinds);
	t->defrag = defrag_new();
	open_quick(t);
	collects = t->dis && collect(t);
	if (o->needs && collects)
		t->fields = track_fields_new(o->catalog, o->needs, &t->dis->sink->wanted);
	if (o->query)
		t->scratch = query_scratch_new();
	if (collects && (t->flows || o->no_flows) && t->defrag && (t->fields || !o->needs) &&
	    (t->http || !(o->needs & NEEDS_HTTP)) && (t->scratch || !o->query)) {
		t->now.dis = t->dis;
		t->frames = is_about_frames(t);
		t->over = o->flows_only && o->no_flows && !o->query;
		t->dis->gathered = true;
		return t;
	}
	track_free(t);
	return NULL;
}

void
track_free(struct track *t)
{
	if (!t)
		return;
	track_fields_free(t->fields);
	if (t->flows)
		flows_free(t->flows);
	track_http_free(t->http);
	query_sieve_free(t->sieve);
	query_scratch_free(t->scratch);
	track_quick_free(t->quick);
	defrag_free(t->defrag);
	dis_free(t->dis);
	conv_free(t->conv);
	for (unsigned i = 0; i < WHOLES_MAX; i++)
		free(t->wholes[i]);
	free(t);
}

/* --- fragments ---------------------------------------------------------------------------------------------------- */

/* What an IP layer's header says of a fragment; false: the datagram is whole, or the header is cut short. */
static bool
fragment4(const struct layer *l, struct fragment *f)
{
	const uint8_t *p = l->p;
	uint32_t hlen, total;

	if (l->len < IP4_HEADER || p[0] >> 4 != 4 || (raw16(p + 6) & 0x3fff) == 0)
		return false;
	hlen = (p[0] & 15) * 4u;
	total = raw16(p + 2);
	if (hlen < IP4_HEADER || total < hlen || l->len < hlen)
		return false;
	*f = (struct fragment) {
		.version = 4, .proto = p[9], .src = p + 12, .dst = p + 16, .id = raw16(p + 4),
		.offset = (raw16(p + 6) & 0x1fff) * 8u, .more = raw16(p + 6) & 0x2000, .p = p + hlen,
		.caplen = (l->len < total ? l->len : total) - hlen, .len = total - hlen,
	};
	return true;
}

static bool
fragment6(const struct layer *l, struct fragment *f)
{
	const uint8_t *p = l->p;
	uint32_t at = IP6_HEADER, total;
	uint8_t next;

	if (l->len < IP6_HEADER || p[0] >> 4 != 6)
		return false;
	total = IP6_HEADER + raw16(p + 4);
	next = p[6];
	for (unsigned i = 0; i < EXTENSIONS_MAX && at + 8 <= l->len; i++) {
		if (next == IPP_FRAGMENT)
			break;
		if (next != IPP_HOPOPT && next != IPP_DSTOPTS && next != IPP_ROUTING)
			return false;
		next = p[at];
		at += (p[at + 1] + 1u) * 8;
	}
	/* An atomic fragment (RFC 6946) is a whole datagram. */
	if (next != IPP_FRAGMENT || at + IP6_FRAGMENT > l->len || total < at + IP6_FRAGMENT ||
	    (raw16(p + at + 2) & 0xfff9) == 0)
		return false;
	*f = (struct fragment) {
		.version = 6, .proto = p[at], .src = p + 8, .dst = p + 24, .id = raw32(p + at + 4),
		.offset = raw16(p + at + 2) & 0xfff8u, .more = p[at + 3] & 1, .p = p + at + IP6_FRAGMENT,
		.caplen = (l->len < total ? l->len : total) - at - IP6_FRAGMENT, .len = total - at - IP6_FRAGMENT,
	};
	return true;
}

/* Hands a fragment over, and walks on in the datagram that it completes. */
static void
take_fragment(struct track *t, const struct layer *l, struct fragment *f)
{
	struct defragged whole;
	uint8_t *copy;

	f->number = t->now.number;
	f->ns = t->now.ns;
	if (!defrag_take(t->defrag, f, &whole) || t->n_wholes == WHOLES_MAX || whole.len > DATAGRAM_MAX)
		return;
	copy = t->wholes[t->n_wholes];
	if (!copy && (copy = t->wholes[t->n_wholes] = malloc(DATAGRAM_MAX)) == NULL)
		return;
	t->n_wholes++;
	memcpy(copy, whole.p, whole.len);
	dis_resume(t->dis, l, whole.proto, copy, whole.len);
}

/* --- flows ---------------------------------------------------------------------------------------------------------- */

/* A transport header whose conversation is of no interest. */
static void
pass_over(struct track *t, bool quoted)
{
	t->passed_over[quoted]++;
	flows_pass_over(t->flows, t->now.number);
}

static void
take_datagram(struct track *t, uint32_t i, uint8_t proto, bool quoted)
{
	const struct layer *l = &t->dis->sink->layers[i];
	struct flow_step *step = quoted ? &t->now.quotes[t->now.n_quotes] : &t->now.steps[t->now.n];
	const struct flow_datagram d = {
		.version = l->net_version, .proto = proto, .src = l->net + (l->net_version == 4 ? 12 : 8),
		.dst = l->net + (l->net_version == 4 ? 16 : 24), .p = l->p, .caplen = l->len, .len = l->size,
		.frame_len = t->now.packet->len, .number = t->now.number, .ns = t->now.ns, .quoted = quoted,
	};

	if (!is_of_interest(t, proto)) {
		pass_over(t, quoted);
		return;
	}
	if (t->now.n && t->now.steps[t->now.n - 1].analysis) {
		struct flow_step *before = &t->now.steps[t->now.n - 1];

		t->analyses[t->now.n - 1] = *before->analysis;
		before->analysis = &t->analyses[t->now.n - 1];
	}
	flows_take(t->flows, &d, step);
	if (!step->flow)
		return;
	if (quoted)
		t->now.quote_layers[t->now.n_quotes++] = (uint16_t)i;
	else
		t->now.layers[t->now.n++] = (uint16_t)i;
}

/* The datagram that an ICMPv6 error quotes (RFC 4443 section 3), which no walk goes into. */
static void
take_quote6(struct track *t, uint32_t i)
{
	enum { ICMP6_HEADER = 8, ERRORS_FIRST = 1, ERRORS_LAST = 4 };
	const struct layer *l = &t->dis->sink->layers[i];
	struct flow_step *step = &t->now.quotes[t->now.n_quotes];
	struct flow_datagram d = { .version = 6, .frame_len = t->now.packet->len, .number = t->now.number, .ns = t->now.ns,
		.quoted = true };
	const uint8_t *p = l->p + ICMP6_HEADER;
	uint32_t at = IP6_HEADER, n = 0;

	if (l->len < ICMP6_HEADER + IP6_HEADER || l->p[0] < ERRORS_FIRST || l->p[0] > ERRORS_LAST || p[0] >> 4 != 6)
		return;
	n = l->len - ICMP6_HEADER;
	d.proto = p[6];
	d.src = p + 8;
	d.dst = p + 24;
	while ((d.proto == IPP_HOPOPT || d.proto == IPP_DSTOPTS || d.proto == IPP_ROUTING) && at + 8 <= n) {
		d.proto = p[at];
		at += (p[at + 1] + 1u) * 8;
	}
	if (at >= n || (d.proto != IPP_TCP && d.proto != IPP_UDP && d.proto != IPP_SCTP))
		return;
	if (!is_of_interest(t, d.proto)) {
		pass_over(t, true);
		return;
	}
	d.p = p + at;
	d.caplen = n - at;
	d.len = l->size - ICMP6_HEADER - at;
	flows_take(t->flows, &d, step);
	if (step->flow)
		t->now.quote_layers[t->now.n_quotes++] = (uint16_t)i;
}

static inline bool
has_quotes_left(const struct track *t)
{
	return t->now.n_quotes + t->passed_over[true] < TRACK_QUOTES_MAX;
}

/*
 * All layers, also those that reassembled datagrams add on the way. What an ICMP error quotes is somebody else's packet: its
 * flow is only found, and its fragments are not ours to put together.
 */
static void
take_layers(struct track *t)
{
	static const uint8_t transports[L_KINDS] = { [L_TCP] = IPP_TCP, [L_UDP] = IPP_UDP, [L_SCTP] = IPP_SCTP,
		[L_ICMP] = IPP_ICMP, [L_ICMP6] = IPP_ICMPV6 };
	const struct fields *s = t->dis->sink;
	unsigned quoted = UINT16_MAX + 1u;		/* layers deeper than this are */

	for (uint32_t i = 1; i < s->n_layers; i++) {
		const struct layer *l = &s->layers[i];
		bool quote = l->depth > quoted;
		struct fragment f;
		unsigned kind = 0;

		if (!quote)
			quoted = UINT16_MAX + 1u;
		while (kind < L_KINDS && l->proto != t->protos[kind])
			kind++;
		switch (kind) {
		case L_IP:
			if (!quote && fragment4(l, &f))
				take_fragment(t, l, &f);
			break;
		case L_IP6:
			if (!quote && fragment6(l, &f))
				take_fragment(t, l, &f);
			break;
		case L_KINDS:
			break;
		default:
			if (quote && (kind == L_ICMP || kind == L_ICMP6))
				break;
			if (kind == L_ICMP || kind == L_ICMP6)
				quoted = l->depth;
			if (t->taken && t->now.n) {
				t->now.layers[0] = (uint16_t)i;
				break;
			}
			if (t->flows && l->net && !t->taken &&
			    (quote ? has_quotes_left(t) : t->now.n + t->passed_over[false] < TRACK_STEPS_MAX))
				take_datagram(t, i, transports[kind], quote);
			if (t->flows && kind == L_ICMP6 && !quote && has_quotes_left(t))
				take_quote6(t, i);
		}
	}
}

/* What the query says of a packet without a walk; k NULL: it is not plain. */
static enum sieve_answer
ask_quick(struct track *t, const struct plain *k)
{
	enum sieve_answer a;

	if (!t->o.query)
		return SIEVE_YES;
	a = t->sieve ? query_sieve_know(t->sieve, k) : SIEVE_MAYBE;
	if (a != SIEVE_LOOK)
		return a;
	if (t->fields && !track_fields_any(t->fields, &t->now) && (a = query_sieve_bare(t->sieve, k)) != SIEVE_LOOK)
		return a;
	if (query_sieve_notes(t->sieve)) {
		t->dis->arena_used = 0;
		query_sieve_note(t->sieve, t->dis->sink, t->now.packet, t->now.number, k);
		t->now.layers[0] = SIEVE_TRANSPORT;
		if (t->fields)
			track_fields_note(t->fields, t->dis, &t->now);
	}
	return query_sieve_ask(t->sieve, t->dis->sink, t->now.packet, t->now.number, k);
}

/* The datagram of a plain packet. */
static void
take_plain(struct track *t, struct ahead *x)
{
	if (!x->has_datagram) {
		if (t->o.kinds && x->plain.kind & PLAIN_IP)
			flows_pass_over(t->flows, t->now.number);
		return;
	}
	x->datagram.number = t->now.number;
	x->datagram.ns = t->now.ns;
	flows_take(t->flows, &x->datagram, &t->now.steps[0]);
	t->now.n = t->now.steps[0].flow != NULL;
	t->taken = true;
}

static void
look_at_packet(struct track *t, const struct packet *p, struct ahead *x)
{
	x->is_plain = track_quick_read(t->quick, p, &x->plain);
	x->has_datagram = x->is_plain && (x->plain.kind & t->plain_kinds) && track_quick_datagram(p, &x->plain, &x->datagram);
}

void
track_expect(struct track *t, const struct packet *p, size_t n)
{
	t->expected = p;
	t->n_expected = n;
	t->looked_at = 0;
}

/* What is known of the packet at hand; and looks at those behind it. */
static struct ahead *
look_ahead(struct track *t)
{
	const struct packet *p = t->now.packet;
	size_t i = ((uintptr_t)p - (uintptr_t)t->expected) / sizeof *p, to = i + AHEAD_LOOK + 1;
	struct ahead *x;

	if (i >= t->n_expected || !t->flows || !flows_are_many(t->flows)) {
		x = &t->ahead[i % AHEADS];
		look_at_packet(t, p, x);
		x->datagram.hint = NULL;
		return x;
	}
	if (t->looked_at < i)
		t->looked_at = i;
	for (; t->looked_at < t->n_expected && t->looked_at < to; t->looked_at++) {
		x = &t->ahead[t->looked_at % AHEADS];
		look_at_packet(t, &t->expected[t->looked_at], x);
		if (!x->has_datagram)
			continue;
		flows_expect(t->flows, &x->datagram, &x->hint);
		x->datagram.hint = &x->hint;
	}
	x = &t->ahead[(i + AHEAD_ENTRY) % AHEADS];
	if (i + AHEAD_ENTRY < t->looked_at && x->has_datagram)
		flows_expect_entry(t->flows, &x->hint);
	x = &t->ahead[(i + AHEAD_REST) % AHEADS];
	if (i + AHEAD_REST < t->looked_at && x->has_datagram)
		flows_expect_analysis(t->flows, &x->hint);
	x = &t->ahead[(i + AHEAD_LAST) % AHEADS];
	if (i + AHEAD_LAST < t->looked_at && x->has_datagram)
		flows_expect_segments(t->flows, &x->hint);
	return &t->ahead[i % AHEADS];
}

/* Is all that is wanted of the packet known without a walk? *a is what the query says. */
static bool
take_quick(struct track *t, enum sieve_answer *a)
{
	struct fields *sink = t->dis->sink;
	struct ahead *x = t->frames ? NULL : look_ahead(t);
	const struct plain *k = x ? &x->plain : NULL;

	if (x && x->is_plain) {
		take_plain(t, x);
		*a = ask_quick(t, k);
	} else if (t->o.query && !t->flows && !t->fields && !t->o.every) {
		*a = ask_quick(t, NULL);
		if (*a == SIEVE_YES && !t->o.flows_only)
			return false;
	} else {
		return false;
	}
	if (*a == SIEVE_MAYBE)
		return false;
	t->now.passes = *a == SIEVE_YES;
	if (t->o.flows_only || (!t->now.passes && !t->o.every)) {
		sink->n = sink->n_layers = 0;
		return true;
	}
	if (!t->o.layers_only || !track_quick_layers(t->quick, t->now.packet, k, sink))
		return false;
	t->now.layers[0] = (uint16_t)(3 + k->tags);
	return true;
}

const struct tracked *
track_packet(struct track *t, const struct packet *p, uint64_t number)
{
	enum sieve_answer a = SIEVE_MAYBE;

	t->now.packet = p;
	t->now.number = number;
	t->now.n = t->now.n_quotes = 0;
	t->now.passes = true;
	t->taken = false;
	t->passed_over[false] = t->passed_over[true] = 0;
	/* Times beyond 2262 do not fit: the last one stands for them. */
	if (__builtin_mul_overflow(p->sec, 1000000000, &t->now.ns) ||
	    __builtin_add_overflow(t->now.ns, p->nsec, &t->now.ns))
		t->now.ns = INT64_MAX;
	t->n_wholes = 0;
	if (t->fields)
		track_fields_time(t->fields, t->now.ns);
	if (t->over || (t->settled && flows_are_over(t->flows)))
		return &t->now;
	if (t->quick && take_quick(t, &a))
		return &t->now;
	dis_clear(t->dis);
	dis_packet(t->dis, p, number);
	if (t->http)
		track_http_begin(t->http);
	take_layers(t);
	t->dis->sink->most = DIS_FIELDS_ALL;
	if (t->http)
		track_http_note(t->http, t->dis, &t->now);
	if (t->fields)
		track_fields_note(t->fields, t->dis, &t->now);
	if (t->o.query && a != SIEVE_YES)
		t->now.passes = a == SIEVE_MAYBE && query_match(t->o.query, t->scratch, t->dis);
	return &t->now;
}

void
track_settle(struct track *t)
{
	flows_settle(t->flows);
	t->settled = t->o.flows_only && !t->o.query;
}

void
track_shown(struct track *t)
{
	if (t->fields)
		track_fields_shown(t->fields);
}

void
track_end(struct track *t)
{
	if (t->flows)
		flows_end(t->flows);
}

struct flows *
track_flows(struct track *t)
{
	return t->flows;
}

static void
say_count(uint64_t n, const char *what)
{
	if (n)
		say_warning("%ju %s", (uintmax_t)n, what);
}

void
track_say_loss(const struct track *t)
{
	static const struct flows_counts none;
	const struct flows_counts *f = t->flows ? flows_counts(t->flows) : &none;
	const struct defrag_counts *d = defrag_counts(t->defrag);

	say_count(f->crowded, "conversations were closed early: the table was full");
	say_count(f->overflows, "times bytes of a stream were given up waiting for: no room for those that came");
	say_count(d->crowded, "fragmented datagrams were given up: no room");
	if (t->scratch)
		say_count(query_given_up(t->scratch), "times a test of -Y took too long, and counted as one that does not hold");
}
