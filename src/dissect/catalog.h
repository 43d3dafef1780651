/* All protocols and fields there are, for those who look them up by name: once at start, never per packet. */
#pragma once

#include "dissect/dissect.h"

struct catalog;

/* Gathers the protocols of the demux rows (and the frame's own), sorted by name. NULL without memory. */
struct catalog *catalog_new(const struct demux *);
void catalog_free(struct catalog *);

/* The i-th protocol, or NULL past the last. */
const struct proto *catalog_at(const struct catalog *, size_t i);
const struct proto *catalog_proto(const struct catalog *, const char *name);
/*
 * The i-th field row called name, or NULL: several protocols may share a name (DNS over its variants). For a name that is
 * not there, catalog_nearest is the closest field or protocol that is, for the error message; NULL when nothing is close.
 */
const struct field *catalog_field(const struct catalog *, const char *name, size_t i);
const char *catalog_nearest(const struct catalog *, const char *name);
/* What one name stands for several fields: "ip.addr". The i-th of them, or NULL. */
const char *catalog_alias(const char *name, size_t len, unsigned i);
/* catalog_nearest, but one of those may be nearer. */
const char *catalog_nearest_alias(const struct catalog *, const char *name);
/* Levenshtein's distance of two names; 64, and far from right, when one has more than 63 characters. */
unsigned catalog_distance(const char *a, const char *b);

/* What a type is called: "unsigned 16-bit number". */
const char *field_type_name(const struct field *);
