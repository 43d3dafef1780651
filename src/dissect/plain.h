/*
 * Plain packets, told apart and taken apart without a walk: a whole TCP segment, UDP datagram, ICMP echo or ARP packet directly
 * behind IPv4 or IPv6 (without extension headers) in Ethernet, with or without VLAN tags, in a Linux cooked header, or in
 * raw IP. What is said of a packet here is what its walk would find; of all others nothing is said.
 *
 * Nearly all packets are plain, so who wants to know little of them (a few header fields, conversations, which layers there are)
 * has it some ten times sooner than by a walk.
 */
#pragma once

#include "dissect/dissect.h"

enum {
	PLAIN_TAGS_MAX = 2,
	PLAIN_LEAVES_MAX = 64,
	PLAIN_NOTHING = 0,		/* plain.carried: no dissector */
};

/* Kinds: bits, so that sets of them can be told. */
enum {
	PLAIN_TCP4 = 1, PLAIN_UDP4 = 2, PLAIN_ECHO4 = 4, PLAIN_TCP6 = 8, PLAIN_UDP6 = 16, PLAIN_ECHO6 = 32, PLAIN_ARP = 64,
	PLAIN_V4 = 7, PLAIN_V6 = 56, PLAIN_IP = 63, PLAIN_ALL = 127,
};

struct plain {
	uint8_t kind;
	uint8_t tags;			/* VLAN tags in front */
	uint8_t carried;		/* the leaf that the transport header leads to, or PLAIN_NOTHING */
	bool ether;			/* in Ethernet */
	bool options;			/* an IPv4 header with options */
	/* Perhaps more layers than this tells of: options of TCP, ports at which something is tried, bytes not captured. */
	bool open;
	const uint8_t *net;		/* the IP header, or what ARP has */
	const uint8_t *p;		/* the transport header, captured so far: TCP 20 bytes, UDP and echo 8; not ARP's */
	uint32_t caplen, len;		/* bytes from there: captured, and as IP says */
};

/* The protocols whose headers these are. */
struct plain_protos {
	const struct proto *ether, *ip, *ip6, *arp, *tcp, *udp, *icmp, *icmp6, *tls;
};

/* Of `net` and of `p`, the latter of what is in IP. */
static inline const struct proto *
plain_net(const struct plain_protos *x, const struct plain *k)
{
	return k->kind & PLAIN_V4 ? x->ip : k->kind & PLAIN_V6 ? x->ip6 : x->arp;
}

static inline const struct proto *
plain_transport(const struct plain_protos *x, const struct plain *k)
{
	return k->kind & (PLAIN_TCP4 | PLAIN_TCP6) ? x->tcp : k->kind & (PLAIN_UDP4 | PLAIN_UDP6) ? x->udp :
	    k->kind == PLAIN_ECHO4 ? x->icmp : x->icmp6;
}

struct plain_reader;

/*
 * is_leaf: does a protocol carry no packets inside its own, of any kind, nor any other layer? Packets on ports of others are not
 * plain. The lookup must stay. NULL without memory; one block, for plain_free or free.
 */
struct plain_reader *plain_new(const struct demux *, bool (*is_leaf)(const struct proto *));
void plain_free(struct plain_reader *);
/* Any of them may be NULL: the lookup has no such row. */
const struct plain_protos *plain_protos(const struct plain_reader *);

/* Is it plain? For one thread, unless is_leaf holds for nothing. */
bool plain_read(struct plain_reader *, const struct packet *, struct plain *);

/* The protocol called `carried` in struct plain, or NULL past the last. They may become more with every packet read. */
const struct proto *plain_leaf(const struct plain_reader *, uint8_t carried);
