/* Payloads of IKE version 1: RFC 2408 section 3, RFC 2407 section 4 (what IPsec puts into them), RFC 2409. */
#include "proto/app/isakmp.h"

#define F ike_fields

enum { DOI_IPSEC = 1 };

enum { PROTO_ISAKMP = 1, PROTO_AH, PROTO_ESP, PROTO_IPCOMP };
const struct name ike_protocol_names[] = {
	{ PROTO_ISAKMP, "isakmp" }, { PROTO_AH, "ipsec-ah" }, { PROTO_ESP, "ipsec-esp" }, { PROTO_IPCOMP, "ipcomp" },
	{ 0, NULL }
};

static const struct name ike_transforms[] = { { 1, "ike" }, { 0, NULL } };

static const struct name ah_transforms[] = {
	{ 1, "(reserved)" }, { 2, "md5" }, { 3, "sha" }, { 4, "1des" }, { 5, "sha2-256" }, { 6, "sha2-384" },
	{ 7, "sha2-512" }, { 0, NULL }
};

const struct name ike_esp_names[] = {
	{ 1, "1des-iv64" }, { 2, "1des" }, { 3, "3des" }, { 4, "rc5" }, { 5, "idea" }, { 6, "cast" }, { 7, "blowfish" },
	{ 8, "3idea" }, { 9, "1des-iv32" }, { 10, "rc4" }, { 11, "null" }, { 12, "aes" }, { 0, NULL }
};

static const struct name ipcomp_transforms[] = { { 1, "oui" }, { 2, "deflate" }, { 3, "lzs" }, { 0, NULL } };

const struct name ike_group_names[] = {
	{ 1, "modp768" }, { 2, "modp1024" }, { 3, "EC2N 2^155" }, { 4, "EC2N 2^185" }, { 5, "modp1536" },
	{ 6, "iana-grp06" }, { 7, "iana-grp07" }, { 8, "iana-grp08" }, { 9, "iana-grp09" }, { 10, "iana-grp10" },
	{ 11, "iana-grp11" }, { 12, "iana-grp12" }, { 13, "iana-grp13" }, { 14, "modp2048" }, { 15, "modp3072" },
	{ 16, "modp4096" }, { 17, "modp6144" }, { 18, "modp8192" }, { 0, NULL }
};

/* The attributes' tables of values end where tcpdump's do: group 18 is shown as a number there. */
static const struct name attr_groups[] = {
	{ 1, "modp768" }, { 2, "modp1024" }, { 3, "EC2N 2^155" }, { 4, "EC2N 2^185" }, { 5, "modp1536" },
	{ 6, "iana-grp06" }, { 7, "iana-grp07" }, { 8, "iana-grp08" }, { 9, "iana-grp09" }, { 10, "iana-grp10" },
	{ 11, "iana-grp11" }, { 12, "iana-grp12" }, { 13, "iana-grp13" }, { 14, "modp2048" }, { 15, "modp3072" },
	{ 16, "modp4096" }, { 17, "modp6144" }, { 0, NULL }
};

static const struct name life_types[] = { { 1, "sec" }, { 2, "kb" }, { 0, NULL } };
static const struct name modes[] = { { 1, "tunnel" }, { 2, "transport" }, { 0, NULL } };
static const struct name macs[] = { { 1, "hmac-md5" }, { 2, "hmac-sha1" }, { 3, "1des-mac" }, { 4, "keyed" }, { 0, NULL } };

static const struct ike_attr ipsec_attrs[] = {
	{ 1, "lifetype", life_types }, { 2, "life", NULL }, { 3, "group desc", attr_groups }, { 4, "enc mode", modes },
	{ 5, "auth", macs }, { 6, "keylen", NULL }, { 7, "rounds", NULL }, { 8, "dictsize", NULL }, { 9, "privalg", NULL },
	{ 0, NULL, NULL }
};

static const struct name ciphers[] = {
	{ 1, "1des" }, { 2, "idea" }, { 3, "blowfish" }, { 4, "rc5" }, { 5, "3des" }, { 6, "cast" }, { 7, "aes" }, { 0, NULL }
};
static const struct name hashes[] = {
	{ 1, "md5" }, { 2, "sha1" }, { 3, "tiger" }, { 4, "sha2-256" }, { 5, "sha2-384" }, { 6, "sha2-512" }, { 0, NULL }
};
static const struct name auths[] = {
	{ 1, "preshared" }, { 2, "dss" }, { 3, "rsa sig" }, { 4, "rsa enc" }, { 5, "rsa enc revised" }, { 0, NULL }
};
static const struct name group_types[] = { { 1, "MODP" }, { 2, "ECP" }, { 3, "EC2N" }, { 0, NULL } };

static const struct ike_attr oakley_attrs[] = {
	{ 1, "enc", ciphers }, { 2, "hash", hashes }, { 3, "auth", auths }, { 4, "group desc", attr_groups },
	{ 5, "group type", group_types }, { 6, "group prime", NULL }, { 7, "group gen1", NULL }, { 8, "group gen2", NULL },
	{ 9, "group curve A", NULL }, { 10, "group curve B", NULL }, { 11, "lifetype", life_types },
	{ 12, "lifeduration", NULL }, { 13, "prf", NULL }, { 14, "keylen", NULL }, { 15, "field", NULL },
	{ 16, "order", NULL }, { 0, NULL, NULL }
};

enum {
	ID_IP4 = 1, ID_FQDN, ID_USER, ID_NET4, ID_IP6, ID_NET6, ID_RANGE4, ID_RANGE6,
};
static const struct name id_types[] = {
	{ ID_IP4, "IPv4" }, { ID_FQDN, "FQDN" }, { ID_USER, "user FQDN" }, { ID_NET4, "IPv4net" }, { ID_IP6, "IPv6" },
	{ ID_NET6, "IPv6net" }, { ID_RANGE4, "IPv4range" }, { ID_RANGE6, "IPv6range" }, { 9, "ASN1 DN" },
	{ 10, "ASN1 GN" }, { 11, "keyid" }, { 0, NULL }
};

static const struct name certificates[] = {
	{ 0, "none" }, { 1, "pkcs7" }, { 2, "pgp" }, { 3, "dns" }, { 4, "x509sign" }, { 5, "x509ke" }, { 6, "kerberos" },
	{ 7, "crl" }, { 8, "arl" }, { 9, "spki" }, { 10, "x509attr" }, { 0, NULL }
};

static const struct name errors[] = {
	{ 1, "INVALID-PAYLOAD-TYPE" }, { 2, "DOI-NOT-SUPPORTED" }, { 3, "SITUATION-NOT-SUPPORTED" }, { 4, "INVALID-COOKIE" },
	{ 5, "INVALID-MAJOR-VERSION" }, { 6, "INVALID-MINOR-VERSION" }, { 7, "INVALID-EXCHANGE-TYPE" },
	{ 8, "INVALID-FLAGS" }, { 9, "INVALID-MESSAGE-ID" }, { 10, "INVALID-PROTOCOL-ID" }, { 11, "INVALID-SPI" },
	{ 12, "INVALID-TRANSFORM-ID" }, { 13, "ATTRIBUTES-NOT-SUPPORTED" }, { 14, "NO-PROPOSAL-CHOSEN" },
	{ 15, "BAD-PROPOSAL-SYNTAX" }, { 16, "PAYLOAD-MALFORMED" }, { 17, "INVALID-KEY-INFORMATION" },
	{ 18, "INVALID-ID-INFORMATION" }, { 19, "INVALID-CERT-ENCODING" }, { 20, "INVALID-CERTIFICATE" },
	{ 21, "CERT-TYPE-UNSUPPORTED" }, { 22, "INVALID-CERT-AUTHORITY" }, { 23, "INVALID-HASH-INFORMATION" },
	{ 24, "AUTHENTICATION-FAILED" }, { 25, "INVALID-SIGNATURE" }, { 26, "ADDRESS-NOTIFICATION" },
	{ 27, "NOTIFY-SA-LIFETIME" }, { 28, "CERTIFICATE-UNAVAILABLE" }, { 29, "UNSUPPORTED-EXCHANGE-TYPE" },
	{ 30, "UNEQUAL-PAYLOAD-LENGTHS" }, { 0, NULL }
};

/* Notifications in blocks: errors, IPsec's errors, states, IPsec's states. Unnamed ones are counted from the block. */
enum { N_IPSEC_ERRORS = 8192, N_STATES = 16384, N_IPSEC_STATES = 24576, N_PRIVATE = 32768 };
enum { N_LIFETIME = 24576, N_REPLAY = 24577 };
static const struct name ipsec_errors[] = { { 0, "RESERVED" }, { 0, NULL } };
static const struct name states[] = { { 0, "CONNECTED" }, { 0, NULL } };
static const struct name ipsec_states[] = {
	{ 0, "RESPONDER-LIFETIME" }, { 1, "REPLAY-STATUS" }, { 2, "INITIAL-CONTACT" }, { 0, NULL }
};

static void
begin(struct dis *d, unsigned np)
{
	ike_name(d, np);
	text_char(d, ':');
}

static const uint8_t *
association(struct dis *d, const struct ike *k, const uint8_t *p, unsigned proto, unsigned depth)
{
	uint32_t doi, situation;
	bool several = false;

	if (!have(d, p, 12))
		return ike_cut(d, IKE_SA);
	put_field(d, &F[IKE_DOI], p + 4, 4);
	doi = raw32(p + 4);
	situation = raw32(p + 8);
	if (doi != DOI_IPSEC) {
		text_fmt(d, " doi=%u situation=%u", doi, situation);
		return p + 12;
	}
	text(d, " doi=ipsec situation=");
	for (unsigned i = 0; i < 3; i++) {
		static const char *const situations[] = { "identity", "secrecy", "integrity" };

		if (!(situation >> i & 1))
			continue;
		if (several)
			text_char(d, '+');
		text(d, situations[i]);
		several = true;
	}
	if (situation != 1) {
		/* The text is that of the domain of interpretation once more, as tcpdump has it. */
		text(d, " ident="), text_u(d, doi);
		p += 4;
	}
	p += 12;
	if (!have(d, p, IKE_GENERIC))
		return ike_cut(d, IKE_SA);
	return ike_payloads(d, k, IKE_P, p, proto, depth);
}

static const uint8_t *
proposal(struct dis *d, const struct ike *k, const uint8_t *p, unsigned depth)
{
	unsigned spi;

	if (!have(d, p, 8))
		return ike_cut(d, IKE_P);
	spi = p[6];
	put_field(d, &F[IKE_PROP_NUMBER], p + 4, 1);
	put_field(d, &F[IKE_PROP_PROTO], p + 5, 1);
	put_field(d, &F[IKE_SPI_SIZE], p + 6, 1);
	put_field(d, &F[IKE_PROP_TRANSFORMS], p + 7, 1);
	text_fmt(d, " #%u protoid=", p[4]);
	text_name(d, ike_protocol_names, p[5], NULL);
	text(d, " transform="), text_u(d, p[7]);
	if (spi) {
		put_field(d, &F[IKE_SPI], p + 8, spi);
		text(d, " spi=");
		if (!ike_hex(d, p + 8, spi))
			return ike_cut(d, IKE_P);
	}
	if (!have(d, p + 8 + spi, IKE_GENERIC))
		return ike_cut(d, IKE_P);
	return ike_payloads(d, k, IKE_T, p + 8 + spi, p[5], depth);
}

static const uint8_t *
transform(struct dis *d, const struct ike *k, const uint8_t *p, unsigned n, unsigned proto)
{
	static const struct name *const ids[] = {
		[PROTO_ISAKMP] = ike_transforms, [PROTO_AH] = ah_transforms, [PROTO_ESP] = ike_esp_names,
		[PROTO_IPCOMP] = ipcomp_transforms,
	};
	const struct ike_attr *map = NULL;
	const uint8_t *q;

	if (!have(d, p, 8))
		return ike_cut(d, IKE_T);
	put_field(d, &F[IKE_TRANS_NUMBER], p + 4, 1);
	put_field(d, &F[IKE_TRANS_ID], p + 5, 1);
	text_fmt(d, " #%u id=", p[4]);
	if (proto >= PROTO_ISAKMP && proto <= PROTO_IPCOMP) {
		map = proto == PROTO_ISAKMP ? oakley_attrs : ipsec_attrs;
		text_name(d, ids[proto], p[5], NULL);
	} else {
		text_u(d, p[5]);
	}
	text_char(d, ' ');
	q = ike_attrs(d, k, p + 8, p + n, map);
	if (q == NULL)
		return ike_cut(d, IKE_T);
	if (k->ep < p + n)
		text(d, "...");
	return q;
}

/* The whole payload in hex with -vvv; false when it is cut short. */
static bool
text_all(struct dis *d, const uint8_t *p, unsigned n)
{
	if (d->v <= 2)
		return true;
	text_char(d, ' ');
	return ike_hex(d, p + IKE_GENERIC, n - IKE_GENERIC);
}

static const uint8_t *
opaque(struct dis *d, unsigned np, const uint8_t *p, unsigned n)
{
	static const uint8_t field_of[] = {
		[IKE_KE] = IKE_KE_DATA, [IKE_HASH] = IKE_HASH_DATA, [IKE_SIG] = IKE_SIG_DATA, [IKE_VID] = IKE_VENDOR,
	};

	put_field(d, &F[field_of[np]], p + IKE_GENERIC, n - IKE_GENERIC);
	text(d, np == IKE_KE ? " key len=" : " len=");
	text_u(d, n - IKE_GENERIC);
	return text_all(d, p, n) ? p + n : ike_cut(d, np);
}

static const uint8_t *
nonce(struct dis *d, const struct ike *k, const uint8_t *p, unsigned n)
{
	put_field(d, &F[IKE_NONCE_DATA], p + IKE_GENERIC, n - IKE_GENERIC);
	text(d, " n len="), text_u(d, n - IKE_GENERIC);
	if (d->v == 2) {
		text_char(d, ' ');
		if (!ike_some(d, p + IKE_GENERIC, k->ep))
			return ike_cut(d, IKE_NONCE);
	}
	return text_all(d, p, n) ? p + n : ike_cut(d, IKE_NONCE);
}

static const uint8_t *
certificate(struct dis *d, unsigned np, const uint8_t *p, unsigned n)
{
	if (!have(d, p, 6))
		return ike_cut(d, np);
	put_field(d, &F[IKE_CERT_ENCODING], p + 4, 1);
	text_fmt(d, " len=%u type=", n - IKE_GENERIC);
	text_name(d, certificates, p[4], NULL);
	return text_all(d, p, n) ? p + n : ike_cut(d, np);
}

/* Addresses of an identity: one, one with a mask, or a range. What is said is their length and they. */
static void
text_addresses(struct dis *d, unsigned type, const uint8_t *p, unsigned n)
{
	bool six = type == ID_IP6 || type == ID_NET6 || type == ID_RANGE6;
	unsigned size = six ? 16 : 4, want = type == ID_IP4 || type == ID_IP6 ? size : 2 * size;

	text_fmt(d, " len=%u ", n);
	if (n < want) {
		text_fmt(d, "[bad: < %u]", want);
		return;
	}
	put_field(d, &F[six ? IKE_ID_IP6 : IKE_ID_IP4], p, size);
	need(d, p, want);
	if (six)
		text_ip6(d, p);
	else
		text_ip4(d, p);
	if (type == ID_RANGE4) {
		text_char(d, '-');
		text_ip4(d, p + 4);
	} else if (type == ID_RANGE6) {
		text_char(d, '-');
		text_ip6(d, p + 16);
	} else if (type == ID_NET4) {
		text_fmt(d, "/%u.%u.%u.%u", p[4], p[5], p[6], p[7]);
	} else if (type == ID_NET6) {
		text(d, "/0x");
		text_hex(d, p + 16, 16);
	}
}

/* RFC 2407 section 4.6.2, which tcpdump reads in both phases. */
static const uint8_t *
identity(struct dis *d, const uint8_t *p, unsigned n)
{
	const uint8_t *data = p + 8;
	unsigned type, len = n > 8 ? n - 8 : 0;
	const char *name;

	if (!have(d, p, 8))
		return ike_cut(d, IKE_ID);
	type = p[4];
	put_field(d, &F[IKE_ID_TYPE], p + 4, 1);
	text(d, " idtype=");
	text_name(d, id_types, type, NULL);
	text(d, " protoid=");
	name = d->n || p[5] == 0 ? NULL : name_of(ipproto_netdb_names, p[5]);
	if (name)
		text(d, name);
	else
		text_u(d, p[5]);
	text(d, " port="), text_u(d, raw16(p + 6));
	if (len == 0)
		return p + n;
	if (!have(d, data, len))
		return ike_cut(d, IKE_ID);
	switch (type) {
	case ID_IP4:
	case ID_NET4:
	case ID_IP6:
	case ID_NET6:
	case ID_RANGE4:
	case ID_RANGE6:
		text_addresses(d, type, data, len);
		break;
	case ID_FQDN:
	case ID_USER:
		put_field(d, &F[type == ID_FQDN ? IKE_ID_FQDN : IKE_ID_USER], data, len);
		text_fmt(d, " len=%u ", len);
		text_str(d, data, len);
		break;
	default:
		text(d, " len="), text_u(d, len);
		if (d->v > 2) {
			text_char(d, ' ');
			text_hex(d, data, len);
		}
		break;
	}
	return p + n;
}

static void
text_notification(struct dis *d, unsigned type, bool ipsec)
{
	text(d, " type=");
	if (type < N_IPSEC_ERRORS)
		text_name(d, errors, type, NULL);
	else if (type >= N_STATES && type < N_IPSEC_STATES)
		text_name(d, states, type - N_STATES, NULL);
	else if (ipsec && type < N_STATES)
		text_name(d, ipsec_errors, type - N_IPSEC_ERRORS, NULL);
	else if (ipsec && type < N_PRIVATE)
		text_name(d, ipsec_states, type - N_IPSEC_STATES, NULL);
	else
		text_fmt(d, "#%u", type);
}

/* What a notification carries; false when it is cut short. */
static bool
text_notified(struct dis *d, const struct ike *k, unsigned type, const uint8_t *p, const uint8_t *end)
{
	switch (type) {
	case N_LIFETIME:
		text(d, " attrs=(");
		p = ike_attrs(d, k, p, end, oakley_attrs);
		text_char(d, ')');
		return p != NULL;
	case N_REPLAY:
		text(d, " status=(");
		text(d, be32(d, p) ? "replay detection enabled)" : "replay detection disabled)");
		return true;
	default:
		if (d->v <= 3)
			return ike_some(d, p, k->ep);
		text(d, " data=(");
		if (!ike_hex(d, p, (uint32_t)(k->ep - p)))
			return false;
		text_char(d, ')');
		return true;
	}
}

static void
text_domain_of(struct dis *d, uint32_t doi, unsigned proto)
{
	if (doi != DOI_IPSEC) {
		text_fmt(d, " doi=%u proto=%u", doi, proto);
		return;
	}
	text(d, " doi=ipsec proto=");
	text_name(d, ike_protocol_names, proto, NULL);
}

static const uint8_t *
notification(struct dis *d, const struct ike *k, const uint8_t *p, unsigned n)
{
	const uint8_t *data;
	unsigned type, spi;
	uint32_t doi;

	if (!have(d, p, 12))
		return ike_cut(d, IKE_N);
	put_field(d, &F[IKE_NOTIFY_DOI], p + 4, 4);
	put_field(d, &F[IKE_SPI_SIZE], p + 9, 1);
	put_field(d, &F[IKE_NOTIFY], p + 10, 2);
	doi = raw32(p + 4);
	spi = p[9];
	type = raw16(p + 10);
	text_domain_of(d, doi, p[8]);
	text_notification(d, type, doi == DOI_IPSEC);
	if (spi) {
		put_field(d, &F[IKE_SPI], p + 12, spi);
		text(d, " spi=");
		if (!ike_hex(d, p + 12, spi))
			return ike_cut(d, IKE_N);
	}
	data = p + 12 + spi;
	if (n > 12 + spi)
		put_field(d, &F[IKE_NOTIFY_DATA], data, n - 12 - spi);
	if (doi != DOI_IPSEC)
		return data;
	if (data < k->ep && !text_notified(d, k, type, data, p + n))
		return ike_cut(d, IKE_N);
	return p + n;
}

static const uint8_t *
deletion(struct dis *d, const uint8_t *p)
{
	unsigned size, count;
	const uint8_t *q = p + 12;

	if (!have(d, p, 12))
		return ike_cut(d, IKE_D);
	put_field(d, &F[IKE_SPI_COUNT], p + 10, 2);
	size = p[9];
	count = raw16(p + 10);
	text_domain_of(d, raw32(p + 4), p[8]);
	text_fmt(d, " spilen=%u nspi=%u", size, count);
	if (size == 0)
		return q;
	text(d, " spi=");
	for (unsigned i = 0; i < count; i++, q += size) {
		put_field(d, &F[IKE_SPI], q, size);
		if (i)
			text_char(d, ',');
		if (!ike_hex(d, q, size))
			return ike_cut(d, IKE_D);
	}
	return q;
}

const uint8_t *
ike1_payload(struct dis *d, const struct ike *k, unsigned np, const uint8_t *p, unsigned n, unsigned proto, unsigned depth,
    bool *known)
{
	if (np >= IKE_SA && np <= IKE_VID)
		begin(d, np);
	switch (np) {
	case IKE_SA:
		return association(d, k, p, proto, depth);
	case IKE_P:
		return proposal(d, k, p, depth);
	case IKE_T:
		return transform(d, k, p, n, proto);
	case IKE_KE:
	case IKE_HASH:
	case IKE_SIG:
	case IKE_VID:
		return opaque(d, np, p, n);
	case IKE_ID:
		return identity(d, p, n);
	case IKE_CERT:
	case IKE_CR:
		return certificate(d, np, p, n);
	case IKE_NONCE:
		return nonce(d, k, p, n);
	case IKE_N:
		return notification(d, k, p, n);
	case IKE_D:
		return deletion(d, p);
	default:
		*known = false;
		return NULL;
	}
}
