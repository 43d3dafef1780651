/* Random numbers that are the same in each run. */
#pragma once

#include <stdint.h>

static uint64_t dice_state = 88172645463325252u;

/* From 0 to n - 1. */
static inline uint32_t
dice(uint32_t n)
{
	dice_state ^= dice_state << 13;
	dice_state ^= dice_state >> 7;
	dice_state ^= dice_state << 17;
	return (uint32_t)(dice_state >> 32) % n;
}
