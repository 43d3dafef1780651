/*
 * What Juniper routers capture: a magic number and flags, attributes of the interface, the cookie that an interface card
 * (PIC) puts in front of packets for the routing engine, and then what the link type says.
 */
#include "proto/link/juniper.h"

enum { MAGIC = 0x4d4743, HEADER = 4, NO_L2_SKIP = 4 };
enum { FLAG_IN = 0x01, FLAG_NO_L2 = 0x02, FLAG_IIF = 0x04, FLAG_FILTER = 0x40, FLAG_EXT = 0x80 };

static const struct name flags[] = {
	{ FLAG_EXT, "Ext" }, { FLAG_FILTER, "Filter" }, { FLAG_IIF, "IIF" }, { FLAG_NO_L2, "no-L2" }, { FLAG_IN, "In" },
	{ 0, NULL }
};

static const struct name directions[] = { { 0, "Out" }, { 1, "In" }, { 0, NULL } };

enum { X_IFD = 1, X_NAME, X_IFMT, X_IFL, X_UNIT, X_IFLE, X_TTP_IFMT, X_TTP_IFLE };
static const struct name attributes[] = {
	{ X_IFD, "Device Interface Index" }, { X_NAME, "Device Interface Name" }, { X_IFMT, "Device Media Type" },
	{ X_IFL, "Logical Interface Index" }, { X_UNIT, "Logical Unit Number" },
	{ X_IFLE, "Logical Interface Encapsulation" }, { X_TTP_IFMT, "TTP derived Device Media Type" },
	{ X_TTP_IFLE, "TTP derived Logical Interface Encapsulation" }, { 0, NULL }
};

static const struct name media[] = {
	{ 1, "Ethernet" }, { 2, "FDDI" }, { 3, "Token-Ring" }, { 4, "PPP" }, { 5, "Frame-Relay" }, { 6, "Cisco-HDLC" },
	{ 7, "SMDS-DXI" }, { 8, "ATM-PVC" }, { 9, "PPP-CCC" }, { 10, "Frame-Relay-CCC" }, { 11, "IP-over-IP" },
	{ 12, "GRE" }, { 13, "PIM-Encapsulator" }, { 14, "PIM-Decapsulator" }, { 15, "Cisco-HDLC-CCC" },
	{ 16, "VLAN-CCC" }, { 17, "Multilink-PPP" }, { 18, "Multilink-FR" }, { 19, "Multilink" }, { 20, "LSI" },
	{ 22, "ATM-CCC-Cell-Relay" }, { 23, "IPSEC-over-IP" }, { 24, "GGSN" }, { 27, "PPP-TCC" },
	{ 28, "Frame-Relay-TCC" }, { 29, "Cisco-HDLC-TCC" }, { 30, "Ethernet-CCC" }, { 31, "VPN-Loopback-tunnel" },
	{ 32, "Extended-VLAN-CCC" }, { 33, "Ethernet-over-ATM" }, { 34, "Monitor" }, { 35, "Ethernet-TCC" },
	{ 36, "VLAN-TCC" }, { 37, "Extended-VLAN-TCC" }, { 38, "Controller" }, { 39, "Multilink-FR-UNI-NNI" },
	{ 40, "LinkService" }, { 41, "VPLS" }, { 42, "VLAN-VPLS" }, { 43, "Extended-VLAN-VPLS" },
	{ 44, "Logical-tunnel" }, { 45, "General-Services" }, { 46, "Ethernet-VPLS-over-ATM" },
	{ 48, "Extended FR-CCC" }, { 49, "Extended FR-TCC" }, { 50, "Flexible-FrameRelay" },
	{ 52, "Flexible-Ethernet-Services" }, { 53, "Flow-collection" }, { 56, "PPPoE" }, { 57, "PPP-Subordinate" },
	{ 59, "Dynamic-Flow-Capture" }, { 60, "PIC Peer" }, { 0, NULL }
};

static const struct name encapsulations[] = {
	{ 2, "ATM SNAP" }, { 3, "ATM NLPID" }, { 4, "ATM VCMUX" }, { 5, "ATM LLC" }, { 6, "PPP over ATM VCMUX" },
	{ 7, "PPP over ATM LLC" }, { 8, "PPP over FUNI" }, { 9, "CCC over ATM" }, { 10, "FR NLPID" }, { 11, "FR SNAP" },
	{ 12, "FR PPP" }, { 13, "FR CCC" }, { 14, "Ethernet" }, { 17, "PPP" }, { 18, "C-HDLC" }, { 19, "PPP CCC" },
	{ 20, "IPIP" }, { 21, "PIM Null" }, { 22, "GRE NULL" }, { 23, "PPP over GRE" }, { 24, "PIMd" },
	{ 25, "C-HDLC CCC" }, { 26, "CISCO compatible NLPID" }, { 27, "VLAN CCC" }, { 28, "MLPPP" }, { 29, "MLFR" },
	{ 30, "LSI Null" }, { 32, "ATM CCC Cell Relay" }, { 33, "Crypto" }, { 34, "GGSN" }, { 35, "ATM VCMUX TCC" },
	{ 36, "FR TCC" }, { 37, "PPP TCC" }, { 38, "C-HDLC TCC" }, { 39, "Ethernet CCC" }, { 40, "VT" },
	{ 41, "Ethernet over ATM LLC" }, { 42, "Extended VLAN CCC" }, { 43, "ATM SNAP TCC" }, { 44, "Monitor" },
	{ 45, "Ethernet TCC" }, { 46, "VLAN TCC" }, { 47, "Extended VLAN TCC" }, { 48, "MFR" }, { 49, "VPLS" },
	{ 50, "VLAN VPLS" }, { 51, "Extended VLAN VPLS" }, { 52, "General Services" },
	{ 53, "Ethernet VPLS over ATM LLC" }, { 54, "FR CCC" }, { 55, "MLPPP over ATM LLC" },
	{ 56, "Ethernet over ATM CCC" }, { 57, "LT VLAN" }, { 58, "Collector" }, { 59, "Aggregator" }, { 60, "LAPD" },
	{ 61, "PPPoE over ATM LLC" }, { 62, "PPPoE over Ethernet" }, { 63, "PPPoE" }, { 64, "" },
	{ 65, "C-HDLC via dialer" }, { 0, NULL }
};

enum { F_MAGIC, F_DIRECTION, F_L2, F_EXT_LEN, F_IFD, F_IFL, F_UNIT, F_IFMT, F_IFLE, F_TTP_IFMT, F_TTP_IFLE, F_COOKIE_LEN,
	F_PROTO };
static const struct field F[] = {
	[F_MAGIC] = { "juniper.magic-number", U24, .help = "Magic number" },
	[F_DIRECTION] = { "juniper.direction", U8, .mask = FLAG_IN, .names = directions, .help = "Direction" },
	[F_L2] = { "juniper.l2hdr", U8, .mask = FLAG_NO_L2, .help = "No link header" },
	[F_EXT_LEN] = { "juniper.ext_total_len", U16, .help = "Length of the attributes" },
	[F_IFD] = { "juniper.ext.ifd", U32, .help = "Device's interface index" },
	[F_IFL] = { "juniper.ext.ifl", U32, .help = "Logical interface index" },
	[F_UNIT] = { "juniper.ext.unit", U32, .help = "Logical unit" },
	[F_IFMT] = { "juniper.ext.ifmt", U16, .names = media, .help = "Device's media type" },
	[F_IFLE] = { "juniper.ext.ifle", U16, .names = encapsulations, .help = "Logical interface's encapsulation" },
	[F_TTP_IFMT] = { "juniper.ext.ttp_ifmt", U16, .names = media, .help = "Media type derived from TTP" },
	[F_TTP_IFLE] = { "juniper.ext.ttp_ifle", U16, .names = encapsulations, .help = "Encapsulation derived from TTP" },
	[F_COOKIE_LEN] = { "juniper.cookie_len", U32, .help = "Length of the cookie" },
	[F_PROTO] = { "juniper.proto", U16, .help = "Protocol behind the cookie" },
};

extern const struct proto proto_juniper;

bool
juniper_guess_ip(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned first = u8(d, p);

	if (first >= 0x45 && first <= 0x4f)
		return next(d, D_ETHERTYPE, ETH_IP, p, len);
	if (first >> 4 == 6)
		return next(d, D_ETHERTYPE, ETH_IPV6, p, len);
	return false;
}

/* The number of n bytes: little-endian for the types below 128. False when it is too long to be one. */
static bool
attribute_value(struct dis *d, unsigned type, const uint8_t *p, uint32_t n, uint32_t *v)
{
	*v = 0;
	if (n > 4)
		return false;
	need(d, p, n);
	for (uint32_t i = 0; i < n; i++)
		*v |= (uint32_t)p[i] << 8 * (type < 128 ? i : n - 1 - i);
	/* All ones is what tcpdump takes for none. */
	return *v != UINT32_MAX;
}

static void
text_attribute(struct dis *d, unsigned type, const uint8_t *p, uint32_t n)
{
	static const uint8_t fields[] = {
		[X_IFD] = F_IFD, [X_IFMT] = F_IFMT, [X_IFL] = F_IFL, [X_UNIT] = F_UNIT, [X_IFLE] = F_IFLE,
		[X_TTP_IFMT] = F_TTP_IFMT, [X_TTP_IFLE] = F_TTP_IFLE
	};
	const struct name *names = NULL;
	uint32_t v;

	if (d->v > 1) {
		text(d, "\n\t  ");
		text_name(d, attributes, type, "Unknown");
		text(d, " Extension TLV #"), text_u(d, type);
		text(d, ", length "), text_u(d, n);
		text(d, ", value ");
	}
	if (!attribute_value(d, type, p, n, &v) || type == X_NAME)
		return;
	if (type < sizeof fields)
		put_value(d, &F[fields[type]], v);
	if (d->v < 2)
		return;
	if (type == X_IFMT || type == X_TTP_IFMT)
		names = media;
	else if (type == X_IFLE || type == X_TTP_IFLE)
		names = encapsulations;
	if (names) {
		text_name(d, names, v, "Unknown");
		text(d, " ("), text_u(d, v), text_char(d, ')');
	} else {
		text_u(d, v);
	}
}

/* False when they do not fit, which has been said. */
static bool
walk_attributes(struct dis *d, const uint8_t *p, uint32_t len)
{
	enum { TLV_HEADER = 2 };

	need(d, p, len);
	while (len > TLV_HEADER) {
		unsigned type = u8(d, p);
		uint32_t n = u8(d, p + 1);

		if (type == 0 || n == 0)
			break;
		if (len < n + TLV_HEADER) {
			text_bad(d, "extension_length", len, "<", n + TLV_HEADER);
			return false;
		}
		text_attribute(d, type, p + TLV_HEADER, n);
		p += TLV_HEADER + n;
		len -= TLV_HEADER + n;
	}
	if (d->v > 1)
		text(d, "\n\t-----original packet-----\n\t");
	return true;
}

/* The cookie at p; false when it is too long for one, which has been said. */
static bool
cookie(struct dis *d, const struct juniper_pic *pic, const uint8_t *p, struct juniper_frame *f)
{
	f->cookie_len = pic->cookie_len;
	switch (u8(d, p)) {
	case JUNIPER_COOKIE_LS:
		f->cookie_type = JUNIPER_COOKIE_LS;
		f->cookie_len += 2;
		break;
	case JUNIPER_COOKIE_AS:
		f->cookie_type = JUNIPER_COOKIE_AS;
		f->cookie_len = JUNIPER_COOKIE_MAX;
		break;
	}
	/* The links of a bundle have none: this is FRF.16's header. */
	if (pic->bare_if_fragment && (*p & 0xc0) == 0xc0)
		f->cookie_len = 0;
	f->header += f->cookie_len;
	f->len -= f->cookie_len;
	if (d->e) {
		text(d, pic->name), text(d, "-PIC, cookie-len ");
		text_u(d, f->cookie_len);
	}
	if (f->cookie_len > JUNIPER_COOKIE_MAX) {
		text_invalid(d);
		return false;
	}
	if (f->cookie_len) {
		need(d, p, f->cookie_len);
		memcpy(f->cookie, p, f->cookie_len);
		if (d->e)
			text(d, ", cookie 0x"), text_hex(d, p, f->cookie_len);
	}
	if (d->e)
		text(d, ": ");
	f->proto = be16(d, p + f->cookie_len);
	put_value(d, &F[F_COOKIE_LEN], f->cookie_len);
	return true;
}

bool
juniper_header(struct dis *d, const struct juniper_pic *pic, const uint8_t *p, uint32_t len, struct juniper_frame *f)
{
	uint32_t n = HEADER;
	unsigned bits;

	enter(d, &proto_juniper);
	mark(d, pic->mark);
	*f = (struct juniper_frame) { .len = len };
	bits = u8(d, p + 3);
	f->in = bits & FLAG_IN;
	put_field(d, &F[F_MAGIC], p, 3);
	if (be24(d, p) != MAGIC) {
		text(d, "no magic-number found!");
		return false;
	}
	put_field(d, &F[F_DIRECTION], p + 3, 1);
	put_field(d, &F[F_L2], p + 3, 1);
	if (d->e)
		text(d, f->in ? " In " : "Out ");
	if (d->v > 1) {
		text(d, "\n\tJuniper PCAP Flags [");
		text_bits(d, flags, bits, ", ", "none");
		text_char(d, ']');
	}
	if (bits & FLAG_EXT) {
		uint32_t ext = be16(d, p + HEADER);

		put_field(d, &F[F_EXT_LEN], p + HEADER, 2);
		n += 2 + ext;
		if (d->v > 1)
			text(d, ", PCAP Extension(s) total length "), text_u(d, ext);
		if (!walk_attributes(d, p + HEADER + 2, ext))
			return false;
	}
	if (bits & FLAG_NO_L2) {
		if (d->e)
			text(d, "no-L2-hdr, ");
		n += NO_L2_SKIP;
		need(d, p, n + 1);
		if (!juniper_guess_ip(d, p + n, len - n))
			text(d, "no IP-hdr found!");
		f->header = n;
		return false;
	}
	f->header = n;
	f->len -= n;
	if (pic->name && !cookie(d, pic, p + n, f))
		return false;
	if (pic->finish)
		pic->finish(d, p + n + f->cookie_len, f);
	put_value(d, &F[F_PROTO], f->proto);
	if (d->e) {
		text(d, "hlen "), text_u(d, f->header);
		text(d, ", proto 0x"), text_x(d, f->proto, 4), text(d, ", ");
	}
	return true;
}

static void
nothing(struct dis *d, const uint8_t *p, uint32_t len)
{
	(void)d, (void)p, (void)len;
}

const struct proto proto_juniper = PROTO("juniper", "juniper", "Juniper", nothing, F);
