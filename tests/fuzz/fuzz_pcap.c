/*
 * Classic pcap files in all their variants. The first byte chooses the magic number and the byte
 * order, so that the fuzzer need not find them; the rest is the file behind the magic number.
 */
#include "file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint32_t magics[] = { 0xa1b2c3d4, 0xa1b23c4d, 0xa1b2cd34, 0x1c0001ac };
	uint32_t magic;
	uint8_t *file;

	if (size < 1 || size > 1 << 20)
		return 0;
	magic = magics[data[0] % 4];
	if (data[0] & 4)
		magic = __builtin_bswap32(magic);
	file = malloc(size + 3);
	if (!file)
		return 0;
	memcpy(file, &magic, 4);
	memcpy(file + 4, data + 1, size - 1);
	read_as_file(file, size + 3);
	free(file);
	return 0;
}
