/* Usage and version texts, in tcpdump's form. */
#pragma once

#include <stdio.h>

void usage_version(FILE *out);
void usage_print(FILE *out);

/* Says that -m MODULE is ignored. */
void usage_no_smi(const char *module);

/* --fp-type: what a fixed bit pattern is as a float, to tell floating-point formats apart. */
void usage_float(FILE *out);
