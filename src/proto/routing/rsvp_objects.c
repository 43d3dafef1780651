/*
 * Resource Reservation Protocol: its objects. RFC 2205 appendix A, RFC 2961 (refresh reduction), RFC 3209 (LSP tunnels),
 * RFC 3473 (GMPLS), RFC 4090 (fast reroute), RFC 4124 (DiffServ), RFC 4875 (point to multipoint), RFC 5063 (restart).
 */
#include "proto/routing/rsvp.h"

enum { SESSION_FLAGS_BYTE = 1, ROUTING = 24, NOTIFICATION = 25, DIFFSERV = 28, DIFFSERV_OLD = 125 };
enum { SET_RANGE = 2, SET_RANGE_NOT = 3 };

static const struct name styles[] = {
	{ 17, "Wildcard Filter" }, { 10, "Fixed Filter" }, { 18, "Shared Explicit" }, { 0, NULL }
};
static const struct name capability_flags[] = {
	{ 4, "RecoveryPath Transmit Enabled" }, { 2, "RecoveryPath Desired" }, { 1, "RecoveryPath Srefresh Capable" }, { 0, NULL }
};
static const struct name attribute_flags[] = {
	{ 0x01, "Local Protection" }, { 0x02, "Label Recording" }, { 0x04, "SE Style" }, { 0x08, "Bandwidth protection" },
	{ 0x10, "Node protection" }, { 0, NULL }
};
static const struct name status_flags[] = {
	{ 0x80000000, "Reflect" }, { 4, "Testing" }, { 2, "Admin-down" }, { 1, "Delete-in-progress" }, { 0, NULL }
};
static const struct name set_actions[] = {
	{ 0, "Inclusive list" }, { 1, "Exclusive list" }, { SET_RANGE, "Inclusive range" }, { SET_RANGE_NOT, "Exclusive range" },
	{ 0, NULL }
};
static const struct name error_codes[] = {
	{ ROUTING, "Routing Problem" }, { NOTIFICATION, "Notify Error" }, { DIFFSERV, "Diffserv TE Error" },
	{ DIFFSERV_OLD, "Diffserv TE Error (Old)" }, { 0, NULL }
};
static const struct name routing_errors[] = {
	{ 1, "Bad EXPLICIT_ROUTE object" }, { 2, "Bad strict node" }, { 3, "Bad loose node" }, { 4, "Bad initial subobject" },
	{ 5, "No route available toward destination" }, { 6, "Unacceptable label value" }, { 7, "RRO indicated routing loops" },
	{ 8, "non-RSVP-capable router in the path" }, { 9, "MPLS label allocation failure" }, { 10, "Unsupported L3PID" },
	{ 0, NULL }
};
static const struct name diffserv_errors[] = {
	{ 1, "Unexpected CT object" }, { 2, "Unsupported CT" }, { 3, "Invalid CT value" },
	{ 4, "CT/setup priority do not form a configured TE-Class" },
	{ 5, "CT/holding priority do not form a configured TE-Class" },
	{ 6, "CT/setup priority and CT/holding priority do not form a configured TE-Class" },
	{ 7, "Inconsistency between signaled PSC and signaled CT" },
	{ 8, "Inconsistency between signaled PHBs and signaled CT" }, { 0, NULL }
};

void
rsvp_line(struct dis *d, const struct rsvp_object *o, const char *s)
{
	text(d, o->indent);
	text(d, "  ");
	text(d, s);
}

/* A line that begins with the form's label and the address at the object's begin. */
static void
address_line(struct dis *d, const struct rsvp_object *o, enum rsvp_field four, enum rsvp_field six)
{
	rsvp_put_address(d, four, six, o->p, o->form->size);
	rsvp_line(d, o, o->form->label);
	text(d, ": ");
	rsvp_text_address(d, o->p, o->form->size);
}

/* A line that begins with a label and the word at `at`. */
static void
word_line(struct dis *d, const struct rsvp_object *o, const char *label, unsigned at)
{
	rsvp_line(d, o, label);
	text_u(d, raw32(o->p + at));
}

static void
put(struct dis *d, const struct rsvp_object *o, enum rsvp_field f, unsigned at, unsigned n)
{
	put_field(d, &rsvp_fields[f], o->p + at, n);
}

/* --- who and where ------------------------------------------------------------------------------------------------ */

static enum rsvp_end
session(struct dis *d, const struct rsvp_object *o)
{
	unsigned at = o->form->size;

	put(d, o, RF_SESSION_PROTO, at, 1);
	put(d, o, RF_SESSION_FLAGS, at + SESSION_FLAGS_BYTE, 1);
	put(d, o, RF_SESSION_PORT, at + 2, 2);
	address_line(d, o, RF_SESSION_IP, RF_SESSION_IP6);
	text_fmt(d, ", Protocol ID: 0x%02x", o->p[at]);
	rsvp_line(d, o, "");
	text_fmt(d, "Flags: [0x%02x], DestPort %u", o->p[at + SESSION_FLAGS_BYTE], raw16(o->p + at + 2));
	return RSVP_GOOD;
}

static void
extended_tunnel(struct dis *d, const struct rsvp_object *o, unsigned id, unsigned ext)
{
	put(d, o, RF_TUNNEL, id, 2);
	rsvp_put_address(d, RF_EXT_TUNNEL, RF_EXT_TUNNEL6, o->p + ext, o->form->size);
	text_fmt(d, ", Tunnel ID: 0x%04x, Extended Tunnel ID: ", raw16(o->p + id));
	rsvp_text_address(d, o->p + ext, o->form->size);
}

static enum rsvp_end
session_tunnel(struct dis *d, const struct rsvp_object *o)
{
	address_line(d, o, RF_SESSION_IP, RF_SESSION_IP6);
	extended_tunnel(d, o, o->form->size + 2, o->form->size + 4);
	return RSVP_GOOD;
}

/* RFC 4875 section 19.1.2: the identifier has four bytes although the addresses have sixteen. */
static enum rsvp_end
session_p2mp6(struct dis *d, const struct rsvp_object *o)
{
	put(d, o, RF_P2MP, 0, 4);
	rsvp_line(d, o, "IPv6 P2MP LSP ID: ");
	text_fmt(d, "0x%08x", raw32(o->p));
	extended_tunnel(d, o, 6, 8);
	return RSVP_GOOD;
}

static enum rsvp_end
hop(struct dis *d, const struct rsvp_object *o)
{
	unsigned at = o->form->size;

	put(d, o, RF_HOP_IF, at, 4);
	address_line(d, o, RF_HOP_IP, RF_HOP_IP6);
	text_fmt(d, ", Logical Interface Handle: 0x%08x", raw32(o->p + at));
	return at == 16 || o->n > at + 4 ? RSVP_DUMP : RSVP_GOOD;	/* TLVs may follow */
}

static enum rsvp_end
confirm(struct dis *d, const struct rsvp_object *o)
{
	address_line(d, o, RF_CONFIRM_IP, RF_CONFIRM_IP6);
	return RSVP_GOOD;
}

static enum rsvp_end
notify(struct dis *d, const struct rsvp_object *o)
{
	rsvp_line(d, o, o->form->label);
	text(d, ": ");
	rsvp_text_address(d, o->p, o->form->size);
	return RSVP_GOOD;
}

static enum rsvp_end
sub_lsp(struct dis *d, const struct rsvp_object *o)
{
	address_line(d, o, RF_S2L_IP, RF_S2L_IP6);
	return RSVP_GOOD;
}

static enum rsvp_end
source(struct dis *d, const struct rsvp_object *o)
{
	put(d, o, RF_SENDER_PORT, o->form->size + 2, 2);
	address_line(d, o, RF_SENDER_IP, RF_SENDER_IP6);
	text(d, ", Source Port: "), text_u(d, raw16(o->p + o->form->size + 2));
	return RSVP_GOOD;
}

static enum rsvp_end
source_flow(struct dis *d, const struct rsvp_object *o)
{
	address_line(d, o, RF_SENDER_IP, RF_SENDER_IP6);
	text(d, ", Flow Label: "), text_u(d, be24(d, o->p + 17));
	return RSVP_GOOD;
}

/* The form for IPv6 shows only the first four bytes of its address. */
static enum rsvp_end
source_tunnel(struct dis *d, const struct rsvp_object *o)
{
	unsigned at = o->form->least - 2;

	put(d, o, RF_SENDER_LSP, at, 2);
	address_line(d, o, RF_TUNNEL_IP, RF_TUNNEL_IP6);
	text_fmt(d, ", LSP-ID: 0x%04x", raw16(o->p + at));
	return RSVP_GOOD;
}

static enum rsvp_end
source_p2mp(struct dis *d, const struct rsvp_object *o)
{
	unsigned size = o->form->size, from = size + 4, group = from + size + (size == 16 ? 2 : 0);

	put(d, o, RF_SENDER_LSP, size + 2, 2);
	put(d, o, RF_SUBGROUP_FROM, from, size);
	put(d, o, RF_SUBGROUP, group, 2);
	address_line(d, o, RF_TUNNEL_IP, RF_TUNNEL_IP6);
	text_fmt(d, ", LSP ID: 0x%04x", raw16(o->p + size + 2));
	rsvp_line(d, o, "Sub-Group Originator ID: ");
	rsvp_text_address(d, o->p + from, size);
	text_fmt(d, ", Sub-Group ID: 0x%04x", raw16(o->p + group));
	return RSVP_GOOD;
}

/* --- labels ------------------------------------------------------------------------------------------------------- */

static enum rsvp_end
label(struct dis *d, const struct rsvp_object *o)
{
	for (unsigned at = 0; at + 4 <= o->n; at += 4) {
		put(d, o, RF_LABEL, at, 4);
		word_line(d, o, "Label: ", at);
	}
	return RSVP_GOOD;
}

static enum rsvp_end
general_label(struct dis *d, const struct rsvp_object *o)
{
	put(d, o, RF_GENERAL_LABEL, 0, 4);
	word_line(d, o, "Generalized Label: ", 0);
	return RSVP_GOOD;
}

static enum rsvp_end
waveband(struct dis *d, const struct rsvp_object *o)
{
	word_line(d, o, "Waveband ID: ", 0);
	word_line(d, o, "Start Label: ", 4);
	text(d, ", Stop Label: "), text_u(d, raw32(o->p + 8));
	return RSVP_GOOD;
}

static enum rsvp_end
label_set(struct dis *d, const struct rsvp_object *o)
{
	unsigned action = o->p[0];

	put(d, o, RF_SET_ACTION, 0, 1);
	rsvp_line(d, o, "Action: ");
	text_name(d, set_actions, action, "Unknown");
	text_fmt(d, " (%u), Label type: %u", action, o->p[3] & 0x7f);
	if (action == SET_RANGE || action == SET_RANGE_NOT) {
		if (o->n < 12)
			return RSVP_SHORT;
		word_line(d, o, "Start range: ", 4);
		text(d, ", End range: "), text_u(d, raw32(o->p + 8));
		return RSVP_GOOD;
	}
	for (unsigned at = 4; at + 4 <= o->n; at += 4) {
		put(d, o, RF_SUBCHANNEL, at, 4);
		rsvp_line(d, o, "Subchannel #");
		text_fmt(d, "%u: %u", at / 4, raw32(o->p + at));
	}
	return RSVP_GOOD;
}

static void
protocol_line(struct dis *d, const struct rsvp_object *o, unsigned at)
{
	put(d, o, RF_L3PID, at + 2, 2);
	rsvp_line(d, o, "L3 Protocol ID: ");
	text_name(d, ethertype_names, raw16(o->p + at + 2), "Unknown Protocol (0x%04x)");
}

static enum rsvp_end
request(struct dis *d, const struct rsvp_object *o)
{
	for (unsigned at = 0; at + 4 <= o->n; at += 4)
		protocol_line(d, o, at);
	return RSVP_GOOD;
}

static enum rsvp_end
request_atm(struct dis *d, const struct rsvp_object *o)
{
	protocol_line(d, o, 0);
	text(d, o->p[4] & 0x80 ? ",no merge capability" : ", merge capability");
	for (unsigned at = 4; at <= 8; at += 4) {
		rsvp_line(d, o, at == 4 ? "Minimum" : "Maximum");
		text_fmt(d, " VPI/VCI: %u/%u", raw16(o->p + at) & 0xfff, raw16(o->p + at + 2) & 0xfff);
	}
	return RSVP_GOOD;
}

static enum rsvp_end
request_fr(struct dis *d, const struct rsvp_object *o)
{
	unsigned bits = raw16(o->p + 4) >> 7 & 3;

	protocol_line(d, o, 0);
	rsvp_line(d, o, "Minimum/Maximum DLCI: ");
	text_fmt(d, "%u/%u, %s bit DLCI", raw32(o->p + 4) & 0x7fffff, raw32(o->p + 8) & 0x7fffff,
	    bits == 0 ? "10" : bits == 2 ? "23" : "");
	return RSVP_GOOD;
}

static enum rsvp_end
request_general(struct dis *d, const struct rsvp_object *o)
{
	put(d, o, RF_LSP_ENCODING, 0, 1);
	put(d, o, RF_SWITCHING, 1, 1);
	put(d, o, RF_GPID, 2, 2);
	rsvp_line(d, o, "LSP Encoding Type: ");
	text_name(d, gmpls_encoding_names, o->p[0], "Unknown");
	text_fmt(d, " (%u)", o->p[0]);
	rsvp_line(d, o, "Switching Type: ");
	text_name(d, gmpls_switching_names, o->p[1], "Unknown");
	text_fmt(d, " (%u), Payload ID: ", o->p[1]);
	text_name(d, gmpls_payload_names, raw16(o->p + 2), "Unknown");
	text_fmt(d, " (0x%04x)", raw16(o->p + 2));
	return RSVP_GOOD;
}

/* --- the state of reservations and neighbours ------------------------------------------------------------------------- */

static enum rsvp_end
style(struct dis *d, const struct rsvp_object *o)
{
	put(d, o, RF_STYLE_FLAGS, 0, 1);
	put(d, o, RF_STYLE, 1, 3);
	rsvp_line(d, o, "Reservation Style: ");
	text_name(d, styles, raw32(o->p) & 0xffffff, "Unknown");
	text_fmt(d, ", Flags: [0x%02x]", o->p[0]);
	return RSVP_GOOD;
}

static enum rsvp_end
time_values(struct dis *d, const struct rsvp_object *o)
{
	put(d, o, RF_REFRESH, 0, 4);
	word_line(d, o, "Refresh Period: ", 0);
	text(d, "ms");
	return RSVP_GOOD;
}

static enum rsvp_end
hello(struct dis *d, const struct rsvp_object *o)
{
	put(d, o, RF_HELLO_SOURCE, 0, 4);
	put(d, o, RF_HELLO_DEST, 4, 4);
	rsvp_line(d, o, "Source Instance: ");
	text_fmt(d, "0x%08x, Destination Instance: 0x%08x", raw32(o->p), raw32(o->p + 4));
	return RSVP_GOOD;
}

static enum rsvp_end
restart(struct dis *d, const struct rsvp_object *o)
{
	put(d, o, RF_RESTART, 0, 4);
	put(d, o, RF_RECOVERY, 4, 4);
	word_line(d, o, "Restart  Time: ", 0);
	text_fmt(d, "ms, Recovery Time: %ums", raw32(o->p + 4));
	return RSVP_GOOD;
}

static enum rsvp_end
capability(struct dis *d, const struct rsvp_object *o)
{
	uint32_t flags = raw32(o->p);

	if (flags & ~7U) {
		rsvp_line(d, o, "[reserved=");
		text_fmt(d, "0x%08x must be zero]", flags & ~7U);
	}
	rsvp_line(d, o, "Flags: [");
	text_bits(d, capability_flags, flags & 7, ", ", "none");
	text_char(d, ']');
	return RSVP_GOOD;
}

static enum rsvp_end
attribute(struct dis *d, const struct rsvp_object *o)
{
	unsigned n = o->p[3];

	put(d, o, RF_SETUP, 0, 1);
	put(d, o, RF_HOLD, 1, 1);
	put(d, o, RF_ATTR_FLAGS, 2, 1);
	put(d, o, RF_NAME_LEN, 3, 1);
	if (o->n < 4 + n)
		return RSVP_SHORT;
	put(d, o, RF_NAME, 4, n);
	rsvp_line(d, o, "Session Name: ");
	text_str(d, o->p + 4, n);
	rsvp_line(d, o, "Setup Priority: ");
	text_fmt(d, "%u, Holding Priority: %u, Flags: [", o->p[0], o->p[1]);
	text_bits(d, attribute_flags, o->p[2], ", ", "none");
	text_fmt(d, "] (%#x)", o->p[2]);
	return RSVP_GOOD;
}

static enum rsvp_end
message_ids(struct dis *d, const struct rsvp_object *o)
{
	put(d, o, RF_ID_FLAGS, 0, 1);
	put(d, o, RF_ID_EPOCH, 1, 3);
	rsvp_line(d, o, "Flags [");
	text_fmt(d, "0x%02x], epoch: %u", o->p[0], raw32(o->p) & 0xffffff);
	for (unsigned at = 4; at + 4 <= o->n; at += 4) {
		put(d, o, RF_ID_ID, at, 4);
		rsvp_line(d, o, "  Message-ID ");
		text_fmt(d, "0x%08x (%u)", raw32(o->p + at), raw32(o->p + at));
	}
	return RSVP_GOOD;
}

static enum rsvp_end
status(struct dis *d, const struct rsvp_object *o)
{
	for (unsigned f = RF_REFLECT; f <= RF_DELETE; f++)
		put(d, o, (enum rsvp_field)f, 0, 4);
	rsvp_line(d, o, "Flags [");
	text_bits(d, status_flags, raw32(o->p), ", ", "none");
	text_char(d, ']');
	return RSVP_GOOD;
}

static enum rsvp_end
class_type(struct dis *d, const struct rsvp_object *o)
{
	put(d, o, RF_CLASS_TYPE, 0, 4);
	rsvp_line(d, o, "CT: ");
	text_u(d, raw32(o->p) & 7);
	return RSVP_GOOD;
}

/* --- errors and their avoidance -------------------------------------------------------------------------------------- */

static enum rsvp_end
error(struct dis *d, const struct rsvp_object *o)
{
	unsigned at = o->form->size, code = o->p[at + 1], value = raw16(o->p + at + 2);
	const struct name *values = NULL;

	put(d, o, RF_ERROR_FLAGS, at, 1);
	put(d, o, RF_ERROR_CODE, at + 1, 1);
	put(d, o, RF_ERROR_VALUE, at + 2, 2);
	address_line(d, o, RF_ERROR_IP, RF_ERROR_IP6);
	text_fmt(d, ", Flags: [0x%02x]", o->p[at]);
	rsvp_line(d, o, "Error Code: ");
	text_name(d, error_codes, code, "unknown");
	text_fmt(d, " (%u)", code);
	if (code == ROUTING)
		values = routing_errors;
	else if (at != 4)
		return RSVP_GOOD;
	else if (code == DIFFSERV || code == DIFFSERV_OLD)
		values = diffserv_errors;
	if (values) {
		text(d, ", Error Value: ");
		text_name(d, values, value, "unknown");
	} else {
		text(d, ", Unknown Error Value");
	}
	text_fmt(d, " (%u)", value);
	return RSVP_GOOD;
}

static enum rsvp_end
reroute(struct dis *d, const struct rsvp_object *o)
{
	bool old = o->form->least == 16;
	uint32_t word = raw32(o->p + 4);
	float rate;

	memcpy(&rate, &word, sizeof rate);
	put(d, o, RF_FRR_SETUP, 0, 1);
	put(d, o, RF_FRR_HOLD, 1, 1);
	put(d, o, RF_FRR_HOPS, 2, 1);
	put(d, o, RF_FRR_ANY, 8, 4);
	put(d, o, RF_FRR_NOT, 12, 4);
	rsvp_line(d, o, "Setup Priority: ");
	text_fmt(d, "%u, Holding Priority: %u, Hop-limit: %u, Bandwidth: %.10g Mbps", o->p[0], o->p[1], o->p[2],
	    (double)(rate * 8 / 1000000));
	rsvp_line(d, o, old ? "Include Colors: " : "Include-any: ");
	text_fmt(d, "0x%08x, %s: 0x%08x", raw32(o->p + 8), old ? "Exclude Colors" : "Exclude-any", raw32(o->p + 12));
	if (!old) {
		put(d, o, RF_FRR_ALL, 16, 4);
		text_fmt(d, ", Include-all: 0x%08x", raw32(o->p + 16));
	}
	return RSVP_GOOD;
}

static enum rsvp_end
detour(struct dis *d, const struct rsvp_object *o)
{
	for (unsigned at = 0; at + 8 <= o->n; at += 8) {
		put(d, o, RF_PLR, at, 4);
		put(d, o, RF_AVOID, at + 4, 4);
		rsvp_line(d, o, "PLR-ID: ");
		text_ip4(d, o->p + at);
		text(d, ", Avoid-Node-ID: ");
		text_ip4(d, o->p + at + 4);
	}
	return RSVP_GOOD;
}

/* --- which object is what ---------------------------------------------------------------------------------------------- */

#define LABELS(class) \
	{ class, 1, 0, 0, "Label", label, NULL }, { class, 2, 0, 4, "Generalized Label", general_label, NULL }, \
	{ class, 3, 0, 12, "Waveband Switching", waveband, NULL }

static const struct rsvp_form forms[] = {
	{ RSVP_SESSION, 1, 4, 8, "IPv4", session, "IPv4 DestAddress" },
	{ RSVP_SESSION, 2, 16, 20, "IPv6", session, "IPv6 DestAddress" },
	{ RSVP_SESSION, 7, 4, 12, "Tunnel IPv4", session_tunnel, "IPv4 Tunnel EndPoint" },
	{ RSVP_SESSION, 8, 16, 36, NULL, session_tunnel, "IPv6 Tunnel EndPoint" },
	{ RSVP_SESSION, 11, 4, 12, "UNI IPv4", session_tunnel, "IPv4 Tunnel EndPoint" },
	{ RSVP_SESSION, 13, 4, 12, "IPv4 P2MP LSP Tunnel", session_tunnel, "IPv4 P2MP LSP ID" },
	{ RSVP_SESSION, 14, 16, 26, "IPv6 P2MP LSP Tunnel", session_p2mp6, NULL },
	{ RSVP_HOP, 1, 4, 8, "IPv4", hop, "Previous/Next Interface" },
	{ RSVP_HOP, 2, 16, 20, "IPv6", hop, "Previous/Next Interface" },
	{ RSVP_HOP, 3, 4, 8, "IPv4 plus opt. TLVs", hop, "Previous/Next Interface" },
	{ RSVP_HOP, 4, 16, 20, "IPv6 plus opt. TLVs", hop, "Previous/Next Interface" },
	{ RSVP_INTEGRITY, 1, 0, 32, NULL, rsvp_integrity, NULL },
	{ RSVP_TIME, 1, 0, 4, "1", time_values, NULL },
	{ RSVP_ERROR, 1, 4, 8, "IPv4", error, "Error Node Address" },
	{ RSVP_ERROR, 2, 16, 20, "IPv6", error, "Error Node Address" },
	{ RSVP_ERROR, 3, 4, 8, "IPv4 plus opt. TLVs", error, "Error Node Address" },
	{ RSVP_ERROR, 4, 16, 20, "IPv6 plus opt. TLVs", error, "Error Node Address" },
	{ RSVP_STYLE, 1, 0, 4, "1", style, NULL },
	{ RSVP_FLOWSPEC, 1, 0, 0, "obsolete", NULL, NULL },
	{ RSVP_FLOWSPEC, 2, 0, 4, "IntServ", rsvp_intserv, NULL },
	{ RSVP_FILTER, 1, 4, 8, "IPv4", source, "Source Address" },
	{ RSVP_FILTER, 2, 16, 20, "IPv6", source, "Source Address" },
	{ RSVP_FILTER, 3, 16, 20, "IPv6 Flow-label", source_flow, "Source Address" },
	{ RSVP_FILTER, 7, 4, 8, "Tunnel IPv4", source_tunnel, "Source Address" },
	{ RSVP_FILTER, 8, 4, 20, NULL, source_tunnel, "Source Address" },
	{ RSVP_FILTER, 12, 4, 16, "IPv4 P2MP LSP Tunnel", source_p2mp, "IPv4 Tunnel Sender Address" },
	{ RSVP_FILTER, 13, 16, 40, "IPv6 P2MP LSP Tunnel", source_p2mp, "IPv6 Tunnel Sender Address" },
	{ RSVP_SENDER, 1, 4, 8, "IPv4", source, "Source Address" },
	{ RSVP_SENDER, 2, 16, 20, "IPv6", source, "Source Address" },
	{ RSVP_SENDER, 7, 4, 8, "Tunnel IPv4", source_tunnel, "IPv4 Tunnel Sender Address" },
	{ RSVP_SENDER, 12, 4, 16, "IPv4 P2MP LSP Tunnel", source_p2mp, "IPv4 Tunnel Sender Address" },
	{ RSVP_SENDER, 13, 16, 40, "IPv6 P2MP LSP Tunnel", source_p2mp, "IPv6 Tunnel Sender Address" },
	{ RSVP_TSPEC, 2, 0, 4, "IntServ", rsvp_intserv, NULL },
	{ RSVP_ADSPEC, 2, 0, 4, "IntServ", rsvp_intserv, NULL },
	{ RSVP_CONFIRM, 1, 4, 4, "IPv4", confirm, "IPv4 Receiver Address" },
	{ RSVP_CONFIRM, 2, 16, 16, "IPv6", confirm, "IPv6 Receiver Address" },
	LABELS(RSVP_LABEL),
	{ RSVP_LABEL_REQUEST, 1, 0, 0, "without label range", request, NULL },
	{ RSVP_LABEL_REQUEST, 2, 0, 12, "with ATM label range", request_atm, NULL },
	{ RSVP_LABEL_REQUEST, 3, 0, 12, "with FR label range", request_fr, NULL },
	{ RSVP_LABEL_REQUEST, 4, 0, 4, "Generalized Label", request_general, NULL },
	{ RSVP_ERO, 1, 4, 0, "IPv4", rsvp_route, NULL },
	{ RSVP_RRO, 1, 4, 0, "IPv4", rsvp_route, NULL },
	{ RSVP_HELLO, 1, 0, 8, "Hello Request", hello, NULL },
	{ RSVP_HELLO, 2, 0, 8, "Hello Ack", hello, NULL },
	{ RSVP_MESSAGE_ID, 1, 0, 4, "1", message_ids, NULL },
	{ RSVP_MESSAGE_ID, 2, 0, 4, NULL, message_ids, NULL },
	{ RSVP_MESSAGE_ID_ACK, 1, 0, 4, "Message id ack", message_ids, NULL },
	{ RSVP_MESSAGE_ID_ACK, 2, 0, 4, "Message id nack", message_ids, NULL },
	{ RSVP_MESSAGE_ID_LIST, 1, 0, 4, "1", message_ids, NULL },
	{ RSVP_MESSAGE_ID_LIST, 2, 0, 4, NULL, message_ids, NULL },
	LABELS(RSVP_RECOVERY_LABEL),
	LABELS(RSVP_UPSTREAM_LABEL),
	{ RSVP_LABEL_SET, 1, 0, 4, "1", label_set, NULL },
	{ RSVP_S2L, 1, 4, 4, "IPv4 sub-LSP", sub_lsp, "Sub-LSP destination address" },
	{ RSVP_S2L, 2, 16, 16, "IPv6 sub-LSP", sub_lsp, "Sub-LSP destination address" },
	{ RSVP_DETOUR, 7, 4, 0, "Tunnel IPv4", detour, NULL },
	{ RSVP_CLASS_TYPE, 1, 0, 4, "1", class_type, NULL },
	{ RSVP_CLASS_TYPE_OLD, 1, 0, 4, "1", class_type, NULL },
	LABELS(RSVP_SUGGESTED_LABEL),
	{ RSVP_RESTART, 1, 0, 8, "IPv4", restart, NULL },
	{ RSVP_CAPABILITY, 1, 0, 4, "1", capability, NULL },
	{ RSVP_NOTIFY, 1, 4, 4, "IPv4", notify, "IPv4 Notify Node Address" },
	{ RSVP_NOTIFY, 2, 16, 16, "IPv6", notify, "IPv6 Notify Node Address" },
	{ RSVP_ADMIN_STATUS, 1, 0, 4, "1", status, NULL },
	{ RSVP_PROPERTIES, 1, 0, 4, "1", rsvp_properties, NULL },
	{ RSVP_FAST_REROUTE, 1, 0, 20, "1", reroute, NULL },
	{ RSVP_FAST_REROUTE, 7, 0, 16, "Tunnel IPv4", reroute, NULL },
	{ RSVP_SESSION_ATTRIBUTE, 7, 0, 4, "Tunnel IPv4", attribute, NULL },
	{ RSVP_UNI, 1, 0, 4, "1", rsvp_uni, NULL },
};

const struct rsvp_form *
rsvp_form_of(unsigned class, unsigned type)
{
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (forms[i].class == class && forms[i].type == type)
			return &forms[i];
	return NULL;
}
