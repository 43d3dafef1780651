/*
 * Bytes in: a file, standard input or a pipe, plain or compressed, as one growing window of bytes.
 * Whoever parses takes from `at`, moves it forward, and asks for more when the window ends in the
 * middle of something; asking moves what is left to the front, so pointers into the window live
 * until then.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct decoder;

enum input_result {
	INPUT_FAILED = -1,	/* the message is in *e */
	INPUT_END = 0,		/* no byte will follow */
	INPUT_MORE = 1,		/* the window grew by at least one byte */
	INPUT_AGAIN = 2,	/* a signal or input_wake interrupted the wait */
};

struct input {
	uint8_t *at, *end;	/* the window: bytes read and not yet taken */
	uint8_t *buf;
	size_t size;
	/* the most that one read brings, and the window's first size */
	size_t chunk;
	int fd;
	/* a pipe that ends a wait; -1 when reading never waits (plain files) */
	int wake[2];
	bool own;		/* fd is ours to close */
	struct decoder *decoder;	/* NULL: not compressed */
	/* compressed bytes waiting for the decoder */
	uint8_t *packed, *packed_at, *packed_end;
	bool packed_over;		/* the compressed file has ended */
	/* bytes read from the file, and how many it had when it was opened (0: it is no plain file) */
	uint64_t done, total;
	uint64_t device, inode;		/* which file it is; 0: no plain one */
};

/*
 * How large a window is at first: small enough that the bytes are still in the second level cache when they are
 * parsed, large enough that the system call does not count; and where there are many windows.
 */
enum { INPUT_CHUNK = 512 * 1024, INPUT_CHUNK_SMALL = 128 * 1024 };

/*
 * Opens path ("-": standard input) and recognises compression; chunk: how much to read at a time; privilege is called
 * around opening, and not around reading (NULL: nothing is). False and *e if that fails.
 */
bool input_open(struct input *in, const char *path, size_t chunk, void (*privilege)(bool raise), struct err *e);
/* The same with what somebody else has opened; fd is ours from now on. */
bool input_take(struct input *in, int fd, size_t chunk, struct err *e);

/*
 * Reads once, making room for a window of at least `want` bytes in the long run; memory grows only
 * as bytes really arrive, whatever `want` claims. Blocks only until the first byte.
 */
enum input_result input_more(struct input *in, size_t want, struct err *e);

/*
 * Goes on in other memory, *size bytes at *buf (from malloc, at least 1; NULL: none yet), and leaves the caller the old:
 * what has been taken from the window stays where it is. False and *e without memory, and nothing has changed.
 */
bool input_trade(struct input *in, uint8_t **buf, size_t *size, struct err *e);

/* Ends a wait in input_more; async-signal-safe. */
void input_wake(struct input *in);

void input_close(struct input *in);

static inline size_t
input_left(const struct input *in)
{
	return (size_t)(in->end - in->at);
}
