/*
 * A mutator for inputs with packets in them. It walks the packet as the program does and changes what the walk found: numbers
 * to the edges of their range, lengths and counts by one or to what is left, elements of lists (repeated, removed,
 * exchanged, made up), layers (nested, wrapped into others, replaced by those of packets seen before), the numbers
 * that choose the next protocol; and it cuts the packet where fields end. Lengths around what grew or shrank grow and
 * shrink with it, and mostly the lengths and checksums of IP, UDP and TCP are right in the end, so that mutants get as
 * deep as their parents. Every third mutant is libFuzzer's own.
 *
 * A target that wants it defines mutate_target(), and is linked with mutate.c as a whole.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "dissect/dissect.h"

enum { MUTATE_MAX = 65536 };	/* bytes of a packet; longer ones are left alone */

/* Where in an input a packet is, and what it is. */
struct mutate_place {
	size_t at, len;
	uint32_t link;
};

struct mutate_target {
	const struct demux_row *rows;	/* as for demux_new */
	size_t n_rows;
	/*
	 * Finds a packet in the input, any one that dice chooses. With move it is made room for: what is behind the packet moves so
	 * that it can be to bytes long, and the input's own note of its length says so.
	 */
	bool (*find)(const uint8_t *data, size_t size, uint32_t dice, struct mutate_place *);
	void (*resize)(uint8_t *data, size_t size, const struct mutate_place *, size_t to);
};

const struct mutate_target *mutate_target(void);

/* libFuzzer's entries, for the test of the mutator. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size, uint8_t *out,
    size_t max, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
