/* Files that options name, the first byte says which: of captures (-V), filters (-F), patterns (grep -f), columns (--fields). */
#include "command.h"

enum { INPUT_MAX = 8192 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* DNS over UDP over IPv4, once whole and once cut. */
static const uint8_t capture[] = {
	0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0,
	0, 0, 0, 1, 0, 0, 0, 0, 71, 0, 0, 0, 71, 0, 0, 0,
	2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0, 0, 57, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2,
	0x80, 0, 0, 53, 0, 37, 0, 0, 1, 2, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e',
	3, 'o', 'r', 'g', 0, 0, 1, 0, 1,
	1, 0, 0, 1, 0, 0, 0, 0, 30, 0, 0, 0, 71, 0, 0, 0,
	2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0, 0, 57, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1,
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct memory_file file, packets;
	uint8_t *text;

	if (size < 2 || size > INPUT_MAX)
		return 0;
	text = malloc(size);
	if (!text)
		return 0;
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	if (packets.path[0] == '\0')
		memory_write(&packets, capture, sizeof capture);
	if (data[0] % 4 == 0) {
		/* One letter stands for the capture; no other file is to be opened. */
		char *list = malloc((size - 1) * MEMORY_PATH + 1), *to = list;

		if (!list)
			abort();
		for (size_t i = 0; i < size - 1; i++)
			if (text[i] == 'p')
				to = stpcpy(to, packets.path);
			else
				*to++ = (char)(text[i] == '/' || text[i] == '-' ? '_' : text[i]);
		memory_write(&file, list, (size_t)(to - list));
		free(list);
	} else {
		memory_write(&file, text, size - 1);
	}
	switch (data[0] % 4) {
	case 0:
		command_run((const char *[]) { "wiretape", "--no-sandbox", "-Z", "root", "-n", "-j", "1", "-V", file.path, NULL }, false);
		break;
	case 1:
		command_run((const char *[]) { "wiretape", "--no-sandbox", "-Z", "root", "-n", "-j", "1", "-r", packets.path,
		    "-F", file.path, NULL }, false);
		break;
	case 2:
		command_run((const char *[]) { "grep", "--no-sandbox", "-Z", "root", "-r", packets.path, "-f", file.path, NULL }, false);
		break;
	case 3:
		command_run((const char *[]) { "wiretape", "--no-sandbox", "-Z", "root", "-n", "-j", "1", "-r", packets.path, "--header",
		    "--fields", (const char *)text, NULL }, false);
		break;
	}
	free(text);
	return 0;
}
