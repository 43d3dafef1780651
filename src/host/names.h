/*
 * Names for what packets carry as numbers: hosts, services, link addresses. Host names are asked for by helper
 * threads beside the printing one, which waits only a little: a dead or slow name server costs a second in all, and
 * from then on addresses stay numeric until their answers have come.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "dissect/dissect.h"

/* Ceilings: what is remembered and what is waited for. */
enum {
	NAMES_HOSTS_MAX = 32768,	/* addresses remembered; the oldest goes first (some 4 MiB) */
	NAMES_QUEUE_MAX = 1024,		/* questions not yet taken up; what comes on top is not asked this time */
	NAMES_THREADS = 8,
	NAMES_NAME_MAX = 256,	/* with the NUL */
	NAMES_PROMPT_MS = 25,		/* an answer this quick does not count as waiting ... */
	NAMES_PROMPT_TOTAL_MS = 10000,	/* ... for so long in all */
	NAMES_WAIT_MS = 1000,		/* all other waiting of a run */
	NAMES_WAIT_ONE_MS = 250,	/* for one address */
};

struct names_options {
	bool local_only;	/* -f: ask only for IPv4 addresses of the capture's own network */
	uint32_t net, mask;	/* which it is, in network order */
	bool no_domain;		/* -N: names up to their first dot */
	/*
	 * Asks the system in place of this process: helper (below NAMES_THREADS) tells which thread wants to know. False:
	 * there is no name. NULL: names_ask.
	 */
	bool (*look_up)(void *ctx, unsigned helper, unsigned version, const uint8_t *addr, char name[NAMES_NAME_MAX]);
	void *ctx;
	/* Called with 1 when ctx is taken, and with -1, perhaps by a thread, when none uses it any more; may be NULL. */
	void (*share)(void *ctx, int by);
};

struct names;

/* NULL without memory. No thread is started before the first question, nor are files read unless names_prepare is called. */
struct names *names_new(const struct names_options *o);

/* Threads still waiting for an answer are left to end by themselves; what they need is kept for them. */
void names_free(struct names *n);

/* Reads /etc/services and /etc/ethers, for who cannot open them later. */
void names_prepare(struct names *n);

/* What the system calls an address of this version (4, 6), however long it takes to find out; false: it has no name. */
bool names_ask(unsigned version, const uint8_t *addr, char name[NAMES_NAME_MAX]);

/* The functions a walk asks. Valid as long as n. */
struct resolver names_resolver(struct names *n);
