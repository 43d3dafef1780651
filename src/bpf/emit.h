/* A code buffer with jumps to instructions whose place is not known yet; what the translators share. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bpf/plan.h"

/* A jump at `at` in the code to instruction `to` (plan.n: the common exit that returns 0). */
struct emit_jump {
	size_t at, to;
};

struct emit {
	uint8_t *code;
	size_t len, cap;
	size_t *place;		/* of each instruction in the code */
	struct emit_jump *jumps;
	size_t n_jumps, cap_jumps;
	bool failed;		/* no memory, or a jump does not reach */
};

/* Writes the machine code of the whole program; false when it cannot. One per processor. */
bool emit_program(struct emit *e, const struct plan *p);
void emit_free(struct emit *e);

/* Appends n bytes. */
void emit_bytes(struct emit *e, const void *bytes, size_t n);
/* Notes that the code's last four bytes are a jump's distance to instruction `to`. */
void emit_jump_to(struct emit *e, size_t to);
