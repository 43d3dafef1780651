/* The commands: what a first word can be, beside a plain invocation. */
#pragma once

struct command {
	const char *name, *summary;
	int (*run)(int argc, char **argv);	/* argv[0] is the name; the exit status */
};

/* The i-th, sorted by name; NULL past the last. */
const struct command *command_at(unsigned i);
/* The one that a mistyped word may have meant, or NULL. */
const struct command *command_near(const char *word);
