/*
 * Every protocol of demux.def entered directly, without the layers that lead to it in real traffic: three bytes of the
 * input choose the row (its kind and number; any row, where there is none of these), the packet is an IP header, two
 * ports and what the protocol is given.
 */
#include <stdlib.h>

#include "mutate.h"
#include "proto/protos.h"
#include "walk.h"

enum { LINK_OURS = 60000, ROW = 3, IP4_HEADER = 20, IP6_HEADER = 40 };

static const struct demux_row *target;
static uint32_t target_number;

static void
choose_row(unsigned kind, uint32_t number)
{
	for (size_t i = 0; i < protos_n_rows; i++) {
		target = &protos_rows[i];
		target_number = number;
		if ((unsigned)target->kind == kind && target->first <= number && number <= target->last)
			return;
	}
	target = &protos_rows[(kind + number) % protos_n_rows];
	target_number = target->first;
}

/* The layers around, as IP and UDP or TCP would have set them up. */
static void
enter_row(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t header;

	need(d, p, 1);
	header = *p >> 4 == 6 ? IP6_HEADER : IP4_HEADER;
	need(d, p, header + 4);
	d->net = (struct net) {
		.version = header == IP6_HEADER ? 6 : 4,
		.hdr = p,
		.src = header == IP6_HEADER ? p + 8 : p + 12,
		.dst = header == IP6_HEADER ? p + 24 : p + 16,
		.proto = header == IP6_HEADER ? p[6] : p[9],
		.ttl = header == IP6_HEADER ? p[7] : p[8],
	};
	d->sport = raw16(p + header);
	d->dport = raw16(p + header + 2);
	next(d, target->kind, target_number, p + header + 4, len - header - 4);
}

static const struct proto proto_row = PROTO_NO_FIELDS("row", "row", "One row", enter_row);

/* Those of demux.def, and the one that leads to the others. */
static const struct demux_row *
all_rows(void)
{
	static struct demux_row *rows;

	if (!rows) {
		rows = malloc((protos_n_rows + 1) * sizeof *rows);
		if (!rows)
			abort();
		memcpy(rows, protos_rows, protos_n_rows * sizeof *rows);
		rows[protos_n_rows] = (struct demux_row) { D_LINK, LINK_OURS, LINK_OURS, &proto_row };
	}
	return rows;
}

static void
choose(const uint8_t *data)
{
	choose_row(data[0], (uint32_t)(data[1] | data[2] << 8));
}

static bool
find_packet(const uint8_t *data, size_t size, uint32_t dice, struct mutate_place *at)
{
	(void)dice;
	if (size <= ROW + WALK_LEAD)
		return false;
	choose(data);
	*at = (struct mutate_place) { ROW + WALK_LEAD, size - ROW - WALK_LEAD, LINK_OURS };
	return true;
}

const struct mutate_target *
mutate_target(void)
{
	static struct mutate_target t = { .find = find_packet };

	t.rows = all_rows();
	t.n_rows = protos_n_rows + 1;
	return &t;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size <= ROW + WALK_LEAD)
		return 0;
	choose(data);
	walk_input(all_rows(), protos_n_rows + 1, LINK_OURS, data + ROW, size - ROW);
	return 0;
}
