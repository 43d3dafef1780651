#include "flow/history.h"

#include <stdlib.h>
#include <string.h>

static unsigned
size_class(uint32_t room)
{
	return (unsigned)__builtin_ctz(room / HISTORY_MIN);
}

static struct history *
history_new(struct histories *all, uint32_t room)
{
	const unsigned class = size_class(room);
	struct history *h = all->spares[class];

	if (h) {
		all->spares[class] = h->older;
		all->n_spares[class]--;
	} else {
		if ((h = malloc(sizeof *h + room)) == NULL)
			return NULL;
		all->bytes += sizeof *h + room;
		h->room = room;
	}
	h->from = h->to = 0;
	return h;
}

static void
history_release(struct histories *all, struct history *h)
{
	const unsigned class = size_class(h->room);

	if (all->n_spares[class] < HISTORY_SPARES) {
		h->older = all->spares[class];
		all->spares[class] = h;
		all->n_spares[class]++;
	} else {
		all->bytes -= sizeof *h + h->room;
		free(h);
	}
}

static void
list_append(struct histories *all, struct history *h)
{
	h->older = all->newest;
	h->newer = NULL;
	if (h->older)
		h->older->newer = h;
	else
		all->oldest = h;
	all->newest = h;
}

static void
list_remove(struct histories *all, struct history *h)
{
	if (h->older)
		h->older->newer = h->newer;
	else
		all->oldest = h->newer;
	if (h->newer)
		h->newer->older = h->older;
	else
		all->newest = h->older;
}

void
history_drop(struct histories *all, struct history **owner)
{
	struct history *h = *owner;

	if (h == NULL)
		return;
	list_remove(all, h);
	*owner = NULL;
	history_release(all, h);
}

/* Room for n bytes behind those that are there, of which old ones may have to go. NULL: there is none. */
static struct history *
history_reserve(struct histories *all, struct history **owner, uint32_t n)
{
	struct history *h = *owner, *larger;
	uint32_t len = h->to - h->from, room = h->room;

	while (len + n > room / 2 && room < HISTORY_MAX)
		room *= 2;
	if (room > h->room && (larger = history_new(all, room)) != NULL) {
		const uint32_t keep = len < room - n ? len : room - n;

		larger->offset = h->offset + (len - keep);
		larger->to = keep;
		memcpy(larger->bytes, h->bytes + h->from + (len - keep), keep);
		list_remove(all, h);
		history_release(all, h);
		list_append(all, larger);
		larger->owner = owner;
		return *owner = larger;
	}
	if (n > h->room)
		return NULL;
	if (len + n > h->room || (h->room == HISTORY_MAX && len > h->room / 2)) {
		const uint32_t keep = h->room / 2 < h->room - n ? h->room / 2 : h->room - n;

		h->offset += len - keep;
		h->from += len - keep;
		len = keep;
	}
	memmove(h->bytes, h->bytes + h->from, len);
	h->from = 0;
	h->to = len;
	return h;
}

void
history_add(struct histories *all, struct history **owner, uint64_t offset, const uint8_t *p, uint32_t n)
{
	struct history *h = *owner;

	/* A packet that the sender's hardware was to cut up can be longer than all that is kept. */
	if (n > HISTORY_MAX) {
		offset += n - HISTORY_MAX;
		p += n - HISTORY_MAX;
		n = HISTORY_MAX;
	}
	if (h && h->offset + (h->to - h->from) != offset)
		h->from = h->to;
	if (h == NULL) {
		if ((h = history_new(all, HISTORY_MIN)) == NULL)
			return;
		list_append(all, h);
		h->owner = owner;
		*owner = h;
	}
	if (h->from == h->to) {
		h->from = h->to = 0;
		h->offset = offset;
	}
	if (h->room - h->to < n && (h = history_reserve(all, owner, n)) == NULL) {
		history_drop(all, owner);
		return;
	}
	memcpy(h->bytes + h->to, p, n);
	h->to += n;
	while (all->bytes > all->most && all->oldest) {
		history_drop(all, all->oldest->owner);
		for (unsigned i = 0; i < HISTORY_SIZES; i++) {
			struct history *spare = all->spares[i];

			if (spare) {
				all->spares[i] = spare->older;
				all->n_spares[i]--;
				all->bytes -= sizeof *spare + spare->room;
				free(spare);
			}
		}
	}
}

void
history_trim(struct histories *all, struct history **owner, uint64_t offset)
{
	struct history *h = *owner;

	if (h == NULL || offset <= h->offset)
		return;
	if (offset - h->offset >= h->to - h->from) {
		history_drop(all, owner);
		return;
	}
	h->from += (uint32_t)(offset - h->offset);
	h->offset = offset;
}

const uint8_t *
history_at(const struct history *h, uint64_t *offset, uint32_t *n)
{
	uint64_t skip;

	*n = 0;
	if (h == NULL)
		return NULL;
	if (*offset < h->offset)
		*offset = h->offset;
	skip = *offset - h->offset;
	if (skip >= h->to - h->from)
		return NULL;
	*n = h->to - h->from - (uint32_t)skip;
	return h->bytes + h->from + skip;
}

void
histories_free(struct histories *all)
{
	while (all->oldest)
		history_drop(all, all->oldest->owner);
	for (unsigned i = 0; i < HISTORY_SIZES; i++)
		while (all->spares[i]) {
			struct history *h = all->spares[i];

			all->spares[i] = h->older;
			free(h);
		}
}
