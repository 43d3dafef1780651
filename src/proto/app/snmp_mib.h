/* Names of object identifiers, as a tree written out in order: a node's children follow it, one deeper. */
#pragma once

#include <stdint.h>

struct mib_node {
	uint8_t depth;		/* 1 for iso */
	uint8_t id;		/* last component of its object identifier */
	const char *name;
};

extern const struct mib_node mib[];
extern const unsigned mib_size;
