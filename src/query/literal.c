/* Literals: what was written, read as what it is compared with. */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <time.h>

#include "query/ast.h"

enum kind
kind_of(const struct field *f)
{
	switch (f->type) {
	case BOOL: return K_BOOL;
	case I8: case I16: case I32: case I64: return K_SIGNED;
	case TIME32: case TIME_NS: return K_TIME;
	case DURATION: case MILLIS: return K_DURATION;
	case IP4: return K_IP4;
	case IP6: return K_IP6;
	case STR: return K_TEXT;
	case MAC: case EUI64: case BYTES: return K_BYTES;
	case LABEL: return K_NOTHING;
	default: return K_UNSIGNED;
	}
}

const char *
kind_name(enum kind k)
{
	static const char *const names[] = {
		[K_UNSIGNED] = "a number", [K_SIGNED] = "a number", [K_TIME] = "a time",
		[K_DURATION] = "a duration", [K_BOOL] = "true or false",
		[K_BYTES] = "bytes", [K_TEXT] = "text", [K_IP4] = "an IPv4 address", [K_IP6] = "an IPv6 address",
		[K_NOTHING] = "only there or not",
	};

	return names[k];
}

/* The literal as a string. */
static char *
spelled(struct query *q, const struct operand *o)
{
	char *s = query_alloc(q, o->word_len + 1);

	if (s)
		memcpy(s, o->word, o->word_len);
	return s;
}

static bool
named(const struct field *f, const char *s, uint64_t *v)
{
	for (const struct name *n = f ? f->names : NULL; n && n->name; n++)
		if (strcasecmp(n->name, s) == 0) {
			*v = n->value;
			return true;
		}
	return false;
}

static bool
number(struct operand *o, const char *s, enum kind kind, const struct field *f, struct err *e)
{
	char *end;

	if (o->written == T_CHAR) {
		o->value.n = (uint8_t)*o->word;
		return true;
	}
	if (named(f, s, &o->value.n))
		return true;
	errno = 0;
	if (strncasecmp(s, "0b", 2) == 0 && s[2])
		o->value.n = strtoull(s + 2, &end, 2);
	else if (*s == '-' && kind == K_SIGNED)
		o->value.n = (uint64_t)strtoll(s, &end, 0);
	else
		o->value.n = isdigit((unsigned char)*s) ? strtoull(s, &end, 0) : (end = (char *)s, 0);
	if (end == s || *end)
		return err_set(e, "'%s' is not a number%s", s, f && f->names ? ", nor what a value is called" : "");
	if (errno == ERANGE)
		return err_set(e, "%s is too large", s);
	return true;
}

static bool
truth(struct operand *o, const char *s, struct err *e)
{
	static const char *const no[] = { "0", "false", "False", "FALSE" }, *const yes[] = { "1", "true", "True", "TRUE" };

	for (unsigned i = 0; i < 4; i++)
		if (strcmp(s, no[i]) == 0 || strcmp(s, yes[i]) == 0) {
			o->value.n = strcmp(s, yes[i]) == 0;
			return true;
		}
	return err_set(e, "'%s' is neither true nor false", s);
}

static bool
address(struct query *q, struct operand *o, char *s, int family, struct err *e)
{
	unsigned bits = family == AF_INET ? 32 : 128;
	uint8_t *p = query_alloc(q, bits / 8);
	char *slash = strchr(s, '/'), *end;
	long prefix = bits;
	bool ok;

	if (!p)
		return err_set(e, "out of memory");
	if (slash) {
		*slash = '\0';
		prefix = strtol(slash + 1, &end, 10);
		if (end == slash + 1 || *end || prefix < 0 || prefix > (long)bits)
			return err_set(e, "a prefix length is a number from 0 to %u", bits);
	}
	ok = inet_pton(family, s, p) == 1;
	if (slash)
		*slash = '/';
	if (!ok)
		return err_set(e, "'%s' is not an IPv%d address", s, family == AF_INET ? 4 : 6);
	o->value = (struct value) { .p = p, .len = bits / 8, .prefix = (uint8_t)prefix };
	return true;
}

/* Two digits a byte, with one kind of separator or none; Cisco's way of MAC addresses is four digits and dots. */
static bool
bytes(struct query *q, struct operand *o, const char *s, struct err *e)
{
	uint8_t *p = query_alloc(q, strlen(s) + 1);
	char sep = 0;
	size_t n = 0;

	if (!p)
		return err_set(e, "out of memory");
	if (o->written != T_WORD) {
		memcpy(p, o->word, o->word_len);
		o->value = (struct value) { .p = p, .len = (uint32_t)o->word_len };
		return true;
	}
	if (strncasecmp(s, "0x", 2) == 0)
		s += 2;
	if (s[0] && !s[1] && isxdigit((unsigned char)*s)) {
		p[0] = (uint8_t)strtoul(s, NULL, 16);
		o->value = (struct value) { .p = p, .len = 1 };
		return true;
	}
	for (const char *c = s; *c;) {
		char two[3] = { c[0], c[0] ? c[1] : '\0', '\0' };

		if (!isxdigit((unsigned char)two[0]) || !isxdigit((unsigned char)two[1]))
			return err_set(e, "'%s' is not bytes: two hexadecimal digits each, as in 0a:1b:2c, or a \"string\"", s);
		p[n++] = (uint8_t)strtoul(two, NULL, 16);
		c += 2;
		if (*c == '\0')
			break;
		if (*c == ':' || *c == '-' || *c == '.') {
			if (sep && sep != *c)
				return err_set(e, "'%s' mixes '%c' and '%c'", s, sep, *c);
			sep = *c++;
		}
	}
	o->value = (struct value) { .p = p, .len = (uint32_t)n };
	return n > 0 || err_set(e, "no bytes");
}

/* Seconds since 1970, or a date: "2024-05-01 12:00:00.5", with a Z in UTC and otherwise in local time. */
static bool
moment(struct operand *o, const char *s, struct err *e)
{
	static const char *const forms[] = {
		"%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%b %d, %Y %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d",
	};
	int64_t sec = 0, frac = 0, scale = 100000000, ns;
	const char *end = NULL;
	bool negative = *s == '-';

	if (strspn(s + negative, "0123456789") == strcspn(s + negative, ".") && s[negative]) {
		char *rest;

		errno = 0;
		sec = strtoll(s + negative, &rest, 10);
		end = rest;
		if (errno || sec > 9000000000)
			return err_set(e, "%s is too large", s);
	} else {
		for (size_t i = 0; i < sizeof forms / sizeof *forms && !end; i++) {
			struct tm tm = { .tm_isdst = -1 };

			end = strptime(s, forms[i], &tm);
			if (end)
				sec = end[strcspn(end, "Z")] ? timegm(&tm) : mktime(&tm);
		}
	}
	if (end && *end == '.')
		for (end++; isdigit((unsigned char)*end); end++, scale /= 10)
			frac += (*end - '0') * scale;
	if (!end || (*end && strcmp(end, "Z") != 0))
		return err_set(e, "'%s' is not a time: seconds, or \"2024-05-01 12:00:00\"", s);
	/* Dates that do not fit 64 bits of nanoseconds: the last or first time that does stands for them. */
	if (__builtin_mul_overflow(sec, 1000000000, &ns) || __builtin_add_overflow(ns, frac, &ns))
		ns = sec < 0 ? -INT64_MAX : INT64_MAX;
	o->value.n = (uint64_t)(negative ? -ns : ns);
	return true;
}

/* A number of seconds (or whatever a unit is), with decimals. */
static bool
duration(struct operand *o, const char *s, int64_t unit, struct err *e)
{
	bool negative = *s == '-';
	const char *c = s + negative;
	int64_t ns = 0;

	if (!isdigit((unsigned char)*c) && *c != '.')
		return err_set(e, "'%s' is not a duration: %s, as in 0.25", s, unit == 1000000 ? "milliseconds" : "seconds");
	for (; isdigit((unsigned char)*c); c++)
		if (__builtin_mul_overflow(ns, 10, &ns) || __builtin_add_overflow(ns, (*c - '0') * unit, &ns))
			return err_set(e, "%s is too large", s);
	if (*c == '.')
		for (c++; isdigit((unsigned char)*c); c++)
			ns += (*c - '0') * (unit /= 10);
	if (*c)
		return err_set(e, "'%s' is not a duration", s);
	o->value.n = (uint64_t)(negative ? -ns : ns);
	return true;
}

bool
literal_settle(struct query *q, struct operand *o, enum kind kind, const struct field *f, struct err *e)
{
	char *s = spelled(q, o);
	bool ok;

	if (!s)
		return err_set(e, "out of memory");
	switch (kind) {
	case K_UNSIGNED: case K_SIGNED: ok = number(o, s, kind, f, e); break;
	case K_BOOL: ok = truth(o, s, e); break;
	case K_TIME: ok = moment(o, s, e); break;
	case K_DURATION: ok = duration(o, s, f && f->type == MILLIS ? 1000000 : 1000000000, e); break;
	case K_IP4: ok = address(q, o, s, AF_INET, e); break;
	case K_IP6: ok = address(q, o, s, AF_INET6, e); break;
	case K_BYTES: ok = bytes(q, o, s, e); break;
	case K_TEXT:
		o->value = (struct value) { .p = (const uint8_t *)s, .len = (uint32_t)o->word_len };
		ok = true;
		break;
	default:
		ok = err_set(e, "what is %s cannot be compared", kind_name(kind));
	}
	o->kind = kind;
	o->settled = ok;
	return ok;
}
