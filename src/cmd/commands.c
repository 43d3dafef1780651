#include "cmd/commands.h"

#include <stddef.h>
#include <string.h>

#include "cmd/failed.h"
#include "cmd/fields.h"
#include "cmd/follow.h"
#include "cmd/grep.h"
#include "cmd/stats.h"
#include "dissect/catalog.h"

/* Bare words that the filter language refuses, so that no command line of tcpdump changes its meaning. */
static const struct command commands[] = {
	{ "failed", "what did not work, in groups, each with a filter that shows it", cmd_failed },
	{ "fields", "the fields that -Y, --fields and --json know", cmd_fields },
	{ "follow", "what the two ends of conversations said", cmd_follow },
	{ "grep", "search in conversations, across packets", cmd_grep },
	{ "stats", "what a capture consists of", cmd_stats },
};

const struct command *
command_at(unsigned i)
{
	return i < sizeof commands / sizeof *commands ? &commands[i] : NULL;
}

const struct command *
command_near(const char *word)
{
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (catalog_distance(word, commands[i].name) <= strlen(word) / 4)
			return &commands[i];
	return NULL;
}
