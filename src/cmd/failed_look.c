/* A packet: its flows, ICMP errors, questions and answers. And the desk, where what was found goes. */
#include <string.h>

#include "cmd/failed.h"
#include "cmd/track.h"
#include "pkt/names.h"

enum {
	DNS_PORT = 53,
	ARP_SIZE = 28, ARP_REQUEST = 1, ARP_REPLY = 2,
	ECHO_REPLY = 0, ECHO_REQUEST = 8, ECHO6_REQUEST = 128, ECHO6_REPLY = 129,
	SOLICITATION = 135, ADVERTISEMENT = 136, NEIGHBOUR_SIZE = 24,
};

/* --- the desk ---------------------------------------------------------------------------------------------------------- */

static void
unanswered(void *ctx, struct ask *x)
{
	struct desk *d = ctx;
	struct failed_packets packets = { 0 };
	struct failure f = {
		.kind = x->key.kind, .ends = x->key.ends, .subject = { x->subject, x->subject_len }, .first = x->first,
		.last = x->last, .wait = x->last - x->first, .tries = x->tries, .packets = &packets,
	};

	if (!x->wanted)
		return;
	if (d->now - x->first < d->grace) {
		desk_tried(d, failed_class_of(f.kind, f.ends.proto), &f.ends, f.subject, ATTEMPT_PENDING);
		return;
	}
	packets.frames = x->frames;
	x->frames = (struct ranges) { 0 };
	desk_failed(d, &f);
}

bool
desk_open(struct desk *d)
{
	d->groups = groups_new();
	d->attempts = attempts_new();
	d->asks = d->groups ? asks_new(groups_room(d->groups), unanswered, d) : NULL;
	return d->asks && d->attempts;
}

void
desk_close(struct desk *d)
{
	asks_free(d->asks);
	attempts_free(d->attempts);
	groups_free(d->groups);
}

struct failed_ends
desk_ends(const struct flow_ends *e, unsigned source)
{
	struct failed_ends f = { .port = e->port[!source], .version = e->version, .proto = e->proto };

	if (f.proto == IPP_ICMP || f.proto == IPP_ICMPV6)
		f.port = 0;
	memcpy(f.source, e->addr[source], sizeof f.source);
	memcpy(f.target, e->addr[!source], sizeof f.target);
	return f;
}

void
desk_tried(struct desk *d, enum failed_class class, const struct failed_ends *e, struct failed_text subject,
    enum attempt how)
{
	attempts_count(d->attempts, class, e, subject, how);
}

void
desk_failed(struct desk *d, const struct failure *f)
{
	attempts_count(d->attempts, failed_class_of(f->kind, f->ends.proto), &f->ends, f->subject, ATTEMPT_FAILED);
	groups_add(d->groups, f);
}

void
desk_answered(struct desk *d, const struct ask_key *k)
{
	struct ask *x = asks_find(d->asks, k);

	if (x == NULL || x->answered)
		return;
	x->answered = true;
	if (!x->wanted && !d->passes)
		return;
	desk_tried(d, failed_class_of(k->kind, k->ends.proto), &k->ends, (struct failed_text) { x->subject, x->subject_len },
	    ATTEMPT_SUCCEEDED);
}

/* --- DNS --------------------------------------------------------------------------------------------------------------- */

static struct ask_key
dns_key(const struct flow_ends *e, unsigned client, uint16_t id)
{
	return (struct ask_key) { .ends = desk_ends(e, client), .id = id, .sport = e->port[client],
	    .kind = FAILED_DNS_UNANSWERED };
}

static void
dns_answer(struct desk *d, const struct ask_key *k, const struct dns_message *m, int64_t ns, uint64_t number)
{
	struct ask *x = asks_find(d->asks, k);
	struct failed_packets packets = { 0 };
	const char *name = dns_rcode_name(m->rcode);
	char cause[] = "rcode 00";
	struct failure f = {
		.kind = dns_rcode_kind(m->rcode), .ends = k->ends, .subject = { m->subject, m->subject_len },
		.first = ns, .last = ns, .wait = -1, .packets = &packets,
	};

	if (x && x->answered)		/* the same once more */
		return;
	if (x)
		x->answered = true;
	if (!d->passes && !(x && x->wanted))
		return;
	if (x) {
		f.subject = (struct failed_text) { x->subject, x->subject_len };
		f.first = x->first;
		f.wait = ns - x->last;
		f.tries = x->tries;
		packets.frames = x->frames;
		x->frames = (struct ranges) { 0 };
	}
	if (m->rcode == 0) {
		desk_tried(d, TRY_DNS, &f.ends, f.subject, ATTEMPT_SUCCEEDED);
		ranges_free(&packets.frames, groups_room(d->groups));
		return;
	}
	cause[6] = (char)('0' + m->rcode / 10);
	cause[7] = (char)('0' + m->rcode % 10);
	if (name == NULL)
		name = cause;
	f.cause = (struct failed_text) { name, strlen(name) };
	ranges_add(&packets.frames, number, groups_room(d->groups));
	desk_failed(d, &f);
}

void
desk_dns(struct desk *d, const struct flow_ends *e, unsigned dir, const uint8_t *p, uint32_t caplen, int64_t ns,
    uint64_t number)
{
	struct dns_message m;
	struct ask_key k;

	if (!dns_read(&m, p, caplen))
		return;
	if (m.response && e->port[dir] == DNS_PORT) {
		k = dns_key(e, !dir, m.id);
		dns_answer(d, &k, &m, ns, number);
	} else if (!m.response && e->port[!dir] == DNS_PORT && failed_is_unicast(e->addr[!dir], e->version)) {
		k = dns_key(e, dir, m.id);
		asks_ask(d->asks, &k, (struct failed_text) { m.subject, m.subject_len }, ns, number, d->passes);
	}
}

/* --- ICMP, ARP --------------------------------------------------------------------------------------------------------- */

static struct ask_key
key_of(enum failed_kind kind, unsigned version, unsigned proto, const uint8_t *source, const uint8_t *target, uint32_t id)
{
	struct ask_key k = { .ends.version = (uint8_t)version, .ends.proto = (uint8_t)proto, .id = id,
	    .kind = (uint8_t)kind };
	size_t n = version == 4 ? 4 : 16;

	memcpy(k.ends.source, source, n);
	memcpy(k.ends.target, target, n);
	return k;
}

bool
desk_quoted(struct desk *d, const struct quote *q, int64_t ns, uint64_t number)
{
	struct ask_key k;
	struct ask *x;
	struct failed_packets packets = { 0 };
	char cause[FAILED_TEXT_MAX];
	struct failure f = { .kind = FAILED_FILTERED, .first = ns, .last = ns, .wait = -1, .packets = &packets };

	if (q->dns) {			/* told with the conversation: no query without an answer besides */
		k = dns_key(&q->ends, 0, (uint16_t)q->asked);
		if ((x = asks_find(d->asks, &k)) != NULL && !x->answered) {
			x->answered = true;
			if (x->wanted || d->passes)
				desk_tried(d, TRY_DNS, &k.ends, (struct failed_text) { x->subject, x->subject_len },
				    ATTEMPT_FAILED);
		}
		return false;
	}
	if (!q->echo)
		return false;
	k = key_of(FAILED_PING, q->ends.version, q->ends.proto, q->ends.addr[0], q->ends.addr[1], q->asked);
	x = asks_find(d->asks, &k);
	f.ends = k.ends;
	if (x && x->answered)
		return true;
	if (x)
		x->answered = true;
	if (!d->passes && !(x && x->wanted))
		return true;
	if (x) {
		f.first = x->first;
		f.wait = ns - x->last;
		packets.frames = x->frames;
		x->frames = (struct ranges) { 0 };
	}
	ranges_add(&packets.frames, number, groups_room(d->groups));
	quote_describe(&q->error, cause);
	f.cause = (struct failed_text) { cause, strlen(cause) };
	desk_failed(d, &f);
	return true;
}

static void
look_icmp(struct desk *d, struct conns *s, const struct layer *l, const struct tracked *t)
{
	static const struct failed_text none;
	const uint8_t *p = l->p, *src, *dst;
	bool six = l->net_version == 6;
	unsigned proto = six ? IPP_ICMPV6 : IPP_ICMP;
	struct ask_key k;
	struct quote q;

	if (l->net == NULL || l->fragment || l->len < 8)
		return;
	src = l->net + (six ? 8 : 12);
	dst = src + (six ? 16 : 4);
	if (quote_read(&q, p, l->len, l->net, l->net_version)) {
		if (!desk_quoted(d, &q, t->ns, t->number))
			conns_quoted(s, &q, t->ns, t->number);
	} else if (p[0] == (six ? ECHO6_REQUEST : ECHO_REQUEST) && failed_is_unicast(dst, l->net_version)) {
		k = key_of(FAILED_PING, l->net_version, proto, src, dst, raw32(p + 4));
		asks_ask(d->asks, &k, none, t->ns, t->number, d->passes);
	} else if (p[0] == (six ? ECHO6_REPLY : ECHO_REPLY)) {
		k = key_of(FAILED_PING, l->net_version, proto, dst, src, raw32(p + 4));
		desk_answered(d, &k);
	} else if (six && p[0] == SOLICITATION && l->len >= NEIGHBOUR_SIZE && failed_is_unicast(src, 6)) {
		k = key_of(FAILED_ARP, 6, 0, src, p + 8, 0);
		asks_ask(d->asks, &k, none, t->ns, t->number, d->passes);
	} else if (six && p[0] == ADVERTISEMENT && l->len >= NEIGHBOUR_SIZE) {
		k = key_of(FAILED_ARP, 6, 0, dst, p + 8, 0);
		desk_answered(d, &k);
	}
}

/* Announcements (both addresses are the same) and probes (RFC 5227 section 2.1.1: the sender has none) want no answer. */
static void
look_arp(struct desk *d, const struct layer *l, const struct tracked *t)
{
	static const struct failed_text none;
	const uint8_t *p = l->p, *sender = p + 14, *target = p + 24;
	struct ask_key k;
	unsigned op;

	if (l->len < ARP_SIZE || p[4] != 6 || p[5] != 4)
		return;
	op = raw16(p + 6);
	if (op == ARP_REQUEST && memcmp(sender, target, 4) != 0 && failed_is_unicast(sender, 4)) {
		k = key_of(FAILED_ARP, 4, 0, sender, target, 0);
		asks_ask(d->asks, &k, none, t->ns, t->number, d->passes);
	} else if (op == ARP_REPLY) {
		k = key_of(FAILED_ARP, 4, 0, target, sender, 0);
		desk_answered(d, &k);
	}
}

/* --- a packet ------------------------------------------------------------------------------------------------------------ */

void
failed_look(struct desk *d, struct conns *s, const struct failed_layers *known, const struct tracked *t,
    bool passes)
{
	const struct fields *sink = t->dis->sink;
	unsigned quoted = UINT16_MAX + 1u;	/* layers deeper than this are what an ICMP message quotes */

	d->passes = passes;
	for (unsigned i = 0; i < t->n; i++) {
		const struct flow_step *step = &t->steps[i];
		const struct flow_ends *e = &step->flow->ends;

		conns_step(s, step, t->ns, t->number);
		if (step->flow->kind == FLOW_UDP && (e->port[0] == DNS_PORT || e->port[1] == DNS_PORT))
			desk_dns(d, e, step->dir, step->payload, step->payload_caplen, t->ns, t->number);
	}
	for (uint32_t i = 1; i < sink->n_layers; i++) {
		const struct layer *l = &sink->layers[i];

		if (l->depth > quoted)
			continue;
		quoted = UINT16_MAX + 1u;
		if (l->proto == known->icmp || l->proto == known->icmp6) {
			look_icmp(d, s, l, t);
			quoted = l->depth;
		} else if (l->proto == known->arp) {
			look_arp(d, l, t);
		}
	}
}
