#include "stream/http_head.h"

#include <string.h>
#include <strings.h>

enum { METHOD_MAX = 32 };	/* no registered method is longer than half of that */

bool
http_text_is(struct http_text t, const char *s)
{
	return t.len == strlen(s) && strncasecmp(t.p, s, t.len) == 0;
}

struct http_text
http_header_of(const struct http_message *m, const char *name)
{
	for (unsigned i = 0; i < m->n_headers; i++)
		if (http_text_is(m->headers[i].name, name))
			return m->headers[i].value;
	return (struct http_text){ "", 0 };
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct http_text
trimmed(const char *p, const char *end)
{
	while (p < end && is_blank(*p))
		p++;
	while (end > p && is_blank(end[-1]))
		end--;
	return (struct http_text){ p, (size_t)(end - p) };
}

/* What names of methods and headers are made of (RFC 9110 section 5.6.2). */
static bool
is_token(unsigned char c)
{
	if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
		return true;
	return c && memchr("!#$%&'*+-.^_`|~", c, 15) != NULL;
}

/* --- the start line ----------------------------------------------------------------------------------------------- */

static bool
begins(const char *p, size_t n, const char *with)
{
	size_t len = strlen(with);

	return memcmp(p, with, n < len ? n : len) == 0;
}

bool
http_line_is_2(const char *p, size_t n)
{
	return n && begins(p, n, "PRI * HTTP/2.0\r\n");
}

static bool
is_version(const char *p, size_t n)
{
	return begins(p, n, "HTTP/1.") && (n < 8 || (p[7] >= '0' && p[7] <= '9'));
}

bool
http_line_possible(const char *p, size_t n)
{
	size_t i = 0;

	if (is_version(p, n)) {
		static const char rest[] = " 000";

		for (i = 8; i < n && i < 8 + sizeof rest - 1; i++)
			if (rest[i - 8] == ' ' ? p[i] != ' ' : p[i] < '0' || p[i] > '9')
				return false;
		return n <= 12 || p[12] == ' ' || p[12] == '\r' || p[12] == '\n';
	}
	while (i < n && i < METHOD_MAX && is_token((unsigned char)p[i]))
		i++;
	if (i == n)
		return true;
	if (i == 0 || p[i] != ' ')
		return false;
	/* A target has no spaces, and it has a version behind it. */
	for (i++; i < n && (unsigned char)p[i] > ' ' && p[i] != 0x7f; i++)
		;
	if (i == n)
		return true;
	if (p[i] != ' ' || p[i - 1] == ' ')
		return false;
	return is_version(p + i + 1, n - i - 1) || http_line_is_2(p, n);
}

static bool
status_read(struct http_message *m, const char *p, size_t n)
{
	if (n < 12 || !is_version(p, n) || !http_line_possible(p, n))
		return false;
	if (m == NULL)
		return true;
	m->response = true;
	m->minor = (unsigned)(p[7] - '0');
	m->code = (unsigned)((p[9] - '0') * 100 + (p[10] - '0') * 10 + (p[11] - '0'));
	m->reason = n > 13 ? trimmed(p + 13, p + n) : (struct http_text){ "", 0 };
	return true;
}

bool
http_line_read(struct http_message *m, const char *p, size_t n)
{
	const char *target, *version;

	if (status_read(m, p, n))
		return true;
	target = memchr(p, ' ', n);
	if (target == NULL || !http_line_possible(p, n))
		return false;
	target++;
	version = memchr(target, ' ', (size_t)(p + n - target));
	if (version == NULL || p + n - ++version != 8 || !is_version(version, 8))
		return false;
	if (m == NULL)
		return true;
	m->response = false;
	m->minor = (unsigned)(version[7] - '0');
	m->method = (struct http_text){ p, (size_t)(target - 1 - p) };
	m->target = (struct http_text){ target, (size_t)(version - 1 - target) };
	return true;
}

/* --- headers ------------------------------------------------------------------------------------------------------ */

static void
header_read(struct http_message *m, const char *p, const char *end)
{
	const char *colon = memchr(p, ':', (size_t)(end - p));
	struct http_header *h;

	if (colon == NULL || colon == p) {
		m->odd = "a header line without a name";
		return;
	}
	if (is_blank(colon[-1]))
		m->odd = "white space before a header's colon";
	if (m->n_headers == HTTP_HEADERS_MAX) {
		m->headers_dropped++;
		return;
	}
	h = &m->headers[m->n_headers++];
	h->name = trimmed(p, colon);
	h->value = trimmed(colon + 1, end);
}

void
http_head_read(struct http_message *m)
{
	const char *p = m->head.p, *end = p + m->head.len, *eol;

	for (bool first = true; p < end; first = false, p = eol + 1) {
		eol = memchr(p, '\n', (size_t)(end - p));
		if (eol == NULL)
			eol = end - 1;
		if (first) {
			size_t n = (size_t)(eol - p);

			http_line_read(m, p, n && p[n - 1] == '\r' ? n - 1 : n);
			continue;
		}
		/* Lines that are continued (RFC 9112 section 5.2). */
		while (eol + 1 < end && (eol[1] == ' ' || eol[1] == '\t')) {
			const char *more = memchr(eol + 1, '\n', (size_t)(end - eol - 1));

			eol = more ? more : end - 1;
		}
		if (trimmed(p, eol + 1).len)
			header_read(m, p, eol + 1);
	}
}

struct http_text
http_list_next(const struct http_message *m, const char *name, struct http_list *l)
{
	for (; l->header < m->n_headers; l->header++, l->at = 0) {
		struct http_text v = m->headers[l->header].value;

		if (!http_text_is(m->headers[l->header].name, name))
			continue;
		while (l->at < v.len) {
			const char *p = v.p + l->at, *comma = memchr(p, ',', v.len - l->at);
			struct http_text t = trimmed(p, comma ? comma : v.p + v.len);

			l->at = comma ? (size_t)(comma + 1 - v.p) : v.len;
			if (t.len)
				return t;
		}
	}
	return (struct http_text){ "", 0 };
}

/* --- framing ------------------------------------------------------------------------------------------------------ */

/* Content-Length, which may come several times as long as it is always the same. False: it makes no sense. */
static bool
length_of(struct http_message *m, uint64_t *length, bool *present)
{
	struct http_list l = { 0 };
	struct http_text t;

	*present = false;
	while ((t = http_list_next(m, "Content-Length", &l)).len) {
		uint64_t v = 0;

		for (size_t k = 0; k < t.len; k++) {
			unsigned digit = (unsigned)(t.p[k] - '0');

			if (digit > 9 || v > (UINT64_MAX / 2 - digit) / 10) {
				m->odd = "a Content-Length that is no number";
				return false;
			}
			v = v * 10 + digit;
		}
		if (*present && v != *length) {
			m->odd = "different Content-Lengths";
			return false;
		}
		*length = v;
		*present = true;
	}
	return true;
}

enum http_framing
http_framing_of(struct http_message *m, uint64_t *length)
{
	struct http_text t, last = { "", 0 };
	struct http_list l = { 0 };
	bool lengths, sane;
	unsigned n = 0, chunked = 0;

	*length = 0;
	if (m->response) {
		if (m->code == 101 || (strcmp(m->request_method, "CONNECT") == 0 && m->code / 100 == 2))
			return HTTP_TUNNEL;
		if (m->code / 100 == 1 || m->code == 204 || m->code == 304 || strcmp(m->request_method, "HEAD") == 0)
			return HTTP_NO_BODY;
	}
	for (; (t = http_list_next(m, "Transfer-Encoding", &l)).len; n++, last = t)
		chunked += http_text_is(t, "chunked");
	sane = length_of(m, length, &lengths);
	if (n) {
		/* Transfer-Encoding wins; whoever sees it the other way round reads other messages. */
		if (lengths || !sane)
			m->odd = "both Transfer-Encoding and Content-Length";
		else if (chunked != 1 || !http_text_is(last, "chunked"))
			m->odd = "a Transfer-Encoding that does not end in chunked";
		else if (m->minor == 0)
			m->odd = "Transfer-Encoding in HTTP/1.0";
		return http_text_is(last, "chunked") ? HTTP_CHUNKED : HTTP_UNTIL_CLOSE;
	}
	if (!sane)
		return HTTP_UNTIL_CLOSE;
	if (lengths)
		return *length ? HTTP_LENGTH : HTTP_NO_BODY;
	return m->response ? HTTP_UNTIL_CLOSE : HTTP_NO_BODY;
}
