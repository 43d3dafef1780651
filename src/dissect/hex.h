/*
 * Sixteen bytes as a line of a hex dump: " 4500 0034 ..." (HEX_WIDTH characters), two blanks, and the bytes as ASCII
 * with a dot for what is not visible. Both versions write the same HEX_LINE characters; nothing behind them.
 */
#pragma once

#include <stdint.h>

enum { HEX_BYTES = 16, HEX_WIDTH = HEX_BYTES / 2 * 5, HEX_LINE = HEX_WIDTH + 2 + HEX_BYTES };

void hex_line_plain(char *o, const uint8_t *p);
/* Needs cpu_shuffles(). */
void hex_line_vector(char *o, const uint8_t *p);

/* n bytes as "00:1b:21", at o, which has room for 3 n + HEX_COLONS; what is behind them. By vectors where there are some. */
enum { HEX_COLONS = 3 * HEX_BYTES };
char *hex_colons(char *o, const uint8_t *p, uint32_t n);
char *hex_colons_plain(char *o, const uint8_t *p, uint32_t n);

/* n bytes as -A shows them, at o, which has room for as many; what is behind them. The same, bytewise and by vectors. */
char *hex_ascii_plain(char *o, const uint8_t *p, uint32_t n);
char *hex_ascii_vector(char *o, const uint8_t *p, uint32_t n);
