/*
 * IEEE 802.2 Logical Link Control, and the Subnetwork Access Protocol in it (802-2001 section 10.3).
 *
 * Both tell whoever called them in d->inner_link how long their header was, and set d->refused when they did not
 * know the payload, which is then the caller's to dump.
 */
#include "dissect/dissect.h"

enum {
	SAP_IP = 0x06, SAP_STP = 0x42, SAP_SNAP = 0xaa, SAP_IPX = 0xe0, SAP_NETBEUI = 0xf0, SAP_GLOBAL = 0xff,
	GROUP = 1, RESPONSE = 1,			/* low bits of the two SAPs */
	U_FRAME = 0x03, S_FRAME = 0x01,			/* low bits of the control field */
	U_POLL = 0x10, IS_POLL = 0x0100,
	UI = 0x03, XID = 0xaf, XID_FORMAT = 0x81,
	SNAP_HEADER = 5, BRIDGE_PAD = 2,
};

enum {
	OUI_ETHERNET = 0x000000, OUI_CISCO = 0x00000c, OUI_CISCO_BRIDGED = 0x0000f8, OUI_BRIDGED = 0x0080c2,
	OUI_APPLE = 0x080007, ETH_ATALK = 0x809b,
};

static const struct name saps[] = {
	{ 0x00, "Null" }, { SAP_GLOBAL, "Global" }, { 0x02, "802.1B I" }, { 0x03, "802.1B G" }, { SAP_IP, "IP" },
	{ 0x04, "SNA" }, { 0x0e, "ProWay NM" }, { SAP_STP, "STP" }, { 0x4e, "RS511" }, { 0x7e, "ISO8208" },
	{ 0x8e, "ProWay" }, { SAP_SNAP, "SNAP" }, { SAP_IPX, "IPX" }, { SAP_NETBEUI, "NetBeui" }, { 0xfe, "OSI" },
	{ 0, NULL }
};

static const struct name u_commands[] = {
	{ UI, "ui" }, { 0xe3, "test" }, { XID, "xid" }, { 0x63, "ua" }, { 0x43, "disc" }, { 0x0f, "dm" },
	{ 0x6f, "sabme" }, { 0x87, "frmr" }, { 0, NULL }
};

static const struct name s_commands[] = {
	{ 0, "Receiver Ready" }, { 1, "Receiver not Ready" }, { 2, "Reject" }, { 0, NULL }
};

static const struct name turns[] = {
	{ 0, "Command" }, { RESPONSE, "Response" }, { U_POLL, "Poll" }, { RESPONSE | U_POLL, "Final" },
	{ IS_POLL, "Poll" }, { RESPONSE | IS_POLL, "Final" }, { 0, NULL }
};

static const struct name groups[] = { { 0, "Individual" }, { GROUP, "Group" }, { 0, NULL } };

static const struct name cisco_pids[] = {
	{ 0x2000, "CDP" }, { 0x2003, "VTP" }, { 0x2004, "DTP" }, { 0x0111, "UDLD" }, { 0x010b, "PVST" },
	{ 0x010c, "VLAN Bridge" }, { 0, NULL }
};

/* RFC 2684 section 5.2, RFC 2427 section 4.2. */
enum { PID_ETH_FCS = 1, PID_ETH = 7, PID_802_5_FCS = 3, PID_802_5 = 9, PID_FDDI_FCS = 4, PID_FDDI = 10, PID_BPDU = 14 };
static const struct name bridged_pids[] = {
	{ PID_ETH_FCS, "Ethernet + FCS" }, { PID_ETH, "Ethernet w/o FCS" },
	{ 2, "802.4 + FCS" }, { 8, "802.4 w/o FCS" },
	{ PID_802_5_FCS, "Token Ring + FCS" }, { PID_802_5, "Token Ring w/o FCS" },
	{ PID_FDDI_FCS, "FDDI + FCS" }, { PID_FDDI, "FDDI w/o FCS" },
	{ 5, "802.6 + FCS" }, { 11, "802.6 w/o FCS" },
	{ PID_BPDU, "BPDU" }, { 0, NULL }
};

enum { DSAP, DSAP_IG, SSAP, SSAP_CR, CONTROL, OUI, TYPE, PID };
static const struct field F[] = {
	[DSAP] = { "llc.dsap", U8, .names = saps, .help = "Destination service access point" },
	[DSAP_IG] = { "llc.dsap.ig", U8, .mask = GROUP, .names = groups, .help = "Individual or group address" },
	[SSAP] = { "llc.ssap", U8, .names = saps, .help = "Source service access point" },
	[SSAP_CR] = { "llc.ssap.cr", U8, .mask = RESPONSE, .names = turns, .help = "Command or response" },
	[CONTROL] = { "llc.control", U16, .help = "Control field" },
	[OUI] = { "llc.oui", U24, .names = oui_names, .help = "SNAP organization code" },
	[TYPE] = { "llc.type", U16, .names = ethertype_names, .help = "EtherType in SNAP" },
	[PID] = { "llc.pid", U16, .help = "SNAP protocol identifier" },
};

extern const struct proto proto_llc, proto_snap;

static const struct name *
pid_names(uint32_t oui)
{
	static const struct name none[] = { { 0, NULL } };

	switch (oui) {
	case OUI_ETHERNET:
	case OUI_CISCO_BRIDGED:
	case OUI_APPLE:
		return ethertype_names;
	case OUI_CISCO:
		return cisco_pids;
	case OUI_BRIDGED:
		return bridged_pids;
	default:
		return none;
	}
}

/* A frame of another link inside, behind skip bytes of padding. */
static bool
bridged(struct dis *d, enum demux_kind kind, uint32_t value, const uint8_t *p, uint32_t len, uint32_t skip)
{
	if (!has_next(d, kind, value))
		return false;
	if (!have(d, p, skip)) {
		text_trunc(d);
		return true;
	}
	return next(d, kind, value, p + skip, len > skip ? len - skip : 0);
}

/* pad: bytes of padding in front of bridged frames. */
static bool
snap_payload(struct dis *d, uint32_t oui, unsigned pid, const uint8_t *p, uint32_t len, uint32_t pad)
{
	switch (oui) {
	case OUI_ETHERNET:
	case OUI_CISCO_BRIDGED:
		return next(d, D_ETHERTYPE, pid, p, len);
	case OUI_APPLE:
		if (pid != ETH_ATALK)
			return false;
		if (d->v)
			text(d, "et1 ");
		return next(d, D_SNAP_APPLE, pid, p, len);
	case OUI_CISCO:
		return next(d, D_SNAP_CISCO, pid, p, len);
	case OUI_BRIDGED:
		switch (pid) {
		case PID_ETH_FCS:
		case PID_ETH:
			return bridged(d, D_INTERNAL, IN_ETHER, p, len, pad);
		case PID_802_5_FCS:
		case PID_802_5:
			return bridged(d, D_LINK, 6, p, len, pad);
		case PID_FDDI_FCS:
		case PID_FDDI:
			return bridged(d, D_LINK, 10, p, len, pad + 1);
		case PID_BPDU:
			return next(d, D_LLC, SAP_STP, p, len);
		}
	}
	return false;
}

static void
snap(struct dis *d, const uint8_t *p, uint32_t len, uint32_t pad)
{
	uint32_t oui;
	unsigned pid;

	mark(d, "snap");
	if (len < SNAP_HEADER || !have(d, p, SNAP_HEADER)) {
		text_trunc(d);
		d->refused = false;
		return;
	}
	oui = be24(d, p);
	pid = raw16(p + 3);
	put_field(d, &F[OUI], p, 3);
	put_field(d, &F[oui == OUI_ETHERNET || oui == OUI_CISCO_BRIDGED ? TYPE : PID], p + 3, 2);
	p += SNAP_HEADER;
	len -= SNAP_HEADER;
	if (d->e) {
		text(d, "oui ");
		text_name(d, oui_names, oui, "Unknown");
		text(d, " (0x"), text_x(d, oui, 6);
		text(d, oui == OUI_ETHERNET ? "), ethertype " : "), pid ");
		text_name(d, pid_names(oui), pid, "Unknown");
		text(d, " (0x"), text_x(d, pid, 4);
		text(d, "), length "), text_u(d, len), text(d, ": ");
	}
	if (snap_payload(d, oui, pid, p, len, pad)) {
		d->refused = false;
		return;
	}
	if (!d->e) {
		if (d->mac_src) {
			text_mac_own(d, d->mac_src);
			text(d, " > ");
			text_mac_own(d, d->mac_dst);
			text_char(d, ' ');
		}
		text(d, "SNAP, ");
		if (oui == OUI_ETHERNET) {
			text(d, "ethertype ");
		} else {
			text(d, "oui ");
			text_name(d, oui_names, oui, "Unknown");
			text(d, " (0x"), text_x(d, oui, 6), text(d, "), pid ");
		}
		text_name(d, pid_names(oui), pid, "Unknown");
		text(d, " (0x"), text_x(d, pid, 4);
		text(d, "), length "), text_u(d, len), text(d, ": ");
	}
	d->refused = true;
}

static void
text_header(struct dis *d, unsigned dsap, unsigned ssap, unsigned control, bool u_frame)
{
	text(d, "LLC, dsap ");
	text_name(d, saps, dsap & ~GROUP, "Unknown");
	text(d, " (0x"), text_x(d, dsap & ~GROUP, 2), text(d, ") ");
	text_name(d, groups, dsap & GROUP, "Unknown");
	text(d, ", ssap ");
	text_name(d, saps, ssap & ~RESPONSE, "Unknown");
	text(d, " (0x"), text_x(d, ssap & ~RESPONSE, 2), text(d, ") ");
	text_name(d, turns, ssap & RESPONSE, "Unknown");
	text(d, ", ctrl 0x"), text_x(d, control, u_frame ? 2 : 4), text(d, ": ");
}

/* Who to whom, without -e: link addresses as far as there are any, SAPs as far as they differ. */
static void
text_ends_of(struct dis *d, unsigned dsap, unsigned ssap)
{
	bool macs = d->mac_src != NULL;

	if (macs)
		text_mac_own(d, d->mac_src);
	if (ssap != dsap) {
		if (macs)
			text_char(d, ' ');
		text_name(d, saps, ssap, "Unknown SSAP 0x%02x");
	}
	if (macs || ssap != dsap)
		text(d, " > ");
	if (macs)
		text_mac_own(d, d->mac_dst), text_char(d, ' ');
	text_name(d, saps, dsap, "Unknown DSAP 0x%02x");
	text_char(d, ' ');
}

/* An XID frame's payload; false if it is not in the one format that is known. */
static bool
xid(struct dis *d, const uint8_t *p, uint32_t len)
{
	if (len == 0)
		return true;
	if (!have(d, p, 1)) {
		text_trunc(d);
		return true;
	}
	if (*p != XID_FORMAT)
		return false;
	if (len < 3 || !have(d, p, 3)) {
		text_trunc(d);
		text_dump_hex_ascii(d, "\n\t", p, left(d, p), 0);
		return true;
	}
	text(d, ": "), text_x(d, p[1], 2);
	text_char(d, ' '), text_x(d, p[2], 2);
	return true;
}

/* Frames whose payload nobody knows. True if there is nothing to dump either. */
static bool
text_frame(struct dis *d, unsigned ssap, unsigned control, bool u_frame, const uint8_t *p, uint32_t len, uint32_t all)
{
	unsigned turn = (ssap & RESPONSE) | (control & (u_frame ? U_POLL : IS_POLL));
	bool done = false;

	if (u_frame) {
		text(d, "Unnumbered, ");
		text_name(d, u_commands, control & ~U_POLL & 0xff, "%02x");
	} else if (control & S_FRAME) {
		text(d, "Supervisory, ");
		text_name(d, s_commands, control >> 2 & 3, "?");
		text(d, ", rcv seq "), text_u(d, control >> 9);
		done = true;
	} else {
		text(d, "Information, send seq "), text_u(d, control >> 1 & 0x7f);
		text(d, ", rcv seq "), text_u(d, control >> 9);
	}
	text(d, ", Flags [");
	text_name(d, turns, turn, "?");
	text(d, "], length "), text_u(d, all);
	if (u_frame && (control & ~U_POLL) == XID)
		done = xid(d, p, len);
	return done;
}

/* Payloads with a dissector. */
static bool
payload(struct dis *d, unsigned sap, unsigned control, const uint8_t *p, uint32_t len)
{
	/* I frames carry NetBEUI as well. */
	if (control != UI && !(sap == SAP_NETBEUI && !(control & S_FRAME)))
		return false;
	if (sap == SAP_IPX && d->e && has_next(d, D_LLC, SAP_IPX))
		text(d, "IPX 802.2: ");
	return next(d, D_LLC, sap, p, len);
}

static void
cut(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t n = left(d, p);

	text_trunc(d);
	text_dump_hex_ascii(d, "\n\t", p, n, 0);
	d->inner_link = n < len ? n : len;
}

static void
llc(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t n = left(d, p), header = 3, all = len;
	unsigned dsap, ssap, control;
	bool u_frame;

	enter(d, &proto_llc);
	d->refused = false;
	if (n > len)
		n = len;
	if (n < header) {
		cut(d, p, len);
		return;
	}
	dsap = p[0];
	ssap = p[1];
	control = p[2];
	u_frame = (control & U_FRAME) == U_FRAME;
	if (!u_frame) {
		header = 4;
		if (n < header) {
			cut(d, p, len);
			return;
		}
		control |= (unsigned)p[3] << 8;
	}
	if (dsap == SAP_GLOBAL && ssap == SAP_GLOBAL && has_next(d, D_LLC, SAP_GLOBAL)) {
		/* IPX straight behind the 802.3 header: the two bytes are its checksum. */
		if (d->e)
			text(d, "IPX 802.3: ");
		next(d, D_LLC, SAP_GLOBAL, p, len);
		d->inner_link = 0;
		return;
	}
	put_field(d, &F[DSAP], p, 1);
	put_field(d, &F[DSAP_IG], p, 1);
	put_field(d, &F[SSAP], p + 1, 1);
	put_field(d, &F[SSAP_CR], p + 1, 1);
	put_value(d, &F[CONTROL], control);
	if (d->e)
		text_header(d, dsap, ssap, control, u_frame);
	d->llc_control = (uint16_t)control;
	dsap &= ~(unsigned)GROUP;
	p += header;
	len -= header;
	if (dsap == SAP_SNAP && (ssap & ~RESPONSE) == SAP_SNAP && control == UI) {
		snap(d, p, len, BRIDGE_PAD);
		d->inner_link = header + SNAP_HEADER;
		return;
	}
	if (dsap == (ssap & ~(unsigned)RESPONSE) && payload(d, dsap, control, p, len)) {
		d->refused = false;
		d->inner_link = header;
		return;
	}
	if (!d->e)
		text_ends_of(d, dsap, ssap & ~(unsigned)RESPONSE);
	d->refused = !text_frame(d, ssap, control, u_frame, p, len, all);
	d->inner_link = header;
}

const struct proto proto_llc = PROTO("llc", "llc", "Logical-Link Control", llc, F);
/* SNAP without LLC in front, where the padding of bridged frames comes earlier too (RFC 2427 section 4.2). */
static void
snap_bare(struct dis *d, const uint8_t *p, uint32_t len)
{
	if (d->sink)
		fields_layer(d, &proto_llc);
	snap(d, p, len, 0);
}

const struct proto proto_snap = PROTO_NO_FIELDS("llc", "snap", "Subnetwork Access Protocol", snap_bare);
