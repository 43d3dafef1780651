/*
 * How long things took, in memory that does not grow: count, sum, least and greatest are exact; quantiles are as long as
 * there are no more than SUMMARY_EXACT values, and within one part in 64 (1.6 %) afterwards.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum {
	SUMMARY_EXACT = 1024,
	SUMMARY_FINE = 64,			/* classes between a power of two and the next */
	SUMMARY_CLASSES = (64 - 6 + 1) * SUMMARY_FINE,
};

struct summary {			/* zeroed: empty */
	uint64_t n;
	int64_t min, max;
	double sum;
	int64_t *exact;			/* the values, until there are too many ... */
	uint32_t *classes;		/* ... and then how many of each size */
	bool failed;			/* no memory: no quantiles */
};

/* Values below zero count as zero. */
void summary_add(struct summary *s, int64_t value);
double summary_mean(const struct summary *s);
/* The value that a share q (0 to 1) of all do not exceed; 0.5 is the median. 0 of nothing. */
int64_t summary_quantile(struct summary *s, double q);
void summary_free(struct summary *s);
