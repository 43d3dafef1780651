/* One of search.h's patterns, compiled. */
#pragma once

#include "base/regex.h"

#include "stream/search.h"

struct pattern {
	char *text;		/* as it was given */
	size_t len;
	enum search_kind kind;
	bool ignore_case;
	pcre2_code *code;	/* pattern_code */
	bool fast;		/* vectorscan knows it */
	uint32_t width;		/* then: the longest match, UINT32_MAX: there is none */
	uint32_t behind;	/* bytes in front of a match that may decide about it; at least 1 */
};

/* Copies and checks. The pattern is zeroed; it is to be freed in any case. */
bool pattern_make(struct pattern *t, enum search_kind kind, const char *p, size_t len, bool ignore_case, struct err *e);
void pattern_free(struct pattern *t);

/* Its regular expression in words that PCRE2 and vectorscan share, to be freed; NULL: it has NULs, or no memory. */
char *pattern_regex(const struct pattern *t);

/* Makes machine code of it if that is possible: before packets are looked at, since later on nobody may. */
void pattern_hurry(struct pattern *t);
/* What PCRE2 made of it. NULL without memory. */
const pcre2_code *pattern_code(struct pattern *t);
