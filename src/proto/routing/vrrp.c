/* Virtual Router Redundancy Protocol, versions 2 (RFC 3768, authentication of RFC 2338) and 3 (RFC 5798). */
#include "dissect/dissect.h"

enum { HEADER = 8, ADVERTISEMENT = 1, AUTH_SIMPLE = 1, AUTH_SIZE = 8, IPP_VRRP = 112, TTL_ON_LINK = 255 };

static const struct name types[] = { { ADVERTISEMENT, "Advertisement" }, { 0, NULL } };

static const struct name auth_types[] = { { 0, "none" }, { AUTH_SIMPLE, "simple" }, { 2, "ah" }, { 0, NULL } };

enum { VERSION, TYPE, VRID, PRIO, COUNT, AUTH_TYPE, INTERVAL, SHORT_INTERVAL, SUM, ADDR4, ADDR6, AUTH };
static const struct field F[] = {
	[VERSION] = { "vrrp.version", U8, .mask = 0xf0, .help = "Version" },
	[TYPE] = { "vrrp.type", U8, .mask = 0x0f, .names = types, .help = "Packet type" },
	[VRID] = { "vrrp.virt_rtr_id", U8, .help = "Virtual router identifier" },
	[PRIO] = { "vrrp.prio", U8, .help = "Priority" },
	[COUNT] = { "vrrp.addr_count", U8, .help = "Number of addresses" },
	[AUTH_TYPE] = { "vrrp.auth_type", U8, .names = auth_types, .help = "Authentication type (version 2)" },
	[INTERVAL] = { "vrrp.adver_int", U8, .help = "Advertisement interval in seconds (version 2)" },
	[SHORT_INTERVAL] = { "vrrp.short_adver_int", U16, .mask = 0x0fff,
	    .help = "Advertisement interval in hundredths of a second (version 3)" },
	[SUM] = { "vrrp.checksum", U16, .help = "Checksum" },
	[ADDR4] = { "vrrp.ip_addr", IP4, .help = "IPv4 address of the virtual router" },
	[ADDR6] = { "vrrp.ipv6_addr", IP6, .help = "IPv6 address of the virtual router" },
	[AUTH] = { "vrrp.auth_string", STR, .help = "Clear-text password (version 2)" },
};

extern const struct proto proto_vrrp;

static void
put_message(struct dis *d, const uint8_t *p, unsigned version, bool ip6)
{
	const uint8_t *addr = p + HEADER;

	put_field(d, &F[VRID], p + 1, 1);
	put_field(d, &F[PRIO], p + 2, 1);
	put_field(d, &F[COUNT], p + 3, 1);
	if (version == 2) {
		put_field(d, &F[AUTH_TYPE], p + 4, 1);
		put_field(d, &F[INTERVAL], p + 5, 1);
	} else {
		put_field(d, &F[SHORT_INTERVAL], p + 4, 2);
	}
	put_field(d, &F[SUM], p + 6, 2);
	if (!have(d, p, HEADER))
		return;
	for (unsigned i = 0; i < p[3]; i++) {
		put_field(d, &F[ip6 ? ADDR6 : ADDR4], addr, ip6 ? 16 : 4);
		addr += ip6 ? 16 : 4;
	}
	if (version == 2 && p[4] == AUTH_SIMPLE)
		put_field(d, &F[AUTH], addr, AUTH_SIZE);
}

/* Version 2 sums the message alone, version 3 a pseudo-header too. */
static void
text_checksum(struct dis *d, const uint8_t *p, uint32_t len, unsigned version)
{
	uint16_t sum;

	if (!have(d, p, len))
		return;
	if (version == 2)
		sum = checksum(&(struct span) { p, len }, 1);
	else
		sum = net_checksum(d, p, len, len, IPP_VRRP);
	if (sum)
		text_be_x(d, ", (bad vrrp cksum ", p + 6, 2, 0), text_char(d, ')');
}

static void
text_addresses(struct dis *d, const uint8_t *p, unsigned n, bool ip6)
{
	for (unsigned i = 0; i < n; i++) {
		const uint8_t *addr = p + i * (ip6 ? 16u : 4u);

		need(d, addr, ip6 ? 16 : 4);
		text_char(d, i ? ',' : ' ');
		if (ip6)
			text_ip6(d, addr);
		else
			text_ip4(d, addr);
	}
}

static void
vrrp(struct dis *d, const uint8_t *p, uint32_t len)
{
	bool ip6 = d->net.version == 6;
	unsigned version, type, n;

	/* CARP has the same protocol number. */
	if (d->style->type == PT_CARP && next(d, D_INTERNAL, IN_CARP, p, len))
		return;
	enter(d, &proto_vrrp);
	text(d, "VRRP");
	version = u8(d, p) >> 4;
	type = p[0] & 15;
	put_field(d, &F[VERSION], p, 1);
	put_field(d, &F[TYPE], p, 1);
	text_char(d, 'v'), text_u(d, version);
	text(d, ", ");
	text_name(d, types, type, "unknown type (%u)");
	if (d->net.ttl != TTL_ON_LINK)
		text(d, ", (ttl "), text_u(d, d->net.ttl), text_char(d, ')');
	if (version < 2 || version > 3 || type != ADVERTISEMENT)
		return;
	if (d->sink)
		put_message(d, p, version, ip6);
	need(d, p, 3);
	text(d, ", vrid "), text_u(d, p[1]);
	text(d, ", prio "), text_u(d, p[2]);
	if (version == 2) {
		need(d, p, 5);
		text(d, ", authtype ");
		text_name(d, auth_types, p[4], NULL);
		text_be(d, ", intvl ", p + 5, 1);
		text_char(d, 's');
	} else {
		need(d, p, 6);
		text(d, ", intvl "), text_u(d, raw16(p + 4) & 0x0fff);
		text(d, "cs");
	}
	text(d, ", length "), text_u(d, len);
	if (!d->v)
		return;
	n = p[3];
	text_checksum(d, p, len, version);
	text(d, ", addrs");
	if (n > 1)
		text_char(d, '('), text_u(d, n), text_char(d, ')');
	text_char(d, ':');
	text_addresses(d, p + HEADER, n, ip6);
	if (version == 2 && p[4] == AUTH_SIMPLE) {
		text(d, " auth \"");
		text_str_pad(d, p + HEADER + n * (ip6 ? 16u : 4u), AUTH_SIZE);
		text_char(d, '"');
	}
}

const struct proto proto_vrrp = PROTO("vrrp", "vrrp", "Virtual Router Redundancy Protocol", vrrp, F);
