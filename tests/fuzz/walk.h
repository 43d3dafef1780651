/*
 * What the targets that walk packets share: a packet from the input, walked in a style that the input chooses, and
 * what must hold afterwards.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "dissect/dissect.h"

enum { WALK_LEAD = 2 };		/* bytes in front of the packet */

/*
 * Walks what follows the first two bytes of the input, which choose the style and how much longer the packet was on
 * the wire; rows and their number as for demux_new, link as in struct packet. Aborts when a limit is broken.
 */
void walk_input(const struct demux_row *rows, size_t n_rows, uint32_t link, const uint8_t *data, size_t size);

/* A packet's text, of n bytes and at most so many: it ends with its line, and no control characters are in it. */
void walk_check_text(const char *s, size_t n, size_t most);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
