/*
 * pcapng files. A block whose two lengths differ ends a file, which stops a fuzzer quickly; so the
 * second length of each block is set to the first, unless the input starts with an odd byte.
 */
#include "file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint32_t
get32(const uint8_t *p, int big)
{
	uint32_t v;

	memcpy(&v, p, 4);
	return big ? __builtin_bswap32(v) : v;
}

static void
mend(uint8_t *p, size_t size)
{
	static const uint32_t section = 0x0a0d0d0a;
	int big = 0;

	while (size >= 12) {
		uint32_t length;

		if (get32(p, 0) == section)
			big = p[8] == 0x1a;
		length = get32(p + 4, big);
		if (length < 12 || length % 4 || length > size)
			return;
		memcpy(p + length - 4, p + 4, 4);
		p += length;
		size -= length;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *file;

	if (size < 2 || size > 1 << 20)
		return 0;
	file = malloc(size - 1);
	if (!file)
		return 0;
	memcpy(file, data + 1, size - 1);
	if (data[0] % 2 == 0)
		mend(file, size - 1);
	read_as_file(file, size - 1);
	free(file);
	return 0;
}
