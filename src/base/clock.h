/* What time it is. */
#pragma once

#include <stdint.h>
#include <time.h>

static inline int64_t
clock_ns(clockid_t which)
{
	struct timespec t;

	clock_gettime(which, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Nanoseconds since 1970 UTC, as the system's clock has them: it may be set, also backwards. */
static inline int64_t
clock_wall_ns(void)
{
	return clock_ns(CLOCK_REALTIME);
}

/* What this thread has had of the processor: for limits of time and for what is measured, which others are not to change. */
static inline int64_t
clock_thread_ns(void)
{
	return clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

/* Time that only goes forward, for waits and durations; its beginning means nothing. */
static inline int64_t
clock_steady_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

static inline int64_t
clock_steady_ms(void)
{
	return clock_steady_ns() / 1000000;
}
