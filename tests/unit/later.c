/* Walks that ask conversation memory later print what they would have printed at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "dissect/later.h"

/*
 * A protocol made for the purpose. First byte: what to do, as often as the packet is long; the next: which conversation.
 * 'n' says a number relative to the conversation's last, 'k' says what it has to know at once, 'h' holds text back
 * and reads past the end.
 */
static void
answer(struct origin *o, void *data, bool fresh)
{
	uint32_t *last = data;

	o->base[0] = fresh ? 0 : *last;
	o->base[1] = o->reverse ? 1 : 2;
	*last = o->given[0];
}

static void
walk(struct dis *d, const uint8_t *p, uint32_t len)
{
	const uint8_t *end = p + len;

	for (; p < end; p += 3) {
		struct origin o = { .key = { u8(d, p + 1) }, .key_len = 1, .given = { u8(d, p + 2) }, .answer = answer };
		const struct origin *asked;
		uint32_t *seen;
		bool fresh;

		o.reverse = p[2] & 1;
		switch (*p) {
		case 'n':
			asked = origin_ask(d, &o);
			text(d, " n ");
			text_from(d, asked, 0, p[2]);
			text_char(d, '/');
			text_from(d, asked, 1, p[2]);
			break;
		case 'k':
			seen = conv_at(d, (uint8_t[]) { p[1], 'k' }, 2, true, &fresh);
			text_fmt(d, " k %u%s", *seen, fresh ? " fresh" : "");
			*seen = p[2];
			break;
		case 'h':
			text_hold(d);
			asked = origin_ask(d, &o);
			text(d, " held ");
			text_from(d, asked, 0, 7);
			u8(d, end);
			break;
		}
	}
}

static const struct proto proto_test = PROTO_NO_FIELDS("test", "test", "Test", walk);
static const struct demux_row rows[] = { { D_LINK, 1, 1, &proto_test } };

enum { PACKETS = 60, SIZE = 12 };

static uint8_t bytes[PACKETS][SIZE];

static struct packet
packet_at(uint32_t i)
{
	return (struct packet) { .data = bytes[i], .caplen = SIZE, .len = SIZE, .sec = 1000 + i * i, .link = 1 };
}

struct ctx {
	struct dis *d;
	uint32_t first;
};

static void
walk_one(void *p, uint32_t i)
{
	struct ctx *c = p;
	struct packet k = packet_at(c->first + i);

	dis_packet(c->d, &k, c->first + i + 1);
}

/* What a postponed packet had said counts: its text will be there after all. */
static void
withheld_text_counts(void **state)
{
	static const uint8_t says_first[SIZE] = { 'n', 1, 2, 'n', 1, 3, 'k', 1, 2 }, asks_first[SIZE] = { 'k', 1, 2 };
	struct demux *x = demux_new(rows, 1);
	struct style style = { .n = 1, .t = 1 };
	struct dis *d = dis_new(&style, x, NULL, NULL);
	struct packet k = packet_at(0);

	(void)state;
	d->later = later_new(2);
	memcpy(bytes[0], asks_first, SIZE);
	assert_false(dis_packet(d, &k, 1));
	assert_int_equal(later_withheld(d->later), 0);
	memcpy(bytes[0], says_first, SIZE);
	assert_false(dis_packet(d, &k, 2));
	assert_int_equal(later_withheld(d->later), strlen(" n / n /"));
	assert_ptr_equal(d->out, d->base);
	later_clear(d->later);
	assert_int_equal(later_withheld(d->later), 0);
	later_free(d->later);
	dis_free(d);
	demux_free(x);
}

static void
same_text(void **state)
{
	struct demux *x = demux_new(rows, 1);

	(void)state;
	srand(4);
	for (int round = 0; round < 100; round++) {
		struct style style = { .n = 1, .t = round % 6, .number = round & 1 };
		struct conv_table *at_once = conv_new(), *afterwards = conv_new();
		struct dis *d = dis_new(&style, x, NULL, at_once), *e = dis_new(&style, x, NULL, NULL);
		/* Room for fewer questions than there are: some packets have to wait for lack of it. */
		struct later *l = later_new(PACKETS / 2);
		struct buf all = { 0 };

		for (int i = 0; i < PACKETS * SIZE; i++)
			bytes[i / SIZE][i % SIZE] = i % 3 ? rand() & 3 : "nnnkhx"[rand() % (round % 7 ? 6 : 3)];
		for (uint32_t i = 0; i < PACKETS; i++) {
			struct packet k = packet_at(i);

			assert_true(dis_packet(d, &k, i + 1));
		}
		e->later = l;
		for (uint32_t first = 0; first < PACKETS; first += PACKETS / 2) {
			struct ctx c = { e, first };
			struct buf text = { 0 };
			struct said said;

			later_clear(l);
			dis_clear(e);
			for (uint32_t i = 0; i < PACKETS / 2; i++)
				walk_one(&c, i);
			later_settle(e, afterwards, walk_one, &c);
			said = later_fill(e, &text);
			buf_put(&all, said.text, said.n);
			buf_free(&text);
		}
		assert_int_equal(all.len, d->out - d->base);
		assert_memory_equal(all.data, d->base, all.len);
		buf_free(&all);
		later_free(l);
		dis_free(d);
		dis_free(e);
		conv_free(at_once);
		conv_free(afterwards);
	}
	demux_free(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(same_text), cmocka_unit_test(withheld_text_counts) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
