/* The plain invocation: tcpdump. */
#pragma once

#include <stdbool.h>

/* Runs with the words of the command line; plain: only what tcpdump knows. Returns the exit status. */
int cmd_dump(int argc, char **argv, bool plain);
