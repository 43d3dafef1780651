/* Link Management Protocol: RFC 4204, and service discovery of OIF-UNI-01.0 section 9. */
#include "dissect/dissect.h"

#define LINE "\n\t    "
#define PART_LINE "\n\t      "
#define CHANNEL_LINE "\n\t\t    "
#define SERVICE_LINE "\n\t "

enum { VERSION_1 = 1, HEADER = 8, OBJECT_HEADER = 4, NEGOTIABLE = 0x80 };

static const struct name messages[] = {
	{ 1, "Config" }, { 2, "Config ACK" }, { 3, "Config NACK" }, { 4, "Hello" }, { 5, "Begin Verify" },
	{ 6, "Begin Verify ACK" }, { 7, "Begin Verify NACK" }, { 8, "End Verify" }, { 9, "End Verify ACK" }, { 10, "Test" },
	{ 11, "Test Status Success" }, { 12, "Test Status Failure" }, { 13, "Test Status ACK" }, { 14, "Link Summary" },
	{ 15, "Link Summary ACK" }, { 16, "Link Summary NACK" }, { 17, "Channel Status" }, { 18, "Channel Status ACK" },
	{ 19, "Channel Status Request" }, { 20, "Channel Status Response" }, { 50, "Service Config" },
	{ 51, "Service Config ACK" }, { 52, "Service Config NACK" }, { 0, NULL }
};
static const struct name header_flags[] = { { 0x01, "Control Channel Down" }, { 0x02, "LMP restart" }, { 0, NULL } };

enum {
	CHANNEL = 1, NODE = 2, LINK = 3, INTERFACE = 4, MESSAGE = 5, CONFIG = 6, HELLO = 7, VERIFY = 8, VERIFY_ACK = 9,
	VERIFY_ID = 10, TE_LINK = 11, DATA_LINK = 12, STATUS = 13, STATUS_REQUEST = 14, ERROR = 20, SERVICE = 51,
};
static const struct name classes[] = {
	{ CHANNEL, "Control Channel ID" }, { NODE, "Node ID" }, { LINK, "Link ID" }, { INTERFACE, "Interface ID" },
	{ MESSAGE, "Message ID" }, { CONFIG, "Configuration" }, { HELLO, "Hello" }, { VERIFY, "Verify Begin" },
	{ VERIFY_ACK, "Verify Begin ACK" }, { VERIFY_ID, "Verify ID" }, { TE_LINK, "TE Link" }, { DATA_LINK, "Data Link" },
	{ STATUS, "Channel Status" }, { STATUS_REQUEST, "Channel Status Request" }, { ERROR, "Error Code" },
	{ SERVICE, "Service Config" }, { 0, NULL }
};

static const struct name te_flags[] = {
	{ 0x01, "Fault Management Supported" }, { 0x02, "Link Verification Supported" }, { 0, NULL }
};
static const struct name data_flags[] = {
	{ 0x01, "Data Link Port" }, { 0x02, "Allocated for user traffic" }, { 0x04, "Failed link" }, { 0, NULL }
};
static const struct name verify_flags[] = { { 1, "Verify all links" }, { 2, "Data link type" }, { 0, NULL } };
static const struct name states[] = { { 1, "Signal Okay" }, { 2, "Signal Degraded" }, { 3, "Signal Fail" }, { 0, NULL } };
static const struct name verify_errors[] = {
	{ 0x01, "Link Verification Procedure Not supported" }, { 0x02, "Unwilling to verify" },
	{ 0x04, "Unsupported verification transport mechanism" }, { 0x08, "Link-Id configuration error" },
	{ 0x10, "Unknown object c-type" }, { 0, NULL }
};
static const struct name summary_errors[] = {
	{ 0x01, "Unacceptable non-negotiable LINK-SUMMARY parameters" }, { 0x02, "Renegotiate LINK-SUMMARY parameters" },
	{ 0x04, "Invalid TE-LINK Object" }, { 0x08, "Invalid DATA-LINK Object" }, { 0x10, "Unknown TE-LINK Object c-type" },
	{ 0x20, "Unknown DATA-LINK Object c-type" }, { 0, NULL }
};

enum { PART_SWITCHING = 1, PART_WAVELENGTH = 2 };
static const struct name parts[] = {
	{ PART_SWITCHING, "Interface Switching Type" }, { PART_WAVELENGTH, "Wavelength" }, { 0, NULL }
};

enum { SDH = 5, SONET = 6 };
static const struct name link_types[] = { { SDH, "SDH ITU-T G.707" }, { SONET, "SONET ANSI T1.105" }, { 0, NULL } };
static const struct name sdh_signals[] = {
	{ 5, "VC-3" }, { 6, "VC-4" }, { 7, "STM-0" }, { 8, "STM-1" }, { 9, "STM-4" }, { 10, "STM-16" }, { 11, "STM-64" },
	{ 12, "STM-256" }, { 0, NULL }
};
static const struct name sonet_signals[] = {
	{ 5, "STS-1 SPE" }, { 6, "STS-3c SPE" }, { 7, "STS-1" }, { 8, "STM-3" }, { 9, "STM-12" }, { 10, "STM-48" },
	{ 11, "STM-192" }, { 12, "STM-768" }, { 0, NULL }
};
static const struct name protocols[] = { { 0x01, "RSVP Supported" }, { 0x02, "LDP Supported" }, { 0, NULL } };
static const struct name overheads[] = {
	{ 0x01, "Path/VC Overhead Transparency Supported" }, { 0x02, "Line/MS Overhead Transparency Supported" },
	{ 0x04, "Section/RS Overhead Transparency Supported" }, { 0, NULL }
};
static const struct name concatenations[] = { { 0x01, "Contiguous Concatenation Types Supported" }, { 0, NULL } };
static const struct name transparencies[] = {
	{ 0x01, "Standard SOH/RSOH Transparency Supported" }, { 0x02, "Standard LOH/MSOH Transparency Supported" }, { 0, NULL }
};
static const struct name monitors[] = { { 0x01, "Transparent Tandem Connection Monitoring Supported" }, { 0, NULL } };
static const struct name diversities[] = {
	{ 0x01, "Node Diversity Supported" }, { 0x02, "Link Diversity Supported" }, { 0x04, "SRLG Diversity Supported" },
	{ 0, NULL }
};

enum {
	VERSION, MSG, FLAGS, OBJECT, CTYPE, CC_LOCAL, CC_REMOTE, NODE_LOCAL, NODE_REMOTE, LINK_LOCAL4, LINK_REMOTE4, LINK_LOCAL6,
	LINK_REMOTE6, LINK_LOCAL, LINK_REMOTE, IF_LOCAL4, IF_REMOTE4, IF_LOCAL6, IF_REMOTE6, IF_LOCAL, IF_REMOTE, ID, ID_ACK,
	INTERVAL, DEAD, TX, RX, VERIFY_FLAGS, VERIFY_ENCODING, VERIFY_ID_, TE_FLAGS, TE_LOCAL4, TE_REMOTE4, TE_LOCAL6, TE_REMOTE6,
	TE_LOCAL, TE_REMOTE, DATA_FLAGS, DATA_LOCAL4, DATA_REMOTE4, DATA_LOCAL, DATA_REMOTE, DATA_SWITCHING, DATA_ENCODING,
	STATUS4, STATUS6, STATUS_ID, ERROR_, SP, CPSA, CCT, NSA, TCM, DIVERSITY,
};
static const struct field F[] = {
	[VERSION] = { "lmp.version", U8, .mask = 0xf0, .help = "Version" },
	[MSG] = { "lmp.msg", U8, .names = messages, .help = "Message type" },
	[FLAGS] = { "lmp.hdr.flags", U8, .help = "Flags of the message" },
	[OBJECT] = { "lmp.object", U8, .names = classes, .help = "Class of an object" },
	[CTYPE] = { "lmp.obj.ctype", U8, .mask = 0x7f, .help = "Type of an object within its class" },
	[CC_LOCAL] = { "lmp.local_ccid", U32, .help = "Control channel, here" },
	[CC_REMOTE] = { "lmp.remote_ccid", U32, .help = "Control channel, there" },
	[NODE_LOCAL] = { "lmp.local_nodeid", IP4, .help = "Node, here" },
	[NODE_REMOTE] = { "lmp.remote_nodeid", IP4, .help = "Node, there" },
	[LINK_LOCAL4] = { "lmp.local_linkid_ipv4", IP4, .help = "Link, here" },
	[LINK_REMOTE4] = { "lmp.remote_linkid_ipv4", IP4, .help = "Link, there" },
	[LINK_LOCAL6] = { "lmp.local_linkid_ipv6", IP6, .help = "Link, here" },
	[LINK_REMOTE6] = { "lmp.remote_linkid_ipv6", IP6, .help = "Link, there" },
	[LINK_LOCAL] = { "lmp.local_linkid_unnum", U32, .help = "Link, here" },
	[LINK_REMOTE] = { "lmp.remote_linkid_unnum", U32, .help = "Link, there" },
	[IF_LOCAL4] = { "lmp.local_interfaceid_ipv4", IP4, .help = "Interface, here" },
	[IF_REMOTE4] = { "lmp.remote_interfaceid_ipv4", IP4, .help = "Interface, there" },
	[IF_LOCAL6] = { "lmp.local_interfaceid_ipv6", IP6, .help = "Interface, here" },
	[IF_REMOTE6] = { "lmp.remote_interfaceid_ipv6", IP6, .help = "Interface, there" },
	[IF_LOCAL] = { "lmp.local_interfaceid_unnum", U32, .help = "Interface, here" },
	[IF_REMOTE] = { "lmp.remote_interfaceid_unnum", U32, .help = "Interface, there" },
	[ID] = { "lmp.messageid", U32, .help = "Message identifier" },
	[ID_ACK] = { "lmp.messageid_ack", U32, .help = "Identifier of the message this answers" },
	[INTERVAL] = { "lmp.hellointerval", U16, .help = "Milliseconds between hellos" },
	[DEAD] = { "lmp.hellodeadinterval", U16, .help = "Milliseconds until a neighbour is given up" },
	[TX] = { "lmp.txseqnum", U32, .help = "Sequence number of this hello" },
	[RX] = { "lmp.rxseqnum", U32, .help = "Sequence number of the last hello received" },
	[VERIFY_FLAGS] = { "lmp.begin_verify.flags", U16, .help = "Flags of a verification" },
	[VERIFY_ENCODING] = { "lmp.begin_verify.enctype", U8, .names = gmpls_encoding_names, .help = "Encoding of the links" },
	[VERIFY_ID_] = { "lmp.verifyid", U32, .help = "Verification" },
	[TE_FLAGS] = { "lmp.te_link_flags", U8, .help = "Flags of a link" },
	[TE_LOCAL4] = { "lmp.te_link.local_ipv4", IP4, .help = "Link, here" },
	[TE_REMOTE4] = { "lmp.te_link.remote_ipv4", IP4, .help = "Link, there" },
	[TE_LOCAL6] = { "lmp.te_link.local_ipv6", IP6, .help = "Link, here" },
	[TE_REMOTE6] = { "lmp.te_link.remote_ipv6", IP6, .help = "Link, there" },
	[TE_LOCAL] = { "lmp.te_link.local_unnum", U32, .help = "Link, here" },
	[TE_REMOTE] = { "lmp.te_link.remote_unnum", U32, .help = "Link, there" },
	[DATA_FLAGS] = { "lmp.data_link_flags", U8, .help = "Flags of a data link" },
	[DATA_LOCAL4] = { "lmp.data_link.local_ipv4", IP4, .help = "Data link, here" },
	[DATA_REMOTE4] = { "lmp.data_link.remote_ipv4", IP4, .help = "Data link, there" },
	[DATA_LOCAL] = { "lmp.data_link.local_unnum", U32, .help = "Data link, here" },
	[DATA_REMOTE] = { "lmp.data_link.remote_unnum", U32, .help = "Data link, there" },
	[DATA_SWITCHING] = { "lmp.data_link_switching", U8, .names = gmpls_switching_names, .help = "Switching of a data link" },
	[DATA_ENCODING] = { "lmp.data_link_encoding", U8, .names = gmpls_encoding_names, .help = "Encoding of a data link" },
	[STATUS4] = { "lmp.channel_status_interfaceid_ipv4", IP4, .help = "Channel" },
	[STATUS6] = { "lmp.channel_status_interfaceid_ipv6", IP6, .help = "Channel" },
	[STATUS_ID] = { "lmp.channel_status_interfaceid_unnum", U32, .help = "Channel" },
	[ERROR_] = { "lmp.error", U32, .help = "Errors" },
	[SP] = { "lmp.service_config.sp", U8, .help = "Signalling protocols" },
	[CPSA] = { "lmp.service_config.cpsa", U8, .help = "Transparency of a client port" },
	[CCT] = { "lmp.service_config.cct", U8, .help = "Concatenation types of a client port" },
	[NSA] = { "lmp.service_config.nsa.transparency", U32, .help = "Transparency of the network" },
	[TCM] = { "lmp.service_config.nsa.tcm", U8, .help = "Tandem connection monitoring" },
	[DIVERSITY] = { "lmp.service_config.nsa.diversity", U8, .help = "Diversity of the network" },
};

extern const struct proto proto_lmp;

/* An object's value, n bytes, captured. */
struct object {
	const uint8_t *p;
	unsigned n;
	const struct form *form;
};

/* A class and type of object. size is that of the addresses in it; 0: numbers of four bytes. */
struct form {
	uint8_t class, type, size;
	uint8_t len;		/* what its value has to have, or at least has to have when open is set */
	bool open;
	const char *name;
	bool (*walk)(struct dis *d, const struct object *o);	/* true: show the bytes too */
	const char *label;
	uint8_t field, field2;
};

static unsigned
width(const struct object *o)
{
	return o->form->size ? o->form->size : 4;
}

/* "192.0.2.1 (0xc0000201)", or a number in both bases. */
static void
text_id(struct dis *d, const uint8_t *p, unsigned size)
{
	if (size == 16)
		text_ip6(d, p);
	else if (size == 4)
		text_ip4(d, p);
	else
		text_u(d, raw32(p));
	text_fmt(d, " (0x%08x)", raw32(p));
}

static void
text_flags(struct dis *d, const char *label, const struct name *names, uint32_t v)
{
	text(d, label);
	text_bits(d, names, v, ", ", "none");
}

static void
text_named(struct dis *d, const char *label, const struct name *names, unsigned v)
{
	text(d, label);
	text_name(d, names, v, "Unknown");
	text_fmt(d, " (%u)", v);
}

/* An IEEE number of bytes a second. Hard. */
static void
text_rate(struct dis *d, const char *label, const uint8_t *p)
{
	uint32_t word = be32(d, p);
	float f;

	memcpy(&f, &word, sizeof f);
	text_fmt(d, "%s: %.3f Mbps", label, (double)(f * 8 / 1000000));
}

/* --- identifiers ------------------------------------------------------------------------------------------------ */

static bool
identifier(struct dis *d, const struct object *o)
{
	put_field(d, &F[o->form->field], o->p, o->n);
	text(d, LINE), text(d, o->form->label), text(d, ": ");
	text_id(d, o->p, o->form->size);
	return false;
}

static bool
config(struct dis *d, const struct object *o)
{
	put_field(d, &F[INTERVAL], o->p, 2);
	put_field(d, &F[DEAD], o->p + 2, 2);
	text_fmt(d, LINE "Hello Interval: %u" LINE "Hello Dead Interval: %u", raw16(o->p), raw16(o->p + 2));
	return false;
}

static bool
hello(struct dis *d, const struct object *o)
{
	put_field(d, &F[TX], o->p, 4);
	put_field(d, &F[RX], o->p + 4, 4);
	text_fmt(d, LINE "Tx Seq: %u, Rx Seq: %u", raw32(o->p), raw32(o->p + 4));
	return false;
}

/* --- links -------------------------------------------------------------------------------------------------------- */

/* The ends of a link, behind its flags. */
static void
link_ends(struct dis *d, const struct object *o, const char *what)
{
	unsigned n = width(o);

	if (o->form->field) {
		put_field(d, &F[o->form->field], o->p + 4, n);
		put_field(d, &F[o->form->field2], o->p + 4 + n, n);
	}
	text_fmt(d, LINE "Local %s: ", what);
	text_id(d, o->p + 4, o->form->size);
	text_fmt(d, LINE "Remote %s: ", what);
	text_id(d, o->p + 4 + n, o->form->size);
}

static bool
te_link(struct dis *d, const struct object *o)
{
	put_field(d, &F[TE_FLAGS], o->p, 1);
	text_flags(d, LINE "Flags: [", te_flags, o->p[0]);
	text_char(d, ']');
	link_ends(d, o, "Link-ID");
	return false;
}

/* What a data link can do. Hard reads: a part may be too short for what it is. */
static bool
capabilities(struct dis *d, const uint8_t *p, unsigned left_over)
{
	while (left_over) {
		unsigned n = be16(d, p) & 0xff;

		text_named(d, LINE "Subobject, Type: ", parts, p[0]);
		text(d, ", Length: "), text_u(d, n);
		if (n < 4) {
			text(d, " (too short)");
			break;
		}
		if (n % 4) {
			text(d, " (not a multiple of 4)");
			break;
		}
		if (left_over < n) {
			text(d, " (goes past the end of the object)");
			break;
		}
		switch (p[0]) {
		case PART_SWITCHING:
			put_field(d, &F[DATA_SWITCHING], p + 2, 1);
			put_field(d, &F[DATA_ENCODING], p + 3, 1);
			text_named(d, PART_LINE "Switching Type: ", gmpls_switching_names, p[2]);
			text_named(d, PART_LINE "Encoding Type: ", gmpls_encoding_names, p[3]);
			text_rate(d, PART_LINE "Min Reservable Bandwidth", p + 4);
			text_rate(d, PART_LINE "Max Reservable Bandwidth", p + 8);
			break;
		case PART_WAVELENGTH:
			text_be(d, PART_LINE "Wavelength: ", p + 4, 4);
			break;
		default:
			return true;
		}
		p += n;
		left_over -= n;
	}
	return false;
}

static bool
data_link(struct dis *d, const struct object *o)
{
	put_field(d, &F[DATA_FLAGS], o->p, 1);
	text_flags(d, LINE "Flags: [", data_flags, o->p[0]);
	text_char(d, ']');
	link_ends(d, o, "Interface ID");
	return capabilities(d, o->p + o->form->len, o->n - o->form->len);
}

/* --- verification and faults -------------------------------------------------------------------------------------- */

static bool
verify(struct dis *d, const struct object *o)
{
	unsigned mechanism = raw16(o->p + 10);

	put_field(d, &F[VERIFY_FLAGS], o->p, 2);
	put_field(d, &F[VERIFY_ENCODING], o->p + 8, 1);
	text_flags(d, LINE "Flags: ", verify_flags, raw16(o->p));
	text_fmt(d, LINE "Verify Interval: %u" LINE "Data links: %u" LINE "Encoding type: ", raw16(o->p + 2), raw32(o->p + 4));
	text_name(d, gmpls_encoding_names, o->p[8], "Unknown");
	/* RFC 4204 has 0x8000 for payload; what is looked at is 8000. */
	text_fmt(d, LINE "Verify Transport Mechanism: %u (0x%x)%s", mechanism, mechanism,
	    mechanism & 8000 ? " (Payload test messages capable)" : "");
	text_rate(d, LINE "Transmission Rate", o->p + 12);
	text_fmt(d, LINE "Wavelength: %u", raw32(o->p + 16));
	return false;
}

static bool
verify_ack(struct dis *d, const struct object *o)
{
	text_fmt(d, LINE "Verify Dead Interval: %u" LINE "Verify Transport Response: %u", raw16(o->p), raw16(o->p + 2));
	return false;
}

static bool
verify_id(struct dis *d, const struct object *o)
{
	put_field(d, &F[VERIFY_ID_], o->p, 4);
	text_fmt(d, LINE "Verify ID: %u", raw32(o->p));
	return false;
}

static void
text_channel(struct dis *d, const struct object *o, const uint8_t *p)
{
	put_field(d, &F[o->form->field], p, width(o));
	text(d, LINE "Interface ID: ");
	text_id(d, p, o->form->size);
}

static bool
channel_status(struct dis *d, const struct object *o)
{
	for (unsigned at = 0, n = width(o); at + n + 4 <= o->n; at += n + 4) {
		uint32_t state = raw32(o->p + at + n);

		text_channel(d, o, o->p + at);
		text_fmt(d, CHANNEL_LINE "Active: %s (%u)", state >> 31 ? "Allocated" : "Non-allocated", state >> 31);
		text_fmt(d, CHANNEL_LINE "Direction: %s (%u)", state >> 30 & 1 ? "Transmit" : "Receive", state >> 30 & 1);
		text_named(d, CHANNEL_LINE "Channel Status: ", states, state & 0x3ffffff);
	}
	return false;
}

static bool
channel_request(struct dis *d, const struct object *o)
{
	for (unsigned at = 0, n = width(o); at + n <= o->n; at += n)
		text_channel(d, o, o->p + at);
	return false;
}

static bool
error(struct dis *d, const struct object *o)
{
	put_field(d, &F[ERROR_], o->p, 4);
	text_flags(d, LINE "Error Code: ", o->form->type == 1 ? verify_errors : summary_errors, raw32(o->p));
	return false;
}

/* --- service discovery -------------------------------------------------------------------------------------------- */

static bool
signalling(struct dis *d, const struct object *o)
{
	put_field(d, &F[SP], o->p, 1);
	text_flags(d, SERVICE_LINE "Flags: ", protocols, o->p[0]);
	text_fmt(d, SERVICE_LINE " UNI Version: %u", o->p[1]);
	return false;
}

static bool
client_port(struct dis *d, const struct object *o)
{
	const uint8_t *p = o->p;

	put_field(d, &F[CPSA], p + 2, 1);
	put_field(d, &F[CCT], p + 3, 1);
	text_named(d, SERVICE_LINE "Link Type: ", link_types, p[0]);
	if (p[0] == SDH || p[0] == SONET)
		text_named(d, SERVICE_LINE "Signal Type: ", p[0] == SDH ? sdh_signals : sonet_signals, p[1]);
	text_flags(d, SERVICE_LINE "Transparency: ", overheads, p[2]);
	text_flags(d, SERVICE_LINE "Contiguous Concatenation Types: ", concatenations, p[3]);
	text_fmt(d, SERVICE_LINE "Minimum NCC: %u" SERVICE_LINE "Maximum NCC: %u", raw16(p + 4), raw16(p + 6));
	text_fmt(d, SERVICE_LINE "Minimum NVC:%u" SERVICE_LINE "Maximum NVC:%u", raw16(p + 8), raw16(p + 10));
	text(d, LINE "Local Interface ID: ");
	text_id(d, p + 12, 4);
	return false;
}

static bool
transparency(struct dis *d, const struct object *o)
{
	put_field(d, &F[NSA], o->p, 4);
	put_field(d, &F[TCM], o->p + 7, 1);
	text_flags(d, SERVICE_LINE "Transparency Flags: ", transparencies, raw32(o->p));
	text_flags(d, SERVICE_LINE "TCM Monitoring Flags: ", monitors, o->p[7]);
	return false;
}

static bool
diversity(struct dis *d, const struct object *o)
{
	put_field(d, &F[DIVERSITY], o->p + 3, 1);
	text_flags(d, SERVICE_LINE "Diversity: Flags: ", diversities, o->p[3]);
	return false;
}

/* --- objects and messages ----------------------------------------------------------------------------------------- */

static const struct form forms[] = {
	{ CHANNEL, 1, 0, 4, false, "Local", identifier, "Control Channel ID", CC_LOCAL, 0 },
	{ CHANNEL, 2, 0, 4, false, "Remote", identifier, "Control Channel ID", CC_REMOTE, 0 },
	{ NODE, 1, 4, 4, false, "Local", identifier, "Node ID", NODE_LOCAL, 0 },
	{ NODE, 2, 4, 4, false, "Remote", identifier, "Node ID", NODE_REMOTE, 0 },
	{ LINK, 1, 4, 4, false, "IPv4 Local", identifier, "IPv4 Link ID", LINK_LOCAL4, 0 },
	{ LINK, 2, 4, 4, false, "IPv4 Remote", identifier, "IPv4 Link ID", LINK_REMOTE4, 0 },
	{ LINK, 3, 16, 16, false, "IPv6 Local", identifier, "IPv6 Link ID", LINK_LOCAL6, 0 },
	{ LINK, 4, 16, 16, false, "IPv6 Remote", identifier, "IPv6 Link ID", LINK_REMOTE6, 0 },
	{ LINK, 5, 0, 4, false, "Unnumbered Local", identifier, "Link ID", LINK_LOCAL, 0 },
	{ LINK, 6, 0, 4, false, "Unnumbered Remote", identifier, "Link ID", LINK_REMOTE, 0 },
	{ INTERFACE, 1, 4, 4, false, "IPv4 Local", identifier, "IPv4 Link ID", IF_LOCAL4, 0 },
	{ INTERFACE, 2, 4, 4, false, "IPv4 Remote", identifier, "IPv4 Link ID", IF_REMOTE4, 0 },
	{ INTERFACE, 3, 16, 16, false, "IPv6 Local", identifier, "IPv6 Link ID", IF_LOCAL6, 0 },
	{ INTERFACE, 4, 16, 16, false, "IPv6 Remote", identifier, "IPv6 Link ID", IF_REMOTE6, 0 },
	{ INTERFACE, 5, 0, 4, false, "Unnumbered Local", identifier, "Link ID", IF_LOCAL, 0 },
	{ INTERFACE, 6, 0, 4, false, "Unnumbered Remote", identifier, "Link ID", IF_REMOTE, 0 },
	{ MESSAGE, 1, 0, 4, false, "1", identifier, "Message ID", ID, 0 },
	{ MESSAGE, 2, 0, 4, false, "2", identifier, "Message ID Ack", ID_ACK, 0 },
	{ CONFIG, 1, 0, 4, false, "1", config, NULL, 0, 0 },
	{ HELLO, 1, 0, 8, false, "1", hello, NULL, 0, 0 },
	{ VERIFY, 1, 0, 20, false, "1", verify, NULL, 0, 0 },
	{ VERIFY_ACK, 1, 0, 4, false, "1", verify_ack, NULL, 0, 0 },
	{ VERIFY_ID, 1, 0, 4, false, "1", verify_id, NULL, 0, 0 },
	{ TE_LINK, 1, 4, 12, false, "IPv4", te_link, NULL, TE_LOCAL4, TE_REMOTE4 },
	{ TE_LINK, 2, 16, 36, false, "IPv6", te_link, NULL, TE_LOCAL6, TE_REMOTE6 },
	{ TE_LINK, 3, 0, 12, false, "Unnumbered", te_link, NULL, TE_LOCAL, TE_REMOTE },
	{ DATA_LINK, 1, 4, 12, true, "IPv4", data_link, NULL, DATA_LOCAL4, DATA_REMOTE4 },
	{ DATA_LINK, 2, 16, 36, true, "IPv6", data_link, NULL, 0, 0 },
	{ DATA_LINK, 3, 0, 12, true, "Unnumbered", data_link, NULL, DATA_LOCAL, DATA_REMOTE },
	{ STATUS, 1, 4, 0, true, "IPv4", channel_status, NULL, STATUS4, 0 },
	{ STATUS, 2, 16, 0, true, "IPv6", channel_status, NULL, STATUS6, 0 },
	{ STATUS, 3, 0, 0, true, "Unnumbered", channel_status, NULL, STATUS_ID, 0 },
	{ STATUS_REQUEST, 1, 4, 0, true, "IPv4", channel_request, NULL, STATUS4, 0 },
	{ STATUS_REQUEST, 2, 16, 0, true, "IPv6", channel_request, NULL, STATUS6, 0 },
	{ STATUS_REQUEST, 3, 0, 0, true, "Unnumbered", channel_request, NULL, STATUS_ID, 0 },
	{ ERROR, 1, 0, 4, false, "1", error, NULL, 0, 0 },
	{ ERROR, 2, 0, 4, false, "2", error, NULL, 0, 0 },
	{ SERVICE, 1, 0, 4, false, "1", signalling, NULL, 0, 0 },
	{ SERVICE, 2, 0, 16, false, "2", client_port, NULL, 0, 0 },
	{ SERVICE, 3, 0, 8, false, "3", transparency, NULL, 0, 0 },
	{ SERVICE, 4, 0, 4, false, "4", diversity, NULL, 0, 0 },
};

static const struct form *
form_of(unsigned class, unsigned type)
{
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (forms[i].class == class && forms[i].type == type)
			return &forms[i];
	return NULL;
}

/* The object at p; how long it is, or 0 when the message ends with it. */
static unsigned
object(struct dis *d, const uint8_t *p)
{
	struct object o;
	unsigned class, type, len;
	bool dump = true;

	put_field(d, &F[CTYPE], p, 1);
	put_field(d, &F[OBJECT], p + 1, 1);
	need(d, p, OBJECT_HEADER);
	type = p[0] & 0x7f;
	class = p[1];
	len = raw16(p + 2);
	o.form = form_of(class, type);
	text(d, "\n\t  ");
	text_name(d, classes, class, "Unknown");
	text_fmt(d, " Object (%u), Class-Type: %s (%u) Flags: [%snegotiable], length: %u", class,
	    o.form ? o.form->name : "Unknown", type, p[0] & NEGOTIABLE ? "" : "non-", len);
	if (len < OBJECT_HEADER) {
		text(d, " (too short)");
		return 0;
	}
	if (len % 4) {
		text(d, " (not a multiple of 4)");
		return 0;
	}
	need(d, p, len);
	o.p = p + OBJECT_HEADER;
	o.n = len - OBJECT_HEADER;
	if (o.form && (o.n == o.form->len || (o.form->open && o.n > o.form->len))) {
		dump = o.form->walk(d, &o);
	} else if (o.form) {
		text(d, " (not correct for object)");
		dump = false;
	}
	if (dump || d->v > 1)
		text_unknown(d, o.p, LINE, o.n);
	return len;
}

static void
lmp(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned version;
	uint32_t rest;

	enter(d, &proto_lmp);
	put_field(d, &F[VERSION], p, 1);
	put_field(d, &F[FLAGS], p + 2, 1);
	put_field(d, &F[MSG], p + 3, 1);
	need(d, p, HEADER);
	version = p[0] >> 4;
	if (version != VERSION_1) {
		text_fmt(d, "LMP version %u packet not supported", version);
		return;
	}
	if (!d->v) {
		text_fmt(d, "LMPv%u ", version);
		text_name(d, messages, p[3], "unknown (%u)");
		text(d, " Message, length: "), text_u(d, len);
		return;
	}
	rest = raw16(p + 4);
	text_fmt(d, "\n\tLMPv%u, msg-type: ", version);
	text_name(d, messages, p[3], "unknown, type: %u");
	text_flags(d, ", Flags: [", header_flags, p[2]);
	text(d, "], length: "), text_u(d, rest);
	if (rest < HEADER) {
		text(d, " (too short)");
		return;
	}
	if (rest > len) {
		text(d, " (too long)");
		rest = len;
	}
	p += HEADER;
	for (rest -= HEADER; rest; ) {
		unsigned n = object(d, p);

		if (n == 0)
			return;
		if (rest < n) {
			text_bad(d, "remaining objects length", rest, "<", n);
			return;
		}
		p += n;
		rest -= n;
	}
}

const struct proto proto_lmp = PROTO("lmp", "lmp", "Link Management Protocol", lmp, F);
