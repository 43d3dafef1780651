/*
 * Filters: the first byte chooses a link type, the second how to compile; an expression up to a NUL; then a packet
 * that the program is run over.
 */
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/filter.h"

enum { INPUT_MAX = 2048 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libpcap asks for host names; nobody waits for a name server here. */
__attribute__((visibility("default"))) int
getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **res)
{
	(void)node, (void)service, (void)hints, (void)res;
	return EAI_NONAME;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint32_t links[] = { 1, 0, 9, 12, 50, 101, 104, 105, 108, 113, 119, 127, 192, 228, 276 };
	struct filter_options o = { 0 };
	struct filter *f;
	struct err e;
	const uint8_t *end;
	uint8_t *packet;
	char *expression;
	uint32_t link;
	size_t n;

	if (size < 3 || size > INPUT_MAX)
		return 0;
	link = links[data[0] % (sizeof links / sizeof *links)];
	o.optimize = data[1] & 1;
	o.file = data[1] & 2;
	o.netmask = data[1] & 4 ? 0x00ffffff : 0;
	end = memchr(data + 2, 0, size - 2);
	n = end ? (size_t)(end - data - 2) : size - 2;
	expression = malloc(n + 1);
	if (!expression)
		return 0;
	memcpy(expression, data + 2, n);
	expression[n] = 0;
	o.expression = expression;
	f = filter_new(&o);
	free(expression);
	if (!f)
		return 0;
	if (filter_compile(f, link, 262144, &e)) {
		n = end ? size - (size_t)(end + 1 - data) : 0;
		packet = malloc(n ? n : 1);
		if (packet && end)
			memcpy(packet, end + 1, n);
		if (packet)
			filter_match(f, link, packet, (uint32_t)n, (uint32_t)n + 4);
		free(packet);
	}
	filter_free(f);
	return 0;
}
