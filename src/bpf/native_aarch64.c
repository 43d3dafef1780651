/*
 * Classic BPF to AArch64. x0: the packet; w1: its length on the wire; x2: bytes captured; w3: A; x4: X; w5 to w7:
 * scratch; M[]: 64 bytes on the stack, when there are any. Encodings: Arm Architecture Reference Manual, chapter C6.
 */
#ifdef __aarch64__

#include <pcap/pcap.h>
#include <string.h>

#include "bpf/emit.h"

enum { PACKET = 0, LENGTH = 1, CAPTURED = 2, A = 3, X = 4, T5 = 5, T6 = 6, SP = 31, ZERO = 31 };

/* Instructions of three registers, as words with register 0 everywhere. */
enum {
	ADD = 0x0b000000, SUB = 0x4b000000, AND = 0x0a000000, ORR = 0x2a000000, EOR = 0x4a000000, MUL = 0x1b007c00,
	UDIV = 0x1ac00800, LSL = 0x1ac02000, LSR = 0x1ac02400,
};

/* Loads without a sign of 4, 2 and 1 bytes: with an immediate offset from -256 to 255, and with a register's. */
static const struct { uint8_t size; uint32_t near, far; } loads[] = {
	{ 4, 0xb8400000, 0xb8606800 }, { 2, 0x78400000, 0x78606800 }, { 1, 0x38400000, 0x38606800 },
};

static void
word(struct emit *e, uint32_t w)
{
	const uint8_t b[4] = { (uint8_t)w, (uint8_t)(w >> 8), (uint8_t)(w >> 16), (uint8_t)(w >> 24) };

	emit_bytes(e, b, 4);
}

/* d = n op m */
static void
three(struct emit *e, uint32_t op, uint32_t d, uint32_t n, uint32_t m)
{
	word(e, op | m << 16 | n << 5 | d);
}

/* d = v; the upper half of the register is 0 then. */
static void
constant(struct emit *e, uint32_t d, uint32_t v)
{
	if (v >> 16 == 0xffff) {
		word(e, 0x12800000 | (~v & 0xffff) << 5 | d);		/* movn */
	} else if ((v & 0xffff) == 0 && v != 0) {
		word(e, 0x52a00000 | (v >> 16) << 5 | d);		/* movz, lsl 16 */
	} else {
		word(e, 0x52800000 | (v & 0xffff) << 5 | d);		/* movz */
		if (v >> 16)
			word(e, 0x72a00000 | (v >> 16) << 5 | d);	/* movk, lsl 16 */
	}
}

static void
compare_constant(struct emit *e, uint32_t n, uint32_t k)
{
	if (k < 0x1000) {
		word(e, 0x7100001f | k << 10 | n << 5);			/* cmp n, k */
	} else if ((k & 0xfff) == 0 && k >> 24 == 0) {
		word(e, 0x7140001f | (k >> 12) << 10 | n << 5);		/* cmp n, k >> 12, lsl 12 */
	} else {
		constant(e, T5, k);
		three(e, 0x6b00001f, 0, n, T5);				/* cmp n, w5 */
	}
}

void
code_jump(struct emit *e, size_t label)
{
	emit_jump_to(e, e->len, label);
	word(e, 0x14000000);
}

void
code_jump_if(struct emit *e, enum emit_condition condition, size_t label)
{
	static const uint32_t cond[] = { 0, 1, 8, 9, 2, 3 };	/* eq ne hi ls hs lo */

	emit_jump_to(e, e->len, label);
	word(e, 0x54000000 | cond[condition]);
}

bool
code_patch(struct emit *e, size_t at, int64_t from_at)
{
	int64_t words = from_at / 4;
	uint32_t w;

	memcpy(&w, e->code + at, 4);
	if (w == 0x14000000) {			/* b: 26 bits */
		if (words < -(1 << 25) || words >= 1 << 25)
			return false;
		w |= (uint32_t)words & 0x03ffffff;
	} else {				/* b.cond and cbz: 19 bits */
		if (words < -(1 << 18) || words >= 1 << 18)
			return false;
		w |= ((uint32_t)words & 0x7ffff) << 5;
	}
	memcpy(e->code + at, &w, 4);
	return true;
}

void
code_compare(struct emit *e, uint32_t k)
{
	compare_constant(e, A, k);
}

void
code_compare_x(struct emit *e)
{
	three(e, 0x6b00001f, 0, A, X);		/* cmp w3, w4 */
}

void
code_test(struct emit *e, uint32_t k)
{
	constant(e, T5, k);
	three(e, 0x6a00001f, 0, A, T5);		/* tst w3, w5 */
}

void
code_test_x(struct emit *e)
{
	three(e, 0x6a00001f, 0, A, X);		/* tst w3, w4 */
}

void
code_need(struct emit *e, uint32_t bytes, size_t label)
{
	compare_constant(e, CAPTURED, bytes);
	code_jump_if(e, EMIT_LT, label);
}

void
code_need_x(struct emit *e, uint32_t bytes, size_t label)
{
	constant(e, T6, bytes);
	three(e, 0x8b000000, T6, T6, X);	/* add x6, x6, x4 */
	three(e, 0xeb00001f, 0, T6, CAPTURED);	/* cmp x6, x2 */
	code_jump_if(e, EMIT_GT, label);
}

/* d becomes size bytes at x0 + at, behind X too if indirect; raw: as they lie there. */
static void
fetch(struct emit *e, uint32_t d, uint32_t size, bool indirect, uint32_t at, bool raw)
{
	unsigned which = size == 4 ? 0 : size == 2 ? 1 : 2;

	if (indirect) {
		constant(e, T6, at);
		three(e, 0x8b000000, T6, T6, X);			/* add x6, x6, x4 */
		three(e, loads[which].far, d, PACKET, T6);
	} else if (at < 256) {
		word(e, loads[which].near | at << 12 | PACKET << 5 | d);
	} else {
		constant(e, T6, at);
		three(e, loads[which].far, d, PACKET, T6);
	}
	if (size == 4 && !raw)
		word(e, 0x5ac00800 | d << 5 | d);			/* rev d, d */
	else if (size == 2 && !raw)
		word(e, 0x5ac00400 | d << 5 | d);			/* rev16 d, d */
}

void
code_field(struct emit *e, const struct region_field *f, bool raw)
{
	uint32_t all = f->size == 4 ? UINT32_MAX : f->size == 2 ? UINT16_MAX : UINT8_MAX;

	fetch(e, A, f->size, f->indirect, f->at, raw);
	if (f->mask != all) {
		constant(e, T5, raw ? plan_raw(f->mask, f->size) : f->mask);
		three(e, AND, A, A, T5);
	}
}

/* Leaves the program with 0 unless what it asks for was captured; false when that never can be. */
static bool
check(struct emit *e, const struct plan *p, size_t i)
{
	if (p->asks[i] > INT32_MAX) {
		code_jump(e, p->n);
		return false;
	}
	if (p->asks[i] > p->known[i])
		code_need(e, p->asks[i], p->n);
	return true;
}

/* A memory cell to or from d. */
static void
cell(struct emit *e, bool store, uint32_t d, uint32_t k)
{
	word(e, (store ? 0xb9000000 : 0xb9400000) | (k & 15) << 10 | SP << 5 | d);
}

static bool
load(struct emit *e, const struct plan *p, size_t i)
{
	const struct bpf_insn *x = &p->insns[i];
	bool to_x = BPF_CLASS(x->code) == BPF_LDX;
	uint32_t d = to_x ? X : A, size = plan_size(x);

	switch (BPF_MODE(x->code)) {
	case BPF_ABS:
		if (check(e, p, i))
			fetch(e, d, size, false, x->k, p->raw[i] > 0);
		return true;
	case BPF_IND:
		if (x->k > INT32_MAX - 4) {
			code_jump(e, p->n);
		} else {
			code_need_x(e, x->k + size, p->n);
			fetch(e, d, size, true, x->k, p->raw[i] > 0);
		}
		return true;
	case BPF_MSH:
		if (check(e, p, i)) {
			fetch(e, d, 1, false, x->k, false);
			word(e, 0x12000c00 | d << 5 | d);	/* and d, d, 15 */
			word(e, 0x531e7400 | d << 5 | d);	/* lsl d, d, 2 */
		}
		return true;
	case BPF_LEN:
		three(e, ORR, d, ZERO, LENGTH);			/* mov d, w1 */
		return true;
	case BPF_IMM:
		constant(e, d, x->k);
		return true;
	case BPF_MEM:
		cell(e, false, d, x->k);
		return true;
	default:
		return false;
	}
}

/* A = A op X or A op k. */
static void
operate(struct emit *e, const struct bpf_insn *x, uint32_t op, uint8_t raw)
{
	if (BPF_SRC(x->code) == BPF_K)
		constant(e, T5, plan_raw(x->k, raw));
	three(e, op, A, A, BPF_SRC(x->code) == BPF_X ? X : T5);
}

/* By 0 in X: the program returns 0. */
static void
divide(struct emit *e, const struct plan *p, const struct bpf_insn *x, bool remainder)
{
	uint32_t by = BPF_SRC(x->code) == BPF_X ? X : T5;

	if (by == X) {
		emit_jump_to(e, e->len, p->n);
		word(e, 0x34000000 | X);			/* cbz w4 */
	} else {
		constant(e, T5, x->k);
	}
	if (remainder) {
		three(e, UDIV, T6, A, by);
		word(e, 0x1b008000 | by << 16 | A << 10 | T6 << 5 | A);	/* msub w3, w6, by, w3 */
	} else {
		three(e, UDIV, A, A, by);
	}
}

/*
 * By 32 and more in X gives 0. By a constant of 32 and more C leaves undefined what the interpreter does: such a
 * program is not for us.
 */
static bool
shift(struct emit *e, const struct bpf_insn *x, uint32_t op)
{
	operate(e, x, op, 0);
	if (BPF_SRC(x->code) == BPF_X) {
		compare_constant(e, X, 32);
		word(e, 0x1a803000 | ZERO << 16 | A << 5 | A);	/* csel w3, w3, wzr, lo */
		return true;
	}
	return x->k < 32;
}

static bool
alu(struct emit *e, const struct plan *p, const struct bpf_insn *x, uint8_t raw)
{
	switch (BPF_OP(x->code)) {
	case BPF_ADD:
		operate(e, x, ADD, raw);
		return true;
	case BPF_SUB:
		operate(e, x, SUB, raw);
		return true;
	case BPF_AND:
		operate(e, x, AND, raw);
		return true;
	case BPF_OR:
		operate(e, x, ORR, raw);
		return true;
	case BPF_XOR:
		operate(e, x, EOR, raw);
		return true;
	case BPF_MUL:
		operate(e, x, MUL, raw);
		return true;
	case BPF_DIV:
		divide(e, p, x, false);
		return true;
	case BPF_MOD:
		divide(e, p, x, true);
		return true;
	case BPF_LSH:
		return shift(e, x, LSL);
	case BPF_RSH:
		return shift(e, x, LSR);
	case BPF_NEG:
		three(e, SUB, A, ZERO, A);
		return true;
	default:
		return false;
	}
}

/* With what is in w0. */
static void
leave(struct emit *e, const struct plan *p)
{
	if (p->uses_memory)
		word(e, 0x910103ff);				/* add sp, sp, 64 */
	word(e, 0xd65f03c0);					/* ret */
}

bool
code_insn(struct emit *e, const struct plan *p, size_t i)
{
	const struct bpf_insn *x = &p->insns[i];

	switch (BPF_CLASS(x->code)) {
	case BPF_LD:
	case BPF_LDX:
		return load(e, p, i);
	case BPF_ST:
	case BPF_STX:
		/* What nobody reads is not kept, and has no place then. */
		if (p->uses_memory)
			cell(e, true, BPF_CLASS(x->code) == BPF_ST ? A : X, x->k);
		return true;
	case BPF_ALU:
		return alu(e, p, x, p->raw[i]);
	case BPF_RET:
		if (BPF_RVAL(x->code) == BPF_K)
			constant(e, 0, x->k);
		else
			three(e, ORR, 0, ZERO, A);		/* mov w0, w3 */
		leave(e, p);
		return true;
	case BPF_MISC:
		if (BPF_MISCOP(x->code) == BPF_TAX)
			three(e, ORR, X, ZERO, A);
		else
			three(e, ORR, A, ZERO, X);
		return true;
	default:
		return false;
	}
}

void
code_begin(struct emit *e, const struct plan *p)
{
	word(e, 0xd503245f);					/* bti c */
	three(e, ORR, CAPTURED, ZERO, CAPTURED);		/* mov w2, w2: the upper half is zero */
	constant(e, A, 0);
	constant(e, X, 0);
	if (p->uses_memory) {
		word(e, 0xd10103ff);				/* sub sp, sp, 64 */
		for (uint32_t pair = 0; pair < 8; pair += 2)
			word(e, 0xa9007fff | pair << 15);	/* stp xzr, xzr, [sp + 8 * pair] */
	}
}

void
code_end(struct emit *e, const struct plan *p)
{
	constant(e, 0, 0);
	leave(e, p);
}

#endif
