#include "capture.h"

enum {
	SECTION = 0x0a0d0d0a,
	INTERFACE = 1,
	OLD_PACKET = 2,
	SIMPLE = 3,
	NAMES = 4,
	STATISTICS = 5,
	PACKET = 6,
	SECRETS = 10,
	SECTION_BYTES = 28,
	PACKET_BYTES = 32,	/* without the packet */
};

/* A block around `body`, which is freed. */
static void
put_block(struct bytes *b, uint32_t type, struct bytes *body)
{
	uint32_t n;

	while (body->n % 4)
		put_number(body, 0, 1);
	n = (uint32_t)body->n + 12;
	put32(b, type);
	put32(b, n);
	put(b, body->d, body->n);
	put32(b, n);
	free(body->d);
}

static void
put_section(struct bytes *b)
{
	struct bytes s = { .big = b->big };

	put32(&s, 0x1a2b3c4d);
	put16(&s, 1);
	put16(&s, 0);
	put_number(&s, UINT64_MAX, 8);
	put_block(b, SECTION, &s);
}

static void
put_option(struct bytes *b, unsigned code, const void *p, size_t n)
{
	put16(b, code);
	put16(b, (unsigned)n);
	put(b, p, n);
	while (b->n % 4)
		put_number(b, 0, 1);
}

/* resolution: the option's value, or -1 for none; name may be NULL. */
static void
put_interface(struct bytes *b, unsigned link, uint32_t snaplen, int resolution, int64_t offset,
    const char *name)
{
	struct bytes s = { .big = b->big };
	uint8_t r = (uint8_t)resolution;

	put16(&s, link);
	put16(&s, 0);
	put32(&s, snaplen);
	if (name)
		put_option(&s, 2, name, strlen(name));
	put_option(&s, 3, "what it is", 10);
	if (resolution >= 0)
		put_option(&s, 9, &r, 1);
	if (offset) {
		put16(&s, 14);
		put16(&s, 8);
		put_number(&s, (uint64_t)offset, 8);
	}
	put_option(&s, 0, "", 0);
	put_block(b, INTERFACE, &s);
}

static void
put_packet(struct bytes *b, uint32_t iface, uint64_t t, uint32_t caplen, uint32_t len)
{
	struct bytes s = { .big = b->big };

	put32(&s, iface);
	put32(&s, (uint32_t)(t >> 32));
	put32(&s, (uint32_t)t);
	put32(&s, caplen);
	put32(&s, len);
	put_payload(&s, caplen, (unsigned)t);
	while (s.n % 4)
		put_number(&s, 0, 1);
	put_option(&s, 1, "a comment", 9);
	put_block(b, PACKET, &s);
}

static void
put_start(struct bytes *b)
{
	put_section(b);
	put_interface(b, 1, 96, -1, 0, NULL);
}

static void
is_payload(const struct packet *k, unsigned seed)
{
	struct bytes b = { 0 };

	put_payload(&b, k->caplen, seed);
	assert_memory_equal(b.d, k->data, k->caplen);
	free(b.d);
}

static void
both_orders(void **state)
{
	(void)state;
	for (int big = 0; big < 2; big++) {
		struct bytes b = { .big = big };
		struct found f;

		put_section(&b);
		put_interface(&b, 101, 100, -1, 0, "eth7");
		put_packet(&b, 0, 1500000, 61, 1514);
		put_packet(&b, 0, UINT64_C(0x123456789abcdef), 1, 1);
		read_bytes(&f, &b);
		assert_string_equal(f.e.text, "");
		assert_int_equal(f.n, 2);
		assert_int_equal(f.n_ifaces, 1);
		assert_int_equal(f.ifaces[0].link, 12);
		assert_int_equal(f.ifaces[0].snaplen, 100);
		assert_false(f.ifaces[0].nano);
		assert_string_equal(f.ifaces[0].name, "eth7");
		assert_int_equal(f.packets[0].sec, 1);
		assert_int_equal(f.packets[0].nsec, 500000000);
		assert_int_equal(f.packets[0].caplen, 61);
		assert_int_equal(f.packets[0].len, 1514);
		assert_int_equal(f.packets[0].link, 12);
		is_payload(&f.packets[0], 1500000);
		assert_int_equal(f.packets[1].sec, INT64_C(0x123456789abcdef) / 1000000);
		assert_int_equal(f.packets[1].nsec, INT64_C(0x123456789abcdef) % 1000000 * 1000);
		forget(&f);
		free(b.d);
	}
}

static void
resolutions_and_offsets(void **state)
{
	static const struct {
		int resolution;
		int64_t offset;
		uint64_t t;
		int64_t sec, nsec;
		bool nano;
	} kinds[] = {
		{ 6, 0, 7000001, 7, 1000, false },
		{ 9, 0, 7000000001, 7, 1, true },
		{ 3, 0, 7001, 7, 1000000, false },
		{ 0, 0, 7, 7, 0, false },
		{ 12, 0, 7000000001999, 7, 1, true },
		{ 19, 0, UINT64_C(15000000000000000000), 1, 500000000, true },
		{ 0x80, 0, 7, 7, 0, false },
		{ 0x81, 0, 7, 3, 500000000, false },
		{ 0x94, 0, UINT64_C(0x780000), 7, 500000000, true },
		{ 0xbf, 0, UINT64_C(0xc000000000000000), 1, 500000000, true },	/* 2^-63 */
		{ 6, 100, 7000001, 107, 1000, false },
		{ 6, -10, 7000001, -3, 1000, false },
		{ 6, INT64_C(5000000000), 7000001, INT64_C(5000000007), 1000, false },
		{ 9, 0, UINT64_MAX, INT64_C(18446744073), 709551615, true },	/* the year 2554 */
		{ 6, 0, UINT64_C(4323283200000000), INT64_C(4323283200), 0, false },	/* 2107 */
	};

	(void)state;
	for (size_t i = 0; i < 2 * sizeof kinds / sizeof *kinds; i++) {
		struct bytes b = { .big = i & 1 };
		struct found f;
		size_t k = i / 2;

		put_section(&b);
		put_interface(&b, 1, 96, kinds[k].resolution, kinds[k].offset, NULL);
		put_packet(&b, 0, kinds[k].t, 4, 4);
		read_bytes(&f, &b);
		assert_string_equal(f.e.text, "");
		assert_int_equal(f.n, 1);
		assert_int_equal(f.packets[0].sec, kinds[k].sec);
		assert_int_equal(f.packets[0].nsec, kinds[k].nsec);
		assert_int_equal(f.ifaces[0].nano, kinds[k].nano);
		forget(&f);
		free(b.d);
	}
}

/*
 * Sections of different byte order, interfaces of different link type, snapshot length and
 * resolution.
 */
static void
sections_and_interfaces(void **state)
{
	struct bytes b = { 0 };
	struct found f;

	(void)state;
	put_section(&b);
	put_interface(&b, 1, 96, -1, 0, "eth0");
	put_packet(&b, 0, 1000000, 10, 10);
	put_interface(&b, 113, 65535, 9, 0, "any");	/* interfaces may come late */
	put_packet(&b, 1, 2000000000, 11, 11);
	put_packet(&b, 0, 3000000, 12, 12);
	b.big = true;
	put_section(&b);
	put_interface(&b, 0, 40, 3, 0, "lo0");
	put_interface(&b, 113, 65535, 9, 0, "any");
	put_packet(&b, 0, 4000, 13, 13);
	put_packet(&b, 1, 5000000000, 14, 14);
	read_bytes(&f, &b);
	assert_string_equal(f.e.text, "");
	assert_int_equal(f.n, 5);
	for (unsigned i = 0; i < 5; i++) {
		static const unsigned links[] = { 1, 113, 1, 0, 113 }, ifaces[] = { 0, 1, 0, 2, 1 };

		assert_int_equal(f.packets[i].sec, i + 1);
		assert_int_equal(f.packets[i].nsec, 0);
		assert_int_equal(f.packets[i].caplen, 10 + i);
		assert_int_equal(f.packets[i].link, links[i]);
		assert_int_equal(f.packets[i].iface, ifaces[i]);
	}
	assert_int_equal(f.n_ifaces, 3);	/* "any" is the same in both sections */
	assert_string_equal(f.ifaces[2].name, "lo0");
	assert_int_equal(f.ifaces[2].snaplen, 40);
	forget(&f);
	free(b.d);
}

static void
simple_and_old_packets(void **state)
{
	(void)state;
	for (int big = 0; big < 2; big++) {
		struct bytes b = { .big = big }, s = b, l = b, o = b;
		struct found f;

		put_section(&b);
		put_interface(&b, 1, 20, -1, 0, NULL);
		put32(&s, 17);
		put_payload(&s, 17, 1);
		put_block(&b, SIMPLE, &s);
		put32(&l, 1000);	/* longer than the snapshot length: cut to it */
		put_payload(&l, 20, 2);
		put_block(&b, SIMPLE, &l);
		put16(&o, 0);
		put16(&o, 5);		/* drops */
		put32(&o, 0);
		put32(&o, 3000001);
		put32(&o, 9);
		put32(&o, 99);
		put_payload(&o, 9, 3);
		put_block(&b, OLD_PACKET, &o);
		read_bytes(&f, &b);
		assert_string_equal(f.e.text, "");
		assert_int_equal(f.n, 3);
		assert_int_equal(f.packets[0].caplen, 17);
		assert_int_equal(f.packets[0].len, 17);
		assert_int_equal(f.packets[0].sec, 0);
		is_payload(&f.packets[0], 1);
		assert_int_equal(f.packets[1].caplen, 20);
		assert_int_equal(f.packets[1].len, 1000);
		is_payload(&f.packets[1], 2);
		assert_int_equal(f.packets[2].sec, 3);
		assert_int_equal(f.packets[2].nsec, 1000);
		assert_int_equal(f.packets[2].caplen, 9);
		assert_int_equal(f.packets[2].len, 99);
		is_payload(&f.packets[2], 3);
		forget(&f);
		free(b.d);
	}
}

static void
other_blocks_are_skipped(void **state)
{
	static const uint32_t types[] = { NAMES, STATISTICS, SECRETS, 0xbad, 0x40000bad,
	    0x80000001 };
	struct bytes b = { 0 };
	struct found f;

	(void)state;
	put_section(&b);
	for (size_t i = 0; i < 6; i++) {
		struct bytes s = { 0 };

		put_payload(&s, 40 * i, 1);
		put_block(&b, types[i], &s);
		if (i == 2)
			put_interface(&b, 1, 96, -1, 0, NULL);
		if (i >= 2)
			put_packet(&b, 0, i, 5, 5);
	}
	for (int i = 0; i < 2; i++) {
		struct bytes s = { 0 };

		put_payload(&s, 1000000, 1);	/* larger than the buffer */
		put_block(&b, SECRETS, &s);
		put_packet(&b, 0, 9, 5, 5);
	}
	read_bytes(&f, &b);
	assert_string_equal(f.e.text, "");
	assert_int_equal(f.n, 6);
	is_payload(&f.packets[5], 9);
	forget(&f);
	free(b.d);
}

static void
host_order_fields(void **state)
{
	(void)state;
	for (int big = 0; big < 2; big++) {
		struct bytes b = { .big = big }, s = { .big = big };
		uint8_t cooked[20] = { [15] = 0x0c, [16] = 1 };
		struct found f;

		put_section(&b);
		put_interface(&b, 113, 96, -1, 0, NULL);
		put32(&s, sizeof cooked);
		put(&s, cooked, sizeof cooked);
		put_block(&b, SIMPLE, &s);
		read_bytes(&f, &b);
		assert_int_equal(f.n, 1);
		assert_int_equal(f.packets[0].data[big ? 19 : 16], 1);
		forget(&f);
		free(b.d);
	}
}

static void
refusals(void **state)
{
	struct bytes b = { 0 }, s = { 0 };

	(void)state;
	put(&b, "\n\r\r\nabcdefgh", 12);
	refused(&b, "unknown file format");
	b = (struct bytes){ 0 };
	put(&b, "\n\r\r\n", 4);
	refused(&b, "unknown file format");

	b = (struct bytes){ 0 };
	put_section(&b);
	b.d[4] = 24;
	refused(&b, "Section Header Block in pcapng dump file has invalid length "
	    "28 < _24_ < 1048576 (BT_SHB_INSANE_MAX)");
	b = (struct bytes){ 0 };
	put_section(&b);
	b.d[12] = 2;
	refused(&b, "unsupported pcapng savefile version 2.0");
	b = (struct bytes){ 0 };
	put_section(&b);
	refused(&b, "the capture file has no Interface Description Blocks");
	b = (struct bytes){ 0 };
	put_section(&b);
	put_packet(&b, 0, 0, 1, 1);
	refused(&b, "the capture file has a packet block before any Interface Description Blocks");
	b = (struct bytes){ 0 };
	put_section(&b);
	put32(&s, 1);
	put_block(&b, INTERFACE, &s);
	refused(&b, "block of type 1 in pcapng dump file is too short");
}

/* One bad interface description each. */
static void
bad_interfaces(void **state)
{
	static const struct {
		unsigned code, length;
		uint8_t value[8];
		bool twice;
		const char *message;
	} kinds[] = {
		{ 9, 2, { 6 }, false,
		    "Interface Description Block has if_tsresol option with length 2 != 1" },
		{ 9, 1, { 20 }, false,
		    "Interface Description Block if_tsresol option resolution 10^-20 is too high" },
		{ 9, 1, { 0xc0 }, false,
		    "Interface Description Block if_tsresol option resolution 2^-64 is too high" },
		{ 9, 1, { 6 }, true,
		    "Interface Description Block has more than one if_tsresol option" },
		{ 14, 4, { 6 }, false,
		    "Interface Description Block has if_tsoffset option with length 4 != 8" },
		{ 14, 8, { 6 }, true,
		    "Interface Description Block has more than one if_tsoffset option" },
		{ 0, 4, { 6 }, false,
		    "Interface Description Block has opt_endofopt option with length 4 != 0" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct bytes b = { 0 }, s = { 0 };

		put_section(&b);
		put16(&s, 1);
		put16(&s, 0);
		put32(&s, 0);
		put_option(&s, kinds[i].code, kinds[i].value, kinds[i].length);
		if (kinds[i].twice)
			put_option(&s, kinds[i].code, kinds[i].value, kinds[i].length);
		put_block(&b, INTERFACE, &s);
		refused(&b, kinds[i].message);
	}
}

/* Damage in the middle: the packets before it come. */
static void
damage(void **state)
{
	static const struct {
		size_t at;	/* in the second packet's block */
		uint8_t byte;
		const char *message;
	} kinds[] = {
		{ 4, 8, "block in pcapng dump file has a length of 8 < 12" },
		{ 4, 61,
		    "block in pcapng dump file has a length of 61 that is not a multiple of 4" },
		{ 7, 1, "pcapng block size 16777276 > maximum 16777216" },
		{ 4, 64, "truncated pcapng dump file; tried to read 56 bytes, only got 52" },
		{ 4, 56, "block total length in header and trailer don't match" },
		{ 56, 0, "block total length in header and trailer don't match" },
		{ 8, 1, "a packet arrived on interface 1, but there's no "
		    "Interface Description Block for that interface" },
		{ 20, 97, "invalid packet capture length 97, bigger than snaplen of 96" },
		{ 20, 29, "block of type 6 in pcapng dump file is too short" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct bytes b = { 0 };
		size_t start;

		put_start(&b);
		put_packet(&b, 0, 1, 12, 12);
		start = b.n;
		put_packet(&b, 0, 2, 12, 12);
		assert_int_equal(b.n - start, 60);
		b.d[start + kinds[i].at] = kinds[i].byte;
		breaks_after(&b, 1, kinds[i].message);
	}
}

static void
bad_sections(void **state)
{
	struct bytes b = { 0 };
	size_t start;

	(void)state;
	put_start(&b);
	put_packet(&b, 0, 1, 12, 12);
	start = b.n;
	put_section(&b);
	b.d[start + 8] ^= 1;
	breaks_after(&b, 1, "the file has a section with a bad byte order magic field");

	b = (struct bytes){ 0 };
	put_start(&b);
	put_packet(&b, 0, 1, 12, 12);
	start = b.n;
	put_section(&b);
	b.d[start + 12] = 3;
	breaks_after(&b, 1, "unknown pcapng savefile major version number 3");

	b = (struct bytes){ 0 };
	put_start(&b);
	put_packet(&b, 0, 1, 12, 12);
	put_section(&b);		/* forgets the interfaces of the section before */
	put_packet(&b, 0, 1, 12, 12);
	breaks_after(&b, 1,
	    "a packet arrived on interface 0, but there's no "
	    "Interface Description Block for that interface");
}

/*
 * A file that ends anywhere: as many packets as are whole, and an error unless it ends between two
 * blocks.
 */
static void
cut_anywhere(void **state)
{
	struct bytes b = { 0 };
	size_t ends[8], n_ends = 0, first;

	(void)state;
	put_start(&b);
	ends[n_ends++] = first = b.n;
	for (unsigned i = 0; i < 3; i++) {
		put_packet(&b, 0, i, 5 + i, 60);
		ends[n_ends++] = b.n;
	}
	b.big = true;
	put_start(&b);
	put_packet(&b, 0, 9, 5, 60);
	for (size_t n = 0; n <= b.n; n++) {
		struct found f;
		size_t whole = 0;
		bool between = n == b.n;

		for (size_t i = 1; i < n_ends; i++)
			whole += n >= ends[i];
		whole += n == b.n;
		for (size_t i = 0; i < n_ends; i++)
			between |= n == ends[i];
		between |= n == ends[n_ends - 1] + SECTION_BYTES;
		between |= n == ends[n_ends - 1] + ends[0];
		read_memory(&f, b.d, n, 1 + n % 3);
		assert_int_equal(f.opened, n >= first);
		assert_int_equal(f.n, whole);
		assert_int_equal(f.e.text[0] == 0, between);
		forget(&f);
	}
	free(b.d);
}

/* Sections without end that repeat the same interface do not make the list grow. */
static void
many_sections(void **state)
{
	struct bytes b = { 0 };
	struct found f;

	(void)state;
	for (unsigned i = 0; i < 2000; i++) {
		put_start(&b);
		put_packet(&b, 0, i, 1, 1);
	}
	read_bytes(&f, &b);
	assert_string_equal(f.e.text, "");
	assert_int_equal(f.n, 2000);
	assert_int_equal(f.n_ifaces, 1);
	forget(&f);
	free(b.d);
}

static void
too_many_interfaces(void **state)
{
	struct bytes b = { 0 };

	(void)state;
	put_section(&b);
	for (unsigned i = 0; i < 65537; i++)
		put_interface(&b, 1, 96, -1, 0, NULL);
	breaks_after(&b, 0, "more than 65536 interfaces in the file");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_orders),
		cmocka_unit_test(resolutions_and_offsets),
		cmocka_unit_test(sections_and_interfaces),
		cmocka_unit_test(simple_and_old_packets),
		cmocka_unit_test(other_blocks_are_skipped),
		cmocka_unit_test(host_order_fields),
		cmocka_unit_test(refusals),
		cmocka_unit_test(bad_interfaces),
		cmocka_unit_test(damage),
		cmocka_unit_test(bad_sections),
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(many_sections),
		cmocka_unit_test(too_many_interfaces),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
