/*
 * Secrets for decrypting IPsec, as -E has them:
 *
 *	SPI@ADDRESS ALGORITHM:SECRET	ESP with this index to this address
 *	ALGORITHM:SECRET		ESP that nothing else fits
 *	ikev2 I|R 0xCOOKIE 0xCOOKIE AUTHENTICATION:SECRET ALGORITHM:SECRET
 *					the protected messages of an IKEv2 initiator or responder
 *	file NAME			a file with such lines; empty ones and those with # are left out
 *
 * separated by commas or line ends. A secret is text, or hex behind 0x. Algorithms are OpenSSL's names, also with -cbc
 * behind them, 3des, or none; -hmac96 tells of 12 bytes of authentication at the end.
 *
 * Once parsed they do not change: any number of walks may use them at once.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct keys;
struct key;

/*
 * Secrets that make no sense are told to warn and left out. NULL, with e set, if a file cannot be read or there is no
 * memory. keys_free takes NULL.
 */
struct keys *keys_parse(const char *secrets, void (*warn)(const char *text), struct err *e);
void keys_free(struct keys *);

/* The key for ESP to dst (4 or 16 bytes, by version), or the one for all; NULL: none. Lent. */
const struct key *keys_esp(const struct keys *, uint32_t spi, int version, const uint8_t *dst);
/* The key of an IKEv2 side, by the cookies of both. */
const struct key *keys_ike(const struct keys *, bool initiator, const uint8_t *spi_i, const uint8_t *spi_r);

/* Bytes of initialization vector in front of what is encrypted, and of authentication behind it. */
unsigned key_iv_len(const struct key *);
unsigned key_mac_len(const struct key *);
/*
 * Decrypts n bytes into out, which has room for n + KEY_SLACK; out must not overlap them. False if it cannot be, as
 * when n is no multiple of the block.
 */
enum { KEY_SLACK = 32 };
bool key_decrypt(const struct key *, const uint8_t *iv, const uint8_t *in, uint32_t n, uint8_t *out);
