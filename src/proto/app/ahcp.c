/* Ad-Hoc Configuration Protocol, draft-chroboczek-ahcp-00. */
#include "dissect/dissect.h"

enum { MAGIC = 43, HEADER = 24, BODY = 4 };
enum { PAD = 0, MANDATORY = 1, ORIGIN_TIME = 2, EXPIRES = 3 };

static const struct name messages[] = {
	{ 0, "Discover" }, { 1, "Offer" }, { 2, "Request" }, { 3, "Ack" }, { 4, "Nack" }, { 5, "Release" }, { 0, NULL }
};
static const struct name options[] = {
	{ 0, "Pad" }, { 1, "Mandatory" }, { 2, "Origin Time" }, { 3, "Expires" }, { 4, "My-IPv6-Address" },
	{ 5, "My-IPv4-Address" }, { 6, "IPv6 Prefix" }, { 7, "IPv4 Prefix" }, { 8, "IPv6 Address" }, { 9, "IPv4 Address" },
	{ 10, "IPv6 Prefix Delegation" }, { 11, "IPv4 Prefix Delegation" }, { 12, "Name Server" }, { 13, "NTP Server" },
	{ 0, NULL }
};

enum { VERSION, HOPS, ORIGINAL_HOPS, NONCE, SOURCE, DESTINATION, TYPE, OPTION, IP4_ADDRESS, IP6_ADDRESS };
static const struct field F[] = {
	[VERSION] = { "ahcp.version", U8, .help = "Version" },
	[HOPS] = { "ahcp.hopcount", U8, .help = "Hops left" },
	[ORIGINAL_HOPS] = { "ahcp.original_hopcount", U8, .help = "Hops at the start" },
	[NONCE] = { "ahcp.nonce", U32, .help = "Nonce" },
	[SOURCE] = { "ahcp.src_id", EUI64, .help = "Sender" },
	[DESTINATION] = { "ahcp.dst_id", EUI64, .help = "Destination" },
	[TYPE] = { "ahcp.type", U8, .names = messages, .help = "Message" },
	[OPTION] = { "ahcp.option", U8, .names = options, .help = "Option" },
	[IP4_ADDRESS] = { "ahcp.ipv4", IP4, .help = "Address in an option" },
	[IP6_ADDRESS] = { "ahcp.ipv6", IP6, .help = "Address in an option" },
};

extern const struct proto proto_ahcp;

static void
say_wrong(struct dis *d, const uint8_t *p, uint32_t len)
{
	text_invalid(d);
	need(d, p, len);
}

/* A list of addresses of 4 or 16 bytes, with a prefix length behind each or not. */
static void
say_addresses(struct dis *d, const uint8_t *p, uint32_t len, unsigned size, bool prefix)
{
	uint32_t each = size + prefix;
	const char *before = ": ";

	for (; len; p += each, len -= each) {
		if (len < each) {
			say_wrong(d, p, len);
			return;
		}
		need(d, p, each);
		put_field(d, &F[size == 4 ? IP4_ADDRESS : IP6_ADDRESS], p, size);
		text(d, before);
		if (size == 4)
			text_ip4(d, p);
		else
			text_ip6(d, p);
		if (prefix)
			text_char(d, '/'), text_u(d, p[size]);
		before = ", ";
	}
}

static void
say_value(struct dis *d, unsigned option, const uint8_t *p, uint32_t len)
{
	switch (option) {
	case ORIGIN_TIME:
	case EXPIRES:
		if (len != 4)
			say_wrong(d, p, len);
		else if (option == EXPIRES)
			text_be(d, ": ", p, 4), text_char(d, 's');
		else
			need(d, p, 4), text(d, ": "), text_time(d, "%Y-%m-%d %H:%M:%S UTC", raw32(p), true);
		break;
	case 4: case 8: case 12: case 13:
		say_addresses(d, p, len, 16, false);
		break;
	case 5: case 9:
		say_addresses(d, p, len, 4, false);
		break;
	case 6: case 10:
		say_addresses(d, p, len, 16, true);
		break;
	case 11:
		say_addresses(d, p, len, 4, true);
		break;
	default:
		text_fmt(d, " (Length %u)", len);
		need(d, p, len);
		break;
	}
}

static void
say_options(struct dis *d, const uint8_t *p, uint32_t len)
{
	while (len) {
		unsigned option = u8(d, p), n;

		put_field(d, &F[OPTION], p, 1);
		p++;
		len--;
		text(d, "\n\t "), text_name(d, options, option, "Unknown-%u");
		if (option == PAD || option == MANDATORY)
			continue;
		if (len == 0) {
			say_wrong(d, p, len);
			return;
		}
		n = u8(d, p);
		p++;
		len--;
		if (n > len) {
			say_wrong(d, p, len);
			return;
		}
		say_value(d, option, p, n);
		p += n;
		len -= n;
	}
}

static void
say_body(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t n;

	if (len < BODY) {
		say_wrong(d, p, len);
		return;
	}
	need(d, p, BODY);
	put_field(d, &F[TYPE], p, 1);
	n = raw16(p + 2);
	if (d->v) {
		text(d, "\n\t"), text_name(d, messages, p[0], "Unknown-%u");
		if (p[1])
			text_fmt(d, ", MBZ %u", p[1]);
		text(d, ", Length "), text_u(d, n);
	}
	p += BODY;
	len -= BODY;
	if (n > len)
		say_wrong(d, p, len);
	else if (d->v > 1)
		say_options(d, p, n);
	else
		need(d, p, n);
}

static void
ahcp(struct dis *d, const uint8_t *p, uint32_t len)
{
	enum { FIXED = HEADER - 2 };
	unsigned version;

	enter(d, &proto_ahcp);
	text(d, "AHCP");
	if (len < 2 || u8(d, p) != MAGIC) {
		say_wrong(d, p, len);
		return;
	}
	version = u8(d, p + 1);
	put_field(d, &F[VERSION], p + 1, 1);
	p += 2;
	len -= 2;
	if (version != 1) {
		text_fmt(d, " Version %u (unknown)", version);
		need(d, p, len);
		return;
	}
	text(d, " Version 1");
	if (len < FIXED) {
		say_wrong(d, p, len);
		return;
	}
	put_field(d, &F[HOPS], p, 1);
	put_field(d, &F[ORIGINAL_HOPS], p + 1, 1);
	put_field(d, &F[NONCE], p + 2, 4);
	put_field(d, &F[SOURCE], p + 6, 8);
	put_field(d, &F[DESTINATION], p + 14, 8);
	if (d->v) {
		text_be(d, "\n\tHopcount ", p, 1);
		text_be(d, ", Original Hopcount ", p + 1, 1);
		text_be_x(d, ", Nonce 0x", p + 2, 4, 8);
		need(d, p + 6, 8);
		text(d, ", Source Id "), text_linkaddr(d, p + 6, 8);
		need(d, p + 14, 8);
		text(d, ", Destination Id "), text_linkaddr(d, p + 14, 8);
	}
	need(d, p, FIXED);
	say_body(d, p + FIXED, len - FIXED);
}

const struct proto proto_ahcp = PROTO("ahcp", "ahcp", "Ad-Hoc Configuration Protocol", ahcp, F);
