#include "flow/icmp.h"

#include <stddef.h>

struct pair {
	uint8_t ask, answer;
};

/* RFC 792, RFC 950, RFC 1256: echo, router discovery, timestamp, information, address mask. */
static const struct pair pairs4[] = { { 8, 0 }, { 10, 9 }, { 13, 14 }, { 15, 16 }, { 17, 18 } };
/*
 * RFC 4443, RFC 2710, RFC 4861, RFC 4620, RFC 6275: echo, multicast listeners, routers, neighbours, node information,
 * home agents.
 */
static const struct pair pairs6[] = { { 128, 129 }, { 130, 131 }, { 133, 134 }, { 135, 136 }, { 139, 140 }, { 144, 145 } };

int
icmp_counterpart(unsigned version, unsigned type)
{
	const struct pair *pairs = version == 4 ? pairs4 : pairs6;
	const size_t n = version == 4 ? sizeof pairs4 / sizeof *pairs4 : sizeof pairs6 / sizeof *pairs6;

	for (size_t i = 0; i < n; i++) {
		if (pairs[i].ask == type)
			return pairs[i].answer;
		if (pairs[i].answer == type)
			return pairs[i].ask;
	}
	return -1;
}
