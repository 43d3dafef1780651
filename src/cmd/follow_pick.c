#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/follow.h"

static bool
read_number(const char *s, size_t n, uint32_t most, uint32_t *v)
{
	uint64_t sum = 0;

	if (n == 0 || n > 10)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		sum = sum * 10 + (uint64_t)(s[i] - '0');
	}
	*v = (uint32_t)sum;
	return sum <= most;
}

/* "10.0.0.1:80" or "[::1]:80". */
static bool
read_end(struct flow_ends *ends, unsigned which, const char *s, size_t n)
{
	bool six = n && *s == '[';
	const char *close = six ? memchr(s, ']', n) : memchr(s, ':', n), *port;
	char text[INET6_ADDRSTRLEN];
	size_t len;
	uint32_t v;

	if (close == NULL)
		return false;
	s += six;
	len = (size_t)(close - s);
	n -= len + six;
	port = close + 1 + six;
	if (len >= sizeof text || n < 1 + (size_t)six || (six && (n < 2 || close[1] != ':')))
		return false;
	memcpy(text, s, len);
	text[len] = '\0';
	if (inet_pton(six ? AF_INET6 : AF_INET, text, ends->addr[which]) != 1 ||
	    !read_number(port, n - 1 - six, UINT16_MAX, &v))
		return false;
	ends->port[which] = (uint16_t)v;
	if (which && ends->version != (six ? 6 : 4))
		return false;
	ends->version = six ? 6 : 4;
	return true;
}

static bool
read_ends(struct follow_pick *p, const char *word)
{
	const char *dash = strchr(word, '-');

	p->by = PICK_ENDS;
	return dash && read_end(&p->ends, 0, word, (size_t)(dash - word)) &&
	    read_end(&p->ends, 1, dash + 1, strlen(dash + 1));
}

static bool
read_kind(struct follow_pick *p, const char *word, const char **number)
{
	for (enum flow_kind k = FLOW_TCP; k <= FLOW_SCTP; k++) {
		const char *name = follow_kind_name(k);
		size_t n = strlen(name);

		if (strncmp(word, name, n) == 0 && word[n] == ':') {
			p->kind = k;
			*number = word + n + 1;
			return true;
		}
	}
	return false;
}

bool
follow_pick_read(struct follow_pick *p, const char *word, struct err *e)
{
	const char *number = word;

	*p = (struct follow_pick) { .by = PICK_NUMBER, .kind = FLOW_TCP, .text = word };
	e->text[0] = '\0';
	if (read_kind(p, word, &number) || (*word >= '0' && *word <= '9' && word[strspn(word, "0123456789")] == '\0')) {
		if (read_number(number, strlen(number), UINT32_MAX, &p->stream))
			return true;
		return err_set(e, "'%.40s' is no stream's number", number);
	}
	if (strncmp(word, "1:", 2) == 0) {
		p->by = PICK_COMMUNITY;
		if (strlen(word) == COMMUNITY_ID_MAX - 1)
			return true;
		return err_set(e, "'%.40s' is no Community ID: 1: and 28 characters", word);
	}
	if (*word == '[' || (*word >= '0' && *word <= '9')) {
		if (read_ends(p, word))
			return true;
		/* "10.0.0.0/8" and the like are filters. */
		if (strchr(word, '-') && strchr(word, ':'))
			return err_set(e, "'%.100s' is no pair of ends: address:port-address:port, "
			    "IPv6 addresses in brackets", word);
	}
	return false;
}

static bool
is_end(const struct flow_ends *a, unsigned i, const struct flow_ends *b, unsigned k)
{
	return a->port[i] == b->port[k] && memcmp(a->addr[i], b->addr[k], 16) == 0;
}

bool
follow_pick_matches(const struct follow_pick *p, const struct flow *f)
{
	char id[COMMUNITY_ID_MAX];

	switch (p->by) {
	case PICK_NUMBER:
		return f->kind == p->kind && f->stream == p->stream;
	case PICK_COMMUNITY:
		community_id(&f->ends, 0, id);
		return strcmp(id, p->text) == 0;
	case PICK_ENDS:
		return f->ends.version == p->ends.version &&
		    ((is_end(&f->ends, 0, &p->ends, 0) && is_end(&f->ends, 1, &p->ends, 1)) ||
		    (is_end(&f->ends, 0, &p->ends, 1) && is_end(&f->ends, 1, &p->ends, 0)));
	}
	return false;
}
