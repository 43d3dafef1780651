/*
 * Many expressions at once over bytes in pieces: vectorscan (or Hyperscan, whose interface it has), loaded when it is first
 * wanted. It is C++ and takes as long to load as a small capture takes to be printed, so the program is not linked with it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct multi;

struct multi_pattern {
	const char *regex;	/* PCRE syntax, without NUL; NULL: it cannot be said so */
	bool ignore_case;
	bool lines;		/* ^ and $ at the ends of lines */
	/* out */
	bool known;		/* it is searched for; false: it cannot be */
	uint32_t width;		/* the longest match; UINT32_MAX: there is none */
};

/* NULL: the library is not there, not for this processor, or none of the patterns can be searched for. */
struct multi *multi_new(struct multi_pattern *patterns, unsigned n);
void multi_free(struct multi *);

/* A stream's state; NULL without memory. */
void *multi_open(struct multi *);
size_t multi_stream_size(const struct multi *);

/*
 * Calls hit(ctx, pattern) whenever an occurrence of the pattern ends. False: it failed, and any pattern may have
 * occurred.
 */
typedef void multi_hit(void *ctx, unsigned pattern);
bool multi_scan(struct multi *, void *stream, const uint8_t *p, uint32_t len, multi_hit *hit, void *ctx);
/* The stream's end, which may end occurrences; it begins anew. */
bool multi_restart(struct multi *, void *stream, multi_hit *hit, void *ctx);
void multi_close(struct multi *, void *stream);
