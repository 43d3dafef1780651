/* Connectionless Network Protocol, ISO 8473. */
#include "proto/routing/osi.h"

enum { HEADER = 9, SEGMENT = 6, DEPTH_MAX = 100 };
enum { ERROR_REPORT = 1, DATA = 28, MD = 29, ECHO_REQUEST = 30, ECHO_RESPONSE = 31 };
static const struct name types[] = {
	{ ERROR_REPORT, "Error Report" }, { DATA, "Data" }, { MD, "MD" }, { ECHO_REQUEST, "Echo Request" },
	{ ECHO_RESPONSE, "Echo Response" }, { 0, NULL }
};
static const struct name flags[] = {
	{ 0x80, "Segmentation permitted" }, { 0x40, "more Segments" }, { 0x20, "request Error Report" }, { 0, NULL }
};

enum {
	OPT_DISCARD = 193, OPT_QOS = 195, OPT_SECURITY = 197, OPT_SOURCE_ROUTE = 200, OPT_RECORD_ROUTE = 203, OPT_PADDING = 204,
	OPT_PRIORITY = 205,
};
static const struct name options[] = {
	{ OPT_DISCARD, "Discard Reason" }, { OPT_QOS, "QoS Maintenance" }, { OPT_SECURITY, "Security" },
	{ OPT_SOURCE_ROUTE, "Source Routing" }, { OPT_RECORD_ROUTE, "Route Recording" }, { OPT_PADDING, "Padding" },
	{ OPT_PRIORITY, "Priority" }, { 0, NULL }
};
static const struct name route_kinds[] = {
	{ OPT_SOURCE_ROUTE, "source routing" }, { OPT_RECORD_ROUTE, "recording of route in progress" }, { 0, NULL }
};
static const struct name wholeness[] = { { 0, "partial" }, { 1, "complete" }, { 0, NULL } };

enum { SCOPE = 0xc0 };
static const struct name scopes[] = {
	{ 0x40, "Source Address Specific" }, { 0x80, "Destination Address Specific" }, { SCOPE, "Globally unique" }, { 0, NULL }
};
static const struct name qos_flags[] = {
	{ 0x20, "reserved" }, { 0x10, "sequencing vs. delay" }, { 0x08, "congested" }, { 0x04, "delay vs. cost" },
	{ 0x02, "error vs. delay" }, { 0x01, "error vs. cost" }, { 0, NULL }
};

/* Why a packet was discarded: class in the upper four bits, section 7.9.5. */
static const struct name reason_classes[] = {
	{ 0x0, "General" }, { 0x8, "Address" }, { 0x9, "Source Routeing" }, { 0xa, "Lifetime" }, { 0xb, "PDU Discarded" },
	{ 0xc, "Reassembly" }, { 0, NULL }
};
static const struct name reasons[] = {
	{ 0x00, "Reason not specified" }, { 0x01, "Protocol procedure error" }, { 0x02, "Incorrect checksum" },
	{ 0x03, "PDU discarded due to congestion" }, { 0x04, "Header syntax error (cannot be parsed)" },
	{ 0x05, "Segmentation needed but not permitted" }, { 0x06, "Incomplete PDU received" },
	{ 0x07, "Duplicate option" }, { 0x80, "Destination address unreachable" }, { 0x81, "Destination address unknown" },
	{ 0x90, "Unspecified source routeing error" }, { 0x91, "Syntax error in source routeing field" },
	{ 0x92, "Unknown address in source routeing field" }, { 0x93, "Path not acceptable" },
	{ 0xa0, "Lifetime expired while data unit in transit" }, { 0xa1, "Lifetime expired during reassembly" },
	{ 0xb0, "Unsupported option not specified" }, { 0xb1, "Unsupported protocol version" },
	{ 0xb2, "Unsupported security option" }, { 0xb3, "Unsupported source routeing option" },
	{ 0xb4, "Unsupported recording of route option" }, { 0xc0, "Reassembly interference" }, { 0, NULL }
};

enum {
	F_LEN, F_VERSION, F_TTL, F_TYPE, F_SEGMENTS, F_MORE, F_REPORT, F_PDU_LEN, F_CHECKSUM, F_DEST_LEN, F_DEST, F_SRC_LEN,
	F_SRC, F_UNIT, F_OFFSET, F_TOTAL, F_OPTION,
};
static const struct field F[] = {
	[F_LEN] = { "clnp.len", U8, .help = "Length of the header" },
	[F_VERSION] = { "clnp.version", U8, .help = "Version" },
	[F_TTL] = { "clnp.ttl", U8, .help = "Holding time in half seconds" },
	[F_TYPE] = { "clnp.type", U8, .mask = 0x1f, .names = types, .help = "Type" },
	[F_SEGMENTS] = { "clnp.cnf.segmentation", BOOL, .mask = 0x80, .help = "May be cut into segments" },
	[F_MORE] = { "clnp.cnf.more_segments", BOOL, .mask = 0x40, .help = "More segments follow" },
	[F_REPORT] = { "clnp.cnf.report_error", BOOL, .mask = 0x20, .help = "An error report is wanted" },
	[F_PDU_LEN] = { "clnp.pdu.len", U16, .help = "Length of the segment" },
	[F_CHECKSUM] = { "clnp.checksum", U16, .help = "Checksum" },
	[F_DEST_LEN] = { "clnp.dlen", U8, .help = "Length of the destination address" },
	[F_DEST] = { "clnp.dsap", BYTES, .help = "Destination address" },
	[F_SRC_LEN] = { "clnp.slen", U8, .help = "Length of the source address" },
	[F_SRC] = { "clnp.ssap", BYTES, .help = "Source address" },
	[F_UNIT] = { "clnp.data_unit_identifier", U16, .help = "Data unit the segment belongs to" },
	[F_OFFSET] = { "clnp.segment_offset", U16, .help = "Offset of the segment" },
	[F_TOTAL] = { "clnp.total_length", U16, .help = "Length of the whole" },
	[F_OPTION] = { "clnp.opt.code", U8, .names = options, .help = "Option" },
};

extern const struct proto proto_clnp;

/* Whether the packet was understood, refused (its bytes are shown then), or cut short. */
enum outcome { GOOD, REFUSED, CUT };

/* Addresses of a source route, or of a route recorded so far. tcpdump does not step from one to the next. */
static void
text_route(struct dis *d, unsigned op, const uint8_t *p, unsigned n)
{
	unsigned at = p[1];

	text_name(d, wholeness, p[0], "Unknown");
	text_char(d, ' ');
	text_name(d, route_kinds, op, "Unknown Option %u");
	if (at == 0) {
		text(d, " Bad NSAP offset (0)");
		return;
	}
	at--;
	if (at > n) {
		text(d, " Bad NSAP offset (past end of option)");
		return;
	}
	p += at;
	for (n -= at; n; ) {
		unsigned len = u8(d, p);

		if (n < len + 1) {
			text(d, "\n\t    NSAP address goes past end of option");
			return;
		}
		if (len) {
			need(d, p + 1, len);
			text(d, "\n\t    NSAP address (length "), text_u(d, len);
			text(d, "): "), text_nsap(d, p + 1, len);
		}
		n -= len + 1;
	}
}

/* The value of an option, n captured bytes; false when they are too few. */
static bool
text_option(struct dis *d, unsigned op, const uint8_t *p, unsigned n)
{
	unsigned min = op == OPT_SOURCE_ROUTE || op == OPT_RECORD_ROUTE || op == OPT_SECURITY ? 2 :
	    op == OPT_PRIORITY || op == OPT_QOS || op == OPT_DISCARD ? 1 : 0;

	if (n < min) {
		text(d, ", bad opt len");
		return false;
	}
	switch (op) {
	case OPT_SOURCE_ROUTE:
	case OPT_RECORD_ROUTE:
		text_route(d, op, p, n);
		break;
	case OPT_PRIORITY:
		text(d, "0x"), text_x(d, *p & 0x0f, 1);
		break;
	case OPT_QOS:
		text(d, "\n\t    Format Code: "), text_name(d, scopes, *p & SCOPE, "Reserved");
		if ((*p & SCOPE) == SCOPE) {
			text(d, "\n\t    QoS Flags [");
			text_bits(d, qos_flags, *p & 0x3f, ", ", "none");
			text_char(d, ']');
		}
		break;
	case OPT_SECURITY:
		text(d, "\n\t    Format Code: "), text_name(d, scopes, *p & SCOPE, "Reserved");
		text(d, ", Security-Level "), text_u(d, p[1]);
		break;
	case OPT_DISCARD:
		text(d, "\n\t    Class: "), text_name(d, reason_classes, *p >> 4, "Unknown");
		text(d, " Error (0x"), text_x(d, *p >> 4, 1);
		text(d, "), "), text_name(d, reasons, *p, "Unknown");
		text(d, " (0x"), text_x(d, *p & 0x0f, 1), text_char(d, ')');
		break;
	case OPT_PADDING:
		text(d, "padding data");
		break;
	default:
		text_unknown(d, p, "\n\t  ", n);
		break;
	}
	return true;
}

static enum outcome
text_options(struct dis *d, const uint8_t **at, unsigned len)
{
	const uint8_t *p = *at;

	while (len) {
		unsigned op, n;

		if (len < 2) {
			text(d, ", bad opts/li");
			return REFUSED;
		}
		op = u8(d, p);
		n = u8(d, p + 1);
		p += 2;
		len -= 2;
		if (n > len) {
			text(d, ", opt ("), text_u(d, op), text(d, ") too long");
			return REFUSED;
		}
		if (!have(d, p, n))
			return CUT;
		put_field(d, &F[F_OPTION], p - 2, 1);
		len -= n;
		text(d, "\n\t  "), text_name(d, options, op, "Unknown");
		text(d, " Option #"), text_u(d, op);
		text(d, ", length "), text_u(d, n);
		text(d, ", value: ");
		if (!text_option(d, op, p, n))
			return REFUSED;
		if (d->v > 1)
			text_unknown(d, p, "\n\t  ", n);
		p += n;
	}
	*at = p;
	return GOOD;
}

/* One address behind its length. *left counts the header down. */
static enum outcome
read_address(struct dis *d, const uint8_t **p, unsigned *left_of, const uint8_t **addr, unsigned *n)
{
	if (*left_of >= 1) {
		*n = u8(d, *p);
		*p += 1;
		*left_of -= 1;
		if (*left_of >= *n) {
			*addr = *p;
			*p += *n;
			*left_of -= *n;
			return have(d, *addr, *n) ? GOOD : CUT;
		}
	}
	text(d, "li < size of fixed part of CLNP header and addresses");
	return REFUSED;
}

static enum outcome
walk(struct dis *d, const uint8_t *p, uint32_t len, unsigned depth)
{
	const uint8_t *header = p, *src, *dst;
	unsigned hlen, rest, type, src_len, dst_len;
	enum outcome o;

	mark(d, "clnp");
	if (!have(d, p, HEADER))
		return CUT;
	hlen = rest = p[1];
	type = p[4] & 0x1f;
	if (!d->e)
		text(d, "CLNP");
	if (p[2] != 1) {
		text(d, "version "), text_u(d, p[2]), text(d, " packet not supported");
		return REFUSED;
	}
	if (hlen > len) {
		text(d, " length indicator("), text_u(d, hlen);
		text(d, ") > PDU size ("), text_u(d, len), text(d, ")!");
		return REFUSED;
	}
	if (hlen < HEADER) {
		osi_text_short(d, p, hlen);
		return REFUSED;
	}
	put_field(d, &F[F_LEN], p + 1, 1);
	put_field(d, &F[F_VERSION], p + 2, 1);
	put_field(d, &F[F_TTL], p + 3, 1);
	put_field(d, &F[F_TYPE], p + 4, 1);
	put_field(d, &F[F_SEGMENTS], p + 4, 1);
	put_field(d, &F[F_MORE], p + 4, 1);
	put_field(d, &F[F_REPORT], p + 4, 1);
	put_field(d, &F[F_PDU_LEN], p + 5, 2);
	put_field(d, &F[F_CHECKSUM], p + 7, 2);
	p += HEADER;
	rest -= HEADER;
	if ((o = read_address(d, &p, &rest, &dst, &dst_len)) != GOOD ||
	    (o = read_address(d, &p, &rest, &src, &src_len)) != GOOD)
		return o;
	put_field(d, &F[F_DEST_LEN], dst - 1, 1);
	put_field(d, &F[F_DEST], dst, dst_len);
	put_field(d, &F[F_SRC_LEN], src - 1, 1);
	put_field(d, &F[F_SRC], src, src_len);

	if (!d->v) {
		text(d, d->e ? "" : ", ");
		text_nsap(d, src, src_len), text(d, " > "), text_nsap(d, dst, dst_len);
		text(d, ", "), text_name(d, types, type, "unknown (%u)");
		text(d, ", length "), text_u(d, len);
		return GOOD;
	}
	text(d, d->e ? "length " : ", length "), text_u(d, len);
	text(d, "\n\t"), text_name(d, types, type, "unknown (%u)");
	text(d, " PDU, hlen: "), text_u(d, hlen);
	text(d, ", v: "), text_u(d, header[2]);
	text(d, ", lifetime: "), text_u(d, header[3] / 2), text(d, header[3] % 2 ? ".5s" : ".0s");
	text(d, ", Segment PDU length: "), text_u(d, raw16(header + 5));
	text(d, ", checksum: 0x"), text_x(d, raw16(header + 7), 4);
	osi_text_checksum(d, header, raw16(header + 7), 7, hlen, NULL);
	text(d, "\n\tFlags ["), text_bits(d, flags, header[4] & 0xe0, ", ", "none");
	text(d, "]\n\tsource address (length "), text_u(d, src_len);
	text(d, "): "), text_nsap(d, src, src_len);
	text(d, "\n\tdest   address (length "), text_u(d, dst_len);
	text(d, "): "), text_nsap(d, dst, dst_len);

	if (header[4] & 0x80) {
		if (rest < SEGMENT) {
			text(d, "li < size of fixed part of CLNP header, addresses, and segment part");
			return REFUSED;
		}
		if (!have(d, p, SEGMENT))
			return CUT;
		put_field(d, &F[F_UNIT], p, 2);
		put_field(d, &F[F_OFFSET], p + 2, 2);
		put_field(d, &F[F_TOTAL], p + 4, 2);
		text(d, "\n\tData Unit ID: 0x"), text_x(d, raw16(p), 4);
		text(d, ", Segment Offset: "), text_u(d, raw16(p + 2));
		text(d, ", Total PDU Length: "), text_u(d, raw16(p + 4));
		p += SEGMENT;
		rest -= SEGMENT;
	}
	if ((o = text_options(d, &p, rest)) != GOOD)
		return o;
	if ((type == ERROR_REPORT || type == ECHO_RESPONSE) && u8(d, p) == NLPID_CLNP && depth < DEPTH_MAX) {
		text(d, "\n\t-----original packet-----\n\t");
		if (walk(d, p, len - hlen, depth + 1) == CUT)
			text_trunc(d);
	} else if (len > (uint32_t)(p - header)) {
		text(d, "\n\t  undecoded non-header data, length "), text_u(d, len - hlen);
		text_unknown(d, p, "\n\t  ", len - (uint32_t)(p - header));
	}
	return GOOD;
}

static void
clnp(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_clnp);
	switch (walk(d, p, len, 0)) {
	case GOOD:
		break;
	case REFUSED:
		text_unknown(d, p, "\n\t", len);
		break;
	case CUT:
		text_trunc(d);
		break;
	}
}

const struct proto proto_clnp = PROTO("clnp", "clnp", "Connectionless Network Protocol", clnp, F);
