#include "io/encode.h"

#include <stdlib.h>

#include <lz4frame.h>
#include <zlib.h>
#include <zstd.h>

struct encoder {
	enum compression how;
	uint8_t *out;
	size_t size;
	z_stream gzip;
	ZSTD_CCtx *zstd;
};

/* zlib's window bits, and 16 for gzip's header and trailer */
enum { GZIP_WRAPPER = 15 + 16 };

struct encoder *
encoder_new(enum compression how, struct err *e)
{
	struct encoder *c = calloc(1, sizeof *c);
	bool ok = true;

	if (!c) {
		err_set(e, "out of memory");
		return NULL;
	}
	c->how = how;
	if (how == COMPRESS_GZIP)
		ok = deflateInit2(&c->gzip, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_WRAPPER, 8,
		    Z_DEFAULT_STRATEGY) == Z_OK;
	else if (how == COMPRESS_ZSTD)
		ok = (c->zstd = ZSTD_createCCtx()) != NULL;
	if (!ok) {
		free(c);
		err_set(e, "out of memory");
		return NULL;
	}
	return c;
}

static size_t
bound(struct encoder *c, size_t n)
{
	switch (c->how) {
	case COMPRESS_GZIP:
		return deflateBound(&c->gzip, n);
	case COMPRESS_ZSTD:
		return ZSTD_compressBound(n);
	default:
		return LZ4F_compressFrameBound(n, NULL);
	}
}

const uint8_t *
encoder_frame(struct encoder *c, const void *data, size_t n, size_t *frame, struct err *e)
{
	size_t need = bound(c, n);
	uint8_t *bigger;

	if (need > c->size) {
		bigger = realloc(c->out, need);
		if (!bigger) {
			err_set(e, "out of memory");
			return NULL;
		}
		c->out = bigger;
		c->size = need;
	}
	switch (c->how) {
	case COMPRESS_GZIP:
		deflateReset(&c->gzip);
		c->gzip.next_in = (Bytef *)(uintptr_t)data;
		c->gzip.avail_in = (uInt)n;
		c->gzip.next_out = c->out;
		c->gzip.avail_out = (uInt)c->size;
		if (deflate(&c->gzip, Z_FINISH) != Z_STREAM_END) {
			err_set(e, "gzip compression failed");
			return NULL;
		}
		*frame = c->size - c->gzip.avail_out;
		return c->out;
	case COMPRESS_ZSTD:
		*frame = ZSTD_compress2(c->zstd, c->out, c->size, data, n);
		if (ZSTD_isError(*frame)) {
			err_set(e, "zstd compression failed: %s", ZSTD_getErrorName(*frame));
			return NULL;
		}
		return c->out;
	default:
		*frame = LZ4F_compressFrame(c->out, c->size, data, n, NULL);
		if (LZ4F_isError(*frame)) {
			err_set(e, "lz4 compression failed: %s", LZ4F_getErrorName(*frame));
			return NULL;
		}
		return c->out;
	}
}

void
encoder_free(struct encoder *c)
{
	if (!c)
		return;
	if (c->how == COMPRESS_GZIP)
		deflateEnd(&c->gzip);
	ZSTD_freeCCtx(c->zstd);
	free(c->out);
	free(c);
}
