/* Every protocol Wiretape knows, as rows for the walk engine. */
#pragma once

#include "dissect/dissect.h"

/* The rows of demux.def in order of trial, for demux_new. */
extern const struct demux_row protos_rows[];
extern const size_t protos_n_rows;
