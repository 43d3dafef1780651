/*
 * From a planned program to machine code. emit.c decides what is written in which order and is the same everywhere;
 * the functions named code_ write it, and each processor has its own (native_x86_64.c, native_aarch64.c).
 *
 * Labels are places in the code: that of instruction i is i, the common exit that returns 0 is plan.n, and more are
 * made by need. A jump may lead to a label whose place comes later.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bpf/plan.h"
#include "bpf/region.h"

struct emit_jump {
	size_t at;		/* where the code has the jump's distance, as code_patch understands it */
	size_t to;		/* label */
};

struct emit {
	uint8_t *code;
	size_t len, cap;
	size_t *place;		/* of each label, in the code; SIZE_MAX as long as it has none */
	size_t n_places, cap_places;
	struct emit_jump *jumps;
	size_t n_jumps, cap_jumps;
	bool failed;		/* no memory */
};

/* Writes the machine code of the whole program; false when it cannot. */
bool emit_program(struct emit *, const struct plan *);
void emit_free(struct emit *);

/* Appends n bytes. */
void emit_bytes(struct emit *, const void *bytes, size_t n);
/* Notes that the jump at `at` leads to a label. */
void emit_jump_to(struct emit *, size_t at, size_t label);
/* A new label, to be placed once. */
size_t emit_label(struct emit *);
/* Places it at the end of the code. */
void emit_here(struct emit *, size_t label);

/* How two numbers without a sign compare. */
enum emit_condition { EMIT_EQ, EMIT_NE, EMIT_GT, EMIT_LE, EMIT_GE, EMIT_LT };

/* What comes before the first instruction: A and X are 0 where that matters. */
void code_begin(struct emit *, const struct plan *);
/* The common exit: returns 0. */
void code_end(struct emit *, const struct plan *);
/* One instruction that is no jump; false when it cannot be translated. */
bool code_insn(struct emit *, const struct plan *, size_t i);

/* To the label, whatever is; or when the last code_compare or code_test came out so. */
void code_jump(struct emit *, size_t label);
void code_jump_if(struct emit *, enum emit_condition, size_t label);
/* A with a constant, or with X. */
void code_compare(struct emit *, uint32_t k);
void code_compare_x(struct emit *);
/* A & k, or A & X: EMIT_NE when a bit is left. */
void code_test(struct emit *, uint32_t k);
void code_test_x(struct emit *);

/* To the label unless so many bytes were captured; the second: so many behind the X-th. Both below 2^31. */
void code_need(struct emit *, uint32_t bytes, size_t label);
void code_need_x(struct emit *, uint32_t bytes, size_t label);
/* A becomes the field, which is known to be there: a number, or raw, as it lies in the packet. */
void code_field(struct emit *, const struct region_field *, bool raw);

/* Writes the distance of a jump; false when it is too far. */
bool code_patch(struct emit *, size_t at, int64_t from_at);
