/* Spanning trees: IEEE 802.1D, 802.1w (RSTP), 802.1s (MSTP) and 802.1aq (SPB); 802.1Q section 14. */
#include "dissect/dissect.h"

enum { STP, RSTP = 2, MSTP, SPB };
static const struct name versions[] = {
	{ STP, "802.1d" }, { RSTP, "802.1w" }, { MSTP, "802.1s" }, { SPB, "802.1aq" }, { 0, NULL }
};

enum { CONFIG, RAPID = 2, TOPOLOGY = 0x80 };
static const struct name types[] = {
	{ CONFIG, "Config" }, { RAPID, "Rapid STP" }, { TOPOLOGY, "Topology Change" }, { 0, NULL }
};

static const struct name flag_names[] = {
	{ 0x01, "Topology change" }, { 0x02, "Proposal" }, { 0x10, "Learn" }, { 0x20, "Forward" },
	{ 0x40, "Agreement" }, { 0x80, "Topology change ACK" }, { 0, NULL }
};

static const struct name roles[] = {
	{ 0, "Unknown" }, { 1, "Alternate" }, { 2, "Root" }, { 3, "Designated" }, { 0, NULL }
};

/* Where things are in a BPDU. */
enum {
	FLAGS = 4, ROOT = 5, ROOT_COST = 13, BRIDGE = 17, PORT = 25, AGE = 27, MAX_AGE = 29, HELLO = 31, DELAY = 33,
	V1_LEN = 35, RST_END = 36,
	V3_LEN = 36, MCID_NAME = 39, MCID_REV = 71, MCID_DIGEST = 73, CIST_COST = 89, CIST_BRIDGE = 93, CIST_HOPS = 101,
	MSTIS = 102,			/* also the shortest MST BPDU */
	MSTI_SIZE = 16,
	V3_FIXED = 64,			/* version 3 length without MSTIs */
	NAME_SIZE = 32,
};

/* Where things are behind the version 4 length, counted from it. */
enum { AUX_NAME = 3, AUX_REV = 35, AUX_DIGEST = 37, AGREEMENT = 53, FORMAT = 55, CONVENTION = 56, EDGES = 57,
	AGREEMENT_DIGEST = 67, SPB_MIN = 87 };

enum { F_VERSION, F_TYPE, F_FLAGS, F_TC, F_PROPOSAL, F_ROLE, F_LEARNING, F_FORWARDING, F_AGREEMENT, F_TCACK,
	F_ROOT_PRIO, F_ROOT_EXT, F_ROOT_HW, F_COST, F_BRIDGE_PRIO, F_BRIDGE_EXT, F_BRIDGE_HW, F_PORT, F_AGE, F_MAX_AGE,
	F_HELLO, F_DELAY, F_REGION, F_REVISION, F_MSTI };
static const struct field F[] = {
	[F_VERSION] = { "stp.version", U8, .names = versions, .help = "Protocol version" },
	[F_TYPE] = { "stp.type", U8, .names = types, .help = "BPDU type" },
	[F_FLAGS] = { "stp.flags", U8, .help = "Flags" },
	[F_TC] = { "stp.flags.tc", BOOL, .mask = 0x01, .help = "Topology change" },
	[F_PROPOSAL] = { "stp.flags.proposal", BOOL, .mask = 0x02, .help = "Proposal" },
	[F_ROLE] = { "stp.flags.port_role", U8, .mask = 0x0c, .names = roles, .help = "Port role" },
	[F_LEARNING] = { "stp.flags.learning", BOOL, .mask = 0x10, .help = "Learning" },
	[F_FORWARDING] = { "stp.flags.forwarding", BOOL, .mask = 0x20, .help = "Forwarding" },
	[F_AGREEMENT] = { "stp.flags.agreement", BOOL, .mask = 0x40, .help = "Agreement" },
	[F_TCACK] = { "stp.flags.tcack", BOOL, .mask = 0x80, .help = "Topology change acknowledged" },
	[F_ROOT_PRIO] = { "stp.root.prio", U16, .mask = 0xf000, .help = "Root bridge priority, in steps of 4096" },
	[F_ROOT_EXT] = { "stp.root.ext", U16, .mask = 0x0fff, .help = "Root bridge's VLAN or instance" },
	[F_ROOT_HW] = { "stp.root.hw", MAC, .help = "Root bridge address" },
	[F_COST] = { "stp.root.cost", U32, .help = "Root path cost" },
	[F_BRIDGE_PRIO] = { "stp.bridge.prio", U16, .mask = 0xf000, .help = "Bridge priority, in steps of 4096" },
	[F_BRIDGE_EXT] = { "stp.bridge.ext", U16, .mask = 0x0fff, .help = "Bridge's VLAN or instance" },
	[F_BRIDGE_HW] = { "stp.bridge.hw", MAC, .help = "Bridge address" },
	[F_PORT] = { "stp.port", U16, .help = "Port identifier" },
	[F_AGE] = { "stp.msg_age", U16, .help = "Message age in 1/256 seconds" },
	[F_MAX_AGE] = { "stp.max_age", U16, .help = "Maximum age in 1/256 seconds" },
	[F_HELLO] = { "stp.hello", U16, .help = "Hello time in 1/256 seconds" },
	[F_DELAY] = { "stp.forward", U16, .help = "Forward delay in 1/256 seconds" },
	[F_REGION] = { "mstp.config_name", STR, .help = "Name of the region" },
	[F_REVISION] = { "mstp.config_revision_level", U16, .help = "Revision of the region" },
	[F_MSTI] = { "mstp.msti.bridge_id", BYTES, .help = "Regional root of a tree instance" },
};

extern const struct proto proto_stp;

static void
put_header(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[F_FLAGS], p + FLAGS, 1);
	for (int i = F_TC; i <= F_TCACK; i++)
		put_field(d, &F[i], p + FLAGS, 1);
	put_field(d, &F[F_ROOT_PRIO], p + ROOT, 2);
	put_field(d, &F[F_ROOT_EXT], p + ROOT, 2);
	put_field(d, &F[F_ROOT_HW], p + ROOT + 2, 6);
	put_field(d, &F[F_COST], p + ROOT_COST, 4);
	put_field(d, &F[F_BRIDGE_PRIO], p + BRIDGE, 2);
	put_field(d, &F[F_BRIDGE_EXT], p + BRIDGE, 2);
	put_field(d, &F[F_BRIDGE_HW], p + BRIDGE + 2, 6);
	put_field(d, &F[F_PORT], p + PORT, 2);
	put_field(d, &F[F_AGE], p + AGE, 2);
	put_field(d, &F[F_MAX_AGE], p + MAX_AGE, 2);
	put_field(d, &F[F_HELLO], p + HELLO, 2);
	put_field(d, &F[F_DELAY], p + DELAY, 2);
}

/* "8000.00:11:22:33:44:55" */
static void
text_bridge(struct dis *d, const char *before, const uint8_t *p)
{
	need(d, p, 8);
	text(d, before);
	text_x(d, raw16(p), 4);
	text_char(d, '.');
	text_mac_plain(d, p + 2);
}

/* A time in 1/256 s with two decimals, rounded as printf does it: to even. */
static void
text_seconds(struct dis *d, const char *before, unsigned v)
{
	unsigned scaled = v * 100, whole = scaled / 256, part = scaled % 256;

	if (part > 128 || (part == 128 && (whole & 1)))
		whole++;
	text(d, before);
	text_u(d, whole / 100);
	text_char(d, '.');
	text_char(d, (char)('0' + whole / 10 % 10));
	text_char(d, (char)('0' + whole % 10));
	text_char(d, 's');
}

static void
text_times(struct dis *d, const uint8_t *p)
{
	need(d, p + AGE, 8);
	text_seconds(d, "\n\tmessage-age ", raw16(p + AGE));
	text_seconds(d, ", max-age ", raw16(p + MAX_AGE));
	text_seconds(d, ", hello-time ", raw16(p + HELLO));
	text_seconds(d, ", forwarding-delay ", raw16(p + DELAY));
}

static void
text_flags(struct dis *d, const char *before, unsigned flags)
{
	text(d, before);
	text_bits(d, flag_names, flags, ", ", "none");
	text_char(d, ']');
}

static void
text_role(struct dis *d, const char *before, unsigned flags)
{
	text(d, before);
	text(d, name_of(roles, flags >> 2 & 3));
}

static void
text_digest(struct dis *d, const uint8_t *p, unsigned words)
{
	need(d, p, words * 4);
	text(d, "digest ");
	text_hex(d, p, words * 4);
}

static void
config(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned flags = u8(d, p + FLAGS), port;

	text_flags(d, ", Flags [", flags);
	need(d, p + BRIDGE, 8);
	port = be16(d, p + PORT);
	text_bridge(d, ", bridge-id ", p + BRIDGE);
	text_char(d, '.'), text_x(d, port, 4);
	text(d, ", length "), text_u(d, len);
	if (!d->v)
		return;
	text_times(d, p);
	need(d, p + ROOT_COST, 4);
	text_bridge(d, "\n\troot-id ", p + ROOT);
	text(d, ", root-pathcost "), text_u(d, raw32(p + ROOT_COST));
	if (p[2] == RSTP)
		text_role(d, ", port-role ", flags);
}

/* One instance in an MST BPDU, 802.1Q section 14.6.1. */
static void
msti(struct dis *d, const uint8_t *p)
{
	unsigned id = be16(d, p + 1) & 0x0fff, flags = u8(d, p);
	uint32_t cost;

	put_field(d, &F[F_MSTI], p + 1, 8);
	text(d, "\n\tMSTI "), text_u(d, id);
	text_flags(d, ", Flags [", flags);
	text_role(d, ", port-role ", flags);
	cost = be32(d, p + 9);
	text_bridge(d, "\n\t\tMSTI regional-root-id ", p + 1);
	text(d, ", pathcost "), text_u(d, cost);
	need(d, p + 13, 3);
	text(d, "\n\t\tMSTI bridge-prio "), text_u(d, p[13] >> 4);
	text(d, ", port-prio "), text_u(d, p[14] >> 4);
	text(d, ", hops "), text_u(d, p[15]);
}

static void
mst(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned flags = u8(d, p + FLAGS);
	uint32_t v3, cost;

	put_field(d, &F[F_REGION], p + MCID_NAME, NAME_SIZE);
	put_field(d, &F[F_REVISION], p + MCID_REV, 2);
	text_flags(d, ", CIST Flags [", flags);
	text(d, ", length "), text_u(d, len);
	if (!d->v)
		return;
	text_role(d, "\n\tport-role ", flags);
	text(d, ", ");
	cost = be32(d, p + ROOT_COST);
	text_bridge(d, "CIST root-id ", p + ROOT);
	text(d, ", CIST ext-pathcost "), text_u(d, cost);
	text_bridge(d, "\n\tCIST regional-root-id ", p + BRIDGE);
	text(d, ", ");
	need(d, p + PORT, 2);
	text(d, "CIST port-id "), text_x(d, raw16(p + PORT), 4), text_char(d, ',');
	text_times(d, p);
	v3 = be16(d, p + V3_LEN);
	text(d, "\n\tv3len "), text_u(d, v3);
	text(d, ", MCID Name ");
	text_str_pad(d, p + MCID_NAME, NAME_SIZE);
	need(d, p + MCID_REV, 2 + 16);
	text(d, ", rev "), text_u(d, raw16(p + MCID_REV));
	text(d, ",\n\t\t");
	text_digest(d, p + MCID_DIGEST, 4);
	text(d, ", ");
	need(d, p + CIST_COST, 4);
	text(d, "CIST int-root-pathcost "), text_u(d, raw32(p + CIST_COST));
	text_char(d, ',');
	text_bridge(d, "\n\tCIST bridge-id ", p + CIST_BRIDGE);
	text(d, ", ");
	need(d, p + CIST_HOPS, 1);
	text(d, "CIST remaining-hops "), text_u(d, p[CIST_HOPS]);
	if (v3 <= V3_FIXED)
		return;
	p += MSTIS;
	for (v3 -= V3_FIXED; v3 >= MSTI_SIZE; v3 -= MSTI_SIZE, p += MSTI_SIZE)
		msti(d, p);
}

/* What shortest path bridging adds, 802.1Q section 14.5. */
static void
spb(struct dis *d, const uint8_t *p)
{
	unsigned a;

	if (!d->v)
		return;
	need(d, p, 2);
	text(d, "\n\tv4len "), text_u(d, raw16(p));
	text(d, ", AUXMCID Name ");
	text_str_pad(d, p + AUX_NAME, NAME_SIZE);
	need(d, p + AUX_REV, 2 + 16);
	text(d, ", Rev "), text_u(d, raw16(p + AUX_REV));
	text(d, ",\n\t\t");
	text_digest(d, p + AUX_DIGEST, 4);
	need(d, p + AGREEMENT, AGREEMENT_DIGEST + 20 - AGREEMENT);
	a = p[AGREEMENT];
	text(d, "\n\tAgreement num "), text_u(d, a >> 6);
	text(d, ", Discarded Agreement num "), text_u(d, a >> 4 & 3);
	text(d, ", Agreement valid-flag "), text_u(d, a >> 3 & 1);
	text(d, ",\n\tRestricted role-flag: "), text_u(d, a >> 2 & 1);
	text(d, ", Format id "), text_u(d, p[FORMAT] >> 4);
	text(d, " cap "), text_u(d, p[FORMAT]);
	text(d, ", Convention id "), text_u(d, p[CONVENTION] >> 4);
	text(d, " cap "), text_u(d, p[CONVENTION]);
	text(d, ",\n\tEdge count "), text_u(d, raw16(p + EDGES));
	text(d, ", Agreement ");
	text_digest(d, p + AGREEMENT_DIGEST, 5);
}

/* A rapid BPDU of version 3 or 4: their lengths must make sense. */
static bool
multiple(struct dis *d, const uint8_t *p, uint32_t len, unsigned version)
{
	uint32_t v3, v4;

	if (len < MSTIS || u8(d, p + V1_LEN) != 0)
		return false;
	v3 = be16(d, p + V3_LEN) + 2u;
	if (len < RST_END + v3)
		return false;
	mst(d, p, len);
	if (version == MSTP)
		return true;
	v4 = be16(d, p + V3_LEN + v3) + 2u;
	if (len < RST_END + v3 + v4 || v4 < SPB_MIN)
		return false;
	spb(d, p + RST_END + v3);
	return true;
}

static void
stp(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned version, type;
	bool sane = true;

	enter(d, &proto_stp);
	if (len < 4) {
		text_invalid(d);
		return;
	}
	if (be16(d, p) != 0) {
		text(d, "unknown STP version, length "), text_u(d, len);
		return;
	}
	version = u8(d, p + 2);
	put_field(d, &F[F_VERSION], p + 2, 1);
	put_field(d, &F[F_TYPE], p + 3, 1);
	text(d, "STP ");
	text_name(d, versions, version, "Unknown STP protocol (0x%02x)");
	if (version > SPB || version == 1)
		return;
	type = u8(d, p + 3);
	text(d, ", ");
	text_name(d, types, type, "Unknown BPDU Type (0x%02x)");
	if (d->sink && (type == CONFIG || type == RAPID))
		put_header(d, p);
	switch (type) {
	case CONFIG:
		sane = len >= RST_END - 1;
		if (sane)
			config(d, p, len);
		break;
	case RAPID:
		if (version == RSTP) {
			sane = len >= RST_END;
			if (sane)
				config(d, p, len);
		} else if (version == MSTP || version == SPB) {
			sane = multiple(d, p, len, version);
		}
		break;
	}
	if (!sane)
		text_invalid(d);
}

const struct proto proto_stp = PROTO("stp", "stp", "Spanning Tree Protocol", stp, F);
