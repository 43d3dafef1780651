/*
 * Whole commands over captures: the first byte chooses the words, the second the link type; then packets: length (2 bytes), how
 * much longer it was on the wire, hundredths of a second since the one before, bytes. The second file of those that
 * read two has every other packet.
 */
#include "command.h"
#include "mutate.h"
#include "proto/protos.h"

enum { LEAD = 2, HEAD = 4, FILE_HEAD = 24, RECORD_HEAD = 16, INPUT_MAX = 1 << 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct memory_file first, second;

static const struct words {
	const char *words[COMMAND_WORDS];
	bool raw;
} commands[] = {
	{ .words = { "stats", "--facts", "--hierarchy", "--time", "--sizes", "--endpoints", "--conversations" } },
	{ .words = { "stats", "--dns", "--http", "--tls" } },
	{ .words = { "stats", "--json", "--top", "0", "--facts", "--hierarchy", "--time", "--sizes", "--endpoints", "--conversations" } },
	{ .words = { "stats", "--json", "--dns", "--http", "--tls", "-Y", "ip.ttl > 1 or ipv6" } },
	{ .words = { "stats", "-Y", "frame.len != 60", "--dns", "--http", "--tls", "--conversations", "--endpoints" } },
	{ .words = { "failed" } },
	{ .words = { "failed", "--json", "--top", "0", "--grace", "0" } },
	{ .words = { "failed", "-Y", "ip", "--kind", "tcp,dns,http", "--by", "attempts" } },
	{ .words = { "follow", "--http" } },
	{ .words = { "follow", "--json" } },
	{ .words = { "follow", "--hex", "--time" } },
	{ .words = { "follow", "--http", "--json" } },
	{ .words = { "follow", "--client", "-Y", "tcp.len > 0" } },
	{ .words = { "follow", "--raw" }, .raw = true },
	{ .words = { "grep", "[a-z]+ed|GET|\\x16\\x03" } },
	{ .words = { "grep", "--json", "--packets", "-x", "o" } },
	{ .words = { "grep", "-C", "20", "--ignore-case", "-e", "host", "-e", "a.*b" } },
	{ .words = { "grep", "-v", "--fixed-strings", "e" } },
	{ .words = { "wiretape", "-n", "-j", "1", "-vvv", "--json" } },
	{ .words = { "wiretape", "-n", "--fields", "frame.number,tcp.stream,tcp.analysis.flags,dns.time,http.host,ip.addr" } },
	{ .words = { "wiretape", "-n", "-Y", "tcp.analysis.retransmission or dns.time > 0 or http.request" } },
	{ .words = { "wiretape", "-n", "-vv", "-e", "-X", "-j", "2" } },
	{ .words = { "wiretape", "-n", "-j", "1", "-v", "-A", "ip and not port 22" } },
	{ .words = { "wiretape", "-w", "-", "-s", "70" }, .raw = true },
	{ .words = { "wiretape", "-j", "1", "--flows", "--json", "-#" } },
};

static const uint32_t links[] = { 1, 1, 1, 101, 113, 0, 12, 105 };

static void
put32(uint8_t *p, uint32_t v)
{
	memcpy(p, &v, 4);
}

static uint32_t
record_length(const uint8_t *data, size_t size)
{
	uint32_t n = (uint32_t)data[0] << 8 | data[1];

	return n < size - HEAD ? n : (uint32_t)(size - HEAD);
}

/* Every record of the input into a file; of two files, the odd ones into the other. */
static void
make_files(const uint8_t *data, size_t size, unsigned n_files)
{
	static uint8_t bytes[2][FILE_HEAD + INPUT_MAX * 5];
	struct memory_file *files[2] = { &first, &second };
	size_t used[2];
	uint64_t time = 0;
	unsigned n = 0;

	for (unsigned i = 0; i < 2; i++) {
		put32(bytes[i], 0xa1b2c3d4);
		put32(bytes[i] + 4, 4 << 16 | 2);
		put32(bytes[i] + 8, 0);
		put32(bytes[i] + 12, 0);
		put32(bytes[i] + 16, 262144);
		put32(bytes[i] + 20, links[data[1] % (sizeof links / sizeof *links)]);
		used[i] = FILE_HEAD;
	}
	data += LEAD;
	size -= LEAD;
	for (; size >= HEAD; n++) {
		uint32_t len = record_length(data, size), more = data[2] < 250 ? 0 : (data[2] - 249u) * 10;
		unsigned to = n_files > 1 ? n & 1 : 0;
		uint8_t *r = bytes[to] + used[to];

		time += data[3] * 10000u;
		put32(r, 1700000000 + (uint32_t)(time / 1000000));
		put32(r + 4, (uint32_t)(time % 1000000));
		put32(r + 8, len);
		put32(r + 12, len + more);
		memcpy(r + RECORD_HEAD, data + HEAD, len);
		used[to] += RECORD_HEAD + len;
		data += HEAD + len;
		size -= HEAD + len;
	}
	for (unsigned i = 0; i < n_files; i++)
		memory_write(files[i], bytes[i], used[i]);
}

static bool
find_packet(const uint8_t *data, size_t size, uint32_t dice, struct mutate_place *at)
{
	size_t from[64];
	unsigned n = 0;

	for (size_t i = LEAD; i + HEAD < size && n < 64; i += HEAD + record_length(data + i, size - i))
		from[n++] = i;
	if (n == 0)
		return false;
	at->at = from[dice % n] + HEAD;
	at->len = record_length(data + at->at - HEAD, size - at->at + HEAD);
	at->link = links[data[1] % (sizeof links / sizeof *links)];
	return at->len > 0;
}

static void
note_length(uint8_t *data, size_t size, const struct mutate_place *at, size_t to)
{
	(void)size;
	data[at->at - 4] = (uint8_t)(to >> 8);
	data[at->at - 3] = (uint8_t)to;
}

const struct mutate_target *
mutate_target(void)
{
	static struct mutate_target t = { .find = find_packet, .resize = note_length };

	t.rows = protos_rows;
	t.n_rows = protos_n_rows;
	return &t;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *words[COMMAND_WORDS + 1];
	const struct words *c;
	unsigned n = 0, at = 1, files;

	if (size < LEAD || size > INPUT_MAX)
		return 0;
	c = &commands[data[0] % (sizeof commands / sizeof *commands)];
	files = data[0] >= 200 ? 2 : 1;
	make_files(data, size, files);
	words[n++] = c->words[0];
	/* In front of the rest, whose end may be a filter. */
	words[n++] = "--no-sandbox";
	words[n++] = "-Z";
	words[n++] = "root";
	words[n++] = "-r";
	words[n++] = first.path;
	if (files > 1) {
		words[n++] = "-r";
		words[n++] = second.path;
	}
	while (c->words[at])
		words[n++] = c->words[at++];
	words[n] = NULL;
	command_run(words, c->raw);
	return 0;
}
