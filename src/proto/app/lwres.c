/* The lightweight resolver protocol of BIND 9. */
#include "dissect/dissect.h"

enum { HEADER = 28, RESPONSE = 1, CLASS_IN = 1 };
enum { NOOP = 0, GETADDRSBYNAME = 0x10001, GETNAMEBYADDR = 0x10002, GETRDATABYNAME = 0x10003 };
static const struct name opcodes[] = {
	{ NOOP, "noop" }, { GETADDRSBYNAME, "getaddrsbyname" }, { GETNAMEBYADDR, "getnamebyaddr" },
	{ GETRDATABYNAME, "getrdatabyname" }, { 0, NULL }
};

enum { LENGTH, VERSION, FLAGS, SERIAL, OPCODE, RESULT, NAME };
static const struct field F[] = {
	[LENGTH] = { "lwres.length", U32, .help = "Length" },
	[VERSION] = { "lwres.version", U16, .help = "Version" },
	[FLAGS] = { "lwres.flags", U16, .help = "Flags" },
	[SERIAL] = { "lwres.serial", U32, .help = "Serial number" },
	[OPCODE] = { "lwres.opcode", U32, .names = opcodes, .help = "Operation" },
	[RESULT] = { "lwres.result", U32, .help = "Result" },
	[NAME] = { "lwres.name", STR, .help = "A name" },
};

extern const struct proto proto_lwres;

/* A name of n bytes and its NUL; what follows. */
static const uint8_t *
text_plain_name(struct dis *d, const uint8_t *p, unsigned n)
{
	put_field(d, &F[NAME], p, n);
	text_char(d, ' ');
	text_str(d, p, n);
	if (u8(d, p + n))
		text(d, " (not NUL-terminated!)");
	return p + n + 1;
}

/* The same behind its length. */
static const uint8_t *
text_counted_name(struct dis *d, const uint8_t *p)
{
	return text_plain_name(d, p + 2, be16(d, p));
}

static const uint8_t *
text_counted_bytes(struct dis *d, const uint8_t *p)
{
	unsigned n = be16(d, p);

	text_hex(d, p + 2, n);
	return p + 2 + n;
}

static const uint8_t *
text_address(struct dis *d, const uint8_t *p)
{
	unsigned n;

	need(d, p, 6);
	n = raw16(p + 4);
	need(d, p + 6, n);
	switch (raw32(p)) {
	case 1:
		if (n < 4)
			return NULL;
		text_char(d, ' '), text_ip4(d, p + 6);
		return p + 10;
	case 2:
		if (n < 16)
			return NULL;
		text_char(d, ' '), text_ip6(d, p + 6);
		return p + 22;
	default:
		text_fmt(d, " %u/", raw32(p));
		text_hex(d, p + 6, n);
		return p + 6 + n;
	}
}

static const uint8_t *
repeat(struct dis *d, const uint8_t *p, unsigned count, const uint8_t *(*one)(struct dis *, const uint8_t *))
{
	for (; p && count; count--)
		p = one(d, p);
	return p;
}

static void
text_flags(struct dis *d, const uint8_t *p)
{
	if (d->v > 2)
		text_fmt(d, " flags:0x%x", be32(d, p));
}

/* Class and type, which stand in this order and are said in the other. */
static void
text_kind(struct dis *d, const uint8_t *p)
{
	text_char(d, ' '), text_name(d, dns_types, be16(d, p + 2), "Type%u");
	if (be16(d, p) != CLASS_IN)
		text_char(d, ' '), text_name(d, dns_classes, be16(d, p), "Class%u");
}

/* What is asked; where it ends, or NULL when it makes no sense. *known: the operation is one of ours. */
static const uint8_t *
question(struct dis *d, uint32_t opcode, const uint8_t *p, bool *known)
{
	uint32_t kinds;

	switch (opcode) {
	case NOOP:
		return p;
	case GETADDRSBYNAME:
		need(d, p, 10);
		text_flags(d, p);
		kinds = raw32(p + 4);
		if (kinds & 3)
			text(d, (kinds & 3) == 1 ? " IPv4" : (kinds & 3) == 2 ? " IPv6" : " IPv4/6");
		if (kinds & ~3u)
			text_fmt(d, "[0x%x]", kinds);
		return text_plain_name(d, p + 10, raw16(p + 8));
	case GETNAMEBYADDR:
		need(d, p, 4);
		text_flags(d, p);
		return text_address(d, p + 4);
	case GETRDATABYNAME:
		need(d, p, 10);
		text_flags(d, p);
		text_kind(d, p + 4);
		return text_plain_name(d, p + 10, raw16(p + 8));
	default:
		*known = false;
		return p;
	}
}

static const uint8_t *
answer(struct dis *d, uint32_t opcode, const uint8_t *p, bool *known)
{
	const uint8_t *q;

	switch (opcode) {
	case NOOP:
		return p;
	case GETADDRSBYNAME:
		need(d, p, 10);
		text_flags(d, p);
		text_fmt(d, " %u/%u", raw16(p + 4), raw16(p + 6));
		q = text_plain_name(d, p + 10, raw16(p + 8));
		q = repeat(d, q, raw16(p + 4), text_counted_name);
		return repeat(d, q, raw16(p + 6), text_address);
	case GETNAMEBYADDR:
		need(d, p, 8);
		text_flags(d, p);
		text_fmt(d, " %u", raw16(p + 4));
		q = text_plain_name(d, p + 8, raw16(p + 6));
		return repeat(d, q, raw16(p + 4), text_counted_name);
	case GETRDATABYNAME:
		need(d, p, 16);
		text_flags(d, p);
		text_kind(d, p + 4);
		text(d, " TTL "), text_duration(d, raw32(p + 8));
		text_fmt(d, " %u/%u", raw16(p + 12), raw16(p + 14));
		q = text_counted_name(d, p + 16);
		q = repeat(d, q, raw16(p + 12), text_counted_bytes);
		return repeat(d, q, raw16(p + 14), text_counted_bytes);
	default:
		*known = false;
		return p;
	}
}

static void
text_header(struct dis *d, const uint8_t *p)
{
	unsigned flags = raw16(p + 6);

	text_char(d, ' ');
	text_name(d, opcodes, raw32(p + 12), "#0x%x");
	if (!(flags & RESPONSE))
		text_char(d, '?');
	if (flags & ~RESPONSE)
		text_fmt(d, "[0x%x]", flags);
	if (d->v > 1) {
		text_fmt(d, " (serial:0x%x result:0x%x recvlen:%u", raw32(p + 8), raw32(p + 16), raw32(p + 20));
		if (d->v > 2)
			text_fmt(d, " authtype:0x%x authlen:%u", raw16(p + 24), raw16(p + 26));
		text_char(d, ')');
	}
}

static void
lwres(struct dis *d, const uint8_t *p, uint32_t len)
{
	const uint8_t *end;
	unsigned version;
	uint32_t says;
	bool known = true;

	enter(d, &proto_lwres);
	need(d, p, HEADER);
	says = raw32(p);
	version = raw16(p + 4);
	put_field(d, &F[LENGTH], p, 4);
	put_field(d, &F[VERSION], p + 4, 2);
	put_field(d, &F[FLAGS], p + 6, 2);
	put_field(d, &F[SERIAL], p + 8, 4);
	put_field(d, &F[OPCODE], p + 12, 4);
	put_field(d, &F[RESULT], p + 16, 4);
	text(d, " lwres");
	if (d->v || version)
		text(d, " v"), text_u(d, version);
	if (version) {
		need(d, p, says);
		end = p + says;
	} else {
		text_header(d, p);
		if (raw16(p + 6) & RESPONSE)
			end = answer(d, raw32(p + 12), p + HEADER, &known);
		else
			end = question(d, raw32(p + 12), p + HEADER, &known);
	}
	if (end == NULL) {
		text_invalid(d);
		return;
	}
	if (says != len)
		text_fmt(d, " [len: %u != %u]", says, len);
	if (known && (uint64_t)(end - p) < says)
		text(d, "[extra]");
}

const struct proto proto_lwres = PROTO("lwres", "lwres", "Lightweight Resolver", lwres, F);
