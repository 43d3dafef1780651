/* The parts of tls.c: messages, whole and without their heads. */
#pragma once

#include "stream/tls.h"

/* Reads the body of a Certificate message up to TLS 1.2; false: there is no certificate in it. */
bool tls_certificate_read(struct tls_certificate *c, const uint8_t *p, size_t n);
