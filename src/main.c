/* Picks the command; a plain invocation is tcpdump. */
#include "cmd/dump.h"

int
main(int argc, char **argv)
{
	return cmd_dump(argc, argv);
}
