/*
 * Whether memory has been short. Much can go on without memory that was wanted (a row that is not shown, a conversation
 * that is not remembered); then the result is not all there is, and whoever made it has to say so.
 */
#pragma once

#include <stdbool.h>

/* Has any allocation of the program's own code failed so far? */
bool memory_was_short(void);
