/* What is said over a TCP connection: HTTP responses that tell of errors, TLS alerts, DNS. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/failed.h"
#include "stream/http.h"
#include "stream/tls.h"

enum {
	DNS_PORT = 53,
	DNS_LOOK = 512,			/* bytes of a DNS message that are kept: header and question are in front */
	TALK_HELD_MAX = 64 << 20,	/* bytes held for all connections; more of them are not looked at */
	REQUESTS_MAX = 64,		/* of one connection, without a response; the oldest one goes first */
	LATE_MAX = 16,			/* responses in one packet of a connection that is not wanted yet */
};

enum talk_kind { TALK_NEW, TALK_HTTP, TALK_TLS, TALK_DNS };

/* A request, until its response comes. */
struct request {
	struct request *next;
	uintptr_t id;			/* what HTTP remembers it by: it may be forgotten here before its response comes */
	uint64_t number;
	int64_t ns;
	char subject[FAILED_TEXT_MAX];
	size_t len;
};

/* A response, and what was asked. */
struct response {
	struct response *next;
	struct failed_ends ends;
	unsigned code;
	bool asked;
	uint64_t request, number;
	int64_t request_ns, ns;
	char subject[FAILED_TEXT_MAX], cause[FAILED_TEXT_MAX];
	size_t subject_len, cause_len;
};

/* One direction of DNS over TCP (RFC 1035 section 4.2.2): a length before each message. */
struct dns_half {
	uint32_t got;			/* of the message and its length */
	uint8_t bytes[2 + DNS_LOOK];
};

struct talk {
	enum talk_kind kind;
	struct desk *desk;
	struct conn *conn;
	uint64_t held;
	struct http *http;
	struct request *requests;	/* the newest first */
	uintptr_t last_id;
	unsigned n_requests;
	struct response *late;		/* of the packet `now`, while nobody knows whether -Y passes it */
	unsigned n_late;
	uint64_t now;
	struct tls *tls;
	bool hello[2], alert;		/* client's, server's; one that ends the connection */
	uint16_t version;
	unsigned client;
	char sni[TLS_NAME_MAX];
	char cause[FAILED_TEXT_MAX];
	int64_t hello_ns, alert_ns;
	struct dns_half *dns;		/* two */
};

/* --- HTTP ----------------------------------------------------------------------------------------------------------- */

static void
append(char text[FAILED_TEXT_MAX], size_t *len, const char *p, size_t n)
{
	if (n > FAILED_TEXT_MAX - *len)
		n = FAILED_TEXT_MAX - *len;
	if (n)
		memcpy(text + *len, p, n);
	*len += n;
}

/* "GET www.example.org/path", without what is behind '?': that is often different each time. */
static void
describe(struct request *r, const struct http_message *m)
{
	struct http_text host = http_header_of(m, "Host"), path = m->target;
	const char *end = path.len ? memchr(path.p, '?', path.len) : NULL;

	if (end)
		path.len = (size_t)(end - path.p);
	append(r->subject, &r->len, m->method.p, m->method.len);
	append(r->subject, &r->len, " ", 1);
	if (path.len && path.p[0] == '/')
		append(r->subject, &r->len, host.p, host.len);
	append(r->subject, &r->len, path.p, path.len);
}

static void drop_request(struct talk *k, struct request *r);

static struct request *
find_request(const struct talk *k, const void *user)
{
	struct request *r = k->requests;

	while (r && r->id != (uintptr_t)user)
		r = r->next;
	return r;
}

static void
take_request(struct talk *k, struct http_message *m)
{
	struct request *r;

	/* Those whose responses nobody captured. */
	if (k->n_requests == REQUESTS_MAX) {
		for (r = k->requests; r->next; r = r->next)
			;
		drop_request(k, r);
	}
	r = calloc(1, sizeof *r);
	if (r == NULL)
		return;
	r->id = ++k->last_id;
	r->number = m->first_number;
	r->ns = m->first_ns;
	describe(r, m);
	r->next = k->requests;
	k->requests = r;
	k->n_requests++;
	k->desk->talk_held += sizeof *r;
	m->user = (void *)r->id;
}

static void
drop_request(struct talk *k, struct request *r)
{
	struct request **p = &k->requests;

	while (*p && *p != r)
		p = &(*p)->next;
	if (*p == NULL)
		return;
	*p = r->next;
	free(r);
	k->n_requests--;
	k->desk->talk_held -= sizeof *r;
}

static void
tell_response(struct desk *d, const struct response *x)
{
	struct failed_packets packets = { 0 };
	struct failure f = {
		.kind = x->code >= 500 ? FAILED_HTTP_5XX : FAILED_HTTP_4XX, .ends = x->ends,
		.subject = { x->subject, x->subject_len }, .cause = { x->cause, x->cause_len },
		.first = x->asked ? x->request_ns : x->ns, .last = x->ns, .wait = x->asked ? x->ns - x->request_ns : -1,
		.packets = &packets,
	};
	size_t *room = groups_room(d->groups);

	if (x->code < 400 || x->code > 599) {
		desk_tried(d, TRY_HTTP, &f.ends, f.subject, ATTEMPT_SUCCEEDED);
		return;
	}
	if (x->asked)
		ranges_add(&packets.frames, x->request, room);
	ranges_add(&packets.frames, x->number, room);
	desk_failed(d, &f);
}

static void
drop_late(struct talk *k)
{
	while (k->late) {
		struct response *x = k->late;

		k->late = x->next;
		free(x);
	}
	k->n_late = 0;
}

void
talk_wanted(struct desk *d, struct conn *c, uint64_t number)
{
	struct talk *k = c->talk;

	for (const struct response *x = k && k->now == number ? k->late : NULL; x; x = x->next)
		tell_response(d, x);
	if (k && k->now == number && k->n_late > LATE_MAX)
		d->late_lost += k->n_late - LATE_MAX;
	if (k)
		drop_late(k);
}

static void
take_response(struct talk *k, struct http_message *m, unsigned dir)
{
	struct request *r = m->answers ? find_request(k, m->user) : NULL;
	struct response x = { .ends = desk_ends(&k->conn->ends, !dir), .code = m->code, .number = m->first_number,
		.ns = m->first_ns };
	struct response *late;

	if (m->code < 200)		/* another one follows */
		return;
	x.cause_len = (size_t)snprintf(x.cause, sizeof x.cause, "%u%s", m->code, m->reason.len ? " " : "");
	append(x.cause, &x.cause_len, m->reason.p, m->reason.len < 64 ? m->reason.len : 64);
	if (r) {
		x.asked = true;
		x.request = r->number;
		x.request_ns = r->ns;
		append(x.subject, &x.subject_len, r->subject, r->len);
		m->user = NULL;
		drop_request(k, r);
	}
	if (k->conn->wanted) {
		tell_response(k->desk, &x);
	} else if (k->n_late++ < LATE_MAX && (late = malloc(sizeof *late)) != NULL) {
		*late = x;
		late->next = k->late;
		k->late = late;
	}
}

static void
http_head(void *ctx, struct http_message *m, unsigned dir)
{
	if (m->response)
		take_response(ctx, m, dir);
	else
		take_request(ctx, m);
}

/* A method and a blank, or a response's first word. */
static bool
is_http(const uint8_t *p, uint32_t n)
{
	uint32_t i = 0;

	if (n >= 7 && memcmp(p, "HTTP/1.", 7) == 0)
		return true;
	while (i < n && i < 20 && (isupper(p[i]) || p[i] == '-'))
		i++;
	return i >= 3 && i < n && p[i] == ' ';
}

/* --- TLS ------------------------------------------------------------------------------------------------------------- */

static void
tls_hello(void *ctx, unsigned dir, const struct tls_hello *h)
{
	struct talk *k = ctx;

	k->hello[h->server] = true;
	if (h->server) {
		k->version = h->version;
	} else {
		k->client = dir;
		k->hello_ns = h->ns;
		memcpy(k->sni, h->sni, sizeof k->sni);
	}
}

/*
 * A fatal one ends the connection. Of an encrypted one nothing more is known; it is no farewell where TLS 1.3 has no
 * application data before it.
 */
static void
tls_alert(void *ctx, const struct tls_alert *a)
{
	struct talk *k = ctx;
	const char *who, *name = tls_alert_name(a->description);
	bool certificate = (a->description >= 41 && a->description <= 46) || a->description == 48 ||
	    (a->description >= 111 && a->description <= 114 && a->description != 112) || a->description == 116;

	if (k->alert || (a->encrypted ? k->version < 0x0304 : a->level != 2 || a->description == 0))
		return;
	if (!k->hello[0] && k->hello[1])
		k->client = !a->dir;
	who = a->dir == k->client ? "source" : "target";
	k->alert = true;
	k->alert_ns = a->ns;
	if (a->encrypted)
		snprintf(k->cause, sizeof k->cause, "encrypted alert from %s in the handshake", who);
	else if (name)
		snprintf(k->cause, sizeof k->cause, "alert %s from %s%s", name, who, certificate ? ": certificate" : "");
	else
		snprintf(k->cause, sizeof k->cause, "alert %u from %s", a->description, who);
}

static void
tls_end(struct talk *k)
{
	struct conn *c = k->conn;
	struct failed_ends ends = desk_ends(&c->ends, k->client);
	struct failed_text sni = { k->sni, strlen(k->sni) };

	if (!c->wanted || c->flow == NULL)
		return;
	if (k->alert) {
		struct failed_packets packets = { 0 };
		struct failure f = {
			.kind = FAILED_TLS_ALERT, .ends = ends, .subject = sni, .cause = { k->cause, strlen(k->cause) },
			.first = k->hello_ns ? k->hello_ns : k->alert_ns, .last = k->alert_ns,
			.wait = k->hello_ns ? k->alert_ns - k->hello_ns : -1, .packets = &packets,
		};

		ranges_add(&packets.tcp, c->flow->stream, groups_room(k->desk->groups));
		desk_failed(k->desk, &f);
	} else if (k->hello[0] || k->hello[1]) {
		desk_tried(k->desk, TRY_TLS, &ends, sni, k->hello[1] ? ATTEMPT_SUCCEEDED : ATTEMPT_OTHER);
	}
}

/* --- DNS ------------------------------------------------------------------------------------------------------------- */

static void
dns_take(struct talk *k, unsigned dir, const struct flow_piece *piece)
{
	struct dns_half *h = &k->dns[dir];
	const uint8_t *p = piece->p;
	uint32_t n = piece->len;

	if (piece->missing)		/* whatever begins here, it is taken for a message */
		h->got = 0;
	while (n) {
		uint32_t message, end, take;

		if (h->got < 2) {
			h->bytes[h->got++] = *p++;
			n--;
			continue;
		}
		message = (uint32_t)h->bytes[0] << 8 | h->bytes[1];
		end = 2 + message;
		take = end - h->got < n ? end - h->got : n;
		for (uint32_t i = 0; i < take && h->got + i < sizeof h->bytes; i++)
			h->bytes[h->got + i] = p[i];
		h->got += take;
		p += take;
		n -= take;
		if (h->got < end)
			break;
		h->got = 0;
		k->desk->passes = k->conn->wanted;
		desk_dns(k->desk, &k->conn->ends, dir, h->bytes + 2, message < DNS_LOOK ? message : DNS_LOOK, piece->ns,
		    piece->number);
	}
}

/* --- all of them ------------------------------------------------------------------------------------------------------ */

static struct talk *
talk_new(struct desk *d, struct conn *c, const struct flow_piece *piece)
{
	struct talk *k = d->talk_held < TALK_HELD_MAX ? calloc(1, sizeof *k) : NULL;
	struct http_watch http = { .ctx = k, .head = http_head, .held = &d->talk_held };
	struct tls_watch tls = { .ctx = k, .hello = tls_hello, .alert = tls_alert, .held = &d->talk_held };

	if (k == NULL)
		return NULL;
	k->desk = d;
	k->conn = c;
	k->held = sizeof *k;
	if (c->ends.port[0] == DNS_PORT || c->ends.port[1] == DNS_PORT) {
		k->kind = TALK_DNS;
		k->dns = calloc(2, sizeof *k->dns);
		k->held += 2 * sizeof *k->dns;
	} else if (piece->p[0] == 22) {
		k->kind = TALK_TLS;
		k->tls = tls_new(&tls);
		k->held += 4096;
	} else {
		k->kind = TALK_HTTP;
		k->http = http_new(&http, false);
	}
	if (!k->dns && !k->tls && !k->http) {
		free(k);
		return NULL;
	}
	d->talk_held += k->held;
	return k;
}

bool
talk_take(struct desk *d, struct conn *c, unsigned dir, const struct flow_piece *piece)
{
	struct talk *k = c->talk;

	if (k == NULL) {
		if (piece->len == 0)
			return true;
		if (piece->p[0] != 22 && !is_http(piece->p, piece->len) && c->ends.port[0] != DNS_PORT &&
		    c->ends.port[1] != DNS_PORT)
			return false;
		if ((k = c->talk = talk_new(d, c, piece)) == NULL) {
			d->talks_lost++;
			return false;
		}
	}
	if (k->now != piece->shown) {
		drop_late(k);
		k->now = piece->shown;
	}
	switch (k->kind) {
	case TALK_HTTP:
		http_take(k->http, dir, piece);
		return true;
	case TALK_TLS:
		tls_take(k->tls, dir, piece);
		return !tls_done(k->tls);
	default:
		dns_take(k, dir, piece);
		return true;
	}
}

void
talk_end(struct desk *d, struct conn *c)
{
	struct talk *k = c->talk;

	if (k == NULL)
		return;
	if (k->http)
		http_end(k->http);
	if (k->kind == TALK_TLS)
		tls_end(k);
	http_free(k->http);
	tls_free(k->tls);
	drop_late(k);
	while (k->requests)
		drop_request(k, k->requests);
	free(k->dns);
	d->talk_held -= k->held;
	free(k);
	c->talk = NULL;
}
