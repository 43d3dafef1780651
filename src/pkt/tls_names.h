/* Numbers of TLS and what they are called (IANA's registries of TLS parameters; RFC 8446, RFC 5246, RFC 6101). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "pkt/names.h"

extern const struct name tls_content_names[];	/* types of records */
extern const struct name tls_handshake_names[];	/* types of handshake messages */
extern const struct name tls_version_names[];	/* "TLS 1.3", "SSL 3.0" */
extern const struct name tls_level_names[];	/* of alerts */
extern const struct name tls_alert_names[];	/* "unknown_ca" */
extern const struct name tls_extension_names[];
extern const struct name tls_cipher_names[];	/* "TLS_AES_128_GCM_SHA256" */

enum { TLS_CHANGE_CIPHER = 20, TLS_ALERT = 21, TLS_HANDSHAKE = 22, TLS_DATA = 23, TLS_HEARTBEAT = 24 };
enum { TLS_CLIENT_HELLO = 1, TLS_SERVER_HELLO = 2, TLS_CERTIFICATE = 11 };
enum {
	TLS_EXT_NAME = 0, TLS_EXT_GROUPS = 10, TLS_EXT_POINTS = 11, TLS_EXT_SIGNATURES = 13, TLS_EXT_ALPN = 16,
	TLS_EXT_TICKET = 35, TLS_EXT_PSK = 41, TLS_EXT_EARLY_DATA = 42, TLS_EXT_VERSIONS = 43,
};
enum { TLS_RECORD_HEAD = 5, TLS_RECORD_MAX = (1 << 14) + 2048, TLS_MESSAGE_HEAD = 4, TLS_RANDOM = 32 };

/* Values that mean nothing and that clients strew about, so that servers learn to ignore what they do not know: RFC 8701. */
static inline bool
tls_grease(uint16_t v)
{
	return (v & 0x0f0f) == 0x0a0a && v >> 8 == (v & 0xff);
}

/* Can these five bytes be the head of a record of SSL 3.0 to TLS 1.3? Only application data may be empty. */
static inline bool
tls_record_head(const uint8_t *p)
{
	unsigned len = (unsigned)p[3] << 8 | p[4];

	return p[0] >= TLS_CHANGE_CIPHER && p[0] <= TLS_HEARTBEAT && p[1] == 3 && p[2] <= 4 && len <= TLS_RECORD_MAX &&
	    (len || p[0] == TLS_DATA);
}

/* The random of a ServerHello that is a HelloRetryRequest: RFC 8446 section 4.1.3. */
extern const uint8_t tls_retry_random[TLS_RANDOM];
