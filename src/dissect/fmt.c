/* text_fmt: printf's language without libc's printf, for text that is not worth a call of its own. */
#include <stdarg.h>
#include <stdio.h>

#include "dissect/said.h"

struct spec {
	bool left, zero, alt, plus, blank;
	int width;
	int precision;		/* -1: none */
	int size;		/* -2 hh, -1 h, 0 int, 1 l, 2 ll */
};

static void
pad(struct dis *d, char c, int n)
{
	for (; n > 0; n--)
		text_char(d, c);
}

/* Sign or 0x, zeros for the precision, digits; padded to the width. */
static void
put_number(struct dis *d, const struct spec *s, const char *prefix, const char *digits, int n)
{
	int zeros = s->precision > n ? s->precision - n : 0;
	int len = (int)strlen(prefix) + zeros + n;

	if (s->zero && !s->left && s->precision < 0 && s->width > len) {
		zeros += s->width - len;
		len = s->width;
	}
	if (!s->left)
		pad(d, ' ', s->width - len);
	text(d, prefix);
	pad(d, '0', zeros);
	text_n(d, digits, (size_t)n);
	if (s->left)
		pad(d, ' ', s->width - len);
}

static void
put_unsigned(struct dis *d, const struct spec *s, uint64_t v, unsigned base, bool upper, const char *sign)
{
	const char *set = upper ? "0123456789ABCDEF" : "0123456789abcdef";
	char tmp[24], *p = tmp + sizeof tmp;
	const char *prefix = sign;

	if (s->alt && base == 16 && v)
		prefix = upper ? "0X" : "0x";
	if (v == 0 && s->precision != 0)
		*--p = '0';
	if (base == 10) {
		for (; v; v /= 10)
			*--p = (char)('0' + v % 10);
	} else {
		for (; v; v /= base)
			*--p = set[v % base];
	}
	if (s->alt && base == 8 && (p == tmp + sizeof tmp || *p != '0'))
		*--p = '0';
	put_number(d, s, prefix, p, (int)(tmp + sizeof tmp - p));
}

static void
put_string_spec(struct dis *d, const struct spec *s, const char *str)
{
	size_t n;

	if (str == NULL)
		str = "(null)";
	n = s->precision >= 0 ? strnlen(str, (size_t)s->precision) : strlen(str);
	if (!s->left)
		pad(d, ' ', s->width - (int)n);
	text_n(d, str, n);
	if (s->left)
		pad(d, ' ', s->width - (int)n);
}

/* Floating point is rare and hard to get exactly right: libc's. */
static void
put_double(struct dis *d, const struct spec *s, char conv, double v)
{
	char fmt[24], buf[400];
	int i = 0, n;

	fmt[i++] = '%';
	if (s->left)
		fmt[i++] = '-';
	if (s->zero)
		fmt[i++] = '0';
	if (s->plus)
		fmt[i++] = '+';
	memcpy(fmt + i, "*.*", 3);
	fmt[i + 3] = conv;
	fmt[i + 4] = 0;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	n = snprintf(buf, sizeof buf, fmt, s->width, s->precision < 0 ? 6 : s->precision, v);
#pragma GCC diagnostic pop
	if (n > 0)
		text_n(d, buf, (size_t)n < sizeof buf ? (size_t)n : sizeof buf - 1);
}

static uint64_t
take_unsigned(const struct spec *s, va_list *ap)
{
	switch (s->size) {
	case 2:
		return va_arg(*ap, unsigned long long);
	case 1:
		return va_arg(*ap, unsigned long);
	case -1:
		return (unsigned short)va_arg(*ap, unsigned);
	case -2:
		return (unsigned char)va_arg(*ap, unsigned);
	default:
		return va_arg(*ap, unsigned);
	}
}

static int64_t
take_signed(const struct spec *s, va_list *ap)
{
	switch (s->size) {
	case 2:
		return va_arg(*ap, long long);
	case 1:
		return va_arg(*ap, long);
	case -1:
		return (short)va_arg(*ap, int);
	case -2:
		return (signed char)va_arg(*ap, int);
	default:
		return va_arg(*ap, int);
	}
}

static const char *
parse_spec(const char *f, struct spec *s, va_list *ap)
{
	*s = (struct spec) { .precision = -1 };
	for (;; f++) {
		if (*f == '-')
			s->left = true;
		else if (*f == '0')
			s->zero = true;
		else if (*f == '#')
			s->alt = true;
		else if (*f == '+')
			s->plus = true;
		else if (*f == ' ')
			s->blank = true;
		else
			break;
	}
	if (*f == '*') {
		s->width = va_arg(*ap, int);
		if (s->width < 0) {
			s->left = true;
			s->width = -s->width;
		}
		f++;
	}
	for (; *f >= '0' && *f <= '9'; f++)
		s->width = s->width * 10 + (*f - '0');
	if (*f == '.') {
		f++;
		s->precision = 0;
		if (*f == '*') {
			s->precision = va_arg(*ap, int);
			f++;
		}
		for (; *f >= '0' && *f <= '9'; f++)
			s->precision = s->precision * 10 + (*f - '0');
	}
	for (;; f++) {
		if (*f == 'l')
			s->size++;
		else if (*f == 'h')
			s->size--;
		else if (*f == 'z' || *f == 'j' || *f == 't')
			s->size = 1;
		else
			break;
	}
	return f;
}

/*
 * The conversions that most formats are made of: %u %d %s %x, and %02x to %08x. What is behind it; NULL, and nothing
 * said, when f (behind the %) is another.
 */
static inline const char *
put_plain(struct dis *d, const char *f, va_list *ap)
{
	switch (*f) {
	case 'u':
		text_u(d, va_arg(*ap, unsigned));
		return f + 1;
	case 'd':
		text_i(d, va_arg(*ap, int));
		return f + 1;
	case 'x':
		text_x(d, va_arg(*ap, unsigned), 0);
		return f + 1;
	case 's': {
		const char *s = va_arg(*ap, const char *);

		text(d, s ? s : "(null)");
		return f + 1;
	}
	case '0':
		if (f[1] < '1' || f[1] > '8' || f[2] != 'x')
			return NULL;
		text_x(d, va_arg(*ap, unsigned), (unsigned)(f[1] - '0'));
		return f + 3;
	default:
		return NULL;
	}
}

void
text_fmt(struct dis *d, const char *f, ...)
{
	va_list ap;

	if (text_idle(d, TEXT_USUAL))
		return;
	va_start(ap, f);
	while (*f) {
		const char *from = f, *behind;
		struct spec s;

		while (*f && *f != '%')
			f++;
		if (f != from)
			text_n(d, from, (size_t)(f - from));
		if (*f == 0)
			break;
		if ((behind = put_plain(d, f + 1, &ap)) != NULL) {
			f = behind;
			continue;
		}
		f = parse_spec(f + 1, &s, &ap);
		switch (*f) {
		case 'u':
			put_unsigned(d, &s, take_unsigned(&s, &ap), 10, false, "");
			break;
		case 'x':
		case 'X':
			put_unsigned(d, &s, take_unsigned(&s, &ap), 16, *f == 'X', "");
			break;
		case 'o':
			put_unsigned(d, &s, take_unsigned(&s, &ap), 8, false, "");
			break;
		case 'd':
		case 'i': {
			int64_t v = take_signed(&s, &ap);

			s.alt = false;
			put_unsigned(d, &s, v < 0 ? -(uint64_t)v : (uint64_t)v, 10, false,
			    v < 0 ? "-" : s.plus ? "+" : s.blank ? " " : "");
			break;
		}
		case 'c': {
			char c[2] = { (char)va_arg(ap, int), 0 };

			put_string_spec(d, &(struct spec) { s.left, .width = s.width, .precision = 1 }, c);
			break;
		}
		case 's':
			put_string_spec(d, &s, va_arg(ap, const char *));
			break;
		case 'p':
			s.alt = true;
			put_unsigned(d, &s, (uintptr_t)va_arg(ap, void *), 16, false, "");
			break;
		case 'e':
		case 'f':
		case 'g':
			put_double(d, &s, *f, va_arg(ap, double));
			break;
		case '%':
			text_char(d, '%');
			break;
		case 0:
			va_end(ap);
			return;
		}
		f++;
	}
	va_end(ap);
}
