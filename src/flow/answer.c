/* Requests and their replies; see answer.h. Requests are slots of a ring, so that the oldest is where the next one goes. */
#include "flow/answer.h"

#include <stdlib.h>

#include "base/hash.h"
#include "flow/flow.h"

enum {
	BUCKETS = ANSWERS_MAX,
	DNS_BYTES = 4,			/* id and flags */
	ECHO_BYTES = 8,
	ECHO_REPLY = 0, ECHO_REQUEST = 8,
	ECHO6_REQUEST = 128, ECHO6_REPLY = 129,
	IP_ICMP = 1, IP_ICMP6 = 58,
};

static const uint64_t DNS_AGAIN_NS = 5000000000;

/* Who asks whom, and what: what a request and its reply have in common. */
struct key {
	uint64_t talk;			/* the flow's stream number, its kind, the rule */
	uint64_t id;
};

struct request {
	struct key key;
	uint64_t number, reply;		/* packets; reply 0: none yet */
	int64_t ns, reply_ns;
	uint32_t next;			/* in its bucket: slot + 1; 0: none */
	bool used;
};

struct answers {
	struct hash_key hash;
	uint32_t slot;			/* where the next request goes */
	uint64_t crowded;
	uint32_t buckets[BUCKETS];	/* slot + 1 */
	struct request slots[ANSWERS_MAX];
};

enum rule { RULE_DNS, RULE_ECHO };

struct answers *
answers_new(void)
{
	struct answers *a = calloc(1, sizeof *a);

	if (a)
		hash_key_draw(&a->hash);
	return a;
}

void
answers_free(struct answers *a)
{
	free(a);
}

uint64_t
answers_crowded(const struct answers *a)
{
	return a->crowded;
}

static struct key
key_of(const struct flow *flow, enum rule rule, uint64_t id)
{
	return (struct key){ .talk = (uint64_t)flow->stream << 16 | (uint64_t)flow->kind << 8 | rule, .id = id };
}

static uint32_t *
bucket_of(struct answers *a, const struct key *k)
{
	return &a->buckets[hash_words(&a->hash, (uint64_t[]){ k->talk, k->id }, 2) % BUCKETS];
}

static struct request *
request_find(struct answers *a, const struct key *k)
{
	uint32_t i = *bucket_of(a, k);

	while (i && (a->slots[i - 1].key.talk != k->talk || a->slots[i - 1].key.id != k->id))
		i = a->slots[i - 1].next;
	return i ? &a->slots[i - 1] : NULL;
}

static void
request_drop(struct answers *a, struct request *r)
{
	uint32_t *at = bucket_of(a, &r->key);

	while (&a->slots[*at - 1] != r)
		at = &a->slots[*at - 1].next;
	*at = r->next;
	r->used = false;
}

/* In the place of the one before that had its key, if there is one. */
static void
request_add(struct answers *a, struct request *before, const struct key *k, uint64_t number, int64_t ns)
{
	struct request *r = &a->slots[a->slot];
	uint32_t *bucket = bucket_of(a, k);

	if (before)
		request_drop(a, before);
	if (r->used) {
		a->crowded += r->reply == 0;
		request_drop(a, r);
	}
	*r = (struct request){ .key = *k, .number = number, .ns = ns, .next = *bucket, .used = true };
	*bucket = a->slot + 1;
	a->slot = (a->slot + 1) % ANSWERS_MAX;
}

/* A clock that went backwards makes no request a new one. */
static bool
is_again(const struct request *r, int64_t ns)
{
	return r->reply == 0 && (ns < r->ns || (uint64_t)ns - (uint64_t)r->ns < DNS_AGAIN_NS);
}

struct answer
answers_dns(struct answers *a, const struct flow *flow, const uint8_t *p, uint32_t caplen, uint64_t number, int64_t ns)
{
	struct answer out = { ANSWER_NONE, 0, 0 };
	struct request *r;
	struct key k;

	if (caplen < DNS_BYTES)
		return out;
	k = key_of(flow, RULE_DNS, (uint64_t)p[0] << 8 | p[1]);
	r = request_find(a, &k);
	if (!(p[2] & 0x80)) {
		if (r && is_again(r, ns))
			return (struct answer){ ANSWER_REQUEST_AGAIN, r->number, r->ns };
		request_add(a, r, &k, number, ns);
		return (struct answer){ ANSWER_REQUEST, number, ns };
	}
	if (!r)
		return (struct answer){ ANSWER_UNSOLICITED, 0, 0 };
	if (r->reply)
		return (struct answer){ ANSWER_REPLY_AGAIN, r->reply, r->reply_ns };
	r->reply = number;
	r->reply_ns = ns;
	return (struct answer){ ANSWER_REPLY, r->number, r->ns };
}

/* The checksum (RFC 1071) of a message of which 16 bits were replaced: RFC 1624 equation 3. */
static uint16_t
checksum_with(uint16_t sum, uint16_t before, uint16_t now)
{
	uint32_t s = (uint32_t)(uint16_t)~sum + (uint16_t)~before + now;

	s = (s & 0xffff) + (s >> 16);
	s = (s & 0xffff) + (s >> 16);
	return (uint16_t)~s;
}

struct answer
answers_echo(struct answers *a, const struct flow *flow, const uint8_t *p, uint32_t caplen, uint64_t number, int64_t ns)
{
	struct answer out = { ANSWER_NONE, 0, 0 };
	bool six = flow->ends.proto == IP_ICMP6;
	uint8_t ask = six ? ECHO6_REQUEST : ECHO_REQUEST, reply = six ? ECHO6_REPLY : ECHO_REPLY;
	struct request *r;
	struct key k;
	uint16_t sum;

	if (caplen < ECHO_BYTES || (!six && flow->ends.proto != IP_ICMP) || (p[0] != ask && p[0] != reply))
		return out;
	sum = (uint16_t)(p[2] << 8 | p[3]);
	if (p[0] == ask)
		sum = checksum_with(sum, (uint16_t)(ask << 8), (uint16_t)(reply << 8));
	k = key_of(flow, RULE_ECHO,
		(uint64_t)sum << 32 | (uint64_t)p[4] << 24 | (uint64_t)p[5] << 16 | (uint64_t)p[6] << 8 | p[7]);
	r = request_find(a, &k);
	if (p[0] == ask) {
		request_add(a, r, &k, number, ns);
		return (struct answer){ ANSWER_REQUEST, number, ns };
	}
	if (!r || r->reply)
		return (struct answer){ r ? ANSWER_REPLY_AGAIN : ANSWER_UNSOLICITED, r ? r->reply : 0, r ? r->reply_ns : 0 };
	r->reply = number;
	r->reply_ns = ns;
	return (struct answer){ ANSWER_REPLY, r->number, r->ns };
}
