/* OpenFlow: messages in a TCP segment, versions 1.0 and 1.3 in full. ONF TS-001, TS-006. */
#include "proto/app/openflow.h"

enum { VERSION_1_0 = 1, VERSION_1_3 = 4 };

static const struct name versions[] = {
	{ VERSION_1_0, "1.0" }, { 2, "1.1" }, { 3, "1.2" }, { VERSION_1_3, "1.3" }, { 5, "1.4" }, { 6, "1.5" }, { 0, NULL }
};

/* Experimenters that are no OUIs. */
static const struct name experimenters[] = {
	{ 0x4f4e4600, "ONF Extensions" }, { 0xff000001, "Budapest University of Technology and Economics" },
	{ 0xff000002, "NoviFlow" }, { 0xff000003, "L3+ Extensions, Vendor Neutral" }, { 0xff000004, "L4-L7 Extensions" },
	{ 0xff000005, "Wireless and Mobility Extensions" }, { 0xff000006, "Forwarding Abstractions Extensions" },
	{ 0xff000007, "Optical Transport Extensions" }, { 0xff000008, "Network Benchmarking Lab, NCTU" },
	{ 0xff000009, "Mobile Packet Core Extensions" }, { 0xff00000a, "MPLS-TP OpenFlow Extensions for SPTN" }, { 0, NULL }
};

extern const struct proto proto_openflow;

static void
put(struct dis *d, const struct of_cut *c, const struct field *f, unsigned size)
{
	if (f)
		put_field(d, f, c->p, size);
}

uint32_t
of_take(struct dis *d, struct of_cut *c, const struct field *f, unsigned size)
{
	uint32_t v;

	put(d, c, f, size);
	v = (uint32_t)be_n(d, c->p, size);
	of_skip(c, size);
	return v;
}

void
of_number(struct dis *d, struct of_cut *c, const struct field *f, const char *label, unsigned size)
{
	put(d, c, f, size);
	text_be(d, label, c->p, size);
	of_skip(c, size);
}

void
of_hex(struct dis *d, struct of_cut *c, const struct field *f, const char *label, unsigned size)
{
	put(d, c, f, size);
	need(d, c->p, size);
	text(d, label);
	text(d, "0x");
	text_hex(d, c->p, size);
	of_skip(c, size);
}

void
of_name(struct dis *d, struct of_cut *c, const struct field *f, const char *label, unsigned size, const struct name *names,
    const char *fmt)
{
	uint32_t v = of_take(d, c, f, size);

	text(d, label);
	text_name(d, names, v, fmt);
}

void
of_bits(struct dis *d, struct of_cut *c, const struct field *f, const char *label, unsigned size, const struct name *names,
    uint32_t known)
{
	uint32_t v = (uint32_t)be_n(d, c->p, size);

	of_hex(d, c, f, label, size);
	if (v & known) {
		text(d, " (");
		text_bits(d, names, v, ", ", "");
		text_char(d, ')');
	}
	if (v & ~known)
		text(d, " (bogus)");
}

void
of_mac(struct dis *d, struct of_cut *c, const struct field *f, const char *label)
{
	put(d, c, f, 6);
	need(d, c->p, 6);
	text(d, label);
	text_mac(d, c->p);
	of_skip(c, 6);
}

void
of_string(struct dis *d, struct of_cut *c, const struct field *f, const char *label, unsigned size)
{
	put(d, c, f, size);
	text(d, label);
	text_char(d, '\'');
	text_str_pad(d, c->p, size);
	text_char(d, '\'');
	of_skip(c, size);
}

void
of_bad(struct dis *d, const struct of_cut *c, const char *what, uint32_t is, const char *op, uint32_t than)
{
	text_bad(d, what, is, op, than);
	need(d, c->p, c->n);
}

bool
of_room(struct dis *d, const struct of_cut *c, const char *lead, unsigned least)
{
	text(d, lead);
	if (c->n >= least)
		return true;
	of_bad(d, c, "remaining length", c->n, "<", least);
	return false;
}

void
of_data(struct dis *d, struct of_cut *c)
{
	if (c->n == 0)
		return;
	text_fmt(d, "\n\t data (%u octets)", c->n);
	if (d->v >= 2)
		text_dump_hex_ascii(d, "\n\t  ", c->p, c->n, 0);
	else
		need(d, c->p, c->n);
}

uint32_t
of_vendor(struct dis *d, struct of_cut *c, const struct field *f, const char *label)
{
	uint32_t vendor = of_take(d, c, f, 4);

	text_fmt(d, "%s0x%08x (", label, vendor);
	text_name(d, vendor >> 24 ? experimenters : oui_names, vendor, "unknown");
	text_char(d, ')');
	return vendor;
}

/* The body of a message, n bytes by its header; m is NULL when nobody knows it. */
static void
body(struct dis *d, const struct of_message *m, const uint8_t *p, uint32_t n)
{
	struct of_cut c = { p, n };
	bool fits = m == NULL || m->rule == OF_ANY || (m->rule == OF_FIXED ? n == m->len : n >= m->len);

	if (fits && m && m->walk && d->v) {
		m->walk(d, &c);
		return;
	}
	if (!fits)
		text_invalid(d);
	need(d, p, n);
}

/* Notes a header of which the segment has len bytes, in a layer of its version. */
static void
put_header(struct dis *d, const uint8_t *p, uint32_t len)
{
	if (have(d, p, 1) && *p == VERSION_1_3) {
		of13_put_header(d, p, len);
		return;
	}
	if (d->layer != &proto_openflow)
		enter(d, &proto_openflow);
	put_field(d, &of10_fields[OF_VERSION], p, 1);
	if (len >= 2)
		put_field(d, &of10_fields[OF_TYPE10], p + 1, 1);
	if (len >= 4)
		put_field(d, &of10_fields[OF_LENGTH], p + 2, 2);
	if (len >= OF_HEADER)
		put_field(d, &of10_fields[OF_XID], p + 4, 4);
}

/* The message at p, of which the segment has len bytes; how long it is, or 0 when nothing is to follow. */
static uint32_t
message(struct dis *d, const uint8_t *p, uint32_t len)
{
	const struct of_message *m = NULL;
	unsigned version, type, n;
	const struct name *names = NULL;
	const char *name = NULL;

	if (d->sink)
		put_header(d, p, len);
	version = u8(d, p);
	text(d, "\n\tversion ");
	text_name(d, versions, version, "unknown (0x%02x)");
	if (len < 2)
		goto partial;
	type = u8(d, p + 1);
	if (version == VERSION_1_0 && type < OF10_MESSAGES)
		m = &of10_messages[type], names = of10_types;
	else if (version == VERSION_1_3 && type < OF13_MESSAGES)
		m = &of13_messages[type], names = of13_types;
	if (names)
		name = name_of(names, type);
	text(d, ", type ");
	if (name)
		text(d, name);
	else
		text_fmt(d, "unknown (0x%02x)", type);
	if (len < 4)
		goto partial;
	n = be16(d, p + 2);
	text_fmt(d, ", length %u%s", n, n < OF_HEADER ? " (too short!)" : "");
	if (len < OF_HEADER)
		goto partial;
	text_be_x(d, ", xid 0x", p + 4, 4, 8);
	if (n < OF_HEADER) {
		text_invalid(d);
		need(d, p, len);
		return 0;
	}
	/* A message may go on in the next segment: what is here of it is shown. */
	body(d, m, p + OF_HEADER, n - OF_HEADER);
	return n > len ? 0 : n;
partial:
	text(d, " (end of TCP payload)");
	need(d, p, len);
	return 0;
}

void
of_segment(struct dis *d, const uint8_t *p, uint32_t len)
{
	mark(d, proto_openflow.mark);	/* each message enters the layer of its version */
	text(d, ": OpenFlow");
	while (len) {
		uint32_t n = message(d, p, len);

		if (n == 0)
			return;
		p += n;
		len -= n;
	}
}

const struct proto proto_openflow = PROTO("openflow", "openflow", "OpenFlow 1.0", of_segment, of10_fields);
