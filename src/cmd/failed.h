/*
 * `wiretape failed`: what did not work on this network. Failures of connections and of questions are gathered in groups by
 * kind, source, target, port and subject; groups that would be too many become one (a scan is one line), and each
 * group knows the packets that it is made of.
 *
 *   failed.c          the command: options, packets in
 *   failed_look.c     a packet: who has to look at it; ICMP errors, ARP, echo and DNS are taken to their tables
 *   failed_conn.c     connections' records; failed_judge.c: what became of a connection
 *   failed_talk.c     what is said over a TCP connection: HTTP, TLS, DNS
 *   failed_quote.c    ICMP errors and the packets that they quote
 *   failed_ask.c      questions that wait for an answer: DNS, ARP, echo; failed_dns.c: messages of DNS
 *   failed_groups.c   the groups; failed_attempts.c: how often was it tried, and did it work
 *   failed_show.c     text and JSON
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/ranges.h"
#include "flow/flow.h"

/* What is tried: attempts are counted by it. */
enum failed_class { TRY_CONNECT, TRY_UDP, TRY_DNS, TRY_HTTP, TRY_TLS, TRY_ARP, TRY_ECHO };

enum failed_kind {
	FAILED_REFUSED, FAILED_UNANSWERED, FAILED_FILTERED, FAILED_HALF_OPEN, FAILED_RESET, FAILED_CLOSED,
	FAILED_UNREACHABLE,
	FAILED_SERVFAIL, FAILED_NXDOMAIN, FAILED_DNS_REFUSED, FAILED_DNS_ERROR, FAILED_DNS_UNANSWERED,
	FAILED_HTTP_5XX, FAILED_HTTP_4XX, FAILED_TLS_ALERT, FAILED_ARP, FAILED_PING,
	FAILED_KINDS,
};

/* Ceilings. */
enum {
	FAILED_GROUPS_MAX = 65536,	/* groups and what they may become; further failures share one group a kind */
	FAILED_ATTEMPTS_MAX = 524288,	/* source, target, port of which attempts are counted */
	FAILED_ASKS_MAX = 65536,	/* questions without an answer; the oldest goes first */
	FAILED_ORPHANS_MAX = 16384,	/* connections known from ICMP errors only */
	FAILED_RUNS_MAX = 1 << 21,	/* runs of packet and stream numbers, all groups together */
	FAILED_TEXT_MAX = 256,		/* of a subject or a cause */
	/* Groups of a kind that differ only in their subject (port, target, source, all of these) become one beyond so many. */
	FAILED_SUBJECTS = 16, FAILED_PORTS = 16, FAILED_TARGETS = 16, FAILED_SOURCES = 32, FAILED_ANY = 64,
	FAILED_SINGLES = 1000,		/* of a kind; beyond, those that failed once become one group */
	FAILED_REPEATED = 3,		/* so many attempts without success have "never succeeded" */
};

extern const struct failed_kind_row {
	const char *name;
	const char *title;		/* a few words, for the summary */
	uint8_t severity;		/* 1 to 3 */
} failed_kinds[FAILED_KINDS];

/* What was tried when that failed; proto is the ends'. */
enum failed_class failed_class_of(enum failed_kind kind, uint8_t proto);

/* Who, whom and where. Unused bytes are zero, so that equal ones are equal in memory. */
struct failed_ends {
	uint8_t source[16], target[16];
	uint16_t port;			/* the target's; 0: there is none */
	uint8_t version;		/* 4 or 6 */
	uint8_t proto;			/* IPPROTO_; 0: ARP */
};

/* Text out of packets: not NUL-terminated, not harmless. */
struct failed_text {
	const char *p;
	size_t len;
};

/* The packets of a failure or a group: those of streams, and single ones. */
struct failed_packets {
	struct ranges tcp, udp, frames;
};

/* One failure, or the same one several times over. */
struct failure {
	enum failed_kind kind;
	struct failed_ends ends;
	struct failed_text subject;	/* name, path: what was asked for; may be empty */
	struct failed_text cause;	/* "RST by target", "404 Not Found": told apart, too */
	int64_t first, last;
	int64_t wait;			/* ns until it failed; -1: that is not known */
	uint64_t tries;			/* packets that asked; 0: does not matter */
	uint64_t bytes;			/* that went well before */
	struct failed_packets *packets;	/* taken over, and empty then */
};

struct extent {
	uint64_t min, max;
};

enum failed_shape { SHAPE_ONE, SHAPE_SUBJECTS, SHAPE_PORTS, SHAPE_TARGETS, SHAPE_SOURCES, SHAPE_SOURCE, SHAPE_KIND, SHAPES };

struct group {
	enum failed_kind kind;
	enum failed_shape shape;
	struct failed_ends ends;	/* what the shape leaves open is zero */
	char *subject, *cause;		/* raw; NULL: there is none, or several have become one */
	uint32_t subject_len, cause_len;
	bool subjects_differ, causes_differ;
	uint64_t failed;
	int64_t first, last;
	struct extent wait, tries, bytes;
	bool waits;			/* wait says something */
	struct failed_packets packets;
	struct ranges sources, targets, ports, subjects;	/* left open; IPv6 addresses and subjects as hashes */
	/* The table's own. */
	struct group *next;		/* in its bucket */
	struct group *parent[SHAPES], *before[SHAPES], *after[SHAPES];	/* families, by the parent's shape */
	struct group *members;
	uint32_t n_members, swept;	/* swept: SHAPE_KIND, members left by the last sweep */
	bool grown;			/* shapes other than SHAPE_ONE: has taken its members in, and is shown */
	uint64_t hash;
};

struct groups;

/* NULL without memory. */
struct groups *groups_new(void);
void groups_free(struct groups *);
void groups_add(struct groups *, const struct failure *);
/* Room for runs of numbers, which failures' packets take from. */
size_t *groups_room(struct groups *);
/* All groups that are to be shown, in no order: an array to be freed, *n of them; NULL without memory or for none. */
struct group **groups_list(struct groups *, size_t *n);
/* Failures that went to a kind's last group for want of room. */
uint64_t groups_crowded(const struct groups *);

/* --- attempts ------------------------------------------------------------------------------------------------------ */

enum attempt { ATTEMPT_OTHER, ATTEMPT_SUCCEEDED, ATTEMPT_FAILED, ATTEMPT_PENDING };

struct tally {
	uint64_t attempts, succeeded, failed, pending;
};

struct attempts;

struct attempts *attempts_new(void);
void attempts_free(struct attempts *);
void attempts_count(struct attempts *, enum failed_class, const struct failed_ends *, struct failed_text subject, enum attempt);
/* Those of a group's shape; NULL: nobody has counted them, for want of room or because they have nothing in common. */
const struct tally *attempts_of(const struct attempts *, const struct group *);
const struct tally *attempts_all(const struct attempts *, enum failed_class);
/* Attempts that could not be counted for want of room. */
uint64_t attempts_lost(const struct attempts *);

/* A hash that who sends packets cannot know, the same in one run. */
uint64_t failed_hash(const void *p, size_t n, uint64_t seed);

/* --- connections ----------------------------------------------------------------------------------------------------- */

/* An ICMP error about a connection. */
struct quote_error {
	uint8_t version;		/* of ICMP */
	uint8_t type, code;
	uint8_t reporter[16];		/* who sent it */
	uint16_t mtu;			/* of the next hop, where it says; 0: it does not */
};

/* A connection: what the flow table does not remember of it. */
struct conn {
	struct conn *next;		/* in its bucket */
	struct flow *flow;		/* NULL: known only from what ICMP errors quote */
	struct flow_ends ends;		/* the flow's; [0] is the quoted packet's source where there is none */
	bool wanted;			/* -Y has passed a packet of it */
	/* The first RST, and what was before it. */
	bool reset, fin_before;
	unsigned reset_dir;
	int64_t reset_ns, reset_wait;	/* wait: since the other side's last packet; -1: it had sent none */
	uint64_t reset_payload;
	/* The first FIN. */
	bool fin;
	unsigned fin_dir;
	int64_t fin_ns;
	int64_t last[2];		/* packet of a side; 0: none */
	bool asks;			/* UDP: its first datagram is one that has to be answered */
	/* ICMP errors: the last one, which side sent what it quotes, and how many packets the other side had sent by then. */
	uint64_t errors;
	struct quote_error error;
	unsigned error_dir;
	uint64_t error_heard;
	int64_t error_first, error_last;
	int64_t error_wait;		/* of the first one, since the side's last packet; -1 */
	struct ranges error_frames;
	struct talk *talk;		/* what is said over it: failed_talk.c */
};

/* What became of a connection. */
struct verdict {
	bool attempt;			/* it counts as one */
	enum attempt how;		/* ATTEMPT_FAILED: the rest is set */
	enum failed_kind kind;
	unsigned source;		/* which end tried */
	char cause[FAILED_TEXT_MAX];
	int64_t first, last, wait;
	uint64_t tries, bytes;
};

/*
 * Judges a connection (TCP, UDP, or one without a flow) when the last packet seen was at `now`; what began less than grace ns
 * before is pending.
 */
void failed_judge(const struct conn *, int64_t now, int64_t grace, struct verdict *);
/* Is a datagram to this port one that has to be answered? */
bool failed_must_answer(uint16_t port, const uint8_t *p, uint32_t len);
bool failed_is_unicast(const uint8_t *addr, unsigned version);

/* --- ICMP errors --------------------------------------------------------------------------------------------------------- */

/* The packet that an ICMP error quotes. */
struct quote {
	struct quote_error error;
	struct flow_ends ends;		/* [0] sent it; ports 0 where it has none */
	bool echo;			/* an echo request: asked is id << 16 | sequence */
	uint32_t asked;			/* of DNS: the query's id */
	bool dns;			/* a query, as far as that is quoted */
};

/* Reads the ICMP (version 4) or ICMPv6 message at p, inside the IP header at net. False: it is no error, or cut too short. */
bool quote_read(struct quote *q, const uint8_t *p, uint32_t caplen, const uint8_t *net, unsigned version);
/* "host unreachable from 10.0.0.254" */
void quote_describe(const struct quote_error *, char text[FAILED_TEXT_MAX]);
bool quote_is_port(const struct quote_error *);	/* port unreachable */

/* --- questions ------------------------------------------------------------------------------------------------------------- */

struct ask_key {
	struct failed_ends ends;
	uint32_t id;
	uint16_t sport;
	uint8_t kind;			/* enum failed_kind: what it is if nobody answers */
	uint8_t zero;
};

struct ask {
	struct ask_key key;
	struct ask *next;		/* in its bucket */
	struct ask *older, *newer;
	char *subject;			/* subject_len bytes, or NULL */
	uint32_t subject_len;
	bool answered;
	bool wanted;			/* -Y has passed a packet of it */
	int64_t first, last;
	uint64_t tries;
	struct ranges frames;
};

struct asks;

/* gone: called for a question that nobody has answered and that is dropped now, for want of room or because its key asks anew. */
struct asks *asks_new(size_t *room, void (*gone)(void *ctx, struct ask *), void *ctx);
void asks_free(struct asks *);
/* A question, or one more try of it. */
void asks_ask(struct asks *, const struct ask_key *, struct failed_text subject, int64_t ns, uint64_t number,
    bool wanted);
/* The question under that key, answered or not; NULL: nobody asked. The caller sets `answered`. */
struct ask *asks_find(struct asks *, const struct ask_key *);
/* Calls gone for each that has no answer. */
void asks_end(struct asks *);

struct dns_message {
	uint16_t id;
	bool response;
	uint8_t opcode, rcode;
	char subject[FAILED_TEXT_MAX];	/* "www.example.org A", controls and all; empty: it has no whole question */
	size_t subject_len;
};

/* Reads the message at p, of which caplen bytes are captured. False: it is none. */
bool dns_read(struct dns_message *m, const uint8_t *p, uint32_t caplen);
const char *dns_rcode_name(unsigned rcode);	/* NULL: it has none */
enum failed_kind dns_rcode_kind(unsigned rcode);

/* --- the desk: where all that was found goes -------------------------------------------------------------------- */

struct desk {
	struct groups *groups;
	struct attempts *attempts;
	struct asks *asks;
	int64_t now;			/* the last packet's time; at the end of a live capture, the clock's */
	int64_t grace;			/* ns */
	bool passes;			/* -Y passes the packet that is looked at */
	uint64_t talk_held;		/* bytes that HTTP, TLS and DNS over TCP hold */
	uint64_t talks_lost;		/* connections of which HTTP, TLS or DNS was not looked at, for want of room */
	uint64_t late_lost;		/* responses in the packet with which -Y chose their connection, beyond those kept */
	uint64_t orphans_lost;		/* ICMP errors about unknown packets, for want of room */
};

/* False without memory. */
bool desk_open(struct desk *);
void desk_close(struct desk *);
/* An attempt that failed: counts it, and adds it to its group. */
void desk_failed(struct desk *, const struct failure *);
void desk_tried(struct desk *, enum failed_class, const struct failed_ends *, struct failed_text subject, enum attempt);
/* One end's attempt at the other. */
struct failed_ends desk_ends(const struct flow_ends *, unsigned source);
/* A DNS message between these ends, from ends[dir], in the packet `number`. */
void desk_dns(struct desk *, const struct flow_ends *, unsigned dir, const uint8_t *p, uint32_t caplen, int64_t ns,
    uint64_t number);
/* A question of this kind has got its answer. */
void desk_answered(struct desk *, const struct ask_key *);
/* An ICMP error that is about a question: true if it was the answer to one that is waited for, or was. */
bool desk_quoted(struct desk *, const struct quote *, int64_t ns, uint64_t number);

/* --- connections' records ---------------------------------------------------------------------------------------- */

struct conns;

struct conns *conns_new(struct desk *, bool wanted);	/* wanted: all are, from their beginning */
/* Judges those that are known from ICMP errors only. */
void conns_end(struct conns *);
void conns_free(struct conns *);
/* The flow table's events. */
void conns_opened(struct conns *, struct flow *);
bool conns_bytes(struct conns *, struct flow *, unsigned dir, const struct flow_piece *);
void conns_closed(struct conns *, struct flow *, enum flow_end);
/* A packet of a flow. */
void conns_step(struct conns *, const struct flow_step *, int64_t ns, uint64_t number);
/* An ICMP error about a packet. */
void conns_quoted(struct conns *, const struct quote *, int64_t ns, uint64_t number);

/* Takes a stream's next bytes; false: nothing more is wanted of this connection. */
bool talk_take(struct desk *, struct conn *, unsigned dir, const struct flow_piece *);
/* -Y has passed the packet `number`, the first one of the connection: what was heard in it counts, what was before does not. */
void talk_wanted(struct desk *, struct conn *, uint64_t number);
void talk_end(struct desk *, struct conn *);

/* --- a packet ---------------------------------------------------------------------------------------------------- */

struct tracked;
struct catalog;

/* The layers that are looked at. */
struct failed_layers {
	const struct proto *icmp, *icmp6, *arp;
};

/* passes: -Y passes it; what it does not pass is looked at all the same, for what became of the rest. */
void failed_look(struct desk *, struct conns *, const struct failed_layers *, const struct tracked *, bool passes);

/* --- telling ----------------------------------------------------------------------------------------------------- */

enum failed_order { BY_SEVERITY, BY_FAILED, BY_ATTEMPTS, BY_FIRST, BY_LAST, BY_SOURCE, BY_TARGET, BY_KIND };

struct failed_show {
	bool json;
	bool live;			/* stream and packet numbers say nothing afterwards: capture filters instead */
	enum failed_order by;
	uint64_t top;			/* 0: all */
	size_t filter_max;		/* characters of a filter */
	uint32_t kinds;			/* 1 << enum failed_kind */
	bool never;			/* only what has never succeeded */
	int64_t begin, end;		/* of the capture; end 0: it was empty */
};

/* Writes the report to *b; the number of groups it has. */
size_t failed_tell(struct buf *b, struct desk *, const struct failed_show *);
/* Lines on standard error about what ceilings cost. */
void failed_say_loss(const struct desk *);

/* The command; the exit status. */
int cmd_failed(int argc, char **argv);
