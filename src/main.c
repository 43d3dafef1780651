/* Picks the command; a plain invocation is tcpdump. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cmd/commands.h"
#include "cmd/dump.h"
#include "cmd/output.h"
#include "cmd/say.h"

/*
 * A standard descriptor that whoever started us has closed stays of no use, but nothing else gets its number: what is said there
 * must not end up in a capture file or a socket.
 */
static bool
fill_standard(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			return false;
	return true;
}

int
main(int argc, char **argv)
{
	const struct command *c;
	const char *first;
	bool plain;
	int status;

	if (argc < 1 || !fill_standard())
		return 1;
	output_begin();
	say_as(argv[0]);
	plain = strcmp(say_name(), "tcpdump") == 0;
	for (unsigned i = 0; !plain && argc > 1 && (c = command_at(i)); i++)
		if (strcmp(argv[1], c->name) == 0)
			return c->run(argc - 1, argv + 1);
	first = argc > 1 && argv[1][0] != '-' ? argv[1] : "";
	status = cmd_dump(argc, argv, plain);
	if (status && !plain && (c = command_near(first)) != NULL)
		say_error("'%s' was taken for a filter: did you mean the command '%s'?", first, c->name);
	return status;
}
