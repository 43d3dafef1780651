#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd/grep.h"

#include "base/digits.h"
#include "dissect/hex.h"
#include "out/object.h"
#include "out/value.h"
#include "pkt/address.h"

enum { PATTERN_SHOWN = 60, PATTERN_FILE_MAX = 64 << 20 };

static const char *const kinds[FLOW_KINDS] = { "tcp", "udp", "sctp", "icmp" };

/* What is shown of a match and around it. */
struct shown {
	const uint8_t *p;
	uint32_t before, len, after;
	bool more;			/* of the match than is shown */
};

static struct shown
shown_of(const struct grep_style *s, const struct search_match *m)
{
	struct shown w = { .p = m->p, .len = m->len < GREP_MATCH_SHOWN ? m->len : GREP_MATCH_SHOWN };
	uint32_t before = m->before < s->before ? m->before : s->before;
	uint32_t after = m->after < s->after ? m->after : s->after;
	const uint8_t *eol;

	w.more = w.len < m->len;
	if (!s->lines) {
		w.before = before;
		w.after = w.more ? 0 : after;
		return w;
	}
	eol = before ? memrchr(m->p - before, '\n', before) : NULL;
	w.before = eol ? (uint32_t)(m->p - eol) - 1 : before;
	eol = after ? memchr(m->p + m->len, '\n', after) : NULL;
	w.after = w.more ? 0 : eol ? (uint32_t)(eol - m->p) - m->len : after;
	if (w.after && w.after < after && m->p[m->len + w.after - 1] == '\r')
		w.after--;
	return w;
}

/* Local time, as tcpdump shows it. */
static void
put_time(struct buf *b, int64_t ns)
{
	int64_t sec = ns / 1000000000, part = ns % 1000000000;
	char text[40];
	time_t t;
	struct tm tm;

	if (part < 0) {
		sec--;
		part += 1000000000;
	}
	t = (time_t)sec;
	if (localtime_r(&t, &tm) == NULL || strftime(text, sizeof text, "%H:%M:%S", &tm) == 0)
		return;
	buf_str(b, text);
	buf_char(b, '.');
	snprintf(text, sizeof text, "%06u", (unsigned)(part / 1000));
	buf_str(b, text);
}

static void
put_address(struct buf *b, const struct flow_ends *ends, unsigned side)
{
	char *o = buf_begin(b, ADDRESS_IP6_ROOM);

	if (o)
		buf_end(b, ends->version == 4 ? address_ip4(o, ends->addr[side]) : address_ip6(o, ends->addr[side]));
}

static void
put_end(struct buf *b, const struct flow *flow, unsigned side)
{
	put_address(b, &flow->ends, side);
	if (flow->kind == FLOW_ICMP)
		return;
	buf_char(b, '.');
	buf_u(b, flow->ends.port[side]);
}

static void
put_flow(struct buf *b, const struct flow *flow, unsigned dir, const char *arrow)
{
	buf_str(b, kinds[flow->kind]);
	buf_char(b, ' ');
	buf_u(b, flow->stream);
	buf_char(b, ' ');
	put_end(b, flow, dir);
	buf_str(b, arrow);
	put_end(b, flow, !dir);
}

static void
put_hexdump(struct buf *b, const struct search_match *m, const struct shown *w)
{
	const uint8_t *p = w->p - w->before, *end = w->p + w->len + w->after;
	uint64_t offset = m->offset - w->before;

	for (; p < end; p += HEX_BYTES, offset += HEX_BYTES) {
		size_t n = end - p < HEX_BYTES ? (size_t)(end - p) : HEX_BYTES;
		uint8_t row[HEX_BYTES] = { 0 };
		char line[HEX_LINE];

		memcpy(row, p, n);
		hex_line_plain(line, row);
		memset(line + n / 2 * 5 + (n % 2 ? 3 : 0), ' ', HEX_WIDTH + 2 - (n / 2 * 5 + (n % 2 ? 3 : 0)));
		buf_str(b, "\t0x");
		buf_x(b, offset, 4);
		buf_str(b, ": ");
		buf_put(b, line, HEX_LINE - HEX_BYTES + n);
		buf_char(b, '\n');
	}
}

static void
put_match(struct buf *b, const struct grep_style *s, const struct shown *w)
{
	if (s->color)
		buf_str(b, "\033[1;31m");
	value_escape(b, (const char *)w->p, w->len, false);
	if (w->more)
		buf_str(b, "...");
	if (s->color)
		buf_str(b, "\033[0m");
}

static void
put_text(struct buf *b, const struct grep_style *s, const struct search *search, const struct search_match *m,
    const struct grep_place *where)
{
	struct shown w = shown_of(s, m);

	if (s->only) {
		put_match(b, s, &w);
		buf_char(b, '\n');
		return;
	}
	put_time(b, m->ns);
	if (where->flow) {
		buf_char(b, ' ');
		put_flow(b, where->flow, where->dir, " > ");
	}
	buf_str(b, m->first == m->last ? " packet " : " packets ");
	buf_u(b, m->first);
	if (m->first != m->last) {
		buf_char(b, '-');
		buf_u(b, m->last);
	}
	buf_str(b, where->packet ? " byte " : " offset ");
	buf_u(b, m->offset);
	if (where->conflict)
		buf_str(b, " conflict");
	if (s->which) {
		size_t n;
		const char *pattern = search_pattern(search, m->pattern, &n);

		buf_str(b, " [");
		value_escape(b, pattern, n < PATTERN_SHOWN ? n : PATTERN_SHOWN, false);
		buf_str(b, n < PATTERN_SHOWN ? "]" : "...]");
	}
	buf_str(b, ": ");
	value_escape(b, (const char *)w.p - w.before, w.before, false);
	put_match(b, s, &w);
	value_escape(b, (const char *)w.p + w.len, w.after, false);
	buf_char(b, '\n');
	if (s->hexdump)
		put_hexdump(b, m, &w);
}

static void
put_json_flow(struct buf *b, const struct flow *flow, unsigned dir)
{
	static const char *const ends[2][2] = { { "src", "src_port" }, { "dst", "dst_port" } };
	char id[COMMUNITY_ID_MAX];

	object_str(b, "kind", kinds[flow->kind]);
	object_u(b, "stream", flow->stream);
	community_id(&flow->ends, 0, id);
	object_str(b, "community_id", id);
	for (unsigned i = 0; i < 2; i++) {
		struct buf address = { 0 };
		unsigned side = i ? !dir : dir;

		put_address(&address, &flow->ends, side);
		object_text(b, ends[i][0], address.data ? address.data : "", address.len);
		if (flow->kind != FLOW_ICMP)
			object_u(b, ends[i][1], flow->ends.port[side]);
		buf_free(&address);
	}
}

static void
put_json_hex(struct buf *b, const uint8_t *p, uint32_t n)
{
	struct buf hex = { 0 };

	for (uint32_t i = 0; i < n; i++)
		buf_put(&hex, digits_hex[p[i]], 2);
	object_text(b, "match_hex", hex.data ? hex.data : "", hex.len);
	buf_free(&hex);
}

static void
put_json(struct buf *b, const struct grep_style *s, const struct search *search, const struct search_match *m,
    const struct grep_place *where)
{
	struct shown w = shown_of(s, m);
	const char *pattern;
	size_t n;

	object_open(b, NULL);
	object_time(b, "time", m->ns);
	if (where->flow)
		put_json_flow(b, where->flow, where->dir);
	object_u(b, "packet", m->first);
	object_u(b, "last_packet", m->last);
	object_u(b, where->packet ? "packet_offset" : "offset", m->offset);
	object_u(b, "length", m->len);
	pattern = search_pattern(search, m->pattern, &n);
	object_text(b, "pattern", pattern, n);
	object_text(b, "before", (const char *)w.p - w.before, w.before);
	object_text(b, "match", (const char *)w.p, w.len);
	object_text(b, "after", (const char *)w.p + w.len, w.after);
	if (s->hexdump)
		put_json_hex(b, w.p, w.len);
	if (m->cut)
		object_bool(b, "cut", true);
	if (where->conflict)
		object_bool(b, "conflict", true);
	object_close(b);
	buf_char(b, '\n');
}

void
grep_show(struct buf *b, const struct grep_style *s, const struct search *search, const struct search_match *m,
    const struct grep_place *where)
{
	(s->json ? put_json : put_text)(b, s, search, m, where);
}

void
grep_show_stream(struct buf *b, const struct grep_style *s, const struct flow *flow)
{
	if (s->json) {
		object_open(b, NULL);
		object_time(b, "time", flow->first);
		put_json_flow(b, flow, 0);
		object_close(b);
	} else {
		put_time(b, flow->first);
		buf_char(b, ' ');
		put_flow(b, flow, 0, " > ");
	}
	buf_char(b, '\n');
}

void
grep_show_packet(struct buf *b, const struct grep_style *s, uint64_t number, int64_t ns)
{
	if (s->json) {
		object_open(b, NULL);
		object_time(b, "time", ns);
		object_u(b, "packet", number);
		object_close(b);
	} else {
		put_time(b, ns);
		buf_str(b, " packet ");
		buf_u(b, number);
	}
	buf_char(b, '\n');
}

/* The whole of a file. */
static bool
read_all(const char *path, struct buf *b, struct err *e)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	char *o;
	size_t n;
	bool ok;

	if (f == NULL)
		return err_set(e, "%s: %m", path);
	do {
		if ((o = buf_begin(b, 65536)) == NULL || b->len > PATTERN_FILE_MAX)
			break;
		n = fread(o, 1, 65536, f);
		buf_end(b, o + n);
	} while (n > 0);
	ok = !ferror(f);
	if (f != stdin)
		fclose(f);
	if (!ok)
		return err_set(e, "%s: cannot be read", path);
	if (b->failed)
		return err_set(e, "out of memory");
	return b->len <= PATTERN_FILE_MAX || err_set(e, "%s: it is larger than %d bytes", path, PATTERN_FILE_MAX);
}

bool
grep_read_patterns(struct search *search, const char *path, enum search_kind kind, bool ignore_case, struct err *e)
{
	struct buf b = { 0 };
	bool ok = read_all(path, &b, e);
	unsigned line = 1;

	for (size_t at = 0; ok && at < b.len; line++) {
		const char *end = memchr(b.data + at, '\n', b.len - at);
		size_t n = end ? (size_t)(end - b.data) - at : b.len - at, len = n;

		if (len && b.data[at + len - 1] == '\r')
			len--;
		if (len && !search_add(search, kind, b.data + at, len, ignore_case, e))
			ok = err_wrap(e, "%s: line %u", path, line);
		at += n + 1;
	}
	buf_free(&b);
	return ok;
}
