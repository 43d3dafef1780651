/*
 * An Ethernet frame of which a switch put `tag` bytes of its own between the addresses and the type. They are said by
 * text_switch_tag, which gets them captured. The caller has entered its layer.
 */
#pragma once

#include "dissect/dissect.h"

typedef void ether_tag_text(struct dis *d, const uint8_t *p);

void ether_walk(struct dis *d, const uint8_t *p, uint32_t len, uint32_t tag, ether_tag_text *text_switch_tag);
