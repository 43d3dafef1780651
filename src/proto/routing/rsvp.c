/* Resource Reservation Protocol, RFC 2205: messages, and bundles of them (RFC 2961). */
#include "proto/routing/rsvp.h"

enum { VERSION_1 = 1, HEADER = 8, OBJECT_HEADER = 4, BUNDLE = 12 };

static const struct name flags[] = { { 0x01, "Refresh reduction capable" }, { 0, NULL } };

extern const struct proto proto_rsvp;

struct message {
	const uint8_t *p;
	unsigned len;		/* by its header */
	unsigned type;
};

static void
put(struct dis *d, enum rsvp_field f, const uint8_t *p, unsigned n)
{
	put_field(d, &rsvp_fields[f], p, n);
}

static void
put_header(struct dis *d, const uint8_t *p)
{
	put(d, RF_VERSION, p, 1);
	put(d, RF_FLAGS, p, 1);
	put(d, RF_MSG, p + 1, 1);
	put(d, RF_SUM, p + 2, 2);
	put(d, RF_TTL, p + 4, 1);
	put(d, RF_MSG_LEN, p + 6, 2);
}

/* Is the header there, and of the version that is known? */
static bool
known(struct dis *d, const uint8_t *p)
{
	if (d->sink)
		put_header(d, p);
	if (!have(d, p, HEADER)) {
		text_trunc(d);
		return false;
	}
	if (p[0] >> 4 != VERSION_1) {
		text_fmt(d, "ERROR: RSVP version %u packet not supported", p[0] >> 4);
		return false;
	}
	return true;
}

/* Says the header of a message; false when its length makes no sense. */
static bool
text_header(struct dis *d, const char *indent, const uint8_t *p, struct message *m)
{
	m->p = p;
	m->type = p[1];
	m->len = raw16(p + 6);
	text_fmt(d, "%sRSVPv%u ", indent, VERSION_1);
	text_name(d, rsvp_message_names, m->type, "unknown, type: %u");
	text_fmt(d, " Message (%u), Flags: [", m->type);
	text_bits(d, flags, p[0] & 0x0f, ", ", "none");
	text_fmt(d, "], length: %u, ttl: %u, checksum: 0x%04x", m->len, p[4], raw16(p + 2));
	if (m->len >= HEADER)
		return true;
	text_fmt(d, "ERROR: common header too short %u < %u", m->len, HEADER);
	return false;
}

/* Says the header of an object; false when the message ends with it. */
static bool
object_header(struct dis *d, const char *indent, const uint8_t *p, unsigned n, unsigned in)
{
	unsigned class = p[2], type = p[3];
	const struct rsvp_form *form = rsvp_form_of(class, type);

	if (n % 4) {
		text_fmt(d, "%sERROR: object header size %u not a multiple of 4", indent, n);
		return false;
	}
	if (n < OBJECT_HEADER) {
		text_fmt(d, "%sERROR: object header too short %u < %u", indent, n, OBJECT_HEADER);
		return false;
	}
	text(d, indent);
	text_name(d, rsvp_class_names, class, "Unknown");
	text_fmt(d, " Object (%u) Flags: [%s if unknown], Class-Type: %s (%u), length: %u", class,
	    !(class & 0x80) ? "reject" : class & 0x40 ? "ignore and forward" : "ignore silently",
	    form && form->name ? form->name : "Unknown", type, n);
	if (in < n) {
		text_fmt(d, "%sERROR: object goes past end of objects TLV", indent);
		return false;
	}
	if (!have(d, p, n)) {
		text_trunc(d);
		return false;
	}
	return true;
}

/* Says how an object ended badly; true when it did not. */
static bool
ended_well(struct dis *d, const char *indent, enum rsvp_end end)
{
	static const char *const why[] = {
		[RSVP_SHORT] = "object", [RSVP_SUB_SHORT] = "sub-object", [RSVP_TLV_SHORT] = "property TLV",
	};

	if (end <= RSVP_DUMP)
		return true;
	if (end == RSVP_INVALID)
		text_invalid(d);
	else
		text_fmt(d, "%sERROR: %s is too short", indent, why[end]);
	return false;
}

/* The objects of a message; false when they make no sense, or are cut short. */
static bool
objects(struct dis *d, const char *indent, const struct message *m)
{
	const uint8_t *p = m->p + HEADER;
	unsigned in = m->len - HEADER;

	while (in >= OBJECT_HEADER) {
		struct rsvp_object o = { .indent = indent, .msg = m->p, .msg_len = m->len };
		enum rsvp_end end = RSVP_DUMP;
		unsigned n;

		put(d, RF_LENGTH, p, 2);
		put(d, RF_CLASS, p + 2, 1);
		put(d, RF_CTYPE, p + 3, 1);
		if (!have(d, p, OBJECT_HEADER)) {
			text_trunc(d);
			return false;
		}
		n = raw16(p);
		if (!object_header(d, indent, p, n, in))
			return false;
		o.p = p + OBJECT_HEADER;
		o.n = n - OBJECT_HEADER;
		o.form = rsvp_form_of(p[2], p[3]);
		if (o.form && o.form->body)
			end = o.n < o.form->least ? RSVP_SHORT : o.form->body(d, &o);
		if (!ended_well(d, indent, end))
			return false;
		if (d->v > 1 || end == RSVP_DUMP)
			text_unknown(d, o.p, "\n\t    ", o.n);
		p += n;
		in -= n;
	}
	return true;
}

static void
bundle(struct dis *d, const struct message *m)
{
	const uint8_t *p = m->p + HEADER;
	unsigned in = m->len - HEADER;

	while (in) {
		struct message sub;

		if (!known(d, p) || !text_header(d, "\n\t  ", p, &sub))
			return;
		if (in < sub.len) {
			text_fmt(d, "ERROR: common header too large %u > %u", sub.len, in);
			return;
		}
		if (!objects(d, "\n\t    ", &sub))
			return;
		p += sub.len;
		in -= sub.len;
	}
}

static void
rsvp(struct dis *d, const uint8_t *p, uint32_t len)
{
	struct message m;

	enter(d, &proto_rsvp);
	if (!known(d, p))
		return;
	if (!d->v) {
		text_fmt(d, "RSVPv%u ", VERSION_1);
		text_name(d, rsvp_message_names, p[1], "unknown (%u)");
		text(d, " Message, length: "), text_u(d, len);
		return;
	}
	if (!text_header(d, "\n\t", p, &m))
		return;
	if (m.type == BUNDLE)
		bundle(d, &m);
	else if (name_of(rsvp_message_names, m.type))
		objects(d, "\n\t  ", &m);
	else
		text_unknown(d, p + HEADER, "\n\t    ", m.len - HEADER);
}

const struct proto proto_rsvp = PROTO("rsvp", "rsvp", "Resource Reservation Protocol", rsvp, rsvp_fields);
