/* Real-time media: RTP and RTCP (RFC 3550), RTP version 1, and vat and vt, which came before them. */
#include "dissect/dissect.h"

/* --- vat --------------------------------------------------------------------------------------------------------- */

enum { V_CONF, V_TS };
static const struct field V[] = {
	[V_CONF] = { "vat.conference", U16, .help = "Conference" },
	[V_TS] = { "vat.timestamp", U32, .help = "Time stamp" },
};

extern const struct proto proto_vat, proto_rtp, proto_rtcp;

static void
vat(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned first;
	uint32_t word, ts;

	enter(d, &proto_vat);
	if (len < 2) {
		text_fmt(d, "udp/va/vat, length %u < 2", len);
		return;
	}
	first = be16(d, p);
	if (first & 0xf060) {
		text_fmt(d, "udp/vt %u %u / %u", len, first & 0x3ff, first >> 10);
		return;
	}
	if (len < 8) {
		text_fmt(d, "udp/vat, length %u < 8", len);
		return;
	}
	word = be32(d, p);
	ts = be32(d, p + 4);
	put_field(d, &V[V_CONF], p + 2, 2);
	put_field(d, &V[V_TS], p + 4, 4);
	text_fmt(d, "udp/vat %u c%u %u%s", len - 8, word & 0xffff, ts, word & 0x800000 ? "*" : "");
	if (word & 0x1f0000)
		text_fmt(d, " f%u", word >> 16 & 0x1f);
	if (word & 0x3f000000)
		text_fmt(d, " s%u", word >> 24 & 0x3f);
}

const struct proto proto_vat = PROTO("vat", "vat", "Visual Audio Tool", vat, V);

/* --- RTP --------------------------------------------------------------------------------------------------------- */

enum { H261 = 0x1f };

enum { R_VERSION, R_PADDING, R_EXT, R_CC, R_MARKER, R_TYPE, R_SEQ, R_TS, R_SSRC };
static const struct field R[] = {
	[R_VERSION] = { "rtp.version", U8, .mask = 0xc0, .help = "Version" },
	[R_PADDING] = { "rtp.padding", BOOL, .mask = 0x20, .help = "Padding follows" },
	[R_EXT] = { "rtp.ext", BOOL, .mask = 0x10, .help = "An extension follows the header" },
	[R_CC] = { "rtp.cc", U8, .mask = 0x0f, .help = "Number of contributing sources" },
	[R_MARKER] = { "rtp.marker", BOOL, .mask = 0x80, .help = "Marker" },
	[R_TYPE] = { "rtp.p_type", U8, .mask = 0x7f, .help = "Payload type" },
	[R_SEQ] = { "rtp.seq", U16, .help = "Sequence number" },
	[R_TS] = { "rtp.timestamp", U32, .help = "Time stamp" },
	[R_SSRC] = { "rtp.ssrc", U32, .help = "Synchronization source" },
};

static void
put_rtp(struct dis *d, const uint8_t *p)
{
	put_field(d, &R[R_VERSION], p, 1);
	put_field(d, &R[R_PADDING], p, 1);
	put_field(d, &R[R_EXT], p, 1);
	put_field(d, &R[R_CC], p, 1);
	put_field(d, &R[R_MARKER], p + 1, 1);
	put_field(d, &R[R_TYPE], p + 1, 1);
	put_field(d, &R[R_SEQ], p + 2, 2);
	put_field(d, &R[R_TS], p + 4, 4);
	put_field(d, &R[R_SSRC], p + 8, 4);
}

static void
rtp(struct dis *d, const uint8_t *p, uint32_t len)
{
	bool v1, more, marker;
	uint32_t word, words, size, skip;
	const uint8_t *q = p + 8;
	unsigned type;

	enter(d, &proto_rtp);
	if (len < 8) {
		text_fmt(d, "udp/rtp, length %u < 8", len);
		return;
	}
	need(d, p, 8);
	word = raw32(p);
	v1 = word >> 30 == 1;
	if (!v1 && len < 12) {
		text_fmt(d, "udp/rtp, length %u < 12", len);
		return;
	}
	if (d->sink)
		put_rtp(d, p);
	/* What is left counts in words, and so do options and extensions. */
	words = len / 4 - 2;
	size = len - 8;
	if (v1) {
		more = word & 0x800000;
		marker = word & 0x400000;
		type = word >> 16 & 0x3f;
	} else {
		more = word & 0x10000000;
		marker = word & 0x800000;
		type = word >> 16 & 0x7f;
		size -= 4;
		words--;
		q += 4;
	}
	text_fmt(d, "udp/rtp%s %u c%u %s%s %u %u", v1 ? "v1" : "", size, type, more ? "+" : "", marker ? "*" : "",
	    word & 0xffff, raw32(p + 4));
	if (!d->v)
		return;
	need(d, p + 8, 4);
	text_char(d, ' '), text_u(d, raw32(p + 8));
	if (more && v1) {
		/* Options, up to the one whose first bit is set. */
		do {
			word = be32(d, q);
			skip = word >> 16 & 0xff;
			if (skip == 0 || skip > words) {
				text(d, " !opt");
				return;
			}
			q += skip * 4;
			words -= skip;
		} while (!(word & 0x80000000));
	} else if (more) {
		skip = (be32(d, q) & 0xffff) + 1;
		if (skip > words) {
			text(d, " !ext");
			return;
		}
		q += skip * 4;
	}
	if (type == H261)
		text_fmt(d, " 0x%04x", be32(d, q) >> 16);
}

const struct proto proto_rtp = PROTO("rtp", "rtp", "Real-time Transport Protocol", rtp, R);

/* --- RTCP -------------------------------------------------------------------------------------------------------- */

enum { SR = 200, RR = 201, SDES = 202, BYE = 203, HEADER = 8, SENDER = 20, REPORT = 24 };
static const struct name packets[] = {
	{ SR, "sr" }, { RR, "rr" }, { SDES, "sdes" }, { BYE, "bye" }, { 0, NULL }
};

enum { C_TYPE, C_COUNT, C_LENGTH, C_SSRC, C_PACKETS, C_OCTETS, C_LOST, C_SEQ, C_JITTER };
static const struct field C[] = {
	[C_TYPE] = { "rtcp.pt", U8, .names = packets, .help = "Packet type" },
	[C_COUNT] = { "rtcp.rc", U8, .mask = 0x1f, .help = "Number of reception reports" },
	[C_LENGTH] = { "rtcp.length", U16, .help = "Length in words, less one" },
	[C_SSRC] = { "rtcp.senderssrc", U32, .help = "Sender" },
	[C_PACKETS] = { "rtcp.sender.packetcount", U32, .help = "Packets sent" },
	[C_OCTETS] = { "rtcp.sender.octetcount", U32, .help = "Bytes sent" },
	[C_LOST] = { "rtcp.ssrc.cum_nr", U24, .help = "Packets lost" },
	[C_SEQ] = { "rtcp.ssrc.ext_high", U32, .help = "Highest sequence number received" },
	[C_JITTER] = { "rtcp.ssrc.jitter", U32, .help = "Jitter" },
};

/* One packet of a compound one; what follows it, or end when it is cut short. */
static const uint8_t *
rtcp_packet(struct dis *d, const uint8_t *p, const uint8_t *end)
{
	const uint8_t *q = p + HEADER;
	unsigned type, count;
	uint32_t len, whole = 0;

	if (end - p < HEADER) {
		text_trunc(d);
		return end;
	}
	count = p[0] & 31;
	type = p[1];
	len = (raw16(p + 2) + 1u) * 4;
	put_field(d, &C[C_COUNT], p, 1);
	put_field(d, &C[C_TYPE], p + 1, 1);
	put_field(d, &C[C_LENGTH], p + 2, 2);
	put_field(d, &C[C_SSRC], p + 4, 4);
	text_char(d, ' ');
	text_name(d, packets, type, "type-0x%x");
	switch (type) {
	case SR:
		whole = count * REPORT + SENDER + HEADER;
		break;
	case RR:
		whole = count * REPORT + HEADER;
		break;
	default:
		count = 0;
		text_char(d, ' '), text_u(d, len);
		break;
	}
	if (whole && whole != len)
		text_fmt(d, " [%u]", len);
	if (d->v && name_of(packets, type))
		text_char(d, ' '), text_u(d, raw32(p + 4));
	if (type == SR) {
		if (end - q < SENDER) {
			text_trunc(d);
			return end;
		}
		put_field(d, &C[C_PACKETS], q + 12, 4);
		put_field(d, &C[C_OCTETS], q + 16, 4);
		text_fmt(d, " @%.2f %u %up %ub", raw32(q) + raw32(q + 4) / 4294967296.0, raw32(q + 8), raw32(q + 12),
		    raw32(q + 16));
		q += SENDER;
	}
	if (count > 1)
		text_fmt(d, " c%u", count);
	/* tcpdump says the first report as often as there are reports. */
	for (; count; count--) {
		if (end - q < REPORT) {
			text_trunc(d);
			return end;
		}
		put_field(d, &C[C_LOST], q + 5, 3);
		put_field(d, &C[C_SEQ], q + 8, 4);
		put_field(d, &C[C_JITTER], q + 12, 4);
		if (d->v)
			text_char(d, ' '), text_u(d, raw32(q));
		text_fmt(d, " %ul %us %uj @%.2f+%.2f", raw32(q + 4) & 0xffffff, raw32(q + 8), raw32(q + 12),
		    raw32(q + 16) / 65536.0, raw32(q + 20) / 65536.0);
	}
	return p + len;
}

static void
rtcp(struct dis *d, const uint8_t *p, uint32_t len)
{
	const uint8_t *end = p + left(d, p);	/* all there is of the IP packet, whatever UDP says */

	(void)len;
	enter(d, &proto_rtcp);
	while (p < end)
		p = rtcp_packet(d, p, end);
}

const struct proto proto_rtcp = PROTO("rtcp", "rtcp", "Real-time Transport Control Protocol", rtcp, C);
