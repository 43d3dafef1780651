/*
 * Walks in several threads, with the output of one. Packets are walked in any order, but conversation memory must see
 * them in theirs. So a walk whose dis has a `later` in place of the memory leaves holes in its text where numbers
 * that it asked for belong; a walk that has to know an answer before it can go on is given up and postponed. Then, in
 * the order of the packets, later_settle answers the questions and has the postponed packets walked; and, in any
 * order again, later_fill puts the text together.
 */
#pragma once

#include "base/buf.h"
#include "dissect/dissect.h"

struct later;

/* For so many packets between two calls of later_clear. NULL without memory. */
struct later *later_new(uint32_t packets);
void later_free(struct later *);
/* Forgets everything: the dis has been emptied (dis_clear), and other packets follow. */
void later_clear(struct later *);

/*
 * Answers from the memory that d is given for it. A postponed packet is handed to walk, by the number that counts
 * packets since later_clear, with d as it was before the packet, able to ask directly. d->later is what it was
 * afterwards.
 */
void later_settle(struct dis *d, struct conv_table *conv, void (*walk)(void *ctx, uint32_t packet), void *ctx);

/*
 * The whole text of the packets walked so far: d's own where nothing was asked, else *out, which is appended to
 * (and has `failed` set when memory runs out).
 */
struct said {
	const char *text;
	size_t n;
};
struct said later_fill(const struct dis *d, struct buf *out);

/* How many bytes of text there will be again, at least, once the postponed packets have been walked. */
size_t later_withheld(const struct later *);

/* For the engine: a packet's walk begins, has it been given up?, and is over: false when so. */
void later_begin(struct dis *d);
bool later_gave_up(const struct later *);
bool later_end(struct dis *d);
/* For conv.c. */
_Noreturn void later_postpone(struct dis *d);
const struct origin *later_ask(struct dis *d, const struct origin *o);
void later_say(struct dis *d, const struct origin *o, unsigned i, uint32_t v);
