/*
 * What the process may still do once it works with what comes from strangers: a list of system calls (seccomp; any other ends the
 * process), and of files (Landlock): those named here. Nothing can be taken back. Where the kernel lacks a piece, one line on
 * standard error says which, and the rest is in force.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"

struct sandbox;

/* Whose it is. */
enum sandbox_role {
	SANDBOX_READER,		/* looks at packets; no new sockets, nothing is sent */
	SANDBOX_ASKER,		/* asks name servers for others; writes no files */
	SANDBOX_OPENER,		/* opens files for others, to be read */
};

/* NULL without memory. */
struct sandbox *sandbox_new(enum sandbox_role);
void sandbox_free(struct sandbox *);

/* This file, or what is in this directory and below, may be read. What does not exist, or "-", is passed over. */
bool sandbox_read(struct sandbox *, const char *path);
/*
 * -w's file may be written: the file itself if it is there and the only one, else anything in its directory. Of a name with
 * strftime's conversions it is the directory in front of the first of them.
 */
bool sandbox_write(struct sandbox *, const char *name, bool several);
/* Files may be made, written and removed in this directory and below. */
bool sandbox_write_in(struct sandbox *, const char *directory);
/* Messages go to another process by this socket. */
bool sandbox_talk(struct sandbox *, int fd);
/*
 * Packets come by this descriptor; nothing can be sent by it, unless it is one of netfilter's, which wants to be told what
 * becomes of a packet.
 */
bool sandbox_capture(struct sandbox *, int fd);

/*
 * Enters it, for good; call before threads are started. False: what the kernel has could not be put into force. With report
 * (NULL: none), what is in force then is told there, as the kernel tells it, below the title.
 */
bool sandbox_enter(struct sandbox *, FILE *report, const char *title, struct err *e);

/* Tells the same of a process that has not entered any, and why not. */
void sandbox_report_none(FILE *report, const char *title, const char *why);
