/*
 * One packet socket and the ring of memory it shares with the kernel (TPACKET_V3, see packet(7) and the kernel's
 * packet_mmap.rst): the kernel fills a block after the other and hands each over when it is full or has been open for
 * some time. Packets are decoded where they lie: VLAN tags, which the kernel takes out of the bytes, are put back, and
 * the cooked header of "any" is put in front.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "pkt/packet.h"

struct sock_filter;
struct tpacket_hdr_v1;

struct lane_options {
	int ifindex;		/* 0: every interface */
	uint32_t link;		/* DLT_EN10MB for one interface; DLT_LINUX_SLL or DLT_LINUX_SLL2 for all */
	uint32_t snaplen;
	size_t bytes;		/* of memory, rounded up to what a packet of any length needs ... */
	unsigned blocks;	/* ... in so many blocks, if they do not become too small or too large by that */
	unsigned period;	/* ms: an open block with packets in it is handed over at the second beat, at the latest */
	bool in, out;		/* packets of this direction are wanted */
	bool nano;		/* stamps in nanoseconds; else they are cut to microseconds */
};

struct lane_counts {
	uint64_t received, dropped;
	int64_t lost_from, lost_until;	/* as in struct source_counts */
};

/*
 * Blocks belong to the lane's user from lane_next to lane_release, in that order; those two, and lane_take, may be
 * called by different threads at the same time if lane_next, lane_count and lane_since are not.
 */
struct lane {
	struct lane_options o;
	int fd;
	int loopback;			/* its ifindex, 0 without one */
	uint8_t *map;
	size_t block_size;
	unsigned n_blocks;
	unsigned next, oldest;		/* the block that the kernel hands over next; the first one not given back */
	int64_t last;			/* stamp of the last block's last packet, ns since 1970; at first, of the start */
	bool stale;			/* losses counted already may be reported by later blocks, too */
	struct lane_counts counts;
};

/* What is left of a block while its packets are handed out. */
struct lane_block {
	uint8_t *at;
	uint32_t left;
	int64_t since;		/* no packet in it is older; ns since 1970 */
};

/* Makes socket and ring; nothing arrives yet. On failure nothing is left behind. */
bool lane_open(struct lane *l, const struct lane_options *o, struct err *e);
void lane_close(struct lane *l);

/* Sets the filter: n instructions that the kernel has accepted, or false with errno in place. */
bool lane_filter(struct lane *l, const struct sock_filter *insns, size_t n);

/* Lets packets in, or no more of them: what has passed the filter is in the ring then; false and errno. */
bool lane_listen(struct lane *l);
bool lane_deafen(struct lane *l);

/* The next block that the kernel has handed over; false when there is none (yet). */
bool lane_next(struct lane *l, struct lane_block *b);

/* Is there something in the block that the kernel is filling? */
bool lane_filling(const struct lane *l);

/* No packet that has not been handed over is older than this, or than now if nothing is there. */
int64_t lane_since(const struct lane *l, int64_t now);

/* Decodes up to max of the block's packets; they stay valid until the block is released. */
size_t lane_take(const struct lane *l, struct lane_block *b, struct packet *packets, size_t max);

/* Gives the oldest block back to the kernel. */
void lane_release(struct lane *l);

/* Brings l->counts up to date. */
bool lane_count(struct lane *l);
