/*
 * Bytes of streams and -Y. What a section makes of a piece counts if the packet that brought it matches, which is not known
 * before `packet` is called; but its parser has to see every piece. With -Y, pieces wait here for the verdict; without, they
 * are handed on at once. A piece that had to wait for earlier bytes counts as the packet that brought those.
 */
#pragma once

#include "base/buf.h"
#include "cmd/track.h"
#include "flow/flow.h"

struct stats_late {		/* the section sets the first three */
	bool filtered;
	void *ctx;
	/* A piece, and whether it counts. False: no more of this conversation is wanted. */
	bool (*take)(void *ctx, struct flow *, void **mine, unsigned dir, const struct flow_piece *, bool counts);
	struct late_piece *pieces;
	size_t n, room;
	struct buf bytes;	/* theirs */
};

/* `bytes` and `packet` of a section whose state begins with a struct stats_late. What the packet brought counts. */
bool late_bytes(void *late, struct flow *, void **mine, unsigned dir, const struct flow_piece *);
void late_packet(void *late, const struct tracked *);
/* To be called by `closed` before it frees what is in *mine, and by `text` and `json`: those that wait do not count. */
void late_flush(struct stats_late *);
void late_free(struct stats_late *);
