/* Cisco's Interior Gateway Routing Protocol ("An Introduction to IGRP", Hedrick 1991). */
#include "dissect/dissect.h"

enum { HEADER = 12, ENTRY = 14 };

static const struct name opcodes[] = { { 1, "update" }, { 2, "request" }, { 0, NULL } };

enum { VERSION, OPCODE, EDITION, AS, INTERIOR, SYSTEM, EXTERIOR, SUM, NETWORK, DELAY, BANDWIDTH, MTU, RELIABILITY, LOAD,
	HOPS };
static const struct field F[] = {
	[VERSION] = { "igrp.version", U8, .mask = 0xf0, .help = "Version" },
	[OPCODE] = { "igrp.command", U8, .mask = 0x0f, .names = opcodes, .help = "Update or request" },
	[EDITION] = { "igrp.update", U8, .help = "Edition of the routing table" },
	[AS] = { "igrp.as", U16, .help = "Autonomous system" },
	[INTERIOR] = { "igrp.interior_routes", U16, .help = "Number of interior routes" },
	[SYSTEM] = { "igrp.system_routes", U16, .help = "Number of system routes" },
	[EXTERIOR] = { "igrp.exterior_routes", U16, .help = "Number of exterior routes" },
	[SUM] = { "igrp.checksum", U16, .help = "Checksum" },
	[NETWORK] = { "igrp.network", BYTES, .help = "Three bytes of a network's address" },
	[DELAY] = { "igrp.delay", U24, .help = "Delay in tens of microseconds" },
	[BANDWIDTH] = { "igrp.bandwidth", U24, .help = "Bandwidth, as 10^7 by kbit/s" },
	[MTU] = { "igrp.mtu", U16, .help = "MTU of the path" },
	[RELIABILITY] = { "igrp.reliability", U8, .help = "Reliability, 255 is best" },
	[LOAD] = { "igrp.load", U8, .help = "Load, 255 is full" },
	[HOPS] = { "igrp.hop_count", U8, .help = "Hops" },
};

extern const struct proto proto_igrp;

static void
put_entry(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[NETWORK], p, 3);
	put_field(d, &F[DELAY], p + 3, 3);
	put_field(d, &F[BANDWIDTH], p + 6, 3);
	put_field(d, &F[MTU], p + 9, 2);
	put_field(d, &F[RELIABILITY], p + 11, 1);
	put_field(d, &F[LOAD], p + 12, 1);
	put_field(d, &F[HOPS], p + 13, 1);
}

static void
text_metric(struct dis *d, const uint8_t *p)
{
	uint32_t delay = be24(d, p + 3), bandwidth = be24(d, p + 6), metric = bandwidth + delay;

	if (metric > 0xffffff)
		metric = 0xffffff;
	need(d, p, ENTRY);
	text_fmt(d, " d=%u b=%u r=%u l=%u M=%u mtu=%u in %u hops", 10 * delay, bandwidth ? 10000000 / bandwidth : 0, p[11],
	    p[12], metric, raw16(p + 9), p[13]);
}

static void
put_header(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[VERSION], p, 1);
	put_field(d, &F[OPCODE], p, 1);
	put_field(d, &F[EDITION], p + 1, 1);
	put_field(d, &F[AS], p + 2, 2);
	put_field(d, &F[INTERIOR], p + 4, 2);
	put_field(d, &F[SYSTEM], p + 6, 2);
	put_field(d, &F[EXTERIOR], p + 8, 2);
	put_field(d, &F[SUM], p + 10, 2);
}

static void
igrp(struct dis *d, const uint8_t *p, uint32_t len)
{
	/* Entries come in three groups: subnets of this network, networks of this system, and others. */
	static const char *const before[] = { " *.", " ", " X" }, *const after[] = { "", ".0", ".0" };
	unsigned count[3], group = 0;

	enter(d, &proto_igrp);
	if (d->sink)
		put_header(d, p);
	text(d, "igrp:");
	need(d, p, 10);
	for (unsigned i = 0; i < 3; i++)
		count[i] = raw16(p + 4 + 2 * i);
	text_char(d, ' ');
	text_name(d, opcodes, p[0] & 15, "op-#%u");
	text_fmt(d, " V%u edit=%u AS=%u (%u/%u/%u)", p[0] >> 4, p[1], raw16(p + 2), count[0], count[1], count[2]);
	need(d, p, HEADER);
	if (d->v)
		text_fmt(d, " checksum=0x%04x", raw16(p + 10));
	p += HEADER;
	/* A length below the header's can only be a wrong one of IP's: it wraps around, and the entries are cut short. */
	for (len -= HEADER; len >= ENTRY; len -= ENTRY, p += ENTRY) {
		if (d->sink)
			put_entry(d, p);
		need(d, p, 3);
		while (group < 3 && count[group] == 0)
			group++;
		if (group == 3) {
			text_fmt(d, " [extra bytes %u]", len);
			break;
		}
		text_fmt(d, "%s%u.%u.%u%s", before[group], p[0], p[1], p[2], after[group]);
		text_metric(d, p);
		count[group]--;
	}
	if (len || count[0] || count[1] || count[2])
		text_invalid(d);
}

const struct proto proto_igrp = PROTO("igrp", "igrp", "Interior Gateway Routing Protocol", igrp, F);
