/*
 * IP datagrams out of their fragments: IPv4 (RFC 791 section 3.2, RFC 815) and IPv6 (RFC 8200 section 4.5). Fragments may come
 * in any order, twice, and overlap; what came first is kept, and an overlap that says something else is counted and told
 * (RFC 5722 has IPv6 datagrams with overlaps dropped, which an observer cannot know of every receiver).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct defrag;

enum {
	DEFRAG_DATAGRAMS_MAX = 8192,		/* incomplete ones; the oldest goes first */
	DEFRAG_BYTES_MAX = 32 << 20,		/* held for them */
	DEFRAG_PIECES_MAX = 8192,		/* fragments of one: 64 KiB in pieces of 8 bytes */
	DEFRAG_SECONDS = 60,			/* an incomplete one is given up (RFC 8200 section 4.5) */
};

struct fragment {
	uint8_t version, proto;		/* proto: of what is fragmented */
	const uint8_t *src, *dst;	/* 4 or 16 bytes */
	uint32_t id;
	uint32_t offset;		/* bytes */
	bool more;
	const uint8_t *p;		/* the payload */
	uint32_t caplen, len;		/* captured, and as the header says: one that is cut short completes nothing */
	uint64_t number;
	int64_t ns;
};

/* A whole datagram's payload, lent until the next call. */
struct defragged {
	const uint8_t *p;
	uint32_t len;
	unsigned pieces;
	uint64_t first_number;		/* the packet of the first fragment that came */
	bool conflict;			/* fragments overlapped and said different things */
};

struct defrag_counts {
	uint64_t fragments, datagrams;	/* taken; completed */
	uint64_t overlaps, conflicts, duplicates;
	uint64_t oversized;		/* beyond 65,535 bytes: dropped */
	uint64_t misfits;		/* other lengths that cannot be (two ends; not a multiple of 8): dropped */
	uint64_t timed_out, crowded;	/* incomplete ones given up: too old; no room */
	uint64_t bytes, bytes_most;	/* held now, and at most */
};

/* NULL without memory. */
struct defrag *defrag_new(void);
void defrag_free(struct defrag *);

/* Takes a fragment; true: it completed *whole. */
bool defrag_take(struct defrag *, const struct fragment *, struct defragged *whole);
const struct defrag_counts *defrag_counts(const struct defrag *);
