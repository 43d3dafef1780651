/*
 * The Border Gateway Protocol's files among themselves: bgp.c walks messages, bgp_attr.c path attributes, bgp_nlri.c
 * the routes of all address families, bgp_text.c what they share; bgp_fields.c has the fields.
 */
#pragma once

#include "dissect/dissect.h"

enum {
	BGP_HEADER = 19,
	BGP_RD = 8,		/* bytes of a route distinguisher */
};

enum bgp_field {
	B_MARKER, B_LENGTH, B_TYPE,
	B_VERSION, B_AS, B_HOLD, B_ID, B_OPT_LEN, B_PARAM, B_PARAM_LEN,
	B_CAP, B_CAP_LEN, B_CAP_AFI, B_CAP_SAFI, B_CAP_AS, B_CAP_RESTART, B_CAP_RESTART_TIME, B_CAP_KEPT, B_CAP_PATHS,
	B_CAP_LABELS,
	B_WITHDRAWN_LEN, B_WITHDRAWN, B_ATTRS_LEN, B_ATTR_FLAGS, B_ATTR_OPTIONAL, B_ATTR_TRANSITIVE, B_ATTR_PARTIAL,
	B_ATTR_EXTENDED, B_ATTR, B_ATTR_LEN, B_ORIGIN, B_SEGMENT, B_SEGMENT_LEN, B_AS2, B_AS4, B_NEXT_HOP, B_MED,
	B_LOCAL_PREF, B_AGGREGATOR_AS, B_AGGREGATOR, B_COMMUNITY, B_ORIGINATOR, B_CLUSTER, B_REACH_AFI, B_REACH_SAFI,
	B_REACH_HOP_LEN, B_REACH_HOP4, B_REACH_HOP6, B_EXT_TYPE, B_EXT_AS, B_EXT_AN, B_EXT_IP4, B_EXT_AS4, B_EXT_LOCAL,
	B_EXT_BANDWIDTH, B_EXT_TUNNEL, B_PMSI_FLAGS, B_PMSI_TYPE, B_PMSI_LABEL, B_AIGP, B_SET_AS, B_LARGE_GA,
	B_LARGE_L1, B_LARGE_L2,
	B_PATH_ID, B_BITS, B_PREFIX4, B_PREFIX6, B_LABEL, B_RD, B_RT_AS, B_MVPN_TYPE, B_MVPN_LEN, B_MVPN_SOURCE4,
	B_MVPN_GROUP4, B_MVPN_SOURCE6, B_MVPN_GROUP6, B_MVPN_ORIGINATOR, B_CE, B_LABEL_BASE,
	B_MAJOR, B_MINOR, B_MAX_PREFIXES, B_SHUTDOWN_LEN, B_SHUTDOWN,
	B_REFRESH_AFI, B_REFRESH_SUBTYPE, B_REFRESH_SAFI,
	B_FIELDS
};
extern const struct field bgp_fields[B_FIELDS];

extern const struct name bgp_message_names[], bgp_capability_names[], bgp_origin_names[], bgp_attr_names[];
extern const struct name bgp_segment_names[], bgp_major_names[], bgp_safi_names[], bgp_pmsi_names[];
extern const struct name bgp_ext_names[], bgp_tunnel_names[], bgp_mvpn_names[];

/* "AFI IPv4 (1), SAFI Unicast (1)". */
void bgp_text_family(struct dis *d, unsigned afi, unsigned safi);
/* The route distinguisher at p, RFC 4364 section 4.2: hard. */
void bgp_text_rd(struct dis *d, const uint8_t *p);
/* "name (number), length: n, Flags [OTPE]" of a path attribute's head. Without flags nothing is said of them. */
void bgp_text_attr(struct dis *d, unsigned flags, unsigned type, unsigned len);

/*
 * The value of a path attribute: false when it is cut short, and the rest of the message with it. depth counts
 * attribute sets inside attribute sets.
 */
bool bgp_attr(struct dis *d, unsigned type, const uint8_t *p, uint32_t len, unsigned depth);

/* What comes of a route other than the bytes it took. */
enum { ROUTE_ILLEGAL = -1, ROUTE_CUT = -2, ROUTE_SHORT = -3 };

/* Checks the IPv4 prefix at p, of which room bytes are there; says and notes it behind `indent`. Bytes taken, or ROUTE_. */
int bgp_prefix4(struct dis *d, const uint8_t *p, uint32_t room, const char *indent, const struct field *f);
/* Could len bytes at p be prefixes with path identifiers (RFC 7911), and not prefixes without? */
bool bgp_has_paths(const struct dis *d, const uint8_t *p, uint32_t len, unsigned max_bits);
/* The value of MP_REACH_NLRI and MP_UNREACH_NLRI, RFC 4760: false when it is cut short. */
bool bgp_reach(struct dis *d, const uint8_t *p, uint32_t len);
bool bgp_unreach(struct dis *d, const uint8_t *p, uint32_t len);
