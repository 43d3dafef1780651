/*
 * Internet Control Message Protocol, RFC 792; router discovery, RFC 1256; multi-part messages, RFC 4884, with MPLS
 * label stacks, RFC 4950, and interface information, RFC 5837.
 */
#include "dissect/dissect.h"

enum {
	ECHO_REPLY = 0, UNREACHABLE = 3, QUENCH = 4, REDIRECT = 5, ECHO = 8, ROUTER_ADVERT = 9, ROUTER_SOLICIT = 10,
	TIME_EXCEEDED = 11, PARAMETER = 12, TIMESTAMP = 13, TIMESTAMP_REPLY = 14, INFO = 15, INFO_REPLY = 16,
	MASK = 17, MASK_REPLY = 18,
};
static const struct name types[] = {
	{ ECHO_REPLY, "echo reply" }, { UNREACHABLE, "destination unreachable" }, { QUENCH, "source quench" },
	{ REDIRECT, "redirect" }, { ECHO, "echo request" }, { ROUTER_ADVERT, "router advertisement" },
	{ ROUTER_SOLICIT, "router solicitation" }, { TIME_EXCEEDED, "time exceeded" },
	{ PARAMETER, "parameter problem" }, { TIMESTAMP, "time stamp request" }, { TIMESTAMP_REPLY, "time stamp reply" },
	{ INFO, "information request" }, { INFO_REPLY, "information reply" }, { MASK, "address mask request" },
	{ MASK_REPLY, "address mask reply" }, { 0, NULL }
};

enum { NO_NET, NO_HOST, NO_PROTOCOL, NO_PORT, TOO_BIG };
/* How an unreachable destination is worded: before and after its address. */
static const struct {
	const char *before, *after;
} unreachable[] = {
	[NO_NET] = { "net ", " unreachable" },
	[NO_HOST] = { "host ", " unreachable" },
	[TOO_BIG] = { "", " unreachable - need to frag" },
	[5] = { "", " unreachable - source route failed" },
	[6] = { "net ", " unreachable - unknown" },
	[7] = { "host ", " unreachable - unknown" },
	[8] = { "", " unreachable - source host isolated" },
	[9] = { "net ", " unreachable - admin prohibited" },
	[10] = { "host ", " unreachable - admin prohibited" },
	[11] = { "net ", " unreachable - tos prohibited" },
	[12] = { "host ", " unreachable - tos prohibited" },
	[13] = { "host ", " unreachable - admin prohibited filter" },
	[14] = { "host ", " unreachable - host precedence violation" },
	[15] = { "host ", " unreachable - precedence cutoff" },
};

enum { OBJ_MPLS = 1, OBJ_INTERFACE = 2 };
static const struct name objects[] = {
	{ OBJ_MPLS, "MPLS Stack Entry" }, { OBJ_INTERFACE, "Interface Identification" }, { 0, NULL }
};

enum {
	TYPE, CODE, SUM, IDENT, SEQ, GATEWAY, MTU, POINTER, RA_COUNT, RA_LIFETIME, RA_ADDRESS, RA_PREFERENCE, NETMASK,
	ORIGINATE, RECEIVE, TRANSMIT, EXT_LEN, EXT_VERSION, EXT_SUM, OBJ_LEN, OBJ_CLASS, OBJ_CTYPE, LABEL_, TC, BOTTOM,
	LABEL_TTL, IFINDEX, IF_IP4, IF_IP6, IFNAME, IF_MTU, RESPONSE_TO, RESPONSE_TIME,
};
static const struct field F[] = {
	[TYPE] = { "icmp.type", U8, .names = types, .help = "Type" },
	[CODE] = { "icmp.code", U8, .help = "Code" },
	[SUM] = { "icmp.checksum", U16, .help = "Checksum" },
	[IDENT] = { "icmp.ident", U16, .help = "Identifier" },
	[SEQ] = { "icmp.seq", U16, .help = "Sequence number" },
	[GATEWAY] = { "icmp.redir_gw", IP4, .help = "Gateway of a redirect" },
	[MTU] = { "icmp.mtu", U16, .help = "MTU of the next hop" },
	[POINTER] = { "icmp.pointer", U8, .help = "Where the problem is" },
	[RA_COUNT] = { "icmp.num_addrs", U8, .help = "Number of addresses advertised" },
	[RA_LIFETIME] = { "icmp.lifetime", U16, .help = "Lifetime in seconds" },
	[RA_ADDRESS] = { "icmp.router_address", IP4, .help = "Router address" },
	[RA_PREFERENCE] = { "icmp.pref_level", I32, .help = "Preference level" },
	[NETMASK] = { "icmp.address_mask", IP4, .help = "Address mask" },
	[ORIGINATE] = { "icmp.originate_timestamp", U32, .help = "Originate time, in milliseconds since midnight UTC" },
	[RECEIVE] = { "icmp.receive_timestamp", U32, .help = "Receive time" },
	[TRANSMIT] = { "icmp.transmit_timestamp", U32, .help = "Transmit time" },
	[EXT_LEN] = { "icmp.length", U8, .help = "Length of the original datagram in 4 bytes" },
	[EXT_VERSION] = { "icmp.ext.version", U8, .mask = 0xf0, .help = "Version of the extensions" },
	[EXT_SUM] = { "icmp.ext.checksum", U16, .help = "Checksum of the extensions" },
	[OBJ_LEN] = { "icmp.ext.length", U16, .help = "Length of an extension object" },
	[OBJ_CLASS] = { "icmp.ext.class", U8, .names = objects, .help = "Class of an extension object" },
	[OBJ_CTYPE] = { "icmp.ext.ctype", U8, .help = "Type of an extension object within its class" },
	[LABEL_] = { "icmp.mpls.label", U32, .mask = 0xfffff000, .help = "MPLS label" },
	[TC] = { "icmp.mpls.exp", U32, .mask = 0x00000e00, .help = "MPLS traffic class" },
	[BOTTOM] = { "icmp.mpls.s", BOOL, .mask = 0x00000100, .help = "Bottom of the MPLS stack" },
	[LABEL_TTL] = { "icmp.mpls.ttl", U32, .mask = 0x000000ff, .help = "MPLS time to live" },
	[IFINDEX] = { "icmp.int_info.index", U32, .help = "Interface index" },
	[IF_IP4] = { "icmp.int_info.ipv4", IP4, .help = "Interface IPv4 address" },
	[IF_IP6] = { "icmp.int_info.ipv6", IP6, .help = "Interface IPv6 address" },
	[IFNAME] = { "icmp.int_info.name", STR, .help = "Interface name" },
	[IF_MTU] = { "icmp.int_info.mtu", U32, .help = "Interface MTU" },
	[RESPONSE_TO] = { "icmp.resp_to", U64, .help = "Packet of the request it answers", .needs = NEEDS_ANSWERS },
	[RESPONSE_TIME] = { "icmp.resptime", MILLIS, .help = "Since that request", .needs = NEEDS_ANSWERS },
};

extern const struct proto proto_icmp;

/* A message is cut to so many characters, as tcpdump cuts it: router advertisements may list 255 addresses. */
enum { MESSAGE_MAX = 163 };

/* Offsets: of the original datagram and its header's fields, and of the extensions behind 128 bytes of it. */
enum { ORIGINAL = 8, ORIG_PROTO = ORIGINAL + 9, ORIG_DST = ORIGINAL + 16, EXTENSIONS = 136, OBJECTS = 140 };

static void
put_header(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[TYPE], p, 1);
	put_field(d, &F[CODE], p + 1, 1);
	put_field(d, &F[SUM], p + 2, 2);
	if (!have(d, p, 1))
		return;
	switch (*p) {
	case ECHO:
	case ECHO_REPLY:
	case TIMESTAMP:
	case TIMESTAMP_REPLY:
	case INFO:
	case INFO_REPLY:
	case MASK:
	case MASK_REPLY:
		put_field(d, &F[IDENT], p + 4, 2);
		put_field(d, &F[SEQ], p + 6, 2);
		break;
	case REDIRECT:
		put_field(d, &F[GATEWAY], p + 4, 4);
		break;
	case ROUTER_ADVERT:
		put_field(d, &F[RA_COUNT], p + 4, 1);
		put_field(d, &F[RA_LIFETIME], p + 6, 2);
		break;
	case UNREACHABLE:
		if (have(d, p, 2) && p[1] == TOO_BIG)
			put_field(d, &F[MTU], p + 6, 2);
		put_field(d, &F[EXT_LEN], p + 5, 1);
		break;
	case PARAMETER:
		put_field(d, &F[POINTER], p + 4, 1);
		put_field(d, &F[EXT_LEN], p + 5, 1);
		break;
	case TIME_EXCEEDED:
		put_field(d, &F[EXT_LEN], p + 5, 1);
		break;
	}
}

static void
port_unreachable(struct dis *d, const uint8_t *p)
{
	unsigned ihl = (u8(d, p + ORIGINAL) & 15) * 4;
	uint16_t port = be16(d, p + ORIGINAL + ihl + 2);

	need(d, p, ORIG_DST + 4);
	text_ip4(d, p + ORIG_DST);
	switch (p[ORIG_PROTO]) {
	case IPP_TCP:
		text(d, " tcp port ");
		text_tcp_port(d, port);
		break;
	case IPP_UDP:
		text(d, " udp port ");
		text_udp_port(d, port);
		break;
	default:
		text_fmt(d, " protocol %u port %u", p[ORIG_PROTO], port);
		break;
	}
	text(d, " unreachable");
}

static void
text_unreachable(struct dis *d, const uint8_t *p, unsigned code)
{
	switch (code) {
	case NO_PORT:
		port_unreachable(d, p);
		return;
	case NO_PROTOCOL:
		text_ip4(d, p + ORIG_DST);
		text_fmt(d, " protocol %u unreachable", p[ORIG_PROTO]);
		return;
	}
	if (code >= sizeof unreachable / sizeof *unreachable) {
		text_ip4(d, p + ORIG_DST);
		text_fmt(d, " unreachable - #%u", code);
		return;
	}
	text(d, unreachable[code].before);
	text_ip4(d, p + ORIG_DST);
	text(d, unreachable[code].after);
	if (code == TOO_BIG && raw16(p + 6))
		text_fmt(d, " (mtu %u)", raw16(p + 6));
}

static void
text_redirect(struct dis *d, const uint8_t *p, unsigned code)
{
	static const char *const to[] = { " to net ", " to host " };

	if (code < 4)
		text(d, code < 2 ? "redirect " : "redirect-tos ");
	else
		text_fmt(d, "redirect-#%u ", code);
	text_ip4(d, p + ORIG_DST);
	text(d, code < 4 ? to[code & 1] : " to ");
	text_ip4(d, p + 4);
}

/* RFC 1256 section 5. */
static void
text_advertisement(struct dis *d, const uint8_t *p)
{
	unsigned life = be16(d, p + 6), n = u8(d, p + 4), size = u8(d, p + 5);
	const uint8_t *a = p + 8;

	text(d, "router advertisement lifetime ");
	if (life < 60)
		text_u(d, life);
	else if (life < 3600)
		text_fmt(d, "%u:%02u", life / 60, life % 60);
	else
		text_fmt(d, "%u:%02u:%02u", life / 3600, life % 3600 / 60, life % 60);
	text_fmt(d, " %u:", n);
	if (size != 2) {
		text_fmt(d, " [size %u]", size);
		return;
	}
	for (; n; n--, a += 8) {
		put_field(d, &F[RA_ADDRESS], a, 4);
		put_field(d, &F[RA_PREFERENCE], a + 4, 4);
		need(d, a, 8);
		text(d, " {");
		text_ip4(d, a);
		text_fmt(d, " %u}", raw32(a + 4));
	}
}

/* Milliseconds since midnight. */
static void
text_clock(struct dis *d, const char *lead, uint32_t ms)
{
	uint32_t s = ms / 1000;

	text_fmt(d, "%s%02u:%02u:%02u.%03u", lead, s / 3600, s / 60 % 60, s % 60, ms % 1000);
}

/* What the message says; nothing of it is shown when it is cut short. */
static void
text_message(struct dis *d, const uint8_t *p, unsigned type, unsigned code)
{
	switch (type) {
	case ECHO:
	case ECHO_REPLY:
		need(d, p, 8);
		text(d, type == ECHO ? "echo request, id " : "echo reply, id "), text_u(d, raw16(p + 4));
		text(d, ", seq "), text_u(d, raw16(p + 6));
		break;
	case UNREACHABLE:
		text_unreachable(d, p, code);
		break;
	case REDIRECT:
		text_redirect(d, p, code);
		break;
	case ROUTER_ADVERT:
		text_advertisement(d, p);
		break;
	case TIME_EXCEEDED:
		if (code == 0)
			text(d, "time exceeded in-transit");
		else if (code == 1)
			text(d, "ip reassembly time exceeded");
		else
			text_fmt(d, "time exceeded-#%u", code);
		break;
	case PARAMETER:
		if (code)
			text_fmt(d, "parameter problem - code %u", code);
		else
			text_fmt(d, "parameter problem - octet %u", u8(d, p + 4));
		break;
	case MASK_REPLY:
		put_field(d, &F[NETMASK], p + 8, 4);
		text_fmt(d, "address mask is 0x%08x", be32(d, p + 8));
		break;
	case TIMESTAMP:
		need(d, p, 8);
		put_field(d, &F[ORIGINATE], p + 8, 4);
		text_fmt(d, "time stamp query id %u seq %u", raw16(p + 4), raw16(p + 6));
		break;
	case TIMESTAMP_REPLY:
		need(d, p, 20);
		put_field(d, &F[ORIGINATE], p + 8, 4);
		put_field(d, &F[RECEIVE], p + 12, 4);
		put_field(d, &F[TRANSMIT], p + 16, 4);
		text_fmt(d, "time stamp reply id %u seq %u", raw16(p + 4), raw16(p + 6));
		text_clock(d, ": org ", raw32(p + 8));
		text_clock(d, ", recv ", raw32(p + 12));
		text_clock(d, ", xmit ", raw32(p + 16));
		break;
	default:
		text_name(d, types, type, "type-#%u");
		break;
	}
}

static inline bool
is_error(unsigned type)
{
	return type == UNREACHABLE || type == QUENCH || type == REDIRECT || type == TIME_EXCEEDED || type == PARAMETER;
}

/* RFC 5837 section 4: what ctype's bits announce, in their order; n bytes at p, as fields only. */
static void
put_interface(struct dis *d, const uint8_t *p, uint32_t n, unsigned ctype)
{
	enum { HAS_MTU = 1, HAS_NAME = 2, HAS_ADDRESS = 4, HAS_INDEX = 8 };
	uint32_t size;

	if (ctype & HAS_INDEX) {
		if (n < 4)
			return;
		put_field(d, &F[IFINDEX], p, 4);
		p += 4;
		n -= 4;
	}
	if (ctype & HAS_ADDRESS) {
		if (n < 4 || !have(d, p, 4))
			return;
		size = raw16(p) == 1 ? 4 : 16;
		if (n < 4 + size)
			return;
		put_field(d, &F[size == 4 ? IF_IP4 : IF_IP6], p + 4, size);
		p += 4 + size;
		n -= 4 + size;
	}
	if (ctype & HAS_NAME) {
		if (n < 1 || !have(d, p, 1) || (size = *p) < 1 || n < size)
			return;
		put_field(d, &F[IFNAME], p + 1, size - 1);
		p += size;
		n -= size;
	}
	if (ctype & HAS_MTU && n >= 4)
		put_field(d, &F[IF_MTU], p, 4);
}

/* RFC 4950 section 3: one label. */
static void
text_label(struct dis *d, const uint8_t *p)
{
	uint32_t v = be32(d, p);

	for (unsigned i = LABEL_; i <= LABEL_TTL; i++)
		put_field(d, &F[i], p, 4);
	text_fmt(d, "\n\t    label %u, tc %u", v >> 12, v >> 9 & 7);
	if (v & 0x100)
		text(d, ", [S]");
	text(d, ", ttl "), text_u(d, v & 0xff);
}

/* One extension object. Its length, or 0 when nothing more can be made of the extensions. */
static uint32_t
text_object(struct dis *d, const uint8_t *p)
{
	uint32_t len;
	unsigned class, ctype;

	need(d, p, 4);
	len = raw16(p);
	class = p[2];
	ctype = p[3];
	put_field(d, &F[OBJ_LEN], p, 2);
	put_field(d, &F[OBJ_CLASS], p + 2, 1);
	put_field(d, &F[OBJ_CTYPE], p + 3, 1);
	text(d, "\n\t  ");
	text_name(d, objects, class, "unknown");
	text_fmt(d, " Object (%u), Class-Type: %u, length %u", class, ctype, len);
	if (class == 0 || len < 4)
		return 0;
	if (class == OBJ_INTERFACE && d->sink)
		put_interface(d, p + 4, len - 4, ctype);
	if (class == OBJ_MPLS && ctype == 1)
		text_label(d, p + 4);
	else
		text_unknown(d, p + 4, "\n\t    ", len - 4);
	return len;
}

/* RFC 4884 section 7: extensions behind the original datagram. */
static void
text_extensions(struct dis *d, const uint8_t *p, uint32_t len)
{
	struct span all = { p + EXTENSIONS, len - EXTENSIONS };
	uint32_t n = len - EXTENSIONS;
	bool whole;

	if (!have(d, p, OBJECTS + 1)) {
		text_trunc(d);
		return;
	}
	whole = have(d, p, len);
	/* Not everybody sets the length: without it, a right checksum is what tells that extensions are there. */
	if (p[5] == 0 && whole && checksum(&all, 1))
		return;
	put_field(d, &F[EXT_VERSION], p + EXTENSIONS, 1);
	put_field(d, &F[EXT_SUM], p + EXTENSIONS + 2, 2);
	text(d, "\n\tICMP Multi-Part extension v"), text_u(d, p[EXTENSIONS] >> 4);
	if (p[EXTENSIONS] >> 4 != 2) {
		text(d, " packet not supported");
		return;
	}
	if (whole)
		text_fmt(d, ", checksum 0x%04x (%scorrect), length %u", raw16(p + EXTENSIONS + 2),
		    checksum(&all, 1) ? "in" : "", n);
	n -= 4;
	for (p += OBJECTS; n > 4;) {
		uint32_t size = text_object(d, p);

		if (size == 0 || size > n)
			break;
		p += size;
		n -= size;
	}
}

/* The datagram that caused an error, as it was then. */
static void
text_original(struct dis *d, const uint8_t *p)
{
	const uint8_t *bound;
	uint32_t total;

	text(d, "\n\t");
	total = be16(d, p + 2);
	bound = narrow(d, p, total);
	next(d, D_ETHERTYPE, ETH_IP, p, total);
	widen(d, bound);
	mark(d, "icmp");
}

static void
icmp(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned type, code;
	uint32_t at;

	enter(d, &proto_icmp);
	if (d->sink)
		put_header(d, p);
	type = u8(d, p);
	code = u8(d, p + 1);
	if (type == TIME_EXCEEDED && !have(d, p, ORIG_DST + 4)) {
		text_trunc(d);
		return;
	}
	text_hold(d);
	text(d, "ICMP ");
	at = text_at(d);
	text_message(d, p, type, code);
	if (text_at(d) - at > MESSAGE_MAX)
		d->out = d->base + at + MESSAGE_MAX;
	text_keep(d);
	text(d, ", length "), text_u(d, len);
	if (d->v && !d->net.fragment && have(d, p, len)) {
		uint16_t sum = checksum(&(struct span) { p, len }, 1);

		if (sum) {
			uint16_t is = be16(d, p + 2);

			text_fmt(d, " (wrong icmp cksum %x (->%x)!)", is, checksum_should_be(is, sum));
		}
	}
	if (!d->v)
		return;
	if (is_error(type))
		text_original(d, p + ORIGINAL);
	if (len > EXTENSIONS && (type == UNREACHABLE || type == TIME_EXCEEDED || type == PARAMETER))
		text_extensions(d, p, len);
}

const struct proto proto_icmp = PROTO("icmp", "icmp", "Internet Control Message Protocol", icmp, F);
