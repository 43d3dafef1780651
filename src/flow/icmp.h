/* ICMP and ICMPv6 messages as conversations: which type answers which (Community ID v1). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The type of answers to `type`, or of what it answers; -1: nobody answers it, and nothing is answered by it. */
int icmp_counterpart(unsigned version, unsigned type);

/* Are these two (type and what stands for the other port) a pair of question and answer? */
static inline bool
icmp_is_answered(unsigned version, unsigned type, unsigned other)
{
	return icmp_counterpart(version, type) == (int)other;
}
