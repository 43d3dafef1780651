/* Display filters: what holds of a packet, and where errors are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "proto/protos.h"
#include "query/query.h"
#include "dice.h"

/* Ethernet, IPv4, UDP, DNS: 10.1.2.3:53 answers 10.9.8.7:5353 that www.Example.com is 192.0.2.1. */
static const uint8_t answer[] = {
	0x02, 0x00, 0x00, 0x00, 0x00, 0x0b, 0x02, 0x00, 0x00, 0x00, 0x00, 0x0a, 0x08, 0x00,
	0x45, 0x00, 0x00, 0x4d, 0x12, 0x34, 0x40, 0x00, 0x40, 0x11, 0x00, 0x00, 10, 1, 2, 3, 10, 9, 8, 7,
	0x00, 53, 0x14, 0xe9, 0x00, 0x39, 0x00, 0x00,
	0xab, 0xcd, 0x81, 0x80, 0x00, 0x01, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00,
	3, 'w', 'w', 'w', 7, 'E', 'x', 'a', 'm', 'p', 'l', 'e', 3, 'c', 'o', 'm', 0, 0x00, 0x01, 0x00, 0x01,
	0xc0, 0x0c, 0x00, 0x01, 0x00, 0x01, 0x00, 0x00, 0x00, 0x3c, 0x00, 0x04, 192, 0, 2, 1,
};

/* IPv4 in IPv4: the outer from 10.1.2.3 to 10.9.8.7, the inner from 172.16.0.1 to 172.16.0.2, TCP SYN 40000 to 443. */
static const uint8_t tunnel[] = {
	0x02, 0x00, 0x00, 0x00, 0x00, 0x0b, 0x02, 0x00, 0x00, 0x00, 0x00, 0x0a, 0x08, 0x00,
	0x45, 0x00, 0x00, 0x3c, 0x12, 0x34, 0x00, 0x00, 0x40, 0x04, 0x00, 0x00, 10, 1, 2, 3, 10, 9, 8, 7,
	0x45, 0x00, 0x00, 0x28, 0x00, 0x01, 0x00, 0x00, 0x20, 0x06, 0x00, 0x00, 172, 16, 0, 1, 172, 16, 0, 2,
	0x9c, 0x40, 0x01, 0xbb, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x50, 0x02, 0x20, 0x00, 0x00, 0x00, 0x00, 0x00,
};

/* IPv4, TCP, BGP: an update that 10.1.2.0/24 can be reached, without attributes. */
static const uint8_t route[] = {
	0x02, 0x00, 0x00, 0x00, 0x00, 0x0b, 0x02, 0x00, 0x00, 0x00, 0x00, 0x0a, 0x08, 0x00,
	0x45, 0x00, 0x00, 0x43, 0x12, 0x34, 0x00, 0x00, 0x40, 0x06, 0x00, 0x00, 192, 0, 2, 1, 192, 0, 2, 2,
	0x00, 0xb3, 0x9c, 0x40, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x50, 0x18, 0x20, 0x00, 0x00, 0x00, 0x00, 0x00,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00, 0x1b, 0x02,
	0x00, 0x00, 0x00, 0x00, 24, 10, 1, 2,
};

static struct demux *demux;
static struct catalog *catalog;
static struct query_scratch *scratch;
static const struct style style = { .n = 1, .v = 3, .K = 1, .S = 1 };

static bool
matches(const char *text, const uint8_t *p, uint32_t n)
{
	struct packet k = { .data = p, .caplen = n, .len = n, .sec = 1700000000, .nsec = 500000000, .link = 1 };
	struct dis *d = dis_new(&style, demux, NULL, NULL);
	struct query_place where;
	struct err e;
	struct query *q = query_new(text, catalog, &where, &e);
	bool is;

	if (!q)
		fail_msg("%s: %s at %zu", text, e.text, where.at);
	assert_true(dis_collect_fields(d, NULL));
	dis_packet(d, &k, 7);
	is = query_match(q, scratch, d);
	query_free(q);
	dis_free(d);
	return is;
}

static void
holds(void **state)
{
	static const struct {
		const char *text;
		bool answer, tunnel;
	} cases[] = {
		/* presence */
		{ "ip", true, true }, { "dns", true, false }, { "tcp", false, true }, { "ipv6", false, false },
		{ "ip.src", true, true }, { "tcp.port", false, true }, { "frame", true, true },
		/* and, or, xor, not, and what binds how */
		{ "dns and udp", true, false }, { "dns && tcp", false, false }, { "dns or tcp", true, true },
		{ "dns || tcp", true, true }, { "dns xor ip", false, true }, { "dns ^^ ip", false, true },
		{ "not dns", false, true }, { "!dns", false, true }, { "! ! dns", true, false },
		{ "tcp or dns and ipv6", false, true }, { "(tcp or dns) and ip", true, true },
		{ "not dns or ip", true, true }, { "not (dns or ip)", false, false }, { "dns or ip xor ip", true, false },
		/* comparisons in both spellings */
		{ "udp.port == 53", true, false }, { "udp.port eq 53", true, false }, { "udp.port == 0x35", true, false },
		{ "udp.port == 065", true, false }, { "udp.port == 0b110101", true, false },
		{ "udp.srcport < 54", true, false }, { "udp.srcport lt 53", false, false }, { "udp.srcport <= 53", true, false },
		{ "udp.srcport ge 53", true, false }, { "udp.dstport > 5352", true, false }, { "udp.dstport gt 5353", false, false },
		{ "1 < udp.srcport < 100", true, false }, { "1 < udp.srcport < 53", false, false }, { "53 == udp.srcport", true, false },
		/* several values: any, all */
		{ "udp.port != 53", false, false }, { "udp.port ne 54", true, false }, { "udp.port !== 53", true, false },
		{ "udp.port ~= 53", true, false }, { "udp.port any_ne 53", true, false }, { "udp.port === 53", false, false },
		{ "all udp.port >= 53", true, false }, { "all udp.port > 53", false, false }, { "any udp.port > 53", true, false },
		{ "any udp.port != 53", true, false }, { "ip.src == ip.dst", false, false }, { "ip.addr == ip.src", true, true },
		{ "!(udp.port == 53)", false, true },
		/* sets */
		{ "udp.port in {80, 53}", true, false }, { "udp.port in {80 53}", true, false },
		{ "udp.port in {50..60}", true, false }, { "udp.srcport in {54..60, 1..52}", false, false },
		{ "udp.srcport not in {80}", true, true }, { "(udp.srcport) not in {53}", false, true }, { "ip.src in {10.1.2.0/24, 1.1.1.1}", true, true },
		{ "ip.src in {10.1.2.2..10.1.2.4}", true, true }, { "dns.qry.name in {\"a\", \"www.Example.com\"}", true, false },
		/* addresses, with prefixes */
		{ "ip.addr == 10.9.8.7", true, true }, { "ip.addr == 10.0.0.0/8", true, true }, { "ip.addr == 172.16.0.0/30", false, true },
		{ "ip.addr == 10.128.0.0/9", false, false }, { "ip.addr == 0.0.0.0/0", true, true }, { "ip.dst > 10.9.8.6", true, true },
		{ "eth.addr == 02:00:00:00:00:0a", true, true }, { "eth.src == 02-00-00-00-00-0a", true, true },
		{ "eth.src == 0200.0000.000a", true, true }, { "eth.dst == 02:00:00:00:00:0a", false, false },
		/* layers by number */
		{ "ip.src#1 == 10.1.2.3", true, true }, { "ip.src#2 == 172.16.0.1", false, true }, { "ip.src#[1-2] == 172.16.0.1", false, true },
		{ "ip#2", false, true }, { "ip#3", false, false },
		/* slices */
		{ "eth.src[0:3] == 02:00:00", true, true }, { "eth.src[5] == 0a", true, true }, { "eth.src[-1:] == 0a", true, true },
		{ "eth.src[-2:1] == 00", true, true }, { "eth.src[4-5] == 00:0a", true, true }, { "eth.src[:2] == 02:00", true, true },
		{ "eth.src[0,5] == 02:0a", true, true }, { "eth.src[3:4] == 00:00:0a:00", false, false }, { "frame[12:2] == 08:00", true, true },
		{ "ip[9] == 11", true, false }, { "udp[0:2] == 0x0035", true, false }, { "dns.qry.name[0:3] == \"www\"", true, false },
		{ "tcp[13] & 2", false, true }, { "frame[0] == 2", true, true },
		/* bits */
		{ "tcp.flags & 2", false, true }, { "tcp.flags & 0x10", false, false }, { "tcp.flags bitand 2 == 2", false, true },
		{ "(tcp.flags & 0x12) == 2", false, true }, { "tcp.flags & 0x12 == 0x12", false, false }, { "dns.flags & 0x8000", true, false },
		{ "tcp.flags.syn == 1", false, true }, { "tcp.flags.syn == true", false, true }, { "tcp.flags.ack == True", false, false },
		/* text */
		{ "dns.qry.name == \"www.Example.com\"", true, false }, { "dns.qry.name == www.Example.com", true, false },
		{ "dns.qry.name contains \"ample\"", true, false }, { "dns.qry.name contains \"AMPLE\"", false, false },
		{ "dns.qry.name matches \"EX.mple\\.com$\"", true, false }, { "dns.qry.name ~ r\"^www\\.\"", true, false },
		{ "dns.qry.name matches \"^ww$\"", false, false }, { "lower(dns.qry.name) == \"www.example.com\"", true, false },
		{ "upper(dns.qry.name) contains \"EXAMPLE\"", true, false }, { "dns.qry.name not contains \"x\"", false, true },
		{ "dns.qry.name > \"www\"", true, false }, { "frame contains \"Example\"", true, false }, { "udp contains 07:45:78", true, false },
		{ "frame matches \"example\"", true, false }, { "dns.qry.name == \"\\x77ww.Example.com\"", true, false },
		/* functions */
		{ "len(dns.qry.name) == 15", true, false }, { "count(ip.addr) == 2", true, false }, { "count(ip.src) == 2", false, true },
		{ "count(ip) == 1", true, false }, { "len(eth.src) == 6", true, true },
		/* times */
		{ "frame.time_epoch == 1700000000.5", true, true }, { "frame.time >= \"2023-11-14 22:13:20Z\"", true, true },
		{ "frame.time > \"2023-11-14T22:13:20.5Z\"", false, false }, { "frame.time < \"2023-11-15Z\"", true, true },
		{ "frame.number == 7", true, true },
		{ "frame.time < \"9999-01-01\"", true, true }, { "frame.time > \"1600-01-01\"", true, true },
		/* a literal between two comparisons is read for each */
		{ "eth.src[0] == 02 == ip.hdr_len", false, false }, { "eth.src[0] == 02 <= ip.ttl", true, true },
		{ "ip.ttl >= 10 < eth.src[5]", false, false }, { "10 in {ip.ttl, udp.srcport}", false, false },
		/* names of values, characters */
		{ "arp.opcode == request", false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		if (matches(cases[i].text, answer, sizeof answer) != cases[i].answer)
			fail_msg("%s: not what it should be for the answer", cases[i].text);
		if (matches(cases[i].text, tunnel, sizeof tunnel) != cases[i].tunnel)
			fail_msg("%s: not what it should be for the tunnel", cases[i].text);
	}
}

/* A prefix is the address that begins with it. */
static void
prefixes_are_addresses(void **state)
{
	(void)state;
	assert_true(matches("bgp.nlri_prefix", route, sizeof route));
	assert_true(matches("bgp.nlri_prefix == 10.1.2.0", route, sizeof route));
	assert_true(matches("bgp.nlri_prefix == 10.0.0.0/8", route, sizeof route));
	assert_false(matches("bgp.nlri_prefix == 10.1.3.0", route, sizeof route));
}

/* However many values are changed on the way to an answer, the scratch is not used up. */
static void
scratch_lasts(void **state)
{
	static const char test[] = "frame[0:,0:,0:,0:,0:,0:,0:,0:,0:,0:,0:,0:,0:,0:,0:,0:] contains \"none\" or ",
	    last[] = "frame[0:,0:] contains \"ample\"";
	static char text[60000];
	size_t n = 0;

	(void)state;
	for (; n + sizeof test + sizeof last < sizeof text; n += sizeof test - 1)
		memcpy(text + n, test, sizeof test - 1);
	memcpy(text + n, last, sizeof last);
	assert_true(matches(text, answer, sizeof answer));
}

static void
errors_have_a_place(void **state)
{
	static const struct {
		const char *text, *says;
		size_t at, len;
	} cases[] = {
		{ "", "the expression ends", 0, 1 }, { "tcp and", "the expression ends", 7, 1 },
		{ "tcp.dsport == 1", "did you mean 'tcp.dstport'", 0, 10 }, { "ip and tcp.prt", "did you mean 'tcp.", 7, 7 },
		{ "1 == 2", "this is no field", 0, 1 }, { "\"a\" == \"b\"", "no field in this comparison", 0, 3 },
		{ "tcp.port == http", "cannot be compared with bytes", 12, 4 }, { "tcp.port == web", "tcp.srcport is a number", 12, 3 }, { "tcp.port == 99999999999999999999", "too large", 12, 20 },
		{ "ip.src == 1.2.3", "not an IPv4 address", 10, 5 }, { "ip.src == 1.2.3.4/33", "prefix length", 10, 10 },
		{ "ip.src == eth.src", "cannot be compared", 10, 7 }, { "tcp.port contains 1", "only text and bytes", 0, 8 },
		{ "tcp.port matches \"1\"", "only text and bytes", 0, 8 }, { "dns.qry.name matches \"(\"", "parenthesis", 21, 3 },
		{ "tcp.port in {}", "the set is empty", 13, 1 }, { "tcp.port in 80", "'{' belongs here", 12, 2 },
		{ "(tcp", "')' belongs here", 4, 1 }, { "tcp)", "'and' or 'or'", 3, 1 }, { "tcp udp", "'and' or 'or'", 4, 3 },
		{ "tcp.port[0] == 1", "has no parts", 0, 8 }, { "eth.src[] == 1", "a number belongs here", 8, 1 },
		{ "eth.src[0:0] == 1", "a length is at least 1", 10, 1 }, { "eth.src[3-1] == 1", "comes before", 10, 1 },
		{ "length(ip) == 1", "no such function", 0, 6 }, { "lower(tcp.port) == \"a\"", "is for text", 6, 8 },
		{ "len(tcp.port) == 1", "is for text and bytes", 4, 8 }, { "count(\"a\") == 1", "wants a field", 6, 3 },
		{ "dns.qry.name == \"a", "is not closed", 16, 2 }, { "dns.qry.name == \"\\q\"", "no such character escape", 17, 2 },
		{ "ip.src & 1", "& is for numbers", 0, 6 }, { "tcp.flags & tcp.port", "a number belongs behind &", 12, 8 },
		{ "\"abc\"[0] == eth.src", "is cut", 0, 5 }, { "tcp = 1", "no meaning here", 4, 1 }, { "eth.src == 02:00-00", "mixes", 11, 8 }, { "frame.time == \"noon\"", "not a time", 14, 6 },
		{ "10 in {ip.ttl, eth.src[0]}", "compared as a number and as bytes", 0, 2 },
		{ "tcp.flags.syn == 2", "neither true nor false", 17, 1 }, { "ip.src#0 == 1.1.1.1", "counted from 1", 7, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct query_place where;
		struct err e;

		if (query_new(cases[i].text, catalog, &where, &e))
			fail_msg("%s: no error", cases[i].text);
		if (!strstr(e.text, cases[i].says) || where.at != cases[i].at || where.len != cases[i].len)
			fail_msg("%s: %s, at %zu for %zu", cases[i].text, e.text, where.at, where.len);
	}
}

static void
depth_has_a_ceiling(void **state)
{
	char text[20001];
	struct query_place where;
	struct err e;

	(void)state;
	for (const char *c = "(!"; *c; c++) {
		memset(text, *c, sizeof text - 1);
		text[sizeof text - 1] = '\0';
		assert_null(query_new(text, catalog, &where, &e));
		assert_non_null(strstr(e.text, "nested too deep"));
	}
}

/* Both sides have many values: what is asked of them in order is what would be asked of each with each. */
static void
many_values(void **state)
{
	enum { HEAD = 42, DNS = 12, QUESTION = 7, ANSWER = 16, MOST = 40 };
	static const char *const ops[] = { "==", "!=", ">", ">=", "<", "<=" };
	uint8_t p[HEAD + DNS + QUESTION + MOST * ANSWER];

	(void)state;
	for (unsigned round = 0; round < 60; round++) {
		unsigned n = 1 + dice(MOST), spread = 1 + dice(12), types[MOST], ttls[MOST];
		uint32_t len = HEAD + DNS + QUESTION + n * ANSWER;

		memcpy(p, answer, HEAD + DNS);
		p[16] = (uint8_t)((len - 14) >> 8);
		p[17] = (uint8_t)(len - 14);
		p[38] = (uint8_t)((len - 34) >> 8);
		p[39] = (uint8_t)(len - 34);
		p[HEAD + 7] = (uint8_t)n;
		memcpy(p + HEAD + DNS, "\1a\0\0\1\0\1", QUESTION);
		for (unsigned i = 0; i < n; i++) {
			uint8_t *a = p + HEAD + DNS + QUESTION + i * ANSWER;

			memcpy(a, "\xc0\x0c\0\1\0\1\0\0\0\0\0\4\1\2\3\4", ANSWER);
			a[3] = (uint8_t)(types[i] = 100 + dice(spread));
			a[9] = (uint8_t)(ttls[i] = 100 + dice(spread));
		}
		for (unsigned op = 0; op < 6; op++)
			for (unsigned all = 0; all < 2; all++) {
				bool want = all;
				char text[80];

				for (unsigned i = 0; i < n * n; i++) {
					unsigned a = ttls[i / n], b = types[i % n];
					const bool fits[] = { a == b, a != b, a > b, a >= b, a < b, a <= b };

					want = all ? want && fits[op] : want || fits[op];
				}
				snprintf(text, sizeof text, "%s dns.resp.ttl %s dns.resp.type", all ? "all" : "any", ops[op]);
				if (matches(text, p, len) != want)
					fail_msg("%s of %u values", text, n);
			}
		assert_true(matches("dns.resp.name contains dns.qry.name", p, len));
		assert_false(matches("dns.resp.name == dns.cname", p, len));
	}
	assert_int_equal(query_given_up(scratch), 0);
}

static void
append(char *to, const char *text)
{
	memcpy(to + strlen(to), text, strlen(text) + 1);
}

/* Sets of numbers and addresses, alone, in ranges and with prefixes, that overlap as dice will have it. */
static void
sets(void **state)
{
	uint8_t p[sizeof answer];

	(void)state;
	memcpy(p, answer, sizeof p);
	for (unsigned round = 0; round < 400; round++) {
		unsigned n = 1 + dice(12), ttl = dice(40), addr = dice(256);
		char numbers[600] = "dns.resp.ttl in {", addresses[600] = "dns.a in {";
		bool number = false, address = false;

		for (unsigned i = 0; i < n; i++) {
			unsigned a = dice(40), b = a + dice(6), bits = 24 + dice(9), c = dice(256), d = c + dice(20);
			char one[80];

			if (dice(2)) {
				snprintf(one, sizeof one, "%u, ", a);
				number |= ttl == a;
			} else {
				snprintf(one, sizeof one, "%u..%u, ", a, b);
				number |= ttl >= a && ttl <= b;
			}
			append(numbers, one);
			switch (dice(3)) {
			case 0:
				snprintf(one, sizeof one, "192.0.2.%u ", c);
				address |= addr == c;
				break;
			case 1:
				snprintf(one, sizeof one, "192.0.2.%u/%u ", c, bits);
				address |= addr >> (32 - bits) == c >> (32 - bits);
				break;
			default:
				d = d > 255 ? 255 : d;
				snprintf(one, sizeof one, "192.0.2.%u..192.0.2.%u ", c, d);
				address |= addr >= c && addr <= d;
			}
			append(addresses, one);
		}
		append(numbers, "}");
		append(addresses, "ip.src}");
		p[sizeof p - 7] = (uint8_t)ttl;
		p[sizeof p - 1] = (uint8_t)addr;
		if (matches(numbers, p, sizeof p) != number)
			fail_msg("%u: %s", ttl, numbers);
		if (matches(addresses, p, sizeof p) != address)
			fail_msg("%u: %s", addr, addresses);
	}
	assert_true(matches("ip.src in {1.1.1.1, ip.addr}", p, sizeof p));
	assert_true(matches("dns.qry.name in {\"a\"..\"b\", \"www.Example.com\"..\"www.Example.com\"}", p, sizeof p));
	assert_false(matches("dns.resp.ttl in {9..3}", p, sizeof p));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds), cmocka_unit_test(errors_have_a_place), cmocka_unit_test(depth_has_a_ceiling),
		cmocka_unit_test(prefixes_are_addresses), cmocka_unit_test(scratch_lasts), cmocka_unit_test(many_values), cmocka_unit_test(sets),
	};
	int failed;

	demux = demux_new(protos_rows, protos_n_rows);
	catalog = catalog_new(demux);
	scratch = query_scratch_new();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	query_scratch_free(scratch);
	catalog_free(catalog);
	demux_free(demux);
	return failed;
}
