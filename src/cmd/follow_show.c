#include <string.h>
#include <time.h>

#include "base/digits.h"
#include "cmd/follow.h"
#include "out/value.h"
#include "pkt/address.h"

#define RULE "===================================================================\n"

static const char *const colours[2] = { "\033[31m", "\033[34m" };
static const char colour_off[] = "\033[0m";

enum { HEX_ROW = 16, PLAIN_STEP = 4096 };

const char *
follow_kind_name(enum flow_kind k)
{
	static const char *const names[FLOW_KINDS] = { "tcp", "udp", "sctp", "icmp" };

	return names[k];
}

void
follow_address_text(struct buf *b, const struct flow *f, unsigned end)
{
	char *o = buf_begin(b, ADDRESS_IP6_ROOM);

	if (o)
		buf_end(b, f->ends.version == 6 ? address_ip6(o, f->ends.addr[end]) : address_ip4(o, f->ends.addr[end]));
}

void
follow_ends_text(struct buf *b, const struct flow *f, unsigned end)
{
	buf_str(b, f->ends.version == 6 ? "[" : "");
	follow_address_text(b, f, end);
	buf_str(b, f->ends.version == 6 ? "]:" : ":");
	buf_u(b, f->ends.port[end]);
}

/* --- JSON ---------------------------------------------------------------------------------------------------------- */

/* The length of the UTF-8 character at p, 0 for none; C1 controls are none (RFC 3629 section 4). */
static unsigned
utf8_at(const uint8_t *p, size_t n)
{
	unsigned len = p[0] < 0x80 ? 1 : p[0] >= 0xc2 && p[0] < 0xe0 ? 2 : (p[0] & 0xf0) == 0xe0 ? 3 :
	    p[0] >= 0xf0 && p[0] < 0xf5 ? 4 : 0;

	if (len == 0 || len > n)
		return 0;
	for (unsigned i = 1; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((p[0] == 0xc2 && p[1] < 0xa0) || (p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] >= 0xa0) ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] >= 0x90))
		return 0;
	return len;
}

static bool
is_text(const uint8_t *p, size_t n)
{
	for (size_t i = 0, len; i < n; i += len) {
		len = 1;
		if ((uint8_t)(p[i] - ' ') < 0x5f || p[i] == '\n' || p[i] == '\r' || p[i] == '\t')
			continue;
		if (p[i] < 0x80)
			return false;
		if ((len = utf8_at(p + i, n - i)) == 0)
			return false;
	}
	return true;
}

/* Bytes of ASCII, as they are in JSON or with a backslash, up to the first that is neither: how many were put. */
static size_t
put_plain(struct buf *b, const uint8_t *p, size_t n)
{
	static const char escapes[128] = { ['"'] = '"', ['\\'] = '\\', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't' };
	size_t i = 0;
	char *o;

	n = n < PLAIN_STEP ? n : PLAIN_STEP;
	if ((o = buf_begin(b, 2 * n)) == NULL)
		return 0;
	for (; i < n && p[i] < 0x7f; i++) {
		char letter = escapes[p[i]];

		if (letter)
			*o++ = '\\';
		else if (p[i] < ' ')
			break;
		*o++ = letter ? letter : (char)p[i];
	}
	buf_end(b, o);
	return i;
}

void
follow_json_text(struct buf *b, const char *text, size_t n)
{
	const uint8_t *p = (const uint8_t *)text;

	buf_char(b, '"');
	for (size_t i = 0, run; i < n; i += run) {
		unsigned len;

		run = put_plain(b, p + i, n - i);
		if (run)
			continue;
		len = utf8_at(p + i, n - i);
		run = len > 1 ? len : 1;
		if (len > 1 && value_misleading(p + i, len)) {
			buf_str(b, "\\u");
			buf_x(b, value_misleading(p + i, len), 4);
		} else if (len > 1) {
			buf_put(b, p + i, len);
		} else {
			buf_str(b, "\\u");
			buf_x(b, p[i], 4);
		}
	}
	buf_char(b, '"');
}

static void
put_base64(struct buf *b, const uint8_t *p, size_t n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char *o = buf_begin(b, (n + 2) / 3 * 4);

	if (o == NULL)
		return;
	for (size_t i = 0; i < n; i += 3) {
		size_t left = n - i;
		uint32_t v = (uint32_t)p[i] << 16 | (left > 1 ? (uint32_t)p[i + 1] << 8 : 0) | (left > 2 ? p[i + 2] : 0);

		*o++ = digits[v >> 18];
		*o++ = digits[v >> 12 & 63];
		*o++ = left > 1 ? digits[v >> 6 & 63] : '=';
		*o++ = left > 2 ? digits[v & 63] : '=';
	}
	buf_end(b, o);
}

void
follow_json_bytes(struct buf *b, const uint8_t *p, size_t n)
{
	if (is_text(p, n)) {
		buf_str(b, "\"text\":");
		follow_json_text(b, (const char *)p, n);
	} else {
		buf_str(b, "\"base64\":\"");
		put_base64(b, p, n);
		buf_char(b, '"');
	}
}

void
follow_json_time(struct buf *b, const char *key, int64_t ns)
{
	int64_t sec = ns / 1000000000, rest = ns % 1000000000;
	char *o;

	if (rest < 0)
		sec--, rest += 1000000000;
	buf_str(b, ",\"");
	buf_str(b, key);
	buf_str(b, "\":\"");
	if (sec < 0)
		buf_char(b, '-');
	buf_u(b, sec < 0 ? 0 - (uint64_t)sec : (uint64_t)sec);
	buf_char(b, '.');
	if ((o = buf_begin(b, DIGITS_ROOM)) != NULL)
		buf_end(b, digits_nine(o, (uint32_t)rest));
	buf_char(b, '"');
}

static void
json_number(struct buf *b, const char *key, uint64_t v)
{
	buf_str(b, ",\"");
	buf_str(b, key);
	buf_str(b, "\":");
	buf_u(b, v);
}

void
follow_json_begin(struct buf *b, const char *event, const struct flow *f, int dir)
{
	buf_str(b, "{\"event\":\"");
	buf_str(b, event);
	buf_str(b, "\",\"protocol\":\"");
	buf_str(b, follow_kind_name(f->kind));
	buf_char(b, '"');
	json_number(b, "stream", f->stream);
	if (dir >= 0)
		buf_str(b, dir ? ",\"direction\":\"server\"" : ",\"direction\":\"client\"");
}

static void
json_spot(struct buf *b, const char *event, const struct follow_spot *s, uint64_t n)
{
	follow_json_begin(b, event, s->flow, (int)s->dir);
	json_number(b, "packet", s->number);
	follow_json_time(b, "time", s->ns);
	json_number(b, "offset", s->offset);
	json_number(b, "length", n);
}

static void
json_end_of(struct buf *b, const char *key, const struct flow *f, unsigned end)
{
	buf_str(b, ",\"");
	buf_str(b, key);
	buf_str(b, "\":{\"address\":\"");
	follow_address_text(b, f, end);
	buf_str(b, "\",\"port\":");
	buf_u(b, f->ends.port[end]);
	buf_char(b, '}');
}

/* --- text and hex --------------------------------------------------------------------------------------------------- */

/* The other direction, or a line of ours: what has begun is ended. */
void
follow_show_break(struct buf *b, struct follow_view *v)
{
	if (v->cr)
		buf_char(b, '.');
	if (v->mid_line || v->cr)
		buf_char(b, '\n');
	v->mid_line = v->cr = false;
}

static void
turn(struct buf *b, struct follow_view *v, unsigned dir)
{
	if (v->dir != (int)dir)
		follow_show_break(b, v);
	v->dir = (int)dir;
}

static void
indent(const struct follow_show *s, struct buf *b, unsigned dir)
{
	if (dir && !s->colour)
		buf_char(b, '\t');
}

static void
put_time(struct buf *b, int64_t ns)
{
	int64_t rest = ns % 1000000000;
	time_t sec = (time_t)(ns / 1000000000);
	char text[64];
	struct tm tm;
	size_t n;
	char *o;

	if (rest < 0)
		sec--, rest += 1000000000;
	if (localtime_r(&sec, &tm) == NULL)
		return;
	n = strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S.", &tm);
	buf_put(b, text, n);
	if ((o = buf_begin(b, DIGITS_ROOM)) != NULL)
		buf_end(b, digits_six(o, (uint32_t)(rest / 1000)));
}

static void
stamp(const struct follow_show *s, struct buf *b, struct follow_view *v, const struct follow_spot *at, size_t n)
{
	follow_show_break(b, v);
	indent(s, b, at->dir);
	buf_char(b, '[');
	put_time(b, at->ns);
	buf_str(b, " packet ");
	buf_u(b, at->number);
	buf_str(b, ", ");
	buf_u(b, n);
	buf_str(b, n == 1 ? " byte]\n" : " bytes]\n");
}

/* Printable characters as they are, tabs as blanks, everything else as dots. */
static inline char
shown_as(uint8_t c)
{
	return (char)((uint8_t)(c - ' ') < 0x5f ? c : c == '\t' ? ' ' : '.');
}

/* The first line end; NULL: there is none. Most lines are long, but whoever sends nothing but short ones must not cost more. */
static const uint8_t *
line_end(const uint8_t *p, const uint8_t *end)
{
	for (unsigned i = 0; i < 16 && p < end; i++, p++)
		if (*p == '\n')
			return p;
	return p < end ? memchr(p, '\n', (size_t)(end - p)) : NULL;
}

static void
show_text(const struct follow_show *s, struct buf *b, struct follow_view *v, unsigned dir, const uint8_t *p, size_t n)
{
	const uint8_t *end = p + n, *eol;

	for (; p < end; p = eol) {
		size_t len;
		char *o;

		if (v->cr && *p != '\n') {
			buf_char(b, '.');
			v->mid_line = true;
		}
		v->cr = false;
		eol = line_end(p, end);
		len = (size_t)((eol ? eol : end) - p);
		if ((o = buf_begin(b, len + 2)) == NULL)
			return;
		if (!v->mid_line && dir && !s->colour)
			*o++ = '\t';
		if (len && p[len - 1] == '\r') {
			len--;
			v->cr = eol == NULL;
		}
		for (size_t i = 0; i < len; i++)
			o[i] = shown_as(p[i]);
		o += len;
		v->mid_line = eol == NULL;
		if (eol)
			*o++ = '\n';
		buf_end(b, o);
		eol = eol ? eol + 1 : end;
	}
}

static char *
hex_offset(char *o, uint64_t at)
{
	unsigned width = at >> 32 ? 16 : 8;

	for (unsigned i = width; i--; at >>= 4)
		o[i] = "0123456789ABCDEF"[at & 15];
	return o + width;
}

static void
show_hex(const struct follow_show *s, struct buf *b, const struct follow_spot *at, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i += HEX_ROW) {
		size_t row = n - i < HEX_ROW ? n - i : HEX_ROW;
		char *o = buf_begin(b, 128);

		if (o == NULL)
			return;
		if (at->dir && !s->colour)
			*o++ = '\t';
		o = hex_offset(o, at->offset + i);
		*o++ = ' ';
		*o++ = ' ';
		memset(o, ' ', 3 * HEX_ROW + 2);
		for (size_t k = 0; k < row; k++)
			memcpy(o + 3 * k + (k >= 8), digits_hex[p[i + k]], 2);
		o += 3 * HEX_ROW + 2;
		for (size_t k = 0; k < row; k++) {
			uint8_t c = p[i + k];

			if (k == 8)
				*o++ = ' ';
			*o++ = (char)((uint8_t)(c - ' ') < 0x5f ? c : '.');
		}
		*o++ = '\n';
		buf_end(b, o);
	}
}

/* --- what is shown --------------------------------------------------------------------------------------------------- */

void
follow_show_head(const struct follow_show *s, struct buf *b, struct follow_view *v, const struct flow *f)
{
	static const char *const fields[FLOW_KINDS] = { "tcp.stream", "udp.stream", "sctp.assoc_index", "icmp" };
	char id[COMMUNITY_ID_MAX];

	community_id(&f->ends, 0, id);
	switch (s->mode) {
	case FOLLOW_RAW:
		return;
	case FOLLOW_JSON:
		follow_json_begin(b, "stream", f, -1);
		buf_str(b, ",\"community_id\":\"");
		buf_str(b, id);
		buf_char(b, '"');
		json_end_of(b, "client", f, 0);
		json_end_of(b, "server", f, 1);
		json_number(b, "packet", f->first_number);
		follow_json_time(b, "time", f->first);
		buf_str(b, "}\n");
		return;
	case FOLLOW_TEXT:
	case FOLLOW_HEX:
		break;
	}
	follow_show_break(b, v);
	v->dir = -1;
	buf_str(b, RULE "Follow: ");
	buf_str(b, follow_kind_name(f->kind));
	buf_str(b, s->http ? ",http" : s->mode == FOLLOW_HEX ? ",hex" : ",ascii");
	buf_str(b, "\nFilter: ");
	buf_str(b, fields[f->kind]);
	buf_str(b, " eq ");
	buf_u(b, f->stream);
	buf_str(b, "\nCommunity ID: ");
	buf_str(b, id);
	for (unsigned end = 0; end < 2; end++) {
		buf_str(b, end ? "\nNode 1: " : "\nNode 0: ");
		if (s->colour)
			buf_str(b, colours[end]);
		follow_ends_text(b, f, end);
		if (s->colour)
			buf_str(b, colour_off);
	}
	buf_char(b, '\n');
}

void
follow_show_turn(const struct follow_show *s, struct buf *b, struct follow_view *v, const struct flow *f)
{
	if (s->mode == FOLLOW_RAW || s->mode == FOLLOW_JSON)
		return;
	follow_show_break(b, v);
	v->dir = -1;
	buf_str(b, "=== ");
	buf_str(b, follow_kind_name(f->kind));
	buf_char(b, ':');
	buf_u(b, f->stream);
	buf_char(b, ' ');
	follow_ends_text(b, f, 0);
	buf_str(b, " - ");
	follow_ends_text(b, f, 1);
	buf_str(b, " ===\n");
}

void
follow_show_bytes(const struct follow_show *s, struct buf *b, struct follow_view *v, const struct follow_spot *at,
    const uint8_t *p, size_t n)
{
	if (n == 0)
		return;
	switch (s->mode) {
	case FOLLOW_RAW:
		buf_put(b, p, n);
		return;
	case FOLLOW_JSON:
		json_spot(b, "data", at, n);
		buf_char(b, ',');
		follow_json_bytes(b, p, n);
		buf_str(b, "}\n");
		return;
	case FOLLOW_TEXT:
	case FOLLOW_HEX:
		break;
	}
	turn(b, v, at->dir);
	if (s->colour)
		buf_str(b, colours[at->dir]);
	if (s->times)
		stamp(s, b, v, at, n);
	if (s->mode == FOLLOW_HEX)
		show_hex(s, b, at, p, n);
	else
		show_text(s, b, v, at->dir, p, n);
	if (s->colour)
		buf_str(b, colour_off);
}

void
follow_show_note(const struct follow_show *s, struct buf *b, struct follow_view *v, unsigned dir, const char *text)
{
	if (s->mode == FOLLOW_RAW || s->mode == FOLLOW_JSON)
		return;
	turn(b, v, dir);
	follow_show_break(b, v);
	indent(s, b, dir);
	buf_char(b, '[');
	buf_str(b, text);
	buf_str(b, "]\n");
}

static void
note_count(const struct follow_show *s, struct buf *b, struct follow_view *v, unsigned dir, uint64_t n, const char *text)
{
	struct buf note = { 0 };

	buf_u(&note, n);
	buf_str(&note, n == 1 ? " byte " : " bytes ");
	buf_str(&note, text);
	buf_char(&note, '\0');
	if (!note.failed)
		follow_show_note(s, b, v, dir, note.data);
	buf_free(&note);
}

void
follow_show_missing(const struct follow_show *s, struct buf *b, struct follow_view *v, const struct follow_spot *at,
    uint64_t n)
{
	if (s->mode == FOLLOW_JSON) {
		json_spot(b, "missing", at, n);
		buf_str(b, "}\n");
		return;
	}
	note_count(s, b, v, at->dir, n, "missing");
}

void
follow_show_conflict(const struct follow_show *s, struct buf *b, struct follow_view *v, unsigned dir, const struct flow *f,
    const struct flow_conflict *c)
{
	const struct follow_spot at = { f, dir, c->offset, c->number, c->ns };

	switch (s->mode) {
	case FOLLOW_RAW:
		return;
	case FOLLOW_JSON:
		json_spot(b, "conflict", &at, c->len);
		buf_str(b, ",\"kept\":{");
		follow_json_bytes(b, c->kept, c->len);
		buf_str(b, "},\"other\":{");
		follow_json_bytes(b, c->other, c->len);
		buf_str(b, "}}\n");
		return;
	case FOLLOW_TEXT:
	case FOLLOW_HEX:
		break;
	}
	note_count(s, b, v, dir, c->len, "came again and were different; shown is what came first, the others are");
	turn(b, v, dir);
	if (s->mode == FOLLOW_HEX)
		show_hex(s, b, &at, c->other, c->len);
	else
		show_text(s, b, v, dir, c->other, c->len);
	follow_show_note(s, b, v, dir, "end of the different ones");
}

void
follow_show_end(const struct follow_show *s, struct buf *b, struct follow_view *v, const struct flow *f, enum flow_end why,
    bool rule)
{
	static const char *const names[] = { "capture", "crowded", "reused" };

	switch (s->mode) {
	case FOLLOW_RAW:
		return;
	case FOLLOW_JSON:
		follow_json_begin(b, "end", f, -1);
		buf_str(b, ",\"reason\":\"");
		buf_str(b, names[why]);
		buf_str(b, "\",\"packets\":");
		buf_u(b, f->packets[0] + f->packets[1]);
		for (unsigned dir = 0; dir < 2; dir++) {
			buf_str(b, dir ? ",\"server_missing\":" : ",\"client_missing\":");
			buf_u(b, f->missing[dir]);
		}
		buf_str(b, "}\n");
		return;
	case FOLLOW_TEXT:
	case FOLLOW_HEX:
		break;
	}
	if (why == FLOW_END_CROWDED || rule) {
		follow_show_break(b, v);
		v->dir = -1;
	}
	if (why == FLOW_END_CROWDED)
		buf_str(b, "[given up here: there were too many conversations at once]\n");
	if (rule)
		buf_str(b, RULE);
}
