/* Cisco VLAN Trunking Protocol. */
#include "dissect/dissect.h"

enum { HEADER = 36, DOMAIN = 32, VLAN_FIXED = 12 };

enum { SUMMARY = 1, SUBSET, REQUEST, JOIN };
static const struct name messages[] = {
	{ SUMMARY, "Summary advertisement" }, { SUBSET, "Subset advertisement" }, { REQUEST, "Advertisement request" },
	{ JOIN, "Join message" }, { 0, NULL }
};
static const struct name third_byte[] = {
	{ SUMMARY, "Followers" }, { SUBSET, "Seq number" }, { REQUEST, "Rsvd" }, { JOIN, "Rsvd" }, { 0, NULL }
};

static const struct name vlan_types[] = {
	{ 1, "Ethernet" }, { 2, "FDDI" }, { 3, "TrCRF" }, { 4, "FDDI-net" }, { 5, "TrBRF" }, { 0, NULL }
};
static const struct name vlan_states[] = { { 0, "Operational" }, { 1, "Suspended" }, { 0, NULL } };

enum { STP_TYPE = 3, PRUNING = 6, BRIDGE_TYPE, STE_HOPS = 9, BACKUP_CRF };
static const struct name tlvs[] = {
	{ 1, "Source-Routing Ring Number TLV" }, { 2, "Source-Routing Bridge Number TLV" }, { STP_TYPE, "STP type TLV" },
	{ 4, "Parent VLAN TLV" }, { 5, "Translationally bridged VLANs TLV" }, { PRUNING, "Pruning TLV" },
	{ BRIDGE_TYPE, "Bridge Type TLV" }, { 8, "Max ARP Hop Count TLV" }, { STE_HOPS, "Max STE Hop Count TLV" },
	{ BACKUP_CRF, "Backup CRF Mode TLV" }, { 0, NULL }
};

enum { F_VERSION, F_CODE, F_FOLLOWERS, F_DOMAIN, F_REVISION, F_UPDATER, F_MD5, F_ID, F_MTU, F_NAME };
static const struct field F[] = {
	[F_VERSION] = { "vtp.version", U8, .help = "Version" },
	[F_CODE] = { "vtp.code", U8, .names = messages, .help = "Message" },
	[F_FOLLOWERS] = { "vtp.followers", U8, .help = "Subset advertisements that follow" },
	[F_DOMAIN] = { "vtp.md", STR, .help = "Management domain" },
	[F_REVISION] = { "vtp.conf_rev_num", U32, .help = "Configuration revision" },
	[F_UPDATER] = { "vtp.upd_id", IP4, .help = "Who changed it last" },
	[F_MD5] = { "vtp.md5_digest", BYTES, .help = "MD5 digest" },
	[F_ID] = { "vtp.vlan_info.isl_vlan_id", U16, .help = "VLAN identifier" },
	[F_MTU] = { "vtp.vlan_info.mtu_size", U16, .help = "VLAN's MTU" },
	[F_NAME] = { "vtp.vlan_info.vlan_name", STR, .help = "VLAN's name" },
};

extern const struct proto proto_vtp;

static void
put_header(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[F_VERSION], p, 1);
	put_field(d, &F[F_CODE], p + 1, 1);
	put_field(d, &F[F_DOMAIN], p + 4, p[3] < DOMAIN ? p[3] : DOMAIN);
	if (p[1] == SUMMARY) {
		put_field(d, &F[F_FOLLOWERS], p + 2, 1);
		put_field(d, &F[F_UPDATER], p + HEADER + 4, 4);
		put_field(d, &F[F_MD5], p + HEADER + 20, 16);
	}
	if (p[1] == SUMMARY || p[1] == SUBSET)
		put_field(d, &F[F_REVISION], p + HEADER, 4);
}

static void
summary(struct dis *d, const uint8_t *p)
{
	uint32_t revision = be32(d, p);

	need(d, p + 4, 4);
	text(d, "\n\t  Config Rev "), text_x(d, revision, 0);
	text(d, ", Updater "), text_ip4(d, p + 4);
	need(d, p + 8, 12);
	text(d, ", Timestamp");
	for (int i = 8; i < 20; i += 4)
		text(d, " 0x"), text_hex(d, p + i, 4);
	need(d, p + 20, 16);
	text(d, ", MD5 digest: ");
	text_hex(d, p + 20, 16);
}

/* A TLV of a VLAN whose value is one 16-bit word. */
static void
text_tlv(struct dis *d, unsigned type, const uint8_t *p)
{
	static const struct name stp_types[] = { { 1, "SRT" }, { 2, "SRB" }, { 3, "Auto" }, { 0, NULL } };
	unsigned v = raw16(p + 2);

	switch (type) {
	case STE_HOPS:
		text(d, ", "), text_u(d, v);
		return;
	case PRUNING:
		text(d, v == 1 ? ", Enabled" : ", Disabled");
		break;
	case STP_TYPE:
		text(d, ", ");
		text_name(d, stp_types, v, "Unknown");
		break;
	case BRIDGE_TYPE:
		text(d, v == 1 ? ", SRB" : ", SRT");
		break;
	case BACKUP_CRF:
		text(d, v == 1 ? ", Backup" : ", Not backup");
		break;
	default:
		text_unknown(d, p, "\n\t\t  ", 4);
		return;
	}
	text(d, " ("), text_u(d, v), text_char(d, ')');
}

/* The TLVs behind a VLAN's name: a byte of type, a byte of length in words. False: they make no sense. */
static bool
vlan_tlvs(struct dis *d, const uint8_t *p, unsigned n)
{
	unsigned type, words, size;

	for (; n; p += size, n -= size) {
		if (n < 2)
			return false;
		type = u8(d, p);
		words = u8(d, p + 1);
		size = 2 + words * 2;
		text(d, "\n\t\t");
		text_name(d, tlvs, type, "Unknown");
		text(d, " (0x"), text_x(d, type, 4), text(d, ") TLV");
		if (n < size) {
			text(d, " (TLV goes past the end of the packet)");
			return false;
		}
		need(d, p, size);
		if (words != 1) {
			text(d, " (invalid TLV length "), text_u(d, words), text(d, " != 1)");
			return false;
		}
		text_tlv(d, type, p);
	}
	return true;
}

/* The VLANs of a subset advertisement, from p to end. */
static bool
vlans(struct dis *d, const uint8_t *p, const uint8_t *end)
{
	unsigned n, name, padded;

	for (; p < end; p += n) {
		n = u8(d, p);
		if (n == 0)
			break;
		need(d, p, n);
		if (n < VLAN_FIXED)
			return false;
		put_field(d, &F[F_ID], p + 4, 2);
		put_field(d, &F[F_MTU], p + 6, 2);
		text(d, "\n\tVLAN info status ");
		text_name(d, vlan_states, p[1], "Unknown");
		text(d, ", type ");
		text_name(d, vlan_types, p[2], "Unknown");
		text(d, ", VLAN-id "), text_u(d, raw16(p + 4));
		text(d, ", MTU "), text_u(d, raw16(p + 6));
		text(d, ", SAID 0x"), text_x(d, raw32(p + 8), 8);
		text(d, ", Name ");
		name = p[3];
		padded = (name + 3) / 4 * 4;
		if (n - VLAN_FIXED < padded)
			return false;
		put_field(d, &F[F_NAME], p + VLAN_FIXED, name);
		text_str_pad(d, p + VLAN_FIXED, name);
		if (!vlan_tlvs(d, p + VLAN_FIXED + padded, n - VLAN_FIXED - padded))
			return false;
	}
	return true;
}

/* Everything but the first line. */
static bool
verbose(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t v;

	text(d, "\n\tDomain name: ");
	if (p[3] < 1 || p[3] > DOMAIN) {
		text(d, " [invalid MgmtD Len "), text_u(d, p[3]), text_char(d, ']');
		return false;
	}
	text_str_pad(d, p + 4, p[3]);
	text(d, ", ");
	text_name(d, third_byte, p[1], "Unknown");
	text(d, ": "), text_u(d, p[2]);
	switch (p[1]) {
	case SUMMARY:
		summary(d, p + HEADER);
		break;
	case SUBSET:
		v = be32(d, p + HEADER);
		text(d, ", Config Rev "), text_x(d, v, 0);
		return vlans(d, p + HEADER + 4, p + len);
	case REQUEST:
		v = be32(d, p + HEADER);
		text(d, "\n\tStart value: "), text_u(d, v);
		break;
	}
	return true;
}

static void
vtp(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_vtp);
	if (len < HEADER) {
		text_invalid(d);
		need(d, p, len);
		return;
	}
	need(d, p, HEADER);
	if (d->sink)
		put_header(d, p);
	text(d, "VTPv"), text_u(d, p[0]);
	text(d, ", Message ");
	text_name(d, messages, p[1], "Unknown message type");
	text(d, " (0x"), text_x(d, p[1], 2);
	text(d, "), length "), text_u(d, len);
	if (!d->v || !verbose(d, p, len)) {
		if (d->v)
			text_invalid(d);
		need(d, p, len);
	}
}

const struct proto proto_vtp = PROTO("vtp", "vtp", "VLAN Trunking Protocol", vtp, F);
