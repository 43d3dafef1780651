/* Domain names in packets, RFC 1035 sections 3.1 and 4.1.4; bit-string labels, RFC 2673 (historic). */
#include "dissect/dissect.h"

enum {
	KIND = 0xc0,		/* the two bits that say what a label is */
	KIND_EXTENDED = 0x40,
	KIND_RESERVED = 0x80,
	KIND_POINTER = 0xc0,
	EXTENDED_BITS = 1,	/* the one extended type ever defined */
	NAME_SHOWN = 255,	/* characters shown of a name */
	STEPS_MAX = 32768,	/* labels and pointers followed: every pointer there can be, and as many labels */
};

/* Bytes behind the first byte of the label at p; -1, with the reason said, when nobody can tell. */
static int
label_len(struct dis *d, const uint8_t *p)
{
	unsigned bits;

	if (!have(d, p, 1))
		return -1;
	switch (*p & KIND) {
	case KIND_EXTENDED:
		if ((*p & ~KIND) != EXTENDED_BITS) {
			text(d, "<ELT "), text_u(d, *p & ~KIND & 0xff), text_char(d, '>');
			return -1;
		}
		if (!have(d, p, 2))
			return -1;
		bits = p[1] ? p[1] : 256;
		return (int)((bits + 7) / 8 + 1);
	case KIND_RESERVED:
		text(d, "<BAD LABEL TYPE>");
		return -1;
	default:
		return *p;
	}
}

/* The bits of a bit-string label as hex digits, with those beyond its count cleared. p is at the count. */
static void
text_bit_label(struct dis *d, const uint8_t *p)
{
	unsigned count = *p ? *p : 256, rest = count;
	uint8_t b;

	text(d, "\\[x");
	for (p++; rest > 7; rest -= 8)
		text_x(d, u8(d, p++), 2);
	if (rest) {
		b = u8(d, p);
		b &= (uint8_t)(0xff << (8 - rest));
		if (rest > 4)
			text_x(d, b, 2);
		else
			text_x(d, b >> 4, 1);
	}
	text_char(d, '/'), text_u(d, count), text_char(d, ']');
}

const uint8_t *
text_domain(struct dis *d, const uint8_t *p, const uint8_t *msg)
{
	/* A pointer must lead to before where the last one did; that ends every loop. */
	uint32_t limit = (uint32_t)(p - msg), shown = 0, to;
	const uint8_t *after;
	bool jumped = false;
	unsigned lead;
	int len;

	if ((len = label_len(d, p)) < 0)
		return NULL;
	lead = *p++;
	after = (lead & KIND) == KIND_POINTER ? NULL : p + len;
	if (lead == 0) {
		text_char(d, '.');
		return after;
	}
	for (unsigned step = 0; lead && p < d->end; step++) {
		if (step == STEPS_MAX)
			return NULL;
		if ((lead & KIND) == KIND_POINTER) {
			if (!jumped)
				after = p + 1;
			jumped = true;
			to = (lead & ~(unsigned)KIND) << 8 | *p;
			if (to >= limit) {
				text(d, "<BAD PTR>");
				return NULL;
			}
			limit = to;
			p = msg + to;
		} else {
			if ((lead & KIND) == KIND_EXTENDED) {
				text_bit_label(d, p);
			} else {
				if (shown < NAME_SHOWN) {
					uint32_t room = NAME_SHOWN - shown;

					if (text_str_soft(d, p, (uint32_t)len < room ? (uint32_t)len : room))
						return NULL;
				}
				shown += (uint32_t)len;
			}
			p += len;
			if (shown <= NAME_SHOWN)
				text_char(d, '.');
			shown++;
		}
		if ((len = label_len(d, p)) < 0)
			return NULL;
		lead = *p++;
		if (!jumped)
			after += len + 1;
	}
	if (shown > NAME_SHOWN)
		text(d, "<DOMAIN NAME TOO LONG>");
	return after;
}
