/*
 * What a row of capture files can leave to other threads, so that whoever takes packets does not wait for it:
 * compressing buffers of records, each a frame of its own, in several threads at once; writing the frames in order;
 * and finishing files. What is underway is bounded; then giving more waits.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "io/encode.h"

struct press;
struct sink;

struct press_buffer {
	uint8_t *bytes;		/* from malloc */
	size_t used, size;
};

/* Starts no thread yet. NULL and *e without memory. */
struct press *press_new(enum compression how, struct err *e);

/*
 * Takes the buffer's bytes, whole records, to be written to s behind all that was given before, and leaves other
 * memory in *b, as much or at least a MiB. s must be left alone until press_wait or press_close. False and *e if anything
 * given earlier, for this file or another, has failed since this was last told; the bytes are taken all the same.
 */
bool press_put(struct press *p, struct sink *s, struct press_buffer *b, struct err *e);

/*
 * The same with the last bytes of a file, which is then closed and freed; *b is left empty. `then`, if not NULL, is
 * called with arg and whether the file is sound, in another thread with all signals blocked, in the order of closings.
 */
bool press_close(struct press *p, struct sink *s, struct press_buffer *b, void (*then)(void *, bool), void *arg,
    struct err *e);

/* False and *e if anything that was given has failed, whoever has been told: nothing is written after that. */
bool press_is_sound(struct press *p, struct err *e);

/* Waits until all that was given for s (NULL: at all) is in the file. */
bool press_wait(struct press *p, const struct sink *s, struct err *e);

/* If path is a file that is not finished yet, waits for that: before it is begun anew. */
void press_settle(struct press *p, const char *path);

/* Waits likewise and frees, also when it fails. */
bool press_free(struct press *p, struct err *e);
