#include "io/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "io/syncer.h"
#include "pkt/packet.h"

enum {
	PCAP_HEADER = 24,
	PIECE = 4096,		/* bytes that a pipe takes at once when it takes any: PIPE_BUF */
	GRACE = 1000,		/* ms that a reader may sleep while the program is to end */
};

struct sink *
sink_new(const char *path, enum capture_format format, struct err *e)
{
	struct sink *s = calloc(1, sizeof *s);

	if (s)
		s->name = strdup(strcmp(path, "-") == 0 ? "standard output" : path);
	if (!s || !s->name) {
		free(s);
		err_set(e, "out of memory");
		return NULL;
	}
	s->fd = -1;
	s->format = format;
	return s;
}

bool
sink_open(struct sink *s, const char *path, struct err *e)
{
	struct stat st;

	if (strcmp(path, "-") == 0) {
		s->fd = STDOUT_FILENO;
		return true;
	}
	s->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (s->fd < 0)
		return err_set(e, "%s: %s", path, strerror(errno));
	if (fstat(s->fd, &st) == 0 && S_ISREG(st.st_mode)) {
		s->regular = true;
		s->device = st.st_dev;
		s->inode = st.st_ino;
	}
	return true;
}

/* How many of the first n bytes of a run are whole records; the file's header counts as one. */
static size_t
whole_records(const struct sink *s, const uint8_t *run, size_t n)
{
	bool pcap = s->format == CAPTURE_PCAP, first = pcap && s->whole == 0;
	size_t at = 0, len;
	uint32_t field;

	for (;;) {
		if (first) {
			len = PCAP_HEADER;
		} else if (pcap) {
			if (n - at < RECORD_PCAP_HEAD)
				return at;
			memcpy(&field, run + at + 8, 4);
			len = RECORD_PCAP_HEAD + (size_t)field;
		} else {
			if (n - at < 8)
				return at;
			memcpy(&field, run + at + 4, 4);
			len = field;
		}
		if (len == 0 || n - at < len)
			return at;
		at += len;
		first = false;
	}
}

static struct iovec
piece(const void *p, size_t n)
{
	return (struct iovec){ (void *)(uintptr_t)p, n };
}

/*
 * Writes some of it. When the end has been asked for, nobody who may sleep is waited for long: what fits into a pipe that has
 * room goes out, and the rest when there is room again.
 */
static ssize_t
write_some(const struct sink *s, struct iovec v[2])
{
	struct pollfd p = { .fd = s->fd, .events = POLLOUT };
	const struct iovec *first = &v[v[0].iov_len == 0];
	ssize_t k;

	if (s->regular || !s->give_up || !s->give_up())
		k = writev(s->fd, v, 2);
	else if (poll(&p, 1, GRACE) != 0)
		k = write(s->fd, first->iov_base, first->iov_len < PIECE ? first->iov_len : PIECE);
	else {
		errno = EINTR;
		return -1;
	}
	/* Somebody who has the other end, or this one, too, may have asked not to be kept waiting. */
	if (k < 0 && errno == EAGAIN) {
		poll(&p, 1, -1);
		return 0;
	}
	return k < 0 && errno == EINTR ? 0 : k;
}

/* Writes both pieces; on failure *done tells how much of them together went out. */
static bool
write_all(const struct sink *s, struct iovec v[2], size_t *done)
{
	for (*done = 0; v[0].iov_len + v[1].iov_len > 0;) {
		ssize_t k = write_some(s, v);

		if (k < 0)
			return false;
		for (int i = 0; i < 2 && k > 0; i++) {
			size_t n = (size_t)k < v[i].iov_len ? (size_t)k : v[i].iov_len;

			v[i].iov_base = (uint8_t *)v[i].iov_base + n;
			v[i].iov_len -= n;
			k -= (ssize_t)n;
			*done += n;
		}
	}
	return true;
}

static bool
fail(struct sink *s, int why, bool cut, struct err *e)
{
	s->broken = true;
	err_set(e, "%s: %s", s->name, strerror(why));
	if (cut && s->regular && ftruncate(s->fd, s->whole) < 0)
		err_set(e, "%s: %s; the last packet in the file is incomplete", s->name, strerror(errno));
	return false;
}

/* Something has been written; the disk may have refused something written before. */
static bool
look_after(struct sink *s, struct err *e)
{
	int why = s->syncer && s->regular ? syncer_wrote(s->syncer, s->fd) : 0;

	return why == 0 || fail(s, why, false, e);
}

bool
sink_write(struct sink *s, const void *a, size_t a_len, const void *b, size_t b_len, struct err *e)
{
	struct iovec v[2] = { piece(a, a_len), piece(b, b_len) };
	size_t done;
	int why;

	if (write_all(s, v, &done)) {
		s->whole += (off_t)(a_len + b_len);
		return look_after(s, e);
	}
	why = errno;
	s->whole += (off_t)whole_records(s, a, done < a_len ? done : a_len);
	if (done > a_len)
		s->whole += (off_t)whole_records(s, b, done - a_len);
	return fail(s, why, done > 0, e);
}

bool
sink_write_frame(struct sink *s, const void *frame, size_t n, struct err *e)
{
	struct iovec v[2] = { piece(frame, n), piece(NULL, 0) };
	size_t done;

	if (!write_all(s, v, &done))
		return fail(s, errno, done > 0, e);
	s->whole += (off_t)n;
	return look_after(s, e);
}

bool
sink_close(struct sink *s, struct err *e)
{
	int why = s->fd >= 0 && s->syncer && s->regular ? syncer_leave(s->syncer, s->fd) : 0;

	/* Interrupted or not, it is closed. */
	if (s->fd >= 0 && s->fd != STDOUT_FILENO && close(s->fd) != 0 && errno != EINTR && why == 0)
		why = errno;
	if (why)
		err_set(e, "%s: %s", s->name, strerror(why));
	free(s->name);
	free(s);
	return why == 0;
}
