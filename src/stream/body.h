/*
 * Content codings taken off a body while it comes: gzip, deflate, br, zstd, and chains of them (RFC 9110 section 8.4). What a few
 * bytes may grow to has a ceiling, and so has what the bytes of one packet may: how long a packet takes is its sender's choice
 * otherwise.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	BODY_CODINGS_MAX = 4,			/* on top of each other; more are for bombs */
	BODY_DECODED_MAX = 256 << 20,		/* bytes that one body may become, and that its inner codings may */
	BODY_GROWTH = 32,			/* bytes that each byte may become, with those of inner codings ... */
	BODY_BURST = 512 << 10,			/* ... but for so many, which are to be made up for before more of them ... */
	BODY_AT_ONCE = 1280 << 10,		/* ... and never more than these with one packet */
	BODY_WINDOW_MAX = 23,			/* zstd: log2 of the window, RFC 9659 */
	BODY_BR_WINDOW_MAX = 2 << 20,		/* br: bytes of the window that a body has use for; all of it is filled at once */
};

struct body;

/* What the bodies of a direction may yet become, one after the other; body_begin before the first bytes. */
struct body_credit {
	uint64_t left;
};

void body_begin(struct body_credit *);
/* A packet with n bytes has come, of bodies and of whatever else. */
void body_earn(struct body_credit *, uint64_t n);

/*
 * No coding yet. held counts the memory of it all and is not to go beyond held_max; NULL: nobody counts. The credit is its
 * owner's. NULL without memory.
 */
struct body *body_new(uint64_t *held, uint64_t held_max, struct body_credit *);
void body_free(struct body *);

/* Takes off the coding of that name, the one applied last first. False: nobody knows it, or there are too many. */
bool body_add(struct body *, const char *name, size_t n);

/*
 * Takes bytes, hands over what they become. False: they are damaged, or become too much (body_trouble); what came before the
 * damage has been handed over, and *used is how many bytes were taken.
 */
bool body_take(struct body *, const uint8_t *p, size_t n, size_t *used,
    void (*out)(void *ctx, const uint8_t *p, size_t n), void *ctx);
/* Does the coding want more bytes? */
bool body_is_whole(const struct body *);
const char *body_trouble(const struct body *);
