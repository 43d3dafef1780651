/* The head of an HTTP/1.x message taken apart, and what it says of the body's framing (RFC 9112 sections 3 to 6). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stream/http.h"

/* Could these bytes begin a start line of HTTP/1.x (or HTTP/2's preface)? True also when they are too few to tell. */
bool http_line_possible(const char *p, size_t n);
/* Is this HTTP/2's preface (RFC 9113 section 3.4), or the start of it? */
bool http_line_is_2(const char *p, size_t n);

/* Takes the start line, without its line end, apart, if m is not NULL. False: it is none. */
bool http_line_read(struct http_message *m, const char *p, size_t n);

/* Takes m->head apart, whose start line is one: that line and the headers. */
void http_head_read(struct http_message *m);

enum http_framing {
	HTTP_NO_BODY,
	HTTP_LENGTH,		/* *length bytes */
	HTTP_CHUNKED,
	HTTP_UNTIL_CLOSE,
	HTTP_TUNNEL,		/* what follows is another protocol's, in both directions */
};

/* How the body is framed (RFC 9112 section 6.3); m->request_method is set for a response. Sets m->odd. */
enum http_framing http_framing_of(struct http_message *m, uint64_t *length);

/* Where a walk over the comma-separated lists in all headers called the same is; it begins with zeros. */
struct http_list {
	unsigned header;
	size_t at;
};

/* The next member; an empty text: there are no more. */
struct http_text http_list_next(const struct http_message *m, const char *name, struct http_list *);
bool http_text_is(struct http_text t, const char *s);	/* any case */
