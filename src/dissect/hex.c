/* Dumps of packet bytes: -x, -X, -A, and what has no dissector. */
#include "dissect/hex.h"

#include "base/cpu.h"
#include "base/digits.h"
#include "base/vec.h"
#include "dissect/said.h"

static inline bool
is_graph(uint8_t c)
{
	return c > 0x20 && c < 0x7f;
}

/* All ones where a byte is visible in ASCII. As signed numbers, those beyond ASCII are below it. */
static inline bytes16
graph_mask(bytes16 v)
{
	signed16 s = (signed16)v;

	return (bytes16)((s > 0x20) & (s != 0x7f));
}

/* Bytes below 16 as hex digits. */
static inline bytes16
hex_digits(bytes16 v)
{
	return v + '0' + ((bytes16)((signed16)v > 9) & ('a' - '0' - 10));
}

void
hex_line_plain(char *o, const uint8_t *p)
{
	char *ascii = o + HEX_WIDTH;

	for (unsigned i = 0; i < HEX_BYTES; i += 2) {
		*o++ = ' ';
		o = digits_x2(digits_x2(o, p[i]), p[i + 1]);
	}
	*ascii++ = ' ';
	*ascii++ = ' ';
	for (unsigned i = 0; i < HEX_BYTES; i++)
		*ascii++ = is_graph(p[i]) ? (char)p[i] : '.';
}

/* inline: so that a whole dump is one loop. */
CPU_SHUFFLE inline void
hex_line_vector(char *o, const uint8_t *p)
{
	bytes16 v = vec_load(p), high = hex_digits(v >> 4), low = hex_digits(v & 15), blank = (bytes16){ 0 } + ' ', a, b, seen;

	/* The digits of the first eight bytes and of the others; then the same with a blank before every fourth. */
	a = __builtin_shufflevector(high, low, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
	b = __builtin_shufflevector(high, low, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
	high = __builtin_shufflevector(a, blank, 16, 0, 1, 2, 3, 16, 4, 5, 6, 7, 16, 8, 9, 10, 11, 16);
	low = __builtin_shufflevector(a, b, 12, 13, 14, 15, 12, 16, 17, 18, 19, 12, 20, 21, 22, 23, 12, 24);
	low = __builtin_shufflevector(low, blank, 0, 1, 2, 3, 16, 5, 6, 7, 8, 16, 10, 11, 12, 13, 16, 15);
	b = __builtin_shufflevector(b, blank, 9, 10, 11, 16, 12, 13, 14, 15, 16, 16, 16, 16, 16, 16, 16, 16);
	memcpy(o, &high, 16);
	memcpy(o + 16, &low, 16);
	memcpy(o + 32, &b, 16);
	seen = graph_mask(v);
	v = (v & seen) | (~seen & '.');
	memcpy(o + HEX_WIDTH + 2, &v, 16);
}

/*
 * 16 bytes as 48 characters, a colon behind each: the digits of eight bytes and of the others, from which three pieces are
 * picked, the one in the middle from both. Where a piece has a colon, the index counts for nothing.
 */
static const bytes16 colons_at[3] = {
	{ 0, 0, ':', 0, 0, ':', 0, 0, ':', 0, 0, ':', 0, 0, ':', 0 },
	{ 0, ':', 0, 0, ':', 0, 0, ':', 0, 0, ':', 0, 0, ':', 0, 0 },
	{ ':', 0, 0, ':', 0, 0, ':', 0, 0, ':', 0, 0, ':', 0, 0, ':' },
};

static CPU_SHUFFLE inline bytes16
with_colons(bytes16 v, bytes16 colons)
{
	return (v & (bytes16)(colons == 0)) | colons;
}

static CPU_SHUFFLE inline char *
colons_vector(char *o, bytes16 v)
{
	bytes16 high = hex_digits(v >> 4), low = hex_digits(v & 15), a, b, c;

	a = __builtin_shufflevector(high, low, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
	b = __builtin_shufflevector(high, low, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
	c = __builtin_shufflevector(a, b, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25);
	a = __builtin_shufflevector(a, a, 0, 1, 0, 2, 3, 0, 4, 5, 0, 6, 7, 0, 8, 9, 0, 10);
	c = __builtin_shufflevector(c, c, 1, 0, 2, 3, 0, 4, 5, 0, 6, 7, 0, 8, 9, 0, 10, 11);
	b = __builtin_shufflevector(b, b, 0, 6, 7, 0, 8, 9, 0, 10, 11, 0, 12, 13, 0, 14, 15, 0);
	a = with_colons(a, colons_at[0]);
	c = with_colons(c, colons_at[1]);
	b = with_colons(b, colons_at[2]);
	memcpy(o, &a, 16);
	memcpy(o + 16, &c, 16);
	memcpy(o + 32, &b, 16);
	return o + 48;
}

/* Two times the same side by side, in a vector of 32 bytes whose halves hardly know of each other. */
typedef uint8_t bytes32 __attribute__((vector_size(32)));
typedef int8_t signed32 __attribute__((vector_size(32)));

#define HALVES(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p) a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, \
	16 + a, 16 + b, 16 + c, 16 + d, 16 + e, 16 + f, 16 + g, 16 + h, 16 + i, 16 + j, 16 + k, 16 + l, 16 + m, \
	16 + n, 16 + o, 16 + p
#define BOTH(v) __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, \
	0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)

static CPU_WIDE inline bytes32
hex_digits_wide(bytes32 v)
{
	return v + '0' + ((bytes32)((signed32)v > 9) & ('a' - '0' - 10));
}

/* n bytes, n a multiple of 32. */
static CPU_WIDE char *
colons_wide(char *o, const uint8_t *p, uint32_t n)
{
	const bytes32 c0 = BOTH(colons_at[0]), c1 = BOTH(colons_at[1]), c2 = BOTH(colons_at[2]);

	for (uint32_t i = 0; i < n; i += 32, o += 96) {
		bytes32 v, high, low, a, b, c;

		memcpy(&v, p + i, sizeof v);
		high = hex_digits_wide(v >> 4);
		low = hex_digits_wide(v & 15);
		a = __builtin_shufflevector(high, low, 0, 32, 1, 33, 2, 34, 3, 35, 4, 36, 5, 37, 6, 38, 7, 39,
		    16, 48, 17, 49, 18, 50, 19, 51, 20, 52, 21, 53, 22, 54, 23, 55);
		b = __builtin_shufflevector(high, low, 8, 40, 9, 41, 10, 42, 11, 43, 12, 44, 13, 45, 14, 46, 15, 47,
		    24, 56, 25, 57, 26, 58, 27, 59, 28, 60, 29, 61, 30, 62, 31, 63);
		c = __builtin_shufflevector(a, b, 10, 11, 12, 13, 14, 15, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41,
		    26, 27, 28, 29, 30, 31, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57);
		a = __builtin_shufflevector(a, a, HALVES(0, 1, 0, 2, 3, 0, 4, 5, 0, 6, 7, 0, 8, 9, 0, 10));
		c = __builtin_shufflevector(c, c, HALVES(1, 0, 2, 3, 0, 4, 5, 0, 6, 7, 0, 8, 9, 0, 10, 11));
		b = __builtin_shufflevector(b, b, HALVES(0, 6, 7, 0, 8, 9, 0, 10, 11, 0, 12, 13, 0, 14, 15, 0));
		a = (a & (bytes32)(c0 == 0)) | c0;
		c = (c & (bytes32)(c1 == 0)) | c1;
		b = (b & (bytes32)(c2 == 0)) | c2;
		memcpy(o, &a, 16);
		memcpy(o + 16, &c, 16);
		memcpy(o + 32, &b, 16);
		memcpy(o + 48, (const char *)&a + 16, 16);
		memcpy(o + 64, (const char *)&c + 16, 16);
		memcpy(o + 80, (const char *)&b + 16, 16);
	}
	return o;
}

/* n bytes, fewer than 16 and more than none, with anything behind them: two halves that overlap, but for the shortest. */
static inline bytes16
few_bytes(const uint8_t *p, uint32_t n)
{
	typedef uint64_t halves __attribute__((vector_size(16)));
	uint64_t half[2] = { 0, 0 };

	if (n >= 8) {
		half[0] = vec_word(p, 8);
		half[1] = vec_word(p + n - 8, 8) >> 8 * (15 - n) >> 8;
	} else if (n >= 4) {
		half[0] = vec_word(p, 4) | vec_word(p + n - 4, 4) << 8 * (n - 4);
	} else {
		half[0] = p[0] | (uint64_t)p[n / 2] << 8 * (n / 2) | (uint64_t)p[n - 1] << 8 * (n - 1);
	}
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	half[0] = __builtin_bswap64(half[0]);
	half[1] = __builtin_bswap64(half[1]);
#endif
	return (bytes16)(halves) { half[0], half[1] };
}

/* The last 16 bytes are done once more when they are no whole vector. */
static CPU_SHUFFLE char *
colons_vectors(char *o, const uint8_t *p, uint32_t n)
{
	uint32_t i = 0;

	if (n < HEX_BYTES) {
		colons_vector(o, few_bytes(p, n));
		return o + 3 * (size_t)n;
	}
	for (; n - i >= HEX_BYTES; i += HEX_BYTES)
		colons_vector(o + 3 * (size_t)i, vec_load(p + i));
	return i == n ? o + 3 * (size_t)n : colons_vector(o + 3 * (size_t)(n - HEX_BYTES), vec_load(p + n - HEX_BYTES));
}

char *
hex_colons_plain(char *o, const uint8_t *p, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		o = digits_x2(o, p[i]);
		*o++ = ':';
	}
	return n ? o - 1 : o;
}

char *
hex_colons(char *o, const uint8_t *p, uint32_t n)
{
	uint32_t wide = n & ~31u;

	if (n == 0 || !cpu_shuffles())
		return hex_colons_plain(o, p, n);
	if (wide && cpu_is_wide()) {
		o = colons_wide(o, p, wide);
		if (wide == n)
			return o - 1;
		if (n - wide < HEX_BYTES)	/* in front of it there are enough to take a whole vector */
			return colons_vectors(o - 3 * (HEX_BYTES - (size_t)(n - wide)), p + n - HEX_BYTES, HEX_BYTES) - 1;
		p += wide;
		n -= wide;
	}
	return colons_vectors(o, p, n) - 1;
}

/* Byte i of n as -A shows it. A CR in front of a newline is not shown, nor one among the last two bytes. */
static inline char *
ascii_byte(char *o, const uint8_t *p, uint32_t i, uint32_t n)
{
	uint8_t c = p[i];

	if (c != '\r')
		*o++ = is_graph(c) || c == '\t' || c == ' ' || c == '\n' ? (char)c : '.';
	else if (i + 2 < n && p[i + 1] != '\n')
		*o++ = '.';
	return o;
}

char *
hex_ascii_plain(char *o, const uint8_t *p, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		o = ascii_byte(o, p, i, n);
	return o;
}

char *
hex_ascii_vector(char *o, const uint8_t *p, uint32_t n)
{
	uint32_t i = 0;

	/* As long as no CR among these sixteen is one of the last two bytes. */
	while (n - i >= sizeof(bytes16) + 2) {
		bytes16 v = vec_load(p + i), shown, returns = (bytes16)(v == '\r');
		unsigned k = 16;

		shown = graph_mask(v) | (bytes16)(v == ' ') | (bytes16)(v == '\t') | (bytes16)(v == '\n');
		shown = (v & shown) | (~shown & '.');
		memcpy(o, &shown, sizeof shown);
		if (vec_first(returns) < 16)
			k = vec_first(returns & (bytes16)(vec_load(p + i + 1) == '\n'));
		o += k;
		i += k < 16 ? k + 1 : k;
	}
	for (; i < n; i++)
		o = ascii_byte(o, p, i, n);
	return o;
}

/* What stands in front of each line: an indent of the caller's, and an offset that counts from `from`. */
struct lead {
	const char *indent;
	size_t len;
	char start[16];		/* of the indent, for a copy of fixed size */
	uint32_t from;
};

/* Room for a line and what is stored behind it. */
static inline size_t
line_room(const struct lead *l)
{
	return l->len + sizeof l->start + DIGITS_ROOM + HEX_LINE;
}

/* The indent and "0x0010: ", with more digits when the offset needs them. */
static inline char *
put_lead(char *o, const struct lead *l, uint32_t at)
{
	uint32_t v = l->from + at;

	if (l->len <= sizeof l->start)
		memcpy(o, l->start, sizeof l->start);
	else
		memcpy(o, l->indent, l->len);
	o += l->len;
	memcpy(o, "0x", 2);
	o = v > 0xffff ? digits_x(o + 2, v, 0) : digits_x4(o + 2, (uint16_t)v);
	memcpy(o, ": ", 2);
	return o + 2;
}

/*
 * The last line, of k bytes: as a whole one, of which what is too much is blanked out. What is behind it. Without ASCII
 * the line ends with its last digit.
 */
static inline __attribute__((always_inline)) char *
put_rest(char *o, const uint8_t *p, uint32_t k, bool ascii, void (*line)(char *, const uint8_t *))
{
	uint32_t width = k / 2 * 5 + k % 2 * 3;
	uint8_t whole[HEX_BYTES] = { 0 };

	memcpy(whole, p, k);
	line(o, whole);
	if (!ascii)
		return o + width;
	memset(o + width, ' ', HEX_WIDTH - width);
	return o + HEX_WIDTH + 2 + k;
}

static inline __attribute__((always_inline)) char *
put_lines(char *o, const struct lead *l, const uint8_t *p, uint32_t n, bool ascii, void (*line)(char *, const uint8_t *))
{
	uint32_t at = 0, shown = ascii ? HEX_LINE : HEX_WIDTH;

	for (; n - at >= HEX_BYTES; at += HEX_BYTES) {
		o = put_lead(o, l, at);
		line(o, p + at);
		o += shown;
	}
	return at < n ? put_rest(put_lead(o, l, at), p + at, n - at, ascii, line) : o;
}

static char *
put_lines_plain(char *o, const struct lead *l, const uint8_t *p, uint32_t n, bool ascii)
{
	return put_lines(o, l, p, n, ascii, hex_line_plain);
}

static CPU_SHUFFLE char *
put_lines_vector(char *o, const struct lead *l, const uint8_t *p, uint32_t n, bool ascii)
{
	return put_lines(o, l, p, n, ascii, hex_line_vector);
}

/* What follows is a hard end: the caller wanted more than there is, and has seen what there is. */
static uint32_t
captured(const struct dis *d, const uint8_t *p, uint32_t n)
{
	uint32_t have_now = left(d, p);

	return n < have_now ? n : have_now;
}

static void
dump_lines(struct dis *d, const char *indent, const uint8_t *p, uint32_t n, uint32_t from, bool ascii)
{
	struct lead l = { .indent = indent, .len = strlen(indent), .from = from };
	uint32_t have_now = captured(d, p, n);

	memcpy(l.start, indent, l.len < sizeof l.start ? l.len : sizeof l.start);
	if (!text_idle(d, 5 * (size_t)have_now) && text_room(d, line_room(&l) * (have_now / HEX_BYTES + 1)))
		d->out = (cpu_shuffles() ? put_lines_vector : put_lines_plain)(d->out, &l, p, have_now, ascii);
	if (n > have_now)
		dis_leave(d);
}

void
text_dump_hex(struct dis *d, const char *indent, const uint8_t *p, uint32_t n, uint32_t from)
{
	dump_lines(d, indent, p, n, from, false);
}

void
text_dump_hex_ascii(struct dis *d, const char *indent, const uint8_t *p, uint32_t n, uint32_t from)
{
	dump_lines(d, indent, p, n, from, true);
}

void
text_dump_ascii(struct dis *d, const uint8_t *p, uint32_t n)
{
	uint32_t have_now = captured(d, p, n);

	text_char(d, '\n');
	if (!text_room(d, have_now))
		return;
	d->out = hex_ascii_vector(d->out, p, have_now);
	if (n > have_now)
		dis_leave(d);
}

void
text_default(struct dis *d, const uint8_t *p, uint32_t n)
{
	if (!d->style->no_default)
		text_dump_hex_ascii(d, "\n\t", p, n, 0);
}

void
text_unknown(struct dis *d, const uint8_t *p, const char *indent, uint32_t n)
{
	if (!have(d, p, 0)) {
		text_fmt(d, "%sDissector error: print_unknown_data() called with pointer past end of packet", indent);
		return;
	}
	text_dump_hex(d, indent, p, captured(d, p, n), 0);
}
