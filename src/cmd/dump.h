/* The plain invocation: tcpdump. */
#pragma once

int cmd_dump(int argc, char **argv);
