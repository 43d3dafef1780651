/*
 * Multipath TCP: version 0 (RFC 6824) and 1 (RFC 8684). Not a protocol of its own but an option of TCP: p points at
 * the option's kind, and d->refused tells TCP that the option makes no sense.
 */
#include "dissect/dissect.h"

enum { SYN = 0x02, ACK = 0x10 };

enum { CAPABLE, JOIN, DSS, ADD_ADDR, REMOVE_ADDR, PRIO, FAIL, FASTCLOSE, UNKNOWN };
static const struct name subtypes[] = {
	{ CAPABLE, "capable" }, { JOIN, "join" }, { DSS, "dss" }, { ADD_ADDR, "add-addr" }, { REMOVE_ADDR, "rem-addr" },
	{ PRIO, "prio" }, { FAIL, "fail" }, { FASTCLOSE, "fast-close" }, { 0, NULL }
};

/* The low bits of the subtype's byte in ADD_ADDR: an address family in version 0, an echo flag in 1. */
static const struct name addr_kinds[] = {
	{ 6, "v0-ip6" }, { 4, "v0-ip4" }, { 1, "v1-echo" }, { 0, "v1" }, { 0, NULL }
};

enum {
	SUBTYPE, VERSION, SUM_REQUIRED, SENDER_KEY, RECEIVER_KEY, BACKUP, ADDR_ID, TOKEN, NONCE, MAC_, DATA_FIN,
	DATA_ACK, DATA_SEQ, SUBFLOW_SEQ, DATA_LEN, SUM, IPV4, IPV6, PORT,
};
static const struct field F[] = {
	[SUBTYPE] = { "tcp.options.mptcp.subtype", U8, .mask = 0xf0, .names = subtypes, .help = "Subtype" },
	[VERSION] = { "tcp.options.mptcp.version", U8, .mask = 0x0f, .help = "Version" },
	[SUM_REQUIRED] = { "tcp.options.mptcp.checksumreq.flags", BOOL, .mask = 0x80, .help = "Checksum required" },
	[SENDER_KEY] = { "tcp.options.mptcp.sendkey", U64, .help = "Sender's key" },
	[RECEIVER_KEY] = { "tcp.options.mptcp.recvkey", U64, .help = "Receiver's key" },
	[BACKUP] = { "tcp.options.mptcp.backup.flag", BOOL, .mask = 0x01, .help = "Backup path" },
	[ADDR_ID] = { "tcp.options.mptcp.addrid", U8, .help = "Address identifier" },
	[TOKEN] = { "tcp.options.mptcp.recvtok", U32, .help = "Receiver's token" },
	[NONCE] = { "tcp.options.mptcp.sendrand", U32, .help = "Sender's random number" },
	[MAC_] = { "tcp.options.mptcp.sendhmac", BYTES, .help = "Sender's HMAC" },
	[DATA_FIN] = { "tcp.options.mptcp.datafin.flag", BOOL, .mask = 0x10, .help = "Last data of the connection" },
	[DATA_ACK] = { "tcp.options.mptcp.rawdataack", U64, .help = "Data acknowledgment" },
	[DATA_SEQ] = { "tcp.options.mptcp.rawdataseqno", U64, .help = "Data sequence number" },
	[SUBFLOW_SEQ] = { "tcp.options.mptcp.subflowseqno", U32, .help = "Subflow sequence number" },
	[DATA_LEN] = { "tcp.options.mptcp.datalvllen", U16, .help = "Data-level length" },
	[SUM] = { "tcp.options.mptcp.checksum", U16, .help = "Checksum" },
	[IPV4] = { "tcp.options.mptcp.ipv4", IP4, .help = "Advertised IPv4 address" },
	[IPV6] = { "tcp.options.mptcp.ipv6", IP6, .help = "Advertised IPv6 address" },
	[PORT] = { "tcp.options.mptcp.port", U16, .help = "Advertised port" },
};

extern const struct proto proto_mptcp;

static void
text_hex64(struct dis *d, const uint8_t *p)
{
	uint64_t v = be64(d, p);

	text(d, "0x"), text_x(d, v, 0);
}

/* The handshake that agrees on keys: MP_CAPABLE, RFC 8684 section 3.1. */
static bool
capable(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned version;

	if (len == 4 || len == 12) {
		if (!(d->tcp_flags & SYN))
			return false;
	} else if (len == 20 || len == 22) {
		if ((d->tcp_flags & (SYN | ACK)) != ACK)
			return false;
	} else {
		return false;
	}
	version = u8(d, p + 2) & 15;
	put_field(d, &F[VERSION], p + 2, 1);
	if (version > 1) {
		text_fmt(d, " Unknown Version (%u)", version);
		return true;
	}
	text(d, " v"), text_u(d, version);
	put_field(d, &F[SUM_REQUIRED], p + 3, 1);
	if (u8(d, p + 3) & 0x80)
		text(d, " csum");
	if (len >= 12) {
		put_field(d, &F[SENDER_KEY], p + 4, 8);
		text(d, " {");
		text_hex64(d, p + 4);
		if (len >= 20) {
			put_field(d, &F[RECEIVER_KEY], p + 12, 8);
			text_char(d, ',');
			text_hex64(d, p + 12);
		}
		text_char(d, '}');
	}
	return true;
}

/* A further path joins: MP_JOIN, section 3.2. Its three steps differ in length. */
static bool
join(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned f = d->tcp_flags;

	if (!((len == 12 && f & SYN) || (len == 16 && (f & (SYN | ACK)) == (SYN | ACK)) || (len == 24 && f & ACK)))
		return false;
	if (len != 24) {
		put_field(d, &F[BACKUP], p + 2, 1);
		put_field(d, &F[ADDR_ID], p + 3, 1);
		if (u8(d, p + 2) & 1)
			text(d, " backup");
		text_be(d, " id ", p + 3, 1);
	}
	if (len == 12) {
		put_field(d, &F[TOKEN], p + 4, 4);
		put_field(d, &F[NONCE], p + 8, 4);
		text_be_x(d, " token 0x", p + 4, 4, 0);
		text_be_x(d, " nonce 0x", p + 8, 4, 0);
	} else if (len == 16) {
		put_field(d, &F[MAC_], p + 4, 8);
		put_field(d, &F[NONCE], p + 12, 4);
		text(d, " hmac ");
		text_hex64(d, p + 4);
		text_be_x(d, " nonce 0x", p + 12, 4, 0);
	} else {
		put_field(d, &F[MAC_], p + 4, 20);
		text(d, " hmac 0x");
		text_hex(d, p + 4, 20);
	}
	return true;
}

/* A number of 8 or 4 bytes at *p, moved past; false when the option is too short. */
static bool
sequence(struct dis *d, const struct field *f, const uint8_t **p, uint32_t *len, bool wide)
{
	uint32_t n = wide ? 8 : 4;

	if (*len < n)
		return false;
	if (d->sink)
		put_value(d, f, be_n(d, *p, n));
	text_u(d, be_n(d, *p, n));
	*p += n;
	*len -= n;
	return true;
}

/* Which data of the whole connection this segment carries: DSS, section 3.3. */
static bool
dss(struct dis *d, const uint8_t *p, uint32_t len)
{
	enum { FIN = 0x10, WIDE_SEQ = 0x08, HAS_SEQ = 0x04, WIDE_ACK = 0x02, HAS_ACK = 0x01 };
	unsigned bits;

	if (len < 4 || d->tcp_flags & SYN)
		return false;
	bits = u8(d, p + 3);
	put_field(d, &F[DATA_FIN], p + 3, 1);
	if (bits & FIN)
		text(d, " fin");
	p += 4;
	len -= 4;
	if (bits & HAS_ACK) {
		text(d, " ack ");
		if (!sequence(d, &F[DATA_ACK], &p, &len, bits & WIDE_ACK))
			return false;
	}
	if (bits & HAS_SEQ) {
		text(d, " seq ");
		if (!sequence(d, &F[DATA_SEQ], &p, &len, bits & WIDE_SEQ))
			return false;
		if (len < 4)
			return false;
		put_field(d, &F[SUBFLOW_SEQ], p, 4);
		text_be(d, " subseq ", p, 4);
		if (len < 6)
			return false;
		put_field(d, &F[DATA_LEN], p + 4, 2);
		text_be(d, " len ", p + 4, 2);
		p += 6;
		len -= 6;
		/* The checksum is there if it was agreed on. */
		if (len >= 2) {
			put_field(d, &F[SUM], p, 2);
			text_be_x(d, " csum 0x", p, 2, 0);
			len -= 2;
		}
	}
	return len == 0;
}

/* Another address of the sender: ADD_ADDR, section 3.4.1; the port and (version 1) the HMAC may be missing. */
static bool
add_addr(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t size, rest;

	switch (len) {
	case 8:
	case 10:
	case 16:
	case 18:
		size = 4;
		break;
	case 20:
	case 22:
	case 28:
	case 30:
		size = 16;
		break;
	default:
		return false;
	}
	put_field(d, &F[ADDR_ID], p + 3, 1);
	text_char(d, ' ');
	text_name(d, addr_kinds, u8(d, p + 2) & 15, "[bad version/echo]");
	text_be(d, " id ", p + 3, 1);
	p += 4;
	rest = len - 4 - size;
	put_field(d, &F[size == 4 ? IPV4 : IPV6], p, size);
	text_char(d, ' ');
	if (size == 4)
		text_ip4(d, p);
	else
		text_ip6(d, p);
	p += size;
	if (rest & 2) {
		put_field(d, &F[PORT], p, 2);
		text_be(d, ":", p, 2);
		p += 2;
	}
	if (rest & 8) {
		put_field(d, &F[MAC_], p, 8);
		text(d, " hmac ");
		text_hex64(d, p);
	}
	return true;
}

static bool
remove_addr(struct dis *d, const uint8_t *p, uint32_t len)
{
	if (len < 4)
		return false;
	text(d, " id");
	for (uint32_t i = 3; i < len; i++) {
		put_field(d, &F[ADDR_ID], p + i, 1);
		text_be(d, " ", p + i, 1);
	}
	return true;
}

static bool
prio(struct dis *d, const uint8_t *p, uint32_t len)
{
	if (len != 3 && len != 4)
		return false;
	put_field(d, &F[BACKUP], p + 2, 1);
	text(d, u8(d, p + 2) & 1 ? " backup" : " non-backup");
	if (len == 4) {
		put_field(d, &F[ADDR_ID], p + 3, 1);
		text_be(d, " id ", p + 3, 1);
	}
	return true;
}

static bool
body(struct dis *d, unsigned subtype, const uint8_t *p, uint32_t len)
{
	switch (subtype) {
	case CAPABLE:
		return capable(d, p, len);
	case JOIN:
		return join(d, p, len);
	case DSS:
		return dss(d, p, len);
	case ADD_ADDR:
		return add_addr(d, p, len);
	case REMOVE_ADDR:
		return remove_addr(d, p, len);
	case PRIO:
		return prio(d, p, len);
	case FAIL:
		if (len != 12)
			return false;
		put_field(d, &F[DATA_SEQ], p + 4, 8);
		text_be(d, " seq ", p + 4, 8);
		return true;
	case FASTCLOSE:
		if (len != 12)
			return false;
		put_field(d, &F[RECEIVER_KEY], p + 4, 8);
		text(d, " key ");
		text_hex64(d, p + 4);
		return true;
	}
	return true;
}

static void
mptcp(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned subtype;

	enter(d, &proto_mptcp);
	if (len < 3) {
		d->refused = true;
		return;
	}
	subtype = u8(d, p + 2) >> 4;
	put_field(d, &F[SUBTYPE], p + 2, 1);
	text_char(d, ' '), text_u(d, len);
	text_char(d, ' ');
	text_name(d, subtypes, subtype, "unknown");
	if (!body(d, subtype, p, len))
		d->refused = true;
}

const struct proto proto_mptcp = PROTO("tcp.options.mptcp", "mptcp", "Multipath TCP option", mptcp, F);
