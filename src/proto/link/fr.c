/*
 * Frame Relay: the Q.922 address, and what RFC 2427 or Cisco puts behind it. Multilink Frame Relay: the frames of
 * FRF.16 between two ends of a bundle, and the fragments of FRF.15 inside a virtual circuit.
 */
#include "dissect/dissect.h"

/* A Q.922 address has two to four bytes; only the last has its lowest bit set. */
enum { ADDRESS_MAX = 4, LAST = 0x01, UI = 0x03, FRAME_MIN = 4 };
/* Flags of struct address. */
enum { CR = 0x200, FECN = 0x08, BECN = 0x04, DE = 0x02, DL_CORE = 0x20 };

static const struct name flags[] = {
	{ CR, "C!" }, { DE, "DE" }, { BECN, "BECN" }, { FECN, "FECN" }, { DL_CORE, "sdlcore" }, { 0, NULL }
};

enum { F_DLCI, F_CR, F_FECN, F_BECN, F_DE, F_CONTROL, F_NLPID, F_TYPE };
static const struct field F[] = {
	[F_DLCI] = { "fr.dlci", U32, .help = "Data link connection identifier" },
	[F_CR] = { "fr.cr", BOOL, .mask = 0x02, .help = "Command or response" },
	[F_FECN] = { "fr.fecn", BOOL, .mask = FECN, .help = "Forward explicit congestion notification" },
	[F_BECN] = { "fr.becn", BOOL, .mask = BECN, .help = "Backward explicit congestion notification" },
	[F_DE] = { "fr.de", BOOL, .mask = DE, .help = "Discard eligible" },
	[F_CONTROL] = { "fr.control", U8, .help = "Control field" },
	[F_NLPID] = { "fr.nlpid", U8, .names = nlpid_names, .help = "Network layer protocol identifier" },
	[F_TYPE] = { "fr.chdlctype", U16, .names = ethertype_names, .help = "EtherType, as Cisco sends it" },
};

extern const struct proto proto_fr, proto_fr_link, proto_mfr, proto_mfr_link, proto_frf15;

struct address {
	uint32_t dlci, len;
	unsigned flags;
};

enum address_is { WHOLE, WRONG, CUT };

static enum address_is
read_address(const struct dis *d, const uint8_t *p, uint32_t len, struct address *a)
{
	uint32_t n = 0;

	do {
		if (n >= len || !have(d, p + n, 1))
			return CUT;
	} while (!(p[n++] & LAST) && n < ADDRESS_MAX);
	if (n < 2 || !(p[n - 1] & LAST))
		return WRONG;
	a->len = n;
	a->dlci = (uint32_t)(p[0] >> 2) << 4 | p[1] >> 4;
	a->flags = (p[0] & 0x02u) << 8 | (p[1] & (FECN | BECN | DE));
	if (n == ADDRESS_MAX)
		a->dlci = a->dlci << 7 | p[2] >> 1;
	if (n > 2) {
		a->dlci = a->dlci << 6 | p[n - 1] >> 2;
		a->flags |= (p[n - 1] & 0x02u) << 4;
	}
	return WHOLE;
}

static void
put_address(struct dis *d, const uint8_t *p, const struct address *a)
{
	put_value(d, &F[F_DLCI], a->dlci);
	put_field(d, &F[F_CR], p, 1);
	put_field(d, &F[F_FECN], p + 1, 1);
	put_field(d, &F[F_BECN], p + 1, 1);
	put_field(d, &F[F_DE], p + 1, 1);
}

/* protocol is an NLPID, or an EtherType where it is larger than those. */
static void
text_header(struct dis *d, const struct address *a, uint32_t header, unsigned protocol, uint32_t len)
{
	text(d, "Q.922, ");
	if (!d->q)
		text(d, "hdr-len "), text_u(d, header), text(d, ", ");
	text(d, "DLCI "), text_u(d, a->dlci);
	if (!d->q) {
		text(d, ", Flags [");
		text_bits(d, flags, a->flags, ", ", "none");
		text(d, protocol > 0xff ? "], cisco-ethertype " : "], NLPID ");
		text_name(d, protocol > 0xff ? ethertype_names : nlpid_names, protocol, "unknown");
		text(d, " (0x"), text_x(d, protocol, protocol > 0xff ? 4 : 2), text_char(d, ')');
	}
	text(d, ", length "), text_u(d, len), text(d, ": ");
}

/* What the NLPID leads to; frame and whole are the header and all. */
static void
payload(struct dis *d, const struct address *a, unsigned nlpid, const uint8_t *p, uint32_t len, uint32_t header)
{
	bool said = d->e > 0;

	switch (nlpid) {
	case NLPID_IPV4:
		next(d, D_ETHERTYPE, ETH_IP, p, len);
		return;
	case NLPID_IPV6:
		next(d, D_ETHERTYPE, ETH_IPV6, p, len);
		return;
	case NLPID_PPP:
		next(d, D_INTERNAL, IN_PPP, p, len);
		return;
	case NLPID_CLNP:
	case NLPID_ESIS:
	case NLPID_ISIS:
		/* Those look at their NLPID themselves. */
		next(d, D_INTERNAL, IN_ISOCLNS, p - 1, len + 1);
		return;
	case NLPID_SNAP:
		d->refused = false;
		next(d, D_INTERNAL, IN_SNAP, p, len);
		if (d->refused) {
			if (!said)
				text_header(d, a, header, nlpid, len + header);
			text_default(d, p - header, len + header);
		}
		return;
	default:
		if (next(d, D_NLPID, nlpid, p, len))
			return;
		if (!said)
			text_header(d, a, a->len, nlpid, len + header);
		if (!d->style->x)
			text_dump_hex_ascii(d, "\n\t", p, len, 0);
	}
}

/*
 * An EtherType straight behind the address (Cisco's way) if there is one that is known. The link header's length, or
 * 0 when it was none, which has been said.
 */
static uint32_t
cisco(struct dis *d, const uint8_t *p, uint32_t len, const struct address *a)
{
	uint32_t header = a->len + 2;
	unsigned type;

	if (len >= header && have(d, p, header)) {
		type = raw16(p + a->len);
		if (d->e)
			text_header(d, a, a->len, type, len);
		if (has_next(d, D_ETHERTYPE, type))
			put_field(d, &F[F_TYPE], p + a->len, 2);
		if (next(d, D_ETHERTYPE, type, p + header, len - header))
			return header;
	}
	text(d, "UI "), text_x(d, p[a->len], 2), text(d, "! ");
	return 0;
}

/* A frame without its flags and checksum. */
static void
fr(struct dis *d, const uint8_t *p, uint32_t len)
{
	struct address a;
	uint32_t header;

	enter(d, &proto_fr);
	d->inner_link = 0;
	switch (read_address(d, p, len, &a)) {
	case WRONG:
		text(d, "Q.922, invalid address");
		return;
	case CUT:
		text_trunc(d);
		return;
	case WHOLE:
		break;
	}
	if (d->sink)
		put_address(d, p, &a);
	header = a.len + 1;
	if (len < header || !have(d, p, header)) {
		text_trunc(d);
		return;
	}
	/* Circuit 0 is the local management interface's, which always has a control field. */
	if (p[a.len] != UI && a.dlci != 0) {
		uint32_t n = cisco(d, p, len, &a);

		if (n) {
			link_header(d, n);
			return;
		}
	}
	put_field(d, &F[F_CONTROL], p + a.len, 1);
	if (len < header + 1 || !have(d, p, header + 1)) {
		text_trunc(d);
		return;
	}
	/* A byte of padding makes the header even: it belongs behind addresses of three bytes only (RFC 2427, 3.). */
	if (p[header] == 0) {
		if (a.len != 3)
			text(d, "Pad! ");
		header++;
	} else if (a.len == 3) {
		text(d, "No pad! ");
	}
	header++;
	if (len < header || !have(d, p, header)) {
		text_trunc(d);
		return;
	}
	put_field(d, &F[F_NLPID], p + header - 1, 1);
	if (d->e)
		text_header(d, &a, a.len, p[header - 1], len);
	payload(d, &a, p[header - 1], p + header, len - header, header);
	link_header(d, header);
}

const struct proto proto_fr = PROTO("fr", "fr", "Frame Relay", fr, F);

/* DLT_FRELAY. */
static void
fr_link(struct dis *d, const uint8_t *p, uint32_t len)
{
	mark(d, "fr");
	if (!have(d, p, FRAME_MIN)) {
		text_trunc(d);
		link_header(d, left(d, p));
		return;
	}
	link_header(d, 0);
	if (next(d, D_INTERNAL, IN_FR, p, len))
		link_header(d, d->inner_link);
}

const struct proto proto_fr_link = PROTO_NO_FIELDS("fr", "fr", "Frame Relay", fr_link);

/* FRF.16.1 section 3: which part of a frame it is, or a message between the two ends. */
enum { BEGIN = 0x80, END = 0x40, CONTROL = 0x20, PART = BEGIN | END | CONTROL };

static const struct name parts[] = { { BEGIN, "Begin" }, { END, "End" }, { CONTROL, "Control" }, { 0, NULL } };

static const struct name messages[] = {
	{ 1, "Add Link" }, { 2, "Add Link ACK" }, { 3, "Add Link Reject" }, { 4, "Hello" }, { 5, "Hello ACK" },
	{ 6, "Remove Link" }, { 7, "Remove Link ACK" }, { 0, NULL }
};

enum { IE_BUNDLE = 1, IE_LINK, IE_MAGIC, IE_TIMESTAMP = 5, IE_VENDOR, IE_CAUSE, IE_HEADER = 2, NAME_MAX = 50, STAMP_MAX = 14 };
static const struct name elements[] = {
	{ IE_BUNDLE, "Bundle ID" }, { IE_LINK, "Link ID" }, { IE_MAGIC, "Magic Number" }, { IE_TIMESTAMP, "Timestamp" },
	{ IE_VENDOR, "Vendor Extension" }, { IE_CAUSE, "Cause" }, { 0, NULL }
};

enum { M_MESSAGE, M_SEQUENCE, M_BUNDLE, M_LINK, M_MAGIC };
static const struct field M[] = {
	[M_MESSAGE] = { "mfr.msg_type", U8, .names = messages, .help = "Message of a link's control" },
	[M_SEQUENCE] = { "mfr.sequence", U16, .help = "Sequence number of the fragment" },
	[M_BUNDLE] = { "mfr.ie.bundle_id", STR, .help = "Bundle's name" },
	[M_LINK] = { "mfr.ie.link_id", STR, .help = "Link's name" },
	[M_MAGIC] = { "mfr.ie.magic", U32, .help = "Magic number, to notice loops" },
};

static inline unsigned
sequence_of(const uint8_t *p)
{
	return (p[0] & 0x1eu) << 7 | p[1];
}

static void
text_parts(struct dis *d, unsigned bits)
{
	text(d, ", Flags [");
	text_bits(d, parts, bits & PART, ", ", "none");
	text_char(d, ']');
}

/* One information element without its header. */
static void
element(struct dis *d, unsigned type, const uint8_t *p, uint32_t n)
{
	bool dump = d->v > 1;

	switch (type) {
	case IE_MAGIC:
		if (n != 4) {
			text(d, "[IE data length "), text_u(d, n), text(d, " != 4]");
			text_invalid(d);
			break;
		}
		put_field(d, &M[M_MAGIC], p, 4);
		text_be_x(d, "0x", p, 4, 8);
		break;
	case IE_BUNDLE:
	case IE_LINK:
		put_field(d, &M[type == IE_BUNDLE ? M_BUNDLE : M_LINK], p, n);
		text_str_pad(d, p, n < NAME_MAX ? n : NAME_MAX);
		break;
	case IE_TIMESTAMP:
		if (n > STAMP_MAX) {
			text(d, "[Timestamp IE length "), text_u(d, n), text(d, " > 14]");
			text_invalid(d);
			break;
		}
		dump = true;
		break;
	default:
		dump = true;
	}
	if (dump)
		text_unknown(d, p, "\n\t  ", n);
}

/* False when the packet ended too early. */
static bool
walk_elements(struct dis *d, const uint8_t *p, uint32_t len)
{
	while (len > IE_HEADER) {
		unsigned type;
		uint32_t n;

		if (!have(d, p, IE_HEADER))
			return false;
		type = p[0];
		n = p[1];
		text(d, "\n\tIE ");
		text_name(d, elements, type, "Unknown");
		text(d, " ("), text_u(d, type);
		text(d, "), length "), text_u(d, n), text(d, ": ");
		if (type == 0 || n <= IE_HEADER)
			return true;
		if (!have(d, p, n))
			return false;
		element(d, type, p + IE_HEADER, n - IE_HEADER);
		/* One that claims more than the frame has left lets len wrap around: what is captured ends it then. */
		len -= n;
		p += n;
	}
	return true;
}

static void
mfr_control(struct dis *d, const uint8_t *p, uint32_t len)
{
	enum { HEADER = 3 };

	put_field(d, &M[M_MESSAGE], p + 2, 1);
	text(d, "FRF.16 Control");
	text_parts(d, p[0]);
	text(d, ", ");
	text_name(d, messages, p[2], "Unknown Message (0x%02x)");
	text(d, ", length "), text_u(d, len);
	link_header(d, HEADER);
	if (d->v && !walk_elements(d, p + HEADER, len - HEADER)) {
		text_trunc(d);
		link_header(d, len);
	}
}

static void
mfr(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_mfr);
	if (len < FRAME_MIN) {
		text(d, "[length "), text_u(d, len), text(d, " < 4]");
		text_invalid(d);
		link_header(d, len);
		return;
	}
	if (!have(d, p, FRAME_MIN)) {
		text_trunc(d);
		link_header(d, len);
		return;
	}
	if ((p[0] & PART) == PART && p[1] == 0) {
		mfr_control(d, p, len);
		return;
	}
	put_value(d, &M[M_SEQUENCE], sequence_of(p));
	text(d, "FRF.16 Frag, seq "), text_u(d, sequence_of(p));
	text_parts(d, p[0]);
	if ((p[0] & (BEGIN | CONTROL)) == BEGIN) {
		text(d, ", ");
		next(d, D_INTERNAL, IN_FR, p + 2, len - 2);
		link_header(d, 2);
	} else {
		text_unknown(d, p, "\n\t", len);
		link_header(d, 0);
	}
}

const struct proto proto_mfr = PROTO("mfr", "mfr", "Multilink Frame Relay", mfr, M);

/* DLT_MFR. */
static void
mfr_link(struct dis *d, const uint8_t *p, uint32_t len)
{
	mark(d, "mfr");
	if (!have(d, p, 2)) {
		text_trunc(d);
		link_header(d, left(d, p));
		return;
	}
	d->inner_link = 0;
	if (next(d, D_INTERNAL, IN_MFR, p, len))
		link_header(d, d->inner_link);
}

const struct proto proto_mfr_link = PROTO_NO_FIELDS("mfr", "mfr", "Multilink Frame Relay", mfr_link);

/* FRF.12's header, as FRF.15 uses it: a fragment of a circuit's frame. */
static void
frf15(struct dis *d, const uint8_t *p, uint32_t len)
{
	if (d->sink)
		fields_layer(d, &proto_mfr);
	if (len < 2) {
		text_trunc(d);
		return;
	}
	need(d, p, 2);
	put_value(d, &M[M_SEQUENCE], sequence_of(p));
	text(d, "FRF.15, seq 0x"), text_x(d, sequence_of(p), 3);
	text_parts(d, p[0]);
	text(d, p[0] & LAST ? ",Interface" : ",End-to-End");
	text(d, " Fragmentation, length "), text_u(d, len);
}

const struct proto proto_frf15 = PROTO_NO_FIELDS("mfr", "fr", "Multilink Frame Relay end to end", frf15);
