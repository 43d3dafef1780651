#include "io/decode.h"

#include <stdlib.h>
#include <string.h>

#include <bzlib.h>
#include <lz4frame.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

/* How far a decoder got in one call. */
enum progress {
	WORKING,	/* in the middle of a member */
	MEMBER_END,	/* this one is complete; another may follow */
};

struct decoder {
	const struct codec *codec;
	enum progress at;
	bool broken;	/* the library is not to be called again; why says what it said */
	struct err why;
	union {
		z_stream gzip;
		ZSTD_DCtx *zstd;
		LZ4F_dctx *lz4;
		lzma_stream xz;
		bz_stream bzip2;
	} u;
};

/*
 * run decodes within one member, or starts the next one; it moves both cursors and sets d->at, and
 * is false with *e on damage.
 */
struct codec {
	const char *name;
	uint8_t magic[DECODE_MAGIC], length;
	bool (*open)(struct decoder *d);
	bool (*run)(struct decoder *d, const uint8_t **in, const uint8_t *in_end, uint8_t **out,
	    uint8_t *out_end, struct err *e);
	/* makes it ready for another member; NULL if it is by itself */
	bool (*again)(struct decoder *d);
	void (*close)(struct decoder *d);
};

enum {
	/* zlib's window bits, and 16 for gzip's header and trailer */
	GZIP_WRAPPER = 15 + 16,
	/* more than the 65 MiB of xz -9; bounds what a file can make us take */
	XZ_MEMORY = 512 * 1024 * 1024,
	MOST = 1 << 30,				/* the libraries' counters are often 32 bits */
};

static size_t
room(const uint8_t *from, const uint8_t *to)
{
	return to - from > MOST ? MOST : (size_t)(to - from);
}

static bool
gzip_open(struct decoder *d)
{
	return inflateInit2(&d->u.gzip, GZIP_WRAPPER) == Z_OK;
}

static bool
gzip_run(struct decoder *d, const uint8_t **in, const uint8_t *in_end, uint8_t **out,
    uint8_t *out_end, struct err *e)
{
	z_stream *z = &d->u.gzip;
	int r;

	z->next_in = (Bytef *)(uintptr_t)*in;
	z->avail_in = (uInt)room(*in, in_end);
	z->next_out = *out;
	z->avail_out = (uInt)room(*out, out_end);
	r = inflate(z, Z_NO_FLUSH);
	*in = z->next_in;
	*out = z->next_out;
	if (r == Z_STREAM_END)
		d->at = MEMBER_END;
	else if (r != Z_OK && r != Z_BUF_ERROR)
		return err_set(e, "damaged gzip data: %s", z->msg ? z->msg : "out of memory");
	return true;
}

static bool
gzip_again(struct decoder *d)
{
	return inflateReset(&d->u.gzip) == Z_OK;
}

static void
gzip_close(struct decoder *d)
{
	inflateEnd(&d->u.gzip);
}

static bool
zstd_open(struct decoder *d)
{
	d->u.zstd = ZSTD_createDCtx();
	return d->u.zstd != NULL;
}

static bool
zstd_run(struct decoder *d, const uint8_t **in, const uint8_t *in_end, uint8_t **out,
    uint8_t *out_end, struct err *e)
{
	ZSTD_inBuffer from = { *in, room(*in, in_end), 0 };
	ZSTD_outBuffer to = { *out, room(*out, out_end), 0 };
	size_t r = ZSTD_decompressStream(d->u.zstd, &to, &from);

	*in += from.pos;
	*out += to.pos;
	if (ZSTD_isError(r))
		return err_set(e, "damaged zstd data: %s", ZSTD_getErrorName(r));
	if (r == 0)
		d->at = MEMBER_END;
	return true;
}

static void
zstd_close(struct decoder *d)
{
	ZSTD_freeDCtx(d->u.zstd);
}

static bool
lz4_open(struct decoder *d)
{
	return !LZ4F_isError(LZ4F_createDecompressionContext(&d->u.lz4, LZ4F_VERSION));
}

static bool
lz4_run(struct decoder *d, const uint8_t **in, const uint8_t *in_end, uint8_t **out,
    uint8_t *out_end, struct err *e)
{
	size_t from = room(*in, in_end), to = room(*out, out_end);
	size_t r = LZ4F_decompress(d->u.lz4, *out, &to, *in, &from, NULL);

	if (LZ4F_isError(r))
		return err_set(e, "damaged lz4 data: %s", LZ4F_getErrorName(r));
	*in += from;
	*out += to;
	if (r == 0)
		d->at = MEMBER_END;
	return true;
}

static void
lz4_close(struct decoder *d)
{
	LZ4F_freeDecompressionContext(d->u.lz4);
}

static bool
xz_open(struct decoder *d)
{
	d->u.xz = (lzma_stream)LZMA_STREAM_INIT;
	return lzma_stream_decoder(&d->u.xz, XZ_MEMORY, 0) == LZMA_OK;
}

static bool
xz_run(struct decoder *d, const uint8_t **in, const uint8_t *in_end, uint8_t **out,
    uint8_t *out_end, struct err *e)
{
	lzma_stream *x = &d->u.xz;
	lzma_ret r;

	x->next_in = *in;
	x->avail_in = room(*in, in_end);
	x->next_out = *out;
	x->avail_out = room(*out, out_end);
	r = lzma_code(x, LZMA_RUN);
	*in = x->next_in;
	*out = x->next_out;
	if (r == LZMA_STREAM_END)
		d->at = MEMBER_END;
	else if (r == LZMA_MEMLIMIT_ERROR)
		return err_set(e, "xz data that takes more than %d MiB to decode", XZ_MEMORY >> 20);
	else if (r != LZMA_OK && r != LZMA_BUF_ERROR)
		return err_set(e, "damaged xz data");
	return true;
}

static void
xz_close(struct decoder *d)
{
	lzma_end(&d->u.xz);
}

static bool
xz_again(struct decoder *d)
{
	return lzma_stream_decoder(&d->u.xz, XZ_MEMORY, 0) == LZMA_OK;
}

static bool
bzip2_open(struct decoder *d)
{
	return BZ2_bzDecompressInit(&d->u.bzip2, 0, 0) == BZ_OK;
}

static bool
bzip2_run(struct decoder *d, const uint8_t **in, const uint8_t *in_end, uint8_t **out,
    uint8_t *out_end, struct err *e)
{
	bz_stream *b = &d->u.bzip2;
	int r;

	b->next_in = (char *)(uintptr_t)*in;
	b->avail_in = (unsigned)room(*in, in_end);
	b->next_out = (char *)*out;
	b->avail_out = (unsigned)room(*out, out_end);
	r = BZ2_bzDecompress(b);
	*in = (const uint8_t *)b->next_in;
	*out = (uint8_t *)b->next_out;
	if (r == BZ_STREAM_END)
		d->at = MEMBER_END;
	else if (r != BZ_OK)
		return err_set(e, "damaged bzip2 data");
	return true;
}

static void
bzip2_close(struct decoder *d)
{
	BZ2_bzDecompressEnd(&d->u.bzip2);
}

static bool
bzip2_again(struct decoder *d)
{
	bzip2_close(d);
	memset(&d->u.bzip2, 0, sizeof d->u.bzip2);
	return bzip2_open(d);
}

/* In the order of enum decode_kind. */
static const struct codec codecs[] = {
	[DECODE_GZIP] = {
		"gzip", { 0x1f, 0x8b, 8 }, 3, gzip_open, gzip_run, gzip_again, gzip_close,
	},
	[DECODE_ZSTD] = {
		"zstd", { 0x28, 0xb5, 0x2f, 0xfd }, 4, zstd_open, zstd_run, NULL, zstd_close,
	},
	[DECODE_LZ4] = {
		"lz4", { 0x04, 0x22, 0x4d, 0x18 }, 4, lz4_open, lz4_run, NULL, lz4_close,
	},
	[DECODE_XZ] = {
		"xz", { 0xfd, '7', 'z', 'X' }, 4, xz_open, xz_run, xz_again, xz_close,
	},
	[DECODE_BZIP2] = {
		"bzip2", { 'B', 'Z', 'h' }, 3, bzip2_open, bzip2_run, bzip2_again, bzip2_close,
	},
};

enum decode_kind
decoder_detect(const uint8_t *magic)
{
	for (unsigned i = DECODE_GZIP; i < sizeof codecs / sizeof *codecs; i++)
		if (memcmp(magic, codecs[i].magic, codecs[i].length) == 0)
			return i;
	return DECODE_NONE;
}

struct decoder *
decoder_new(enum decode_kind kind, struct err *e)
{
	struct decoder *d = calloc(1, sizeof *d);

	if (d) {
		d->codec = &codecs[kind];
		if (d->codec->open(d))
			return d;
		free(d);
	}
	err_set(e, "out of memory");
	return NULL;
}

/* Starts the next member if there is one: gzip files and xz files may be padded with zeros. */
static bool
next_member(struct decoder *d, const uint8_t **in, const uint8_t *in_end, struct err *e)
{
	while (*in < in_end && **in == 0)
		++*in;
	if (*in == in_end)
		return true;
	if (**in != d->codec->magic[0] && d->codec != &codecs[DECODE_ZSTD] &&
	    d->codec != &codecs[DECODE_LZ4])	/* which have frames to be skipped */
		return err_set(e, "something that is not %s follows the %s data", d->codec->name,
		    d->codec->name);
	if (d->codec->again && !d->codec->again(d))
		return err_set(e, "out of memory");
	d->at = WORKING;
	return true;
}

static bool
run(struct decoder *d, const uint8_t **in, const uint8_t *in_end, uint8_t **out, uint8_t *out_end,
    struct err *e)
{
	while (*out < out_end) {
		const uint8_t *was_in = *in;
		uint8_t *was_out = *out;

		if (d->at == MEMBER_END) {
			if (!next_member(d, in, in_end, e))
				return false;
			if (d->at == MEMBER_END)
				return true;
		}
		if (!d->codec->run(d, in, in_end, out, out_end, e))
			return false;
		if (*in == was_in && *out == was_out && d->at == WORKING)
			return *in == in_end || err_set(e, "damaged %s data", d->codec->name);
	}
	return true;
}

bool
decoder_run(struct decoder *d, const uint8_t **in, const uint8_t *in_end, uint8_t **out,
    uint8_t *out_end, struct err *e)
{
	if (!d->broken)
		d->broken = !run(d, in, in_end, out, out_end, &d->why);
	if (d->broken)
		*e = d->why;
	return !d->broken;
}

bool
decoder_finish(struct decoder *d, struct err *e)
{
	return d->at == MEMBER_END || err_set(e, "truncated %s data", d->codec->name);
}

void
decoder_free(struct decoder *d)
{
	if (!d)
		return;
	d->codec->close(d);
	free(d);
}
