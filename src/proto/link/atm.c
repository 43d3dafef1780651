/*
 * ATM, as captures have it: AAL5 packets in LLC (RFC 2684; DLT_ATM_RFC1483) or in classical IP (RFC 2225; DLT_ATM_CLIP),
 * with a pseudo-header that tells the virtual circuit (DLT_SUNATM), LAN emulation, and operation and maintenance
 * cells (ITU-T I.610).
 */
#include "dissect/dissect.h"

enum { UI = 0x03, LLC_SNAP = 0xaaaa03, LLC_OSI = 0xfefe03, LLC_IP = 0x060603, FORE_HEADER = 20 };
enum { VCI_META = 1, VCI_BROADCAST = 2, VCI_OAM_SEGMENT = 3, VCI_OAM_END = 4, VCI_SIGNALLING = 5, VCI_ILMI = 16 };
enum { TRAFFIC_LANE = 1 };

enum { VPI, VCI, TRAFFIC };
static const struct field F[] = {
	[VPI] = { "atm.vpi", U8, .help = "Virtual path" },
	[VCI] = { "atm.vci", U16, .help = "Virtual channel" },
	[TRAFFIC] = { "atm.traffic_type", U8, .mask = 0x0f, .help = "Traffic type" },
};

extern const struct proto proto_atm, proto_sunatm, proto_cip, proto_lane, proto_oam;

/* LLC, dumped when nobody knows what is in it. The length of its header. */
static uint32_t
llc(struct dis *d, const uint8_t *p, uint32_t len)
{
	d->inner_link = 0;
	d->refused = false;
	if (!next(d, D_INTERNAL, IN_LLC, p, len) || d->refused)
		text_default(d, p, left(d, p));
	return d->inner_link;
}

/* DLT_ATM_RFC1483. */
static void
atm(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t header = 0, kind;

	enter(d, &proto_atm);
	if (u8(d, p) == UI) {
		if (d->e)
			text(d, "CNLPID ");
		link_header(d, 1);
		next(d, D_INTERNAL, IN_ISOCLNS, p + 1, len - 1);
		return;
	}
	kind = be24(d, p);
	if (kind != LLC_SNAP && kind != LLC_OSI && kind != LLC_IP) {
		/* What a Fore driver put in front: an 802.6 header. */
		if (d->e) {
			need(d, p, 16);
			text_fmt(d, "%08x%08x %08x%08x ", raw32(p), raw32(p + 4), raw32(p + 8), raw32(p + 12));
		}
		need(d, p, FORE_HEADER);
		header = FORE_HEADER;
	}
	link_header(d, header + llc(d, p + header, len - header));
}

const struct proto proto_atm = PROTO("atm", "atm", "Asynchronous Transfer Mode", atm, F);

/* Signalling of the user-network interface 3.1. */
static void
signalling(struct dis *d, const uint8_t *p)
{
	static const struct name messages[] = {
		{ 0x02, "Call_proceeding" }, { 0x05, "Setup" }, { 0x07, "Connect" }, { 0x0f, "Connect_ack" },
		{ 0x46, "Restart" }, { 0x4d, "Release" }, { 0x4e, "Restart_ack" }, { 0x5a, "Release_complete" },
		{ 0x75, "Status_enquiry" }, { 0x7d, "Status" }, { 0x80, "Add_party" }, { 0x81, "Add_party_ack" },
		{ 0x82, "Add_party_reject" }, { 0x83, "Drop_party" }, { 0x84, "Drop_party_ack" }, { 0, NULL }
	};
	enum { Q2931 = 9 };
	unsigned protocol = u8(d, p);

	if (protocol != Q2931) {
		text(d, "SSCOP, proto "), text_u(d, protocol), text_char(d, ' ');
		return;
	}
	text(d, "Q.2931");
	protocol = u8(d, p + 5);
	text_char(d, ':');
	text_name(d, messages, protocol, "msgtype#%u");
	text(d, " CALL_REF:0x"), text_x(d, be24(d, p + 2), 6);
}

/* A packet of a circuit. */
static void
circuit(struct dis *d, unsigned vpi, unsigned vci, unsigned traffic, const uint8_t *p, uint32_t len)
{
	if (d->sink)
		fields_layer(d, &proto_atm);
	mark(d, "atm");
	if (d->e) {
		text(d, "VPI:"), text_u(d, vpi);
		text(d, " VCI:"), text_u(d, vci), text_char(d, ' ');
	}
	switch (vpi == 0 ? vci : 0) {
	case VCI_SIGNALLING:
		signalling(d, p);
		return;
	case VCI_BROADCAST:
		text(d, "broadcast sig: ");
		return;
	case VCI_OAM_SEGMENT:
	case VCI_OAM_END:
		next(d, D_INTERNAL, IN_OAM_CELL, p, len);
		return;
	case VCI_META:
		text(d, "meta: ");
		return;
	case VCI_ILMI:
		text(d, "ilmi: ");
		next(d, D_UDP, 161, p, len);
		return;
	}
	if (traffic == TRAFFIC_LANE)
		next(d, D_INTERNAL, IN_LANE, p, len);
	else
		llc(d, p, len);
}

/* DLT_SUNATM: a byte of direction and traffic type, the virtual path and channel. */
static void
sunatm(struct dis *d, const uint8_t *p, uint32_t len)
{
	enum { HEADER = 4, SENT = 0x80, TYPE = 0x0f };

	enter(d, &proto_sunatm);
	need(d, p, 1);
	put_field(d, &F[TRAFFIC], p, 1);
	put_field(d, &F[VPI], p + 1, 1);
	put_field(d, &F[VCI], p + 2, 2);
	if (d->e)
		text(d, p[0] & SENT ? "Tx: " : "Rx: ");
	need(d, p, HEADER);
	circuit(d, p[1], raw16(p + 2), p[0] & TYPE, p + HEADER, len - HEADER);
	link_header(d, HEADER);
}

const struct proto proto_sunatm = PROTO_NO_FIELDS("atm", "sunatm", "ATM of SunOS", sunatm);

/* DLT_ATM_CLIP: LLC and SNAP with an EtherType, or IP straight away. */
static void
cip(struct dis *d, const uint8_t *p, uint32_t len)
{
	static const uint8_t snap[] = { 0xaa, 0xaa, 0x03, 0x00, 0x00, 0x00 };

	enter(d, &proto_cip);
	if (d->e)
		text_u(d, len), text(d, ": ");
	need(d, p, sizeof snap);
	link_header(d, 0);
	if (memcmp(p, snap, sizeof snap) == 0)
		link_header(d, llc(d, p, len));
	else
		next(d, D_ETHERTYPE, ETH_IP, p, len);
}

const struct proto proto_cip = PROTO_NO_FIELDS("atm", "cip", "Classical IP over ATM", cip);

/* LAN emulation 1.0: control frames, or Ethernet frames behind the client's number. */
enum { OP, CLIENT };
static const struct name lane_ops[] = {
	{ 0x0001, "configure request" }, { 0x0101, "configure response" }, { 0x0002, "join request" },
	{ 0x0102, "join response" }, { 0x0003, "ready query" }, { 0x0103, "ready indication" },
	{ 0x0004, "register request" }, { 0x0104, "register response" }, { 0x0005, "unregister request" },
	{ 0x0105, "unregister response" }, { 0x0006, "ARP request" }, { 0x0106, "ARP response" },
	{ 0x0007, "flush request" }, { 0x0107, "flush response" }, { 0x0008, "NARP request" },
	{ 0x0009, "topology request" }, { 0, NULL }
};

static const struct field L[] = {
	[OP] = { "atm.le_control.opcode", U16, .names = lane_ops, .help = "Operation" },
	[CLIENT] = { "atm.le_client.client", U16, .help = "LAN emulation client" },
};

static void
lane(struct dis *d, const uint8_t *p, uint32_t len)
{
	enum { CONTROL_HEADER = 6, CONTROL = 0xff00, CLIENT_LEN = 2, ETHER_HEADER = 14 };
	unsigned client;

	enter(d, &proto_lane);
	client = be16(d, p);
	if (client == CONTROL) {
		need(d, p, CONTROL_HEADER);
		put_field(d, &L[OP], p + 4, 2);
		text(d, "lec: proto "), text_x(d, p[2], 0);
		text(d, " vers "), text_x(d, p[3], 0), text_char(d, ' ');
		text_name(d, lane_ops, raw16(p + 4), "opcode-#%u");
		return;
	}
	put_field(d, &L[CLIENT], p, CLIENT_LEN);
	p += CLIENT_LEN;
	len -= CLIENT_LEN;
	if (have(d, p, ETHER_HEADER))
		text(d, "lecid:"), text_x(d, client, 0), text_char(d, ' ');
	next(d, D_INTERNAL, IN_ETHER, p, len);
}

const struct proto proto_lane = PROTO("atm", "lane", "ATM LAN Emulation", lane, L);
