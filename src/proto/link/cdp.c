/* Cisco Discovery Protocol. */
#include "dissect/dissect.h"

enum { HEADER = 4, TLV = 4 };
enum { DEVICE = 1, ADDRESS, PORT, CAPABILITY, VERSION, PLATFORM, PREFIXES, HELLO, VTP, VLAN, DUPLEX, VOICE = 14, VOICE_ASK,
	POWER, MTU, TRUST, UNTRUSTED, SYS_NAME, SYS_OID, MANAGEMENT, LOCATION };

static const struct name types[] = {
	{ DEVICE, "Device-ID" }, { ADDRESS, "Address" }, { PORT, "Port-ID" }, { CAPABILITY, "Capability" },
	{ VERSION, "Version String" }, { PLATFORM, "Platform" }, { PREFIXES, "Prefixes" },
	{ HELLO, "Protocol-Hello option" }, { VTP, "VTP Management Domain" }, { VLAN, "Native VLAN ID" },
	{ DUPLEX, "Duplex" }, { VOICE, "ATA-186 VoIP VLAN assignment" }, { VOICE_ASK, "ATA-186 VoIP VLAN request" },
	{ POWER, "power consumption" }, { MTU, "MTU" }, { TRUST, "AVVID trust bitmap" },
	{ UNTRUSTED, "AVVID untrusted ports CoS" }, { SYS_NAME, "System Name" },
	{ SYS_OID, "System Object ID (not decoded)" }, { MANAGEMENT, "Management Addresses" },
	{ LOCATION, "Physical Location" }, { 0, NULL }
};

static const struct name capabilities[] = {
	{ 0x01, "Router" }, { 0x02, "Transparent Bridge" }, { 0x04, "Source Route Bridge" }, { 0x08, "L2 Switch" },
	{ 0x10, "L3 capable" }, { 0x20, "IGMP snooping" }, { 0x40, "L1 capable" }, { 0, NULL }
};

/* Shortest and longest value of those types that have a bound; 0 is none. */
static const struct {
	uint8_t least, most;
} bounds[] = {
	[ADDRESS] = { 4, 0 }, [CAPABILITY] = { 4, 4 }, [VLAN] = { 2, 2 }, [DUPLEX] = { 1, 1 }, [VOICE] = { 3, 3 },
	[VOICE_ASK] = { 2, 3 }, [POWER] = { 1, 3 }, [MTU] = { 4, 4 }, [TRUST] = { 1, 1 }, [UNTRUSTED] = { 1, 1 },
	[MANAGEMENT] = { 4, 0 }, [LOCATION] = { 1, 0 },
};

enum { N_TYPES = sizeof bounds / sizeof *bounds };

enum { F_VERSION, F_TTL, F_SUM, F_TYPE, F_DEVICE, F_PORT, F_CAPABILITIES, F_SOFTWARE, F_PLATFORM, F_VTP, F_VLAN, F_DUPLEX,
	F_VOICE, F_SYS_NAME, F_ADDRESS };
static const struct field F[] = {
	[F_VERSION] = { "cdp.version", U8, .help = "Version" },
	[F_TTL] = { "cdp.ttl", U8, .help = "Seconds this is valid" },
	[F_SUM] = { "cdp.checksum", U16, .help = "Checksum" },
	[F_TYPE] = { "cdp.tlv.type", U16, .names = types, .help = "TLV" },
	[F_DEVICE] = { "cdp.deviceid", STR, .help = "Device" },
	[F_PORT] = { "cdp.portid", STR, .help = "Port it was sent through" },
	[F_CAPABILITIES] = { "cdp.capabilities", U32, .help = "Capabilities" },
	[F_SOFTWARE] = { "cdp.software_version", STR, .help = "Software version" },
	[F_PLATFORM] = { "cdp.platform", STR, .help = "Platform" },
	[F_VTP] = { "cdp.vtp_management_domain", STR, .help = "VTP management domain" },
	[F_VLAN] = { "cdp.native_vlan", U16, .help = "Native VLAN" },
	[F_DUPLEX] = { "cdp.duplex", U8, .help = "Full duplex" },
	[F_VOICE] = { "cdp.voice_vlan", U16, .help = "Voice VLAN" },
	[F_SYS_NAME] = { "cdp.system_name", STR, .help = "System name" },
	[F_ADDRESS] = { "cdp.nrgyz.ip_address", IP4, .help = "IPv4 address" },
};

extern const struct proto proto_cdp;

static void
put_tlv(struct dis *d, unsigned type, const uint8_t *p, unsigned n)
{
	static const struct {
		uint8_t type;
		const struct field *field;
	} plain[] = {
		{ DEVICE, &F[F_DEVICE] }, { PORT, &F[F_PORT] }, { CAPABILITY, &F[F_CAPABILITIES] },
		{ VERSION, &F[F_SOFTWARE] }, { PLATFORM, &F[F_PLATFORM] }, { VTP, &F[F_VTP] },
		{ VLAN, &F[F_VLAN] }, { DUPLEX, &F[F_DUPLEX] }, { SYS_NAME, &F[F_SYS_NAME] },
	};

	put_value(d, &F[F_TYPE], type);
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		if (plain[i].type == type)
			put_field(d, plain[i].field, p, n);
	if ((type == VOICE || type == VOICE_ASK) && n == 3)
		put_field(d, &F[F_VOICE], p + 1, 2);
}

static void
text_quoted(struct dis *d, const uint8_t *p, unsigned n)
{
	text_char(d, '\'');
	text_str(d, p, n);
	text_char(d, '\'');
}

static void
text_version(struct dis *d, const uint8_t *p, unsigned n)
{
	text(d, "\n\t  ");
	for (unsigned i = 0; i < n; i++) {
		uint8_t c = u8(d, p + i);

		if (c == '\n')
			text(d, "\n\t  ");
		else
			text_ascii(d, c);
	}
}

static void
text_bytes(struct dis *d, const uint8_t *p, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		unsigned v = u8(d, p + i);

		text_char(d, ' ');
		text_x(d, v, 2);
	}
}

/* What kind of protocol identifier an address has. */
enum { NLPID = 1, LLC_SNAP, NLPID_IP = 0xcc };
static const uint8_t snap_ipv6[8] = { 0xaa, 0xaa, 0x03, 0x00, 0x00, 0x00, 0x86, 0xdd };

/* A list of addresses, each with its protocol. */
static void
text_addresses(struct dis *d, const uint8_t *p, unsigned n)
{
	uint32_t count = be32(d, p);
	unsigned kind, plen, alen;
	bool v4, v6;

	p += 4;
	n -= 4;
	for (; count; p += alen, n -= alen) {
		if (n < 2) {
			text(d, " (not enough space for PT+PL)");
			need(d, p, n);
			return;
		}
		kind = u8(d, p);
		plen = u8(d, p + 1);
		p += 2;
		n -= 2;
		if (n < plen + 2) {
			text(d, " (not enough space for P+AL)");
			need(d, p, n);
			return;
		}
		alen = be16(d, p + plen);
		v4 = kind == NLPID && plen == 1 && u8(d, p) == NLPID_IP && alen == 4;
		v6 = !v4 && kind == LLC_SNAP && plen == 8 && memcmp(p, snap_ipv6, 8) == 0 && alen == 16;
		if (!v4 && !v6) {
			text(d, "pt=0x"), text_x(d, kind, 2);
			text(d, ", pl="), text_u(d, plen), text(d, ", pb=");
			text_bytes(d, p, plen);
			text(d, ", al="), text_u(d, alen), text(d, ", a=");
		}
		p += plen + 2;
		n -= plen + 2;
		if (n < alen) {
			text(d, " (not enough space for A)");
			need(d, p, n);
			return;
		}
		if (v4) {
			put_field(d, &F[F_ADDRESS], p, 4);
			need(d, p, 4);
			text(d, "IPv4 ("), text_u(d, count), text(d, ") ");
			text_ip4(d, p);
		} else if (v6) {
			need(d, p, 16);
			text(d, "IPv6 ("), text_u(d, count), text(d, ") ");
			text_ip6(d, p);
		} else {
			text_bytes(d, p, alen);
		}
		if (--count)
			text_char(d, ' ');
	}
	if (n)
		text(d, " ("), text_u(d, n), text(d, " bytes of stray data)");
}

static void
text_prefixes(struct dis *d, const uint8_t *p, unsigned n)
{
	if (n % 5) {
		text(d, " [length "), text_u(d, n), text(d, " is not a multiple of 5]");
		need(d, p, n);
		return;
	}
	text(d, " IPv4 Prefixes ("), text_u(d, n / 5), text(d, "):");
	for (; n; p += 5, n -= 5) {
		need(d, p, 5);
		text_char(d, ' ');
		text_ip4_plain(d, p);
		text_char(d, '/'), text_u(d, p[4]);
	}
}

/* The value of a known type, of a length that suits it. */
static void
text_tlv(struct dis *d, unsigned type, const uint8_t *p, unsigned n)
{
	uint32_t v;

	switch (type) {
	case DEVICE:
	case PORT:
	case PLATFORM:
	case VTP:
	case SYS_NAME:
		text_quoted(d, p, n);
		break;
	case ADDRESS:
	case MANAGEMENT:
		text_addresses(d, p, n);
		break;
	case CAPABILITY:
		v = be32(d, p);
		text(d, "(0x"), text_x(d, v, 8), text(d, "): ");
		text_bits(d, capabilities, v, ", ", "none");
		break;
	case VERSION:
		text_version(d, p, n);
		break;
	case PREFIXES:
		text_prefixes(d, p, n);
		break;
	case VLAN:
		text_u(d, be16(d, p));
		break;
	case DUPLEX:
		text(d, u8(d, p) ? "full" : "half");
		break;
	case VOICE:
	case VOICE_ASK:
		if (n == 2) {
			v = be16(d, p);
			text(d, "unknown 0x"), text_x(d, v, 4);
		} else {
			need(d, p, 3);
			text(d, "app "), text_u(d, p[0]);
			text(d, ", vlan "), text_u(d, raw16(p + 1));
		}
		break;
	case POWER:
		text_fmt(d, "%1.2fW", (double)be_n(d, p, n) / 1000.0);
		break;
	case MTU:
		text_u(d, be32(d, p)), text(d, " bytes");
		break;
	case TRUST:
	case UNTRUSTED:
	case LOCATION:
		v = u8(d, p);
		text(d, "0x"), text_x(d, v, 2);
		if (type == LOCATION && n > 1) {
			text_char(d, '/');
			text_str(d, p + 1, n - 1);
		}
		break;
	default:
		need(d, p, n);
		break;
	}
}

static bool
fits(unsigned type, unsigned n)
{
	return type >= N_TYPES || (n >= bounds[type].least && (bounds[type].most == 0 || n <= bounds[type].most));
}

/* One TLV, its value of n bytes at p. */
static void
tlv(struct dis *d, unsigned type, const char *name, const uint8_t *p, unsigned n)
{
	/* Numbers that were never given out among those that were are said even without -v, but not dumped. */
	bool listed = type < N_TYPES, gap = listed && name_of(types, type) == NULL;
	bool brief = type == DEVICE || gap, covered = false;

	if (d->v) {
		text(d, "\n\t"), text(d, name);
		text(d, " (0x"), text_x(d, type, 2);
		text(d, "), value length: "), text_u(d, n);
		text(d, n == 1 ? " byte: " : " bytes: ");
	} else if (brief) {
		text(d, ", "), text(d, name), text_char(d, ' ');
	}
	if (d->sink)
		put_tlv(d, type, p, n);
	if (!fits(type, n)) {
		text(d, " (malformed TLV)");
	} else if (listed && (d->v || brief)) {
		text_tlv(d, type, p, n);
		covered = true;
	}
	if (!covered) {
		need(d, p, n);
		if (d->v)
			text_unknown(d, p, "\n\t  ", n);
	}
}

static void
cdp(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t whole = len;
	unsigned type, n, version, ttl, sum;
	const char *name;

	enter(d, &proto_cdp);
	if (len < HEADER) {
		text(d, " (packet length "), text_u(d, len), text(d, " < 4)");
		text_invalid(d);
		need(d, p, len);
		return;
	}
	version = u8(d, p);
	ttl = u8(d, p + 1);
	put_field(d, &F[F_VERSION], p, 1);
	put_field(d, &F[F_TTL], p + 1, 1);
	put_field(d, &F[F_SUM], p + 2, 2);
	text(d, "CDPv"), text_u(d, version);
	text(d, ", ttl: "), text_u(d, ttl), text_char(d, 's');
	sum = be16(d, p + 2);
	if (d->v) {
		text(d, ", checksum: 0x"), text_x(d, sum, 4);
		text(d, " (unverified), length "), text_u(d, whole);
	}
	p += HEADER;
	for (len -= HEADER; len; p += n, len -= n) {
		if (len < TLV) {
			text(d, " (remaining packet length "), text_u(d, len), text(d, " < 4)");
			goto invalid;
		}
		type = be16(d, p);
		n = be16(d, p + 2);
		name = name_of(types, type);
		if (name == NULL)
			name = "unknown field type";
		if (n < TLV) {
			text(d, d->v ? "\n\t" : ", "), text(d, name);
			if (d->v) {
				text(d, " (0x"), text_x(d, type, 2);
				text(d, "), TLV length: "), text_u(d, n);
				text(d, n == 1 ? " byte (too short)" : " bytes (too short)");
			} else {
				text(d, " TLV length "), text_u(d, n), text(d, " too short");
			}
			goto invalid;
		}
		if (n > len) {
			text(d, " (TLV length "), text_u(d, n);
			text(d, " > "), text_u(d, len), text_char(d, ')');
			goto invalid;
		}
		p += TLV;
		len -= TLV;
		n -= TLV;
		tlv(d, type, name, p, n);
	}
	if (!d->v)
		text(d, ", length "), text_u(d, whole);
	return;
invalid:
	text_invalid(d);
	need(d, p, len);
}

const struct proto proto_cdp = PROTO("cdp", "cdp", "Cisco Discovery Protocol", cdp, F);
