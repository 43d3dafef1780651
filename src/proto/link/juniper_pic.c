/* Juniper's link types: what is behind their common header (juniper.c). */
#include "proto/link/juniper.h"

enum { DLT_CHDLC = 104, UI = 0x03, SAP_OSI = 0xfe };

/* Layer 3 protocol in the cookie of link services. */
enum { L3_MASK = 0x170, L3_IPV4 = 0x00, L3_IPV6 = 0x10, L3_MPLS = 0x20, L3_ISO = 0x30, TO_RE = 0x0c };

enum { PPP_IP = 0x0021, PPP_OSI = 0x0023, PPP_ADDRESS_CONTROL = 0xff03 };

static inline void
ip(struct dis *d, const uint8_t *p, uint32_t len)
{
	next(d, D_ETHERTYPE, ETH_IP, p, len);
}

static inline void
ip6(struct dis *d, const uint8_t *p, uint32_t len)
{
	next(d, D_ETHERTYPE, ETH_IPV6, p, len);
}

static inline void
osi(struct dis *d, const uint8_t *p, uint32_t len)
{
	next(d, D_INTERNAL, IN_ISOCLNS, p, len);
}

static inline void
ppp(struct dis *d, const uint8_t *p, uint32_t len)
{
	next(d, D_INTERNAL, IN_PPP, p, len);
}

/* What the cookie of link services says is inside; false when it says nothing. */
static bool
link_service(struct dis *d, unsigned proto, const uint8_t *p, uint32_t len)
{
	switch (proto) {
	case L3_IPV4:
		ip(d, p, len);
		return true;
	case L3_IPV6:
		ip6(d, p, len);
		return true;
	case L3_MPLS:
		next(d, D_INTERNAL, IN_MPLS, p, len);
		return true;
	case L3_ISO:
		osi(d, p, len);
		return true;
	default:
		return false;
	}
}

/* The bundle, and the protocol where the cookie has it. skip_plain: 2 bytes more without a cookie that is known. */
static void
bundle(struct dis *d, const uint8_t *p, struct juniper_frame *f, bool take_proto, bool skip_plain)
{
	bool skip = skip_plain;

	f->bundle = f->cookie[0];
	if (f->cookie_type == JUNIPER_COOKIE_AS) {
		f->bundle = raw16(f->cookie + 6) >> 3 & 0xfff;
		f->proto = f->cookie[5] & L3_MASK;
		skip = false;
	} else if (f->cookie_type == JUNIPER_COOKIE_LS) {
		f->bundle = f->cookie[1];
		if (take_proto)
			f->proto = be16(d, p);
		skip = take_proto;
	}
	if (skip) {
		f->header += 2;
		f->len -= 2;
	}
}

static void
bundle_mlppp(struct dis *d, const uint8_t *p, struct juniper_frame *f)
{
	bundle(d, p, f, false, false);
}

static void
bundle_mlfr(struct dis *d, const uint8_t *p, struct juniper_frame *f)
{
	bundle(d, p, f, true, true);
}

static void
bundle_mfr(struct dis *d, const uint8_t *p, struct juniper_frame *f)
{
	bundle(d, p, f, true, false);
}

enum { ATM2_CELL = 0x70, ATM2_GAP = 0x3f };

/* Cells may have a control word. */
static void
control_word(struct dis *d, const uint8_t *p, struct juniper_frame *f)
{
	uint32_t word = be32(d, p);

	if (!(f->cookie[7] & ATM2_CELL))
		return;
	if (word == 0 || word == 0x08000000 || word == 0x08380000)
		f->header += 4;
	if (d->e)
		text(d, "control-word 0x"), text_x(d, word, 8), text_char(d, ' ');
}

/* --- bodies: p is behind the header, f->len bytes long ------------------------------------------------------------ */

static void
ggsn(struct dis *d, const uint8_t *p, struct juniper_frame *f)
{
	enum { NONE = 1, IPV4 = 2, IPV6 = 6 };
	static const struct name protocols[] = { { NONE, "Null" }, { IPV4, "IPv4" }, { IPV6, "IPv6" }, { 0, NULL } };
	unsigned protocol = f->cookie[2];

	if (d->e) {
		text(d, "proto ");
		text_name(d, protocols, protocol, "Unknown");
		text(d, " ("), text_u(d, protocol);
		text(d, "), vlan "), text_u(d, raw16(f->cookie + 4)), text(d, ": ");
	}
	if (protocol == IPV4)
		ip(d, p, f->len);
	else if (protocol == IPV6)
		ip6(d, p, f->len);
	else if (!d->e)
		text(d, "unknown GGSN proto ("), text_u(d, protocol), text_char(d, ')');
}

static void
es(struct dis *d, const uint8_t *p, struct juniper_frame *f)
{
	enum { SA_HEADER = 16, ESP_AUTH = 1, ESP_AH_AUTH, AUTH_ESP, AUTH_AH, ENCRYPTION };
	static const struct name types[] = {
		{ ESP_AUTH, "ESP ENCR-AUTH" }, { ESP_AH_AUTH, "ESP ENCR-AH AUTH" }, { AUTH_ESP, "ESP AUTH" },
		{ AUTH_AH, "AH AUTH" }, { ENCRYPTION, "ESP ENCR" }, { 0, NULL }
	};
	const uint8_t *sa = p;
	unsigned type;

	need(d, sa, SA_HEADER);
	type = sa[3];
	if (type < ESP_AUTH || type > ENCRYPTION) {
		text(d, "ES Invalid type "), text_u(d, type);
		text(d, ", length "), text_u(d, f->len);
		return;
	}
	if (type >= AUTH_ESP) {
		f->len -= SA_HEADER;
		p += SA_HEADER;
	}
	if (d->e) {
		text(d, "ES SA, index "), text_u(d, raw16(sa));
		text(d, ", ttl "), text_u(d, sa[2]), text(d, " type ");
		text_name(d, types, type, "Unknown");
		text(d, " ("), text_u(d, type), text_char(d, ')');
		if (type >= AUTH_ESP) {
			text(d, ", spi "), text_u(d, raw32(sa + 4));
			text(d, ", Tunnel "), text_ip4(d, sa + 8);
			text(d, " > "), text_ip4(d, sa + 12);
		}
		text(d, ", length "), text_u(d, f->len), text_char(d, '\n');
	}
	ip(d, p, f->len);
}

static void
monitor(struct dis *d, const uint8_t *p, struct juniper_frame *f)
{
	need(d, p, 8);
	if (d->e) {
		text(d, "service-id "), text_u(d, raw32(p + 4));
		text(d, ", iif "), text_u(d, raw16(p + 2));
		text(d, ", pkt-type "), text_u(d, p[0]), text(d, ": ");
	}
	juniper_guess_ip(d, p, f->len);
}

static void
services(struct dis *d, const uint8_t *p, struct juniper_frame *f)
{
	need(d, p, 8);
	if (d->e) {
		text(d, "service-id "), text_u(d, p[0]);
		text(d, " flags 0x"), text_x(d, p[1], 2);
		text(d, " service-set-id 0x"), text_x(d, raw16(p + 2), 4);
		text(d, " iif "), text_u(d, be24(d, p + 5)), text(d, ": ");
	}
	juniper_guess_ip(d, p, f->len);
}

static void
pppoe(struct dis *d, const uint8_t *p, struct juniper_frame *f)
{
	next(d, D_INTERNAL, IN_ETHER, p, f->len);
}

static void
ethernet(struct dis *d, const uint8_t *p, struct juniper_frame *f)
{
	d->inner_link = 0;
	next(d, D_INTERNAL, IN_ETHER, p, f->len);
	f->header += d->inner_link;
}

static void
pppoe_atm(struct dis *d, const uint8_t *p, struct juniper_frame *f)
{
	unsigned type = be16(d, p);

	if (!next(d, D_ETHERTYPE, type, p + 2, f->len - 2))
		text(d, "unknown ethertype 0x"), text_x(d, type, 4);
}

static void
plain_ppp(struct dis *d, const uint8_t *p, struct juniper_frame *f)
{
	ppp(d, p, f->len);
}

static void
frelay(struct dis *d, const uint8_t *p, struct juniper_frame *f)
{
	next(d, D_INTERNAL, IN_FR, p, f->len);
}

static void
chdlc(struct dis *d, const uint8_t *p, struct juniper_frame *f)
{
	next(d, D_LINK, DLT_CHDLC, p, f->len);
}

static void
text_bundle(struct dis *d, unsigned number, const char *after)
{
	text(d, "Bundle-ID "), text_u(d, number), text(d, after);
}

static void
mlppp(struct dis *d, const uint8_t *p, struct juniper_frame *f)
{
	unsigned first = raw16(f->cookie);

	/* On a link of the bundle there is no cookie: those are the first bytes of PPP. */
	if (d->e && first != PPP_OSI && first != PPP_ADDRESS_CONTROL)
		text_bundle(d, f->bundle, ": ");
	/* What goes to the routing engine has no protocol in the cookie: that is IS-IS over PPP. */
	if (f->proto == L3_IPV4 && f->cookie[4] == TO_RE)
		ppp(d, p, f->len);
	else if (link_service(d, f->proto, p, f->len))
		return;
	else if (first == PPP_OSI)
		ppp(d, p - 2, f->len + 2);
	else
		ppp(d, p, f->len);
}

/* What bundles of Frame Relay have in common: NLPIDs behind a UI. */
static bool
bundle_nlpid(struct dis *d, const uint8_t *p, struct juniper_frame *f)
{
	switch (f->proto) {
	case UI << 8 | NLPID_Q933:
	case UI << 8 | NLPID_IPV4:
	case UI << 8 | NLPID_IPV6:
		osi(d, p - 1, f->len + 1);
		return true;
	default:
		return false;
	}
}

static void
text_unknown_proto(struct dis *d, const struct juniper_frame *f)
{
	text(d, "unknown protocol 0x"), text_x(d, f->proto, 4);
	text(d, ", length "), text_u(d, f->len);
}

static void
mfr(struct dis *d, const uint8_t *p, struct juniper_frame *f)
{
	if (f->cookie_len == 0) {
		next(d, D_INTERNAL, IN_MFR, p, f->len);
		return;
	}
	if (f->cookie_len == JUNIPER_COOKIE_MAX) {
		link_service(d, f->proto, p, f->len);
		return;
	}
	if (d->e && raw32(f->cookie) != 1)
		text_bundle(d, f->bundle, ", ");
	if (f->proto == (SAP_OSI << 8 | SAP_OSI)) {
		need(d, p, 1);
		osi(d, p + 1, f->len - 1);
	} else if (!bundle_nlpid(d, p, f)) {
		text_unknown_proto(d, f);
	}
}

static void
mlfr(struct dis *d, const uint8_t *p, struct juniper_frame *f)
{
	if (d->e && raw32(f->cookie) != 1)
		text_bundle(d, f->bundle, ", ");
	if (f->proto == UI || f->proto == UI << 8)
		osi(d, p, f->len);
	else if (!bundle_nlpid(d, p, f))
		text_unknown_proto(d, f);
}

/* An LLC header that is there when the packet looks like it; true when it led somewhere. */
static bool
guess_llc(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t start = be24(d, p);

	if (start != 0xfefe03 && start != 0xaaaa03)
		return false;
	d->refused = false;
	return next(d, D_INTERNAL, IN_LLC, p, len) && !d->refused;
}

/* NLPIDs as Cisco has them, behind a UI alone. */
static bool
guess_nlpid(struct dis *d, const uint8_t *p, uint32_t len)
{
	if (u8(d, p) != UI)
		return false;
	osi(d, p + 1, len - 1);
	return true;
}

static bool
guess_ppp(struct dis *d, const uint8_t *p, uint32_t len)
{
	switch (be16(d, p)) {
	case PPP_IP:
	case PPP_OSI:
	case 0x0281:	/* MPLS, unicast and multicast */
	case 0x0283:
	case 0x8021:	/* IPCP, OSICP, MPLSCP */
	case 0x8023:
	case 0x8281:
	case 0xc021:	/* LCP, PAP, CHAP */
	case 0xc023:
	case 0xc223:
	case 0x003d:	/* multilink */
	case 0x0057:	/* IPv6, IPV6CP */
	case 0x8057:
		ppp(d, p, len);
		return true;
	default:
		return false;
	}
}

static void
atm1(struct dis *d, const uint8_t *p, struct juniper_frame *f)
{
	if (f->cookie[0] == 0x80)
		next(d, D_INTERNAL, IN_OAM, p, f->len);
	else if (!guess_llc(d, p, f->len) && !guess_nlpid(d, p, f->len))
		juniper_guess_ip(d, p, f->len);
}

static void
atm2(struct dis *d, const uint8_t *p, struct juniper_frame *f)
{
	if (f->cookie[7] & ATM2_CELL) {
		next(d, D_INTERNAL, IN_OAM, p, f->len);
		return;
	}
	if (guess_llc(d, p, f->len))
		return;
	if (!f->in && f->cookie[3] & ATM2_GAP) {
		next(d, D_INTERNAL, IN_ETHER, p, f->len);
		return;
	}
	if (!guess_nlpid(d, p, f->len) && !guess_ppp(d, p, f->len))
		juniper_guess_ip(d, p, f->len);
}

/* --- the link types ------------------------------------------------------------------------------------------------ */

static void
walk_pic(struct dis *d, const struct juniper_pic *pic, const uint8_t *p, uint32_t len,
	void (*body)(struct dis *d, const uint8_t *p, struct juniper_frame *f))
{
	struct juniper_frame f;

	if (juniper_header(d, pic, p, len, &f))
		body(d, p + f.header, &f);
	link_header(d, f.header);
}

static void
walk_mlppp(struct dis *d, const uint8_t *p, uint32_t len)
{
	static const struct juniper_pic pic = {
		.mark = "juniper_mlppp", .name = "MLPPP", .cookie_len = 2, .finish = bundle_mlppp,
	};

	walk_pic(d, &pic, p, len, mlppp);
}

static void
walk_mlfr(struct dis *d, const uint8_t *p, uint32_t len)
{
	static const struct juniper_pic pic = {
		.mark = "juniper_mlfr", .name = "MLFR", .cookie_len = 2, .finish = bundle_mlfr,
	};

	walk_pic(d, &pic, p, len, mlfr);
}

static void
walk_es(struct dis *d, const uint8_t *p, uint32_t len)
{
	static const struct juniper_pic pic = { .mark = "juniper_es", .name = "ES" };

	walk_pic(d, &pic, p, len, es);
}

static void
walk_ggsn(struct dis *d, const uint8_t *p, uint32_t len)
{
	static const struct juniper_pic pic = {
		.mark = "juniper_ggsn", .name = "GGSN", .cookie_len = 8,
	};

	walk_pic(d, &pic, p, len, ggsn);
}

static void
walk_mfr(struct dis *d, const uint8_t *p, uint32_t len)
{
	static const struct juniper_pic pic = {
		.mark = "juniper_mfr", .name = "MFR", .cookie_len = 4, .bare_if_fragment = true, .finish = bundle_mfr,
	};

	walk_pic(d, &pic, p, len, mfr);
}

static void
walk_atm2(struct dis *d, const uint8_t *p, uint32_t len)
{
	static const struct juniper_pic pic = {
		.mark = "juniper_atm2", .name = "ATM2", .cookie_len = 8, .finish = control_word,
	};

	walk_pic(d, &pic, p, len, atm2);
}

static void
walk_services(struct dis *d, const uint8_t *p, uint32_t len)
{
	static const struct juniper_pic pic = {
		.mark = "juniper_services", .name = "AS", .cookie_len = 8,
	};

	walk_pic(d, &pic, p, len, services);
}

static void
walk_atm1(struct dis *d, const uint8_t *p, uint32_t len)
{
	static const struct juniper_pic pic = {
		.mark = "juniper_atm1", .name = "ATM1", .cookie_len = 4,
	};

	walk_pic(d, &pic, p, len, atm1);
}

static void
walk_monitor(struct dis *d, const uint8_t *p, uint32_t len)
{
	static const struct juniper_pic pic = {
		.mark = "juniper_monitor", .name = "MONITOR", .cookie_len = 8,
	};

	walk_pic(d, &pic, p, len, monitor);
}

static void
walk_pppoe(struct dis *d, const uint8_t *p, uint32_t len)
{
	static const struct juniper_pic pic = { .mark = "juniper_pppoe", .name = "PPPoE" };

	walk_pic(d, &pic, p, len, pppoe);
}

static void
walk_pppoe_atm(struct dis *d, const uint8_t *p, uint32_t len)
{
	static const struct juniper_pic pic = { .mark = "juniper_pppoe_atm", .name = "PPPoE ATM" };

	walk_pic(d, &pic, p, len, pppoe_atm);
}

static void
walk_ether(struct dis *d, const uint8_t *p, uint32_t len)
{
	static const struct juniper_pic pic = { .mark = "juniper_ether" };

	walk_pic(d, &pic, p, len, ethernet);
}

static void
walk_ppp(struct dis *d, const uint8_t *p, uint32_t len)
{
	static const struct juniper_pic pic = { .mark = "juniper_ppp" };

	walk_pic(d, &pic, p, len, plain_ppp);
}

static void
walk_frelay(struct dis *d, const uint8_t *p, uint32_t len)
{
	static const struct juniper_pic pic = { .mark = "juniper_frelay" };

	walk_pic(d, &pic, p, len, frelay);
}

static void
walk_chdlc(struct dis *d, const uint8_t *p, uint32_t len)
{
	static const struct juniper_pic pic = { .mark = "juniper_chdlc" };

	walk_pic(d, &pic, p, len, chdlc);
}

extern const struct proto proto_juniper_mlppp;
extern const struct proto proto_juniper_mlfr;
extern const struct proto proto_juniper_es;
extern const struct proto proto_juniper_ggsn;
extern const struct proto proto_juniper_mfr;
extern const struct proto proto_juniper_atm2;
extern const struct proto proto_juniper_services;
extern const struct proto proto_juniper_atm1;
extern const struct proto proto_juniper_monitor;
extern const struct proto proto_juniper_pppoe;
extern const struct proto proto_juniper_pppoe_atm;
extern const struct proto proto_juniper_ether;
extern const struct proto proto_juniper_ppp;
extern const struct proto proto_juniper_frelay;
extern const struct proto proto_juniper_chdlc;

const struct proto proto_juniper_mlppp =
	PROTO_NO_FIELDS("juniper", "juniper_mlppp", "Juniper Multilink PPP", walk_mlppp);
const struct proto proto_juniper_mlfr =
	PROTO_NO_FIELDS("juniper", "juniper_mlfr", "Juniper Multilink Frame Relay", walk_mlfr);
const struct proto proto_juniper_es =
	PROTO_NO_FIELDS("juniper", "juniper_es", "Juniper Encryption services", walk_es);
const struct proto proto_juniper_ggsn =
	PROTO_NO_FIELDS("juniper", "juniper_ggsn", "Juniper GGSN", walk_ggsn);
const struct proto proto_juniper_mfr =
	PROTO_NO_FIELDS("juniper", "juniper_mfr", "Juniper FRF.16", walk_mfr);
const struct proto proto_juniper_atm2 =
	PROTO_NO_FIELDS("juniper", "juniper_atm2", "Juniper ATM2", walk_atm2);
const struct proto proto_juniper_services =
	PROTO_NO_FIELDS("juniper", "juniper_services", "Juniper Adaptive services", walk_services);
const struct proto proto_juniper_atm1 =
	PROTO_NO_FIELDS("juniper", "juniper_atm1", "Juniper ATM1", walk_atm1);
const struct proto proto_juniper_monitor =
	PROTO_NO_FIELDS("juniper", "juniper_monitor", "Juniper Monitoring services", walk_monitor);
const struct proto proto_juniper_pppoe =
	PROTO_NO_FIELDS("juniper", "juniper_pppoe", "Juniper PPPoE", walk_pppoe);
const struct proto proto_juniper_pppoe_atm =
	PROTO_NO_FIELDS("juniper", "juniper_pppoe_atm", "Juniper PPPoE over ATM", walk_pppoe_atm);
const struct proto proto_juniper_ether =
	PROTO_NO_FIELDS("juniper", "juniper_ether", "Juniper Ethernet", walk_ether);
const struct proto proto_juniper_ppp =
	PROTO_NO_FIELDS("juniper", "juniper_ppp", "Juniper PPP", walk_ppp);
const struct proto proto_juniper_frelay =
	PROTO_NO_FIELDS("juniper", "juniper_frelay", "Juniper Frame Relay", walk_frelay);
const struct proto proto_juniper_chdlc =
	PROTO_NO_FIELDS("juniper", "juniper_chdlc", "Juniper Cisco HDLC", walk_chdlc);
