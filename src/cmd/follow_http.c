/* Streams as HTTP messages: heads as they were sent, bodies without their chunks and codings. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/follow.h"
#include "stream/http.h"

struct follow_http {
	const struct follow_show *show;
	const struct flow *flow;
	struct http *http;
	struct buf *b;
	struct follow_view *view;
	bool shown[2];
	struct follow_files *files;
	struct follow_file bodies[2];	/* of the messages going on */
	unsigned messages[2];		/* so far */
	bool failed;
	struct err *why;		/* the first thing that went wrong */
};

static struct follow_spot
spot_of(const struct follow_http *h, const struct http_message *m, unsigned dir, uint64_t offset)
{
	return (struct follow_spot) { h->flow, dir, offset, m->last_number, m->last_ns };
}

static void
json_pair(struct buf *b, const char *key, struct http_text t)
{
	buf_str(b, ",\"");
	buf_str(b, key);
	buf_str(b, "\":");
	follow_json_text(b, t.p, t.len);
}

static void
json_count(struct buf *b, const char *key, uint64_t v)
{
	buf_str(b, ",\"");
	buf_str(b, key);
	buf_str(b, "\":");
	buf_u(b, v);
}

static struct http_text
text_of(const char *s)
{
	return (struct http_text) { s, strlen(s) };
}

static void
json_head(struct follow_http *h, const struct http_message *m, unsigned dir)
{
	struct buf *b = h->b;

	follow_json_begin(b, m->response ? "http_response" : "http_request", h->flow, (int)dir);
	json_count(b, "packet", m->first_number);
	follow_json_time(b, "time", m->first_ns);
	json_count(b, "offset", m->offset);
	buf_str(b, ",\"version\":\"1.");
	buf_u(b, m->minor);
	buf_char(b, '"');
	if (m->response) {
		json_count(b, "code", m->code);
		json_pair(b, "reason", m->reason);
		if (m->answers) {
			json_count(b, "request_packet", m->request_number);
			json_pair(b, "request_method", text_of(m->request_method));
			follow_json_time(b, "after", m->first_ns - m->request_ns);
		}
	} else {
		json_pair(b, "method", m->method);
		json_pair(b, "target", m->target);
	}
	buf_str(b, ",\"headers\":[");
	for (unsigned i = 0; i < m->n_headers; i++) {
		buf_str(b, i ? ",[" : "[");
		follow_json_text(b, m->headers[i].name.p, m->headers[i].name.len);
		buf_char(b, ',');
		follow_json_text(b, m->headers[i].value.p, m->headers[i].value.len);
		buf_char(b, ']');
	}
	buf_char(b, ']');
	if (m->headers_dropped)
		json_count(b, "headers_dropped", m->headers_dropped);
	if (m->odd)
		json_pair(b, "odd", text_of(m->odd));
	buf_str(b, "}\n");
}

static void
on_head(void *ctx, struct http_message *m, unsigned dir)
{
	struct follow_http *h = ctx;
	struct follow_show text = *h->show;
	struct follow_spot at;

	h->messages[dir]++;
	if (!h->shown[dir])
		return;
	if (h->show->mode == FOLLOW_JSON) {
		json_head(h, m, dir);
		return;
	}
	at = (struct follow_spot) { h->flow, dir, m->offset, m->first_number, m->first_ns };
	if (text.mode == FOLLOW_HEX)
		text.mode = FOLLOW_TEXT;
	follow_show_bytes(&text, h->b, h->view, &at, (const uint8_t *)m->head.p, m->head.len);
	if (m->odd)
		follow_show_note(&text, h->b, h->view, dir, m->odd);
}

/* A body has a file of its own: the how manieth of its direction, request or response. */
static void
keep_body(struct follow_http *h, const struct http_message *m, unsigned dir, const uint8_t *p, size_t n)
{
	struct follow_file *file = &h->bodies[dir];
	char tail[40];

	if (!file->made && !file->left_out)
		file->left_out = !follow_files_may_make(h->files, m->last_number);
	if (file->left_out)
		return;
	snprintf(tail, sizeof tail, "%05u.%s.body", h->messages[dir], m->response ? "response" : "request");
	if (!h->failed && !follow_files_put(h->files, file, h->flow, tail, p, n, h->why))
		h->failed = true;
}

static void
on_body(void *ctx, struct http_message *m, unsigned dir, const uint8_t *p, size_t n)
{
	struct follow_http *h = ctx;
	struct follow_spot at = spot_of(h, m, dir, m->decoded - n);

	if (!h->shown[dir])
		return;
	if (h->files)
		keep_body(h, m, dir, p, n);
	if (h->show->mode != FOLLOW_JSON) {
		follow_show_bytes(h->show, h->b, h->view, &at, p, n);
		return;
	}
	follow_json_begin(h->b, "http_body", h->flow, (int)dir);
	json_count(h->b, "packet", m->last_number);
	follow_json_time(h->b, "time", m->last_ns);
	json_count(h->b, "offset", at.offset);
	json_count(h->b, "length", n);
	buf_char(h->b, ',');
	follow_json_bytes(h->b, p, n);
	buf_str(h->b, "}\n");
}

static void
on_missing(void *ctx, struct http_message *m, unsigned dir, uint64_t n)
{
	struct follow_http *h = ctx;
	struct follow_spot at = spot_of(h, m, dir, m->decoded);

	if (!h->shown[dir])
		return;
	if (h->show->mode == FOLLOW_JSON) {
		follow_json_begin(h->b, "http_missing", h->flow, (int)dir);
		json_count(h->b, "packet", m->last_number);
		follow_json_time(h->b, "time", m->last_ns);
		json_count(h->b, "offset", m->decoded);
		json_count(h->b, "length", n);
		buf_str(h->b, "}\n");
	} else {
		follow_show_missing(h->show, h->b, h->view, &at, n);
	}
}

/* What the reader of a body would not guess. */
static void
note_end(struct follow_http *h, const struct http_message *m, unsigned dir)
{
	struct buf note = { 0 };
	struct http_text coding = http_header_of(m, "Content-Encoding");

	if (m->undecodable) {
		buf_str(&note, "body not decoded to its end: ");
		buf_str(&note, m->trouble);
		if (m->decoded > m->undecoded) {
			buf_str(&note, "; ");
			buf_u(&note, m->decoded - m->undecoded);
			buf_str(&note, " bytes decoded from ");
			buf_u(&note, m->body - m->missing - m->undecoded);
			buf_str(&note, ", the other ");
			buf_u(&note, m->undecoded);
			buf_str(&note, " as they came");
		}
	} else if (coding.len && m->body && m->decoded != m->body) {
		buf_u(&note, m->decoded);
		buf_str(&note, " bytes decoded from ");
		buf_u(&note, m->body);
	}
	if (m->cut)
		buf_str(&note, note.len ? "; message cut short" : "message cut short");
	buf_char(&note, '\0');
	if (note.len > 1 && !note.failed)
		follow_show_note(h->show, h->b, h->view, dir, note.data);
	buf_free(&note);
}

static void
on_end(void *ctx, struct http_message *m, unsigned dir)
{
	struct follow_http *h = ctx;
	struct buf *b = h->b;

	if (h->files && !follow_files_done(h->files, &h->bodies[dir], h->why))
		h->failed = true;
	h->bodies[dir] = (struct follow_file) { 0 };
	if (!h->shown[dir])
		return;
	if (h->show->mode != FOLLOW_JSON) {
		note_end(h, m, dir);
		/* What comes next begins on a line of its own. */
		if (m->body)
			follow_show_break(b, h->view);
		return;
	}
	follow_json_begin(b, "http_end", h->flow, (int)dir);
	json_count(b, "packet", m->last_number);
	follow_json_time(b, "time", m->last_ns);
	json_count(b, "body", m->body);
	json_count(b, "decoded", m->decoded);
	json_count(b, "missing", m->missing);
	buf_str(b, m->cut ? ",\"cut\":true" : ",\"cut\":false");
	if (m->undecodable) {
		json_count(b, "undecoded", m->undecoded);
		json_pair(b, "undecodable", text_of(m->trouble));
	}
	buf_str(b, "}\n");
}

static void
on_other(void *ctx, unsigned dir, const char *why)
{
	struct follow_http *h = ctx;
	struct buf note = { 0 };

	if (!h->shown[dir])
		return;
	if (h->show->mode == FOLLOW_JSON) {
		follow_json_begin(h->b, "http_other", h->flow, (int)dir);
		json_pair(h->b, "why", text_of(why));
		buf_str(h->b, "}\n");
		return;
	}
	buf_str(&note, "not shown from here: ");
	buf_str(&note, why);
	buf_char(&note, '\0');
	if (!note.failed)
		follow_show_note(h->show, h->b, h->view, dir, note.data);
	buf_free(&note);
}

struct follow_http *
follow_http_new(const struct follow_show *show, const struct flow *f, uint64_t *held, struct follow_files *files)
{
	struct follow_http *h = calloc(1, sizeof *h);
	struct http_watch watch = { .ctx = h, .head = on_head, .body = on_body, .missing = on_missing, .end = on_end,
		.other = on_other, .held = held };

	if (h == NULL)
		return NULL;
	h->show = show;
	h->flow = f;
	h->files = files;
	h->http = http_new(&watch, true);
	if (h->http)
		return h;
	free(h);
	return NULL;
}

void
follow_http_free(struct follow_http *h)
{
	if (h == NULL)
		return;
	for (unsigned dir = 0; dir < 2 && h->files; dir++)
		follow_files_done(h->files, &h->bodies[dir], &(struct err) { "" });
	http_free(h->http);
	free(h);
}

bool
follow_http_take(struct follow_http *h, struct buf *b, struct follow_view *view, unsigned dir, const struct flow_piece *k,
    const bool shown[2], struct err *e)
{
	h->b = b;
	h->view = view;
	memcpy(h->shown, shown, sizeof h->shown);
	h->why = e;
	http_take(h->http, dir, k);
	return !h->failed;
}

bool
follow_http_end(struct follow_http *h, struct buf *b, struct follow_view *view, struct err *e)
{
	h->b = b;
	h->view = view;
	h->why = e;
	http_end(h->http);
	return !h->failed;
}
