/* Address Resolution Protocol, RFC 826; RARP, RFC 903; InARP, RFC 2390; ATM ARP, RFC 2225. */
#include "dissect/dissect.h"

static const struct name ops[] = {
	{ 1, "Request" }, { 2, "Reply" }, { 3, "Reverse Request" }, { 4, "Reverse Reply" },
	{ 8, "Inverse Request" }, { 9, "Inverse Reply" }, { 10, "NACK Reply" }, { 0, NULL }
};

enum { OP_REQUEST = 1, OP_REPLY, OP_RREQUEST, OP_RREPLY, OP_INREQUEST = 8, OP_INREPLY, OP_NAK };
enum { HEADER = 8, HW_FRAME_RELAY = 15, HW_ATM = 19 };

enum { HW, PRO, HLN, PLN, OP, SHA, SPA, THA, TPA, ATM_SNUM, ATM_SSUB, ATM_TNUM, ATM_TSUB };
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
	[ATM_SNUM] = { "arp.src.atm_num_nsap", BYTES, .help = "Sender ATM number" },
	[ATM_SSUB] = { "arp.src.atm_subaddr", BYTES, .help = "Sender ATM subaddress" },
	[ATM_TNUM] = { "arp.dst.atm_num_nsap", BYTES, .help = "Target ATM number" },
	[ATM_TSUB] = { "arp.dst.atm_subaddr", BYTES, .help = "Target ATM subaddress" },
};

extern const struct proto proto_arp;

/* A protocol address: IPv4 when both its type and its length say so; `wrong` otherwise. */
static void
text_paddr(struct dis *d, const uint8_t *p, unsigned pro, unsigned len, const char *wrong)
{
	if (pro != ETH_IP && pro != ETH_TRAIL)
		text(d, "<wrong proto type>");
	else if (len != 4)
		text(d, wrong);
	else
		text_ip4(d, p);
}

/*
 * The data link connection identifier of a Q.922 address of two to four bytes, each but the last with its lowest bit
 * clear (RFC 2427 section 2).
 */
static void
text_dlci(struct dis *d, const uint8_t *p, unsigned len)
{
	uint32_t dlci;
	unsigned last = 1;

	if (!(p[0] & 1) && len >= 2) {
		dlci = (p[0] & 0xfcu) << 2 | p[1] >> 4;
		if (p[1] & 1) {
			text(d, "DLCI "), text_u(d, dlci);
			return;
		}
		last = 2;
		if (len > last && !(p[2] & 1)) {
			dlci = dlci << 7 | p[2] >> 1;
			last = 3;
		}
		if (len > last && p[last] & 1) {
			text(d, "DLCI "), text_u(d, dlci << 6 | p[last] >> 2);
			return;
		}
	}
	text(d, (p[0] & 1) || len > last ? "<Invalid DLCI>" : "<Truncated>");
}

static void
text_haddr(struct dis *d, unsigned hw, const uint8_t *p, unsigned len)
{
	if (len && hw == HW_FRAME_RELAY) {
		need(d, p, len);
		text_dlci(d, p, len);
	} else if (len == 6) {
		text_mac(d, p);
	} else {
		text_linkaddr(d, p, len);
	}
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

/* An ATM number and, behind a comma, its subaddress. */
static void
text_atm(struct dis *d, const uint8_t *num, unsigned num_len, const uint8_t *sub, unsigned sub_len)
{
	if (num_len == 0) {
		text(d, "<No address>");
		return;
	}
	text_linkaddr(d, num, num_len);
	if (sub_len)
		text_char(d, ','), text_linkaddr(d, sub, sub_len);
}

/* ATM ARP, RFC 2225 section 8.7: its own lengths for numbers, subaddresses and protocol addresses. */
static void
atm_arp(struct dis *d, const uint8_t *p, uint32_t len)
{
	enum { ATM_HEADER = 12, LENGTH = 0x3f };
	unsigned pro, op, shl, ssl, spl, thl, tsl, tpl;
	const uint8_t *sha, *ssa, *spa, *tha, *tsa, *tpa;

	need(d, p, ATM_HEADER);
	pro = raw16(p + 2);
	shl = p[4] & LENGTH;
	ssl = p[5] & LENGTH;
	op = raw16(p + 6);
	spl = p[8];
	thl = p[9] & LENGTH;
	tsl = p[10] & LENGTH;
	tpl = p[11];
	sha = p + ATM_HEADER;
	ssa = sha + shl;
	spa = ssa + ssl;
	tha = spa + spl;
	tsa = tha + thl;
	tpa = tsa + tsl;

	put_field(d, &F[PRO], p + 2, 2);
	put_field(d, &F[OP], p + 6, 2);
	put_field(d, &F[ATM_SNUM], sha, shl);
	put_field(d, &F[ATM_SSUB], ssa, ssl);
	put_field(d, &F[SPA], spa, spl);
	put_field(d, &F[ATM_TNUM], tha, thl);
	put_field(d, &F[ATM_TSUB], tsa, tsl);
	put_field(d, &F[TPA], tpa, tpl);

	need(d, tpa, tpl);
	if (!d->e)
		text(d, "ARP, ");
	if ((pro != ETH_IP && pro != ETH_TRAIL) || spl != 4 || tpl != 4 || d->v) {
		text_name(d, arp_hw_names, HW_ATM, "Unknown Hardware (%u)");
		text(d, ", ");
		text_name(d, ethertype_names, pro, "Unknown Protocol (0x%04x)");
		text_fmt(d, " (len %u/%u)", spl, tpl);
		if (!d->v)
			goto out;
		text(d, ", ");
	}
	text_name(d, ops, op, "Unknown (%u)");
	text_char(d, ' ');
	switch (op) {
	case OP_REQUEST:
		text(d, "who-has ");
		text_paddr(d, tpa, pro, tpl, "<wrong tplen>");
		if (thl)
			text(d, " ("), text_atm(d, tha, thl, tsa, tsl), text_char(d, ')');
		text(d, " tell ");
		text_paddr(d, spa, pro, spl, "<wrong splen>");
		break;
	case OP_REPLY:
		text_paddr(d, spa, pro, spl, "<wrong splen>");
		text(d, " is-at ");
		text_atm(d, sha, shl, ssa, ssl);
		break;
	case OP_INREQUEST:
		text(d, "who-is ");
		text_atm(d, tha, thl, tsa, tsl);
		text(d, " tell ");
		text_atm(d, sha, shl, ssa, ssl);
		break;
	case OP_INREPLY:
		text_atm(d, sha, shl, ssa, ssl);
		text(d, "at ");
		text_paddr(d, spa, pro, spl, "<wrong splen>");
		break;
	case OP_NAK:
		text(d, "for ");
		text_paddr(d, spa, pro, spl, "<wrong splen>");
		break;
	default:
		/* Also where the packet is dumped anyway. */
		text_dump_hex_ascii(d, "\n\t", p, left(d, p), 0);
		return;
	}
out:
	text(d, ", length "), text_u(d, len);
}

static void
arp(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned hw, pro, hln, pln, op;
	const uint8_t *sha, *spa, *tha, *tpa;

	enter(d, &proto_arp);
	need(d, p, HEADER);
	hw = raw16(p);
	put_field(d, &F[HW], p, 2);
	if (hw == HW_ATM) {
		atm_arp(d, p, len);
		return;
	}
	pro = raw16(p + 2);
	hln = p[4];
	pln = p[5];
	op = raw16(p + 6);
	sha = p + HEADER;
	spa = sha + hln;
	tha = spa + pln;
	tpa = tha + hln;

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
		text_paddr(d, tpa, pro, pln, "<wrong len>");
		if (!all_zero(d, tha, hln))
			text(d, " ("), text_haddr(d, hw, tha, hln), text(d, ")");
		text(d, " tell ");
		text_paddr(d, spa, pro, pln, "<wrong len>");
		break;
	case OP_REPLY:
		text_paddr(d, spa, pro, pln, "<wrong len>");
		text(d, " is-at ");
		text_haddr(d, hw, sha, hln);
		break;
	case OP_RREQUEST:
	case OP_INREQUEST:
		text(d, "who-is ");
		text_haddr(d, hw, tha, hln);
		text(d, " tell ");
		text_haddr(d, hw, sha, hln);
		break;
	case OP_RREPLY:
		text_haddr(d, hw, tha, hln);
		text(d, " at ");
		text_paddr(d, tpa, pro, pln, "<wrong len>");
		break;
	case OP_INREPLY:
		text_haddr(d, hw, sha, hln);
		text(d, " at ");
		text_paddr(d, spa, pro, pln, "<wrong len>");
		break;
	default:
		text_dump_hex_ascii(d, "\n\t", p, left(d, p), 0);
		return;
	}
out:
	text(d, ", length "), text_u(d, len);
}

const struct proto proto_arp = PROTO("arp", "arp", "Address Resolution Protocol", arp, F);
