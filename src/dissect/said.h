/*
 * Text that nobody reads, where only fields are asked for: it is not put together, and only its length is kept, as good as can
 * be told. So whoever looks for something said finds it, and the ceiling still ends walks that would go on for ever.
 *
 * What a walk itself wants of its text (a field that is nowhere in the packet as such, how long it has become) stands between
 * text_say and put_said or text_said, and is put together whoever reads it. A walk that ends in between ends that as well.
 */
#pragma once

#include "dissect/dissect.h"

enum { TEXT_USUAL = 8 };	/* characters, where it is not known how many */

/* Where nobody reads it: about n characters of text have been said; the caller has nothing to do. */
static inline bool
text_idle(struct dis *d, size_t n)
{
	if (!d->idle)
		return false;
	if (text_room(d, n))
		d->out += n;
	return true;
}

/* What is said from here on is wanted; where it begins. */
static inline uint32_t
text_say(struct dis *d)
{
	d->idle = false;
	return text_at(d);
}

/* What was wanted has been said. */
static inline void
text_said(struct dis *d)
{
	d->idle = d->mute;
}

/* The same; and this field is what has been said since `from`: names that are spread over the packet. */
static inline void
put_said(struct dis *d, const struct field *f, uint32_t from)
{
	if (__builtin_expect(d->noting, 0) && text_at(d) >= from)
		fields_string(d, f, d->base + from, text_at(d) - from);
	text_said(d);
}
