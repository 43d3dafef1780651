/* Payloads of IKE version 2: RFC 7296 section 3. */
#include "pkt/keys.h"
#include "proto/app/isakmp.h"

#define F ike_fields

static const struct name transform_types[] = {
	{ 1, "encr" }, { 2, "prf" }, { 3, "integ" }, { 4, "dh" }, { 5, "esn" }, { 0, NULL }
};

static const struct name prfs[] = {
	{ 1, "hmac-md5" }, { 2, "hmac-sha" }, { 3, "hmac-tiger" }, { 4, "aes128_xcbc" }, { 0, NULL }
};
static const struct name integrities[] = {
	{ 1, "hmac-md5" }, { 2, "hmac-sha" }, { 3, "dec-mac" }, { 4, "kpdk-md5" }, { 5, "aes-xcbc" }, { 0, NULL }
};
static const struct name sequences[] = { { 0, "no-esn" }, { 1, "esn" }, { 0, NULL } };

static const struct ike_attr cipher_attrs[] = { { 14, "keylen", NULL }, { 0, NULL, NULL } };

static const struct name methods[] = {
	{ 0, "invalid" }, { 1, "rsasig" }, { 2, "shared-secret" }, { 3, "dsssig" }, { 0, NULL }
};

enum { ID_IP4 = 1, ID_FQDN = 2, ID_MAIL = 3, ID_IP6 = 5 };
static const struct name identities[] = {
	{ ID_IP4, " ipv4:" }, { ID_FQDN, " fqdn:" }, { ID_MAIL, " rfc822:" }, { ID_IP6, " ipv6:" }, { 9, " dn:" },
	{ 10, " gn:" }, { 11, " keyid:" }, { 0, NULL }
};

/* Notifications that show their SPI or their data are told apart below. */
enum { N_COOKIE = 16390 };
static const struct name notifications[] = {
	{ 1, "unsupported_critical_payload" }, { 4, "invalid_ike_spi" }, { 5, "invalid_major_version" },
	{ 7, "invalid_syntax" }, { 9, "invalid_message_id" }, { 11, "invalid_spi" }, { 14, "no_protocol_chosen" },
	{ 17, "invalid_ke_payload" }, { 24, "authentication_failed" }, { 34, "single_pair_required" },
	{ 35, "no_additional_sas" }, { 36, "internal_address_failure" }, { 37, "failed:cp_required" },
	{ 39, "invalid_selectors" }, { 16384, "initial_contact" }, { 16385, "set_window_size" },
	{ 16386, "additional_ts_possible" }, { 16387, "ipcomp_supported" }, { 16388, "nat_detection_source_ip" },
	{ 16389, "nat_detection_destination_ip" }, { N_COOKIE, "cookie" }, { 16391, "use_transport_mode" },
	{ 16392, "http_cert_lookup_supported" }, { 16393, "rekey_sa" }, { 16394, "tfc_padding_not_supported" },
	{ 16395, "non_first_fragment_also" }, { 0, NULL }
};

/* A payload's name, with a mark when it must be understood. */
static void
begin(struct dis *d, const char *name, unsigned np, const uint8_t *p)
{
	if (name)
		text(d, name);
	else
		ike_name(d, np);
	if (p[1] & 0x80)
		text(d, "[C]");
	text_char(d, ':');
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

/* Captured bytes as characters, and dots for those that are none. */
static void
text_dots(struct dis *d, const uint8_t *p, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		text_char(d, p[i] >= ' ' && p[i] <= '~' ? (char)p[i] : '.');
}

static const uint8_t *
transform(struct dis *d, const struct ike *k, const uint8_t *p, unsigned n, unsigned count)
{
	static const struct name *const ids[] = {
		[1] = ike_esp_names, [2] = prfs, [3] = integrities, [4] = ike_group_names, [5] = sequences,
	};
	unsigned type, id;
	const uint8_t *q;

	if (!have(d, p, 8))
		return ike_cut(d, IKE_T);
	put_field(d, &F[IKE_TF_TYPE], p + 4, 1);
	put_field(d, &F[IKE_TF_ID], p + 6, 2);
	begin(d, NULL, IKE_T, p);
	type = p[4];
	id = raw16(p + 6);
	text_fmt(d, " #%u type=", count);
	text_name(d, transform_types, type, NULL);
	text(d, " id=");
	if (type >= 1 && type <= 5)
		text_name(d, ids[type], id, NULL);
	else
		text_u(d, id);
	text_char(d, ' ');
	q = ike_attrs(d, k, p + 8, p + n, type == 1 ? cipher_attrs : NULL);
	if (q == NULL)
		return ike_cut(d, IKE_T);
	if (k->ep < p + n)
		text(d, "...");
	return q;
}

/*
 * The substructure at p with room bytes left for it: its length, 0 when there is no room for it, -1 when it is cut
 * short or too short to go on behind it.
 */
static int
part(struct dis *d, const uint8_t *p, unsigned room)
{
	unsigned n;

	if (room < IKE_GENERIC)
		return 0;
	if (!have(d, p, IKE_GENERIC))
		return -1;
	n = raw16(p + 2);
	if (n <= IKE_GENERIC)
		return -1;
	if (room < n)
		return 0;
	return have(d, p, n) ? (int)n : -1;
}

/* RFC 7296 section 3.3.1. */
static const uint8_t *
proposal(struct dis *d, const struct ike *k, const uint8_t *p, unsigned n, unsigned depth)
{
	unsigned room = n - IKE_GENERIC, spi, np = IKE_T;

	if (!have(d, p, 8))
		return ike_cut(d, IKE_P);
	put_field(d, &F[IKE_PROP_NUMBER], p + 4, 1);
	put_field(d, &F[IKE_PROP_PROTO], p + 5, 1);
	put_field(d, &F[IKE_SPI_SIZE], p + 6, 1);
	put_field(d, &F[IKE_PROP_TRANSFORMS], p + 7, 1);
	begin(d, NULL, IKE_P, p);
	text_fmt(d, " #%u protoid=", p[4]);
	text_name(d, ike_protocol_names, p[5], NULL);
	text_fmt(d, " transform=%u len=%u", p[7], n);
	spi = p[6];
	p += 8;
	if (spi) {
		if (room < spi)
			goto too_long;
		put_field(d, &F[IKE_SPI], p, spi);
		text(d, " spi=");
		if (!ike_hex(d, p, spi))
			return ike_cut(d, IKE_P);
		p += spi;
		room -= spi;
	}
	for (unsigned count = 1; np; count++) {
		const uint8_t *this = p;
		int size = part(d, p, room);

		if (size < 0)
			return ike_cut(d, IKE_P);
		if (size == 0)
			goto too_long;
		ike_indent(d, depth + 1);
		text_char(d, '(');
		if (np == IKE_T) {
			p = transform(d, k, p, (unsigned)size, count);
			if (p == NULL)
				return NULL;
		} else {
			ike_name(d, np);
			p += size;
		}
		text_char(d, ')');
		room -= (unsigned)size;
		np = this[0];
	}
	return p;
too_long:
	ike_cut(d, IKE_P);
	return p + room;
}

static const uint8_t *
association(struct dis *d, const struct ike *k, unsigned type, const uint8_t *p, unsigned n, unsigned depth)
{
	unsigned room = n - IKE_GENERIC, np = IKE_P;

	begin(d, "sa", type, p);
	text(d, " len="), text_u(d, room);
	p += IKE_GENERIC;
	while (np) {
		const uint8_t *this = p;
		int size = part(d, p, room);

		if (size < 0)
			return ike_cut(d, type);
		if (size == 0) {
			ike_cut(d, type);
			return p + room;
		}
		ike_indent(d, depth + 1);
		text_char(d, '(');
		if (np == IKE_P) {
			p = proposal(d, k, p, (unsigned)size, depth + 1);
			if (p == NULL)
				return NULL;
		} else {
			ike_name(d, np);
			p += size;
		}
		text_char(d, ')');
		room -= (unsigned)size;
		np = u8(d, this);
	}
	return p;
}

static const uint8_t *
key_exchange(struct dis *d, unsigned np, const uint8_t *p, unsigned n)
{
	if (!have(d, p, 8))
		return ike_cut(d, np);
	begin(d, NULL, np, p);
	if (n < 8) {
		text_fmt(d, " len=%u < 8", n);
		return p + n;
	}
	put_field(d, &F[IKE_DH_GROUP], p + 4, 2);
	put_field(d, &F[IKE_KE_DATA], p + 8, n - 8);
	text_fmt(d, " len=%u group=", n - 8);
	text_name(d, ike_group_names, raw16(p + 4), NULL);
	if (d->v > 2 && n > 8) {
		text_char(d, ' ');
		if (!ike_hex(d, p + 8, n - 8))
			return ike_cut(d, np);
	}
	return p + n;
}

static const uint8_t *
identity(struct dis *d, unsigned np, const uint8_t *p, unsigned n)
{
	unsigned type;

	if (!have(d, p, 8))
		return ike_cut(d, np);
	begin(d, NULL, np, p);
	text(d, " len="), text_u(d, n - IKE_GENERIC);
	if (!text_all(d, p, n))
		return ike_cut(d, np);
	type = p[4];
	put_field(d, &F[IKE_ID_TYPE], p + 4, 1);
	if (name_of(identities, type) == NULL)
		return p + n;
	text_name(d, identities, type, NULL);
	if (n < 8 || !have(d, p, n))
		return ike_cut(d, np);
	if (type == ID_FQDN || type == ID_MAIL) {
		put_field(d, &F[type == ID_FQDN ? IKE_ID_FQDN : IKE_ID_USER], p + 8, n - 8);
		text_dots(d, p + 8, n - 8);
	} else {
		if (type == ID_IP4 || type == ID_IP6)
			put_field(d, &F[type == ID_IP4 ? IKE_ID_IP4 : IKE_ID_IP6], p + 8, n - 8);
		text_hex(d, p + 8, n - 8);
	}
	return p + n;
}

static const uint8_t *
authentication(struct dis *d, const struct ike *k, unsigned np, const uint8_t *p, unsigned n)
{
	if (!have(d, p, 8))
		return ike_cut(d, np);
	put_field(d, &F[IKE_AUTH_METHOD], p + 4, 1);
	begin(d, NULL, np, p);
	text_fmt(d, " len=%u method=", n - IKE_GENERIC);
	text_name(d, methods, p[4], NULL);
	if (d->v > 1) {
		text(d, " authdata=(");
		if (n < 8 || !ike_hex(d, p + 8, n - 8))
			return ike_cut(d, np);
		text(d, ") ");
	} else if (d->v && !ike_some(d, p + 8, k->ep)) {
		return ike_cut(d, np);
	}
	return p + n;
}

static const uint8_t *
nonce(struct dis *d, const struct ike *k, unsigned np, const uint8_t *p, unsigned n)
{
	put_field(d, &F[IKE_NONCE_DATA], p + IKE_GENERIC, n - IKE_GENERIC);
	begin(d, "nonce", np, p);
	text(d, " len="), text_u(d, n - IKE_GENERIC);
	if (d->v > 1) {
		text(d, " nonce=(");
		if (!ike_hex(d, p + IKE_GENERIC, n - IKE_GENERIC))
			return ike_cut(d, np);
		text(d, ") ");
	} else if (d->v && !ike_some(d, p + IKE_GENERIC, k->ep)) {
		return ike_cut(d, np);
	}
	return p + n;
}

static bool
shows_spi(unsigned type)
{
	static const uint16_t types[] = { 4, 7, 9, 11, 14, 17, 24, 34, 16388, 16389, N_COOKIE, 16393 };

	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (types[i] == type)
			return true;
	return name_of(notifications, type) == NULL;
}

static const char *
class_of(unsigned type)
{
	return type < 8192 ? "error" : type < 16384 ? "private-error" : type < 40960 ? "status" : "private-status";
}

static const uint8_t *
notification(struct dis *d, const struct ike *k, const uint8_t *p, unsigned n)
{
	unsigned type, spi;
	const uint8_t *data;
	const char *name;

	if (!have(d, p, 8))
		return ike_cut(d, IKE_N);
	put_field(d, &F[IKE_SPI_SIZE], p + 5, 1);
	put_field(d, &F[IKE_NOTIFY], p + 6, 2);
	begin(d, NULL, IKE_N, p);
	text(d, " prot_id=");
	text_name(d, ike_protocol_names, p[4], NULL);
	type = raw16(p + 6);
	name = name_of(notifications, type);
	text_fmt(d, " type=%u(%s)", type, name ? name : class_of(type));
	spi = p[5];
	data = p + 8 + spi;
	if (spi)
		put_field(d, &F[IKE_SPI], p + 8, spi);
	if (n > 8 + spi)
		put_field(d, &F[IKE_NOTIFY_DATA], data, n - 8 - spi);
	if (spi && shows_spi(type)) {
		text(d, " spi=");
		if (!ike_hex(d, p + 8, spi))
			return ike_cut(d, IKE_N);
	}
	if (data < k->ep) {
		if (d->v > 3 || (type == N_COOKIE && k->ep - data < 30)) {
			text(d, " data=(");
			if (!ike_hex(d, data, (uint32_t)(k->ep - data)))
				return ike_cut(d, IKE_N);
			text_char(d, ')');
		} else if (type == N_COOKIE && !ike_some(d, data, k->ep)) {
			return ike_cut(d, IKE_N);
		}
	}
	return p + n;
}

static const uint8_t *
vendor(struct dis *d, unsigned np, const uint8_t *p, unsigned n)
{
	put_field(d, &F[IKE_VENDOR], p + IKE_GENERIC, n - IKE_GENERIC);
	begin(d, NULL, np, p);
	text_fmt(d, " len=%u vid=", n - IKE_GENERIC);
	if (!have(d, p, n))
		return ike_cut(d, np);
	text_dots(d, p + IKE_GENERIC, n - IKE_GENERIC);
	if (n - IKE_GENERIC > 4 && !text_all(d, p, n))
		return ike_cut(d, np);
	return p + n;
}

/* A payload whose inside is not looked at. */
static const uint8_t *
opaque(struct dis *d, unsigned np, const uint8_t *p, unsigned n)
{
	begin(d, NULL, np, p);
	text(d, " len="), text_u(d, n - IKE_GENERIC);
	return text_all(d, p, n) ? p + n : ike_cut(d, np);
}

/* The payloads in the n bytes at p, from np on, if their key is known (RFC 7296 section 3.14). */
static void
decrypted(struct dis *d, const struct ike *k, unsigned np, const uint8_t *p, uint32_t n, unsigned depth)
{
	const uint8_t *h = k->header, *was = d->end;
	const struct key *key = d->style->keys ?
	    keys_ike(d->style->keys, h[IKE_FLAGS_AT] & IKE_INITIATOR, h, h + 8) : NULL;
	struct ike inside = *k;
	uint8_t *clear;

	if (key == NULL || n <= key_iv_len(key) + key_mac_len(key))
		return;
	n -= key_iv_len(key) + key_mac_len(key);
	clear = dis_alloc(d, n + KEY_SLACK);
	if (clear == NULL || !key_decrypt(key, p, p + key_iv_len(key), n, clear))
		return;
	d->end = inside.ep = clear + n;
	ike_payloads(d, &inside, np, clear, 0, depth + 1);
	d->end = was;
}

/* The encrypted payload is the last one: the next payload it names is inside. */
static const uint8_t *
encrypted(struct dis *d, const struct ike *k, const uint8_t *p, unsigned n, unsigned depth)
{
	begin(d, NULL, IKE2_E, p);
	text(d, " len="), text_u(d, n - IKE_GENERIC);
	if ((n - IKE_GENERIC > 4 && !text_all(d, p, n)) || !have(d, p, n))
		return ike_cut(d, IKE2_E);
	decrypted(d, k, *p, p + IKE_GENERIC, n - IKE_GENERIC, depth);
	return NULL;
}

const uint8_t *
ike2_payload(struct dis *d, const struct ike *k, unsigned np, const uint8_t *p, unsigned n, unsigned depth, bool *known)
{
	switch (np) {
	case IKE2_SA:
		return association(d, k, np, p, n, depth);
	case IKE2_KE:
		return key_exchange(d, np, p, n);
	case IKE2_IDI:
	case IKE2_IDR:
		return identity(d, np, p, n);
	case IKE2_AUTH:
		return authentication(d, k, np, p, n);
	case IKE2_NONCE:
		return nonce(d, k, np, p, n);
	case IKE2_N:
		return notification(d, k, p, n);
	case IKE2_VID:
		return vendor(d, np, p, n);
	case IKE2_CERT:
	case IKE2_CR:
	case IKE2_D:
	case IKE2_TSI:
	case IKE2_TSR:
	case IKE2_CP:
	case IKE2_EAP:
		return opaque(d, np, p, n);
	default:
		if (np == IKE2_E && k->version == 2)
			return encrypted(d, k, p, n, depth);
		*known = false;
		return NULL;
	}
}
