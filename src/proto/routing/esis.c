/* End System to Intermediate System protocol, ISO 9542. */
#include "proto/routing/osi.h"

enum { HEADER = 9, HELLO_ES = 2, HELLO_IS = 4, REDIRECT = 6 };
static const struct name types[] = {
	{ HELLO_ES, "ESH" }, { HELLO_IS, "ISH" }, { REDIRECT, "redirect" }, { 0, NULL }
};

enum { OPT_PROTOCOLS = 129, OPT_CONF_TIME = 198 };
static const struct name options[] = {
	{ OPT_PROTOCOLS, "Protocols supported" }, { 195, "QoS Maintenance" }, { 197, "Security" },
	{ OPT_CONF_TIME, "ES Configuration Time" }, { 205, "Priority" }, { 225, "Addressk Mask" }, { 226, "SNPA Mask" },
	{ 0, NULL }
};

enum { LEN, VERSION, TYPE, HOLD, CHECKSUM, SOURCES, NET, DEST, SNPA, OPTION };
static const struct field F[] = {
	[LEN] = { "esis.length", U8, .help = "Length of the header" },
	[VERSION] = { "esis.ver", U8, .help = "Version" },
	[TYPE] = { "esis.type", U8, .mask = 0x1f, .names = types, .help = "Type" },
	[HOLD] = { "esis.htime", U16, .help = "Holding time in seconds" },
	[CHECKSUM] = { "esis.chksum", U16, .help = "Checksum" },
	[SOURCES] = { "esis.number_of_source_addresses", U8, .help = "Source addresses that follow" },
	[NET] = { "esis.net", BYTES, .help = "Network entity title, or source address" },
	[DEST] = { "esis.da", BYTES, .help = "Destination that is redirected" },
	[SNPA] = { "esis.snpa", BYTES, .help = "Link address to send to" },
	[OPTION] = { "esis.option.code", U8, .names = options, .help = "Option" },
};

extern const struct proto proto_esis;

/* The rest of the header while it is walked. */
struct rest {
	struct dis *d;
	const uint8_t *p;
	unsigned n;
};

/* Whether a part of the header was there: all of it, past its length (which is said), or not captured. */
enum outcome { GOOD, BAD, CUT };

static enum outcome
take(struct rest *r, unsigned n, const char *what, const uint8_t **at)
{
	if (!have(r->d, r->p, n))
		return CUT;
	if (r->n < n) {
		text(r->d, ", bad "), text(r->d, what), text(r->d, "/li");
		return BAD;
	}
	*at = r->p;
	r->p += n;
	r->n -= n;
	return GOOD;
}

/* A length and that many bytes. */
static enum outcome
take_address(struct rest *r, const char *what, const uint8_t **addr, unsigned *n)
{
	const uint8_t *len;
	enum outcome o = take(r, 1, what, &len);

	if (o != GOOD)
		return o;
	*n = *len;
	return take(r, *n, what, addr);
}

static enum outcome
redirect(struct rest *r)
{
	struct dis *d = r->d;
	const uint8_t *dst, *snpa, *net, *net_len;
	unsigned dst_n, snpa_n, net_n;
	enum outcome o;

	if ((o = take_address(r, "redirect", &dst, &dst_n)) != GOOD)
		return o;
	put_field(d, &F[DEST], dst, dst_n);
	text(d, "\n\t  "), text_nsap(d, dst, dst_n);
	if ((o = take_address(r, "redirect", &snpa, &snpa_n)) != GOOD)
		return o;
	/* The length of the last address does not count towards the header's. */
	if ((o = take(r, 1, "redirect", &net_len)) != GOOD)
		return o;
	r->n++;
	net_n = *net_len;
	if ((o = take(r, net_n, "redirect", &net)) != GOOD)
		return o;
	put_field(d, &F[SNPA], snpa, snpa_n);
	put_field(d, &F[NET], net, net_n);
	text(d, "\n\t  SNPA (length: "), text_u(d, snpa_n), text(d, "): ");
	if (snpa_n == 6)
		text_mac(d, snpa);
	else
		text_linkaddr(d, snpa, snpa_n);
	if (net_n) {
		text(d, "\n\t  NET (length: "), text_u(d, net_n);
		text(d, ") "), text_nsap(d, net, net_n);
	}
	return GOOD;
}

static enum outcome
hello(struct rest *r, unsigned type)
{
	const char *what = type == HELLO_ES ? "esh" : "ish";
	struct dis *d = r->d;
	unsigned count = 1;
	enum outcome o;

	if (type == HELLO_ES) {
		const uint8_t *number;

		if ((o = take(r, 1, what, &number)) != GOOD)
			return o;
		count = *number;
		put_field(d, &F[SOURCES], number, 1);
		text(d, "\n\t  Number of Source Addresses: "), text_u(d, count);
	}
	for (; count; count--) {
		const uint8_t *net;
		unsigned n;

		if ((o = take_address(r, what, &net, &n)) != GOOD)
			return o;
		put_field(d, &F[NET], net, n);
		text(d, "\n\t  NET (length: "), text_u(d, n);
		text(d, "): "), text_nsap(d, net, n);
	}
	return GOOD;
}

static enum outcome
text_options(struct rest *r)
{
	struct dis *d = r->d;
	const uint8_t *p = r->p;
	unsigned len = r->n;

	while (len) {
		unsigned op, n;

		if (len < 2) {
			text(d, ", bad opts/li");
			return BAD;
		}
		op = u8(d, p);
		n = u8(d, p + 1);
		p += 2;
		len -= 2;
		if (n > len) {
			text(d, ", opt ("), text_u(d, op), text(d, ") too long");
			return BAD;
		}
		len -= n;
		put_field(d, &F[OPTION], p - 2, 1);
		text(d, "\n\t  "), text_name(d, options, op, "Unknown");
		text(d, " Option #"), text_u(d, op);
		text(d, ", length "), text_u(d, n);
		text(d, ", value: ");
		if (op == OPT_CONF_TIME) {
			if (n == 2 && !have(d, p, 2))
				return CUT;
			if (n == 2)
				text_u(d, raw16(p)), text_char(d, 's');
			else
				text(d, "(bad length)");
		} else if (op == OPT_PROTOCOLS) {
			for (unsigned i = 0; i < n; i++) {
				unsigned id = u8(d, p + i);

				text_name(d, nlpid_names, id, "unknown");
				text(d, " (0x"), text_x(d, id, 2);
				text(d, i + 1 < n ? "), " : ")");
			}
		} else {
			text_unknown(d, p, "\n\t  ", n);
		}
		/* -vv adds a dump, but of protocols that were counted down while they were said. */
		if (d->v > 1)
			text_unknown(d, p, "\n\t  ", op == OPT_PROTOCOLS ? 0 : n);
		p += op == OPT_PROTOCOLS ? 0 : n;
	}
	return GOOD;
}

static void
esis(struct dis *d, const uint8_t *p, uint32_t len)
{
	struct rest r;
	unsigned hlen, type;
	enum outcome o = GOOD;

	enter(d, &proto_esis);
	if (!d->e)
		text(d, "ES-IS");
	if (len <= 2) {
		text(d, d->q ? "bad pkt!" : "no header at all!");
		return;
	}
	if (!have(d, p, HEADER)) {
		text_trunc(d);
		return;
	}
	hlen = p[1];
	type = p[4] & 0x1f;
	if (p[0] != NLPID_ESIS) {
		text(d, " nlpid 0x"), text_x(d, p[0], 2), text(d, " packet not supported");
		return;
	}
	if (p[2] != 1) {
		text(d, " version "), text_u(d, p[2]), text(d, " packet not supported");
		return;
	}
	if (hlen > len) {
		text(d, " length indicator("), text_u(d, hlen);
		text(d, ") > PDU size ("), text_u(d, len), text(d, ")!");
		return;
	}
	if (hlen < HEADER + 2) {
		osi_text_short(d, p, hlen);
		return;
	}
	put_field(d, &F[LEN], p + 1, 1);
	put_field(d, &F[VERSION], p + 2, 1);
	put_field(d, &F[TYPE], p + 4, 1);
	put_field(d, &F[HOLD], p + 5, 2);
	put_field(d, &F[CHECKSUM], p + 7, 2);
	text(d, d->e ? "" : ", ");
	if (!d->v) {
		text_name(d, types, type, "unknown type (%u)");
		text(d, ", length "), text_u(d, len);
		return;
	}
	text(d, "length "), text_u(d, len);
	text(d, "\n\t"), text_name(d, types, type, "unknown type: %u");
	text(d, " ("), text_u(d, type);
	text(d, "), v: "), text_u(d, p[2]);
	text(d, ", checksum: 0x"), text_x(d, raw16(p + 7), 4);
	osi_text_checksum(d, p, raw16(p + 7), 7, hlen, NULL);
	text(d, ", holding time: "), text_u(d, raw16(p + 5));
	text(d, "s, length indicator: "), text_u(d, hlen);
	if (d->v > 1)
		text_unknown(d, p, "\n\t", HEADER);

	r = (struct rest){ d, p + HEADER, hlen - HEADER };
	switch (type) {
	case REDIRECT:
		o = redirect(&r);
		break;
	case HELLO_ES:
	case HELLO_IS:
		o = hello(&r, type);
		break;
	default:
		if (d->v <= 1 && have(d, r.p, 1))
			text_unknown(d, r.p, "\n\t  ", left(d, r.p));
		return;
	}
	if (o == GOOD)
		o = text_options(&r);
	if (o == CUT)
		text_trunc(d);
}

const struct proto proto_esis = PROTO("esis", "esis", "ES-IS routing exchange", esis, F);
