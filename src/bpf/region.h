/*
 * Long alternatives. libpcap writes `host a or host b or ...` as tests one after the other, each of which reloads what
 * the one before had loaded; a region is a part of the program that does nothing but compare loaded fields with
 * constants, rewritten as a tree: a field is loaded once, and its value finds its branch by binary search.
 *
 * A region is only made when it has been proven equal to the instructions it stands for. Those remain: a packet too
 * short for the loads goes through them, so what it may and may not reach is theirs to say.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bpf/plan.h"

enum {
	REGION_FIELDS_MAX = 64,		/* different ones in a tree; loads beyond them end it */
	REGION_WORK_MAX = 50000000,	/* steps of search and proof for a filter: a quarter of a second; then no more trees */
};

/* A load whose result is masked. */
struct region_field {
	bool indirect;		/* behind X */
	uint8_t size;		/* 4, 2 or 1 */
	uint32_t at, mask;
};

/* Where a value leads: to another step, or (below 0) to exit ~n. */
typedef int32_t region_to;

struct region_case {
	uint32_t value;
	region_to to;
};

/* Load the field, look for its value. */
struct region_step {
	uint32_t field;
	uint32_t first, n;	/* its cases, sorted by value */
	region_to otherwise;
};

/*
 * On to an instruction of the program, if all is captured that the instructions might have loaded on the way there:
 * where one of them would have ended the program, the tree must not go on.
 */
struct region_exit {
	size_t to;
	int field;		/* what A has to hold there; -1: anything */
	uint32_t plain, behind_x;	/* bytes of the packet, and from X on */
};

struct region {
	size_t start;		/* instruction: who comes here may take the tree instead */
	struct region_field fields[REGION_FIELDS_MAX];
	size_t n_fields;
	struct region_step *steps;	/* a step leads to earlier ones only */
	size_t n_steps;
	struct region_case *cases;
	size_t n_cases;
	struct region_exit *exits;
	size_t n_exits;
	region_to root;		/* the last step */
};

struct regions {
	struct region *list;	/* by start */
	size_t n;
};

/* Finds what is worth it; nothing without memory. */
void regions_find(struct regions *, const struct plan *);
void regions_free(struct regions *);
/* The one that starts at instruction i, or NULL. */
const struct region *region_at(const struct regions *, size_t i);
