/*
 * What the parts of the ISAKMP dissector share: isakmp.c walks the header and the NAT traversal around it,
 * isakmp_v1.c the payloads of version 1 (RFC 2408, RFC 2409), isakmp_v2.c those of version 2 (RFC 7296).
 *
 * A payload's walk returns what is behind it, or NULL when nothing more is to be read.
 */
#pragma once

#include "dissect/dissect.h"

enum { IKE_HEADER = 28, IKE_GENERIC = 4, IKE_DEPTH_MAX = 256, IKE_FLAGS_AT = 19, IKE_INITIATOR = 0x08 };

/* Payload types that code asks for by name. */
enum {
	IKE_SA = 1, IKE_P, IKE_T, IKE_KE, IKE_ID, IKE_CERT, IKE_CR, IKE_HASH, IKE_SIG, IKE_NONCE,
	IKE_N, IKE_D, IKE_VID,
	IKE2_SA = 33, IKE2_KE, IKE2_IDI, IKE2_IDR, IKE2_CERT, IKE2_CR, IKE2_AUTH, IKE2_NONCE, IKE2_N, IKE2_D, IKE2_VID, IKE2_TSI,
	IKE2_TSR, IKE2_E, IKE2_CP, IKE2_EAP,
};

/* Where a walk through payloads is. */
struct ike {
	unsigned version;	/* of the message: 1 or 2 */
	unsigned phase;		/* 1 or 2 */
	const uint8_t *ep;	/* where the captured message ends */
	const uint8_t *header;	/* of the message, IKE_HEADER bytes */
};

/* A data attribute's name (RFC 2408 section 3.3) and those of its values. */
struct ike_attr {
	uint32_t type;
	const char *name;	/* NULL: end of the table */
	const struct name *values;
};

extern const struct name ike_payload_names[];	/* next payload */
extern const struct name ike_protocol_names[];	/* protocols of a proposal */
extern const struct name ike_esp_names[];	/* ESP transforms, encryption in version 2 */
extern const struct name ike_group_names[];	/* Diffie-Hellman groups */

/* Payloads np, each telling the next, from p on. */
const uint8_t *ike_payloads(struct dis *d, const struct ike *k, unsigned np, const uint8_t *p, unsigned proto,
    unsigned depth);
/* One payload of n bytes; *known tells whether its type has a walk. */
const uint8_t *ike1_payload(struct dis *d, const struct ike *k, unsigned np, const uint8_t *p, unsigned n, unsigned proto,
    unsigned depth, bool *known);
const uint8_t *ike2_payload(struct dis *d, const struct ike *k, unsigned np, const uint8_t *p, unsigned n, unsigned depth,
    bool *known);

/* The name of a payload type. */
void ike_name(struct dis *d, unsigned np);
/* "\n" and the blanks in front of a payload. */
void ike_indent(struct dis *d, unsigned depth);
/* n bytes in hex; false, and nothing is said, when they are not captured. */
bool ike_hex(struct dis *d, const uint8_t *p, uint32_t n);
/* The first and the last of the bytes from p to the end of what was captured. */
bool ike_some(struct dis *d, const uint8_t *p, const uint8_t *ep);
/* " [|np]"; always NULL. */
const uint8_t *ike_cut(struct dis *d, unsigned np);
/* Attributes from p on, until end: NULL when cut short. map may be NULL. */
const uint8_t *ike_attrs(struct dis *d, const struct ike *k, const uint8_t *p, const uint8_t *end,
    const struct ike_attr *map);

/* Fields: those of the header and of every payload. */
enum {
	IKE_ISPI, IKE_RSPI, IKE_NEXT, IKE_VERSION, IKE_EXCHANGE, IKE_FLAGS, IKE_FLAG_E,
	IKE_FLAG_I, IKE_FLAG_R, IKE_MESSAGE,
	IKE_LENGTH, IKE_TYPE, IKE_PAYLOAD_LEN, IKE_DOI, IKE_PROP_NUMBER, IKE_PROP_PROTO,
	IKE_PROP_TRANSFORMS, IKE_SPI_SIZE, IKE_SPI,
	IKE_TRANS_NUMBER, IKE_TRANS_ID, IKE_TF_TYPE, IKE_TF_ID, IKE_DH_GROUP, IKE_KE_DATA,
	IKE_ID_TYPE, IKE_ID_IP4, IKE_ID_IP6,
	IKE_ID_FQDN, IKE_ID_USER, IKE_CERT_ENCODING, IKE_AUTH_METHOD, IKE_NONCE_DATA,
	IKE_HASH_DATA, IKE_SIG_DATA, IKE_NOTIFY_DOI,
	IKE_NOTIFY, IKE_NOTIFY_DATA, IKE_SPI_COUNT, IKE_VENDOR, IKE_KEEPALIVE,
	IKE_N_FIELDS
};
extern const struct field ike_fields[IKE_N_FIELDS];
