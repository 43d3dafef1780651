/*
 * OpenFlow: what its framing (openflow.c) and its versions (openflow10.c, openflow10_parts.c, openflow13.c) share.
 */
#pragma once

#include "dissect/dissect.h"

enum { OF_HEADER = 8 };

/* What is left of a message, or of a part of it, n bytes by the lengths that stand in it. All reads are hard. */
struct of_cut {
	const uint8_t *p;
	uint32_t n;
};

typedef void of_walk(struct dis *d, struct of_cut *c);

/* How a message is read. Its body has to have len bytes, or at least len with OF_LEAST. */
struct of_message {
	of_walk *walk;			/* NULL: nothing is shown */
	enum of_rule { OF_ANY, OF_FIXED, OF_LEAST } rule;
	uint16_t len;
};
enum { OF10_MESSAGES = 22, OF13_MESSAGES = 30 };
extern const struct of_message of10_messages[OF10_MESSAGES], of13_messages[OF13_MESSAGES];
extern const struct name of10_types[], of13_types[];

static inline void
of_skip(struct of_cut *c, uint32_t n)
{
	c->p += n;
	c->n -= n;
}

/* Skips n bytes that have to be captured. */
static inline void
of_pass(struct dis *d, struct of_cut *c, uint32_t n)
{
	need(d, c->p, n);
	of_skip(c, n);
}

/*
 * Each says a label and what the next size bytes are, and goes past them: a number, a number in hex, a name (fmt where
 * there is none), a set of bits (in hex, then those that have names; those outside of known are bogus), an Ethernet
 * address, a padded string between quotes. f is noted, unless it is NULL.
 */
void of_number(struct dis *d, struct of_cut *c, const struct field *f, const char *label, unsigned size);
void of_hex(struct dis *d, struct of_cut *c, const struct field *f, const char *label, unsigned size);
void of_name(struct dis *d, struct of_cut *c, const struct field *f, const char *label, unsigned size,
    const struct name *names, const char *fmt);
void of_bits(struct dis *d, struct of_cut *c, const struct field *f, const char *label, unsigned size,
    const struct name *names, uint32_t known);
void of_mac(struct dis *d, struct of_cut *c, const struct field *f, const char *label);
void of_string(struct dis *d, struct of_cut *c, const struct field *f, const char *label, unsigned size);

/* The next size bytes as a number that is not said; f is noted. */
uint32_t of_take(struct dis *d, struct of_cut *c, const struct field *f, unsigned size);

/* A list goes on: lead, and whether there is room for `least` bytes more. Says so when there is not, and ends the list. */
bool of_room(struct dis *d, const struct of_cut *c, const char *lead, unsigned least);
/* A number is not what it should be: says "[what is op than] (invalid)" and leaves the rest. */
void of_bad(struct dis *d, const struct of_cut *c, const char *what, uint32_t is, const char *op, uint32_t than);
/* The rest as data nobody knows. */
void of_data(struct dis *d, struct of_cut *c);
/* ", vendor 0x00002320 (Nicira Networks)" with that label; returns the vendor. */
uint32_t of_vendor(struct dis *d, struct of_cut *c, const struct field *f, const char *label);

/* The messages in a TCP segment: the walk of the protocol. */
void of_segment(struct dis *d, const uint8_t *p, uint32_t len);

/* Notes a header of version 1.3 of which the segment has len bytes, in a layer of its own (openflow13.c). */
void of13_put_header(struct dis *d, const uint8_t *p, uint32_t len);

enum of10_field {
	OF_VERSION, OF_TYPE10, OF_LENGTH, OF_XID, OF_DPID, OF_BUFFERS, OF_TABLES, OF_CAPABILITIES, OF_ACTIONS, OF_PORT_NO,
	OF_HW_ADDR, OF_PORT_NAME, OF_PORT_CONFIG, OF_PORT_STATE, OF_PORT_CURR, OF_PORT_ADVERTISED, OF_PORT_SUPPORTED,
	OF_PORT_PEER, OF_CONFIG, OF_MISS_SEND, OF_BUFFER, OF_TOTAL_LEN, OF_IN_PORT, OF_REASON, OF_TABLE, OF_COOKIE,
	OF_ACTIONS_LEN, OF_ACTION_TYPE, OF_ACTION_LEN, OF_OUTPUT_PORT, OF_MAX_LEN, OF_WILDCARDS, OF_COMMAND, OF_ETH_SRC,
	OF_ETH_DST, OF_VLAN, OF_VLAN_PCP, OF_DL_TYPE, OF_TOS, OF_NW_PROTO, OF_NW_SRC, OF_NW_DST, OF_TP_SRC, OF_TP_DST,
	OF_IDLE, OF_HARD, OF_PRIORITY, OF_OUT_PORT, OF_FLAGS, OF_STATS,
	OF_FIELDS
};
extern const struct field of10_fields[OF_FIELDS];

/* Parts of messages of version 1.0 (openflow10_parts.c). Lines begin with indent. */
enum { OF10_PORT = 48, OF10_MATCH = 40 };
extern const struct name of10_ports[], of10_port_config[], of10_port_features[], of10_wildcards[];
enum { OF10_CONFIG_KNOWN = 0x7f, OF10_FEATURES_KNOWN = 0xfff, OF10_WILDCARDS_KNOWN = 0x3fffff };
void of10_port(struct dis *d, struct of_cut *c);
void of10_match(struct dis *d, struct of_cut *c, const char *indent);
void of10_actions(struct dis *d, struct of_cut *c, const char *indent);
void of10_frame(struct dis *d, struct of_cut *c);
of_walk of10_vendor_message, of10_vendor_data, of10_queues;
