/*
 * http.time and http.request_in: at the packet with which a response is complete, how long ago its request was. For track.c
 * only. Bytes of all TCP connections are looked at, between the flow table and its watcher, who sees them as without this.
 */
#pragma once

#include "cmd/track.h"

struct track_http;

/* NULL without memory, or if the fields do not exist. */
struct track_http *track_http_new(const struct catalog *, const struct flow_watch *watcher);
void track_http_free(struct track_http *);
/* What the flow table is given for a watcher. */
struct flow_watch track_http_watch(struct track_http *);

/* Before a packet's datagrams are handed to the flow table; after that. */
void track_http_begin(struct track_http *);
void track_http_note(struct track_http *, struct dis *, const struct tracked *);
