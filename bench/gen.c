/*
 * Makes captures to measure with, the same ones every time: gen KIND PACKETS FILE ("-": standard output). A longer one
 * begins with the shorter.
 *
 * Kinds: mixed (tens of thousands of hosts; IPv4 and IPv6, TCP with and without data, DNS and other UDP, ICMP, ARP, a
 * VLAN here and there; sizes as on an office network), small (TCP and UDP of about 64 bytes between a million hosts),
 * bulk (a few TCP connections that carry as much as they can), tunnels (the mixed traffic inside of QinQ, MPLS, GRE,
 * VXLAN, IP-in-IP, PPPoE, or IPv6 with extension headers), office (the mixed traffic is noise above TCP, and its segments come in
 * any order; here whole conversations have messages of applications in them: HTTP, TLS and SSH, beside DNS, SNMP, NTP and syslog).
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HOSTS = 20000, FLOWS = 5000, FLOWS_SMALL = 500000, FLOWS_BULK = 12, FRAME_MAX = 2048 };

static uint64_t state = 0x9e3779b97f4a7c15u;

static uint32_t
dice(uint32_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 32) % n;
}

struct flow {
	uint32_t host[2];
	uint16_t port[2];
	uint32_t seq[2];
	uint8_t v6;
	uint8_t stage, rounds;		/* of an office conversation: what comes next; requests that are yet to come */
	uint8_t unacked;		/* segments since the last acknowledgement */
	uint16_t left;			/* bytes of the response */
};

static struct flow flows[FLOWS_SMALL];
static unsigned n_flows = FLOWS;
static uint8_t frame[FRAME_MAX];

static uint8_t *
put16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
	return p + 2;
}

static uint8_t *
put32(uint8_t *p, uint32_t v)
{
	return put16(put16(p, v >> 16), v & 0xffff);
}

static uint32_t
sum(const uint8_t *p, size_t n, uint32_t s)
{
	for (; n > 1; p += 2, n -= 2)
		s += (uint32_t)(p[0] << 8 | p[1]);
	return n ? s + (uint32_t)(p[0] << 8) : s;
}

static unsigned
fold(uint32_t s)
{
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return ~s & 0xffff;
}

static uint8_t *
put_mac(uint8_t *p, uint32_t host)
{
	p[0] = 2;
	p[1] = 0;
	return put32(p + 2, host);
}

static uint8_t *
put_ether(uint8_t *p, uint32_t src, uint32_t dst, unsigned type)
{
	p = put_mac(put_mac(p, dst), src);
	if (src % 16 == 3)
		p = put16(put16(p, 0x8100), 1 + src % 9);
	return put16(p, type);
}

/* An IP header of the flow's version in front of n bytes; where the transport header's checksum goes is *at. */
static uint8_t *
put_ip(uint8_t *p, const struct flow *f, unsigned dir, unsigned proto, unsigned n)
{
	uint8_t *h = p;

	if (f->v6) {
		p = put32(p, 0x60000000);
		p = put16(p, n);
		*p++ = (uint8_t)proto;
		*p++ = 64;
		for (int i = 0; i < 2; i++) {
			p = put32(put32(p, 0x20010db8), f->host[dir ^ i] % 7);
			p = put32(put32(p, 0), f->host[dir ^ i]);
		}
		return p;
	}
	*p++ = 0x45;
	*p++ = 0;
	p = put16(p, n + 20);
	p = put16(put16(p, dice(65536)), 0x4000);
	*p++ = 64;
	*p++ = (uint8_t)proto;
	p = put16(p, 0);
	p = put32(put32(p, 0x0a000000 + f->host[dir]), 0x0a000000 + f->host[dir ^ 1]);
	put16(h + 10, fold(sum(h, 20, 0)));
	return p;
}

static void
seal(const struct flow *f, uint8_t *transport, unsigned n, unsigned proto, unsigned at)
{
	const uint8_t *addr = f->v6 ? transport - 32 : transport - 8;

	put16(transport + at, 0);
	put16(transport + at, fold(sum(transport, n, sum(addr, f->v6 ? 32 : 8, proto + n))));
}

static void
put_noise(uint8_t *p, unsigned n)
{
	for (unsigned i = 0; i < n; i += 8) {
		dice(1);
		memcpy(p + i, &state, 8);
	}
}

/* A segment with n bytes; data NULL: noise, with a request in it now and then. */
static unsigned
put_segment(struct flow *f, unsigned dir, const void *data, unsigned n, unsigned flags)
{
	uint8_t *p = put_ether(frame, f->host[dir], f->host[dir ^ 1], f->v6 ? 0x86dd : 0x0800), *t;
	unsigned options = flags & 2 ? 20 : 12;

	t = p = put_ip(p, f, dir, 6, 20 + options + n);
	p = put16(put16(p, f->port[dir]), f->port[dir ^ 1]);
	p = put32(put32(p, f->seq[dir]), flags & 16 ? f->seq[dir ^ 1] : 0);
	*p++ = (uint8_t)((20 + options) / 4 << 4);
	*p++ = (uint8_t)flags;
	p = put32(put16(p, 501), 0);
	if (flags & 2) {
		p = put32(p, 0x020405b4);
		p = put32(p, 0x0402080a);
		p = put32(put32(p, f->seq[0]), 0);
		p = put32(p, 0x01030307);
	} else {
		p = put32(p, 0x0101080a);
		p = put32(put32(p, f->seq[0]), f->seq[1]);
	}
	if (data) {
		memcpy(p, data, n);
	} else {
		put_noise(p, n);
		if (n > 40 && (f->port[dir ^ 1] == 80) && dice(2))
			memcpy(p, "GET /index.html HTTP/1.1\r\nHost: a.test\r\n\r\n", 42);
	}
	seal(f, t, 20 + options + n, 6, 16);
	f->seq[dir] += n + (flags & 3 ? 1 : 0);
	return (unsigned)(t - frame) + 20 + options + n;
}

static unsigned
put_tcp(struct flow *f, unsigned dir, unsigned n, unsigned flags)
{
	return put_segment(f, dir, NULL, n, flags);
}

static unsigned
put_udp(const struct flow *f, unsigned dir, unsigned sport, unsigned dport, const void *data, unsigned n)
{
	uint8_t *p = put_ether(frame, f->host[dir], f->host[dir ^ 1], f->v6 ? 0x86dd : 0x0800), *t;

	t = p = put_ip(p, f, dir, 17, 8 + n);
	p = put16(put16(p, sport), dport);
	p = put32(p, (8 + n) << 16);
	memmove(p, data, n);
	seal(f, t, 8 + n, 17, 6);
	return (unsigned)(p - frame) + n;
}

static unsigned
put_dns(const struct flow *f)
{
	uint8_t data[128] = { 0 }, *p = data;
	unsigned answer = dice(2);
	char name[8];

	p = put16(put16(p, dice(65536)), answer ? 0x8180 : 0x0100);
	p = put32(put32(p, 0x00010000 + answer), 0);
	snprintf(name, sizeof name, "h%06u", f->host[1] % 1000000);
	*p++ = 7;
	memcpy(p, name, 7);
	p += 7;
	memcpy(p, "\7example\3org\0\0\1\0\1", 17);
	p += 17;
	if (answer) {
		p = put32(put32(p, 0xc00c0001), 0x00010000);
		p = put32(put16(p, 300), 0x0004c000);
		p = put16(p, 0x0200 + dice(250));
	}
	return put_udp(f, answer, answer ? 53 : 1024 + f->port[0] % 60000, answer ? 1024 + f->port[0] % 60000 : 53, data,
	    (unsigned)(p - data));
}

static unsigned
put_icmp(const struct flow *f)
{
	uint8_t *p = put_ether(frame, f->host[0], f->host[1], 0x0800), *t;
	struct flow v4 = *f;

	v4.v6 = 0;
	t = p = put_ip(p, &v4, 0, 1, 64);
	p = put32(put32(p, 0x08000000), dice(1u << 31));
	memset(p, 'w', 56);
	put16(t + 2, fold(sum(t, 64, 0)));
	return (unsigned)(p - frame) + 56;
}

static unsigned
put_arp(const struct flow *f)
{
	uint8_t *p = put_ether(frame, f->host[0], 0xffffffff, 0x0806);

	p = put32(put32(p, 0x00010800), 0x06040001);
	p = put32(put_mac(p, f->host[0]), 0x0a000000 + f->host[0]);
	memset(p, 0, 6);
	return (unsigned)(put32(p + 6, 0x0a000000 + f->host[1]) - frame);
}

/* Office traffic. */
static unsigned
make_mixed(void)
{
	static const uint8_t noise[1400] = { 1, 2, 3 };
	struct flow *f = &flows[dice(4) ? dice(n_flows / 20) : dice(n_flows)];
	unsigned what = dice(100), dir = dice(2);

	if (what < 30)
		return put_tcp(f, dir, 0, 16);
	if (what < 55)
		return put_tcp(f, 1, 1380, 16);
	if (what < 68)
		return put_tcp(f, dir, 1 + dice(1300), 24);
	if (what < 72)
		return put_tcp(f, 0, 0, 2);
	if (what < 75)
		return put_tcp(f, 1, 0, 18);
	if (what < 78)
		return put_tcp(f, dir, 0, 17);
	if (what < 86)
		return put_dns(f);
	if (what < 95)
		return put_udp(f, dir, f->port[dir], f->port[dir ^ 1], noise, 20 + dice(1300));
	if (what < 98)
		return put_icmp(f);
	return put_arp(f);
}

static unsigned
make_small(void)
{
	static const uint8_t noise[18] = { 1, 2, 3 };
	struct flow *f = &flows[dice(n_flows)];
	unsigned dir = dice(2);

	return dice(100) < 60 ? put_tcp(f, dir, 0, 16) : put_udp(f, dir, f->port[dir], f->port[dir ^ 1], noise, 18);
}

static unsigned
make_bulk(void)
{
	struct flow *f = &flows[dice(n_flows)];

	return dice(3) ? put_tcp(f, 1, f->v6 ? 1428 : 1448, 16) : put_tcp(f, 0, 0, 16);
}

/* Makes room for n bytes in front of what begins at `at` in a frame of `size`; how long that is. */
static unsigned
shift(unsigned at, unsigned size, unsigned n)
{
	memmove(frame + at + n, frame + at, size - at);
	return size - at;
}

/* Outer Ethernet and IPv4 headers in front of the inner bytes, and what else of headers comes in between. */
static uint8_t *
put_outer(unsigned proto, unsigned inner)
{
	static struct flow ends = { .host = { 0x10001, 0x10002 } };

	ends.host[1] = 0x10002 + dice(200);
	return put_ip(put_ether(frame, 0x20000, 0x20001, 0x0800), &ends, dice(2), proto, inner);
}

/* The mixed traffic, and around it a tunnel. */
static unsigned
make_tunnel(void)
{
	unsigned size = make_mixed(), at = 12, type, labels, n;
	uint8_t *p;

	if (frame[at] == 0x81)
		at += 4;
	type = (unsigned)(frame[at] << 8 | frame[at + 1]);
	at += 2;
	switch (dice(type == 0x0806 ? 2 : 8)) {
	case 0:		/* QinQ, IEEE 802.1ad */
		shift(12, size, 8);
		p = put16(put16(frame + 12, 0x88a8), 100 + dice(400));
		put16(put16(p, 0x8100), dice(4000));
		return size + 8;
	case 1:		/* VXLAN, RFC 7348 */
		n = shift(0, size, 50) + 16;
		p = put16(put16(put_outer(17, n), 49152 + dice(16000)), 4789);
		p = put32(put16(put16(p, n), 0), 0x08000000);
		put32(p, dice(1 << 12) << 8);
		return size + 50;
	case 2:		/* MPLS, RFC 3032 */
		labels = 1 + dice(3);
		n = shift(at, size, 4 * labels);
		put16(frame + at - 2, 0x8847);
		for (unsigned i = 0; i < labels; i++)
			put32(frame + at + 4 * i, (16 + dice(100000)) << 12 | (i + 1 == labels) << 8 | 64);
		return at + 4 * labels + n;
	case 3:		/* GRE with a key, RFC 2784 and 2890 */
		n = shift(at, size, 42 - at);
		put32(put16(put16(put_outer(47, n + 8), 0x2000), type), dice(1000));
		return 42 + n;
	case 4:		/* IP in IPv4, RFC 2003 and 4213 */
		n = shift(at, size, 34 - at);
		put_outer(type == 0x0800 ? 4 : 41, n);
		return 34 + n;
	case 5:		/* PPPoE, RFC 2516 */
		n = shift(at, size, 8);
		put16(frame + at - 2, 0x8864);
		p = put16(put16(put16(frame + at, 0x1100), 1 + dice(500)), n + 2);
		put16(p, type == 0x0800 ? 0x0021 : 0x0057);
		return at + 8 + n;
	case 6:		/* IPv6 with destination options, RFC 8200 section 4.6 */
		if (type != 0x86dd)
			return size;
		n = shift(at + 40, size, 8) + 8;
		p = frame + at + 40;
		put16(p, (unsigned)frame[at + 6] << 8);
		put32(put16(p + 2, 0x0104), 0);
		frame[at + 6] = 60;
		put16(frame + at + 4, n);
		return size + 8;
	default:
		return size;
	}
}

/* --- office ----------------------------------------------------------------------------------------------------------- */

#define USUAL_PORTS { 443, 443, 443, 80, 8443, 5228, 22000, 9100, 3389, 6667 }

enum { SEGMENT = 1380, TALKS = 400 };
enum { STAGE_SYN, STAGE_SYN_ACK, STAGE_ACK, STAGE_HELLO, STAGE_HELLO_BACK, STAGE_FINISHED, STAGE_REQUEST, STAGE_RESPONSE, STAGE_REST,
	STAGE_FIN, STAGE_FIN_BACK, STAGE_LAST };
enum { PORT_SSH = 22, PORT_HTTP = 80, PORT_TLS = 443 };

static uint8_t *
put_text(uint8_t *p, const char *s)
{
	size_t n = strlen(s);

	memcpy(p, s, n);
	return p + n;
}

/* n bytes of noise, and what is behind them. */
static uint8_t *
put_rest(uint8_t *p, unsigned n)
{
	put_noise(p, n);
	return p + n;
}

/* The header of a TLS record with n bytes, RFC 8446 section 5.1. */
static uint8_t *
put_record(uint8_t *p, unsigned type, unsigned n)
{
	*p++ = (uint8_t)type;
	return put16(put16(p, 0x0303), n);
}

/* Both hellos, RFC 8446 section 4.1. */
static unsigned
tls_hello(uint8_t *data, const struct flow *f, unsigned back)
{
	static const uint8_t suites[] = { 0x13, 0x01, 0x13, 0x02, 0x13, 0x03, 0xc0, 0x2b, 0xc0, 0x2f, 0xc0, 0x2c, 0xc0, 0x30, 0xcc, 0xa9 };
	static const uint8_t algorithms[] = { 0, 13, 0, 10, 0, 8, 4, 3, 8, 4, 4, 1, 5, 3, 0, 10, 0, 4, 0, 2, 0, 29,
		0, 16, 0, 14, 0, 12, 2, 'h', '2', 8, 'h', 't', 't', 'p', '/', '1', '.', '1', 0, 43, 0, 3, 2, 3, 4 };
	uint8_t *message = data + 5, *p = message + 4, *extensions;
	char name[32];
	unsigned n;

	p = put_rest(put16(p, 0x0303), 32);
	*p++ = 32;
	p = put_rest(p, 32);
	if (back) {
		p = put16(p, 0x1301);
		*p++ = 0;
		extensions = p;
		p = put32(put16(p + 2, 43), 0x00020304);
		p = put_rest(put32(put32(p, 0x00330024), 0x001d0020), 32);
	} else {
		p = put16(p, sizeof suites);
		memcpy(p, suites, sizeof suites);
		p = put16(p + sizeof suites, 0x0100);
		extensions = p;
		n = (unsigned)snprintf(name, sizeof name, "www%u.example.org", f->host[1] % 1000);
		p = put16(put16(p + 2, 0), n + 5);
		p = put16(p, n + 3);
		*p++ = 0;
		p = put_text(put16(p, n), name);
		memcpy(p, algorithms, sizeof algorithms);
		p = put_rest(put32(put32(put16(p + sizeof algorithms, 51), 0x00260024), 0x001d0020), 32);
	}
	put16(extensions, (unsigned)(p - extensions) - 2);
	n = (unsigned)(p - message);
	put32(message, (back ? 2u : 1u) << 24 | (n - 4));
	put_record(data, 22, n);
	if (!back)
		return n + 5;
	p = put_record(p, 20, 1);
	*p++ = 1;
	n = SEGMENT - (unsigned)(p - data) - 5;
	return (unsigned)(put_rest(put_record(p, 23, n), n) - data);
}

/* A record with n bytes of data, as far as it has room in a segment; *left: what has none. */
static unsigned
tls_bytes(uint8_t *data, unsigned n, uint16_t *left)
{
	unsigned here = n < SEGMENT - 5 ? n : SEGMENT - 5;

	*left = (uint16_t)(n - here);
	return (unsigned)(put_rest(put_record(data, 23, n), here) - data);
}

static unsigned
http_request(uint8_t *data, const struct flow *f)
{
	return (unsigned)snprintf((char *)data, SEGMENT, "GET /%s/%u?page=%u HTTP/1.1\r\nHost: intranet%u.example.org\r\n"
	    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n"
	    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\nAccept-Language: en-US,en;q=0.5\r\n"
	    "Cookie: session=%08x%08x; theme=dark\r\nReferer: http://intranet%u.example.org/\r\nConnection: keep-alive\r\n\r\n",
	    dice(2) ? "articles" : "images", dice(10000), dice(20), f->host[1] % 50, dice(1u << 31), f->host[0], f->host[1] % 50);
}

/* The head, and as much of a body of n bytes as there is room for; *left: the rest. */
static unsigned
http_response(uint8_t *data, unsigned n, uint16_t *left)
{
	static const char *const codes[] = { "200 OK", "200 OK", "200 OK", "200 OK", "404 Not Found" };
	unsigned at = (unsigned)snprintf((char *)data, SEGMENT, "HTTP/1.1 %s\r\nServer: nginx/1.22.1\r\n"
	    "Date: Tue, 14 Nov 2023 22:13:20 GMT\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %u\r\n"
	    "Cache-Control: max-age=3600\r\nETag: \"%08x\"\r\nVary: Accept-Encoding\r\n\r\n", codes[dice(5)], n, dice(1u << 31));

	for (; n && at < SEGMENT; n--, at++)
		data[at] = (uint8_t)"<p>words of a page</p>\n"[at % 23];
	*left = (uint16_t)n;
	return at;
}

static unsigned
put_request(struct flow *f)
{
	static uint8_t data[SEGMENT + 64];
	uint16_t left;
	unsigned n;

	switch (f->port[1]) {
	case PORT_HTTP:
		return put_segment(f, 0, data, http_request(data, f), 24);
	case PORT_TLS:
		return put_segment(f, 0, data, tls_bytes(data, 80 + dice(500), &left), 24);
	default:
		n = 36 + dice(8) * 16;
		put_noise(data, n);
		return put_segment(f, 0, data, n, 24);
	}
}

/* The next segment of a response. */
static unsigned
put_response(struct flow *f, unsigned first)
{
	static uint8_t data[SEGMENT + 64];
	unsigned n = f->left < SEGMENT ? f->left : SEGMENT;

	if (first && f->port[1] == PORT_HTTP) {
		n = http_response(data, f->left, &f->left);
	} else if (first && f->port[1] == PORT_TLS) {
		n = tls_bytes(data, f->left, &f->left);
	} else {
		put_noise(data, n);
		f->left = (uint16_t)(f->left - n);
	}
	f->unacked++;
	f->stage = f->left ? STAGE_REST : --f->rounds ? STAGE_REQUEST : STAGE_FIN;
	return put_segment(f, 1, data, n, 16);
}

/* The next segment of a conversation, which begins anew when it is over. */
static unsigned
put_talk(struct flow *f)
{
	static uint8_t data[SEGMENT + 64];
	const unsigned port = f->port[1], stage = f->stage;
	unsigned n;

	if (f->unacked == 2) {
		f->unacked = 0;
		return put_tcp(f, 0, 0, 16);
	}
	f->stage++;
	switch (stage) {
	case STAGE_SYN:
		f->port[0] = (uint16_t)(32768 + dice(28000));
		f->seq[0] = dice(1u << 31);
		f->seq[1] = dice(1u << 31);
		f->rounds = (uint8_t)(1 + dice(6));
		return put_tcp(f, 0, 0, 2);
	case STAGE_SYN_ACK:
		return put_tcp(f, 1, 0, 18);
	case STAGE_ACK:
		f->stage = port == PORT_HTTP ? STAGE_REQUEST : STAGE_HELLO;
		return put_tcp(f, 0, 0, 16);
	case STAGE_HELLO:
	case STAGE_HELLO_BACK:
		if (port == PORT_SSH)
			n = (unsigned)(put_text(data, "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u2\r\n") - data);
		else
			n = tls_hello(data, f, stage == STAGE_HELLO_BACK);
		return put_segment(f, stage == STAGE_HELLO_BACK, data, n, 24);
	case STAGE_FINISHED:
		if (port == PORT_SSH)
			return put_tcp(f, 0, 0, 16);
		put_record(data, 20, 1)[0] = 1;
		put_rest(put_record(data + 6, 23, 53), 53);
		return put_segment(f, 0, data, 64, 24);
	case STAGE_REQUEST:
		f->left = (uint16_t)(dice(3) ? 100 + dice(1200) : 100 + dice(12000));
		return put_request(f);
	case STAGE_RESPONSE:
	case STAGE_REST:
		return put_response(f, stage == STAGE_RESPONSE);
	case STAGE_FIN:
	case STAGE_FIN_BACK:
		return put_tcp(f, stage == STAGE_FIN_BACK, 0, 17);
	default:
		f->stage = STAGE_SYN;
		return put_tcp(f, 0, 0, 16);
	}
}

/* A question or its answer with an alias, addresses and EDNS. */
static unsigned
put_names(const struct flow *f)
{
	uint8_t data[256], *p = data;
	unsigned answers = dice(2) * (1 + dice(3)), port = 1024 + f->port[0] % 60000;
	char name[8];

	p = put16(put16(p, dice(65536)), answers ? (dice(20) ? 0x8180 : 0x8183) : 0x0100);
	p = put32(put32(p, 0x00010000 + answers), 1);
	snprintf(name, sizeof name, "%c%06u", 'h', f->host[1] % 1000000);
	p = put_text(put_text(p, "\3www\7"), name);
	memcpy(p, "\7example\3org\0\0\1\0\1", 17);
	p += 17;
	for (unsigned i = 0; i < answers; i++) {
		p = put32(put16(p, i ? 0xc010 : 0xc00c), i ? 0x00010001 : 0x00050001);
		p = put32(p, 60 + dice(3600));
		p = i ? put32(put16(p, 4), 0xc0000200 + dice(250)) : put16(put16(p, 2), 0xc010);
	}
	p = put32(put32(put16(p, 0), 0x00002904), 0xd0000000);
	p = put16(p - 1, 0);
	return put_udp(f, answers > 0, answers ? 53 : port, answers ? port : 53, data, (unsigned)(p - data));
}

static unsigned
put_services(const struct flow *f)
{
	static const uint8_t get[] = "\x30\x2b\2\1\1\4\6public\xa0\x1e\2\4idid\2\1\0\2\1\0\x30\x10\x30\x0e\6\x0a\x2b\6\1\2\1\2\2\1\x0a\1\5";
	uint8_t data[256] = { 0 };
	unsigned port = 1024 + f->port[0] % 60000, back = dice(2), n;

	switch (dice(3)) {
	case 0:		/* SNMP, RFC 1157: what `get` ends with is its string's own 0 */
		memcpy(data, get, sizeof get);
		data[13] = back ? 0xa2 : 0xa0;
		put_noise(data + 17, 4);
		data[17] &= 0x7f;
		memcpy(data + 21, get + 21, 8);
		return put_udp(f, back, back ? 161 : port, back ? port : 161, data, sizeof get);
	case 1:		/* NTP, RFC 5905 */
		put_noise(data + 16, 32);
		put32(data, back ? 0x240206e8 : 0x230006e8);
		return put_udp(f, back, 123, 123, data, 48);
	default:
		n = (unsigned)snprintf((char *)data, sizeof data, "<%u>Nov 14 22:13:20 host%u sshd[%u]: Accepted publickey for user%u from 10.%u.%u.1 port %u",
		    86 + dice(3), f->host[0] % 1000, dice(32768), dice(100), dice(256), dice(256), f->port[0]);
		return put_udp(f, 0, 514, 514, data, n);
	}
}

static unsigned
make_office(void)
{
	struct flow *f = &flows[dice(TALKS)];
	unsigned what = dice(100);

	if (what < 82)
		return put_talk(f);
	f = &flows[dice(n_flows)];
	if (what < 92)
		return put_names(f);
	if (what < 97)
		return put_services(f);
	return what < 99 ? put_icmp(f) : put_arp(f);
}

static const struct kind {
	const char *name;
	unsigned n_flows, hosts;	/* hosts on each side */
	unsigned (*make)(void);
	uint16_t ports[10];		/* of the servers */
} kinds[] = {
	{ "mixed", FLOWS, HOSTS, make_mixed, USUAL_PORTS },
	{ "small", FLOWS_SMALL, FLOWS_SMALL, make_small, USUAL_PORTS },
	{ "bulk", FLOWS_BULK, HOSTS, make_bulk, USUAL_PORTS },
	{ "tunnels", FLOWS, HOSTS, make_tunnel, USUAL_PORTS },
	{ "office", FLOWS, HOSTS, make_office, { 443, 443, 443, 443, 443, 80, 80, 80, 80, 22 } },
};

static const struct kind *
kind_of(const char *name)
{
	for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

/* Who talks to whom. Where there are as many hosts as conversations, each host has one. */
static void
make_flows(const struct kind *k)
{
	n_flows = k->n_flows;
	for (unsigned i = 0; i < n_flows; i++) {
		struct flow *f = &flows[i];

		f->host[0] = k->hosts == n_flows ? i : dice(k->hosts);
		f->host[1] = k->hosts + (k->hosts == n_flows ? i : dice(k->hosts));
		f->port[0] = (uint16_t)(32768 + dice(28000));
		f->port[1] = k->ports[dice(sizeof k->ports / sizeof *k->ports)];
		f->seq[0] = dice(1u << 31);
		f->seq[1] = dice(1u << 31);
		f->v6 = dice(5) == 0;
	}
}

int
main(int argc, char **argv)
{
	uint32_t head[6] = { 0xa1b2c3d4, 2 | 4 << 16, 0, 0, 262144, 1 }, record[4];
	const struct kind *k = argc == 4 ? kind_of(argv[1]) : NULL;
	uint64_t now = 1700000000000000u;
	unsigned long count;
	FILE *out;

	if (!k) {
		fprintf(stderr, "usage: gen mixed|small|bulk|tunnels|office PACKETS FILE\n");
		return 1;
	}
	count = strtoul(argv[2], NULL, 10);
	out = strcmp(argv[3], "-") == 0 ? stdout : fopen(argv[3], "wb");
	if (!out) {
		perror(argv[3]);
		return 1;
	}
	make_flows(k);
	fwrite(head, sizeof head, 1, out);
	while (count-- && !ferror(out)) {
		unsigned n = k->make();

		now += dice(40);
		record[0] = (uint32_t)(now / 1000000);
		record[1] = (uint32_t)(now % 1000000);
		record[2] = record[3] = n;
		fwrite(record, sizeof record, 1, out);
		fwrite(frame, n, 1, out);
	}
	if (fclose(out) != 0) {
		perror(argv[3]);
		return 1;
	}
	return 0;
}
