/* Linux netfilter's log (DLT_NFLOG): packets behind attributes, whose lengths and types are in the host's byte order. */
#include "dissect/dissect.h"

enum { HEADER = 4, TLV_HEADER = 4, FAMILY_IP = 2, FAMILY_IP6 = 10 };
enum { TLV_PACKET = 1, TLV_TIMESTAMP = 3, TLV_INDEV = 4, TLV_OUTDEV = 5, TLV_PAYLOAD = 9, TLV_PREFIX = 10, TLV_UID = 11,
	TLV_GID = 14 };

static const struct name families[] = { { FAMILY_IP, "IPv4" }, { FAMILY_IP6, "IPv6" }, { 0, NULL } };

enum { FAMILY, VERSION, RESOURCE, PROTOCOL, HOOK, INDEV, OUTDEV, PREFIX, UID, GID, TIMESTAMP };
static const struct field F[] = {
	[FAMILY] = { "nflog.family", U8, .names = families, .help = "Address family" },
	[VERSION] = { "nflog.version", U8, .help = "Version" },
	[RESOURCE] = { "nflog.res_id", U16, .help = "Resource: the log group" },
	[PROTOCOL] = { "nflog.protocol", U16, .names = ethertype_names, .help = "Protocol, as the link has it" },
	[HOOK] = { "nflog.hook", U8, .help = "Netfilter hook" },
	[INDEV] = { "nflog.ifindex_indev", U32, .help = "Interface it came in through" },
	[OUTDEV] = { "nflog.ifindex_outdev", U32, .help = "Interface it leaves through" },
	[PREFIX] = { "nflog.prefix", STR, .help = "The log rule's prefix" },
	[UID] = { "nflog.uid", I32, .help = "User who owns the socket" },
	[GID] = { "nflog.gid", I32, .help = "Group that owns the socket" },
	[TIMESTAMP] = { "nflog.timestamp", TIME_NS, .help = "Time stamp" },
};

extern const struct proto proto_nflog;

static void
text_header(struct dis *d, const uint8_t *p, uint32_t len)
{
	text(d, "version "), text_u(d, p[1]);
	text(d, ", resource ID "), text_u(d, raw16(p + 2));
	if (d->q) {
		text(d, ", ");
		text_name(d, families, p[0], "Unknown NFLOG (0x%02x)");
	} else {
		text(d, ", family ");
		text_name(d, families, p[0], "Unknown");
		text(d, " ("), text_u(d, p[0]), text_char(d, ')');
	}
	text(d, ", length "), text_u(d, len), text(d, ": ");
}

/* An attribute, n bytes with its header; all captured. */
static void
put_attribute(struct dis *d, unsigned type, const uint8_t *p, uint32_t n)
{
	static const struct { uint8_t type, field; } numbers[] = {
		{ TLV_INDEV, INDEV }, { TLV_OUTDEV, OUTDEV }, { TLV_UID, UID }, { TLV_GID, GID }
	};

	p += TLV_HEADER;
	n -= TLV_HEADER;
	if (type == TLV_PREFIX)
		put_field(d, &F[PREFIX], p, n);
	if (type == TLV_PACKET && n >= 3) {
		put_field(d, &F[PROTOCOL], p, 2);
		put_field(d, &F[HOOK], p + 2, 1);
	}
	if (type == TLV_TIMESTAMP && n >= 16)
		put_value(d, &F[TIMESTAMP], be64(d, p) * 1000000000 + be64(d, p + 8) * 1000);
	for (size_t i = 0; i < sizeof(numbers) / sizeof *numbers; i++)
		if (numbers[i].type == type && n >= 4)
			put_field(d, &F[numbers[i].field], p, 4);
}

/*
 * Steps over the attributes up to the packet itself; false when they are cut short or make no sense. What is left of
 * the packet's length and how long the header is, either way.
 */
static bool
skip_attributes(struct dis *d, const uint8_t *p, uint32_t *len, uint32_t *header)
{
	while (*len) {
		const uint8_t *at = p + *header;
		uint32_t n;
		uint16_t type;

		if (!have(d, at, TLV_HEADER))
			return false;
		n = (le16(d, at) + 3u) & 0xfffc;
		type = le16(d, at + 2);
		if (n < TLV_HEADER || !have(d, at, n))
			return false;
		if (type == TLV_PAYLOAD)
			n = TLV_HEADER;
		else if (d->sink)
			put_attribute(d, type, at, n);
		*header += n;
		*len -= n;
		if (type == TLV_PAYLOAD)
			break;
	}
	return true;
}

static void
nflog(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t header = HEADER;
	bool whole;

	enter(d, &proto_nflog);
	if (!have(d, p, HEADER)) {
		text_trunc(d);
		link_header(d, left(d, p));
		return;
	}
	link_header(d, HEADER);
	put_field(d, &F[FAMILY], p, 1);
	put_field(d, &F[VERSION], p + 1, 1);
	put_field(d, &F[RESOURCE], p + 2, 2);
	if (p[1] != 0) {
		text(d, "version "), text_u(d, p[1]), text(d, " (unknown)");
		return;
	}
	if (d->e)
		text_header(d, p, len);
	len -= HEADER;
	whole = skip_attributes(d, p, &len, &header);
	link_header(d, header);
	if (!whole) {
		text_trunc(d);
	} else if (p[0] == FAMILY_IP) {
		next(d, D_ETHERTYPE, ETH_IP, p + header, len);
	} else if (p[0] == FAMILY_IP6) {
		next(d, D_ETHERTYPE, ETH_IPV6, p + header, len);
	} else {
		if (!d->e)
			text_header(d, p, len + HEADER);
		text_default(d, p + header, left(d, p + header));
	}
}

const struct proto proto_nflog = PROTO("nflog", "nflog", "Linux netfilter log", nflog, F);
