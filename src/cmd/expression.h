/* The filter expression's text: the words of the command line, or the file of -F. */
#pragma once

#include "base/err.h"

/*
 * From the file when its name is given ("#" begins a comment there), else from the words. "port 20-25" is made into
 * "portrange 20-25", which is what it can only mean. NULL and *e on failure; free it.
 */
char *expression_text(const char *file, char **words, struct err *e);
