#include "bpf/emit.h"

#include <stdlib.h>
#include <string.h>

void
emit_free(struct emit *e)
{
	free(e->code);
	free(e->place);
	free(e->jumps);
	*e = (struct emit) { 0 };
}

void
emit_bytes(struct emit *e, const void *bytes, size_t n)
{
	if (e->cap - e->len < n) {
		size_t cap = e->cap ? e->cap * 2 : 4096;
		uint8_t *code = e->failed ? NULL : realloc(e->code, cap);

		if (!code) {
			e->failed = true;
			return;
		}
		e->code = code;
		e->cap = cap;
	}
	memcpy(e->code + e->len, bytes, n);
	e->len += n;
}

void
emit_jump_to(struct emit *e, size_t to)
{
	if (e->n_jumps == e->cap_jumps) {
		size_t cap = e->cap_jumps ? e->cap_jumps * 2 : 256;
		struct emit_jump *jumps = e->failed ? NULL : realloc(e->jumps, cap * sizeof *jumps);

		if (!jumps) {
			e->failed = true;
			return;
		}
		e->jumps = jumps;
		e->cap_jumps = cap;
	}
	e->jumps[e->n_jumps++] = (struct emit_jump) { e->len - 4, to };
}
