/* Redis serialization protocol, https://redis.io/topics/protocol. */
#include "dissect/dissect.h"

enum { SIMPLE, FAILURE, NUMBER, BULK, BULK_LENGTH, ARRAY_LENGTH, INLINE };
static const struct field F[] = {
	[SIMPLE] = { "resp.string", STR, .help = "Simple string" },
	[FAILURE] = { "resp.error", STR, .help = "Error" },
	[NUMBER] = { "resp.integer", STR, .help = "Integer" },
	[BULK] = { "resp.bulk_string", STR, .help = "Bulk string: a command, an argument, a value" },
	[BULK_LENGTH] = { "resp.bulk_string.length", U32, .help = "Length of a bulk string" },
	[ARRAY_LENGTH] = { "resp.array.length", U32, .help = "Number of elements of an array" },
	[INLINE] = { "resp.inline", STR, .help = "Command typed as a line" },
};

extern const struct proto proto_resp;

/* What is to be read. */
struct rest {
	const uint8_t *p;
	uint32_t n;
};

/* Kinds of length that are none. */
enum length { LEN_OK, LEN_NULL, LEN_CUT, LEN_LARGE, LEN_NEGATIVE, LEN_BAD };

static inline bool
is_end(uint8_t c)
{
	return c == '\r' || c == '\n';
}

/* n bytes are in the message and captured. */
static inline bool
there(const struct dis *d, const struct rest *r, uint32_t n)
{
	return r->n >= n && have(d, r->p, n);
}

static inline void
skip(struct rest *r, uint32_t n)
{
	r->p += n;
	r->n -= n;
}

/* Moves to the next CR LF; false when it does not come. */
static bool
seek_crlf(const struct dis *d, struct rest *r)
{
	for (;; skip(r, 1)) {
		if (!there(d, r, 2))
			return false;
		if (r->p[0] == '\r' && r->p[1] == '\n')
			return true;
	}
}

static void
text_quoted(struct dis *d, const uint8_t *p, uint32_t n)
{
	text(d, " \"");
	text_str_soft(d, p, n);
	text_char(d, '"');
}

/* "123" CR LF; its bytes must be captured. Where it goes wrong, *r is behind the byte that was wrong. */
static enum length
read_length(struct dis *d, struct rest *r, uint32_t *length)
{
	bool minus, large = false, digits = false;
	uint64_t v = 0;

	if (r->n == 0)
		return LEN_CUT;
	minus = u8(d, r->p) == '-';
	if (minus)
		skip(r, 1);
	for (;; skip(r, 1)) {
		if (r->n == 0)
			return LEN_CUT;
		if (u8(d, r->p) < '0' || *r->p > '9')
			break;
		digits = true;
		if (!large)
			v = v * 10 + (*r->p - '0');
		if (v > INT32_MAX)
			large = true;
	}
	if (!digits || *r->p != '\r') {
		skip(r, 1);
		return LEN_BAD;
	}
	skip(r, 1);
	if (r->n == 0)
		return LEN_CUT;
	if (u8(d, r->p) != '\n') {
		skip(r, 1);
		return LEN_BAD;
	}
	skip(r, 1);
	if (minus)
		return large || v != 1 ? LEN_NEGATIVE : LEN_NULL;
	*length = (uint32_t)v;
	return large ? LEN_LARGE : LEN_OK;
}

/* Says what is wrong with a length; false when the message ends there. */
static bool
text_length(struct dis *d, enum length how)
{
	static const char *const words[] = {
		[LEN_NULL] = " null", [LEN_LARGE] = " length too large",
		[LEN_NEGATIVE] = " length negative and not -1", [LEN_BAD] = " invalid",
	};

	if (how == LEN_CUT)
		return false;
	text(d, words[how]);
	return true;
}

static bool
bulk_string(struct dis *d, struct rest *r)
{
	uint32_t n = 0;
	enum length how = read_length(d, r, &n);

	if (how != LEN_OK)
		return text_length(d, how);
	put_value(d, &F[BULK_LENGTH], n);
	if (n == 0) {
		text(d, " empty");
	} else {
		if (!there(d, r, n))
			return false;
		put_field(d, &F[BULK], r->p, n);
		text_quoted(d, r->p, n);
		skip(r, n);
	}
	if (!seek_crlf(d, r))
		return false;
	skip(r, 2);
	return true;
}

/* Adds the array's elements to *wanted. */
static bool
array(struct dis *d, struct rest *r, uint64_t *wanted)
{
	uint32_t n = 0;
	enum length how = read_length(d, r, &n);

	if (how != LEN_OK)
		return text_length(d, how);
	put_value(d, &F[ARRAY_LENGTH], n);
	if (n == 0)
		text(d, " empty");
	*wanted += n;
	return true;
}

static bool
line(struct dis *d, struct rest *r, const struct field *f)
{
	const uint8_t *start = r->p;
	uint32_t n;

	if (!seek_crlf(d, r))
		return false;
	n = (uint32_t)(r->p - start);
	put_field(d, f, start, n);
	text_quoted(d, start, n);
	skip(r, 2);
	return true;
}

/* A command as it is typed, between line ends of any kind. Unlike the rest, bytes that are not captured are a hard end. */
static bool
typed(struct dis *d, struct rest *r)
{
	const uint8_t *start;

	while (r->n && is_end(u8(d, r->p)))
		skip(r, 1);
	start = r->p;
	for (;; skip(r, 1)) {
		if (r->n == 0)
			return false;
		if (is_end(u8(d, r->p)))
			break;
	}
	put_field(d, &F[INLINE], start, (uint32_t)(r->p - start));
	text_quoted(d, start, (uint32_t)(r->p - start));
	while (r->n && is_end(u8(d, r->p)))
		skip(r, 1);
	return true;
}

/*
 * Messages follow one another, and arrays hold messages: since nesting is not shown, it is enough to count the
 * elements that are still wanted when the bytes end.
 */
static void
resp(struct dis *d, const uint8_t *p, uint32_t len)
{
	struct rest r = { p, len };
	uint64_t wanted = 0;
	bool ok = true;

	enter(d, &proto_resp);
	if (len == 0)
		return;
	text(d, ": RESP");
	while (ok && (r.n || wanted)) {
		if (wanted)
			wanted--;
		if (r.n == 0) {
			ok = false;
			break;
		}
		switch (u8(d, r.p)) {
		case '+':
			skip(&r, 1);
			ok = line(d, &r, &F[SIMPLE]);
			break;
		case '-':
			skip(&r, 1);
			ok = line(d, &r, &F[FAILURE]);
			break;
		case ':':
			skip(&r, 1);
			ok = line(d, &r, &F[NUMBER]);
			break;
		case '$':
			skip(&r, 1);
			ok = bulk_string(d, &r);
			break;
		case '*':
			skip(&r, 1);
			ok = array(d, &r, &wanted);
			break;
		default:
			ok = typed(d, &r);
			break;
		}
	}
	if (!ok)
		text_trunc(d);
}

const struct proto proto_resp = PROTO("resp", "resp", "REdis Serialization Protocol", resp, F);
