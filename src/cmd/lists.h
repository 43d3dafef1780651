/* What -D, -J and -L show, on standard output. */
#pragma once

#include "base/err.h"
#include "dissect/dissect.h"
#include "io/live.h"

bool list_devices(struct err *e);
bool list_stamp_types(const char *device, struct err *e);
bool list_link_types(struct source *live, bool monitor, const struct demux *demux, struct err *e);
