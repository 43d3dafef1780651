/*
 * Who talks to whom, for the sections of conversations and of endpoints. What belongs to a flow of the tracker is counted
 * when the flow is over, from its own counters (or, with -Y, from such counters of the packets that matched); what does not
 * (Ethernet, and IP packets without a transport that has flows) is counted packet by packet.
 */
#pragma once

#include "cmd/stats.h"

enum talk_kind { TALK_ETH, TALK_IP, TALK_IPV6, TALK_TCP, TALK_UDP, TALK_SCTP, TALK_ICMP, TALK_KINDS };

enum { TALK_ADDRESS_ROOM = 64 };

/* What was sent, [0] by the first end and [1] by the other. */
struct talk_counts {
	uint64_t packets[2], bytes[2];
	uint64_t first_number;		/* the first packet's */
	int64_t first, last;
};

struct talk {
	const struct stats_setup *setup;
	unsigned kinds;			/* bits, 1 << TALK_ */
	const struct proto *eth, *ip, *ip6, *icmp, *icmp6;
	void *ctx;
	/* One packet between two addresses of `size` bytes; kind is TALK_ETH, TALK_IP or TALK_IPV6. */
	void (*packet)(void *ctx, enum talk_kind kind, const uint8_t *src, const uint8_t *dst, unsigned size,
	    const struct tracked *t);
};

/* "tcp"; words of --conversations and --endpoints. */
const char *talk_word(enum talk_kind kind);

/* Reads "tcp,udp" into t->kinds, of those in `known`; setup->arg NULL: leaves it. False with *e. */
bool talk_open(struct talk *t, const struct stats_setup *setup, unsigned known, struct err *e);

/* A packet: tells of what is in no flow, and with -Y counts in its flows' own. */
void talk_packet(const struct talk *t, const struct tracked *p);
/* A flow's kinds: its own, and that of the addresses below it. */
enum talk_kind talk_of(const struct flow *f);
enum talk_kind talk_below(const struct flow *f);
/* What counts of a flow that is over; false: nothing of it matched. Frees what talk_packet has kept in *mine. */
bool talk_closed(const struct talk *t, const struct flow *f, void **mine, struct talk_counts *c);

/* The line above a table: "TCP: 17, those with most bytes". order: why these, NULL: all; lost: packets without room. */
void talk_head(struct buf *b, enum talk_kind kind, uint64_t n, const char *order, uint64_t lost);

/* The address of a kind as text, NUL-terminated. */
void talk_address(char text[TALK_ADDRESS_ROOM], const uint8_t *addr, unsigned size);
