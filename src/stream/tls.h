/*
 * What TLS says in the clear (RFC 8446, RFC 5246, SSL 3.0: RFC 6101): hellos, certificates up to TLS 1.2, alerts; with
 * the fingerprints JA3, JA3S (https://github.com/salesforce/ja3) and JA4 (https://github.com/FoxIO-LLC/ja4).
 *
 * TLS may begin late in a stream: behind STARTTLS and CONNECT, or where a capture began in the middle. With its first
 * application data a direction has nothing more to tell: the alerts behind it, which close, are not told.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flow/flow.h"
#include "pkt/tls_hello.h"

enum {
	TLS_SANS_MAX = 8,
	TLS_FLIGHT_MAX = 256 << 10,	/* bytes of a handshake message that are put together, each direction */
	TLS_HELD_MAX = 64 << 20,	/* and of all connections that share `held`; further ones are passed over */
	TLS_HUNT_MAX = 16 << 10,	/* bytes that are no TLS, in each direction, before it is given up */
	TLS_TOLD_MAX = 32,		/* hellos and certificates, each direction */
};

/* The first certificate of a message; names as text made harmless: '.' for controls and what is not ASCII. */
struct tls_certificate {
	bool client;			/* sent by who sent a ClientHello */
	char subject[TLS_NAME_MAX], issuer[TLS_NAME_MAX];	/* common name, or the whole name where there is none */
	char names[TLS_SANS_MAX][TLS_NAME_MAX];	/* subject alternative names: DNS, and IP addresses as text */
	unsigned n_names;		/* of them all: names[] has the first ones */
	int64_t not_before, not_after;	/* seconds since 1970 UTC; INT64_MIN: makes no sense */
	char serial[65], sha256[65];	/* hex */
	bool self_signed;		/* subject and issuer are the same */
	uint64_t number;
	int64_t ns;
};

struct tls_alert {
	unsigned dir;
	uint8_t level, description;	/* 0 when encrypted: then only that there was one is known */
	bool encrypted;
	uint64_t number;
	int64_t ns;
};

/* Each may be NULL. What is lent is valid during the call. */
struct tls_watch {
	void *ctx;
	void (*hello)(void *ctx, unsigned dir, const struct tls_hello *);
	void (*certificate)(void *ctx, unsigned dir, const struct tls_certificate *);
	void (*alert)(void *ctx, const struct tls_alert *);
	uint64_t *held;		/* counts the bytes held; may be shared by many connections; NULL: nobody counts them */
};

struct tls;

/* One for each connection. NULL without memory. */
struct tls *tls_new(const struct tls_watch *);
void tls_free(struct tls *);
/* Takes the stream's next bytes; false: this direction is not TLS (any more), or has nothing more to tell. */
bool tls_take(struct tls *, unsigned dir, const struct flow_piece *);
/* Neither direction will tell anything more: flow_watch.bytes may return false. */
bool tls_done(const struct tls *);

/* "unknown_ca"; NULL for what nobody knows. */
const char *tls_alert_name(uint8_t description);
