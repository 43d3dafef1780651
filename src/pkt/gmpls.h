/* Names of the numbers that GMPLS (RFC 3471) brings into OSPF, IS-IS, RSVP and LMP. Tables as in pkt/names.h. */
#pragma once

#include "pkt/names.h"

extern const struct name gmpls_protection_names[];	/* bits of link protection */
extern const struct name gmpls_switching_names[];	/* switching capability */
extern const struct name gmpls_encoding_names[];	/* LSP encoding type */
extern const struct name gmpls_payload_names[];		/* generalized payload identifier */
extern const struct name gmpls_tsc_names[];		/* SONET/SDH indication of a TDM capability */
extern const struct name diffserv_model_names[];	/* bandwidth constraints model, RFC 4124 */

enum { GMPLS_TDM = 100 };
