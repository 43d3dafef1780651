/*
 * Patterns looked for in bytes that come in pieces: streams put in order, whose matches may lie across the pieces, and
 * datagrams, which stand alone. A stream's matches are those that PCRE2 finds in the whole of it: leftmost, greedy as
 * the pattern says, not overlapping, never empty. Each pattern is searched for on its own.
 *
 * Two engines: vectorscan (multi.h), where it is installed, runs over all bytes with a small state a stream and says in
 * which pieces which patterns end; PCRE2 then finds out what matched, in what is held of the stream. Patterns that
 * vectorscan does not know, and all without it, are PCRE2's alone, whose partial matches say what must be held.
 *
 * A stream holds no more than SEARCH_HELD_MAX, so that a match longer than that is cut (counted); of a pattern without a longest
 * match, what lies further than SEARCH_WINDOW in front of the piece in which it could first have ended is not found.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* Ceilings. */
enum {
	SEARCH_PATTERNS_MAX = 65536,
	SEARCH_PATTERN_MAX = 32768,		/* bytes of one */
	SEARCH_HELD_MAX = 65536,		/* bytes of a stream for a match that is not complete yet */
	SEARCH_WINDOW = 16384,			/* in front of a piece, for patterns without a longest match */
	SEARCH_MEMORY_MAX = 128 << 20,		/* of all streams; the one quiet longest forgets first */
};

enum search_kind {
	SEARCH_REGEX,		/* PCRE2, of bytes; ^ and $ at the ends of lines */
	SEARCH_FIXED,		/* the bytes themselves */
	SEARCH_HEX,		/* pairs of hex digits, blanks between them at will; a ? is any digit */
};

struct search_match {
	unsigned pattern;		/* in the order they were added */
	const uint8_t *p;		/* the bytes, valid during the call */
	uint32_t len, before, after;	/* of them, and those held in front of and behind them */
	uint64_t offset;		/* in the stream */
	uint64_t first, last;		/* the packets that brought its first byte (nearly, of one in many) and last one */
	int64_t ns;			/* of the first one */
	bool cut;			/* it went on, beyond the ceiling */
};

struct search_options {
	uint32_t context;		/* bytes in front of matches that are wanted */
	bool pcre_only;			/* leave vectorscan alone */
	/* A match. False: no more of what is being searched now. */
	bool (*found)(void *ctx, const struct search_match *);
};

struct search_counts {
	uint64_t bytes;			/* searched */
	uint64_t limits;		/* times that something was left out, since it took too long (base/regex.h) */
	uint64_t cut;			/* matches that may be longer than what was held */
	uint64_t forgotten;		/* streams that had to forget what they held, at SEARCH_MEMORY_MAX */
	uint64_t memory, memory_most;	/* held by streams now, and at most */
	unsigned slow;			/* patterns that PCRE2 searches alone */
};

/* A run of a stream. */
struct search_piece {
	const uint8_t *p;
	uint32_t len;
	uint64_t offset;		/* of p[0]; when it does not follow the last piece, what waited ends there */
	uint64_t number;		/* of the packet */
	int64_t ns;
};

/* What is remembered of a stream, embedded by its owner. All zeros: it has not begun. */
struct search_stream {
	struct search_stream *newer, *older;	/* the search's list of those that hold something */
	uint8_t *buf;				/* held bytes: len from skip on, the first one being at base in the stream */
	uint32_t skip, len, cap;
	uint64_t base, start;			/* start: where the search began, at first or after a gap */
	void *scan;				/* vectorscan's */
	struct search_mark *marks;		/* which packet brought what, ascending */
	uint32_t n_marks, cap_marks;
	struct search_wait *waits;		/* patterns that may not begin anywhere, ascending */
	uint32_t n_waits, cap_waits;
	bool begun, broken;			/* broken: begins behind a gap, not at the stream's beginning */
};

struct search;

/* NULL without memory. */
struct search *search_new(const struct search_options *);
void search_free(struct search *);

/* Adds a pattern, whose bytes are copied. False with *e: it is wrong, and says where. Only before search_ready. */
bool search_add(struct search *, enum search_kind, const char *p, size_t len, bool ignore_case, struct err *e);
/* Builds what the patterns need together. */
bool search_ready(struct search *, struct err *e);

unsigned search_size(const struct search *);
/* A pattern as it was given: *len bytes. */
const char *search_pattern(const struct search *, unsigned i, size_t *len);
const struct search_counts *search_counts(struct search *);

/* The next bytes of a stream. False: found() has said so; the stream is forgotten then. */
bool search_feed(struct search *, struct search_stream *, const struct search_piece *, void *ctx);
/* The stream's end: matches that could have gone on are told, and nothing is held any more. False: found() has said so. */
bool search_end(struct search *, struct search_stream *, void *ctx);
/* Forgets the stream, without telling. */
void search_drop(struct search *, struct search_stream *);
/* Bytes that stand alone. */
bool search_whole(struct search *, const struct search_piece *, void *ctx);
