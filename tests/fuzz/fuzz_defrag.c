/* Fragments made of the input: whatever they say, what is held stays below the ceiling, and what is whole can be read. */
#include <stdlib.h>
#include <string.h>

#include "flow/defrag.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { HEAD = 6 };

/*
 * Six bytes a fragment: which datagram (4 bits) and whether IPv6, more follow, it is cut short, the clock jumps; offset in
 * units (2 bytes); length (2 bytes); where in the input its bytes begin.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const uint8_t src[16] = { 1 }, dst[16] = { 2 };
	struct defrag *d = defrag_new();
	struct defragged whole;
	uint64_t number = 0, sum = 0;
	int64_t ns = 0;

	if (!d)
		return 0;
	for (const uint8_t *p = data; (size_t)(data + n - p) >= HEAD; p += HEAD) {
		const uint8_t *bytes = data + p[5] % n;
		uint32_t there = (uint32_t)(data + n - bytes), len = (uint32_t)p[3] << 8 | p[4];
		uint8_t *copy;

		if (p[0] & 128)
			ns = (int64_t)((uint64_t)ns + ((uint64_t)p[4] << 29) - ((uint64_t)p[5] << 29));
		struct fragment f = {
			.version = p[0] & 16 ? 6 : 4, .proto = p[5], .src = src, .dst = dst, .id = p[0] & 15,
			.offset = ((uint32_t)p[1] << 8 | p[2]) * 8, .more = p[0] & 32, .len = p[0] & 64 ? len : len % 64,
			.number = ++number, .ns = ns,
		};
		f.caplen = f.len < there ? f.len : there;
		copy = malloc(f.caplen + 1);
		if (!copy)
			break;
		memcpy(copy, bytes, f.caplen);
		f.p = copy;
		if (defrag_take(d, &f, &whole)) {
			if (whole.len == 0 || whole.len > DEFRAG_LEN_MAX || whole.pieces == 0)
				abort();
			for (uint32_t i = 0; i < whole.len; i++)
				sum += whole.p[i];
		}
		free(copy);
		if (defrag_counts(d)->bytes > DEFRAG_BYTES_MAX || defrag_counts(d)->bytes_most < defrag_counts(d)->bytes)
			abort();
	}
	defrag_free(d);
	return sum == UINT64_MAX;
}
