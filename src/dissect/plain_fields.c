#include "dissect/plain_fields.h"

#include <string.h>

static const struct plain_field known[] = {
	{ "frame.number", PLAIN_ANY, PLAIN_IN_FRAME, 0, 0, F_NUMBER },
	{ "frame.time_epoch", PLAIN_ANY, PLAIN_IN_FRAME, 0, 0, F_EPOCH },
	{ "frame.len", PLAIN_ANY, PLAIN_IN_FRAME, 0, 0, F_LEN },
	{ "frame.cap_len", PLAIN_ANY, PLAIN_IN_FRAME, 0, 0, F_CAP_LEN },
	{ "frame.interface_id", PLAIN_ANY, PLAIN_IN_FRAME, 0, 0, F_IFACE },
	{ "ip.version", PLAIN_V4, PLAIN_IN_NET, 0, 1, 0 }, { "ip.hdr_len", PLAIN_V4, PLAIN_IN_NET, 0, 0, IP_HLEN },
	{ "ip.dsfield.dscp", PLAIN_V4, PLAIN_IN_NET, 1, 1, 0 }, { "ip.dsfield.ecn", PLAIN_V4, PLAIN_IN_NET, 1, 1, 0 },
	{ "ip.len", PLAIN_V4, PLAIN_IN_NET, 2, 2, 0 }, { "ip.id", PLAIN_V4, PLAIN_IN_NET, 4, 2, 0 },
	{ "ip.flags.rb", PLAIN_V4, PLAIN_IN_NET, 6, 2, 0 }, { "ip.flags.df", PLAIN_V4, PLAIN_IN_NET, 6, 2, 0 },
	{ "ip.flags.mf", PLAIN_V4, PLAIN_IN_NET, 6, 2, 0 }, { "ip.frag_offset", PLAIN_V4, PLAIN_IN_NET, 0, 0, IP_OFFSET },
	{ "ip.ttl", PLAIN_V4, PLAIN_IN_NET, 8, 1, 0 }, { "ip.proto", PLAIN_V4, PLAIN_IN_NET, 9, 1, 0 },
	{ "ip.checksum", PLAIN_V4, PLAIN_IN_NET, 10, 2, 0 }, { "ip.src", PLAIN_V4, PLAIN_IN_NET, 12, 4, 0 },
	{ "ip.dst", PLAIN_V4, PLAIN_IN_NET, 16, 4, 0 }, { "ipv6.version", PLAIN_V6, PLAIN_IN_NET, 0, 1, 0 },
	{ "ipv6.tclass", PLAIN_V6, PLAIN_IN_NET, 0, 4, 0 }, { "ipv6.flow", PLAIN_V6, PLAIN_IN_NET, 0, 4, 0 },
	{ "ipv6.plen", PLAIN_V6, PLAIN_IN_NET, 4, 2, 0 }, { "ipv6.nxt", PLAIN_V6, PLAIN_IN_NET, 6, 1, 0 },
	{ "ipv6.hlim", PLAIN_V6, PLAIN_IN_NET, 7, 1, 0 }, { "ipv6.src", PLAIN_V6, PLAIN_IN_NET, 8, 16, 0 },
	{ "ipv6.dst", PLAIN_V6, PLAIN_IN_NET, 24, 16, 0 }, { "tcp.srcport", PLAIN_TCP, PLAIN_IN_TRANSPORT, 0, 2, 0 },
	{ "tcp.dstport", PLAIN_TCP, PLAIN_IN_TRANSPORT, 2, 2, 0 }, { "tcp.seq_raw", PLAIN_TCP, PLAIN_IN_TRANSPORT, 4, 4, 0 },
	{ "tcp.ack_raw", PLAIN_TCP, PLAIN_IN_TRANSPORT, 8, 4, 0 },
	{ "tcp.hdr_len", PLAIN_TCP, PLAIN_IN_TRANSPORT, 0, 0, TCP_HLEN },
	{ "tcp.flags", PLAIN_TCP, PLAIN_IN_TRANSPORT, 12, 2, 0 },
	{ "tcp.flags.fin", PLAIN_TCP, PLAIN_IN_TRANSPORT, 13, 1, 0 },
	{ "tcp.flags.syn", PLAIN_TCP, PLAIN_IN_TRANSPORT, 13, 1, 0 },
	{ "tcp.flags.reset", PLAIN_TCP, PLAIN_IN_TRANSPORT, 13, 1, 0 },
	{ "tcp.flags.push", PLAIN_TCP, PLAIN_IN_TRANSPORT, 13, 1, 0 },
	{ "tcp.flags.ack", PLAIN_TCP, PLAIN_IN_TRANSPORT, 13, 1, 0 },
	{ "tcp.flags.urg", PLAIN_TCP, PLAIN_IN_TRANSPORT, 13, 1, 0 },
	{ "tcp.flags.ece", PLAIN_TCP, PLAIN_IN_TRANSPORT, 13, 1, 0 },
	{ "tcp.flags.cwr", PLAIN_TCP, PLAIN_IN_TRANSPORT, 13, 1, 0 },
	{ "tcp.window_size_value", PLAIN_TCP, PLAIN_IN_TRANSPORT, 14, 2, 0 },
	{ "tcp.checksum", PLAIN_TCP, PLAIN_IN_TRANSPORT, 16, 2, 0 },
	{ "tcp.urgent_pointer", PLAIN_TCP, PLAIN_IN_TRANSPORT, 18, 2, 0 },
	{ "tcp.len", PLAIN_TCP, PLAIN_IN_TRANSPORT, 0, 0, TCP_LEN },
	{ "udp.srcport", PLAIN_UDP, PLAIN_IN_TRANSPORT, 0, 2, 0 }, { "udp.dstport", PLAIN_UDP, PLAIN_IN_TRANSPORT, 2, 2, 0 },
	{ "udp.length", PLAIN_UDP, PLAIN_IN_TRANSPORT, 4, 2, 0 }, { "udp.checksum", PLAIN_UDP, PLAIN_IN_TRANSPORT, 6, 2, 0 },
	{ "icmp.type", PLAIN_ECHO4, PLAIN_IN_TRANSPORT, 0, 1, 0 }, { "icmp.code", PLAIN_ECHO4, PLAIN_IN_TRANSPORT, 1, 1, 0 },
	{ "icmpv6.type", PLAIN_ECHO6, PLAIN_IN_TRANSPORT, 0, 1, 0 },
	{ "icmpv6.code", PLAIN_ECHO6, PLAIN_IN_TRANSPORT, 1, 1, 0 },
};

_Static_assert(sizeof known / sizeof *known <= PLAIN_FIELDS_MAX, "there is room for all of them");

const struct plain_field *
plain_field(const char *name)
{
	for (unsigned i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(known[i].name, name) == 0)
			return &known[i];
	return NULL;
}
