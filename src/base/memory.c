#include "base/memory.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* The linker has calls of NAME out of the program come to __wrap_NAME, and __real_NAME is the C library's: see meson.build. */
void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__real_reallocarray(void *p, size_t n, size_t size);
char *__real_strdup(const char *s);
char *__real_strndup(const char *s, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
void *__wrap_reallocarray(void *p, size_t n, size_t size);
char *__wrap_strdup(const char *s);
char *__wrap_strndup(const char *s, size_t n);

static bool is_short;

bool
memory_was_short(void)
{
	return __atomic_load_n(&is_short, __ATOMIC_RELAXED);
}

static inline void *
got(void *p)
{
	if (__builtin_expect(!p, 0))
		__atomic_store_n(&is_short, true, __ATOMIC_RELAXED);
	return p;
}

void *
__wrap_malloc(size_t n)
{
	return got(__real_malloc(n));
}

void *
__wrap_calloc(size_t n, size_t size)
{
	return got(__real_calloc(n, size));
}

void *
__wrap_realloc(void *p, size_t n)
{
	return got(__real_realloc(p, n));
}

void *
__wrap_reallocarray(void *p, size_t n, size_t size)
{
	return got(__real_reallocarray(p, n, size));
}

char *
__wrap_strdup(const char *s)
{
	return got(__real_strdup(s));
}

char *
__wrap_strndup(const char *s, size_t n)
{
	return got(__real_strndup(s, n));
}
