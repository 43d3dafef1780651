#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "host/names.h"
#include "base/clock.h"
#include "host/static_names.h"

enum { BUCKETS = 16384, NONE = -1 };
enum state { UNASKED, ASKED, ANSWERED };

/* An address and what is known of its name. In a bucket's chain, and in the order of arrival. */
struct host {
	uint8_t addr[16];
	uint8_t version;
	uint8_t state;
	uint32_t serial;	/* tells a late answer for an address that has made room for another */
	int32_t next;		/* in the bucket */
	char *name;		/* NULL: it has none */
};

struct question {
	int32_t host;
	uint32_t serial;
	uint8_t addr[16];
	uint8_t version;
};

struct names {
	struct names_options o;
	pthread_mutex_t lock;
	pthread_cond_t asked, answered;
	bool leaving;
	unsigned threads, idle;
	unsigned begun;		/* threads that have taken their number */
	unsigned refs;		/* the printing thread and the helpers; the last frees */

	int32_t buckets[BUCKETS];
	struct host *hosts;	/* a ring: the slot after the newest holds the oldest */
	int32_t n, oldest;
	uint32_t serial;
	struct question queue[NAMES_QUEUE_MAX];
	unsigned first, waiting;
	int64_t prompt_left, wait_left;	/* ns */
	char *given;		/* a name taken out of the cache while the packet may still show it */

	struct static_names *fixed;	/* services and link addresses, read when first asked for */
};

static unsigned
bucket_of(const uint8_t *addr, unsigned version)
{
	uint64_t h = 0xcbf29ce484222325u ^ version;

	for (unsigned i = 0; i < (version == 4 ? 4u : 16u); i++)
		h = (h ^ addr[i]) * 0x100000001b3u;
	return (unsigned)(h ^ h >> 32) % BUCKETS;
}

static void
unref_locked(struct names *n)
{
	bool last = --n->refs == 0;

	pthread_mutex_unlock(&n->lock);
	if (!last)
		return;
	for (int32_t i = 0; i < n->n; i++)
		free(n->hosts[i].name);
	free(n->hosts);
	if (n->o.share)
		n->o.share(n->o.ctx, -1);
	static_names_free(n->fixed);
	pthread_cond_destroy(&n->asked);
	pthread_cond_destroy(&n->answered);
	pthread_mutex_destroy(&n->lock);
	free(n);
}

bool
names_ask(unsigned version, const uint8_t *addr, char name[NAMES_NAME_MAX])
{
	struct sockaddr_in in4 = { .sin_family = AF_INET };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	const struct sockaddr *a = version == 4 ? (struct sockaddr *)&in4 : (struct sockaddr *)&in6;

	memcpy(version == 4 ? (void *)&in4.sin_addr : (void *)&in6.sin6_addr, addr, version == 4 ? 4 : 16);
	return getnameinfo(a, version == 4 ? sizeof in4 : sizeof in6, name, NAMES_NAME_MAX, NULL, 0, NI_NAMEREQD) == 0;
}

/* The name that is to be shown; NULL if there is none. */
static char *
name_asked(const struct names *n, unsigned helper, const struct question *q)
{
	char name[NAMES_NAME_MAX];

	if (!(n->o.look_up ? n->o.look_up(n->o.ctx, helper, q->version, q->addr, name) :
	    names_ask(q->version, q->addr, name)))
		return NULL;
	/* A name server is a stranger: its names go to a terminal. */
	for (char *c = name; *c; c++)
		if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7f)
			return NULL;
	if (n->o.no_domain)
		name[strcspn(name, ".")] = '\0';
	return strdup(name);
}

static void *
helper(void *arg)
{
	struct names *n = arg;
	unsigned me;

	pthread_mutex_lock(&n->lock);
	me = n->begun++;
	while (!n->leaving) {
		struct question q;
		struct host *h;
		char *name;

		if (n->waiting == 0) {
			n->idle++;
			pthread_cond_wait(&n->asked, &n->lock);
			n->idle--;
			continue;
		}
		q = n->queue[n->first];
		n->first = (n->first + 1) % NAMES_QUEUE_MAX;
		n->waiting--;
		pthread_mutex_unlock(&n->lock);
		name = name_asked(n, me, &q);
		pthread_mutex_lock(&n->lock);
		h = &n->hosts[q.host];
		if (h->serial == q.serial) {
			h->name = name;
			h->state = ANSWERED;
			pthread_cond_signal(&n->answered);
		} else
			free(name);
	}
	unref_locked(n);
	return NULL;
}

/* One more helper, if all are busy and there may be more. They leave signals to the printing thread. */
static void
help_more(struct names *n)
{
	sigset_t all, was;
	pthread_attr_t attr;
	pthread_t t;

	if (n->idle > 0 || n->threads >= NAMES_THREADS)
		return;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &was);
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	if (pthread_create(&t, &attr, helper, n) == 0) {
		n->threads++;
		n->refs++;
	}
	pthread_attr_destroy(&attr);
	pthread_sigmask(SIG_SETMASK, &was, NULL);
}

static bool
ask(struct names *n, int32_t i)
{
	struct host *h = &n->hosts[i];
	struct question *q = &n->queue[(n->first + n->waiting) % NAMES_QUEUE_MAX];

	if (n->waiting == NAMES_QUEUE_MAX)
		return false;
	*q = (struct question) { .host = i, .serial = h->serial, .version = h->version };
	memcpy(q->addr, h->addr, 16);
	n->waiting++;
	h->state = ASKED;
	help_more(n);
	pthread_cond_signal(&n->asked);
	return true;
}

/* Waits for the answer as long as the run's budgets allow. */
static void
wait_for(struct names *n, const struct host *h)
{
	int64_t start = clock_steady_ns(), most = 0, took, until;
	struct timespec t;

	if (n->prompt_left > 0)
		most = NAMES_PROMPT_MS * 1000000LL;
	if (n->wait_left > 0)
		most = n->wait_left < NAMES_WAIT_ONE_MS * 1000000LL ? n->wait_left : NAMES_WAIT_ONE_MS * 1000000LL;
	until = start + most;
	t = (struct timespec) { until / 1000000000, until % 1000000000 };
	while (most > 0 && h->state != ANSWERED)
		if (pthread_cond_timedwait(&n->answered, &n->lock, &t) != 0)
			break;
	took = clock_steady_ns() - start;
	if (h->state == ANSWERED && took <= NAMES_PROMPT_MS * 1000000LL && n->prompt_left > 0)
		n->prompt_left -= took;
	else {
		n->wait_left -= took;
		/* A server that does not answer in time even once the budget is gone has lost its privilege. */
		if (h->state != ANSWERED && n->wait_left <= 0)
			n->prompt_left = 0;
	}
}

static void
unlink_host(struct names *n, int32_t i)
{
	struct host *h = &n->hosts[i];
	int32_t *at = &n->buckets[bucket_of(h->addr, h->version)];

	while (*at != i)
		at = &n->hosts[*at].next;
	*at = h->next;
	free(n->given);
	n->given = h->name;
	h->name = NULL;
}

static int32_t
add_host(struct names *n, const uint8_t *addr, unsigned version, unsigned bucket)
{
	int32_t i = n->n;
	struct host *h;

	if (i == NAMES_HOSTS_MAX) {
		i = n->oldest;
		n->oldest = (n->oldest + 1) % NAMES_HOSTS_MAX;
		unlink_host(n, i);
	} else
		n->n++;
	h = &n->hosts[i];
	*h = (struct host) { .version = (uint8_t)version, .serial = ++n->serial, .next = n->buckets[bucket] };
	memcpy(h->addr, addr, version == 4 ? 4 : 16);
	n->buckets[bucket] = i;
	return i;
}

static const char *
names_host(void *ctx, int version, const uint8_t *addr)
{
	struct names *n = ctx;
	unsigned bucket = bucket_of(addr, (unsigned)version);
	const char *name;
	uint32_t ip4;
	int32_t i;

	if (version == 4 && n->o.local_only) {
		memcpy(&ip4, addr, 4);
		if ((ip4 & n->o.mask) != n->o.net)
			return NULL;
	}
	pthread_mutex_lock(&n->lock);
	if (!n->hosts && !(n->hosts = calloc(NAMES_HOSTS_MAX, sizeof *n->hosts))) {
		pthread_mutex_unlock(&n->lock);
		return NULL;
	}
	for (i = n->buckets[bucket]; i != NONE; i = n->hosts[i].next)
		if (n->hosts[i].version == version && memcmp(n->hosts[i].addr, addr, version == 4 ? 4 : 16) == 0)
			break;
	if (i == NONE)
		i = add_host(n, addr, (unsigned)version, bucket);
	if (n->hosts[i].state == UNASKED && ask(n, i))
		wait_for(n, &n->hosts[i]);
	name = n->hosts[i].state == ANSWERED ? n->hosts[i].name : NULL;
	pthread_mutex_unlock(&n->lock);
	return name;
}

static struct static_names *
fixed(struct names *n)
{
	if (!n->fixed)
		n->fixed = static_names_new();
	return n->fixed;
}

void
names_prepare(struct names *n)
{
	fixed(n);
}

static const char *
names_service(void *ctx, bool tcp, uint16_t port)
{
	struct static_names *f = fixed(ctx);

	return f ? static_names_service(f, tcp, port) : NULL;
}

static const char *
names_ether(void *ctx, const uint8_t *mac)
{
	struct static_names *f = fixed(ctx);

	return f ? static_names_ether(f, mac) : NULL;
}

struct names *
names_new(const struct names_options *o)
{
	struct names *n = calloc(1, sizeof *n);
	pthread_condattr_t attr;

	if (!n)
		return NULL;
	n->o = *o;
	if (o->share)
		o->share(o->ctx, 1);
	n->refs = 1;
	n->prompt_left = NAMES_PROMPT_TOTAL_MS * 1000000LL;
	n->wait_left = NAMES_WAIT_MS * 1000000LL;
	for (unsigned i = 0; i < BUCKETS; i++)
		n->buckets[i] = NONE;
	pthread_mutex_init(&n->lock, NULL);
	pthread_cond_init(&n->asked, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&n->answered, &attr);
	pthread_condattr_destroy(&attr);
	return n;
}

void
names_free(struct names *n)
{
	if (!n)
		return;
	pthread_mutex_lock(&n->lock);
	free(n->given);
	n->given = NULL;
	n->leaving = true;
	pthread_cond_broadcast(&n->asked);
	unref_locked(n);
}

struct resolver
names_resolver(struct names *n)
{
	return (struct resolver) { n, names_host, names_service, names_ether };
}
