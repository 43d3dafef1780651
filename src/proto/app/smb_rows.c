/* Walks through the rows that describe parts of SMB and NetBIOS messages. */
#include "dissect/said.h"
#include "proto/app/smb.h"

enum { UNISTR_MAX = 1000 };	/* characters of a string that are shown */

static const char *const attributes[8] = { "READONLY", "HIDDEN", "SYSTEM", "VOLUME", "DIR", "ARCHIVE" };

void
smb_dump(struct dis *d, const uint8_t *p, uint32_t n)
{
	enum { LINE = 16, HALF = 8 };

	for (uint32_t at = 0; at < n && !d->lost; at += LINE) {
		uint32_t in_line = n - at < LINE ? n - at : LINE;

		text_fmt(d, "[%03X] ", at);
		for (uint32_t i = 0; i < in_line; i++) {
			text_fmt(d, "%02X ", u8(d, p + at + i));
			if (i % HALF == HALF - 1)
				text_char(d, ' ');
		}
		if (in_line < LINE) {
			text_char(d, ' ');
			if (in_line < HALF)
				text_char(d, ' ');
			for (uint32_t i = in_line; i < LINE; i++)
				text(d, "   ");
		}
		for (uint32_t i = 0; i < in_line; i++) {
			if (i == HALF)
				text_char(d, ' ');
			text_ascii(d, p[at + i]);
		}
		/* The blank between the halves is there even when the second is empty. */
		text(d, in_line <= HALF ? " \n" : "\n");
	}
}

/* Cut short, as far as the row is concerned. */
static const uint8_t *
cut(struct dis *d)
{
	text_trunc(d);
	return NULL;
}

static uint32_t
number(struct dis *d, const uint8_t *p, unsigned size, bool big)
{
	switch (size) {
	case 1:
		return u8(d, p);
	case 2:
		return big ? be16(d, p) : le16(d, p);
	default:
		return big ? be32(d, p) : le32(d, p);
	}
}

static void
say_bits(struct dis *d, const char *const *names, unsigned v)
{
	for (unsigned i = 0; i < 8; i++)
		if (names[i] && v >> i & 1)
			text(d, names[i]), text_char(d, ' ');
}

/*
 * A string of n bytes, or up to its NUL when n is UINT32_MAX, aligned if it is Unicode: characters that are not
 * printable ASCII become dots.
 */
static const uint8_t *
say_string(struct dis *d, const struct smb_walk *w, const uint8_t *p, uint32_t n, bool unicode)
{
	const unsigned unit = unicode ? 2 : 1;
	unsigned shown = 0;
	const uint8_t *q;

	if (unicode && (p - w->start) % 2) {
		if (!have(d, p, 1))
			return cut(d);
		p++;
	}
	if (n == UINT32_MAX) {
		for (q = p; number(d, q, unit, false); q += unit)
			continue;
		n = (uint32_t)(q - p) + unit;
	}
	/* Hard reads come first, so that a string that is cut short does not show. */
	for (q = p; n - (uint32_t)(q - p) >= unit && number(d, q, unit, false); q += unit)
		continue;
	for (; p < q && shown < UNISTR_MAX; p += unit, n -= unit, shown++) {
		unsigned c = number(d, p, unit, false);

		text_char(d, c >= 0x20 && c < 0x7f ? (char)c : '.');
	}
	n -= (uint32_t)(q - p);
	p = q;
	if (n && !have(d, p, n))
		return cut(d);
	return p + n;
}

/*
 * At most n bytes up to a NUL, padded with blanks. The control characters of the browsers' own name, "^A^B__MSBROWSE__^B",
 * are said as they are, since tcpdump's readers expect them; but not to a terminal. Others are made harmless.
 */
static void
say_padded(struct dis *d, const uint8_t *p, uint32_t n)
{
	enum { SOH = 1, STX = 2 };
	uint32_t i = 0;

	for (; i < n && p[i] && !d->lost; i++) {
		if ((p[i] == SOH || p[i] == STX) && !d->style->terminal)
			text_char(d, (char)p[i]);
		else
			text_ascii(d, p[i]);
	}
	for (; i < n && !d->lost; i++)
		text_char(d, ' ');
}

static const char *
name_type(unsigned type)
{
	switch (type) {
	case 0x00:
		return "Workstation";
	case 0x03:
		return "Client?";
	case 0x1b:
		return "Domain Controller";
	case 0x1d:
		return "Master Browser";
	case 0x1e:
		return "Browser Server";
	case 0x20:
		return "Server";
	default:
		return "Unknown";
	}
}

static void
say_name(struct dis *d, const uint8_t *name, unsigned type)
{
	say_padded(d, name, 15);
	text_fmt(d, " NameType=0x%02X (%s)", type, name_type(type));
}

/* Decodes the name at p; its type, 0 if it is not one, -1 if it ends early. */
static int
decode_name(struct dis *d, const uint8_t *p, const uint8_t *end, uint8_t name[32])
{
	unsigned n, i;

	memset(name, 0, 32);
	if (p >= end)
		return -1;
	n = u8(d, p) / 2;
	p++;
	if (n == 0 || n > 30)
		return 0;
	for (i = 0; i < n; i++, p += 2) {
		if (!have(d, p, 2) || p + 1 >= end)
			return -1;
		if (p[0] < 'A' || p[0] > 'P' || p[1] < 'A' || p[1] > 'P')
			return 0;	/* what came before it is shown */
		name[i] = (uint8_t)((p[0] - 'A') << 4 | (p[1] - 'A'));
	}
	/* The last byte is the type; one beyond ASCII counts as an error. */
	return (int8_t)name[n - 1];
}

/* An encoded name, which may be elsewhere in the message (RFC 1002 section 4.1). */
static const uint8_t *
encoded_name(struct dis *d, const struct smb_walk *w, const uint8_t *p, const uint8_t *end)
{
	const uint8_t *at = p;
	uint8_t name[32];
	int type;

	if ((u8(d, p) & 0xc0) == 0xc0) {
		if (!have(d, p, 2) || p + 1 >= end || (raw16(p) & 0x3fff) == 0)
			return cut(d);
		at = w->start + (raw16(p) & 0x3fff);
		if (at >= end || !have(d, at, 1))
			return cut(d);
	}
	type = decode_name(d, at, end, name);
	if (type < 0)
		return cut(d);
	if ((*p & 0xc0) == 0xc0) {
		p += 2;
	} else {
		while (u8(d, p)) {
			if (p >= end)
				return cut(d);
			p += *p + 1;
			if (!have(d, p, 1))
				return cut(d);
		}
		p++;
	}
	say_name(d, name, (unsigned)type);
	return p;
}

static const uint8_t *
plain_name(struct dis *d, const uint8_t *p)
{
	unsigned type = u8(d, p + 15);

	say_name(d, p, type);
	return p + 16;
}

/* Seconds since 1970 of a date and a time as DOS packs them, in local time. */
static int64_t
dos_time(unsigned date, unsigned time)
{
	struct tm tm = {
		.tm_sec = (int)(time & 31) * 2, .tm_min = (int)(time >> 5 & 63), .tm_hour = (int)(time >> 11),
		.tm_mday = (int)(date & 31), .tm_mon = (int)(date >> 5 & 15) - 1, .tm_year = (int)(date >> 9) + 80,
	};

	return date || time ? mktime(&tm) : 0;
}

/* Seconds since 1970 of 100 ns since 1601, by way of the upper 40 bits. */
static int64_t
filetime(struct dis *d, const uint8_t *p)
{
	double s = (le32(d, p + 4) * 256.0 + u8(d, p + 3)) * (1.0e-7 * (1 << 24));

	s -= 369.0 * 365.25 * 24 * 60 * 60;
	s += 3 * 24 * 60 * 60 + 6 * 60 * 60 + 2;	/* leap days that the line above has too many */
	return s < 0 ? 0 : (int64_t)s;
}

static const uint8_t *
date(struct dis *d, unsigned kind, const uint8_t *p)
{
	unsigned size = 4;
	int64_t t = 0;

	if (kind == SMB_FILETIME) {
		size = 8;
		if (!have(d, p, size))
			return cut(d);
		t = filetime(d, p);
	} else if (le32(d, p) != 0xffffffff) {
		unsigned first = le16(d, p), second = le16(d, p + 2);

		t = kind == SMB_DOS_DATE ? dos_time(second, first) : dos_time(first, second);
	}
	if (t)
		text_time(d, "%Y-%m-%d %T\n", t, false);
	else
		text(d, "NULL\n");
	return p + size;
}

/* Several numbers of `size` bytes with sep between, and what is behind them; they may be fewer than count. */
static const uint8_t *
several(struct dis *d, const uint8_t *p, const uint8_t *end, unsigned count, unsigned size, const char *sep,
    const char *behind)
{
	for (unsigned i = 0; i < count; i++, p += size) {
		if (i && p >= end) {
			text(d, "END OF BUFFER\n");
			return p;
		}
		if (i)
			text(d, sep);
		if (size == 1)
			text_fmt(d, "%u (0x%x)", u8(d, p), *p);
		else
			text_fmt(d, "0x%X", number(d, p, size, false));
	}
	if (behind == NULL)
		return p;
	text(d, p < end ? behind : "END OF BUFFER\n");
	return p;
}

static const uint8_t *
string(struct dis *d, const struct smb_walk *w, unsigned kind, const uint8_t *p, const uint8_t *end)
{
	switch (kind) {
	case SMB_STRING:
		return say_string(d, w, p, UINT32_MAX, w->unicode);
	case SMB_ASCII:
		return say_string(d, w, p, UINT32_MAX, false);
	case SMB_BUFFER:
	case SMB_ASCII_BUFFER:
		/* 4: a string, 2: a dialect. */
		if (u8(d, p) != 4 && *p != 2) {
			text_fmt(d, "Error! ASCIIZ buffer of type %u", *p);
			return end;
		}
		return say_string(d, w, p + 1, UINT32_MAX, kind == SMB_BUFFER && w->unicode);
	case SMB_COUNTED:
	case SMB_RAW:
		if (!w->counted) {
			text(d, "{stringlen not set}");
			return cut(d);
		}
		if (kind == SMB_COUNTED)
			return say_string(d, w, p, w->count, w->unicode);
		if (!have(d, p, w->count))
			return cut(d);
		say_padded(d, p, w->count);
		return p + w->count;
	default:
		return NULL;
	}
}

static const uint8_t *
value(struct dis *d, struct smb_walk *w, const struct smb_row *row, const uint8_t *p, const uint8_t *end)
{
	const bool big = row->kind & SMB_BIG;
	const unsigned kind = row->kind & ~(unsigned)SMB_BIG;
	uint64_t v;
	unsigned size = 1;

	switch (kind) {
	case SMB_SKIP:
		return have(d, p, row->arg) ? p + row->arg : cut(d);
	case SMB_DEC8:
	case SMB_DEC16:
	case SMB_DEC32:
		size <<= kind - SMB_DEC8;
		v = number(d, p, size, big);
		text_fmt(d, "%u (0x%x)", (uint32_t)v, (uint32_t)v);
		return p + size;
	case SMB_INT32:
		v = number(d, p, 4, big);
		text_fmt(d, "%d (0x%x)", (int32_t)v, (uint32_t)v);
		return p + 4;
	case SMB_DEC64:
		v = le64(d, p);
		text_fmt(d, "%llu (0x%llx)", (unsigned long long)v, (unsigned long long)v);
		return p + 8;
	case SMB_LOCK64:
		if (!have(d, p, 8))
			return cut(d);
		v = (uint64_t)le32(d, p) << 32 | le32(d, p + 4);
		text_fmt(d, "%llu (0x%llx)", (unsigned long long)v, (unsigned long long)v);
		return p + 8;
	case SMB_HEX8:
	case SMB_HEX16:
	case SMB_HEX32:
		size <<= kind - SMB_HEX8;
		text_fmt(d, "0x%X", number(d, p, size, big));
		return p + size;
	case SMB_ATTR8:
	case SMB_ATTR16:
		size <<= kind - SMB_ATTR8;
		say_bits(d, attributes, number(d, p, size, false));
		return p + size;
	case SMB_BITS:
		say_bits(d, row->bits, u8(d, p));
		return p + 1;
	case SMB_COUNT8:
	case SMB_COUNT16:
	case SMB_COUNT32:
		size <<= kind - SMB_COUNT8;
		w->count = number(d, p, size, big);
		w->counted = true;
		text_u(d, w->count);
		return p + size;
	case SMB_FIXED:
		if (!have(d, p, row->arg))
			return cut(d);
		say_padded(d, p, row->arg);
		return p + row->arg;
	case SMB_NAME:
		return encoded_name(d, w, p, end);
	case SMB_PLAIN_NAME:
		return plain_name(d, p);
	case SMB_DOS_DATE:
	case SMB_DATE_DOS:
	case SMB_FILETIME:
		return date(d, kind, p);
	case SMB_WORDS:
		return several(d, p, end, row->arg, 2, ",", NULL);
	case SMB_WORDS_APART:
		return several(d, p, end, row->arg, 2, ", ", NULL);
	case SMB_LONGS:
		text_char(d, '(');
		return several(d, p, end, 2, 4, ", ", ")");
	case SMB_DOTTED:
		return several(d, p, end, 4, 1, ".", NULL);
	default:
		return string(d, w, kind, p, end);
	}
}

const uint8_t *
smb_rows(struct dis *d, struct smb_walk *w, const struct smb_row *row, const uint8_t *p, const uint8_t *end)
{
	for (; row->kind != SMB_END; row++) {
		const uint8_t *was = p;
		uint32_t from;

		if (row->label)
			text(d, row->label);
		switch (row->kind) {
		case SMB_TEXT:
			continue;
		case SMB_GATE:
			if (p >= end)
				return p;
			continue;
		case SMB_STOP:
			return p;
		case SMB_EACH:
			/* Rows contain no more than one, so that this goes one level deep. */
			w->depth++;
			while (p < end && !d->lost) {
				was = p;
				p = smb_rows(d, w, row + 1, p, end);
				if (p == NULL || p == was)
					break;
			}
			w->depth--;
			return p;
		default:
			break;
		}
		if (p >= end)
			return p;
		from = row->field ? text_say(d) : 0;
		p = value(d, w, row, p, end);
		if (p == NULL) {
			if (row->tail == NULL || *row->tail == '\n')
				text_char(d, '\n');
			return NULL;
		}
		if (row->field)
			put_said(d, &smb_fields[row->field], from);
		text(d, row->tail ? row->tail : "\n");
	}
	if (w->depth == 0 && p < end) {
		uint32_t n = (uint32_t)(end - p);

		text_fmt(d, "Data: (%u bytes)\n", n);
		smb_dump(d, p, n);
		p = end;
	}
	return p;
}
