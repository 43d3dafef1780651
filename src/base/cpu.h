/*
 * What the processor we run on can do beyond what the program is compiled for. Code for such a processor stands beside
 * a plain version, is marked with its attribute, and is only called when the question here is answered with yes.
 */
#pragma once

#include <stdbool.h>

/* Any bytes of a vector of 16 to any places in one instruction: NEON always, x86 since SSSE3. */
#if defined __x86_64__
#define CPU_SHUFFLE __attribute__((target("ssse3")))
#else
#define CPU_SHUFFLE
#endif

static inline bool
cpu_shuffles(void)
{
#if defined __x86_64__
	return __builtin_cpu_supports("ssse3");
#elif defined __aarch64__
	return true;
#else
	return false;
#endif
}

/* Vectors of 32 bytes of integers: x86 since AVX2. */
#if defined __x86_64__
#define CPU_WIDE __attribute__((target("avx2")))
#else
#define CPU_WIDE
#endif

static inline bool
cpu_is_wide(void)
{
#if defined __x86_64__
	return __builtin_cpu_supports("avx2");
#else
	return false;
#endif
}
