/*
 * Conversations: who talks to whom, numbered as Wireshark numbers tcp.stream and udp.stream, with the bytes they say put
 * in order (TCP: RFC 9293) and what the order of their packets tells (analysis.h).
 *
 * A flow is found by its ends, wherever its packets were: inside VLANs and tunnels too. The table has a ceiling, the
 * flow that was quiet longest goes first; a packet that comes for it later begins a new flow with a new number.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum flow_kind { FLOW_TCP, FLOW_UDP, FLOW_SCTP, FLOW_ICMP, FLOW_KINDS };

enum { COMMUNITY_ID_MAX = 31 };	/* "1:", base64 of 20 bytes, NUL */

/*
 * Two ends: of a datagram, [0] is its source; of a flow, [0] is who sent its first packet. ICMP and ICMPv6 have type
 * and code (of a message: its own and its counterpart's type) for ports, as Community ID has them.
 */
struct flow_ends {
	uint8_t addr[2][16];	/* 4 or 16 bytes, zeros behind them */
	uint16_t port[2];
	uint8_t version;	/* 4 or 6 */
	uint8_t proto;		/* IPPROTO_: 6, 17, 132, 1, 58 */
};

/* How far a TCP connection's life has been seen. Bits: whose side they are, [0] and [1], is the array's. */
enum {
	TCP_SAW_SYN = 1 << 0,		/* SYN without ACK */
	TCP_SAW_SYNACK = 1 << 1,
	TCP_SAW_ACK = 1 << 2,		/* an ACK without SYN and RST */
	TCP_SAW_DATA = 1 << 3,
	TCP_SAW_FIN = 1 << 4,
	TCP_SAW_RST = 1 << 5,
	TCP_FIN_ACKED = 1 << 6,		/* the other side has acknowledged this side's FIN */
};

/* A conversation. Read by everybody, written by the table alone, but for `user` and `community`. Times are ns since 1970 UTC. */
struct flow {
	struct flow_ends ends;
	enum flow_kind kind;
	uint32_t stream;		/* its number among its kind, from 0 */
	void *user;			/* the watcher's */
	void *between;			/* of who stands between the table and its watcher (cmd/track_http.c) */
	uint64_t packets[2], bytes[2];	/* by who sent them; bytes: whole frames, as on the wire */
	uint64_t payload[2];		/* bytes behind the transport header, as the headers say, repeated ones too */
	uint64_t missing[2];		/* bytes of the stream that were declared lost, while bytes were wanted */
	uint64_t first_number;		/* of the capture's packets */
	int64_t first, last;		/* the earliest and latest of their times */
	uint8_t saw[2];			/* TCP_SAW_ */
	int64_t syn, synack, ack;	/* the last SYN before SYN-ACK, the first of these, the ACK of it; 0: not seen */
	uint64_t fin_number[2], rst_number[2];	/* the first such packet; 0: none */
	char community[COMMUNITY_ID_MAX];	/* what flow_community has worked out; "" until then */
};

/* A transport header and what is behind it, found in a packet or put together from fragments. */
struct flow_datagram {
	uint8_t version, proto;		/* of the IP header around it */
	const uint8_t *src, *dst;	/* 4 or 16 bytes */
	const uint8_t *p;		/* the transport header */
	uint32_t caplen, len;		/* bytes from there: captured, and on the wire */
	uint32_t frame_len;		/* the whole packet on the wire */
	uint64_t number;
	int64_t ns;
	/*
	 * Quoted by an ICMP error: its flow is found, or made, so that numbers are Wireshark's, and nothing else; a flow may so
	 * have no packets.
	 */
	bool quoted;
	const struct flow_hint *hint;	/* what flows_expect has found out of this very datagram, or NULL */
};

/* Where a datagram's flow will be looked for. */
struct flow_hint {
	struct flow_ends ends;
	enum flow_kind kind;
	bool known;			/* else it has none */
	uint32_t hash, index;
};

struct tcp_analysis;

/* What a datagram turned out to be. */
struct flow_step {
	struct flow *flow;		/* NULL: no flow (cut short, or another protocol); the rest is not set then */
	unsigned dir;			/* 0: sent by ends[0] of the flow */
	bool fresh;			/* the flow began with it */
	const uint8_t *payload;
	uint32_t payload_caplen, payload_len;
	uint64_t offset;		/* where in its direction of the stream the payload belongs */
	const struct tcp_analysis *analysis;	/* TCP, when asked for: valid until the next datagram */
};

/*
 * A run of a stream's bytes: each byte is handed over once, in order. UDP and ICMP: what one datagram has behind its
 * header; SCTP: the user data of one chunk.
 *
 * TCP: what came first is kept. Bytes that do not come are declared missing when the other side acknowledges bytes
 * behind them that are here, when a ceiling bites, or at the end; bytes that the snap length cut off are missing at once.
 * Urgent data stays where it is in the stream. What RST carries (a reason, RFC 1122 section 4.2.2.12) and what comes behind
 * a FIN that was acknowledged is not of the stream. Checksums, time stamps and hop limits are not judged: whether the
 * receiver took a segment is not seen from here.
 */
struct flow_piece {
	const uint8_t *p;		/* valid during the call; NULL with len 0: nothing but what `missing` says */
	uint32_t len;
	bool jump;			/* sequence numbers go on elsewhere: who knows how many bytes more are missing */
	uint64_t missing;		/* bytes in front of it that nobody captured, or that the ceilings cost */
	uint64_t offset;		/* of p[0] in its direction, missing bytes counted */
	uint64_t number;		/* the packet that brought it ... */
	int64_t ns;			/* ... and when */
	uint64_t shown;			/* the packet at which it became known to be in order; number, unless it had to wait */
};

/*
 * The same stretch of a stream came twice with different bytes: an evasion, or a broken stack. From the first byte that
 * differs to the last, of one repeated stretch.
 */
struct flow_conflict {
	const uint8_t *kept, *other;	/* valid during the call */
	uint32_t len;
	uint64_t offset;
	uint64_t number;		/* of the packet that brought the other bytes ... */
	int64_t ns;
};

enum flow_end {
	FLOW_END_CAPTURE,	/* of the capture */
	FLOW_END_CROWDED,	/* the table was full, and this one the quietest */
	FLOW_END_REUSED,	/* the same ends began again */
};

/* What the table tells while it works. Each may be NULL. */
struct flow_watch {
	void *ctx;
	void (*opened)(void *ctx, struct flow *);
	/* In-order bytes. False: no more of this flow is wanted; nothing of it is kept then. NULL: nothing of any. */
	bool (*bytes)(void *ctx, struct flow *, unsigned dir, const struct flow_piece *);
	/* TCP, where bytes are wanted. Bytes are compared until they are acknowledged: then they cannot be changed any more. */
	void (*conflict)(void *ctx, struct flow *, unsigned dir, const struct flow_conflict *);
	void (*closed)(void *ctx, struct flow *, enum flow_end);	/* it is gone when this returns */
};

struct flows_options {
	uint32_t flows_max;		/* 0: FLOWS_MAX; and so on */
	uint64_t buffer_max;		/* bytes that wait for earlier ones, over all flows */
	bool analyse;			/* TCP: fill flow_step.analysis */
	/* Nobody looks at how conversations went: there is no watch, flows have numbers and ends alone, and steps no offsets. */
	bool unwatched;
	/* Flows whose user is NULL behind watch.opened are nobody's: they have numbers and ends, nothing of them is counted. */
	bool chosen;
	struct flow_watch watch;
};

/* Ceilings. */
enum {
	FLOWS_MAX = 262144,
	FLOWS_BUFFER_MAX = 64 << 20,	/* bytes waiting for earlier ones, all flows together ... */
	FLOW_BUFFER_MAX = 4 << 20,	/* ... and in one direction of one ... */
	FLOW_PIECES_MAX = 8192,		/* ... in which they are so many segments: all may become in order with one packet */
	FLOWS_HISTORY_MAX = 32 << 20,	/* bytes that are not acknowledged, to compare repeated ones with */
};

/* What bit. All 0: nothing was lost. */
struct flows_counts {
	uint64_t flows[FLOW_KINDS];	/* begun */
	uint64_t crowded;		/* flows that had to go before the capture's end */
	uint64_t overflows;		/* times that bytes were given up waiting for, for want of room */
	uint64_t missing;		/* bytes of streams declared lost */
	uint64_t conflicts;	/* told to watch.conflict */
	uint64_t unchecked;	/* repeated bytes, not acknowledged, that were forgotten before they could be compared */
	uint64_t strays;	/* TCP segments too far from the rest of their stream to be of it */
	uint64_t buffered, buffered_most;	/* bytes now, and at most */
	uint64_t memory;		/* bytes held now, about */
};

struct flows;

/* NULL without memory. */
struct flows *flows_new(const struct flows_options *);
/* Closes every flow that is open (watch.closed is called, in the order of their beginnings), without freeing the table. */
void flows_end(struct flows *);
void flows_free(struct flows *);

/*
 * A table of many flows is not in the cache, and to fetch what a datagram touches of it takes longer than to do all that there
 * is to do. So who knows the datagrams that come next may call these for each of them, one after the other and a few datagrams
 * apart: memory is asked for, and nothing changes. The datagram has to be valid in the first call only.
 */
bool flows_are_many(const struct flows *);	/* more than the cache holds */
void flows_expect(const struct flows *, const struct flow_datagram *, struct flow_hint *);
void flows_expect_entry(const struct flows *, struct flow_hint *);
void flows_expect_analysis(const struct flows *, const struct flow_hint *);
void flows_expect_segments(const struct flows *, const struct flow_hint *);

/* Takes a datagram: finds or makes its flow, counts it, hands over what is in order now. Not from inside a watch. */
void flows_take(struct flows *, const struct flow_datagram *, struct flow_step *);
/* A datagram of a kind that is of no interest: what is known of others is known as late as this packet. */
void flows_pass_over(struct flows *, uint64_t number);
const struct flows_counts *flows_counts(struct flows *);

/*
 * No flow that begins from now on is of interest, and none that has no user: those are closed, and what would begin one is passed
 * over. With options.chosen; not from inside a watch.
 */
void flows_settle(struct flows *);
bool flows_are_over(const struct flows *);	/* settled, and none is left */

/* The direction's bytes that still wait are given up for lost (Ctrl-C, or what is known so far is to be shown). */
void flow_flush(struct flows *, struct flow *);

/* Community ID v1 (https://github.com/corelight/community-id-spec), the same for both directions. */
void community_id(const struct flow_ends *, uint16_t seed, char text[COMMUNITY_ID_MAX]);
/* That of the flow, with seed 0: worked out once, and as long as the flow there. */
const char *flow_community(struct flow *);
