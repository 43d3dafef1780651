#include "cmd/output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/signals.h"

static int refused;		/* what was wrong when stdio first failed */

enum output_result
output_write(const char *text, size_t n, struct err *e)
{
	while (n > 0) {
		ssize_t w = write(STDOUT_FILENO, text, n);

		if (w >= 0) {
			text += w;
			n -= (size_t)w;
		} else if (errno == EAGAIN) {
			struct pollfd p = { .fd = STDOUT_FILENO, .events = POLLOUT };

			if (signals.stop || (poll(&p, 1, -1) < 0 && errno != EINTR))
				return OUTPUT_GONE;
		} else if (errno == EPIPE || (errno == EINTR && signals.stop)) {
			return OUTPUT_GONE;	/* also: the reader sleeps, and the user wants to stop */
		} else if (errno != EINTR) {
			err_set(e, "Unable to write output: %s", strerror(errno));
			return OUTPUT_ERROR;
		}
	}
	return OUTPUT_OK;
}

/* stdio itself gives up when it is told to come back later. */
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
	FILE *to = NULL;

	if (flags >= 0 && (flags & O_NONBLOCK))
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
