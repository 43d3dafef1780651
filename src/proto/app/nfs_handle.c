/*
 * File handles of NFS are opaque but for the server that made them. Their form tells which system that was, and where
 * it keeps the file system and the inode; the order of questions is tcpdump's, whose answers people compare.
 */
#include "proto/app/nfs.h"

enum maker { UNKNOWN, AUSPEX, OSF, IRIX4, SUNOS4, SUNOS5, ULTRIX, VMS, HPUX, BSD };

/* VMS: a device name of printing characters and then zeros. */
static bool
is_vms(const uint8_t *fh, uint32_t words)
{
	bool zero = false;

	if (words < 7)
		return false;
	for (unsigned i = 1; i < 14; i++) {
		if (fh[i] == 0)
			zero = true;
		else if (zero || fh[i] < ' ' || fh[i] > '~')
			return false;
	}
	return true;
}

static bool
all_zero(const uint8_t *p, unsigned n)
{
	while (n && p[n - 1] == 0)
		n--;
	return n == 0;
}

static enum maker
maker_of(const uint8_t *fh, uint32_t words)
{
	bool low = all_zero(fh + 2, 2);

	if (words < 4)
		return UNKNOWN;
	if (all_zero(fh, 2)) {
		if (low)
			return AUSPEX;
		if (fh[4] && fh[5] == 0 && fh[8] == 12 && fh[9] == 0)
			return OSF;
		return fh[4] == 0 && fh[5] == 8 && all_zero(fh + 6, 2) ? IRIX4 : SUNOS4;
	}
	if (low) {
		if (all_zero(fh + 6, 2))
			return BSD;
		if (words >= 6 && fh[21] == 0 && fh[23] == 0)
			return ULTRIX;
		return fh[9] == 10 ? SUNOS5 : UNKNOWN;
	}
	if (fh[8] == 12 && fh[9] == 0)
		return OSF;
	if (fh[8] == 0 && fh[9] == 10)
		return all_zero(fh + 4, 4) ? HPUX : SUNOS5;
	return is_vms(fh, words) ? VMS : UNKNOWN;
}

static uint32_t
little(const uint8_t *p)
{
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static uint32_t
low_24(const uint8_t *p)
{
	return (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
}

static void
say_device(struct dis *d, uint32_t major, uint32_t minor, uint32_t inode)
{
	text_fmt(d, " fh %u,%u/%u", major, minor, inode);
}

/* Handles nobody knows: the word, as far as the handle has words, and at most 32 of its bytes. */
static void
say_unknown(struct dis *d, const uint8_t *fh, uint32_t words)
{
	static const char word[] = "Unknown";
	uint32_t n = words * 4 < 32 ? words * 4 : 32;

	text(d, " fh ");
	text_n(d, word, words < sizeof word - 1 ? words : sizeof word - 1);
	text_char(d, '/');
	for (uint32_t i = 0; i < n; i++)
		text_fmt(d, "%02X", fh[i]);
}

static void
say_vms(struct dis *d, const uint8_t *fh, uint32_t words)
{
	enum { NAME_MAX_BYTES = 64 };

	text(d, " fh ");
	for (uint32_t i = 1; i <= words && i <= NAME_MAX_BYTES && fh[i] && fh[i] != ' '; i++)
		text_ascii(d, fh[i]);
	text_fmt(d, "/%u", (uint32_t)fh[26] << 24 | (uint32_t)fh[27] << 16 | (uint32_t)fh[23] << 8 | fh[22]);
}

void
nfs_text_handle(struct dis *d, const uint8_t *fh, uint32_t words)
{
	if (d->u) {
		text(d, " fh[");
		for (uint32_t i = 0; i < words; i++)
			text_fmt(d, i ? ":%x" : "%x", raw32(fh + i * 4));
		text_char(d, ']');
		return;
	}
	switch (maker_of(fh, words)) {
	case UNKNOWN:
		say_unknown(d, fh, words);
		break;
	case AUSPEX:
		say_device(d, fh[6], fh[7], raw32(fh + 12));
		break;
	case OSF:
		say_device(d, little(fh) >> 20, little(fh) & 0xfffff, little(fh + 12));
		break;
	case IRIX4:
		say_device(d, fh[2], fh[3], raw32(fh + 8));
		break;
	case SUNOS4:
		say_device(d, fh[2], fh[3], raw32(fh + 12));
		break;
	case SUNOS5:
		say_device(d, raw16(fh) >> 2, low_24(fh + 1) & 0x3ffff, raw32(fh + 12));
		break;
	case ULTRIX:
		say_device(d, fh[1], fh[0], little(fh + 4));
		break;
	case VMS:
		say_vms(d, fh, words);
		break;
	case HPUX:
		say_device(d, fh[0], low_24(fh + 1), raw32(fh + 12));
		break;
	case BSD:
		say_device(d, fh[1], fh[0], little(fh + 12));
		break;
	}
}
