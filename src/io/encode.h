/*
 * Compression of a capture while it is written. Each run of whole records becomes a frame (gzip: a
 * member) of its own, so a file that ends after any of them is complete.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct encoder;

enum compression { COMPRESS_NONE, COMPRESS_GZIP, COMPRESS_ZSTD, COMPRESS_LZ4 };

/* NULL and *e on failure. how is not COMPRESS_NONE. */
struct encoder *encoder_new(enum compression how, struct err *e);

/* Makes one frame of n bytes. The result is lent until the next call; NULL and *e on failure. */
const uint8_t *encoder_frame(struct encoder *c, const void *data, size_t n, size_t *frame,
    struct err *e);

void encoder_free(struct encoder *c);
