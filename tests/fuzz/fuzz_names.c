/*
 * Names for what packets carry as numbers: lines of /etc/ethers up to a NUL, what a name server said up to another, and an
 * Ethernet packet to show with them. Both are as anybody likes; the text is not.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "host/names.h"
#include "host/static_names.h"
#include "proto/protos.h"
#include "walk.h"

enum { INPUT_MAX = 4096, LINK_ETHER = 1 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *answer;

/* Names are printed as DNS servers answer, so that this is what one can do. */
static bool
look_up(void *ctx, unsigned helper, unsigned version, const uint8_t *addr, char name[NAMES_NAME_MAX])
{
	(void)ctx, (void)helper, (void)version, (void)addr;
	memset(name, 0, NAMES_NAME_MAX);
	memcpy(name, answer, strnlen(answer, NAMES_NAME_MAX - 1));
	return name[0] != '\0';
}

static struct static_names *ethers;

static const char *
ether_of(void *ctx, const uint8_t *mac)
{
	(void)ctx;
	return static_names_ether(ethers, mac);
}

static void
walk(const struct resolver *r, const uint8_t *p, size_t n, bool verbose)
{
	static struct demux *demux;
	struct style style = { .e = 1, .v = verbose ? 2 : 0 };
	uint8_t *bytes = malloc(n ? n : 1);
	struct dis *d;

	if (!demux)
		demux = demux_new(protos_rows, protos_n_rows);
	d = bytes && demux ? dis_new(&style, demux, r, NULL) : NULL;
	if (!d)
		abort();
	memcpy(bytes, p, n);
	dis_packet(d, &(struct packet) { .data = bytes, .caplen = (uint32_t)n, .len = (uint32_t)n, .link = LINK_ETHER }, 1);
	walk_check_text(d->base, (size_t)(d->out - d->base), SIZE_MAX);
	dis_free(d);
	free(bytes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *lines_end, *name_end;
	struct names *names;
	struct resolver r;
	char *text, *name;
	static struct memory_file file;

	if (size < 4 || size > INPUT_MAX || (lines_end = memchr(data, 0, size)) == NULL)
		return 0;
	size -= (size_t)(lines_end + 1 - data);
	if ((name_end = memchr(lines_end + 1, 0, size)) == NULL)
		return 0;
	size -= (size_t)(name_end - lines_end);
	text = strdup((const char *)data);
	name = strdup((const char *)lines_end + 1);
	names = names_new(&(struct names_options) { .look_up = look_up, .no_domain = size & 1 });
	if (!text)
		abort();
	memory_write(&file, text, strlen(text));
	ethers = static_names_read(file.path);
	if (!name || !names || !ethers)
		abort();
	answer = name;
	r = names_resolver(names);
	r.ether = ether_of;
	r.service = NULL;
	walk(&r, name_end + 1, size, size & 2);
	names_free(names);
	static_names_free(ethers);
	free(text);
	free(name);
	return 0;
}
