/* The test in front of walks: what it refuses, the filter refuses after a walk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "cmd/look.h"
#include "cmd/track_quick.h"
#include "dice.h"
#include "proto/protos.h"
#include "query/sieve.h"

enum { FRAME_MAX = 256, ROUNDS = 40000 };

#define MACS "\2\0\0\0\0\13\2\0\0\0\0\12"
#define ADDRS "\12\0\0\1\12\0\0\2"
#define ADDRS6 "\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0\1\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0\2"
#define TCP "\234\100\0\120\0\0\3\350\0\0\0\1\120\30\2\0\0\0\0\0hello"		/* 25 bytes */
#define UDP "\234\100\23\210\0\15\0\0hello"					/* 13 bytes */
#define DNS "\234\100\0\65\0\31\0\0\22\64\1\0\0\1\0\0\0\0\0\0\1a\0\0\1\0\1\0\0"	/* 29 bytes */
#define IP4(len, proto) "\105\0\0" len "\0\1\0\0\100" proto "\0\0" ADDRS
#define FRAME(s) { s, sizeof(s) - 1 }

static const struct { const char *p; size_t len; } frames[] = {
	FRAME(MACS "\10\0" IP4("\55", "\6") TCP),
	FRAME(MACS "\10\0" IP4("\41", "\21") UDP "\0\0\0\0\0\0\0\0\0\0\0\0\0"),
	FRAME(MACS "\10\0" IP4("\61", "\21") DNS),
	FRAME(MACS "\201\0\0\5\10\0" IP4("\55", "\6") TCP),
	FRAME(MACS "\206\335\140\0\0\0\0\31\6\100" ADDRS6 TCP),
	FRAME(MACS "\206\335\140\0\0\0\0\15\21\100" ADDRS6 UDP),
	FRAME(MACS "\10\0" "\107\0\0\65\0\1\0\0\100\6\0\0" ADDRS "\1\1\1\1\1\1\1\0" TCP),
	FRAME(MACS "\10\0" IP4("\137", "\21") "\234\100\22\265\0\113\0\0\10\0\0\0\0\0\1\0" MACS "\10\0"
	    IP4("\55", "\6") TCP),
	FRAME(MACS "\10\0" IP4("\101", "\4") IP4("\55", "\6") TCP),
	FRAME(MACS "\10\0" IP4("\61", "\57") "\0\0\10\0" IP4("\41", "\21") UDP),
};

static const char *const atoms[] = {
	"tcp", "udp", "ip", "ipv6", "dns", "http", "icmp", "arp", "vlan", "eth", "frame", "vxlan", "gre", "tls", "ntp", "quic",
	"tcp.port == 80", "tcp.dstport == 80", "tcp.srcport != 40000", "udp.port in {53, 4789, 5000}", "udp.dstport > 100",
	"ip.addr == 10.0.0.1", "ip.src == 10.0.0.0/24", "ip.dst != 10.0.0.2", "all ip.addr == 10.0.0.0/8", "ip.ttl == 64",
	"ip.ttl < 64", "ipv6.addr == 2001:db8::1", "ipv6.src == 2001:db8::/32", "ipv6.hlim == 64", "tcp.flags.syn == 1",
	"tcp.flags.push", "tcp.flags & 0x12", "tcp.flags == 0x18", "tcp.seq_raw == 1000", "tcp.len > 0", "udp.length == 13",
	"ip.proto == 6", "ip.len > 40", "ip.id == 1", "ip.flags.df == 1", "ip.src == ip.dst", "tcp.srcport > tcp.dstport",
	"count(ip.src) > 1", "len(ip.src) == 4", "ip.src[0] == 0a", "ip#2", "tcp.port#1 == 80", "tcp contains \"hello\"",
	"udp contains \"hello\"", "dns.qry.name == \"a\"", "dns.id == 0x1234", "frame.len > 60", "frame.number < 100",
	"eth.dst == 02:00:00:00:00:0b", "tcp.window_size_value == 512", "frame contains \"hello\"", "ip.opt.type == 1",
	"tcp.option_kind == 1", "vlan.id == 5", "tcp.payload contains \"hell\"", "_ws.short",
};

/* A random expression over atoms; free it. */
static char *
express(unsigned depth)
{
	static const char *const joins[] = { "and", "or", "xor" };
	char *a, *b, *text;
	int n;

	if (depth == 0 || dice(3) == 0) {
		n = asprintf(&text, "%s%s", dice(4) ? "" : "not ", atoms[dice(sizeof atoms / sizeof *atoms)]);
		assert_true(n > 0);
		return text;
	}
	a = express(depth - 1);
	b = express(depth - 1);
	n = asprintf(&text, "%s(%s) %s (%s)", dice(4) ? "" : "not ", a, joins[dice(3)], b);
	assert_true(n > 0);
	free(a);
	free(b);
	return text;
}

static uint32_t
make_frame(uint8_t *data)
{
	unsigned which = dice(sizeof frames / sizeof *frames), changes = dice(3);
	uint32_t n = (uint32_t)frames[which].len;

	memcpy(data, frames[which].p, n);
	for (unsigned i = 0; i < changes; i++)
		data[12 + dice(n - 12 < 60 ? n - 12 : 60)] = (uint8_t)(dice(3) ? dice(256) : dice(8));
	if (dice(4) == 0)
		data[n - 11 - dice(24)] = (uint8_t)dice(256);
	return n;
}

static void
like_the_walk(void **state)
{
	struct demux *x = demux_new(protos_rows, protos_n_rows);
	struct catalog *c = catalog_new(x);
	struct query_scratch *scratch = query_scratch_new();
	struct style style = { 0 };
	unsigned refused = 0, shown = 0, asked = 0;

	(void)state;
	look_style(&style);
	for (unsigned i = 0; i < ROUNDS / 100; i++) {
		struct dis *d = dis_new(&style, x, NULL, NULL);
		struct query_sieve *s;
		struct query_place where;
		struct query *q;
		char *text = i < sizeof atoms / sizeof *atoms ? strdup(atoms[i]) : express(3);
		struct err e;

		q = query_new(text, c, &where, &e);
		if (!q)
			fail_msg("%s: %s", text, e.text);
		s = query_sieve_new(q, c, x, track_quick_is_leaf);
		assert_true(dis_collect_fields(d, NULL));
		for (unsigned k = 0; s && k < 100; k++) {
			uint8_t data[FRAME_MAX];
			struct packet p = { .data = data, .link = 1, .sec = 1700000000, .caplen = make_frame(data) };
			bool passes, is;

			p.len = p.caplen;
			if (dice(6) == 0)
				p.caplen = 1 + dice(p.caplen);
			if (dice(12) == 0)
				p.len += dice(40);
			passes = query_sieve_passes(s, &p);
			dis_clear(d);
			dis_packet(d, &p, k + 1);
			is = query_match(q, scratch, d);
			if (is && !passes)
				fail_msg("%s: packet %u would have been lost", text, k);
			refused += !passes;
			shown += is;
			asked++;
		}
		query_sieve_free(s);
		query_free(q);
		dis_free(d);
		free(text);
	}
	assert_true(asked > ROUNDS / 2 && refused > asked / 10 && shown > asked / 10);
	printf("of %u packets %u were not walked, %u are shown\n", asked, refused, shown);
	query_scratch_free(scratch);
	catalog_free(c);
	demux_free(x);
}

/* Where there is nothing to tell, there is no test. */
static void
not_everywhere(void **state)
{
	struct demux *x = demux_new(protos_rows, protos_n_rows);
	struct catalog *c = catalog_new(x);
	static const struct { const char *text; bool useful; } cases[] = {
		{ "tcp.port == 80", true }, { "dns", true }, { "frame.len > 100", false }, { "eth.src == 02:00:00:00:00:01", false },
		{ "frame.len > 100 and udp", true }, { "vlan", false }, { "tls", false }, { "arp", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct query_place where;
		struct err e;
		struct query *q = query_new(cases[i].text, c, &where, &e);
		struct query_sieve *s;

		assert_non_null(q);
		s = query_sieve_new(q, c, x, track_quick_is_leaf);
		if ((s != NULL) != cases[i].useful)
			fail_msg("%s", cases[i].text);
		query_sieve_free(s);
		query_free(q);
	}
	catalog_free(c);
	demux_free(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(like_the_walk), cmocka_unit_test(not_everywhere) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
