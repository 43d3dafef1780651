/*
 * -E: secrets as text up to a NUL, in the option or (first byte odd) in a file that it names, and an IP packet that they
 * may decrypt.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mutate.h"
#include "pkt/keys.h"
#include "proto/protos.h"

enum { LINK_IP = 12, INPUT_MAX = 8192 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
on_warning(const char *text)
{
	static volatile size_t sum;

	sum = sum + strlen(text);
}

/* Secrets of the text as a file. */
static struct keys *
keys_filed(const char *text, struct err *e)
{
	static char word[64];
	static int fd = -1;

	if (fd < 0) {
		fd = memfd_create("fuzz", MFD_CLOEXEC);
		snprintf(word, sizeof word, "file /proc/self/fd/%d", fd);
	}
	if (ftruncate(fd, 0) < 0 || pwrite(fd, text, strlen(text), 0) != (ssize_t)strlen(text))
		abort();
	return keys_parse(word, on_warning, e);
}

static void
walk(const struct keys *keys, const uint8_t *p, size_t n)
{
	static struct style style = { .n = 1, .v = 3, .esp_secrets = "x" };
	static struct demux *demux;
	static struct dis *d;
	uint8_t *bytes = malloc(n ? n : 1);

	if (!demux) {
		demux = demux_new(protos_rows, protos_n_rows);
		d = demux ? dis_new(&style, demux, NULL, NULL) : NULL;
		if (!d || !dis_collect_fields(d, NULL))
			abort();
	}
	if (!bytes)
		return;
	memcpy(bytes, p, n);
	style.keys = keys;
	dis_packet(d, &(struct packet) { .data = bytes, .caplen = (uint32_t)n, .len = (uint32_t)n, .link = LINK_IP }, 1);
	dis_clear(d);
	free(bytes);
}

/* Where the packet begins; size if there is none. */
static size_t
packet_at(const uint8_t *data, size_t size)
{
	const uint8_t *nul = size > 1 ? memchr(data + 1, 0, size - 1) : NULL;

	return nul ? (size_t)(nul - data) + 1 : size;
}

static bool
find_packet(const uint8_t *data, size_t size, uint32_t dice, struct mutate_place *at)
{
	size_t begins = packet_at(data, size);

	(void)dice;
	*at = (struct mutate_place) { begins, size - begins, LINK_IP };
	return at->len > 0;
}

const struct mutate_target *
mutate_target(void)
{
	static struct mutate_target t = { .find = find_packet };

	t.rows = protos_rows;
	t.n_rows = protos_n_rows;
	return &t;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err e = { "" };
	struct keys *keys;
	size_t at;
	char *text;

	if (size < 2 || size > INPUT_MAX)
		return 0;
	at = packet_at(data, size);
	text = malloc(at);
	if (!text)
		return 0;
	memcpy(text, data + 1, at - 1);
	text[at - 1] = '\0';
	/* Files that the text names are none of ours; those that it names may name each other, and that is wanted once. */
	if (strcasestr(text, "file") != NULL)
		keys = NULL;
	else
		keys = data[0] & 1 ? keys_filed(text, &e) : keys_parse(text, on_warning, &e);
	if (keys) {
		walk(keys, data + at, size - at);
		keys_free(keys);
	}
	free(text);
	return 0;
}
