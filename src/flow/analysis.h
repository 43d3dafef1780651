/*
 * What the order and the time of a TCP connection's segments tell: Wireshark's tcp.analysis as version 4.0 defines it
 * (Wireshark User's Guide, section "TCP Analysis"), its corner cases included, so that both tools say the same of a packet.
 * Options of Multipath TCP (RFC 8684) are the exception: they excuse no duplicate ACK here.
 *
 * A connection remembers the segments that nobody has acknowledged yet. Their number has Wireshark's ceiling; all
 * connections together have one of ours, beyond which new segments are not remembered, as if they were too many of one.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "flow/segment.h"

enum {
	ANALYSIS_UNACKED_MAX = 10000,		/* remembered segments, a direction */
	ANALYSIS_BYTES_MAX = 64 << 20,		/* for remembered segments, all connections together */
};

enum {
	TCP_RETRANSMISSION = 1 << 0,		/* any of the three */
	TCP_FAST_RETRANSMISSION = 1 << 1,
	TCP_SPURIOUS_RETRANSMISSION = 1 << 2,
	TCP_OUT_OF_ORDER = 1 << 3,
	TCP_LOST_SEGMENT = 1 << 4,		/* a segment before this one was not captured */
	TCP_ACK_LOST_SEGMENT = 1 << 5,		/* acknowledges what was not captured */
	TCP_DUPLICATE_ACK = 1 << 6,
	TCP_ZERO_WINDOW = 1 << 7,
	TCP_ZERO_WINDOW_PROBE = 1 << 8,
	TCP_ZERO_WINDOW_PROBE_ACK = 1 << 9,
	TCP_WINDOW_FULL = 1 << 10,
	TCP_WINDOW_UPDATE = 1 << 11,
	TCP_KEEP_ALIVE = 1 << 12,
	TCP_KEEP_ALIVE_ACK = 1 << 13,
	TCP_REUSED_PORTS = 1 << 14,
};

/* A duration that is not there; durations may be negative where the clock went backwards. */
#define TCP_NO_TIME INT64_MIN

/*
 * What a segment turned out to be. Times are nanoseconds, TCP_NO_TIME where there is none; numbers of packets are 0 where
 * there is none. A field is there exactly when Wireshark shows it at this packet.
 */
struct tcp_analysis {
	uint32_t flags;			/* TCP_ above */
	bool any;			/* tcp.analysis itself: without it no field from flags to duplicate_ack_frame */
	int64_t time_relative;		/* since the connection's first packet */
	int64_t time_delta;		/* since its previous packet */
	int64_t ack_rtt;		/* from the segment acknowledged to this ACK ... */
	uint64_t acks_frame;		/* ... which is this packet */
	int64_t initial_rtt;		/* of the handshake: SYN to the first ACK */
	int64_t rto;			/* what this retransmission waited ... */
	uint64_t rto_frame;		/* ... since this packet */
	uint32_t bytes_in_flight;	/* 0: none */
	uint32_t push_bytes_sent;	/* a field only where bytes_in_flight is one */
	uint32_t duplicate_ack_num;	/* the how manieth (0: none) ... */
	uint64_t duplicate_ack_frame;	/* ... duplicate of this packet; a field where duplicate_ack_num is one */
	uint32_t seq_relative;		/* modulo 2^32 */
	uint32_t ack_relative;		/* the header's own number without the flag ACK */
	uint32_t window_size;		/* scaled where the scale is known and this is no SYN */
	int32_t window_scale;		/* the multiplier; -1: not known; -2: none is used; 0: not a field (SYN) */
};

struct analysis;

/* What all connections of a table use together. All 0 to begin with. */
struct analysis_room {
	uint64_t bytes, bytes_most;	/* held now, and at most: the connections themselves and what they remember */
	uint64_t unacked;		/* of these, for remembered segments: at most ANALYSIS_BYTES_MAX */
	uint64_t refused;		/* segments that were not remembered for want of room */
	struct analysis *spares;	/* nobody's */
	unsigned n_spares;
};

/*
 * The state of one connection, to be freed. `reused`: the same ends had a connection before, and this one begins with a SYN
 * of another sequence number (its first packet is TCP_REUSED_PORTS then). The room outlives it. NULL without memory.
 */
struct analysis *analysis_new(struct analysis_room *, bool reused);
void analysis_free(struct analysis *);
/* When all are free. */
void analysis_room_free(struct analysis_room *);

/* Has the processor fetch the state; then, some time later, what it refers to. */
void analysis_expect(const struct analysis *);
void analysis_expect_segments(const struct analysis *);

/* Takes the connection's next segment, in the order of the capture, and tells all about it. */
void analysis_take(struct analysis *, const struct segment *, struct tcp_analysis *out);
