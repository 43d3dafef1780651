#include <stdio.h>
#include <stdlib.h>

#include "cmd/stats_talk.h"

#include "pkt/address.h"

enum { ETH_ADDRESSES = 12, IP4_HEADER = 20, IP6_HEADER = 40, LINK_ETHERNET = 1 };

static const struct {
	const char *word, *title;
} kinds[TALK_KINDS] = {
	[TALK_ETH] = { "eth", "Ethernet" }, [TALK_IP] = { "ip", "IPv4" }, [TALK_IPV6] = { "ipv6", "IPv6" },
	[TALK_TCP] = { "tcp", "TCP" }, [TALK_UDP] = { "udp", "UDP" }, [TALK_SCTP] = { "sctp", "SCTP" },
	[TALK_ICMP] = { "icmp", "ICMP" },
};

const char *
talk_word(enum talk_kind kind)
{
	return kinds[kind].word;
}

static bool
parse(struct talk *t, const char *words, unsigned known, struct err *e)
{
	t->kinds = 0;
	for (const char *p = words;; p++) {
		size_t n = strcspn(p, ",");
		unsigned k = 0;

		while (k < TALK_KINDS && (!(known >> k & 1) || strlen(kinds[k].word) != n || memcmp(kinds[k].word, p, n) != 0))
			k++;
		if (k == TALK_KINDS) {
			char all[96];
			size_t at = 0;

			for (unsigned i = 0; i < TALK_KINDS; i++)
				if (known >> i & 1)
					at += (size_t)snprintf(all + at, sizeof all - at, "%s%s", at ? ", " : "", kinds[i].word);
			return err_set(e, "'%.*s' is not one of %s", (int)(n > 40 ? 40 : n), p, all);
		}
		t->kinds |= 1u << k;
		p += n;
		if (!*p)
			return true;
	}
}

bool
talk_open(struct talk *t, const struct stats_setup *setup, unsigned known, struct err *e)
{
	t->setup = setup;
	t->eth = catalog_proto(setup->catalog, "eth");
	t->ip = catalog_proto(setup->catalog, "ip");
	t->ip6 = catalog_proto(setup->catalog, "ipv6");
	t->icmp = catalog_proto(setup->catalog, "icmp");
	t->icmp6 = catalog_proto(setup->catalog, "icmpv6");
	return setup->arg == NULL || parse(t, setup->arg, known, e);
}

/* -Y: what has matched of the flow. */
static void
count_own(const struct talk *t, const struct tracked *p, const struct flow_step *step)
{
	void **mine = stats_mine(t->setup, step->flow);
	struct talk_counts *c;

	if (mine == NULL || (*mine == NULL && (*mine = calloc(1, sizeof *c)) == NULL))
		return;
	c = *mine;
	if (c->packets[0] + c->packets[1] == 0) {
		c->first = c->last = p->ns;
		c->first_number = p->number;
	}
	c->packets[step->dir]++;
	c->bytes[step->dir] += p->packet->len;
	c->first = p->ns < c->first ? p->ns : c->first;
	c->last = p->ns > c->last ? p->ns : c->last;
}

/* Does a flow count what is in this IP header? */
static bool
has_flow(const struct tracked *p, const uint8_t *header)
{
	for (unsigned i = 0; i < p->n; i++)
		if (p->dis->sink->layers[p->layers[i]].net == header)
			return true;
	return false;
}

void
talk_packet(const struct talk *t, const struct tracked *p)
{
	const struct fields *s = p->dis->sink;
	unsigned quoted = UINT16_MAX + 1u;

	if (t->setup->filtered)
		for (unsigned i = 0; i < p->n; i++)
			count_own(t, p, &p->steps[i]);
	if (!(t->kinds & (1u << TALK_ETH | 1u << TALK_IP | 1u << TALK_IPV6)))
		return;
	/* A plain packet: what is in it is a flow's, but for the link layer. */
	if (s->n_layers == 0 && t->kinds >> TALK_ETH & 1 && p->packet->link == LINK_ETHERNET &&
	    p->packet->caplen >= ETH_ADDRESSES)
		t->packet(t->ctx, TALK_ETH, p->packet->data + 6, p->packet->data, 6, p);
	for (uint32_t i = 1; i < s->n_layers; i++) {
		const struct layer *l = &s->layers[i];

		if (l->depth > quoted)
			continue;
		quoted = UINT16_MAX + 1u;
		if (l->proto == t->eth) {
			if (t->kinds >> TALK_ETH & 1 && l->len >= ETH_ADDRESSES)
				t->packet(t->ctx, TALK_ETH, l->p + 6, l->p, 6, p);
		} else if (l->proto == t->ip) {
			if (t->kinds >> TALK_IP & 1 && l->len >= IP4_HEADER && !has_flow(p, l->p))
				t->packet(t->ctx, TALK_IP, l->p + 12, l->p + 16, 4, p);
		} else if (l->proto == t->ip6) {
			if (t->kinds >> TALK_IPV6 & 1 && l->len >= IP6_HEADER && !has_flow(p, l->p))
				t->packet(t->ctx, TALK_IPV6, l->p + 8, l->p + 24, 16, p);
		} else if (l->proto == t->icmp || l->proto == t->icmp6) {
			quoted = l->depth;
		}
	}
}

enum talk_kind
talk_of(const struct flow *f)
{
	static const enum talk_kind of[FLOW_KINDS] = {
		[FLOW_TCP] = TALK_TCP, [FLOW_UDP] = TALK_UDP, [FLOW_SCTP] = TALK_SCTP, [FLOW_ICMP] = TALK_ICMP,
	};

	return of[f->kind];
}

enum talk_kind
talk_below(const struct flow *f)
{
	return f->ends.version == 4 ? TALK_IP : TALK_IPV6;
}

bool
talk_closed(const struct talk *t, const struct flow *f, void **mine, struct talk_counts *c)
{
	if (!t->setup->filtered) {
		*c = (struct talk_counts) {
			.packets = { f->packets[0], f->packets[1] }, .bytes = { f->bytes[0], f->bytes[1] },
			.first_number = f->first_number, .first = f->first, .last = f->last,
		};
		/* It may have been quoted by ICMP errors and nothing else. */
		return c->packets[0] + c->packets[1] > 0;
	}
	if (*mine == NULL)
		return false;
	*c = *(struct talk_counts *)*mine;
	free(*mine);
	*mine = NULL;
	return true;
}

void
talk_head(struct buf *b, enum talk_kind kind, uint64_t n, const char *order, uint64_t lost)
{
	buf_char(b, ' ');
	buf_str(b, kinds[kind].title);
	buf_str(b, ": ");
	buf_u(b, n);
	if (order) {
		buf_str(b, ", ");
		buf_str(b, order);
	}
	if (lost) {
		buf_str(b, "; no room for more: ");
		buf_u(b, lost);
		buf_str(b, " packets are not among them");
	}
	buf_char(b, '\n');
}

void
talk_address(char text[TALK_ADDRESS_ROOM], const uint8_t *addr, unsigned size)
{
	*(size == 6 ? address_link(text, addr, 6) : size == 4 ? address_ip4(text, addr) : address_ip6(text, addr)) = '\0';
}
