/* Connectivity Fault Management, IEEE 802.1Q-2014 clause 21 and ITU-T Y.1731. */
#include "dissect/dissect.h"

enum { HEADER = 4, CCM = 1, LBR, LBM, LTR, LTM };
enum { TLV_END = 0, SENDER_ID, PORT_STATUS, INTERFACE_STATUS, ORGANIZATION = 31 };

static const struct name opcodes[] = {
	{ CCM, "Continuity Check Message" }, { LBR, "Loopback Reply" }, { LBM, "Loopback Message" },
	{ LTR, "Linktrace Reply" }, { LTM, "Linktrace Message" }, { 0, NULL }
};
enum { MD_8021, MD_NONE, MD_DNS, MD_MAC, MD_STRING };
static const struct name md_formats[] = {
	{ MD_8021, "IEEE 802.1" }, { MD_NONE, "No MD Name present" }, { MD_DNS, "DNS string" },
	{ MD_MAC, "MAC + 16Bit Integer" }, { MD_STRING, "Character string" }, { 0, NULL }
};
enum { MA_STRING = 2 };
static const struct name ma_formats[] = {
	{ 0, "IEEE 802.1" }, { 1, "Primary VID" }, { MA_STRING, "Character string" }, { 3, "16Bit Integer" },
	{ 4, "RFC2685 VPN-ID" }, { 0, NULL }
};
static const struct name ltm_flags[] = { { 0x80, "Use Forwarding-DB only" }, { 0, NULL } };
static const struct name ltr_flags[] = { { 0x80, "UseFDB Only" }, { 0x40, "FwdYes" }, { 0x20, "Terminal MEP" }, { 0, NULL } };
static const struct name actions[] = { { 1, "Exact Match" }, { 2, "Filtering DB" }, { 3, "MIP CCM DB" }, { 0, NULL } };
static const struct name tlvs[] = {
	{ TLV_END, "End" }, { SENDER_ID, "Sender ID" }, { PORT_STATUS, "Port status" },
	{ INTERFACE_STATUS, "Interface status" }, { 4, "Data" }, { 5, "Reply Ingress" }, { 6, "Reply Egress" },
	{ ORGANIZATION, "Organization Specific" }, { 0, NULL }
};
static const struct name port_states[] = { { 1, "Blocked" }, { 2, "Up" }, { 0, NULL } };
static const struct name interface_states[] = {
	{ 1, "Up" }, { 2, "Down" }, { 3, "Testing" }, { 5, "Dormant" }, { 6, "not present" }, { 7, "lower Layer down" },
	{ 0, NULL }
};
enum { ID_MAC = 4, ID_NETWORK = 5 };
static const struct name id_types[] = {
	{ 0, "Reserved" }, { 1, "Chassis component" }, { 2, "Interface alias" }, { 3, "Port component" },
	{ ID_MAC, "MAC address" }, { ID_NETWORK, "Network address" }, { 6, "Interface name" }, { 7, "Locally assigned" },
	{ 0, NULL }
};

enum {
	LEVEL, VERSION, OPCODE, FLAGS, OFFSET, SEQUENCE, MEP, MD_FORMAT, MD_NAME, MA_FORMAT, MA_NAME, TRANSACTION, TTL,
	ORIGINAL, TARGET, ACTION, TLV
};
static const struct field F[] = {
	[LEVEL] = { "cfm.md.level", U8, .mask = 0xe0, .help = "Level of the domain" },
	[VERSION] = { "cfm.version", U8, .mask = 0x1f, .help = "Version" },
	[OPCODE] = { "cfm.opcode", U8, .names = opcodes, .help = "Message" },
	[FLAGS] = { "cfm.flags", U8, .help = "Flags" },
	[OFFSET] = { "cfm.first.tlv.offset", U8, .help = "Where TLVs begin" },
	[SEQUENCE] = { "cfm.ccm.seq.num", U32, .help = "Sequence number" },
	[MEP] = { "cfm.ccm.ma.ep.id", U16, .help = "End point" },
	[MD_FORMAT] = { "cfm.maid.md.name.format", U8, .names = md_formats, .help = "Form of the domain's name" },
	[MD_NAME] = { "cfm.maid.md.name.string", STR, .help = "Name of the domain" },
	[MA_FORMAT] = { "cfm.maid.ma.name.format", U8, .names = ma_formats, .help = "Form of the association's name" },
	[MA_NAME] = { "cfm.maid.ma.name.string", STR, .help = "Name of the association" },
	[TRANSACTION] = { "cfm.lt.transaction.id", U32, .help = "Transaction" },
	[TTL] = { "cfm.lt.ttl", U8, .help = "Hops left" },
	[ORIGINAL] = { "cfm.ltm.orig.addr", MAC, .help = "Who started the trace" },
	[TARGET] = { "cfm.ltm.targ.addr", MAC, .help = "Who is looked for" },
	[ACTION] = { "cfm.ltr.relay.action", U8, .names = actions, .help = "How the trace was forwarded" },
	[TLV] = { "cfm.tlv.type", U8, .names = tlvs, .help = "Type of a TLV" },
};

extern const struct proto proto_cfm;

enum outcome { FINE, STOP, SHORT, CUT };

/* The two names of a check message, in 48 bytes; all captured. */
static enum outcome
say_names(struct dis *d, const uint8_t *p)
{
	unsigned room = 47, format = *p++, n;

	put_field(d, &F[MD_FORMAT], p - 1, 1);
	text(d, "\n\t  MD Name Format "), text_name(d, md_formats, format, "Unknown");
	text_fmt(d, " (%u)", format);
	if (format != MD_NONE) {
		n = *p++;
		room--;
		text(d, ", MD Name length "), text_u(d, n);
		/* Behind it come at least form, length and a byte of the other name. */
		if (n > room - 3) {
			text_fmt(d, " (too large, must be <= %u)", room - 2);
			return STOP;
		}
		text(d, "\n\t  MD Name: ");
		switch (format) {
		case MD_DNS:
		case MD_STRING:
			put_field(d, &F[MD_NAME], p, n);
			text_str_pad(d, p, n);
			break;
		case MD_MAC:
			if (n == 6)
				text(d, "\n\t  MAC "), text_mac(d, p);
			else
				text(d, "\n\t  MAC (length invalid)");
			break;
		default:
			text_unknown(d, p, "\n\t    ", n);
			break;
		}
		p += n;
		room -= n;
	}
	format = *p++;
	n = *p++;
	room -= 2;
	put_field(d, &F[MA_FORMAT], p - 2, 1);
	text(d, "\n\t  MA Name-Format "), text_name(d, ma_formats, format, "Unknown");
	text_fmt(d, " (%u), MA name length %u", format, n);
	if (n > room) {
		text_fmt(d, " (too large, must be <= %u)", room);
		return STOP;
	}
	text(d, "\n\t  MA Name: ");
	if (format == MA_STRING) {
		put_field(d, &F[MA_NAME], p, n);
		text_str_pad(d, p, n);
	} else {
		text_unknown(d, p, "\n\t    ", n);
	}
	return FINE;
}

static void
say_interval(struct dis *d, unsigned flags)
{
	static const float seconds[] = { 0, 0.003333f, 0.01f, 0.1f, 1, 10, 60, 600 };
	unsigned code = flags & 7;
	double s = seconds[code];

	text_fmt(d, ", Flags [CCM Interval %u%s]", code, flags & 0x80 ? ", RDI" : "");
	if (code)
		text_fmt(d, "\n\t  CCM Interval %.3fs, min CCM Lifetime %.3fs, max CCM Lifetime %.3fs", s, s * 3.25, s * 3.5);
}

/* The fixed part of a message, which must fit before the TLVs. */
static enum outcome
say_message(struct dis *d, unsigned op, unsigned flags, const uint8_t *p, uint32_t len, unsigned offset)
{
	static const struct { uint8_t op, size, mark; } sizes[] = { { CCM, 70, 1 }, { LTM, 17, 4 }, { LTR, 6, 5 } };

	for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		if (sizes[i].op != op)
			continue;
		if (offset < sizes[i].size) {
			text_fmt(d, " (too small %u, must be >= %u)", sizes[i].mark, sizes[i].size);
			return STOP;
		}
		if (!have(d, p, sizes[i].size))
			return CUT;
	}
	switch (op) {
	case CCM:
		say_interval(d, flags);
		put_field(d, &F[SEQUENCE], p, 4);
		put_field(d, &F[MEP], p + 4, 2);
		text_fmt(d, "\n\t  Sequence Number 0x%08x, MA-End-Point-ID 0x%04x", raw32(p), raw16(p + 4));
		return say_names(d, p + 6);
	case LTM:
	case LTR:
		put_field(d, &F[TRANSACTION], p, 4);
		put_field(d, &F[TTL], p + 4, 1);
		text(d, ", Flags ["), text_bits(d, op == LTM ? ltm_flags : ltr_flags, flags, ", ", "none");
		text_fmt(d, "]\n\t  Transaction-ID 0x%08x, ttl %u", raw32(p), p[4]);
		if (op == LTR) {
			put_field(d, &F[ACTION], p + 5, 1);
			text(d, "\n\t  Replay-Action "), text_name(d, actions, p[5], "Unknown");
			text_fmt(d, " (%u)", p[5]);
			return FINE;
		}
		put_field(d, &F[ORIGINAL], p + 5, 6);
		put_field(d, &F[TARGET], p + 11, 6);
		text(d, "\n\t  Original-MAC "), text_mac(d, p + 5);
		text(d, ", Target-MAC "), text_mac(d, p + 11);
		return FINE;
	default:
		text_unknown(d, p, "\n\t  ", len - offset);
		return FINE;
	}
}

/* Address family and address; true: it has to be dumped. */
static bool
say_network(struct dis *d, const uint8_t *p, uint32_t n)
{
	enum { AF_IP4 = 1, AF_IP6 = 2 };

	text(d, "\n\t  Network Address Type "), text_name(d, af_names, p[0], "Unknown");
	text_fmt(d, " (%u)", p[0]);
	if (p[0] == AF_IP4 && n == 5)
		text(d, ", "), text_ip4(d, p + 1);
	else if (p[0] == AF_IP6 && n == 17)
		text(d, ", "), text_ip6(d, p + 1);
	else if (p[0] == AF_IP4 || p[0] == AF_IP6)
		text_fmt(d, "(invalid IPv%u address length %u)", p[0] == AF_IP4 ? 4 : 6, n - 1);
	else
		return true;
	return n != (p[0] == AF_IP4 ? 5u : 17u);
}

/*
 * Sender identifier, clause 21.5.3: chassis, then the domain and the address of management. *p and *len move over what
 * has been looked at. NEXT: what is left of it is stepped over without a dump.
 */
enum part { DONE, DUMP, NEXT, END };

static enum part
say_sender(struct dis *d, const uint8_t **at, uint32_t *len)
{
	const uint8_t *p = *at;
	uint32_t left_over = *len;
	bool dump = false;
	unsigned n;

#define LEAVE(part) do { *at = p; *len = left_over; return part; } while (0)
	if (left_over < 1) {
		text(d, " (too short, must be >= 1)");
		return NEXT;
	}
	n = *p++;
	left_over--;
	if (n) {
		unsigned type;

		if (left_over < 1) {
			text(d, "\n\t  (TLV too short)");
			LEAVE(NEXT);
		}
		type = *p;
		left_over--;
		text(d, "\n\t  Chassis-ID Type "), text_name(d, id_types, type, "Unknown");
		text_fmt(d, " (%u), Chassis-ID length %u", type, n);
		if (left_over < n) {
			text(d, "\n\t  (TLV too short)");
			LEAVE(NEXT);
		}
		if (type == ID_MAC && n != 6)
			text(d, " (invalid MAC address length)"), dump = true;
		else if (type == ID_MAC)
			text(d, "\n\t  MAC "), text_mac(d, p + 1);
		else if (type == ID_NETWORK)
			dump = say_network(d, p + 1, n);
		else if (type && type <= 7)
			text_str_pad(d, p + 1, n);
		else
			dump = true;
		p += 1 + n;
		left_over -= n;
	}
	if (left_over == 0)
		LEAVE(dump ? DUMP : DONE);
	n = *p++;
	left_over--;
	text(d, "\n\t  Management Address Domain Length "), text_u(d, n);
	if (n == 0)
		LEAVE(dump ? DUMP : DONE);
	if (left_over < n) {
		text(d, "\n\t  (TLV too short)");
		LEAVE(NEXT);
	}
	text_dump_hex(d, "\n\t  Management Address Domain: ", p, n, 0);
	p += n;
	left_over -= n;
	if (left_over < 1) {
		text(d, " (Management Address Length is missing)");
		LEAVE(DUMP);
	}
	n = *p++;
	left_over--;
	text(d, "\n\t  Management Address Length "), text_u(d, n);
	if (n) {
		if (left_over < n) {
			text(d, "\n\t  (TLV too short)");
			LEAVE(END);
		}
		text_dump_hex(d, "\n\t  Management Address: ", p, n, 0);
		p += n;
		left_over -= n;
	}
	LEAVE(dump ? DUMP : DONE);
#undef LEAVE
}

static enum outcome
say_tlvs(struct dis *d, const uint8_t *p, uint32_t len)
{
	while (len) {
		const uint8_t *value;
		unsigned type = u8(d, p);
		uint32_t n, rest;
		enum part part = DUMP;

		put_field(d, &F[TLV], p, 1);
		text(d, "\n\t"), text_name(d, tlvs, type, "Unknown");
		text_fmt(d, " TLV (0x%02x)", type);
		if (type == TLV_END)
			return FINE;
		if (len < 3)
			return SHORT;
		if (!have(d, p, 3))
			return CUT;
		n = raw16(p + 1);
		text(d, ", length "), text_u(d, n);
		p += 3;
		len -= 3;
		if (len < n)
			return SHORT;
		if (!have(d, p, n))
			return CUT;
		value = p;
		rest = n;
		switch (type) {
		case PORT_STATUS:
		case INTERFACE_STATUS:
			if (n < 1) {
				text(d, " (too short, must be >= 1)");
				return FINE;
			}
			text(d, ", Status: ");
			text_name(d, type == PORT_STATUS ? port_states : interface_states, *p, "Unknown");
			text_fmt(d, " (%u)", *p);
			part = DONE;
			break;
		case ORGANIZATION:
			if (n < 4) {
				text(d, " (too short, must be >= 4)");
				return FINE;
			}
			text(d, ", Vendor: "), text_name(d, oui_names, be24(d, p), "Unknown");
			text_fmt(d, " (%u), Sub-Type %u", be24(d, p), p[3]);
			break;
		case SENDER_ID:
			part = say_sender(d, &p, &rest);
			if (part == END)
				return FINE;
			break;
		}
		/* tcpdump dumps as much of the whole as is left of it. */
		if (part == DUMP || (part == DONE && d->v > 1))
			text_unknown(d, value, "\n\t  ", rest);
		len -= (uint32_t)(p - value) + rest;
		p += rest;
	}
	return FINE;
}

static enum outcome
say_all(struct dis *d, const uint8_t *p, uint32_t len)
{
	enum outcome how;
	unsigned op, offset;

	if (len < HEADER)
		return SHORT;
	if (!have(d, p, HEADER))
		return CUT;
	put_field(d, &F[LEVEL], p, 1);
	put_field(d, &F[VERSION], p, 1);
	if (p[0] & 0x1f) {
		text_fmt(d, "CFMv%u not supported, length %u", p[0] & 0x1f, len);
		return FINE;
	}
	op = p[1];
	offset = p[3];
	put_field(d, &F[OPCODE], p + 1, 1);
	put_field(d, &F[FLAGS], p + 2, 1);
	put_field(d, &F[OFFSET], p + 3, 1);
	text(d, "CFMv0 "), text_name(d, opcodes, op, "unknown (%u)");
	text_fmt(d, ", MD Level %u, length %u", p[0] >> 5, len);
	if (!d->v)
		return FINE;
	text(d, "\n\tFirst TLV offset "), text_u(d, offset);
	len -= HEADER;
	if (offset > len) {
		text_fmt(d, " (too large, must be <= %u)", len);
		return FINE;
	}
	how = say_message(d, op, p[2], p + HEADER, len, offset);
	if (how != FINE)
		return how;
	return say_tlvs(d, p + HEADER + offset, len - offset);
}

static void
cfm(struct dis *d, const uint8_t *p, uint32_t len)
{
	enum outcome how;

	enter(d, &proto_cfm);
	how = say_all(d, p, len);
	if (how == SHORT)
		text(d, "\n\t\t packet is too short");
	else if (how == CUT)
		text_trunc(d);
}

const struct proto proto_cfm = PROTO("cfm", "cfm", "CFM EOAM IEEE 802.1Q/ITU Protocol", cfm, F);
