/* HTTP/1.x: hosts, methods, targets, response codes and times, agents, bytes; on whatever port it is spoken. */
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "cmd/stats_late.h"
#include "cmd/stats_lists.h"

#include "base/summary.h"
#include "base/top.h"
#include "out/grid.h"
#include "out/object.h"
#include "stream/http.h"

enum list { METHODS, CODES, AGENTS, SERVERS, TYPES, TARGETS, LISTS };

static const struct {
	const char *title, *list, *key;
} lists[LISTS] = {
	[METHODS] = { "method", "methods", "method" },
	[CODES] = { "response code", "response_codes", "code" },
	[AGENTS] = { "agent", "agents", "agent" },
	[SERVERS] = { "server software", "servers", "server" },
	[TYPES] = { "content type", "content_types", "type" },
	[TARGETS] = { "host and target", "targets", "target" },
};

/* A host's: its row's count is requests. */
struct host {
	uint64_t responses, client_errors, server_errors;	/* those with 4xx and 5xx among them */
	uint64_t sent, received;	/* bytes of bodies: of requests, of responses */
	struct took took;		/* until the response */
};

struct section {
	struct stats_late late;			/* first */
	struct tally *lists[LISTS];
	struct tally *hosts;
	uint64_t held;
	uint64_t requests, responses, matched, informational, cut, odd, sent, received;
	struct summary times;
};

struct conversation {
	struct section *section;
	struct http *http;
	bool counts;			/* what is told now does */
	bool more[2];			/* the direction is still read */
};

/* --- what is told --------------------------------------------------------------------------------------------------- */

static void
count_text(struct tally *t, struct http_text s)
{
	if (s.len)
		tally_count(t, s.p, s.len);
}

/* The host of a request: of its target where that has one (RFC 9112 section 3.2.2), or its header's, in lower case. */
static struct http_text
host_of(const struct http_message *m, char own[TALLY_KEY_MAX])
{
	struct http_text h = http_header_of(m, "host");
	const char *slashes = memmem(m->target.p, m->target.len, "://", 3);

	if (slashes && m->target.len && m->target.p[0] != '/') {
		const char *p = slashes + 3, *end = m->target.p + m->target.len;
		size_t n = 0;

		while (p + n < end && p[n] != '/' && p[n] != '?' && p[n] != '#')
			n++;
		if (n)
			h = (struct http_text){ p, n };
	}
	if (h.len > TALLY_KEY_MAX)
		h.len = TALLY_KEY_MAX;
	for (size_t i = 0; i < h.len; i++)
		own[i] = (char)(h.p[i] >= 'A' && h.p[i] <= 'Z' ? h.p[i] + 'a' - 'A' : h.p[i]);
	return (struct http_text){ own, h.len };
}

/* Host and target as one text: what was asked for, without what comes behind a question mark. */
static void
count_target(struct section *s, const struct http_message *m, struct http_text host)
{
	char text[TALLY_KEY_MAX];
	size_t n = host.len < sizeof text / 2 ? host.len : sizeof text / 2, len = 0;
	bool absolute = m->target.len && m->target.p[0] != '/' && m->target.p[0] != '*';

	memcpy(text, host.p, n);
	if (absolute)
		n = 0;
	while (len < m->target.len && m->target.p[len] != '?' && len < sizeof text - n)
		len++;
	memcpy(text + n, m->target.p, len);
	if (n + len)
		tally_count(s->lists[TARGETS], text, n + len);
}

static void
on_request(struct section *s, struct http_message *m)
{
	char own[TALLY_KEY_MAX];
	struct http_text host = host_of(m, own);

	s->requests++;
	count_text(s->lists[METHODS], m->method);
	count_text(s->lists[AGENTS], http_header_of(m, "user-agent"));
	count_target(s, m, host);
	m->user = tally_count(s->hosts, host.len ? host.p : "(none)", host.len ? host.len : 6);
}

static void
on_response(struct section *s, struct http_message *m)
{
	struct http_text type = http_header_of(m, "content-type");
	struct host *x = m->user ? tally_extra(m->user) : NULL;
	char code[16];

	/* Those of 1xx go in front of the response: RFC 9110 section 15.2. */
	if (m->code < 200 && m->code != 101) {
		s->informational++;
		return;
	}
	s->responses++;
	snprintf(code, sizeof code, "%u", m->code);
	list_count(s->lists[CODES], code);
	count_text(s->lists[SERVERS], http_header_of(m, "server"));
	for (size_t i = 0; i < type.len; i++)
		if (type.p[i] == ';')
			type.len = i;
	count_text(s->lists[TYPES], type);
	if (x) {
		x->responses++;
		x->client_errors += m->code / 100 == 4;
		x->server_errors += m->code / 100 == 5;
	}
	if (m->answers) {
		int64_t took = m->first_ns > m->request_ns ? m->first_ns - m->request_ns : 0;

		s->matched++;
		summary_add(&s->times, took);
		if (x)
			took_add(&x->took, took);
	}
}

static void
on_head(void *ctx, struct http_message *m, unsigned dir)
{
	struct conversation *c = ctx;

	(void)dir;
	if (c->counts)
		(m->response ? on_response : on_request)(c->section, m);
}

static void
on_end(void *ctx, struct http_message *m, unsigned dir)
{
	struct conversation *c = ctx;
	struct section *s = c->section;
	struct host *x = m->user ? tally_extra(m->user) : NULL;

	(void)dir;
	if (!c->counts)
		return;
	s->cut += m->cut;
	s->odd += m->odd != NULL;
	*(m->response ? &s->received : &s->sent) += m->body;
	if (x)
		*(m->response ? &x->received : &x->sent) += m->body;
}

static bool
take(void *ctx, struct flow *f, void **mine, unsigned dir, const struct flow_piece *k, bool counts)
{
	struct section *s = ctx;
	struct conversation *c = *mine;

	if (f->kind != FLOW_TCP)
		return false;
	if (c == NULL) {
		struct http_watch w = { .head = on_head, .end = on_end, .held = &s->held };

		c = *mine = calloc(1, sizeof *c);
		if (c == NULL)
			return false;
		c->section = s;
		c->more[0] = c->more[1] = true;
		w.ctx = c;
		c->http = http_new(&w, false);
	}
	if (c->http == NULL)
		return false;
	c->counts = counts;
	c->more[dir] = c->more[dir] && http_take(c->http, dir, k);
	if (c->more[0] || c->more[1])
		return true;
	http_end(c->http);
	http_free(c->http);
	c->http = NULL;
	return false;
}

static bool
http_open(void *state, const struct stats_setup *setup, struct err *e)
{
	struct section *s = state;

	s->late = (struct stats_late){ .filtered = setup->filtered, .ctx = s, .take = take };
	s->hosts = list_new(sizeof(struct host), setup->left);
	for (unsigned i = 0; i < LISTS; i++) {
		s->lists[i] = list_new(0, setup->left);
		if (s->lists[i] == NULL)
			return err_set(e, "out of memory");
	}
	return s->hosts || err_set(e, "out of memory");
}

/* What ends with the connection counts as the last piece did. */
static void
http_closed(void *state, struct flow *f, void **mine, enum flow_end end)
{
	struct section *s = state;
	struct conversation *c;

	(void)f, (void)end;
	late_flush(&s->late);
	c = *mine;
	if (c && c->http) {
		http_end(c->http);
		http_free(c->http);
	}
	free(c);
	*mine = NULL;
}

/* --- telling -------------------------------------------------------------------------------------------------------- */

static void
text_hosts(const struct section *s, const struct stats_view *v)
{
	static const struct grid_column columns[] = {
		{ "requests", false }, { "responses", false }, { "4xx", false }, { "5xx", false }, { "mean time", false },
		{ "longest", false }, { "sent", false }, { "received", false }, { "host", true },
	};
	struct top top;
	struct grid g;

	if (tally_rows(s->hosts) == 0)
		return;
	buf_char(v->out, '\n');
	grid_begin(&g, columns, sizeof columns / sizeof *columns, 2);
	tally_top(s->hosts, v->top, &top);
	for (size_t i = 0; i < top.n; i++) {
		const struct tally_row *r = top.at[i];
		const struct host *x = tally_extra(r);

		grid_u(&g, r->count);
		grid_u(&g, x->responses);
		grid_u(&g, x->client_errors);
		grid_u(&g, x->server_errors);
		took_text(&x->took, &g);
		grid_u(&g, x->sent);
		grid_u(&g, x->received);
		grid_text(&g, tally_key(s->hosts, r), r->key_len, LIST_SHOWN_MAX);
	}
	grid_end(&g, v->out);
	list_rest(s->hosts, top.n, v->out);
	top_free(&top);
}

static void
http_tell(void *state, const struct stats_view *v)
{
	struct section *s = state;
	struct buf *b = v->out;

	late_flush(&s->late);
	list_fact(b, "messages");
	buf_u(b, s->requests), buf_str(b, " requests, "), buf_u(b, s->responses), buf_str(b, " responses\n");
	list_fact(b, "unanswered");
	buf_u(b, s->requests - (s->matched < s->requests ? s->matched : s->requests));
	buf_str(b, " of "), buf_u(b, s->requests), buf_str(b, " requests\n");
	list_fact(b, "bodies");
	buf_u(b, s->sent), buf_str(b, " bytes in requests, "), buf_u(b, s->received), buf_str(b, " bytes in responses\n");
	list_fact(b, "incomplete");
	buf_u(b, s->cut), buf_str(b, " messages; "), buf_u(b, s->odd), buf_str(b, " that are ambiguous\n");
	list_text_times(&s->times, "response time", b);
	text_hosts(s, v);
	for (unsigned i = 0; i < LISTS; i++)
		list_text(s->lists[i], lists[i].title, v);
}

static void
json_host(const void *ctx, struct buf *b, const struct tally *t, const struct tally_row *r)
{
	const struct host *x = tally_extra(r);

	(void)ctx;
	object_text(b, "host", tally_key(t, r), r->key_len);
	object_u(b, "requests", r->count);
	object_u(b, "responses", x->responses);
	object_u(b, "client_errors", x->client_errors);
	object_u(b, "server_errors", x->server_errors);
	object_u(b, "request_bytes", x->sent);
	object_u(b, "response_bytes", x->received);
	took_json(&x->took, b);
}

static void
http_json(void *state, const struct stats_view *v)
{
	struct section *s = state;
	struct buf *b = v->out;

	late_flush(&s->late);
	object_u(b, "requests", s->requests);
	object_u(b, "responses", s->responses);
	object_u(b, "matched", s->matched);
	object_u(b, "informational", s->informational);
	object_u(b, "request_bytes", s->sent);
	object_u(b, "response_bytes", s->received);
	object_u(b, "incomplete", s->cut);
	object_u(b, "ambiguous", s->odd);
	list_json_times(&s->times, "response_time", b);
	list_json_rows(s->hosts, "hosts", v, json_host, NULL);
	for (unsigned i = 0; i < LISTS; i++)
		list_json(s->lists[i], lists[i].list, lists[i].key, v);
}

static void
http_close(void *state)
{
	struct section *s = state;

	for (unsigned i = 0; i < LISTS; i++)
		tally_free(s->lists[i]);
	tally_free(s->hosts);
	summary_free(&s->times);
	late_free(&s->late);
}

const struct stats_section stats_http = {
	.name = "http", .title = "HTTP", .help = "hosts, methods, response codes and times, agents, bytes",
	.size = sizeof(struct section), .open = http_open, .packet = late_packet, .bytes = late_bytes, .closed = http_closed,
	.text = http_tell, .json = http_json, .close = http_close,
};
