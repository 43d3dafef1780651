/* The field sink, values in JSON and columns, the catalog, demultiplexing, conversation memory, checksums. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "dissect/catalog.h"
#include "out/json.h"
#include "out/value.h"
#include "dice.h"

static const struct field F[] = {
	{ "t.u16", U16 }, { "t.low", U16, .mask = 0x0ff0 }, { "t.le", LE32 }, { "t.i8", I8 }, { "t.flag", BOOL, .mask = 0x40 },
	{ "t.ip", IP4 }, { "t.str", STR }, { "t.bytes", BYTES },
};

static const char *
shown(const struct field *f, const void *p, uint32_t n)
{
	static char out[256];
	struct noted x = { .field = f, .p = p, .len = n };
	struct buf b = { 0 };

	value_put(&b, &x, VALUE_COLUMN);
	memcpy(out, b.data ? b.data : "", b.len);
	out[b.len] = 0;
	buf_free(&b);
	return out;
}

static void
values(void **state)
{
	(void)state;
	assert_string_equal(shown(&F[0], "\x12\x34", 2), "4660");
	assert_string_equal(shown(&F[1], "\x12\x34", 2), "35");
	assert_string_equal(shown(&F[2], "\x01\x00\x00\x80", 4), "2147483649");
	assert_string_equal(shown(&F[3], "\xfe", 1), "-2");
	assert_string_equal(shown(&F[4], "\x40", 1), "1");
	assert_string_equal(shown(&F[4], "\x3f", 1), "0");
	assert_string_equal(shown(&F[5], "\xc0\x00\x02\x01", 4), "192.0.2.1");
	assert_string_equal(shown(&F[5], "\xc0\x00\x02\x01\x09", 5), "c0:00:02:01:09");
	assert_string_equal(shown(&F[6], "abc\0def", 7), "abc");
	assert_string_equal(shown(&F[7], "\x00\xff", 2), "00:ff");
}

/* Times as they are worked out, and numbers at the edges of how they are written. */
static void
values_of_their_own(void **state)
{
	static const struct field duration = { "t.duration", DURATION }, millis = { "t.millis", MILLIS }, u64 = { "t.u64", U64 },
		i64 = { "t.i64", I64 };
	static const struct {
		const struct field *field;
		uint64_t v;
		const char *json;
	} t[] = {
		{ &duration, 0, "\"0.000000000\"" }, { &duration, (uint64_t)-1, "\"-0.000000001\"" },
		{ &duration, 12345678901234567, "\"12345678.901234567\"" },
		{ &duration, (uint64_t)INT64_MIN, "\"-9223372036.854775808\"" },
		{ &millis, 1500000, "\"1.5\"" }, { &millis, (uint64_t)-2000000, "\"-2\"" },
		{ &u64, 9, "9" }, { &u64, 10, "10" }, { &u64, 99999999, "99999999" }, { &u64, 100000000, "100000000" },
		{ &u64, UINT32_MAX, "4294967295" }, { &u64, UINT32_MAX + 1ull, "4294967296" },
		{ &u64, UINT64_MAX, "18446744073709551615" }, { &i64, (uint64_t)-7, "-7" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		struct noted x = { .field = t[i].field, .value = t[i].v, .is_value = 1 };
		struct buf b = { 0 };

		value_put(&b, &x, VALUE_JSON);
		buf_char(&b, 0);
		assert_string_equal(b.data, t[i].json);
		buf_free(&b);
	}
}

static void
escapes(void **state)
{
	static const struct {
		const char *in, *json, *plain;
	} t[] = {
		{ "plain", "plain", "plain" },
		{ "a\"b\\c", "a\\\"b\\\\c", "a\"b\\\\c" },
		{ "\x1b[2J\t\n\x7f", "\\u001b[2J\\t\\n\\u007f", "\\x1b[2J\\t\\n\\x7f" },
		{ "gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f" },
		{ "\xc3(", "\\\\xc3(", "\\xc3(" },
		{ "\xc0\x80\xed\xa0\x80", "\\\\xc0\\\\x80\\\\xed\\\\xa0\\\\x80", "\\xc0\\x80\\xed\\xa0\\x80" },
		{ "\xc2\x9b", "\\u009b", "\\x9b" },
		{ "\xe2\x80\xaegpj", "\\u202egpj", "\\xe2\\x80\\xaegpj" },
		{ "\xd8\x9c\xe2\x81\xa6", "\\u061c\\u2066", "\\xd8\\x9c\\xe2\\x81\\xa6" },
		{ "\xe2\x80\x93\xe2\x81\xaa", "\xe2\x80\x93\xe2\x81\xaa", "\xe2\x80\x93\xe2\x81\xaa" },
		{ "\xf0\x9f\x98\x80\xff", "\xf0\x9f\x98\x80\\\\xff", "\xf0\x9f\x98\x80\\xff" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		for (int json = 0; json < 2; json++) {
			struct buf b = { 0 };

			value_escape(&b, t[i].in, strlen(t[i].in), json);
			buf_char(&b, 0);
			assert_string_equal(b.data, json ? t[i].json : t[i].plain);
			buf_free(&b);
		}
	}
}

static void
nothing(struct dis *d, const uint8_t *p, uint32_t len)
{
	(void)d, (void)p, (void)len;
}

static const struct proto a = PROTO("aaa", "a", "A", nothing, F), b = PROTO_NO_FIELDS("bbb", "b", "B", nothing);
static const struct demux_row rows[] = {
	{ D_TCP, 80, 80, &a }, { D_TCP, 23, 23, &b }, { D_TCP, 80, 80, &b },
	{ D_UDP, 53, 53, &a }, { D_UDP_DST, 99, 99, &b }, { D_UDP_SRC, 98, 98, &a }, { D_UDP, 7000, 7009, &b },
};

static void
demultiplexing(void **state)
{
	struct demux *x = demux_new(rows, sizeof rows / sizeof *rows);

	(void)state;
	assert_ptr_equal(demux_find(x, D_TCP, 80), &a);
	assert_null(demux_find(x, D_TCP, 81));
	assert_null(demux_find(x, D_TCP, 1u << 20));
	/* The earlier row wins whichever side the port is on. */
	assert_ptr_equal(demux_find_port(x, D_TCP, 23, 80), &a);
	assert_ptr_equal(demux_find_port(x, D_TCP, 80, 23), &a);
	assert_ptr_equal(demux_find_port(x, D_TCP, 23, 4000), &b);
	assert_ptr_equal(demux_find_port(x, D_UDP, 1, 99), &b);
	assert_null(demux_find_port(x, D_UDP, 99, 1));
	assert_ptr_equal(demux_find_port(x, D_UDP, 98, 1), &a);
	assert_ptr_equal(demux_find_port(x, D_UDP, 7009, 1), &b);
	assert_null(demux_find_port(x, D_UDP, 7010, 1));
	demux_free(x);
}

static void
catalog(void **state)
{
	struct demux *x = demux_new(rows, sizeof rows / sizeof *rows);
	struct catalog *c = catalog_new(x);

	(void)state;
	assert_ptr_equal(catalog_proto(c, "aaa"), &a);
	assert_null(catalog_proto(c, "zzz"));
	assert_ptr_equal(catalog_field(c, "t.str", 0), &F[6]);
	assert_null(catalog_field(c, "t.str", 1));
	assert_string_equal(catalog_nearest(c, "t.strr"), "t.str");
	assert_null(catalog_nearest(c, "completely.different"));
	for (size_t i = 1; catalog_at(c, i); i++)
		assert_true(strcmp(catalog_at(c, i - 1)->name, catalog_at(c, i)->name) <= 0);
	catalog_free(c);
	demux_free(x);
}

/* Fields of a layer stay together however they were noted, and those that come again share their name. */
static void
json_of_a_packet(void **state)
{
	static const struct field other = { "elsewhere.field", U8 };
	static const uint8_t p[40] = { 1, 2, 3, 4, [20] = 0xab, 0xcd };
	static struct style style;
	struct demux *x = demux_new(rows, sizeof rows / sizeof *rows);
	struct catalog *c = catalog_new(x);
	struct json *j = json_new(c);
	struct dis *d = dis_new(&style, x, NULL, NULL);
	struct buf out = { 0 };

	(void)state;
	assert_true(dis_collect_fields(d, NULL));
	d->end = p + sizeof p;
	enter(d, &a);
	put_field(d, &F[5], p, 4);
	put_field(d, &F[0], p, 2);
	put_field(d, &F[4], p, 1);
	put_field(d, &F[0], p + 20, 2);
	enter(d, &b);
	put_value(d, &other, 200);
	d->sink->now = 0;
	put_field(d, &F[5], p + 20, 4);
	put_field(d, &F[0], p + 2, 2);
	put_string(d, &F[6], "say \"hi\"", 8);
	put_field(d, &F[7], p, 40);
	d->sink->dropped = 3;
	enter(d, &b);
	json_packet(j, &out, d);
	buf_char(&out, 0);
	assert_string_equal(out.data,
	    "{\"layers\":[{\"aaa\":{\"t.ip\":[\"1.2.3.4\",\"171.205.0.0\"],\"t.u16\":[258,43981,772],\"t.flag\":false,"
	    "\"t.str\":\"say \\\"hi\\\"\",\"t.bytes\":\"01:02:03:04:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:"
	    "ab:cd:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00\"}},{\"bbb\":{\"elsewhere.field\":200}},"
	    "{\"bbb\":{}}],\"fields_dropped\":3}\n");
	buf_free(&out);
	dis_free(d);
	json_free(j);
	catalog_free(c);
	demux_free(x);
}

/* Notes of a packet that the seed makes: fields in rows and across them, again, of other protocols, of odd lengths; many or few. */
static void
note_by_seed(struct dis *d, const uint8_t *p, uint32_t seed)
{
	static const struct field other = { "elsewhere.field", U8 };
	const uint64_t before = dice_state;
	unsigned layers, most;

	dice_state = UINT64_C(88172645463325252) + seed;
	layers = 1 + dice(4);
	most = dice(8) ? 12 : 80;
	d->sink->n = d->sink->n_layers = 0;
	d->arena_used = 0;
	for (unsigned k = 0; k < layers; k++) {
		unsigned n = dice(most), row = 0;

		enter(d, dice(3) ? &a : &b);
		for (unsigned i = 0; i < n; i++) {
			const struct field *f = &F[row++ % (sizeof F / sizeof *F)];

			switch (dice(12)) {
			case 0:
				row = dice(sizeof F / sizeof *F);
				break;
			case 1:
				put_value(d, &other, i);
				break;
			case 2:
				put_string(d, f, "a\tb", 3);
				break;
			case 3:
				d->sink->now = (uint16_t)dice(d->sink->n_layers);
				break;
			case 4:
				put_value(d, f, dice(300));
				break;
			case 5:
				put_field(d, f, p, dice(40));
				break;
			default:
				put_field(d, f, p + i, f->type == IP4 || f->type == LE32 ? 4 : f->type == U16 ? 2 : 1);
			}
		}
	}
	dice_state = before;
}

/* How a packet is told does not depend on those before it, of the same kind or of others. */
static void
json_of_packets_after_others(void **state)
{
	enum { KINDS = 300, ROUNDS = 6000 };
	static struct style style;
	static uint8_t p[200];
	struct demux *x = demux_new(rows, sizeof rows / sizeof *rows);
	struct catalog *c = catalog_new(x);
	struct json *j = json_new(c);
	struct dis *d = dis_new(&style, x, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof p; i++)
		p[i] = (uint8_t)(i * 37);
	assert_true(dis_collect_fields(d, NULL));
	d->end = p + sizeof p;
	for (int round = 0; round < ROUNDS; round++) {
		struct dis *alone = dis_new(&style, x, NULL, NULL);
		struct buf is = { 0 }, want = { 0 };
		uint32_t seed = 1 + dice(dice(2) ? 20 : KINDS);

		assert_true(dis_collect_fields(alone, NULL));
		alone->end = d->end;
		note_by_seed(alone, p, seed);
		note_by_seed(d, p, seed);
		json_packet(j, &want, alone);
		json_packet(j, &is, d);
		assert_int_equal(is.len, want.len);
		assert_memory_equal(is.data, want.data, want.len);
		p[dice(sizeof p)]++;
		buf_free(&is);
		buf_free(&want);
		dis_free(alone);
	}
	dis_free(d);
	json_free(j);
	catalog_free(c);
	demux_free(x);
}

/* What is plain ends at the same byte wherever it is, whatever it is and however much is around it. */
static void
plain_text(void **state)
{
	(void)state;
	for (size_t n = 0; n <= 70; n++) {
		char *s = malloc(n + 1);

		for (int json = 0; json < 2; json++) {
			memset(s, '~', n);
			assert_int_equal(value_plain(s, n, json), n);
			for (size_t at = 0; at < n; at++)
				for (unsigned c = 0; c < 256; c++) {
					bool plain = c >= 0x20 && c < 0x7f && c != '\\' && !(json && c == '"');

					s[at] = (char)c;
					if (n > at + 1)
						s[n - 1] = c & 1 ? '"' : '\\';
					assert_int_equal(value_plain(s, n, json), plain ?
					    (n > at + 1 && !(c & 1 && !json) ? n - 1 : n) : at);
					s[n - 1] = s[at] = '~';
				}
		}
		free(s);
	}
}

static void
conversations_are_bounded(void **state)
{
	struct conv_table *t = conv_new();
	struct dis d = { .conv = t };
	uint32_t *v, key;
	bool fresh;

	(void)state;
	key = 7;
	v = conv_at(&d, &key, sizeof key, true, &fresh);
	assert_true(fresh);
	*v = 77;
	v = conv_at(&d, &key, sizeof key, true, &fresh);
	assert_false(fresh);
	assert_int_equal(*v, 77);
	key = 8;
	assert_null(conv_at(&d, &key, sizeof key, false, &fresh));
	/* Far more than it holds: always an entry, and the newest is still there. */
	for (key = 100; key < 1000000; key++) {
		v = conv_at(&d, &key, sizeof key, true, &fresh);
		assert_non_null(v);
		*v = key;
	}
	key--;
	v = conv_at(&d, &key, sizeof key, true, &fresh);
	assert_false(fresh);
	assert_int_equal(*v, key);
	conv_free(t);
}

/* RFC 1071 by the book. */
static uint16_t
plain_checksum(const uint8_t *p, size_t n)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += i & 1 ? p[i] : (uint32_t)p[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static void
checksums(void **state)
{
	uint8_t data[300];

	(void)state;
	srand(1);
	for (size_t i = 0; i < sizeof data; i++)
		data[i] = (uint8_t)rand();
	for (size_t n = 0; n <= sizeof data; n++) {
		assert_int_equal(checksum(&(struct span) { data, n }, 1), plain_checksum(data, n));
		for (size_t cut = 0; cut <= n; cut += 7) {
			struct span two[2] = { { data, cut }, { data + cut, n - cut } };

			assert_int_equal(checksum(two, 2), plain_checksum(data, n));
		}
	}
	/* What the field should hold makes the sum zero. */
	for (int i = 0; i < 1000; i++) {
		uint16_t is, should;

		for (size_t k = 0; k < 64; k++)
			data[k] = (uint8_t)rand();
		is = (uint16_t)(data[10] << 8 | data[11]);
		should = checksum_should_be(is, checksum(&(struct span) { data, 64 }, 1));
		data[10] = (uint8_t)(should >> 8);
		data[11] = (uint8_t)should;
		assert_int_equal(checksum(&(struct span) { data, 64 }, 1), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values),
		cmocka_unit_test(values_of_their_own),
		cmocka_unit_test(escapes),
		cmocka_unit_test(demultiplexing),
		cmocka_unit_test(catalog),
		cmocka_unit_test(json_of_a_packet),
		cmocka_unit_test(json_of_packets_after_others),
		cmocka_unit_test(plain_text),
		cmocka_unit_test(conversations_are_bounded),
		cmocka_unit_test(checksums),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
