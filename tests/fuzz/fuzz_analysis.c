/* TCP segments made of the input: whatever they say, what is remembered stays below its ceiling and is given back. */
#include <stdlib.h>

#include "flow/analysis.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { HEAD = 8 };

/* Eight bytes a segment: direction and flags; seq; ack; length; window; how numbers are spread; SACK; the clock. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct analysis_room room = { 0 };
	struct analysis *a = analysis_new(&room, n & 1);
	struct tcp_analysis out;
	uint64_t number = 0;
	int64_t ns = 0;

	if (!a)
		return 0;
	for (const uint8_t *p = data; (size_t)(data + n - p) >= HEAD; p += HEAD) {
		unsigned spread = p[5] & 31;
		struct segment s = {
			.dir = p[0] >> 7, .flags = p[0] & 63, .seq = (uint32_t)p[1] << spread, .ack = (uint32_t)p[2] << spread,
			.len = (uint32_t)p[3] << (spread & 7), .window = p[4], .scale = (int8_t)(p[6] % 16 - 1),
			.sacks = p[6] >> 5 & 3, .sack = { { p[1], p[2] }, { p[3], p[4] }, { p[5], p[6] } }, .number = ++number,
		};
		ns = (int64_t)((uint64_t)ns + ((uint64_t)p[7] << (p[5] & 32 ? 50 : 17)));
		s.ns = ns;
		analysis_take(a, &s, &out);
		if (room.unacked > ANALYSIS_BYTES_MAX || room.bytes > room.bytes_most)
			abort();
		if ((out.flags || out.acks_frame || out.bytes_in_flight) && !out.any)
			abort();
		if (out.acks_frame >= number || out.rto_frame >= number || out.duplicate_ack_frame >= number)
			abort();
	}
	analysis_free(a);
	analysis_room_free(&room);
	if (room.bytes || room.unacked)
		abort();
	return 0;
}
