/* The RPKI to Router protocol, RFC 6810. */
#include "dissect/dissect.h"

enum { HEADER = 8 };
enum {
	SERIAL_NOTIFY = 0, SERIAL_QUERY = 1, RESET_QUERY = 2, CACHE_RESPONSE = 3, IPV4_PREFIX = 4, IPV6_PREFIX = 6,
	END_OF_DATA = 7, CACHE_RESET = 8, ERROR_REPORT = 10,
};
static const struct name pdus[] = {
	{ SERIAL_NOTIFY, "Serial Notify" }, { SERIAL_QUERY, "Serial Query" }, { RESET_QUERY, "Reset Query" },
	{ CACHE_RESPONSE, "Cache Response" }, { IPV4_PREFIX, "IPV4 Prefix" }, { IPV6_PREFIX, "IPV6 Prefix" },
	{ END_OF_DATA, "End of Data" }, { CACHE_RESET, "Cache Reset" }, { ERROR_REPORT, "Error Report" }, { 0, NULL }
};
static const struct name errors[] = {
	{ 0, "Corrupt Data" }, { 1, "Internal Error" }, { 2, "No Data Available" }, { 3, "Invalid Request" },
	{ 4, "Unsupported Protocol Version" }, { 5, "Unsupported PDU Type" }, { 6, "Withdrawal of Unknown Record" },
	{ 7, "Duplicate Announcement Received" }, { 0, NULL }
};

enum { VERSION, TYPE, SESSION, LENGTH, SERIAL, PREFIX4, PREFIX6, PREFIX_LEN, MAX_LEN, AS, FLAGS, ERROR, ERROR_TEXT };
static const struct field F[] = {
	[VERSION] = { "rpkirtr.version", U8, .help = "Version" },
	[TYPE] = { "rpkirtr.pdu_type", U8, .names = pdus, .help = "Type" },
	[SESSION] = { "rpkirtr.session_id", U16, .help = "Session" },
	[LENGTH] = { "rpkirtr.length", U32, .help = "Length" },
	[SERIAL] = { "rpkirtr.serial_number", U32, .help = "Serial number" },
	[PREFIX4] = { "rpkirtr.ipv4_prefix", IP4, .help = "IPv4 prefix" },
	[PREFIX6] = { "rpkirtr.ipv6_prefix", IP6, .help = "IPv6 prefix" },
	[PREFIX_LEN] = { "rpkirtr.prefix_length", U8, .help = "Length of the prefix" },
	[MAX_LEN] = { "rpkirtr.max_length", U8, .help = "Longest length covered" },
	[AS] = { "rpkirtr.as_number", U32, .help = "Autonomous system" },
	[FLAGS] = { "rpkirtr.flags", U8, .help = "Flags" },
	[ERROR] = { "rpkirtr.error_code", U16, .names = errors, .help = "Error code" },
	[ERROR_TEXT] = { "rpkirtr.error_text", STR, .help = "Diagnostic message" },
};

extern const struct proto proto_rpki_rtr;

/* What a PDU and an encapsulated one in it are indented with. */
static const char *const indents[] = { "\n\t  ", "\n\t    " };

static void
prefix(struct dis *d, const uint8_t *p, bool six, const char *indent)
{
	unsigned n = six ? 16 : 4;

	put_field(d, &F[FLAGS], p + 8, 1);
	put_field(d, &F[PREFIX_LEN], p + 9, 1);
	put_field(d, &F[MAX_LEN], p + 10, 1);
	put_field(d, &F[six ? PREFIX6 : PREFIX4], p + 12, n);
	put_field(d, &F[AS], p + 12 + n, 4);
	need(d, p, 16 + n);
	text(d, indent);
	text(d, six ? "IPv6 Prefix " : "IPv4 Prefix ");
	if (six)
		text_ip6(d, p + 12);
	else
		text_ip4(d, p + 12);
	text_fmt(d, "/%u-%u, origin-as %u, flags 0x%02x", p[9], p[10], raw32(p + 12 + n), p[8]);
}

static uint32_t pdu(struct dis *d, const uint8_t *p, uint32_t len, unsigned level);

/* False: a length in it does not fit. */
static bool
error_report(struct dis *d, const uint8_t *p, uint32_t len, unsigned level)
{
	uint32_t inner, at = HEADER + 4, n;
	unsigned code;

	if (len < at)
		return false;
	inner = be32(d, p + HEADER);
	code = be16(d, p + 2);
	put_field(d, &F[ERROR], p + 2, 2);
	text(d, indents[level]);
	text(d, "Error code: ");
	text_name(d, errors, code, "Unknown");
	text_fmt(d, " (%u), Encapsulated PDU length: %u", code, inner);
	if (inner) {
		if (len - at < inner)
			return false;
		/* Section 5.10: one level deep is enough. */
		if (level > 0) {
			need(d, p, at + inner);
		} else {
			text(d, indents[1]);
			text(d, "-----encapsulated PDU-----");
			pdu(d, p + at, inner, 1);
		}
		at += inner;
	}
	if (len - at < 4)
		return false;
	n = be32(d, p + at);
	at += 4;
	if (n == 0)
		return true;
	if (len - at < n)
		return false;
	put_field(d, &F[ERROR_TEXT], p + at, n);
	text(d, indents[level]);
	text(d, "Error text: ");
	text_str(d, p + at, n);
	return true;
}

/* One PDU; how many of the len bytes it takes. */
static uint32_t
pdu(struct dis *d, const uint8_t *p, uint32_t len, unsigned level)
{
	uint32_t n;
	unsigned type;
	bool ok = true, dump = false;

	put_field(d, &F[VERSION], p, 1);
	if (u8(d, p) != 0) {
		/* Of another version not even the length is known. */
		text_fmt(d, "\n\tRPKI-RTRv%u (unknown)", *p);
		return len;
	}
	if (len < HEADER) {
		text_fmt(d, "(%u bytes is too few to decode)", len);
		goto invalid;
	}
	type = u8(d, p + 1);
	n = be32(d, p + 4);
	put_field(d, &F[TYPE], p + 1, 1);
	put_field(d, &F[LENGTH], p + 4, 4);
	text(d, "\n\tRPKI-RTRv0, ");
	text_name(d, pdus, type, "Unknown");
	text_fmt(d, " PDU (%u), length: %u", type, n);
	if (n < HEADER || n > len)
		goto invalid;
	switch (type) {
	case SERIAL_NOTIFY:
	case SERIAL_QUERY:
	case END_OF_DATA:
		ok = n == HEADER + 4;
		if (!ok)
			break;
		put_field(d, &F[SESSION], p + 2, 2);
		put_field(d, &F[SERIAL], p + 8, 4);
		need(d, p, 12);
		text(d, indents[level]);
		text_fmt(d, "Session ID: 0x%04x, Serial: %u", raw16(p + 2), raw32(p + 8));
		break;
	case RESET_QUERY:
	case CACHE_RESET:
		ok = n == HEADER;
		break;
	case CACHE_RESPONSE:
		ok = n == HEADER;
		if (!ok)
			break;
		put_field(d, &F[SESSION], p + 2, 2);
		text(d, indents[level]);
		text_fmt(d, "Session ID: 0x%04x", be16(d, p + 2));
		break;
	case IPV4_PREFIX:
	case IPV6_PREFIX:
		ok = n == (type == IPV6_PREFIX ? 32 : 20);
		if (ok)
			prefix(d, p, type == IPV6_PREFIX, indents[level]);
		break;
	case ERROR_REPORT:
		ok = error_report(d, p, n, level);
		break;
	default:
		need(d, p, n);
		dump = true;
		break;
	}
	if (!ok)
		goto invalid;
	if (d->v > 1 || (d->v && dump))
		text_unknown(d, p, "\n\t  ", n);
	return n;
invalid:
	text_invalid(d);
	need(d, p, len);
	return len;
}

static void
rpki_rtr(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_rpki_rtr);
	if (!d->v) {
		text(d, ", RPKI-RTR");
		return;
	}
	while (len) {
		uint32_t n = pdu(d, p, len, 0);

		p += n;
		len -= n;
	}
}

const struct proto proto_rpki_rtr = PROTO("rpkirtr", "rpki_rtr", "RPKI-Router Protocol", rpki_rtr, F);
