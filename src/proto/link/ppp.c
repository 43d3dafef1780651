/*
 * Point-to-Point Protocol, RFC 1661: bare, in HDLC-like framing (RFC 1662), and as several captures have it. The
 * control protocols are in ppp_cp.c, the authentication in ppp_auth.c.
 */
#include "dissect/dissect.h"

enum {
	ADDRESS = 0xff, CONTROL = 0x03, PPPD_IN = 0x00, PPPD_OUT = 0x01,
	CHDLC_UNICAST = 0x0f, CHDLC_BROADCAST = 0x8f,
	FLAG = 0x7e, ESCAPE = 0x7d, ESCAPE_BIT = 0x20,
	HEADER = 4, DLT_CHDLC = 104,
};

enum { P_IP = 0x0021, P_OSI = 0x0023, P_IPX = 0x002b, P_VJNC = 0x002f, P_IPV6 = 0x0057, P_COMP = 0x00fd, P_BAP = 0xc02d,
	P_MPLS = 0x0281, P_MPLS_MULTI = 0x0283, ETH_IPX = 0x8137, SAP_IPX = 0xe0 };

static const struct name directions[] = { { PPPD_IN, "In" }, { PPPD_OUT, "Out" }, { 0, NULL } };

enum { DIRECTION, ADDR, CTRL, PROTOCOL };
static const struct field F[] = {
	[DIRECTION] = { "ppp.direction", U8, .names = directions, .help = "Direction, as pppd tells it" },
	[ADDR] = { "ppp.address", U8, .help = "Address" },
	[CTRL] = { "ppp.control", U8, .help = "Control" },
	[PROTOCOL] = { "ppp.protocol", U16, .names = ppp_names, .help = "Protocol" },
};

extern const struct proto proto_ppp, proto_ppp_hdlc, proto_ppp_bsdos, proto_ppp_ether, proto_ppp_link;

static void unescape(struct dis *d, const uint8_t *p, uint32_t len);

static inline bool
is_flag(unsigned protocol)
{
	return protocol >> 8 == FLAG;
}

/* Protocols of other layers, whatever number is used for them. */
static bool
network(struct dis *d, unsigned protocol, const uint8_t *p, uint32_t len)
{
	switch (protocol) {
	case P_IP:
	case P_VJNC:
	case ETH_IP:
		return next(d, D_ETHERTYPE, ETH_IP, p, len);
	case P_IPV6:
	case ETH_IPV6:
		return next(d, D_ETHERTYPE, ETH_IPV6, p, len);
	case P_IPX:
	case ETH_IPX:
		return next(d, D_LLC, SAP_IPX, p, len);
	case P_OSI:
		return next(d, D_INTERNAL, IN_ISOCLNS, p, len);
	case P_MPLS:
	case P_MPLS_MULTI:
		return next(d, D_ETHERTYPE, ETH_MPLS, p, len);
	default:
		return false;
	}
}

/* What follows the protocol field. */
static void
payload(struct dis *d, unsigned protocol, const uint8_t *p, uint32_t len)
{
	if (is_flag(protocol)) {
		unescape(d, p - 1, len);
		return;
	}
	if (protocol == P_COMP) {
		text(d, "compressed PPP data");
		return;
	}
	if (protocol == P_BAP || next(d, D_PPP, protocol, p, len) || network(d, protocol, p, len))
		return;
	text_name(d, ppp_names, protocol, "unknown PPP protocol (0x%04x)");
	text_char(d, ' ');
	text_unknown(d, p, "\n\t", len);
}

/* Undoes the octet stuffing of what is captured at p, into n bytes of o; how many they became. */
static uint32_t
unstuff(uint8_t *o, const uint8_t *p, uint32_t n)
{
	uint32_t k = 0;

	for (uint32_t i = 0; i < n; i++) {
		uint8_t c = p[i];

		if (c == ESCAPE) {
			if (++i == n)
				break;
			c = p[i] ^ ESCAPE_BIT;
		}
		o[k++] = c;
	}
	return k;
}

/* Guesses how an unstuffed frame begins: with the low byte of the protocol, its address, or the whole protocol. */
static bool
guess(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned protocol, skip = 2;

	if (len < 1)
		return false;
	if (*p == P_IP && next(d, D_ETHERTYPE, ETH_IP, p + 1, len - 1))
		return true;
	if (*p == P_IPV6 && next(d, D_ETHERTYPE, ETH_IPV6, p + 1, len - 1))
		return true;
	if (len < 2)
		return false;
	protocol = raw16(p);
	if (protocol == (ADDRESS << 8 | CONTROL)) {
		if (len < 4)
			return false;
		protocol = raw16(p + 2);
		skip = 4;
	}
	if (is_flag(protocol))
		text(d, "(protocol 0x"), text_x(d, protocol, 4), text(d, " invalid)");
	else
		payload(d, protocol, p + skip, len - skip);
	return true;
}

/* A frame with octet stuffing behind its flag, RFC 1662 section 4.2. Reads go on in the unstuffed copy. */
static void
unescape(struct dis *d, const uint8_t *p, uint32_t len)
{
	const uint8_t *bound = d->end;
	uint32_t n = left(d, p);
	uint8_t *o;
	bool ok;

	if (n == 0 || len == 0)
		return;
	/* A frame that is larger than a packet's memory is shown as far as that goes. */
	if (n > DIS_ARENA / 2)
		n = DIS_ARENA / 2;
	o = dis_alloc(d, n);
	if (o == NULL) {
		text_trunc(d);
		return;
	}
	n = unstuff(o, p, n);
	d->end = o + n;
	ok = guess(d, o, n);
	d->end = bound;
	if (!ok)
		text_trunc(d);
}

/* Address, control and protocol as far as they are not left out (RFC 1661 section 6.5 and 6.6), and the rest. */
static void
ppp(struct dis *d, const uint8_t *p, uint32_t len)
{
	const uint8_t *start = p;
	uint32_t whole = len;
	unsigned head, protocol;
	const char *s;

	enter(d, &proto_ppp);
	d->inner_link = 0;
	if (len < 2) {
		text_trunc(d);
		return;
	}
	head = be16(d, p);
	if (head == (PPPD_IN << 8 | CONTROL) || head == (PPPD_OUT << 8 | CONTROL)) {
		put_field(d, &F[DIRECTION], p, 1);
		if (d->e)
			text(d, head >> 8 == PPPD_IN ? "In  " : "Out ");
		p += 2;
		len -= 2;
	} else if (head == (ADDRESS << 8 | CONTROL)) {
		put_field(d, &F[ADDR], p, 1);
		put_field(d, &F[CTRL], p + 1, 1);
		p += 2;
		len -= 2;
	}
	if (len < 2) {
		text_trunc(d);
		return;
	}
	protocol = u8(d, p);
	if ((protocol & 1) == 0)
		protocol = be16(d, p);
	put_value(d, &F[PROTOCOL], protocol);
	if (protocol & 0xff00 || (p[0] & 1) == 0)
		p++, len--;
	p++, len--;
	d->inner_link = (uint32_t)(p - start);
	if (d->e) {
		s = name_of(ppp_names, protocol);
		text(d, s ? s : "unknown");
		text(d, " (0x"), text_x(d, protocol, 4);
		text(d, "), length "), text_u(d, whole);
		if (s == NULL)
			return;
		text(d, ": ");
	}
	payload(d, protocol, p, len);
	d->inner_link = (uint32_t)(p - start);
}

const struct proto proto_ppp = PROTO("ppp", "ppp", "Point-to-Point Protocol", ppp, F);

/* DLT_PPP and DLT_PPP_PPPD. */
static void
ppp_link(struct dis *d, const uint8_t *p, uint32_t len)
{
	mark(d, "ppp");
	if (!have(d, p, HEADER)) {
		text_trunc(d);
		link_header(d, left(d, p));
		return;
	}
	ppp(d, p, len);
	link_header(d, HEADER);
}

const struct proto proto_ppp_link = PROTO_NO_FIELDS("ppp", "ppp", "Point-to-Point Protocol", ppp_link);

/* DLT_PPP_SERIAL: RFC 1662 framing, or Cisco's with the protocol where RFC 1547 section 4.3.1 has it. */
static void
ppp_hdlc(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t header = HEADER;
	unsigned protocol;

	mark(d, "ppp_hdlc");
	if (!have(d, p, 2)) {
		text_trunc(d);
		link_header(d, left(d, p));
		return;
	}
	if (p[0] == CHDLC_UNICAST || p[0] == CHDLC_BROADCAST) {
		d->inner_link = 0;
		if (next(d, D_LINK, DLT_CHDLC, p, len))
			link_header(d, d->inner_link);
		return;
	}
	if (!have(d, p, HEADER)) {
		text_trunc(d);
		link_header(d, left(d, p));
		return;
	}
	if (d->sink)
		fields_layer(d, &proto_ppp);
	put_field(d, &F[ADDR], p, 1);
	put_field(d, &F[CTRL], p + 1, 1);
	if (d->e) {
		text_x(d, p[0], 2), text_char(d, ' ');
		text_x(d, p[1], 2), text_char(d, ' ');
		text_u(d, len), text_char(d, ' ');
	}
	if (p[0] == ADDRESS) {
		protocol = raw16(p + 2);
		put_field(d, &F[PROTOCOL], p + 2, 2);
		text_name(d, ppp_names, protocol, "unknown PPP protocol (0x%04x)");
		text(d, ": ");
		payload(d, protocol, p + HEADER, len - HEADER);
	} else {
		text(d, "unknown addr "), text_x(d, p[2], 2);
		text(d, "; ctrl "), text_x(d, p[3], 2);
		header = 2;
	}
	link_header(d, header);
}

const struct proto proto_ppp_hdlc = PROTO_NO_FIELDS("ppp", "ppp_hdlc", "PPP in HDLC-like framing", ppp_hdlc);

/* DLT_PPP_BSDOS: its header is only known on BSD/OS itself; elsewhere nothing is said of these packets. */
static void
ppp_bsdos(struct dis *d, const uint8_t *p, uint32_t len)
{
	(void)p, (void)len;
	mark(d, "ppp_bsdos");
}

const struct proto proto_ppp_bsdos = PROTO_NO_FIELDS("ppp", "ppp_bsdos", "PPP of BSD/OS", ppp_bsdos);

/* PPP straight in Ethernet: EtherType 880b. */
static void
ppp_ether(struct dis *d, const uint8_t *p, uint32_t len)
{
	if (len == 0)
		return;
	text(d, ": ");
	ppp(d, p, len);
}

const struct proto proto_ppp_ether = PROTO_NO_FIELDS("ppp", "ppp", "PPP in Ethernet", ppp_ether);
