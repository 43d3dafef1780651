/*
 * What the machine allows: a classic pcap file of this byte order is read with read(2) and walked record by record,
 * without looking at what is in the packets.
 *
 *	bare walk FILE		counts the records
 *	bare copy FILE OUT	copies each into a buffer of its own, and that to OUT with write(2)
 *	bare port FILE OUT	the same with the TCP packets of port 443 (by hand: Ethernet without tags, IPv4 and IPv6)
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { WINDOW = 256 << 10, FILE_HEADER = 24, RECORD_HEADER = 16, PORT = 443 };

static uint8_t in[WINDOW], out[WINDOW];
static size_t n_out;
static int to = -1;

static int
flush(void)
{
	size_t at = 0;

	while (at < n_out) {
		ssize_t n = write(to, out + at, n_out - at);

		if (n <= 0)
			return 0;
		at += (size_t)n;
	}
	n_out = 0;
	return 1;
}

static int
keep(const uint8_t *p, size_t n)
{
	if (n > sizeof out - n_out && !flush())
		return 0;
	memcpy(out + n_out, p, n);
	n_out += n;
	return 1;
}

static unsigned
get16(const uint8_t *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

/* As the filter "tcp port 443" does. */
static int
is_wanted(const uint8_t *p, uint32_t n)
{
	const uint8_t *ports;

	if (n < 58)
		return 0;
	switch (get16(p + 12)) {
	case 0x0800:
		if (p[23] != 6 || get16(p + 20) & 0x1fff)
			return 0;
		ports = p + 14 + (p[14] & 15) * 4;
		if (ports + 4 > p + n)
			return 0;
		break;
	case 0x86dd:
		if (p[20] != 6)
			return 0;
		ports = p + 54;
		break;
	default:
		return 0;
	}
	return get16(ports) == PORT || get16(ports + 2) == PORT;
}

int
main(int argc, char **argv)
{
	int copy = argc == 4, select = copy && strcmp(argv[1], "port") == 0;
	int from = argc == 3 || copy ? open(argv[2], O_RDONLY) : -1;
	size_t n = 0, at = FILE_HEADER;
	unsigned long records = 0;
	ssize_t got;

	if (copy)
		to = open(argv[3], O_WRONLY | O_CREAT | O_TRUNC, 0666);
	if (from < 0 || (copy && to < 0)) {
		fprintf(stderr, "usage: bare walk FILE | copy FILE OUT | port FILE OUT\n");
		return 1;
	}
	while ((got = read(from, in + n, sizeof in - n)) > 0) {
		n += (size_t)got;
		if (records == 0 && copy && n >= FILE_HEADER)
			keep(in, FILE_HEADER);
		for (;;) {
			uint32_t length;

			if (at + RECORD_HEADER > n)
				break;
			memcpy(&length, in + at + 8, 4);
			if (length > n - at - RECORD_HEADER)
				break;
			if (copy && (!select || is_wanted(in + at + RECORD_HEADER, length)) &&
			    !keep(in + at, RECORD_HEADER + length))
				return 1;
			at += RECORD_HEADER + length;
			records++;
		}
		if (at > n)
			continue;
		memmove(in, in + at, n - at);
		n -= at;
		at = 0;
	}
	if (copy && !flush())
		return 1;
	printf("%lu\n", records);
	return got < 0;
}
