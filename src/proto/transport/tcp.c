/* Transmission Control Protocol, RFC 9293; options: RFC 7323, 2018, 5925, 7413, 5482, 6994. */
#include <openssl/evp.h>

#include "base/digits.h"
#include "dissect/dissect.h"
#include "pkt/tls_names.h"

enum { HEADER = 20, RST_DATA_MAX = 30 };
enum { FIN = 0x01, SYN = 0x02, RST = 0x04, PSH = 0x08, ACK = 0x10, URG = 0x20, ECE = 0x40, CWR = 0x80 };

enum {
	OPT_EOL = 0, OPT_NOP = 1, OPT_MSS = 2, OPT_WSCALE = 3, OPT_SACKOK = 4, OPT_SACK = 5, OPT_ECHO = 6,
	OPT_ECHOREPLY = 7, OPT_TS = 8, OPT_CC = 11, OPT_CCNEW = 12, OPT_CCECHO = 13, OPT_MD5 = 19, OPT_SCPS = 20,
	OPT_UTO = 28, OPT_AO = 29, OPT_MPTCP = 30, OPT_TFO = 34, OPT_EXP2 = 254,
};
static const struct name options[] = {
	{ OPT_EOL, "eol" }, { OPT_NOP, "nop" }, { OPT_MSS, "mss" }, { OPT_WSCALE, "wscale" },
	{ OPT_SACKOK, "sackOK" }, { OPT_SACK, "sack" }, { OPT_ECHO, "echo" }, { OPT_ECHOREPLY, "echoreply" },
	{ OPT_TS, "TS" }, { OPT_CC, "cc" }, { OPT_CCNEW, "ccnew" }, { OPT_CCECHO, "" }, { OPT_MD5, "md5" },
	{ OPT_SCPS, "scps" }, { OPT_UTO, "uto" }, { OPT_AO, "tcp-ao" }, { OPT_MPTCP, "mptcp" }, { OPT_TFO, "tfo" },
	{ OPT_EXP2, "exp" }, { 0, NULL }
};

enum {
	SPORT, DPORT, SEQ, ACKN, HLEN, FLAGS, F_FIN, F_SYN, F_RST, F_PSH, F_ACK, F_URG, F_ECE, F_CWR, WIN, SUM,
	URP, LEN, PAYLOAD, O_KIND, O_MSS, O_WSCALE, O_TSVAL, O_TSECR, O_SACK_LE, O_SACK_RE,
	/* Noted behind the walk, see field_needs. */
	STREAM, SEQ_RELATIVE, ACK_RELATIVE, WINDOW, SCALE, TIME_RELATIVE, TIME_DELTA, ANALYSIS, A_FLAGS,
	A_RETRANSMISSION, A_FAST, A_SPURIOUS, A_OUT_OF_ORDER, A_LOST, A_ACK_LOST, A_DUPLICATE_ACK,
	A_DUPLICATE_ACK_NUM, A_DUPLICATE_ACK_FRAME, A_ZERO_WINDOW, A_ZERO_WINDOW_PROBE,
	A_ZERO_WINDOW_PROBE_ACK, A_WINDOW_FULL, A_WINDOW_UPDATE, A_KEEP_ALIVE, A_KEEP_ALIVE_ACK,
	A_REUSED_PORTS, A_ACKS_FRAME, A_ACK_RTT, A_INITIAL_RTT, A_RTO, A_RTO_FRAME, A_IN_FLIGHT, A_PUSHED,
};
static const struct field F[] = {
	[SPORT] = { "tcp.srcport", U16, .help = "Source port" },
	[DPORT] = { "tcp.dstport", U16, .help = "Destination port" },
	[SEQ] = { "tcp.seq_raw", U32, .help = "Sequence number" },
	[ACKN] = { "tcp.ack_raw", U32, .help = "Acknowledgment number" },
	[HLEN] = { "tcp.hdr_len", U8, .help = "Header length in bytes" },
	[FLAGS] = { "tcp.flags", U16, .mask = 0x0fff, .help = "Flags" },
	[F_FIN] = { "tcp.flags.fin", BOOL, .mask = FIN, .help = "No more data from sender" },
	[F_SYN] = { "tcp.flags.syn", BOOL, .mask = SYN, .help = "Synchronize sequence numbers" },
	[F_RST] = { "tcp.flags.reset", BOOL, .mask = RST, .help = "Reset the connection" },
	[F_PSH] = { "tcp.flags.push", BOOL, .mask = PSH, .help = "Push" },
	[F_ACK] = { "tcp.flags.ack", BOOL, .mask = ACK, .help = "Acknowledgment number is significant" },
	[F_URG] = { "tcp.flags.urg", BOOL, .mask = URG, .help = "Urgent pointer is significant" },
	[F_ECE] = { "tcp.flags.ece", BOOL, .mask = ECE, .help = "ECN echo" },
	[F_CWR] = { "tcp.flags.cwr", BOOL, .mask = CWR, .help = "Congestion window reduced" },
	[WIN] = { "tcp.window_size_value", U16, .help = "Window, unscaled" },
	[SUM] = { "tcp.checksum", U16, .help = "Checksum" },
	[URP] = { "tcp.urgent_pointer", U16, .help = "Urgent pointer" },
	[LEN] = { "tcp.len", U32, .help = "Bytes of data in the segment" },
	[PAYLOAD] = { "tcp.payload", BYTES, .help = "Data of the segment" },
	[O_KIND] = { "tcp.option_kind", U8, .names = options, .help = "Option" },
	[O_MSS] = { "tcp.options.mss_val", U16, .help = "Maximum segment size" },
	[O_WSCALE] = { "tcp.options.wscale.shift", U8, .help = "Window scale shift count" },
	[O_TSVAL] = { "tcp.options.timestamp.tsval", U32, .help = "Timestamp value" },
	[O_TSECR] = { "tcp.options.timestamp.tsecr", U32, .help = "Timestamp echo reply" },
	[O_SACK_LE] = { "tcp.options.sack_le", U32, .help = "Left edge of a selectively acknowledged block" },
	[O_SACK_RE] = { "tcp.options.sack_re", U32, .help = "Right edge of a selectively acknowledged block" },
	[STREAM] = { "tcp.stream", U32, .help = "Number of the connection, from 0", .needs = NEEDS_FLOWS },
	[SEQ_RELATIVE] = { "tcp.seq", U32, .help = "Sequence number, from the connection's first", .needs = NEEDS_ANALYSIS },
	[ACK_RELATIVE] = { "tcp.ack", U32, .help = "Acknowledgment number, from the connection's first",
		.needs = NEEDS_ANALYSIS },
	[WINDOW] = { "tcp.window_size", U32, .help = "Window, scaled where the scale is known", .needs = NEEDS_ANALYSIS },
	[SCALE] = { "tcp.window_size_scalefactor", I32, .help = "What windows are multiplied by; -1: unknown, -2: not scaled",
		.needs = NEEDS_ANALYSIS },
	[TIME_RELATIVE] = { "tcp.time_relative", DURATION, .help = "Since the connection's first packet",
		.needs = NEEDS_ANALYSIS },
	[TIME_DELTA] = { "tcp.time_delta", DURATION, .help = "Since the connection's previous packet",
		.needs = NEEDS_ANALYSIS },
	[ANALYSIS] = { "tcp.analysis", LABEL, .help = "There is something to tell of its place in the connection",
		.needs = NEEDS_ANALYSIS },
	[A_FLAGS] = { "tcp.analysis.flags", LABEL, .help = "Something about it is unusual", .needs = NEEDS_ANALYSIS },
	[A_RETRANSMISSION] = { "tcp.analysis.retransmission", LABEL, .help = "Sent again", .needs = NEEDS_ANALYSIS },
	[A_FAST] = { "tcp.analysis.fast_retransmission", LABEL, .help = "Sent again because of duplicate ACKs",
		.needs = NEEDS_ANALYSIS },
	[A_SPURIOUS] = { "tcp.analysis.spurious_retransmission", LABEL, .help = "Sent again although acknowledged",
		.needs = NEEDS_ANALYSIS },
	[A_OUT_OF_ORDER] = { "tcp.analysis.out_of_order", LABEL, .help = "Came behind later bytes", .needs = NEEDS_ANALYSIS },
	[A_LOST] = { "tcp.analysis.lost_segment", LABEL, .help = "Bytes before it were not captured", .needs = NEEDS_ANALYSIS },
	[A_ACK_LOST] = { "tcp.analysis.ack_lost_segment", LABEL, .help = "Acknowledges bytes that were not captured",
		.needs = NEEDS_ANALYSIS },
	[A_DUPLICATE_ACK] = { "tcp.analysis.duplicate_ack", LABEL, .help = "Acknowledges the same once more",
		.needs = NEEDS_ANALYSIS },
	[A_DUPLICATE_ACK_NUM] = { "tcp.analysis.duplicate_ack_num", U32, .help = "How manieth duplicate ACK it is",
		.needs = NEEDS_ANALYSIS },
	[A_DUPLICATE_ACK_FRAME] = { "tcp.analysis.duplicate_ack_frame", U64, .help = "Packet of the ACK that it repeats",
		.needs = NEEDS_ANALYSIS },
	[A_ZERO_WINDOW] = { "tcp.analysis.zero_window", LABEL, .help = "Receiver has no room", .needs = NEEDS_ANALYSIS },
	[A_ZERO_WINDOW_PROBE] = { "tcp.analysis.zero_window_probe", LABEL, .help = "Asks whether there is room again",
		.needs = NEEDS_ANALYSIS },
	[A_ZERO_WINDOW_PROBE_ACK] = { "tcp.analysis.zero_window_probe_ack", LABEL, .help = "Answer to such a question",
		.needs = NEEDS_ANALYSIS },
	[A_WINDOW_FULL] = { "tcp.analysis.window_full", LABEL, .help = "Fills the receiver's window", .needs = NEEDS_ANALYSIS },
	[A_WINDOW_UPDATE] = { "tcp.analysis.window_update", LABEL, .help = "Tells only of more room", .needs = NEEDS_ANALYSIS },
	[A_KEEP_ALIVE] = { "tcp.analysis.keep_alive", LABEL, .help = "Asks whether the other side is there",
		.needs = NEEDS_ANALYSIS },
	[A_KEEP_ALIVE_ACK] = { "tcp.analysis.keep_alive_ack", LABEL, .help = "Answer to such a question",
		.needs = NEEDS_ANALYSIS },
	[A_REUSED_PORTS] = { "tcp.analysis.reused_ports", LABEL, .help = "Begins a connection between ends that had one before",
		.needs = NEEDS_ANALYSIS },
	[A_ACKS_FRAME] = { "tcp.analysis.acks_frame", U64, .help = "Packet that it acknowledges", .needs = NEEDS_ANALYSIS },
	[A_ACK_RTT] = { "tcp.analysis.ack_rtt", DURATION, .help = "Since that packet", .needs = NEEDS_ANALYSIS },
	[A_INITIAL_RTT] = { "tcp.analysis.initial_rtt", DURATION, .help = "Round trip of the handshake",
		.needs = NEEDS_ANALYSIS },
	[A_RTO] = { "tcp.analysis.rto", DURATION, .help = "What a retransmission waited", .needs = NEEDS_ANALYSIS },
	[A_RTO_FRAME] = { "tcp.analysis.rto_frame", U64, .help = "Packet since which it did", .needs = NEEDS_ANALYSIS },
	[A_IN_FLIGHT] = { "tcp.analysis.bytes_in_flight", U32, .help = "Bytes sent and not acknowledged",
		.needs = NEEDS_ANALYSIS },
	[A_PUSHED] = { "tcp.analysis.push_bytes_sent", U32, .help = "Bytes sent since the last PSH", .needs = NEEDS_ANALYSIS },
};

extern const struct proto proto_tcp;

/* What is remembered of a conversation: where each direction's relative numbers start. */
struct start {
	uint32_t seq, ack;
};

static void
put_ports(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[SPORT], p, 2);
	put_field(d, &F[DPORT], p + 2, 2);
}

static void
put_header(struct dis *d, const uint8_t *p, uint32_t len, unsigned hlen)
{
	static const struct field_place numbers[] = { { SPORT, 0, 2 }, { DPORT, 2, 2 }, { SEQ, 4, 4 }, { ACKN, 8, 4 } };
	static const struct field_place rest[] = { { FLAGS, 12, 2 }, { F_FIN, 13, 1 }, { F_SYN, 13, 1 }, { F_RST, 13, 1 },
		{ F_PSH, 13, 1 }, { F_ACK, 13, 1 }, { F_URG, 13, 1 }, { F_ECE, 13, 1 }, { F_CWR, 13, 1 }, { WIN, 14, 2 },
		{ SUM, 16, 2 }, { URP, 18, 2 } };

	put_header_fields(d, F, numbers, p);
	put_value(d, &F[HLEN], hlen);
	put_header_fields(d, F, rest, p);
	if (len >= hlen) {
		uint32_t n = len - hlen;

		put_value(d, &F[LEN], n);
		if (n && have(d, p, hlen + 1))
			put_field(d, &F[PAYLOAD], p + hlen, left(d, p + hlen) < n ? left(d, p + hlen) : n);
	}
}

static void
text_flags(struct dis *d, unsigned f)
{
	static const char letters[8] = "FSRP.UEW";
	char *o = text_begin(d, sizeof "Flags []" + sizeof letters);

	if (o == NULL)
		return;
	o = text_put(o, "Flags [");
	if (f == 0)
		o = text_put(o, "none");
	for (; f; f &= f - 1)
		*o++ = letters[__builtin_ctz(f)];
	text_end(d, text_put(o, "]"));
}

/* What the numbers of a packet count from. */
enum { OWN_SEQ, OWN_ACK, SACKED };

static void
answer(struct origin *o, void *data, bool fresh)
{
	struct start *s = data;
	uint32_t seq = o->given[0], ack = o->given[1];

	if (fresh || o->opens) {
		s->seq = o->reverse ? ack - 1 : seq;
		s->ack = o->reverse ? seq : ack - 1;
		o->base[OWN_SEQ] = o->base[OWN_ACK] = 0;
	} else {
		o->base[OWN_SEQ] = o->reverse ? s->ack : s->seq;
		o->base[OWN_ACK] = o->reverse ? s->seq : s->ack;
	}
	o->base[SACKED] = o->reverse ? s->seq : s->ack;
}

/*
 * Prepares the question where the conversation started; one entry serves both directions, keyed with the lower port (or address)
 * first. reverse: this packet flows from the higher end.
 */
static void
relative(struct dis *d, unsigned flags, uint32_t seq, uint32_t ack, struct origin *o)
{
	unsigned n = d->net.version == 6 ? 16 : 4;
	bool reverse = d->sport > d->dport || (d->sport == d->dport && memcmp(d->net.src, d->net.dst, n) > 0);
	uint16_t lo = reverse ? d->dport : d->sport, hi = reverse ? d->sport : d->dport;

	*o = (struct origin) {
		.key_len = (uint8_t)(2 * n + 5), .given = { seq, ack }, .opens = flags & SYN, .reverse = reverse,
		.answer = answer,
	};
	memcpy(o->key, reverse ? d->net.dst : d->net.src, n);
	memcpy(o->key + n, reverse ? d->net.src : d->net.dst, n);
	memcpy(o->key + 2 * n, &lo, 2);
	memcpy(o->key + 2 * n + 2, &hi, 2);
	o->key[2 * n + 4] = IPP_TCP;
	origin_expect(d, o);
}

/* RFC 7413: a cookie, or the wish for one. */
static void
fast_open(struct dis *d, const uint8_t *p, unsigned n, bool experimental)
{
	if (experimental)
		text(d, "tfo");
	if (n == 0) {
		/* Fast Open Cookie Request */
		text(d, " cookiereq");
	} else if (n % 2 || n < 4 || n > 16) {
		text_invalid(d);
	} else {
		text(d, " cookie ");
		text_hex(d, p, n);
	}
}

/* RFC 2385: the MD5 of pseudo-header, header without options, data and the secret that -M gave. */
static bool
md5_matches(struct dis *d, const uint8_t *hdr, const uint8_t *data, uint32_t n, const uint8_t *sig)
{
	unsigned addr = d->net.version == 6 ? 16 : 4, size = 0;
	uint8_t pseudo[8] = { 0 }, bare[HEADER], is[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	bool ok;

	if (d->net.version == 4) {
		uint16_t total = (uint16_t)(raw16(d->net.hdr + 2) - (d->net.hdr[0] & 15) * 4);

		pseudo[1] = d->net.hdr[9];
		pseudo[2] = (uint8_t)(total >> 8);
		pseudo[3] = (uint8_t)total;
	} else {
		memcpy(pseudo + 2, d->net.hdr + 4, 2);
		pseudo[7] = IPP_TCP;
	}
	memcpy(bare, hdr, HEADER);
	bare[16] = bare[17] = 0;
	ok = c && EVP_DigestInit_ex(c, EVP_md5(), NULL) && EVP_DigestUpdate(c, d->net.src, addr) &&
	    EVP_DigestUpdate(c, d->net.dst, addr) &&
	    EVP_DigestUpdate(c, pseudo, d->net.version == 4 ? 4 : 8) && EVP_DigestUpdate(c, bare, HEADER) &&
	    EVP_DigestUpdate(c, data, n) &&
	    EVP_DigestUpdate(c, d->style->md5_secret, strlen(d->style->md5_secret)) &&
	    EVP_DigestFinal_ex(c, is, &size) && memcmp(is, sig, 16) == 0;
	EVP_MD_CTX_free(c);
	return ok;
}

static void
md5_option(struct dis *d, const uint8_t *hdr, uint32_t len, const uint8_t *sig)
{
	const uint8_t *data = hdr + (hdr[12] >> 4) * 4;

	if (!have(d, data, len))
		text(d, "snaplen too short, ");
	else if (d->style->md5_secret == NULL)
		text(d, "shared secret not supplied with -M, ");
	else {
		if (md5_matches(d, hdr, data, len, sig))
			text(d, "valid");
		else
			text_invalid(d);
		return;
	}
	text(d, "can't check - ");
	text_hex(d, sig, 16);
}

/* How an option's walk went. */
enum outcome { FINE, BAD, SHORT };

/* Says the body of one option: n bytes at p, of which `room` are inside the header. *used: bytes accounted for. */
static enum outcome
option_body(struct dis *d, unsigned kind, const uint8_t *p, unsigned n, unsigned room, unsigned *used,
    const struct origin *origin, const uint8_t *hdr, uint32_t len)
{
/* n bytes must be inside the header and captured. */
#define CHECK(n)                              \
	do {                                  \
		if ((n) > room)               \
			return BAD;           \
		if (!have(d, p, (n)))         \
			return SHORT;         \
	} while (0)

	switch (kind) {
	case OPT_EOL:
	case OPT_NOP:
	case OPT_SACKOK:
		*used = 0;
		return FINE;
	case OPT_MSS:
		*used = 2;
		CHECK(2);
		put_field(d, &F[O_MSS], p, 2);
		text_char(d, ' '), text_u(d, raw16(p));
		return FINE;
	case OPT_WSCALE:
		*used = 1;
		CHECK(1);
		put_field(d, &F[O_WSCALE], p, 1);
		text_char(d, ' '), text_u(d, *p);
		return FINE;
	case OPT_SACK:
		*used = n;
		if (n % 8) {
			text(d, " invalid sack");
			return FINE;
		}
		text_char(d, ' '), text_u(d, n / 8), text_char(d, ' ');
		for (unsigned i = 0; i < n; i += 8) {
			CHECK(i + 8);
			put_field(d, &F[O_SACK_LE], p + i, 4);
			put_field(d, &F[O_SACK_RE], p + i + 4, 4);
			text_char(d, '{'), text_from(d, origin, SACKED, raw32(p + i));
			text_char(d, ':'), text_from(d, origin, SACKED, raw32(p + i + 4));
			text_char(d, '}');
		}
		return FINE;
	case OPT_ECHO:
	case OPT_ECHOREPLY:
	case OPT_CC:
	case OPT_CCNEW:
	case OPT_CCECHO:
		*used = 4;
		CHECK(4);
		text_char(d, ' '), text_u(d, raw32(p));
		return FINE;
	case OPT_TS:
		*used = 8;
		CHECK(8);
		put_field(d, &F[O_TSVAL], p, 4);
		put_field(d, &F[O_TSECR], p + 4, 4);
		text(d, " val "), text_u(d, raw32(p));
		text(d, " ecr "), text_u(d, raw32(p + 4));
		return FINE;
	case OPT_MD5:
		*used = 16;
		CHECK(16);
		text_char(d, ' ');
		md5_option(d, hdr, len, p);
		return FINE;
	case OPT_SCPS:
		*used = 2;
		CHECK(2);
		text_fmt(d, " cap %02x id %u", p[0], p[1]);
		return FINE;
	case OPT_AO:
		*used = n;
		/* RFC 5925 section 2.2: the length is at least 4. */
		if (n < 2) {
			text_invalid(d);
			return FINE;
		}
		CHECK(1);
		text(d, " keyid "), text_u(d, p[0]);
		CHECK(2);
		text(d, " rnextkeyid "), text_u(d, p[1]);
		if (n > 2)
			text(d, " mac 0x");
		for (unsigned i = 2; i < n; i++) {
			CHECK(i + 1);
			text_x(d, p[i], 2);
		}
		return FINE;
	case OPT_UTO: {
		unsigned v;

		*used = 2;
		CHECK(2);
		v = raw16(p);
		text_fmt(d, " 0x%x %u", v, v & 1 ? (v >> 1) * 60 : v >> 1);
		return FINE;
	}
	case OPT_MPTCP: {
		const uint8_t *bound;
		bool ok;

		*used = n;
		CHECK(n);
		bound = narrow(d, p, n);
		d->refused = false;
		d->tcp_flags = hdr[13];
		ok = next(d, D_INTERNAL, IN_MPTCP, p - 2, n + 2) && !d->refused;
		widen(d, bound);
		return ok ? FINE : BAD;
	}
	case OPT_TFO:
		*used = n;
		CHECK(n);
		text_char(d, ' ');
		fast_open(d, p, n, false);
		return FINE;
	case OPT_EXP2:
		*used = n;
		CHECK(n);
		if (n < 2)
			return BAD;
		text_char(d, '-');
		/* RFC 6994: 16 bits tell the experiments apart. */
		if (raw16(p) == 0xf989)
			fast_open(d, p + 2, n - 2, true);
		else
			text_x(d, raw16(p), 4);
		return FINE;
	default:
		*used = n;
		if (n)
			text(d, " 0x");
		for (unsigned i = 0; i < n; i++) {
			CHECK(i + 1);
			text_x(d, p[i], 2);
		}
		return FINE;
	}
#undef CHECK
}

/*
 * The options that most segments have, laid out as RFC 7323 appendix A recommends: two NOPs and the time stamps. False,
 * and nothing said, when they are others.
 */
static bool
text_time_stamps(struct dis *d, const uint8_t *p, unsigned n)
{
	static const struct field_place places[] = { { O_KIND, 0, 1 }, { O_KIND, 1, 1 }, { O_KIND, 2, 1 }, { O_TSVAL, 4, 4 },
		{ O_TSECR, 8, 4 } };
	char *o;

	if (n != 12 || !have(d, p, 12) || raw32(p) != (OPT_NOP << 24 | OPT_NOP << 16 | OPT_TS << 8 | 10))
		return false;
	put_header_fields(d, F, places, p);
	if (d->mute)
		return true;
	if ((o = text_begin(d, 64 + 2 * DIGITS_ROOM)) == NULL)
		return true;
	o = text_put(o, ", options [nop,nop,TS val ");
	o = digits_u32(o, raw32(p + 4));
	o = text_put(o, " ecr ");
	o = digits_u32(o, raw32(p + 8));
	text_end(d, text_put(o, "]"));
	return true;
}

/* All options, n bytes behind the fixed header. False: they were bad or cut short, and the walk is over. */
static bool
text_options(struct dis *d, const uint8_t *hdr, unsigned n, uint32_t len, const struct origin *origin)
{
	const uint8_t *p = hdr + HEADER;
	bool first = true;
	enum outcome how = FINE;

	text(d, ", options [");
	while (n) {
		unsigned kind, size = 1, used = 0;
		bool bare;

		if (!first)
			text_char(d, ',');
		kind = u8(d, p);
		put_field(d, &F[O_KIND], p, 1);
		p++;
		bare = kind == OPT_EOL || kind == OPT_NOP;
		if (!bare) {
			size = u8(d, p++);
			if (size < 2 || size > n) {
				how = BAD;
				break;
			}
			n--;
		}
		n--;
		text_name(d, options, kind, "unknown-%u");
		how = option_body(d, kind, p, bare ? 0 : size - 2, n, &used, origin, hdr, len);
		if (how != FINE)
			break;
		p += used;
		n -= used;
		if (used + (bare ? 1 : 2) != size)
			text_fmt(d, "[len %u]", size);
		first = false;
		if (kind == OPT_EOL)
			break;
	}
	switch (how) {
	case FINE:
		text_char(d, ']');
		return true;
	case BAD:
		text(d, "[bad opt]");
		if (!first)
			text_char(d, ']');
		return false;
	case SHORT:
		text_trunc(d);
		if (!first)
			text_char(d, '>');
		return false;
	}
	return false;
}

/* Data in a reset may say in ASCII why (RFC 1122 section 4.2.2.12). */
static void
text_rst_data(struct dis *d, const uint8_t *p, uint32_t len)
{
	text(d, have(d, p, len) ? " [RST" : " [!RST");
	if (len > RST_DATA_MAX) {
		len = RST_DATA_MAX;
		text_char(d, '+');
	}
	text_char(d, ' ');
	text_str_soft(d, p, len);
	text_char(d, ']');
}

static void
text_checksum(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint16_t is, sum;

	if (!have(d, p, len))
		return;
	is = be16(d, p + 16);
	sum = net_checksum(d, p, len, len, IPP_TCP);
	text(d, ", cksum 0x"), text_x(d, is, 4);
	if (sum)
		text_fmt(d, " (incorrect -> 0x%04x)", checksum_should_be(is, sum));
	else
		text(d, " (correct)");
}

/*
 * Does a TLS record begin here, whatever the port (STARTTLS)? It has fields and no text, so that who wants text gets what
 * the port stands for, and who wants fields does not get the protocol's that is inside the encryption.
 */
static bool
put_tls(struct dis *d, const uint8_t *p, uint32_t len)
{
	return len >= TLS_RECORD_HEAD && have(d, p, TLS_RECORD_HEAD) && tls_record_head(p) &&
	    next(d, D_INTERNAL, IN_TLS, p, len);
}

static inline char *
put_from(char *o, const struct origin *origin, unsigned i, uint32_t v)
{
	return digits_u32(o, origin ? v - origin->base[i] : v);
}

/* The same as text_numbers, of segments that have nothing unusual. */
static inline void
text_usual_numbers(struct dis *d, const uint8_t *p, uint32_t len, const struct origin *origin)
{
	uint32_t seq = raw32(p + 4);
	uint8_t flags = p[13];
	char *o = text_begin(d, sizeof ", seq :, ack , win " + 4 * DIGITS_ROOM);

	if (o == NULL)
		return;
	if (len || flags & (SYN | FIN | RST)) {
		o = put_from(text_put(o, ", seq "), origin, OWN_SEQ, seq);
		if (len)
			o = put_from(text_put(o, ":"), origin, OWN_SEQ, seq + len);
	}
	if (flags & ACK)
		o = put_from(text_put(o, ", ack "), origin, OWN_ACK, raw32(p + 8));
	text_end(d, digits_u32(text_put(o, ", win "), raw16(p + 14)));
}

/* Sequence numbers, window and urgent pointer of a segment with len bytes of data. */
static inline void
text_numbers(struct dis *d, const uint8_t *p, uint32_t len, const struct origin *origin)
{
	uint32_t seq = raw32(p + 4), ack = raw32(p + 8);
	uint8_t flags = p[13];

	if (d->v <= 1 && !(flags & URG) && !d->later) {
		text_usual_numbers(d, p, len, origin);
		return;
	}
	if (d->v > 1 || len || flags & (SYN | FIN | RST)) {
		text(d, ", seq "), text_from(d, origin, OWN_SEQ, seq);
		if (len)
			text_char(d, ':'), text_from(d, origin, OWN_SEQ, seq + len);
	}
	if (flags & ACK)
		text(d, ", ack "), text_from(d, origin, OWN_ACK, ack);
	else if (d->v > 1 && ack)
		text_fmt(d, ", [ack %u != 0 while ACK flag not set]", ack);
	text(d, ", win "), text_u(d, raw16(p + 14));
	if (flags & URG)
		text(d, ", urg "), text_u(d, raw16(p + 18));
	else if (d->v > 1 && raw16(p + 18))
		text_fmt(d, ", [urg %u != 0 while URG flag not set]", raw16(p + 18));
}

static void
tcp(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t hlen;
	const struct origin *origin = NULL;
	struct origin asked;
	unsigned flags;
	bool asks;

	enter(d, &proto_tcp);
	if (!have(d, p, 4)) {
		text_addr(d, d->net.src);
		text(d, " > ");
		text_addr(d, d->net.dst);
		text_char(d, ':');
		text_trunc(d);
		return;
	}
	d->sport = raw16(p);
	d->dport = raw16(p + 2);
	asks = !d->S && !d->q && have(d, p, HEADER) && p[13] & ACK;
	if (asks)
		relative(d, p[13], raw32(p + 4), raw32(p + 8), &asked);
	text_ends(d, IPP_TCP, true, d->sport, d->dport);
	if (!have(d, p, HEADER)) {
		put_ports(d, p);
		text_trunc(d);
		return;
	}
	hlen = (p[12] >> 4) * 4;
	if (hlen < HEADER) {
		put_ports(d, p);
		text_fmt(d, " tcp %u [bad hdr length %u - too short, < %u]", len - hlen, hlen, HEADER);
		return;
	}
	flags = p[13];
	if (d->sink)
		put_header(d, p, len, hlen);
	if (d->q) {
		text(d, "tcp "), text_u(d, len - hlen);
		if (hlen > len)
			text_fmt(d, " [bad hdr length %u - too long, > %u]", hlen, len);
		return;
	}
	if (!d->mute)
		text_flags(d, flags);
	if (asks)
		origin = origin_ask(d, &asked);
	if (hlen > len) {
		text_fmt(d, " [bad hdr length %u - too long, > %u]", hlen, len);
		return;
	}
	if (d->v && !d->K && !d->net.fragment)
		text_checksum(d, p, len);

	len -= hlen;
	if (!d->mute)
		text_numbers(d, p, len, origin);
	if (hlen > HEADER && !text_time_stamps(d, p + HEADER, hlen - HEADER) &&
	    !text_options(d, p, hlen - HEADER, len, origin))
		return;
	if (!d->mute)
		text(d, ", length "), text_u(d, len);
	if (len == 0)
		return;
	if (!have(d, p, hlen)) {
		text_fmt(d, " [remaining caplen(%u) < header length(%u)]", left(d, p), hlen);
		dis_leave(d);
	}
	p += hlen;
	if (flags & RST) {
		/* Not what the ports stand for, but a reason, which only -v shows. */
		if (d->v) {
			text_rst_data(d, p, len);
		} else if (!have(d, p, len)) {
			text_trunc(d);
			if (hlen > HEADER)
				text_char(d, '>');
		}
		return;
	}
	if (d->style->type)
		next(d, D_TYPE_TCP, (uint32_t)d->style->type, p, len);
	else if (!d->sink || !put_tls(d, p, len))
		next_port(d, D_TCP, d->sport, d->dport, p, len);
}

const struct proto proto_tcp = PROTO("tcp", "tcp", "Transmission Control Protocol", tcp, F);
