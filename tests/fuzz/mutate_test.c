/*
 * The mutator itself: mutants keep to their size and can be walked; they stay as deep as their parent, mostly, with the lengths
 * of IP right; they differ; layers of one packet come into another.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mutate.h"
#include "proto/protos.h"
#include "walk.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);

enum { ROUNDS = 4000, MAX = 1500, ETHER = 14, IP = 20, UDP = 8 };

/* A DNS query in UDP in IPv4 in Ethernet, behind walk_input's two bytes. */
static const uint8_t query[] = {
	0x80, 0,
	2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0, 0, 57, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2,
	0x80, 0, 0, 53, 0, 37, 0, 0, 1, 2, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e',
	3, 'o', 'r', 'g', 0, 0, 1, 0, 1,
};

/* Another DNS query, with a name that is nowhere else. */
static const uint8_t other[] = {
	0x80, 0,
	2, 0, 0, 0, 0, 3, 2, 0, 0, 0, 0, 4, 8, 0, 0x45, 0, 0, 52, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 3, 10, 0, 0, 4,
	0x80, 0, 0, 53, 0, 32, 0, 0, 7, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 6, 'Z', 'Z', 'Z', 'Z', 'Z', 'Z',
	0, 0, 1, 0, 1,
};

/* What libFuzzer would do, badly. */
size_t
LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max)
{
	static unsigned n;

	(void)max;
	n = n * 1103515245 + 12345;
	if (size)
		data[(n >> 8) % size] ^= (uint8_t)(1u << (n >> 4 & 7));
	return size;
}

static unsigned
depth_of(const uint8_t *data, size_t size)
{
	static const struct style style = { .n = 1 };
	static struct demux *demux;
	static struct dis *d;

	if (!d) {
		demux = demux_new(protos_rows, protos_n_rows);
		d = dis_new(&style, demux, NULL, NULL);
		assert(d && dis_collect_fields(d, NULL));
	}
	dis_packet(d, &(struct packet) { .data = data + WALK_LEAD, .caplen = (uint32_t)size - WALK_LEAD,
	    .len = (uint32_t)size - WALK_LEAD, .link = 1 }, 1);
	dis_clear(d);
	return d->sink->n_layers;
}

int
main(void)
{
	unsigned deep = 0, right = 0, ip = 0, longer = 0, spliced = 0, same = 0;
	static uint8_t m[MAX];
	char name[] = "fuzz_link_1", *argv[] = { name, NULL }, **v = argv;
	int argc = 1;

	LLVMFuzzerInitialize(&argc, &v);
	for (unsigned i = 0; i < ROUNDS; i++) {
		size_t max = i % 7 ? MAX : sizeof query, n;

		memcpy(m, query, sizeof query);
		n = LLVMFuzzerCustomMutator(m, sizeof query, max, i);
		assert(n >= WALK_LEAD && n <= max);
		LLVMFuzzerTestOneInput(m, n);
		same += n == sizeof query && memcmp(m, query, n) == 0;
		longer += n > sizeof query;
		deep += n > WALK_LEAD && depth_of(m, n) >= 4;
		if (n >= WALK_LEAD + ETHER + IP && m[WALK_LEAD + 12] == 8 && m[WALK_LEAD + 13] == 0) {
			ip++;
			right += (size_t)(m[WALK_LEAD + ETHER + 2] << 8 | m[WALK_LEAD + ETHER + 3]) == n - WALK_LEAD - ETHER;
		}
	}
	for (unsigned i = 0; i < ROUNDS; i++) {
		size_t n = LLVMFuzzerCustomCrossOver(query, sizeof query, other, sizeof other, m, MAX, i);

		assert(n >= WALK_LEAD && n <= MAX);
		LLVMFuzzerTestOneInput(m, n);
		spliced += memmem(m, n, "ZZZZZZ", 6) != NULL;
	}
	printf("of %u mutants: %u are no others, %u longer, %u as deep; IP's length is right in %u of %u; spliced %u\n", ROUNDS, same,
	    longer, deep, right, ip, spliced);
	assert(same < ROUNDS / 20 && longer > ROUNDS / 10 && deep > ROUNDS / 2 && right > ip / 2 && spliced > ROUNDS / 50);
	printf("1 passed, 0 failed\n");
	return 0;
}
