/* -Y: which packets a display filter shows, found out by a walk of its own that is as deep as walks can be. */
#pragma once

#include "base/err.h"
#include "dissect/catalog.h"
#include "query/query.h"

struct look {
	struct catalog *catalog;
	struct query *query;		/* NULL: all packets are shown */
	struct query_scratch *scratch;
	struct style style;
	struct conv_table *conv;
	struct dis *dis;
	uint64_t seen;			/* packets looked at: the last one's number */
};

/*
 * Compiles the expression of -Y. NULL on failure: what is wrong with it, and where, has been shown on standard error then, and *e
 * is empty.
 */
struct query *look_compile(const char *expression, const struct catalog *, struct err *e);

/* The same, with all that it takes to ask it. style is the user's. */
bool look_open(struct look *l, const char *expression, const struct style *style, const struct demux *x,
    struct err *e);
void look_close(struct look *l);

/* Is the packet shown? */
bool look_at(struct look *l, const struct packet *p);

/* What a walk for fields wants of a style: depth, and none of what is only text. */
void look_style(struct style *s);
