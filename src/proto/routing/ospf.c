/* Open Shortest Path First: version 2 (RFC 2328) with link-local signaling (RFC 5613); version 3 is in ospf6.c. */
#include "proto/routing/ospf.h"

#define F ospf_fields

enum { HEADER = 24, MD5_SIZE = 16, OPTION_LLS = 0x10 };

enum { AUTH_NONE = 0, AUTH_SIMPLE = 1, AUTH_MD5 = 2 };
static const struct name auth_types[] = {
	{ AUTH_NONE, "none" }, { AUTH_SIMPLE, "simple" }, { AUTH_MD5, "MD5" }, { 0, NULL }
};

static const struct name messages[] = {
	{ OSPF_HELLO, "Hello" }, { OSPF_DD, "Database Description" }, { OSPF_REQUEST, "LS-Request" },
	{ OSPF_UPDATE, "LS-Update" }, { OSPF_ACK, "LS-Ack" }, { 0, NULL }
};

static const struct name dd_flags[] = {
	{ 0x04, "Init" }, { 0x02, "More" }, { 0x01, "Master" }, { 0x08, "OOBResync" }, { 0, NULL }
};

enum { LLS_OPTIONS = 1, LLS_MD5 = 2 };
static const struct name lls_tlvs[] = {
	{ LLS_OPTIONS, "Extended Options" }, { LLS_MD5, "MD5 Authentication" }, { 0, NULL }
};
static const struct name lls_options[] = { { 1, "LSDB resync" }, { 2, "Restart" }, { 0, NULL } };

const struct field ospf_fields[OSPF_N_FIELDS] = {
	[OSPF_VERSION] = { "ospf.version", U8, .help = "Version" },
	[OSPF_MSG] = { "ospf.msg", U8, .names = messages, .help = "Message type" },
	[OSPF_LENGTH] = { "ospf.packet_length", U16, .help = "Length of the message" },
	[OSPF_ROUTER] = { "ospf.srcrouter", IP4, .help = "Router that sent it" },
	[OSPF_AREA] = { "ospf.area_id", IP4, .help = "Area" },
	[OSPF_SUM] = { "ospf.checksum", U16, .help = "Checksum" },
	[OSPF_AUTH] = { "ospf.auth.type", U16, .names = auth_types, .help = "Authentication type" },
	[OSPF_PASSWORD] = { "ospf.auth.simple", STR, .help = "Clear-text password" },
	[OSPF_KEY_ID] = { "ospf.auth.crypt.key_id", U8, .help = "Key identifier" },
	[OSPF_AUTH_LEN] = { "ospf.auth.crypt.data_length", U8, .help = "Length of the authentication data" },
	[OSPF_AUTH_SEQ] = { "ospf.auth.crypt.seq_nbr", U32, .help = "Authentication sequence number" },
	[OSPF_INSTANCE] = { "ospf.instance_id", U8, .help = "Instance (version 3)" },
	[OSPF_HELLO_MASK] = { "ospf.hello.network_mask", IP4, .help = "Network mask of the interface" },
	[OSPF_HELLO_IVL] = { "ospf.hello.hello_interval", U16, .help = "Seconds between hellos" },
	[OSPF_PRIORITY] = { "ospf.hello.router_priority", U8, .help = "Priority to become the designated router" },
	[OSPF_DEAD_IVL] = { "ospf.hello.router_dead_interval", U32, .help = "Seconds until a silent router is dead" },
	[OSPF_DEAD_IVL3] = { "ospf.hello.router_dead_interval", U16, .help = "The same in version 3" },
	[OSPF_DR] = { "ospf.hello.designated_router", IP4, .help = "Designated router" },
	[OSPF_BDR] = { "ospf.hello.backup_designated_router", IP4, .help = "Backup designated router" },
	[OSPF_NEIGHBOR] = { "ospf.hello.active_neighbor", IP4, .help = "Router that was heard" },
	[OSPF_INTERFACE] = { "ospf.hello.interface_id", U32, .help = "Interface (version 3)" },
	[OSPF_OPTIONS] = { "ospf.v2.options", U8, .help = "Options" },
	[OSPF_OPTIONS3] = { "ospf.v3.options", U24, .help = "Options (version 3)" },
	[OSPF_MTU] = { "ospf.db.interface_mtu", U16, .help = "MTU of the interface" },
	[OSPF_DD_FLAGS] = { "ospf.dbd", U8, .help = "Flags of a database description" },
	[OSPF_DD_SEQ] = { "ospf.db.dd_sequence", U32, .help = "Sequence number of a database description" },
	[OSPF_LSAS] = { "ospf.ls.number_of_lsas", U32, .help = "Number of advertisements" },
	[OSPF_LSA_AGE] = { "ospf.lsa.age", U16, .help = "Age of an advertisement" },
	[OSPF_LSA_TYPE] = { "ospf.lsa", U8, .names = ospf_lsa_names, .help = "Type of an advertisement" },
	[OSPF_LSA_TYPE3] = { "ospf.v3.lsa", U16, .help = "Type of an advertisement (version 3)" },
	[OSPF_LSA_ID] = { "ospf.lsa.id", IP4, .help = "What an advertisement is about" },
	[OSPF_LSA_ROUTER] = { "ospf.advrouter", IP4, .help = "Router that made an advertisement" },
	[OSPF_LSA_SEQ] = { "ospf.lsa.seqnum", U32, .help = "Sequence number of an advertisement" },
	[OSPF_LSA_SUM] = { "ospf.lsa.chksum", U16, .help = "Checksum of an advertisement" },
	[OSPF_LSA_LEN] = { "ospf.lsa.length", U16, .help = "Length of an advertisement" },
	[OSPF_LINKS] = { "ospf.lsa.number_of_links", U16, .help = "Number of links of a router" },
	[OSPF_LINK_ID] = { "ospf.lsa.router.linkid", IP4, .help = "Other end of a link" },
	[OSPF_LINK_DATA] = { "ospf.lsa.router.linkdata", IP4, .help = "Interface address or mask of a link" },
	[OSPF_LINK_TYPE] = { "ospf.lsa.router.linktype", U8, .help = "Type of a link" },
	[OSPF_LINK_METRIC] = { "ospf.lsa.router.metric0", U16, .help = "Metric of a link" },
	[OSPF_NET_MASK] = { "ospf.lsa.network.netmask", IP4, .help = "Network mask" },
	[OSPF_ATTACHED] = { "ospf.lsa.network.attchrtr", IP4, .help = "Router attached to a network" },
	[OSPF_SUMMARY_MASK] = { "ospf.lsa.network.netmask", IP4, .help = "Network mask of another area's network" },
	[OSPF_EXT_MASK] = { "ospf.lsa.asext.netmask", IP4, .help = "Network mask of an external network" },
	[OSPF_EXT_FORWARD] = { "ospf.lsa.asext.fwdaddr", IP4, .help = "Where traffic to it goes" },
	[OSPF_EXT_TAG] = { "ospf.lsa.asext.extrttag", U32, .help = "Tag of an external route" },
	[OSPF_TE_ROUTER] = { "ospf.mpls.routerid", IP4, .help = "Router address of traffic engineering" },
	[OSPF_PREFIX_LEN] = { "ospf.prefix_length", U8, .help = "Length of a prefix (version 3)" },
};

extern const struct proto proto_ospf;

static void
hello(struct dis *d, const uint8_t *p, const uint8_t *end)
{
	if (d->sink) {
		put_field(d, &F[OSPF_HELLO_MASK], p, 4);
		put_field(d, &F[OSPF_HELLO_IVL], p + 4, 2);
		put_field(d, &F[OSPF_OPTIONS], p + 6, 1);
		put_field(d, &F[OSPF_PRIORITY], p + 7, 1);
		put_field(d, &F[OSPF_DEAD_IVL], p + 8, 4);
		put_field(d, &F[OSPF_DR], p + 12, 4);
		put_field(d, &F[OSPF_BDR], p + 16, 4);
	}
	need(d, p, 7);
	text(d, "\n\tOptions [");
	text_bits(d, ospf_option_names, p[6], ", ", "none");
	text_char(d, ']');
	need(d, p, 12);
	text_fmt(d, "\n\t  Hello Timer %us, Dead Timer %us, Mask ", raw16(p + 4), raw32(p + 8));
	text_ip4(d, p);
	text(d, ", Priority "), text_u(d, p[7]);
	if (be32(d, p + 12)) {
		text(d, "\n\t  Designated Router ");
		text_ip4(d, p + 12);
	}
	if (be32(d, p + 16)) {
		text(d, ", Backup Designated Router ");
		text_ip4(d, p + 16);
	}
	p += 20;
	if (p < end)
		text(d, "\n\t  Neighbor List:");
	for (; p < end; p += 4) {
		put_field(d, &F[OSPF_NEIGHBOR], p, 4);
		need(d, p, 4);
		text(d, "\n\t    ");
		text_ip4(d, p);
	}
}

static void
description(struct dis *d, const uint8_t *p, const uint8_t *end)
{
	unsigned mtu;

	if (d->sink) {
		put_field(d, &F[OSPF_MTU], p, 2);
		put_field(d, &F[OSPF_OPTIONS], p + 2, 1);
		put_field(d, &F[OSPF_DD_FLAGS], p + 3, 1);
		put_field(d, &F[OSPF_DD_SEQ], p + 4, 4);
	}
	need(d, p, 3);
	text(d, "\n\tOptions [");
	text_bits(d, ospf_option_names, p[2], ", ", "none");
	text_char(d, ']');
	need(d, p, 4);
	text(d, ", DD Flags [");
	text_bits(d, dd_flags, p[3], ", ", "none");
	text_char(d, ']');
	mtu = raw16(p);
	if (mtu)
		text(d, ", MTU: "), text_u(d, mtu);
	text_be_x(d, ", Sequence: 0x", p + 4, 4, 8);
	for (p += 8; p < end && ospf_lsa_header(d, p); p += OSPF_LSA_HEADER)
		;
}

static void
request(struct dis *d, const uint8_t *p, const uint8_t *end)
{
	for (; p < end; p += 12) {
		uint32_t type;

		put_field(d, &F[OSPF_LSA_ID], p + 4, 4);
		put_field(d, &F[OSPF_LSA_ROUTER], p + 8, 4);
		need(d, p, 12);
		type = raw32(p);
		put_value(d, &F[OSPF_LSA_TYPE], type);
		text(d, "\n\t  Advertising Router: ");
		text_ip4(d, p + 8);
		text(d, ", ");
		text_name(d, ospf_lsa_names, type, "unknown");
		text_fmt(d, " LSA (%u)", type);
		if (type >= 9 && type <= 11) {
			text(d, ", Opaque-Type: ");
			text_name(d, ospf_opaque_names, p[4], "unknown");
			text_fmt(d, " LSA (%u), Opaque-ID: %u", p[4], raw32(p + 4) & 0xffffff);
		} else {
			text(d, ", LSA-ID: ");
			text_ip4(d, p + 4);
		}
	}
}

/* False when an advertisement is damaged. */
static bool
update(struct dis *d, const uint8_t *p)
{
	uint32_t n;

	put_field(d, &F[OSPF_LSAS], p, 4);
	n = be32(d, p);
	text_fmt(d, ", %u LSA%s", n, n == 1 ? "" : "s");
	p += 4;
	for (uint32_t i = 1; i <= n; i++) {
		text_fmt(d, "\n\t  LSA #%u", i);
		p = ospf_lsa(d, p);
		if (p == NULL)
			return false;
	}
	return true;
}

static bool
body(struct dis *d, unsigned type, const uint8_t *p, const uint8_t *end)
{
	switch (type) {
	case OSPF_HELLO:
		hello(d, p, end);
		break;
	case OSPF_DD:
		description(d, p, end);
		break;
	case OSPF_REQUEST:
		request(d, p, end);
		break;
	case OSPF_UPDATE:
		return update(d, p);
	case OSPF_ACK:
		for (; p < end && ospf_lsa_header(d, p); p += OSPF_LSA_HEADER)
			;
		break;
	}
	return true;
}

/* Link-local signaling, RFC 5613: behind the message, and behind its digest. */
static void
signaling(struct dis *d, unsigned type, const uint8_t *p, uint32_t len)
{
	const uint8_t *end = p + len;
	uint32_t at = be16(d, p + 2);

	if (type == OSPF_HELLO ? !(u8(d, p + HEADER + 6) & OPTION_LLS) :
	    type == OSPF_DD ? !(u8(d, p + HEADER + 2) & OPTION_LLS) : true)
		return;
	if (be16(d, p + 14) == AUTH_MD5)
		at += u8(d, p + 19);
	if (at >= len) {
		text(d, "\n\t[LLS truncated]");
		return;
	}
	p += at;
	text_be_x(d, "\n\t  LLS: checksum: 0x", p, 2, 4);
	text_be(d, ", length: ", p + 2, 2);
	for (p += 4; p < end; ) {
		unsigned kind = be16(d, p), n;

		text(d, "\n\t    ");
		text_name(d, lls_tlvs, kind, "Unknown TLV");
		text_fmt(d, " (%u)", kind);
		n = be16(d, p + 2);
		text(d, ", length: "), text_u(d, n);
		p += 4;
		if (kind == LLS_OPTIONS) {
			if (n != 4)
				text(d, " [should be 4]");
			n = 4;
			text_be_x(d, "\n\t      Options: 0x", p, 4, 8);
			text(d, " [");
			text_bits(d, lls_options, raw32(p), ", ", "?");
			text_char(d, ']');
		} else if (kind == LLS_MD5) {
			if (n != 20)
				text(d, " [should be 20]");
			n = 20;
			text_be_x(d, "\n\t      Sequence number: 0x", p, 4, 8);
		}
		p += n;
	}
}

static void
put_header(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[OSPF_VERSION], p, 1);
	put_field(d, &F[OSPF_MSG], p + 1, 1);
	put_field(d, &F[OSPF_LENGTH], p + 2, 2);
	put_field(d, &F[OSPF_ROUTER], p + 4, 4);
	put_field(d, &F[OSPF_AREA], p + 8, 4);
	put_field(d, &F[OSPF_SUM], p + 12, 2);
	if (!have(d, p, HEADER))
		return;
	put_field(d, &F[OSPF_AUTH], p + 14, 2);
	if (raw16(p + 14) == AUTH_SIMPLE)
		put_field(d, &F[OSPF_PASSWORD], p + 16, 8);
	if (raw16(p + 14) == AUTH_MD5) {
		put_field(d, &F[OSPF_KEY_ID], p + 18, 1);
		put_field(d, &F[OSPF_AUTH_LEN], p + 19, 1);
		put_field(d, &F[OSPF_AUTH_SEQ], p + 20, 4);
	}
}

/* Router, area and authentication; false when the rest is not to be read because the latter is unknown. */
static bool
text_origin(struct dis *d, const uint8_t *p)
{
	unsigned auth;

	need(d, p, 8);
	text(d, "\n\tRouter-ID ");
	text_ip4(d, p + 4);
	if (be32(d, p + 8)) {
		text(d, ", Area ");
		text_ip4(d, p + 8);
	} else {
		text(d, ", Backbone Area");
	}
	need(d, p, HEADER);
	auth = raw16(p + 14);
	text(d, ", Authentication Type: ");
	text_name(d, auth_types, auth, "unknown");
	text_fmt(d, " (%u)", auth);
	switch (auth) {
	case AUTH_NONE:
		return true;
	case AUTH_SIMPLE:
		text(d, "\n\tSimple text password: ");
		text_str_pad(d, p + 16, 8);
		return true;
	case AUTH_MD5:
		text_fmt(d, "\n\tKey-ID: %u, Auth-Length: %u, Crypto Sequence Number: 0x%08x", p[18], p[19], raw32(p + 20));
		return true;
	default:
		return false;
	}
}

static void
ospf(struct dis *d, const uint8_t *p, uint32_t len)
{
	const uint8_t *end, *was = d->end;
	unsigned version, type, said;

	enter(d, &proto_ospf);
	if (d->net.version == 6) {
		ospf_v3(d, p, len);
		return;
	}
	if (d->sink)
		put_header(d, p);
	/* RFC 2328 section D.4.3: the digest is not part of the message. */
	if (be16(d, p + 14) == AUTH_MD5) {
		len -= MD5_SIZE;
		d->end -= MD5_SIZE;
	}
	type = u8(d, p + 1);
	version = p[0];
	text_fmt(d, "OSPFv%u, ", version);
	text_name(d, messages, type, "unknown LS-type %u");
	text_fmt(d, ", length %u", len);
	if (type < OSPF_HELLO || type > OSPF_ACK || !d->v)
		goto out;
	said = be16(d, p + 2);
	if (len != said)
		text_fmt(d, " [len %u]", said);
	end = p + (len > said ? said : len);
	if (!text_origin(d, p))
		goto out;
	if (version != 2) {
		text_fmt(d, " ospf [version %u]", version);
		goto out;
	}
	if (!body(d, type, p + HEADER, end))
		dis_leave(d);
	if (len > said)
		signaling(d, type, p, len);
out:
	widen(d, was);
}

const struct proto proto_ospf = {
	"ospf", "ospf2", "Open Shortest Path First", ospf, ospf_fields, OSPF_N_FIELDS,
};
