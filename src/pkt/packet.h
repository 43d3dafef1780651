/*
 * A packet as it travels through Wiretape: a reference to captured bytes and what the capture says of them.
 * The bytes belong to the source that lent them and stay valid until that source is asked for more.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * How the file has written a packet's record, where a copy may take the record as it is: this machine's byte order,
 * the usual header right before the captured bytes, no adjustment made to them.
 */
enum packet_record {
	RECORD_NONE,		/* not so, or there is no file */
	RECORD_PCAP,		/* a pcap file's, its header of 16 bytes with microseconds ... */
	RECORD_PCAP_NANO,	/* ... or nanoseconds */
	RECORD_NG,		/* pcapng's enhanced packet block, its time stamp in microseconds since 1970 ... */
	RECORD_NG_NANO,		/* ... or nanoseconds */
};

enum { RECORD_PCAP_HEAD = 16, RECORD_NG_HEAD = 28 };	/* the bytes of a record before the captured ones */

struct packet {
	const uint8_t *data;	/* the captured bytes */
	uint32_t caplen;	/* how many of them there are */
	uint32_t len;		/* how many there were on the wire */
	int64_t sec;		/* capture time: seconds since 1970 UTC (may lie beyond 2106) ... */
	int64_t nsec;		/* ... and nanoseconds: 0 to 999999999, or whatever a damaged file claims */
	uint32_t link;		/* link type, libpcap's DLT_ number on this system */
	uint32_t iface;		/* which of the source's interfaces it came in on */
	uint32_t record;	/* enum packet_record; sources other than files leave it as it is */
	uint32_t record_len;	/* of the whole record, if there is one; data lies in it behind its head */
};

/* No packet of any file or interface is longer (libpcap's MAXIMUM_SNAPLEN); what says so is damaged. */
enum { PACKET_MAX = 262144 };

/* Can what the capture says of the packet's lengths be true? */
static inline bool
packet_is_sane(const struct packet *p)
{
	return p->caplen && p->caplen <= p->len && p->len <= PACKET_MAX;
}
