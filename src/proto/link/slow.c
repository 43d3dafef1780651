/*
 * IEEE 802.3 slow protocols (annex 57A): link aggregation control and its markers (802.1AX), and Ethernet OAM
 * (802.3 clause 57).
 */
#include "dissect/dissect.h"

enum { LACP = 1, MARKER, OAM };
static const struct name subtypes[] = { { LACP, "LACP" }, { MARKER, "MARKER" }, { OAM, "OAM" }, { 0, NULL } };

enum { TERMINATOR, ACTOR, PARTNER, COLLECTOR, MARKER_INFO = 1 };
static const struct name lacp_tlvs[] = {
	{ TERMINATOR, "Terminator" }, { ACTOR, "Actor Information" }, { PARTNER, "Partner Information" },
	{ COLLECTOR, "Collector Information" }, { 0, NULL }
};
static const struct name marker_tlvs[] = {
	{ TERMINATOR, "Terminator" }, { MARKER_INFO, "Marker Information" }, { 0, NULL }
};
static const struct name states[] = {
	{ 0x01, "Activity" }, { 0x02, "Timeout" }, { 0x04, "Aggregation" }, { 0x08, "Synchronization" },
	{ 0x10, "Collecting" }, { 0x20, "Distributing" }, { 0x40, "Default" }, { 0x80, "Expired" }, { 0, NULL }
};

enum { INFORMATION, EVENT, VARIABLE_REQUEST, VARIABLE_RESPONSE, LOOPBACK, VENDOR = 0xfe };
static const struct name oam_codes[] = {
	{ INFORMATION, "Information" }, { EVENT, "Event Notification" }, { VARIABLE_REQUEST, "Variable Request" },
	{ VARIABLE_RESPONSE, "Variable Response" }, { LOOPBACK, "Loopback Control" }, { VENDOR, "Vendor Private" },
	{ 0, NULL }
};
static const struct name oam_flags[] = {
	{ 0x01, "Link Fault" }, { 0x02, "Dying Gasp" }, { 0x04, "Critical Event" }, { 0x08, "Local Evaluating" },
	{ 0x10, "Local Stable" }, { 0x20, "Remote Evaluating" }, { 0x40, "Remote Stable" }, { 0, NULL }
};
static const struct name info_tlvs[] = {
	{ 0, "End of TLV marker" }, { 1, "Local" }, { 2, "Remote" }, { 0xfe, "Organization specific" }, { 0, NULL }
};
static const struct name event_tlvs[] = {
	{ 0, "End of TLV marker" }, { 1, "Errored Symbol Period Event" }, { 2, "Errored Frame Event" },
	{ 3, "Errored Frame Period Event" }, { 4, "Errored Frame Seconds Summary Event" },
	{ 0xfe, "Organization specific" }, { 0, NULL }
};

enum { F_SUBTYPE };
static const struct field F[] = {
	[F_SUBTYPE] = { "slow.subtype", U8, .names = subtypes, .help = "Subtype" },
};

enum { A_SYSTEM, A_KEY, A_PORT, A_STATE, P_SYSTEM, P_KEY, P_PORT, P_STATE };
static const struct field L[] = {
	[A_SYSTEM] = { "lacp.actor.sysid", MAC, .help = "Actor's system" },
	[A_KEY] = { "lacp.actor.key", U16, .help = "Actor's key" },
	[A_PORT] = { "lacp.actor.port", U16, .help = "Actor's port" },
	[A_STATE] = { "lacp.actor.state", U8, .help = "Actor's state" },
	[P_SYSTEM] = { "lacp.partner.sysid", MAC, .help = "Partner's system" },
	[P_KEY] = { "lacp.partner.key", U16, .help = "Partner's key" },
	[P_PORT] = { "lacp.partner.port", U16, .help = "Partner's port" },
	[P_STATE] = { "lacp.partner.state", U8, .help = "Partner's state" },
};

enum { M_PORT, M_SYSTEM, M_TRANSACTION };
static const struct field M[] = {
	[M_PORT] = { "marker.requesterPort", U16, .help = "Requester's port" },
	[M_SYSTEM] = { "marker.requesterSystem", MAC, .help = "Requester's system" },
	[M_TRANSACTION] = { "marker.requesterTransId", U32, .help = "Transaction" },
};

enum { O_FLAGS, O_CODE, O_SEQUENCE };
static const struct field O[] = {
	[O_FLAGS] = { "oampdu.flags", U16, .help = "Flags" },
	[O_CODE] = { "oampdu.code", U8, .names = oam_codes, .help = "Code" },
	[O_SEQUENCE] = { "oampdu.event.sequence", U16, .help = "Event sequence number" },
};

extern const struct proto proto_slow, proto_lacp, proto_marker, proto_oampdu;

static void
too_short(struct dis *d)
{
	text(d, "\n\t\t packet is too short");
}

static void
text_illegal(struct dis *d, const char *should, unsigned n)
{
	text(d, "\n\t    ERROR: illegal length - should be "), text(d, should);
	text_u(d, n);
}

/* The head of any TLV: "\n\tActor Information TLV (0x01), length 20", or as OAM words it. */
static void
text_head(struct dis *d, const char *indent, const char *name, const char *kind, unsigned type, bool hex, unsigned len)
{
	text(d, indent), text(d, name), text(d, kind);
	if (hex)
		text(d, "0x"), text_x(d, type, 2);
	else
		text_u(d, type);
	text(d, "), length "), text_u(d, len);
}

/* Actor or partner, 802.1AX section 6.4.2.3. */
static void
text_party(struct dis *d, unsigned type, const uint8_t *p)
{
	static const uint8_t fields[2][4] = {
		{ A_SYSTEM, A_KEY, A_PORT, A_STATE }, { P_SYSTEM, P_KEY, P_PORT, P_STATE }
	};
	const uint8_t *f = fields[type == PARTNER];

	put_field(d, &L[f[0]], p + 4, 6);
	put_field(d, &L[f[1]], p + 10, 2);
	put_field(d, &L[f[2]], p + 14, 2);
	put_field(d, &L[f[3]], p + 16, 1);
	text(d, "\n\t  System ");
	text_mac(d, p + 4);
	text(d, ", System Priority "), text_u(d, raw16(p + 2));
	text(d, ", Key "), text_u(d, raw16(p + 10));
	text(d, ", Port "), text_u(d, raw16(p + 14));
	text(d, ", Port Priority "), text_u(d, raw16(p + 12));
	text(d, "\n\t  State Flags [");
	text_bits(d, states, p[16], ", ", "none");
	text_char(d, ']');
}

static void
text_marker(struct dis *d, const uint8_t *p)
{
	put_field(d, &M[M_PORT], p + 2, 2);
	put_field(d, &M[M_SYSTEM], p + 4, 6);
	put_field(d, &M[M_TRANSACTION], p + 10, 4);
	text(d, "\n\t  Request System ");
	text_mac(d, p + 4);
	text(d, ", Request Port "), text_u(d, raw16(p + 2));
	text(d, ", Request Transaction ID 0x"), text_x(d, raw32(p + 10), 8);
}

/* A TLV of n bytes, head included. */
static void
aggregation_tlv(struct dis *d, unsigned subtype, unsigned type, const uint8_t *p, unsigned n)
{
	bool party = subtype == LACP && (type == ACTOR || type == PARTNER);
	bool collector = subtype == LACP && type == COLLECTOR, marker = subtype == MARKER && type == MARKER_INFO;
	unsigned should = party ? 20 : 16;

	if (!party && !collector && !marker) {
		if (d->v <= 1)
			text_unknown(d, p + 2, "\n\t  ", n - 2);
	} else if (n != should) {
		text_illegal(d, "", should);
	} else if (party) {
		text_party(d, type, p);
	} else if (collector) {
		text(d, "\n\t  Max Delay "), text_u(d, raw16(p + 2));
	} else {
		text_marker(d, p);
	}
	if (d->v > 1)
		text_unknown(d, p + 2, "\n\t  ", n - 2);
}

/* LACP and markers behind subtype and version. */
static void
aggregation(struct dis *d, unsigned subtype, const uint8_t *p, uint32_t len)
{
	const struct name *names = subtype == LACP ? lacp_tlvs : marker_tlvs;
	const char *s;
	unsigned type, n;

	if (d->sink)
		fields_layer(d, subtype == LACP ? &proto_lacp : &proto_marker);
	for (; len; p += n, len -= n) {
		if (len < 2) {
			too_short(d);
			return;
		}
		type = u8(d, p);
		n = u8(d, p + 1);
		s = name_of(names, type);
		text_head(d, "\n\t", s ? s : "Unknown", " TLV (", type, true, n);
		if (type == TERMINATOR)
			return;
		if (n < 2) {
			text_illegal(d, ">= ", 2);
			return;
		}
		if (len < n) {
			too_short(d);
			return;
		}
		need(d, p, n);
		aggregation_tlv(d, subtype, type, p, n);
	}
}

/* --- OAM --- */

/* Local and remote information, 802.3 section 57.5.2.1. False when its length is wrong. */
static bool
text_information(struct dis *d, const uint8_t *p, unsigned n)
{
	enum { SIZE = 16 };
	static const struct name parsers[] = {
		{ 0, "forwarding" }, { 1, "looping back" }, { 2, "discarding" }, { 3, "reserved" }, { 0, NULL }
	};
	static const struct name config[] = {
		{ 0x01, "Active" }, { 0x02, "Unidirectional" }, { 0x04, "Remote-Loopback" }, { 0x08, "Link-Events" },
		{ 0x10, "Variable-Retrieval" }, { 0, NULL }
	};
	uint32_t oui;

	if (n != SIZE) {
		text_illegal(d, "", SIZE);
		return false;
	}
	text(d, "\n\t    OAM-Version "), text_u(d, p[2]);
	text(d, ", Revision "), text_u(d, raw16(p + 3));
	text(d, "\n\t    State-Parser-Action "), text(d, name_of(parsers, p[5] & 3));
	text(d, ", State-MUX-Action "), text(d, p[5] & 4 ? "discarding" : "forwarding");
	text(d, "\n\t    OAM-Config Flags [");
	text_bits(d, config, p[6], ", ", "none");
	text(d, "], OAM-PDU-Config max-PDU size "), text_u(d, raw16(p + 7) & 0x7ff);
	oui = be24(d, p + 9);
	text(d, "\n\t    OUI ");
	text_name(d, oui_names, oui, "Unknown");
	text(d, " (0x"), text_x(d, oui, 6);
	text(d, "), Vendor-Private 0x"), text_x(d, raw32(p + 12), 8);
	return true;
}

/* Link events, section 57.5.3. All four have the same form to us. */
static bool
text_event(struct dis *d, const uint8_t *p, unsigned n)
{
	enum { SIZE = 40 };
	static const char *const labels[] = {
		" ms, Errored Window ", "\n\t    Errored Threshold ", "\n\t    Errors ", "\n\t    Error Running Total "
	};

	if (n != SIZE) {
		text_illegal(d, "", SIZE);
		return false;
	}
	text(d, "\n\t    Timestamp "), text_u(d, raw16(p + 2) * 100u);
	for (unsigned i = 0; i < 4; i++) {
		text(d, labels[i]);
		text_u(d, be64(d, p + 4 + 8 * i));
	}
	text(d, "\n\t    Event Running Total "), text_u(d, raw32(p + 36));
	return true;
}

static void
oam_tlvs(struct dis *d, unsigned code, const uint8_t *p, uint32_t len)
{
	bool info = code == INFORMATION, known;
	const struct name *names = info ? info_tlvs : event_tlvs;
	const char *s;
	unsigned type, n;

	for (; len; p += n, len -= n) {
		if (len < 2) {
			too_short(d);
			return;
		}
		type = u8(d, p);
		n = u8(d, p + 1);
		s = name_of(names, type);
		text_head(d, "\n\t  ", s ? s : "Reserved", info ? " Information Type (" : " Link Event Type (", type, false, n);
		if (type == 0)
			return;
		if (n < 2) {
			text_illegal(d, ">= ", 2);
			return;
		}
		if (len < n) {
			too_short(d);
			return;
		}
		need(d, p, n);
		if (info)
			known = type <= 2 && text_information(d, p, n);
		else
			known = type <= 4 && text_event(d, p, n);
		if (d->v > 1 || !known)
			text_unknown(d, p, "\n\t  ", n);
	}
}

static void
oam(struct dis *d, const uint8_t *p, uint32_t len)
{
	static const struct name commands[] = {
		{ 1, "Enable OAM Remote Loopback" }, { 2, "Disable OAM Remote Loopback" }, { 0, NULL }
	};
	unsigned code, v;

	if (len < 3) {
		too_short(d);
		return;
	}
	need(d, p, 3);
	code = p[2];
	if (d->sink)
		fields_layer(d, &proto_oampdu);
	put_field(d, &O[O_FLAGS], p, 2);
	put_field(d, &O[O_CODE], p + 2, 1);
	text(d, "\n\tCode ");
	text_name(d, oam_codes, code, "Unknown (%u)");
	text(d, " OAM PDU, Flags [");
	text_bits(d, oam_flags, raw16(p), ", ", "none");
	text_char(d, ']');
	p += 3;
	len -= 3;
	switch (code) {
	case INFORMATION:
		oam_tlvs(d, code, p, len);
		break;
	case EVENT:
		if (len < 2) {
			too_short(d);
			return;
		}
		v = be16(d, p);
		put_field(d, &O[O_SEQUENCE], p, 2);
		text(d, "\n\t  Sequence Number "), text_u(d, v);
		oam_tlvs(d, code, p + 2, len - 2);
		break;
	case LOOPBACK:
		if (len < 1) {
			too_short(d);
			return;
		}
		v = u8(d, p);
		text(d, "\n\t  Command ");
		text_name(d, commands, v, "Unknown");
		text(d, " ("), text_u(d, v), text_char(d, ')');
		break;
	default:
		if (d->v <= 1)
			text_unknown(d, p, "\n\t  ", len);
		break;
	}
}

static void
slow(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned subtype, version = 0;
	bool versioned;

	enter(d, &proto_slow);
	if (len < 1)
		goto too_short;
	subtype = u8(d, p);
	put_field(d, &F[F_SUBTYPE], p, 1);
	versioned = subtype == LACP || subtype == MARKER;
	if (versioned) {
		if (len < 2)
			goto too_short;
		version = u8(d, p + 1);
		if (version != 1) {
			text(d, name_of(subtypes, subtype));
			text(d, " version "), text_u(d, version), text(d, " packet not supported");
			return;
		}
	}
	text_name(d, subtypes, subtype, "unknown (%u)");
	if (versioned)
		text_char(d, 'v'), text_u(d, version);
	text(d, ", length "), text_u(d, len);
	if (subtype != OAM && !versioned) {
		text_unknown(d, p, "\n\t", len);
		return;
	}
	if (!d->v)
		return;
	if (versioned)
		aggregation(d, subtype, p + 2, len - 2);
	else
		oam(d, p + 1, len - 1);
	return;
too_short:
	if (d->v)
		too_short(d);
	else
		text(d, " (packet is too short)");
}

const struct proto proto_slow = PROTO("slow", "slow", "Slow Protocols", slow, F);
const struct proto proto_lacp = PROTO("lacp", "slow", "Link Aggregation Control Protocol", slow, L);
const struct proto proto_marker = PROTO("marker", "slow", "Link Aggregation Marker Protocol", slow, M);
const struct proto proto_oampdu = PROTO("oampdu", "slow", "Ethernet OAM PDU", slow, O);
