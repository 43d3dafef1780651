/*
 * Machine code beside libpcap's interpreter. The first byte says how many instructions follow, 8 bytes each: code, jt,
 * jf, one not used, k (little end first); they are made a program that bpf_validate accepts. The rest is the packet.
 */
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/native.h"
#include "bpf/plan.h"

enum { WORDS = 8, CELLS = BPF_MEMWORDS };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One instruction with `left` ones behind it. */
static struct bpf_insn
insn_read(const uint8_t *b, size_t left)
{
	struct bpf_insn x = { b[0], b[1], b[2],
		b[4] | (uint32_t)b[5] << 8 | (uint32_t)b[6] << 16 | (uint32_t)b[7] << 24 };

	if (!plan_knows(&x))
		x.code = BPF_JMP | BPF_JEQ | BPF_K;
	switch (BPF_CLASS(x.code)) {
	case BPF_LD: case BPF_LDX:
		if (BPF_MODE(x.code) == BPF_MEM)
			x.k %= CELLS;
		break;
	case BPF_ST: case BPF_STX:
		x.k %= CELLS;
		break;
	case BPF_ALU:
		if ((BPF_OP(x.code) == BPF_DIV || BPF_OP(x.code) == BPF_MOD) && BPF_SRC(x.code) == BPF_K && x.k == 0)
			x.k = 1;
		/* The interpreter's shift by so much is not defined. */
		if ((BPF_OP(x.code) == BPF_LSH || BPF_OP(x.code) == BPF_RSH) && BPF_SRC(x.code) == BPF_K)
			x.k %= 32;
		break;
	case BPF_JMP:
		x.jt = (uint8_t)(x.jt % left);
		x.jf = (uint8_t)(x.jf % left);
		/* Forwards: the interpreter has no end of loops. */
		if (BPF_OP(x.code) == BPF_JA)
			x.k %= left;
		break;
	}
	return x;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bpf_insn p[CELLS + 256];
	size_t n = 0, count;
	struct native *native;
	uint8_t *packet;
	uint32_t more, want, got;

	if (size < 1 || size < 1 + (size_t)data[0] * WORDS)
		return 0;
	count = data[0];
	/* The interpreter's cells start undefined. */
	for (uint32_t i = 0; i < CELLS; i++)
		p[n++] = (struct bpf_insn) { .code = BPF_ST, .k = i };
	for (size_t i = 0; i < count; i++)
		p[n++] = insn_read(data + 1 + i * WORDS, count - i);
	p[n++] = (struct bpf_insn) { .code = BPF_RET | BPF_A };
	data += 1 + count * WORDS;
	size -= 1 + count * WORDS;

	native = bpf_validate(p, (int)n) ? native_new(p, n) : NULL;
	if (!native) {
		fprintf(stderr, "limit broken: a valid program is not translated\n");
		abort();
	}
	packet = malloc(size ? size : 1);
	if (!packet)
		abort();
	memcpy(packet, data, size);
	more = size ? packet[0] & 3 : 0;
	/* Every length of the packet, if there are not too many. */
	for (size_t caplen = size > 64 ? size - 64 : 0; caplen <= size; caplen++) {
		want = bpf_filter(p, packet, (uint32_t)caplen + more, (uint32_t)caplen);
		got = native_code(native)(packet, (uint32_t)caplen + more, (uint32_t)caplen);
		if (want == got)
			continue;
		for (size_t i = 0; i < n; i++)
			fprintf(stderr, "%s\n", bpf_image(&p[i], (int)i));
		fprintf(stderr, "limit broken: %zu bytes: interpreter %u, native %u\n", caplen, want, got);
		abort();
	}
	free(packet);
	native_free(native);
	return 0;
}
