/*
 * Where in memory a packet lies, above or below what the walk has of its own, changes nothing: bounds of the packet are not asked
 * about other memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <cmocka.h>

#include "dissect/dissect.h"
#include "proto/protos.h"

enum { LINK_TOKEN_RING = 6, LINK_IPV4 = 228, ROOM = 4096, IP_SCTP = 132 };

static const struct demux *demux;
static uint8_t *places[2];	/* as a rule one below, and one above the heap */

/* A routed frame, whose source address is not said as it stands there; LLC that nobody knows. */
static const uint8_t ring[] = { 0x10, 0x40, 2, 0, 0, 0, 0, 0x0b, 0x82, 0, 0, 0, 0, 0x0a, 0x02, 0x00, 0x12, 0x12, 0x03, 'u', 'n' };
/* The first fragment of two, and what is put together of both. */
static const uint8_t fragment[] = { 0x45, 0, 0, 28, 0, 1, 0x20, 0, 64, IP_SCTP, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2,
	0x13, 0x88, 0x0b, 0x59, 1, 2, 3, 4 };
static const uint8_t whole[] = { 0x13, 0x88, 0x0b, 0x59, 1, 2, 3, 4, 0, 0, 0, 0, 14, 0, 0, 4 };

static int
open_places(void **state)
{
	(void)state;
	demux = demux_new(protos_rows, protos_n_rows);
	places[0] = mmap((void *)(uintptr_t)0x10000000, ROOM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	places[1] = mmap(NULL, ROOM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return !demux || places[0] == MAP_FAILED || places[1] == MAP_FAILED;
}

static struct dis *
walk(const uint8_t *p, size_t n, uint32_t link)
{
	static const struct style style = { .n = 1, .t = 1 };
	const struct packet packet = { p, (uint32_t)n, (uint32_t)n, 0, 0, link, 0 };
	struct dis *d = dis_new(&style, demux, NULL, NULL);

	assert_true(d && dis_collect_fields(d, NULL));
	dis_packet(d, &packet, 1);
	return d;
}

static void
addresses_of_our_own(void **state)
{
	static const char said[] = "02:00:00:00:00:0a > 02:00:00:00:00:0b Unknown DSAP 0x12 Unnumbered, ui, Flags [Command], length 5";

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct dis *d = walk(memcpy(places[i], ring, sizeof ring), sizeof ring, LINK_TOKEN_RING);

		assert_non_null(memmem(d->base, (size_t)(d->out - d->base), said, sizeof said - 1));
		dis_free(d);
	}
}

static void
what_is_put_together(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct dis *d = walk(memcpy(places[i], fragment, sizeof fragment), sizeof fragment, LINK_IPV4);
		uint32_t ip = d->sink->n_layers, before = d->sink->n, chunks = 0;

		while (ip && strcmp(d->sink->layers[ip - 1].proto->name, "ip") != 0)
			ip--;
		assert_int_not_equal(ip, 0);
		dis_resume(d, &d->sink->layers[ip - 1], IP_SCTP, memcpy(places[!i], whole, sizeof whole), sizeof whole);
		for (uint32_t k = before; k < d->sink->n; k++)
			chunks += d->sink->noted[k].field && strcmp(d->sink->noted[k].field->name, "sctp.chunk_type") == 0;
		assert_int_equal(chunks, 1);
		dis_free(d);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_of_our_own), cmocka_unit_test(what_is_put_together),
	};

	return cmocka_run_group_tests(tests, open_places, NULL);
}
