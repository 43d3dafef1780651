/*
 * Machine code beside libpcap's interpreter: random programs, random packets, short captures, and filters as people
 * write them. Set NATIVE_RUNS for a longer run (executions, in thousands), NATIVE_SEED for another one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <pcap/pcap.h>

#include "base/examined.h"
#include "bpf/native.h"

enum { INSNS = 60, LIST = 300, PACKET = 128 };

static uint64_t seed = 88172645463325252u;

static uint32_t
rnd(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 16) % below;
}

/* Constants that programs really have, and those at the edges. */
static uint32_t
constant(void)
{
	static const uint32_t edges[] = { 0, 1, 2, 31, 32, 33, 255, 0x7fffffff, 0x80000000, 0xfffff000, 0xfffff02c,
		0xfffffffe, 0xffffffff };

	switch (rnd(4)) {
	case 0:
		return edges[rnd(sizeof edges / sizeof *edges)];
	case 1:
		return rnd(PACKET + 8);
	case 2:
		return rnd(4);
	default:
		return (uint32_t)rnd(1u << 31) * 2 + rnd(2);
	}
}

static struct bpf_insn
random_insn(size_t left)
{
	static const uint16_t codes[] = {
		BPF_LD | BPF_W | BPF_ABS, BPF_LD | BPF_H | BPF_ABS, BPF_LD | BPF_B | BPF_ABS, BPF_LD | BPF_W | BPF_IND,
		BPF_LD | BPF_H | BPF_IND, BPF_LD | BPF_B | BPF_IND, BPF_LD | BPF_W | BPF_LEN, BPF_LD | BPF_IMM,
		BPF_LD | BPF_MEM, BPF_LDX | BPF_W | BPF_IMM, BPF_LDX | BPF_W | BPF_MEM, BPF_LDX | BPF_W | BPF_LEN,
		BPF_LDX | BPF_MSH | BPF_B, BPF_ST, BPF_STX,
		BPF_ALU | BPF_ADD | BPF_K, BPF_ALU | BPF_SUB | BPF_K, BPF_ALU | BPF_MUL | BPF_K, BPF_ALU | BPF_DIV | BPF_K,
		BPF_ALU | BPF_MOD | BPF_K, BPF_ALU | BPF_AND | BPF_K, BPF_ALU | BPF_OR | BPF_K, BPF_ALU | BPF_XOR | BPF_K,
		BPF_ALU | BPF_LSH | BPF_K, BPF_ALU | BPF_RSH | BPF_K, BPF_ALU | BPF_NEG,
		BPF_ALU | BPF_ADD | BPF_X, BPF_ALU | BPF_SUB | BPF_X, BPF_ALU | BPF_MUL | BPF_X, BPF_ALU | BPF_DIV | BPF_X,
		BPF_ALU | BPF_MOD | BPF_X, BPF_ALU | BPF_AND | BPF_X, BPF_ALU | BPF_OR | BPF_X, BPF_ALU | BPF_XOR | BPF_X,
		BPF_ALU | BPF_LSH | BPF_X, BPF_ALU | BPF_RSH | BPF_X,
		BPF_JMP | BPF_JA, BPF_JMP | BPF_JEQ | BPF_K, BPF_JMP | BPF_JGT | BPF_K, BPF_JMP | BPF_JGE | BPF_K,
		BPF_JMP | BPF_JSET | BPF_K, BPF_JMP | BPF_JEQ | BPF_X, BPF_JMP | BPF_JGT | BPF_X, BPF_JMP | BPF_JGE | BPF_X,
		BPF_JMP | BPF_JSET | BPF_X, BPF_RET | BPF_A, BPF_RET | BPF_K, BPF_MISC | BPF_TAX, BPF_MISC | BPF_TXA,
	};
	struct bpf_insn x = { .code = codes[rnd(sizeof codes / sizeof *codes)], .k = constant() };
	uint32_t reach = left > 200 ? 200 : (uint32_t)left;

	if (BPF_CLASS(x.code) == BPF_ST || BPF_CLASS(x.code) == BPF_STX || BPF_MODE(x.code) == BPF_MEM)
		if (BPF_CLASS(x.code) != BPF_ALU && BPF_CLASS(x.code) != BPF_JMP && BPF_CLASS(x.code) != BPF_RET)
			x.k %= BPF_MEMWORDS;
	if (BPF_CLASS(x.code) == BPF_ALU && BPF_SRC(x.code) == BPF_K && x.k == 0 &&
	    (BPF_OP(x.code) == BPF_DIV || BPF_OP(x.code) == BPF_MOD))
		x.k = 7;
	if (BPF_CLASS(x.code) == BPF_ALU && BPF_SRC(x.code) == BPF_K && rnd(64) &&
	    (BPF_OP(x.code) == BPF_LSH || BPF_OP(x.code) == BPF_RSH))
		x.k %= 32;
	if (BPF_CLASS(x.code) == BPF_JMP) {
		x.jt = (uint8_t)rnd(reach);
		x.jf = rnd(2) ? 0 : (uint8_t)rnd(reach);
		if (BPF_OP(x.code) == BPF_JA)
			x.k = rnd(reach);
	}
	return x;
}

/* Cells that are read must have been written: the interpreter leaves them undefined. */
static size_t
random_program(struct bpf_insn *p)
{
	size_t n = 0, body = 1 + rnd(INSNS - 20);

	for (uint32_t i = 0; i < BPF_MEMWORDS; i++)
		p[n++] = (struct bpf_insn) { .code = BPF_ST, .k = i };
	for (size_t i = 0; i < body; i++) {
		/* Now and then a row of comparisons, as filters have them. */
		if (rnd(8) == 0) {
			size_t row = rnd(12);

			for (; row && i < body; row--, i++) {
				size_t left = body - i;

				p[n++] = (struct bpf_insn) { BPF_JMP | BPF_JEQ | BPF_K, (uint8_t)rnd((uint32_t)left),
					0, rnd(3) ? rnd(8) : constant() };
			}
			if (i >= body)
				break;
		}
		p[n++] = random_insn(body - i);
	}
	p[n++] = (struct bpf_insn) { .code = BPF_RET | (rnd(2) ? BPF_A : BPF_K), .k = constant() };
	return n;
}

/*
 * Alternatives as filters have them, a conjunction each, that fail to the next; a few of them disturbed, and different
 * things at their ends. No longer than LIST.
 */
static size_t
random_list(struct bpf_insn *p)
{
	static const uint16_t sizes[] = { BPF_W, BPF_H, BPF_B };
	struct { struct bpf_insn load, mask; } fields[4];
	size_t n = 0, rules = 5 + rnd(16), jumps[128], to_next[8], n_jumps = 0, n_fields = 1 + rnd(4), last;
	uint32_t values = 1 + rnd(8), noise = rnd(3) ? 0 : 2 + rnd(20);

	for (size_t i = 0; i < n_fields; i++) {
		uint16_t mode = rnd(5) ? BPF_ABS : BPF_IND;

		fields[i].load = (struct bpf_insn) { .code = (uint16_t)(BPF_LD | sizes[rnd(3)] | mode), .k = rnd(24) };
		fields[i].mask = (struct bpf_insn) { .code = BPF_ALU | BPF_AND | BPF_K, .k = rnd(2) ? 3 : 0x00ff00ff };
		if (rnd(3))
			fields[i].mask.code = 0;
	}
	for (uint32_t i = 0; noise && i < BPF_MEMWORDS; i++)
		p[n++] = (struct bpf_insn) { .code = BPF_ST, .k = i };
	if (rnd(2))
		p[n++] = (struct bpf_insn) { .code = BPF_LDX | BPF_MSH | BPF_B, .k = rnd(24) };
	last = n_fields;
	for (size_t r = 0; r < rules; r++) {
		size_t terms = 1 + rnd(3), n_next = 0;

		for (size_t t = 0; t < terms; t++) {
			size_t f = rnd((uint32_t)n_fields);

			if (f != last || rnd(4) == 0) {
				p[n++] = fields[f].load;
				if (fields[f].mask.code)
					p[n++] = fields[f].mask;
			}
			last = f;
			if (t + 1 == terms)
				jumps[n_jumps++] = n;
			to_next[n_next++] = n;
			p[n++] = (struct bpf_insn) { .code = BPF_JMP | BPF_JEQ | BPF_K, .k = rnd(values) };
			if (noise && rnd(noise) == 0)
				p[n++] = random_insn(2);
		}
		for (size_t i = 0; i < n_next; i++)
			p[to_next[i]].jf = (uint8_t)(n - to_next[i] - 1);
		if (rnd(4))
			last = n_fields;
	}
	/* The default falls in here; the others come to one of the next. */
	p[n++] = (struct bpf_insn) { .code = BPF_RET | (rnd(4) ? BPF_K : BPF_A), .k = rnd(3) };
	for (size_t i = 0; i < n_jumps; i++) {
		struct bpf_insn *x = &p[jumps[i]];

		if (rnd(30) || !noise)
			x->jt = (uint8_t)(n - jumps[i] - 1);
		if (noise && rnd(noise) == 0)
			x->jt = (uint8_t)rnd((uint32_t)(n - jumps[i]));
	}
	if (rnd(2)) {
		p[n++] = (struct bpf_insn) { .code = BPF_LD | BPF_B | BPF_ABS, .k = rnd(30) };
		p[n++] = (struct bpf_insn) { BPF_JMP | BPF_JSET | BPF_K, 0, 1, 3 };
	} else if (rnd(3) == 0) {
		p[n++] = (struct bpf_insn) { .code = BPF_ALU | BPF_ADD | BPF_K, .k = 1 };
	}
	p[n++] = (struct bpf_insn) { .code = BPF_RET | (rnd(3) ? BPF_K : BPF_A), .k = 4 };
	p[n++] = (struct bpf_insn) { .code = BPF_RET | BPF_K, .k = 5 };
	/* What nobody reaches. */
	for (uint32_t i = rnd(3); i > 0; i--)
		p[n++] = (struct bpf_insn) { .code = BPF_RET | BPF_K, .k = rnd(6) };
	return n;
}

static void
compare(const struct bpf_insn *p, size_t n, const struct native *x, const uint8_t *packet, uint32_t caplen)
{
	uint32_t len = caplen + rnd(2000);
	uint32_t want = bpf_filter(p, packet, len, caplen), got = native_code(x)(packet, len, caplen);

	if (want == got)
		return;
	for (size_t i = 0; i < n; i++)
		print_message("%s\n", bpf_image(&p[i], (int)i));
	print_message("caplen %u len %u: interpreter %u, native %u\n", caplen, len, want, got);
	fail();
}

/* Does it shift by a constant of 32 and more? What the interpreter does then is not defined, and not translated. */
static bool
shifts_far(const struct bpf_insn *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((p[i].code == (BPF_ALU | BPF_LSH | BPF_K) || p[i].code == (BPF_ALU | BPF_RSH | BPF_K)) && p[i].k > 31)
			return true;
	return false;
}

static void
random_programs(void **state)
{
	const char *more = getenv("NATIVE_RUNS"), *first = getenv("NATIVE_SEED");
	long runs = (more ? atol(more) : 500) * 1000, done = 0, programs = 0, refused = 0;
	struct bpf_insn p[LIST];
	uint8_t packet[PACKET];

	(void)state;
	if (first)
		seed = strtoull(first, NULL, 0) | 1;
	while (done < runs) {
		size_t n = rnd(3) ? random_program(p) : random_list(p);
		struct native *x;

		assert_true(n <= LIST);
		if (!bpf_validate(p, (int)n)) {
			refused++;
			assert_true(refused < 100 + programs);
			continue;
		}
		x = native_new(p, n);
		if (!x) {
			assert_true(shifts_far(p, n));
			continue;
		}
		programs++;
		for (int i = 0; i < 20; i++, done++) {
			uint32_t caplen = rnd(4) ? rnd(PACKET + 1) : PACKET;
			/* At the end of its own block, so that a sanitizer or valgrind sees a read past it. */
			uint8_t *exact = malloc(caplen ? caplen : 1);

			for (size_t k = 0; k < PACKET; k++)
				packet[k] = (uint8_t)(rnd(3) ? rnd(8) : rnd(256));
			memcpy(exact, packet, caplen);
			compare(p, n, x, exact, caplen);
			free(exact);
		}
		native_free(x);
	}
	print_message("%ld programs, %ld executions\n", programs, done);
}

static void
real_filters(void **state)
{
	static const char *const filters[] = {
		"tcp", "host 10.0.0.1", "tcp port 80", "udp port 53 or tcp port 53", "net 10.0.0.0/8 and not icmp", "vlan and ip",
		"vlan 7 and tcp port 80", "tcp[13] == 18", "tcp[tcpflags] & (tcp-syn|tcp-fin) != 0", "ip6 and tcp", "len > 100",
		"portrange 20-1000", "ip[2:2] > 576", "ether host 02:00:00:00:00:0a", "mpls and ip", "pppoes and ip", "ip proto 47",
		"host 1.1.1.1 or host 2.2.2.2 or host 3.3.3.3 or host 4.4.4.4 or host 5.5.5.5 or host 6.6.6.6 or host 7.7.7.7",
		"port 1 or port 2 or port 3 or port 4 or port 5 or port 6 or port 7 or port 8 or port 9 or port 10 or port 11",
		"ip6 protochain 6", "ip protochain 17", "(ip[6:2] & 0x1fff) = 0 and icmp[0] = 8", "ether multicast",
	};
	pcap_t *h = pcap_open_dead(DLT_EN10MB, 262144);

	(void)state;
	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
		struct bpf_program code;
		struct native *x;

		assert_int_equal(pcap_compile(h, &code, filters[i], 1, PCAP_NETMASK_UNKNOWN), 0);
		x = native_new(code.bf_insns, code.bf_len);
		assert_non_null(x);
		for (int run = 0; run < 5000; run++) {
			static const uint16_t types[] = { 0x0800, 0x0800, 0x86dd, 0x0806, 0x8100, 0x8847, 0x8864 };
			uint16_t type = types[rnd(7)];
			uint8_t packet[PACKET];
			uint32_t caplen = rnd(3) ? PACKET : rnd(PACKET + 1);

			for (size_t k = 0; k < PACKET; k++)
				packet[k] = (uint8_t)rnd(12);
			packet[12] = (uint8_t)(type >> 8);
			packet[13] = (uint8_t)type;
			packet[14] = type == 0x86dd ? 0x60 : 0x45;
			packet[23] = (uint8_t)(rnd(2) ? 6 : 17);
			packet[20] = (uint8_t)(type == 0x86dd ? 6 : 0);
			if (rnd(2))
				memset(packet + 26, (int)rnd(9), 4);
			compare(code.bf_insns, code.bf_len, x, packet, caplen);
		}
		native_free(x);
		pcap_freecode(&code);
	}
	pcap_close(h);
}

/* So long that libpcap's jumps do not reach from end to end. Every packet at every length. */
static void
long_lists(void **state)
{
	static const struct { const char *element; int n; uint16_t type; } lists[] = {
		{ "host 10.0.%d.%d", 80, 0x0800 }, { "src host 10.0.%d.%d", 150, 0x0800 }, { "host 2001:db8::%x:%x", 120, 0x86dd },
		{ "port 1%d%03d", 70, 0x0800 }, { "net 10.%d.%d.0/24", 60, 0x0800 }, { "net 2001:db8:%x:%x::/64", 100, 0x86dd },
		{ "not dst host 10.0.%d.%d", 20, 0x0800 }, { "host 10.0.%d.%d and (tcp or arp)", 40, 0x0806 },
	};
	pcap_t *h = pcap_open_dead(DLT_EN10MB, 262144);

	(void)state;
	for (size_t l = 0; l < sizeof lists / sizeof *lists; l++) {
		bool six = lists[l].type == 0x86dd;
		char *text = calloc(200, 64);
		struct bpf_program code;
		struct native *x;
		uint8_t packet[80];

		assert_non_null(text);
		for (int i = 0; i < lists[l].n; i++) {
			size_t at = strlen(text);

			snprintf(text + at, 64, "%s", i ? " or " : "");
			at += strlen(text + at);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
			snprintf(text + at, 60, lists[l].element, i / 50, i % 50);
#pragma GCC diagnostic pop
		}
		assert_int_equal(pcap_compile(h, &code, text, 1, PCAP_NETMASK_UNKNOWN), 0);
		x = native_new(code.bf_insns, code.bf_len);
		assert_non_null(x);
		for (int run = 0; run < 60; run++) {
			uint16_t type = rnd(4) ? lists[l].type : rnd(2) ? 0x0806 : 0x0800;

			memset(packet, 0, sizeof packet);
			packet[12] = (uint8_t)(type >> 8);
			packet[13] = (uint8_t)type;
			packet[14] = six ? 0x60 : 0x45;
			packet[six ? 20 : 23] = rnd(2) ? 6 : 17;
			/* Addresses and ports of the lists, or nearly. */
			for (unsigned side = 0; side < 2; side++) {
				uint8_t *a = packet + (six ? 22 + 16 * side : type == 0x0806 ? 28 + 10 * side : 26 + 4 * side);
				uint8_t high = (uint8_t)rnd(4), low = (uint8_t)rnd(55);
				uint32_t port = 10000 + high * 1000u + low;

				if (six) {
					memcpy(a, "\x20\x01\x0d\xb8", 4);
					a += strchr(lists[l].element, '/') ? 4 : 12;
					a[1] = high;
					a[3] = low;
				} else {
					bool net = strchr(lists[l].element, '/') != NULL;

					a[0] = 10;
					a[net ? 1 : 2] = high;
					a[net ? 2 : 3] = low;
				}
				a = packet + (six ? 54 : 34) + 2 * side;
				if (rnd(2))
					a[0] = (uint8_t)(port >> 8), a[1] = (uint8_t)port;
			}
			for (uint32_t caplen = 0; caplen <= sizeof packet; caplen++)
				compare(code.bf_insns, code.bf_len, x, packet, caplen);
		}
		native_free(x);
		pcap_freecode(&code);
		free(text);
	}
	pcap_close(h);
}

/* The code's page can be executed and not written; no page of ours can be both. */
static void
pages_are_not_writable(void **state)
{
	const struct bpf_insn insns[] = { { .code = BPF_RET | BPF_K, .k = 1 } };
	struct native *x = native_new(insns, 1);
	native_function *code = native_code(x);
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned long from, to, at;
	char line[512], how[8];
	bool found = false;

	(void)state;
	memcpy(&at, &code, sizeof at);
	assert_non_null(maps);
	while (fgets(line, sizeof line, maps)) {
		if (sscanf(line, "%lx-%lx %7s", &from, &to, how) != 3)
			continue;
		/* valgrind keeps its own code on such pages. */
		assert_false(how[1] == 'w' && how[2] == 'x' && !is_examined());
		if (at >= from && at < to) {
			assert_string_equal(how, "r-xp");
			found = true;
		}
	}
	assert_true(found);
	fclose(maps);
	native_free(x);
}

static void
nonsense_is_refused(void **state)
{
	const struct bpf_insn no_return[] = { { .code = BPF_LD | BPF_IMM } };
	const struct bpf_insn by_zero[] = { { .code = BPF_ALU | BPF_DIV | BPF_K }, { .code = BPF_RET | BPF_A } };

	const struct bpf_insn too_far[] = { { .code = BPF_ALU | BPF_LSH | BPF_K, .k = 32 }, { .code = BPF_RET | BPF_A } };

	(void)state;
	assert_null(native_new(too_far, 2));
	assert_null(native_new(no_return, 1));
	assert_null(native_new(by_zero, 2));
	assert_null(native_new(no_return, 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_programs),
		cmocka_unit_test(real_filters),
		cmocka_unit_test(long_lists),
		cmocka_unit_test(pages_are_not_writable),
		cmocka_unit_test(nonsense_is_refused),
	};
#if !defined(__x86_64__) && !defined(__aarch64__)
	return 77;	/* no translator for this processor */
#endif
	return cmocka_run_group_tests(tests, NULL, NULL);
}
