/*
 * Command lines pasted from web pages carry typographic characters: dashes for hyphens, curled quotes that the shell
 * does not know, no-break spaces. They are recognised as what they were meant to be.
 */
#pragma once

#include <stdbool.h>

/*
 * Rewrites the words of a command line, NULL-terminated with *argc of them, when any carries such characters where
 * they cannot have been meant: in front of an option, around a word, inside the filter expression. Arguments of
 * options are left alone but for quotes around them, and entirely when they name an existing file. Returns the words
 * to use: argv itself when nothing was changed, else a new array (never freed: it lives as long as the program).
 */
char **paste_repair(int *argc, char **argv, bool plain);
