/* User Datagram Protocol, RFC 768. */
#include "dissect/dissect.h"

enum { HEADER = 8, NFS = 2049 };

enum { SPORT, DPORT, LEN, SUM, STREAM };
static const struct field F[] = {
	[SPORT] = { "udp.srcport", U16, .help = "Source port" },
	[DPORT] = { "udp.dstport", U16, .help = "Destination port" },
	[LEN] = { "udp.length", U16, .help = "Length of header and data" },
	[SUM] = { "udp.checksum", U16, .help = "Checksum" },
	[STREAM] = { "udp.stream", U32, .help = "Number of the conversation, from 0", .needs = NEEDS_FLOWS },
};

extern const struct proto proto_udp;

/* Ports of AppleTalk sockets in UDP: 128 from each of these. */
static bool
is_kip_port(unsigned port)
{
	return port - 200 < 128 || port - 768 < 128 || port - 16512 < 128;
}

/* AppleTalk's link frames with a long datagram in them (KIP). */
static bool
try_kip(struct dis *d, const uint8_t *p, uint32_t len)
{
	enum { TYPE = 2, DATAGRAM = 2 };

	if (!have(d, p, TYPE + 1) || p[TYPE] != DATAGRAM || !(is_kip_port(d->sport) || is_kip_port(d->dport)))
		return false;
	if (d->v)
		text(d, "kip ");
	return next(d, D_INTERNAL, IN_ATALK_LLAP, p, len);
}

static void
text_checksum(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint16_t is, sum;

	/* IPv4 may go without one; IPv6 may not (RFC 8200 section 8.1). */
	if (d->net.version == 4) {
		if (d->v < 2)
			return;
		is = be16(d, p + 6);
		if (is == 0) {
			text(d, "[no cksum] ");
			return;
		}
	}
	if (!have(d, p + HEADER, len))
		return;
	sum = net_checksum(d, p, len + HEADER, len + HEADER, IPP_UDP);
	is = be16(d, p + 6);
	if (sum)
		text_fmt(d, "[bad udp cksum 0x%04x -> 0x%04x!] ", is, checksum_should_be(is, sum));
	else
		text(d, "[udp sum ok] ");
}

/* The addresses when not even the ports are there. */
static void
text_no_ports(struct dis *d)
{
	if (d->net.proto != IPP_UDP)
		return;
	text_addr(d, d->net.src);
	text(d, " > ");
	text_addr(d, d->net.dst);
	text(d, ": ");
}

static void
udp(struct dis *d, const uint8_t *p, uint32_t len)
{
	static const struct field_place places[] = { { SPORT, 0, 2 }, { DPORT, 2, 2 }, { LEN, 4, 2 }, { SUM, 6, 2 } };
	uint16_t sport, dport;
	uint32_t ulen, ends;

	enter(d, &proto_udp);
	if (!have(d, p, 4)) {
		text_no_ports(d);
		text_trunc(d);
		return;
	}
	sport = raw16(p);
	dport = raw16(p + 2);
	d->sport = sport;
	d->dport = dport;
	put_header_fields(d, F, places, p);
	ends = text_at(d);
	text_ends(d, IPP_UDP, false, sport, dport);
	if (len < HEADER) {
		text(d, "truncated-udp "), text_u(d, len);
		return;
	}
	if (!have(d, p, 6)) {
		text_trunc(d);
		return;
	}
	ulen = raw16(p + 4);
	/* A jumbogram, RFC 2675 section 4. */
	if (ulen == 0 && len > 65535)
		ulen = len;
	if (ulen < HEADER) {
		text(d, "truncated-udplength "), text_u(d, ulen);
		return;
	}
	ulen -= HEADER;
	len -= HEADER;
	if (ulen < len)
		len = ulen;
	if (!have(d, p, HEADER)) {
		text_trunc(d);
		return;
	}
	if (d->style->type) {
		/* RPC says the ends in its own way, and what is not over UDP not at all. */
		if (d->style->type == PT_RPC || !has_next(d, D_TYPE_UDP, (uint32_t)d->style->type))
			d->out = d->base + ends;
		next(d, D_TYPE_UDP, (uint32_t)d->style->type, p + HEADER, len);
		return;
	}
	/* NFS is shown without the checksum. */
	if (!d->q && (sport == NFS || dport == NFS)) {
		d->refused = false;
		if (next(d, D_INTERNAL, IN_NFS, p + HEADER, len) && !d->refused)
			return;
		d->refused = false;
	}
	if (d->v && !d->K && !d->net.fragment)
		text_checksum(d, p, len);
	if (!d->q && (next_port(d, D_UDP, sport, dport, p + HEADER, len) || try_kip(d, p + HEADER, len)))
		return;
	if (ulen > len && !d->net.fragment)
		text_fmt(d, "UDP, bad length %u > %u", ulen, len);
	else if (!d->mute)
		text(d, "UDP, length "), text_u(d, ulen);
}

const struct proto proto_udp = PROTO("udp", "udp", "User Datagram Protocol", udp, F);
