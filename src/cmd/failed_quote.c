/* ICMP errors (RFC 792, RFC 1812 section 5.2.7.1, RFC 4443) and the packets that they quote. */
#include <stdio.h>
#include <string.h>

#include "cmd/failed.h"
#include "pkt/address.h"
#include "pkt/names.h"

enum {
	ICMP_HEADER = 8, IP4_HEADER = 20, IP6_HEADER = 40, UDP_HEADER = 8, EXTENSIONS_MAX = 16,
	ICMP_UNREACHABLE = 3, ICMP_EXCEEDED = 11, ICMP_PARAMETER = 12,
	ICMP6_UNREACHABLE = 1, ICMP6_TOO_BIG = 2, ICMP6_EXCEEDED = 3, ICMP6_PARAMETER = 4,
	DNS_PORT = 53,
};

static unsigned
be16_at(const uint8_t *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

/* The ports of a transport header, or what an echo request asks, as far as they are quoted: n bytes at p. */
static void
read_transport(struct quote *q, const uint8_t *p, uint32_t n)
{
	switch (q->ends.proto) {
	case IPP_UDP:
	case IPP_TCP:
	case IPP_SCTP:
		if (n < 4)
			return;
		q->ends.port[0] = (uint16_t)be16_at(p);
		q->ends.port[1] = (uint16_t)be16_at(p + 2);
		if (q->ends.proto == IPP_UDP && q->ends.port[1] == DNS_PORT && n >= UDP_HEADER + 2) {
			q->dns = true;
			q->asked = be16_at(p + UDP_HEADER);
		}
		return;
	case IPP_ICMP:
	case IPP_ICMPV6:
		if (n >= 8 && (p[0] == 8 || p[0] == 128)) {
			q->echo = true;
			q->asked = be16_at(p + 4) << 16 | be16_at(p + 6);
		}
		return;
	}
}

static bool
read_ip4(struct quote *q, const uint8_t *p, uint32_t n)
{
	uint32_t hlen;

	if (n < IP4_HEADER || p[0] >> 4 != 4 || (hlen = (p[0] & 15) * 4u) < IP4_HEADER)
		return false;
	q->ends.version = 4;
	q->ends.proto = p[9];
	memcpy(q->ends.addr[0], p + 12, 4);
	memcpy(q->ends.addr[1], p + 16, 4);
	if (n > hlen && (be16_at(p + 6) & 0x1fff) == 0)
		read_transport(q, p + hlen, n - hlen);
	return true;
}

static bool
read_ip6(struct quote *q, const uint8_t *p, uint32_t n)
{
	uint32_t at = IP6_HEADER;

	if (n < IP6_HEADER || p[0] >> 4 != 6)
		return false;
	q->ends.version = 6;
	q->ends.proto = p[6];
	memcpy(q->ends.addr[0], p + 8, 16);
	memcpy(q->ends.addr[1], p + 24, 16);
	for (unsigned i = 0; i < EXTENSIONS_MAX && at + 8 <= n; i++) {
		unsigned next = q->ends.proto;

		if (next != IPP_HOPOPT && next != IPP_DSTOPTS && next != IPP_ROUTING && next != IPP_FRAGMENT)
			break;
		q->ends.proto = p[at];
		if (next == IPP_FRAGMENT && be16_at(p + at + 2) & 0xfff8)
			return true;		/* not the first one: no ports */
		at += next == IPP_FRAGMENT ? 8 : (p[at + 1] + 1u) * 8;
	}
	if (at < n)
		read_transport(q, p + at, n - at);
	return true;
}

bool
quote_read(struct quote *q, const uint8_t *p, uint32_t caplen, const uint8_t *net, unsigned version)
{
	struct quote_error *e = &q->error;

	*q = (struct quote) { .error.version = (uint8_t)version };
	if (caplen < ICMP_HEADER || net == NULL)
		return false;
	e->type = p[0];
	e->code = p[1];
	if (version == 4) {
		if (e->type != ICMP_UNREACHABLE && e->type != ICMP_EXCEEDED && e->type != ICMP_PARAMETER)
			return false;
		if (e->type == ICMP_UNREACHABLE && e->code == 4)
			e->mtu = (uint16_t)be16_at(p + 6);
		memcpy(e->reporter, net + 12, 4);
		return read_ip4(q, p + ICMP_HEADER, caplen - ICMP_HEADER);
	}
	if (e->type < ICMP6_UNREACHABLE || e->type > ICMP6_PARAMETER)
		return false;
	if (e->type == ICMP6_TOO_BIG)
		e->mtu = be16_at(p + 4) ? UINT16_MAX : (uint16_t)be16_at(p + 6);
	memcpy(e->reporter, net + 8, 16);
	return read_ip6(q, p + ICMP_HEADER, caplen - ICMP_HEADER);
}

bool
quote_is_port(const struct quote_error *e)
{
	return e->version == 4 ? e->type == ICMP_UNREACHABLE && e->code == 3 : e->type == ICMP6_UNREACHABLE && e->code == 4;
}

void
quote_describe(const struct quote_error *e, char text[FAILED_TEXT_MAX])
{
	static const char *const unreachable[] = {
		"net unreachable", "host unreachable", "protocol unreachable", "port unreachable", "fragmentation needed",
		"source route failed", "net unknown", "host unknown", "source isolated", "net administratively prohibited",
		"host administratively prohibited", "net unreachable for this TOS", "host unreachable for this TOS",
		"administratively prohibited", "host precedence violation", "precedence cutoff",
	};
	static const char *const unreachable6[] = {
		"no route", "administratively prohibited", "beyond scope of the source", "address unreachable",
		"port unreachable", "source address failed policy", "route rejected",
	};
	const char *what = NULL;
	char from[ADDRESS_IP6_ROOM], mtu[32] = "", number[32];

	if (e->version == 4) {
		if (e->type == ICMP_UNREACHABLE && e->code < sizeof unreachable / sizeof *unreachable)
			what = unreachable[e->code];
		else if (e->type == ICMP_EXCEEDED && e->code < 2)
			what = e->code ? "time exceeded for reassembly" : "time exceeded";
		else if (e->type == ICMP_PARAMETER)
			what = "parameter problem";
		*address_ip4(from, e->reporter) = '\0';
	} else {
		if (e->type == ICMP6_UNREACHABLE && e->code < sizeof unreachable6 / sizeof *unreachable6)
			what = unreachable6[e->code];
		else if (e->type == ICMP6_TOO_BIG)
			what = "packet too big";
		else if (e->type == ICMP6_EXCEEDED && e->code < 2)
			what = e->code ? "time exceeded for reassembly" : "time exceeded";
		else if (e->type == ICMP6_PARAMETER)
			what = "parameter problem";
		*address_ip6(from, e->reporter) = '\0';
	}
	if (what == NULL) {
		snprintf(number, sizeof number, "ICMP type %u code %u", e->type, e->code);
		what = number;
	}
	if (e->mtu)
		snprintf(mtu, sizeof mtu, " (MTU %u)", e->mtu);
	snprintf(text, FAILED_TEXT_MAX, "%s%s from %s", what, mtu, from);
}
