/*
 * What commands that look at conversations have of a packet: its fields, its flows and what the flows tell, with
 * fragments put together. One walk for the fields, then the flow engine, whose findings become fields too (tcp.stream,
 * tcp.analysis.*, ...), so that display filters, columns and JSON have them.
 */
#pragma once

#include "dissect/catalog.h"
#include "dissect/dissect.h"
#include "flow/analysis.h"
#include "flow/defrag.h"
#include "flow/flow.h"
#include "query/query.h"

enum {
	TRACK_STEPS_MAX = 8,	/* transport headers of one packet, inside each other; further ones are left alone ... */
	TRACK_QUOTES_MAX = 2,	/* ... and of those that an ICMP error in it quotes */
};

struct track_options {
	const struct style *style;	/* the user's; walks are for fields whatever it says */
	const struct demux *demux;
	const struct catalog *catalog;
	unsigned needs;			/* fields wanted that walks do not know: NEEDS_ bits */
	const struct field_set *wanted;	/* the fields that are looked at; NULL: all */
	bool analyse;			/* flow_step.analysis is wanted, whether or not its fields are */
	const struct query *query;	/* which packets pass, or NULL: all. Must stay */
	bool layers_only;		/* nobody but the query reads fields: layers are enough */
	bool flows_only;		/* nor does anybody read layers: dis->sink may be empty, where the packet is plain */
	bool every;			/* what packets that do not pass have is wanted, too; else it may not be there */
	bool no_flows;			/* nobody wants to know of conversations */
	unsigned kinds;			/* conversations that anybody wants to know of: bits 1 << FLOW_TCP and so on; 0: all */
	bool chosen;			/* of flows to whom watch.opened gave no user, nothing is wanted but their numbers */
	struct flow_watch watch;
	uint32_t flows_max;		/* 0: the flow engine's own ceilings */
	uint64_t buffer_max;
};

/* A packet. Valid until the next one. Of one that does not pass, flows alone, unless every is set. */
struct tracked {
	const struct packet *packet;
	uint64_t number;		/* from 1 */
	int64_t ns;			/* since 1970 UTC */
	bool passes;			/* the query */
	const struct dis *dis;		/* dis->sink: fields and layers */
	unsigned n;
	struct flow_step steps[TRACK_STEPS_MAX];	/* one a transport header with a flow, outermost first */
	uint16_t layers[TRACK_STEPS_MAX];		/* which layer of the fields each is */
	/* The same of headers that an ICMP error quotes: of their flows nothing changes by them. */
	unsigned n_quotes;
	struct flow_step quotes[TRACK_QUOTES_MAX];
	uint16_t quote_layers[TRACK_QUOTES_MAX];
};

struct track;

/* NULL without memory. */
struct track *track_new(const struct track_options *);
void track_free(struct track *);

/*
 * The packets that will be taken next, in this order, some of them perhaps not: what they need is fetched ahead. They have to
 * stay as they are until then, or until this is called again. Not needed; it only takes longer without.
 */
void track_expect(struct track *, const struct packet *, size_t n);
/* Takes a packet. */
const struct tracked *track_packet(struct track *, const struct packet *, uint64_t number);
/* It was shown: frame.time_delta_displayed counts from it. */
void track_shown(struct track *);
/* With chosen: nothing is wanted any more but of flows that are there and have a user. */
void track_settle(struct track *);
/* Closes all flows: watch.closed. */
void track_end(struct track *);

struct flows *track_flows(struct track *);	/* NULL with no_flows */
/* Lines about what ceilings cost, on standard error; nothing if they cost nothing. */
void track_say_loss(const struct track *);
