/*
 * TCP's bytes in order, with what the literature does to those who put them there: T. Ptacek and T. Newsham, "Insertion,
 * Evasion, and Denial of Service" (1998); U. Shankar and V. Paxson, "Active Mapping" (2003); J. Novak and S. Sturges,
 * "Target-Based TCP Stream Reassembly" (2007). What came first is kept, and who disagrees is told.
 */
#include "flow.h"

#include "dice.h"

enum { S = SEG_SYN, A = SEG_ACK, F = SEG_FIN, R = SEG_RST };

/* --- segments that agree -------------------------------------------------------------------------------------------- */

static void
in_order(void **state)
{
	struct bench *b = bench_new();

	(void)state;
	tcp_open(b, 99);
	tcp(b, 0, 100, 5001, A, "GET");
	assert_int_equal(b->step.offset, 0);
	tcp(b, 1, 5001, 103, A, "OK");
	tcp(b, 0, 103, 5003, A, "PUT");
	assert_int_equal(b->step.offset, 3);
	assert_int_equal(b->flow->payload[0], 6);
	bench_end(b, ">GET<OK>PUT$");
}

/* Ptacek and Newsham, 5.4: one byte a segment; a segment twice; all in reverse. */
static void
out_of_order(void **state)
{
	struct bench *b = bench_new();
	char byte[2] = "";

	(void)state;
	tcp_open(b, 99);
	for (unsigned i = 0; i < 6; i++) {
		byte[0] = "attack"[5 - i];
		tcp(b, 0, 105 - i, 5001, A, byte);
		assert_int_equal(b->step.offset, 5 - i);
	}
	tcp(b, 0, 109, 5001, A, "jkl");
	tcp(b, 0, 109, 5001, A, "jkl");
	tcp(b, 0, 106, 5001, A, "ghi");
	tcp(b, 0, 106, 5001, A, "ghi");
	tcp(b, 0, 100, 5001, A, "attackghijkl");
	bench_end(b, ">a>t>t>a>c>k>ghi>jkl$");
}

static void
waited_for(void **state)
{
	struct bench *b = bench_new();

	(void)state;
	tcp_open(b, 99);
	tcp(b, 0, 105, 5001, A, "fgh");
	tcp(b, 0, 102, 5001, A, "c");
	/* In front, in between and behind what waits, straight from one packet. */
	tcp(b, 0, 100, 5001, A, "abcdefghij");
	bench_end(b, ">ab>c>de>fgh>ij$");
}

static void
repeated_and_more(void **state)
{
	struct bench *b = bench_new();

	(void)state;
	tcp_open(b, 99);
	tcp(b, 0, 100, 5001, A, "abc");
	tcp(b, 0, 100, 5001, A, "abcdef");
	tcp(b, 0, 104, 5001, A, "efgh");
	bench_end(b, ">abc>def>gh$");
}

/* Segments without anything in between make no difference, nor do those without ACK, urgent ones or other flags. */
static void
flags_in_between(void **state)
{
	struct bench *b = bench_new();

	(void)state;
	tcp_open(b, 99);
	tcp(b, 0, 100, 5001, A, "a");
	tcp(b, 0, 101, 5001, A, "");
	tcp(b, 0, 0xdead, 5001, A, "");
	tcp(b, 0, 101, 0, 0, "b");
	tcp(b, 0, 102, 5001, A | SEG_URG, "u");
	tcp(b, 0, 103, 5001, A | SEG_PSH, "c");
	bench_end(b, ">a>b>u>c$");
}

/* --- segments that disagree ----------------------------------------------------------------------------------------- */

/* How two segments may overlap: where the first is, and the second (Novak and Sturges, figure 1). */
static const struct shape {
	unsigned first, first_end, second, second_end;
} shapes[] = {
	{ 4, 8, 2, 6 }, { 4, 8, 2, 8 }, { 4, 8, 2, 10 },	/* begins before; ends inside, with, behind the first one */
	{ 4, 8, 4, 6 }, { 4, 8, 4, 8 }, { 4, 8, 4, 10 },	/* begins with it */
	{ 4, 8, 5, 7 }, { 4, 8, 5, 8 }, { 4, 8, 5, 10 },	/* begins inside */
	{ 4, 8, 8, 10 }, { 4, 8, 2, 4 },			/* touches it */
};

static void
put_run(struct bench *b, uint32_t base, unsigned from, unsigned to, char c)
{
	char text[16] = "";

	memset(text, c, to - from);
	tcp(b, 0, base + from, 5001, A, text);
}

/* Each shape, with the first segment waiting for earlier bytes, or handed over already; across the wrap of numbers too. */
static void
overlaps(void **state)
{
	static const uint32_t isns[] = { 99, 0xfffffff9, 0x7ffffffb };

	(void)state;
	for (size_t i = 0; i < 3 * 2 * sizeof shapes / sizeof *shapes; i++) {
		const struct shape *s = &shapes[i / 6];
		const bool waits = i & 1;
		/* Where the second one meets bytes: without waiting, there are some in front of the first one too. */
		const unsigned from = s->second > s->first || !waits ? s->second : s->first;
		const unsigned to = s->second_end < s->first_end ? s->second_end : s->first_end;
		const uint32_t base = isns[i / 2 % 3] + 1;
		char want[16] = "", conflict[64] = "";
		struct bench *b = bench_new();

		tcp_open(b, base - 1);
		if (!waits)
			put_run(b, base, 0, s->first, 'c');
		put_run(b, base, s->first, s->first_end, 'A');
		put_run(b, base, s->second, s->second_end, 'B');
		if (waits)
			put_run(b, base, 0, s->first, 'c');
		put_run(b, base, s->first_end, 12, 'd');

		memset(want, 'c', s->first);
		memset(want + s->first, 'A', s->first_end - s->first);
		memset(want + s->first_end, 'd', 12 - s->first_end);
		if (s->second_end > s->first_end)
			memset(want + s->first_end, 'B', s->second_end - s->first_end);
		if (waits && s->second < s->first)
			memset(want + s->second, 'B', s->first - s->second);
		assert_int_equal(b->n[0], 12);
		if (memcmp(b->bytes[0], want, 12) != 0)
			fail_msg("shape %zu: %.12s, not %s", i / 6, b->bytes[0], want);
		if (from < to) {
			snprintf(conflict, sizeof conflict, "{>%u %.*s%.*s/%.*s}", from,
			    s->first > from ? (int)((s->first < to ? s->first : to) - from) : 0, "ccc",
			    to > s->first ? (int)(to - (from > s->first ? from : s->first)) : 0, "AAAA", (int)(to - from), "BBBBBB");
			assert_non_null(strstr(b->log, conflict));
		}
		/* c and B disagree as well, where both are there; and B and d. */
		assert_int_equal(flows_counts(b->flows)->conflicts,
		    (from < to) + (waits && s->second < s->first) + (s->second_end > s->first_end));
		bench_end(b, NULL);
	}
}

/* Shankar and Paxson, figure 2: who keeps the first has 111422333666. */
static void
active_mapping(void **state)
{
	struct bench *b = bench_new();

	(void)state;
	tcp_open(b, 99);
	tcp(b, 0, 100, 5001, A, "111");
	tcp(b, 0, 104, 5001, A, "22");
	tcp(b, 0, 106, 5001, A, "333");
	tcp(b, 0, 101, 5001, A, "4444");
	tcp(b, 0, 106, 5001, A, "555");
	tcp(b, 0, 109, 5001, A, "666");
	bench_end(b, ">111{>1 11/44}>4{>4 2/4}>22>333{>6 333/555}>666$");
}

/* Where exactly they differ. */
static void
differences(void **state)
{
	struct bench *b = bench_new();

	(void)state;
	tcp_open(b, 99);
	tcp(b, 0, 100, 5001, A, "GET /index");
	tcp(b, 0, 100, 5001, A, "GET /iNdEx and more");
	tcp(b, 0, 125, 5001, A, "0123456789");
	tcp(b, 0, 123, 5001, A, "xx01_3456_8");
	bench_end(b, ">GET /index{>6 nde/NdE}> and more{>27 234567/_3456_}(4)>xx>0123456789$");
}

/* What the other side has acknowledged cannot be changed any more. */
static void
acknowledged(void **state)
{
	struct bench *b = bench_new();

	(void)state;
	tcp_open(b, 99);
	tcp(b, 0, 100, 5001, A, "abcdef");
	tcp(b, 1, 5001, 103, A, "");
	tcp(b, 0, 100, 5001, A, "ABCDEF");
	tcp(b, 1, 5001, 106, A, "");
	tcp(b, 0, 100, 5001, A, "xyzxyz");
	assert_int_equal(flows_counts(b->flows)->conflicts, 1);
	assert_int_equal(flows_counts(b->flows)->unchecked, 0);
	bench_end(b, ">abcdef{>3 def/DEF}$");
}

/* Segments that hardware was to cut up: longer than all that is remembered, alone or with those before. */
static void
long_segments(void **state)
{
	enum { LONG = 200000, HALF = 60000, NEARLY = 100000 };
	static char block[LONG];

	(void)state;
	memset(block, 'a', sizeof block);
	for (unsigned before = 0; before <= HALF; before += HALF / 4) {
		for (unsigned n = NEARLY; n <= LONG; n += LONG - NEARLY) {
			struct bench *b = bench_new();

			tcp_open(b, 99);
			b->quiet = true;
			if (before)
				tcp_cut(b, 0, 100, 5001, A, block, before, before);
			tcp_cut(b, 0, 100 + before, 5001, A, block, n, n);
			b->quiet = false;
			tcp(b, 0, 100 + before + n - 3, 5001, A, "axa");
			assert_non_null(strstr(b->log, " a/x}"));
			assert_int_equal(flows_counts(b->flows)->conflicts, 1);
			b->quiet = true;
			bench_end(b, NULL);
		}
	}
}

/* A long flight that nobody acknowledges: at least the last 64 KiB are remembered. */
static void
remembered(void **state)
{
	struct bench *b = bench_new();
	char block[1000];
	uint32_t seq = 100;

	(void)state;
	tcp_open(b, 99);
	b->quiet = true;
	for (unsigned i = 0; i < 1000; i++, seq += sizeof block) {
		memset(block, 'a' + i % 26, sizeof block);
		tcp_cut(b, 0, seq, 5001, A, block, sizeof block, sizeof block);
	}
	assert_true(flows_counts(b->flows)->memory < 2 << 20);
	b->quiet = false;
	tcp(b, 0, seq - (64 << 10), 5001, A, "?");
	tcp(b, 0, seq - 1000, 5001, A, "l");
	tcp(b, 0, 100, 5001, A, "?");
	assert_int_equal(flows_counts(b->flows)->unchecked, 1);
	bench_end(b, "{>934464 y/?}$");
}

/* --- beginnings and ends -------------------------------------------------------------------------------------------- */

static void
syn_with_data(void **state)
{
	struct bench *b = bench_new();

	(void)state;
	tcp(b, 0, 99, 0, S, "abc");
	assert_int_equal(b->step.offset, 0);
	tcp(b, 1, 5000, 103, S | A, "xy");
	tcp(b, 0, 103, 5003, A, "def");
	assert_int_equal(b->step.offset, 3);
	bench_end(b, ">abc<xy>def$");
}

static void
simultaneous_open(void **state)
{
	struct bench *b = bench_new();

	(void)state;
	tcp(b, 0, 99, 0, S, "");
	tcp(b, 1, 5000, 0, S, "");
	tcp(b, 0, 99, 5001, S | A, "");
	tcp(b, 1, 5000, 100, S | A, "");
	tcp(b, 1, 5001, 100, A, "B");
	tcp(b, 0, 100, 5001, A, "A");
	assert_int_equal(b->flow->saw[0] & b->flow->saw[1], TCP_SAW_SYN | TCP_SAW_SYNACK | TCP_SAW_ACK | TCP_SAW_DATA);
	bench_end(b, "<B>A$");
}

/* Without a beginning, the first segment is the first; the handshake's ACK tells of what came before the data seen. */
static void
middle(void **state)
{
	struct bench *b = bench_new();

	(void)state;
	tcp(b, 0, 1000, 7000, A, "abc");
	tcp(b, 0, 997, 7000, A, "xyzab");
	tcp(b, 1, 7100, 1003, A, "B");
	tcp(b, 0, 1001, 7000, A, "bcd");
	bench_end(b, ">abc<B>d$");

	b = bench_new();
	tcp(b, 1, 5000, 100, S | A, "");
	tcp(b, 1, 103, 5001, A, "");
	assert_int_equal(b->step.dir, 0);
	flows_end(b->flows);
	bench_end(b, "$");

	b = bench_new();
	tcp(b, 1, 5000, 100, S | A, "");
	tcp(b, 0, 103, 5001, A, "def");
	tcp(b, 0, 100, 5001, A, "abc");
	bench_end(b, "<abc<def$");
}

/* The capture has packets in another order than the wire. */
static void
handshake_late(void **state)
{
	struct bench *b = bench_new();

	(void)state;
	tcp(b, 0, 100, 5001, A, "abc");
	tcp(b, 1, 5001, 103, A, "xyz");
	tcp(b, 1, 5000, 100, S | A, "");
	tcp(b, 0, 99, 0, S, "");
	tcp(b, 0, 103, 5004, A, "def");
	assert_int_equal(b->opened, 1);
	bench_end(b, ">abc<xyz>def$");
}

/* Ptacek and Newsham, 6.2 and 6.3: forged SYN-ACK, RST and FIN desynchronize nobody. */
static void
forged(void **state)
{
	struct bench *b = bench_new();

	(void)state;
	tcp_open(b, 99);
	tcp(b, 0, 100, 5001, A, "ab");
	tcp(b, 1, 90000, 102, S | A, "");
	tcp(b, 1, 5001, 102, A, "x");
	tcp(b, 0, 102, 5002, A | R, "reason");
	tcp(b, 0, 77, 0, R, "");
	tcp(b, 0, 102, 5002, A | F, "");
	tcp(b, 0, 102, 5002, A, "cd");
	tcp(b, 1, 5002, 104, A, "y");
	bench_end(b, ">ab<x>cd<y$");
}

static void
fins(void **state)
{
	struct bench *b = bench_new();

	(void)state;
	tcp_open(b, 99);
	/* The FIN first, its data later. */
	tcp(b, 0, 103, 5001, A | F, "def");
	assert_true(b->flow->saw[0] & TCP_SAW_FIN);
	tcp(b, 0, 100, 5001, A, "abc");
	assert_false(b->flow->saw[0] & TCP_FIN_ACKED);
	tcp(b, 1, 5001, 107, A | F, "xy");
	assert_true(b->flow->saw[0] & TCP_FIN_ACKED);
	assert_int_equal(b->flow->fin_number[0], 4);
	assert_int_equal(b->flow->fin_number[1], 6);
	/* A keep-alive, and more than there is. */
	tcp(b, 0, 106, 5004, A, "?");
	tcp(b, 0, 104, 5004, A, "efghi");
	tcp(b, 0, 107, 5004, A, "more");
	tcp(b, 1, 5001, 107, A | R, "");
	assert_int_equal(b->flow->rst_number[1], 10);
	bench_end(b, ">abc>def<xy$");
}

static void
keep_alive(void **state)
{
	struct bench *b = bench_new();

	(void)state;
	tcp_open(b, 99);
	tcp(b, 0, 100, 5001, A, "abc");
	tcp(b, 1, 5001, 103, A, "");
	tcp(b, 0, 102, 5001, A, "");
	tcp(b, 0, 102, 5001, A, "\x01");
	tcp(b, 1, 5001, 103, A, "");
	tcp(b, 0, 103, 5001, A, "def");
	bench_end(b, ">abc>def$");
}

/* After both FINs a SYN-ACK whose SYN was not captured begins again, in the same flow as Wireshark has it. */
static void
reopened(void **state)
{
	struct bench *b = bench_new();

	(void)state;
	tcp_open(b, 99);
	tcp(b, 1, 5001, 100, A | F, "abc");
	tcp(b, 0, 100, 5005, A | F, "");
	tcp(b, 1, 0x80000000, 3000, S | A, "");
	tcp(b, 1, 0x80000001, 3000, A, "def");
	assert_int_equal(b->step.offset, 3);
	bench_end(b, "<abc!<def$");
}

/* --- missing -------------------------------------------------------------------------------------------------------- */

static void
gap_acknowledged(void **state)
{
	struct bench *b = bench_new();

	(void)state;
	tcp_open(b, 99);
	tcp(b, 0, 100, 5001, A, "abc");
	tcp(b, 0, 108, 5001, A, "ijk");
	tcp(b, 0, 115, 5001, A, "pq");
	/* Up to the gap; inside; at its end: the receiver might wait for the same bytes as we do. */
	tcp(b, 1, 5001, 103, A, "");
	tcp(b, 1, 5001, 105, A, "");
	tcp(b, 1, 5001, 108, A, "");
	assert_int_equal(b->n[0], 3);
	assert_int_equal(b->flow->missing[0], 0);
	/* It has what is behind: they will not come. */
	tcp(b, 1, 5001, 109, A, "");
	assert_int_equal(b->flow->missing[0], 5);
	tcp(b, 0, 104, 5001, A, "late");
	assert_int_equal(flows_counts(b->flows)->missing, 5);
	assert_int_equal(flows_counts(b->flows)->conflicts, 0);
	bench_end(b, ">abc(5)>ijk(4)>pq$");
}

/* The acknowledgement was captured before what it acknowledges. */
static void
gap_none(void **state)
{
	struct bench *b = bench_new();

	(void)state;
	tcp_open(b, 99);
	tcp(b, 1, 5001, 106, A, "");
	tcp(b, 0, 100, 5001, A, "abc");
	tcp(b, 0, 103, 5001, A, "def");
	bench_end(b, ">abc>def$");
}

static void
flushed(void **state)
{
	struct bench *b = bench_new();

	(void)state;
	tcp_open(b, 99);
	tcp(b, 0, 103, 5001, A, "def");
	flow_flush(b->flows, b->flow);
	assert_string_equal(b->log, "(3)>def");
	flow_flush(b->flows, b->flow);
	tcp(b, 0, 106, 5001, A, "ghi");
	bench_end(b, "(3)>def>ghi$");
}

/* What the snap length cuts off is missing, in front of the next piece or alone. */
static void
snapped(void **state)
{
	struct bench *b = bench_new();

	(void)state;
	tcp_open(b, 99);
	tcp_cut(b, 0, 100, 5001, A, "abc", 3, 10);
	tcp_cut(b, 0, 100, 5001, A, "abc", 3, 10);
	tcp_cut(b, 0, 120, 5001, A, "uv", 2, 6);
	tcp_cut(b, 0, 110, 5001, A, "kl", 2, 10);
	tcp_cut(b, 0, 126, 5001, A, "", 0, 4);
	tcp(b, 0, 130, 5001, A, "end");
	tcp_cut(b, 0, 133, 5001, A, "", 0, 1000);
	assert_int_equal(b->flow->missing[0], 7 + 8 + 4 + 4 + 1000);
	bench_end(b, ">abc(7)>kl(8)>uv(8)>end(1000)>$");
}

/* More than 4 GiB. */
static void
long_stream(void **state)
{
	struct bench *b = bench_new();
	uint32_t seq = 100;

	(void)state;
	tcp_open(b, 99);
	tcp(b, 0, seq, 5001, A, "begin");
	seq += 5;
	b->quiet = true;
	b->stop = false;
	for (unsigned i = 0; i < 70000; i++, seq += 65000)
		tcp_cut(b, 0, seq, 5001, A, "x", 1, 65000);
	b->quiet = false;
	tcp(b, 0, seq, 5001, A, "");
	assert_true(b->step.offset == 5 + 70000 * UINT64_C(65000));
	tcp(b, 0, seq - 3, 5001, A, "");
	assert_true(b->step.offset == 2 + 70000 * UINT64_C(65000));
	assert_true(b->flow->missing[0] == 70000 * UINT64_C(64999));
	bench_end(b, ">begin(64999)>$");
}

/* --- far away ------------------------------------------------------------------------------------------------------- */

static void
strays(void **state)
{
	struct bench *b = bench_new();

	(void)state;
	tcp_open(b, 99);
	tcp(b, 0, 100, 5001, A, "abc");
	tcp(b, 0, 103 + (1u << 30), 5001, A, "far ahead");
	tcp(b, 0, 103 - (1u << 30), 5001, A, "far behind");
	tcp(b, 1, 5001, 103 + (1u << 30), A, "");
	tcp(b, 0, 103, 5001, A, "def");
	assert_int_equal(flows_counts(b->flows)->strays, 2);
	bench_end(b, ">abc>def$");
}

/* The capture has lost much: several segments in a row go on elsewhere. */
static void
moved(void **state)
{
	struct bench *b = bench_new();
	uint32_t seq = 103 + (1u << 30);

	(void)state;
	tcp_open(b, 99);
	tcp(b, 0, 100, 5001, A, "abc");
	tcp(b, 0, 105, 5001, A, "f");
	for (unsigned i = 0; i < 6; i++, seq += 2)
		tcp(b, 0, seq, 5001, A, "xy");
	assert_true(b->step.offset == 3 + (1u << 30) + 10);
	assert_int_equal(b->flow->missing[0], (1u << 30) + 6 - 1);
	b->n[0] = 0;
	/* And where nothing can have been: how much is missing is not known. */
	seq = 50;
	for (unsigned i = 0; i < 5; i++, seq += 2)
		tcp(b, 0, seq, 5001, A, "zz");
	bench_end(b, ">abc(2)>f(1073741827)>xy>xy>xy!>zz>zz$");
}

/* --- ceilings --------------------------------------------------------------------------------------------------------- */

static void
ceiling_of_one(void **state)
{
	struct bench *b = bench_new();
	uint64_t most = 0;
	char block[1000];

	(void)state;
	b->quiet = true;
	memset(block, 'x', sizeof block);
	tcp(b, 1, 5001, 100, A, "");
	tcp(b, 0, 100, 5001, A, "");
	/* Every other thousand bytes is there; nothing is acknowledged. */
	for (uint32_t i = 0; i < 20000; i++) {
		tcp_cut(b, 0, 1100 + i * 2000, 5001, A, block, sizeof block, sizeof block);
		most = flows_counts(b->flows)->buffered > most ? flows_counts(b->flows)->buffered : most;
	}
	assert_in_range(most, FLOW_BUFFER_MAX - 5000, FLOW_BUFFER_MAX + 5000);
	assert_in_range(flows_counts(b->flows)->overflows, 14000, 18000);
	assert_int_equal(flows_counts(b->flows)->strays, 0);
	flows_end(b->flows);
	assert_int_equal(flows_counts(b->flows)->missing, 20000 * 1000);
	bench_end(b, NULL);
}

/* One byte each, in an order that a list would not like. */
static void
ceiling_of_bytes(void **state)
{
	struct bench *b = bench_new();

	(void)state;
	tcp_open(b, 99);
	b->quiet = true;
	for (uint32_t i = 0; i < 200000; i++)
		tcp_cut(b, 0, 1000000 - i * 2, 5001, A, "x", 1, 1);
	assert_true(flows_counts(b->flows)->buffered_most <= FLOW_PIECES_MAX * 100);
	assert_true(flows_counts(b->flows)->buffered_most >= FLOW_PIECES_MAX * 50);
	assert_true(flows_counts(b->flows)->overflows > 0);
	bench_end(b, NULL);
}

static void
ceiling_of_all(void **state)
{
	struct flows_options o = { .buffer_max = 100000 };
	struct bench *b = malloc(sizeof *b);
	char block[1000] = "";

	(void)state;
	assert_non_null(b);
	bench_options(b, &o);
	b->quiet = true;
	for (uint16_t port = 1; port <= 500; port++) {
		uint8_t p[20 + sizeof block] = { 0 };
		const struct flow_datagram d = { .version = 4, .proto = 6, .src = host_a, .dst = host_b, .p = p,
			.caplen = sizeof p, .len = sizeof p, .number = ++b->number, .ns = ++b->ns };
		struct flow_datagram syn = d;

		put16(p, port);
		put16(p + 2, 80);
		p[12] = 0x50;
		p[13] = S;
		syn.caplen = syn.len = 20;
		flows_take(b->flows, &syn, &b->step);
		p[13] = A;
		put32(p + 4, 2000);
		flows_take(b->flows, &d, &b->step);
		assert_true(flows_counts(b->flows)->buffered <= 100000);
	}
	assert_in_range(flows_counts(b->flows)->overflows, 405, 430);
	assert_in_range(flows_counts(b->flows)->buffered_most, 99000, 102000);
	bench_end(b, NULL);
}

/* Who wants no more has nothing kept. */
static void
unwanted(void **state)
{
	struct bench *b = bench_new();

	(void)state;
	tcp_open(b, 99);
	tcp(b, 0, 103, 5001, A, "def");
	tcp(b, 0, 106, 5001, A, "ghi");
	b->stop = true;
	tcp(b, 0, 100, 5001, A, "abc");
	assert_int_equal(flows_counts(b->flows)->buffered, 0);
	tcp(b, 0, 112, 5001, A, "mno");
	assert_int_equal(b->step.offset, 12);
	assert_int_equal(flows_counts(b->flows)->buffered, 0);
	bench_end(b, ">abc$");
}

/* --- a model ---------------------------------------------------------------------------------------------------------- */

enum { STREAM = 60000 };

/* A stream in random pieces, out of order, repeated, overlapping, acknowledged now and then, is the stream. */
static void
random_streams(void **state)
{
	static uint8_t streams[2][STREAM];

	(void)state;
	for (unsigned round = 0; round < 60; round++) {
		const uint32_t isn[2] = { round % 3 ? dice(UINT32_MAX) : (uint32_t)-(int)dice(STREAM), dice(UINT32_MAX) };
		uint32_t sent[2] = { 0 }, whole[2] = { 0 };
		struct bench *b = bench_new();

		b->quiet = false;
		for (size_t i = 0; i < STREAM; i++)
			streams[0][i] = (uint8_t)dice(256), streams[1][i] = (uint8_t)dice(256);
		tcp(b, 0, isn[0], 0, S, "");
		tcp(b, 1, isn[1], isn[0] + 1, S | A, "");
		while (whole[0] < STREAM || whole[1] < STREAM) {
			const unsigned dir = dice(2);
			const uint32_t window = 1 + dice(round % 2 ? 20000 : 3000);
			uint32_t at = whole[dir], n = 1 + dice(round % 5 ? 1460 : 20), ack;

			/* Sometimes what is due, else anything around it. */
			if (dice(4))
				at = at > 3000 ? at - 3000 + dice(3000 + window) : dice(at + window);
			if (at >= STREAM)
				continue;
			n = n < STREAM - at ? n : STREAM - at;
			ack = isn[!dir] + 1 + (dice(3) ? 0 : whole[!dir]);
			b->log_len = 0;
			tcp_cut(b, dir, isn[dir] + 1 + at, ack, A, streams[dir] + at, n, n);
			assert_int_equal(b->step.offset, at);
			if (at + n > sent[dir])
				sent[dir] = at + n;
			whole[dir] = (uint32_t)b->n[dir];
			assert_true(whole[dir] <= sent[dir]);
		}
		assert_memory_equal(b->bytes[0], streams[0], STREAM);
		assert_memory_equal(b->bytes[1], streams[1], STREAM);
		assert_int_equal(b->n[0] + b->n[1], 2 * STREAM);
		assert_int_equal(flows_counts(b->flows)->conflicts, 0);
		assert_int_equal(flows_counts(b->flows)->missing, 0);
		assert_int_equal(flows_counts(b->flows)->buffered, 0);
		bench_end(b, NULL);
	}
}

/* The same with bytes that differ and with losses, against a map of which byte came first. */
static void
random_conflicts(void **state)
{
	enum { N = 2000 };
	uint8_t first[N];
	bool there[N];

	(void)state;
	for (unsigned round = 0; round < 300; round++) {
		const uint32_t isn = dice(UINT32_MAX);
		struct bench *b = bench_new();
		bool differs = false;

		memset(there, 0, sizeof there);
		tcp_open(b, isn);
		for (unsigned k = 0; k < 150; k++) {
			uint32_t at = dice(N), n = 1 + dice(100);
			uint8_t bytes[100];

			n = n < N - at ? n : N - at;
			memset(bytes, 'a' + (int)dice(3), n);
			for (uint32_t i = 0; i < n; i++) {
				if (!there[at + i])
					first[at + i] = bytes[i];
				differs |= there[at + i] && first[at + i] != bytes[i];
				there[at + i] = true;
			}
			b->log_len = 0;
			tcp_cut(b, 0, isn + 1 + at, 5001, A, bytes, n, n);
			assert_int_equal(flows_counts(b->flows)->conflicts != 0, differs);
		}
		b->log_len = 0;
		b->number++;
		flow_flush(b->flows, b->flow);
		for (uint32_t i = 0; i < b->n[0]; i++)
			assert_int_equal(b->bytes[0][i], there[i] ? first[i] : '.');
		for (uint32_t i = (uint32_t)b->n[0]; i < N; i++)
			assert_false(there[i]);
		bench_end(b, NULL);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_order),
		cmocka_unit_test(out_of_order),
		cmocka_unit_test(waited_for),
		cmocka_unit_test(repeated_and_more),
		cmocka_unit_test(flags_in_between),
		cmocka_unit_test(overlaps),
		cmocka_unit_test(active_mapping),
		cmocka_unit_test(differences),
		cmocka_unit_test(acknowledged),
		cmocka_unit_test(long_segments),
		cmocka_unit_test(remembered),
		cmocka_unit_test(syn_with_data),
		cmocka_unit_test(simultaneous_open),
		cmocka_unit_test(middle),
		cmocka_unit_test(handshake_late),
		cmocka_unit_test(forged),
		cmocka_unit_test(fins),
		cmocka_unit_test(keep_alive),
		cmocka_unit_test(reopened),
		cmocka_unit_test(gap_acknowledged),
		cmocka_unit_test(gap_none),
		cmocka_unit_test(flushed),
		cmocka_unit_test(snapped),
		cmocka_unit_test(long_stream),
		cmocka_unit_test(strays),
		cmocka_unit_test(moved),
		cmocka_unit_test(ceiling_of_one),
		cmocka_unit_test(ceiling_of_bytes),
		cmocka_unit_test(ceiling_of_all),
		cmocka_unit_test(unwanted),
		cmocka_unit_test(random_streams),
		cmocka_unit_test(random_conflicts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
