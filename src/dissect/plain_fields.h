/*
 * Fields of plain packets (dissect/plain.h) that are known without a walk: where they are, or what they are worth. They are what
 * a walk would note.
 */
#pragma once

#include "dissect/plain.h"

enum {
	PLAIN_OTHER = 128,		/* beside the kinds: a packet of which nothing is known but what the capture says */
	PLAIN_ANY = PLAIN_ALL | PLAIN_OTHER,
	PLAIN_TCP = PLAIN_TCP4 | PLAIN_TCP6, PLAIN_UDP = PLAIN_UDP4 | PLAIN_UDP6,
};

/* Values that are not simply some bytes. */
enum plain_worth { BYTES_AT, F_NUMBER, F_EPOCH, F_LEN, F_CAP_LEN, F_IFACE, IP_HLEN, IP_OFFSET, TCP_HLEN, TCP_LEN };

enum plain_layer { PLAIN_IN_FRAME, PLAIN_IN_NET, PLAIN_IN_TRANSPORT };

struct plain_field {
	const char *name;
	uint8_t kinds;			/* of packets that have it */
	uint8_t layer, at, len, worth;
};

enum { PLAIN_FIELDS_MAX = 64 };		/* that there are */

/* NULL: it is none of them. */
const struct plain_field *plain_field(const char *name);

static inline uint64_t
plain_field_value(enum plain_worth w, const struct packet *p, uint64_t number, const struct plain *k)
{
	int64_t ns;

	switch (w) {
	case F_NUMBER: return number;
	case F_EPOCH:
		if (__builtin_mul_overflow(p->sec, 1000000000, &ns) || __builtin_add_overflow(ns, p->nsec, &ns))
			ns = INT64_MAX;
		return (uint64_t)ns;
	case F_LEN: return p->len;
	case F_CAP_LEN: return p->caplen;
	case F_IFACE: return p->iface;
	case IP_HLEN: return (k->net[0] & 15) * 4u;
	case TCP_HLEN: return (k->p[12] >> 4) * 4u;
	case TCP_LEN: return k->len - (k->p[12] >> 4) * 4u;
	default: return 0;		/* no fragment: IP_OFFSET */
	}
}

/* The note of it, of a packet of one of its kinds. */
static inline void
plain_field_note(struct noted *n, const struct field *f, const struct plain_field *w, const struct packet *p, uint64_t number,
    const struct plain *k)
{
	*n = (struct noted) { .field = f, .layer = w->layer };
	if (w->worth == BYTES_AT) {
		n->p = (w->layer == PLAIN_IN_NET ? k->net : k->p) + w->at;
		n->len = w->len;
	} else {
		n->value = plain_field_value(w->worth, p, number, k);
		n->is_value = 1;
	}
}
