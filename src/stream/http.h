/*
 * HTTP/1.x messages of a connection (RFC 9110, RFC 9112): heads, and bodies without their chunks and, if asked for, without
 * their content coding (gzip, deflate, br, zstd). Requests and responses are matched in order. What is not HTTP is told
 * once, and then left alone.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flow/flow.h"

/* Text out of packets: not NUL-terminated, not harmless. */
struct http_text {
	const char *p;
	size_t len;
};

struct http_header {
	struct http_text name, value;	/* white space around the value left out, folded lines joined as they are */
};

enum {
	HTTP_HEADERS_MAX = 256, HTTP_HEAD_MAX = 64 << 10,
	HTTP_PENDING_MAX = 64,		/* requests of a connection that wait for their response; later ones are not matched */
	HTTP_HELD_MAX = 64 << 20,	/* bytes that the connections which share `held` may have together */
	HTTP_TRIES_MAX = 8,		/* pieces at the beginning of a direction that may be no message's start */
};

/* A request or response. Lent to the watcher's calls; texts are valid in `head` and, for the same message, until `end`. */
struct http_message {
	bool response;
	unsigned minor;			/* HTTP/1.minor */
	struct http_text method, target;	/* of a request */
	unsigned code;			/* of a response */
	struct http_text reason;
	struct http_header headers[HTTP_HEADERS_MAX];
	unsigned n_headers;
	unsigned headers_dropped;	/* beyond the ceiling */
	struct http_text head;		/* all of it, as it was sent */
	uint64_t offset;		/* of the head in its direction of the stream */
	uint64_t first_number, last_number;	/* packets of its first byte and of the last one seen */
	int64_t first_ns, last_ns;
	uint64_t body;			/* bytes of the body so far, chunks left out, before decoding, missing ones counted */
	uint64_t missing;		/* those of them that nobody captured */
	uint64_t decoded;		/* bytes handed to `body` */
	uint64_t undecoded;		/* the last of them, which are as they came: undecodable */
	bool cut;			/* the stream ended, or bytes are missing, before the message did */
	bool undecodable;		/* the content coding is unknown or damaged: bytes come as they are from there ... */
	const char *trouble;		/* ... and why */
	const char *odd;		/* NULL, or what receivers might understand differently (RFC 9112 section 11.2) */
	/* Of a response: the request that it answers, if that was seen. */
	bool answers;
	uint64_t request_number;	/* the packet that ended the request */
	int64_t request_ns;		/* and its time: http.time is first to this */
	char request_method[16];	/* cut to fit */
	void *user;			/* the watcher's, for this message; a response begins with its request's `user` */
};

/* The value of the first header called name (any case), or an empty text. */
struct http_text http_header_of(const struct http_message *, const char *name);

/* What is told of a connection. Each may be NULL. */
struct http_watch {
	void *ctx;
	void (*head)(void *ctx, struct http_message *, unsigned dir);
	/* NULL: nobody wants it. */
	void (*body)(void *ctx, struct http_message *, unsigned dir, const uint8_t *p, size_t n);
	/* n bytes of the body are missing here; NULL: nobody asks. */
	void (*missing)(void *ctx, struct http_message *, unsigned dir, uint64_t n);
	void (*end)(void *ctx, struct http_message *, unsigned dir);
	/* The rest of this direction is no HTTP any more: an upgrade (101, CONNECT), or damage; or none of it was. */
	void (*other)(void *ctx, unsigned dir, const char *why);
	uint64_t *held;		/* counts the bytes of messages held; many connections may share it; NULL: nobody counts */
};

struct http;

/* One for each connection. decode: content codings too. NULL without memory. */
struct http *http_new(const struct http_watch *, bool decode);
void http_free(struct http *);
/*
 * Takes the stream's next bytes; false: this direction is not HTTP (any more), and further bytes need not be handed over.
 * Where a message has no recognisable start, or its framing is lost with missing bytes, each piece that begins with a
 * start line is taken for a new beginning.
 */
bool http_take(struct http *, unsigned dir, const struct flow_piece *);
/* The stream has ended: messages that were going on are ended, `cut` unless the connection's end is their end. */
void http_end(struct http *);
