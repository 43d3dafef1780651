/* Home Networking Control Protocol, RFC 7788, on top of DNCP, RFC 7787. */
#include "dissect/dissect.h"

enum {
	REQUEST_NETWORK = 1, REQUEST_NODE, ENDPOINT, NETWORK_STATE, NODE_STATE, PEER = 8, KEEP_ALIVE, TRUST_VERDICT, VERSION = 32,
	EXTERNAL, DELEGATED, ASSIGNED, NODE_ADDRESS, DHCPV4, DHCPV6, ZONE, DOMAIN, NODE_NAME, PSK, POLICY
};
/* What stands for the types without a name. */
enum { RESERVED = 0x10000, UNASSIGNED, PRIVATE, FUTURE };
enum { DEPTH_MAX = 64 };	/* containers in containers: the stack is not the packet's to fill */

static const struct name types[] = {
	{ REQUEST_NETWORK, "Request network state" }, { REQUEST_NODE, "Request node state" }, { ENDPOINT, "Node endpoint" },
	{ NETWORK_STATE, "Network state" }, { NODE_STATE, "Node state" }, { PEER, "Peer" },
	{ KEEP_ALIVE, "Keep-alive interval" }, { TRUST_VERDICT, "Trust-Verdict" }, { VERSION, "HNCP-Version" },
	{ EXTERNAL, "External-Connection" }, { DELEGATED, "Delegated-Prefix" }, { POLICY, "Prefix-Policy" },
	{ DHCPV4, "DHCPv4-Data" }, { DHCPV6, "DHCPv6-Data" }, { ASSIGNED, "Assigned-Prefix" },
	{ NODE_ADDRESS, "Node-Address" }, { ZONE, "DNS-Delegated-Zone" }, { DOMAIN, "Domain-Name" },
	{ NODE_NAME, "Node-Name" }, { PSK, "Managed-PSK" }, { RESERVED, "Reserved" }, { UNASSIGNED, "Unassigned" },
	{ PRIVATE, "Private use" }, { FUTURE, "Future use" }, { 0, NULL }
};
static const struct name dhcp4[] = { { 6, "DNS-server" }, { 42, "NTP-server" }, { 119, "DNS-search" }, { 0, NULL } };
static const struct name dhcp6[] = { { 23, "DNS-server" }, { 24, "DNS-search-list" }, { 31, "SNTP-servers" }, { 0, NULL } };

enum { TLV_TYPE, NODE, ENDPOINT_ID, SEQUENCE, AGENT };
static const struct field F[] = {
	[TLV_TYPE] = { "hncp.type", U16, .names = types, .help = "Type of a TLV" },
	[NODE] = { "hncp.node", BYTES, .help = "Node" },
	[ENDPOINT_ID] = { "hncp.endpoint", U32, .help = "Endpoint" },
	[SEQUENCE] = { "hncp.sequence", U32, .help = "Sequence number of a node's state" },
	[AGENT] = { "hncp.user_agent", STR, .help = "Software of a node" },
};

extern const struct proto proto_hncp;

static void say_tlvs(struct dis *d, const uint8_t *p, uint32_t len, int depth);

static void
say_indent(struct dis *d, int depth)
{
	text_char(d, '\n');
	while (depth--)
		text_char(d, '\t');
}

static void
say_node(struct dis *d, const char *label, const uint8_t *p)
{
	need(d, p, 4);
	put_field(d, &F[NODE], p, 4);
	text_fmt(d, "%s%02x:%02x:%02x:%02x", label, p[0], p[1], p[2], p[3]);
}

static void
say_endpoint(struct dis *d, const char *label, const uint8_t *p)
{
	put_field(d, &F[ENDPOINT_ID], p, 4);
	text_be_x(d, label, p, 4, 8);
}

static void
say_interval(struct dis *d, const char *label, const uint8_t *p)
{
	uint32_t ms = be32(d, p);

	text_fmt(d, "%s%u.%03us", label, ms / 1000, ms % 1000);
}

static bool
is_mapped(const uint8_t *p)
{
	static const uint8_t zero[10];

	return memcmp(p, zero, 10) == 0 && p[10] == 0xff && p[11] == 0xff;
}

static void
say_address(struct dis *d, const uint8_t *p)
{
	need(d, p, 16);
	if (is_mapped(p))
		text_ip4(d, p + 12);
	else
		text_ip6(d, p);
}

enum { TOO_LONG = -1, BEYOND = -3 };

/* A prefix length and as many bytes of the prefix as it takes; how long that is, or what is wrong. */
static int
say_prefix(struct dis *d, const uint8_t *p, uint32_t len)
{
	enum { MAPPED = 96 };
	uint8_t address[16] = { 0 };
	unsigned bits = u8(d, p), n = (bits + 7) / 8;
	bool v4 = bits >= MAPPED && len >= 13 && have(d, p + 1, 12) && is_mapped(p + 1);

	if (bits > 128)
		return TOO_LONG;
	if (len - 1 < n || !have(d, p + 1, n))
		return BEYOND;
	memcpy(address, p + 1, n);
	if (bits % 8)
		address[n - 1] &= (uint8_t)(0xff00 >> bits % 8);
	if (v4) {
		text_ip4_plain(d, address + 12);
		text_fmt(d, "/%u", bits - MAPPED);
	} else {
		text_ip6_plain(d, address);
		text_fmt(d, "/%u", bits);
	}
	return (int)n + 1;
}

/* A domain name of labels, without compression; its length, or -1. */
static int
say_domain(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t at = 0;

	while (at < len) {
		unsigned n = u8(d, p + at);

		at++;
		if (n == 0)
			return (int)at;
		if (at > 1)
			text_char(d, '.');
		if (at + n > len) {
			text_str_pad(d, p + at, len - at);
			break;
		}
		text_str_pad(d, p + at, n);
		at += n;
	}
	text(d, "[|DNS]");
	return -1;
}

/* DHCP options: type and length of one byte each, or of two. False when they make no sense. */
static bool
say_dhcp(struct dis *d, const uint8_t *p, uint32_t len, int depth, bool v6)
{
	enum { DNS4 = 6, NTP4 = 42, SEARCH4 = 119, DNS6 = 23, SEARCH6 = 24, SNTP6 = 31 };
	unsigned head = v6 ? 4 : 2, size = v6 ? 16 : 4;

	while (len) {
		unsigned type, n;
		bool addresses, names;

		if (len < head)
			return false;
		type = v6 ? be16(d, p) : u8(d, p);
		n = v6 ? be16(d, p + 2) : u8(d, p + 1);
		say_indent(d, depth);
		text_name(d, v6 ? dhcp6 : dhcp4, type, "Unknown");
		text_fmt(d, " (%u)", n + head);
		if (head + n > len)
			return false;
		p += head;
		addresses = v6 ? type == DNS6 || type == SNTP6 : type == DNS4 || type == NTP4;
		names = type == (v6 ? SEARCH6 : SEARCH4);
		if (addresses && (n % size || (!v6 && n == 0))) {
			if (v6)
				text_invalid(d);
			return false;
		}
		for (unsigned i = 0; addresses && i < n; i += size) {
			need(d, p + i, size);
			text_char(d, ' ');
			if (v6)
				text_ip6(d, p + i);
			else
				text_ip4(d, p + i);
		}
		for (const uint8_t *q = p; names && q < p + n; ) {
			text_char(d, ' ');
			if ((q = text_domain(d, q, p + n)) == NULL)
				return false;
		}
		p += n;
		len -= head + n;
	}
	return true;
}

/* TLVs behind the fixed part of another, which is padded to four bytes. */
static void
say_nested(struct dis *d, const uint8_t *p, uint32_t len, int used, int depth)
{
	uint32_t at = ((uint32_t)used + 3) & ~3u;

	if (len >= at)
		say_tlvs(d, p + at, len - at, depth + 1);
}

static bool
say_delegated(struct dis *d, const uint8_t *p, uint32_t n, int depth)
{
	int used;

	if (n < 9 || n < 9 + (u8(d, p + 8) + 7u) / 8)
		return false;
	need(d, p, 8);
	say_interval(d, " VLSO: ", p);
	say_interval(d, " PLSO: ", p + 4);
	text(d, " Prefix: ");
	used = say_prefix(d, p + 8, n - 8);
	if (used == TOO_LONG) {
		text(d, "(length is invalid)");
		return true;
	}
	if (used < 0)
		return false;
	/* The prefix alone is padded, so that the eight bytes before it do not matter. */
	say_nested(d, p, n, used + 8, depth);
	return true;
}

static bool
say_policy(struct dis *d, const uint8_t *p, uint32_t n)
{
	unsigned policy;

	if (n < 1)
		return false;
	policy = u8(d, p);
	text(d, " type: ");
	if (policy == 0 || policy == 131) {
		if (n != 1)
			return false;
		text(d, policy ? "Restrictive assignment" : "Internet connectivity");
	} else if (policy <= 128) {
		int used;

		text(d, "Dest-Prefix: ");
		used = say_prefix(d, p, n);
		if (used == TOO_LONG)
			text(d, "(length is invalid)");
		else if (used < 0)
			return false;
	} else if (policy == 129) {
		text(d, "DNS domain: ");
		say_domain(d, p + 1, n - 1);
	} else if (policy == 130) {
		text(d, "Opaque UTF-8: ");
		text_str_pad(d, p + 1, n - 1);
	} else {
		text_fmt(d, "Unknown (%u)", policy);
	}
	return true;
}

static bool
say_node_name(struct dis *d, const uint8_t *p, uint32_t n, int depth)
{
	unsigned size;

	if (n < 17)
		return false;
	size = u8(d, p + 16);
	if (n < 17 + size)
		return false;
	text(d, " IP-Address: "), say_address(d, p);
	text(d, " Name: ");
	if (size < 64) {
		text_char(d, '"');
		text_str_pad(d, p + 17, size);
		text_char(d, '"');
	} else {
		text_invalid(d);
	}
	say_nested(d, p, n, (int)size + 17, depth);
	return true;
}

static bool
say_zone(struct dis *d, const uint8_t *p, uint32_t n, int depth)
{
	int used;

	if (n < 17)
		return false;
	text(d, " IP-Address: "), say_address(d, p);
	u8(d, p + 16);
	text_fmt(d, " %c%c%c ", p[16] & 4 ? 'l' : '-', p[16] & 2 ? 'b' : '-', p[16] & 1 ? 's' : '-');
	used = say_domain(d, p + 17, n - 17);
	if (used < 0)
		return false;
	say_nested(d, p, n, used + 17, depth);
	return true;
}

/* The value of a TLV, captured; false when it is malformed. *stop: the TLVs after it are not shown either. */
static bool
say_value(struct dis *d, uint32_t type, const uint8_t *p, uint32_t n, int depth, bool *stop)
{
	int used;

	switch (type) {
	case REQUEST_NETWORK:
		return n == 0;
	case REQUEST_NODE:
		if (n != 4)
			return false;
		say_node(d, " NID: ", p);
		return true;
	case ENDPOINT:
		if (n != 8)
			return false;
		say_node(d, " NID: ", p);
		say_endpoint(d, " EPID: ", p + 4);
		return true;
	case NETWORK_STATE:
		if (n != 8)
			return false;
		text_be_x(d, " hash: ", p, 8, 16);
		return true;
	case NODE_STATE:
		if (n < 20)
			return false;
		say_node(d, " NID: ", p);
		put_field(d, &F[SEQUENCE], p + 4, 4);
		text_be(d, " seqno: ", p + 4, 4);
		say_interval(d, " ", p + 8);
		text_be_x(d, " hash: ", p + 12, 8, 16);
		say_tlvs(d, p + 20, n - 20, depth + 1);
		return true;
	case PEER:
		if (n != 12)
			return false;
		say_node(d, " Peer-NID: ", p);
		say_endpoint(d, " Peer-EPID: ", p + 4);
		say_endpoint(d, " Local-EPID: ", p + 8);
		return true;
	case KEEP_ALIVE:
		if (n < 8)
			return false;
		say_endpoint(d, " EPID: ", p);
		say_interval(d, " Interval: ", p + 4);
		return true;
	case TRUST_VERDICT:
		if (n <= 36)
			return false;
		text_be(d, " Verdict: ", p, 1);
		text(d, " Fingerprint: "), text_hex(d, p + 4, 32);
		text(d, " Common Name: "), text_str_pad(d, p + 36, n - 36);
		return true;
	case VERSION:
		if (n < 5)
			return false;
		put_field(d, &F[AGENT], p + 4, n - 4);
		text_fmt(d, " M: %u P: %u H: %u L: %u User-agent: ", p[2] >> 4, p[2] & 0xf, p[3] >> 4, p[3] & 0xf);
		text_str_pad(d, p + 4, n - 4);
		return true;
	case EXTERNAL:
		say_tlvs(d, p, n, depth + 1);
		return true;
	case DELEGATED:
		return say_delegated(d, p, n, depth);
	case POLICY:
		return say_policy(d, p, n);
	case DHCPV4:
		if (n && !say_dhcp(d, p, n, depth + 1, false)) {
			*stop = true;
			return false;
		}
		return n != 0;
	case DHCPV6:
		return n && say_dhcp(d, p, n, depth + 1, true);
	case ASSIGNED:
		if (n < 6 || n < 6 + (p[5] + 7u) / 8)
			return false;
		say_endpoint(d, " EPID: ", p);
		text_fmt(d, " Prty: %u Prefix: ", p[4] & 0xf);
		used = say_prefix(d, p + 5, n - 5);
		if (used < 0)
			return false;
		say_nested(d, p, n, used + 5, depth);
		return true;
	case NODE_ADDRESS:
		if (n < 20)
			return false;
		say_endpoint(d, " EPID: ", p);
		text(d, " IP Address: "), say_address(d, p + 4);
		say_tlvs(d, p + 20, n - 20, depth + 1);
		return true;
	case ZONE:
		return say_zone(d, p, n, depth);
	case DOMAIN:
		if (n == 0)
			return false;
		text(d, " Domain: ");
		say_domain(d, p, n);
		return true;
	case NODE_NAME:
		return say_node_name(d, p, n, depth);
	case PSK:
		if (n < 32)
			return false;
		text(d, " PSK: "), text_hex(d, p, 32);
		say_tlvs(d, p + 32, n - 32, depth + 1);
		return true;
	default:
		return true;
	}
}

static uint32_t
kind_of(uint32_t type)
{
	if (name_of(types, type))
		return type;
	if (type == 0)
		return RESERVED;
	if (type >= 44 && type <= 511)
		return UNASSIGNED;
	return type >= 768 && type <= 1023 ? PRIVATE : FUTURE;
}

/* Equal TLVs in a row, when they are only counted. */
struct run {
	uint32_t kind;
	unsigned n;
	bool first;
};

static void
say_run(struct dis *d, struct run *r, int depth)
{
	if (r->n == 0)
		return;
	if (!r->first)
		text(d, ", ");
	else if (depth > 1)
		say_indent(d, depth);
	else
		text_char(d, ' ');
	r->first = false;
	text_name(d, types, r->kind, "Easter Egg");
	if (r->n > 1)
		text_fmt(d, " (x%u)", r->n);
}

/* Each on a line of its own as deep as -v goes, and beyond that by name only. */
static void
say_tlvs(struct dis *d, const uint8_t *p, uint32_t len, int depth)
{
	bool in_line = depth - 1 >= d->v && d->v < 3, stop = false;
	struct run run = { UINT32_MAX, 0, true };

	if (depth > DEPTH_MAX) {
		text_invalid(d);
		return;
	}
	while (len) {
		uint32_t type, n, kind, whole;

		if (!in_line)
			say_indent(d, depth);
		if (!have(d, p, 4)) {
			text_trunc(d);
			return;
		}
		if (len < 4) {
			text_invalid(d);
			return;
		}
		type = raw16(p);
		n = raw16(p + 2);
		put_field(d, &F[TLV_TYPE], p, 2);
		if (!have(d, p + 4, n)) {
			text_trunc(d);
			return;
		}
		if (n + 4 > len) {
			text_invalid(d);
			return;
		}
		kind = kind_of(type);
		if (in_line) {
			if (kind != run.kind) {
				say_run(d, &run, depth);
				run.kind = kind;
				run.n = 0;
			}
			run.n++;
		} else {
			text_name(d, types, kind, "Easter Egg (42)");
			if (kind >= RESERVED)
				text_fmt(d, ": type=%u", type);
			text_fmt(d, " (%u)", n + 4);
			if (!say_value(d, kind, p + 4, n, depth, &stop))
				text_invalid(d);
			if (stop)
				return;
		}
		whole = 4 + ((n + 3) & ~3u);
		if (whole >= len)
			break;
		p += whole;
		len -= whole;
	}
	say_run(d, &run, depth);
}

static void
hncp(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_hncp);
	text_fmt(d, "hncp (%u)", len);
	say_tlvs(d, p, len, 1);
}

const struct proto proto_hncp = PROTO("hncp", "hncp", "Home Networking Control Protocol", hncp, F);
