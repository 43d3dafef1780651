/*
 * Which fields somebody will ask for, as a set that may have others in it by chance: what is not in it is not noted. Zeroed it
 * is empty; NULL in place of one stands for all fields.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct field;

struct field_set {
	uint64_t bits[16];
};

static inline unsigned
field_set_at(const struct field *f)
{
	return (unsigned)((uint64_t)(uintptr_t)f * 0x9e3779b97f4a7c15u >> 54);
}

static inline void
field_set_add(struct field_set *w, const struct field *f)
{
	w->bits[field_set_at(f) / 64] |= 1ull << field_set_at(f) % 64;
}

static inline bool
field_set_has(const struct field_set *w, const struct field *f)
{
	return w->bits[field_set_at(f) / 64] >> field_set_at(f) % 64 & 1;
}

/* Adds what is in other. */
static inline void
field_set_join(struct field_set *w, const struct field_set *other)
{
	for (unsigned i = 0; i < sizeof w->bits / sizeof *w->bits; i++)
		w->bits[i] |= other->bits[i];
}
