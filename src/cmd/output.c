#include "cmd/output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/signals.h"

enum {
	PIECE = 4096,		/* bytes that a pipe takes at once when it takes any: PIPE_BUF */
	GRACE = 1000,		/* ms that a reader may sleep while the program is to end */
};

static int refused;		/* what was wrong when stdio first failed */

enum output_result
output_write(const char *text, size_t n, struct err *e)
{
	struct pollfd room = { .fd = STDOUT_FILENO, .events = POLLOUT };

	while (n > 0) {
		bool ending = signals.stop != 0;
		ssize_t w;

		/* The reader sleeps, and the user wants to stop: no longer than this, and no more than surely fits. */
		if (ending && poll(&room, 1, GRACE) == 0)
			return OUTPUT_GONE;
		w = write(STDOUT_FILENO, text, ending && n > PIECE ? PIECE : n);
		if (w >= 0) {
			text += w;
			n -= (size_t)w;
		} else if (errno == EAGAIN) {
			if (poll(&room, 1, -1) < 0 && errno != EINTR)
				return OUTPUT_GONE;
		} else if (errno == EPIPE) {
			return OUTPUT_GONE;
		} else if (errno != EINTR) {
			err_set(e, "Unable to write output: %s", strerror(errno));
			return OUTPUT_ERROR;
		}
	}
	return OUTPUT_OK;
}

/* stdio itself gives up when it is told to come back later, and waits for whom nobody should wait. */
static ssize_t
write_waiting(void *none, const char *text, size_t n)
{
	struct err ignored;

	(void)none;
	switch (output_write(text, n, &ignored)) {
	case OUTPUT_OK: return (ssize_t)n;
	case OUTPUT_GONE: errno = EPIPE; break;
	case OUTPUT_ERROR: break;
	}
	return 0;
}

void
output_begin(void)
{
	int flags = fcntl(STDOUT_FILENO, F_GETFL);
	struct stat st;
	FILE *to = NULL;

	if (flags >= 0 && fstat(STDOUT_FILENO, &st) == 0 &&
	    ((flags & O_NONBLOCK) || S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode)))
		to = fopencookie(NULL, "w", (cookie_io_functions_t) { .write = write_waiting });
	if (!to)
		return;
	if (isatty(STDOUT_FILENO))
		setvbuf(to, NULL, _IOLBF, 0);
	stdout = to;
}

bool
output_print(const char *text, size_t n)
{
	errno = 0;
	if (fwrite(text, 1, n, stdout) != n && !refused)
		refused = errno;
	return !refused;
}

bool
output_printed(void)
{
	if (ferror(stdout) && !refused)
		refused = errno;
	return !refused;
}

bool
output_end(struct err *e)
{
	bool failed = ferror(stdout);

	if (fflush(stdout) != 0 && !refused)
		refused = errno;
	if (refused == EPIPE || (!failed && !refused))
		return true;
	return refused ? err_set(e, "Unable to write output: %s", strerror(refused)) : err_set(e, "Unable to write output");
}
