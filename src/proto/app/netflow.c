/* Cisco NetFlow, versions 1, 5 and 6: what a router has seen, a record a flow. Only where -T says so. */
#include "dissect/dissect.h"

enum { HEADER_1 = 16, HEADER = 24, RECORD_1 = 48, RECORD = 52, TCP = 6 };

static const struct name tcp_flags[] = {
	{ 0x01, "F" }, { 0x02, "S" }, { 0x04, "R" }, { 0x08, "P" }, { 0x10, "A" }, { 0x20, "U" }, { 0, NULL }
};

enum { VERSION, COUNT, UPTIME, SECONDS, SEQUENCE, SRC, DST, HOP, SPORT, DPORT, PROTOCOL, PACKETS, OCTETS };
static const struct field F[] = {
	[VERSION] = { "cflow.version", U16, .help = "Version" },
	[COUNT] = { "cflow.count", U16, .help = "Number of records" },
	[UPTIME] = { "cflow.sysuptime", U32, .help = "Milliseconds since the router began" },
	[SECONDS] = { "cflow.unix_secs", TIME32, .help = "When this was sent" },
	[SEQUENCE] = { "cflow.sequence", U32, .help = "Flows seen before" },
	[SRC] = { "cflow.srcaddr", IP4, .help = "Source of a flow" },
	[DST] = { "cflow.dstaddr", IP4, .help = "Destination of a flow" },
	[HOP] = { "cflow.nexthop", IP4, .help = "Next router" },
	[SPORT] = { "cflow.srcport", U16, .help = "Source port" },
	[DPORT] = { "cflow.dstport", U16, .help = "Destination port" },
	[PROTOCOL] = { "cflow.protocol", U8, .help = "IP protocol" },
	[PACKETS] = { "cflow.packets", U32, .help = "Packets of a flow" },
	[OCTETS] = { "cflow.octets", U32, .help = "Bytes of a flow" },
};

extern const struct proto proto_netflow;

static void
text_millis(struct dis *d, const char *label, uint32_t v)
{
	text(d, label);
	text_fmt(d, "%u.%03u", v / 1000, v % 1000);
}

/* One end: address, from version 5 on with the length of its prefix and its AS, and port. */
static void
text_end_point(struct dis *d, const uint8_t *addr, const uint8_t *mask, const uint8_t *as, const uint8_t *port)
{
	text_ip4_plain(d, addr);
	if (mask) {
		text_char(d, '/'), text_u(d, *mask);
		text_char(d, ':'), text_u(d, raw16(as));
	}
	text_char(d, ':'), text_u(d, raw16(port)), text_char(d, ' ');
}

static void
record(struct dis *d, unsigned version, const uint8_t *p)
{
	bool v1 = version == 1;
	unsigned flags, proto;

	need(d, p, v1 ? RECORD_1 : RECORD);
	proto = p[38];
	flags = p[v1 ? 40 : 37];
	put_field(d, &F[SRC], p, 4);
	put_field(d, &F[DST], p + 4, 4);
	put_field(d, &F[HOP], p + 8, 4);
	put_field(d, &F[PACKETS], p + 16, 4);
	put_field(d, &F[OCTETS], p + 20, 4);
	put_field(d, &F[SPORT], p + 32, 2);
	put_field(d, &F[DPORT], p + 34, 2);
	put_field(d, &F[PROTOCOL], p + 38, 1);
	text_millis(d, "\n  started ", raw32(p + 24));
	text_millis(d, ", last ", raw32(p + 28));
	text(d, "\n    "), text_end_point(d, p, v1 ? NULL : p + 44, p + 40, p + 32);
	text(d, "> "), text_end_point(d, p + 4, v1 ? NULL : p + 45, p + 42, p + 34);
	text(d, ">> "), text_ip4_plain(d, p + 8), text(d, "\n    ");
	text_u(d, proto), text_char(d, ' ');
	if (proto == TCP && flags)
		text_bits(d, tcp_flags, flags, "", ""), text_char(d, ' ');
	text_fmt(d, "tos %u, %u (%u octets) ", p[39], raw32(p + 16), raw32(p + 20));
	if (version == 6)
		text_fmt(d, "(%u<>%u encaps)", p[46], p[47]);
}

static void
netflow(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned version;
	uint32_t header, count;

	(void)len;
	enter(d, &proto_netflow);
	version = be16(d, p);
	put_field(d, &F[VERSION], p, 2);
	if (version != 1 && version != 5 && version != 6) {
		text(d, "NetFlow v"), text_x(d, version, 0);
		return;
	}
	header = version == 1 ? HEADER_1 : HEADER;
	put_field(d, &F[COUNT], p + 2, 2);
	put_field(d, &F[UPTIME], p + 4, 4);
	put_field(d, &F[SECONDS], p + 8, 4);
	if (version != 1)
		put_field(d, &F[SEQUENCE], p + 16, 4);
	need(d, p, header);
	count = raw32(p + 2);		/* tcpdump takes it for 32 bits; the end of what was captured comes first */
	text(d, "NetFlow v"), text_x(d, version, 0);
	text_millis(d, ", ", raw32(p + 4));
	text_fmt(d, " uptime, %u.%09u, ", raw32(p + 8), raw32(p + 12));
	if (version != 1)
		text_fmt(d, "#%u, ", raw32(p + 16));
	text_fmt(d, "%2u recs", count);
	p += header;
	for (uint32_t i = 0; i < count; i++, p += version == 1 ? RECORD_1 : RECORD)
		record(d, version, p);
}

const struct proto proto_netflow = PROTO("cflow", "cnfp", "Cisco NetFlow", netflow, F);
