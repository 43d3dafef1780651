#include <stdlib.h>
#include <string.h>

#include "cmd/track_quick.h"

#include "pkt/names.h"

enum { LINK_ETHERNET = 1, ETHER_HEADER = 14, TAG = 4, TAGS_MAX = 2, TCP_HEADER = 20, UDP_HEADER = 8 };

/* What is known of a port. */
enum { PORT_NEW, PORT_LEAF, PORT_WALK };

struct track_quick {
	const struct demux *demux;
	uint8_t tcp[65536], udp[65536];
};

/* Protocols on known ports in whose messages there are no packets. Others are walked, for what may be inside. */
static const char *const leaves[] = { "dns", "ftp", "http", "ntp", "quic", "smtp", "ssh", "syslog", "telnet", "whois" };

bool
track_quick_is_leaf(const struct proto *p)
{
	for (unsigned i = 0; i < sizeof leaves / sizeof *leaves; i++)
		if (strcmp(p->name, leaves[i]) == 0)
			return true;
	return false;
}

struct track_quick *
track_quick_new(const struct demux *demux)
{
	struct track_quick *q = calloc(1, sizeof *q);

	if (q)
		q->demux = demux;
	return q;
}

void
track_quick_free(struct track_quick *q)
{
	free(q);
}

static bool
port_is_leaf(struct track_quick *q, bool tcp, uint16_t port)
{
	uint8_t *known = tcp ? &q->tcp[port] : &q->udp[port];

	if (*known == PORT_NEW) {
		const struct proto *p = demux_find_port(q->demux, tcp ? D_TCP : D_UDP, port, port);

		*known = p && !track_quick_is_leaf(p) ? PORT_WALK : PORT_LEAF;
	}
	return *known == PORT_LEAF;
}

bool
track_quick_take(struct track_quick *q, const struct packet *packet, struct flow_datagram *d)
{
	const uint8_t *p = packet->data;
	uint32_t at = ETHER_HEADER, caplen = packet->caplen, total;
	unsigned type, tags = 0;

	if (packet->link != LINK_ETHERNET || caplen < ETHER_HEADER + 20 || caplen > packet->len)
		return false;
	type = raw16(p + 12);
	for (; (type == ETH_VLAN || type == ETH_QINQ) && tags < TAGS_MAX && caplen >= at + TAG + 20; tags++) {
		type = raw16(p + at + 2);
		at += TAG;
	}
	p += at;
	caplen -= at;
	if (type == ETH_IP && p[0] >> 4 == 4) {
		uint32_t header = (p[0] & 15) * 4u;

		total = raw16(p + 2);
		if (header < 20 || total < header || caplen < header || raw16(p + 6) & 0x3fff)
			return false;
		*d = (struct flow_datagram) { .version = 4, .proto = p[9], .src = p + 12, .dst = p + 16, .p = p + header,
			.caplen = caplen - header, .len = total - header };
	} else if (type == ETH_IPV6 && caplen >= 40 && p[0] >> 4 == 6) {
		total = 40 + raw16(p + 4);
		*d = (struct flow_datagram) { .version = 6, .proto = p[6], .src = p + 8, .dst = p + 24, .p = p + 40,
			.caplen = caplen - 40, .len = total - 40 };
	} else {
		return false;
	}
	/* What was cut on its way, or claims to be longer than it was, is for the walk to judge. */
	if (packet->len - at < total)
		return false;
	if (d->caplen > d->len)
		d->caplen = d->len;
	if (d->proto == IPP_TCP ? d->caplen < TCP_HEADER || (d->p[12] >> 4) * 4u < TCP_HEADER ||
	    (d->p[12] >> 4) * 4u > d->len : d->proto != IPP_UDP || d->caplen < UDP_HEADER ||
	    raw16(d->p + 4) < UDP_HEADER || raw16(d->p + 4) > d->len)
		return false;
	d->frame_len = packet->len;
	return port_is_leaf(q, d->proto == IPP_TCP, (uint16_t)raw16(d->p)) &&
	    port_is_leaf(q, d->proto == IPP_TCP, (uint16_t)raw16(d->p + 2));
}
