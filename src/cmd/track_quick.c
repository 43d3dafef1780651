#include "cmd/track_quick.h"

#include <stdlib.h>
#include <string.h>

enum { UDP_HEADER = 8 };

struct track_quick {
	struct plain_reader *plain;
	const struct proto *frame, *vlan;
};

/* Protocols on known ports in whose messages there are no packets. Others are walked, for what may be inside. */
static const char *const leaves[] = {
	"dns", "ftp", "http", "ntp", "quic", "smtp", "ssh", "syslog", "telnet", "tls", "whois",
};

bool
track_quick_is_leaf(const struct proto *p)
{
	for (unsigned i = 0; i < sizeof leaves / sizeof *leaves; i++)
		if (strcmp(p->name, leaves[i]) == 0)
			return true;
	return false;
}

struct track_quick *
track_quick_new(const struct demux *x, const struct catalog *c)
{
	struct track_quick *q = calloc(1, sizeof *q);

	if (!q)
		return NULL;
	q->plain = plain_new(x, track_quick_is_leaf);
	if (!q->plain) {
		free(q);
		return NULL;
	}
	q->frame = c ? catalog_proto(c, "frame") : NULL;
	q->vlan = c ? catalog_proto(c, "vlan") : NULL;
	return q;
}

void
track_quick_free(struct track_quick *q)
{
	if (q)
		plain_free(q->plain);
	free(q);
}

const struct plain_reader *
track_quick_reader(const struct track_quick *q)
{
	return q->plain;
}

bool
track_quick_read(struct track_quick *q, const struct packet *p, struct plain *k)
{
	return plain_read(q->plain, p, k);
}

bool
track_quick_datagram(const struct packet *p, const struct plain *k, struct flow_datagram *d)
{
	static const uint8_t protos[PLAIN_ALL] = { [PLAIN_TCP4] = IPP_TCP, [PLAIN_TCP6] = IPP_TCP, [PLAIN_UDP4] = IPP_UDP,
		[PLAIN_UDP6] = IPP_UDP, [PLAIN_ECHO4] = IPP_ICMP, [PLAIN_ECHO6] = IPP_ICMPV6 };
	const bool v4 = k->kind & PLAIN_V4;

	if (!(k->kind & PLAIN_IP))
		return false;
	*d = (struct flow_datagram) { .version = v4 ? 4 : 6, .proto = protos[k->kind], .src = k->net + (v4 ? 12 : 8),
		.dst = k->net + (v4 ? 16 : 24), .p = k->p, .caplen = k->caplen, .len = k->len, .frame_len = p->len };
	return true;
}

/* What is behind a transport header, as its walk hands it on. */
static struct layer
carried_layer(const struct track_quick *q, const struct plain *k)
{
	const bool tcp = k->kind & (PLAIN_TCP4 | PLAIN_TCP6);
	const uint32_t header = tcp ? (k->p[12] >> 4) * 4u : UDP_HEADER;
	const uint32_t whole = tcp || raw16(k->p + 4) > k->len ? k->len : raw16(k->p + 4);
	const uint32_t caplen = k->caplen > header ? k->caplen - header : 0;

	return (struct layer) { .depth = 4, .p = k->p + header, .len = caplen < whole - header ? caplen : whole - header,
		.size = whole - header, .proto = plain_leaf(q->plain, k->carried), .net = k->net,
		.net_version = k->kind & PLAIN_V4 ? 4 : 6 };
}

bool
track_quick_layers(const struct track_quick *q, const struct packet *p, const struct plain *k, struct fields *f)
{
	const uint32_t before = (uint32_t)(k->net - p->data);
	const struct plain_protos *protos = plain_protos(q->plain);
	struct layer *l = f->layers;

	if (k->open || !k->ether || !q->frame || !q->vlan)
		return false;
	*l++ = (struct layer) { .proto = q->frame, .p = p->data, .len = p->caplen, .size = p->caplen };
	*l++ = (struct layer) { .proto = protos->ether, .depth = 1, .p = p->data, .len = p->caplen, .size = p->len };
	for (unsigned i = 0; i < k->tags; i++, l++) {
		*l = l[-1];
		l->proto = q->vlan;
	}
	*l++ = (struct layer) { .depth = 2, .p = k->net, .len = p->caplen - before, .size = p->len - before,
		.proto = plain_net(protos, k) };
	if (k->kind & PLAIN_IP)
		*l++ = (struct layer) { .depth = 3, .p = k->p, .len = k->caplen, .size = k->len,
			.proto = plain_transport(protos, k), .net = k->net, .net_version = k->kind & PLAIN_V4 ? 4 : 6 };
	if (k->carried != PLAIN_NOTHING)
		*l++ = carried_layer(q, k);
	f->n = f->dropped = 0;
	f->n_layers = (uint32_t)(l - f->layers);
	return true;
}
