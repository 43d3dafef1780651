#include "flow/segment.h"

#include <stddef.h>

enum { HEADER_MIN = 20, FIXED = 16 };
enum { OPT_END, OPT_NOP, OPT_MSS, OPT_SCALE, OPT_SACK_PERMITTED, OPT_SACK, OPT_STAMPS = 8, SACKS_MAX = 4 };

static uint32_t
be32_at(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint16_t
be16_at(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static void
sacks_read(struct segment *s, const uint8_t *p, const uint8_t *end)
{
	for (; end - p >= 8 && s->sacks < SACKS_MAX; p += 8, s->sacks++) {
		s->sack[s->sacks][0] = be32_at(p);
		s->sack[s->sacks][1] = be32_at(p + 4);
	}
}

/* The options between p and end, as far as they make sense. */
static void
options_read(struct segment *s, const uint8_t *p, const uint8_t *end)
{
	/* Nearly all have these, laid out as RFC 7323 appendix A recommends, and nothing that is wanted in them. */
	if (end - p == 12 && be32_at(p) == (OPT_NOP << 24 | OPT_NOP << 16 | OPT_STAMPS << 8 | 10))
		return;
	while (p < end && *p != OPT_END) {
		size_t n;

		if (*p == OPT_NOP) {
			p++;
			continue;
		}
		if (end - p < 2 || (n = p[1]) < 2 || n > (size_t)(end - p))
			return;
		if (*p == OPT_MSS && n == 4)
			s->mss = be16_at(p + 2);
		else if (*p == OPT_SCALE && n == 3)
			s->scale = p[2] > 14 ? 14 : (int8_t)p[2];	/* RFC 7323 section 2.3 */
		else if (*p == OPT_SACK_PERMITTED && n == 2)
			s->sack_permitted = true;
		else if (*p == OPT_SACK)
			sacks_read(s, p + 2, p + n);
		p += n;
	}
}

bool
segment_read(struct segment *s, const uint8_t *p, uint32_t caplen, uint32_t len)
{
	uint32_t header;

	if (caplen > len)
		caplen = len;
	if (caplen < FIXED)
		return false;
	header = (uint32_t)(p[12] >> 4) * 4;
	if (header < HEADER_MIN || header > len)
		return false;
	s->seq = be32_at(p + 4);
	s->ack = be32_at(p + 8);
	s->flags = p[13] & 0x3f;
	s->window = be16_at(p + 14);
	s->urgent = caplen >= HEADER_MIN ? be16_at(p + 18) : 0;
	s->header = (uint8_t)header;
	s->mss = 0;
	s->scale = -1;
	s->sack_permitted = false;
	s->cut = caplen < header;
	s->sacks = 0;
	if (header > HEADER_MIN && caplen > HEADER_MIN)
		options_read(s, p + HEADER_MIN, p + (caplen < header ? caplen : header));
	s->payload = caplen > header ? p + header : p + caplen;
	s->caplen = caplen > header ? caplen - header : 0;
	s->len = len - header;
	return true;
}
