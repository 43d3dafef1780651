/* Ethernet, IEEE 802.3 and RFC 894, with 802.1Q and 802.1ad tags and the 802.1AE (MACsec) header. */
#include "proto/link/ether.h"

enum { ADDRESSES = 12, HEADER = 14, TAG = 4, SECTAG = 6, SECTAG_SCI = 14, ICV = 16, ETH_MACSEC = 0x88e5, ETH_ARISTA = 0xd28b };

enum { DST, SRC, TYPE, LEN };
static const struct field F[] = {
	[DST] = { "eth.dst", MAC, .help = "Destination address" },
	[SRC] = { "eth.src", MAC, .help = "Source address" },
	[TYPE] = { "eth.type", U16, .names = ethertype_names, .help = "EtherType" },
	[LEN] = { "eth.len", U16, .help = "802.3 length" },
};

enum { PRI, DEI, ID, ETYPE };
static const struct field V[] = {
	[PRI] = { "vlan.priority", U16, .mask = 0xe000, .help = "Priority code point" },
	[DEI] = { "vlan.dei", BOOL, .mask = 0x1000, .help = "Drop eligible" },
	[ID] = { "vlan.id", U16, .mask = 0x0fff, .help = "VLAN identifier" },
	[ETYPE] = { "vlan.etype", U16, .names = ethertype_names, .help = "EtherType inside" },
};

/* Bits of the first byte of a SecTAG, 802.1AE section 9.5. */
enum { SEC_VERSION = 0x80, SEC_ES = 0x40, SEC_SC = 0x20, SEC_SCB = 0x10, SEC_E = 0x08, SEC_C = 0x04, SEC_AN = 0x03 };
static const struct name sec_flags[] = {
	{ SEC_E, "E" }, { SEC_C, "C" }, { SEC_ES, "S" }, { SEC_SCB, "B" }, { SEC_SC, "I" }, { 0, NULL }
};

enum { TCI, AN, SL, PN, SCI_SYSTEM, SCI_PORT };
static const struct field S[] = {
	[TCI] = { "macsec.TCI", U8, .mask = 0xfc, .help = "Tag control information" },
	[AN] = { "macsec.AN", U8, .mask = SEC_AN, .help = "Association number" },
	[SL] = { "macsec.SL", U8, .mask = 0x3f, .help = "Short length" },
	[PN] = { "macsec.PN", U32, .help = "Packet number" },
	[SCI_SYSTEM] = { "macsec.SCI.system_identifier", MAC, .help = "Secure channel's system" },
	[SCI_PORT] = { "macsec.SCI.port_identifier", U16, .help = "Secure channel's port" },
};

extern const struct proto proto_ether, proto_vlan, proto_macsec;

static void
text_pair(struct dis *d, const uint8_t *frame, const char *after)
{
	text_mac(d, frame + 6);
	text(d, " > ");
	text_mac(d, frame);
	text(d, after);
}

static void
text_type(struct dis *d, unsigned type)
{
	if (d->q) {
		text_name(d, ethertype_names, type, "Unknown Ethertype (0x%04x)");
		return;
	}
	text(d, "ethertype ");
	text_name(d, ethertype_names, type, "Unknown");
	text(d, " (0x"), text_x(d, type, 4), text(d, ")");
}

/* ", length 60: ", once a frame. */
static void
text_length(struct dis *d, uint32_t len)
{
	text(d, ", length "), text_u(d, len), text(d, ": ");
}

static inline bool
is_tag(unsigned type)
{
	return type == ETH_VLAN || type == ETH_QINQ || type == ETH_VLAN_9100 || type == ETH_VLAN_9200;
}

/* "vlan 7, p 3, DEI, " */
static void
text_tag(struct dis *d, unsigned tci)
{
	text(d, "vlan "), text_u(d, tci & 0xfff);
	text(d, ", p "), text_u(d, tci >> 13);
	if (tci & 0x1000)
		text(d, ", DEI");
	text(d, ", ");
}

static void
put_tag(struct dis *d, const uint8_t *p)
{
	fields_layer(d, &proto_vlan);
	put_field(d, &V[PRI], p, 2);
	put_field(d, &V[DEI], p, 2);
	put_field(d, &V[ID], p, 2);
	put_field(d, &V[ETYPE], p + 2, 2);
}

/* What is captured of len bytes at p. */
static uint32_t
rest(const struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t n = left(d, p);

	return n < len ? n : len;
}

static void
put_sectag(struct dis *d, const uint8_t *p)
{
	fields_layer(d, &proto_macsec);
	put_field(d, &S[TCI], p, 1);
	put_field(d, &S[AN], p, 1);
	put_field(d, &S[SL], p + 1, 1);
	put_field(d, &S[PN], p + 2, 4);
	if (p[0] & SEC_SC) {
		put_field(d, &S[SCI_SYSTEM], p + SECTAG, 6);
		put_field(d, &S[SCI_PORT], p + SECTAG + 6, 2);
	}
}

static void
text_sectag(struct dis *d, const uint8_t *p)
{
	text(d, "an "), text_u(d, p[0] & SEC_AN);
	text(d, ", pn "), text_u(d, raw32(p + 2));
	text(d, ", flags ");
	text_bits(d, sec_flags, p[0] & (SEC_E | SEC_C | SEC_ES | SEC_SCB | SEC_SC), "", "none");
	if (p[1])
		text(d, ", sl "), text_u(d, p[1]);
	if (p[0] & SEC_SC)
		text(d, ", sci "), text_x(d, be64(d, p + SECTAG), 16);
	text(d, ", ");
}

/*
 * The SecTAG at p. SEC_OPEN: integrity only, its payload is *skip bytes on and *len long, and reads end before the
 * ICV; SEC_CLOSED: encrypted; SEC_BAD: it makes no sense, which has been said.
 */
enum sec { SEC_OPEN, SEC_CLOSED, SEC_BAD };

static enum sec
sectag(struct dis *d, const uint8_t *frame, const uint8_t *p, uint32_t *len, uint32_t *skip)
{
	const char *was = d->mark;
	uint32_t n = rest(d, p, *len);

	mark(d, "macsec");
	if (n < SECTAG || ((p[0] & SEC_SC) && n < SECTAG_SCI)) {
		text_trunc(d);
		goto bad;
	}
	if ((p[1] & 0xc0) || (p[0] & SEC_VERSION)) {
		text_invalid(d);
		goto bad;
	}
	if (d->sink)
		put_sectag(d, p);
	if (d->e)
		text_sectag(d, p);
	*skip = p[0] & SEC_SC ? SECTAG_SCI : SECTAG;
	*len -= *skip;
	n -= *skip;
	if (p[0] & (SEC_E | SEC_C)) {
		if (!d->e) {
			text_pair(d, frame, " 802.1AE MACsec, ");
			text_sectag(d, p);
		}
		mark(d, was);
		return SEC_CLOSED;
	}
	if (n < ICV) {
		text_trunc(d);
		goto bad;
	}
	*len -= ICV;
	d->end -= ICV;
	n -= ICV;
	if (p[1]) {
		if (p[1] > *len || p[1] > n) {
			text_trunc(d);
			goto bad;
		}
		*len = p[1];
	}
	mark(d, was);
	return SEC_OPEN;
bad:
	mark(d, was);
	return SEC_BAD;
}

/* An LLC header and its payload; what it is not known for is dumped as it is. The bytes of link header in it. */
static uint32_t
llc(struct dis *d, const uint8_t *p, uint32_t len)
{
	d->inner_link = 0;
	d->refused = false;
	if (!next(d, D_INTERNAL, IN_LLC, p, len))
		d->refused = true;
	if (d->refused)
		text_default(d, p, left(d, p));
	d->refused = false;
	return d->inner_link;
}

/*
 * The time stamp that Arista's switches put in front of the EtherType: how many bytes it is long, 0 if it is of an
 * unknown kind.
 */
static uint32_t
arista(struct dis *d, const uint8_t *p)
{
	enum { TIME_STAMP = 1, WIDE = 1, NARROW };
	static const struct name scales[] = { { 0, "TAI" }, { 1, "UTC" }, { 0, NULL } };
	static const struct name formats[] = { { WIDE, "64-bit" }, { NARROW, "48-bit" }, { 0, NULL } };
	static const struct name chips[] = { { 0, "R/R2" }, { 1, "R3" }, { 0, NULL } };
	unsigned type, v, size;
	uint32_t sec, nsec;

	mark(d, "arista");
	type = be16(d, p);
	text(d, "SubType "), text(d, type == TIME_STAMP ? "Timestamp" : "Unknown");
	text(d, " (0x"), text_x(d, type, 4), text(d, "), ");
	if (type != TIME_STAMP)
		return 0;
	v = u8(d, p + 2);
	text(d, "Timescale ");
	text_name(d, scales, v, "Unknown");
	text(d, " ("), text_u(d, v), text(d, "), ");
	v = u8(d, p + 3);
	text(d, "Format ");
	text_name(d, formats, v >> 4, "Unknown");
	text(d, " ("), text_u(d, v >> 4), text(d, "), HwInfo ");
	text_name(d, chips, v & 15, "Unknown");
	text(d, " ("), text_u(d, v & 15), text(d, "), Timestamp ");
	if (v >> 4 != WIDE && v >> 4 != NARROW)
		return 0;
	size = v >> 4 == WIDE ? 4 : 2;
	sec = (uint32_t)be_n(d, p + 4, size);
	nsec = be32(d, p + 4 + size);
	sec += nsec / 1000000000;
	nsec %= 1000000000;
	if (size == 4)
		text_time(d, "%Y-%m-%d %H:%M:%S", sec, true);
	else
		text_u(d, sec);
	text_fmt(d, ".%09u", nsec);
	text(d, ": ");
	return 4 + size + 4;
}

/* Where a walk over a frame's types is. */
struct at {
	const uint8_t *frame, *p;	/* the addresses; behind the type */
	uint32_t whole, len;		/* the frame's length; what is left of it from p on */
	unsigned type;
	bool said;			/* its length was said */
	bool short_data;		/* a security tag says how much is data: less than there is */
};

static void
text_type_once(struct dis *d, struct at *at)
{
	text_type(d, at->type);
	if (at->said)
		text(d, ", ");
	else
		text_length(d, at->whole);
	at->said = true;
}

/* How a step along the types ended. */
enum step { ON, DONE };

/* The 802.1AE header; when DONE, *header is the link header's length. */
static enum step
skip_macsec(struct dis *d, struct at *at, uint32_t *header)
{
	uint32_t captured = left(d, at->frame), skip;

	if (d->e) {
		text_type(d, at->type);
		text_length(d, at->whole);
		at->said = true;
	}
	at->short_data = have(d, at->p, 2) && at->p[1];
	switch (sectag(d, at->frame, at->p, &at->len, &skip)) {
	case SEC_BAD:
		*header = captured;
		return DONE;
	case SEC_CLOSED:
		at->p += skip;
		text_default(d, at->p, left(d, at->p));
		*header = (uint32_t)(at->p - at->frame);
		return DONE;
	case SEC_OPEN:
		at->p += skip;
		if (at->short_data && at->len < 2 && have(d, at->p, 2)) {
			text(d, " [caplen "), text_u(d, at->len), text(d, " < 2]");
			*header = (uint32_t)(at->p - at->frame);
			return DONE;
		}
		at->type = be16(d, at->p);
		at->p += 2;
		at->len -= 2;
		break;
	}
	return ON;
}

static enum step
skip_tags(struct dis *d, struct at *at, uint32_t *header)
{
	while (is_tag(at->type)) {
		if (at->len < TAG || !have(d, at->p, TAG)) {
			mark(d, "vlan");
			text_trunc(d);
			*header = (uint32_t)(at->p - at->frame) + rest(d, at->p, at->len);
			return DONE;
		}
		if (d->sink)
			put_tag(d, at->p);
		if (d->e) {
			text_type_once(d, at);
			text_tag(d, raw16(at->p));
		}
		at->type = raw16(at->p + 2);
		at->p += TAG;
		at->len -= TAG;
	}
	return ON;
}

static enum step
skip_arista(struct dis *d, struct at *at, uint32_t *header)
{
	uint32_t n;

	if (at->len < 2 || !have(d, at->p, 2)) {
		text(d, "[|arista]");
		*header = (uint32_t)(at->p - at->frame) + rest(d, at->p, at->len);
		return DONE;
	}
	text_type(d, at->type);
	text_length(d, at->whole);
	n = arista(d, at->p);
	if (n == 0) {
		if (!d->e) {
			text_pair(d, at->frame, ", ");
			text_type(d, at->type);
			text_length(d, at->whole);
		}
		text_default(d, at->p, left(d, at->p));
		*header = (uint32_t)(at->p - at->frame);
		return DONE;
	}
	at->p += n;
	at->type = be16(d, at->p);
	at->p += 2;
	at->len -= n + 2 < at->len ? n + 2 : at->len;
	at->said = false;
	return ON;
}

/* What the final length or type leads to. The link header's length. */
static uint32_t
payload(struct dis *d, struct at *at)
{
	const uint8_t *p = at->p;

	if (at->type <= ETH_LENGTH_MAX) {
		if (at->type < at->len)
			at->len = at->type;
		narrow(d, p, at->len);
		if (d->e) {
			text(d, "802.3");
			if (!at->said)
				text_length(d, at->len);
		}
		return (uint32_t)(p - at->frame) + llc(d, p, at->len);
	}
	if (at->type == ETH_JUMBO)
		return (uint32_t)(p - at->frame) + llc(d, p, at->len);
	if (d->e)
		text_type_once(d, at);
	if (!next(d, D_ETHERTYPE, at->type, p, at->len)) {
		if (!d->e) {
			text_pair(d, at->frame, ", ");
			text_type(d, at->type);
			text_length(d, at->whole);
		}
		text_default(d, p, at->short_data ? rest(d, p, at->len) : left(d, p));
	}
	return (uint32_t)(p - at->frame);
}

/* A whole frame, whose addresses and type are captured. The link header's length. */
static uint32_t
walk_frame(struct dis *d, const uint8_t *frame, uint32_t len, uint32_t tag, ether_tag_text *text_switch_tag)
{
	struct at at = { frame, frame + HEADER + tag, len, len - HEADER - tag, raw16(frame + ADDRESSES + tag), false,
		false };
	uint32_t header;

	if (d->e)
		text_pair(d, frame, ", ");
	if (text_switch_tag)
		text_switch_tag(d, frame + ADDRESSES);
	for (;;) {
		if (at.type == ETH_MACSEC && skip_macsec(d, &at, &header) == DONE)
			return header;
		if (skip_tags(d, &at, &header) == DONE)
			return header;
		if (at.type != ETH_ARISTA)
			return payload(d, &at);
		if (skip_arista(d, &at, &header) == DONE)
			return header;
	}
}

void
ether_walk(struct dis *d, const uint8_t *p, uint32_t len, uint32_t tag, ether_tag_text *text_switch_tag)
{
	static const struct field_place places[] = { { DST, 0, 6 }, { SRC, 6, 6 } };
	const uint8_t *bound = d->end;
	unsigned type;

	/* A tunnel that says less than there is. */
	if (len < left(d, p)) {
		text_fmt(d, "[length %u < caplen %u]", len, left(d, p));
		text_invalid(d);
		link_header(d, len);
		return;
	}
	if (len < HEADER + tag || !have(d, p, HEADER + tag)) {
		text_trunc(d);
		link_header(d, rest(d, p, len));
		return;
	}
	put_header_fields(d, F, places, p);
	d->mac_dst = p;
	d->mac_src = p + 6;
	type = raw16(p + ADDRESSES + tag);
	put_field(d, &F[type <= ETH_LENGTH_MAX ? LEN : TYPE], p + ADDRESSES + tag, 2);
	link_header(d, walk_frame(d, p, len, tag, text_switch_tag));
	widen(d, bound);
}

static void
ether(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_ether);
	ether_walk(d, p, len, 0, NULL);
}

const struct proto proto_ether = PROTO("eth", "ether", "Ethernet", ether, F);
const struct proto proto_vlan = PROTO("vlan", "vlan", "802.1Q Virtual LAN", ether, V);
const struct proto proto_macsec = PROTO("macsec", "macsec", "802.1AE Security Tag", ether, S);
