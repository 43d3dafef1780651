/*
 * IP datagrams out of their fragments: IPv4 (RFC 791 section 3.2, RFC 815) and IPv6 (RFC 8200 section 4.5). Fragments may come
 * in any order, twice, and overlap; what came first is kept, and an overlap that says something else is counted and told
 * (RFC 5722 has IPv6 datagrams with overlaps dropped, which an observer cannot know of every receiver).
 *
 * Fragments belong together when version, addresses and identification are the same, and for IPv4 the protocol. Time is the
 * packets': a datagram that is older than DEFRAG_SECONDS when another fragment of anything comes, or that much younger
 * because the clock was set back, is given up.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct defrag;

enum {
	DEFRAG_DATAGRAMS_MAX = 8192,		/* incomplete ones; the oldest goes first */
	DEFRAG_BYTES_MAX = 32 << 20,		/* held for them, what it takes to keep them in order included */
	DEFRAG_LEN_MAX = 65535,			/* of one */
	DEFRAG_SECONDS = 60,			/* an incomplete one is given up (RFC 8200 section 4.5) */
};

struct fragment {
	uint8_t version, proto;		/* 4 or 6; of what is fragmented (IPv6: the next header that the fragment header names) */
	const uint8_t *src, *dst;	/* 4 or 16 bytes */
	uint32_t id;
	uint32_t offset;		/* bytes, of what is fragmented */
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
	uint8_t proto;			/* as its first bytes' fragment says */
	unsigned pieces;		/* fragments that brought something */
	uint64_t first_number;		/* the packet of the first fragment that came */
	bool conflict;			/* fragments contradicted each other, in their bytes or about the datagram's end */
};

struct defrag_counts {
	uint64_t fragments, datagrams;	/* taken; completed */
	uint64_t overlaps;		/* fragments that brought some bytes again ... */
	uint64_t duplicates;		/* ... or nothing but such */
	uint64_t conflicts;		/* of both, those whose bytes were different ones */
	uint64_t oversized;		/* beyond DEFRAG_LEN_MAX: dropped */
	uint64_t misfits;		/* other lengths that cannot be (empty; two ends; not a multiple of 8): dropped */
	uint64_t timed_out, crowded;	/* incomplete datagrams given up: too old; no room */
	uint64_t bytes, bytes_most;	/* held now, and at most */
};

/* NULL without memory. */
struct defrag *defrag_new(void);
void defrag_free(struct defrag *);

/*
 * Takes a fragment; true: it completed *whole. One that is not fragmented at all (offset 0, no more) completes itself and
 * touches nothing else (RFC 6946).
 */
bool defrag_take(struct defrag *, const struct fragment *, struct defragged *whole);
const struct defrag_counts *defrag_counts(const struct defrag *);
