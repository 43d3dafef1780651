/* Three answers to each test: it holds, it does not, or only a walk can tell. */
#include "query/sieve.h"

#include <stdlib.h>

#include "query/ast.h"

enum {
	LINK_ETHERNET = 1, ETHER = 14, HEADER4 = 20, HEADER6 = 40, HEADER_TCP = 20, HEADER_UDP = 8,	/* bytes of headers */
	CARRIED_MAX = 64, LEAVES_MAX = 32,
};

/* Kinds of plain packets: bits. */
enum { V4_TCP = 1, V4_UDP = 2, V6_TCP = 4, V6_UDP = 8, V4 = 3, V6 = 12, OVER_TCP = 5, OVER_UDP = 10, ALL = 15 };

/* Fields that can be read without a walk: which of the two headers they are in, and where. */
static const struct known {
	const char *name;
	uint8_t classes, transport, at, len;
} known[] = {
	{ "ip.src", V4, 0, 12, 4 }, { "ip.dst", V4, 0, 16, 4 }, { "ip.proto", V4, 0, 9, 1 }, { "ip.ttl", V4, 0, 8, 1 },
	{ "ip.id", V4, 0, 4, 2 }, { "ip.len", V4, 0, 2, 2 }, { "ip.flags.df", V4, 0, 6, 2 },
	{ "ip.flags.mf", V4, 0, 6, 2 }, { "ipv6.src", V6, 0, 8, 16 }, { "ipv6.dst", V6, 0, 24, 16 },
	{ "ipv6.hlim", V6, 0, 7, 1 }, { "tcp.srcport", OVER_TCP, 1, 0, 2 }, { "tcp.dstport", OVER_TCP, 1, 2, 2 },
	{ "tcp.seq_raw", OVER_TCP, 1, 4, 4 }, { "tcp.ack_raw", OVER_TCP, 1, 8, 4 }, { "tcp.flags", OVER_TCP, 1, 12, 2 },
	{ "tcp.flags.fin", OVER_TCP, 1, 13, 1 }, { "tcp.flags.syn", OVER_TCP, 1, 13, 1 },
	{ "tcp.flags.reset", OVER_TCP, 1, 13, 1 }, { "tcp.flags.push", OVER_TCP, 1, 13, 1 },
	{ "tcp.flags.ack", OVER_TCP, 1, 13, 1 }, { "tcp.flags.urg", OVER_TCP, 1, 13, 1 },
	{ "tcp.window_size_value", OVER_TCP, 1, 14, 2 }, { "udp.srcport", OVER_UDP, 1, 0, 2 },
	{ "udp.dstport", OVER_UDP, 1, 2, 2 }, { "udp.length", OVER_UDP, 1, 4, 2 },
};
enum { KNOWN = sizeof known / sizeof *known };

/* What can be told of a test. */
struct tell {
	uint8_t classes;			/* of packets of these kinds; 0: never ... */
	uint8_t n_carried;			/* ... unless one of these is behind the transport header */
	const struct proto *carried[CARRIED_MAX];
};

struct query_sieve {
	const struct query *q;
	const struct catalog *catalog;
	const struct demux *demux;
	const struct proto *ip, *ip6, *tcp, *udp, *leaves[LEAVES_MAX];
	unsigned n_leaves;
	const struct field *fields[KNOWN];	/* rows that the query asks for, else NULL */
	struct tell *tells;			/* by the tests' indices */
	bool useful;
	struct query_scratch *scratch;
	struct fields sink;
};

/* --- what can be told, found out once ------------------------------------------------------------------------------- */

/* The kinds of plain packets that have the layer, of the four that are in front. */
static unsigned
classes_of(const struct query_sieve *s, const struct proto *p)
{
	return p == s->ip ? V4 : p == s->ip6 ? V6 : p == s->tcp ? OVER_TCP : p == s->udp ? OVER_UDP : 0;
}

/*
 * A protocol that is none of these. If ports alone lead to it, it is there only when a packet's ports do; if it takes other
 * numbers, a plain packet does not have it; and who is entered without a number may be anywhere.
 */
static void
judge_proto(const struct query_sieve *s, const struct proto *p, struct tell *t)
{
	const struct demux_row *r;
	bool any = false, carried = false;

	for (size_t i = 0; (r = demux_row_at(s->demux, i)) != NULL; i++) {
		if (r->proto != p)
			continue;
		any = true;
		if (r->kind == D_INTERNAL || r->kind == D_LISTED || r->kind == D_LINK)
			t->classes = 0;
		carried |= r->kind == D_TCP || r->kind == D_UDP || r->kind == D_UDP_DST || r->kind == D_UDP_SRC;
	}
	if (!any || (carried && t->n_carried == CARRIED_MAX))
		t->classes = 0;
	else if (carried)
		t->carried[t->n_carried++] = p;
}

/* All protocols that have the field: of tables that several share, each. */
static void
judge_field(struct query_sieve *s, const struct field *f, struct tell *t)
{
	const struct proto *p;

	for (size_t i = 0; (p = catalog_at(s->catalog, i)) != NULL; i++) {
		unsigned has = classes_of(s, p), k = 0;

		if (!p->n_fields || f < p->fields || f >= p->fields + p->n_fields)
			continue;
		if (!has) {
			judge_proto(s, p, t);
			continue;
		}
		while (k < KNOWN && strcmp(known[k].name, f->name) != 0)
			k++;
		if (k < KNOWN)
			s->fields[k] = f;
		else
			t->classes &= (uint8_t)~has;
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
		unsigned has = classes_of(s, o->protos[i]);

		if (!has)
			judge_proto(s, o->protos[i], t);
		else if (!presence)	/* its bytes are the walk's affair */
			t->classes &= (uint8_t)~has;
	}
	judge_operand(s, o->of, false, t);
	judge_operand(s, o->mask, false, t);
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
	tell->classes = ALL;
	judge_operand(s, t->left, t->is == Q_PRESENT, tell);
	judge_operand(s, t->right, false, tell);
	for (size_t i = 0; i < t->n_members; i++) {
		judge_operand(s, t->members[i].low, false, tell);
		judge_operand(s, t->members[i].high, false, tell);
	}
	s->useful |= tell->classes != 0;
}

struct query_sieve *
query_sieve_new(const struct query *q, const struct catalog *c, const struct demux *x, bool (*is_leaf)(const struct proto *))
{
	struct query_sieve *s = calloc(1, sizeof *s);
	const struct proto *p;

	if (!s)
		return NULL;
	s->q = q;
	s->catalog = c;
	s->demux = x;
	s->ip = demux_find(x, D_ETHERTYPE, ETH_IP);
	s->ip6 = demux_find(x, D_ETHERTYPE, ETH_IPV6);
	s->tcp = demux_find(x, D_IPPROTO, IPP_TCP);
	s->udp = demux_find(x, D_IPPROTO, IPP_UDP);
	for (size_t i = 0; (p = catalog_at(c, i)) != NULL; i++)
		if (is_leaf(p) && s->n_leaves < LEAVES_MAX)
			s->leaves[s->n_leaves++] = p;
	s->tells = calloc(q->n_tests + 1, sizeof *s->tells);
	s->scratch = query_scratch_new();
	if (s->tells && s->scratch && s->ip && s->ip6 && s->tcp && s->udp)
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

struct plain {
	unsigned class;			/* V4_TCP ... */
	const uint8_t *ip, *transport;
	const struct proto *carried;	/* what the ports lead to, or NULL */
};

/* UDP ports at which the walk also tries what ports do not lead to: NFS, and AppleTalk's in UDP. */
static bool
is_tried(unsigned port)
{
	return port == 2049 || port - 200 < 128 || port - 768 < 128 || port - 16512 < 128;
}

static bool
carries(const struct query_sieve *s, struct plain *k, bool tcp)
{
	uint16_t src = raw16(k->transport), dst = raw16(k->transport + 2);

	if (!tcp && (is_tried(src) || is_tried(dst)))
		return false;
	k->carried = demux_find_port(s->demux, tcp ? D_TCP : D_UDP, src, dst);
	if (!k->carried)
		return true;
	for (unsigned i = 0; i < s->n_leaves; i++)
		if (s->leaves[i] == k->carried)
			return true;
	return false;
}

/* Is it one of the plain packets, so that *k says all that its walk would? */
static bool
is_plain(const struct query_sieve *s, const struct packet *packet, struct plain *k)
{
	const uint8_t *p = packet->data + ETHER;
	uint32_t caplen = packet->caplen, size, header;
	unsigned type;
	uint8_t proto;
	bool tcp, v6;

	if (packet->link != LINK_ETHERNET || caplen < ETHER + HEADER4 + HEADER_UDP || caplen > packet->len ||
	    packet->len > PACKET_MAX)
		return false;
	type = raw16(packet->data + 12);
	v6 = type == ETH_IPV6;
	if (type == ETH_IP && p[0] == 0x45 && (raw16(p + 6) & 0x3fff) == 0) {
		header = HEADER4;
		size = raw16(p + 2);
		proto = p[9];
	} else if (v6 && caplen >= ETHER + HEADER6 + HEADER_UDP && p[0] >> 4 == 6) {
		header = HEADER6;
		size = HEADER6 + raw16(p + 4);
		proto = p[6];
	} else {
		return false;
	}
	tcp = proto == IPP_TCP;
	if ((!tcp && proto != IPP_UDP) || size < header + (tcp ? HEADER_TCP : HEADER_UDP) || packet->len - ETHER < size ||
	    caplen < ETHER + header + (tcp ? HEADER_TCP : HEADER_UDP))
		return false;
	k->ip = p;
	k->transport = p + header;
	if (tcp ? (k->transport[12] >> 4) * 4u < HEADER_TCP || (k->transport[12] >> 4) * 4u > size - header :
	    raw16(k->transport + 4) < HEADER_UDP)
		return false;
	k->class = 1u << (v6 * 2 + !tcp);
	return carries(s, k, tcp);
}

static void
note_all(struct query_sieve *s, const struct plain *k)
{
	struct fields *f = &s->sink;

	f->n = 0;
	f->n_layers = 2;
	f->layers[0] = (struct layer) { .proto = k->class & V4 ? s->ip : s->ip6, .p = k->ip };
	f->layers[1] = (struct layer) { .proto = k->class & OVER_TCP ? s->tcp : s->udp, .p = k->transport };
	for (unsigned i = 0; i < KNOWN; i++)
		if (s->fields[i] && known[i].classes & k->class)
			f->noted[f->n++] = (struct noted) { .field = s->fields[i], .len = known[i].len,
				.p = (known[i].transport ? k->transport : k->ip) + known[i].at,
				.layer = known[i].transport };
}

enum answer { NO, YES, MAYBE };

static enum answer
ask(const struct query_sieve *s, const struct test *t, const struct plain *k)
{
	const struct tell *tell;
	enum answer a, b;

	switch (t->is) {
	case Q_AND:
		a = ask(s, t->a, k);
		b = a == NO ? NO : ask(s, t->b, k);
		return a == NO || b == NO ? NO : a == YES && b == YES ? YES : MAYBE;
	case Q_OR:
		a = ask(s, t->a, k);
		b = a == YES ? YES : ask(s, t->b, k);
		return a == YES || b == YES ? YES : a == NO && b == NO ? NO : MAYBE;
	case Q_XOR:
		a = ask(s, t->a, k);
		b = ask(s, t->b, k);
		return a == MAYBE || b == MAYBE ? MAYBE : a != b ? YES : NO;
	case Q_NOT:
		a = ask(s, t->a, k);
		return a == MAYBE ? MAYBE : a == YES ? NO : YES;
	default:
		break;
	}
	tell = &s->tells[t->index];
	if (!(tell->classes & k->class))
		return MAYBE;
	for (unsigned i = 0; k->carried && i < tell->n_carried; i++)
		if (tell->carried[i] == k->carried)
			return MAYBE;
	return test_holds(t, &s->sink, s->scratch) ? YES : NO;
}

bool
query_sieve_passes(struct query_sieve *s, const struct packet *packet)
{
	struct plain k;

	if (!is_plain(s, packet, &k))
		return true;
	note_all(s, &k);
	return ask(s, s->q->root, &k) != NO;
}
