/* Chosen fields of each packet as one line of tab-separated columns. */
#pragma once

#include "base/buf.h"
#include "base/err.h"
#include "dissect/catalog.h"

struct table;

/*
 * Parses "tcp.srcport,ip.addr,...". NULL and *e on an unknown name (with the nearest known one) or an empty list. The
 * catalog must outlive it.
 */
struct table *table_new(const char *list, const struct catalog *, struct err *e);
void table_free(struct table *);
/* What the fields of its columns take: NEEDS_ bits. */
unsigned table_needs(const struct table *);
/* The fields of its columns; lent. */
const struct field_set *table_wanted(const struct table *);

/* Appends the line of names. */
void table_header(const struct table *, struct buf *b);
/*
 * Appends the packet that d has just dissected: all occurrences of a field joined by commas, nothing where it is
 * absent; tabs, newlines, controls and bytes that are not UTF-8 are escaped.
 */
void table_packet(const struct table *, struct buf *b, const struct dis *d);
