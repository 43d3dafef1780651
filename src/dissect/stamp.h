/* Time stamps in front of a packet's line. */
#pragma once

#include "dissect/dissect.h"

/* Says the capture time as -t .. -ttttt ask, with the blank behind it. */
void text_stamp(struct dis *d, int64_t sec, int64_t nsec);

/* Leaves *s as the text_stamp of this packet would: what the stamps of those behind it count from. */
void stamp_pass(struct stamp *s, const struct style *style, const struct packet *p);
