/* Filters for "any": what libpcap compiles for the cooked headers, as the kernel must be asked. */
#include <linux/filter.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <stddef.h>
#include <cmocka.h>

#include "io/cooked.h"

enum { SLL = 113, SLL2 = 276, ETHERNET = 1 };

static void
headers(void **state)
{
	static const struct {
		uint32_t link, at, want;
		uint16_t width;
	} loads[] = {
		{ SLL2, 0, (uint32_t)(SKF_AD_OFF + SKF_AD_PROTOCOL), BPF_H },
		{ SLL2, 4, (uint32_t)(SKF_AD_OFF + SKF_AD_IFINDEX), BPF_W },
		{ SLL2, 8, (uint32_t)(SKF_AD_OFF + SKF_AD_HATYPE), BPF_H },
		{ SLL2, 10, (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE), BPF_B },
		{ SLL2, 20, 0, BPF_H },
		{ SLL2, 29, 9, BPF_B },
		{ SLL, 0, (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE), BPF_H },
		{ SLL, 14, (uint32_t)(SKF_AD_OFF + SKF_AD_PROTOCOL), BPF_H },
		{ SLL, 16, 0, BPF_W },
		{ ETHERNET, 12, 12, BPF_H },
		{ SLL2, (uint32_t)(SKF_AD_OFF + SKF_AD_IFINDEX), (uint32_t)(SKF_AD_OFF + SKF_AD_IFINDEX), BPF_W },
	};

	(void)state;
	for (size_t i = 0; i < sizeof loads / sizeof *loads; i++) {
		const struct sock_filter code[] = {
			BPF_STMT((uint16_t)(BPF_LD | loads[i].width | BPF_ABS), loads[i].at),
			BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x800, 0, 1),
			BPF_STMT(BPF_RET | BPF_K, 96),
			BPF_STMT(BPF_RET | BPF_K, 0),
		};
		struct sock_filter *got = cooked_program(code, 4, loads[i].link);

		assert_non_null(got);
		assert_int_equal(got[0].k, loads[i].want);
		assert_memory_equal(got + 1, code + 1, 3 * sizeof *code);
		free(got);
	}
}

/* Loads behind a variable length move, constants and memory do not. */
static void
other_instructions(void **state)
{
	static const struct sock_filter code[] = {
		BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 20), BPF_STMT(BPF_LD | BPF_H | BPF_IND, 22),
		BPF_STMT(BPF_LD | BPF_IMM, 40), BPF_STMT(BPF_LDX | BPF_MEM, 3), BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0),
		BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, 20), BPF_STMT(BPF_RET | BPF_A, 0),
	};
	static const uint32_t want[] = { 0, 2, 40, 3, 0, 20, 0 };
	struct sock_filter *got = cooked_program(code, 7, SLL2);

	(void)state;
	assert_non_null(got);
	for (int i = 0; i < 7; i++) {
		assert_int_equal(got[i].code, code[i].code);
		assert_int_equal(got[i].k, want[i]);
	}
	free(got);
}

static void
what_the_kernel_does_not_tell(void **state)
{
	static const struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0),		/* half of the protocol */
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 11),		/* length of the address */
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 12),		/* the address */
		BPF_STMT(BPF_LD | BPF_B | BPF_IND, 4),		/* somewhere */
		BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),
	};

	(void)state;
	for (size_t i = 0; i < sizeof code / sizeof *code; i++)
		assert_null(cooked_program(&code[i], 1, SLL2));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers),
		cmocka_unit_test(other_instructions),
		cmocka_unit_test(what_the_kernel_does_not_tell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
