/* Compressed captures, and whatever else a file may be: the input is the file. */
#include "file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size <= 1 << 16)
		read_as_file(data, size);
	return 0;
}
