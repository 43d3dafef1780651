/*
 * The header that all of Juniper's link types begin with (juniper.c), for those that know what is behind it
 * (juniper_pic.c).
 */
#pragma once

#include "dissect/dissect.h"

enum { JUNIPER_COOKIE_MAX = 8, JUNIPER_COOKIE_LS = 0x54, JUNIPER_COOKIE_AS = 0x47 };

struct juniper_frame {
	uint32_t len, header;	/* of the packet behind the header; of the header */
	uint32_t cookie_len;
	unsigned cookie_type;	/* JUNIPER_COOKIE_, or 0 */
	unsigned bundle, proto;
	bool in;		/* it was received */
	uint8_t cookie[JUNIPER_COOKIE_MAX];
};

/* A kind of interface card. Those without a name have no cookie. */
struct juniper_pic {
	const char *mark, *name;
	uint8_t cookie_len;
	bool bare_if_fragment;	/* no cookie in front of an FRF.16 header */
	/* What else is in front of the packet: p is behind the cookie. */
	void (*finish)(struct dis *d, const uint8_t *p, struct juniper_frame *f);
};

/* Walks the header at p; false when there is nothing more to say of the packet. f->header is right either way. */
bool juniper_header(struct dis *d, const struct juniper_pic *, const uint8_t *p, uint32_t len, struct juniper_frame *f);

/* An IP packet of either version, if it looks like one. */
bool juniper_guess_ip(struct dis *d, const uint8_t *p, uint32_t len);
