/*
 * What the order and the time of a TCP connection's segments tell: Wireshark's tcp.analysis, with its definitions
 * (packet-tcp.c's documentation, "TCP Analysis" in the Wireshark User's Guide, section 7.5).
 */
#pragma once

#include <stdint.h>

enum {
	TCP_RETRANSMISSION = 1 << 0,
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

/* Times are nanoseconds; -1: there is none. Numbers of packets are 0 where there is none. */
struct tcp_analysis {
	uint32_t flags;			/* TCP_ above */
	int64_t time_relative;		/* since the connection's first packet */
	int64_t time_delta;		/* since its previous packet */
	int64_t ack_rtt;		/* from the segment acknowledged to this ACK ... */
	uint64_t acks_frame;		/* ... which is this packet */
	int64_t initial_rtt;		/* of the handshake, at every packet once it is known */
	int64_t rto;			/* what this retransmission waited ... */
	uint64_t rto_frame;		/* ... since this packet */
	uint32_t bytes_in_flight;	/* 0: none */
	uint32_t push_bytes_sent;
	uint32_t duplicate_ack_num;	/* the how manieth ... */
	uint64_t duplicate_ack_frame;	/* ... duplicate of this packet */
	uint64_t seq_relative, ack_relative;
	int64_t window_size;		/* scaled; -1: not known */
};
