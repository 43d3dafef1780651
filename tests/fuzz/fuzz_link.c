/*
 * Packets of one link type: a target each for the link rows of demux.def, all in this program. Which one is said by
 * the program's name (fuzz_link_113) or by its argument --link=113; if nothing says so, the input's first byte counts the
 * rows, and the rest is as it would be.
 */
#include <stdlib.h>

#include "mutate.h"
#include "proto/protos.h"
#include "walk.h"

enum { CHOSEN = 1 };			/* bytes in front, when the input says which */

static uint32_t link_type = UINT32_MAX;	/* when it does */

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

/* The i-th link type of demux.def, or one of them. */
static uint32_t
link_at(unsigned i)
{
	unsigned n = 0;

	for (size_t k = 0; k < protos_n_rows; k++)
		n += protos_rows[k].kind == D_LINK;
	i %= n;
	for (size_t k = 0;; k++)
		if (protos_rows[k].kind == D_LINK && i-- == 0)
			return protos_rows[k].first;
}

/* How many bytes are in front of what walk_input wants, and of which type the packet is; false: there is none. */
static bool
choose(const uint8_t *data, size_t size, size_t *lead, uint32_t *link)
{
	*lead = link_type == UINT32_MAX ? CHOSEN : 0;
	if (size <= *lead + WALK_LEAD)
		return false;
	*link = *lead ? link_at(data[0]) : link_type;
	return true;
}

static bool
find_packet(const uint8_t *data, size_t size, uint32_t dice, struct mutate_place *at)
{
	size_t lead;
	uint32_t link;

	(void)dice;
	if (!choose(data, size, &lead, &link))
		return false;
	lead += WALK_LEAD;
	*at = (struct mutate_place) { lead, size - lead, link };
	return true;
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
	size_t lead;
	uint32_t link;

	if (choose(data, size, &lead, &link))
		walk_input(protos_rows, protos_n_rows, link, data + lead, size - lead);
	return 0;
}
