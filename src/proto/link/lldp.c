/* Link Layer Discovery Protocol, IEEE 802.1AB. Organizations' own TLVs are in lldp_org.c. */
#include "proto/link/lldp.h"

enum { END, CHASSIS, PORT, TTL, PORT_DESC, SYS_NAME, SYS_DESC, SYS_CAP, MGMT, ORG = 127 };
static const struct name tlvs[] = {
	{ END, "End" }, { CHASSIS, "Chassis ID" }, { PORT, "Port ID" }, { TTL, "Time to Live" },
	{ PORT_DESC, "Port Description" }, { SYS_NAME, "System Name" }, { SYS_DESC, "System Description" },
	{ SYS_CAP, "System Capabilities" }, { MGMT, "Management Address" }, { ORG, "Organization specific" },
	{ 0, NULL }
};

/* What a chassis or port is named by, sections 8.5.2 and 8.5.3. */
enum by { BY_NOTHING, BY_TEXT, BY_MAC, BY_ADDRESS };
static const struct name chassis_types[] = {
	{ 1, "Chassis component" }, { 2, "Interface alias" }, { 3, "Port component" }, { 4, "MAC address" },
	{ 5, "Network address" }, { 6, "Interface name" }, { 7, "Local" }, { 0, NULL }
};
static const struct name port_types[] = {
	{ 1, "Interface alias" }, { 2, "Port component" }, { 3, "MAC address" }, { 4, "Network Address" },
	{ 5, "Interface Name" }, { 6, "Agent circuit ID" }, { 7, "Local" }, { 0, NULL }
};
static const uint8_t chassis_by[8] = { 0, BY_TEXT, BY_TEXT, BY_TEXT, BY_MAC, BY_ADDRESS, BY_TEXT, BY_TEXT };
static const uint8_t port_by[8] = { 0, BY_TEXT, BY_TEXT, BY_MAC, BY_ADDRESS, BY_TEXT, BY_TEXT, BY_TEXT };

static const struct name capabilities[] = {
	{ 0x01, "Other" }, { 0x02, "Repeater" }, { 0x04, "Bridge" }, { 0x08, "WLAN AP" }, { 0x10, "Router" },
	{ 0x20, "Telephone" }, { 0x40, "Docsis" }, { 0x80, "Station Only" }, { 0, NULL }
};

static const struct name numberings[] = { { 2, "Interface Index" }, { 3, "System Port Number" }, { 0, NULL } };

enum { AF_IP4 = 1, AF_IP6 = 2, AF_802 = 6 };

enum { F_TLV, F_CHASSIS_TYPE, F_CHASSIS, F_CHASSIS_MAC, F_CHASSIS_IP, F_PORT_TYPE, F_PORT, F_PORT_MAC, F_PORT_IP, F_TTL,
	F_PORT_DESC, F_SYS_NAME, F_SYS_DESC, F_CAP, F_CAP_ON, F_MGMT4, F_MGMT6, F_MGMT_IF, F_OUI };
static const struct field F[] = {
	[F_TLV] = { "lldp.tlv.type", U8, .names = tlvs, .help = "TLV" },
	[F_CHASSIS_TYPE] = { "lldp.chassis.subtype", U8, .names = chassis_types, .help = "Chassis ID subtype" },
	[F_CHASSIS] = { "lldp.chassis.id", STR, .help = "Chassis ID" },
	[F_CHASSIS_MAC] = { "lldp.chassis.id.mac", MAC, .help = "Chassis ID, a MAC address" },
	[F_CHASSIS_IP] = { "lldp.chassis.id.ip4", IP4, .help = "Chassis ID, an IPv4 address" },
	[F_PORT_TYPE] = { "lldp.port.subtype", U8, .names = port_types, .help = "Port ID subtype" },
	[F_PORT] = { "lldp.port.id", STR, .help = "Port ID" },
	[F_PORT_MAC] = { "lldp.port.id.mac", MAC, .help = "Port ID, a MAC address" },
	[F_PORT_IP] = { "lldp.port.id.ip4", IP4, .help = "Port ID, an IPv4 address" },
	[F_TTL] = { "lldp.time_to_live", U16, .help = "Seconds this is valid" },
	[F_PORT_DESC] = { "lldp.port.desc", STR, .help = "Port description" },
	[F_SYS_NAME] = { "lldp.tlv.system.name", STR, .help = "System name" },
	[F_SYS_DESC] = { "lldp.tlv.system.desc", STR, .help = "System description" },
	[F_CAP] = { "lldp.tlv.system_cap", U16, .help = "Capabilities" },
	[F_CAP_ON] = { "lldp.tlv.enable_system_cap", U16, .help = "Enabled capabilities" },
	[F_MGMT4] = { "lldp.mgn.addr.ip4", IP4, .help = "Management address" },
	[F_MGMT6] = { "lldp.mgn.addr.ip6", IP6, .help = "Management address" },
	[F_MGMT_IF] = { "lldp.mgn.interface.number", U32, .help = "Interface number" },
	[F_OUI] = { "lldp.orgtlv.oui", U24, .names = oui_names, .help = "Organization" },
};

extern const struct proto proto_lldp;

/* Fields of an id: its subtype, and itself by what that says it is. */
static const uint8_t chassis_fields[] = { F_CHASSIS_TYPE, F_CHASSIS, F_CHASSIS_MAC, F_CHASSIS_IP };
static const uint8_t port_fields[] = { F_PORT_TYPE, F_PORT, F_PORT_MAC, F_PORT_IP };

static void
put_id(struct dis *d, const uint8_t *fields, unsigned by, const uint8_t *p, unsigned n)
{
	put_field(d, &F[fields[0]], p, 1);
	if (by == BY_TEXT)
		put_field(d, &F[fields[BY_TEXT]], p + 1, n - 1);
	else if (by == BY_MAC && n >= 7)
		put_field(d, &F[fields[BY_MAC]], p + 1, 6);
	else if (by == BY_ADDRESS && n >= 6 && p[1] == AF_IP4)
		put_field(d, &F[fields[BY_ADDRESS]], p + 2, 4);
}

static void
put_mgmt(struct dis *d, const uint8_t *p, unsigned n)
{
	unsigned len = p[0];

	if (len + 1 > n || len < 1)
		return;
	if (p[1] == AF_IP4 && len >= 5)
		put_field(d, &F[F_MGMT4], p + 2, 4);
	else if (p[1] == AF_IP6 && len >= 17)
		put_field(d, &F[F_MGMT6], p + 2, 16);
	if (n >= len + 6)
		put_field(d, &F[F_MGMT_IF], p + len + 2, 4);
}

/* The TLV's value is captured and not empty. */
static void
put_tlv(struct dis *d, unsigned type, const uint8_t *p, unsigned n)
{
	put_value(d, &F[F_TLV], type);
	switch (type) {
	case CHASSIS:
		put_id(d, chassis_fields, p[0] < 8 ? chassis_by[p[0]] : 0, p, n);
		break;
	case PORT:
		put_id(d, port_fields, p[0] < 8 ? port_by[p[0]] : 0, p, n);
		break;
	case TTL:
		put_field(d, &F[F_TTL], p, n < 2 ? n : 2);
		break;
	case PORT_DESC:
		put_field(d, &F[F_PORT_DESC], p, n);
		break;
	case SYS_NAME:
		put_field(d, &F[F_SYS_NAME], p, n);
		break;
	case SYS_DESC:
		put_field(d, &F[F_SYS_DESC], p, n);
		break;
	case SYS_CAP:
		if (n < 4)
			break;
		put_field(d, &F[F_CAP], p, 2);
		put_field(d, &F[F_CAP_ON], p + 2, 2);
		break;
	case MGMT:
		put_mgmt(d, p, n);
		break;
	case ORG:
		if (n >= 3)
			put_field(d, &F[F_OUI], p, 3);
		break;
	}
}

/* The size of an address of a family; 0 for one that is not shown. */
static unsigned
address_size(unsigned af)
{
	return af == AF_IP4 ? 4 : af == AF_IP6 ? 16 : af == AF_802 ? 6 : 0;
}

static bool
address_fits(const uint8_t *p, unsigned n)
{
	return n >= 1 && n - 1 >= address_size(p[0]);
}

/* "AFI IPv4 (1): 192.0.2.1" */
static void
text_address(struct dis *d, const uint8_t *p)
{
	unsigned af = p[0];

	text(d, "AFI ");
	text_name(d, af_names, af, "Unknown");
	text(d, " ("), text_u(d, af);
	switch (af) {
	case AF_IP4:
		text(d, "): "), text_ip4(d, p + 1);
		break;
	case AF_IP6:
		text(d, "): "), text_ip6(d, p + 1);
		break;
	case AF_802:
		text(d, "): "), text_mac(d, p + 1);
		break;
	default:
		text(d, "), no AF printer !");
	}
}

/* What became of a TLV. */
enum shown { FINE, DUMP, CUT };

static enum shown
text_id(struct dis *d, const struct name *types, const uint8_t *by, const uint8_t *p, unsigned n)
{
	if (n < 2)
		return CUT;
	text(d, "\n\t  Subtype ");
	text_name(d, types, p[0], "Unknown");
	text(d, " ("), text_u(d, p[0]), text(d, "): ");
	switch (p[0] < 8 ? by[p[0]] : BY_NOTHING) {
	case BY_TEXT:
		text_str_pad(d, p + 1, n - 1);
		return FINE;
	case BY_MAC:
		if (n < 7)
			return CUT;
		text_mac(d, p + 1);
		return FINE;
	case BY_ADDRESS:
		if (!address_fits(p + 1, n - 1))
			return CUT;
		text_address(d, p + 1);
		return FINE;
	default:
		return DUMP;
	}
}

static enum shown
text_mgmt(struct dis *d, const uint8_t *p, unsigned n)
{
	unsigned len = p[0];

	p++, n--;
	if (n < len || !address_fits(p, len))
		return CUT;
	text(d, "\n\t  Management Address length "), text_u(d, len), text(d, ", ");
	text_address(d, p);
	p += len;
	n -= len;
	if (n < 5)
		return CUT;
	text(d, "\n\t  ");
	text_name(d, numberings, p[0], "Unknown");
	text(d, " Interface Numbering ("), text_u(d, p[0]);
	text(d, "): "), text_u(d, raw32(p + 1));
	p += 5;
	n -= 5;
	if (n == 0)
		return FINE;
	if (n < 1u + p[0])
		return CUT;
	if (p[0]) {
		text(d, "\n\t  OID length "), text_u(d, p[0]);
		text_str_pad(d, p + 1, p[0]);
	}
	return FINE;
}

static void
text_caps(struct dis *d, const char *label, unsigned bits)
{
	text(d, label);
	text_bits(d, capabilities, bits, ", ", "none");
	text(d, "] (0x"), text_x(d, bits, 4), text_char(d, ')');
}

/* A TLV's value with -v. */
static enum shown
text_tlv(struct dis *d, unsigned type, const uint8_t *p, unsigned n)
{
	uint32_t oui;

	switch (type) {
	case CHASSIS:
		return text_id(d, chassis_types, chassis_by, p, n);
	case PORT:
		return text_id(d, port_types, port_by, p, n);
	case TTL:
		if (n < 2)
			return CUT;
		text(d, ": TTL "), text_u(d, raw16(p)), text_char(d, 's');
		return FINE;
	case PORT_DESC:
	case SYS_NAME:
		text(d, ": ");
		text_str_pad(d, p, n);
		return FINE;
	case SYS_DESC:
		text(d, "\n\t  ");
		text_str_pad(d, p, n);
		return FINE;
	case SYS_CAP:
		if (n < 4)
			return CUT;
		text_caps(d, "\n\t  System  Capabilities [", raw16(p));
		text_caps(d, "\n\t  Enabled Capabilities [", raw16(p + 2));
		return FINE;
	case MGMT:
		return text_mgmt(d, p, n);
	case ORG:
		if (n < 3)
			return CUT;
		oui = be24(d, p);
		text(d, ": OUI ");
		text_name(d, oui_names, oui, "Unknown");
		text(d, " (0x"), text_x(d, oui, 6), text_char(d, ')');
		return lldp_org(d, p, n) ? DUMP : FINE;
	default:
		return DUMP;
	}
}

static void
lldp(struct dis *d, const uint8_t *p, uint32_t len)
{
	enum shown shown;
	unsigned type, n;

	enter(d, &proto_lldp);
	text(d, "LLDP, length "), text_u(d, len);
	for (; len >= 2; p += n, len -= n) {
		if (!have(d, p, 2))
			goto cut;
		type = p[0] >> 1;
		n = raw16(p) & 0x1ff;
		p += 2;
		len -= 2;
		if (d->v) {
			text(d, "\n\t");
			text_name(d, tlvs, type, "Unknown");
			text(d, " TLV ("), text_u(d, type);
			text(d, "), length "), text_u(d, n);
		}
		if (type == END || n == 0)
			return;
		if (!have(d, p, n) || len < n)
			goto cut;
		if (d->sink)
			put_tlv(d, type, p, n);
		if (!d->v) {
			/* The one thing worth a short line. */
			if (type == SYS_NAME)
				text_tlv(d, type, p, n);
			continue;
		}
		shown = text_tlv(d, type, p, n);
		if (shown == CUT)
			goto cut;
		if (d->v > 1 || shown == DUMP)
			text_unknown(d, p, "\n\t  ", n);
	}
	return;
cut:
	text_trunc(d);
}

const struct proto proto_lldp = PROTO("lldp", "lldp", "Link Layer Discovery Protocol", lldp, F);
