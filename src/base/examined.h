/*
 * Is the program being examined, by a sanitizer or by valgrind? Those do things beneath that a sandbox would not let them do,
 * and cannot follow all that a library does. What is examined is the same without.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#if defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define EXAMINED_BY_CLANG 1
#endif
#endif
#ifndef EXAMINED_BY_CLANG
#define EXAMINED_BY_CLANG 0
#endif

/* Compiled to be? */
#if EXAMINED_BY_CLANG || defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define EXAMINED 1
#else
#define EXAMINED 0
#endif

/*
 * Valgrind answers a question that is put in instructions which do nothing on a processor: 1 beneath it, and 0 elsewhere. Nothing
 * that surrounds the program can give that answer.
 */
static inline bool
is_emulated(void)
{
	uint64_t answer = 0;
#if defined __x86_64__ || defined __aarch64__
	static const uint64_t question[6] = { 0x1001 };		/* is this valgrind? */
#endif

#if defined __x86_64__
	__asm__ volatile("rolq $3, %%rdi; rolq $13, %%rdi; rolq $61, %%rdi; rolq $51, %%rdi; xchgq %%rbx, %%rbx"
	    : "+d"(answer) : "a"(question) : "cc", "memory");
#elif defined __aarch64__
	register uint64_t x3 __asm__("x3") = 0;
	register const uint64_t *x4 __asm__("x4") = question;

	__asm__ volatile("ror x12, x12, #3; ror x12, x12, #13; ror x12, x12, #51; ror x12, x12, #61; orr x10, x10, x10"
	    : "+r"(x3) : "r"(x4) : "cc", "memory");
	answer = x3;
#endif
	return answer != 0;
}

static inline bool
is_examined(void)
{
	return EXAMINED || is_emulated();
}
