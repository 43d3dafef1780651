/*
 * Organizations' own TLVs in LLDP: IEEE 802.1 (802.1Q annex D) and 802.3 (802.3 section 79), LLDP-MED (ANSI/TIA-1057),
 * IANA (RFC 8520 section 11) and Data Center Bridging Exchange 1.01.
 */
#include "proto/link/lldp.h"

enum { OUI_IANA = 0x00005e, OUI_802_3 = 0x00120f, OUI_TIA = 0x0012bb, OUI_DCBX = 0x001b21, OUI_802_1 = 0x0080c2 };

enum { Q_PVID = 1, Q_PPVID, Q_VLAN_NAME, Q_PROTOCOL, Q_AGGREGATION = 7, Q_CONGESTION, Q_ETS, Q_ETS_ADVICE, Q_PFC, Q_APP,
	Q_EVB, Q_CDCP };
static const struct name q_types[] = {
	{ Q_PVID, "Port VLAN Id" }, { Q_PPVID, "Port and Protocol VLAN ID" }, { Q_VLAN_NAME, "VLAN name" },
	{ Q_PROTOCOL, "Protocol Identity" }, { Q_AGGREGATION, "Link aggregation" },
	{ Q_CONGESTION, "Congestion Notification" }, { Q_ETS, "ETS Configuration" },
	{ Q_ETS_ADVICE, "ETS Recommendation" }, { Q_PFC, "Priority Flow Control Configuration" },
	{ Q_APP, "Application Priority" }, { Q_EVB, "EVB" }, { Q_CDCP, "CDCP" }, { 0, NULL }
};

enum { E_MACPHY = 1, E_POWER, E_AGGREGATION, E_MTU };
static const struct name e_types[] = {
	{ E_MACPHY, "MAC/PHY configuration/status" }, { E_POWER, "Power via MDI" },
	{ E_AGGREGATION, "Link aggregation" }, { E_MTU, "Max frame size" }, { 0, NULL }
};

enum { M_CAPS = 1, M_POLICY, M_LOCATION, M_POWER, M_HARDWARE, M_FIRMWARE, M_SOFTWARE, M_SERIAL, M_MAKER, M_MODEL, M_ASSET };
static const struct name m_types[] = {
	{ M_CAPS, "LLDP-MED Capabilities" }, { M_POLICY, "Network policy" }, { M_LOCATION, "Location identification" },
	{ M_POWER, "Extended power-via-MDI" }, { M_HARDWARE, "Inventory - hardware revision" },
	{ M_FIRMWARE, "Inventory - firmware revision" }, { M_SOFTWARE, "Inventory - software revision" },
	{ M_SERIAL, "Inventory - serial number" }, { M_MAKER, "Inventory - manufacturer name" },
	{ M_MODEL, "Inventory - model name" }, { M_ASSET, "Inventory - asset ID" }, { 0, NULL }
};

enum { F_PVID, F_VID, F_VLAN, F_MTU, F_APP, F_POLICY_VLAN, F_HARDWARE, F_FIRMWARE, F_SOFTWARE, F_SERIAL, F_MAKER, F_MODEL,
	F_ASSET };
static const struct field F[] = {
	[F_PVID] = { "lldp.ieee.802_1.port_vlan.id", U16, .help = "Port's VLAN" },
	[F_VID] = { "lldp.ieee.802_1.vlan.id", U16, .help = "VLAN identifier" },
	[F_VLAN] = { "lldp.ieee.802_1.vlan.name", STR, .help = "VLAN name" },
	[F_MTU] = { "lldp.ieee.802_3.max_frame_size", U16, .help = "Largest frame" },
	[F_APP] = { "lldp.media.app_type", U8, .help = "Application of a network policy" },
	[F_POLICY_VLAN] = { "lldp.media.vlan_id", U16, .mask = 0x1ffe, .help = "VLAN of a network policy" },
	[F_HARDWARE] = { "lldp.media.hardware", STR, .help = "Hardware revision" },
	[F_FIRMWARE] = { "lldp.media.firmware", STR, .help = "Firmware revision" },
	[F_SOFTWARE] = { "lldp.media.software", STR, .help = "Software revision" },
	[F_SERIAL] = { "lldp.media.sn", STR, .help = "Serial number" },
	[F_MAKER] = { "lldp.media.manufacturer", STR, .help = "Manufacturer" },
	[F_MODEL] = { "lldp.media.model", STR, .help = "Model" },
	[F_ASSET] = { "lldp.media.asset", STR, .help = "Asset ID" },
};

extern const struct proto proto_lldp_org;

/* Label and number, which most lines are made of. */
static void
text_no(struct dis *d, const char *label, uint32_t v)
{
	text(d, label);
	text_u(d, v);
}

static void
text_type(struct dis *d, const struct name *types, unsigned type)
{
	text(d, "\n\t  ");
	text_name(d, types, type, "unknown");
	text(d, " Subtype ("), text_u(d, type), text_char(d, ')');
}

/* Flags in brackets and their value in hex behind. */
static void
text_flags(struct dis *d, const char *label, const struct name *names, unsigned v, unsigned width, const char *none)
{
	text(d, label);
	text_bits(d, names, v, ", ", none);
	text(d, "] (0x"), text_x(d, v, width), text_char(d, ')');
}

static void
text_aggregation(struct dis *d, const uint8_t *p)
{
	static const struct name status[] = { { 1, "supported" }, { 2, "enabled" }, { 0, NULL } };

	text(d, "\n\t    aggregation status [");
	text_bits(d, status, p[4], ", ", "none");
	text_no(d, "], aggregation port ID ", raw32(p + 5));
}

/* --- IEEE 802.1 --- */

/* A table whose columns are eight priorities or traffic classes. */
static void
text_columns(struct dis *d, const char *title, const char *head, const char *label, const uint8_t *v)
{
	text(d, title);
	text(d, head);
	text(d, label);
	for (int i = 0; i < 8; i++)
		text_fmt(d, i ? " %-3d" : "%-3d", v[i]);
}

/* The three tables of enhanced transmission selection, 802.1Q section D.2.8. */
static void
text_ets(struct dis *d, const uint8_t *p)
{
	uint8_t priority[8];

	for (int i = 0; i < 8; i++)
		priority[i] = i & 1 ? p[i / 2] & 15 : p[i / 2] >> 4;
	text_columns(d, "\n\t    Priority Assignment Table", "\n\t     Priority : 0   1   2   3   4   5   6   7",
	    "\n\t     Value    : ", priority);
	text_columns(d, "\n\t    TC Bandwidth Table", "\n\t     TC%   : 0   1   2   3   4   5   6   7",
	    "\n\t     Value : ", p + 4);
	text_columns(d, "\n\t    TSA Assignment Table", "\n\t     Traffic Class: 0   1   2   3   4   5   6   7",
	    "\n\t     Value        : ", p + 12);
}

static void
text_priorities(struct dis *d, const char *title, unsigned bits)
{
	text(d, title);
	text(d, "\n\t     Priority : 0  1  2  3  4  5  6  7\n\t     Value    : ");
	for (int i = 0; i < 8; i++) {
		text_u(d, bits >> i & 1);
		text(d, "  ");
	}
}

static void
text_applications(struct dis *d, const uint8_t *p, unsigned n)
{
	text_no(d, "\n\t    RES: ", p[4]);
	if (n == 5 || (n - 5) % 3)
		return;
	text(d, "\n\t    Application Priority Table");
	for (unsigned i = 5; i < n; i += 3) {
		text_no(d, "\n\t      Priority: ", p[i] >> 5);
		text_no(d, ", RES: ", p[i] >> 3 & 3);
		text_no(d, ", Sel: ", p[i] & 7);
		text_no(d, ", Protocol ID: ", raw16(p + i + 1));
	}
}

/* Edge virtual bridging, 802.1Q section D.2.12. */
static void
text_evb(struct dis *d, const uint8_t *p)
{
	static const struct name modes[] = {
		{ 0, "Not Supported" }, { 1, "EVB Bridge" }, { 2, "EVB Station" },
		{ 3, "Reserved for future Standardization" }, { 0, NULL }
	};

	text(d, "\n\t    EVB Bridge Status");
	text_no(d, "\n\t      RES: ", p[4] >> 3);
	text_no(d, ", BGID: ", p[4] >> 2 & 1);
	text_no(d, ", RRCAP: ", p[4] >> 1 & 1);
	text_no(d, ", RRCTR: ", p[4] & 1);
	text(d, "\n\t    EVB Station Status");
	text_no(d, "\n\t      RES: ", p[5] >> 4);
	text_no(d, ", SGID: ", p[5] >> 3 & 1);
	text_no(d, ", RRREQ: ", p[5] >> 2 & 1);
	text_no(d, ",RRSTAT: ", p[5] & 3);
	text_no(d, "\n\t    R: ", p[6] >> 5);
	text_no(d, ", RTE: ", p[6] & 0x1f);
	text(d, ", EVB Mode: "), text(d, name_of(modes, p[7] >> 6));
	text_no(d, " [", p[7] >> 6);
	text_no(d, "]\n\t    ROL: ", p[7] >> 5 & 1);
	text_no(d, ", RWD: ", p[7] & 0x1f);
	text_no(d, ", RES: ", p[8] >> 6);
	text_no(d, ", ROL: ", p[8] >> 5 & 1);
	text_no(d, ", RKA: ", p[8] & 0x1f);
}

/* S-channel discovery, 802.1Q section D.2.13. */
static void
text_cdcp(struct dis *d, const uint8_t *p, unsigned n)
{
	text_no(d, "\n\t    Role: ", p[4] >> 7);
	text_no(d, ", RES: ", p[4] >> 4 & 7);
	text_no(d, ", Scomp: ", p[4] >> 3 & 1);
	text_no(d, " ChnCap: ", raw16(p + 6) & 0x0fff);
	if ((n - 8) % 3)
		return;
	for (unsigned i = 8; i < n; i += 3) {
		uint32_t pair = be24(d, p + i);

		text_no(d, "\n\t    SCID: ", pair >> 12);
		text_no(d, ", SVID: ", pair & 0x0fff);
	}
}

static void
text_vlan_name(struct dis *d, const uint8_t *p, unsigned n)
{
	put_field(d, &F[F_VID], p + 4, 2);
	text_no(d, "\n\t    vlan id (VID): ", raw16(p + 4));
	if (n < 7 || n < 7u + p[6])
		return;
	put_field(d, &F[F_VLAN], p + 7, p[6]);
	text(d, "\n\t    vlan name: ");
	text_str_pad(d, p + 7, p[6]);
}

static bool
org_802_1(struct dis *d, const uint8_t *p, unsigned n)
{
	static const struct name ppvid_flags[] = { { 2, "supported" }, { 4, "enabled" }, { 0, NULL } };
	static const uint8_t least[] = { [Q_PVID] = 6, [Q_PPVID] = 7, [Q_VLAN_NAME] = 6, [Q_PROTOCOL] = 5,
		[Q_AGGREGATION] = 9, [Q_CONGESTION] = 6, [Q_ETS] = 25, [Q_ETS_ADVICE] = 25, [Q_PFC] = 6, [Q_APP] = 5,
		[Q_EVB] = 9, [Q_CDCP] = 8 };
	unsigned type = p[3];

	text_type(d, q_types, type);
	if (type < sizeof least && n < least[type])
		return false;
	switch (type) {
	case Q_PVID:
		put_field(d, &F[F_PVID], p + 4, 2);
		text_no(d, "\n\t    port vlan id (PVID): ", raw16(p + 4));
		break;
	case Q_PPVID:
		text_no(d, "\n\t    port and protocol vlan id (PPVID): ", raw16(p + 5));
		text_flags(d, ", flags [", ppvid_flags, p[4], 2, "none");
		break;
	case Q_VLAN_NAME:
		text_vlan_name(d, p, n);
		break;
	case Q_PROTOCOL:
		if (n < 5u + p[4])
			break;
		text(d, "\n\t    protocol identity: ");
		text_str_pad(d, p + 5, p[4]);
		break;
	case Q_AGGREGATION:
		text_aggregation(d, p);
		break;
	case Q_CONGESTION:
		text_priorities(d, "\n\t    Pre-Priority CNPV Indicator", p[4]);
		text_priorities(d, "\n\t    Pre-Priority Ready Indicator", p[5]);
		break;
	case Q_ETS:
		text_no(d, "\n\t    Willing:", p[4] >> 7);
		text_no(d, ", CBS:", p[4] >> 6 & 2);
		text_no(d, ", RES:", p[4] >> 3 & 7);
		text_no(d, ", Max TCs:", p[4] & 7);
		text_ets(d, p + 5);
		break;
	case Q_ETS_ADVICE:
		text_no(d, "\n\t    RES: ", p[4]);
		text_ets(d, p + 5);
		break;
	case Q_PFC:
		text_no(d, "\n\t    Willing: ", p[4] >> 7);
		text_no(d, ", MBC: ", p[4] >> 6 & 1);
		text_no(d, ", RES: ", p[4] >> 4 & 3);
		text_no(d, ", PFC cap:", p[4] & 15);
		text_priorities(d, " \n\t    PFC Enable", p[5]);
		break;
	case Q_APP:
		text_applications(d, p, n);
		break;
	case Q_EVB:
		text_evb(d, p);
		break;
	case Q_CDCP:
		text_cdcp(d, p, n);
		break;
	default:
		return true;
	}
	return false;
}

/* --- IEEE 802.3 --- */

static const struct name autonegotiation[] = { { 1, "supported" }, { 2, "enabled" }, { 0, NULL } };

/* ifMauAutoNegCapAdvertisedBits, RFC 4836. */
static const struct name abilities[] = {
	{ 1 << 14, "10BASE-T hdx" }, { 1 << 13, "10BASE-T fdx" }, { 1 << 12, "100BASE-T4" },
	{ 1 << 11, "100BASE-TX hdx" }, { 1 << 10, "100BASE-TX fdx" }, { 1 << 9, "100BASE-T2 hdx" },
	{ 1 << 8, "100BASE-T2 fdx" }, { 1 << 7, "Pause for fdx links" }, { 1 << 6, "Asym PAUSE for fdx" },
	{ 1 << 5, "Sym PAUSE for fdx" }, { 1 << 4, "Asym and Sym PAUSE for fdx" },
	{ 1 << 3, "1000BASE-{X LX SX CX} hdx" }, { 1 << 2, "1000BASE-{X LX SX CX} fdx" },
	{ 1 << 1, "1000BASE-T hdx" }, { 1 << 0, "1000BASE-T fdx" }, { 0, NULL }
};

/* dot3MauType, RFC 4836; the numbers run from 0. */
static const char *const mau_types[] = {
	"Unknown", "AUI", "10BASE_5", "FOIRL", "10BASE2", "10BASET duplex mode unknown", "10BASEFP", "10BASEFB",
	"10BASEFL duplex mode unknown", "10BROAD36", "10BASET hdx", "10BASET fdx", "10BASEFL hdx", "10BASEFL fdx",
	"100BASET4", "100BASETX hdx", "100BASETX fdx", "100BASEFX hdx", "100BASEFX fdx", "100BASET2 hdx",
	"100BASET2 fdx", "1000BASEX hdx", "1000BASEX fdx", "1000BASELX hdx", "1000BASELX fdx", "1000BASESX hdx",
	"1000BASESX fdx", "1000BASECX hdx", "1000BASECX fdx", "1000BASET hdx", "1000BASET fdx", "10GBASEX",
	"10GBASELX4", "10GBASER", "10GBASEER", "10GBASELR", "10GBASESR", "10GBASEW", "10GBASEEW", "10GBASELW",
	"10GBASESW",
};

static bool
org_802_3(struct dis *d, const uint8_t *p, unsigned n)
{
	static const struct name power[] = {
		{ 1, "PSE" }, { 2, "supported" }, { 4, "enabled" }, { 8, "can be controlled" }, { 0, NULL }
	};
	static const struct name pairs[] = { { 1, "signal" }, { 2, "spare" }, { 0, NULL } };
	static const struct name classes[] = {
		{ 1, "class0" }, { 2, "class1" }, { 3, "class2" }, { 4, "class3" }, { 5, "class4" }, { 0, NULL }
	};
	static const uint8_t least[] = { [E_MACPHY] = 9, [E_POWER] = 7, [E_AGGREGATION] = 9, [E_MTU] = 6 };
	unsigned type = p[3], mau;

	text_type(d, e_types, type);
	if (type < sizeof least && n < least[type])
		return false;
	switch (type) {
	case E_MACPHY:
		text_flags(d, "\n\t    autonegotiation [", autonegotiation, p[4], 2, "none");
		text_flags(d, "\n\t    PMD autoneg capability [", abilities, raw16(p + 5), 4, "unknown");
		mau = raw16(p + 7);
		text(d, "\n\t    MAU type ");
		text(d, mau < sizeof mau_types / sizeof *mau_types ? mau_types[mau] : "unknown");
		text(d, " (0x"), text_x(d, mau, 4), text_char(d, ')');
		break;
	case E_POWER:
		text(d, "\n\t    MDI power support [");
		text_bits(d, power, p[4], ", ", "none");
		text(d, "], power pair ");
		text_name(d, pairs, p[5], "unknown");
		text(d, ", power class ");
		text_name(d, classes, p[6], "unknown");
		break;
	case E_AGGREGATION:
		text_aggregation(d, p);
		break;
	case E_MTU:
		put_field(d, &F[F_MTU], p + 4, 2);
		text_no(d, "\n\t    MTU size ", raw16(p + 4));
		break;
	default:
		return true;
	}
	return false;
}

/* --- LLDP-MED --- */

static void
text_policy(struct dis *d, const uint8_t *p)
{
	static const struct name applications[] = {
		{ 1, "voice" }, { 2, "voice signaling" }, { 3, "guest voice" }, { 4, "guest voice signaling" },
		{ 5, "softphone voice" }, { 6, "video conferencing" }, { 7, "streaming video" },
		{ 8, "video signaling" }, { 0, NULL }
	};
	static const struct name flags[] = { { 0x80, "Unknown" }, { 0x40, "Tagged" }, { 0x20, "reserved" }, { 0, NULL } };

	put_field(d, &F[F_APP], p + 4, 1);
	put_field(d, &F[F_POLICY_VLAN], p + 5, 2);
	text(d, "\n\t    Application type [");
	text_name(d, applications, p[4], "none");
	text(d, "] (0x"), text_x(d, p[4], 2);
	text(d, "), Flags [");
	text_bits(d, flags, p[5], ", ", "none");
	text_no(d, "]\n\t    Vlan id ", (raw16(p + 5) & 0x1ffe) >> 1);
	text_no(d, ", L2 priority ", (raw16(p + 6) & 0x01ff) >> 6);
	text_no(d, ", DSCP value ", raw16(p + 6) & 0x3f);
}

/* Coordinates of RFC 3825: a resolution of 6 bits and a value of 34. */
static void
text_degrees(struct dis *d, const char *resolution, const char *value, const uint8_t *p)
{
	text_no(d, resolution, p[0] >> 2);
	text(d, value);
	text_u(d, (uint64_t)(p[0] & 3) << 32 | raw32(p + 1));
}

static void
text_coordinates(struct dis *d, const uint8_t *p)
{
	static const struct name altitudes[] = { { 1, "meters" }, { 2, "floors" }, { 0, NULL } };
	static const struct name datums[] = {
		{ 1, "World Geodesic System 1984" }, { 2, "North American Datum 1983 (NAVD88)" },
		{ 3, "North American Datum 1983 (MLLW)" }, { 0, NULL }
	};

	text_degrees(d, "\n\t    Latitude resolution ", ", latitude value ", p + 5);
	text_degrees(d, "\n\t    Longitude resolution ", ", longitude value ", p + 10);
	text(d, "\n\t    Altitude type ");
	text_name(d, altitudes, p[15] >> 4, "unknown");
	text_no(d, " (", p[15] >> 4);
	text_no(d, ")\n\t    Altitude resolution ", raw16(p + 15) >> 6 & 0x3f);
	text(d, ", altitude value 0x"), text_x(d, raw32(p + 16) & 0x3fffffff, 0);
	text(d, "\n\t    Datum ");
	text_name(d, datums, p[20], "unknown");
	text(d, " (0x"), text_x(d, p[20], 2), text_char(d, ')');
}

/* A civic address, RFC 4776: a country and elements of type, length and text. */
static void
text_civic(struct dis *d, const uint8_t *p, unsigned n)
{
	static const struct name whats[] = {
		{ 0, "location of DHCP server" },
		{ 1, "location of the network element believed to be closest to the client" },
		{ 2, "location of the client" }, { 0, NULL }
	};
	static const struct name elements[] = {
		{ 1, "national subdivisions (state,canton,region,province,prefecture)" },
		{ 2, "county, parish, gun, district" }, { 3, "city, township, shi" },
		{ 4, "city division, borough, city district, ward chou" }, { 5, "neighborhood, block" },
		{ 6, "street" }, { 0, NULL }
	};
	unsigned rest = n < 6 ? 0 : p[5], type, len;

	if (rest < 3 || n < 7 + rest)
		return;
	text_no(d, "\n\t    LCI length ", rest);
	text(d, ", LCI what ");
	text_name(d, whats, p[6], "unknown");
	text(d, " (0x"), text_x(d, p[6], 2), text(d, "), Country-code ");
	text_str_pad(d, p + 7, 2);
	p += 9;
	for (rest -= 3; rest >= 2; p += len, rest -= len) {
		type = p[0];
		len = p[1];
		p += 2;
		rest -= 2;
		text(d, "\n\t      CA type '");
		text_name(d, elements, type, "unknown");
		text_no(d, "' (", type);
		text_no(d, "), length ", len);
		text(d, ": ");
		if (type == 0 || len == 0 || rest < len)
			return;
		text_str_pad(d, p, len);
	}
}

static void
text_location(struct dis *d, const uint8_t *p, unsigned n)
{
	enum { COORDINATES = 1, CIVIC, ELIN };
	static const struct name formats[] = {
		{ COORDINATES, "coordinate-based LCI" }, { CIVIC, "civic address LCI" }, { ELIN, "ECS ELIN" }, { 0, NULL }
	};

	text(d, "\n\t    Location data format ");
	text_name(d, formats, p[4], "unknown");
	text(d, " (0x"), text_x(d, p[4], 2), text_char(d, ')');
	switch (p[4]) {
	case COORDINATES:
		if (n >= 21)
			text_coordinates(d, p);
		break;
	case CIVIC:
		text_civic(d, p, n);
		break;
	case ELIN:
		text(d, "\n\t    ECS ELIN id ");
		text_str_pad(d, p + 5, n - 5);
		break;
	default:
		text(d, "\n\t    Location ID ");
		text_unknown(d, p + 5, "\n\t      ", n - 5);
	}
}

static void
text_power(struct dis *d, const uint8_t *p)
{
	static const struct name sources[] = {
		{ 1, "PSE - primary power source" }, { 2, "local - backup power source" },
		{ 3, "PSE+local - reserved" }, { 0, NULL }
	};
	static const struct name priorities[] = { { 1, "critical" }, { 2, "high" }, { 3, "low" }, { 0, NULL } };
	unsigned watts = raw16(p + 5);

	/* The two low bits are asked for the type, as tcpdump does, not the two high ones. */
	text(d, "\n\t    Power type ["), text(d, p[4] & 3 ? "PD device" : "PSE device");
	text(d, "], Power source [");
	text_name(d, sources, p[4] >> 4 & 3, "none");
	text(d, "]\n\t    Power priority [");
	text_name(d, priorities, p[4] & 15, "none");
	text(d, "] (0x"), text_x(d, p[4] & 15, 2);
	text_no(d, "), Power ", watts < 1024 ? watts / 10 : watts);
	if (watts < 1024)
		text_no(d, ".", watts % 10), text(d, " Watts");
	else
		text(d, " (Reserved)");
}

static bool
org_med(struct dis *d, const uint8_t *p, unsigned n)
{
	static const struct name capabilities[] = {
		{ 1, "LLDP-MED capabilities" }, { 2, "network policy" }, { 4, "location identification" },
		{ 8, "extended power via MDI-PSE" }, { 16, "extended power via MDI-PD" }, { 32, "Inventory" }, { 0, NULL }
	};
	static const struct name devices[] = {
		{ 1, "endpoint class 1" }, { 2, "endpoint class 2" }, { 3, "endpoint class 3" },
		{ 4, "network connectivity" }, { 0, NULL }
	};
	static const struct {
		const char *name;
		const struct field *field;
	} inventory[] = {
		{ "Hardware revision", &F[F_HARDWARE] }, { "Firmware revision", &F[F_FIRMWARE] },
		{ "Software revision", &F[F_SOFTWARE] }, { "Serial number", &F[F_SERIAL] },
		{ "Manufacturer name", &F[F_MAKER] }, { "Model name", &F[F_MODEL] }, { "Asset ID", &F[F_ASSET] },
	};
	static const uint8_t least[] = { [M_CAPS] = 7, [M_POLICY] = 8, [M_LOCATION] = 5, [M_POWER] = 7 };
	unsigned type = p[3];

	text_type(d, m_types, type);
	if (type < sizeof least && n < least[type])
		return false;
	switch (type) {
	case M_CAPS:
		text_flags(d, "\n\t    Media capabilities [", capabilities, raw16(p + 4), 4, "none");
		text(d, "\n\t    Device type [");
		text_name(d, devices, p[6], "unknown");
		text(d, "] (0x"), text_x(d, p[6], 2), text_char(d, ')');
		break;
	case M_POLICY:
		text_policy(d, p);
		break;
	case M_LOCATION:
		text_location(d, p, n);
		break;
	case M_POWER:
		text_power(d, p);
		break;
	case M_HARDWARE:
	case M_FIRMWARE:
	case M_SOFTWARE:
	case M_SERIAL:
	case M_MAKER:
	case M_MODEL:
	case M_ASSET:
		put_field(d, inventory[type - M_HARDWARE].field, p + 4, n - 4);
		text(d, "\n\t  "), text(d, inventory[type - M_HARDWARE].name), text_char(d, ' ');
		text_str_pad(d, p + 4, n - 4);
		break;
	default:
		return true;
	}
	return false;
}

/* --- IANA --- */

static bool
org_iana(struct dis *d, const uint8_t *p, unsigned n)
{
	static const struct name types[] = { { 1, "MUD-URL" }, { 0, NULL } };

	if (n < 8)
		return false;
	text_type(d, types, p[3]);
	if (p[3] != 1)
		return true;
	text(d, "\n\t  MUD-URL=");
	text_str(d, p + 4, n - 4);
	return false;
}

/* --- DCBX --- */

enum { DCBX_CONTROL = 1, DCBX_GROUPS, DCBX_FLOW, DCBX_APP };

static void
text_dcbx_head(struct dis *d, const char *title, unsigned type, const uint8_t *p, unsigned n)
{
	text(d, title);
	text(d, " (type 0x"), text_x(d, type, 0);
	text_no(d, ", length ", n);
	text_no(d, ")\n\t      Oper_Version: ", p[0]);
	text_no(d, "\n\t      Max_Version: ", p[1]);
}

static void
text_dcbx_feature(struct dis *d, const char *title, unsigned type, const uint8_t *p, unsigned n)
{
	text_dcbx_head(d, title, type, p, n);
	text_fmt(d, "\n\t      Info block(0x%02X): ", p[2]);
	text_no(d, "Enable bit: ", p[2] >> 7);
	text_no(d, ", Willing bit: ", p[2] >> 6 & 1);
	text_no(d, ", Error Bit: ", p[2] >> 5 & 1);
	text_no(d, "\n\t      SubType: ", p[3]);
}

static void
text_groups(struct dis *d, const uint8_t *p)
{
	text(d, "\n\t      Priority Allocation");
	for (unsigned i = 0; i < 8; i++) {
		text_no(d, "\n\t          PgId_", i);
		text_no(d, ": ", raw32(p + 4) >> (28 - 4 * i) & 15);
	}
	text(d, "\n\t      Priority Group Allocation");
	for (unsigned i = 0; i < 8; i++) {
		text_no(d, "\n\t          Pg percentage[", i);
		text_no(d, "]: ", p[8 + i]);
	}
	text_no(d, "\n\t      NumTCsSupported: ", p[16]);
}

static void
text_flow_control(struct dis *d, const uint8_t *p)
{
	text_fmt(d, "\n\t      PFC Config (0x%02X)", p[4]);
	for (unsigned i = 0; i < 8; i++) {
		text_no(d, "\n\t          Priority Bit ", i);
		text(d, p[4] >> i & 1 ? ": Enabled" : ": Disabled");
	}
	text_no(d, "\n\t      NumTCPFCSupported: ", p[5]);
}

static void
text_dcbx_applications(struct dis *d, const uint8_t *p, unsigned n)
{
	for (p += 4, n -= 4; n >= 6; p += 6, n -= 6) {
		uint32_t v = be24(d, p + 2);

		text(d, "\n\t      Application Value");
		text(d, "\n\t          Application Protocol ID: 0x"), text_x(d, raw16(p), 4);
		text(d, "\n\t          SF (0x"), text_x(d, v >> 22, 0);
		text(d, ") Application Protocol ID is "), text(d, v >> 22 ? "Socket Number" : "L2 EtherType");
		text(d, "\n\t          OUI: 0x"), text_x(d, v & 0x3fffff, 6);
		text(d, "\n\t          User Priority Map: 0x"), text_x(d, p[5], 2);
	}
}

/* One TLV of DCBX; true to dump it. *bad when it is too short for its type. */
static bool
text_dcbx(struct dis *d, unsigned type, const uint8_t *p, unsigned n, bool *bad)
{
	static const uint8_t least[] = { [DCBX_CONTROL] = 10, [DCBX_GROUPS] = 17, [DCBX_FLOW] = 6, [DCBX_APP] = 4 };

	if (type >= sizeof least)
		return true;
	*bad = n < least[type];
	if (*bad)
		return false;
	switch (type) {
	case DCBX_CONTROL:
		text_dcbx_head(d, "\n\t    Control - Protocol Control", type, p, n);
		text_no(d, "\n\t      Sequence Number: ", raw32(p + 2));
		text_no(d, "\n\t      Acknowledgement Number: ", raw32(p + 6));
		break;
	case DCBX_GROUPS:
		text_dcbx_feature(d, "\n\t    Feature - Priority Group", type, p, n);
		text_groups(d, p);
		break;
	case DCBX_FLOW:
		text_dcbx_feature(d, "\n\t    Feature - Priority Flow Control", type, p, n);
		text_flow_control(d, p);
		break;
	case DCBX_APP:
		text_dcbx_feature(d, "\n\t    Feature - Application", type, p, n);
		text_dcbx_applications(d, p, n);
		break;
	}
	return false;
}

static bool
org_dcbx(struct dis *d, const uint8_t *p, unsigned n)
{
	static const struct name types[] = {
		{ 1, "DCB Capability Exchange Protocol Rev 1" }, { 2, "DCB Capability Exchange Protocol Rev 1.01" }, { 0, NULL }
	};
	unsigned type, len;
	bool dump = false, bad = false;

	text_type(d, types, p[3]);
	if (p[3] == 1)
		return true;
	for (p += 4, n -= 4; n >= 2; p += len, n -= len) {
		type = p[0] >> 1;
		len = raw16(p) & 0x1ff;
		p += 2;
		n -= 2;
		dump = false;
		if (type == 0 || len == 0 || n < len)
			break;
		dump = text_dcbx(d, type, p, len, &bad);
		if (bad)
			break;
		if (d->v > 1 || (d->v && dump))
			text_unknown(d, p, "\n\t    ", len);
	}
	return dump;
}

bool
lldp_org(struct dis *d, const uint8_t *p, unsigned n)
{
	static const struct {
		uint32_t oui;
		bool (*walk)(struct dis *, const uint8_t *, unsigned);
	} orgs[] = {
		{ OUI_802_1, org_802_1 }, { OUI_802_3, org_802_3 }, { OUI_TIA, org_med }, { OUI_IANA, org_iana },
		{ OUI_DCBX, org_dcbx },
	};
	uint32_t oui = be24(d, p);

	for (size_t i = 0; i < sizeof orgs / sizeof *orgs; i++)
		if (orgs[i].oui == oui)
			return n >= 4 && orgs[i].walk(d, p, n);
	return true;
}

/* Only a list of fields: they belong to the layer that lldp.c opens. */
const struct proto proto_lldp_org = PROTO("lldp", "lldp", "Link Layer Discovery Protocol", NULL, F);
