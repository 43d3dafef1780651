/*
 * Which reply belongs to which request, and how long it took, by Wireshark's rules (version 4.0):
 *
 * DNS	by conversation and id. A request that comes again within five seconds of the first, before a reply, is a retransmission
 *	and changes nothing: dns.time counts from the first. Later than that, or after a reply, it is a new one. A second reply
 *	is a retransmission, one without request unsolicited; both have no dns.time.
 * Echo	ICMP and ICMPv6, by conversation, identifier, sequence number and checksum, which has to be the request's but for the
 *	type: with other data it is no reply. A request that comes again is a new one; a second reply is told to be nobody's.
 *
 * What a later packet brings is not known at a request, as in Wireshark's first pass: there are no dns.response_in and
 * icmp.resp_in. The table has a ceiling, the oldest request goes first; a reply to it is then without request.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct flow;

enum { ANSWERS_MAX = 65536 };	/* requests remembered, answered ones too */

enum answer_kind {
	ANSWER_NONE,			/* neither request nor reply, or cut short */
	ANSWER_REQUEST,
	ANSWER_REQUEST_AGAIN,		/* number, ns: the first such request */
	ANSWER_REPLY,			/* number, ns: the request; the answer took this packet's time less ns */
	ANSWER_REPLY_AGAIN,		/* number, ns: the first reply */
	ANSWER_UNSOLICITED,		/* a reply without request */
};

struct answer {
	enum answer_kind kind;
	uint64_t number;
	int64_t ns;
};

struct answers;

/* NULL without memory. */
struct answers *answers_new(void);
void answers_free(struct answers *);

/*
 * Takes the next DNS message of a flow: p is where its header begins (over TCP: behind the length), caplen what was captured
 * of it, number and ns are the packet's.
 *
 * dns.response_to, dns.time		ANSWER_REPLY
 * dns.retransmission			both _AGAIN; with dns.retransmit_request and dns.retransmit_request_in, or with
 *					dns.retransmit_response and dns.retransmit_response_in
 * dns.unsolicited			ANSWER_UNSOLICITED
 */
struct answer answers_dns(struct answers *, const struct flow *, const uint8_t *p, uint32_t caplen, uint64_t number, int64_t ns);

/*
 * Takes the next ICMP or ICMPv6 message of a flow, from its header on. icmp.resp_to and icmp.resptime (icmpv6.; milliseconds with
 * a fraction) are fields of ANSWER_REPLY; the other kinds have none.
 */
struct answer answers_echo(struct answers *, const struct flow *, const uint8_t *p, uint32_t caplen, uint64_t number, int64_t ns);

/* Requests that went for want of room before a reply was seen. */
uint64_t answers_crowded(const struct answers *);
