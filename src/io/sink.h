/*
 * The file that a capture is written to. It takes runs of whole records, plain or as the frames an encoder makes of
 * them; what cannot be written whole is cut off again, so the file is a valid capture after every call, also after
 * one that failed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

struct syncer;

enum capture_format { CAPTURE_PCAP, CAPTURE_PCAPNG };

struct sink {
	char *name;		/* for messages */
	int fd;
	enum capture_format format;
	bool regular;		/* a damaged end can be cut off */
	bool broken;		/* a write has failed; nothing more is written */
	off_t whole;		/* length of the file up to the last whole record, as far as regular */
	bool (*give_up)(void);	/* is the end asked for? A reader who sleeps is not waited for then; NULL: never */
	struct syncer *syncer;	/* lent, or NULL: when it gets to the disk is the kernel's business */
	dev_t device;		/* which file it is, as far as regular */
	ino_t inode;
};

/* Names the file; nothing is opened yet. NULL and *e without memory. "-" is standard output. */
struct sink *sink_new(const char *path, enum capture_format format, struct err *e);

/* Opens or makes the file, and empties it. */
bool sink_open(struct sink *s, const char *path, struct err *e);

/* Writes two runs of whole records, either of which may be empty, one behind the other. */
bool sink_write(struct sink *s, const void *a, size_t a_len, const void *b, size_t b_len, struct err *e);

/* Writes a frame, which stands for a run of whole records. */
bool sink_write_frame(struct sink *s, const void *frame, size_t n, struct err *e);

/* Closes, if it is open, and frees, also when closing fails; with a syncer, all of it is on the disk then. */
bool sink_close(struct sink *s, struct err *e);
