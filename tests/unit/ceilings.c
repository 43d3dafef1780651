/* The ceilings of one packet: layers, text, fields, scratch. A protocol made for it goes beyond each of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "dissect/dissect.h"

enum { LINK_DEEP = 1, LINK_LONG, LINK_FIELDS, LINK_STRINGS, SIZE = 100 };

static unsigned entered;
static const struct field F[] = { { "made.number", U32 }, { "made.text", STR } };

static const struct proto proto_deep, proto_long, proto_fields, proto_strings;

/* Itself inside itself, without an end. */
static void
deep(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_deep);
	entered++;
	text(d, "<");
	next(d, D_LINK, LINK_DEEP, p, len);
	text(d, ">");
}

static void
long_text(struct dis *d, const uint8_t *p, uint32_t len)
{
	(void)p, (void)len;
	enter(d, &proto_long);
	/* It would not end by itself. */
	for (;;)
		text(d, "0123456789");
}

static void
many_fields(struct dis *d, const uint8_t *p, uint32_t len)
{
	(void)p, (void)len;
	enter(d, &proto_fields);
	for (unsigned i = 0; i < 3 * DIS_FIELDS_MAX; i++)
		put_value(d, &F[0], i);
	text(d, "done");
}

static void
many_strings(struct dis *d, const uint8_t *p, uint32_t len)
{
	char s[1000];

	(void)p, (void)len;
	enter(d, &proto_strings);
	memset(s, 's', sizeof s);
	for (unsigned i = 0; i < 1000; i++)
		put_string(d, &F[1], s, sizeof s);
	text(d, "done");
}

static const struct proto proto_deep = PROTO_NO_FIELDS("deep", "deep", "Deep", deep);
static const struct proto proto_long = PROTO_NO_FIELDS("long", "long", "Long", long_text);
static const struct proto proto_fields = PROTO("fields", "fields", "Fields", many_fields, F);
static const struct proto proto_strings = PROTO("strings", "strings", "Strings", many_strings, F);
static const struct demux_row rows[] = {
	{ D_LINK, LINK_DEEP, LINK_DEEP, &proto_deep }, { D_LINK, LINK_LONG, LINK_LONG, &proto_long },
	{ D_LINK, LINK_FIELDS, LINK_FIELDS, &proto_fields }, { D_LINK, LINK_STRINGS, LINK_STRINGS, &proto_strings },
};

static struct dis *d;

/* The text of a packet of that link type, to be compared at once. */
static const char *
walked(uint32_t link, size_t *n)
{
	static const uint8_t bytes[SIZE];
	const struct packet p = { bytes, sizeof bytes, sizeof bytes, 0, 0, link, 0 };

	dis_clear(d);
	dis_packet(d, &p, 1);
	*n = (size_t)(d->out - d->base);
	return d->base;
}

static int
open_walk(void **state)
{
	static const struct style style = { .n = 1, .t = 1 };

	(void)state;
	d = dis_new(&style, demux_new(rows, sizeof rows / sizeof *rows), NULL, NULL);
	return !d || !dis_collect_fields(d, NULL);
}

static void
layers(void **state)
{
	char want[DIS_DEPTH_MAX * 2 + 64], *o = want;
	const char *text;
	size_t n;

	(void)state;
	memset(o, '<', DIS_DEPTH_MAX);
	o = stpcpy(o + DIS_DEPTH_MAX, " [nested too deep]");
	memset(o, '>', DIS_DEPTH_MAX);
	o[DIS_DEPTH_MAX] = '\n';
	o += DIS_DEPTH_MAX + 1;
	for (unsigned i = 0; i < 2; i++) {
		entered = 0;
		text = walked(LINK_DEEP, &n);
		assert_int_equal(entered, DIS_DEPTH_MAX);
		assert_int_equal(n, o - want);
		assert_memory_equal(text, want, n);
		/* The frame's own layer comes on top. */
		assert_in_range(d->sink->n_layers, DIS_DEPTH_MAX, DIS_DEPTH_MAX + 1);
	}
}

static void
text_of_a_packet(void **state)
{
	static const char said[] = "\n\t[too much text: the rest is not shown]\n";
	const size_t most = DIS_TEXT_BASE + DIS_TEXT_A_BYTE * SIZE;
	const char *text;
	size_t n, short_n;

	(void)state;
	text = walked(LINK_LONG, &n);
	assert_in_range(n, most - 10, most + sizeof said);
	assert_memory_equal(text, "0123456789", 10);
	assert_memory_equal(text + n - (sizeof said - 1), said, sizeof said - 1);
	/* The next packet knows nothing of it. */
	text = walked(LINK_FIELDS, &short_n);
	assert_int_equal(short_n, 5);
	assert_memory_equal(text, "done\n", 5);
}

static void
fields_of_a_packet(void **state)
{
	size_t n;

	(void)state;
	walked(LINK_FIELDS, &n);
	assert_int_equal(d->sink->n, DIS_FIELDS_MAX);
	assert_true(d->sink->dropped >= 2 * DIS_FIELDS_MAX);
	walked(LINK_STRINGS, &n);
	assert_in_range(d->sink->dropped, 1000 - DIS_ARENA / 1000, 1000 - DIS_ARENA / 1000 + 2);
	assert_true(d->arena_used <= DIS_ARENA);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layers),
		cmocka_unit_test(text_of_a_packet),
		cmocka_unit_test(fields_of_a_packet),
	};
	return cmocka_run_group_tests(tests, open_walk, NULL);
}
