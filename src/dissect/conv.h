/*
 * The table of conversation memory, for those who ask on a walk's behalf: a hash table of fixed size in which buckets
 * of eight entries are kept in order of use, so that the least recently used of a bucket makes room.
 */
#pragma once

#include "dissect/dissect.h"

/* The hash of a key of n bytes (its length counts); what conv_find and conv_prefetch want. */
uint32_t conv_hash(const void *key, size_t n);

/* As conv_at; key is CONV_KEY bytes, zeros behind the first n. */
void *conv_find(struct conv_table *t, const uint8_t *key, size_t n, uint32_t hash, bool make, bool *fresh);

/* Has the processor fetch what conv_find will look at. */
void conv_prefetch(const struct conv_table *t, uint32_t hash);
