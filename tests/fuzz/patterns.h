/* Bytes that, repeated over 64 KiB, make walks slow: headers inside headers, options without end, names that point at names. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct pattern {
	const char *what;
	unsigned n;		/* bytes of the pattern */
	uint8_t bytes[56];
	unsigned lead;		/* how many of them stand only in front, once */
};

static const struct pattern patterns[] = {
	{ "zeros", 1, { 0 }, 0 },
	{ "ones", 1, { 0xff }, 0 },
	{ "empty options", 2, { 1, 0 }, 0 },
	{ "options of two bytes", 2, { 5, 2 }, 0 },
	{ "options of four bytes, 16-bit", 4, { 0, 1, 0, 4 }, 0 },
	{ "empty options, 16-bit", 4, { 0, 5, 0, 0 }, 0 },
	{ "letters and blanks", 8, "GET a\r\n ", 0 },
	{ "indefinite BER", 2, { 0x30, 0x80 }, 0 },
	{ "IPv4 in IPv4", 20, { 0x45, 0, 0xf0, 0, 0, 1, 0, 0, 64, 4, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2 }, 0 },
	{ "IPv6 in IPv6", 40, { 0x60, 0, 0, 0, 0xf0, 0, 41, 64, 0x20, 1 }, 0 },
	{ "IPv6 options of nothing", 48, { 0x60, 0, 0, 0, 0xf0, 0, 60, 64, 0x20, 1, [40] = 60, 0, 1, 4 }, 40 },
	{ "GRE in IPv4", 24, { 0x45, 0, 0xf0, 0, 0, 1, 0, 0, 64, 47, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0, 0, 8, 0 }, 0 },
	{ "VXLAN in UDP", 50, { 0x45, 0, 0xf0, 0, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0x12, 0xb5, 0x12, 0xb5, 0xf0, 0,
	    0, 0, 8, [48] = 8 }, 0 },
	{ "VLAN in VLAN", 4, { 0x81, 0, 0, 5 }, 0 },
	{ "labels", 4, { 0, 1, 0x20, 64 }, 0 },
	{ "names that point", 28, { 0, 1, 0x80, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 1, 'a', 0xc0, 12, 0, 5, 0, 1,
	    0, 0, 0, 9, 0, 2, 0xc0, 12 }, 12 },
	{ "IS-IS with checksums", 31, { 0x83, 27, 1, 0, 15, 1, 0, 0, 1, 2, 0, 0, 0, 0, 1, 0, 60, 0xff, 0xff, 64, 2, 0, 0, 0, 0, 1, 1,
	    12, 2, 1, 1 }, 27 },
	{ "a name that points backwards", 16, { 0, 1, 0x80, 0, 0, 1, 0xff, 0xff, 0, 0, 0, 0, 63, 'x', 0xc0, 12 }, 12 },
};

enum { PATTERNS = sizeof patterns / sizeof *patterns };

/* n bytes of it. */
static inline void
pattern_fill(uint8_t *to, size_t n, const struct pattern *p)
{
	for (size_t i = 0; i < n; i++)
		to[i] = p->bytes[i < p->n ? i : p->lead + (i - p->n) % (p->n - p->lead)];
}
