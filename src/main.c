/* Picks the command; a plain invocation is tcpdump. */
#include <string.h>

#include "cmd/commands.h"
#include "cmd/dump.h"
#include "cmd/say.h"

int
main(int argc, char **argv)
{
	const struct command *c;
	bool plain;

	if (argc < 1)
		return 1;
	say_as(argv[0]);
	plain = strcmp(say_name(), "tcpdump") == 0;
	for (unsigned i = 0; !plain && argc > 1 && (c = command_at(i)); i++)
		if (strcmp(argv[1], c->name) == 0)
			return c->run(argc - 1, argv + 1);
	return cmd_dump(argc, argv, plain);
}
