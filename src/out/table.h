/* Chosen fields of each packet as one line of tab-separated columns. */
#pragma once

#include "base/buf.h"
#include "base/err.h"
#include "dissect/catalog.h"
#include "dissect/plain_fields.h"

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

/*
 * Plain packets (dissect/plain.h, which says what is_leaf is) have the fields of most tables where they are known without a walk.
 * After table_open_plain, table_plain may be asked first. False, and nothing appended: the packet has to be dissected.
 */
void table_open_plain(struct table *, const struct demux *, bool (*is_leaf)(const struct proto *));
bool table_plain(const struct table *, struct buf *b, const struct dis *d, const struct packet *, uint64_t number);
