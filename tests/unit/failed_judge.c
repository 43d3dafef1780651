/* What became of connections, ICMP quotes, questions and DNS messages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "cmd/failed.h"
#include "dice.h"

#define SECOND INT64_C(1000000000)

enum { OPEN = TCP_SAW_SYN | TCP_SAW_ACK, ACCEPTED = TCP_SAW_SYNACK | TCP_SAW_ACK };

/* A TCP connection from ends[0] that began at 100 s and was last heard at 101 s. */
static struct flow
tcp(uint8_t saw0, uint8_t saw1, uint64_t payload0, uint64_t payload1)
{
	return (struct flow) {
		.kind = FLOW_TCP, .ends = { .version = 4, .proto = 6, .port = { 40000, 80 }, .addr = { { 10, 0, 0, 1 }, { 10, 0, 0, 2 } } },
		.saw = { saw0, saw1 }, .packets = { saw0 ? 2 : 0, saw1 ? 2 : 0 }, .payload = { payload0, payload1 },
		.first = 100 * SECOND, .last = 101 * SECOND, .syn = 100 * SECOND, .synack = saw1 & TCP_SAW_SYNACK ? 100 * SECOND : 0,
	};
}

static struct verdict
judge(struct flow *f, struct conn c, int64_t now)
{
	struct verdict v;

	c.flow = f;
	c.ends = f->ends;
	failed_judge(&c, now * SECOND, 3 * SECOND, &v);
	return v;
}

static void
expect(struct verdict v, enum failed_kind kind, unsigned source, const char *cause)
{
	assert_int_equal(v.how, ATTEMPT_FAILED);
	assert_int_equal(v.kind, kind);
	assert_int_equal(v.source, source);
	assert_string_equal(v.cause, cause);
}

static void
syn_without_answer(void **state)
{
	struct flow f = tcp(TCP_SAW_SYN, 0, 0, 0);
	struct verdict v = judge(&f, (struct conn) { 0 }, 104);

	(void)state;
	expect(v, FAILED_UNANSWERED, 0, "");
	assert_int_equal(v.tries, 2);
	assert_int_equal(v.wait, SECOND);
	v = judge(&f, (struct conn) { 0 }, 102);
	assert_int_equal(v.how, ATTEMPT_PENDING);
	assert_true(v.attempt);
	/* The other side's RST; the source's own is no answer. */
	f.saw[1] = TCP_SAW_RST;
	f.packets[1] = 1;
	v = judge(&f, (struct conn) { .reset = true, .reset_dir = 1, .reset_wait = 77 }, 101);
	expect(v, FAILED_REFUSED, 0, "");
	assert_int_equal(v.wait, 77);
	f.packets[1] = 0;
	expect(judge(&f, (struct conn) { .reset = true, .reset_dir = 0 }, 110), FAILED_UNANSWERED, 0, "");
	/* Seen from its second packet on: the SYN is the other end's. */
	f = tcp(TCP_SAW_RST, TCP_SAW_SYN, 0, 0);
	expect(judge(&f, (struct conn) { .reset = true, .reset_dir = 0 }, 110), FAILED_REFUSED, 1, "");
}

static void
established(void **state)
{
	struct flow f = tcp(OPEN, ACCEPTED, 0, 0);
	struct verdict v = judge(&f, (struct conn) { 0 }, 200);

	(void)state;
	assert_int_equal(v.how, ATTEMPT_SUCCEEDED);
	expect(judge(&f, (struct conn) { .fin = true, .fin_dir = 1, .fin_ns = 101 * SECOND }, 200), FAILED_CLOSED, 0, "FIN by target");
	expect(judge(&f, (struct conn) { .reset = true, .reset_dir = 0 }, 200), FAILED_CLOSED, 0, "RST by source");
	f = tcp(OPEN, ACCEPTED, 10, 20);
	v = judge(&f, (struct conn) { .reset = true, .reset_dir = 1, .reset_payload = 30, .reset_ns = 102 * SECOND }, 200);
	expect(v, FAILED_RESET, 0, "RST by target");
	assert_int_equal(v.bytes, 30);
	assert_int_equal(v.wait, 2 * SECOND);
	v = judge(&f, (struct conn) { .fin = true, .reset = true, .fin_before = true, .reset_payload = 30 }, 200);
	assert_int_equal(v.how, ATTEMPT_SUCCEEDED);
	/* What RST itself carried is no data, what nobody captured may have been. */
	f = tcp(OPEN, ACCEPTED, 10, 0);
	expect(judge(&f, (struct conn) { .reset = true, .reset_dir = 1 }, 200), FAILED_CLOSED, 0, "RST by target");
	f = tcp(OPEN, ACCEPTED, 0, 0);
	f.missing[1] = 5;
	v = judge(&f, (struct conn) { .fin = true }, 200);
	assert_int_equal(v.how, ATTEMPT_SUCCEEDED);
	/* No beginning: no attempt, but a reset counts. */
	f = tcp(TCP_SAW_ACK | TCP_SAW_DATA, TCP_SAW_ACK, 10, 0);
	assert_false(judge(&f, (struct conn) { 0 }, 200).attempt);
	expect(judge(&f, (struct conn) { .reset = true, .reset_dir = 1, .reset_payload = 10 }, 200), FAILED_RESET, 0, "RST by target");
	f = tcp(0, TCP_SAW_RST, 0, 0);
	v = judge(&f, (struct conn) { .reset = true, .reset_dir = 1 }, 200);
	assert_int_not_equal(v.how, ATTEMPT_FAILED);
}

static void
half_open(void **state)
{
	struct flow f = tcp(TCP_SAW_SYN, TCP_SAW_SYNACK, 0, 0);

	(void)state;
	expect(judge(&f, (struct conn) { 0 }, 104), FAILED_HALF_OPEN, 0, "no ACK");
	assert_int_equal(judge(&f, (struct conn) { 0 }, 102).how, ATTEMPT_PENDING);
	expect(judge(&f, (struct conn) { .reset = true, .reset_dir = 0 }, 101), FAILED_HALF_OPEN, 0, "RST by source");
}

static void
icmp_errors(void **state)
{
	struct conn c = { .errors = 1, .error = { .version = 4, .type = 3, .code = 13, .reporter = { 10, 0, 0, 254 } },
	    .error_first = 100 * SECOND, .error_last = 100 * SECOND, .error_wait = 5 };
	struct flow f = tcp(TCP_SAW_SYN, 0, 0, 0);

	(void)state;
	expect(judge(&f, c, 100), FAILED_FILTERED, 0, "administratively prohibited from 10.0.0.254");
	/* The other side was heard since; then not: but it may be yet. */
	f = tcp(OPEN, ACCEPTED, 10, 10);
	assert_int_equal(judge(&f, c, 200).how, ATTEMPT_SUCCEEDED);
	c.error_heard = 2;
	expect(judge(&f, c, 200), FAILED_FILTERED, 0, "administratively prohibited from 10.0.0.254");
	assert_int_equal(judge(&f, c, 102).how, ATTEMPT_SUCCEEDED);
	/* A port of UDP: a failure even if the other side spoke; of whose datagram it was. */
	f.kind = FLOW_UDP;
	f.ends.proto = 17;
	c.error.code = 3;
	c.error_heard = 0;
	expect(judge(&f, c, 101), FAILED_UNREACHABLE, 0, "port unreachable from 10.0.0.254");
	c.error_dir = 1;
	expect(judge(&f, c, 101), FAILED_UNREACHABLE, 1, "port unreachable from 10.0.0.254");
	/* A flow of which nothing but quotes was seen that are no errors. */
	f.packets[0] = f.packets[1] = 0;
	c.errors = 0;
	assert_false(judge(&f, c, 101).attempt);
}

static void
datagrams(void **state)
{
	static const uint8_t client[] = { 0x23 }, server[] = { 0x25 };
	struct flow f = tcp(0, 0, 0, 0);

	(void)state;
	assert_true(failed_must_answer(123, client, 1) && failed_must_answer(161, NULL, 0));
	assert_false(failed_must_answer(123, server, 1) || failed_must_answer(123, client, 0) || failed_must_answer(514, client, 1));
	f.kind = FLOW_UDP;
	f.packets[0] = 1;
	assert_int_equal(judge(&f, (struct conn) { 0 }, 200).how, ATTEMPT_OTHER);
	expect(judge(&f, (struct conn) { .asks = true }, 200), FAILED_UNANSWERED, 0, "");
	assert_int_equal(judge(&f, (struct conn) { .asks = true }, 101).how, ATTEMPT_PENDING);
	f.packets[1] = 1;
	assert_int_equal(judge(&f, (struct conn) { .asks = true }, 200).how, ATTEMPT_SUCCEEDED);
	f.packets[1] = 0;
	f.ends.addr[1][0] = 224;
	assert_int_equal(judge(&f, (struct conn) { .asks = true }, 200).how, ATTEMPT_OTHER);
}

static const uint8_t net4[20] = { 0x45, [12] = 10, 0, 0, 254, 10, 0, 0, 1 };
static const uint8_t quote4[] = {
	3, 4, 0, 0, 0, 0, 5, 0,							/* fragmentation needed, MTU 1280 */
	0x45, 0, 0, 60, 0, 1, 0x40, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2,
	0x9c, 0x40, 0, 53, 0, 20, 0, 0, 0x12, 0x34,
};

static void
quotes(void **state)
{
	struct quote q;
	char text[FAILED_TEXT_MAX];

	(void)state;
	assert_true(quote_read(&q, quote4, sizeof quote4, net4, 4));
	assert_int_equal(q.ends.proto, 17);
	assert_int_equal(q.ends.port[0], 40000);
	assert_int_equal(q.ends.port[1], 53);
	assert_int_equal(q.ends.addr[1][3], 2);
	assert_true(q.dns && q.asked == 0x1234);
	quote_describe(&q.error, text);
	assert_string_equal(text, "fragmentation needed (MTU 1280) from 10.0.0.254");
	/* Cut anywhere: fewer facts, and never more bytes than there are (the sanitizers look). */
	for (uint32_t n = 0; n < sizeof quote4; n++) {
		uint8_t copy[sizeof quote4];

		memcpy(copy, quote4, n);
		memset(copy + n, 0xff, sizeof copy - n);
		assert_int_equal(quote_read(&q, copy, n, net4, 4), n >= 28);
		assert_int_equal(q.ends.port[1], n >= 32 ? 53 : 0);
		assert_int_equal(q.dns, n >= 38);
	}
	/* Echo requests and other messages are no errors; a later fragment has no ports. */
	memcpy(text, quote4, sizeof quote4);
	text[0] = 8;
	assert_false(quote_read(&q, (const uint8_t *)text, sizeof quote4, net4, 4));
	text[0] = 11;
	text[8 + 7] = 1;
	assert_true(quote_read(&q, (const uint8_t *)text, sizeof quote4, net4, 4));
	assert_int_equal(q.ends.port[0], 0);
	for (unsigned i = 0; i < 100000; i++) {
		uint8_t noise[120];
		uint32_t n = dice(sizeof noise + 1);

		for (unsigned j = 0; j < n; j++)
			noise[j] = (uint8_t)dice(256);
		noise[0] = (uint8_t)(1 + dice(12));
		noise[8] = (uint8_t)(dice(2) ? 0x60 : 0x45);
		noise[14] = (uint8_t[]) { 0, 43, 44, 60, 6 }[dice(5)];
		if (quote_read(&q, noise, n, noise, dice(2) ? 4 : 6))
			quote_describe(&q.error, text);
	}
}

struct gone {
	unsigned n;
	uint64_t tries;
};

static void
gone(void *ctx, struct ask *x)
{
	struct gone *g = ctx;

	g->n++;
	g->tries += x->tries;
}

static void
questions(void **state)
{
	struct gone g = { 0 };
	size_t room = 1000000;
	struct asks *a = asks_new(&room, gone, &g);
	struct ask_key k = { .ends = { .version = 4, .port = 53 }, .id = 1, .kind = FAILED_DNS_UNANSWERED };
	struct failed_text name = { "a.example A", 11 }, other = { "b.example A", 11 };

	(void)state;
	asks_ask(a, &k, name, 10, 1, true);
	asks_ask(a, &k, name, 20, 2, false);
	assert_int_equal(asks_find(a, &k)->tries, 2);
	assert_int_equal(asks_find(a, &k)->first, 10);
	assert_true(asks_find(a, &k)->wanted);
	asks_ask(a, &k, other, 30, 3, false);		/* the same number for something else: the first one never had an answer */
	assert_int_equal(g.n, 1);
	assert_int_equal(g.tries, 2);
	assert_false(asks_find(a, &k)->wanted);
	asks_find(a, &k)->answered = true;
	asks_ask(a, &k, other, 40, 4, true);		/* asked anew */
	assert_false(asks_find(a, &k)->answered);
	assert_int_equal(asks_find(a, &k)->tries, 1);
	for (unsigned i = 0; i < FAILED_ASKS_MAX; i++) {
		k.id = 1000 + i;
		asks_ask(a, &k, name, 50 + i, 5, true);
	}
	assert_int_equal(g.n, 2);			/* the oldest one went for want of room */
	k.id = 1;
	assert_null(asks_find(a, &k));
	asks_end(a);
	assert_int_equal(g.n, 2 + FAILED_ASKS_MAX);
	asks_end(a);
	assert_int_equal(g.n, 2 + FAILED_ASKS_MAX);
	asks_free(a);
	assert_int_equal(room, 1000000);
}

static void
dns_messages(void **state)
{
	static const uint8_t m[] = "\x12\x34\x81\x83\0\1\0\0\0\0\0\0\3WwW\7exAmple\0\0\x41\0\1";
	struct dns_message d;

	(void)state;
	assert_true(dns_read(&d, m, sizeof m - 1));
	assert_true(d.response && d.id == 0x1234 && d.rcode == 3);
	assert_int_equal(d.subject_len, 17);
	assert_memory_equal(d.subject, "www.example HTTPS", 17);
	assert_int_equal(dns_rcode_kind(3), FAILED_NXDOMAIN);
	assert_string_equal(dns_rcode_name(3), "NXDOMAIN");
	for (uint32_t n = 0; n < sizeof m - 1; n++) {
		uint8_t copy[sizeof m];

		memcpy(copy, m, n);
		assert_int_equal(dns_read(&d, copy, n), n >= 12);
		assert_true(n < 12 || d.subject_len == 0);
	}
	for (unsigned i = 0; i < 100000; i++) {
		uint8_t noise[400];
		uint32_t n = dice(sizeof noise + 1);

		memcpy(noise, m, 12);
		for (uint32_t j = 12; j < n; j++)
			noise[j] = (uint8_t)dice(70);
		if (dns_read(&d, noise, n))
			assert_true(d.subject_len <= sizeof d.subject);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(syn_without_answer),
		cmocka_unit_test(established),
		cmocka_unit_test(half_open),
		cmocka_unit_test(icmp_errors),
		cmocka_unit_test(datagrams),
		cmocka_unit_test(quotes),
		cmocka_unit_test(questions),
		cmocka_unit_test(dns_messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
