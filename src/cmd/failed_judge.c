/* What became of a connection: each kind as wiretape(8) defines it. */
#include <stdio.h>
#include <string.h>

#include "cmd/failed.h"
#include "pkt/names.h"

const struct failed_kind_row failed_kinds[FAILED_KINDS] = {
	[FAILED_REFUSED] = { "refused", "refused", 3 },
	[FAILED_UNANSWERED] = { "unanswered", "unanswered", 3 },
	[FAILED_FILTERED] = { "filtered", "filtered", 3 },
	[FAILED_HALF_OPEN] = { "half-open", "half-open", 2 },
	[FAILED_RESET] = { "reset", "reset half way", 3 },
	[FAILED_CLOSED] = { "closed", "closed at once", 2 },
	[FAILED_UNREACHABLE] = { "unreachable", "UDP port unreachable", 3 },
	[FAILED_SERVFAIL] = { "servfail", "SERVFAIL", 3 },
	[FAILED_NXDOMAIN] = { "nxdomain", "NXDOMAIN", 1 },
	[FAILED_DNS_REFUSED] = { "dns-refused", "DNS REFUSED", 3 },
	[FAILED_DNS_ERROR] = { "dns-error", "other DNS errors", 2 },
	[FAILED_DNS_UNANSWERED] = { "dns-unanswered", "unanswered DNS", 3 },
	[FAILED_HTTP_5XX] = { "http-5xx", "HTTP 5xx", 3 },
	[FAILED_HTTP_4XX] = { "http-4xx", "HTTP 4xx", 1 },
	[FAILED_TLS_ALERT] = { "tls-alert", "TLS alerts", 3 },
	[FAILED_ARP] = { "arp", "ARP without reply", 1 },
	[FAILED_PING] = { "ping", "pings without reply", 1 },
};

enum failed_class
failed_class_of(enum failed_kind kind, uint8_t proto)
{
	switch (kind) {
	case FAILED_UNREACHABLE:
		return TRY_UDP;
	case FAILED_SERVFAIL: case FAILED_NXDOMAIN: case FAILED_DNS_REFUSED: case FAILED_DNS_ERROR:
	case FAILED_DNS_UNANSWERED:
		return TRY_DNS;
	case FAILED_HTTP_4XX: case FAILED_HTTP_5XX:
		return TRY_HTTP;
	case FAILED_TLS_ALERT:
		return TRY_TLS;
	case FAILED_ARP:
		return TRY_ARP;
	case FAILED_PING:
		return TRY_ECHO;
	default:
		return proto == IPP_TCP ? TRY_CONNECT : proto == IPP_ICMP || proto == IPP_ICMPV6 ? TRY_ECHO : TRY_UDP;
	}
}

bool
failed_must_answer(uint16_t port, const uint8_t *p, uint32_t len)
{
	switch (port) {
	case 123:		/* NTP: mode 3 is a client's (RFC 5905 section 7.3) */
		return len >= 1 && (p[0] & 7) == 3;
	case 88:		/* Kerberos */
	case 111:		/* RPC's port mapper */
	case 161:		/* SNMP */
	case 389:		/* CLDAP */
	case 464:		/* Kerberos passwords */
	case 500:		/* IKE */
	case 1812: case 1813:	/* RADIUS */
	case 3478:		/* STUN */
	case 5351:		/* NAT-PMP, PCP */
		return true;
	default:
		return false;
	}
}

bool
failed_is_unicast(const uint8_t *a, unsigned version)
{
	static const uint8_t zeros[16];

	if (memcmp(a, zeros, version == 4 ? 4 : 16) == 0)
		return false;
	/* Multicast, class E and the limited broadcast; a subnet's own broadcast address looks like a host's. */
	return version == 4 ? a[0] < 224 : a[0] != 0xff;
}

static bool
failed_as(struct verdict *v, enum failed_kind kind, const char *cause)
{
	v->attempt = true;
	v->how = ATTEMPT_FAILED;
	v->kind = kind;
	snprintf(v->cause, sizeof v->cause, "%s", cause);
	return true;
}

static const char *
by(const struct verdict *v, bool fin, unsigned dir)
{
	return fin ? (dir == v->source ? "FIN by source" : "FIN by target") :
	    dir == v->source ? "RST by source" : "RST by target";
}

/*
 * An ICMP error that was the end: what it was about was not heard of again. One that was overcome is none (RFC 1122
 * section 4.2.3.9: TCP goes on after a soft error, and Path MTU Discovery lives by them).
 */
static bool
judge_error(const struct conn *c, int64_t now, int64_t grace, struct verdict *v)
{
	const struct flow *f = c->flow;

	if (c->errors == 0 || (f && f->packets[!c->error_dir] > c->error_heard))
		return false;
	if (f && f->packets[0] && f->packets[1] && now - c->error_last < grace)
		return false;		/* it may go on yet */
	failed_as(v, FAILED_FILTERED, "");
	quote_describe(&c->error, v->cause);
	v->wait = c->error_wait;
	if (v->first > c->error_first || v->first == 0)
		v->first = c->error_first;
	if (v->last < c->error_last)
		v->last = c->error_last;
	return true;
}

/* SYN without SYN-ACK. */
static bool
judge_unheard(const struct conn *c, int64_t now, int64_t grace, struct verdict *v)
{
	const struct flow *f = c->flow;

	v->attempt = true;
	v->tries = f->packets[v->source];
	if (c->reset && c->reset_dir != v->source) {
		v->wait = c->reset_wait;
		return failed_as(v, FAILED_REFUSED, "");
	}
	if (judge_error(c, now, grace, v))
		return true;
	if (now - f->first < grace) {
		v->how = ATTEMPT_PENDING;
		return true;
	}
	v->wait = f->last - f->first;
	return failed_as(v, FAILED_UNANSWERED, "");
}

static void
judge_tcp(const struct conn *c, int64_t now, int64_t grace, struct verdict *v)
{
	const struct flow *f = c->flow;
	bool syn, synack, acked, data = c->reset ? c->reset_payload > 0 : f->payload[0] || f->payload[1];
	unsigned i;

	data |= f->missing[0] || f->missing[1];

	/* Who tried: who sent a SYN, or was sent the answer to one. */
	i = f->saw[0] & TCP_SAW_SYN ? 0 : f->saw[1] & TCP_SAW_SYN ? 1 : f->saw[0] & TCP_SAW_SYNACK ? 1 : 0;
	v->source = i;
	syn = f->saw[i] & TCP_SAW_SYN;
	synack = f->saw[!i] & TCP_SAW_SYNACK;
	acked = f->saw[i] & TCP_SAW_ACK;
	v->attempt = syn || synack;
	if (syn && !synack && !acked && f->payload[!i] == 0) {
		judge_unheard(c, now, grace, v);
		return;
	}
	if (syn && synack && !acked) {
		if (c->reset) {
			v->wait = c->reset_wait;
			failed_as(v, FAILED_HALF_OPEN, by(v, false, c->reset_dir));
		} else if (judge_error(c, now, grace, v)) {
			return;
		} else if (now - f->synack < grace) {
			v->how = ATTEMPT_PENDING;
		} else {
			failed_as(v, FAILED_HALF_OPEN, "no ACK");
		}
		return;
	}
	if (c->reset && !c->fin_before && data) {
		v->wait = c->reset_ns - f->first;
		v->bytes = c->reset_payload;
		failed_as(v, FAILED_RESET, by(v, false, c->reset_dir));
		return;
	}
	if (!data && syn && (c->reset || c->fin)) {
		v->wait = (c->fin ? c->fin_ns : c->reset_ns) - (f->ack ? f->ack : f->first);
		failed_as(v, FAILED_CLOSED, by(v, c->fin, c->fin ? c->fin_dir : c->reset_dir));
		return;
	}
	if (!c->fin && judge_error(c, now, grace, v)) {
		v->bytes = f->payload[0] + f->payload[1];
		return;
	}
	v->how = ATTEMPT_SUCCEEDED;
}

static void
judge_udp(const struct conn *c, int64_t now, int64_t grace, struct verdict *v)
{
	const struct flow *f = c->flow;

	v->attempt = failed_is_unicast(f->ends.addr[1], f->ends.version);
	v->tries = f->packets[0];
	if (c->errors && quote_is_port(&c->error)) {
		v->source = c->error_dir;
		v->tries = f->packets[v->source];
		judge_error(c, INT64_MAX, 0, v);
		failed_as(v, FAILED_UNREACHABLE, "");
		quote_describe(&c->error, v->cause);
		v->wait = c->error_wait;
	} else if (judge_error(c, now, grace, v)) {
		v->source = c->error_dir;
	} else if (f->packets[1]) {
		v->how = ATTEMPT_SUCCEEDED;
	} else if (c->asks && v->attempt) {
		if (now - f->first < grace) {
			v->how = ATTEMPT_PENDING;
			return;
		}
		v->wait = f->last - f->first;
		failed_as(v, FAILED_UNANSWERED, "");
	}
}

void
failed_judge(const struct conn *c, int64_t now, int64_t grace, struct verdict *v)
{
	const struct flow *f = c->flow;

	*v = (struct verdict) { .wait = -1 };
	if (f) {
		v->first = f->first;
		v->last = f->last;
	}
	if (f && f->packets[0] + f->packets[1] == 0 && c->errors == 0)
		return;		/* something quoted it, and that was no error */
	if (f && f->kind == FLOW_TCP) {
		judge_tcp(c, now, grace, v);
	} else if (f && f->kind == FLOW_UDP) {
		judge_udp(c, now, grace, v);
	} else if (judge_error(c, now, grace, v)) {
		v->source = c->error_dir;
		if (c->ends.proto == IPP_UDP && quote_is_port(&c->error))
			v->kind = FAILED_UNREACHABLE;
	}
}
