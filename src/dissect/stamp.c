#include "dissect/stamp.h"

#include <time.h>

#include "base/digits.h"

/* Makes the text of a second, for all packets in it. */
static __attribute__((noinline)) bool
make_second(struct stamp *s, int64_t sec, bool date, bool utc)
{
	time_t t = (time_t)sec;
	struct tm tm;

	if ((utc ? gmtime_r(&t, &tm) : localtime_r(&t, &tm)) == NULL)
		return false;
	s->len = (uint8_t)strftime(s->text, sizeof s->text, date ? "%Y-%m-%d %H:%M:%S" : "%H:%M:%S", &tm);
	s->sec = sec;
	s->date = date;
	s->utc = utc;
	return true;
}

static inline void
text_second(struct dis *d, int64_t sec, bool date, bool utc)
{
	struct stamp *s = &d->stamp;

	if ((s->len == 0 || s->sec != sec || s->date != date || s->utc != utc) && !make_second(s, sec, date, utc)) {
		text(d, "[Error converting time]");
		return;
	}
	if (text_room(d, sizeof s->text)) {
		memcpy(d->out, s->text, sizeof s->text);
		d->out += s->len;
	}
}

/* A fraction in the unit shown; what a damaged file claims beyond a second is shown and called so. */
static inline void
text_fraction(struct dis *d, uint32_t v)
{
	bool nano = d->style->nano;
	char *o;

	if (v >= (nano ? 1000000000 : 1000000)) {
		text_fmt(d, ".%u (invalid %s) ", v, nano ? "ns" : "us");
		return;
	}
	if ((o = text_begin(d, DIGITS_ROOM)) == NULL)
		return;
	*o++ = '.';
	text_end(d, text_put(nano ? digits_nine(o, v) : digits_six(o, v), " "));
}

/* -ttt and -ttttt: the time since the reference, with a sign or a blank. frac is in the unit shown. */
static void
text_delta(struct dis *d, int64_t sec, int64_t frac)
{
	struct stamp *s = &d->stamp;
	int64_t ds, df;
	bool negative;

	/* A reference of 0 is none, for tcpdump. */
	if (s->ref_sec == 0 && s->ref_frac == 0) {
		s->ref_sec = sec;
		s->ref_frac = frac;
	}
	negative = sec < s->ref_sec || (sec == s->ref_sec && frac < s->ref_frac);
	ds = negative ? s->ref_sec - sec : sec - s->ref_sec;
	df = negative ? s->ref_frac - frac : frac - s->ref_frac;
	if (df < 0) {
		df += d->style->nano ? 1000000000 : 1000000;
		ds--;
	}
	text_char(d, negative ? '-' : ' ');
	text_second(d, ds, false, true);
	text_fraction(d, (uint32_t)df);
	if (d->style->t == 3) {
		s->ref_sec = sec;
		s->ref_frac = frac;
	}
}

void
stamp_pass(struct stamp *s, const struct style *style, const struct packet *p)
{
	if (!packet_is_sane(p))
		return;
	if (style->t == 3 || (style->t == 5 && s->ref_sec == 0 && s->ref_frac == 0)) {
		s->ref_sec = p->sec;
		s->ref_frac = style->nano ? p->nsec : p->nsec / 1000;
	}
}

void
text_stamp(struct dis *d, int64_t sec, int64_t nsec)
{
	int64_t frac = d->style->nano ? nsec : nsec / 1000;

	switch (d->style->t) {
	case 0:
	case 4:
		text_second(d, sec, d->style->t == 4, false);
		text_fraction(d, (uint32_t)frac);
		break;
	case 2:
		text_i(d, sec);
		text_fraction(d, (uint32_t)frac);
		break;
	case 3:
	case 5:
		text_delta(d, sec, frac);
		break;
	default:
		break;
	}
}
