/* What the OSI network protocols (CLNP, ES-IS, IS-IS) have in common. */
#pragma once

#include "dissect/dissect.h"

enum { OSI_SYSTEM_ID = 6, OSI_NODE_ID = 7, OSI_LSP_ID = 8 };

/*
 * Says whether the Fletcher checksum `sum`, which stands `at` bytes behind p, is right for the len bytes at p (ISO 8473,
 * annex C): " (correct)", " (incorrect should be 0x1234)", or " (unverified)" where there is none or bytes are missing. Who asks
 * for several checksums of the same bytes lends their sums, zeroed before the first, so that they are added up once; or NULL.
 */
struct osi_sums {
	bool known;
	uint32_t c0;
	uint64_t c1;
};

void osi_text_checksum(struct dis *d, const uint8_t *p, unsigned sum, uint32_t at, uint32_t len, struct osi_sums *sums);

/* A system, node or LSP identifier of n bytes behind label: "1921.6800.1001.00-00". Hard, and before the label. */
void osi_text_id(struct dis *d, const char *label, const uint8_t *p, unsigned n);
/* The same, noted as a field. */
void osi_text_id_field(struct dis *d, const char *label, const uint8_t *p, unsigned n, const struct field *f);

/* Header of fewer bytes than it must have: all bytes that are left in hex. */
void osi_text_short(struct dis *d, const uint8_t *p, unsigned len);
