#include "base/regex.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/examined.h"

/*
 * Between two looks at the clock so many places are gone through as would take 2 ms or so if at each of them all the bytes
 * were looked at. What takes longer than that, PCRE2's match limit counts, roughly: its machine code counts groups, its
 * interpreter every way that was tried. Where the limit is reached, places are tried alone and interpreted, with a higher
 * one, which becomes half as high each time that it is reached, too: a few places that are hopeless should leave time for
 * those behind them.
 */
enum {
	STRIDE_BYTES = 2 << 20, STRIDE_MIN = 16,
	STEPS = 2000,
	JIT_STACK = 1 << 20,
	HEAP = 4 << 10,			/* KiB that the interpreter may take: memory that is new to it takes time as well */
};

struct regex {
	pcre2_match_data *match;
	pcre2_match_context *limits;
	pcre2_jit_stack *stack;
	bool timed, late;
	int64_t wall, cpu;		/* when the time began */
	uint32_t steps;			/* PCRE2's match limit for a place alone */
	uint64_t given_up;
};

void
regex_hurry(pcre2_code *code, uint32_t jit)
{
	if (!is_emulated())
		pcre2_jit_compile(code, jit);	/* without it, patterns are only slower */
}

struct regex *
regex_new(void)
{
	struct regex *r = calloc(1, sizeof *r);

	if (r == NULL)
		return NULL;
	r->match = pcre2_match_data_create(1, NULL);
	r->limits = pcre2_match_context_create(NULL);
	r->stack = pcre2_jit_stack_create(32 << 10, JIT_STACK, NULL);
	if (r->match == NULL || r->limits == NULL || r->stack == NULL) {
		regex_free(r);
		return NULL;
	}
	pcre2_set_heap_limit(r->limits, HEAP);
	pcre2_jit_stack_assign(r->limits, NULL, r->stack);
	regex_begin(r);
	return r;
}

void
regex_free(struct regex *r)
{
	if (r == NULL)
		return;
	pcre2_match_data_free(r->match);
	pcre2_match_context_free(r->limits);
	pcre2_jit_stack_free(r->stack);
	free(r);
}

uint64_t
regex_given_up(const struct regex *r)
{
	return r->given_up;
}

void
regex_begin(struct regex *r)
{
	r->timed = r->late = false;
	r->steps = REGEX_STEPS_MAX;
}

/* Most searches are over before anybody looks. What others had of the processor does not count, but takes longer to ask for. */
static void
look_at_clock(struct regex *r)
{
	if (!r->timed) {
		r->timed = true;
		r->wall = clock_steady_ns();
		r->cpu = clock_thread_ns();
		return;
	}
	r->late = clock_steady_ns() - r->wall > REGEX_TIME_MAX && clock_thread_ns() - r->cpu > REGEX_TIME_MAX;
}

uint32_t
regex_compile(const char *text, size_t n)
{
	/* Where a search began (\G), and verbs: "(*COMMIT)". */
	return memmem(text, n, "\\G", 2) || memmem(text, n, "(*", 2) ? 0 : PCRE2_USE_OFFSET_LIMIT;
}

/* Is it to be searched for in strides? What is anchored would be tried wherever one begins. */
static bool
is_strided(const pcre2_code *code)
{
	uint32_t options = 0;

	pcre2_pattern_info(code, PCRE2_INFO_ALLOPTIONS, &options);
	return options & PCRE2_USE_OFFSET_LIMIT && !(options & PCRE2_ANCHORED);
}

/*
 * PCRE2's own search; alone: interpreted. Past its checks the machine code is reached sooner, which counts where there are
 * many matches.
 */
static int
match(struct regex *r, const pcre2_code *code, const uint8_t *p, size_t n, size_t at, uint32_t options, bool alone)
{
	int got = PCRE2_ERROR_JIT_BADOPTION;

	if (!alone)
		got = pcre2_jit_match(code, p, n, at, options, r->match, r->limits);
	if (got == PCRE2_ERROR_JIT_BADOPTION)
		got = pcre2_match(code, p, n, at, alone ? options | PCRE2_NO_JIT : options, r->match, r->limits);
	return got;
}

enum regex_result
regex_find(struct regex *r, const pcre2_code *code, const uint8_t *p, size_t n, size_t at, uint32_t options, size_t *from,
    size_t *to)
{
	const PCRE2_SIZE *place = pcre2_get_ovector_pointer(r->match);
	const size_t most = n < STRIDE_BYTES / STRIDE_MIN ? STRIDE_BYTES / (n + 1) : STRIDE_MIN;
	const bool strided = is_strided(code);
	size_t stride = most;
	bool alone = false;
	int got;

	while (!r->late) {
		pcre2_set_offset_limit(r->limits, strided && n - at > stride ? at + stride - 1 : PCRE2_UNSET);
		pcre2_set_match_limit(r->limits, alone ? r->steps : STEPS);
		got = match(r, code, p, n, at, options, alone);
		if (got >= 0 || got == PCRE2_ERROR_PARTIAL) {
			*from = place[0];
			*to = place[1];
			return got >= 0 ? REGEX_MATCH : REGEX_PARTIAL;
		}
		if (got == PCRE2_ERROR_NOMATCH || alone) {
			if (got != PCRE2_ERROR_NOMATCH) {
				r->given_up++;
				r->steps = r->steps > 2 * STEPS ? r->steps / 2 : STEPS;
			}
			if (n - at <= stride || !strided)
				return REGEX_NONE;
			at += stride;
			stride = stride < most / 2 ? stride * 2 : most;
			alone = false;
		} else {
			stride = 1;
			alone = true;
		}
		look_at_clock(r);
	}
	r->given_up++;
	return REGEX_NONE;
}
