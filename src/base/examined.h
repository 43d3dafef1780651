/*
 * Is the program being examined, by a sanitizer or by valgrind? Those do things beneath that a sandbox would not let them do,
 * and cannot follow all that a library does. What is examined is the same without.
 */
#pragma once

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

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

static inline bool
is_examined(void)
{
	const char *preload = EXAMINED ? NULL : getenv("LD_PRELOAD");

	return EXAMINED || (preload && strstr(preload, "vgpreload"));
}
