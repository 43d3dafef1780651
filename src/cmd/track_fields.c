#include <stdlib.h>

#include "cmd/track_fields.h"

#include "cmd/say.h"
#include "flow/answer.h"

enum id {
	FRAME_DELTA, FRAME_DELTA_SHOWN, FRAME_RELATIVE, COMMUNITY, UDP_STREAM, SCTP_STREAM, TCP_STREAM, SEQ,
	ACK, WINDOW, SCALE, TIME_RELATIVE, TIME_DELTA, ANALYSIS, A_FLAGS, A_RETRANSMISSION, A_FAST, A_SPURIOUS,
	A_OUT_OF_ORDER, A_LOST, A_ACK_LOST, A_DUPLICATE_ACK, A_DUPLICATE_ACK_NUM, A_DUPLICATE_ACK_FRAME,
	A_ZERO_WINDOW, A_ZERO_WINDOW_PROBE, A_ZERO_WINDOW_PROBE_ACK, A_WINDOW_FULL, A_WINDOW_UPDATE,
	A_KEEP_ALIVE, A_KEEP_ALIVE_ACK, A_REUSED_PORTS, A_ACKS_FRAME, A_ACK_RTT, A_INITIAL_RTT, A_RTO,
	A_RTO_FRAME, A_IN_FLIGHT, A_PUSHED, DNS_TO, DNS_TIME, DNS_RETRANSMISSION, DNS_AGAIN, DNS_AGAIN_IN,
	DNS_REPLIED_AGAIN, DNS_REPLIED_AGAIN_IN, DNS_UNSOLICITED, ICMP_TO, ICMP_TIME, ICMP6_TO, ICMP6_TIME, IDS
};

static const char *const names[IDS] = {
	[FRAME_DELTA] = "frame.time_delta", [FRAME_DELTA_SHOWN] = "frame.time_delta_displayed",
	[FRAME_RELATIVE] = "frame.time_relative", [COMMUNITY] = "communityid", [UDP_STREAM] = "udp.stream",
	[SCTP_STREAM] = "sctp.assoc_index", [TCP_STREAM] = "tcp.stream", [SEQ] = "tcp.seq", [ACK] = "tcp.ack",
	[WINDOW] = "tcp.window_size", [SCALE] = "tcp.window_size_scalefactor", [TIME_RELATIVE] = "tcp.time_relative",
	[TIME_DELTA] = "tcp.time_delta", [ANALYSIS] = "tcp.analysis", [A_FLAGS] = "tcp.analysis.flags",
	[A_RETRANSMISSION] = "tcp.analysis.retransmission", [A_FAST] = "tcp.analysis.fast_retransmission",
	[A_SPURIOUS] = "tcp.analysis.spurious_retransmission", [A_OUT_OF_ORDER] = "tcp.analysis.out_of_order",
	[A_LOST] = "tcp.analysis.lost_segment", [A_ACK_LOST] = "tcp.analysis.ack_lost_segment",
	[A_DUPLICATE_ACK] = "tcp.analysis.duplicate_ack", [A_DUPLICATE_ACK_NUM] = "tcp.analysis.duplicate_ack_num",
	[A_DUPLICATE_ACK_FRAME] = "tcp.analysis.duplicate_ack_frame", [A_ZERO_WINDOW] = "tcp.analysis.zero_window",
	[A_ZERO_WINDOW_PROBE] = "tcp.analysis.zero_window_probe",
	[A_ZERO_WINDOW_PROBE_ACK] = "tcp.analysis.zero_window_probe_ack", [A_WINDOW_FULL] = "tcp.analysis.window_full",
	[A_WINDOW_UPDATE] = "tcp.analysis.window_update", [A_KEEP_ALIVE] = "tcp.analysis.keep_alive",
	[A_KEEP_ALIVE_ACK] = "tcp.analysis.keep_alive_ack", [A_REUSED_PORTS] = "tcp.analysis.reused_ports",
	[A_ACKS_FRAME] = "tcp.analysis.acks_frame", [A_ACK_RTT] = "tcp.analysis.ack_rtt",
	[A_INITIAL_RTT] = "tcp.analysis.initial_rtt", [A_RTO] = "tcp.analysis.rto",
	[A_RTO_FRAME] = "tcp.analysis.rto_frame", [A_IN_FLIGHT] = "tcp.analysis.bytes_in_flight",
	[A_PUSHED] = "tcp.analysis.push_bytes_sent", [DNS_TO] = "dns.response_to", [DNS_TIME] = "dns.time",
	[DNS_RETRANSMISSION] = "dns.retransmission", [DNS_AGAIN] = "dns.retransmit_request",
	[DNS_AGAIN_IN] = "dns.retransmit_request_in", [DNS_REPLIED_AGAIN] = "dns.retransmit_response",
	[DNS_REPLIED_AGAIN_IN] = "dns.retransmit_response_in", [DNS_UNSOLICITED] = "dns.unsolicited",
	[ICMP_TO] = "icmp.resp_to", [ICMP_TIME] = "icmp.resptime", [ICMP6_TO] = "icmpv6.resp_to",
	[ICMP6_TIME] = "icmpv6.resptime",
};

/* Flags, each a field that is there or not. */
static const struct {
	uint32_t bit;
	enum id id;
} flags[] = {
	{ TCP_RETRANSMISSION, A_RETRANSMISSION }, { TCP_FAST_RETRANSMISSION, A_FAST },
	{ TCP_SPURIOUS_RETRANSMISSION, A_SPURIOUS }, { TCP_OUT_OF_ORDER, A_OUT_OF_ORDER }, { TCP_LOST_SEGMENT, A_LOST },
	{ TCP_ACK_LOST_SEGMENT, A_ACK_LOST }, { TCP_DUPLICATE_ACK, A_DUPLICATE_ACK }, { TCP_ZERO_WINDOW, A_ZERO_WINDOW },
	{ TCP_ZERO_WINDOW_PROBE, A_ZERO_WINDOW_PROBE }, { TCP_ZERO_WINDOW_PROBE_ACK, A_ZERO_WINDOW_PROBE_ACK },
	{ TCP_WINDOW_FULL, A_WINDOW_FULL }, { TCP_WINDOW_UPDATE, A_WINDOW_UPDATE }, { TCP_KEEP_ALIVE, A_KEEP_ALIVE },
	{ TCP_KEEP_ALIVE_ACK, A_KEEP_ALIVE_ACK }, { TCP_REUSED_PORTS, A_REUSED_PORTS },
};

enum { DNS_PROTOS_MAX = 4 };		/* DNS over UDP and over TCP have a row each */

struct track_fields {
	struct answers *answers;
	const struct proto *dns[DNS_PROTOS_MAX];
	unsigned n_dns;
	const struct field *rows[IDS];
	unsigned needs;
	bool place, measures, flags;		/* fields of these groups are wanted */
	bool any_flag;				/* one that is there with every flag is */
	uint32_t flag_bits;			/* TCP_: those that are wanted themselves */
	bool begun, any_shown;
	int64_t first, before, shown, now;	/* times of packets: of the first, the last, the last shown, this one */
};

static bool
any_wanted(const struct track_fields *f, const struct field_set *wanted, enum id first, enum id last)
{
	for (unsigned i = first; i <= last; i++)
		if (field_set_has(wanted, f->rows[i]))
			return true;
	return false;
}

struct track_fields *
track_fields_new(const struct catalog *c, unsigned needs, const struct field_set *wanted)
{
	struct track_fields *f = calloc(1, sizeof *f);
	const struct proto *p;

	if (!f)
		return NULL;
	f->needs = needs;
	for (size_t i = 0; (p = catalog_at(c, i)) != NULL; i++)
		if (strcmp(p->name, "dns") == 0 && f->n_dns < DNS_PROTOS_MAX)
			f->dns[f->n_dns++] = p;
	if (needs & NEEDS_ANSWERS && (f->answers = answers_new()) == NULL) {
		free(f);
		return NULL;
	}
	for (unsigned i = 0; i < IDS; i++)
		if ((f->rows[i] = catalog_field(c, names[i], 0)) == NULL) {
			say_error("no field is called %s", names[i]);
			track_fields_free(f);
			return NULL;
		}
	f->place = any_wanted(f, wanted, SEQ, TIME_DELTA);
	f->measures = any_wanted(f, wanted, A_ACKS_FRAME, A_INITIAL_RTT) || any_wanted(f, wanted, A_IN_FLIGHT, A_PUSHED) ||
	    any_wanted(f, wanted, ANALYSIS, ANALYSIS);
	f->any_flag = any_wanted(f, wanted, A_FLAGS, A_FLAGS) || any_wanted(f, wanted, A_RTO, A_RTO_FRAME) ||
	    any_wanted(f, wanted, A_DUPLICATE_ACK_NUM, A_DUPLICATE_ACK_FRAME);
	for (unsigned i = 0; i < sizeof flags / sizeof *flags; i++)
		if (field_set_has(wanted, f->rows[flags[i].id]))
			f->flag_bits |= flags[i].bit;
	f->flags = f->any_flag || f->flag_bits;
	return f;
}

void
track_fields_free(struct track_fields *f)
{
	if (f)
		answers_free(f->answers);
	free(f);
}

void
track_fields_time(struct track_fields *f, int64_t ns)
{
	f->before = f->begun ? f->now : ns;
	if (!f->begun)
		f->first = ns;
	if (!f->any_shown)
		f->shown = ns;
	f->begun = true;
	f->now = ns;
}

static void
put_times(const struct track_fields *f, struct dis *d)
{
	const uint64_t now = (uint64_t)f->now;

	d->sink->now = 0;
	put_value(d, f->rows[FRAME_DELTA], now - (uint64_t)f->before);
	put_value(d, f->rows[FRAME_DELTA_SHOWN], now - (uint64_t)f->shown);
	put_value(d, f->rows[FRAME_RELATIVE], now - (uint64_t)f->first);
}

void
track_fields_shown(struct track_fields *f)
{
	f->shown = f->now;
	f->any_shown = true;
}

static void
put_duration(const struct track_fields *f, struct dis *d, enum id id, int64_t ns)
{
	if (ns != TCP_NO_TIME)
		put_value(d, f->rows[id], (uint64_t)ns);
}

/* A number that is there unless it is 0. */
static void
put_count(const struct track_fields *f, struct dis *d, enum id id, uint64_t n)
{
	if (n)
		put_value(d, f->rows[id], n);
}

static void
put_place(const struct track_fields *f, struct dis *d, const struct tcp_analysis *a)
{
	put_value(d, f->rows[SEQ], a->seq_relative);
	put_value(d, f->rows[ACK], a->ack_relative);
	put_value(d, f->rows[WINDOW], a->window_size);
	if (a->window_scale)
		put_value(d, f->rows[SCALE], (uint64_t)(int64_t)a->window_scale);
	put_duration(f, d, TIME_RELATIVE, a->time_relative);
	put_duration(f, d, TIME_DELTA, a->time_delta);
}

static void
put_measures(const struct track_fields *f, struct dis *d, const struct tcp_analysis *a)
{
	put_value(d, f->rows[ANALYSIS], 1);
	put_count(f, d, A_ACKS_FRAME, a->acks_frame);
	put_duration(f, d, A_ACK_RTT, a->ack_rtt);
	put_duration(f, d, A_INITIAL_RTT, a->initial_rtt);
	put_count(f, d, A_IN_FLIGHT, a->bytes_in_flight);
	if (a->bytes_in_flight)
		put_value(d, f->rows[A_PUSHED], a->push_bytes_sent);
}

/* The numbers of duplicates and time-outs come with their flags. */
static void
put_flags(const struct track_fields *f, struct dis *d, const struct tcp_analysis *a)
{
	put_value(d, f->rows[A_FLAGS], 1);
	for (unsigned i = 0; i < sizeof flags / sizeof *flags; i++)
		if (a->flags & flags[i].bit)
			put_value(d, f->rows[flags[i].id], 1);
	put_duration(f, d, A_RTO, a->rto);
	put_count(f, d, A_RTO_FRAME, a->rto_frame);
	put_count(f, d, A_DUPLICATE_ACK_NUM, a->duplicate_ack_num);
	put_count(f, d, A_DUPLICATE_ACK_FRAME, a->duplicate_ack_frame);
}

static void
put_analysis(const struct track_fields *f, struct dis *d, const struct tcp_analysis *a)
{
	if (f->place)
		put_place(f, d, a);
	if (a->any && f->measures)
		put_measures(f, d, a);
	if (a->any && a->flags && f->flags)
		put_flags(f, d, a);
}

bool
track_fields_any(const struct track_fields *f, const struct tracked *t)
{
	if (f->needs & ~(unsigned)NEEDS_ANALYSIS)
		return true;
	for (unsigned i = 0; i < t->n; i++) {
		const struct tcp_analysis *a = t->steps[i].analysis;

		if (a && (f->place || (a->any && (f->measures || (a->flags && (f->any_flag || a->flags & f->flag_bits))))))
			return true;
	}
	return false;
}

static void
put_flow(const struct track_fields *f, struct dis *d, struct flow *flow)
{
	static const int streams[FLOW_KINDS] = { [FLOW_TCP] = TCP_STREAM, [FLOW_UDP] = UDP_STREAM,
		[FLOW_SCTP] = SCTP_STREAM, [FLOW_ICMP] = -1 };

	if (f->needs & NEEDS_FLOWS && streams[flow->kind] >= 0)
		put_value(d, f->rows[streams[flow->kind]], flow->stream);
	if (f->needs & NEEDS_IDS)
		put_string(d, f->rows[COMMUNITY], flow_community(flow), COMMUNITY_ID_MAX - 1);
}

/* A DNS message is a layer of its own; over TCP its length stands in front. */
static void
put_dns(const struct track_fields *f, struct dis *d, const struct layer *l, const struct flow *flow, const struct tracked *t)
{
	uint32_t skip = flow->kind == FLOW_TCP ? 2 : 0;
	struct answer a;

	if (l->len < skip)
		return;
	a = answers_dns(f->answers, flow, l->p + skip, l->len - skip, t->number, t->ns);
	switch (a.kind) {
	case ANSWER_REPLY:
		put_value(d, f->rows[DNS_TO], a.number);
		put_value(d, f->rows[DNS_TIME], (uint64_t)t->ns - (uint64_t)a.ns);
		break;
	case ANSWER_REQUEST_AGAIN:
		put_value(d, f->rows[DNS_RETRANSMISSION], 1);
		put_value(d, f->rows[DNS_AGAIN], 1);
		put_value(d, f->rows[DNS_AGAIN_IN], a.number);
		break;
	case ANSWER_REPLY_AGAIN:
		put_value(d, f->rows[DNS_RETRANSMISSION], 1);
		put_value(d, f->rows[DNS_REPLIED_AGAIN], 1);
		put_value(d, f->rows[DNS_REPLIED_AGAIN_IN], a.number);
		break;
	case ANSWER_UNSOLICITED:
		put_value(d, f->rows[DNS_UNSOLICITED], 1);
		break;
	default:
		break;
	}
}

static void
put_echo(const struct track_fields *f, struct dis *d, const struct layer *l, const struct flow *flow, const struct tracked *t)
{
	bool v4 = flow->ends.version == 4;
	struct answer a = answers_echo(f->answers, flow, l->p, l->len, t->number, t->ns);

	if (a.kind != ANSWER_REPLY)
		return;
	put_value(d, f->rows[v4 ? ICMP_TO : ICMP6_TO], a.number);
	put_value(d, f->rows[v4 ? ICMP_TIME : ICMP6_TIME], (uint64_t)t->ns - (uint64_t)a.ns);
}

/* Requests and replies are in layers behind transport headers, whose flows they belong to. */
static void
put_answers(const struct track_fields *f, struct dis *d, const struct tracked *t)
{
	const struct fields *s = d->sink;
	unsigned step = 0;

	if (t->n == 0)
		return;
	for (uint32_t i = t->layers[0]; i < s->n_layers; i++) {
		const struct layer *l = &s->layers[i];
		const struct flow *flow;

		if (step + 1 < t->n && i == t->layers[step + 1])
			step++;
		flow = t->steps[step].flow;
		d->sink->now = (uint16_t)i;
		if (i == t->layers[step] && flow->kind == FLOW_ICMP)
			put_echo(f, d, l, flow, t);
		for (unsigned k = 0; k < f->n_dns; k++)
			if (l->proto == f->dns[k] && (flow->kind == FLOW_TCP || flow->kind == FLOW_UDP))
				put_dns(f, d, l, flow, t);
	}
}

void
track_fields_note(struct track_fields *f, struct dis *d, const struct tracked *t)
{
	if (f->needs & NEEDS_BEFORE)
		put_times(f, d);
	for (unsigned i = 0; i < t->n; i++) {
		d->sink->now = t->layers[i];
		if (f->needs & (NEEDS_FLOWS | NEEDS_IDS))
			put_flow(f, d, t->steps[i].flow);
		if (f->needs & NEEDS_ANALYSIS && t->steps[i].analysis)
			put_analysis(f, d, t->steps[i].analysis);
	}
	for (unsigned i = 0; i < t->n_quotes; i++) {
		d->sink->now = t->quote_layers[i];
		put_flow(f, d, t->quotes[i].flow);
	}
	if (f->needs & NEEDS_ANSWERS)
		put_answers(f, d, t);
}
