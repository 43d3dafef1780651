/* IS-IS: the TLVs of its PDUs. ISO 10589, RFC 1195; authentication of RFC 5304 and RFC 5310. */
#include "proto/routing/isis.h"

#define LINE "\n\t      "

enum { HEADER = 8, MD5_SIZE = 16 };
enum { AUTH_PASSWORD = 1, AUTH_GENERIC = 3, AUTH_MD5 = 54 };

static const struct name restart_flags[] = {
	{ 0x1, "Restart Request" }, { 0x2, "Restart Acknowledgement" }, { 0x4, "Suppress adjacency advertisement" }, { 0, NULL }
};
static const struct name idrp_kinds[] = {
	{ 0, "Reserved" }, { 1, "Routing-Domain Specific" }, { 2, "AS Number Tag" }, { 0, NULL }
};
static const struct name virtual_flags[] = { { 0, "IsNotVirtual" }, { 1, "IsVirtual" }, { 0, NULL } };
static const struct name capability_flags[] = { { 0x01, "S bit" }, { 0x02, "D bit" }, { 0, NULL } };

/* A PDU while its TLVs are walked. */
struct pdu {
	struct dis *d;
	const uint8_t *p;	/* its first byte */
	uint32_t len;
	struct osi_sums *sums;	/* of its bytes, for the checksums in TLVs */
};

/* Walks the value of a TLV, n bytes that may not be captured. */
typedef enum isis_end tlv_walk(const struct pdu *u, const uint8_t *p, unsigned n);

/* --- identifiers and addresses --------------------------------------------------------------------------------- */

static enum isis_end
areas(const struct pdu *u, const uint8_t *p, unsigned n)
{
	struct dis *d = u->d;

	while (n) {
		unsigned len = u8(d, p);

		p++;
		n--;
		if (n < len)
			return ISIS_SHORT;
		need(d, p, len);
		put_field(d, &isis_fields[I_AREA], p, len);
		text(d, LINE "Area address (length: "), text_u(d, len);
		text(d, "): "), text_nsap(d, p, len);
		p += len;
		n -= len;
	}
	return ISIS_GOOD;
}

/* System identifiers one after another. */
static enum isis_end
systems(struct dis *d, const char *label, const uint8_t *p, unsigned n, const struct field *f)
{
	for (; n; p += OSI_SYSTEM_ID, n -= OSI_SYSTEM_ID) {
		if (n < OSI_SYSTEM_ID)
			return ISIS_SHORT;
		if (!have(d, p, OSI_SYSTEM_ID))
			return ISIS_CUT;
		osi_text_id_field(d, label, p, OSI_SYSTEM_ID, f);
	}
	return ISIS_GOOD;
}

static enum isis_end
lan_neighbors(const struct pdu *u, const uint8_t *p, unsigned n)
{
	return systems(u->d, LINE "SNPA: ", p, n, &isis_fields[I_SNPA]);
}

static enum isis_end
partition(const struct pdu *u, const uint8_t *p, unsigned n)
{
	return systems(u->d, LINE, p, n, &isis_fields[I_SNPA]);
}

static enum isis_end
interfaces4(const struct pdu *u, const uint8_t *p, unsigned n)
{
	struct dis *d = u->d;

	for (; n; p += 4, n -= 4) {
		if (n < 4)
			return ISIS_SHORT;
		need(d, p, 4);
		put_field(d, &isis_fields[I_INTERFACE4], p, 4);
		text(d, LINE "IPv4 interface address: "), text_ip4(d, p);
	}
	return ISIS_GOOD;
}

static enum isis_end
interfaces6(const struct pdu *u, const uint8_t *p, unsigned n)
{
	struct dis *d = u->d;

	for (; n; p += 16, n -= 16) {
		if (n < 16)
			return ISIS_SHORT;
		need(d, p, 16);
		put_field(d, &isis_fields[I_INTERFACE6], p, 16);
		text(d, LINE "IPv6 interface address: "), text_ip6(d, p);
	}
	return ISIS_GOOD;
}

static enum isis_end
router_id(const struct pdu *u, const uint8_t *p, unsigned n)
{
	struct dis *d = u->d;

	if (n < 4)
		return ISIS_SHORT;
	need(d, p, 4);
	put_field(d, &isis_fields[I_ROUTER_ID], p, 4);
	text(d, LINE "Traffic Engineering Router ID: "), text_ip4(d, p);
	return ISIS_GOOD;
}

static enum isis_end
hostname(const struct pdu *u, const uint8_t *p, unsigned n)
{
	put_field(u->d, &isis_fields[I_HOSTNAME], p, n);
	text(u->d, LINE "Hostname: "), text_str_pad(u->d, p, n);
	return ISIS_GOOD;
}

static enum isis_end
protocols(const struct pdu *u, const uint8_t *p, unsigned n)
{
	struct dis *d = u->d;

	text(d, LINE "NLPID(s): ");
	for (; n; n--, p++) {
		unsigned id = u8(d, p);

		put_field(d, &isis_fields[I_PROTOCOL], p, 1);
		text_name(d, nlpid_names, id, "unknown");
		text(d, " (0x"), text_x(d, id, 2);
		text(d, n > 1 ? "), " : ")");
	}
	return ISIS_GOOD;
}

/* RFC 8202 section 2.1. */
static enum isis_end
instance(const struct pdu *u, const uint8_t *p, unsigned n)
{
	struct dis *d = u->d;
	unsigned count;

	if (n < 4)
		return ISIS_SHORT;
	count = (n - 2) / 2;
	text_be(d, LINE "Instance ID: ", p, 2);
	text(d, ", ITIDs("), text_u(d, count), text(d, "): ");
	for (unsigned i = 0; i < count; i++) {
		text_be(d, "", p + 2 + 2 * i, 2);
		if (i + 1 < count)
			text(d, ", ");
	}
	return ISIS_GOOD;
}

/* --- neighbours and prefixes ----------------------------------------------------------------------------------- */

static enum isis_end
neighbors(const struct pdu *u, const uint8_t *p, unsigned n)
{
	return isis_neighbors(u->d, p, n, false);
}

static enum isis_end
aliases(const struct pdu *u, const uint8_t *p, unsigned n)
{
	return isis_neighbors(u->d, p, n, true);
}

static enum isis_end
mt_neighbors(const struct pdu *u, const uint8_t *p, unsigned n)
{
	unsigned took = isis_topology(u->d, p, n);

	return took ? isis_neighbors(u->d, p + took, n - took, false) : ISIS_CUT;
}

static enum isis_end
prefixes4(const struct pdu *u, const uint8_t *p, unsigned n)
{
	return isis_prefixes(u->d, p, n, false);
}

static enum isis_end
prefixes6(const struct pdu *u, const uint8_t *p, unsigned n)
{
	return isis_prefixes(u->d, p, n, true);
}

static enum isis_end
mt_prefixes4(const struct pdu *u, const uint8_t *p, unsigned n)
{
	unsigned took = isis_topology(u->d, p, n);

	return took ? isis_prefixes(u->d, p + took, n - took, false) : ISIS_CUT;
}

static enum isis_end
mt_prefixes6(const struct pdu *u, const uint8_t *p, unsigned n)
{
	unsigned took = isis_topology(u->d, p, n);

	return took ? isis_prefixes(u->d, p + took, n - took, true) : ISIS_CUT;
}

static enum isis_end
old_prefixes(const struct pdu *u, const uint8_t *p, unsigned n)
{
	return isis_old_prefixes(u->d, p, n);
}

/* Neighbours with narrow metrics. */
static enum isis_end
old_neighbors(struct dis *d, const char *label, const uint8_t *p, unsigned n, unsigned id)
{
	for (; n; p += 4 + id, n -= 4 + id) {
		if (n < 4 + id)
			return ISIS_SHORT;
		if (!have(d, p, 4 + id))
			return ISIS_CUT;
		osi_text_id_field(d, label, p + 4, id, &isis_fields[I_NEIGHBOR]);
		isis_metrics(d, p);
	}
	return ISIS_GOOD;
}

static enum isis_end
is_neighbors(const struct pdu *u, const uint8_t *p, unsigned n)
{
	if (n < 1)
		return ISIS_SHORT;
	need(u->d, p, 1);
	text(u->d, LINE), text_name(u->d, virtual_flags, *p, "bogus virtual flag 0x%02x");
	return old_neighbors(u->d, LINE "IS Neighbor: ", p + 1, n - 1, OSI_NODE_ID);
}

static enum isis_end
es_neighbors(const struct pdu *u, const uint8_t *p, unsigned n)
{
	return old_neighbors(u->d, LINE "ES Neighbor: ", p, n, OSI_SYSTEM_ID);
}

/* OSI prefixes; their length counts half bytes. */
static enum isis_end
osi_prefixes(const struct pdu *u, const uint8_t *p, unsigned n)
{
	struct dis *d = u->d;

	if (n < 4)
		return ISIS_GOOD;
	if (!have(d, p, 4))
		return ISIS_CUT;
	text(d, LINE "Metric Block");
	isis_metrics(d, p);
	for (p += 4, n -= 4; n; ) {
		unsigned len = u8(d, p);

		p++;
		n--;
		if (len < 2) {
			text(d, "\n\t\tAddress: prefix length "), text_u(d, len), text(d, " < 2");
			break;
		}
		if (n < len / 2)
			break;
		need(d, p, len / 2);
		text(d, "\n\t\tAddress: "), text_nsap(d, p, len / 2);
		text_char(d, '/'), text_u(d, len * 4);
		p += len / 2;
		n -= len / 2;
	}
	return ISIS_GOOD;
}

static enum isis_end
topologies(const struct pdu *u, const uint8_t *p, unsigned n)
{
	for (; n >= 2; p += 2, n -= 2)
		isis_topology(u->d, p, n);
	if (n)
		text(u->d, LINE "invalid MT-ID");
	return ISIS_GOOD;
}

/* RFC 5307 section 1.4. */
static enum isis_end
risk_group(const struct pdu *u, const uint8_t *p, unsigned n)
{
	static const char *const addresses[] = { LINE "IPv4 interface address: ", LINE "IPv4 neighbor address: " };
	struct dis *d = u->d;

	if (n < OSI_NODE_ID)
		return ISIS_GOOD;
	if (!have(d, p, OSI_NODE_ID))
		return ISIS_CUT;
	osi_text_id(d, LINE "IS Neighbor: ", p, OSI_NODE_ID);
	p += OSI_NODE_ID;
	n -= OSI_NODE_ID;
	if (n < 1)
		return ISIS_GOOD;
	text(d, u8(d, p) & 1 ? ", Flags: [numbered]" : ", Flags: [unnumbered]");
	p++;
	n--;
	for (unsigned i = 0; i < 2; i++, p += 4, n -= 4) {
		if (n < 4)
			return ISIS_GOOD;
		need(d, p, 4);
		text(d, addresses[i]), text_ip4(d, p);
	}
	for (; n; p += 4, n -= 4) {
		if (n < 4)
			return ISIS_SHORT;
		text_be_x(d, LINE "Link-ID: 0x", p, 4, 8);
	}
	return ISIS_GOOD;
}

/* --- authentication -------------------------------------------------------------------------------------------- */

/*
 * HMAC-MD5 over the PDU with the lifetime and the checksum of a link state PDU as 0 (RFC 3567); the last two bytes
 * are cleared whatever the PDU is.
 */
static void
text_verdict(const struct pdu *u, const uint8_t *digest)
{
	static const uint16_t cleared[] = { HEADER + 2, HEADER + 3, HEADER + 16, HEADER + 17 };

	text_md5_verdict(u->d, u->p, u->len, digest, cleared, sizeof cleared / sizeof *cleared);
}

/* Byte by byte, so that a packet cut short shows those that are there. */
static void
text_bytes(struct dis *d, const uint8_t *p, unsigned n)
{
	for (; n; n--, p++)
		text_x(d, u8(d, p), 2);
}

static enum isis_end
authentication(const struct pdu *u, const uint8_t *p, unsigned n)
{
	struct dis *d = u->d;
	unsigned type;

	if (n < 1)
		return ISIS_SHORT;
	type = u8(d, p);
	put_field(d, &isis_fields[I_AUTH], p, 1);
	p++;
	n--;
	text(d, LINE), text_name(d, isis_auth_names, type, "unknown Authentication type 0x%02x");
	text(d, ": ");
	switch (type) {
	case AUTH_PASSWORD:
		put_field(d, &isis_fields[I_PASSWORD], p, n);
		text_str_pad(d, p, n);
		break;
	case AUTH_MD5:
		put_field(d, &isis_fields[I_DIGEST], p, n);
		text_bytes(d, p, n);
		if (n != MD5_SIZE)
			text(d, ", (invalid subTLV) ");
		text_verdict(u, p);
		break;
	case AUTH_GENERIC:
		if (n < 2)
			return ISIS_SHORT;
		put_field(d, &isis_fields[I_AUTH_KEY], p, 2);
		put_field(d, &isis_fields[I_DIGEST], p + 2, n - 2);
		text_u(d, be16(d, p)), text(d, ", password: ");
		text_bytes(d, p + 2, n - 2);
		break;
	default:
		text_unknown(d, p, "\n\t\t  ", n);
		break;
	}
	return ISIS_GOOD;
}

/* --- the rest -------------------------------------------------------------------------------------------------- */

static enum isis_end
nothing(const struct pdu *u, const uint8_t *p, unsigned n)
{
	(void)u, (void)p, (void)n;
	return ISIS_GOOD;
}

/* Link state PDUs in a list. */
static enum isis_end
entries(const struct pdu *u, const uint8_t *p, unsigned n)
{
	enum { SIZE = 16 };
	struct dis *d = u->d;

	for (; n; p += SIZE, n -= SIZE) {
		if (n < SIZE)
			return ISIS_SHORT;
		if (!have(d, p + 2, OSI_LSP_ID))
			return ISIS_CUT;
		osi_text_id_field(d, LINE "lsp-id: ", p + 2, OSI_LSP_ID, &isis_fields[I_ENTRY_LSP]);
		put_field(d, &isis_fields[I_ENTRY_LIFETIME], p, 2);
		put_field(d, &isis_fields[I_ENTRY_SEQ], p + 10, 4);
		put_field(d, &isis_fields[I_ENTRY_CHECKSUM], p + 14, 2);
		text_be_x(d, ", seq: 0x", p + 10, 4, 8);
		text_fmt(d, ", lifetime: %5us", raw16(p));
		text_be_x(d, ", chksum: 0x", p + 14, 2, 4);
	}
	return ISIS_GOOD;
}

/* RFC 3358. */
static enum isis_end
checksums(const struct pdu *u, const uint8_t *p, unsigned n)
{
	struct dis *d = u->d;

	if (n < 2)
		return ISIS_GOOD;
	if (!have(d, p, 2))
		return ISIS_CUT;
	text(d, LINE "checksum: 0x"), text_x(d, raw16(p), 4), text_char(d, ' ');
	osi_text_checksum(d, u->p, raw16(p), (uint32_t)(p - u->p), u->len, u->sums);
	return ISIS_GOOD;
}

/* RFC 6232. */
static enum isis_end
purge_originator(const struct pdu *u, const uint8_t *p, unsigned n)
{
	struct dis *d = u->d;
	unsigned count;

	if (n < 1)
		return ISIS_SHORT;
	count = u8(d, p);
	p++;
	n--;
	if (count == 0) {
		text(d, " No system IDs supplied");
		return ISIS_GOOD;
	}
	if (n < OSI_SYSTEM_ID)
		return ISIS_SHORT;
	if (!have(d, p, OSI_SYSTEM_ID))
		return ISIS_CUT;
	osi_text_id(d, LINE "Purge Originator System-ID: ", p, OSI_SYSTEM_ID);
	p += OSI_SYSTEM_ID;
	n -= OSI_SYSTEM_ID;
	if (count == 1)
		return ISIS_GOOD;
	if (n < OSI_SYSTEM_ID)
		return ISIS_SHORT;
	if (!have(d, p, 2 * OSI_SYSTEM_ID + 1))
		return ISIS_CUT;
	osi_text_id(d, LINE "Received from System-ID: ", p, OSI_SYSTEM_ID);
	return ISIS_GOOD;
}

static enum isis_end
buffer_size(const struct pdu *u, const uint8_t *p, unsigned n)
{
	if (n >= 2)
		text_be(u->d, LINE "LSP Buffersize: ", p, 2);
	return ISIS_GOOD;
}

static enum isis_end
hello_number(const struct pdu *u, const uint8_t *p, unsigned n)
{
	if (n >= 4)
		text_be(u->d, LINE "Sequence number: ", p, 4);
	return ISIS_GOOD;
}

static enum isis_end
interdomain(const struct pdu *u, const uint8_t *p, unsigned n)
{
	struct dis *d = u->d;
	unsigned kind;

	if (n < 1)
		return ISIS_GOOD;
	kind = u8(d, p);
	text(d, LINE "Inter-Domain Information Type: ");
	text_name(d, idrp_kinds, kind, "Unknown (0x%02x)");
	if (kind != 2)
		text_unknown(d, p + 1, LINE, n - 1);
	else if (n < 3)
		return ISIS_SHORT;
	else
		text_be(d, "AS Number: ", p + 1, 2);
	return ISIS_GOOD;
}

/* RFC 5306. */
static enum isis_end
restart(const struct pdu *u, const uint8_t *p, unsigned n)
{
	struct dis *d = u->d;

	if (n < 1)
		return ISIS_GOOD;
	if (!have(d, p, 1))
		return ISIS_CUT;
	text(d, LINE "Flags ["), text_bits(d, restart_flags, *p, ", ", "none"), text_char(d, ']');
	if (n < 3)
		return ISIS_GOOD;
	if (!have(d, p + 1, 2))
		return ISIS_CUT;
	text(d, ", Remaining holding time "), text_u(d, raw16(p + 1)), text_char(d, 's');
	if (n != 3 + OSI_SYSTEM_ID)
		return ISIS_GOOD;
	if (!have(d, p + 3, OSI_SYSTEM_ID))
		return ISIS_CUT;
	osi_text_id(d, ", for ", p + 3, OSI_SYSTEM_ID);
	return ISIS_GOOD;
}

/* RFC 5303. Each part is there when enough bytes are left behind those said. */
static enum isis_end
adjacency(const struct pdu *u, const uint8_t *p, unsigned n)
{
	struct dis *d = u->d;

	if (n >= 1) {
		unsigned state = u8(d, p);

		put_field(d, &isis_fields[I_ADJACENCY], p, 1);
		text(d, LINE "Adjacency State: "), text_name(d, isis_adjacency_names, state, "unknown");
		text(d, " ("), text_u(d, state), text_char(d, ')');
		n--;
	}
	if (n > 4) {
		text_be_x(d, LINE "Extended Local circuit-ID: 0x", p + 1, 4, 8);
		n -= 4;
	}
	if (n >= OSI_SYSTEM_ID) {
		if (!have(d, p + 5, OSI_SYSTEM_ID))
			return ISIS_CUT;
		osi_text_id(d, LINE "Neighbor System-ID: ", p + 5, OSI_SYSTEM_ID);
		n -= OSI_SYSTEM_ID;
	}
	if (n >= 4)
		text_be_x(d, LINE "Neighbor Extended Local circuit-ID: 0x", p + 11, 4, 8);
	return ISIS_GOOD;
}

static enum isis_end
router_capability(const struct pdu *u, const uint8_t *p, unsigned n)
{
	struct dis *d = u->d;

	if (n < 5) {
		text_bad(d, "object length", n, "<", 5);
		return ISIS_GOOD;
	}
	need(d, p, 4);
	put_field(d, &isis_fields[I_CAP_ROUTER], p, 4);
	text(d, LINE "Router-ID "), text_ip4(d, p);
	need(d, p + 4, 1);
	text(d, ", Flags ["), text_bits(d, capability_flags, p[4], ", ", "none"), text_char(d, ']');
	isis_capability(d, p + 5, n - 5);
	return ISIS_GOOD;
}

static enum isis_end
port_capability(const struct pdu *u, const uint8_t *p, unsigned n)
{
	struct dis *d = u->d;
	unsigned v;

	if (n < 2)
		return ISIS_SHORT;
	v = be16(d, p);
	text(d, "\n\t       RES: "), text_u(d, v >> 12);
	text(d, ", MTID(s): "), text_u(d, v & 0xfff);
	isis_port_capability(d, p + 2, n - 2);
	return ISIS_GOOD;
}

static enum isis_end
mt_capability(const struct pdu *u, const uint8_t *p, unsigned n)
{
	struct dis *d = u->d;
	unsigned v;

	if (n < 2)
		return ISIS_SHORT;
	v = be16(d, p);
	text(d, LINE "O: "), text_u(d, v >> 15);
	text(d, ", RES: "), text_u(d, v >> 12 & 7);
	text(d, ", MTID(s): "), text_u(d, v & 0xfff);
	isis_mt_capability(d, p + 2, n - 2);
	return ISIS_GOOD;
}

static enum isis_end
vendor(const struct pdu *u, const uint8_t *p, unsigned n)
{
	struct dis *d = u->d;
	uint32_t oui;

	if (n < 3)
		return ISIS_GOOD;
	oui = be24(d, p);
	text(d, LINE "Vendor: "), text_name(d, oui_names, oui, "Unknown");
	text(d, " ("), text_u(d, oui), text_char(d, ')');
	if (n > 3)
		text_unknown(d, p + 3, "\n\t\t", n - 3);
	return ISIS_GOOD;
}

/* TLVs with a walk. */
static const struct tlv {
	uint8_t type;
	tlv_walk *walk;
} tlvs[] = {
	{ 1, areas }, { 2, is_neighbors }, { 3, es_neighbors }, { 4, partition }, { 5, osi_prefixes },
	{ 6, lan_neighbors }, { 7, instance }, { 8, nothing }, { 9, entries }, { 10, authentication },
	{ 12, checksums }, { 13, purge_originator }, { 14, buffer_size }, { 22, neighbors }, { 24, aliases },
	{ 128, old_prefixes }, { 129, protocols }, { 130, old_prefixes }, { 131, interdomain },
	{ 132, interfaces4 }, { 134, router_id }, { 135, prefixes4 }, { 137, hostname }, { 138, risk_group },
	{ 143, port_capability }, { 144, mt_capability }, { 211, restart }, { 222, mt_neighbors },
	{ 229, topologies }, { 232, interfaces6 }, { 235, mt_prefixes4 }, { 236, prefixes6 },
	{ 237, mt_prefixes6 }, { 240, adjacency }, { 241, hello_number }, { 242, router_capability },
	{ 250, vendor },
};

static tlv_walk *
walk_of(unsigned type)
{
	for (size_t i = 0; i < sizeof tlvs / sizeof *tlvs; i++)
		if (tlvs[i].type == type)
			return tlvs[i].walk;
	return NULL;
}

bool
isis_tlvs(struct dis *d, const uint8_t *pdu, uint32_t pdu_len, const uint8_t *p, uint32_t len)
{
	struct osi_sums sums = { 0 };
	const struct pdu u = { d, pdu, pdu_len, &sums };

	while (len) {
		unsigned type, n;
		tlv_walk *walk;
		enum isis_end end = ISIS_GOOD;

		if (!have(d, p, 2) || len < 2)
			return false;
		type = p[0];
		n = p[1];
		put_field(d, &isis_fields[I_TLV], p, 1);
		put_field(d, &isis_fields[I_TLV_LEN], p + 1, 1);
		p += 2;
		len -= 2;
		text(d, "\n\t    "), text_name(d, isis_tlv_names, type, "unknown");
		text(d, " TLV #"), text_u(d, type);
		text(d, ", length: "), text_u(d, n);
		if (len < n)
			return false;
		walk = walk_of(type);
		if (walk)
			end = walk(&u, p, n);
		else if (d->v <= 1)
			text_unknown(d, p, "\n\t\t", n);
		if (end == ISIS_CUT)
			return false;
		if (end == ISIS_STOP)
			return true;
		if (d->v > 1)
			text_unknown(d, p, LINE, n);
		p += n;
		len -= n;
	}
	return true;
}
