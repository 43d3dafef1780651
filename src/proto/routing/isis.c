/* Intermediate System to Intermediate System routing, ISO 10589: the PDUs. */
#include "proto/routing/isis.h"

enum { HEADER = 8 };
enum {
	L1_HELLO = 15, L2_HELLO = 16, P2P_HELLO = 17, L1_LSP = 18, L2_LSP = 20, L1_CSNP = 24, L2_CSNP = 25, L1_PSNP = 26,
	L2_PSNP = 27,
};

extern const struct proto proto_isis;

/* What kinds of PDU differ in: the size of the fixed header behind the common one, and where in it the length is. */
static const struct kind {
	uint8_t first, second, size, length_at;
	enum isis_field length, source;
} kinds[] = {
	{ L1_HELLO, L2_HELLO, 19, 9, I_PDU_LEN, I_SOURCE },
	{ P2P_HELLO, P2P_HELLO, 12, 9, I_PDU_LEN, I_SOURCE },
	{ L1_LSP, L2_LSP, 19, 0, I_LSP_PDU_LEN, I_LSP },
	{ L1_CSNP, L2_CSNP, 25, 0, I_CSNP_PDU_LEN, I_CSNP_SOURCE },
	{ L1_PSNP, L2_PSNP, 9, 0, I_PSNP_PDU_LEN, I_PSNP_SOURCE },
};

static const struct kind *
kind_of(unsigned type)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i].first == type || kinds[i].second == type)
			return &kinds[i];
	return NULL;
}

/* One line about the fixed header h of a PDU. */
static void
text_brief(struct dis *d, unsigned type, const uint8_t *h, uint32_t len)
{
	switch (type) {
	case L1_HELLO:
	case L2_HELLO:
		osi_text_id(d, ", src-id ", h + 1, OSI_SYSTEM_ID);
		osi_text_id(d, ", lan-id ", h + 12, OSI_NODE_ID);
		text(d, ", prio "), text_u(d, h[11]);
		break;
	case P2P_HELLO:
		osi_text_id(d, ", src-id ", h + 1, OSI_SYSTEM_ID);
		break;
	case L1_LSP:
	case L2_LSP:
		osi_text_id(d, ", lsp-id ", h + 4, OSI_LSP_ID);
		text(d, ", seq 0x"), text_x(d, raw32(h + 12), 8);
		text_fmt(d, ", lifetime %5us", raw16(h + 2));
		break;
	default:
		osi_text_id(d, ", src-id ", h + 2, OSI_NODE_ID);
		break;
	}
	text(d, ", length "), text_u(d, len);
}

static void
text_hello(struct dis *d, bool lan, const uint8_t *h, unsigned pdu_len)
{
	put_field(d, &isis_fields[I_CIRCUIT], h, 1);
	put_field(d, &isis_fields[I_HOLD], h + 7, 2);
	osi_text_id_field(d, "\n\t  source-id: ", h + 1, OSI_SYSTEM_ID, &isis_fields[I_SOURCE]);
	text(d, lan ? ",  holding time: " : ", holding time: "), text_u(d, raw16(h + 7));
	text(d, "s, Flags: ["), text_name(d, isis_circuit_names, h[0], "unknown circuit type 0x%02x"), text_char(d, ']');
	if (lan) {
		put_field(d, &isis_fields[I_PRIORITY], h + 11, 1);
		osi_text_id_field(d, "\n\t  lan-id:    ", h + 12, OSI_NODE_ID, &isis_fields[I_LAN]);
		text(d, ", Priority: "), text_u(d, h[11] & 0x7f);
	} else {
		put_field(d, &isis_fields[I_CIRCUIT_ID], h + 11, 1);
		text(d, "\n\t  circuit-id: 0x"), text_x(d, h[11], 2);
	}
	text(d, ", PDU length: "), text_u(d, pdu_len);
}

static void
text_lsp(struct dis *d, const uint8_t *h, unsigned pdu_len, uint32_t len)
{
	static const char *const attached[] = { "default ", "delay ", "expense ", "error " };
	unsigned block = h[18];

	put_field(d, &isis_fields[I_LIFETIME], h + 2, 2);
	put_field(d, &isis_fields[I_SEQ], h + 12, 4);
	put_field(d, &isis_fields[I_CHECKSUM], h + 16, 2);
	put_field(d, &isis_fields[I_PARTITION], h + 18, 1);
	put_field(d, &isis_fields[I_ATT], h + 18, 1);
	put_field(d, &isis_fields[I_OVERLOAD], h + 18, 1);
	put_field(d, &isis_fields[I_IS_TYPE], h + 18, 1);
	osi_text_id_field(d, "\n\t  lsp-id: ", h + 4, OSI_LSP_ID, &isis_fields[I_LSP]);
	text(d, ", seq: 0x"), text_x(d, raw32(h + 12), 8);
	text_fmt(d, ", lifetime: %5us", raw16(h + 2));
	text(d, "\n\t  chksum: 0x"), text_x(d, raw16(h + 16), 4);
	osi_text_checksum(d, h + 4, raw16(h + 16), 12, len - 12, NULL);
	text(d, ", PDU length: "), text_u(d, pdu_len);
	text(d, ", Flags: [ ");
	if (block & 0x04)
		text(d, "Overload bit set, ");
	if (block & 0x78) {
		for (unsigned i = 0; i < 4; i++)
			if (block & 0x08u << i)
				text(d, attached[i]);
		text(d, "ATT bit set, ");
	}
	if (block & 0x80)
		text(d, "P bit set, ");
	text_name(d, isis_level_names, block & 3, "Unknown(0x%x)");
	text(d, " ]");
}

static void
text_list(struct dis *d, const struct kind *k, const uint8_t *h, unsigned pdu_len)
{
	osi_text_id_field(d, "\n\t  source-id:    ", h + 2, OSI_NODE_ID, &isis_fields[k->source]);
	text(d, ", PDU length: "), text_u(d, pdu_len);
	if (k->first == L1_CSNP) {
		osi_text_id_field(d, "\n\t  start lsp-id: ", h + 9, OSI_LSP_ID, &isis_fields[I_CSNP_START]);
		osi_text_id_field(d, "\n\t  end lsp-id:   ", h + 17, OSI_LSP_ID, &isis_fields[I_CSNP_END]);
	}
}

/* Is the common header one that can be understood? Says why not. */
static bool
check_header(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned fixed = p[1], id = p[3];

	if (p[2] != 1)
		text(d, "version "), text_u(d, p[2]), text(d, " packet not supported");
	else if (id != OSI_SYSTEM_ID && id != 0)
		text(d, "system ID length of "), text_u(d, id), text(d, " is not supported");
	else if (p[5] != 1)
		text(d, "version "), text_u(d, p[5]), text(d, " packet not supported");
	else if (len < fixed)
		text(d, "fixed header length "), text_u(d, fixed), text(d, " > packet length "), text_u(d, len);
	else if (fixed < HEADER)
		text(d, "fixed header length "), text_u(d, fixed), text(d, " < minimum header size "), text_u(d, HEADER);
	else if (p[7] == 255)
		text(d, "bad packet -- 255 areas");
	else
		return true;
	return false;
}

static void
text_common(struct dis *d, const uint8_t *p, uint32_t len)
{
	text(d, d->e ? "length " : ", length "), text_u(d, len);
	text(d, "\n\t"), text_name(d, isis_pdu_names, p[4], "unknown, type %u");
	text(d, ", hlen: "), text_u(d, p[1]);
	text(d, ", v: "), text_u(d, p[2]);
	text(d, ", pdu-v: "), text_u(d, p[5]);
	text(d, ", sys-id-len: "), text_u(d, OSI_SYSTEM_ID), text(d, " ("), text_u(d, p[3]);
	text(d, "), max-area: "), text_u(d, p[7] ? p[7] : 3), text(d, " ("), text_u(d, p[7]), text_char(d, ')');
	if (d->v > 1)
		text_unknown(d, p, "\n\t", HEADER);
}

/* False: the bytes make no sense and are to be shown. */
static bool
walk(struct dis *d, const uint8_t *p, uint32_t len)
{
	const uint8_t *h = p + HEADER;
	const struct kind *k;
	unsigned fixed, pdu_len;

	if (!have(d, p, HEADER) || len < HEADER) {
		text_trunc(d);
		return true;
	}
	if (!d->e)
		text(d, "IS-IS");
	if (!check_header(d, p, len))
		return false;
	put_field(d, &isis_fields[I_NLPID], p, 1);
	put_field(d, &isis_fields[I_HEADER], p + 1, 1);
	put_field(d, &isis_fields[I_VERSION], p + 2, 1);
	put_field(d, &isis_fields[I_ID_LEN], p + 3, 1);
	put_field(d, &isis_fields[I_TYPE], p + 4, 1);
	put_field(d, &isis_fields[I_VERSION2], p + 5, 1);
	put_field(d, &isis_fields[I_AREAS], p + 7, 1);
	k = kind_of(p[4]);
	if (!d->v) {
		text(d, d->e ? "" : ", ");
		text_name(d, isis_pdu_names, p[4], "unknown PDU-Type %u");
	} else {
		text_common(d, p, len);
	}
	if (k == NULL) {
		if (!d->v) {
			text(d, ", length "), text_u(d, len);
			return true;
		}
		text_unknown(d, h, "\n\t  ", len);
		return false;
	}
	fixed = HEADER + k->size;
	if (p[1] != fixed) {
		text(d, k->first == L1_PSNP ? "- bogus" : ", bogus");
		text(d, " fixed header length "), text_u(d, p[1]);
		/* Of link state PDUs the size without the common header is said. */
		text(d, " should be "), text_u(d, k->first == L1_LSP ? k->size : fixed);
		return false;
	}
	if (!have(d, h, k->size) || len < fixed) {
		text_trunc(d);
		return true;
	}
	if (!d->v) {
		text_brief(d, p[4], h, len);
		return true;
	}
	pdu_len = raw16(h + k->length_at);
	put_field(d, &isis_fields[k->length], h + k->length_at, 2);
	if (len > pdu_len)
		len = pdu_len;
	if (k->first == L1_LSP)
		text_lsp(d, h, pdu_len, len);
	else if (k->source == I_SOURCE)
		text_hello(d, k->first == L1_HELLO, h, pdu_len);
	else
		text_list(d, k, h, pdu_len);
	if (d->v > 1)
		text_unknown(d, h, "\n\t  ", k->size);
	if (len < fixed) {
		text_bad(d, "packet length", len, "<", fixed);
		return true;
	}
	if (!isis_tlvs(d, p, len, p + fixed, len - fixed))
		text_trunc(d);
	return true;
}

static void
isis(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_isis);
	if (!walk(d, p, len))
		text_unknown(d, p, "\n\t", len);
}

const struct proto proto_isis = {
	"isis", "isis", "IS-IS", isis, isis_fields, I_FIELDS
};
