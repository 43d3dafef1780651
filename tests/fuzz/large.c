/*
 * Packets as large as any, made to be slow: every protocol of demux.def, entered as its carrier would, over 64 KiB of
 * each of some repeated patterns — headers inside headers, options without end, names that point at names. The
 * limits of walk.c on time, text and fields must hold for each.
 */
#include <stdio.h>
#include <stdlib.h>

#include "proto/protos.h"
#include "patterns.h"
#include "walk.h"

enum { LINK_OURS = 60000, HEAD = 2 + 20 + 4, SIZE = HEAD + 65000 };

static const struct demux_row *target;

static void
enter_row(struct dis *d, const uint8_t *p, uint32_t len)
{
	d->net = (struct net) { .version = 4, .hdr = p, .src = p + 12, .dst = p + 16, .proto = p[9], .ttl = p[8] };
	d->sport = d->dport = (uint16_t)target->first;
	next(d, target->kind, target->first, p + 24, len - 24);
}

static const struct proto proto_row = PROTO_NO_FIELDS("row", "row", "One row", enter_row);

int
main(void)
{
	static const uint8_t styles[] = { 0x83, 0x06 };
	static const uint8_t ip[20] = { 0x45, 0, 0xf0, 0, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2 };
	struct demux_row *rows = malloc((protos_n_rows + 1) * sizeof *rows);
	uint8_t *data = calloc(1, SIZE);
	unsigned walked = 0;

	if (!rows || !data)
		return 1;
	memcpy(rows, protos_rows, protos_n_rows * sizeof *rows);
	rows[protos_n_rows] = (struct demux_row) { D_LINK, LINK_OURS, LINK_OURS, &proto_row };
	for (size_t i = 0; i < protos_n_rows; i++) {
		target = &protos_rows[i];
		for (size_t k = 0; k < PATTERNS; k++) {
			/* Told before it is walked: after a crash, the last line names it. */
			printf("%s (kind %d, %u): %s\n", target->proto->name, (int)target->kind, target->first, patterns[k].what);
			fflush(stdout);
			pattern_fill(data + HEAD, SIZE - HEAD, &patterns[k]);
			memcpy(data + 2, ip, sizeof ip);
			data[0] = styles[k % 2];
			walk_input(rows, protos_n_rows + 1, LINK_OURS, data, SIZE);
			walked++;
		}
	}
	printf("%u passed, 0 failed\n", walked);
	free(rows);
	free(data);
	return 0;
}
