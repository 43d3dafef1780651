/*
 * ClientHello and ServerHello (RFC 8446 section 4.1, RFC 5246 section 7.4.1), and what is reckoned from them: JA3, JA3S
 * (https://github.com/salesforce/ja3) and JA4 (https://github.com/FoxIO-LLC/ja4), which leave GREASE out.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	TLS_NAME_MAX = 256, TLS_ALPN_MAX = 16, TLS_LIST_MAX = 256, TLS_SESSION_MAX = 32, TLS_JA3 = 33, TLS_JA4 = 37,
};

struct tls_hello {
	bool server;
	bool retry;			/* the server wants another ClientHello: HelloRetryRequest */
	uint16_t legacy_version;	/* of the message */
	uint16_t version;		/* the server's choice, or the client's highest (supported_versions, GREASE left out) */
	uint16_t ciphers[TLS_LIST_MAX];	/* the client's, GREASE included; the server's one */
	unsigned n_ciphers;
	uint16_t extensions[TLS_LIST_MAX];	/* in their order, GREASE included */
	unsigned n_extensions;
	char sni[TLS_NAME_MAX];		/* as it was sent, NULs, controls and what is not ASCII as '.'; "" for none */
	char alpn[TLS_ALPN_MAX][TLS_NAME_MAX];	/* likewise */
	unsigned n_alpn;
	char ja3[TLS_JA3];		/* JA3 of a client, JA3S of a server, hex */
	char ja4[TLS_JA4];		/* of a client */
	bool resumed;			/* the client offers a ticket or PSK / the server takes it */
	bool cut;			/* lists are longer than the ceilings, or lengths do not fit: the fingerprints are "" */
	uint64_t number;		/* the packet in which it ended ... */
	int64_t ns;			/* ... and its time */
};

/* The session ID of the client's hello: a server of TLS 1.2 that says it back resumes. */
struct tls_session {
	uint8_t id[TLS_SESSION_MAX];
	unsigned len;
	bool early_data;	/* the client's hello announces it */
};

/* Reads the body of a ClientHello or (h->server) ServerHello; false: it is none. number and ns are the caller's. */
bool tls_hello_read(struct tls_hello *h, struct tls_session *s, const uint8_t *p, size_t n);

/* n bytes at p as a NUL-terminated text of at most TLS_NAME_MAX, '.' for what is not printable ASCII. */
void tls_text(char to[TLS_NAME_MAX], const uint8_t *p, size_t n);
