/* Cisco HDLC, RFC 1547 section 4.3, with the keepalives and address resolution of SLARP. */
#include "dissect/dissect.h"

enum { HEADER = 4, UNICAST = 0x0f, BROADCAST = 0x8f, TYPE_SLARP = 0x8035, TYPE_OSI = 0xfefe };
enum { SLARP_REQUEST, SLARP_REPLY, SLARP_KEEPALIVE, SLARP_MIN = 14, SLARP_MAX = 18 };

static const struct name casts[] = { { UNICAST, "unicast" }, { BROADCAST, "bcast" }, { 0, NULL } };
static const struct name slarp_types[] = {
	{ SLARP_REQUEST, "request" }, { SLARP_REPLY, "reply" }, { SLARP_KEEPALIVE, "keepalive" }, { 0, NULL }
};

enum { ADDRESS, PROTOCOL };
static const struct field F[] = {
	[ADDRESS] = { "chdlc.address", U8, .names = casts, .help = "Address" },
	[PROTOCOL] = { "chdlc.protocol", U16, .names = ethertype_names, .help = "Protocol" },
};

enum { S_TYPE, S_ADDRESS, S_MASK, S_MINE, S_YOURS, S_RELIABILITY };
static const struct field S[] = {
	[S_TYPE] = { "slarp.ptype", U32, .names = slarp_types, .help = "Packet type" },
	[S_ADDRESS] = { "slarp.address", IP4, .help = "Address" },
	[S_MASK] = { "slarp.netmask", IP4, .help = "Netmask" },
	[S_MINE] = { "slarp.mysequence", U32, .help = "Sequence number sent last" },
	[S_YOURS] = { "slarp.yoursequence", U32, .help = "Sequence number seen last" },
	[S_RELIABILITY] = { "slarp.reliability", U16, .help = "Reliability" },
};

extern const struct proto proto_chdlc, proto_slarp;

static void
put_slarp(struct dis *d, const uint8_t *p)
{
	uint32_t type = raw32(p);

	fields_layer(d, &proto_slarp);
	put_field(d, &S[S_TYPE], p, 4);
	if (type == SLARP_REPLY) {
		put_field(d, &S[S_ADDRESS], p + 4, 4);
		put_field(d, &S[S_MASK], p + 8, 4);
	} else if (type == SLARP_KEEPALIVE) {
		put_field(d, &S[S_MINE], p + 4, 4);
		put_field(d, &S[S_YOURS], p + 8, 4);
		put_field(d, &S[S_RELIABILITY], p + 12, 2);
	}
}

/* "3d4h5m6s" of seconds. */
static void
text_uptime(struct dis *d, uint32_t s)
{
	text(d, ", link uptime="), text_u(d, s / 86400);
	text_char(d, 'd'), text_u(d, s / 3600 % 24);
	text_char(d, 'h'), text_u(d, s / 60 % 60);
	text_char(d, 'm'), text_u(d, s % 60);
	text_char(d, 's');
}

static void
slarp(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t type;

	mark(d, "chdlc_slarp");
	text(d, "SLARP (length: "), text_u(d, len), text(d, "), ");
	if (len < SLARP_MIN || !have(d, p, SLARP_MIN)) {
		text_trunc(d);
		return;
	}
	if (d->sink)
		put_slarp(d, p);
	type = raw32(p);
	switch (type) {
	case SLARP_REQUEST:
		text(d, "request");
		break;
	case SLARP_REPLY:
		text(d, "reply "), text_ip4(d, p + 4);
		text_char(d, '/'), text_ip4(d, p + 8);
		break;
	case SLARP_KEEPALIVE:
		text(d, "keepalive: mineseen=0x"), text_x(d, raw32(p + 4), 8);
		text(d, ", yourseen=0x"), text_x(d, raw32(p + 8), 8);
		text(d, ", reliability=0x"), text_x(d, raw16(p + 12), 4);
		if (len >= SLARP_MAX) {
			p += SLARP_MIN;		/* the dump below starts behind it, too */
			text_uptime(d, be32(d, p) / 1000);
		}
		break;
	default:
		text(d, "0x"), text_x(d, type, 2), text(d, " unknown");
		if (d->v <= 1)
			text_unknown(d, p + 4, "\n\t", len - 4);
		break;
	}
	if (len > SLARP_MAX && d->v)
		text(d, ", (trailing junk: "), text_u(d, len - SLARP_MAX), text(d, " bytes)");
	if (d->v > 1)
		text_unknown(d, p + 4, "\n\t", len - 4);
}

/* OSI: some put a byte of padding in front of the protocol identifier. False when there is nothing behind the header. */
static bool
osi(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned id;

	if (len < 2) {
		text_trunc(d);
		return false;
	}
	id = u8(d, p + 1);
	if (id == NLPID_CLNP || id == NLPID_ESIS || id == NLPID_ISIS)
		p++, len--;
	next(d, D_INTERNAL, IN_ISOCLNS, p, len);
	return true;
}

static bool
payload(struct dis *d, unsigned protocol, const uint8_t *p, uint32_t len)
{
	switch (protocol) {
	case ETH_IP:
	case ETH_IPV6:
	case ETH_MPLS:
	case ETH_MPLS_MULTI:
		return next(d, D_ETHERTYPE, protocol, p, len);
	case TYPE_SLARP:
		slarp(d, p, len);
		return true;
	case TYPE_OSI:
		if (!osi(d, p, len))
			link_header(d, HEADER + left(d, p));
		return true;
	default:
		return false;
	}
}

static void
chdlc(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned protocol;

	enter(d, &proto_chdlc);
	if (len < HEADER) {
		link_header(d, left(d, p));
		d->inner_link = left(d, p);
		text_trunc(d);
		return;
	}
	need(d, p, HEADER);
	link_header(d, HEADER);
	d->inner_link = HEADER;
	protocol = be16(d, p + 2);
	put_field(d, &F[ADDRESS], p, 1);
	put_field(d, &F[PROTOCOL], p + 2, 2);
	if (d->e) {
		text_name(d, casts, p[0], "0x%02x");
		text(d, ", ethertype ");
		text_name(d, ethertype_names, protocol, "Unknown");
		text(d, " (0x"), text_x(d, protocol, 4);
		text(d, "), length "), text_u(d, len), text(d, ": ");
	}
	if (!payload(d, protocol, p + HEADER, len - HEADER) && !d->e)
		text(d, "unknown CHDLC protocol (0x"), text_x(d, protocol, 4), text_char(d, ')');
	d->inner_link = HEADER;
}

const struct proto proto_chdlc = PROTO("chdlc", "chdlc", "Cisco HDLC", chdlc, F);
const struct proto proto_slarp = PROTO("slarp", "chdlc_slarp", "Cisco SLARP", chdlc, S);
