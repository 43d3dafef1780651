/* Live capture: interfaces, their properties, and a source of their packets, through libpcap or a ring of our own. */
#pragma once

#include "io/source.h"

struct pcap;

struct live_options {
	int snaplen;		/* 0: the default, 262144 */
	int buffer;		/* bytes, 0: the default */
	int timeout;		/* ms that a packet may wait for company before it is delivered */
	int stamp_type;		/* -1: the default, else PCAP_TSTAMP_ */
	int direction;		/* -1: the default, else PCAP_D_INOUT and so on */
	int link;		/* -1: the default, else a DLT_ */
	unsigned jobs;		/* threads that share the packets where that is possible; 0 and 1: none */
	bool promiscuous, monitor, immediate, nano;
	bool cure;		/* an error for want of privileges says what to do about it */
};

/* The interface captured from when none is named: the first of the list. NULL and *e on failure; free it. */
char *live_default_device(struct err *e);

/*
 * Opens the interface, by name or by its number in the list; NULL and *e on
 * failure. A warning that does not stop the capture is left in warning, which is empty otherwise. The source's
 * name is the interface's. Capturing begins when the filter is set.
 */
struct source *live_open(const char *device, const struct live_options *o, struct err *warning, struct err *e);

/*
 * After a wake: makes reads return SOURCE_AGAIN instead of waiting, once what the kernel took before the call has
 * been delivered; so that stopping loses nothing that had arrived.
 */
void live_drain(struct source *s);

/* What packets come by: descriptors, or -1 for what libpcap keeps to itself. At most max; how many there are. */
enum { LIVE_DESCRIPTORS_MAX = 64 };
size_t live_descriptors(const struct source *s, int *fds, size_t max);

/* libpcap's handle, for compiling filters and listing link types. Lent, until the filter is set. */
struct pcap *live_handle(struct source *s);

/* Could the interface be put into monitor mode? */
bool live_has_monitor_mode(struct source *s);
