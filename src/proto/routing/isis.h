/*
 * IS-IS's files among themselves: isis.c walks PDUs, isis_tlv.c their TLVs, isis_reach.c the neighbours and prefixes
 * that are reachable, isis_spb.c what shortest path bridging adds; isis_fields.c has the fields.
 */
#pragma once

#include "proto/routing/osi.h"

enum isis_field {
	I_NLPID, I_HEADER, I_VERSION, I_ID_LEN, I_TYPE, I_VERSION2, I_AREAS,
	I_CIRCUIT, I_SOURCE, I_HOLD, I_PDU_LEN, I_PRIORITY, I_LAN, I_CIRCUIT_ID,
	I_LSP_PDU_LEN, I_LIFETIME, I_LSP, I_SEQ, I_CHECKSUM, I_PARTITION, I_ATT, I_OVERLOAD, I_IS_TYPE,
	I_CSNP_PDU_LEN, I_CSNP_SOURCE, I_CSNP_START, I_CSNP_END, I_PSNP_PDU_LEN, I_PSNP_SOURCE,
	I_TLV, I_TLV_LEN, I_AREA, I_HOSTNAME, I_INTERFACE4, I_INTERFACE6, I_ROUTER_ID, I_PROTOCOL, I_AUTH, I_AUTH_KEY, I_DIGEST,
	I_PASSWORD, I_MT, I_NEIGHBOR, I_METRIC, I_SUB, I_SUB_LEN, I_PREFIX4, I_PREFIX6, I_PREFIX_LEN, I_PREFIX_METRIC,
	I_DOWN, I_SID, I_ADJACENCY, I_SNPA, I_ENTRY_LSP, I_ENTRY_SEQ, I_ENTRY_LIFETIME, I_ENTRY_CHECKSUM, I_CAP_ROUTER, I_SRGB,
	I_FIELDS
};
extern const struct field isis_fields[I_FIELDS];

extern const struct name isis_pdu_names[], isis_tlv_names[], isis_circuit_names[], isis_level_names[], isis_auth_names[];
extern const struct name isis_adjacency_names[], isis_topology_names[];

/*
 * How a TLV went: well; its value ends early, and the next is looked at; the PDU is cut short, and nothing more is
 * looked at; the same without saying so.
 */
enum isis_end { ISIS_GOOD, ISIS_SHORT, ISIS_CUT, ISIS_STOP };

/* len bytes of TLVs in the PDU of pdu_len bytes at pdu. False when they are cut short. */
bool isis_tlvs(struct dis *d, const uint8_t *pdu, uint32_t pdu_len, const uint8_t *p, uint32_t len);

/* The topology of RFC 5120 at p: bytes taken, or 0 when fewer than two of its len bytes are left. */
unsigned isis_topology(struct dis *d, const uint8_t *p, unsigned len);

/* TLVs 22, 24 and 222: neighbours with metric (unless alias) and sub-TLVs. */
enum isis_end isis_neighbors(struct dis *d, const uint8_t *p, unsigned len, bool alias);
/* TLVs 135, 235, 236 and 237: prefixes with a wide metric. */
enum isis_end isis_prefixes(struct dis *d, const uint8_t *p, unsigned len, bool six);
/* TLVs 128 and 130: prefixes with narrow metrics. */
enum isis_end isis_old_prefixes(struct dis *d, const uint8_t *p, unsigned len);
/* Narrow metrics that are set, four captured bytes at p. */
void isis_metrics(struct dis *d, const uint8_t *p);
/* Sub-TLVs of the router capability TLV. */
void isis_capability(struct dis *d, const uint8_t *p, unsigned len);

/* Sub-TLVs of RFC 6329, in TLVs 143 and 144. */
void isis_port_capability(struct dis *d, const uint8_t *p, unsigned len);
void isis_mt_capability(struct dis *d, const uint8_t *p, unsigned len);
