/* MPLS ping and traceroute: RFC 4379, with the BFD discriminator of RFC 5884. */
#include "dissect/dissect.h"

#define TLV_LINE "\n\t    "
#define PART_LINE "\n\t      "

enum { VERSION_1 = 1, HEADER = 32, TLV_HEADER = 4 };

static const struct name messages[] = { { 1, "MPLS Echo Request" }, { 2, "MPLS Echo Reply" }, { 0, NULL } };
static const struct name reply_modes[] = {
	{ 1, "Do not reply" }, { 2, "Reply via an IPv4/IPv6 UDP packet" },
	{ 3, "Reply via an IPv4/IPv6 UDP packet with Router Alert" }, { 4, "Reply via application level control channel" },
	{ 0, NULL }
};
static const struct name return_codes[] = {
	{ 0, "No return code or return code contained in the Error Code TLV" }, { 1, "Malformed echo request received" },
	{ 2, "One or more of the TLVs was not understood" }, { 3, "Replying router is an egress for the FEC at stack depth" },
	{ 4, "Replying router has no mapping for the FEC at stack depth" }, { 5, "Reserved" }, { 6, "Reserved" },
	{ 7, "Reserved" }, { 8, "Label switched at stack-depth" }, { 9, "Label switched but no MPLS forwarding at stack-depth" },
	{ 10, "Mapping for this FEC is not the given label at stack depth" }, { 11, "No label entry at stack-depth" },
	{ 12, "Protocol not associated with interface at FEC stack depth" },
	{ 13, "Premature termination of ping due to label stack shrinking to a single label" }, { 0, NULL }
};
/* The codes that end in "stack depth", which is their subcode. */
enum { CODES_WITH_DEPTH = 1 << 3 | 1 << 4 | 1 << 8 | 1 << 10 | 1 << 11 | 1 << 12 };

enum { T_FEC_STACK = 1, T_DOWNSTREAM = 2, T_VENDOR = 5, T_BFD = 15 };
static const struct name tlv_names[] = {
	{ T_FEC_STACK, "Target FEC Stack" }, { T_DOWNSTREAM, "Downstream Mapping" }, { 3, "Pad" },
	{ T_VENDOR, "Vendor Enterprise Code" }, { 7, "Interface Label Stack" }, { 9, "Error Code" }, { 10, "Reply TOS Byte" },
	{ T_BFD, "BFD Discriminator" }, { 0xfc00, "Vendor Private Code" }, { 0, NULL }
};

enum {
	F_LDP4 = 1, F_LDP6 = 2, F_RSVP4 = 3, F_RSVP6 = 4, F_VPN4 = 6, F_VPN6 = 7, F_L2VPN = 8, F_PW_OLD = 9, F_PW = 10,
	F_BGP4 = 12, F_BGP6 = 13,
};
static const struct name fec_names[] = {
	{ F_LDP4, "LDP IPv4 prefix" }, { F_LDP6, "LDP IPv6 prefix" }, { F_RSVP4, "RSVP IPv4 Session Query" },
	{ F_RSVP6, "RSVP IPv6 Session Query" }, { 5, "Reserved" }, { F_VPN4, "VPN IPv4 prefix" }, { F_VPN6, "VPN IPv6 prefix" },
	{ F_L2VPN, "L2 VPN endpoint" }, { F_PW_OLD, "FEC 128 pseudowire (old)" }, { F_PW, "FEC 128 pseudowire" },
	{ F_BGP4, "BGP labeled IPv4 prefix" }, { F_BGP6, "BGP labeled IPv6 prefix" }, { 0, NULL }
};

enum { MAP_IPV4 = 1, MAP_IPV4_INDEX = 2, MAP_IPV6 = 3, MAP_IPV6_INDEX = 4 };
static const struct name map_types[] = {
	{ MAP_IPV4, "IPv4" }, { MAP_IPV4_INDEX, "Unnumbered IPv4" }, { MAP_IPV6, "IPv6" }, { MAP_IPV6_INDEX, "IPv6" }, { 0, NULL }
};

enum {
	VERSION, GLOBAL_FLAGS, MSG_TYPE, REPLY_MODE, CODE, SUBCODE, HANDLE, SEQUENCE, SENT, RECEIVED, TLV_TYPE, TLV_LEN, FEC_TYPE,
	FEC_LEN, LDP4, LDP4_BITS, LDP6, LDP6_BITS, BGP4, BGP6, BGP_BITS, END4, END6, TUNNEL, EXT4, EXT6, SENDER4, SENDER6, LSP,
	VPN_RD, VPN4, VPN6, VPN_BITS, L2_RD, L2_SEND, L2_RECV, L2_ENCAP, PE_SENDER, PE_REMOTE, PW_ID, PW_TYPE, MTU, ADDR_TYPE,
	DS4, DS6, IF4, IF6, IF_INDEX, HASH, DEPTH, VENDOR,
};
static const struct field F[] = {
	[VERSION] = { "mpls_echo.version", U16, .help = "Version" },
	[GLOBAL_FLAGS] = { "mpls_echo.flags", U16, .help = "Global flags" },
	[MSG_TYPE] = { "mpls_echo.msg_type", U8, .names = messages, .help = "Message type" },
	[REPLY_MODE] = { "mpls_echo.reply_mode", U8, .names = reply_modes, .help = "How to answer" },
	[CODE] = { "mpls_echo.return_code", U8, .names = return_codes, .help = "Return code" },
	[SUBCODE] = { "mpls_echo.return_subcode", U8, .help = "Return subcode: the stack depth" },
	[HANDLE] = { "mpls_echo.sender_handle", U32, .help = "Sender's handle" },
	[SEQUENCE] = { "mpls_echo.sequence", U32, .help = "Sequence number" },
	[SENT] = { "mpls_echo.timestamp_sent", U64, .help = "Time sent, as NTP has it" },
	[RECEIVED] = { "mpls_echo.timestamp_rec", U64, .help = "Time received, as NTP has it" },
	[TLV_TYPE] = { "mpls_echo.tlv.type", U16, .names = tlv_names, .help = "TLV type" },
	[TLV_LEN] = { "mpls_echo.tlv.len", U16, .help = "Length of a TLV" },
	[FEC_TYPE] = { "mpls_echo.tlv.fec.type", U16, .names = fec_names, .help = "Kind of forwarding equivalence class" },
	[FEC_LEN] = { "mpls_echo.tlv.fec.len", U16, .help = "Length of a forwarding equivalence class" },
	[LDP4] = { "mpls_echo.tlv.fec.ldp_ipv4", IP4, .help = "Prefix from LDP" },
	[LDP4_BITS] = { "mpls_echo.tlv.fec.ldp_ipv4_mask", U8, .help = "Prefix length" },
	[LDP6] = { "mpls_echo.tlv.fec.ldp_ipv6", IP6, .help = "Prefix from LDP" },
	[LDP6_BITS] = { "mpls_echo.tlv.fec.ldp_ipv6_mask", U8, .help = "Prefix length" },
	[BGP4] = { "mpls_echo.tlv.fec.bgp_ipv4", IP4, .help = "Prefix from BGP" },
	[BGP6] = { "mpls_echo.tlv.fec.bgp_ipv6", IP6, .help = "Prefix from BGP" },
	[BGP_BITS] = { "mpls_echo.tlv.fec.bgp_len", U8, .help = "Prefix length" },
	[END4] = { "mpls_echo.tlv.fec.rsvp_ipv4_ep", IP4, .help = "Where the tunnel ends" },
	[END6] = { "mpls_echo.tlv.fec.rsvp_ipv6_ep", IP6, .help = "Where the tunnel ends" },
	[TUNNEL] = { "mpls_echo.tlv.fec.rsvp_ip_tun_id", U16, .help = "Tunnel" },
	[EXT4] = { "mpls_echo.tlv.fec.rsvp_ipv4_ext_tun_id", IP4, .help = "Extended tunnel identifier" },
	[EXT6] = { "mpls_echo.tlv.fec.rsvp_ipv6_ext_tun_id", IP6, .help = "Extended tunnel identifier" },
	[SENDER4] = { "mpls_echo.tlv.fec.rsvp_ipv4_sender", IP4, .help = "Where the tunnel begins" },
	[SENDER6] = { "mpls_echo.tlv.fec.rsvp_ipv6_sender", IP6, .help = "Where the tunnel begins" },
	[LSP] = { "mpls_echo.tlv.fec.rsvp_ip_lsp_id", U16, .help = "Label switched path" },
	[VPN_RD] = { "mpls_echo.tlv.fec.vpn_route_dist", BYTES, .help = "Route distinguisher" },
	[VPN4] = { "mpls_echo.tlv.fec.vpn_ipv4", IP4, .help = "Prefix in a private network" },
	[VPN6] = { "mpls_echo.tlv.fec.vpn_ipv6", IP6, .help = "Prefix in a private network" },
	[VPN_BITS] = { "mpls_echo.tlv.fec.vpn_len", U8, .help = "Prefix length" },
	[L2_RD] = { "mpls_echo.tlv.fec.l2vpn_route_dist", BYTES, .help = "Route distinguisher" },
	[L2_SEND] = { "mpls_echo.tlv.fec.l2vpn_send_ve_id", U16, .help = "Sender's edge" },
	[L2_RECV] = { "mpls_echo.tlv.fec.l2vpn_recv_ve_id", U16, .help = "Receiver's edge" },
	[L2_ENCAP] = { "mpls_echo.tlv.fec.l2vpn_encap_type", U16, .names = mpls_pw_names, .help = "Encapsulation" },
	[PE_SENDER] = { "mpls_echo.tlv.fec.l2cid_sender", IP4, .help = "Sender's provider edge" },
	[PE_REMOTE] = { "mpls_echo.tlv.fec.l2cid_remote", IP4, .help = "Remote provider edge" },
	[PW_ID] = { "mpls_echo.tlv.fec.l2cid_vcid", U32, .help = "Pseudowire" },
	[PW_TYPE] = { "mpls_echo.tlv.fec.l2cid_encap", U16, .names = mpls_pw_names, .help = "Pseudowire type" },
	[MTU] = { "mpls_echo.tlv.ds_map.mtu", U16, .help = "Maximum transmission unit downstream" },
	[ADDR_TYPE] = { "mpls_echo.tlv.ds_map.addr_type", U8, .names = map_types, .help = "Kind of downstream address" },
	[DS4] = { "mpls_echo.tlv.ds_map.ds_ip", IP4, .help = "Downstream router" },
	[DS6] = { "mpls_echo.tlv.ds_map.ds_ipv6", IP6, .help = "Downstream router" },
	[IF4] = { "mpls_echo.tlv.ds_map.int_ip", IP4, .help = "Downstream interface" },
	[IF6] = { "mpls_echo.tlv.ds_map.int_ipv6", IP6, .help = "Downstream interface" },
	[IF_INDEX] = { "mpls_echo.tlv.ds_map.if_index", U32, .help = "Index of the downstream interface" },
	[HASH] = { "mpls_echo.tlv.ds_map.hash_type", U8, .help = "Multipath type" },
	[DEPTH] = { "mpls_echo.tlv.ds_map.depth", U8, .help = "Depth limit" },
	[VENDOR] = { "mpls_echo.tlv.vendor_id", U32, .names = vendor_names, .help = "Vendor" },
};

extern const struct proto proto_mpls_echo;

/* How a TLV ended. What is too short is said, dumped, and left. */
enum end { GOOD, DUMP, OVER };

static void
text_address(struct dis *d, const uint8_t *p, unsigned size)
{
	if (size == 16)
		text_ip6(d, p);
	else
		text_ip4(d, p);
}

/* --- what is to be reached ---------------------------------------------------------------------------------------- */

static void
ldp_prefix(struct dis *d, const uint8_t *p, unsigned size)
{
	put_field(d, &F[size == 16 ? LDP6 : LDP4], p, size);
	put_field(d, &F[size == 16 ? LDP6_BITS : LDP4_BITS], p + size, 1);
	text(d, PART_LINE);
	text_address(d, p, size);
	text_char(d, '/'), text_u(d, p[size]);
}

static void
bgp_prefix(struct dis *d, const uint8_t *p, unsigned size)
{
	put_field(d, &F[size == 16 ? BGP6 : BGP4], p, size);
	put_field(d, &F[BGP_BITS], p + size, 1);
	text(d, PART_LINE);
	text_address(d, p, size);
	text_char(d, '/'), text_u(d, p[size]);
}

static void
vpn_prefix(struct dis *d, const uint8_t *p, unsigned size)
{
	const uint8_t *addr = p + 8;

	put_field(d, &F[VPN_RD], p, 8);
	put_field(d, &F[size == 16 ? VPN6 : VPN4], addr, size);
	put_field(d, &F[VPN_BITS], addr + size, 1);
	text(d, PART_LINE "RD: ");
	text_rd(d, p);
	text(d, ", ");
	text_address(d, addr, size);
	text_char(d, '/'), text_u(d, addr[size]);
}

static void
session(struct dis *d, const uint8_t *p, unsigned size)
{
	const uint8_t *tunnel = p + size + 2, *ext = tunnel + 2, *sender = ext + size, *lsp = sender + size + 2;
	bool six = size == 16;

	put_field(d, &F[six ? END6 : END4], p, size);
	put_field(d, &F[TUNNEL], tunnel, 2);
	put_field(d, &F[six ? EXT6 : EXT4], ext, size);
	put_field(d, &F[six ? SENDER6 : SENDER4], sender, size);
	put_field(d, &F[LSP], lsp, 2);
	text(d, PART_LINE "tunnel end-point ");
	text_address(d, p, size);
	text(d, ", tunnel sender ");
	text_address(d, sender, size);
	text_fmt(d, ", lsp-id 0x%04x" PART_LINE "tunnel-id 0x%04x, extended tunnel-id ", raw16(lsp), raw16(tunnel));
	text_address(d, ext, size);
}

static void
text_wire(struct dis *d, unsigned type)
{
	text_name(d, mpls_pw_names, type, "unknown");
	text_fmt(d, " (%u)", type);
}

static void
l2vpn(struct dis *d, const uint8_t *p, unsigned size)
{
	(void)size;
	put_field(d, &F[L2_RD], p, 8);
	put_field(d, &F[L2_SEND], p + 8, 2);
	put_field(d, &F[L2_RECV], p + 10, 2);
	put_field(d, &F[L2_ENCAP], p + 12, 2);
	text(d, PART_LINE "RD: ");
	text_rd(d, p);
	text_fmt(d, ", Sender VE ID: %u, Receiver VE ID: %u" PART_LINE "Encapsulation Type: ", raw16(p + 8), raw16(p + 10));
	text_wire(d, raw16(p + 12));
}

/* The new form (size 4) has the sender's address in front. */
static void
pseudowire(struct dis *d, const uint8_t *p, unsigned size)
{
	text(d, PART_LINE);
	if (size) {
		put_field(d, &F[PE_SENDER], p, 4);
		text(d, "Sender PE: ");
		text_ip4(d, p);
		text(d, ", ");
		p += 4;
	}
	put_field(d, &F[PE_REMOTE], p, 4);
	put_field(d, &F[PW_ID], p + 4, 4);
	put_field(d, &F[PW_TYPE], p + 8, 2);
	text(d, "Remote PE: ");
	text_ip4(d, p);
	text_fmt(d, PART_LINE "PW ID: 0x%08x, PW Type: ", raw32(p + 4));
	text_wire(d, raw16(p + 8));
}

static const struct fec {
	uint8_t type, len, size;	/* size: of the addresses in it */
	void (*say)(struct dis *d, const uint8_t *p, unsigned size);
} fecs[] = {
	{ F_LDP4, 5, 4, ldp_prefix }, { F_LDP6, 17, 16, ldp_prefix }, { F_RSVP4, 20, 4, session }, { F_RSVP6, 56, 16, session },
	{ F_VPN4, 13, 4, vpn_prefix }, { F_VPN6, 25, 16, vpn_prefix }, { F_L2VPN, 14, 0, l2vpn }, { F_PW_OLD, 10, 0, pseudowire },
	{ F_PW, 14, 4, pseudowire }, { F_BGP4, 5, 4, bgp_prefix }, { F_BGP6, 17, 16, bgp_prefix },
};

/* Says one forwarding equivalence class, captured; true when its bytes are to be shown too. */
static bool
fec(struct dis *d, unsigned type, const uint8_t *p, unsigned n)
{
	for (size_t i = 0; i < sizeof fecs / sizeof *fecs; i++) {
		if (fecs[i].type != type)
			continue;
		if (fecs[i].len != n) {
			text_fmt(d, PART_LINE "invalid subTLV length, should be %u", fecs[i].len);
			return true;
		}
		fecs[i].say(d, p, fecs[i].size);
		return false;
	}
	return true;
}

static enum end
too_short(struct dis *d)
{
	text(d, PART_LINE "TLV is too short");
	return DUMP;
}

static enum end
fec_stack(struct dis *d, const uint8_t *p, unsigned n)
{
	while (n) {
		unsigned type, len, padded;
		bool dump;

		if (n < TLV_HEADER)
			return too_short(d);
		put_field(d, &F[FEC_TYPE], p, 2);
		put_field(d, &F[FEC_LEN], p + 2, 2);
		need(d, p, TLV_HEADER);
		type = raw16(p);
		len = raw16(p + 2);
		if (n < len + TLV_HEADER)
			return too_short(d);
		need(d, p + TLV_HEADER, len);
		text(d, TLV_LINE);
		text_name(d, fec_names, type, "Unknown");
		text_fmt(d, " subTLV (%u), length: %u", type, len);
		dump = fec(d, type, p + TLV_HEADER, len);
		if (dump || d->v > 1)
			text_unknown(d, p + TLV_HEADER, PART_LINE, len);
		padded = (len + 3) & ~3U;
		if (n < padded + TLV_HEADER) {
			text(d, "\n\t\t TLV is too short");
			return OVER;
		}
		p += padded;
		n -= padded + TLV_HEADER;
	}
	return GOOD;
}

/* --- what lies downstream, and the rest --------------------------------------------------------------------------- */

static enum end
downstream(struct dis *d, const uint8_t *p, unsigned n)
{
	unsigned type, size, interface;

	if (n < 4)
		return too_short(d);
	need(d, p, 4);
	type = p[2];
	put_field(d, &F[MTU], p, 2);
	put_field(d, &F[ADDR_TYPE], p + 2, 1);
	text_fmt(d, TLV_LINE "MTU: %u, Address-Type: ", raw16(p));
	text_name(d, map_types, type, "unknown");
	text_fmt(d, " (%u)", type);
	if (type >= MAP_IPV4 && type <= MAP_IPV6_INDEX) {
		size = type <= MAP_IPV4_INDEX ? 4 : 16;
		interface = type == MAP_IPV6 ? 16 : 4;
		if (n < 4 + size + interface)
			return too_short(d);
		need(d, p, 4 + size + interface);
		p += 4;
		put_field(d, &F[size == 16 ? DS6 : DS4], p, size);
		text(d, TLV_LINE "Downstream IP: ");
		text_address(d, p, size);
		p += size;
		if (type == MAP_IPV4 || type == MAP_IPV6) {
			put_field(d, &F[type == MAP_IPV6 ? IF6 : IF4], p, interface);
			text(d, TLV_LINE "Downstream Interface IP: ");
			text_address(d, p, interface);
		} else {
			put_field(d, &F[IF_INDEX], p, 4);
			text_fmt(d, TLV_LINE "Downstream Interface Index: 0x%08x", raw32(p));
		}
		p += interface;
		n -= 4 + size + interface;
	}
	if (n < 4)
		return too_short(d);
	need(d, p, 4);
	put_field(d, &F[HASH], p, 1);
	put_field(d, &F[DEPTH], p + 1, 1);
	return DUMP;
}

static enum end
discriminator(struct dis *d, const uint8_t *p, unsigned n)
{
	if (n < 4)
		return too_short(d);
	text_be_x(d, TLV_LINE "BFD Discriminator 0x", p, 4, 8);
	return GOOD;
}

static enum end
vendor(struct dis *d, const uint8_t *p, unsigned n)
{
	if (n < 4)
		return too_short(d);
	put_field(d, &F[VENDOR], p, 4);
	need(d, p, 4);
	text(d, TLV_LINE "Vendor: ");
	text_name(d, vendor_names, raw32(p), "Unknown");
	text_fmt(d, " (0x%04x)", raw32(p));
	return GOOD;
}

/* A TLV's value of n bytes, captured. */
static enum end
tlv_value(struct dis *d, unsigned type, const uint8_t *p, unsigned n)
{
	switch (type) {
	case T_FEC_STACK:
		return fec_stack(d, p, n);
	case T_DOWNSTREAM:
		return downstream(d, p, n);
	case T_VENDOR:
		return vendor(d, p, n);
	case T_BFD:
		return discriminator(d, p, n);
	default:
		if (d->v <= 1)
			text_unknown(d, p, TLV_LINE, n);
		return GOOD;
	}
}

/* The TLVs of a packet; false when it is too short for them. */
static bool
tlvs(struct dis *d, const uint8_t *p, uint32_t len)
{
	while (len) {
		unsigned type, n;
		enum end end;

		if (len < TLV_HEADER)
			return false;
		put_field(d, &F[TLV_TYPE], p, 2);
		put_field(d, &F[TLV_LEN], p + 2, 2);
		need(d, p, TLV_HEADER);
		type = raw16(p);
		n = raw16(p + 2);
		text(d, "\n\t  ");
		text_name(d, tlv_names, type, "Unknown");
		text_fmt(d, " TLV (%u), length: %u", type, n);
		p += TLV_HEADER;
		len -= TLV_HEADER;
		if (n == 0)
			continue;
		if (len < n)
			return false;
		need(d, p, n);
		end = tlv_value(d, type, p, n);
		if (end == OVER)
			return true;
		if (end == DUMP || d->v > 1)
			text_unknown(d, p, TLV_LINE, n);
		n = (n + 3) & ~3U;
		if (len < n)
			return false;
		p += n;
		len -= n;
	}
	return true;
}

static void
put_header(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[VERSION], p, 2);
	put_field(d, &F[GLOBAL_FLAGS], p + 2, 2);
	put_field(d, &F[MSG_TYPE], p + 4, 1);
	put_field(d, &F[REPLY_MODE], p + 5, 1);
	put_field(d, &F[CODE], p + 6, 1);
	put_field(d, &F[SUBCODE], p + 7, 1);
	put_field(d, &F[HANDLE], p + 8, 4);
	put_field(d, &F[SEQUENCE], p + 12, 4);
	put_field(d, &F[SENT], p + 16, 8);
	put_field(d, &F[RECEIVED], p + 24, 8);
}

static void
text_header(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned code = p[6], subcode = p[7];

	text_fmt(d, "\n\tLSP-PINGv%u, msg-type: ", VERSION_1);
	text_name(d, messages, p[4], "unknown");
	text_fmt(d, " (%u), length: %u\n\t  reply-mode: ", p[4], len);
	text_name(d, reply_modes, p[5], "unknown");
	text_fmt(d, " (%u)\n\t  Return Code: ", p[5]);
	text_name(d, return_codes, code, "unknown");
	if (code < 16 && CODES_WITH_DEPTH >> code & 1)
		text_char(d, ' '), text_u(d, subcode);
	text_fmt(d, " (%u)\n\t  Return Subcode: (%u)", code, subcode);
	text_fmt(d, "\n\t  Sender Handle: 0x%08x, Sequence: %u", raw32(p + 8), raw32(p + 12));
	text(d, "\n\t  TimeStamp Sent: ");
	text_ntp_time(d, p + 16);
	text(d, "\n\t  TimeStamp Received: ");
	if (raw32(p + 24) || raw32(p + 28))
		text_ntp_time(d, p + 24);
	else
		text(d, "no timestamp");
}

static void
lsp_ping(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_mpls_echo);
	if (d->sink)
		put_header(d, p);
	if (len < HEADER) {
		text(d, "\n\t\t packet is too short");
		return;
	}
	need(d, p, HEADER);
	if (raw16(p) != VERSION_1) {
		text_fmt(d, "LSP-PING version %u packet not supported", raw16(p));
		return;
	}
	if (!d->v) {
		text_fmt(d, "LSP-PINGv%u, ", VERSION_1);
		text_name(d, messages, p[4], "unknown (%u)");
		text_fmt(d, ", seq %u, length: %u", raw32(p + 12), len);
		return;
	}
	text_header(d, p, len);
	if (!tlvs(d, p + HEADER, len - HEADER))
		text(d, "\n\t\t packet is too short");
}

const struct proto proto_mpls_echo = PROTO("mpls_echo", "lspping", "Multiprotocol Label Switching Echo", lsp_ping, F);
