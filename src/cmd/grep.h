/* wiretape grep: patterns looked for in what conversations say, or in packets. Shared by grep.c and grep_show.c. */
#pragma once

#include "base/buf.h"
#include "flow/flow.h"
#include "stream/search.h"

enum {
	GREP_CONTEXT = 64,		/* bytes on each side of a match, at most to the ends of its line, unless told */
	GREP_CONTEXT_MAX = 4096,
	GREP_MATCH_SHOWN = 4096,	/* of a match; the rest is only counted */
	GREP_TEXT_BASE = 256 << 10,	/* bytes of all lines for a packet, ... */
	GREP_TEXT_A_BYTE = 4,		/* ... and for each of its bytes; further matches are only counted */
};

struct grep_style {
	uint32_t before, after;		/* bytes of context ... */
	bool lines;			/* ... and not beyond the line's ends */
	bool json, color, hexdump, only;
	bool which;			/* several patterns: say which */
};

/* Where a match was found. */
struct grep_place {
	const struct flow *flow;	/* NULL: in no conversation */
	unsigned dir;
	bool packet;			/* in the bytes of a whole packet; offsets count from its first one */
	bool conflict;			/* in bytes that came a second time with another content, and were not kept */
};

/* A match as a line (with -x: several), appended. */
void grep_show(struct buf *b, const struct grep_style *s, const struct search *search, const struct search_match *m,
    const struct grep_place *where);
/* A conversation as a line: for --list and --invert-match. */
void grep_show_stream(struct buf *b, const struct grep_style *s, const struct flow *flow);
/* A packet that is in none. */
void grep_show_packet(struct buf *b, const struct grep_style *s, uint64_t number, int64_t ns);

/* Adds the lines of a file, "-" being standard input, as patterns. */
bool grep_read_patterns(struct search *search, const char *path, enum search_kind kind, bool ignore_case,
    struct err *e);

int cmd_grep(int argc, char **argv);
