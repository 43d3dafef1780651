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
#define TCP_TLS "\234\100\0\120\0\0\3\350\0\0\0\1\120\30\2\0\0\0\0\0\26\3\1\0\10\16\0\0\4hell"		/* 33 bytes */
#define TCP_MPTCP "\234\100\0\120\0\0\3\350\0\0\0\1\200\2\2\0\0\0\0\0\36\14\0\1\1\2\3\4\5\6\7\10hell"	/* 36 bytes */
#define ECHO "\10\0\0\0\0\1\0\2hello"						/* 13 bytes */
#define ECHO6 "\200\0\0\0\0\1\0\2hello"
#define ARP "\0\1\10\0\6\4\0\1\2\0\0\0\0\12\12\0\0\1\0\0\0\0\0\0\12\0\0\2"
#define IP4(len, proto) "\105\0\0" len "\0\1\0\0\100" proto "\0\0" ADDRS

#define FRAME(s) { s, sizeof(s) - 1, 1 }
#define OF(link, s) { s, sizeof(s) - 1, link }

static const struct { const char *p; size_t len; uint32_t link; } frames[] = {
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
	FRAME(MACS "\10\0" IP4("\65", "\6") TCP_TLS),
	FRAME(MACS "\10\0" IP4("\70", "\6") TCP_MPTCP),
	FRAME(MACS "\10\0" IP4("\41", "\1") ECHO),
	FRAME(MACS "\206\335\140\0\0\0\0\15\72\100" ADDRS6 ECHO6),
	FRAME(MACS "\10\6" ARP),
	OF(113, "\0\0\0\1\0\6\2\0\0\0\0\1\0\0\10\0" IP4("\55", "\6") TCP),
	OF(276, "\206\335\0\0\0\0\0\1\0\1\0\6\2\0\0\0\0\1\0\0" "\140\0\0\0\0\15\21\100" ADDRS6 UDP),
	OF(12, IP4("\61", "\21") DNS),
	OF(12, "\140\0\0\0\0\31\6\100" ADDRS6 TCP),
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
	"frame.cap_len < frame.len", "frame.time_epoch > 1700000000", "frame.interface_id == 0", "frame.protocols contains \"udp\"",
	"ip.hdr_len > 20", "ip.frag_offset == 0", "ip.dsfield.dscp == 0", "ipv6.nxt == 6", "ipv6.flow == 0", "tcp.hdr_len == 20",
	"tcp.flags.ece == 1", "tcp.checksum == 0", "udp.checksum == 0", "icmp.type == 8", "icmp.ident == 1", "icmpv6.type == 128",
	"icmpv6", "tcp.options.mptcp", "tls.handshake.type == 14", "arp.opcode == 1", "sll", "raw", "frame#1", "len(frame) > 60", "tcp.len == 5",
	"tcp.options.mss_val", "frame[12:2] == 0800",
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
make_frame(uint8_t *data, uint32_t *link)
{
	unsigned which = dice(sizeof frames / sizeof *frames), changes = dice(3);
	uint32_t n = (uint32_t)frames[which].len;

	memcpy(data, frames[which].p, n);
	*link = frames[which].link;
	for (unsigned i = 0; i < changes; i++)
		data[12 + dice(n - 12 < 60 ? n - 12 : 60)] = (uint8_t)(dice(3) ? dice(256) : dice(8));
	if (dice(4) == 0)
		data[n - 11 - dice(24)] = (uint8_t)dice(256);
	return n;
}

/* One packet of dice, and one whose header of the record makes no sense now and then. */
static void
make_packet(struct packet *p, uint8_t *data)
{
	*p = (struct packet) { .data = data, .sec = 1700000000 + dice(3), .iface = dice(2) };
	p->len = p->caplen = make_frame(data, &p->link);
	if (dice(6) == 0)
		p->caplen = 1 + dice(p->caplen);
	if (dice(12) == 0)
		p->len += dice(40);
	if (dice(100) == 0)
		p->len = dice(2) ? p->caplen - 1 : PACKET_MAX + 1;
}

struct counts {
	unsigned asked, known, told, shown;
};

/* What is said of a packet without a walk is what is so after one. */
static void
compare(const struct query *q, const char *text, struct query_sieve *s, struct plain_reader *plain, struct dis *d,
    struct query_scratch *scratch, struct counts *n)
{
	static struct fields sink;
	uint8_t data[FRAME_MAX];
	struct plain known, *k;
	struct packet p;
	enum sieve_answer at_once, a;
	bool is;

	make_packet(&p, data);
	k = plain_read(plain, &p, &known) ? &known : NULL;
	at_once = a = query_sieve_know(s, k);
	sink.n = sink.n_layers = 0;
	n->asked++;
	if (query_sieve_notes(s) || a != SIEVE_LOOK)
		query_sieve_note(s, &sink, &p, n->asked, k);
	if (a == SIEVE_LOOK)
		a = query_sieve_ask(s, &sink, &p, n->asked, k);
	else
		assert_int_equal(query_sieve_ask(s, &sink, &p, n->asked, k), a);
	dis_clear(d);
	dis_packet(d, &p, n->asked);
	is = query_match(q, scratch, d);
	assert_int_not_equal(a, SIEVE_LOOK);
	if (a != SIEVE_MAYBE && is != (a == SIEVE_YES))
		fail_msg("%s: packet %u would have been %s", text, n->asked, is ? "lost" : "shown");
	n->known += at_once < SIEVE_MAYBE;
	n->told += a != SIEVE_MAYBE;
	n->shown += is;
}

static void
like_the_walk(void **state)
{
	struct demux *x = demux_new(protos_rows, protos_n_rows);
	struct catalog *c = catalog_new(x);
	struct plain_reader *plain = plain_new(x, track_quick_is_leaf);
	struct query_scratch *scratch = query_scratch_new();
	struct style style = { 0 };
	struct counts n = { 0 };

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
		s = query_sieve_new(q, c, x, plain, 0);
		assert_true(dis_collect_fields(d, NULL));
		for (unsigned k = 0; s && k < 100; k++)
			compare(q, text, s, plain, d, scratch, &n);
		query_sieve_free(s);
		query_free(q);
		dis_free(d);
		free(text);
	}
	printf("of %u packets %u were not walked, of %u not even the header was asked; %u are shown\n", n.asked, n.told, n.known,
	    n.shown);
	assert_true(n.asked > ROUNDS / 2 && n.told > n.asked / 3 && n.known > n.asked / 10 && n.shown > n.asked / 10);
	query_scratch_free(scratch);
	plain_free(plain);
	catalog_free(c);
	demux_free(x);
}

/* Where there is nothing to tell, there is no test. */
static void
not_everywhere(void **state)
{
	struct demux *x = demux_new(protos_rows, protos_n_rows);
	struct catalog *c = catalog_new(x);
	struct plain_reader *plain = plain_new(x, track_quick_is_leaf);
	static const struct { const char *text; bool useful; } cases[] = {
		{ "tcp.port == 80", true }, { "dns", true }, { "frame.len > 100", true }, { "eth.src == 02:00:00:00:00:01", false },
		{ "frame.len > 100 and udp", true }, { "vlan", false }, { "tls", true }, { "arp", true }, { "frame.protocols", false },
		{ "tcp.stream == 1", true }, { "dns.time", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct query_place where;
		struct err e;
		struct query *q = query_new(cases[i].text, c, &where, &e);
		struct query_sieve *s;

		assert_non_null(q);
		s = query_sieve_new(q, c, x, plain, 0);
		if ((s != NULL) != cases[i].useful)
			fail_msg("%s", cases[i].text);
		query_sieve_free(s);
		query_free(q);
	}
	plain_free(plain);
	catalog_free(c);
	demux_free(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(like_the_walk), cmocka_unit_test(not_everywhere) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
