/*
 * Classic BPF to x86-64. rdi: the packet; esi: its length on the wire; r9d: bytes captured; eax: A; ecx: X; r8, rdx:
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

enum { CASES_MAX = 4096, LINEAR_MAX = 4 };

/* Condition codes of jcc. */
enum { JB = 0x82, JAE = 0x83, JE = 0x84, JNE = 0x85, JBE = 0x86, JA = 0x87 };

static void
imm32(struct emit *e, uint32_t v)
{
	const uint8_t b[4] = { (uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16), (uint8_t)(v >> 24) };

	emit_bytes(e, b, 4);
}

static void
jump(struct emit *e, size_t to)
{
	OP(e, 0xe9);
	imm32(e, 0);
	emit_jump_to(e, to);
}

static void
jump_if(struct emit *e, uint8_t condition, size_t to)
{
	OP(e, 0x0f, condition);
	imm32(e, 0);
	emit_jump_to(e, to);
}

static void
cmp_a(struct emit *e, uint32_t v)
{
	if (v < 0x80)
		OP(e, 0x83, 0xf8, (uint8_t)v);
	else {
		OP(e, 0x3d);
		imm32(e, v);
	}
}

/* Leaves the program with 0 unless so many bytes were captured. */
static void
check(struct emit *e, const struct plan *p, size_t i, uint64_t needs)
{
	if (needs <= p->known[i])
		return;
	if (needs > INT32_MAX) {
		jump(e, p->n);
		return;
	}
	OP(e, 0x41, 0x81, 0xf9);		/* cmp r9d, needs */
	imm32(e, (uint32_t)needs);
	jump_if(e, JB, p->n);
}

static void
load_abs(struct emit *e, const struct plan *p, size_t i)
{
	const struct bpf_insn *x = &p->insns[i];

	check(e, p, i, plan_needs(x));
	if (plan_needs(x) > INT32_MAX)
		return;
	switch (BPF_SIZE(x->code)) {
	case BPF_W:
		OP(e, 0x8b, 0x87);		/* mov eax, [rdi + k]; bswap eax */
		imm32(e, x->k);
		OP(e, 0x0f, 0xc8);
		break;
	case BPF_H:
		OP(e, 0x0f, 0xb7, 0x87);	/* movzx eax, word [rdi + k]; rol ax, 8 */
		imm32(e, x->k);
		OP(e, 0x66, 0xc1, 0xc0, 8);
		break;
	default:
		OP(e, 0x0f, 0xb6, 0x87);	/* movzx eax, byte [rdi + k] */
		imm32(e, x->k);
	}
}

static void
load_ind(struct emit *e, const struct plan *p, size_t i)
{
	const struct bpf_insn *x = &p->insns[i];
	uint8_t size = BPF_SIZE(x->code) == BPF_W ? 4 : BPF_SIZE(x->code) == BPF_H ? 2 : 1;

	if (x->k > INT32_MAX) {
		jump(e, p->n);
		return;
	}
	OP(e, 0x4c, 0x8d, 0x81);		/* lea r8, [rcx + k] */
	imm32(e, x->k);
	OP(e, 0x49, 0x8d, 0x50, size);		/* lea rdx, [r8 + size] */
	OP(e, 0x4c, 0x39, 0xca);		/* cmp rdx, r9 */
	jump_if(e, JA, p->n);
	switch (size) {
	case 4:
		OP(e, 0x42, 0x8b, 0x04, 0x07);		/* mov eax, [rdi + r8]; bswap eax */
		OP(e, 0x0f, 0xc8);
		break;
	case 2:
		OP(e, 0x42, 0x0f, 0xb7, 0x04, 0x07);	/* movzx eax, word [rdi + r8]; rol ax, 8 */
		OP(e, 0x66, 0xc1, 0xc0, 8);
		break;
	default:
		OP(e, 0x42, 0x0f, 0xb6, 0x04, 0x07);	/* movzx eax, byte [rdi + r8] */
	}
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
		load_abs(e, p, i);
		return true;
	case BPF_IND:
		load_ind(e, p, i);
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
		check(e, p, i, plan_needs(x));
		if (plan_needs(x) > INT32_MAX)
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
simple(struct emit *e, const struct bpf_insn *x, uint8_t reg, uint8_t imm)
{
	if (BPF_SRC(x->code) == BPF_X) {
		OP(e, reg, 0xc8);
	} else {
		OP(e, imm);
		imm32(e, x->k);
	}
}

static void
divide(struct emit *e, const struct plan *p, const struct bpf_insn *x, bool remainder)
{
	if (BPF_SRC(x->code) == BPF_X) {
		OP(e, 0x85, 0xc9);		/* test ecx, ecx: division by zero returns 0 */
		jump_if(e, JE, p->n);
		OP(e, 0x31, 0xd2);		/* xor edx, edx; div ecx */
		OP(e, 0xf7, 0xf1);
	} else {
		OP(e, 0x41, 0xb8);		/* mov r8d, k */
		imm32(e, x->k);
		OP(e, 0x31, 0xd2);		/* xor edx, edx; div r8d */
		OP(e, 0x41, 0xf7, 0xf0);
	}
	if (remainder)
		OP(e, 0x89, 0xd0);		/* mov eax, edx */
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
alu(struct emit *e, const struct plan *p, const struct bpf_insn *x)
{
	switch (BPF_OP(x->code)) {
	case BPF_ADD:
		simple(e, x, 0x01, 0x05);
		return true;
	case BPF_SUB:
		simple(e, x, 0x29, 0x2d);
		return true;
	case BPF_AND:
		simple(e, x, 0x21, 0x25);
		return true;
	case BPF_OR:
		simple(e, x, 0x09, 0x0d);
		return true;
	case BPF_XOR:
		simple(e, x, 0x31, 0x35);
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

/* A binary search over sorted cases; a jump for each, and one for none. */
static void
search(struct emit *e, const struct plan_case *cases, size_t n, size_t otherwise)
{
	size_t mid = n / 2, hole;

	if (n <= LINEAR_MAX) {
		for (size_t i = 0; i < n; i++) {
			cmp_a(e, cases[i].value);
			jump_if(e, JE, cases[i].to);
		}
		jump(e, otherwise);
		return;
	}
	cmp_a(e, cases[mid].value);
	jump_if(e, JE, cases[mid].to);
	OP(e, 0x0f, JA);			/* the upper half is written behind the lower one */
	imm32(e, 0);
	hole = e->len;
	search(e, cases, mid, otherwise);
	if (!e->failed) {
		uint32_t distance = (uint32_t)(e->len - hole);

		memcpy(e->code + hole - 4, &distance, 4);
	}
	search(e, cases + mid + 1, n - mid - 1, otherwise);
}

/* Returns how many instructions were dealt with; 0: cannot. */
static size_t
branch(struct emit *e, const struct plan *p, size_t i)
{
	const struct bpf_insn *x = &p->insns[i];
	size_t yes = i + 1 + x->jt, no = i + 1 + x->jf;
	uint8_t if_yes, if_no;

	if (BPF_OP(x->code) == BPF_JA) {
		jump(e, (size_t)((int64_t)i + 1 + (int32_t)x->k));
		return 1;
	}
	if (x->code == (BPF_JMP | BPF_JEQ | BPF_K)) {
		struct plan_case *cases = malloc(CASES_MAX * sizeof *cases);
		size_t otherwise = 0, used = 0, n = cases ? plan_cases(p, i, cases, CASES_MAX, &otherwise, &used) : 0;

		if (n > LINEAR_MAX) {
			search(e, cases, n, otherwise);
			free(cases);
			return used;
		}
		free(cases);
	}
	switch (BPF_OP(x->code)) {
	case BPF_JEQ:
		if_yes = JE, if_no = JNE;
		break;
	case BPF_JGT:
		if_yes = JA, if_no = JBE;
		break;
	case BPF_JGE:
		if_yes = JAE, if_no = JB;
		break;
	case BPF_JSET:
		if_yes = JNE, if_no = JE;
		break;
	default:
		return 0;
	}
	if (yes == no) {
		if (yes != i + 1)
			jump(e, yes);
		return 1;
	}
	if (BPF_OP(x->code) == BPF_JSET) {
		if (BPF_SRC(x->code) == BPF_X) {
			OP(e, 0x85, 0xc8);		/* test eax, ecx */
		} else {
			OP(e, 0xa9);			/* test eax, k */
			imm32(e, x->k);
		}
	} else if (BPF_SRC(x->code) == BPF_X) {
		OP(e, 0x39, 0xc8);			/* cmp eax, ecx */
	} else {
		cmp_a(e, x->k);
	}
	if (yes == i + 1) {
		jump_if(e, if_no, no);
	} else {
		jump_if(e, if_yes, yes);
		if (no != i + 1)
			jump(e, no);
	}
	return 1;
}

/* One instruction, or a row of comparisons. Returns how many were dealt with; 0: cannot. */
static size_t
one(struct emit *e, const struct plan *p, size_t i)
{
	const struct bpf_insn *x = &p->insns[i];

	switch (BPF_CLASS(x->code)) {
	case BPF_LD:
		return load(e, p, i);
	case BPF_LDX:
		return load_x(e, p, i);
	case BPF_ST:
		OP(e, 0x89, 0x44, 0x24, cell(x->k));
		return 1;
	case BPF_STX:
		OP(e, 0x89, 0x4c, 0x24, cell(x->k));
		return 1;
	case BPF_ALU:
		return alu(e, p, x);
	case BPF_JMP:
		return branch(e, p, i);
	case BPF_RET:
		if (BPF_RVAL(x->code) == BPF_K) {
			OP(e, 0xb8);
			imm32(e, x->k);
		} else if (BPF_RVAL(x->code) != BPF_A) {
			return 0;
		}
		OP(e, 0xc3);
		return 1;
	case BPF_MISC:
		if (BPF_MISCOP(x->code) == BPF_TAX)
			OP(e, 0x89, 0xc1);
		else if (BPF_MISCOP(x->code) == BPF_TXA)
			OP(e, 0x89, 0xc8);
		else
			return 0;
		return 1;
	default:
		return 0;
	}
}

static bool
patch(struct emit *e)
{
	for (size_t i = 0; i < e->n_jumps; i++) {
		int64_t distance = (int64_t)e->place[e->jumps[i].to] - (int64_t)(e->jumps[i].at + 4);
		int32_t d = (int32_t)distance;

		if (d != distance)
			return false;
		memcpy(e->code + e->jumps[i].at, &d, 4);
	}
	return true;
}

bool
emit_program(struct emit *e, const struct plan *p)
{
	e->place = calloc(p->n + 1, sizeof *e->place);
	if (!e->place)
		return false;
	OP(e, 0xf3, 0x0f, 0x1e, 0xfa);		/* endbr64 */
	OP(e, 0x41, 0x89, 0xd1);		/* mov r9d, edx */
	OP(e, 0x31, 0xc0);			/* xor eax, eax; xor ecx, ecx */
	OP(e, 0x31, 0xc9);
	if (p->uses_memory)
		for (uint8_t at = 0; at < 64; at = (uint8_t)(at + 8))
			OP(e, 0x48, 0x89, 0x44, 0x24, (uint8_t)(at - 64));	/* mov [rsp + at - 64], rax */
	for (size_t i = 0; i < p->n && !e->failed;) {
		size_t used;

		e->place[i] = e->len;
		if (!p->reached[i]) {
			i++;
			continue;
		}
		used = one(e, p, i);
		if (used == 0)
			return false;
		i += used;
	}
	e->place[p->n] = e->len;
	OP(e, 0x31, 0xc0, 0xc3);		/* xor eax, eax; ret */
	return !e->failed && patch(e);
}

#endif
