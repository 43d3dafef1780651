/*
 * Packets of one link type: a target each for the link rows of demux.def, all in this program. Which one is said by
 * the program's name (fuzz_link_113) or by its argument --link=113.
 */
#include <stdlib.h>

#include "mutate.h"
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

/* The packet is behind the two bytes of walk_input. */
static bool
find_packet(const uint8_t *data, size_t size, uint32_t dice, struct mutate_place *at)
{
	(void)data, (void)dice;
	*at = (struct mutate_place) { WALK_LEAD, size > WALK_LEAD ? size - WALK_LEAD : 0, link_type };
	return at->len > 0;
}

const struct mutate_target *
mutate_target(void)
{
	static struct mutate_target t = { .find = find_packet };

	t.rows = protos_rows;
	t.n_rows = protos_n_rows;
	return &t;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	walk_input(protos_rows, protos_n_rows, link_type, data, size);
	return 0;
}
