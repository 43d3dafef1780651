#include "dissect/stamp.h"

#include <time.h>

/* The text of a second, made once for all packets in it. */
static void
text_second(struct dis *d, int64_t sec, bool date, bool utc)
{
	struct stamp *s = &d->stamp;

	if (s->len == 0 || s->sec != sec || s->date != date || s->utc != utc) {
		time_t t = (time_t)sec;
		struct tm tm;

		if ((utc ? gmtime_r(&t, &tm) : localtime_r(&t, &tm)) == NULL) {
			text(d, "[Error converting time]");
			return;
		}
		s->len = (uint8_t)strftime(s->text, sizeof s->text, date ? "%Y-%m-%d %H:%M:%S" : "%H:%M:%S", &tm);
		s->sec = sec;
		s->date = date;
		s->utc = utc;
	}
	text_n(d, s->text, s->len);
}

static void
text_fraction(struct dis *d, uint32_t nsec)
{
	unsigned digits = d->style->nano ? 9 : 6;
	uint32_t v = d->style->nano ? nsec : nsec / 1000;
	char *o;

	if (!text_room(d, 11))
		return;
	o = d->out;
	*o = '.';
	for (unsigned i = digits; i; i--, v /= 10)
		o[i] = (char)('0' + v % 10);
	o[digits + 1] = ' ';
	d->out = o + digits + 2;
}

/* -ttt and -ttttt: the time since the reference, with a sign or a blank. */
static void
text_delta(struct dis *d, int64_t sec, uint32_t nsec)
{
	struct stamp *s = &d->stamp;
	int64_t ds;
	int64_t dn;
	bool negative;

	if (!s->ref_set) {
		s->ref_set = true;
		s->ref_sec = sec;
		s->ref_nsec = nsec;
	}
	negative = sec < s->ref_sec || (sec == s->ref_sec && nsec < s->ref_nsec);
	ds = negative ? s->ref_sec - sec : sec - s->ref_sec;
	dn = negative ? (int64_t)s->ref_nsec - nsec : (int64_t)nsec - s->ref_nsec;
	if (dn < 0) {
		dn += 1000000000;
		ds--;
	}
	text_char(d, negative ? '-' : ' ');
	text_second(d, ds, false, true);
	text_fraction(d, (uint32_t)dn);
	if (d->style->t == 3) {
		s->ref_sec = sec;
		s->ref_nsec = nsec;
	}
}

void
text_stamp(struct dis *d, int64_t sec, uint32_t nsec)
{
	switch (d->style->t) {
	case 0:
	case 4:
		text_second(d, sec, d->style->t == 4, false);
		text_fraction(d, nsec);
		break;
	case 2:
		text_i(d, sec);
		text_fraction(d, nsec);
		break;
	case 3:
	case 5:
		text_delta(d, sec, nsec);
		break;
	default:
		break;
	}
}
