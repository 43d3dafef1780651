/*
 * What the two halves of the IEEE 802.15.4 dissector share: wpan.c walks frames, wpan_ie.c the information elements
 * in them. Lengths here count bytes of the frame, which may be more than were captured; reads are hard.
 */
#pragma once

#include "dissect/dissect.h"

/* What a frame's walk has still to do, or that it is over: what is wrong has been said. */
enum { WPAN_WRONG = -1 };

enum {
	WPAN_TYPE, WPAN_SECURITY, WPAN_PENDING, WPAN_ACK, WPAN_COMPRESSION, WPAN_NO_SEQ, WPAN_IES, WPAN_DST_MODE,
	WPAN_VERSION, WPAN_SRC_MODE, WPAN_SEQ, WPAN_DST_PAN, WPAN_DST16, WPAN_DST64, WPAN_SRC_PAN, WPAN_SRC16,
	WPAN_SRC64, WPAN_SEC_LEVEL, WPAN_KEY_MODE, WPAN_COUNTER, WPAN_KEY_INDEX, WPAN_MIC, WPAN_FCS_OK, WPAN_BEACON_ORDER,
	WPAN_FRAME_ORDER, WPAN_CAP, WPAN_COORDINATOR, WPAN_PERMIT, WPAN_COMMAND, WPAN_ASSOC_CAPS, WPAN_ASSOC_ADDR,
	WPAN_ASSOC_STATUS, WPAN_DISASSOC_REASON, WPAN_HEADER_IE, WPAN_PAYLOAD_IE, WPAN_MLME_IE, WPAN_ASN,
	WPAN_N_FIELDS,
};
extern const struct field wpan_fields[WPAN_N_FIELDS];

/* An address of n bytes: none, short, or extended, which is sent last byte first. */
void wpan_addr(struct dis *d, const uint8_t *p, unsigned n);
/* n bytes in hex, a blank behind each. */
void wpan_data(struct dis *d, const uint8_t *p, uint32_t n);
/* Beacons and one element have these: the superframe specification, and the addresses that data waits for. */
void wpan_superframe(struct dis *d, const uint8_t *p);
int wpan_pending(struct dis *d, const uint8_t *p, uint32_t len);

/* Lists of elements in len bytes at p. How long they are, or WPAN_WRONG; *payload: elements of the payload follow. */
int wpan_header_ies(struct dis *d, const uint8_t *p, uint32_t len, bool *payload);
int wpan_payload_ies(struct dis *d, const uint8_t *p, uint32_t len);
