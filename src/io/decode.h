/*
 * Decompression of a stream whose kind is told by its first bytes: gzip, zstd, lz4 frames, xz,
 * bzip2.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct decoder;

enum { DECODE_MAGIC = 4 };	/* as many bytes decoder_detect looks at */

enum decode_kind { DECODE_NONE, DECODE_GZIP, DECODE_ZSTD, DECODE_LZ4, DECODE_XZ, DECODE_BZIP2 };

/* What a file is that starts with these DECODE_MAGIC bytes. */
enum decode_kind decoder_detect(const uint8_t *magic);

/* NULL and *e if memory is short. */
struct decoder *decoder_new(enum decode_kind kind, struct err *e);

/*
 * Takes bytes from *in (moving it towards in_end) and writes decoded ones to *out (moving it
 * towards out_end), as far as both go. Members and frames that follow one another are decoded as
 * one stream. False and *e on damage, now and in every later call; what has been written to *out
 * until then is good.
 */
bool decoder_run(struct decoder *d, const uint8_t **in, const uint8_t *in_end, uint8_t **out,
    uint8_t *out_end, struct err *e);

/* The input has ended. False and *e if it ended in the middle of something. */
bool decoder_finish(struct decoder *d, struct err *e);

void decoder_free(struct decoder *d);
