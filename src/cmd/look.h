/*
 * What is asked of a packet before it is shown: -Y, and fields that its own walk does not know. A walk for fields finds it out,
 * as deep as walks can be, with what was fragmented put together.
 */
#pragma once

#include "base/err.h"
#include "cmd/track.h"
#include "dissect/catalog.h"
#include "query/query.h"

struct look {
	struct query *query;		/* NULL: all packets are shown */
	unsigned needs;			/* of all fields: NEEDS_ bits */
	bool reads;			/* fields are shown of what is shown */
	bool all;			/* every field is wanted; else these are */
	struct field_set wanted;
	struct track *track;		/* NULL: nothing is to be found out */
	const struct dis *dis;		/* the packet looked at last, if it is shown and fields are */
	uint64_t seen;			/* packets looked at: the last one's number */
};

/*
 * Compiles the expression of -Y. NULL on failure: what is wrong with it, and where, has been shown on standard error then, and *e
 * is empty.
 */
struct query *look_compile(const char *expression, const struct catalog *, struct err *e);

/*
 * The same (unless expression is NULL: all packets are shown). reads: fields will be shown of packets, and not text alone; needs,
 * shown: of these fields, and which those are (NULL: all). The catalog must stay.
 */
bool look_open(struct look *l, const char *expression, bool reads, unsigned needs, const struct field_set *shown,
    const struct catalog *c, struct err *e);
/* Then: all that it takes to find out. style is the user's. */
bool look_begin(struct look *l, const struct style *style, const struct demux *x, const struct catalog *c, struct err *e);
/* Is there anything to be found out? */
static inline bool
look_needed(const struct look *l)
{
	return l->query || l->needs;
}
void look_close(struct look *l);

/* Is the packet shown? */
bool look_at(struct look *l, const struct packet *p);

/* What a walk for fields wants of a style: depth, and none of what is only text. */
void look_style(struct style *s);
