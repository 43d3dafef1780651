/*
 * DNS over UDP and TCP (RFC 1035), multicast DNS (RFC 6762) and LLMNR (RFC 4795): names, types, codes, and how long
 * answers took. Over multicast, answers come from somebody else than was asked, or from nobody: those are counted, but
 * not matched with questions.
 */
#include <stdio.h>
#include <stdlib.h>

#include "cmd/stats_late.h"
#include "cmd/stats_lists.h"

#include "base/summary.h"
#include "base/top.h"
#include "flow/answer.h"
#include "out/grid.h"
#include "out/object.h"
#include "pkt/address.h"

enum {
	PORT_DNS = 53, PORT_MDNS = 5353, PORT_LLMNR = 5355,
	HEADER = 12, NAME_MAX_WIRE = 255,
	KEPT_MAX = HEADER + NAME_MAX_WIRE + 4,	/* bytes of a message over TCP that are kept: as far as its first question */
	SIDES_MAX = 65536,	/* directions of TCP in the middle of a message; further ones are not read */
	NAME_TEXT = 4 * NAME_MAX_WIRE + 1,
	POINTERS_MAX = 32,
};
enum { F_RESPONSE = 0x8000, RCODE = 0xf, NXDOMAIN = 3, SERVFAIL = 2 };
enum way { OVER_UDP, OVER_TCP, OVER_MULTICAST, WAYS };

static const struct name rcodes[] = {
	{ 0, "NOERROR" }, { 1, "FORMERR" }, { 2, "SERVFAIL" }, { 3, "NXDOMAIN" }, { 4, "NOTIMP" }, { 5, "REFUSED" },
	{ 6, "YXDOMAIN" }, { 7, "YXRRSET" }, { 8, "NXRRSET" }, { 9, "NOTAUTH" }, { 10, "NOTZONE" }, { 11, "DSOTYPENI" },
	{ 0, NULL }
};
static const struct name opcodes[] = {
	{ 0, "QUERY" }, { 1, "IQUERY" }, { 2, "STATUS" }, { 4, "NOTIFY" }, { 5, "UPDATE" }, { 6, "DSO" }, { 0, NULL }
};

/* A name's: answers by what they said. Its row's count is questions. */
struct asked {
	uint64_t answered, nxdomain, servfail, refused;	/* refused: any other error */
};

struct server {
	uint64_t asked, responses, failed;	/* failed: neither good nor NXDOMAIN */
	struct took took;		/* until the first answer */
};

/* A direction of a TCP conversation, between the pieces of a message. */
struct side {
	uint8_t length[2];
	uint8_t n_length;
	uint32_t left;		/* bytes of the message to come */
	uint32_t kept;
	uint8_t bytes[KEPT_MAX];
};

struct conversation {
	struct side *sides[2];	/* NULL: between messages */
	bool unsure[2];		/* bytes are missing: what comes may not be the beginning of a message */
	bool lost[2];		/* it was not */
};

struct section {
	struct stats_late late;			/* first */
	struct answers *answers;
	struct tally *names, *types, *opcodes, *rcodes, *servers;
	uint64_t messages[WAYS], queries, responses;
	uint64_t asked, answered;		/* distinct questions that can be matched, and those of them with an answer */
	uint64_t again, replies_again, unsolicited;
	uint64_t empty;				/* of the responses: no error, and no record */
	uint32_t sides;
	struct summary times;
};

/* --- messages ------------------------------------------------------------------------------------------------------- */

/* A character of a label: what would be read as something else with a backslash, what cannot be printed as \DDD. */
static char *
put_char(char *o, uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		c += 'a' - 'A';
	if (c <= ' ' || c >= 0x7f) {
		*o++ = '\\';
		*o++ = (char)('0' + c / 100);
		*o++ = (char)('0' + c / 10 % 10);
		c = '0' + c % 10;
	} else if (c == '.' || c == '\\') {
		*o++ = '\\';
	}
	*o++ = (char)c;
	return o;
}

/*
 * The name at `at` in lower case, a dot between its labels, as RFC 1035 section 5.1 writes it. Returns what is behind it in
 * the message, or 0.
 */
static uint32_t
name_text(char to[NAME_TEXT], const uint8_t *p, uint32_t n, uint32_t at)
{
	uint32_t end = 0, wire = 0;
	unsigned pointers = 0, len;
	char *o = to;

	for (;;) {
		if (at >= n)
			return 0;
		len = p[at++];
		if (len >= 0xc0) {
			if (at >= n || ++pointers > POINTERS_MAX)
				return 0;
			end = end ? end : at + 1;
			at = (len & 0x3f) << 8 | p[at];
			continue;
		}
		wire += len + 1;
		if (len > 63 || n - at < len || wire > NAME_MAX_WIRE)
			return 0;
		if (len == 0)
			break;
		if (o > to)
			*o++ = '.';
		while (len--)
			o = put_char(o, p[at++]);
	}
	if (o == to)
		*o++ = '.';
	*o = '\0';
	return end ? end : at;
}

static void
count_numbered(struct tally *t, const struct name *names, const char *other, unsigned v)
{
	const char *s = name_of(names, v);
	char text[16];

	if (!s) {
		snprintf(text, sizeof text, "%s%u", other, v);
		s = text;
	}
	list_count(t, s);
}

/* What an answer says of the name that was asked for. */
static void
count_code(struct asked *a, unsigned rcode)
{
	a->answered++;
	switch (rcode) {
	case 0:
		break;
	case SERVFAIL:
		a->servfail++;
		break;
	case NXDOMAIN:
		a->nxdomain++;
		break;
	default:
		a->refused++;
	}
}

/* A message, n bytes at p, of which at least the header and the first question are there. */
static void
count_message(struct section *s, const struct flow *f, unsigned dir, enum way way, const uint8_t *p, uint32_t n,
    struct answer a, int64_t ns)
{
	unsigned flags = (unsigned)p[2] << 8 | p[3], rcode = flags & RCODE, questions = (unsigned)p[4] << 8 | p[5];
	bool response = flags & F_RESPONSE;
	unsigned far = response ? dir : !dir;
	char name[NAME_TEXT];
	uint32_t end = questions ? name_text(name, p, n, HEADER) : 0;
	struct tally_row *row = NULL, *server = NULL;
	struct server *x = NULL;

	s->messages[way]++;
	count_numbered(s->opcodes, opcodes, "OPCODE", flags >> 11 & 15);
	if (end)
		row = response ? tally_at(s->names, name, strlen(name)) : tally_count(s->names, name, strlen(name));
	if (way != OVER_MULTICAST)
		server = tally_at(s->servers, f->ends.addr[far], f->ends.version == 4 ? 4 : 16);
	if (server)
		x = tally_extra(server);
	if (!response) {
		s->queries++;
		if (end && end + 2 <= n)
			count_numbered(s->types, dns_types, "TYPE", (unsigned)p[end] << 8 | p[end + 1]);
		if (way == OVER_MULTICAST)
			return;
		if (x)
			x->asked++;
		s->asked += a.kind == ANSWER_REQUEST;
		s->again += a.kind == ANSWER_REQUEST_AGAIN;
		return;
	}
	s->responses++;
	count_numbered(s->rcodes, rcodes, "RCODE", rcode);
	s->empty += rcode == 0 && p[6] == 0 && p[7] == 0;
	if (row)
		count_code(tally_extra(row), rcode);
	if (way == OVER_MULTICAST)
		return;
	s->unsolicited += a.kind == ANSWER_UNSOLICITED;
	s->replies_again += a.kind == ANSWER_REPLY_AGAIN;
	if (x) {
		x->responses++;
		x->failed += rcode != 0 && rcode != NXDOMAIN;
	}
	if (a.kind == ANSWER_REPLY) {
		int64_t took = ns > a.ns ? ns - a.ns : 0;

		s->answered++;
		summary_add(&s->times, took);
		if (x)
			took_add(&x->took, took);
	}
}

static void
message(struct section *s, const struct flow *f, unsigned dir, enum way way, const uint8_t *p, uint32_t n,
    const struct flow_piece *k, bool counts)
{
	struct answer a = { ANSWER_NONE, 0, 0 };

	if (n < HEADER)
		return;
	if (way != OVER_MULTICAST)
		a = answers_dns(s->answers, f, p, n, k->number, k->ns);
	if (counts)
		count_message(s, f, dir, way, p, n, a, k->ns);
}

/* --- over TCP: a length of two bytes in front of each message (RFC 1035 section 4.2.2) ------------------------------ */

static void
side_free(struct section *s, struct side **side)
{
	s->sides -= *side != NULL;
	free(*side);
	*side = NULL;
}

/* Is it likely to be a message: one question, with a name and class IN? */
static bool
likely(const uint8_t *p, uint32_t n)
{
	char name[NAME_TEXT];
	uint32_t end = n > HEADER && p[4] == 0 && p[5] == 1 ? name_text(name, p, n, HEADER) : 0;

	return end && n - end >= 4 && p[end + 2] == 0 && p[end + 3] == 1;
}

/* Takes a piece; false: this direction is not understood any more. Behind a gap, a message may begin with the piece. */
static bool
take_stream(struct section *s, struct conversation *c, const struct flow *f, unsigned dir, const struct flow_piece *k,
    bool counts)
{
	struct side **side = &c->sides[dir], *d;
	const uint8_t *p = k->p;
	uint32_t n = k->len, some;

	if (k->missing) {
		side_free(s, side);
		c->unsure[dir] = true;
	}
	while (n) {
		if (!*side) {
			if (s->sides == SIDES_MAX || (*side = calloc(1, sizeof **side)) == NULL)
				return false;
			s->sides++;
		}
		d = *side;
		if (d->n_length < 2) {
			d->length[d->n_length++] = *p++;
			n--;
			d->left = (uint32_t)d->length[0] << 8 | d->length[1];
			if (d->n_length == 2 && d->left < HEADER)
				return false;
			continue;
		}
		some = n < d->left ? n : d->left;
		if (d->kept < KEPT_MAX) {
			uint32_t keep = some < KEPT_MAX - d->kept ? some : KEPT_MAX - d->kept;

			memcpy(d->bytes + d->kept, p, keep);
			d->kept += keep;
		}
		p += some;
		n -= some;
		d->left -= some;
		if (d->left == 0) {
			if (c->unsure[dir] && !likely(d->bytes, d->kept))
				return false;
			c->unsure[dir] = false;
			message(s, f, dir, OVER_TCP, d->bytes, d->kept, k, counts);
			side_free(s, side);
		}
	}
	return true;
}

static bool
has_port(const struct flow *f, uint16_t port)
{
	return f->ends.port[0] == port || f->ends.port[1] == port;
}

static bool
take(void *ctx, struct flow *f, void **mine, unsigned dir, const struct flow_piece *k, bool counts)
{
	struct section *s = ctx;
	struct conversation *c = *mine;
	bool multicast = has_port(f, PORT_MDNS) || has_port(f, PORT_LLMNR);

	if (f->kind == FLOW_UDP && (multicast || has_port(f, PORT_DNS))) {
		if (k->p)
			message(s, f, dir, multicast ? OVER_MULTICAST : OVER_UDP, k->p, k->len, k, counts);
		return true;
	}
	if (f->kind != FLOW_TCP || !has_port(f, PORT_DNS))
		return false;
	if (!c && (c = *mine = calloc(1, sizeof *c)) == NULL)
		return false;
	if (!c->lost[dir] && !take_stream(s, c, f, dir, k, counts)) {
		c->lost[dir] = true;
		side_free(s, &c->sides[dir]);
	}
	return !c->lost[0] || !c->lost[1];
}

/* --- the section ---------------------------------------------------------------------------------------------------- */

static bool
dns_open(void *state, const struct stats_setup *setup, struct err *e)
{
	struct section *s = state;

	s->late = (struct stats_late){ .filtered = setup->filtered, .ctx = s, .take = take };
	s->answers = answers_new();
	s->names = list_new(sizeof(struct asked), setup->left);
	s->types = list_new(0, setup->left);
	s->opcodes = list_new(0, setup->left);
	s->rcodes = list_new(0, setup->left);
	s->servers = list_new(sizeof(struct server), setup->left);
	return (s->answers && s->names && s->types && s->opcodes && s->rcodes && s->servers) || err_set(e, "out of memory");
}

static void
dns_closed(void *state, struct flow *f, void **mine, enum flow_end end)
{
	struct section *s = state;
	struct conversation *c;

	(void)f, (void)end;
	late_flush(&s->late);
	c = *mine;
	if (c) {
		side_free(s, &c->sides[0]);
		side_free(s, &c->sides[1]);
	}
	free(c);
	*mine = NULL;
}

/* --- telling -------------------------------------------------------------------------------------------------------- */

static uint64_t
greater(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static bool
names_less(const void *ctx, const void *a, const void *b)
{
	const struct tally_row *x = a, *y = b;
	uint64_t m = greater(x->count, ((struct asked *)tally_extra(a))->answered);
	uint64_t n = greater(y->count, ((struct asked *)tally_extra(b))->answered);

	(void)ctx;
	return m != n ? m < n : x->order > y->order;
}

static bool
servers_less(const void *ctx, const void *a, const void *b)
{
	const struct server *x = tally_extra(a), *y = tally_extra(b);
	uint64_t m = greater(x->asked, x->responses), n = greater(y->asked, y->responses);

	(void)ctx;
	return m != n ? m < n : ((const struct tally_row *)a)->order > ((const struct tally_row *)b)->order;
}

static void
sort(const struct tally *t, bool (*less)(const void *, const void *, const void *), size_t n, struct top *top)
{
	top_begin(top, n, less, NULL);
	for (const struct tally_row *r = tally_first(t); r; r = r->next)
		top_offer(top, r);
	top_sort(top);
}

static void
server_text(char *to, const struct tally *t, const struct tally_row *r)
{
	*(r->key_len == 4 ? address_ip4 : address_ip6)(to, tally_key(t, r)) = '\0';
}

/* A name, in which nothing needs to be made harmless any more. */
static void
put_name(struct grid *g, const char *name, size_t n)
{
	char text[LIST_SHOWN_MAX + 4];

	snprintf(text, sizeof text, n > LIST_SHOWN_MAX ? "%.*s..." : "%.*s",
	    (int)(n > LIST_SHOWN_MAX ? LIST_SHOWN_MAX : n), name);
	grid_str(g, text);
}

static void
text_names(const struct section *s, const struct stats_view *v)
{
	static const struct grid_column columns[] = {
		{ "queries", false }, { "answers", false }, { "NXDOMAIN", false }, { "SERVFAIL", false }, { "other", false },
		{ "name", true },
	};
	struct top top;
	struct grid g;

	if (tally_rows(s->names) == 0)
		return;
	buf_char(v->out, '\n');
	grid_begin(&g, columns, sizeof columns / sizeof *columns, 2);
	sort(s->names, names_less, v->top, &top);
	for (size_t i = 0; i < top.n; i++) {
		const struct tally_row *r = top.at[i];
		const struct asked *a = tally_extra(r);

		grid_u(&g, r->count);
		grid_u(&g, a->answered);
		grid_u(&g, a->nxdomain);
		grid_u(&g, a->servfail);
		grid_u(&g, a->refused);
		put_name(&g, tally_key(s->names, r), r->key_len);
	}
	grid_end(&g, v->out);
	list_rest(s->names, top.n, v->out);
	top_free(&top);
}

static void
text_servers(const struct section *s, const struct stats_view *v)
{
	static const struct grid_column columns[] = {
		{ "queries", false }, { "answers", false }, { "failed", false }, { "mean time", false }, { "longest", false },
		{ "server", true },
	};
	struct top top;
	struct grid g;

	if (tally_rows(s->servers) == 0)
		return;
	buf_char(v->out, '\n');
	grid_begin(&g, columns, sizeof columns / sizeof *columns, 2);
	sort(s->servers, servers_less, v->top, &top);
	for (size_t i = 0; i < top.n; i++) {
		const struct server *x = tally_extra(top.at[i]);
		char text[ADDRESS_IP6_ROOM];

		server_text(text, s->servers, top.at[i]);
		grid_u(&g, x->asked);
		grid_u(&g, x->responses);
		grid_u(&g, x->failed);
		took_text(&x->took, &g);
		grid_str(&g, text);
	}
	grid_end(&g, v->out);
	list_rest(s->servers, top.n, v->out);
	top_free(&top);
}

static void
dns_text(void *state, const struct stats_view *v)
{
	struct section *s = state;
	struct buf *b = v->out;

	late_flush(&s->late);
	list_fact(b, "messages");
	buf_u(b, s->queries), buf_str(b, " queries, "), buf_u(b, s->responses), buf_str(b, " responses; ");
	buf_u(b, s->messages[OVER_UDP]), buf_str(b, " over UDP, "), buf_u(b, s->messages[OVER_TCP]);
	buf_str(b, " over TCP, "), buf_u(b, s->messages[OVER_MULTICAST]), buf_str(b, " multicast\n");
	list_fact(b, "unanswered");
	buf_u(b, s->asked - (s->answered < s->asked ? s->answered : s->asked));
	buf_str(b, " of "), buf_u(b, s->asked), buf_str(b, " questions\n");
	list_fact(b, "repeated");
	buf_u(b, s->again), buf_str(b, " queries, "), buf_u(b, s->replies_again), buf_str(b, " responses; ");
	buf_u(b, s->unsolicited), buf_str(b, " responses without a query\n");
	list_fact(b, "empty");
	buf_u(b, s->empty), buf_str(b, " responses without error and without a record\n");
	list_text_times(&s->times, "answer time", b);
	if (answers_crowded(s->answers)) {
		list_fact(b, "forgotten");
		buf_u(b, answers_crowded(s->answers)), buf_str(b, " questions for want of room\n");
	}
	list_text(s->rcodes, "response code", v);
	list_text(s->types, "type asked for", v);
	/* Hardly ever is there another one than queries. */
	if (tally_rows(s->opcodes) > 1 || !tally_find(s->opcodes, "QUERY", 5))
		list_text(s->opcodes, "operation", v);
	text_names(s, v);
	text_servers(s, v);
}

static void
json_names(const struct section *s, const struct stats_view *v)
{
	struct top top;

	object_list(v->out, "names");
	sort(s->names, names_less, v->top, &top);
	for (size_t i = 0; i < top.n; i++) {
		const struct tally_row *r = top.at[i];
		const struct asked *a = tally_extra(r);

		object_open(v->out, NULL);
		object_text(v->out, "name", tally_key(s->names, r), r->key_len);
		object_u(v->out, "queries", r->count);
		object_u(v->out, "responses", a->answered);
		object_u(v->out, "nxdomain", a->nxdomain);
		object_u(v->out, "servfail", a->servfail);
		object_u(v->out, "other_errors", a->refused);
		object_close(v->out);
	}
	object_list_end(v->out);
	list_json_others(s->names, "names", v);
	top_free(&top);
}

static void
json_servers(const struct section *s, const struct stats_view *v)
{
	struct top top;

	object_list(v->out, "servers");
	sort(s->servers, servers_less, v->top, &top);
	for (size_t i = 0; i < top.n; i++) {
		const struct server *x = tally_extra(top.at[i]);
		char text[ADDRESS_IP6_ROOM];

		server_text(text, s->servers, top.at[i]);
		object_open(v->out, NULL);
		object_str(v->out, "address", text);
		object_u(v->out, "queries", x->asked);
		object_u(v->out, "responses", x->responses);
		object_u(v->out, "failed", x->failed);
		took_json(&x->took, v->out);
		object_close(v->out);
	}
	object_list_end(v->out);
	list_json_others(s->servers, "servers", v);
	top_free(&top);
}

static void
dns_json(void *state, const struct stats_view *v)
{
	struct section *s = state;
	struct buf *b = v->out;

	late_flush(&s->late);
	object_u(b, "queries", s->queries);
	object_u(b, "responses", s->responses);
	object_u(b, "udp", s->messages[OVER_UDP]);
	object_u(b, "tcp", s->messages[OVER_TCP]);
	object_u(b, "multicast", s->messages[OVER_MULTICAST]);
	object_u(b, "questions", s->asked);
	object_u(b, "answered", s->answered);
	object_u(b, "repeated_queries", s->again);
	object_u(b, "repeated_responses", s->replies_again);
	object_u(b, "unsolicited", s->unsolicited);
	object_u(b, "empty", s->empty);
	object_u(b, "forgotten", answers_crowded(s->answers));
	list_json_times(&s->times, "answer_time", b);
	list_json(s->rcodes, "response_codes", "code", v);
	list_json(s->types, "types", "type", v);
	list_json(s->opcodes, "operations", "operation", v);
	json_names(s, v);
	json_servers(s, v);
}

static void
dns_close(void *state)
{
	struct section *s = state;

	answers_free(s->answers);
	tally_free(s->names);
	tally_free(s->types);
	tally_free(s->opcodes);
	tally_free(s->rcodes);
	tally_free(s->servers);
	summary_free(&s->times);
	late_free(&s->late);
}

const struct stats_section stats_dns = {
	.name = "dns", .title = "DNS", .help = "names, types, response codes, answer times, unanswered questions",
	.size = sizeof(struct section), .open = dns_open, .packet = late_packet, .bytes = late_bytes, .closed = dns_closed,
	.text = dns_text, .json = dns_json, .close = dns_close,
};
