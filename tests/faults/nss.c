/*
 * A service of names for nsswitch.conf ("odd"), for tests: what it does when it is asked for a name says NSS_ODD in the environment.
 * It finds odd.example when it gets that far.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <nss.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#pragma GCC visibility push(default)

enum nss_status _nss_odd_gethostbyaddr_r(const void *addr, socklen_t len, int family, struct hostent *h, char *room,
    size_t size, int *error, int *h_error);

static bool
opens(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool
connects(uint16_t port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	return fd >= 0 && (connect(fd, (struct sockaddr *)&a, sizeof a) == 0 || errno == ECONNREFUSED);
}

/* False: there is no name to be had so. */
static bool
act(const char *how)
{
	if (strcmp(how, "fork") == 0)
		return fork() > 0;
	if (strcmp(how, "exec") == 0)
		return execl("/bin/true", "true", (char *)NULL) == 0;
	if (strcmp(how, "kill") == 0)
		return kill(getppid(), SIGTERM) == 0;
	if (strcmp(how, "raw") == 0)
		return socket(AF_PACKET, SOCK_RAW, 0) >= 0;
	if (strcmp(how, "listen") == 0)
		return listen(socket(AF_INET, SOCK_STREAM, 0), 1) == 0;
	if (strcmp(how, "write") == 0)
		return opens("odd.written", O_WRONLY | O_CREAT);
	if (strcmp(how, "read") == 0)
		return opens("/etc/passwd", O_RDONLY);
	if (strcmp(how, "surf") == 0)
		return connects(80);
	if (strcmp(how, "abort") == 0)
		abort();
	if (strcmp(how, "exit") == 0)
		exit(0);
	while (strcmp(how, "hang") == 0)
		poll(NULL, 0, -1);
	return true;
}

enum nss_status
_nss_odd_gethostbyaddr_r(const void *addr, socklen_t len, int family, struct hostent *h, char *room, size_t size,
    int *error, int *h_error)
{
	const char *how = getenv("NSS_ODD");
	struct {
		char *none[1], *addresses[2];
		char addr[16], name[400];
	} *mine = (void *)room;

	*error = ERANGE;
	*h_error = NETDB_INTERNAL;
	if (size < sizeof *mine || len > sizeof mine->addr)
		return NSS_STATUS_TRYAGAIN;
	if (!how || !act(how)) {
		*error = ENOENT;
		*h_error = HOST_NOT_FOUND;
		return NSS_STATUS_NOTFOUND;
	}
	memset(mine, 0, sizeof *mine);
	memcpy(mine->addr, addr, len);
	mine->addresses[0] = mine->addr;
	if (strcmp(how, "long") == 0)
		memset(mine->name, 'o', sizeof mine->name - 1);
	else
		snprintf(mine->name, sizeof mine->name, "odd%s.example", strcmp(how, "escape") == 0 ? "\033[31m" : "");
	*h = (struct hostent) { mine->name, mine->none, family, (int)len, mine->addresses };
	return NSS_STATUS_SUCCESS;
}
