/*
 * The organizationally specific TLVs of LLDP: p..p+len is the TLV's value, which is captured. True when its bytes
 * should be dumped, because nobody here knows them.
 */
#pragma once

#include "dissect/dissect.h"

bool lldp_org(struct dis *d, const uint8_t *p, unsigned len);
