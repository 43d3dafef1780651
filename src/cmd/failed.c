/* `wiretape failed`: the command. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cmd/analyse.h"
#include "cmd/failed.h"
#include "cmd/output.h"

enum { OPT_BY = 512, OPT_EXIT_STATUS, OPT_FILTER_LENGTH, OPT_GRACE, OPT_KIND, OPT_TOP };

enum { FILTER_TEXT = 1000, FILTER_JSON = 16384, FILTER_MAX = 60000 };	/* query/ takes 64 KiB */

#define SECOND INT64_C(1000000000)

static const struct option_row rows[] = {
	{ OPT_BY, "by", "order", "severity, failed, attempts, first, last, source, target or kind" },
	{ OPT_EXIT_STATUS, "exit-status", NULL, "status 1 when nothing failed" },
	{ OPT_FILTER_LENGTH, "filter-length", "characters", "cut filters there (1000; JSON: 16384)" },
	{ OPT_GRACE, "grace", "seconds", "what began later before the end is pending, not unanswered (3)" },
	{ OPT_KIND, "kind", "kind,...", "only these kinds; tcp, udp, dns, http: several; never: never succeeded" },
	{ OPT_TOP, "top", "number", "show so many groups; 0: all" },
};

struct failed {
	struct desk desk;
	struct conns *conns;
	struct failed_layers layers;
	struct failed_show show;
	const struct analyse *a;
	bool exit_status, any;
	bool ended;		/* the end of the capture has come */
};

static const struct {
	const char *name;
	uint32_t kinds;
} several[] = {
	{ "tcp", 1 << FAILED_REFUSED | 1 << FAILED_UNANSWERED | 1 << FAILED_FILTERED | 1 << FAILED_HALF_OPEN |
	    1 << FAILED_RESET | 1 << FAILED_CLOSED },
	{ "udp", 1 << FAILED_UNREACHABLE | 1 << FAILED_UNANSWERED | 1 << FAILED_FILTERED },
	{ "dns", 1 << FAILED_SERVFAIL | 1 << FAILED_NXDOMAIN | 1 << FAILED_DNS_REFUSED | 1 << FAILED_DNS_ERROR |
	    1 << FAILED_DNS_UNANSWERED },
	{ "http", 1 << FAILED_HTTP_4XX | 1 << FAILED_HTTP_5XX },
	{ "tls", 1 << FAILED_TLS_ALERT },
};

static bool
take_kind(struct failed *s, const char *name, size_t n, struct err *e)
{
	if (n == 5 && strncmp(name, "never", n) == 0)
		return s->show.never = true;
	for (unsigned i = 0; i < sizeof several / sizeof *several; i++)
		if (strlen(several[i].name) == n && strncmp(name, several[i].name, n) == 0) {
			s->show.kinds |= several[i].kinds;
			return true;
		}
	for (unsigned i = 0; i < FAILED_KINDS; i++)
		if (strlen(failed_kinds[i].name) == n && strncmp(name, failed_kinds[i].name, n) == 0) {
			s->show.kinds |= UINT32_C(1) << i;
			return true;
		}
	return err_set(e, "--kind: '%.*s' is none; they are tcp, udp, dns, http, tls, never, refused, unanswered, "
	    "filtered, half-open, reset, closed, unreachable, servfail, nxdomain, dns-refused, dns-error, dns-unanswered, "
	    "http-5xx, http-4xx, tls-alert, arp, ping", (int)(n < 40 ? n : 40), name);
}

static bool
take_kinds(struct failed *s, const char *list, struct err *e)
{
	for (;;) {
		size_t n = strcspn(list, ",");

		if (!take_kind(s, list, n, e))
			return false;
		if (list[n] == '\0')
			return true;
		list += n + 1;
	}
}

static bool
take_order(struct failed *s, const char *name, struct err *e)
{
	static const char *const names[] = {
		[BY_SEVERITY] = "severity", [BY_FAILED] = "failed", [BY_ATTEMPTS] = "attempts", [BY_FIRST] = "first",
		[BY_LAST] = "last", [BY_SOURCE] = "source", [BY_TARGET] = "target", [BY_KIND] = "kind",
	};

	for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], name) == 0) {
			s->show.by = i;
			return true;
		}
	return err_set(e, "--by %s: it is severity, failed, attempts, first, last, source, target or kind", name);
}

static bool
take_number(const char *arg, const char *what, long least, long most, long *n, struct err *e)
{
	char *end;

	errno = 0;
	*n = strtol(arg, &end, 10);
	return (end != arg && *end == '\0' && errno == 0 && *n >= least && *n <= most) ||
	    err_set(e, "--%s %s: a number from %ld to %ld is wanted", what, arg, least, most);
}

static bool
option(void *state, int letter, const char *arg, struct err *e)
{
	struct failed *s = state;
	char *end;
	double seconds;
	long n = 0;

	switch (letter) {
	case OPT_BY:
		return take_order(s, arg, e);
	case OPT_EXIT_STATUS:
		return s->exit_status = true;
	case OPT_FILTER_LENGTH:
		if (!take_number(arg, "filter-length", 20, FILTER_MAX, &n, e))
			return false;
		s->show.filter_max = (size_t)n;
		return true;
	case OPT_GRACE:
		seconds = strtod(arg, &end);
		if (end == arg || *end || !(seconds >= 0 && seconds <= 86400))
			return err_set(e, "--grace %s: seconds from 0 to 86400 are wanted", arg);
		s->desk.grace = (int64_t)(seconds * (double)SECOND);
		if (s->desk.grace == 0)
			s->desk.grace = -1;	/* not the default */
		return true;
	case OPT_KIND:
		return take_kinds(s, arg, e);
	case OPT_TOP:
		if (!take_number(arg, "top", 0, INT32_MAX, &n, e))
			return false;
		s->show.top = (uint64_t)n;
		return true;
	}
	return err_set(e, "option %d is not known", letter);
}

/* --- the flow table's events ------------------------------------------------------------------------------------- */

static void
opened(void *ctx, struct flow *f)
{
	conns_opened(((struct failed *)ctx)->conns, f);
}

static bool
bytes(void *ctx, struct flow *f, unsigned dir, const struct flow_piece *piece)
{
	return conns_bytes(((struct failed *)ctx)->conns, f, dir, piece);
}

/* Nobody has to send a packet so that what was asked is old: at the end of a live capture the clock counts. */
static void
end_of_capture(struct failed *s)
{
	if (s->ended)
		return;
	s->ended = true;
	if (s->show.live && clock_wall_ns() > s->desk.now)
		s->desk.now = clock_wall_ns();
}

static void
closed(void *ctx, struct flow *f, enum flow_end why)
{
	struct failed *s = ctx;

	if (why == FLOW_END_CAPTURE)
		end_of_capture(s);
	conns_closed(s->conns, f, why);
}

/* --- the command ------------------------------------------------------------------------------------------------- */

static bool
prepare(void *state, struct analyse *a, char ***operands, struct track_options *o, struct err *e)
{
	struct failed *s = state;
	const struct analyse_options *ao = analyse_options(a);
	const struct catalog *c = analyse_catalog(a);

	(void)operands;
	s->a = a;
	s->show.json = ao->json;
	if (s->show.kinds == 0)
		s->show.kinds = UINT32_MAX;
	if (s->show.filter_max == 0)
		s->show.filter_max = ao->json ? FILTER_JSON : FILTER_TEXT;
	s->desk.grace = s->desk.grace == 0 ? 3 * SECOND : s->desk.grace < 0 ? 0 : s->desk.grace;
	s->layers.icmp = catalog_proto(c, "icmp");
	s->layers.icmp6 = catalog_proto(c, "icmpv6");
	s->layers.arp = catalog_proto(c, "arp");
	if (!desk_open(&s->desk) || (s->conns = conns_new(&s->desk, ao->display_filter == NULL)) == NULL)
		return err_set(e, "out of memory");
	o->layers_only = true;
	o->watch = (struct flow_watch) { .ctx = s, .opened = opened, .bytes = bytes, .closed = closed };
	return true;
}

static void
every(void *state, const struct tracked *t, bool passes)
{
	struct failed *s = state;

	if (t->ns > s->desk.now || s->show.end == 0)
		s->desk.now = t->ns;
	if (s->show.end == 0) {
		const struct source *from = analyse_source(s->a);

		s->show.live = from && from->live;
		s->show.begin = t->ns;
	}
	s->show.end = t->ns;
	failed_look(&s->desk, s->conns, &s->layers, t, passes);
}

static bool
packet(void *state, const struct tracked *t, struct err *e)
{
	(void)state, (void)t, (void)e;
	return true;
}

static bool
finish(void *state, struct err *e)
{
	struct failed *s = state;
	struct buf b = { 0 };
	bool ok = true;

	end_of_capture(s);
	conns_end(s->conns);
	asks_end(s->desk.asks);
	s->any = failed_tell(&b, &s->desk, &s->show) > 0;
	if (b.failed)
		ok = err_set(e, "out of memory");
	else
		ok = output_write(b.data, b.len, e) != OUTPUT_ERROR;
	buf_free(&b);
	failed_say_loss(&s->desk);
	return ok;
}

static int
status(void *state, int was)
{
	const struct failed *s = state;

	return was == 0 && s->exit_status && !s->any ? 1 : was;
}

static void
shut(void *state)
{
	struct failed *s = state;

	conns_free(s->conns);
	desk_close(&s->desk);
}

int
cmd_failed(int argc, char **argv)
{
	static const struct analyse_command c = {
		.name = "failed", .operands = "[expression]",
		.summary = "What did not work: connections, name lookups, requests and handshakes that failed, in groups.",
		.rows = rows, .n_rows = sizeof rows / sizeof *rows, .size = sizeof(struct failed), .option = option,
		.prepare = prepare, .every = every, .packet = packet, .finish = finish, .status = status, .close = shut,
	};

	return analyse_run(&c, argc, argv);
}
