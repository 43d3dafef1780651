/* The flow table: ends, numbers, ceilings. */
#include "flow.h"

enum { S = SEG_SYN, A = SEG_ACK, F = SEG_FIN, R = SEG_RST };

/* A packet of a few bytes, written as the number that Wireshark gives its stream. */
struct numbered {
	unsigned dir;
	uint32_t seq, ack;
	unsigned flags;
	const char *payload;
	unsigned stream;
};

static void
check_numbers(const struct numbered *rows, size_t n)
{
	struct bench *b = bench_new();

	for (size_t i = 0; i < n; i++) {
		tcp(b, rows[i].dir, rows[i].seq, rows[i].ack, rows[i].flags, rows[i].payload);
		if (b->step.flow->stream != rows[i].stream)
			fail_msg("row %zu: stream %u, not %u", i, b->step.flow->stream, rows[i].stream);
	}
	bench_end(b, NULL);
}

#define CHECK_NUMBERS(...) do { \
	static const struct numbered rows[] = { __VA_ARGS__ }; \
	check_numbers(rows, sizeof rows / sizeof *rows); \
} while (0)

/* Each row was put before tshark 4.0. */
static void
numbers_of_tcp(void **state)
{
	(void)state;
	/* A SYN again, another one, one of the other side. */
	CHECK_NUMBERS({ 0, 100, 0, S, "", 0 }, { 0, 100, 0, S, "", 0 });
	CHECK_NUMBERS({ 0, 100, 0, S, "", 0 }, { 0, 200, 0, S, "", 1 });
	CHECK_NUMBERS({ 0, 100, 0, S, "", 0 }, { 1, 500, 101, S | A, "", 0 }, { 0, 101, 501, A, "", 0 }, { 1, 900, 0, S, "", 1 });
	CHECK_NUMBERS({ 0, 100, 0, S, "", 0 }, { 1, 500, 101, S | A, "", 0 }, { 0, 101, 501, A, "", 0 }, { 1, 500, 0, S, "", 0 });
	/* Ends make no difference. */
	CHECK_NUMBERS({ 0, 100, 0, S, "", 0 }, { 1, 0, 101, R | A, "", 0 }, { 0, 100, 0, S, "", 0 });
	CHECK_NUMBERS({ 0, 100, 0, S, "", 0 }, { 1, 500, 101, S | A, "", 0 }, { 0, 101, 501, A, "", 0 }, { 0, 101, 501, F | A, "", 0 },
	    { 0, 100, 0, S, "", 0 });
	/* The RST's number counts as the side's first one. */
	CHECK_NUMBERS({ 0, 100, 0, S, "", 0 }, { 1, 0, 101, R | A, "", 0 }, { 1, 900, 0, S, "", 1 });
	CHECK_NUMBERS({ 0, 101, 0, R, "", 0 }, { 0, 100, 0, S, "", 0 });
	CHECK_NUMBERS({ 0, 0, 0, R, "", 0 }, { 0, 100, 0, S, "", 1 });
	/* Both begin at once. */
	CHECK_NUMBERS({ 0, 100, 0, S, "", 0 }, { 1, 500, 0, S, "", 0 }, { 0, 100, 501, S | A, "", 0 }, { 1, 500, 101, S | A, "", 0 });
	/* A SYN-ACK never begins anything, but what it says counts. */
	CHECK_NUMBERS({ 0, 100, 0, S, "", 0 }, { 1, 500, 101, S | A, "", 0 }, { 1, 900, 101, S | A, "", 0 }, { 0, 101, 901, A, "", 0 });
	CHECK_NUMBERS({ 0, 100, 0, S, "", 0 }, { 1, 500, 101, S | A, "", 0 }, { 1, 900, 101, S | A, "", 0 }, { 1, 900, 0, S, "", 0 });
	CHECK_NUMBERS({ 0, 100, 0, S, "", 0 }, { 1, 500, 101, S | A, "", 0 }, { 1, 900, 101, S | A, "", 0 }, { 1, 500, 0, S, "", 1 });
	CHECK_NUMBERS({ 0, 100, 0, S, "", 0 }, { 0, 200, 0, S, "", 1 }, { 1, 500, 101, S | A, "", 1 }, { 1, 600, 201, S | A, "", 1 });
	CHECK_NUMBERS({ 1, 500, 101, S | A, "", 0 }, { 0, 100, 0, S, "", 0 });
	CHECK_NUMBERS({ 1, 500, 101, S | A, "", 0 }, { 0, 99, 0, S, "", 1 });
	/* Picked up in the middle. */
	CHECK_NUMBERS({ 0, 101, 501, A, "x", 0 }, { 0, 100, 0, S, "", 0 });
	CHECK_NUMBERS({ 0, 101, 501, A, "x", 0 }, { 0, 99, 0, S, "", 1 });
	CHECK_NUMBERS({ 0, 101, 501, A, "x", 0 }, { 1, 500, 0, S, "", 0 });
	CHECK_NUMBERS({ 0, 101, 501, A, "x", 0 }, { 1, 400, 0, S, "", 1 });
	CHECK_NUMBERS({ 0, 100, 0, 0, "", 0 }, { 0, 99, 0, S, "", 0 }, { 1, 7, 0, 0, "", 0 }, { 1, 8, 0, S, "", 1 });
	/* Flags that do not belong together. */
	CHECK_NUMBERS({ 0, 100, 0, S | F, "", 0 }, { 0, 100, 0, S | R, "", 0 }, { 0, 100, 0, S, "", 0 });
}

static void
reuse_closes(void **state)
{
	struct bench *b = bench_new();

	(void)state;
	tcp_open(b, 99);
	tcp(b, 0, 100, 5001, A, "one");
	tcp(b, 0, 106, 5001, A, "three");
	tcp(b, 0, 900, 0, S, "");
	assert_true(b->step.fresh);
	assert_int_equal(b->flow->stream, 1);
	tcp(b, 0, 901, 0, A, "two");
	bench_end(b, ">one(3)>three~>two$");
}

/* --- other protocols ------------------------------------------------------------------------------------------------ */

static const uint8_t six_a[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 }, six_b[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 2 };

/* A datagram of this protocol from A (dir 0) or B. */
static struct flow *
put(struct bench *b, unsigned version, unsigned dir, uint8_t proto, const uint8_t *p, uint32_t caplen, uint32_t len)
{
	const struct flow_datagram d = {
		.version = (uint8_t)version, .proto = proto, .src = version == 6 ? dir ? six_b : six_a : dir ? host_b : host_a,
		.dst = version == 6 ? dir ? six_a : six_b : dir ? host_a : host_b, .p = p, .caplen = caplen, .len = len,
		.frame_len = 100, .number = ++b->number, .ns = b->ns += 1000,
	};

	flows_take(b->flows, &d, &b->step);
	return b->flow = b->step.flow;
}

static struct flow *
udp(struct bench *b, unsigned version, unsigned dir, uint16_t sport, uint16_t dport, const char *payload)
{
	uint8_t p[100];
	const uint32_t n = (uint32_t)strlen(payload);

	put16(p, sport);
	put16(p + 2, dport);
	put16(p + 4, 8 + n);
	put16(p + 6, 0);
	memcpy(p + 8, payload, n);
	return put(b, version, dir, 17, p, 8 + n, 8 + n + 3);	/* three bytes of padding */
}

static void
datagrams(void **state)
{
	struct bench *b = bench_new();
	struct flow *first;

	(void)state;
	first = udp(b, 4, 0, 5000, 53, "query");
	assert_int_equal(b->step.payload_len, 5);
	assert_true(b->step.fresh);
	assert_ptr_equal(udp(b, 4, 1, 53, 5000, "answer"), first);
	assert_int_equal(b->step.dir, 1);
	assert_false(b->step.fresh);
	assert_int_equal(udp(b, 4, 1, 53, 5001, "other")->stream, 1);
	assert_int_equal(b->step.dir, 0);
	assert_int_equal(udp(b, 6, 0, 5000, 53, "six")->stream, 2);
	assert_int_equal(udp(b, 6, 1, 53, 5000, "SIX")->stream, 2);
	assert_ptr_equal(udp(b, 4, 0, 5000, 53, "again"), first);
	assert_int_equal(b->step.offset, 5);
	assert_int_equal(first->packets[0], 2);
	assert_int_equal(first->packets[1], 1);
	assert_int_equal(first->bytes[0], 200);
	assert_int_equal(first->payload[0], 10);
	assert_int_equal(first->ends.port[0], 5000);
	assert_int_equal(first->first_number, 1);
	assert_int_equal(first->last - first->first, 5000);
	/* TCP is numbered by itself. */
	tcp(b, 0, 1, 0, SEG_SYN, "");
	assert_int_equal(b->flow->stream, 0);
	assert_int_equal(flows_counts(b->flows)->flows[FLOW_UDP], 3);
	bench_end(b, ">query<answer>other>six<SIX>again$$$$");
}

/* Both ends the same: a flow of one direction, as Wireshark has it. */
static void
to_itself(void **state)
{
	struct bench *b = bench_new();
	uint8_t p[8] = { 0, 7, 0, 7, 0, 8 };
	const struct flow_datagram d = { .version = 4, .proto = 17, .src = host_a, .dst = host_a, .p = p, .caplen = 8,
		.len = 8, .number = 1 };

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		flows_take(b->flows, &d, &b->step);
		assert_int_equal(b->step.dir, 0);
		assert_int_equal(b->step.flow->stream, 0);
	}
	bench_end(b, "$");
}

/* What Wireshark gives no number has no flow. */
static void
cut_short(void **state)
{
	static const uint8_t p[32] = { 0, 1, 0, 2, 0, 8, [12] = 0x50, [13] = 2 };
	static const uint8_t short_udp[8] = { 0, 1, 0, 2, 0, 7 }, no_udp[8] = { 0, 1, 0, 2 };
	struct bench *b = bench_new();

	(void)state;
	assert_null(put(b, 4, 0, 6, p, 15, 20));
	assert_non_null(put(b, 4, 0, 6, p, 16, 20));
	assert_null(put(b, 4, 0, 17, p, 7, 20));
	assert_non_null(put(b, 4, 0, 17, p, 8, 20));
	assert_null(put(b, 4, 0, 17, short_udp, 8, 8));
	assert_null(put(b, 4, 0, 17, no_udp, 8, 8));
	assert_non_null(put(b, 6, 0, 17, no_udp, 8, 12));
	assert_int_equal(b->step.payload_len, 4);
	assert_null(put(b, 4, 0, 58, p, 20, 20));
	assert_null(put(b, 6, 0, 1, p, 20, 20));
	assert_null(put(b, 4, 0, 1, p, 1, 20));
	assert_null(put(b, 4, 0, 132, p, 11, 20));
	assert_null(put(b, 4, 0, 47, p, 20, 20));
	bench_end(b, NULL);
}

/* A TCP header that makes no sense belongs to a flow all the same, but has no payload. */
static void
bogus_header(void **state)
{
	uint8_t p[32] = { 0, 1, 0, 2, 0, 0, 0, 100, [12] = 0x40, [13] = 2 };
	struct bench *b = bench_new();

	(void)state;
	assert_int_equal(put(b, 4, 0, 6, p, 32, 32)->stream, 0);
	assert_int_equal(b->step.payload_len, 0);
	p[7] = 200;
	assert_int_equal(put(b, 4, 0, 6, p, 32, 32)->stream, 1);
	p[12] = 0xf0;
	p[7] = 44;
	p[1] = 9;
	assert_int_equal(put(b, 4, 0, 6, p, 32, 32)->stream, 2);
	p[12] = 0x50;
	p[7] = 45;
	assert_int_equal(put(b, 4, 0, 6, p, 32, 32)->stream, 2);
	bench_end(b, NULL);
}

/* What an ICMP error quotes counts for numbers, and for nothing else. */
static void
quoted(void **state)
{
	uint8_t p[20] = { 3, 232, 0, 80, 0, 0, 0, 100, [12] = 0x50, [13] = SEG_SYN };
	struct flow_datagram d = { .version = 4, .proto = 6, .src = host_a, .dst = host_b, .p = p, .caplen = 20, .len = 20,
		.number = 1, .ns = 1, .quoted = true };
	struct bench *b = bench_new();

	(void)state;
	flows_take(b->flows, &d, &b->step);
	assert_int_equal(b->step.flow->stream, 0);
	assert_int_equal(b->step.flow->packets[0], 0);
	/* It is no beginning, so that this SYN is of the same connection; another one quoted is of another one. */
	tcp(b, 0, 200, 0, SEG_SYN, "");
	assert_int_equal(b->flow->stream, 0);
	assert_int_equal(b->flow->packets[0], 1);
	flows_take(b->flows, &d, &b->step);
	assert_int_equal(b->step.flow->stream, 1);
	tcp(b, 0, 200, 0, SEG_SYN, "");
	assert_int_equal(b->flow->stream, 1);
	bench_end(b, "~$");
}

static void
icmp(void **state)
{
	static const uint8_t request[12] = { 8, 0, 0, 0, 0, 1, 0, 1, 'p', 'i', 'n', 'g' }, reply[12] = { 0, 0, 0, 0, 0, 1, 0, 1, 'p' };
	static const uint8_t unreachable[8] = { 3, 1 }, exceeded[8] = { 1, 3 };
	struct bench *b = bench_new();

	(void)state;
	assert_int_equal(put(b, 4, 0, 1, request, 12, 12)->stream, 0);
	assert_int_equal(put(b, 4, 1, 1, reply, 9, 9)->stream, 0);
	assert_int_equal(b->step.dir, 1);
	assert_int_equal(b->flow->ends.port[0], 8);
	assert_int_equal(b->flow->ends.port[1], 0);
	assert_int_equal(put(b, 4, 0, 1, unreachable, 8, 8)->stream, 1);
	assert_int_equal(put(b, 4, 1, 1, exceeded, 8, 8)->stream, 2);
	assert_int_equal(put(b, 4, 1, 1, unreachable, 8, 8)->stream, 3);
	assert_int_equal(put(b, 4, 0, 1, unreachable, 8, 8)->stream, 1);
	bench_end(b, ">ping<p$$$$");
}

static void
sctp_data(uint8_t *p, uint32_t tsn, const char *text)
{
	memset(p, 0, 16);
	put16(p + 2, 16 + (uint32_t)strlen(text));
	put32(p + 4, tsn);
	memcpy(p + 16, text, strlen(text));
}

/* The user data of each chunk, once. */
static void
sctp(void **state)
{
	uint8_t p[12 + 20 + 20 + 8 + 20] = { 0x03, 0xe8, 0, 80, 1, 2, 3, 4 };
	struct bench *b = bench_new();

	(void)state;
	sctp_data(p + 12, 7, "abcd");
	p[12 + 20] = 3;			/* SACK */
	put16(p + 34, 8);
	sctp_data(p + 12 + 20 + 8, 8, "efg");
	put(b, 4, 0, 132, p, 12 + 20 + 8 + 20, 12 + 20 + 8 + 20);
	assert_int_equal(b->flow->kind, FLOW_SCTP);
	put(b, 4, 0, 132, p, 12 + 20 + 8 + 20, 12 + 20 + 8 + 20);
	sctp_data(p + 12, 10, "later");
	put(b, 4, 0, 132, p, 12 + 21, 12 + 21);
	sctp_data(p + 12, 9, "early");
	put(b, 4, 0, 132, p, 12 + 18, 12 + 21);
	sctp_data(p + 12, 9, "early");
	put(b, 4, 0, 132, p, 12 + 21, 12 + 21);
	put16(p + 14, 3);
	put(b, 4, 0, 132, p, 12 + 21, 12 + 21);
	assert_int_equal(b->flow->packets[0], 6);
	bench_end(b, ">abcd>efg>later>ea(3)>$");
}

/* --- Community ID ----------------------------------------------------------------------------------------------------- */

static void
check_id(const char *want, unsigned version, uint8_t proto, const uint8_t *a, const uint8_t *z, uint16_t sport, uint16_t dport,
    uint16_t seed)
{
	struct flow_ends ends = { .port = { sport, dport }, .version = (uint8_t)version, .proto = proto };
	char text[COMMUNITY_ID_MAX];

	memcpy(ends.addr[0], a, version == 4 ? 4 : 16);
	memcpy(ends.addr[1], z, version == 4 ? 4 : 16);
	community_id(&ends, seed, text);
	assert_string_equal(text, want);
	if (seed == 0) {
		struct flow flow = { .ends = ends };

		assert_string_equal(flow_community(&flow), want);
		flow.ends.port[0]++;	/* kept */
		assert_string_equal(flow_community(&flow), want);
	}
}

/* The specification's own examples (baseline files of its repository). */
static void
community(void **state)
{
	static const uint8_t a[] = { 128, 232, 110, 120 }, z[] = { 66, 35, 250, 204 };
	static const uint8_t u[] = { 192, 168, 1, 52 }, v[] = { 8, 8, 8, 8 };
	static const uint8_t i[] = { 192, 168, 0, 89 }, j[] = { 192, 168, 0, 1 };

	(void)state;
	check_id("1:LQU9qZlK+B5F3KDmev6m5PMibrg=", 4, 6, a, z, 34855, 80, 0);
	check_id("1:LQU9qZlK+B5F3KDmev6m5PMibrg=", 4, 6, z, a, 80, 34855, 0);
	check_id("1:3V71V58M3Ksw/yuFALMcW0LAHvc=", 4, 6, a, z, 34855, 80, 1);
	check_id("1:d/FP5EW3wiY1vCndhwleRRKHowQ=", 4, 17, u, v, 54585, 53, 0);
	check_id("1:X0snYXpgwiv9TZtqg64sgzUn6Dk=", 4, 1, i, j, 8, 0, 0);
	check_id("1:X0snYXpgwiv9TZtqg64sgzUn6Dk=", 4, 1, j, i, 0, 8, 0);
}

/* --- ceilings --------------------------------------------------------------------------------------------------------- */

static void
put_syn(struct bench *b, uint32_t host, uint16_t port)
{
	uint8_t p[20] = { 0 }, src[4];
	const struct flow_datagram d = { .version = 4, .proto = 6, .src = src, .dst = host_b, .p = p, .caplen = 20, .len = 20,
		.frame_len = 54, .number = ++b->number, .ns = b->ns += 1000 };

	put32(src, host);
	put16(p, port);
	put16(p + 2, 80);
	p[12] = 0x50;
	p[13] = SEG_SYN;
	flows_take(b->flows, &d, &b->step);
}

/* Who was quiet longest goes first. */
static void
crowded(void **state)
{
	struct flows_options o = { .flows_max = 100 };
	struct bench *b = malloc(sizeof *b);

	(void)state;
	assert_non_null(b);
	bench_options(b, &o);
	b->quiet = true;
	for (uint16_t port = 1; port <= 100; port++)
		put_syn(b, 1, port);
	put_syn(b, 1, 1);
	assert_int_equal(b->step.flow->stream, 0);
	assert_int_equal(b->closed, 0);
	for (uint16_t port = 101; port < 200; port++) {
		put_syn(b, 1, port);
		assert_int_equal(b->step.flow->stream, port - 1);
		assert_int_equal(b->closed, port - 100);
	}
	put_syn(b, 1, 1);
	assert_int_equal(b->step.flow->stream, 0);
	put_syn(b, 1, 2);
	assert_int_equal(b->step.flow->stream, 199);
	assert_int_equal(flows_counts(b->flows)->crowded, 100);
	bench_end(b, NULL);
}

/* A million connections that are never answered. */
static void
half_open(void **state)
{
	struct bench *b = bench_new();

	(void)state;
	b->quiet = true;
	for (uint32_t i = 0; i < 1000000; i++)
		put_syn(b, i >> 12, (uint16_t)(i & 0xfff));
	assert_int_equal(flows_counts(b->flows)->flows[FLOW_TCP], 1000000);
	assert_int_equal(flows_counts(b->flows)->crowded, 1000000 - FLOWS_MAX);
	assert_in_range(flows_counts(b->flows)->memory, 50 << 20, 128 << 20);
	bench_end(b, NULL);
}

static void
in_order_of_beginning(void **state)
{
	struct bench *b = bench_new();

	(void)state;
	b->quiet = true;
	for (uint16_t port = 1; port <= BENCH_ORDER; port++)
		put_syn(b, 1, port);
	put_syn(b, 1, 3);
	put_syn(b, 1, 1);
	flows_end(b->flows);
	assert_int_equal(b->closed, BENCH_ORDER);
	for (unsigned i = 0; i < BENCH_ORDER; i++)
		assert_int_equal(b->order[i], i);
	bench_end(b, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_of_tcp),
		cmocka_unit_test(reuse_closes),
		cmocka_unit_test(datagrams),
		cmocka_unit_test(to_itself),
		cmocka_unit_test(cut_short),
		cmocka_unit_test(bogus_header),
		cmocka_unit_test(quoted),
		cmocka_unit_test(icmp),
		cmocka_unit_test(sctp),
		cmocka_unit_test(community),
		cmocka_unit_test(crowded),
		cmocka_unit_test(half_open),
		cmocka_unit_test(in_order_of_beginning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
