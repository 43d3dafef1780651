/* The report of failures, as text and as JSON. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/digits.h"
#include "cmd/failed.h"
#include "cmd/say.h"
#include "out/value.h"
#include "pkt/address.h"
#include "pkt/names.h"

enum {
	NUMBERS_TEXT = 60,	/* characters of a list of ports or addresses */
	WIDTH_MAX = 48,		/* of a column; what is wider sticks out */
	HEAD_MAX = 128,		/* of a cell */
};

#define SECOND INT64_C(1000000000)

static const char *const class_names[] = {
	[TRY_CONNECT] = "connections", [TRY_UDP] = "UDP conversations", [TRY_DNS] = "DNS queries",
	[TRY_HTTP] = "HTTP requests", [TRY_TLS] = "TLS handshakes", [TRY_ARP] = "ARP requests",
	[TRY_ECHO] = "echo requests",
};

/* A group and how often that was tried. */
struct line {
	const struct group *g;
	const struct tally *tally;	/* NULL: not counted */
	bool never;
};

__attribute__((format(printf, 2, 3))) static void
put(struct buf *b, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	buf_str(b, text);
}

/* --- parts ------------------------------------------------------------------------------------------------------------ */

static const char *
address_text(const uint8_t *a, unsigned version, char text[ADDRESS_IP6_ROOM])
{
	*(version == 4 ? address_ip4(text, a) : address_ip6(text, a)) = '\0';
	return text;
}

static bool
is_open(const struct group *g, char what)
{
	switch (g->shape) {
	case SHAPE_PORTS: return what == 'p';
	case SHAPE_TARGETS: return what == 't';
	case SHAPE_SOURCES: return what == 's';
	case SHAPE_SOURCE: return what == 'p' || what == 't';
	case SHAPE_KIND: return true;
	default: return false;
	}
}

static const char *
proto_name(const struct failed_ends *e, char text[16])
{
	switch (e->proto) {
	case IPP_TCP: return "tcp";
	case IPP_UDP: return "udp";
	case IPP_SCTP: return "sctp";
	case IPP_ICMP: return "icmp";
	case IPP_ICMPV6: return "icmp6";
	case 0: return e->version == 6 ? "icmp6" : "arp";
	}
	snprintf(text, 16, "%u", e->proto);
	return text;
}

static bool
has_ports(const struct failed_ends *e)
{
	return e->proto == IPP_TCP || e->proto == IPP_UDP || e->proto == IPP_SCTP;
}

/* "10.0.0.2:80/tcp", "[fd09::2]:80/tcp", "10.0.0.2:* /tcp", "*" */
static void
target_text(const struct group *g, char text[HEAD_MAX])
{
	const struct failed_ends *e = &g->ends;
	char address[ADDRESS_IP6_ROOM] = "*", port[8] = "*", number[16];
	bool six = e->version == 6 && !is_open(g, 't');

	if (g->shape == SHAPE_KIND) {
		snprintf(text, HEAD_MAX, "*");
		return;
	}
	if (!is_open(g, 't'))
		address_text(e->target, e->version, address);
	if (!is_open(g, 'p'))
		snprintf(port, sizeof port, "%u", e->port);
	if (has_ports(e))
		snprintf(text, HEAD_MAX, "%s%s%s:%s/%s", six ? "[" : "", address, six ? "]" : "", port,
		    proto_name(e, number));
	else
		snprintf(text, HEAD_MAX, "%s/%s", address, proto_name(e, number));
}

static void
source_text(const struct group *g, char text[HEAD_MAX])
{
	char address[ADDRESS_IP6_ROOM] = "*";

	if (!is_open(g, 's'))
		address_text(g->ends.source, g->ends.version, address);
	snprintf(text, HEAD_MAX, "%s", address);
}

static void
duration_text(uint64_t ns, char text[32])
{
	if (ns < 100000)
		snprintf(text, 32, "%" PRIu64 " us", ns / 1000);
	else if (ns < (uint64_t)SECOND)
		snprintf(text, 32, "%.1f ms", (double)ns / 1e6);
	else if (ns < 100 * (uint64_t)SECOND)
		snprintf(text, 32, "%.1f s", (double)ns / 1e9);
	else
		snprintf(text, 32, "%" PRIu64 " s", ns / (uint64_t)SECOND);
}

static void
put_durations(struct buf *b, const struct extent *s)
{
	char min[32], max[32];

	duration_text(s->min, min);
	duration_text(s->max, max);
	if (strcmp(min, max) == 0)
		buf_str(b, min);
	else
		put(b, "%s to %s", min, max);
}

static void
put_after(struct buf *b, const struct group *g)
{
	if (!g->waits)
		return;
	buf_str(b, " after ");
	put_durations(b, &g->wait);
}

/* "1 SYN", "2 to 7 SYNs", and how long that went on. */
static void
put_tries(struct buf *b, const struct group *g, const char *one, const char *many)
{
	if (g->tries.min == g->tries.max)
		put(b, "%" PRIu64 " %s", g->tries.min, g->tries.min == 1 ? one : many);
	else
		put(b, "%" PRIu64 " to %" PRIu64 " %s", g->tries.min, g->tries.max, many);
	if (g->failed > 1)
		buf_str(b, " each");
	if (g->waits && g->wait.max) {
		char max[32];

		duration_text(g->wait.max, max);
		put(b, g->wait.min == g->wait.max ? " in %s" : " in up to %s", max);
	}
}

/* "65,535 ports (1..65535)": what has become one. */
static void
put_numbers(struct buf *b, const struct ranges *r, const char *what, bool addresses)
{
	struct buf list = { 0 };
	uint64_t shown = 0;

	if (r->n == 0)
		return;
	put(b, "; %s%" PRIu64 " %s", r->dropped ? "more than " : "", r->count, what);
	if (addresses) {
		for (uint32_t i = 0; i < r->n && !(r->at[i].first >> 32) && list.len < NUMBERS_TEXT; i++) {
			for (unsigned end = 0; end < 1u + (r->at[i].first != r->at[i].last); end++) {
				uint64_t v = end ? r->at[i].last : r->at[i].first;
				const uint8_t a[4] = { (uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v };
				char text[ADDRESS_IP6_ROOM];

				put(&list, "%s%s", end ? ".." : i ? ", " : "", address_text(a, 4, text));
			}
			shown += r->at[i].last - r->at[i].first + 1;
		}
	} else {
		shown = ranges_put(&list, r, NUMBERS_TEXT);
	}
	if (shown) {
		buf_str(b, " (");
		buf_put(b, list.data, list.len);
		buf_str(b, shown < r->count ? ", ...)" : ")");
	}
	buf_free(&list);
}

static void
put_cause(struct buf *b, const struct group *g, const char *none, bool json)
{
	if (g->causes_differ)
		buf_str(b, "several causes");
	else if (g->cause_len)
		value_escape(b, g->cause, g->cause_len, json);
	else
		buf_str(b, none);
}

static void
put_detail(struct buf *b, const struct line *l, bool json)
{
	const struct group *g = l->g;

	if (g->subject_len) {
		value_escape(b, g->subject, g->subject_len, json);
		buf_str(b, ": ");
	}
	switch (g->kind) {
	case FAILED_REFUSED:
		buf_str(b, "RST");
		put_after(b, g);
		break;
	case FAILED_UNANSWERED:
		if (g->ends.proto == IPP_UDP)
			put_tries(b, g, "datagram", "datagrams");
		else
			put_tries(b, g, "SYN", "SYNs");
		break;
	case FAILED_DNS_UNANSWERED:
		put_tries(b, g, "query", "queries");
		break;
	case FAILED_ARP:
	case FAILED_PING:
		put_tries(b, g, "request", "requests");
		break;
	case FAILED_RESET:
		put_cause(b, g, "RST", json);
		if (g->bytes.min == g->bytes.max)
			put(b, " after %" PRIu64 " bytes, ", g->bytes.min);
		else
			put(b, " after %" PRIu64 " to %" PRIu64 " bytes, ", g->bytes.min, g->bytes.max);
		put_durations(b, &g->wait);
		break;
	default:
		put_cause(b, g, "failed", json);
		put_after(b, g);
	}
	put_numbers(b, &g->sources, "sources", true);
	put_numbers(b, &g->targets, "targets", true);
	put_numbers(b, &g->ports, "ports", false);
	if (g->subjects_differ && g->subjects.n)
		put(b, "; %s%" PRIu64 " %s", g->subjects.dropped ? "more than " : "", g->subjects.count,
		    failed_class_of(g->kind, g->ends.proto) == TRY_HTTP ? "pages" : "names");
	if (l->never)
		put(b, "; never succeeded");
}

/* --- filters ------------------------------------------------------------------------------------------------------------ */

/* " or tcp.stream in {3, 7..9}"; the numbers it has room for. */
static uint64_t
put_set(struct buf *b, size_t start, const char *field, const struct ranges *r, size_t max)
{
	size_t was = b->len;
	uint64_t done;

	if (r->n == 0)
		return 0;
	put(b, "%s%s ", b->len > start ? " or " : "", field);
	if (r->n == 1 && r->count == 1) {
		put(b, "== %" PRIu64, r->at[0].first);
		return 1;
	}
	buf_str(b, "in {");
	done = ranges_put(b, r, max);
	buf_char(b, '}');
	if (done == 0)
		b->len = was;
	return done;
}

/* The display filter that selects the group's packets. *missing: how many conversations and packets it leaves out. */
static void
put_filter(struct buf *b, const struct group *g, size_t max, uint64_t *missing)
{
	const struct ranges *r[] = { &g->packets.tcp, &g->packets.udp, &g->packets.frames };
	static const char *const fields[] = { "tcp.stream", "udp.stream", "frame.number" };
	unsigned used = (g->packets.tcp.n > 0) + (g->packets.udp.n > 0) + (g->packets.frames.n > 0);
	size_t start = b->len;

	*missing = 0;
	for (unsigned i = 0; i < 3; i++)
		*missing += r[i]->count + r[i]->dropped - put_set(b, start, fields[i], r[i], used ? max / used : max);
}

/* The capture filter for all traffic between these two there: more than what failed. */
static void
put_capture_filter(struct buf *b, const struct group *g)
{
	const struct failed_ends *e = &g->ends;
	char address[ADDRESS_IP6_ROOM];
	const char *and = "";

	if (g->shape != SHAPE_KIND && has_ports(e)) {
		const char *proto = e->proto == IPP_TCP ? "tcp" : e->proto == IPP_UDP ? "udp" : "sctp";

		if (is_open(g, 'p'))
			put(b, "(%s or icmp or icmp6)", proto);
		else
			put(b, "(%s port %u or icmp or icmp6)", proto, e->port);
		and = " and ";
	} else if (g->shape != SHAPE_KIND && e->proto == 0) {
		buf_str(b, e->version == 6 ? "icmp6" : "arp");
		and = " and ";
	} else if (g->shape != SHAPE_KIND && (e->proto == IPP_ICMP || e->proto == IPP_ICMPV6)) {
		buf_str(b, e->proto == IPP_ICMP ? "icmp" : "icmp6");
		and = " and ";
	}
	if (!is_open(g, 's')) {
		put(b, "%shost %s", and, address_text(e->source, e->version, address));
		and = " and ";
	}
	/* A neighbour solicitation is not sent to whom it asks for. */
	if (!is_open(g, 't') && !(e->proto == 0 && e->version == 6))
		put(b, "%shost %s", and, address_text(e->target, e->version, address));
}

/* --- order -------------------------------------------------------------------------------------------------------------- */

static int
order_numbers(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static int
order_ends(const struct group *a, const struct group *b, bool target_first)
{
	int s = memcmp(a->ends.source, b->ends.source, 16), t = memcmp(a->ends.target, b->ends.target, 16);

	if (t == 0)
		t = order_numbers(a->ends.port, b->ends.port);
	return target_first ? (t ? t : s) : s ? s : t;
}

static int
order_texts(const struct group *a, const struct group *b)
{
	uint32_t n = a->subject_len < b->subject_len ? a->subject_len : b->subject_len;
	int c = n ? memcmp(a->subject, b->subject, n) : 0;

	if (c == 0 && (c = order_numbers(a->subject_len, b->subject_len)) == 0) {
		n = a->cause_len < b->cause_len ? a->cause_len : b->cause_len;
		c = n ? memcmp(a->cause, b->cause, n) : 0;
	}
	return c ? c : order_numbers(a->cause_len, b->cause_len);
}

/* What nothing else decides: so that the order is the same each time. */
static int
order_rest(const struct group *a, const struct group *b)
{
	int c = order_numbers((uint64_t)a->first, (uint64_t)b->first);

	if (c == 0 && (c = order_numbers(a->kind, b->kind)) == 0 && (c = order_ends(a, b, false)) == 0 &&
	    (c = order_numbers(a->ends.proto, b->ends.proto)) == 0 && (c = order_numbers(a->shape, b->shape)) == 0)
		c = order_texts(a, b);
	return c;
}

static int
order_lines(const void *x, const void *y, void *ctx)
{
	const struct line *a = x, *b = y;
	const struct failed_show *s = ctx;
	int c = 0;

	switch (s->by) {
	case BY_SEVERITY:
		c = order_numbers(failed_kinds[b->g->kind].severity + 3u * b->never,
		    failed_kinds[a->g->kind].severity + 3u * a->never);
		break;
	case BY_FAILED:
		break;
	case BY_ATTEMPTS:
		c = order_numbers(b->tally ? b->tally->attempts : 0, a->tally ? a->tally->attempts : 0);
		break;
	case BY_FIRST:
		c = order_numbers((uint64_t)a->g->first, (uint64_t)b->g->first);
		break;
	case BY_LAST:
		c = order_numbers((uint64_t)b->g->last, (uint64_t)a->g->last);
		break;
	case BY_SOURCE:
		c = order_ends(a->g, b->g, false);
		break;
	case BY_TARGET:
		c = order_ends(a->g, b->g, true);
		break;
	case BY_KIND:
		c = order_numbers(a->g->kind, b->g->kind);
		break;
	}
	if (c == 0)
		c = order_numbers(b->g->failed, a->g->failed);
	return c ? c : order_rest(a->g, b->g);
}

/* --- text ----------------------------------------------------------------------------------------------------------------- */

/* As tcpdump shows it, behind the date where the capture has more than one. */
static void
time_text(int64_t ns, bool date, char text[40])
{
	int64_t sec = ns / SECOND - (ns % SECOND < 0);
	time_t t = (time_t)sec;
	struct tm tm;

	text[0] = '\0';
	if (localtime_r(&t, &tm)) {
		size_t n = strftime(text, 40, date ? "%Y-%m-%d %H:%M:%S" : "%H:%M:%S", &tm);

		snprintf(text + n, 40 - n, ".%06u", (unsigned)((ns - sec * SECOND) / 1000));
	}
}

static bool
same_day(int64_t a, int64_t b)
{
	time_t x = (time_t)(a / SECOND), y = (time_t)(b / SECOND);
	struct tm s, t;

	return localtime_r(&x, &s) && localtime_r(&y, &t) && s.tm_year == t.tm_year && s.tm_yday == t.tm_yday;
}

enum { COLUMNS = 8 };
static const char *const heads[COLUMNS] = { "KIND", "SOURCE", "TARGET", "ATTEMPTS", "FAILED", "OK", "FIRST", "LAST" };
static const bool right[COLUMNS] = { [3] = true, [4] = true, [5] = true };

static void
cells_of(const struct line *l, bool date, char cells[COLUMNS][HEAD_MAX])
{
	const struct group *g = l->g;

	snprintf(cells[0], HEAD_MAX, "%s", failed_kinds[g->kind].name);
	source_text(g, cells[1]);
	target_text(g, cells[2]);
	snprintf(cells[3], HEAD_MAX, "-");
	snprintf(cells[5], HEAD_MAX, "-");
	if (l->tally) {
		snprintf(cells[3], HEAD_MAX, "%" PRIu64, l->tally->attempts);
		snprintf(cells[5], HEAD_MAX, "%" PRIu64, l->tally->succeeded);
	}
	snprintf(cells[4], HEAD_MAX, "%" PRIu64, g->failed);
	time_text(g->first, date, cells[6]);
	time_text(g->last, date, cells[7]);
}

static void
put_text_line(struct buf *b, const struct line *l, const struct failed_show *s, const int width[COLUMNS],
    char cells[COLUMNS][HEAD_MAX])
{
	uint64_t missing = 0;

	for (unsigned i = 0; i < COLUMNS; i++)
		put(b, right[i] ? "%*s  " : "%-*s  ", width[i], cells[i]);
	put_detail(b, l, false);
	buf_str(b, s->live ? "\n    '" : "\n    -Y '");
	if (s->live)
		put_capture_filter(b, l->g);
	else
		put_filter(b, l->g, s->filter_max, &missing);
	buf_char(b, '\'');
	if (missing)
		put(b, "  (cut: %" PRIu64 " conversations and packets are not in it)", missing);
	buf_char(b, '\n');
}

static void
put_text(struct buf *b, const struct line *lines, size_t n, const struct failed_show *s)
{
	char cells[COLUMNS][HEAD_MAX];
	bool date = s->end && !same_day(s->begin, s->end);
	int width[COLUMNS];

	if (n == 0)
		return;
	for (unsigned i = 0; i < COLUMNS; i++)
		width[i] = (int)strlen(heads[i]);
	for (size_t l = 0; l < n; l++) {
		cells_of(&lines[l], date, cells);
		for (unsigned i = 0; i < COLUMNS; i++) {
			int w = (int)strlen(cells[i]);

			if (w > width[i] && w <= WIDTH_MAX)
				width[i] = w;
		}
	}
	for (unsigned i = 0; i < COLUMNS; i++)
		put(b, right[i] ? "%*s  " : "%-*s  ", width[i], heads[i]);
	buf_str(b, "DETAIL\n");
	for (size_t l = 0; l < n; l++) {
		cells_of(&lines[l], date, cells);
		put_text_line(b, &lines[l], s, width, cells);
	}
	buf_char(b, '\n');
}

/* --- JSON ----------------------------------------------------------------------------------------------------------------- */

static void
put_epoch(struct buf *b, const char *name, int64_t ns)
{
	int64_t sec = ns / SECOND - (ns % SECOND < 0);

	put(b, ",\"%s\":\"%" PRId64 ".%09" PRId64 "\"", name, sec, ns - sec * SECOND);
}

static void
put_json_text(struct buf *b, const char *name, const char *s, size_t n)
{
	put(b, ",\"%s\":\"", name);
	value_escape(b, s, n, true);
	buf_char(b, '"');
}

static void
put_json_line(struct buf *b, const struct line *l, const struct failed_show *s)
{
	const struct group *g = l->g;
	char text[HEAD_MAX], number[16];
	uint64_t missing = 0;

	put(b, "{\"kind\":\"%s\",\"severity\":%u", failed_kinds[g->kind].name, failed_kinds[g->kind].severity);
	if (!is_open(g, 's'))
		put(b, ",\"source\":\"%s\"", address_text(g->ends.source, g->ends.version, text));
	else
		put(b, ",\"sources\":%" PRIu64, g->sources.count);
	if (!is_open(g, 't'))
		put(b, ",\"target\":\"%s\"", address_text(g->ends.target, g->ends.version, text));
	else
		put(b, ",\"targets\":%" PRIu64, g->targets.count);
	if (is_open(g, 'p'))
		put(b, ",\"ports\":%" PRIu64, g->ports.count);
	else if (has_ports(&g->ends))
		put(b, ",\"port\":%u", g->ends.port);
	if (g->shape != SHAPE_KIND)
		put(b, ",\"transport\":\"%s\"", proto_name(&g->ends, number));
	if (g->subject_len)
		put_json_text(b, "subject", g->subject, g->subject_len);
	else if (g->subjects_differ)
		put(b, ",\"subjects\":%" PRIu64, g->subjects.count);
	if (g->cause_len)
		put_json_text(b, "cause", g->cause, g->cause_len);
	if (l->tally)
		put(b, ",\"attempts\":%" PRIu64 ",\"succeeded\":%" PRIu64 ",\"pending\":%" PRIu64, l->tally->attempts,
		    l->tally->succeeded, l->tally->pending);
	put(b, ",\"failed\":%" PRIu64 ",\"never_succeeded\":%s", g->failed, l->never ? "true" : "false");
	put_epoch(b, "first", g->first);
	put_epoch(b, "last", g->last);
	if (g->tries.max)
		put(b, ",\"tries_min\":%" PRIu64 ",\"tries_max\":%" PRIu64, g->tries.min, g->tries.max);
	if (g->waits)
		put(b, ",\"wait_min\":%.9f,\"wait_max\":%.9f", (double)g->wait.min / 1e9, (double)g->wait.max / 1e9);
	if (g->kind == FAILED_RESET)
		put(b, ",\"bytes_min\":%" PRIu64 ",\"bytes_max\":%" PRIu64, g->bytes.min, g->bytes.max);
	buf_str(b, ",\"detail\":\"");
	put_detail(b, l, true);
	buf_str(b, "\",\"filter\":\"");
	put_filter(b, g, s->filter_max, &missing);
	put(b, "\",\"filter_missing\":%" PRIu64 ",\"capture_filter\":\"", missing);
	put_capture_filter(b, g);
	buf_str(b, "\"}\n");
}

/* --- the end --------------------------------------------------------------------------------------------------------------- */

static void
put_totals(struct buf *b, const struct desk *d, const uint64_t kinds[FAILED_KINDS], uint64_t failed, size_t groups,
    size_t shown)
{
	const char *between = "";

	if (failed)
		put(b, "%" PRIu64 " failure%s in %zu group%s: ", failed, failed == 1 ? "" : "s", groups,
		    groups == 1 ? "" : "s");
	else
		put(b, "no failures");
	for (unsigned k = 0; k < FAILED_KINDS; k++)
		if (kinds[k]) {
			put(b, "%s%" PRIu64 " %s", between, kinds[k], failed_kinds[k].title);
			between = ", ";
		}
	if (shown < groups)
		put(b, " (%zu groups are shown)", shown);
	buf_str(b, "\nattempts: ");
	between = "";
	for (unsigned c = 0; c <= TRY_ECHO; c++) {
		const struct tally *t = attempts_all(d->attempts, c);

		if (t->attempts == 0)
			continue;
		put(b, "%s%s %" PRIu64 " (%" PRIu64 " succeeded, %" PRIu64 " failed", between, class_names[c], t->attempts,
		    t->succeeded, t->failed);
		if (t->pending)
			put(b, ", %" PRIu64 " pending", t->pending);
		buf_str(b, ")");
		between = ", ";
	}
	buf_str(b, *between ? "\n" : "none\n");
}

static void
put_json_totals(struct buf *b, const struct desk *d, uint64_t failed, size_t groups, size_t shown)
{
	uint64_t attempts = 0, succeeded = 0, pending = 0;

	for (unsigned c = 0; c <= TRY_ECHO; c++) {
		const struct tally *t = attempts_all(d->attempts, c);

		attempts += t->attempts;
		succeeded += t->succeeded;
		pending += t->pending;
	}
	put(b, "{\"kind\":\"total\",\"groups\":%zu,\"shown\":%zu,\"failed\":%" PRIu64 ",\"attempts\":%" PRIu64
	    ",\"succeeded\":%" PRIu64 ",\"pending\":%" PRIu64 "}\n", groups, shown, failed, attempts, succeeded, pending);
}

size_t
failed_tell(struct buf *b, struct desk *d, const struct failed_show *s)
{
	size_t n, kept = 0, shown;
	struct group **list = groups_list(d->groups, &n);
	struct line *lines = n ? calloc(n, sizeof *lines) : NULL;
	uint64_t kinds[FAILED_KINDS] = { 0 }, failed = 0;

	for (size_t i = 0; lines && i < n; i++) {
		struct line l = { .g = list[i], .tally = attempts_of(d->attempts, list[i]) };

		l.never = l.tally && l.tally->attempts >= FAILED_REPEATED && l.tally->succeeded == 0;
		if (!(s->kinds & UINT32_C(1) << l.g->kind) || (s->never && !l.never))
			continue;
		lines[kept++] = l;
		kinds[l.g->kind] += l.g->failed;
		failed += l.g->failed;
	}
	free(list);
	if (n && !lines)
		b->failed = true;
	if (kept)
		qsort_r(lines, kept, sizeof *lines, order_lines, (void *)s);
	shown = s->top && s->top < kept ? s->top : kept;
	if (s->json) {
		for (size_t i = 0; i < shown; i++)
			put_json_line(b, &lines[i], s);
		put_json_totals(b, d, failed, kept, shown);
	} else {
		put_text(b, lines, shown, s);
		put_totals(b, d, kinds, failed, kept, shown);
	}
	free(lines);
	return kept;
}

static void
say_count(uint64_t n, const char *what)
{
	if (n)
		fprintf(stderr, "%s: %" PRIu64 " %s\n", say_name(), n, what);
}

void
failed_say_loss(const struct desk *d)
{
	say_count(groups_crowded(d->groups), "failures have no group of their own: there was no room for more groups");
	say_count(attempts_lost(d->attempts), "attempts are missing in the attempts of some groups: no room for more");
	say_count(d->talks_lost, "connections were not looked at for HTTP, TLS and DNS: no room");
	say_count(d->late_lost, "HTTP responses were left out: too many in the packet with which -Y chose their connection");
	say_count(d->orphans_lost, "ICMP errors about unknown packets were left out: no room");
}
