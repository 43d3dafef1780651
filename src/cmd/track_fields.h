/* Fields that no walk of a packet can know: what the tracker finds out, noted as if walks had. For track.c only. */
#pragma once

#include "cmd/track.h"

struct track_fields;

/*
 * Finds the rows; NULL without memory, or if one does not exist. needs: NEEDS_ bits of the fields that are wanted; wanted: which
 * those are.
 */
struct track_fields *track_fields_new(const struct catalog *, unsigned needs, const struct field_set *wanted);
void track_fields_free(struct track_fields *);

/* The next packet, and when it came. */
void track_fields_time(struct track_fields *, int64_t ns);
/* Notes what is wanted of it; any number of times. */
void track_fields_note(struct track_fields *, struct dis *, const struct tracked *);
/* Would that be anything? Perhaps, or certainly not. */
bool track_fields_any(const struct track_fields *, const struct tracked *);
/* The packet noted last was shown. */
void track_fields_shown(struct track_fields *);
