/*
 * Internet Security Association and Key Management Protocol, RFC 2408: the header of both versions of IKE, and
 * the UDP encapsulation of RFC 3948.
 */
#include "proto/app/isakmp.h"

#define F ike_fields

const struct name ike_payload_names[] = {
	{ 0, "none" }, { IKE_SA, "sa" }, { IKE_P, "p" }, { IKE_T, "t" }, { IKE_KE, "ke" }, { IKE_ID, "id" },
	{ IKE_CERT, "cert" }, { IKE_CR, "cr" }, { IKE_HASH, "hash" }, { IKE_SIG, "sig" }, { IKE_NONCE, "nonce" },
	{ IKE_N, "n" }, { IKE_D, "d" }, { IKE_VID, "vid" }, { IKE2_SA, "v2sa" }, { IKE2_KE, "v2ke" }, { IKE2_IDI, "v2IDi" },
	{ IKE2_IDR, "v2IDr" }, { IKE2_CERT, "v2cert" }, { IKE2_CR, "v2cr" }, { IKE2_AUTH, "v2auth" },
	{ IKE2_NONCE, "v2nonce" }, { IKE2_N, "v2n" }, { IKE2_D, "v2d" }, { IKE2_VID, "v2vid" }, { IKE2_TSI, "v2TSi" },
	{ IKE2_TSR, "v2TSr" }, { IKE2_E, "v2e" }, { IKE2_CP, "v2cp" }, { IKE2_EAP, "v2eap" }, { 0, NULL }
};

static const struct name exchanges[] = {
	{ 0, "none" }, { 1, "base" }, { 2, "ident" }, { 3, "auth" }, { 4, "agg" }, { 5, "inf" }, { 32, "oakley-quick" },
	{ 33, "oakley-newgroup" }, { 34, "ikev2_init" }, { 35, "ikev2_auth" }, { 36, "child_sa" }, { 37, "inf2" },
	{ 0, NULL }
};

enum { ENCRYPTED = 0x01, COMMIT = 0x02, INITIATOR = 0x08, NEWER = 0x10, RESPONSE = 0x20 };

const struct field ike_fields[IKE_N_FIELDS] = {
	[IKE_ISPI] = { "isakmp.ispi", BYTES, .help = "Initiator's cookie or SPI" },
	[IKE_RSPI] = { "isakmp.rspi", BYTES, .help = "Responder's cookie or SPI" },
	[IKE_NEXT] = { "isakmp.nextpayload", U8, .names = ike_payload_names, .help = "First payload" },
	[IKE_VERSION] = { "isakmp.version", U8, .help = "Version, major and minor" },
	[IKE_EXCHANGE] = { "isakmp.exchangetype", U8, .names = exchanges, .help = "Exchange" },
	[IKE_FLAGS] = { "isakmp.flags", U8, .help = "Flags" },
	[IKE_FLAG_E] = { "isakmp.flag_e", BOOL, .mask = ENCRYPTED, .help = "Payloads are encrypted (version 1)" },
	[IKE_FLAG_I] = { "isakmp.flag_i", BOOL, .mask = INITIATOR, .help = "Sent by the initiator (version 2)" },
	[IKE_FLAG_R] = { "isakmp.flag_r", BOOL, .mask = RESPONSE, .help = "A response (version 2)" },
	[IKE_MESSAGE] = { "isakmp.messageid", U32, .help = "Message identifier" },
	[IKE_LENGTH] = { "isakmp.length", U32, .help = "Length of the message" },
	[IKE_TYPE] = { "isakmp.typepayload", U8, .names = ike_payload_names, .help = "Type of a payload" },
	[IKE_PAYLOAD_LEN] = { "isakmp.payloadlength", U16, .help = "Length of a payload" },
	[IKE_DOI] = { "isakmp.sa.doi", U32, .help = "Domain of interpretation" },
	[IKE_PROP_NUMBER] = { "isakmp.prop.number", U8, .help = "Number of a proposal" },
	[IKE_PROP_PROTO] = { "isakmp.prop.protoid", U8, .names = ike_protocol_names, .help = "Protocol of a proposal" },
	[IKE_PROP_TRANSFORMS] = { "isakmp.prop.transforms", U8, .help = "Number of transforms in a proposal" },
	[IKE_SPI_SIZE] = { "isakmp.spisize", U8, .help = "Length of an SPI" },
	[IKE_SPI] = { "isakmp.spi", BYTES, .help = "SPI" },
	[IKE_TRANS_NUMBER] = { "isakmp.trans.number", U8, .help = "Number of a transform (version 1)" },
	[IKE_TRANS_ID] = { "isakmp.trans.id", U8, .help = "Transform (version 1)" },
	[IKE_TF_TYPE] = { "isakmp.tf.type", U8, .help = "What a transform is for (version 2)" },
	[IKE_TF_ID] = { "isakmp.tf.id", U16, .help = "Transform (version 2)" },
	[IKE_DH_GROUP] = { "isakmp.key_exchange.dh_group", U16, .names = ike_group_names, .help = "Diffie-Hellman group" },
	[IKE_KE_DATA] = { "isakmp.key_exchange.data", BYTES, .help = "Key exchange data" },
	[IKE_ID_TYPE] = { "isakmp.id.type", U8, .help = "What an identity is" },
	[IKE_ID_IP4] = { "isakmp.id.data.ipv4_addr", IP4, .help = "Identity: IPv4 address" },
	[IKE_ID_IP6] = { "isakmp.id.data.ipv6_addr", IP6, .help = "Identity: IPv6 address" },
	[IKE_ID_FQDN] = { "isakmp.id.data.fqdn", STR, .help = "Identity: name of a host" },
	[IKE_ID_USER] = { "isakmp.id.data.user_fqdn", STR, .help = "Identity: name of a user" },
	[IKE_CERT_ENCODING] = { "isakmp.cert.encoding", U8, .help = "Encoding of a certificate" },
	[IKE_AUTH_METHOD] = { "isakmp.auth.method", U8, .help = "Method of authentication (version 2)" },
	[IKE_NONCE_DATA] = { "isakmp.nonce", BYTES, .help = "Nonce" },
	[IKE_HASH_DATA] = { "isakmp.hash", BYTES, .help = "Hash" },
	[IKE_SIG_DATA] = { "isakmp.sig", BYTES, .help = "Signature" },
	[IKE_NOTIFY_DOI] = { "isakmp.notify.doi", U32, .help = "Domain of interpretation of a notification" },
	[IKE_NOTIFY] = { "isakmp.notify.msgtype", U16, .help = "What is notified" },
	[IKE_NOTIFY_DATA] = { "isakmp.notify.data", BYTES, .help = "Data of a notification" },
	[IKE_SPI_COUNT] = { "isakmp.spinum", U16, .help = "Number of SPIs deleted" },
	[IKE_VENDOR] = { "isakmp.vid_bytes", BYTES, .help = "Vendor" },
	[IKE_KEEPALIVE] = { "isakmp.ike.nat_keepalive", LABEL, .help = "Keeps a NAT's mapping alive" },
};

extern const struct proto proto_isakmp, proto_isakmp_natt;

void
ike_name(struct dis *d, unsigned np)
{
	bool between = np > IKE_VID && np < IKE2_SA;	/* unassigned, and not to be mistaken for another number */

	text_name(d, ike_payload_names, np, between ? "pay%u" : NULL);
}

void
ike_indent(struct dis *d, unsigned depth)
{
	text_char(d, '\n');
	while (depth--)
		text(d, "    ");
}

bool
ike_hex(struct dis *d, const uint8_t *p, uint32_t n)
{
	if (!have(d, p, n))
		return false;
	text_hex(d, p, n);
	return true;
}

bool
ike_some(struct dis *d, const uint8_t *p, const uint8_t *ep)
{
	uint32_t first = (uint32_t)(ep - p), last = 20;

	if (first > 10)
		first = 10;
	if ((uint32_t)(ep - p) < first + last)
		last = (uint32_t)(ep - p) - first;
	text(d, " data=(");
	if (!ike_hex(d, p, first))
		return false;
	text(d, "...");
	if (!ike_hex(d, ep - last, last))
		return false;
	text_char(d, ')');
	return true;
}

const uint8_t *
ike_cut(struct dis *d, unsigned np)
{
	text(d, " [|");
	ike_name(d, np);
	text_char(d, ']');
	return NULL;
}

/* RFC 2408 section 3.3: what is behind an attribute; NULL when it is cut short. */
static const uint8_t *
attribute(struct dis *d, const uint8_t *p, const uint8_t *end, const struct ike_attr *map)
{
	bool has_value = u8(d, p) & 0x80;	/* a value of two bytes instead of a length */
	uint32_t n = has_value ? 4 : 4u + be16(d, p + 2);
	unsigned type;
	bool good;

	if (end < p + n) {
		text(d, "[|attr]");
		return end + 1;
	}
	type = be16(d, p) & 0x7fff;
	while (map && map->name && map->type != type)
		map++;
	if (map && map->name)
		text(d, "(type="), text(d, map->name), text_char(d, ' ');
	else
		text_fmt(d, "(type=#%u ", type);
	if (has_value) {
		unsigned v = be16(d, p + 2);
		const char *name = map && map->name && map->values ? name_of(map->values, v) : NULL;

		text(d, "value=");
		if (name)
			text(d, name);
		good = name || ike_hex(d, p + 2, 2);
	} else {
		text_fmt(d, "len=%u value=", n - 4);
		good = ike_hex(d, p + 4, n - 4);
	}
	text_char(d, ')');
	return good ? p + n : NULL;
}

const uint8_t *
ike_attrs(struct dis *d, const struct ike *k, const uint8_t *p, const uint8_t *end, const struct ike_attr *map)
{
	while (p && p < k->ep && p < end)
		p = attribute(d, p, end, map);
	return p;
}

/* One payload, whatever its version. */
static const uint8_t *
payload(struct dis *d, const struct ike *k, unsigned np, const uint8_t *p, unsigned proto, unsigned depth)
{
	unsigned n = be16(d, p + 2);
	const uint8_t *next;
	bool known = true;

	if (n <= IKE_GENERIC || depth > IKE_DEPTH_MAX)
		return NULL;
	if (np <= IKE_VID)
		next = ike1_payload(d, k, np, p, n, proto, depth, &known);
	else
		next = ike2_payload(d, k, np, p, n, depth, &known);
	if (known)
		return next;
	ike_name(d, np);
	return p + n;
}

const uint8_t *
ike_payloads(struct dis *d, const struct ike *k, unsigned np, const uint8_t *p, unsigned proto, unsigned depth)
{
	while (np) {
		const uint8_t *this = p;

		if (!have(d, p, IKE_GENERIC) || !have(d, p, raw16(p + 2)))
			return ike_cut(d, np);
		put_value(d, &F[IKE_TYPE], np);
		put_field(d, &F[IKE_PAYLOAD_LEN], p + 2, 2);
		ike_indent(d, depth + 1);
		text_char(d, '(');
		p = payload(d, k, np, p, proto, depth + 1);
		text_char(d, ')');
		if (p == NULL)
			return NULL;
		np = u8(d, this);
	}
	return p;
}

/* The table of who began an exchange, by its cookie: an entry for the cookie, one for each side's address. */
struct side_key {
	uint8_t cookie[8], side, addr[16];
};

static bool
side_is(struct dis *d, const uint8_t *cookie, char side, const uint8_t *addr, bool note)
{
	struct side_key k = { .side = (uint8_t)side };
	bool fresh;

	memcpy(k.cookie, cookie, 8);
	if (addr)
		memcpy(k.addr, addr, d->net.version == 4 ? 4 : 16);
	return conv_at(d, &k, sizeof k, note, &fresh) != NULL;
}

/* I or R for initiator or responder as far as its first message was seen, else a question mark. */
static char
side_of(struct dis *d, const uint8_t *p)
{
	static const uint8_t none[8];

	if (memcmp(p, none, 8) == 0)
		return '?';
	if (!side_is(d, p, 'C', NULL, false)) {
		if (memcmp(p + 8, none, 8) != 0)
			return '?';
		if (d->net.version) {
			side_is(d, p, 'C', NULL, true);
			side_is(d, p, 'I', d->net.src, true);
			side_is(d, p, 'R', d->net.dst, true);
		}
		return 'I';
	}
	if (d->net.version && side_is(d, p, 'I', d->net.src, false))
		return 'I';
	if (d->net.version && side_is(d, p, 'R', d->net.src, false))
		return 'R';
	return '?';
}

static void
text_flag(struct dis *d, unsigned flags, unsigned bit, char c)
{
	if (flags & bit)
		text_char(d, c);
}

static void
message(struct dis *d, const uint8_t *p, uint32_t len, unsigned version)
{
	struct ike k = { version, raw32(p + 20) == 0 ? 1 : 2, d->end, p };
	unsigned flags = p[19];

	if (version == 1) {
		text(d, k.phase == 1 ? " phase 1 " : " phase 2/others ");
		text_char(d, side_of(d, p));
	} else {
		text(d, k.phase == 1 ? " parent_sa" : " child_sa ");
	}
	text_char(d, ' ');
	text_name(d, exchanges, p[18], NULL);
	if (flags) {
		text_char(d, '[');
		text_flag(d, flags, version == 1 ? ENCRYPTED : INITIATOR, version == 1 ? 'E' : 'I');
		text_flag(d, flags, version == 1 ? COMMIT : NEWER, version == 1 ? 'C' : 'V');
		if (version == 2)
			text_flag(d, flags, RESPONSE, 'R');
		text_char(d, ']');
	}
	if (!d->v)
		return;
	text_char(d, ':');
	if (flags & ENCRYPTED) {
		text(d, " [encrypted ");
		ike_name(d, p[16]);
		text_char(d, ']');
	} else {
		ike_payloads(d, &k, p[16], p + IKE_HEADER, 0, 0);
	}
	if (raw32(p + 24) != len)
		text_fmt(d, " (len mismatch: isakmp %u/ip %u)", raw32(p + 24), len);
}

static void
put_header(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[IKE_ISPI], p, 8);
	put_field(d, &F[IKE_RSPI], p + 8, 8);
	put_field(d, &F[IKE_NEXT], p + 16, 1);
	put_field(d, &F[IKE_VERSION], p + 17, 1);
	put_field(d, &F[IKE_EXCHANGE], p + 18, 1);
	put_field(d, &F[IKE_FLAGS], p + 19, 1);
	if (have(d, p, 20) && p[17] >> 4 == 1)
		put_field(d, &F[IKE_FLAG_E], p + 19, 1);
	if (have(d, p, 20) && p[17] >> 4 == 2) {
		put_field(d, &F[IKE_FLAG_I], p + 19, 1);
		put_field(d, &F[IKE_FLAG_R], p + 19, 1);
	}
	put_field(d, &F[IKE_MESSAGE], p + 20, 4);
	put_field(d, &F[IKE_LENGTH], p + 24, 4);
}

static void
isakmp(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned major;

	enter(d, &proto_isakmp);
	if (d->sink)
		put_header(d, p);
	if (!have(d, p, IKE_HEADER)) {
		text_trunc(d);
		return;
	}
	text(d, "isakmp");
	major = p[17] >> 4;
	if (d->v) {
		text_fmt(d, " %u.%u msgid ", major, p[17] & 15);
		text_hex(d, p + 20, 4);
	}
	if (d->v > 1) {
		text(d, " cookie ");
		text_hex(d, p, 8);
		text(d, "->");
		text_hex(d, p + 8, 8);
	}
	text_char(d, ':');
	if (major == 1 || major == 2)
		message(d, p, len, major);
}

/* RFC 3948 section 2: port 4500 carries IKE behind four zero bytes, ESP, and single bytes that keep it open. */
static void
natt(struct dis *d, const uint8_t *p, uint32_t len)
{
	enum { IPP_ENCAPSULATED = 50 };

	enter(d, &proto_isakmp_natt);
	if (len == 1 && u8(d, p) == 0xff) {
		put_value(d, &F[IKE_KEEPALIVE], 0);
		text(d, "isakmp-nat-keep-alive");
		return;
	}
	if (len < 4) {
		text_trunc(d);
		return;
	}
	if (be32(d, p) == 0) {
		text(d, "NONESP-encap: ");
		next(d, D_INTERNAL, IN_ISAKMP, p + 4, len - 4);
	} else {
		text(d, "UDP-encap: ");
		next(d, D_IPPROTO, IPP_ENCAPSULATED, p, len);
	}
}

const struct proto proto_isakmp = {
	"isakmp", "isakmp", "Internet Security Association and Key Management Protocol", isakmp, ike_fields, IKE_N_FIELDS,
};
const struct proto proto_isakmp_natt =
	PROTO_NO_FIELDS("udpencap", "isakmp_rfc3948", "UDP Encapsulation of IPsec Packets", natt);
