/* A TCP segment as its header describes it (RFC 9293 section 3.1, options of RFC 7323): what reassembly and analysis share. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { SEG_FIN = 1, SEG_SYN = 2, SEG_RST = 4, SEG_PSH = 8, SEG_ACK = 16, SEG_URG = 32 };

struct segment {
	uint32_t seq, ack;
	uint16_t window;		/* as it is in the header */
	uint16_t urgent;
	uint16_t mss;			/* 0: the option is not there */
	uint8_t flags;			/* SEG_ */
	uint8_t header;			/* bytes */
	int8_t scale;			/* window scale (RFC 7323), at most 14, whatever the flags; -1: the option is not there */
	bool sack_permitted;
	bool cut;			/* options are missing: not captured */
	uint8_t sacks;			/* blocks of selective acknowledgement (RFC 2018): left edge, right edge */
	uint32_t sack[4][2];
	const uint8_t *payload;
	uint32_t caplen, len;		/* of the payload: captured, and as the headers say */
	unsigned dir;			/* the flow's */
	uint64_t number;
	int64_t ns;
};

/* Reads the header at p, of which caplen bytes are captured and len were sent. False: it is cut short or makes no sense. */
bool segment_read(struct segment *s, const uint8_t *p, uint32_t caplen, uint32_t len);
