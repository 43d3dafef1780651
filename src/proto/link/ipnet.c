/* Solaris IP observability devices (DLT_IPNET): IP packets with the zones they go between. */
#include "dissect/dissect.h"

enum { HEADER = 24, FAMILY_IP = 2, FAMILY_IP6 = 26 };

static const struct name families[] = { { FAMILY_IP, "IPv4" }, { FAMILY_IP6, "IPv6" }, { 0, NULL } };

enum { VERSION, FAMILY, HOOK, LENGTH, IFINDEX, GROUP, ZSRC, ZDST };
static const struct field F[] = {
	[VERSION] = { "ipnet.version", U8, .help = "Version" },
	[FAMILY] = { "ipnet.family", U8, .names = families, .help = "Address family" },
	[HOOK] = { "ipnet.htype", U16, .help = "Hook" },
	[LENGTH] = { "ipnet.pktlen", U32, .help = "Length of the packet" },
	[IFINDEX] = { "ipnet.ifindex", U32, .help = "Interface index" },
	[GROUP] = { "ipnet.grifindex", U32, .help = "Index of the interface's group" },
	[ZSRC] = { "ipnet.zsrc", U32, .help = "Source zone" },
	[ZDST] = { "ipnet.zdst", U32, .help = "Destination zone" },
};

extern const struct proto proto_ipnet;

static void
text_header(struct dis *d, const uint8_t *p, uint32_t len)
{
	text_u(d, raw32(p + 16)), text(d, " > ");
	text_u(d, raw32(p + 20)), text(d, ", ");
	if (d->q) {
		text_name(d, families, p[1], "Unknown Ethertype (0x%04x)");
	} else {
		text(d, "family ");
		text_name(d, families, p[1], "Unknown");
		text(d, " ("), text_u(d, p[1]), text_char(d, ')');
	}
	text(d, ", length "), text_u(d, len), text(d, ": ");
}

static void
put_header(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[VERSION], p, 1);
	put_field(d, &F[FAMILY], p + 1, 1);
	put_field(d, &F[HOOK], p + 2, 2);
	put_field(d, &F[LENGTH], p + 4, 4);
	put_field(d, &F[IFINDEX], p + 8, 4);
	put_field(d, &F[GROUP], p + 12, 4);
	put_field(d, &F[ZSRC], p + 16, 4);
	put_field(d, &F[ZDST], p + 20, 4);
}

static void
ipnet(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_ipnet);
	need(d, p, HEADER);
	link_header(d, HEADER);
	if (d->sink)
		put_header(d, p);
	if (d->e)
		text_header(d, p, len);
	if (p[1] == FAMILY_IP) {
		next(d, D_ETHERTYPE, ETH_IP, p + HEADER, len - HEADER);
	} else if (p[1] == FAMILY_IP6) {
		next(d, D_ETHERTYPE, ETH_IPV6, p + HEADER, len - HEADER);
	} else {
		if (!d->e)
			text_header(d, p, len);
		text_default(d, p + HEADER, left(d, p + HEADER));
	}
}

const struct proto proto_ipnet = PROTO("ipnet", "ipnet", "Solaris IPNET", ipnet, F);
