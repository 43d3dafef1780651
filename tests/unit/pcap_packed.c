/* Compressed captures. */
#include "capture.h"

#include <bzlib.h>
#include <lz4frame.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

enum kind { GZIP, ZSTD, LZ4, XZ, BZIP2, KINDS };

static const char *const names[] = { "gzip", "zstd", "lz4", "xz", "bzip2" };

/* Appends one member holding n bytes. */
static void
pack(struct bytes *b, enum kind kind, const void *p, size_t n)
{
	static uint8_t out[1 << 20];
	size_t m = sizeof out;
	z_stream z = { 0 };
	unsigned m32 = sizeof out;

	switch (kind) {
	case GZIP:
		assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
		    Z_OK);
		z.next_in = (Bytef *)(uintptr_t)p;
		z.avail_in = (uInt)n;
		z.next_out = out;
		z.avail_out = sizeof out;
		assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
		m = sizeof out - z.avail_out;
		deflateEnd(&z);
		break;
	case ZSTD:
		m = ZSTD_compress(out, sizeof out, p, n, 3);
		assert_false(ZSTD_isError(m));
		break;
	case LZ4:
		m = LZ4F_compressFrame(out, sizeof out, p, n, NULL);
		assert_false(LZ4F_isError(m));
		break;
	case XZ:
		m = 0;
		assert_int_equal(lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, NULL, p, n, out, &m,
		    sizeof out), LZMA_OK);
		break;
	default:
		assert_int_equal(BZ2_bzBuffToBuffCompress((char *)out, &m32, (char *)(uintptr_t)p,
		    (unsigned)n, 9, 0, 0),
		    BZ_OK);
		m = m32;
	}
	put(b, out, m);
}

/* A capture of n packets of 100 bytes that do not compress to nothing. */
static struct bytes
capture(unsigned n)
{
	struct bytes b = { 0 };
	uint32_t x = 1;

	put_pcap_header(&b, 0xa1b2c3d4, 2, 4, 200, 1);
	for (unsigned i = 0; i < n; i++) {
		put_pcap_record(&b, i, 0, 100, 100);
		for (int k = 0; k < 100; k++)
			put_number(&b, (x = x * 1103515245 + 12345) >> 24, 1);
	}
	return b;
}

static void
every_kind(void **state)
{
	struct bytes plain = capture(3000);	/* more than one buffer */

	(void)state;
	for (int kind = 0; kind < KINDS; kind++) {
		struct bytes b = { 0 };
		struct found f;

		pack(&b, kind, plain.d, plain.n);
		read_bytes(&f, &b);
		assert_string_equal(f.e.text, "");
		assert_int_equal(f.n, 3000);
		for (unsigned i = 0; i < MOST; i++)
			assert_memory_equal(f.packets[i].data, plain.d + 24 + 116 * i + 16, 100);
		forget(&f);
		free(b.d);
	}
	free(plain.d);
}

/* Members that follow one another, with boundaries anywhere, and zeros at the end. */
static void
several_members(void **state)
{
	struct bytes plain = capture(50);

	(void)state;
	for (int kind = 0; kind < KINDS; kind++) {
		struct bytes b = { 0 };
		struct found f;

		pack(&b, kind, plain.d, 2);
		pack(&b, kind, plain.d, 0);
		pack(&b, kind, plain.d + 2, 1000);
		pack(&b, kind, plain.d + 1002, plain.n - 1002);
		read_bytes(&f, &b);
		assert_string_equal(f.e.text, "");
		assert_int_equal(f.n, 50);
		forget(&f);
		for (int i = 0; i < 512; i++)
			put_number(&b, 0, 1);
		read_bytes(&f, &b);
		assert_string_equal(f.e.text, "");
		assert_int_equal(f.n, 50);
		forget(&f);
		put(&b, "and something else", 18);
		read_bytes(&f, &b);
		assert_true(f.e.text[0]);
		assert_int_equal(f.n, 50);
		forget(&f);
		free(b.d);
	}
	free(plain.d);
}

/*
 * Cut at every byte: never more than there was, in order, and one message that names the
 * compression.
 */
static void
cut_anywhere(void **state)
{
	struct bytes plain = capture(20);

	(void)state;
	for (int kind = 0; kind < KINDS; kind++) {
		struct bytes b = { 0 };
		size_t before = 0, half;

		pack(&b, kind, plain.d, 24 + 116 * 10);
		half = b.n;
		pack(&b, kind, plain.d + 24 + 116 * 10, 116 * 10);
		for (size_t n = 4; n <= b.n; n++) {
			char want[40];
			struct found f;

			read_memory(&f, b.d, n, 3);
			snprintf(want, sizeof want, "truncated %s data", names[kind]);
			assert_string_equal(f.e.text, n == b.n || n == half ? "" : want);
			assert_in_range(f.n, before, 20);
			if (n >= half)
				assert_in_range(f.n, 10, 20);
			before = f.n;
			forget(&f);
		}
		assert_int_equal(before, 20);
		free(b.d);
	}
	free(plain.d);
}

/* Any byte may be wrong; nothing may crash, and what is delivered before the damage was there. */
static void
damaged_anywhere(void **state)
{
	struct bytes plain = capture(5);

	(void)state;
	for (int kind = 0; kind < KINDS; kind++) {
		struct bytes b = { 0 };

		pack(&b, kind, plain.d, plain.n);
		for (size_t n = 4; n < b.n; n++) {
			struct found f;

			b.d[n] ^= 0x41;
			read_bytes(&f, &b);
			assert_in_range(f.n, 0, 50);
			forget(&f);
			b.d[n] ^= 0x41;
		}
		free(b.d);
	}
	free(plain.d);
}

static void
not_a_capture_inside(void **state)
{
	(void)state;
	for (int kind = 0; kind < KINDS; kind++) {
		struct bytes b = { 0 };

		pack(&b, kind, "Hello, world", 12);
		refused(&b, "unknown file format");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind),
		cmocka_unit_test(several_members),
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(damaged_anywhere),
		cmocka_unit_test(not_a_capture_inside),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
