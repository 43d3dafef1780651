#include "io/input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/decode.h"

enum { PACKED = 64 * 1024 };	/* how much of a compressed file is read at a time */

/* Waits until fd can be read; only called for what may block. */
static enum input_result
wait_readable(struct input *in, struct err *e)
{
	struct pollfd p[2] = { { in->fd, POLLIN, 0 }, { in->wake[0], POLLIN, 0 } };
	char sink[64];

	if (poll(p, 2, -1) < 0) {
		if (errno == EINTR)
			return INPUT_AGAIN;
		err_set(e, "error reading dump file: %s", strerror(errno));
		return INPUT_FAILED;
	}
	if (p[1].revents) {
		while (read(in->wake[0], sink, sizeof sink) == (ssize_t)sizeof sink)
			;
		return INPUT_AGAIN;
	}
	return INPUT_MORE;
}

/* Reads some bytes to `to`; *n tells how many. */
static enum input_result
read_some(struct input *in, uint8_t *to, size_t room, size_t *n, struct err *e)
{
	enum input_result r;
	ssize_t got;

	if (in->wake[0] >= 0 && (r = wait_readable(in, e)) != INPUT_MORE)
		return r;
	got = read(in->fd, to, room < in->chunk ? room : in->chunk);
	if (got < 0) {
		if (errno == EINTR || errno == EAGAIN)
			return INPUT_AGAIN;
		err_set(e, "error reading dump file: %s", strerror(errno));
		return INPUT_FAILED;
	}
	*n = (size_t)got;
	in->done += (size_t)got;
	return got ? INPUT_MORE : INPUT_END;
}

static enum input_result
decode_some(struct input *in, uint8_t *room_end, struct err *e)
{
	uint8_t *was = in->end;
	enum input_result r;
	size_t n;

	for (;;) {
		const uint8_t *from = in->packed_at;
		bool sound = decoder_run(in->decoder, &from, in->packed_end, &in->end, room_end, e);

		in->packed_at += from - in->packed_at;
		if (in->end != was)
			return INPUT_MORE;	/* damage, if any, is told again by the next run */
		if (!sound)
			return INPUT_FAILED;
		if (in->packed_at < in->packed_end)
			continue;
		if (in->packed_over)
			return decoder_finish(in->decoder, e) ? INPUT_END : INPUT_FAILED;
		r = read_some(in, in->packed, PACKED, &n, e);
		if (r == INPUT_END)
			in->packed_over = true;
		else if (r != INPUT_MORE)
			return r;
		in->packed_at = in->packed;
		in->packed_end = in->packed + (r == INPUT_MORE ? n : 0);
	}
}

/* Moves what is left to the front and, if it fills the buffer, doubles that. */
static bool
make_room(struct input *in, size_t want, struct err *e)
{
	size_t left = input_left(in), size = in->size;
	uint8_t *bigger;

	if (in->at > in->buf) {
		memmove(in->buf, in->at, left);
		in->at = in->buf;
		in->end = in->buf + left;
	}
	if (left < size || want <= left)
		return true;
	size = want / 2 < size ? want : size * 2;
	bigger = realloc(in->buf, size);
	if (!bigger)
		return err_set(e, "out of memory");
	in->buf = in->at = bigger;
	in->end = bigger + left;
	in->size = size;
	return true;
}

bool
input_trade(struct input *in, uint8_t **buf, size_t *size, struct err *e)
{
	size_t left = input_left(in), old_size = in->size;
	uint8_t *old = in->buf;

	if (*buf == NULL || *size < left) {
		size_t want = left > in->chunk ? left : in->chunk;
		uint8_t *bigger = realloc(*buf, want);

		if (!bigger)
			return err_set(e, "out of memory");
		*buf = bigger;
		*size = want;
	}
	memcpy(*buf, in->at, left);
	in->buf = in->at = *buf;
	in->end = in->buf + left;
	in->size = *size;
	*buf = old;
	*size = old_size;
	return true;
}

enum input_result
input_more(struct input *in, size_t want, struct err *e)
{
	size_t left = input_left(in), n, room;
	enum input_result r;

	if (!make_room(in, want > left ? want : left + 1, e))
		return INPUT_FAILED;
	room = in->size - (size_t)(in->end - in->buf);
	if (room > in->chunk)
		/* a buffer that once grew for a huge block is not filled to the brim again */
		room = in->chunk;
	if (in->decoder)
		return decode_some(in, in->end + room, e);
	r = read_some(in, in->end, room, &n, e);
	if (r == INPUT_MORE)
		in->end += n;
	return r;
}

/* Looks at the first bytes; if they are compressed, puts a decoder in between. */
static bool
detect(struct input *in, struct err *e)
{
	enum decode_kind kind;
	enum input_result r;

	while (input_left(in) < DECODE_MAGIC) {
		r = input_more(in, DECODE_MAGIC, e);
		if (r == INPUT_FAILED)
			return false;
		if (r == INPUT_AGAIN)
			return err_set(e, "error reading dump file: %s", strerror(EINTR));
		if (r == INPUT_END)
			return true;
	}
	kind = decoder_detect(in->at);
	if (kind == DECODE_NONE)
		return true;

	/* What has been read becomes the decoder's; it is at most one chunk. */
	in->packed = malloc(in->chunk);
	if (!in->packed)
		return err_set(e, "out of memory");
	in->packed_at = in->packed;
	in->packed_end = in->packed + input_left(in);
	memcpy(in->packed, in->at, input_left(in));
	in->at = in->end = in->buf;
	in->decoder = decoder_new(kind, e);
	return in->decoder != NULL;
}

static bool
start(struct input *in, struct err *e)
{
	struct stat st;

	in->buf = in->at = in->end = malloc(in->chunk);
	if (!in->buf)
		return err_set(e, "out of memory");
	in->size = in->chunk;
	if (fstat(in->fd, &st) == 0) {
		if (S_ISREG(st.st_mode)) {
			in->total = (uint64_t)st.st_size;
			in->device = st.st_dev;
			in->inode = st.st_ino;
		} else if (pipe2(in->wake, O_CLOEXEC | O_NONBLOCK) < 0)
			return err_set(e, "%s", strerror(errno));
	}
	return detect(in, e);
}

/* Takes over fd, which stays the caller's to close. */
static bool
open_fd(struct input *in, int fd, size_t chunk, struct err *e)
{
	*in = (struct input){ .fd = fd, .wake = { -1, -1 }, .chunk = chunk };
	if (start(in, e))
		return true;
	input_close(in);
	return false;
}

bool
input_open(struct input *in, const char *path, size_t chunk, void (*privilege)(bool), struct err *e)
{
	int fd, why;

	if (strcmp(path, "-") == 0)
		return open_fd(in, STDIN_FILENO, chunk, e);
	if (privilege)
		privilege(true);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	why = errno;
	if (privilege)
		privilege(false);
	if (fd < 0)
		return err_set(e, "%s: %s", path, strerror(why));
	return input_take(in, fd, chunk, e);
}

bool
input_take(struct input *in, int fd, size_t chunk, struct err *e)
{
	if (!open_fd(in, fd, chunk, e)) {
		close(fd);
		return false;
	}
	in->own = true;
	return true;
}

void
input_wake(struct input *in)
{
	if (in->wake[1] >= 0 && write(in->wake[1], "", 1) < 0)
		return;		/* full: it is awake already */
}

void
input_close(struct input *in)
{
	if (in->own)
		close(in->fd);
	for (int i = 0; i < 2; i++)
		if (in->wake[i] >= 0)
			close(in->wake[i]);
	decoder_free(in->decoder);
	free(in->packed);
	free(in->buf);
	*in = (struct input){ .fd = -1, .wake = { -1, -1 } };
}
