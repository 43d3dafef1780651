/* The capture's own facts about a packet, as the fields of a layer in front of all others. */
#pragma once

#include "dissect/dissect.h"

extern const struct proto proto_frame;

/* Notes the frame layer; called once a packet before its walk, when fields are collected. */
void frame_begin(struct dis *d, const struct packet *p, uint64_t number);
/* After the walk: which protocols there were, and whether bytes were missing. */
void frame_end(struct dis *d, bool whole);
/* The same once more, after the walk has gone on. */
void frame_end_again(struct dis *d, bool whole);
