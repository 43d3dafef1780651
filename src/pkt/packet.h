/*
 * A packet as it travels through Wiretape: a reference to captured bytes and what the capture says of them.
 * The bytes belong to the source that lent them and stay valid until that source is asked for more.
 */
#pragma once

#include <stdint.h>

struct packet {
	const uint8_t *data;	/* the captured bytes */
	uint32_t caplen;	/* how many of them there are */
	uint32_t len;		/* how many there were on the wire */
	int64_t sec;		/* capture time: seconds since 1970 UTC (may lie beyond 2106) ... */
	int64_t nsec;		/* ... and nanoseconds: 0 to 999999999, or whatever a damaged file claims */
	uint32_t link;		/* link type, libpcap's DLT_ number on this system */
	uint32_t iface;		/* which of the source's interfaces it came in on */
};

/* No packet of any file or interface is longer (libpcap's MAXIMUM_SNAPLEN); what says so is damaged. */
enum { PACKET_MAX = 262144 };
