/*
 * Optimized Link State Routing, version 1: RFC 3626, and the messages that olsr.org's daemon added (link quality,
 * names, gateways that advertise themselves).
 */
#include "dissect/dissect.h"

enum { HEADER = 4 };

enum { HELLO = 1, TC = 2, MID = 3, HNA = 4, NAMES = 130, HELLO_LQ = 201, TC_LQ = 202 };
static const struct name messages[] = {
	{ HELLO, "Hello" }, { TC, "TC" }, { MID, "MID" }, { HNA, "HNA" }, { 128, "Powerinfo" }, { NAMES, "Nameservice" },
	{ HELLO_LQ, "Hello-LQ" }, { TC_LQ, "TC-LQ" }, { 0, NULL }
};

static const struct name links[] = {
	{ 0, "Unspecified" }, { 1, "Asymmetric" }, { 2, "Symmetric" }, { 3, "Lost" }, { 0, NULL }
};
static const struct name neighbors[] = {
	{ 0, "Not-Neighbor" }, { 1, "Symmetric" }, { 2, "Symmetric-MPR" }, { 0, NULL }
};

/* Flags of a gateway, where a network's mask would be: the bytes after them are its speeds. */
enum { GW_SPEED = 1, GW_SPEED_MAX = 320000000 };
static const struct name gateway_bits[] = {
	{ GW_SPEED, " LINKSPEED" }, { 2, " IPV4" }, { 4, " IPV4-NAT" }, { 8, " IPV6" }, { 16, " IPv6-PREFIX" }, { 0, NULL }
};

enum {
	LENGTH, SEQ, TYPE, SIZE, M_SEQ, ORIGIN4, ORIGIN6, TTL, HOPS, WILL, ANSN, LINK, NEIGHBOR4, NEIGHBOR6, LQ, NLQ, IFACE4,
	IFACE6, NET4, NET6, MASK4, MASK6, NAME,
};
static const struct field F[] = {
	[LENGTH] = { "olsr.packet_len", U16, .help = "Length of the packet" },
	[SEQ] = { "olsr.packet_seq_num", U16, .help = "Sequence number of the packet" },
	[TYPE] = { "olsr.message_type", U8, .names = messages, .help = "Type of a message" },
	[SIZE] = { "olsr.message_size", U16, .help = "Length of a message" },
	[M_SEQ] = { "olsr.message_seq_num", U16, .help = "Sequence number of a message" },
	[ORIGIN4] = { "olsr.origin_addr", IP4, .help = "Node that made a message" },
	[ORIGIN6] = { "olsr.origin6_addr", IP6, .help = "Node that made a message" },
	[TTL] = { "olsr.ttl", U8, .help = "Hops a message may still go" },
	[HOPS] = { "olsr.hop_count", U8, .help = "Hops a message has gone" },
	[WILL] = { "olsr.willingness", U8, .help = "Willingness to forward for others" },
	[ANSN] = { "olsr.ansn", U16, .help = "Sequence number of the advertised neighbors" },
	[LINK] = { "olsr.link_type", U8, .help = "Type of links and neighbors" },
	[NEIGHBOR4] = { "olsr.neighbor_addr", IP4, .help = "Neighbor" },
	[NEIGHBOR6] = { "olsr.neighbor6_addr", IP6, .help = "Neighbor" },
	[LQ] = { "olsr.lq", U8, .help = "Link quality, 255 is best" },
	[NLQ] = { "olsr.nlq", U8, .help = "Link quality at the neighbor, 255 is best" },
	[IFACE4] = { "olsr.interface_addr", IP4, .help = "Address of a further interface" },
	[IFACE6] = { "olsr.interface6_addr", IP6, .help = "Address of a further interface" },
	[NET4] = { "olsr.network_addr", IP4, .help = "Network that can be reached" },
	[NET6] = { "olsr.network6_addr", IP6, .help = "Network that can be reached" },
	[MASK4] = { "olsr.netmask", IP4, .help = "Its mask" },
	[MASK6] = { "olsr.netmask6", IP6, .help = "Its mask" },
	[NAME] = { "olsr.ns.content", STR, .help = "Name of a node or a service" },
};

extern const struct proto proto_olsr;

/* RFC 3626 section 18.3: mantissa and exponent of a time in sixteenths of a second. */
static double
seconds(uint8_t v)
{
	return 0.0625 * (1 + (double)(v >> 4) / 16) * (double)(1 << (v & 15));
}

static unsigned
speed(uint8_t v)
{
	unsigned kbit = (v >> 3) + 1u;

	if (v == 0)
		return 0;
	if (v == 255)
		return GW_SPEED_MAX;
	for (unsigned i = v & 7; i; i--)
		kbit *= 10;
	return kbit;
}

static void
text_address(struct dis *d, const uint8_t *p, bool six)
{
	if (six)
		text_ip6(d, p);
	else
		text_ip4(d, p);
}

static bool
text_qualities(struct dis *d, const uint8_t *p, uint32_t len, bool six)
{
	unsigned size = six ? 16 : 4;

	for (; len >= size + 4; len -= size + 4, p += size + 4) {
		put_field(d, &F[six ? NEIGHBOR6 : NEIGHBOR4], p, size);
		put_field(d, &F[LQ], p + size, 1);
		put_field(d, &F[NLQ], p + size + 1, 1);
		if (!have(d, p, size + 4))
			return false;
		text(d, "\n\t      neighbor ");
		text_address(d, p, six);
		text_fmt(d, ", link-quality %.2f%%, neighbor-link-quality %.2f%%", p[size] / 2.55, p[size + 1] / 2.55);
	}
	return true;
}

static void
text_neighbors(struct dis *d, const uint8_t *p, uint32_t len)
{
	text(d, "\n\t      neighbor\n\t\t");
	for (; len >= 4; len -= 4, p += 4) {
		put_field(d, &F[NEIGHBOR4], p, 4);
		need(d, p, 4);
		text_ip4(d, p);
		text_char(d, ' ');
	}
}

/* A list of neighbors, with or without the quality of the links to them; false when that is cut short. */
static bool
text_list(struct dis *d, unsigned type, const uint8_t *p, uint32_t len, bool six)
{
	if (type == HELLO || type == TC)
		text_neighbors(d, p, len);
	else
		return text_qualities(d, p, len, six);
	return true;
}

/* A message's body: 1 when it is fine, 0 when the packet ends with it, -1 when it makes no sense. */
static int
hello(struct dis *d, unsigned type, const uint8_t *p, uint32_t len, bool six)
{
	if (!have(d, p, 4) || len < 4)
		return -1;
	put_field(d, &F[WILL], p + 3, 1);
	text_fmt(d, "\n\t  hello-time %.3fs, MPR willingness %u", seconds(p[2]), p[3]);
	p += 4;
	for (len -= 4; len >= 4; ) {
		unsigned code, n;
		bool valid;

		put_field(d, &F[LINK], p, 1);
		if (!have(d, p, 4))
			return -1;
		code = p[0];
		n = raw16(p + 2);
		valid = n <= len && n >= 4;
		text(d, "\n\t    link-type ");
		text_name(d, links, code & 3, "Unknown");
		text(d, ", neighbor-type ");
		text_name(d, neighbors, code >> 2, "Unknown");
		text_fmt(d, ", len %u", n);
		if (!valid) {
			text(d, " (invalid)");
			break;
		}
		p += 4;
		len -= n;
		n -= 4;
		if (!have(d, p, n) || !text_list(d, type, p, n, six))
			return -1;
		p += n;
	}
	return 1;
}

/* Bits of an IPv4 mask, as tcpdump counts them: -1 when there is a hole in it. */
static int
mask_bits(uint32_t mask)
{
	int n = __builtin_popcount(mask);

	return n == 0 || mask == UINT32_MAX << (32 - n) ? n : -1;
}

/* The same for IPv6: what is behind the first byte that is not full does not count, nor a byte with holes. */
static unsigned
mask6_bits(const uint8_t *p)
{
	unsigned i = 0, n;

	while (i < 15 && p[i] == 0xff)
		i++;
	n = (unsigned)__builtin_popcount(p[i]);
	return i * 8 + (p[i] == (uint8_t)(0xff00 >> n) ? n : 0);
}

static int
networks(struct dis *d, const uint8_t *p, uint32_t len, bool six)
{
	unsigned size = six ? 16 : 4, column = 0;

	text_fmt(d, "\n\t  Advertised networks (total %u)", len / (2 * size));
	for (; len >= 2 * size; len -= 2 * size, p += 2 * size) {
		put_field(d, &F[six ? NET6 : NET4], p, size);
		put_field(d, &F[six ? MASK6 : MASK4], p + size, size);
		if (!have(d, p, 2 * size))
			return -1;
		if (six) {
			text(d, "\n\t    #0: ");
			text_ip6(d, p);
			text_fmt(d, "/%u", mask6_bits(p + 16));
			continue;
		}
		text(d, column ? ", " : "\n\t    ");
		if (raw32(p) == 0 && p[4] == 0 && p[5]) {
			text(d, "Smart-Gateway:");
			text_bits(d, gateway_bits, p[5] & 0x1f, "", "");
			text_fmt(d, " %u/%u", p[5] & GW_SPEED ? speed(p[6]) : 0, p[5] & GW_SPEED ? speed(p[7]) : 0);
		} else {
			text_ip4(d, p);
			text_fmt(d, "/%u", (unsigned)mask_bits(raw32(p + 4)));
		}
		column = (column + 1) % 4;
	}
	return 1;
}

static int
interfaces(struct dis *d, const uint8_t *p, uint32_t len, bool six)
{
	unsigned size = six ? 16 : 4;

	for (; len >= size; len -= size, p += size) {
		put_field(d, &F[six ? IFACE6 : IFACE4], p, size);
		if (!have(d, p, size))
			return -1;
		text(d, "\n\t  interface address ");
		text_address(d, p, six);
	}
	return 1;
}

static int
names(struct dis *d, const uint8_t *p, uint32_t len, bool six)
{
	unsigned size = six ? 16 : 4, count;
	bool valid;

	if (len < 4)
		return -1;
	need(d, p, 4);
	count = raw16(p + 2);
	valid = count > 0 && count * (4 + size) <= len;
	text_fmt(d, "\n\t  Version %u, Entries %u%s", raw16(p), count, valid ? "" : " (invalid)");
	if (!valid)
		return 1;
	p += 4;
	len -= 4;
	for (unsigned i = 0; i < count && len >= 4; i++) {
		unsigned n, all;

		need(d, p, 4);
		n = raw16(p + 2);
		all = size + ((n + 3) & ~3u);
		valid = n > 0 && size + n <= len - 4;
		text_fmt(d, "\n\t    #%u: type %#06x, length %u%s", i, raw16(p), n, valid ? "" : " (invalid)");
		p += 4;
		len -= 4;
		if (!valid)
			break;
		if (len < all || !have(d, p, all))
			return -1;
		put_field(d, &F[NAME], p + size, n);
		text(d, ", address ");
		text_address(d, p, six);
		text(d, ", name \"");
		text_str(d, p + size, n);
		text_char(d, '"');
		p += all;
		len -= all;
	}
	return 1;
}

static int
body(struct dis *d, unsigned type, const uint8_t *p, uint32_t len, bool six)
{
	switch (type) {
	case HELLO:
	case HELLO_LQ:
		return hello(d, type, p, len, six);
	case TC:
	case TC_LQ:
		if (len < 4 || !have(d, p, 4))
			return -1;
		put_field(d, &F[ANSN], p, 2);
		text_fmt(d, "\n\t    advertised neighbor seq 0x%04x", raw16(p));
		return text_list(d, type, p + 4, len - 4, six) ? 1 : -1;
	case MID:
		return interfaces(d, p, len, six);
	case HNA:
		return networks(d, p, len, six);
	case NAMES:
		return names(d, p, len, six);
	default:
		text_unknown(d, p, "\n\t    ", len);
		return have(d, p, 0);
	}
}

/* The message at p of a packet of `whole` bytes: its length, 0 when the packet ends with it, -1 when it is damaged. */
static int
message(struct dis *d, const uint8_t *p, uint32_t whole, bool six)
{
	unsigned size = six ? 16 : 4, header = size + 8, type, n;
	int state;

	if (d->sink) {
		put_field(d, &F[TYPE], p, 1);
		put_field(d, &F[SIZE], p + 2, 2);
		put_field(d, &F[six ? ORIGIN6 : ORIGIN4], p + 4, size);
		put_field(d, &F[TTL], p + 4 + size, 1);
		put_field(d, &F[HOPS], p + 5 + size, 1);
		put_field(d, &F[M_SEQ], p + 6 + size, 2);
	}
	if (!have(d, p, header))
		return -1;
	type = p[0];
	n = raw16(p + 2);
	if (type == 0 || n == 0)
		return 0;
	text(d, "\n\t");
	text_name(d, messages, type, "Unknown");
	text_fmt(d, " Message (%#04x), originator ", type);
	text_address(d, p + 4, six);
	text_fmt(d, ", ttl %u, hop %u\n\t  vtime %.3fs, msg-seq 0x%04x, length %u", p[4 + size], p[5 + size],
	    seconds(p[1]), raw16(p + 6 + size), n);
	if (n < header || n > whole) {
		text(d, " (invalid)");
		return 0;
	}
	state = body(d, type, p + header, n - header, six);
	return state > 0 ? (int)n : state;
}

static void
olsr(struct dis *d, const uint8_t *p, uint32_t len)
{
	bool six = d->net.version == 6;
	const uint8_t *end;

	enter(d, &proto_olsr);
	put_field(d, &F[LENGTH], p, 2);
	put_field(d, &F[SEQ], p + 2, 2);
	text(d, six ? "OLSRv6" : "OLSRv4");
	if (len < HEADER || !have(d, p, HEADER)) {
		text_trunc(d);
		return;
	}
	if (len > raw16(p))
		len = raw16(p);
	text_fmt(d, ", seq 0x%04x, length %u", raw16(p + 2), len);
	if (!d->v)
		return;
	end = p + len;
	for (p += HEADER; p < end; ) {
		int n = message(d, p, len, six);

		if (n < 0)
			text_trunc(d);
		if (n <= 0)
			return;
		p += n;
	}
}

const struct proto proto_olsr = PROTO("olsr", "olsr", "Optimized Link State Routing Protocol", olsr, F);
