/* Addresses and ports as text: numeric here, as names through the resolver. */
#include <net/if.h>
#include <sys/ioctl.h>

#include "base/digits.h"
#include "dissect/said.h"
#include "pkt/address.h"

void
text_ip4_plain(struct dis *d, const uint8_t *p)
{
	if (!text_idle(d, TEXT_USUAL) && text_room(d, ADDRESS_IP4_ROOM))
		d->out = address_ip4(d->out, p);
}

void
text_ip6_plain(struct dis *d, const uint8_t *p)
{
	if (!text_idle(d, TEXT_USUAL) && text_room(d, ADDRESS_IP6_ROOM))
		d->out = address_ip6(d->out, p);
}

void
text_mac_plain(struct dis *d, const uint8_t *p)
{
	if (!text_idle(d, TEXT_USUAL) && text_room(d, 3 * 6))
		d->out = address_link(d->out, p, 6);
}

void
text_ip4(struct dis *d, const uint8_t *p)
{
	need(d, p, 4);
	text_ip4_own(d, p);
}

void
text_ip4_own(struct dis *d, const uint8_t *p)
{
	const char *s;

	if (!d->n && d->resolver && d->resolver->host && (s = d->resolver->host(d->resolver->ctx, 4, p)))
		text(d, s);
	else
		text_ip4_plain(d, p);
}

void
text_ip6(struct dis *d, const uint8_t *p)
{
	need(d, p, 16);
	text_ip6_own(d, p);
}

void
text_ip6_own(struct dis *d, const uint8_t *p)
{
	const char *s;

	if (!d->n && d->resolver && d->resolver->host && (s = d->resolver->host(d->resolver->ctx, 6, p)))
		text(d, s);
	else
		text_ip6_plain(d, p);
}

/* Copies the first `bits` at p, which must be captured, into an address of size bytes that is otherwise 0. */
static void
copy_bits(struct dis *d, uint8_t *out, unsigned size, const uint8_t *p, unsigned bits)
{
	unsigned n = (bits + 7) / 8;

	memset(out, 0, size);
	need(d, p, n);
	memcpy(out, p, n);
	if (bits % 8)
		out[n - 1] &= (uint8_t)(0xff00 >> bits % 8);
}

void
text_net4(struct dis *d, const uint8_t *p, unsigned bits)
{
	uint8_t addr[4];
	const char *s;

	copy_bits(d, addr, sizeof addr, p, bits > 32 ? 32 : bits);
	if (!d->n && d->resolver && d->resolver->host && (s = d->resolver->host(d->resolver->ctx, 4, addr)))
		text(d, s);
	else
		text_ip4_plain(d, addr);
}

void
text_net6(struct dis *d, const uint8_t *p, unsigned bits)
{
	uint8_t addr[16];
	const char *s;

	copy_bits(d, addr, sizeof addr, p, bits > 128 ? 128 : bits);
	if (!d->n && d->resolver && d->resolver->host && (s = d->resolver->host(d->resolver->ctx, 6, addr)))
		text(d, s);
	else
		text_ip6_plain(d, addr);
}

void
put_net(struct dis *d, const struct field *f, const uint8_t *p, unsigned bits, unsigned size)
{
	const uint8_t *was = d->end;
	uint8_t *addr;

	if (!d->noting || size > 16 || bits > size * 8 || !have(d, p, (bits + 7) / 8))
		return;
	if ((addr = dis_alloc(d, size)) == NULL) {
		d->sink->dropped++;
		return;
	}
	copy_bits(d, addr, size, p, bits);
	d->end = addr + size;
	fields_bytes(d, f, addr, size);
	d->end = was;
}

void
text_nsap_plain(struct dis *d, const uint8_t *p, unsigned n)
{
	if (n < 1 || n > 20) {
		text(d, "isonsap_string: illegal length");
		return;
	}
	for (unsigned i = 0; i < n; i++) {
		if (i % 2)
			text_char(d, '.');
		text_x(d, p[i], 2);
	}
}

void
text_nsap(struct dis *d, const uint8_t *p, unsigned n)
{
	need(d, p, n);
	text_nsap_plain(d, p, n);
}

void
text_mac(struct dis *d, const uint8_t *p)
{
	need(d, p, 6);
	text_mac_own(d, p);
}

void
text_mac_own(struct dis *d, const uint8_t *p)
{
	const char *s;

	if (!d->n && d->resolver && d->resolver->ether && (s = d->resolver->ether(d->resolver->ctx, p))) {
		text(d, s);
		return;
	}
	text_mac_plain(d, p);
	if (!d->n) {
		text(d, " (oui ");
		text_name(d, oui_names, (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2], "Unknown");
		text(d, ")");
	}
}

void
text_eui64(struct dis *d, const uint8_t *p)
{
	need(d, p, 8);
	if (!text_idle(d, 3 * 8) && text_room(d, 3 * 8))
		d->out = address_link(d->out, p, 8);
}

void
text_linkaddr(struct dis *d, const uint8_t *p, uint32_t n)
{
	if (n == 0) {
		text(d, "<empty>");
		return;
	}
	need(d, p, n);
	if (!text_idle(d, 3 * (size_t)n) && text_room(d, 3 * (size_t)n))
		d->out = address_link(d->out, p, n);
}

static void
text_port(struct dis *d, bool tcp, uint16_t port)
{
	const char *s;

	if (!d->n && d->resolver && d->resolver->service && (s = d->resolver->service(d->resolver->ctx, tcp, port)))
		text(d, s);
	else
		text_u(d, port);
}

void
text_tcp_port(struct dis *d, uint16_t port)
{
	text_port(d, true, port);
}

void
text_udp_port(struct dis *d, uint16_t port)
{
	text_port(d, false, port);
}

static inline char *
put_end(char *o, const struct dis *d, bool with, const uint8_t *addr, uint16_t port)
{
	if (with) {
		o = d->net.version == 6 ? address_ip6(o, addr) : address_ip4(o, addr);
		*o++ = '.';
	}
	return digits_u32(o, port);
}

void
text_ends(struct dis *d, uint8_t proto, bool tcp, uint16_t sport, uint16_t dport)
{
	bool with = d->net.version && d->net.proto == proto;

	if (d->mute)
		return;
	if (d->n || !d->resolver) {
		char *o = text_begin(d, 3 * (ADDRESS_IP6_ROOM + DIGITS_ROOM));

		if (o == NULL)
			return;
		o = put_end(o, d, with, d->net.src, sport);
		o = text_put(o, " > ");
		o = put_end(o, d, with, d->net.dst, dport);
		text_end(d, text_put(o, ": "));
		return;
	}
	if (with) {
		text_addr(d, d->net.src);
		text_char(d, '.');
	}
	text_port(d, tcp, sport);
	text(d, " > ");
	if (with) {
		text_addr(d, d->net.dst);
		text_char(d, '.');
	}
	text_port(d, tcp, dport);
	text(d, ": ");
}

void
text_addr(struct dis *d, const uint8_t *p)
{
	if (d->net.version == 6)
		text_ip6_own(d, p);
	else
		text_ip4_own(d, p);
}

uint16_t
net_checksum(struct dis *d, const uint8_t *p, uint32_t len, uint32_t cover, uint8_t proto)
{
	uint8_t tail[8] = { 0, 0, 0, 0, 0, 0, 0, proto };
	uint32_t addr = d->net.version == 6 ? 16 : 4;

	tail[0] = (uint8_t)(len >> 24);
	tail[1] = (uint8_t)(len >> 16);
	tail[2] = (uint8_t)(len >> 8);
	tail[3] = (uint8_t)len;
	if (d->net.version == 4)
		tail[0] = tail[1] = 0;	/* a 16-bit length there */
	const struct span pieces[] = {
		{ d->net.src, addr },
		{ d->net.sum_dst ? d->net.sum_dst : d->net.dst, addr },
		{ tail, sizeof tail },
		{ p, cover },
	};
	return checksum(pieces, 4);
}

/* The one version of IP that may carry a protocol, or 0. */
static int
version_of(uint8_t proto)
{
	switch (proto) {
	case IPP_ICMP:
	case IPP_IGMP:
		return 4;
	case IPP_ICMPV6:
	case IPP_ETHERNET:
		return 6;
	default:
		return 0;
	}
}

void
next_ip(struct dis *d, uint8_t proto, const uint8_t *p, uint32_t len)
{
	int version = version_of(proto);
	const char *s;

	if (version && d->net.version != version) {
		text_char(d, '[');
		text_name(d, ipproto_names, proto, "unknown");
		text(d, " requires IPv"), text_u(d, (unsigned)version), text_char(d, ']');
		text_invalid(d);
		return;
	}
	if (proto == IPP_NONE) {
		text(d, "no next header");
		return;
	}
	if (next(d, D_IPPROTO, proto, p, len))
		return;
	if (proto == IPP_ND)
		text(d, " nd");
	else if (!d->n && (s = name_of(ipproto_netdb_names, proto)) != NULL)
		text_char(d, ' '), text(d, s);
	else
		text(d, " ip-proto-"), text_u(d, proto);
	text_char(d, ' ');
	text_u(d, len);
}

void
text_rd(struct dis *d, const uint8_t *p)
{
	switch (be16(d, p)) {
	case 0:		/* two-byte AS, number */
		need(d, p, 8);
		text_u(d, raw16(p + 2)), text_char(d, ':'), text_u(d, raw32(p + 4));
		text(d, " (= "), text_ip4_plain(d, p + 4), text_char(d, ')');
		break;
	case 1:		/* address, number */
		need(d, p, 8);
		text_ip4_plain(d, p + 2), text_char(d, ':'), text_u(d, raw16(p + 6));
		break;
	case 2:		/* four-byte AS, number */
		need(d, p, 8);
		text_as(d, raw32(p + 2)), text_char(d, ':'), text_u(d, raw16(p + 6));
		text(d, " ("), text_ip4_plain(d, p + 2), text_char(d, ':'), text_u(d, raw16(p + 6)), text_char(d, ')');
		break;
	default:
		text(d, "unknown RD format");
		break;
	}
}

void
text_iface(struct dis *d, uint32_t index, uint32_t width)
{
	struct ifreq r = { .ifr_ifindex = (int)index };
	bool named = d->style->iface_socket ? ioctl(d->style->iface_socket, SIOCGIFNAME, &r) == 0 :
	    if_indextoname(index, r.ifr_name) != NULL;
	uint32_t n = named ? (uint32_t)strnlen(r.ifr_name, sizeof r.ifr_name) : 1;

	text_n(d, named ? r.ifr_name : "?", n);
	for (; n < width; n++)
		text_char(d, ' ');
}
