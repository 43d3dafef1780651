/*
 * A test in front of the walk: what a display filter says of a plain packet (dissect/plain.h) as far as that can be known by its
 * addresses, ports and flags, by what the capture says of it, by which layers it has, and by fields that the caller notes. Of
 * everything else it says that only a walk can tell. So it never says yes or no of a packet of which the filter, asked after a
 * walk, would say otherwise.
 */
#pragma once

#include "dissect/plain_fields.h"
#include "pkt/packet.h"
#include "query/query.h"

enum sieve_answer {
	SIEVE_NO, SIEVE_YES,
	SIEVE_MAYBE,		/* only a walk can tell */
	SIEVE_LOOK,		/* query_sieve_note and query_sieve_ask may */
};

struct query_sieve;

/*
 * noted: NEEDS_ bits of fields that the caller will put into the sink, in the layers that query_sieve_note makes. NULL if there
 * is nothing that it could tell of this query, or without memory. The query, the catalog, the lookup and the reader must outlive
 * it. For one thread.
 */
struct query_sieve *query_sieve_new(const struct query *, const struct catalog *, const struct demux *,
    const struct plain_reader *, unsigned noted);
void query_sieve_free(struct query_sieve *);

/* What is already known by the packet's kind and by what it carries; k NULL: the packet is not plain. */
enum sieve_answer query_sieve_know(struct query_sieve *, const struct plain *k);

/* The answer for a packet of which the caller would note nothing; SIEVE_LOOK: that is not all that the query asks for. */
enum sieve_answer query_sieve_bare(struct query_sieve *, const struct plain *k);

/* The layers that are noted; ARP's is SIEVE_NET. */
enum { SIEVE_FRAME = PLAIN_IN_FRAME, SIEVE_NET = PLAIN_IN_NET, SIEVE_TRANSPORT = PLAIN_IN_TRANSPORT };

/* Notes what it knows of the packet in place of all that the sink had. number: the packet's, from 1. */
void query_sieve_note(const struct query_sieve *, struct fields *sink, const struct packet *, uint64_t number,
    const struct plain *k);
/* Is that needed? Queries that compare nothing but numbers of headers have no use for the sink. */
bool query_sieve_notes(const struct query_sieve *);
/* Then, with what others have noted: SIEVE_NO, SIEVE_YES or SIEVE_MAYBE. */
enum sieve_answer query_sieve_ask(struct query_sieve *, const struct fields *sink, const struct packet *, uint64_t number,
    const struct plain *k);
