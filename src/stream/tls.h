/*
 * What TLS says in the clear (RFC 8446, RFC 5246): hellos, certificates up to TLS 1.2, alerts; with the fingerprints JA3, JA3S
 * (https://github.com/salesforce/ja3) and JA4 (https://github.com/FoxIO-LLC/ja4).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flow/flow.h"

enum {
	TLS_NAME_MAX = 256, TLS_ALPN_MAX = 16, TLS_LIST_MAX = 256,
	TLS_FLIGHT_MAX = 256 << 10,	/* bytes of handshake messages that are put together, each direction */
	TLS_JA3 = 33, TLS_JA4 = 37,
};

struct tls_hello {
	bool server;
	uint16_t legacy_version;	/* of the message */
	uint16_t version;		/* the server's choice, or the client's highest (supported_versions, GREASE left out) */
	uint16_t ciphers[TLS_LIST_MAX];	/* the client's, GREASE included; the server's one */
	unsigned n_ciphers;
	uint16_t extensions[TLS_LIST_MAX];
	unsigned n_extensions;
	char sni[TLS_NAME_MAX];		/* as it was sent, NULs and controls as '.'; "" for none */
	char alpn[TLS_ALPN_MAX][TLS_NAME_MAX];
	unsigned n_alpn;
	char ja3[TLS_JA3];		/* JA3 of a client, JA3S of a server, hex */
	char ja4[TLS_JA4];		/* of a client */
	bool resumed;			/* the client offers a ticket or PSK / the server takes it */
	uint64_t number;
	int64_t ns;
};

struct tls_certificate {		/* the server's first one; names as text made harmless: '.' for controls */
	char subject[TLS_NAME_MAX], issuer[TLS_NAME_MAX];	/* common name, or the whole name where there is none */
	char names[8][TLS_NAME_MAX];	/* subject alternative names: DNS, and IP addresses as text */
	unsigned n_names;
	int64_t not_before, not_after;	/* seconds since 1970 UTC */
	char serial[65], sha256[65];	/* hex */
	bool self_signed;		/* subject and issuer are the same */
	uint64_t number;
	int64_t ns;
};

struct tls_alert {
	unsigned dir;
	uint8_t level, description;	/* not known of an encrypted one */
	bool encrypted;
	uint64_t number;
	int64_t ns;
};

struct tls_watch {
	void *ctx;
	void (*hello)(void *ctx, unsigned dir, const struct tls_hello *);
	void (*certificate)(void *ctx, unsigned dir, const struct tls_certificate *);
	void (*alert)(void *ctx, const struct tls_alert *);
};

struct tls;

/* One for each connection. NULL without memory. */
struct tls *tls_new(const struct tls_watch *);
void tls_free(struct tls *);
/* Takes the stream's next bytes; false: this direction is not TLS (any more), or has nothing more to tell. */
bool tls_take(struct tls *, unsigned dir, const struct flow_piece *);

/* "TLS 1.3", "SSL 3.0"; NULL for what nobody knows. */
const char *tls_version_name(uint16_t version);
const char *tls_alert_name(uint8_t description);
