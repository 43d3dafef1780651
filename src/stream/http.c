#include "stream/http.h"

#include <stdlib.h>
#include <string.h>

#include "stream/body.h"
#include "stream/http_head.h"

enum state {
	BEGIN,		/* a message may begin */
	HEAD,
	LENGTH,		/* a body with `left` bytes to come */
	UNTIL_CLOSE,
	CHUNK_SIZE, CHUNK, CHUNK_END, TRAILER,
	LOST,		/* until a piece begins with a start line */
	OTHER,		/* another protocol */
};

enum {
	HEAD_STEP = 4096,	/* bytes that are copied before a look for the head's end */
	LINE_CHECKED = 512,	/* a start line is checked while it comes, up to here */
	CHUNK_LINE_MAX = 4096,	/* a chunk's size and extensions */
};

/* A request that waits for its response. */
struct pending {
	uint64_t number;
	int64_t ns;
	char method[16];
	void *user;
};

struct half {
	enum state state;
	bool tentative;			/* the head may turn out to be none */
	bool spoke;			/* a message has been seen */
	bool told;			/* `other` has been called */
	bool resynced;			/* messages before this one may be missing */
	bool line_done;			/* the head's start line is there, and one */
	unsigned tries;
	/* the message that is coming */
	char *head;
	size_t head_len, head_cap, head_scanned;
	uint64_t offset, number;	/* of the head's first byte */
	int64_t ns;
	struct http_message *m;
	struct body *body;
	struct body_credit credit;	/* for all of the direction's bodies */
	uint64_t left;			/* of the body or the chunk */
	unsigned line;			/* bytes of the chunk's size line, or of the trailer */
	bool digits, extension, line_empty;
	/* requests sent in this direction */
	struct pending *pending;
	unsigned n_pending, pending_cap;
	uint64_t skipped;		/* requests that found no room */
	bool orphan;			/* a response to this direction came before any request ... */
	int64_t orphan_ns;		/* ... then */
};

struct http {
	struct http_watch watch;
	bool decode;
	uint64_t none;
	struct half halves[2];
};

struct http *
http_new(const struct http_watch *watch, bool decode)
{
	struct http *h = calloc(1, sizeof *h);

	if (h == NULL)
		return NULL;
	h->watch = *watch;
	h->decode = decode;
	body_begin(&h->halves[0].credit);
	body_begin(&h->halves[1].credit);
	if (h->watch.held == NULL)
		h->watch.held = &h->none;
	return h;
}

static void
drop_head(struct http *h, struct half *f)
{
	*h->watch.held -= f->head_cap;
	free(f->head);
	f->head = NULL;
	f->head_len = f->head_cap = f->head_scanned = 0;
	f->line_done = false;
}

static void
drop_message(struct http *h, struct half *f)
{
	body_free(f->body);
	f->body = NULL;
	if (f->m)
		*h->watch.held -= sizeof *f->m;
	free(f->m);
	f->m = NULL;
	drop_head(h, f);
}

void
http_free(struct http *h)
{
	if (h == NULL)
		return;
	for (unsigned dir = 0; dir < 2; dir++) {
		drop_message(h, &h->halves[dir]);
		*h->watch.held -= h->halves[dir].pending_cap * sizeof *h->halves[dir].pending;
		free(h->halves[dir].pending);
	}
	free(h);
}

static void
become_other(struct http *h, unsigned dir, enum state state, const char *why)
{
	struct half *f = &h->halves[dir];

	f->state = state;
	if (!f->told && h->watch.other)
		h->watch.other(h->watch.ctx, dir, why);
	f->told = true;
}

/* --- requests and their responses ---------------------------------------------------------------------------------- */

static void
pending_remove(struct half *f, unsigned n)
{
	f->n_pending -= n;
	memmove(f->pending, f->pending + n, f->n_pending * sizeof *f->pending);
}

static void
pending_add(struct http *h, struct half *f)
{
	struct http_message *m = f->m;
	struct pending *p;

	/* It was answered by what came before it: its own bytes had to wait for earlier ones. */
	if (f->orphan && m->first_ns <= f->orphan_ns) {
		f->orphan = false;
		return;
	}
	f->orphan = false;
	if (f->skipped || f->n_pending == HTTP_PENDING_MAX) {
		f->skipped++;
		return;
	}
	if (f->n_pending == f->pending_cap) {
		unsigned cap = f->pending_cap ? f->pending_cap * 2 : 2;

		p = realloc(f->pending, cap * sizeof *p);
		if (p == NULL) {
			f->skipped++;
			return;
		}
		*h->watch.held += (cap - f->pending_cap) * sizeof *p;
		f->pending = p;
		f->pending_cap = cap;
	}
	p = &f->pending[f->n_pending++];
	*p = (struct pending){ .number = m->last_number, .ns = m->last_ns, .user = m->user };
	memcpy(p->method, m->request_method, sizeof p->method);
}

/* The request that the direction sent last is still going on: what is known of it now. */
static void
pending_update(struct half *f)
{
	struct pending *p;

	if (f->m->response || !f->n_pending || f->skipped)
		return;
	p = &f->pending[f->n_pending - 1];
	p->number = f->m->last_number;
	p->ns = f->m->last_ns;
	p->user = f->m->user;
}

/* The request that this response answers; asker: the direction that asks. */
static void
answer(struct half *f, struct half *asker)
{
	struct http_message *m = f->m;
	const struct pending *p;

	/* Responses are missing: without pipelining, this one answers the request before it. */
	if (f->resynced)
		while (asker->n_pending > 1 && asker->pending[1].ns <= m->first_ns)
			pending_remove(asker, 1);
	f->resynced = false;
	if (!asker->n_pending) {
		if (asker->skipped) {
			asker->skipped--;
		} else {
			asker->orphan = true;
			asker->orphan_ns = m->first_ns;
		}
		return;
	}
	p = asker->pending;
	if (p->ns > m->last_ns)
		return;
	m->answers = true;
	m->request_number = p->number;
	m->request_ns = p->ns;
	m->user = p->user;
	memcpy(m->request_method, p->method, sizeof m->request_method);
	/* Interim responses are followed by another one (RFC 9110 section 15.2). */
	if (m->code / 100 != 1 || m->code == 101)
		pending_remove(asker, 1);
}

/* --- a message's life ----------------------------------------------------------------------------------------------- */

static void
message_end(struct http *h, unsigned dir, bool cut)
{
	struct half *f = &h->halves[dir];

	if (f->m == NULL)
		return;
	f->m->cut |= cut;
	if (!cut && f->body && !f->m->undecodable && !body_is_whole(f->body)) {
		f->m->undecodable = true;
		f->m->trouble = "the coded data end too early";
	}
	pending_update(f);
	if (h->watch.end)
		h->watch.end(h->watch.ctx, f->m, dir);
	pending_update(f);
	drop_message(h, f);
	f->state = BEGIN;
}

static void
decoder_open(struct http *h, struct half *f)
{
	static const char *const names[] = { "Transfer-Encoding", "Content-Encoding" };
	struct http_message *m = f->m;
	struct http_text t[BODY_CODINGS_MAX + 2];

	for (unsigned k = 0; k < 2; k++) {
		struct http_list l = { 0 };
		unsigned n = 0;

		while (n < sizeof t / sizeof t[0] && (t[n] = http_list_next(m, names[k], &l)).len)
			n++;
		while (n--) {
			if (k == 0 && http_text_is(t[n], "chunked"))
				continue;
			if (!f->body)
				f->body = body_new(h->watch.held, HTTP_HELD_MAX, &f->credit);
			if (!f->body || !body_add(f->body, t[n].p, t[n].len)) {
				m->undecodable = true;
				m->trouble = f->body ? body_trouble(f->body) : "no memory for decoding";
				return;
			}
		}
	}
}

/* The head is complete: what does it say of what follows? */
static void
head_done(struct http *h, unsigned dir, const struct flow_piece *k)
{
	struct half *f = &h->halves[dir];
	enum http_framing framing;
	struct http_message *m;
	const char *why;
	uint64_t length;

	if (*h->watch.held + sizeof *m > HTTP_HELD_MAX || (m = calloc(1, sizeof *m)) == NULL) {
		drop_head(h, f);
		become_other(h, dir, LOST, "more HTTP at once than there is memory for");
		return;
	}
	*h->watch.held += sizeof *m;
	f->m = m;
	f->spoke = true;
	f->tentative = false;
	m->head = (struct http_text){ f->head, f->head_len };
	m->offset = f->offset;
	m->first_number = f->number;
	m->first_ns = f->ns;
	m->last_number = k->number;
	m->last_ns = k->ns;
	http_head_read(m);
	if (m->response) {
		answer(f, &h->halves[!dir]);
	} else {
		memcpy(m->request_method, m->method.p,
		    m->method.len < sizeof m->request_method ? m->method.len : sizeof m->request_method - 1);
		f->resynced = false;
	}
	framing = http_framing_of(m, &length);
	if (h->watch.head)
		h->watch.head(h->watch.ctx, m, dir);
	if (!m->response)
		pending_add(h, f);
	if (h->decode && h->watch.body && (framing == HTTP_LENGTH || framing == HTTP_CHUNKED || framing == HTTP_UNTIL_CLOSE))
		decoder_open(h, f);
	f->left = length;
	f->line = 0;
	f->digits = f->extension = false;
	switch (framing) {
	case HTTP_NO_BODY:
		message_end(h, dir, false);
		break;
	case HTTP_LENGTH:
		f->state = LENGTH;
		break;
	case HTTP_CHUNKED:
		f->state = CHUNK_SIZE;
		f->left = 0;
		break;
	case HTTP_UNTIL_CLOSE:
		f->state = UNTIL_CLOSE;
		break;
	case HTTP_TUNNEL:
		why = m->code == 101 ? "upgraded to another protocol" : "a tunnel";
		message_end(h, dir, false);
		become_other(h, dir, OTHER, why);
		message_end(h, !dir, true);
		become_other(h, !dir, OTHER, why);
		break;
	}
}

struct sink {
	struct http *h;
	unsigned dir;
};

static void
body_out(void *ctx, const uint8_t *p, size_t n)
{
	struct sink *s = ctx;
	struct http_message *m = s->h->halves[s->dir].m;

	m->decoded += n;
	s->h->watch.body(s->h->watch.ctx, m, s->dir, p, n);
}

static void
body_bytes(struct http *h, unsigned dir, const uint8_t *p, size_t n)
{
	struct sink s = { h, dir };
	struct half *f = &h->halves[dir];
	size_t used = 0;

	f->m->body += n;
	if (n == 0 || h->watch.body == NULL)
		return;
	if (f->body && !f->m->undecodable) {
		if (body_take(f->body, p, n, &used, body_out, &s))
			return;
		f->m->undecodable = true;
		f->m->trouble = body_trouble(f->body);
	}
	if (used == n)
		return;
	if (f->m->undecodable)
		f->m->undecoded += n - used;
	body_out(&s, p + used, n - used);
}

/* --- bytes ---------------------------------------------------------------------------------------------------------- */

/* No message begins here. */
static void
no_message(struct http *h, unsigned dir)
{
	struct half *f = &h->halves[dir];
	bool is_2 = f->head_len >= 16 && http_line_is_2(f->head, f->head_len);

	drop_head(h, f);
	if (is_2) {
		become_other(h, dir, OTHER, "HTTP/2");
		become_other(h, !dir, OTHER, "HTTP/2");
	} else if (f->tentative) {
		f->state = LOST;
		if (++f->tries >= HTTP_TRIES_MAX && !f->spoke)
			become_other(h, dir, LOST, "no HTTP");
	} else {
		become_other(h, dir, LOST, "no HTTP message where one should begin");
	}
	f->resynced = true;
}

/* Is the head complete? Its length then. */
static size_t
head_end(struct half *f)
{
	const char *p = f->head;
	size_t i = f->head_scanned;

	while (i < f->head_len) {
		const char *eol = memchr(p + i, '\n', f->head_len - i);

		if (eol == NULL) {
			i = f->head_len;
			break;
		}
		i = (size_t)(eol - p);
		if (i + 1 < f->head_len && p[i + 1] == '\n')
			return i + 2;
		if (i + 2 < f->head_len && p[i + 1] == '\r' && p[i + 2] == '\n')
			return i + 3;
		if (i + 2 >= f->head_len)
			break;
		i++;
	}
	f->head_scanned = i;
	return 0;
}

/* Looks at the start line as far as it is there. False: it is none. */
static bool
line_check(struct half *f)
{
	const char *eol;
	size_t n;

	if (f->line_done)
		return true;
	eol = memchr(f->head, '\n', f->head_len);
	if (eol == NULL)
		return f->head_len > LINE_CHECKED || http_line_possible(f->head, f->head_len);
	n = (size_t)(eol - f->head);
	if (n && f->head[n - 1] == '\r')
		n--;
	return f->line_done = http_line_read(NULL, f->head, n);
}

static const uint8_t *
take_head(struct http *h, unsigned dir, const uint8_t *p, const uint8_t *end, const struct flow_piece *k)
{
	struct half *f = &h->halves[dir];
	size_t n = (size_t)(end - p), whole, before = f->head_len;

	if (n > HEAD_STEP)
		n = HEAD_STEP;
	if (n > HTTP_HEAD_MAX - f->head_len)
		n = HTTP_HEAD_MAX - f->head_len;
	if (n == 0) {
		drop_head(h, f);
		become_other(h, dir, LOST, "a head beyond 64 KiB");
		return end;
	}
	if (f->head_len + n > f->head_cap) {
		size_t cap = f->head_cap ? f->head_cap : 512;
		char *head = NULL;

		while (cap < f->head_len + n)
			cap *= 2;
		if (*h->watch.held + cap - f->head_cap <= HTTP_HELD_MAX)
			head = realloc(f->head, cap);
		if (head == NULL) {
			drop_head(h, f);
			become_other(h, dir, LOST, "more HTTP at once than there is memory for");
			return end;
		}
		*h->watch.held += cap - f->head_cap;
		f->head = head;
		f->head_cap = cap;
	}
	memcpy(f->head + f->head_len, p, n);
	f->head_len += n;
	if (!line_check(f)) {
		no_message(h, dir);
		return end;
	}
	whole = head_end(f);
	if (whole == 0)
		return p + n;
	f->head_len = whole;
	head_done(h, dir, k);
	return p + (whole - before);
}

static void
head_begin(struct half *f, const uint8_t *p, const struct flow_piece *k)
{
	f->state = HEAD;
	f->offset = k->offset + (uint64_t)(p - k->p);
	f->number = k->number;
	f->ns = k->ns;
}

/* The framing of chunks is broken: the rest may be anything. */
static const uint8_t *
broken(struct http *h, unsigned dir, const uint8_t *end, const char *why)
{
	message_end(h, dir, true);
	h->halves[dir].resynced = true;
	become_other(h, dir, LOST, why);
	return end;
}

/* RFC 9112 section 7.1: hexadecimal digits, extensions, a line end. */
static const uint8_t *
take_chunk_size(struct http *h, unsigned dir, const uint8_t *p, const uint8_t *end)
{
	struct half *f = &h->halves[dir];

	while (p < end) {
		unsigned c = *p++, digit;

		if (++f->line > CHUNK_LINE_MAX)
			return broken(h, dir, end, "a chunk's size line beyond 4096 bytes");
		if (c == '\n') {
			if (!f->digits)
				return broken(h, dir, end, "a chunk without a size");
			f->line = 0;
			f->line_empty = true;
			f->state = f->left ? CHUNK : TRAILER;
			f->digits = f->extension = false;
			return p;
		}
		digit = c - '0' <= 9 ? c - '0' : (c | 32) - 'a' <= 5 ? (c | 32) - 'a' + 10 : 16;
		if (f->extension || c == '\r')
			continue;
		if (digit == 16) {
			if (!f->digits || (c != ';' && c != ' ' && c != '\t'))
				return broken(h, dir, end, "a chunk without a size");
			f->extension = true;
			continue;
		}
		if (f->left >> 56)
			return broken(h, dir, end, "a chunk's size beyond all measure");
		f->left = f->left << 4 | digit;
		f->digits = true;
	}
	return p;
}

/* The empty line behind the last chunk, and whatever fields stand before it. */
static const uint8_t *
take_trailer(struct http *h, unsigned dir, const uint8_t *p, const uint8_t *end)
{
	struct half *f = &h->halves[dir];

	while (p < end) {
		unsigned c = *p++;

		if (++f->line > HTTP_HEAD_MAX)
			return broken(h, dir, end, "a trailer beyond 64 KiB");
		if (c == '\n') {
			if (f->line_empty) {
				message_end(h, dir, false);
				return p;
			}
			f->line_empty = true;
		} else if (c != '\r') {
			f->line_empty = false;
		}
	}
	return p;
}

static const uint8_t *
take_body(struct http *h, unsigned dir, const uint8_t *p, const uint8_t *end)
{
	struct half *f = &h->halves[dir];
	size_t n = (size_t)(end - p);

	if (f->state != UNTIL_CLOSE && n > f->left)
		n = (size_t)f->left;
	body_bytes(h, dir, p, n);
	if (f->state == UNTIL_CLOSE)
		return p + n;
	f->left -= n;
	if (f->left == 0 && f->state == LENGTH)
		message_end(h, dir, false);
	else if (f->left == 0)
		f->state = CHUNK_END;
	return p + n;
}

static const uint8_t *
step(struct http *h, unsigned dir, const uint8_t *p, const uint8_t *end, const struct flow_piece *k)
{
	struct half *f = &h->halves[dir];

	if (f->m) {
		f->m->last_number = k->number;
		f->m->last_ns = k->ns;
		pending_update(f);
	}
	switch (f->state) {
	case BEGIN:
		/* Line ends in front of a request (RFC 9112 section 2.2). */
		while (p < end && (*p == '\r' || *p == '\n'))
			p++;
		if (p < end) {
			f->tentative = !f->spoke;
			head_begin(f, p, k);
		}
		return p;
	case LOST:
		if (p != k->p)
			return end;
		f->tentative = true;
		head_begin(f, p, k);
		return p;
	case HEAD:
		return take_head(h, dir, p, end, k);
	case LENGTH:
	case UNTIL_CLOSE:
	case CHUNK:
		return take_body(h, dir, p, end);
	case CHUNK_SIZE:
		return take_chunk_size(h, dir, p, end);
	case CHUNK_END:
		if (*p == '\r' && f->line++ == 0)
			return p + 1;
		if (*p != '\n')
			return broken(h, dir, end, "a chunk longer than its size");
		f->line = 0;
		f->state = CHUNK_SIZE;
		return p + 1;
	case TRAILER:
		return take_trailer(h, dir, p, end);
	case OTHER:
		break;
	}
	return end;
}

/* Bytes are missing in front of the next ones. */
static void
gap(struct http *h, unsigned dir, uint64_t n)
{
	struct half *f = &h->halves[dir];
	uint64_t in = n;

	switch (f->state) {
	case LENGTH:
	case CHUNK:
	case UNTIL_CLOSE:
		if (f->state != UNTIL_CLOSE && in > f->left)
			in = f->left;
		f->m->body += in;
		f->m->missing += in;
		if (f->body && !f->m->undecodable) {
			f->m->undecodable = true;
			f->m->trouble = "bytes are missing";
		}
		if (h->watch.missing)
			h->watch.missing(h->watch.ctx, f->m, dir, in);
		if (f->state == UNTIL_CLOSE)
			return;
		f->left -= in;
		if (f->left) {
			return;
		} else if (in == n && f->state == CHUNK) {
			f->state = CHUNK_END;
			return;
		}
		message_end(h, dir, f->state == CHUNK);
		if (in == n)
			return;
		break;
	case OTHER:
		return;
	default:
		message_end(h, dir, true);
	}
	drop_head(h, f);
	f->resynced = f->spoke;
	f->state = LOST;
}

bool
http_take(struct http *h, unsigned dir, const struct flow_piece *k)
{
	struct half *f = &h->halves[dir];
	const uint8_t *p = k->p, *end = p ? p + k->len : p;

	body_earn(&f->credit, k->len);
	if (k->missing)
		gap(h, dir, k->missing);
	while (p < end && f->state != OTHER)
		p = step(h, dir, p, end, k);
	if (f->state == OTHER)
		return false;
	return f->state != LOST || f->spoke || h->halves[!dir].spoke || f->tries < HTTP_TRIES_MAX;
}

void
http_end(struct http *h)
{
	/* Requests first: a response is told with what its request has become. */
	for (unsigned i = 0; i < 4; i++) {
		struct half *f = &h->halves[i & 1];

		if (f->m && f->m->response == (i > 1))
			message_end(h, i & 1, f->state != UNTIL_CLOSE);
	}
	for (unsigned dir = 0; dir < 2; dir++) {
		struct half *f = &h->halves[dir];

		drop_head(h, f);
		if (f->tries && !f->spoke)
			become_other(h, dir, OTHER, "no HTTP");
		f->state = OTHER;
	}
}
