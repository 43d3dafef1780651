/* TLS: versions, names, protocols, ciphers, fingerprints, certificates and alerts of the connections' handshakes. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cmd/stats_late.h"
#include "cmd/stats_lists.h"

#include "base/top.h"
#include "out/grid.h"
#include "out/object.h"
#include "pkt/address.h"
#include "pkt/tls_names.h"
#include "stream/tls.h"

enum list {
	OFFERED, VERSIONS, CIPHERS, NAMES, ALPN_OFFERED, ALPN, JA3, JA3S, JA4, ALERTS, LISTS,
};

/* How each is told; what clients offer counts connections, as all do. */
static const struct {
	const char *title, *list, *key;
} lists[LISTS] = {
	[OFFERED] = { "highest version offered", "versions_offered", "version" },
	[VERSIONS] = { "version chosen", "versions", "version" },
	[CIPHERS] = { "cipher suite chosen", "ciphers", "cipher" },
	[NAMES] = { "server name", "server_names", "name" },
	[ALPN_OFFERED] = { "application protocol offered", "alpn_offered", "protocol" },
	[ALPN] = { "application protocol chosen (up to TLS 1.2)", "alpn", "protocol" },
	[JA3] = { "JA3", "ja3", "ja3" },
	[JA3S] = { "JA3S", "ja3s", "ja3s" },
	[JA4] = { "JA4", "ja4", "ja4" },
	[ALERTS] = { "alert", "alerts", "alert" },
};

/* A row's own in the table of certificates. */
struct seen {
	struct tls_certificate c;	/* as it came first */
	bool expired, early;		/* at the time of a packet that brought it: no longer, not yet valid */
};

/* A fingerprint's: the first server that it came to, by name if it was named. */
struct example {
	char server[TLS_NAME_MAX];
};

struct section {
	struct stats_late late;			/* first */
	struct tally *lists[LISTS];
	struct tally *certificates;		/* by SHA-256 */
	uint64_t held;
	uint64_t connections, answered, resumed, retried, encrypted_alerts;
};

/* A conversation's. */
struct conversation {
	struct section *section;
	const struct flow *flow;
	struct tls *tls;
	bool counts;			/* what is told now does */
	bool asked, answered;		/* has been counted */
};

/* The name of a number, or the number. */
static const char *
text_of(const struct name *names, uint16_t v, char own[8])
{
	const char *s = name_of(names, v);

	if (s)
		return s;
	snprintf(own, 8, "0x%04x", v);
	return own;
}

/* The name that was asked for, or an end's address and port. */
static void
server_text(char to[TLS_NAME_MAX], const struct flow *f, unsigned end, const struct tls_hello *h)
{
	bool six = f->ends.version == 6;
	char *o = to;

	if (h->sni[0]) {
		memcpy(to, h->sni, sizeof h->sni);
		return;
	}
	if (six)
		*o++ = '[';
	o = (six ? address_ip6 : address_ip4)(o, f->ends.addr[end]);
	snprintf(o, TLS_NAME_MAX - (size_t)(o - to), six ? "]:%u" : ":%u", f->ends.port[end]);
}

static void
on_client(struct section *s, struct conversation *c, unsigned dir, const struct tls_hello *h)
{
	const struct flow *f = c->flow;

	char own[8];

	/* The second hello, which a server has asked for, and those of renegotiations say nothing new. */
	if (c->asked)
		return;
	c->asked = true;
	s->connections++;
	list_count(s->lists[OFFERED], text_of(tls_version_names, h->version, own));
	list_count(s->lists[NAMES], h->sni);
	for (unsigned i = 0; i < h->n_alpn; i++)
		list_count(s->lists[ALPN_OFFERED], h->alpn[i]);
	for (unsigned i = 0; i < 2; i++) {
		struct tally_row *r = list_count(s->lists[i ? JA4 : JA3], i ? h->ja4 : h->ja3);
		struct example *e = r ? tally_extra(r) : NULL;

		if (e && r->count == 1)
			server_text(e->server, f, !dir, h);
	}
}

static void
on_server(struct section *s, struct conversation *c, unsigned dir, const struct tls_hello *h)
{
	char own[8];

	(void)dir;
	if (h->retry) {
		s->retried++;
		return;
	}
	if (c->answered)
		return;
	c->answered = true;
	s->answered++;
	s->resumed += h->resumed;
	list_count(s->lists[VERSIONS], text_of(tls_version_names, h->version, own));
	list_count(s->lists[CIPHERS], text_of(tls_cipher_names, h->ciphers[0], own));
	list_count(s->lists[JA3S], h->ja3);
	if (h->n_alpn)
		list_count(s->lists[ALPN], h->alpn[0]);
}

static void
on_hello(void *ctx, unsigned dir, const struct tls_hello *h)
{
	struct conversation *c = ctx;

	if (c->counts)
		(h->server ? on_server : on_client)(c->section, c, dir, h);
}

static void
on_certificate(void *ctx, unsigned dir, const struct tls_certificate *k)
{
	struct conversation *c = ctx;
	struct tally_row *r;
	struct seen *seen;

	(void)dir;
	if (!c->counts || (r = list_count(c->section->certificates, k->sha256)) == NULL)
		return;
	seen = tally_extra(r);
	if (r->count == 1)
		seen->c = *k;
	seen->expired |= k->not_after != INT64_MIN && k->ns / 1000000000 > k->not_after;
	seen->early |= k->not_before != INT64_MIN && k->ns / 1000000000 < k->not_before;
}

static void
on_alert(void *ctx, const struct tls_alert *a)
{
	struct conversation *c = ctx;
	const char *level = name_of(tls_level_names, a->level), *what = tls_alert_name(a->description);
	char text[64];

	if (!c->counts)
		return;
	if (a->encrypted) {
		c->section->encrypted_alerts++;
		return;
	}
	if (level && what)
		snprintf(text, sizeof text, "%s %s", level, what);
	else
		snprintf(text, sizeof text, "level %u, description %u", a->level, a->description);
	list_count(c->section->lists[ALERTS], text);
}

static bool
take(void *ctx, struct flow *f, void **mine, unsigned dir, const struct flow_piece *k, bool counts)
{
	struct section *s = ctx;
	struct conversation *c = *mine;

	if (f->kind != FLOW_TCP)
		return false;
	if (c == NULL) {
		c = *mine = calloc(1, sizeof *c);
		if (c == NULL)
			return false;
		c->section = s;
		c->flow = f;
		c->tls = tls_new(&(struct tls_watch){ c, on_hello, on_certificate, on_alert, &s->held });
	}
	if (c->tls == NULL)
		return false;
	c->counts = counts;
	tls_take(c->tls, dir, k);
	if (!tls_done(c->tls))
		return true;
	tls_free(c->tls);
	c->tls = NULL;
	return false;
}

static bool
tls_open(void *state, const struct stats_setup *setup, struct err *e)
{
	struct section *s = state;

	s->late = (struct stats_late){ .filtered = setup->filtered, .ctx = s, .take = take };
	s->certificates = list_new(sizeof(struct seen), setup->left);
	for (unsigned i = 0; i < LISTS; i++) {
		s->lists[i] = list_new(i == JA3 || i == JA4 ? sizeof(struct example) : 0, setup->left);
		if (s->lists[i] == NULL)
			return err_set(e, "out of memory");
	}
	return s->certificates || err_set(e, "out of memory");
}

static void
tls_closed(void *state, struct flow *f, void **mine, enum flow_end end)
{
	struct conversation *c;

	(void)f, (void)end;
	late_flush(&((struct section *)state)->late);
	c = *mine;
	if (c)
		tls_free(c->tls);
	free(c);
	*mine = NULL;
}

/* --- telling -------------------------------------------------------------------------------------------------------- */

static void
put_date(char *to, size_t n, int64_t seconds)
{
	time_t t = seconds;
	struct tm tm;

	if (seconds == INT64_MIN || gmtime_r(&t, &tm) == NULL || strftime(to, n, "%Y-%m-%d", &tm) == 0)
		snprintf(to, n, "-");
}

static const char *
marks(const struct seen *c)
{
	static const char *const words[] = {
		"", "self-signed", "expired", "expired, self-signed", "not yet valid", "not yet valid, self-signed",
	};

	return words[(c->expired ? 2 : c->early ? 4 : 0) + c->c.self_signed];
}

static void
text_certificates(const struct section *s, const struct stats_view *v)
{
	static const struct grid_column columns[] = {
		{ "count", false }, { "certificate", true }, { "issuer", true }, { "valid from", true }, { "until", true },
		{ "", true }, { "names", true },
	};
	struct top top;
	struct grid g;

	if (tally_rows(s->certificates) == 0)
		return;
	buf_char(v->out, '\n');
	grid_begin(&g, columns, sizeof columns / sizeof *columns, 2);
	tally_top(s->certificates, v->top, &top);
	for (size_t i = 0; i < top.n; i++) {
		const struct tally_row *r = top.at[i];
		const struct seen *x = tally_extra(r);
		struct buf names = { 0 };
		char date[32];

		grid_u(&g, r->count);
		grid_text(&g, x->c.subject, strlen(x->c.subject), 40);
		grid_text(&g, x->c.issuer, strlen(x->c.issuer), 40);
		put_date(date, sizeof date, x->c.not_before);
		grid_str(&g, date);
		put_date(date, sizeof date, x->c.not_after);
		grid_str(&g, date);
		grid_str(&g, marks(x));
		for (unsigned k = 0; k < x->c.n_names && k < TLS_SANS_MAX; k++) {
			if (k)
				buf_char(&names, ' ');
			buf_str(&names, x->c.names[k]);
		}
		if (x->c.n_names > TLS_SANS_MAX)
			buf_str(&names, " ...");
		grid_text(&g, names.data ? names.data : "", names.len, LIST_SHOWN_MAX);
		buf_free(&names);
	}
	grid_end(&g, v->out);
	list_rest(s->certificates, top.n, v->out);
	top_free(&top);
}

static void
text_fingerprints(const struct section *s, enum list i, const struct stats_view *v)
{
	const struct grid_column columns[] = {
		{ "count", false }, { "", false }, { lists[i].title, true }, { "for example to", true },
	};
	struct top top;
	struct grid g;

	if (tally_rows(s->lists[i]) == 0)
		return;
	buf_char(v->out, '\n');
	grid_begin(&g, columns, 4, 2);
	tally_top(s->lists[i], v->top, &top);
	for (size_t k = 0; k < top.n; k++) {
		const struct tally_row *r = top.at[k];
		const struct example *e = tally_extra(r);

		grid_u(&g, r->count);
		grid_percent(&g, (double)r->count, (double)tally_total(s->lists[i]));
		grid_text(&g, tally_key(s->lists[i], r), r->key_len, 0);
		grid_text(&g, e->server, strlen(e->server), 40);
	}
	grid_end(&g, v->out);
	list_rest(s->lists[i], top.n, v->out);
	top_free(&top);
}

static void
json_fingerprint(const void *key, struct buf *b, const struct tally *t, const struct tally_row *r)
{
	object_u(b, "count", r->count);
	object_text(b, key, tally_key(t, r), r->key_len);
	object_str(b, "server", ((const struct example *)tally_extra(r))->server);
}

static void
tls_tell(void *state, const struct stats_view *v)
{
	struct section *s = state;
	struct buf *b = v->out;

	late_flush(&s->late);
	list_fact(b, "connections");
	buf_u(b, s->connections);
	buf_str(b, " begun, "), buf_u(b, s->answered), buf_str(b, " answered, ");
	buf_u(b, s->resumed), buf_str(b, " resumed, ");
	buf_u(b, s->retried), buf_str(b, " asked for another hello\n");
	list_fact(b, "alerts");
	buf_u(b, tally_total(s->lists[ALERTS])), buf_str(b, " readable, ");
	buf_u(b, s->encrypted_alerts), buf_str(b, " encrypted\n");
	for (unsigned i = 0; i < LISTS; i++)
		if (i == JA3 || i == JA4)
			text_fingerprints(s, i, v);
		else
			list_text(s->lists[i], lists[i].title, v);
	text_certificates(s, v);
}

static void
json_date(struct buf *b, const char *name, int64_t seconds)
{
	time_t t = seconds;
	struct tm tm;
	char text[64];

	if (seconds == INT64_MIN || gmtime_r(&t, &tm) == NULL || strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		object_null(b, name);
	else
		object_str(b, name, text);
}

static void
json_certificate(const void *ctx, struct buf *b, const struct tally *t, const struct tally_row *r)
{
	const struct seen *x = tally_extra(r);

	(void)ctx, (void)t;
	object_u(b, "count", r->count);
	object_str(b, "subject", x->c.subject);
	object_str(b, "issuer", x->c.issuer);
	object_list(b, "names");
	for (unsigned k = 0; k < x->c.n_names && k < TLS_SANS_MAX; k++)
		object_str(b, NULL, x->c.names[k]);
	object_list_end(b);
	object_u(b, "names_total", x->c.n_names);
	json_date(b, "not_before", x->c.not_before);
	json_date(b, "not_after", x->c.not_after);
	object_bool(b, "expired", x->expired);
	object_bool(b, "not_yet_valid", x->early);
	object_bool(b, "self_signed", x->c.self_signed);
	object_bool(b, "client", x->c.client);
	object_str(b, "serial", x->c.serial);
	object_str(b, "sha256", x->c.sha256);
	object_u(b, "packet", x->c.number);
}

static void
tls_json(void *state, const struct stats_view *v)
{
	struct section *s = state;
	struct buf *b = v->out;

	late_flush(&s->late);
	object_u(b, "connections", s->connections);
	object_u(b, "answered", s->answered);
	object_u(b, "resumed", s->resumed);
	object_u(b, "retried", s->retried);
	object_u(b, "encrypted_alerts", s->encrypted_alerts);
	for (unsigned i = 0; i < LISTS; i++)
		if (i == JA3 || i == JA4)
			list_json_rows(s->lists[i], lists[i].list, v, json_fingerprint, lists[i].key);
		else
			list_json(s->lists[i], lists[i].list, lists[i].key, v);
	list_json_rows(s->certificates, "certificates", v, json_certificate, NULL);
}

static void
tls_close(void *state)
{
	struct section *s = state;

	for (unsigned i = 0; i < LISTS; i++)
		tally_free(s->lists[i]);
	tally_free(s->certificates);
	late_free(&s->late);
}

const struct stats_section stats_tls = {
	.name = "tls", .title = "TLS", .help = "versions, names, ciphers, fingerprints, certificates, alerts",
	.size = sizeof(struct section), .open = tls_open, .packet = late_packet, .bytes = late_bytes, .closed = tls_closed,
	.text = tls_tell, .json = tls_json, .close = tls_close,
};
