/* Three answers to each test: it holds, it does not, or only a walk can tell. */
#include "query/sieve.h"

#include <stdlib.h>

#include "query/ast.h"

enum { CARRIED_MAX = 64, KINDS = 8, UNSETTLED = 0xff };

/* What can be told of a test. */
struct tell {
	uint8_t kinds;				/* of packets of these kinds; 0: never ... */
	uint8_t reads;				/* ... where what there is differs between packets of these */
	uint8_t n_carried;			/* ... unless one of these is behind the transport header */
	uint8_t n_numbers;			/* a number in these fields is compared with one; 0: it is another test */
	uint8_t numbers[2];			/* indices of wanted */
	const struct proto *carried[CARRIED_MAX];
};

/* A field that the query asks for. */
struct wanted {
	const struct field *field;
	const struct plain_field *known;
};

struct query_sieve {
	const struct query *q;
	const struct catalog *catalog;
	const struct demux *demux;
	const struct plain_reader *plain;
	const struct proto *frame;
	const struct plain_protos *protos;
	struct wanted wanted[2 * PLAIN_FIELDS_MAX];	/* rows of that name in more than one table */
	unsigned n_wanted, noted;
	struct tell *tells;			/* by the tests' indices */
	bool useful, notes;
	bool reads_frame;			/* the query asks for bytes of packets */
	struct query_scratch *scratch;
	uint8_t verdicts[KINDS][PLAIN_LEAVES_MAX];	/* what is known by kind and by what is carried; UNSETTLED: not yet */
	uint8_t bare[KINDS][PLAIN_LEAVES_MAX];	/* the same where the caller has nothing to note */
	struct fields sink;			/* layers alone, to settle that */
};

/* --- what can be told, found out once ------------------------------------------------------------------------------- */

/* The kinds of packets that have the layer for certain, of the layers that are noted. */
static unsigned
kinds_of(const struct query_sieve *s, const struct proto *p)
{
	const struct plain_protos *x = s->protos;

	return p == x->ip ? PLAIN_V4 : p == x->ip6 ? PLAIN_V6 : p == x->tcp ? PLAIN_TCP : p == x->udp ? PLAIN_UDP :
	    p == s->frame ? PLAIN_ANY : p == x->icmp ? PLAIN_ECHO4 : p == x->icmp6 ? PLAIN_ECHO6 : p == x->arp ? PLAIN_ARP : 0;
}

static void
add_carried(struct tell *t, const struct proto *p)
{
	if (t->n_carried == CARRIED_MAX)
		t->kinds = 0;
	else
		t->carried[t->n_carried++] = p;
}

/*
 * A protocol that is none of these. If ports alone lead to it, it is there only when a packet's ports do; if it takes other
 * numbers, a plain packet does not have it; and who is entered without a number may be anywhere, but for TLS, which shows.
 */
static void
judge_proto(const struct query_sieve *s, const struct proto *p, struct tell *t)
{
	const struct demux_row *r;
	bool any = false, carried = false;

	t->kinds &= (uint8_t)~PLAIN_OTHER;
	for (size_t i = 0; (r = demux_row_at(s->demux, i)) != NULL; i++) {
		if (r->proto != p)
			continue;
		any = true;
		if (r->kind == D_LISTED || r->kind == D_LINK || (r->kind == D_INTERNAL && p != s->protos->tls))
			t->kinds = 0;
		carried |= p == s->protos->tls || r->kind == D_TCP || r->kind == D_UDP || r->kind == D_UDP_DST ||
		    r->kind == D_UDP_SRC;
	}
	if (!any)
		t->kinds = 0;
	if (carried)
		add_carried(t, p);
}

static void
want(struct query_sieve *s, const struct field *f, const struct plain_field *k)
{
	for (unsigned i = 0; i < s->n_wanted; i++)
		if (s->wanted[i].field == f)
			return;
	if (s->n_wanted < sizeof s->wanted / sizeof *s->wanted)
		s->wanted[s->n_wanted++] = (struct wanted) { f, k };
}

/* All protocols that have the field: of tables that several share, each. */
static void
judge_field(struct query_sieve *s, const struct field *f, struct tell *t)
{
	const struct proto *p;

	for (size_t i = 0; (p = catalog_at(s->catalog, i)) != NULL; i++) {
		unsigned has = kinds_of(s, p);
		const struct plain_field *k;

		if (!p->n_fields || f < p->fields || f >= p->fields + p->n_fields)
			continue;
		if (!has) {
			judge_proto(s, p, t);
			continue;
		}
		if (p != s->frame)
			t->kinds &= (uint8_t)~PLAIN_OTHER;
		k = plain_field(f->name);
		if (f->needs ? f->needs & s->noted : k && s->n_wanted < sizeof s->wanted / sizeof *s->wanted) {
			t->reads |= (uint8_t)has;
			if (!f->needs)
				want(s, f, k);
			else
				t->kinds &= (uint8_t)~PLAIN_OTHER;
		} else {
			t->kinds &= (uint8_t)~has;
		}
	}
}

static void
judge_operand(struct query_sieve *s, const struct operand *o, bool presence, struct tell *t)
{
	if (!o)
		return;
	for (size_t i = 0; i < o->n_fields; i++)
		judge_field(s, o->fields[i], t);
	for (size_t i = 0; i < o->n_protos; i++) {
		unsigned has = kinds_of(s, o->protos[i]);

		if (!has) {
			judge_proto(s, o->protos[i], t);
			continue;
		}
		if (o->protos[i] == s->frame) {
			t->reads = PLAIN_ANY;
			s->reads_frame = true;
			continue;
		}
		t->kinds &= (uint8_t)~PLAIN_OTHER;
		if (!presence)	/* its bytes are the walk's affair */
			t->kinds &= (uint8_t)~has;
	}
	judge_operand(s, o->of, false, t);
	judge_operand(s, o->mask, false, t);
}

/* Is it a number of a header or two that is compared with a literal? */
static void
judge_number(const struct query_sieve *s, const struct test *t, struct tell *tell)
{
	const struct operand *l = t->left;
	unsigned n = 0;

	if (t->is != Q_COMPARE || l->is != O_FIELD || l->nth || l->n_fields > 2 || t->right->is != O_LITERAL ||
	    (l->kind != K_UNSIGNED && l->kind != K_BOOL) || t->right->kind != l->kind)
		return;
	for (size_t i = 0; i < l->n_fields; i++)
		for (unsigned k = 0; k < s->n_wanted; k++)
			if (s->wanted[k].field == l->fields[i])
				tell->numbers[n++] = (uint8_t)k;
	if (n == l->n_fields)
		tell->n_numbers = (uint8_t)n;
}

static void
judge(struct query_sieve *s, const struct test *t)
{
	struct tell *tell = &s->tells[t->index];

	if (t->is <= Q_NOT) {
		judge(s, t->a);
		if (t->b)
			judge(s, t->b);
		return;
	}
	tell->kinds = PLAIN_ANY;
	judge_operand(s, t->left, t->is == Q_PRESENT, tell);
	judge_operand(s, t->right, false, tell);
	for (size_t i = 0; i < t->n_members; i++) {
		judge_operand(s, t->members[i].low, false, tell);
		judge_operand(s, t->members[i].high, false, tell);
	}
	s->useful |= tell->kinds != 0;
	judge_number(s, t, tell);
	s->notes |= tell->kinds && !tell->n_numbers;
}

static bool
are_known(const struct plain_protos *x)
{
	return x->ip && x->ip6 && x->tcp && x->udp && x->icmp && x->icmp6 && x->arp;
}

struct query_sieve *
query_sieve_new(const struct query *q, const struct catalog *c, const struct demux *x, const struct plain_reader *plain,
    unsigned noted)
{
	struct query_sieve *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	s->q = q;
	s->catalog = c;
	s->demux = x;
	s->plain = plain;
	s->noted = noted;
	s->frame = catalog_proto(c, "frame");
	s->protos = plain_protos(plain);
	s->tells = calloc(q->n_tests + 1, sizeof *s->tells);
	s->scratch = query_scratch_new();
	memset(s->verdicts, UNSETTLED, sizeof s->verdicts);
	memset(s->bare, UNSETTLED, sizeof s->bare);
	if (s->tells && s->scratch && s->frame && are_known(s->protos))
		judge(s, q->root);
	if (s->useful)
		return s;
	query_sieve_free(s);
	return NULL;
}

void
query_sieve_free(struct query_sieve *s)
{
	if (!s)
		return;
	query_scratch_free(s->scratch);
	free(s->tells);
	free(s);
}

/* --- packets ---------------------------------------------------------------------------------------------------------- */

/* Is nothing known of the packet but what the capture says? */
static inline bool
is_other(const struct plain *k)
{
	return !k || k->open;
}

static inline unsigned
kind_bit(const struct plain *k)
{
	return is_other(k) ? PLAIN_OTHER : k->kind;
}

static void
note_layers(const struct query_sieve *s, struct fields *f, const struct plain *k)
{
	/* As where a walk begins: who notes more expects a layer in front. */
	f->noted[0] = (struct noted) { .layer = SIEVE_FRAME };
	f->n = 1;
	f->dropped = 0;
	f->now = SIEVE_FRAME;
	f->n_layers = 1;
	f->layers[SIEVE_FRAME] = (struct layer) { .proto = s->frame };
	if (is_other(k))
		return;
	f->layers[f->n_layers++] = (struct layer) { .p = k->net, .proto = plain_net(s->protos, k) };
	if (k->kind & PLAIN_IP)
		f->layers[f->n_layers++] = (struct layer) { .p = k->p, .len = k->caplen, .size = k->len,
			.proto = plain_transport(s->protos, k) };
}

void
query_sieve_note(const struct query_sieve *s, struct fields *f, const struct packet *p, uint64_t number, const struct plain *k)
{
	const unsigned kind = kind_bit(k);

	note_layers(s, f, k);
	f->layers[SIEVE_FRAME].p = p->data;
	f->layers[SIEVE_FRAME].len = f->layers[SIEVE_FRAME].size = p->caplen;
	/* Where the first layer begins: in front of it nobody can note anything. */
	f->noted[f->n++] = (struct noted) { .layer = SIEVE_FRAME };
	for (unsigned i = 0; i < s->n_wanted; i++)
		if (s->wanted[i].known->kinds & kind)
			plain_field_note(&f->noted[f->n++], s->wanted[i].field, s->wanted[i].known, p, number, k);
}

static bool
is_carried(const struct query_sieve *s, const struct tell *tell, const struct plain *k)
{
	const struct proto *p = is_other(k) ? NULL : plain_leaf(s->plain, k->carried);

	for (unsigned i = 0; p && i < tell->n_carried; i++)
		if (tell->carried[i] == p)
			return true;
	return false;
}

/* What is asked: with `settled`, only what holds for all packets of the kind that carry the same. */
struct asked {
	struct query_sieve *s;
	const struct fields *sink;
	const struct plain *k;
	bool settled;
	const struct packet *packet;
	uint64_t number;
};

/* What field_number would make of it, noted. */
static inline uint64_t
number_at(const struct wanted *w, const struct packet *p, uint64_t number, const struct plain *k)
{
	const uint64_t mask = w->field->mask;
	const uint8_t *at;
	uint64_t v;

	if (w->known->worth != BYTES_AT)
		return plain_field_value(w->known->worth, p, number, k);
	at = (w->known->layer == SIEVE_NET ? k->net : k->p) + w->known->at;
	v = w->known->len == 1 ? *at : w->known->len == 2 ? raw16(at) : raw32(at);
	if (mask)
		v = (v & mask) >> __builtin_ctzll(mask);
	return w->field->type == BOOL ? v != 0 : v;
}

/* A comparison of numbers, without a sink. What a packet does not have fits nothing. */
static bool
number_fits(const struct asked *a, const struct test *t, const struct tell *tell)
{
	const uint64_t than = t->right->value.n;
	bool some = false;

	for (unsigned i = 0; i < tell->n_numbers; i++) {
		const struct wanted *w = &a->s->wanted[tell->numbers[i]];
		uint64_t v;
		bool fit;

		if (!(w->known->kinds & kind_bit(a->k)))
			continue;
		v = number_at(w, a->packet, a->number, a->k);
		fit = token_fits(t->how, (v > than) - (v < than));
		if (fit != t->all)
			return fit;
		some = true;
	}
	return t->all && some;
}

static enum sieve_answer
ask_one(const struct asked *a, const struct test *t)
{
	const struct tell *tell = &a->s->tells[t->index];

	if (!(tell->kinds & kind_bit(a->k)) || is_carried(a->s, tell, a->k))
		return SIEVE_MAYBE;
	if (a->settled && tell->reads & kind_bit(a->k))
		return SIEVE_LOOK;
	if (tell->n_numbers && !a->settled)
		return number_fits(a, t, tell) ? SIEVE_YES : SIEVE_NO;
	return test_holds(t, a->sink, a->s->scratch) ? SIEVE_YES : SIEVE_NO;
}

/* The answer to both, or to one of them: `end` is the one that the other cannot change. */
static inline enum sieve_answer
joined(enum sieve_answer a, enum sieve_answer b, enum sieve_answer end)
{
	if (a == end || b == end)
		return end;
	return a == SIEVE_LOOK || b == SIEVE_LOOK ? SIEVE_LOOK : a == SIEVE_MAYBE || b == SIEVE_MAYBE ? SIEVE_MAYBE : a;
}

static enum sieve_answer
ask(const struct asked *o, const struct test *t)
{
	enum sieve_answer a, b;

	switch (t->is) {
	case Q_AND:
		a = ask(o, t->a);
		return a == SIEVE_NO ? SIEVE_NO : joined(a, ask(o, t->b), SIEVE_NO);
	case Q_OR:
		a = ask(o, t->a);
		return a == SIEVE_YES ? SIEVE_YES : joined(a, ask(o, t->b), SIEVE_YES);
	case Q_XOR:
		a = ask(o, t->a);
		b = ask(o, t->b);
		if (a == SIEVE_MAYBE || b == SIEVE_MAYBE)
			return SIEVE_MAYBE;
		return a == SIEVE_LOOK || b == SIEVE_LOOK ? SIEVE_LOOK : a != b ? SIEVE_YES : SIEVE_NO;
	case Q_NOT:
		a = ask(o, t->a);
		return a == SIEVE_YES ? SIEVE_NO : a == SIEVE_NO ? SIEVE_YES : a;
	default:
		return ask_one(o, t);
	}
}

enum sieve_answer
query_sieve_know(struct query_sieve *s, const struct plain *k)
{
	uint8_t *verdict = &s->verdicts[__builtin_ctz(kind_bit(k))][is_other(k) ? PLAIN_NOTHING : k->carried];

	if (*verdict == UNSETTLED) {
		note_layers(s, &s->sink, k);
		*verdict = (uint8_t)ask(&(struct asked) { s, &s->sink, k, true, NULL, 0 }, s->q->root);
	}
	return (enum sieve_answer)*verdict;
}

enum sieve_answer
query_sieve_bare(struct query_sieve *s, const struct plain *k)
{
	uint8_t *verdict = &s->bare[__builtin_ctz(kind_bit(k))][is_other(k) ? PLAIN_NOTHING : k->carried];

	if (*verdict == UNSETTLED) {
		note_layers(s, &s->sink, k);
		*verdict = s->n_wanted || s->reads_frame ? (uint8_t)SIEVE_LOOK :
		    (uint8_t)ask(&(struct asked) { s, &s->sink, k, false, NULL, 0 }, s->q->root);
	}
	return (enum sieve_answer)*verdict;
}

enum sieve_answer
query_sieve_ask(struct query_sieve *s, const struct fields *sink, const struct packet *p, uint64_t number,
    const struct plain *k)
{
	return ask(&(struct asked) { s, sink, k, false, p, number }, s->q->root);
}

bool
query_sieve_notes(const struct query_sieve *s)
{
	return s->notes;
}
