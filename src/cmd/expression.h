/* The filter expression's text: the words of the command line, or the file of -F. */
#pragma once

#include <stdbool.h>

#include "base/err.h"

/*
 * From the file when its name is given ("#" begins a comment there), else from the words. "port 20-25" is made into
 * "portrange 20-25", which is what it can only mean. NULL and *e on failure; free it.
 */
char *expression_text(const char *file, char **words, struct err *e);

/*
 * Are there words in the expression that may be names: of hosts, networks, services, protocols? Those have to be looked up
 * when it is compiled. True in case of doubt.
 */
bool expression_has_names(const char *text);
