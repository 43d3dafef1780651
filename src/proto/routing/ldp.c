/*
 * Label Distribution Protocol, RFC 5036; pseudowires (RFC 4447), fault tolerance (RFC 3479) and graceful restart
 * (RFC 3478), MTU (RFC 3988).
 */
#include "dissect/said.h"

#define LINE "\n\t      "
#define PART "\n\t\t  "

enum { VERSION_1 = 1, PDU_HEADER = 10, MSG_HEADER = 8, TLV_HEADER = 4, ID_SIZE = 6 };
enum { UNKNOWN_BIT = 0x8000, FORWARD_BIT = 0x4000 };

enum {
	NOTIFICATION = 0x0001, HELLO = 0x0100, INIT = 0x0200, KEEPALIVE = 0x0201, ADDRESS = 0x0300, ADDRESS_WITHDRAW = 0x0301,
	MAPPING = 0x0400, WITHDRAW = 0x0402,
};
static const struct name messages[] = {
	{ NOTIFICATION, "Notification" }, { HELLO, "Hello" }, { INIT, "Initialization" }, { KEEPALIVE, "Keepalive" },
	{ ADDRESS, "Address" }, { ADDRESS_WITHDRAW, "Address Withdraw" }, { MAPPING, "Label Mapping" },
	{ 0x0401, "Label Request" }, { WITHDRAW, "Label Withdraw" }, { 0x0403, "Label Release" },
	{ 0x0404, "Label Abort Request" }, { 0, NULL }
};

enum {
	T_FEC = 0x0100, T_ADDRESSES = 0x0101, T_LABEL = 0x0200, T_STATUS = 0x0300, T_HELLO = 0x0400, T_TRANSPORT4 = 0x0401,
	T_CONFIG = 0x0402, T_TRANSPORT6 = 0x0403, T_SESSION = 0x0500, T_FAULT = 0x0503, T_MTU = 0x0601,
};
static const struct name tlv_names[] = {
	{ T_FEC, "FEC" }, { T_ADDRESSES, "Address List" }, { 0x0103, "Hop Count" }, { 0x0104, "Path Vector" },
	{ T_LABEL, "Generic Label" }, { 0x0201, "ATM Label" }, { 0x0202, "Frame-Relay Label" }, { T_STATUS, "Status" },
	{ 0x0301, "Extended Status" }, { 0x0302, "Returned PDU" }, { 0x0303, "Returned Message" },
	{ T_HELLO, "Common Hello Parameters" }, { T_TRANSPORT4, "IPv4 Transport Address" },
	{ T_CONFIG, "Configuration Sequence Number" }, { T_TRANSPORT6, "IPv6 Transport Address" },
	{ T_SESSION, "Common Session Parameters" }, { 0x0501, "ATM Session Parameters" },
	{ 0x0502, "Frame-Relay Session Parameters" }, { T_FAULT, "Fault-Tolerant Session Parameters" },
	{ 0x0600, "Label Request Message ID" }, { T_MTU, "MTU" }, { 0, NULL }
};

enum { FEC_WILDCARD = 1, FEC_PREFIX = 2, FEC_HOST = 3, FEC_VC = 0x80 };
static const struct name fecs[] = {
	{ FEC_WILDCARD, "Wildcard" }, { FEC_PREFIX, "Prefix" }, { FEC_HOST, "Host address" }, { FEC_VC, "Martini VC" },
	{ 0, NULL }
};

enum { IF_MTU = 1, IF_DESCRIPTION = 3, IF_VCCV = 12 };
static const struct name interface_params[] = {
	{ IF_MTU, "MTU" }, { IF_DESCRIPTION, "Description" }, { IF_VCCV, "VCCV" }, { 0, NULL }
};
static const struct name control_channels[] = {
	{ 1, "PWE3 control word" }, { 2, "MPLS Router Alert Label" }, { 4, "MPLS inner label TTL = 1" }, { 0, NULL }
};
static const struct name verifications[] = { { 1, "ICMP Ping" }, { 2, "LSP Ping" }, { 4, "BFD" }, { 0, NULL } };

enum {
	VERSION, PDU_LEN, LSR, SPACE, MSG_U, MSG_TYPE, MSG_LEN, MSG_ID, TLV_BITS, TLV_TYPE, TLV_LEN, HOLD, TARGETED, REQUESTED,
	TADDR4, TADDR6, CONFIG, AF, ADDR, SESSION_VERSION, SESSION_KEEPALIVE, ON_DEMAND, LOOPS, PATH_LIMIT, MAX_PDU,
	RECEIVER, RECEIVER_SPACE, FEC_TYPE, FEC_AF, FEC_LEN, FEC_PREFIX_, VC_WORD, VC_TYPE, VC_INFO, VC_GROUP, VC_ID, IF_ID,
	IF_LEN, IF_MTU_, IF_DESC, LABEL_, FATAL, FORWARD, STATUS, STATUS_MSG, FT_FLAGS, RECONNECT, RECOVERY,
};
static const struct field F[] = {
	[VERSION] = { "ldp.hdr.version", U16, .help = "Version" },
	[PDU_LEN] = { "ldp.hdr.pdu_len", U16, .help = "Length of the PDU" },
	[LSR] = { "ldp.hdr.ldpid.lsr", IP4, .help = "Label switching router" },
	[SPACE] = { "ldp.hdr.ldpid.lsid", U16, .help = "Label space" },
	[MSG_U] = { "ldp.msg.ubit", BOOL, .mask = UNKNOWN_BIT, .help = "To be ignored where it is not known" },
	[MSG_TYPE] = { "ldp.msg.type", U16, .mask = 0x7fff, .names = messages, .help = "Message type" },
	[MSG_LEN] = { "ldp.msg.len", U16, .help = "Length of a message" },
	[MSG_ID] = { "ldp.msg.id", U32, .help = "Message identifier" },
	[TLV_BITS] = { "ldp.msg.tlv.unknown", U16, .mask = 0xc000, .help = "What to do with a TLV that is not known" },
	[TLV_TYPE] = { "ldp.msg.tlv.type", U16, .mask = 0x3fff, .names = tlv_names, .help = "TLV type" },
	[TLV_LEN] = { "ldp.msg.tlv.len", U16, .help = "Length of a TLV" },
	[HOLD] = { "ldp.msg.tlv.hello.hold", U16, .help = "Seconds a neighbour is to be remembered" },
	[TARGETED] = { "ldp.msg.tlv.hello.targeted", BOOL, .mask = 0x8000, .help = "Targeted hello" },
	[REQUESTED] = { "ldp.msg.tlv.hello.requested", BOOL, .mask = 0x4000, .help = "Targeted hellos wanted" },
	[TADDR4] = { "ldp.msg.tlv.ipv4.taddr", IP4, .help = "Address for the session" },
	[TADDR6] = { "ldp.msg.tlv.ipv6.taddr", IP6, .help = "Address for the session" },
	[CONFIG] = { "ldp.msg.tlv.hello.cnf_seqno", U32, .help = "Number of the configuration" },
	[AF] = { "ldp.msg.tlv.addrl.addr_family", U16, .names = af_names, .help = "Address family" },
	[ADDR] = { "ldp.msg.tlv.addrl.addr", STR, .help = "Address of the router" },
	[SESSION_VERSION] = { "ldp.msg.tlv.sess.ver", U16, .help = "Version of the session" },
	[SESSION_KEEPALIVE] = { "ldp.msg.tlv.sess.ka", U16, .help = "Seconds between signs of life" },
	[ON_DEMAND] = { "ldp.msg.tlv.sess.advbit", BOOL, .mask = 0x8000, .help = "Labels on demand" },
	[LOOPS] = { "ldp.msg.tlv.sess.ldetbit", BOOL, .mask = 0x4000, .help = "Loop detection" },
	[PATH_LIMIT] = { "ldp.msg.tlv.sess.pvlim", U8, .help = "Longest path vector" },
	[MAX_PDU] = { "ldp.msg.tlv.sess.mxpdu", U16, .help = "Longest PDU" },
	[RECEIVER] = { "ldp.msg.tlv.sess.rxlsr", IP4, .help = "Router that the session is meant for" },
	[RECEIVER_SPACE] = { "ldp.msg.tlv.sess.rxls", U16, .help = "Label space that the session is meant for" },
	[FEC_TYPE] = { "ldp.msg.tlv.fec.type", U8, .names = fecs, .help = "Kind of forwarding equivalence class" },
	[FEC_AF] = { "ldp.msg.tlv.fec.af", U16, .names = af_names, .help = "Address family of a prefix" },
	[FEC_LEN] = { "ldp.msg.tlv.fec.len", U8, .help = "Length of a prefix" },
	[FEC_PREFIX_] = { "ldp.msg.tlv.fec.pfval", STR, .help = "Prefix" },
	[VC_WORD] = { "ldp.msg.tlv.fec.vc.controlword", BOOL, .mask = 0x8000, .help = "Control word used" },
	[VC_TYPE] = { "ldp.msg.tlv.fec.vc.vctype", U16, .mask = 0x7fff, .names = mpls_pw_names, .help = "Pseudowire type" },
	[VC_INFO] = { "ldp.msg.tlv.fec.vc.infolength", U8, .help = "Length of what is said of a pseudowire" },
	[VC_GROUP] = { "ldp.msg.tlv.fec.vc.groupid", U32, .help = "Group of a pseudowire" },
	[VC_ID] = { "ldp.msg.tlv.fec.vc.vcid", U32, .help = "Pseudowire" },
	[IF_ID] = { "ldp.msg.tlv.fec.vc.intparam.id", U8, .names = interface_params, .help = "Parameter of an interface" },
	[IF_LEN] = { "ldp.msg.tlv.fec.vc.intparam.length", U8, .help = "Length of a parameter" },
	[IF_MTU_] = { "ldp.msg.tlv.fec.vc.intparam.mtu", U16, .help = "Maximum transmission unit" },
	[IF_DESC] = { "ldp.msg.tlv.fec.vc.intparam.desc", STR, .help = "Description of an interface" },
	[LABEL_] = { "ldp.msg.tlv.generic.label", U32, .mask = 0xfffff, .help = "Label" },
	[FATAL] = { "ldp.msg.tlv.status.ebit", BOOL, .mask = 0x80000000, .help = "Fatal error" },
	[FORWARD] = { "ldp.msg.tlv.status.fbit", BOOL, .mask = 0x40000000, .help = "To be sent on" },
	[STATUS] = { "ldp.msg.tlv.status.data", U32, .mask = 0x3fffffff, .help = "Status" },
	[STATUS_MSG] = { "ldp.msg.tlv.status.msg.id", U32, .help = "Message that caused it" },
	[FT_FLAGS] = { "ldp.msg.tlv.ft_sess.flags", U16, .help = "Flags of fault tolerance" },
	[RECONNECT] = { "ldp.msg.tlv.ft_sess.reconn_to", U32, .help = "Milliseconds to reconnect" },
	[RECOVERY] = { "ldp.msg.tlv.ft_sess.recovery_time", U32, .help = "Milliseconds to recover" },
};

extern const struct proto proto_ldp;

/* What is left of a TLV's value. */
struct value {
	const uint8_t *p;
	unsigned n;
};

/* Has the TLV at least n bytes left? Says so when it has not. */
static bool
room(struct dis *d, const struct value *v, unsigned n)
{
	if (v->n >= n)
		return true;
	text_bad(d, "tlv length", v->n, "<", n);
	return false;
}

static void
skip(struct value *v, unsigned n)
{
	v->p += n;
	v->n -= n;
}

/* --- hellos and sessions ------------------------------------------------------------------------------------------ */

static void
hello(struct dis *d, struct value *v)
{
	unsigned flags;

	put_field(d, &F[HOLD], v->p, 2);
	put_field(d, &F[TARGETED], v->p + 2, 2);
	put_field(d, &F[REQUESTED], v->p + 2, 2);
	flags = be32(d, v->p) & 0xffff;
	text_fmt(d, LINE "Hold Time: %us, Flags: [%s Hello%s]", raw16(v->p), flags & 0x8000 ? "Targeted" : "Link",
	    flags & 0x4000 ? ", Request for targeted Hellos" : "");
}

static void
transport4(struct dis *d, struct value *v)
{
	put_field(d, &F[TADDR4], v->p, 4);
	need(d, v->p, 4);
	text(d, LINE "IPv4 Transport Address: ");
	text_ip4(d, v->p);
}

static void
transport6(struct dis *d, struct value *v)
{
	put_field(d, &F[TADDR6], v->p, 16);
	need(d, v->p, 16);
	text(d, LINE "IPv6 Transport Address: ");
	text_ip6(d, v->p);
}

static void
configuration(struct dis *d, struct value *v)
{
	put_field(d, &F[CONFIG], v->p, 4);
	text_be(d, LINE "Sequence Number: ", v->p, 4);
}

static void
session(struct dis *d, struct value *v)
{
	unsigned flags;

	put_field(d, &F[SESSION_VERSION], v->p, 2);
	put_field(d, &F[SESSION_KEEPALIVE], v->p + 2, 2);
	put_field(d, &F[ON_DEMAND], v->p + 4, 2);
	put_field(d, &F[LOOPS], v->p + 4, 2);
	put_field(d, &F[PATH_LIMIT], v->p + 5, 1);
	put_field(d, &F[MAX_PDU], v->p + 6, 2);
	put_field(d, &F[RECEIVER], v->p + 8, 4);
	put_field(d, &F[RECEIVER_SPACE], v->p + 12, 2);
	flags = be16(d, v->p + 4);
	text_fmt(d, LINE "Version: %u, Keepalive: %us, Flags: [Downstream %s, Loop Detection %s]", raw16(v->p), raw16(v->p + 2),
	    flags & 0x8000 ? "On Demand" : "Unsolicited", flags & 0x4000 ? "Enabled" : "Disabled");
	need(d, v->p, 14);
	text_fmt(d, LINE "Path Vector Limit %u, Max-PDU length: %u, Receiver Label-Space-ID ", v->p[5], raw16(v->p + 6));
	text_ip4(d, v->p + 8);
	text_char(d, ':'), text_u(d, raw16(v->p + 12));
}

static void
fault_tolerance(struct dis *d, struct value *v)
{
	unsigned flags;
	uint32_t ms;

	put_field(d, &F[FT_FLAGS], v->p, 2);
	put_field(d, &F[RECONNECT], v->p + 4, 4);
	put_field(d, &F[RECOVERY], v->p + 8, 4);
	flags = be16(d, v->p);
	text_fmt(d, LINE "Flags: [%sReconnect, %sSave State, %sAll-Label Protection, %s Checkpoint, %sRe-Learn State]",
	    flags & 0x8000 ? "" : "No ", flags & 8 ? "" : "Don't ", flags & 4 ? "" : "No ",
	    flags & 2 ? "Sequence Numbered Label" : "All Labels", flags & 1 ? "" : "Don't ");
	ms = be32(d, v->p + 4);
	if (ms)
		text_fmt(d, ", Reconnect Timeout: %ums", ms);
	ms = be32(d, v->p + 8);
	if (ms)
		text_fmt(d, ", Recovery Time: %ums", ms);
}

static void
mtu(struct dis *d, struct value *v)
{
	text_be(d, LINE "MTU: ", v->p, 2);
}

static void
status(struct dis *d, struct value *v)
{
	uint32_t code, cause;

	put_field(d, &F[FATAL], v->p, 4);
	put_field(d, &F[FORWARD], v->p, 4);
	put_field(d, &F[STATUS], v->p, 4);
	put_field(d, &F[STATUS_MSG], v->p + 4, 4);
	code = be32(d, v->p);
	text_fmt(d, LINE "Status: 0x%02x, Flags: [%s and %s forward]", code & 0x3fffffff,
	    code & 0x80000000 ? "Fatal error" : "Advisory Notification", code & 0x40000000 ? "do" : "don't");
	cause = be32(d, v->p + 4);
	if (cause)
		text_fmt(d, ", causing Message ID: 0x%08x", cause);
}

/* --- addresses and labels ----------------------------------------------------------------------------------------- */

static void
addresses(struct dis *d, struct value *v)
{
	unsigned af, size;

	put_field(d, &F[AF], v->p, 2);
	af = be16(d, v->p);
	size = af == AF_NUM_IP4 ? 4 : af == AF_NUM_IP6 ? 16 : 0;
	text(d, LINE "Address Family: ");
	text_name(d, af_names, af, "Unknown (%u)");
	text(d, ", addresses");
	skip(v, 2);
	while (size && v->n >= size) {
		uint32_t from;

		need(d, v->p, size);
		text_char(d, ' ');
		from = text_say(d);
		if (size == 4)
			text_ip4(d, v->p);
		else
			text_ip6(d, v->p);
		put_said(d, &F[ADDR], from);
		skip(v, size);
	}
}

static void
label(struct dis *d, struct value *v)
{
	put_field(d, &F[LABEL_], v->p, 4);
	need(d, v->p, 4);
	text(d, LINE "Label: "), text_u(d, raw32(v->p) & 0xfffff);
}

/* The rest of a prefix, whose address would have size bytes. One that leaves the TLV counts as cut short. */
static void
prefix(struct dis *d, struct value *v, unsigned size)
{
	const uint8_t *was = narrow(d, v->p, v->n);
	unsigned bits, n;
	uint32_t from;

	put_field(d, &F[FEC_LEN], v->p, 1);
	bits = u8(d, v->p);
	n = (bits + 7) / 8;
	if (bits > size * 8) {
		widen(d, was);
		text_fmt(d, ": IPv%c prefix (invalid length)", size == 4 ? '4' : '6');
		return;
	}
	need(d, v->p + 1, n);
	widen(d, was);
	text_fmt(d, ": IPv%c prefix ", size == 4 ? '4' : '6');
	from = text_say(d);
	if (size == 4)
		text_net4(d, v->p + 1, bits);
	else
		text_net6(d, v->p + 1, bits);
	put_said(d, &F[FEC_PREFIX_], from);
	text_char(d, '/'), text_u(d, bits);
}

static void
fec_prefix(struct dis *d, struct value *v)
{
	unsigned af;

	if (!room(d, v, 2))
		return;
	put_field(d, &F[FEC_AF], v->p, 2);
	af = be16(d, v->p);
	skip(v, 2);
	if (af == AF_NUM_IP4)
		prefix(d, v, 4);
	else if (af == AF_NUM_IP6)
		prefix(d, v, 16);
	else
		text_fmt(d, ": Address family %u prefix", af);
}

/* A parameter of an interface, of n bytes with its header of two. Hard reads: it may be too short for what it is. */
static void
interface_param(struct dis *d, const uint8_t *p, unsigned n)
{
	put_field(d, &F[IF_ID], p, 1);
	put_field(d, &F[IF_LEN], p + 1, 1);
	text(d, "\n\t\tInterface Parameter: ");
	text_name(d, interface_params, p[0], "Unknown");
	text_fmt(d, " (0x%02x), len %u", p[0], n);
	switch (p[0]) {
	case IF_MTU:
		put_field(d, &F[IF_MTU_], p + 2, 2);
		text_be(d, ": ", p + 2, 2);
		break;
	case IF_DESCRIPTION:
		put_field(d, &F[IF_DESC], p + 2, n - 2);
		text(d, ": ");
		text_str(d, p + 2, n - 2);
		break;
	case IF_VCCV:
		text_be_x(d, PART "Control Channels (0x", p + 2, 1, 2);
		text(d, ") = [");
		text_bits(d, control_channels, p[2], ", ", "none");
		text_char(d, ']');
		text_be_x(d, PART "CV Types (0x", p + 3, 1, 2);
		text(d, ") = [");
		text_bits(d, verifications, p[3], ", ", "none");
		text_char(d, ']');
		break;
	default:
		text_unknown(d, p + 2, PART, n - 2);
		break;
	}
}

/* RFC 4447 section 5.2: a pseudowire. Without information it has no identifier either. */
static void
fec_vc(struct dis *d, struct value *v)
{
	enum { FIXED = 7, WITH_ID = 11 };
	unsigned info;

	if (!room(d, v, FIXED))
		return;
	info = u8(d, v->p + 2);
	if (info && !room(d, v, WITH_ID))
		return;
	put_field(d, &F[VC_WORD], v->p, 2);
	put_field(d, &F[VC_TYPE], v->p, 2);
	put_field(d, &F[VC_INFO], v->p + 2, 1);
	put_field(d, &F[VC_GROUP], v->p + 3, 4);
	need(d, v->p, info ? WITH_ID : FIXED);
	text(d, ": ");
	text_name(d, mpls_pw_names, raw16(v->p) & 0x7fff, "Unknown");
	text_fmt(d, ", %scontrol word, group-ID %u", v->p[0] & 0x80 ? "" : "no ", raw32(v->p + 3));
	if (info) {
		put_field(d, &F[VC_ID], v->p + 7, 4);
		text_fmt(d, ", VC-ID %u", raw32(v->p + 7));
	}
	text_fmt(d, ", VC-info-length: %u", info);
	if (info == 0)
		return;
	if (info < 4) {
		text(d, " (invalid, < 4");
		return;
	}
	info -= 4;
	skip(v, WITH_ID);
	if (!room(d, v, info))
		return;
	while (info > 2) {
		unsigned n = be16(d, v->p) & 0xff;

		if (n < 2 || n > info)
			break;
		interface_param(d, v->p, n);
		skip(v, n);
		info -= n;
	}
}

static void
fec(struct dis *d, struct value *v)
{
	unsigned type;

	put_field(d, &F[FEC_TYPE], v->p, 1);
	type = u8(d, v->p);
	text(d, LINE);
	text_name(d, fecs, type, "Unknown");
	text_fmt(d, " FEC (0x%02x)", type);
	skip(v, 1);
	if (type == FEC_PREFIX)
		fec_prefix(d, v);
	else if (type == FEC_VC)
		fec_vc(d, v);
}

/* --- TLVs, messages, PDUs ----------------------------------------------------------------------------------------- */

/* Those that are walked, and how long they have to be. */
static const struct tlv {
	uint16_t type;
	uint8_t least;
	void (*walk)(struct dis *d, struct value *v);
} tlvs[] = {
	{ T_LABEL, 4, label }, { T_FEC, 1, fec }, { T_HELLO, 4, hello }, { T_ADDRESSES, 2, addresses },
	{ T_STATUS, 8, status }, { T_TRANSPORT4, 4, transport4 }, { T_TRANSPORT6, 16, transport6 },
	{ T_CONFIG, 4, configuration }, { T_SESSION, 14, session }, { T_FAULT, 12, fault_tolerance }, { T_MTU, 2, mtu },
};

static void
tlv_value(struct dis *d, unsigned type, struct value *v)
{
	for (size_t i = 0; i < sizeof tlvs / sizeof *tlvs; i++) {
		if (tlvs[i].type == type) {
			if (room(d, v, tlvs[i].least))
				tlvs[i].walk(d, v);
			return;
		}
	}
	if (d->v <= 1)
		text_unknown(d, v->p, LINE, v->n);
}

/* The TLV at p, of which the message has n bytes; how long it is, or 0 when the message makes no sense from here on. */
static unsigned
tlv(struct dis *d, const uint8_t *p, unsigned n)
{
	struct value v;
	unsigned len, head;

	put_field(d, &F[TLV_BITS], p, 2);
	put_field(d, &F[TLV_TYPE], p, 2);
	put_field(d, &F[TLV_LEN], p + 2, 2);
	need(d, p, TLV_HEADER);
	head = raw16(p);
	len = raw16(p + 2);
	if (len + TLV_HEADER > n) {
		text(d, "\n\t\t TLV contents go past end of message");
		return 0;
	}
	text(d, "\n\t    ");
	text_name(d, tlv_names, head & 0x3fff, "Unknown");
	text_fmt(d, " TLV (0x%04x), length: %u, Flags: [%s and %s forward if unknown]", head & 0x3fff, len,
	    head & UNKNOWN_BIT ? "continue processing" : "ignore", head & FORWARD_BIT ? "do" : "don't");
	v.p = p + TLV_HEADER;
	v.n = len;
	tlv_value(d, head & 0x3fff, &v);
	return len + TLV_HEADER;
}

static bool
is_walked(unsigned type)
{
	return type == NOTIFICATION || type == HELLO || type == INIT || type == KEEPALIVE || type == ADDRESS ||
	    type == ADDRESS_WITHDRAW || type == MAPPING || type == WITHDRAW;
}

/* The message at p; how long it is, or 0 when the PDU ends with it. */
static unsigned
message(struct dis *d, const uint8_t *p)
{
	unsigned type, len, rest;

	put_field(d, &F[MSG_U], p, 2);
	put_field(d, &F[MSG_TYPE], p, 2);
	put_field(d, &F[MSG_LEN], p + 2, 2);
	put_field(d, &F[MSG_ID], p + 4, 4);
	need(d, p, MSG_HEADER);
	type = raw16(p) & 0x7fff;
	len = raw16(p + 2);
	text(d, "\n\t  ");
	text_name(d, messages, type, "Unknown");
	text_fmt(d, " Message (0x%04x), length: %u", type, len);
	if (len < MSG_HEADER - 4) {
		text_fmt(d, " (too short, < %u)", MSG_HEADER - 4);
		return 0;
	}
	text_fmt(d, ", Message ID: 0x%08x, Flags: [%s if unknown]", raw32(p + 4),
	    p[0] & 0x80 ? "continue processing" : "ignore");
	need(d, p, len);
	rest = len - (MSG_HEADER - 4);
	if (is_walked(type)) {
		const uint8_t *at = p + MSG_HEADER;

		while (rest >= TLV_HEADER) {
			unsigned n = tlv(d, at, rest);

			if (n == 0)
				break;
			at += n;
			rest -= n;
		}
	} else if (d->v <= 1) {
		text_unknown(d, p + MSG_HEADER, "\n\t  ", rest);
	}
	if (d->v > 1)
		text_unknown(d, p + MSG_HEADER, "\n\t  ", len);
	return len + 4;
}

/* The PDU at p; how long it is, or 0 when nothing is to follow. */
static unsigned
pdu(struct dis *d, const uint8_t *p)
{
	const char *indent = d->v ? "\n\t" : "";
	const uint8_t *at = p + PDU_HEADER;
	unsigned version, len;
	uint16_t rest;

	put_field(d, &F[VERSION], p, 2);
	put_field(d, &F[PDU_LEN], p + 2, 2);
	put_field(d, &F[LSR], p + 4, 4);
	put_field(d, &F[SPACE], p + 8, 2);
	need(d, p, PDU_HEADER);
	version = raw16(p);
	if (version != VERSION_1) {
		text_fmt(d, "%sLDP version %u packet not supported", indent, version);
		return 0;
	}
	len = raw16(p + 2);
	if (len < ID_SIZE) {
		text_fmt(d, "%sLDP, pdu-length: %u (too short, < %u)", indent, len, ID_SIZE);
		return 0;
	}
	text(d, indent);
	text(d, "LDP, Label-Space-ID: ");
	text_ip4(d, p + 4);
	text_fmt(d, ":%u, pdu-length: %u", raw16(p + 8), len);
	if (!d->v)
		return 0;
	for (rest = (uint16_t)(len - ID_SIZE); rest; ) {	/* sixteen bits: a message past the end does not end it */
		unsigned n = message(d, at);

		if (n == 0)
			return 0;
		at += n;
		rest = (uint16_t)(rest - n);
	}
	return len + 4;
}

static void
ldp(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_ldp);
	while (len > PDU_HEADER + MSG_HEADER) {
		unsigned n = pdu(d, p);

		if (n == 0)
			return;
		if (len < n) {
			text_fmt(d, " [remaining length %u < %u]", len, n);
			text_invalid(d);
			return;
		}
		p += n;
		len -= n;
	}
}

const struct proto proto_ldp = PROTO("ldp", "ldp", "Label Distribution Protocol", ldp, F);
