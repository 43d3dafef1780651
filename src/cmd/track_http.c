#include <stdlib.h>
#include <string.h>

#include "cmd/track_http.h"

#include "cmd/say.h"
#include "stream/http.h"

enum {
	ENDED_MAX = 64,			/* responses that one packet completes; further ones have no time */
	TALKS_MAX = 65536,		/* connections looked at; further ones are left alone */
};

/* A response that the packet completed. */
struct ended {
	const struct flow *flow;
	uint64_t request;
	int64_t ns;			/* of the request */
};

/* A connection. */
struct talk {
	struct track_http *all;
	struct http *http;		/* NULL: it is none, or there is no room */
	const struct flow *flow;
	struct talk *before, *after;	/* all of them */
	bool done[2];			/* a direction is no HTTP */
	bool unwatched;			/* the watcher wants no more of it */
	uint8_t responses;		/* bits: directions that responses came from */
};

struct track_http {
	struct flow_watch watcher;
	const struct field *time, *request;
	struct talk *first;
	uint64_t held;
	uint32_t talks;
	unsigned n;
	struct ended ended[ENDED_MAX];
};

struct track_http *
track_http_new(const struct catalog *c, const struct flow_watch *watcher)
{
	struct track_http *a = calloc(1, sizeof *a);

	if (!a)
		return NULL;
	a->watcher = *watcher;
	a->time = catalog_field(c, "http.time", 0);
	a->request = catalog_field(c, "http.request_in", 0);
	if (a->time && a->request)
		return a;
	say_error("no field is called http.time");
	free(a);
	return NULL;
}

static void
response_begun(void *ctx, struct http_message *m, unsigned dir)
{
	struct talk *t = ctx;

	if (m->response)
		t->responses |= (uint8_t)(1 << dir);
}

static void
response_ended(void *ctx, struct http_message *m, unsigned dir)
{
	struct talk *t = ctx;
	struct track_http *a = t->all;

	(void)dir;
	if (m->response && m->answers && a->n < ENDED_MAX)
		a->ended[a->n++] = (struct ended){ t->flow, m->request_number, m->request_ns };
}

static struct talk *
talk_new(struct track_http *a, struct flow *f)
{
	struct talk *t = calloc(1, sizeof *t);

	if (!t)
		return NULL;
	t->all = a;
	t->flow = f;
	t->after = a->first;
	if (t->after)
		t->after->before = t;
	a->first = t;
	if (a->talks < TALKS_MAX) {
		const struct http_watch watch = { .ctx = t, .head = response_begun, .end = response_ended, .held = &a->held };
		t->http = http_new(&watch, false);
		a->talks += t->http != NULL;
	}
	return t;
}

static void
talk_stop(struct talk *t)
{
	if (t->http) {
		http_free(t->http);
		t->all->talks--;
	}
	t->http = NULL;
}

static void
talk_free(struct talk *t)
{
	talk_stop(t);
	if (t->before)
		t->before->after = t->after;
	else
		t->all->first = t->after;
	if (t->after)
		t->after->before = t->before;
	free(t);
}

void
track_http_free(struct track_http *a)
{
	if (!a)
		return;
	while (a->first)
		talk_free(a->first);
	free(a);
}

static void
opened(void *ctx, struct flow *f)
{
	struct track_http *a = ctx;

	if (a->watcher.opened)
		a->watcher.opened(a->watcher.ctx, f);
}

static bool
bytes(void *ctx, struct flow *f, unsigned dir, const struct flow_piece *p)
{
	struct track_http *a = ctx;
	struct talk *t = f->between;

	if (!t && f->kind == FLOW_TCP)
		f->between = t = talk_new(a, f);
	if (t && t->http && !t->done[dir]) {
		t->done[dir] = !http_take(t->http, dir, p);
		if (t->done[0] && t->done[1])
			talk_stop(t);
	}
	if (!t)
		return a->watcher.bytes && a->watcher.bytes(a->watcher.ctx, f, dir, p);
	if (!t->unwatched)
		t->unwatched = !a->watcher.bytes || !a->watcher.bytes(a->watcher.ctx, f, dir, p);
	return !t->unwatched || t->http;
}

static void
conflict(void *ctx, struct flow *f, unsigned dir, const struct flow_conflict *c)
{
	struct track_http *a = ctx;

	if (a->watcher.conflict)
		a->watcher.conflict(a->watcher.ctx, f, dir, c);
}

static void
closed(void *ctx, struct flow *f, enum flow_end why)
{
	struct track_http *a = ctx;

	if (a->watcher.closed)
		a->watcher.closed(a->watcher.ctx, f, why);
	if (f->between)
		talk_free(f->between);
	f->between = NULL;
}

struct flow_watch
track_http_watch(struct track_http *a)
{
	return (struct flow_watch){ .ctx = a, .opened = opened, .bytes = bytes, .conflict = conflict, .closed = closed };
}

void
track_http_begin(struct track_http *a)
{
	a->n = 0;
}

/* Who answers says with FIN where a response without a length ends. */
static void
take_end(const struct flow_step *s, uint64_t number)
{
	struct talk *t = s->flow->between;

	if (!t || !t->http || s->flow->fin_number[s->dir] != number || !(t->responses & 1 << s->dir))
		return;
	http_end(t->http);
	talk_stop(t);
}

/* HTTP's layer behind the transport header, or the latter's own. */
static uint16_t
layer_of(const struct dis *d, uint16_t transport)
{
	const struct fields *s = d->sink;

	for (uint32_t i = transport; i < s->n_layers; i++)
		if (s->layers[i].proto && strcmp(s->layers[i].proto->name, "http") == 0)
			return (uint16_t)i;
	return transport;
}

void
track_http_note(struct track_http *a, struct dis *d, const struct tracked *t)
{
	for (unsigned i = 0; i < t->n; i++) {
		const struct flow *flow = t->steps[i].flow;

		if (flow->kind != FLOW_TCP)
			continue;
		take_end(&t->steps[i], t->number);
		for (unsigned k = 0; k < a->n; k++) {
			if (a->ended[k].flow != flow)
				continue;
			d->sink->now = layer_of(d, t->layers[i]);
			put_value(d, a->time, (uint64_t)t->ns - (uint64_t)a->ended[k].ns);
			put_value(d, a->request, a->ended[k].request);
		}
	}
}
