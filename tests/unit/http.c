/* HTTP out of stream pieces: framing, gaps, matching, content codings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <brotli/encode.h>
#include <zlib.h>
#include <zstd.h>

#include "stream/body.h"
#include "stream/http.h"

/* What was told, as text: one line an event, bodies between | |. */
static char told[1 << 16];
static size_t n_told;
static bool in_body;
static uint64_t at[2], number;

static void
tell(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	n_told += (size_t)vsnprintf(told + n_told, sizeof told - n_told, fmt, ap);
	va_end(ap);
	assert_true(n_told < sizeof told);
}

static void
on_head(void *ctx, struct http_message *m, unsigned dir)
{
	(void)ctx;
	if (m->response)
		tell("%u< %u %.*s", dir, m->code, (int)m->reason.len, m->reason.p);
	else
		tell("%u> %.*s %.*s", dir, (int)m->method.len, m->method.p, (int)m->target.len, m->target.p);
	if (m->answers)
		tell(" to %s %d", m->request_method, (int)m->request_number);
	if (m->odd)
		tell(" (%s)", m->odd);
	tell("\n");
	in_body = false;
}

static void
on_body(void *ctx, struct http_message *m, unsigned dir, const uint8_t *p, size_t n)
{
	(void)ctx, (void)m;
	tell("%s%.*s", in_body ? "" : dir ? "1|" : "0|", (int)n, (const char *)p);
	in_body = true;
}

static void
on_missing(void *ctx, struct http_message *m, unsigned dir, uint64_t n)
{
	(void)ctx, (void)m, (void)dir;
	tell("[%u]", (unsigned)n);
}

static struct http_message ended;	/* the last one that did */
static uint64_t all_decoded, all_undecoded;

static void
on_end(void *ctx, struct http_message *m, unsigned dir)
{
	(void)ctx;
	ended = *m;
	all_decoded += m->decoded;
	all_undecoded += m->undecoded;
	tell("%s%u. %u%s", in_body ? "|\n" : "", dir, (unsigned)m->body, m->cut ? " cut" : "");
	if (m->undecodable)
		tell(" %s", m->trouble);
	tell("\n");
	in_body = false;
}

static void
on_other(void *ctx, unsigned dir, const char *why)
{
	(void)ctx;
	tell("%u: %s\n", dir, why);
}

static uint64_t held;
static const struct http_watch watch = {
	.head = on_head, .body = on_body, .missing = on_missing, .end = on_end, .other = on_other, .held = &held,
};

static struct http *
begin(void)
{
	struct http *h = http_new(&watch, true);

	assert_non_null(h);
	n_told = 0;
	told[0] = '\0';
	at[0] = at[1] = number = 0;
	in_body = false;
	return h;
}

static bool
bytes(struct http *h, unsigned dir, uint64_t missing, const void *p, size_t n)
{
	uint8_t *copy = malloc(n ? n : 1);
	struct flow_piece k = { .p = copy, .len = (uint32_t)n, .missing = missing };
	bool more;

	assert_non_null(copy);
	memcpy(copy, p, n);
	at[dir] += missing;
	k.offset = at[dir];
	k.number = ++number;
	k.ns = (int64_t)number * 1000;
	k.shown = number;
	at[dir] += n;
	more = http_take(h, dir, &k);
	free(copy);
	return more;
}

static bool
say(struct http *h, unsigned dir, const char *text)
{
	return bytes(h, dir, 0, text, strlen(text));
}

static void
done(struct http *h, const char *want)
{
	http_end(h);
	http_free(h);
	assert_string_equal(told, want);
	assert_int_equal(held, 0);
}

static void
test_bodies(void **state)
{
	struct http *h = begin();

	(void)state;
	say(h, 0, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
	say(h, 1, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
	say(h, 0, "POST /b HTTP/1.1\r\ncontent-length: 3\r\n\r\nabcHEAD /c HTTP/1.1\r\n\r\n");
	say(h, 1, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	    "3;x=1\r\nfoo\r\n0A\r\n0123456789\r\n0\r\nX: y\r\n\r\n");
	say(h, 1, "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nHTTP/1.0 304 Not Modified\r\n\r\n");
	say(h, 1, "HTTP/1.0 200\r\n\r\nuntil the end");
	done(h, "0> GET /a\n0. 0\n1< 200 OK to GET 1\n1|hello|\n1. 5\n"
	    "0> POST /b\n0|abc|\n0. 3\n0> HEAD /c\n0. 0\n"
	    "1< 100 Continue to POST 3\n1. 0\n1< 200 OK to POST 3\n1|foo0123456789|\n1. 13\n"
	    "1< 200 OK to HEAD 3\n1. 0\n1< 304 Not Modified\n1. 0\n1< 200 \n1|until the end|\n1. 13\n");
}

/* Byte by byte it is the same. */
static void
test_pieces(void **state)
{
	static const char requests[] = "\r\nGET /a HTTP/1.1\r\nA: b\r\n c\r\n\r\nPUT /d HTTP/1.1\nContent-Length: 2, 2\n\nxy";
	static const char responses[] = "HTTP/1.1 200 A b c\r\nTransfer-Encoding:chunked\r\n\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n"
	    "HTTP/1.1 404 No\r\nContent-Length: 1\r\n\r\nz";
	struct http *h = begin();

	(void)state;
	for (const char *p = requests; *p; p++)
		assert_true(bytes(h, 0, 0, p, 1));
	number = 1000;
	for (const char *p = responses; *p; p++)
		assert_true(bytes(h, 1, 0, p, 1));
	done(h, "0> GET /a\n0. 0\n0> PUT /d\n0|xy|\n0. 2\n1< 200 A b c to GET 31\n1|0123456789abcdef|\n1. 16\n"
	    "1< 404 No to PUT 71\n1|z|\n1. 1\n");
}

static void
test_gaps(void **state)
{
	struct http *h = begin();

	(void)state;
	/* In a body whose length is known, and up to its end. */
	say(h, 0, "GET /1 HTTP/1.1\r\n\r\n");
	say(h, 1, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab");
	bytes(h, 1, 5, "hij", 3);
	say(h, 0, "GET /2 HTTP/1.1\r\n\r\n");
	say(h, 1, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab");
	bytes(h, 1, 8, "HTTP/1.1 204 No\r\n\r\n", 19);
	/* Beyond it: what comes is looked at piece by piece; the answer is the last request's. */
	say(h, 0, "GET /3 HTTP/1.1\r\n\r\n");
	say(h, 1, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab");
	bytes(h, 1, 12, "rest\r\n\r\n", 8);
	say(h, 0, "GET /4 HTTP/1.1\r\n\r\n");
	say(h, 0, "GET /5 HTTP/1.1\r\n\r\n");
	say(h, 1, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
	/* In a chunk, over its end, in a head. */
	say(h, 1, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nab");
	bytes(h, 1, 4, "gh\r\n5\r\nx", 8);
	bytes(h, 1, 9, "1\r\n", 3);
	say(h, 1, "HTTP/1.1 200 O");
	bytes(h, 1, 1, "\r\n\r\n", 4);
	say(h, 1, "HTTP/1.1 200 Y\r\n\r\nto the");
	bytes(h, 1, 7, "end", 3);
	bytes(h, 1, 2, "", 0);
	done(h, "0> GET /1\n0. 0\n1< 200 OK to GET 1\n1|ab[5]hij|\n1. 10\n"
	    "0> GET /2\n0. 0\n1< 200 OK to GET 4\n1|ab[8]|\n1. 10\n1< 204 No\n1. 0\n"
	    "0> GET /3\n0. 0\n1< 200 OK to GET 7\n1|ab[8]|\n1. 10\n0> GET /4\n0. 0\n0> GET /5\n0. 0\n1< 200 OK to GET 11\n1. 0\n"
	    "1< 200 OK\n1|ab[4]ghx[4]|\n1. 13 cut\n1< 200 Y\n1|to the[7]end[2]|\n1. 18\n");
}

static void
test_middle(void **state)
{
	struct http *h = begin();

	(void)state;
	assert_true(say(h, 1, "\x01\x02 some body"));
	assert_true(say(h, 1, "more of HTTP/1.1 200 OK\r\n\r\n"));
	assert_true(say(h, 0, "GET / HTTP/1.1\r\n\r\n"));
	assert_true(say(h, 1, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"));
	done(h, "0> GET /\n0. 0\n1< 200 OK to GET 3\n1|x|\n1. 1\n");

	/* Another protocol. */
	h = begin();
	for (int i = 0; i < 7; i++)
		assert_true(say(h, 0, "EHLO there\r\n"));
	assert_false(say(h, 0, "EHLO there\r\n"));
	assert_true(say(h, 1, "220 mail ESMTP\r\n"));
	done(h, "0: no HTTP\n1: no HTTP\n");

	h = begin();
	assert_false(say(h, 0, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
	assert_false(say(h, 1, "whatever"));
	done(h, "0: HTTP/2\n1: HTTP/2\n");
}

static void
test_tunnels(void **state)
{
	struct http *h = begin();

	(void)state;
	say(h, 0, "GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n\r\n");
	assert_false(say(h, 1, "HTTP/1.1 101 Switching\r\n\r\n\x81\x05Hello"));
	assert_false(say(h, 0, "GET / HTTP/1.1\r\n\r\n"));
	done(h, "0> GET /ws\n0. 0\n1< 101 Switching to GET 1\n1. 0\n1: upgraded to another protocol\n"
	    "0: upgraded to another protocol\n");

	h = begin();
	say(h, 0, "CONNECT h:443 HTTP/1.1\r\n\r\n");
	say(h, 1, "HTTP/1.1 407 Who\r\nContent-Length: 2\r\n\r\nno");
	say(h, 0, "CONNECT h:443 HTTP/1.1\r\n\r\n");
	assert_false(say(h, 1, "HTTP/1.1 200 Go\r\nContent-Length: 2\r\n\r\n\x16\x03"));
	done(h, "0> CONNECT h:443\n0. 0\n1< 407 Who to CONNECT 1\n1|no|\n1. 2\n0> CONNECT h:443\n0. 0\n"
	    "1< 200 Go to CONNECT 3\n1. 0\n1: a tunnel\n0: a tunnel\n");
}

static void
test_smuggling(void **state)
{
	struct http *h = begin();

	(void)state;
	say(h, 0, "POST /1 HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /2 HTTP/1.1\r\n\r\n");
	say(h, 0, "POST /3 HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nab");
	say(h, 0, "POST /4 HTTP/1.1\r\nTransfer-Encoding : chunked\r\n\r\n1\r\nz\r\n0\r\n\r\n");
	say(h, 0, "POST /5 HTTP/1.1\r\nContent-Length: 2\r\ncontent-length: 3\r\n\r\nabcd");
	done(h, "0> POST /1 (both Transfer-Encoding and Content-Length)\n0. 0\n0> GET /2\n0. 0\n0> POST /3\n0|ab|\n0. 2\n"
	    "0> POST /4 (white space before a header's colon)\n0|z|\n0. 1\n0> POST /5 (different Content-Lengths)\n0|abcd|\n0. 4\n");

	h = begin();
	say(h, 1, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, xyz\r\n\r\nraw");
	done(h, "1< 200 OK (a Transfer-Encoding that does not end in chunked)\n1|raw|\n1. 3 an unknown content coding\n");

	h = begin();
	say(h, 1, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n");
	done(h, "1< 200 OK\n1. 0 cut\n1: a chunk without a size\n");
	h = begin();
	say(h, 1, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxyz\r\n");
	done(h, "1< 200 OK\n1|x|\n1. 1 cut\n1: a chunk longer than its size\n");
	h = begin();
	say(h, 1, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffffff\r\n");
	done(h, "1< 200 OK\n1. 0 cut\n1: a chunk's size beyond all measure\n");
}

static void
test_ceilings(void **state)
{
	struct http *h = begin();
	static char line[70000];

	(void)state;
	say(h, 0, "GET / HTTP/1.1\r\n");
	memset(line, 'a', sizeof line);
	bytes(h, 0, 0, line, sizeof line);
	done(h, "0: a head beyond 64 KiB\n");

	h = begin();
	for (int i = 0; i < HTTP_PENDING_MAX + 2; i++)
		say(h, 0, "GET / HTTP/1.1\r\n\r\n");
	n_told = 0;
	for (int i = 0; i < HTTP_PENDING_MAX + 3; i++) {
		if (i == HTTP_PENDING_MAX - 1)
			n_told = 0;
		if (i == HTTP_PENDING_MAX + 2)
			say(h, 0, "PUT / HTTP/1.1\r\n\r\n");
		say(h, 1, "HTTP/1.1 204\r\n\r\n");
	}
	done(h, "1< 204  to GET 64\n1. 0\n1< 204 \n1. 0\n1< 204 \n1. 0\n0> PUT /\n0. 0\n1< 204  to PUT 133\n1. 0\n");

	/* Lists as long as a head may be cost no more than other heads. */
	h = begin();
	for (size_t i = 0; i < 60000; i++)
		line[i] = "2,"[i % 2];
	for (int i = 0; i < 50; i++) {
		n_told = 0;
		say(h, 0, "PUT / HTTP/1.1\r\nContent-Length: ");
		bytes(h, 0, 0, line, 60000);
		say(h, 0, "\r\n\r\nab");
	}
	done(h, "0> PUT /\n0|ab|\n0. 2\n");

	/* A response whose request came to light later. */
	h = begin();
	number = 10;
	say(h, 1, "HTTP/1.1 204\r\n\r\n");
	number = 5;
	say(h, 0, "GET / HTTP/1.1\r\n\r\n");
	number = 20;
	say(h, 0, "PUT / HTTP/1.1\r\n\r\n");
	say(h, 1, "HTTP/1.1 204\r\n\r\n");
	done(h, "1< 204 \n1. 0\n0> GET /\n0. 0\n0> PUT /\n0. 0\n1< 204  to PUT 21\n1. 0\n");
}

/* --- codings ------------------------------------------------------------------------------------------------------- */

static size_t
deflated(uint8_t *to, size_t room, const void *p, size_t n, int bits)
{
	z_stream z = { 0 };

	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (Bytef *)(uintptr_t)p;
	z.avail_in = (uInt)n;
	z.next_out = to;
	z.avail_out = (uInt)room;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	n = room - z.avail_out;
	deflateEnd(&z);
	return n;
}

static size_t
coded(const char *coding, uint8_t *to, size_t room, const void *p, size_t n)
{
	size_t len = room;

	if (strcmp(coding, "gzip") == 0)
		return deflated(to, room, p, n, 15 + 16);
	if (strcmp(coding, "deflate") == 0)
		return deflated(to, room, p, n, 15);
	if (strcmp(coding, "raw") == 0)
		return deflated(to, room, p, n, -15);
	if (strcmp(coding, "br") == 0) {
		assert_true(BrotliEncoderCompress(5, 18, BROTLI_DEFAULT_MODE, n, p, &len, to));
		return len;
	}
	len = ZSTD_compress(to, room, p, n, 3);
	assert_false(ZSTD_isError(len));
	return len;
}

static void
response(struct http *h, const char *coding, const uint8_t *p, size_t n, size_t step)
{
	char head[400];

	snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\nContent-Length: %zu\r\n\r\n", coding, n);
	say(h, 1, head);
	for (size_t i = 0; i < n; i += step)
		bytes(h, 1, 0, p + i, n - i < step ? n - i : step);
}

static void
test_codings(void **state)
{
	static const char *const names[] = { "gzip", "deflate", "raw", "br", "zstd" };
	uint8_t once[512], twice[512];
	size_t n, m;
	char want[256];

	(void)state;
	for (unsigned i = 0; i < 5; i++)
		for (size_t step = 1; step < 600; step += 83) {
			const char *name = i == 2 ? "deflate" : names[i];
			struct http *h = begin();

			n = coded(names[i], once, sizeof once, "what was meant", 14);
			response(h, name, once, n, step);
			snprintf(want, sizeof want, "1< 200 OK\n1|what was meant|\n1. %zu\n", n);
			done(h, want);

			h = begin();
			m = coded("zstd", twice, sizeof twice, once, n);
			snprintf(want, sizeof want, "%s, ZSTD", name);
			response(h, want, twice, m, step);
			snprintf(want, sizeof want, "1< 200 OK\n1|what was meant|\n1. %zu\n", m);
			done(h, want);

			/* Too short, damaged. */
			h = begin();
			response(h, name, once, n - 3, step);
			http_end(h);
			assert_non_null(strstr(told, "the coded data end too early"));
			http_free(h);
		}
	n = coded("gzip", once, sizeof once, "two ", 4);
	n += coded("gzip", once + n, sizeof once - n, "members", 7);
	struct http *h = begin();
	response(h, "x-gzip", once, n, 7);
	http_end(h);
	http_free(h);
	assert_non_null(strstr(told, "|two members|"));

	h = begin();
	response(h, "gzip", (const uint8_t *)"plain", 5, 5);
	done(h, "1< 200 OK\n1|plain|\n1. 5 damaged gzip data\n");
	h = begin();
	response(h, "br, br, br, br, br", (const uint8_t *)"plain", 5, 5);
	done(h, "1< 200 OK\n1|plain|\n1. 5 too many content codings\n");
	assert_int_equal(held, 0);
}

static void
count(void *ctx, const uint8_t *p, size_t n)
{
	(void)p;
	*(uint64_t *)ctx += n;
}

/* A body that grows without end is given up. */
static void
test_bomb(void **state)
{
	static uint8_t zeros[1 << 20], once[1 << 12], twice[1 << 12];
	struct body_credit credit;
	struct body *b;
	uint64_t decoded = 0;
	size_t used, n, m;

	(void)state;
	body_begin(&credit);
	b = body_new(&held, HTTP_HELD_MAX, &credit);
	n = coded("gzip", once, sizeof once, zeros, BODY_BURST);
	assert_true(body_add(b, "gzip", 4));
	body_earn(&credit, n);
	assert_true(body_take(b, once, n, &used, count, &decoded));
	assert_int_equal(decoded, BODY_BURST);
	/* More at once has to be earned by bytes that grow less. */
	body_earn(&credit, n);
	assert_false(body_take(b, once, n, &used, count, &decoded));
	assert_string_equal(body_trouble(b), "it grows too much");
	assert_true(decoded <= BODY_BURST + 2 * n * BODY_GROWTH);
	body_free(b);
	body_earn(&credit, BODY_BURST);
	assert_int_equal(credit.left, BODY_AT_ONCE);

	/* What it became is told, and what it did not. */
	struct http *h = begin();
	n = coded("gzip", once, sizeof once, zeros, sizeof zeros);
	response(h, "gzip", once, n, n);
	assert_true(ended.undecodable && ended.body == n && ended.undecoded < n);
	assert_in_range(ended.decoded - ended.undecoded, BODY_BURST / 2, BODY_BURST + (n + 200) * BODY_GROWTH);
	http_end(h);
	http_free(h);

	/* Many small ones are no better than a large one. */
	static char many[1 << 16];
	size_t at_most = 0;
	n = coded("gzip", once, sizeof once, zeros, 100000);
	m = (size_t)snprintf(many, sizeof many, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %zu\r\n\r\n", n);
	memcpy(many + m, once, n);
	for (m += n; (at_most + 2) * m < sizeof many; at_most++)
		memcpy(many + (at_most + 1) * m, many, m);
	h = begin();
	all_decoded = all_undecoded = 0;
	bytes(h, 1, 0, many, (at_most + 1) * m);
	assert_true(at_most * 100000 > 2 * BODY_AT_ONCE);
	assert_in_range(all_decoded - all_undecoded, BODY_BURST, BODY_AT_ONCE);
	http_end(h);
	http_free(h);

	/* Ordinary pages may be large and repeat themselves. */
	static uint8_t page[4 << 20], small[1 << 20];
	body_begin(&credit);
	b = body_new(&held, HTTP_HELD_MAX, &credit);
	assert_true(body_add(b, "gzip", 4));
	decoded = m = 0;
	for (unsigned i = 0; m + 200 < sizeof page; i++)
		m += (size_t)snprintf((char *)page + m, 200, "{\"id\": %u, \"name\": \"item %u\", \"price\": %u, \"currency\": "
		    "\"EUR\", \"available\": true, \"category\": \"things of some kind\"},\n", i, i, i % 3);
	n = coded("gzip", small, sizeof small, page, m);
	assert_in_range(m / n, 20, 30);
	for (size_t i = 0; i < n; i += 1460) {
		body_earn(&credit, n - i < 1460 ? n - i : 1460);
		assert_true(body_take(b, small + i, n - i < 1460 ? n - i : 1460, &used, count, &decoded));
	}
	assert_true(decoded == m && body_is_whole(b));
	body_free(b);

	/* There is an end to all bodies. */
	b = body_new(&held, HTTP_HELD_MAX, &credit);
	n = coded("gzip", small, sizeof small, page, 1 << 20);
	assert_true(body_add(b, "gzip", 4));
	decoded = 0;
	for (unsigned i = 0; i < BODY_DECODED_MAX >> 20; i++) {
		body_earn(&credit, 1 << 20);
		assert_true(body_take(b, small, n, &used, count, &decoded));
	}
	assert_int_equal(decoded, BODY_DECODED_MAX);
	body_earn(&credit, 1 << 20);
	assert_false(body_take(b, small, n, &used, count, &decoded));
	assert_string_equal(body_trouble(b), "it grows beyond 256 MiB");
	body_free(b);

	/* Nor may it grow within the inner codings, whatever is left of it behind them. */
	static uint8_t inner[2 * BODY_BURST + 4096], thrice[1 << 12];
	n = coded("gzip", inner, 4096, "x", 1);
	m = deflated(thrice, sizeof thrice, inner, n + 2 * BODY_BURST, 15 + 16);
	body_begin(&credit);
	b = body_new(&held, HTTP_HELD_MAX, &credit);
	assert_true(body_add(b, "gzip", 4) && body_add(b, "gzip", 4));
	assert_false(body_take(b, thrice, m, &used, count, &decoded));
	assert_string_equal(body_trouble(b), "it grows too much");
	body_free(b);

	/* Memory has a ceiling, too. */
	n = coded("gzip", once, sizeof once, zeros, sizeof zeros);
	m = coded("br", twice, sizeof twice, zeros, sizeof zeros);
	body_earn(&credit, 1 << 20);
	b = body_new(&held, 10000, &credit);
	assert_true(body_add(b, "br", 2));
	assert_false(body_take(b, twice, m, &used, count, &decoded));
	assert_string_equal(body_trouble(b), "no memory for decoding");
	body_free(b);

	/* So has the window of brotli: for as much as it has use for. */
	static uint8_t large[4 << 20];
	for (unsigned i = 0; i < 2; i++) {
		n = sizeof once;
		assert_true(BrotliEncoderCompress(5, 22, BROTLI_DEFAULT_MODE, i ? 3 << 20 : 2 << 20, large, &n, once));
		body_begin(&credit);
		b = body_new(&held, HTTP_HELD_MAX, &credit);
		assert_true(body_add(b, "br", 2));
		assert_false(body_take(b, once, n, &used, count, &decoded));
		assert_string_equal(body_trouble(b), i ? "a br window beyond 2 MiB" : "it grows too much");
		body_free(b);
	}
	assert_int_equal(held, 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bodies), cmocka_unit_test(test_pieces), cmocka_unit_test(test_gaps),
		cmocka_unit_test(test_middle), cmocka_unit_test(test_tunnels), cmocka_unit_test(test_smuggling),
		cmocka_unit_test(test_ceilings), cmocka_unit_test(test_codings), cmocka_unit_test(test_bomb),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
