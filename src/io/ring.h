/*
 * Live capture on Linux without a library: one interface whose link type is Ethernet, or all of them in the cooked form. A
 * source's operations in all but name; io/live.h puts them behind one.
 */
#pragma once

#include "io/source.h"

struct ring;
struct sock_filter;

struct ring_options {
	int ifindex;		/* 0: every interface */
	uint32_t link;		/* DLT_EN10MB for one interface; DLT_LINUX_SLL or DLT_LINUX_SLL2 for all */
	uint32_t snaplen;
	size_t bytes;		/* of memory shared with the kernel; 0: the default */
	int timeout;		/* ms that a packet may wait for company */
	bool in, out;		/* packets of this direction are wanted */
	unsigned jobs;		/* how many sockets and threads share the packets; 0 and 1: one, without threads */
	bool promiscuous, nano;
};

/* Makes socket and memory, as root or the like; nothing arrives yet. NULL and *e on failure. */
struct ring *ring_open(const struct ring_options *o, struct err *e);
void ring_close(struct ring *r);

/*
 * Sets the filter, n instructions as libpcap compiled them for a live capture, and begins. False and *e when the kernel
 * cannot do it.
 */
bool ring_start(struct ring *r, const struct sock_filter *insns, size_t n, struct err *e);

/* The sockets that packets come by, at most max; how many there are. */
size_t ring_descriptors(const struct ring *r, int *fds, size_t max);

/* source_read, source_ops.counts and source_ops.wake */
enum source_result ring_read(struct ring *r, struct packet *batch, size_t max, size_t *n, struct err *e);
bool ring_counts(struct ring *r, struct source_counts *c, struct err *e);
void ring_wake(struct ring *r);

/* No more packets; what has arrived is still delivered, and then SOURCE_AGAIN at once. */
void ring_stop(struct ring *r);
