#include "cmd/output.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "cmd/signals.h"

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
