/* The parts of tls.c: messages, whole and without their heads. */
#pragma once

#include "stream/tls.h"

enum { TLS_SESSION_MAX = 32 };

/* The session ID of the client's hello: a server of TLS 1.2 that says it back resumes. */
struct tls_session {
	uint8_t id[TLS_SESSION_MAX];
	unsigned len;
	bool early_data;	/* the client's hello announces it */
};

/* Reads the body of a ClientHello or (h->server) ServerHello; false: it is none. number and ns are the caller's. */
bool tls_hello_read(struct tls_hello *h, struct tls_session *s, const uint8_t *p, size_t n);

/* Reads the body of a Certificate message up to TLS 1.2; false: there is no certificate in it. */
bool tls_certificate_read(struct tls_certificate *c, const uint8_t *p, size_t n);

/* n bytes at p as a NUL-terminated text of at most TLS_NAME_MAX, '.' for what is not printable ASCII. */
void tls_text(char to[TLS_NAME_MAX], const uint8_t *p, size_t n);
