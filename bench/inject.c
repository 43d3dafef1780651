/*
 * Offers a load to a link: inject INTERFACE FILE PACKETS RATE sends the frames of a pcap file as they are, over and
 * over until it has sent that many, so many a second (0: as fast as it goes), in bursts of at most a millisecond's
 * worth. Prints packets, bytes, seconds, and its own processor seconds, which on a veth pair include what the kernel
 * does to receive them.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>

enum { FRAMES_MAX = 20000, BURST = 64, FRAME_MAX = 1514, HEADER = 24, RECORD = 16 };

static struct iovec frames[FRAMES_MAX];

static void
die(const char *what)
{
	perror(what);
	exit(1);
}

static double
seconds(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* How many frames of a pcap file in this machine's byte order were read. */
static size_t
frames_read(const char *path)
{
	FILE *f = fopen(path, "r");
	uint32_t record[4];
	char header[HEADER];
	size_t n = 0;

	if (!f || fread(header, HEADER, 1, f) != 1)
		die(path);
	while (n < FRAMES_MAX && fread(record, RECORD, 1, f) == 1) {
		char *p = malloc(record[2] ? record[2] : 1);

		if (!p || fread(p, 1, record[2], f) != record[2])
			break;
		if (record[2] >= 14 && record[2] <= FRAME_MAX)
			frames[n++] = (struct iovec) { p, record[2] };
		else
			free(p);
	}
	fclose(f);
	return n;
}

static int
open_link(const char *name)
{
	struct sockaddr_ll a = { .sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(name) };
	int fd = socket(AF_PACKET, SOCK_RAW, 0), one = 1;

	if (fd < 0 || a.sll_ifindex == 0 || bind(fd, (struct sockaddr *)&a, sizeof a) < 0)
		die(name);
	setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof one);
	return fd;
}

int
main(int argc, char **argv)
{
	struct mmsghdr m[BURST] = { 0 };
	unsigned long long packets, sent = 0, bytes = 0;
	double rate, began;
	size_t n, at = 0;
	int fd;

	if (argc != 5) {
		fprintf(stderr, "usage: inject INTERFACE FILE PACKETS RATE\n");
		return 1;
	}
	fd = open_link(argv[1]);
	n = frames_read(argv[2]);
	packets = strtoull(argv[3], NULL, 10);
	rate = strtod(argv[4], NULL);
	if (n == 0)
		return 1;
	began = seconds(CLOCK_MONOTONIC);
	while (sent < packets) {
		unsigned long long may = packets - sent;
		int burst, done;

		if (rate > 0) {
			double due = (seconds(CLOCK_MONOTONIC) - began) * rate;

			if (due < (double)sent + 1) {
				nanosleep(&(struct timespec) { 0, 200000 }, NULL);
				continue;
			}
			if ((double)may > due - (double)sent)
				may = (unsigned long long)(due - (double)sent);
		}
		burst = may < BURST ? (int)may : BURST;
		for (int i = 0; i < burst; i++) {
			m[i].msg_hdr.msg_iov = &frames[(at + (size_t)i) % n];
			m[i].msg_hdr.msg_iovlen = 1;
		}
		done = sendmmsg(fd, m, (unsigned)burst, 0);
		if (done < 0) {
			if (errno == ENOBUFS || errno == EAGAIN || errno == EINTR)
				continue;
			die("sendmmsg");
		}
		for (int i = 0; i < done; i++)
			bytes += frames[(at + (size_t)i) % n].iov_len;
		at = (at + (size_t)done) % n;
		sent += (unsigned long long)done;
	}
	printf("%llu %llu %.4f %.4f\n", sent, bytes, seconds(CLOCK_MONOTONIC) - began, seconds(CLOCK_PROCESS_CPUTIME_ID));
	return 0;
}
