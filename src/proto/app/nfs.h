/* What the files of ONC RPC and NFS share; for them only. A message is known by its first byte, the transaction's. */
#pragma once

#include "dissect/dissect.h"

/* Offsets in an RPC message, RFC 5531 section 9. */
enum {
	RPC_WAY = 4, RPC_STATUS = 8, RPC_VERSION = 8, RPC_PROGRAM = 12, RPC_PROG_VERSION = 16, RPC_PROC = 20, RPC_CRED = 24,
	RPC_VERIFIER = 12, RPC_REJECT = 12, RPC_REASON = 16
};

extern const struct name rpc_accept_names[];

/* Notes the fields of the header, in a layer of its own. Soft. */
void rpc_put_header(struct dis *d, const uint8_t *rpc);
/* "reply ok" and so on of a reply of len bytes, with the results of NFS when its call has been seen. */
void rpc_say_reply(struct dis *d, const uint8_t *rpc, uint32_t len);

/* Opens the layer of NFS. */
void nfs_enter(struct dis *d);
/* A call of NFS, len bytes; from the length on. */
void nfs_call(struct dis *d, const uint8_t *rpc, uint32_t len);
/* The results in an accepted reply, if its call has been seen. */
void nfs_results(struct dis *d, const uint8_t *rpc, uint32_t len);

/* A file handle of so many captured words: " fh ..." (with -u as numbers). */
void nfs_text_handle(struct dis *d, const uint8_t *fh, uint32_t words);
