/*
 * Classic BPF to x86-64. rdi: the packet; esi: its length on the wire; edx: bytes captured; eax: A; ecx: X; r8, r9:
 * scratch; M[]: the 64 bytes below the stack pointer, which the ABI leaves to leaf functions.
 */
#ifdef __x86_64__

#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/emit.h"

#define OP(e, ...)                                              \
	do {                                                    \
		const uint8_t op_[] = { __VA_ARGS__ };          \
		emit_bytes(e, op_, sizeof op_);                 \
	} while (0)

static void
imm32(struct emit *e, uint32_t v)
{
	const uint8_t b[4] = { (uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16), (uint8_t)(v >> 24) };

	emit_bytes(e, b, 4);
}

void
code_jump(struct emit *e, size_t label)
{
	OP(e, 0xe9);
	imm32(e, 0);
	emit_jump_to(e, e->len - 4, label);
}

void
code_jump_if(struct emit *e, enum emit_condition condition, size_t label)
{
	static const uint8_t jcc[] = { 0x84, 0x85, 0x87, 0x86, 0x83, 0x82 };	/* je jne ja jbe jae jb */

	OP(e, 0x0f, jcc[condition]);
	imm32(e, 0);
	emit_jump_to(e, e->len - 4, label);
}

bool
code_patch(struct emit *e, size_t at, int64_t from_at)
{
	int64_t distance = from_at - 4;
	int32_t d = (int32_t)distance;

	if (d != distance)
		return false;
	memcpy(e->code + at, &d, 4);
	return true;
}

void
code_compare(struct emit *e, uint32_t k)
{
	if (k < 0x80) {
		OP(e, 0x83, 0xf8, (uint8_t)k);	/* cmp eax, k */
	} else {
		OP(e, 0x3d);
		imm32(e, k);
	}
}

void
code_compare_x(struct emit *e)
{
	OP(e, 0x39, 0xc8);			/* cmp eax, ecx */
}

void
code_test(struct emit *e, uint32_t k)
{
	OP(e, 0xa9);				/* test eax, k */
	imm32(e, k);
}

void
code_test_x(struct emit *e)
{
	OP(e, 0x85, 0xc8);			/* test eax, ecx */
}

void
code_need(struct emit *e, uint32_t bytes, size_t label)
{
	if (bytes < 0x80) {
		OP(e, 0x83, 0xfa, (uint8_t)bytes);	/* cmp edx, bytes */
	} else {
		OP(e, 0x81, 0xfa);
		imm32(e, bytes);
	}
	code_jump_if(e, EMIT_LT, label);
}

void
code_need_x(struct emit *e, uint32_t bytes, size_t label)
{
	OP(e, 0x4c, 0x8d, 0x81);		/* lea r8, [rcx + bytes] */
	imm32(e, bytes);
	OP(e, 0x49, 0x39, 0xd0);		/* cmp r8, rdx */
	code_jump_if(e, EMIT_GT, label);
}

/* A becomes size bytes at [rdi + at], behind X too if indirect; raw: as they lie there. */
static void
fetch(struct emit *e, uint8_t size, bool indirect, uint32_t at, bool raw)
{
	bool near = at < 0x80;
	uint8_t modrm = (uint8_t)((near ? 0x40 : 0x80) | (indirect ? 4 : 7));

	switch (size) {
	case 4:
		OP(e, 0x8b, modrm);		/* mov eax, [] */
		break;
	case 2:
		OP(e, 0x0f, 0xb7, modrm);	/* movzx eax, word [] */
		break;
	default:
		OP(e, 0x0f, 0xb6, modrm);	/* movzx eax, byte [] */
	}
	if (indirect)
		OP(e, 0x0f);			/* rdi + rcx */
	if (near)
		OP(e, (uint8_t)at);
	else
		imm32(e, at);
	if (size == 4 && !raw)
		OP(e, 0x0f, 0xc8);		/* bswap eax */
	else if (size == 2 && !raw)
		OP(e, 0x66, 0xc1, 0xc0, 8);	/* rol ax, 8 */
}

static uint32_t
all_ones(uint8_t size)
{
	return size == 4 ? UINT32_MAX : size == 2 ? UINT16_MAX : UINT8_MAX;
}

void
code_field(struct emit *e, const struct region_field *f, bool raw)
{
	fetch(e, f->size, f->indirect, f->at, raw);
	if (f->mask != all_ones(f->size)) {
		OP(e, 0x25);			/* and eax, mask */
		imm32(e, raw ? plan_raw(f->mask, f->size) : f->mask);
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

static void
load_ind(struct emit *e, const struct plan *p, const struct bpf_insn *x, bool raw)
{
	uint8_t size = (uint8_t)plan_size(x);

	if (x->k > INT32_MAX - 4) {
		code_jump(e, p->n);
		return;
	}
	code_need_x(e, x->k + size, p->n);
	fetch(e, size, true, x->k, raw);
}

/* A memory cell's place relative to rsp. */
static uint8_t
cell(uint32_t k)
{
	return (uint8_t)(-64 + 4 * (int)(k & 15));
}

static bool
load(struct emit *e, const struct plan *p, size_t i)
{
	const struct bpf_insn *x = &p->insns[i];

	switch (BPF_MODE(x->code)) {
	case BPF_ABS:
		if (check(e, p, i))
			fetch(e, (uint8_t)plan_size(x), false, x->k, p->raw[i] > 0);
		return true;
	case BPF_IND:
		load_ind(e, p, x, p->raw[i] > 0);
		return true;
	case BPF_LEN:
		OP(e, 0x89, 0xf0);			/* mov eax, esi */
		return true;
	case BPF_IMM:
		OP(e, 0xb8);				/* mov eax, k */
		imm32(e, x->k);
		return true;
	case BPF_MEM:
		OP(e, 0x8b, 0x44, 0x24, cell(x->k));	/* mov eax, [rsp + cell] */
		return true;
	default:
		return false;
	}
}

static bool
load_x(struct emit *e, const struct plan *p, size_t i)
{
	const struct bpf_insn *x = &p->insns[i];

	switch (BPF_MODE(x->code)) {
	case BPF_MSH:
		if (!check(e, p, i))
			return true;
		OP(e, 0x0f, 0xb6, 0x8f);		/* movzx ecx, byte [rdi + k] */
		imm32(e, x->k);
		OP(e, 0x83, 0xe1, 0x0f);		/* and ecx, 15; shl ecx, 2 */
		OP(e, 0xc1, 0xe1, 2);
		return true;
	case BPF_LEN:
		OP(e, 0x89, 0xf1);			/* mov ecx, esi */
		return true;
	case BPF_IMM:
		OP(e, 0xb9);				/* mov ecx, k */
		imm32(e, x->k);
		return true;
	case BPF_MEM:
		OP(e, 0x8b, 0x4c, 0x24, cell(x->k));	/* mov ecx, [rsp + cell] */
		return true;
	default:
		return false;
	}
}

/* op eax, ecx or op eax, k: the five that x86 writes alike. */
static void
simple(struct emit *e, const struct bpf_insn *x, uint8_t reg, uint8_t imm, uint8_t raw)
{
	if (BPF_SRC(x->code) == BPF_X) {
		OP(e, reg, 0xc8);
	} else {
		OP(e, imm);
		imm32(e, plan_raw(x->k, raw));
	}
}

static void
divide(struct emit *e, const struct plan *p, const struct bpf_insn *x, bool remainder)
{
	if (BPF_SRC(x->code) == BPF_X) {
		OP(e, 0x85, 0xc9);		/* test ecx, ecx: division by zero returns 0 */
		code_jump_if(e, EMIT_EQ, p->n);
		OP(e, 0x41, 0x89, 0xd1);	/* mov r9d, edx */
		OP(e, 0x31, 0xd2);		/* xor edx, edx; div ecx */
		OP(e, 0xf7, 0xf1);
	} else {
		OP(e, 0x41, 0xb8);		/* mov r8d, k */
		imm32(e, x->k);
		OP(e, 0x41, 0x89, 0xd1);	/* mov r9d, edx */
		OP(e, 0x31, 0xd2);		/* xor edx, edx; div r8d */
		OP(e, 0x41, 0xf7, 0xf0);
	}
	if (remainder)
		OP(e, 0x89, 0xd0);		/* mov eax, edx */
	OP(e, 0x44, 0x89, 0xca);		/* mov edx, r9d */
}

/*
 * 0xe0 shl eax, 0xe8 shr eax; by 32 and more in X gives 0. By a constant of 32 and more C leaves undefined what the
 * interpreter does: such a program is not for us.
 */
static bool
shift(struct emit *e, const struct bpf_insn *x, uint8_t how)
{
	if (BPF_SRC(x->code) == BPF_X) {
		OP(e, 0xd3, how);		/* sh_ eax, cl */
		OP(e, 0x83, 0xf9, 32);		/* cmp ecx, 32; sbb r8d, r8d; and eax, r8d */
		OP(e, 0x45, 0x19, 0xc0);
		OP(e, 0x44, 0x21, 0xc0);
	} else if (x->k < 32) {
		OP(e, 0xc1, how, (uint8_t)x->k);
	} else {
		return false;
	}
	return true;
}

static bool
alu(struct emit *e, const struct plan *p, const struct bpf_insn *x, uint8_t raw)
{
	switch (BPF_OP(x->code)) {
	case BPF_ADD:
		simple(e, x, 0x01, 0x05, raw);
		return true;
	case BPF_SUB:
		simple(e, x, 0x29, 0x2d, raw);
		return true;
	case BPF_AND:
		simple(e, x, 0x21, 0x25, raw);
		return true;
	case BPF_OR:
		simple(e, x, 0x09, 0x0d, raw);
		return true;
	case BPF_XOR:
		simple(e, x, 0x31, 0x35, raw);
		return true;
	case BPF_MUL:
		if (BPF_SRC(x->code) == BPF_X) {
			OP(e, 0x0f, 0xaf, 0xc1);	/* imul eax, ecx */
		} else {
			OP(e, 0x69, 0xc0);		/* imul eax, eax, k */
			imm32(e, x->k);
		}
		return true;
	case BPF_DIV:
		divide(e, p, x, false);
		return true;
	case BPF_MOD:
		divide(e, p, x, true);
		return true;
	case BPF_LSH:
		return shift(e, x, 0xe0);
	case BPF_RSH:
		return shift(e, x, 0xe8);
	case BPF_NEG:
		OP(e, 0xf7, 0xd8);
		return true;
	default:
		return false;
	}
}

bool
code_insn(struct emit *e, const struct plan *p, size_t i)
{
	const struct bpf_insn *x = &p->insns[i];

	switch (BPF_CLASS(x->code)) {
	case BPF_LD:
		return load(e, p, i);
	case BPF_LDX:
		return load_x(e, p, i);
	case BPF_ST:
		OP(e, 0x89, 0x44, 0x24, cell(x->k));
		return true;
	case BPF_STX:
		OP(e, 0x89, 0x4c, 0x24, cell(x->k));
		return true;
	case BPF_ALU:
		return alu(e, p, x, p->raw[i]);
	case BPF_RET:
		if (BPF_RVAL(x->code) == BPF_K) {
			OP(e, 0xb8);
			imm32(e, x->k);
		}
		OP(e, 0xc3);
		return true;
	case BPF_MISC:
		if (BPF_MISCOP(x->code) == BPF_TAX)
			OP(e, 0x89, 0xc1);
		else
			OP(e, 0x89, 0xc8);
		return true;
	default:
		return false;
	}
}

void
code_begin(struct emit *e, const struct plan *p)
{
	OP(e, 0xf3, 0x0f, 0x1e, 0xfa);		/* endbr64 */
	if (p->uses_x)
		OP(e, 0x89, 0xd2);		/* mov edx, edx: the upper half is zero */
	if (p->live_a[0] || p->uses_memory)
		OP(e, 0x31, 0xc0);		/* xor eax, eax */
	if (p->live_x[0])
		OP(e, 0x31, 0xc9);		/* xor ecx, ecx */
	if (p->uses_memory)
		for (uint8_t at = 0; at < 64; at = (uint8_t)(at + 8))
			OP(e, 0x48, 0x89, 0x44, 0x24, (uint8_t)(at - 64));	/* mov [rsp + at - 64], rax */
}

void
code_end(struct emit *e, const struct plan *p)
{
	(void)p;
	OP(e, 0x31, 0xc0, 0xc3);		/* xor eax, eax; ret */
}

#endif
