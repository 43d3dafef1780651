/* Address Resolution Protocol, RFC 826; RARP, RFC 903; InARP, RFC 2390. */
#include "dissect/dissect.h"

static const struct name ops[] = {
	{ 1, "Request" }, { 2, "Reply" }, { 3, "Reverse Request" }, { 4, "Reverse Reply" },
	{ 8, "Inverse Request" }, { 9, "Inverse Reply" }, { 10, "NACK Reply" }, { 0, NULL }
};

enum { OP_REQUEST = 1, OP_REPLY, OP_RREQUEST, OP_RREPLY, OP_INREQUEST = 8, OP_INREPLY };

enum { HW, PRO, HLN, PLN, OP, SHA, SPA, THA, TPA };
static const struct field F[] = {
	[HW] = { "arp.hw.type", U16, .names = arp_hw_names, .help = "Hardware type" },
	[PRO] = { "arp.proto.type", U16, .names = ethertype_names, .help = "Protocol type" },
	[HLN] = { "arp.hw.size", U8, .help = "Hardware address length" },
	[PLN] = { "arp.proto.size", U8, .help = "Protocol address length" },
	[OP] = { "arp.opcode", U16, .names = ops, .help = "Operation" },
	[SHA] = { "arp.src.hw_mac", MAC, .help = "Sender hardware address" },
	[SPA] = { "arp.src.proto_ipv4", IP4, .help = "Sender protocol address" },
	[THA] = { "arp.dst.hw_mac", MAC, .help = "Target hardware address" },
	[TPA] = { "arp.dst.proto_ipv4", IP4, .help = "Target protocol address" },
};

extern const struct proto proto_arp;

/* A protocol address: IPv4 when both its type and its length say so. */
static void
text_paddr(struct dis *d, const uint8_t *p, unsigned pro, unsigned len)
{
	if (pro != ETH_IP && pro != ETH_TRAIL)
		text(d, "<wrong proto type>");
	else if (len != 4)
		text(d, "<wrong len>");
	else
		text_ip4(d, p);
}

static void
text_haddr(struct dis *d, const uint8_t *p, unsigned len)
{
	if (len == 6)
		text_mac(d, p);
	else
		text_linkaddr(d, p, len);
}

static bool
all_zero(struct dis *d, const uint8_t *p, unsigned n)
{
	need(d, p, n);
	for (unsigned i = 0; i < n; i++)
		if (p[i])
			return false;
	return true;
}

static void
arp(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned hw, pro, hln, pln, op;
	const uint8_t *sha, *spa, *tha, *tpa;

	enter(d, &proto_arp);
	hw = be16(d, p);
	pro = be16(d, p + 2);
	hln = u8(d, p + 4);
	pln = u8(d, p + 5);
	op = be16(d, p + 6);
	sha = p + 8;
	spa = sha + hln;
	tha = spa + pln;
	tpa = tha + hln;

	put_field(d, &F[HW], p, 2);
	put_field(d, &F[PRO], p + 2, 2);
	put_field(d, &F[HLN], p + 4, 1);
	put_field(d, &F[PLN], p + 5, 1);
	put_field(d, &F[OP], p + 6, 2);
	put_field(d, &F[SHA], sha, hln);
	put_field(d, &F[SPA], spa, pln);
	put_field(d, &F[THA], tha, hln);
	put_field(d, &F[TPA], tpa, pln);

	need(d, tpa, pln);
	if (!d->e)
		text(d, "ARP, ");
	if ((pro != ETH_IP && pro != ETH_TRAIL) || pln != 4 || hln == 0 || d->v) {
		text_name(d, arp_hw_names, hw, "Unknown Hardware (%u)");
		text_fmt(d, " (len %u), ", hln);
		text_name(d, ethertype_names, pro, "Unknown Protocol (0x%04x)");
		text_fmt(d, " (len %u)", pln);
		if (!d->v)
			goto out;
		text(d, ", ");
	}
	text_name(d, ops, op, "Unknown (%u)");
	text(d, " ");
	switch (op) {
	case OP_REQUEST:
		text(d, "who-has ");
		text_paddr(d, tpa, pro, pln);
		if (!all_zero(d, tha, hln))
			text(d, " ("), text_haddr(d, tha, hln), text(d, ")");
		text(d, " tell ");
		text_paddr(d, spa, pro, pln);
		break;
	case OP_REPLY:
		text_paddr(d, spa, pro, pln);
		text(d, " is-at ");
		text_haddr(d, sha, hln);
		break;
	case OP_RREQUEST:
	case OP_INREQUEST:
		text(d, "who-is ");
		text_haddr(d, tha, hln);
		text(d, " tell ");
		text_haddr(d, sha, hln);
		break;
	case OP_RREPLY:
		text_haddr(d, tha, hln);
		text(d, " at ");
		text_paddr(d, tpa, pro, pln);
		break;
	case OP_INREPLY:
		text_haddr(d, sha, hln);
		text(d, " at ");
		text_paddr(d, spa, pro, pln);
		break;
	default:
		text_dump_hex_ascii(d, "\n\t", p, left(d, p), 0);
		return;
	}
out:
	text(d, ", length "), text_u(d, len);
}

const struct proto proto_arp = PROTO("arp", "arp", "Address Resolution Protocol", arp, F);
