/*
 * Command lines pasted from web pages carry typographic characters: dashes for hyphens, curled quotes that the shell
 * does not know, no-break spaces. They are recognised as what they were meant to be.
 */
#pragma once

#include <stdbool.h>

/* The words of a command line, NULL-terminated, and what had to be allocated for them. */
struct paste {
	int n, room;
	char **words;
	int n_blocks;
	char **blocks;
};

/*
 * Rewrites the words of a command line when any carries such characters where they cannot have been meant: in front
 * of an option, around a word, inside the filter expression. Arguments of options are left alone but for quotes
 * around them, and entirely when they name an existing file. False when there is nothing to repair; else the words
 * to use are in *p, which keeps some of argv by reference, and one warning line has been said.
 */
bool paste_repair(struct paste *p, int argc, char **argv, bool plain);
void paste_free(struct paste *p);
