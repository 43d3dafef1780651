/*
 * What the process may still do once it reads packets: a list of system calls (seccomp; any other ends the process), and of
 * files (Landlock): those named here, and no network. Nothing can be taken back. Where the kernel lacks a piece, one line on
 * standard error says which, and the rest is in force.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"

struct sandbox;

/* NULL without memory. */
struct sandbox *sandbox_new(void);
void sandbox_free(struct sandbox *);

/* This file, or what is in this directory and below, may be read. What does not exist, or "-", is passed over. */
bool sandbox_read(struct sandbox *, const char *path);
/*
 * -w's file may be written: the file itself if it is there and the only one, else anything in its directory. Of a name with
 * strftime's conversions it is the directory in front of the first of them.
 */
bool sandbox_write(struct sandbox *, const char *name, bool several);
/* Anything may be made and written in this directory and below. */
bool sandbox_write_in(struct sandbox *, const char *directory);

/*
 * Enters it, for good. False: what the kernel has could not be put into force. With report (NULL: none), what is in force
 * then is told there, as the kernel tells it.
 */
bool sandbox_enter(struct sandbox *, FILE *report, struct err *e);
