/*
 * The walk engine: the whole vocabulary of a dissector.
 *
 * A walk is one straight function over the bytes of a packet. It reads, says text and notes fields in one pass; the
 * order of its reads and of its text is tcpdump's, because what a cut-short packet shows is decided by it. Text and
 * fields are separate calls: text is the line a person reads, a field is a reference "this field is these bytes"
 * that JSON, tables and filters decode later, only if asked.
 *
 * The laws: a walk holds nothing (it may vanish at any hard read); read, then print; fields never end a walk and
 * never change the text; nobody calls a neighbour by name; no state but `d`.
 */
#pragma once

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "dissect/field_set.h"
#include "pkt/checksum.h"
#include "pkt/names.h"
#include "pkt/packet.h"

struct dis;
struct demux;
struct fields;
struct layer;
struct conv_table;

/* --- protocols and their fields ------------------------------------------------------------------------------- */

/* How the bytes of a field are to be read. A number may have names and a mask; multi-byte numbers are big-endian. */
enum field_type {
	U8, U16, U24, U32, U64,		/* unsigned, network order */
	LE16, LE24, LE32, LE64,		/* unsigned, little-endian */
	I8, I16, I32, I64,		/* signed, network order */
	BOOL,				/* a bit of 1, 2 or 4 bytes, under .mask; or a value */
	IP4, IP6, MAC, EUI64,
	STR,				/* text; shown up to the first NUL */
	BYTES,
	TIME32,				/* seconds since 1970 UTC, 4 bytes */
	TIME_NS,			/* a value: nanoseconds since 1970 UTC, signed */
	DURATION,			/* a value: nanoseconds, signed; shown in seconds */
	MILLIS,				/* the same, shown in milliseconds */
	LABEL,				/* presence only */
};

/*
 * What a field takes that the packet's own walk does not know: bits. Such fields are not noted by walks but behind them, by
 * who sees all packets in their order, and only when somebody has asked for one by name.
 */
enum field_needs {
	NEEDS_BEFORE = 1,		/* the times of the packets before */
	NEEDS_FLOWS = 2,		/* conversations ... */
	NEEDS_IDS = 16,			/* ... and their Community IDs */
	NEEDS_ANALYSIS = 4,		/* what the order and time of a connection's segments tell */
	NEEDS_ANSWERS = 8,		/* which answer belongs to which question */
	NEEDS_HTTP = 32,		/* which response belongs to which request, over the segments of a connection */
	NEEDS_ALL = 63
};

struct field {
	const char *name;		/* Wireshark's: "tcp.dstport" */
	enum field_type type;
	uint64_t mask;			/* bits that count; the value is shifted down to them. 0: all */
	const struct name *names;	/* what the values are called, or NULL */
	const char *help;		/* what it means, a few words: "Destination port" */
	unsigned needs;			/* NEEDS_ above */
};

struct proto {
	const char *name;		/* Wireshark's filter name of the layer: "tcp" */
	const char *mark;		/* tcpdump's name in " [|tcp]" */
	const char *title;		/* "Transmission Control Protocol" */
	void (*walk)(struct dis *d, const uint8_t *p, uint32_t len);
	const struct field *fields;
	unsigned n_fields;
};

#define PROTO(name, mark, title, walk, F) { name, mark, title, walk, F, sizeof(F) / sizeof *(F) }
#define PROTO_NO_FIELDS(name, mark, title, walk) { name, mark, title, walk, NULL, 0 }

/* --- which protocol comes next -------------------------------------------------------------------------------- */

/* The kinds of number that choose the next protocol; each is a column of demux.def (kind in lower case there). */
enum demux_kind {
	D_LINK,		/* DLT_ of a capture, or of a frame inside a tunnel */
	D_ETHERTYPE,
	D_LLC,		/* 802.2 DSAP, when SSAP is the same */
	D_SNAP_CISCO,	/* SNAP protocol ID under OUI 00:00:0c ... */
	D_SNAP_APPLE,	/* ... 08:00:07 */
	D_NLPID,	/* ISO 9577 */
	D_PPP,		/* PPP protocol field */
	D_SLOW,		/* subtype of the IEEE slow protocols */
	D_IPPROTO,	/* IPv4 protocol, IPv6 next header */
	D_IP6EXT,	/* IPv6 next header, in the header chain only: refused tells that the chain ends */
	D_ICMPV6,	/* type of an ICMPv6 message, which is handed over whole */
	D_IGMP,		/* type of an IGMP message, handed over whole */
	D_TCP,		/* either port; the earlier row wins when both have one */
	D_UDP,
	D_UDP_DST,	/* destination port only; shares D_UDP's order */
	D_UDP_SRC,
	D_TYPE_TCP,	/* what -T says, over TCP ... */
	D_TYPE_UDP,	/* ... and over UDP: enum packet_type */
	D_PPI,		/* and so on: one kind for each number space */
	D_VXLAN_GPE,
	D_NSH,
	D_SCTP_PPID,	/* payload protocol identifier of an SCTP DATA chunk */
	D_INTERNAL,	/* enum inner: parts that several protocols embed */
	D_LISTED,	/* no number leads to it; the row only makes its fields known */
	D_KINDS
};

/* What -T forces a packet to be taken for. */
enum packet_type {
	PT_NONE, PT_AODV, PT_CARP, PT_CNFP, PT_DOMAIN, PT_LMP, PT_PGM, PT_PGM_ZMTP1, PT_PTP, PT_QUIC, PT_RADIUS,
	PT_RESP, PT_RPC, PT_RTCP, PT_RTP, PT_SNMP, PT_SOMEIP, PT_TFTP, PT_VAT, PT_VXLAN, PT_WB, PT_ZMTP1,
};

/* Dissectors that are entered by others without a number on the wire. */
enum inner {
	IN_IP,			/* an IP packet of either version, told apart by its first nibble */
	IN_PPP_HDLC, IN_PPP, IN_EAP, IN_LLC, IN_ISOCLNS, IN_MPLS, IN_DNS_NAME, IN_NFS, IN_IPX_NETBIOS,
	IN_ATALK_LLAP, IN_DOMAIN_TCP, IN_ETHER, IN_MPTCP, IN_CARP, IN_ISAKMP, IN_FR, IN_MFR, IN_SNAP, IN_OAM,
	IN_OAM_CELL, IN_LANE, IN_WPAN, IN_ZMTP1_DATAGRAM, IN_SMB, IN_TLS,
};

/* A row of demux.def. first..last is the range of numbers. */
struct demux_row {
	enum demux_kind kind;
	uint32_t first, last;
	const struct proto *proto;
};

/* Builds the lookup from the rows, in their order of trial. Shared by any number of walks; NULL without memory. */
struct demux *demux_new(const struct demux_row *rows, size_t n);
void demux_free(struct demux *);
const struct proto *demux_find(const struct demux *, enum demux_kind kind, uint32_t value);
/* For D_TCP and D_UDP: the earliest row that fits either port (D_UDP also asks D_UDP_DST and D_UDP_SRC). */
const struct proto *demux_find_port(const struct demux *, enum demux_kind kind, uint16_t src, uint16_t dst);
/* The i-th row, or NULL past the last. */
const struct demux_row *demux_row_at(const struct demux *, size_t i);

/* --- the walk's state ------------------------------------------------------------------------------------------ */

/* Names for numbers, wanted unless -n; each may be NULL. The string lives at least until the packet is done. */
struct resolver {
	void *ctx;
	const char *(*host)(void *ctx, int version, const uint8_t *addr);	/* version 4 or 6 */
	const char *(*service)(void *ctx, bool tcp, uint16_t port);
	const char *(*ether)(void *ctx, const uint8_t *mac);
};

/* How to print, from the command line; the letters are tcpdump's. */
struct style {
	int e;			/* link-level header */
	int v;			/* verbosity, 0 to 3 (and more) */
	int q;			/* quick: less protocol information */
	int n;			/* 1: no host names and no names at all (-n, -nn) */
	int N;			/* no domain part of host names */
	int S;			/* absolute TCP sequence numbers */
	int K;			/* no checksums */
	int b;			/* BGP AS numbers in ASDOT */
	int u;			/* undecoded NFS handles */
	int H;			/* 802.11s draft mesh headers */
	int x, X, A;		/* hex, hex and ASCII, ASCII; 2: with the link header */
	int t;			/* time stamp style, count of -t */
	int number;		/* -#: packet numbers */
	int oneline;		/* -g: no line break after the IP header with -v */
	int no_default;		/* no hex of what has no dissector (-x and -X do it already) */
	int nano;		/* nanoseconds in time stamps */
	int type;		/* -T: enum packet_type */
	int mute;		/* the text is thrown away */
	int terminal;		/* the text goes to a terminal: no control characters, not even those that tcpdump lets pass */
	int iface_socket;	/* any open socket, through which interfaces' names are asked for; 0: a new one each time */
	const char *md5_secret;	/* -M, or NULL */
	const char *esp_secrets;	/* -E, or NULL */
	const struct keys *keys;	/* what it says, or NULL: pkt/keys.h */
};

/* The network header around what is being walked; what transports print and checksum. */
struct net {
	const uint8_t *hdr;	/* the IP header; its fixed part was checked to be captured */
	const uint8_t *src, *dst;	/* addresses, 4 or 16 bytes, captured */
	const uint8_t *sum_dst;	/* final destination of a source-routed packet, for checksums; NULL: dst */
	uint8_t version;	/* 4, 6, or 0 when there is none */
	uint8_t proto;		/* what this header says is next (IPv6: the fixed header's next header) */
	uint8_t ttl;
	bool fragment;		/* one of several fragments ... */
	bool atomic;		/* ... or, with IPv6's header for them, the only one (RFC 6946) */
};

/* Time stamps: the text of the last second shown, and the packet that -ttt and -ttttt count from. */
struct stamp {
	int64_t sec, ref_sec, ref_frac;	/* ref_frac: in the unit shown */
	bool date, utc;
	uint8_t len;
	char text[40];
};

struct dis {
	/* where reads end, and where text goes: the hot line */
	const uint8_t *end;	/* one past the last byte that may be read */
	char *out, *lim;	/* next character of text; where there is no more room at once */
	struct fields *sink;	/* where fields go, or NULL */
	bool noting;		/* the sink takes fields, and not layers alone */
	bool mute;		/* nobody will read the text: what is nothing but text may be left out ... */
	bool idle;		/* ... and is not put together, as nobody here wants it either (dissect/said.h) */
	const char *mark;	/* the name shown when a read fails */
	const struct proto *layer;

	int e, v, q, n, N, S, K, u, b;	/* copies of the style's, for short conditions */

	const uint8_t *pkt;	/* the packet's first byte */
	struct net net;
	const uint8_t *mac_src, *mac_dst;	/* link addresses, 6 bytes that are there, or NULL: both or none */
	uint32_t link_len;	/* bytes of link header, which -x leaves out: set by link_header */
	uint32_t inner_link;	/* what LLC and its like tell the link layer above: bytes of theirs to leave out too */
	unsigned depth;		/* how many layers deep */
	uint16_t sport, dport;	/* of the transport header around */
	uint8_t tcp_flags;	/* of the TCP header whose option is walked */
	uint16_t llc_control;	/* of the LLC header around */
	bool gathered;		/* somebody puts fragments together: a first one that is all there is not walked by itself */
	bool refused;		/* an embedded part tells its caller that its bytes make no sense */

	char *base;		/* the text buffer ... */
	size_t size;		/* ... and its length */
	size_t from, most;	/* where in it this packet's text begins; lim is at most so much behind */
	uint32_t hold;		/* text_hold: offset to fall back to, or UINT32_MAX */
	bool lost;		/* text was dropped because a packet's text reached the ceiling ... */
	bool walking;		/* ... which ends a walk */

	const struct style *style;
	const struct demux *demux;
	const struct resolver *resolver;	/* NULL with -n */
	struct conv_table *conv;	/* conversation memory, lent */
	struct later *later;	/* or, with several threads, what is to be asked of it after the walk */
	const struct packet *packet;
	char *arena;		/* a packet's own memory, see dis_alloc */
	uint32_t arena_used;
	struct stamp stamp;
	jmp_buf leave;
};

/* Ceilings of one packet. */
enum {
	DIS_DEPTH_MAX = 128,		/* layers inside layers; deeper ones are announced and left alone */
	DIS_TEXT_BASE = 256 << 10,	/* bytes of text that any packet may have ... */
	DIS_TEXT_A_BYTE = 16,		/* ... and for each byte of it; -XX needs five */
	DIS_TEXT_MAX = DIS_TEXT_BASE + DIS_TEXT_A_BYTE * PACKET_MAX,
	DIS_ARENA = 64 << 10,		/* bytes of scratch memory */
	DIS_FIELDS_MAX = 4096,		/* fields noted by walks */
	DIS_FIELDS_ALL = DIS_FIELDS_MAX + 512,	/* and by who knows conversations: no packet is so full that these are missing */
};

/* A walk's state, reused for every packet. style, demux and resolver must outlive it. NULL without memory. */
struct dis *dis_new(const struct style *, const struct demux *, const struct resolver *, struct conv_table *);
void dis_free(struct dis *);

/*
 * Dissects one packet: appends its line(s), newline included, to the text buffer (d->base up to d->out), with the
 * number and time stamp that the style asks for. number counts from 1. False, and nothing said: the packet has to
 * wait for its turn (see dissect/later.h).
 */
bool dis_packet(struct dis *d, const struct packet *p, uint64_t number);

/*
 * Walks on in the packet that d has just dissected with its fields collected: p..p+len is what the IP header of that layer
 * has behind it, put together from fragments. Its fields join the packet's; the bytes must stay as long as they. The text is
 * nobody's.
 */
void dis_resume(struct dis *d, const struct layer *ip, uint8_t proto, const uint8_t *p, uint32_t len);

/* Empties the text buffer, after the caller has written it. */
static inline void
dis_clear(struct dis *d)
{
	d->out = d->base;
}

/* Memory that lasts as long as the packet; NULL when the packet has used up its share. */
void *dis_alloc(struct dis *d, size_t n);

/* --- conversation memory (dissect/conv.c, dissect/later.c) ------------------------------------------------------- */

/* Relative TCP sequence numbers, RPC calls and so on: a bounded table, the least recently used goes first. */
struct conv_table *conv_new(void);
void conv_free(struct conv_table *);

enum { CONV_KEY = 47, CONV_DATA = 16, CONV_BASES = 3 };

/*
 * The entry under key (n bytes, at most CONV_KEY), made with zeroed data when it is not there and make is set; *fresh
 * tells. NULL when it is not there. The entry is CONV_DATA bytes for the caller to use. With several threads this
 * does not return: the packet is walked again when all packets before it have been.
 */
void *conv_at(struct dis *d, const void *key, size_t n, bool make, bool *fresh);

/*
 * A question to conversation memory whose answer is nothing but numbers that others count from. The walk must not
 * look at them, only hand them to text_from: with several threads they are known later than the text around them.
 */
struct origin {
	uint8_t key[CONV_KEY];	/* which entry; zeros behind key_len bytes */
	uint8_t key_len;
	uint32_t given[2];	/* what `answer` needs to know of the packet ... */
	bool opens, reverse;
	void (*answer)(struct origin *, void *data, bool fresh);	/* reads and changes the entry, sets base */
	uint32_t base[CONV_BASES];
	uint32_t hash;		/* of the key; 0: not known yet */
};

/* It will be asked, a little later: what it takes is fetched meanwhile. Need not be called. */
void origin_expect(struct dis *d, struct origin *o);
/* Asks. What is returned is *o or a copy of it that outlives the walk; NULL when there is no memory to ask. */
const struct origin *origin_ask(struct dis *d, struct origin *o);
/* Says v less the origin's i-th base; v itself when there is no origin. */
void text_from(struct dis *d, const struct origin *o, unsigned i, uint32_t v);

/* --- hard reads: the bytes must be captured, or the packet's dissection ends here -------------------------------- */

_Noreturn void dis_leave(struct dis *d);

static inline bool
have(const struct dis *d, const uint8_t *p, uint32_t n)
{
	return (ptrdiff_t)n <= d->end - p;
}

/* Bytes captured from p on; 0 when p is past the end. */
static inline uint32_t
left(const struct dis *d, const uint8_t *p)
{
	return p < d->end ? (uint32_t)(d->end - p) : 0;
}

static inline void
need(struct dis *d, const uint8_t *p, uint32_t n)
{
	if (__builtin_expect(!have(d, p, n), 0))
		dis_leave(d);
}

/* Reads without a check, for bytes that need() or have() vouched for. */
static inline uint16_t
raw16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t
raw32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline uint8_t
u8(struct dis *d, const uint8_t *p)
{
	need(d, p, 1);
	return *p;
}

static inline uint16_t
be16(struct dis *d, const uint8_t *p)
{
	need(d, p, 2);
	return raw16(p);
}

static inline uint32_t
be24(struct dis *d, const uint8_t *p)
{
	need(d, p, 3);
	return (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
}

static inline uint32_t
be32(struct dis *d, const uint8_t *p)
{
	need(d, p, 4);
	return raw32(p);
}

static inline uint64_t
be48(struct dis *d, const uint8_t *p)
{
	need(d, p, 6);
	return (uint64_t)raw16(p) << 32 | raw32(p + 2);
}

static inline uint64_t
be64(struct dis *d, const uint8_t *p)
{
	need(d, p, 8);
	return (uint64_t)raw32(p) << 32 | raw32(p + 4);
}

/* Big-endian number of 1 to 8 bytes. */
static inline uint64_t
be_n(struct dis *d, const uint8_t *p, unsigned n)
{
	uint64_t v = 0;

	need(d, p, n);
	for (unsigned i = 0; i < n && i < 8; i++)
		v = v << 8 | p[i];
	return v;
}

static inline uint16_t
le16(struct dis *d, const uint8_t *p)
{
	need(d, p, 2);
	return (uint16_t)(p[1] << 8 | p[0]);
}

static inline uint32_t
le24(struct dis *d, const uint8_t *p)
{
	need(d, p, 3);
	return (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static inline uint32_t
le32(struct dis *d, const uint8_t *p)
{
	need(d, p, 4);
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static inline uint64_t
le64(struct dis *d, const uint8_t *p)
{
	return le32(d, p) | (uint64_t)le32(d, p + 4) << 32;
}

/* --- text ----------------------------------------------------------------------------------------------------- */

/* Makes room for n more characters; false, once and for all in this packet, when its text has reached the ceiling. */
bool text_room_slow(struct dis *d, size_t n);

/* Text from offset `from` on is one packet's. */
static inline void
text_limit(struct dis *d, size_t from)
{
	d->from = from;
	d->lim = d->base + (d->size - from > d->most ? from + d->most : d->size);
}

/* How much has been said. What a walk wants to do with it: dissect/said.h. */
static inline uint32_t
text_at(const struct dis *d)
{
	return (uint32_t)(d->out - d->base);
}

static inline bool
text_room(struct dis *d, size_t n)
{
	return __builtin_expect((size_t)(d->lim - d->out) >= n, 1) || text_room_slow(d, n);
}

static inline __attribute__((always_inline)) void
text_n(struct dis *d, const char *s, size_t n)
{
	if (text_room(d, n)) {
		memcpy(d->out, s, n);
		d->out += n;
	}
}

/* Says a NUL-terminated string, our own (never packet bytes: see text_str). */
static inline __attribute__((always_inline)) void
text(struct dis *d, const char *s)
{
	text_n(d, s, strlen(s));
}

static inline void
text_char(struct dis *d, char c)
{
	if (text_room(d, 1))
		*d->out++ = c;
}

/*
 * A piece of text that every other packet has is put together in one go: text_begin makes room for all of it and tells
 * where to write (NULL: there is none), text_put and the functions of base/digits.h and pkt/address.h append there and
 * return what is behind, text_end says where the piece ends.
 */
static inline char *
text_begin(struct dis *d, size_t n)
{
	return text_room(d, n) ? d->out : NULL;
}

static inline __attribute__((always_inline)) char *
text_put(char *o, const char *s)
{
	size_t n = strlen(s);

	memcpy(o, s, n);
	return o + n;
}

static inline void
text_end(struct dis *d, char *o)
{
	d->out = o;
}

void text_u(struct dis *d, uint64_t v);				/* %u */
void text_i(struct dis *d, int64_t v);				/* %d */
void text_x(struct dis *d, uint64_t v, unsigned width);	/* %0*x, width 0: as many digits as needed */

/*
 * A label and the big-endian number of n bytes at p behind it, in decimal or in hex. A hard read, and before the
 * label is said, so that a packet cut short here does not show the label alone.
 */
void text_be(struct dis *d, const char *label, const uint8_t *p, unsigned n);
void text_be_x(struct dis *d, const char *label, const uint8_t *p, unsigned n, unsigned width);

/*
 * printf's own language, written by hand: % then flags - 0 # + and space, width and precision (also *), l ll h hh z,
 * and c d i u x X o s p %, and f e g for doubles. For packet strings use text_str and its kin.
 */
void text_fmt(struct dis *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Blanks in front of what was said since `from` (text_at), so that it is at least width characters wide. */
void text_pad_left(struct dis *d, uint32_t from, uint32_t width);

/* The name of v, or v under fmt (which has one conversion for an unsigned; NULL: "#%d"). */
void text_name(struct dis *d, const struct name *table, uint32_t v, const char *fmt);
/* The names of the bits of v that are set (a row matches when all its bits are), with sep between; none: fmt. */
void text_bits(struct dis *d, const struct name *table, uint32_t v, const char *sep, const char *fmt);

/* Addresses in the packet: hard reads. As names unless -n; see pkt/ and the resolver. */
void text_ip4(struct dis *d, const uint8_t *p);
void text_ip6(struct dis *d, const uint8_t *p);
void text_mac(struct dis *d, const uint8_t *p);
void text_eui64(struct dis *d, const uint8_t *p);
/* n bytes of a link address as hex with colons, whatever n is ("<empty>" for none). */
void text_linkaddr(struct dis *d, const uint8_t *p, uint32_t n);
/* The same without names, from any memory. */
void text_ip4_plain(struct dis *d, const uint8_t *p);
void text_ip6_plain(struct dis *d, const uint8_t *p);
void text_mac_plain(struct dis *d, const uint8_t *p);
/* The address whose first `bits` are at p, as routing protocols cut prefixes (at most 32 or 128; bits beyond are 0). Hard. */
void text_net4(struct dis *d, const uint8_t *p, unsigned bits);
void text_net6(struct dis *d, const uint8_t *p, unsigned bits);
/* An OSI address of n bytes as "49.0001.1921.6800.1001.00", at p or in any memory with _plain. Hard. */
void text_nsap(struct dis *d, const uint8_t *p, unsigned n);
void text_nsap_plain(struct dis *d, const uint8_t *p, unsigned n);
/* The same of what is known to be there, also outside of the packet, whose bounds say nothing of it: d->mac_src. */
void text_ip4_own(struct dis *d, const uint8_t *p);
void text_ip6_own(struct dis *d, const uint8_t *p);
void text_mac_own(struct dis *d, const uint8_t *p);
/* A route distinguisher of 8 bytes (RFC 4364 section 4.2), in its own form and, for AS numbers, in another one. Hard. */
void text_rd(struct dis *d, const uint8_t *p);
/* An address of d->net, which is known to be there. */
void text_addr(struct dis *d, const uint8_t *p);
/*
 * "src.port > dst.port: ", without the addresses when d->net does not say that `proto` comes next (a header in
 * between has printed them already).
 */
void text_ends(struct dis *d, uint8_t proto, bool tcp, uint16_t sport, uint16_t dport);
/* The name of this machine's interface with that number ("?": there is none), at least width characters wide. */
void text_iface(struct dis *d, uint32_t index, uint32_t width);
/* Ports as names unless -n. */
void text_tcp_port(struct dis *d, uint16_t port);
void text_udp_port(struct dis *d, uint16_t port);

/*
 * Packet strings, made harmless: ^X for control characters, M-x for those beyond ASCII.
 * text_ascii: one byte. text_str: n bytes, hard. text_str_soft: until n or the end; true when the end came first.
 * text_str_pad: n bytes or up to a NUL, hard. text_str_z: up to and with a NUL within n bytes and the captured
 * ones: the number of bytes with the NUL, or 0 when it did not come.
 */
void text_ascii(struct dis *d, uint8_t c);
void text_str(struct dis *d, const uint8_t *p, uint32_t n);
bool text_str_soft(struct dis *d, const uint8_t *p, uint32_t n);
void text_str_pad(struct dis *d, const uint8_t *p, uint32_t n);
uint32_t text_str_z(struct dis *d, const uint8_t *p, uint32_t n);

/*
 * The domain name at p with a dot behind every label; pointers count from msg, the message's first byte. What is
 * behind the name, or NULL when it is cut short or makes no sense (which has been said then, but for the marker).
 */
const uint8_t *text_domain(struct dis *d, const uint8_t *p, const uint8_t *msg);

/* Bytes in hex, no separator: n bytes, hard. */
void text_hex(struct dis *d, const uint8_t *p, uint32_t n);
/* Dumps of what is captured of n bytes, each line behind indent ("\n\t"), offsets from `from`. Soft. */
void text_dump_hex(struct dis *d, const char *indent, const uint8_t *p, uint32_t n, uint32_t from);
void text_dump_hex_ascii(struct dis *d, const char *indent, const uint8_t *p, uint32_t n, uint32_t from);
/* As -A shows them. Soft. */
void text_dump_ascii(struct dis *d, const uint8_t *p, uint32_t n);
/* What has no dissector, in hex and ASCII, unless the packet is dumped anyway (tcpdump's default print). */
void text_default(struct dis *d, const uint8_t *p, uint32_t n);
/* A TLV nobody knows: hex behind indent (tcpdump's print_unknown_data). */
void text_unknown(struct dis *d, const uint8_t *p, const char *indent, uint32_t n);

/* Durations as 1y2w3d4h5m6s; 0s for none. */
void text_duration(struct dis *d, uint32_t seconds);
void text_duration_signed(struct dis *d, int32_t seconds);
/* Seconds since 1970 through strftime, UTC or local time. */
void text_time(struct dis *d, const char *fmt, int64_t seconds, bool utc);
/* The 8-byte NTP time stamp at p (RFC 5905 section 6): seconds and nanoseconds since 1900, and as a date. Hard. */
void text_ntp_time(struct dis *d, const uint8_t *p);
/*
 * What -M's secret has to say about the HMAC-MD5 of 16 bytes at digest inside the message p..p+n, as " (valid)": it covers
 * the message with the digest and the n_zero bytes at the offsets in zero as 0. A wrong one is preceded by the right one.
 */
void text_md5_verdict(struct dis *d, const uint8_t *p, uint32_t n, const uint8_t *digest, const uint16_t *zero,
    unsigned n_zero);
/* 4-byte AS number, plain or (-b) as ASDOT. */
void text_as(struct dis *d, uint32_t as);

/* Local ends: mark, then return, and the caller goes on. */
void text_trunc(struct dis *d);		/* " [|mark]" */
void text_invalid(struct dis *d);	/* " (invalid)" */
/* A number that does not fit: " [what is op than] (invalid)", as in " [length 3 < 8] (invalid)". */
void text_bad(struct dis *d, const char *what, uint64_t is, const char *op, uint64_t than);

/* Text said from text_hold on vanishes if a read fails before text_keep. Do not nest. */
static inline void
text_hold(struct dis *d)
{
	d->hold = (uint32_t)(d->out - d->base);
}

static inline void
text_keep(struct dis *d)
{
	d->hold = UINT32_MAX;
}

/* --- layers and bounds ---------------------------------------------------------------------------------------- */

void fields_layer(struct dis *d, const struct proto *p);

/* This walk begins: its name goes into the marker, and a layer opens for its fields. */
static inline void
enter(struct dis *d, const struct proto *p)
{
	d->mark = p->mark;
	d->layer = p;
	if (d->sink)
		fields_layer(d, p);
}

/* Only the marker's name: where tcpdump sets its protocol name inside a walk, or back after an inner one. */
static inline void
mark(struct dis *d, const char *name)
{
	d->mark = name;
}

/* n bytes are the link header: -x leaves those of the outermost walk out, an inner one tells its caller. */
static inline void
link_header(struct dis *d, uint32_t n)
{
	if (d->depth == 1)
		d->link_len = n;
	else
		d->inner_link = n;
}

/* Lets reads end n bytes after p if that is earlier than now; widen puts the earlier bound back. */
static inline const uint8_t *
narrow(struct dis *d, const uint8_t *p, uint32_t n)
{
	const uint8_t *was = d->end;

	if (was - p > (ptrdiff_t)n)
		d->end = p + n;
	return was;
}

static inline void
widen(struct dis *d, const uint8_t *was)
{
	d->end = was;
}

/*
 * Hands p..p+len to the protocol that `value` of this kind chooses; false when there is none. The network header,
 * link addresses, ports and the fields' layer are as before when it returns; the marker's name is the callee's last.
 */
bool next(struct dis *d, enum demux_kind kind, uint32_t value, const uint8_t *p, uint32_t len);
/* The same for a pair of ports: the first row in demux.def that fits either. */
bool next_port(struct dis *d, enum demux_kind kind, uint16_t src, uint16_t dst, const uint8_t *p, uint32_t len);
/*
 * What follows an IP header, or one that chains like it: unknown protocols are said with their length, and those
 * that belong to the other version of IP are refused.
 */
void next_ip(struct dis *d, uint8_t proto, const uint8_t *p, uint32_t len);
/* Does a dissector exist? */
static inline bool
has_next(const struct dis *d, enum demux_kind kind, uint32_t value)
{
	return demux_find(d->demux, kind, value) != NULL;
}

/*
 * Pseudo-header checksum of the transport (or ICMPv6) message p..p+len inside d->net, covering cover bytes;
 * 0 when right. The bytes must be captured. proto goes into the pseudo-header.
 */
uint16_t net_checksum(struct dis *d, const uint8_t *p, uint32_t len, uint32_t cover, uint8_t proto);

/* --- fields: soft, never change the text ------------------------------------------------------------------------ */

void fields_bytes(struct dis *d, const struct field *f, const uint8_t *p, uint32_t n);
void fields_value(struct dis *d, const struct field *f, uint64_t v);
void fields_string(struct dis *d, const struct field *f, const char *s, size_t n);
/* The same, of a string that stays as it is until the next packet. */
void fields_string_lent(struct dis *d, const struct field *f, const char *s, size_t n);

/* This field is the n bytes at p (ignored where they are not captured). */
static inline void
put_field(struct dis *d, const struct field *f, const uint8_t *p, uint32_t n)
{
	if (__builtin_expect(d->noting, 0))
		fields_bytes(d, f, p, n);
}

/* Where in a header a field of the table is. */
struct field_place {
	uint8_t row, at, len;
};

void fields_header(struct dis *d, const struct field *table, const struct field_place *places, unsigned n, const uint8_t *p);

/* put_field for several fields of the header at p, in this order. The table and the places have to be constant. */
#define put_header_fields(d, table, places, p) do { \
	_Static_assert(sizeof(places) / sizeof *(places) <= 64, "a bit each in struct header_choice"); \
	if (__builtin_expect((d)->noting, 0)) \
		fields_header_quick(d, table, places, sizeof(places) / sizeof *(places), p); \
} while (0)

/* This field is the value v, worked out and not simply some bytes of the packet. */
static inline void
put_value(struct dis *d, const struct field *f, uint64_t v)
{
	if (__builtin_expect(d->noting, 0))
		fields_value(d, f, v);
}

/* This field is the string s, copied. */
static inline void
put_string(struct dis *d, const struct field *f, const char *s, size_t n)
{
	if (__builtin_expect(d->noting, 0))
		fields_string(d, f, s, n);
}

/* This field is the address of size bytes whose first `bits` are at p, as a number of its own. */
void put_net(struct dis *d, const struct field *f, const uint8_t *p, unsigned bits, unsigned size);

/* --- the field sink, for those who read it ---------------------------------------------------------------------- */

struct noted {
	const struct field *field;	/* NULL: a layer begins; layer->proto tells which */
	union {
		const uint8_t *p;	/* bytes, or text made by the walk */
		uint64_t value;
	};
	uint32_t len;
	uint16_t layer;			/* index into layers */
	uint8_t is_value;		/* .value counts, not .p */
	uint8_t is_text;		/* .p is finished text, whatever the field's type */
};

struct layer {
	const struct proto *proto;
	uint16_t depth;			/* how deep the walk was: a tunnelled layer is deeper than its carrier */
	const uint8_t *p;		/* what its walk was given, and how much of it is captured */
	uint32_t len;
	uint32_t size;			/* how much of it there was, as the headers around it say */
	const uint8_t *net;		/* the IP header around it, captured up to the addresses at least, or NULL */
	uint8_t net_version;		/* its version, 4 or 6 */
	bool fragment;			/* it is in one of several fragments */
};

enum { LAYER_NAMES = 16, LAYER_NAMES_DEEP = 7, LAYER_NAMES_ROOM = 56, LAYER_NAMES_LONG = 256 };

/* What rows of layers are called together ("eth:ip:tcp"): few packets have others than those before them. */
struct layer_names {
	const struct proto *layers[LAYER_NAMES_DEEP];
	uint32_t n, len;	/* n 0: free */
	char text[LAYER_NAMES_ROOM];
};

/*
 * Fields that put_header_fields has noted, one behind the other from the at-th note on: they are all there, and each is where its
 * place says, so that who compares packets need not look at each. Beyond the first few of a packet they are not recorded.
 */
enum { FIELD_BLOCKS = 16 };
struct field_block {
	const struct field *table;
	const struct field_place *places;
	uint32_t at;
	uint16_t n, layer;
};

/* Which places of a header have fields that are wanted, a bit each. */
enum { HEADER_CHOICES = 64 };
struct header_choice {
	const struct field *table;
	const struct field_place *places;
	uint64_t wanted;
};

struct fields {
	struct field_set wanted;
	struct header_choice choices[HEADER_CHOICES];	/* by their places' address, as they are met */
	bool all;			/* everything is wanted */
	uint32_t n, n_layers, dropped;	/* dropped: fields beyond the ceiling, in this packet */
	uint32_t most;			/* that may be noted now */
	uint32_t n_blocks;
	uint16_t now;			/* the layer fields belong to now */
	const uint8_t *begins;		/* what the innermost walk was given */
	uint32_t begins_len;
	void *memo;			/* of who shows them, from packet to packet: one block, freed with the sink */
	struct layer_names names[LAYER_NAMES];
	char long_names[LAYER_NAMES_LONG];	/* of one that is not among them: of this packet */
	struct field_block blocks[FIELD_BLOCKS];
	struct noted noted[DIS_FIELDS_ALL];
	struct layer layers[DIS_DEPTH_MAX * 4];
};

/* fields_header where all is captured and wanted, which the compiler makes a row of stores. */
static inline __attribute__((always_inline)) void
fields_header_quick(struct dis *d, const struct field *table, const struct field_place *places, unsigned n, const uint8_t *p)
{
	struct fields *s = d->sink;
	struct noted *x = &s->noted[s->n];
	const uint16_t layer = s->now;
	ptrdiff_t size = 0;

#pragma GCC unroll 32
	for (unsigned i = 0; i < n; i++)
		size = places[i].at + places[i].len > size ? places[i].at + places[i].len : size;
	if (__builtin_expect(!s->all || s->n == 0 || s->n + n > DIS_FIELDS_MAX || d->end - p < size, 0)) {
		fields_header(d, table, places, n, p);
		return;
	}
#pragma GCC unroll 32
	for (unsigned i = 0; i < n; i++)
		x[i] = (struct noted) { .field = &table[places[i].row], .p = p + places[i].at, .len = places[i].len,
			.layer = layer };
	if (s->n_blocks < FIELD_BLOCKS)
		s->blocks[s->n_blocks++] = (struct field_block) { table, places, s->n, (uint16_t)n, layer };
	s->n += n;
}

/* Turns the collection of these fields (NULL: all) on for d: the sink is emptied at each packet. */
bool dis_collect_fields(struct dis *d, const struct field_set *w);
/* The same for layers alone: the sink has their beginnings and no fields. */
bool dis_collect_layers(struct dis *d);

/* A number field's value (bytes decoded by type, masked and shifted); false if it is not a number. */
bool field_number(const struct noted *n, uint64_t *v);

/* No printf and no unbounded string function in a per-packet path. */
#undef sprintf		/* clang fortifies by macros */
#undef vsprintf
#pragma GCC poison strcpy strcat sprintf vsprintf strtok gets gmtime localtime ctime asctime
