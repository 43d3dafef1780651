/*
 * What a translator wants to know of a classic BPF program before it writes code: which instructions are jumped to,
 * how much of the packet is known to be there at each and asked for behind it, whether A and X matter there and how, and
 * where a row of comparisons is really a set.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bpf_insn;

enum { PLAN_INSNS_MAX = 65536 };	/* longer programs are interpreted */

struct plan {
	const struct bpf_insn *insns;
	size_t n;
	bool uses_memory;	/* some M[] cell is read: they start as zeros */
	bool uses_x;		/* some load is behind X */
	uint8_t *target;	/* is it reached by other ways than falling through? */
	uint8_t *reached;	/* is it reached at all? */
	uint8_t *live_a, *live_x;	/* may what A or X holds on arrival still be looked at? */
	uint8_t *raw;		/* may A be here as it lies in the packet? 2 or 4 bytes, big end first; 0: a number */
	uint32_t *known;	/* bytes of the packet that have been checked on every way to it */
	uint32_t *asks;		/* bytes without which it returns 0 in the end, on whatever way; 2^31 if it does anyway */
};

/* One value of a comparison and where it leads: an instruction, or a label of the translator's. */
struct plan_case {
	uint32_t value;
	size_t to;
};

/* Analyses a program that bpf_validate accepts; false without memory, or when it is too long. */
bool plan_make(struct plan *, const struct bpf_insn *insns, size_t n);
void plan_free(struct plan *);

/* Is it one of the instructions that libpcap's interpreter knows? bpf_validate looks at less than that. */
bool plan_knows(const struct bpf_insn *);

/* Bytes of the packet an absolute load needs; 0 if the instruction is not one. More than 2^31: it never succeeds. */
uint64_t plan_needs(const struct bpf_insn *);
/* Bytes that a load reads: 4, 2 or 1. */
uint32_t plan_size(const struct bpf_insn *);
/* The number as it lies in a packet of so many bytes (raw[]), read on this machine. */
uint32_t plan_raw(uint32_t value, uint8_t size);
/* Where `ja` at instruction i leads: backwards too. */
size_t plan_ja(const struct plan *, size_t i);

/*
 * The row of `jeq` on the same accumulator that starts at instruction i, each falling through to the next: at most max
 * of them, sorted by value (as it lies in the packet, where A does so), the earlier of equal ones kept; *otherwise is
 * where the last one falls, *used how many instructions the row has. Returns how many cases there are: 0 if i is no
 * `jeq` against a constant.
 */
size_t plan_cases(const struct plan *, size_t i, struct plan_case *cases, size_t max, size_t *otherwise, size_t *used);
