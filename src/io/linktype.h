/*
 * Link types in files. A pcap or pcapng file holds a LINKTYPE_ number, which is the same
 * everywhere; programs and filters use the DLT_ number of this system. Most are equal, some are
 * not.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	/* of a pcap header's link type field; the rest tells of the FCS */
	LINKTYPE_BITS = 0x03ffffff,
};

/* The DLT_ number; a LINKTYPE_ that is not known is passed through. */
uint32_t linktype_to_dlt(uint32_t linktype);

/* False if files have no number for it. */
bool linktype_from_dlt(uint32_t dlt, uint32_t *linktype);

/* The longest packet of that DLT_ that is believed, in bytes. */
uint32_t linktype_max_packet(uint32_t dlt);

/* The snapshot length a file header's field means: 0 and absurd values stand for no limit. */
uint32_t linktype_snaplen(uint32_t dlt, uint32_t claimed);

/* True if packets of that DLT_ have fields in the byte order of the machine that captured. */
bool linktype_is_host_order(uint32_t dlt);

/*
 * Turns those fields of one packet, captured by a machine of the other byte order, into ours. len
 * is the length on the wire, which may be damaged.
 */
void linktype_swap(uint32_t dlt, uint8_t *p, uint32_t caplen, uint32_t len);
