/*
 * What the parts of the OSPF dissector share: ospf.c walks packets of version 2, ospf_lsa.c their link state
 * advertisements, ospf6.c version 3, and ospf_te.c the TLVs that advertisements of both versions carry.
 */
#pragma once

#include "dissect/dissect.h"

/* Message types, RFC 2328 section A.3.1. */
enum { OSPF_HELLO = 1, OSPF_DD = 2, OSPF_REQUEST = 3, OSPF_UPDATE = 4, OSPF_ACK = 5 };

enum { OSPF_LSA_HEADER = 20 };

enum {
	OSPF_VERSION, OSPF_MSG, OSPF_LENGTH, OSPF_ROUTER, OSPF_AREA, OSPF_SUM, OSPF_AUTH, OSPF_PASSWORD, OSPF_KEY_ID,
	OSPF_AUTH_LEN, OSPF_AUTH_SEQ, OSPF_INSTANCE, OSPF_HELLO_MASK, OSPF_HELLO_IVL, OSPF_PRIORITY, OSPF_DEAD_IVL,
	OSPF_DEAD_IVL3, OSPF_DR, OSPF_BDR, OSPF_NEIGHBOR, OSPF_INTERFACE, OSPF_OPTIONS, OSPF_OPTIONS3, OSPF_MTU, OSPF_DD_FLAGS,
	OSPF_DD_SEQ, OSPF_LSAS, OSPF_LSA_AGE, OSPF_LSA_TYPE, OSPF_LSA_TYPE3, OSPF_LSA_ID, OSPF_LSA_ROUTER, OSPF_LSA_SEQ,
	OSPF_LSA_SUM, OSPF_LSA_LEN, OSPF_LINKS, OSPF_LINK_ID, OSPF_LINK_DATA, OSPF_LINK_TYPE, OSPF_LINK_METRIC, OSPF_NET_MASK,
	OSPF_ATTACHED, OSPF_SUMMARY_MASK, OSPF_EXT_MASK, OSPF_EXT_FORWARD, OSPF_EXT_TAG, OSPF_TE_ROUTER, OSPF_PREFIX_LEN,
	OSPF_N_FIELDS
};
extern const struct field ospf_fields[OSPF_N_FIELDS];
extern const struct name ospf_lsa_names[], ospf_opaque_names[], ospf_option_names[];

/* Version 3. The layer has been entered. */
void ospf_v3(struct dis *d, const uint8_t *p, uint32_t len);

/*
 * The advertisement at p: header, and with body what follows it. Where the next one begins, or NULL when this one
 * makes no sense or is cut short.
 */
bool ospf_lsa_header(struct dis *d, const uint8_t *p);
const uint8_t *ospf_lsa(struct dis *d, const uint8_t *p);

/* TLVs of a graceful restart (RFC 3623) and of traffic engineering (RFC 3630): false when they make no sense. */
bool ospf_grace(struct dis *d, const uint8_t *p, uint32_t len);
bool ospf_te(struct dis *d, const uint8_t *p, uint32_t len);
