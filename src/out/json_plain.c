/*
 * Plain packets as JSON without a walk. Of those with the same layout (the same headers of the same length, with data or
 * without) a walk notes the same fields at the same places: they are taken from there once a walk has shown which these are.
 */
#include "out/json_plan.h"

enum { HEADER_TCP = 20, STAMPS = 12, STAMPS_HEAD = 0x0101080a, HEADER_UDP = 8 };

/* The number of its layout, below TOLD; -1: it has none that could be known by this. */
static int
layout_of(const struct plain *k)
{
	const unsigned v6 = k->kind & PLAIN_V6 ? 1 : 0;
	unsigned header, which = k->tags * 2u + v6;

	if (k->open || k->options || !k->ether || k->carried != PLAIN_NOTHING)
		return -1;
	if (k->kind & (PLAIN_UDP4 | PLAIN_UDP6))
		return (int)(which * 5);
	if (!(k->kind & (PLAIN_TCP4 | PLAIN_TCP6)))
		return -1;
	header = (k->p[12] >> 4) * 4u;
	if (header != HEADER_TCP && (header != HEADER_TCP + STAMPS || raw32(k->p + HEADER_TCP) != STAMPS_HEAD))
		return -1;
	return (int)(which * 5 + 1 + (header > HEADER_TCP) * 2u + (k->caplen > header));
}

_Static_assert((PLAIN_TAGS_MAX + 1) * 2 * 5 <= TOLD, "layouts have room");

static unsigned
header_of(const struct plain *k)
{
	return k->kind & (PLAIN_UDP4 | PLAIN_UDP6) ? HEADER_UDP : (k->p[12] >> 4) * 4u;
}

static void
fill(struct told *t, const struct packet *p, uint64_t number, const struct plain *k)
{
	for (unsigned i = 0; i < t->n_bytes; i++)
		t->notes[t->bytes[i].at].p = p->data + t->bytes[i].from;
	for (unsigned i = 0; i < t->n_fills; i++) {
		struct noted *n = &t->notes[t->fills[i].at];

		if (t->fills[i].worth == BYTES_AT) {	/* what is behind the header */
			n->p = k->p + header_of(k);
			n->len = k->caplen - header_of(k);
		} else {
			n->value = plain_field_value(t->fills[i].worth, p, number, k);
		}
	}
}

struct plan *
told_find(struct plan_memo *m, const struct packet *p, uint64_t number, const struct plain *k, const struct noted **notes)
{
	const int layout = layout_of(k);
	struct told *t = &m->told[layout < 0 ? 0 : layout];

	m->awaited = NULL;
	if (layout < 0 || t->refused)
		return NULL;
	if (!t->plan || t->plan->serial != t->serial) {
		m->awaited = t;
		m->awaited_data = p->data;
		m->awaited_plain = *k;
		return NULL;
	}
	fill(t, p, number, k);
	t->plan->credit += t->plan->credit < PLAN_CREDIT;
	*notes = t->notes;
	return t->plan;
}

/* How the note is to be made. False: that is not known. */
static bool
understand(struct told *t, const struct plain *k, const uint8_t *data, uint16_t i)
{
	const uint8_t *headers_end = k->p + header_of(k);
	struct noted *n = &t->notes[i];
	enum plain_worth worth = BYTES_AT;

	if (n->field == NULL)
		return true;
	if (n->is_text) {
		if (strcmp(n->field->name, "frame.protocols") != 0 || n->len > TOLD_NAMES)
			return false;
		memcpy(t->names, n->p, n->len);
		n->p = (const uint8_t *)t->names;
		return true;
	}
	if (n->is_value) {
		const struct plain_field *known = plain_field(n->field->name);

		if (!known || known->worth == BYTES_AT)
			return false;
		worth = known->worth;
	} else {
		if (n->p < data || n->p > headers_end)
			return false;
		if (n->p != headers_end || strcmp(n->field->name, "tcp.payload") != 0) {
			t->bytes[t->n_bytes].at = i;
			t->bytes[t->n_bytes++].from = (uint16_t)(n->p - data);
			return n->len <= (uint32_t)(headers_end - n->p);
		}
	}
	if (t->n_fills == TOLD_FILLS)
		return false;
	t->fills[t->n_fills].at = i;
	t->fills[t->n_fills++].worth = worth;
	return true;
}

void
told_learn(struct plan_memo *m, struct plan *p, const struct dis *d)
{
	const struct fields *s = d->sink;
	struct told *t = m->awaited;

	m->awaited = NULL;
	if (t == NULL || d->packet == NULL || d->packet->data != m->awaited_data)
		return;
	t->plan = NULL;
	t->n_bytes = t->n_fills = 0;
	for (uint32_t i = 0; i < p->n_steps; i++)
		t->refused |= p->steps[i].key->len == 0;
	for (uint32_t i = 0; i < s->n && !t->refused; i++) {
		t->notes[i] = s->noted[i];
		t->refused = !understand(t, &m->awaited_plain, d->packet->data, (uint16_t)i);
	}
	if (t->refused || s->dropped)
		return;
	t->plan = p;
	t->serial = p->serial;
}
