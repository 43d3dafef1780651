/* Text protocols: what messages made of lines have in common. */
#include "proto/app/lines.h"

enum { WORD_MAX = 128 };	/* a longer first word is no request */

static inline bool
is_printable(uint8_t c)
{
	return c >= ' ' && c <= '~';
}

static inline bool
is_space(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline uint8_t
lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

static bool
same_word(const uint8_t *p, uint32_t n, const char *word)
{
	uint32_t i = 0;

	for (; i < n && word[i]; i++)
		if (lower(p[i]) != lower((uint8_t)word[i]))
			return false;
	return i == n && word[i] == '\0';
}

/*
 * A word of a start line: printable, and complete, which means that a blank or the end of the message follows it.
 * Moves *at behind the blanks after it, but not past the line's end. Empty: there is none.
 */
static struct run
start_word(const struct dis *d, const uint8_t *p, uint32_t len, uint32_t *at)
{
	struct run word = { p + *at, 0 }, none = { p, 0 };
	uint32_t i = *at;

	for (; i < len; i++) {
		if (!have(d, p + i, 1))
			return none;
		if (is_space(p[i]))
			break;
		if (!is_printable(p[i]) || word.n == WORD_MAX)
			return none;
		word.n++;
	}
	while (i < len && have(d, p + i, 1) && p[i] == ' ')
		i++;
	*at = i;
	return word;
}

static bool
is_code(struct run w)
{
	if (w.n != 3)
		return false;
	for (unsigned i = 0; i < 3; i++)
		if (w.p[i] < '0' || w.p[i] > '9')
			return false;
	return true;
}

/* Does a request or a reply start here? */
static bool
is_message(const struct dis *d, const struct lines *how, const uint8_t *p, uint32_t len)
{
	uint32_t at = 0;
	struct run w;

	if (how->verbs == NULL)
		return true;
	w = start_word(d, p, len, &at);
	if (w.n == 0)
		return false;
	if (run_in(w, how->verbs))
		return true;
	if (how->code_second)
		w = start_word(d, p, len, &at);
	return is_code(w);
}

/*
 * Says the line at p + at behind lead. Returns where the next one starts, or 0 when this one had no end in this packet
 * or was not text (nothing is said then).
 */
static uint32_t
text_line(struct dis *d, const char *lead, const uint8_t *p, uint32_t at, uint32_t len)
{
	uint32_t end = at, after = 0, captured = left(d, p) < len ? left(d, p) : len;

	while (end < captured && (is_printable(p[end]) || p[end] == '\t'))
		end++;
	if (end < len) {
		switch (u8(d, p + end)) {
		case '\n':
			after = end + 1;
			break;
		case '\r':
			/* Only as half of CR LF. */
			if (end + 1 == len || u8(d, p + end + 1) != '\n')
				return 0;
			after = end + 2;
			break;
		default:
			return 0;
		}
	}
	text(d, lead);
	text_n(d, (const char *)p + at, end - at);
	return after;
}

void
lines_text(struct dis *d, const struct lines *how, const uint8_t *p, uint32_t len)
{
	uint32_t at = 0;
	bool message;

	if (d->mute && have(d, p, len))
		return;		/* and nothing is missing that would end the walk */
	message = is_message(d, how, p, len);
	text(d, how->caps);
	if (!message)
		return;
	if (!d->v) {
		text_line(d, ": ", p, 0, len);
		return;
	}
	text(d, ", length: "), text_u(d, len);
	while (at < len && (at = text_line(d, "\n\t", p, at, len)) != 0)
		;
}

struct run
run_of(const struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t n = left(d, p);

	return (struct run) { p, n < len ? n : len };
}

bool
run_line(struct run *rest, struct run *line)
{
	const uint8_t *nl;
	uint32_t n;

	if (rest->n == 0)
		return false;
	nl = memchr(rest->p, '\n', rest->n);
	n = nl ? (uint32_t)(nl - rest->p) : rest->n;
	*line = (struct run) { rest->p, n };
	if (line->n && line->p[line->n - 1] == '\r')
		line->n--;
	if (nl)
		n++;
	rest->p += n;
	rest->n -= n;
	return true;
}

bool
run_word(struct run *line, struct run *word)
{
	uint32_t i = 0;

	*word = (struct run) { line->p, 0 };
	while (i < line->n && line->p[i] != ' ' && line->p[i] != '\t')
		i++;
	word->n = i;
	while (i < line->n && (line->p[i] == ' ' || line->p[i] == '\t'))
		i++;
	line->p += i;
	line->n -= i;
	return word->n != 0;
}

bool
run_is(struct run r, const char *word)
{
	return same_word(r.p, r.n, word);
}

bool
run_in(struct run r, const char *const *words)
{
	for (; *words; words++)
		if (same_word(r.p, r.n, *words))
			return true;
	return false;
}

int64_t
run_number(struct run r)
{
	int64_t v = 0;

	if (r.n == 0 || r.n > 18)
		return -1;
	for (uint32_t i = 0; i < r.n; i++) {
		if (r.p[i] < '0' || r.p[i] > '9')
			return -1;
		v = v * 10 + (r.p[i] - '0');
	}
	return v;
}

void
put_run_number(struct dis *d, const struct field *f, struct run r)
{
	int64_t v = run_number(r);

	if (v >= 0)
		put_value(d, f, (uint64_t)v);
}

bool
put_headers(struct dis *d, struct run *rest, const struct header *table, const struct field *fields)
{
	bool any = false;
	struct run line;

	for (const struct header *h = table; h->name && !any; h++)
		any = field_set_has(&d->sink->wanted, &fields[h->field]);
	while (run_line(rest, &line)) {
		const uint8_t *colon;
		struct run name, value;

		if (line.n == 0)
			return true;
		colon = any ? memchr(line.p, ':', line.n) : NULL;
		if (colon == NULL)
			continue;
		name = (struct run) { line.p, (uint32_t)(colon - line.p) };
		while (name.n && (name.p[name.n - 1] == ' ' || name.p[name.n - 1] == '\t'))
			name.n--;
		value = (struct run) { colon + 1, line.n - (uint32_t)(colon + 1 - line.p) };
		while (value.n && (*value.p == ' ' || *value.p == '\t'))
			value.p++, value.n--;
		while (value.n && (value.p[value.n - 1] == ' ' || value.p[value.n - 1] == '\t'))
			value.n--;
		for (const struct header *h = table; h->name; h++) {
			if (!name.n || lower(*name.p) != lower((uint8_t)*h->name) || !run_is(name, h->name))
				continue;
			if (h->number)
				put_run_number(d, &fields[h->field], value);
			else
				put_run(d, &fields[h->field], value);
		}
	}
	return false;
}
