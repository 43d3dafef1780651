/*
 * What the program says on standard error, in tcpdump's form: "NAME: message". NAME is the last part of the path
 * the program was called by, so that a link named tcpdump speaks as tcpdump.
 */
#pragma once

/* Remembers the name; argv0 must outlive the program. */
void say_as(const char *argv0);

/* From now on it is this command that speaks: "NAME COMMAND: message". The text must outlive the program. */
void say_command(const char *which);

const char *say_name(void);

/*
 * Says a text that may have names of files in it, or what a file calls its interfaces: what steers a terminal is escaped, but
 * for line ends.
 */
void say_text(const char *text);

/* "NAME: message". Always 1, the exit status that goes with it. */
int say_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * A line that stays only until something else is said, or another such line; "" takes it away. For a terminal, and less wide
 * than that.
 */
void say_passing(const char *text);

/* "NAME: WARNING: message". */
void say_warning(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
