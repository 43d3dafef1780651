/*
 * SLIP, RFC 1055, behind the 16 bytes that BSD captures have in front: the direction, and the header as it was on the
 * line, compressed or not (RFC 1144).
 */
#include "dissect/dissect.h"

enum { HEADER = 16, DIRECTION = 0, LINE = 1, IP_MIN = 20, TCP_MIN = 20 };
enum { DIR_IN, DIR_OUT, DIR_WRONG };

/* The first byte on the line: an IP version, or what was done to the TCP header. */
enum { TYPE_MASK = 0xf0, TYPE_IP = 0x40, TYPE_UNCOMPRESSED = 0x70, COMPRESSED = 0x80 };
/* Bits of a compressed header: which numbers changed. Two sets that make no sense stand for common changes. */
enum { NEW_U = 0x01, NEW_W = 0x02, NEW_A = 0x04, NEW_S = 0x08, NEW_I = 0x20, NEW_C = 0x40, SPECIALS = 0x0f,
	ECHOED = NEW_S | NEW_W | NEW_U, ONE_WAY = NEW_S | NEW_A | NEW_W | NEW_U };

static const struct name directions[] = { { DIR_IN, "in" }, { DIR_OUT, "out" }, { 0, NULL } };

enum { F_DIRECTION, F_TYPE };
static const struct field F[] = {
	[F_DIRECTION] = { "slip.direction", U8, .names = directions, .help = "Direction" },
	[F_TYPE] = { "slip.type", U8, .help = "First byte on the line: how the TCP header was compressed" },
};

extern const struct proto proto_slip;

/*
 * A compressed header only tells changes; what they changed is remembered by direction and connection: the length of
 * the data last sent. And the connection that was named last.
 */
static uint32_t *
memory(struct dis *d, bool connection, unsigned direction, unsigned number)
{
	const uint8_t key[] = { 's', 'l', 'i', 'p', connection, (uint8_t)direction, (uint8_t)number };
	bool fresh;

	return conv_at(d, key, sizeof key, true, &fresh);
}

static unsigned
last_connection(struct dis *d)
{
	uint32_t *last = memory(d, true, 0, 0);

	/* Kept plus one; until one is named it is 255. */
	return last && *last ? *last - 1 : 255;
}

static void
remember_connection(struct dis *d, unsigned number)
{
	uint32_t *last = memory(d, true, 0, 0);

	if (last)
		*last = number + 1;
}

/* Length of the data behind the IP and TCP headers at ip, kept for the connection; false when those are cut short. */
static bool
remember_length(struct dis *d, const uint8_t *ip, uint32_t len, unsigned direction, uint32_t *data)
{
	uint32_t *kept, words;

	if (!have(d, ip, IP_MIN))
		return false;
	words = ip[0] & 0x0f;
	if (!have(d, ip + words * 4, TCP_MIN))
		return false;
	words += ip[words * 4 + 12] >> 4;
	*data = len - words * 4;
	kept = memory(d, false, direction, last_connection(d));
	if (kept)
		*kept = *data;
	return true;
}

/*
 * A change of 1 byte, or of 2 behind a 0. As in tcpdump the 1 byte is looked at and not stepped over, so that what is
 * behind it is taken from there too.
 */
static const uint8_t *
text_change(struct dis *d, const char *label, const uint8_t *p)
{
	unsigned n = u8(d, p);

	if (n == 0) {
		n = be16(d, p + 1);
		p += 3;
	}
	text(d, label), text_u(d, n);
	return p;
}

static const uint8_t *
text_window(struct dis *d, const uint8_t *p)
{
	int n = u8(d, p);

	if (n == 0) {
		n = (int16_t)be16(d, p + 1);
		p += 3;
	}
	text(d, n >= 0 ? " W+" : " W"), text_i(d, n);
	return p;
}

static bool
compressed(struct dis *d, const uint8_t *line, const uint8_t *ip, uint32_t len, unsigned direction)
{
	const uint8_t *p = line;
	unsigned bits = u8(d, p++);
	uint32_t *kept, data;

	if (bits & NEW_C) {
		unsigned number = u8(d, p++);

		remember_connection(d, number);
		text(d, "ctcp "), text_u(d, number);
	} else {
		text(d, "ctcp *");
	}
	p += 2;		/* TCP's checksum */
	kept = memory(d, false, direction, last_connection(d));
	switch (bits & SPECIALS) {
	case ECHOED:
		text(d, " *SA+"), text_u(d, kept ? *kept : 0);
		break;
	case ONE_WAY:
		text(d, " *S+"), text_u(d, kept ? *kept : 0);
		break;
	default:
		if (bits & NEW_U)
			p = text_change(d, " U=", p);
		if (bits & NEW_W)
			p = text_window(d, p);
		if (bits & NEW_A)
			p = text_change(d, " A+", p);
		if (bits & NEW_S)
			p = text_change(d, " S+", p);
	}
	if (bits & NEW_I)
		p = text_change(d, " I+", p);
	if (!remember_length(d, ip, len, direction, &data))
		return false;
	text_char(d, ' '), text_u(d, data);
	text(d, " ("), text_u(d, (uint64_t)(p - line)), text_char(d, ')');
	return true;
}

/* The pseudo-header; false when the packet was cut too early. */
static bool
text_header(struct dis *d, const uint8_t *p, const uint8_t *ip, uint32_t len)
{
	unsigned direction = p[DIRECTION], type = p[LINE];
	uint32_t data;

	if (direction == DIR_IN) {
		text(d, "I ");
	} else if (direction == DIR_OUT) {
		text(d, "O ");
	} else {
		text(d, "Invalid direction "), text_u(d, direction), text_char(d, ' ');
		direction = DIR_WRONG;
	}
	switch (type & TYPE_MASK) {
	case TYPE_IP:
		text(d, "ip "), text_u(d, len + HEADER), text(d, ": ");
		return true;
	case TYPE_UNCOMPRESSED:
		/* The connection's number is where the protocol is in an IP header. */
		remember_connection(d, p[LINE + 9]);
		text(d, "utcp "), text_u(d, p[LINE + 9]), text(d, ": ");
		return direction == DIR_WRONG || remember_length(d, ip, len, direction, &data);
	}
	if (direction == DIR_WRONG)
		return true;
	if (type & COMPRESSED) {
		if (!compressed(d, p + LINE, ip, len, direction))
			return false;
		text(d, ": ");
	} else {
		text(d, "slip-"), text_u(d, type), text(d, "!: ");
	}
	return true;
}

static bool
enter_slip(struct dis *d, const uint8_t *p, uint32_t len, const char *name)
{
	enter(d, &proto_slip);
	mark(d, name);
	if (!have(d, p, HEADER) || len < HEADER)
		dis_leave(d);
	put_field(d, &F[F_DIRECTION], p + DIRECTION, 1);
	put_field(d, &F[F_TYPE], p + LINE, 1);
	link_header(d, HEADER);
	return true;
}

static void
slip(struct dis *d, const uint8_t *p, uint32_t len)
{
	const uint8_t *ip = p + HEADER;
	unsigned version;

	if (!enter_slip(d, p, len, "slip"))
		return;
	len -= HEADER;
	if (d->e && !text_header(d, p, ip, len)) {
		text_trunc(d);
		link_header(d, left(d, p));
		return;
	}
	version = u8(d, ip) >> 4;
	if (version == 4)
		next(d, D_ETHERTYPE, ETH_IP, ip, len);
	else if (version == 6)
		next(d, D_ETHERTYPE, ETH_IPV6, ip, len);
	else
		text(d, "ip v"), text_u(d, version);
}

const struct proto proto_slip = PROTO("slip", "slip", "Serial Line IP", slip, F);

/* BSD/OS has other things in those 16 bytes. */
static void
slip_bsdos(struct dis *d, const uint8_t *p, uint32_t len)
{
	if (enter_slip(d, p, len, "slip_bsdos"))
		next(d, D_ETHERTYPE, ETH_IP, p + HEADER, len - HEADER);
}

const struct proto proto_slip_bsdos = PROTO_NO_FIELDS("slip", "slip_bsdos", "SLIP of BSD/OS", slip_bsdos);
