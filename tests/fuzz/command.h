/*
 * For the targets that run whole commands: their files are in memory, and what they say is looked at. Nothing of a packet or
 * of a file may reach standard output or standard error as a control character.
 */
#pragma once

#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cmd/commands.h"
#include "cmd/dump.h"
#include "cmd/say.h"
#include "memory.h"

enum { COMMAND_WORDS = 24 };

static inline void
command_check(int fd, const char *which)
{
	off_t size = lseek(fd, 0, SEEK_END);
	const uint8_t *text = size > 0 ? mmap(NULL, (size_t)size, PROT_READ, MAP_SHARED, fd, 0) : NULL;

	if (text == MAP_FAILED)
		abort();
	for (off_t i = 0; i < size; i++)
		/* SOH and STX are tcpdump's way of showing NetBIOS names. */
		if ((text[i] < ' ' && text[i] != '\n' && text[i] != '\t' && text[i] != 1 && text[i] != 2) || text[i] == 0x7f) {
			fprintf(stderr, "limit broken: control character %d on %s, byte %lld\n", text[i], which, (long long)i);
			abort();
		}
	if (text)
		munmap((void *)(uintptr_t)text, (size_t)size);
}

/*
 * Runs it with these words (NULL-terminated; the first is the command's name, or "wiretape"). raw: what is on standard output
 * may be anything.
 */
static inline void
command_run(const char *const *words, bool raw)
{
	static struct memory_file out, err;
	static FILE *quiet;
	static char name[] = "wiretape";
	char *argv[COMMAND_WORDS + 1], *copies[COMMAND_WORDS];
	const struct command *c = NULL;
	FILE *loud = stderr;
	int argc = 0, was, n;

	memory_write(&out, "", 0);
	memory_write(&err, "", 0);
	if (!quiet)
		quiet = fdopen(err.fd, "w+");
	was = dup(STDOUT_FILENO);
	fflush(stdout);
	if (!quiet || was < 0 || lseek(out.fd, 0, SEEK_SET) < 0 || dup2(out.fd, STDOUT_FILENO) < 0)
		abort();
	fseek(quiet, 0, SEEK_SET);
	for (; words[argc] && argc < COMMAND_WORDS; argc++)
		if (!(argv[argc] = copies[argc] = strdup(words[argc])))
			abort();
	argv[n = argc] = NULL;
	for (unsigned i = 0; command_at(i); i++)
		if (strcmp(words[0], command_at(i)->name) == 0)
			c = command_at(i);
	optind = 0;	/* getopt starts anew */
	say_as(name);
	stderr = quiet;
	(void)(c ? c->run(argc, argv) : cmd_dump(argc, argv, false));
	fflush(stdout);
	fflush(quiet);
	stderr = loud;
	dup2(was, STDOUT_FILENO);
	close(was);
	for (int i = 0; i < n; i++)
		free(copies[i]);
	if (!raw)
		command_check(out.fd, "standard output");
	command_check(err.fd, "standard error");
}
