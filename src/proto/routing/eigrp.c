/* Cisco's Enhanced Interior Gateway Routing Protocol, version 2 (RFC 7868, and the TLVs of AppleTalk before it). */
#include "dissect/dissect.h"

enum { VERSION_2 = 2, HEADER = 20, TLV_HEADER = 4 };

static const struct name opcodes[] = {
	{ 1, "Update" }, { 3, "Query" }, { 4, "Reply" }, { 5, "Hello" }, { 6, "IPX SAP" }, { 7, "Probe" }, { 0, NULL }
};

static const struct name header_flags[] = {
	{ 0x01, "Init" }, { 0x02, "Conditionally Received" }, { 0x04, "Restart" }, { 0x08, "End-of-Table" }, { 0, NULL }
};

enum {
	T_PARAMETERS = 0x0001, T_VERSION = 0x0004, T_IP_INTERNAL = 0x0102, T_IP_EXTERNAL = 0x0103, T_AT_INTERNAL = 0x0202,
	T_AT_EXTERNAL = 0x0203, T_AT_CABLE = 0x0204,
};
static const struct name tlvs[] = {
	{ T_PARAMETERS, "General Parameters" }, { 0x0002, "Authentication" }, { 0x0003, "Sequence" },
	{ T_VERSION, "Software Version" }, { 0x0005, "Next Multicast Sequence" }, { T_IP_INTERNAL, "IP Internal routes" },
	{ T_IP_EXTERNAL, "IP External routes" }, { T_AT_INTERNAL, "AppleTalk Internal routes" },
	{ T_AT_EXTERNAL, "AppleTalk External routes" }, { T_AT_CABLE, "AppleTalk Cable setup" },
	{ 0x0302, "IPX Internal routes" }, { 0x0303, "IPX External routes" }, { 0, NULL }
};

static const struct name origins[] = {
	{ 1, "IGRP" }, { 2, "EIGRP" }, { 3, "Static" }, { 4, "RIP" }, { 5, "Hello" }, { 6, "OSPF" }, { 7, "IS-IS" },
	{ 8, "EGP" }, { 9, "BGP" }, { 10, "IDRP" }, { 11, "Connected" }, { 0, NULL }
};

enum {
	VERSION, OPCODE, SUM, FLAGS, SEQ, ACK, VRID, AS, TYPE, LEN, K1, K2, K3, K4, K5, HOLD, IOS, RELEASE, NEXT_HOP,
	DELAY, BANDWIDTH, MTU, HOPS, RELIABILITY, LOAD, PREFIX_LEN, DEST, ORIGIN, ORIGIN_AS, TAG, METRIC, PROTO, CABLE,
};
static const struct field F[] = {
	[VERSION] = { "eigrp.version", U8, .help = "Version" },
	[OPCODE] = { "eigrp.opcode", U8, .names = opcodes, .help = "What the message is" },
	[SUM] = { "eigrp.checksum", U16, .help = "Checksum" },
	[FLAGS] = { "eigrp.flags", U32, .help = "Flags" },
	[SEQ] = { "eigrp.seq", U32, .help = "Sequence number" },
	[ACK] = { "eigrp.ack", U32, .help = "Sequence number that is acknowledged" },
	[VRID] = { "eigrp.vrid", U16, .help = "Virtual router" },
	[AS] = { "eigrp.as", U16, .help = "Autonomous system" },
	[TYPE] = { "eigrp.tlv_type", U16, .names = tlvs, .help = "Type of a TLV" },
	[LEN] = { "eigrp.tlv.len", U16, .help = "Length of a TLV" },
	[K1] = { "eigrp.par.k1", U8, .help = "Weight of bandwidth" },
	[K2] = { "eigrp.par.k2", U8, .help = "Weight of load" },
	[K3] = { "eigrp.par.k3", U8, .help = "Weight of delay" },
	[K4] = { "eigrp.par.k4", U8, .help = "Weight of reliability" },
	[K5] = { "eigrp.par.k5", U8, .help = "Weight of the MTU" },
	[HOLD] = { "eigrp.par.holdtime", U16, .help = "Hold time in seconds" },
	[IOS] = { "eigrp.release_version", U16, .help = "Version of the router's software, a byte each for major and minor" },
	[RELEASE] = { "eigrp.tlv_version", U16, .help = "Version of EIGRP, a byte each for major and minor" },
	[NEXT_HOP] = { "eigrp.ipv4.nexthop", IP4, .help = "Next hop of a route" },
	[DELAY] = { "eigrp.old_metric.delay", U32, .help = "Delay" },
	[BANDWIDTH] = { "eigrp.old_metric.bw", U32, .help = "Bandwidth" },
	[MTU] = { "eigrp.old_metric.mtu", U24, .help = "MTU of the path" },
	[HOPS] = { "eigrp.old_metric.hopcount", U8, .help = "Hops" },
	[RELIABILITY] = { "eigrp.old_metric.rel", U8, .help = "Reliability" },
	[LOAD] = { "eigrp.old_metric.load", U8, .help = "Load" },
	[PREFIX_LEN] = { "eigrp.ipv4.prefixlen", U8, .help = "Length of the prefix" },
	[DEST] = { "eigrp.ipv4.destination", BYTES, .help = "Bytes of the prefix" },
	[ORIGIN] = { "eigrp.extdata.origrid", IP4, .help = "Router that brought the route in" },
	[ORIGIN_AS] = { "eigrp.extdata.as", U32, .help = "Its autonomous system" },
	[TAG] = { "eigrp.extdata.tag", U32, .help = "Tag of the route" },
	[METRIC] = { "eigrp.extdata.metric", U32, .help = "Metric in the other protocol" },
	[PROTO] = { "eigrp.extdata.proto", U8, .names = origins, .help = "The other protocol" },
	[CABLE] = { "eigrp.cable_range", U32, .help = "First and last of a range of AppleTalk networks" },
};

extern const struct proto proto_eigrp;

/* The metric of a route at p: 16 bytes, captured. */
static void
text_metric(struct dis *d, const uint8_t *p)
{
	if (d->sink) {
		put_field(d, &F[DELAY], p, 4);
		put_field(d, &F[BANDWIDTH], p + 4, 4);
		put_field(d, &F[MTU], p + 8, 3);
		put_field(d, &F[HOPS], p + 11, 1);
		put_field(d, &F[RELIABILITY], p + 12, 1);
		put_field(d, &F[LOAD], p + 13, 1);
	}
	text_fmt(d, "\n\t      delay %u ms, bandwidth %u Kbps, mtu %u, hop %u, reliability %u, load %u", raw32(p) / 100,
	    raw32(p + 4), raw32(p + 8) >> 8, p[11], p[12], p[13]);
}

/* Prefix length, prefix and next hop of an IPv4 route; false when the length is impossible. */
static bool
text_prefix(struct dis *d, const uint8_t *p, const uint8_t *next_hop)
{
	unsigned bits = p[0], bytes = (bits + 7) / 8;
	uint8_t prefix[4] = { 0 };
	uint32_t at;

	put_field(d, &F[NEXT_HOP], next_hop, 4);
	put_field(d, &F[PREFIX_LEN], p, 1);
	if (bits > 32) {
		text_fmt(d, "\n\t    illegal prefix length %u", bits);
		return false;
	}
	put_field(d, &F[DEST], p + 1, bytes);
	need(d, p + 1, bytes);
	memcpy(prefix, p + 1, bytes);
	text(d, "\n\t    IPv4 prefix: ");
	at = text_at(d);
	text_ip4_own(d, prefix);
	text_pad_left(d, at, 15);
	text_fmt(d, "/%u, nexthop: ", bits);
	if (raw32(next_hop))
		text_ip4(d, next_hop);
	else
		text(d, "self");
	return true;
}

static void
text_cable(struct dis *d, const uint8_t *p, const uint8_t *next_hop)
{
	put_field(d, &F[CABLE], p, 4);
	text_fmt(d, "\n\t     Cable-Range: %u-%u, nexthop: ", raw16(p), raw16(p + 2));
	if (raw32(next_hop))
		text_fmt(d, "%u.%u", raw16(next_hop), raw16(next_hop + 2));
	else
		text(d, "self");
}

/* Where a route came from before EIGRP had it; AppleTalk's routers are numbers. */
static void
text_origin(struct dis *d, const uint8_t *p, unsigned proto, unsigned flags, uint32_t metric, bool appletalk)
{
	put_field(d, &F[ORIGIN], p, 4);
	put_field(d, &F[ORIGIN_AS], p + 4, 4);
	put_field(d, &F[TAG], p + 8, 4);
	put_value(d, &F[METRIC], metric);
	put_value(d, &F[PROTO], proto);
	text(d, "\n\t      origin-router ");
	if (appletalk)
		text_u(d, raw32(p));
	else
		text_ip4(d, p);
	text_fmt(d, ", origin-as %u, origin-proto ", raw32(p + 4));
	text_name(d, origins, proto, "unknown");
	text_fmt(d, ", flags [0x%02x], tag 0x%08x, metric %u", flags, raw32(p + 8), metric);
}

/* The least length of a TLV's value, 0 for those without a dissector. */
static unsigned
least(unsigned type)
{
	switch (type) {
	case T_PARAMETERS:
		return 8;
	case T_VERSION:
		return 4;
	case T_IP_INTERNAL:
		return 22;
	case T_IP_EXTERNAL:
		return 42;
	case T_AT_CABLE:
		return 8;
	case T_AT_INTERNAL:
		return 24;
	case T_AT_EXTERNAL:
		return 40;
	default:
		return 0;
	}
}

/* A TLV's value, captured and not too short. */
static void
text_value(struct dis *d, unsigned type, const uint8_t *p)
{
	switch (type) {
	case T_PARAMETERS:
		for (unsigned i = K1; i <= K5; i++)
			put_field(d, &F[i], p + (i - K1), 1);
		put_field(d, &F[HOLD], p + 6, 2);
		text_fmt(d, "\n\t    holdtime: %us, k1 %u, k2 %u, k3 %u, k4 %u, k5 %u", raw16(p + 6), p[0], p[1], p[2], p[3],
		    p[4]);
		break;
	case T_VERSION:
		put_field(d, &F[IOS], p, 2);
		put_field(d, &F[RELEASE], p + 2, 2);
		text_fmt(d, "\n\t    IOS version: %u.%u, EIGRP version %u.%u", p[0], p[1], p[2], p[3]);
		break;
	case T_IP_INTERNAL:
		if (text_prefix(d, p + 20, p))
			text_metric(d, p + 4);
		break;
	case T_IP_EXTERNAL:
		if (text_prefix(d, p + 40, p)) {
			text_origin(d, p + 4, p[22], p[23], raw32(p + 16), false);
			text_metric(d, p + 24);
		}
		break;
	case T_AT_CABLE:
		put_field(d, &F[CABLE], p, 4);
		text_fmt(d, "\n\t    Cable-range: %u-%u, Router-ID %u", raw16(p), raw16(p + 2), raw32(p + 4));
		break;
	case T_AT_INTERNAL:
		text_cable(d, p + 20, p);
		text_metric(d, p + 4);
		break;
	case T_AT_EXTERNAL:
		text_cable(d, p + 36, p);
		text_origin(d, p + 4, p[16], p[17], raw16(p + 18), true);
		text_metric(d, p + 20);
		break;
	}
}

static void
put_header(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[VERSION], p, 1);
	put_field(d, &F[OPCODE], p + 1, 1);
	put_field(d, &F[SUM], p + 2, 2);
	put_field(d, &F[FLAGS], p + 4, 4);
	put_field(d, &F[SEQ], p + 8, 4);
	put_field(d, &F[ACK], p + 12, 4);
	put_field(d, &F[VRID], p + 16, 2);
	put_field(d, &F[AS], p + 18, 2);
}

static void
text_header(struct dis *d, const uint8_t *p, uint32_t len)
{
	text_fmt(d, "\n\tEIGRP v%u, opcode: ", p[0]);
	text_name(d, opcodes, p[1], "unknown, type: %u");
	text_fmt(d, " (%u), chksum: 0x%04x, Flags: [", p[1], raw16(p + 2));
	text_bits(d, header_flags, raw32(p + 4), ", ", "none");
	text_fmt(d, "]\n\tseq: 0x%08x, ack: 0x%08x, VRID: %u, AS: %u, length: %u", raw32(p + 8), raw32(p + 12),
	    raw16(p + 16), raw16(p + 18), len);
}

static void
eigrp(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_eigrp);
	if (d->sink)
		put_header(d, p);
	if (!have(d, p, HEADER)) {
		text_trunc(d);
		return;
	}
	if (p[0] != VERSION_2) {
		text_fmt(d, "EIGRP version %u packet not supported", p[0]);
		return;
	}
	if (d->v < 1 || len < HEADER) {
		text(d, "EIGRP ");
		text_name(d, opcodes, p[1], "unknown (%u)");
		text_fmt(d, ", length: %u", len);
		if (d->v >= 1)
			text_fmt(d, " (too short, < %u)", HEADER);
		return;
	}
	len -= HEADER;
	text_header(d, p, len);
	for (p += HEADER; len; ) {
		unsigned type, n;

		put_field(d, &F[TYPE], p, 2);
		put_field(d, &F[LEN], p + 2, 2);
		if (!have(d, p, TLV_HEADER)) {
			text_trunc(d);
			return;
		}
		type = raw16(p);
		n = raw16(p + 2);
		if (n < TLV_HEADER || n > len) {
			text_unknown(d, p + TLV_HEADER, "\n\t    ", len);
			return;
		}
		text(d, "\n\t  ");
		text_name(d, tlvs, type, "Unknown");
		text_fmt(d, " TLV (0x%04x), length: %u", type, n);
		if (!have(d, p, n)) {
			text_trunc(d);
			return;
		}
		if (least(type) == 0) {
			if (d->v <= 1)
				text_unknown(d, p + TLV_HEADER, "\n\t    ", n - TLV_HEADER);
		} else if (n - TLV_HEADER < least(type)) {
			text_fmt(d, " (too short, < %u)", TLV_HEADER + least(type));
		} else {
			text_value(d, type, p + TLV_HEADER);
		}
		if (d->v > 1)
			text_unknown(d, p + TLV_HEADER, "\n\t    ", n - TLV_HEADER);
		p += n;
		len -= n;
	}
}

const struct proto proto_eigrp = PROTO("eigrp", "eigrp", "Enhanced Interior Gateway Routing Protocol", eigrp, F);
