/* GeoNetworking (ETSI TS 102 636-4-1), and the Basic Transport Protocol in it (TS 102 636-5-1). */
#include "dissect/dissect.h"

enum { HEADER = 36, MULTI_HOP = 32, ADDRESS = 8, BTP = 4 };
enum { BTP_A = 1, BTP_B };

static const struct name nexts[] = {
	{ 0, "Any" }, { BTP_A, "BTP-A" }, { BTP_B, "BTP-B" }, { 3, "IPv6" }, { 0, NULL }
};

/*
 * Header types, and their subtypes below a first byte; a type of which the subtype does not matter has them all. more:
 * bytes of header behind the common one, negative where nobody looks behind it.
 */
static const struct kind {
	uint8_t first, last;
	int8_t more;
	const char *name;
} kinds[] = {
	{ 0x00, 0x0f, 0, "Any" }, { 0x10, 0x1f, 0, "Beacon" }, { 0x20, 0x2f, -1, "GeoUnicast" },
	{ 0x30, 0x30, -1, "GeoAnycastCircle" }, { 0x31, 0x31, -1, "GeoAnycastRect" },
	{ 0x32, 0x32, -1, "GeoAnycastElipse" }, { 0x40, 0x40, -1, "GeoBroadcastCircle" },
	{ 0x41, 0x41, -1, "GeoBroadcastRect" }, { 0x42, 0x42, -1, "GeoBroadcastElipse" },
	{ 0x50, 0x50, 0, "TopoScopeBcast-SH" }, { 0x51, 0x51, MULTI_HOP, "TopoScopeBcast-MH" },
	{ 0x60, 0x60, -1, "LocService-Request" }, { 0x61, 0x61, -1, "LocService-Reply" },
	{ 0x00, 0xff, -1, "Unknown" },
};

static const struct name messages[] = {
	{ 0, "CAM" }, { 1, "DENM" }, { 101, "TPEGM" }, { 102, "TSPDM" }, { 103, "VPM" }, { 104, "SRM" }, { 105, "SLAM" },
	{ 106, "ecoCAM" }, { 107, "ITM" }, { 150, "SA" }, { 0, NULL }
};

enum { VERSION, NEXT, TYPE, SUBTYPE, LENGTH, HOPS, SOURCE, LATITUDE, LONGITUDE };
static const struct field F[] = {
	[VERSION] = { "gnw.version", U8, .mask = 0xf0, .help = "Version" },
	[NEXT] = { "gnw.next", U8, .mask = 0x0f, .names = nexts, .help = "Next header" },
	[TYPE] = { "gnw.type", U8, .mask = 0xf0, .help = "Header type" },
	[SUBTYPE] = { "gnw.subtype", U8, .mask = 0x0f, .help = "Header subtype" },
	[LENGTH] = { "gnw.length", U16, .help = "Length of the payload" },
	[HOPS] = { "gnw.hop_limit", U8, .help = "Hop limit" },
	[SOURCE] = { "gnw.src", BYTES, .help = "Address of the source" },
	[LATITUDE] = { "gnw.lat", I32, .help = "Latitude of the source, tenths of a microdegree" },
	[LONGITUDE] = { "gnw.lon", I32, .help = "Longitude of the source, tenths of a microdegree" },
};

enum { DST_PORT, SRC_PORT, PDU_VERSION, PDU_TYPE };
static const struct field B[] = {
	[DST_PORT] = { "btp.dstport", U16, .help = "Destination port" },
	[SRC_PORT] = { "btp.srcport", U16, .help = "Source port" },
	[PDU_VERSION] = { "btp.its.version", U8, .help = "Version of the message" },
	[PDU_TYPE] = { "btp.its.type", U8, .names = messages, .help = "Message" },
};

extern const struct proto proto_geonet, proto_btp;

static const struct kind *
kind_of(unsigned type)
{
	const struct kind *k = kinds;

	while (type < k->first || type > k->last)
		k++;
	return k;
}

static void
put_header(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[VERSION], p, 1);
	put_field(d, &F[NEXT], p, 1);
	put_field(d, &F[TYPE], p + 1, 1);
	put_field(d, &F[SUBTYPE], p + 1, 1);
	put_field(d, &F[LENGTH], p + 4, 2);
	put_field(d, &F[HOPS], p + 7, 1);
	put_field(d, &F[SOURCE], p + 8, ADDRESS);
	put_field(d, &F[LATITUDE], p + 20, 4);
	put_field(d, &F[LONGITUDE], p + 24, 4);
}

/* The common header; what is said starts after all of its small fields are there. */
static const struct kind *
walk_header(struct dis *d, const uint8_t *p)
{
	const struct kind *kind;
	const char *name;

	if (d->sink)
		put_header(d, p);
	need(d, p, 8);
	kind = kind_of(p[1]);
	name = name_of(nexts, p[0] & 15);
	text_fmt(d, "v:%u NH:%u-%s ", p[0] >> 4, p[0] & 15, name ? name : "Unknown");
	text_fmt(d, "HT:%u-%u-%s ", p[1] >> 4, p[1] & 15, kind->name);
	text_fmt(d, "HopLim:%u Payload:%u ", p[7], raw16(p + 4));
	need(d, p + 8, ADDRESS);
	text(d, "GN_ADDR:"), text_linkaddr(d, p + 8, ADDRESS), text(d, " ");
	text_be(d, "lat:", p + 20, 4);
	text(d, " ");
	text_be(d, "lon:", p + 24, 4);
	need(d, p, HEADER);
	return kind;
}

static void
walk_btp(struct dis *d, const uint8_t *p, uint32_t len)
{
	if (d->sink) {
		fields_layer(d, &proto_btp);
		put_field(d, &B[DST_PORT], p, 2);
		put_field(d, &B[SRC_PORT], p + 2, 2);
		if (len >= BTP + 2) {
			put_field(d, &B[PDU_VERSION], p + BTP, 1);
			put_field(d, &B[PDU_TYPE], p + BTP + 1, 1);
		}
	}
	text_be(d, "; BTP Dst:", p, 2);
	text_be(d, " Src:", p + 2, 2);
	if (len < BTP + 2)
		return;
	text_be(d, "; ItsPduHeader v:", p + BTP, 1);
	text_be(d, " t:", p + BTP + 1, 1);
	text(d, "-"), text_name(d, messages, p[BTP + 1], "unknown (%u)");
}

static void
geonet(struct dis *d, const uint8_t *p, uint32_t len)
{
	const struct kind *kind;
	unsigned following;

	enter(d, &proto_geonet);
	text(d, "GeoNet ");
	if (d->mac_src)
		text(d, "src:"), text_mac_own(d, d->mac_src);
	text(d, "; ");
	if (len < HEADER) {
		text(d, " (common header length "), text_u(d, len), text(d, " < 36)");
		text_invalid(d);
		return;
	}
	kind = walk_header(d, p);
	following = p[0] & 15;
	p += HEADER;
	len -= HEADER;
	if (kind->more >= 0) {
		if (len < (uint32_t)kind->more) {
			text_fmt(d, " (header size %d > %u)", kind->more, len);
			text_invalid(d);
			return;
		}
		need(d, p, (uint32_t)kind->more);
		p += kind->more;
		len -= (uint32_t)kind->more;
		if (following == BTP_A || following == BTP_B) {
			if (len < BTP) {
				text(d, " (BTP length "), text_u(d, len), text(d, " < 4)");
				text_invalid(d);
				return;
			}
			walk_btp(d, p, len);
			p += BTP;
			len -= BTP;
		}
	}
	/* Also where the packet is dumped anyway. */
	if (d->v)
		text_dump_hex_ascii(d, "\n\t", p, len, 0);
}

const struct proto proto_geonet = PROTO("gnw", "geonet", "GeoNetworking", geonet, F);
const struct proto proto_btp = PROTO("btp", "geonet", "Basic Transport Protocol", geonet, B);
