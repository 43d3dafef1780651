/*
 * A test in front of the walk: packets of which a display filter's answer is no already by their addresses, ports and flags
 * are not walked. It knows plain packets only (a whole TCP segment or UDP datagram behind an IP header without options, in
 * untagged Ethernet, on ports whose protocols carry no packets), and of those only what it can read itself; of everything else it
 * says that it may match. So it never takes a packet that the filter would have shown.
 */
#pragma once

#include "pkt/packet.h"
#include "query/query.h"

struct query_sieve;

/*
 * is_leaf: does the protocol carry no packets inside its own, of any kind? NULL if there is nothing that it could tell of
 * this query, or without memory. The query, the catalog and the lookup must outlive it.
 */
struct query_sieve *query_sieve_new(const struct query *, const struct catalog *, const struct demux *,
    bool (*is_leaf)(const struct proto *));
void query_sieve_free(struct query_sieve *);

/* May the packet match? For one thread. */
bool query_sieve_passes(struct query_sieve *, const struct packet *);
