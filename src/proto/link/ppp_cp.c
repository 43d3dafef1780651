/*
 * PPP's control protocols, RFC 1661 sections 5 and 6: LCP, IPCP (RFC 1332, 1877), IPV6CP (RFC 5072), CCP (RFC 1962),
 * BACP (RFC 2125), and those of OSI and MPLS, of which only the common header is understood.
 */
#include "dissect/dissect.h"

enum { VENDOR, CONF_REQ, CONF_ACK, CONF_NAK, CONF_REJ, TERM_REQ, TERM_ACK, CODE_REJ, PROT_REJ, ECHO_REQ, ECHO_RPL,
	DISCARD, IDENT, TIME_LEFT };
static const struct name codes[] = {
	{ VENDOR, "Vendor-Extension" }, { CONF_REQ, "Conf-Request" }, { CONF_ACK, "Conf-Ack" },
	{ CONF_NAK, "Conf-Nack" }, { CONF_REJ, "Conf-Reject" }, { TERM_REQ, "Term-Request" },
	{ TERM_ACK, "Term-Ack" }, { CODE_REJ, "Code-Reject" }, { PROT_REJ, "Prot-Reject" },
	{ ECHO_REQ, "Echo-Request" }, { ECHO_RPL, "Echo-Reply" }, { DISCARD, "Disc-Req" }, { IDENT, "Ident" },
	{ TIME_LEFT, "Time-Rem" }, { 14, "Reset-Req" }, { 15, "Reset-Ack" }, { 0, NULL }
};

enum { LCP_VENDOR, LCP_MRU, LCP_ACCM, LCP_AUTH, LCP_QUALITY, LCP_MAGIC, LCP_PFC = 7, LCP_ACFC, LCP_CALLBACK = 13,
	LCP_MRRU = 17, LCP_DISC = 19, LCP_LINK_DISC = 23 };
static const struct name lcp_options[] = {
	{ LCP_VENDOR, "Vend-Ext" }, { LCP_MRU, "MRU" }, { LCP_ACCM, "ACCM" }, { LCP_AUTH, "Auth-Prot" },
	{ LCP_QUALITY, "Qual-Prot" }, { LCP_MAGIC, "Magic-Num" }, { 6, "deprecated(6)" }, { LCP_PFC, "PFC" },
	{ LCP_ACFC, "ACFC" }, { 9, "FCS-Alt" }, { 10, "SDP" }, { 11, "Num-Mode" }, { 12, "deprecated(12)" },
	{ LCP_CALLBACK, "Call-Back" }, { 14, "deprecated(14)" }, { 15, "deprecated(15)" },
	{ 16, "deprecated(16)" }, { LCP_MRRU, "MRRU" }, { 18, "12-Bit seq #" }, { LCP_DISC, "End-Disc" },
	{ 20, "Proprietary" }, { 21, "DCE-Id" }, { 22, "MP+" }, { LCP_LINK_DISC, "Link-Disc" },
	{ 24, "LCP-Auth-Opt" }, { 25, "COBS" }, { 26, "Prefix-elision" }, { 27, "Multilink-header-Form" },
	{ 28, "I18N" }, { 29, "SDL-over-SONET/SDH" }, { 30, "PPP-Muxing" }, { 0, NULL }
};

enum { IPCP_ADDRS = 1, IPCP_COMP, IPCP_ADDR, IPCP_MOBILE, IPCP_DNS1 = 129, IPCP_NBNS1, IPCP_DNS2, IPCP_NBNS2 };
static const struct name ipcp_options[] = {
	{ IPCP_ADDRS, "IP-Addrs" }, { IPCP_COMP, "IP-Comp" }, { IPCP_ADDR, "IP-Addr" }, { IPCP_MOBILE, "Home-Addr" },
	{ IPCP_DNS1, "Pri-DNS" }, { IPCP_NBNS1, "Pri-NBNS" }, { IPCP_DNS2, "Sec-DNS" }, { IPCP_NBNS2, "Sec-NBNS" },
	{ 0, NULL }
};

static const struct name ipv6cp_options[] = { { 1, "Interface-ID" }, { 0, NULL } };
static const struct name bacp_options[] = { { 1, "Favored-Peer" }, { 0, NULL } };

enum { CCP_BSD = 21, CCP_MVRCA = 24, CCP_DEFLATE = 26 };
static const struct name ccp_options[] = {
	{ 0, "OUI" }, { 1, "Pred-1" }, { 2, "Pred-2" }, { 3, "Puddle" }, { 16, "HP-PPC" }, { 17, "Stac-LZS" },
	{ 18, "MPPC" }, { 19, "Gand-FZA" }, { 20, "V.42bis" }, { CCP_BSD, "BSD-Comp" }, { 23, "LZS-DCP" },
	{ CCP_MVRCA, "MVRCA" }, { 25, "DEC" }, { CCP_DEFLATE, "Deflate" }, { 255, "Reserved" }, { 0, NULL }
};

enum { P_PAP = 0xc023, P_LQM = 0xc025, P_SPAP = 0xc027, P_SPAP_OLD = 0xc123, P_CHAP = 0xc223, P_EAP = 0xc227 };
static const struct name chap_algorithms[] = {
	{ 5, "MD5" }, { 128, "MS-CHAPv1" }, { 129, "MS-CHAPv2" }, { 0, NULL }
};

static const struct name callbacks[] = {
	{ 0, "UserAuth" }, { 1, "DialString" }, { 2, "LocalID" }, { 3, "E.164" }, { 4, "X.500" }, { 6, "CBCP" }, { 0, NULL }
};

enum { COMP_VJ = 0x002d, COMP_HEADER = 0x0061 };
static const struct name compressions[] = { { COMP_VJ, "VJ-Comp" }, { COMP_HEADER, "IP Header Compression" }, { 0, NULL } };

enum { CODE, ID, LENGTH };
#define HEADER_FIELDS \
	[CODE] = { "ppp.code", U8, .names = codes, .help = "Code" }, \
	[ID] = { "ppp.identifier", U8, .help = "Identifier" }, \
	[LENGTH] = { "ppp.length", U16, .help = "Length" }

enum { MAGIC = LENGTH + 1, LCP_OPT, MRU, AUTH, ALGORITHM, OPT_MAGIC };
static const struct field L[] = {
	HEADER_FIELDS,
	[MAGIC] = { "lcp.magic_number", U32, .help = "Magic number" },
	[LCP_OPT] = { "lcp.opt.type", U8, .names = lcp_options, .help = "Option" },
	[MRU] = { "lcp.opt.mru", U16, .help = "Maximum receive unit" },
	[AUTH] = { "lcp.opt.auth_protocol", U16, .names = ppp_names, .help = "Authentication protocol" },
	[ALGORITHM] = { "lcp.opt.algorithm", U8, .names = chap_algorithms, .help = "CHAP algorithm" },
	[OPT_MAGIC] = { "lcp.opt.magic_number", U32, .help = "Magic number option" },
};

enum { IP_OPT = LENGTH + 1, IP_ADDR, DNS1, DNS2, NBNS1, NBNS2 };
static const struct field I[] = {
	HEADER_FIELDS,
	[IP_OPT] = { "ipcp.opt.type", U8, .names = ipcp_options, .help = "Option" },
	[IP_ADDR] = { "ipcp.opt.ip_address", IP4, .help = "IP address" },
	[DNS1] = { "ipcp.opt.pri_dns_address", IP4, .help = "Primary DNS server" },
	[DNS2] = { "ipcp.opt.sec_dns_address", IP4, .help = "Secondary DNS server" },
	[NBNS1] = { "ipcp.opt.pri_nbns_address", IP4, .help = "Primary NetBIOS name server" },
	[NBNS2] = { "ipcp.opt.sec_nbns_address", IP4, .help = "Secondary NetBIOS name server" },
};

enum { IP6_OPT = LENGTH + 1, IFID };
static const struct field I6[] = {
	HEADER_FIELDS,
	[IP6_OPT] = { "ipv6cp.opt.type", U8, .names = ipv6cp_options, .help = "Option" },
	[IFID] = { "ipv6cp.interface_identifier", EUI64, .help = "Interface identifier" },
};

enum { CCP_OPT = LENGTH + 1 };
static const struct field C[] = {
	HEADER_FIELDS,
	[CCP_OPT] = { "ccp.opt.type", U8, .names = ccp_options, .help = "Option" },
};

static const struct field H[] = { HEADER_FIELDS };

extern const struct proto proto_lcp, proto_ipcp, proto_ipv6cp, proto_ccp, proto_bacp, proto_osicp, proto_mplscp;

/* What to do behind an option's value. */
enum after {
	DUMP,		/* in hex too, with -vv */
	NEXT,		/* go on to the next option */
	STOP,		/* nothing behind it makes sense */
};

struct cp {
	const char *name, *cut;			/* "LCP", and "lcp" in a mark */
	const struct proto *proto;
	const struct name *options;		/* NULL: options are not looked at */
	const struct field *option_field;	/* or NULL */
	enum after (*value)(struct dis *, unsigned opt, const uint8_t *p, unsigned len);
};

static enum after
bogus(struct dis *d, const char *should, enum after then)
{
	text(d, " (length bogus, should be ");
	text(d, should);
	text_char(d, ')');
	return then;
}

/* An option nobody knows: in hex, unless -vv is going to do it. */
static enum after
unknown(struct dis *d, const uint8_t *p, unsigned len)
{
	if (d->v < 2)
		text_unknown(d, p + 2, "\n\t    ", len - 2);
	return DUMP;
}

/* RFC 1990 section 5.1.3. */
static enum after
discriminator(struct dis *d, const uint8_t *p, unsigned len)
{
	static const struct name plain[] = {
		{ 0, ": Null" }, { 1, ": Local" }, { 4, ": Magic-Num-Block" }, { 5, ": PSNDN" }, { 0, NULL }
	};
	unsigned class = u8(d, p + 2);

	switch (class) {
	case 2:
		if (len != 7)
			return bogus(d, "= 7", STOP);
		need(d, p + 3, 4);
		text(d, ": IPv4 "), text_ip4(d, p + 3);
		break;
	case 3:
		if (len != 9)
			return bogus(d, "= 9", STOP);
		need(d, p + 3, 6);
		text(d, ": MAC "), text_mac(d, p + 3);
		break;
	default:
		text_name(d, plain, class, ": Unknown class %u");
		break;
	}
	return DUMP;
}

static enum after
lcp_auth(struct dis *d, const uint8_t *p, unsigned len)
{
	unsigned protocol;

	if (len < 4)
		return bogus(d, ">= 4", NEXT);
	protocol = be16(d, p + 2);
	put_field(d, &L[AUTH], p + 2, 2);
	text(d, ": ");
	text_name(d, ppp_names, protocol, "Unknown Auth Proto (0x04x)");
	switch (protocol) {
	case P_CHAP:
		put_field(d, &L[ALGORITHM], p + 4, 1);
		need(d, p + 4, 1);
		text(d, ", ");
		text_name(d, chap_algorithms, p[4], "Unknown Auth Alg %u");
		break;
	case P_PAP:
	case P_EAP:
	case P_SPAP:
	case P_SPAP_OLD:
		break;
	default:
		text_unknown(d, p, "\n\t", len);
	}
	return DUMP;
}

static enum after
lcp_value(struct dis *d, unsigned opt, const uint8_t *p, unsigned len)
{
	uint32_t v;

	switch (opt) {
	case LCP_VENDOR:
		if (len < 6)
			return bogus(d, ">= 6", NEXT);
		v = be24(d, p + 2);
		text(d, ": Vendor: ");
		text_name(d, oui_names, v, "Unknown");
		text(d, " ("), text_u(d, v), text_char(d, ')');
		break;
	case LCP_MRU:
		if (len != 4)
			return bogus(d, "= 4", NEXT);
		put_field(d, &L[MRU], p + 2, 2);
		v = be16(d, p + 2);
		text(d, ": "), text_u(d, v);
		break;
	case LCP_ACCM:
		if (len != 6)
			return bogus(d, "= 6", NEXT);
		v = be32(d, p + 2);
		text(d, ": 0x"), text_x(d, v, 8);
		break;
	case LCP_AUTH:
		return lcp_auth(d, p, len);
	case LCP_QUALITY:
		if (len < 4)
			return bogus(d, ">= 4", STOP);
		text(d, be16(d, p + 2) == P_LQM ? ": LQR" : ": unknown");
		break;
	case LCP_MAGIC:
		if (len != 6)
			return bogus(d, "= 6", STOP);
		put_field(d, &L[OPT_MAGIC], p + 2, 4);
		v = be32(d, p + 2);
		text(d, ": 0x"), text_x(d, v, 8);
		break;
	case LCP_PFC:
	case LCP_ACFC:
		break;
	case LCP_LINK_DISC:
		if (len != 4)
			return bogus(d, "= 4", STOP);
		v = be16(d, p + 2);
		text(d, ": 0x"), text_x(d, v, 4);
		break;
	case LCP_CALLBACK:
		if (len < 3)
			return bogus(d, ">= 3", STOP);
		v = u8(d, p + 2);
		text(d, ": Callback Operation ");
		text_name(d, callbacks, v, "Unknown");
		text(d, " ("), text_u(d, v), text_char(d, ')');
		break;
	case LCP_MRRU:
		if (len != 4)
			return bogus(d, "= 4", STOP);
		v = be16(d, p + 2);
		text(d, ": "), text_u(d, v);
		break;
	case LCP_DISC:
		if (len < 3)
			return bogus(d, ">= 3", STOP);
		return discriminator(d, p, len);
	default:
		return unknown(d, p, len);
	}
	return DUMP;
}

/* IP header compression, RFC 3544 section 2.1. */
static enum after
header_compression(struct dis *d, const uint8_t *p, unsigned len)
{
	enum { FIXED = 14 };
	static const struct name subs[] = {
		{ 1, "RTP-Compression" }, { 2, "Enhanced RTP-Compression" }, { 0, NULL }
	};
	const uint8_t *q = p;
	unsigned rest = len - FIXED;

	if (len < FIXED)
		return bogus(d, ">= 14", STOP);
	if (!have(d, p + 2, FIXED)) {
		text(d, "[|ipcp]");
		return STOP;
	}
	text(d, "\n\t    TCP Space "), text_u(d, raw16(p + 4));
	text(d, ", non-TCP Space "), text_u(d, raw16(p + 6));
	text(d, ", maxPeriod "), text_u(d, raw16(p + 8));
	text(d, ", maxTime "), text_u(d, raw16(p + 10));
	text(d, ", maxHdr "), text_u(d, raw16(p + 12));
	if (rest) {
		text(d, "\n\t      Suboptions, length "), text_u(d, rest);
		q += FIXED;
	}
	while (rest >= 2) {
		if (!have(d, q, 2)) {
			text(d, "[|ipcp]");
			return STOP;
		}
		if (q[0] == 0 || q[1] == 0)
			break;
		text(d, "\n\t\t");
		text_name(d, subs, q[0], "Unknown");
		text(d, " Suboption #"), text_u(d, q[0]);
		text(d, ", length "), text_u(d, q[1]);
		if (rest < q[1]) {
			text(d, " [remaining suboptions length "), text_u(d, rest);
			text(d, " < "), text_u(d, q[1]), text_char(d, ']');
			text_invalid(d);
			break;
		}
		rest -= q[1];
		q += q[1];
	}
	/* The dump of the option starts where its suboptions end. */
	if (d->v > 1 && have(d, q + 2, len - 2))
		text_unknown(d, q + 2, "\n\t    ", len - 2);
	return NEXT;
}

static enum after
ipcp_value(struct dis *d, unsigned opt, const uint8_t *p, unsigned len)
{
	static const uint8_t of[] = { DNS1, NBNS1, DNS2, NBNS2 };
	unsigned v;

	switch (opt) {
	case IPCP_ADDRS:
		if (len != 10)
			return bogus(d, "= 10", NEXT);
		need(d, p + 2, 8);
		text(d, ": src "), text_ip4(d, p + 2);
		text(d, ", dst "), text_ip4(d, p + 6);
		break;
	case IPCP_COMP:
		if (len < 4)
			return bogus(d, ">= 4", STOP);
		v = be16(d, p + 2);
		text(d, ": ");
		text_name(d, compressions, v, "Unknown");
		text(d, " (0x"), text_x(d, v, 2), text(d, "):");
		if (v == COMP_HEADER)
			return header_compression(d, p, len);
		break;
	case IPCP_ADDR:
	case IPCP_MOBILE:
	case IPCP_DNS1:
	case IPCP_NBNS1:
	case IPCP_DNS2:
	case IPCP_NBNS2:
		if (len != 6)
			return bogus(d, "= 6", STOP);
		if (opt >= IPCP_DNS1)
			put_field(d, &I[of[opt - IPCP_DNS1]], p + 2, 4);
		else
			put_field(d, &I[IP_ADDR], p + 2, 4);
		need(d, p + 2, 4);
		text(d, ": "), text_ip4(d, p + 2);
		break;
	default:
		return unknown(d, p, len);
	}
	return DUMP;
}

static enum after
ipv6cp_value(struct dis *d, unsigned opt, const uint8_t *p, unsigned len)
{
	if (opt != 1)
		return unknown(d, p, len);
	if (len != 10)
		return bogus(d, "= 10", NEXT);
	if (!have(d, p + 2, 8)) {
		text(d, "[|ip6cp]");
		return STOP;
	}
	put_field(d, &I6[IFID], p + 2, 8);
	for (unsigned i = 2; i < 10; i += 2) {
		text(d, i == 2 ? ": " : ":");
		text_x(d, raw16(p + i), 4);
	}
	return DUMP;
}

static enum after
ccp_value(struct dis *d, unsigned opt, const uint8_t *p, unsigned len)
{
	unsigned a, b;

	switch (opt) {
	case CCP_BSD:
		if (len < 3)
			return bogus(d, ">= 3", NEXT);
		a = u8(d, p + 2);
		text(d, ": Version: "), text_u(d, a >> 5);
		text(d, ", Dictionary Bits: "), text_u(d, a & 0x1f);
		break;
	case CCP_MVRCA:
		if (len < 4)
			return bogus(d, ">= 4", NEXT);
		a = u8(d, p + 2);
		b = u8(d, p + 3);
		text(d, ": Features: "), text_u(d, a >> 6);
		text(d, ", PxP: "), text(d, a & 0x20 ? "Enabled" : "Disabled");
		text(d, ", History: "), text_u(d, a & 0x1f);
		text(d, ", #CTX-ID: "), text_u(d, b);
		break;
	case CCP_DEFLATE:
		if (len < 4)
			return bogus(d, ">= 4", NEXT);
		a = u8(d, p + 2);
		b = u8(d, p + 3);
		text(d, ": Window: "), text_u(d, a >> 4);
		text(d, "K, Method: "), text(d, (a & 15) == 8 ? "zlib" : "unknown");
		text(d, " (0x"), text_x(d, a & 15, 0);
		text(d, "), MBZ: "), text_u(d, b >> 2);
		text(d, ", CHK: "), text_u(d, b & 3);
		break;
	default:
		return unknown(d, p, len);
	}
	return DUMP;
}

static enum after
bacp_value(struct dis *d, unsigned opt, const uint8_t *p, unsigned len)
{
	uint32_t v;

	if (opt != 1)
		return unknown(d, p, len);
	if (len != 6)
		return bogus(d, "= 6", NEXT);
	v = be32(d, p + 2);
	text(d, ": Magic-Num 0x"), text_x(d, v, 8);
	return DUMP;
}

static const struct cp cp_lcp = { "LCP", "lcp", &proto_lcp, lcp_options, &L[LCP_OPT], lcp_value };
static const struct cp cp_ipcp = { "IPCP", "ipcp", &proto_ipcp, ipcp_options, &I[IP_OPT], ipcp_value };
static const struct cp cp_ipv6cp = { "IP6CP", "ip6cp", &proto_ipv6cp, ipv6cp_options, &I6[IP6_OPT], ipv6cp_value };
static const struct cp cp_ccp = { "CCP", "ccp", &proto_ccp, ccp_options, &C[CCP_OPT], ccp_value };
static const struct cp cp_bacp = { "BACP", "bacp", &proto_bacp, bacp_options, NULL, bacp_value };
static const struct cp cp_osicp = { .name = "OSICP", .cut = "osicp", .proto = &proto_osicp };
static const struct cp cp_mplscp = { .name = "MPLSCP", .cut = "mplscp", .proto = &proto_mplscp };

/* One option of at most max bytes; its length, or 0 to stop. */
static unsigned
option(struct dis *d, const struct cp *cp, const uint8_t *p, unsigned max)
{
	bool lcp = cp == &cp_lcp;
	unsigned opt, len;
	enum after after;
	const char *s;

	if (max < 2)
		return 0;
	if (!have(d, p, 2)) {
		text(d, "[|"), text(d, cp->cut), text_char(d, ']');
		return 0;
	}
	opt = p[0];
	len = p[1];
	if (len > max)
		return 0;
	if (cp->option_field)
		put_field(d, cp->option_field, p, 1);
	s = name_of(cp->options, opt);
	if (s == NULL && lcp) {
		text(d, "\n\tunknown LCP option 0x"), text_x(d, opt, 2);
		return len < 2 ? 0 : len;
	}
	if (s == NULL)
		s = cp == &cp_ipcp || cp == &cp_ipv6cp ? "unknown" : "Unknown";
	text(d, "\n\t  "), text(d, s);
	text(d, " Option (0x"), text_x(d, opt, 2);
	text(d, "), length "), text_u(d, len);
	if (len < 2) {
		bogus(d, ">= 2", STOP);
		return 0;
	}
	after = cp->value(d, opt, p, len);
	if (after == STOP)
		return 0;
	if (after == DUMP && d->v > 1 && (cp != &cp_ipcp || have(d, p + 2, len - 2)))
		text_unknown(d, p + 2, "\n\t    ", len - 2);
	return len;
}

static void
options(struct dis *d, const struct cp *cp, const uint8_t *p, unsigned len)
{
	unsigned rest = len - 4, n;

	p += 4;
	if (cp->options == NULL)
		return;
	while ((n = option(d, cp, p, len)) != 0) {
		if (rest < n) {
			text(d, " [remaining options length "), text_u(d, rest);
			text(d, " < "), text_u(d, n), text_char(d, ']');
			text_invalid(d);
			break;
		}
		rest -= n;
		p += n;
		if (rest == 0)
			break;
	}
}

static void
text_magic(struct dis *d, const uint8_t *p)
{
	uint32_t v = be32(d, p);

	put_field(d, &L[MAGIC], p, 4);
	text(d, "\n\t  Magic-Num 0x"), text_x(d, v, 8);
}

/* What comes behind code, identifier and length. False when cut short. */
static bool
body(struct dis *d, const struct cp *cp, unsigned code, const uint8_t *p, unsigned len)
{
	const uint8_t *v = p + 4;
	uint32_t n;

	switch (code) {
	case VENDOR:
		if (len < 11)
			break;
		text_magic(d, v);
		n = be24(d, v + 4);
		text(d, " Vendor: ");
		text_name(d, oui_names, n, "Unknown");
		text(d, " ("), text_u(d, n), text_char(d, ')');
		break;
	case CONF_REQ:
	case CONF_ACK:
	case CONF_NAK:
	case CONF_REJ:
		options(d, cp, p, len);
		break;
	case TERM_REQ:
	case TERM_ACK:
	case CODE_REJ:
		break;
	case PROT_REJ:
		if (len < 6)
			break;
		n = be16(d, v);
		text(d, "\n\t  Rejected ");
		text_name(d, ppp_names, n, "unknown");
		text(d, " Protocol (0x"), text_x(d, n, 4), text_char(d, ')');
		if (len > 6) {
			text(d, "\n\t  Rejected Packet");
			text_unknown(d, v + 2, "\n\t    ", len - 2);
		}
		break;
	case ECHO_REQ:
	case ECHO_RPL:
	case DISCARD:
		if (len < 8)
			break;
		text_magic(d, v);
		if (len > 8) {
			text(d, "\n\t  -----trailing data-----");
			if (!have(d, v + 4, len - 8))
				return false;
			text_unknown(d, v + 4, "\n\t  ", len - 8);
		}
		break;
	case IDENT:
		if (len < 8)
			break;
		text_magic(d, v);
		if (len > 8) {
			text(d, "\n\t  Message\n\t    ");
			if (text_str_soft(d, v + 4, len - 4))
				return false;
		}
		break;
	case TIME_LEFT:
		if (len < 12)
			break;
		text_magic(d, v);
		n = be32(d, v + 4);
		text(d, ", Seconds-Remaining "), text_u(d, n), text_char(d, 's');
		break;
	default:
		if (d->v <= 1 && (uintptr_t)p - (uintptr_t)d->pkt >= 2)
			text_unknown(d, p - 2, "\n\t  ", len + 2);
		break;
	}
	return true;
}

static void
control(struct dis *d, const struct cp *cp, const uint8_t *p, uint32_t len)
{
	unsigned code, said;

	if (d->sink) {
		fields_layer(d, cp->proto);
		put_field(d, &cp->proto->fields[CODE], p, 1);
		put_field(d, &cp->proto->fields[ID], p + 1, 1);
		put_field(d, &cp->proto->fields[LENGTH], p + 2, 2);
	}
	text(d, cp->name), text(d, ", ");
	if (len < 4 || !have(d, p, 2)) {
		text(d, "[|"), text(d, cp->name), text_char(d, ']');
		return;
	}
	code = p[0];
	text_name(d, codes, code, "Unknown Opcode");
	text(d, " (0x"), text_x(d, code, 2);
	text(d, "), id "), text_u(d, p[1]);
	text(d, ", length "), text_u(d, len + 2);
	if (!d->v)
		return;
	said = be16(d, p + 2);
	if (said < 4) {
		text(d, "\n\tencoded length "), text_u(d, said), text(d, " (< 4))");
		return;
	}
	if (said > len) {
		text(d, "\n\tencoded length "), text_u(d, said);
		text(d, " (> packet length "), text_u(d, len), text(d, "))");
		return;
	}
	text(d, "\n\tencoded length "), text_u(d, said);
	text(d, " (=Option(s) length "), text_u(d, said - 4), text_char(d, ')');
	if (said == 4)
		return;
	if (d->v > 1 && (uintptr_t)p - (uintptr_t)d->pkt >= 2)
		text_unknown(d, p - 2, "\n\t", 6);
	if (!body(d, cp, code, p, said))
		text(d, "[|"), text(d, cp->name), text_char(d, ']');
}

#define CONTROL(name, title, F) \
	static void \
	walk_##name(struct dis *d, const uint8_t *p, uint32_t len) \
	{ \
		control(d, &cp_##name, p, len); \
	} \
	const struct proto proto_##name = PROTO(#name, "ppp", title, walk_##name, F)

CONTROL(lcp, "PPP Link Control Protocol", L);
CONTROL(ipcp, "PPP IP Control Protocol", I);
CONTROL(ipv6cp, "PPP IPv6 Control Protocol", I6);
CONTROL(ccp, "PPP Compression Control Protocol", C);
CONTROL(bacp, "PPP Bandwidth Allocation Control Protocol", H);
CONTROL(osicp, "PPP OSI Network Layer Control Protocol", H);
CONTROL(mplscp, "PPP MPLS Control Protocol", H);
