/* What the aides do, each in its own process; see aide.h. */
#pragma once

#include "cmd/aide.h"

/* What is known when one begins; the master's options, and what it was asked by. */
struct serve {
	const struct aide_options *o;
	int control;
	int names[NAMES_THREADS];	/* of the asker, when names are asked for */
};

_Noreturn void serve_asker(const struct serve *);
_Noreturn void serve_runner(const struct serve *);
_Noreturn void serve_opener(const struct serve *);

/* The loops alone, which end with their channel or at the first message that makes no sense. */
void serve_names(int channel);
void serve_filters(int control, const struct filter_options *);
/* run gets NULL in place of a path that -w cannot have written. */
void serve_paths(int control, const char *written, void (*run)(void *ctx, const char *path), void *ctx);
/* list: open, and read here alone. */
void serve_list(int control, int list);
