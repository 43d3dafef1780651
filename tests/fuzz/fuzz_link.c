/*
 * Packets of one link type: a target each for the link rows of demux.def, all in this program. Which one is said by
 * the program's name (fuzz_link_113) or by its argument --link=113.
 */
#include <stdlib.h>

#include "proto/protos.h"
#include "walk.h"

static uint32_t link_type = 1;

int LLVMFuzzerInitialize(int *argc, char ***argv);

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *at = strstr((*argv)[0], "fuzz_link_");

	if (at)
		link_type = (uint32_t)strtoul(at + strlen("fuzz_link_"), NULL, 10);
	for (int i = 1; i < *argc; i++)
		if (strncmp((*argv)[i], "--link=", 7) == 0)
			link_type = (uint32_t)strtoul((*argv)[i] + 7, NULL, 10);
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	walk_input(protos_rows, protos_n_rows, link_type, data, size);
	return 0;
}
