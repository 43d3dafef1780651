/*
 * What the flow table keeps of a conversation behind what others see of it (flow.h): entry.c finds entries and decides which
 * has to go, stream.c puts TCP's bytes in order, flow.c knows the protocols.
 */
#pragma once

#include "base/hash.h"
#include "flow/analysis.h"
#include "flow/flow.h"
#include "flow/history.h"
#include "flow/segment.h"

enum {
	SLAB = 256,			/* entries that are allocated together */
	NOBODY = UINT32_MAX,		/* no index */
};

/* One direction of a TCP connection. Offsets count the bytes of the stream from 0, sequence numbers wrap. */
struct side {
	uint64_t next;			/* offset of the first byte that has not been handed over */
	uint64_t acked;			/* offset up to which the other side has acknowledged */
	uint64_t owed;			/* bytes missing before `next` that no piece has told yet */
	struct waiting *waiting;	/* bytes that came too early; NULL: none */
	struct history *history;	/* bytes handed over that may still be contradicted; NULL: none */
	uint32_t origin;		/* sequence number of offset 0, modulo 2^32 */
	uint32_t fin;			/* sequence number of the FIN */
	uint32_t window;		/* the largest this side has advertised, unscaled */
	uint32_t stray;			/* sequence number behind the last segment that was out of any window ... */
	uint8_t strays;			/* ... and how many came in a row before it */
	uint8_t scale;			/* 0: its SYN was not seen; 1: it scales no windows; else the scale + 2 */
	bool begun;			/* origin is known ... */
	bool firm;			/* ... from a SYN that the other side has acknowledged */
	bool ended;			/* the other side has acknowledged the FIN */
	bool jumped;			/* flow_piece.jump of the next piece */
};

/* What finding a flow takes is at the beginning and in `more`: a line of the cache each. */
struct entry {
	_Alignas(64) struct flow flow;	/* first: a flow is its entry */
	struct side side[2];
	struct {
		_Alignas(64) uint32_t isn[2];	/* each side's initial sequence number, as far as it can be told ... */
		bool based[2];		/* ... and whether it is known */
		bool unwanted;		/* the watcher wants no more bytes */
		bool live;
		uint32_t index;
		uint32_t born_before, born_after;	/* neighbours by beginning */
		struct analysis *analysis;	/* TCP, when asked for */
	} more;
};

/* By index, apart from the entries so that many fit into the cache. */
struct link {
	uint32_t hash, chain;		/* the next one in the bucket */
};

struct age {
	uint32_t older, newer;		/* neighbours by last use */
};

struct flows {
	struct flows_options options;
	struct flows_counts counts;
	struct hash_key key;
	struct analysis_room room;
	struct histories histories;
	struct tcp_analysis analysis;
	struct entry **slabs;
	struct link *links;
	struct age *ages;
	uint32_t *buckets;
	uint32_t n_buckets;		/* a power of two */
	uint32_t room_for;		/* indices that slabs, links and ages have room for */
	uint32_t used;			/* indices that were ever used */
	uint32_t live;
	uint32_t unused;		/* chain of indices given back */
	uint32_t oldest, newest;	/* by last use */
	uint32_t first_born, last_born;
	uint32_t next_stream[FLOW_KINDS];
	struct waiting *wait_oldest, *wait_newest;	/* by when the first of their bytes came */
	uint64_t dice;
	uint64_t number;		/* the packet being taken */
	bool settled;			/* no flow begins any more */
	uint64_t table_bytes;		/* memory of entries and of what finds them */
};

static inline struct entry *
entry_at(struct flows *f, uint32_t i)
{
	return &f->slabs[i / SLAB][i % SLAB];
}

/* --- entry.c ------------------------------------------------------------------------------------------------------- */

bool entries_init(struct flows *);
void entries_free(struct flows *);
uint32_t entry_hash(const struct flows *, const struct flow_ends *, enum flow_kind kind);
/* The flow with these ends, either way around: *dir is 0 if ends->addr[0] is its. NULL: none. It is the newest by use then. */
struct entry *entry_find(struct flows *, const struct flow_ends *, enum flow_kind kind, uint32_t hash, unsigned *dir);
/* Has the processor fetch the first entry that this hash leads to; its index, or NOBODY. */
uint32_t entry_expect(const struct flows *, uint32_t hash);
/* Then, what the entry refers to. */
void entry_expect_more(const struct flows *, uint32_t index);
void entry_expect_segments(const struct flows *, uint32_t index);
/* The same, if it is that of the last datagram: they come in runs. */
struct entry *entry_newest(struct flows *, const struct flow_ends *, enum flow_kind kind, unsigned *dir);
/* A new entry, its ends, kind and number set, the rest 0; room is made by closing the oldest. NULL without memory. */
struct entry *entry_add(struct flows *, const struct flow_ends *, enum flow_kind kind, uint32_t hash);
/* Tells what is left of its bytes, that it is closed, and forgets it. */
void entry_close(struct flows *, struct entry *, enum flow_end);

/* --- stream.c ------------------------------------------------------------------------------------------------------ */

/* Takes a segment of a connection: offset of its payload. */
uint64_t stream_take(struct flows *, struct entry *, const struct segment *);
/* Hands bytes over that are in order, behind those before. False: the watcher wants no more. */
bool stream_give(struct flows *, struct entry *, unsigned dir, const struct flow_piece *);
/* Gives up waiting for what is not there. */
void stream_flush(struct flows *, struct entry *, unsigned dir);
/* Forgets all bytes of the flow. */
void stream_drop(struct flows *, struct entry *);
