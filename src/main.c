/* Picks the command; a plain invocation is tcpdump. */
#include <string.h>

#include "cmd/dump.h"
#include "cmd/failed.h"
#include "cmd/fields.h"
#include "cmd/follow.h"
#include "cmd/grep.h"
#include "cmd/say.h"
#include "cmd/stats.h"

/*
 * Commands are bare words that the filter language refuses, so that no command line of tcpdump changes its meaning.
 * Sorted by name.
 */
static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "failed", cmd_failed },
	{ "fields", cmd_fields },
	{ "follow", cmd_follow },
	{ "grep", cmd_grep },
	{ "stats", cmd_stats },
	{ NULL, NULL },
};

int
main(int argc, char **argv)
{
	bool plain;

	if (argc < 1)
		return 1;
	say_as(argv[0]);
	plain = strcmp(say_name(), "tcpdump") == 0;
	if (!plain && argc > 1)
		for (const struct command *c = commands; c->name; c++)
			if (strcmp(argv[1], c->name) == 0)
				return c->run(argc - 1, argv + 1);
	return cmd_dump(argc, argv, plain);
}
