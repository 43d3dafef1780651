/*
 * Display filters: Wireshark's language over the fields that a walk notes. An expression is compiled once, and then asked of
 * each packet's fields; asking allocates nothing and changes nothing but the scratch that the caller lends.
 *
 * A field may have several values in a packet: a comparison holds if any of them fits, but for != and ===, where all have to
 * (`all` and `any` in front say so expressly). What a packet does not have fits nothing.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "dissect/catalog.h"
#include "dissect/dissect.h"

struct query;
struct query_scratch;

/* Where in an expression an error is. */
struct query_place {
	size_t at, len;		/* bytes */
};

/*
 * Compiles an expression over the catalog's fields, which must outlive it. NULL, *e and *where on failure; where->len is 0
 * when the error is not about a place.
 */
struct query *query_new(const char *text, const struct catalog *, struct query_place *where, struct err *e);
void query_free(struct query *);

/* What the fields that it asks for take: NEEDS_ bits. */
unsigned query_needs(const struct query *);
/* The fields that it looks at; lent. */
const struct field_set *query_wanted(const struct query *);

/* What one thread needs to ask queries. NULL without memory. */
struct query_scratch *query_scratch_new(void);
void query_scratch_free(struct query_scratch *);
/* How many times a pattern took too long (base/regex.h): there, it counted as one that does not match. */
uint64_t query_given_up(const struct query_scratch *);

/* Does the packet that d has just dissected, with its fields collected, match? */
bool query_match(const struct query *, struct query_scratch *, const struct dis *d);
