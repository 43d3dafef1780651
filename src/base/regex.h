/*
 * PCRE2 that comes to an end. What a pattern takes depends on what it is matched with, and that may have been made so that it
 * takes long: so a search goes through the places where a match may begin in steps, and looks at the clock between them.
 * At a place that takes too many steps no match is looked for; when all the time is used up, nor is it behind that.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum {
	REGEX_STEPS_MAX = 40000,		/* PCRE2's match limit, for one place */
	REGEX_TIME_MAX = 3000000,		/* ns of the processor between two calls of regex_begin */
};

/* What a pattern is to be compiled with, besides other options. Those that say themselves where a search ends are left whole. */
uint32_t regex_compile(const char *text, size_t n);

/*
 * Makes machine code of a compiled pattern, with which it is matched faster; jit: PCRE2's options for that. Not beneath valgrind,
 * which takes bytes that such code reads beside the subject, and passes over, for a mistake.
 */
void regex_hurry(pcre2_code *, uint32_t jit);

enum regex_result { REGEX_NONE, REGEX_MATCH, REGEX_PARTIAL };

struct regex;

/* NULL without memory. */
struct regex *regex_new(void);
void regex_free(struct regex *);

/* The time begins anew. */
void regex_begin(struct regex *);
/*
 * The first match in the n bytes at p that begins at `at` or behind it, or, with PCRE2_PARTIAL_HARD, the beginning of one that
 * the end cuts off: *from is where it begins and *to what is behind it. options: PCRE2's.
 */
enum regex_result regex_find(struct regex *, const pcre2_code *, const uint8_t *p, size_t n, size_t at, uint32_t options,
    size_t *from, size_t *to);
/* How many times something was left out. */
uint64_t regex_given_up(const struct regex *);
