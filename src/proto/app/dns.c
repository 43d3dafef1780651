/*
 * Domain Name System: RFC 1035, extension mechanisms RFC 6891; multicast DNS, RFC 6762. What is said of a message;
 * its fields are in dns_fields.c.
 */
#include "proto/app/dns.h"

extern const struct proto proto_dns, proto_dns_tcp, proto_mdns;

/* The message being said. */
struct msg {
	const uint8_t *base;
	bool mdns;
};

/* Flags of the second header word. */
enum {
	QR = 0x8000, OPCODE = 0x7800, AA = 0x0400, TC = 0x0200, RD = 0x0100, RA = 0x0080, AD = 0x0020, CD = 0x0010,
	RCODE = 0x000f,
	ODD_IN_QUERY = 0x06cf,	/* bits that a query has no use for */
	OP_IQUERY = 1,
	CLASS_IN = 1,
	EDNS_DO = 0x8000,
};

static const char *const opcodes[16] = {
	"", " inv_q", " stat", " op3", " notify", " update", " op6", " op7", " op8", " updateA", " updateD", " updateDA",
	" updateM", " updateMA", " zoneInit", " zoneRef",
};

static const struct name rcodes[] = {
	{ 0, "" }, { 1, " FormErr" }, { 2, " ServFail" }, { 3, " NXDomain" }, { 4, " NotImp" }, { 5, " Refused" },
	{ 6, " YXDomain" }, { 7, " YXRRSet" }, { 8, " NXRRSet" }, { 9, " NotAuth" }, { 10, " NotZone" },
	{ 15, " NoChange" }, { 16, " BadVers" }, { 17, "Resp17" }, { 21, "Resp21" }, { 23, " BadCookie" }, { 0, NULL }
};

static const struct name key_algorithms[] = {
	{ 0, "DELETE" }, { 1, "RSAMD5" }, { 2, "DH" }, { 3, "DS" }, { 5, "RSASHA1" }, { 6, "DSA-NSEC3-SHA1" },
	{ 7, "RSASHA1-NSEC3-SHA1" }, { 8, "RSASHA256" }, { 10, "RSASHA512" }, { 12, "ECC-GOST" },
	{ 13, "ECDSAP256SHA256" }, { 14, "ECDSAP384SHA384" }, { 15, "ED25519" }, { 16, "ED448" }, { 252, "INDIRECT" },
	{ 253, "PRIVATEDNS" }, { 254, "PRIVATEOID" }, { 0, NULL }
};

static const struct name ds_digests[] = {
	{ 1, "SHA-1" }, { 2, "SHA-256" }, { 3, "GOST_R_34.11-94" }, { 4, "SHA-384" }, { 0, NULL }
};

static const struct name nsec3_hashes[] = { { 1, "SHA-1" }, { 0, NULL } };

/* What is behind the name at p, without saying it; NULL when that cannot be found. */
static const uint8_t *
name_skip(struct dis *d, const uint8_t *p)
{
	while (have(d, p, 1)) {
		unsigned lead = *p++;

		if (lead == 0)
			return p;
		switch (lead >> 6) {
		case 0:
			p += lead;
			break;
		case 1:
			/* A bit string: its count of bits, 0 for 256, then the bits. */
			if ((lead & 0x3f) != 1 || !have(d, p, 1))
				return NULL;
			p += 1 + ((*p ? *p : 256) + 7) / 8;
			break;
		case 3:
			return p + 1;
		default:
			return NULL;
		}
	}
	return NULL;
}

static void
say_type(struct dis *d, unsigned type)
{
	text_char(d, ' ');
	text_name(d, dns_types, type, "Type%u");
}

static void
say_class(struct dis *d, unsigned class)
{
	if (class == CLASS_IN)
		return;
	text_char(d, ' ');
	text_name(d, dns_classes, class, "(Class %u)");
}

static void
say_hex(struct dis *d, const uint8_t *p, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		text_x(d, p[i], 2);
}

/* The question at p; what is behind it, or NULL. */
static const uint8_t *
say_question(struct dis *d, const struct msg *m, const uint8_t *p)
{
	const uint8_t *q = name_skip(d, p);
	unsigned class;

	if (q == NULL || !have(d, q, 4))
		return NULL;
	say_type(d, raw16(q));
	class = raw16(q + 2);
	say_class(d, m->mdns ? class & ~(unsigned)DNS_FLAG_TOP : class);
	if (m->mdns)
		text(d, class & DNS_FLAG_TOP ? " (QU)" : " (QM)");
	text(d, "? ");
	q = text_domain(d, p, m->base);
	return q ? q + 4 : NULL;
}

/* A name in the data of a record, behind a space. */
static const uint8_t *
say_name(struct dis *d, const struct msg *m, const uint8_t *p)
{
	text_char(d, ' ');
	return text_domain(d, p, m->base);
}

/* Client subnet, RFC 7871 section 6. */
static void
say_subnet(struct dis *d, const uint8_t *p, unsigned n)
{
	uint8_t addr[16] = { 0 };
	unsigned family, source, scope, bits;

	if (n < 4) {
		text_invalid(d);
		return;
	}
	family = raw16(p);
	source = p[2];
	scope = p[3];
	bits = family == 1 ? 32 : 128;
	if (family < 1 || family > 2 || source > bits || scope > bits || (source + 7) / 8 != n - 4) {
		text_invalid(d);
		return;
	}
	memcpy(addr, p + 4, n - 4);
	if (family == 1)
		text_ip4_plain(d, addr);
	else
		text_ip6_plain(d, addr);
	text_fmt(d, "/%u/%u", source, scope);
}

static void
say_algorithms(struct dis *d, const struct name *names, const uint8_t *p, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		if (i)
			text_char(d, ' ');
		text_name(d, names, p[i], "Alg_%u");
	}
}

/* The content of an EDNS option; all n bytes of it are captured. */
static void
say_option_data(struct dis *d, unsigned code, const uint8_t *p, unsigned n)
{
	bool sane = true;

	switch (code) {
	case EDNS_SUBNET:
		say_subnet(d, p, n);
		break;
	case EDNS_COOKIE:
		/* The client's 8 bytes, and 8 to 32 of the server's. RFC 7873 section 4. */
		if ((sane = n == 8 || (n >= 16 && n <= 40))) {
			say_hex(d, p, 8);
			if (n > 8)
				text_char(d, ' '), say_hex(d, p + 8, n - 8);
		}
		break;
	case EDNS_KEEPALIVE:
		/* Tenths of a second, RFC 7828. */
		if ((sane = n == 2))
			text_fmt(d, "%u.%u sec", raw16(p) / 10u, raw16(p) % 10u);
		break;
	case EDNS_EXPIRE:
		if ((sane = n == 4))
			text_u(d, raw32(p)), text(d, " sec");
		break;
	case EDNS_PADDING:
		text_char(d, '('), text_u(d, n), text_char(d, ')');
		break;
	case EDNS_KEY_TAG:
		if ((sane = n % 2 == 0))
			for (unsigned i = 0; i < n; i += 2) {
				if (i)
					text_char(d, ' ');
				text_u(d, raw16(p + i));
			}
		break;
	case EDNS_DAU:
		say_algorithms(d, key_algorithms, p, n);
		break;
	case EDNS_DHU:
		say_algorithms(d, ds_digests, p, n);
		break;
	case EDNS_N3U:
		say_algorithms(d, nsec3_hashes, p, n);
		break;
	case EDNS_CHAIN:
		/* Its name cannot be compressed, so pointers have no message to count from: they lead behind it. */
		(void)text_domain(d, p, p + n);
		break;
	default:
		say_hex(d, p, n);
	}
	if (!sane)
		text_invalid(d);
}

/* EDNS: the payload size is in the class, flags are in the TTL, options p..end. RFC 6891 section 6.1. */
static bool
say_edns(struct dis *d, unsigned size, unsigned flags, const uint8_t *p, const uint8_t *end)
{
	unsigned code, n;

	text(d, " UDPsize="), text_u(d, size);
	if (flags & EDNS_DO)
		text(d, " DO");
	if (p >= end)
		return true;
	text(d, " [");
	while (p < end) {
		if (!have(d, p, 2))
			return false;
		code = raw16(p);
		text_name(d, dns_options, code, "Opt%u");
		if (!have(d, p, 4))
			return false;
		n = raw16(p + 2);
		p += 4;
		if (!have(d, p, n))
			return false;
		if (n) {
			text_char(d, ' ');
			say_option_data(d, code, p, n);
		}
		p += n;
		if (p < end)
			text_char(d, ',');
	}
	text_char(d, ']');
	return true;
}

/* An address whose first `skip` bits another record has. RFC 2874 section 3.1 (historic). */
static bool
say_a6(struct dis *d, const struct msg *m, const uint8_t *p)
{
	uint8_t addr[16] = { 0 };
	unsigned skip, from;

	if (!have(d, p, 1))
		return false;
	skip = *p++;
	from = skip / 8;
	if (skip > 128) {
		text_fmt(d, " %u(bad plen)", skip);
		return true;
	}
	if (skip < 128) {
		need(d, p, 16 - from);
		memcpy(addr + from, p, 16 - from);
		text_fmt(d, " %u ", skip);
		text_ip6_plain(d, addr);
	}
	return skip == 0 || say_name(d, m, p + 16 - from) != NULL;
}

/* Transaction signature, RFC 8945 section 4.2; the times are left out. */
static bool
say_tsig(struct dis *d, const struct msg *m, const uint8_t *p)
{
	static const char *const parts[] = { " fudge=", " maclen=", " origid=", " error=", " otherlen=" };

	p = say_name(d, m, p);
	if (p == NULL)
		return false;
	p += 6;
	for (unsigned i = 0; i < sizeof parts / sizeof *parts; i++) {
		if (!have(d, p, 2))
			return false;
		text(d, parts[i]), text_u(d, raw16(p));
		p += i == 1 ? 2 + raw16(p) : 2;
	}
	return true;
}

/* The data of a record, n bytes at p, all captured. False when it goes on behind what is captured. */
static bool
say_data(struct dis *d, const struct msg *m, unsigned type, const uint8_t *p, unsigned n)
{
	const uint8_t *end = p + n;

	switch (type) {
	case DNS_A:
		if (!have(d, p, 4))
			return false;
		text_char(d, ' '), text_ip4_plain(d, p);
		return true;
	case DNS_AAAA:
		if (!have(d, p, 16))
			return false;
		text_char(d, ' '), text_ip6_plain(d, p);
		return true;
	case DNS_NS:
	case DNS_CNAME:
	case DNS_PTR:
	case DNS_DNAME:
		return say_name(d, m, p) != NULL;
	case DNS_SOA:
		if (!d->v)
			return true;
		if ((p = say_name(d, m, p)) == NULL || (p = say_name(d, m, p)) == NULL || !have(d, p, 20))
			return false;
		for (unsigned i = 0; i < 5; i++)
			text_char(d, ' '), text_u(d, raw32(p + 4 * i));
		return true;
	case DNS_MX:
		if (!have(d, p, 2)) {
			text_char(d, ' ');
			return false;
		}
		if (say_name(d, m, p + 2) == NULL)
			return false;
		text_char(d, ' '), text_u(d, raw16(p));
		return true;
	case DNS_TXT:
		while (p < end) {
			text(d, " \"");
			if (!have(d, p, 1) || text_str_soft(d, p + 1, *p))
				return false;
			text_char(d, '"');
			p += 1 + *p;
		}
		return true;
	case DNS_SRV:
		if (!have(d, p, 6)) {
			text_char(d, ' ');
			return false;
		}
		if (say_name(d, m, p + 6) == NULL)
			return false;
		text_fmt(d, ":%u %u %u", raw16(p + 4), raw16(p), raw16(p + 2));
		return true;
	case DNS_A6:
		return say_a6(d, m, p);
	case DNS_URI:
		if (n < 4) {
			text_fmt(d, " len %u is too short (< 4)", n);
			return true;
		}
		text_fmt(d, " %u %u ", raw16(p), raw16(p + 2));
		return !text_str_soft(d, p + 4, n - 4);
	case DNS_TSIG:
		return !d->v || say_tsig(d, m, p);
	default:
		return true;
	}
}

/* The record at p; what is behind it, or NULL when it is cut short. */
static const uint8_t *
say_record(struct dis *d, const struct msg *m, const uint8_t *p)
{
	unsigned type, class, size, n;
	uint32_t ttl;
	const uint8_t *data;

	p = d->v ? say_name(d, m, p) : name_skip(d, p);
	if (p == NULL && d->v)
		return NULL;
	if (p == NULL || !have(d, p, 10))
		return d->end;
	type = raw16(p);
	class = size = raw16(p + 2);
	ttl = raw32(p + 4);
	n = raw16(p + 8);
	data = p + 10;
	if (m->mdns)
		size &= ~(unsigned)DNS_FLAG_TOP;
	if (type != DNS_OPT)
		say_class(d, size);
	if (m->mdns && class & DNS_FLAG_TOP)
		text(d, " (Cache flush)");
	if (type != DNS_OPT && d->v > 2) {
		text(d, " [");
		text_duration(d, ttl);
		text_char(d, ']');
	}
	say_type(d, type);
	if (!have(d, data, n))
		return NULL;
	if (type == DNS_OPT) {
		if (!say_edns(d, size, ttl & 0xffff, data, data + n))
			return NULL;
	} else if (!say_data(d, m, type, data, n)) {
		return NULL;
	}
	return data + n;
}

/* n records from p on, said behind `lead`. Without a lead the first is tried even where nothing is captured. */
static const uint8_t *
say_section(struct dis *d, const struct msg *m, const uint8_t *p, unsigned n, const char *lead)
{
	for (unsigned i = 0; i < n; i++) {
		if ((i || lead) && p >= d->end)
			return NULL;
		if (i)
			text_char(d, ',');
		else if (lead)
			text(d, lead);
		if ((p = say_record(d, m, p)) == NULL)
			return NULL;
	}
	return p;
}

/* The response code with the upper bits that an OPT record among the additional ones holds. */
static unsigned
full_rcode(struct dis *d, const uint8_t *msg, unsigned flags, const unsigned count[4])
{
	unsigned rcode = flags & RCODE, records = count[1] + count[2] + count[3];
	const uint8_t *p = msg + DNS_HEADER;

	for (unsigned i = 0; i < count[0]; i++)
		if ((p = name_skip(d, p)) == NULL || (p += 4) >= d->end)
			return rcode;
	for (unsigned i = 0; i < records; i++) {
		if ((p = name_skip(d, p)) == NULL)
			break;
		if (i >= count[1] + count[2]) {
			if (!have(d, p, 5))
				break;
			if (raw16(p) == DNS_OPT)
				return rcode | (unsigned)p[4] << 4;
		}
		if (!have(d, p, 10))
			break;
		p += 10 + raw16(p + 8);
		if (p >= d->end)
			break;
	}
	return rcode;
}

static bool
say_response(struct dis *d, const struct msg *m, const uint8_t *p, unsigned flags, const unsigned count[4])
{
	text_name(d, rcodes, full_rcode(d, p, flags, count), " Resp%u");
	if (flags & AA)
		text_char(d, '*');
	if (!(flags & RA))
		text_char(d, '-');
	if (flags & TC)
		text_char(d, '|');
	if (flags & AD)
		text_char(d, '$');
	if (count[0] != 1)
		text_fmt(d, " [%uq]", count[0]);
	p += DNS_HEADER;
	for (unsigned i = 0; i < count[0]; i++) {
		if (i)
			text_char(d, ',');
		if (d->v > 1) {
			text(d, " q:");
			p = say_question(d, m, p);
		} else if ((p = name_skip(d, p)) != NULL) {
			p += 4;
		}
		if (p == NULL)
			return false;
	}
	text_fmt(d, " %u/%u/%u", count[1], count[2], count[3]);
	if ((p = say_section(d, m, p, count[1], NULL)) == NULL)
		return false;
	return d->v < 2 || ((p = say_section(d, m, p, count[2], " ns:")) != NULL &&
	    say_section(d, m, p, count[3], " ar:") != NULL);
}

static bool
say_query(struct dis *d, const struct msg *m, const uint8_t *p, unsigned flags, const unsigned count[4])
{
	/* An inverse query has an answer and looks for its question. */
	bool inverse = (flags & OPCODE) >> 11 == OP_IQUERY;

	if (flags & RD)
		text_char(d, '+');
	if (flags & CD)
		text_char(d, '%');
	if (flags & ODD_IN_QUERY)
		text_fmt(d, " [b2&3=0x%x]", flags);
	if (inverse && count[0])
		text_fmt(d, " [%uq]", count[0]);
	if (count[1] != (inverse ? 1 : 0))
		text_fmt(d, " [%ua]", count[1]);
	if (!inverse && count[0] != 1)
		text_fmt(d, " [%uq]", count[0]);
	if (count[2])
		text_fmt(d, " [%un]", count[2]);
	if (count[3])
		text_fmt(d, " [%uau]", count[3]);
	p += DNS_HEADER;
	for (unsigned i = 0; i < count[0]; i++)
		if ((i && p >= d->end) || (p = say_question(d, m, p)) == NULL)
			return false;
	return d->v < 2 || ((p = say_section(d, m, p, count[1], NULL)) != NULL &&
	    (p = say_section(d, m, p, count[2], " ns:")) != NULL &&
	    say_section(d, m, p, count[3], " ar:") != NULL);
}

/* The message p..p+len. */
static void
say_message(struct dis *d, const uint8_t *p, uint32_t len, bool mdns)
{
	struct msg m = { p, mdns };
	unsigned flags, count[4];

	if (d->sink)
		dns_note(d, p, len, mdns);
	if (len < DNS_HEADER) {
		text_fmt(d, "domain [length %u < %d]", len, DNS_HEADER);
		text_invalid(d);
		return;
	}
	if (!have(d, p, DNS_HEADER)) {
		text_trunc(d);
		return;
	}
	flags = raw16(p + 2);
	for (unsigned i = 0; i < 4; i++)
		count[i] = raw16(p + 4 + 2 * i);
	text_u(d, raw16(p));
	text(d, opcodes[(flags & OPCODE) >> 11]);
	if (flags & QR ? !say_response(d, &m, p, flags, count) : !say_query(d, &m, p, flags, count)) {
		text_trunc(d);
		return;
	}
	text(d, " ("), text_u(d, len), text_char(d, ')');
}

static void
dns(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_dns);
	say_message(d, p, len, false);
}

static void
mdns(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_mdns);
	say_message(d, p, len, true);
}

/* Over TCP two bytes of length come first, RFC 1035 section 4.2.2; only a segment that is one message is said. */
static void
dns_tcp(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned prefix;

	enter(d, &proto_dns_tcp);
	if (len < 2) {
		text_fmt(d, " [DNS over TCP: length %u < 2]", len);
		text_invalid(d);
		return;
	}
	dns_note_length(d, p);
	prefix = be16(d, p);
	len -= 2;
	if (prefix != len) {
		text_fmt(d, " [prefix length(%u) != length(%u)]", prefix, len);
		text_invalid(d);
		return;
	}
	text_char(d, ' ');
	say_message(d, p + 2, len, false);
}

const struct proto proto_dns = { "dns", "domain", "Domain Name System", dns, dns_fields, DNS_N_FIELDS };
const struct proto proto_dns_tcp = { "dns", "domain", "Domain Name System over TCP", dns_tcp, dns_fields, DNS_N_FIELDS };
const struct proto proto_mdns = { "dns", "domain", "Multicast Domain Name System", mdns, dns_fields, DNS_N_FIELDS };
